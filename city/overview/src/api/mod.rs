//! Places, grids, stations and public reports for programs, as GeoJSON (RFC 7946) by OGC API – Features – Part 1: Core
//! 1.0. Everybody may read them. They hold nothing that its pages do not tell everybody.

mod asked;
mod trouble;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use house::{AskDots, Dot};
use kernel::earth::{Bounds, degrees};
use kernel::language::Lang;
use kernel::place::{Level, PlaceId};
use kernel::time::Instant;
use places::geography::Geography;
use serde_json::{Map, Value, json};
use tiles::Place;
use web::{InPath, Page, PathPart, TwoInPath, WebError};

use asked::{Asked, MOST, overlap};
use trouble::{JSON, missing};

use crate::Overview;
use crate::ground::{Grids, Ground, Outline, Squares, around};

pub(crate) use trouble::refused;
pub use trouble::said;

/// The classes of conformance that are kept.
const CONFORMS: [&str; 3] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
];
/// The one system of coordinates: longitude and latitude of WGS 84.
const CRS: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
/// For how many seconds what was read for everybody is good.
const KEPT_SECONDS: i64 = 60;
/// The name of the file in which somebody keeps the grids of a place.
const FILE: HeaderValue = HeaderValue::from_static("attachment; filename=\"grids.geojson\"");
const GEOJSON: &str = "application/geo+json";
const OPENAPI: &str = "application/vnd.oai.openapi+json;version=3.0";

/// What a collection holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Districts, streets and communities.
    Places,
    /// Grids.
    Grids,
    /// Things of departments, by their layer on the map.
    Dots(&'static str),
}

impl Collection {
    const ALL: [Self; 4] = [Self::Places, Self::Grids, Self::Dots("stations"), Self::Dots("reports")];

    const fn id(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Grids => "grids",
            Self::Dots(layer) => layer,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Places => "overview-ogc-places",
            Self::Grids => "overview-ogc-grids",
            Self::Dots("stations") => "overview-ogc-stations",
            Self::Dots(_) => "overview-ogc-reports",
        }
    }
}

impl PathPart for Collection {
    fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.id() == text)
    }
}

/// The identity of a feature: letters, digits and hyphens.
pub struct FeatureId(String);

impl PathPart for FeatureId {
    fn read(text: &str) -> Option<Self> {
        let plain = text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
        (plain && !text.is_empty()).then(|| Self(text.to_owned()))
    }
}

/// Keeps what departments show to everybody for a short time, by layer and language, so that a program that asks for
/// page after page does not read the whole city each time.
#[derive(Default)]
pub(crate) struct Kept(Mutex<BTreeMap<(&'static str, Lang), Read>>);

/// What was read for one layer and language.
struct Read {
    until: Instant,
    ground: Arc<Ground>,
    features: Arc<Vec<Feature>>,
}

impl Kept {
    fn get(&self, key: (&'static str, Lang), ground: &Arc<Ground>, now: Instant) -> Option<Arc<Vec<Feature>>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = kept.get(&key).filter(|read| read.until > now && Arc::ptr_eq(&read.ground, ground))?;
        Some(read.features.clone())
    }

    fn put(&self, key: (&'static str, Lang), read: Read) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, read);
    }
}

/// One thing of a collection.
struct Feature {
    id: String,
    geometry: Value,
    bounds: Bounds,
    properties: Map<String, Value>,
}

impl Feature {
    fn json(&self) -> Value {
        json!({ "type": "Feature", "id": self.id, "geometry": self.geometry, "properties": self.properties })
    }
}

/// `GET /ogc`
pub async fn landing(State(desk): State<Arc<Overview>>, page: Page) -> Response {
    let link = |rel: &str, kind: &str, to: &str| json!({ "rel": rel, "type": kind, "href": desk.at(to) });
    let links = [
        link("self", JSON, ""),
        link("service-desc", OPENAPI, "/api"),
        link("conformance", JSON, "/conformance"),
        link("data", JSON, "/collections"),
    ];
    answer(JSON, &json!({ "title": page.t1("overview-ogc-title", "city", page.city()), "links": links }))
}

/// Answers at every other address below.
pub async fn nothing_here(_page: Page) -> Response {
    missing("There is nothing at this address.")
}

/// `GET /ogc/conformance`
pub async fn conformance(_page: Page) -> Response {
    answer(JSON, &json!({ "conformsTo": CONFORMS }))
}

/// `GET /ogc/collections`
///
/// # Errors
/// The store failed.
pub async fn collections(State(desk): State<Arc<Overview>>, page: Page) -> Result<Response, WebError> {
    let bounds = desk.ground(&page).await?.map(|(_, ground)| ground.bounds);
    let all: Vec<Value> = Collection::ALL.map(|one| desk.described(&page, one, bounds)).to_vec();
    let own = json!({ "rel": "self", "type": JSON, "href": desk.at("/collections") });
    Ok(answer(JSON, &json!({ "collections": all, "links": [own] })))
}

/// `GET /ogc/collections/{collection}`
///
/// # Errors
/// There is no such collection, or the store failed.
pub async fn collection(
    State(desk): State<Arc<Overview>>,
    page: Page,
    collection: Result<InPath<Collection>, WebError>,
) -> Result<Response, WebError> {
    let Ok(InPath(collection)) = collection else { return Ok(missing("There is no such collection.")) };
    let bounds = desk.ground(&page).await?.map(|(_, ground)| ground.bounds);
    Ok(answer(JSON, &desk.described(&page, collection, bounds)))
}

/// `GET /ogc/collections/{collection}/items?bbox=…&limit=…&offset=…`, and for the grids of a place as a file to edit
/// `GET /ogc/collections/grids/items?place=…`
///
/// # Errors
/// There is no such collection or place, or the store failed.
pub async fn items(
    State(desk): State<Arc<Overview>>,
    page: Page,
    collection: Result<InPath<Collection>, WebError>,
) -> Result<Response, WebError> {
    let Ok(InPath(collection)) = collection else { return Ok(missing("There is no such collection.")) };
    let asked = match Asked::read(&page, collection == Collection::Grids) {
        Ok(asked) => asked,
        Err(why) => return Ok(refused(&why)),
    };
    let all = match asked.place {
        Some(place) => match desk.grids_of(&page, place).await {
            Err(WebError::NotFound) => return Ok(missing("There is no such place.")),
            all => all?,
        },
        None => desk.features(&page, collection).await?,
    };
    let inside = |feature: &&Feature| asked.bbox.is_none_or(|bbox| overlap(bbox, feature.bounds));
    let found: Vec<&Feature> = all.iter().filter(inside).collect();
    let (matched, address) = (found.len(), format!("/collections/{}/items", collection.id()));
    let shown: Vec<Value> = found.iter().skip(asked.offset).take(asked.limit).map(|feature| feature.json()).collect();
    let to = |offset: usize| {
        let offset = offset.to_string();
        desk.at(&format!("{address}{}", page.query.address_with(&[("offset", &offset)])))
    };
    let mut links = vec![json!({ "rel": "self", "type": GEOJSON, "href": to(asked.offset) })];
    let next = asked.offset.saturating_add(asked.limit);
    if next < matched {
        links.push(json!({ "rel": "next", "type": GEOJSON, "href": to(next) }));
    }
    let body = json!({
        "type": "FeatureCollection",
        "features": shown,
        "numberMatched": matched,
        "numberReturned": shown.len(),
        "links": links,
    });
    let mut answer = answer(GEOJSON, &body);
    if asked.place.is_some() {
        answer.headers_mut().insert(CONTENT_DISPOSITION, FILE);
    }
    Ok(answer)
}

/// `GET /ogc/collections/{collection}/items/{feature}`
///
/// # Errors
/// There is no such feature, or the store failed.
pub async fn item(
    State(desk): State<Arc<Overview>>,
    page: Page,
    asked: Result<TwoInPath<Collection, FeatureId>, WebError>,
) -> Result<Response, WebError> {
    let Ok(TwoInPath(collection, FeatureId(id))) = asked else { return Ok(missing("There is no such feature.")) };
    let found = desk.features(&page, collection).await?;
    let Some(feature) = found.iter().find(|feature| feature.id == id) else {
        return Ok(missing("There is no such feature."));
    };
    let mut body = feature.json();
    let address = format!("/collections/{}", collection.id());
    let links = json!([
        { "rel": "self", "type": GEOJSON, "href": desk.at(&format!("{address}/items/{id}")) },
        { "rel": "collection", "type": JSON, "href": desk.at(&address) },
    ]);
    if let Some(members) = body.as_object_mut() {
        members.insert("links".to_owned(), links);
    }
    Ok(answer(GEOJSON, &body))
}

/// `GET /ogc/api`: the same in OpenAPI 3.0.
pub async fn description(State(desk): State<Arc<Overview>>, page: Page) -> Response {
    let get = |id: &str, summary: &str, parameters: &[Value]| {
        let ok = json!({ "200": { "description": "OK" } });
        json!({ "get": { "operationId": id, "summary": summary, "parameters": parameters, "responses": ok } })
    };
    let number = |name: &str, least: usize, most: usize| {
        let schema = json!({ "type": "integer", "minimum": least, "maximum": most });
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    };
    let four = json!({ "type": "array", "minItems": 4, "maxItems": 6, "items": { "type": "number" } });
    let bbox = json!({
        "name": "bbox", "in": "query", "required": false, "style": "form", "explode": false, "schema": four,
    });
    let ids = Collection::ALL.map(Collection::id);
    let path = |name: &str, schema: Value| json!({ "name": name, "in": "path", "required": true, "schema": schema });
    let collection = path("collectionId", json!({ "type": "string", "enum": ids }));
    let feature = path("featureId", json!({ "type": "string" }));
    let place = json!({
        "name": "place", "in": "query", "required": false, "schema": { "type": "integer" },
        "description": "Of grids alone: all grids of this place, each as a square around each of its buildings",
    });
    let of_items = [collection.clone(), bbox, number("limit", 1, MOST), number("offset", 0, MOST * MOST), place];
    let body = json!({
        "openapi": "3.0.3",
        "info": { "title": page.t1("overview-ogc-title", "city", page.city()), "version": "1.0.0" },
        "servers": [{ "url": desk.at("") }],
        "paths": {
            "/": get("landing", "Landing page", &[]),
            "/conformance": get("conformance", "Classes of conformance", &[]),
            "/collections": get("collections", "Collections", &[]),
            "/collections/{collectionId}": get("collection", "A collection", std::slice::from_ref(&collection)),
            "/collections/{collectionId}/items": get("items", "Features of a collection", &of_items),
            "/collections/{collectionId}/items/{featureId}": get("item", "A feature", &[collection.clone(), feature]),
        },
    });
    answer(OPENAPI, &body)
}

impl Overview {
    /// The whole address of a part of this interface.
    fn at(&self, path: &str) -> String {
        format!("{}/ogc{path}", self.public_url.trim_end_matches('/'))
    }

    fn described(&self, page: &Page, collection: Collection, bounds: Option<Bounds>) -> Value {
        let address = format!("/collections/{}", collection.id());
        let Bounds { west, south, east, north } =
            bounds.unwrap_or(Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 });
        json!({
            "id": collection.id(),
            "title": page.t(collection.title()),
            "itemType": "feature",
            "crs": [CRS],
            "extent": { "spatial": { "bbox": [[west, south, east, north]], "crs": CRS } },
            "links": [
                { "rel": "self", "type": JSON, "href": self.at(&address) },
                { "rel": "items", "type": GEOJSON, "href": self.at(&format!("{address}/items")) },
            ],
        })
    }

    /// The features of a collection, in their order; none where the ground does not stand on the globe.
    async fn features(&self, page: &Page, collection: Collection) -> Result<Arc<Vec<Feature>>, WebError> {
        let Some((laid, ground)) = self.ground(page).await? else { return Ok(Arc::default()) };
        match collection {
            Collection::Places => {
                let all = ground.places.iter().filter(|(level, _)| **level > Level::City);
                let coded = |parts: &[Outline], level: Level| {
                    let mut feature = area(page, parts, level)?;
                    let code = ground.code(parts.first()?.id)?;
                    feature.properties.insert("code".to_owned(), code.into());
                    Some(feature)
                };
                let of_level = |(level, outlines): (&Level, &Vec<Outline>)| {
                    let places = outlines.chunk_by(|one, other| one.id == other.id);
                    places.filter_map(|parts| coded(parts, *level)).collect::<Vec<_>>()
                };
                Ok(Arc::new(all.flat_map(of_level).collect()))
            }
            Collection::Grids => {
                let grids = self.grids(page, &laid, &ground).await?;
                let grid = |one: &Outline| {
                    let mut feature = area(page, std::slice::from_ref(one), Level::Grid)?;
                    if let Some((code, kind)) = ground.grid(one.id) {
                        feature.properties.insert("code".to_owned(), code.into());
                        feature.properties.insert("kind".to_owned(), kind.into());
                    }
                    Some(feature)
                };
                Ok(Arc::new(grids.outlines.all.iter().filter_map(grid).collect()))
            }
            Collection::Dots(layer) => {
                let dots = self.shown.dots().iter().find(|dots| dots.layer == layer);
                let Some(ask) = dots.and_then(|dots| dots.public.clone()) else { return Ok(Arc::default()) };
                let key = (layer, page.lang);
                if let Some(kept) = self.kept.get(key, &ground, page.now) {
                    return Ok(kept);
                }
                let features = Arc::new(self.dots(page, &ground, ask).await?);
                let until = page.now.plus_seconds(KEPT_SECONDS);
                self.kept.put(key, Read { until, ground, features: features.clone() });
                Ok(features)
            }
        }
    }

    /// The grids of today.
    async fn grids(&self, page: &Page, laid: &Geography, ground: &Ground) -> Result<Arc<Grids>, WebError> {
        if let Some(kept) = ground.grids(page.now) {
            return Ok(kept);
        }
        let today = page.today();
        let of = self.hall.store.read(move |tx| places::grids_on(tx, today)).await?;
        Ok(ground.keep_grids(laid, of, page.now))
    }

    /// The grids of a place as they can be edited with a program for maps and read back.
    async fn grids_of(&self, page: &Page, place: PlaceId) -> Result<Arc<Vec<Feature>>, WebError> {
        let path = self.hall.places.tree().get(place).map(|place| place.path.clone()).ok_or(WebError::NotFound)?;
        let Some((laid, ground)) = self.ground(page).await? else { return Ok(Arc::default()) };
        let grids = self.grids(page, &laid, &ground).await?;
        Ok(Arc::new(ground.squares(&laid, &grids, &path).iter().map(apart).collect()))
    }

    async fn dots(&self, page: &Page, ground: &Ground, ask: AskDots) -> Result<Vec<Feature>, WebError> {
        let asker = page.clone();
        let found = self.hall.store.read(move |tx| ask(tx, &asker, None)).await?;
        let feature = |dot: &Dot| {
            let (latitude, longitude) = degrees(ground.spot(dot)?);
            let bounds = Bounds { west: longitude, south: latitude, east: longitude, north: latitude };
            let geometry = json!({ "type": "Point", "coordinates": [rounded(longitude), rounded(latitude)] });
            let properties = [("name", Value::from(dot.title.as_str())), ("place", dot.place.id().0.into())];
            let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Some(Feature { id: dot.id.clone(), geometry, bounds, properties })
        };
        Ok(found.iter().filter_map(feature).collect())
    }
}

/// The areas of one place as a feature.
fn area(page: &Page, parts: &[Outline], level: Level) -> Option<Feature> {
    let first = parts.first()?;
    let bounds = parts.iter().map(Outline::bounds).reduce(around)?;
    let rings = |outline: &Outline| outline.rings.iter().enumerate().map(|(at, ring)| turned(ring, at == 0)).collect();
    let mut polygons: Vec<Vec<Vec<[f64; 2]>>> = parts.iter().map(rings).collect();
    let geometry = match polygons.pop() {
        Some(only) if polygons.is_empty() => json!({ "type": "Polygon", "coordinates": only }),
        last => {
            polygons.extend(last);
            json!({ "type": "MultiPolygon", "coordinates": polygons })
        }
    };
    let properties = [("name", Value::from(page.of(&first.name))), ("level", json!(level))];
    let properties = properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Some(Feature { id: first.id.to_string(), geometry, bounds, properties })
}

/// A ring in degrees, closed: an outer one against the clock and a hole with it, as RFC 7946 (section 3.1.6) wants it.
fn turned(ring: &[Place], is_outer: bool) -> Vec<[f64; 2]> {
    let corner = |at: &Place| {
        let (latitude, longitude) = degrees(*at);
        [rounded(longitude), rounded(latitude)]
    };
    let mut corners: Vec<[f64; 2]> = ring.iter().map(corner).collect();
    let next = corners.iter().cycle().skip(1);
    let twice: f64 = corners.iter().zip(next).map(|(one, other)| one[0] * other[1] - other[0] * one[1]).sum();
    if (twice > 0.0) != is_outer {
        corners.reverse();
    }
    corners.extend(corners.first().copied());
    corners
}

/// A grid as squares around its buildings.
fn apart(grid: &Squares<'_>) -> Feature {
    let start = Bounds { west: 180.0, south: 90.0, east: -180.0, north: -90.0 };
    let bounds = grid.boxes.iter().copied().fold(start, around);
    let square = |at: &Bounds| {
        let [west, south, east, north] = [at.west, at.south, at.east, at.north].map(rounded);
        json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]])
    };
    let squares: Vec<Value> = grid.boxes.iter().map(square).collect();
    let properties = [
        ("name", Value::from(grid.name)),
        ("level", json!(Level::Grid)),
        ("code", grid.code.into()),
        ("kind", grid.kind.into()),
    ];
    Feature {
        id: grid.id.to_string(),
        geometry: json!({ "type": "MultiPolygon", "coordinates": squares }),
        bounds,
        properties: properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    }
}

/// Degrees to the ten-millionth.
fn rounded(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

fn answer(kind: &'static str, body: &Value) -> Response {
    ([(CONTENT_TYPE, kind)], body.to_string()).into_response()
}
