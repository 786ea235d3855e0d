//! What a side does on pages of her own: she corrects the name by which papers call her, and prints the paper that says
//! that the mediation ended.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::identifier::CaseNumber;
use kernel::refusal::Refusal;
use store::Tx;
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use super::sheet::SheetPage;
use crate::Hearings;
use crate::rules::paper::PRINTED;
use crate::words::{FIRST, SECOND};

/// The paper that says that a mediation ended.
const ENDED: &str = "ended";

#[derive(Template)]
#[template(path = "hearings/name.html")]
struct NamePage {
    page: Page,
    number: String,
    /// What she typed.
    typed: String,
    problems: Vec<Problem>,
    /// Whether her name can still be corrected.
    is_open: bool,
}

/// `GET /follow/{number}/name`: the form by which a side corrects her own name.
///
/// # Errors
/// 404 for everybody who is no side of this mediation.
pub async fn name(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    desk.name_page(page, number, "", &[]).await
}

/// `POST /follow/{number}/name`: the name that she gives herself.
///
/// # Errors
/// As [`name`]; what is wrong with the name stands beside its field.
pub async fn named(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (here, drawn, asked, sent) = (desk.clone(), page.clone(), number.clone(), Sent::of(&form, &number));
    let typed = form.get("name").to_owned();
    let write = move |tx: &mut dyn Tx| here.named_herself(tx, &drawn, &asked, form.get("name"), &sent);
    let done = desk.hall.store.write(write).await.map(|()| format!("/follow/{number}"));
    let again = |refusal| async move { desk.name_page(page, number, &typed, &[refusal]).await };
    web::answer(done, again).await
}

/// `GET /follow/{number}/ended`: the paper that says that the mediation ended, with masked names.
///
/// # Errors
/// 404 for everybody else, and while it has not ended so.
pub async fn ended(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    let (here, drawn, asked) = (desk.clone(), page.clone(), number.clone());
    let read = move |tx: &mut dyn Tx| {
        let known = here.read_by_code(tx, &drawn, &asked)?.known;
        let paper = PRINTED.into_iter().find(|paper| paper.code == ENDED).ok_or(Fault::NotFound)?;
        let people = [here.side_people(tx, &known, FIRST, None)?, here.side_people(tx, &known, SECOND, None)?];
        here.sheet_of(tx, &drawn, &known, paper, people)
    };
    let sheet = desk.hall.store.read(read).await?;
    let (number, rare) = (number.to_string(), String::new());
    render_status(StatusCode::OK, &SheetPage { page, number, is_own: true, sheet, rare, why: None })
}

impl Hearings {
    async fn name_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        typed: &str,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = move |tx: &mut dyn Tx| desk.name_locked(tx, &drawn, &asked);
        let locked = self.hall.store.read(read).await?;
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        // Where no name is taken any more, she reads why in place of a form.
        let told = if faults.is_empty() { locked.as_slice() } else { faults };
        let (problems, is_open) = (page.problems(LABELS, told), locked.is_none());
        let drawn = NamePage { number: number.to_string(), typed: typed.to_owned(), problems, is_open, page };
        render_status(status, &drawn)
    }
}
