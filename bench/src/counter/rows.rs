//! The statements of loading and checking. Rows of cases and figures are written by the department's own records; events many at a time.

use std::collections::BTreeMap;

use cases::records::{self, figures};
use hall::Fault;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Instant, Zone};
use store::log::Entry;
use store::{StoreError, Tx, Val, args};
use uuid::Uuid;
use vault::Vault;

use super::life::Lived;

/// Events of one statement.
const EVENTS: usize = 100;

/// What sealing needs.
#[derive(Clone)]
pub struct Sealing {
    /// The vault.
    pub vault: std::sync::Arc<Vault>,
    /// Of a hundred so many.
    pub share: u8,
    /// Days are counted in it.
    pub zone: Zone,
    /// The moment that is now.
    pub now: Instant,
}

/// Writes cases with their events, their applicants and how they stand.
pub fn write(tx: &mut dyn Tx, lived: &[Lived], sealing: &Sealing) -> Result<(), Fault> {
    for (one, at) in lived.iter().zip(0_usize..) {
        records::insert(tx, &one.case, &one.derived)?;
        figures::shift(tx, None, &one.derived.standing(&one.case), sealing.zone)?;
        if at % 100 >= usize::from(sealing.share) {
            continue;
        }
        sealing.vault.seal(tx, &one.record)?;
        if one.is_erased {
            sealing.vault.erase(tx, one.record.district, one.record.id, sealing.now)?;
        }
    }
    let mut all: Vec<(PlaceId, Uuid, &Entry)> = Vec::new();
    for Lived { case, entries, .. } in lived {
        all.extend(entries.iter().map(|entry| (cases::district(case), case.id.0, entry)));
    }
    for some in all.chunks(EVENTS) {
        append(tx, some)?;
    }
    Ok(())
}

fn append(tx: &mut dyn Tx, events: &[(PlaceId, Uuid, &Entry)]) -> Result<(), StoreError> {
    let mut values: Vec<Val> = Vec::with_capacity(events.len() * 8);
    for (district, stream, entry) in events {
        values.extend(args![
            *district,
            *stream,
            entry.sequence,
            entry.at,
            &entry.kind,
            &entry.payload,
            &entry.previous,
            &entry.hash
        ]);
    }
    let row = |at: usize| {
        let marks: Vec<String> = (1..=8).map(|column| format!("${}", at * 8 + column)).collect();
        format!("({})", marks.join(", "))
    };
    let rows: Vec<String> = (0..events.len()).map(row).collect();
    let sql = format!(
        "insert into store_event (district, stream, sequence, at, kind, payload, previous, hash) values {}",
        rows.join(", ")
    );
    tx.exec(&sql, &values).map(drop)
}

/// The running numbers as they stand after loading.
pub fn sequences(tx: &mut dyn Tx, last: &BTreeMap<(PlaceId, i16), i64>) -> Result<(), StoreError> {
    for ((district, year), last) in last {
        let sql = "insert into cases_sequence (district, year, last) values ($1, $2, $3)";
        tx.exec(sql, &args![*district, *year, *last])?;
    }
    Ok(())
}

/// What PostgreSQL's own housekeeping does after a while: the planner learns how many rows there are.
pub fn analyze(tx: &mut dyn Tx) -> Result<(), StoreError> {
    for table in ["cases_case", "cases_month", "cases_open", "store_event", "vault_record", "vault_index"] {
        tx.exec(&format!("analyze {table}"), &[])?;
    }
    Ok(())
}

/// A number counted by a statement.
pub fn count(tx: &mut dyn Tx, sql: &str) -> Result<i64, StoreError> {
    Ok(store::scalar::<Option<i64>>(tx, sql, &[])?.flatten().unwrap_or_default())
}

/// The cases that touch a place: whose applicant lives there, that were taken in there, or that lie with it.
pub fn touching(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<(PlaceId, Uuid)>, StoreError> {
    let sql = "select district, id from cases_case where residence_path = $1 or counter_path = $2 or office_path = $3 limit $4";
    let rows = tx.rows(sql, &args![place, place, place, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

store::record! {
    /// What a plain look at every row compares.
    pub struct Plain {
        /// Shard.
        pub district: PlaceId,
        /// Identity.
        pub id: Uuid,
        /// When it was opened.
        pub opened_at: Instant,
        /// The number people read.
        pub number: String,
        /// Code of the item.
        pub item: String,
        /// Name of the procedure.
        pub procedure: String,
        /// Name of the state.
        pub state: String,
        /// Where the applicant lives.
        pub residence: PlacePath,
        /// The office.
        pub office: PlacePath,
        /// The counter.
        pub counter: Option<PlacePath>,
        /// Only for named posts.
        pub confidential: bool,
    }
}

/// Every row in the order of its key, a part at a time.
pub fn plain(tx: &mut dyn Tx, after: (PlaceId, Uuid), limit: i64) -> Result<Vec<Plain>, StoreError> {
    let sql = "select district, id, opened_at, number, item, procedure, state, residence_path, office_path, counter_path, confidential \
               from cases_case where (district, id) > ($1, $2) order by district, id limit $3";
    store::all(tx, sql, &args![after.0, after.1, limit])
}
