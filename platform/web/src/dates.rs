//! Dates, moments and time left, in words a tired person understands at once.

use crate::page::Page;
use kernel::language::Lang;
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant, Zone, days_between, said_date, show_minute_of_day};

/// Days before the end from which time left is shown as soon.
const SOON_DAYS: i64 = 3;
/// Days before the end up to which time left is counted; beyond, the date says more.
const COUNTED_DAYS: i64 = 9;
/// Minutes, and hours, up to which they tell how late something is that was due at a moment; beyond, days say more.
const LATE_MINUTES: i64 = 59;
const LATE_HOURS: i64 = 47;
const MICROS_OF_A_MINUTE: i64 = 60_000_000;
const MINUTES_OF_AN_HOUR: i64 = 60;

/// Something due: a whole civil day, or a moment of it. A reference counts as what it points to, so templates need no
/// `*`.
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

/// A light: a class of the style sheet (`late`, `soon`, `ok`, `stop`, `none`, `done`) and its words. It never says
/// something by colour alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Light {
    /// The class.
    pub class: &'static str,
    /// The words.
    pub text: String,
}

impl Page {
    /// A date with its weekday, always with its year: `2026年11月23日（周一）`, `Mon 23 Nov 2026`. What is printed, and
    /// what may be read in another year, says it so.
    pub fn date(&self, date: impl DueAt) -> String {
        let date = date.day(self.zone());
        on_weekday(self.lang, date, &said_date(date, self.lang))
    }

    /// A date with its weekday for lists of today's work, which nobody keeps: `11月23日（周一）`, `Mon 23 Nov`; with
    /// the year when it is another one.
    pub fn near_date(&self, date: impl DueAt) -> String {
        let date = date.day(self.zone());
        on_weekday(self.lang, date, &short_date(self.lang, date, self.today()))
    }

    /// A date without weekday for lights and lists of today's work: `11月23日`, `23 Nov`; with the year when it is
    /// another one.
    pub fn day(&self, date: impl DueAt) -> String {
        short_date(self.lang, date.day(self.zone()), self.today())
    }

    /// A month as `2026-11` in words, always with its year: `2026年11月`, `November 2026`. What is no month stays as it
    /// is.
    pub fn month_name(&self, month: &str) -> String {
        match format!("{month}-01").parse::<Date>() {
            Ok(first) => match self.lang {
                Lang::Zh => format!("{}年{}月", first.year(), first.month()),
                Lang::En => first.strftime("%B %Y").to_string(),
            },
            Err(_) => month.to_owned(),
        }
    }

    /// A date in full for letters, always with its year: `2026年11月23日`, `23 November 2026`.
    pub fn full_date(&self, date: impl DueAt) -> String {
        let date = date.day(self.zone());
        match self.lang {
            Lang::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
            Lang::En => date.strftime("%-d %B %Y").to_string(),
        }
    }

    /// A date without weekday for tables, always with its year: `2026年11月23日`, `23 Nov 2026`.
    pub(crate) fn day_of_year(&self, date: impl DueAt) -> String {
        said_date(date.day(self.zone()), self.lang)
    }

    /// A moment to the minute, always with its year: `2026年11月23日 10:42`, `23 Nov 2026 10:42`.
    pub fn minute(&self, at: impl DueAt) -> String {
        let day = self.day_of_year(&at);
        at.moment().map_or_else(|| day.clone(), |at| format!("{day} {}", self.time_of_day(at)))
    }

    /// The time of day: `10:42`.
    pub fn time_of_day(&self, at: impl std::borrow::Borrow<Instant>) -> String {
        show_minute_of_day(self.zone().minute_of_day(*at.borrow()))
    }

    /// How a case stands in time: `迟了 1 天`, `今天 17:00 前`, `迟了 3 小时`, `还有 3 天`, `时限暂停`. What is due at
    /// a moment is told with the hour. Whoever is not staff reads by when, not how many days are left. What has ended
    /// needs no words: its state says so beside it. `state` is the state of its clock.
    pub fn time_left(&self, due: impl DueAt, state: impl std::borrow::Borrow<ClockState>) -> Light {
        match state.borrow() {
            ClockState::NotStarted => self.light("none", "web-time-not-started"),
            ClockState::Stopped => self.light("stop", "web-time-stopped"),
            ClockState::Ended => Light { class: "done", text: String::new() },
            ClockState::Running => self.running(due.day(self.zone()), due.moment()),
        }
    }

    fn light(&self, class: &'static str, key: &str) -> Light {
        Light { class, text: self.t(key) }
    }

    fn running(&self, day: Date, moment: Option<Instant>) -> Light {
        let days = days_between(self.today(), day);
        if let Some(at) = moment.filter(|at| *at < self.now) {
            return Light { class: "late", text: self.late_by(at, -days) };
        }
        let time = moment.map(|at| self.time_of_day(at));
        let (class, text) = match (days, time) {
            (..=-1, _) => ("late", self.t1("web-time-late-days", "days", -days)),
            (0, Some(time)) => ("soon", self.by_hour("web-time-today-at", "web-time-today-before", &time)),
            (0, None) => ("soon", self.by(&self.t("web-time-today"))),
            (1, Some(time)) => ("soon", self.by_hour("web-time-tomorrow-at", "web-time-tomorrow-before", &time)),
            (1, None) => ("soon", self.by(&self.t("web-time-tomorrow"))),
            (2..=COUNTED_DAYS, _) if self.visitor.staff() => {
                (if days <= SOON_DAYS { "soon" } else { "ok" }, self.t1("web-time-days-left", "days", days))
            }
            _ => {
                let class = if days <= SOON_DAYS { "soon" } else { "ok" };
                (class, self.by(&short_date(self.lang, day, self.today())))
            }
        };
        Light { class, text }
    }
}

impl Page {
    /// How late something is that was due at a moment.
    fn late_by(&self, at: Instant, days: i64) -> String {
        let minutes = self.now.micros().saturating_sub(at.micros()) / MICROS_OF_A_MINUTE;
        match (minutes, minutes / MINUTES_OF_AN_HOUR) {
            (..=LATE_MINUTES, _) => self.t1("web-time-late-minutes", "n", minutes.max(1)),
            (_, hours @ ..=LATE_HOURS) => self.t1("web-time-late-hours", "n", hours),
            _ => self.t1("web-time-late-days", "days", days),
        }
    }

    /// A moment of today or tomorrow by which something is due: staff read until which hour, others by when.
    fn by_hour(&self, at: &str, before: &str, time: &str) -> String {
        if self.visitor.staff() { self.t1(before, "time", time) } else { self.by(&self.t1(at, "time", time)) }
    }

    /// A day by which something is due: staff have a column that says so, others read it in words.
    fn by(&self, when: &str) -> String {
        if self.visitor.staff() { when.to_owned() } else { self.t1("web-time-by", "when", when) }
    }
}

/// A date whose year is left out when it is this one.
fn short_date(lang: Lang, date: Date, today: Date) -> String {
    match lang {
        _ if date.year() != today.year() => said_date(date, lang),
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
        Lang::En => date.strftime("%-d %b").to_string(),
    }
}

/// A date in words with its weekday.
fn on_weekday(lang: Lang, date: Date, told: &str) -> String {
    if lang == Lang::En {
        return format!("{} {told}", date.strftime("%a"));
    }
    let names = ["一", "二", "三", "四", "五", "六", "日"];
    let index = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let name = names.get(index).copied().unwrap_or_default();
    format!("{told}（周{name}）")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, LOCALES, Preferences, Texts, Visitor};
    use kernel::permission::ActorKind;
    use kernel::time::date_plus_days;
    use std::sync::Arc;

    /// Monday 2026-11-23 10:42 in Shenyang.
    fn page(lang: Lang) -> Page {
        let zone = Zone { utc_offset_minutes: 480 };
        let now = zone.instant(Date::constant(2026, 11, 23), 642);
        let frame = Frame::sample(Texts::new(&[LOCALES]).unwrap(), Arc::new(move || now));
        Page::sample(Arc::new(frame), "/", Preferences { lang, ..Preferences::default() }, Visitor::default())
    }

    /// The same page as staff see it.
    fn staff(lang: Lang) -> Page {
        let mut page = page(lang);
        page.visitor.actor.kind = ActorKind::Staff;
        page
    }

    #[test]
    fn dates_are_written_as_people_say_them() {
        let (zh, en) = (page(Lang::Zh), page(Lang::En));
        let today = zh.today();
        let next_year = Date::constant(2027, 1, 3);
        assert_eq!((zh.date(today).as_str(), en.date(today).as_str()), ("2026年11月23日（周一）", "Mon 23 Nov 2026"));
        assert_eq!((zh.near_date(today).as_str(), en.near_date(today).as_str()), ("11月23日（周一）", "Mon 23 Nov"));
        assert_eq!(
            (zh.date(next_year).as_str(), en.date([next_year].first().unwrap()).as_str()),
            ("2027年1月3日（周日）", "Sun 3 Jan 2027")
        );
        assert_eq!(zh.near_date(next_year), zh.date(next_year), "another year is told");
        for (month, chinese, english) in
            [("2026-11", "2026年11月", "November 2026"), ("2027-01", "2027年1月", "January 2027"), ("x", "x", "x")]
        {
            assert_eq!((zh.month_name(month).as_str(), en.month_name(month).as_str()), (chinese, english));
        }
        assert_eq!(
            (zh.full_date(today).as_str(), en.full_date(zh.now).as_str()),
            ("2026年11月23日", "23 November 2026")
        );
        assert_eq!((zh.day(zh.now).as_str(), en.day(next_year).as_str()), ("11月23日", "3 Jan 2027"));
        assert_eq!((zh.day_of_year(today).as_str(), en.day_of_year(today).as_str()), ("2026年11月23日", "23 Nov 2026"));
        assert_eq!(
            (zh.minute(zh.now).as_str(), en.minute(en.now).as_str()),
            ("2026年11月23日 10:42", "23 Nov 2026 10:42")
        );
    }

    #[test]
    fn time_left_is_told_in_words() {
        use ClockState::{Ended, NotStarted, Running, Stopped};
        let table = [
            (-30, 1020, Running, "late", "迟了 30 天", "30 days late"),
            (-2, 1020, Running, "late", "迟了 41 小时", "41 hours late"),
            (-1, 1020, Running, "late", "迟了 17 小时", "17 hours late"),
            (0, 600, Running, "late", "迟了 42 分钟", "42 minutes late"),
            (0, 580, Running, "late", "迟了 1 小时", "1 hour late"),
            (0, 1020, Running, "soon", "今天 17:00 前", "by 17:00 today"),
            (1, 1020, Running, "soon", "明天 17:00 前", "by 17:00 tomorrow"),
            (2, 1020, Running, "soon", "还有 2 天", "2 days left"),
            (3, 1020, Running, "soon", "还有 3 天", "3 days left"),
            (4, 1020, Running, "ok", "还有 4 天", "4 days left"),
            (9, 1020, Running, "ok", "还有 9 天", "9 days left"),
            (10, 1020, Running, "ok", "12月3日", "3 Dec"),
            (60, 1020, Running, "ok", "2027年1月22日", "22 Jan 2027"),
            (-5, 1020, Stopped, "stop", "时限暂停", "clock stopped"),
            (-5, 1020, Ended, "done", "", ""),
            (5, 1020, NotStarted, "none", "还没开始计时", "not started yet"),
        ];
        let (zh, en) = (staff(Lang::Zh), staff(Lang::En));
        for (days, minute, state, class, chinese, english) in table {
            let due = zh.zone().instant(date_plus_days(zh.today(), days).unwrap(), minute);
            assert_eq!(zh.time_left(due, state), Light { class, text: chinese.to_owned() });
            assert_eq!(en.time_left(due, state), Light { class, text: english.to_owned() });
        }
        let date = |days| date_plus_days(zh.today(), days).unwrap();
        assert_eq!(zh.time_left(date(0), Running), Light { class: "soon", text: "今天".to_owned() });
        assert_eq!(zh.time_left(date(1), Running), Light { class: "soon", text: "明天".to_owned() });
        assert_eq!(zh.time_left(date(-1), Running), Light { class: "late", text: "迟了 1 天".to_owned() });
    }

    #[test]
    fn whoever_is_not_staff_reads_by_when() {
        let table = [
            (-1, "late", "迟了 17 小时", "17 hours late"),
            (0, "soon", "最迟今天 17:00", "by today 17:00"),
            (1, "soon", "最迟明天 17:00", "by tomorrow 17:00"),
            (3, "soon", "最迟11月26日", "by 26 Nov"),
            (9, "ok", "最迟12月2日", "by 2 Dec"),
            (60, "ok", "最迟2027年1月22日", "by 22 Jan 2027"),
        ];
        let (zh, en) = (page(Lang::Zh), page(Lang::En));
        for (days, class, chinese, english) in table {
            let due = zh.zone().instant(date_plus_days(zh.today(), days).unwrap(), 1020);
            assert_eq!(zh.time_left(due, ClockState::Running), Light { class, text: chinese.to_owned() });
            assert_eq!(en.time_left(due, ClockState::Running), Light { class, text: english.to_owned() });
        }
    }
}
