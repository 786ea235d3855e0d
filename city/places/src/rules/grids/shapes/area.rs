//! This file knows areas on the globe: whether a point lies inside, on the edge or outside, and whether a ring crosses
//! itself. Edges are straight in degrees, as GeoJSON says.

use kernel::earth::Point;

use crate::rules::geography::Rings;

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

    /// Returns its outer ring, then its holes, without the corner with which each of them ends once more.
    pub(super) fn rings(&self) -> Rings {
        let at = |(east, north): &Corner| Point::from_degrees(north / DEGREE, east / DEGREE);
        let ring = |ring: &Vec<Corner>| ring.iter().skip(1).filter_map(at).collect();
        std::iter::once(&self.outer).chain(&self.holes).map(ring).collect()
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

/// An edge of a ring with what it covers along the way of the sweep, and across it.
#[derive(Clone, Copy)]
struct Span {
    at: usize,
    edge: Edge,
    from: f64,
    until: f64,
    low: f64,
    high: f64,
}

/// Returns the position of an edge at which a ring crosses or touches itself, or nothing if it never does: of all
/// pairs of edges that meet, it is the later edge of the first pair. A line sweeps over the ring, and only edges that
/// it meets at the same time are compared.
pub(super) fn crossing(ring: &[Point]) -> Option<usize> {
    let mut corners: Vec<Corner> = ring.iter().copied().map(corner).collect();
    corners.dedup();
    let edge = |(from, to): (&Corner, &Corner)| Edge { from: *from, to: *to };
    let edges: Vec<Edge> = corners.iter().zip(corners.iter().skip(1)).map(edge).collect();
    if edges.len() < 3 {
        return Some(0);
    }
    let mut first: Option<(usize, usize)> = None;
    let mut met: Vec<Span> = Vec::new();
    for span in swept(&edges) {
        met.retain(|one| one.until >= span.from);
        for one in met.iter().filter(|one| one.low <= span.high && span.low <= one.high) {
            let (early, late) = if one.at < span.at { (one, &span) } else { (&span, one) };
            let is_first = first.is_none_or(|first| (early.at, late.at) < first);
            if is_first && touches(early, late, edges.len()) {
                first = Some((early.at, late.at));
            }
        }
        met.push(span);
    }
    first.map(|(_, late)| late)
}

/// The edges in the order in which a line meets them that sweeps from the west or from the south, whichever meets fewer
/// of them at once.
fn swept(edges: &[Edge]) -> Vec<Span> {
    let to_north = at_once(edges, |corner| corner.1) < at_once(edges, |corner| corner.0);
    let span = |(at, edge): (usize, &Edge)| {
        let (east, north) = ((edge.from.0, edge.to.0), (edge.from.1, edge.to.1));
        let (along, across) = if to_north { (north, east) } else { (east, north) };
        Span {
            at,
            edge: *edge,
            from: along.0.min(along.1),
            until: along.0.max(along.1),
            low: across.0.min(across.1),
            high: across.0.max(across.1),
        }
    };
    let mut spans: Vec<Span> = edges.iter().enumerate().map(span).collect();
    spans.sort_by(|one, other| one.from.total_cmp(&other.from));
    spans
}

/// About how many edges a line meets at once that sweeps along an axis.
fn at_once(edges: &[Edge], axis: fn(Corner) -> f64) -> f64 {
    let ends = |edge: &Edge| (axis(edge.from).min(axis(edge.to)), axis(edge.from).max(axis(edge.to)));
    let whole = edges
        .iter()
        .map(ends)
        .fold((f64::INFINITY, f64::NEG_INFINITY), |whole, one| (whole.0.min(one.0), whole.1.max(one.1)));
    let covered: f64 = edges.iter().map(ends).map(|(from, until)| until - from).sum();
    covered / (whole.1 - whole.0).max(1.0)
}

/// Whether two edges of a ring with so many meet where they should not. Neighbours have a corner in common.
fn touches(early: &Span, late: &Span, edges: usize) -> bool {
    if late.at == early.at + 1 {
        turns_back(early.edge, late.edge)
    } else if early.at == 0 && late.at + 1 == edges {
        turns_back(late.edge, early.edge)
    } else {
        meet(early.edge, late.edge)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The same as [`crossing`], with every pair of edges compared.
    fn compared(ring: &[Point]) -> Option<usize> {
        let mut corners: Vec<Corner> = ring.iter().copied().map(corner).collect();
        corners.dedup();
        let edges: Vec<Edge> = corners.windows(2).map(|pair| Edge { from: pair[0], to: pair[1] }).collect();
        if edges.len() < 3 {
            return Some(0);
        }
        for (at, one) in edges.iter().enumerate() {
            for (other_at, other) in edges.iter().enumerate().skip(at + 1) {
                let meets = if other_at == at + 1 {
                    turns_back(*one, *other)
                } else if at == 0 && other_at + 1 == edges.len() {
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

    /// Numbers that look random, the same each time.
    fn numbers(seed: u32) -> impl Iterator<Item = i32> {
        std::iter::successors(Some(seed), |last| Some(last.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)))
            .skip(3)
            .map(|number| i32::try_from(number >> 16).unwrap())
    }

    fn point(east: i32, north: i32) -> Point {
        Point::new(410_000_000 + north, 1_230_000_000 + east).unwrap()
    }

    #[test]
    fn a_sweep_finds_what_comparing_every_pair_finds() {
        let (mut clean, mut crossed) = (0, 0);
        for seed in 1..=600 {
            let mut numbers = numbers(seed);
            let mut next = |most: i32| numbers.next().unwrap() % most;
            // On a small ground edges touch, run back and lie on one another; around a middle they mostly do not.
            let most = if seed % 3 == 0 { 8 } else { 5_000 };
            let corners = next(9) + 3;
            let mut places: Vec<(i32, i32)> =
                (0..corners).map(|_| (next(most) - most / 2, next(most) - most / 2)).collect();
            if seed % 3 == 1 {
                places.sort_by(|one, other| {
                    let turn = |at: &(i32, i32)| f64::from(at.1).atan2(f64::from(at.0));
                    turn(one).total_cmp(&turn(other))
                });
            }
            places.push(places[0]);
            let ring: Vec<Point> = places.iter().map(|at| point(at.0, at.1)).collect();
            assert_eq!(crossing(&ring), compared(&ring), "{ring:?}");
            if crossing(&ring).is_some() { crossed += 1 } else { clean += 1 }
        }
        assert!(clean > 100 && crossed > 100, "{clean} clean, {crossed} crossed");
    }

    #[test]
    fn a_long_ring_is_looked_at_at_once() {
        // A comb of the most corners that a ring may have: its edges cover its whole height.
        let teeth = (0..1_240).flat_map(|at| {
            let east = at * 40;
            [(east, 100), (east + 10, 90_000), (east + 20, 90_000), (east + 30, 100)]
        });
        let comb: Vec<(i32, i32)> = std::iter::once((0, 0)).chain(teeth).chain([(1_240 * 40, 0), (0, 0)]).collect();
        let before = std::time::Instant::now();
        let north: Vec<Point> = comb.iter().map(|at| point(at.0, at.1)).collect();
        let east: Vec<Point> = comb.iter().map(|at| point(at.1, at.0)).collect();
        assert_eq!((crossing(&north), crossing(&east)), (None, None));
        assert!(before.elapsed().as_secs() < 5, "{:?}", before.elapsed());
    }
}
