//! These rules say which times are offered, who is next, what a number looks like, and what a good answer is. They are
//! pure.

use crate::refusals::Why;
use std::collections::BTreeMap;

use kernel::calendar::Calendar;
use kernel::identifier::{IdentifierFault, Telephone};
use kernel::language::half_width;
use kernel::line::{line_fault, name, name_fault, written};
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use vault::{Person, PersonField};

use crate::words::{Answers, Deed, Kind, Number, Plan, Question, Seats, Slot, State};

/// Limits the characters of a name, an address and a note.
pub const TEXT_LIMIT: usize = 100;
/// Says how many digits a number has for its district. `TAIL_DIGITS` says how many random digits end it.
const DISTRICT_DIGITS: usize = 2;
const TAIL_DIGITS: usize = 3;
/// Says where the two digits of a district stand in its official code.
const DISTRICT_AT: usize = 4;
/// Limits the characters of a number that is read.
const NUMBER_LETTERS: usize = 20;

/// Holds the hours in which visits are taken at one place.
#[derive(Clone, Copy)]
pub struct Hours<'c> {
    /// The working days and opening hours.
    pub calendar: &'c Calendar,
    /// The figures of the place.
    pub plan: Plan,
    /// The present moment.
    pub now: Instant,
}

/// Counts how many seats of each slot are taken.
pub type Taken = BTreeMap<Slot, i64>;

impl Hours<'_> {
    fn today(&self) -> Date {
        self.calendar.zone().date(self.now)
    }

    /// Returns the working days that can be booked: from today at a counter, from tomorrow at home, and as far ahead as
    /// the plan says.
    #[must_use]
    pub fn days(&self, kind: Kind) -> Vec<Date> {
        let first = i64::from(kind == Kind::Home);
        let days = (first..=self.plan.days_ahead).filter_map(|ahead| date_plus_days(self.today(), ahead));
        days.filter(|day| self.calendar.day(*day).kind.is_worked()).collect()
    }

    /// Returns the slots of a day that have not begun. They are whole slots within the opening hours. A home visit has
    /// one slot, which is the day itself.
    #[must_use]
    pub fn slots(&self, kind: Kind, day: Date) -> Vec<Slot> {
        if !self.days(kind).contains(&day) {
            return Vec::new();
        }
        if kind == Kind::Home {
            return vec![Slot { day, minute: 0 }];
        }
        let length = self.plan.slot_minutes.max(1);
        let begins = self.calendar.opening().iter().flat_map(|hours| {
            let last = hours.until.saturating_sub(length);
            (hours.from..=last).step_by(usize::try_from(length).unwrap_or(usize::MAX))
        });
        let ahead = |minute: &u32| self.calendar.zone().instant(day, *minute) > self.now;
        begins.filter(ahead).map(|minute| Slot { day, minute }).collect()
    }

    /// Says whether a slot can be booked now.
    #[must_use]
    pub fn offers(&self, kind: Kind, slot: Slot) -> bool {
        self.slots(kind, slot.day).contains(&slot)
    }

    /// Returns the slots that have room among these seats, in order, with the number of places that each has left.
    /// `taken` counts those seats alone.
    #[must_use]
    pub fn free(&self, kind: Kind, seats: Seats, taken: &Taken) -> Vec<(Slot, i64)> {
        let all = self.days(kind).into_iter().flat_map(|day| self.slots(kind, day));
        let left = |slot: Slot| self.plan.seats(kind, seats) - taken.get(&slot).copied().unwrap_or(0);
        all.map(|slot| (slot, left(slot))).filter(|(_, left)| *left > 0).collect()
    }
}

/// Returns a seat of a slot that is free, counted from 1: the lowest one that is open to everybody, or for a worker the
/// lowest one that is kept, and an open one only when those are taken. Returns nothing if no seat is left.
#[must_use]
pub fn free_seat(taken: &[i64], plan: &Plan, kind: Kind, seats: Seats) -> Option<i64> {
    let (open, all) = (plan.seats(kind, Seats::Open), plan.seats(kind, Seats::All));
    let is_free = |seat: &i64| !taken.contains(seat);
    match seats {
        Seats::Open => (1..=open).find(is_free),
        Seats::All => (open + 1..=all).chain(1..=open).find(is_free),
    }
}

/// Returns the number of a visit: `Y04-317-582`. The district and a running number make it unique. Three random digits
/// keep people from guessing the next number.
#[must_use]
pub fn number(kind: Kind, district_code: &str, running: i64, chance: u128) -> String {
    let district: String = district_code.chars().skip(DISTRICT_AT).take(DISTRICT_DIGITS).collect();
    format!("{}{district}-{running}-{:03}", kind.letter(), chance % 1000)
}

/// Reads a number as people write it: with or without dashes, in small letters, with full-width digits.
#[must_use]
pub fn read_number(text: &str) -> Option<Number> {
    let kept = text.chars().map(half_width).filter(char::is_ascii_alphanumeric).take(NUMBER_LETTERS);
    let letters: Vec<char> = kept.map(|letter| letter.to_ascii_uppercase()).collect();
    let (letter, digits) = letters.split_first()?;
    let known = Kind::ALL.into_iter().any(|kind| kind.letter() == *letter);
    if !known || !digits.iter().all(char::is_ascii_digit) {
        return None;
    }
    let (district, rest) = digits.split_at_checked(DISTRICT_DIGITS)?;
    let (running, tail) = rest.split_at_checked(rest.len().checked_sub(TAIL_DIGITS)?)?;
    if running.is_empty() || running.starts_with(&['0']) {
        return None;
    }
    let [district, running, tail] = [district, running, tail].map(|part| part.iter().collect::<String>());
    Some(Number { text: format!("{letter}{district}-{running}-{tail}"), district })
}

/// Returns what is called at the counter: `A001` for somebody without an appointment, `Y001` for an appointment. Both
/// share one row of numbers.
#[must_use]
pub fn ticket(running: i64, appointed: bool) -> String {
    format!("{}{running:03}", if appointed { 'Y' } else { 'A' })
}

/// Holds what decides the turn of a number that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The minute of the appointment, if it has one.
    pub due: Option<u32>,
    /// Its place among those who wait.
    pub turn: i64,
}

/// Returns the order in which numbers are called at a minute of the day. Appointments whose time has come go first, the
/// earliest first. Then the turn decides.
#[must_use]
pub fn order(one: Waiting, minute: u32) -> (u8, u32, i64) {
    match one.due.filter(|due| *due <= minute) {
        Some(due) => (0, due, one.turn),
        None => (1, 0, one.turn),
    }
}

/// Returns the position in the list of the number that is next.
#[must_use]
pub fn next(waiting: &[Waiting], minute: u32) -> Option<usize> {
    let found = waiting.iter().enumerate().min_by_key(|(_, one)| order(**one, minute));
    found.map(|(position, _)| position)
}

/// Returns the state to which a deed leads from here.
///
/// # Errors
/// Refuses if the visit is over, or if the deed does not fit this kind.
pub fn after(kind: Kind, state: State, deed: &Deed) -> Result<State, Refusal> {
    match (deed, kind, state) {
        (Deed::Cancel, _, State::Asked | State::Booked) => Ok(State::Cancelled),
        (Deed::Move(_), _, State::Asked | State::Booked) => Ok(state_after_move(kind)),
        (Deed::Accept(_), Kind::Home, State::Asked | State::Booked) => Ok(State::Booked),
        (Deed::Done, Kind::Home, State::Booked) => Ok(State::Done),
        (Deed::Failed(_), Kind::Home, State::Booked) => Ok(State::Failed),
        (_, _, State::Asked) => Err(Refusal::new(Why::VisitNotAgreed)),
        _ => Err(Refusal::new(Why::VisitEnded)),
    }
}

/// Returns the state after a move. If somebody asks for another day of a home visit, the community has to agree again.
const fn state_after_move(kind: Kind) -> State {
    match kind {
        Kind::Counter => State::Booked,
        Kind::Home => State::Asked,
    }
}

/// Returns the questions of a booking in their order. The last one is always the check of all answers.
#[must_use]
pub fn questions(kind: Kind) -> Vec<Question> {
    use Question::{Address, Check, Community, Day, Hour, Item, Who};
    match kind {
        Kind::Counter => vec![Item, Community, Day, Hour, Who, Check],
        Kind::Home => vec![Item, Community, Day, Who, Address, Check],
    }
}

/// Returns the next question: the first that has no good answer yet. So a changed answer leads straight back to the
/// check.
#[must_use]
pub fn next_question(kind: Kind, answers: &Answers, community: Option<&PlacePath>, hours: &Hours<'_>) -> Question {
    let asked = questions(kind).into_iter();
    let mut open = asked.filter(|question| !faults(*question, kind, answers, community, hours).is_empty());
    open.next().unwrap_or(Question::Check)
}

/// Returns what is wrong with the answers to one question. The list is empty if they are good.
#[must_use]
pub fn faults(
    question: Question,
    kind: Kind,
    answers: &Answers,
    community: Option<&PlacePath>,
    hours: &Hours<'_>,
) -> Vec<Refusal> {
    let found = match question {
        Question::Community => vec![community_fault(community)],
        Question::Day => vec![day_fault(kind, answers, hours)],
        Question::Hour => vec![hour_fault(kind, answers, hours)],
        Question::Who => {
            vec![who(&answers.name), identifier("telephone", Telephone::parse(&answers.telephone).map(drop))]
        }
        Question::Address => vec![text("address", &answers.address)],
        Question::Item | Question::Check => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

/// Returns the slot that the answers name.
#[must_use]
pub fn slot(kind: Kind, answers: &Answers) -> Option<Slot> {
    let day = answers.day.parse::<Date>().ok()?;
    let minute = if kind == Kind::Home { 0 } else { answers.minute.parse::<u32>().ok()? };
    Some(Slot { day, minute })
}

/// Returns the person's data for the vault: only what the visit needs.
#[must_use]
pub fn person(kind: Kind, answers: &Answers) -> Person {
    let telephone = Telephone::parse(&answers.telephone).map(|number| number.as_str().to_owned());
    let telephone = telephone.unwrap_or_else(|_| answers.telephone.clone());
    let named = Person::new().with(PersonField::Name, name(&answers.name));
    let person = named.with(PersonField::Telephone, telephone);
    match kind {
        Kind::Counter => person,
        Kind::Home => person.with(PersonField::Address, written(&answers.address)),
    }
}

fn community_fault(community: Option<&PlacePath>) -> Option<Refusal> {
    match community {
        Some(path) if path.level() == Level::Community => None,
        _ => Some(Refusal::new(Code::FormMissing).field("community")),
    }
}

fn day_fault(kind: Kind, answers: &Answers, hours: &Hours<'_>) -> Option<Refusal> {
    if answers.day.is_empty() {
        return Some(Refusal::new(Code::FormMissing).field("day"));
    }
    let offered = answers.day.parse::<Date>().is_ok_and(|day| !hours.slots(kind, day).is_empty());
    (!offered).then(|| Refusal::new(Why::VisitSlotClosed).field("day"))
}

fn hour_fault(kind: Kind, answers: &Answers, hours: &Hours<'_>) -> Option<Refusal> {
    if answers.minute.is_empty() {
        return Some(Refusal::new(Code::FormMissing).field("minute"));
    }
    let offered = slot(kind, answers).is_some_and(|slot| hours.offers(kind, slot));
    (!offered).then(|| Refusal::new(Why::VisitSlotClosed).field("minute"))
}

fn identifier(field: &str, parsed: Result<(), IdentifierFault>) -> Option<Refusal> {
    parsed.err().map(|fault| fault.refusal(field))
}

/// Returns what is wrong with a name, or nothing if it is good.
fn who(typed: &str) -> Option<Refusal> {
    let garbled = || name_fault(typed).map(|code| Refusal::new(code).field("name"));
    text("name", &name(typed)).or_else(garbled)
}

/// Returns what is wrong with a short text, or nothing if it is good.
#[must_use]
pub fn text(field: &str, typed: &str) -> Option<Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(Refusal::new(Code::FormMissing).field(field));
    }
    if typed.chars().count() > TEXT_LIMIT {
        return Some(Refusal::new(Code::FormTooLong).field(field).with("limit", TEXT_LIMIT));
    }
    line_fault(&written(typed)).map(|code| Refusal::new(code).field(field))
}

#[cfg(test)]
mod tests;
