//! Remembers jobs and notices. This crate has no SQL elsewhere than in its records.

pub mod clock;
pub mod lanes;
pub mod late;
pub mod queued;
pub mod work;

use crate::queue::NewJob;
use crate::words::NewNotice;
use kernel::time::Instant;
use serde_json::Value;
use store::{StoreError, Tx, Val, all, args, one, record, scalar};
use uuid::Uuid;

record! {
    /// A job as it is stored.
    pub struct JobRecord {
        /// The identity.
        pub id: Uuid,
        /// The kind.
        pub kind: String,
        /// The particulars.
        pub payload: Value,
        /// When it is due.
        pub run_at: Instant,
        /// How often it was taken.
        pub attempts: i64,
        /// The moment until which it belongs to a process.
        pub lease_until: Option<Instant>,
        /// Why the last attempt failed.
        pub last_error: Option<String>,
        /// When it was done.
        pub done_at: Option<Instant>,
        /// When it was given up.
        pub failed_at: Option<Instant>,
        /// The destination to which it goes, or an empty text for the platform's own work.
        pub lane: String,
    }
}

/// The columns of a [`JobRecord`].
const JOB: &str = "id, kind, payload, run_at, attempts, lease_until, last_error, done_at, failed_at, lane";

record! {
    /// A notice as it is stored: waiting, sent, or given up.
    pub struct Notice {
        /// The identity. Gateways get it as the idempotency key.
        pub id: Uuid,
        /// `in_app`, `email` or `webhook`.
        pub channel: String,
        /// An opaque handle of the recipient, never an address.
        pub recipient: String,
        /// The key of the text.
        pub template: String,
        /// The values that are filled into the text: an object of texts.
        pub arguments: Value,
        /// The notice is not sent before this moment.
        pub not_before: Instant,
        /// How often sending was tried.
        pub attempts: i64,
        /// Why the last attempt failed.
        pub last_error: Option<String>,
        /// When it was sent.
        pub sent_at: Option<Instant>,
        /// The proof that the channel returned.
        pub receipt: Option<String>,
        /// When it was given up.
        pub failed_at: Option<Instant>,
        /// When the recipient read it (in the app).
        pub read_at: Option<Instant>,
    }
}

/// How many jobs are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The jobs that wait for their time.
    pub waiting: i64,
    /// The jobs whose time has come.
    pub due: i64,
    /// The jobs that were given up.
    pub failed: i64,
}

/// Puts a job into the queue within the caller's transaction. False when the key was used before: then nothing is
/// changed.
///
/// # Errors
/// Those of the store.
pub fn enqueue(tx: &mut dyn Tx, job: &NewJob) -> Result<bool, StoreError> {
    if !job.lane.is_empty() {
        lanes::open(tx, &job.lane)?;
    }
    let (key, number) = job.order.as_ref().map_or((None, 0), |order| (Some(order.key.as_str()), order.number));
    let rows = tx.exec(
        "insert into jobs_job (id, kind, dedupe_key, payload, run_at, attempts, lease_until, last_error, done_at, failed_at, \
         lane, order_key, order_number, set_at) \
         values ($1, $2, $3, $4, $5, 0, null, null, null, null, $6, $7, $8, $9) on conflict (dedupe_key) do nothing",
        &args![
            job.id,
            &job.kind,
            &job.dedupe_key,
            &job.payload,
            job.run_at,
            &job.lane,
            key,
            number,
            job.set_at
        ],
    )?;
    Ok(rows == 1)
}

/// Returns jobs of a lane that may be taken now, the longest due first. A job that has its turn waits until those
/// before it are done or given up.
pub(crate) fn takeable(tx: &mut dyn Tx, lane: &str, now: Instant, limit: i64) -> Result<Vec<JobRecord>, StoreError> {
    all(
        tx,
        &format!(
            "select {JOB} from jobs_job where lane = $1 and done_at is null and failed_at is null and run_at <= $2 \
             and (lease_until is null or lease_until <= $2) and (order_key is null or not exists (\
             select 1 from jobs_job as earlier where earlier.order_key = jobs_job.order_key \
             and earlier.done_at is null and earlier.failed_at is null \
             and (earlier.order_number < jobs_job.order_number \
             or (earlier.order_number = jobs_job.order_number and earlier.id < jobs_job.id)))) \
             order by run_at, id limit $3"
        ),
        &args![lane, now, limit],
    )
}

/// Takes a job if it still is as it was seen. Returns false when another process took it first.
pub(crate) fn take(tx: &mut dyn Tx, seen: &JobRecord, now: Instant, lease_until: Instant) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_job set lease_until = $3, attempts = attempts + 1 where id = $1 and attempts = $4 \
         and done_at is null and failed_at is null and run_at <= $2 and (lease_until is null or lease_until <= $2)",
        &args![seen.id, now, lease_until, seen.attempts],
    )?;
    Ok(rows == 1)
}

/// Records that a job is done, whoever did it, even when the lease ran out in the meantime.
pub(crate) fn done(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_job set done_at = $2, lease_until = null where id = $1 and done_at is null and failed_at is null",
        &args![id, now],
    )?;
    Ok(rows == 1)
}

/// When a job is tried again, and what is stored of the attempt that ended.
pub(crate) struct Later<'a> {
    /// What the clock says.
    pub now: Instant,
    /// When it is due.
    pub run_at: Instant,
    /// How often it was taken, as it is stored from now on.
    pub attempts: i64,
    /// Why the attempt failed.
    pub error: Option<&'a str>,
}

/// Records that a job is tried again. Only the process whose attempt it was may do so.
pub(crate) fn again(tx: &mut dyn Tx, id: Uuid, attempt: i64, later: &Later<'_>) -> Result<bool, StoreError> {
    let Later { now, run_at, attempts, error } = *later;
    let rows = tx.exec(
        "update jobs_job set run_at = $3, attempts = $4, last_error = $5, lease_until = null, set_at = $6 \
         where id = $1 and attempts = $2 and done_at is null and failed_at is null",
        &args![id, attempt, run_at, attempts, error, now],
    )?;
    Ok(rows == 1)
}

/// Gives a job up. Only the process whose attempt it was may do so.
pub(crate) fn give_up(tx: &mut dyn Tx, id: Uuid, attempt: i64, now: Instant, error: &str) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_job set failed_at = $3, last_error = $4, lease_until = null \
         where id = $1 and attempts = $2 and done_at is null and failed_at is null",
        &args![id, attempt, now, error],
    )?;
    Ok(rows == 1)
}

/// Returns the jobs that were given up, the latest first.
pub fn failed_jobs(tx: &mut dyn Tx, limit: i64) -> Result<Vec<JobRecord>, StoreError> {
    all(
        tx,
        &format!("select {JOB} from jobs_job where failed_at is not null order by failed_at desc, id limit $1"),
        &args![limit],
    )
}

/// Puts a job that was given up back into the queue, due now and with all its attempts. Returns false when the job was
/// not given up.
pub fn retry(tx: &mut dyn Tx, id: Uuid, now: Instant) -> Result<bool, StoreError> {
    let sql = "select lane from jobs_job where id = $1 and failed_at is not null";
    let Some(lane) = scalar::<String>(tx, sql, &args![id])? else { return Ok(false) };
    // Its lane was forgotten if nothing else went there for long.
    if !lane.is_empty() {
        lanes::open(tx, &lane)?;
    }
    let rows = tx.exec(
        "update jobs_job set failed_at = null, attempts = 0, run_at = $2, set_at = $2 \
         where id = $1 and failed_at is not null",
        &args![id, now],
    )?;
    Ok(rows == 1)
}

/// Counts the jobs that wait, are due, and were given up.
pub fn counts(tx: &mut dyn Tx, now: Instant) -> Result<Counts, StoreError> {
    let mut count = |condition: &str, args: &[store::Val]| {
        scalar::<i64>(tx, &format!("select count(*) from jobs_job where {condition}"), args)
            .map(Option::unwrap_or_default)
    };
    Ok(Counts {
        waiting: count("done_at is null and failed_at is null and run_at > $1", &args![now])?,
        due: count("done_at is null and failed_at is null and run_at <= $1", &args![now])?,
        failed: count("failed_at is not null", &[])?,
    })
}

/// Removes jobs that were done before a moment. Their keys may be used again afterwards, so keep the jobs longer than a
/// sender repeats itself.
pub fn forget_done(tx: &mut dyn Tx, before: Instant) -> Result<u64, StoreError> {
    tx.exec("delete from jobs_job where done_at < $1", &args![before])
}

pub(crate) fn insert_notice(
    tx: &mut dyn Tx,
    new: &NewNotice,
    sent: Option<(Instant, &str)>,
) -> Result<bool, StoreError> {
    let arguments = serde_json::to_string(&new.arguments).map_err(|fault| StoreError::data(fault.to_string()))?;
    let (sent_at, receipt) = sent.unzip();
    let rows = tx.exec(
        "insert into jobs_notice (id, dedupe_key, channel, recipient, template, arguments, not_before, attempts, last_error, \
         sent_at, receipt, failed_at, read_at) values ($1, $2, $3, $4, $5, $6, $7, 0, null, $8, $9, null, null) \
         on conflict (dedupe_key) do nothing",
        &args![
            new.id,
            &new.dedupe_key,
            new.channel.code(),
            &new.recipient,
            &new.template,
            arguments,
            new.not_before,
            sent_at,
            receipt
        ],
    )?;
    Ok(rows == 1)
}

/// Returns one notice.
pub fn notice(tx: &mut dyn Tx, id: Uuid) -> Result<Option<Notice>, StoreError> {
    one(
        tx,
        "select id, channel, recipient, template, arguments, not_before, attempts, last_error, sent_at, receipt, failed_at, \
         read_at from jobs_notice where id = $1",
        &args![id],
    )
}

pub(crate) fn notice_sent(tx: &mut dyn Tx, id: Uuid, now: Instant, receipt: &str) -> Result<(), StoreError> {
    tx.exec(
        "update jobs_notice set sent_at = $2, receipt = $3, attempts = attempts + 1, last_error = null, failed_at = null \
         where id = $1 and sent_at is null",
        &args![id, now, receipt],
    )
    .map(drop)
}

pub(crate) fn notice_failed(
    tx: &mut dyn Tx,
    id: Uuid,
    error: &str,
    failed_at: Option<Instant>,
) -> Result<(), StoreError> {
    tx.exec(
        "update jobs_notice set last_error = $2, failed_at = $3, attempts = attempts + 1 where id = $1 and sent_at is null",
        &args![id, error, failed_at],
    )
    .map(drop)
}

/// Returns notices that could not be sent, the latest first.
pub fn failed_notices(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Notice>, StoreError> {
    all(
        tx,
        "select id, channel, recipient, template, arguments, not_before, attempts, last_error, sent_at, receipt, failed_at, \
         read_at from jobs_notice where failed_at is not null order by failed_at desc, id limit $1",
        &args![limit],
    )
}

/// Returns the messages of a recipient in the app, the latest first.
pub fn inbox(tx: &mut dyn Tx, recipient: &str, limit: i64) -> Result<Vec<Notice>, StoreError> {
    all(
        tx,
        "select id, channel, recipient, template, arguments, not_before, attempts, last_error, sent_at, receipt, failed_at, \
         read_at from jobs_notice where recipient = $1 and channel = 'in_app' order by id desc limit $2",
        &args![recipient, limit],
    )
}

/// Gives unread messages in the app to recipients whose handles changed. A handle that begins with `kind` and `before`
/// begins with `kind` and `after` from then on.
pub fn readdress(tx: &mut dyn Tx, kind: &str, before: &str, after: &str) -> Result<(), StoreError> {
    let (low, high) = (format!("{kind}{before}"), format!("{kind}{before}\u{10ffff}"));
    let sql = "select distinct recipient from jobs_notice where recipient >= $1 and recipient < $2 and channel = 'in_app' and read_at is null";
    for recipient in all::<Handle>(tx, sql, &args![&low, &high])? {
        let called = recipient.text.strip_prefix(&low).map(|rest| format!("{kind}{after}{rest}")).unwrap_or_default();
        let sql =
            "update jobs_notice set recipient = $1 where recipient = $2 and channel = 'in_app' and read_at is null";
        tx.exec(sql, &args![called, recipient.text])?;
    }
    Ok(())
}

record! {
    struct Handle {
        text: String,
    }
}

/// How many recipients one statement asks for. There are few sizes, so that each statement is prepared once. A shorter
/// list is filled up with empty handles.
const RECIPIENTS: [usize; 3] = [1, 8, 32];

/// Returns the messages in the app that recipients have not read, the newest first, at most `limit` for each recipient.
/// An index finds exactly these rows, however many others there are, and all recipients are asked for at once.
pub fn unread(tx: &mut dyn Tx, recipients: &[String], limit: i64) -> Result<Vec<Notice>, StoreError> {
    let [.., most] = RECIPIENTS;
    let mut found: Vec<Notice> = Vec::new();
    for part in recipients.chunks(most) {
        let size = RECIPIENTS.into_iter().find(|size| *size >= part.len()).unwrap_or(most);
        let of_one = |at: usize| {
            format!(
                "select * from (select id, channel, recipient, template, arguments, not_before, attempts, last_error, sent_at, receipt, \
                 failed_at, read_at from jobs_notice where recipient = ${} and channel = 'in_app' and read_at is null \
                 order by not_before desc, id desc limit $1) as of_{at}",
                at + 2
            )
        };
        let sql: Vec<String> = (0..size).map(of_one).collect();
        let nobody = std::iter::repeat("");
        let recipients = part.iter().map(String::as_str).chain(nobody).take(size).map(Val::from);
        let values: Vec<Val> = std::iter::once(Val::from(limit)).chain(recipients).collect();
        found.extend(all::<Notice>(tx, &sql.join(" union all "), &values)?);
    }
    found.sort_by_key(|notice| std::cmp::Reverse((notice.not_before, notice.id)));
    Ok(found)
}

/// Marks a message in the app as read by its recipient. Returns false when it belongs to somebody else or was read
/// before.
pub fn mark_read(tx: &mut dyn Tx, id: Uuid, recipient: &str, now: Instant) -> Result<bool, StoreError> {
    let rows = tx.exec(
        "update jobs_notice set read_at = $3 where id = $1 and recipient = $2 and channel = 'in_app' and read_at is null",
        &args![id, recipient, now],
    )?;
    Ok(rows == 1)
}
