//! This file makes invented cities and their variants: too few places, too few people, one part that asks for more, and
//! buildings that changed.

use std::path::{Path, PathBuf};

use planning::chance::Chance;
use planning::mobilize::Need;
use planning::sample::{City, Size, city};

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
}

impl Town {
    /// Returns the problems that are measured.
    pub fn problems(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Whole => &["grids", "mobilize", "nearest", "slots", "reach", "site 10", "site 50", "site 100"],
            Kind::Mobilization => &["mobilize"],
            Kind::Changed => &["again"],
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
        put("", Kind::Whole, &made)?;
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
