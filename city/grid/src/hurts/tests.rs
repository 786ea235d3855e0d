//! Tests where it hurts on small towns and short histories.

use kernel::place::PlaceId;
use kernel::time::Instant;
use planning::scan::{Settings, Stream, Zones, scan};
use uuid::Uuid;

use super::*;
use crate::words::Placed;

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

/// A report that was made so many minutes after the first moment.
fn report(number: u128, compound: Option<i64>, at: Option<(i64, i64)>) -> Placed {
    Placed {
        district: PlaceId(2),
        case_id: Uuid::from_u128(number),
        kind: "event/0102".to_owned(),
        compound,
        x: at.map(|at| at.0),
        y: at.map(|at| at.1),
        reported_at: Instant::from_micros(0),
    }
}

#[test]
fn a_sort_holds_the_kinds_of_its_big_class_and_no_others() {
    let table = [
        ("event/01", "event/0102", true),
        ("event/01", "event/0199", true),
        ("event/01", "event/0201", false),
        ("event/01", "component/0102", false),
        (EVERY, "event/0102", true),
        (EVERY, "service/0901", true),
    ];
    for (sort, kind, holds) in table {
        let (from, until) = kinds_of(sort);
        assert_eq!(from.as_str() <= kind && kind < until.as_str(), holds, "{sort} {kind}");
        assert!(sort == EVERY || (sort_of(kind) == sort) == holds, "{sort} {kind}");
    }
    assert_eq!((sort_of("odd").as_str(), sort_of("").as_str()), ("odd/", "/"));
}

#[test]
fn reports_are_put_together_by_sort_and_those_of_no_community_are_counted_apart() {
    let count = |place: &str, kind: &str, day, count| DayCount { path: path(place), kind: kind.to_owned(), day, count };
    let communities = [path("1.2.3.4."), path("1.2.3.5.")];
    let counts = [
        count("1.2.3.5.", "event/0102", 3, 2),
        count("1.2.3.4.", "event/0110", 3, 1),
        count("1.2.3.4.", "component/0118", 0, 4),
        count("1.2.9.9.", "event/0102", 3, 8),
    ];
    let sorted = sorted(&counts, &communities);
    assert_eq!((sorted.reports, sorted.left_out), (15, 8));
    let sorts: Vec<(&str, usize)> = sorted.sorts.iter().map(|(sort, cells)| (sort.as_str(), cells.len())).collect();
    assert_eq!(sorts, [(EVERY, 3), ("component/01", 1), ("event/01", 2)]);
    assert_eq!(sorted.sorts["event/01"][0], Cell { place: 1, day: 3, count: 2 });
}

#[test]
fn days_are_told_apart_by_whether_and_why_they_are_worked() {
    let days = ["2026-10-01,off,国庆节,National Day,holiday", "2026-10-10,work,国庆节,National Day,makeup"];
    let notices = format!("date,kind,name,name_en,detail\n{}\n", days.join("\n"));
    let calendar =
        Calendar::parse(&notices, "utc_offset_minutes = 480\n[[opening]]\nfrom = \"09:00\"\nuntil = \"17:00\"\n");
    let calendar = calendar.unwrap_or_else(|faults| panic!("{faults:?}"));
    // From Wednesday the 30th of September to Sunday the 11th of October.
    let kinds = kinds_of_days(&calendar, "2026-10-11".parse().unwrap(), 12);
    assert_eq!(kinds, [0, 2, 0, 2, 2, 0, 0, 0, 0, 0, 1, 2]);
    assert!(kinds_of_days(&calendar, "2026-10-11".parse().unwrap(), 0).is_empty());
}

#[test]
fn what_comes_back_within_fifty_metres_or_in_one_compound_is_one_spot() {
    let numbers = |found: &[SpotOf]| -> Vec<Vec<u128>> {
        found.iter().map(|spot| spot.cases.iter().map(Uuid::as_u128).collect()).collect()
    };
    let reports = [
        report(9, Some(7), Some((1_000, 1_000))),
        report(8, None, Some((1_490, 1_000))),
        report(7, None, Some((1_990, 1_000))),
        report(6, Some(7), None),
        report(5, None, None),
        report(4, None, None),
        report(3, Some(8), Some((1_000, 1_500))),
        report(2, None, Some((2_400, 1_000))),
        report(1, None, Some((2_300, 1_100))),
    ];
    let here = path("1.2.3.4.");
    assert_eq!(numbers(&spots(&here, &reports, 50, 3)), [vec![9, 8, 6, 3], vec![7, 2, 1]]);
    assert_eq!(numbers(&spots(&here, &reports, 50, 4)), [vec![9, 8, 6, 3]]);
    assert!(spots(&here, &reports, 50, 5).is_empty() && spots(&here, &[], 50, 0).is_empty());
    let alone = [report(2, None, None), report(1, None, None)];
    assert!(spots(&here, &alone, 50, 1).is_empty(), "of which only the community is known lies at no spot");
}

#[test]
fn of_a_night_only_what_is_rare_is_told_and_all_sorts_only_where_no_single_one_rises() {
    // Ten communities with a report a day; in the last two days the first has eight.
    let count = |place, day| if place == 0 && day >= 58 { 8 } else { 1 };
    let cells: Vec<Cell> =
        (0..60).flat_map(|day| (0..10).map(move |place| Cell { place, day, count: count(place, day) })).collect();
    let found = scan(&Zones::new(10), &Stream { kinds: &[0; 60], cells: &cells }, &Settings::default()).unwrap();
    let first = found.clusters[0].clone();
    let sort = |sort: &str, cluster: &Cluster| (sort.to_owned(), cluster.clone());
    let elsewhere = Cluster { places: vec![5], ..first.clone() };
    let often = Cluster { chance: 0.5, ..elsewhere.clone() };
    let told = told(
        vec![sort(EVERY, &first), sort(EVERY, &elsewhere), sort("event/02", &often), sort("event/01", &first)],
        365,
    );
    let told: Vec<(&str, &[u32])> = told.iter().map(|(sort, one)| (sort.as_str(), one.places.as_slice())).collect();
    assert_eq!(told, [("event/01", [0].as_slice()), (EVERY, [5].as_slice())]);
}
