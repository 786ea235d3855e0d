//! This file finds which buildings touch once the brought ones are laid.

use std::collections::BTreeMap;

use kernel::earth::{Plane, Point as Degrees};
use kernel::place::PlaceId;
use planning::neighbours::{Between, Line, borders, neighbours};
use planning::partition::{Border, Building};
use planning::shape::Point;

use super::{Bringing, DegreeLine, Laying, Over, Parting};
use crate::rules::geography::NewBuilding;

impl Over<'_> {
    /// Returns which buildings touch. Those that are laid today touch as they do today, and a new one touches whatever
    /// stands beside it in the place, unless the map shows something between them.
    pub(super) fn touching(&self, laying: &Laying, bringing: &Bringing) -> Vec<Border> {
        let was = laying.was.iter().zip(0u32..);
        let now: BTreeMap<u32, u32> = was.filter_map(|(was, now)| Some(((*was)?, now))).collect();
        let kept = |one: &Border| Some(Border { a: *now.get(&one.a)?, b: *now.get(&one.b)?, ..*one });
        let mut all: Vec<Border> = self.laid.borders.iter().filter_map(kept).collect();
        let parting = bringing.brought.parting.as_ref();
        let [closed, crossed] = parting.map(|parting| self.in_metres(parting)).unwrap_or_default();
        all.extend(beside(laying, &Between { closed: &closed, crossed: &crossed }, bringing.least));
        all
    }

    /// Returns the lines of the map in metres: those that nobody crosses, and those that people cross. There are none
    /// where nobody knows where on the globe the ways are.
    fn in_metres(&self, parting: &Parting) -> [Vec<Line>; 2] {
        let Some(plane) = self.laid.plane() else { return [Vec::new(), Vec::new()] };
        let lines = |all: &[DegreeLine]| all.iter().filter_map(|line| placed(plane, line)).collect::<Vec<Line>>();
        [lines(&parting.closed), lines(&parting.crossed)]
    }
}

/// Returns how many pairs with a new building would touch without the map and do not touch now.
pub(super) fn parted(laying: &Laying, bringing: &Bringing, touching: &[Border]) -> usize {
    if bringing.brought.parting.is_none() {
        return 0;
    }
    let touch = touching.iter().filter(|one| is_new(laying, one)).count();
    beside(laying, &Between::default(), bringing.least).len().saturating_sub(touch)
}

/// Returns a line in metres, if both of its ends are on the globe.
fn placed(plane: Plane, line: &DegreeLine) -> Option<Line> {
    let [from, to] = line.map(|(east, north)| {
        let (x, y) = plane.to_metres(Degrees::from_degrees(north, east)?);
        Some(Point { x, y })
    });
    Some([from?, to?])
}

/// Says whether one of two buildings is not laid today.
fn is_new(laying: &Laying, border: &Border) -> bool {
    [border.a, border.b].iter().any(|at| laying.was.get(*at as usize).is_some_and(Option::is_none))
}

/// Returns which new buildings touch others of the place.
fn beside(laying: &Laying, between: &Between<'_>, least: u32) -> Vec<Border> {
    let here: Vec<(u32, &NewBuilding)> =
        (0u32..).zip(&laying.buildings).zip(&laying.here).filter(|(_, here)| **here).map(|(one, _)| one).collect();
    let points: Vec<Point> = here.iter().map(|(_, building)| building.at).collect();
    let mut numbers: BTreeMap<PlaceId, u32> = BTreeMap::new();
    let buildings = here.iter().map(|(_, building)| {
        let community = laying.compounds.get(building.compound as usize).map_or(PlaceId(0), |one| one.community);
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let community = *numbers.entry(community).or_insert(next);
        Building { community, compound: building.compound, households: building.households }
    });
    let buildings: Vec<Building> = buildings.collect();
    let placed = |border: Border| {
        let (a, b) = here.get(border.a as usize).zip(here.get(border.b as usize))?;
        Some(Border { a: a.0, b: b.0, ..border })
    };
    let found = borders(&neighbours(&points, between), &buildings, u64::from(least));
    found.into_iter().filter_map(placed).filter(|border| is_new(laying, border)).collect()
}
