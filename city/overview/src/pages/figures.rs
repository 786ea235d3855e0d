//! On the page of a place: this month's figures of every department, each with the rows that it counts for whoever may
//! see them. The desk of cases tells its own there by itself.

use hall::figures::{Period, read};
use house::{Panel, PanelLine, PlaceAt};
use kernel::figure::{Figure, Indicator, Part, month_of};
use kernel::place::Level;
use kernel::time::Date;
use store::{StoreError, Tx};
use web::Page;

/// Whose figures stand on the page of a place in a section of their own.
const APART: &str = "cases";

/// The section of a place: nothing where nothing was counted this month, or below the community.
///
/// # Errors
/// A failure of the store.
pub fn of_place(
    tx: &mut dyn Tx,
    page: &Page,
    declared: &[Indicator],
    at: PlaceAt<'_>,
) -> Result<Option<Panel>, StoreError> {
    if at.level > Level::Community {
        return Ok(None);
    }
    let shown: Vec<&str> =
        declared.iter().filter(|one| one.publisher() != APART).map(|indicator| indicator.code).collect();
    let today = page.today();
    let months = [month_of(today)];
    let figures = read(tx, declared, &Period { place: at.path, department: None, months: &months }, &shown)?;
    let counted = figures.into_iter().filter(|(_, figure)| *figure != Figure::Count(0));
    let lines: Vec<PanelLine> = counted
        .map(|(indicator, figure)| PanelLine {
            term: page.t(indicator.title),
            text: figure.to_string(),
            href: href(page, indicator, at, today),
        })
        .collect();
    let title = page.t("overview-figures-place");
    Ok((!lines.is_empty()).then(|| Panel { title, lines, ..Panel::default() }))
}

/// The address of the rows that a sum counts this month; empty for whoever may not see all of them.
fn href(page: &Page, indicator: &Indicator, at: PlaceAt<'_>, today: Date) -> String {
    let rows = indicator.rows.filter(|rows| rows.open_to(&page.visitor.actor, at.path, None));
    let part = |from| Part { place: at.id, own: false, department: String::new(), from, to: today.last_of_month() };
    let address = |rows: kernel::figure::Rows| (rows.address)(indicator.code, &part(today.first_of_month()));
    rows.map(address).unwrap_or_default()
}
