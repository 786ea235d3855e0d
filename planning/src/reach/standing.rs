//! Keeps the reach of the stations that stand, so that one more or one less is reckoned at once. Only the ways that
//! change are walked again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{Building, within};
use crate::network::{NOBODY, Network, Rows, Search, Start, UNREACHED};

/// What opening or closing one station changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// The households that come within the limit.
    pub gained: u64,
    /// The households that are no longer within the limit.
    pub lost: u64,
    /// How many nodes changed their time, a measure of the work.
    pub nodes: usize,
}

/// The times to the nearest station, and the station of each node.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    forward: &'a Network,
    backward: &'a Network,
    buildings: &'a [Building],
    at_node: Rows<u32>,
    limit: u32,
    /// The node of each station that was ever opened; `None` once it is closed.
    stations: Vec<Option<u32>>,
    time: Vec<u32>,
    owner: Vec<u32>,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
    covered: u64,
}

impl<'a> Standing<'a> {
    /// Reckons the reach of `stations` within `limit` ds. `backward` is `forward` reversed.
    pub fn new(
        forward: &'a Network,
        backward: &'a Network,
        buildings: &'a [Building],
        stations: &[u32],
        limit: u32,
    ) -> Self {
        let starts: Vec<Start> = stations.iter().map(|&node| Start { node, time: 0 }).collect();
        let mut search = Search::new(backward.nodes());
        search.run_owned(backward, &starts, limit);
        let times = search.times();
        let covered = buildings.iter().filter(|building| within(building, times[building.node as usize], limit));
        let of_node = buildings.iter().zip(0u32..);
        Self {
            forward,
            backward,
            buildings,
            at_node: Rows::new(backward.nodes(), of_node.map(|(building, id)| (building.node, id))),
            limit,
            stations: stations.iter().copied().map(Some).collect(),
            covered: covered.map(|building| u64::from(building.households)).sum(),
            time: times.to_vec(),
            owner: search.owners().to_vec(),
            heap: BinaryHeap::new(),
        }
    }

    /// Returns the households within the limit.
    pub fn covered(&self) -> u64 {
        self.covered
    }

    /// Returns the times to the nearest station, ds, [`UNREACHED`] beyond the limit.
    pub fn times(&self) -> &[u32] {
        &self.time
    }

    /// Opens a station at a node. Returns its id and what it changes.
    pub fn open(&mut self, node: u32) -> (u32, Change) {
        let id = self.stations.len() as u32;
        self.stations.push(Some(node));
        let mut before = Vec::new();
        self.shorten(node, 0, id, &mut before);
        self.spread(&mut before);
        (id, self.sum_up(before))
    }

    /// Closes a station. Returns what that changes, which is nothing when no such station is open.
    pub fn close(&mut self, station: u32) -> Change {
        let Some(node) = self.stations.get_mut(station as usize).and_then(Option::take) else {
            return Change::default();
        };
        let mut before = Vec::new();
        self.forget(node, station, &mut before);
        // The stations that remain reach into the hole from its rim.
        let mut rim: Vec<(u32, u32, u32)> = Vec::new();
        for &(node, _) in &before {
            for arc in self.forward.out(node) {
                let owner = self.owner[arc.to as usize];
                if owner != NOBODY {
                    rim.push((node, self.time[arc.to as usize].saturating_add(arc.time), owner));
                }
            }
        }
        // Some stations had no nodes because this one stood at the same node or no time away from it. They get their
        // nodes now.
        for other in 0..self.stations.len() {
            if let Some(node) = self.stations[other]
                && self.owner[node as usize] == NOBODY
            {
                self.shorten(node, 0, other as u32, &mut Vec::new());
            }
        }
        for (node, time, owner) in rim {
            self.shorten(node, time, owner, &mut Vec::new());
        }
        self.spread(&mut Vec::new());
        self.sum_up(before)
    }

    /// Returns what opening a station at a node would change. Nothing is changed.
    pub fn if_opened(&mut self, node: u32) -> Change {
        let (id, change) = self.open(node);
        self.close(id);
        self.stations.pop();
        change
    }

    fn shorten(&mut self, node: u32, time: u32, owner: u32, before: &mut Vec<(u32, u32)>) {
        let known = &mut self.time[node as usize];
        if time < *known && time <= self.limit {
            before.push((node, *known));
            *known = time;
            self.owner[node as usize] = owner;
            self.heap.push(Reverse((time, node)));
        }
    }

    fn spread(&mut self, before: &mut Vec<(u32, u32)>) {
        let backward = self.backward;
        while let Some(Reverse((now, node))) = self.heap.pop() {
            if self.time[node as usize] != now {
                continue;
            }
            let owner = self.owner[node as usize];
            for arc in backward.out(node) {
                self.shorten(arc.to, now.saturating_add(arc.time), owner, before);
            }
        }
    }

    /// Takes the time away from every node that a station owns. The nodes of a station are connected, beginning at its
    /// own node.
    fn forget(&mut self, node: u32, station: u32, before: &mut Vec<(u32, u32)>) {
        let backward = self.backward;
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if self.owner[node as usize] != station {
                continue;
            }
            before.push((node, self.time[node as usize]));
            self.owner[node as usize] = NOBODY;
            self.time[node as usize] = UNREACHED;
            open.extend(backward.out(node).iter().map(|arc| arc.to));
        }
    }

    /// Adds up what happened at nodes that had these times before. For a node that changed twice the first time counts.
    fn sum_up(&mut self, mut before: Vec<(u32, u32)>) -> Change {
        before.sort_by_key(|&(node, time)| (node, Reverse(time)));
        before.dedup_by_key(|&mut (node, _)| node);
        let mut change = Change { nodes: before.len(), ..Change::default() };
        for (node, was) in before {
            for &building in self.at_node.of(node) {
                let building = &self.buildings[building as usize];
                let households = u64::from(building.households);
                let now = within(building, self.time[node as usize], self.limit);
                match (within(building, was, self.limit), now) {
                    (false, true) => change.gained += households,
                    (true, false) => change.lost += households,
                    _ => {}
                }
            }
        }
        self.covered = self.covered + change.gained - change.lost;
        change
    }
}
