//! The map of a leader (地图): the places below with their open and late cases, in colours and as a list.

pub mod base;
pub mod tile;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::Counts;
use kernel::earth::Bounds;
use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use places::geography::Geography;
use places::{Place, Tree};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Map, Page, WebError, render};

use crate::Overview;
use crate::ground::Ground;

#[derive(Template)]
#[template(path = "overview/map.html")]
struct MapPage {
    page: Page,
    crumbs: Vec<Crumb>,
    name: String,
    map: String,
    invented: bool,
    /// What of the globe the map that can be zoomed shows first; nothing where there is none.
    zoom: Option<String>,
    /// What its buttons say to those who listen, as the library wants it.
    words: String,
    /// What its points are, as departments call them, each with the class of its colour.
    points: Vec<(&'static str, String)>,
    /// What the map below is, as the script of the map wants it, and whose it is; nothing where there is none.
    base: Option<(String, String)>,
    empty: bool,
    list: Table,
    /// The places where nothing is open, folded below the others; empty where all stand in the list.
    quiet: Vec<Crumb>,
}

/// The radius of the dot of a building, in units of the picture.
const BUILDING: f64 = 3.0;

/// The classes of the colours in which its script draws the points of departments, one after another.
const COLOURS: [&str; 3] = ["k0", "k1", "k2"];

/// The open cases by the place below.
type Open = BTreeMap<Option<PlaceId>, Counts>;

/// `GET /map?place=…`
///
/// # Errors
/// Sign-in needed, no permission, or 404 for a place that is not hers.
pub async fn get(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let place = desk.asked(&page)?;
    let (cases, drawn, path) = (desk.cases.clone(), page.clone(), place.path.clone());
    let open = desk.hall.store.read(move |tx| cases.open_inside(tx, &drawn, &path)).await?;
    let (tree, laid) = (desk.hall.places.tree(), desk.hall.places.geography().await?);
    let ground = if page.zooms() { desk.ground(&page).await? } else { None };
    let zoom = ground.map(|(_, ground)| corners(&ground, &place));
    let (drawn, whole, ground, around) = (page.clone(), tree.clone(), laid.clone(), place.clone());
    let draw = move || {
        let map = ground.as_deref().map(|ground| picture(&drawn, &whole, ground, &around, &open)).unwrap_or_default();
        (map, open)
    };
    let (map, open) = page.aside(draw).await?;
    let hers = page.visitor.actor.scopes(Permission::CaseSupervise);
    let seen = |above: &&Place| hers.iter().any(|scope| scope.place.contains(&above.path));
    let crumb = |above: &Place| Crumb { text: above.named(page.lang).to_owned(), href: address(above) };
    render(&MapPage {
        crumbs: tree.ancestors(place.id).into_iter().filter(seen).map(crumb).collect(),
        name: place.named(page.lang).to_owned(),
        invented: laid.is_some_and(|laid| laid.invented) && !map.is_empty(),
        map,
        zoom,
        words: words(&page),
        points: points(&desk, &page),
        base: desk.base.as_ref().map(|base| (base.drawn(), base.credit(&page))),
        empty: lines(&tree, &place, &open).is_empty(),
        list: table(&page, &tree, &place, &open),
        quiet: quiet(&page, &tree, &place, &open),
        page,
    })
}

impl Overview {
    /// The place that is asked about: one that this visitor supervises or one inside it; her first when none is named.
    fn asked(&self, page: &Page) -> Result<Place, WebError> {
        let own: Vec<PlacePath> =
            page.visitor.actor.scopes(Permission::CaseSupervise).into_iter().map(|scope| scope.place).collect();
        let tree = self.hall.places.tree();
        let place = match page.query.opt("place") {
            None => own.first().and_then(|path| tree.at(path)),
            Some(id) => id.parse().ok().and_then(|id| tree.get(PlaceId(id))),
        };
        let hers = place.filter(|place| own.iter().any(|wide| wide.contains(&place.path)));
        hers.filter(|place| place.level <= Level::Community).cloned().ok_or(WebError::NotFound)
    }
}

/// The edges of a place: west, south, east, north.
fn corners(ground: &Ground, place: &Place) -> String {
    let Bounds { west, south, east, north } = ground.bounds_of(place);
    format!("{west:.6},{south:.6},{east:.6},{north:.6}")
}

/// The words of the library's own buttons.
fn words(page: &Page) -> String {
    let keys = [
        ("Map.Title", "overview-zoom"),
        ("NavigationControl.ZoomIn", "overview-zoom-in"),
        ("NavigationControl.ZoomOut", "overview-zoom-out"),
    ];
    let words = keys.map(|(name, key)| (name.to_owned(), serde_json::Value::from(page.t(key))));
    serde_json::Value::Object(words.into_iter().collect()).to_string()
}

/// What the points of departments are called, in the order in which the script gives them their colours.
fn points(desk: &Overview, page: &Page) -> Vec<(&'static str, String)> {
    desk.shown.dots().iter().zip(COLOURS.into_iter().cycle()).map(|(dots, class)| (class, page.t(dots.key))).collect()
}

/// Where the name of a place leads: to its own map, or from a community to its page.
fn address(place: &Place) -> String {
    if place.level < Level::Community { format!("/map?place={}", place.id) } else { format!("/places/{}", place.id) }
}

/// The list of the open cases of a place that a number counts; `narrow` leaves those of its own desks or with a light.
fn rows(place: &Place, narrow: &str) -> String {
    format!("/supervise?place={}{narrow}#rows", place.id)
}

/// Where the area of a place leads: from a community with open cases to these.
fn area_address(place: &Place, counts: Counts) -> String {
    if place.level < Level::Community || counts.open == 0 { address(place) } else { rows(place, "") }
}

/// The places that are told one by one with what is open there: those below, and of a community itself alone, because
/// its grids have no desks.
fn lines<'t>(tree: &'t Tree, place: &'t Place, open: &Open) -> Vec<(&'t Place, Counts)> {
    if place.level < Level::Community {
        let of = |child: &'t Place| (child, open.get(&Some(child.id)).copied().unwrap_or_default());
        return tree.children(place.id).map(of).collect();
    }
    let mut all = Counts::default();
    for counts in open.values() {
        all.add(counts);
    }
    vec![(place, all)]
}

/// The places as areas around their buildings, in the colour of how much of their work is late.
fn picture(page: &Page, tree: &Tree, laid: &Geography, place: &Place, open: &Open) -> String {
    let mut map = Map::new();
    let mut names = Vec::new();
    let mut lines = lines(tree, place, open);
    lines.sort_by_key(|(_, counts)| counts.open == 0);
    let paths: Vec<&PlacePath> = lines.iter().map(|(child, _)| &child.path).collect();
    for ((child, counts), areas) in lines.iter().zip(laid.outlines_of(tree, &paths)) {
        let (name, open, late) = (child.named(page.lang), counts.open.to_string(), counts.late.to_string());
        let title = page.text("overview-map-area", &[("name", name), ("open", open.as_str()), ("late", late.as_str())]);
        if let Some(largest) = areas.iter().max_by_key(|corners| corners.len())
            && let Some(middle) = middle(largest)
        {
            let (size, text) = (Map::size_of(largest), format!("{name} {open}/{late}"));
            names.push(Named { middle, counts: *counts, size, text });
        }
        for corners in areas {
            map.area(class(counts), corners, &title, Some(area_address(child, *counts)));
        }
    }
    let is_one = place.level >= Level::Community;
    let buildings = if is_one { laid.inside(tree, &place.path).buildings } else { Vec::new() };
    for building in buildings.iter().filter_map(|at| laid.buildings.get(*at as usize)) {
        map.dot("beside", (building.at.x, building.at.y), BUILDING, &building.name);
    }
    names.sort_by(Named::weight);
    for (rank, name) in (0_u32..).zip(&names) {
        if name.counts.late > 0 {
            map.sure_name(name.middle, f64::from(rank), &name.text);
        } else {
            map.name(name.middle, f64::from(rank), &name.text);
        }
    }
    map.beside(page.t("overview-map-also"));
    for (class, key) in [("none", "overview-map-none"), ("s4", "overview-map-well"), ("s2", "overview-map-some")] {
        map.legend(class, page.t(key), false);
    }
    map.legend("s0", page.t("overview-map-much"), false);
    if !buildings.is_empty() {
        map.legend("dot beside", page.t("overview-map-building"), true);
    }
    let label = if is_one { "overview-map-of-one" } else { "overview-map-of" };
    map.figure(&page.t1(label, "name", place.named(page.lang)))
}

/// The name of a place on the map, with what is open there.
struct Named {
    middle: (f64, f64),
    counts: Counts,
    size: f64,
    text: String,
}

impl Named {
    /// Which of two names stays where they would lie on one another, the greater one: that of the place with more that
    /// is late, then with more that is open, then of the larger area.
    fn weight(&self, other: &Self) -> Ordering {
        let numbers = |name: &Self| (name.counts.late, name.counts.open);
        numbers(self).cmp(&numbers(other)).then_with(|| self.size.total_cmp(&other.size))
    }
}

/// The class of an area: nothing open, nothing late, up to a tenth late, more.
fn class(counts: &Counts) -> &'static str {
    match (counts.open, counts.late) {
        (0, _) => "none",
        (_, 0) => "s4",
        (open, late) if late.saturating_mul(10) <= open => "s2",
        _ => "s0",
    }
}

fn middle(corners: &[(f64, f64)]) -> Option<(f64, f64)> {
    let count = u32::try_from(corners.len()).ok().filter(|count| *count > 0)?;
    let (x, y) = corners.iter().fold((0.0, 0.0), |(x, y), corner| (x + corner.0, y + corner.1));
    Some((x / f64::from(count), y / f64::from(count)))
}

/// The places below where nothing is open, when others have something.
fn quiet(page: &Page, tree: &Tree, place: &Place, open: &Open) -> Vec<Crumb> {
    let (quiet, busy): (Vec<_>, Vec<_>) =
        lines(tree, place, open).into_iter().partition(|(_, counts)| counts.open == 0);
    let quiet = if busy.is_empty() { Vec::new() } else { quiet };
    let crumb = |(child, _): (&Place, Counts)| Crumb { text: child.named(page.lang).to_owned(), href: address(child) };
    quiet.into_iter().map(crumb).collect()
}

/// The places below with their numbers, those with most that is late first; what lies at the place's own offices is
/// last. Where nothing is open a place is left out, unless it is so everywhere. Each number opens its cases.
fn table(page: &Page, tree: &Tree, place: &Place, open: &Open) -> Table {
    let column = |kind, key| Column::new(kind, page.t(key));
    let columns = vec![
        column(ColumnKind::Link, "overview-map-place"),
        column(ColumnKind::Number, "overview-map-open"),
        column(ColumnKind::Number, "overview-map-late"),
        column(ColumnKind::Number, "overview-map-soon"),
    ];
    let mut children = lines(tree, place, open);
    if children.iter().any(|(_, counts)| counts.open > 0) {
        children.retain(|(_, counts)| counts.open > 0);
    }
    children.sort_by_key(|(child, counts)| (std::cmp::Reverse(counts.late), std::cmp::Reverse(counts.open), child.id));
    let row = |first: Cell, at: &Place, own: &str, counts: Counts| {
        let number = |number: i64, light: &str| Cell::opened(number, rows(at, &format!("{own}{light}")));
        vec![first, number(counts.open, ""), number(counts.late, "&light=late"), number(counts.soon, "&light=soon")]
    };
    let line = |(child, counts): &(&Place, Counts)| {
        row(Cell::link(child.named(page.lang), address(child)), child, "", *counts)
    };
    let below = children.iter().map(line);
    let own = open.get(&None).filter(|_| place.level < Level::Community);
    let own = own.map(|counts| row(page.t("overview-map-own").into(), place, "&own=1", *counts));
    Table::new(page.t("overview-map-title"), columns).with(below.chain(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_place_with_most_that_is_late_stays() {
        let of = |text: &str, late: i64, open: i64, size: f64| {
            let counts = Counts { open, late, ..Counts::default() };
            Named { middle: (0.0, 0.0), counts, size, text: text.to_owned() }
        };
        let mut names =
            [of("large", 0, 3, 900.0), of("late", 4, 4, 1.0), of("small", 0, 3, 8.0), of("busy", 0, 9, 2.0)];
        names.sort_by(Named::weight);
        let order: Vec<&str> = names.iter().rev().map(|name| name.text.as_str()).collect();
        assert_eq!(order, ["late", "busy", "large", "small"], "the smallest gives way first");
    }
}
