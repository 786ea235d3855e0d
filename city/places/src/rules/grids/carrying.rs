//! Which of today's grids lives on in which proposed one.

use std::collections::{BTreeMap, BTreeSet};

/// A building in a division: its grid of today, its proposed grid, its households.
pub type Place = (Option<i64>, u32, u32);

/// Of each proposed grid that carries on one of today's, that one: the one with which it shares most households. Each of today's is carried on once at
/// most.
pub fn carried_on(buildings: &[Place]) -> BTreeMap<u32, i64> {
    let mut shared: BTreeMap<(i64, u32), (u64, u32)> = BTreeMap::new();
    for (from, to, households) in buildings {
        if let Some(from) = from {
            let (people, count) = shared.entry((*from, *to)).or_default();
            *people += u64::from(*households);
            *count += 1;
        }
    }
    let mut largest: Vec<_> = shared.into_iter().collect();
    largest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut kept, mut used) = (BTreeMap::new(), BTreeSet::new());
    for ((from, to), _) in largest {
        if !used.contains(&from) && !kept.contains_key(&to) {
            used.insert(from);
            kept.insert(to, from);
        }
    }
    kept
}
