//! These are the statements of loading and checking. The department's own records write the rows of cases and figures.
//! Events are written many at a time.

use std::collections::BTreeMap;

use cases::records::{self, figures};
use cases::words::PUBLISHER;
use hall::Fault;
use hall::figures::Subject;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Instant, Zone};
use store::log::Entry;
use store::{StoreError, Tx, Val, args};
use uuid::Uuid;
use vault::Vault;

use super::life::Lived;

/// Says how many events one statement writes.
const EVENTS: usize = 100;

/// Holds what sealing needs.
#[derive(Clone)]
pub struct Sealing {
    /// The vault.
    pub vault: std::sync::Arc<Vault>,
    /// How many of a hundred applicants are sealed.
    pub share: u8,
    /// The time zone in which days are counted.
    pub zone: Zone,
    /// The present moment.
    pub now: Instant,
}

/// Writes cases with their events, their applicants and their derived columns.
pub fn write(tx: &mut dyn Tx, lived: &[Lived], sealing: &Sealing) -> Result<(), Fault> {
    for (one, at) in lived.iter().zip(0_usize..) {
        records::insert(tx, &one.case, &one.derived)?;
        figures::shift(tx, None, &one.derived.standing(&one.case), sealing.zone)?;
        let subject = Subject { publisher: PUBLISHER, district: cases::district(&one.case), id: one.case.id.0 };
        hall::figures::note(tx, &subject, one.cells.iter().map(|(cell, amounts)| (cell, *amounts)))?;
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
    Ok(append_many(tx, &all)?)
}

/// Writes events of several cases, many a statement.
pub fn append_many(tx: &mut dyn Tx, events: &[(PlaceId, Uuid, &Entry)]) -> Result<(), StoreError> {
    events.chunks(EVENTS).try_for_each(|some| append(tx, some))
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

/// Writes the running numbers as they are after loading.
pub fn sequences(tx: &mut dyn Tx, last: &BTreeMap<(PlaceId, i16), i64>) -> Result<(), StoreError> {
    for ((district, year), last) in last {
        let sql = "insert into cases_sequence (district, year, last) values ($1, $2, $3)";
        tx.exec(sql, &args![*district, *year, *last])?;
    }
    Ok(())
}

/// Does what PostgreSQL's own housekeeping does after a while: the query planner learns how many rows there are.
pub fn analyze(tx: &mut dyn Tx) -> Result<(), StoreError> {
    for table in [
        "cases_case",
        "cases_open",
        "hall_figure",
        "hall_counted",
        "store_event",
        "vault_record",
        "vault_key",
        "vault_index",
    ] {
        tx.exec(&format!("analyze {table}"), &[])?;
    }
    Ok(())
}

/// Returns a number that a statement counts.
pub fn count(tx: &mut dyn Tx, sql: &str) -> Result<i64, StoreError> {
    Ok(store::scalar::<Option<i64>>(tx, sql, &[])?.flatten().unwrap_or_default())
}

/// Returns the cases that touch a place: the applicant lives there, it was taken in there, or its office is there.
pub fn touching(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<(PlaceId, Uuid)>, StoreError> {
    let sql = "select district, id from cases_case where residence_path = $1 or counter_path = $2 or office_path = $3 limit $4";
    let rows = tx.rows(sql, &args![place, place, place, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

store::record! {
    /// Holds what a plain look at every row compares.
    pub struct Plain {
        /// The shard.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// When it was opened.
        pub opened_at: Instant,
        /// The number that people read.
        pub number: String,
        /// The code of the item.
        pub item: String,
        /// The name of the procedure.
        pub procedure: String,
        /// The name of the state.
        pub state: String,
        /// Where the applicant lives.
        pub residence: PlacePath,
        /// The office.
        pub office: PlacePath,
        /// The counter.
        pub counter: Option<PlacePath>,
        /// Whether only named posts may see it.
        pub confidential: bool,
    }
}

/// Returns every row in the order of its key, a part at a time.
pub fn plain(tx: &mut dyn Tx, after: (PlaceId, Uuid), limit: i64) -> Result<Vec<Plain>, StoreError> {
    let sql = "select district, id, opened_at, number, item, procedure, state, residence_path, office_path, counter_path, confidential \
               from cases_case where (district, id) > ($1, $2) order by district, id limit $3";
    store::all(tx, sql, &args![after.0, after.1, limit])
}
