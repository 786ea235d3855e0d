//! Over which zones a city is scanned: communities and what lies beside them on foot; where no ways are known, streets.

use std::collections::BTreeMap;

use kernel::place::{Level, PlaceId, PlacePath};
use places::Tree;
use places::geography::Geography;
use planning::network::{Fault, GIVEN_SPEED, Start};
use planning::scan::{Zones, around, beside};
use planning::shape::Point;
use planning::snap::{Nodes, walk_ds};

/// The communities of a city with the zones over them.
#[derive(Clone, Debug)]
pub struct Zoned {
    /// The communities, in the order of their numbers.
    pub communities: Vec<PlacePath>,
    /// The zones.
    pub zones: Zones,
    /// How many communities do not stand on the network of ways.
    pub unplaced: usize,
}

/// Makes the zones: from each community up to `largest` of them, by walks of at most `limit` ds, and pairs and triples
/// of those that touch. Communities without buildings are joined by their street.
///
/// # Errors
/// The stored ways do not make a network.
pub fn zoned(tree: &Tree, ground: Option<&Geography>, limit: u32, largest: usize) -> Result<Zoned, Fault> {
    let communities: Vec<PlacePath> = tree.of_level(Level::Community).map(|place| place.path.clone()).collect();
    let middles = match ground {
        Some(ground) => middles(ground, &communities),
        None => vec![None; communities.len()],
    };
    let mut zones = Zones::new(communities.len());
    if let Some(ground) = ground {
        let ways = ground.ways(GIVEN_SPEED)?;
        let (near, beside) = (around(&ways.forward, &middles, limit), beside(&ways.forward, &middles, limit));
        zones.grow(&near, &beside, largest);
        zones.join(&beside);
    }
    for street in streets(&communities, &middles).into_values().filter(|street| street.len() <= largest) {
        zones.add(&street);
    }
    let unplaced = middles.iter().filter(|middle| middle.is_none()).count();
    Ok(Zoned { communities, zones, unplaced })
}

/// The communities that do not stand on the network, by street.
fn streets(communities: &[PlacePath], middles: &[Option<Start>]) -> BTreeMap<Option<PlacePath>, Vec<u32>> {
    let mut streets: BTreeMap<Option<PlacePath>, Vec<u32>> = BTreeMap::new();
    for ((path, middle), number) in communities.iter().zip(middles).zip(0..) {
        if middle.is_none() {
            streets.entry(path.parent()).or_default().push(number);
        }
    }
    streets
}

/// The node nearest to the middle of each community's households.
fn middles(ground: &Geography, communities: &[PlacePath]) -> Vec<Option<Start>> {
    let mut sums: BTreeMap<PlaceId, (f64, f64, f64)> = BTreeMap::new();
    for building in &ground.buildings {
        let Some(community) = ground.community_of(building) else { continue };
        // A building without households still says where the community is.
        let weight = f64::from(building.households) + 0.001;
        let sum = sums.entry(community).or_default();
        *sum = (building.at.x.mul_add(weight, sum.0), building.at.y.mul_add(weight, sum.1), sum.2 + weight);
    }
    let nodes = Nodes::new(&ground.nodes, false);
    let middle = |path: &PlacePath| {
        let (x, y, weight) = sums.get(&path.id())?;
        let (node, metres) = nodes.nearest(Point { x: x / weight, y: y / weight })?;
        Some(Start { node, time: walk_ds(metres) })
    };
    communities.iter().map(middle).collect()
}
