//! This file checks whether the loaded data agree: it compares totals of the whole, and counts one community's thousand
//! cases again from their events.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::words::PUBLISHER;
use hall::Fault;
use hall::figures::{self, Asked};
use kernel::figure::Amounts;
use kernel::place::{Level, PlacePath};
use lianglin::City;
use store::Tx;
use store::log::{BEGINNING, hash};

use super::{rows, text};

/// Limits the cases of the community that is counted again.
const SAMPLE: i64 = 5_000;
/// Limits the months that have figures.
const MONTHS: i64 = 100;

/// Lists totals that must be the same: what is kept, and what is counted.
const TOTALS: [(&str, &str, &str); 4] = [
    ("applications", "select sum(n01) from hall_figure where publisher = 'cases'", "select count(*) from cases_case"),
    (
        "decisions",
        "select sum(n08) from hall_figure where publisher = 'cases'",
        "select count(*) from cases_case where outcome in ('granted', 'refused')",
    ),
    (
        "open cases",
        "select sum(cases) from cases_open where side = 'desk'",
        "select count(*) from cases_case where open = 1",
    ),
    (
        "ratings",
        "select sum(n18) from hall_figure where publisher = 'cases'",
        "select count(*) from cases_case where rating is not null",
    ),
];

/// Counts again. Returns how many cases were looked at one by one.
pub fn check(city: &Arc<City>) -> Result<usize, String> {
    let tree = city.places.tree();
    let communities: Vec<PlacePath> = tree.of_level(Level::Community).map(|place| place.path.clone()).collect();
    let place = communities.get(communities.len() / 2).ok_or("there is no community")?.clone();
    let desk = city.clone();
    let checked = city.store.read_blocking(move |tx| {
        for (what, kept, counted) in TOTALS {
            let (kept, counted) = (rows::count(tx, kept)?, rows::count(tx, counted)?);
            if kept != counted {
                return Err(Fault::Broken(format!("{what}: {kept} are kept, {counted} are counted")));
            }
        }
        again(&desk, tx, &place)
    });
    checked.map_err(text)
}

/// Folds every case that touches a place, checks its chain, and compares the place's figures.
fn again(city: &City, tx: &mut dyn Tx, place: &PlacePath) -> Result<usize, Fault> {
    let touching = rows::touching(tx, place, SAMPLE)?;
    let mut counted = Kept::new();
    for (district, id) in &touching {
        let known = city.cases.known(tx, *district, *id)?;
        let mut previous = BEGINNING.to_vec();
        for entry in store::log::read(tx, *district, *id)? {
            if entry.previous != previous || entry.hash != hash(*district, *id, &entry) {
                return Err(Fault::Broken(format!("{}: the chain of its events is broken", known.case.number)));
            }
            previous = entry.hash;
        }
        let events = city.cases.events(tx, &known.case)?;
        let (case, cells) = city.cases.folded(None, &events, city.cases.procedure_of(&known.case)?)?;
        if case != known.case {
            return Err(Fault::Broken(format!("{}: the row is not the fold of its events", known.case.number)));
        }
        for (cell, counts) in cells.into_iter().filter(|(cell, _)| cell.place == *place) {
            let key = (cell.department.clone(), cell.month());
            counted.entry(key).or_default().merge(&counts.amounts());
        }
    }
    counted.retain(|_, amounts| !amounts.is_nothing());
    let full = i64::try_from(touching.len()).is_ok_and(|found| found >= SAMPLE);
    if !full && counted != kept(tx, place)? {
        return Err(Fault::Broken(format!("the figures of {} are not those of its cases", place.as_str())));
    }
    Ok(touching.len())
}

/// The sums of a place by department and month.
type Kept = BTreeMap<(String, String), Amounts>;

fn kept(tx: &mut dyn Tx, place: &PlacePath) -> Result<Kept, Fault> {
    let mut kept = Kept::new();
    for month in figures::known_months(tx, PUBLISHER, MONTHS)? {
        let asked = Asked { publisher: PUBLISHER, place, own: true, department: None, month: &month, slots: &[] };
        for row in figures::rows_of_month(tx, &asked, SAMPLE)? {
            if !row.amounts.is_nothing() {
                kept.insert((row.department, row.month), row.amounts);
            }
        }
    }
    Ok(kept)
}
