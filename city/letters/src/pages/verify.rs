//! This page says whether a certificate is genuine. Anybody can ask with its number and its code, by hand or by the
//! square that is printed on it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::{Code, Refusal};
use web::{Page, Problem, WebError, render_refused, render_status};

use crate::Letters;
use crate::actions::Genuine;
use crate::code::{grouped, tidy};
use crate::words::Standing;

#[derive(Template)]
#[template(path = "letters/verify.html")]
struct VerifyPage {
    page: Page,
    number: String,
    code: String,
    problems: Vec<Problem>,
    /// Whether an answer was given.
    asked: bool,
    found: Option<Found>,
}

/// What anybody may know of a genuine result.
struct Found {
    valid: bool,
    number: String,
    code: String,
    item: String,
    result: String,
    office: String,
    date: String,
    name: String,
}

/// Answers `GET /verify`, with the result if `n` and `c` are given. An unknown number and a wrong code get the same
/// answer.
pub async fn get(State(letters): State<Arc<Letters>>, page: Page) -> Result<Response, WebError> {
    let (number, code) = (page.query.get("n").to_owned(), page.query.get("c").to_owned());
    let problems = missing(&page, &number, &code);
    if (number.is_empty() && code.is_empty()) || !problems.is_empty() {
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return render_status(status, &VerifyPage { page, number, code, problems, asked: false, found: None });
    }
    match web::settled(letters.verified(&page, number.clone(), code.clone()).await)? {
        Ok(found) => {
            let found = found.map(|genuine| letters.found(&page, &genuine, &code));
            render_status(StatusCode::OK, &VerifyPage { page, number, code, problems, asked: true, found })
        }
        Err(refusal) => {
            let problems = vec![page.problem(&refusal)];
            let drawn = VerifyPage { page, number, code, problems, asked: false, found: None };
            render_refused(&refusal, &drawn)
        }
    }
}

/// Returns what is missing if only one of the two was given.
fn missing(page: &Page, number: &str, code: &str) -> Vec<Problem> {
    let problem = |field: &str, key: &str| {
        page.problem(&Refusal::new(Code::FormMissing).field(field).with("label", page.t(key)))
    };
    match (number.is_empty(), code.is_empty()) {
        (true, false) => vec![problem("n", "letters-number")],
        (false, true) => vec![problem("c", "letters-code")],
        _ => Vec::new(),
    }
}

impl Letters {
    /// Checks a code. Wrong tries count for the network address alone: nobody can guess ten characters, and somebody
    /// who guesses at a number must not keep others from checking it.
    async fn verified(self: &Arc<Self>, page: &Page, number: String, code: String) -> Result<Option<Genuine>, Fault> {
        let (guess, letters) = (self.counter.guess(page, "verify"), self.clone());
        let check = self.counter.cases.hall.store.read(move |tx| letters.genuine(tx, &number, &code));
        self.counter.guarded(&guess, check).await
    }

    fn found(&self, page: &Page, genuine: &Genuine, code: &str) -> Found {
        let (desk, case) = (&self.counter.cases, &genuine.known.case);
        let facts = desk.items.facts_of(case.item(), case.item_version());
        Found {
            valid: genuine.standing == Standing::Valid,
            number: case.number.clone(),
            code: grouped(&tidy(code)),
            item: facts.as_ref().map_or_else(|| case.item().to_owned(), |facts| page.of(&facts.name).to_owned()),
            result: facts.as_ref().map(|facts| page.of(&facts.result).to_owned()).unwrap_or_default(),
            office: desk.office_name(&case.office.place, case.office.department.as_deref(), page.lang),
            date: page.full_date(genuine.on),
            name: genuine.name.clone(),
        }
    }
}
