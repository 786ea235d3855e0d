//! The page of the rows that a published figure counts. It is one for all departments: each fills in its own columns.

use askama::Template;
use axum::response::Response;
use kernel::figure::{Indicator, month_of};
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::rule::Unit;
use kernel::time::Date;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Page, Pager, WebError, render};

use crate::Hall;
use crate::fault::Fault;
use crate::figures::CountedRow;

mod part;

pub use part::{Behind, SumPart};

/// What a department says of its page of rows.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    /// The address of the page.
    pub address: &'static str,
    /// The indicators of the department.
    pub indicators: &'static [Indicator],
    /// What one must be permitted at the place to look at the rows.
    pub permission: Permission,
    /// What one must be permitted at the place to take them away as a file.
    pub export: Permission,
    /// The page of the department where its figures stand; none where they stand at the places alone.
    pub home: Option<Home>,
}

/// The page of a department where its figures stand, for a place and a month that its address asks for.
#[derive(Clone, Copy, Debug)]
pub struct Home {
    /// Its address, without the place and the month.
    pub address: &'static str,
    /// The key of the words that lead back to it.
    pub text: &'static str,
}

impl Home {
    fn crumb(self, page: &Page, part: &SumPart) -> Crumb {
        let href = format!("{}?place={}&month={}", self.address, part.place.id(), month_of(part.from));
        Crumb { text: page.t(self.text), href }
    }
}

/// A row behind a figure: a thing that was counted, or one of several that were counted together.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The place where it was counted.
    pub place: PlacePath,
    /// The day on which it was counted.
    pub day: Date,
    /// How much of it was counted; less than nothing where something was taken off again.
    pub amount: i64,
    /// What the department's own columns say of it; what is missing at the end is empty.
    pub cells: Vec<Cell>,
}

impl Line {
    /// Makes the row of a thing that was counted.
    #[must_use]
    pub fn of(thing: &CountedRow, cells: Vec<Cell>) -> Self {
        Self { place: thing.place.clone(), day: thing.day, amount: thing.amount, cells }
    }

    /// Makes the row of a thing that was counted and whose details are no longer kept.
    #[must_use]
    pub fn gone(page: &Page, thing: &CountedRow) -> Self {
        Self::of(thing, vec![Cell::Text(page.t("hall-rows-gone"))])
    }
}

/// What a department fills in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Its own columns. Behind them stand the place and the day where it was counted, and how much.
    pub columns: Vec<Column>,
    /// The rows, in the order of the things.
    pub lines: Vec<Line>,
    /// The sentence that says what is not among the rows or why; empty where there is nothing to say.
    pub note: String,
}

#[derive(Template)]
#[template(path = "hall/rows.html")]
struct RowsPage {
    page: Page,
    /// The page of the place, where the figure stands.
    crumbs: Vec<Crumb>,
    address: &'static str,
    title: String,
    place: String,
    text: String,
    /// The page where the figures of the department stand.
    back: Option<Crumb>,
    /// What was counted otherwise on these days; empty where nothing was.
    otherwise: String,
    note: String,
    has_files: bool,
    list: Table,
    pager: Pager,
}

/// Answers a request for the rows that a sum counts in a place and on some days of one month, as `Part::address` of
/// the kernel asks for them; with `?format=` as a file. `fill` writes the rows of what was counted in its transaction.
///
/// # Errors
/// Sign-in needed, a refusal without the permission anywhere, 404 for what is no part of a sum that this visitor may
/// look into, or a failure.
pub async fn rows_page<F>(hall: &Hall, page: Page, opening: Opening, fill: F) -> Result<Response, WebError>
where
    F: FnMut(&mut dyn Tx, &[CountedRow]) -> Result<Listed, Fault> + Send + 'static,
{
    listed(hall, page, opening, fill, false).await
}

/// The same for what is confidential: whoever has posts for its department reads it with all that was counted.
///
/// # Errors
/// As [`rows_page`].
pub async fn confidential_rows_page<F>(hall: &Hall, page: Page, opening: Opening, fill: F) -> Result<Response, WebError>
where
    F: FnMut(&mut dyn Tx, &[CountedRow]) -> Result<Listed, Fault> + Send + 'static,
{
    listed(hall, page, opening, fill, true).await
}

async fn listed<F>(
    hall: &Hall,
    page: Page,
    opening: Opening,
    mut fill: F,
    confidential: bool,
) -> Result<Response, WebError>
where
    F: FnMut(&mut dyn Tx, &[CountedRow]) -> Result<Listed, Fault> + Send + 'static,
{
    page.require(opening.permission)?;
    let format = page.query.opt("format").filter(|format| ["xlsx", "csv"].contains(format)).map(str::to_owned);
    let mut part = SumPart::read(hall, &page, opening.indicators).ok_or(WebError::NotFound)?;
    part.confidential = confidential && part.is_explicit(&page);
    let has_files = part.is_open(&page, opening.export);
    let limit = if format.is_some() {
        page.require(opening.export)?;
        if !has_files {
            return Err(WebError::NotFound);
        }
        part.after = None;
        hall.figure(rulebook::LIST_EXPORT_ROWS, page.now)?
    } else {
        hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?
    };
    let asked = part.clone();
    let read = hall.store.read(move |tx| {
        let behind = asked.behind(tx, limit)?;
        let listed = fill(tx, &behind.things)?;
        Ok::<_, Fault>((behind, listed))
    });
    let (behind, listed) = read.await?;
    let pager = part.pager(&page, opening.address, behind.next.as_ref());
    let text = part.text(&page, behind.total);
    let otherwise = counted_otherwise(&page, opening.indicators, part.indicator, part.from);
    let note = listed.note.clone();
    let list = part.table(hall, &page, listed, format.is_some());
    if let Some(format) = format {
        let name = format!("{}-{}", part.indicator.code.replace('.', "-"), part.from);
        return list.file(&page, &name, &format).await;
    }
    let tree = hall.places.tree();
    let crumb = |place: &places::Place| Crumb {
        text: place.named(page.lang).to_owned(),
        href: format!("/places/{}", place.id),
    };
    let crumbs: Vec<Crumb> = tree.at(&part.place).map(crumb).into_iter().collect();
    let place = crumbs.first().map(|crumb| crumb.text.clone()).unwrap_or_default();
    let (address, title) = (opening.address, page.t(part.indicator.title));
    let back = opening.home.map(|home| home.crumb(&page, &part));
    render(&RowsPage { page, crumbs, address, title, place, text, back, otherwise, note, has_files, list, pager })
}

/// Says of an indicator what of it was counted otherwise on a day, a sentence for each sum: since when it is counted as
/// today, and how it was counted then. It is empty where all of it was counted as today.
#[must_use]
pub fn counted_otherwise(page: &Page, declared: &[Indicator], indicator: &Indicator, on: Date) -> String {
    let told = indicator.counted_otherwise(declared, on).into_iter().map(|(sum, anew)| {
        let (title, before) = (page.t(sum.title), page.t(anew.before));
        let month = page.month_name(&month_of(anew.from));
        let values = [("title", title.as_str()), ("month", month.as_str()), ("before", before.as_str())];
        page.text("hall-counted-otherwise", &values)
    });
    told.collect::<Vec<_>>().join(page.lang.pick("", " "))
}

impl SumPart {
    fn text(&self, page: &Page, total: i64) -> String {
        let (from, to, n) = (page.full_date(self.from), page.full_date(self.to), self.summed(page, total));
        let what = page.t(self.indicator.title);
        let key = if self.from == self.to { "hall-rows-one-day" } else { "hall-rows-days" };
        let told = [("from", from.as_str()), ("to", to.as_str()), ("n", n.as_str()), ("what", what.as_str())];
        page.text(key, &told)
    }

    /// A sum in words, with what is counted.
    fn summed(&self, page: &Page, total: i64) -> String {
        match self.indicator.unit {
            Unit::Count => page.t1("hall-rows-count", "n", total),
            Unit::Person => page.t1("hall-rows-persons", "n", total),
            _ => self.told(page, total),
        }
    }

    /// An amount in words.
    fn told(&self, page: &Page, amount: i64) -> String {
        if self.indicator.unit == Unit::Minute { page.t1("hall-rows-minutes", "n", amount) } else { amount.to_string() }
    }

    /// The rows. How much each counts is told where it says something, and always in a file, which can be added up.
    fn table(&self, hall: &Hall, page: &Page, listed: Listed, is_file: bool) -> Table {
        let Listed { mut columns, lines, .. } = listed;
        let tells_amount = is_file || lines.iter().any(|line| line.amount != 1);
        let (tree, width, title) = (hall.places.tree(), columns.len(), page.t(self.indicator.title));
        columns.push(Column::new(ColumnKind::Text, page.t("hall-rows-place")));
        columns.push(Column::new(ColumnKind::Date, page.t("hall-rows-day")));
        if tells_amount {
            columns.push(Column::new(ColumnKind::Number, title.as_str()));
        }
        let row = |line: Line| {
            let Line { place, day, amount, mut cells } = line;
            cells.resize(width, Cell::Empty);
            cells.push(Cell::Text(tree.chain(&place, page.lang)));
            cells.push(Cell::Date(day));
            if tells_amount {
                cells.push(Cell::Told { number: amount, text: self.told(page, amount) });
            }
            cells
        };
        Table::new(title, columns).with(lines.into_iter().map(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlaceId;

    #[test]
    fn a_line_is_counted_as_the_thing_was() {
        let thing = CountedRow {
            place: PlacePath::parse("1.4.57.").unwrap(),
            day: "2026-11-23".parse().unwrap(),
            department: String::new(),
            subject_district: PlaceId(4),
            subject: uuid::Uuid::from_u128(7),
            amount: -3,
        };
        let line = Line::of(&thing, vec![Cell::Number(1)]);
        assert_eq!((line.place, line.day, line.amount), (thing.place.clone(), thing.day, -3));
    }
}
