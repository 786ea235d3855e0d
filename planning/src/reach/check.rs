//! Checks without searching that walking times are the shortest ones.

use crate::network::{Network, Start, UNREACHED};

/// What is wrong with a table of walking times.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// There is not one time for each node.
    #[error("{found} times for {nodes} nodes")]
    Length {
        /// How many times were given.
        found: usize,
        /// How many nodes there are.
        nodes: usize,
    },
    /// The node of a station has a longer time than the station.
    #[error("a station stands at node {0}, and its time is longer than the way from there")]
    Station(u32),
    /// An arc reaches a node sooner than its time says.
    #[error("node {node} has {time} ds, and the arc to node {through} makes it {shorter}")]
    Longer {
        /// The node.
        node: u32,
        /// The time of the node.
        time: u32,
        /// The node through which its way could go.
        through: u32,
        /// The time that it would have then.
        shorter: u32,
    },
    /// No arc explains the time of a node.
    #[error("node {node} has {time} ds, and no way gives it that time")]
    Unexplained {
        /// The node.
        node: u32,
        /// The time of the node.
        time: u32,
    },
}

/// Checks the times to the nearest station on a network walked forward, out to `limit` ds. Stations have their own
/// time, no arc shortens a time, and every other time is that of an arc and the node behind it, through an unbroken
/// chain to a station.
pub fn check(forward: &Network, stations: &[Start], limit: u32, times: &[u32]) -> Result<(), Wrong> {
    if times.len() != forward.nodes() {
        return Err(Wrong::Length { found: times.len(), nodes: forward.nodes() });
    }
    let mut explained = vec![false; times.len()];
    for station in stations.iter().filter(|station| station.time <= limit) {
        let time = times[station.node as usize];
        if time > station.time {
            return Err(Wrong::Station(station.node));
        }
        explained[station.node as usize] |= time == station.time;
    }
    // Nodes come by rising time, so the next node on a way is explained before, except where arcs take no time.
    let mut order: Vec<u32> = (0..times.len() as u32).collect();
    order.sort_unstable_by_key(|&node| times[node as usize]);
    let mut from = 0;
    while from < order.len() {
        let time = times[order[from] as usize];
        let to = from + order[from..].partition_point(|&node| times[node as usize] == time);
        explain(forward, limit, times, &order[from..to], &mut explained)?;
        from = to;
    }
    Ok(())
}

/// Checks the nodes of one time. Arcs of no time among them are followed until nothing changes.
fn explain(forward: &Network, limit: u32, times: &[u32], nodes: &[u32], explained: &mut [bool]) -> Result<(), Wrong> {
    for &node in nodes {
        let time = times[node as usize];
        for arc in forward.out(node) {
            let shorter = times[arc.to as usize].saturating_add(arc.time);
            if shorter < time && shorter <= limit {
                return Err(Wrong::Longer { node, time, through: arc.to, shorter });
            }
        }
    }
    let mut open: Vec<u32> = nodes.to_vec();
    open.retain(|&node| times[node as usize] != UNREACHED && !explained[node as usize]);
    while !open.is_empty() {
        let before = open.len();
        open.retain(|&node| {
            let time = times[node as usize];
            let tight = |to: u32, arc: u32| times[to as usize].saturating_add(arc) == time;
            let mut ways = forward.out(node).iter();
            let found = time <= limit && ways.any(|arc| tight(arc.to, arc.time) && explained[arc.to as usize]);
            explained[node as usize] |= found;
            !found
        });
        if open.len() == before {
            return Err(Wrong::Unexplained { node: open[0], time: times[open[0] as usize] });
        }
    }
    Ok(())
}
