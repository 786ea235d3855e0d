//! Finds which buildings stand side by side, from their points alone, for a city that has no table of that.
//!
//! Two buildings are neighbours if no other one stands in or on the circle whose diameter leads from one to the other
//! (Gabriel and Sokal, A New Statistical Approach to Geographic Variation Analysis, 1969). Their border is the line all
//! of whose points are nearer to these two than to any other building, as Voronoi drew it, as far as it lies near them.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::partition::{Border, Building};
use crate::pieces::Pieces;
use crate::shape::Point;

/// Buildings that are farther apart are no neighbours, metres.
pub const NEAR_METRES: f64 = 180.0;
/// The border between buildings that stand at the same point, metres: the side of a house.
const SAME_METRES: f64 = 20.0;
/// A border that runs along a street or a wall counts for that share of its length, so that grids end there.
const DIVIDED_SHARE: f64 = 0.25;

/// A straight line between two points, metres.
pub type Line = [Point; 2];

/// What lies between buildings, metres.
#[derive(Debug, Clone, Copy, Default)]
pub struct Between<'a> {
    /// Lines that nobody crosses: water, railways, motorways. Buildings on both sides are no neighbours.
    pub closed: &'a [Line],
    /// Lines that divide and that people cross: streets and walls.
    pub crossed: &'a [Line],
}

/// Two buildings that stand side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbours {
    /// The one with the smaller number.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// How far they are apart, metres.
    pub apart: f64,
    /// The length of their border, metres.
    pub border: f64,
    /// Whether a street or a wall lies between.
    pub divided: bool,
}

/// Returns which buildings are neighbours, in the order of their numbers. Points are in metres. Of buildings that stand
/// at the same point each is the neighbour of the next two, and the first and the last are neighbours of what stands
/// around.
pub fn neighbours(points: &[Point], between: &Between<'_>) -> Vec<Neighbours> {
    let sites = Sites::new(points);
    let (closed, crossed) = (Crossings::new(between.closed), Crossings::new(between.crossed));
    let around = |site: u32| {
        let near = sites.near(site);
        let found = near.iter().filter(|one| one.site > site && is_neighbour(&sites, site, one, &near));
        let ends = |one: &&Near| [sites.at[site as usize], sites.at[one.site as usize]];
        let open = found.filter(|one| !closed.any(ends(one)));
        let pairs = open.map(|one| {
            let pair = Neighbours {
                a: site,
                b: one.site,
                apart: one.metres,
                border: border(&sites, site, one.site, &near),
                divided: crossed.any(ends(&one)),
            };
            sites.members(pair)
        });
        pairs.flatten().collect::<Vec<_>>()
    };
    let mut all: Vec<Neighbours> =
        (0..sites.at.len() as u32).into_par_iter().map(around).collect::<Vec<_>>().into_iter().flatten().collect();
    all.extend(sites.of_one_point());
    all.sort_by_key(|pair| (pair.a, pair.b));
    all
}

/// Returns the borders of neighbours for a division into grids. Neighbours that are divided stay such only inside a
/// community, and only where the part of it on one side has fewer than `least` households, so that it would be no grid
/// by itself.
pub fn borders(found: &[Neighbours], buildings: &[Building], least: u64) -> Vec<Border> {
    let community = |building: u32| buildings[building as usize].community;
    let is_inside = |pair: &&Neighbours| community(pair.a) == community(pair.b);
    let whole = found.iter().filter(|pair| !pair.divided).filter(is_inside).map(|pair| [pair.a, pair.b]);
    let parts = Pieces::new(buildings.len(), whole);
    let mut households: BTreeMap<u32, u64> = BTreeMap::new();
    for (building, id) in buildings.iter().zip(0..) {
        *households.entry(parts.piece(id)).or_default() += u64::from(building.households);
    }
    let is_small = |building: u32| households.get(&parts.piece(building)).is_some_and(|count| *count < least);
    let stays = |pair: &&Neighbours| !pair.divided || is_inside(pair) && (is_small(pair.a) || is_small(pair.b));
    let border = |pair: &Neighbours| {
        let share = if pair.divided { DIVIDED_SHARE } else { 1.0 };
        Border { a: pair.a, b: pair.b, metres: (pair.border * share).round().max(1.0) as u32 }
    };
    found.iter().filter(stays).map(border).collect()
}

/// Puts buildings of a community into groups that hang together: neighbours that nothing divides and that are no
/// farther apart than so many metres. Returns the first building of the group of each.
pub fn clusters(found: &[Neighbours], communities: &[u32], metres: f64) -> Vec<u32> {
    let hang = found.iter().filter(|pair| {
        !pair.divided && pair.apart <= metres && communities[pair.a as usize] == communities[pair.b as usize]
    });
    let groups = Pieces::new(communities.len(), hang.map(|pair| [pair.a, pair.b]));
    (0..communities.len() as u32).map(|building| groups.piece(building)).collect()
}

/// A square of the plane by its column and row.
type Square = (i64, i64);

fn square(at: Point) -> Square {
    let side = |metres: f64| (metres / NEAR_METRES).floor() as i64;
    (side(at.x), side(at.y))
}

/// The points at which buildings stand, each once.
struct Sites {
    at: Vec<Point>,
    /// The buildings that stand at each of them.
    buildings: Vec<Vec<u32>>,
    squares: BTreeMap<Square, Vec<u32>>,
}

/// A site near another one.
struct Near {
    site: u32,
    metres: f64,
}

impl Sites {
    /// Takes buildings together that stand within the same metre.
    fn new(points: &[Point]) -> Self {
        let mut sites = Self { at: Vec::new(), buildings: Vec::new(), squares: BTreeMap::new() };
        let mut known: BTreeMap<Square, u32> = BTreeMap::new();
        for (&at, building) in points.iter().zip(0..) {
            let next = sites.at.len() as u32;
            let site = *known.entry((at.x.round() as i64, at.y.round() as i64)).or_insert(next);
            if site == next {
                sites.at.push(at);
                sites.buildings.push(Vec::new());
                sites.squares.entry(square(at)).or_default().push(site);
            }
            sites.buildings[site as usize].push(building);
        }
        sites
    }

    /// Returns the sites near one, the nearest first.
    fn near(&self, site: u32) -> Vec<Near> {
        let at = self.at[site as usize];
        let (column, row) = square(at);
        let mut near = Vec::new();
        for x in column - 1..=column + 1 {
            for y in row - 1..=row + 1 {
                for &other in self.squares.get(&(x, y)).into_iter().flatten().filter(|other| **other != site) {
                    let there = self.at[other as usize];
                    let metres = (there.x - at.x).hypot(there.y - at.y);
                    if metres <= NEAR_METRES {
                        near.push(Near { site: other, metres });
                    }
                }
            }
        }
        near.sort_by(|a, b| a.metres.total_cmp(&b.metres).then(a.site.cmp(&b.site)));
        near
    }

    /// Returns the buildings that are neighbours because their sites are.
    fn members(&self, pair: Neighbours) -> Vec<Neighbours> {
        let ends = |site: u32| {
            let buildings = &self.buildings[site as usize];
            [buildings.first().copied().unwrap_or_default(), buildings.last().copied().unwrap_or_default()]
        };
        let ([first, last], [other_first, other_last]) = (ends(pair.a), ends(pair.b));
        let of = |one: u32, other: u32| Neighbours { a: one.min(other), b: one.max(other), ..pair };
        let mut found = vec![of(first, other_first)];
        if (first, other_first) != (last, other_last) {
            found.push(of(last, other_last));
        }
        found
    }

    /// Returns neighbours that stand at the same point.
    fn of_one_point(&self) -> Vec<Neighbours> {
        let pair = |a: u32, b: u32| Neighbours { a, b, apart: 0.0, border: SAME_METRES, divided: false };
        let mut found = Vec::new();
        for buildings in self.buildings.iter().filter(|buildings| buildings.len() > 1) {
            for (at, &building) in buildings.iter().enumerate() {
                found.extend(buildings.iter().skip(at + 1).take(2).map(|&next| pair(building, next)));
            }
        }
        found
    }
}

/// Says whether nothing stands in the circle between two sites. Whatever does is nearer to the one than the other is.
fn is_neighbour(sites: &Sites, site: u32, other: &Near, near: &[Near]) -> bool {
    let (a, b) = (sites.at[site as usize], sites.at[other.site as usize]);
    let closer = near.iter().take_while(|one| one.metres < other.metres);
    let mut stands_between = closer.map(|one| sites.at[one.site as usize]).filter(|at| {
        let (to_a, to_b) = ((a.x - at.x, a.y - at.y), (b.x - at.x, b.y - at.y));
        to_a.0 * to_b.0 + to_a.1 * to_b.1 <= 0.0
    });
    stands_between.next().is_none()
}

/// Returns the length of the border between two sites, metres. It ends where another site is as near, and at half of
/// [`NEAR_METRES`] to each side.
fn border(sites: &Sites, site: u32, other: u32, near: &[Near]) -> f64 {
    let (a, b) = (sites.at[site as usize], sites.at[other as usize]);
    let apart = (b.x - a.x).hypot(b.y - a.y).max(f64::MIN_POSITIVE);
    // From the first site to the middle, and along the border.
    let middle = ((b.x - a.x) / 2.0, (b.y - a.y) / 2.0);
    let along = (-(b.y - a.y) / apart, (b.x - a.x) / apart);
    let (mut low, mut high) = (-NEAR_METRES / 2.0, NEAR_METRES / 2.0);
    for one in near.iter().filter(|one| one.site != other) {
        let there = sites.at[one.site as usize];
        let to = (there.x - a.x, there.y - a.y);
        // At so many metres along the border the third site is as near as the first.
        let slope = 2.0 * (along.0 * to.0 + along.1 * to.1);
        let rest = to.0 * to.0 + to.1 * to.1 - 2.0 * (middle.0 * to.0 + middle.1 * to.1);
        if slope > f64::EPSILON {
            high = high.min(rest / slope);
        } else if slope < -f64::EPSILON {
            low = low.max(rest / slope);
        }
    }
    (high - low).max(0.0)
}

/// Lines by square, to find whether any lies between two points.
struct Crossings<'a> {
    lines: &'a [Line],
    squares: BTreeMap<Square, Vec<u32>>,
}

impl<'a> Crossings<'a> {
    fn new(lines: &'a [Line]) -> Self {
        let mut squares: BTreeMap<Square, Vec<u32>> = BTreeMap::new();
        for (&[a, b], line) in lines.iter().zip(0..) {
            // A stretch that is no longer than a side touches two columns and two rows at most.
            let stretches = ((b.x - a.x).hypot(b.y - a.y) / NEAR_METRES).ceil().max(1.0);
            let along = |step: u32| {
                let share = f64::from(step) / stretches;
                Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
            };
            for step in 0..stretches as u32 {
                for square in squares_around(along(step), along(step + 1)) {
                    let held = squares.entry(square).or_default();
                    if held.last() != Some(&line) {
                        held.push(line);
                    }
                }
            }
        }
        Self { lines, squares }
    }

    /// Says whether a line lies between two points.
    fn any(&self, pair: Line) -> bool {
        let near = squares_around(pair[0], pair[1]).filter_map(|square| self.squares.get(&square)).flatten();
        near.map(|line| self.lines[*line as usize]).any(|line| meet(pair, line))
    }
}

/// Returns the squares of the rectangle between two points.
fn squares_around(a: Point, b: Point) -> impl Iterator<Item = Square> {
    let (one, other) = (square(a), square(b));
    let columns = one.0.min(other.0)..=one.0.max(other.0);
    columns.flat_map(move |x| (one.1.min(other.1)..=one.1.max(other.1)).map(move |y| (x, y)))
}

/// Says whether two lines cross.
fn meet(one: Line, other: Line) -> bool {
    let left = |line: Line, at: Point| {
        let [from, to] = line;
        (to.x - from.x) * (at.y - from.y) - (to.y - from.y) * (at.x - from.x) > 0.0
    };
    left(one, other[0]) != left(one, other[1]) && left(other, one[0]) != left(other, one[1])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// Neighbours as `a-b`, with a bar where something divides them.
    fn told(points: &[Point], between: &Between<'_>) -> String {
        let found = neighbours(points, between);
        let pair = |one: &Neighbours| format!("{}{}{}", one.a, if one.divided { '|' } else { '-' }, one.b);
        found.iter().map(pair).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn neighbours_are_those_with_nothing_between() {
        let row: Vec<Point> = (0..4).map(|place| at(f64::from(place) * 50.0, 0.0)).collect();
        let line = |x: f64| [at(x, -30.0), at(x, 30.0)];
        let table = [
            (vec![], vec![], "0-1 1-2 2-3"),
            (vec![], vec![line(75.0)], "0-1 1|2 2-3"),
            (vec![line(75.0)], vec![], "0-1 2-3"),
            (vec![line(75.0)], vec![line(70.0), line(20.0)], "0|1 2-3"),
            (vec![], vec![[at(75.0, 10.0), at(75.0, 30.0)]], "0-1 1-2 2-3"),
            (vec![[at(-400.0, -425.0), at(1_000.0, 975.0)]], vec![], "1-2 2-3"),
        ];
        for (closed, crossed, wanted) in table {
            assert_eq!(told(&row, &Between { closed: &closed, crossed: &crossed }), wanted, "{closed:?} {crossed:?}");
        }
        assert_eq!(told(&[at(0.0, 0.0), at(181.0, 0.0), at(181.0, 179.0)], &Between::default()), "1-2", "too far");
        assert_eq!(told(&[], &Between::default()), "");
    }

    #[test]
    fn buildings_at_one_point_hang_together() {
        let points = [at(0.0, 0.0), at(0.0, 0.2), at(0.1, 0.0), at(60.0, 0.0), at(0.0, 0.0)];
        assert_eq!(told(&points, &Between::default()), "0-1 0-2 0-3 1-2 1-4 2-4 3-4");
    }

    #[test]
    fn the_border_is_as_long_as_the_side_that_two_share() {
        let plots: Vec<Point> = (0..9).map(|plot| at(f64::from(plot % 3) * 60.0, f64::from(plot / 3) * 40.0)).collect();
        let found = neighbours(&plots, &Between::default());
        let border = |a: u32, b: u32| found.iter().find(|pair| (pair.a, pair.b) == (a, b)).unwrap().border;
        assert_eq!(found.len(), 12);
        assert!((border(3, 4) - 40.0).abs() < 1e-9 && (border(1, 4) - 60.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn a_part_that_is_no_grid_by_itself_stays_with_its_neighbours() {
        let pair = |a: u32, divided: bool| Neighbours { a, b: a + 1, apart: 50.0, border: 42.0, divided };
        let found = [pair(0, false), pair(1, true), pair(2, false), pair(3, true)];
        let town = |households: [u32; 5], communities: [u32; 5]| -> Vec<Building> {
            let of = |(community, households)| Building { community, compound: 0, households };
            communities.into_iter().zip(households).map(of).collect()
        };
        let told = |buildings: Vec<Building>| -> Vec<(u32, u32)> {
            borders(&found, &buildings, 200).iter().map(|border| (border.a, border.metres)).collect()
        };
        assert_eq!(told(town([100, 100, 100, 100, 200], [0; 5])), [(0, 42), (2, 42)], "each part is large enough");
        assert_eq!(told(town([100, 99, 100, 100, 200], [0; 5])), [(0, 42), (1, 11), (2, 42)]);
        assert_eq!(told(town([100, 100, 100, 100, 9], [0; 5])), [(0, 42), (2, 42), (3, 11)]);
        assert_eq!(told(town([9, 9, 9, 9, 9], [0, 0, 1, 1, 2])), [(0, 42), (2, 42)], "not across communities");
    }

    #[test]
    fn buildings_that_stand_close_are_a_group() {
        let row: Vec<Point> = [0.0, 40.0, 80.0, 150.0, 190.0].into_iter().map(|x| at(x, 0.0)).collect();
        let street = [[at(60.0, -9.0), at(60.0, 9.0)]];
        let found = neighbours(&row, &Between { closed: &[], crossed: &street });
        assert_eq!(clusters(&found, &[0; 5], 60.0), [0, 0, 2, 3, 3]);
        assert_eq!(clusters(&found, &[0, 0, 0, 0, 1], 80.0), [0, 0, 2, 2, 4]);
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_plainest_search(
            points in prop::collection::vec((0i32..60, 0i32..60), 0..30),
        ) {
            let mut places: Vec<(i32, i32)> = points;
            places.sort_unstable();
            places.dedup();
            let points: Vec<Point> = places.iter().map(|(x, y)| at(f64::from(*x) * 7.0, f64::from(*y) * 7.0)).collect();
            let found: Vec<(u32, u32)> =
                neighbours(&points, &Between::default()).iter().map(|pair| (pair.a, pair.b)).collect();
            let mut plain = Vec::new();
            for (a, one) in points.iter().enumerate() {
                for (b, other) in points.iter().enumerate().skip(a + 1) {
                    let mut others = points.iter().filter(|at| *at != one && *at != other);
                    let between = others.any(|at| {
                        (one.x - at.x) * (other.x - at.x) + (one.y - at.y) * (other.y - at.y) <= 0.0
                    });
                    if !between && (one.x - other.x).hypot(one.y - other.y) <= NEAR_METRES {
                        plain.push((a as u32, b as u32));
                    }
                }
            }
            prop_assert_eq!(found, plain);
        }
    }
}
