//! This file makes data checks. A source is asked when a case is opened or when staff press the button. If it confirms
//! the paper, the paper is waived. If it does not answer, nothing is lost.
//!
//! A check has three steps, because a source may take its time: the person's fields are opened (and the look is written
//! down), the source is asked, and its answer is written.

use crate::refusals::Why;
use cases::{Known, Step, district};
use hall::Fault;
use hall::figures::Subject;
use kernel::case::{Command, Relation};
use kernel::figure::Cell;
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use std::collections::BTreeSet;
use store::{Store, Tx};
use uuid::Uuid;
use vault::{Look, Person};

use super::files::closed;
use super::{derived, once};
use crate::checks::{CheckRequest, Reply, Source};
use crate::records::check::{self, Checked, NewCheck};
use crate::words::{CONFIRMED, Outcome};
use crate::{Papers, rules};

/// Names what the evidence of a check is sealed under.
const LABEL: &str = "check";
/// Names the platform when it looks by itself. The person reads this name.
const PLATFORM: &str = "两邻";

/// A check that is going to be made.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The shard of the case.
    pub district: PlaceId,
    /// The case.
    pub case: Uuid,
    /// The code of the material.
    pub material: String,
    /// The name of the staff who ask, which is empty for the platform.
    pub by_name: String,
    /// The account of the staff who ask.
    pub account: Option<Uuid>,
    /// The key of the request. The same key twice is written once.
    pub once: String,
}

impl Papers {
    /// Asks the source of a material and writes down its answer. It blocks while the source answers, so only threads of
    /// jobs call it. Returns nothing if there is nothing left to ask: the paper came or was waived, the applicant
    /// objected, or the case has ended.
    ///
    /// # Errors
    /// Refuses if the material has no source or the record is erased. A source that does not answer is an
    /// [`Outcome::Unavailable`] and not an error.
    pub fn verify(&self, store: &Store, asking: &Asking, now: Instant) -> Result<Option<Outcome>, Fault> {
        let checks = self.checks();
        let source = checks.get(&asking.material).ok_or_else(|| Refusal::new(Why::PaperNoCheck))?;
        let Some(person) = self.opened(store, asking, source, now)? else { return Ok(None) };
        let request = CheckRequest {
            id: derived(asking.case, &format!("{}\n{}", asking.material, asking.once)),
            material: asking.material.clone(),
            on: self.counter.cases.hall.calendar().zone().date(now),
            at: now,
            person,
        };
        let answer = source.check.ask(&request);
        if let Err(fault) = &answer {
            tracing::warn!(%fault, material = asking.material, "a data check got no answer");
        }
        let (cases, asking, adapter, id) = (self.counter.clone(), asking.clone(), source.check.name(), request.id);
        store.write_blocking(move |tx| {
            let written = Written { asking: &asking, id, adapter, answer: answer.as_ref().ok() };
            written.write(tx, &cases.cases, now).map(Some)
        })
    }

    /// Returns the fields that the source is sent, and writes the look down. Returns nothing if there is nothing to
    /// ask.
    fn opened(&self, store: &Store, asking: &Asking, source: &Source, now: Instant) -> Result<Option<Person>, Fault> {
        let (desk, asking, sends) = (self.counter.clone(), asking.clone(), source.sends.clone());
        store.write_blocking(move |tx| {
            let known = desk.cases.known(tx, asking.district, asking.case)?;
            let checked = check::of_case(tx, asking.district, asking.case)?;
            let ended = known.case.closed_at.is_some();
            if ended || !rules::is_wanted(&known.case, &asking.material) || objected(&checked, &asking.material) {
                return Ok(None);
            }
            let name = desk.cases.material_name(known.case.item(), &asking.material, Lang::Zh);
            let look = look(&asking, &known, &name, now);
            let person = desk.cases.hall.vault.open(tx, asking.district, known.record()?, &look).map_err(closed)?;
            let kept = person.fields().filter(|(field, _)| sends.contains(field));
            Ok(Some(kept.fold(Person::new(), |kept, (field, value)| kept.with(field, value.expose().clone()))))
        })
    }

    /// Notes that the applicant says that the data about her paper are wrong, and that she will hand it in. No source
    /// is asked about it again.
    ///
    /// # Errors
    /// Returns `NotFound` if no source said anything about it.
    pub fn object(tx: &mut dyn Tx, known: &Known, material: &str, now: Instant) -> Result<(), Fault> {
        match check::object(tx, district(&known.case), known.case.id.0, material, now)? {
            0 => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }
}

/// Says whether the applicant objected to what a source said about a material.
pub(crate) fn objected(checked: &[Checked], material: &str) -> bool {
    checked.iter().any(|one| one.material == material && one.objected_at.is_some())
}

fn look(asking: &Asking, known: &Known, name: &str, now: Instant) -> Look {
    let who = if asking.by_name.is_empty() { PLATFORM.to_owned() } else { asking.by_name.clone() };
    Look {
        account: asking.account,
        name: who,
        place: String::new(),
        purpose: format!("数据核验，免提交{name}"),
        case_number: Some(known.case.number.clone()),
        at: now,
    }
}

/// Holds what came of a check, before it is written.
struct Written<'w> {
    asking: &'w Asking,
    id: Uuid,
    adapter: &'static str,
    answer: Option<&'w Reply>,
}

impl Written<'_> {
    fn write(&self, tx: &mut dyn Tx, cases: &cases::Cases, now: Instant) -> Result<Outcome, Fault> {
        let asking = self.asking;
        let outcome = match self.answer {
            Some(reply) if reply.confirmed => Outcome::Confirmed,
            Some(_) => Outcome::Refuted,
            None => Outcome::Unavailable,
        };
        let key = format!("{}/{}", asking.case, asking.once);
        if once(tx, "papers.check", &key, &asking.material, now)?.is_some() {
            return Ok(outcome);
        }
        let known = cases.known(tx, asking.district, asking.case)?;
        let (district, person) = (asking.district, known.record()?);
        let sealed = self.answer.map(|reply| cases.hall.vault.cover(tx, district, person, LABEL, &reply.evidence));
        let new = NewCheck {
            district: asking.district,
            id: self.id,
            case: asking.case,
            person,
            material: asking.material.clone(),
            outcome: outcome.code(),
            adapter: self.adapter,
            by_name: asking.by_name.clone(),
            at: now,
            reply: sealed.transpose().map_err(closed)?,
        };
        check::insert(tx, &new)?;
        if outcome == Outcome::Confirmed && known.case.closed_at.is_none() {
            self.waive(tx, cases, now)?;
            self.count(tx, cases, &known, now)?;
        }
        store::once::finish(tx, "papers.check", &key, outcome.code())?;
        Ok(outcome)
    }

    fn count(&self, tx: &mut dyn Tx, cases: &cases::Cases, known: &Known, now: Instant) -> Result<(), Fault> {
        let subject = Subject { publisher: "papers", district: self.asking.district, id: self.asking.case };
        let place = known.case.residence().clone();
        let cell = Cell { place, department: String::new(), day: cases.hall.day(now) };
        Ok(hall::figures::count_one(tx, &subject, &cell, &[(&CONFIRMED, 1)], known.case.confidential)?)
    }

    fn waive(&self, tx: &mut dyn Tx, cases: &cases::Cases, now: Instant) -> Result<(), Fault> {
        let command = Command::Waive { papers: BTreeSet::from([self.asking.material.clone()]) };
        let once = format!("waive:{}", self.id);
        let step = Step { district: self.asking.district, id: self.asking.case, command, once };
        let case = cases.step(tx, &step, &Actor::system(), &Relation::default(), now)?;
        Papers::keep_promises(tx, &case, now)
    }
}
