//! The map as vector tiles: what a browser draws that can zoom. A square holds exactly the things that this visitor may
//! see; those that would lie on one another are one point with their number. The city itself, without any things, is
//! there for everybody who wants to say where something is. Whoever names layers is sent these alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use house::{Dot, Dots, Window};
use kernel::earth::{Bounds, Tile};
use kernel::permission::Permission;
use kernel::place::Level;
use tiles::{About, Drawing, LayerAbout, Value, gather};
use web::{Page, ThreeInPath, WebError};

use crate::Overview;
use crate::api::refused;
use crate::ground::{Ground, Outlines};
use places::Geography;

/// The zooms for which tiles are made; a browser draws deeper ones from the last.
const ZOOMS: (u8, u8) = (6, 17);
/// From this zoom on streets are drawn in place of districts, then communities, and grids and compounds inside.
const STREETS: u8 = 11;
const COMMUNITIES: u8 = 13;
const GRIDS: u8 = 14;
const BUILDINGS: u8 = 15;
/// Below this zoom a square is so wide that no part of the ground is asked for.
const WHOLE: u8 = 8;
/// Parts of an edge that are looked at to find what of the ground a square covers: edges bend a little.
const STEPS: u32 = 8;
/// Metres around that, for what bends more.
const MARGIN: f64 = 20.0;

/// What is in a tile beside the things of departments.
const LAYERS: [LayerAbout; 5] = [
    LayerAbout {
        id: "places",
        description: "Outlines of districts, streets or communities: as they were drawn, or around their buildings",
        from_zoom: ZOOMS.0,
        fields: &[("name", "its name"), ("href", "its page"), ("level", "district, street or community")],
    },
    LayerAbout {
        id: "grids",
        description: "Outlines of grids around their buildings",
        from_zoom: GRIDS,
        fields: &[("name", "its name"), ("code", "its code of 15 digits"), ("kind", "general or exclusive")],
    },
    LayerAbout {
        id: "compounds",
        description: "Outlines of compounds around their buildings",
        from_zoom: GRIDS,
        fields: &[("name", "its name")],
    },
    LayerAbout { id: "buildings", description: "Buildings", from_zoom: BUILDINGS, fields: &[] },
    LayerAbout {
        id: "names",
        description: "Names of places and compounds, each in their middle",
        from_zoom: ZOOMS.0,
        fields: &[("name", "the name"), ("of", "the layer of what is called so")],
    },
];
/// What is said of each thing of a department.
const DOT_FIELDS: &[(&str, &str)] =
    &[("count", "how many"), ("name", "what it is, if it is one"), ("href", "its page, if it is one")];

/// `GET /map/tiles.json`: where the ground does not stand on the globe, all of it.
///
/// # Errors
/// Sign-in needed, or no permission.
pub async fn json(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    let of = |dots: &Dots| LayerAbout {
        id: dots.layer,
        description: dots.layer,
        from_zoom: dots.from_zoom.max(ZOOMS.0),
        fields: DOT_FIELDS,
    };
    let layers: Vec<LayerAbout> = LAYERS.into_iter().chain(desk.shown.dots().iter().map(of)).collect();
    desk.about(&page, "/map/tiles/{z}/{x}/{y}", &layers).await
}

/// `GET /map/places.json`: the same of the city alone, for everybody.
///
/// # Errors
/// A failure.
pub async fn places_json(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    desk.about(&page, "/map/places/{z}/{x}/{y}", &LAYERS).await
}

/// `GET /map/tiles/{zoom}/{column}/{row}?layers=reports,stations`: without names all layers. A name that no layer has
/// is 400.
///
/// # Errors
/// Sign-in needed, no permission, or 404 where there is no such square.
pub async fn get(
    State(desk): State<Arc<Overview>>,
    page: Page,
    ThreeInPath(zoom, column, row): ThreeInPath<i64>,
) -> Result<Response, WebError> {
    let tile = square(zoom, column, row).ok_or(WebError::NotFound)?;
    let wanted = match Wanted::read(&page, desk.shown.dots().iter().map(|dots| dots.layer)) {
        Ok(wanted) => Arc::new(wanted),
        Err(why) => return Ok(refused(&why)),
    };
    let look = Look { page, tile, wanted };
    if let Some((laid, ground)) = desk.ground_known()
        && let Some(drawn) = look.draw(&desk, laid, ground, true).await?
    {
        return Ok(sent(drawn));
    }
    let Some((laid, ground)) = desk.ground(&look.page).await? else { return Ok(sent(Drawing::new(tile))) };
    let drawn = look.draw(&desk, laid, ground, false).await?;
    Ok(sent(drawn.unwrap_or_else(|| Drawing::new(tile))))
}

/// What somebody wants to see of the map.
struct Look {
    page: Page,
    tile: Tile,
    wanted: Arc<Wanted>,
}

impl Look {
    /// Draws a square on a ground. Where it has to be looked at first whether that ground is still laid, and it is not,
    /// there is none: the same look at the store tells both.
    async fn draw(
        &self,
        desk: &Overview,
        laid: Arc<Geography>,
        ground: Arc<Ground>,
        looks: bool,
    ) -> Result<Option<Drawing>, WebError> {
        let (page, zoom) = (&self.page, self.tile.zoom());
        let mut drawing = Drawing::new(self.tile);
        let (shown, asked, window) = (desk.shown.clone(), page.clone(), window(&ground, self.tile));
        let (kept, today) = (ground.grids(page.now), page.today());
        let wants_grids = zoom >= GRIDS && kept.is_none() && self.wanted.has("grids");
        let (wanted, known) = (self.wanted.clone(), laid.clone());
        let read = desk.hall.store.read(move |tx| {
            if looks && !places::is_laid(tx, Some(&known))? {
                return Ok(None);
            }
            let grids = if wants_grids { Some(places::grids_on(tx, today)?) } else { None };
            let mut found: Vec<(&'static str, Vec<Dot>)> = Vec::new();
            for dots in shown.dots().iter().filter(|dots| dots.from_zoom <= zoom && wanted.has(dots.layer)) {
                found.push((dots.layer, (dots.show)(tx, &asked, window.as_ref())?));
            }
            Ok::<_, store::StoreError>(Some((grids, found)))
        });
        let Some((read, found)) = read.await? else { return Ok(None) };
        let grids = kept.or_else(|| read.map(|of| ground.keep_grids(&laid, of, page.now)));
        below(&mut drawing, page, &ground, grids.as_deref().map(|grids| &grids.outlines), &self.wanted);
        names(&mut drawing, page, &ground, &self.wanted);
        for (layer, dots) in found {
            scatter(&mut drawing, &ground, layer, dots);
        }
        Ok(Some(drawing))
    }
}

/// `GET /map/places/{zoom}/{column}/{row}?layers=places,names`: the city alone, for everybody: no thing of any
/// department is in it.
///
/// # Errors
/// 404 where there is no such square, or a failure.
pub async fn of_city(
    State(desk): State<Arc<Overview>>,
    page: Page,
    ThreeInPath(zoom, column, row): ThreeInPath<i64>,
) -> Result<Response, WebError> {
    let tile = square(zoom, column, row).ok_or(WebError::NotFound)?;
    let wanted = match Wanted::read(&page, std::iter::empty()) {
        Ok(wanted) => wanted,
        Err(why) => return Ok(refused(&why)),
    };
    let mut drawing = Drawing::new(tile);
    let Some((laid, ground)) = desk.ground(&page).await? else { return Ok(sent(drawing)) };
    let (today, mut grids) = (page.today(), ground.grids(page.now));
    if grids.is_none() && tile.zoom() >= GRIDS && wanted.has("grids") {
        let read = desk.hall.store.read(move |tx| places::grids_on(tx, today)).await?;
        grids = Some(ground.keep_grids(&laid, read, page.now));
    }
    below(&mut drawing, &page, &ground, grids.as_deref().map(|grids| &grids.outlines), &wanted);
    names(&mut drawing, &page, &ground, &wanted);
    Ok(sent(drawing))
}

/// The layers that somebody asks for; all of them where nobody named any.
struct Wanted(Option<BTreeSet<String>>);

impl Wanted {
    /// Reads `?layers=a,b`: names of the city's own layers and of those of departments.
    ///
    /// # Errors
    /// Says in words which name no layer has.
    fn read(page: &Page, of_departments: impl Iterator<Item = &'static str>) -> Result<Self, String> {
        let Some(text) = page.query.opt("layers") else { return Ok(Self(None)) };
        let known: Vec<&str> = LAYERS.iter().map(|layer| layer.id).chain(of_departments).collect();
        let names: BTreeSet<String> =
            text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(format!("layers: there is no layer {name:?}; write names of {}", known.join(",")));
        }
        Ok(Self(Some(names).filter(|names| !names.is_empty())))
    }

    fn has(&self, layer: &str) -> bool {
        self.0.as_ref().is_none_or(|names| names.contains(layer))
    }
}

impl Overview {
    /// What tiles there are at an address, and what is in them.
    async fn about(&self, page: &Page, address: &str, layers: &[LayerAbout]) -> Result<Response, WebError> {
        let world = Bounds { west: -180.0, south: -85.0, east: 180.0, north: 85.0 };
        let bounds = self.ground(page).await?.map_or(world, |(_, ground)| ground.bounds);
        let about = About { name: page.city(), address, zooms: ZOOMS, bounds, attribution: "", layers };
        Ok(([(CONTENT_TYPE, "application/json")], about.json().to_string()).into_response())
    }
}

fn sent(drawing: Drawing) -> Response {
    ([(CONTENT_TYPE, tiles::CONTENT_TYPE)], drawing.into_bytes()).into_response()
}

fn square(zoom: i64, column: i64, row: i64) -> Option<Tile> {
    let tile = Tile::new(zoom.try_into().ok()?, column.try_into().ok()?, row.try_into().ok()?);
    tile.filter(|tile| tile.zoom() <= ZOOMS.1)
}

/// What of the ground a square covers, and a little more; all of it if it covers most. Things of half a cell are asked
/// for together.
fn window(ground: &Ground, tile: Tile) -> Option<Window> {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    if tile.zoom() < WHOLE {
        return Some(Window { west: low, south: low, east: high, north: high, together: high, places: None });
    }
    let (bounds, places) = (tile.bounds(), Some(ground.standing_in(tile)));
    let mut edges = Window { west: high, south: high, east: low, north: low, together: 0.0, places };
    for (across, up) in (0..=STEPS).flat_map(|across| (0..=STEPS).map(move |up| (across, up))) {
        let part = |step: u32, low: f64, high: f64| low + (high - low) * f64::from(step) / f64::from(STEPS);
        let (latitude, longitude) = (part(up, bounds.south, bounds.north), part(across, bounds.west, bounds.east));
        let (east, north) = ground.plane.to_metres(kernel::earth::Point::from_degrees(latitude, longitude)?);
        edges.west = edges.west.min(east - MARGIN);
        edges.south = edges.south.min(north - MARGIN);
        edges.east = edges.east.max(east + MARGIN);
        edges.north = edges.north.max(north + MARGIN);
    }
    if let Some(cells) = cells(tile.zoom()) {
        edges.together = (edges.east - edges.west - 2.0 * MARGIN) / f64::from(cells) / 2.0;
    }
    Some(edges)
}

/// The places of which level are drawn at a zoom, and its name.
const fn level_at(zoom: u8) -> (Level, &'static str) {
    match zoom {
        ..STREETS => (Level::District, "district"),
        STREETS..COMMUNITIES => (Level::Street, "street"),
        COMMUNITIES.. => (Level::Community, "community"),
    }
}

/// Draws what lies below the things: places, grids, compounds, buildings.
fn below(drawing: &mut Drawing, page: &Page, ground: &Ground, grids: Option<&Outlines>, wanted: &Wanted) {
    let (tile, zoom) = (drawing.tile(), drawing.tile().zoom());
    if wanted.has("places") {
        outlines(drawing, page, ground);
    }
    for (name, outlines) in [("grids", grids), ("compounds", Some(&ground.compounds))] {
        let mut layer = drawing.layer(name);
        let near = outlines.filter(|_| zoom >= GRIDS && wanted.has(name)).into_iter();
        for outline in near.flat_map(|outlines| outlines.seen(tile)) {
            let mut facts = vec![("name", Value::from(outline.name.get(page.lang)))];
            if let Some((code, kind)) = ground.grid(outline.id).filter(|_| name == "grids") {
                facts.extend([("code", code.into()), ("kind", kind.into())]);
            }
            layer.area(&outline.rings, facts);
        }
        drawing.add(&layer);
    }
    if zoom >= BUILDINGS && wanted.has("buildings") {
        let mut layer = drawing.layer("buildings");
        for building in ground.buildings_seen(tile) {
            layer.point(building, Vec::new());
        }
        drawing.add(&layer);
    }
}

/// Draws the outlines of the districts, streets or communities.
fn outlines(drawing: &mut Drawing, page: &Page, ground: &Ground) {
    let tile = drawing.tile();
    let (level, name) = level_at(tile.zoom());
    // The map of a place is there for those who supervise; its page, for everybody.
    let supervises = !page.visitor.actor.scopes(Permission::CaseSupervise).is_empty();
    let mut layer = drawing.layer("places");
    for outline in ground.places.get(&level).into_iter().flatten().filter(|outline| outline.touches(tile)) {
        let page_of = match (supervises, level < Level::Community) {
            (true, true) => "/map?place=",
            (true, false) => "/supervise?place=",
            (false, _) => "/places/",
        };
        let facts = vec![
            ("name", Value::from(outline.name.get(page.lang))),
            ("href", format!("{page_of}{}", outline.id).into()),
            ("level", name.into()),
        ];
        layer.area(&outline.rings, facts);
    }
    drawing.add(&layer);
}

/// Writes the names of places and, where they are large enough, of compounds. Each stands in one square.
fn names(drawing: &mut Drawing, page: &Page, ground: &Ground, wanted: &Wanted) {
    if !wanted.has("names") {
        return;
    }
    let (zoom, mut layer) = (drawing.tile().zoom(), drawing.layer("names"));
    let (level, _) = level_at(zoom);
    let places = ground.places.get(&level).into_iter().flatten().map(|outline| ("places", outline));
    let large = Some(&ground.compounds).filter(|_| zoom >= BUILDINGS).into_iter();
    let compounds = large.flat_map(|compounds| compounds.seen(drawing.tile())).map(|outline| ("compounds", outline));
    let tile = drawing.tile();
    for (of, outline) in places.chain(compounds).filter(|(_, outline)| tile.holds(outline.middle)) {
        layer.point(outline.middle, vec![("name", outline.name.get(page.lang).into()), ("of", of.into())]);
    }
    drawing.add(&layer);
}

/// Draws the things of a department. Those of one cell are one point with their number; the numbers of a square add up
/// to the things in it.
fn scatter(drawing: &mut Drawing, ground: &Ground, name: &'static str, dots: Vec<Dot>) {
    let tile = drawing.tile();
    let placed = dots.into_iter().filter_map(|dot| Some((ground.spot(&dot)?, dot)));
    let mut layer = drawing.layer(name);
    for cluster in gather(tile, cells(tile.zoom()), placed) {
        let count: i64 = cluster.members.iter().map(|dot| dot.count).sum();
        let mut facts = vec![("count", Value::from(count))];
        if let [only] = cluster.members.as_slice()
            && !only.title.is_empty()
        {
            facts.extend([("name", Value::from(only.title.as_str())), ("href", only.href.as_str().into())]);
        }
        layer.point(cluster.at, facts);
    }
    drawing.add(&layer);
}

/// Into how many cells a square is divided in each direction. At the deepest zoom only what is at the same spot stays
/// together.
const fn cells(zoom: u8) -> Option<u32> {
    match zoom {
        ..COMMUNITIES => Some(8),
        COMMUNITIES..17 => Some(16),
        17.. => None,
    }
}
