//! This file finds what became of streets that vanished or appeared between editions. It looks where their communities
//! went.

use super::{Known, Matcher, Parent};
use crate::rules::naming::core;
use crate::words::Certainty;
use kernel::place::{Level, PlaceId};
use std::collections::{BTreeMap, BTreeSet};

impl Matcher<'_> {
    /// Decides what became of a street that is gone. It went where the cores of the names of most of its communities
    /// are found within the district. If it alone makes up a new street, it is that street under another name.
    /// Otherwise it became part of that street.
    pub(super) fn by_destination(&mut self) {
        let gone: Vec<(usize, PlaceId)> = self.open_known().map(|(index, street)| (index, street.id)).collect();
        let found = self.communities_by_name();
        let mut sources: BTreeMap<usize, Vec<(usize, PlaceId)>> = BTreeMap::new();
        for (index, street) in gone {
            if let Some(row) = self.most_went_to(street, &found) {
                sources.entry(row).or_default().push((index, street));
            }
        }
        for (row, streets) in sources {
            let fresh = self.is.get(row).is_some_and(Option::is_none);
            match streets.as_slice() {
                [(index, _)] if fresh => self.join(*index, row, Certainty::Probable),
                several => self.into.extend(several.iter().map(|(_, street)| (*street, row))),
            }
        }
    }

    /// Returns, for each district and core of a name, the rows of the streets in which such a community stands.
    fn communities_by_name(&self) -> BTreeMap<(Parent, &str), BTreeSet<usize>> {
        let mut found: BTreeMap<(Parent, &str), BTreeSet<usize>> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| row.level() == Level::Community) {
            let street = row.parent.as_deref().and_then(|code| self.row_of_code.get(code));
            if let (Some(street), Some(district)) = (street, self.district_of_row(row)) {
                found.entry((district, core(&row.name, Level::Community))).or_default().insert(*street);
            }
        }
        found
    }

    /// Returns the row of the street in which the communities of a street now stand. These must be more than half of
    /// those that are found, and at least a third of all.
    fn most_went_to(&self, street: PlaceId, found: &BTreeMap<(Parent, &str), BTreeSet<usize>>) -> Option<usize> {
        let communities: Vec<&Known> = self.known.iter().filter(|place| place.parent == Some(street)).collect();
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for community in &communities {
            let rows = found.get(&(self.district_of_known(community)?, core(&community.name, Level::Community)));
            if let Some(row) = rows.filter(|rows| rows.len() == 1).and_then(BTreeSet::first) {
                *votes.entry(*row).or_default() += 1;
            }
        }
        let all: usize = votes.values().sum();
        let (row, most) = votes.into_iter().max_by_key(|(_, count)| *count)?;
        (most * 2 > all && most * 3 >= communities.len()).then_some(row)
    }
}
