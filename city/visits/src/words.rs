//! Names of visits: appointments and home visits, their states, the slot, the number, the questions asked, the numbers of the queue.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use vault::Person;

/// The counter of a community on a day: it has one queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterDay<'p> {
    /// The community.
    pub place: &'p PlacePath,
    /// The day.
    pub day: Date,
}

impl CounterDay<'_> {
    /// Shard.
    #[must_use]
    pub fn district(&self) -> PlaceId {
        self.place.district()
    }

    /// Identity of the community.
    #[must_use]
    pub fn community(&self) -> PlaceId {
        self.place.id()
    }
}

/// How somebody is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// She comes to a counter at a time that was agreed (预约).
    Counter,
    /// A worker comes to her (上门服务).
    Home,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Counter, Self::Home];

    /// The stable word in records and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Home => "home",
        }
    }

    /// The kind of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The first letter of its numbers: Y for 预约, S for 上门.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Counter => 'Y',
            Self::Home => 'S',
        }
    }
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A home visit was asked for; nobody has agreed to the day yet.
    Asked,
    /// The time is agreed.
    Booked,
    /// She is at the counter and waits in the queue.
    Arrived,
    /// Done.
    Done,
    /// She was not there when called; or the home visit could not be done.
    Failed,
    /// Called off.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Asked, Self::Booked, Self::Arrived, Self::Done, Self::Failed, Self::Cancelled];

    /// The stable word in records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it can still be moved or called off.
    #[must_use]
    pub const fn open(self) -> bool {
        matches!(self, Self::Asked | Self::Booked)
    }
}

/// A time that can be agreed: a day and, at a counter, the minute of the day; 0 for a home visit, which is agreed by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The day.
    pub day: Date,
    /// The minute at which it begins.
    pub minute: u32,
}

impl Slot {
    /// For a form: `2026-11-25/510`.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}/{}", self.day, self.minute)
    }

    /// Reads what [`Slot::show`] wrote; a day alone is the slot of a home visit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (day, minute) = text.split_once('/').unwrap_or((text, "0"));
        Some(Self { day: day.parse().ok()?, minute: minute.parse().ok()? })
    }
}

/// The figures of the rulebook that hold at one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Length of a slot in minutes.
    pub slot_minutes: u32,
    /// How many people one slot takes.
    pub slot_capacity: i64,
    /// How many calendar days ahead can be booked.
    pub days_ahead: i64,
    /// How many home visits a community makes on a day.
    pub home_per_day: i64,
}

impl Plan {
    /// How many visits of a kind one slot takes.
    #[must_use]
    pub const fn capacity(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Counter => self.slot_capacity,
            Kind::Home => self.home_per_day,
        }
    }
}

/// A visit's number, taken apart: `Y04-317-582`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// As it is written.
    pub text: String,
    /// The two digits of the district in its official code.
    pub district: String,
}

/// What was typed, as it was typed: kept in the form's hidden fields until it is sent off, never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Words by which she looked for the matter.
    pub item_words: String,
    /// Code of the item; empty when she does not say.
    pub item: String,
    /// Words by which she looked for the community.
    pub community_words: String,
    /// Identity of the community.
    pub community: String,
    /// The day.
    pub day: String,
    /// The minute of the day.
    pub minute: String,
    /// Her name.
    pub name: String,
    /// Her telephone.
    pub telephone: String,
    /// House and door, when somebody comes to her.
    pub address: String,
}

/// A question of the booking, one a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What is it about? May be left open.
    Item,
    /// At which community's counter; or: in which community do you live?
    Community,
    /// On which day?
    Day,
    /// At what time?
    Hour,
    /// Name and telephone.
    Who,
    /// House and door.
    Address,
    /// Check your answers.
    Check,
}

impl Question {
    const ALL: [Self; 7] = [Self::Item, Self::Community, Self::Day, Self::Hour, Self::Who, Self::Address, Self::Check];

    /// The word in the form's hidden field.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Community => "community",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Who => "who",
            Self::Address => "address",
            Self::Check => "check",
        }
    }

    /// The question of a hidden field's word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Answers that passed every check.
pub struct Booking {
    /// Counter or home.
    pub kind: Kind,
    /// The community whose counter serves.
    pub community: PlacePath,
    /// When.
    pub slot: Slot,
    /// Code of the item; empty when it was left open.
    pub item: String,
    /// What the vault is to seal.
    pub person: Person,
    /// Sent twice with the same key, done once.
    pub once: String,
}

/// What is done with a visit that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Another time.
    Move(Slot),
    /// Called off.
    Cancel,
    /// A home visit is agreed to, on this day.
    Accept(Slot),
    /// The home visit was made.
    Done,
    /// The home visit could not be made; the note is sealed and read by the person.
    Failed(String),
}

impl Deed {
    /// The stable word of a form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Move(_) => "move",
            Self::Cancel => "cancel",
            Self::Accept(_) => "accept",
            Self::Done => "done",
            Self::Failed(_) => "failed",
        }
    }
}

/// Where a number of the queue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It waits.
    Waiting,
    /// It is called.
    Called,
    /// It was served.
    Served,
    /// Nobody came, twice.
    Left,
}

impl Turn {
    /// The stable word in records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Served => "served",
            Self::Left => "left",
        }
    }

    /// The turn of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Called, Self::Served, Self::Left].into_iter().find(|turn| turn.code() == code)
    }
}

/// What is done at the queue of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next number is handed out; with the item, or without.
    Ticket(String),
    /// Somebody with an appointment is here; her visit's number.
    CheckIn(String),
    /// Whoever is next is called.
    Call,
    /// The one called was served.
    Served(uuid::Uuid),
    /// The one called was not there.
    Absent(uuid::Uuid),
}

kernel::rules! {
    /// Minutes of a slot in which a counter takes appointments.
    VISITS_SLOT_MINUTES = "visits.slot_minutes" as Minutes;
    /// People whom one slot of a counter takes.
    VISITS_SLOT_CAPACITY = "visits.slot_capacity" as Count;
    /// Calendar days ahead that can be booked.
    VISITS_DAYS_AHEAD = "visits.days_ahead" as Days;
    /// Home visits that a community makes on a day.
    VISITS_HOME_PER_DAY = "visits.home_per_day" as Count;
    /// Calendar days that a visit's personal data are kept after its day.
    VISITS_RETENTION_DAYS = "visits.retention_days" as Days;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_survives_a_form() {
        let slot = Slot { day: "2026-11-25".parse().unwrap(), minute: 510 };
        assert_eq!(slot.show(), "2026-11-25/510");
        assert_eq!(Slot::parse(&slot.show()), Some(slot));
        assert_eq!(Slot::parse("2026-11-25"), Some(Slot { minute: 0, ..slot }));
        for odd in ["", "/", "2026-11-25/", "2026-11-25/-1", "2026-13-25/510", "x/510"] {
            assert_eq!(Slot::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn words_lead_back() {
        assert!(Kind::ALL.into_iter().all(|kind| Kind::parse(kind.code()) == Some(kind)));
        assert!(State::ALL.into_iter().all(|state| State::parse(state.code()) == Some(state)));
        assert!(Question::ALL.into_iter().all(|question| Question::parse(question.code()) == Some(question)));
        assert_eq!((Kind::parse(""), State::parse("x"), Turn::parse("x")), (None, None, None));
    }
}
