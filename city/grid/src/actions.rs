//! Reports as somebody, in one transaction, and says what was already reported near a spot. The files beside it:
//!
//! - of a report: `tray` holds the photos that wait for one, `photos` looks at them and releases them, `proof` adds
//!   those of the work, `joining` takes in who met with the same thing, `handling` does what desks do beside the steps;
//! - of the field: `field` takes in what phones send and `pieces` its photos, `settling` applies it, `deciding` asks a
//!   person, `dwelling` changes dwellings, `patrol` ticks grids;
//! - of other systems: `open311` takes in what they report and say, `forward` sends reports to them, `history` takes in
//!   what they handled;
//! - of the catalogue: `catalogue` puts a city's own sheet in force.

pub mod catalogue;
pub mod danger;
pub mod handling;
pub mod history;
pub mod joining;
pub mod photos;
pub mod tray;

pub mod deciding;
pub mod dwelling;
pub mod field;
pub mod opened;
pub mod patrol;
pub mod pieces;
pub mod proof;
pub mod settling;
pub mod tasks;

pub(crate) mod forward;
pub mod open311;

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Arisen, Cases, NewCase};
use counter::Applied;
use hall::Fault;
use kernel::case::{Case, CaseId, Holder, Opening, Party, Relation};
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, PersonField};

use crate::Grid;
use crate::catalogue::Area;
use crate::records::alike::{Like, open_like};
use crate::records::shown;
use crate::refusals::Why;
use crate::rules;
use crate::rules::duty::Duty;
use crate::words::{ADDRESS_FIELD, COMPOUND, DUTY, EDITION, KIND, REPORT, REPORTER, Report, Saying, Spot, WORDS_FIELD};

/// The most reports of one kind near a spot that are compared with a new one.
const COMPARED: i64 = 500;
/// The most that are offered.
const OFFERED: usize = 5;

impl Grid {
    /// Takes a report in: the case, what is sealed, and what this department remembers of it. Sent twice it answers the
    /// first. `origin` is the reference that the form carried to what it came from at another department, which hears
    /// of it; empty where it came from nothing.
    ///
    /// # Errors
    /// A kind that is not known, words that are too long, a telephone that is none, photos that waited too long, or a
    /// failure.
    pub async fn report(
        self: &Arc<Self>,
        saying: Saying,
        origin: String,
        actor: Actor,
        once: String,
        now: Instant,
    ) -> Result<Applied, Fault> {
        if let Some(refusal) = rules::fault(&self.catalogue, &saying) {
            return Err(refusal.into());
        }
        let new = self.reported_case(&saying, &once, now).await?;
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let applied = desk.report_in(tx, &saying, &new, &actor, now)?;
            if !applied.again {
                let (case, origin, actor) = (&applied.case, origin.as_str(), &actor);
                desk.cases.arose(tx, &Arisen { case, origin, actor, now })?;
            }
            Ok::<_, Fault>(applied)
        };
        self.hall.store.write(write).await
    }

    /// The case of what somebody reports, sent to whose duty it is, with what is sealed of her.
    async fn reported_case(&self, saying: &Saying, once: &str, now: Instant) -> Result<NewCase, Fault> {
        let duty = self.duty_of(saying, now).await?;
        self.reporters_case(saying, &duty, Uuid::now_v7(), once, now)
    }

    fn reporters_case(
        &self,
        saying: &Saying,
        duty: &Duty,
        record: Uuid,
        once: &str,
        now: Instant,
    ) -> Result<NewCase, Fault> {
        let mut new = self.new_case(saying, duty, REPORT, Holder::Record(record), once)?;
        new.records.push(self.sealed(saying, record, now));
        new.relation = Relation::of_record(record);
        Ok(new)
    }

    /// Takes a report in as [`Self::report`] does, in a transaction that goes on.
    pub(crate) fn reported_in(
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
        let (duty, record) = (self.duty_in(tx, saying, now)?, Uuid::now_v7());
        let new = self.reporters_case(saying, &duty, record, once, now)?;
        self.report_in(tx, saying, &new, actor, now).map(|applied| applied.case)
    }

    fn report_in(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        new: &NewCase,
        actor: &Actor,
        now: Instant,
    ) -> Result<Applied, Fault> {
        let case = self.open_in(tx, saying, new, actor, now)?;
        // Another case than the one that was to be opened: the same was sent before.
        let again = case.id != new.id;
        let code = self.cases.give_code(tx, &case, REPORTER, &new.once, now)?;
        let record = Cases::sealed_party(&case, REPORTER);
        if let Some(record) = record {
            shown::begin(tx, cases::district(&case), case.id.0, record)?;
            match &saying.tray {
                Some(slip) if again => Self::has_photos(tx, &case, slip)?,
                Some(slip) => self.move_photos(tx, &case, record, slip, now)?,
                None => {}
            }
        }
        Ok(Applied { case, record, code, again })
    }

    /// What the vault seals of whoever reports: her telephone, if she gives it.
    fn sealed(&self, saying: &Saying, record: Uuid, now: Instant) -> NewRecord {
        let telephone = saying.telephone.trim();
        let person = Person::new();
        let person = if telephone.is_empty() { person } else { person.with(PersonField::Telephone, telephone) };
        let kind = self.catalogue.kind(&saying.condition);
        let purpose = kind.map(|kind| format!("{} {}", kind.key(), kind.name.get(Lang::Zh))).unwrap_or_default();
        let district = saying.spot.community.district();
        NewRecord { id: record, district, person, purpose, retain_until: None, at: now }
    }

    /// The case of a report, opened by a step, with whoever reports it.
    fn new_case(
        &self,
        saying: &Saying,
        duty: &Duty,
        action: &str,
        reporter: Holder,
        once: &str,
    ) -> Result<NewCase, Fault> {
        let (_, condition) = self
            .catalogue
            .condition(&saying.condition)
            .ok_or_else(|| Fault::from(Refusal::new(Why::GridKindMissing).field(KIND)))?;
        let community = &saying.spot.community;
        let area = self.area(community);
        let mut fields = BTreeMap::from([(KIND.to_owned(), saying.condition.clone())]);
        fields.extend(duty.ground.code().map(|code| (DUTY.to_owned(), code.to_owned())));
        fields.extend(saying.spot.compound.map(|id| (COMPOUND.to_owned(), id.to_string())));
        let edition = self.catalogue.now().number;
        if edition > 0 {
            fields.insert(EDITION.to_owned(), edition.to_string());
        }
        if !saying.words.trim().is_empty() {
            fields.insert(WORDS_FIELD.to_owned(), saying.words.trim().to_owned());
        }
        if !saying.written.is_empty() && self.asks_address(action) {
            fields.insert(ADDRESS_FIELD.to_owned(), saying.written.clone());
        }
        let opening = Opening {
            kind: REPORT.to_owned(),
            action: action.to_owned(),
            number: String::new(),
            place: community.clone(),
            point: saying.spot.point,
            parties: BTreeMap::from([(REPORTER.to_owned(), vec![Party::new(reporter)])]),
            office: duty.office.clone(),
            counter: Some(community.clone()),
            clocks: rules::clocks(condition, area),
            limits: rules::limits_by_severity(condition, area),
            confidential: false,
            fields,
            service: None,
        };
        Ok(NewCase {
            id: CaseId(Uuid::now_v7()),
            procedure: REPORT.to_owned(),
            opening,
            records: Vec::new(),
            applicant: None,
            relation: Relation::default(),
            once: once.to_owned(),
            said: said_beside(saying),
        })
    }

    /// Whether the procedure asks with a step where it is. What it does not ask for would stand unsealed in the log.
    fn asks_address(&self, action: &str) -> bool {
        let action = self.cases.procedures().get(REPORT).and_then(|procedure| procedure.actions.get(action));
        action.is_some_and(|action| action.needs.iter().any(|need| need.name == ADDRESS_FIELD))
    }

    /// The class of the area in which a community lies.
    fn area(&self, community: &PlacePath) -> Option<Area> {
        let tree = self.hall.places.tree();
        let codes = community.ids().into_iter().rev().filter_map(|id| tree.get(id)).map(|place| place.code.as_str());
        self.catalogue.area_of(codes)
    }

    /// What was already reported near a spot and others may see: open, of the same kind, within the metres and the
    /// hours of the rulebook.
    ///
    /// # Errors
    /// The rulebook has no such figure, or the store failed.
    pub async fn near(&self, kind: &str, spot: &Spot, now: Instant) -> Result<Vec<Report>, Fault> {
        let on = self.hall.day(now);
        let metres = i64::from(self.hall.figure_at(crate::words::GRID_NEAR_METRES, &spot.community, on)?);
        let within = self.hall.figure_at(crate::words::GRID_NEAR_HOURS, &spot.community, on)?;
        let since = now.plus_seconds(-within * SECONDS_OF_AN_HOUR);
        let (kind, district) = (kind.to_owned(), spot.community.district());
        // The clocks of several servers are not quite the same.
        let during = since..now.plus_seconds(SECONDS_OF_AN_HOUR);
        let like = Like { district, kind, spot: spot.clone(), metres, during, public: true };
        let mut found = self.hall.store.read(move |tx| open_like(tx, &like, COMPARED)).await?;
        found.truncate(OFFERED);
        Ok(found)
    }
}

/// What is said of a report beside what its case holds: who sends it again with something else means another report.
/// Photos are compared by themselves, because they wait elsewhere when the same form comes again.
fn said_beside(saying: &Saying) -> String {
    let compound = saying.spot.compound.map(|compound| compound.to_string()).unwrap_or_default();
    let public = if saying.public { "public" } else { "hidden" };
    [compound.as_str(), public, saying.telephone.trim()].join("\n")
}

/// A report as this department remembers it.
fn remembered(saying: &Saying, case: &Case, now: Instant) -> Report {
    let (kind, condition) = saying.condition.rsplit_once('/').unwrap_or_default();
    Report {
        district: cases::district(case),
        case_id: case.id.0,
        number: case.number.clone(),
        path: saying.spot.community.clone(),
        compound: saying.spot.compound,
        x: saying.spot.at.map(|at| at.0),
        y: saying.spot.at.map(|at| at.1),
        kind: kind.to_owned(),
        condition: condition.to_owned(),
        public: saying.public,
        open: true,
        met: 1,
        reported_at: now,
    }
}

const SECONDS_OF_AN_HOUR: i64 = 3_600;
