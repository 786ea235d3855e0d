//! This file reminds of an agreed visit on the working day before it, through the channels by which the city reaches
//! people.

use house::LastRow;
use jobs::{ChannelKind, NewNotice};
use kernel::calendar::Calendar;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, date_plus_days};
use store::{StoreError, Tx};
use uuid::Uuid;

use crate::records::visit::{self, Visit};
use crate::words::{Kind, State};

/// Is the beginning of a recipient's handle. A visit follows, and its telephone number is looked up at delivery.
pub const RECIPIENT: &str = "visit:";

/// Returns, on a working day, the visits that are agreed for the next working day. It goes on after the one that the
/// last batch ended with, and returns at most `limit`. On a day off it returns none.
pub fn of_next_day(
    tx: &mut dyn Tx,
    calendar: &Calendar,
    now: Instant,
    after: LastRow,
    limit: i64,
) -> Result<Vec<Visit>, StoreError> {
    let today = calendar.zone().date(now);
    let Some(tomorrow) = date_plus_days(today, 1).filter(|_| calendar.day(today).kind.is_worked()) else {
        return Ok(Vec::new());
    };
    visit::agreed(tx, calendar.working_day_from(tomorrow), after, limit)
}

/// Returns the message that reminds of a visit through one channel. It holds nothing personal. The same visit and day
/// twice give one message.
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

/// Returns the visit that a reminder is about, if it is still agreed and not over.
pub fn still_agreed(tx: &mut dyn Tx, district: PlaceId, id: Uuid, today: Date) -> Result<Option<Visit>, StoreError> {
    let found = visit::find(tx, district, id)?;
    Ok(found.filter(|visit| visit.state == State::Booked && visit.day > today))
}
