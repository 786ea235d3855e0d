//! What ends or decides a case waits some seconds before it leaves, so that whoever pressed the wrong key can undo it.
//!
//! The step is decided and sealed at once, with the moment of the decision, and kept beside the case. A job records
//! it when the seconds are over; the next step of the case and the next look at its page do the same, so nothing
//! waits for the job. Until then nobody else is told, and the chain of events holds nothing of it. What was undone
//! never happened.
//!
//! Other cases may have gone on in these seconds, and what a party agreed to may count no longer. The step is checked
//! again when it leaves; where it may not be taken any more, it is dropped and whoever decided it is told.

use jobs::NewJob;
use kernel::case::{Case, Command, Event, Recorded, Relation, handled, lacking, possible};
use kernel::permission::{Actor, ActorKind};
use kernel::procedure::NeedKind;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use web::Page;

use super::words::Written;
use super::{Doing, Fault, Known, Tried};
use crate::kind::Asked;
use crate::records::held::{self, HeldRow};
use crate::records::{Key, words};
use crate::refusals::Why;
use crate::words::CASE_UNDO_SECONDS;
use crate::{Cases, rules};

/// The job that records a step whose seconds are over.
pub const LEAVE: &str = "cases.leave";

/// Under which the keys of steps are kept.
const STEP: &str = "cases.step";
/// What is kept with the key of a step that was undone.
const UNDONE: &str = "undone";
/// What is kept with the key of a step that could not be taken any more when its seconds were over.
const DROPPED: &str = "dropped";

/// Topic of the outbox: a step that was held back was dropped, because it could not be taken any more. Payload:
/// `{"id", "account", "action"}`.
pub const TOPIC_DROPPED: &str = "cases.step_dropped";

/// A step that can still be undone, as a page shows it.
pub struct Held {
    /// What the step is called.
    pub title: String,
    /// The seconds that are left.
    pub seconds: i64,
    /// This visitor decided it and may undo it.
    pub can_undo: bool,
}

impl Cases {
    /// Whether a command decides or ends a case, or weighs as its kind says, and comes from staff: it is confirmed
    /// first and can be undone.
    #[must_use]
    pub fn weighs(&self, case: &Case, command: &Command, actor: &Actor) -> bool {
        let Command::Act { action, .. } = command else { return false };
        let kind_says = || self.kinds.get(&case.kind).is_some_and(|kind| kind.weighs(action));
        let decides = || self.procedure_of(case).is_ok_and(|procedure| rules::weighs(procedure, action));
        actor.kind == ActorKind::Staff && (decides() || kind_says())
    }

    /// Whether a command is sent for the first time.
    ///
    /// # Errors
    /// Refuses a key that came with another command before, and one whose step was undone or dropped.
    pub(super) fn is_first(&self, tx: &mut dyn Tx, known: &Known, doing: &Doing<'_>) -> Result<bool, Fault> {
        let typed = serde_json::to_string(doing.command).map_err(|fault| Fault::Broken(fault.to_string()))?;
        // It is told apart by what was typed, which may be words about a person: nobody can try out what they were.
        let digest = self.hall.vault.told_apart(&typed);
        let key = key_of(known, doing);
        let command = store::once::Command { scope: STEP, key: &key, digest: &digest };
        match store::once::take(tx, command, "", doing.now)? {
            Once::Again(said) if said == UNDONE => Err(Refusal::new(Why::CaseUndone).into()),
            Once::Again(said) if said == DROPPED => Err(Refusal::new(Why::CaseStepDropped).into()),
            Once::Again(_) => Ok(false),
            Once::Conflict => Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => Ok(true),
        }
    }

    /// Decides a step of a case and holds it back for the seconds of the rulebook. Sent twice, it is held once.
    ///
    /// # Errors
    /// A refusal of the kernel, another step that is held, or a failure of the store.
    pub fn hold(&self, tx: &mut dyn Tx, known: Known, doing: &Doing<'_>) -> Result<(), Fault> {
        if !self.is_first(tx, &known, doing)? {
            return Ok(());
        }
        let known = self.free(tx, known, doing)?;
        self.is_shown(tx, &known.case, doing)?;
        let (key, procedure) = (known.key(), self.procedure_of(&known.case)?);
        let Tried { mut recorded, now, .. } = self.tried(tx, &known, doing)?;
        if recorded.is_empty() {
            return Ok(());
        }
        self.seal_words(tx, &Written::of(&known, procedure, now), &mut recorded)?;
        let action = match doing.command {
            Command::Act { action, .. } => action.clone(),
            _ => String::new(),
        };
        let leaves_at = doing.now.plus_seconds(self.hall.figure(CASE_UNDO_SECONDS, doing.now)?);
        let events = serde_json::to_string(&recorded).map_err(|fault| Fault::Broken(fault.to_string()))?;
        let row = HeldRow {
            account: doing.actor.account,
            action,
            held_at: doing.now,
            leaves_at,
            events,
            once: Some(key_of(&known, doing)),
        };
        held::insert(tx, &key, &row)?;
        let id = Uuid::new_v5(&key.id, format!("{LEAVE}:{}", doing.once).as_bytes());
        let payload = json!({ "district": key.district.0, "id": key.id.to_string() });
        let planned = NewJob::planned(LEAVE, format!("{LEAVE}:{id}"), payload, leaves_at);
        Ok(jobs::enqueue(tx, &NewJob { id, set_at: Some(doing.now), ..planned }).map(drop)?)
    }

    /// Whether a step can be taken from the page that sends it: no other one is held, the page shows how the case
    /// stands, and the step is one of those that are offered now. One that came before with the same key can: it is
    /// answered as it was then.
    ///
    /// # Errors
    /// A failure of the store.
    pub(crate) fn is_open_to(&self, tx: &mut dyn Tx, known: &Known, doing: &Doing<'_>) -> Result<bool, Fault> {
        let Command::Act { action, .. } = doing.command else { return Ok(false) };
        if store::once::is_known(tx, STEP, &key_of(known, doing))? {
            return Ok(true);
        }
        if held::of_case(tx, &known.key())?.is_some() {
            return Ok(false);
        }
        match self.is_shown(tx, &known.case, doing) {
            Err(Fault::Refused(_)) => return Ok(false),
            shown => shown?,
        }
        let steps = possible(self.procedure_of(&known.case)?, &known.case, doing.actor, &doing.relation);
        Ok(steps.iter().any(|(name, _)| *name == action.as_str()))
    }

    /// What would be recorded of a step, with the words as they were typed, and the case after it. Nothing is written.
    ///
    /// # Errors
    /// Refuses as the step itself would be refused.
    pub fn foreseen(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        doing: &Doing<'_>,
    ) -> Result<(Vec<Recorded>, Option<Case>), Fault> {
        if held::of_case(tx, &known.key())?.is_some_and(|row| !row.is_due(doing.now)) {
            return Err(waits(doing.actor).into());
        }
        self.is_shown(tx, &known.case, doing)?;
        let Tried { recorded, after, .. } = self.tried(tx, known, doing)?;
        Ok((recorded, after))
    }

    /// The case as it stands once a step has left whose seconds are over. Whoever comes before that waits, except the
    /// platform itself; only staff are told what for.
    pub(super) fn free(&self, tx: &mut dyn Tx, known: Known, doing: &Doing<'_>) -> Result<Known, Fault> {
        let Some(row) = held::of_case(tx, &known.key())? else { return Ok(known) };
        if row.is_due(doing.now) {
            return self.left(tx, known, &row, doing.now);
        }
        if doing.actor.kind == ActorKind::System {
            return Ok(known);
        }
        Err(waits(doing.actor).into())
    }

    /// Records the step of a case whose seconds are over. Done again, or while it can still be undone, it does nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn leave(&self, tx: &mut dyn Tx, case: &Key, now: Instant) -> Result<(), Fault> {
        let Some(row) = held::of_case(tx, case)?.filter(|row| row.is_due(now)) else { return Ok(()) };
        let known = self.known(tx, case.district, case.id)?;
        self.left(tx, known, &row, now).map(drop)
    }

    fn left(&self, tx: &mut dyn Tx, known: Known, row: &HeldRow, now: Instant) -> Result<Known, Fault> {
        held::remove(tx, &known.key())?;
        let recorded = read(row)?;
        self.earlier_leaves_first(tx, &known.case, row, &recorded, now)?;
        if let Some(refusal) = self.refused_by_now(tx, &known.case, row, &recorded)? {
            tracing::info!(number = known.case.number, %refusal, "a step that was held back was dropped");
            dropped(tx, &known, row, recorded, now)?;
            return Ok(known);
        }
        let (before, procedure) = (known.case.sequence, self.procedure_of(&known.case)?);
        let now = recorded.iter().map(|one| one.at).fold(now, Ord::max);
        let (case, figures) = self.folded_from(Some(known.case), &recorded, None, procedure)?;
        let known = Known { case, ..known };
        self.remember(tx, &known, &recorded, &figures, before, now)?;
        Ok(known)
    }

    /// Where a step names another case that held a step back earlier, that one leaves first: they count in the order in
    /// which they were decided, whichever page is opened first.
    fn earlier_leaves_first(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        row: &HeldRow,
        recorded: &[Recorded],
        now: Instant,
    ) -> Result<(), Fault> {
        let Some(Event::Acted { action, fields, .. }) = recorded.first().map(|one| &one.event) else { return Ok(()) };
        let action = self.procedure_of(case)?.actions.get(action);
        let needs = action.map(|action| action.needs.as_slice()).unwrap_or_default();
        for need in needs.iter().filter(|need| need.kind == NeedKind::Case) {
            let Some(number) = fields.get(&need.name) else { continue };
            let other = match self.known_number(tx, number) {
                Err(Fault::NotFound) => continue,
                other => other?.key(),
            };
            if held::of_case(tx, &other)?.is_some_and(|held| held.leaves_at < row.leaves_at) {
                self.leave(tx, &other, now)?;
            }
        }
        Ok(())
    }

    /// Why a step that was held back may not be taken any more; none where it may.
    fn refused_by_now(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        row: &HeldRow,
        recorded: &[Recorded],
    ) -> Result<Option<Refusal>, Fault> {
        let Some(Event::Acted { action, from, fields, .. }) = recorded.first().map(|one| &one.event) else {
            return Ok(Some(Refusal::new(Why::CaseStepDropped)));
        };
        if *from != case.state {
            return Ok(Some(Refusal::new(Why::CaseStepDropped)));
        }
        // It rests on what the parties agreed to, and that may have lapsed meanwhile.
        let step = self.procedure_of(case)?.actions.get(action);
        if step.is_some_and(|step| !lacking(case, step).is_empty()) {
            return Ok(Some(Refusal::new(Why::CaseStepDropped)));
        }
        let actor = Actor { account: row.account, kind: ActorKind::Staff, ..Actor::nobody() };
        let asked = Asked { case, action, fields, actor: &actor, relation: Relation::default(), leaves: true };
        match self.kind_lets_leave(tx, &asked) {
            Err(Fault::Refused(refusal)) => Ok(Some(refusal)),
            checked => checked.map(|()| None),
        }
    }

    /// Undoes the step of a case that has not left yet. Sent twice, it is undone once. The form that decided it is
    /// refused from then on.
    ///
    /// # Errors
    /// It has left, it is a colleague's, or the store failed.
    pub fn undo(&self, tx: &mut dyn Tx, known: &Known, actor: &Actor, once: &str, now: Instant) -> Result<(), Fault> {
        let (case, key) = (known.key(), format!("{}/{once}", known.case.id.0));
        let command = store::once::Command { scope: "cases.undo", key: &key, digest: "undo" };
        match store::once::take(tx, command, "", now)? {
            Once::Again(_) => return Ok(()),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let row = held::of_case(tx, &case)?.filter(|row| !row.is_due(now));
        let row = row.ok_or_else(|| Refusal::new(Why::CaseHasLeft))?;
        if actor.account.is_none() || row.account != actor.account {
            return Err(Refusal::new(Why::CaseOthersStep).into());
        }
        forget_words(tx, &case, read(&row)?)?;
        if let Some(once) = &row.once {
            store::once::finish(tx, STEP, once, UNDONE)?;
        }
        Ok(held::remove(tx, &case)?)
    }

    /// The step of a case that can still be undone, for its page.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn held(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Option<Held>, Fault> {
        let Some(row) = held::of_case(tx, &known.key())? else { return Ok(None) };
        let action = self.procedure_of(&known.case)?.actions.get(&row.action);
        let left = row.leaves_at.micros().saturating_sub(page.now.micros());
        let account = page.visitor.actor.account;
        Ok(Some(Held {
            title: action.map_or_else(|| row.action.clone(), |action| page.of(&action.title).to_owned()),
            seconds: left.saturating_add(999_999).max(0) / 1_000_000,
            can_undo: account.is_some() && account == row.account && !row.is_due(page.now),
        }))
    }
}

/// Nothing is recorded of a step that was held back: its words are deleted, and whoever decided it is told.
fn dropped(tx: &mut dyn Tx, known: &Known, row: &HeldRow, recorded: Vec<Recorded>, now: Instant) -> Result<(), Fault> {
    let case = known.key();
    forget_words(tx, &case, recorded)?;
    if let Some(once) = &row.once {
        store::once::finish(tx, STEP, once, DROPPED)?;
    }
    let Some(account) = row.account else { return Ok(()) };
    // Two steps may be decided and dropped in one moment. One that an earlier version held has no key of its form.
    let decided = row.once.clone().unwrap_or_else(|| row.held_at.micros().to_string());
    let message = Uuid::new_v5(&case.id, format!("{TOPIC_DROPPED}:{decided}").as_bytes());
    let payload = json!({ "id": case.id.to_string(), "account": account.to_string(), "action": row.action.as_str() });
    Ok(store::outbox::put(tx, message, case.district, TOPIC_DROPPED, &payload, now)?)
}

/// Why somebody waits while a step of the case is held. Residents do not learn that a decision was made which may still
/// be undone.
fn waits(actor: &Actor) -> Refusal {
    Refusal::new(if actor.kind == ActorKind::Staff { Why::CaseStepHeld } else { Why::CaseBusy })
}

/// The key of a step: nobody uses that of another case.
fn key_of(known: &Known, doing: &Doing<'_>) -> String {
    format!("{}/{}", known.case.id.0, doing.once)
}

/// Deletes the words that were sealed for a step of which nothing is recorded.
fn forget_words(tx: &mut dyn Tx, case: &Key, recorded: Vec<Recorded>) -> Result<(), Fault> {
    for mut one in recorded {
        for id in one.event.words_mut(None).into_iter().filter_map(|text| handled(text)) {
            words::remove(tx, case, id)?;
        }
    }
    Ok(())
}

fn read(row: &HeldRow) -> Result<Vec<Recorded>, Fault> {
    serde_json::from_str(&row.events).map_err(|fault| Fault::Broken(format!("a step that is held back: {fault}")))
}
