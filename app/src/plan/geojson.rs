//! This file writes answers as GeoJSON (RFC 7946), so that people can look at them. The coordinates are those of the
//! tables: degrees if the tables have degrees, otherwise metres in their plane. The collection says which.

use serde_json::{Map, Value, json};

use planning::shape::{Point, hull as corners};

/// Returns a point with facts.
pub fn point(at: Point, facts: &[(&str, Value)]) -> Value {
    feature(&json!({ "type": "Point", "coordinates": [at.x, at.y] }), facts)
}

/// Returns the hull of some points with facts. If there are too few points, it is a line or a point.
pub fn hull(points: &[Point], facts: &[(&str, Value)]) -> Value {
    let mut ring: Vec<[f64; 2]> = corners(points).into_iter().map(|corner| [corner.x, corner.y]).collect();
    let geometry = match ring.len() {
        0 => Value::Null,
        1 => json!({ "type": "Point", "coordinates": ring[0] }),
        2 => json!({ "type": "LineString", "coordinates": ring }),
        _ => {
            ring.push(ring[0]);
            json!({ "type": "Polygon", "coordinates": [ring] })
        }
    };
    feature(&geometry, facts)
}

fn feature(geometry: &Value, facts: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    json!({ "type": "Feature", "geometry": geometry, "properties": properties })
}

/// Returns a collection. Each feature has a line of its own, so that people can read changes.
pub fn collection(features: &[Value]) -> Vec<u8> {
    collection_in("coordinates as in the tables; metres in a plane unless the nodes have lon and lat", features)
}

/// Does the same and says what the coordinates are.
pub fn collection_in(unit: &str, features: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = features.iter().map(Value::to_string).collect();
    format!("{{\"type\":\"FeatureCollection\",\"unit\":\"{unit}\",\"features\":[\n{}\n]}}\n", lines.join(",\n"))
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn a_hull_has_the_corners_alone() {
        let square = [at(0.0, 0.0), at(2.0, 0.0), at(1.0, 1.0), at(2.0, 2.0), at(0.0, 2.0), at(1.0, 0.0)];
        assert_eq!(corners(&square), [at(0.0, 0.0), at(2.0, 0.0), at(2.0, 2.0), at(0.0, 2.0)]);
        assert_eq!(hull(&square[..2], &[])["geometry"]["type"], "LineString");
        assert_eq!(hull(&square[..1], &[])["geometry"]["type"], "Point");
        assert_eq!(hull(&[], &[])["geometry"], Value::Null);
        let line = [at(0.0, 0.0), at(1.0, 1.0), at(2.0, 2.0)];
        assert_eq!(corners(&line), [at(0.0, 0.0), at(2.0, 2.0)]);
    }

    #[test]
    fn a_collection_is_json() {
        let bytes = collection(&[point(at(1.5, 2.0), &[("grid", json!(7))])]);
        let read: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["features"][0]["properties"]["grid"], 7);
        assert_eq!(read["features"][0]["geometry"]["coordinates"], json!([1.5, 2.0]));
    }
}
