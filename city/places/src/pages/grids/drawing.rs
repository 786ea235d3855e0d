//! This file draws the map of grids. Each building is a dot in the colour of its grid, and a hull with the grid's
//! number surrounds the dots.

use std::collections::BTreeSet;

use planning::shape::{Point, hull};
use web::Map;

use crate::rules::geography::Geography;
use crate::rules::grids::colours::colours;

/// Names the classes of colours in the style sheet of maps.
const CLASSES: [&str; 8] = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7"];
/// Is the radius of a building, in units of the picture. `RING` is the radius around a building that moves.
const DOT: f64 = 4.0;
const RING: f64 = 5.5;
/// Says how many metres of ways around the buildings are shown.
const AROUND: f64 = 60.0;

/// A building on the map.
pub struct Spot {
    /// Where it is.
    pub at: Point,
    /// The position of its grid in the list, or nothing if it lies in no grid.
    pub grid: Option<usize>,
    /// Whether it changes its grid.
    pub moved: bool,
    /// What it is, in words.
    pub title: String,
}

/// A grid on the map.
pub struct Patch {
    /// The number that stands on it.
    pub number: String,
    /// What it is, in words.
    pub title: String,
}

/// A legend beside the grids, which explains dots with a ring and dots without a grid.
pub struct Legend {
    /// What a ring means. It is empty if there are no rings.
    pub moved: String,
    /// What a dot without colour means. It is empty if there are no such dots.
    pub without: String,
}

/// Returns the class of each of `count` grids. Grids that touch get different classes.
pub fn classes(count: usize, touching: &BTreeSet<(usize, usize)>) -> Vec<&'static str> {
    colours(count, touching).into_iter().map(|colour| CLASSES.get(colour).copied().unwrap_or("g0")).collect()
}

/// Returns the ways among some points.
pub fn ways(ground: &Geography, points: &[Point]) -> Vec<[Point; 2]> {
    let fold = |value: fn(&Point) -> f64| {
        points
            .iter()
            .map(value)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| (low.min(one), high.max(one)))
    };
    let ((west, east), (south, north)) = (fold(|point| point.x), fold(|point| point.y));
    let near = |point: &Point| {
        (west - AROUND..=east + AROUND).contains(&point.x) && (south - AROUND..=north + AROUND).contains(&point.y)
    };
    // Most ways go in both directions, so one of the two is enough.
    let forward = ground.edges.iter().filter(|edge| edge.from < edge.to);
    forward
        .filter_map(|edge| Some([*ground.nodes.get(edge.from as usize)?, *ground.nodes.get(edge.to as usize)?]))
        .filter(|ends| ends.iter().all(near))
        .collect()
}

/// Holds everything that a map of grids shows.
pub struct Drawing<'a> {
    /// The buildings.
    pub spots: &'a [Spot],
    /// The grids.
    pub patches: &'a [Patch],
    /// The class of each grid, in the order of the grids.
    pub classes: &'a [&'static str],
    /// The ways among the buildings.
    pub ways: &'a [[Point; 2]],
    /// What stands beside the map.
    pub legend: &'a Legend,
}

/// Draws grids. `label` says in words what the map shows.
pub fn figure(drawing: &Drawing<'_>, label: &str) -> String {
    let Drawing { spots, patches, classes, ways, legend } = *drawing;
    let mut map = Map::new();
    for [from, to] in ways {
        map.line("way", vec![(from.x, from.y), (to.x, to.y)]);
    }
    let members = |grid: usize| -> Vec<Point> {
        spots.iter().filter(|spot| spot.grid == Some(grid)).map(|spot| spot.at).collect()
    };
    let drawn: Vec<(usize, &Patch, Vec<Point>)> =
        patches.iter().enumerate().map(|(grid, patch)| (grid, patch, members(grid))).collect();
    let shown = drawn.iter().filter(|(.., points)| !points.is_empty());
    for (grid, patch, points) in shown.clone() {
        let corners = hull(points).into_iter().map(|point| (point.x, point.y)).collect();
        map.area(classes.get(*grid).copied().unwrap_or("none"), corners, &patch.title, None);
    }
    for spot in spots {
        let colour = spot.grid.and_then(|grid| classes.get(grid).copied()).unwrap_or("none");
        let (class, radius) = if spot.moved { (format!("{colour} moved"), RING) } else { (colour.to_owned(), DOT) };
        map.dot(&class, (spot.at.x, spot.at.y), radius, &spot.title);
    }
    for (grid, patch, points) in shown {
        map.text(middle(points), &patch.number);
        map.legend(classes.get(*grid).copied().unwrap_or("none"), patch.title.clone(), true);
    }
    if !legend.moved.is_empty() {
        map.legend("dot none moved", legend.moved.clone(), true);
    }
    if !legend.without.is_empty() {
        map.legend("none", legend.without.clone(), true);
    }
    map.figure(label)
}

fn middle(points: &[Point]) -> (f64, f64) {
    let count = u32::try_from(points.len()).map_or(1.0, |count| f64::from(count.max(1)));
    let sum = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
    (sum.0 / count, sum.1 / count)
}
