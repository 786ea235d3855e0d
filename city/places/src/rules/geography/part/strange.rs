//! This file says which communities of a sheet are not those of the place for which it is brought, and where they are.

use std::collections::BTreeMap;

use kernel::place::{Level, PlaceId};

use super::{Brought, Odd, Over, UNNAMED};
use crate::words::Place;

/// How many names and lines are told.
const TOLD: usize = 5;

/// Communities of a sheet that lie in the same place, or that nobody knows.
#[derive(Default)]
struct Group {
    names: Vec<String>,
    lines: Vec<u64>,
}

/// Returns what is odd about communities of a sheet that are not found in the place.
pub(super) fn strange(over: &Over<'_>, brought: &Brought, unknown: &[&str]) -> Vec<Odd> {
    if unknown == [UNNAMED] && brought.column.is_empty() {
        let own: Vec<&Place> = communities(over).collect();
        let names = own.iter().take(TOLD).map(|place| place.id).collect();
        return vec![Odd::NoColumn { communities: names, count: own.len() }];
    }
    let mut lines: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for one in brought.buildings.iter().filter(|one| one.line > 0) {
        lines.entry(one.community.as_str()).or_default().push(one.line);
    }
    let mut groups: BTreeMap<Option<PlaceId>, Group> = BTreeMap::new();
    for words in unknown {
        let group = groups.entry(home(over, words)).or_default();
        group.names.push((*words).to_owned());
        group.lines.append(&mut lines.remove(words).unwrap_or_default());
    }
    let odd = |(home, mut group): (Option<PlaceId>, Group)| {
        group.lines.sort_unstable();
        let (count, rows) = (group.names.len(), group.lines.len());
        group.names.truncate(TOLD);
        group.lines.truncate(TOLD);
        let column = brought.column.clone();
        Odd::Communities { column, names: group.names, count, lines: group.lines, rows, home }
    };
    groups.into_iter().map(odd).collect()
}

/// Returns the communities of the place.
pub(super) fn communities<'a>(over: &Over<'a>) -> impl Iterator<Item = &'a Place> {
    over.tree.inside(over.place.id()).into_iter().filter(|place| place.level == Level::Community)
}

/// Returns the place above the one community that is called so, where it is another one.
fn home(over: &Over<'_>, words: &str) -> Option<PlaceId> {
    let mut found = over.tree.exactly(words).into_iter().filter(|place| place.level == Level::Community);
    let one = found.next().filter(|_| found.next().is_none())?;
    if over.place.contains(&one.path) {
        return None;
    }
    one.path.parent().map(|above| above.id())
}
