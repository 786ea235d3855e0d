//! The holidays that the State Council's regulation sets itself (全国年节及纪念日放假办法): no notice takes them
//! away, and they hold in years whose notice is not out yet.

use super::notice::line_at;
use crate::fault::Fault;
use crate::language::Bilingual;
use crate::time::{Date, date_plus_days};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A day of any year: month and day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct DayOfYear {
    month: i8,
    day: i8,
}

/// The days of the regulation, each with the holiday that it belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statutory {
    from: i16,
    yearly: BTreeMap<DayOfYear, Bilingual>,
    moving: BTreeMap<Date, Bilingual>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regulation {
    document: String,
    clause: String,
    from: i16,
    #[serde(default)]
    yearly: Vec<Yearly>,
    #[serde(default)]
    moving: Vec<Moving>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Yearly {
    name: Bilingual,
    days: Vec<toml::Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Moving {
    name: Bilingual,
    shift: Vec<i64>,
    dates: Vec<toml::Spanned<String>>,
}

impl Statutory {
    /// Reads the regulation's days.
    ///
    /// # Errors
    /// Names every line that holds no day, a holiday without a name, and a regulation without its document.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Fault>> {
        let read: Regulation = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(text, span.start));
            let message = error.message().replace('\n', " ");
            vec![fault(line, message, "See data/calendar/statutory.toml of the distribution")]
        })?;
        let mut faults = Vec::new();
        if read.document.trim().is_empty() || read.clause.trim().is_empty() {
            faults.push(fault(1, "the regulation is not named", "Fill in document and clause"));
        }
        let mut names = read.yearly.iter().map(|one| &one.name).chain(read.moving.iter().map(|one| &one.name));
        if names.any(|name| name.missing().is_some()) {
            faults.push(fault(0, "a holiday has no name in both languages", "Fill in name as { zh, en }"));
        }
        let mut found = Self { from: read.from, ..Self::default() };
        for holiday in &read.yearly {
            for day in &holiday.days {
                match day_of_year(day.get_ref()) {
                    Some(day) => drop(found.yearly.insert(day, holiday.name.clone())),
                    None => faults.push(no_day(text, day, "Write month and day as 10-01")),
                }
            }
        }
        for holiday in &read.moving {
            for written in &holiday.dates {
                let Ok(date) = written.get_ref().parse::<Date>() else {
                    faults.push(no_day(text, written, "Write it as 2027-02-06"));
                    continue;
                };
                let days = holiday.shift.iter().filter_map(|shift| date_plus_days(date, *shift));
                found.moving.extend(days.map(|day| (day, holiday.name.clone())));
            }
        }
        if faults.is_empty() { Ok(found) } else { Err(faults) }
    }

    /// The holiday that the regulation sets on a date.
    pub(super) fn holiday(&self, date: Date) -> Option<&Bilingual> {
        let day = DayOfYear { month: date.month(), day: date.day() };
        let found = self.yearly.get(&day).or_else(|| self.moving.get(&date));
        found.filter(|_| date.year() >= self.from)
    }
}

/// Reads `10-01`. A leap year is taken, so that every day that exists in some year is one.
fn day_of_year(text: &str) -> Option<DayOfYear> {
    let date = format!("2024-{text}").parse::<Date>().ok()?;
    Some(DayOfYear { month: date.month(), day: date.day() })
}

fn no_day(text: &str, written: &toml::Spanned<String>, remedy: &str) -> Fault {
    fault(line_at(text, written.span().start), format!("{:?} is no day", written.get_ref()), remedy)
}

fn fault(line: usize, message: impl Into<String>, remedy: &str) -> Fault {
    Fault { file: "statutory.toml".into(), line, message: message.into(), remedy: remedy.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::days_between;

    const TEXT: &str = include_str!("../../../data/calendar/statutory.toml");
    const CSV: &str = include_str!("../../../data/calendar/holidays_cn_2004_2026.csv");

    fn shipped() -> Statutory {
        Statutory::parse(TEXT).unwrap()
    }

    fn days_of(year: i16) -> Vec<(Date, String)> {
        let first = Date::constant(year, 1, 1);
        let all = (0..366).filter_map(|day| date_plus_days(first, day)).filter(|day| day.year() == year);
        let shipped = shipped();
        all.filter_map(|day| shipped.holiday(day).map(|name| (day, name.zh.clone()))).collect()
    }

    #[test]
    fn every_year_has_its_thirteen_days() {
        for year in 2025..=2035 {
            let names: Vec<String> = days_of(year).into_iter().map(|(_, name)| name).collect();
            let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
            assert_eq!(["元旦", "春节", "清明", "劳动节", "端午", "国庆节"].map(count), [1, 4, 1, 2, 1, 3], "{year}");
            // In 2028 and 2031 mid-autumn falls into the days of National Day, and two holidays share a day.
            let shared = usize::from(year == 2028 || year == 2031);
            assert_eq!(names.len(), 13 - shared, "{year}: {names:?}");
        }
        assert!(days_of(2024).is_empty(), "the regulation as it was before had eleven days");
        assert_eq!(days_of(2036).len(), 6, "days of the sun's calendar hold without an end");
    }

    #[test]
    fn the_notices_of_2025_and_2026_leave_every_day_of_the_regulation_off() {
        for year in [2025, 2026] {
            for (day, name) in days_of(year) {
                assert!(CSV.contains(&format!("\n{day},off,")), "{day} {name}");
            }
        }
    }

    /// Moments of new moons in days since the beginning of 2000, Beijing time, after Meeus, Astronomical Algorithms,
    /// chapter 49; exact to a few minutes.
    fn new_moons() -> Vec<f64> {
        let moon = |number: i32| {
            let k = f64::from(number);
            let (sun, moon, node) = (
                (2.5534 + 29.105_356_70 * k).to_radians(),
                (201.5643 + 385.816_935_28 * k).to_radians(),
                (160.7108 + 390.670_502_84 * k).to_radians(),
            );
            let terms = [
                (-0.407_20, moon),
                (0.172_41, sun),
                (0.016_08, 2.0 * moon),
                (0.010_39, 2.0 * node),
                (0.007_39, moon - sun),
                (-0.005_14, moon + sun),
                (0.002_08, 2.0 * sun),
                (-0.001_11, moon - 2.0 * node),
                (-0.000_57, moon + 2.0 * node),
                (0.000_56, 2.0 * moon + sun),
                (-0.000_42, 3.0 * moon),
                (0.000_42, sun + 2.0 * node),
                (0.000_38, sun - 2.0 * node),
                (-0.000_24, 2.0 * moon - sun),
            ];
            let shift: f64 = terms.into_iter().map(|(size, angle)| size * angle.sin()).sum();
            let clocks = 8.0 / 24.0 - 70.0 / 86_400.0;
            2_451_550.097_66 + 29.530_588_861 * k + shift + clocks - 2_451_544.5
        };
        (300..450).map(moon).collect()
    }

    #[test]
    fn the_moon_and_the_sun_agree_with_the_table() {
        let moons = new_moons();
        let is_new_moon = |date: Date| {
            let day = f64::from(i32::try_from(days_between(Date::constant(2000, 1, 1), date)).unwrap());
            // Five minutes beside midnight are within the error of the reckoning.
            moons.iter().any(|moon| (day - 0.0035..day + 1.0035).contains(moon))
        };
        let first = |year: i16, wanted: &str, back: i64| {
            let day = days_of(year).into_iter().find(|(_, name)| name == wanted).unwrap().0;
            date_plus_days(day, back).unwrap()
        };
        for year in 2025..=2035_i16 {
            assert!(is_new_moon(first(year, "春节", 1)), "{year}: the first month begins with a new moon");
            assert!(is_new_moon(first(year, "端午", -4)), "{year}: the fifth day of a month");
            let autumn: Vec<Date> = shipped()
                .moving
                .iter()
                .filter(|(day, name)| day.year() == year && name.zh == "中秋")
                .map(|(day, _)| *day)
                .collect();
            assert!(is_new_moon(date_plus_days(autumn[0], -14).unwrap()), "{year}: the fifteenth day of a month");
            let short = i32::from(year % 100);
            let bright = (short * 2_422 + 48_100) / 10_000 - short / 4;
            assert_eq!(first(year, "清明", 0), Date::constant(year, 4, i8::try_from(bright).unwrap()), "{year}");
        }
    }

    #[test]
    fn faults_name_their_line() {
        let head = "document = \"d\"\nclause = \"2\"\nfrom = 2025\n";
        let name = "name = { zh = \"元旦\", en = \"New Year\" }\n";
        for (text, line) in [
            (format!("{head}[[yearly]]\n{name}days = [\"13-01\"]\n"), 6),
            (format!("{head}[[moving]]\n{name}shift = [0]\ndates = [\"2027-02-30\"]\n"), 7),
            (format!("{head}odd = 1\n"), 4),
            ("document = \"\"\nclause = \"2\"\nfrom = 2025\n".to_owned(), 1),
            (format!("{head}[[yearly]]\nname = {{ zh = \"元旦\", en = \"\" }}\ndays = []\n"), 0),
        ] {
            let faults = Statutory::parse(&text).unwrap_err();
            assert_eq!((faults.len(), faults[0].line), (1, line), "{text}: {faults:?}");
            assert!(!faults[0].remedy.is_empty());
        }
    }
}
