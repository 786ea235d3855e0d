//! This page lists the reports behind a number of the board of a month: what was filed, or of it what is closed, of one
//! kind or of all, in a place. Each opens its case.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::figure::month_of;
use kernel::permission::Permission;
use kernel::time::date_plus_days;
use store::Tx;
use web::table::Table;
use web::{Page, Pager, WebError, render};

use super::figures::{ROWS, Wanted};
use crate::Grid;
use crate::records::filed::{self, Cell};
use crate::words::figures::After;

#[derive(Template)]
#[template(path = "grid/filed.html")]
struct FiledPage {
    page: Page,
    title: String,
    /// Where, when, and of which kind.
    says: Vec<String>,
    list: Table,
    pager: Pager,
    back: String,
}

/// `GET /report/figures/rows?place=…&month=…&kind=…&only=closed`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a place whose reports this visitor may not read as a whole, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let wanted = Wanted::read(&grid, &page).filter(|wanted| wanted.scope.department.is_none());
    let wanted = wanted.ok_or(WebError::NotFound)?;
    let (zone, month) = (grid.hall.zone(), month_of(wanted.first));
    let behind = date_plus_days(wanted.last, 1).ok_or(WebError::NotFound)?;
    let cell = Cell {
        place: wanted.scope.place.clone(),
        month: month.clone(),
        from: zone.instant(wanted.first, 0),
        until: zone.instant(behind, 0),
        kind: page.query.opt("kind").map(str::to_owned),
        closed: page.query.get("only") == "closed",
    };
    let limit = grid.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let (asked, after) = (cell.clone(), After::parse(page.query.get("after")));
    let goes_on = after.is_some();
    // One more than the page shows says whether the list goes on.
    let read = move |tx: &mut dyn Tx| filed::behind(tx, &asked, after.as_ref(), limit.saturating_add(1));
    let mut rows = grid.hall.store.read(read).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = rows.len() > shown;
    rows.truncate(shown);
    let last = rows.last().filter(|_| has_more);
    let next =
        last.map(|row| After { path: row.path.clone(), reported_at: row.reported_at, case_id: row.case_id }.show());
    let to = |after: &str| format!("{ROWS}{}", page.query.address_with(&[("after", after)]));
    let chain = grid.hall.places.tree().chain(&cell.place, page.lang);
    let says = page.t2("grid-filed-says", "place", chain, "month", page.month_name(&month));
    let kind = cell.kind.as_deref().map(|kind| grid.kind_called(&page, kind));
    render(&FiledPage {
        title: page.t(if cell.closed { "grid-filed-closed-title" } else { "grid-filed-title" }),
        says: std::iter::once(says).chain(kind).collect(),
        list: grid.rows_table(&page, &rows),
        pager: Pager { before: goes_on.then(|| to("")), after: next.map(|after| to(&after)) },
        back: wanted.board_of(cell.place.id()),
        page,
    })
}
