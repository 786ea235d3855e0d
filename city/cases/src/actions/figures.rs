//! What the steps of a case add to figures: those of the desk, which are the counter's, and those that the kind of the
//! case counts for its own department.

use std::collections::BTreeMap;

use hall::Fault;
use hall::figures::{Subject, count, count_confidential};
use kernel::case::Case;
use kernel::figure::Amounts;
use store::Tx;

use super::district;
use crate::kind::Count;
use crate::rules::figures::{Cell, Month};
use crate::words::PUBLISHER;

/// What some steps of a case add to figures.
#[derive(Default)]
pub(crate) struct Figures {
    /// The desk's own, cell by cell.
    pub cells: BTreeMap<Cell, Month>,
    /// Those of the departments that publish them, cell by cell.
    published: BTreeMap<&'static str, BTreeMap<Cell, Amounts>>,
}

impl Figures {
    /// Adds what a kind counts of a step. What is reckoned from sums is not counted.
    pub fn publish(&mut self, counts: Vec<Count>) {
        for Count { cell, indicator, amount } in counts {
            let Some(slot) = indicator.slot() else { continue };
            let cells = self.published.entry(indicator.publisher()).or_default();
            cells.entry(cell).or_default().add(slot, amount);
        }
    }

    /// Counts all of it in the transaction of the steps: the desk's own first, then those of each department in the
    /// order of their names, so that no two transactions wait for each other.
    pub fn count(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        let subject = |publisher: &'static str| Subject { publisher, district: district(case), id: case.id.0 };
        let mut note = |publisher: &'static str, cells: Vec<(&Cell, Amounts)>| {
            if case.confidential {
                count_confidential(tx, &subject(publisher), cells)
            } else {
                count(tx, &subject(publisher), cells)
            }
        };
        note(PUBLISHER, self.cells.iter().map(|(cell, counts)| (cell, counts.amounts())).collect())?;
        for (publisher, cells) in &self.published {
            note(publisher, cells.iter().map(|(cell, amounts)| (cell, *amounts)).collect())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use kernel::figure::Indicator;
    use kernel::place::PlacePath;

    use super::*;

    static MENDED: Indicator = Indicator::sum("lamps.mended", "lamps-mended", 1);
    static RETURNED: Indicator = Indicator::sum("lamps.returned", "lamps-returned", 2);
    static HEARD: Indicator = Indicator::sum("hearings.heard", "hearings-heard", 1);
    static SHARE: Indicator = Indicator::share("lamps.share", "lamps-share", "lamps.returned", &["lamps.mended"]);

    #[test]
    fn counts_of_a_kind_are_added_up_by_publisher_and_cell() {
        let cell = |day: &str| Cell {
            place: PlacePath::parse("1.4.").unwrap(),
            department: "lights".to_owned(),
            day: day.parse().unwrap(),
        };
        let one = |day: &str, indicator, amount| Count { cell: cell(day), indicator, amount };
        let mut figures = Figures::default();
        figures.publish(vec![
            one("2026-11-23", &MENDED, 1),
            one("2026-11-24", &MENDED, 1),
            one("2026-11-23", &MENDED, 2),
            one("2026-11-23", &RETURNED, 5),
            one("2026-11-23", &SHARE, 9),
        ]);
        figures.publish(vec![one("2026-11-23", &HEARD, 7)]);
        let publishers: Vec<&str> = figures.published.keys().copied().collect();
        assert_eq!(publishers, ["hearings", "lamps"]);
        let of = |publisher: &str, day: &str| figures.published[publisher][&cell(day)];
        assert_eq!(of("lamps", "2026-11-23"), Amounts::new([3, 5]), "a share is not counted");
        assert_eq!(of("lamps", "2026-11-24"), Amounts::new([1]));
        assert_eq!(of("hearings", "2026-11-23"), Amounts::new([7]));
        assert!(figures.cells.is_empty());
    }
}
