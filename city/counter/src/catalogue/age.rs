//! From and up to which age an item is. The age is told before somebody applies; it decides nothing.

use super::entries::{Entries, Written, unique};
use kernel::fault::Fault;
use kernel::time::Date;
use serde::Deserialize;
use std::collections::BTreeSet;

/// No condition of age lies beyond it.
const OLDEST: u32 = 120;

/// A condition of age of an item (年龄条件), in full years 周岁.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Age {
    /// The code of the item.
    pub item: String,
    /// The first age that fits (满).
    pub from: Option<u32>,
    /// The first age that does not fit any more (未满).
    pub to: Option<u32>,
    /// Others often apply for the person, so that the number may be theirs: a guardian, the family.
    #[serde(default)]
    pub another: bool,
    /// Where it is written.
    pub source: String,
}

impl Age {
    /// Says whether somebody of that age is outside of the condition.
    #[must_use]
    pub fn excludes(&self, years: u32) -> bool {
        self.from.is_some_and(|from| years < from) || self.to.is_some_and(|to| years >= to)
    }
}

/// Returns the full years of somebody on a day. Who was born on 29 February has her birthday on 1 March in other years.
#[must_use]
pub fn years_on(born: Date, day: Date) -> Option<u32> {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    let years = i32::from(day.year()) - i32::from(born.year()) - i32::from(!had_birthday);
    u32::try_from(years).ok()
}

/// Finds every fault of the conditions.
pub(super) fn check(entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    let items: BTreeSet<&str> = entries.items.iter().map(|item| item.value.code.as_str()).collect();
    unique(&entries.ages, |age| &age.item, "item", faults);
    for age in &entries.ages {
        check_one(age, &items, faults);
    }
}

fn check_one(age: &Written<'_, Age>, items: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    let value = &age.value;
    if !items.contains(value.item.as_str()) {
        let message = format!("an age for {:?}, which is no item", value.item);
        faults.push(age.fault("item", message, "Correct the code, or take the entry out"));
    }
    let (from, to) = (value.from.unwrap_or(0), value.to.unwrap_or(OLDEST));
    if (value.from, value.to) == (None, None) || from >= to || to > OLDEST {
        let message = format!("{}: nobody or everybody is of that age", value.item);
        faults.push(age.fault("item", message, "Write `from`, `to` or both, in full years, `from` below `to`"));
    }
    if value.source.trim().is_empty() {
        let message = format!("{}: the age has no source", value.item);
        faults.push(age.fault("source", message, "Write where the item says it"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Date = Date::constant(2026, 11, 30);

    #[test]
    fn years_are_full_on_the_birthday() {
        for (born, day, years) in [
            (Date::constant(1946, 11, 30), DAY, Some(80)),
            (Date::constant(1946, 12, 1), DAY, Some(79)),
            (Date::constant(1998, 5, 6), DAY, Some(28)),
            (Date::constant(2024, 2, 29), Date::constant(2026, 2, 28), Some(1)),
            (Date::constant(2024, 2, 29), Date::constant(2026, 3, 1), Some(2)),
            (DAY, DAY, Some(0)),
            (Date::constant(2027, 1, 1), DAY, None),
        ] {
            assert_eq!(years_on(born, day), years, "{born} {day}");
        }
    }

    #[test]
    fn an_age_fits_from_and_up_to_what_is_written() {
        let age = |from, to| Age { item: String::new(), from, to, another: false, source: String::new() };
        for (rule, years, excluded) in [
            (age(Some(80), None), 79, true),
            (age(Some(80), None), 80, false),
            (age(None, Some(18)), 17, false),
            (age(None, Some(18)), 18, true),
            (age(Some(16), Some(60)), 15, true),
            (age(Some(16), Some(60)), 59, false),
            (age(Some(16), Some(60)), 60, true),
        ] {
            assert_eq!(rule.excludes(years), excluded, "{rule:?} {years}");
        }
    }
}
