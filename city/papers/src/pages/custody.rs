//! This page shows where the originals are: what is here and where it goes next, what is on its way, and what its owner
//! should have back.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::permission::{Permission, Scope};
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Page, PostForm, Problem, WebError, render_status};

use crate::Papers;
use crate::actions::{Sending, desks};
use crate::records::custody::{self, Original};
use crate::records::sheet::{self, End, Sheet};
use crate::words::{Holder, PaperOf};

#[derive(Template)]
#[template(path = "papers/custody.html")]
struct CustodyPage {
    page: Page,
    groups: Vec<Group>,
    staying: Vec<OriginalRow>,
    coming: Vec<SheetRow>,
    going: Vec<SheetRow>,
    overdue: Vec<OriginalRow>,
    problem: Option<Problem>,
}

/// Originals here that go to one and the same desk.
struct Group {
    to: String,
    rows: Vec<OriginalRow>,
}

/// An original as a list shows it.
pub(super) struct OriginalRow {
    /// The value that a box of a form sends.
    pub key: String,
    /// The number of the case.
    pub number: String,
    /// The name of the item.
    pub item: String,
    /// The name of the paper.
    pub material: String,
    /// Since when it is where it is.
    pub since: String,
    /// Who holds it.
    pub holder: String,
    /// By when the resident should have it back.
    pub back_by: String,
    /// Whether that day is over.
    pub late: bool,
}

/// A list as a page shows it.
struct SheetRow {
    number: String,
    from: String,
    to: String,
    made: String,
}

/// Holds what a page of custody is made of.
#[derive(Default)]
struct Rows {
    held: Vec<(Original, Option<Holder>)>,
    coming: Vec<Sheet>,
    going: Vec<Sheet>,
    overdue: Vec<Original>,
}

/// Answers `GET /papers/custody`.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she has no permission.
pub async fn get(State(papers): State<Arc<Papers>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    papers.custody_page(page, None).await
}

/// Answers `POST /papers/custody`. It puts the chosen originals on a hand-over list and shows the list for printing.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she has no permission.
pub async fn post(State(papers): State<Arc<Papers>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let chosen = form.all("papers").into_iter().filter_map(PaperOf::parse).collect();
    let sending = Sending { papers: chosen, id: Uuid::now_v7(), once: form.key().to_owned() };
    let (desk, actor, now) = (papers.clone(), page.visitor.actor.clone(), page.now);
    let sent = papers.counter.cases.hall.store.write(move |tx| desk.send(tx, &sending, &actor, now)).await;
    let sent = sent.map(|number| format!("/papers/custody/{number}"));
    web::answer(sent, |refusal| papers.custody_page(page, Some(refusal))).await
}

impl Papers {
    async fn custody_page(self: &Arc<Self>, page: Page, refusal: Option<Refusal>) -> Result<Response, WebError> {
        let limit = self.counter.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
        let (papers, scopes, today) = (self.clone(), desks(&page.visitor.actor), page.today());
        let read = move |tx: &mut dyn Tx| {
            let mut rows = Rows::default();
            for scope in &scopes {
                papers.gather(tx, &mut rows, scope, limit)?;
                rows.overdue.extend(custody::overdue_at(tx, scope, today, limit)?);
            }
            Ok::<_, Fault>(rows)
        };
        let rows = self.counter.cases.hall.store.read(read).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        render_status(status, &self.drawn(page, rows, refusal))
    }

    fn gather(&self, tx: &mut dyn Tx, rows: &mut Rows, scope: &Scope, limit: i64) -> Result<(), Fault> {
        for original in custody::held_at(tx, scope, limit)? {
            if rows.held.iter().all(|(known, _)| known.paper() != original.paper()) {
                let goal = self.goal(tx, &original)?;
                rows.held.push((original, goal));
            }
        }
        for (end, list) in [(End::To, &mut rows.coming), (End::From, &mut rows.going)] {
            for sheet in sheet::open_at(tx, end, scope, limit)? {
                if list.iter().all(|known| known.number != sheet.number) {
                    list.push(sheet);
                }
            }
        }
        Ok(())
    }

    fn drawn(&self, page: Page, rows: Rows, refusal: Option<Refusal>) -> CustodyPage {
        let mut groups: BTreeMap<(Holder, Holder), Vec<OriginalRow>> = BTreeMap::new();
        let mut staying = Vec::new();
        for (original, goal) in &rows.held {
            let row = self.original_row(&page, original);
            match goal {
                Some(to) => groups.entry((original.holder(), to.clone())).or_default().push(row),
                None => staying.push(row),
            }
        }
        let mut overdue = rows.overdue;
        overdue.sort_by_key(|one| (one.back_by, one.paper()));
        overdue.dedup_by(|a, b| a.paper() == b.paper());
        let named = |((_, to), rows)| Group { to: self.holder_name(&page, &to), rows };
        let sheets = |found: &[Sheet]| found.iter().map(|one| self.sheet_row(&page, one)).collect::<Vec<_>>();
        CustodyPage {
            groups: groups.into_iter().map(named).collect(),
            staying,
            coming: sheets(&rows.coming),
            going: sheets(&rows.going),
            overdue: overdue.iter().map(|one| self.original_row(&page, one)).collect(),
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        }
    }

    pub(super) fn original_row(&self, page: &Page, one: &Original) -> OriginalRow {
        OriginalRow {
            key: one.paper().show(),
            number: one.number.clone(),
            item: self.item_name(page, &one.item),
            material: self.counter.cases.material_name(&one.item, &one.material, page.lang),
            since: page.minute(one.since),
            holder: match &one.sheet {
                Some(number) => page.t1("papers-on-the-way", "list", number),
                None => self.holder_name(page, &one.holder()),
            },
            back_by: page.date(one.back_by),
            late: one.back_by < page.today(),
        }
    }

    fn sheet_row(&self, page: &Page, one: &Sheet) -> SheetRow {
        SheetRow {
            number: one.number.clone(),
            from: self.holder_name(page, &one.from()),
            to: self.holder_name(page, &one.to()),
            made: format!("{} · {}", one.made_by, page.minute(one.made_at)),
        }
    }
}
