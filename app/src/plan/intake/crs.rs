//! This file knows the systems of coordinates that cities write their points in, and leads from each to WGS 84.

use kernel::earth::{Datum, Plane, Point as Degrees, Strip};
use kernel::language::Bilingual;
use planning::shape::Point;

use crate::plan::table::both;

/// A system of coordinates (坐标系).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crs {
    /// Degrees. Those of CGCS2000 are those of WGS 84 to less than a centimetre.
    Degrees(Datum),
    /// Metres in a strip of surveyors.
    Strip(Strip),
    /// Metres in a plane of the city's own. It touches the globe at a point, if anybody knows where.
    Plan(Option<Degrees>),
}

impl Crs {
    /// Reads a name: `wgs84`, `cgcs2000`, `gcj02`, `bd09`, `utm51n`, `gk123`, `epsg:4549`, `plan`, or `plan@LAT,LON`
    /// with the point where both metres are 0.
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.trim().to_lowercase();
        if let Some(origin) = name.strip_prefix("plan@") {
            return Some(Self::Plan(Some(Degrees::parse(origin)?)));
        }
        let name: String = name.chars().filter(|sign| !matches!(sign, '-' | '_' | ' ')).collect();
        match name.as_str() {
            "plan" | "local" => Some(Self::Plan(None)),
            "cgcs2000" | "epsg:4326" | "epsg:4490" => Some(Self::Degrees(Datum::Wgs84)),
            _ => Datum::parse(&name).map(Self::Degrees).or_else(|| Strip::parse(&name).map(Self::Strip)),
        }
    }

    /// Says which system it is.
    pub fn told(&self) -> Bilingual {
        match self {
            Self::Degrees(Datum::Wgs84) => {
                both("WGS 84 经纬度（与 CGCS2000 相同）", "degrees of WGS 84 (and CGCS2000)")
            }
            Self::Degrees(Datum::Gcj02) => both("GCJ-02 经纬度（高德、腾讯地图）", "degrees of GCJ-02 (Amap, Tencent)"),
            Self::Degrees(Datum::Bd09) => both("BD-09 经纬度（百度地图）", "degrees of BD-09 (Baidu)"),
            Self::Strip(Strip::Utm { zone, south }) => {
                let side = if *south { both("南", "S") } else { both("北", "N") };
                both(format!("UTM {zone} 带（{}半球）米", side.zh), format!("metres of UTM zone {zone}{}", side.en))
            }
            Self::Strip(Strip::Gauss { middle }) => both(
                format!("高斯-克吕格投影米，中央经线 {middle}°"),
                format!("metres of Gauss–Krüger around {middle}° east"),
            ),
            Self::Plan(None) => both("本地平面米", "metres of a local plane"),
            Self::Plan(Some(origin)) => {
                both(format!("以 {origin} 为原点的平面米"), format!("metres of a plane around {origin}"))
            }
        }
    }

    /// Says whether points of this system can be placed on the globe.
    pub fn is_placed(&self) -> bool {
        !matches!(self, Self::Plan(None))
    }

    /// Returns the point of two coordinates, those to the east first: degrees of WGS 84, or metres of a plane that
    /// nobody can place on the globe. Returns nothing if the system has no such point.
    pub fn point(&self, at: Point) -> Option<Point> {
        let (latitude, longitude) = match self {
            Self::Degrees(datum) => datum.meant(Degrees::from_degrees(at.y, at.x)?).degrees(),
            Self::Strip(strip) => strip.to_degrees((at.x, at.y))?,
            Self::Plan(Some(origin)) => Plane::new(*origin).to_degrees((at.x, at.y))?,
            Self::Plan(None) => return Some(at),
        };
        Some(Point { x: longitude, y: latitude })
    }
}

/// Where a person says what coordinates mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// The option `--crs` of `lianglin plan`, which takes every system.
    Crs,
    /// The option `--datum` of `lianglin places geography`, which takes degrees alone.
    Datum,
    /// The field of the form in the browser, which takes every system.
    Field,
}

impl Naming {
    /// Returns what it is called.
    pub fn name(self) -> Bilingual {
        match self {
            Self::Crs => both("--crs", "--crs"),
            Self::Datum => both("--datum", "--datum"),
            Self::Field => both("“坐标系”", "“Coordinates”"),
        }
    }

    /// Says whether metres of this system can be named there, or whether it is one of degrees.
    pub fn takes(self, crs: &Crs) -> bool {
        self != Self::Datum || matches!(crs, Crs::Degrees(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_read_by_its_name() {
        let strip = |zone: u8| Some(Crs::Strip(Strip::Utm { zone, south: false }));
        let table = [
            ("wgs84", Some(Crs::Degrees(Datum::Wgs84))),
            ("WGS-84", Some(Crs::Degrees(Datum::Wgs84))),
            ("CGCS2000", Some(Crs::Degrees(Datum::Wgs84))),
            ("gcj-02", Some(Crs::Degrees(Datum::Gcj02))),
            ("BD09", Some(Crs::Degrees(Datum::Bd09))),
            ("utm50n", strip(50)),
            ("epsg:32651", strip(51)),
            ("epsg:4549", Some(Crs::Strip(Strip::Gauss { middle: 120 }))),
            ("gk123", Some(Crs::Strip(Strip::Gauss { middle: 123 }))),
            ("plan", Some(Crs::Plan(None))),
            ("plan@41.8057,123.4315", Some(Crs::Plan(Degrees::parse("41.8057,123.4315")))),
            ("plan@nowhere", None),
            ("mars", None),
        ];
        for (name, wanted) in table {
            assert_eq!(Crs::parse(name), wanted, "{name}");
        }
    }

    #[test]
    fn every_system_leads_to_the_same_point() {
        // The point of Shenyang: GCJ-02 and BD-09 as gcoord (npm) gives them, the plane as proj4js does.
        let table = [
            ("wgs84", (123.431_5, 41.805_7)),
            ("gcj02", (123.437_635_7, 41.808_128_0)),
            ("bd09", (123.444_222_4, 41.813_908_4)),
            ("gk123", (535_858.691, 4_630_145.718)),
            ("gk123", (41_535_858.691, 4_630_145.718)),
            ("utm51n", (535_844.347, 4_628_293.660)),
            ("plan@41,122.3", (94_030.971, 90_101.390)),
        ];
        for (name, (x, y)) in table {
            let found = Crs::parse(name).unwrap().point(Point { x, y }).unwrap();
            assert!((found.x - 123.431_5).abs() < 5e-7 && (found.y - 41.805_7).abs() < 5e-7, "{name}: {found:?}");
        }
        assert_eq!(Crs::Plan(None).point(Point { x: 5.0, y: 7.0 }), Some(Point { x: 5.0, y: 7.0 }));
        assert_eq!(Crs::parse("gk123").unwrap().point(Point { x: -5.0, y: 7.0 }), None);
        assert_eq!(Crs::parse("wgs84").unwrap().point(Point { x: 41.8, y: 123.4 }), None);
    }
}
