//! This file makes invented cities and their variants: too few places, too few people, one part that asks for more,
//! buildings that changed, and odd shapes.

use std::path::{Path, PathBuf};

use planning::chance::Chance;
use planning::mobilize::{Gate, Home, Need};
use planning::partition::Border;
use planning::sample::{City, Point, Size, city};

/// A city that is measured.
pub struct Town {
    pub name: String,
    pub folder: PathBuf,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    /// The city differs from the whole one only in mobilisation.
    Mobilization,
    /// The city differs only in its buildings. The folder of the city before is in `before`.
    Changed,
    /// The city has odd people or needs.
    Odd,
    /// The city has odd people or needs, and is planned with slots too.
    OddSlots,
    /// All gates and stations of the city stand at one node.
    Gathered,
    /// Every walk costs the same. The folder is that of the whole city.
    Equal,
    /// The borders of each piece form a tree.
    Trees,
}

/// The odd shapes: how their names end, what is measured, and what makes a city odd.
const ODD: [(&str, Kind, fn(&mut City)); 9] = [
    ("-house", Kind::Odd, one_building),
    ("-half", Kind::Odd, half_in_one_building),
    ("-gates", Kind::Gathered, gates_at_one_node),
    ("-thrice", Kind::Odd, thrice),
    ("-exact", Kind::OddSlots, exact),
    ("-square", Kind::OddSlots, one_square),
    ("-few", Kind::OddSlots, few),
    ("-far", Kind::OddSlots, far),
    ("-trees", Kind::Trees, trees),
];

impl Town {
    /// Returns the problems that are measured.
    pub fn problems(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Whole => &[
                "grids",
                "mobilize",
                "nearest",
                "slots",
                "fair",
                "fair-slots",
                "reach",
                "site 10",
                "site 50",
                "site 100",
            ],
            Kind::Mobilization => &["mobilize"],
            Kind::Changed => &["again"],
            Kind::Odd => &["mobilize", "nearest"],
            Kind::OddSlots => &["mobilize", "slots"],
            Kind::Gathered => &["mobilize", "nearest", "stations"],
            Kind::Equal => &["equal"],
            Kind::Trees => &["trees"],
        }
    }
}

pub fn given(folders: &[PathBuf]) -> Vec<Town> {
    let town = |folder: &PathBuf| Town {
        name: folder.file_name().map_or_else(|| "city".to_owned(), |name| name.to_string_lossy().into_owned()),
        folder: folder.clone(),
        kind: Kind::Whole,
    };
    folders.iter().map(town).collect()
}

pub fn make(sizes: &[String], seed: u64, work: &Path) -> Result<Vec<Town>, String> {
    let mut towns = Vec::new();
    for name in sizes {
        let size = Size::parse(name).ok_or_else(|| format!("{name} is no size; there are S, M, L, XL"))?;
        let made = city(size, seed);
        let mut put = |suffix: &str, kind: Kind, city: &City| -> Result<PathBuf, String> {
            let name = format!("{name}{suffix}");
            let folder = work.join(&name);
            std::fs::create_dir_all(&folder).map_err(|fault| fault.to_string())?;
            lianglin::plan::sample::written(city, &folder).map_err(|fault| fault.to_string())?;
            towns.push(Town { name, folder: folder.clone(), kind });
            Ok(folder)
        };
        let whole = put("", Kind::Whole, &made)?;
        if name != "S" {
            for (suffix, needs) in [("-tight", tight(&made)), ("-short", short(&made)), ("-hot", hot(&made))] {
                let mut variant = made.clone();
                for (compound, need) in variant.compounds.iter_mut().zip(needs) {
                    compound.need = need;
                }
                put(suffix, Kind::Mobilization, &variant)?;
            }
            let folder = put("-changed", Kind::Changed, &changed(&made, seed))?;
            let before: Vec<u8> =
                made.buildings.iter().flat_map(|building| building.households.to_le_bytes()).collect();
            std::fs::write(folder.join("before.bin"), before).map_err(|fault| fault.to_string())?;
        }
        // In ten cities of nine million the odd shapes would take hours.
        if name != "XL" {
            for (suffix, kind, change) in ODD {
                let mut odd = made.clone();
                change(&mut odd);
                put(suffix, kind, &odd)?;
            }
            towns.push(Town { name: format!("{name}-equal"), folder: whole, kind: Kind::Equal });
        }
    }
    Ok(towns)
}

/// Returns whole numbers that follow the shares and add up to the total.
fn shares(city: &City, total: f64, weight: impl Fn(usize) -> f64) -> Vec<u32> {
    let households = |at: usize| f64::from(city.compounds.get(at).map_or(0, |compound| compound.households)) + 1.0;
    let count = city.compounds.len();
    let all: f64 = (0..count).map(|at| households(at) * weight(at)).sum();
    let (mut sum, mut given) = (0.0, 0u32);
    let one = |at: usize| {
        sum += total * households(at) * weight(at) / all;
        let until = sum.round() as u32;
        let own = until - given;
        given = until;
        own
    };
    (0..count).map(one).collect()
}

/// Makes needs with room for two in a hundred more people than there are.
fn tight(city: &City) -> Vec<Need> {
    let people = city.volunteers.len() as f64;
    let most = shares(city, people * 1.02, |_| 1.0);
    let least = shares(city, people * 0.6, |_| 1.0);
    most.into_iter().zip(least).map(|(most, least)| Need { least: least.min(most), most }).collect()
}

/// Makes needs for a tenth more people than there are.
fn short(city: &City) -> Vec<Need> {
    let least = shares(city, city.volunteers.len() as f64 * 1.1, |_| 1.0);
    least.into_iter().map(|least| Need { least, most: least + 2 }).collect()
}

/// Makes needs of which the eastern part asks for three times its share.
fn hot(city: &City) -> Vec<Need> {
    let mut east: Vec<f64> = city.compounds.iter().map(|compound| compound.at.x).collect();
    east.sort_by(f64::total_cmp);
    let from = east.get(east.len() * 85 / 100).copied().unwrap_or(0.0);
    let is_east = |at: usize| city.compounds.get(at).is_some_and(|compound| compound.at.x > from);
    let wanted = shares(city, city.volunteers.len() as f64, |at| if is_east(at) { 3.0 } else { 1.0 });
    let need = |wanted: u32| Need { least: wanted * 8 / 10, most: (wanted * 12).div_ceil(10) + 1 };
    wanted.into_iter().map(need).collect()
}

/// Makes needs for three times as many people as there are.
fn thrice(city: &mut City) {
    let least = shares(city, city.volunteers.len() as f64 * 3.0, |_| 1.0);
    for (compound, least) in city.compounds.iter_mut().zip(least) {
        compound.need = Need { least, most: least + 2 };
    }
}

/// Makes needs that take exactly as many people as there are, by the households of each compound.
fn exact(city: &mut City) {
    let wanted = shares(city, city.volunteers.len() as f64, |_| 1.0);
    for (compound, wanted) in city.compounds.iter_mut().zip(wanted) {
        compound.need = Need { least: wanted, most: wanted };
    }
}

/// Lets the compound in the middle want two thirds of all people.
fn one_square(city: &mut City) {
    let wanted = city.volunteers.len() as u32 / 3 * 2;
    let nearest = city.compounds.iter_mut().min_by(|a, b| away(&a.at).total_cmp(&away(&b.at)));
    if let Some(compound) = nearest {
        compound.need = Need { least: wanted, most: wanted };
    }
}

/// Lets one compound of a hundred want people, and the others nobody.
fn few(city: &mut City) {
    for (at, compound) in city.compounds.iter_mut().enumerate() {
        if at % 100 > 0 {
            (compound.need, compound.doctors) = (Need::default(), 0);
        }
    }
}

/// Lets everybody live farther from the ways than anybody is asked to walk.
fn far(city: &mut City) {
    for volunteer in &mut city.volunteers {
        volunteer.home.access = 20_000;
    }
}

/// Returns how far a point is from the middle of the city, in metres.
fn away(at: &Point) -> f64 {
    at.x.hypot(at.y)
}

/// Returns the building nearest to the middle of the city, and where it stands on the network.
fn middle(city: &City) -> Option<(u32, Home)> {
    let places = city.places.iter().zip(0u32..);
    let (_, building) = places.min_by(|a, b| away(a.0).total_cmp(&away(b.0)))?;
    Some((building, *city.doors.get(building as usize)?))
}

/// Lets all volunteers live in one building.
fn one_building(city: &mut City) {
    together(city, 1);
}

/// Lets every second volunteer live in one building.
fn half_in_one_building(city: &mut City) {
    together(city, 2);
}

/// Lets one of so many volunteers live in the building in the middle.
fn together(city: &mut City, one_of: usize) {
    let Some((building, home)) = middle(city) else { return };
    for volunteer in city.volunteers.iter_mut().step_by(one_of) {
        (volunteer.building, volunteer.home) = (building, home);
    }
}

/// Puts all gates and stations at one node, and the compounds beside it, because tables with gates far from their
/// compounds are refused.
fn gates_at_one_node(city: &mut City) {
    let Some((_, Home { node, .. })) = middle(city) else { return };
    let Some(at) = city.nodes.get(node as usize).copied() else { return };
    city.gates = (0..city.compounds.len() as u32).map(|site| Gate { site, node }).collect();
    city.stations.fill(node);
    for (compound, place) in city.compounds.iter_mut().zip(0u32..) {
        let off = |steps: u32| f64::from(steps % 8) * 5.0;
        compound.at = Point { x: at.x + off(place), y: at.y + off(place / 8) };
    }
}

/// Leaves of the borders of each piece those of a random spanning tree.
fn trees(city: &mut City) {
    let mut chance = Chance::new(7, 0);
    let mut drawn: Vec<(u64, Border)> = city.borders.iter().map(|border| (chance.bits(), *border)).collect();
    drawn.sort_unstable_by_key(|(draw, _)| *draw);
    let mut root: Vec<u32> = (0..city.buildings.len() as u32).collect();
    let community = |building: u32| city.buildings.get(building as usize).map(|building| building.community);
    let mut kept: Vec<Border> = Vec::new();
    for (_, border) in drawn {
        let (a, b) = (top(&root, border.a), top(&root, border.b));
        if a == b || community(a) != community(b) {
            continue;
        }
        if let Some(above) = root.get_mut(b as usize) {
            *above = a;
        }
        kept.push(border);
    }
    kept.sort_unstable_by_key(|border| (border.a, border.b));
    city.borders = kept;
}

/// Returns the building that stands for all those that are joined with one.
fn top(root: &[u32], mut building: u32) -> u32 {
    while let Some(&above) = root.get(building as usize)
        && above != building
    {
        building = above;
    }
    building
}

/// Changes one of a hundred buildings: it is emptied, filled with new people, or gets a fifth more or less.
fn changed(city: &City, seed: u64) -> City {
    let mut city = city.clone();
    let mut chance = Chance::new(seed, 99);
    for at in 0..city.buildings.len() {
        if chance.below(100) > 0 {
            continue;
        }
        if let Some(building) = city.buildings.get_mut(at) {
            building.households = match chance.below(3) {
                0 => 0,
                1 => (building.households + 60 + chance.below(91) as u32).min(190),
                _ => building.households * (80 + chance.below(41) as u32) / 100,
            };
        }
    }
    city
}
