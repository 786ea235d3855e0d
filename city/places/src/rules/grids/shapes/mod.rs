//! This folder reads grids that were drawn with a program for maps: a GeoJSON file (RFC 7946) with a polygon for each
//! grid. It is pure. Whatever is wrong is told with the number of the feature, counted from 1.

mod area;
mod lying;
#[cfg(test)]
mod tests;

pub use lying::{Ashore, given};

use area::{Area, Side};
use kernel::earth::{Datum, Point};
use kernel::line::line_fault;
use kernel::refusal::Refusal;
use serde_json::{Map, Value};

use crate::refusals::Why;
use crate::rules::geography::Rings;

/// Limits the bytes of a file.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Limits the features of a file.
const MOST_FEATURES: usize = 2_000;
/// Limits the corners of one ring, of which those at the same height or width are compared with one another.
const MOST_CORNERS: usize = 5_000;
/// Limits the corners of a file.
const MOST_IN_ALL: usize = 100_000;
/// Limits the characters of a name.
pub const NAME_LIMIT: usize = 40;
/// Says how many corners the smallest ring has: three, and the first once more.
const LEAST_CORNERS: usize = 4;

/// Systems of coordinates that are degrees of WGS 84, or of CGCS2000, which differs from it by less than a metre. Older
/// files name theirs; whatever program wrote it, longitude comes first.
const SYSTEMS: [&str; 3] = ["CRS84", "4326", "4490"];
/// What programs for maps call the properties of a grid, in small letters.
const NAMES: [&str; 4] = ["name", "名称", "网格名称", "grid_name"];
const CODES: [&str; 6] = ["code", "编码", "代码", "网格编码", "网格代码", "grid_code"];
const KINDS: [&str; 2] = ["kind", "网格类型"];

/// A grid as it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its name, which may be empty.
    pub name: String,
    /// Its code, which may be empty.
    pub code: String,
    /// Whether it is an exclusive grid, or nothing if the file does not say.
    pub exclusive: Option<bool>,
    areas: Vec<Area>,
}

impl Shape {
    /// Returns its areas.
    #[must_use]
    pub fn rings(&self) -> Vec<Rings> {
        self.areas.iter().map(Area::rings).collect()
    }

    /// Returns whether a point lies in it or on its edge.
    #[must_use]
    pub fn holds(&self, at: Point) -> bool {
        self.areas.iter().any(|area| area.side(at) > Side::Outside)
    }
}

/// Reads the grids of a file. `datum` says what its degrees mean.
///
/// # Errors
/// Says for each feature what is wrong with it, or what is wrong with the whole file.
pub fn read(bytes: &[u8], datum: Datum) -> Result<Vec<Shape>, Vec<Refusal>> {
    let large = || vec![Refusal::new(Why::GridFileLarge).with("megabytes", MOST_BYTES / 1024 / 1024)];
    if bytes.len() > MOST_BYTES {
        return Err(large());
    }
    let plain = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let file: Value = serde_json::from_slice(plain).map_err(|fault| {
        let refusal = Refusal::new(Why::GridFileUnreadable);
        vec![refusal.with("line", fault.line()).with("column", fault.column())]
    })?;
    let collection = file.get("type").and_then(Value::as_str) == Some("FeatureCollection");
    let features = file.get("features").and_then(Value::as_array).filter(|features| !features.is_empty());
    let features = features.filter(|_| collection).ok_or_else(|| vec![Refusal::new(Why::GridFileNone)])?;
    if let Some(crs) = other_system(&file) {
        return Err(vec![Refusal::new(Why::GridFileCrs).with("crs", crs)]);
    }
    if features.len() > MOST_FEATURES || corners(&file) > MOST_IN_ALL {
        return Err(large());
    }
    let (mut shapes, mut faults) = (Vec::new(), Vec::new());
    for (number, feature) in (1..).zip(features) {
        match shape(number, feature, datum) {
            Ok(shape) => shapes.push(shape),
            Err(fault) => faults.push(fault.with("number", number)),
        }
    }
    if faults.is_empty() { Ok(shapes) } else { Err(faults) }
}

/// Names the system of coordinates of a file, if it says one that is not in degrees of WGS 84.
fn other_system(file: &Value) -> Option<String> {
    let name = file.get("crs")?.get("properties")?.get("name")?.as_str()?.trim();
    let last = name.rsplit([':', '/']).next().unwrap_or(name).to_uppercase();
    (!SYSTEMS.contains(&last.as_str())).then(|| name.chars().take(NAME_LIMIT).collect())
}

/// Counts the pairs of numbers in a file, up to the nesting that a geometry has.
fn corners(value: &Value) -> usize {
    match value {
        Value::Array(parts) if parts.first().is_some_and(Value::is_number) => 1,
        Value::Array(parts) => parts.iter().map(corners).sum(),
        Value::Object(members) => members.values().map(corners).sum(),
        _ => 0,
    }
}

fn shape(number: usize, feature: &Value, datum: Datum) -> Result<Shape, Refusal> {
    let nothing = Map::new();
    let properties = feature.get("properties").and_then(Value::as_object).unwrap_or(&nothing);
    let text = |names: &[&str]| match property(properties, names) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (name, code) = (text(&NAMES), text(&CODES));
    if name.chars().count() > NAME_LIMIT {
        return Err(Refusal::new(Why::GridShapeName).with("limit", NAME_LIMIT));
    }
    if line_fault(&name).or_else(|| line_fault(&code)).is_some() {
        return Err(Refusal::new(Why::GridShapeHidden));
    }
    let exclusive = kind(&text(&KINDS))?;
    let geometry = feature.get("geometry").unwrap_or(&Value::Null);
    let coordinates = geometry.get("coordinates").and_then(Value::as_array);
    let polygons: Vec<&Value> = match (geometry.get("type").and_then(Value::as_str), coordinates) {
        (Some("Polygon"), Some(_)) => geometry.get("coordinates").into_iter().collect(),
        (Some("MultiPolygon"), Some(polygons)) => polygons.iter().collect(),
        _ => return Err(Refusal::new(Why::GridShapeKind)),
    };
    let areas: Vec<Area> = polygons.into_iter().map(|rings| polygon(rings, datum)).collect::<Result<_, _>>()?;
    if areas.is_empty() {
        return Err(Refusal::new(Why::GridShapeBroken));
    }
    Ok(Shape { number, name, code, exclusive, areas })
}

/// Returns the first of some properties that a feature has, in letters of any size.
fn property<'v>(properties: &'v Map<String, Value>, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|name| {
        let mut own = properties.iter().filter(|(key, _)| key.trim().to_lowercase() == *name);
        own.next().map(|(_, value)| value)
    })
}

/// Reads the kind of a grid as the file names it.
fn kind(text: &str) -> Result<Option<bool>, Refusal> {
    match text.to_lowercase().as_str() {
        "" => Ok(None),
        "general" | "grid" | "综合" | "综合网格" | "网格" => Ok(Some(false)),
        "exclusive" | "exclusive-grid" | "专属" | "专属网格" => Ok(Some(true)),
        _ => Err(Refusal::new(Why::GridShapeProperty).with("kind", text.chars().take(NAME_LIMIT).collect::<String>())),
    }
}

fn polygon(rings: &Value, datum: Datum) -> Result<Area, Refusal> {
    let rings = rings.as_array().filter(|rings| !rings.is_empty());
    let rings = rings.ok_or_else(|| Refusal::new(Why::GridShapeBroken))?;
    let mut read = rings.iter().map(|one| ring(one, datum)).collect::<Result<Vec<_>, _>>()?.into_iter();
    let outer = read.next().unwrap_or_default();
    Ok(Area::new(outer, read.collect()))
}

fn ring(ring: &Value, datum: Datum) -> Result<Vec<Point>, Refusal> {
    let broken = || Refusal::new(Why::GridShapeBroken);
    let corners = ring.as_array().ok_or_else(broken)?;
    if corners.len() > MOST_CORNERS {
        return Err(Refusal::new(Why::GridShapeLarge).with("corners", MOST_CORNERS));
    }
    let mut points = Vec::with_capacity(corners.len());
    for corner in corners {
        let pair = corner.as_array().and_then(|pair| Some((pair.first()?.as_f64()?, pair.get(1)?.as_f64()?)));
        let (longitude, latitude) = pair.ok_or_else(broken)?;
        points.push(point(longitude, latitude)?);
    }
    if points.len() < LEAST_CORNERS || points.first() != points.last() {
        return Err(broken());
    }
    let meant: Vec<Point> = points.into_iter().map(|point| datum.meant(point)).collect();
    match area::crossing(&meant) {
        Some(at) => Err(Refusal::new(Why::GridShapeCrossing).with("corner", at + 1)),
        None => Ok(meant),
    }
}

/// Makes a point of longitude and latitude, the order of GeoJSON.
fn point(longitude: f64, latitude: f64) -> Result<Point, Refusal> {
    Point::from_degrees(latitude, longitude).ok_or_else(|| {
        let turned = Point::from_degrees(longitude, latitude).is_some();
        Refusal::new(if turned { Why::GridShapeSwapped } else { Why::GridShapeDegrees })
    })
}
