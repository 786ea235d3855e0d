//! Names of where it hurts: how a report went, the scan of a night and what rose, and by what places are compared.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

record! {
    /// How a report went, as far as places are compared by it.
    pub struct Course {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The community where it is.
        pub path: PlacePath,
        /// The kind: `event/0102`.
        pub kind: String,
        /// Whether a worker found it before anybody said it.
        pub found: bool,
        /// How often it was sent back.
        pub returned: i64,
        /// The last day on which it was to be handled; none before it is sent out and while it is put off.
        pub due_on: Option<Date>,
        /// The day on which it was handled, if it is.
        pub handled_on: Option<Date>,
        /// When it was reported.
        pub reported_at: Instant,
    }
}

record! {
    /// A report of a community as far as spots are found by it.
    pub struct Placed {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The compound where it is, where that is known.
        pub compound: Option<i64>,
        /// East, in decimetres.
        pub x: Option<i64>,
        /// North, in decimetres.
        pub y: Option<i64>,
        /// When it was reported.
        pub reported_at: Instant,
    }
}

record! {
    /// A report with how it went, as a list shows it.
    pub struct Gone {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community where it is.
        pub path: PlacePath,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The condition: `heap`.
        pub condition: String,
        /// Whether it is not finished.
        pub open: bool,
        /// When it was reported.
        pub reported_at: Instant,
        /// Whether a worker found it before anybody said it.
        pub found: bool,
        /// How often it was sent back.
        pub returned: i64,
        /// The last day on which it was to be handled.
        pub due_on: Option<Date>,
        /// The day on which it was handled, if it is.
        pub handled_on: Option<Date>,
    }
}

record! {
    /// The scan of a night.
    pub struct Night {
        /// The day up to which it looked.
        pub night: Date,
        /// When it was done.
        pub scanned_at: Instant,
        /// The days of history with which it compared.
        pub days: i64,
        /// How many sorts of reports it looked at.
        pub sorts: i64,
        /// How many reports there were.
        pub reports: i64,
        /// How many of them lie in no community of today.
        pub left_out: i64,
        /// How many communities there are.
        pub communities: i64,
        /// How many of them do not stand on the network of ways.
        pub unplaced: i64,
    }
}

record! {
    /// What rose: its figures.
    pub struct Seen {
        /// Its number in that night.
        pub ordinal: i64,
        /// The sort: `event/01`, or every one.
        pub sort: String,
        /// The days of the window, the night's day among them.
        pub days: i64,
        /// How many reports there were.
        pub reports: i64,
        /// How many were to be expected, in thousandths.
        pub expected: i64,
        /// In how many nights that happens once by chance.
        pub once_in: i64,
    }
}

/// What rose, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// The communities.
    pub places: Vec<PlacePath>,
    /// The figures.
    pub seen: Seen,
}

record! {
    /// How many reports, of how many.
    pub struct Share {
        /// The community.
        pub path: PlacePath,
        /// The kind; empty where kinds are not told apart.
        pub kind: String,
        /// How many of them.
        pub number: i64,
        /// Of how many.
        pub of: i64,
    }
}

/// By what places are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// By reports that were sent back (堵点).
    Returned,
    /// By reports that were not handled in time (痛点).
    Overdue,
    /// By reports that workers found before residents said it (未诉先办).
    Found,
}

impl Compared {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Returned, Self::Overdue, Self::Found];

    /// The word used in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Overdue => "overdue",
            Self::Found => "found",
        }
    }

    /// Reads the word that [`Compared::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// A place in a span of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The place, with everything inside.
    pub place: PlacePath,
    /// The first moment.
    pub from: Instant,
    /// The first moment that is no longer meant.
    pub until: Instant,
    /// The day of today, on which something is late or not.
    pub today: Date,
}

/// Kinds by their keys: the first one, and the first one behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kinds {
    /// The first key.
    pub from: String,
    /// The first key that is no longer meant.
    pub until: String,
}
