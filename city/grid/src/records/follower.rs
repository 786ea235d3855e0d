//! Remembers who met with the same thing and hears the news; each is known by a sealed record of her own alone.

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, record};
use uuid::Uuid;

/// The most that are read of one report; the rulebook lets fewer join.
pub const MOST: i64 = 1_000;

record! {
    /// Somebody who hears the news of a report.
    pub struct Follower {
        /// The district that keeps the case.
        pub district: PlaceId,
        /// The case.
        pub case_id: Uuid,
        /// Her sealed record.
        pub record: Uuid,
        /// The district that keeps her record.
        pub keeper: PlaceId,
        /// The digest of her code; none for whoever reported a duplicate and follows with the code of her receipt.
        pub digest: Option<Vec<u8>>,
        /// When she joined.
        pub at: Instant,
    }
}

const COLUMNS: &str = "district, case_id, record, keeper, digest, at";

/// Adds somebody. Whoever is there already stays as she is.
///
/// # Errors
/// The store failed.
pub fn add(tx: &mut dyn Tx, follower: &Follower) -> Result<(), StoreError> {
    let sql = format!(
        "insert into grid_follower ({COLUMNS}) values ($1, $2, $3, $4, $5, $6) \
         on conflict (district, case_id, record) do nothing"
    );
    let Follower { district, case_id, record, keeper, digest, at } = follower;
    tx.exec(&sql, &args![*district, *case_id, *record, *keeper, digest.clone(), *at]).map(drop)
}

/// Those who hear the news of a report, in the order in which they joined.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Vec<Follower>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from grid_follower where district = $1 and case_id = $2 order by at, record limit $3"
    );
    all(tx, &sql, &args![district, case_id, MOST])
}

/// The reports of which somebody hears, the newest last.
///
/// # Errors
/// The store failed.
pub fn of_record(tx: &mut dyn Tx, keeper: PlaceId, record: Uuid) -> Result<Vec<Follower>, StoreError> {
    // asks all districts: her record lies in the district where she joined, and reports keep theirs when places move
    let sql =
        format!("select {COLUMNS} from grid_follower where keeper = $1 and record = $2 order by at, case_id limit $3");
    all(tx, &sql, &args![keeper, record, MOST])
}

/// Forgets somebody whose record was erased.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, keeper: PlaceId, record: Uuid) -> Result<(), StoreError> {
    // asks all districts: her record lies in the district where she joined, and reports keep theirs when places move
    tx.exec("delete from grid_follower where keeper = $1 and record = $2", &args![keeper, record]).map(drop)
}
