//! This file recognises the buildings that are laid among those that somebody brings, also where their compounds are
//! called otherwise: a sheet that is read with a map has other compounds that nobody named, and coordinates in another
//! system, than the same sheet without one.

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Datum;
use planning::shape::Point;

use super::unnamed::SAME_METRES;
use super::{Before, Over, Sited, UNNAMED};
use crate::rules::geography::{Building, Compound};

/// Two buildings of one name in two compounds of which one has a name are the same if they stand no farther apart,
/// metres.
const BESIDE_METRES: f64 = 15.0;
/// Fewer buildings do not show that coordinates were read in another system.
const FEW: usize = 3;

/// What may be done to a point so that it lies where the same sheet put it before: nothing, or a shift of a map on the
/// way there or back.
#[derive(Clone, Copy)]
enum Reading {
    AsItIs,
    Shown(Datum),
    Meant(Datum),
}

const OTHERS: [Reading; 4] = [
    Reading::Shown(Datum::Gcj02),
    Reading::Meant(Datum::Gcj02),
    Reading::Shown(Datum::Bd09),
    Reading::Meant(Datum::Bd09),
];

/// A brought building and the laid one that it is, as positions.
type Pair = (usize, u32);

/// Finds for each brought building the laid one that it is, by its names, or by its name and where it stands.
pub(super) fn recognise(over: &Over<'_>, before: &Before<'_>, sited: &mut [Sited]) {
    for one in sited.iter_mut() {
        one.was = before.buildings.get(&one.key()).copied();
    }
    for (at, laid) in others(over, before, sited) {
        let Some((building, compound)) = laid_at(over, laid) else { continue };
        let Some(one) = sited.get_mut(at) else { continue };
        one.was = Some(laid);
        // Who names the compound means it. Of one that nobody named only the laid one knows its name.
        if one.unnamed && lies_in(over, compound, one) {
            (one.compound, one.name) = (compound.name.clone(), building.name.clone());
        }
    }
    for one in sited.iter_mut() {
        let found = one.was.and_then(|at| laid_at(over, at));
        // In another community it lies in another grid, so there it is a new one.
        one.id = found.filter(|(_, compound)| lies_in(over, compound, one)).map(|(building, _)| building.id);
    }
}

/// Returns the pairs of buildings that no names join. The points are taken as they are, unless far more buildings are
/// found in another system of coordinates.
fn others(over: &Over<'_>, before: &Before<'_>, sited: &[Sited]) -> Vec<Pair> {
    let taken: BTreeSet<u32> = sited.iter().filter_map(|one| one.was).collect();
    let open = sited.len() - taken.len();
    let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for at in before.inside.buildings.iter().filter(|at| !taken.contains(at)) {
        if let Some((building, _)) = laid_at(over, *at) {
            names.entry(bare(&building.name)).or_default().push(*at);
        }
    }
    let mut best = pairs(over, &names, sited, Reading::AsItIs);
    for reading in OTHERS {
        let found = pairs(over, &names, sited, reading);
        if found.len() > best.len() && found.len() >= FEW && found.len() * 2 >= open {
            best = found;
        }
    }
    best
}

/// Returns which buildings of one name stand at the same place, the nearest first, each once.
fn pairs(over: &Over<'_>, names: &BTreeMap<String, Vec<u32>>, sited: &[Sited], reading: Reading) -> Vec<Pair> {
    let mut near: Vec<(f64, usize, u32)> = Vec::new();
    for (at, one) in sited.iter().enumerate().filter(|(_, one)| one.was.is_none()) {
        let Some(point) = read_as(over, one.at, reading) else { continue };
        for laid in names.get(&bare(&one.name)).into_iter().flatten() {
            let Some((building, compound)) = laid_at(over, *laid) else { continue };
            let metres = (point.x - building.at.x).hypot(point.y - building.at.y);
            if metres <= within(over, compound, one) {
                near.push((metres, at, *laid));
            }
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut used, mut found) = ((BTreeSet::new(), BTreeSet::new()), Vec::new());
    for (_, at, laid) in near {
        if !used.0.contains(&at) && used.1.insert(laid) {
            used.0.insert(at);
            found.push((at, laid));
        }
    }
    found
}

/// Returns how far apart two buildings of one name may stand to be the same, metres.
fn within(over: &Over<'_>, compound: &Compound, one: &Sited) -> f64 {
    let is_open = one.unnamed && is_unnamed(over, compound) || compound.name == one.compound;
    if is_open && lies_in(over, compound, one) { SAME_METRES } else { BESIDE_METRES }
}

/// Says whether a laid compound lies in the community of a brought building.
fn lies_in(over: &Over<'_>, compound: &Compound, one: &Sited) -> bool {
    over.tree.get(compound.community).is_some_and(|place| place.id == one.community)
}

/// Says whether nobody named a laid compound: it is called by its community and a number.
fn is_unnamed(over: &Over<'_>, compound: &Compound) -> bool {
    let Some((community, number)) = compound.name.rsplit_once('-') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|sign| sign.is_ascii_digit());
    let called = |words: &str| {
        let place = over.tree.get(compound.community);
        place.is_some_and(|place| [&place.name.zh, &place.name.en, &place.code].iter().any(|name| *name == words))
    };
    is_number && (community == UNNAMED || called(community))
}

fn laid_at<'a>(over: &Over<'a>, at: u32) -> Option<(&'a Building, &'a Compound)> {
    let building = over.laid.buildings.get(at as usize)?;
    Some((building, over.laid.compound_of(building)?))
}

fn read_as(over: &Over<'_>, at: Point, reading: Reading) -> Option<Point> {
    let shift = |shift: &dyn Fn(kernel::earth::Point) -> kernel::earth::Point| {
        let plane = over.laid.plane()?;
        let (x, y) = plane.to_metres(shift(plane.to_point((at.x, at.y))?));
        Some(Point { x, y })
    };
    match reading {
        Reading::AsItIs => Some(at),
        Reading::Shown(datum) => shift(&|point| datum.shown(point)),
        Reading::Meant(datum) => shift(&|point| datum.meant(point)),
    }
}

/// Returns a name without the number that tells it apart from others of its compound: 1号楼 (2) is 1号楼.
fn bare(name: &str) -> String {
    let plain = tables::plain(name);
    let number = plain.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    let number = number.filter(|(_, number)| !number.is_empty() && number.bytes().all(|sign| sign.is_ascii_digit()));
    number.map_or_else(|| plain.clone(), |(name, _)| name.to_owned())
}
