//! Staff type in numbered ballot sheets, one after the other, by the keyboard alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError};

use super::LABELS;
use super::frame::{done, form_page, past_end, problems, sender};
use super::vote::{headings, told};
use crate::Property;
use crate::actions::ballots::Sheet;
use crate::permissions::May;
use crate::records::votes::{self, Matter, Vote};
use crate::words::votes::{CANDIDATES_MOST, MATTERS_MOST};

#[derive(Template)]
#[template(path = "property/sheets.html")]
struct SheetsPage {
    page: Page,
    id: Uuid,
    title: String,
    taking: String,
    needed: String,
    number: String,
    fields: Vec<Field>,
    proxy: Vec<Choice>,
    /// The number that was taken before; empty at first.
    done: String,
    /// That the vote is over, in place of the form; none before its end.
    over: Option<Problem>,
    problems: Vec<Problem>,
}

/// The field of a matter.
struct Field {
    /// What stands above the first candidate of an election; empty for all others.
    heading: String,
    name: String,
    label: String,
    value: String,
    error: String,
}

/// `GET /property/votes/{vote}/sheets`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.sheets_page(page, id, &Form::default(), &[]).await
}

/// `POST /property/votes/{vote}/sheets`
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
    let choices = (1..=MATTERS_MOST * CANDIDATES_MOST).map(|at| form.get(&format!("choice{at}")).to_owned());
    let sheet =
        Sheet { number: form.get("number").to_owned(), choices: choices.collect(), by_proxy: form.has("proxy") };
    let (own, by) = (desk.clone(), sender(&page, &form, id));
    let act = move |tx: &mut dyn Tx| own.enter_sheet(tx, id, &sheet, &by);
    let again = |refusal| async { desk.sheets_page(page, id, &form, &[refusal]).await };
    done(&desk.hall, act, |number| format!("/property/votes/{id}/sheets?done={number}"), again).await
}

impl Property {
    async fn sheets_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        form: &Form,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let more = |own: &Self, tx: &mut dyn Tx, vote: &Vote| {
            let (taking, needed, _) = own.quorum(tx, vote)?;
            Ok::<_, Fault>((votes::matters(tx, vote.district, vote.id)?, taking, needed))
        };
        let (vote, (matters, taking, needed)) = self.of_own_vote(&page, id, more).await?;
        let (over, others) = past_end(&page, &vote, wrong);
        let problems = problems(&page, LABELS, &others);
        let field = |(matter, heading): (&Matter, String)| {
            let name = format!("choice{}", matter.number);
            Field {
                heading,
                label: format!("{}. {}", matter.number, matter.title),
                value: form.get(&name).to_owned(),
                error: web::problem_of(&problems, &name).to_owned(),
                name,
            }
        };
        let proxy = if form.has("proxy") { "1" } else { "" };
        let drawn = SheetsPage {
            id,
            title: vote.title,
            taking: told(&page, &taking),
            needed: told(&page, &needed),
            number: form.get("number").to_owned(),
            fields: matters.iter().zip(headings(&page, &matters)).map(field).collect(),
            proxy: vec![Choice::new("1", page.t("property-by-proxy"), proxy)],
            done: page.query.get("done").to_owned(),
            over,
            problems,
            page,
        };
        form_page(wrong, &drawn)
    }
}
