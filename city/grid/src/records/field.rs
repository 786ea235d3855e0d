//! Remembers what phones sent from the field, how it stands and what became of it.

use std::collections::BTreeMap;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx, all, args, one, record, scalar};
use uuid::Uuid;

use crate::words::field::{Entry, Said, Stands, Step};

const COLUMNS: &str = "district, id, account, name, kind, about, path, record, body, mark, before, place, state, \
                       forced, said, number, arrived_on";
/// The most steps of one entry that are shown.
const STEPS: i64 = 100;

/// Adds an entry. Says whether it was new: one that is there already stays as it is.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, entry: &Entry) -> Result<bool, StoreError> {
    let sql = format!(
        "insert into grid_field_entry ({COLUMNS}) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
         on conflict (district, id) do nothing"
    );
    let values = args![
        entry.district,
        entry.id,
        entry.account,
        &entry.name,
        &entry.kind,
        entry.about,
        &entry.path,
        entry.record,
        entry.body.clone(),
        &entry.mark,
        entry.before,
        entry.place,
        &entry.state,
        entry.forced,
        &entry.said,
        &entry.number,
        entry.arrived_on
    ];
    Ok(tx.exec(&sql, &values)? == 1)
}

/// An entry, held until the end of the transaction.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Entry>, StoreError> {
    let held = tx.lock_rows();
    let sql = format!("select {COLUMNS} from grid_field_entry where district = $1 and id = $2{held}");
    one(tx, &sql, &args![district, id])
}

/// An entry that somebody sent, held until the end of the transaction.
///
/// # Errors
/// The store failed.
pub fn own(tx: &mut dyn Tx, account: Uuid, id: Uuid) -> Result<Option<Entry>, StoreError> {
    // asks all districts: somebody's entries lie where her cases are
    let held = tx.lock_rows();
    let sql = format!("select {COLUMNS} from grid_field_entry where account = $1 and id = $2{held}");
    one(tx, &sql, &args![account, id])
}

/// The entries about a case or a dwelling, in the order in which they came, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn about(tx: &mut dyn Tx, district: PlaceId, about: Uuid, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from grid_field_entry where district = $1 and about = $2 order by place, id limit $3"
    );
    all(tx, &sql, &args![district, about, limit])
}

/// The place in the order of the entries about a case or a dwelling for the next one that comes.
///
/// # Errors
/// The store failed.
pub fn next_place(tx: &mut dyn Tx, district: PlaceId, about: Option<Uuid>) -> Result<i64, StoreError> {
    let Some(about) = about else { return Ok(1) };
    let sql = "select coalesce(max(place), 0) + 1 from grid_field_entry where district = $1 and about = $2";
    Ok(scalar(tx, sql, &args![district, about])?.unwrap_or(1))
}

record! {
    /// An entry that waits.
    pub struct Waits {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
    }
}

/// The entries that wait to be looked at again, in the order of district and identity, those after one of them, at most
/// `limit`.
///
/// # Errors
/// The store failed.
pub fn waiting(tx: &mut dyn Tx, after: (PlaceId, Uuid), limit: i64) -> Result<Vec<Waits>, StoreError> {
    // asks all districts: the look is at what waits in the whole city
    let sql = "select district, id from grid_field_entry where state in ('came', 'parked') \
               and (district, id) > ($1, $2) order by district, id limit $3";
    all(tx, sql, &args![after.0, after.1, limit])
}

/// Where a list of entries goes on: after the one of that day, district and identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    day: String,
    district: PlaceId,
    id: Uuid,
}

impl Default for After {
    /// Before all of them.
    fn default() -> Self {
        Self { day: String::new(), district: PlaceId(i64::MIN), id: Uuid::nil() }
    }
}

impl After {
    /// After an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self { day: entry.arrived_on.to_string(), district: entry.district, id: entry.id }
    }

    /// As an address says it.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}/{}/{}", self.day, self.district.0, self.id)
    }

    /// Reads what [`After::show`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let (day, district, id) = (parts.next()?, parts.next()?, parts.next()?);
        let day = day.parse::<Date>().ok()?.to_string();
        Some(Self { day, district: PlaceId(district.parse().ok()?), id: Uuid::parse_str(id).ok()? })
    }
}

/// How an entry stands that is not finished.
const OPEN: &str = "state in ('conflict', 'refused', 'parked', 'photos', 'came')";

/// What somebody sent that is not finished, the oldest first, at most `limit` after one of them.
///
/// # Errors
/// The store failed.
pub fn open_of_account(tx: &mut dyn Tx, account: Uuid, after: &After, limit: i64) -> Result<Vec<Entry>, StoreError> {
    // asks all districts: somebody's entries lie where her cases are
    let sql = format!(
        "select {COLUMNS} from grid_field_entry where account = $1 and {OPEN} \
         and (arrived_on, district, id) > ($2, $3, $4) order by arrived_on, district, id limit $5"
    );
    all(tx, &sql, &args![account, &after.day, after.district, after.id, limit])
}

/// What was sent about a place and everything inside it and is not finished, the oldest first, at most `limit` after
/// one of them.
///
/// # Errors
/// The store failed.
pub fn open_inside(tx: &mut dyn Tx, place: &PlacePath, after: &After, limit: i64) -> Result<Vec<Entry>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from grid_field_entry where path >= $1 and path < $2 and {OPEN} \
         and (arrived_on, district, id) > ($3, $4, $5) order by arrived_on, district, id limit $6"
    );
    all(tx, &sql, &args![low, high, &after.day, after.district, after.id, limit])
}

/// What somebody sent that is done, the latest first, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn done_of_account(tx: &mut dyn Tx, account: Uuid, limit: i64) -> Result<Vec<Entry>, StoreError> {
    // asks all districts: somebody's entries lie where her cases are
    let sql = format!(
        "select {COLUMNS} from grid_field_entry where account = $1 and state = 'done' \
         order by arrived_on desc, id desc limit $2"
    );
    all(tx, &sql, &args![account, limit])
}

/// How an entry stands from now on.
///
/// # Errors
/// The store failed.
pub fn stand(tx: &mut dyn Tx, entry: &Entry, stands: Stands, said: &Said) -> Result<(), StoreError> {
    let said = serde_json::to_string(said).map_err(|fault| StoreError::data(fault.to_string()))?;
    let sql =
        "update grid_field_entry set state = $1, said = $2, forced = $3, number = $4 where district = $5 and id = $6";
    tx.exec(sql, &args![stands.code(), said, entry.forced, &entry.number, entry.district, entry.id]).map(|_| ())
}

/// Where an entry belongs, and its place in the order of the entries there.
///
/// # Errors
/// The store failed.
pub fn set_place(tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
    let sql =
        "update grid_field_entry set about = $1, path = $2, number = $3, place = $4 where district = $5 and id = $6";
    let values = args![entry.about, &entry.path, &entry.number, entry.place, entry.district, entry.id];
    tx.exec(sql, &values).map(|_| ())
}

/// Adds a step to the history of an entry.
///
/// # Errors
/// The store failed.
pub fn add_step(tx: &mut dyn Tx, entry: &Entry, deed: &str, name: &str, day: Date) -> Result<(), StoreError> {
    let sql = "insert into grid_field_step (district, entry, step, deed, name, day) \
               select $1, $2, coalesce(max(step), 0) + 1, $3, $4, $5 from grid_field_step \
               where district = $1 and entry = $2";
    tx.exec(sql, &args![entry.district, entry.id, deed, name, day]).map(|_| ())
}

/// The history of an entry, the first step first.
///
/// # Errors
/// The store failed.
pub fn steps(tx: &mut dyn Tx, entry: &Entry) -> Result<Vec<Step>, StoreError> {
    let sql = "select deed, name, day from grid_field_step where district = $1 and entry = $2 order by step limit $3";
    all(tx, sql, &args![entry.district, entry.id, STEPS])
}

record! {
    /// A step in the history of one of several entries.
    struct StepOf {
        district: PlaceId,
        entry: Uuid,
        deed: String,
        name: String,
        day: Date,
    }
}

/// The histories of some entries by district and identity, the first steps first.
///
/// # Errors
/// The store failed.
pub fn steps_of(
    tx: &mut dyn Tx,
    entries: &[(PlaceId, Uuid)],
) -> Result<BTreeMap<(PlaceId, Uuid), Vec<Step>>, StoreError> {
    let rows = store::several::<StepOf>(tx, entries, |marks| {
        format!(
            "select district, entry, deed, name, day from grid_field_step \
             where district = $1 and entry in ({marks}) order by entry, step"
        )
    })?;
    let mut found: BTreeMap<(PlaceId, Uuid), Vec<Step>> = BTreeMap::new();
    for StepOf { district, entry, deed, name, day } in rows {
        found.entry((district, entry)).or_default().push(Step { deed, name, day });
    }
    Ok(found)
}

/// Forgets the entry that was sealed under a record, with its photos and its history.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    for (table, key) in [("grid_field_piece", "entry"), ("grid_field_photo", "entry"), ("grid_field_step", "entry")] {
        let sql = format!(
            "delete from {table} where district = $1 and {key} in \
             (select id from grid_field_entry where district = $1 and record = $2)"
        );
        tx.exec(&sql, &args![district, record])?;
    }
    tx.exec("delete from grid_field_entry where district = $1 and record = $2", &args![district, record]).map(|_| ())
}

#[cfg(test)]
mod tests {
    /// The tables of the field have no column for where somebody was or at which hour: what she did between two tasks
    /// is nobody's business. The one place that is kept is that of a report, which is the thing that was reported.
    #[test]
    fn no_table_of_the_field_holds_a_position_or_an_hour() {
        let sql = include_str!("../../migrations/0007_field.sql");
        let tables: Vec<&str> = sql.split("create table ").skip(1).collect();
        assert_eq!(tables.len(), 6);
        for table in tables {
            let (name, rest) = table.split_once(" (").unwrap();
            let body = rest.split(") {strict}").next().unwrap();
            for column in body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("primary")) {
                let column = column.split(' ').next().unwrap();
                let place =
                    ["x", "y", "lat", "lon", "point", "position", "accuracy", "speed", "track"].contains(&column);
                let hour = column == "at" || column.ends_with("_at") || ["time", "minute", "hour"].contains(&column);
                assert!(!place && !hour, "{name}.{column}");
            }
        }
    }
}
