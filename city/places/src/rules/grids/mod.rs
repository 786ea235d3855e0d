//! Grids of a place (网格划分): what the planner is given, what its answer means for the buildings and grids of today, how both are drawn. Pure.

pub mod carrying;
pub mod colours;
pub mod ground;
pub mod proposal;
#[cfg(test)]
mod tests;
