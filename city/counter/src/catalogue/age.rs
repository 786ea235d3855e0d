//! From and up to which age an item is. The age is told before somebody applies; it decides nothing.

use kernel::time::Date;

/// The ages that an item is for, as they are told before somebody applies (年龄条件), in full years 周岁.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Age {
    /// The first age that fits (满).
    pub from: Option<u32>,
    /// The first age that does not fit any more (未满).
    pub to: Option<u32>,
    /// Others often apply for the person, so that the number may be theirs: a guardian, the family.
    pub another: bool,
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
        let age = |from, to| Age { from, to, another: false };
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
