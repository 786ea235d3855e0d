//! The form by which whoever called a vote calls it off, with the reason that its owners read.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::line::open_lines_fault;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::{InPath, Page, PostForm, Problem, WebError};

use super::LABELS;
use super::frame::{done, form_page, sender};
use crate::Property;
use crate::permissions::May;
use crate::words::votes::TEXT_MOST;

#[derive(Template)]
#[template(path = "property/off.html")]
struct OffPage {
    page: Page,
    id: Uuid,
    title: String,
    reason: String,
    problems: Vec<Problem>,
}

/// `GET /property/votes/{vote}/off`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.off_page(page, id, String::new(), &[]).await
}

/// `POST /property/votes/{vote}/off`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let reason = form.get("off_reason").trim().to_owned();
    let wrong = faults(&reason);
    if !wrong.is_empty() {
        return desk.off_page(page, id, reason, &wrong).await;
    }
    let (own, by, said) = (desk.clone(), sender(&page, &form, id), reason.clone());
    let act = move |tx: &mut dyn Tx| own.call_off(tx, id, &said, &by);
    let again = |refusal| async { desk.off_page(page, id, reason, &[refusal]).await };
    done(&desk.hall, act, |()| format!("/property/votes/{id}"), again).await
}

/// What is wrong with a reason.
fn faults(reason: &str) -> Vec<Refusal> {
    let mut wrong = Vec::new();
    if reason.is_empty() {
        wrong.push(Refusal::new(Code::FormMissing).field("off_reason"));
    }
    if reason.chars().count() > TEXT_MOST {
        wrong.push(Refusal::new(Code::FormTooLong).field("off_reason").with("limit", TEXT_MOST));
    }
    wrong.extend(open_lines_fault(reason).map(|code| Refusal::new(code).field("off_reason")));
    wrong
}

impl Property {
    async fn off_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        reason: String,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let (vote, ()) = self.of_own_vote(&page, id, |_, _, _| Ok(())).await?;
        let (title, problems) = (vote.title, page.problems(LABELS, wrong));
        form_page(wrong, &OffPage { page, id, title, reason, problems })
    }
}
