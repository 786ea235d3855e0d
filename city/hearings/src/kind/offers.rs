//! How the steps of a mediation are offered: below which heading, in which words, and which of them not at all. What
//! needs the consent of both sides is offered once both were asked about it, and what has a page of its own stands
//! there alone.

use std::collections::BTreeMap;

use cases::events_of;
use cases::kind::Offer;
use hall::Fault;
use kernel::case::{BY_AGENT, Case, FOR_WHOM, Holder, IS_SURE, Recorded};
use kernel::permission::Permission;
use kernel::procedure::{Action, By, Procedure};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use vault::PersonField;
use web::{Choice, Page};

use super::choosing::{Roster, is_barred};
use super::chose::{choices_told, marks};
use super::lacks::before_told;
use super::named::COMES;
use super::people::unnamed;
use super::{Mediations, key};
use crate::actions::guarding::guarded;
use crate::actions::naming::committee;
use crate::records::inside;
use crate::rules::asking::{self, Said};
use crate::rules::choosing::objecting;
use crate::rules::court::{asked_until, effect_day, is_asked_in};
use crate::rules::people::{consents as says_yes, is_several, member_of};
use crate::words::asking::{
    ACCEPTS, APPLIED, ASKS, BEGIN, CHANGE_OPEN, CHOOSES, COURT_IN, INVITING, JOIN, JOIN_TALKS, TO_SIGN,
};
use crate::words::passing::SAYS;
use crate::words::{ACCEPTED, CONFIRMED, GO_UP, HAND_DOWN, MEDIATES, MEDIATOR, SIDES};

/// The steps that are taken on the pages of sessions and of the agreement: once both agreed to one, it leads there.
const ON_PAGES: [&str; 5] = ["session", "sit_together", "session_together", "write", "write_together"];
/// The steps that send a mediation to another level.
const PASSING: [&str; 2] = [GO_UP, HAND_DOWN];

/// The headings below which staff find the steps, in their order, with the steps of each; what a side says stands below
/// the first, and what is named nowhere before all headings.
const GROUPS: [(&str, &[&str]); 6] = [
    (ASKING, &["ask", "ask_together"]),
    ("hearings-steps-talk", &["apart_again", "invite", "prolong", "prolong_together", "substitute", CHANGE_OPEN]),
    ("hearings-steps-agree", &["draft", "oral", "redraft", "seal", "to_change", "propose_change", "vary"]),
    ("hearings-steps-keep", &["part_done", "performed", "not_kept", "kept_after_all", "visit", "end_broken"]),
    (
        "hearings-steps-court",
        &[
            "to_court",
            "not_accepted",
            "court_prolongs",
            "accepted",
            "confirmed",
            "not_confirmed",
            "court_again",
            "no_court",
        ],
    ),
    ("hearings-steps-pass", &["go_up", "hand_down"]),
];
/// The heading below which both sides are asked, and what they say is noted.
const ASKING: &str = "hearings-steps-ask";
/// The heading below which a mediation is ended.
const ENDS: &str = "hearings-steps-end";
/// The steps that end it.
const ENDING: [&str; 4] = ["decline", "fail", "first_refuses", "second_refuses"];

/// The step by which both are visited after it was kept, and the answer that names who did.
const VISIT: &str = "visit";
/// See [`VISIT`].
const VISITOR: &str = "visitor";

/// What the steps of a case are offered by.
struct Offering<'o> {
    page: &'o Page,
    case: &'o Case,
    procedure: &'o Procedure,
    /// The steps about which both sides are asked before they are taken here.
    asks: Vec<&'o str>,
    /// The step about which both were asked last.
    asked: Option<&'o str>,
    /// The sides that did not agree to it, or took their consent back.
    took_back: Vec<&'o str>,
    /// The sides of whom somebody does not accept the mediator.
    objecting: Vec<&'static str>,
    /// Whom the parties may choose to mediate; empty where nobody is asked.
    roster: Roster,
    /// The mediator whom all chose.
    chosen: Option<String>,
    /// Whether that mediator has come to have a tie to a party.
    chosen_is_tied: bool,
    /// The last day on which both may ask a court; none where they cannot.
    ask_by: Option<Date>,
    /// Whether the court that has the agreement has accepted the application; none where no court has it.
    accepted: Option<bool>,
    /// Somebody's name is not taken from a paper yet.
    is_unnamed: bool,
    /// Whom both sides were asked about, in words; none where no step that names somebody can be taken.
    about: Option<String>,
    /// The agents who may speak for somebody, each with the role of her side.
    agents: Vec<(&'static str, Choice)>,
}

impl Mediations {
    /// The steps as they are offered. Whoever has a guardian is offered no consent: he gives it.
    pub(super) fn offers(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        steps: &[&str],
        record: Option<Uuid>,
    ) -> Result<BTreeMap<String, Offer>, Fault> {
        let (desk, events, guarded) = (self.desk()?, events_of(tx, case)?, guarded(&self.hall, tx, case)?);
        let procedure = desk.procedure_of(case)?;
        let asks = asking::steps(procedure, &case.state);
        let says_no = |side: &&str| matches!(asking::of_step(&events, procedure, side, None), Some(Said::TookBack(_)));
        let took_back = SIDES.into_iter().filter(says_no).collect();
        let chooses = steps.iter().any(|step| CHOOSES.contains(step));
        let names = COMES.iter().any(|(step, _)| steps.contains(step));
        let until = || asked_until(case, effect_day(&events), &self.hall.calendar());
        let chosen = if steps.contains(&BEGIN) { self.chosen(tx, case, &events)? } else { None };
        let chosen_is_tied = match &chosen {
            Some(name) => is_barred(&self.candidates(tx, case)?, name) == Some(true),
            None => false,
        };
        let offering = Offering {
            page,
            case,
            procedure,
            asks,
            asked: asking::asked(&events, procedure),
            took_back,
            objecting: objecting(case, &events).into_iter().map(|member| member.side).collect(),
            roster: if chooses { self.to_be_chosen(tx, page, case)? } else { Roster::default() },
            accepted: if steps.contains(&ACCEPTED) { has_accepted(tx, case)? } else { None },
            is_unnamed: steps.contains(&BEGIN) && unnamed(tx, case, &events)?.is_some(),
            ask_by: if is_asked_in(&case.state) { until() } else { None },
            chosen,
            chosen_is_tied,
            about: if names { self.named_about(tx, case, &events, procedure)? } else { None },
            agents: if page.visitor.staff() { self.agents(tx, page, case)? } else { Vec::new() },
        };
        let (mut offers, own) = (BTreeMap::new(), record.filter(|_| !page.visitor.staff()));
        let is_guarded = own.and_then(|record| member_of(case, record)).is_some_and(|own| guarded.contains(&own));
        let is_his = |action: &&Action| is_guarded && action.gives_consent;
        for name in steps {
            let action = procedure.actions.get(*name).filter(|action| !is_his(action));
            let Some(action) = action.filter(|action| offering.offers(name, action)) else {
                continue;
            };
            let mut offer = offering.offer(name, action);
            if PASSING.contains(name) {
                offer.notes.extend(self.passed_to(tx, page, case, name)?);
            }
            if page.visitor.staff() {
                offer.notes.extend(before_told(tx, page, case, &events, name)?);
            }
            self.whose(tx, &offering, &mut offer, action)?;
            self.as_chosen(tx, &offering, &events, name, &mut offer)?;
            offers.insert((*name).to_owned(), offer);
        }
        Ok(offers)
    }

    /// Whoever begins reads whom each party chose, where not all chose the same; a side finds what it chose before.
    fn as_chosen(
        &self,
        tx: &mut dyn Tx,
        offering: &Offering<'_>,
        events: &[Recorded],
        name: &str,
        offer: &mut Offer,
    ) -> Result<(), Fault> {
        let page = offering.page;
        if name == BEGIN && offering.chosen.is_none() && page.visitor.staff() {
            offer.notes.extend(choices_told(page, &self.choices_of(tx, offering.case, events)?));
        }
        if CHOOSES.contains(&name) {
            marks(offer, name, &self.choices_of(tx, offering.case, events)?);
        }
        Ok(())
    }

    /// For whom staff can note the step of a side, and which agents may have said it for her.
    fn whose(&self, tx: &mut dyn Tx, offering: &Offering<'_>, offer: &mut Offer, action: &Action) -> Result<(), Fault> {
        let (page, case) = (offering.page, offering.case);
        let By::Party(role) = &action.by else { return Ok(()) };
        if !page.visitor.staff() {
            return Ok(());
        }
        if is_several(case, role) {
            offer.choices.insert(FOR_WHOM.to_owned(), self.persons_of(tx, page, case, role)?);
        }
        let agents = offering.agents.iter().filter(|(side, _)| *side == role.as_str());
        let agents: Vec<Choice> = agents.map(|(_, agent)| agent.clone()).collect();
        if !agents.is_empty() {
            let herself = Choice { chosen: true, ..Choice::new("", page.t("hearings-agent-herself"), "") };
            offer.choices.insert(BY_AGENT.to_owned(), std::iter::once(herself).chain(agents).collect());
        }
        Ok(())
    }

    /// The people of a side for whom something can be noted, each by her masked name.
    fn persons_of(&self, tx: &mut dyn Tx, page: &Page, case: &Case, role: &str) -> Result<Vec<Choice>, Fault> {
        let mut found = Vec::new();
        for (number, party) in case.standing(role) {
            let side = page.t(&format!("hearings-side-{role}"));
            let title = page.t2("hearings-side-nth", "side", side, "n", number + 1);
            match &party.holder {
                Holder::Record(record) => {
                    let masked = self.hall.vault.masked(tx, &[(cases::district(case), *record)])?.into_iter().next();
                    let name = masked.and_then(|(_, mut fields)| fields.remove(&PersonField::Name));
                    let text = format!("{title} {}", name.unwrap_or_default());
                    found.push(Choice::new(record.to_string(), text.trim_end(), ""));
                }
                Holder::Organisation { code, .. } => found.push(Choice::new(code.as_str(), title, "")),
                _ => {}
            }
        }
        Ok(found)
    }

    /// Who receives a mediation that goes to another level, and whether anybody mediates there.
    fn passed_to(&self, tx: &mut dyn Tx, page: &Page, case: &Case, step: &str) -> Result<Vec<String>, Fault> {
        let office = &case.office.place;
        let place = match step {
            GO_UP => office.parent(),
            _ => office.level().child().and_then(|below| case.place.at(below)),
        };
        let Some(place) = place else { return Ok(Vec::new()) };
        let name = committee(&self.bodies, &self.hall, tx, page, &place)?;
        let mut notes = vec![page.t1("hearings-offer-receives", "committee", &name)];
        if !self.bodies.has_mediators(tx, &place, page.now)? {
            notes.push(page.t1("hearings-offer-nobody", "committee", &name));
        }
        Ok(notes)
    }
}

impl Offering<'_> {
    /// Whether a step is offered here and now.
    fn offers(&self, name: &str, action: &Action) -> bool {
        let staff = self.page.visitor.staff();
        if [JOIN, JOIN_TALKS].contains(&name) {
            return false;
        }
        if staff && ON_PAGES.contains(&name) {
            return self.is_agreed(name);
        }
        if name == HAND_DOWN && self.case.office.place == self.case.place {
            return false;
        }
        if self.asks.contains(&name) {
            return self.asked == Some(name);
        }
        if CHOOSES.contains(&name) {
            return !self.roster.choices.is_empty();
        }
        if let Some((_, side)) = ACCEPTS.into_iter().zip(SIDES).find(|(step, _)| *step == name) {
            return self.objecting.contains(&side);
        }
        let By::Party(role) = &action.by else { return true };
        let consents = self.case.parties_of(role).iter().any(|party| party.consented_at.is_some());
        if action.gives_consent && !self.asks.is_empty() {
            let passes = self.asked.is_some_and(|step| PASSING.contains(&step));
            let says = SAYS.iter().any(|(step, _)| *step == name);
            return self.asked.is_some() && passes == says;
        }
        // There is something to take back, or a question to which she has not said no.
        let has_way = self.case.state == TO_SIGN || self.case.state == "together";
        let has_question = self.asked.is_some() && !self.took_back.contains(&role.as_str());
        !action.withdraws_consent || consents || has_question || has_way
    }

    /// Whether both sides were asked about a step and agree to it.
    fn is_agreed(&self, name: &str) -> bool {
        self.asked == Some(name) && SIDES.into_iter().all(|side| says_yes(self.case, side))
    }

    fn offer(&self, name: &str, action: &Action) -> Offer {
        let (page, staff) = (self.page, self.page.visitor.staff());
        let mut offer = Offer { group: if staff { group_of(name, action) } else { (0, "") }, ..Offer::default() };
        if ASKS.contains(&name) {
            offer.primary = Some(self.asked.is_none());
        }
        if self.asked == Some(name) {
            offer.primary = Some(true);
        }
        if staff && ON_PAGES.contains(&name) {
            offer.notes.push(page.t1("hearings-offer-agreed", "step", page.of(&action.title)));
            offer.title = Some(page.t("hearings-session-add"));
            offer.page = Some(format!("/cases/{}/sessions", self.case.number));
        }
        if MEDIATES.contains(&name) && staff {
            let name = self.chosen.clone().filter(|_| name == BEGIN);
            offer.preset.insert(MEDIATOR.to_owned(), name.unwrap_or_else(|| page.visitor.actor.name.clone()));
        }
        // Whoever comes is the one about whom both were asked.
        if let Some((_, field)) = COMES.into_iter().find(|(step, _)| *step == name)
            && let Some(about) = &self.about
        {
            offer.preset.insert(field.to_owned(), about.clone());
        }
        if let Some(chosen) = self.chosen.as_ref().filter(|_| name == BEGIN) {
            let key = if self.chosen_is_tied { "hearings-offer-chosen-tied" } else { "hearings-offer-chosen" };
            offer.notes.push(page.t1(key, "name", chosen));
        }
        if name == VISIT && staff {
            offer.preset.insert(VISITOR.to_owned(), page.visitor.actor.name.clone());
        }
        if CHOOSES.contains(&name) {
            offer.choices.insert(MEDIATOR.to_owned(), self.roster.choices.clone());
            offer.notes.push(page.t("hearings-offer-chooses"));
            offer.notes.extend(self.roster.barred.clone());
        }
        if let Some(has_accepted) = self.accepted {
            // The court accepts first, and then it decides.
            match name {
                ACCEPTED => offer.primary = Some(!has_accepted),
                CONFIRMED => offer.primary = Some(has_accepted),
                _ => {}
            }
        }
        if name == BEGIN && self.is_unnamed && page.may(Permission::CaseHandle) {
            offer.notes.push(page.t("hearings-offer-named"));
        }
        if let By::Party(role) = &action.by {
            self.of_party(&mut offer, name, action, role);
        }
        offer
    }

    /// What a side says is called by the step about which it is asked, and says what it does.
    fn of_party(&self, offer: &mut Offer, name: &str, action: &Action, role: &str) {
        let (page, staff) = (self.page, self.page.visitor.staff());
        let asked = self.asked.and_then(|step| self.procedure.actions.get(step)).map(|step| page.of(&step.title));
        let consents = self.case.parties_of(role).iter().any(|party| party.consented_at.is_some());
        let passes = SAYS.iter().any(|(step, _)| *step == name);
        let is_of_court = COURT_IN.contains(&self.case.state.as_str()) && self.asks.is_empty();
        if is_of_court && action.gives_consent {
            // The other side has said that it wants to: it is her turn.
            let mut others = SIDES.into_iter().filter(|side| *side != role);
            offer.primary = Some(!staff && !consents && others.all(|side| says_yes(self.case, side)));
            let last = self.ask_by.map(|last| page.t1("hearings-own-court", "date", page.date(last)));
            offer.notes.extend(last);
        }
        match asked {
            Some(step) if action.gives_consent => {
                offer.primary = Some(true);
                if staff {
                    let side = page.t(&format!("hearings-side-{role}"));
                    offer.title = Some(page.t2("hearings-offer-noted", "side", side, "step", step));
                } else if passes {
                    offer.notes.push(page.t1("hearings-offer-passes", "step", step));
                } else {
                    offer.title = Some(page.t1("hearings-offer-agree", "step", step));
                }
            }
            Some(_) if action.withdraws_consent && !consents && !staff => {
                offer.title = Some(page.t("hearings-offer-not-this"));
            }
            _ => {}
        }
        if staff {
            return;
        }
        if action.withdraws_consent {
            let note = match self.case.state.as_str() {
                _ if is_of_court => "hearings-offer-no-court",
                "together" => "hearings-offer-apart",
                TO_SIGN => "hearings-offer-not-yet",
                INVITING => "hearings-offer-take-back",
                _ => "hearings-offer-this-step",
            };
            offer.notes.push(page.t(note));
        }
        // What she can do short of that, as far as it stands on her page.
        let state = self.case.state.as_str();
        let has_less = consents || self.asked.is_some() || [TO_SIGN, "together"].contains(&state);
        // Before it is taken on nobody is asked anything, and there is nothing to take back.
        let has_less = has_less && state != APPLIED;
        let less = if has_less { "hearings-offer-less" } else { "hearings-offer-wait" };
        if ENDING.contains(&name) && is_several(self.case, role) {
            offer.notes.extend([page.t("hearings-offer-leaves"), page.t(less), page.t("hearings-offer-other-ways")]);
            offer.labels.insert(IS_SURE.to_owned(), page.t("hearings-offer-leaves-sure"));
        } else if ENDING.contains(&name) {
            offer.notes.extend([page.t("hearings-offer-refuses"), page.t(less), page.t("hearings-offer-other-ways")]);
        }
    }
}

/// The place and the heading of the steps to which one belongs.
fn group_of(name: &str, action: &Action) -> (u8, &'static str) {
    if ENDING.contains(&name) {
        return (7, ENDS);
    }
    let group = (1_u8..).zip(GROUPS).find(|(_, (_, steps))| steps.contains(&name));
    match (group, &action.by) {
        (Some((place, (heading, _))), _) => (place, heading),
        (None, By::Party(_)) => (1, ASKING),
        (None, _) => (0, ""),
    }
}

/// Whether the court that has an agreement has accepted the application.
fn has_accepted(tx: &mut dyn Tx, case: &Case) -> Result<Option<bool>, Fault> {
    let court = inside::court(tx, &key(case))?;
    Ok(court.map(|court| court.accepted_on.is_some()))
}
