//! Applies entries of the field: a report is opened, a step of a case is taken, a dwelling is changed. What a rule
//! refuses and what two people changed differently stays there until somebody acts.

use std::sync::Arc;

use cases::{Doing, Key};
use hall::Fault;
use identity::IdentityError;
use jobs::NewJob;
use kernel::case::{CaseId, Command, Relation};
use kernel::permission::{Actor, ActorKind};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Instant, date_plus_days};
use places::geography::Geography;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::field::{said_of, works_at};
use super::opened::CHAIN;
use super::proof::{case_of, opened_by, plan_hand_over};
use crate::Grid;
use crate::records::{field, piece};
use crate::refusals::Why;
use crate::words::field::{Entry, STATE, Said, Sent, Stands, What};
use crate::words::{GRID_FIELD_KEEP, GRID_FIELD_WAIT, Saying};

/// The job that looks again at entries that wait.
pub const SETTLE: &str = "grid.settle_field";
/// After so many seconds an entry is looked at again that another step of its case held up.
const AGAIN_SECONDS: i64 = 60;
const MICROS_OF_A_MINUTE: i64 = 60_000_000;

/// What came of looking at an entry.
pub(super) struct Outcome {
    pub stands: Stands,
    pub said: Said,
}

impl Outcome {
    pub fn of(stands: Stands) -> Self {
        Self { stands, said: Said::default() }
    }

    fn conflict(fields: Vec<String>) -> Self {
        Self { stands: Stands::Conflict, said: Said { fields, ..Said::default() } }
    }
}

/// Who looks at an entry and when, and what she stands on.
pub(super) struct Looking<'l> {
    pub actor: &'l Actor,
    pub ground: Option<&'l Geography>,
    /// The case as it stands is taken as what the phone saw: somebody decided so.
    pub anyway: bool,
    pub now: Instant,
}

impl Grid {
    /// Applies an entry if everything that belongs to it is here, and then those that waited for it; each as whose
    /// phone it came from, whoever asks for it.
    pub(crate) async fn settle(self: &Arc<Self>, district: PlaceId, id: Uuid, now: Instant) -> Result<(), Fault> {
        let ground = self.hall.places.geography().await?;
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            let (desk, earth) = (self.clone(), ground.clone());
            let look = move |tx: &mut dyn Tx| desk.looked_at(tx, district, next, earth.as_deref(), now);
            let looked = match self.hall.store.write(look).await {
                Err(Fault::Refused(refusal)) => self.entry_refused(district, next, refusal, now).await?,
                Err(Fault::NotFound) => {
                    let gone = Refusal::new(Why::GridFieldGone);
                    self.entry_refused(district, next, gone, now).await?
                }
                looked => looked?,
            };
            waiting.extend(looked);
        }
        Ok(())
    }

    /// Looks at an entry. Returns those that waited for it.
    fn looked_at(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        id: Uuid,
        ground: Option<&Geography>,
        now: Instant,
    ) -> Result<Vec<Uuid>, Fault> {
        let Some(mut entry) = field::find(tx, district, id)?.filter(|entry| !entry.stands().is_settled()) else {
            return Ok(Vec::new());
        };
        let worker = self.worker_of(tx, &entry, now)?;
        let looking = &Looking { actor: &worker, ground, anyway: false, now };
        let sent = self.sent_of(tx, &entry)?;
        let whole = piece::of_entry(tx, district, id)?.iter().all(|photo| photo.whole);
        self.entry_bounds(&sent, looking.now)?;
        self.counts_once(tx, &sent, entry.account)?;
        self.placed(tx, &mut entry, &sent, looking)?;
        let outcome = if !whole {
            Outcome::of(Stands::Photos)
        } else if let What::Dwelling { .. } = sent.what {
            self.look_at_dwelling(tx, &entry, &sent, looking)?;
            return Ok(Vec::new());
        } else if self.waits(tx, &mut entry, looking.now)? {
            Outcome::of(Stands::Parked)
        } else {
            self.apply(tx, &mut entry, &sent, looking)?
        };
        self.stood(tx, &entry, &outcome, looking)?;
        if !outcome.stands.is_settled() {
            return Ok(Vec::new());
        }
        followers(tx, &entry)
    }

    /// Finds again where an entry belongs that was not hers to make when it came: she may have been given the place
    /// since. It stays in the district that keeps it.
    fn placed(&self, tx: &mut dyn Tx, entry: &mut Entry, sent: &Sent, looking: &Looking<'_>) -> Result<(), Fault> {
        if entry.about.is_some() || matches!(sent.what, What::Report { .. }) {
            return Ok(());
        }
        let found = self.located(tx, looking.ground, sent, looking.actor, looking.now)?;
        if found.district != entry.district {
            return Err(Fault::NotFound);
        }
        (entry.about, entry.path, entry.number) = (found.about, found.path, found.number);
        entry.place = field::next_place(tx, entry.district, entry.about)?;
        Ok(field::set_place(tx, entry)?)
    }

    /// Whose phone an entry came from, with the posts that she holds today; with none where her account is closed.
    pub(super) fn worker_of(&self, tx: &mut dyn Tx, entry: &Entry, now: Instant) -> Result<Actor, Fault> {
        match identity::actor(tx, entry.account, self.hall.day(now), &self.roles) {
            Ok(actor) => Ok(actor),
            Err(IdentityError::NotFound) => {
                let (account, name) = (Some(entry.account), entry.name.clone());
                Ok(Actor { account, name, kind: ActorKind::Staff, grants: Vec::new() })
            }
            Err(IdentityError::Refused(refusal)) => Err(refusal.into()),
            Err(IdentityError::Store(fault)) => Err(fault.into()),
            Err(IdentityError::Vault(fault)) => Err(fault.into()),
            Err(fault) => Err(Fault::Broken(fault.to_string())),
        }
    }

    /// Whether an entry has to wait for the one before it. One that waited long enough no longer does, and is marked.
    fn waits(&self, tx: &mut dyn Tx, entry: &mut Entry, now: Instant) -> Result<bool, Fault> {
        let Some(before) = entry.before.filter(|_| !entry.forced && entry.about.is_some()) else { return Ok(false) };
        let known = field::find(tx, entry.district, before)?;
        if known.is_some_and(|before| before.stands().is_settled() || !leads_to(&before, entry)) {
            return Ok(false);
        }
        entry.forced = self.waited(entry, now)?;
        Ok(!entry.forced)
    }

    /// Whether an entry waited for the one before it as long as the rulebook says.
    pub(super) fn waited(&self, entry: &Entry, now: Instant) -> Result<bool, Fault> {
        let today = self.hall.day(now);
        let days = self.hall.figure_at(GRID_FIELD_WAIT, &entry.path, today)?;
        Ok(date_plus_days(entry.arrived_on, days).is_some_and(|last| last < today))
    }

    /// Applies a report, a step of a case, or the tick of a round.
    pub(super) fn apply(
        &self,
        tx: &mut dyn Tx,
        entry: &mut Entry,
        sent: &Sent,
        looking: &Looking<'_>,
    ) -> Result<Outcome, Fault> {
        match &sent.what {
            What::Report { .. } => self.open_found(tx, entry, sent, looking),
            What::Act { .. } => self.act(tx, entry, sent, looking),
            What::Round { grid, day, walked } => {
                let day = self.round_day(day, looking.now)?;
                self.walk(tx, PlaceId(*grid), day, *walked, looking.actor)?;
                Ok(Outcome::of(Stands::Done))
            }
            What::Dwelling { .. } => Err(Fault::Broken("a dwelling is changed with what else came".to_owned())),
        }
    }

    /// Opens the case of what a worker found on the round.
    fn open_found(
        &self,
        tx: &mut dyn Tx,
        entry: &mut Entry,
        sent: &Sent,
        looking: &Looking<'_>,
    ) -> Result<Outcome, Fault> {
        let What::Report { condition, at, words, public, seen } = &sent.what else { return Err(Fault::NotFound) };
        let spot = self.spot_of(looking.ground, at, looking.now)?;
        if !works_at(looking.actor, &spot.community) {
            return Err(Fault::NotFound);
        }
        let (condition, words) = (condition.clone(), words.clone());
        let [written, telephone] = [const { String::new() }; 2];
        let (tray, public, seen) = (None, *public, *seen);
        let saying = Saying { condition, spot, written, words, telephone, public, tray, seen };
        let once = format!("field/{}/{}", entry.account, entry.id);
        let duty = self.duty_in(tx, &saying, looking.now)?;
        let mut new = self.found_case(&saying, &duty, &once, looking.now)?;
        // The closure may run again: the identity comes from the entry.
        new.id = CaseId(opened_by(entry));
        let case = self.open_in(tx, &saying, &new, looking.actor, looking.now)?;
        entry.number.clone_from(&case.number);
        Ok(Outcome::of(Stands::Done))
    }

    /// Takes a step of a case, unless the case went on since the phone heard of it, even if it is back where it was, or
    /// never was as the phone says. A step that led to where the case stands already, and says nothing, is done.
    fn act(&self, tx: &mut dyn Tx, entry: &Entry, sent: &Sent, looking: &Looking<'_>) -> Result<Outcome, Fault> {
        let What::Act { saw, action, fields, version, .. } = &sent.what else { return Err(Fault::NotFound) };
        let key = Key { district: entry.district, id: entry.about.ok_or(Fault::NotFound)? };
        // A decision whose seconds are over comes before what is looked at now.
        self.cases.leave(tx, &key, looking.now)?;
        let known = self.cases.known(tx, key.district, key.id)?;
        let procedure = self.cases.procedure_of(&known.case)?;
        let unknown = || Refusal::new(Code::CaseActionUnknown).with("action", action);
        let taken = procedure.actions.get(action).ok_or_else(unknown)?;
        // A version that the case never had is nothing that a phone can have seen of it.
        if !looking.anyway && !(0..=known.case.sequence).contains(version) {
            return Ok(Outcome::conflict(vec![STATE.to_owned()]));
        }
        if known.case.state != *saw && !looking.anyway {
            let silent = fields.values().all(|text| text.trim().is_empty());
            if silent && known.case.state == taken.to {
                return Ok(Outcome::of(Stands::Done));
            }
            return Ok(Outcome::conflict(vec![STATE.to_owned()]));
        }
        // It stands again where the phone saw it, after work that the phone knows nothing of.
        if !looking.anyway && cases::left_since(tx, &known.case, saw, *version)? {
            return Ok(Outcome::conflict(vec![STATE.to_owned()]));
        }
        let command = Command::Act {
            action: action.clone(),
            fields: fields.clone(),
            papers: Vec::new(),
            counter: cases::own_counter(looking.actor),
            on_behalf: false,
        };
        let command = self.cases.as_kept(&known.case, command)?;
        let once = format!("field/{}/{}", entry.id, if looking.anyway { "anyway" } else { "first" });
        let Looking { actor, now, .. } = *looking;
        let relation = Relation::default();
        let doing = Doing { command: &command, once: &once, actor, relation, drawn: None, now };
        if self.cases.weighs(&known.case, &command, actor) {
            self.cases.hold(tx, known, &doing)?;
        } else {
            self.cases.go_on(tx, known, &doing)?;
        }
        Ok(Outcome::of(Stands::Done))
    }

    /// Writes down how an entry stands now, with its step in the history.
    pub(super) fn stood(
        &self,
        tx: &mut dyn Tx,
        entry: &Entry,
        outcome: &Outcome,
        looking: &Looking<'_>,
    ) -> Result<(), Fault> {
        let today = self.hall.day(looking.now);
        if entry.state != outcome.stands.code() {
            field::add_step(tx, entry, outcome.stands.code(), &looking.actor.name, today)?;
        }
        field::stand(tx, entry, outcome.stands, &outcome.said)?;
        self.keep(tx, entry, outcome.stands, false, looking.now)
    }

    /// A finished entry is kept as long as the rulebook says. One with photos is kept with them until they are handed
    /// over to the case, which is planned here: if it is done, or `decided`, whichever side was chosen.
    pub(super) fn keep(
        &self,
        tx: &mut dyn Tx,
        entry: &Entry,
        stands: Stands,
        decided: bool,
        now: Instant,
    ) -> Result<(), Fault> {
        let today = self.hall.day(now);
        let over = matches!(stands, Stands::Done | Stands::Over);
        let photos = over && !piece::of_entry(tx, entry.district, entry.id)?.is_empty();
        let days = self.hall.figure_at(GRID_FIELD_KEEP, &entry.path, today)?;
        let handing = photos && (decided || stands == Stands::Done);
        let handed = handing && case_of(entry, &self.sent_of(tx, entry)?).is_some();
        if handed {
            plan_hand_over(tx, entry, now)?;
        }
        let until = date_plus_days(today, days).filter(|_| over && !handed);
        Ok(self.hall.vault.retain_until(tx, entry.district, entry.record, until)?)
    }

    /// Writes down that a rule refused an entry. Returns those that waited for it: it does not hold them up.
    async fn entry_refused(
        self: &Arc<Self>,
        district: PlaceId,
        id: Uuid,
        refusal: Refusal,
        now: Instant,
    ) -> Result<Vec<Uuid>, Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let Some(entry) = field::find(tx, district, id)?.filter(|entry| !entry.stands().is_settled()) else {
                return Ok(Vec::new());
            };
            let worker = desk.worker_of(tx, &entry, now)?;
            let looking = Looking { actor: &worker, ground: None, anyway: false, now };
            // Another step of the case can still be undone for some seconds: this one comes after it.
            if refusal.code == cases::Why::CaseStepHeld {
                desk.stood(tx, &entry, &Outcome::of(Stands::Came), &looking)?;
                plan_settling(tx, &entry, now)?;
                return Ok(Vec::new());
            }
            desk.stood(tx, &entry, &Outcome { stands: Stands::Refused, said: said_of(&refusal) }, &looking)?;
            followers(tx, &entry)
        };
        self.hall.store.write(write).await
    }
}

/// Plans that an entry is looked at again in a moment, whether its phone is reached or not.
fn plan_settling(tx: &mut dyn Tx, entry: &Entry, now: Instant) -> Result<(), Fault> {
    let (at, payload) = (now.plus_seconds(AGAIN_SECONDS), json!({ "district": entry.district.0, "entry": entry.id }));
    // However often a phone asks within a minute, it is looked at once.
    let key = format!("{SETTLE}:{}:{}", entry.id, at.micros() / MICROS_OF_A_MINUTE);
    Ok(jobs::enqueue(tx, &NewJob::planned(SETTLE, key, payload, at)).map(drop)?)
}

/// What an entry names as made before it; none where that is known to be about something else.
pub(super) fn made_before(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<Uuid>, Fault> {
    let Some(before) = entry.before else { return Ok(None) };
    let known = field::find(tx, entry.district, before)?;
    Ok(known.is_none_or(|known| leads_to(&known, entry)).then_some(before))
}

/// Whether an entry is about the same as another, or is the report that opened the case of the other.
fn leads_to(before: &Entry, entry: &Entry) -> bool {
    entry.about.is_some_and(|about| before.about.unwrap_or_else(|| opened_by(before)) == about)
}

/// The entries that wait for this one.
fn followers(tx: &mut dyn Tx, entry: &Entry) -> Result<Vec<Uuid>, Fault> {
    let Some(about) = entry.about else { return Ok(Vec::new()) };
    let all = field::about(tx, entry.district, about, CHAIN)?;
    let follows = |one: &&Entry| one.before == Some(entry.id) && one.stands() == Stands::Parked;
    Ok(all.iter().filter(follows).map(|one| one.id).collect())
}
