//! What the form by which a vote is called offers: any vote of a compound offers other things than the vote that holds
//! its first owners' meeting.

use kernel::time::Date;

use super::cover::Cover;
use crate::records::register::{Building, Compound};
use crate::words::votes::Caller;

/// What the form of a call offers, and where it is sent.
pub(super) struct Offer<'o> {
    /// Where it is sent.
    pub action: String,
    /// The compound whose owners vote.
    pub compound: &'o Compound,
    /// The buildings whose owners may be called alone; none where all owners are called.
    pub buildings: &'o [Building],
    /// Who may call it.
    pub callers: &'o [Caller],
    /// The day before which it does not open, whatever the notice says.
    pub not_before: Option<Date>,
    /// How much of the compound its register has.
    pub cover: Cover,
    /// A unit as the register calls it, to show how one is written; may be empty.
    pub example: &'o str,
}
