//! This page shows the grids of a district or street community by community, and those of the city district by
//! district.

use std::collections::BTreeMap;

use askama::Template;
use kernel::place::{Level, PlaceId};
use web::Page;

use super::Desk;
use super::around::{Around, Laid, Stored};
use crate::rules::grids::ground::{Limits, Standing};
use crate::words::Place;

/// A community or district as the table shows it.
struct Row {
    id: i64,
    name: String,
    households: u64,
    buildings: usize,
    grids: usize,
    without: usize,
    out: usize,
}

#[derive(Template)]
#[template(path = "places/grids_wide.html")]
pub(super) struct WidePage {
    page: Page,
    around: Around,
    rows: Vec<Row>,
    total: Row,
}

/// Holds what is counted for one row.
#[derive(Default)]
struct Counted {
    households: u64,
    buildings: usize,
    without: usize,
    grids: BTreeMap<PlaceId, u64>,
}

/// Returns the page.
pub(super) fn view(
    desk: &Desk,
    page: Page,
    place: &Place,
    around: Around,
    laid: Laid<'_>,
    stored: &Stored,
) -> WidePage {
    let Laid { ground, limits, .. } = laid;
    let tree = desk.places.tree();
    let row_of = |community: PlaceId| {
        let path = tree.path(community)?;
        if place.level == Level::City { path.at(Level::District).map(|path| path.id()) } else { Some(community) }
    };
    let mut counted: BTreeMap<PlaceId, Counted> = BTreeMap::new();
    for (grid, community) in &stored.today.living {
        if let Some(row) = row_of(*community) {
            counted.entry(row).or_default().grids.insert(*grid, 0);
        }
    }
    for (at, (building, grid)) in ground.buildings.iter().zip(ground.from(&stored.today)).enumerate() {
        let Some(row) = ground.community(at).and_then(row_of) else { continue };
        let row = counted.entry(row).or_default();
        row.households += u64::from(building.households);
        row.buildings += 1;
        match grid {
            Some(grid) => *row.grids.entry(grid).or_default() += u64::from(building.households),
            None => row.without += 1,
        }
    }
    let shown = |id: PlaceId| Some((tree.get(id)?.code.clone(), tree.get(id)?.named(page.lang).to_owned()));
    let mut rows: Vec<(String, Row)> = counted
        .into_iter()
        .filter_map(|(id, counted)| shown(id).map(|(code, name)| (code, row(id, name, &counted, limits))))
        .collect();
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum();
    let total = Row {
        id: place.id.0,
        name: page.t("places-grids-total"),
        households: rows.iter().map(|row| row.households).sum(),
        buildings: sum(|row| row.buildings),
        grids: sum(|row| row.grids),
        without: sum(|row| row.without),
        out: sum(|row| row.out),
    };
    WidePage { page, around, rows, total }
}

fn row(id: PlaceId, name: String, counted: &Counted, limits: &Limits) -> Row {
    Row {
        id: id.0,
        name,
        households: counted.households,
        buildings: counted.buildings,
        grids: counted.grids.len(),
        without: counted.without,
        out: counted.grids.values().filter(|one| limits.standing(**one) != Standing::Within).count(),
    }
}
