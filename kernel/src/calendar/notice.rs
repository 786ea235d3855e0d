//! Reads the yearly notices and the city's opening hours, and says what is wrong with them line by line.

use crate::fault::Fault;
use crate::language::Bilingual;
use crate::time::{Date, MINUTES_PER_DAY, Zone};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Hours in which the counters are open, in minutes of the day, `[from, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The first open minute.
    pub from: u32,
    /// The first minute that is closed again.
    pub until: u32,
}

/// A day set by a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Worked (a make-up day) or off (a holiday).
    pub worked: bool,
    /// The holiday it belongs to.
    pub name: Bilingual,
}

/// The State Council's notice for one year (放假调休通知). It may set days of the December before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The year it is for.
    pub year: i16,
    /// The days it sets.
    pub days: BTreeMap<Date, SpecialDay>,
}

impl Notice {
    /// Reads lines `date,kind,name,name_en,detail` (with that header) into notices, in order of years. A day in
    /// December belongs to the notice of the following year: December has no holiday of its own.
    ///
    /// # Errors
    /// Every faulty line.
    pub fn parse_all(csv: &str) -> Result<Vec<Self>, Vec<Fault>> {
        let mut notices = BTreeMap::<i16, Self>::new();
        let mut faults = Vec::new();
        for (line, text) in lines_below_header(csv) {
            match parse_day(text) {
                Ok((date, day)) => {
                    let year = notice_year(date);
                    let notice = notices.entry(year).or_insert_with(|| Self { year, days: BTreeMap::new() });
                    if notice.days.insert(date, day).is_some() {
                        faults.push(csv_fault(line, format!("{date} is set twice"), "Keep one line for each day"));
                    }
                }
                Err((message, remedy)) => faults.push(csv_fault(line, message, remedy)),
            }
        }
        if faults.is_empty() { Ok(notices.into_values().collect()) } else { Err(faults) }
    }

    /// Reads the notice of one year; a text without lines is a notice that sets no day.
    ///
    /// # Errors
    /// Every faulty line, and every line whose day is not of this year or the December before.
    pub fn parse(year: i16, csv: &str) -> Result<Self, Vec<Fault>> {
        let mut own = Self { year, days: BTreeMap::new() };
        let mut faults = Vec::new();
        for notice in Self::parse_all(csv)? {
            if notice.year == year {
                own = notice;
            } else {
                faults.extend(notice.days.keys().map(|date| {
                    let message = format!("{date} does not belong to the notice for {year}");
                    csv_fault(line_of(csv, *date), message, "Add each year's notice by itself")
                }));
            }
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }
}

fn notice_year(date: Date) -> i16 {
    if date.month() == 12 { date.year().saturating_add(1) } else { date.year() }
}

fn lines_below_header(csv: &str) -> impl Iterator<Item = (usize, &str)> {
    csv.trim_start_matches('\u{feff}')
        .lines()
        .enumerate()
        .map(|(index, text)| (index + 1, text.trim()))
        .filter(|(line, text)| !text.is_empty() && (*line > 1 || !text.starts_with("date,")))
}

fn line_of(csv: &str, date: Date) -> usize {
    let start = date.to_string();
    lines_below_header(csv).find(|(_, text)| text.starts_with(&start)).map_or(0, |(line, _)| line)
}

fn parse_day(text: &str) -> Result<(Date, SpecialDay), (String, &'static str)> {
    let mut columns = text.split(',').map(str::trim);
    let (Some(date), Some(kind), Some(zh), Some(en), Some(_), None) =
        (columns.next(), columns.next(), columns.next(), columns.next(), columns.next(), columns.next())
    else {
        return Err(("the line has not five columns".into(), "Write date,kind,name,name_en,detail"));
    };
    let date = date.parse::<Date>().map_err(|_| (format!("{date:?} is no date"), "Write it as 2026-10-01"))?;
    let worked = match kind {
        "work" => true,
        "off" => false,
        other => {
            return Err((format!("{other:?} is no kind of day"), "Write off for a holiday, work for a make-up day"));
        }
    };
    let name = Bilingual::new(zh, en);
    if name.missing().is_some() {
        return Err(("the holiday has no name in both languages".into(), "Fill in name and name_en"));
    }
    Ok((date, SpecialDay { worked, name }))
}

fn csv_fault(line: usize, message: impl Into<String>, remedy: &str) -> Fault {
    Fault { file: "holidays.csv".into(), line, message: message.into(), remedy: remedy.into() }
}

fn toml_fault(line: usize, message: impl Into<String>, remedy: &str) -> Fault {
    Fault { file: "city.toml".into(), line, message: message.into(), remedy: remedy.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    utc_offset_minutes: i32,
    opening: Vec<Hours>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    from: toml::Spanned<String>,
    until: toml::Spanned<String>,
}

/// Reads zone and opening hours.
pub(super) fn parse_settings(text: &str) -> Result<(Zone, Vec<Opening>), Vec<Fault>> {
    let settings: Settings = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(0, |span| line_at(text, span.start));
        vec![toml_fault(line, error.message().replace('\n', " "), "See data/calendar/city.toml of the distribution")]
    })?;
    let mut faults = Vec::new();
    if settings.utc_offset_minutes.unsigned_abs() >= MINUTES_PER_DAY {
        faults.push(toml_fault(0, "utc_offset_minutes is a day or more", "China is 480 minutes ahead of UTC"));
    }
    let mut opening = Vec::<Opening>::new();
    let mut closed_at = 0;
    for hours in &settings.opening {
        let line = line_at(text, hours.from.span().start);
        match (minute_of_day(hours.from.get_ref()), minute_of_day(hours.until.get_ref())) {
            (Some(from), Some(until)) if closed_at <= from && from < until => {
                opening.push(Opening { from, until });
                closed_at = until;
            }
            (Some(_), Some(_)) => faults.push(toml_fault(
                line,
                "these hours end before they begin, or begin before the hours above end",
                "Write the opening hours in the order of the day",
            )),
            _ => faults.push(toml_fault(
                line,
                "this is no time of day",
                "Write hours and minutes as 08:30, at most 24:00",
            )),
        }
    }
    if settings.opening.is_empty() {
        faults.push(toml_fault(0, "there are no opening hours", "Give at least one [[opening]] with from and until"));
    }
    if faults.is_empty() { Ok((Zone::new(settings.utc_offset_minutes), opening)) } else { Err(faults) }
}

fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| (part.len() == 2).then(|| part.parse::<u8>().ok()).flatten().map(u32::from);
    let minutes = two_digits(minutes).filter(|minutes| *minutes < 60)?;
    let minute = two_digits(hours)? * 60 + minutes;
    (minute <= MINUTES_PER_DAY).then_some(minute)
}

/// The line in which a byte of a text stands, from 1.
pub(super) fn line_at(text: &str, byte: usize) -> usize {
    text.get(..byte).unwrap_or(text).matches('\n').count() + 1
}
