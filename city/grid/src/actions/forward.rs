//! Puts reports on their way to other platforms, sends them again, tells those platforms what became of a report here,
//! and does here what was done there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cases::{Doing, Key, Known};
use hall::Fault;
use jobs::NewJob;
use kernel::case::{Case, Command, Relation, possible};
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, VaultError};

use super::joining::RecordAt;
use crate::records::forward_note;
use crate::refusals::Why;
use crate::rules::forward as turning;
use crate::words::forward::{Forward, HEARD, LANE, Note, SEND, TELL, Turned};
use crate::words::{HANDLE, HANDLING, KIND};
use crate::{Grid, records};

/// The most messages with which a report went to other platforms. A bound of the machine: a report is sent out a few
/// times only.
const MESSAGES: i64 = 50;
/// What the words of another platform are sealed as, and what their record is kept for.
const LABEL: &str = "grid.forward";
const PURPOSE: &str = "其他平台说的话";

impl Grid {
    /// Puts a report on its way to the platform that puts its kind right there, if there is one and it lies with the
    /// unit now whose duty it is by rule. It goes there once each time it is sent out.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn forward(&self, tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
        let condition = case.fields.get(KIND).map(String::as_str).unwrap_or_default();
        let tree = self.hall.places.tree();
        let community = tree.at(&case.place).map(|place| place.code.as_str()).unwrap_or_default();
        let Some((peer, service)) = self.peers.of(condition, community).filter(|_| case.state == HANDLING) else {
            return Ok(());
        };
        let events = cases::events_of(tx, case)?;
        if !turning::is_by_rule(case, &events) {
            return Ok(());
        }
        let name = match turning::times_sent_out(self.cases.procedure_of(case)?, &events) {
            0 | 1 => peer.code.clone(),
            times => format!("{}/{times}", peer.code),
        };
        let forward = Forward {
            district: cases::district(case),
            id: Uuid::new_v5(&case.id.0, name.as_bytes()),
            case_id: case.id.0,
            number: case.number.clone(),
            path: case.place.clone(),
            peer: peer.code.clone(),
            service: service.to_owned(),
            kind: condition.to_owned(),
            at: now,
            attempts: 0,
            first_attempted_at: None,
            attempted_at: None,
            failure: None,
            failed_at: None,
            sent_at: None,
            foreign_id: None,
            foreign_status: None,
            asked: 0,
            left_at: None,
        };
        if records::forward::add(tx, &forward)? {
            jobs::enqueue(tx, &queued(&forward, "", now))?;
        }
        Ok(())
    }

    /// Puts a message that was given up on its way again. Sent twice it is done once.
    ///
    /// # Errors
    /// There is no such message for this actor, it says that a report is not done that is no longer there, or the store
    /// failed.
    pub async fn forward_again(
        self: &Arc<Self>,
        actor: &Actor,
        district: PlaceId,
        id: Uuid,
        once: String,
        now: Instant,
    ) -> Result<(), Fault> {
        let scopes = actor.scopes(identity::May::AccountManage);
        let again = move |tx: &mut dyn Tx| {
            let own = |path: &PlacePath| scopes.iter().any(|scope| scope.place.contains(path));
            if let Some(note) = forward_note::find(tx, district, id)?.filter(|note| own(&note.path)) {
                let forward = records::forward::find(tx, district, note.forward)?;
                // Nobody is told to go on with what somebody else handles by now.
                let has_left = forward.is_some_and(|forward| forward.left_at.is_some());
                if has_left && note.says == Turned::NotDone.code() {
                    return Err(Refusal::new(Why::GridForwardLeft).into());
                }
                if forward_note::again(tx, &note)? {
                    jobs::enqueue(tx, &telling(&note, &once, now))?;
                }
                return Ok(());
            }
            let found = records::forward::find(tx, district, id)?;
            let forward = found.filter(|forward| own(&forward.path)).ok_or(Fault::NotFound)?;
            if records::forward::again(tx, &forward)? {
                jobs::enqueue(tx, &queued(&forward, &once, now))?;
            }
            Ok::<_, Fault>(())
        };
        self.hall.store.write(again).await
    }

    /// What happened to a report since it was put on its way to another platform.
    fn turns(&self, tx: &mut dyn Tx, known: &Known, forward: &Forward) -> Result<Vec<(i64, Turned)>, Fault> {
        let procedure = self.cases.procedure_of(&known.case)?;
        Ok(turning::turns(procedure, &cases::events_of(tx, &known.case)?, forward.at))
    }

    /// Whether a report still lies with the platform to which it was put on its way.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn lies_there(&self, tx: &mut dyn Tx, forward: &Forward) -> Result<bool, Fault> {
        let known = self.cases.known(tx, forward.district, forward.case_id)?;
        Ok(turning::lies_there(&self.turns(tx, &known, forward)?))
    }

    /// Tells the platforms to which a report was sent what became of it here: that it is not done, that somebody else
    /// has it, or that it ended. Each is told once. A platform that never took the report is told nothing.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn tell_turned(&self, tx: &mut dyn Tx, known: &Known, now: Instant) -> Result<(), Fault> {
        let Key { district, id } = known.key();
        for forward in records::forward::of_case(tx, district, id, MESSAGES)? {
            let turns = self.turns(tx, known, &forward)?;
            let told = turns.iter().filter(|(_, turned)| turning::is_told(*turned, forward.foreign_status.as_deref()));
            for (place, turned) in told.filter(|_| forward.sent_at.is_some()) {
                let id = Uuid::new_v5(&forward.id, format!("{}/{place}", turned.code()).as_bytes());
                let note = Note::new(&forward, id, turned.code(), now);
                if forward_note::add(tx, &note)? {
                    jobs::enqueue(tx, &telling(&note, "", now))?;
                }
            }
            if !turning::lies_there(&turns) {
                records::forward::left(tx, &forward, now)?;
            }
        }
        Ok(())
    }

    /// Takes the step here that says that a report is put right, in the name of the platform where it was, if it still
    /// lies there and that is the next step. Otherwise nothing changes here, and what it says is kept as a message.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn done_there(&self, tx: &mut dyn Tx, forward: &Forward, said: &str, now: Instant) -> Result<(), Fault> {
        let Some(peer) = self.peers.get(&forward.peer) else { return Ok(()) };
        let known = self.cases.known(tx, forward.district, forward.case_id)?;
        let grant = Grant {
            post: forward.id,
            role: exchange::ROLE.to_owned(),
            // The unit may be one of the street, the district or the city.
            place: known.case.office.place.clone(),
            department: None,
            permissions: BTreeSet::from([Permission::CaseHandle]),
        };
        let actor = Actor { account: None, name: peer.name.zh.clone(), kind: ActorKind::Staff, grants: vec![grant] };
        let procedure = self.cases.procedure_of(&known.case)?;
        let steps = possible(procedure, &known.case, &actor, &Relation::default());
        let lies_there = turning::lies_there(&self.turns(tx, &known, forward)?);
        if !lies_there || !steps.iter().any(|(name, _)| *name == HANDLE) {
            return self.keep_heard(tx, &known, forward, said, now);
        }
        let command = Command::Act {
            action: HANDLE.to_owned(),
            fields: BTreeMap::from([("report".to_owned(), format!("{} {said}", peer.name.zh))]),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        // It may be done there, be found not done here, and be done there again.
        let once = format!("open311/forward/{}/{}", forward.id, forward.asked);
        let doing = Doing { command: &command, once: &once, actor: &actor, relation: Relation::default(), now };
        let known = self.cases.go_on(tx, known, &doing)?;
        self.share(tx, &known.case, None).map(drop)
    }

    /// Keeps what another platform says of a report that it no longer has. Its words are sealed under a record of their
    /// own and erased after the time for which those of a finished case are kept.
    fn keep_heard(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        forward: &Forward,
        said: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        let id = Uuid::new_v5(&forward.id, format!("{HEARD}/{}", forward.asked).as_bytes());
        let mut note = Note::new(forward, id, HEARD, now);
        if !said.is_empty() {
            let (record, district) = (Uuid::new_v5(&id, b"words"), forward.district);
            let (person, purpose) = (Person::new(), PURPOSE.to_owned());
            self.hall
                .vault
                .seal(tx, &NewRecord { id: record, district, person, purpose, retain_until: None, at: now })?;
            note.words = Some(self.hall.vault.cover(tx, district, record, LABEL, said.as_bytes())?);
            note.record = Some(record);
            self.begin_retention(tx, known, RecordAt { keeper: district, record }, now)?;
        }
        Ok(forward_note::add(tx, &note).map(drop)?)
    }

    /// What another platform said in a message; empty where it said nothing, or its words were erased.
    ///
    /// # Errors
    /// The store or the vault failed.
    pub(crate) fn heard_words(&self, tx: &mut dyn Tx, note: &Note) -> Result<String, Fault> {
        let Some((record, words)) = note.record.zip(note.words.as_ref()) else { return Ok(String::new()) };
        match self.hall.vault.uncover(tx, note.district, record, LABEL, words) {
            Err(VaultError::Erased | VaultError::NotFound) => Ok(String::new()),
            plain => Ok(String::from_utf8_lossy(&plain?).into_owned()),
        }
    }
}

/// The job that sends a message. Those to one platform stand in its lane.
fn queued(forward: &Forward, again: &str, now: Instant) -> NewJob {
    let payload = json!({ "district": forward.district.0, "forward": forward.id });
    NewJob::new(SEND, format!("{SEND}:{}:{again}", forward.id), payload, now)
        .in_lane(format!("{LANE}:{}", forward.peer))
}

/// The job that tells another platform what became of a report here.
fn telling(note: &Note, again: &str, now: Instant) -> NewJob {
    let payload = json!({ "district": note.district.0, "note": note.id });
    NewJob::new(TELL, format!("{TELL}:{}:{again}", note.id), payload, now).in_lane(format!("{LANE}:{}", note.peer))
}
