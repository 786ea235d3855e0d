//! The originals of one case: who holds each now, every hand they went through, taking in and giving back.

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
    /// Code of the material.
    code: String,
    /// The resident has it back.
    returned: bool,
    /// This visitor's desk holds it.
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

/// `GET /cases/{number}/originals`
///
/// # Errors
/// 404 when the case is not this visitor's.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    papers.originals_page(page, number, None).await
}

/// `POST /cases/{number}/originals`: originals that are kept here are taken in.
///
/// # Errors
/// 404, or a failure.
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

/// `POST /cases/{number}/originals/back`: an original is given back to the resident.
///
/// # Errors
/// 404, or a failure.
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
    /// Back to the page, or the page again with what was refused.
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
            problem: refusal.map(|refusal| Problem::of(&refusal, page.lang)),
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

    /// The papers of which this visitor could take the original in.
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

    /// One end of a move; the resident when it is nobody's desk.
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
