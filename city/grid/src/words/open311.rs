//! What other programs are told of a report, and what they ask and send.

use std::ops::RangeInclusive;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::record;
use uuid::Uuid;

use super::Saying;

/// The most characters of an identity that another system gives, and of an address of a picture.
pub const FOREIGN_MOST: usize = 200;

record! {
    /// A report as other programs are told of it.
    pub struct Shared {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case, by which others call it.
        pub number: String,
        /// The community where it is.
        pub path: PlacePath,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The condition: `heap`.
        pub condition: String,
        /// The unit where it lies.
        pub department: String,
        /// The state of its case.
        pub state: String,
        /// Whether it is not finished.
        pub open: bool,
        /// Whether others may see it.
        pub public: bool,
        /// When it was reported.
        pub requested_at: Instant,
        /// When it came to its state.
        pub updated_at: Instant,
        /// By when it is put right, as last counted.
        pub expected_at: Option<Instant>,
        /// The system that sent it and speaks for whoever reported; none where she reported on our own pages.
        pub system: Option<Uuid>,
        /// How many steps its case had.
        pub sequence: i64,
    }
}

record! {
    /// A step of a report as other programs are told of it.
    pub struct Step {
        /// The number of its case.
        pub number: String,
        /// Which step it is, from 1.
        pub sequence: i64,
        /// The state it came to.
        pub state: String,
        /// Whether it was not finished then.
        pub open: bool,
        /// When.
        pub at: Instant,
    }
}

/// Which reports a program asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// By their numbers; with any, nothing else counts.
    pub numbers: Vec<String>,
    /// Of these kinds; of all where none is named.
    pub kinds: Vec<String>,
    /// Reported between these moments.
    pub requested: RangeInclusive<Instant>,
    /// Gone on between these moments.
    pub updated: RangeInclusive<Instant>,
    /// Whether they are asked for by when they went on: the order, and what the search goes along.
    pub by_update: bool,
    /// Only open ones, or only finished ones.
    pub open: Option<bool>,
    /// How many.
    pub limit: i64,
    /// How many are passed over before.
    pub offset: i64,
    /// Whether more is told of each than the published text names.
    pub extended: bool,
}

/// Which steps a program asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepSearch {
    /// Those of this report alone.
    pub number: Option<String>,
    /// Between these moments.
    pub at: RangeInclusive<Instant>,
    /// How many.
    pub limit: i64,
    /// How many are passed over before.
    pub offset: i64,
}

/// A report that another system sends for somebody. It holds who she is, so it is never printed.
pub struct Sending {
    /// What is reported. The telephone is hers.
    pub saying: Saying,
    /// Her name; may be empty.
    pub name: String,
    /// Her mailbox; may be empty.
    pub email: String,
    /// The system.
    pub system: Uuid,
    /// Sent twice with the same key, it is done once.
    pub once: String,
    /// What names it in that system, if that was said. It is one report however the key beside it reads.
    pub external: Option<String>,
}

/// What another system says of a report.
pub struct Updating {
    /// The number of its case.
    pub number: String,
    /// Whether it is said to be done, or not.
    pub done: bool,
    /// What was done, or what is still wrong.
    pub words: String,
    /// The system.
    pub system: Uuid,
    /// Sent twice with the same key, it is done once.
    pub once: String,
    /// The same key as versions before kept it, where that was otherwise.
    pub earlier: Option<String>,
}
