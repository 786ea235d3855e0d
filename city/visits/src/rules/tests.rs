//! These tests offer times, read numbers, call turns and judge answers, by tables of examples.

use super::*;
use kernel::place::PlaceId;

/// Returns the calendar of the city. The tests' present moment is Monday 2026-11-23 10:00.
fn calendar() -> Calendar {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/calendar");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    Calendar::parse(&read("holidays_cn_2004_2026.csv"), &read("city.toml")).unwrap()
}

fn hours(calendar: &Calendar) -> Hours<'_> {
    let plan = Plan { slot_minutes: 30, slot_capacity: 2, days_ahead: 7, home_per_day: 3, kept_per_mille: 500 };
    Hours { calendar, plan, now: calendar.zone().instant("2026-11-23".parse().unwrap(), 600) }
}

fn slot_of(text: &str) -> Slot {
    Slot::parse(text).unwrap()
}

#[test]
fn only_working_days_are_offered() {
    let calendar = calendar();
    let hours = hours(&calendar);
    let shown = |kind| hours.days(kind).iter().map(|day| day.day()).collect::<Vec<i8>>();
    assert_eq!(shown(Kind::Counter), [23, 24, 25, 26, 27, 30]);
    assert_eq!(shown(Kind::Home), [24, 25, 26, 27, 30], "a home visit is never for today");
}

#[test]
fn a_slot_begins_ahead_and_ends_within_the_hours() {
    let calendar = calendar();
    let hours = hours(&calendar);
    for (slot, expected) in [
        ("2026-11-23/600", false), // It begins now.
        ("2026-11-23/630", true),
        ("2026-11-23/660", true),
        ("2026-11-23/690", false), // It begins at 11:30, when the counter closes.
        ("2026-11-23/780", true),
        ("2026-11-23/990", true), // It lasts from 16:30 to 17:00.
        ("2026-11-23/1020", false),
        ("2026-11-24/510", true),
        ("2026-11-24/515", false),
        ("2026-11-28/510", false), // It is a Saturday.
        ("2026-11-20/510", false),
        ("2026-12-01/510", false), // It is too far ahead.
    ] {
        assert_eq!(hours.offers(Kind::Counter, slot_of(slot)), expected, "{slot}");
    }
    assert_eq!(hours.slots(Kind::Counter, "2026-11-24".parse().unwrap()).len(), 14);
    assert!(hours.offers(Kind::Home, slot_of("2026-11-24")));
    assert!(!hours.offers(Kind::Home, slot_of("2026-11-23")));
}

#[test]
fn full_slots_are_not_offered() {
    let calendar = calendar();
    let hours = hours(&calendar);
    let taken = Taken::from([(slot_of("2026-11-24/510"), 2), (slot_of("2026-11-24/540"), 1)]);
    let free = hours.free(Kind::Counter, Seats::All, &taken);
    let left = |text: &str| free.iter().find(|(slot, _)| *slot == slot_of(text)).map(|(_, left)| *left);
    assert_eq!((left("2026-11-24/510"), left("2026-11-24/540"), left("2026-11-24/570")), (None, Some(1), Some(2)));
    let open = Taken::from([(slot_of("2026-11-24/510"), 1)]);
    let free = hours.free(Kind::Counter, Seats::Open, &open);
    assert!(free.iter().all(|(slot, left)| *left == 1 && *slot != slot_of("2026-11-24/510")), "{free:?}");
}

#[test]
fn a_worker_takes_kept_seats_first_and_a_stranger_open_ones_alone() {
    let plan = |slot_capacity, kept_per_mille| Plan {
        slot_minutes: 30,
        slot_capacity,
        days_ahead: 7,
        home_per_day: 0,
        kept_per_mille,
    };
    for (taken, plan, stranger, worker) in [
        (&[][..], plan(2, 500), Some(1), Some(2)),
        (&[1], plan(2, 500), None, Some(2)),
        (&[2], plan(2, 500), Some(1), Some(1)),
        (&[2, 1], plan(2, 500), None, None),
        (&[1, 3], plan(4, 500), Some(2), Some(4)),
        (&[1, 3], plan(3, 0), Some(2), Some(2)),
        (&[], plan(0, 500), None, None),
    ] {
        let found = [Seats::Open, Seats::All].map(|seats| free_seat(taken, &plan, Kind::Counter, seats));
        assert_eq!(found, [stranger, worker], "{taken:?} {plan:?}");
    }
}

#[test]
fn a_number_is_read_however_it_is_written() {
    let written = number(Kind::Counter, "210104000000", 317, 12_582);
    assert_eq!(written, "Y04-317-582");
    for typed in ["Y04-317-582", " y04317582 ", "Ｙ０４－３１７－５８２", "y 04 317 582"] {
        let read = read_number(typed).unwrap();
        assert_eq!((read.text.as_str(), read.district.as_str()), ("Y04-317-582", "04"), "{typed}");
    }
    for odd in ["", "Y", "Y04", "Y04582", "X04-317-582", "Y04-0317-582", "Y04-3a7-582", "预约", "210104-2026-0000123-7"]
    {
        assert_eq!(read_number(odd), None, "{odd}");
    }
    assert_eq!((ticket(7, false), ticket(1204, true)), ("A007".to_owned(), "Y1204".to_owned()));
}

#[test]
fn appointments_whose_time_has_come_go_first() {
    let row = |due, turn| Waiting { due, turn };
    for (waiting, minute, expected) in [
        (vec![], 600, None),
        (vec![row(None, 3), row(None, 1), row(None, 2)], 600, Some(1)),
        (vec![row(None, 1), row(Some(600), 5)], 600, Some(1)),
        (vec![row(None, 1), row(Some(630), 5)], 600, Some(0)),
        (vec![row(Some(600), 1), row(Some(570), 2)], 610, Some(1)),
        (vec![row(Some(630), 4), row(None, 5)], 600, Some(0)),
    ] {
        assert_eq!(next(&waiting, minute), expected, "{waiting:?} at {minute}");
    }
}

#[test]
fn what_can_be_done_from_where() {
    let slot = slot_of("2026-11-24/510");
    let note = || Deed::Failed("家中无人".to_owned());
    for (kind, state, deed, expected) in [
        (Kind::Counter, State::Booked, Deed::Cancel, Ok(State::Cancelled)),
        (Kind::Counter, State::Booked, Deed::Move(slot), Ok(State::Booked)),
        (Kind::Counter, State::Arrived, Deed::Cancel, Err(Why::VisitEnded)),
        (Kind::Counter, State::Booked, Deed::Done, Err(Why::VisitEnded)),
        (Kind::Home, State::Asked, Deed::Accept(slot), Ok(State::Booked)),
        (Kind::Home, State::Booked, Deed::Accept(slot), Ok(State::Booked)),
        (Kind::Home, State::Booked, Deed::Move(slot), Ok(State::Asked)),
        (Kind::Home, State::Asked, Deed::Done, Err(Why::VisitNotAgreed)),
        (Kind::Home, State::Booked, Deed::Done, Ok(State::Done)),
        (Kind::Home, State::Booked, note(), Ok(State::Failed)),
        (Kind::Home, State::Done, note(), Err(Why::VisitEnded)),
        (Kind::Home, State::Cancelled, Deed::Accept(slot), Err(Why::VisitEnded)),
    ] {
        let found = after(kind, state, &deed).map_err(|refusal| refusal.code);
        assert_eq!(found, expected, "{kind:?} {state:?} {}", deed.code());
    }
}

fn good_answers() -> Answers {
    Answers {
        day: "2026-11-24".to_owned(),
        minute: "510".to_owned(),
        name: "李岺".to_owned(),
        telephone: "138 1234 0412".to_owned(),
        address: "3号楼".to_owned(),
        ..Answers::default()
    }
}

#[test]
fn each_bad_answer_is_named_and_a_changed_one_leads_back_to_the_check() {
    let calendar = calendar();
    let hours = hours(&calendar);
    let place = [2, 3, 4].into_iter().fold(PlacePath::root(PlaceId(1)), |path, id| path.child(PlaceId(id)));
    let first = |kind, answers: &Answers, community| next_question(kind, answers, community, &hours);
    assert_eq!(first(Kind::Counter, &Answers::default(), None), Question::Community);
    assert_eq!(first(Kind::Counter, &Answers::default(), Some(&place)), Question::Day);
    assert_eq!(first(Kind::Counter, &good_answers(), Some(&place)), Question::Check);
    assert_eq!(first(Kind::Home, &good_answers(), Some(&place)), Question::Check);
    let spoiled = [
        (Question::Day, Answers { day: "2026-11-28".to_owned(), ..good_answers() }),
        (Question::Hour, Answers { minute: "511".to_owned(), ..good_answers() }),
        (Question::Who, Answers { name: " ".to_owned(), ..good_answers() }),
        (Question::Who, Answers { name: "李".repeat(101), ..good_answers() }),
        (Question::Who, Answers { telephone: "12345".to_owned(), ..good_answers() }),
    ];
    for (question, answers) in spoiled {
        assert_eq!(first(Kind::Counter, &answers, Some(&place)), question);
    }
    let moved = Answers { address: String::new(), ..good_answers() };
    assert_eq!(first(Kind::Home, &moved, Some(&place)), Question::Address);
    assert_eq!(person(Kind::Counter, &good_answers()).fields().count(), 2, "no address where nobody comes");
    assert_eq!(person(Kind::Home, &good_answers()).fields().count(), 3);
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// Returns the hours at a minute of a day, with so many days ahead that can be booked.
fn hours_at<'c>(calendar: &'c Calendar, day: &str, minute: u32, days_ahead: i64) -> Hours<'c> {
    let now = calendar.zone().instant(date(day), minute);
    Hours { now, plan: Plan { days_ahead, ..hours(calendar).plan }, ..hours(calendar) }
}

#[test]
fn holidays_make_up_days_and_the_turn_of_the_year_are_as_the_calendar_says() {
    let calendar = calendar();
    for (today, kind, ahead, expected) in [
        ("2026-09-30", Kind::Counter, 12, "09-30 10-08 10-09 10-10 10-12"),
        ("2026-09-30", Kind::Home, 12, "10-08 10-09 10-10 10-12"),
        ("2026-02-11", Kind::Counter, 20, "02-11 02-12 02-13 02-14 02-24 02-25 02-26 02-27 02-28 03-02 03-03"),
        ("2026-02-27", Kind::Home, 5, "02-28 03-02 03-03 03-04"),
        ("2026-12-29", Kind::Counter, 7, "12-29 12-30 12-31 01-01 01-04 01-05"), // 2027 is not published yet.
        ("2026-11-23", Kind::Counter, 0, "11-23"),
        ("2026-11-23", Kind::Home, 0, ""),
        ("2026-11-23", Kind::Counter, -1, ""),
        ("2026-11-28", Kind::Counter, 1, ""),      // It is a Saturday.
        ("9999-12-31", Kind::Counter, 3, "12-31"), // The calendar ends here.
        ("9999-12-31", Kind::Home, 3, ""),
    ] {
        let days = hours_at(&calendar, today, 600, ahead).days(kind);
        let shown: Vec<String> = days.iter().map(|day| day.to_string().chars().skip(5).collect()).collect();
        assert_eq!(shown.join(" "), expected, "{today} {kind:?} {ahead}");
    }
}

#[test]
fn the_local_day_begins_at_midnight_of_the_city() {
    let calendar = calendar();
    for (minute, today, left_today) in [
        (0, "2026-11-23", 14),
        (509, "2026-11-23", 14),
        (510, "2026-11-23", 13),
        (989, "2026-11-23", 1),
        (990, "2026-11-23", 0),
        (1_439, "2026-11-23", 0),
        (1_440, "2026-11-24", 14),
    ] {
        let hours = hours_at(&calendar, "2026-11-23", minute, 7);
        assert_eq!(hours.days(Kind::Counter).first(), Some(&date(today)), "{minute}");
        assert_eq!(hours.slots(Kind::Counter, date(today)).len(), left_today, "{minute}");
    }
}

#[test]
fn only_whole_slots_lie_within_the_hours() {
    let calendar = calendar();
    // The counters are open for 180 minutes and, after noon, for 240.
    for (slot_minutes, expected) in
        [(0, 420), (1, 420), (30, 14), (45, 9), (60, 7), (180, 2), (181, 1), (240, 1), (241, 0), (u32::MAX, 0)]
    {
        let hours = Hours { plan: Plan { slot_minutes, ..hours(&calendar).plan }, ..hours(&calendar) };
        let slots = hours.slots(Kind::Counter, date("2026-11-24"));
        assert_eq!(slots.len(), expected, "{slot_minutes}");
        let open = |slot: &Slot| {
            let within = |part: &kernel::calendar::Opening| {
                part.from <= slot.minute && slot.minute.saturating_add(slot_minutes) <= part.until
            };
            calendar.opening().iter().any(within)
        };
        assert!(slots.iter().all(open) && slots.is_sorted(), "{slot_minutes}");
    }
}

#[test]
fn what_is_left_of_a_slot_is_never_less_than_nothing() {
    let calendar = calendar();
    let hours = hours(&calendar);
    // The capacity was made smaller after three had booked; on the day of home visits one is left.
    let taken = Taken::from([(slot_of("2026-11-24/510"), 3), (slot_of("2026-11-24"), 2), (slot_of("2026-11-25"), 3)]);
    let free = hours.free(Kind::Counter, Seats::All, &taken);
    assert!(free.iter().all(|(slot, left)| *slot != slot_of("2026-11-24/510") && *left > 0));
    assert!(free.is_sorted_by_key(|(slot, _)| *slot));
    let home: Vec<(String, i64)> =
        hours.free(Kind::Home, Seats::All, &taken).iter().map(|(slot, left)| (slot.show(), *left)).collect();
    let expected = [("2026-11-24/0", 1), ("2026-11-26/0", 3), ("2026-11-27/0", 3), ("2026-11-30/0", 3)];
    assert_eq!(home, expected.map(|(slot, left)| (slot.to_owned(), left)));
}

#[test]
fn every_number_that_is_given_can_be_read() {
    for kind in Kind::ALL {
        for (district, running, chance, expected) in [
            ("210102000000", 1, 0, "02-1-000"),
            ("210104000000", 9, 7, "04-9-007"),
            ("210181000000", 10, 999, "81-10-999"),
            ("210104000000", 1_000_000, 1_000, "04-1000000-000"),
            ("210104000000", 99_999_999, u128::MAX, "04-99999999-455"),
        ] {
            let written = number(kind, district, running, chance);
            assert_eq!(written, format!("{}{expected}", kind.letter()));
            assert_eq!(read_number(&written).map(|read| read.text), Some(written.clone()));
            assert_eq!(read_number(&written.to_lowercase().replace('-', "　")).map(|read| read.text), Some(written));
        }
    }
    // A running number begins with 1, and nothing stands before the letter or between letter and district.
    for odd in ["Y04-0-582", "4Y0317582", "YS04317582", "Y０４", "Ｘ04-317-582"] {
        assert_eq!(read_number(odd), None, "{odd}");
    }
    for (running, appointed, expected) in [(0, false, "A000"), (999, true, "Y999"), (1_000, false, "A1000")] {
        assert_eq!(ticket(running, appointed), expected);
    }
}

#[test]
fn a_turn_is_decided_by_time_then_by_row() {
    let row = |due, turn| Waiting { due, turn };
    for (waiting, minute, expected) in [
        (vec![row(Some(600), 9), row(Some(600), 4)], 600, Some(1)),
        (vec![row(Some(601), 1), row(Some(600), 9)], 600, Some(1)),
        (vec![row(Some(0), 9), row(None, 1)], 0, Some(0)),
        (vec![row(None, 1), row(None, 1)], 600, Some(0)),
        (vec![row(None, i64::MAX), row(Some(1_439), 0)], 1_438, Some(1)),
        // An appointment before its time waits by its turn, as everybody does.
        (vec![row(None, 12), row(None, 11), row(Some(1_200), 3)], 600, Some(2)),
    ] {
        assert_eq!(next(&waiting, minute), expected, "{waiting:?} at {minute}");
    }
}

#[test]
fn no_deed_reaches_a_visit_that_is_over() {
    let slot = slot_of("2026-11-24/510");
    let deeds = [Deed::Move(slot), Deed::Cancel, Deed::Accept(slot), Deed::Done, Deed::Failed(String::new())];
    let over = [State::Arrived, State::Done, State::Failed, State::Cancelled];
    for (kind, state) in Kind::ALL.into_iter().flat_map(|kind| over.map(|state| (kind, state))) {
        for deed in &deeds {
            let found = after(kind, state, deed).map_err(|refusal| refusal.code);
            assert_eq!(found, Err(Why::VisitEnded), "{kind:?} {state:?} {}", deed.code());
        }
    }
    for (state, deed, expected) in [
        (State::Asked, Deed::Cancel, Ok(State::Cancelled)),
        (State::Asked, Deed::Move(slot), Ok(State::Asked)),
        (State::Asked, Deed::Failed(String::new()), Err(Why::VisitNotAgreed)),
        (State::Booked, Deed::Cancel, Ok(State::Cancelled)),
    ] {
        let found = after(Kind::Home, state, &deed).map_err(|refusal| refusal.code);
        assert_eq!(found, expected, "{state:?} {}", deed.code());
    }
}

/// Returns field and code of each fault of the answers to one question, as `day form.missing`.
fn faults_of(question: Question, kind: Kind, answers: &Answers, community: Option<&str>) -> Vec<String> {
    let calendar = calendar();
    let community = community.map(|path| PlacePath::parse(path).unwrap());
    let found = faults(question, kind, answers, community.as_ref(), &hours(&calendar));
    found
        .iter()
        .map(|fault| format!("{} {}", fault.field.as_deref().unwrap_or_default(), fault.code.as_str()))
        .collect()
}

fn told(field: &str, code: Code) -> Vec<String> {
    vec![format!("{field} {}", code.as_str())]
}

#[test]
fn a_community_a_day_and_an_hour_are_asked_for_exactly() {
    let none: Vec<String> = Vec::new();
    for (community, good) in [
        (None, false),
        (Some("1."), false),
        (Some("1.2.3."), false),
        (Some("1.2.3.4."), true),
        (Some("1.2.3.4.5."), false),
    ] {
        let expected = if good { none.clone() } else { told("community", Code::FormMissing) };
        assert_eq!(
            faults_of(Question::Community, Kind::Counter, &good_answers(), community),
            expected,
            "{community:?}"
        );
    }
    for (kind, day, expected) in [
        (Kind::Counter, "2026-11-23", None),
        (Kind::Home, "2026-11-23", Some(Why::VisitSlotClosed)),
        (Kind::Home, "2026-11-24", None),
        (Kind::Counter, "", Some(Code::FormMissing)),
        (Kind::Counter, "2026-02-30", Some(Why::VisitSlotClosed)),
        (Kind::Counter, "明天", Some(Why::VisitSlotClosed)),
        (Kind::Counter, "2026-11-29", Some(Why::VisitSlotClosed)), // It is a Sunday.
        (Kind::Counter, "2026-11-30", None),
        (Kind::Counter, "2026-12-01", Some(Why::VisitSlotClosed)), // It is too far ahead.
    ] {
        let answers = Answers { day: day.to_owned(), ..good_answers() };
        let expected = expected.map(|code| told("day", code)).unwrap_or_default();
        assert_eq!(faults_of(Question::Day, kind, &answers, None), expected, "{kind:?} {day}");
    }
    for (minute, expected) in [
        ("510", None),
        ("", Some(Code::FormMissing)),
        ("511", Some(Why::VisitSlotClosed)),
        ("-510", Some(Why::VisitSlotClosed)),
        ("五百", Some(Why::VisitSlotClosed)),
        ("99999999999", Some(Why::VisitSlotClosed)),
    ] {
        let answers = Answers { minute: minute.to_owned(), ..good_answers() };
        let expected = expected.map(|code| told("minute", code)).unwrap_or_default();
        assert_eq!(faults_of(Question::Hour, Kind::Counter, &answers, None), expected, "{minute}");
    }
}

#[test]
fn a_name_an_address_and_a_telephone_are_judged() {
    for (typed, expected) in [
        ("李岺", None),
        (" Anna Müller ", None),
        ("", Some(Code::FormMissing)),
        ("　\t", Some(Code::FormMissing)),
        ("李\u{7}", Some(Code::FormInvalid)),
        ("李\n岺", Some(Code::FormInvalid)),
    ] {
        assert_eq!(text("name", typed).map(|refusal| refusal.code), expected, "{typed:?}");
    }
    for (letters, good) in [(1, true), (TEXT_LIMIT, true), (TEXT_LIMIT + 1, false)] {
        let refusal = text("address", &format!(" {} ", "楼".repeat(letters)));
        let limit = refusal.as_ref().and_then(|refusal| refusal.detail.get("limit")).map(String::as_str);
        assert_eq!(
            (refusal.as_ref().map(|one| one.code), limit),
            if good { (None, None) } else { (Some(Code::FormTooLong), Some("100")) }
        );
    }
    for (telephone, expected) in [
        ("１３８１２３４０４１２", None),
        ("024-23456789", None),
        ("", Some(Code::IdentifierEmpty)),
        ("1381234041", Some(Code::FormTelephone)),
        ("23456789", Some(Code::FormTelephone)),
        ("12345678901", Some(Code::FormTelephone)),
        ("138a2340412", Some(Code::FormTelephone)),
    ] {
        let answers = Answers { telephone: telephone.to_owned(), ..good_answers() };
        let expected = expected.map(|code| told("telephone", code)).unwrap_or_default();
        assert_eq!(faults_of(Question::Who, Kind::Counter, &answers, None), expected, "{telephone}");
    }
    let nothing = faults_of(Question::Who, Kind::Home, &Answers::default(), None);
    assert_eq!(nothing, ["name form.missing", "telephone identifier.empty"], "both are named at once");
}

#[test]
fn the_vault_gets_what_the_visit_needs_in_its_one_spelling() {
    let typed = Answers { name: " 李岺 ".to_owned(), address: " 3号楼 ".to_owned(), ..good_answers() };
    for (kind, telephone, expected) in [
        (Kind::Counter, "138 1234 0412", ("李岺", "13812340412", None)),
        (Kind::Home, "＋86 138-1234-0412", ("李岺", "13812340412", Some("3号楼"))),
        (Kind::Home, "tel. 1", ("李岺", "tel. 1", Some("3号楼"))),
    ] {
        let person = person(kind, &Answers { telephone: telephone.to_owned(), ..typed.clone() });
        let field = |field| person.get(field).map(|value| value.expose().as_str());
        let found = (field(PersonField::Name), field(PersonField::Telephone), field(PersonField::Address));
        assert_eq!(found, (Some(expected.0), Some(expected.1), expected.2), "{telephone}");
    }
}

#[test]
fn answers_name_a_slot_or_none() {
    for (kind, day, minute, expected) in [
        (Kind::Counter, "2026-11-24", "510", Some("2026-11-24/510")),
        (Kind::Counter, "2026-11-24", "", None),
        (Kind::Counter, "2026-11-24", "-1", None),
        (Kind::Counter, "2026-02-29", "510", None),
        (Kind::Counter, "", "510", None),
        (Kind::Home, "2028-02-29", "", Some("2028-02-29/0")),
        (Kind::Home, "2026-11-24", "510", Some("2026-11-24/0")),
    ] {
        let answers = Answers { day: day.to_owned(), minute: minute.to_owned(), ..Answers::default() };
        assert_eq!(slot(kind, &answers).map(|slot| slot.show()).as_deref(), expected, "{kind:?} {day} {minute}");
    }
}

#[test]
fn every_list_of_questions_ends_with_the_check_and_asks_each_once() {
    for kind in Kind::ALL {
        let asked = questions(kind);
        assert_eq!(asked.last(), Some(&Question::Check));
        assert!(asked.iter().enumerate().all(|(at, one)| !asked[..at].contains(one)), "{kind:?}");
        assert_eq!(asked.contains(&Question::Hour), kind == Kind::Counter);
        assert_eq!(asked.contains(&Question::Address), kind == Kind::Home);
    }
}
