//! Whoever said something at a hearing point reads with number and code how it was answered and what became of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use counter::Coded;
use kernel::case::Case;
use kernel::refusal::Refusal;
use store::Tx;
use web::{Page, PostForm, Problem, WebError, render_status, too_often};

use super::LABELS;
use crate::Hearings;
use crate::actions::opinions::Opened;
use crate::refusals::Why;
use crate::rules::triage::nearest;
use crate::words::opinion::{ANSWERED, NEW, TURNED};

/// What guesses at codes are counted as.
pub(super) const SAID: &str = "said";

#[derive(Template)]
#[template(path = "hearings/said.html")]
struct SaidPage {
    page: Page,
    number: String,
    seen: Option<Seen>,
    problems: Vec<Problem>,
}

/// What she reads.
struct Seen {
    at: String,
    said: String,
    state: String,
    answer: String,
    by: String,
    became: String,
}

/// `GET /hearings/said?number=…`
///
/// # Errors
/// A failure.
pub async fn get(State(_): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    shows(page, number, None, &[])
}

/// `POST /hearings/said`: number and code. A wrong number and a wrong code get the same answer.
///
/// # Errors
/// A failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let coded = Coded::of(&form);
    let faults = coded.missing();
    let Coded { number, code } = coded;
    if !faults.is_empty() {
        return shows(page, number, None, &faults);
    }
    let (here, asked) = (desk.clone(), number.clone());
    let read = move |tx: &mut dyn Tx| here.opinion_by_code(tx, &asked, &code);
    let guess = desk.counter.guess(&page, SAID).at_number(&number);
    let found = desk.counter.guarded(&guess, desk.hall.store.read(read)).await;
    let found = found.and_then(|found| found.ok_or_else(|| Refusal::new(Why::HearingsOpinionUnknown).into()));
    match web::settled(found)? {
        Ok(opened) => {
            let seen = desk.opinion_seen(&page, &opened);
            let shown = shows(page, number, Some(seen), &[])?;
            Ok(desk.counter.known_from_now(&guess, shown)?)
        }
        Err(refusal) => {
            let again = shows(page, number, None, std::slice::from_ref(&refusal))?;
            Ok(too_often(&refusal, again))
        }
    }
}

fn shows(page: Page, number: String, seen: Option<Seen>, faults: &[Refusal]) -> Result<Response, WebError> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problems = page.problems(LABELS, faults);
    render_status(status, &SaidPage { page, number, seen, problems })
}

/// The key of the words for how something that was said stands.
pub(super) fn stage_key(stage: &str) -> &'static str {
    match stage {
        ANSWERED => "hearings-stage-answered",
        TURNED => "hearings-stage-case",
        _ => "hearings-stage-new",
    }
}

impl Hearings {
    fn opinion_seen(&self, page: &Page, opened: &Opened) -> Seen {
        let Opened { opinion, said, answer, case } = opened;
        let erased = |words: &String| if words.is_empty() { page.t("hearings-triage-erased") } else { words.clone() };
        let was_answered = opinion.stage == ANSWERED;
        Seen {
            at: page.minute(opinion.said_at),
            said: erased(said),
            state: page.t(stage_key(&opinion.stage)),
            answer: if was_answered { erased(answer) } else { String::new() },
            by: if opinion.stage == NEW {
                page.t1("hearings-said-by", "date", page.date(opinion.answer_by))
            } else {
                String::new()
            },
            became: case.as_ref().map(|case| self.became(page, case)).unwrap_or_default(),
        }
    }

    /// What became of something that was said, as everybody may read it: who has it and by when, and how it stands. Of
    /// a confidential case nothing is told but that there is one.
    pub(super) fn became(&self, page: &Page, case: &Case) -> String {
        if case.confidential {
            return page.t("hearings-became-mediation");
        }
        let owner = self.cases.office_name(&case.office.place, case.office.department.as_deref(), page.lang);
        let state = self.cases.procedures().state(&case.procedure, &case.state);
        let state = state.map_or_else(|| case.state.clone(), |state| page.of(&state.title).to_owned());
        let due = nearest(case).filter(|_| case.closed_at.is_none());
        let due = due.map(|due| page.t1("hearings-became-due", "date", page.date(due))).unwrap_or_default();
        page.text("hearings-became", &[("owner", &owner), ("state", &state), ("due", &due)])
    }
}
