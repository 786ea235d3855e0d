//! This file reads places as they are today, and as they were on any day that an edition tells of.

use super::PLACES_LIMIT;
use crate::rules::{naming::english, tree::Tree};
use crate::words::{Kind, Place};
use kernel::{
    language::Bilingual,
    place::{PlaceId, PlacePath},
    time::Date,
};
use std::collections::BTreeMap;
use store::{StoreError, Tx, all, args, record, scalar};

record! {
    /// A row of today's places.
    struct Stored {
        id: PlaceId,
        kind: String,
        name: String,
        code: String,
        parent: Option<PlaceId>,
        path: PlacePath,
    }
}

record! {
    /// A place on a day: its name and code on that day, and what it lay in.
    struct Then {
        id: PlaceId,
        kind: String,
        name: String,
        code: String,
        parent: Option<PlaceId>,
    }
}

fn kind(code: &str) -> Result<Kind, StoreError> {
    Kind::parse(code).ok_or_else(|| StoreError::Data { message: format!("{code:?} is no kind of place") })
}

/// Reads today's tree.
pub fn tree(tx: &mut dyn Tx) -> Result<Tree, StoreError> {
    let sql = "select id, kind, name, code, parent, path from places_place where alive_to is null order by id limit $1";
    let mut places = Vec::new();
    for row in all::<Stored>(tx, sql, &args![PLACES_LIMIT])? {
        let kind = kind(&row.kind)?;
        let name = Bilingual { en: english(&row.name, kind), zh: row.name };
        places.push(Place {
            id: row.id,
            level: kind.level(),
            kind,
            name,
            path: row.path,
            code: row.code,
            parent: row.parent,
        });
    }
    Ok(Tree::new(places, same_as(tx)?))
}

record! {
    struct Same {
        id: PlaceId,
        same_as: PlaceId,
    }
}

fn same_as(tx: &mut dyn Tx) -> Result<BTreeMap<PlaceId, PlaceId>, StoreError> {
    let sql = "select id, same_as from places_place where same_as is not null order by id limit $1";
    Ok(all::<Same>(tx, sql, &args![PLACES_LIMIT])?.into_iter().map(|row| (row.id, row.same_as)).collect())
}

/// Reads the tree of a day: the places that lived, with the names, codes and parents of that day. It is empty before
/// the first edition.
pub fn tree_at(tx: &mut dyn Tx, on: Date) -> Result<Tree, StoreError> {
    let sql = "select p.id, c.kind, n.name, c.code, up.parent from places_place p \
               join places_name n on n.place = p.id and n.valid_from <= $1 and (n.valid_to is null or n.valid_to > $1) \
               join places_code c on c.place = p.id and c.valid_from <= $1 and (c.valid_to is null or c.valid_to > $1) \
               left join places_parent up on up.place = p.id and up.valid_from <= $1 and (up.valid_to is null or up.valid_to > $1) \
               order by p.id limit $2";
    let rows: Vec<Then> = all(tx, sql, &args![on, PLACES_LIMIT])?;
    let parents: BTreeMap<PlaceId, Option<PlaceId>> = rows.iter().map(|row| (row.id, row.parent)).collect();
    let mut places = Vec::new();
    for row in rows {
        let kind = kind(&row.kind)?;
        let name = Bilingual { en: english(&row.name, kind), zh: row.name };
        let Some(path) = path_of(row.id, &parents) else { continue };
        places.push(Place { id: row.id, level: kind.level(), kind, name, path, code: row.code, parent: row.parent });
    }
    Ok(Tree::new(places, same_as(tx)?))
}

/// Returns the path along the parents of a day, or nothing if one of them did not live.
fn path_of(id: PlaceId, parents: &BTreeMap<PlaceId, Option<PlaceId>>) -> Option<PlacePath> {
    let mut ids = vec![id];
    let mut parent = *parents.get(&id)?;
    while let Some(above) = parent.filter(|_| ids.len() < 8) {
        ids.push(above);
        parent = *parents.get(&above)?;
    }
    let mut ids = ids.into_iter().rev();
    let root = PlacePath::root(ids.next()?);
    Some(ids.fold(root, |path, id| path.child(id)))
}

/// Returns a place as it was on a day, or nothing if it did not live then.
pub fn place_at(tx: &mut dyn Tx, id: PlaceId, on: Date) -> Result<Option<Place>, StoreError> {
    let mut chain: BTreeMap<PlaceId, Option<PlaceId>> = BTreeMap::new();
    let Some(row) = then(tx, id, on)? else { return Ok(None) };
    let mut next = Some((row.id, row.parent));
    while let Some((place, parent)) = next.filter(|_| chain.len() < 8) {
        chain.insert(place, parent);
        next = match parent {
            Some(above) => then(tx, above, on)?.map(|row| (row.id, row.parent)),
            None => None,
        };
    }
    let Some(path) = path_of(id, &chain) else { return Ok(None) };
    let kind = kind(&row.kind)?;
    let name = Bilingual { en: english(&row.name, kind), zh: row.name };
    Ok(Some(Place { id, level: kind.level(), kind, name, path, code: row.code, parent: row.parent }))
}

const THEN: &str = "select p.id, c.kind, n.name, c.code, up.parent from places_place p \
    join places_name n on n.place = p.id and n.valid_from <= $2 and (n.valid_to is null or n.valid_to > $2) \
    join places_code c on c.place = p.id and c.valid_from <= $2 and (c.valid_to is null or c.valid_to > $2) \
    left join places_parent up on up.place = p.id and up.valid_from <= $2 and (up.valid_to is null or up.valid_to > $2)";

fn then(tx: &mut dyn Tx, id: PlaceId, on: Date) -> Result<Option<Then>, StoreError> {
    store::one(tx, &format!("{THEN} where p.id = $1 limit 1"), &args![id, on])
}

/// Returns the places directly below another on a day, by code.
pub fn children_at(tx: &mut dyn Tx, parent: PlaceId, on: Date) -> Result<Vec<Place>, StoreError> {
    let Some(above) = place_at(tx, parent, on)? else { return Ok(Vec::new()) };
    let sql = format!("{THEN} where up.parent = $1 order by c.code limit $3");
    let mut places = Vec::new();
    for row in all::<Then>(tx, &sql, &args![parent, on, PLACES_LIMIT])? {
        let kind = kind(&row.kind)?;
        let name = Bilingual { en: english(&row.name, kind), zh: row.name };
        let path = above.path.child(row.id);
        places.push(Place { id: row.id, level: kind.level(), kind, name, path, code: row.code, parent: row.parent });
    }
    Ok(places)
}

/// Returns the place that a code meant on a day. The same code may have meant another place on another day.
pub fn by_code_at(tx: &mut dyn Tx, system: &str, code: &str, on: Date) -> Result<Option<PlaceId>, StoreError> {
    let sql = "select place from places_code where system = $1 and code = $2 and valid_from <= $3 \
               and (valid_to is null or valid_to > $3) limit 1";
    scalar(tx, sql, &args![system, code, on])
}
