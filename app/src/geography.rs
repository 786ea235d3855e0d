//! A folder of tables becomes the geography of a city. Planners read the same tables at the command line; here they
//! also hold the official codes of the communities.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::place::{Level, PlaceId};
use kernel::refusal::Refusal;
use places::Tree;
use places::geography::{NewBuilding, NewCompound, NewGeography};
use planning::network::Profile;
use planning::shape::Point;
use tables::{Limits, Wanted};

use crate::AppError;
use crate::plan::table::{Fault, Kind, column, file_of, read};
use crate::plan::town::Bundle;

/// Codes of communities have twelve digits.
const CODES: Kind = Kind::Whole(100_000_000_000, 999_999_999_999);

/// Reads a folder: `nodes`, `edges` (or `network.osm.pbf`), `compounds`, `gates`, `buildings`, `adjacency`, and
/// `communities` with `id,code`. CSV tables give compounds and buildings their names in the column `name`; in other
/// tables they are numbered. Points are metres in one plane.
///
/// # Errors
/// Every fault with file, line and remedy.
pub fn folder(folder: &Path, tree: &Tree, invented: bool) -> Result<NewGeography, AppError> {
    let bundle = Bundle::new(folder);
    let ways = bundle.ways(&Profile::adult()).map_err(AppError::faults)?;
    if ways.degrees {
        let said = "Give nodes, compounds and buildings in metres of one plane (x, y), not in degrees.";
        return Err(AppError::Said(format!("{}: {said}", folder.display())));
    }
    let communities = communities(folder, tree)?;
    let rows = read(
        folder,
        "compounds",
        &[column("id", Kind::Id), column("community", Kind::Row("communities", communities.len()))],
    );
    let of_community = rows.map_err(AppError::faults)?.pop().unwrap_or_default();
    let points = bundle.points("compounds", false).map_err(AppError::faults)?;
    let mut named = Names::of(folder, "compounds")?;
    let mut compounds: Vec<NewCompound> = Vec::with_capacity(points.len());
    for (at, (community, point)) in of_community.iter().zip(&points).enumerate() {
        let community = usize::try_from(*community).ok().and_then(|row| communities.get(row)).copied();
        let community = community.unwrap_or(PlaceId(0));
        let name = named.name(at, community.0, |number| format!("{number}号小区"));
        compounds.push(NewCompound { community, name, at: *point, gates: Vec::new() });
    }
    for gate in bundle.gates(&ways, compounds.len()).map_err(AppError::faults)? {
        if let Some(compound) = compounds.get_mut(gate.site as usize) {
            compound.gates.push(gate.node);
        }
    }
    let buildings = buildings(folder, &bundle, &ways, compounds.len())?;
    let borders = bundle.borders(buildings.len()).map_err(AppError::faults)?;
    let nodes: Vec<Point> = ways.nodes;
    let edges = bundle.edges(nodes.len()).map_err(AppError::faults)?;
    let source = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(NewGeography { source, invented, nodes, edges, compounds, buildings, borders })
}

fn buildings(
    folder: &Path,
    bundle: &Bundle,
    ways: &crate::plan::town::Ways,
    compounds: usize,
) -> Result<Vec<NewBuilding>, AppError> {
    let found = bundle.buildings(Some(ways)).map_err(AppError::faults)?;
    let mut named = Names::of(folder, "buildings")?;
    let mut made = Vec::with_capacity(found.grid.len());
    for (at, ((grid, reach), point)) in found.grid.iter().zip(&found.reach).zip(&found.points).enumerate() {
        if grid.compound as usize >= compounds {
            let said = format!("compound {} is not in compounds. Rows count from 0.", grid.compound);
            let fault = Fault { file: file_of(folder, "buildings"), line: at as u64 + 2, said };
            return Err(AppError::faults(vec![fault]));
        }
        made.push(NewBuilding {
            compound: grid.compound,
            name: named.name(at, grid.compound.into(), |number| format!("{number}号楼")),
            at: *point,
            home: planning::mobilize::Home { node: reach.node, access: reach.access },
            households: grid.households,
        });
    }
    Ok(made)
}

/// Of each row of `communities` the place with its code.
fn communities(folder: &Path, tree: &Tree) -> Result<Vec<PlaceId>, AppError> {
    let rows =
        read(folder, "communities", &[column("id", Kind::Id), column("code", CODES)]).map_err(AppError::faults)?;
    let codes = rows.last().cloned().unwrap_or_default();
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for (code, line) in codes.iter().zip(2..) {
        match tree.by_code(&code.to_string()).filter(|place| place.level == Level::Community) {
            Some(place) => found.push(place.id),
            None => faults.push(Fault {
                file: file_of(folder, "communities"),
                line,
                said: format!("{code} is not a community of this city. Write its code from the newest edition; find it with: lianglin places find"),
            }),
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(AppError::faults(faults)) }
}

/// How large a table with names may be: the buildings of a large city.
const NAMED: Limits = Limits { rows: 2_000_000, columns: 60, bytes: 512 * 1024 * 1024 };

/// Names out of a table, each made the only one of its kind within what it lies in.
struct Names {
    given: Vec<String>,
    counts: BTreeMap<i64, u32>,
    taken: std::collections::BTreeSet<(i64, String)>,
}

impl Names {
    fn of(folder: &Path, table: &str) -> Result<Self, AppError> {
        let path = file_of(folder, table);
        let mut given = Vec::new();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let bytes = std::fs::read(&path).map_err(AppError::outside(path.display().to_string()))?;
            let column = |title: &str| ["id", "name"].into_iter().find(|known| *known == title);
            let called = |column: &'static str| column.to_owned();
            let wanted = Wanted { limits: NAMED, required: &["id"], column: &column, called: &called };
            let failed = |refusal: Refusal| AppError::Said(format!("{}: {refusal}", path.display()));
            let table = tables::read(&bytes, &wanted).map_err(failed)?;
            given.extend(table.rows.iter().map(|row| row.text("name").to_owned()));
        }
        Ok(Self { given, counts: BTreeMap::new(), taken: std::collections::BTreeSet::new() })
    }

    fn name(&mut self, at: usize, within: i64, numbered: impl Fn(u32) -> String) -> String {
        let given = self.given.get(at).filter(|name| !name.is_empty()).cloned();
        let mut name = given.unwrap_or_default();
        while name.is_empty() || !self.taken.insert((within, name.clone())) {
            let count = self.counts.entry(within).or_default();
            *count += 1;
            name = numbered(*count);
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_only_ones_of_their_kind() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("compounds.csv"), "id,name\n0,甲\n1,甲\n2,\n3,1号小区\n").unwrap();
        let mut names = Names::of(folder.path(), "compounds").unwrap();
        let told: Vec<String> =
            (0..5).map(|at| names.name(at, i64::from(at == 3), |number| format!("{number}号小区"))).collect();
        assert_eq!(told, ["甲", "1号小区", "2号小区", "1号小区", "3号小区"]);
    }
}
