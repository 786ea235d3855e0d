//! Puts reports on their way to other platforms, sends them again or lets them go, tells those platforms what became of
//! a report here, and does here what was done there.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::{Doing, Key, Known};
use hall::Fault;
use jobs::NewJob;
use kernel::case::{Case, Command, Relation, possible};
use kernel::earth::Point;
use kernel::language::Bilingual;
use kernel::line::open_line_fault;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::log::Act;
use uuid::Uuid;
use vault::{NewRecord, Person, VaultError};

use super::joining::RecordAt;
use crate::records::{forward_note, photo};
use crate::refusals::Why;
use crate::rules::forward as turning;
use crate::rules::open311::by_platform;
use crate::words::forward::{ASK, Forward, HEARD, LANE, LettingGo, Note, REASON_MOST, SEND, TELL, Turned};
use crate::words::{HANDLE, HANDLING, KIND};
use crate::{Grid, records};

/// The most messages with which a report went to other platforms. A bound of the machine: a report is sent out a few
/// times only.
const MESSAGES: i64 = 50;
/// What the words of another platform are sealed as, and what their record is kept for.
const LABEL: &str = "grid.forward";
const PURPOSE: &str = "其他平台说的话";

/// What goes along with a report beside what it is and in which community.
pub(crate) struct Going {
    /// The point that was named.
    pub point: Option<Point>,
    /// Where its first photo lies that the public may see.
    pub picture: Option<String>,
    /// The numbers under which the case went to that platform or another at other times.
    pub numbers: Vec<String>,
}

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
            token: None,
            foreign_detail: None,
            unheard_since: None,
            unheard: 0,
            let_go_at: None,
            let_go_by: None,
            let_go_why: None,
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
                let job = if forward.sent_at.is_some() { asking(&forward, now) } else { queued(&forward, &once, now) };
                jobs::enqueue(tx, &job)?;
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

    /// What goes along with a report that is on its way to a platform; none if it does not lie there any more.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn going(&self, tx: &mut dyn Tx, forward: &Forward) -> Result<Option<Going>, Fault> {
        let (district, id) = (forward.district, forward.case_id);
        let known = self.cases.known(tx, district, id)?;
        if !turning::lies_there(&self.turns(tx, &known, forward)?) {
            return Ok(None);
        }
        let public = records::find(tx, district, id)?.is_some_and(|report| report.public);
        let released = photo::released(tx, &[(district, id)])?;
        let first = released.iter().filter(|_| public).min_by_key(|photo| (photo.at, photo.id));
        let others = records::forward::of_case(tx, district, id, MESSAGES)?;
        let others = others.into_iter().filter(|other| other.id != forward.id);
        Ok(Some(Going {
            point: known.case.point,
            picture: first.map(|photo| self.picture_address(photo)),
            numbers: others.filter_map(|other| other.foreign_id).collect(),
        }))
    }

    /// Lets a message go that was given up: it is not sent or asked for any more. It stands in the log of events who
    /// did so and why. Done again it changes nothing.
    ///
    /// # Errors
    /// There is no such message for this actor, the reason is missing or cannot be taken, or the store failed.
    pub async fn forward_let_go(
        self: &Arc<Self>,
        actor: &Actor,
        district: PlaceId,
        id: Uuid,
        why: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        let (scopes, account) = (actor.scopes(identity::May::AccountManage), actor.account);
        let (why, by) = (reason(why), actor.name.clone());
        let let_go = move |tx: &mut dyn Tx| {
            let own = |path: &PlacePath| scopes.iter().any(|scope| scope.place.contains(path));
            let letting = || Ok::<_, Fault>(LettingGo { by: by.clone(), why: why.clone()?, at: now });
            let (done, letting, number, peer) = if let Some(note) = forward_note::find(tx, district, id)? {
                let letting = if own(&note.path) { letting()? } else { return Err(Fault::NotFound) };
                (forward_note::let_go(tx, &note, &letting)?, letting, note.number, note.peer)
            } else {
                let found = records::forward::find(tx, district, id)?;
                let forward = found.filter(|forward| own(&forward.path)).ok_or(Fault::NotFound)?;
                let letting = letting()?;
                (records::forward::let_go(tx, &forward, &letting)?, letting, forward.number, forward.peer)
            };
            if !done {
                return Ok(());
            }
            let detail = json!({ "case": number, "peer": peer, "why": letting.why });
            let kind = "grid.forward_let_go";
            let act = Act { district, stream: id, kind, detail: &detail, by: account, by_name: &letting.by, at: now };
            Ok::<_, Fault>(store::log::note(tx, &act)?)
        };
        self.hall.store.write(let_go).await
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
        let report = ("report".to_owned(), format!("{} {said}", peer.name.zh));
        let command = Command::Act {
            action: HANDLE.to_owned(),
            fields: std::iter::once(report).chain(by_platform(procedure, HANDLE)).collect(),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        // It may be done there, be found not done here, and be done there again.
        let once = format!("open311/forward/{}/{}", forward.id, forward.asked);
        let relation = Relation::default();
        let doing = Doing { command: &command, once: &once, actor: &actor, relation, drawn: None, now };
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

/// The job that asks how a report stands there. It says which of the questions it asks, counted from none.
pub(crate) fn asking(forward: &Forward, at: Instant) -> NewJob {
    let payload = json!({ "district": forward.district.0, "forward": forward.id, "asked": forward.asked });
    NewJob::planned(ASK, format!("{ASK}:{}:{}", forward.id, forward.asked), payload, at)
        .in_lane(format!("{LANE}:{}", forward.peer))
}

/// The reason for which a message is let go, as it is kept: one line that others read.
fn reason(why: &str) -> Result<String, Refusal> {
    let why = why.trim();
    let label = Bilingual::new("原因", "reason");
    let wrong = |code: Code| Refusal::new(code).field("why").with_both("label", &label).with("limit", REASON_MOST);
    if why.is_empty() {
        return Err(Refusal::new(Why::GridForwardReason).field("why"));
    }
    let long = (why.chars().count() > REASON_MOST).then_some(Code::FormTooLong);
    match long.or_else(|| open_line_fault(why)) {
        Some(code) => Err(wrong(code)),
        None => Ok(why.to_owned()),
    }
}

/// The job that tells another platform what became of a report here.
fn telling(note: &Note, again: &str, now: Instant) -> NewJob {
    let payload = json!({ "district": note.district.0, "note": note.id });
    NewJob::new(TELL, format!("{TELL}:{}:{again}", note.id), payload, now).in_lane(format!("{LANE}:{}", note.peer))
}
