//! Remembers the photos that wait in trays and those of reports; their bytes lie sealed on the shelf.

use std::collections::BTreeMap;

use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record};
use uuid::Uuid;

use crate::words::{Shows, Waiting};

/// The most photos that one tray or one report has.
pub const MOST: i64 = 50;
/// The most photos that a report has once somebody who joins it adds hers: the others are kept for those of the work.
pub const MOST_BY_JOINING: i64 = 30;

record! {
    /// A photo of a report.
    pub struct Photo {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its case.
        pub case_id: Uuid,
        /// The sealed record of whoever reported or joined the report, or one of its own.
        pub record: Uuid,
        /// The slip that opens it, sealed under that record.
        pub slip: Vec<u8>,
        /// The digest under which it lies on the shelf.
        pub digest: String,
        /// Its width in pixels.
        pub width: i64,
        /// Its height in pixels.
        pub height: i64,
        /// Its bytes before it was sealed.
        pub bytes: i64,
        /// When it was added.
        pub at: Instant,
        /// When a worker released it to the public.
        pub released_at: Option<Instant>,
        /// The name of that worker.
        pub released_by: Option<String>,
        /// The name of the worker who added it; none where it came with the report.
        pub added_by: Option<String>,
        /// What tells the picture from others; none where it came before this was kept.
        pub picture: Option<String>,
        /// What it shows: a code of [`Shows`]; none where nobody said it.
        pub shows: Option<String>,
    }
}

impl Photo {
    /// What it shows, as far as that was said.
    #[must_use]
    pub fn said(&self) -> Option<Shows> {
        self.shows.as_deref().and_then(Shows::parse)
    }

    /// Whether somebody sent it in herself, whose sealed record that is.
    #[must_use]
    pub fn is_of(&self, record: Uuid) -> bool {
        self.added_by.is_none() && self.record == record
    }
}

record! {
    /// A photo in a tray.
    pub struct Tray {
        /// Its identity.
        pub id: Uuid,
        /// The digest under which it lies on the shelf.
        pub digest: String,
        /// Its width in pixels.
        pub width: i64,
        /// Its height in pixels.
        pub height: i64,
        /// Its bytes before it was sealed.
        pub bytes: i64,
        /// What tells the picture from others; none where it came before this was kept.
        pub picture: Option<String>,
        /// The same picture, small and sealed; none where it came before this was kept.
        pub small: Option<Vec<u8>>,
    }
}

/// To which report photos come, and under what they are sealed.
pub struct Comes {
    /// The district that keeps the case.
    pub district: PlaceId,
    /// The case.
    pub case_id: Uuid,
    /// The sealed record under which they lie.
    pub record: Uuid,
    /// The slip that opens them, sealed under that record.
    pub slip: Vec<u8>,
    /// When they come.
    pub at: Instant,
    /// The name of the worker who adds them; none if they come with the report.
    pub added_by: Option<String>,
}

/// Adds photos that lie on the shelf to a report, each with what it shows, as far as that was said. Nobody released
/// them yet.
///
/// # Errors
/// The store failed.
pub fn add_all(
    tx: &mut dyn Tx,
    comes: &Comes,
    laid: impl IntoIterator<Item = (Waiting, Option<Shows>)>,
) -> Result<(), StoreError> {
    laid.into_iter().try_for_each(|(one, shows)| {
        let photo = Photo {
            district: comes.district,
            id: one.id,
            case_id: comes.case_id,
            record: comes.record,
            slip: comes.slip.clone(),
            digest: one.digest,
            width: one.width,
            height: one.height,
            bytes: one.bytes,
            at: comes.at,
            released_at: None,
            released_by: None,
            added_by: comes.added_by.clone(),
            picture: one.picture,
            shows: shows.map(|shows| shows.code().to_owned()),
        };
        add(tx, &photo)
    })
}

const COLUMNS: &str = "district, id, case_id, record, slip, digest, width, height, bytes, at, released_at, released_by, \
                       added_by, picture, shows";

/// Puts a photo into the tray of a slip. The same picture twice is one.
///
/// # Errors
/// The store failed.
pub fn put(tx: &mut dyn Tx, slip: &str, photo: &Waiting, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into grid_tray (slip, id, digest, width, height, bytes, at, picture, small) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (slip, id) do nothing";
    let values = args![
        slip,
        photo.id,
        &photo.digest,
        photo.width,
        photo.height,
        photo.bytes,
        now,
        &photo.picture,
        photo.small.clone()
    ];
    tx.exec(sql, &values).map(drop)
}

/// The photos in the tray of a slip.
///
/// # Errors
/// The store failed.
pub fn in_tray(tx: &mut dyn Tx, slip: &str) -> Result<Vec<Waiting>, StoreError> {
    let sql = "select id, digest, width, height, bytes, picture, small from grid_tray \
               where slip = $1 order by at, id limit $2";
    let found: Vec<Tray> = all(tx, sql, &args![slip, MOST])?;
    let waiting = |one: Tray| {
        let Tray { id, digest, width, height, bytes, picture, small } = one;
        Waiting { id, digest, width, height, bytes, picture, small }
    };
    Ok(found.into_iter().map(waiting).collect())
}

/// Empties the tray of a slip.
///
/// # Errors
/// The store failed.
pub fn empty_tray(tx: &mut dyn Tx, slip: &str) -> Result<(), StoreError> {
    tx.exec("delete from grid_tray where slip = $1", &args![slip]).map(drop)
}

fn add(tx: &mut dyn Tx, photo: &Photo) -> Result<(), StoreError> {
    let sql = format!(
        "insert into grid_photo ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
         $15) on conflict (district, id) do nothing"
    );
    let values = args![
        photo.district,
        photo.id,
        photo.case_id,
        photo.record,
        photo.slip.clone(),
        &photo.digest,
        photo.width,
        photo.height,
        photo.bytes,
        photo.at,
        photo.released_at,
        &photo.released_by,
        &photo.added_by,
        &photo.picture,
        &photo.shows
    ];
    tx.exec(&sql, &values).map(drop)
}

/// The photos of a report, the oldest first.
///
/// # Errors
/// The store failed.
pub fn of_case(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Vec<Photo>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_photo where district = $1 and case_id = $2 order by at, id limit $3");
    all(tx, &sql, &args![district, case_id, MOST])
}

/// What tells the pictures of a report apart that lie under a record; none at all where no photo lies there.
///
/// # Errors
/// The store failed.
pub fn pictures(
    tx: &mut dyn Tx,
    district: PlaceId,
    case_id: Uuid,
    record: Uuid,
) -> Result<Vec<Option<String>>, StoreError> {
    let sql = "select picture from grid_photo where district = $1 and case_id = $2 and record = $3 limit $4";
    tx.rows(sql, &args![district, case_id, record, MOST])?.iter().map(|row| row.get(0)).collect()
}

/// The records under which photos of the work lie, each once.
///
/// # Errors
/// The store failed.
pub fn own_records(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<Vec<Uuid>, StoreError> {
    let sql = "select distinct record from grid_photo where district = $1 and case_id = $2 and added_by is not null";
    tx.rows(sql, &args![district, case_id])?.iter().map(|row| row.get(0)).collect()
}

/// How many photos a report has.
///
/// # Errors
/// The store failed.
pub fn count(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid) -> Result<i64, StoreError> {
    let sql = "select count(*) from grid_photo where district = $1 and case_id = $2";
    Ok(store::scalar(tx, sql, &args![district, case_id])?.unwrap_or(0))
}

record! {
    struct Counted {
        case_id: Uuid,
        photos: i64,
    }
}

/// How many photos each of some reports has; reports without any are left out.
///
/// # Errors
/// The store failed.
pub fn counts(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<BTreeMap<Uuid, i64>, StoreError> {
    let rows: Vec<Counted> = store::several(tx, cases, |marks| {
        format!(
            "select case_id, count(*) as photos from grid_photo where district = $1 and case_id in ({marks}) \
             group by case_id"
        )
    })?;
    Ok(rows.into_iter().map(|row| (row.case_id, row.photos)).collect())
}

/// How many photos of the work a report has: those that workers and units added from a moment on, but for those of
/// which they said that they show something else. The same picture is one, however often it was added, and one that was
/// there before that moment shows nothing new.
///
/// # Errors
/// The store failed.
pub fn count_since(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, since: Instant) -> Result<i64, StoreError> {
    let sql = "select count(distinct coalesce(picture, digest)) from grid_photo \
               where district = $1 and case_id = $2 and added_by is not null and at >= $3 \
               and coalesce(shows, $4) = $4 \
               and not exists (select 1 from grid_photo as earlier where earlier.district = $1 \
               and earlier.case_id = $2 and earlier.at < $3 and earlier.picture = grid_photo.picture)";
    Ok(store::scalar(tx, sql, &args![district, case_id, since, Shows::After.code()])?.unwrap_or(0))
}

/// Whether a report has a photo of what it was like before the work that began at a moment: one that was there before
/// that moment, such as what came with it, or one of which whoever added it said that it shows no work. Of a photo that
/// somebody sent who joined it later nobody knows.
///
/// # Errors
/// The store failed.
pub fn has_before(tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, since: Instant) -> Result<bool, StoreError> {
    let sql = "select count(*) from grid_photo where district = $1 and case_id = $2 \
               and (added_by is null and at <= $3 or at < $3 or coalesce(shows, $4) <> $4)";
    let count = store::scalar::<i64>(tx, sql, &args![district, case_id, since, Shows::After.code()])?;
    Ok(count.unwrap_or(0) > 0)
}

/// One photo.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Photo>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_photo where district = $1 and id = $2");
    one(tx, &sql, &args![district, id])
}

/// The released photos of some reports.
///
/// # Errors
/// The store failed.
pub fn released(tx: &mut dyn Tx, cases: &[(PlaceId, Uuid)]) -> Result<Vec<Photo>, StoreError> {
    store::several(tx, cases, |marks| {
        format!(
            "select {COLUMNS} from grid_photo where district = $1 and case_id in ({marks}) and released_at is not null"
        )
    })
}

/// Releases a photo to the public, or takes it back.
///
/// # Errors
/// The store failed.
pub fn release(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    at: Option<Instant>,
    by: Option<&str>,
) -> Result<(), StoreError> {
    let sql = "update grid_photo set released_at = $1, released_by = $2 where district = $3 and id = $4";
    tx.exec(sql, &args![at, by.map(str::to_owned), district, id]).map(drop)
}

/// Keeps that somebody has looked at a photo.
///
/// # Errors
/// The store failed.
pub fn looked(tx: &mut dyn Tx, district: PlaceId, id: Uuid, account: Uuid) -> Result<(), StoreError> {
    let sql = "insert into grid_photo_look (district, photo, account) values ($1, $2, $3) on conflict do nothing";
    tx.exec(sql, &args![district, id, account]).map(drop)
}

/// Whether somebody has looked at a photo.
///
/// # Errors
/// The store failed.
pub fn was_looked_at(tx: &mut dyn Tx, district: PlaceId, id: Uuid, account: Uuid) -> Result<bool, StoreError> {
    let sql = "select count(*) from grid_photo_look where district = $1 and photo = $2 and account = $3";
    Ok(store::scalar::<i64>(tx, sql, &args![district, id, account])?.unwrap_or(0) > 0)
}

/// Whether a file on the shelf is a photo of ours.
///
/// # Errors
/// The store failed.
pub fn is_needed(tx: &mut dyn Tx, digest: &str) -> Result<bool, StoreError> {
    // asks all districts: the shelf knows files by what they hold alone
    let sql = "select (select count(*) from grid_photo where digest = $1) \
               + (select count(*) from grid_tray where digest = $1)";
    Ok(store::scalar::<i64>(tx, sql, &args![digest])?.unwrap_or(0) > 0)
}

/// The digests of our photos that come after one: the first `limit` of reports, and as many of trays.
///
/// # Errors
/// The store failed.
pub fn digests(tx: &mut dyn Tx, after: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for table in ["grid_photo", "grid_tray"] {
        // asks all districts: the shelf knows files by what they hold alone
        let sql = format!("select distinct digest from {table} where digest > $1 order by digest limit $2");
        for row in &tx.rows(&sql, &args![after, limit])? {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

/// Forgets the photos of an erased record; the night takes their bytes from the shelf.
///
/// # Errors
/// The store failed.
pub fn forget(tx: &mut dyn Tx, district: PlaceId, record: Uuid) -> Result<(), StoreError> {
    let looks = "delete from grid_photo_look where district = $1 and photo in \
                 (select id from grid_photo where district = $1 and record = $2)";
    tx.exec(looks, &args![district, record])?;
    tx.exec("delete from grid_photo where district = $1 and record = $2", &args![district, record]).map(drop)
}
