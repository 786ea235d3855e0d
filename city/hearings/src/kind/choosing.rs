//! Who mediates: whom the parties choose is on the roster of the office, an equal choice is their agreement and is
//! carried out, and an objection is answered by another mediator.

use bodies::Announced;
use cases::events_of;
use cases::kind::Asked;
use hall::Fault;
use kernel::case::{Case, Recorded};
use kernel::line::name_key;
use kernel::refusal::Refusal;
use store::Tx;
use web::{Choice, Page};

use super::{Mediations, key};
use crate::refusals::Why;
use crate::rules::choosing::{agreed, is_chosen, objecting};
use crate::words::asking::NEXT;
use crate::words::{MEDIATOR, SUBSTITUTE};

impl Mediations {
    /// The mediator whom all parties chose; none where they did not choose the same.
    pub(super) fn chosen(&self, tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Option<String>, Fault> {
        if !is_chosen(case, events) {
            return Ok(None);
        }
        let words = self.desk()?.words_of(tx, &key(case))?;
        Ok(agreed(case, events, |name| words.read(name, "").to_owned()))
    }

    /// Whom all parties chose begins to mediate, and nobody else.
    pub(super) fn keeps_choice(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let events = events_of(tx, asked.case)?;
        let Some(name) = self.chosen(tx, asked.case, &events)? else { return Ok(()) };
        let typed = asked.fields.get(MEDIATOR).map_or("", |name| name.trim());
        if name_key(&name) == name_key(typed) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsChosenOther).field(MEDIATOR).with("name", name).into())
    }

    /// Whom a party chooses is on the roster of the office. Whoever chooses nobody leaves it to the committee.
    pub(super) fn may_be_chosen(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let typed = asked.fields.get(MEDIATOR).map_or("", |name| name.trim());
        if typed.is_empty() {
            return Ok(());
        }
        let listed = self.bodies.mediators_at(tx, &asked.case.office.place, (self.hall.clock)())?;
        if listed.iter().any(|one| name_key(&one.name) == name_key(typed)) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsNotListed).field(MEDIATOR).into())
    }

    /// As long as a party does not accept the mediator, both sides are asked about another one and about nothing else.
    pub(super) fn answers_objection(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let next = asked.fields.get(NEXT).map_or("", |step| step.trim());
        if next == SUBSTITUTE || objecting(asked.case, &events_of(tx, asked.case)?).is_empty() {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsObjected).field(NEXT).into())
    }

    /// Whom a party may choose, each with what he knows well, never with a grade; the first leaves it to the committee.
    /// Nothing where the office has no roster.
    pub(super) fn to_be_chosen(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<Choice>, Fault> {
        let listed = self.bodies.mediators_at(tx, &case.office.place, page.now)?;
        if listed.is_empty() {
            return Ok(Vec::new());
        }
        let one = |name: String, knows: String| {
            let told = page.t2("hearings-choose-one", "name", &name, "knows", &knows);
            let text = if knows.is_empty() { name.clone() } else { told };
            Choice::new(name, text, "")
        };
        let knows = |listed: &Announced| self.bodies.specialities(&listed.specialities, page.lang);
        let named = listed.into_iter().map(|listed| {
            let knows = knows(&listed);
            one(listed.name, knows)
        });
        let committee = Choice { chosen: true, ..Choice::new("", page.t("hearings-choose-committee"), "") };
        Ok(std::iter::once(committee).chain(named).collect())
    }
}
