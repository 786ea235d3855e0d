//! An appointment begins on this page: at the counter, at home, or back to one that was booked, with its number and the
//! code of its slip. Number and telephone number alone show when and where it is.

use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use counter::Guess;
use hall::Fault;
use kernel::refusal::{Code, Refusal};
use web::{Light, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use crate::Visits;
use crate::actions::{Proved, Typed};
use crate::records::visit::Visit;
use crate::rules;
use crate::words::{Kind, State as VisitState};

#[derive(Template)]
#[template(path = "visits/start.html")]
struct StartPage {
    page: Page,
    number: String,
    telephone: String,
    problems: Vec<Problem>,
}

/// What anybody may know of a visit who knows its number and the telephone number.
#[derive(Template)]
#[template(path = "visits/glance.html")]
struct GlancePage {
    page: Page,
    number: String,
    kind: Kind,
    /// It was called off, so nobody need come.
    is_cancelled: bool,
    light: Light,
    day: String,
    time: String,
    /// The community whose counter it is. It is empty for a home visit.
    place: String,
}

/// Answers `GET /appointments`.
pub async fn get(page: Page) -> Result<Response, WebError> {
    let number = rules::read_number(page.query.get("number")).map(|number| number.text).unwrap_or_default();
    render(&StartPage { page, number, telephone: String::new(), problems: Vec::new() })
}

/// Answers `POST /appointments`. It checks number and code and hands out a pass; without a code it shows when and where
/// the visit is. A wrong number, a wrong telephone number and a wrong code get the same answer.
pub async fn post(State(visits): State<Arc<Visits>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (number, telephone) = (form.get("number").to_owned(), form.get("telephone").to_owned());
    let asked = rules::read_number(&number).map_or_else(|| number.trim().to_owned(), |number| number.text);
    let typed = Typed { number: asked, telephone: telephone.clone(), code: form.get("code").to_owned() };
    let again = |page: Page, refusals: &[Refusal]| {
        let problems = page.problems(LABELS, refusals);
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &StartPage { page, number, telephone, problems })
    };
    let missing = missing(&typed);
    if !missing.is_empty() {
        return again(page, &missing);
    }
    let guess = visits.counter.guess(&page, "visit").at_number(&typed.number);
    let guess = if typed.code.trim().is_empty() { guess.with_telephone(&typed.telephone) } else { guess };
    match web::settled(visits.prove(&guess, typed).await)? {
        Ok(Proved::Whole(visit)) => Ok(visits.let_in(&page, &visit, &guess)?),
        Ok(Proved::Glance(visit)) => visits.glance(page, &visit),
        Err(refusal) => Ok(web::too_often(&refusal, again(page, std::slice::from_ref(&refusal))?)),
    }
}

/// Returns what was left empty: the number, and both the code and the telephone, of which one is enough.
fn missing(typed: &Typed) -> Vec<Refusal> {
    let is_empty = |text: &str| text.trim().is_empty();
    let number = is_empty(&typed.number).then(|| Refusal::new(Code::FormMissing).field("number"));
    let proof = is_empty(&typed.code) && is_empty(&typed.telephone);
    number.into_iter().chain(proof.then(|| Refusal::new(Why::VisitProofMissing).field("code"))).collect()
}

impl Visits {
    /// Says what was proved with number and code, or number and telephone number. Every wrong pair gets the same
    /// refusal, and after some wrong ones the next try waits.
    async fn prove(self: &Arc<Self>, guess: &Guess, typed: Typed) -> Result<Proved, Fault> {
        let visits = self.clone();
        let check = async {
            match self.store().read(move |tx| visits.proved(tx, &typed)).await {
                Err(Fault::NotFound) => Ok(None),
                found => found.map(Some),
            }
        };
        let found = self.counter.guarded(guess, check).await?;
        found.ok_or_else(|| Refusal::new(Why::VisitNotFound).into())
    }

    /// Leads to the visit, with a pass. From now on the device is known for this visit.
    fn let_in(&self, page: &Page, visit: &Visit, guess: &Guess) -> Result<Response, Fault> {
        let cookies = std::iter::once(self.pass_cookie(page, visit)).chain(self.counter.known_device(guess)?);
        let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
        Ok((cookies, Redirect::to(&format!("/visits/{}", visit.number))).into_response())
    }

    /// Shows when a visit is, at which counter, and how it stands. In whose community a home visit is would say where
    /// she lives.
    fn glance(&self, page: Page, visit: &Visit) -> Result<Response, WebError> {
        let line = self.line(&page, visit, String::new(), false);
        let place = if visit.kind == Kind::Counter { line.place } else { String::new() };
        render(&GlancePage {
            number: line.number,
            kind: line.kind,
            is_cancelled: visit.state == VisitState::Cancelled,
            light: line.light,
            day: line.day,
            time: line.time,
            place,
            page,
        })
    }
}
