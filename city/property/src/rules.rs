//! Decides whether a register can be taken, whether a vote can be called, and how it came out.

pub mod audit;
pub mod ballots;
pub mod register;
pub mod tally;
pub mod votes;
