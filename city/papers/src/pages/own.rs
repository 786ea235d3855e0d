//! This page shows the applicant her own papers: what is asked and what came. She sends pictures from the telephone's
//! camera, and can object to what data say.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cases::{Known, StepGiven};
use counter::Followed;
use hall::{Fault, Sent};
use kernel::case::{Acting, Relation};
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{InPath, Page, PostForm, Problem, TwoInPath, UploadForm, WebError, render_status};

use super::{PaperSection, identity, sent, shown};
use crate::Papers;

/// What a form says that stands on the page of the case, so that it leads back there.
const CASE: &str = "case";

#[derive(Template)]
#[template(path = "papers/own.html")]
struct OwnPage {
    page: Page,
    post: String,
    number: String,
    item: String,
    ended: bool,
    sections: Vec<PaperSection>,
    limit: String,
    problem: Option<Problem>,
}

/// Answers `GET /follow/{number}/papers`.
///
/// # Errors
/// Without a pass it leads back to the form.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<Followed>,
) -> Result<Response, WebError> {
    papers.own_page(page, number, None).await
}

/// Answers `POST /follow/{number}/papers` with pictures and documents for one paper.
///
/// # Errors
/// Without a pass it leads back to the form.
pub async fn post(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: UploadForm,
) -> Result<Response, WebError> {
    let relation = Relation::applicant(!page.visitor.staff());
    let done = match papers.own_case(&page, &number).await {
        Ok(known) => papers.add(known, sent(&form), page.visitor.actor.clone(), relation, page.now).await,
        Err(fault) => Err(fault),
    };
    if form.get("back") == CASE {
        return papers.counter.followed(page, number, done, StepGiven::default()).await;
    }
    papers.answered(page, number, done).await
}

/// Answers `POST /follow/{number}/papers/remove`. It takes back a file that nobody looked at.
///
/// # Errors
/// Without a pass it leads back to the form.
pub async fn remove(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (desk, drawn, asked, file) = (papers.clone(), page.clone(), number.clone(), form.get("file").to_owned());
    let pressed = Sent::of(&form, &number);
    let write = move |tx: &mut dyn Tx| {
        let known = desk.counter.owned(tx, &drawn, asked.number()?)?;
        if !pressed.is_first(tx, "papers.remove", drawn.now)? {
            return Ok(());
        }
        let relation = Relation::applicant(!drawn.visitor.staff());
        let acting = Acting { actor: &drawn.visitor.actor, relation: &relation };
        desk.remove(tx, &known, identity(&file)?, acting, drawn.now)
    };
    let done = papers.counter.cases.hall.store.write(write).await;
    if form.get("back") == CASE {
        return papers.counter.followed(page, number, done, StepGiven::default()).await;
    }
    papers.answered(page, number, done).await
}

/// Answers `POST /follow/{number}/papers/object`. She says that the data about a paper are wrong and that she will hand
/// it in.
///
/// # Errors
/// Without a pass it leads back to the form.
pub async fn object(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (desk, drawn, asked) = (papers.counter.clone(), page.clone(), number.clone());
    let (material, pressed) = (form.get("material").to_owned(), Sent::of(&form, &number));
    let write = move |tx: &mut dyn Tx| {
        let known = desk.as_applicant(tx, &drawn, asked.number()?)?;
        if !pressed.is_first(tx, "papers.object", drawn.now)? {
            return Ok(());
        }
        Papers::object(tx, &known, &material, drawn.now)
    };
    let done = papers.counter.cases.hall.store.write(write).await;
    papers.answered(page, number, done).await
}

/// Answers `GET /follow/{number}/papers/{file}` with her own file, without a line in the log.
///
/// # Errors
/// Answers 404 to everybody else, and for a file that is not there.
pub async fn file(
    State(papers): State<Arc<Papers>>,
    page: Page,
    TwoInPath(number, file): TwoInPath<Followed, Uuid>,
) -> Result<Response, WebError> {
    if page.visitor.staff() {
        return Err(WebError::NotFound);
    }
    let known = papers.own_case(&page, &number).await?;
    Ok(shown(&papers.look_at_own(known, file).await?))
}

impl Papers {
    /// Returns the case if the visitor is its applicant.
    async fn own_case(&self, page: &Page, number: &Followed) -> Result<Known, Fault> {
        let (desk, drawn, asked) = (self.counter.clone(), page.clone(), number.number()?.clone());
        self.counter.cases.hall.store.read(move |tx| desk.owned(tx, &drawn, &asked)).await
    }

    /// Shows the page again with what was refused, or what is not there any more. A visitor without a pass gets the
    /// form for number and code.
    async fn answered(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
        done: Result<(), Fault>,
    ) -> Result<Response, WebError> {
        let done = match self.counter.missing_told(&page, &number, done).await {
            Err(Fault::NotFound) => Ok("/follow".to_owned()),
            done => done.map(|()| format!("/follow/{number}/papers")),
        };
        web::answer(done, |refusal| self.own_page(page, number, Some(refusal))).await
    }

    async fn own_page(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let (papers, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = move |tx: &mut dyn Tx| {
            let known = papers.counter.owned(tx, &drawn, asked.number()?)?;
            let sections = papers.sections(tx, &drawn, &known)?;
            Ok::<_, Fault>((known.case, sections))
        };
        let (case, sections) = match self.counter.cases.hall.store.read(read).await {
            Ok(found) => found,
            Err(Fault::NotFound) => return Ok(number.to_form().into_response()),
            Err(fault) => return Err(fault.into()),
        };
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let facts = self.counter.cases.items.facts(case.item());
        let drawn = OwnPage {
            post: format!("/follow/{}/papers", case.number),
            number: case.number.clone(),
            item: facts.map_or_else(|| case.item().to_owned(), |facts| page.of(&facts.name).to_owned()),
            ended: case.closed_at.is_some(),
            sections,
            limit: self.megabytes(&page)?,
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns how large a file may be, in MB, for a hint.
    pub(super) fn megabytes(&self, page: &Page) -> Result<String, Fault> {
        Ok((self.bounds(page.now)?.bytes / (1024 * 1024)).to_string())
    }
}
