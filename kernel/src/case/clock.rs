//! The clocks of a case: each with its limit, its pauses, and the date as last counted.

use crate::calendar::{Calendar, Deadline, Limit, Pause, Unit};
use crate::procedure::ClockState;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};

/// How far a clock may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// A limit that counts from the start.
    Limit(Limit),
    /// A date that was given.
    On(Date),
}

/// When something is due, as it was counted and told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub on: Date,
    /// The last moment; none in what was recorded before moments were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
}

impl Due {
    /// What a deadline says.
    pub const fn of(deadline: &Deadline) -> Self {
        Self { on: deadline.due_on, at: Some(deadline.due) }
    }

    /// Whether it is over at a moment; where only the day is known, once that day is over.
    pub fn is_over(&self, calendar: &Calendar, now: Instant) -> bool {
        self.at.map_or_else(|| calendar.zone().date(now) > self.on, |at| now > at)
    }
}

/// One clock of a case (时限).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseClock {
    /// How long it may take; of no length where a date was given.
    pub limit: Limit,
    /// The date that was given in place of a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// By how much it was extended, in the limit's own unit.
    pub extended: u32,
    /// How often a step of the procedure extended it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub extensions: u32,
    /// When it started. It is set once and never changed.
    pub started: Option<Instant>,
    /// When it stood still and why, in order.
    pub pauses: Vec<Pause>,
    /// When it ended.
    pub ended: Option<Instant>,
    /// The last day as last counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// The last moment as last counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl CaseClock {
    /// A clock that has not started.
    pub const fn new(term: Term) -> Self {
        let (limit, on) = match term {
            Term::Limit(limit) => (limit, None),
            Term::On(date) => (Limit::new(0, Unit::CalendarDay), Some(date)),
        };
        Self {
            limit,
            on,
            extended: 0,
            extensions: 0,
            started: None,
            pauses: Vec::new(),
            ended: None,
            due: None,
            due_at: None,
        }
    }

    /// When it is due as seen now, none before it started. After the end it is seen as at the end. A date that was
    /// given does not move while the clock stands.
    pub fn deadline(&self, calendar: &Calendar, now: Instant) -> Option<Deadline> {
        let started = self.started?;
        if let Some(date) = self.on {
            return Some(calendar.given(started, date, self.extended));
        }
        let limit = Limit { amount: self.limit.amount.saturating_add(self.extended), ..self.limit };
        Some(calendar.deadline(started, limit, &self.pauses, self.ended.unwrap_or(now)))
    }

    /// Whether it started and has not ended.
    pub const fn is_open(&self) -> bool {
        self.started.is_some() && self.ended.is_none()
    }

    /// Whether it stands still.
    pub fn stands(&self) -> bool {
        self.ended.is_none() && self.pauses.last().is_some_and(|pause| pause.until.is_none())
    }

    /// How long it stood still, in microseconds; a pause still open counts until `now`.
    pub fn paused_micros(&self, now: Instant) -> i64 {
        let length = |pause: &Pause| pause.until.unwrap_or(now).micros().saturating_sub(pause.from.micros()).max(0);
        self.pauses.iter().map(length).fold(0, i64::saturating_add)
    }

    /// One more of its original limit; of a date that was given, one more day.
    pub(super) fn extend(&mut self) {
        let more = if self.on.is_some() { 1 } else { self.limit.amount };
        self.extended = self.extended.saturating_add(more);
        self.extensions = self.extensions.saturating_add(1);
    }

    /// Starts it, unless it started or ended before.
    pub(super) fn start(&mut self, at: Instant) {
        if self.ended.is_none() {
            self.started.get_or_insert(at);
        }
    }

    /// Lets it stand still on a legal ground, if it runs.
    pub(super) fn stop(&mut self, ground: &str, at: Instant) {
        if !self.is_open() || self.stands() {
            return;
        }
        let from = self.pauses.iter().filter_map(|pause| pause.until).chain(self.started).fold(at, Instant::max);
        self.pauses.push(Pause { from, until: None, ground: ground.to_owned() });
    }

    /// Lets it run on.
    pub(super) fn resume(&mut self, at: Instant) {
        if let Some(pause) = self.pauses.last_mut().filter(|pause| pause.until.is_none()) {
            pause.until = Some(at.max(pause.from));
        }
    }

    /// Ends it, once.
    pub(super) fn end(&mut self, at: Instant) {
        self.resume(at);
        self.ended.get_or_insert(at);
    }

    /// Turns it to what a state says. It starts once and ends once; time never runs backwards on it. A clock that
    /// steps start is not started by a state.
    pub(super) fn turn(&mut self, to: ClockState, ground: &str, at: Instant, by_steps: bool) {
        match to {
            ClockState::NotStarted => {}
            ClockState::Running => {
                if !by_steps {
                    self.start(at);
                }
                self.resume(at);
            }
            ClockState::Stopped => self.stop(ground, at),
            ClockState::Ended => self.end(at),
        }
    }
}
