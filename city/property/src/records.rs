//! Remembers the entries; the only SQL of the department.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, record};
use uuid::Uuid;

record! {
    /// An entry. Its fields stand in the order of [`COLUMNS`].
    pub struct Entry {
        /// The district that keeps it, also after its community was moved to another one.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community where it is.
        pub path: PlacePath,
        /// What it is called there.
        pub name: String,
        /// Who entered it.
        pub noted_name: String,
        /// When it was entered.
        pub noted_at: Instant,
    }
}

const COLUMNS: &str = "district, id, path, name, noted_name, noted_at";

/// Adds an entry. It adds nothing and returns false if its community has one of that name.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, entry: &Entry) -> Result<bool, StoreError> {
    let sql = "insert into property_entry (district, id, path, name, noted_name, noted_at) \
               values ($1, $2, $3, $4, $5, $6) on conflict (district, path, name) do nothing";
    let values = args![entry.district, entry.id, &entry.path, &entry.name, &entry.noted_name, entry.noted_at];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Reads the entries of a place and of everything inside it, by place and name, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Entry>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql =
        format!("select {COLUMNS} from property_entry where path >= $1 and path < $2 order by path, name, id limit $3");
    all(tx, &sql, &args![low, high, limit])
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "property_entry", "path", from, to)
}
