//! Here stands what the server does by itself: the chores of all departments, the delivery of notices, moved places,
//! erased records, provisional dates.

mod delivery;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use house::{BATCH, Chore, When};
use jobs::{Heard, JobError, Runner, Running, handler};
use kernel::place::PlacePath;
use uuid::Uuid;

use crate::{AppError, City, Opening, machinery, settings};

pub use crate::machinery::seal_next;

/// Minutes after midnight at which records are erased whose time is over.
const ERASE_AT: u32 = 130;

/// Starts the runner on threads of its own.
///
/// # Errors
/// A channel that is configured but cannot be set up, a lease too short for a message, or no thread.
pub fn start(city: &Arc<City>, opening: &Opening) -> Result<Running, AppError> {
    let runner = ready(city, opening)?;
    recompute(city)?;
    clear_unfinished(city);
    runner.start().map_err(AppError::outside("starting the thread of jobs"))
}

/// The runner that would be started, with all that it delivers by. `doctor` asks for it to tell what `serve` refuses.
///
/// # Errors
/// A channel that is configured but cannot be set up, or a lease too short for a message.
pub fn ready(city: &Arc<City>, opening: &Opening) -> Result<Runner, AppError> {
    let runner = runner(city)?.deliver(delivery::delivery(city, opening)?);
    if runner.rules().lease_seconds <= delivery::ANSWER_SECONDS {
        let code = rulebook::JOB_LEASE_SECONDS.code();
        let least = delivery::ANSWER_SECONDS;
        return Err(AppError::Said(format!(
            "{code} must be more than {least}: a gateway may take that long to answer."
        )));
    }
    Ok(runner)
}

/// The chores of all departments, each at its time.
fn runner(city: &Arc<City>) -> Result<Runner, AppError> {
    let calendar = city.hall.calendar();
    let zone = calendar.zone();
    let rules = settings::job_rules(&city.rulebook, city.hall.day((city.clock)()))?;
    let opens = calendar.opening().first().map_or(0, |opening| opening.from);
    let (following, erasing) = (city.clone(), city.clone());
    let follow = handler(move |store, job, now| follow(&following, store, job, now));
    let erase = handler(move |store, _, now| machinery::erase(&erasing.hall, store, now));
    let runner = Runner::new(city.store.clone(), city.clock.clone(), rules)
        .on(places::MOVED, machinery::FOLLOW, follow)
        .daily(machinery::ERASE, zone, ERASE_AT, erase);
    Ok(city.work.chores.iter().cloned().fold(runner, |runner, Chore { kind, when, handler, in_order }| match when {
        When::Asked => runner.handle(kind, handler),
        When::Heard(topic) if in_order => runner.on_in_order(topic, kind, handler),
        When::Heard(topic) => runner.on(topic, kind, handler),
        When::AtOpening => runner.daily(kind, zone, opens, handler),
        When::AtMinute(minute) => runner.daily(kind, zone, minute, handler),
    }))
}

/// Brings everything that names a moved place to where it lies now. Run again it finds nothing left to do.
fn follow(city: &Arc<City>, store: &store::Store, job: &jobs::Job, now: kernel::time::Instant) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    city.places.reload_blocking()?;
    let moves = topmost(&heard.payload).ok_or_else(|| JobError::Never("no list of moved places".to_owned()))?;
    city.work.moved.iter().try_for_each(|moved| moved(store, &moves, now))
}

/// Dates that ran into a year without notice are counted again with today's calendar.
fn recompute(city: &Arc<City>) -> Result<(), AppError> {
    let now = (city.clock)();
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let desk = city.cases.clone();
        after = city.store.write_blocking(move |tx| desk.recompute(tx, last, BATCH, now))?;
    }
    Ok(())
}

/// Files that a process began and never finished go when the next one starts. If that fails, the nightly sweep comes.
fn clear_unfinished(city: &City) {
    match city.papers.clear_unfinished((city.clock)()) {
        Ok(0) => {}
        Ok(removed) => tracing::info!(removed, "unfinished files were cleared off the shelf"),
        Err(fault) => tracing::warn!(%fault, "unfinished files could not be cleared off the shelf"),
    }
}

/// The moves of which no other says the same for a place above.
fn topmost(payload: &serde_json::Value) -> Option<Vec<(PlacePath, PlacePath)>> {
    let path = |value: &serde_json::Value| PlacePath::parse(value.as_str()?).ok();
    let mut moves: Vec<(PlacePath, PlacePath)> = Vec::new();
    for one in payload.get("moved")?.as_array()? {
        moves.push((path(one.get(1)?)?, path(one.get(2)?)?));
    }
    moves.sort_by_key(|(from, _)| from.depth());
    let mut kept: Vec<(PlacePath, PlacePath)> = Vec::new();
    for (from, to) in moves {
        let said = kept.iter().any(|(above, there)| from.moved(above, there).as_ref() == Some(&to));
        if !said && from != to {
            kept.push((from, to));
        }
    }
    Some(kept)
}
