//! This file runs the queue of a counter: it hands out a number, checks somebody in, calls the next number, and notes
//! who was served or not there.

use std::sync::Arc;

use cases::Fault;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use store::once::Once;
use uuid::Uuid;

use crate::Visits;
use crate::records::queue::{self as records, Ticket};
use crate::records::visit;
use crate::rules::{self, Waiting};
use crate::words::{Kind, State, Step, Turn};

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

/// Tells the number that a step was about.
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
        self.store().write(move |tx| visits.step_once(tx, &desk, &step, (id, once.as_str()), now)).await
    }

    fn step_once(
        &self,
        tx: &mut dyn Tx,
        desk: &Desk,
        step: &Step,
        (id, once): (Uuid, &str),
        now: Instant,
    ) -> Result<Issued, Fault> {
        let key = format!("{}/{once}", desk.community);
        match store::once::begin(tx, "visits.queue", &key, &digest(step), now)? {
            Once::Again(number) => return Ok(Issued { number }),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let issued = match step {
            Step::Ticket(item) => hand_out(tx, desk, (id, item.as_str()), None, now),
            Step::CheckIn(number) => self.check_in(tx, desk, (id, number.as_str()), now),
            Step::Call => self.call(tx, desk, now),
            Step::Served(ticket) => served(tx, desk, *ticket, now),
            Step::Absent(ticket) => absent(tx, desk, *ticket, now),
        }?;
        store::once::finish(tx, "visits.queue", &key, &issued.number)?;
        Ok(issued)
    }

    /// Checks in somebody with an appointment. It must be for today and this counter, and not checked in before.
    fn check_in(
        &self,
        tx: &mut dyn Tx,
        desk: &Desk,
        (id, number): (Uuid, &str),
        now: Instant,
    ) -> Result<Issued, Fault> {
        let unknown = || Fault::from(Refusal::new(Code::VisitNotToday).field("number"));
        let found = match self.known(tx, number) {
            Err(Fault::NotFound) => return Err(unknown()),
            found => found?,
        };
        let here = found.kind == Kind::Counter && found.path == desk.community && found.day == desk.day;
        if !here || found.state != State::Booked {
            return Err(unknown());
        }
        visit::change_state(tx, (found.district, found.id), State::Arrived, now)?;
        hand_out(tx, desk, (id, found.item.as_str()), Some((found.id, found.minute)), now)
    }

    /// Calls the next number. Appointments whose time has come go first.
    fn call(&self, tx: &mut dyn Tx, desk: &Desk, now: Instant) -> Result<Issued, Fault> {
        let place = (&desk.community, desk.day);
        let called = records::in_state(tx, place, Turn::Called, WAITING_LIMIT)?;
        if called.iter().any(|ticket| ticket.worker == desk.worker) {
            return Err(Refusal::new(Code::QueueStillServing).into());
        }
        let waiting = records::in_state(tx, place, Turn::Waiting, WAITING_LIMIT)?;
        let turns: Vec<Waiting> = waiting.iter().map(Ticket::waiting).collect();
        let minute = self.cases().calendar().zone().minute_of_day(now);
        let next = rules::next(&turns, minute).and_then(|position| waiting.get(position));
        let next = next.ok_or_else(|| Refusal::new(Code::QueueEmpty))?;
        let ticket = Ticket { state: Turn::Called, worker: desk.worker, ..next.clone() };
        records::change(tx, Turn::Waiting, &ticket, now)?;
        Ok(Issued::of(&ticket))
    }
}

/// Returns what tells one step from another that comes with the same key.
fn digest(step: &Step) -> String {
    match step {
        Step::Ticket(item) => format!("ticket {item}"),
        Step::CheckIn(number) => format!("check_in {number}"),
        Step::Call => "call".to_owned(),
        Step::Served(ticket) => format!("served {ticket}"),
        Step::Absent(ticket) => format!("absent {ticket}"),
    }
}

fn hand_out(
    tx: &mut dyn Tx,
    desk: &Desk,
    (id, item): (Uuid, &str),
    visit: Option<(Uuid, i64)>,
    now: Instant,
) -> Result<Issued, Fault> {
    let next = records::next_number(tx, &desk.community, desk.day)?;
    let ticket = Ticket {
        district: desk.community.district(),
        id,
        running: next.running,
        item: item.to_owned(),
        visit: visit.map(|(visit, _)| visit),
        due: visit.map(|(_, minute)| minute),
        state: Turn::Waiting,
        turn: next.turn,
        absences: 0,
        worker: None,
        issued_at: now,
    };
    records::insert(tx, &ticket, desk.community.id(), desk.day)?;
    Ok(Issued::of(&ticket))
}

/// Returns the number that this counter called.
fn in_front(tx: &mut dyn Tx, desk: &Desk, id: Uuid) -> Result<Ticket, Fault> {
    let found = records::find(tx, (&desk.community, desk.day), id)?.ok_or(Fault::NotFound)?;
    if found.state == Turn::Called { Ok(found) } else { Err(Refusal::new(Code::QueueNotCalled).into()) }
}

fn served(tx: &mut dyn Tx, desk: &Desk, id: Uuid, now: Instant) -> Result<Issued, Fault> {
    let ticket = Ticket { state: Turn::Served, ..in_front(tx, desk, id)? };
    records::change(tx, Turn::Called, &ticket, now)?;
    if let Some(visit) = ticket.visit {
        visit::change_state(tx, (ticket.district, visit), State::Done, now)?;
    }
    Ok(Issued::of(&ticket))
}

/// Notes that nobody came. The first time the number goes to the end of the queue and loses its precedence. The second
/// time it is gone.
fn absent(tx: &mut dyn Tx, desk: &Desk, id: Uuid, now: Instant) -> Result<Issued, Fault> {
    let before = in_front(tx, desk, id)?;
    let again = before.absences < ABSENCES_ALLOWED;
    let ticket = if again {
        let turn = records::next_turn(tx, &desk.community, desk.day)?;
        Ticket { state: Turn::Waiting, turn, due: None, absences: before.absences + 1, worker: None, ..before }
    } else {
        Ticket { state: Turn::Left, absences: before.absences + 1, ..before }
    };
    records::change(tx, Turn::Called, &ticket, now)?;
    if let Some(visit) = ticket.visit.filter(|_| !again) {
        visit::change_state(tx, (ticket.district, visit), State::Failed, now)?;
    }
    Ok(Issued::of(&ticket))
}
