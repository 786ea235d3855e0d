//! The audit: each day ends with a signed head over the last hash of every stream that got events, chained to the head
//! of the day before. Verification reads everything again.
//!
//! It finds an event that was altered, is missing or is out of order; a stream that was dropped or cut short before its
//! last sealed event; a seal or a head that was altered or is missing. By itself it cannot find events of the newest
//! day, which is not sealed yet, that were cut off at the end of a stream, and heads that were cut off at the very end.
//! Therefore keep a note of the newest head somewhere else.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, Zone};
use sm3::Sm3;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::log::{Entry, Fields, hash};
use crate::error::StoreError;
use crate::record::{all, one};
use crate::store::Store;
use crate::transaction::Tx;
use crate::{args, record, scalar};

/// How many rows are read at a time, and so held in memory by verification.
const PAGE: i64 = 1000;
/// How many faults are listed at most. Further ones are only counted.
const FAULTS_LISTED: usize = 1000;
/// The bytes that stand in place of the signature before the first head.
const BEGINNING: [u8; 32] = [0; 32];

/// The key that signs the daily heads (HMAC-SM3). Whoever has it can sign a false history, so it is kept outside the
/// database.
#[derive(Clone)]
pub struct AuditKey(Zeroizing<[u8; 32]>);

impl AuditKey {
    /// Makes a key from its bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    fn authenticator(&self, head: &Head) -> Result<Hmac<Sm3>, StoreError> {
        let mut authenticator = Hmac::<Sm3>::new_from_slice(self.0.as_slice())
            .map_err(|_| StoreError::data("the audit key has no usable length"))?;
        authenticator.update(&head.content());
        Ok(authenticator)
    }
}

impl fmt::Debug for AuditKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AuditKey(…)")
    }
}

record! {
    /// The signed end of a day.
    pub struct Head {
        /// The running number. The first is 1; a gap shows that a head is missing.
        pub number: i64,
        /// The day that ended.
        pub day: Date,
        /// How many streams got events since they were last sealed.
        pub streams: i64,
        /// The SM3 over district, stream, sequence and hash of each of them.
        pub digest: Vec<u8>,
        /// The signature of the head before, or 32 zeros.
        pub previous: Vec<u8>,
        /// When it was written.
        pub sealed_at: Instant,
        /// The HMAC-SM3 over all of the above.
        pub signature: Vec<u8>,
    }
}

impl Head {
    fn content(&self) -> [u8; 32] {
        let mut fields = Fields::default();
        fields.add(&self.number.to_be_bytes());
        fields.add(self.day.to_string().as_bytes());
        fields.add(&self.streams.to_be_bytes());
        fields.add(&self.digest);
        fields.add(&self.previous);
        fields.add(&self.sealed_at.micros().to_be_bytes());
        fields.finish()
    }
}

record! {
    /// The last event of a stream on the day when it was sealed, and what the log says now.
    struct Seal {
        district: PlaceId,
        stream: Uuid,
        sequence: i64,
        hash: Vec<u8>,
        logged: Option<Vec<u8>>,
    }
}

const HEAD: &str = "select number, day, streams, digest, previous, sealed_at, signature from store_audit_head";

/// Seals a day that is over: every stream with an event that no head covers yet. They are known by their sequence and
/// not by their time, so that nothing is missed that a clock wrote which was ahead or was put right. Sealing a day
/// again returns the same head. A day before the last sealed one is refused.
pub fn seal_day(tx: &mut dyn Tx, day: Date, zone: Zone, key: &AuditKey, now: Instant) -> Result<Head, StoreError> {
    let end = zone.instant(day, 1440);
    let refuse = |message: &str| StoreError::Seal { day: day.to_string(), message: message.to_owned() };
    if now < end {
        return Err(refuse("the day is not over"));
    }
    let newest = format!("{HEAD} order by number desc limit 1{}", tx.lock_rows());
    let last: Option<Head> = one(tx, &newest, &[])?;
    match &last {
        Some(head) if head.day == day => return Ok(head.clone()),
        Some(head) if head.day > day => {
            return Err(refuse("a later day is sealed already; days are sealed in their order"));
        }
        _ => {}
    }
    tx.exec(
        "insert into store_audit_seal (day, district, stream, sequence, hash) \
         select $1, e.district, e.stream, e.sequence, e.hash from store_audit_open o join store_event e \
         on e.district = o.district and e.stream = o.stream and e.sequence = o.sequence \
         where not exists (select 1 from store_audit_seal s where s.district = e.district and s.stream = e.stream \
         and s.sequence >= e.sequence)",
        &args![day],
    )?;
    // asks all districts: a head covers every stream. One that got another event in the meantime stays open.
    tx.exec(
        "delete from store_audit_open where exists (select 1 from store_audit_seal s \
         where s.district = store_audit_open.district and s.stream = store_audit_open.stream \
         and s.sequence >= store_audit_open.sequence)",
        &[],
    )?;
    let (streams, digest) = digest_of_day(tx, day, &mut |_, _| Ok(()))?;
    let (number, previous) = last.map_or((1, BEGINNING.to_vec()), |head| (head.number + 1, head.signature));
    let mut head = Head { number, day, streams, digest, previous, sealed_at: now, signature: Vec::new() };
    head.signature = key.authenticator(&head)?.finalize().into_bytes().to_vec();
    insert(tx, &head)?;
    Ok(head)
}

fn insert(tx: &mut dyn Tx, head: &Head) -> Result<(), StoreError> {
    let inserted = tx.exec(
        "insert into store_audit_head (number, day, streams, digest, previous, sealed_at, signature) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        &args![head.number, head.day, head.streams, &head.digest, &head.previous, head.sealed_at, &head.signature],
    )?;
    if inserted == 1 { Ok(()) } else { Err(tx.conflict()) }
}

/// Returns the newest head. Its number and signature, noted elsewhere, show later whether heads were cut off.
pub fn newest_head(tx: &mut dyn Tx) -> Result<Option<Head>, StoreError> {
    one(tx, &format!("{HEAD} order by number desc limit 1"), &[])
}

/// Returns the heads, the newest first, at most `limit`.
pub fn heads(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Head>, StoreError> {
    all(tx, &format!("{HEAD} order by number desc limit $1"), &args![limit])
}

type EachSeal<'a> = &'a mut dyn FnMut(&mut dyn Tx, &Seal) -> Result<(), StoreError>;

/// Reads a day's seals in their order. Returns how many there are, and the digest over them.
fn digest_of_day(tx: &mut dyn Tx, day: Date, each: EachSeal<'_>) -> Result<(i64, Vec<u8>), StoreError> {
    // asks all districts: a day is sealed for the whole database
    let mut fields = Fields::default();
    let (mut district, mut stream, mut streams) = (PlaceId(i64::MIN), Uuid::nil(), 0);
    loop {
        let page: Vec<Seal> = all(
            tx,
            "select s.district, s.stream, s.sequence, s.hash, e.hash from store_audit_seal s left join store_event e \
             on e.district = s.district and e.stream = s.stream and e.sequence = s.sequence \
             where s.day = $1 and (s.district, s.stream) > ($2, $3) order by s.district, s.stream limit $4",
            &args![day, district, stream, PAGE],
        )?;
        for seal in &page {
            fields.add(&seal.district.0.to_be_bytes());
            fields.add(seal.stream.as_bytes());
            fields.add(&seal.sequence.to_be_bytes());
            fields.add(&seal.hash);
            streams += 1;
            each(tx, seal)?;
        }
        let Some(last) = page.last() else { return Ok((streams, fields.finish().to_vec())) };
        (district, stream) = (last.district, last.stream);
    }
}

/// A thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields say which event or day it is")]
pub enum AuditFault {
    /// The content of an event does not give its hash.
    Altered { district: PlaceId, stream: Uuid, sequence: i64 },
    /// An event is gone. The sequence is the first one that is missing.
    Missing { district: PlaceId, stream: Uuid, sequence: i64 },
    /// An event does not follow the one before it.
    Reordered { district: PlaceId, stream: Uuid, sequence: i64 },
    /// A sealed stream has no event any more.
    StreamDropped { district: PlaceId, stream: Uuid },
    /// An event has another hash than the one that was sealed, so its stream was written anew.
    NotAsSealed { district: PlaceId, stream: Uuid, sequence: i64, day: Date },
    /// The seals of a day do not give the digest of its head.
    SealsAltered { day: Date },
    /// The signature of a head is wrong: the head was altered, or the key is another one.
    HeadAltered { day: Date },
    /// A head does not follow the one before it: a head is missing or was moved.
    HeadMissing { before: Date },
    /// There are seals without a head, so the last heads were cut off.
    HeadCutOff { day: Date },
}

impl fmt::Display for AuditFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut event = |what: &str, district: &PlaceId, stream: &Uuid, sequence: &i64| {
            write!(out, "event {sequence} of stream {stream} (district {district}) {what}")
        };
        match self {
            Self::Altered { district, stream, sequence } => event("was altered", district, stream, sequence),
            Self::Missing { district, stream, sequence } => event("is missing", district, stream, sequence),
            Self::Reordered { district, stream, sequence } => {
                event("does not follow the one before it", district, stream, sequence)
            }
            Self::NotAsSealed { district, stream, sequence, day } => {
                event(&format!("is not the one that was sealed on {day}"), district, stream, sequence)
            }
            Self::StreamDropped { district, stream } => write!(out, "stream {stream} (district {district}) is gone"),
            Self::SealsAltered { day } => write!(out, "the seals of {day} are not those its head was signed over"),
            Self::HeadAltered { day } => write!(out, "the head of {day} was altered, or was signed with another key"),
            Self::HeadMissing { before } => write!(out, "a head before that of {before} is missing"),
            Self::HeadCutOff { day } => write!(out, "the head of {day} is missing, its seals are there"),
        }
    }
}

/// What verification read and found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many streams were read.
    pub streams: u64,
    /// How many events were read.
    pub events: u64,
    /// How many heads were read.
    pub days: u64,
    /// What is not as it was written. At most 1000 faults are listed.
    pub faults: Vec<AuditFault>,
    /// How many faults were found in all.
    pub fault_count: u64,
    /// The newest head: its day, number and signature should be noted elsewhere.
    pub newest: Option<Head>,
}

impl Report {
    fn fault(&mut self, fault: AuditFault) {
        self.fault_count += 1;
        if self.faults.len() < FAULTS_LISTED {
            self.faults.push(fault);
        }
    }
}

/// How far verification is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many events were read.
    pub events: u64,
    /// How many events there are.
    pub of_events: u64,
    /// How many heads were read.
    pub days: u64,
}

/// Reads all events, seals and heads of one moment and reports what is not as it was written. It holds one page of rows
/// in memory at a time. `progress` is called once a page.
pub fn verify<P>(store: &Store, key: &AuditKey, mut progress: P) -> Result<Report, StoreError>
where
    P: FnMut(Progress) + Send + 'static,
{
    let verified = verify_while(store, key, move |step| {
        progress(step);
        true
    });
    Ok(verified?.unwrap_or_default())
}

/// Verifies as [`verify`] does as long as the answer is wanted: `wanted` is asked once a page. Returns nothing if
/// reading was stopped.
///
/// # Errors
/// The store failed.
pub fn verify_while<P>(store: &Store, key: &AuditKey, mut wanted: P) -> Result<Option<Report>, StoreError>
where
    P: FnMut(Progress) -> bool + Send + 'static,
{
    // asks all districts: every event is verified
    let key = key.clone();
    store.snapshot_blocking(move |tx| {
        let mut report = Report::default();
        let of_events = scalar::<i64>(tx, "select count(*) from store_event", &[])?.unwrap_or_default();
        let of_events = u64::try_from(of_events).unwrap_or_default();
        let mut step = |report: &Report| wanted(Progress { events: report.events, of_events, days: report.days });
        let whole = verify_events(tx, &mut report, &mut step)? && verify_heads(tx, &key, &mut report, &mut step)?;
        Ok(whole.then_some(report))
    })
}

record! {
    struct Logged {
        district: PlaceId,
        stream: Uuid,
        sequence: i64,
        at: Instant,
        kind: String,
        payload: String,
        previous: Vec<u8>,
        hash: Vec<u8>,
    }
}

/// Says whether the answer is still wanted after a page.
type Step<'a> = &'a mut dyn FnMut(&Report) -> bool;

/// Reads all events. Returns whether it read to the end.
fn verify_events(tx: &mut dyn Tx, report: &mut Report, step: Step<'_>) -> Result<bool, StoreError> {
    // asks all districts: every event is verified
    let mut before: Option<Logged> = None;
    loop {
        let (district, stream, sequence) = before
            .as_ref()
            .map_or((PlaceId(i64::MIN), Uuid::nil(), i64::MIN), |last| (last.district, last.stream, last.sequence));
        let page: Vec<Logged> = all(
            tx,
            "select district, stream, sequence, at, kind, payload, previous, hash from store_event \
             where (district, stream, sequence) > ($1, $2, $3) order by district, stream, sequence limit $4",
            &args![district, stream, sequence, PAGE],
        )?;
        if page.is_empty() {
            return Ok(true);
        }
        for event in page {
            verify_event(before.as_ref(), &event, report);
            before = Some(event);
        }
        if !step(report) {
            return Ok(false);
        }
    }
}

fn verify_event(before: Option<&Logged>, event: &Logged, report: &mut Report) {
    let Logged { district, stream, sequence, .. } = *event;
    let before = before.filter(|before| before.district == district && before.stream == stream);
    report.events += 1;
    report.streams += u64::from(before.is_none());
    let expected = before.map_or(1, |before| before.sequence + 1);
    let previous = before.map_or(super::log::BEGINNING.as_slice(), |before| &before.hash);
    let entry = Entry {
        sequence,
        at: event.at,
        kind: event.kind.clone(),
        payload: event.payload.clone(),
        previous: event.previous.clone(),
        hash: Vec::new(),
    };
    if hash(district, stream, &entry).as_slice() != event.hash {
        report.fault(AuditFault::Altered { district, stream, sequence });
    }
    if sequence != expected {
        report.fault(AuditFault::Missing { district, stream, sequence: expected });
    } else if event.previous != previous {
        report.fault(AuditFault::Reordered { district, stream, sequence });
    }
}

/// Reads the seals and heads of all days. Returns whether it read to the end.
fn verify_heads(tx: &mut dyn Tx, key: &AuditKey, report: &mut Report, step: Step<'_>) -> Result<bool, StoreError> {
    // asks all districts: a day is sealed for the whole database
    loop {
        let after = report.newest.as_ref().map_or(0, |head| head.number);
        let page: Vec<Head> =
            all(tx, &format!("{HEAD} where number > $1 order by number limit $2"), &args![after, PAGE])?;
        if page.is_empty() {
            break;
        }
        for head in page {
            verify_head(tx, key, &head, report)?;
            report.days += 1;
            report.newest = Some(head);
            if !step(report) {
                return Ok(false);
            }
        }
    }
    let orphans: Vec<OrphanDay> = all(
        tx,
        "select distinct s.day from store_audit_seal s where not exists (select 1 from store_audit_head h where h.day = s.day) \
         order by s.day limit $1",
        &args![PAGE],
    )?;
    for orphan in orphans {
        report.fault(AuditFault::HeadCutOff { day: orphan.day });
    }
    Ok(true)
}

record! {
    struct OrphanDay {
        day: Date,
    }
}

fn verify_head(tx: &mut dyn Tx, key: &AuditKey, head: &Head, report: &mut Report) -> Result<(), StoreError> {
    let day = head.day;
    let before = report.newest.as_ref();
    let number = before.map_or(0, |before| before.number) + 1;
    let previous = before.map_or(BEGINNING.as_slice(), |before| &before.signature);
    if head.number != number || head.previous != previous {
        report.fault(AuditFault::HeadMissing { before: day });
    }
    if key.authenticator(head)?.verify_slice(&head.signature).is_err() {
        report.fault(AuditFault::HeadAltered { day });
    }
    let (streams, digest) = digest_of_day(tx, day, &mut |tx, seal| verify_seal(tx, day, seal, report))?;
    if streams != head.streams || digest != head.digest {
        report.fault(AuditFault::SealsAltered { day });
    }
    Ok(())
}

fn verify_seal(tx: &mut dyn Tx, day: Date, seal: &Seal, report: &mut Report) -> Result<(), StoreError> {
    let Seal { district, stream, sequence, .. } = *seal;
    match &seal.logged {
        Some(logged) if *logged == seal.hash => {}
        Some(_) => report.fault(AuditFault::NotAsSealed { district, stream, sequence, day }),
        None if super::log::last(tx, district, stream)?.0 == 0 => {
            report.fault(AuditFault::StreamDropped { district, stream });
        }
        None => report.fault(AuditFault::Missing { district, stream, sequence }),
    }
    Ok(())
}
