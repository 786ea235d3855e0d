//! The form by which whoever keeps a vote takes a ballot on paper back that was entered wrongly. The sheet is entered
//! again afterwards. What was taken back stands here, and on the audit sheet after the end.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError};

use super::LABELS;
use super::ballot::why_back;
use super::choices::with_none;
use super::frame::{COLUMN, done, form_page, headed, sender};
use crate::Property;
use crate::actions::taking_back::Back;
use crate::actions::votes::CORRECTIONS_MOST;
use crate::permissions::May;
use crate::records::corrections;
use crate::records::votes::Vote;
use crate::words::corrections::Correction;
use crate::words::votes::TakenBack;

#[derive(Template)]
#[template(path = "property/back.html")]
struct BackPage {
    page: Page,
    id: Uuid,
    title: String,
    is_open: bool,
    number: String,
    reasons: Vec<Choice>,
    /// The number that was taken back just now; empty at first.
    done: String,
    /// What was taken back: when, the number, why, and by whom.
    list: Table,
    problems: Vec<Problem>,
}

/// `GET /property/votes/{vote}/back`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let form = Form::default().with("number", page.query.get("number"));
    desk.back_page(page, id, &form, &[]).await
}

/// `POST /property/votes/{vote}/back`
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
    let number = form.get("number").trim().to_owned();
    let mut wrong = Vec::new();
    if number.is_empty() {
        wrong.push(Refusal::new(Code::FormMissing).field("number"));
    }
    let reason = TakenBack::parse(form.get("back_reason"));
    if reason.is_none() {
        wrong.push(Refusal::new(Code::FormChoice).field("back_reason"));
    }
    let Some(reason) = reason.filter(|_| wrong.is_empty()) else {
        return desk.back_page(page, id, &form, &wrong).await;
    };
    let (own, by) = (desk.clone(), sender(&page, &form, id));
    let to = format!("/property/votes/{id}/back?done={number}");
    let back = Back { id: Uuid::now_v7(), number, reason };
    let act = move |tx: &mut dyn Tx| own.take_back(tx, id, &back, &by);
    let again = |refusal| async { desk.back_page(page, id, &form, &[refusal]).await };
    done(&desk.hall, act, |()| to, again).await
}

impl Property {
    async fn back_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        form: &Form,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let more = |_: &Self, tx: &mut dyn Tx, vote: &Vote| {
            Ok::<_, Fault>(corrections::of_subject(tx, vote.district, vote.id, CORRECTIONS_MOST)?)
        };
        let (vote, taken) = self.of_own_vote(&page, id, more).await?;
        let named = [
            (ColumnKind::Moment, "corrected"),
            (ColumnKind::Number, "number"),
            (ColumnKind::Text, "why"),
            (ColumnKind::Text, "by"),
        ];
        let row = |one: &Correction| -> Vec<Cell> {
            vec![Cell::Moment(one.at), one.number.into(), why_back(&page, one).into(), one.by_name.clone().into()]
        };
        let list = Table::new(page.t("property-backs"), headed(&page, COLUMN, named)).with(taken.iter().map(row));
        let chosen = form.get("back_reason");
        let reason =
            |one: &TakenBack| Choice::new(one.code(), page.t(&format!("property-taken-back-{}", one.code())), chosen);
        let drawn = BackPage {
            id,
            title: vote.title.clone(),
            is_open: vote.is_under_way() && !vote.is_over(page.now),
            number: form.get("number").to_owned(),
            reasons: with_none(&page, TakenBack::ALL.iter().map(reason).collect(), chosen),
            done: page.query.get("done").to_owned(),
            list,
            problems: page.problems(LABELS, wrong),
            page,
        };
        form_page(wrong, &drawn)
    }
}
