//! Applies entries of the field: a report is opened, a step of a case is taken, a dwelling is changed. What a rule
//! refuses and what two people changed differently stays there until somebody acts.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::Doing;
use hall::Fault;
use kernel::case::{CaseId, Command, Event, Relation};
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Instant, date_plus_days};
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;

use super::field::{said_of, works_at};
use super::proof::{case_of, opened_by, plan_hand_over};
use crate::Grid;
use crate::records::{field, piece};
use crate::refusals::Why;
use crate::words::field::{Clash, Entry, STATE, Said, Sent, SetBy, Stands, What};
use crate::words::{GRID_FIELD_KEEP, GRID_FIELD_WAIT, Saying};

/// The most entries of one thing that are looked at in one go.
pub(super) const CHAIN: i64 = 200;

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
    /// Applies an entry if everything that belongs to it is here, and then those that waited for it.
    pub(super) async fn settle(
        self: &Arc<Self>,
        district: PlaceId,
        id: Uuid,
        actor: Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let ground = self.hall.places.geography().await?;
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            let (desk, who, earth) = (self.clone(), actor.clone(), ground.clone());
            let looked = self.hall.store.write(move |tx| {
                let looking = Looking { actor: &who, ground: earth.as_deref(), anyway: false, now };
                desk.looked_at(tx, district, next, &looking)
            });
            let looked = match looked.await {
                Err(Fault::Refused(refusal)) => self.entry_refused(district, next, refusal, &actor, now).await?,
                Err(Fault::NotFound) => {
                    let gone = Refusal::new(Why::GridFieldGone);
                    self.entry_refused(district, next, gone, &actor, now).await?
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
        looking: &Looking<'_>,
    ) -> Result<Vec<Uuid>, Fault> {
        let Some(mut entry) = field::find(tx, district, id)?.filter(|entry| !entry.stands().is_settled()) else {
            return Ok(Vec::new());
        };
        let sent = self.sent_of(tx, &entry)?;
        let whole = piece::of_entry(tx, district, id)?.iter().all(|photo| photo.whole);
        self.entry_bounds(&sent, looking.now)?;
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

    /// Whether an entry has to wait for the one before it. One that waited long enough no longer does, and is marked.
    fn waits(&self, tx: &mut dyn Tx, entry: &mut Entry, now: Instant) -> Result<bool, Fault> {
        let Some(before) = entry.before.filter(|_| !entry.forced) else { return Ok(false) };
        if field::find(tx, entry.district, before)?.is_some_and(|before| before.stands().is_settled()) {
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

    /// Applies a report or a step of a case.
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
        let What::Report { condition, at, words, public } = &sent.what else { return Err(Fault::NotFound) };
        let spot = self.spot_of(looking.ground, at).filter(|spot| works_at(looking.actor, &spot.community));
        let spot = spot.ok_or(Fault::NotFound)?;
        let (condition, words) = (condition.clone(), words.clone());
        let saying = Saying { condition, spot, words, telephone: String::new(), public: *public, tray: None };
        let once = format!("field/{}/{}", entry.account, entry.id);
        let duty = self.duty_in(tx, &saying, looking.now)?;
        let mut new = self.found_case(&saying, &duty, &once, looking.now)?;
        // The closure may run again: the identity comes from the entry.
        new.id = CaseId(opened_by(entry));
        let case = self.open_in(tx, &saying, &new, looking.actor, looking.now)?;
        entry.number.clone_from(&case.number);
        Ok(Outcome::of(Stands::Done))
    }

    /// Takes a step of a case, unless the case went on since the phone heard of it. A step that led to where the case
    /// stands already, and says nothing, is done.
    fn act(&self, tx: &mut dyn Tx, entry: &Entry, sent: &Sent, looking: &Looking<'_>) -> Result<Outcome, Fault> {
        let What::Act { saw, action, fields, .. } = &sent.what else { return Err(Fault::NotFound) };
        let known = self.cases.known(tx, entry.district, entry.about.ok_or(Fault::NotFound)?)?;
        let procedure = self.cases.procedure_of(&known.case)?;
        let taken = procedure.actions.get(action).ok_or_else(|| Refusal::new(Code::CaseActionUnknown))?;
        if known.case.state != *saw && !looking.anyway {
            let silent = fields.values().all(|text| text.trim().is_empty());
            if silent && known.case.state == taken.to {
                return Ok(Outcome::of(Stands::Done));
            }
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
        let doing = Doing { command: &command, once: &once, actor, relation: Relation::default(), now };
        if self.cases.weighs(&known.case, &command, actor) {
            self.cases.hold(tx, known, &doing)?;
        } else {
            self.cases.go_on(tx, known, &doing)?;
        }
        Ok(Outcome::of(Stands::Done))
    }

    /// Who set what stands today in the fields that somebody has to decide, and when.
    pub(super) fn set_by(
        &self,
        tx: &mut dyn Tx,
        entry: &Entry,
        clashes: &[Clash],
    ) -> Result<BTreeMap<String, SetBy>, Fault> {
        let mut found = BTreeMap::new();
        let Some(about) = entry.about.filter(|_| !clashes.is_empty()) else { return Ok(found) };
        if clashes.iter().any(|clash| clash.field == STATE) {
            let case = self.cases.known(tx, entry.district, about)?.case;
            let last = cases::events_of(tx, &case)?.into_iter().rfind(|one| matches!(one.event, Event::Acted { .. }));
            found.extend(last.map(|one| {
                let set_by = SetBy { name: one.by.name, on: self.hall.day(one.at), at: Some(one.at) };
                (STATE.to_owned(), set_by)
            }));
            return Ok(found);
        }
        let others = field::about(tx, entry.district, about, CHAIN)?;
        for other in others.iter().filter(|other| other.id != entry.id && other.stands() == Stands::Done) {
            let set_by = SetBy { name: other.name.clone(), on: other.arrived_on, at: None };
            found.extend(other.told().set.into_iter().map(|field| (field, set_by.clone())));
        }
        Ok(found)
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
        actor: &Actor,
        now: Instant,
    ) -> Result<Vec<Uuid>, Fault> {
        let (desk, who) = (self.clone(), actor.clone());
        let write = move |tx: &mut dyn Tx| {
            let Some(entry) = field::find(tx, district, id)?.filter(|entry| !entry.stands().is_settled()) else {
                return Ok(Vec::new());
            };
            let looking = Looking { actor: &who, ground: None, anyway: false, now };
            // Another step of the case can still be undone for some seconds: this one comes after it.
            if refusal.code == cases::Why::CaseStepHeld {
                desk.stood(tx, &entry, &Outcome::of(Stands::Came), &looking)?;
                return Ok(Vec::new());
            }
            desk.stood(tx, &entry, &Outcome { stands: Stands::Refused, said: said_of(&refusal) }, &looking)?;
            followers(tx, &entry)
        };
        self.hall.store.write(write).await
    }
}

/// The entries that wait for this one.
fn followers(tx: &mut dyn Tx, entry: &Entry) -> Result<Vec<Uuid>, Fault> {
    let Some(about) = entry.about else { return Ok(Vec::new()) };
    let all = field::about(tx, entry.district, about, CHAIN)?;
    let follows = |one: &&Entry| one.before == Some(entry.id) && one.stands() == Stands::Parked;
    Ok(all.iter().filter(follows).map(|one| one.id).collect())
}
