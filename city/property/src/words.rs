//! Names of this department: the owners' register.

pub mod area;
pub mod register;
