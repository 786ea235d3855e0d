//! A point on the map, in whole ten-millionths of a degree, so that two of them are compared exactly.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Parts of a degree.
const PARTS: i64 = 10_000_000;
/// The same as a number with a fraction.
const DEGREE: f64 = 10_000_000.0;
/// Digits after the point of a degree.
const DIGITS: usize = 7;

/// A point (坐标) in degrees of WGS 84 or CGCS2000, which differ by less than it tells apart. Its text is
/// `41.8057143,123.4315000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Point {
    latitude: i32,
    longitude: i32,
}

impl Point {
    /// A point from ten-millionths of a degree, north and east; none outside of the globe.
    pub fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let inside = |value: i32, degrees: i64| i64::from(value).abs() <= degrees * PARTS;
        (inside(latitude, 90) && inside(longitude, 180)).then_some(Self { latitude, longitude })
    }

    /// Ten-millionths of a degree north.
    pub const fn latitude(self) -> i32 {
        self.latitude
    }

    /// Ten-millionths of a degree east.
    pub const fn longitude(self) -> i32 {
        self.longitude
    }

    /// The point at degrees north and east, rounded to the ten-millionth; none outside of the globe.
    #[must_use]
    pub fn from_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        if !(latitude.abs() <= 90.0 && longitude.abs() <= 180.0) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "degrees of the globe fit, as was just asked")]
        let parts = |degrees: f64| (degrees * DEGREE).round() as i32;
        Self::new(parts(latitude), parts(longitude))
    }

    /// Degrees north and east.
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.latitude) / DEGREE, f64::from(self.longitude) / DEGREE)
    }

    /// Reads `latitude,longitude` in degrees with at most seven digits after the point.
    pub fn parse(text: &str) -> Option<Self> {
        let (latitude, longitude) = text.split_once([',', '，'])?;
        Self::new(degrees(latitude.trim())?, degrees(longitude.trim())?)
    }
}

fn degrees(text: &str) -> Option<i32> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, parts) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(parts) || parts.len() > DIGITS || whole.len() > 3 {
        return None;
    }
    let parts: i64 = format!("{parts:0<DIGITS$}").parse().ok()?;
    let value = whole.parse::<i64>().ok()?.checked_mul(PARTS)?.checked_add(parts)?;
    i32::try_from(if negative { -value } else { value }).ok()
}

fn shown(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let value = i64::from(value).abs();
    format!("{sign}{}.{:0DIGITS$}", value / PARTS, value % PARTS)
}

impl fmt::Display for Point {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{},{}", shown(self.latitude), shown(self.longitude))
    }
}

impl From<Point> for String {
    fn from(point: Point) -> Self {
        point.to_string()
    }
}

impl TryFrom<String> for Point {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no point"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_read_and_written_in_one_way() {
        let table = [
            ("41.8057143,123.4315", Some("41.8057143,123.4315000")),
            (" 41 , 123 ", Some("41.0000000,123.0000000")),
            ("-0.5，-179.9999999", Some("-0.5000000,-179.9999999")),
            ("91,0", None),
            ("0,180.0000001", None),
            ("41.80571431,123", None),
            ("41.8", None),
            ("41.,123", None),
            ("1e1,2", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(Point::parse(text).map(|point| point.to_string()).as_deref(), expected, "{text:?}");
        }
        let point = Point::parse("41.8057143,123.4315").unwrap();
        assert_eq!((point.latitude(), point.longitude()), (418_057_143, 1_234_315_000));
        assert_eq!(Point::from_degrees(41.805_714_31, 123.431_5), Some(point), "rounded");
        assert_eq!(point.degrees(), (41.805_714_3, 123.431_5));
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Point::from_degrees(latitude, longitude), None);
        }
        let stored = serde_json::to_string(&point).unwrap();
        assert_eq!(stored, "\"41.8057143,123.4315000\"");
        assert_eq!(serde_json::from_str::<Point>(&stored).unwrap(), point);
        assert!(serde_json::from_str::<Point>("\"here\"").is_err());
    }
}
