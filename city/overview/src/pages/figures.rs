//! On the page of a place: this month's figures of every department, each with the rows that it counts for whoever may
//! see them. The desk of cases tells its own there by itself.

use std::collections::BTreeMap;

use hall::figures::{Asked, Period, read};
use hall::hiding::{Row, Withheld};
use hall::{Fault, Hall};
use house::{Panel, PanelLine, PlaceAt};
use kernel::figure::{Figure, Indicator, Part, month_of};
use kernel::place::Level;
use kernel::rule::Unit;
use kernel::time::Date;
use store::Tx;
use web::Page;

/// Whose figures stand on the page of a place in a section of their own.
const APART: &str = "cases";

/// What departments publish, and the hall that knows the smallest number that is told.
#[derive(Clone, Copy)]
pub struct Published<'a> {
    /// The hall.
    pub hall: &'a Hall,
    /// The indicators of all departments.
    pub declared: &'a [Indicator],
}

/// The section of a place: nothing where nothing was counted this month, or below the community.
///
/// # Errors
/// A failure of the store.
pub fn of_place(
    tx: &mut dyn Tx,
    page: &Page,
    published: &Published<'_>,
    at: PlaceAt<'_>,
) -> Result<Option<Panel>, Fault> {
    let declared = published.declared;
    if at.level > Level::Community {
        return Ok(None);
    }
    let shown: Vec<&str> =
        declared.iter().filter(|one| one.publisher() != APART).map(|indicator| indicator.code).collect();
    let today = page.today();
    let months = [month_of(today)];
    let figures = read(tx, declared, &Period { place: at.path, department: None, months: &months }, &shown)?;
    let mut lines = Vec::new();
    let mut kept_back: BTreeMap<&str, Withheld> = BTreeMap::new();
    for (indicator, figure) in figures.into_iter().filter(|(_, figure)| says_something(*figure)) {
        let opens = indicator.rows.is_some_and(|rows| rows.open_to(&page.visitor.actor, at.path, None));
        let whose = indicator.publisher();
        if !opens && !kept_back.contains_key(whose) {
            kept_back.insert(whose, published.withheld(tx, page, whose, at)?);
        }
        let found = kept_back.get(whose).filter(|_| !opens);
        let tells = found.is_none_or(|withheld| withheld.tells(Row::Total, None, indicator, declared));
        let text = if tells { told(page, indicator, figure) } else { page.t("overview-figures-withheld") };
        lines.push(PanelLine { term: page.t(indicator.title), text, href: href(page, indicator, at, today) });
    }
    let title = page.t("overview-figures-place");
    Ok((!lines.is_empty()).then(|| Panel { title, lines, ..Panel::default() }))
}

/// Says whether a figure tells anything: neither a sum of nought nor a share or mean of nothing does.
fn says_something(figure: Figure) -> bool {
    figure != Figure::Count(0) && figure.number().is_some()
}

/// Tells a figure in its unit. A share is a percentage in any unit.
fn told(page: &Page, indicator: &Indicator, figure: Figure) -> String {
    match (figure, indicator.unit) {
        (Figure::Count(_) | Figure::Mean { .. }, Unit::Minute) => page.t1("overview-figures-minutes", "n", figure),
        _ => figure.to_string(),
    }
}

impl Published<'_> {
    /// What of a department's figures of this month at a place is not told to everybody.
    fn withheld(&self, tx: &mut dyn Tx, page: &Page, publisher: &str, at: PlaceAt<'_>) -> Result<Withheld, Fault> {
        let least = i64::from(self.hall.figure(hall::FIGURES_LEAST, page.now)?);
        let own = self.declared.iter().filter(|indicator| indicator.publisher() == publisher);
        let declared: Vec<Indicator> = own.copied().collect();
        let month = month_of(page.today());
        let asked = Asked { publisher, place: at.path, own: false, department: None, month: &month, slots: &[] };
        self.hall.withheld(tx, &declared, &asked, least)
    }
}

/// The address of the rows that a sum counts this month; empty for whoever may not see all of them.
fn href(page: &Page, indicator: &Indicator, at: PlaceAt<'_>, today: Date) -> String {
    let rows = indicator.rows.filter(|rows| rows.open_to(&page.visitor.actor, at.path, None));
    let part = |from| Part { place: at.id, own: false, department: String::new(), from, to: today.last_of_month() };
    let address = |rows: kernel::figure::Rows| (rows.address)(indicator.code, &part(today.first_of_month()));
    rows.map(address).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_said_of_nothing() {
        for (figure, says) in [
            (Figure::Count(0), false),
            (Figure::Count(-1), true),
            (Figure::Share { part: 0, whole: 0 }, false),
            (Figure::Share { part: 0, whole: 2 }, true),
            (Figure::Mean { sum: 0, count: 0 }, false),
            (Figure::Mean { sum: 9, count: 2 }, true),
        ] {
            assert_eq!(says_something(figure), says, "{figure}");
        }
    }
}
