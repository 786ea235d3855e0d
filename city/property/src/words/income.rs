//! Names of the income of shared parts (共有部分收益): what came in, what it cost, and how it is divided by area.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{record, worded};
use uuid::Uuid;

use super::area::Area;

/// The most units of a compound.
pub const UNITS_MOST: usize = 20_000;
/// The most characters of a list of units.
pub const LIST_MOST: usize = 800_000;
/// The most characters of the name of a unit.
pub const UNIT_MOST: usize = 40;

worded! {
    /// Who pays for a shared part, as a class and never by name.
    Payer {
        /// Who advertises in lifts (电梯广告).
        LiftAds = "lift_ads",
        /// Who advertises on walls and roofs (外墙广告).
        WallAds = "wall_ads",
        /// Who parks on shared ground (公共车位停车).
        Parking = "parking",
        /// Who rents shared rooms or ground (场地、房屋出租).
        Lease = "lease",
        /// Who has antennas and cables there (通信设备).
        Telecom = "telecom",
        /// Who has lockers and vending machines there (快递柜、售货机).
        Machines = "machines",
        /// Somebody else; a note says what for.
        Other = "other",
    }
}

record! {
    /// The income of shared parts of a compound in a time.
    pub struct Income {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The compound.
        pub compound: String,
        /// What it is from, in a few words beside the class of who pays; it may be empty.
        pub title: String,
        /// The first day.
        pub from_on: Date,
        /// The last day.
        pub to_on: Date,
        /// What came in, fen.
        pub income_fen: i64,
        /// The reasonable cost, fen.
        pub cost_fen: i64,
        /// Who published it.
        pub published_name: String,
        /// When.
        pub published_at: Instant,
        /// Who pays, as a class; none for income of a time when only words were kept.
        pub payer: Option<Payer>,
        /// The version that this one corrects.
        pub replaces: Option<Uuid>,
        /// The version that corrects this one.
        pub replaced_by: Option<Uuid>,
        /// Why it corrects the one before.
        pub reason: Option<String>,
        /// Why it was divided by a register that is not whole.
        pub partial_reason: Option<String>,
    }
}

record! {
    /// What falls to a unit. A unit is a number on a door; nobody is named.
    pub struct Portion {
        /// Its place in the list, from 1.
        pub place: i64,
        /// The unit.
        pub unit: String,
        /// Its private area.
        pub area: Area,
        /// What falls to it, fen.
        pub share_fen: i64,
    }
}

/// A unit as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The number on the door.
    pub name: String,
    /// Its private area.
    pub area: Area,
}
