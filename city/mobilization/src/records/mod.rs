//! This folder keeps what is remembered of those who offer help, of calls and of posts. It holds the only SQL of the
//! department.

pub mod call;
pub mod post;
pub mod responder;
