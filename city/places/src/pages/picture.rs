//! This file draws the map of a place: the compounds of a community, else the places below as far as buildings are laid
//! in them. The city itself has too many buildings for a page that everybody opens.

use crate::rules::geography::Geography;
use crate::{Place, Tree};
use kernel::place::{Level, PlaceId};
use planning::shape::{Point, hull};
use std::collections::BTreeMap;
use web::{Map, Page};

/// Limits how many buildings are drawn.
const DOTS: usize = 800;

/// Holds an area of the map: what it is called, where a click leads, and the points inside it.
struct Patch {
    name: String,
    href: Option<String>,
    points: Vec<Point>,
}

/// Returns the map as HTML. It is empty if nothing is laid in the place.
pub(super) fn picture(page: &Page, tree: &Tree, laid: &Geography, place: &Place) -> String {
    if place.level < Level::District {
        return String::new();
    }
    let inside = laid.inside(tree, &place.path);
    let compounds: BTreeMap<u32, Patch> =
        inside.compounds.iter().filter_map(|at| Some((*at, of_compound(laid, *at)?))).collect();
    let points = inside.buildings.iter().take(DOTS).filter_map(|at| laid.buildings.get(*at as usize));
    let mut patches = compounds;
    for building in points {
        if let Some(patch) = patches.get_mut(&building.compound) {
            patch.points.push(building.at);
        }
    }
    let drawn: Vec<Patch> = if place.level >= Level::Community {
        patches.into_values().collect()
    } else {
        below(page, tree, laid, place, patches)
    };
    let mut map = Map::new();
    for (number, patch) in drawn.iter().enumerate() {
        let corners = hull(&patch.points).into_iter().map(|point| (point.x, point.y)).collect();
        map.area(
            COLOURS.get(number % COLOURS.len()).copied().unwrap_or("none"),
            corners,
            &patch.name,
            patch.href.clone(),
        );
        for point in &patch.points {
            map.dot("beside", (point.x, point.y), 3.0, "");
        }
    }
    for patch in &drawn {
        if let Some(middle) = middle(&patch.points) {
            let corners: Vec<(f64, f64)> = hull(&patch.points).into_iter().map(|point| (point.x, point.y)).collect();
            map.name(middle, Map::size_of(&corners), &patch.name);
        }
    }
    let title = if place.level >= Level::Community { "places-map-compounds" } else { "places-map-of" };
    map.figure(&page.t1(title, "name", place.named(page.lang)))
}

/// Names the classes of colours in the style sheet of maps.
const COLOURS: [&str; 8] = ["g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7"];

fn of_compound(laid: &Geography, at: u32) -> Option<Patch> {
    let compound = laid.compounds.get(at as usize)?;
    Some(Patch { name: compound.name.clone(), href: None, points: vec![compound.at] })
}

/// Puts the compounds together by the place below in which they lie. Each such place leads to its own page.
fn below(page: &Page, tree: &Tree, laid: &Geography, place: &Place, compounds: BTreeMap<u32, Patch>) -> Vec<Patch> {
    let mut patches: BTreeMap<PlaceId, Patch> = BTreeMap::new();
    for (at, compound) in compounds {
        let community = laid.compounds.get(at as usize).and_then(|one| tree.get(one.community));
        let child = community.and_then(|inner| tree.children(place.id).find(|child| child.path.contains(&inner.path)));
        let Some(child) = child else { continue };
        let patch = patches.entry(child.id).or_insert_with(|| Patch {
            name: child.named(page.lang).to_owned(),
            href: Some(format!("/places/{}", child.id)),
            points: Vec::new(),
        });
        patch.points.extend(compound.points);
    }
    patches.into_values().collect()
}

fn middle(points: &[Point]) -> Option<(f64, f64)> {
    let count = u32::try_from(points.len()).ok().filter(|count| *count > 0)?;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
    Some((x / f64::from(count), y / f64::from(count)))
}
