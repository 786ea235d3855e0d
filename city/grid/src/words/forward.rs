//! A report that another platform puts right.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::record;
use uuid::Uuid;

/// The job that sends a report to another platform.
pub const SEND: &str = "grid.forward";
/// The job that asks the other platform how it stands there.
pub const ASK: &str = "grid.forward_ask";
/// What the lanes of other platforms begin with.
pub const LANE: &str = "open311";

record! {
    /// A report on its way to another platform, and what was heard of it there.
    pub struct Forward {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// The identity of the message: the same at every attempt.
        pub id: Uuid,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// The code of the other platform.
        pub peer: String,
        /// Its code for the kind.
        pub service: String,
        /// Our condition: `event/0402/burst`.
        pub kind: String,
        /// When it was to go.
        pub at: Instant,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was tried first, since it was last put on its way.
        pub first_attempted_at: Option<Instant>,
        /// When it was tried last.
        pub attempted_at: Option<Instant>,
        /// Why the last attempt failed.
        pub failure: Option<String>,
        /// When it was given up.
        pub failed_at: Option<Instant>,
        /// When it was taken.
        pub sent_at: Option<Instant>,
        /// Its number there.
        pub foreign_id: Option<String>,
        /// How it stands there: `open` or `closed`.
        pub foreign_status: Option<String>,
        /// How often it was asked how it stands there.
        pub asked: i64,
    }
}
