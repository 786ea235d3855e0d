//! The degrees that maps in China show are shifted on purpose: GCJ-02 (国测局坐标, Amap, Tencent) and BD-09 (Baidu,
//! from GCJ-02). The state publishes no formula; this one is the one that everybody uses, from eviltransform and
//! its kin.

use std::f64::consts::PI;

use super::Point;

/// The semi-major axis (Krasovsky 1940) and the square of the eccentricity that the shift is made with.
const AXIS_METRES: f64 = 6_378_245.0;
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// The angle by which Baidu's second shift goes round.
const ROUND: f64 = PI * 3_000.0 / 180.0;
/// Rounds by which a shift is undone. Each leaves at most a fortieth of what was wrong.
const ROUNDS: usize = 12;

/// What the degrees of a map mean (坐标系).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Datum {
    /// WGS 84 or CGCS2000: not shifted.
    #[default]
    Wgs84,
    /// GCJ-02.
    Gcj02,
    /// BD-09.
    Bd09,
}

impl Datum {
    /// Every one of them.
    pub const ALL: &'static [Self] = &[Self::Wgs84, Self::Gcj02, Self::Bd09];

    /// The stable name in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }

    /// Reads the stable name.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }

    /// The degrees that such a map shows for a point of WGS 84. Outside of China nothing is shifted.
    #[must_use]
    pub fn shown(self, point: Point) -> Point {
        let (latitude, longitude) = self.shift(point.degrees());
        Point::from_degrees(latitude, longitude).unwrap_or(point)
    }

    /// The point of WGS 84 for which such a map shows these degrees, to a millionth of a degree.
    #[must_use]
    pub fn meant(self, shown: Point) -> Point {
        let wanted = shown.degrees();
        let mut found = wanted;
        for _ in 0..ROUNDS {
            let (latitude, longitude) = self.shift(found);
            found = (found.0 + wanted.0 - latitude, found.1 + wanted.1 - longitude);
        }
        Point::from_degrees(found.0, found.1).unwrap_or(shown)
    }

    fn shift(self, degrees: (f64, f64)) -> (f64, f64) {
        match self {
            Self::Gcj02 if in_china(degrees) => gcj02(degrees),
            Self::Bd09 if in_china(degrees) => bd09(gcj02(degrees)),
            Self::Wgs84 | Self::Gcj02 | Self::Bd09 => degrees,
        }
    }
}

/// Whether the shift is made there: the formula takes a box around China, not its border.
fn in_china(degrees: (f64, f64)) -> bool {
    let (latitude, longitude) = degrees;
    (72.004..=137.8347).contains(&longitude) && (0.8293..=55.8271).contains(&latitude)
}

fn gcj02(degrees: (f64, f64)) -> (f64, f64) {
    let (latitude, longitude) = degrees;
    let (x, y) = (longitude - 105.0, latitude - 35.0);
    let wave = |value: f64, strength: f64| strength * (value * PI).sin();
    let both = wave(6.0 * x, 20.0) + wave(2.0 * x, 20.0);
    let waves_north = both + wave(y, 20.0) + wave(y / 3.0, 40.0) + wave(y / 12.0, 160.0) + wave(y / 30.0, 320.0);
    let waves_east = both + wave(x, 20.0) + wave(x / 3.0, 40.0) + wave(x / 12.0, 150.0) + wave(x / 30.0, 300.0);
    let root = x.abs().sqrt();
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves_north * 2.0 / 3.0;
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves_east * 2.0 / 3.0;
    let radians = latitude.to_radians();
    let magic = 1.0 - ECCENTRICITY_SQUARED * radians.sin().powi(2);
    let along = AXIS_METRES * (1.0 - ECCENTRICITY_SQUARED) / (magic * magic.sqrt());
    let across = AXIS_METRES / magic.sqrt() * radians.cos();
    (latitude + (north / along).to_degrees(), longitude + (east / across).to_degrees())
}

fn bd09(degrees: (f64, f64)) -> (f64, f64) {
    let (latitude, longitude) = degrees;
    let far = longitude.hypot(latitude) + 0.000_02 * (latitude * ROUND).sin();
    let angle = latitude.atan2(longitude) + 0.000_003 * (longitude * ROUND).cos();
    (far * angle.sin() + 0.006, far * angle.cos() + 0.006_5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: Point, latitude: f64, longitude: f64, most: f64) -> bool {
        let (north, east) = found.degrees();
        (north - latitude).abs() <= most && (east - longitude).abs() <= most
    }

    #[test]
    fn published_pairs_come_out() {
        // The tests of googollee/eviltransform: Shanghai, Shenzhen, Beijing.
        let table = [
            ((31.177_427_6, 121.527_210_6), (31.175_303_983_645_97, 121.531_541_859_215)),
            ((22.543_847, 113.912_316), (22.540_796_131_694_766, 113.917_176_480_836_3)),
            ((39.911_954, 116.377_817), (39.913_345_545_360_69, 116.384_047_224_556_57)),
        ];
        for ((latitude, longitude), (north, east)) in table {
            let point = Point::from_degrees(latitude, longitude).unwrap();
            let shown = Datum::Gcj02.shown(point);
            assert!(near(shown, north, east, 6e-8), "{shown}");
            assert!(near(Datum::Gcj02.meant(shown), latitude, longitude, 1e-6), "{shown}");
        }
        // BD-09 back to WGS 84, as gcoord (npm) gives it, whose way back is good to a millionth of a degree.
        let table = [
            ((29.199_786, 120.019_809), (29.196_219_8, 120.008_740_0)),
            ((29.210_504, 120.036_455), (29.207_157_9, 120.025_283_0)),
        ];
        for ((latitude, longitude), (north, east)) in table {
            let meant = Datum::Bd09.meant(Point::from_degrees(latitude, longitude).unwrap());
            assert!(near(meant, north, east, 2e-6), "{meant}");
        }
    }

    #[test]
    fn pairs_of_an_independent_library_come_out() {
        // gcoord (npm): WGS 84, GCJ-02, BD-09.
        let table = [
            ("41.8057,123.4315", (41.808_128_042_9, 123.437_635_697_7), (41.813_908_44, 123.444_222_373_5)),
            ("39.915,116.404", (39.916_404_281_5, 116.410_244_499_2), (39.922_699_552_2, 116.416_627_243_8)),
            ("43.8256,87.6168", (43.826_805_393_1, 87.619_649_949_5), (43.832_949_794_8, 87.626_099_770_8)),
        ];
        for (text, gcj02, bd09) in table {
            let point = Point::parse(text).unwrap();
            let (amap, baidu) = (Datum::Gcj02.shown(point), Datum::Bd09.shown(point));
            assert!(near(amap, gcj02.0, gcj02.1, 6e-8), "{amap}");
            assert!(near(baidu, bd09.0, bd09.1, 6e-8), "{baidu}");
            assert_eq!(Datum::Wgs84.shown(point), point);
        }
    }

    #[test]
    fn outside_of_china_nothing_is_shifted() {
        for text in ["35.68,139.76", "48.8566,2.3522", "-33.9,151.2", "0.5,104", "90,0", "-90,-180"] {
            let point = Point::parse(text).unwrap();
            for datum in Datum::ALL {
                assert_eq!((datum.shown(point), datum.meant(point)), (point, point), "{text} {datum:?}");
            }
        }
    }

    #[test]
    fn a_datum_has_its_name() {
        for datum in Datum::ALL {
            assert_eq!(Datum::parse(datum.code()), Some(*datum));
        }
        assert_eq!(Datum::parse("mars"), None);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_meant(latitude in 180_000_000i32..540_000_000, longitude in 735_000_000i32..1_350_000_000) {
            let point = Point::new(latitude, longitude).unwrap();
            for datum in [Datum::Gcj02, Datum::Bd09] {
                let back = datum.meant(datum.shown(point));
                prop_assert!((back.latitude() - latitude).abs() <= 10, "{back}");
                prop_assert!((back.longitude() - longitude).abs() <= 10, "{back}");
            }
        }
    }
}
