//! Units of figures: what a number of the rulebook counts, and which units are reckoned in one another.

use crate::calendar;

/// Writes the units with the names by which the data call them: `Name = "name";`.
macro_rules! units {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)+) => {
        /// The unit of a figure (单位).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Unit {
            /// What a limit counts (时限单位): every unit that the calendar knows.
            Limit(calendar::Unit),
            $($(#[doc = $doc])+ $name,)+
        }

        impl Unit {
            /// The units that the calendar does not know.
            const PLAIN: &'static [Self] = &[$(Self::$name),+];

            /// The name used in data: `household`, `working_day`.
            pub const fn code(self) -> &'static str {
                match self {
                    Self::Limit(unit) => unit.code(),
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

units! {
    /// A bare number (个).
    Count = "count";
    /// Households (户).
    Household = "household";
    /// People (人).
    Person = "person";
    /// A step of a scale, such as that of ratings (级).
    Level = "level";
    /// Characters of a text (字符).
    Character = "character";
    /// 1 for yes, 0 for no (是否).
    YesNo = "yes_no";
    /// A thousandth of a whole (千分之一).
    PerMille = "per_mille";
    /// A hundredth of a whole (百分之一).
    Percent = "percent";
    /// Months of the calendar (月).
    Month = "month";
    /// Years of the calendar (年).
    Year = "year";
    /// Milliseconds (毫秒).
    Millisecond = "millisecond";
    /// Seconds (秒).
    Second = "second";
    /// Minutes (分钟).
    Minute = "minute";
    /// Hours of a watch, not of the counters (小时).
    Hour = "hour";
    /// Bytes (字节).
    Byte = "byte";
    /// 1,024 bytes.
    Kibibyte = "kibibyte";
    /// 1,048,576 bytes.
    Mebibyte = "mebibyte";
    /// Metres (米).
    Metre = "metre";
    /// Kilometres (公里).
    Kilometre = "kilometre";
    /// Speed of a walk (毫米每秒).
    MillimetrePerSecond = "millimetre_per_second";
    /// Money in fen (分).
    Fen = "fen";
    /// Money in fen for each month (分每月).
    FenPerMonth = "fen_per_month";
    /// Money in fen for each year (分每年).
    FenPerYear = "fen_per_year";
}

impl Unit {
    /// Every unit: those of the calendar first.
    pub fn all() -> impl Iterator<Item = Self> {
        calendar::Unit::ALL.into_iter().map(Self::Limit).chain(Self::PLAIN.iter().copied())
    }

    /// Reads the name that [`Unit::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::all().find(|unit| unit.code() == code)
    }

    /// The key of the text that shows a figure in this unit, in both languages. [`Unit::YesNo`] has two texts of its
    /// own instead.
    pub fn key(self) -> String {
        format!("rulebook-unit-{}", self.code().replace('_', "-"))
    }

    /// Whether a figure in this unit is an amount of money.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Fen | Self::FenPerMonth | Self::FenPerYear)
    }

    /// The smallest unit that this one can be reckoned in, and how many of it make one of this.
    const fn parts(self) -> (Self, i64) {
        match self {
            Self::Second => (Self::Millisecond, 1_000),
            Self::Minute => (Self::Millisecond, 60_000),
            Self::Hour => (Self::Millisecond, 3_600_000),
            Self::Year => (Self::Month, 12),
            Self::Percent => (Self::PerMille, 10),
            Self::Kibibyte => (Self::Byte, 1_024),
            Self::Mebibyte => (Self::Byte, 1_048_576),
            Self::Kilometre => (Self::Metre, 1_000),
            own => (own, 1),
        }
    }

    /// Whether figures in this unit can be reckoned in the other one.
    pub fn is_like(self, other: Self) -> bool {
        self.parts().0 == other.parts().0
    }

    /// A number of this unit in another one; none when the two are not alike or the result is not whole.
    pub fn reckon(self, number: i64, other: Self) -> Option<i64> {
        let ((base, each), (same, step)) = (self.parts(), other.parts());
        let total = number.checked_mul(each).filter(|_| base == same)?;
        if total.checked_rem(step)? == 0 { total.checked_div(step) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_read_back() {
        for unit in Unit::all() {
            assert_eq!(Unit::parse(unit.code()), Some(unit));
        }
        assert_eq!(Unit::parse("fortnight"), None);
        assert_eq!(Unit::parse(""), None);
    }

    #[test]
    fn a_unit_has_a_key_and_may_be_money() {
        let table = [
            (Unit::Limit(calendar::Unit::WorkingDay), "rulebook-unit-working-day", false),
            (Unit::MillimetrePerSecond, "rulebook-unit-millimetre-per-second", false),
            (Unit::Count, "rulebook-unit-count", false),
            (Unit::Fen, "rulebook-unit-fen", true),
            (Unit::FenPerMonth, "rulebook-unit-fen-per-month", true),
            (Unit::FenPerYear, "rulebook-unit-fen-per-year", true),
        ];
        for (unit, key, money) in table {
            assert_eq!((unit.key().as_str(), unit.is_money()), (key, money));
        }
        assert_eq!(Unit::all().filter(|unit| unit.is_money()).count(), 3);
    }

    #[test]
    fn what_is_reckoned_comes_back_the_same() {
        for unit in Unit::all() {
            for other in Unit::all() {
                let there = unit.reckon(7, other);
                assert_eq!(there == Some(7), unit == other, "{unit:?} {other:?}");
                assert!(there.is_none_or(|number| other.reckon(number, unit) == Some(7)), "{unit:?} {other:?}");
                assert_eq!(unit.is_like(other), other.is_like(unit));
            }
        }
    }

    #[test]
    fn like_units_are_reckoned_in_one_another() {
        let day = Unit::Limit(calendar::Unit::CalendarDay);
        let table = [
            (Unit::Hour, 2, Unit::Minute, Some(120)),
            (Unit::Second, 1_800, Unit::Minute, Some(30)),
            (Unit::Second, 90, Unit::Minute, None),
            (Unit::Year, 2, Unit::Month, Some(24)),
            (Unit::Kibibyte, 3, Unit::Byte, Some(3_072)),
            (Unit::Mebibyte, 8, Unit::Kibibyte, Some(8_192)),
            (Unit::Percent, 12, Unit::PerMille, Some(120)),
            (Unit::PerMille, 125, Unit::Percent, None),
            (Unit::Household, 300, Unit::Household, Some(300)),
            (Unit::Household, 300, Unit::Count, None),
            (Unit::FenPerYear, 12, Unit::FenPerMonth, None),
            (day, 30, day, Some(30)),
            (day, 30, Unit::Limit(calendar::Unit::WorkingDay), None),
            (Unit::Hour, i64::MAX, Unit::Second, None),
            (Unit::Minute, -5, Unit::Second, Some(-300)),
            (Unit::Second, -90, Unit::Minute, None),
            (Unit::Month, 11, Unit::Year, None),
            (Unit::Kilometre, 1, Unit::Metre, Some(1_000)),
            (Unit::Metre, 1_500, Unit::Kilometre, None),
            (Unit::Millisecond, 0, Unit::Hour, Some(0)),
            (Unit::Hour, 1, Unit::Limit(calendar::Unit::WorkingHour), None),
            (Unit::Byte, 1_048_576, Unit::Mebibyte, Some(1)),
        ];
        for (unit, number, other, expected) in table {
            assert_eq!(unit.reckon(number, other), expected, "{number} {} in {}", unit.code(), other.code());
        }
    }
}
