//! This file finds the building that is nearest to a point.

use std::collections::HashMap;

use planning::shape::Point;

use super::Building;

/// The side of a square of the index, metres.
const SQUARE: f64 = 250.0;
/// Limits the squares around a point that are looked through, on each side. A point without a building that near is
/// compared with all.
const RINGS: i64 = 8;
/// Coordinates beyond these metres are in no city, and in no square.
const WIDEST_METRES: f64 = 10_000_000.0;

/// Holds the buildings by the square in which they stand.
#[derive(Debug, Default)]
pub(super) struct Squares(HashMap<(i64, i64), Vec<u32>>);

impl Squares {
    pub(super) fn new(buildings: &[Building]) -> Self {
        let mut squares = Self::default();
        for (building, at) in buildings.iter().zip(0..) {
            if let Some(square) = square(building.at) {
                squares.0.entry(square).or_default().push(at);
            }
        }
        squares
    }

    /// Returns the nearest building, as a position in the list, and the metres to it. Of two that are equally near it
    /// is the first.
    pub(super) fn nearest(&self, buildings: &[Building], point: Point) -> Option<(u32, f64)> {
        let metres = |at: u32| buildings.get(at as usize).map(|one| (one.at.x - point.x).hypot(one.at.y - point.y));
        let nearer = |a: &(u32, f64), b: &(u32, f64)| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0));
        let mut best: Option<(u32, f64)> = None;
        for ring in 0..=RINGS {
            let Some(middle) = square(point) else { break };
            let found = around(middle, ring).filter_map(|square| self.0.get(&square)).flatten();
            let found = found.filter_map(|at| Some((*at, metres(*at)?)));
            best = best.into_iter().chain(found).min_by(nearer);
            // Whatever is beyond this ring is at least this far away.
            #[expect(clippy::cast_precision_loss, reason = "a few rings")]
            if best.is_some_and(|(_, metres)| metres <= ring as f64 * SQUARE) {
                return best;
            }
        }
        let count = u32::try_from(buildings.len()).unwrap_or(u32::MAX);
        (0..count).filter_map(|at| Some((at, metres(at)?))).min_by(nearer)
    }
}

fn square(point: Point) -> Option<(i64, i64)> {
    #[expect(clippy::cast_possible_truncation, reason = "within the width that was just asked")]
    let whole = |metres: f64| (metres.abs() <= WIDEST_METRES).then(|| (metres / SQUARE).floor() as i64);
    Some((whole(point.x)?, whole(point.y)?))
}

/// Returns the squares of a ring around a square. Ring 0 is the square itself.
fn around(middle: (i64, i64), ring: i64) -> impl Iterator<Item = (i64, i64)> {
    let column = move |x: i64| {
        let step = if x.abs() == ring { 1 } else { usize::try_from(2 * ring).unwrap_or(1).max(1) };
        (-ring..=ring).step_by(step).map(move |y| (middle.0 + x, middle.1 + y))
    };
    (-ring..=ring).flat_map(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::mobilize::Home;
    use proptest::prelude::*;

    fn buildings(at: &[(f64, f64)]) -> Vec<Building> {
        let building = |(id, (x, y)): (i64, &(f64, f64))| Building {
            id,
            compound: 0,
            name: String::new(),
            at: Point { x: *x, y: *y },
            home: Home { node: 0, access: 0 },
            households: 1,
        };
        (0..).zip(at).map(building).collect()
    }

    proptest! {
        #[test]
        fn the_nearest_is_the_nearest(
            at in prop::collection::vec((-3_000.0f64..3_000.0, -3_000.0f64..3_000.0), 0..60),
            point in (-6_000.0f64..6_000.0, -6_000.0f64..6_000.0),
        ) {
            let buildings = buildings(&at);
            let point = Point { x: point.0, y: point.1 };
            let found = Squares::new(&buildings).nearest(&buildings, point);
            let least = at.iter().map(|one| (one.0 - point.x).hypot(one.1 - point.y)).min_by(f64::total_cmp);
            prop_assert_eq!(found.map(|found| found.1), least);
        }
    }

    #[test]
    fn what_is_equally_near_is_the_first_and_nowhere_is_near_nothing() {
        let two = buildings(&[(10.0, 0.0), (-10.0, 0.0)]);
        let index = Squares::new(&two);
        assert_eq!(index.nearest(&two, Point { x: 0.0, y: 0.0 }), Some((0, 10.0)));
        assert!(index.nearest(&two, Point { x: 1e300, y: 0.0 }).is_some_and(|(_, metres)| metres > 1e299));
        assert_eq!(Squares::new(&[]).nearest(&[], Point { x: 0.0, y: 0.0 }), None);
    }
}
