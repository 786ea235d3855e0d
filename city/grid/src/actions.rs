//! Reports as somebody, and joins a report, each in one transaction.

pub mod deciding;
pub mod dwelling;
pub mod field;
mod forward;
pub mod open311;
pub mod patrol;
pub mod pieces;
mod settling;

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Cases, NewCase};
use counter::Applied;
use hall::Fault;
use kernel::case::{Case, CaseId, Holder, Opening, Party, Relation};
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use places::office_for;
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::{NewRecord, Person, PersonField};

use crate::Grid;
use crate::records;
use crate::refusals::Why;
use crate::rules;
use crate::words::{KIND, REPORT, REPORTER, Report, Saying, Spot, WORDS_FIELD};

/// Where the keys of joining are kept apart from those of others.
const MEET: &str = "grid.meet";
/// The most reports of one kind that are compared with a new one.
const COMPARED: i64 = 500;
/// The most that are offered.
const OFFERED: usize = 5;

impl Grid {
    /// Takes a report in: the case, what is sealed, and what this department remembers of it. Sent twice it answers the
    /// first.
    ///
    /// # Errors
    /// A kind that is not known, words that are too long, a telephone that is none, or a failure.
    pub async fn report(
        self: &Arc<Self>,
        saying: Saying,
        actor: Actor,
        once: String,
        now: Instant,
    ) -> Result<Applied, Fault> {
        if let Some(refusal) = rules::fault(&self.catalogue, &saying) {
            return Err(refusal.into());
        }
        let new = self.new_case(&saying, &once, now)?;
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.report_in(tx, &saying, &new, &actor, now)).await
    }

    fn report_in(
        &self,
        tx: &mut dyn Tx,
        saying: &Saying,
        new: &NewCase,
        actor: &Actor,
        now: Instant,
    ) -> Result<Applied, Fault> {
        let case = self.cases.open(tx, new, actor, now)?;
        let code = self.cases.give_code(tx, &case, REPORTER, &new.once, now)?;
        let report = reported(saying, &case, now);
        records::add(tx, &report)?;
        let record = Cases::sealed_party(&case, REPORTER);
        Ok(Applied { case, record, code })
    }

    fn new_case(&self, saying: &Saying, once: &str, now: Instant) -> Result<NewCase, Fault> {
        let (kind, condition) = self
            .catalogue
            .condition(&saying.condition)
            .ok_or_else(|| Fault::from(Refusal::new(Why::GridKindMissing).field(KIND)))?;
        let community = &saying.spot.community;
        let unit = self.catalogue.unit(&kind.unit).ok_or_else(|| Fault::Broken(format!("no unit {}", kind.unit)))?;
        let office = office_for(&self.hall.places.tree(), community, unit.level, &unit.code);
        let (id, record, district) = (Uuid::now_v7(), Uuid::now_v7(), community.district());
        let telephone = saying.telephone.trim();
        let person = Person::new();
        let person = if telephone.is_empty() { person } else { person.with(PersonField::Telephone, telephone) };
        let mut fields = BTreeMap::from([(KIND.to_owned(), saying.condition.clone())]);
        if !saying.words.trim().is_empty() {
            fields.insert(WORDS_FIELD.to_owned(), saying.words.trim().to_owned());
        }
        let opening = Opening {
            kind: REPORT.to_owned(),
            action: REPORT.to_owned(),
            number: String::new(),
            place: community.clone(),
            point: None,
            parties: BTreeMap::from([(REPORTER.to_owned(), vec![Party::new(Holder::Record(record))])]),
            office,
            counter: Some(community.clone()),
            clocks: rules::clocks(condition),
            limits: BTreeMap::new(),
            confidential: false,
            fields,
            service: None,
        };
        let purpose = format!("{} {}", kind.key(), kind.name.get(Lang::Zh));
        let sealed = NewRecord { id: record, district, person, purpose, retain_until: None, at: now };
        Ok(NewCase {
            id: CaseId(id),
            procedure: REPORT.to_owned(),
            opening,
            records: vec![sealed],
            applicant: None,
            relation: Relation::of_record(record),
            once: once.to_owned(),
        })
    }

    /// What was already reported near a spot: open, of the same kind, within the metres and the hours of the rulebook.
    ///
    /// # Errors
    /// The rulebook has no such figure, or the store failed.
    pub async fn near(&self, kind: &str, spot: &Spot, now: Instant) -> Result<Vec<Report>, Fault> {
        let on = self.hall.day(now);
        let metres = i64::from(self.hall.figure_at(crate::words::GRID_NEAR_METRES, &spot.community, on)?);
        let within = self.hall.figure_at(crate::words::GRID_NEAR_HOURS, &spot.community, on)?;
        let since = now.plus_seconds(-within * SECONDS_OF_AN_HOUR);
        let (kind, district) = (kind.to_owned(), spot.community.district());
        let found = self.hall.store.read(move |tx| records::since(tx, district, &kind, since, COMPARED)).await?;
        let near = found.into_iter().filter(|report| rules::is_near(report, spot, metres));
        Ok(near.take(OFFERED).collect())
    }

    /// Says that one met with the same thing as a report. Sent twice it counts once.
    ///
    /// # Errors
    /// There is no such open report that others may see.
    pub async fn meet(&self, district: PlaceId, case_id: Uuid, once: String, now: Instant) -> Result<Report, Fault> {
        let write = move |tx: &mut dyn Tx| {
            let report = records::find(tx, district, case_id)?.ok_or(Fault::NotFound)?;
            match store::once::begin(tx, MEET, &once, &case_id.to_string(), now)? {
                Once::Again(_) => return Ok(report),
                Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                Once::New => {}
            }
            if !report.open {
                return Err(Refusal::new(Why::GridReportGone).into());
            }
            records::meet(tx, &report)?;
            store::once::finish(tx, MEET, &once, "")?;
            Ok::<_, Fault>(report)
        };
        self.hall.store.write(write).await
    }
}

/// What this department remembers of a report once its case is open.
fn reported(saying: &Saying, case: &Case, now: Instant) -> Report {
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
