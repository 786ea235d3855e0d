//! The map of where it hurts: the places below in the colour of what happens there, and a dot for each spot to which
//! something comes back.

use kernel::place::{Level, PlacePath};
use places::Place;
use places::geography::Geography;
use web::{Map, Page};

use super::{Known, address, ground_of};
use crate::Grid;

/// The radius of a dot, in units of the picture.
const DOT: f64 = 7.0;

/// Draws a place. The figure is empty where nothing is laid.
pub(super) fn picture(grid: &Grid, page: &Page, ground: &Geography, place: &Place, known: &Known) -> String {
    let tree = grid.hall.places.tree();
    let mut below: Vec<&Place> = tree.children(place.id).filter(|child| child.level <= Level::Community).collect();
    if below.is_empty() {
        below.push(place);
    }
    let rises = |child: &Place| known.rises.iter().any(|rise| rise.places.iter().any(|path| child.path.contains(path)));
    let mut map = Map::new();
    let mut names = Vec::new();
    // What rises is drawn last, so that no edge of another lies over its own.
    below.sort_by_key(|child| (rises(child), child.id));
    let paths: Vec<&PlacePath> = below.iter().map(|child| &child.path).collect();
    for (child, areas) in below.iter().zip(ground.outlines_of(&tree, &paths)) {
        let (class, key) = if rises(child) { ("s0", "grid-hurts-map-rises") } else { ("none", "grid-hurts-map-area") };
        let name = child.named(page.lang);
        if let Some(largest) = areas.iter().max_by_key(|corners| corners.len())
            && let Some(middle) = middle(largest)
        {
            names.push((middle, Map::size_of(largest), name.to_owned()));
        }
        for corners in areas {
            let href = Some(address(child)).filter(|_| child.id != place.id);
            map.area(class, corners, &page.t1(key, "name", name), href);
        }
    }
    if map.is_empty() {
        return String::new();
    }
    for spot in &known.spots {
        if let Some(at) = ground_of(spot, ground) {
            let (kind, times) = (grid.kind_called(page, &spot.newest.kind), spot.cases.len());
            map.dot("own", at, DOT, &page.t2("grid-hurts-map-dot", "kind", kind, "n", times));
        }
    }
    for (middle, size, name) in &names {
        map.name(*middle, *size, name);
    }
    map.legend("s0", page.t("grid-hurts-legend-rises"), false);
    map.legend("none", page.t("grid-hurts-legend-area"), false);
    map.legend("dot own", page.t("grid-hurts-legend-spot"), true);
    map.figure(&page.t1("grid-hurts-map", "name", place.named(page.lang)))
}

fn middle(corners: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = u32::try_from(corners.len()).ok().filter(|count| *count > 0)?;
    let (x, y) = corners.iter().fold((0.0, 0.0), |(x, y), corner| (x + corner.0, y + corner.1));
    Some((x / f64::from(count), y / f64::from(count)))
}
