//! What others hear of a case: that it moved, and what was done.

use hall::Fault;
use kernel::case::{Case, Event, Recorded};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::{TOPIC_MOVED, district};
use crate::Cases;

impl Cases {
    /// A case moved: whoever it concerns is told.
    pub(super) fn announce(tx: &mut dyn Tx, case: &Case, recorded: &[Recorded], now: Instant) -> Result<(), Fault> {
        let action = recorded.first().map(|one| action_of(&one.event)).unwrap_or_default();
        let message = Uuid::new_v5(&case.id.0, &case.sequence.to_be_bytes());
        Self::announce_said(tx, case, action, message, now)
    }

    /// A message was left: whoever it is for is told.
    pub(crate) fn announce_said(
        tx: &mut dyn Tx,
        case: &Case,
        action: &str,
        message: Uuid,
        now: Instant,
    ) -> Result<(), Fault> {
        let payload = json!({"district": district(case).0, "id": case.id.0.to_string(), "number": case.number, "state": case.state, "action": action, "sequence": case.sequence});
        Ok(store::outbox::put(tx, message, district(case), TOPIC_MOVED, &payload, now)?)
    }

    /// A message was left for another party than the person whom the case is mainly about: she is told, and nobody
    /// else.
    pub(crate) fn announce_to(
        tx: &mut dyn Tx,
        case: &Case,
        record: Uuid,
        message: Uuid,
        now: Instant,
    ) -> Result<(), Fault> {
        let payload = json!({"district": district(case).0, "id": case.id.0.to_string(), "number": case.number, "state": case.state, "action": "to_party", "sequence": case.sequence, "record": record.to_string()});
        Ok(store::outbox::put(tx, message, district(case), TOPIC_MOVED, &payload, now)?)
    }
}

fn action_of(event: &Event) -> &str {
    match event {
        Event::Opened(opened) => &opened.action,
        Event::Acted { action, .. } => action,
        Event::Rated { .. } => "rate",
        Event::Supervised { .. } => "supervise",
        Event::Recomputed(_) => "recompute",
        other => other.kind(),
    }
}
