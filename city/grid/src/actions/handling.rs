//! What workers and units do with reports beside the steps: they report what they find, keep decisions as rules, and
//! appeal against having been late. Each is one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Known, NewCase};
use hall::Fault;
use kernel::calendar::Calendar;
use kernel::case::{Case, CaseId, Holder, Opening, Party, Relation};
use kernel::day::{DECIDED_DAYS, not_ahead};
use kernel::permission::{Actor, Permission, Target};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use store::once::Once;
use uuid::Uuid;

use crate::kind::heard_first;
use crate::records::{self, handling};
use crate::refusals::Why;
use crate::rules::counting;
use crate::rules::duty::Duty;
use crate::words::{
    APPEAL, APPEALED, Appealed, BASIS_MOST, FIND, FIND_TO_CHECK, GRID_FOUND_CHECKED, KeptDuty, REPORT, Saying, UNIT,
};
use crate::{Grid, rules};

/// The most decisions about one kind that are looked at.
const KEPT: i64 = 200;
/// Where the keys of decisions are kept apart from those of others.
const KEEP: &str = "grid.duty";

impl Grid {
    /// Files what a worker found on the round, or puts it before somebody else to look at, as the rulebook says. Sent
    /// twice it answers the first.
    ///
    /// # Errors
    /// A kind that is not known, a place that is not hers, or a failure.
    pub async fn find(
        self: &Arc<Self>,
        saying: Saying,
        actor: Actor,
        once: String,
        now: Instant,
    ) -> Result<Case, Fault> {
        if let Some(refusal) = rules::fault(&self.catalogue, &saying) {
            return Err(refusal.into());
        }
        let duty = self.duty_of(&saying, now).await?;
        let new = self.found_case(&saying, &duty, &once, now)?;
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.open_in(tx, &saying, &new, &actor, now)).await
    }

    /// Files what a worker found as [`Self::find`] does, in a transaction that goes on.
    pub(crate) fn found_in(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        actor: &Actor,
        once: &str,
        now: Instant,
    ) -> Result<Case, Fault> {
        if let Some(refusal) = rules::fault(&self.catalogue, saying) {
            return Err(refusal.into());
        }
        let duty = self.duty_in(tx, saying, now)?;
        let new = self.found_case(saying, &duty, once, now)?;
        self.open_in(tx, saying, &new, actor, now)
    }

    /// The case of what a worker found on the round.
    pub(super) fn found_case(&self, saying: &Saying, duty: &Duty, once: &str, now: Instant) -> Result<NewCase, Fault> {
        let checked = self.hall.figure_at(GRID_FOUND_CHECKED, &saying.spot.community, self.hall.day(now))?;
        let action = if checked { FIND_TO_CHECK } else { FIND };
        self.new_case(saying, duty, action, Holder::Nobody, once)
    }

    /// Whose duty a matter is where it is said to be, with the decisions that were kept as rules.
    pub(super) async fn duty_of(&self, saying: &Saying, now: Instant) -> Result<Duty, Fault> {
        let (key, place) = (self.kind_of(saying)?.key(), saying.spot.community.clone());
        let kept = self.hall.store.read(move |tx| handling::kept(tx, &key, &place, KEPT)).await?;
        self.duty_by(saying, &kept, now)
    }

    /// Whose duty a matter is, as [`Self::duty_of`] says it, asked in the transaction in which its case is opened.
    pub(super) fn duty_in(&self, tx: &mut dyn Tx, saying: &Saying, now: Instant) -> Result<Duty, Fault> {
        let kept = handling::kept(tx, &self.kind_of(saying)?.key(), &saying.spot.community, KEPT)?;
        self.duty_by(saying, &kept, now)
    }

    fn kind_of(&self, saying: &Saying) -> Result<&crate::catalogue::Kind, Fault> {
        let found = self.catalogue.condition(&saying.condition);
        let missing = || Fault::from(Refusal::new(Why::GridKindMissing).field(crate::words::KIND));
        found.map(|(kind, _)| kind).ok_or_else(missing)
    }

    fn duty_by(&self, saying: &Saying, kept: &[KeptDuty], now: Instant) -> Result<Duty, Fault> {
        let (kind, place) = (self.kind_of(saying)?, &saying.spot.community);
        let (tree, on) = (self.hall.places.tree(), self.hall.day(now));
        let duty = rules::duty::duty(&self.catalogue, &tree, kind, place, kept, on);
        duty.ok_or_else(|| Fault::Broken(format!("the catalogue names nobody for {}", kind.key())))
    }

    /// Keeps a decision about a duty as a rule. Sent twice it is kept once.
    ///
    /// # Errors
    /// A kind or a unit that is not known, a place that is not this person's, a day that is over, words that are
    /// missing or too long, or a failure.
    pub async fn keep_duty(&self, duty: KeptDuty, actor: &Actor, once: String, today: Date) -> Result<(), Fault> {
        let missing = |why: Code, field: &str| Err(Fault::from(Refusal::new(why).field(field)));
        if self.catalogue.kind(&duty.kind).is_none_or(|kind| kind.key() != duty.kind) {
            return missing(Why::GridKindMissing, "kind");
        }
        if self.catalogue.unit(&duty.unit).is_none() {
            return missing(Why::GridDutyUnit, "unit");
        }
        if !holds(actor, &duty.path) {
            return missing(Why::GridDutyPlace, "place");
        }
        if duty.from_on < today {
            return missing(Why::GridDutyDay, "from");
        }
        if let Some(refusal) = not_ahead("from", duty.from_on, today, DECIDED_DAYS) {
            return Err(refusal.into());
        }
        if duty.basis.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field("basis").into());
        }
        if duty.basis.chars().count() > BASIS_MOST {
            return Err(Refusal::new(Code::FormTooLong).field("basis").with("limit", BASIS_MOST).into());
        }
        let said = format!("{} {} {} {} {}", duty.kind, duty.path, duty.unit, duty.from_on, duty.basis);
        let write = move |tx: &mut dyn Tx| {
            match store::once::begin(tx, KEEP, &once, &said, duty.made_at)? {
                Once::Again(_) => return Ok(()),
                Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                Once::New => {}
            }
            handling::keep(tx, &duty)?;
            Ok::<_, Fault>(store::once::finish(tx, KEEP, &once, "")?)
        };
        self.hall.store.write(write).await
    }

    /// Ends a decision that was kept as a rule, from a day on. Done again it changes nothing.
    ///
    /// # Errors
    /// There is no such decision in a place of this person's.
    pub async fn end_duty(
        &self,
        district: kernel::place::PlaceId,
        id: Uuid,
        actor: Actor,
        on: Date,
    ) -> Result<(), Fault> {
        let write = move |tx: &mut dyn Tx| {
            let duty = handling::kept_one(tx, district, id)?.filter(|duty| holds(&actor, &duty.path));
            let duty = duty.ok_or(Fault::NotFound)?;
            Ok::<_, Fault>(handling::end(tx, &duty, on.max(duty.from_on))?)
        };
        self.hall.store.write(write).await
    }

    /// Appeals against a report's having been late, as a case of its own. Sent twice it answers the first.
    ///
    /// # Errors
    /// The report is not one of this unit's, it goes on, it was in time or there was an appeal before; the reason is
    /// missing; or a failure.
    pub async fn appeal(
        self: &Arc<Self>,
        number: String,
        reason: String,
        actor: Actor,
        once: String,
        now: Instant,
    ) -> Result<Case, Fault> {
        let (desk, id) = (self.clone(), CaseId(Uuid::now_v7()));
        let write = move |tx: &mut dyn Tx| {
            let known = desk.cases.known_number(tx, &number)?;
            if !handles(&actor, &known.case.decider) {
                return Err(Fault::NotFound);
            }
            let new = new_appeal(&known.case, id, &reason, &once);
            let guard = |tx: &mut dyn Tx| may_appeal(tx, &known, &desk.hall.calendar(), now);
            let opened = desk.cases.open_guarded(tx, &new, &actor, now, &guard)?;
            let appeal =
                Appealed { appeal_id: opened.id.0, appeal_number: opened.number.clone(), state: opened.state.clone() };
            handling::add_appeal(tx, cases::district(&known.case), known.case.id.0, &appeal)?;
            Ok(opened)
        };
        self.hall.store.write(write).await
    }

    /// Opens the case of a report and remembers it.
    pub(super) fn open_in(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        new: &NewCase,
        actor: &Actor,
        now: Instant,
    ) -> Result<Case, Fault> {
        let case = self.cases.open(tx, new, actor, now)?;
        // Sent twice, it may have gone on meanwhile: each step has noted by itself where it stands.
        if records::add(tx, &super::remembered(saying, &case, now))? {
            let unit = case.office.department.as_deref().unwrap_or_default();
            records::set_unit(tx, cases::district(&case), case.id.0, unit)?;
            handling::set_stage(tx, cases::district(&case), case.id.0, &case.state, self.hall.zone())?;
            let told = Case { fields: new.opening.fields.clone(), ..case.clone() };
            heard_first(&self.catalogue, tx, &told, now)?;
        }
        Ok(case)
    }
}

/// Whether a unit may appeal against a report's having been late: it is closed, it was late, and nobody appealed.
///
/// # Errors
/// Why not, or a failure of the store.
pub fn may_appeal(tx: &mut dyn Tx, known: &Known, calendar: &Calendar, now: Instant) -> Result<(), Fault> {
    let case = &known.case;
    if case.kind != REPORT {
        return Err(Fault::NotFound);
    }
    if case.closed_at.is_none() || case.outcome.as_deref() != Some("done") {
        return Err(Refusal::new(Why::GridAppealOpen).into());
    }
    if !counting::is_late(case, calendar, now) {
        return Err(Refusal::new(Why::GridAppealNotLate).into());
    }
    let before = handling::appeal(tx, cases::district(case), case.id.0)?;
    if before.is_some() { Err(Refusal::new(Why::GridAppealTwice).into()) } else { Ok(()) }
}

/// The case of an appeal: at the unit that handled the report, examined at the desk that sent it out.
fn new_appeal(report: &Case, id: CaseId, reason: &str, once: &str) -> NewCase {
    let fields = [(APPEALED.to_owned(), report.number.clone()), ("reason".to_owned(), reason.trim().to_owned())];
    let opening = Opening {
        kind: APPEAL.to_owned(),
        action: "lodge".to_owned(),
        number: String::new(),
        place: report.place.clone(),
        point: None,
        parties: BTreeMap::from([(UNIT.to_owned(), vec![Party::new(Holder::Unit(report.decider.clone()))])]),
        office: report.decider.clone(),
        counter: Some(report.place.clone()),
        clocks: BTreeMap::new(),
        limits: BTreeMap::new(),
        confidential: false,
        fields: fields.into_iter().filter(|(_, answer)| !answer.is_empty()).collect(),
        service: None,
    };
    NewCase {
        id,
        procedure: APPEAL.to_owned(),
        opening,
        records: Vec::new(),
        applicant: None,
        relation: Relation::default(),
        once: once.to_owned(),
        said: String::new(),
    }
}

/// Whether somebody supervises a place, and so keeps the decisions of consultations there.
#[must_use]
pub fn holds(actor: &Actor, place: &PlacePath) -> bool {
    let scopes = actor.scopes(Permission::CaseSupervise);
    scopes.iter().any(|scope| scope.department.is_none() && scope.place.contains(place))
}

/// Whether somebody belongs to a unit that handles.
#[must_use]
pub fn handles(actor: &Actor, office: &Target) -> bool {
    actor.holding(Permission::CaseHandle).any(|grant| grant.covers_explicitly(office))
}
