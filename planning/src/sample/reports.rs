//! Invented reports of an invented city: places that differ, weeks with their days off, holidays with the days that are
//! worked in their place, and a rise that is planted.

use crate::chance::Chance;
use crate::scan::Cell;

/// A working day.
pub const WORKED: u8 = 0;
/// A day that is worked in place of a holiday.
pub const MADE_UP: u8 = 1;
/// A day off.
pub const OFF: u8 = 2;

/// A holiday comes after so many days, lasts seven, and the two weekends beside it are worked.
const HOLIDAY_EVERY: usize = 91;
const HOLIDAY_DAYS: usize = 7;
const WEEK: usize = 7;

/// Returns the kind of each of `days` days, the first a Monday.
pub fn kinds(days: usize) -> Vec<u8> {
    let weekend = |day: usize| day % WEEK >= WEEK - 2;
    let kind = |day: usize| {
        let since = day % HOLIDAY_EVERY;
        let from = HOLIDAY_EVERY / 2;
        let beside = (from - WEEK..from + HOLIDAY_DAYS + WEEK).contains(&since);
        let holiday = (from..from + HOLIDAY_DAYS).contains(&since);
        if holiday || (weekend(day) && !beside) {
            OFF
        } else if weekend(day) {
            MADE_UP
        } else {
            WORKED
        }
    };
    (0..days).map(kind).collect()
}

/// A rise: some places have so many times as many reports in the last days.
#[derive(Debug, Clone, Copy)]
pub struct Rise<'a> {
    /// The places.
    pub places: &'a [u32],
    /// The first day of the rise.
    pub from: usize,
    /// How many times as many.
    pub times: f64,
}

/// Makes the reports of one sort: about `a_day` in the whole city. Places have unequal shares, one in eight is busiest
/// on days off (a market), the others on working days, and most on Mondays.
pub fn reports(places: usize, kinds: &[u8], a_day: f64, rise: Option<Rise<'_>>, chance: &mut Chance) -> Vec<Cell> {
    let shares: Vec<(f64, bool)> =
        (0..places).map(|_| (0.2 + 2.0 * chance.unit().powi(2), chance.below(8) == 0)).collect();
    let sum: f64 = shares.iter().map(|share| share.0).sum();
    let mut cells = Vec::new();
    for (day, &kind) in kinds.iter().enumerate() {
        for (place, &(share, market)) in shares.iter().enumerate() {
            let risen = rise.filter(|rise| day >= rise.from && rise.places.contains(&(place as u32)));
            let mean = a_day * share / sum * busy(day, kind, market) * risen.map_or(1.0, |rise| rise.times);
            let count = poisson(mean, chance);
            if count > 0 {
                cells.push(Cell { place: place as u32, day: day as u32, count });
            }
        }
    }
    cells
}

fn busy(day: usize, kind: u8, market: bool) -> f64 {
    match (kind, market) {
        (OFF, true) => 2.0,
        (_, true) | (OFF, false) => 0.6,
        (MADE_UP, false) => 0.9,
        (_, false) if day.is_multiple_of(WEEK) => 1.5,
        (_, false) => 1.1,
    }
}

/// Deals the days of all reports anew within each kind of day: the same sums of places and days, and nothing else.
pub fn shuffled(cells: &[Cell], kinds: &[u8], chance: &mut Chance) -> Vec<Cell> {
    let mut reports: Vec<(u32, u32)> = Vec::new();
    for cell in cells {
        reports.extend(std::iter::repeat_n((cell.place, cell.day), cell.count as usize));
    }
    let mut apart: std::collections::BTreeMap<u8, (Vec<u32>, Vec<u32>)> = std::collections::BTreeMap::new();
    for (place, day) in reports {
        let (places, days) = apart.entry(kinds[day as usize]).or_default();
        places.push(place);
        days.push(day);
    }
    let mut dealt = Vec::new();
    for (places, mut days) in apart.into_values() {
        for at in (1..days.len()).rev() {
            days.swap(at, chance.below(at + 1));
        }
        dealt.extend(places.into_iter().zip(days).map(|(place, day)| Cell { place, day, count: 1 }));
    }
    dealt
}

/// Draws a number with that mean (Knuth), in parts where the mean is large.
fn poisson(mean: f64, chance: &mut Chance) -> u32 {
    const PART: f64 = 16.0;
    let (mut count, mut left) = (0, mean);
    while left > 0.0 {
        let limit = (-left.min(PART)).exp();
        let mut product = chance.unit();
        while product > limit {
            count += 1;
            product *= chance.unit();
        }
        left -= PART;
    }
    count
}
