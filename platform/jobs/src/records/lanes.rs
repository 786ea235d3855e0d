//! Remembers the lanes: which destination failed how often, and until when it is left in peace.

use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record, scalar};

use crate::queue::Rules;

record! {
    /// A destination as it is stored.
    pub struct Destination {
        /// Its name: the destination.
        pub lane: String,
        /// How many of its jobs failed in a row.
        pub failures: i64,
        /// Until when it is left in peace.
        pub paused_until: Option<Instant>,
        /// Why its last job failed.
        pub last_error: Option<String>,
    }
}

const LANE: &str = "lane, failures, paused_until, last_error";

/// Makes sure that a lane is known.
pub(crate) fn open(tx: &mut dyn Tx, lane: &str) -> Result<(), StoreError> {
    tx.put(
        "insert into jobs_lane (lane, failures, paused_until, last_error, taken_at, changed_at) \
         values ($1, 0, null, null, 0, 0) on conflict (lane) do nothing",
        &args![lane],
    )
}

record! {
    /// A lane in which a job is due.
    pub(crate) struct Ready {
        pub lane: String,
        pub failures: i64,
    }
}

/// Returns lanes in which a job is due and that are not left in peace, the one that waited longest first.
pub(crate) fn ready(tx: &mut dyn Tx, now: Instant, limit: i64) -> Result<Vec<Ready>, StoreError> {
    all(
        tx,
        "select lane, failures from jobs_lane where (paused_until is null or paused_until <= $1) and exists (\
         select 1 from jobs_job where jobs_job.lane = jobs_lane.lane and jobs_job.done_at is null \
         and jobs_job.failed_at is null and jobs_job.run_at <= $1 \
         and (jobs_job.lease_until is null or jobs_job.lease_until <= $1)) order by taken_at, lane limit $2",
        &args![now, limit],
    )
}

/// Says whether a job of a lane may be taken now: the lane is not left in peace, and fewer of its jobs are being done
/// than the rules allow. In a unit that writes it holds the lane, so that nobody else takes a job of it meanwhile.
pub(crate) fn has_room(tx: &mut dyn Tx, lane: &str, rules: &Rules, now: Instant) -> Result<bool, StoreError> {
    let sql = format!("select {LANE} from jobs_lane where lane = $1{}", tx.lock_rows());
    let Some(held) = one::<Destination>(tx, &sql, &args![lane])? else { return Ok(false) };
    if held.paused_until.is_some_and(|until| until > now) {
        return Ok(false);
    }
    let sql = "select count(*) from jobs_job where lane = $1 and lease_until > $2";
    let busy = scalar::<i64>(tx, sql, &args![lane, now])?.unwrap_or_default();
    Ok(busy < rules.lane_width(held.failures))
}

/// Notes that a job of a lane was taken: the others come first the next time.
pub(crate) fn taken(tx: &mut dyn Tx, lane: &str, now: Instant) -> Result<(), StoreError> {
    tx.put("update jobs_lane set taken_at = $2 where lane = $1", &args![lane, now])
}

/// Notes that a destination answered.
pub(crate) fn answered(tx: &mut dyn Tx, lane: &str, now: Instant) -> Result<(), StoreError> {
    tx.put(
        "update jobs_lane set failures = 0, paused_until = null, last_error = null, changed_at = $2 \
         where lane = $1 and (failures > 0 or paused_until is not null)",
        &args![lane, now],
    )
}

/// Notes that a job of a lane failed, and leaves the lane in peace for as long as the rules say of that many failures
/// in a row.
pub(crate) fn failed(tx: &mut dyn Tx, lane: &str, error: &str, rules: &Rules, now: Instant) -> Result<(), StoreError> {
    let sql = format!("select {LANE} from jobs_lane where lane = $1{}", tx.lock_rows());
    let Some(held) = one::<Destination>(tx, &sql, &args![lane])? else { return Ok(()) };
    let failures = held.failures.saturating_add(1);
    let paused_until = rules.lane_pause_seconds(failures).map(|seconds| now.plus_seconds(seconds));
    let sql = "update jobs_lane set failures = $2, paused_until = $3, last_error = $4, changed_at = $5 where lane = $1";
    tx.put(sql, &args![lane, failures, paused_until, error, now])
}

/// Returns a destination by the name of its lane.
pub fn destination(tx: &mut dyn Tx, lane: &str) -> Result<Option<Destination>, StoreError> {
    one(tx, &format!("select {LANE} from jobs_lane where lane = $1"), &args![lane])
}

/// A job of the lane is not done and not given up.
const WAITS: &str = "exists (select 1 from jobs_job where jobs_job.lane = jobs_lane.lane \
                     and jobs_job.done_at is null and jobs_job.failed_at is null)";

/// Returns the lanes whose last job failed and in which something waits, in the order of their names.
pub fn restless_destinations(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Destination>, StoreError> {
    let sql = format!("select {LANE} from jobs_lane where failures > 0 and {WAITS} order by lane limit $1");
    all(tx, &sql, &args![limit])
}

/// Forgets the lanes in which nothing waits and nothing was done since a moment. A job that enters the queue makes its
/// lane again.
pub fn forget_destinations(tx: &mut dyn Tx, before: Instant) -> Result<u64, StoreError> {
    let sql = format!("delete from jobs_lane where taken_at < $1 and changed_at < $1 and not {WAITS}");
    tx.exec(&sql, &args![before])
}

/// Makes the lanes again in which something waits and that are not known: a job that entered the queue while its lane
/// was being forgotten would wait for ever.
pub(crate) fn make_missing(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.put(
        "insert into jobs_lane (lane, failures, taken_at, changed_at) select distinct lane, 0, 0, 0 from jobs_job \
         where lane <> '' and done_at is null and failed_at is null and not exists (\
         select 1 from jobs_lane as known where known.lane = jobs_job.lane) on conflict (lane) do nothing",
        &[],
    )
}

/// Tries a lane now that is left in peace: what failed there is due at once. If it fails again, its pause is longer.
/// Returns false when nothing of it failed.
pub fn try_destination(tx: &mut dyn Tx, lane: &str, now: Instant) -> Result<bool, StoreError> {
    let sql = "update jobs_lane set paused_until = null, changed_at = $2 where lane = $1 and failures > 0";
    if tx.exec(sql, &args![lane, now])? == 0 {
        return Ok(false);
    }
    tx.exec(
        "update jobs_job set run_at = $2, set_at = $2 where lane = $1 and last_error is not null and run_at > $2 \
         and done_at is null and failed_at is null and (lease_until is null or lease_until <= $2)",
        &args![lane, now],
    )?;
    Ok(true)
}
