//! Taking an application at any counter or online: from answers to an open case, in one transaction.

use std::collections::BTreeMap;

use cases::{Fault, NewCase};
use kernel::case::{Case, CaseId, Opening, Paper, PaperForm};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Target};
use kernel::place::{Level, PlacePath};
use kernel::time::Instant;
use uuid::Uuid;
use vault::NewRecord;

use crate::Counter;
use crate::catalogue::{Custody, Item};
use crate::words::Application;

/// Digits of a district's code at the head of a case's number.
const DISTRICT_DIGITS: usize = 6;

/// How an application came.
pub struct Arrival {
    /// The counter that takes it; nothing when it comes online.
    pub counter: Option<PlacePath>,
    /// Material codes that were handed over at the counter.
    pub papers: Vec<String>,
    /// Sent twice with the same key, done once.
    pub once: String,
}

impl Counter {
    /// Opens a case from an application. The office is found from the item's rule and the applicant's residence, never from the counter, but for
    /// items that any community decides at once.
    ///
    /// # Errors
    /// A refusal of the kernel, or a failure of store or vault.
    pub async fn apply(
        &self,
        item: &Item,
        application: Application,
        arrival: Arrival,
        actor: Actor,
        now: Instant,
    ) -> Result<Case, Fault> {
        let new = self.new_case(item, application, &arrival, &actor, now)?;
        let cases = self.cases.clone();
        self.cases.store.write(move |tx| cases.open(tx, &new, &actor, now)).await
    }

    /// Everything the engine needs, with identities and times made here so that the transaction may run again.
    ///
    /// # Errors
    /// Places or rules that contradict themselves.
    pub fn new_case(
        &self,
        item: &Item,
        application: Application,
        arrival: &Arrival,
        actor: &Actor,
        now: Instant,
    ) -> Result<NewCase, Fault> {
        let tree = self.cases.places.tree();
        let district = tree
            .get(application.district)
            .ok_or_else(|| Fault::Broken("the district of the residence is not in the tree".to_owned()))?;
        let id = Uuid::now_v7();
        let procedure = self.cases.procedure(&item.procedure)?;
        let action = start_action(procedure, arrival.counter.is_some())?;
        let opening = Opening {
            item: item.code.clone(),
            item_version: item.version,
            action,
            number: String::new(),
            residence: application.residence.clone(),
            counter: arrival.counter.clone(),
            office: self.office(item, &application.residence, arrival.counter.as_ref()),
            promised: item.promised,
            legal: item.legal,
            confidential: item.confidential,
            papers: papers(item, arrival, &self.unneeded(item, &application.check)),
            fields: application.check.clone(),
        };
        let record = NewRecord {
            id: Uuid::now_v7(),
            district: application.district,
            person: application.person,
            purpose: format!("{} {}", item.code, item.name.get(Lang::Zh)),
            retain_until: None,
            at: now,
        };
        let applicant = actor.account.filter(|_| actor.kind == ActorKind::Resident);
        Ok(NewCase {
            id: CaseId(id),
            record,
            opening,
            procedure: item.procedure.clone(),
            district_code: district.code.chars().take(DISTRICT_DIGITS).collect(),
            applicant,
            once: arrival.once.clone(),
        })
    }

    /// The office that decides.
    #[must_use]
    pub fn office(&self, item: &Item, residence: &PlacePath, counter: Option<&PlacePath>) -> Target {
        if item.custody == Custody::Direct
            && item.decides.level == Level::Community
            && let Some(counter) = counter
        {
            return Target { place: counter.clone(), department: Some(item.decides.department.clone()) };
        }
        places::office_for(&self.cases.places.tree(), residence, item.decides.level, &item.decides.department)
    }
}

/// The action by which a procedure begins: the one at a counter, or the one online.
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

/// What became of each material: handed over, checked by data, or still to come.
fn papers(item: &Item, arrival: &Arrival, unneeded: &[String]) -> BTreeMap<String, Paper> {
    let paper = |code: &str| Paper {
        form: PaperForm::Original,
        waived: false,
        later: !arrival.papers.iter().any(|received| received == code),
    };
    let needed = item.materials.iter().filter(|material| !unneeded.contains(&material.code));
    needed.map(|material| (material.code.clone(), paper(&material.code))).collect()
}
