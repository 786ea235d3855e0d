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

#[test]
fn the_parts_of_a_day_begin_where_the_one_before_ends() {
    let minute = |minutes: i64| at(0).plus_seconds(minutes * 60);
    for (from, to, part) in [
        (0, 720, Part::Day), // The middle is 06:00.
        (0, 718, Part::Night),
        (720, 1_438, Part::Day), // The middle is 17:59.
        (720, 1_440, Part::Evening),
        (1_200, 1_438, Part::Evening), // The middle is 21:59.
        (1_200, 1_440, Part::Night),
        (1_200, 1_800, Part::Night), // The middle is 01:00 of the next day.
        (1_440, 2_160, Part::Day),
        (480, 480, Part::Day),
    ] {
        assert_eq!(part_of(minute(from), minute(to), ZONE), part, "{from} to {to}");
    }
}

#[test]
fn without_rest_one_shift_follows_another() {
    for (one, other, rest, clashes) in [
        ((8, 16), (16, 24), 0, false),
        ((8, 16), (15, 24), 0, true),
        ((8, 16), (10, 11), 0, true),
        ((8, 16), (8, 16), 0, true),
        ((8, 16), (24, 32), 8, false),
        ((8, 16), (24, 32), 9, true),
    ] {
        let (one, other) = (span(one.0, one.1), span(other.0, other.1));
        assert_eq!((clash(one, other, rest), clash(other, one, rest)), (clashes, clashes), "{one:?} {other:?} {rest}");
    }
}

#[test]
fn a_group_has_ten_shifts_at_most_and_keeps_the_order_of_numbers() {
    let numbers = |shifts: &[Shift]| -> Vec<Vec<i64>> {
        groups(shifts, 8).iter().map(|group| group.iter().map(|shift| shift.number).collect()).collect()
    };
    let together: Vec<Shift> = (1..=12).rev().map(|number| shift(number, 8, 16)).collect();
    assert_eq!(numbers(&together), [(1..=10).collect::<Vec<i64>>(), vec![11, 12]]);
    assert_eq!(numbers(&[shift(2, 16, 24), shift(1, 0, 8)]), [[1], [2]], "eight hours lie between");
    assert_eq!(numbers(&[shift(2, 15, 24), shift(1, 0, 8)]), [[1, 2]]);
}

#[test]
fn a_shift_that_is_too_long_says_how_long_it_may_be() {
    let figures = Figures { walk_ds: 18_000, rest_hours: 8, shift_hours: 12, move_ds: 0, speed: 1_200 };
    let longest = at(8).plus_seconds(12 * HOUR);
    assert_eq!(check_shift(at(8), longest, &figures), Ok(()));
    for ends in [longest.plus_seconds(1), at(8), at(8).plus_seconds(-1)] {
        let refusal = check_shift(at(8), ends, &figures).unwrap_err();
        assert_eq!(refusal.code, Why::MobilizationShift);
        assert_eq!(
            (refusal.field.as_deref(), refusal.detail.get("hours").map(String::as_str)),
            (Some("ends"), Some("12"))
        );
    }
}

#[test]
fn only_whole_minutes_between_beginning_and_end_are_credited() {
    let late = |seconds: i64| at(8).plus_seconds(seconds);
    for (checked, left, now, minutes) in [
        (at(8), None, late(59), 0),
        (at(8), None, late(60), 1),
        (late(30), None, at(16), 479),
        (late(30), Some(late(90)), at(16), 1),
        (at(7), None, at(8), 0),
        (at(7), None, at(7), 0),            // She is there before it begins.
        (at(7), Some(at(17)), at(20), 480), // She left after the end.
        (at(17), None, at(20), 0),
    ] {
        let post = Post { checked_at: Some(checked), left_at: left, ..post(PostState::Present, None, None) };
        assert_eq!(credited_minutes(&post, now), minutes, "{checked:?} {left:?} {now:?}");
    }
}

#[test]
fn only_who_is_sent_or_present_holds_a_post() {
    let holding: Vec<PostState> = PostState::ALL.iter().copied().filter(|state| state.holds()).collect();
    assert_eq!(holding, [PostState::Sent, PostState::Present]);
    let post = post(PostState::Sent, None, None);
    assert_eq!((post.slot().compound, post.slot().shift, post.slot().role), (1, 1, Role::Gate));
    assert_eq!(post.of_call().district, post.district);
}

proptest! {
    #[test]
    fn what_is_credited_grows_with_time_and_never_passes_the_shift(
        checked in -200i64..700, left in prop::option::of(-200i64..700), now in -200i64..900, later in 0i64..300,
    ) {
        let minute = |minutes: i64| at(8).plus_seconds(minutes * 60);
        let post = Post { checked_at: Some(minute(checked)), left_at: left.map(minute), ..post(PostState::Present, None, None) };
        let (before, after) = (credited_minutes(&post, minute(now)), credited_minutes(&post, minute(now + later)));
        prop_assert!((0..=480).contains(&before) && before <= after && after <= 480, "{} {}", before, after);
        prop_assert!(after - before <= later);
    }
}
