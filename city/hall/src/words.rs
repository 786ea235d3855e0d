//! Names of the figures that the hall keeps: what is counted, what is asked for, and where a list goes on.

use kernel::figure::Amounts;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::record;
use uuid::Uuid;

kernel::rules! {
    /// The smallest number that everybody is told of a published figure.
    FIGURES_LEAST = "hall.figures_least" as Count;
    /// People whose data one member of staff sees on a day before a second person is asked.
    PERSONS_A_DAY = "hall.persons_a_day" as Rows;
}

/// The thing that is counted, which a list of rows opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The name of the department that counts.
    pub publisher: &'static str,
    /// The shard of the thing.
    pub district: PlaceId,
    /// Its identity.
    pub id: Uuid,
}

/// The sums of a publisher in one place, department and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthRow {
    /// The place.
    pub place: PlacePath,
    /// The department of the city; empty for none.
    pub department: String,
    /// As `2026-11`.
    pub month: String,
    /// The sums.
    pub amounts: Amounts,
}

/// What is asked for: the sums of a publisher in a place and a month.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The name of the department that counts.
    pub publisher: &'a str,
    /// The place, with everything inside.
    pub place: &'a PlacePath,
    /// Only what is counted at the place itself, not what lies inside it.
    pub own: bool,
    /// The department of the city; none for all.
    pub department: Option<&'a str>,
    /// As `2026-11`.
    pub month: &'a str,
    /// The columns that are read.
    pub slots: &'a [usize],
}

impl Asked<'_> {
    /// The bounds between which the paths sort.
    pub(crate) fn bounds(&self) -> (String, String) {
        if self.own {
            // Nothing sorts between a place's own path and that path with the smallest sign after it.
            return (self.place.as_str().to_owned(), format!("{}\u{1}", self.place));
        }
        self.place.range()
    }
}

/// Some days of the month that is asked for, and the column whose rows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The column.
    pub slot: usize,
    /// Whether confidential things are among them. Whoever holds no post of their department is told nothing of them.
    pub confidential: bool,
}

/// Where a list of counted things goes on: behind this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The district whose rows are read.
    pub district: PlaceId,
    /// The place.
    pub place: PlacePath,
    /// The day.
    pub day: Date,
    /// The department; empty for none.
    pub department: String,
    /// The thing.
    pub subject: Uuid,
}

impl Cursor {
    /// Returns the cursor behind a row.
    #[must_use]
    pub fn behind(row: &CountedRow) -> Self {
        Self {
            district: row.place.district(),
            place: row.place.clone(),
            day: row.day,
            department: row.department.clone(),
            subject: row.subject,
        }
    }

    /// Returns the cursor as a part of an address.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}~{}~{}~{}", self.place, self.day, self.department, self.subject)
    }

    /// Reads what [`Cursor::show`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('~');
        let place = PlacePath::parse(parts.next()?).ok()?;
        let (day, department) = (parts.next()?.parse().ok()?, parts.next()?.to_owned());
        let subject = Uuid::parse_str(parts.next()?).ok()?;
        Some(Self { district: place.district(), place, day, department, subject })
    }
}

record! {
    /// What was counted of one sum on a day.
    pub struct DayRow {
        /// The day.
        pub day: Date,
        /// How much.
        pub amount: i64,
    }
}

record! {
    /// A thing that was counted.
    pub struct CountedRow {
        /// The place where it was counted.
        pub place: PlacePath,
        /// The day.
        pub day: Date,
        /// The department of the city; empty for none.
        pub department: String,
        /// The shard of the thing.
        pub subject_district: PlaceId,
        /// The thing.
        pub subject: Uuid,
        /// How much of it was counted.
        pub amount: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::figure::SLOTS;

    #[test]
    fn a_cursor_is_read_back() {
        let (place, subject) = (PlacePath::parse("1.4.57.").unwrap(), Uuid::from_u128(7));
        for department in ["", "civil_affairs"] {
            let day = "2026-11-23".parse().unwrap();
            let cursor =
                Cursor { district: PlaceId(4), place: place.clone(), day, department: department.to_owned(), subject };
            assert_eq!(Cursor::parse(&cursor.show()), Some(cursor));
        }
        for text in ["", "1.4.~2026-11-23~", "1.4~2026-11-23~~x", "1.4.~no day~~00000000-0000-0000-0000-000000000007"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_place_itself_sorts_before_what_lies_inside() {
        let place = PlacePath::parse("1.4.").unwrap();
        let asked =
            Asked { publisher: "x", place: &place, own: true, department: None, month: "2026-11", slots: &[SLOTS] };
        let (from, to) = asked.bounds();
        assert!(from.as_str() <= "1.4." && "1.4." < to.as_str() && to.as_str() < "1.4.57.");
    }

    #[test]
    fn a_cursor_stands_behind_the_row_that_was_shown_last() {
        let row = CountedRow {
            place: PlacePath::parse("1.4.57.").unwrap(),
            day: "2026-02-28".parse().unwrap(),
            department: "civil_affairs".to_owned(),
            subject_district: PlaceId(9),
            subject: Uuid::from_u128(u128::MAX),
            amount: 2,
        };
        let cursor = Cursor::behind(&row);
        assert_eq!(cursor.district, PlaceId(4), "the district of the place and not that of the thing");
        assert_eq!(cursor.show(), "1.4.57.~2026-02-28~civil_affairs~ffffffff-ffff-ffff-ffff-ffffffffffff");
        assert_eq!(Cursor::parse(&cursor.show()), Some(cursor));
        let id = "00000000-0000-0000-0000-000000000007";
        for (text, district) in [
            (format!("1.~2026-11-23~~{id}"), Some(1)), // The city's own offices.
            (format!("01.4.~2026-11-23~~{id}"), None),
            (format!("1.4.~2026-02-29~~{id}"), None),
            (format!("1.4.~2026-11-23~{id}"), None),
            (format!("~2026-11-23~~{id}"), None),
            (format!("1.4.~2026-11-23~~{id}0"), None),
        ] {
            assert_eq!(Cursor::parse(&text).map(|cursor| cursor.district.0), district, "{text}");
        }
    }

    #[test]
    fn bounds_hold_a_place_with_all_inside_or_the_place_alone() {
        let place = PlacePath::parse("1.4.").unwrap();
        let whole = Asked { publisher: "x", place: &place, own: false, department: None, month: "2026-11", slots: &[] };
        for (path, inside, own) in [
            ("1.", false, false),
            ("1.3.9.", false, false),
            ("1.4.", true, true),
            ("1.4.1.", true, false),
            ("1.4.999999.7.", true, false),
            ("1.40.", false, false),
            ("1.5.", false, false),
        ] {
            let holds = |asked: &Asked<'_>| {
                let (from, to) = asked.bounds();
                from.as_str() <= path && path < to.as_str()
            };
            assert_eq!((holds(&whole), holds(&Asked { own: true, ..whole })), (inside, own), "{path}");
        }
    }
}
