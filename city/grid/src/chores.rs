//! What the grid does by itself: it hears that a case went on, remembers how its report stands and tells those who met
//! with the same thing; it clears photos away that nobody sent; it looks again at what phones sent and what waits; it
//! puts the catalogue of a new day in force; it looks at night where more is reported than by chance; it lets other
//! programs know, and sends reports to the platforms that put them right; and it finds whom a notice is for.

mod forward;
mod open311;
mod peer;
mod rising;

use std::sync::Arc;

use cases::Key;
use hall::Fault;
use house::{Chore, Recipient, When};
use jobs::{DeliveryError, Envelope, Job, JobError, Notice};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Store, Tx};
use uuid::Uuid;
use vault::{Look, PersonField, VaultError};
use web::Texts;

use crate::actions::joining::{Heard, RECIPIENT};
use crate::actions::proof::HAND_OVER;
use crate::actions::settling::SETTLE;
use crate::actions::tray::CLEAR;
use crate::records::{follower, handling, shown};
use crate::rules::stage::{Stage, is_over, is_step, outside};
use crate::words::REPORT;
use crate::{Grid, hurts, records};

/// The job that remembers how a report stands, and tells of it.
const STAND: &str = "grid.stand";
/// Why the platform opens the telephone of somebody who joined a report. The person reads this purpose.
const TO_FOLLOWER: &str = "通知一起遇到的人办理进度";

/// The job that puts sheets of the catalogue in force whose day has come.
const RENEW: &str = "grid.renew";

/// So many minutes after midnight what waits from phones is looked at again.
const SETTLE_AT: u32 = 5;

/// The chores of the grid.
pub fn all(grid: &Arc<Grid>) -> Vec<Chore> {
    let (stands, clears, renews, scans, hands) = (grid.clone(), grid.clone(), grid.clone(), grid.clone(), grid.clone());
    let settles = grid.clone();
    let stand = move |store: &Store, job: &Job, now| follow(&stands, store, job, now);
    let clear = move |_: &Store, job: &Job, now| clear(&clears, job, now);
    let settle = move |_: &Store, job: &Job, now| settle(&settles, job, now);
    let hand = move |_: &Store, job: &Job, now| hand_over(&hands, job, now);
    let renew = move |_: &Store, _: &Job, now| renews.renew(now).map_err(JobError::from);
    let rise = move |store: &Store, job: &Job, now| rising::rising(&scans, store, job, now);
    let own = vec![
        Chore::new(STAND, When::Heard(cases::TOPIC_MOVED), stand).in_order(),
        Chore::new(CLEAR, When::Asked, clear),
        Chore::new(HAND_OVER, When::Asked, hand),
        Chore::new(RENEW, When::AtMinute(0), renew),
        Chore::new(SETTLE, When::AtMinute(SETTLE_AT), settle),
        Chore::new(rising::RISING, When::AtMinute(rising::RISING_AT), rise),
        open311::chore(grid),
    ];
    own.into_iter().chain(forward::all(grid)).collect()
}

fn follow(grid: &Arc<Grid>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let heard = job.heard()?;
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let Ok(id) = Uuid::parse_str(&text("id")) else { return Ok(()) };
    let (action, state) = (text("action"), text("state"));
    let (shard, key, desk) = (heard.district, heard.id.to_string(), grid.clone());
    let kept = store.write_blocking(move |tx| {
        let Some(report) = records::find(tx, shard, id)? else { return Ok(()) };
        let known = desk.cases.known(tx, shard, id)?;
        let procedure = desk.cases.procedure_of(&known.case)?;
        if let Some(state) = procedure.states.get(&known.case.state) {
            let course = hurts::course(&report, &known.case, state.clock, desk.hall.zone());
            records::hurts::keep(tx, &course)?;
        }
        records::set_open(tx, shard, id, !is_over(procedure, &known.case.state))?;
        if !is_step(procedure, &action) {
            return Ok(());
        }
        shown::set_stage(tx, shard, id, Stage::of(procedure, &state, &action))?;
        if let Some(merged) = handling::merged(tx, shard, id)? {
            let (from, to) =
                (Key { district: shard, id }, Key { district: merged.into_district, id: merged.into_case });
            desk.follow_along(tx, &from, &to, now)?;
        }
        if is_over(procedure, &state) {
            desk.end_proofs(tx, &known, now)?;
        }
        let step = Heard { action: &action, state: &state, key: &key };
        let notices = desk.news(tx, &known, step, &desk.channels, now)?;
        notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop))?;
        Ok::<_, Fault>(())
    });
    kept.map_err(JobError::from)
}

/// Clears a tray away whose report was not sent.
fn clear(grid: &Arc<Grid>, job: &Job, now: Instant) -> Result<(), JobError> {
    let name = job.payload.get("slip").and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Ok(thread()?.block_on(grid.clear_tray(name, now))?)
}

/// Hands the photos of an entry of the field over to its report.
fn hand_over(grid: &Arc<Grid>, job: &Job, now: Instant) -> Result<(), JobError> {
    let district = job.payload.get("district").and_then(serde_json::Value::as_i64);
    let entry = job.payload.get("entry").and_then(|value| value.as_str()).and_then(|text| Uuid::parse_str(text).ok());
    let Some((district, entry)) = district.zip(entry) else { return Ok(()) };
    // Jobs that an earlier version planned do not say when.
    let sent_at = job.payload.get("at").and_then(serde_json::Value::as_i64).map_or(now, Instant::from_micros);
    Ok(thread()?.block_on(grid.hand_over(PlaceId(district), entry, sent_at, now))?)
}

/// Looks again at the entry of a phone that a job names, or at all that wait.
fn settle(grid: &Arc<Grid>, job: &Job, now: Instant) -> Result<(), JobError> {
    let district = job.payload.get("district").and_then(serde_json::Value::as_i64);
    let entry = job.payload.get("entry").and_then(|value| value.as_str()).and_then(|text| Uuid::parse_str(text).ok());
    let thread = thread()?;
    match district.zip(entry) {
        Some((district, entry)) => thread.block_on(grid.settle(PlaceId(district), entry, now))?,
        None => thread.block_on(grid.settle_waiting(now))?,
    }
    Ok(())
}

/// What a job waits on that reads and writes the shelf.
fn thread() -> Result<tokio::runtime::Runtime, JobError> {
    tokio::runtime::Builder::new_current_thread().build().map_err(|fault| JobError::Retry(fault.to_string()))
}

/// Those who joined a report, as recipients of notices; their handle is their sealed record and its district.
pub fn recipient(grid: &Arc<Grid>, texts: Arc<Texts>) -> Recipient {
    let desk = grid.clone();
    Recipient {
        prefix: RECIPIENT,
        resolve: Arc::new(move |store, notice, handle, now| resolve(&desk, &texts, store, notice, handle, now)),
    }
}

/// Finds the telephone at the moment of delivery; the look is logged like any other. Nobody is told whose record was
/// erased.
fn resolve(
    desk: &Arc<Grid>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    recipient: &str,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let (keeper, record) = handle(recipient)?;
    let said = |name: &str| {
        let value = notice.arguments.get(name).and_then(|value| value.as_str());
        value.unwrap_or_default().to_owned()
    };
    let (reading, number, state) = (desk.clone(), said("number"), said("state"));
    let named = number.clone();
    let opened = store.write_blocking(move |tx: &mut dyn Tx| {
        let Some(joined) = follower::of_record(tx, keeper, record)?.into_iter().next() else { return Ok(None) };
        let look = Look::platform(TO_FOLLOWER, &named, now);
        match reading.hall.vault.open(tx, keeper, record, &look) {
            Err(VaultError::Erased | VaultError::NotFound) => Ok(None),
            opened => Ok::<_, Fault>(Some((opened?, reading.code_told(&joined)))),
        }
    });
    let Some((person, code)) = opened? else { return Err(DeliveryError::NotWanted) };
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let procedure = desk.cases.procedure(REPORT)?;
    let titled = procedure.states.get(&state).map(|state| state.title.get(Lang::Zh).to_owned());
    let stands = match outside(&state) {
        Some(key) => texts.get(Lang::Zh, key, &[]),
        None => titled.unwrap_or_default(),
    };
    let code = code.map(|code| code.grouped()).unwrap_or_default();
    let key = if code.is_empty() { notice.template.clone() } else { "grid-notice-news-code".to_owned() };
    let values = [("number", number.as_str()), ("state", stands.as_str()), ("code", code.as_str())];
    let text = texts.get(Lang::Zh, &key, &values);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: number, text }))
}

fn handle(recipient: &str) -> Result<(PlaceId, Uuid), DeliveryError> {
    let never = || DeliveryError::Never("no handle of somebody who joined a report".to_owned());
    let (keeper, record) = recipient.split_once('/').ok_or_else(never)?;
    Ok((PlaceId(keeper.parse().map_err(|_| never())?), Uuid::parse_str(record).map_err(|_| never())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_names_a_sealed_record_and_its_district() {
        let record = Uuid::from_u128(7);
        assert_eq!(handle(&format!("4/{record}")).unwrap(), (PlaceId(4), record));
        for odd in ["", "4", "four/7", "4/seven", "/"] {
            assert!(matches!(handle(odd), Err(DeliveryError::Never(_))), "{odd}");
        }
    }
}
