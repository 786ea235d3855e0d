//! Names of the first owners' meeting (首次业主大会): when it is possible, who prepares it, and by which days.

use kernel::language::Bilingual;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde::Deserialize;
use store::record;
use uuid::Uuid;

use super::area::Area;

/// The most owners who apply or who sit in the preparatory group.
pub const OWNERS_MOST: i64 = 10_000;

/// A way in which it becomes possible.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The thousandths of the private area that are delivered at least.
    pub share: i64,
    /// Whether exactly so many are not enough.
    #[serde(default)]
    pub above: bool,
    /// The days since the first home was delivered, at least.
    #[serde(default)]
    pub days: i64,
    /// The years since then, at least, by the calendar.
    #[serde(default)]
    pub years: i64,
}

/// What a province writes of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// The document it is from.
    pub source: Bilingual,
    /// What the city's staff should know of it before it is relied on; residents do not read it.
    pub note: Option<Bilingual>,
    /// Any one of these ways is enough.
    pub ways: Vec<Way>,
    /// The owners who apply, at least.
    pub owners_least: i64,
    /// The days in which the developer tells the district and the street.
    pub developer_days: i64,
    /// The days in which the street forms the preparatory group.
    pub street_days: i64,
    /// The days in which the preparatory group posts the drafts; none where the text sets no day.
    #[serde(default)]
    pub drafts_ready_days: Option<i64>,
    /// The days for which the drafts are posted before the meeting.
    pub drafts_days: i64,
    /// The fewest members of the preparatory group.
    pub group_least: i64,
    /// The most members.
    pub group_most: i64,
}

/// Which variant holds from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// The first day.
    pub from: Date,
    /// Its code.
    pub variant: String,
}

/// The variants that are known, and those that the city uses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variants {
    /// Which one holds from when on.
    pub used: Vec<Used>,
    /// The variants.
    pub variant: Vec<Variant>,
}

impl Variants {
    /// The variant that the city uses on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&Variant> {
        let used = self.used.iter().filter(|used| used.from <= day).max_by_key(|used| used.from)?;
        self.variant.iter().find(|variant| variant.code == used.variant)
    }

    /// Whether every variant that is used is known.
    #[must_use]
    pub fn are_known(&self) -> bool {
        self.used.iter().all(|used| self.variant.iter().any(|variant| variant.code == used.variant))
    }
}

record! {
    /// How far a compound is on the way to its first owners' meeting.
    pub struct First {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// The private area of the compound.
        pub total: Area,
        /// How much of it is delivered.
        pub delivered: Area,
        /// When the first home was delivered.
        pub first_on: Option<Date>,
        /// How many owners applied.
        pub applied: i64,
        /// When the share was reached.
        pub reached_on: Option<Date>,
        /// When the developer told the street.
        pub told_on: Option<Date>,
        /// When the street formed the preparatory group.
        pub group_on: Option<Date>,
        /// How many owners sit in it; beside them one from the street, who leads, and one from the developer.
        pub group_owners: i64,
        /// When the drafts were posted.
        pub drafts_on: Option<Date>,
        /// When the meeting was held.
        pub meeting_on: Option<Date>,
        /// Who changed it last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
        /// The vote that holds the meeting.
        pub vote: Option<Uuid>,
    }
}
