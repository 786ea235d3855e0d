//! How far the communities of whoever supervises them have a hearing point, and what it lacks of the nine things. This
//! page speaks of places, never of whoever works there.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::permission::{Actor, Permission};
use kernel::place::{Level, PlacePath};
use places::Place;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use crate::Hearings;
use crate::records;
use crate::rules::things::lacking;

/// How many communities that lack something are listed at most.
const LISTED: usize = 300;

#[derive(Template)]
#[template(path = "hearings/points.html")]
struct PointsPage {
    page: Page,
    /// How many communities there are, have a point, and have everything, in words.
    sum: String,
    /// Those that lack something.
    list: Table,
    /// More lack something than are listed.
    is_cut: bool,
}

/// A community, with what it lacks.
struct Community<'p> {
    place: &'p Place,
    /// Whether it says where people are heard.
    is_kept: bool,
    /// The keys of the names of what it lacks.
    lacks: Vec<&'static str>,
}

/// `GET /hearings/points`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let places = supervised(&page.visitor.actor);
    let asked = places.clone();
    let read = move |tx: &mut dyn Tx| {
        let mut kept: BTreeMap<PlacePath, String> = BTreeMap::new();
        for place in &asked {
            kept.extend(records::points(tx, place)?.into_iter().map(|point| (point.path, point.things)));
        }
        Ok::<_, Fault>(kept)
    };
    let kept = desk.hall.store.read(read).await?;
    render(&desk.points_page(page, &places, &kept))
}

/// The places whose matters somebody supervises, without those that lie inside another.
fn supervised(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(Permission::CaseSupervise);
    let is_inside = |path: &PlacePath| scopes.iter().any(|scope| scope.place != *path && scope.place.contains(path));
    let mut places: Vec<PlacePath> =
        scopes.iter().map(|scope| scope.place.clone()).filter(|path| !is_inside(path)).collect();
    places.sort();
    places.dedup();
    places
}

impl Hearings {
    fn points_page(&self, page: Page, places: &[PlacePath], kept: &BTreeMap<PlacePath, String>) -> PointsPage {
        let tree = self.hall.places.tree();
        let is_hers = |place: &&Place| places.iter().any(|hers| hers.contains(&place.path));
        let seen = |place| community(place, kept);
        let all: Vec<Community<'_>> = tree.of_level(Level::Community).filter(is_hers).map(seen).collect();
        let mut open: Vec<&Community<'_>> = all.iter().filter(|one| !one.lacks.is_empty()).collect();
        // Those without a point come first, then those that lack most.
        open.sort_by_key(|one| (one.is_kept, Reverse(one.lacks.len())));
        let kept = all.iter().filter(|one| one.is_kept).count();
        let [every, points, complete] = [all.len(), kept, all.len() - open.len()].map(|count| count.to_string());
        let counts = [("all", every.as_str()), ("points", points.as_str()), ("complete", complete.as_str())];
        let columns = vec![
            Column::new(ColumnKind::Link, page.t("hearings-field-place")),
            Column::new(ColumnKind::Text, page.t("hearings-nav-point")),
            Column::new(ColumnKind::Text, page.t("hearings-points-lacks")),
        ];
        let row = |one: &&Community<'_>| {
            let lacks: Vec<String> = one.lacks.iter().map(|key| page.t(key)).collect();
            let name = tree.chain(&one.place.path, page.lang);
            let (is_there, lacks) = if one.is_kept {
                ("hearings-points-there", lacks.join(page.lang.pick("、", ", ")))
            } else {
                ("hearings-points-missing", String::new())
            };
            vec![
                Cell::link(name, format!("/hearings?place={}", one.place.id)),
                Cell::Text(page.t(is_there)),
                Cell::Text(lacks),
            ]
        };
        let list = Table::new(page.t("hearings-nav-points"), columns).with(open.iter().take(LISTED).map(row));
        let sum = page.text("hearings-points-sum", &counts);
        PointsPage { sum, list, is_cut: open.len() > LISTED, page }
    }
}

/// A community with what it lacks of the nine things: everything where nobody said where people are heard.
fn community<'p>(place: &'p Place, kept: &BTreeMap<PlacePath, String>) -> Community<'p> {
    let things = kept.get(&place.path);
    Community { place, is_kept: things.is_some(), lacks: lacking(things.map_or("", String::as_str)) }
}
