//! Decides whether a register can be taken, whether a vote can be called, and how it came out.

pub mod account;
pub mod audit;
pub mod ballots;
pub mod company;
pub mod company_sheet;
pub mod first_meeting;
pub mod fund;
pub mod grade;
pub mod income;
pub mod register;
pub mod table;
pub mod tally;
pub mod votes;
