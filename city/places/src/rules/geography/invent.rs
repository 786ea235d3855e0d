//! This file invents a geography over real communities for a demonstration. It takes the planners' invented city and
//! gives it the communities' names. Nothing in it stands where it really is, although the whole stands in Shenyang.

use std::collections::BTreeMap;

use kernel::earth::{Plane, Point};
use kernel::language::Lang;
use kernel::place::{Level, PlaceId, PlacePath};
use planning::sample::{City, Size, city};

use super::{NewBuilding, NewCompound, NewGeography};
use crate::rules::tree::Tree;
use crate::words::Place;

/// Says how many compounds a community gets.
const COMPOUNDS: usize = 4;
/// The middle of Shenyang, ten-millionths of a degree north and east: there the middle of the invented city stands.
const MIDDLE: (i32, i32) = (418_057_000, 1_234_315_000);
const NUMBERS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

/// Invents compounds, buildings and ways for every community inside some places. The same tree and seed always give the
/// same result. Communities that are neighbours in the tree are neighbours on the ground.
pub fn invent(tree: &Tree, places: &[PlacePath], seed: u64) -> NewGeography {
    let lies = |place: &&Place| places.iter().any(|wide| wide.contains(&place.path));
    let mut communities: Vec<&Place> = tree.of_level(Level::Community).filter(lies).collect();
    communities.sort_by(|a, b| a.code.cmp(&b.code));
    if communities.is_empty() {
        return NewGeography::default();
    }
    let size =
        Size { communities: communities.len(), compounds: communities.len() * COMPOUNDS, volunteers: 0, stations: 0 };
    let made = city(size, seed);
    let mut compounds = named(&made, &communities);
    for gate in &made.gates {
        if let Some(compound) = compounds.get_mut(gate.site as usize) {
            compound.gates.push(gate.node);
        }
    }
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    let buildings = made.buildings.iter().zip(&made.places).zip(&made.doors).map(|((building, at), door)| {
        let number = numbers.entry(building.compound).or_default();
        *number += 1;
        NewBuilding {
            id: None,
            compound: building.compound,
            name: format!("{number}号楼"),
            at: *at,
            home: *door,
            households: building.households,
        }
    });
    NewGeography {
        source: format!("planning::sample, seed {seed}"),
        invented: true,
        origin: origin(&made),
        buildings: buildings.collect(),
        nodes: made.nodes,
        edges: made.edges,
        compounds,
        borders: made.borders,
    }
}

/// Returns where on the globe the corner of the invented city stands, from which its metres count.
fn origin(made: &City) -> Option<Point> {
    let middle = Plane::new(Point::new(MIDDLE.0, MIDDLE.1)?);
    let farthest = made.nodes.iter().fold((0.0_f64, 0.0_f64), |far, node| (far.0.max(node.x), far.1.max(node.y)));
    middle.to_point((-farthest.0 / 2.0, -farthest.1 / 2.0))
}

/// Gives the compounds their communities and names. The invented city numbers its communities by halving it, so that
/// communities with close numbers lie close together.
fn named(made: &City, communities: &[&Place]) -> Vec<NewCompound> {
    let mut numbers: BTreeMap<PlaceId, usize> = BTreeMap::new();
    let named = |compound: &planning::sample::Compound| {
        let community = communities.get(compound.community as usize).or(communities.last());
        let (id, name) = community.map_or((PlaceId(0), ""), |place| (place.id, place.named(Lang::Zh)));
        let number = numbers.entry(id).or_default();
        let written = NUMBERS.get(*number).map_or_else(|| format!("{}", *number + 1), |text| (*text).to_owned());
        *number += 1;
        let core = name.trim_end_matches("居民委员会").trim_end_matches("社区");
        NewCompound { community: id, name: format!("{core}{written}小区"), at: compound.at, gates: Vec::new() }
    };
    made.compounds.iter().map(named).collect()
}
