//! Decides whether a register can be taken.

pub mod register;
