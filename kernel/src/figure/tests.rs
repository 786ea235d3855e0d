//! Tests figures by tables: rounding, declarations, what is reckoned from what, columns, months, who may look.

use super::*;
use crate::permission::{ActorKind, Grant};
use jiff::civil::date;
use uuid::Uuid;

const DECLARED: &[Indicator] = &[
    Indicator::sum("lamps.mended", "lamps-mended", 1).better_high(),
    Indicator::sum("lamps.late", "lamps-late", 2).better_low(),
    Indicator::sum("lamps.minutes", "lamps-minutes", 3).unit(Unit::Minute),
    Indicator::share("lamps.late_share", "lamps-late-share", "lamps.late", &["lamps.mended", "lamps.late"]),
    Indicator::mean("lamps.minutes_each", "lamps-minutes-each", "lamps.minutes", "lamps.mended"),
];

#[test]
fn shares_and_means_are_rounded_and_nothing_is_a_dash() {
    let shares = [
        (1, 3, "33.3 %"),
        (2, 3, "66.7 %"),
        (0, 5, "0.0 %"),
        (5, 5, "100.0 %"),
        (7, 5, "140.0 %"),
        (1, 2_000, "0.1 %"),
        (1, 2_001, "0.0 %"),
        (-1, 3, "-33.3 %"),
        (-2, 3, "-66.7 %"),
        (-1, 200, "-0.5 %"),
        (0, 0, "–"),
        (3, -1, "–"),
    ];
    for (part, whole, text) in shares {
        assert_eq!(Figure::Share { part, whole }.to_string(), text, "{part} of {whole}");
    }
    let means = [
        (9, 2, "4.50"),
        (14, 3, "4.67"),
        (0, 3, "0.00"),
        (1, 200, "0.01"),
        (1, 201, "0.00"),
        (-1, 3, "-0.33"),
        (-7, 2, "-3.50"),
        (1, 0, "–"),
    ];
    for (sum, count, text) in means {
        assert_eq!(Figure::Mean { sum, count }.to_string(), text, "{sum} over {count}");
    }
    for (count, text) in [(12, "12"), (0, "0"), (-5, "-5")] {
        assert_eq!(Figure::Count(count).to_string(), text);
    }
    let numbers = [
        (Figure::Count(-5), Some(-5)),
        (Figure::Share { part: 1, whole: 8 }, Some(125)),
        (Figure::Mean { sum: 1, count: 8 }, Some(13)),
        (Figure::Mean { sum: 0, count: 0 }, None),
    ];
    for (figure, number) in numbers {
        assert_eq!(figure.number(), number, "{figure:?}");
    }
}

#[test]
fn an_indicator_says_what_it_was_declared_with() {
    let rows = Rows { permission: Permission::CaseRead, address: |code, part| format!("/{code}/{}", part.place) };
    let told = Indicator::sum("lamps.mended", "lamps-mended", 4).how("lamps-how").better_high().opens(rows);
    assert_eq!((told.publisher(), told.slot(), told.how), ("lamps", Some(4), "lamps-how"));
    assert_eq!((told.direction, told.unit), (Direction::More, Unit::Count));
    let part = Part {
        place: PlaceId(57),
        own: false,
        department: String::new(),
        from: date(2026, 2, 1),
        to: date(2026, 2, 28),
    };
    let address = told.rows.map(|rows| (rows.address)(told.code, &part));
    assert_eq!(address.as_deref(), Some("/lamps.mended/57"));
    let share = Indicator::share("lamps.share", "x", "lamps.late", &["lamps.mended"]).better_low();
    assert_eq!((share.unit, share.slot(), share.direction), (Unit::PerMille, None, Direction::Less));
    let mean = Indicator::mean("lamps.mean", "x", "lamps.minutes", "lamps.mended");
    assert_eq!((mean.unit, mean.slot(), mean.direction), (Unit::Count, None, Direction::Neither));
    assert_eq!(Indicator::sum("lamps", "x", 1).publisher(), "lamps");
}

#[test]
fn what_is_counted_anew_is_told_of_earlier_days_alone_and_of_what_is_reckoned_from_it() {
    let declared = [
        Indicator::sum("lamps.mended", "lamps-mended", 1).anew(date(2026, 12, 1), "lamps-before"),
        Indicator::sum("lamps.late", "lamps-late", 2),
        Indicator::share("lamps.late_share", "lamps-late-share", "lamps.late", &["lamps.mended", "lamps.late"]),
    ];
    let [mended, late, share] = &declared;
    for (indicator, on, told) in [
        (mended, date(2026, 11, 30), vec!["lamps.mended"]),
        (mended, date(2026, 12, 1), vec![]),
        (late, date(2026, 11, 30), vec![]),
        (share, date(2026, 11, 1), vec!["lamps.mended"]),
        (share, date(2027, 1, 1), vec![]),
    ] {
        let found = indicator.counted_otherwise(&declared, on);
        assert_eq!(found.iter().map(|(one, _)| one.code).collect::<Vec<_>>(), told, "{} {on}", indicator.code);
        assert!(found.iter().all(|(_, anew)| anew.before == "lamps-before"));
    }
}

#[test]
fn a_part_is_written_into_an_address() {
    let (from, to) = (date(2026, 11, 1), date(2026, 11, 30));
    let all = Part { place: PlaceId(57), own: false, department: String::new(), from, to };
    let expected = "/lamps/rows?code=lamps.mended&place=57&from=2026-11-01&to=2026-11-30";
    assert_eq!(all.address("/lamps/rows", "lamps.mended"), expected);
    let own = Part { own: true, department: "housing".to_owned(), to: from, ..all };
    let expected = "/lamps/rows?code=lamps.late&place=57&own=1&department=housing&from=2026-11-01&to=2026-11-01";
    assert_eq!(own.address("/lamps/rows", "lamps.late"), expected);
}

#[test]
fn what_is_reckoned_from_no_sum_counts_nothing() {
    let amounts = Amounts::new([3, 1, 10]);
    let lost = Indicator::share("lamps.lost", "x", "lamps.gone", &["lamps.mended", "lamps.gone"]);
    assert_eq!(lost.figure(DECLARED, &amounts), Figure::Share { part: 0, whole: 3 });
    assert!(lost.behind(DECLARED).is_none());
    let nested = Indicator::mean("lamps.nested", "x", "lamps.minutes", "lamps.late_share");
    assert_eq!(nested.figure(DECLARED, &amounts), Figure::Mean { sum: 10, count: 0 });
    assert_eq!(Amounts::new([i64::MAX, 1]).of(SLOTS), 0);
}

#[test]
fn indicators_are_reckoned_from_sums() {
    let amounts = Amounts::new([3, 1, 10]);
    let told: Vec<String> = DECLARED.iter().map(|one| one.figure(DECLARED, &amounts).to_string()).collect();
    assert_eq!(told, ["3", "1", "10", "25.0 %", "3.33"]);
    let behind: Vec<Option<&str>> = DECLARED.iter().map(|one| one.behind(DECLARED).map(|sum| sum.code)).collect();
    let (mended, late, minutes) = (Some("lamps.mended"), Some("lamps.late"), Some("lamps.minutes"));
    assert_eq!(behind, [mended, late, minutes, late, None]);
}

#[test]
fn what_is_wrong_with_a_declaration_is_told() {
    assert_eq!(faults("lamps", DECLARED), Vec::<String>::new());
    let wrong = [
        Indicator::sum("roads.mended", "x", 1),
        Indicator::sum("lamps.", "x", 2),
        Indicator::sum("lamps.a", "x", 0),
        Indicator::sum("lamps.b", "x", SLOTS + 1),
        Indicator::sum("lamps.c", "x", 1),
        Indicator::share("lamps.d", "x", "lamps.a", &["lamps.e"]),
        Indicator::mean("lamps.f", "x", "lamps.d", "lamps.a"),
        Indicator::sum("lamps", "x", 3),
    ];
    let found = faults("lamps", &wrong);
    let parts = ["roads.mended", "lamps. ", "column 0", "column 33", "column 1 of", "lamps.e", "lamps.d", "lamps does"];
    assert_eq!(found.len(), parts.len(), "{found:?}");
    for (fault, part) in found.iter().zip(parts) {
        assert!(fault.contains(part), "{fault}: {part}");
    }
}

#[test]
fn amounts_are_kept_by_column() {
    let mut amounts = Amounts::default();
    assert!(amounts.is_nothing());
    amounts.add(1, 2);
    amounts.add(SLOTS, 5);
    amounts.add(0, 9);
    amounts.add(SLOTS + 1, 9);
    assert_eq!(amounts.filled().collect::<Vec<_>>(), [(1, 2), (SLOTS, 5)]);
    let mut twice = amounts;
    twice.merge(&amounts);
    assert_eq!((twice.of(1), twice.of(2), twice.of(SLOTS), twice.of(0)), (4, 0, 10, 0));
    assert_eq!(Amounts::new(twice.values()), twice);
    twice.add(SLOTS, -10);
    assert_eq!(twice.filled().collect::<Vec<_>>(), [(1, 4)]);
    twice.add(1, i64::MAX);
    assert_eq!(twice.of(1), i64::MAX, "a column stops at the largest number");
    assert_eq!(Amounts::new(std::iter::repeat_n(1, 40)).values().count(), SLOTS, "what has no column is left out");
}

#[test]
fn a_cell_lies_in_the_month_of_its_day() {
    let table = [
        (date(2026, 3, 9), "2026-03"),
        (date(2026, 1, 1), "2026-01"),
        (date(2026, 12, 31), "2026-12"),
        (date(2024, 2, 29), "2024-02"),
        (date(987, 10, 1), "0987-10"),
    ];
    for (day, month) in table {
        let cell = Cell { place: PlacePath::root(PlaceId(1)), department: String::new(), day };
        assert_eq!(cell.month(), month, "{day}");
    }
}

#[test]
fn rows_are_open_to_whoever_may_see_all_of_them() {
    let rows = Rows { permission: Permission::CaseRead, address: |code, _| format!("/rows?code={code}") };
    let path = |text: &str| PlacePath::parse(text).unwrap();
    let actor = |place: &str, department: Option<&str>, permission| Actor {
        account: None,
        name: String::new(),
        kind: ActorKind::Staff,
        grants: vec![Grant {
            post: Uuid::nil(),
            role: String::new(),
            place: path(place),
            department: department.map(str::to_owned),
            permissions: [permission].into(),
        }],
    };
    let read = Permission::CaseRead;
    let table = [
        ("1.4.", None, read, "1.4.57.", None, true),
        ("1.4.", None, read, "1.4.", Some("housing"), true),
        ("1.4.", None, read, "1.", None, false),
        ("1.4.", None, read, "1.5.", None, false),
        ("1.4.", Some("housing"), read, "1.4.", Some("housing"), true),
        ("1.4.", Some("housing"), read, "1.4.", None, false),
        ("1.4.", Some("housing"), read, "1.4.", Some("health"), false),
        ("1.", None, Permission::CaseAccept, "1.4.", None, false),
    ];
    for (own, department, permission, place, asked, expected) in table {
        let found = rows.open_to(&actor(own, department, permission), &path(place), asked);
        assert_eq!(found, expected, "{own} {department:?} {place} {asked:?}");
    }
    assert!(!rows.open_to(&Actor::nobody(), &path("1."), None));
}

#[test]
fn one_learns_something_about_every_count_from_which_a_figure_is_reckoned() {
    let declared = [
        Indicator::sum("lamps.mended", "x", 1),
        Indicator::sum("lamps.late", "x", 2),
        Indicator::sum("lamps.minutes", "x", 3).amount_of("lamps.mended"),
        Indicator::share("lamps.late_share", "x", "lamps.late", &["lamps.mended", "lamps.late"]),
        Indicator::mean("lamps.minutes_each", "x", "lamps.minutes", "lamps.late"),
        Indicator::mean("lamps.unknown", "x", "lamps.nothing", "lamps.late"),
    ];
    let learnt: Vec<Vec<usize>> = declared.iter().map(|indicator| indicator.learnt_from(&declared)).collect();
    assert_eq!(learnt, [vec![1], vec![2], vec![1], vec![2, 1, 2], vec![1, 2], vec![2]]);
}
