//! These are the names of visits: appointments and home visits, their states, the slot, the number, the questions that
//! are asked, and the numbers of the queue.

use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::Permission;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use vault::Person;

/// The page of the visits behind a figure.
pub const ROWS_PAGE: &str = "/visits/rows";
/// The list of the visits that a sum counts, for whoever sees the lists of the communities.
pub const ROWS: Rows = Rows { permission: Permission::CaseRead, address };

fn address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

/// Visits that were agreed: a time at a counter, or a day on which a worker comes home.
pub const AGREED: Indicator = Indicator::sum("visits.agreed", "visits-figure-agreed", 1).better_high().opens(ROWS);
/// Home visits that were made.
pub const HOME_DONE: Indicator =
    Indicator::sum("visits.home_done", "visits-figure-home-done", 2).better_high().opens(ROWS);

/// What this department publishes.
pub const INDICATORS: &[Indicator] = &[AGREED, HOME_DONE];

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
    /// Lists both kinds.
    pub const ALL: [Self; 2] = [Self::Counter, Self::Home];

    /// Returns the stable word in records and addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Home => "home",
        }
    }

    /// Returns the kind of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the first letter of its numbers: Y for 预约, S for 上门.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::Counter => 'Y',
            Self::Home => 'S',
        }
    }
}

/// Says in which state a visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A home visit was asked for, and nobody has agreed to the day yet.
    Asked,
    /// The time is agreed.
    Booked,
    /// She is at the counter and waits in the queue.
    Arrived,
    /// The visit is done.
    Done,
    /// She was not there when she was called, or the home visit could not be made.
    Failed,
    /// The visit was called off.
    Cancelled,
}

impl State {
    /// Lists all states.
    pub const ALL: [Self; 6] = [Self::Asked, Self::Booked, Self::Arrived, Self::Done, Self::Failed, Self::Cancelled];

    /// Returns the stable word in records.
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

    /// Returns the state of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Says whether it can still be moved or called off.
    #[must_use]
    pub const fn open(self) -> bool {
        matches!(self, Self::Asked | Self::Booked)
    }
}

/// A time on which people can agree: a day and, at a counter, the minute of the day. The minute is 0 for a home visit,
/// which has no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The day.
    pub day: Date,
    /// The minute at which it begins.
    pub minute: u32,
}

impl Slot {
    /// Returns the text for a form: `2026-11-25/510`.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}/{}", self.day, self.minute)
    }

    /// Reads what [`Slot::show`] wrote. A day alone is the slot of a home visit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (day, minute) = text.split_once('/').unwrap_or((text, "0"));
        Some(Self { day: day.parse().ok()?, minute: minute.parse().ok()? })
    }
}

/// Holds the figures of the rulebook that apply at one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The length of a slot in minutes.
    pub slot_minutes: u32,
    /// How many people one slot takes.
    pub slot_capacity: i64,
    /// How many calendar days ahead people can book.
    pub days_ahead: i64,
    /// How many home visits a community makes in a day.
    pub home_per_day: i64,
    /// The share of each slot that is kept for counters, in thousandths.
    pub kept_per_mille: i64,
}

/// Which seats of a slot somebody may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seats {
    /// Those that are open to everybody. They are the first ones of a slot, so the others are left however many
    /// strangers come.
    Open,
    /// All of them: for workers who book for somebody.
    All,
}

impl Plan {
    /// Returns how many visits of a kind one slot takes.
    #[must_use]
    pub const fn capacity(&self, kind: Kind) -> i64 {
        match kind {
            Kind::Counter => self.slot_capacity,
            Kind::Home => self.home_per_day,
        }
    }

    /// Returns how many seats of one slot somebody may take. What is kept is rounded down.
    #[must_use]
    pub const fn seats(&self, kind: Kind, seats: Seats) -> i64 {
        let all = self.capacity(kind);
        match seats {
            Seats::All => all,
            Seats::Open => all - all * self.kept_per_mille / 1_000,
        }
    }
}

/// A visit's number, taken apart: `Y04-317-582`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number as it is written.
    pub text: String,
    /// The two digits of the district in its official code.
    pub district: String,
}

/// Holds what was typed, exactly as it was typed. It stays in the form's hidden fields until it is sent off, and is
/// never stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The words by which she looked for the matter.
    pub item_words: String,
    /// The code of the item, which is empty if she does not say it.
    pub item: String,
    /// The words by which she looked for the community.
    pub community_words: String,
    /// The identity of the community.
    pub community: String,
    /// The day.
    pub day: String,
    /// The minute of the day.
    pub minute: String,
    /// Her name.
    pub name: String,
    /// Her telephone number.
    pub telephone: String,
    /// Her house and door, if somebody comes to her.
    pub address: String,
}

/// A question of the booking. Each page asks one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What is it about? She may leave it open.
    Item,
    /// At which community's counter? For a home visit: in which community do you live?
    Community,
    /// On which day?
    Day,
    /// At what time?
    Hour,
    /// What are your name and telephone number?
    Who,
    /// What are your house and door?
    Address,
    /// Check your answers.
    Check,
}

impl Question {
    const ALL: [Self; 7] = [Self::Item, Self::Community, Self::Day, Self::Hour, Self::Who, Self::Address, Self::Check];

    /// Returns the word in the form's hidden field.
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

    /// Returns the question of a hidden field's word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Holds answers that passed every check.
pub struct Booking {
    /// Whether it is at a counter or at home.
    pub kind: Kind,
    /// The community whose counter serves it.
    pub community: PlacePath,
    /// When it is.
    pub slot: Slot,
    /// The code of the item, which is empty if it was left open.
    pub item: String,
    /// The data that the vault seals.
    pub person: Person,
    /// Which seats it may take. A worker who books for somebody is not bound by what a telephone has open either.
    pub seats: Seats,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

/// Says what is done with a visit that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is moved to another time.
    Move(Slot),
    /// It is called off.
    Cancel,
    /// The community agrees to a home visit on this day.
    Accept(Slot),
    /// The home visit was made.
    Done,
    /// The home visit could not be made. The note is sealed, and the person can read it.
    Failed(String),
}

impl Deed {
    /// Returns the stable word of a form.
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

/// Says in which state a number of the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It waits.
    Waiting,
    /// It is called.
    Called,
    /// It was served.
    Served,
    /// Nobody came twice.
    Left,
}

impl Turn {
    /// Returns the stable word in records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Served => "served",
            Self::Left => "left",
        }
    }

    /// Returns the turn of a stable word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Called, Self::Served, Self::Left].into_iter().find(|turn| turn.code() == code)
    }
}

/// Says what is done at the queue of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The next number is handed out, with or without an item.
    Ticket(String),
    /// Somebody with an appointment is here. It holds her visit's number.
    CheckIn(String),
    /// The next number is called, to a window where the counter has several.
    Call(Option<i64>),
    /// The number that was called was served.
    Served(uuid::Uuid),
    /// Nobody came for the number that was called.
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
    /// Share of each slot that is kept for counters.
    VISITS_KEPT_SHARE = "visits.kept_share" as Share;
    /// Open visits of one telephone that were booked online.
    VISITS_OPEN_PER_TELEPHONE = "visits.open_per_telephone" as Count;
    /// Visits that one network address books at once, and then in each hour.
    VISITS_BOOKINGS_PER_HOUR = "visits.bookings_per_hour" as Count;
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

    #[test]
    fn only_whole_words_in_small_letters_are_known() {
        for odd in ["", " ", "Counter", "counter ", "柜台", "booked,done"] {
            let found = (Kind::parse(odd), State::parse(odd), Question::parse(odd), Turn::parse(odd));
            assert_eq!(found, (None, None, None, None), "{odd}");
        }
        for (code, turn) in
            [("waiting", Turn::Waiting), ("called", Turn::Called), ("served", Turn::Served), ("left", Turn::Left)]
        {
            assert_eq!((Turn::parse(code), turn.code()), (Some(turn), code));
        }
        let open = State::ALL.map(State::open);
        assert_eq!(open, [true, true, false, false, false, false], "only what is ahead can be moved");
    }

    #[test]
    fn slots_sort_by_day_and_then_by_time() {
        let mut slots = ["2026-12-01/510", "2026-11-30/990", "2026-11-30/510", "2027-01-01/0", "2026-11-30"]
            .map(|text| Slot::parse(text).unwrap());
        slots.sort_unstable();
        let shown = slots.map(|slot| slot.show());
        assert_eq!(shown, ["2026-11-30/0", "2026-11-30/510", "2026-11-30/990", "2026-12-01/510", "2027-01-01/0"]);
    }

    #[test]
    fn strangers_take_no_seat_that_is_kept() {
        for (slot_capacity, kept_per_mille, open) in
            [(2, 500, 1), (1, 500, 1), (5, 500, 3), (4, 0, 4), (4, 1_000, 0), (0, 500, 0)]
        {
            let plan = Plan { slot_minutes: 30, slot_capacity, days_ahead: 7, home_per_day: 1, kept_per_mille };
            let found = [Seats::Open, Seats::All].map(|seats| plan.seats(Kind::Counter, seats));
            assert_eq!(found, [open, slot_capacity], "{slot_capacity} {kept_per_mille}");
        }
    }

    #[test]
    fn a_counter_and_a_home_visit_have_room_of_their_own() {
        let plan = Plan { slot_minutes: 30, slot_capacity: 2, days_ahead: 7, home_per_day: 5, kept_per_mille: 500 };
        assert_eq!(Kind::ALL.map(|kind| (kind.letter(), plan.capacity(kind))), [('Y', 2), ('S', 5)]);
        let place = PlacePath::parse("1.2.3.4.").unwrap();
        let at = CounterDay { place: &place, day: "2026-11-23".parse().unwrap() };
        assert_eq!((at.district(), at.community()), (PlaceId(2), PlaceId(4)));
    }
}
