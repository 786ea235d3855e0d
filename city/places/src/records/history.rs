//! This file reads the history of a place: its names, codes, parents and changes. It also reads which editions were
//! imported.

use crate::words::{Certainty, Change, ChangeKind, Dated};
use kernel::{
    place::PlaceId,
    time::{Date, Instant},
};
use store::{StoreError, Tx, all, args, record};

record! {
    struct Told {
        what: String,
        from: Date,
        until: Option<Date>,
    }
}

/// Holds everything dated about a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Its names, the newest first.
    pub names: Vec<Dated>,
    /// Its codes.
    pub codes: Vec<Dated>,
    /// The names that its parents bear today or bore last.
    pub parents: Vec<Dated>,
    /// What happened to it, the newest first.
    pub changes: Vec<Change>,
}

const HISTORY_LIMIT: i64 = 200;

fn dated(tx: &mut dyn Tx, sql: &str, place: PlaceId) -> Result<Vec<Dated>, StoreError> {
    let rows: Vec<Told> = all(tx, sql, &args![place, HISTORY_LIMIT])?;
    Ok(rows.into_iter().map(|row| Dated { what: row.what, from: row.from, until: row.until }).collect())
}

/// Returns the history of a place, also of one that ended.
pub fn history(tx: &mut dyn Tx, place: PlaceId) -> Result<History, StoreError> {
    Ok(History {
        names: dated(
            tx,
            "select name, valid_from, valid_to from places_name where place = $1 order by valid_from desc limit $2",
            place,
        )?,
        codes: dated(
            tx,
            "select code, valid_from, valid_to from places_code where place = $1 order by valid_from desc, code limit $2",
            place,
        )?,
        parents: dated(
            tx,
            "select p.name, up.valid_from, up.valid_to from places_parent up join places_place p on p.id = up.parent \
             where up.place = $1 order by up.valid_from desc limit $2",
            place,
        )?,
        changes: changes(tx, place)?,
    })
}

record! {
    struct Changed {
        place: PlaceId,
        on: Date,
        kind: String,
        certainty: String,
        other: Option<PlaceId>,
        before: String,
        after: String,
    }
}

/// Returns what happened to a place, and what other places say of it (they merged into it or split from it).
fn changes(tx: &mut dyn Tx, place: PlaceId) -> Result<Vec<Change>, StoreError> {
    let sql = "select place, on_date, kind, certainty, other, before_text, after_text from places_change \
               where place = $1 or (other = $1 and kind in ('merged-into', 'split-from')) order by on_date desc, id desc limit $2";
    let rows: Vec<Changed> = all(tx, sql, &args![place, HISTORY_LIMIT])?;
    let change = |row: Changed| {
        let fault =
            || StoreError::Data { message: format!("{} / {} is no change of a place", row.kind, row.certainty) };
        Ok(Change {
            on: row.on,
            kind: ChangeKind::parse(&row.kind).ok_or_else(fault)?,
            certainty: Certainty::parse(&row.certainty).ok_or_else(fault)?,
            own: row.place == place,
            other: if row.place == place { row.other } else { Some(row.place) },
            before: row.before,
            after: row.after,
        })
    };
    rows.into_iter().map(change).collect()
}

record! {
    /// A place that bore a code on other days than today.
    pub struct Bore {
        /// The place.
        pub place: PlaceId,
        /// The first day on which it no longer bore the code.
        pub until: Date,
    }
}

/// Returns the places that bore a code and no longer do, the latest first.
pub fn bore(tx: &mut dyn Tx, code: &str) -> Result<Vec<Bore>, StoreError> {
    let sql = "select place, valid_to from places_code where code = $1 and valid_to is not null \
               order by valid_to desc, place limit $2";
    all(tx, sql, &args![code, HISTORY_LIMIT])
}

record! {
    /// An edition that was imported.
    pub struct Edition {
        /// The day it describes.
        pub on: Date,
        /// Where it comes from.
        pub source: String,
        /// How many rows it lists.
        pub listed: i64,
        /// The counts of the import as JSON.
        pub summary: String,
        /// When it was imported.
        pub imported_at: Instant,
    }
}

/// Returns the imported editions, the oldest first.
pub fn editions(tx: &mut dyn Tx) -> Result<Vec<Edition>, StoreError> {
    all(
        tx,
        "select on_date, source, listed, summary, imported_at from places_edition order by on_date limit $1",
        &args![HISTORY_LIMIT],
    )
}

record! {
    /// A place that no longer lives, as it is shown.
    pub struct Ended {
        /// Its identity.
        pub id: PlaceId,
        /// Its kind's code.
        pub kind: String,
        /// Its last name.
        pub name: String,
        /// Its last code.
        pub code: String,
        /// What it lay in last.
        pub parent: Option<PlaceId>,
        /// The first day on which it lived.
        pub alive_from: Date,
        /// The first day on which it was gone.
        pub alive_to: Option<Date>,
        /// The place that it turned out to be.
        pub same_as: Option<PlaceId>,
    }
}

/// Returns a place, whether it lives or has ended.
pub fn ever(tx: &mut dyn Tx, id: PlaceId) -> Result<Option<Ended>, StoreError> {
    let sql =
        "select id, kind, name, code, parent, alive_from, alive_to, same_as from places_place where id = $1 limit 1";
    store::one(tx, sql, &args![id])
}
