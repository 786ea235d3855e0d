//! This file takes an application at any counter or online. It leads from answers to an open case in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Cases, Known, Looking, NewCase, ReceiptCode};
use hall::Fault;
use kernel::case::{
    Case, CaseId, Holder, LEGAL, Opening, PROMISED, Paper, PaperForm, Parties, Party, Relation, SERVICE, Term, may_read,
};
use kernel::identifier::{self, Identity, IdentityKind};
use kernel::language::{Bilingual, Lang};
use kernel::permission::{Actor, ActorKind, Target};
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{Look, NewRecord, PersonField};

use crate::Counter;
use crate::catalogue::{Custody, Item};
use crate::refusals::Why;
use crate::words::{Answers, Application};

/// The role of whoever applies, as the counter's procedures name it.
pub const APPLICANT: &str = "applicant";

/// Field of a case: the materials that were filled in here. A dot, so that no question of a guide has that code.
pub const FIELD_FILLED: &str = "form.filled";
/// Field of a case: the fields known to the platform that the person says are wrong.
pub const FIELD_OBJECTED: &str = "form.objected";

/// Field of a case: she was told that the item is for another age, and went on.
pub const FIELD_AGE: &str = "form.age";
/// What stands there.
const TOLD: &str = "told";

/// The purpose of a look that the desk takes while it takes an application in.
const TAKING_IN: &str = "taking_in";

/// Sealed records of one person that are looked at, newest of the index first come.
const MOST_RECORDS: usize = 50;
/// Cases of one sealed record.
const CASES_OF_ONE: i64 = 5;
/// Earlier cases offered to be filled in from.
const OFFERS: usize = 5;

/// From which case a form is filled in, by whom and why.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// The number of the case that knows the person.
    pub number: &'a str,
    /// What the look is for. The person reads it.
    pub purpose: &'a str,
    /// Who looks.
    pub actor: &'a Actor,
    /// When the look happens.
    pub now: Instant,
    /// The key of the form. Sent twice with the same key, it is one look.
    pub once: &'a str,
}

/// How an application came.
pub struct Arrival {
    /// The counter that takes it. None if it comes online.
    pub counter: Option<PlacePath>,
    /// Material codes that were handed over at the counter.
    pub papers: Vec<String>,
    /// Sent twice with the same key, done once.
    pub once: String,
}

/// What an application gave: the case, and the code of its receipt.
pub struct Applied {
    /// The case.
    pub case: Case,
    /// The sealed record whose code it is. None if nobody's data are sealed.
    pub record: Option<Uuid>,
    /// The code. None if the application was sent again after the code was renewed.
    pub code: Option<ReceiptCode>,
    /// Whether the same was sent before, so that nothing was opened now.
    pub again: bool,
}

impl Counter {
    /// Opens a case from an application. The office is found from the item's rule and the applicant's residence, never
    /// from the counter. Only items that any community decides at once are decided at the counter.
    ///
    /// # Errors
    /// Fails if the kernel refuses.
    pub async fn apply(
        &self,
        item: &Item,
        application: Application,
        arrival: Arrival,
        actor: Actor,
        now: Instant,
    ) -> Result<Applied, Fault> {
        let warned = arrival.counter.is_none() || application.once_more;
        let new = Arc::new(self.new_case(item, application, &arrival, &actor, now)?);
        let (cases, own, who) = (self.cases.clone(), new.clone(), actor.clone());
        let opened = self.cases.hall.store.write(move |tx| {
            // Sent again, it answers the case of the first time, and nobody asks.
            let guard = |tx: &mut dyn Tx| {
                let same = if warned { None } else { the_same(&cases, tx, &own, &who)? };
                same.map_or(Ok(()), |same| Err(same.refusal(&cases).into()))
            };
            let case = cases.open_guarded(tx, &own, &who, now, &guard)?;
            let code = cases.give_code(tx, &case, APPLICANT, &own.once, now)?;
            let record = Cases::sealed_party(&case, APPLICANT);
            let again = case.id != own.id;
            Ok::<_, Fault>(Applied { case, record, code, again })
        });
        let opened = opened.await;
        if is_the_same(&opened) {
            self.log_the_same(new, actor, now).await?;
        }
        opened
    }

    /// Refuses a case whose person has an open one of the same item. It names the case to whoever may read it, and the
    /// office to others.
    ///
    /// # Errors
    /// Refuses with `case.same_open` or `counter.same_elsewhere`.
    pub fn refuse_the_same(&self, tx: &mut dyn Tx, new: &NewCase, actor: &Actor) -> Result<(), Fault> {
        let same = the_same(&self.cases, tx, new, actor)?;
        same.map_or(Ok(()), |same| Err(same.refusal(&self.cases).into()))
    }

    /// Logs that a worker was told of a case by typing the identity of its person. Nothing of the refused application
    /// was kept, so this stands in a transaction of its own.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub async fn log_the_same(&self, new: Arc<NewCase>, actor: Actor, now: Instant) -> Result<(), Fault> {
        let cases = self.cases.clone();
        let logged = self.cases.hall.store.write(move |tx| match the_same(&cases, tx, &new, &actor)? {
            Some(same) => log_told(&cases, tx, &same.known, &actor, now),
            None => Ok(()),
        });
        logged.await
    }

    /// Fills in what a case knows of the person, where the item asks it. The look is logged like any other.
    ///
    /// # Errors
    /// Fails with `NotFound`, or with a refusal.
    pub async fn fill_in(&self, item: &Item, mut answers: Answers, filling: &Filling<'_>) -> Result<Answers, Fault> {
        let Filling { number, purpose, actor, now, once } = *filling;
        let (cases, actor, once) = (self.cases.clone(), actor.clone(), once.to_owned());
        let (asked, purpose) = (number.to_owned(), purpose.to_owned());
        let opened = self.cases.hall.store.write(move |tx| {
            let known = cases.seen(tx, &asked, &actor, None, now)?;
            let looking = Looking { actor: &actor, purpose: &purpose, now, once: Some(&once) };
            Ok::<_, Fault>((known.case.number.clone(), cases.open_person(tx, &known, &looking)?))
        });
        let (number, person) = opened.await?;
        for (field, value) in person.fields().filter(|(field, _)| item.asks(*field)) {
            let mut filled = value.expose().clone();
            if field == PersonField::ResidentId {
                let (kind, typed) = identifier::typed(&filled);
                if !IdentityKind::parse(&kind).is_some_and(|kind| item.takes(kind)) {
                    continue;
                }
                (answers.identity_kind, filled) = (kind, typed);
            }
            let into = match field {
                PersonField::Name => &mut answers.name,
                PersonField::ResidentId => &mut answers.resident_id,
                PersonField::Telephone => &mut answers.telephone,
                PersonField::Address => &mut answers.address,
                PersonField::BankCard => &mut answers.bank_card,
                PersonField::Note => continue,
            };
            *into = filled;
            answers.known.insert(field.code().to_owned(), number.clone());
        }
        Ok(answers)
    }

    /// Makes everything that the engine needs. Identities and times are made here so that the transaction may run
    /// again.
    ///
    /// # Errors
    /// Fails if places or rules contradict themselves.
    pub fn new_case(
        &self,
        item: &Item,
        application: Application,
        arrival: &Arrival,
        actor: &Actor,
        now: Instant,
    ) -> Result<NewCase, Fault> {
        let id = Uuid::now_v7();
        let procedure = self.cases.procedure(&item.procedure)?;
        let action = start_action(procedure, arrival.counter.is_some())?;
        let record = Uuid::now_v7();
        let opening = Opening {
            kind: SERVICE.to_owned(),
            action,
            number: String::new(),
            place: application.residence.clone(),
            point: None,
            parties: Parties::from([(APPLICANT.to_owned(), vec![Party::new(Holder::Record(record))])]),
            office: self.office(item, &application.residence, arrival.counter.as_ref()),
            counter: arrival.counter.clone(),
            clocks: BTreeMap::from([
                (PROMISED.to_owned(), Term::Limit(item.promised)),
                (LEGAL.to_owned(), Term::Limit(item.legal)),
            ]),
            limits: BTreeMap::new(),
            confidential: item.confidential,
            fields: fields(&application),
            service: Some(kernel::case::Application {
                item: item.code.clone(),
                item_version: item.version,
                papers: papers(item, arrival, &self.unneeded(item, &application.check), &application.filled),
                online: false,
            }),
        };
        let record = NewRecord {
            id: record,
            district: application.district,
            person: application.person,
            purpose: format!("{} {}", item.code, item.name.get(Lang::Zh)),
            retain_until: None,
            at: now,
        };
        let applicant = actor.account.filter(|_| actor.kind == ActorKind::Resident);
        Ok(NewCase {
            id: CaseId(id),
            procedure: item.procedure.clone(),
            opening,
            records: vec![record],
            applicant,
            relation: Relation::applicant(actor.kind != ActorKind::Staff),
            once: arrival.once.clone(),
            said: String::new(),
        })
    }

    /// Returns the office that decides.
    #[must_use]
    pub fn office(&self, item: &Item, residence: &PlacePath, counter: Option<&PlacePath>) -> Target {
        if item.custody == Custody::Direct
            && item.decides.level == Level::Community
            && let Some(counter) = counter
        {
            return Target { place: counter.clone(), department: Some(item.decides.department.clone()) };
        }
        places::office_for(&self.cases.hall.places.tree(), residence, item.decides.level, &item.decides.department)
    }
}

/// Says whether a case was not opened because the same matter of its person is open.
#[must_use]
pub fn is_the_same<T>(opened: &Result<T, Fault>) -> bool {
    let told = [Code::CaseSameOpen, Why::CounterSameElsewhere];
    matches!(opened, Err(Fault::Refused(refusal)) if told.contains(&refusal.code))
}

/// Returns the cases of the person at the counter that this member of staff may read and that are open or were opened
/// since a moment. The person is found by identity number, or by telephone as long as the number is not known.
pub fn cases_of(
    cases: &Cases,
    tx: &mut dyn Tx,
    resident_id: &str,
    telephone: &str,
    actor: &Actor,
    since: Instant,
) -> Result<Vec<Known>, Fault> {
    let vault = &cases.hall.vault;
    let mut records = vault.find(tx, PersonField::ResidentId, resident_id)?;
    // Numbers of passports have no check, so that one half typed may look like one.
    if records.is_empty() && Identity::card(resident_id).is_err() {
        records = vault.find(tx, PersonField::Telephone, telephone)?;
    }
    let mut found = Vec::new();
    for (district, person) in records.into_iter().take(MOST_RECORDS) {
        for row in cases::of_person(tx, district, person, CASES_OF_ONE)? {
            let known = cases.known(tx, district, row.id)?;
            let is_read = may_read(&known.case, actor, &Relation::default()).is_ok();
            if (row.open || row.opened_at >= since) && is_read && cases.kind_shows(tx, &known.case, actor)? {
                found.push(known);
            }
        }
    }
    found.sort_by_key(|known| std::cmp::Reverse(known.case.opened_at));
    found.truncate(OFFERS);
    Ok(found)
}

/// Logs for the person that a worker who takes an application in was told of her case.
pub fn log_told(cases: &Cases, tx: &mut dyn Tx, known: &Known, actor: &Actor, now: Instant) -> Result<(), Fault> {
    let Some((district, record)) = known.sealed() else { return Ok(()) };
    let counter = cases::own_counter(actor).map(|place| cases.hall.places.tree().chain(&place, Lang::Zh));
    let look = Look {
        account: actor.account,
        name: actor.name.clone(),
        place: counter.unwrap_or_default(),
        purpose: cases.hall.purposes.kept(TAKING_IN),
        case_number: Some(known.case.number.clone()),
        at: now,
    };
    Ok(cases.hall.vault.looked(tx, district, record, &look)?)
}

/// An open case of the same person and item.
struct Same {
    known: Known,
    /// Whether whoever asks may read it, so that its number may be told.
    named: bool,
}

impl Same {
    /// Says that it is open: with its number to those who may read it, to others with the office that knows.
    fn refusal(&self, cases: &Cases) -> Refusal {
        let case = &self.known.case;
        if self.named {
            return Refusal::new(Code::CaseSameOpen).with("number", &case.number);
        }
        let name = |lang| cases.office_name(&case.office.place, case.office.department.as_deref(), lang);
        let office = Bilingual::new(name(Lang::Zh), name(Lang::En));
        Refusal::new(Why::CounterSameElsewhere).with_both("office", &office)
    }
}

/// Finds an open case of the same person and item. A confidential one is found only by those who may read it.
fn the_same(cases: &Cases, tx: &mut dyn Tx, new: &NewCase, actor: &Actor) -> Result<Option<Same>, Fault> {
    let (Some(record), Some(service)) = (new.records.first(), &new.opening.service) else { return Ok(None) };
    let mut by = [PersonField::ResidentId, PersonField::Telephone].into_iter();
    let Some((field, value)) = by.find_map(|field| Some((field, record.person.get(field)?))) else {
        return Ok(None);
    };
    let found = cases.hall.vault.find(tx, field, value.expose())?;
    let others: Vec<_> = found.into_iter().filter(|(_, person)| *person != record.id).collect();
    for row in cases::open_of(tx, &others, &service.item)? {
        let known = cases.known(tx, row.district, row.id)?;
        let named = may_read(&known.case, actor, &Relation::default()).is_ok();
        if named || !row.confidential {
            return Ok(Some(Same { known, named }));
        }
    }
    Ok(None)
}

/// Returns the action by which a procedure begins: the one at a counter, or the one online.
fn start_action(procedure: &kernel::procedure::Procedure, at_counter: bool) -> Result<String, Fault> {
    use kernel::procedure::By;
    let wanted = if at_counter { By::Counter } else { By::Applicant };
    let found =
        procedure.start.iter().find(|name| procedure.actions.get(*name).is_some_and(|action| action.by == wanted));
    found.cloned().ok_or_else(|| {
        Fault::Broken(format!(
            "procedure {} cannot begin {}",
            procedure.name,
            if at_counter { "at a counter" } else { "online" }
        ))
    })
}

/// Returns what is kept openly with the case: the guide's answers by code, which papers were filled in here, to which
/// known fields the person objected, and whether she was told of the age.
fn fields(application: &Application) -> BTreeMap<String, String> {
    let mut fields = application.check.clone();
    let told = if application.age_told { TOLD.to_owned() } else { String::new() };
    let lists = [
        (FIELD_AGE, told),
        (FIELD_FILLED, listed(application.filled.keys())),
        (FIELD_OBJECTED, listed(application.objected.iter())),
    ];
    fields
        .extend(lists.into_iter().filter(|(_, codes)| !codes.is_empty()).map(|(name, codes)| (name.to_owned(), codes)));
    fields
}

fn listed<'s>(codes: impl Iterator<Item = &'s String>) -> String {
    codes.cloned().collect::<Vec<_>>().join(",")
}

/// Returns what became of each material: filled in here, handed over, or still to come.
fn papers(
    item: &Item,
    arrival: &Arrival,
    unneeded: &[String],
    filled: &BTreeMap<String, bool>,
) -> BTreeMap<String, Paper> {
    let paper = |code: &str| {
        let received = arrival.papers.iter().any(|received| received == code);
        let (form, later) = match filled.get(code) {
            Some(whole) => (PaperForm::Electronic, !whole && !received),
            None => (PaperForm::Original, !received),
        };
        Paper { form, waived: false, later }
    };
    let needed = item.materials.iter().filter(|material| !unneeded.contains(&material.code));
    needed.map(|material| (material.code.clone(), paper(&material.code))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;
    use std::collections::BTreeSet;
    use vault::Person;

    fn application(filled: &[(&str, bool)], objected: &[&str], check: &[(&str, &str)]) -> Application {
        let home = PlacePath::parse("1.2.3.4.").unwrap();
        Application {
            district: home.district(),
            residence: home,
            person: Person::default(),
            check: check.iter().map(|(question, answer)| ((*question).to_owned(), (*answer).to_owned())).collect(),
            filled: filled.iter().map(|(code, whole)| ((*code).to_owned(), *whole)).collect(),
            objected: objected.iter().map(|field| (*field).to_owned()).collect::<BTreeSet<_>>(),
            once_more: false,
            age_told: false,
        }
    }

    #[test]
    fn what_is_kept_openly_are_codes_alone() {
        let told = Application { age_told: true, ..application(&[], &[], &[]) };
        let table: [(Application, &[(&str, &str)]); 5] = [
            (told, &[("form.age", "told")]),
            (application(&[], &[], &[]), &[]),
            (application(&[], &[], &[("age", "yes")]), &[("age", "yes")]),
            (application(&[("IN", false), ("AP", true)], &[], &[]), &[("form.filled", "AP,IN")]),
            (
                application(&[("AP", true)], &["telephone", "address"], &[("age", "soon")]),
                &[("age", "soon"), ("form.filled", "AP"), ("form.objected", "address,telephone")],
            ),
        ];
        for (application, expected) in table {
            let kept = fields(&application);
            let kept: Vec<(&str, &str)> = kept.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            assert_eq!(kept, expected);
        }
    }

    #[test]
    fn what_became_of_each_paper_follows_from_how_it_came() {
        let catalogue = catalogue();
        let item = catalogue.get("MZ-01").unwrap();
        let arrival = |papers: &[&str]| Arrival {
            counter: None,
            papers: papers.iter().map(|code| (*code).to_owned()).collect(),
            once: String::new(),
        };
        let filled = application(&[("AP", true), ("IN", false)], &[], &[]).filled;
        // (handed over, paper, form, still to come)
        let table: [(&[&str], &str, PaperForm, bool); 7] = [
            (&[], "HK", PaperForm::Original, true),
            (&["HK"], "HK", PaperForm::Original, false),
            (&[], "AP", PaperForm::Electronic, false),
            (&["AP"], "AP", PaperForm::Electronic, false),
            (&[], "IN", PaperForm::Electronic, true),
            (&["IN"], "IN", PaperForm::Electronic, false),
            (&["hk"], "HK", PaperForm::Original, true),
        ];
        for (handed, code, form, later) in table {
            let found = papers(item, &arrival(handed), &[], &filled);
            assert_eq!(found.get(code), Some(&Paper { form, waived: false, later }), "{handed:?} {code}");
            assert_eq!(found.len(), item.materials.len());
        }
        let fewer = papers(item, &arrival(&["HK", "ZZ"]), &["HK".to_owned()], &filled);
        assert!(!fewer.contains_key("HK") && !fewer.contains_key("ZZ"), "what is not needed is not kept");
        assert_eq!(fewer.len() + 1, item.materials.len());
    }

    #[test]
    fn a_procedure_begins_where_it_can_begin() {
        let text = include_str!("../../../data/procedures/separate.toml");
        let mut procedure = kernel::procedure::load("separate", text).unwrap();
        for (at_counter, action) in [(true, "accept_at_counter"), (false, "apply_online")] {
            assert_eq!(start_action(&procedure, at_counter).ok().as_deref(), Some(action));
        }
        procedure.start.retain(|name| name != "apply_online");
        let fault = start_action(&procedure, false).unwrap_err();
        assert!(fault.to_string().contains("separate cannot begin online"), "{fault}");
        assert!(start_action(&procedure, true).is_ok());
    }
}
