//! This page shows one station: its hours today and all week, what it offers, its rooms, and where it is. Staff also
//! see what would change if it closed.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use places::geography::Geography;
use web::{Crumb, InPath, Light, Map, Page, WebError, render};

use super::{count, light, services};
use crate::Stations;
use crate::actions::{MOST, allowed, start};
use crate::records::{self, Station};
use crate::rules::circle;
use crate::rules::hours::Hours;
use crate::words::{Walker, read_rooms};

/// Metres around a station that its map shows.
const AROUND: f64 = 450.0;

#[derive(Template)]
#[template(path = "stations/station.html")]
struct StationPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: i64,
    name: String,
    other_name: String,
    place: String,
    compound: String,
    address: String,
    telephone: String,
    light: Light,
    hours: Vec<String>,
    services: Vec<String>,
    rooms: Vec<(String, u32)>,
    map: String,
    may_edit: bool,
    open: bool,
    change: Option<String>,
    invented: bool,
}

/// `GET /stations/{id}`
///
/// # Errors
/// Answers 404 if there is none. One that is closed for good is shown only to those who edit it.
pub async fn get(State(desk): State<Arc<Stations>>, page: Page, InPath(id): InPath<i64>) -> Result<Response, WebError> {
    let read = desk.hall.store.read(move |tx| Ok::<_, Fault>((records::find(tx, id)?, records::open(tx, MOST)?)));
    let (found, all) = read.await?;
    let station = found.ok_or(WebError::NotFound)?;
    let may_edit = allowed(&page.visitor.actor, May::StationEdit, &station.path);
    if !station.open && !may_edit {
        return Err(WebError::NotFound);
    }
    let ground = desk.hall.places.geography().await?;
    let change = match ground.as_deref().filter(|_| may_edit) {
        Some(ground) => desk.change_of(&page, ground, &station, &all)?,
        None => None,
    };
    let tree = desk.hall.places.tree();
    let hours = Hours::parse(&station.hours).unwrap_or_default();
    let compound = station.compound.and_then(|id| ground.as_deref()?.compound(id).map(|(_, one)| one.name.clone()));
    let other = if page.lang == kernel::language::Lang::Zh { station.name_en.clone() } else { station.name_zh.clone() };
    render(&StationPage {
        crumbs: vec![Crumb { text: page.t("stations-title"), href: "/stations".to_owned() }],
        id,
        name: station.name(page.lang).to_owned(),
        other_name: other,
        place: tree.chain(&station.path, page.lang),
        compound: compound.unwrap_or_default(),
        light: light(&page, &desk, &station),
        hours: hours.show(page.lang).lines().map(str::to_owned).collect(),
        services: services(&page, &station),
        rooms: read_rooms(&station.rooms).unwrap_or_default().into_iter().map(|room| (room.name, room.seats)).collect(),
        map: ground.as_deref().map(|ground| Stations::around(&page, ground, &station)).unwrap_or_default(),
        invented: ground.is_some_and(|ground| ground.invented) && station.compound.is_some(),
        open: station.open,
        address: station.address,
        telephone: station.telephone,
        change,
        may_edit,
        page,
    })
}

impl Stations {
    /// Says what would change if the station closed, or if it opened again, at an adult's pace.
    fn change_of(
        &self,
        page: &Page,
        ground: &Geography,
        station: &Station,
        all: &[Station],
    ) -> Result<Option<String>, Fault> {
        let Some(own) = start(ground, station) else { return Ok(None) };
        let walks = self.pace(Walker::Adult, &station.path, page.now)?;
        let others = all.iter().filter(|one| one.id != station.id).filter_map(|one| start(ground, one));
        let others: Vec<u32> = others.map(|start| start.node).collect();
        let everywhere = vec![Some(0); ground.buildings.len()];
        let gained = circle::change(ground, &everywhere, &others, own.node, walks);
        let gained = gained.map_err(|fault| Fault::Broken(fault.to_string()))?;
        let key = if station.open { "stations-change-close" } else { "stations-change-open" };
        Ok(Some(page.t1(key, "count", count(gained))))
    }

    /// Draws the ways and buildings around a station.
    fn around(page: &Page, ground: &Geography, station: &Station) -> String {
        let Some((own, compound)) = station.compound.and_then(|id| ground.compound(id)) else { return String::new() };
        let near = |at: planning::shape::Point| (at.x - compound.at.x).hypot(at.y - compound.at.y) < AROUND;
        let mut map = Map::new();
        for edge in ground.edges.iter().filter(|edge| edge.from < edge.to) {
            let ends = (ground.nodes.get(edge.from as usize), ground.nodes.get(edge.to as usize));
            if let (Some(from), Some(to)) = ends
                && near(*from)
                && near(*to)
            {
                map.line("way", vec![(from.x, from.y), (to.x, to.y)]);
            }
        }
        for building in ground.buildings.iter().filter(|building| near(building.at)) {
            let class = if building.compound == own { "own" } else { "beside" };
            map.dot(class, (building.at.x, building.at.y), 9.0, "");
        }
        if let Some(gate) = compound.gates.first().and_then(|node| ground.nodes.get(*node as usize)) {
            map.dot("pin", (gate.x, gate.y), 18.0, station.name(page.lang));
        }
        map.legend("dot pin", station.name(page.lang), true);
        map.legend("dot own", &compound.name, true);
        map.figure(&page.t1("stations-map-of", "name", station.name(page.lang)))
    }
}
