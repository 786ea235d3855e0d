//! Reminds the office of a mediation, before the day and after it: that a clause of an agreement is to be kept, and
//! that a court is to accept or to decide.

use std::sync::Arc;

use cases::{About, Message, in_app};
use hall::Fault;
use house::{BATCH, Chore, LastRow, When, begins_after, goes_on, tell_batch};
use jobs::{Job, JobError, NewNotice};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, date_plus_days};
use store::{Store, Tx};
use uuid::Uuid;

use crate::Hearings;
use crate::actions::inside::office;
use crate::records::inside;
use crate::words::HEARINGS_REMIND;

/// The job that reminds of clauses: once a day, and once more for each further batch.
pub const REMIND_CLAUSES: &str = "hearings.remind_clauses";
/// The job that reminds of courts.
pub const REMIND_COURTS: &str = "hearings.remind_courts";
/// What the job of a further batch calls the row after which it begins.
const ROW: &str = "row";

/// The chores of hearings.
pub fn all(desk: &Arc<Hearings>) -> Vec<Chore> {
    let (clauses, courts) = (desk.clone(), desk.clone());
    vec![
        Chore::new(REMIND_CLAUSES, When::AtOpening, move |store, job, now| {
            clauses.remind(store, job, now, &OF_CLAUSES)
        }),
        Chore::new(REMIND_COURTS, When::AtOpening, move |store, job, now| courts.remind(store, job, now, &OF_COURTS)),
    ]
}

/// Something that is due on a day.
struct Due {
    district: PlaceId,
    case_id: Uuid,
    /// The row: a clause, or the case itself.
    id: Uuid,
    on: Date,
}

/// What is reminded of.
struct Reminding {
    kind: &'static str,
    /// The texts before the day and after it.
    texts: [&'static str; 2],
    /// What is due by a day, after a row, at most so many.
    due: fn(&mut dyn Tx, Date, LastRow) -> Result<Vec<Due>, Fault>,
}

const OF_CLAUSES: Reminding = Reminding {
    kind: REMIND_CLAUSES,
    texts: ["hearings-notice-clause-soon", "hearings-notice-clause-late"],
    due: due_clauses,
};
const OF_COURTS: Reminding = Reminding {
    kind: REMIND_COURTS,
    texts: ["hearings-notice-court-soon", "hearings-notice-court-late"],
    due: due_courts,
};

fn due_clauses(tx: &mut dyn Tx, by: Date, after: LastRow) -> Result<Vec<Due>, Fault> {
    let rows = inside::due_clauses(tx, by, after, BATCH)?.into_iter();
    Ok(rows.map(|row| Due { district: row.district, case_id: row.case_id, id: row.id, on: row.due }).collect())
}

fn due_courts(tx: &mut dyn Tx, by: Date, after: LastRow) -> Result<Vec<Due>, Fault> {
    let rows = inside::due_courts(tx, by, after, BATCH)?.into_iter();
    Ok(rows.map(|row| Due { district: row.district, case_id: row.case_id, id: row.case_id, on: row.due }).collect())
}

impl Hearings {
    /// Tells the offices of one batch of what is due soon or was due before today. Each row is told once before its day
    /// and once after it, however often this runs.
    fn remind(&self, store: &Store, job: &Job, now: Instant, what: &Reminding) -> Result<(), JobError> {
        let calendar = self.hall.calendar();
        let today = calendar.zone().date(now);
        let days = self.hall.figure(HEARINGS_REMIND, now)?;
        let (by, after, due) = (date_plus_days(today, days).unwrap_or(today), begins_after(job, ROW), what.due);
        let rows = store.read_blocking(move |tx| due(tx, by, after))?;
        let mut notices: Vec<NewNotice> = Vec::new();
        for row in &rows {
            let (cases, district, case) = (self.cases.clone(), row.district, row.case_id);
            let known = match store.read_blocking(move |tx| cases.known(tx, district, case)) {
                // A case that cannot be read holds no other one up.
                Err(Fault::NotFound | Fault::Broken(_)) => continue,
                known => known?,
            };
            let about =
                About { number: &known.case.number, procedure: &known.case.procedure, state: &known.case.state };
            let [soon, late] = what.texts;
            let (text, when) = if row.on < today { (late, "late") } else { (soon, "soon") };
            let key = format!("{}:{}:{}:{when}", what.kind, row.id, row.on);
            let notice = in_app(&office(&known), Message { text, key: &key, about }, &calendar, now);
            notices.push(notice.with("date", row.on.to_string()));
        }
        let kind = what.kind;
        tell_batch(store, &rows, notices, |last| {
            goes_on(kind, today, ROW, LastRow { district: last.district, id: last.id }, now)
        })
    }
}
