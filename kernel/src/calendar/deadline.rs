//! When a limit is due, and every reason why on that day: so that a page can answer "why this date?".

use super::{Calendar, DayKind, FARTHEST_DAYS, Limit, Unit, following};
use crate::time::{Date, Instant, MINUTES_PER_DAY, date_plus_days};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A time in which a clock stands still (中止计时).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// When it stopped.
    pub from: Instant,
    /// When it ran on; none while it still stands.
    pub until: Option<Instant>,
    /// The code of the legal ground.
    pub ground: String,
}

/// One step of the way from the start to the due date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// The day of the event, which does not count.
    Started {
        /// The date.
        on: Date,
    },
    /// A day that did not count because it is not worked.
    Skipped {
        /// The date.
        on: Date,
        /// Why: a weekend or a holiday.
        day: DayKind,
    },
    /// The clock stood: the days after `from` up to and including `until` did not count.
    Paused {
        /// The day it stopped.
        from: Date,
        /// The day it ran on; none while it still stands.
        until: Option<Date>,
        /// The code of the legal ground.
        ground: String,
    },
    /// The notice of that year is not known: weekdays were assumed to be worked.
    NotPublished {
        /// The year.
        year: i16,
    },
    /// The day it is due.
    Due {
        /// The date.
        on: Date,
    },
}

/// When something is due and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// The last moment: the end of the opening hours of `due_on` for days, the exact minute for hours. It never lies
    /// before the start.
    pub due: Instant,
    /// The last day.
    pub due_on: Date,
    /// Counted through a year whose notice is not known; compute again when it is.
    pub provisional: bool,
    /// The way to the date in order of time: first `Started`, last `Due`.
    pub reasons: Vec<Reason>,
}

/// Which days a limit in days counts, and whether it may end on a day off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// Every day; the last one may be any day.
    EveryDay,
    /// Every day; it ends with a day that is worked.
    EndsWorked,
    /// Days that are worked.
    WorkedDays,
}

/// A pause in days: the days `from < d <= until` do not count.
struct PausedDays<'a> {
    pause: &'a Pause,
    from: Date,
    until: Date,
}

impl PausedDays<'_> {
    fn covers(&self, date: Date) -> bool {
        self.from < date && date <= self.until
    }
}

impl Calendar {
    /// When a limit that started at `start` is due.
    ///
    /// The day of the event does not count; day 1 is the first day after it that does. A limit of 0 days is due the
    /// same day. If it counts working days and that day is not worked, it is due on the next worked day.
    ///
    /// A pause takes out the days after the one it began on, up to and including the one it ended on. A pause that is
    /// still open runs until `now`. A limit never falls due while its clock stands: if a pause began on the last day,
    /// the limit is due on the day the pause ended.
    ///
    /// Working hours run minute by minute through the opening hours and stand for exactly as long as a pause. Urgent
    /// hours run day and night. Calendar days are not moved when the last one is a holiday: an office keeps its limit.
    /// For a limit that a citizen has to keep see [`Calendar::deadline_of_applicant`].
    pub fn deadline(&self, start: Instant, limit: Limit, pauses: &[Pause], now: Instant) -> Deadline {
        match limit.unit {
            Unit::CalendarDay => self.deadline_in_days(start, limit.amount, pauses, now, Counted::EveryDay),
            Unit::WorkingDay => self.deadline_in_days(start, limit.amount, pauses, now, Counted::WorkedDays),
            Unit::WorkingHour => self.deadline_in_hours(start, limit.amount, pauses, now),
            Unit::UrgentHour => self.deadline_in_urgent_hours(start, limit.amount, pauses, now),
        }
    }

    /// When a limit that a citizen has to keep is due: as [`Calendar::deadline`] says, but calendar days whose last one
    /// is a day off end with the next working day (民法典 art. 203).
    pub fn deadline_of_applicant(&self, start: Instant, limit: Limit, pauses: &[Pause], now: Instant) -> Deadline {
        match limit.unit {
            Unit::CalendarDay => self.deadline_in_days(start, limit.amount, pauses, now, Counted::EndsWorked),
            Unit::WorkingDay | Unit::WorkingHour | Unit::UrgentHour => self.deadline(start, limit, pauses, now),
        }
    }

    /// A date that was given, that many calendar days later: due when the opening hours of that day end, and never
    /// before the start.
    pub fn given(&self, start: Instant, date: Date, extended_days: u32) -> Deadline {
        let due_on = date_plus_days(date, i64::from(extended_days)).unwrap_or(Date::MAX);
        let due = self.zone.instant(due_on, self.closing_minute()).max(start);
        self.explain(self.zone.date(start), due, due_on, &[], None)
    }

    fn deadline_in_days(&self, start: Instant, amount: u32, pauses: &[Pause], now: Instant, by: Counted) -> Deadline {
        let working = by == Counted::WorkedDays;
        let started = self.zone.date(start);
        let standing = self.paused_days(pauses, now);
        let stands = |date: Date| standing.iter().any(|days| days.covers(date));
        let counts = |date: Date| !(stands(date) || (working && !self.is_worked(date)));
        let mut due_on = started;
        let mut left = amount.min(FARTHEST_DAYS);
        while left > 0 {
            let Some(next) = following(due_on) else { break };
            due_on = next;
            left -= u32::from(counts(due_on));
        }
        let told_from = match by {
            Counted::EveryDay => None,
            Counted::EndsWorked => Some(due_on),
            Counted::WorkedDays => Some(started),
        };
        let due_on = self.past_pauses(due_on, start, &standing, by != Counted::EveryDay);
        let closing = self.zone.instant(due_on, self.closing_minute());
        let due = if closing < start { self.zone.instant(due_on, MINUTES_PER_DAY).max(start) } else { closing };
        self.explain(started, due, due_on, &standing, told_from)
    }

    /// If the clock still stands on a date, or stopped before it was over, moves the date to the end of that pause.
    /// Moves a date that must be worked to a worked day.
    fn past_pauses(&self, date: Date, start: Instant, paused: &[PausedDays<'_>], working: bool) -> Date {
        let mut due_on = date;
        loop {
            if working {
                due_on = self.working_day_from(due_on);
            }
            let due = self.zone.instant(due_on, self.closing_minute()).max(start);
            let stands = |days: &&PausedDays<'_>| days.pause.from <= due && due_on < days.until;
            match paused.iter().filter(stands).map(|days| days.until).max() {
                Some(until) => due_on = until,
                None => return due_on,
            }
        }
    }

    fn paused_days<'a>(&self, pauses: &'a [Pause], now: Instant) -> Vec<PausedDays<'a>> {
        let days = |pause: &'a Pause| PausedDays {
            pause,
            from: self.zone.date(pause.from),
            until: self.zone.date(pause.until.unwrap_or(now)),
        };
        pauses.iter().map(days).collect()
    }

    fn deadline_in_hours(&self, start: Instant, amount: u32, pauses: &[Pause], now: Instant) -> Deadline {
        let mut left = i64::from(amount).saturating_mul(Instant::from_micros(0).plus_minutes(60).micros());
        let mut due = self.next_working_minute(start);
        let started = self.zone.date(start);
        let mut date = self.zone.date(due);
        for _ in 0..FARTHEST_DAYS {
            for (from, until) in self.openings(date).filter(|_| self.is_worked(date)) {
                for (from, until) in running(from.max(start), until, pauses, now) {
                    if left > 0 {
                        let open = until.micros().saturating_sub(from.micros());
                        due = Instant::from_micros(from.micros().saturating_add(open.min(left)));
                        left -= open.min(left);
                    }
                }
            }
            match following(date) {
                Some(next) if left > 0 => date = next,
                _ => break,
            }
        }
        let standing = self.paused_days(pauses, now);
        let due = due.max(start);
        self.explain(started, due, self.zone.date(due), &standing, Some(started))
    }

    fn deadline_in_urgent_hours(&self, start: Instant, amount: u32, pauses: &[Pause], now: Instant) -> Deadline {
        let hours = amount.min(FARTHEST_DAYS.saturating_mul(24));
        let mut due = start.plus_minutes(i64::from(hours).saturating_mul(60));
        let mut stood: Vec<(Instant, Instant)> =
            pauses.iter().map(|pause| (pause.from, pause.until.unwrap_or(now).max(pause.from))).collect();
        stood.sort_unstable();
        let mut counted = start;
        for (from, until) in stood {
            let from = from.max(counted);
            if from < due && from < until {
                let length = until.micros().saturating_sub(from.micros());
                due = Instant::from_micros(due.micros().saturating_add(length));
                counted = until;
            }
        }
        let standing = self.paused_days(pauses, now);
        self.explain(self.zone.date(start), due, self.zone.date(due), &standing, None)
    }

    /// Puts a date together with the way to it. Days off and years without a notice are told from `told_from` on; not
    /// at all where every day counts.
    fn explain(
        &self,
        started: Date,
        due: Instant,
        due_on: Date,
        paused: &[PausedDays<'_>],
        told_from: Option<Date>,
    ) -> Deadline {
        let mut steps = Vec::<(Date, Reason)>::new();
        for days in paused.iter().filter(|days| days.from <= due_on && days.until >= started && days.until >= days.from)
        {
            let until = days.pause.until.map(|_| days.until);
            steps.push((days.from, Reason::Paused { from: days.from, until, ground: days.pause.ground.clone() }));
        }
        let mut unpublished = BTreeSet::new();
        let mut date = told_from.unwrap_or(due_on);
        while told_from.is_some() && date <= due_on {
            if !self.published(date.year()) && unpublished.insert(date.year()) {
                steps.push((date, Reason::NotPublished { year: date.year() }));
            }
            let stands = paused.iter().any(|days| days.covers(date));
            if date > started && !stands && !self.is_worked(date) {
                steps.push((date, Reason::Skipped { on: date, day: self.day(date).kind }));
            }
            let Some(next) = following(date) else { break };
            date = next;
        }
        steps.sort_by_key(|(date, _)| *date);
        let mut reasons = vec![Reason::Started { on: started }];
        reasons.extend(steps.into_iter().map(|(_, reason)| reason));
        reasons.push(Reason::Due { on: due_on });
        Deadline { due, due_on, provisional: !unpublished.is_empty(), reasons }
    }
}

/// The parts of `[from, until)` in which no pause stands, in order.
fn running(from: Instant, until: Instant, pauses: &[Pause], now: Instant) -> Vec<(Instant, Instant)> {
    let mut parts = vec![(from, until)];
    parts.retain(|(from, until)| from < until);
    for pause in pauses {
        let (stop, go) = (pause.from, pause.until.unwrap_or(now).max(pause.from));
        parts = parts.into_iter().flat_map(|(from, until)| [(from, until.min(stop)), (from.max(go), until)]).collect();
        parts.retain(|(from, until)| from < until);
    }
    parts
}
