//! This file reads the walking network of an OpenStreetMap extract (`network.osm.pbf`): the ways that people may walk
//! or ride, in the directions in which they may, and what stops them on the way.

mod blobs;
mod ground;
mod tags;
mod told;
mod wire;
mod within;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kernel::language::Bilingual;
use osmpbf::Element;
use planning::network::{Edge, LONGEST_DS, RIDE};
use planning::shape::Point;
use planning::snap::{metres_between, walk_ds};

use super::table::both;
pub use ground::{Ground, ground};
use tags::{Passage, Tags, Walk, is_conditional, is_unknown, passage, walk};
pub use told::Told;
pub use within::Within;

/// Is the speed of a ferry whose duration nobody wrote down, in metres a second. The map has no default; a ferry across
/// a river or a harbour goes about 11 km/h, with casting off and landing.
const FERRY_SPEED: f64 = 3.0;

/// Limits the time between two nodes on foot, in ds. A longer line is a slip of the map, and a slow walker would break
/// the limit of the network on it.
const LONGEST_WALK_DS: u32 = LONGEST_DS / 4;

/// Holds nodes and edges. First come the nodes of the ways, in the order of their OpenStreetMap identities.
#[derive(Debug, Clone)]
pub struct Extract {
    /// Where the nodes are, in degrees.
    pub nodes: Vec<Point>,
    /// The ways between neighbouring nodes, each in one direction.
    pub edges: Vec<Edge>,
    /// What a reader must know of the map.
    pub told: Told,
}

/// A way with the nodes it leads over.
struct Line {
    nodes: Vec<i64>,
    walk: Walk,
}

/// A node of a way.
#[derive(Clone, Copy)]
struct Spot {
    at: Point,
    is_shut: bool,
}

/// Reads an extract. It goes through the file twice: first for the ways, then for their nodes.
pub fn read(path: &Path) -> Result<Extract, Bilingual> {
    read_within(path, None)
}

/// Reads an extract that may not be larger than that.
pub fn read_within(path: &Path, within: Option<Within>) -> Result<Extract, Bilingual> {
    let mut told = Told::default();
    let lines = lines(path, within, &mut told)?;
    let spots = spots(path, within, &lines, &mut told)?;
    let mut laying = Laying::new(&spots, told);
    for line in lines.values() {
        laying.lay(line);
    }
    let Laying { nodes, edges, told, .. } = laying;
    if edges.iter().all(|edge| edge.class == RIDE) {
        return Err(both(
            "里面没有可以走的路。请换一个城区的地图文件。",
            "has no way that one may walk. Take an extract of a town.",
        ));
    }
    Ok(Extract { nodes, edges, told })
}

/// Returns the ways that people take, by their identities. Of a way that is there more than once the last one counts.
fn lines(path: &Path, within: Option<Within>, told: &mut Told) -> Result<BTreeMap<i64, Line>, Bilingual> {
    let mut lines: BTreeMap<i64, Line> = BTreeMap::new();
    blobs::each(path, within, |element| match element {
        Element::Way(way) => {
            let tags: Tags<'_> = way.tags().collect();
            told.unknown_ways += u64::from(is_unknown(&tags));
            let before = match walk(&tags) {
                Some(walk) => {
                    told.conditional += u64::from(is_conditional(&tags));
                    lines.insert(way.id(), Line { nodes: way.refs().collect(), walk })
                }
                None => lines.remove(&way.id()),
            };
            told.repeated_ways += u64::from(before.is_some());
        }
        Element::Relation(relation) => {
            let tags: Tags<'_> = relation.tags().collect();
            let is_square = tags.get("type") == Some(&"multipolygon") && tags.contains_key("highway");
            told.squares += u64::from(is_square && walk(&tags).is_some());
        }
        Element::Node(_) | Element::DenseNode(_) => {}
    })?;
    Ok(lines)
}

/// Returns the nodes of the ways in the order of their identities. Nodes that the extract cuts off are not among them,
/// and the ways end before these.
fn spots(
    path: &Path,
    within: Option<Within>,
    lines: &BTreeMap<i64, Line>,
    told: &mut Told,
) -> Result<Vec<(i64, Spot)>, Bilingual> {
    let nodes = lines.values().flat_map(|line| line.nodes.iter().map(|&node| (node, None)));
    let mut wanted = Wanted { spots: nodes.collect(), told };
    blobs::each(path, within, |element| match element {
        Element::Node(node) => wanted.put(node.id(), Point { x: node.lon(), y: node.lat() }, node.tags()),
        Element::DenseNode(node) => wanted.put(node.id(), Point { x: node.lon(), y: node.lat() }, node.tags()),
        Element::Way(_) | Element::Relation(_) => {}
    })?;
    let Wanted { spots, told } = wanted;
    let spots: Vec<(i64, Spot)> = spots.into_iter().filter_map(|(id, spot)| Some((id, spot?))).collect();
    told.stacked = stacked(&spots);
    Ok(spots)
}

/// Holds the nodes of the ways. Those that were not seen yet have no spot.
struct Wanted<'t> {
    spots: BTreeMap<i64, Option<Spot>>,
    told: &'t mut Told,
}

impl Wanted<'_> {
    /// Takes a node if it is one of them. Of a node that is there more than once the last one counts.
    fn put<'a>(&mut self, id: i64, at: Point, tags: impl Iterator<Item = (&'a str, &'a str)>) {
        let Some(spot) = self.spots.get_mut(&id) else { return };
        let tags: Tags<'_> = tags.collect();
        let passage = passage(&tags);
        self.told.repeated_nodes += u64::from(spot.is_some());
        self.told.conditional += u64::from(is_conditional(&tags));
        self.told.unknown_barriers += u64::from(passage == Passage::Unknown);
        // A place outside the globe is none.
        let is_there = at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
        *spot = is_there.then_some(Spot { at, is_shut: passage != Passage::Open });
    }
}

/// Returns how many nodes lie just where another one lies.
fn stacked(spots: &[(i64, Spot)]) -> u64 {
    let mut places: Vec<Point> = spots.iter().map(|(_, spot)| spot.at).collect();
    places.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let all = places.len();
    places.dedup();
    (all - places.len()) as u64
}

/// Holds a network that is being laid.
struct Laying<'a> {
    spots: &'a [(i64, Spot)],
    nodes: Vec<Point>,
    edges: Vec<Edge>,
    /// The nodes that let nobody pass and are already the end of some stretch.
    ended: BTreeSet<usize>,
    told: Told,
}

impl<'a> Laying<'a> {
    fn new(spots: &'a [(i64, Spot)], told: Told) -> Self {
        let nodes = spots.iter().map(|(_, spot)| spot.at).collect();
        Self { spots, nodes, edges: Vec::new(), ended: BTreeSet::new(), told }
    }

    /// Lays a way: a stretch between each two nodes that follow one another.
    fn lay(&mut self, line: &Line) {
        let row = |id: i64| self.spots.binary_search_by_key(&id, |&(known, _)| known).ok();
        let pair = |[a, b]: &[i64; 2]| Some((row(*a)?, row(*b)?)).filter(|(a, b)| a != b);
        let stretches: Vec<(usize, usize)> = line.nodes.array_windows::<2>().filter_map(pair).collect();
        let metres = |&(a, b): &(usize, usize)| metres_between(self.nodes[a], self.nodes[b]);
        let lengths: Vec<f64> = stretches.iter().map(metres).collect();
        let is_ride = line.walk.class == RIDE;
        let times = if is_ride && !stretches.is_empty() {
            self.told.ferries += u64::from(line.walk.duration.is_none());
            ridden(&lengths, line.walk.duration)
        } else {
            lengths.iter().map(|&length| walk_ds(length)).collect()
        };
        let longest = if is_ride { LONGEST_DS } else { LONGEST_WALK_DS };
        for ((a, b), time) in stretches.into_iter().zip(times) {
            if time > longest {
                self.told.too_long += 1;
                continue;
            }
            let (from, to) = (self.end(a), self.end(b));
            let there = Edge { from, to, time, class: line.walk.class };
            self.edges.extend(line.walk.forward.then_some(there));
            self.edges.extend(line.walk.backward.then_some(Edge { from: to, to: from, ..there }));
        }
    }

    /// Returns the node at which a stretch ends. Where nobody passes, each stretch ends at a node of its own, so people
    /// come up to a closed gate from both sides and walk back.
    fn end(&mut self, row: usize) -> u32 {
        let (_, spot) = self.spots[row];
        if !spot.is_shut || self.ended.insert(row) {
            return row as u32;
        }
        self.nodes.push(spot.at);
        self.nodes.len() as u32 - 1
    }
}

/// Divides the time of a ride among its stretches by their lengths, so that together they take just that time.
fn ridden(lengths: &[f64], duration: Option<u32>) -> Vec<u32> {
    let whole: f64 = lengths.iter().sum();
    let time = duration.unwrap_or_else(|| (whole * 10.0 / FERRY_SPEED).round() as u32);
    let (mut gone, mut passed) = (0.0_f64, 0);
    let stretch = |length: &f64| {
        gone += *length;
        // A ride of no length has no stretch that takes time.
        let until = if whole > 0.0 { (f64::from(time) * (gone / whole)).round() as u32 } else { 0 };
        until - std::mem::replace(&mut passed, until)
    };
    lengths.iter().map(stretch).collect()
}

#[cfg(test)]
pub(super) mod tests;
