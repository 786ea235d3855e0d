//! How soon a dispute is taken up and why, for whoever mediates it: what is said of the matter, what the rule makes of
//! it, and what a person chose with her reason.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Sent;
use house::{Beside, BesideLink, CaseAt};
use kernel::identifier::CaseNumber;
use kernel::refusal::{Code, Refusal};
use kernel::time::days_between;
use store::Tx;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, people};
use crate::Hearings;
use crate::actions::weighing::{ChoiceSeen, Choosing, Weighing};
use crate::permissions::May;
use crate::records;
use crate::rules::not_counted;
use crate::rules::triage::{Judged, judge, pressing, weighed};
use crate::words::MEDIATION;
use crate::words::triage::{PEOPLE_MOST, Priority, TIMES_MOST, Told, Waiting};

#[derive(Template)]
#[template(path = "hearings/triage.html")]
struct TriagePage {
    page: Page,
    number: String,
    /// What holds now.
    priority: Priority,
    /// Whether a person chose it.
    is_chosen: bool,
    /// What the rule says.
    by_rule: Priority,
    reasons: Vec<String>,
    source: String,
    danger_now: bool,
    people: String,
    times_back: String,
    vulnerable: bool,
    days_waited: i64,
    due: String,
    priorities: Vec<Choice>,
    reason: String,
    history: Vec<Line>,
    problems: Vec<Problem>,
}

/// A choice as the page shows it.
struct Line {
    title: String,
    words: String,
    note: String,
}

/// `GET /cases/{number}/triage`
///
/// # Errors
/// 404 for everybody who does not mediate this dispute.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(May::HearingsMediate)?;
    desk.triage_page(page, &number, &Form::default(), &[]).await
}

/// `POST /cases/{number}/triage`: says anew what decides, chooses with a reason, or says with one that a danger is
/// over.
///
/// # Errors
/// 404 for everybody who does not mediate this dispute.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::HearingsMediate)?;
    let weighing = Weighing {
        number: number.to_string(),
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, &number),
        once: form.key().to_owned(),
        now: page.now,
    };
    let done = if form.has("safe") {
        desk.choose(Choosing::Safe, form.get("reason").trim().to_owned(), weighing).await
    } else if form.has("choose") {
        let code = form.get("priority");
        match (Priority::find(code), code) {
            (None, code) if code != "rule" => Err(Refusal::new(Code::FormMissing).field("priority").into()),
            (priority, _) => {
                let choosing = priority.map_or(Choosing::Rule, Choosing::Priority);
                desk.choose(choosing, form.get("reason").trim().to_owned(), weighing).await
            }
        }
    } else {
        match told(&form) {
            Ok(told) => desk.weigh(told, weighing).await,
            Err(refusal) => Err(refusal.into()),
        }
    };
    match web::settled(done)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/triage")).into_response()),
        Err(refusal) => desk.triage_page(page, &number, &form, &[refusal]).await,
    }
}

/// What a form says of the matter.
fn told(form: &Form) -> Result<Told, Refusal> {
    let count = |name: &'static str, most: u32| people(form.get(name).trim()).ok_or_else(|| not_counted(name, most));
    let is = |name: &str| form.get(name) == "1";
    Ok(Told {
        danger_now: is("danger"),
        people: count("people", PEOPLE_MOST)?,
        times_back: count("times_back", TIMES_MOST)?,
        vulnerable: is("vulnerable"),
    })
}

/// How soon a dispute is taken up.
pub(super) struct Ranked {
    /// What holds now.
    pub priority: Priority,
    /// Why, in words.
    pub why: String,
}

/// What stands beside a dispute: how soon it is taken up, with the reasons.
pub(crate) fn beside(desk: &Arc<Hearings>) -> Beside {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>| {
        if case.kind != MEDIATION || !page.may(May::HearingsMediate) {
            return Ok(Vec::new());
        }
        let at = records::triage::At { district: case.district, case_id: case.id };
        let Some(waiting) = records::triage::find(tx, at)?.filter(|waiting| waiting.open) else {
            return Ok(Vec::new());
        };
        let Ranked { priority, why } = desk.priority_of(page, &waiting);
        let text = page.t2("hearings-beside-triage", "priority", page.t(priority.key()), "why", why);
        Ok(vec![BesideLink { href: format!("/cases/{}/triage", case.number), text, is_open: false }])
    })
}

impl Hearings {
    /// How soon a dispute is taken up, and why in words. What a person chose stands above the rule.
    pub(super) fn priority_of(&self, page: &Page, waiting: &Waiting) -> Ranked {
        let Judged { priority, reasons } = judge(&self.triage, &weighed(waiting, page.now, self.hall.zone()));
        if let Some(chosen) = Priority::find(&waiting.chosen) {
            return Ranked { priority: chosen, why: page.t("hearings-triage-by-hand") };
        }
        let titles: Vec<&str> = reasons.iter().map(|reason| page.of(&reason.title)).collect();
        let none = || page.t("hearings-triage-none");
        let why = if titles.is_empty() { none() } else { titles.join(page.lang.pick("；", "; ")) };
        Ranked { priority, why }
    }

    async fn triage_page(
        self: &Arc<Self>,
        page: Page,
        number: &CaseNumber,
        typed: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (waiting, seen) = self.weighed(number.to_string(), page.visitor.actor.clone(), page.now).await?;
        let matter = weighed(&waiting, page.now, self.hall.zone());
        let Judged { priority: by_rule, reasons } = judge(&self.triage, &matter);
        let chosen = Priority::find(&waiting.chosen);
        let now = chosen.map_or("rule", Priority::code);
        let offered = Priority::ALL.into_iter().map(|one| Choice::new(one.code(), page.t(one.key()), now));
        let rule = Choice::new("rule", page.t("hearings-priority-rule"), now);
        let line = |seen: ChoiceSeen| Line {
            title: page.t(seen.key),
            words: if seen.words.is_empty() { page.t("hearings-triage-erased") } else { seen.words },
            note: format!("{} · {}", page.minute(seen.at), seen.name),
        };
        let was = |name: &str, kept: u32| typed.opt(name).map_or_else(|| kept.to_string(), str::to_owned);
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = TriagePage {
            number: number.to_string(),
            priority: chosen.unwrap_or(by_rule),
            is_chosen: chosen.is_some(),
            by_rule,
            reasons: reasons.iter().map(|reason| page.of(&reason.title).to_owned()).collect(),
            source: page.of(&self.triage.source.title).to_owned(),
            danger_now: matter.told.danger_now,
            people: was("people", matter.told.people),
            times_back: was("times_back", matter.told.times_back),
            vulnerable: matter.told.vulnerable,
            days_waited: days_between(self.hall.zone().date(waiting.entered_at), page.today()),
            due: pressing(&waiting, page.today()).map(|due| page.date(due)).unwrap_or_default(),
            priorities: offered.chain(std::iter::once(rule)).collect(),
            reason: typed.get("reason").to_owned(),
            history: seen.into_iter().map(line).collect(),
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }
}
