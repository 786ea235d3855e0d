//! Geography (地理) holds compounds, buildings with their households, and the ways between them. The planners calculate
//! with it.
//!
//! It is laid as a whole from a folder of tables, or invented for a demonstration. It does not say who lives anywhere.
//! A city without a geography works as before: pages that need one say how to lay it.

mod encode;
mod invent;
mod near;
mod part;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use kernel::earth::{Plane, Point as Degrees};
use kernel::place::{PlaceId, PlacePath};
use planning::mobilize::{Gate, Home};
use planning::network::{Edge, Network, Profile, Search, Start, UNREACHED};
use planning::partition::Border;
use planning::pieces::Pieces;
use planning::shape::Point;
use planning::snap::{Nodes, walk_ds};

use crate::rules::search::Keys;
use crate::rules::tree::Tree;

pub(crate) use encode::{decimetres, point, read_network, write_network};
pub use invent::invent;
pub use part::{
    Bringing, Brought, BroughtBuilding, Changed, Compared, DegreeLine, Joined, Moved, Odd, Over, Parting, Rest, Seen,
};

/// A compound (小区).
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// Its identity. The compound keeps it when the geography is laid again and the community still has a compound of
    /// that name.
    pub id: i64,
    /// Its community.
    pub community: PlaceId,
    /// Its name.
    pub name: String,
    /// Where its middle is, in metres.
    pub at: Point,
    /// The nodes where its gates are.
    pub gates: Vec<u32>,
    /// How many households its buildings have.
    pub households: u32,
}

/// A building (楼栋).
#[derive(Debug, Clone, PartialEq)]
pub struct Building {
    /// Its identity, which is kept in the same way as that of a compound.
    pub id: i64,
    /// Its compound, as a position in [`Geography::compounds`].
    pub compound: u32,
    /// What it is called inside the compound.
    pub name: String,
    /// Where it is, in metres.
    pub at: Point,
    /// Where its door meets the network.
    pub home: Home,
    /// How many households live in it.
    pub households: u32,
}

/// Holds the network as a person walks it, in both directions.
#[derive(Debug)]
pub struct Ways {
    /// The ways in the direction in which people walk.
    pub forward: Network,
    /// The ways reversed: a search from a station finds who can walk to it.
    pub backward: Network,
}

/// The corners of an area, in metres east and north.
pub type Corners = Vec<(f64, f64)>;
/// A ring of corners on the globe. The first corner is not there once more at the end.
pub type Ring = Vec<Degrees>;
/// An area on the globe: its outer ring, then its holes.
pub type Rings = Vec<Ring>;

/// Holds everything that is laid, in memory. Positions in the lists name buildings, compounds and nodes.
#[derive(Debug)]
pub struct Geography {
    /// The revision, which goes up each time a geography is laid.
    pub revision: i64,
    /// Where the data come from.
    pub source: String,
    /// Whether it is invented. If so, pages say it.
    pub invented: bool,
    /// The point of the globe at which both metres are 0, or nothing if nobody said it.
    pub origin: Option<Degrees>,
    /// The nodes of the network, in metres.
    pub nodes: Vec<Point>,
    /// The pieces of way, each in one direction.
    pub edges: Vec<Edge>,
    /// The compounds, in the order of their identities.
    pub compounds: Vec<Compound>,
    /// The buildings, in the order of their identities.
    pub buildings: Vec<Building>,
    /// Which buildings touch, as positions in the list.
    pub borders: Vec<Border>,
    /// How often outlines of places were laid or taken away.
    pub outlined: i64,
    /// The areas of the places whose outline somebody drew. Lines are drawn around the buildings of all others.
    pub outlines: BTreeMap<PlaceId, Vec<Rings>>,
    /// The networks by speed and by how long ways of each class take.
    ways: Mutex<BTreeMap<(u32, Vec<u32>), Arc<Ways>>>,
    pieces: OnceLock<Pieces>,
    /// What each compound is found by, in the order of the compounds.
    keys: OnceLock<Vec<Keys>>,
    /// The buildings by the square in which they stand.
    squares: OnceLock<near::Squares>,
    /// The corners of a line around the buildings of each community.
    corners: OnceLock<BTreeMap<PlaceId, Vec<Point>>>,
}

/// Says which part of the geography lies in a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inside {
    /// The compounds, as positions in the list.
    pub compounds: Vec<u32>,
    /// The buildings, as positions in the list.
    pub buildings: Vec<u32>,
}

/// Holds a geography that is put together in memory, so that one can calculate without a store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ground {
    /// The nodes, in metres.
    pub nodes: Vec<Point>,
    /// The pieces of way, each in one direction.
    pub edges: Vec<Edge>,
    /// The compounds, in the order of their identities.
    pub compounds: Vec<Compound>,
    /// The buildings, in the order of their identities.
    pub buildings: Vec<Building>,
    /// Which buildings touch.
    pub borders: Vec<Border>,
}

impl Ground {
    /// Returns the geography as the store would give it.
    #[must_use]
    pub fn geography(self) -> Geography {
        Geography::new(Laying { revision: 1, source: String::new(), invented: true, origin: None }, self)
    }
}

/// Says which laying a geography comes from.
pub(crate) struct Laying {
    /// The revision, which goes up each time a geography is laid.
    pub revision: i64,
    /// Where the data come from.
    pub source: String,
    /// Whether it is invented.
    pub invented: bool,
    /// The point of the globe at which both metres are 0.
    pub origin: Option<Degrees>,
}

/// Limits for how many profiles of people networks are kept.
const SPEEDS: usize = 4;

impl Geography {
    /// Puts together what was read. The lists must be in the order of identities.
    pub(crate) fn new(laying: Laying, ground: Ground) -> Self {
        let Laying { revision, source, invented, origin } = laying;
        let Ground { nodes, edges, compounds, buildings, borders } = ground;
        let ways = Mutex::new(BTreeMap::new());
        let (pieces, keys) = (OnceLock::new(), OnceLock::new());
        let (squares, corners) = (OnceLock::new(), OnceLock::new());
        Self {
            revision,
            source,
            invented,
            origin,
            nodes,
            edges,
            compounds,
            buildings,
            borders,
            outlined: 0,
            outlines: BTreeMap::new(),
            ways,
            pieces,
            keys,
            squares,
            corners,
        }
    }

    /// Returns the same geography with the outlines that somebody drew, which were laid or taken away so often.
    pub(crate) fn outlined(self, times: i64, areas: BTreeMap<PlaceId, Vec<Rings>>) -> Self {
        Self { outlined: times, outlines: areas, ..self }
    }

    /// Returns the same geography, standing at a point of the globe.
    #[must_use]
    pub fn standing_at(self, origin: Degrees) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// Returns the plane in which its metres are, or nothing if nobody said where on the globe it touches.
    pub fn plane(&self) -> Option<Plane> {
        self.origin.map(Plane::new)
    }

    /// Returns the building that is nearest to metres east and north, as a position in the list, and the metres to it.
    pub fn nearest_building(&self, at: (f64, f64)) -> Option<(u32, f64)> {
        let squares = self.squares.get_or_init(|| near::Squares::new(&self.buildings));
        squares.nearest(&self.buildings, Point { x: at.0, y: at.1 })
    }

    /// Returns the compound of the building that is nearest to metres east and north, as a position in the list, and
    /// the metres to that building.
    pub fn nearest_compound(&self, at: (f64, f64)) -> Option<(u32, f64)> {
        let (building, metres) = self.nearest_building(at)?;
        Some((self.buildings.get(building as usize)?.compound, metres))
    }

    /// Returns the compounds with what each is found by. The keys are made once.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&Compound, &Keys)> {
        let keys = self.keys.get_or_init(|| self.compounds.iter().map(|one| Keys::named(&one.name)).collect());
        self.compounds.iter().zip(keys)
    }

    /// Returns the network as people walk it at a speed in mm/s. It keeps the network for the next caller.
    ///
    /// # Errors
    /// Fails if the stored ways do not make a network.
    pub fn ways(&self, speed: u32) -> Result<Arc<Ways>, planning::network::Fault> {
        self.ways_of(&Profile { speed, class_percent: Vec::new() })
    }

    /// Returns the network as people of a profile walk it: ways of some classes may take them longer, because of slopes
    /// or snow. It keeps the network for the next caller.
    ///
    /// # Errors
    /// Fails if the stored ways do not make a network.
    pub fn ways_of(&self, profile: &Profile) -> Result<Arc<Ways>, planning::network::Fault> {
        let key = (profile.speed, profile.class_percent.clone());
        if let Some(known) = self.ways.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(known.clone());
        }
        let forward = Network::new(self.nodes.len(), &self.edges, profile)?;
        let made = Arc::new(Ways { backward: forward.reversed(), forward });
        let mut kept = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= SPEEDS {
            kept.clear();
        }
        kept.insert(key, made.clone());
        Ok(made)
    }

    /// Returns the compound of an identity, with its position in the list.
    pub fn compound(&self, id: i64) -> Option<(u32, &Compound)> {
        let at = self.compounds.binary_search_by_key(&id, |compound| compound.id).ok()?;
        Some((u32::try_from(at).ok()?, self.compounds.get(at)?))
    }

    /// Returns the compound in which a building stands.
    pub fn compound_of(&self, building: &Building) -> Option<&Compound> {
        self.compounds.get(building.compound as usize)
    }

    /// Returns the community of a building.
    pub fn community_of(&self, building: &Building) -> Option<PlaceId> {
        self.compound_of(building).map(|compound| compound.community)
    }

    /// Returns what lies in a place or inside it, by today's tree.
    pub fn inside(&self, tree: &Tree, place: &PlacePath) -> Inside {
        let lies = |compound: &Compound| tree.get(compound.community).is_some_and(|found| place.contains(&found.path));
        let within: Vec<bool> = self.compounds.iter().map(lies).collect();
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let compounds = within.iter().enumerate().filter(|(_, inside)| **inside).map(|(at, _)| number(at)).collect();
        let inside = |building: &Building| within.get(building.compound as usize).copied().unwrap_or_default();
        let buildings = self.buildings.iter().enumerate().filter(|(_, building)| inside(building));
        Inside { compounds, buildings: buildings.map(|(at, _)| number(at)).collect() }
    }

    /// Returns the households of a place.
    pub fn households(&self, inside: &Inside) -> u64 {
        let of = |at: &u32| self.buildings.get(*at as usize).map_or(0, |building| u64::from(building.households));
        inside.buildings.iter().map(of).sum()
    }

    /// Returns the node nearest to a point from which the ways lead on, and the time to reach it, in ds at 1.2 m/s.
    /// Returns nothing if there is no network.
    pub fn nearest(&self, at: Point) -> Option<Home> {
        let (node, metres) = Nodes::new(&self.nodes, false).nearest_joined(at, self.pieces())?;
        Some(Home { node, access: walk_ds(metres) })
    }

    /// Returns the pieces into which the network falls. They are found once.
    fn pieces(&self) -> &Pieces {
        let ways = self.edges.iter().map(|edge| [edge.from, edge.to]);
        self.pieces.get_or_init(|| Pieces::new(self.nodes.len(), ways))
    }

    /// Returns the middle of a place's households on the network. This coarse home says no more than the place itself.
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

    /// Returns the corners of a line around the buildings of a place, in metres. The list is empty if there are no
    /// buildings.
    pub fn outline(&self, inside: &Inside) -> Vec<(f64, f64)> {
        let points: Vec<Point> =
            inside.buildings.iter().filter_map(|at| self.buildings.get(*at as usize)).map(|one| one.at).collect();
        planning::shape::hull(&points).into_iter().map(|point| (point.x, point.y)).collect()
    }

    /// Returns for each of some places the corners of its areas, in metres: of those that somebody drew, without their
    /// holes, or of a line around its buildings. No two of these lines overlap. The corners around each community are
    /// found once.
    pub fn outlines_of(&self, tree: &Tree, places: &[&PlacePath]) -> Vec<Vec<Corners>> {
        let corners = self.corners.get_or_init(|| self.community_corners());
        let points = |place: &&PlacePath| {
            if self.outlines.contains_key(&place.id()) {
                return Vec::new();
            }
            let lies = |community: &PlaceId| tree.get(*community).is_some_and(|found| place.contains(&found.path));
            let inside = corners.iter().filter(|(community, _)| lies(community));
            inside.flat_map(|(_, corners)| corners.iter().copied()).collect::<Vec<Point>>()
        };
        let groups: Vec<Vec<Point>> = places.iter().map(points).collect();
        let ring = |ring: Vec<Point>| ring.into_iter().map(|point| (point.x, point.y)).collect::<Corners>();
        let around = planning::apart::apart(&groups).into_iter().map(ring);
        let areas = |(place, ring): (&&PlacePath, Corners)| self.drawn(place.id()).unwrap_or_else(|| vec![ring]);
        places.iter().zip(around).map(areas).collect()
    }

    /// The outer rings of the areas that somebody drew for a place, in metres; nothing where nobody did.
    fn drawn(&self, id: PlaceId) -> Option<Vec<Corners>> {
        let (parts, plane) = (self.outlines.get(&id)?, self.plane()?);
        let outer = |area: &Rings| area.first().map(|ring| ring.iter().map(|at| plane.to_metres(*at)).collect());
        Some(parts.iter().filter_map(outer).collect())
    }

    fn community_corners(&self) -> BTreeMap<PlaceId, Vec<Point>> {
        let mut points: BTreeMap<PlaceId, Vec<Point>> = BTreeMap::new();
        for building in &self.buildings {
            if let Some(compound) = self.compounds.get(building.compound as usize) {
                points.entry(compound.community).or_default().push(building.at);
            }
        }
        points.into_iter().map(|(community, points)| (community, planning::shape::hull(&points))).collect()
    }

    /// Returns the gates of some compounds, numbered by their order in the given list.
    pub fn gates(&self, compounds: &[u32]) -> Vec<Gate> {
        let gates = |(at, site): (&u32, u32)| {
            let of = self.compounds.get(*at as usize).map(|compound| compound.gates.as_slice()).unwrap_or_default();
            of.iter().map(move |node| Gate { site, node: *node }).collect::<Vec<_>>()
        };
        compounds.iter().zip(0u32..).flat_map(gates).collect()
    }

    /// Returns the walking times in ds from a compound's gates to each of some nodes. A node that is further than
    /// `limit` ds has no time. `speed` is in mm/s.
    ///
    /// # Errors
    /// Fails if the stored ways do not make a network.
    pub fn walks_from(
        &self,
        compound: &Compound,
        to: &[u32],
        speed: u32,
        limit: u32,
    ) -> Result<Vec<Option<u32>>, planning::network::Fault> {
        let ways = self.ways(speed)?;
        let mut search = Search::new(self.nodes.len());
        search.run(&ways.forward, &compound.gates, limit);
        let times = search.times();
        let time = |node: &u32| times.get(*node as usize).copied().filter(|time| *time != UNREACHED);
        Ok(to.iter().map(time).collect())
    }

    /// Returns where people enter a compound: its first gate, without a way to it.
    pub fn entrance(&self, compound: &Compound) -> Option<Start> {
        compound.gates.first().map(|node| Start { node: *node, time: 0 })
    }
}

/// A compound that is going to be laid.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCompound {
    /// Its community.
    pub community: PlaceId,
    /// Its name, which no other compound of the community has.
    pub name: String,
    /// Where its middle is, in metres.
    pub at: Point,
    /// The nodes where its gates are.
    pub gates: Vec<u32>,
}

/// A building that is going to be laid.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBuilding {
    /// Its identity, if it is one that is laid today under whatever names. Otherwise its names say which it is.
    pub id: Option<i64>,
    /// Its compound, as a position among the new ones.
    pub compound: u32,
    /// What it is called. No other building of the compound has this name.
    pub name: String,
    /// Where it is, in metres.
    pub at: Point,
    /// Where its door meets the network.
    pub home: Home,
    /// How many households live in it.
    pub households: u32,
}

/// A geography that is going to be laid. Ids are positions in these lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewGeography {
    /// Where the data come from.
    pub source: String,
    /// Whether it is invented.
    pub invented: bool,
    /// The point of the globe at which both metres are 0, or nothing if nobody knows it.
    pub origin: Option<Degrees>,
    /// The nodes, in metres.
    pub nodes: Vec<Point>,
    /// The pieces of way, each in one direction.
    pub edges: Vec<Edge>,
    /// The compounds.
    pub compounds: Vec<NewCompound>,
    /// Buildings.
    pub buildings: Vec<NewBuilding>,
    /// Which buildings touch.
    pub borders: Vec<Border>,
}

impl NewGeography {
    /// Returns how many households stand on pieces of way that are cut off from the rest.
    #[must_use]
    pub fn cut_off(&self) -> u64 {
        let pieces = Pieces::new(self.nodes.len(), self.edges.iter().map(|edge| [edge.from, edge.to]));
        let out = self.buildings.iter().filter(|building| pieces.is_cut_off(building.home.node));
        out.map(|building| u64::from(building.households)).sum()
    }
}

#[cfg(test)]
mod tests;
