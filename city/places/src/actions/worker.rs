//! This file hands a grid over to somebody of its community, from a day on.

use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use store::log::Act;
use store::once::Once;
use uuid::Uuid;

use super::DecideError;
use crate::records::worker;
use crate::refusals::Why;
use crate::words::Author;

/// Names what a key of the form is for.
const HAND_OVER: &str = "places.worker";

/// A hand-over that somebody asks for.
#[derive(Clone, Debug)]
pub struct HandingOver {
    /// The stream of its event.
    pub id: Uuid,
    /// The grid.
    pub grid: PlaceId,
    /// The district that keeps it.
    pub district: PlaceId,
    /// The first day.
    pub day: Date,
    /// Whether that day has begun, so that whoever got the grid on it before had it for a part of it.
    pub begun: bool,
    /// Who is responsible from then on.
    pub account: Uuid,
    /// The name.
    pub name: String,
    /// What is open, in words. It may be empty if nobody was responsible before.
    pub note: String,
    /// How many reports are open in the grid.
    pub open_reports: i64,
    /// Who hands over.
    pub by: Author,
    /// The key of the form.
    pub key: String,
}

/// Hands a grid over. The caller has already checked the permission, and that the person has a post there.
///
/// # Errors
/// Refuses with [`Why::GridWorkerSame`] if that person is responsible on that day already, and with
/// [`Code::FormMissing`] if somebody else was responsible and nothing is written down for the successor.
pub fn hand_over(tx: &mut dyn Tx, new: &HandingOver, now: Instant) -> Result<(), DecideError> {
    let digest = format!("{} {} {} {}", new.grid, new.day, new.account, new.note);
    match store::once::begin(tx, HAND_OVER, &new.key, &digest, now)? {
        Once::Again(_) => return Ok(()),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    let before = worker::on(tx, new.grid, new.day)?;
    if before.as_ref().is_some_and(|before| before.account == new.account) {
        return Err(Refusal::new(Why::GridWorkerSame).field("account").with("name", &new.name).into());
    }
    if before.is_some() && new.note.is_empty() {
        return Err(Refusal::new(Why::GridWorkerNote).field("note").into());
    }
    let row = worker::NewWorker {
        grid: new.grid,
        from: new.day,
        begun: new.begun,
        account: new.account,
        name: &new.name,
        note: &new.note,
        open_reports: new.open_reports,
        by: &new.by,
        at: now,
    };
    worker::hand_over(tx, &row)?;
    let detail = serde_json::json!({
        "grid": new.grid, "day": new.day.to_string(), "account": new.account, "before": before.map(|one| one.account),
        "open": new.open_reports, "note": new.note,
    });
    let act = Act {
        district: new.district,
        stream: new.id,
        kind: "grids.worker",
        detail: &detail,
        by: new.by.account,
        by_name: &new.by.name,
        at: now,
    };
    store::log::note(tx, &act)?;
    Ok(store::once::finish(tx, HAND_OVER, &new.key, "")?)
}
