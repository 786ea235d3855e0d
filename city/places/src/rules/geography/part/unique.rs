//! This file gives each building of a compound a name of its own.

use std::collections::{BTreeMap, BTreeSet};

use kernel::place::PlaceId;

use super::Key;

/// Gives buildings of a compound names that no other one of it has.
#[derive(Default)]
pub(super) struct Unique<'a> {
    counts: BTreeMap<Key<'a>, u32>,
    taken: BTreeSet<(PlaceId, &'a str, String)>,
}

impl<'a> Unique<'a> {
    pub(super) fn of(&mut self, community: PlaceId, compound: &'a str, name: &'a str) -> String {
        let count = self.counts.entry((community, compound, name)).or_default();
        loop {
            *count += 1;
            let own = if *count == 1 { name.to_owned() } else { format!("{name} ({count})") };
            if self.taken.insert((community, compound, own.clone())) {
                return own;
            }
        }
    }
}
