//! What is remembered of visits and of the queue; the only SQL of the department.

pub mod queue;
pub mod visit;
