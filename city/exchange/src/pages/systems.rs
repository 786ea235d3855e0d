//! This page shows the list of other systems, and the form that registers one.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use uuid::Uuid;
use web::{Choice, Crumb, Form, Page, Pager, PostForm, Problem, WebError, render, render_status};

use super::{SYSTEMS, crumbs, scopes, state};
use crate::actions::NewSystem;
use crate::words::{ApiScope, System};
use crate::{Exchange, rules};

/// Says how many places a search offers.
const MOST_PLACES: usize = 12;

/// A system as a line of the list.
struct Line {
    id: Uuid,
    name: String,
    place: String,
    department: String,
    scopes: String,
    state: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "exchange/systems.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "exchange/open.html")]
struct OpenPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: Form,
    calls: String,
    departments: Vec<Choice>,
    scopes: Vec<Choice>,
    places: Vec<Choice>,
    problems: Vec<Problem>,
}

/// Answers `GET /systems`.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if he has no permission.
pub async fn list(State(exchange): State<Arc<Exchange>>, page: Page) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let limit = exchange.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let after = Uuid::parse_str(page.query.get("after")).ok();
    let systems = exchange.listed(&page.visitor.actor, after, limit).await?;
    let full = i64::try_from(systems.len()).is_ok_and(|count| count >= limit);
    let next = systems.last().filter(|_| full).map(|last| format!("{SYSTEMS}?after={}", last.id));
    let pager = Pager { before: after.map(|_| SYSTEMS.to_owned()), after: next };
    let lines = systems.iter().map(|system| exchange.line(&page, system)).collect();
    render(&ListPage { page, lines, pager })
}

/// Answers `GET /systems/open`.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if he has no permission.
pub async fn form(State(exchange): State<Arc<Exchange>>, page: Page) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.ask(page, Form::default(), &[])
}

/// Answers `POST /systems/open`.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if he has no permission.
pub async fn open(State(exchange): State<Arc<Exchange>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let new = match exchange.read_form(&page, &form) {
        Ok(new) => new,
        Err(refusals) => return exchange.ask(page, form.into_form(), &refusals),
    };
    let done = exchange.register(new, &page.visitor.actor, page.now).await.map(|id| format!("{SYSTEMS}/{id}"));
    web::answer(done, |refusal| async move { exchange.ask(page, form.into_form(), &[refusal]) }).await
}

/// Returns a refusal that calls its field by the name in the form.
fn problem(page: &Page, refusal: &Refusal) -> Problem {
    let named = match refusal.field.as_deref() {
        Some("name") => refusal.clone().with("label", page.t("exchange-name")),
        Some("scopes") => refusal.clone().with("label", page.t("exchange-scopes")),
        Some("calls") => refusal.clone().with("label", page.t("exchange-calls-per-minute")),
        Some("place_choice") => refusal.clone().with("label", page.t("exchange-place")),
        _ => refusal.clone(),
    };
    page.problem(&named)
}

impl Exchange {
    fn line(&self, page: &Page, system: &System) -> Line {
        Line {
            id: system.id,
            name: system.name.clone(),
            place: self.place_name(page, &system.place),
            department: self.department_name(page, system.department.as_deref()),
            scopes: scopes(page, system).join(page.lang.pick("、", ", ")),
            state: state(system),
        }
    }

    fn ask(&self, page: Page, form: Form, refusals: &[Refusal]) -> Result<Response, WebError> {
        let offered = self.cases.hall.figure(crate::words::EXCHANGE_CALLS_PER_MINUTE, page.now)?;
        let chosen = form.all("scopes");
        let scope = |scope: ApiScope| Choice {
            chosen: chosen.contains(&scope.code()),
            ..Choice::new(scope.code(), page.t(scope.key()), "")
        };
        let department = |department: &counter::catalogue::Department| {
            Choice::new(department.code.as_str(), page.of(&department.name), form.get("department"))
        };
        let any = Choice::new("", page.t("exchange-department-any"), form.get("department"));
        let found = self.candidates(&page, form.get("place"));
        let place =
            |path: &PlacePath| Choice::new(path.as_str(), self.place_name(&page, path), form.get("place_choice"));
        let status = if refusals.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = OpenPage {
            crumbs: crumbs(&page),
            calls: form.opt("calls").map_or_else(|| offered.to_string(), str::to_owned),
            departments: [any].into_iter().chain(self.counter.catalogue().departments().map(department)).collect(),
            scopes: ApiScope::ALL.into_iter().map(scope).collect(),
            places: if found.len() > 1 { found.iter().map(place).collect() } else { Vec::new() },
            problems: refusals.iter().map(|refusal| problem(&page, refusal)).collect(),
            form,
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns the places that fit the words and lie where the visitor manages accounts.
    fn candidates(&self, page: &Page, words: &str) -> Vec<PlacePath> {
        let tree = self.cases.hall.places.tree();
        let coded = tree.by_code(words).map(|place| vec![place.path.clone()]);
        let mut found = coded
            .unwrap_or_else(|| tree.search(words, MOST_PLACES).into_iter().map(|place| place.path.clone()).collect());
        let scopes = page.visitor.actor.scopes(identity::May::AccountManage);
        found.retain(|place| scopes.iter().any(|scope| scope.place.contains(place)));
        found
    }

    /// Reads the system that the form means. Its identity is the form's own key, so that a form that is sent twice
    /// registers one system.
    fn read_form(&self, page: &Page, form: &PostForm) -> Result<NewSystem, Vec<Refusal>> {
        let scopes: BTreeSet<ApiScope> = form.all("scopes").into_iter().filter_map(ApiScope::parse).collect();
        let calls = form.get("calls").parse::<i64>().ok();
        let most = crate::words::EXCHANGE_CALLS_PER_MINUTE_MAXIMUM;
        let most = self.cases.hall.rulebook.get_everywhere(most, page.today()).map_err(|refusal| vec![refusal])?;
        let mut refusals = rules::faults(form.get("name"), &scopes, calls, i64::from(most));
        let found = self.candidates(page, form.get("place"));
        let chosen = |place: &&PlacePath| found.len() == 1 || place.as_str() == form.get("place_choice");
        let place = found.iter().find(chosen).cloned();
        if place.is_none() {
            let code = if found.is_empty() { Code::PlaceUnknown } else { Code::FormChoice };
            refusals.push(Refusal::new(code).field(if found.is_empty() { "place" } else { "place_choice" }));
        }
        let department = form.opt("department").map(str::to_owned);
        if department.as_ref().is_some_and(|code| self.counter.catalogue().department(code).is_none()) {
            let label = page.t("exchange-department");
            refusals.push(Refusal::new(Code::FormChoice).field("department").with("label", label));
        }
        match (place, calls) {
            (Some(place), Some(calls_per_minute)) if refusals.is_empty() => Ok(NewSystem {
                id: form.id_of(page.visitor.actor.account.unwrap_or_default()),
                name: form.get("name").to_owned(),
                place,
                department,
                scopes,
                calls_per_minute,
            }),
            _ => Err(refusals),
        }
    }
}
