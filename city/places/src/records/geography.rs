//! This file keeps compounds, buildings, borders and the network. It also knows from which day on a building lies in a
//! grid.

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Point as Degrees;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use planning::mobilize::Home;
use planning::partition::Border;
use store::{LISTED, StoreError, Tx, Val, all, args, listed, one, record, scalar};

use super::{PLACES_LIMIT, insert, outline, take};
use crate::rules::geography::{
    Building, Compound, Geography, Ground, Laying, NewBuilding, NewCompound, NewGeography, decimetres, point,
    read_network, write_network,
};

/// Says how many bytes one part of the network has.
const PART: usize = 1 << 20;
/// Limits the parts of the network.
const PARTS: i64 = 1_000;
/// Limits the borders. Each building touches only a few others.
const BORDERS: i64 = 8 * PLACES_LIMIT;

record! {
    /// Which geography is laid.
    #[derive(Eq)]
    pub struct Version {
        /// How often one was laid.
        pub revision: i64,
        /// How often outlines were laid.
        pub outlined: i64,
    }
}

/// Returns which geography is laid, or nothing before the first laying.
pub fn version(tx: &mut dyn Tx) -> Result<Option<Version>, StoreError> {
    one(tx, "select revision, outlined from places_geography where id = 1", &[])
}

/// Returns the revision that is in force, or nothing before the first laying.
pub fn revision(tx: &mut dyn Tx) -> Result<Option<i64>, StoreError> {
    scalar(tx, "select revision from places_geography where id = 1", &[])
}

record! {
    struct Head {
        revision: i64,
        source: String,
        invented: bool,
        origin: Option<String>,
        outlined: i64,
    }
}

record! {
    struct CompoundRow {
        id: i64,
        community: PlaceId,
        name: String,
        x: i64,
        y: i64,
        gates: String,
    }
}

record! {
    struct BuildingRow {
        id: i64,
        compound: i64,
        name: String,
        x: i64,
        y: i64,
        node: i64,
        access: i64,
        households: i64,
    }
}

record! {
    struct BorderRow {
        a: i64,
        b: i64,
        metres: i64,
    }
}

record! {
    struct Part {
        content: Vec<u8>,
    }
}

fn small(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| StoreError::data("a number of the geography is out of its range"))
}

/// Reads everything that is laid. Returns nothing before the first laying.
pub fn load(tx: &mut dyn Tx) -> Result<Option<Geography>, StoreError> {
    let head: Option<Head> =
        one(tx, "select revision, source, invented, origin, outlined from places_geography where id = 1", &[])?;
    let Some(head) = head else { return Ok(None) };
    let parts: Vec<Part> = all(tx, "select content from places_network order by part limit $1", &args![PARTS])?;
    let bytes: Vec<u8> = parts.into_iter().flat_map(|part| part.content).collect();
    let network = read_network(&bytes);
    let (nodes, edges) = network.ok_or_else(|| StoreError::data("the network of ways is cut short"))?;
    let mut compounds = compounds(tx)?;
    let place: BTreeMap<i64, u32> = compounds.iter().map(|one| one.id).zip(0..).collect();
    let buildings = buildings(tx, &place)?;
    for building in &buildings {
        if let Some(compound) = compounds.get_mut(building.compound as usize) {
            compound.households += building.households;
        }
    }
    let place: BTreeMap<i64, u32> = buildings.iter().map(|one| one.id).zip(0..).collect();
    let sql = "select a, b, metres from places_border order by a, b limit $1";
    let rows: Vec<BorderRow> = all(tx, sql, &args![BORDERS])?;
    let border = |row: &BorderRow| {
        let (a, b) = (place.get(&row.a).copied()?, place.get(&row.b).copied()?);
        Some(Border { a, b, metres: u32::try_from(row.metres).ok()? })
    };
    let borders = rows.iter().filter_map(border).collect();
    let origin = head.origin.as_deref().and_then(Degrees::parse);
    let laying = Laying { revision: head.revision, source: head.source, invented: head.invented, origin };
    let laid = Geography::new(laying, Ground { nodes, edges, compounds, buildings, borders });
    Ok(Some(laid.outlined(head.outlined, outline::load(tx)?)))
}

fn compounds(tx: &mut dyn Tx) -> Result<Vec<Compound>, StoreError> {
    let sql = "select id, community, name, x, y, gates from places_compound order by id limit $1";
    let compound = |row: CompoundRow| Compound {
        id: row.id,
        community: row.community,
        name: row.name,
        at: point(row.x, row.y),
        gates: row.gates.split(' ').filter_map(|node| node.parse().ok()).collect(),
        households: 0,
    };
    Ok(all::<CompoundRow>(tx, sql, &args![PLACES_LIMIT])?.into_iter().map(compound).collect())
}

fn buildings(tx: &mut dyn Tx, compounds: &BTreeMap<i64, u32>) -> Result<Vec<Building>, StoreError> {
    let sql = "select id, compound, name, x, y, node, access, households from places_building order by id limit $1";
    let rows = all::<BuildingRow>(tx, sql, &args![PLACES_LIMIT])?;
    let building = |row: BuildingRow| {
        let compound =
            *compounds.get(&row.compound).ok_or_else(|| StoreError::data("a building without its compound"))?;
        let home = Home { node: small(row.node)?, access: small(row.access)? };
        let (at, households) = (point(row.x, row.y), small(row.households)?);
        Ok(Building { id: row.id, compound, name: row.name, at, home, households })
    };
    rows.into_iter().map(building).collect()
}

record! {
    struct Known {
        id: i64,
        within: i64,
        name: String,
    }
}

fn known(tx: &mut dyn Tx, sql: &str) -> Result<BTreeMap<(i64, String), i64>, StoreError> {
    let rows: Vec<Known> = all(tx, sql, &args![PLACES_LIMIT])?;
    Ok(rows.into_iter().map(|row| ((row.within, row.name), row.id)).collect())
}

/// Gives each thing an identity: the old one if the same name was there before, otherwise a new one.
fn identities(
    tx: &mut dyn Tx,
    counter: &str,
    known: &BTreeMap<(i64, String), i64>,
    keys: &[(i64, String)],
) -> Result<Vec<i64>, StoreError> {
    let new = keys.iter().filter(|key| !known.contains_key(*key)).count();
    let mut next = take(tx, counter, i64::try_from(new).unwrap_or_default())?;
    let mut give = |key: &(i64, String)| {
        known.get(key).copied().unwrap_or_else(|| {
            next += 1;
            next - 1
        })
    };
    Ok(keys.iter().map(&mut give).collect())
}

/// Lists compounds and buildings with what they lie in.
const COMPOUNDS: &str = "select id, community, name from places_compound order by id limit $1";
const BUILDINGS: &str = "select id, compound, name from places_building order by id limit $1";

/// What is laid, and how much of it another geography does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Where the data came from.
    pub source: String,
    /// How many compounds there are.
    pub compounds: usize,
    /// How many buildings there are.
    pub buildings: usize,
    /// How many pairs of buildings touch.
    pub borders: i64,
    /// How many of the compounds are not laid again.
    pub compounds_gone: usize,
    /// How many of the buildings are not laid again.
    pub buildings_gone: usize,
}

/// Returns what a geography would replace, or nothing before the first laying.
pub fn replaced_by(tx: &mut dyn Tx, new: &NewGeography) -> Result<Option<Replaced>, StoreError> {
    let source: Option<String> = scalar(tx, "select source from places_geography where id = 1", &[])?;
    let Some(source) = source else { return Ok(None) };
    let (compounds, buildings) = (known(tx, COMPOUNDS)?, known(tx, BUILDINGS)?);
    let borders: Option<i64> = scalar(tx, "select count(*) from places_border", &[])?;
    let stays = |one: &NewCompound| compounds.get(&(one.community.0, one.name.clone())).copied();
    let again: Vec<Option<i64>> = new.compounds.iter().map(stays).collect();
    let stays = |one: &NewBuilding| {
        let compound = again.get(one.compound as usize).copied().flatten()?;
        buildings.get(&(compound, one.name.clone())).copied()
    };
    let kept: BTreeSet<i64> = new.buildings.iter().filter_map(stays).collect();
    let buildings_gone = buildings.len().saturating_sub(kept.len());
    let kept: BTreeSet<i64> = again.into_iter().flatten().collect();
    Ok(Some(Replaced {
        source,
        compounds: compounds.len(),
        buildings: buildings.len(),
        borders: borders.unwrap_or(0),
        compounds_gone: compounds.len().saturating_sub(kept.len()),
        buildings_gone,
    }))
}

/// Lays a geography in place of the one before. Compounds and buildings that are laid again keep their identity.
pub fn lay(tx: &mut dyn Tx, new: &NewGeography, now: Instant) -> Result<(), StoreError> {
    let before = known(tx, COMPOUNDS)?;
    let keys: Vec<_> = new.compounds.iter().map(|one| (one.community.0, one.name.clone())).collect();
    let compounds = identities(tx, "compound", &before, &keys)?;
    let claimed: BTreeSet<i64> = new.buildings.iter().filter_map(|one| one.id).collect();
    let before = known(tx, BUILDINGS)?.into_iter().filter(|(_, id)| !claimed.contains(id)).collect();
    let of = |one: &NewBuilding| compounds.get(one.compound as usize).copied().unwrap_or_default();
    let open = new.buildings.iter().filter(|one| one.id.is_none());
    let keys: Vec<_> = open.map(|one| (of(one), one.name.clone())).collect();
    let mut given = identities(tx, "building", &before, &keys)?.into_iter();
    let own = |one: &NewBuilding| one.id.or_else(|| given.next()).unwrap_or_default();
    let buildings: Vec<i64> = new.buildings.iter().map(own).collect();
    for table in ["places_border", "places_building", "places_compound", "places_network"] {
        tx.exec(&format!("delete from {table}"), &[])?;
    }
    let rows: Vec<Vec<Val>> = compounds.iter().zip(&new.compounds).map(|(id, one)| compound_row(*id, one)).collect();
    insert(tx, "places_compound", "id, community, name, x, y, gates", &rows)?;
    let rows: Vec<Vec<Val>> =
        buildings.iter().zip(&new.buildings).map(|(id, one)| building_row(*id, of(one), one)).collect();
    insert(tx, "places_building", "id, compound, name, x, y, node, access, households", &rows)?;
    let id = |at: u32| buildings.get(at as usize).copied().unwrap_or_default();
    // If the same two buildings are given twice, they touch along the longer of both borders.
    let mut borders: BTreeMap<(i64, i64), u32> = BTreeMap::new();
    for one in &new.borders {
        let metres = borders.entry((id(one.a).min(id(one.b)), id(one.a).max(id(one.b)))).or_default();
        *metres = one.metres.max(*metres);
    }
    let rows: Vec<Vec<Val>> = borders.into_iter().map(|((a, b), metres)| args![a, b, metres].to_vec()).collect();
    insert(tx, "places_border", "a, b, metres", &rows)?;
    for (part, content) in
        write_network(&new.nodes, &new.edges).chunks(PART).zip(0_i64..).map(|(bytes, at)| (at, bytes))
    {
        tx.exec("insert into places_network (part, content) values ($1, $2)", &args![part, content])?;
    }
    let sql = "insert into places_geography (id, revision, source, invented, laid_at, origin) \
               values (1, 1, $1, $2, $3, $4) \
               on conflict (id) do update set revision = places_geography.revision + 1, source = excluded.source, \
               invented = excluded.invented, laid_at = excluded.laid_at, origin = excluded.origin";
    tx.exec(sql, &args![&new.source, new.invented, now, new.origin.map(String::from)]).map(drop)
}

fn compound_row(id: i64, one: &NewCompound) -> Vec<Val> {
    let gates: Vec<String> = one.gates.iter().map(u32::to_string).collect();
    args![id, one.community, &one.name, decimetres(one.at.x), decimetres(one.at.y), gates.join(" ")].to_vec()
}

fn building_row(id: i64, compound: i64, one: &NewBuilding) -> Vec<Val> {
    let (x, y) = (decimetres(one.at.x), decimetres(one.at.y));
    args![id, compound, &one.name, x, y, one.home.node, one.home.access, one.households].to_vec()
}

record! {
    struct Member {
        building: i64,
        grid: PlaceId,
    }
}

/// Returns the grid of each building on a day, by the building's identity. Buildings without a grid are left out.
pub fn grids_on(tx: &mut dyn Tx, on: Date) -> Result<BTreeMap<i64, PlaceId>, StoreError> {
    let sql = "select building, grid from places_building_grid where valid_from <= $1 and (valid_to is null or valid_to > $1) \
               order by building limit $2";
    Ok(all::<Member>(tx, sql, &args![on, PLACES_LIMIT])?.into_iter().map(|row| (row.building, row.grid)).collect())
}

/// Returns how many buildings lie in two grids or more on a day.
pub fn doubled(tx: &mut dyn Tx, on: Date) -> Result<i64, StoreError> {
    let sql = "select count(*) from (select building from places_building_grid where valid_from <= $1 \
               and (valid_to is null or valid_to > $1) group by building having count(*) > 1) doubled";
    Ok(scalar(tx, sql, &args![on])?.unwrap_or(0))
}

/// Returns the grid of a building on a day, by the building's identity.
pub fn grid_of(tx: &mut dyn Tx, building: i64, on: Date) -> Result<Option<PlaceId>, StoreError> {
    let sql = "select grid from places_building_grid where building = $1 and valid_from <= $2 \
               and (valid_to is null or valid_to > $2)";
    scalar(tx, sql, &args![building, on])
}

/// Returns the grids of some buildings on a day, each once, by the buildings' identities.
pub fn grids_of(tx: &mut dyn Tx, buildings: &[i64], on: Date) -> Result<BTreeSet<PlaceId>, StoreError> {
    let mut found = BTreeSet::new();
    for part in buildings.chunks(LISTED) {
        let (marks, ids) = listed(2, &part.iter().map(Val::from).collect::<Vec<_>>());
        let sql = format!(
            "select distinct grid from places_building_grid where building in ({marks}) and valid_from <= $1 \
             and (valid_to is null or valid_to > $1)"
        );
        let values: Vec<Val> = std::iter::once(Val::from(on)).chain(ids).collect();
        for row in tx.rows(&sql, &values)? {
            found.insert(row.get(0)?);
        }
    }
    Ok(found)
}

/// Puts buildings into grids from a day on. What was planned for them from that day on no longer holds.
pub fn put_into_grids(tx: &mut dyn Tx, members: &[(i64, PlaceId)], on: Date) -> Result<(), StoreError> {
    for (building, _) in members {
        tx.exec("delete from places_building_grid where building = $1 and valid_from >= $2", &args![*building, on])?;
        let sql =
            "update places_building_grid set valid_to = $2 where building = $1 and (valid_to is null or valid_to > $2)";
        tx.exec(sql, &args![*building, on])?;
    }
    let rows: Vec<Vec<Val>> = members.iter().map(|(building, grid)| args![*building, on, *grid].to_vec()).collect();
    insert(tx, "places_building_grid", "building, valid_from, grid", &rows)
}
