//! Who mediates: whom the parties choose is on the roster of the office and has no tie to any of them, an equal choice
//! is their agreement and is carried out, and an objection is answered by another mediator. Ties are checked when
//! somebody is chosen, when he begins, and as long as he mediates.

use bodies::{Announced, Candidate, Choosing, Dispute};
use cases::kind::Asked;
use hall::Fault;
use kernel::case::{Case, Holder, Recorded};
use kernel::line::name_key;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page};

use super::{Mediations, key};
use crate::actions::powers::powers_of;
use crate::refusals::Why;
use crate::rules::choosing::{agreed, is_chosen, objecting, told_apart};
use crate::words::asking::{ASKS, GOES_ON, LEAVES, NEXT};
use crate::words::power::Power;
use crate::words::{CLASS, MEDIATOR, NAMESAKE, PROPERTY, SUBSTITUTE, TIE};

/// Whether agents count of whom it was said, when their power was written down, that they are not whoever mediates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// They count: somebody else may be chosen, of whom nothing was said.
    Too,
    /// They do not.
    Not,
}

/// Whom a party may choose to mediate.
#[derive(Default)]
pub(super) struct Roster {
    /// What there is to choose from; the first leaves it to the committee. Empty where there is nobody.
    pub(super) choices: Vec<Choice>,
    /// What is said of those who cannot be chosen; none where everybody can.
    pub(super) barred: Option<String>,
}

impl Mediations {
    /// Whoever begins to mediate is on the roster of the office, and nothing ties him to a party.
    pub(super) fn check_mediator(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let (case, answer) = (asked.case, |name: &str| asked.fields.get(name).map_or("", |text| text.trim()));
        let (parties, agents) = (holders(case), self.acting(tx, case, Apart::Too)?);
        let desk = self.desk()?;
        let step = desk.procedure_of(case)?.actions.get(asked.action);
        // By procedures of before nobody could say that he is another of that name.
        let asks = step.is_some_and(|step| step.needs.iter().any(|need| need.name == NAMESAKE));
        let choosing = Choosing {
            dispute: dispute(case, &parties, &agents),
            name: answer(MEDIATOR),
            tie: answer(TIE),
            actor: asked.actor,
            namesake: asks.then(|| answer(NAMESAKE)),
            fields: [MEDIATOR, TIE, NAMESAKE],
        };
        self.bodies.check_mediator(tx, &choosing)
    }

    /// Whoever mediates has no tie to a party later either: somebody may have joined, and an employer or a company may
    /// have changed. Then both sides are asked about another mediator, or another level.
    pub(super) fn is_untied(&self, tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let (case, next) = (asked.case, asked.fields.get(NEXT).map_or("", |step| step.trim()));
        let asks_on = ASKS.contains(&asked.action) && !LEAVES.contains(&next);
        if !asks_on && !GOES_ON.contains(&asked.action) {
            return Ok(());
        }
        let (parties, agents) = (holders(case), self.acting(tx, case, Apart::Not)?);
        let Some(code) = self.bodies.tie_of(tx, &dispute(case, &parties, &agents), case.id.0)? else { return Ok(()) };
        // It was said already that he is another of that name.
        if code == bodies::Why::BodiesNamesake && told_apart(events) {
            return Ok(());
        }
        Err(Refusal::new(code).into())
    }

    /// The mediators of the roster of the office, each with why nobody can choose him.
    pub(super) fn candidates(&self, tx: &mut dyn Tx, case: &Case) -> Result<Vec<Candidate>, Fault> {
        let (parties, agents) = (holders(case), self.acting(tx, case, Apart::Too)?);
        self.bodies.candidates(tx, &dispute(case, &parties, &agents), (self.hall.clock)())
    }

    /// The names of those who act for a party by a power that was not taken back: none of them mediates (回避).
    fn acting(&self, tx: &mut dyn Tx, case: &Case, apart: Apart) -> Result<Vec<String>, Fault> {
        let powers = powers_of(&self.hall, tx, &key(case))?;
        let counts = |power: &Power| power.row.stands() && (apart == Apart::Too || !power.row.told_apart);
        Ok(powers.into_iter().filter(counts).map(|power| power.name).filter(|name| !name.is_empty()).collect())
    }

    /// Whether the mediator of an account has a tie to a party.
    pub(super) fn is_tied_to(&self, tx: &mut dyn Tx, case: &Case, account: Uuid) -> Result<bool, Fault> {
        let parties = holders(case);
        self.bodies.is_tied(tx, &dispute(case, &parties, &[]), account, (self.hall.clock)())
    }

    /// The mediator whom all parties chose; none where they did not choose the same.
    pub(super) fn chosen(&self, tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Option<String>, Fault> {
        if !is_chosen(case, events) {
            return Ok(None);
        }
        let words = self.desk()?.words_of(tx, &key(case))?;
        Ok(agreed(case, events, |name| words.read(name, "").to_owned()))
    }

    /// Whom all parties chose begins to mediate, and nobody else.
    pub(super) fn keeps_choice(&self, tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let Some(name) = self.chosen(tx, asked.case, events)? else { return Ok(()) };
        let typed = asked.fields.get(MEDIATOR).map_or("", |name| name.trim());
        if name_key(&name) == name_key(typed) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsChosenOther).field(MEDIATOR).with("name", name).into())
    }

    /// Whom a party chooses is on the roster of the office and has no tie to a party. Whoever chooses nobody leaves it
    /// to the committee.
    pub(super) fn may_be_chosen(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let typed = asked.fields.get(MEDIATOR).map_or("", |name| name.trim());
        if typed.is_empty() {
            return Ok(());
        }
        match is_barred(&self.candidates(tx, asked.case)?, typed) {
            Some(false) => Ok(()),
            Some(true) => Err(Refusal::new(Why::HearingsTied).field(MEDIATOR).into()),
            None => Err(Refusal::new(Why::HearingsNotListed).field(MEDIATOR).into()),
        }
    }

    /// As long as a party does not accept the mediator, both sides are asked about another one and about nothing else.
    pub(super) fn answers_objection(asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let next = asked.fields.get(NEXT).map_or("", |step| step.trim());
        if next == SUBSTITUTE || objecting(asked.case, events).is_empty() {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsObjected).field(NEXT).into())
    }

    /// Whom a party may choose, each with what he knows well, never with a grade; the first leaves it to the committee.
    /// Nothing where the office has no roster, or nobody on it can be chosen.
    pub(super) fn to_be_chosen(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Roster, Fault> {
        let (free, barred) = parted(self.candidates(tx, case)?);
        if free.is_empty() {
            return Ok(Roster::default());
        }
        let one = |name: String, knows: String| {
            let told = page.t2("hearings-choose-one", "name", &name, "knows", &knows);
            let text = if knows.is_empty() { name.clone() } else { told };
            Choice::new(name, text, "")
        };
        let knows = |listed: &Announced| self.bodies.specialities(&listed.specialities, page.lang);
        let named = free.into_iter().map(|listed| {
            let knows = knows(&listed);
            one(listed.name, knows)
        });
        let committee = Choice { chosen: true, ..Choice::new("", page.t("hearings-choose-committee"), "") };
        let choices = std::iter::once(committee).chain(named).collect();
        Ok(Roster { choices, barred: barred_told(page, &barred) })
    }
}

/// Everybody who is or was a party.
fn holders(case: &Case) -> Vec<&Holder> {
    case.parties.values().flatten().map(|party| &party.holder).collect()
}

/// A mediation as the rosters check ties in it.
fn dispute<'c>(case: &'c Case, parties: &'c [&'c Holder], agents: &'c [String]) -> Dispute<'c> {
    Dispute {
        district: cases::district(case),
        office: &case.office.place,
        parties,
        agents,
        managed: case.fields.get(CLASS).filter(|class| *class == PROPERTY).map(|_| &case.place),
    }
}

/// Whether a mediator of that name cannot be chosen; none where nobody on the roster is called so. Of two with one name
/// the one who can be chosen is meant.
pub(super) fn is_barred(listed: &[Candidate], name: &str) -> Option<bool> {
    let wanted = name_key(name);
    let called = listed.iter().filter(|one| name_key(&one.announced.name) == wanted);
    called.map(|one| one.barred.is_some()).min()
}

/// Those who can be chosen, and those who cannot.
pub(super) fn parted(listed: Vec<Candidate>) -> (Vec<Announced>, Vec<Announced>) {
    let (free, barred): (Vec<Candidate>, Vec<Candidate>) = listed.into_iter().partition(|one| one.barred.is_none());
    let announced = |listed: Vec<Candidate>| listed.into_iter().map(|one| one.announced).collect();
    (announced(free), announced(barred))
}

/// What is said of those who cannot be chosen. Which tie it is, and to whom, nobody reads: where a party lives or
/// works, and what she is called, is hers.
pub(super) fn barred_told(page: &Page, barred: &[Announced]) -> Option<String> {
    let names: Vec<&str> = barred.iter().map(|one| one.name.as_str()).collect();
    let names = names.join(page.lang.pick("、", ", "));
    (!names.is_empty()).then(|| page.t1("hearings-choose-tied", "names", names))
}
