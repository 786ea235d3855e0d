//! Finds where points meet the ways: at the nearest point of a way, which is seldom one of its nodes. Such a foot
//! becomes a node of its own, so that a walk from there goes on in both directions.

use std::collections::BTreeMap;

use super::squares::Squares;
use super::{DETOUR_METRES, Scale, rectangle};
use crate::network::{Edge, RIDE};
use crate::pieces::Pieces;
use crate::shape::Point;

/// Says where a point meets the ways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foot {
    /// The two nodes between which the foot lies. The smaller number comes first.
    pub ends: [u32; 2],
    /// How far along the foot lies: 0 is the first of the ends and 1 is the other.
    pub share: f64,
    /// The straight way from the point to the foot, metres.
    pub metres: f64,
}

/// The pieces of way as straight lines, to find the nearest one. Nobody steps on or off a ride on its way
/// ([`RIDE`]), so rides are left out.
#[derive(Debug)]
pub struct Lines<'a> {
    nodes: &'a [Point],
    scale: Scale,
    /// The ends of each line. Two ways between the same nodes are one line.
    ends: Vec<[u32; 2]>,
    squares: Squares,
    /// The corners of the rectangle around all nodes.
    corners: (Point, Point),
}

impl<'a> Lines<'a> {
    /// Takes the ways between nodes, which are in degrees when `degrees` is set, otherwise in metres. All edges must
    /// name nodes that exist.
    pub fn new(nodes: &'a [Point], edges: &[Edge], degrees: bool) -> Self {
        let scale = Scale::of(nodes, degrees);
        let mut ends: Vec<[u32; 2]> = edges.iter().filter(|edge| edge.class != RIDE).map(ends_of).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut squares = Squares::default();
        for (&[a, b], line) in ends.iter().zip(0..) {
            squares.put_line(scale.metres(nodes[a as usize]), scale.metres(nodes[b as usize]), line);
        }
        Self { nodes, scale, ends, squares, corners: rectangle(nodes) }
    }

    /// Returns the metres from a point to the rectangle around all nodes. Every way is at least as far away.
    pub fn outside(&self, point: Point) -> f64 {
        self.scale.outside(point, self.corners)
    }

    /// Returns where a point meets the nearest way, or nothing if there are no ways.
    pub fn nearest(&self, point: Point) -> Option<Foot> {
        self.nearest_of(point, |_| true)
    }

    /// Returns where a point meets the nearest way that leads on. If only a piece that is cut off is near, it returns
    /// the foot on that piece.
    pub fn nearest_joined(&self, point: Point, pieces: &Pieces) -> Option<Foot> {
        let nearest = self.nearest(point)?;
        if !pieces.is_cut_off(nearest.ends[0]) {
            return Some(nearest);
        }
        let joined = self.nearest_of(point, |node| !pieces.is_cut_off(node));
        joined.filter(|foot| foot.metres <= nearest.metres + DETOUR_METRES).or(Some(nearest))
    }

    /// Returns the nearest foot on the lines that count, by their first node.
    fn nearest_of(&self, point: Point, counts: impl Fn(u32) -> bool) -> Option<Foot> {
        let at = self.scale.metres(point);
        let away = |line: u32| counts(self.ends[line as usize][0]).then(|| self.foot(at, line).metres);
        let (line, _) = self.squares.nearest(at, away)?;
        Some(self.foot(at, line))
    }

    /// Returns the foot of a point on one line. The point is given in metres.
    fn foot(&self, at: Point, line: u32) -> Foot {
        let ends = self.ends[line as usize];
        let [a, b] = ends.map(|node| self.scale.metres(self.nodes[node as usize]));
        let (x, y) = (b.x - a.x, b.y - a.y);
        let square = x * x + y * y;
        let share = if square > 0.0 { (((at.x - a.x) * x + (at.y - a.y) * y) / square).clamp(0.0, 1.0) } else { 0.0 };
        Foot { ends, share, metres: (a.x + share * x - at.x).hypot(a.y + share * y - at.y) }
    }
}

/// Makes a node of each foot and returns these nodes in the order of the feet. A way on which feet lie is divided
/// there; its parts together take as long as the whole.
pub fn join(nodes: &mut Vec<Point>, edges: &mut Vec<Edge>, feet: &[Foot]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..feet.len()).collect();
    order.sort_by(|&a, &b| feet[a].ends.cmp(&feet[b].ends).then(feet[a].share.total_cmp(&feet[b].share)));
    let mut cuts: BTreeMap<[u32; 2], Vec<(f64, u32)>> = BTreeMap::new();
    let mut node_of = vec![0; feet.len()];
    for at in order {
        let Foot { ends, share, .. } = feet[at];
        let own = if share <= 0.0 {
            ends[0]
        } else if share >= 1.0 {
            ends[1]
        } else {
            let known = cuts.entry(ends).or_default();
            // The feet come in order, so a share that is no greater is the same.
            if let Some((_, node)) = known.last().copied().filter(|(last, _)| share <= *last) {
                node
            } else {
                let node = nodes.len() as u32;
                let [a, b] = ends.map(|end| nodes[end as usize]);
                nodes.push(Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
                known.push((share, node));
                node
            }
        };
        node_of[at] = own;
    }
    for edge in std::mem::take(edges) {
        match cuts.get(&ends_of(&edge)).filter(|_| edge.class != RIDE) {
            Some(cuts) => divide(edge, cuts, edges),
            None => edges.push(edge),
        }
    }
    node_of
}

/// Divides a piece of way where it is cut. The shares are those from its smaller node.
fn divide(edge: Edge, cuts: &[(f64, u32)], into: &mut Vec<Edge>) {
    let mut stops: Vec<(f64, u32)> = if edge.from < edge.to {
        cuts.to_vec()
    } else {
        cuts.iter().rev().map(|&(share, node)| (1.0 - share, node)).collect()
    };
    stops.push((1.0, edge.to));
    let (mut from, mut passed) = (edge.from, 0);
    for (share, to) in stops {
        let until = (f64::from(edge.time) * share).round() as u32;
        into.push(Edge { from, to, time: until.saturating_sub(passed), class: edge.class });
        (from, passed) = (to, until);
    }
}

/// Returns the two nodes of a piece of way. The smaller number comes first.
fn ends_of(edge: &Edge) -> [u32; 2] {
    [edge.from.min(edge.to), edge.from.max(edge.to)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    fn both(from: u32, to: u32, time: u32) -> [Edge; 2] {
        [Edge { from, to, time, class: 0 }, Edge { from: to, to: from, time, class: 0 }]
    }

    proptest! {
        #[test]
        fn the_nearest_way_is_the_nearest(
            nodes in prop::collection::vec((-3_000.0f64..3_000.0, -3_000.0f64..3_000.0), 2..20),
            ways in prop::collection::vec((0usize..20, 0usize..20), 1..20),
            point in (-5_000.0f64..5_000.0, -5_000.0f64..5_000.0),
        ) {
            let nodes: Vec<Point> = nodes.into_iter().map(|(x, y)| at(x, y)).collect();
            let node = |row: usize| (row % nodes.len()) as u32;
            let edges: Vec<Edge> = ways.iter().flat_map(|&(a, b)| both(node(a), node(b), 10)).collect();
            let point = at(point.0, point.1);
            let found = Lines::new(&nodes, &edges, false).nearest(point).unwrap();
            // Each way is looked at in a hundred places: none of them is nearer, and one is nearly as near.
            let places = edges.iter().flat_map(|edge| {
                let (a, b) = (nodes[edge.from as usize], nodes[edge.to as usize]);
                let along = move |share: f64| at(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
                (0..=100u32).map(move |step| along(f64::from(step) / 100.0))
            });
            let least = places.map(|place| (place.x - point.x).hypot(place.y - point.y)).fold(f64::MAX, f64::min);
            prop_assert!(found.metres <= least + 1e-6 && least <= found.metres + 45.0, "{} {}", found.metres, least);
        }
    }

    #[test]
    fn a_point_meets_the_way_between_its_nodes_and_not_a_nearer_node_of_another() {
        let nodes = [at(0.0, 0.0), at(600.0, 0.0), at(300.0, 40.0), at(300.0, 90.0), at(300.0, 500.0)];
        let edges = [both(0, 1, 5_000), both(2, 3, 400), both(1, 4, 5_000)].concat();
        let pieces = Pieces::new(nodes.len(), edges.iter().map(|edge| [edge.from, edge.to]));
        let lines = Lines::new(&nodes, &edges, false);
        assert_eq!(lines.nearest(at(300.0, 10.0)), Some(Foot { ends: [0, 1], share: 0.5, metres: 10.0 }));
        assert_eq!(lines.nearest(at(310.0, 30.0)).unwrap().ends, [2, 3]);
        let joined = lines.nearest_joined(at(310.0, 30.0), &pieces).unwrap();
        assert_eq!((joined.ends, joined.metres), ([0, 1], 30.0), "it hangs together");
        assert_eq!(lines.nearest(at(-30.0, 40.0)), Some(Foot { ends: [0, 1], share: 0.0, metres: 50.0 }));
        assert!(lines.nearest(at(1e300, -1e300)).is_some());
        assert!(Lines::new(&nodes, &[], false).nearest(at(0.0, 0.0)).is_none());
        let ride = [Edge { from: 0, to: 1, time: 9, class: RIDE }];
        assert!(Lines::new(&nodes, &ride, false).nearest(at(300.0, 1.0)).is_none(), "nobody boards a ferry on its way");
    }

    #[test]
    fn degrees_are_metres_on_the_ground() {
        let nodes = [at(123.0, 41.8), at(123.1, 41.8)];
        let found = Lines::new(&nodes, &both(0, 1, 9), true).nearest(at(123.05, 41.801)).unwrap();
        assert!((found.metres - 111.2).abs() < 0.1 && (found.share - 0.5).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn feet_become_nodes_and_the_parts_of_a_way_take_as_long_as_the_whole() {
        let mut nodes = vec![at(0.0, 0.0), at(90.0, 0.0), at(90.0, 90.0)];
        let one_way = Edge { from: 2, to: 1, time: 101, class: 1 };
        let ferry = Edge { from: 1, to: 2, time: 7, class: RIDE };
        let mut edges = [&both(0, 1, 100)[..], &[one_way, ferry]].concat();
        let foot = |ends: [u32; 2], share: f64| Foot { ends, share, metres: 1.0 };
        let feet = [
            foot([0, 1], 2.0 / 3.0),
            foot([0, 1], 0.0),
            foot([1, 2], 0.5),
            foot([0, 1], 1.0),
            foot([0, 1], 1.0 / 3.0),
            foot([0, 1], 2.0 / 3.0),
        ];
        assert_eq!(join(&mut nodes, &mut edges, &feet), [4, 0, 5, 1, 3, 4]);
        assert_eq!(nodes[3..], [at(30.0, 0.0), at(60.0, 0.0), at(90.0, 45.0)]);
        let found: Vec<(u32, u32, u32)> = edges.iter().map(|edge| (edge.from, edge.to, edge.time)).collect();
        let there = [(0, 3, 33), (3, 4, 34), (4, 1, 33)];
        let back = [(1, 4, 33), (4, 3, 34), (3, 0, 33)];
        assert_eq!(found, [&there[..], &back, &[(2, 5, 51), (5, 1, 50), (1, 2, 7)]].concat());
        assert_eq!(edges[6].class, 1);
    }
}
