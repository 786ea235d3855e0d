//! Figures (指标): what a department counts of its own work. An indicator is declared as a value; what is counted
//! stands in cells, each a place, a department of the city and a day.

mod hiding;

use std::fmt;

use crate::permission::{Actor, Permission};
use crate::place::{PlaceId, PlacePath};
use crate::rule::Unit;
use crate::time::Date;

pub use hiding::{CountTable, Hidden, Standing};

/// How many sums one department can publish: a row of figures has so many columns.
pub const SLOTS: usize = 32;

/// Which way an indicator gets better (好坏方向).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    More,
    /// Less is better.
    Less,
    /// It only says how much there is.
    Neither,
}

/// How an indicator comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It is a sum, kept in that column of its department's rows: 1 to [`SLOTS`]. A column that was used is never
    /// given to another sum.
    Sum {
        /// The number of the column.
        slot: usize,
    },
    /// It is the share of a sum among other sums of the same department.
    Share {
        /// The code of the part.
        of: &'static str,
        /// The codes of the sums that make the whole.
        among: &'static [&'static str],
    },
    /// It is one sum divided by another of the same department.
    Mean {
        /// The code of what is divided.
        of: &'static str,
        /// The code of what it is divided by.
        over: &'static str,
    },
}

/// Part of what an indicator counts: a place, a department and some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The place.
    pub place: PlaceId,
    /// Only what is counted at the place itself, not what lies inside it.
    pub own: bool,
    /// The department of the city; empty for all.
    pub department: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Part {
    /// Returns the address of a page that lists what a sum counts in this part.
    pub fn address(&self, page: &str, code: &str) -> String {
        let Self { place, own, department, from, to } = self;
        let own = if *own { "&own=1" } else { "" };
        let department = if department.is_empty() { String::new() } else { format!("&department={department}") };
        format!("{page}?code={code}&place={place}{own}{department}&from={from}&to={to}")
    }
}

/// Where the rows that an indicator counts are shown, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    /// What one must be permitted at the place.
    pub permission: Permission,
    /// Gives the local address of the list, for the code of a sum and a part of it.
    pub address: fn(&str, &Part) -> String,
}

impl Rows {
    /// Says whether somebody may see all that is counted inside a place, for one department or for all.
    pub fn open_to(&self, actor: &Actor, place: &PlacePath, department: Option<&str>) -> bool {
        let scopes = actor.scopes(self.permission);
        scopes.iter().any(|scope| {
            let is_own = scope.department.is_none() || scope.department.as_deref() == department;
            scope.place.contains(place) && is_own
        })
    }
}

/// Since when an indicator is counted as it is, and how it was counted before (口径变更). What was counted earlier
/// stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anew {
    /// The first day that is counted so.
    pub from: Date,
    /// The key of the text that says how it was counted before.
    pub before: &'static str,
}

/// An indicator that a department publishes (指标).
#[derive(Clone, Copy, Debug)]
pub struct Indicator {
    /// Its stable code: the name of the department's crate, a dot, a word, as in `cases.decided`.
    pub code: &'static str,
    /// The key of its name.
    pub title: &'static str,
    /// The key of the text that says how it is counted; empty where the name says it.
    pub how: &'static str,
    /// Since when it is counted so; none where it was never counted otherwise.
    pub anew: Option<Anew>,
    /// What is counted.
    pub unit: Unit,
    /// Which way it gets better.
    pub direction: Direction,
    /// How it comes about.
    pub counted: Counted,
    /// Where its rows are shown; none where nobody can look at them.
    pub rows: Option<Rows>,
    /// The code of the sum that counts the things whose amount this is; empty for a count of its own.
    pub amount_of: &'static str,
}

impl Indicator {
    /// Declares a sum that is kept in a column of its department's rows.
    pub const fn sum(code: &'static str, title: &'static str, slot: usize) -> Self {
        Self::new(code, title, Counted::Sum { slot })
    }

    /// Declares the share of one sum among others.
    pub const fn share(
        code: &'static str,
        title: &'static str,
        of: &'static str,
        among: &'static [&'static str],
    ) -> Self {
        let shared = Self::new(code, title, Counted::Share { of, among });
        Self { unit: Unit::PerMille, ..shared }
    }

    /// Declares one sum divided by another.
    pub const fn mean(code: &'static str, title: &'static str, of: &'static str, over: &'static str) -> Self {
        Self::new(code, title, Counted::Mean { of, over })
    }

    const fn new(code: &'static str, title: &'static str, counted: Counted) -> Self {
        Self {
            code,
            title,
            how: "",
            anew: None,
            unit: Unit::Count,
            direction: Direction::Neither,
            counted,
            rows: None,
            amount_of: "",
        }
    }

    /// Says how it is counted.
    #[must_use]
    pub const fn how(self, key: &'static str) -> Self {
        Self { how: key, ..self }
    }

    /// Says that it is counted so from a day on, and how it was counted before.
    #[must_use]
    pub const fn anew(self, from: Date, before: &'static str) -> Self {
        Self { anew: Some(Anew { from, before }), ..self }
    }

    /// Gives it a unit other than a bare number.
    #[must_use]
    pub const fn unit(self, unit: Unit) -> Self {
        Self { unit, ..self }
    }

    /// Says that more of it is better.
    #[must_use]
    pub const fn better_high(self) -> Self {
        Self { direction: Direction::More, ..self }
    }

    /// Says that less of it is better.
    #[must_use]
    pub const fn better_low(self) -> Self {
        Self { direction: Direction::Less, ..self }
    }

    /// Says where its rows are shown.
    #[must_use]
    pub const fn opens(self, rows: Rows) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Says that it is no count but an amount of the things that a sum counts, as minutes of cases are.
    #[must_use]
    pub const fn amount_of(self, code: &'static str) -> Self {
        Self { amount_of: code, ..self }
    }

    /// Returns the columns that one would learn something about from it: its own, those it is reckoned from, and for
    /// an amount the count of what it is an amount of.
    pub fn learnt_from(&self, declared: &[Self]) -> Vec<usize> {
        let counts = self.sums(declared).into_iter().filter_map(|sum| match sum.amount_of {
            "" => sum.slot(),
            code => sum_of(declared, code).map(|(_, slot)| slot),
        });
        counts.collect()
    }

    /// Returns the sums that it is or is reckoned from, among the indicators of its department.
    pub fn sums<'d>(&self, declared: &'d [Self]) -> Vec<&'d Self> {
        let own = self.slot().map(|_| self.code);
        own.into_iter().chain(self.parts()).filter_map(|code| sum_of(declared, code)).map(|(sum, _)| sum).collect()
    }

    /// Returns the name of the department that publishes it.
    pub fn publisher(&self) -> &'static str {
        self.code.split('.').next().unwrap_or_default()
    }

    /// Returns the column of a sum; none for what is reckoned from sums.
    pub const fn slot(&self) -> Option<usize> {
        match self.counted {
            Counted::Sum { slot } => Some(slot),
            Counted::Share { .. } | Counted::Mean { .. } => None,
        }
    }

    /// Reckons it from the sums of its department, among whose indicators its parts are found.
    pub fn figure(&self, declared: &[Self], amounts: &Amounts) -> Figure {
        let sum = |code: &str| sum_of(declared, code).map_or(0, |(_, slot)| amounts.of(slot));
        match self.counted {
            Counted::Sum { slot } => Figure::Count(amounts.of(slot)),
            Counted::Share { of, among } => {
                let whole = among.iter().fold(0_i64, |whole, code| whole.saturating_add(sum(code)));
                Figure::Share { part: sum(of), whole }
            }
            Counted::Mean { of, over } => Figure::Mean { sum: sum(of), count: sum(over) },
        }
    }

    /// Returns the sum whose rows one looks at behind this indicator: itself, or the part of a share; none for a
    /// mean.
    pub fn behind<'d>(&'d self, declared: &'d [Self]) -> Option<&'d Self> {
        match self.counted {
            Counted::Sum { .. } => Some(self),
            Counted::Share { of, .. } => sum_of(declared, of).map(|(found, _)| found),
            Counted::Mean { .. } => None,
        }
    }

    /// Returns what was counted otherwise on a day: itself, and the sums that it is reckoned from.
    pub fn counted_otherwise<'d>(&'d self, declared: &'d [Self], on: Date) -> Vec<(&'d Self, Anew)> {
        let sums = self.parts().into_iter().filter_map(|code| sum_of(declared, code)).map(|(sum, _)| sum);
        let changed = std::iter::once(self).chain(sums).filter_map(|one| Some((one, one.anew?)));
        changed.filter(|(_, anew)| on < anew.from).collect()
    }

    /// The codes that it is reckoned from.
    fn parts(&self) -> Vec<&'static str> {
        match self.counted {
            Counted::Sum { .. } => Vec::new(),
            Counted::Share { of, among } => std::iter::once(of).chain(among.iter().copied()).collect(),
            Counted::Mean { of, over } => vec![of, over],
        }
    }
}

/// Finds a sum and its column by its code.
fn sum_of<'d>(declared: &'d [Indicator], code: &str) -> Option<(&'d Indicator, usize)> {
    let found = declared.iter().find(|indicator| indicator.code == code)?;
    Some((found, found.slot()?))
}

/// Returns what is wrong with the indicators that a department declares, a sentence each.
pub fn faults(department: &str, declared: &[Indicator]) -> Vec<String> {
    let mut faults = Vec::new();
    for (position, indicator) in declared.iter().enumerate() {
        let code = indicator.code;
        if indicator.publisher() != department || code.len() <= department.len() + 1 {
            faults.push(format!("The indicator {code} does not begin with `{department}.`. Rename it."));
        }
        if let Some(slot) = indicator.slot() {
            if slot == 0 || slot > SLOTS {
                faults.push(format!("The indicator {code} has the column {slot}. Give it one from 1 to {SLOTS}."));
            }
            if declared.iter().take(position).any(|other| other.slot() == Some(slot)) {
                faults.push(format!("The column {slot} of the indicator {code} is taken. Give it a free one."));
            }
        }
        for part in indicator.parts().into_iter().filter(|part| sum_of(declared, part).is_none()) {
            faults.push(format!("The indicator {code} is reckoned from {part}, which is no sum of {department}."));
        }
    }
    faults
}

/// What an indicator says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// So many.
    Count(i64),
    /// So many of so many.
    Share {
        /// The part.
        part: i64,
        /// The whole.
        whole: i64,
    },
    /// A sum over so many.
    Mean {
        /// The sum.
        sum: i64,
        /// How many.
        count: i64,
    },
}

impl Figure {
    /// Returns the share in thousandths or the mean in hundredths, rounded half up, and a count as it is. Returns
    /// none for nothing of nothing.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Count(count) => Some(count),
            Self::Share { part, whole } => rounded(part, 1_000, whole),
            Self::Mean { sum, count } => rounded(sum, 100, count),
        }
    }
}

/// Writes it as people read it: `12`, `33.3 %`, `4.67`; nothing of nothing is a dash.
impl fmt::Display for Figure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, self.number()) {
            (_, None) => out.write_str("–"),
            (Self::Count(_), Some(count)) => count.fmt(out),
            (Self::Share { .. }, Some(tenths)) => write!(out, "{} %", decimal(tenths, 1)),
            (Self::Mean { .. }, Some(hundredths)) => out.write_str(&decimal(hundredths, 2)),
        }
    }
}

/// Writes a number with so many digits after the point. Corrections of an earlier month may make it negative.
fn decimal(number: i64, digits: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let step = if digits == 1 { 10 } else { 100 };
    let number = number.unsigned_abs();
    format!("{sign}{}.{:0digits$}", number / step, number % step)
}

fn rounded(part: i64, fractions: i64, whole: i64) -> Option<i64> {
    let scaled = part.saturating_mul(fractions).saturating_add(whole / 2);
    Some(whole).filter(|whole| *whole > 0).and_then(|whole| scaled.checked_div_euclid(whole))
}

/// Where and when something is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// The place.
    pub place: PlacePath,
    /// The department of the city; empty for none.
    pub department: String,
    /// The day.
    pub day: Date,
}

impl Cell {
    /// Returns the month in which it is counted, as `2026-11`.
    pub fn month(&self) -> String {
        month_of(self.day)
    }
}

/// Returns the month of a day, as `2026-11`.
pub fn month_of(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

/// The sums of one cell, by column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts([i64; SLOTS]);

impl Amounts {
    /// Takes the sums of the columns in their order; what is missing is 0.
    pub fn new(values: impl IntoIterator<Item = i64>) -> Self {
        let mut amounts = Self::default();
        for (kept, value) in amounts.0.iter_mut().zip(values) {
            *kept = value;
        }
        amounts
    }

    /// Returns the sum of a column; 0 where there is no such column.
    pub fn of(&self, slot: usize) -> i64 {
        slot.checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or_default()
    }

    /// Adds to a column.
    pub fn add(&mut self, slot: usize, amount: i64) {
        if let Some(kept) = slot.checked_sub(1).and_then(|at| self.0.get_mut(at)) {
            *kept = kept.saturating_add(amount);
        }
    }

    /// Adds another's sums.
    pub fn merge(&mut self, other: &Self) {
        for (kept, more) in self.0.iter_mut().zip(other.0) {
            *kept = kept.saturating_add(more);
        }
    }

    /// Takes another's sums off.
    pub fn take_off(&mut self, other: &Self) {
        for (kept, less) in self.0.iter_mut().zip(other.0) {
            *kept = kept.saturating_sub(less);
        }
    }

    /// Returns the sums in the order of the columns.
    pub fn values(&self) -> impl Iterator<Item = i64> {
        self.0.into_iter()
    }

    /// Returns the columns that hold something, with their sums.
    pub fn filled(&self) -> impl Iterator<Item = (usize, i64)> {
        (1..=SLOTS).zip(self.0).filter(|(_, amount)| *amount != 0)
    }

    /// Says whether every column is 0.
    pub fn is_nothing(&self) -> bool {
        self.filled().next().is_none()
    }
}

#[cfg(test)]
mod tests;
