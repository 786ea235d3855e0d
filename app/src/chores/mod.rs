//! What the server does by itself: tell and remind, deliver messages, keep the house and the papers, recompute provisional dates.

mod delivery;
mod moving;
mod telling;
#[cfg(test)]
mod tests;
mod upkeep;
mod visiting;

use std::sync::Arc;

use cases::TOPIC_MOVED;
use hall::Fault;
use jobs::{ChannelKind, JobError, Runner, Running, handler};
use kernel::time::Zone;
use store::audit::AuditKey;
use uuid::Uuid;

use crate::city::Opening;
use crate::{AppError, City, settings};

pub use delivery::kinds as channels;
pub use upkeep::seal_next;

/// Records looked at in one unit of work.
const BATCH: i64 = 200;
/// Minutes after midnight at which each chore of the night begins. A new version of an item is in force from the first minute of its day.
const RENEW_AT: u32 = 0;
const SEAL_AT: u32 = 10;
const ERASE_AT: u32 = 130;
const SWEEP_AT: u32 = 150;
const PART_AT: u32 = 155;
const FORGET_AT: u32 = 160;
const CLEAR_AT: u32 = 170;

/// Starts the runner on a thread of its own.
///
/// # Errors
/// A channel that is configured but cannot be set up, a lease too short for a message, or no thread.
pub fn start(city: &Arc<City>, opening: &Opening) -> Result<Running, AppError> {
    let runner = runner(city, &delivery::kinds(opening))?.deliver(delivery::delivery(city, opening)?);
    if runner.rules().lease_seconds <= delivery::ANSWER_SECONDS {
        let code = rulebook::JOB_LEASE_SECONDS.code();
        let least = delivery::ANSWER_SECONDS;
        return Err(AppError::Said(format!(
            "{code} must be more than {least}: a gateway may take that long to answer."
        )));
    }
    recompute(city)?;
    runner.start().map_err(AppError::outside("starting the thread of jobs"))
}

/// Every chore with its hour. `channels` reach people outside of the platform.
fn runner(city: &Arc<City>, channels: &[ChannelKind]) -> Result<Runner, AppError> {
    let calendar = city.cases.hall.calendar();
    let zone = calendar.zone();
    let rules = settings::job_rules(&city.rulebook, zone.date((city.clock)()))?;
    let key = AuditKey::new(city.vault.derive_key("store.audit"));
    let opens = calendar.opening().first().map_or(0, |opening| opening.from);
    let own = || city.clone();
    let (telling, reminding, erasing, sweeping, forgetting) = (own(), own(), own(), own(), own());
    let (told, reminded, expected) = (channels.to_vec(), channels.to_vec(), channels.to_vec());
    let tell = handler(move |store, job, now| telling::tell(&telling, &told, store, job, now));
    let (following, renewing, parting) = (own(), own(), own());
    let follow = handler(move |store, job, now| moving::follow(&following, store, job, now));
    let (hearing, sending) = (city.exchange.clone(), city.exchange.clone());
    let hear = handler(move |store, job, now| hearing.tell(store, job, now));
    let send = handler(move |store, job, now| sending.deliver(store, job, now));
    let (asking, asked) = (own(), channels.to_vec());
    let ask = handler(move |store, job, now| telling::ask_rating(&asking, &asked, store, job, now));
    let remind = handler(move |store, job, now| telling::remind(&reminding, &reminded, store, job, now));
    let visiting = own();
    let expect = handler(move |store, job, now| visiting::remind(&visiting, &expected, store, job, now));
    let runner = Runner::new(city.store.clone(), city.clock.clone(), rules)
        .on(TOPIC_MOVED, "app.tell_applicant", tell)
        .on(TOPIC_MOVED, exchange::TELL, hear)
        .handle(exchange::DELIVER, send)
        .on(places::MOVED, "app.follow_places", follow)
        .daily(telling::REMIND, zone, opens, remind)
        .daily(telling::ASK_RATING, zone, opens, ask)
        .daily(visiting::REMIND, zone, opens, expect)
        .daily("app.renew_catalogue", zone, RENEW_AT, handler(move |_, _, now| upkeep::renew(&renewing, now)))
        .daily("app.seal_day", zone, SEAL_AT, handler(move |store, _, now| upkeep::seal(store, &key, zone, now)))
        .daily("app.erase_expired", zone, ERASE_AT, handler(move |store, _, now| upkeep::erase(&erasing, store, now)))
        .daily("app.sweep_accounts", zone, SWEEP_AT, handler(move |_, _, now| upkeep::sweep(&sweeping, now)))
        .daily("app.part", zone, PART_AT, handler(move |store, _, now| upkeep::part(&parting, store, now)))
        .daily("app.forget", zone, FORGET_AT, handler(move |store, _, now| upkeep::forget(&forgetting, store, now)));
    let works = [
        places::works(&city.places, &city.clock),
        stations::works(&city.stations, &city.clock),
        mobilization::works(&city.mobilization, &city.clock),
    ];
    let runner = works.into_iter().flatten().fold(runner, |runner, (kind, handler)| runner.handle(kind, handler));
    Ok(with_papers(runner, city, channels, (zone, opens)))
}

/// What is done with papers after each step of a case, in the morning and at night.
fn with_papers(runner: Runner, city: &Arc<City>, channels: &[ChannelKind], (zone, opens): (Zone, u32)) -> Runner {
    let own = || city.papers.clone();
    let (following, asking, reminding, clearing, channels) = (own(), own(), own(), own(), channels.to_vec());
    let follow = handler(move |store, job, now| papers::chores::follow(&following, store, job, now));
    let ask = handler(move |store, job, now| papers::chores::check(&asking, store, job, now));
    let remind = handler(move |store, job, now| papers::chores::remind(&reminding, &channels, store, job, now));
    let clear = handler(move |store, job, now| papers::chores::sweep(&clearing, store, job, now));
    runner
        .on(TOPIC_MOVED, papers::FOLLOW, follow)
        .handle(papers::CHECK, ask)
        .daily(papers::REMIND, zone, opens, remind)
        .daily(papers::SWEEP, zone, CLEAR_AT, clear)
}

/// Whether a job that failed is worth another try: what the store could not do, yes; what makes no sense, never.
fn failed(fault: &Fault) -> JobError {
    match fault {
        Fault::NotFound | Fault::Broken(_) | Fault::Refused(_) => JobError::Never(fault.to_string()),
        Fault::Store(_) | Fault::Vault(_) => JobError::Retry(fault.to_string()),
    }
}

/// Dates that ran into a year without notice are computed again with today's calendar.
fn recompute(city: &Arc<City>) -> Result<(), AppError> {
    let now = (city.clock)();
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let desk = city.cases.clone();
        after = city.store.write_blocking(move |tx| desk.recompute(tx, last, BATCH, now))?;
    }
    Ok(())
}
