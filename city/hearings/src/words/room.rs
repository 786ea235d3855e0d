//! Rooms of a hearing point, who hosts there, and who has which room when.

use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

/// The most rooms of a hearing point.
pub const ROOMS_MOST: usize = 8;
/// The most seats of a room.
pub const SEATS_MOST: i64 = 500;
/// A host is a post of a body: whoever holds it that day.
pub const POST: &str = "post";
/// A host is a mediator of the roster.
pub const ROSTER: &str = "mediator";

record! {
    /// A room of a hearing point.
    pub struct Room {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// What it is called.
        pub name: String,
        /// How many people can sit there.
        pub seats: i64,
        /// Whether it is reached without a step (无障碍).
        pub step_free: bool,
    }
}

record! {
    /// Who hosts at a hearing point (接待的人). Only the identity of a post or of a mediator is kept; what they are
    /// called is found when it is shown, so that whoever left is named no more.
    pub struct Host {
        /// [`POST`] or [`ROSTER`].
        pub kind: String,
        /// The identity of the post, or on the roster.
        pub id: Uuid,
    }
}

/// Who can host at a hearing point, or does.
#[derive(Clone, Debug, PartialEq)]
pub struct HostNamed {
    /// The host.
    pub host: Host,
    /// The body of a post; empty for a mediator.
    pub body: String,
    /// What the post is called in Chinese and in English, or the published name of a mediator twice.
    pub names: [String; 2],
}

impl HostNamed {
    /// What the host is called in a language: a post with its body, a mediator by name.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let [zh, en] = &self.names;
        match (self.body.is_empty(), lang) {
            (true, _) => lang.pick(zh, en).to_owned(),
            (false, Lang::Zh) => format!("{}{zh}", self.body),
            (false, Lang::En) => format!("{en}, {}", self.body),
        }
    }
}

record! {
    /// A session of a mediation that was arranged and called off.
    pub struct CalledOff {
        /// The district that keeps it.
        pub district: PlaceId,
        /// The identity that it had.
        pub id: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The room.
        pub room: Uuid,
        /// The day.
        pub day: Date,
        /// The first minute after midnight.
        pub begins_at: i64,
        /// The minute at which it was to end.
        pub ends_at: i64,
        /// When it was called off.
        pub called_off_at: Instant,
    }
}

impl CalledOff {
    /// The time in a room that it was. Nobody's name was kept with it.
    #[must_use]
    pub fn time(self) -> Use {
        Use {
            district: self.district,
            id: self.id,
            room: self.room,
            day: self.day,
            begins_at: self.begins_at,
            ends_at: self.ends_at,
            case_id: Some(self.case_id),
            booked_name: String::new(),
            booked_at: self.called_off_at,
        }
    }
}

record! {
    /// A time in a room that is taken: by a booked talk, or by a session of a mediation.
    pub struct Use {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity: that of the talk, or one of its own.
        pub id: Uuid,
        /// The room.
        pub room: Uuid,
        /// The day.
        pub day: Date,
        /// The first minute after midnight.
        pub begins_at: i64,
        /// The minute at which it ends.
        pub ends_at: i64,
        /// The case of a session; none for a talk.
        pub case_id: Option<Uuid>,
        /// The name of staff who took it; empty where somebody booked a talk herself.
        pub booked_name: String,
        /// When it was taken.
        pub booked_at: Instant,
    }
}
