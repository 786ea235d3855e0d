//! Geography (地理): compounds, buildings with their households, and the ways between them; what the planners reckon with.
//!
//! It is laid whole from a folder of tables or, for a demonstration, invented; who lives anywhere is not in it. A city without one works as before:
//! pages that need it say how it is laid.

mod encode;
mod invent;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use kernel::place::{PlaceId, PlacePath};
use planning::mobilize::{Gate, Home};
use planning::network::{Edge, Network, Profile, Search, Start, UNREACHED};
use planning::partition::Border;
use planning::shape::Point;
use planning::snap::{Nodes, walk_ds};

use crate::rules::tree::Tree;

pub(crate) use encode::{decimetres, point, read_network, write_network};
pub use invent::invent;

/// A compound (小区).
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// Identity; kept when the geography is laid again and the community still has a compound of that name.
    pub id: i64,
    /// Its community.
    pub community: PlaceId,
    /// Its name.
    pub name: String,
    /// Its middle, metres.
    pub at: Point,
    /// Nodes of its gates.
    pub gates: Vec<u32>,
    /// Households of its buildings.
    pub households: u32,
}

/// A building (楼栋).
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Identity; kept like a compound's.
    pub id: i64,
    /// Its compound, by its place in [`Geography::compounds`].
    pub compound: u32,
    /// What it is called inside the compound.
    pub name: String,
    /// Where it is, metres.
    pub at: Point,
    /// Where its door meets the network.
    pub home: Home,
    /// How many households live in it.
    pub households: u32,
}

/// The network as somebody walks it, both ways round.
#[derive(Debug)]
pub struct Ways {
    /// As people walk.
    pub forward: Network,
    /// Reversed: a search from a station finds who walks to it.
    pub backward: Network,
}

/// Everything that is laid, in memory. Buildings, compounds and nodes are named by their places in the lists.
#[derive(Debug)]
pub struct Geography {
    /// Goes up each time it is laid.
    pub revision: i64,
    /// Where it comes from.
    pub source: String,
    /// It is invented: pages say so.
    pub invented: bool,
    /// Nodes of the network, metres.
    pub nodes: Vec<Point>,
    /// Directed pieces of way.
    pub edges: Vec<Edge>,
    /// Compounds, by identity.
    pub compounds: Vec<Compound>,
    /// Buildings, by identity.
    pub buildings: Vec<Building>,
    /// Buildings that touch, by their places in the list.
    pub borders: Vec<Border>,
    ways: Mutex<BTreeMap<u32, Arc<Ways>>>,
}

/// What of the geography lies in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inside {
    /// Compounds, by their places in the list.
    pub compounds: Vec<u32>,
    /// Buildings, by their places in the list.
    pub buildings: Vec<u32>,
}

/// A geography put together in memory, for reckoning without a store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ground {
    /// Nodes, metres.
    pub nodes: Vec<Point>,
    /// Directed pieces of way.
    pub edges: Vec<Edge>,
    /// Compounds, by identity.
    pub compounds: Vec<Compound>,
    /// Buildings, by identity.
    pub buildings: Vec<Building>,
    /// Buildings that touch.
    pub borders: Vec<Border>,
}

impl Ground {
    /// As it would be read.
    #[must_use]
    pub fn geography(self) -> Geography {
        let Self { nodes, edges, compounds, buildings, borders } = self;
        Geography::new((1, String::new(), true), (nodes, edges), compounds, buildings, borders)
    }
}

/// Networks kept for so many speeds at most.
const SPEEDS: usize = 4;

impl Geography {
    /// Puts together what was read. Lists are in the order of identities.
    pub(crate) fn new(
        (revision, source, invented): (i64, String, bool),
        (nodes, edges): (Vec<Point>, Vec<Edge>),
        compounds: Vec<Compound>,
        buildings: Vec<Building>,
        borders: Vec<Border>,
    ) -> Self {
        let ways = Mutex::new(BTreeMap::new());
        Self { revision, source, invented, nodes, edges, compounds, buildings, borders, ways }
    }

    /// The network walked at a speed in mm/s. Kept for the next who asks.
    ///
    /// # Errors
    /// The stored ways make no network.
    pub fn ways(&self, speed: u32) -> Result<Arc<Ways>, planning::network::Fault> {
        if let Some(known) = self.ways.lock().unwrap_or_else(PoisonError::into_inner).get(&speed) {
            return Ok(known.clone());
        }
        let profile = Profile { speed, class_percent: Vec::new() };
        let forward = Network::new(self.nodes.len(), &self.edges, &profile)?;
        let made = Arc::new(Ways { backward: forward.reversed(), forward });
        let mut kept = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= SPEEDS {
            kept.clear();
        }
        kept.insert(speed, made.clone());
        Ok(made)
    }

    /// The compound of an identity, with its place in the list.
    pub fn compound(&self, id: i64) -> Option<(u32, &Compound)> {
        let at = self.compounds.binary_search_by_key(&id, |compound| compound.id).ok()?;
        Some((u32::try_from(at).ok()?, self.compounds.get(at)?))
    }

    /// The compound that a building stands in.
    pub fn compound_of(&self, building: &Building) -> Option<&Compound> {
        self.compounds.get(building.compound as usize)
    }

    /// The community of a building.
    pub fn community_of(&self, building: &Building) -> Option<PlaceId> {
        self.compound_of(building).map(|compound| compound.community)
    }

    /// What lies in a place or inside it, as the tree has it today.
    pub fn inside(&self, tree: &Tree, place: &PlacePath) -> Inside {
        let lies = |compound: &Compound| tree.get(compound.community).is_some_and(|found| place.contains(&found.path));
        let within: Vec<bool> = self.compounds.iter().map(lies).collect();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let compounds = within.iter().enumerate().filter(|(_, inside)| **inside).map(|(at, _)| number(at)).collect();
        let inside = |building: &Building| within.get(building.compound as usize).copied().unwrap_or_default();
        let buildings = self.buildings.iter().enumerate().filter(|(_, building)| inside(building));
        Inside { compounds, buildings: buildings.map(|(at, _)| number(at)).collect() }
    }

    /// The households of a place.
    pub fn households(&self, inside: &Inside) -> u64 {
        let of = |at: &u32| self.buildings.get(*at as usize).map_or(0, |building| u64::from(building.households));
        inside.buildings.iter().map(of).sum()
    }

    /// The node nearest to a point with the time to it, ds at 1.2 m/s; none without a network.
    pub fn nearest(&self, at: Point) -> Option<Home> {
        Nodes::new(&self.nodes, false).nearest(at).map(|(node, metres)| Home { node, access: walk_ds(metres) })
    }

    /// The middle of a place's households on the network: a coarse home that says no more than the place itself.
    pub fn middle(&self, inside: &Inside) -> Option<Home> {
        let (mut x, mut y, mut weight) = (0.0, 0.0, 0.0);
        for building in inside.buildings.iter().filter_map(|at| self.buildings.get(*at as usize)) {
            let households = f64::from(building.households) + 0.001;
            x += building.at.x * households;
            y += building.at.y * households;
            weight += households;
        }
        if weight > 0.0 { self.nearest(Point { x: x / weight, y: y / weight }) } else { None }
    }

    /// The corners around the buildings of a place, metres; empty where there are none.
    pub fn outline(&self, inside: &Inside) -> Vec<(f64, f64)> {
        let points: Vec<Point> =
            inside.buildings.iter().filter_map(|at| self.buildings.get(*at as usize)).map(|one| one.at).collect();
        planning::shape::hull(&points).into_iter().map(|point| (point.x, point.y)).collect()
    }

    /// The gates of some compounds, numbered by their order in the list given.
    pub fn gates(&self, compounds: &[u32]) -> Vec<Gate> {
        let gates = |(at, site): (&u32, u32)| {
            let of = self.compounds.get(*at as usize).map(|compound| compound.gates.as_slice()).unwrap_or_default();
            of.iter().map(move |node| Gate { site, node: *node }).collect::<Vec<_>>()
        };
        compounds.iter().zip(0u32..).flat_map(gates).collect()
    }

    /// The walking times in ds from a compound's gates to each of some nodes, none beyond `limit` ds; `speed` in mm/s.
    ///
    /// # Errors
    /// The stored ways make no network.
    pub fn walks_from(
        &self,
        compound: &Compound,
        to: &[u32],
        (speed, limit): (u32, u32),
    ) -> Result<Vec<Option<u32>>, planning::network::Fault> {
        let ways = self.ways(speed)?;
        let mut search = Search::new(self.nodes.len());
        search.run(&ways.forward, &compound.gates, limit);
        let times = search.times();
        let time = |node: &u32| times.get(*node as usize).copied().filter(|time| *time != UNREACHED);
        Ok(to.iter().map(time).collect())
    }

    /// Where a compound is entered: its first gate, without a way to it.
    pub fn entrance(&self, compound: &Compound) -> Option<Start> {
        compound.gates.first().map(|node| Start { node: *node, time: 0 })
    }
}

/// A compound about to be laid.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCompound {
    /// Its community.
    pub community: PlaceId,
    /// Its name, one of its kind in the community.
    pub name: String,
    /// Its middle, metres.
    pub at: Point,
    /// Nodes of its gates.
    pub gates: Vec<u32>,
}

/// A building about to be laid.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBuilding {
    /// Its compound, by its place among the new ones.
    pub compound: u32,
    /// What it is called, one of its kind in the compound.
    pub name: String,
    /// Where it is, metres.
    pub at: Point,
    /// Where its door meets the network.
    pub home: Home,
    /// Its households.
    pub households: u32,
}

/// A geography about to be laid. Ids are places in these lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewGeography {
    /// Where it comes from.
    pub source: String,
    /// It is invented.
    pub invented: bool,
    /// Nodes, metres.
    pub nodes: Vec<Point>,
    /// Directed pieces of way.
    pub edges: Vec<Edge>,
    /// Compounds.
    pub compounds: Vec<NewCompound>,
    /// Buildings.
    pub buildings: Vec<NewBuilding>,
    /// Buildings that touch.
    pub borders: Vec<Border>,
}

#[cfg(test)]
mod tests;
