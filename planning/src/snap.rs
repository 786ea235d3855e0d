//! Finds the nodes nearest to points, with the straight way between.

use std::collections::BTreeMap;

use kernel::earth::MEAN_RADIUS_METRES as EARTH_METRES;

use crate::pieces::Pieces;
use crate::shape::Point;

/// The side of a square of the index, metres.
const SQUARE: f64 = 250.0;

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

/// A point may stand this much farther from the network than its nearest node is, to stand on a piece that leads on.
const DETOUR_METRES: f64 = 250.0;

/// The nodes by square, to find the nearest one.
pub struct Nodes<'a> {
    points: &'a [Point],
    /// The metres for one unit of x and of y.
    unit: (f64, f64),
    squares: BTreeMap<(i64, i64), Vec<u32>>,
}

impl<'a> Nodes<'a> {
    /// Takes nodes in degrees when `degrees` is set, otherwise in metres.
    pub fn new(nodes: &'a [Point], degrees: bool) -> Self {
        let unit = if degrees {
            let middle = nodes.iter().map(|node| node.y).sum::<f64>() / nodes.len().max(1) as f64;
            let metres = EARTH_METRES.to_radians();
            (metres * middle.to_radians().cos(), metres)
        } else {
            (1.0, 1.0)
        };
        let mut found = Self { points: nodes, unit, squares: BTreeMap::new() };
        for (&node, id) in nodes.iter().zip(0..) {
            let square = found.square(node);
            found.squares.entry(square).or_default().push(id);
        }
        found
    }

    fn square(&self, point: Point) -> (i64, i64) {
        ((point.x * self.unit.0 / SQUARE).floor() as i64, (point.y * self.unit.1 / SQUARE).floor() as i64)
    }

    fn metres(&self, a: Point, b: Point) -> f64 {
        ((a.x - b.x) * self.unit.0).hypot((a.y - b.y) * self.unit.1)
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
        let (column, row) = self.square(point);
        let mut best: Option<(u32, f64)> = None;
        let farthest = self.squares.keys().map(|&(x, y)| (x - column).abs().max((y - row).abs())).max()?;
        for ring in 0..=farthest {
            // Everything in this ring or beyond is at least this far away.
            let away = (ring - 1).max(0) as f64 * SQUARE;
            if best.is_some_and(|(_, metres)| metres <= away) {
                break;
            }
            for x in column - ring..=column + ring {
                let edge = (x - column).abs() == ring;
                let step = if edge { 1 } else { (2 * ring).max(1) };
                let mut y = row - ring;
                while y <= row + ring {
                    for &id in self.squares.get(&(x, y)).into_iter().flatten() {
                        let metres = self.metres(point, self.points[id as usize]);
                        if best.is_none_or(|(_, known)| metres < known) && counts(id) {
                            best = Some((id, metres));
                        }
                    }
                    y += step;
                }
            }
        }
        best
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
