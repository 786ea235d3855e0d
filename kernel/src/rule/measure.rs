//! What a figure is read as: a limit, a count, a length of time, money … Each reads some units and refuses all others.

use super::Unit;
use crate::{
    calendar,
    money::Fen,
    refusal::{Code, Refusal},
};

/// Which units a figure may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any unit in which the calendar counts a limit.
    Limit,
    /// This unit, or one that can be reckoned in it.
    In(Unit),
}

impl Kind {
    /// Whether a figure in that unit is of this kind.
    pub fn takes(self, unit: Unit) -> bool {
        match self {
            Self::Limit => matches!(unit, Unit::Limit(_)),
            Self::In(own) => unit.is_like(own),
        }
    }

    /// The names of the units it takes: `minute, millisecond, second, hour`. The one in which it is reckoned comes
    /// first.
    pub fn units(self) -> String {
        let own = match self {
            Self::Limit => None,
            Self::In(own) => Some(own),
        };
        let others = Unit::all().filter(|unit| self.takes(*unit) && Some(*unit) != own);
        own.into_iter().chain(others).map(Unit::code).collect::<Vec<_>>().join(", ")
    }
}

/// What a figure is read as.
pub trait Measure: Copy {
    /// What the figure is for those who use it.
    type Figure;
    /// The units it takes.
    const KIND: Kind;
    /// The figure that a number of a unit stands for; none when the unit is of another kind or the number makes no
    /// sense.
    fn figure(number: i64, unit: Unit) -> Option<Self::Figure>;
}

/// Reads a value, or refuses it with `rule.wrong_unit`, which names the value and the units that it may have.
pub fn read<M: Measure>(code: &str, number: i64, unit: Unit) -> Result<M::Figure, Refusal> {
    M::figure(number, unit).ok_or_else(|| {
        Refusal::new(Code::RuleWrongUnit)
            .with("rule", code)
            .with("number", number)
            .with("unit", unit.code())
            .with("wanted", M::KIND.units())
    })
}

/// A limit (时限) of so many units of the calendar, as the data say: the figure is a [`calendar::Limit`].
#[derive(Clone, Copy, Debug)]
pub enum Limit {}

impl Measure for Limit {
    type Figure = calendar::Limit;
    const KIND: Kind = Kind::Limit;

    fn figure(number: i64, unit: Unit) -> Option<calendar::Limit> {
        let Unit::Limit(unit) = unit else { return None };
        Some(calendar::Limit::new(u32::try_from(number).ok()?, unit))
    }
}

/// Any whole number (整数), also a negative one.
#[derive(Clone, Copy, Debug)]
pub enum Whole {}

impl Measure for Whole {
    type Figure = i64;
    const KIND: Kind = Kind::In(Unit::Count);

    fn figure(number: i64, unit: Unit) -> Option<i64> {
        unit.reckon(number, Unit::Count)
    }
}

/// Writes measures that are reckoned in one unit: `Name: Unit => Figure, reader;`. The reader turns the number into
/// the figure.
macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $name:ident: $unit:expr => $figure:ty, $reader:expr;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl Measure for $name {
            type Figure = $figure;
            const KIND: Kind = Kind::In($unit);

            fn figure(number: i64, unit: Unit) -> Option<$figure> {
                unit.reckon(number, $unit).and_then($reader)
            }
        }
    )+};
}

fn plain(number: i64) -> Option<u32> {
    u32::try_from(number).ok()
}

fn wide(number: i64) -> Option<i64> {
    (number >= 0).then_some(number)
}

fn rows(number: i64) -> Option<i64> {
    (number >= 1).then_some(number)
}

fn money(number: i64) -> Option<Fen> {
    (number >= 0).then(|| Fen::new(number))
}

fn switch(number: i64) -> Option<bool> {
    match number {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

measures! {
    /// How many of something (个数).
    Count: Unit::Count => u32, plain;
    /// Rows that a list or a statement takes, at least one; as wide as the store takes it.
    Rows: Unit::Count => i64, rows;
    /// Households (户).
    Households: Unit::Household => u32, plain;
    /// People (人).
    People: Unit::Person => u32, plain;
    /// A step of a scale (级).
    Level: Unit::Level => u32, plain;
    /// Characters (字符).
    Characters: Unit::Character => u32, plain;
    /// Yes or no (是否).
    Switch: Unit::YesNo => bool, switch;
    /// A share of a whole, in thousandths (千分比).
    Share: Unit::PerMille => u32, plain;
    /// Calendar days for which something is kept or open (自然日); a limit that an office has to keep is a [`Limit`].
    Days: Unit::Limit(calendar::Unit::CalendarDay) => i64, wide;
    /// Months of the calendar (月).
    Months: Unit::Month => i64, wide;
    /// Hours of a watch (小时).
    Hours: Unit::Hour => i64, wide;
    /// Minutes (分钟).
    Minutes: Unit::Minute => i64, wide;
    /// Seconds (秒).
    Seconds: Unit::Second => i64, wide;
    /// Milliseconds (毫秒).
    Milliseconds: Unit::Millisecond => i64, wide;
    /// Bytes (字节).
    Bytes: Unit::Byte => i64, wide;
    /// Units of 1,024 bytes.
    Kibibytes: Unit::Kibibyte => i64, wide;
    /// Metres (米).
    Metres: Unit::Metre => u32, plain;
    /// Speed of a walk, millimetres a second (毫米每秒).
    Speed: Unit::MillimetrePerSecond => u32, plain;
    /// Money (金额).
    Money: Unit::Fen => Fen, money;
    /// Money for each month (每月金额).
    MoneyPerMonth: Unit::FenPerMonth => Fen, money;
    /// Money for each year (每年金额).
    MoneyPerYear: Unit::FenPerYear => Fen, money;
}

#[cfg(test)]
mod tests {
    use super::super::fits;
    use super::*;

    #[test]
    fn a_limit_takes_the_unit_of_the_data() {
        for unit in calendar::Unit::ALL {
            let limit = read::<Limit>("x", 5, Unit::Limit(unit));
            assert_eq!(limit, Ok(calendar::Limit::new(5, unit)));
        }
        assert_eq!(read::<Limit>("x", 5, Unit::Count).unwrap_err().code, Code::RuleWrongUnit);
        assert!(read::<Limit>("x", -1, Unit::Limit(calendar::Unit::WorkingDay)).is_err());
    }

    #[test]
    fn each_measure_reads_its_units_and_refuses_others() {
        assert_eq!(read::<Count>("x", 7, Unit::Count), Ok(7));
        assert_eq!(read::<Rows>("x", 7, Unit::Count), Ok(7));
        assert_eq!(read::<Whole>("x", -7, Unit::Count), Ok(-7));
        assert_eq!(read::<Households>("x", 300, Unit::Household), Ok(300));
        assert_eq!(read::<Minutes>("x", 2, Unit::Hour), Ok(120));
        assert_eq!(read::<Bytes>("x", 8, Unit::Mebibyte), Ok(8_388_608));
        assert_eq!(read::<Whole>("x", 0, Unit::Count), Ok(0));
        assert_eq!(read::<Share>("x", 85, Unit::Percent), Ok(850));
        assert_eq!(read::<MoneyPerYear>("x", 200_000, Unit::FenPerYear), Ok(Fen::new(200_000)));
        assert_eq!([0, 1].map(|number| read::<Switch>("x", number, Unit::YesNo)), [Ok(false), Ok(true)]);
        let refused = [
            read::<Count>("x", -1, Unit::Count).err(),
            read::<Count>("x", i64::MAX, Unit::Count).err(),
            read::<Count>("x", 1, Unit::Household).err(),
            read::<Rows>("x", 0, Unit::Count).err(),
            read::<Switch>("x", 2, Unit::YesNo).err(),
            read::<Minutes>("x", 90, Unit::Second).err(),
            read::<Money>("x", 1, Unit::FenPerYear).err(),
            read::<Money>("x", -1, Unit::Fen).err(),
        ];
        assert!(refused.iter().flatten().all(|refusal| refusal.code == Code::RuleWrongUnit));
        assert_eq!(refused.iter().flatten().count(), refused.len());
    }

    /// A number of a unit.
    type Found = (i64, Unit);

    #[test]
    fn each_measure_takes_the_least_that_makes_sense_and_nothing_below() {
        let (day, working_day) = (Unit::Limit(calendar::Unit::CalendarDay), Unit::Limit(calendar::Unit::WorkingDay));
        // (what it is read as, taken, refused)
        let table: [(fn(i64, Unit) -> bool, Found, Found); 22] = [
            (fits::<Count>, (0, Unit::Count), (-1, Unit::Count)),
            (fits::<Rows>, (1, Unit::Count), (0, Unit::Count)),
            (fits::<Whole>, (i64::MIN, Unit::Count), (0, Unit::Level)),
            (fits::<Households>, (0, Unit::Household), (1, Unit::Person)),
            (fits::<People>, (0, Unit::Person), (-1, Unit::Person)),
            (fits::<Level>, (5, Unit::Level), (5, Unit::Count)),
            (fits::<Characters>, (0, Unit::Character), (1, Unit::Byte)),
            (fits::<Switch>, (0, Unit::YesNo), (-1, Unit::YesNo)),
            (fits::<Share>, (1_000, Unit::PerMille), (-1, Unit::Percent)),
            (fits::<Days>, (0, day), (1, working_day)),
            (fits::<Months>, (1, Unit::Year), (-1, Unit::Month)),
            (fits::<Hours>, (7_200, Unit::Second), (90, Unit::Minute)),
            (fits::<Minutes>, (60_000, Unit::Millisecond), (59_999, Unit::Millisecond)),
            (fits::<Seconds>, (1, Unit::Hour), (1_500, Unit::Millisecond)),
            (fits::<Milliseconds>, (1, Unit::Hour), (i64::MAX, Unit::Second)),
            (fits::<Bytes>, (1, Unit::Mebibyte), (-1, Unit::Byte)),
            (fits::<Kibibytes>, (1_024, Unit::Byte), (1_000, Unit::Byte)),
            (fits::<Metres>, (1, Unit::Kilometre), (4_294_968, Unit::Kilometre)),
            (fits::<Speed>, (0, Unit::MillimetrePerSecond), (1, Unit::Metre)),
            (fits::<Money>, (0, Unit::Fen), (1, Unit::FenPerMonth)),
            (fits::<MoneyPerMonth>, (i64::MAX, Unit::FenPerMonth), (12, Unit::FenPerYear)),
            (fits::<MoneyPerYear>, (0, Unit::FenPerYear), (-1, Unit::FenPerYear)),
        ];
        for (at, (fits, taken, refused)) in table.into_iter().enumerate() {
            assert!(fits(taken.0, taken.1), "row {at} takes {taken:?}");
            assert!(!fits(refused.0, refused.1), "row {at} refuses {refused:?}");
        }
    }

    #[test]
    fn a_kind_lists_its_own_unit_first() {
        let table = [
            (Months::KIND, "month, year"),
            (Share::KIND, "per_mille, percent"),
            (Bytes::KIND, "byte, kibibyte, mebibyte"),
            (Kibibytes::KIND, "kibibyte, byte, mebibyte"),
            (Metres::KIND, "metre, kilometre"),
            (Money::KIND, "fen"),
            (Days::KIND, "calendar_day"),
            (Limit::KIND, "calendar_day, working_day, working_hour, urgent_hour"),
        ];
        for (kind, units) in table {
            assert_eq!(kind.units(), units);
            for unit in Unit::all() {
                assert_eq!(kind.takes(unit), units.split(", ").any(|code| code == unit.code()), "{kind:?} {unit:?}");
            }
        }
    }

    #[test]
    fn a_refusal_names_what_was_found_and_what_is_wanted() {
        let refusal = read::<Minutes>("session.idle_minutes", 3, Unit::Household).unwrap_err();
        let told = |name: &str| refusal.detail.get(name).map(String::as_str);
        assert_eq!(told("rule"), Some("session.idle_minutes"));
        assert_eq!((told("number"), told("unit")), (Some("3"), Some("household")));
        assert_eq!(told("wanted"), Some("minute, millisecond, second, hour"));
        assert!(Kind::Limit.units().starts_with("calendar_day, working_day, working_hour"));
    }
}
