//! This page shows one hand-over list (交接清单). It is printed with lines to sign, and the desk that receives confirms
//! it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{InPath, Page, PathPart, PostForm, Problem, WebError, render_status};

use crate::Papers;
use crate::actions::{Confirming, works_at};
use crate::records::sheet::{self, Line, Sheet};
use crate::words::{PaperOf, SheetNumber};

#[derive(Template)]
#[template(path = "papers/sheet.html")]
struct SheetPage {
    page: Page,
    number: String,
    from: String,
    to: String,
    made: String,
    confirmed: Option<String>,
    note: String,
    lines: Vec<LineRow>,
    receives: bool,
    problem: Option<Problem>,
}

/// A line of the list.
struct LineRow {
    key: String,
    number: String,
    item: String,
    material: String,
    class: &'static str,
    arrived: String,
}

impl PathPart for SheetNumber {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// Answers `GET /papers/custody/{list}`.
///
/// # Errors
/// Answers 404 if the list goes neither from nor to one of the visitor's desks.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(list): InPath<SheetNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    papers.sheet_page(page, list, None).await
}

/// Answers `POST /papers/custody/{list}`, with which the receiving desk says what arrived.
///
/// # Errors
/// Answers 404 if the list does not go to one of the visitor's desks.
pub async fn confirm(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(list): InPath<SheetNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let arrived = form.all("papers").into_iter().filter_map(PaperOf::parse).collect();
    let (note, once) = (form.get("note").to_owned(), form.key().to_owned());
    let done = Confirming { number: list.clone(), arrived, note, id: Uuid::now_v7(), once };
    let (desk, actor, now) = (papers.clone(), page.visitor.actor.clone(), page.now);
    let done = papers.counter.cases.hall.store.write(move |tx| desk.confirm(tx, &done, &actor, now)).await;
    let done = done.map(|()| format!("/papers/custody/{}", list.as_str()));
    web::answer(done, |refusal| papers.sheet_page(page, list, Some(refusal))).await
}

impl Papers {
    async fn sheet_page(
        self: &Arc<Self>,
        page: Page,
        list: SheetNumber,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let (papers, actor) = (self.clone(), page.visitor.actor.clone());
        let read = move |tx: &mut dyn Tx| {
            let found = papers.sheet(tx, &list)?;
            if !works_at(&actor, &found.from()) && !works_at(&actor, &found.to()) {
                return Err(Fault::NotFound);
            }
            let lines = sheet::lines(tx, found.district, &found.number)?;
            Ok((found, lines))
        };
        let (found, lines) = self.counter.cases.hall.store.read(read).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        render_status(status, &self.sheet_drawn(page, &found, &lines, refusal))
    }

    fn sheet_drawn(&self, page: Page, found: &Sheet, lines: &[Line], refusal: Option<Refusal>) -> SheetPage {
        let row = |line: &Line| LineRow {
            key: line.paper().show(),
            number: line.case_number.clone(),
            item: self.item_name(&page, &line.item),
            material: self.counter.cases.material_name(&line.item, &line.material, page.lang),
            class: match line.arrived {
                Some(true) => "ok",
                Some(false) => "late",
                None => "stop",
            },
            arrived: page.t(match line.arrived {
                Some(true) => "papers-arrived-yes",
                Some(false) => "papers-arrived-no",
                None => "papers-arrived-open",
            }),
        };
        let confirmed = found.confirmed_at.zip(found.confirmed_by.as_ref());
        SheetPage {
            number: found.number.clone(),
            from: self.holder_name(&page, &found.from()),
            to: self.holder_name(&page, &found.to()),
            made: format!("{} · {}", found.made_by, page.minute(found.made_at)),
            confirmed: confirmed.map(|(at, by)| format!("{by} · {}", page.minute(at))),
            note: found.note.clone().unwrap_or_default(),
            lines: lines.iter().map(row).collect(),
            receives: found.confirmed_at.is_none() && works_at(&page.visitor.actor, &found.to()),
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        }
    }
}
