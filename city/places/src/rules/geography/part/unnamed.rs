//! This file tells apart compounds that nobody named. A sheet counts them inside of their community, from 1 on, so two
//! sheets of one community have the same words for different compounds. Where buildings stand says which is which.

use std::collections::{BTreeMap, BTreeSet};

use kernel::earth::Point as Degrees;
use kernel::place::PlaceId;
use planning::shape::Point;

use super::{Brought, BroughtBuilding, Over};

/// Two buildings of one name that stand no farther apart are the same, metres.
pub(super) const SAME_METRES: f64 = 100.0;

/// A compound by the words for its community and its own name, as a sheet has them.
type Words<'a> = (&'a str, &'a str);

/// Returns the number of a compound that has the words for its community and a number for a name.
pub(super) fn number(community: &str, compound: &str) -> Option<u32> {
    compound.strip_prefix(community)?.strip_prefix('-')?.parse().ok()
}

fn numbered(community: &str, number: u32) -> String {
    format!("{community}-{number}")
}

/// Returns what is brought with other numbers for compounds that nobody named, or nothing if each may keep its own. A
/// compound gets the name of the laid one whose buildings of the same names stand where its own do. One that stands
/// elsewhere gets a name that none has.
pub(super) fn renumbered(over: &Over<'_>, brought: &Brought) -> Option<Brought> {
    let mut groups: BTreeMap<Words<'_>, Vec<&BroughtBuilding>> = BTreeMap::new();
    for one in &brought.buildings {
        if number(&one.community, &one.compound).is_some() {
            groups.entry((one.community.as_str(), one.compound.as_str())).or_default().push(one);
        }
    }
    let mut names: BTreeMap<Words<'_>, String> = BTreeMap::new();
    let mut taken: BTreeSet<(PlaceId, String)> = BTreeSet::new();
    let mut elsewhere: Vec<(Words<'_>, PlaceId)> = Vec::new();
    for (words, members) in &groups {
        let Some(community) = over.community(words.0) else { continue };
        let found = laid_there(over, brought, *words, community, members);
        match found.filter(|name| !taken.contains(&(community, name.clone()))) {
            Some(name) => {
                taken.insert((community, name.clone()));
                names.insert(*words, name);
            }
            None => elsewhere.push((*words, community)),
        }
    }
    for (words, community) in elsewhere {
        let is_free = |name: &String| {
            !taken.contains(&(community, name.clone()))
                && !over.compounds_in(community).any(|(_, laid)| laid == name.as_str())
        };
        let first = number(words.0, words.1).unwrap_or(1);
        let name = (first..=u32::MAX).map(|number| numbered(words.0, number)).find(is_free)?;
        taken.insert((community, name.clone()));
        names.insert(words, name);
    }
    if names.iter().all(|(words, name)| words.1 == name.as_str()) {
        return None;
    }
    let own = |one: &BroughtBuilding| {
        let name = names.get(&(one.community.as_str(), one.compound.as_str()));
        BroughtBuilding { compound: name.unwrap_or(&one.compound).clone(), ..one.clone() }
    };
    let buildings = brought.buildings.iter().map(own).collect();
    Some(Brought { buildings, ..brought.clone() })
}

/// Returns the name of the laid compound with most buildings that are also among some brought ones: of the same name
/// and at the same place. Compounds that somebody named are passed over.
fn laid_there(
    over: &Over<'_>,
    brought: &Brought,
    words: Words<'_>,
    community: PlaceId,
    members: &[&BroughtBuilding],
) -> Option<String> {
    let plane = over.laid.plane().filter(|_| brought.degrees);
    let metres = |at: (f64, f64)| match plane {
        Some(plane) => {
            let (x, y) = plane.to_metres(Degrees::from_degrees(at.1, at.0)?);
            Some(Point { x, y })
        }
        None => Some(Point { x: at.0, y: at.1 }),
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let unnamed: BTreeMap<u32, &str> =
        over.compounds_in(community).filter(|(_, name)| number(words.0, name).is_some()).collect();
    for laid in &over.laid.buildings {
        let Some(name) = unnamed.get(&laid.compound) else { continue };
        let is_same = |one: &&BroughtBuilding| {
            let apart = metres(one.at).map(|at| (at.x - laid.at.x).hypot(at.y - laid.at.y));
            one.name == laid.name && apart.is_some_and(|apart| apart <= SAME_METRES)
        };
        *counts.entry(*name).or_default() += usize::from(members.iter().any(is_same));
    }
    let most = counts.into_iter().filter(|(_, count)| *count > 0).max_by_key(|(_, count)| *count);
    most.map(|(name, _)| name.to_owned())
}

impl<'a> Over<'a> {
    /// Returns the laid compounds of a community: each with its position and its name.
    fn compounds_in(&self, community: PlaceId) -> impl Iterator<Item = (u32, &'a str)> {
        let (tree, laid) = (self.tree, self.laid);
        let own = move |place: PlaceId| tree.get(place).is_some_and(|place| place.id == community);
        let inside = (0u32..).zip(&laid.compounds).filter(move |(_, compound)| own(compound.community));
        inside.map(|(at, compound)| (at, compound.name.as_str()))
    }
}
