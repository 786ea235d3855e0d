//! This page shows who lives within a quarter of an hour's walk of a station, place by place, with a map and a table.

use crate::permissions::May;
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Fault;
use kernel::place::{Level, PlaceId, PlacePath};
use places::geography::{Geography, Inside};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Map, Page, Problem, WebError, render_status};

use super::counting::Counting;
use super::{LABELS, class, count, percent, pin};
use crate::Stations;
use crate::actions::{MOST, allowed, reach, starts};
use crate::records::{self, Station};
use crate::rules::circle::{Near, Pace, coverage, near_each};
use crate::words::Walker;

/// Buildings or compounds drawn on a map at most.
const DOTS: usize = 1_500;

#[derive(Template)]
#[template(path = "stations/coverage.html")]
struct CoveragePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: i64,
    name: String,
    minutes: u32,
    stations: usize,
    total: Option<Total>,
    list: Table,
    map: String,
    no_ground: bool,
    invented: bool,
    may_plan: bool,
    /// What the address asks to count, as an address carries it.
    query: String,
    /// Which stations are counted and how ways are walked, in words. It is empty where that is as usual.
    counted: String,
    problems: Vec<Problem>,
}

/// The place itself, in words.
struct Total {
    households: String,
    covered: String,
    share: String,
    elderly: String,
    mean: String,
}

/// A place with who lives near a station.
struct Line {
    path: PlacePath,
    adult: Near,
    elderly: Near,
}

/// What is reckoned for a page.
struct Reckoned {
    place: PlacePath,
    adult: Vec<Near>,
    elderly: Vec<Near>,
    children: Vec<(PlacePath, Inside)>,
    stations: Vec<Station>,
    minutes: u32,
    near: Vec<bool>,
}

impl Reckoned {
    /// Whether anybody lives in the place.
    fn has_households(&self) -> bool {
        self.adult.iter().any(|near| near.households > 0)
    }
}

/// `GET /stations/coverage?place=…`
///
/// # Errors
/// Answers 404 for a place that is not hers.
pub async fn get(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let place = desk.asked(&page)?;
    let (counting, faults) = Counting::of(&page);
    let ground = desk.hall.places.geography().await?;
    let stations = desk.hall.store.read(|tx| records::open(tx, MOST)).await?;
    let tree = desk.hall.places.tree();
    let (own, seen_by, wide, asked) = (desk.clone(), page.clone(), ground.clone(), place.clone());
    let picture = move || {
        let Some(ground) = wide.as_deref() else { return Ok((None, String::new())) };
        let known = own.reckon(&seen_by, ground, asked, stations, counting)?;
        let map = if known.has_households() { own.drawn(&seen_by, ground, &known) } else { String::new() };
        Ok::<_, Fault>((Some(known), map))
    };
    let (reckoned, map) = page.aside(picture).await??;
    let known = reckoned.as_ref().filter(|known| known.has_households());
    let crumb =
        |above: &places::Place| Crumb { text: above.named(page.lang).to_owned(), href: address(&page, above.id) };
    let seen = |above: &&places::Place| allowed(&page.visitor.actor, May::StationEdit, &above.path);
    let mut lines = known.map(below).unwrap_or_default();
    lines.sort_by_key(|line| (line.adult.per_mille().is_none(), line.adult.per_mille(), line.path.id()));
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let drawn = CoveragePage {
        crumbs: tree.ancestors(place.id()).into_iter().filter(seen).map(crumb).collect(),
        id: place.id().0,
        name: tree.at(&place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
        minutes: reckoned.as_ref().map(|known| known.minutes).unwrap_or_default(),
        stations: known
            .map(|known| known.stations.iter().filter(|one| place.contains(&one.path)).count())
            .unwrap_or_default(),
        total: known.map(|known| total(&page, sum(&known.adult), sum(&known.elderly))),
        list: table(&page, &tree, &lines, &place),
        map,
        no_ground: known.is_none(),
        invented: ground.as_deref().is_some_and(|ground| ground.invented),
        may_plan: allowed(&page.visitor.actor, May::StationEdit, &place),
        query: query(&page, place.id()),
        counted: counting.said(&page),
        problems: page.problems(LABELS, &faults),
        page,
    };
    render_status(status, &drawn)
}

/// Returns what the address asks to count, of another place.
fn query(page: &Page, place: PlaceId) -> String {
    page.query.address_with(&[("place", &place.to_string()), ("lang", "")])
}

/// Returns the address of the same page of another place.
fn address(page: &Page, place: PlaceId) -> String {
    format!("/stations/coverage{}", query(page, place))
}

/// `GET /stations/coverage.xlsx?place=…`
pub async fn export(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let place = desk.asked(&page)?;
    let (counting, _) = Counting::of(&page);
    let ground = desk.hall.places.geography().await?;
    let stations = desk.hall.store.read(|tx| records::open(tx, MOST)).await?;
    let (own, drawn) = (desk.clone(), page.clone());
    let list = move || {
        let lines = match ground.as_deref() {
            Some(ground) => below(&own.reckon(&drawn, ground, place.clone(), stations, counting)?),
            None => Vec::new(),
        };
        Ok::<_, Fault>(table(&drawn, &own.hall.places.tree(), &lines, &place))
    };
    page.aside(list).await??.xlsx(&page, "coverage").await
}

impl Stations {
    /// Returns the place that is asked about: one of hers or a place inside it. It is her first if none is named.
    pub(super) fn asked(&self, page: &Page) -> Result<PlacePath, WebError> {
        let own = reach(&page.visitor.actor, May::StationEdit);
        let Some(id) = page.query.opt("place") else { return own.into_iter().next().ok_or(WebError::NotFound) };
        let tree = self.hall.places.tree();
        let place = id.parse().ok().and_then(|id| tree.get(PlaceId(id))).ok_or(WebError::NotFound)?;
        let may = place.level <= Level::Community && own.iter().any(|wide| wide.contains(&place.path));
        if may { Ok(place.path.clone()) } else { Err(WebError::NotFound) }
    }

    fn reckon(
        &self,
        page: &Page,
        ground: &Geography,
        place: PlacePath,
        stations: Vec<Station>,
        counting: Counting,
    ) -> Result<Reckoned, Fault> {
        let calendar = self.hall.calendar();
        let stations: Vec<Station> =
            stations.into_iter().filter(|station| counting.takes(station, &calendar)).collect();
        let tree = self.hall.places.tree();
        let mut children: Vec<PlacePath> = tree
            .children(place.id())
            .filter(|child| child.level <= Level::Community)
            .map(|child| child.path.clone())
            .collect();
        if children.is_empty() {
            children.push(place.clone());
        }
        let children: Vec<(PlacePath, Inside)> =
            children.into_iter().map(|child| (child.clone(), ground.inside(&tree, &child))).collect();
        let mut of: Vec<Option<u32>> = vec![None; ground.buildings.len()];
        for ((_, inside), number) in children.iter().zip(0_u32..) {
            for at in &inside.buildings {
                if let Some(of) = of.get_mut(*at as usize) {
                    *of = Some(number);
                }
            }
        }
        let open = starts(ground, &stations);
        let broken = |fault: planning::network::Fault| Fault::Broken(fault.to_string());
        let walking = |walker| Ok::<_, Fault>(Pace { slower: counting.slower, ..self.pace(walker, &place, page.now)? });
        let usual = walking(Walker::Adult)?;
        let reckon = |pace| coverage(ground, &of, children.len(), &open, pace).map_err(broken);
        let (adult, elderly) = (reckon(usual)?, reckon(walking(Walker::Elderly)?)?);
        let near = near_each(ground, &open, usual).map_err(broken)?;
        Ok(Reckoned { place, adult, elderly, children, stations, minutes: usual.near / 600, near })
    }

    /// Draws a community by its buildings. A larger place is drawn by its compounds, coloured by the share of their
    /// households, with the names of the places below. Stations are pins.
    fn drawn(&self, page: &Page, ground: &Geography, known: &Reckoned) -> String {
        let mut map = Map::new();
        if known.place.level() >= Level::Community {
            buildings(&mut map, page, ground, known);
        } else {
            self.compounds_by_share(&mut map, page, ground, known);
        }
        for station in known.stations.iter().filter(|station| known.place.contains(&station.path)) {
            pin(&mut map, page, ground, station);
        }
        map.legend("dot pin", page.t("stations-legend-pin"), true);
        map.figure(&page.t1("stations-map-coverage", "minutes", known.minutes))
    }

    fn compounds_by_share(&self, map: &mut Map, page: &Page, ground: &Geography, known: &Reckoned) {
        let mut shares: BTreeMap<u32, Near> = BTreeMap::new();
        for at in known.children.iter().flat_map(|(_, inside)| &inside.buildings) {
            let Some(building) = ground.buildings.get(*at as usize) else { continue };
            let share = shares.entry(building.compound).or_default();
            share.households += u64::from(building.households);
            if known.near.get(*at as usize).copied().unwrap_or_default() {
                share.covered += u64::from(building.households);
            }
        }
        // Of a city with very many compounds those with most households stand for the others.
        let mut order: Vec<(u32, Near)> = shares.into_iter().collect();
        order.sort_by_key(|(at, near)| (std::cmp::Reverse(near.households), *at));
        for (at, near) in order.into_iter().take(DOTS) {
            let Some(compound) = ground.compounds.get(at as usize) else { continue };
            let title = format!("{} · {}", compound.name, percent(near.per_mille()));
            let radius = if near.households > 1_000 { 8.0 } else { 6.0 };
            map.dot(class(near.per_mille()), (compound.at.x, compound.at.y), radius, &title);
        }
        let tree = self.hall.places.tree();
        for (path, inside) in &known.children {
            let corners = ground.outline(inside);
            let named = tree.at(path).map(|place| place.named(page.lang).to_owned());
            if let (Some(middle), Some(name)) = (middle(&corners), named) {
                map.name(middle, Map::size_of(&corners), &name);
            }
        }
        for (class, text) in [("s0", "0–20%"), ("s1", "20–40%"), ("s2", "40–60%"), ("s3", "60–80%"), ("s4", "80–100%")]
        {
            map.legend(&format!("dot {class}"), text, true);
        }
    }
}

/// Draws the buildings of a community, in reach or not.
fn buildings(map: &mut Map, page: &Page, ground: &Geography, known: &Reckoned) {
    for at in known.children.iter().flat_map(|(_, inside)| &inside.buildings).take(DOTS) {
        let Some(building) = ground.buildings.get(*at as usize) else { continue };
        let within = known.near.get(*at as usize).copied().unwrap_or_default();
        let title = page.t2("stations-building", "name", &building.name, "count", building.households);
        // In reach is larger too, so that it does not hang on colour alone.
        let (class, radius) = if within { ("in", 8.0) } else { ("out", 5.0) };
        map.dot(class, (building.at.x, building.at.y), radius, &title);
    }
    map.legend("dot in", page.t("stations-legend-in"), true);
    map.legend("dot out", page.t("stations-legend-out"), true);
}

/// Returns the middle of some corners.
fn middle(corners: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = u32::try_from(corners.len()).ok().filter(|count| *count > 0)?;
    let (x, y) = corners.iter().fold((0.0, 0.0), |(x, y), corner| (x + corner.0, y + corner.1));
    Some((x / f64::from(count), y / f64::from(count)))
}

fn sum(each: &[Near]) -> Near {
    each.iter().fold(Near::default(), |sum, near| Near {
        households: sum.households + near.households,
        covered: sum.covered + near.covered,
        walking: sum.walking + near.walking,
        reaching: sum.reaching + near.reaching,
    })
}

/// Returns the places below in which somebody lives.
fn below(known: &Reckoned) -> Vec<Line> {
    let each = known.children.iter().zip(known.adult.iter().zip(&known.elderly));
    let shown = each.filter(|(_, (adult, _))| adult.households > 0);
    shown.map(|((path, _), (adult, elderly))| Line { path: path.clone(), adult: *adult, elderly: *elderly }).collect()
}

/// Makes a list of the places below. Those that have places below them lead to their own page.
fn table(page: &Page, tree: &places::Tree, lines: &[Line], around: &PlacePath) -> Table {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("stations-column-{name}")));
    let columns = vec![
        column(ColumnKind::Link, "place"),
        column(ColumnKind::Number, "households"),
        column(ColumnKind::Number, "covered"),
        column(ColumnKind::Share, "share"),
        column(ColumnKind::Share, "elderly"),
        column(ColumnKind::Number, "mean"),
    ];
    let row = |line: &Line| {
        let name = tree.at(&line.path).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
        let deeper = line.path.level() <= Level::Community && line.path.id() != around.id();
        vec![
            if deeper { Cell::link(name, address(page, line.path.id())) } else { name.into() },
            Cell::count(line.adult.households),
            Cell::count(line.adult.covered),
            share(line.adult),
            share(line.elderly),
            mean(page, line.adult),
        ]
    };
    Table::new(page.t("stations-coverage-title"), columns).with(lines.iter().map(row))
}

/// Writes the share. It is a dash where nobody lives.
fn share(near: Near) -> Cell {
    let share = near.per_mille().and_then(|share| i64::try_from(share).ok());
    share.map_or_else(|| "–".into(), Cell::Share)
}

/// Writes the mean walk in minutes. It is a dash where nobody walks.
fn mean(page: &Page, near: Near) -> Cell {
    let told = |minutes: u64| Cell::Told {
        number: i64::try_from(minutes).unwrap_or(i64::MAX),
        text: page.t1("stations-minutes", "minutes", minutes),
    };
    near.minutes().map_or_else(|| "–".into(), told)
}

fn total(page: &Page, adult: Near, elderly: Near) -> Total {
    Total {
        households: count(adult.households),
        covered: count(adult.covered),
        share: percent(adult.per_mille()),
        elderly: percent(elderly.per_mille()),
        mean: adult.minutes().map_or_else(|| "–".to_owned(), |minutes| page.t1("stations-minutes", "minutes", minutes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_below_is_added_up_before_shares_are_taken() {
        let one = Near { households: 10, covered: 10, walking: 6_000, reaching: 10 };
        let other = Near { households: 30, covered: 0, walking: 0, reaching: 0 };
        let whole = sum(&[one, other, Near::default()]);
        assert_eq!(whole, Near { households: 40, covered: 10, walking: 6_000, reaching: 10 });
        assert_eq!(whole.per_mille(), Some(250), "and not the mean of 100% and 0%");
        assert_eq!(sum(&[]), Near::default());
        for (near, cell) in [
            (one, Cell::Share(1_000)),
            (other, Cell::Share(0)),
            (whole, Cell::Share(250)),
            (Near::default(), "–".into()),
        ] {
            assert_eq!(share(near), cell, "{near:?}");
        }
    }

    #[test]
    fn the_middle_of_corners_is_their_mean() {
        let table: [(&[(f64, f64)], Option<(f64, f64)>); 4] = [
            (&[], None),
            (&[(3.0, -4.0)], Some((3.0, -4.0))),
            (&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)], Some((2.0, 1.0))),
            (&[(-1.0, -1.0), (1.0, 1.0)], Some((0.0, 0.0))),
        ];
        for (corners, expected) in table {
            assert_eq!(middle(corners), expected, "{corners:?}");
        }
    }
}
