//! Decides what is wrong with a room, at which times of a talk day talks begin, and whether two times overlap.

use kernel::day::not_ahead;
use kernel::line::line_fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;

use super::talk_day::TalkDay;
use crate::refusals::Why;
use crate::words::NAME_MOST;
use crate::words::room::{ROOMS_MOST, Room, SEATS_MOST, Use};

/// The fewest minutes of a talk.
const SHORTEST: u32 = 5;

/// Everything that is wrong with the rooms of a hearing point.
#[must_use]
pub fn faults(rooms: &[Room]) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if rooms.len() > ROOMS_MOST {
        faults.push(Refusal::new(Code::RequestTooLarge));
    }
    for (place, room) in rooms.iter().enumerate() {
        if room.name.is_empty() {
            faults.push(Refusal::new(Code::FormMissing).field("rooms"));
        }
        faults.extend(line_fault(&room.name).map(|code| Refusal::new(code).field("rooms")));
        if room.name.chars().count() > NAME_MOST {
            faults.push(Refusal::new(Code::FormTooLong).field("rooms").with("limit", NAME_MOST));
        }
        let is_twice = rooms.iter().take(place).any(|before| before.name == room.name);
        if is_twice || !(1..=SEATS_MOST).contains(&room.seats) {
            faults.push(Refusal::new(Code::FormInvalid).field("rooms"));
        }
    }
    faults
}

/// The times at which talks of a day begin and end: the day is divided among as many talks as the rulebook gives it, in
/// steps of five minutes.
#[must_use]
pub fn slots(day: TalkDay, talks: u32) -> Vec<(u32, u32)> {
    let length = day.closes_at.saturating_sub(day.opens_at) / talks.max(1) / SHORTEST * SHORTEST;
    let length = length.max(SHORTEST);
    let begins = (0..talks).map(|turn| day.opens_at.saturating_add(turn.saturating_mul(length)));
    begins.map(|begins| (begins, begins.saturating_add(length))).filter(|slot| slot.1 <= day.closes_at).collect()
}

/// The times at which no room is free. `uses` are the times at which each room is taken.
#[must_use]
pub fn full(slots: &[(u32, u32)], uses: &[Vec<Use>]) -> Vec<(u32, u32)> {
    let overlaps = |slot: &(u32, u32), at: &Use| at.begins_at < i64::from(slot.1) && i64::from(slot.0) < at.ends_at;
    let is_taken = |slot: &(u32, u32), room: &Vec<Use>| room.iter().any(|at| overlaps(slot, at));
    let is_full = |slot: &&(u32, u32)| !uses.is_empty() && uses.iter().all(|room| is_taken(slot, room));
    slots.iter().filter(is_full).copied().collect()
}

/// The most days ahead that a session is arranged: a year. A bound of the machine.
const AHEAD_DAYS: i64 = 366;

/// The most minutes of a session that is arranged: half a working day, so that nobody is kept longer at one table, and
/// a slip of the pen takes no room for a whole day. A bound of the machine.
const LONGEST: u32 = 240;
/// The minutes of an hour.
const HOUR: u32 = 60;

/// Whether two times overlap, in whichever rooms.
#[must_use]
pub fn is_at_once(one: &Use, other: &Use) -> bool {
    one.day == other.day && one.begins_at < other.ends_at && other.begins_at < one.ends_at
}

/// What is wrong with the time of a session that is arranged now: it lies ahead, ends after it begins, and is no longer
/// than half a day. `minute` is the minute of today that it is now.
#[must_use]
pub fn time_faults(on: Option<Date>, span: (Option<u32>, Option<u32>), today: Date, minute: u32) -> Vec<Refusal> {
    let is_over = on == Some(today) && span.0.is_some_and(|begins| begins <= minute);
    let is_long = span.0.zip(span.1).is_some_and(|(begins, ends)| ends.saturating_sub(begins) > LONGEST);
    let faults = [
        on.is_none().then(|| Refusal::new(Code::FormDate).field("on")),
        on.and_then(|day| not_ahead("on", day, today, AHEAD_DAYS)),
        span.0.is_none().then(|| Refusal::new(Code::FormInvalid).field("starts")),
        is_over.then(|| Refusal::new(Why::HearingsHourOver).field("starts")),
        (span.1.is_none() || span.1 <= span.0).then(|| Refusal::new(Code::FormInvalid).field("ends")),
        is_long.then(|| Refusal::new(Why::HearingsSessionLong).field("ends").with("hours", LONGEST / HOUR)),
    ];
    faults.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use kernel::place::PlaceId;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_talk_day_is_divided_among_its_talks() {
        let day = |opens_at, closes_at| TalkDay { weekday: 4, opens_at, closes_at };
        for (day, talks, expected) in [
            (day(540, 660), 12, vec![(540, 550), (550, 560)]),
            (day(540, 660), 3, vec![(540, 580), (580, 620)]),
            (day(540, 660), 7, vec![(540, 555), (555, 570)]),
            (day(540, 548), 4, vec![(540, 545)]),
            (day(540, 660), 0, vec![]),
        ] {
            let found = slots(day, talks);
            assert_eq!(found.iter().take(2).copied().collect::<Vec<_>>(), expected, "{talks}");
            assert!(found.iter().all(|slot| slot.1 <= day.closes_at), "{talks}");
        }
        assert_eq!(slots(day(540, 660), 12).len(), 12);
    }

    fn at(begins_at: i64, ends_at: i64) -> Use {
        Use {
            district: PlaceId(4),
            id: Uuid::from_u128(2),
            room: Uuid::from_u128(1),
            day: "2026-11-26".parse().unwrap(),
            begins_at,
            ends_at,
            case_id: None,
            booked_name: String::new(),
            booked_at: kernel::time::Instant::from_micros(0),
        }
    }

    #[test]
    fn two_times_are_at_once_on_one_day_in_whichever_rooms() {
        let elsewhere = |one: Use| Use { room: Uuid::from_u128(9), ..one };
        let next_day = |one: Use| Use { day: "2026-11-27".parse().unwrap(), ..one };
        for (other, expected) in [
            (at(540, 600), true),
            (elsewhere(at(570, 580)), true),
            (elsewhere(at(500, 541)), true),
            (at(600, 660), false),
            (at(480, 540), false),
            (next_day(at(540, 600)), false),
        ] {
            assert_eq!(is_at_once(&at(540, 600), &other), expected, "{other:?}");
        }
    }

    #[test]
    fn a_time_is_full_where_every_room_is_taken() {
        let slots = [(540, 550), (550, 560), (560, 570)];
        for (uses, expected) in [
            (vec![], vec![]),
            (vec![vec![]], vec![]),
            (vec![vec![at(540, 550)]], vec![(540, 550)]),
            (vec![vec![at(545, 565)]], slots.to_vec()),
            (vec![vec![at(540, 550)], vec![]], vec![]),
            (vec![vec![at(540, 560)], vec![at(550, 570)]], vec![(550, 560)]),
        ] {
            assert_eq!(full(&slots, &uses), expected, "{uses:?}");
        }
    }

    #[test]
    fn a_room_has_a_name_of_its_own_and_seats() {
        let room = |name: &str, seats| Room {
            district: PlaceId(4),
            id: Uuid::from_u128(1),
            name: name.to_owned(),
            seats,
            step_free: true,
        };
        let long = "长".repeat(NAME_MOST + 1);
        for (rooms, expected) in [
            (vec![room("评理室", 8), room("调解室", 4)], 0),
            (vec![room("评理室", 8), room("评理室", 4)], 1),
            (vec![room("", 8)], 1),
            (vec![room("评理室", 0)], 1),
            (vec![room("评理室", SEATS_MOST + 1)], 1),
            (vec![room(&long, 8)], 1),
            (vec![room("评\u{202e}室", 8)], 1),
        ] {
            assert_eq!(faults(&rooms).len(), expected, "{rooms:?}");
        }
    }

    #[test]
    fn a_session_is_arranged_for_a_time_that_lies_ahead() {
        let day = |text: &str| text.parse::<Date>().ok();
        let today = "2026-11-23".parse().unwrap();
        for (on, span, expected) in [
            (day("2026-11-23"), (Some(540), Some(600)), vec![]),
            (day("2026-11-23"), (Some(480), Some(540)), vec!["starts"]),
            (day("2026-11-23"), (Some(479), Some(540)), vec!["starts"]),
            (day("2026-11-24"), (Some(0), Some(240)), vec![]),
            (day("2026-11-24"), (Some(0), Some(1_439)), vec!["ends"]),
            (day("2026-11-24"), (Some(540), Some(781)), vec!["ends"]),
            (day("2026-11-22"), (Some(540), Some(600)), vec!["on"]),
            (day("3026-11-24"), (Some(540), Some(600)), vec!["on"]),
            (None, (None, Some(600)), vec!["on", "starts"]),
            (day("2026-11-24"), (Some(600), Some(600)), vec!["ends"]),
            (day("2026-11-24"), (Some(600), None), vec!["ends"]),
        ] {
            let found = time_faults(on, span, today, 480);
            let fields: Vec<&str> = found.iter().filter_map(|fault| fault.field.as_deref()).collect();
            assert_eq!(fields, expected);
        }
    }
}
