//! This file reads opening hours as people write them, one part a line with days and times. It says whether a station
//! is open and when that changes.

use kernel::calendar::Calendar;
use kernel::language::Lang;
use kernel::time::{Date, Instant, date_plus_days, show_minute_of_day};

/// Days of a week, or those that are worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Days of the week: bit 0 is Monday.
    Week(u8),
    /// Days on which people work, by the calendar (工作日).
    Working,
}

/// Part of the opening hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// On which days.
    pub days: Days,
    /// From which minute of the day.
    pub from: u32,
    /// Until which minute of the day, at most 1,440.
    pub to: u32,
}

/// Opening hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(pub Vec<Part>);

/// Whether it is open, and when that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Now {
    /// Open until this minute of today.
    Open(u32),
    /// Closed until that day and minute. None if it does not open in the days that are looked at.
    Closed(Option<(Date, u32)>),
}

/// Every day of the week.
const DAILY: u8 = 0x7f;
/// Parts at most.
const PARTS: usize = 20;
/// Days that are looked at for the next opening.
const AHEAD: i64 = 14;
/// Minutes of a day.
const DAY: u32 = 1_440;
const WEEK_ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const WEEK_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Hours {
    /// Reads hours such as `周一至周五 08:30-17:30`, `Sat, Sun 09:00-16:00`, `每天 …` and `工作日 …`. Each line holds one part.
    /// Several times in a line have spaces between them.
    ///
    /// # Errors
    /// Returns the line that is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            parts.extend(line_parts(line).ok_or_else(|| line.to_owned())?);
            if parts.len() > PARTS {
                return Err(line.to_owned());
            }
        }
        Ok(Self(parts))
    }

    /// Writes the hours in a language, one part a line. What is written can be read back.
    #[must_use]
    pub fn show(&self, lang: Lang) -> String {
        let line = |part: &Part| {
            let (from, to) = (show_minute_of_day(part.from), show_minute_of_day(part.to));
            format!("{} {from}-{to}", show_days(part.days, lang))
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Returns the parts of a day in the order of time.
    #[must_use]
    pub fn of(&self, day: Date, calendar: &Calendar) -> Vec<(u32, u32)> {
        let bit = 1u8 << u8::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
        let holds = |part: &&Part| match part.days {
            Days::Week(days) => days & bit != 0,
            Days::Working => calendar.day(day).kind.is_worked(),
        };
        let mut spans: Vec<(u32, u32)> = self.0.iter().filter(holds).map(|part| (part.from, part.to)).collect();
        spans.sort_unstable();
        // What follows without a gap is one span.
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (from, to) in spans {
            match joined.last_mut().filter(|(_, end)| *end >= from) {
                Some((_, end)) => *end = to.max(*end),
                None => joined.push((from, to)),
            }
        }
        joined
    }

    /// Says whether it is open at a moment, and when that changes.
    #[must_use]
    pub fn now(&self, calendar: &Calendar, at: Instant) -> Now {
        let zone = calendar.zone();
        let (today, minute) = (zone.date(at), zone.minute_of_day(at));
        let spans = self.of(today, calendar);
        if let Some((_, to)) = spans.iter().find(|(from, to)| (*from..*to).contains(&minute)) {
            return Now::Open(*to);
        }
        if let Some((from, _)) = spans.iter().find(|(from, _)| *from > minute) {
            return Now::Closed(Some((today, *from)));
        }
        let mut later = (1..=AHEAD).filter_map(|days| date_plus_days(today, days));
        let next = later.find_map(|day| Some((day, self.of(day, calendar).first()?.0)));
        Now::Closed(next)
    }
}

fn line_parts(line: &str) -> Option<Vec<Part>> {
    let at = line.find(|letter: char| letter.is_ascii_digit())?;
    let (days, times) = line.split_at_checked(at)?;
    let days = read_days(days.trim())?;
    let parts: Option<Vec<Part>> = times
        .split([' ', '，', '、', ';', '；', ','])
        .filter(|span| !span.is_empty())
        .map(|span| {
            let (from, to) = span.split_once(['-', '–', '—', '~', '至', '到'])?;
            let (from, to) = (minute(from)?, minute(to)?);
            (from < to && from < DAY).then_some(Part { days, from, to })
        })
        .collect();
    parts.filter(|parts| !parts.is_empty())
}

fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once([':', '：'])?;
    let two = |text: &str| (1..=2).contains(&text.len()).then(|| text.parse::<u32>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let whole = hours * 60 + minutes;
    (minutes < 60 && whole <= DAY).then_some(whole)
}

fn read_days(text: &str) -> Option<Days> {
    let text = text.trim_end_matches(['：', ':', ' ']);
    match text.to_lowercase().as_str() {
        "每天" | "每日" | "全周" | "daily" | "every day" => return Some(Days::Week(DAILY)),
        "工作日" | "working days" | "weekdays" => return Some(Days::Working),
        _ => {}
    }
    let mut bits = 0u8;
    for part in text.split(['、', ',', '，', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let ends = part.split_once(['至', '到', '-', '–']).unwrap_or((part, part));
        let (first, last) = (weekday(ends.0)?, weekday(ends.1)?);
        // From Friday to Monday goes over the end of the week.
        let length = (last + 7 - first) % 7;
        for step in 0..=length {
            bits |= 1 << ((first + step) % 7);
        }
    }
    (bits != 0).then_some(Days::Week(bits))
}

fn weekday(text: &str) -> Option<u8> {
    let text = text.trim();
    let zh = text.strip_prefix('周').or_else(|| text.strip_prefix("星期")).or_else(|| text.strip_prefix("礼拜"));
    let zh = zh.map(|rest| if rest == "天" { "日" } else { rest });
    let found = match zh {
        Some(day) => WEEK_ZH.iter().position(|known| *known == day),
        None => WEEK_EN.iter().position(|known| {
            let lower = text.to_lowercase();
            lower.len() >= 3 && (lower == known.to_lowercase() || full(known).starts_with(&lower))
        }),
    };
    found.and_then(|at| u8::try_from(at).ok())
}

fn full(short: &str) -> &'static str {
    match short {
        "Mon" => "monday",
        "Tue" => "tuesday",
        "Wed" => "wednesday",
        "Thu" => "thursday",
        "Fri" => "friday",
        "Sat" => "saturday",
        _ => "sunday",
    }
}

fn show_days(days: Days, lang: Lang) -> String {
    let bits = match days {
        Days::Working => return lang.pick("工作日", "Working days").to_owned(),
        Days::Week(DAILY) => return lang.pick("每天", "Daily").to_owned(),
        Days::Week(bits) => bits,
    };
    let name = |day: usize| match lang {
        Lang::Zh => format!("周{}", WEEK_ZH.get(day).copied().unwrap_or_default()),
        Lang::En => WEEK_EN.get(day).copied().unwrap_or_default().to_owned(),
    };
    // Runs of at least three days are written as a range.
    let mut told = Vec::new();
    let mut day = 0;
    while day < 7 {
        if bits & (1 << day) == 0 {
            day += 1;
            continue;
        }
        let last = (day..7).take_while(|next| bits & (1 << next) != 0).last().unwrap_or(day);
        if last >= day + 2 {
            told.push(format!("{}{}{}", name(day), lang.pick("至", "-"), name(last)));
        } else {
            told.extend((day..=last).map(name));
        }
        day = last + 1;
    }
    told.join(lang.pick("、", ", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> Calendar {
        let days = include_str!("../../../../data/calendar/holidays_cn_2004_2026.csv");
        Calendar::parse(days, include_str!("../../../../data/calendar/city.toml")).unwrap()
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let table = [
            ("周一至周五 08:30-17:30", "周一至周五 08:30-17:30", "Mon-Fri 08:30-17:30"),
            ("Mon-Fri 08:30-17:30", "周一至周五 08:30-17:30", "Mon-Fri 08:30-17:30"),
            ("星期六、星期天：9:00—16:00", "周六、周日 09:00-16:00", "Sat, Sun 09:00-16:00"),
            ("Saturday, Sun 9:00-16:00", "周六、周日 09:00-16:00", "Sat, Sun 09:00-16:00"),
            ("每天 00:00-24:00", "每天 00:00-24:00", "Daily 00:00-24:00"),
            (
                "工作日 8:30-11:30 13:00-17:00",
                "工作日 08:30-11:30\n工作日 13:00-17:00",
                "Working days 08:30-11:30\nWorking days 13:00-17:00",
            ),
            ("周五至周一 10:00-12:00", "周一、周五至周日 10:00-12:00", "Mon, Fri-Sun 10:00-12:00"),
            ("", "", ""),
        ];
        for (given, zh, en) in table {
            let hours = Hours::parse(given).unwrap();
            assert_eq!((hours.show(Lang::Zh).as_str(), hours.show(Lang::En).as_str()), (zh, en), "{given}");
        }
        for wrong in [
            "周一",
            "08:30-17:30",
            "周八 08:30-17:30",
            "周一 17:30-08:30",
            "周一 08:60-09:00",
            "周一 08:30",
            "周一 8.30-9.30",
            "每天 23:00-24:01",
        ] {
            assert_eq!(Hours::parse(wrong), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn open_until_and_closed_until() {
        let calendar = calendar();
        let zone = calendar.zone();
        let at = |day: &str, minute: u32| zone.instant(day.parse().unwrap(), minute);
        let week = Hours::parse("周一至周五 08:30-11:30 13:00-17:00").unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let table = [
            (at("2026-11-23", 8 * 60 + 30), Now::Open(690)),
            (at("2026-11-23", 690), Now::Closed(Some((day("2026-11-23"), 780)))),
            (at("2026-11-23", 60), Now::Closed(Some((day("2026-11-23"), 510)))),
            (at("2026-11-27", 17 * 60), Now::Closed(Some((day("2026-11-30"), 510)))),
        ];
        for (moment, expected) in table {
            assert_eq!(week.now(&calendar, moment), expected);
        }
        // The National Day is a Thursday. Who opens on working days is closed, and who opens every day is open.
        let working = Hours::parse("工作日 08:30-17:00").unwrap();
        assert!(matches!(working.now(&calendar, at("2026-10-01", 600)), Now::Closed(Some(_))));
        assert_eq!(Hours::parse("每天 09:00-10:30").unwrap().now(&calendar, at("2026-10-01", 600)), Now::Open(630));
        assert_eq!(Hours::default().now(&calendar, at("2026-11-23", 600)), Now::Closed(None));
        let joined = Hours::parse("每天 08:00-12:00 12:00-20:00").unwrap();
        assert_eq!(joined.now(&calendar, at("2026-11-23", 600)), Now::Open(1_200));
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(parts in prop::collection::vec((0u8..=0x7f, 0u32..1_440, 1u32..1_440), 0..6)) {
            let part = |(bits, from, length): (u8, u32, u32)| Part {
                days: if bits == 0 { Days::Working } else { Days::Week(bits) },
                from,
                to: (from + length).min(DAY),
            };
            let hours = Hours(parts.into_iter().map(part).collect());
            for lang in [Lang::Zh, Lang::En] {
                prop_assert_eq!(Hours::parse(&hours.show(lang)), Ok(hours.clone()));
            }
        }
    }
}
