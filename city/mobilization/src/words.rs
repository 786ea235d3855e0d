//! These are the names of mobilisation: roles, parts of a day, calls with their shifts and needs, and the posts to
//! which people are sent.

use kernel::figure::{Indicator, Part as Counted, Rows};
use kernel::place::{PlaceId, PlacePath};
use kernel::rule::Unit;
use kernel::time::Instant;
use store::words::Words;
use store::{record, worded};
use uuid::Uuid;

use crate::permissions::May;

/// The page of the posts behind a figure.
pub const ROWS_PAGE: &str = "/mobilization/rows";
/// The list of the posts that a sum counts, for whoever sees the rosters.
pub const ROWS: Rows = Rows { permission: May::MobilizationRoster, address };

fn address(code: &str, part: &Counted) -> String {
    part.address(ROWS_PAGE, code)
}

/// Posts to which people were sent, where they are; somebody who is sent elsewhere is counted there.
pub const SENT: Indicator =
    Indicator::sum("mobilization.sent", "mobilization-figure-sent", 1).unit(Unit::Person).opens(ROWS);
/// People who were checked in at their post.
pub const PRESENT: Indicator = Indicator::sum("mobilization.present", "mobilization-figure-present", 2)
    .unit(Unit::Person)
    .better_high()
    .opens(ROWS);
/// Minutes that people serve who were checked in, to the end of their shift or of the call.
pub const SERVED: Indicator = Indicator::sum("mobilization.minutes", "mobilization-figure-minutes", 3)
    .unit(Unit::Minute)
    .amount_of("mobilization.present")
    .better_high()
    .opens(ROWS);

/// What this department publishes.
pub const INDICATORS: &[Indicator] = &[SENT, PRESENT, SERVED];

worded! {
    /// What somebody does at a compound (岗位).
    Role {
        /// At the gate: registers who comes and goes (门岗值守).
        Gate = "gate",
        /// Carries things to doors (物资配送).
        Delivery = "delivery",
        /// Looks after those who cannot manage alone (入户看望).
        Visit = "visit",
        /// Doctor, nurse (医护).
        Medic = "medic",
        /// Drives (驾驶).
        Driver = "driver",
        /// Listens to people in distress (心理疏导).
        Comfort = "comfort",
    }
}

worded! {
    /// When somebody can come (时段).
    Part {
        /// By day.
        Day = "day",
        /// In the evening.
        Evening = "evening",
        /// At night.
        Night = "night",
    }
}

worded! {
    /// Where a post stands.
    PostState {
        /// The person was told where and when.
        Sent = "sent",
        /// The person is there.
        Present = "present",
        /// The person cannot come. The gap is refilled.
        Declined = "declined",
        /// The person did not come.
        Absent = "absent",
        /// The post was called off, or the person is needed elsewhere.
        Off = "off",
    }
}

impl PostState {
    /// Says whether the place is taken, so that nobody else is sent for it.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Sent | Self::Present)
    }
}

/// What somebody can do.
pub type Roles = Words<Role>;
/// When somebody can come.
pub type Parts = Words<Part>;

/// What a post is for: compound, shift, role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Identity of the compound.
    pub compound: i64,
    /// Number of the shift.
    pub shift: i64,
    /// The role.
    pub role: Role,
}

/// Names a row in its district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The district that keeps it.
    pub district: PlaceId,
    /// Its identity there.
    pub id: Uuid,
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it begins.
    pub starts: Instant,
    /// When it ends.
    pub ends: Instant,
}

/// The figures that hold for a call, from the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Nobody walks longer, ds.
    pub walk_ds: u32,
    /// Between two shifts of one person, hours.
    pub rest_hours: i64,
    /// The longest shift, hours.
    pub shift_hours: i64,
    /// What moving somebody who was told must spare, ds.
    pub move_ds: i32,
    /// The pace people walk at, mm/s.
    pub speed: u32,
}

kernel::rules! {
    /// Minutes that nobody is asked to walk more than in a mobilisation.
    MOBILIZATION_WALK_MINUTES = "mobilization.walk_minutes" as Minutes;
    /// Hours between two shifts of one person.
    MOBILIZATION_REST_HOURS = "mobilization.rest_hours" as Hours;
    /// Hours of the longest shift.
    MOBILIZATION_SHIFT_HOURS = "mobilization.shift_hours" as Hours;
    /// Minutes of walking that it must spare in all to move somebody who was told where to go.
    MOBILIZATION_MOVE_MINUTES = "mobilization.move_minutes" as Minutes;
}

record! {
    /// A shift of a call.
    pub struct Shift {
        /// Its number within the call.
        pub number: i64,
        /// When it begins.
        pub starts: Instant,
        /// When it ends.
        pub ends: Instant,
    }
}

impl Shift {
    /// Returns when it begins and ends.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span { starts: self.starts, ends: self.ends }
    }
}

record! {
    /// What a compound needs in a shift.
    pub struct Need {
        /// Identity of the compound.
        pub compound: i64,
        /// Number of the shift.
        pub shift: i64,
        /// In which role.
        pub role: Role,
        /// The compound's community.
        pub path: PlacePath,
        /// At least so many people.
        pub least: i64,
        /// At most so many.
        pub most: i64,
        /// Where to report.
        pub meet: String,
        /// Whom to ask.
        pub contact: String,
    }
}

impl Need {
    /// Returns what it is for.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        Slot { compound: self.compound, shift: self.shift, role: self.role }
    }
}

record! {
    /// A post: who was sent where and when.
    pub struct Post {
        /// Shard: that of the call.
        pub district: PlaceId,
        /// Identity.
        pub id: Uuid,
        /// The call.
        pub call: Uuid,
        /// The compound.
        pub compound: i64,
        /// The shift.
        pub shift: i64,
        /// The role.
        pub role: Role,
        /// The compound's community.
        pub path: PlacePath,
        /// The district in which the person lives.
        pub home: PlaceId,
        /// The person. None if her data were erased.
        pub responder: Option<Uuid>,
        /// Where it stands.
        pub state: PostState,
        /// When it begins.
        pub starts: Instant,
        /// When it ends.
        pub ends: Instant,
        /// The way to it, ds.
        pub walk: i64,
        /// When the person was checked in.
        pub checked_at: Option<Instant>,
        /// When the person could leave before the end.
        pub left_at: Option<Instant>,
    }
}

impl Post {
    /// Returns what it is for.
    #[must_use]
    pub const fn slot(&self) -> Slot {
        Slot { compound: self.compound, shift: self.shift, role: self.role }
    }

    /// Returns the call it belongs to.
    #[must_use]
    pub const fn of_call(&self) -> Key {
        Key { district: self.district, id: self.call }
    }
}
