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

/// A building that rows may name.
#[derive(Clone)]
struct Known {
    /// The name and the code of its community.
    called: [String; 2],
    id: i64,
    community: PlaceId,
}

impl Known {
    fn lies_in(&self, community: &str) -> bool {
        self.called.iter().any(|called| called == community)
    }
}

/// What a table of buildings is compared with.
#[derive(Default)]
pub(super) struct TableGround {
    /// The buildings by the names of compound and building.
    buildings: BTreeMap<(String, String), Vec<Known>>,
    /// The buildings of compounds that nobody named, by the name of the building alone: these compounds are numbered
    /// in each sheet anew.
    numbered: BTreeMap<String, Vec<Known>>,
    /// The living grids of each community by name and by code.
    pub(super) grids: BTreeMap<(PlaceId, String), i64>,
}

/// Returns what a table about a place is compared with.
pub(super) fn table_ground(desk: &Desk, read: &Read) -> TableGround {
    let tree = desk.places.tree();
    let mut ground = TableGround::default();
    for (at, id) in read.ground.ids.iter().enumerate() {
        let Some(community) = read.ground.community(at).and_then(|community| tree.get(community)) else { continue };
        let found = read.laid.buildings.binary_search_by_key(id, |one| one.id).ok();
        let Some(building) = found.and_then(|at| read.laid.buildings.get(at)) else { continue };
        let compound = read.laid.compound_of(building).map(|one| one.name.as_str()).unwrap_or_default();
        let called = [tables::plain(&community.name.zh), community.code.clone()];
        let known = Known { called, id: *id, community: community.id };
        ground.take(tables::plain(compound), tables::plain(&building.name), known);
    }
    for (grid, community) in &read.today.living {
        ground.grids.insert((*community, tables::plain(&read.names.zh(grid.0))), grid.0);
        ground.grids.insert((*community, read.names.code(grid.0)), grid.0);
    }
    ground
}

impl TableGround {
    /// Takes a building by the names of its compound and itself.
    fn take(&mut self, compound: String, building: String, known: Known) {
        if community_of(&compound).is_some_and(|community| known.lies_in(community)) {
            self.numbered.entry(building.clone()).or_default().push(known.clone());
        }
        self.buildings.entry((compound, building)).or_default().push(known);
    }

    /// Returns the only building of this name in the compounds of a community that nobody named, whatever their
    /// numbers are.
    fn numbered(&self, compound: &str, building: &str) -> Option<&Known> {
        let community = community_of(compound)?;
        let found = self.numbered.get(building)?;
        let mut found = found.iter().filter(|known| known.lies_in(community));
        let first = found.next()?;
        if found.next().is_none() { Some(first) } else { None }
    }
}

/// Returns the community in the name of a compound that nobody named: it is called by its community and a number.
fn community_of(compound: &str) -> Option<&str> {
    let (community, number) = compound.rsplit_once('-')?;
    let is_number = !number.is_empty() && number.bytes().all(|sign| sign.is_ascii_digit());
    is_number.then_some(community)
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
    if let Some(known) = ground.numbered(&compound, &building) {
        return Ok(Named { id: known.id, community: known.community, words });
    }
    let found = ground.buildings.get(&(compound, building)).map(Vec::as_slice).unwrap_or_default();
    let community = row.plain("community");
    let mut found = found.iter().filter(|known| community.is_empty() || known.lies_in(&community));
    let Some(known) = found.next() else {
        return Err(Refusal::new(Why::GridRowUnknown).with("building", words));
    };
    if found.next().is_some() {
        return Err(Refusal::new(Why::GridRowSeveral).with("building", words));
    }
    Ok(Named { id: known.id, community: known.community, words })
}

#[cfg(test)]
mod tests {
    use tables::{Cell, Row};

    use super::*;

    fn row(cells: &[(&'static str, &str)]) -> Row {
        let cell = |text: &str| Cell { text: text.to_owned(), ..Cell::default() };
        Row { line: 2, cells: cells.iter().map(|(column, text)| (*column, cell(text))).collect() }
    }

    #[test]
    fn a_building_is_found_whatever_number_its_unnamed_compound_has() {
        let mut ground = TableGround::default();
        let table = [
            ("幸福社区-1", "幸福街3号", 1),
            ("幸福社区-2", "幸福街5号", 2),
            ("幸福社区-1", "1号楼", 3),
            ("幸福社区-2", "1号楼", 4),
            ("文苑", "幸福街7号", 5),
        ];
        for (compound, building, id) in table {
            let called = ["幸福社区".to_owned(), "210102001001".to_owned()];
            ground.take(compound.to_owned(), building.to_owned(), Known { called, id, community: PlaceId(9) });
        }
        let found = |compound: &str, building: &str| {
            let row = row(&[("community", "幸福社区"), ("compound", compound), ("building", building)]);
            building_of(&row, &ground).ok().map(|named| named.id)
        };
        // The number is another one, and the code stands for the name.
        assert_eq!(found("幸福社区-7", "幸福街3号"), Some(1));
        assert_eq!(found("210102001001-1", "幸福街5号"), Some(2));
        // Of two buildings of one name only the number says which.
        assert_eq!(found("幸福社区-2", "1号楼"), Some(4));
        assert_eq!(found("幸福社区-7", "1号楼"), None);
        // A compound with a name of its own is meant as it is written.
        assert_eq!(found("文苑", "幸福街7号"), Some(5));
        assert_eq!(found("幸福社区-1", "幸福街7号"), None);
        assert_eq!(found("文苑", "幸福街3号"), None);
        assert_eq!(found("长青社区-1", "幸福街3号"), None);
    }
}
