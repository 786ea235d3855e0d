//! Remembers the photos that come in pieces, each piece sealed under the record of its entry.

use std::collections::BTreeMap;

use kernel::place::PlaceId;
use store::{StoreError, Tx, all, args, record};
use uuid::Uuid;

use crate::words::field::{Photo, Piece, SentPhoto};

/// The most photos and pieces that are read at once.
const MOST: i64 = 1_000;

/// Adds the photos that an entry says it has.
///
/// # Errors
/// The store failed.
pub fn expect(tx: &mut dyn Tx, district: PlaceId, entry: Uuid, photos: &[SentPhoto]) -> Result<(), StoreError> {
    let sql = "insert into grid_field_photo (district, entry, id, place, bytes, there, digest, whole) \
               values ($1, $2, $3, $4, $5, 0, $6, 0)";
    for (photo, place) in photos.iter().zip(1_i64..) {
        tx.exec(sql, &args![district, entry, photo.id, place, photo.bytes, &photo.digest])?;
    }
    Ok(())
}

/// The photos of an entry in their order.
///
/// # Errors
/// The store failed.
pub fn of_entry(tx: &mut dyn Tx, district: PlaceId, entry: Uuid) -> Result<Vec<Photo>, StoreError> {
    let sql = "select id, place, bytes, there, digest, whole from grid_field_photo \
               where district = $1 and entry = $2 order by place limit $3";
    all(tx, sql, &args![district, entry, MOST])
}

record! {
    /// A photo of one of several entries.
    struct PhotoOf {
        district: PlaceId,
        entry: Uuid,
        id: Uuid,
        place: i64,
        bytes: i64,
        there: i64,
        digest: String,
        whole: bool,
    }
}

/// The photos of some entries by district and identity, in their order.
///
/// # Errors
/// The store failed.
pub fn of_entries(
    tx: &mut dyn Tx,
    entries: &[(PlaceId, Uuid)],
) -> Result<BTreeMap<(PlaceId, Uuid), Vec<Photo>>, StoreError> {
    let rows = store::several::<PhotoOf>(tx, entries, |marks| {
        format!(
            "select district, entry, id, place, bytes, there, digest, whole from grid_field_photo \
             where district = $1 and entry in ({marks}) order by entry, place"
        )
    })?;
    let mut found: BTreeMap<(PlaceId, Uuid), Vec<Photo>> = BTreeMap::new();
    for PhotoOf { district, entry, id, place, bytes, there, digest, whole } in rows {
        found.entry((district, entry)).or_default().push(Photo { id, place, bytes, there, digest, whole });
    }
    Ok(found)
}

/// Adds a piece, and notes how much is there from now on.
///
/// # Errors
/// The store failed.
pub fn add_piece(
    tx: &mut dyn Tx,
    district: PlaceId,
    entry: Uuid,
    photo: Uuid,
    piece: &Piece,
) -> Result<(), StoreError> {
    let sql = "insert into grid_field_piece (district, entry, photo, start, bytes, sealed) \
               values ($1, $2, $3, $4, $5, $6)";
    tx.exec(sql, &args![district, entry, photo, piece.start, piece.bytes, piece.sealed.clone()])?;
    let sql = "update grid_field_photo set there = $1 where district = $2 and entry = $3 and id = $4";
    tx.exec(sql, &args![piece.start + piece.bytes, district, entry, photo]).map(|_| ())
}

/// Takes photos of an entry away, with their pieces: its case has them, or nobody can read them.
///
/// # Errors
/// The store failed.
pub fn let_go(tx: &mut dyn Tx, district: PlaceId, entry: Uuid, photos: &[Uuid]) -> Result<(), StoreError> {
    let pieces = "delete from grid_field_piece where district = $1 and entry = $2 and photo = $3";
    let whole = "delete from grid_field_photo where district = $1 and entry = $2 and id = $3";
    for photo in photos {
        tx.exec(pieces, &args![district, entry, *photo])?;
        tx.exec(whole, &args![district, entry, *photo])?;
    }
    Ok(())
}

/// The pieces of a photo in their order.
///
/// # Errors
/// The store failed.
pub fn pieces(tx: &mut dyn Tx, district: PlaceId, entry: Uuid, photo: Uuid) -> Result<Vec<Piece>, StoreError> {
    let sql = "select start, bytes, sealed from grid_field_piece \
               where district = $1 and entry = $2 and photo = $3 order by start limit $4";
    all(tx, sql, &args![district, entry, photo, MOST])
}

/// A photo is whole, or has to come again from its beginning.
///
/// # Errors
/// The store failed.
pub fn set_whole(tx: &mut dyn Tx, district: PlaceId, entry: Uuid, photo: Uuid, whole: bool) -> Result<(), StoreError> {
    if whole {
        let sql = "update grid_field_photo set whole = 1 where district = $1 and entry = $2 and id = $3";
        return tx.exec(sql, &args![district, entry, photo]).map(|_| ());
    }
    let sql = "delete from grid_field_piece where district = $1 and entry = $2 and photo = $3";
    tx.exec(sql, &args![district, entry, photo])?;
    let sql = "update grid_field_photo set there = 0 where district = $1 and entry = $2 and id = $3";
    tx.exec(sql, &args![district, entry, photo]).map(|_| ())
}
