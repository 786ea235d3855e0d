//! This chore reminds people of appointments and home visits on the working day before, through the channels that reach
//! them outside of the platform.

use std::sync::Arc;

use hall::Fault;
use house::{BATCH, Chore, LastRow, Recipient, When, begins_after, goes_on, tell_batch};
use jobs::{ChannelKind, DeliveryError, Envelope, Job, JobError, Notice};
use kernel::language::Lang;
use kernel::time::Instant;
use store::Store;
use vault::PersonField;
use web::Texts;

use crate::Visits;
use crate::actions::{RECIPIENT, notice, of_next_day, still_agreed};

/// The job that reminds: once a day, and once more for each further batch.
pub const REMIND: &str = "visits.remind";

/// The chore that reminds.
pub fn remind(desk: &Arc<Visits>, channels: &[ChannelKind]) -> Chore {
    let (desk, channels) = (desk.clone(), channels.to_vec());
    Chore::new(REMIND, When::AtOpening, move |store, job, now| reminded(&desk, &channels, store, job, now))
}

/// On a working day, sends reminders of one batch of what is agreed for the next working day, and puts in the job for
/// the next batch.
///
/// # Errors
/// Later again when the store failed.
fn reminded(
    desk: &Arc<Visits>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    if channels.is_empty() {
        return Ok(());
    }
    let (calendar, after) = (desk.cases().hall.calendar(), begins_after(job, "visit"));
    let days = calendar.clone();
    let rows = store.read_blocking(move |tx| of_next_day(tx, &days, now, after, BATCH))?;
    let mut notices = Vec::new();
    for row in &rows {
        notices.extend(channels.iter().map(|channel| notice(row, *channel, &calendar, now)));
    }
    let today = calendar.zone().date(now);
    tell_batch(store, &rows, notices, |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(REMIND, today, "visit", last, now)
    })
}

/// Those who come or are visited as recipients of notices; their handle is the district and the visit.
pub fn recipient(desk: &Arc<Visits>, texts: Arc<Texts>) -> Recipient {
    let desk = desk.clone();
    Recipient {
        prefix: RECIPIENT,
        resolve: Arc::new(move |store, notice, visit, now| resolve(&desk, &texts, store, notice, visit, now)),
    }
}

/// The reminder of a visit; none when it was called off or moved since.
fn resolve(
    desk: &Arc<Visits>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    handle: &str,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let hall = desk.cases().hall.clone();
    let ((district, id), vault, today) = (cases::handle(handle)?, hall.vault.clone(), hall.day(now));
    let opened = store.write_blocking(move |tx| {
        let Some(visit) = still_agreed(tx, district, id, today)? else { return Ok(None) };
        let look = vault::Look::platform("提醒预约的时间", &visit.number, now);
        Ok::<_, Fault>(Some((vault.open(tx, district, visit.person, &look)?, visit)))
    });
    let Some((person, visit)) = opened? else { return Ok(None) };
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let tree = hall.places.tree();
    let place = tree.at(&visit.path).map(|place| place.named(Lang::Zh)).unwrap_or_default();
    let (month, day) = (visit.day.month().to_string(), visit.day.day().to_string());
    let time = kernel::time::show_minute_of_day(visit.slot().minute);
    let told = [("month", month.as_str()), ("day", day.as_str()), ("time", time.as_str()), ("place", place)];
    let pairs: Vec<(&str, &str)> = told.into_iter().chain([("number", visit.number.as_str())]).collect();
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: visit.number, text }))
}
