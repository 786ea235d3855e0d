//! This file reads opening hours as people write them, one part a line with days and times. It says whether a station
//! is open and when that changes.

use kernel::calendar::Calendar;
use kernel::language::{Lang, half_width};
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
    /// Reads hours such as `周一至周五 08:30-17:30`, `Sat, Sun 09:00-16:00`, `每天 …` and `工作日 …`. Each line holds
    /// one part. Several times in a line have spaces between them. Full-width digits and signs are read as half-width
    /// ones.
    ///
    /// # Errors
    /// Returns the line that is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let folded: String = line.chars().map(half_width).collect();
            parts.extend(line_parts(&folded).ok_or_else(|| line.to_owned())?);
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

/// Reads a time such as `18:30` as a minute of the day, at most 1,440.
#[must_use]
pub fn minute(text: &str) -> Option<u32> {
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
            ("周一至周五　０８：３０－１７：３０", "周一至周五 08:30-17:30", "Mon-Fri 08:30-17:30"),
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

    #[test]
    fn days_are_read_in_any_order_and_over_the_end_of_the_week() {
        for (given, zh) in [
            ("礼拜一到礼拜三 09:00-12:00", "周一至周三 09:00-12:00"),
            ("周五，周一，周三 09:00-10:00", "周一、周三、周五 09:00-10:00"),
            ("星期天至星期二 09:00-10:00", "周一、周二、周日 09:00-10:00"),
            ("周二至周二 09:00-10:00", "周二 09:00-10:00"),
            ("周日至周六 09:00-10:00", "每天 09:00-10:00"),
            ("周一至周三、周三至周五、周五 09:00-10:00", "周一至周五 09:00-10:00"),
            ("Thurs, tue 9:00-10:00", "周二、周四 09:00-10:00"),
            ("EVERY DAY 00:00-24:00", "每天 00:00-24:00"),
            ("Weekdays 9:00-10:00, 11:00-12:00", "工作日 09:00-10:00\n工作日 11:00-12:00"),
            ("工作日：８:３０—１１:３０；１３:００～１７:００", "工作日 08:30-11:30\n工作日 13:00-17:00"),
            ("\n  每日 8:00到9:00 \n\n周六 10:00至11:00\r\n", "每天 08:00-09:00\n周六 10:00-11:00"),
        ] {
            assert_eq!(Hours::parse(given).map(|hours| hours.show(Lang::Zh)), Ok(zh.to_owned()), "{given}");
        }
    }

    #[test]
    fn the_first_line_that_is_not_understood_is_named() {
        for (given, wrong) in [
            ("周一 08:30-09:30\n周八 1:00-2:00\n坏", "周八 1:00-2:00"),
            ("周一 24:00-24:00", "周一 24:00-24:00"),
            ("周一 23:00-25:00", "周一 23:00-25:00"),
            ("周一 09:00-09:00", "周一 09:00-09:00"),
            ("周一 009:00-10:00", "周一 009:00-10:00"),
            ("周一 9:00-10:00-11:00", "周一 9:00-10:00-11:00"),
            ("周一 :00-10:00", "周一 :00-10:00"),
            ("周 09:00-10:00", "周 09:00-10:00"),
            ("Su 09:00-10:00", "Su 09:00-10:00"),
            ("Sundays 09:00-10:00", "Sundays 09:00-10:00"),
            ("、 09:00-10:00", "、 09:00-10:00"),
            ("节假日 09:00-10:00", "节假日 09:00-10:00"),
        ] {
            assert_eq!(Hours::parse(given), Err(wrong.to_owned()), "{given}");
        }
        let many = |count: u32| {
            let spans: Vec<String> = (0..count).map(|hour| format!("{hour}:00-{hour}:30")).collect();
            format!("每天 {}", spans.join(" "))
        };
        assert_eq!(Hours::parse(&many(20)).map(|hours| hours.0.len()), Ok(PARTS));
        assert_eq!(Hours::parse(&many(21)), Err(many(21)), "too many");
    }

    #[test]
    fn spans_of_a_day_are_in_order_and_joined() {
        let calendar = calendar();
        for (given, day, expected) in [
            ("周一 13:00-17:00 08:30-11:30", "2026-11-23", vec![(510, 690), (780, 1_020)]),
            ("周一 08:00-20:00 09:00-10:00", "2026-11-23", vec![(480, 1_200)]),
            ("周一 08:00-12:00\n每天 10:00-14:00", "2026-11-23", vec![(480, 840)]),
            ("周一 08:00-12:00\n每天 10:00-14:00", "2026-11-24", vec![(600, 840)]),
            ("周日 08:00-12:00", "2026-11-29", vec![(480, 720)]),
            ("周日 08:00-12:00", "2026-11-28", vec![]),
            ("工作日 08:00-12:00", "2026-02-14", vec![(480, 720)]), // It is a Saturday that is worked.
            ("工作日 08:00-12:00", "2026-02-16", vec![]),
            ("周一 08:00-12:00", "2026-02-16", vec![(480, 720)]), // It is a Monday that is a holiday.
        ] {
            let spans = Hours::parse(given).unwrap().of(day.parse().unwrap(), &calendar);
            assert_eq!(spans, expected, "{given} on {day}");
        }
    }

    #[test]
    fn the_next_opening_is_found_over_holidays_and_years() {
        let calendar = calendar();
        let closed = |day: &str, minute| Now::Closed(Some((day.parse().unwrap(), minute)));
        for (given, day, minute, expected) in [
            ("每天 00:00-24:00", "2026-11-23", 0, Now::Open(1_440)),
            ("每天 00:00-24:00", "2026-11-23", 1_439, Now::Open(1_440)),
            ("工作日 08:30-17:00", "2026-02-14", 1_019, Now::Open(1_020)),
            ("工作日 08:30-17:00", "2026-02-14", 1_020, closed("2026-02-24", 510)),
            ("工作日 08:30-17:00", "2026-10-01", 600, closed("2026-10-08", 510)),
            ("工作日 08:30-17:00", "2026-12-31", 1_020, closed("2027-01-01", 510)), // 2027 is not published yet.
            ("周六 09:00-10:00", "2026-11-28", 539, closed("2026-11-28", 540)),
            ("周六 09:00-10:00", "2026-11-28", 600, closed("2026-12-05", 540)),
            ("周六 09:00-10:00", "9999-12-31", 600, Now::Closed(None)), // The calendar ends on a Friday.
        ] {
            let at = calendar.zone().instant(day.parse().unwrap(), minute);
            assert_eq!(Hours::parse(given).unwrap().now(&calendar, at), expected, "{given} on {day} at {minute}");
        }
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
