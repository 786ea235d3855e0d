//! Which published figures are not told to everybody, because a small number would say whose matter it was, or because
//! another figure could be reckoned from them.
//!
//! It is decided for a month from the city down: the figures of a place stand in the table of the place above it too,
//! and what was decided there holds below. A table has a row for the place's own offices and each place below, a column
//! for each department of the city, and their sums. All visitors of a month get the same answer.
//!
//! To decide takes long and many ask for the same page, so what was decided is kept for a while. It is used again for
//! the very same counts alone: a count that has become small since is withheld at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

pub use kernel::figure::Hidden;
use kernel::figure::{Amounts, CountTable, Counted, Indicator, Standing};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use store::Tx;

use crate::figures::slots_of;
use crate::words::{Asked, MonthRow};
use crate::{Fault, Hall, Why, records};

/// Limits how many rows of a month are read below a district. Where there are more, nothing is told.
const MOST_ROWS: i64 = 200_000;
/// Limits how many decisions are kept.
const MOST_KEPT: usize = 256;

/// A line of a place's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// What is counted at the place itself.
    Own,
    /// All that is counted in a place below.
    Below(PlaceId),
    /// All that is counted in the place.
    Total,
}

/// The sums of one place by line and department.
type Sums = BTreeMap<Row, BTreeMap<String, Amounts>>;

/// What of a place's figures of one month is not told to everybody: lines, departments (none for all), columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withheld(BTreeSet<(Row, Option<String>, usize)>);

impl Withheld {
    /// Tells whether everybody may be told an indicator in a line, for one department of the city or for all.
    #[must_use]
    pub fn tells(&self, row: Row, department: Option<&str>, indicator: &Indicator, declared: &[Indicator]) -> bool {
        let department = department.map(str::to_owned);
        indicator.learnt_from(declared).into_iter().all(|slot| !self.0.contains(&(row, department.clone(), slot)))
    }

    /// Tells whether everything is told.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}

impl Hall {
    /// Returns what is withheld of the figures of a place in a month, which are told without what is confidential.
    /// `asked` says which publisher, place and month; `declared` are its indicators; `least` is the smallest number
    /// that is told.
    ///
    /// # Errors
    /// Refuses if there are more rows than can be looked at, or the store failed.
    pub fn withheld(
        &self,
        tx: &mut dyn Tx,
        declared: &[Indicator],
        asked: &Asked<'_>,
        least: i64,
    ) -> Result<Withheld, Fault> {
        self.kept_back(tx, declared, asked, least, false)
    }

    /// Returns the same where the figures are told with what is confidential among them, as sums without names.
    ///
    /// # Errors
    /// As [`Hall::withheld`].
    pub fn withheld_of_all(
        &self,
        tx: &mut dyn Tx,
        declared: &[Indicator],
        asked: &Asked<'_>,
        least: i64,
    ) -> Result<Withheld, Fault> {
        self.kept_back(tx, declared, asked, least, true)
    }

    fn kept_back(
        &self,
        tx: &mut dyn Tx,
        declared: &[Indicator],
        asked: &Asked<'_>,
        least: i64,
        confidential: bool,
    ) -> Result<Withheld, Fault> {
        let slots = slots_of(declared, asked.publisher);
        let mut from_above: Option<Withheld> = None;
        for place in from_the_city(asked.place) {
            let here = Asked { place: &place, own: false, department: None, slots: &slots, ..*asked };
            let matter = Matter {
                publisher: asked.publisher.to_owned(),
                declared: declared.iter().map(|indicator| indicator.code).collect(),
                month: asked.month.to_owned(),
                place: place.id(),
                least,
                confidential,
            };
            let counts = Counts { sums: sums(tx, &here, confidential)?, above: from_above };
            from_above = Some(self.decisions.decided(matter, counts, declared));
        }
        Ok(from_above.unwrap_or_default())
    }
}

/// What is decided on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Matter {
    publisher: String,
    declared: Vec<&'static str>,
    month: String,
    place: PlaceId,
    least: i64,
    /// Confidential things are among the counts.
    confidential: bool,
}

/// From what it is decided.
#[derive(PartialEq, Eq)]
struct Counts {
    sums: Sums,
    /// What was decided in the table of the place above.
    above: Option<Withheld>,
}

/// The decisions that were made lately, each with the counts from which it was made.
#[derive(Default)]
pub(crate) struct Decisions(Mutex<BTreeMap<Matter, (Counts, Withheld)>>);

impl Decisions {
    /// Returns what is withheld, from what is kept if the counts are the same.
    fn decided(&self, matter: Matter, counts: Counts, declared: &[Indicator]) -> Withheld {
        if let Some(found) = self.kept(&matter, &counts) {
            return found;
        }
        let above = counts.above.as_ref().map(|above| (above, Row::Below(matter.place)));
        let found = decided(&counts.sums, declared, matter.least, above);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(matter, (counts, found.clone()));
        found
    }

    fn kept(&self, matter: &Matter, counts: &Counts) -> Option<Withheld> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(matter).filter(|(before, _)| before == counts).map(|(_, found)| found.clone())
    }
}

/// Returns the places above a place and itself, the city first.
fn from_the_city(place: &PlacePath) -> Vec<PlacePath> {
    let mut path: Vec<PlacePath> = std::iter::successors(Some(place.clone()), PlacePath::parent).collect();
    path.reverse();
    path
}

/// Adds up what was counted at a place and in each place below, with or without what is confidential.
fn sums(tx: &mut dyn Tx, asked: &Asked<'_>, confidential: bool) -> Result<Sums, Fault> {
    let mut sums = Sums::new();
    let depth = asked.place.ids().len();
    let row_of = |place: &PlacePath| place.ids().get(depth).map_or(Row::Own, |below| Row::Below(*below));
    let mut add = |row: Row, department: String, amounts: &Amounts| {
        sums.entry(row).or_default().entry(department).or_default().merge(amounts);
    };
    if asked.place.level() == Level::City {
        for (district, department, amounts) in records::by_district_and_department(tx, asked)? {
            let row = if district == asked.place.id() { Row::Own } else { Row::Below(district) };
            add(row, department, &amounts);
        }
    } else {
        for month in all_of(records::rows_of_month(tx, asked, MOST_ROWS + 1)?, MOST_ROWS)? {
            add(row_of(&month.place), month.department, &month.amounts);
        }
    }
    if confidential {
        return Ok(sums);
    }
    for secret in records::confidential_rows(tx, asked)? {
        let row = sums.entry(row_of(&secret.place)).or_default();
        row.entry(secret.department).or_default().take_off(&secret.amounts);
    }
    Ok(sums)
}

/// Returns which cells of a table of counts that a department shows by itself are not told to everybody. The sums of
/// the rows stand in the column after the last one, those of the columns in the row after the last one; `small_sums`
/// says of each of the latter whether it is withheld elsewhere.
#[must_use]
pub fn of_table(rows: &[Vec<i64>], least: i64, small_sums: &[bool]) -> Hidden {
    let mut table = CountTable::new(rows, least);
    for (column, _) in small_sums.iter().enumerate().filter(|(_, is_small)| **is_small) {
        table.set(rows.len(), column, Standing::Small);
    }
    table.hidden()
}

/// Returns the rows if they are all there are. From a part of them nothing can be decided.
fn all_of(rows: Vec<MonthRow>, most: i64) -> Result<Vec<MonthRow>, Refusal> {
    let is_whole = i64::try_from(rows.len()).is_ok_and(|read| read <= most);
    if is_whole { Ok(rows) } else { Err(Refusal::new(Why::HallFiguresMany).with("rows", most)) }
}

/// Decides what is hidden in a table. `above` is what was decided in the table of the place above, and the row that
/// this place has there.
fn decided(sums: &Sums, declared: &[Indicator], least: i64, above: Option<(&Withheld, Row)>) -> Withheld {
    let departments: BTreeSet<&str> = sums.values().flat_map(BTreeMap::keys).map(String::as_str).collect();
    let columns: Vec<Option<String>> = departments.iter().map(|code| Some((*code).to_owned())).chain([None]).collect();
    let rows: Vec<Row> = sums.keys().copied().chain([Row::Total]).collect();
    let mut found = Withheld::default();
    for (slot, mut table) in tables(sums, &departments, declared, least) {
        if let Some((above, row)) = above {
            for (at, department) in columns.iter().enumerate() {
                let is_hidden = above.0.contains(&(row, department.clone(), slot));
                table.set(sums.len(), at, if is_hidden { Standing::Small } else { Standing::Told });
            }
        }
        let hidden = table.hidden();
        for (at, row) in rows.iter().enumerate() {
            let here = columns.iter().enumerate().filter(|(column, _)| hidden.at(at, *column));
            found.0.extend(here.map(|(_, department)| (*row, department.clone(), slot)));
        }
    }
    found
}

/// Returns a table for each column of counts. A part is small too where what is left of its whole is small.
fn tables(
    sums: &Sums,
    departments: &BTreeSet<&str>,
    declared: &[Indicator],
    least: i64,
) -> BTreeMap<usize, CountTable> {
    let none = Amounts::default();
    let count = |row: &BTreeMap<String, Amounts>, code: &str, slot| row.get(code).unwrap_or(&none).of(slot);
    let table = |slot: usize| {
        let rows: Vec<Vec<i64>> =
            sums.values().map(|row| departments.iter().map(|code| count(row, code, slot)).collect()).collect();
        CountTable::new(&rows, least)
    };
    let counts = declared.iter().filter(|indicator| indicator.amount_of.is_empty());
    let mut tables: BTreeMap<usize, CountTable> =
        counts.filter_map(Indicator::slot).map(|slot| (slot, table(slot))).collect();
    for (part, whole) in declared.iter().filter_map(|indicator| part_of(indicator, declared)) {
        let (Some(whole), Some(part)) = (tables.get(&whole).cloned(), tables.get_mut(&part)) else { continue };
        for row in 0..=sums.len() {
            for column in 0..=departments.len() {
                let left = whole.value(row, column).saturating_sub(part.value(row, column));
                if (1..least).contains(&left) {
                    part.set(row, column, Standing::Small);
                }
            }
        }
    }
    tables
}

/// Returns the columns of the part and the whole of a share of one sum.
fn part_of(indicator: &Indicator, declared: &[Indicator]) -> Option<(usize, usize)> {
    let slot = |code: &str| declared.iter().find(|sum| sum.code == code).and_then(Indicator::slot);
    match indicator.counted {
        Counted::Share { of, among: [whole] } => Some((slot(of)?, slot(whole)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &[Indicator] = &[
        Indicator::sum("lamps.mended", "x", 1),
        Indicator::sum("lamps.late", "x", 2),
        Indicator::sum("lamps.minutes", "x", 3).amount_of("lamps.mended"),
        Indicator::share("lamps.late_share", "x", "lamps.late", &["lamps.mended"]),
        Indicator::mean("lamps.minutes_each", "x", "lamps.minutes", "lamps.mended"),
    ];

    /// Returns the sums of rows, each with the amounts of the departments `""` and `housing`.
    fn sums_of(rows: &[(Row, [[i64; 3]; 2])]) -> Sums {
        let by_department = |amounts: &[[i64; 3]; 2]| {
            let [none, housing] = amounts.map(Amounts::new);
            BTreeMap::from([(String::new(), none), ("housing".to_owned(), housing)])
        };
        rows.iter().map(|(row, amounts)| (*row, by_department(amounts))).collect()
    }

    fn told(withheld: &Withheld, row: Row, department: Option<&str>) -> Vec<&'static str> {
        let told = DECLARED.iter().filter(|indicator| withheld.tells(row, department, indicator, DECLARED));
        told.map(|indicator| indicator.code.split_once('.').unwrap().1).collect()
    }

    #[test]
    fn a_small_number_hides_all_from_which_it_could_be_learnt() {
        let [first, second, third] = [1, 2, 3].map(|id| Row::Below(PlaceId(id)));
        let sums = sums_of(&[
            (Row::Own, [[0, 0, 0], [0, 0, 0]]),
            (first, [[0, 0, 0], [1, 0, 90]]),
            (second, [[0, 0, 0], [20, 0, 900]]),
            (third, [[0, 0, 0], [9, 0, 400]]),
        ]);
        let withheld = decided(&sums, DECLARED, 3, None);
        for (row, expected) in [
            (first, vec!["late"]),
            (second, vec!["mended", "late", "minutes", "late_share", "minutes_each"]),
            (third, vec!["late"]),
            (Row::Total, vec!["mended", "late", "minutes", "late_share", "minutes_each"]),
        ] {
            assert_eq!(told(&withheld, row, None), expected, "{row:?}");
            assert_eq!(told(&withheld, row, Some("housing")), expected, "{row:?} of a department");
        }
        assert!(decided(&sums, DECLARED, 0, None).is_nothing());
    }

    #[test]
    fn a_share_that_leaves_a_small_number_is_withheld() {
        let [first, second] = [1, 2].map(|id| Row::Below(PlaceId(id)));
        let sums = sums_of(&[(first, [[0, 0, 0], [30, 29, 0]]), (second, [[0, 0, 0], [40, 20, 0]])]);
        let withheld = decided(&sums, DECLARED, 3, None);
        assert_eq!(told(&withheld, first, None), ["mended", "minutes", "minutes_each"]);
    }

    #[test]
    fn what_is_withheld_above_cannot_be_added_up_below() {
        let [first, second, third] = [1, 2, 3].map(|id| Row::Below(PlaceId(id)));
        let one = |mended| [[0, 0, 0], [mended, 0, 0]];
        let above = decided(&sums_of(&[(first, one(1)), (second, one(20)), (third, one(9))]), DECLARED, 3, None);
        let below = sums_of(&[(Row::Below(PlaceId(31)), one(4)), (Row::Below(PlaceId(32)), one(5))]);
        let withheld = decided(&below, DECLARED, 3, Some((&above, third)));
        assert!(!told(&withheld, Row::Total, None).contains(&"mended"));
        let parts = [31, 32].map(|id| told(&withheld, Row::Below(PlaceId(id)), None).contains(&"mended"));
        assert!(parts.contains(&false), "one of them is hidden with their sum");
        let free = decided(&below, DECLARED, 3, Some((&above, second)));
        assert!(free.is_nothing(), "{free:?}");
    }

    #[test]
    fn a_decision_is_used_again_for_the_very_same_counts_alone() {
        let decisions = Decisions::default();
        let matter = |place: i64| Matter {
            publisher: "lamps".to_owned(),
            declared: DECLARED.iter().map(|indicator| indicator.code).collect(),
            month: "2026-11".to_owned(),
            place: PlaceId(place),
            least: 3,
            confidential: false,
        };
        let counts = |mended| {
            let sums = sums_of(&[(Row::Below(PlaceId(1)), [[0, 0, 0], [mended, 0, 0]])]);
            Counts { sums, above: None }
        };
        assert!(decisions.decided(matter(1), counts(20), DECLARED).is_nothing());
        assert_eq!(decisions.kept(&matter(1), &counts(20)), Some(Withheld::default()), "as before");
        for (other, changed) in [(matter(2), counts(20)), (matter(1), counts(1))] {
            assert_eq!(decisions.kept(&other, &changed), None);
        }
        assert!(!decisions.decided(matter(1), counts(1), DECLARED).is_nothing(), "it has become small");
        let from_above = Counts { above: Some(Withheld::default()), ..counts(1) };
        assert_eq!(decisions.kept(&matter(1), &from_above), None, "another decision above");
        for place in 0..1_000 {
            decisions.decided(matter(place), counts(20), DECLARED);
        }
        assert!(decisions.0.lock().unwrap().len() <= MOST_KEPT, "the memory is bounded");
    }

    #[test]
    fn a_department_s_own_table_gives_no_small_number_away() {
        let rows = [vec![12, 1], vec![9, 0], vec![30, 8]];
        let hidden = of_table(&rows, 3, &[]);
        assert!(hidden.at(0, 1) && hidden.at(2, 1), "the small one, and one more of its column");
        assert!(!hidden.at(3, 0) && !hidden.at(3, 1) && !hidden.at(3, 2), "the sums are told");
        let elsewhere = of_table(&rows, 3, &[true]);
        assert!(elsewhere.at(3, 0), "what another table withholds");
        assert_eq!(of_table(&rows, 0, &[]).count(), 0);
    }

    #[test]
    fn what_is_read_in_part_decides_nothing() {
        let row = MonthRow {
            place: PlacePath::parse("1.4.").unwrap(),
            department: String::new(),
            month: "2026-11".to_owned(),
            amounts: Amounts::default(),
        };
        assert_eq!(all_of(vec![row.clone(); 2], 2).unwrap().len(), 2);
        let refused = all_of(vec![row; 3], 2).unwrap_err();
        assert_eq!(refused.code, Why::HallFiguresMany);
    }

    #[test]
    fn the_way_leads_from_the_city_down() {
        let paths: Vec<String> =
            from_the_city(&PlacePath::parse("1.4.57.").unwrap()).iter().map(PlacePath::to_string).collect();
        assert_eq!(paths, ["1.", "1.4.", "1.4.57."]);
    }
}
