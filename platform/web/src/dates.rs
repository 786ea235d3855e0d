//! Dates, moments and time left, in words a tired person understands at once.

use crate::page::Page;
use kernel::language::Lang;
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant, Zone, days_between, show_minute_of_day};

/// Days before the end from which time left is shown as soon.
const SOON_DAYS: i64 = 3;
/// Days before the end up to which time left is counted; beyond, the date says more.
const COUNTED_DAYS: i64 = 9;

/// Something due: a whole civil day, or a moment of it. References count as what they point to, so templates need no `*`.
pub trait DueAt {
    /// The civil day.
    fn day(&self, zone: Zone) -> Date;
    /// The moment, when it is known to the minute.
    fn moment(&self) -> Option<Instant>;
}

impl DueAt for Date {
    fn day(&self, _zone: Zone) -> Date {
        *self
    }

    fn moment(&self) -> Option<Instant> {
        None
    }
}

impl DueAt for Instant {
    fn day(&self, zone: Zone) -> Date {
        zone.date(*self)
    }

    fn moment(&self) -> Option<Instant> {
        Some(*self)
    }
}

impl<T: DueAt + ?Sized> DueAt for &T {
    fn day(&self, zone: Zone) -> Date {
        (**self).day(zone)
    }

    fn moment(&self) -> Option<Instant> {
        (**self).moment()
    }
}

/// A light: a class of the style sheet (`late`, `soon`, `ok`, `stop`, `none`, `done`) and its words. Never colour alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    /// The class.
    pub class: &'static str,
    /// The words.
    pub text: String,
}

impl Page {
    /// A date with its weekday: `11月23日（周一）`, the year only when it is another one; `Mon 23 Nov 2026`.
    pub fn date(&self, date: impl DueAt) -> String {
        long_date(self.lang, date.day(self.zone()), self.today())
    }

    /// A date without weekday for narrow columns: `11月23日`, `23 Nov`; with the year when it is another one.
    pub fn day(&self, date: impl DueAt) -> String {
        short_date(self.lang, date.day(self.zone()), self.today())
    }

    /// A moment to the minute: `11月23日 10:42`, `23 Nov 10:42`.
    pub fn minute(&self, at: impl DueAt) -> String {
        let day = short_date(self.lang, at.day(self.zone()), self.today());
        at.moment().map_or_else(|| day.clone(), |at| format!("{day} {}", self.time_of_day(at)))
    }

    /// The time of day: `10:42`.
    pub fn time_of_day(&self, at: impl std::borrow::Borrow<Instant>) -> String {
        show_minute_of_day(self.zone().minute_of_day(*at.borrow()))
    }

    /// How a case stands in time: `超 1 天`, `今天 17:00`, `还有 3 天`, `停表`. `state` is the state of its clock.
    pub fn time_left(&self, due: impl DueAt, state: impl std::borrow::Borrow<ClockState>) -> Light {
        match state.borrow() {
            ClockState::NotStarted => self.light("none", "web-time-not-started"),
            ClockState::Stopped => self.light("stop", "web-time-stopped"),
            ClockState::Ended => self.light("done", "web-time-ended"),
            ClockState::Running => self.running(due.day(self.zone()), due.moment()),
        }
    }

    fn light(&self, class: &'static str, key: &str) -> Light {
        Light { class, text: self.t(key) }
    }

    fn running(&self, day: Date, moment: Option<Instant>) -> Light {
        let days = days_between(self.today(), day);
        let time = moment.map(|at| self.time_of_day(at));
        let (class, text) = match (days, time) {
            (..=-1, _) => ("late", self.t1("web-time-late-days", "days", -days)),
            (0, Some(time)) if moment.is_some_and(|at| at < self.now) => {
                ("late", self.t1("web-time-late-today", "time", time))
            }
            (0, Some(time)) => ("soon", self.t1("web-time-today-at", "time", time)),
            (0, None) => ("soon", self.t("web-time-today")),
            (1, Some(time)) => ("soon", self.t1("web-time-tomorrow-at", "time", time)),
            (1, None) => ("soon", self.t("web-time-tomorrow")),
            (2..=COUNTED_DAYS, _) => {
                (if days <= SOON_DAYS { "soon" } else { "ok" }, self.t1("web-time-days-left", "days", days))
            }
            _ => ("ok", short_date(self.lang, day, self.today())),
        };
        Light { class, text }
    }
}

fn short_date(lang: Lang, date: Date, today: Date) -> String {
    let same_year = date.year() == today.year();
    match (lang, same_year) {
        (Lang::Zh, true) => format!("{}月{}日", date.month(), date.day()),
        (Lang::Zh, false) => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        (Lang::En, true) => date.strftime("%-d %b").to_string(),
        (Lang::En, false) => date.strftime("%-d %b %Y").to_string(),
    }
}

fn long_date(lang: Lang, date: Date, today: Date) -> String {
    if lang == Lang::En {
        return date.strftime("%a %-d %b %Y").to_string();
    }
    let names = ["一", "二", "三", "四", "五", "六", "日"];
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let name = names.get(index).copied().unwrap_or_default();
    format!("{}（周{name}）", short_date(lang, date, today))
}
