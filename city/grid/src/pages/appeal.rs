//! This page takes a unit's appeal against a report's having been late, once, after it was closed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::Grid;
use crate::actions::handling::handles;
use crate::words::REPORT;

#[derive(Template)]
#[template(path = "grid/appeal.html")]
struct AppealPage {
    page: Page,
    number: String,
    reason: String,
    faults: Vec<Problem>,
    /// Why there is nothing to appeal against; none where there is.
    refused: Option<Problem>,
}

/// `GET /report/{number}/appeal`
///
/// # Errors
/// Sign-in needed, 404 for a report that this visitor's unit did not handle, or a failure.
pub async fn get(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    grid.show_appeal(page, number.as_str(), String::new(), Vec::new()).await
}

/// `POST /report/{number}/appeal`
///
/// # Errors
/// Sign-in needed, 404 for a report that this visitor's unit did not handle, or a failure.
pub async fn post(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let (reason, once) = (form.get("reason").to_owned(), form.key().to_owned());
    let (actor, asked, said) = (page.visitor.actor.clone(), number.as_str().to_owned(), reason.clone());
    match web::settled(grid.appeal(asked, said, actor, once, page.now).await)? {
        Ok(case) => Ok(Redirect::to(&format!("/cases/{}", case.number)).into_response()),
        Err(refusal) => grid.show_appeal(page, number.as_str(), reason, vec![refusal]).await,
    }
}

impl Grid {
    async fn show_appeal(
        &self,
        page: Page,
        number: &str,
        reason: String,
        faults: Vec<Refusal>,
    ) -> Result<Response, WebError> {
        let (cases, asked, actor) = (self.cases.clone(), number.to_owned(), page.visitor.actor.clone());
        let known = self.hall.store.read(move |tx| cases.known_number(tx, &asked)).await?;
        if known.case.kind != REPORT || !handles(&actor, &known.case.decider) {
            return Err(WebError::NotFound);
        }
        let allowed = self.appealable(known, page.now).await?;
        let refused = allowed.err().map(|refusal| page.problem(&refusal));
        // That there is nothing to appeal against is an answer to whoever looks; what she sent is refused.
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let faults = page.problems(LABELS, &faults);
        render_status(status, &AppealPage { page, number: number.to_owned(), reason, faults, refused })
    }

    async fn appealable(
        &self,
        known: cases::Known,
        now: kernel::time::Instant,
    ) -> Result<Result<(), Refusal>, WebError> {
        let calendar = self.hall.calendar();
        let asked = self.hall.store.read(move |tx| crate::actions::handling::may_appeal(tx, &known, &calendar, now));
        match asked.await {
            Ok(()) => Ok(Ok(())),
            Err(Fault::Refused(refusal)) => Ok(Err(refusal)),
            Err(fault) => Err(fault.into()),
        }
    }
}
