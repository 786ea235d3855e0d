//! Finds the place that words or a name of ours mean: `p:` and a community, `c:` and a compound, `b:` and a building.

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Point;
use kernel::language::Lang;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use places::geography::{Compound, Geography};
use places::{Place, Tree};

use crate::rules;
use crate::words::Spot;

/// Places that words may mean.
const FOUND: usize = 8;
/// Streets that words may mean, and communities of them that are offered.
const STREETS: usize = 2;
const IN_STREETS: usize = 40;
/// The fewest characters of the name of a compound that is taken from an address.
const NAME_LEAST: usize = 3;
/// What the name of a street or a district may end in that people leave out.
const ENDINGS: [&str; 8] = ["", "街道", "镇", "乡", "区", "县", "市", "街道办事处"];

/// What a place is looked for in.
#[derive(Clone, Copy)]
pub struct Land<'l> {
    /// The places of the city.
    pub tree: &'l Tree,
    /// What is known of the ground.
    pub ground: Option<&'l Geography>,
    /// How far from every building a point may lie, in metres.
    pub most_metres: u32,
}

/// What lies at a point that somebody wrote or her browser told.
///
/// # Errors
/// It cannot be read, no ground is laid, it is outside of the city, or its two numbers are swapped.
pub fn pointed(land: &Land<'_>, text: &str) -> Result<Spot, Refusal> {
    let point = places::read_point(text)?;
    let ground = land.ground.ok_or_else(|| Refusal::new(places::Why::PointUnmapped))?;
    let found = places::spot_at(land.tree, ground, point, land.most_metres)?;
    let at = Some(rules::decimetres(found.at.0, found.at.1));
    Ok(Spot { community: found.community, compound: Some(found.compound), at, point: Some(point) })
}

/// The middles of the buildings of some communities, as points of the globe: that is how exactly everybody is told
/// where a report is. A community without buildings has none.
#[must_use]
pub fn middles(ground: &Geography, communities: &BTreeSet<PlaceId>) -> BTreeMap<PlaceId, Point> {
    let Some(plane) = ground.plane().filter(|_| !communities.is_empty()) else { return BTreeMap::new() };
    let mut sums: BTreeMap<PlaceId, (f64, f64, f64)> = BTreeMap::new();
    for building in &ground.buildings {
        let Some(community) = ground.community_of(building).filter(|one| communities.contains(one)) else { continue };
        let sum = sums.entry(community).or_default();
        *sum = (sum.0 + building.at.x, sum.1 + building.at.y, sum.2 + 1.0);
    }
    let middle = |(community, sum): (PlaceId, (f64, f64, f64))| {
        let point = plane.to_point((sum.0 / sum.2, sum.1 / sum.2))?;
        Some((community, point))
    };
    sums.into_iter().filter_map(middle).collect()
}

/// West, south, east and north of the buildings of a community, as the map is opened there; none where none is known.
#[must_use]
pub fn bounds(ground: &Geography, community: PlaceId) -> Option<String> {
    let plane = ground.plane()?;
    let inside = ground.buildings.iter().filter(|building| ground.community_of(building) == Some(community));
    let corners = inside.map(|building| (building.at.x, building.at.y)).fold(None, |corners, (x, y)| {
        let [west, south, east, north] = corners.unwrap_or([x, y, x, y]);
        Some([x.min(west), y.min(south), x.max(east), y.max(north)])
    });
    let [west, south, east, north]: [f64; 4] = corners?;
    let (low, high) = (plane.to_point((west, south))?.degrees(), plane.to_point((east, north))?.degrees());
    Some(format!("{},{},{},{}", low.1, low.0, high.1, high.0))
}

/// A place that words may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Our name of it: `p:` and a community, `c:` and a compound, `b:` and a building.
    pub at: String,
    /// The name of the compound, and of the building in it; none for a community.
    pub compound: Option<String>,
    /// The community.
    pub community: PlacePath,
    /// Whether its whole name was said. What only resembles it is offered and never chosen for anybody.
    pub exact: bool,
}

impl Found {
    fn community(place: &Place, words: &str) -> Self {
        let (at, exact) = (format!("p:{}", place.id), is_named(place, words));
        Self { at, compound: None, community: place.path.clone(), exact }
    }
}

/// The one whose whole name was said, if it is the only one of those found.
#[must_use]
pub fn exact(found: &[Found]) -> Option<&Found> {
    let mut exact = found.iter().filter(|one| one.exact);
    exact.next().filter(|_| exact.next().is_none())
}

/// Whether the whole name of a place stands in words, or they are its English name.
#[must_use]
pub fn is_named(place: &Place, words: &str) -> bool {
    words.contains(place.name.zh.as_str()) || place.name.en.eq_ignore_ascii_case(words.trim())
}

/// Whether words call a street or a district by its name, whether or not they say what it is: 南湖, Nanhu.
fn is_called(place: &Place, words: &str) -> bool {
    let (said, english) = (words.trim().to_lowercase(), place.name.en.to_lowercase());
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    place.name.zh.strip_prefix(words.trim()).is_some_and(|rest| ENDINGS.contains(&rest))
        || english.strip_prefix(said.as_str()).is_some_and(ends)
}

/// The compounds and communities that words may mean, those of a street that is called so among them; or else the
/// compounds and buildings that stand in an address. Nothing where they call a district or several streets: somebody
/// chooses of these from the top.
#[must_use]
pub fn found(tree: &Tree, ground: Option<&Geography>, words: &str) -> Vec<Found> {
    let named = ground.into_iter().flat_map(|ground| &ground.compounds);
    let compounds = named.filter(|compound| compound.name.contains(words)).take(FOUND).filter_map(|compound| {
        let (community, exact) = (tree.get(compound.community)?.path.clone(), compound.name == words);
        Some(Found { at: format!("c:{}", compound.id), compound: Some(compound.name.clone()), community, exact })
    });
    let mut found: Vec<Found> = compounds.collect();
    let wide = |place: &&Place| matches!(place.level, Level::District | Level::Street) && is_called(place, words);
    let called: Vec<&Place> = tree.all().filter(wide).collect();
    let street = called.first().filter(|only| called.len() == 1 && only.level == Level::Street);
    if street.is_none() && !called.is_empty() && found.is_empty() {
        return Vec::new();
    }
    let inside = street.into_iter().flat_map(|street| tree.children(street.id)).take(IN_STREETS);
    for place in inside.chain(tree.search_in(words, Some(Level::Community), FOUND)) {
        let one = Found::community(place, words);
        if found.len() < IN_STREETS + FOUND && found.iter().all(|known| known.at != one.at) {
            found.push(one);
        }
    }
    if !found.is_empty() {
        return found;
    }
    let standing = ground.map(|ground| standing_in(tree, ground, words)).unwrap_or_default();
    if !standing.is_empty() {
        return standing;
    }
    let streets = tree.search_in(words, Some(Level::Street), STREETS);
    let inside = streets.iter().flat_map(|street| tree.children(street.id)).take(IN_STREETS);
    inside.map(|place| Found::community(place, words)).collect()
}

/// The compounds that an address names (文安路二小区3号楼), each with its building where that is known.
fn standing_in(tree: &Tree, ground: &Geography, words: &str) -> Vec<Found> {
    let address: String = words.chars().filter(|sign| !sign.is_whitespace()).collect();
    let letters = |compound: &Compound| compound.name.chars().count();
    let is_named = |compound: &&Compound| letters(compound) >= NAME_LEAST && address.contains(compound.name.as_str());
    let named: Vec<&Compound> = ground.compounds.iter().filter(is_named).collect();
    let Some(most) = named.iter().map(|compound| letters(compound)).max() else { return Vec::new() };
    // The address of another city names none of ours, and one that names a district means the compound there.
    let communities = places::communities_of(tree, Some(ground), words);
    let is_meant = |compound: &&Compound| {
        letters(compound) == most && communities.iter().any(|place| place.id == compound.community)
    };
    let meant = named.into_iter().filter(is_meant).take(FOUND);
    meant.filter_map(|compound| at_compound(tree, ground, compound, &address)).collect()
}

/// A compound that an address names, or the building of it that is written behind its name.
fn at_compound(tree: &Tree, ground: &Geography, compound: &Compound, address: &str) -> Option<Found> {
    let community = tree.get(compound.community)?.path.clone();
    let (position, _) = ground.compound(compound.id)?;
    let (_, behind) = address.split_once(compound.name.as_str())?;
    let own = ground.buildings.iter().filter(|building| building.compound == position);
    let named = own.filter(|building| stands_in(behind, &building.name));
    let (at, name) = match named.max_by_key(|building| building.name.chars().count()) {
        Some(building) => (format!("b:{}", building.id), format!("{} {}", compound.name, building.name)),
        None => (format!("c:{}", compound.id), compound.name.clone()),
    };
    Some(Found { at, compound: Some(name), community, exact: true })
}

/// Whether the name of a building stands in an address by itself: 3号楼 does not stand in 13号楼.
fn stands_in(address: &str, name: &str) -> bool {
    let ends_in_digit = |before: &str| before.ends_with(|sign: char| sign.is_ascii_digit());
    let is_alone = |(at, _): (usize, &str)| address.get(..at).is_some_and(|before| !ends_in_digit(before));
    !name.is_empty() && address.match_indices(name).any(is_alone)
}

/// Where something is as somebody wrote it, where that says more than the names of the spot. A point is kept as a point
/// and says no more in digits.
#[must_use]
pub fn written(tree: &Tree, ground: Option<&Geography>, spot: &Spot, words: &str) -> String {
    let words = words.trim();
    let compound = spot.compound.and_then(|id| ground?.compound(id)).map(|(_, compound)| compound.name.clone());
    let named = [Lang::Zh, Lang::En].map(|lang| tree.chain(&spot.community, lang));
    let is_known = compound.iter().chain(&named).any(|name| name.contains(words));
    if is_known || places::seems_point(words) { String::new() } else { words.to_owned() }
}

/// The communities that a whole address may mean, as 附近 finds them, where no name of a place alone is found. Somebody
/// has to choose of them, because a road may run through communities that do not bear its name.
#[must_use]
pub fn addressed(tree: &Tree, ground: Option<&Geography>, words: &str) -> Vec<Found> {
    let communities = places::communities_of(tree, ground, words);
    communities.into_iter().take(IN_STREETS).map(|place| Found::community(place, words)).collect()
}

/// The one place that words mean: the only one whose name they say.
///
/// # Errors
/// Those that they may mean; none where nothing was found.
pub fn meant(tree: &Tree, ground: Option<&Geography>, words: &str) -> Result<Found, Vec<Found>> {
    let words = words.trim();
    let found = if words.is_empty() { Vec::new() } else { found(tree, ground, words) };
    exact(&found).cloned().ok_or(found)
}

/// Where it is: `p:` and a community, `c:` and a compound, `b:` and a building.
#[must_use]
pub fn spot(tree: &Tree, ground: Option<&Geography>, at: &str) -> Option<Spot> {
    let (sort, id) = at.split_once(':')?;
    let id: i64 = id.parse().ok()?;
    match sort {
        "p" => {
            let place = tree.get(PlaceId(id)).filter(|place| place.level == Level::Community)?;
            Some(Spot { community: place.path.clone(), compound: None, at: None, point: None })
        }
        "c" => {
            let (_, compound) = ground?.compound(id)?;
            let community = tree.get(compound.community)?.path.clone();
            let at = rules::decimetres(compound.at.x, compound.at.y);
            Some(Spot { community, compound: Some(id), at: Some(at), point: None })
        }
        "b" => {
            let ground = ground?;
            let at = ground.buildings.binary_search_by_key(&id, |building| building.id).ok()?;
            let building = ground.buildings.get(at)?;
            let compound = ground.compound_of(building)?;
            let community = tree.get(compound.community)?.path.clone();
            let at = rules::decimetres(building.at.x, building.at.y);
            Some(Spot { community, compound: Some(compound.id), at: Some(at), point: None })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_building_stands_in_an_address_by_its_whole_number() {
        for (address, name, stands) in [
            ("3号楼2单元", "3号楼", true),
            ("13号楼", "3号楼", false),
            ("13号楼和3号楼之间", "3号楼", true),
            ("旁边", "3号楼", false),
            ("3号楼", "", false),
        ] {
            assert_eq!(stands_in(address, name), stands, "{address} {name}");
        }
    }
}
