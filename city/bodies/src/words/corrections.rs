//! Names of corrections: what is asked for, and what was corrected.

use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

record! {
    /// A correction of the day of an election (更正): both days stay readable, and what followed from each. Its fields
    /// stand in the order of the columns.
    pub struct Correction {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The body.
        pub body: Uuid,
        /// The day that was entered.
        pub held_before: Date,
        /// The right day.
        pub held_after: Date,
        /// The end of the term that followed from the day that was entered.
        pub ends_before: Option<Date>,
        /// The end of the term that follows from the right one.
        pub ends_after: Option<Date>,
        /// The last day for its papers that followed from the day that was entered.
        pub file_before: Option<Date>,
        /// The last day for its papers that follows from the right one.
        pub file_after: Option<Date>,
        /// Why it was corrected.
        pub reason: String,
        /// Who corrected it.
        pub by_name: String,
        /// When.
        pub at: Instant,
    }
}

/// The right day of an election, as somebody enters it.
#[derive(Clone, Debug)]
pub struct RightDay {
    /// The identity that the correction gets.
    pub id: Uuid,
    /// The day that was entered.
    pub held_on: Date,
    /// The right one.
    pub right_on: Date,
    /// Why it is corrected.
    pub reason: String,
    /// What she looked at before, as the page told it; empty where she has not looked yet.
    pub looked: String,
}
