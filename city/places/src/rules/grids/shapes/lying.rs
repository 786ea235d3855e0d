//! This file says in which of the grids that were drawn each building lies, and which of today's grids each of them is.

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Point;
use kernel::place::PlaceId;
use kernel::refusal::Refusal;

use super::Shape;
use super::area::Side;
use crate::refusals::Why;
use crate::rules::geography::Geography;
use crate::rules::grids::given::{Calls, Given, Target, Wish};
use crate::rules::grids::ground::{Ground, Today};
use crate::rules::grids::numbering::{COMMUNITY_DIGITS, Called};
use crate::rules::tree::Tree;

/// How many metres from every building a grid that holds none still may be and count as near.
const NEAR_METRES: f64 = 50_000.0;
/// Says how many digits a grid's code has.
const CODE_DIGITS: usize = 15;

/// Holds what the shapes are laid on.
pub struct Ashore<'a> {
    /// The tree of places.
    pub tree: &'a Tree,
    /// Everything that is laid.
    pub laid: &'a Geography,
    /// The buildings of the place for which grids are given.
    pub ground: &'a Ground,
    /// The grids of today.
    pub today: &'a Today,
    /// The codes that grids of these communities bear or bore.
    pub codes: &'a BTreeSet<String>,
}

/// Says which building is to lie in which grid, and what the grids are called. A building whose community no shape
/// touches stays where it is.
///
/// # Errors
/// Tells every fault with the number of the feature, and the buildings that would lie in no grid.
pub fn given(ashore: &Ashore<'_>, shapes: &[Shape]) -> Result<(Given, Calls), Vec<Refusal>> {
    let found = buildings(ashore).ok_or_else(|| vec![Refusal::new(Why::PointUnmapped)])?;
    let mut faults = Vec::new();
    let (mut inside, mut homes) = (BTreeMap::new(), BTreeMap::new());
    for one in &found {
        let holds: Vec<&Shape> = holding(shapes, one.at);
        if let [first, second, ..] = holds.as_slice() {
            let refusal = Refusal::new(Why::GridShapeOverlap).with("building", one.title(ashore));
            faults.push(refusal.with("number", first.number).with("other", second.number));
        }
        if let Some(shape) = holds.first() {
            inside.entry(shape.number).or_insert_with(Vec::new).push(one);
            homes.insert(one.id, shape.number);
        }
    }
    let mut of: BTreeMap<usize, PlaceId> = BTreeMap::new();
    for shape in shapes {
        match community(ashore, shape, inside.get(&shape.number).map(Vec::as_slice).unwrap_or_default()) {
            Ok(community) => drop(of.insert(shape.number, community)),
            Err(fault) => faults.push(fault.with("number", shape.number)),
        }
    }
    faults.extend(without(ashore, &found, &homes, &of.values().copied().collect()));
    if !faults.is_empty() {
        return Err(faults);
    }
    let (targets, calls) = called(ashore, shapes, &of)?;
    let lies = homes.iter().filter_map(|(id, number)| Some((*id, targets.get(number)?.clone())));
    Ok((lies.collect(), calls))
}

/// A building on the globe.
struct Spot {
    id: i64,
    at: Point,
    /// Its community, if it is one of the place for which grids are given.
    own: Option<PlaceId>,
    community: PlaceId,
}

impl Spot {
    fn title(&self, ashore: &Ashore<'_>) -> String {
        let laid = ashore.laid;
        let found = laid.buildings.binary_search_by_key(&self.id, |one| one.id).ok();
        let building = found.and_then(|at| laid.buildings.get(at));
        let name = |one| format!("{} {}", laid.compound_of(one).map_or("", |one| one.name.as_str()), one.name);
        building.map(name).unwrap_or_default()
    }
}

/// All buildings with their points, or nothing where nobody said where the ground stands.
fn buildings(ashore: &Ashore<'_>) -> Option<Vec<Spot>> {
    let (laid, ground) = (ashore.laid, ashore.ground);
    let plane = laid.plane()?;
    let own: BTreeMap<i64, PlaceId> =
        ground.ids.iter().enumerate().filter_map(|(at, id)| Some((*id, ground.community(at)?))).collect();
    let spot = |one: &crate::rules::geography::Building| {
        let community = ashore.tree.get(laid.community_of(one)?)?.id;
        let at = plane.to_point((one.at.x, one.at.y))?;
        Some(Spot { id: one.id, at, own: own.get(&one.id).copied(), community })
    };
    Some(laid.buildings.iter().filter_map(spot).collect())
}

/// The shapes in which a point lies. A point on an edge lies there only if it is inside of none.
fn holding(shapes: &[Shape], at: Point) -> Vec<&Shape> {
    let side = |shape: &Shape| shape.areas.iter().map(|area| area.side(at)).max().unwrap_or(Side::Outside);
    let sides: Vec<(Side, &Shape)> =
        shapes.iter().map(|shape| (side(shape), shape)).filter(|(side, _)| *side > Side::Outside).collect();
    let best = sides.iter().map(|(side, _)| *side).max();
    sides.into_iter().filter(|(side, _)| Some(*side) == best).map(|(_, shape)| shape).collect()
}

/// The community of a shape: that of all its buildings.
fn community(ashore: &Ashore<'_>, shape: &Shape, inside: &[&Spot]) -> Result<PlaceId, Refusal> {
    let name = |id: PlaceId| ashore.tree.get(id).map(|place| place.name.clone()).unwrap_or_default();
    if let Some(stranger) = inside.iter().find(|one| one.own.is_none()) {
        let refusal = Refusal::new(Why::GridShapeOutside).with("first", stranger.title(ashore));
        return Err(refusal.with_both("community", &name(stranger.community)));
    }
    let mut communities = inside.iter().filter_map(|one| one.own);
    let Some(first) = communities.next() else { return Err(empty(ashore, shape)) };
    match communities.find(|other| *other != first) {
        Some(other) => {
            let refusal = Refusal::new(Why::GridShapeSeveral).with_both("first", &name(first));
            Err(refusal.with_both("second", &name(other)))
        }
        None => Ok(first),
    }
}

/// Why a shape holds no building: its degrees are turned round, or it is drawn where nothing stands.
fn empty(ashore: &Ashore<'_>, shape: &Shape) -> Refusal {
    let near = |point: Point| {
        let metres = ashore.laid.nearest_building(ashore.laid.plane()?.to_metres(point))?.1;
        Some(metres <= NEAR_METRES)
    };
    let corner = shape.areas.first().and_then(super::Area::corner);
    let turned = corner.and_then(|point| Point::new(point.longitude(), point.latitude()));
    let swapped = corner.and_then(near) == Some(false) && turned.and_then(near) == Some(true);
    Refusal::new(if swapped { Why::GridShapeSwapped } else { Why::GridShapeEmpty })
}

/// The buildings that would lie in no grid, in communities for which grids were drawn.
fn without(
    ashore: &Ashore<'_>,
    found: &[Spot],
    homes: &BTreeMap<i64, usize>,
    drawn: &BTreeSet<PlaceId>,
) -> Option<Refusal> {
    let left: Vec<&Spot> = found
        .iter()
        .filter(|one| one.own.is_some_and(|own| drawn.contains(&own)) && !homes.contains_key(&one.id))
        .collect();
    let first = left.first()?;
    Some(Refusal::new(Why::GridShapeWithout).with("count", left.len()).with("first", first.title(ashore)))
}

/// Which grid each shape is, and what the grids are called.
fn called(
    ashore: &Ashore<'_>,
    shapes: &[Shape],
    of: &BTreeMap<usize, PlaceId>,
) -> Result<(BTreeMap<usize, Target>, Calls), Vec<Refusal>> {
    let (mut targets, mut calls, mut faults) = (BTreeMap::new(), Calls::default(), Vec::new());
    let mut seen: BTreeMap<(PlaceId, String), usize> = BTreeMap::new();
    for shape in shapes {
        let Some(community) = of.get(&shape.number).copied() else { continue };
        for key in [&shape.code, &shape.name].into_iter().filter(|key| !key.is_empty()) {
            if let Some(other) = seen.insert((community, key.clone()), shape.number) {
                let refusal = Refusal::new(Why::GridShapeTwice).with("word", key.clone());
                faults.push(refusal.with("number", shape.number).with("other", other));
            }
        }
        match target(ashore, shape, community) {
            Ok(Target::Living(grid)) => {
                let same = |(_, other): &(&usize, &Target)| **other == Target::Living(grid);
                if let Some((other, _)) = targets.iter().find(same) {
                    let refusal = Refusal::new(Why::GridShapeTwice).with("number", shape.number).with("other", other);
                    faults.push(refusal.with("word", format!("{}{}", shape.code, shape.name)));
                }
                let before = ashore.today.called.get(&PlaceId(grid)).cloned().unwrap_or_default();
                let name = if shape.name.is_empty() { before.name.clone() } else { shape.name.clone() };
                let exclusive = shape.exclusive.unwrap_or(before.exclusive);
                calls.living.insert(grid, Called { name, exclusive, code: before.code });
                targets.insert(shape.number, Target::Living(grid));
            }
            Ok(Target::New(word)) => {
                let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
                let exclusive = shape.exclusive.unwrap_or_default();
                let wish = Wish { name: text(&shape.name), code: text(&shape.code), exclusive };
                calls.new.insert(word.clone(), wish);
                targets.insert(shape.number, Target::New(word));
            }
            Err(fault) => faults.push(fault.with("number", shape.number)),
        }
    }
    if faults.is_empty() { Ok((targets, calls)) } else { Err(faults) }
}

/// The grid of today that has the code of a shape, or its name if it has no code; otherwise a new one.
fn target(ashore: &Ashore<'_>, shape: &Shape, community: PlaceId) -> Result<Target, Refusal> {
    let living = ashore.today.of_community(community);
    let bears = |grid: &&PlaceId, is: &dyn Fn(&Called) -> bool| ashore.today.called.get(*grid).is_some_and(is);
    let same: &dyn Fn(&Called) -> bool =
        if shape.code.is_empty() { &|called| called.name == shape.name } else { &|called| called.code == shape.code };
    if let Some(grid) = living.iter().find(|grid| bears(grid, same)) {
        return Ok(Target::Living(grid.0));
    }
    let own = ashore.tree.get(community).map(|place| place.code.clone()).unwrap_or_default();
    let digits = shape.code.len() == CODE_DIGITS && shape.code.bytes().all(|sign| sign.is_ascii_digit());
    let fits = digits && own.len() == COMMUNITY_DIGITS && shape.code.starts_with(&own) && !shape.code.ends_with("000");
    if !shape.code.is_empty() && !fits {
        let code: String = shape.code.chars().take(super::NAME_LIMIT).collect();
        return Err(Refusal::new(Why::GridShapeCode).with("code", code).with("community", own));
    }
    if ashore.codes.contains(&shape.code) {
        return Err(Refusal::new(Why::GridShapeCodeTaken).with("code", shape.code.clone()));
    }
    Ok(Target::New(shape.number.to_string()))
}
