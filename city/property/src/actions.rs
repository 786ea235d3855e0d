//! Acts as somebody, each time in one transaction.

pub mod account;
pub mod ballots;
pub mod by;
pub mod codes;
pub mod company;
pub mod company_sheet;
pub mod counting;
pub mod elected;
pub mod elections;
pub mod entitled;
pub mod first_meeting;
pub mod fund;
pub mod grade;
pub mod income;
pub mod links;
pub mod off;
pub mod register;
pub mod register_plan;
pub mod shares;
pub mod table;
pub mod taking_back;
pub mod telling;
mod turns;
pub mod units;
pub mod votes;

use kernel::permission::Actor;
use kernel::place::PlacePath;

use crate::permissions::May;

/// Returns the places in which somebody keeps registers and votes.
#[must_use]
pub fn reach(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(May::PropertyEdit).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}
