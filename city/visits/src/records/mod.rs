//! This folder holds what is remembered of visits and of the queue. Only this folder of the department contains SQL.

pub mod queue;
pub mod visit;
