//! The form by which whoever keeps a vote asks that it is called off, with the reason that its owners read, and by
//! which a colleague confirms it.

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
use super::frame::{done, form_page, past_end, sender};
use crate::Property;
use crate::actions::off::Off;
use crate::permissions::May;
use crate::records::votes::Vote;
use crate::words::votes::TEXT_MOST;

#[derive(Template)]
#[template(path = "property/off.html")]
struct OffPage {
    page: Page,
    id: Uuid,
    title: String,
    reason: String,
    /// What somebody asked for; none if nobody did.
    asked: Option<AskedOff>,
    /// That the vote is over, in place of the form; none before its end.
    over: Option<Problem>,
    problems: Vec<Problem>,
}

/// That somebody asks that a vote is called off.
struct AskedOff {
    /// Who asks for it and why, in words.
    told: String,
    reason: String,
    /// Whether this visitor asked for it.
    is_own: bool,
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
    let off = match form.get("deed") {
        "confirm" => Off::Confirm(reason.clone()),
        "keep" => Off::Keep,
        _ => {
            let wrong = faults(&reason);
            if !wrong.is_empty() {
                return desk.off_page(page, id, reason, &wrong).await;
            }
            Off::Ask(reason.clone())
        }
    };
    let (own, by) = (desk.clone(), sender(&page, &form, id));
    let act = move |tx: &mut dyn Tx| own.call_off(tx, id, &off, &by);
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

/// What somebody asks for, as the page shows it.
fn asked(page: &Page, vote: &Vote) -> Option<AskedOff> {
    let reason = vote.off_asked_reason.clone()?;
    let name = vote.off_asked_name.as_deref().unwrap_or_default();
    let told = page.text("property-off-asked", &[("name", name), ("reason", reason.as_str())]);
    Some(AskedOff { told, reason, is_own: vote.off_asked_by == page.visitor.actor.account })
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
        let asked = asked(&page, &vote);
        let (over, others) = past_end(&page, &vote, wrong);
        let (title, problems) = (vote.title, page.problems(LABELS, &others));
        form_page(wrong, &OffPage { page, id, title, reason, asked, over, problems })
    }
}
