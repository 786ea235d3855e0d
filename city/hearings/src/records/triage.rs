//! Remembers what decides how soon a dispute is taken up, and what people chose.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, one};
use uuid::Uuid;

use crate::words::triage::{Chosen, Told, Waiting};

const WAITING: &str = "m.district, m.case_id, m.path, m.number, m.class, m.stage, m.brought_at, m.entered_at, \
                       m.due_on, t.danger, t.people, t.times_back, t.vulnerable, t.chosen, m.open, m.detail";
const JOINED: &str = "hearings_matter m join hearings_triage t on t.district = m.district and t.case_id = m.case_id";
const CHOSEN: &str = "district, id, case_id, priority, record, words, changed_name, changed_at";

/// Which dispute.
#[derive(Clone, Copy, Debug)]
pub struct At {
    /// The district that keeps it.
    pub district: PlaceId,
    /// Its case.
    pub case_id: Uuid,
}

/// How a dispute stands now.
#[derive(Clone, Debug)]
pub struct Standing<'s> {
    /// The state of its case.
    pub stage: &'s str,
    /// Since when.
    pub entered_at: Instant,
    /// Its nearest deadline.
    pub due_on: Option<Date>,
    /// Where it lies.
    pub office: &'s PlacePath,
    /// The kind of committee that mediates: a code of [`crate::words::BODIES`].
    pub body: &'s str,
    /// Whether it has not ended.
    pub open: bool,
}

/// Remembers what is said of a matter, in place of what was said before. What a person chose stays.
///
/// # Errors
/// The store failed.
pub fn put(tx: &mut dyn Tx, at: At, told: Told) -> Result<(), StoreError> {
    let sql = "insert into hearings_triage (district, case_id, danger, people, times_back, vulnerable, chosen) \
               values ($1, $2, $3, $4, $5, $6, '') on conflict (district, case_id) do update set \
               danger = excluded.danger, people = excluded.people, times_back = excluded.times_back, \
               vulnerable = excluded.vulnerable";
    let Told { danger_now, people, times_back, vulnerable } = told;
    tx.exec(sql, &args![at.district, at.case_id, danger_now, people, times_back, vulnerable]).map(drop)
}

/// Remembers how a dispute stands now.
///
/// # Errors
/// The store failed.
pub fn stand(tx: &mut dyn Tx, at: At, now: &Standing<'_>) -> Result<(), StoreError> {
    let sql = "update hearings_matter set stage = $1, entered_at = $2, due_on = $3, office = $4, body = $5, open = $6 \
               where district = $7 and case_id = $8";
    let values = args![now.stage, now.entered_at, now.due_on, now.office, now.body, now.open, at.district, at.case_id];
    tx.exec(sql, &values).map(drop)
}

/// A dispute with what decides how soon it is taken up.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, at: At) -> Result<Option<Waiting>, StoreError> {
    let sql = format!("select {WAITING} from {JOINED} where m.district = $1 and m.case_id = $2");
    one(tx, &sql, &args![at.district, at.case_id])
}

/// Those of some disputes that have not ended, in no order, each by its district and its case.
///
/// # Errors
/// The store failed.
pub fn waiting(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Waiting>, StoreError> {
    store::several(tx, cases, |marks| {
        format!("select {WAITING} from {JOINED} where m.open = 1 and m.district = $1 and m.case_id in ({marks})")
    })
}

/// Keeps what a person chose, and that it holds from now on.
///
/// # Errors
/// The store failed.
pub fn choose(tx: &mut dyn Tx, chosen: &Chosen) -> Result<(), StoreError> {
    note(tx, chosen)?;
    let sql = "update hearings_triage set chosen = $1 where district = $2 and case_id = $3";
    tx.exec(sql, &args![&chosen.priority, chosen.district, chosen.case_id]).map(drop)
}

/// Keeps that a person said, with a reason, that nobody is in danger any more.
///
/// # Errors
/// The store failed.
pub fn is_safe(tx: &mut dyn Tx, chosen: &Chosen) -> Result<(), StoreError> {
    note(tx, chosen)?;
    let sql = "update hearings_triage set danger = 0 where district = $1 and case_id = $2";
    tx.exec(sql, &args![chosen.district, chosen.case_id]).map(drop)
}

fn note(tx: &mut dyn Tx, chosen: &Chosen) -> Result<(), StoreError> {
    let sql = format!("insert into hearings_priority ({CHOSEN}) values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let values = args![
        chosen.district,
        chosen.id,
        chosen.case_id,
        &chosen.priority,
        chosen.record,
        &chosen.words,
        &chosen.changed_name,
        chosen.changed_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// What people chose of a dispute, the newest first, `limit` at most.
///
/// # Errors
/// The store failed.
pub fn chosen(tx: &mut dyn Tx, at: At, limit: i64) -> Result<Vec<Chosen>, StoreError> {
    let sql = format!(
        "select {CHOSEN} from hearings_priority where district = $1 and case_id = $2 \
         order by changed_at desc, id desc limit $3"
    );
    all(tx, &sql, &args![at.district, at.case_id, limit])
}

/// Forgets the words that lie under a sealed record, and who chose. That somebody chose, and what, stays.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let sql = "update hearings_priority set words = $1, changed_name = '' where district = $2 and record = $3";
    tx.exec(sql, &args![Vec::<u8>::new(), district, record]).map(drop)
}
