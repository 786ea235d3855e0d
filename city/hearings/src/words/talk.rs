//! Talks on talk days (说事日): who comes when. Names and telephones are sealed; of whoever walks in nothing is kept.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

/// It is booked.
pub const BOOKED: &str = "booked";
/// She came.
pub const CAME: &str = "came";
/// She called it off.
pub const CANCELLED: &str = "cancelled";

/// What somebody books.
#[derive(Clone, Debug)]
pub struct Booking {
    /// The community.
    pub community: PlacePath,
    /// The talk day.
    pub day: Date,
    /// Her name.
    pub name: String,
    /// Her telephone.
    pub telephone: String,
    /// When she comes and in which room, where the hearing point has rooms.
    pub slot: Option<Slot>,
}

/// A time of a talk day, and a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The minute of the day at which it begins.
    pub begins_at: u32,
    /// The room; none where any will do.
    pub room: Option<Uuid>,
}

record! {
    /// A talk.
    pub struct Talk {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity, and that of the sealed record of whoever booked it.
        pub id: Uuid,
        /// The number that she keeps.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// The talk day.
        pub day: Date,
        /// Which one of that day it is, from 1.
        pub turn: i64,
        /// [`BOOKED`], [`CAME`] or [`CANCELLED`].
        pub state: String,
        /// Whether she came without having booked.
        pub walk_in: bool,
        /// When it was booked.
        pub booked_at: Instant,
    }
}

record! {
    /// What a hearing point says of one of its nine things.
    pub struct Remark {
        /// The code of the thing.
        pub thing: String,
        /// What is said of it.
        pub remark: String,
    }
}
