//! An appointment begins on this page: at the counter, at home, or back to one that was booked, with its number and the
//! telephone number.

use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use counter::Guess;
use hall::Fault;
use kernel::refusal::Refusal;
use web::{Next, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use crate::Visits;
use crate::records::visit::Visit;
use crate::rules;

#[derive(Template)]
#[template(path = "visits/start.html")]
struct StartPage {
    page: Page,
    number: String,
    telephone: String,
    problems: Vec<Problem>,
}

/// Answers `GET /appointments`.
pub async fn get(page: Page) -> Result<Response, WebError> {
    let number = rules::read_number(page.query.get("number")).map(|number| number.text).unwrap_or_default();
    render(&StartPage { page, number, telephone: String::new(), problems: Vec::new() })
}

/// Answers `POST /appointments`. It checks number and telephone number and hands out a pass. A wrong number and a wrong
/// telephone number get the same answer.
pub async fn post(State(visits): State<Arc<Visits>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (number, telephone) = (form.get("number").to_owned(), form.get("telephone").to_owned());
    let asked = rules::read_number(&number).map_or_else(|| number.trim().to_owned(), |number| number.text);
    let guess = visits.counter.guess(&page, "visit").at_number(&asked).with_telephone(&telephone);
    let proved = visits.prove(&guess, asked, telephone.clone()).await;
    let proved = proved.and_then(|visit| visits.let_in(&page, &visit, &guess));
    web::answer(proved, |refusal| async move {
        let problems = page.problems(LABELS, &[refusal]);
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &StartPage { page, number, telephone, problems })
    })
    .await
}

impl Visits {
    /// Returns the visit if number and telephone number belong together. Every wrong pair gets the same refusal, and
    /// after some wrong ones the next try waits.
    async fn prove(self: &Arc<Self>, guess: &Guess, asked: String, given: String) -> Result<Visit, Fault> {
        let visits = self.clone();
        let check = async {
            match self.store().read(move |tx| visits.proved(tx, &asked, &given)).await {
                Err(Fault::NotFound) => Ok(None),
                found => found.map(Some),
            }
        };
        let found = self.counter.guarded(guess, check).await?;
        found.ok_or_else(|| Refusal::new(Why::VisitNotFound).into())
    }

    /// Leads to the visit, with a pass. From now on the device is known for this visit.
    fn let_in(&self, page: &Page, visit: &Visit, guess: &Guess) -> Result<Next, Fault> {
        let cookies = std::iter::once(self.pass_cookie(page, visit)).chain(self.counter.known_device(guess)?);
        let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
        Ok((cookies, Redirect::to(&format!("/visits/{}", visit.number))).into_response().into())
    }
}
