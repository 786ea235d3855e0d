//! These tests are about shifts, rest, and what is credited.

use kernel::place::{PlaceId, PlacePath};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::words::Role;

const ZONE: Zone = Zone::new(480);

fn at(hour: i64) -> Instant {
    ZONE.instant(jiff::civil::date(2026, 11, 23), 0).plus_seconds(hour * HOUR)
}

fn span(from: i64, to: i64) -> Span {
    Span { starts: at(from), ends: at(to) }
}

fn shift(number: i64, from: i64, to: i64) -> Shift {
    Shift { number, starts: at(from), ends: at(to) }
}

#[test]
fn a_shift_belongs_to_the_part_of_its_middle() {
    let table =
        [(8, 16, Part::Day), (16, 22, Part::Evening), (22, 30, Part::Night), (0, 8, Part::Night), (6, 12, Part::Day)];
    for (from, to, part) in table {
        assert_eq!(part_of(at(from), at(to), ZONE), part, "{from} to {to}");
    }
}

#[test]
fn rest_lies_between_two_shifts() {
    for (other, clashes) in [((16, 24), true), ((23, 30), true), ((24, 32), false), ((-8, 0), false), ((-8, 1), true)] {
        assert_eq!(clash(span(8, 16), span(other.0, other.1), 8), clashes, "{other:?}");
    }
}

#[test]
fn shifts_that_nobody_serves_both_are_planned_together() {
    let shifts = [shift(3, 24, 32), shift(1, 8, 16), shift(2, 16, 24), shift(4, 32, 40)];
    let told: Vec<Vec<i64>> =
        groups(&shifts, 8).iter().map(|group| group.iter().map(|shift| shift.number).collect()).collect();
    assert_eq!(told, [vec![1, 2], vec![3, 4]]);
    assert!(groups(&[], 8).is_empty());
}

#[test]
fn a_shift_ends_after_it_begins_and_is_not_endless() {
    let figures = Figures { walk_ds: 18_000, rest_hours: 8, shift_hours: 12, move_ds: 0, speed: 1_200 };
    for (from, to, right) in [(8, 20, true), (8, 8, false), (8, 7, false), (8, 21, false)] {
        assert_eq!(check_shift(at(from), at(to), &figures).is_ok(), right, "{from} to {to}");
    }
}

fn post(state: PostState, checked: Option<i64>, left: Option<i64>) -> Post {
    Post {
        district: PlaceId(2),
        id: Uuid::nil(),
        call: Uuid::nil(),
        compound: 1,
        shift: 1,
        role: Role::Gate,
        path: PlacePath::parse("1.2.3.4.").unwrap(),
        home: PlaceId(2),
        responder: None,
        state,
        starts: at(8),
        ends: at(16),
        walk: 0,
        checked_at: checked.map(at),
        left_at: left.map(at),
    }
}

#[test]
fn what_was_served_is_credited_and_nothing_else() {
    let table = [
        (PostState::Present, Some(7), None, 20, 8 * 60),
        (PostState::Present, Some(9), None, 20, 7 * 60),
        (PostState::Present, Some(8), None, 12, 4 * 60),
        (PostState::Present, Some(8), Some(10), 20, 2 * 60),
        (PostState::Present, Some(8), Some(7), 20, 0),
        (PostState::Sent, None, None, 20, 0),
        (PostState::Absent, None, None, 20, 0),
        (PostState::Off, Some(8), None, 20, 0),
    ];
    for (state, checked, left, now, minutes) in table {
        assert_eq!(credited_minutes(&post(state, checked, left), at(now)), minutes, "{state:?} {checked:?} {left:?}");
    }
}

#[test]
fn a_change_adds_the_minutes_that_are_served_from_then_on() {
    let table = [
        ((PostState::Sent, None, None), (PostState::Present, Some(9), None), 7 * 60),
        ((PostState::Sent, None, None), (PostState::Present, Some(7), None), 8 * 60),
        ((PostState::Present, Some(9), None), (PostState::Absent, Some(9), None), -7 * 60),
        ((PostState::Present, Some(9), None), (PostState::Present, Some(9), Some(12)), -4 * 60),
        ((PostState::Sent, None, None), (PostState::Declined, None, None), 0),
    ];
    for ((state, checked, left), (then, checked_then, left_then), minutes) in table {
        let (before, after) = (post(state, checked, left), post(then, checked_then, left_then));
        assert_eq!(minutes_added(&before, &after), minutes, "{state:?} {then:?} {left_then:?}");
    }
}

proptest! {
    #[test]
    fn a_group_never_holds_two_that_its_first_could_serve(
        spans in prop::collection::vec((0i64..200, 1i64..12), 0..20), rest in 0i64..12,
    ) {
        let shifts: Vec<Shift> = spans.iter().zip(1..).map(|((from, hours), number)| shift(number, *from, from + hours)).collect();
        let grouped = groups(&shifts, rest);
        prop_assert_eq!(grouped.iter().map(Vec::len).sum::<usize>(), shifts.len());
        for group in &grouped {
            for other in &group[1..] {
                prop_assert!(clash(group[0].span(), other.span(), rest));
            }
        }
    }
}
