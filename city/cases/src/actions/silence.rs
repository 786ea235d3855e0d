//! What the platform does by itself: it takes the step that a procedure names for a state that has lasted as long as it
//! may (silence means no, or yes).

use std::collections::BTreeMap;

use jobs::NewJob;
use kernel::case::{Case, Command, Relation, by_itself};
use kernel::permission::Actor;
use kernel::procedure::Procedure;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::{Doing, Fault, Known, known};
use crate::records::Key;
use crate::{Cases, records};

/// The job that takes the steps that are due: once a day after midnight, and at the very moment where hours count.
pub const TAKE: &str = "cases.take_by_itself";

/// Where a pass over the cases goes on: after the case looked at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The last moment of its state.
    pub latest_at: Instant,
    /// Its identity.
    pub id: Uuid,
}

/// Before the first case.
pub const FIRST: After = After { latest_at: Instant::from_micros(i64::MIN), id: Uuid::nil() };

impl Cases {
    /// Takes the step that is due in open cases whose state has lasted its time, at most `limit` after the one that
    /// `after` names. It gives the last
    /// case looked at, or nothing when all are done. A case that waits too long without a step of the platform's is
    /// passed over: it stays late. Done
    /// again it changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn take_by_itself(
        &self,
        tx: &mut dyn Tx,
        after: After,
        limit: i64,
        now: Instant,
    ) -> Result<Option<After>, Fault> {
        let mut last = None;
        for row in records::lasted(tx, now, after.latest_at, after.id, limit)? {
            last = Some(After { latest_at: row.latest_at, id: row.id });
            if !self.takes_itself(&row.procedure, &row.state) {
                continue;
            }
            let Some(folded) = records::find(tx, row.district, row.id)? else { continue };
            let known = known(&folded)?;
            let followed = self.procedures().of(&known.case.procedure, known.case.procedure_version);
            let due = followed.and_then(|procedure| by_itself(procedure, &known.case, &self.hall.calendar(), now));
            let Some(action) = due.map(str::to_owned) else { continue };
            let (fields, papers) = (BTreeMap::new(), Vec::new());
            let command = Command::Act { action, fields, papers, counter: None, on_behalf: false };
            self.by_itself(tx, known, &command, now)?;
        }
        Ok(last)
    }

    /// Notes by when the desk is to act in open cases that came to it before that was noted, at most `limit` after the
    /// one that `after` names, and counts them by it. It gives the last case looked at, or nothing when all are done.
    /// Done again it changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn note_act_by(&self, tx: &mut dyn Tx, after: After, limit: i64, now: Instant) -> Result<Option<After>, Fault> {
        let (mut last, zone) = (None, self.hall.calendar().zone());
        for row in records::without_act_by(tx, after.latest_at, after.id, limit)? {
            last = Some(After { latest_at: row.latest_at, id: row.id });
            // It is locked first: it may have gone on meanwhile.
            let Some(folded) = records::find(tx, row.district, row.id)? else { continue };
            let case = known(&folded)?.case;
            let Some(procedure) = self.procedures().of(&case.procedure, case.procedure_version) else { continue };
            let lateness = self.lateness(&case, procedure, now)?;
            let Some(act_by) = lateness.act_by else { continue };
            let stood = records::figures::stood(tx, row.district, row.id)?;
            let key = Key { district: row.district, id: row.id };
            records::set_act_by(tx, &key, act_by, lateness.sort_at)?;
            if let Some(stands) = records::figures::stood(tx, row.district, row.id)? {
                records::figures::shift(tx, stood.as_ref(), &stands, zone)?;
            }
        }
        Ok(last)
    }

    /// What a party of an open case consented to no longer counts, and she is asked anew: by the number that she has
    /// among the parties of her role. Where she consents to nothing, nothing changes.
    ///
    /// # Errors
    /// A refusal of the kernel, or a failure of the store.
    pub fn lapse(
        &self,
        tx: &mut dyn Tx,
        known: Known,
        role: &str,
        number: usize,
        now: Instant,
    ) -> Result<Known, Fault> {
        let command = Command::Lapse { role: role.to_owned(), number };
        let (actor, relation) = (Actor::system(), Relation::default());
        let doing = Doing { command: &command, once: "", actor: &actor, relation, drawn: None, now };
        let known = self.free(tx, known, &doing)?;
        self.moved(tx, known, &doing)
    }

    /// The platform does this to one of many cases. If the rules do not let it touch a case (the version of its
    /// procedure is not kept), the log says so and the case stays as it is, so that the others are done.
    pub(super) fn by_itself(
        &self,
        tx: &mut dyn Tx,
        known: Known,
        command: &Command,
        now: Instant,
    ) -> Result<(), Fault> {
        // A person was faster, and her step has not left yet.
        if matches!(command, Command::Act { .. }) && records::held::of_case(tx, &known.key())?.is_some() {
            return Ok(());
        }
        let number = known.case.number.clone();
        let doing =
            Doing { command, once: "", actor: &Actor::system(), relation: Relation::default(), drawn: None, now };
        match self.moved(tx, known, &doing) {
            Err(Fault::Refused(refusal)) => {
                tracing::warn!(number, %refusal, "a case was left as it is; lianglin doctor tells more");
                Ok(())
            }
            done => done.map(drop),
        }
    }

    /// Whether some version of a procedure names a step that the platform takes when that state has lasted its time.
    fn takes_itself(&self, procedure: &str, state: &str) -> bool {
        let versions = self.procedures().all().filter(|one| one.name == procedure);
        let mut lasting = versions.filter_map(|one| one.states.get(state)?.latest.as_ref());
        lasting.any(|latest| latest.then.is_some())
    }
}

/// Where hours count, a job waits for the very moment; days are looked after every midnight.
///
/// # Errors
/// A failure of the store.
pub fn expect(tx: &mut dyn Tx, case: &Case, procedure: &Procedure) -> Result<(), Fault> {
    let latest = procedure.states.get(&case.state).and_then(|state| state.latest.as_ref());
    let moment = case.latest.and_then(|due| due.at);
    let Some(moment) = moment.filter(|_| latest.is_some_and(|latest| latest.then.is_some())) else { return Ok(()) };
    let key = format!("{TAKE}:{}:{}", case.id, moment.micros());
    let id = Uuid::new_v5(&case.id.0, key.as_bytes());
    // The state is over once its last moment is.
    let job = NewJob { id, ..NewJob::planned(TAKE, key, json!({}), moment.plus_minutes(1)) };
    Ok(jobs::enqueue(tx, &job).map(drop)?)
}
