//! The page of whoever acts for a party by a power of attorney: number and code open what the side reads, and the steps
//! that the power lets him take. Nothing of it is kept in the browser: the code travels in the form.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::kind::{Offer, Own, Section};
use counter::{Coded, Guess};
use hall::{Fault, Sent};
use kernel::case::{Case, HAS_READ, IS_SURE, Relation, asks, is_noted, is_of_herself, possible};
use kernel::procedure::{Action, Need};
use kernel::refusal::Refusal;
use store::Tx;
use web::{Page, PostForm, Problem, WebError, render_status, too_often};

use super::LABELS;
use crate::Hearings;
use crate::actions::representing::{Asking, Represented};
use crate::actions::told::{member_told, special_told};
use crate::refusals::Why;
use crate::rules::asking::asked;
use crate::rules::guarding::Barred;
use crate::rules::power::{is_said_by_agent, needed};
use crate::words::MEDIATION;

/// What guesses at codes are counted as.
const REPRESENT: &str = "represent";
/// What stands before the names of what is ticked.
const FIELD: &str = "field_";
/// All that a step asks of whoever takes it himself.
const TICKS: [&str; 2] = [HAS_READ, IS_SURE];

#[derive(Template)]
#[template(path = "hearings/represent.html")]
struct RepresentPage {
    page: Page,
    number: String,
    code: String,
    seen: Option<Seen>,
    problems: Vec<Problem>,
}

/// What whoever acts by a power reads, and what he can say.
#[derive(Default)]
struct Seen {
    /// A step was taken just now.
    is_done: bool,
    /// For whom he acts; empty once the mediation ended with the step.
    giver: String,
    /// What his power lets him do.
    may: String,
    /// Until when.
    until: String,
    /// How the mediation stands.
    state: String,
    /// When and where the side is awaited, what it is asked, and how its answer stands.
    lines: Vec<String>,
    /// What the side reads.
    sections: Vec<Section>,
    steps: Vec<Said>,
    /// How many events the mediation has: the form of a step sends it back.
    drawn: i64,
    /// What only the party herself says, or an agent with a special power.
    beyond: Vec<String>,
}

/// A step that can be taken.
struct Said {
    name: String,
    title: String,
    notes: Vec<String>,
    ticks: Vec<Tick>,
    is_usual: bool,
}

/// What is ticked with a step.
struct Tick {
    name: String,
    label: String,
    /// He had ticked it when the step was refused.
    is_ticked: bool,
}

impl Seen {
    /// The same, with what was ticked for the step that was refused.
    fn ticked(mut self, action: &str, fields: &BTreeMap<String, String>) -> Self {
        for tick in self.steps.iter_mut().filter(|step| step.name == action).flat_map(|step| &mut step.ticks) {
            tick.is_ticked = tick.name.strip_prefix(FIELD).is_some_and(|name| fields.contains_key(name));
        }
        self
    }
}

/// `GET /hearings/represent?number=…`
///
/// # Errors
/// A failure.
pub async fn get(State(_): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    shows(page, number, String::new(), None, &[])
}

/// `POST /hearings/represent`: number and code, and the step that is taken. A wrong number, a wrong code and a power
/// that does not hold any more get the same answer.
///
/// # Errors
/// A failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let text = |name: &str| form.get(name).trim().to_owned();
    let ticked = |name: &str| Some((name.to_owned(), text(&format!("{FIELD}{name}")))).filter(|one| !one.1.is_empty());
    let fields: BTreeMap<String, String> = TICKS.into_iter().filter_map(ticked).collect();
    let coded = Coded::of(&form);
    let faults = coded.missing();
    let Coded { number, code } = coded;
    let asking = Asking {
        number: number.clone(),
        code: code.clone(),
        action: text("action"),
        fields,
        drawn: cases::drawn(&form),
        sent: Sent::of(&form, &number),
        once: form.key().to_owned(),
    };
    if !faults.is_empty() {
        return shows(page, number, code, None, &faults);
    }
    let guess = desk.counter.guess(&page, REPRESENT).at_number(&number);
    match web::settled(desk.stood_in(&page, &guess, asking.clone()).await)? {
        Ok(seen) => {
            let shown = shows(page, number, code, Some(seen), &[])?;
            Ok(desk.counter.known_from_now(&guess, shown)?)
        }
        Err(refusal) => {
            // The step was refused: what he may read stands there again.
            let may_read = refusal.code != Why::HearingsPowerUnknown && !asking.action.is_empty();
            let looking = Asking { action: String::new(), ..asking.clone() };
            let seen = if may_read { web::settled(desk.stood_in(&page, &guess, looking).await)?.ok() } else { None };
            let mut fields = asking.fields;
            cases::unread(&mut fields, &refusal);
            let seen = seen.map(|seen| seen.ticked(&asking.action, &fields));
            let again = shows(page, number, code, seen, std::slice::from_ref(&refusal))?;
            Ok(too_often(&refusal, again))
        }
    }
}

fn shows(
    page: Page,
    number: String,
    code: String,
    seen: Option<Seen>,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problems = page.problems(LABELS, faults);
    render_status(status, &RepresentPage { page, number, code, seen, problems })
}

impl Hearings {
    /// What whoever gave number and code reads, once the step that he takes is taken.
    async fn stood_in(self: &Arc<Self>, page: &Page, guess: &Guess, asking: Asking) -> Result<Seen, Fault> {
        let (desk, drawn, looks) = (self.clone(), page.clone(), asking.action.is_empty());
        let stands = move |tx: &mut dyn Tx| desk.stands_in(tx, &drawn, &asking);
        // Whoever only looks keeps nobody from writing.
        let found = if looks {
            self.counter.guarded(guess, self.hall.store.read(stands)).await?
        } else {
            self.counter.guarded(guess, self.hall.store.write(stands)).await?
        };
        found.ok_or_else(|| Refusal::new(Why::HearingsPowerUnknown).into())
    }

    fn stands_in(&self, tx: &mut dyn Tx, page: &Page, asking: &Asking) -> Result<Option<Seen>, Fault> {
        // Whoever is signed in as staff acts for nobody.
        if page.visitor.staff() {
            return Ok(None);
        }
        let Asking { number, code, .. } = asking;
        let Some(represented) = self.represented(tx, number, code, page.today())? else { return Ok(None) };
        if asking.action.is_empty() {
            return self.read_for(tx, page, &represented).map(Some);
        }
        self.acts_for(tx, page, represented, asking)?;
        let seen = match self.represented(tx, number, code, page.today())? {
            Some(represented) => self.read_for(tx, page, &represented)?,
            None => Seen::default(),
        };
        Ok(Some(Seen { is_done: true, ..seen }))
    }

    /// What the side reads for which somebody acts, and what he can say for it.
    fn read_for(&self, tx: &mut dyn Tx, page: &Page, represented: &Represented) -> Result<Seen, Fault> {
        let Represented { known, power, record, barred, .. } = represented;
        let told = self.cases.in_words(tx, page, known)?;
        let kind = self.cases.kinds.get(MEDIATION).ok_or(Fault::NotFound)?;
        let Own { ahead, question, instead, stands, before, kept, .. } =
            kind.own(tx, page, &told.case, &told.events, Some(*record))?;
        let procedure = self.cases.procedure_of(&known.case)?;
        let relation = Relation::of_record(*record);
        let all = possible(procedure, &known.case, &page.visitor.actor, &relation);
        // By some powers nobody consents, and a no is said all the same.
        let is_his = |action: &Action| is_noted(action) && (barred.is_none() || !action.gives_consent);
        let said: Vec<(&str, &Action)> =
            all.into_iter().filter(|(name, action)| is_said_by_agent(name) && is_his(action)).collect();
        let names: Vec<&str> = said.iter().map(|(name, _)| *name).collect();
        let instead = instead.filter(|_| *barred == Some(Barred::Guardian));
        let silent = barred.filter(|why| *why != Barred::Guardian).map(|why| Refusal::new(why.code()));
        let silent = silent.map(|refusal| refusal.sentence(page.lang));
        let mut offers = kind.offered(tx, page, &known.case, &names, None)?.unwrap_or_default();
        let about = asked(&told.events, procedure);
        let (mut steps, mut beyond) = (Vec::new(), Vec::new());
        for (name, action) in said {
            let Some(offer) = offers.remove(name) else { continue };
            let step = step(page, &known.case, name, action, offer);
            match needed(name, about) {
                Some(special) if !power.allows(special) => beyond.push(step.title),
                _ => steps.push(step),
            }
        }
        let state = self.cases.procedures().state(&known.case.procedure, &known.case.state);
        Ok(Seen {
            is_done: false,
            giver: member_told(page, &power.giver),
            may: special_told(page, power),
            until: power.until_on.map_or_else(|| page.t("hearings-power-until-end"), |on| page.date(on)),
            state: state.map(|state| page.of(&state.title).to_owned()).unwrap_or_default(),
            lines: ahead.into_iter().chain(instead.or(question)).chain(silent).chain(stands).collect(),
            sections: before.into_iter().map(|section| without_choosing(page, section)).chain(kept).collect(),
            steps,
            drawn: known.case.sequence,
            beyond,
        })
    }
}

/// What the side reads, without how it chooses the mediator: an agent tells that to whoever mediates.
fn without_choosing(page: &Page, mut section: Section) -> Section {
    let how = page.t("hearings-own-choose");
    section.lines.retain(|line| *line != how);
    section
}

/// A step as whoever acts for a side is offered it.
fn step(page: &Page, case: &Case, name: &str, action: &Action, offer: Offer) -> Said {
    let is_hers = |need: &&Need| is_of_herself(action, need) && asks(case, action, need);
    let ticks = action.needs.iter().filter(is_hers).map(|need| {
        let label = offer.labels.get(&need.name).cloned();
        let label = label.unwrap_or_else(|| page.of(&need.title).to_owned());
        Tick { name: format!("{FIELD}{}", need.name), label, is_ticked: false }
    });
    Said {
        name: name.to_owned(),
        ticks: ticks.collect(),
        is_usual: offer.primary.unwrap_or(action.primary),
        title: offer.title.unwrap_or_else(|| page.of(&action.title).to_owned()),
        notes: offer.notes,
    }
}
