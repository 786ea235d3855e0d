//! What the overview does by itself: it verifies the chain of events when an auditor asks for it.

use std::sync::mpsc;

use jobs::{Progress, Work, WorkError};
use kernel::place::PlaceId;
use serde::{Deserialize, Serialize};
use store::Store;
use store::audit::{self, AuditFault, AuditKey, Report};
use uuid::Uuid;

/// The kind of the work that verifies the chain of events.
pub const VERIFY: &str = "overview.verify";
/// Faults that an answer lists. Further ones are only counted.
const LISTED: usize = 100;

/// What a verification read and found, as its answer keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// How many streams were read.
    pub streams: u64,
    /// How many events were read.
    pub events: u64,
    /// How many sealed days were read.
    pub days: u64,
    /// How many faults were found in all.
    pub fault_count: u64,
    /// The first of them.
    pub faults: Vec<Finding>,
}

/// A thing that is not as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What is wrong: the end of the key of its sentence.
    pub code: String,
    /// The district of the stream, 0 where it is about a day.
    pub district: i64,
    /// The stream. It may be empty.
    pub stream: String,
    /// The place in the stream, 0 where it is about the whole stream or a day.
    pub sequence: i64,
    /// The sealed day. It may be empty.
    pub day: String,
}

impl Verified {
    fn of(report: &Report) -> Self {
        Self {
            streams: report.streams,
            events: report.events,
            days: report.days,
            fault_count: report.fault_count,
            faults: report.faults.iter().take(LISTED).map(Finding::of).collect(),
        }
    }

    /// Reads the answer of a verification that is done.
    #[must_use]
    pub fn read(work: &Work) -> Option<Self> {
        serde_json::from_slice(work.answer.as_deref()?).ok()
    }
}

impl Finding {
    fn of(fault: &AuditFault) -> Self {
        let event = |code: &str, district: PlaceId, stream: Uuid, sequence: i64| Self {
            code: code.to_owned(),
            district: district.0,
            stream: stream.to_string(),
            sequence,
            day: String::new(),
        };
        let day = |code: &str, day: String| Self { code: code.to_owned(), day, ..Self::default() };
        match *fault {
            AuditFault::Altered { district, stream, sequence } => event("altered", district, stream, sequence),
            AuditFault::Missing { district, stream, sequence } => event("missing", district, stream, sequence),
            AuditFault::Reordered { district, stream, sequence } => event("reordered", district, stream, sequence),
            AuditFault::StreamDropped { district, stream } => event("dropped", district, stream, 0),
            AuditFault::NotAsSealed { district, stream, sequence, day } => {
                Self { day: day.to_string(), ..event("not-as-sealed", district, stream, sequence) }
            }
            AuditFault::SealsAltered { day: sealed } => day("seals-altered", sealed.to_string()),
            AuditFault::HeadAltered { day: sealed } => day("head-altered", sealed.to_string()),
            AuditFault::HeadMissing { before } => day("head-missing", before.to_string()),
            AuditFault::HeadCutOff { day: sealed } => day("head-cut-off", sealed.to_string()),
        }
    }
}

/// How many thousandths of the work are done once all events are read. The seals and heads of the days are the rest.
const EVENTS_SHARE: u64 = 900;

/// How much is done, in thousandths.
fn share(step: audit::Progress) -> i64 {
    let read = step.events.min(step.of_events).saturating_mul(EVENTS_SHARE) / step.of_events.max(1);
    i64::try_from(read).unwrap_or_default().max(1)
}

/// Reads every event, seal and head again, and tells meanwhile how far it is. Once it was called off, it reads no more.
///
/// # Errors
/// Fails if the store fails, or if nobody wants to know any more.
pub(crate) fn verify(store: &Store, key: &AuditKey, progress: &Progress) -> Result<Vec<u8>, WorkError> {
    progress.step(1)?;
    let (sender, steps) = mpsc::channel();
    let (read, wanted) = std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            // Nobody listens any more once the work was called off.
            audit::verify_while(store, key, move |step| sender.send(step).is_ok())
        });
        // The receiver ends with the loop, which tells the reading to stop.
        let wanted = steps.into_iter().all(|step| progress.tell(share(step)));
        (reading.join(), wanted)
    });
    let read = read.map_err(|_| WorkError::Retry("reading ended with a fault (see the log)".to_owned()))??;
    let Some(report) = read.filter(|_| wanted) else { return Err(WorkError::Stopped) };
    serde_json::to_vec(&Verified::of(&report)).map_err(|fault| WorkError::Never(fault.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::time::Date;

    #[test]
    fn a_verification_is_not_done_before_the_days_are_read() {
        let table = [(0, 0, 0, 1), (0, 3400, 0, 1), (1200, 3400, 0, 317), (3400, 3400, 0, 900), (3400, 3400, 9, 900)];
        for (events, of_events, days, expected) in table {
            assert_eq!(share(audit::Progress { events, of_events, days }), expected, "{events} of {of_events}");
        }
        assert_eq!(share(audit::Progress { events: u64::MAX, of_events: 1, days: 0 }), 900);
    }

    #[test]
    fn every_fault_keeps_where_it_is() {
        let (district, stream, sequence, day) = (PlaceId(4), Uuid::from_u128(7), 3, Date::constant(2026, 11, 23));
        let table = [
            (AuditFault::Altered { district, stream, sequence }, "altered", 3, ""),
            (AuditFault::Missing { district, stream, sequence }, "missing", 3, ""),
            (AuditFault::Reordered { district, stream, sequence }, "reordered", 3, ""),
            (AuditFault::StreamDropped { district, stream }, "dropped", 0, ""),
            (AuditFault::NotAsSealed { district, stream, sequence, day }, "not-as-sealed", 3, "2026-11-23"),
            (AuditFault::SealsAltered { day }, "seals-altered", 0, "2026-11-23"),
            (AuditFault::HeadAltered { day }, "head-altered", 0, "2026-11-23"),
            (AuditFault::HeadMissing { before: day }, "head-missing", 0, "2026-11-23"),
            (AuditFault::HeadCutOff { day }, "head-cut-off", 0, "2026-11-23"),
        ];
        for (fault, code, sequence, day) in table {
            let found = Finding::of(&fault);
            assert_eq!((found.code.as_str(), found.sequence, found.day.as_str()), (code, sequence, day));
            for locale in [crate::TEXTS.0, crate::TEXTS.1] {
                assert!(locale.contains(&format!("\noverview-fault-{code} = ")), "{code} has a sentence");
            }
        }
    }
}
