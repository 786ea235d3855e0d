//! This page lists the reports behind a line of where it hurts, each with how it went. Each opens its case.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::permission::Permission;
use kernel::time::{Date, date_plus_days};
use places::Place;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Light, Page, WebError, render};

use super::lists::once;
use super::{HERE, OF_EACH, address, reach};
use crate::hurts::{EVERY, kinds_of, spots};
use crate::words::{Compared, GRID_SPOT_METRES, Gone, Kinds, Report, Rise, Since};
use crate::{Grid, records};

#[derive(Template)]
#[template(path = "grid/hurts_rows.html")]
struct RowsPage {
    page: Page,
    title: String,
    /// What the reports are of, and where.
    says: Vec<String>,
    back: String,
    /// All reports with which these are compared; empty where they are not compared.
    all: String,
    list: Table,
    /// There are more than the page shows: as many as it shows.
    more: Option<usize>,
}

/// Which reports are meant, and the place from whose page one comes.
struct Behind {
    place: Place,
    which: Which,
}

/// Which reports are meant.
enum Which {
    /// Those of what rose up to a day, in the communities of the place.
    Rise(Rise, Date),
    /// Those at the spot of a report.
    Spot(Report),
    /// Those by which places are compared, or all of them: of one kind, or of every kind where none is named.
    Compared(Option<Compared>, String),
}

/// `GET /report/hurts/rows?what=…`
///
/// # Errors
/// Sign-in needed, no permission, or 404 for what is not hers.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let behind = grid.behind(&page).await?;
    let limit = grid.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let rows = grid.rows_behind(&page, &behind, limit).await?;
    let (_, days) = grid.hurts_since(&behind.place.path, page.now)?;
    let (title, says) = grid.says_behind(&page, &behind, days);
    let more = Some(rows.len()).filter(|shown| i64::try_from(*shown).is_ok_and(|shown| shown >= limit));
    let list = grid.rows_table(&page, &rows);
    render(&RowsPage { title, says, back: address(&behind.place), all: behind.all(), list, more, page })
}

/// `GET /report/hurts/rows/file?what=…`: the same rows, and those that the page leaves out.
///
/// # Errors
/// As for the page, and no permission to take files away.
pub async fn file(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseExport)?;
    page.require(Permission::CaseSupervise)?;
    let behind = grid.behind(&page).await?;
    let limit = grid.hall.figure(rulebook::LIST_EXPORT_ROWS, page.now)?;
    let rows = grid.rows_behind(&page, &behind, limit).await?;
    let format = page.query.get("format").to_owned();
    grid.rows_table(&page, &rows).file(&page, &format!("hurts-reports-{}", page.today()), &format).await
}

impl Behind {
    /// The address of all reports with which these are compared.
    fn all(&self) -> String {
        match &self.which {
            Which::Compared(Some(_), kind) => format!("{HERE}/rows?place={}&kind={kind}", self.place.id),
            _ => String::new(),
        }
    }
}

impl Grid {
    /// Reads what is asked for. What lies outside the visitor's places does not exist.
    async fn behind(&self, page: &Page) -> Result<Behind, WebError> {
        let what = page.query.get("what");
        if what == "spot" {
            return self.behind_spot(page).await;
        }
        let place = self.hurts_place(page)?.ok_or(WebError::NotFound)?;
        if what != "rise" {
            let compared = match what {
                "" => None,
                code => Some(Compared::parse(code).ok_or(WebError::NotFound)?),
            };
            return Ok(Behind { place, which: Which::Compared(compared, page.query.get("kind").to_owned()) });
        }
        let night: Date = page.query.get("night").parse().map_err(|_| WebError::NotFound)?;
        let ordinal: i64 = page.query.get("rise").parse().map_err(|_| WebError::NotFound)?;
        let inside = [place.path.clone()];
        let hers = self.hall.store.read(move |tx| records::hurts::rises(tx, night, &inside)).await?;
        let rise = hers.into_iter().find(|rise| rise.seen.ordinal == ordinal).ok_or(WebError::NotFound)?;
        Ok(Behind { place, which: Which::Rise(rise, night) })
    }

    async fn behind_spot(&self, page: &Page) -> Result<Behind, WebError> {
        let (district, case) = cases::handle(page.query.get("report")).map_err(|_| WebError::NotFound)?;
        let report = self.hall.store.read(move |tx| records::find(tx, district, case)).await?;
        let report = report.ok_or(WebError::NotFound)?;
        let is_hers = reach(&page.visitor.actor).iter().any(|place| place.contains(&report.path));
        let tree = self.hall.places.tree();
        let place = tree.at(&report.path).filter(|_| is_hers).cloned().ok_or(WebError::NotFound)?;
        Ok(Behind { place, which: Which::Spot(report) })
    }

    async fn rows_behind(&self, page: &Page, behind: &Behind, limit: i64) -> Result<Vec<Gone>, Fault> {
        let (since, _) = self.hurts_since(&behind.place.path, page.now)?;
        match &behind.which {
            Which::Rise(rise, night) => {
                let zone = self.hall.zone();
                let first = date_plus_days(*night, 1 - rise.seen.days).unwrap_or(*night);
                let after = date_plus_days(*night, 1).unwrap_or(*night);
                let (from, until) = (zone.instant(first, 0), zone.instant(after, 0));
                let (low, high) = kinds_of(&rise.seen.sort);
                let kinds = Kinds { from: low, until: high };
                let inside = rise.places.iter().filter(|path| behind.place.path.contains(path)).cloned();
                let each: Vec<Since> = inside.map(|place| Since { place, from, until, ..since.clone() }).collect();
                let read = move |tx: &mut dyn Tx| {
                    let order = |one: &Gone, other: &Gone| {
                        (other.reported_at, one.case_id).cmp(&(one.reported_at, other.case_id))
                    };
                    store::gather(&each, limit, order, |since| {
                        records::hurts::gone(tx, since, &kinds, None, limit).map_err(Fault::from)
                    })
                };
                self.hall.store.read(read).await
            }
            Which::Spot(report) => {
                let metres = i64::from(self.hall.figure(GRID_SPOT_METRES, page.now)?);
                let report = report.clone();
                let read = move |tx: &mut dyn Tx| at_spot(tx, &since, &report, metres);
                self.hall.store.read(read).await
            }
            Which::Compared(compared, kind) => {
                let (compared, kinds) = (*compared, if kind.is_empty() { every() } else { only(kind) });
                let read = move |tx: &mut dyn Tx| records::hurts::gone(tx, &since, &kinds, compared, limit);
                Ok(self.hall.store.read(read).await?)
            }
        }
    }

    /// What stands above the rows.
    fn says_behind(&self, page: &Page, behind: &Behind, days: i64) -> (String, Vec<String>) {
        let chain = self.hall.places.tree().chain(&behind.place.path, page.lang);
        match &behind.which {
            Which::Rise(rise, night) => {
                let (reports, days) = (rise.seen.reports.to_string(), rise.seen.days.to_string());
                let expected = format!("{}.{:02}", rise.seen.expected / 1_000, rise.seen.expected % 1_000 / 10);
                let day = page.full_date(*night);
                let values = [("day", day.as_str()), ("days", &days), ("reports", &reports), ("expected", &expected)];
                let places = self.rise_places(page, &behind.place, rise);
                let said = page.text("grid-hurts-rise-says", &values);
                (self.sort_called(page, &rise.seen.sort), vec![places, said, once(page, rise.seen.once_in)])
            }
            Which::Spot(report) => {
                let (from, to) = self.days_up_to(page, page.now, days);
                let said = page.t2("grid-hurts-spots-says", "from", from, "to", to);
                (self.kind_called(page, &report.kind), vec![chain, said])
            }
            Which::Compared(compared, kind) => {
                let key = match compared {
                    Some(Compared::Returned) => "grid-hurts-returned",
                    Some(Compared::Overdue) => "grid-hurts-overdue",
                    Some(Compared::Found) => "grid-hurts-found",
                    None => "grid-hurts-all",
                };
                let kind = (!kind.is_empty()).then(|| self.kind_called(page, kind));
                let said = page.t1("grid-hurts-rows-days", "n", days);
                (page.t(key), std::iter::once(chain).chain(kind).chain([said]).collect())
            }
        }
    }

    /// Reports with how each went, as a table.
    pub(crate) fn rows_table(&self, page: &Page, rows: &[Gone]) -> Table {
        let column = |kind, key| Column::new(kind, page.t(key));
        let columns = vec![
            column(ColumnKind::Link, "grid-hurts-matter"),
            column(ColumnKind::Text, "grid-hurts-case").in_files(),
            column(ColumnKind::Text, "grid-hurts-place"),
            column(ColumnKind::Moment, "grid-hurts-reported"),
            column(ColumnKind::Number, "grid-hurts-returns"),
            column(ColumnKind::Date, "grid-hurts-due"),
            column(ColumnKind::Text, "grid-hurts-state"),
        ];
        let tree = self.hall.places.tree();
        let row = |gone: &Gone| {
            let condition = self.catalogue.condition_ever(&format!("{}/{}", gone.kind, gone.condition));
            let what = condition
                .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
            let what = what.unwrap_or_else(|| self.kind_called(page, &gone.kind));
            vec![
                Cell::numbered(what, format!("/cases/{}", gone.number), &gone.number),
                gone.number.clone().into(),
                tree.chain(&gone.path, page.lang).into(),
                gone.reported_at.into(),
                gone.returned.into(),
                gone.due_on.into(),
                light(page, gone).into(),
            ]
        };
        Table::new(page.t("grid-nav-hurts"), columns).with(rows.iter().map(row))
    }
}

/// The reports at the spot of a report, as the list of spots puts them together.
fn at_spot(tx: &mut dyn Tx, since: &Since, report: &Report, metres: i64) -> Result<Vec<Gone>, Fault> {
    let all = records::hurts::at(tx, &report.path, &report.kind, since.from, OF_EACH)?;
    let spot = spots(&report.path, &all, metres, 1).into_iter().find(|spot| spot.cases.contains(&report.case_id));
    let cases = spot.map(|spot| spot.cases).ok_or(Fault::NotFound)?;
    let mut rows = records::hurts::gone(tx, since, &only(&report.kind), None, OF_EACH)?;
    rows.retain(|row| cases.contains(&row.case_id));
    Ok(rows)
}

/// One kind alone.
fn only(kind: &str) -> Kinds {
    Kinds { from: kind.to_owned(), until: format!("{kind}:") }
}

fn every() -> Kinds {
    let (from, until) = kinds_of(EVERY);
    Kinds { from, until }
}

fn light(page: &Page, gone: &Gone) -> Light {
    let handled = gone.handled_on.unwrap_or_else(|| page.today());
    let is_late = gone.due_on.is_some_and(|due| due < handled);
    let (class, key) = match (is_late, gone.open) {
        (true, _) => ("late", "grid-hurts-late"),
        (false, true) => ("soon", "grid-hurts-open"),
        (false, false) => ("done", "grid-hurts-done"),
    };
    Light { class, text: page.t(key) }
}
