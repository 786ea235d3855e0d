//! Keeps the house: seals days, erases what was kept long enough, forgets what nobody asks for any more; batch by batch, each shorter than its lease.

use std::sync::Arc;

use jobs::JobError;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, Zone, date_plus_days};
use store::audit::AuditKey;
use store::{Store, StoreError};
use uuid::Uuid;

use super::BATCH;
use crate::City;

/// Batches that one run of a chore does at most. What is left it does in its next run, so that no run outlives its lease.
const BATCHES: usize = 20;
/// Days that are cut off one by one, oldest first, so that no single deletion is a large one.
const SLICES: i64 = 60;

/// Runs batches until one has nothing to do; comes again when there is more than one run should do.
fn batches(now: Instant, mut batch: impl FnMut() -> Result<u64, JobError>) -> Result<(), JobError> {
    for _ in 0..BATCHES {
        if batch()? == 0 {
            return Ok(());
        }
    }
    Err(JobError::Later(now))
}

/// Seals the oldest day that is over and not sealed; none when all are. The first head covers everything before it.
///
/// # Errors
/// A failure of the store.
pub fn seal_next(store: &Store, key: &AuditKey, zone: Zone, now: Instant) -> Result<Option<Date>, StoreError> {
    let newest = store.read_blocking(store::audit::newest_head)?;
    let Some(yesterday) = date_plus_days(zone.date(now), -1) else { return Ok(None) };
    let next = newest.map_or(Some(yesterday), |head| date_plus_days(head.day, 1));
    let Some(day) = next.filter(|day| *day <= yesterday) else { return Ok(None) };
    let key = key.clone();
    store.write_blocking(move |tx| store::audit::seal_day(tx, day, zone, &key, now)).map(|head| Some(head.day))
}

/// Seals every day since the last one sealed, also those on which no server ran.
///
/// # Errors
/// A failure of the store, or more to do.
pub fn seal(store: &Store, key: &AuditKey, zone: Zone, now: Instant) -> Result<(), JobError> {
    batches(now, || Ok(u64::from(seal_next(store, key, zone, now)?.is_some())))
}

/// Erases sealed records whose time is over, and what other departments sealed under them.
///
/// # Errors
/// A failure of store or vault, or more to do.
pub fn erase(city: &Arc<City>, store: &Store, now: Instant) -> Result<(), JobError> {
    let on = city.cases.hall.calendar().zone().date(now);
    batches(now, || {
        let vault = city.vault.clone();
        let erased = store.write_blocking(move |tx| {
            let over = vault.expired(tx, on, BATCH)?;
            for (district, id) in &over {
                vault.erase(tx, *district, *id, now)?;
                papers::Papers::forget(tx, *district, *id, now)?;
                cases::forget(tx, (*district, *id), now)?;
            }
            Ok::<_, vault::VaultError>(u64::try_from(over.len()).unwrap_or(u64::MAX))
        });
        erased.map_err(|fault| JobError::Retry(fault.to_string()))
    })
}

/// Forgets sessions that have ended and network addresses that failed to sign in long ago.
///
/// # Errors
/// A failure of the store, or more to do.
pub fn sweep(city: &Arc<City>, now: Instant) -> Result<(), JobError> {
    let retry = |fault: &dyn std::fmt::Display| JobError::Retry(fault.to_string());
    let waiting = tokio::runtime::Builder::new_current_thread().build().map_err(|fault| retry(&fault))?;
    batches(now, || waiting.block_on(city.identity.sweep()).map_err(|fault| retry(&fault)))
}

/// Lets those leave who offered help and closed their account since: what they left to be called out by goes with it.
///
/// # Errors
/// A failure of store or vault.
pub fn part(city: &Arc<City>, store: &Store, now: Instant) -> Result<(), JobError> {
    let mut last = Some((PlaceId(i64::MIN), Uuid::nil()));
    while let Some(after) = last {
        let desk = city.mobilization.clone();
        let next = store.write_blocking(move |tx| {
            let page = mobilization::responders(tx, after, BATCH)?;
            for who in &page {
                if identity::is_closed(tx, who.id)? {
                    desk.leave(tx, who.id, now)?;
                }
            }
            Ok::<_, hall::Fault>(page.last().map(|who| (who.district, who.id)))
        });
        last = next.map_err(|fault| JobError::Retry(fault.to_string()))?;
    }
    Ok(())
}

/// Forgets answers kept for those who send again, jobs done, and what other systems called and were told, older than the rulebook keeps them.
///
/// # Errors
/// No such figure in the rulebook, or a failure of the store.
pub fn forget(city: &Arc<City>, store: &Store, now: Instant) -> Result<(), JobError> {
    let days = city.cases.hall.figure(rulebook::ONCE_RETENTION_DAYS, now);
    let days = days.map_err(|fault| JobError::Retry(fault.to_string()))?;
    for slice in (0..SLICES).rev() {
        let before = now.plus_days(-days - slice);
        store.write_blocking(move |tx| {
            store::once::forget(tx, before)?;
            jobs::forget_done(tx, before)
        })?;
    }
    let days = city.cases.hall.figure(rulebook::WORK_RETENTION_DAYS, now);
    let before = now.plus_days(-days.map_err(|fault| JobError::Retry(fault.to_string()))?);
    store.write_blocking(move |tx| jobs::forget_work(tx, before))?;
    let days = city.cases.hall.figure(exchange::EXCHANGE_LOG_DAYS, now);
    let before = now.plus_days(-days.map_err(|fault| JobError::Retry(fault.to_string()))?);
    let day = city.cases.hall.calendar().zone().date(before);
    store.write_blocking(move |tx| exchange::forget(tx, day, before))?;
    Ok(())
}

/// Puts the versions of items in force whose day has come.
///
/// # Errors
/// A failure of the store, or releases that no longer fit the files.
pub fn renew(city: &Arc<City>, now: Instant) -> Result<(), JobError> {
    city.counter.renew_blocking(now).map_err(|fault| JobError::Retry(fault.to_string()))
}
