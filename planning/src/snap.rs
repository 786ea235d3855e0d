//! Finds what is nearest to points, with the straight way between: nodes here, the ways themselves in [`Lines`].

mod lines;
mod squares;

use kernel::earth::MEAN_RADIUS_METRES as EARTH_METRES;

use crate::pieces::Pieces;
use crate::shape::Point;
use squares::Squares;

pub use lines::{Foot, Lines, join};

/// Returns the metres between two points in degrees (haversine).
pub fn metres_between(a: Point, b: Point) -> f64 {
    let (from, to) = (a.y.to_radians(), b.y.to_radians());
    let (up, aside) = ((to - from) / 2.0, (b.x - a.x).to_radians() / 2.0);
    let half = up.sin().powi(2) + from.cos() * to.cos() * aside.sin().powi(2);
    2.0 * EARTH_METRES * half.sqrt().asin()
}

/// Returns the time of a walk at 1.2 m/s, in ds, rounded to the nearest.
pub fn walk_ds(metres: f64) -> u32 {
    (metres * 10.0 / 1.2).round() as u32
}

/// A point may stand this much farther from the network than its nearest node or way is, to stand on a piece that leads
/// on.
const DETOUR_METRES: f64 = 250.0;

/// The metres for one unit of x and of y.
#[derive(Debug, Clone, Copy)]
struct Scale {
    x: f64,
    y: f64,
}

impl Scale {
    /// Takes degrees around the middle latitude of the nodes when `degrees` is set, otherwise metres.
    fn of(nodes: &[Point], degrees: bool) -> Self {
        if !degrees {
            return Self { x: 1.0, y: 1.0 };
        }
        let middle = nodes.iter().map(|node| node.y).sum::<f64>() / nodes.len().max(1) as f64;
        let metres = EARTH_METRES.to_radians();
        Self { x: metres * middle.to_radians().cos(), y: metres }
    }

    /// Returns a point in metres.
    fn metres(self, point: Point) -> Point {
        Point { x: point.x * self.x, y: point.y * self.y }
    }
}

/// The nodes by square, to find the nearest one.
pub struct Nodes<'a> {
    points: &'a [Point],
    scale: Scale,
    squares: Squares,
}

impl<'a> Nodes<'a> {
    /// Takes nodes in degrees when `degrees` is set, otherwise in metres.
    pub fn new(nodes: &'a [Point], degrees: bool) -> Self {
        let mut found = Self { points: nodes, scale: Scale::of(nodes, degrees), squares: Squares::default() };
        for (&node, id) in nodes.iter().zip(0..) {
            found.squares.put(found.scale.metres(node), id);
        }
        found
    }

    /// Returns the nearest node and the metres to it, or none when there are no nodes.
    pub fn nearest(&self, point: Point) -> Option<(u32, f64)> {
        self.nearest_of(point, |_| true)
    }

    /// Returns the nearest node from which the ways lead on, and the metres to it. Where only a piece that is cut off
    /// is near, it returns the nearest node of that.
    pub fn nearest_joined(&self, point: Point, pieces: &Pieces) -> Option<(u32, f64)> {
        let nearest = self.nearest(point)?;
        if !pieces.is_cut_off(nearest.0) {
            return Some(nearest);
        }
        let joined = self.nearest_of(point, |node| !pieces.is_cut_off(node));
        joined.filter(|(_, metres)| *metres <= nearest.1 + DETOUR_METRES).or(Some(nearest))
    }

    /// Returns the nearest of the nodes that count, and the metres to it.
    fn nearest_of(&self, point: Point, counts: impl Fn(u32) -> bool) -> Option<(u32, f64)> {
        let at = self.scale.metres(point);
        let away = |node: u32| {
            let there = self.scale.metres(self.points[node as usize]);
            counts(node).then(|| (there.x - at.x).hypot(there.y - at.y))
        };
        self.squares.nearest(at, away)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_nearest_is_the_nearest(
            nodes in prop::collection::vec((-2_000.0f64..2_000.0, -2_000.0f64..2_000.0), 1..40),
            at in (-3_000.0f64..3_000.0, -3_000.0f64..3_000.0),
        ) {
            let nodes: Vec<Point> = nodes.into_iter().map(|(x, y)| Point { x, y }).collect();
            let at = Point { x: at.0, y: at.1 };
            let found = Nodes::new(&nodes, false).nearest(at).unwrap();
            let least = nodes.iter().map(|node| (node.x - at.x).hypot(node.y - at.y)).fold(f64::MAX, f64::min);
            prop_assert!((found.1 - least).abs() < 1e-9);
        }
    }

    #[test]
    fn a_point_stands_where_the_ways_lead_on() {
        let at = |x, y| Point { x, y };
        let nodes = [at(0.0, 0.0), at(100.0, 0.0), at(200.0, 0.0), at(100.0, 8.0), at(100.0, 20.0), at(100.0, 900.0)];
        let pieces = Pieces::new(nodes.len(), [[0, 1], [1, 2], [3, 4]].into_iter());
        let found = Nodes::new(&nodes, false);
        assert_eq!(found.nearest(at(100.0, 5.0)), Some((3, 3.0)));
        assert_eq!(found.nearest_joined(at(100.0, 5.0), &pieces), Some((1, 5.0)));
        assert_eq!(found.nearest_joined(at(100.0, 1.0), &pieces), Some((1, 1.0)));
        assert_eq!(found.nearest_joined(at(100.0, 890.0), &pieces), Some((5, 10.0)), "the town is too far away");
        assert!(Nodes::new(&[], false).nearest_joined(at(0.0, 0.0), &pieces).is_none());
        let (node, metres) = found.nearest(at(-40_000_000.0, 0.0)).unwrap();
        assert_eq!((node, metres), (0, 40_000_000.0), "a point in another part of the world is found at once");
    }

    #[test]
    fn a_degree_is_a_hundred_and_eleven_kilometres() {
        let (a, b) = (Point { x: 0.0, y: 41.8 }, Point { x: 0.0, y: 42.8 });
        assert!((metres_between(a, b) - 111_195.0).abs() < 10.0);
        let east = Point { x: 0.01, y: 41.8 };
        let nodes = [a];
        let (_, metres) = Nodes::new(&nodes, true).nearest(east).unwrap();
        assert!((metres - metres_between(a, east)).abs() < 0.5, "{metres}");
        assert_eq!(walk_ds(1_080.0), 9_000);
        assert!(Nodes::new(&[], true).nearest(a).is_none());
    }
}
