//! An appointment begins on this page: at the counter, at home, or back to one that was booked, with its number and the
//! telephone number.

use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
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
    let proved = visits.prove(&page, &number, &telephone).await;
    let proved =
        proved.map(|visit| Next::with_cookie(&format!("/visits/{}", visit.number), visits.pass_cookie(&page, &visit)));
    web::answer(proved, |refusal| async move {
        let problems = page.problems(LABELS, &[refusal]);
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &StartPage { page, number, telephone, problems })
    })
    .await
}

impl Visits {
    /// Returns the visit if number and telephone number belong together. Every wrong pair gets the same refusal, and
    /// the number of tries is limited.
    async fn prove(self: &Arc<Self>, page: &Page, number: &str, telephone: &str) -> Result<Visit, Fault> {
        let asked = rules::read_number(number).map_or_else(|| number.trim().to_owned(), |number| number.text);
        let tries = self.counter.tries(page.address(), "visit", Some(&asked), page.now)?;
        let (visits, given) = (self.clone(), telephone.to_owned());
        match self.store().read(move |tx| visits.proved(tx, &asked, &given)).await {
            Err(Fault::NotFound) => {
                self.counter.tried_in_vain(&tries, page.now);
                Err(Refusal::new(Why::VisitNotFound).into())
            }
            found => found,
        }
    }
}
