//! Makes streets: a shifted lattice with wide streets, a river that few bridges cross, and lanes of which only some
//! exist.

use super::{Point, STREET_METRES};
use crate::chance::Chance;
use crate::network::{Edge, GIVEN_SPEED};

/// The number of lattice lines from one wide street, street or bridge to the next.
const WIDE_EVERY: usize = 18;
const STREET_EVERY: usize = 6;
const BRIDGE_EVERY: usize = 40;
/// The percentage that exists of the lanes that no tree needs.
const LANES_PERCENT: usize = 42;

/// The streets, with a way to find the nearest node.
pub struct Streets {
    pub nodes: Vec<Point>,
    pub edges: Vec<Edge>,
    /// The node of each corner of the lattice; none in the river.
    corner: Vec<Option<u32>>,
    columns: usize,
    half: f64,
}

pub fn lay(side: f64, chance: &mut Chance) -> Streets {
    let columns = (side / STREET_METRES).ceil() as usize + 1;
    let half = side / 2.0;
    let middle = |column: usize| {
        let along = column as f64 / columns as f64;
        columns as f64 * (0.36 + 0.05 * (along * 5.0).sin())
    };
    let wide = if columns > 120 { 3.0 } else { 1.0 };
    let wet = |column: usize, row: usize| {
        (row as f64 - middle(column)).abs() < wide / 2.0 && column % BRIDGE_EVERY != BRIDGE_EVERY / 2
    };
    let mut streets =
        Streets { nodes: Vec::new(), edges: Vec::new(), corner: vec![None; columns * columns], columns, half };
    for row in 0..columns {
        for column in 0..columns {
            let mut off = || (chance.unit() - 0.5) * 0.6 * STREET_METRES;
            let at =
                Point { x: column as f64 * STREET_METRES - half + off(), y: row as f64 * STREET_METRES - half + off() };
            if !wet(column, row) {
                streets.corner[row * columns + column] = Some(streets.nodes.len() as u32);
                streets.nodes.push(at);
            }
        }
    }
    streets.join(chance);
    streets.keep_the_largest();
    streets
}

impl Streets {
    /// Joins the nodes: wide streets and streets all exist, lanes exist where a random tree needs them, and some more.
    fn join(&mut self, chance: &mut Chance) {
        let mut lanes: Vec<(u64, u32, u32)> = Vec::new();
        let mut kept: Vec<(u32, u32, u8)> = Vec::new();
        for row in 0..self.columns {
            for column in 0..self.columns {
                let Some(node) = self.corner[row * self.columns + column] else {
                    continue;
                };
                let beside = [(column + 1, row, row), (column, row + 1, column)];
                for (x, y, line) in beside {
                    let other =
                        if x < self.columns && y < self.columns { self.corner[y * self.columns + x] } else { None };
                    let Some(other) = other else {
                        continue;
                    };
                    if line % WIDE_EVERY == 0 {
                        kept.push((node, other, 0));
                    } else if line % STREET_EVERY == 0 {
                        kept.push((node, other, 1));
                    } else {
                        lanes.push((chance.bits(), node, other));
                    }
                }
            }
        }
        let mut root: Vec<u32> = (0..self.nodes.len() as u32).collect();
        for &(a, b, _) in &kept {
            unite(&mut root, a, b);
        }
        lanes.sort_unstable();
        for (at, &(_, a, b)) in lanes.iter().enumerate() {
            if unite(&mut root, a, b) || at % 100 < LANES_PERCENT {
                kept.push((a, b, 2));
            }
        }
        for (a, b, class) in kept {
            let (from, to) = (self.nodes[a as usize], self.nodes[b as usize]);
            let metres = (from.x - to.x).hypot(from.y - to.y);
            let time = ((metres * 10_000.0 / f64::from(GIVEN_SPEED)).round() as u32).max(1);
            self.edges.extend([Edge { from: a, to: b, time, class }, Edge { from: b, to: a, time, class }]);
        }
    }

    /// Leaves out what no way joins to the rest.
    fn keep_the_largest(&mut self) {
        let mut root: Vec<u32> = (0..self.nodes.len() as u32).collect();
        for edge in &self.edges {
            unite(&mut root, edge.from, edge.to);
        }
        let mut count = vec![0u32; self.nodes.len()];
        for node in 0..self.nodes.len() as u32 {
            count[find(&mut root, node) as usize] += 1;
        }
        let largest =
            (0..count.len() as u32).max_by_key(|&node| (count[node as usize], std::cmp::Reverse(node))).unwrap_or(0);
        let mut new = vec![None; self.nodes.len()];
        let mut nodes = Vec::new();
        for node in 0..self.nodes.len() as u32 {
            if find(&mut root, node) == largest {
                new[node as usize] = Some(nodes.len() as u32);
                nodes.push(self.nodes[node as usize]);
            }
        }
        self.nodes = nodes;
        for corner in &mut self.corner {
            *corner = corner.and_then(|node| new[node as usize]);
        }
        self.edges.retain_mut(|edge| match (new[edge.from as usize], new[edge.to as usize]) {
            (Some(from), Some(to)) => {
                (edge.from, edge.to) = (from, to);
                true
            }
            _ => false,
        });
    }

    /// Returns the nearest node to a point, among the corners around it.
    pub fn nearest(&self, at: Point) -> (u32, f64) {
        let place =
            |value: f64| ((value + self.half) / STREET_METRES).round().clamp(0.0, (self.columns - 1) as f64) as usize;
        let (column, row) = (place(at.x), place(at.y));
        for ring in 1..self.columns {
            let rows = row.saturating_sub(ring)..=(row + ring).min(self.columns - 1);
            let near = rows.flat_map(|row| {
                let columns = column.saturating_sub(ring)..=(column + ring).min(self.columns - 1);
                columns.filter_map(move |column| self.corner[row * self.columns + column])
            });
            let metres = |node: u32| {
                let there = self.nodes[node as usize];
                (there.x - at.x).hypot(there.y - at.y)
            };
            let found = near.map(|node| (node, metres(node))).min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some(found) = found {
                return found;
            }
        }
        (0, 0.0)
    }

    /// Says whether a point lies where there are no streets: in the river or outside the city.
    pub fn is_wet(&self, at: Point) -> bool {
        let place = |value: f64| ((value + self.half) / STREET_METRES).round();
        let (column, row) = (place(at.x), place(at.y));
        let inside = |value: f64| (0.0..self.columns as f64).contains(&value);
        !inside(column) || !inside(row) || self.corner[row as usize * self.columns + column as usize].is_none()
    }
}

fn find(root: &mut [u32], mut node: u32) -> u32 {
    while root[node as usize] != node {
        root[node as usize] = root[root[node as usize] as usize];
        node = root[node as usize];
    }
    node
}

fn unite(root: &mut [u32], a: u32, b: u32) -> bool {
    let (a, b) = (find(root, a), find(root, b));
    root[a.max(b) as usize] = a.min(b);
    a != b
}
