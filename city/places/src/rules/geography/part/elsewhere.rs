//! This file finds that most of the buildings that somebody brings stand in another town, so that this is told once and
//! not for each of them.

use kernel::earth::Plane;
use planning::shape::Point;
use planning::snap::{Nodes, rectangle};

use super::{BroughtBuilding, FAR_METRES, Odd};

/// How many lines are told.
const TOLD: usize = 5;

/// Returns where brought buildings and ways lie, if most of the buildings lie far outside of the ways. `metres` places
/// a building on the plane of the nodes. With a plane both are told in degrees.
pub(super) fn elsewhere(
    brought: &[BroughtBuilding],
    metres: &dyn Fn((f64, f64)) -> Option<Point>,
    nodes: &[Point],
    plane: Option<Plane>,
) -> Option<Odd> {
    let near = Nodes::new(nodes, false);
    let is_far = |one: &&BroughtBuilding| metres(one.at).is_some_and(|at| near.outside(at) > FAR_METRES);
    let (far, all) = (brought.iter().filter(is_far).count(), brought.len());
    if far * 2 <= all {
        return None;
    }
    let written: Vec<Point> = brought.iter().map(|one| Point { x: one.at.0, y: one.at.1 }).collect();
    let corner = |at: Point| {
        let degrees = plane.and_then(|plane| plane.to_degrees((at.x, at.y)));
        degrees.map_or(at, |(north, east)| Point { x: east, y: north })
    };
    let (low, high) = rectangle(nodes);
    let ways = between(corner(low), corner(high), plane.is_some());
    let (low, high) = rectangle(&written);
    let lines = brought.iter().filter(is_far).map(|one| one.line).filter(|line| *line > 0).take(TOLD).collect();
    Some(Odd::Elsewhere { far, all, there: between(low, high, plane.is_some()), ways, lines })
}

/// Writes from where to where something lies, to the east and to the north.
fn between(low: Point, high: Point, degrees: bool) -> String {
    let digits = if degrees { 3 } else { 0 };
    format!("{:.digits$}–{:.digits$}, {:.digits$}–{:.digits$}", low.x, high.x, low.y, high.y)
}
