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

    /// Returns the metres between two points.
    fn apart(self, a: Point, b: Point) -> f64 {
        ((a.x - b.x) * self.x).hypot((a.y - b.y) * self.y)
    }

    /// Returns the metres from a point to the rectangle between two corners.
    fn outside(self, point: Point, (low, high): (Point, Point)) -> f64 {
        let inside = |value: f64, low: f64, high: f64| value.max(low).min(high);
        self.apart(point, Point { x: inside(point.x, low.x, high.x), y: inside(point.y, low.y, high.y) })
    }
}

/// The nodes by square, to find the nearest one.
pub struct Nodes<'a> {
    points: &'a [Point],
    scale: Scale,
    squares: Squares,
    /// The corners of the rectangle around all nodes.
    corners: (Point, Point),
}

impl<'a> Nodes<'a> {
    /// Takes nodes in degrees when `degrees` is set, otherwise in metres.
    pub fn new(nodes: &'a [Point], degrees: bool) -> Self {
        let corners = rectangle(nodes);
        let mut found = Self { points: nodes, scale: Scale::of(nodes, degrees), squares: Squares::default(), corners };
        for (&node, id) in nodes.iter().zip(0..) {
            found.squares.put(found.scale.metres(node), id);
        }
        found
    }

    /// Returns the metres from a point to the rectangle around all nodes. Every node is at least as far away.
    pub fn outside(&self, point: Point) -> f64 {
        self.scale.outside(point, self.corners)
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
        let away = |node: u32| counts(node).then(|| self.scale.apart(point, self.points[node as usize]));
        self.squares.nearest(self.scale.metres(point), away)
    }
}

/// Returns the corners of the rectangle around some points; both are 0,0 if there are none.
pub fn rectangle(points: &[Point]) -> (Point, Point) {
    let Some(&first) = points.first() else { return (Point::default(), Point::default()) };
    points.iter().fold((first, first), |(low, high), point| {
        let low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
        (low, Point { x: high.x.max(point.x), y: high.y.max(point.y) })
    })
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
    fn a_point_at_the_other_end_of_the_world_is_answered_at_once() {
        let at = |x, y| Point { x, y };
        let nodes: Vec<Point> = (0..2_000).map(|step| at(123.0 + f64::from(step) / 10_000.0, 41.8)).collect();
        let found = Nodes::new(&nodes, true);
        let far = [at(0.0, 0.0), at(-56.0, -41.8), at(523_000.0, 4_620_000.0)];
        for point in far {
            let (node, metres) = found.nearest(point).unwrap();
            let least = nodes.iter().map(|node| found.scale.apart(point, *node)).fold(f64::MAX, f64::min);
            assert!((metres - least).abs() < 1e-3 && node < 2_000, "{point:?}: {metres} {least}");
            assert!(found.outside(point) <= metres + 1e-3 && found.outside(point) > 9_000_000.0, "{point:?}");
        }
        assert!(found.outside(at(123.1, 41.8)) < 1e-9);
        assert!(Nodes::new(&[], true).nearest(at(0.0, 0.0)).is_none());
        let wide = [at(0.0, 0.0), at(60_000.0, 0.0), at(60_000.0, 9_000_000.0)];
        assert_eq!(Nodes::new(&wide, false).nearest(at(29_000.0, 0.0)), Some((0, 29_000.0)), "between two towns");
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
