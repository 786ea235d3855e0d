//! Working time (工作时间): which days and hours are worked, and when a limit that starts now is due.
//!
//! The State Council's regulation sets thirteen holidays a year, and its yearly notice the days around them and the
//! make-up days. A year without a notice is *not yet published*: the days of the regulation and the weekends are off,
//! all other days are assumed to be worked. A date that was counted through such a year is provisional until the notice
//! is added and the caller computes again.

mod deadline;
mod limit_words;
mod notice;
mod statutory;
#[cfg(test)]
mod tests;

pub use crate::fault::Fault;
pub use deadline::{Deadline, Pause, Reason};
pub use limit_words::Read as ReadLimit;
pub use notice::{Notice, Opening, SpecialDay};

use crate::language::Bilingual;
use crate::time::{Date, Instant, Zone, date_plus_days};
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use statutory::Statutory;
use std::collections::BTreeMap;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Every day of the calendar (自然日).
    CalendarDay,
    /// Days that are worked (工作日).
    WorkingDay,
    /// Hours in which the counters are open (工作时).
    WorkingHour,
    /// Hours that run day and night, on holidays too (紧急工作时).
    UrgentHour,
}

impl Unit {
    /// All units.
    pub const ALL: [Self; 4] = [Self::CalendarDay, Self::WorkingDay, Self::WorkingHour, Self::UrgentHour];

    /// The name used in data: `calendar_day`, `working_day`, `working_hour`, `urgent_hour`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CalendarDay => "calendar_day",
            Self::WorkingDay => "working_day",
            Self::WorkingHour => "working_hour",
            Self::UrgentHour => "urgent_hour",
        }
    }

    /// Reads the name that [`Unit::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }
}

/// How long something may take (时限). 0 days means the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// How many units.
    pub amount: u32,
    /// What is counted.
    pub unit: Unit,
}

impl Limit {
    /// A limit of that many units.
    pub const fn new(amount: u32, unit: Unit) -> Self {
        Self { amount, unit }
    }
}

/// What kind of day a date is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DayKind {
    /// An ordinary working day.
    Working,
    /// A day worked in place of a holiday (调休上班).
    MakeUp {
        /// The holiday it is worked for.
        name: Bilingual,
    },
    /// A day off by the regulation or by the yearly notice (放假).
    Holiday {
        /// The holiday.
        name: Bilingual,
    },
    /// A Saturday or Sunday without other order.
    Weekend,
}

impl DayKind {
    /// Whether the counters work on such a day.
    pub const fn is_worked(&self) -> bool {
        matches!(self, Self::Working | Self::MakeUp { .. })
    }
}

/// A date as the calendar sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// What kind of day it is.
    pub kind: DayKind,
    /// Whether the notice of its year is known; if not, the kind is an assumption.
    pub published: bool,
}

/// The longest way the calendar looks ahead, in days (a hundred years): no input makes it run without end.
const FARTHEST_DAYS: u32 = 36_600;

/// The city's calendar (工作日历): zone, opening hours, the holidays of the regulation and the yearly notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    zone: Zone,
    opening: Vec<Opening>,
    notices: BTreeMap<i16, Notice>,
    statutory: Statutory,
}

impl Calendar {
    /// Builds the calendar from the lines `date,kind,name,name_en,detail` of the notices and from the settings
    /// (`utc_offset_minutes` and `[[opening]]` with `from` and `until` as `HH:MM`).
    ///
    /// # Errors
    /// Every fault found in either text, each with line and remedy.
    pub fn parse(csv: &str, settings: &str) -> Result<Self, Vec<Fault>> {
        let notices = Notice::parse_all(csv);
        let settings = notice::parse_settings(settings);
        match (notices, settings) {
            (Ok(notices), Ok((zone, opening))) => {
                let notices = notices.into_iter().map(|notice| (notice.year, notice)).collect();
                Ok(Self { zone, opening, notices, statutory: Statutory::default() })
            }
            (notices, settings) => Err(notices.err().into_iter().chain(settings.err()).flatten().collect()),
        }
    }

    /// The same calendar with the holidays that the regulation itself sets (全国年节及纪念日放假办法), whatever a
    /// notice says: `document`, `clause`, the first year `from`, `[[yearly]]` with `days` as `MM-DD`, `[[moving]]`
    /// with `dates` and the days around each as `shift`.
    ///
    /// # Errors
    /// Every fault of the text, with line and remedy.
    pub fn with_statutory(self, text: &str) -> Result<Self, Vec<Fault>> {
        Ok(Self { statutory: Statutory::parse(text)?, ..self })
    }

    /// Adds the notice of a year and gives back the one it replaces. Dates counted before must be computed again by the
    /// caller: those due from December of the year before onward.
    pub fn add(&mut self, notice: Notice) -> Option<Notice> {
        self.notices.insert(notice.year, notice)
    }

    /// The zone of the city.
    pub const fn zone(&self) -> Zone {
        self.zone
    }

    /// The opening hours of a working day, in order, not overlapping, at least one.
    pub fn opening(&self) -> &[Opening] {
        &self.opening
    }

    /// The minute of the day at which the last opening hours end.
    pub fn closing_minute(&self) -> u32 {
        self.opening.last().map_or(crate::time::MINUTES_PER_DAY, |hours| hours.until)
    }

    /// Whether the notice of that year is known.
    pub fn published(&self, year: i16) -> bool {
        self.notices.contains_key(&year)
    }

    /// The years whose notice is known, in order.
    pub fn published_years(&self) -> Vec<i16> {
        self.notices.keys().copied().collect()
    }

    /// The notice that sets this very day. In December the notice of the following year speaks first.
    fn special(&self, date: Date) -> Option<&SpecialDay> {
        let set_by = |year: i16| self.notices.get(&year).and_then(|notice| notice.days.get(&date));
        let next = (date.month() == 12).then(|| date.year().checked_add(1)).flatten();
        next.and_then(set_by).or_else(|| set_by(date.year()))
    }

    fn is_worked(&self, date: Date) -> bool {
        let notice = self.special(date).map_or_else(|| !is_weekend(date), |special| special.worked);
        notice && self.statutory.holiday(date).is_none()
    }

    /// What a date is.
    pub fn day(&self, date: Date) -> Day {
        let kind = match (self.special(date), self.statutory.holiday(date)) {
            (Some(SpecialDay { worked: false, name }), _) | (_, Some(name)) => DayKind::Holiday { name: name.clone() },
            (Some(SpecialDay { worked: true, name }), None) => DayKind::MakeUp { name: name.clone() },
            (None, None) if is_weekend(date) => DayKind::Weekend,
            (None, None) => DayKind::Working,
        };
        Day { kind, published: self.published(date.year()) }
    }

    /// How many working days lie after `a` up to and including `b`; negative when `b` is the earlier.
    pub fn working_days_between(&self, a: Date, b: Date) -> i64 {
        let (from, to, sign) = if a <= b { (a, b, 1) } else { (b, a, -1) };
        let mut count = 0;
        let mut date = from;
        while let Some(next) = following(date).filter(|next| *next <= to) {
            count += i64::from(self.is_worked(next));
            date = next;
        }
        count * sign
    }

    /// The date itself when it is worked, else the next one that is.
    pub fn working_day_from(&self, date: Date) -> Date {
        let mut day = date;
        for _ in 0..FARTHEST_DAYS {
            if self.is_worked(day) {
                break;
            }
            let Some(next) = following(day) else { break };
            day = next;
        }
        day
    }

    /// The moment itself when the counters are open, else the moment at which they open next.
    pub fn next_working_minute(&self, at: Instant) -> Instant {
        let today = self.zone.date(at);
        let mut date = self.working_day_from(today);
        loop {
            let open = self.openings(date).find(|(_, until)| at < *until);
            if let Some((from, _)) = open {
                return from.max(at);
            }
            let Some(next) = following(date).map(|next| self.working_day_from(next)) else { return at };
            if next <= date {
                return at;
            }
            date = next;
        }
    }

    /// Whether the counters are open at a moment.
    pub fn is_open(&self, at: Instant) -> bool {
        let date = self.zone.date(at);
        self.is_worked(date) && self.openings(date).any(|(from, until)| from <= at && at < until)
    }

    /// The opening hours as moments of one date, whether it is worked or not.
    fn openings(&self, date: Date) -> impl Iterator<Item = (Instant, Instant)> {
        let zone = self.zone;
        self.opening.iter().map(move |hours| (zone.instant(date, hours.from), zone.instant(date, hours.until)))
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn following(date: Date) -> Option<Date> {
    date_plus_days(date, 1)
}
