//! The log of events. Each event carries the hash of the one before it in its stream, so that
//! [`audit::verify`](crate::audit::verify) finds a change, a gap or another order.

use kernel::place::PlaceId;
use kernel::time::Instant;
use sm3::{Digest, Sm3};
use uuid::Uuid;

use crate::error::StoreError;
use crate::record::{all, scalar};
use crate::transaction::Tx;
use crate::{args, record};

/// How many events are read at a time.
const PAGE: i64 = 1000;

/// The bytes that stand in place of a predecessor's hash in the first event of a stream.
pub const BEGINNING: [u8; 32] = [0; 32];

record! {
    /// One event of a stream.
    pub struct Entry {
        /// The place of the event in the stream. The first is 1.
        pub sequence: i64,
        /// When it happened.
        pub at: Instant,
        /// The kind of event.
        pub kind: String,
        /// The particulars as JSON. They are never personal data.
        pub payload: String,
        /// The hash of the event before it, or [`BEGINNING`].
        pub previous: Vec<u8>,
        /// The SM3 (GB/T 32905) over all of the above with district and stream.
        pub hash: Vec<u8>,
    }
}

/// Returns the moment of the latest event, or nothing if there is none.
pub fn newest(tx: &mut dyn Tx) -> Result<Option<Instant>, StoreError> {
    // asks all districts: the clock is that of the whole installation
    scalar(tx, "select at from store_event order by at desc limit 1", &[])
}

/// Returns the hash that an event must have: the SM3 over its fields, each with its length before it.
pub fn hash(district: PlaceId, stream: Uuid, entry: &Entry) -> [u8; 32] {
    let mut digest = Fields::default();
    digest.add(&district.0.to_be_bytes());
    digest.add(stream.as_bytes());
    digest.add(&entry.sequence.to_be_bytes());
    digest.add(&entry.at.micros().to_be_bytes());
    digest.add(entry.kind.as_bytes());
    digest.add(entry.payload.as_bytes());
    digest.add(&entry.previous);
    digest.finish()
}

/// An SM3 over fields of any length. The length of each field goes before it, so that no two lists of fields look the
/// same.
#[derive(Default)]
pub(crate) struct Fields(Sm3);

impl Fields {
    pub(crate) fn add(&mut self, field: &[u8]) {
        self.0.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(field);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Appends events to a stream whose last event is `after_sequence` (0 for a new stream). Fails with
/// [`StoreError::Conflict`] when the stream has got other events since.
pub fn append(
    tx: &mut dyn Tx,
    district: PlaceId,
    stream: Uuid,
    after_sequence: i64,
    entries: &[(&str, String)],
    now: Instant,
) -> Result<(), StoreError> {
    // A new stream is not looked up: the key of its first event shows whether it is new.
    let (last, mut previous) = if after_sequence == 0 { (0, BEGINNING.to_vec()) } else { last(tx, district, stream)? };
    if last != after_sequence {
        return Err(tx.conflict());
    }
    for ((kind, payload), sequence) in entries.iter().zip(last + 1..) {
        let mut entry = Entry {
            sequence,
            at: now,
            kind: (*kind).to_owned(),
            payload: payload.clone(),
            previous: std::mem::take(&mut previous),
            hash: Vec::new(),
        };
        entry.hash = hash(district, stream, &entry).to_vec();
        insert(tx, district, stream, &entry)?;
        previous = entry.hash;
    }
    let Some(count) = i64::try_from(entries.len()).ok().filter(|count| *count > 0) else { return Ok(()) };
    // The next head covers this stream, whatever the clock says until then.
    tx.put(
        "insert into store_audit_open (district, stream, sequence) values ($1, $2, $3) \
         on conflict (district, stream) do update set sequence = excluded.sequence",
        &args![district, stream, last + count],
    )
}

fn insert(tx: &mut dyn Tx, district: PlaceId, stream: Uuid, entry: &Entry) -> Result<(), StoreError> {
    // If an event of that sequence is there already, this is a conflict: see how the engines translate faults.
    let put = tx.put(
        "insert into store_event (district, stream, sequence, at, kind, payload, previous, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &args![district, stream, entry.sequence, entry.at, &entry.kind, &entry.payload, &entry.previous, &entry.hash],
    );
    match put {
        Err(StoreError::Constraint(_)) => Err(tx.conflict()),
        put => put,
    }
}

/// One act that is written down: what was done, by whom, and when.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The district that keeps the stream.
    pub district: PlaceId,
    /// The stream: what the act was done to.
    pub stream: Uuid,
    /// The kind of event.
    pub kind: &'a str,
    /// The particulars. They are never personal nor secret.
    pub detail: &'a serde_json::Value,
    /// The account that did it. None for the program itself.
    pub by: Option<Uuid>,
    /// The name of whoever did it, as it was then.
    pub by_name: &'a str,
    /// When it was done.
    pub at: Instant,
}

/// Appends one act to the end of its stream. Fails with [`StoreError::Conflict`] when the stream has got other events
/// in the meantime.
pub fn note(tx: &mut dyn Tx, act: &Act<'_>) -> Result<(), StoreError> {
    let payload = serde_json::json!({ "by": act.by, "by_name": act.by_name, "detail": act.detail }).to_string();
    let (last, _) = last(tx, act.district, act.stream)?;
    append(tx, act.district, act.stream, last, &[(act.kind, payload)], act.at)
}

/// Returns sequence and hash of a stream's last event, or 0 and [`BEGINNING`] when there is none.
pub fn last(tx: &mut dyn Tx, district: PlaceId, stream: Uuid) -> Result<(i64, Vec<u8>), StoreError> {
    let rows = tx.rows(
        "select sequence, hash from store_event where district = $1 and stream = $2 order by sequence desc limit 1",
        &args![district, stream],
    )?;
    rows.first().map_or_else(|| Ok((0, BEGINNING.to_vec())), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Returns all events of a stream in their order.
pub fn read(tx: &mut dyn Tx, district: PlaceId, stream: Uuid) -> Result<Vec<Entry>, StoreError> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let after = entries.last().map_or(0, |entry| entry.sequence);
        let page = read_after(tx, district, stream, after, PAGE)?;
        let complete = i64::try_from(page.len()).is_ok_and(|count| count < PAGE);
        entries.extend(page);
        if complete {
            return Ok(entries);
        }
    }
}

/// Returns at most `limit` events of a stream after a sequence.
pub fn read_after(
    tx: &mut dyn Tx,
    district: PlaceId,
    stream: Uuid,
    after_sequence: i64,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    all(
        tx,
        "select sequence, at, kind, payload, previous, hash from store_event \
         where district = $1 and stream = $2 and sequence > $3 order by sequence limit $4",
        &args![district, stream, after_sequence, limit],
    )
}
