//! Names of this department: what somebody says when something is wrong, and the figures that it uses.

pub mod field;
pub mod forward;
pub mod open311;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::record;
use uuid::Uuid;

/// The code of its kind of cases, and the name of their procedure.
pub const REPORT: &str = "report";
/// The role of whoever reports.
pub const REPORTER: &str = "reporter";
/// The answer that names the kind and the condition: `event/0102/heap`.
pub const KIND: &str = "kind";
/// The answer that holds what she adds in her own words.
pub const WORDS_FIELD: &str = "words";
/// The most characters of what somebody adds in her own words.
pub const WORDS_MOST: usize = 500;

kernel::rules! {
    /// The time to look at a report before it is filed.
    GRID_CHECK = "grid.check_hours" as Limit;
    /// The time to check before a report is finished.
    GRID_VERIFY = "grid.verify_hours" as Limit;
    /// The days in which whoever reported can say that it is not done.
    GRID_CONFIRM = "grid.confirm_days" as Limit;
    /// Within how many metres two reports of one kind may be the same.
    GRID_NEAR_METRES = "grid.near_metres" as Metres;
    /// Within how long two reports of one kind may be the same.
    GRID_NEAR_HOURS = "grid.near_hours" as Hours;
    /// How many reports one network address may send in an hour.
    GRID_REPORTS_PER_HOUR = "grid.reports_per_hour" as Count;
    /// How many days one question of another program reaches over.
    GRID_OPEN311_DAYS = "grid.open311_days" as Days;
    /// How many reports one answer to another program holds at most.
    GRID_OPEN311_MOST = "grid.open311_most" as Count;
    /// After how many minutes another platform is asked again how a report stands there.
    GRID_OPEN311_ASK_MINUTES = "grid.open311_ask_minutes" as Minutes;
    /// The days for which an entry of a phone waits for the one that was made before it.
    GRID_FIELD_WAIT = "grid.field_wait_days" as Days;
    /// The days for which a finished entry of a phone is kept.
    GRID_FIELD_KEEP = "grid.field_keep_days" as Days;
    /// The days for which a dwelling is kept after its last change.
    GRID_DWELLING_KEEP = "grid.dwelling_keep_days" as Days;
    /// How many photos an entry of a phone may have.
    GRID_FIELD_PHOTOS = "grid.field_photos" as Count;
    /// How large one of them may be.
    GRID_FIELD_PHOTO_BYTES = "grid.field_photo_bytes" as Bytes;
    /// The days after which a grid is to be walked again.
    GRID_PATROL = "grid.patrol_days" as Days;
}

/// Where something is: a community, and the compound or the spot if it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The community.
    pub community: PlacePath,
    /// The compound.
    pub compound: Option<i64>,
    /// East and north on the ground of the geography, in decimetres.
    pub at: Option<(i64, i64)>,
}

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The kind and the condition: `event/0102/heap`.
    pub condition: String,
    /// Where.
    pub spot: Spot,
    /// What she adds in her own words; may be empty.
    pub words: String,
    /// The telephone at which she is told; may be empty.
    pub telephone: String,
    /// Whether others may see that it was reported: kind, place and how it stands, never her or her words.
    pub public: bool,
}

record! {
    /// A report as this department remembers it.
    pub struct Report {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community where it is.
        pub path: PlacePath,
        /// The compound where it is.
        pub compound: Option<i64>,
        /// East, in decimetres.
        pub x: Option<i64>,
        /// North, in decimetres.
        pub y: Option<i64>,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The condition: `heap`.
        pub condition: String,
        /// Whether others may see it.
        pub public: bool,
        /// Whether it is not finished.
        pub open: bool,
        /// How many met with it, the first one among them.
        pub met: i64,
        /// When it was reported.
        pub reported_at: Instant,
    }
}
