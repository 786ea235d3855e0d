//! This folder decides about grids of a place (网格划分): what the planner is given, what its answer means for today's
//! buildings and grids, and how both are drawn. It is pure.

pub mod carrying;
pub mod colours;
pub mod counted;
pub mod given;
pub mod ground;
pub mod known;
pub mod numbering;
pub mod proposal;
pub mod shapes;
pub mod strays;
#[cfg(test)]
mod tests;
