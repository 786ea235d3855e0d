//! Zones: connected sets of places. They are grown by walking distance from each place, and joined from pairs and
//! triples of neighbours, so that a bend of a river or a long street is a zone as well as a disc is.

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{NOBODY, Network, Search, Start};

/// No zone.
pub(crate) const NONE: u32 = u32::MAX;

/// A place within walking distance of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Walk {
    /// The time of the walk, ds.
    pub time: u32,
    /// The place.
    pub to: u32,
}

/// A zone: another one and one place more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    /// The other zone, or [`NONE`].
    pub before: u32,
    /// The place.
    pub added: u32,
}

/// The zones of a city. Each set of places is there once.
#[derive(Debug, Clone)]
pub struct Zones {
    places: usize,
    steps: Vec<Step>,
    known: BTreeMap<Vec<u32>, u32>,
}

impl Zones {
    /// Makes the zones that are one place alone.
    pub fn new(places: usize) -> Self {
        let mut zones = Self { places, steps: Vec::new(), known: BTreeMap::new() };
        for place in 0..places as u32 {
            zones.add(&[place]);
        }
        zones
    }

    /// Returns how many places there are.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Returns how many zones there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Says whether there is no zone, because there is no place.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns the places of every zone, in their order.
    pub fn sets(&self) -> impl Iterator<Item = &[u32]> {
        self.known.keys().map(Vec::as_slice)
    }

    /// Returns the places of one zone, in their order.
    pub(crate) fn members(&self, zone: u32) -> Vec<u32> {
        let (mut places, mut at) = (Vec::new(), zone);
        while let Some(step) = self.steps.get(at as usize) {
            places.push(step.added);
            at = step.before;
        }
        places.sort_unstable();
        places
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Adds a set of places, and the sets that its list begins with. Places that do not exist, or stand twice, are
    /// passed over.
    pub fn add(&mut self, list: &[u32]) {
        let (mut set, mut before) = (BTreeSet::new(), NONE);
        for &added in list {
            if added as usize >= self.places || !set.insert(added) {
                continue;
            }
            let next = self.steps.len() as u32;
            let steps = &mut self.steps;
            before = *self.known.entry(set.iter().copied().collect()).or_insert_with(|| {
                steps.push(Step { before, added });
                next
            });
        }
    }

    /// Grows a zone from each place up to `largest` places: next comes always the nearest one on foot from the first
    /// that lies beside those that are in already. `near` has the walks from each place, `beside` the pairs of places
    /// that touch.
    pub fn grow(&mut self, near: &[Vec<Walk>], beside: &[(u32, u32)], largest: usize) {
        let neighbours = neighbours(self.places, beside);
        for (place, walks) in (0..self.places as u32).zip(near) {
            let mut left: Vec<Walk> = walks.iter().copied().filter(|walk| walk.to != place).collect();
            left.sort_unstable();
            let (mut list, mut open) = (vec![place], BTreeSet::<u32>::new());
            open.extend(&neighbours[place as usize]);
            while list.len() < largest {
                let Some(at) = left.iter().position(|walk| open.contains(&walk.to)) else { break };
                let next = left.remove(at).to;
                list.push(next);
                open.extend(neighbours.get(next as usize).into_iter().flatten());
            }
            self.add(&list);
        }
    }

    /// Joins every pair of places that touch, and every three of which two touch the third.
    pub fn join(&mut self, beside: &[(u32, u32)]) {
        let neighbours = neighbours(self.places, beside);
        for (place, around) in (0..self.places as u32).zip(&neighbours) {
            for (at, &one) in around.iter().enumerate() {
                for &other in around.iter().skip(at + 1) {
                    self.add(&[place, one, other]);
                }
                self.add(&[place, one]);
            }
        }
    }
}

fn neighbours(places: usize, beside: &[(u32, u32)]) -> Vec<Vec<u32>> {
    let mut sets = vec![BTreeSet::new(); places];
    let inside = beside.iter().filter(|(a, b)| (*a).max(*b) < places as u32 && a != b);
    for &(a, b) in inside {
        sets[a as usize].insert(b);
        sets[b as usize].insert(a);
    }
    sets.into_iter().map(|set| set.into_iter().collect()).collect()
}

/// Returns the walks from each place to the others within `limit` ds, the nearest first. `middles` has the node where
/// the middle of each place is, and none for a place that does not stand on the network.
pub fn around(network: &Network, middles: &[Option<Start>], limit: u32) -> Vec<Vec<Walk>> {
    use rayon::prelude::*;
    let at_node = crate::network::Rows::new(network.nodes(), standing(network, middles));
    middles
        .par_iter()
        .zip(0u32..middles.len() as u32)
        .map_init(
            || Search::new(network.nodes()),
            |search, (middle, place)| {
                let mut walks = Vec::new();
                let Some((start, left)) = middle.and_then(|start| Some((start, limit.checked_sub(start.time)?))) else {
                    return walks;
                };
                search.run(network, &[start.node], left);
                for &node in search.reached() {
                    for &(to, door) in at_node.of(node) {
                        let time = search.times()[node as usize].saturating_add(start.time).saturating_add(door);
                        if to != place && time <= limit {
                            walks.push(Walk { time, to });
                        }
                    }
                }
                walks.sort_unstable();
                walks
            },
        )
        .collect()
}

/// Returns the pairs of places that touch: a way of at most `limit` ds leads from the one to the other, and everywhere
/// on it one of the two is the nearest on foot.
pub fn beside(network: &Network, middles: &[Option<Start>], limit: u32) -> Vec<(u32, u32)> {
    let (places, starts): (Vec<u32>, Vec<Start>) =
        middles.iter().zip(0u32..).filter_map(|(middle, place)| Some((place, (*middle)?))).unzip();
    let mut search = Search::new(network.nodes());
    search.run_owned(network, &starts, limit);
    let (owners, times) = (search.owners(), search.times());
    let mut pairs = BTreeSet::new();
    for node in 0..network.nodes() as u32 {
        for arc in network.out(node) {
            let (one, other) = (owners[node as usize], owners[arc.to as usize]);
            let across = times[node as usize].saturating_add(arc.time).saturating_add(times[arc.to as usize]);
            if across <= limit && one != NOBODY && other != NOBODY && one != other {
                let (one, other) = (places[one as usize], places[other as usize]);
                pairs.insert((one.min(other), one.max(other)));
            }
        }
    }
    pairs.into_iter().collect()
}

fn standing<'a>(
    network: &'a Network,
    middles: &'a [Option<Start>],
) -> impl Iterator<Item = (u32, (u32, u32))> + Clone + 'a {
    let placed = middles.iter().zip(0u32..).filter_map(|(middle, place)| Some((place, (*middle)?)));
    let known = placed.filter(move |(_, start)| (start.node as usize) < network.nodes());
    known.map(|(place, start)| (start.node, (place, start.time)))
}
