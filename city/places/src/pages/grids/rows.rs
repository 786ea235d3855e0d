//! What the rows of a table of buildings name: the buildings of a place, its grids, and the titles of the columns.

use std::collections::BTreeMap;

use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use tables::Limits as Size;
use web::Page;

use super::Desk;
use super::ground::Read;
use crate::refusals::Why;

/// How large a table of buildings may be: that of a whole district.
pub(super) const SIZE: Size = Size { rows: 20_000, columns: 40, bytes: 32 * 1024 * 1024 };
/// How many faults of a table are listed.
pub(super) const TOLD: usize = 20;

/// What a table of buildings is compared with.
pub(super) struct TableGround {
    /// The buildings by the names of compound and building, each with the name and the code of its community.
    buildings: BTreeMap<(String, String), Vec<([String; 2], i64, PlaceId)>>,
    /// The living grids of each community by name and by code.
    pub(super) grids: BTreeMap<(PlaceId, String), i64>,
}

/// Returns what a table about a place is compared with.
pub(super) fn table_ground(desk: &Desk, read: &Read) -> TableGround {
    let tree = desk.places.tree();
    let mut ground = TableGround { buildings: BTreeMap::new(), grids: BTreeMap::new() };
    for (at, id) in read.ground.ids.iter().enumerate() {
        let Some(community) = read.ground.community(at).and_then(|community| tree.get(community)) else { continue };
        let found = read.laid.buildings.binary_search_by_key(id, |one| one.id).ok();
        let Some(building) = found.and_then(|at| read.laid.buildings.get(at)) else { continue };
        let compound = read.laid.compound_of(building).map(|one| one.name.as_str()).unwrap_or_default();
        let key = (tables::plain(compound), tables::plain(&building.name));
        let called = [tables::plain(&community.name.zh), community.code.clone()];
        ground.buildings.entry(key).or_default().push((called, *id, community.id));
    }
    for (grid, community) in &read.today.living {
        ground.grids.insert((*community, tables::plain(&read.names.zh(grid.0))), grid.0);
        ground.grids.insert((*community, read.names.code(grid.0)), grid.0);
    }
    ground
}

/// Returns some columns by their titles in both languages.
pub(super) fn titles(page: &Page, columns: &[&'static str]) -> BTreeMap<String, &'static str> {
    let named = |column: &'static str| {
        let key = format!("places-grids-column-{column}");
        kernel::language::Lang::ALL.map(|lang| (page.frame().texts.get(lang, &key, &[]), column))
    };
    let titles = columns.iter().copied().flat_map(named);
    titles.map(|(title, column)| (tables::folded(&title), column)).collect()
}

/// A building that a row names.
pub(super) struct Named {
    /// Its identity.
    pub(super) id: i64,
    /// Its community.
    pub(super) community: PlaceId,
    /// Its compound and name, as the row writes them.
    pub(super) words: String,
}

/// Returns the building of a row.
pub(super) fn building_of(row: &tables::Row, ground: &TableGround) -> Result<Named, Refusal> {
    let (compound, building) = (row.plain("compound"), row.plain("building"));
    let words = format!("{compound} {building}");
    let found = ground.buildings.get(&(compound, building)).map(Vec::as_slice).unwrap_or_default();
    let community = row.plain("community");
    let mut found = found.iter().filter(|(called, ..)| community.is_empty() || called.contains(&community));
    let Some((_, id, community)) = found.next() else {
        return Err(Refusal::new(Why::GridRowUnknown).with("building", words));
    };
    if found.next().is_some() {
        return Err(Refusal::new(Why::GridRowSeveral).with("building", words));
    }
    Ok(Named { id: *id, community: *community, words })
}
