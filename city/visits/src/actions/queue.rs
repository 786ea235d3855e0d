//! This file runs the queue of a counter: it hands out a number, checks somebody in, calls the next number, and notes
//! who was served or not there.

use crate::refusals::Why;
use std::sync::Arc;

use hall::Fault;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use store::once::Once;
use uuid::Uuid;

use crate::Visits;
use crate::records::queue::{self as records, Ticket};
use crate::records::visit::{self, Visit};
use crate::rules::{self, Waiting};
use crate::words::{CounterDay, Kind, State, Step, Turn};

/// Limits how many numbers wait at one counter at once. The next one is found among them.
const WAITING_LIMIT: i64 = 1_000;
/// Says how many times a person may miss a call before the number is gone.
const ABSENCES_ALLOWED: i64 = 1;

/// Holds a counter on a day, with the worker who acts.
#[derive(Clone)]
pub struct Desk {
    /// The community.
    pub community: PlacePath,
    /// The day.
    pub day: Date,
    /// The worker who acts.
    pub worker: Option<Uuid>,
}

impl Desk {
    /// The counter's day.
    pub(crate) const fn counter_day(&self) -> CounterDay<'_> {
        CounterDay { place: &self.community, day: self.day }
    }
}

/// A step as a form sent it: with the identity of what it makes, and the key by which it is done once.
struct Sent<'s> {
    step: &'s Step,
    id: Uuid,
    once: &'s str,
}

/// A number to be handed out.
struct NewTicket<'t> {
    id: Uuid,
    /// Code of the item; empty when it was left open.
    item: &'t str,
    /// The appointment that is checked in.
    visit: Option<&'t Visit>,
}

/// What came of a step: the number it was about.
pub struct Issued {
    /// The number as it is called, for example `A001`.
    pub number: String,
}

impl Issued {
    fn of(ticket: &Ticket) -> Self {
        Self { number: ticket.number() }
    }
}

impl Ticket {
    /// Returns what is called.
    #[must_use]
    pub fn number(&self) -> String {
        rules::ticket(self.running, self.visit.is_some())
    }

    /// Returns what decides its turn.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        Waiting { due: self.due.and_then(|due| u32::try_from(due).ok()), turn: self.turn }
    }
}

impl Visits {
    /// Takes a step in a counter's queue. The caller has checked that this worker may. If it is sent twice, it is done
    /// once.
    ///
    /// # Errors
    /// Refuses if nobody waits, or if the appointment is not for this counter and today.
    pub async fn step(self: &Arc<Self>, desk: Desk, step: Step, once: String, now: Instant) -> Result<Issued, Fault> {
        let (visits, id) = (self.clone(), Uuid::now_v7());
        let done = move |tx: &mut dyn Tx| visits.step_once(tx, &desk, &Sent { step: &step, id, once: &once }, now);
        self.store().write(done).await
    }

    fn step_once(&self, tx: &mut dyn Tx, desk: &Desk, sent: &Sent<'_>, now: Instant) -> Result<Issued, Fault> {
        let Sent { step, id, once } = *sent;
        let key = format!("{}/{once}", desk.community);
        match store::once::begin(tx, "visits.queue", &key, &digest(step), now)? {
            Once::Again(number) => return Ok(Issued { number }),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let issued = match step {
            Step::Ticket(item) => hand_out(tx, desk, &NewTicket { id, item, visit: None }, now),
            Step::CheckIn(number) => self.check_in(tx, desk, id, number, now),
            Step::Call(window) => self.call(tx, desk, *window, now),
            Step::Served(ticket) => served(tx, desk, *ticket, now),
            Step::Absent(ticket) => absent(tx, desk, *ticket, now),
        }?;
        store::once::finish(tx, "visits.queue", &key, &issued.number)?;
        Ok(issued)
    }

    /// Somebody with an appointment is here: today's, at this counter, not checked in before.
    fn check_in(&self, tx: &mut dyn Tx, desk: &Desk, id: Uuid, number: &str, now: Instant) -> Result<Issued, Fault> {
        let unknown = || Fault::from(Refusal::new(Why::VisitNotToday).field("number"));
        let found = match self.known(tx, number) {
            Err(Fault::NotFound) => return Err(unknown()),
            found => found?,
        };
        let here = found.kind == Kind::Counter && found.path == desk.community && found.day == desk.day;
        if !here || found.state != State::Booked {
            return Err(unknown());
        }
        visit::change_state(tx, found.district, found.id, State::Arrived, now)?;
        hand_out(tx, desk, &NewTicket { id, item: &found.item, visit: Some(&found) }, now)
    }

    /// Calls the next number to a window. Appointments whose time has come go first.
    fn call(&self, tx: &mut dyn Tx, desk: &Desk, window: Option<i64>, now: Instant) -> Result<Issued, Fault> {
        let place = desk.counter_day();
        let called = records::in_state(tx, place, Turn::Called, WAITING_LIMIT)?;
        if called.iter().any(|ticket| ticket.worker == desk.worker) {
            return Err(Refusal::new(Why::QueueStillServing).into());
        }
        let waiting = records::in_state(tx, place, Turn::Waiting, WAITING_LIMIT)?;
        let turns: Vec<Waiting> = waiting.iter().map(Ticket::waiting).collect();
        let minute = self.cases().hall.calendar().zone().minute_of_day(now);
        let next = rules::next(&turns, minute).and_then(|position| waiting.get(position));
        let next = next.ok_or_else(|| Refusal::new(Why::QueueEmpty))?;
        let ticket = Ticket { state: Turn::Called, worker: desk.worker, window, ..next.clone() };
        records::change(tx, Turn::Waiting, &ticket, now)?;
        Ok(Issued::of(&ticket))
    }
}

/// Returns what tells one step from another that comes with the same key.
fn digest(step: &Step) -> String {
    match step {
        Step::Ticket(item) => format!("ticket {item}"),
        Step::CheckIn(number) => format!("check_in {number}"),
        Step::Call(None) => "call".to_owned(),
        Step::Call(Some(window)) => format!("call {window}"),
        Step::Served(ticket) => format!("served {ticket}"),
        Step::Absent(ticket) => format!("absent {ticket}"),
    }
}

fn hand_out(tx: &mut dyn Tx, desk: &Desk, new: &NewTicket<'_>, now: Instant) -> Result<Issued, Fault> {
    let next = records::next_number(tx, desk.counter_day())?;
    let ticket = Ticket {
        district: desk.community.district(),
        id: new.id,
        running: next.running,
        item: new.item.to_owned(),
        visit: new.visit.map(|visit| visit.id),
        due: new.visit.map(|visit| visit.minute),
        state: Turn::Waiting,
        turn: next.turn,
        absences: 0,
        worker: None,
        issued_at: now,
        window: None,
    };
    records::insert(tx, &ticket, desk.counter_day())?;
    Ok(Issued::of(&ticket))
}

/// Returns the number that this counter called.
fn in_front(tx: &mut dyn Tx, desk: &Desk, id: Uuid) -> Result<Ticket, Fault> {
    let found = records::find(tx, desk.counter_day(), id)?.ok_or(Fault::NotFound)?;
    if found.state == Turn::Called { Ok(found) } else { Err(Refusal::new(Why::QueueNotCalled).into()) }
}

fn served(tx: &mut dyn Tx, desk: &Desk, id: Uuid, now: Instant) -> Result<Issued, Fault> {
    let ticket = Ticket { state: Turn::Served, ..in_front(tx, desk, id)? };
    records::change(tx, Turn::Called, &ticket, now)?;
    if let Some(visit) = ticket.visit {
        visit::change_state(tx, ticket.district, visit, State::Done, now)?;
    }
    Ok(Issued::of(&ticket))
}

/// Notes that nobody came. The first time the number goes to the end of the queue and loses its precedence. The second
/// time it is gone.
fn absent(tx: &mut dyn Tx, desk: &Desk, id: Uuid, now: Instant) -> Result<Issued, Fault> {
    let before = in_front(tx, desk, id)?;
    let again = before.absences < ABSENCES_ALLOWED;
    let ticket = if again {
        let turn = records::next_turn(tx, desk.counter_day())?;
        let absences = before.absences + 1;
        Ticket { state: Turn::Waiting, turn, due: None, absences, worker: None, window: None, ..before }
    } else {
        Ticket { state: Turn::Left, absences: before.absences + 1, ..before }
    };
    records::change(tx, Turn::Called, &ticket, now)?;
    if let Some(visit) = ticket.visit.filter(|_| !again) {
        visit::change_state(tx, ticket.district, visit, State::Failed, now)?;
    }
    Ok(Issued::of(&ticket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_step_is_taken_for_another_that_comes_with_the_same_key() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let steps = [
            Step::Ticket(String::new()),
            Step::Ticket("MZ-01".to_owned()),
            Step::CheckIn(String::new()),
            Step::CheckIn("Y04-317-582".to_owned()),
            Step::Call(None),
            Step::Call(Some(1)),
            Step::Served(one),
            Step::Served(other),
            Step::Absent(one),
        ];
        let digests: std::collections::BTreeSet<String> = steps.iter().map(digest).collect();
        assert_eq!(digests.len(), steps.len(), "{digests:?}");
        assert_eq!(digest(&Step::Served(one)), digest(&Step::Served(Uuid::from_u128(1))));
    }
}
