//! This part of a proposal's page shows the grids of today that end with its adoption, and where their buildings go.

use std::collections::BTreeMap;

use kernel::place::PlaceId;
use web::Page;

use super::beside::Around;
use super::community::proposed;
use super::place::titled;
use super::{Desk, Names};
use crate::rules::geography::Geography;
use crate::rules::grids::proposal::{Member, Part, Proposal};

/// How many buildings of a grid are named. The rest is counted.
const NAMED: usize = 20;

/// A grid of today that ends.
pub(super) struct EndingRow {
    pub(super) id: i64,
    pub(super) community: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) households: u64,
    /// Its buildings by name. It is empty if it has none.
    pub(super) buildings: String,
    /// The grids in which its buildings are going to lie, each with how many.
    pub(super) into: String,
}

/// Returns the grids that end in some communities of a proposal.
pub(super) fn ending(
    desk: &Desk,
    page: &Page,
    shown: &[&Part],
    around: &Around,
    proposal: &Proposal,
) -> Vec<EndingRow> {
    let (tree, laid) = (desk.places.tree(), around.laid_for(proposal));
    let mut rows = Vec::new();
    for part in shown {
        let community = tree.get(PlaceId(part.community)).map(|place| place.named(page.lang).to_owned());
        let community = community.unwrap_or_default();
        let mut own: Vec<EndingRow> =
            part.ending().into_iter().map(|grid| row(page, laid, &around.names, part, grid)).collect();
        own.sort_by(|a, b| a.code.cmp(&b.code));
        rows.extend(own.into_iter().map(|row| EndingRow { community: community.clone(), ..row }));
    }
    rows
}

/// Says how many grids end and how many are new, or nothing if neither is so.
pub(super) fn counted(page: &Page, shown: &[&Part]) -> String {
    let ending: usize = shown.iter().map(|part| part.ending().len()).sum();
    let opened: u32 = shown.iter().map(|part| part.opened()).sum();
    if ending == 0 && opened == 0 {
        return String::new();
    }
    page.t2("places-grids-ends", "ending", ending, "opened", opened)
}

fn row(page: &Page, laid: Option<&Geography>, names: &Names, part: &Part, grid: i64) -> EndingRow {
    let members: Vec<&Member> = part.members.iter().filter(|member| member.from == Some(grid)).collect();
    let comma = page.t("places-grids-comma");
    let mut into: BTreeMap<u32, usize> = BTreeMap::new();
    for member in &members {
        *into.entry(member.to).or_default() += 1;
    }
    let into = into.into_iter().map(|(to, count)| {
        page.t2("places-grids-ending-into", "grid", proposed(page, names, part, to).0, "count", count)
    });
    let called = |member: &&Member| laid.and_then(|laid| titled(page, laid, member.building)).map(|(_, title)| title);
    let mut buildings: Vec<String> = members.iter().take(NAMED).filter_map(called).collect();
    match (members.len() - buildings.len(), buildings.is_empty()) {
        (0, _) => {}
        (all, true) => buildings.push(page.t1("places-hand-lines", "n", all)),
        (more, false) => buildings.push(page.t1("places-grids-ending-more", "count", more)),
    }
    EndingRow {
        id: grid,
        community: String::new(),
        name: names.name(grid),
        code: names.code(grid),
        households: members.iter().map(|member| u64::from(member.households)).sum(),
        buildings: buildings.join(&comma),
        into: into.collect::<Vec<String>>().join(&comma),
    }
}
