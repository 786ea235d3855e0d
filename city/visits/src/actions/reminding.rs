//! Reminding of an agreed visit on the working day before it, through the channels by which the city reaches people.

use jobs::{ChannelKind, NewNotice};
use kernel::calendar::Calendar;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, date_plus_days};
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::records::visit::{self, Visit};
use crate::words::{Kind, State};

/// The beginning of a recipient's handle: a visit, whose telephone is looked up at delivery.
pub const RECIPIENT: &str = "visit:";

/// On a working day, the visits agreed for the next one, after the one named by district and identity, at most `limit`; none on a day off.
///
/// # Errors
/// Whatever the store reports.
pub fn of_next_day(
    tx: &mut dyn Tx,
    calendar: &Calendar,
    now: Instant,
    after: (PlaceId, Uuid),
    limit: i64,
) -> Result<Vec<Visit>, StoreError> {
    let today = calendar.zone().date(now);
    let Some(tomorrow) = date_plus_days(today, 1).filter(|_| calendar.day(today).kind.is_worked()) else {
        return Ok(Vec::new());
    };
    visit::agreed(tx, calendar.working_day_from(tomorrow), after, limit)
}

/// The message that reminds of a visit through one channel. Nothing personal stands in it; the same visit and day twice is one message.
#[must_use]
pub fn notice(visit: &Visit, channel: ChannelKind, calendar: &Calendar, now: Instant) -> NewNotice {
    let key = format!("visit:{}:{}:{}", visit.id, visit.slot().show(), channel.code());
    let recipient = format!("{RECIPIENT}{}/{}", visit.district, visit.id);
    let text = match visit.kind {
        Kind::Counter => "visits-notice-counter",
        Kind::Home => "visits-notice-home",
    };
    let notice = NewNotice::new(channel, key, &recipient, calendar, now).template(text);
    notice.with("number", visit.number.as_str())
}

/// The visit that a reminder is about, if it is still agreed and to come.
///
/// # Errors
/// Whatever the store reports.
pub fn still_agreed(
    tx: &mut dyn Tx,
    (district, id): (PlaceId, Uuid),
    today: Date,
) -> Result<Option<Visit>, StoreError> {
    let found = visit::find(tx, district, id)?;
    Ok(found.filter(|visit| visit.state == State::Booked && visit.day > today))
}
