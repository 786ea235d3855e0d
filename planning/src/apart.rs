//! Areas around groups of points that do not overlap: the convex hull of each, cut along straight lines between it and
//! the hulls that would reach into it.

use std::collections::BTreeSet;

use crate::shape::{Point, hull};

/// Limits the points of a group by which a line is chosen.
const POINTS: usize = 400;
/// Shares that differ by less are the same.
const SAME: f64 = 1e-9;
/// Of an area of which nothing would be left, so much of each side is kept.
const SMALL: f64 = 0.005;

/// The points on one side of a straight line: those of which `east` times x and `north` times y make at most `most`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Side {
    east: f64,
    north: f64,
    most: f64,
}

/// A group with its hull.
struct Area<'p> {
    /// Its place in the list.
    at: usize,
    points: &'p [Point],
    hull: Vec<Point>,
    low: Point,
    high: Point,
}

impl Side {
    /// How far along the direction of the line's normal a point lies.
    fn along(self, point: Point) -> f64 {
        self.east * point.x + self.north * point.y
    }

    /// The points on the other side.
    fn turned(self) -> Self {
        Self { east: -self.east, north: -self.north, most: -self.most }
    }

    /// What of a convex ring lies on this side.
    fn cut(self, ring: &[Point]) -> Vec<Point> {
        let mut kept = Vec::with_capacity(ring.len().saturating_add(1));
        let next = ring.iter().skip(1).chain(ring.first());
        for (from, to) in ring.iter().zip(next) {
            let (left, right) = (self.most - self.along(*from), self.most - self.along(*to));
            if left >= 0.0 {
                kept.push(*from);
            }
            if (left > 0.0 && right < 0.0) || (left < 0.0 && right > 0.0) {
                let part = left / (left - right);
                kept.push(Point { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
            }
        }
        kept
    }
}

impl<'p> Area<'p> {
    fn new(at: usize, points: &'p [Point]) -> Self {
        let hull = hull(points);
        let start =
            (Point { x: f64::INFINITY, y: f64::INFINITY }, Point { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY });
        let (low, high) = hull.iter().fold(start, |(low, high), point| {
            let low = Point { x: low.x.min(point.x), y: low.y.min(point.y) };
            (low, Point { x: high.x.max(point.x), y: high.y.max(point.y) })
        });
        Self { at, points, hull, low, high }
    }

    /// Whether the hulls lie apart: along the normal of an edge of one of them.
    fn is_apart(&self, other: &Self) -> bool {
        self.is_apart_by_own_edge(other) || other.is_apart_by_own_edge(self)
    }

    fn is_apart_by_own_edge(&self, other: &Self) -> bool {
        let next = self.hull.iter().skip(1).chain(self.hull.first());
        self.hull.iter().zip(next).any(|(from, to)| {
            // The hull goes around counterclockwise, so this points out of it.
            let (east, north) = (to.y - from.y, from.x - to.x);
            let edge = Side { east, north, most: east * from.x + north * from.y };
            other.hull.iter().all(|point| edge.along(*point) >= edge.most)
        })
    }
}

/// Returns a ring around each group of points, in the order of the groups. No two rings overlap. A ring is the convex
/// hull as far as no other reaches into it; two that would are parted by the straight line that leaves the smallest
/// shares of both groups on the wrong side. A group whose points are too few or on a line has fewer than three corners.
/// Where the lines would leave nothing of a group, a small outline is kept, which may lie in another ring.
#[must_use]
pub fn apart(groups: &[Vec<Point>]) -> Vec<Vec<Point>> {
    let mut areas: Vec<Area<'_>> = groups.iter().enumerate().map(|(at, points)| Area::new(at, points)).collect();
    let mut rings: Vec<Vec<Point>> = areas.iter().map(|area| area.hull.clone()).collect();
    let mut lost = BTreeSet::new();
    areas.retain(|area| area.hull.len() >= 3);
    areas.sort_by(|one, other| one.low.x.total_cmp(&other.low.x));
    for (number, one) in areas.iter().enumerate() {
        let later = areas.iter().skip(number.saturating_add(1));
        for other in later.take_while(|other| other.low.x < one.high.x) {
            let beside = other.low.y >= one.high.y || one.low.y >= other.high.y;
            if beside || one.is_apart(other) {
                continue;
            }
            let side = between(one.points, other.points);
            for (area, side) in [(one, side), (other, side.turned())] {
                if let Some(ring) = rings.get_mut(area.at) {
                    let cut = side.cut(ring);
                    if cut.len() >= 3 {
                        *ring = cut;
                    } else {
                        lost.insert(area.at);
                    }
                }
            }
        }
    }
    for at in lost {
        if let Some(ring) = rings.get_mut(at) {
            *ring = small(ring);
        }
    }
    rings
}

/// A small outline of the same form around the middle of a ring.
fn small(ring: &[Point]) -> Vec<Point> {
    let middle = middle(ring);
    let near = |at: &Point| Point { x: middle.x + (at.x - middle.x) * SMALL, y: middle.y + (at.y - middle.y) * SMALL };
    ring.iter().map(near).collect()
}

/// The best lines between two groups: the smallest shares on a wrong side, and the first and the last line with them.
struct Best {
    wrong: f64,
    first: f64,
    last: f64,
}

/// The side of a line between two groups on which the first is: across the way between their middles, and there where
/// the shares of both that lie on the wrong side are smallest. At least half of each lies on its own side where the
/// groups do not lie in one another.
fn between(first: &[Point], second: &[Point]) -> Side {
    let (from, to) = (middle(first), middle(second));
    let (mut east, mut north) = (to.x - from.x, to.y - from.y);
    let length = east.hypot(north);
    if length > 0.0 {
        (east, north) = (east / length, north / length);
    } else {
        (east, north) = (1.0, 0.0);
    }
    let way = Side { east, north, most: 0.0 };
    let (ones, others) = (sorted(first, way), sorted(second, way));
    let (one, other) = (median(&ones), median(&others));
    let (low, high) = (one.min(other), one.max(other));
    let mut all: Vec<f64> = ones.iter().chain(&others).copied().filter(|at| (low..=high).contains(at)).collect();
    all.sort_by(f64::total_cmp);
    let wrong = |most: f64| 1.0 - share(&ones, most) + share(&others, most);
    let mut best = Best { wrong: f64::INFINITY, first: f64::midpoint(low, high), last: f64::midpoint(low, high) };
    for two in all.windows(2) {
        let most = two.iter().sum::<f64>() / 2.0;
        let here = wrong(most);
        if here < best.wrong - SAME {
            best = Best { wrong: here, first: most, last: most };
        } else if here <= best.wrong + SAME {
            best.last = most;
        }
    }
    // Of lines that are as good the one in the middle, unless it is worse.
    let most = f64::midpoint(best.first, best.last);
    Side { most: if wrong(most) <= best.wrong + SAME { most } else { best.first }, ..way }
}

/// How far along a way the points lie, in order; of many points some.
fn sorted(points: &[Point], way: Side) -> Vec<f64> {
    let step = points.len().div_ceil(POINTS).max(1);
    let mut found: Vec<f64> = points.iter().step_by(step).map(|point| way.along(*point)).collect();
    found.sort_by(f64::total_cmp);
    found
}

/// The share of sorted numbers that are at most so large.
fn share(numbers: &[f64], most: f64) -> f64 {
    number(numbers.partition_point(|at| *at <= most)) / number(numbers.len()).max(1.0)
}

fn median(numbers: &[f64]) -> f64 {
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

fn middle(points: &[Point]) -> Point {
    let sum = points.iter().fold(Point::default(), |sum, at| Point { x: sum.x + at.x, y: sum.y + at.y });
    let count = number(points.len()).max(1.0);
    Point { x: sum.x / count, y: sum.y / count }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a point lies inside a ring that goes around counterclockwise, and not on its edge.
    fn is_inside(ring: &[Point], at: Point) -> bool {
        let next = ring.iter().skip(1).chain(ring.first());
        let left = |(a, b): (&Point, &Point)| (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x) > 1e-9;
        ring.len() >= 3 && ring.iter().zip(next).all(left)
    }

    fn square(west: f64, south: f64, side: f64) -> Vec<Point> {
        let steps = || (0..=10u8).map(f64::from);
        let at = |east: f64, north: f64| Point { x: west + side * east / 10.0, y: south + side * north / 10.0 };
        steps().flat_map(|east| steps().map(move |north| at(east, north))).collect()
    }

    #[test]
    fn areas_that_do_not_touch_stay_whole() {
        let groups = [square(0.0, 0.0, 10.0), square(20.0, 0.0, 10.0), vec![Point::default()], Vec::new()];
        let rings = apart(&groups);
        for (ring, group) in rings.iter().zip(&groups) {
            assert_eq!(*ring, hull(group));
        }
    }

    #[test]
    fn two_areas_that_overlap_are_parted_in_the_middle() {
        let rings = apart(&[square(0.0, 0.0, 10.0), square(8.0, 0.0, 10.0)]);
        let edge = |ring: &[Point], pick: fn(f64, f64) -> f64, start: f64| {
            ring.iter().fold(start, |found, point| pick(found, point.x))
        };
        let (east, west) = (edge(&rings[0], f64::max, -1.0), edge(&rings[1], f64::min, 99.0));
        assert!(east <= west && (8.0..=10.0).contains(&east), "{east} {west}");
        assert!(is_inside(&rings[0], Point { x: 5.0, y: 5.0 }) && is_inside(&rings[1], Point { x: 12.0, y: 5.0 }));
    }

    #[test]
    fn no_two_of_many_areas_overlap_and_most_points_keep_their_area() {
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            f64::from(u32::try_from(seed >> 40).unwrap()) / f64::from(1_u32 << 24)
        };
        let groups: Vec<Vec<Point>> = (0..60)
            .map(|_| {
                let (x, y) = (next() * 100.0, next() * 100.0);
                (0..40).map(|_| Point { x: x + next() * 20.0, y: y + next() * 20.0 }).collect()
            })
            .collect();
        let rings = apart(&groups);
        for _ in 0..20_000 {
            let at = Point { x: next() * 120.0, y: next() * 120.0 };
            assert!(rings.iter().filter(|ring| is_inside(ring, at)).count() <= 1, "{at:?}");
        }
        let sparse: Vec<Vec<Point>> =
            (0..9).map(|at| square(f64::from(at % 3) * 9.0, f64::from(at / 3) * 9.0, 10.0)).collect();
        for (ring, group) in apart(&sparse).iter().zip(&sparse) {
            let inside = group.iter().filter(|point| is_inside(ring, **point)).count();
            assert!(inside * 2 > group.len(), "{inside} of {}", group.len());
        }
    }

    #[test]
    fn no_group_disappears_however_often_it_is_parted() {
        let crowd: Vec<Vec<Point>> = (1..=20u8).map(f64::from).map(|half| square(-half, -half, 2.0 * half)).collect();
        let rings = apart(&crowd);
        assert!(rings.iter().all(|ring| ring.len() >= 3), "{rings:?}");
    }

    #[test]
    fn one_group_in_the_middle_of_another_is_parted_as_well() {
        let rings = apart(&[square(0.0, 0.0, 10.0), square(4.0, 4.0, 2.0)]);
        let both = |at: Point| rings.iter().all(|ring| is_inside(ring, at));
        assert!(!both(Point { x: 4.5, y: 5.0 }) && !both(Point { x: 5.5, y: 5.0 }));
        assert!(rings.iter().all(|ring| ring.len() >= 3), "{rings:?}");
    }
}
