//! This file finds the places that somebody may mean who says where she lives: by the name of a community, a street, a
//! district or a compound, by a whole address, in characters, pinyin, initials or English.

use super::geography::Geography;
use super::naming::stem;
use super::search::{Question, is_han, spellings};
use super::tree::Tree;
use crate::words::Place;
use kernel::language::folded;
use kernel::place::Level;

/// Limits how many places are offered.
const OFFERED: usize = 12;
/// Limits the characters of an address that are looked at.
const ADDRESS_CHARACTERS: usize = 80;
/// Says how many characters of a name an address must hold, so that the name is taken from it.
const STEM_CHARACTERS: usize = 2;
const COMPOUND_CHARACTERS: usize = 3;
/// Says how the names of provinces end, and how many characters may stand before that.
const PROVINCES: [&str; 2] = ["省", "自治区"];
const PROVINCE_CHARACTERS: usize = 5;
/// The most characters of the name of a city or a province, and of one of its districts.
const CITY_CHARACTERS: usize = 4;
const DIVISION_CHARACTERS: usize = 5;
/// The characters that end a part of an address.
const PARTS_END: &str = "省市区县道镇乡村路街巷号";
/// Words of English addresses that stand beside a number.
const DOORS: [&str; 11] =
    ["no", "no.", "number", "building", "block", "unit", "room", "apartment", "apt", "flat", "floor"];
/// The most digits of a number in an address. A longer one is a code.
const DOOR_DIGITS: usize = 4;

/// Holds a place that words may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit<'t> {
    /// A community, or a street or a district in which she can choose one.
    pub place: &'t Place,
    /// The compound by whose name the community was found. It is empty if it was found by its own name.
    pub compound: String,
}

impl<'t> Fit<'t> {
    /// Makes the fit of a place by its own name.
    #[must_use]
    pub fn of(place: &'t Place) -> Self {
        Self { place, compound: String::new() }
    }
}

/// Holds everything that words may mean, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meant<'t> {
    /// The places.
    pub fits: Vec<Fit<'t>>,
    /// Whether the first one is meant for certain: the words are its name, or nothing else has such a name.
    pub is_sure: bool,
}

impl<'t> Meant<'t> {
    fn of(places: Vec<&'t Place>, is_sure: bool) -> Self {
        Self { fits: places.into_iter().map(Fit::of).collect(), is_sure }
    }

    /// Returns the one place that is meant, if that is certain.
    #[must_use]
    pub fn only(&self) -> Option<&'t Place> {
        self.fits.first().filter(|_| self.is_sure).map(|fit| fit.place)
    }
}

/// Returns the places that words may mean: those whose names they are, else the communities whose compounds they name,
/// else what stands in them as in an address.
#[must_use]
pub fn living<'t>(tree: &'t Tree, ground: Option<&Geography>, words: &str) -> Meant<'t> {
    let whole = folded(words.trim());
    let on_the_road = without_doors(&whole).map(|street| living(tree, ground, &street));
    if let Some(named) = on_the_road.filter(|named| !named.fits.is_empty()) {
        // A road may run through other communities than the one that bears its name, so that she is asked.
        return Meant { is_sure: false, ..named };
    }
    for spelling in spellings(&whole) {
        let named = by_name(tree, ground, &spelling, &whole);
        if !named.fits.is_empty() {
            return named;
        }
    }
    by_address(tree, ground, words)
}

/// Returns the communities that words may mean. A street that they name gives all its communities.
#[must_use]
pub fn communities<'t>(tree: &'t Tree, ground: Option<&Geography>, words: &str) -> Vec<&'t Place> {
    let meant = living(tree, ground, words);
    if let Some(only) = meant.only().filter(|place| place.level == Level::Community) {
        return vec![only];
    }
    let own = |fit: &Fit<'t>| (fit.place.level == Level::Community).then_some(fit.place);
    let found: Vec<&Place> = meant.fits.iter().filter_map(own).collect();
    if !found.is_empty() {
        return found;
    }
    let streets = meant.fits.iter().filter(|fit| fit.place.level == Level::Street);
    streets.flat_map(|street| tree.children(street.place.id)).collect()
}

/// Returns an English address without its numbers, if it has some: `10 Wenan Road, Heping` is `wenan road heping`.
fn without_doors(text: &str) -> Option<String> {
    if !text.is_ascii() {
        return None;
    }
    let parts =
        || text.split(|sign: char| sign.is_whitespace() || ",/#".contains(sign)).filter(|part| !part.is_empty());
    let is_door = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        (digits > 0 && part.len() <= DOOR_DIGITS && part.as_bytes().first().is_some_and(u8::is_ascii_digit))
            || DOORS.contains(&part)
    };
    let left: Vec<&str> = parts().filter(|part| !is_door(part)).collect();
    (!left.is_empty() && left.len() < parts().count()).then(|| left.join(" "))
}

/// Returns the places whose names words are, `whole` as they were typed.
fn by_name<'t>(tree: &'t Tree, ground: Option<&Geography>, words: &str, whole: &str) -> Meant<'t> {
    let is_offered = |place: &Place| matches!(place.level, Level::District | Level::Street | Level::Community);
    let mut named = tree.search_within(words, is_offered, OFFERED + 1);
    let is_called = |place: &&&Place| folded(&place.name.zh) == whole || folded(&place.name.en) == whole;
    let called: Vec<&Place> = named.iter().filter(is_called).copied().collect();
    if let [only] = called.as_slice() {
        // What bears the very name comes first. The others may be meant as well, but nobody has to choose.
        named.retain(|place| place.id != only.id);
        named.insert(0, only);
    }
    let is_sure = called.len() == 1 || named.len() == 1;
    named.truncate(OFFERED);
    if is_sure {
        return Meant::of(named, true);
    }
    let mut meant = Meant::of(named, false);
    let by_compounds = by_compound(tree, ground, words);
    if meant.fits.is_empty() {
        return by_compounds;
    }
    for fit in by_compounds.fits {
        if meant.fits.len() < OFFERED && meant.fits.iter().all(|known| known.place.id != fit.place.id) {
            meant.fits.push(fit);
        }
    }
    meant
}

fn by_compound<'t>(tree: &'t Tree, ground: Option<&Geography>, words: &str) -> Meant<'t> {
    let (Some(question), Some(ground)) = (Question::parse(words), ground) else { return Meant::default() };
    let mut found: Vec<(u32, Fit<'t>)> = Vec::new();
    for (compound, keys) in ground.named() {
        let Some(place) = tree.get(compound.community) else { continue };
        let rank = tree.fit(&question, keys, &place.path);
        if rank > 0 {
            found.push((rank, Fit { place, compound: compound.name.clone() }));
        }
    }
    found.sort_by(|(rank, one), (other_rank, other)| {
        other_rank
            .cmp(rank)
            .then_with(|| one.place.code.cmp(&other.place.code))
            .then_with(|| one.compound.cmp(&other.compound))
    });
    let is_called = |(_, fit): &&(u32, Fit<'t>)| folded(&fit.compound) == words;
    let called = found.iter().filter(is_called).count();
    let is_first_called = found.first().is_some_and(|first| is_called(&first));
    let fits = each_once(found.into_iter().map(|(_, fit)| fit));
    Meant { is_sure: fits.len() == 1 || (called == 1 && is_first_called), fits }
}

/// Leaves one fit for each place.
fn each_once<'t>(fits: impl Iterator<Item = Fit<'t>>) -> Vec<Fit<'t>> {
    let mut kept: Vec<Fit<'t>> = Vec::new();
    for fit in fits {
        if kept.len() < OFFERED && kept.iter().all(|known| known.place.id != fit.place.id) {
            kept.push(fit);
        }
    }
    kept
}

/// Returns what an address names: the communities and compounds whose whole names stand in it, else the communities
/// that are called as a road in it, else its street, else its district.
fn by_address<'t>(tree: &'t Tree, ground: Option<&Geography>, words: &str) -> Meant<'t> {
    let address: String = folded(words).chars().take(ADDRESS_CHARACTERS).collect();
    let address: String = address.chars().filter(|sign| !sign.is_whitespace()).collect();
    if is_of_another_city(tree, &address) {
        return Meant::default();
    }
    let named = named_in(tree, &address);
    if !named.is_empty() {
        let is_sure = named.len() == 1;
        return Meant::of(named.into_iter().take(OFFERED).collect(), is_sure);
    }
    let compounds = compounds_in(tree, ground, &address);
    if !compounds.is_empty() {
        return Meant { is_sure: compounds.len() == 1, fits: compounds };
    }
    let before_the_number = by_head(tree, ground, &address);
    if !before_the_number.fits.is_empty() {
        return before_the_number;
    }
    let called = |place: &&Place| {
        let stem = stem(&place.name.zh, place.level);
        stem.chars().count() >= STEM_CHARACTERS && stands_alone(tree, &address, stem)
    };
    let stems = within_named(
        tree,
        &address,
        longest(tree.of_level(Level::Community).filter(called), |place| {
            stem(&place.name.zh, place.level).chars().count()
        }),
    );
    if !stems.is_empty() {
        // A road may run through other communities than the one that bears its name, so that she is asked.
        return Meant::of(stems.into_iter().take(OFFERED).collect(), false);
    }
    let at_level = |level| tree.of_level(level).filter(|place| address.contains(place.name.zh.as_str()));
    let streets = within_named(tree, &address, at_level(Level::Street).collect());
    let wide = if streets.is_empty() { at_level(Level::District).collect() } else { streets };
    let is_sure = wide.len() == 1;
    Meant::of(wide.into_iter().take(OFFERED).collect(), is_sure)
}

/// Says whether an address begins with the name of a city that is not this one: 北京市朝阳区.
fn is_of_another_city(tree: &Tree, address: &str) -> bool {
    let behind_province = address.split_once('省').map_or(address, |(_, rest)| rest);
    let Some((city, rest)) = behind_province.split_once('市') else { return false };
    let is_name = (2..=CITY_CHARACTERS).contains(&city.chars().count()) && city.chars().all(is_han);
    let is_division = |(at, sign): (usize, char)| {
        "区县".contains(sign) && !rest.get(..at).is_some_and(|before| before.ends_with(['小', '社', '园', '片']))
    };
    let goes_on = rest.is_empty() || rest.char_indices().take(DIVISION_CHARACTERS).any(is_division);
    let named = format!("{city}市");
    let cities = [Level::City, Level::District].into_iter().flat_map(|level| tree.of_level(level));
    is_name && goes_on && !cities.map(|place| place.name.zh.as_str()).any(|name| name == named)
}

/// Returns what stands before the number of a house, by name: 新世界花园 of 和平区新世界花园3号楼2单元, in 和平区.
fn by_head<'t>(tree: &'t Tree, ground: Option<&Geography>, address: &str) -> Meant<'t> {
    let Some(end) = address.find(|sign: char| sign.is_ascii_digit()) else { return Meant::default() };
    let mut head = address.get(..end).unwrap_or_default();
    let mut told: Vec<&str> = Vec::new();
    for level in [Level::City, Level::District, Level::Street] {
        let mut above = tree.of_level(level).map(|place| place.name.zh.as_str());
        let named = above.find_map(|name| head.split_once(name).map(|(before, rest)| (before, name, rest)));
        if let Some((before, name, rest)) = named
            && before.chars().count() <= CITY_CHARACTERS
        {
            told.push(name);
            head = rest;
        }
    }
    if head.chars().count() < STEM_CHARACTERS {
        return Meant::default();
    }
    told.push(head);
    let words = told.join(" ");
    Meant { is_sure: false, ..by_name(tree, ground, &words, &words) }
}

/// Says whether a stem stands in an address as a word of its own: 花园 does not in 新世界花园, and 朝阳 does not in
/// 朝阳区.
fn stands_alone(tree: &Tree, address: &str, stem: &str) -> bool {
    let above = || [Level::City, Level::District, Level::Street].into_iter().flat_map(|level| tree.of_level(level));
    address.match_indices(stem).any(|(at, _)| {
        let before = address.get(..at).unwrap_or_default();
        let behind = address.get(at + stem.len()..).unwrap_or_default();
        let begins = before.is_empty()
            || before.ends_with(|sign: char| PARTS_END.contains(sign) || !is_han(sign))
            || above().any(|place| before.ends_with(self::stem(&place.name.zh, place.level)));
        let is_division = behind.starts_with(['区', '市', '县', '省', '镇', '乡']) || behind.starts_with("街道");
        begins && !is_division
    })
}

/// Returns the communities that an address names: those with the longest name in it, and of these the ones whose
/// district and street stand there too. Several are left where the address does not tell them apart.
#[must_use]
pub fn named_in<'t>(tree: &'t Tree, address: &str) -> Vec<&'t Place> {
    let named = tree.of_level(Level::Community).filter(|place| address.contains(place.name.zh.as_str()));
    within_named(tree, address, longest(named, |place| place.name.zh.chars().count()))
}

/// Returns the district of this city with which a whole address begins, or the city if it names no district. The name
/// of a province may stand before. Returns nothing for the address of another city, whose districts and compounds bear
/// the same names, and for one that does not say in which city it is.
#[must_use]
pub fn district_of<'t>(tree: &'t Tree, address: &str) -> Option<&'t Place> {
    let address: String = address.chars().filter(|sign| !sign.is_whitespace()).collect();
    let of_province = PROVINCES.iter().filter_map(|ending| address.split_once(ending));
    let below = of_province.filter(|(name, _)| name.chars().count() <= PROVINCE_CHARACTERS).map(|(_, below)| below);
    std::iter::once(address.as_str()).chain(below).find_map(|address| begins_with(tree, address))
}

/// Returns the district with which an address without its province begins, or the city if it names no district.
fn begins_with<'t>(tree: &'t Tree, address: &str) -> Option<&'t Place> {
    let district =
        |address: &str| tree.of_level(Level::District).find(|district| address.starts_with(district.name.zh.as_str()));
    let city = tree.root()?;
    match address.strip_prefix(city.name.zh.as_str()) {
        Some(below) => Some(district(below).unwrap_or(city)),
        None => address.strip_prefix(stem(&city.name.zh, city.level)).and_then(district).or_else(|| district(address)),
    }
}

fn longest<'t>(found: impl Iterator<Item = &'t Place>, length: impl Fn(&Place) -> usize) -> Vec<&'t Place> {
    let found: Vec<&Place> = found.collect();
    let most = found.iter().map(|place| length(place)).max().unwrap_or_default();
    found.into_iter().filter(|place| length(place) == most).collect()
}

/// Leaves those whose district, and then whose street, stands in the address, where one of them does.
fn within_named<'t>(tree: &'t Tree, address: &str, mut found: Vec<&'t Place>) -> Vec<&'t Place> {
    for level in [Level::District, Level::Street] {
        let is_told = |place: &&Place| {
            let above = place.path.at(level).and_then(|path| tree.at(&path));
            above.is_some_and(|above| address.contains(above.name.zh.as_str()))
        };
        if found.iter().any(is_told) {
            found.retain(is_told);
        }
    }
    found
}

fn compounds_in<'t>(tree: &'t Tree, ground: Option<&Geography>, address: &str) -> Vec<Fit<'t>> {
    let all = ground.map(|ground| ground.compounds.as_slice()).unwrap_or_default();
    let letters = |name: &str| name.chars().count();
    let is_told = |name: &str| letters(name) >= COMPOUND_CHARACTERS && address.contains(folded(name).as_str());
    let told: Vec<_> = all.iter().filter(|compound| is_told(&compound.name)).collect();
    let most = told.iter().map(|compound| letters(&compound.name)).max().unwrap_or_default();
    let told = told.into_iter().filter(|compound| letters(&compound.name) == most);
    let fits: Vec<Fit<'t>> = told
        .filter_map(|compound| Some(Fit { place: tree.get(compound.community)?, compound: compound.name.clone() }))
        .collect();
    let near = within_named(tree, address, fits.iter().map(|fit| fit.place).collect());
    each_once(fits.into_iter().filter(|fit| near.iter().any(|place| place.id == fit.place.id)))
}

#[cfg(test)]
mod tests;
