//! How cases and events are read back, whichever version of the product wrote them. What was stored once stays
//! readable for ever; each earlier form has a golden text in the tests.

use super::{
    Application, Case, CaseClock, CaseId, Consultation, Due, Handler, LEGAL, Late, Overstay, PROMISED, Paper, Parties,
    Point, Rated, SERVICE, Service, Supervision, Taken, Term,
};
use crate::calendar::Limit;
use crate::permission::Target;
use crate::place::{PlaceId, PlacePath};
use crate::time::{Date, Instant};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// What a form lacks when it is neither of the ones that were ever written.
const LACKS: &str = "neither a stored form of today nor an earlier one";

fn service() -> String {
    SERVICE.to_owned()
}

/// A folded case as stored. The fields after `service` are those of the first form, in which every case was the
/// counter's.
#[derive(Deserialize)]
pub(super) struct StoredCase {
    id: CaseId,
    #[serde(default = "service")]
    kind: String,
    procedure: String,
    procedure_version: i64,
    number: String,
    shard: PlaceId,
    #[serde(alias = "residence")]
    place: PlacePath,
    point: Option<Point>,
    #[serde(default)]
    parties: Parties,
    office: Target,
    decider: Target,
    handler: Option<Handler>,
    #[serde(default)]
    consultations: Vec<Consultation>,
    #[serde(default)]
    supervisions: Vec<Supervision>,
    late: Option<Late>,
    #[serde(default)]
    overstays: Vec<Overstay>,
    confidential: bool,
    #[serde(default)]
    fields: BTreeMap<String, String>,
    state: String,
    entered_at: Instant,
    latest: Option<Due>,
    #[serde(default)]
    clocks: BTreeMap<String, CaseClock>,
    #[serde(default)]
    limits: BTreeMap<String, Limit>,
    provisional: bool,
    opened_at: Instant,
    accepted_at: Option<Instant>,
    closed_at: Option<Instant>,
    sequence: i64,
    outcome: Option<String>,
    #[serde(default)]
    taken: BTreeMap<String, Taken>,
    #[serde(default)]
    days: BTreeMap<String, Date>,
    asked_at: Option<Instant>,
    service: Option<Box<Service>>,
    item: Option<String>,
    item_version: Option<i64>,
    counter: Option<PlacePath>,
    #[serde(default)]
    papers: BTreeMap<String, Paper>,
    #[serde(default)]
    missing: BTreeSet<String>,
    #[serde(default)]
    online: bool,
    rating: Option<u8>,
    rated: Option<Rated>,
    promised: Option<CaseClock>,
    legal: Option<CaseClock>,
    promised_due: Option<Date>,
    legal_due: Option<Date>,
}

impl StoredCase {
    /// Puts what the first form kept beside the case into the places of today.
    fn upcast(&mut self, item: String) -> Result<(), String> {
        let (promised, legal) = self.promised.take().zip(self.legal.take()).ok_or(LACKS)?;
        self.clocks.insert(PROMISED.to_owned(), CaseClock { due: self.promised_due, ..promised });
        self.clocks.insert(LEGAL.to_owned(), CaseClock { due: self.legal_due, ..legal });
        self.service = Some(Box::new(Service {
            item,
            item_version: self.item_version.ok_or(LACKS)?,
            counter: self.counter.take(),
            papers: std::mem::take(&mut self.papers),
            missing: std::mem::take(&mut self.missing),
            online: self.online,
            rating: self.rating,
            rated: self.rated.take(),
            reading: 0,
        }));
        Ok(())
    }
}

impl TryFrom<StoredCase> for Case {
    type Error = String;

    fn try_from(mut stored: StoredCase) -> Result<Self, String> {
        if let Some(item) = stored.item.take() {
            stored.upcast(item)?;
        }
        Ok(Self {
            id: stored.id,
            kind: stored.kind,
            procedure: stored.procedure,
            procedure_version: stored.procedure_version,
            number: stored.number,
            shard: stored.shard,
            place: stored.place,
            point: stored.point,
            parties: stored.parties,
            office: stored.office,
            decider: stored.decider,
            handler: stored.handler,
            consultations: stored.consultations,
            supervisions: stored.supervisions,
            late: stored.late,
            overstays: stored.overstays,
            confidential: stored.confidential,
            fields: stored.fields,
            state: stored.state,
            entered_at: stored.entered_at,
            latest: stored.latest,
            clocks: stored.clocks,
            limits: stored.limits,
            provisional: stored.provisional,
            opened_at: stored.opened_at,
            accepted_at: stored.accepted_at,
            closed_at: stored.closed_at,
            sequence: stored.sequence,
            outcome: stored.outcome,
            taken: stored.taken,
            days: stored.days,
            asked_at: stored.asked_at,
            service: stored.service,
        })
    }
}

/// What `opened` recorded, as stored. The fields after `service` are those of the first form.
#[derive(Deserialize)]
pub(super) struct StoredOpened {
    #[serde(rename = "of", default = "service")]
    pub(super) kind: String,
    pub(super) procedure: String,
    pub(super) procedure_version: i64,
    pub(super) action: String,
    pub(super) to: String,
    pub(super) number: String,
    #[serde(alias = "residence")]
    pub(super) place: PlacePath,
    pub(super) point: Option<Point>,
    #[serde(default)]
    pub(super) parties: Parties,
    pub(super) office: Target,
    pub(super) counter: Option<PlacePath>,
    #[serde(default)]
    pub(super) clocks: BTreeMap<String, Term>,
    #[serde(default)]
    pub(super) limits: BTreeMap<String, Limit>,
    #[serde(default)]
    pub(super) confidential: bool,
    #[serde(default)]
    pub(super) fields: BTreeMap<String, String>,
    pub(super) latest: Option<Due>,
    pub(super) service: Option<Application>,
    #[serde(default)]
    pub(super) reading: u8,
    pub(super) item: Option<String>,
    pub(super) item_version: Option<i64>,
    pub(super) promised: Option<Limit>,
    pub(super) legal: Option<Limit>,
    #[serde(default)]
    pub(super) papers: BTreeMap<String, Paper>,
    #[serde(default)]
    pub(super) online: bool,
}

impl StoredOpened {
    /// Puts what the first form kept into the places of today.
    pub(super) fn upcast(&mut self, item: String) -> Result<(), String> {
        let (promised, legal) = self.promised.zip(self.legal).ok_or(LACKS)?;
        self.clocks.insert(PROMISED.to_owned(), Term::Limit(promised));
        self.clocks.insert(LEGAL.to_owned(), Term::Limit(legal));
        self.service = Some(Application {
            item,
            item_version: self.item_version.ok_or(LACKS)?,
            papers: std::mem::take(&mut self.papers),
            online: self.online,
        });
        Ok(())
    }
}

/// What `recomputed` recorded, as stored. The two fields at the end are those of the first form.
#[derive(Deserialize)]
pub(super) struct StoredCounted {
    #[serde(default)]
    pub(super) dues: BTreeMap<String, Due>,
    pub(super) latest: Option<Due>,
    #[serde(default)]
    pub(super) provisional: bool,
    pub(super) promised_due: Option<Date>,
    pub(super) legal_due: Option<Date>,
}
