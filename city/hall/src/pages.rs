//! The page of the rows that a published figure counts. It is one for all departments: each fills in its own columns.

use askama::Template;
use axum::response::Response;
use kernel::figure::{Indicator, Rows, month_of};
use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::rule::Unit;
use kernel::time::Date;
use store::{StoreError, Tx};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, Pager, WebError, render};

use crate::Hall;
use crate::fault::Fault;
use crate::figures::{self, Asked, CountedRow, Cursor, Days};

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
    address: &'static str,
    title: String,
    place: String,
    text: String,
    note: String,
    has_files: bool,
    list: Table,
    pager: Pager,
}

/// The part of a sum that somebody looks into.
#[derive(Clone, Debug)]
struct Chosen {
    indicator: &'static Indicator,
    rows: Rows,
    slot: usize,
    place: PlacePath,
    own: bool,
    department: Option<String>,
    from: Date,
    to: Date,
    after: Option<Cursor>,
}

/// What was found: the sum, the things that make it, and where the list goes on.
struct Behind {
    total: i64,
    things: Vec<CountedRow>,
    next: Option<Cursor>,
}

/// Answers a request for the rows that a sum counts in a place and on some days of one month, as `Part::address` of
/// the kernel asks for them; with `?format=` as a file. `fill` writes the rows of what was counted in its transaction.
///
/// # Errors
/// Sign-in needed, a refusal without the permission anywhere, 404 for what is no part of a sum that this visitor may
/// look into, or a failure.
pub async fn rows_page<F>(hall: &Hall, page: Page, opening: Opening, mut fill: F) -> Result<Response, WebError>
where
    F: FnMut(&mut dyn Tx, &[CountedRow]) -> Result<Listed, Fault> + Send + 'static,
{
    page.require(opening.permission)?;
    let format = page.query.opt("format").filter(|format| ["xlsx", "csv"].contains(format)).map(str::to_owned);
    let mut chosen = Chosen::read(hall, &page, &opening).ok_or(WebError::NotFound)?;
    let has_files = chosen.is_open(&page, opening.export);
    let limit = if format.is_some() {
        page.require(opening.export)?;
        if !has_files {
            return Err(WebError::NotFound);
        }
        chosen.after = None;
        hall.figure(rulebook::LIST_EXPORT_ROWS, page.now)?
    } else {
        hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?
    };
    let asked = chosen.clone();
    let read = hall.store.read(move |tx| {
        let behind = asked.behind(tx, limit)?;
        let listed = fill(tx, &behind.things)?;
        Ok::<_, Fault>((behind, listed))
    });
    let (behind, listed) = read.await?;
    let (pager, text) = (chosen.pager(&page, &opening, &behind), chosen.text(&page, behind.total));
    let note = listed.note.clone();
    let list = chosen.table(hall, &page, listed);
    if let Some(format) = format {
        let name = format!("{}-{}", chosen.indicator.code.replace('.', "-"), chosen.from);
        return list.file(&page, &name, &format).await;
    }
    let tree = hall.places.tree();
    let place = tree.at(&chosen.place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let (address, title) = (opening.address, page.t(chosen.indicator.title));
    render(&RowsPage { page, address, title, place, text, note, has_files, list, pager })
}

impl Chosen {
    /// Reads what is asked for. Returns none if it makes no sense or this visitor may not see all of it: the days lie
    /// in one month, and the whole city is told by whole months alone.
    fn read(hall: &Hall, page: &Page, opening: &Opening) -> Option<Self> {
        let query = &page.query;
        let indicator = opening.indicators.iter().find(|indicator| indicator.code == query.get("code"))?;
        let chosen = Self {
            indicator,
            rows: indicator.rows?,
            slot: indicator.slot()?,
            place: place_of(hall, query.get("place"))?,
            own: query.get("own") == "1",
            department: Some(query.get("department").to_owned()).filter(|code| !code.is_empty()),
            from: query.get("from").parse().ok()?,
            to: query.get("to").parse().ok()?,
            after: Cursor::parse(query.get("after")),
        };
        Some(chosen).filter(|chosen| chosen.is_open(page, chosen.rows.permission) && chosen.makes_sense())
    }

    /// Says whether this visitor is permitted something at the whole place.
    fn is_open(&self, page: &Page, permission: Permission) -> bool {
        let rows = Rows { permission, ..self.rows };
        rows.open_to(&page.visitor.actor, &self.place, self.department.as_deref())
    }

    fn makes_sense(&self) -> bool {
        let in_one_month = self.from <= self.to && month_of(self.from) == month_of(self.to);
        in_one_month && (self.is_whole_month() || self.own || self.place.level() != Level::City)
    }

    fn is_whole_month(&self) -> bool {
        self.from == self.from.first_of_month() && self.to == self.from.last_of_month()
    }

    /// The sum, and the things behind it, at most `limit`. What is confidential is in neither.
    fn behind(&self, tx: &mut dyn Tx, limit: i64) -> Result<Behind, StoreError> {
        let (month, slots) = (month_of(self.from), [self.slot]);
        let asked = Asked {
            publisher: self.indicator.publisher(),
            place: &self.place,
            own: self.own,
            department: self.department.as_deref(),
            month: &month,
            slots: &slots,
        };
        let days = Days { from: self.from, to: self.to, slot: self.slot, confidential: false };
        let total = if self.is_whole_month() {
            let left_out = figures::confidential(tx, &asked, &days)?;
            figures::sum(tx, &asked)?.of(self.slot).saturating_sub(left_out)
        } else {
            figures::by_day(tx, &asked, &days)?.iter().map(|day| day.amount).sum()
        };
        let things = figures::things(tx, &asked, &days, self.after.as_ref(), limit)?;
        let is_full = i64::try_from(things.len()).is_ok_and(|found| found >= limit);
        let next = things.last().filter(|_| is_full).map(Cursor::behind);
        Ok(Behind { total, things, next })
    }

    fn pager(&self, page: &Page, opening: &Opening, behind: &Behind) -> Pager {
        let at = |after: &str| format!("{}{}", opening.address, page.query.address_with(&[("after", after)]));
        Pager {
            before: self.after.as_ref().map(|_| at("")),
            after: behind.next.as_ref().map(|next| at(next.show().as_str())),
        }
    }

    fn text(&self, page: &Page, total: i64) -> String {
        let (from, to, n) = (page.day(self.from), page.day(self.to), self.told(page, total));
        let what = page.t(self.indicator.title);
        let key = if self.from == self.to { "hall-rows-one-day" } else { "hall-rows-days" };
        let told = [("from", from.as_str()), ("to", to.as_str()), ("n", n.as_str()), ("what", what.as_str())];
        page.text(key, &told)
    }

    /// An amount in words.
    fn told(&self, page: &Page, amount: i64) -> String {
        if self.indicator.unit == Unit::Minute { page.t1("hall-rows-minutes", "n", amount) } else { amount.to_string() }
    }

    fn table(&self, hall: &Hall, page: &Page, listed: Listed) -> Table {
        let Listed { mut columns, lines, .. } = listed;
        let (tree, width, title) = (hall.places.tree(), columns.len(), page.t(self.indicator.title));
        columns.push(Column::new(ColumnKind::Text, page.t("hall-rows-place")));
        columns.push(Column::new(ColumnKind::Date, page.t("hall-rows-day")));
        columns.push(Column::new(ColumnKind::Number, title.as_str()));
        let row = |line: Line| {
            let Line { place, day, amount, mut cells } = line;
            cells.resize(width, Cell::Empty);
            cells.push(Cell::Text(tree.chain(&place, page.lang)));
            cells.push(Cell::Date(day));
            cells.push(Cell::Told { number: amount, text: self.told(page, amount) });
            cells
        };
        Table::new(title, columns).with(lines.into_iter().map(row))
    }
}

/// Returns the place of an identity, down to the community; the city for an empty text.
fn place_of(hall: &Hall, id: &str) -> Option<PlacePath> {
    let tree = hall.places.tree();
    let place = if id.is_empty() { tree.root() } else { tree.get(PlaceId(id.parse().ok()?)) };
    place.filter(|place| place.level <= Level::Community).map(|place| place.path.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: Rows =
        Rows { permission: Permission::CaseRead, address: |code, part| part.address("/lamps/rows", code) };
    const MENDED: Indicator = Indicator::sum("lamps.mended", "lamps-mended", 1).opens(ROWS);

    fn chosen(place: &str, own: bool, (from, to): (&str, &str)) -> Chosen {
        Chosen {
            indicator: &MENDED,
            rows: ROWS,
            slot: 1,
            place: PlacePath::parse(place).unwrap(),
            own,
            department: None,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            after: None,
        }
    }

    #[test]
    fn days_lie_in_one_month_and_the_city_is_told_by_whole_months() {
        for (place, own, days, expected) in [
            ("1.4.", false, ("2026-11-23", "2026-11-23"), true),
            ("1.4.", false, ("2026-11-01", "2026-11-30"), true),
            ("1.4.", false, ("2026-11-23", "2026-12-01"), false),
            ("1.4.", false, ("2025-11-23", "2026-11-23"), false),
            ("1.4.", false, ("2026-11-23", "2026-11-22"), false),
            ("1.", false, ("2026-11-01", "2026-11-30"), true),
            ("1.", false, ("2026-11-01", "2026-11-29"), false),
            ("1.", false, ("2026-11-02", "2026-11-30"), false),
            ("1.", true, ("2026-11-02", "2026-11-02"), true),
        ] {
            assert_eq!(chosen(place, own, days).makes_sense(), expected, "{place} {own} {days:?}");
        }
    }

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
