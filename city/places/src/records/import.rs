//! This file writes what an edition changed. It reads the state once, and writes everything new with few statements.

use super::{PLACES_LIMIT, insert, take, worker};
use crate::rules::{
    edition::Row,
    matching::Known,
    outcome::{Born, Gone, Kept, Open, Outcome},
};
use crate::words::{Certainty, ChangeKind, Kind, SYSTEM_GRID, SYSTEM_NBS};
use kernel::{
    place::{Level, PlaceId, PlacePath},
    time::{Date, Instant},
};
use std::collections::BTreeMap;
use store::{StoreError, Tx, Val, all, args, record, scalar};

record! {
    struct Alive {
        id: PlaceId,
        kind: String,
        code: String,
        name: String,
        parent: Option<PlaceId>,
        path: PlacePath,
    }
}

/// Holds what is known when an edition comes in.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// The living places down to communities.
    pub known: Vec<Known>,
    /// Where each living place lies, grids included.
    pub paths: BTreeMap<PlaceId, PlacePath>,
    /// Living grids and buildings, each with what it lies in, parents first.
    pub below: Vec<(PlaceId, PlaceId)>,
}

/// Reads the living places.
pub fn state(tx: &mut dyn Tx) -> Result<State, StoreError> {
    let sql = "select id, kind, code, name, parent, path from places_place where alive_to is null order by id limit $1";
    let mut state = State::default();
    for row in all::<Alive>(tx, sql, &args![PLACES_LIMIT])? {
        let level = Kind::parse(&row.kind).map_or(Level::Building, Kind::level);
        match (level, row.parent) {
            (Level::Grid | Level::Building, Some(parent)) => state.below.push((row.id, parent)),
            _ => state.known.push(Known { id: row.id, level, code: row.code, name: row.name, parent: row.parent }),
        }
        state.paths.insert(row.id, row.path);
    }
    Ok(state)
}

/// Returns the day of the newest edition that was imported.
pub fn newest(tx: &mut dyn Tx) -> Result<Option<Date>, StoreError> {
    scalar(tx, "select on_date from places_edition order by on_date desc limit 1", &[])
}

/// Notes that an edition was imported, with its counts as JSON.
pub fn note_edition(
    tx: &mut dyn Tx,
    on: Date,
    source: &str,
    listed: usize,
    summary: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let listed = i64::try_from(listed).unwrap_or(i64::MAX);
    let sql = "insert into places_edition (on_date, source, listed, summary, imported_at) values ($1, $2, $3, $4, $5)";
    tx.exec(sql, &args![on, source, listed, summary, now]).map(drop)
}

/// Writes an outcome as of a day. Returns who moved: identity, path before, path after.
pub fn write(
    tx: &mut dyn Tx,
    on: Date,
    state: &State,
    rows: &[Row],
    outcome: &Outcome,
) -> Result<Vec<(PlaceId, PlacePath, PlacePath)>, StoreError> {
    let mut changes = Changes { on, first: state.known.is_empty(), rows: Vec::new() };
    end(tx, on, &outcome.gone, &mut changes)?;
    // Old codes, names and parents are closed before new ones begin. So a code that goes from one place to another
    // never has two owners.
    for kept in &outcome.kept {
        close(tx, on, kept)?;
    }
    bear(tx, on, rows, &outcome.born, &mut changes)?;
    let mut moved = Vec::new();
    for kept in &outcome.kept {
        let before = state.paths.get(&kept.id).filter(|before| **before != kept.path);
        if kept.unchanged() && before.is_none() {
            continue;
        }
        keep(tx, on, rows, kept, &mut changes)?;
        moved.extend(before.map(|before| (kept.id, before.clone(), kept.path.clone())));
    }
    carry(tx, on, state, outcome, &mut moved)?;
    review(tx, on, &outcome.open)?;
    changes.write(tx)?;
    Ok(moved)
}

/// Gathers changes, which are written at the end with few statements. The first edition of all tells no changes,
/// because everything is new to us then.
struct Changes {
    on: Date,
    first: bool,
    rows: Vec<Vec<Val>>,
}

impl Changes {
    fn add(
        &mut self,
        place: PlaceId,
        kind: ChangeKind,
        certainty: Certainty,
        other: Option<PlaceId>,
        texts: [&str; 2],
    ) {
        if !self.first {
            let [before, after] = texts;
            self.rows.push(args![place, self.on, kind.code(), certainty.code(), other, before, after].to_vec());
        }
    }

    fn write(self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        let count = i64::try_from(self.rows.len()).unwrap_or_default();
        let first = take(tx, "change", count)?;
        let numbered: Vec<Vec<Val>> =
            (first..).zip(self.rows).map(|(id, row)| std::iter::once(Val::Int(id)).chain(row).collect()).collect();
        insert(tx, "places_change", "id, place, on_date, kind, certainty, other, before_text, after_text", &numbered)
    }
}

/// Ends a place as of a day: the place itself, its name, its code and its parent.
pub fn finish(tx: &mut dyn Tx, on: Date, id: PlaceId) -> Result<(), StoreError> {
    tx.exec("update places_place set alive_to = $2 where id = $1 and alive_to is null", &args![id, on])?;
    for table in ["places_name", "places_code", "places_parent"] {
        tx.exec(&format!("update {table} set valid_to = $2 where place = $1 and valid_to is null"), &args![id, on])?;
    }
    Ok(())
}

fn end(tx: &mut dyn Tx, on: Date, gone: &[Gone], changes: &mut Changes) -> Result<(), StoreError> {
    for place in gone {
        finish(tx, on, place.id)?;
        let (kind, certainty) = match place.into {
            Some(_) => (ChangeKind::MergedInto, Certainty::Probable),
            None => (ChangeKind::Abolished, Certainty::Certain),
        };
        changes.add(place.id, kind, certainty, place.into, [&place.name, ""]);
    }
    Ok(())
}

fn close(tx: &mut dyn Tx, on: Date, kept: &Kept) -> Result<(), StoreError> {
    let closing = [
        (kept.renamed_from.is_some(), "update places_name set valid_to = $2 where place = $1 and valid_to is null"),
        (kept.recoded_from.is_some(), "update places_code set valid_to = $2 where place = $1 and valid_to is null"),
        (kept.transferred(), "update places_parent set valid_to = $2 where place = $1 and valid_to is null"),
    ];
    for (_, sql) in closing.into_iter().filter(|(changed, _)| *changed) {
        tx.exec(sql, &args![kept.id, on])?;
    }
    Ok(())
}

/// Holds what is written about a place that begins.
pub struct Beginning<'a> {
    /// Its identity.
    pub id: PlaceId,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: &'a str,
    /// Its code.
    pub code: &'a str,
    /// What it lies in.
    pub parent: Option<PlaceId>,
    /// Where it lies.
    pub path: &'a PlacePath,
}

/// Writes places that begin on a day, with name, code and parent.
pub fn begin(tx: &mut dyn Tx, on: Date, places: &[Beginning<'_>]) -> Result<(), StoreError> {
    let (mut alive, mut names, mut codes, mut parents) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for place in places {
        let (level, kind) = (place.kind.level().code(), place.kind.code());
        let system = if place.kind.level() <= Level::Community { SYSTEM_NBS } else { SYSTEM_GRID };
        alive.push(args![place.id, level, kind, place.name, place.code, place.parent, place.path, on].to_vec());
        names.push(args![place.id, on, place.name].to_vec());
        codes.push(args![system, place.code, on, place.id, kind].to_vec());
        parents.extend(place.parent.map(|parent| args![place.id, on, parent].to_vec()));
    }
    insert(tx, "places_place", "id, level, kind, name, code, parent, path, alive_from", &alive)?;
    insert(tx, "places_name", "place, valid_from, name", &names)?;
    insert(tx, "places_code", "system, code, valid_from, place, kind", &codes)?;
    insert(tx, "places_parent", "place, valid_from, parent", &parents)
}

fn bear(tx: &mut dyn Tx, on: Date, rows: &[Row], born: &[Born], changes: &mut Changes) -> Result<(), StoreError> {
    let mut places = Vec::new();
    for born in born {
        let Some(row) = rows.get(born.row) else { continue };
        places.push(Beginning {
            id: born.id,
            kind: row.kind,
            name: &row.name,
            code: &row.code,
            parent: born.parent,
            path: &born.path,
        });
        match born.split_from {
            Some(other) => {
                changes.add(born.id, ChangeKind::SplitFrom, Certainty::Probable, Some(other), ["", &row.name]);
            }
            None => changes.add(born.id, ChangeKind::Created, Certainty::Certain, None, ["", &row.name]),
        }
    }
    begin(tx, on, &places)
}

fn keep(tx: &mut dyn Tx, on: Date, rows: &[Row], kept: &Kept, changes: &mut Changes) -> Result<(), StoreError> {
    let Some(row) = rows.get(kept.row) else { return Ok(()) };
    if let Some(before) = &kept.renamed_from {
        tx.exec(
            "insert into places_name (place, valid_from, name) values ($1, $2, $3)",
            &args![kept.id, on, &kept.name],
        )?;
        changes.add(kept.id, ChangeKind::Renamed, kept.certainty, None, [before, &kept.name]);
    }
    if let Some(before) = &kept.recoded_from {
        let sql = "insert into places_code (system, code, valid_from, place, kind) values ($1, $2, $3, $4, $5)";
        tx.exec(sql, &args![SYSTEM_NBS, &row.code, on, kept.id, row.kind.code()])?;
        changes.add(kept.id, ChangeKind::Recoded, kept.certainty, None, [before, &row.code]);
    }
    if let Some(parent) = kept.parent.filter(|_| kept.transferred()) {
        tx.exec(
            "insert into places_parent (place, valid_from, parent) values ($1, $2, $3)",
            &args![kept.id, on, parent],
        )?;
        changes.add(kept.id, ChangeKind::Transferred, kept.certainty, kept.parent_before, ["", ""]);
    }
    let sql = "update places_place set name = $2, code = $3, kind = $4, parent = $5, path = $6 where id = $1";
    tx.exec(sql, &args![kept.id, &kept.name, &row.code, row.kind.code(), kept.parent, &kept.path]).map(drop)
}

/// Moves and ends grids and buildings together with the community that they lie in.
fn carry(
    tx: &mut dyn Tx,
    on: Date,
    state: &State,
    outcome: &Outcome,
    moved: &mut Vec<(PlaceId, PlacePath, PlacePath)>,
) -> Result<(), StoreError> {
    let mut now: BTreeMap<PlaceId, PlacePath> = outcome.kept.iter().map(|kept| (kept.id, kept.path.clone())).collect();
    for (id, parent) in &state.below {
        let Some(path) = now.get(parent).map(|above| above.child(*id)) else {
            finish(tx, on, *id)?;
            worker::end(tx, *id, on)?;
            continue;
        };
        if let Some(before) = state.paths.get(id).filter(|before| **before != path) {
            tx.exec("update places_place set path = $2 where id = $1", &args![*id, &path])?;
            moved.push((*id, before.clone(), path.clone()));
        }
        now.insert(*id, path);
    }
    Ok(())
}

fn review(tx: &mut dyn Tx, on: Date, open: &[Open]) -> Result<(), StoreError> {
    let first = take(tx, "review", i64::try_from(open.len()).unwrap_or_default())?;
    let rows: Vec<Vec<Val>> = (first..)
        .zip(open)
        .map(|(id, open)| {
            args![id, on, open.doubt.code(), open.before, open.after, &open.before_text, &open.after_text].to_vec()
        })
        .collect();
    insert(tx, "places_review", "id, on_date, doubt, before_place, after_place, before_text, after_text", &rows)
}

/// Returns the highest number among the grids that a community's code ever had.
pub fn grids_ever(tx: &mut dyn Tx, community_code: &str) -> Result<u32, StoreError> {
    let sql = "select code from places_code where system = $1 and code > $2 and code < $3 order by code desc limit 1";
    let newest: Option<String> = scalar(tx, sql, &args![SYSTEM_GRID, community_code, format!("{community_code}a")])?;
    Ok(newest.and_then(|code| code.strip_prefix(community_code)?.parse().ok()).unwrap_or_default())
}
