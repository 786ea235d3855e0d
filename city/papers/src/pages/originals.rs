//! This page shows the originals of one case: who holds each now, and every hand through which they went. Here they are
//! taken in and given back.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::{Known, district};
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Choice, InPath, Page, PostForm, Problem, WebError, render_status};

use super::custody::OriginalRow;
use super::seen;
use crate::actions::{Taking, works_at};
use crate::records::custody::{self, HELD, Move, Original, RETURNED};
use crate::words::{Holder, PaperOf};
use crate::{Papers, rules};

#[derive(Template)]
#[template(path = "papers/originals.html")]
struct OriginalsPage {
    page: Page,
    number: String,
    item: String,
    rows: Vec<HeldRow>,
    trail: Vec<MoveRow>,
    takeable: Vec<Choice>,
    problem: Option<Problem>,
}

/// An original of the case.
struct HeldRow {
    row: OriginalRow,
    /// The code of the material.
    code: String,
    /// Whether the resident has it back.
    returned: bool,
    /// Whether this visitor's desk holds it.
    here: bool,
}

/// One step of the trail.
struct MoveRow {
    at: String,
    material: String,
    text: String,
    by: String,
    sheet: String,
}

/// Answers `GET /cases/{number}/originals`.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    papers.originals_page(page, number, None).await
}

/// Answers `POST /cases/{number}/originals`. It takes in originals that are kept here.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn take(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    let chosen = form.all("papers").into_iter().map(str::to_owned).collect();
    let taking = Taking { papers: chosen, once: form.key().to_owned() };
    let done = papers.take_in(known, taking, page.visitor.actor.clone(), page.now).await;
    papers.moved_on(page, number, done).await
}

/// Answers `POST /cases/{number}/originals/back`. It gives an original back to the resident.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn give_back(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    let material = form.get("material").to_owned();
    let paper = PaperOf { district: district(&known.case), case: known.case.id.0, material };
    let (actor, now, key, id) = (page.visitor.actor.clone(), page.now, form.key().to_owned(), Uuid::now_v7());
    let write = move |tx: &mut dyn Tx| Papers::give_back(tx, &paper, id, &key, &actor, now);
    let done = papers.counter.cases.hall.store.write(write).await;
    papers.moved_on(page, number, done).await
}

impl Papers {
    /// Leads back to the page, or shows the page again with what was refused.
    async fn moved_on(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        done: Result<(), Fault>,
    ) -> Result<Response, WebError> {
        let done = done.map(|()| format!("/cases/{number}/originals"));
        web::answer_permitted(done, |refusal| self.originals_page(page, number, Some(refusal))).await
    }

    async fn originals_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let known = seen(self, &page, &number).await?;
        let (shard, id) = (district(&known.case), known.case.id.0);
        let read = move |tx: &mut dyn Tx| {
            let rows = custody::of_case(tx, shard, id)?;
            Ok::<_, Fault>((rows, custody::trail(tx, shard, id)?))
        };
        let (rows, trail) = self.counter.cases.hall.store.read(read).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let case = &known.case;
        let drawn = OriginalsPage {
            number: case.number.clone(),
            item: self.item_name(&page, case.item()),
            rows: rows.iter().map(|one| self.held_row(&page, one)).collect(),
            trail: trail.iter().map(|one| self.move_row(&page, case.item(), one)).collect(),
            takeable: self.takeable(&page, &known, &rows),
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        };
        render_status(status, &drawn)
    }

    fn held_row(&self, page: &Page, one: &Original) -> HeldRow {
        HeldRow {
            row: self.original_row(page, one),
            code: one.material.clone(),
            returned: one.state == RETURNED,
            here: one.state == HELD && works_at(&page.visitor.actor, &one.holder()),
        }
    }

    /// Returns the papers whose original this visitor could take in.
    fn takeable(&self, page: &Page, known: &Known, rows: &[Original]) -> Vec<Choice> {
        let case = &known.case;
        if case.closed_at.is_some() || self.takes(known, &page.visitor.actor).is_err() {
            return Vec::new();
        }
        let away = |code: &&String| rows.iter().all(|one| one.material != **code || one.state == RETURNED);
        let codes: BTreeSet<&String> = case.papers().keys().chain(case.missing()).collect();
        let asked = codes.into_iter().filter(away).filter(|code| rules::is_asked(case, code));
        asked
            .map(|code| Choice::new(code, self.counter.cases.material_name(case.item(), code, page.lang), ""))
            .collect()
    }

    fn move_row(&self, page: &Page, item: &str, one: &Move) -> MoveRow {
        let from = self.end_name(page, one.from_path.as_ref(), one.from_department.as_deref());
        let to = self.end_name(page, one.to_path.as_ref(), one.to_department.as_deref());
        MoveRow {
            at: page.minute(one.at),
            material: self.counter.cases.material_name(item, &one.material, page.lang),
            text: page.t2(&format!("papers-move-{}", one.deed), "from", from, "to", to),
            by: one.by_name.clone(),
            sheet: one.sheet.clone().unwrap_or_default(),
        }
    }

    /// Returns the name of one end of a move. It is the resident if it is no desk.
    fn end_name(&self, page: &Page, place: Option<&PlacePath>, department: Option<&str>) -> String {
        match place {
            Some(place) => {
                let department = department.unwrap_or_default().to_owned();
                self.holder_name(page, &Holder { place: place.clone(), department })
            }
            None => page.t("papers-resident"),
        }
    }
}
