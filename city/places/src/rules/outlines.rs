//! This file says which place each area of a file outlines, and how many buildings lie outside of their own outline.

use std::collections::BTreeMap;

use kernel::place::{Level, PlaceId};
use kernel::refusal::{Code, Refusal};

use crate::Place;
use crate::refusals::Why;
use crate::rules::geography::{Geography, Rings};
use crate::rules::grids::shapes::Shape;
use crate::rules::tree::Tree;

/// The areas of a file, each with its place.
#[derive(Debug)]
pub struct Outlined {
    /// The areas by place.
    pub areas: BTreeMap<PlaceId, Vec<Rings>>,
    /// How many buildings of these places lie outside of the outline of their own place.
    pub beyond: usize,
}

/// Finds the place of each area: by its code, or by its name where no other place has it.
///
/// # Errors
/// Says of every area that names no place, a grid or the same place as another one what is wrong. Then nothing is
/// taken.
pub fn outlined(shapes: &[Shape], tree: &Tree, laid: &Geography) -> Result<Outlined, Vec<Refusal>> {
    let (mut found, mut faults): (BTreeMap<PlaceId, &Shape>, Vec<Refusal>) = (BTreeMap::new(), Vec::new());
    for shape in shapes {
        let word = if shape.code.is_empty() { &shape.name } else { &shape.code };
        let told = |why: Code| Refusal::new(why).with("number", shape.number).with("word", word);
        match place(tree, word) {
            None => faults.push(told(Why::OutlinePlace)),
            Some(place) if place.level >= Level::Grid => faults.push(told(Why::OutlineGrid)),
            Some(place) => {
                if let Some(other) = found.insert(place.id, shape) {
                    faults.push(told(Why::OutlineTwice).with("other", other.number));
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let beyond = beyond(&found, tree, laid);
    Ok(Outlined { areas: found.into_iter().map(|(id, shape)| (id, shape.rings())).collect(), beyond })
}

/// The place that a code or a name means, if it means one alone.
fn place<'t>(tree: &'t Tree, word: &str) -> Option<&'t Place> {
    let mut named = tree.exactly(word).into_iter();
    named.next().filter(|_| !word.is_empty() && named.next().is_none())
}

/// How many buildings lie in a place that is outlined, and outside of its outline.
fn beyond(found: &BTreeMap<PlaceId, &Shape>, tree: &Tree, laid: &Geography) -> usize {
    let Some(plane) = laid.plane() else { return 0 };
    let outside = |building: &&crate::rules::geography::Building| {
        let community = laid.community_of(building).and_then(|id| tree.get(id));
        let at = plane.to_point((building.at.x, building.at.y));
        let Some((community, at)) = community.zip(at) else { return false };
        let mut above = tree.ancestors(community.id).into_iter().chain([community]);
        above.any(|place| found.get(&place.id).is_some_and(|shape| !shape.holds(at)))
    };
    laid.buildings.iter().filter(outside).count()
}
