//! Corrects the day of an election that was entered wrongly. What follows from the day is computed anew, and whoever
//! corrects it looks at that first; what stood there before is kept with the reason.

use std::sync::Arc;

use hall::Fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::{StoreError, Tx};
use uuid::Uuid;

use super::keeping::{ELECTIONS, first_of, signed, stream};
use super::people::POSTS;
use super::{By, Sealed, note};
use crate::Bodies;
use crate::records::{body as bodies, corrections, people};
use crate::refusals::Why;
use crate::rules;
use crate::rules::corrections::{Righted, Wrong, righted};
use crate::words::corrections::{Correction, RightDay};
use crate::words::{Body, Election, Figures, Holding};

/// Where the keys of this command are kept apart from those of others.
const CORRECT: &str = "bodies.correct";
/// The most corrections of a body that are shown.
const CORRECTIONS: i64 = 100;

/// Asks a department, by the address of a vote, on which day the election that it was can have been at the earliest.
pub type AskFirst = Arc<dyn Fn(&mut dyn Tx, &str) -> Result<Option<Date>, StoreError> + Send + Sync>;

/// What changes with the day of an election.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The body as it is.
    pub body: Body,
    /// The election as it is.
    pub election: Election,
    /// What becomes of them.
    pub righted: Righted,
    /// How many hold their posts from that day on.
    pub seated: usize,
    /// Those who left their posts with the election, where nobody entered another day for them.
    pub left: Vec<Holding>,
}

impl Changes {
    /// What changes as one line, by which a form says what was looked at.
    #[must_use]
    pub fn told(&self) -> String {
        let Self { election, righted, seated, left, .. } = self;
        let (right, body) = (&righted.election, &righted.body);
        let days = [Some(election.held_on), Some(right.held_on), right.term_ends, right.file_by, body.file_by];
        let days: Vec<String> = days.iter().map(|day| day.map(|day| day.to_string()).unwrap_or_default()).collect();
        format!("{} {} {seated} {}", days.join(" "), righted.by_elections.len(), left.len())
    }
}

impl Bodies {
    /// What changes if an election of a body has another day, for whoever keeps it.
    ///
    /// # Errors
    /// `NotFound` for everybody else, an election that is not there, a reason that cannot be kept, a day on which it
    /// cannot have been, or a failure.
    pub fn look_at(&self, tx: &mut dyn Tx, body: Body, right: &RightDay, now: Instant) -> Result<Changes, Fault> {
        if body.ended_on.is_some() {
            return Err(Refusal::new(Why::BodiesEnded).into());
        }
        first_of(reason_faults(&right.reason))?;
        let elections = bodies::elections(tx, &body, ELECTIONS)?;
        let gone = || Refusal::new(Why::BodiesElectionGone).field("wrong_on");
        let election = elections.iter().find(|one| one.held_on == right.held_on).ok_or_else(gone)?;
        let not_before = match self.first.get().filter(|_| !election.link.is_empty()) {
            Some(ask) => ask(tx, &election.link)?,
            None => None,
        };
        let wrong = Wrong { body: &body, elections: &elections, election, right_on: right.right_on, not_before };
        let (before, after) = (self.rules_on(&body, right.held_on)?, self.rules_on(&body, right.right_on)?);
        let righted = righted(&wrong, &before, &after, self.today(now))?;
        let holdings = people::holdings(tx, &body, POSTS)?;
        let is_seated = |until: Option<Date>| until.is_none_or(|until| until > right.right_on);
        let seated = holdings.iter().filter(|one| one.from_on == right.held_on && is_seated(one.until_on)).count();
        // Who came after the right day did not leave on it: what was entered of her stays.
        let is_left =
            |one: &Holding| one.until_elected && one.until_on == Some(right.held_on) && one.from_on < right.right_on;
        let left = holdings.into_iter().filter(is_left).collect();
        let election = election.clone();
        Ok(Changes { body, election, righted, seated, left })
    }

    /// What the kind of a body asks of its elections on a day.
    fn rules_on(&self, body: &Body, on: Date) -> Result<Figures, Fault> {
        let kind = self.kinds.get(&body.kind).ok_or_else(|| Fault::Broken(format!("no kind {}", body.kind)))?;
        // Before the first law that gives figures there was no such election.
        match self.figures(kind, &body.path, on) {
            Err(Fault::Refused(_)) => Err(Refusal::new(Code::FormEarly).field("right_on").into()),
            figures => figures,
        }
    }

    /// Corrects the day of an election, with everything that follows from it. Sent twice it is corrected once.
    ///
    /// # Errors
    /// As [`Bodies::look_at`], what changes is not what was looked at, or a failure.
    pub fn correct_day(&self, tx: &mut dyn Tx, id: Uuid, right: &RightDay, by: &By<'_>) -> Result<(), Fault> {
        let before = Self::changed(tx, id, by.actor)?;
        if !by.sent.is_first(tx, CORRECT, by.now)? {
            return Ok(());
        }
        let changes = self.look_at(tx, before, right, by.now)?;
        if changes.told() != right.looked {
            return Err(Refusal::new(Why::BodiesLookAgain).field("right_on").into());
        }
        let Changes { body, election, righted, left, .. } = changes;
        let Righted { election: after, by_elections, body: body_after } = righted;
        corrections::put_right(tx, &election, &after)?;
        for one in &by_elections {
            corrections::put_right(tx, one, one)?;
        }
        corrections::move_holdings(tx, &body, election.held_on, after.held_on)?;
        for one in &left {
            people::end_holding(tx, one, after.held_on, true)?;
            self.let_go(tx, Sealed { district: one.district, record: one.id }, after.held_on, by.now)?;
        }
        bodies::change(tx, &signed(body_after, by))?;
        let correction = Correction {
            district: body.district,
            id: right.id,
            body: body.id,
            held_before: election.held_on,
            held_after: after.held_on,
            ends_before: election.term_ends,
            ends_after: after.term_ends,
            file_before: election.file_by,
            file_after: after.file_by,
            reason: right.reason.clone(),
            by_name: by.actor.name.clone(),
            at: by.now,
        };
        corrections::add(tx, &correction)?;
        // What people wrote stands in the table alone; the log, which is kept for ever, has the days.
        let detail = json!({
            "before": election.held_on.to_string(), "on": after.held_on.to_string(),
            "until": after.term_ends.map(|day| day.to_string()),
        });
        note(tx, &stream(&body, "bodies.corrected"), &detail, by)
    }

    /// The corrections of the elections of a body, the latest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn corrections(tx: &mut dyn Tx, body: &Body) -> Result<Vec<Correction>, Fault> {
        Ok(corrections::of_body(tx, body, CORRECTIONS)?)
    }
}

/// What is wrong with the reason of a correction.
fn reason_faults(reason: &str) -> Vec<Refusal> {
    if reason.trim().is_empty() {
        return vec![Refusal::new(Code::FormMissing).field("why")];
    }
    rules::open_lines("why", reason)
}
