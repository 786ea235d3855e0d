//! How a report went, read from its case.

use kernel::case::{Case, CaseClock};
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant, Zone};

use crate::rules::counting::is_public;
use crate::words::{Course, HANDLE, Report};

/// The steps by which a report comes back: the work was not done, or it was somebody else's duty.
const RETURNS: [&str; 3] = ["send_back", "still_wrong", "not_ours"];
/// The state in which nobody is expected to handle anything.
const SHELVED: &str = "shelved";

/// Reads how a report went. `clock` is what its state does to clocks.
#[must_use]
pub fn course(report: &Report, case: &Case, clock: ClockState, zone: Zone) -> Course {
    let taken = |step: &&str| case.taken.get(*step).map_or(0, |taken| i64::from(taken.times));
    let handle = case.clock(HANDLE).filter(|handle| handle.started.is_some() && case.state != SHELVED);
    Course {
        district: report.district,
        case_id: report.case_id,
        path: report.path.clone(),
        kind: report.kind.clone(),
        // What a worker finds has nobody as its reporter.
        found: !is_public(case),
        returned: RETURNS.iter().map(taken).sum(),
        due_on: handle.and_then(|handle| handle.due),
        handled_on: handle.and_then(|handle| handled(handle, clock)).map(|at| on(at, zone)),
        reported_at: report.reported_at,
    }
}

fn on(at: Instant, zone: Zone) -> Date {
    zone.date(at)
}

/// When the work was done that is now being checked, or was: the clock has stood still since.
fn handled(handle: &CaseClock, clock: ClockState) -> Option<Instant> {
    let mut since = match clock {
        ClockState::Stopped => handle.pauses.last()?.from,
        ClockState::Ended => handle.ended?,
        ClockState::NotStarted | ClockState::Running => return None,
    };
    // One check follows another without a gap.
    for pause in handle.pauses.iter().rev() {
        if pause.until.is_some_and(|until| until != since) {
            break;
        }
        since = pause.from;
    }
    Some(since)
}
