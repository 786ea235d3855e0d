//! These rules say what holds in a mobilisation: when a shift lies, what one person cannot both do, what is credited,
//! and how a plan is reckoned.

pub mod plan;

use crate::refusals::Why;
use kernel::refusal::Refusal;
use kernel::time::{Instant, Zone};

use crate::words::{Figures, Part, Post, PostState, Shift, Span};

/// Seconds of an hour.
pub const HOUR: i64 = 3_600;
/// Minutes of a day at which day, evening and night begin.
const DAY_FROM: u32 = 6 * 60;
const EVENING_FROM: u32 = 18 * 60;
const NIGHT_FROM: u32 = 22 * 60;

/// Returns the part of a day that a shift belongs to. The middle of the shift decides.
#[must_use]
pub fn part_of(starts: Instant, ends: Instant, zone: Zone) -> Part {
    let middle = zone.minute_of_day(starts.plus_seconds(ends.seconds_since(starts) / 2));
    match middle {
        DAY_FROM..EVENING_FROM => Part::Day,
        EVENING_FROM..NIGHT_FROM => Part::Evening,
        _ => Part::Night,
    }
}

/// Says whether one person cannot serve both spans, because they overlap or leave too little rest between them.
#[must_use]
pub fn clash(one: Span, other: Span, rest_hours: i64) -> bool {
    let apart = rest_hours * HOUR;
    one.starts < other.ends.plus_seconds(apart) && other.starts < one.ends.plus_seconds(apart)
}

/// Shifts planned together at most, so that shifts and roles together stay below the 64 kinds of slot that the planner
/// tells apart.
const TOGETHER: usize = 10;

/// Puts shifts into groups that are planned together. Each group holds those that clash with its first one, ten at
/// most. A person serves once in a group and may serve in the next.
#[must_use]
pub fn groups(shifts: &[Shift], rest_hours: i64) -> Vec<Vec<Shift>> {
    let mut ordered = shifts.to_vec();
    ordered.sort_by_key(|shift| (shift.starts, shift.number));
    let mut groups: Vec<Vec<Shift>> = Vec::new();
    for shift in ordered {
        let joins = groups
            .last()
            .filter(|group| group.len() < TOGETHER)
            .and_then(|group| group.first())
            .is_some_and(|first| clash(first.span(), shift.span(), rest_hours));
        match groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(shift),
            None => groups.push(vec![shift]),
        }
    }
    groups
}

/// Checks that a shift ends after it begins and is not too long.
///
/// # Errors
/// Refuses with `mobilization.shift`.
pub fn check_shift(starts: Instant, ends: Instant, figures: &Figures) -> Result<(), Refusal> {
    let seconds = ends.seconds_since(starts);
    if seconds > 0 && seconds <= figures.shift_hours * HOUR {
        return Ok(());
    }
    Err(Refusal::new(Why::MobilizationShift).field("ends").with("hours", figures.shift_hours))
}

/// Returns the minutes that somebody who was checked in has served so far. They run from the beginning or the check-in,
/// whichever is later, to the end or to the moment when she could leave.
#[must_use]
pub fn credited_minutes(post: &Post, now: Instant) -> i64 {
    let Some(checked) = post.checked_at.filter(|_| post.state == PostState::Present) else { return 0 };
    let until = post.left_at.unwrap_or(post.ends).min(post.ends).min(now);
    (until.seconds_since(checked.max(post.starts)) / 60).max(0)
}

/// The minutes that a change of a post adds to what is served to the end of its shift; less than nothing when some are
/// not served.
#[must_use]
pub fn minutes_added(before: &Post, after: &Post) -> i64 {
    credited_minutes(after, after.ends).saturating_sub(credited_minutes(before, before.ends))
}

#[cfg(test)]
mod tests;
