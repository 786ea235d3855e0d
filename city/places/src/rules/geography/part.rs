//! This file lays the buildings of one place anew, as somebody brings them, and leaves everything else as it is.

mod elsewhere;
mod odd;
mod same;
mod strange;
mod touching;
mod unique;
mod unnamed;

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Point as Degrees;
use kernel::language::Bilingual;
use kernel::place::{Level, PlaceId, PlacePath};
use planning::mobilize::Home;
use planning::shape::Point;
use planning::snap::{Nodes, walk_ds};
use serde::{Deserialize, Serialize};

use super::{Building, Compound, Geography, Inside, NewBuilding, NewCompound, NewGeography};
use crate::rules::tree::Tree;
use crate::words::Place;

pub use odd::Odd;
use unique::Unique;

/// A building that is farther from all ways than that does not stand in this city, metres.
const FAR_METRES: f64 = 3_000.0;
/// The community of a sheet that has no column of communities.
const UNNAMED: &str = "1";
/// A building that is laid again farther away than that has moved, metres.
const MOVED_METRES: f64 = 10.0;

/// A building that somebody brings (带来的楼栋).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BroughtBuilding {
    /// The name or the code of its community.
    pub community: String,
    /// The name of its compound.
    pub compound: String,
    /// What it is called inside the compound.
    pub name: String,
    /// Where it is: degrees of longitude and latitude, or metres east and north.
    pub at: (f64, f64),
    /// How many households live in it.
    pub households: u32,
    /// The line of the sheet in which it stands, or 0 if nobody knows it.
    #[serde(default)]
    pub line: u64,
}

/// A straight line between two points, each in degrees of longitude and latitude.
pub type DegreeLine = [(f64, f64); 2];

/// What a map shows between buildings (楼栋之间的分隔).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parting {
    /// Lines that nobody crosses: water, railways, motorways.
    pub closed: Vec<DegreeLine>,
    /// Lines that divide and that people cross: streets and walls.
    pub crossed: Vec<DegreeLine>,
}

/// The buildings of a place as somebody brings them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Brought {
    /// The buildings.
    pub buildings: Vec<BroughtBuilding>,
    /// Whether points are degrees of WGS 84. Otherwise they are metres of the plane that is laid.
    pub degrees: bool,
    /// What was found in the sheet, one line each.
    pub found: Vec<Bilingual>,
    /// How it was read and what was derived, one line each.
    pub told: Vec<Bilingual>,
    /// The title of the column that names the communities. It is empty if the sheet has none.
    #[serde(default)]
    pub column: String,
    /// What the map shows between them, if somebody brought a map.
    #[serde(default)]
    pub parting: Option<Parting>,
}

/// What becomes of the buildings of the place that nobody brings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rest {
    /// They stay as they are.
    #[default]
    Stays,
    /// They are no more.
    Goes,
}

impl Rest {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Stays, Self::Goes];

    /// Returns the stable name in data.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::Goes => "goes",
        }
    }

    /// Reads the stable name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Holds what somebody brings and what is to be done with it. It is kept with the work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Bringing {
    /// The buildings.
    pub brought: Brought,
    /// What becomes of the others.
    pub rest: Rest,
    /// How many households a part of a community needs to be a grid by itself.
    pub least: u32,
}

/// A building whose households change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The building with its compound.
    pub building: String,
    /// How many households it has today.
    pub before: u32,
    /// How many it is going to have.
    pub after: u32,
}

/// A building that stands elsewhere than today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The building with its compound.
    pub building: String,
    /// How far away it stands, metres.
    pub metres: u32,
}

/// A brought building on the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Where it is, in metres east and north.
    pub at: (f64, f64),
    /// The building with its compound.
    pub title: String,
    /// Whether it is new or has other households than today.
    pub differs: bool,
}

/// Says what is different once the buildings are laid.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// How many buildings are brought, and how many households they have.
    pub buildings: usize,
    /// The households of those.
    pub households: u64,
    /// The households of the place today.
    pub before: u64,
    /// The households of the place then.
    pub after: u64,
    /// The buildings that are new, each with its compound.
    pub new: Vec<String>,
    /// The buildings that have other households than today.
    pub changed: Vec<Changed>,
    /// The buildings that stand elsewhere than today.
    #[serde(default)]
    pub moved: Vec<Moved>,
    /// How many buildings have the same households at the same place as today.
    #[serde(default)]
    pub same: usize,
    /// The buildings that are no more.
    pub gone: Vec<String>,
    /// The brought buildings on the map.
    pub seen: Vec<Seen>,
    /// How many pairs with a new building would touch if nothing on the map lay between them.
    #[serde(default)]
    pub parted: usize,
}

/// Holds the whole geography with the new buildings.
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// What is going to be laid.
    pub new: NewGeography,
    /// What is different then.
    pub compared: Compared,
}

/// The ground over which buildings are laid.
#[derive(Clone, Copy)]
pub struct Over<'a> {
    /// What is laid today.
    pub laid: &'a Geography,
    /// Today's places.
    pub tree: &'a Tree,
    /// The place whose buildings are brought.
    pub place: &'a PlacePath,
}

/// A building by its community, its compound and its name.
type Key<'a> = (PlaceId, &'a str, &'a str);

/// A brought building with its community, and where it stands.
struct Sited {
    community: PlaceId,
    compound: String,
    /// Nobody named the compound.
    unnamed: bool,
    name: String,
    at: Point,
    home: Home,
    households: u32,
    /// The laid building that it is, by its position and by its identity, if it keeps that.
    was: Option<u32>,
    id: Option<i64>,
}

impl Sited {
    fn key(&self) -> Key<'_> {
        (self.community, self.compound.as_str(), self.name.as_str())
    }

    fn title(&self) -> String {
        format!("{} {}", self.compound, self.name)
    }
}

/// What is laid today in the place: its buildings and compounds by their names.
struct Before<'a> {
    inside: Inside,
    buildings: BTreeMap<Key<'a>, u32>,
    compounds: BTreeMap<(PlaceId, &'a str), &'a Compound>,
}

impl<'a> Over<'a> {
    /// Lays what somebody brings over the buildings of the place.
    ///
    /// # Errors
    /// Says everything that is odd about it.
    pub fn joined(&self, bringing: &Bringing) -> Result<Joined, Vec<Odd>> {
        let own = unnamed::renumbered(self, &bringing.brought);
        let mut sited = self.sited(own.as_ref().unwrap_or(&bringing.brought))?;
        let before = self.before();
        same::recognise(self, &before, &mut sited);
        let again: BTreeSet<u32> = sited.iter().filter_map(|one| one.was).collect();
        let within: BTreeSet<u32> = before.inside.buildings.iter().copied().collect();
        let stays = bringing.rest == Rest::Stays;
        let mut laying = Laying::default();
        let ending: BTreeSet<u32> = if stays {
            self.emptied(&sited, &before, &again)
        } else {
            before.inside.compounds.iter().copied().collect()
        };
        let lasting = (0u32..).zip(&self.laid.compounds).filter(|(at, _)| !ending.contains(at));
        for (_, compound) in lasting {
            laying.compound(compound.community, &compound.name, Some(compound));
        }
        for (at, building) in (0u32..).zip(&self.laid.buildings) {
            let here = within.contains(&at);
            let Some(compound) = self.laid.compound_of(building).filter(|_| !again.contains(&at) && (!here || stays))
            else {
                continue;
            };
            laying.keep(at, building, compound, here);
        }
        for one in &sited {
            let compound = before.compounds.get(&(one.community, one.compound.as_str())).copied();
            laying.bring(one, compound);
        }
        laying.close(self.laid);
        let mut compared = self.compared(&sited, &before, &again, stays);
        let borders = self.touching(&laying, bringing);
        compared.parted = touching::parted(&laying, bringing, &borders);
        let Laying { compounds, buildings, .. } = laying;
        let Geography { source, invented, origin, nodes, edges, .. } = self.laid;
        let new = NewGeography {
            source: source.clone(),
            invented: *invented,
            origin: *origin,
            nodes: nodes.clone(),
            edges: edges.clone(),
            compounds,
            buildings,
            borders,
        };
        Ok(Joined { new, compared })
    }

    /// The one community of the place that is called so. A sheet without communities is about the place itself, or the
    /// only community in it.
    fn community(&self, words: &str) -> Option<PlaceId> {
        if words == UNNAMED {
            let mut own = strange::communities(self).map(|one| one.id);
            return own.next().filter(|_| own.next().is_none());
        }
        let inside = |one: &&Place| one.level == Level::Community && self.place.contains(&one.path);
        let mut found = self.tree.exactly(words).into_iter().filter(inside);
        let first = found.next().map(|one| one.id);
        first.filter(|_| found.next().is_none())
    }

    fn sited(&self, brought: &Brought) -> Result<Vec<Sited>, Vec<Odd>> {
        if self.laid.nodes.is_empty() {
            return Err(vec![Odd::NoWays]);
        }
        let plane = self.laid.plane().filter(|_| brought.degrees);
        if brought.degrees && plane.is_none() {
            return Err(vec![Odd::NoPlane]);
        }
        let metres = |at: (f64, f64)| {
            let Some(plane) = plane else { return Some(Point { x: at.0, y: at.1 }) };
            let (x, y) = plane.to_metres(Degrees::from_degrees(at.1, at.0)?);
            Some(Point { x, y })
        };
        if let Some(odd) = elsewhere::elsewhere(&brought.buildings, &metres, &self.laid.nodes, plane) {
            return Err(vec![odd]);
        }
        let nodes = Nodes::new(&self.laid.nodes, false);
        let mut communities: BTreeMap<&str, Option<PlaceId>> = BTreeMap::new();
        let mut names = Unique::default();
        let (mut sited, mut odd) = (Vec::new(), Vec::new());
        for one in &brought.buildings {
            let title = || format!("{} {}", one.compound, one.name);
            let words = one.community.as_str();
            let Some(community) = *communities.entry(words).or_insert_with(|| self.community(words)) else { continue };
            let Some(at) = metres(one.at) else {
                odd.push(Odd::Nowhere(title()));
                continue;
            };
            let Some((node, away)) = nodes.nearest_joined(at, self.laid.pieces()) else { continue };
            if away > FAR_METRES {
                let metres = walk_ds(away).saturating_mul(12) / 100;
                odd.push(Odd::Far { building: title(), metres, line: one.line });
                continue;
            }
            let name = names.of(community, &one.compound, &one.name);
            let (compound, households) = (one.compound.clone(), one.households);
            let unnamed = unnamed::number(&one.community, &compound).is_some();
            let home = Home { node, access: walk_ds(away) };
            sited.push(Sited { community, compound, unnamed, name, at, home, households, was: None, id: None });
        }
        let unknown = communities.iter().filter(|(_, found)| found.is_none()).map(|(words, _)| *words);
        let mut all: Vec<Odd> = match unknown.collect::<Vec<&str>>().as_slice() {
            [] => Vec::new(),
            unknown => strange::strange(self, brought, unknown),
        };
        all.append(&mut odd);
        if all.is_empty() { Ok(sited) } else { Err(all) }
    }

    fn before(&self) -> Before<'a> {
        let inside = self.laid.inside(self.tree, self.place);
        let community = |compound: &Compound| self.tree.get(compound.community).map(|place| place.id);
        let compounds = inside.compounds.iter().filter_map(|at| {
            let compound = self.laid.compounds.get(*at as usize)?;
            Some(((community(compound)?, compound.name.as_str()), compound))
        });
        let buildings = inside.buildings.iter().filter_map(|at| {
            let building = self.laid.buildings.get(*at as usize)?;
            let compound = self.laid.compound_of(building)?;
            Some(((community(compound)?, compound.name.as_str(), building.name.as_str()), *at))
        });
        let (compounds, buildings) = (compounds.collect(), buildings.collect());
        Before { inside, buildings, compounds }
    }

    /// Returns the compounds all of whose buildings are brought in other ones.
    fn emptied(&self, sited: &[Sited], before: &Before<'_>, again: &BTreeSet<u32>) -> BTreeSet<u32> {
        let of = |at: &u32| self.laid.buildings.get(*at as usize).map(|building| building.compound);
        let named: BTreeSet<u32> = sited.iter().filter_map(|one| one.was.as_ref()).filter_map(of).collect();
        let still = sited.iter().filter_map(|one| before.compounds.get(&(one.community, one.compound.as_str())));
        let still: BTreeSet<i64> = still.map(|compound| compound.id).collect();
        let left: BTreeSet<u32> =
            before.inside.buildings.iter().filter(|at| !again.contains(at)).filter_map(of).collect();
        let is_still =
            |at: &u32| self.laid.compounds.get(*at as usize).is_none_or(|compound| still.contains(&compound.id));
        named.into_iter().filter(|at| !left.contains(at) && !is_still(at)).collect()
    }

    fn compared(&self, sited: &[Sited], before: &Before<'_>, again: &BTreeSet<u32>, stays: bool) -> Compared {
        let laid = |at: u32| self.laid.buildings.get(at as usize);
        let today = |one: &Sited| one.was.and_then(laid);
        let changed = sited.iter().filter_map(|one| {
            let known = today(one).filter(|known| known.households != one.households)?;
            Some(Changed { building: one.title(), before: known.households, after: one.households })
        });
        let away = |one: &Sited| {
            let metres = today(one).map(|known| (one.at.x - known.at.x).hypot(one.at.y - known.at.y));
            metres.filter(|metres| *metres > MOVED_METRES)
        };
        let moved = sited.iter().filter_map(|one| {
            Some(Moved { building: one.title(), metres: walk_ds(away(one)?).saturating_mul(12) / 100 })
        });
        let is_same =
            |one: &&Sited| today(one).is_some_and(|known| known.households == one.households) && away(one).is_none();
        let seen = sited.iter().map(|one| Seen {
            at: (one.at.x, one.at.y),
            title: one.title(),
            differs: today(one).is_none_or(|known| known.households != one.households),
        });
        let others = before.inside.buildings.iter().filter(|at| !again.contains(*at)).filter_map(|at| laid(*at));
        let others: Vec<&Building> = others.collect();
        let title = |one: &&Building| {
            format!("{} {}", self.laid.compound_of(one).map_or("", |compound| compound.name.as_str()), one.name)
        };
        let households: u64 = sited.iter().map(|one| u64::from(one.households)).sum();
        let staying: u64 = others.iter().filter(|_| stays).map(|one| u64::from(one.households)).sum();
        Compared {
            buildings: sited.len(),
            households,
            before: self.laid.households(&before.inside),
            after: households + staying,
            new: sited.iter().filter(|one| today(one).is_none()).map(Sited::title).collect(),
            changed: changed.collect(),
            moved: moved.collect(),
            same: sited.iter().filter(is_same).count(),
            gone: if stays { Vec::new() } else { others.iter().map(title).collect() },
            seen: seen.collect(),
            parted: 0,
        }
    }
}

/// A geography that is being put together.
#[derive(Default)]
struct Laying {
    compounds: Vec<NewCompound>,
    known: BTreeMap<(PlaceId, String), u32>,
    buildings: Vec<NewBuilding>,
    /// Of each building its position among those that are laid today.
    was: Vec<Option<u32>>,
    /// Of each building whether it stands in the place.
    here: Vec<bool>,
}

impl Laying {
    fn compound(&mut self, community: PlaceId, name: &str, before: Option<&Compound>) -> u32 {
        let next = u32::try_from(self.compounds.len()).unwrap_or(u32::MAX);
        let at = *self.known.entry((community, name.to_owned())).or_insert(next);
        if at == next {
            let (middle, gates) = before.map(|before| (before.at, before.gates.clone())).unwrap_or_default();
            self.compounds.push(NewCompound { community, name: name.to_owned(), at: middle, gates });
        }
        at
    }

    fn keep(&mut self, at: u32, building: &Building, compound: &Compound, here: bool) {
        let compound = self.compound(compound.community, &compound.name, Some(compound));
        let Building { id, name, at: point, home, households, .. } = building;
        let (id, name, households) = (Some(*id), name.clone(), *households);
        self.buildings.push(NewBuilding { id, compound, name, at: *point, home: *home, households });
        self.was.push(Some(at));
        self.here.push(here);
    }

    fn bring(&mut self, one: &Sited, before: Option<&Compound>) {
        let community = before.map_or(one.community, |before| before.community);
        let compound = self.compound(community, &one.compound, before);
        let Sited { id, name, at, home, households, was, .. } = one;
        let (name, households) = (name.clone(), *households);
        self.buildings.push(NewBuilding { id: *id, compound, name, at: *at, home: *home, households });
        self.was.push(*was);
        self.here.push(true);
    }

    /// Puts each new compound into the middle of its buildings, with a gate at the way that is nearest to there.
    fn close(&mut self, laid: &Geography) {
        let mut sums: BTreeMap<u32, (Point, f64)> = BTreeMap::new();
        for building in &self.buildings {
            let (sum, count) = sums.entry(building.compound).or_default();
            *sum = Point { x: sum.x + building.at.x, y: sum.y + building.at.y };
            *count += 1.0;
        }
        let nodes = Nodes::new(&laid.nodes, false);
        for (at, compound) in (0u32..).zip(&mut self.compounds).filter(|(_, compound)| compound.gates.is_empty()) {
            let Some((sum, count)) = sums.get(&at) else { continue };
            compound.at = Point { x: sum.x / count, y: sum.y / count };
            compound.gates =
                nodes.nearest_joined(compound.at, laid.pieces()).map(|(node, _)| node).into_iter().collect();
        }
    }
}

#[cfg(test)]
mod tests;
