//! This file knows areas on the globe: whether a point lies inside, on the edge or outside, and whether a ring crosses
//! itself. Edges are straight in degrees, as GeoJSON says.

use kernel::earth::Point;

/// How near to an edge a point lies on it, in ten-millionths of a degree: about five centimetres. Programs for maps
/// round differently.
const EDGE: f64 = 5.0;

/// A corner in ten-millionths of a degree, east and north. Such numbers are exact.
type Corner = (f64, f64);

/// An edge between two corners.
#[derive(Clone, Copy)]
struct Edge {
    from: Corner,
    to: Corner,
}

/// Says where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Outside,
    Edge,
    Inside,
}

/// A polygon with its holes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Area {
    outer: Vec<Corner>,
    holes: Vec<Vec<Corner>>,
    /// Its western, southern, eastern and northern end.
    ends: [f64; 4],
}

impl Area {
    /// Makes an area of its rings. The last corner of each is the first once more.
    pub(super) fn new(outer: Vec<Point>, holes: Vec<Vec<Point>>) -> Self {
        let corners = |ring: Vec<Point>| -> Vec<Corner> { ring.into_iter().map(corner).collect() };
        let outer = corners(outer);
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let ends = outer.iter().fold(start, |[west, south, east, north], at| {
            [west.min(at.0), south.min(at.1), east.max(at.0), north.max(at.1)]
        });
        Self { outer, holes: holes.into_iter().map(corners).collect(), ends }
    }

    /// Says where a point lies.
    pub(super) fn side(&self, point: Point) -> Side {
        let (at, [west, south, east, north]) = (corner(point), self.ends);
        if at.0 < west - EDGE || at.0 > east + EDGE || at.1 < south - EDGE || at.1 > north + EDGE {
            return Side::Outside;
        }
        let holes = self.holes.iter().map(|hole| match side(hole, at) {
            Side::Inside => Side::Outside,
            Side::Edge => Side::Edge,
            Side::Outside => Side::Inside,
        });
        std::iter::once(side(&self.outer, at)).chain(holes).min().unwrap_or(Side::Outside)
    }

    /// Returns one of its corners.
    pub(super) fn corner(&self) -> Option<Point> {
        let (east, north) = self.outer.first()?;
        Point::from_degrees(north / DEGREE, east / DEGREE)
    }
}

/// Ten-millionths of a degree in a degree.
const DEGREE: f64 = 1e7;

fn corner(point: Point) -> Corner {
    (f64::from(point.longitude()), f64::from(point.latitude()))
}

/// Says where a point lies in a ring.
fn side(ring: &[Corner], at: Corner) -> Side {
    let mut inside = false;
    for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
        // Most edges lie wholly above or below the point, and neither hold it nor cross its line to the west.
        if at.1 < from.1.min(to.1) - EDGE || at.1 > from.1.max(to.1) + EDGE {
            continue;
        }
        if distance(*from, *to, at) <= EDGE {
            return Side::Edge;
        }
        let crosses = (from.1 > at.1) != (to.1 > at.1);
        if crosses && at.0 < from.0 + (at.1 - from.1) / (to.1 - from.1) * (to.0 - from.0) {
            inside = !inside;
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// Returns how far a point is from an edge.
fn distance(from: Corner, to: Corner, at: Corner) -> f64 {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    let length = x * x + y * y;
    let along = if length > 0.0 { ((at.0 - from.0) * x + (at.1 - from.1) * y) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (at.0 - from.0 - along * x).hypot(at.1 - from.1 - along * y)
}

/// Returns the position of an edge at which a ring crosses or touches itself, or nothing if it never does.
pub(super) fn crossing(ring: &[Point]) -> Option<usize> {
    let mut corners: Vec<Corner> = ring.iter().copied().map(corner).collect();
    corners.dedup();
    let edge = |(from, to): (&Corner, &Corner)| Edge { from: *from, to: *to };
    let edges: Vec<Edge> = corners.iter().zip(corners.iter().skip(1)).map(edge).collect();
    if edges.len() < 3 {
        return Some(0);
    }
    for (at, one) in edges.iter().enumerate() {
        for (other_at, other) in edges.iter().enumerate().skip(at + 1) {
            let next = other_at == at + 1;
            let last = at == 0 && other_at + 1 == edges.len();
            let meets = if next {
                turns_back(*one, *other)
            } else if last {
                turns_back(*other, *one)
            } else {
                meet(*one, *other)
            };
            if meets {
                return Some(other_at);
            }
        }
    }
    None
}

/// Which side of a line a point lies on: above, on or below zero.
fn turn(from: Corner, to: Corner, at: Corner) -> f64 {
    (to.0 - from.0) * (at.1 - from.1) - (to.1 - from.1) * (at.0 - from.0)
}

/// Whether the second edge, which begins where the first ends, goes back along it.
fn turns_back(first: Edge, second: Edge) -> bool {
    let along = (first.to.0 - first.from.0) * (second.to.0 - second.from.0)
        + (first.to.1 - first.from.1) * (second.to.1 - second.from.1);
    turn(first.from, first.to, second.to) == 0.0 && along < 0.0
}

/// Whether two edges have a point in common.
fn meet(one: Edge, other: Edge) -> bool {
    let apart = |a: f64, b: f64, c: f64, d: f64| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(one.from.0, one.to.0, other.from.0, other.to.0) || apart(one.from.1, one.to.1, other.from.1, other.to.1) {
        return false;
    }
    let across = turn(one.from, one.to, other.from) * turn(one.from, one.to, other.to);
    let back = turn(other.from, other.to, one.from) * turn(other.from, other.to, one.to);
    across <= 0.0 && back <= 0.0
}
