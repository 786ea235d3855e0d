//! On the page of a place: this month's figures of every department, each with the rows that it counts for whoever may
//! see them. The desk of cases tells its own there by itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use hall::figures::{Asked, Period, confidential_rows, read, slots_of};
use hall::hiding::{Row, Withheld};
use hall::{Fault, Hall};
use house::{Panel, PanelLine, PlaceAt};
use kernel::figure::{Amounts, Figure, Indicator, Part, Rows, month_of};
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
    let (mut lines, mut untold) = (Vec::new(), Vec::new());
    let (mut secrets, mut kept_back) = (BTreeMap::<&str, Amounts>::new(), BTreeMap::<&str, Withheld>::new());
    for (indicator, figure) in figures.into_iter().filter(|(_, figure)| says_something(*figure)) {
        let whose = indicator.publisher();
        if let Entry::Vacant(open) = secrets.entry(whose) {
            open.insert(published.secrets(tx, page, whose, at)?);
        }
        // Of what only posts of its department may look into, no other post sees all rows.
        let is_secret = |slot: usize| secrets.get(whose).is_some_and(|secrets| secrets.of(slot) != 0);
        let has_secrets = indicator.learnt_from(declared).into_iter().any(is_secret);
        // Whoever may look into the numbers of a share reads the share as well.
        let opens = |sum: &&Indicator| sum.rows.is_some_and(|rows| rows.open_to(&page.visitor.actor, at.path, None));
        let is_open = !has_secrets && indicator.sums(declared).iter().all(opens);
        if !is_open && let Entry::Vacant(open) = kept_back.entry(whose) {
            open.insert(published.withheld(tx, page, whose, at)?);
        }
        let withheld = kept_back.get(whose).filter(|_| !is_open);
        if withheld.is_none_or(|withheld| withheld.tells(Row::Total, None, indicator, declared)) {
            let text = told(page, indicator, figure);
            let rows = indicator.rows.filter(|_| is_open);
            let href = rows.map(|rows| href(rows, indicator, at, today)).unwrap_or_default();
            lines.push(PanelLine { term: page.t(indicator.title), text, href });
        } else {
            untold.push(page.t(indicator.title));
        }
    }
    // What is withheld says no more in many lines than in one.
    if !untold.is_empty() {
        let text = untold.join(page.lang.pick("、", ", "));
        lines.push(PanelLine { term: page.t("overview-figures-withheld"), text, href: String::new() });
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
    /// What of a department's figures of this month at a place is not told to everybody. They are told with what is
    /// confidential among them.
    fn withheld(&self, tx: &mut dyn Tx, page: &Page, publisher: &str, at: PlaceAt<'_>) -> Result<Withheld, Fault> {
        let least = i64::from(self.hall.figure(hall::FIGURES_LEAST, page.now)?);
        let own = self.declared.iter().filter(|indicator| indicator.publisher() == publisher);
        let declared: Vec<Indicator> = own.copied().collect();
        let month = month_of(page.today());
        let asked = Asked { publisher, place: at.path, own: false, department: None, month: &month, slots: &[] };
        self.hall.withheld_of_all(tx, &declared, &asked, least)
    }

    /// What was counted there this month of things that only posts of their own department may look at.
    fn secrets(&self, tx: &mut dyn Tx, page: &Page, publisher: &str, at: PlaceAt<'_>) -> Result<Amounts, Fault> {
        let slots = slots_of(self.declared, publisher);
        let month = month_of(page.today());
        let asked = Asked { publisher, place: at.path, own: false, department: None, month: &month, slots: &slots };
        let mut secrets = Amounts::default();
        confidential_rows(tx, &asked)?.iter().for_each(|row| secrets.merge(&row.amounts));
        Ok(secrets)
    }
}

/// The address of the rows that a sum counts this month.
fn href(rows: Rows, indicator: &Indicator, at: PlaceAt<'_>, today: Date) -> String {
    let (from, to) = (today.first_of_month(), today.last_of_month());
    let part = Part { place: at.id, own: false, department: String::new(), from, to };
    (rows.address)(indicator.code, &part)
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
