//! Pages of the desk: the queue, one case, supervision.

pub mod case;
pub mod queue;
pub mod supervise;
pub mod view;
