//! This page sends earlier messages to a system again, and switches a system on that was switched off because it took
//! no messages for days.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use uuid::Uuid;
use web::{InPath, Page, PostForm, WebError};

use super::system::Typed;
use super::{SYSTEMS, TAKEN_TOO};
use crate::Exchange;
use crate::actions::Replaying;

/// Minutes of an hour and of a day.
const HOUR: u32 = 60;
const DAY: u32 = 24 * HOUR;

/// Answers `POST /systems/{system}/on`. It switches on a system that was switched off.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn on(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.switch_on(&page.visitor.actor, id, form.key(), page.now).await?;
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=on")).into_response())
}

/// Answers `POST /systems/{system}/replay`. It sends the messages since a moment again.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn replay(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let Some(since) = moment(&page, form.get("since"), form.get("time")) else {
        let refusal = Refusal::new(Code::FormDate).field("since").with("label", page.t("exchange-replay-since"));
        return exchange.show(page, id, Some(refusal), Typed::default()).await;
    };
    let what = Replaying { since, taken_too: form.get("which") == TAKEN_TOO, once: form.key() };
    let count = exchange.replay(&page.visitor.actor, id, what, page.now).await?;
    let done = if count > 0 { "replayed" } else { "none" };
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done={done}")).into_response())
}

/// Reads a day, and a time of it that may be left out.
fn moment(page: &Page, day: &str, time: &str) -> Option<Instant> {
    let day: Date = day.parse().ok()?;
    Some(page.zone().instant(day, minute(time)?))
}

/// Reads `8:30` as the minute of the day. Nothing is midnight.
fn minute(time: &str) -> Option<u32> {
    if time.is_empty() {
        return Some(0);
    }
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u32>().ok()?, minutes.parse::<u32>().ok()?);
    let minute = hours.checked_mul(HOUR)?.checked_add(minutes)?;
    (minutes < HOUR && minute < DAY).then_some(minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_hours_and_minutes() {
        for (time, expected) in [
            ("", Some(0)),
            ("08:30", Some(510)),
            ("8:05", Some(485)),
            ("23:59", Some(1_439)),
            ("24:00", None),
            ("12:60", None),
            ("noon", None),
            ("12", None),
        ] {
            assert_eq!(minute(time), expected, "{time}");
        }
    }
}
