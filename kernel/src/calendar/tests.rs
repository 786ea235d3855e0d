//! Vectors over the published years and properties over random starts, limits and pauses.

use super::*;
use crate::time::days_between;
use jiff::civil::date;
use proptest::prelude::*;
use std::collections::BTreeMap;

const CSV: &str = include_str!("../../../data/calendar/holidays_cn_2004_2026.csv");
const SETTINGS: &str = include_str!("../../../data/calendar/city.toml");

fn calendar() -> Calendar {
    Calendar::parse(CSV, SETTINGS).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(text: &str) -> Instant {
    let (date, time) = text.split_once(' ').unwrap_or((text, "10:00"));
    let (hour, minute) = time.split_once(':').unwrap();
    let minute = hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap();
    Zone::new(480).instant(day(date), minute)
}

fn pause(from: &str, until: Option<&str>) -> Pause {
    Pause { from: at(from), until: until.map(at), ground: "correction".into() }
}

/// The lines of the file, read without the calendar: date → worked.
fn lines() -> BTreeMap<Date, bool> {
    let read = |line: &str| {
        let mut columns = line.split(',');
        (day(columns.next().unwrap()), columns.next() == Some("work"))
    };
    CSV.lines().skip(1).map(read).collect()
}

/// Whether a day is worked, told without the calendar.
fn worked(lines: &BTreeMap<Date, bool>, date: Date) -> bool {
    let weekday = days_between(Date::constant(2024, 1, 1), date).rem_euclid(7) < 5;
    lines.get(&date).copied().unwrap_or(weekday)
}

#[test]
fn the_working_days_of_each_year() {
    let table = [(2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)];
    for (year, expected) in table {
        let count = calendar().working_days_between(date(year - 1, 12, 31), date(year, 12, 31));
        assert_eq!(count, expected, "{year}");
        assert_eq!(calendar().working_days_between(date(year, 12, 31), date(year - 1, 12, 31)), -expected, "{year}");
    }
}

#[test]
fn every_line_of_the_notices_is_that_kind_of_day() {
    let calendar = calendar();
    let mut make_up_days = 0;
    for (date, worked) in lines() {
        let day = calendar.day(date);
        assert!(day.published, "{date}");
        match day.kind {
            DayKind::MakeUp { name } => {
                assert!(worked, "{date}");
                assert_eq!(name.missing(), None);
                make_up_days += 1;
            }
            DayKind::Holiday { .. } => assert!(!worked, "{date}"),
            other => panic!("{date} is {other:?}"),
        }
    }
    assert_eq!(make_up_days, lines().values().filter(|worked| **worked).count());
}

#[test]
fn a_limit_of_one_day_falls_on_every_make_up_day() {
    let calendar = calendar();
    for (date, _) in lines().into_iter().filter(|(_, worked)| *worked) {
        let before = date_plus_days(date, -1).unwrap();
        let start = Zone::new(480).instant(before, 600);
        let deadline = calendar.deadline(start, Limit::new(1, Unit::WorkingDay), &[], start);
        assert_eq!(deadline.due_on, date);
    }
}

#[test]
fn every_year_from_2004_to_2026_is_published() {
    assert_eq!(calendar().published_years(), (2004..=2026).collect::<Vec<i16>>());
    assert!(!calendar().published(2027));
}

#[test]
fn kinds_of_days() {
    let table = [
        ("2020-01-31", "holiday"), // the day by which 2020's Spring Festival was prolonged
        ("2020-02-02", "holiday"),
        ("2020-02-03", "working"),
        ("2020-01-19", "make_up"),
        ("2005-12-31", "make_up"),
        ("2022-12-31", "holiday"),
        ("2026-01-04", "make_up"),
        ("2026-02-14", "make_up"),
        ("2026-02-28", "make_up"),
        ("2026-05-09", "make_up"),
        ("2026-09-20", "make_up"),
        ("2026-10-10", "make_up"),
        ("2026-10-07", "holiday"),
        ("2026-10-08", "working"),
        ("2026-11-22", "weekend"),
        ("2026-11-23", "working"),
        ("2027-10-01", "working"),
    ];
    for (date, expected) in table {
        let kind = serde_json::to_value(calendar().day(day(date)).kind).unwrap();
        assert_eq!(kind["kind"], expected, "{date}");
    }
}

#[test]
fn days_are_counted_from_the_day_after() {
    use Unit::{CalendarDay, WorkingDay};
    let table = [
        ("2026-11-23", 0, WorkingDay, "2026-11-23 17:00"),
        ("2026-11-23", 1, WorkingDay, "2026-11-24 17:00"),
        ("2026-11-23 23:59", 1, WorkingDay, "2026-11-24 17:00"),
        ("2026-11-23 00:00", 1, WorkingDay, "2026-11-24 17:00"),
        ("2026-11-20", 1, WorkingDay, "2026-11-23 17:00"),
        ("2026-11-22", 0, WorkingDay, "2026-11-23 17:00"),
        ("2026-11-23 18:00", 0, WorkingDay, "2026-11-24 00:00"),
        ("2026-11-20", 1, CalendarDay, "2026-11-21 17:00"),
        ("2026-11-22", 0, CalendarDay, "2026-11-22 17:00"),
        ("2026-09-30", 1, WorkingDay, "2026-10-08 17:00"),
        ("2026-09-30", 3, WorkingDay, "2026-10-10 17:00"),
        ("2020-01-23", 1, WorkingDay, "2020-02-03 17:00"),
        ("2020-01-22", 20, WorkingDay, "2020-02-27 17:00"),
        ("2026-02-13", 1, WorkingDay, "2026-02-14 17:00"),
        ("2026-02-13", 2, WorkingDay, "2026-02-24 17:00"),
        ("2026-02-01", 30, CalendarDay, "2026-03-03 17:00"),
    ];
    for (start, amount, unit, expected) in table {
        let deadline = calendar().deadline(at(start), Limit::new(amount, unit), &[], at(start));
        assert_eq!(Zone::new(480).show_minute(deadline.due), expected, "{start} + {amount} {unit:?}");
        assert!(!deadline.provisional);
    }
}

#[test]
fn pauses_take_out_the_days_after_them() {
    use Unit::{CalendarDay, WorkingDay};
    let closed = |from, until| vec![pause(from, Some(until))];
    let table = [
        // Monday + 5 = Monday after; paused from Tuesday to Thursday: Wednesday and Thursday do not count.
        ("2026-11-23", 5, WorkingDay, closed("2026-11-24", "2026-11-26"), "2026-12-02"),
        ("2026-11-23", 5, CalendarDay, closed("2026-11-24", "2026-11-26"), "2026-11-30"),
        // Stopped and running again on one day costs nothing.
        ("2026-11-23", 5, WorkingDay, closed("2026-11-24", "2026-11-24 16:00"), "2026-11-30"),
        // Stopped on the last day: due when it runs again, not while it stands.
        ("2026-11-23", 1, WorkingDay, closed("2026-11-24", "2026-11-27"), "2026-11-27"),
        ("2026-11-23", 0, WorkingDay, closed("2026-11-23", "2026-11-28"), "2026-11-30"),
        // Stopped after the last day had closed: too late.
        ("2026-11-23", 1, WorkingDay, closed("2026-11-24 17:01", "2026-11-27"), "2026-11-24"),
        // Still standing on 30 November.
        ("2026-11-23", 2, WorkingDay, vec![pause("2026-11-24", None)], "2026-12-01"),
        // Two that overlap count once.
        (
            "2026-11-23",
            2,
            WorkingDay,
            [closed("2026-11-23", "2026-11-25"), closed("2026-11-24", "2026-11-26")].concat(),
            "2026-11-30",
        ),
    ];
    for (start, amount, unit, pauses, expected) in table {
        let deadline = calendar().deadline(at(start), Limit::new(amount, unit), &pauses, at("2026-11-30"));
        assert_eq!(deadline.due_on, day(expected), "{start} + {amount} {unit:?} {pauses:?}");
    }
}

#[test]
fn three_limits_that_begin_together_are_due_as_the_field_reckons_them() {
    // 私搭乱建, filed on a Monday at nine in a city that works from 9 to 12 and from 13 to 18.
    let hours = "[[opening]]\nfrom = \"09:00\"\nuntil = \"12:00\"\n[[opening]]\nfrom = \"13:00\"\nuntil = \"18:00\"\n";
    let calendar = Calendar::parse(CSV, &format!("utc_offset_minutes = 480\n{hours}")).unwrap();
    let filed = at("2026-06-01 09:00");
    let due =
        |amount, unit| calendar.zone().show_minute(calendar.deadline(filed, Limit::new(amount, unit), &[], filed).due);
    assert_eq!(due(4, Unit::WorkingHour), "2026-06-01 14:00");
    assert_eq!(due(7, Unit::WorkingDay), "2026-06-10 18:00");
    assert_eq!(due(20, Unit::WorkingDay), "2026-06-30 18:00");
}

#[test]
fn hours_run_through_the_opening_hours() {
    let table = [
        ("2026-11-23 08:30", 1, vec![], "2026-11-23 09:30"),
        ("2026-11-23 11:00", 1, vec![], "2026-11-23 13:30"),
        ("2026-11-23 10:30", 1, vec![], "2026-11-23 11:30"),
        ("2026-11-23 11:45", 1, vec![], "2026-11-23 14:00"),
        ("2026-11-20 16:00", 4, vec![], "2026-11-23 11:30"),
        ("2026-09-30 16:30", 7, vec![], "2026-10-08 16:30"),
        ("2026-11-22 12:00", 0, vec![], "2026-11-23 08:30"),
        ("2026-11-23 09:00", 0, vec![], "2026-11-23 09:00"),
        ("2026-11-23 08:30", 1, vec![pause("2026-11-23 09:00", Some("2026-11-24 09:00"))], "2026-11-24 09:30"),
        ("2026-11-23 08:30", 1, vec![pause("2026-11-23 09:00", None)], "2026-11-25 16:30"),
    ];
    for (start, amount, pauses, expected) in table {
        let limit = Limit::new(amount, Unit::WorkingHour);
        let deadline = calendar().deadline(at(start), limit, &pauses, at("2026-11-25 16:00"));
        assert_eq!(Zone::new(480).show_minute(deadline.due), expected, "{start} + {amount} h {pauses:?}");
    }
}

/// The hours of another city: 08:00 to 12:00 and 14:00 to 18:00.
fn eight_hours() -> Calendar {
    let hours = "[[opening]]\nfrom = \"08:00\"\nuntil = \"12:00\"\n[[opening]]\nfrom = \"14:00\"\nuntil = \"18:00\"\n";
    Calendar::parse(CSV, &format!("utc_offset_minutes = 480\n{hours}")).unwrap()
}

#[test]
fn the_four_units_of_the_field() {
    use Unit::{CalendarDay, UrgentHour, WorkingDay, WorkingHour};
    let table = [
        // 1 June 2026 is a Monday.
        ("2026-06-01 22:36", 2, UrgentHour, "2026-06-02 00:36"),
        ("2026-11-20 17:00", 4, WorkingHour, "2026-11-23 11:00"),
        ("2026-11-23 11:00", 4, WorkingHour, "2026-11-23 17:00"),
        ("2026-11-20 17:00", 4, UrgentHour, "2026-11-20 21:00"),
        ("2026-09-30 23:00", 24, UrgentHour, "2026-10-01 23:00"),
        ("2026-06-01 22:36", 0, UrgentHour, "2026-06-01 22:36"),
        ("2026-11-20 17:00", 2, WorkingDay, "2026-11-24 18:00"),
        ("2026-11-20 17:00", 2, CalendarDay, "2026-11-22 18:00"),
    ];
    for (start, amount, unit, expected) in table {
        let deadline = eight_hours().deadline(at(start), Limit::new(amount, unit), &[], at(start));
        assert_eq!(Zone::new(480).show_minute(deadline.due), expected, "{start} + {amount} {unit:?}");
    }
}

#[test]
fn urgent_hours_stand_for_as_long_as_a_pause() {
    let table = [
        (vec![pause("2026-06-01 23:00", Some("2026-06-02 08:00"))], "2026-06-02 09:36"),
        (vec![pause("2026-06-02 00:36", Some("2026-06-02 08:00"))], "2026-06-02 00:36"),
        (vec![pause("2026-06-01 20:00", Some("2026-06-01 23:36"))], "2026-06-02 01:36"),
        (
            vec![
                pause("2026-06-01 23:30", Some("2026-06-02 00:30")),
                pause("2026-06-01 23:00", Some("2026-06-02 00:00")),
            ],
            "2026-06-02 02:06",
        ),
        (vec![pause("2026-06-01 23:00", None)], "2026-06-03 01:36"),
    ];
    for (pauses, expected) in table {
        let limit = Limit::new(2, Unit::UrgentHour);
        let deadline = calendar().deadline(at("2026-06-01 22:36"), limit, &pauses, at("2026-06-03 00:00"));
        assert_eq!(Zone::new(480).show_minute(deadline.due), expected, "{pauses:?}");
        assert!(!deadline.provisional);
    }
}

#[test]
fn a_given_date_is_due_when_its_hours_end() {
    let start = at("2026-11-23");
    let table = [
        ("2026-11-30", 0, "2026-11-30 17:00"),
        ("2026-11-28", 2, "2026-11-30 17:00"),
        ("2026-11-20", 0, "2026-11-23 10:00"),
    ];
    for (on, extended, expected) in table {
        let deadline = calendar().given(start, day(on), extended);
        assert_eq!(Zone::new(480).show_minute(deadline.due), expected, "{on}");
        assert_eq!(deadline.reasons.len(), 2);
    }
}

#[test]
fn a_date_carries_its_reasons() {
    let pauses = [pause("2026-09-29", Some("2026-09-30"))];
    let deadline = calendar().deadline(at("2026-09-28"), Limit::new(2, Unit::WorkingDay), &pauses, at("2026-10-01"));
    let shown: Vec<String> = deadline
        .reasons
        .iter()
        .map(|reason| match reason {
            Reason::Started { on } => format!("started {on}"),
            Reason::Skipped { on, day: DayKind::Holiday { name } } => format!("skipped {on} {}", name.en),
            Reason::Skipped { on, .. } => format!("skipped {on}"),
            Reason::Paused { from, until, ground } => format!("paused {from}..{} {ground}", until.unwrap()),
            Reason::NotPublished { year } => format!("not published {year}"),
            Reason::Due { on } => format!("due {on}"),
        })
        .collect();
    let national_day = (1..=7).map(|number| format!("skipped 2026-10-0{number} National Day"));
    let mut expected = vec!["started 2026-09-28".to_owned(), "paused 2026-09-29..2026-09-30 correction".to_owned()];
    expected.extend(national_day);
    expected.push("due 2026-10-08".into());
    assert_eq!(shown, expected);
}

#[test]
fn a_year_without_notice_makes_the_date_provisional_until_the_notice_is_added() {
    let mut calendar = calendar();
    let start = at("2026-12-30");
    let limit = Limit::new(2, Unit::WorkingDay);
    let before = calendar.deadline(start, limit, &[], start);
    assert_eq!(before.due_on, day("2027-01-01"));
    assert!(before.provisional);
    assert!(before.reasons.contains(&Reason::NotPublished { year: 2027 }));
    let calendar_days = calendar.deadline(start, Limit::new(2, Unit::CalendarDay), &[], start);
    assert!(!calendar_days.provisional);

    let notice = "date,kind,name,name_en,detail\n\
        2026-12-31,off,元旦,New Year's Day,shifted\n2027-01-01,off,元旦,New Year's Day,holiday\n";
    assert_eq!(calendar.add(Notice::parse(2027, notice).unwrap()), None);
    let after = calendar.deadline(start, limit, &[], start);
    assert_eq!(after.due_on, day("2027-01-05"));
    assert!(!after.provisional);

    let revised = "2027-01-01,off,元旦,New Year's Day,holiday\n2027-01-02,work,元旦,New Year's Day,makeup\n";
    assert!(calendar.add(Notice::parse(2027, revised).unwrap()).is_some());
    assert_eq!(calendar.deadline(start, limit, &[], start).due_on, day("2027-01-02"));
    assert_eq!(calendar.day(day("2026-12-31")).kind, DayKind::Working);
}

#[test]
fn the_regulation_holds_in_a_year_without_notice() {
    let text = include_str!("../../../data/calendar/statutory.toml");
    let mut calendar = calendar().with_statutory(text).unwrap();
    let start = at("2026-11-30");
    let thirty = Limit::new(30, Unit::WorkingDay);
    let due = calendar.deadline(start, thirty, &[], start);
    assert_eq!((due.due_on, due.provisional), (day("2027-01-12"), true));
    for off in ["2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2027-10-01"] {
        let found = calendar.day(day(off));
        assert!(matches!(found.kind, DayKind::Holiday { .. }) && !found.published, "{off} {found:?}");
    }
    assert_eq!(calendar.day(day("2027-02-09")).kind, DayKind::Working, "nothing is swapped before the notice says so");
    // A notice that forgot a day, or called it worked, does not take it away.
    let notice = "2027-01-01,work,元旦,New Year's Day,makeup\n2027-01-04,off,元旦,New Year's Day,shifted\n";
    calendar.add(Notice::parse(2027, notice).unwrap());
    assert!(matches!(calendar.day(day("2027-01-01")).kind, DayKind::Holiday { .. }));
    let due = calendar.deadline(start, thirty, &[], start);
    assert_eq!((due.due_on, due.provisional), (day("2027-01-13"), false));
}

#[test]
fn a_citizen_has_until_the_next_working_day() {
    use Unit::{CalendarDay, WorkingDay};
    let text = include_str!("../../../data/calendar/statutory.toml");
    let calendar = calendar().with_statutory(text).unwrap();
    for (start, amount, unit, expected, provisional) in [
        ("2026-02-06", 30, CalendarDay, "2026-03-09", false), // the 8th of March is a Sunday
        ("2026-02-06", 31, CalendarDay, "2026-03-09", false),
        ("2026-09-01", 30, CalendarDay, "2026-10-08", false), // the 1st of October begins seven days off
        ("2026-08-31", 29, CalendarDay, "2026-09-29", false),
        ("2026-10-09", 1, CalendarDay, "2026-10-10", false), // a Saturday that is worked
        ("2026-12-02", 30, CalendarDay, "2027-01-04", true),
        ("2026-02-06", 1, WorkingDay, "2026-02-09", false),
    ] {
        let due = calendar.deadline_of_applicant(at(start), Limit::new(amount, unit), &[], at(start));
        assert_eq!((due.due_on, due.provisional), (day(expected), provisional), "{start} + {amount} {unit:?}");
        assert_eq!(due.reasons.last(), Some(&Reason::Due { on: due.due_on }));
    }
    let office = calendar.deadline(at("2026-02-06"), Limit::new(30, CalendarDay), &[], at("2026-02-06"));
    assert_eq!(office.due_on, day("2026-03-08"), "an office keeps its limit");
}

#[test]
fn the_next_working_minute() {
    let table = [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 08:29", "2026-11-23 08:30"),
        ("2026-11-23 11:30", "2026-11-23 13:00"),
        ("2026-11-23 17:00", "2026-11-24 08:30"),
        ("2026-11-21 10:00", "2026-11-23 08:30"),
        ("2026-09-30 23:00", "2026-10-08 08:30"),
        ("2026-10-10 03:00", "2026-10-10 08:30"),
    ];
    for (from, expected) in table {
        assert_eq!(Zone::new(480).show_minute(calendar().next_working_minute(at(from))), expected, "{from}");
    }
    assert!(calendar().is_open(at("2026-11-23 16:59")));
    assert!(!calendar().is_open(at("2026-11-23 17:00")));
    assert!(!calendar().is_open(at("2026-11-22 10:00")));
}

#[test]
fn faults_name_their_line() {
    let broken = "date,kind,name,name_en,detail\n2026-13-01,off,元旦,New Year,x\n2026-01-01,free,元旦,New Year,x\n\
        2026-01-02,off,元旦,,x\n2026-01-03,off\n2026-01-04,work,元旦,New Year,x\n2026-01-04,work,元旦,New Year,x\n";
    let lines: Vec<usize> = Calendar::parse(broken, SETTINGS).unwrap_err().iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 7]);
    let outside = Notice::parse(2027, "2028-01-01,off,元旦,New Year,x\n").unwrap_err();
    assert_eq!(outside[0].line, 1);
    for (settings, line) in [
        ("utc_offset_minutes = 480", 1),
        ("utc_offset_minutes = 480\nopening = []", 0),
        ("utc_offset_minutes = 480\n[[opening]]\nfrom = \"08:30\"\nuntil = \"08:30\"", 3),
        ("utc_offset_minutes = 480\n[[opening]]\nfrom = \"8:30\"\nuntil = \"09:30\"", 3),
        ("utc_offset_minutes = 4800\n[[opening]]\nfrom = \"08:30\"\nuntil = \"09:30\"", 0),
        ("utc_offset_minutes = 480\n[[opening]]\nfrom = \"08:30\"\nuntil = \"24:01\"", 3),
    ] {
        let faults = Calendar::parse(CSV, settings).unwrap_err();
        assert_eq!((faults.len(), faults[0].line), (1, line), "{settings}: {faults:?}");
        assert!(!faults[0].remedy.is_empty());
    }
}

/// Any minute of 2018 to 2028, one unpublished year on the late side.
fn any_minute() -> impl Strategy<Value = Instant> {
    (0i64..11 * 365 * 24 * 60).prop_map(|minutes| at("2018-01-01 00:00").plus_minutes(minutes))
}

fn any_pauses() -> impl Strategy<Value = Vec<Pause>> {
    proptest::collection::vec((any_minute(), proptest::option::of(0i64..90 * 24 * 60)), 0..3).prop_map(|pauses| {
        let pause = |(from, minutes): (Instant, Option<i64>)| Pause {
            from,
            until: minutes.map(|minutes| from.plus_minutes(minutes)),
            ground: "correction".into(),
        };
        pauses.into_iter().map(pause).collect()
    })
}

fn any_unit() -> impl Strategy<Value = Unit> {
    proptest::sample::select(&Unit::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn working_days_agree_with_counting_by_hand(start in any_minute(), amount in 1u32..60, pauses in any_pauses()) {
        let lines = lines();
        let now = at("2029-01-01");
        let zone = Zone::new(480);
        let closed: Vec<Pause> = pauses.into_iter().filter(|pause| pause.until.is_some()).collect();
        let found = calendar().deadline(start, Limit::new(amount, Unit::WorkingDay), &closed, now);
        let stands = |date: Date| closed.iter().any(|pause| {
            zone.date(pause.from) < date && date <= zone.date(pause.until.unwrap())
        });
        let mut date = zone.date(start);
        let mut counted = 0;
        while counted < amount {
            date = date.tomorrow().unwrap();
            if worked(&lines, date) && !stands(date) {
                counted += 1;
            }
        }
        let stopped = closed.iter().any(|pause| zone.date(pause.from) == date && zone.date(pause.until.unwrap()) > date);
        if stopped {
            prop_assert!(found.due_on >= date);
        } else {
            prop_assert_eq!(found.due_on, date);
            prop_assert_eq!(found.provisional, date.year() > 2026);
        }
    }

    #[test]
    fn working_hours_agree_with_counting_minutes(start in any_minute(), amount in 0u32..40, pauses in any_pauses()) {
        let calendar = calendar();
        let lines = lines();
        let zone = Zone::new(480);
        let now = at("2025-01-01");
        let found = calendar.deadline(start, Limit::new(amount, Unit::WorkingHour), &pauses, now);
        let open = |at: Instant| {
            let minute = zone.minute_of_day(at);
            let hours = (510..690).contains(&minute) || (780..1020).contains(&minute);
            let stands = pauses.iter().any(|pause| pause.from <= at && at < pause.until.unwrap_or(now));
            hours && !stands && worked(&lines, zone.date(at))
        };
        let mut counted = 0;
        let mut minute = start;
        while minute < found.due {
            counted += u32::from(open(minute));
            minute = minute.plus_minutes(1);
        }
        prop_assert_eq!(counted, amount * 60);
        prop_assert!(amount == 0 || open(found.due.plus_minutes(-1)), "no minute is given away");
    }

    #[test]
    fn a_working_limit_is_due_on_a_worked_day(
        start in any_minute(), amount in 0u32..90, hours in any::<bool>(), pauses in any_pauses(), now in any_minute(),
    ) {
        let unit = if hours { Unit::WorkingHour } else { Unit::WorkingDay };
        let found = calendar().deadline(start, Limit::new(amount, unit), &pauses, now);
        prop_assert!(calendar().day(found.due_on).kind.is_worked());
        prop_assert!(found.due >= start);
    }

    #[test]
    fn more_time_is_never_due_earlier(
        start in any_minute(), amount in 0u32..90, more in 0u32..20, unit in any_unit(), pauses in any_pauses(), now in any_minute(),
    ) {
        let calendar = calendar();
        let less = calendar.deadline(start, Limit::new(amount, unit), &pauses, now);
        let greater = calendar.deadline(start, Limit::new(amount + more, unit), &pauses, now);
        prop_assert!(less.due <= greater.due);
    }

    #[test]
    fn a_pause_never_makes_it_earlier(
        start in any_minute(), amount in 0u32..90, unit in any_unit(), pauses in any_pauses(), now in any_minute(),
    ) {
        let calendar = calendar();
        let limit = Limit::new(amount, unit);
        let mut earlier = calendar.deadline(start, limit, &[], now);
        for count in 1..=pauses.len() {
            let later = calendar.deadline(start, limit, &pauses[..count], now);
            prop_assert!(earlier.due <= later.due);
            earlier = later;
        }
    }

    #[test]
    fn reasons_stand_in_order_of_time(start in any_minute(), amount in 0u32..40, unit in any_unit(), pauses in any_pauses()) {
        let found = calendar().deadline(start, Limit::new(amount, unit), &pauses, at("2029-01-01"));
        let started = matches!(found.reasons.first(), Some(Reason::Started { .. }));
        prop_assert!(started);
        prop_assert_eq!(found.reasons.last(), Some(&Reason::Due { on: found.due_on }));
        let unpublished = found.reasons.iter().any(|reason| matches!(reason, Reason::NotPublished { .. }));
        prop_assert_eq!(unpublished, found.provisional);
        let text = serde_json::to_string(&found).unwrap();
        prop_assert_eq!(serde_json::from_str::<Deadline>(&text).unwrap(), found);
    }

    #[test]
    fn no_text_makes_the_reader_fall(csv in "[-0-9,a-z\n元]{0,200}", settings in "\\PC{0,200}") {
        let _ = Calendar::parse(&csv, SETTINGS);
        let _ = Calendar::parse(CSV, &settings);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_input_makes_it_fall(
        start in any::<i64>(), amount in any::<u32>(), unit in any_unit(), from in any::<i64>(), until in any::<Option<i64>>(), now in any::<i64>(),
    ) {
        let pause = Pause {
            from: Instant::from_micros(from),
            until: until.map(Instant::from_micros),
            ground: String::new(),
        };
        let calendar = calendar();
        let start = Instant::from_micros(start);
        let found = calendar.deadline(start, Limit::new(amount, unit), &[pause], Instant::from_micros(now));
        prop_assert_eq!(found.reasons.last(), Some(&Reason::Due { on: found.due_on }));
        let _ = calendar.next_working_minute(start);
    }
}
