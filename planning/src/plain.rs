//! Walking times by the plainest search there is. Checks use it, so that they share nothing with the searches of the
//! planners.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::network::{Network, Start};

/// The ways of a network, seen from where they lead to.
#[derive(Debug, Clone)]
pub struct Plain {
    /// The arcs into each node: the node from which the arc comes, and its time, ds.
    into: Vec<Vec<(u32, u32)>>,
}

impl Plain {
    /// Takes the arcs of a network that is walked forward.
    pub fn new(forward: &Network) -> Self {
        let mut into = vec![Vec::new(); forward.nodes()];
        for node in 0..forward.nodes() as u32 {
            for arc in forward.out(node) {
                into[arc.to as usize].push((node, arc.time));
            }
        }
        Self { into }
    }

    /// Returns the nodes from which somebody walks to the nearest of some goals within `limit` ds, each with the time
    /// of that walk, ds. A goal that does not stand at its node has the time from its node to its door.
    pub fn walks_to(&self, goals: &[Start], limit: u32) -> BTreeMap<u32, u32> {
        let mut open: BinaryHeap<Reverse<(u32, u32)>> =
            goals.iter().map(|goal| Reverse((goal.time, goal.node))).collect();
        let mut times = BTreeMap::new();
        while let Some(Reverse((time, node))) = open.pop() {
            if time > limit {
                break;
            }
            if times.contains_key(&node) {
                continue;
            }
            times.insert(node, time);
            let before = self.into.get(node as usize).into_iter().flatten();
            open.extend(before.map(|&(from, more)| Reverse((time.saturating_add(more), from))));
        }
        times
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::network::{Edge, Profile, Search};
    use crate::reach::times;

    proptest! {
        #[test]
        fn the_plain_search_finds_the_same_times(
            edges in prop::collection::vec((0u32..14, 0u32..14, 0u32..60), 0..45),
            goals in prop::collection::vec((0u32..14, 0u32..30), 1..5),
        ) {
            let edges: Vec<Edge> = edges
                .iter()
                .filter(|one| one.0 != one.1)
                .map(|&(from, to, time)| Edge { from, to, time, class: 0 })
                .collect();
            let forward = Network::new(14, &edges, &Profile::adult()).unwrap();
            let goals: Vec<Start> = goals.into_iter().map(|(node, time)| Start { node, time }).collect();
            let mut search = Search::new(14);
            let found = times(&mut search, &forward.reversed(), &goals, 100);
            let plain = Plain::new(&forward).walks_to(&goals, 100);
            for node in 0..14u32 {
                let time = plain.get(&node).copied().unwrap_or(u32::MAX);
                prop_assert_eq!(found[node as usize], time, "node {}", node);
            }
        }
    }
}
