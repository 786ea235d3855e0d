//! What this department does by itself: every working day it tells whoever keeps the bodies of a place which elections
//! and which papers are due.

use std::sync::Arc;

use hall::Fault;
use house::{BATCH, LastRow, begins_after, goes_on, tell_batch};
use jobs::{ChannelKind, Job, JobError, NewNotice};
use kernel::time::Instant;
use store::Store;
use uuid::Uuid;

use crate::Bodies;
use crate::permissions::May;
use crate::records::body as bodies;
use crate::rules::terms::{Due, due, looks_ahead};
use crate::words::Body;

/// The job that reminds: once a day, and once more for each further batch.
pub const REMIND: &str = "bodies.remind";

/// Tells, once for each day that is due, whoever keeps the bodies of its place: one batch, and puts in the job for the
/// next one.
///
/// # Errors
/// Later again when the store failed.
pub fn remind(desk: &Arc<Bodies>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let (calendar, today) = (desk.hall.calendar(), desk.today(now));
    if !calendar.day(today).kind.is_worked() {
        return Ok(());
    }
    let warn = desk.warn_days(now)?;
    let LastRow { district, id } = begins_after(job, "body");
    let own = desk.clone();
    let (rows, notices) = store.read_blocking(move |tx| {
        let rows = bodies::due_after(tx, (district, id), looks_ahead(today, warn), BATCH)?;
        let mut notices = Vec::new();
        for body in &rows {
            let keepers = own.on_duty(tx, &body.path, May::BodiesEdit, now)?;
            let told = due(body, today, warn).into_iter();
            notices.extend(told.flat_map(|due| {
                keepers.iter().map(|account| notice(body, due, *account, &calendar, now)).collect::<Vec<_>>()
            }));
        }
        Ok::<_, Fault>((rows, notices))
    })?;
    tell_batch(store, &rows, notices, |last| {
        goes_on(REMIND, today, "body", LastRow { district: last.district, id: last.id }, now)
    })
}

/// What somebody is told of a body: once as long as it is not late, and once when it is.
fn notice(body: &Body, due: Due, account: Uuid, calendar: &kernel::calendar::Calendar, now: Instant) -> NewNotice {
    let key = format!("{}:{}:{}:{account}", due.key(), body.id, due.on());
    let notice = NewNotice::new(ChannelKind::InApp, key, &format!("account:{account}"), calendar, now);
    let notice = notice.template(due.notice()).with("href", format!("/bodies/body/{}", body.id));
    notice.with("place", body.name.as_str()).with("date", due.on().to_string())
}
