//! Figures of all departments: counted in the transaction of the change by one call, read by one call for a place and
//! some months, and drilled down by place and by day to the very things that were counted.
//!
//! A department declares its indicators in its value; each sum has a column of its own in the department's rows.

use std::collections::{BTreeMap, BTreeSet};

use kernel::figure::{Amounts, Cell, Figure, Indicator};
use kernel::place::{Level, PlaceId, PlacePath};
use store::{StoreError, Tx};

use crate::records;
pub use crate::words::{Asked, CountedRow, Cursor, DayRow, Days, MonthRow, Subject};

/// Counts what a change adds, cell by cell, in the transaction of the change. Call it last: the rows of months are
/// shared by many and held until the commit. They are taken in the order of places, so that no two transactions wait
/// for each other.
///
/// # Errors
/// The store failed.
pub fn count<'c>(
    tx: &mut dyn Tx,
    subject: &Subject,
    cells: impl IntoIterator<Item = (&'c Cell, Amounts)>,
) -> Result<(), StoreError> {
    counted(tx, subject, cells, false)
}

/// Counts as [`count`] does what posts of its own department alone may look at. The sums of months contain it, and
/// nobody else is told of the thing itself.
///
/// # Errors
/// The store failed.
pub fn count_confidential<'c>(
    tx: &mut dyn Tx,
    subject: &Subject,
    cells: impl IntoIterator<Item = (&'c Cell, Amounts)>,
) -> Result<(), StoreError> {
    counted(tx, subject, cells, true)
}

fn counted<'c>(
    tx: &mut dyn Tx,
    subject: &Subject,
    cells: impl IntoIterator<Item = (&'c Cell, Amounts)>,
    confidential: bool,
) -> Result<(), StoreError> {
    let mut months = Months::default();
    for (cell, amounts) in cells {
        if !amounts.is_nothing() {
            records::note(tx, subject, cell, &amounts, confidential)?;
            months.add(cell, &amounts);
        }
    }
    months.write(tx, subject.publisher)
}

/// Counts what a change adds to sums in one cell, as [`count`] does.
///
/// # Errors
/// The store failed.
pub fn count_in(
    tx: &mut dyn Tx,
    subject: &Subject,
    cell: &Cell,
    counts: &[(&Indicator, i64)],
) -> Result<(), StoreError> {
    count(tx, subject, [(cell, summed(counts))])
}

/// Counts what a change adds to sums in one cell: as [`count_confidential`] does if the thing is confidential, and
/// otherwise as [`count`] does.
///
/// # Errors
/// The store failed.
pub fn count_one(
    tx: &mut dyn Tx,
    subject: &Subject,
    cell: &Cell,
    counts: &[(&Indicator, i64)],
    confidential: bool,
) -> Result<(), StoreError> {
    counted(tx, subject, [(cell, summed(counts))], confidential)
}

fn summed(counts: &[(&Indicator, i64)]) -> Amounts {
    let mut amounts = Amounts::default();
    for (indicator, amount) in counts {
        amounts.add(indicator.slot().unwrap_or_default(), *amount);
    }
    amounts
}

/// Notes what was counted of a thing and leaves the months to the caller, who adds many changes up in [`Months`] and
/// writes them once.
///
/// # Errors
/// The store failed.
pub fn note<'c>(
    tx: &mut dyn Tx,
    subject: &Subject,
    cells: impl IntoIterator<Item = (&'c Cell, Amounts)>,
) -> Result<(), StoreError> {
    for (cell, amounts) in cells {
        if !amounts.is_nothing() {
            records::note(tx, subject, cell, &amounts, false)?;
        }
    }
    Ok(())
}

/// Sums of months that wait to be written, in the order in which they are.
#[derive(Clone, Debug, Default)]
pub struct Months(BTreeMap<(PlacePath, String, String), Amounts>);

impl Months {
    /// Adds what was counted in a cell.
    pub fn add(&mut self, cell: &Cell, amounts: &Amounts) {
        let key = (cell.place.clone(), cell.department.clone(), cell.month());
        self.0.entry(key).or_default().merge(amounts);
    }

    /// Adds the sums of a publisher to those that are kept.
    ///
    /// # Errors
    /// The store failed.
    pub fn write(self, tx: &mut dyn Tx, publisher: &str) -> Result<(), StoreError> {
        for ((place, department, month), amounts) in self.0 {
            if !amounts.is_nothing() {
                records::add(tx, publisher, &MonthRow { place, department, month, amounts })?;
            }
        }
        Ok(())
    }
}

/// The sums of what is asked for.
///
/// # Errors
/// The store failed.
pub fn sum(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Amounts, StoreError> {
    records::sum(tx, asked)
}

/// The sums of what is asked for by district, in the order of their identities; the city's own offices stand under
/// the identity of the city.
///
/// # Errors
/// The store failed.
pub fn by_district(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Vec<(PlaceId, Amounts)>, StoreError> {
    records::by_district(tx, asked)
}

/// Some months of a place, for one department of the city or for all.
#[derive(Clone, Copy, Debug)]
pub struct Period<'a> {
    /// The place, with everything inside.
    pub place: &'a PlacePath,
    /// The department of the city; none for all.
    pub department: Option<&'a str>,
    /// The months, as `2026-11`.
    pub months: &'a [String],
}

/// Reads indicators of any departments for a place and some months: the figure of each code, in the order of the
/// codes. A code that nobody declares is left out. `declared` holds the indicators of all departments that are named.
///
/// # Errors
/// The store failed.
pub fn read<'d>(
    tx: &mut dyn Tx,
    declared: &'d [Indicator],
    period: &Period<'_>,
    codes: &[&str],
) -> Result<Vec<(&'d Indicator, Figure)>, StoreError> {
    let find = |code: &&str| declared.iter().find(|indicator| indicator.code == *code);
    let wanted: Vec<&Indicator> = codes.iter().filter_map(find).collect();
    let publishers: BTreeSet<&'static str> = wanted.iter().map(|indicator| indicator.publisher()).collect();
    let mut sums: BTreeMap<&'static str, Amounts> = BTreeMap::new();
    for publisher in publishers {
        let slots = slots_of(declared, publisher);
        let mut total = Amounts::default();
        for month in period.months {
            let Period { place, department, .. } = *period;
            let asked = Asked { publisher, place, own: false, department, month, slots: &slots };
            total.merge(&records::sum(tx, &asked)?);
        }
        sums.insert(publisher, total);
    }
    let none = Amounts::default();
    let figure = |indicator: &'d Indicator| {
        let amounts = sums.get(indicator.publisher()).unwrap_or(&none);
        (indicator, indicator.figure(declared, amounts))
    };
    Ok(wanted.into_iter().map(figure).collect())
}

/// The columns of a publisher.
#[must_use]
pub fn slots_of(declared: &[Indicator], publisher: &str) -> Vec<usize> {
    declared.iter().filter(|indicator| indicator.publisher() == publisher).filter_map(Indicator::slot).collect()
}

/// The months in which a publisher counted something, newest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn known_months(tx: &mut dyn Tx, publisher: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    records::months(tx, publisher, limit)
}

/// What was counted of a sum, day by day. It reads every row of the place in that month, so it is asked for from the
/// district down.
///
/// # Errors
/// The store failed.
pub fn by_day(tx: &mut dyn Tx, asked: &Asked<'_>, days: &Days) -> Result<Vec<DayRow>, StoreError> {
    records::by_day(tx, asked, days, asked.place.district())
}

/// How much of a sum was counted of confidential things.
///
/// # Errors
/// The store failed.
pub fn confidential(tx: &mut dyn Tx, asked: &Asked<'_>, days: &Days) -> Result<i64, StoreError> {
    records::confidential(tx, asked, days)
}

/// What was counted of confidential things in a month, place by place and department by department: the part of its
/// sums that is not told outside their department.
///
/// # Errors
/// The store failed.
pub fn confidential_rows(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Vec<MonthRow>, StoreError> {
    records::confidential_rows(tx, asked)
}

/// The things that were counted of a sum, in the order of places and days, behind the cursor, at most `limit`. The
/// city is gone through district by district.
///
/// # Errors
/// The store failed.
pub fn things(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
    days: &Days,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<CountedRow>, StoreError> {
    let districts = if asked.place.level() == Level::City && !asked.own {
        let slots = [days.slot];
        let by_district = records::by_district(tx, &Asked { slots: &slots, ..*asked })?;
        by_district.into_iter().map(|(district, _)| district).collect()
    } else {
        vec![asked.place.district()]
    };
    let mut found = Vec::new();
    for district in districts.into_iter().filter(|district| after.is_none_or(|after| after.district <= *district)) {
        let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(i64::MAX));
        if left <= 0 {
            break;
        }
        let behind = after.filter(|after| after.district == district);
        found.extend(records::things(tx, asked, days, district, behind, left)?);
    }
    Ok(found)
}

/// The rows of a month inside a place with every column, at most `limit`, in the order of places: for a recount.
///
/// # Errors
/// The store failed.
pub fn rows_of_month(tx: &mut dyn Tx, asked: &Asked<'_>, limit: i64) -> Result<Vec<MonthRow>, StoreError> {
    records::rows_of_month(tx, asked, limit)
}

/// What is kept of a publisher and differs from a recount, a sentence each: the rows of what was counted, and the
/// months. Both are compared for every month that is kept or counted again; `limit` is how many rows of a month are
/// read.
///
/// # Errors
/// The store failed.
pub fn differing(
    tx: &mut dyn Tx,
    publisher: &str,
    city: &PlacePath,
    recount: &BTreeMap<Cell, Amounts>,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let (mut kept, mut months) = (BTreeMap::new(), BTreeMap::new());
    for month in records::months(tx, publisher, limit)? {
        kept.extend(records::cells(tx, publisher, &month, limit)?);
        let asked = Asked { publisher, place: city, own: false, department: None, month: &month, slots: &[] };
        for row in records::rows_of_month(tx, &asked, limit)? {
            months.insert((row.place, row.department, row.month), row.amounts);
        }
    }
    let mut summed = Months::default();
    for (cell, amounts) in recount {
        summed.add(cell, amounts);
    }
    let mut told = differences("rows of what was counted", recount, &kept);
    told.extend(differences("months", &summed.0, &months));
    Ok(told)
}

/// What was counted of a publisher in every cell, from the rows of what was counted; `limit` is how many cells of a
/// month are read.
///
/// # Errors
/// The store failed.
pub fn kept_cells(tx: &mut dyn Tx, publisher: &str, limit: i64) -> Result<BTreeMap<Cell, Amounts>, StoreError> {
    let mut kept = BTreeMap::new();
    for month in records::months(tx, publisher, limit)? {
        kept.extend(records::cells(tx, publisher, &month, limit)?);
    }
    Ok(kept)
}

/// The keys under which two maps hold different sums; a key that is missing holds nothing.
fn differences<K: Ord + std::fmt::Debug>(
    what: &str,
    counted: &BTreeMap<K, Amounts>,
    kept: &BTreeMap<K, Amounts>,
) -> Vec<String> {
    let none = Amounts::default();
    let keys: BTreeSet<&K> = counted.keys().chain(kept.keys()).collect();
    let of = |map: &BTreeMap<K, Amounts>, key: &K| map.get(key).copied().unwrap_or(none);
    let differ = |key: &&K| of(counted, key) != of(kept, key);
    let told = |key: &K| {
        let (counted, kept) = (of(counted, key), of(kept, key));
        let show = |amounts: &Amounts| amounts.filled().collect::<Vec<_>>();
        format!("{what}, {key:?}: {:?} are counted, {:?} are kept", show(&counted), show(&kept))
    };
    keys.into_iter().filter(differ).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(place: &str, day: &str) -> Cell {
        Cell { place: PlacePath::parse(place).unwrap(), department: String::new(), day: day.parse().unwrap() }
    }

    #[test]
    fn days_of_one_month_are_one_row() {
        let mut months = Months::default();
        months.add(&cell("1.4.", "2026-11-23"), &Amounts::new([1]));
        months.add(&cell("1.4.", "2026-11-30"), &Amounts::new([2]));
        months.add(&cell("1.4.", "2026-12-01"), &Amounts::new([4]));
        let sums: Vec<(String, i64)> = months.0.iter().map(|((.., month), sums)| (month.clone(), sums.of(1))).collect();
        assert_eq!(sums, [("2026-11".to_owned(), 3), ("2026-12".to_owned(), 4)]);
    }

    #[test]
    fn what_differs_is_told_and_nothing_is_no_difference() {
        let one: BTreeMap<Cell, Amounts> = [(cell("1.4.", "2026-11-23"), Amounts::new([1]))].into();
        let mut other = one.clone();
        other.insert(cell("1.5.", "2026-11-23"), Amounts::default());
        assert_eq!(differences("x", &one, &other), Vec::<String>::new());
        other.insert(cell("1.5.", "2026-11-23"), Amounts::new([0, 3]));
        let told = differences("x", &one, &other);
        assert!(told.len() == 1 && told[0].contains("[(2, 3)] are kept"), "{told:?}");
    }

    #[test]
    fn columns_are_those_of_the_publisher_in_the_order_of_its_list() {
        let declared = [
            Indicator::sum("roads.mended", "x", 3),
            Indicator::sum("lamps.mended", "x", 1),
            Indicator::share("roads.late_share", "x", "roads.late", &["roads.mended"]),
            Indicator::sum("roads.late", "x", 1),
        ];
        for (publisher, slots) in [("roads", vec![3, 1]), ("lamps", vec![1]), ("road", vec![]), ("", vec![])] {
            assert_eq!(slots_of(&declared, publisher), slots, "{publisher}");
        }
        assert!(slots_of(&[], "roads").is_empty());
    }

    #[test]
    fn rows_of_months_stand_in_the_order_in_which_they_are_written() {
        let mut months = Months::default();
        let of = |department: &str, cell: Cell| Cell { department: department.to_owned(), ..cell };
        for (cell, amounts) in [
            (cell("1.40.", "2026-11-30"), [1, 0]),
            (of("health", cell("1.4.", "2026-11-30")), [0, 2]),
            (cell("1.4.57.", "2026-11-30"), [4, 0]),
            (of("health", cell("1.4.", "2026-10-31")), [8, 0]),
            (cell("1.4.", "2026-11-30"), [16, 0]),
            (of("health", cell("1.4.", "2026-11-01")), [32, -2]),
        ] {
            months.add(&cell, &Amounts::new(amounts));
        }
        let told: Vec<String> = months
            .0
            .iter()
            .map(|((place, department, month), sums)| {
                format!("{place} {department} {month} {:?}", sums.filled().collect::<Vec<_>>())
            })
            .collect();
        let expected = [
            "1.4.  2026-11 [(1, 16)]",
            "1.4. health 2026-10 [(1, 8)]",
            "1.4. health 2026-11 [(1, 32)]",
            "1.4.57.  2026-11 [(1, 4)]",
            "1.40.  2026-11 [(1, 1)]",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_is_missing_on_either_side_differs_from_what_is_there() {
        let counted: BTreeMap<&str, Amounts> = [("a", Amounts::new([1])), ("b", Amounts::new([2]))].into();
        let kept: BTreeMap<&str, Amounts> = [("b", Amounts::new([2])), ("c", Amounts::new([0, 3]))].into();
        let expected = ["x, \"a\": [(1, 1)] are counted, [] are kept", "x, \"c\": [] are counted, [(2, 3)] are kept"];
        assert_eq!(differences("x", &counted, &kept), expected);
        assert_eq!(differences("x", &kept, &kept), Vec::<String>::new());
        let none = BTreeMap::<&str, Amounts>::new();
        assert_eq!(differences("x", &none, &none), Vec::<String>::new());
    }
}
