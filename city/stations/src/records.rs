//! This file keeps stations. It holds the only SQL of the department.

use kernel::place::PlacePath;
use kernel::time::Instant;
use store::{StoreError, Tx, all, args, one, record, scalar};

use crate::words::Services;

record! {
    /// A station. Columns in the order of [`COLUMNS`].
    pub struct Station {
        /// Identity.
        pub id: i64,
        /// Its community.
        pub path: PlacePath,
        /// The compound at whose entrance it is. None if it is not on the map.
        pub compound: Option<i64>,
        /// Its name in Chinese.
        pub name_zh: String,
        /// Its name in English. It may be empty.
        pub name_en: String,
        /// Street and house.
        pub address: String,
        /// Telephone.
        pub telephone: String,
        /// Opening hours in Chinese, one part a line.
        pub hours: String,
        /// What it offers.
        pub services: Services,
        /// Its rooms, one a line.
        pub rooms: String,
        /// False when it is closed for good.
        pub open: bool,
    }
}

const COLUMNS: &str = "id, path, compound, name_zh, name_en, address, telephone, hours, services, rooms, open";

impl Station {
    /// Returns its name in a language, or the Chinese name where there is no other.
    #[must_use]
    pub fn name(&self, lang: kernel::language::Lang) -> &str {
        let en = if self.name_en.is_empty() { &self.name_zh } else { &self.name_en };
        lang.pick(self.name_zh.as_str(), en.as_str())
    }
}

/// Returns the next identity.
pub fn next_id(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let sql = "insert into stations_sequence (name, last) values ('station', 1) \
               on conflict (name) do update set last = stations_sequence.last + 1 returning last";
    scalar(tx, sql, &[])?.ok_or_else(|| StoreError::data("stations_sequence gave no number"))
}

/// Writes a station, or what changed of it.
pub fn put(tx: &mut dyn Tx, station: &Station, by: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "insert into stations_station (id, path, compound, name_zh, name_en, address, telephone, hours, services, rooms, open, \
               changed_name, changed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
               on conflict (id) do update set path = excluded.path, compound = excluded.compound, name_zh = excluded.name_zh, \
               name_en = excluded.name_en, address = excluded.address, telephone = excluded.telephone, hours = excluded.hours, \
               services = excluded.services, rooms = excluded.rooms, open = excluded.open, changed_name = excluded.changed_name, \
               changed_at = excluded.changed_at";
    let values = args![
        station.id,
        &station.path,
        station.compound,
        &station.name_zh,
        &station.name_en,
        &station.address,
        &station.telephone,
        &station.hours,
        station.services.to_string(),
        &station.rooms,
        station.open,
        by,
        now
    ];
    tx.exec(sql, &values).map(drop)
}

/// Returns a station.
pub fn find(tx: &mut dyn Tx, id: i64) -> Result<Option<Station>, StoreError> {
    let sql = format!("select {COLUMNS} from stations_station where id = $1{}", tx.lock_rows());
    one(tx, &sql, &args![id])
}

/// Returns the stations of a place or inside it, also closed ones, by place, at most `limit`.
pub fn inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Station>, StoreError> {
    let (low, high) = place.range();
    let sql =
        format!("select {COLUMNS} from stations_station where path >= $1 and path < $2 order by path, id limit $3");
    all(tx, &sql, &args![low, high, limit])
}

/// Returns every station that is not closed for good, at most `limit`.
pub fn open(tx: &mut dyn Tx, limit: i64) -> Result<Vec<Station>, StoreError> {
    all(tx, &format!("select {COLUMNS} from stations_station where open = 1 order by id limit $1"), &args![limit])
}

/// The stations of a place or inside it that are not closed for good, by place; at most `limit`.
pub fn open_inside(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Station>, StoreError> {
    let (low, high) = place.range();
    let sql = format!(
        "select {COLUMNS} from stations_station where open = 1 and path >= $1 and path < $2 order by path, id limit $3"
    );
    all(tx, &sql, &args![low, high, limit])
}

/// How many stations in these places are not closed for good. No place lies in another.
pub fn count_open(tx: &mut dyn Tx, places: &[PlacePath]) -> Result<i64, StoreError> {
    let mut open = 0;
    for place in places {
        let (low, high) = place.range();
        let sql = "select count(*) from stations_station where open = 1 and path >= $1 and path < $2";
        open += scalar::<i64>(tx, sql, &args![low, high])?.unwrap_or(0);
    }
    Ok(open)
}

/// The open stations whose names hold the words, in capitals or small letters, at most `limit`; none for words of one
/// letter.
pub fn named(tx: &mut dyn Tx, words: &str, limit: i64) -> Result<Vec<Station>, StoreError> {
    let plain: String = words.chars().filter(|letter| !matches!(letter, '%' | '_' | '\\')).collect();
    if plain.trim().chars().count() < 2 {
        return Ok(Vec::new());
    }
    let pattern = format!("%{}%", plain.trim());
    let sql = format!(
        "select {COLUMNS} from stations_station where open = 1 and (name_zh like $1 or lower(name_en) like lower($2)) order by id limit $3"
    );
    all(tx, &sql, &args![&pattern, &pattern, limit])
}

/// Brings the paths inside a place that moved to where it lies now.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "stations_station", "path", from, to)
}
