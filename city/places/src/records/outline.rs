//! This file keeps outlines of places as somebody drew them.

use std::collections::BTreeMap;

use kernel::earth::Point;
use kernel::place::PlaceId;
use store::{StoreError, Tx, Val, all, args, record};

use super::{PLACES_LIMIT, insert};
use crate::rules::geography::{Ring, Rings};

record! {
    struct Row {
        place: PlaceId,
        rings: String,
    }
}

/// Puts the outlines of some places in place of those that they had. Each has one area or more.
///
/// # Errors
/// The store failed.
pub fn lay(tx: &mut dyn Tx, outlines: &BTreeMap<PlaceId, Vec<Rings>>) -> Result<(), StoreError> {
    let mut rows: Vec<Vec<Val>> = Vec::new();
    for (place, areas) in outlines {
        tx.exec("delete from places_outline where place = $1", &args![*place])?;
        for (area, part) in areas.iter().zip(1_i64..) {
            rows.push(args![*place, part, written(area)].to_vec());
        }
    }
    insert(tx, "places_outline", "place, part, rings", &rows)?;
    touched(tx)
}

/// Takes all outlines away and returns how many places had one.
///
/// # Errors
/// The store failed.
pub fn clear(tx: &mut dyn Tx) -> Result<i64, StoreError> {
    let had = store::scalar(tx, "select count(distinct place) from places_outline", &[])?.unwrap_or(0);
    tx.exec("delete from places_outline", &[])?;
    touched(tx)?;
    Ok(had)
}

/// Says that outlines changed, so that whoever holds the geography in memory reads it again.
fn touched(tx: &mut dyn Tx) -> Result<(), StoreError> {
    tx.exec("update places_geography set outlined = outlined + 1 where id = 1", &[]).map(drop)
}

/// Reads the outlines of all places that have one.
///
/// # Errors
/// The store failed, or an outline in it cannot be read.
pub fn load(tx: &mut dyn Tx) -> Result<BTreeMap<PlaceId, Vec<Rings>>, StoreError> {
    let sql = "select place, rings from places_outline order by place, part limit $1";
    let mut outlines: BTreeMap<PlaceId, Vec<Rings>> = BTreeMap::new();
    for row in all::<Row>(tx, sql, &args![PLACES_LIMIT])? {
        let rings = read(&row.rings).ok_or_else(|| StoreError::data("an outline of a place cannot be read"))?;
        outlines.entry(row.place).or_default().push(rings);
    }
    Ok(outlines)
}

fn written(area: &Rings) -> String {
    let ring = |ring: &Ring| ring.iter().map(|corner| String::from(*corner)).collect::<Vec<_>>().join(" ");
    area.iter().map(ring).collect::<Vec<_>>().join(";")
}

fn read(text: &str) -> Option<Rings> {
    text.split(';').map(|ring| ring.split(' ').map(Point::parse).collect::<Option<Ring>>()).collect()
}
