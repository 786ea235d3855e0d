//! A plane that touches the globe at an origin: the transverse Mercator projection (Gauss–Krüger), as surveyors of the
//! field use it, with the meridian of the origin as its middle and the scale 1 there.

use super::Point;

/// The semi-major axis of WGS 84, metres.
const AXIS_METRES: f64 = 6_378_137.0;
/// The flattening of WGS 84.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// The third flattening, in whose powers the series of Krüger (1912) go. The third power is enough for 0.1 mm.
const N: f64 = FLATTENING / (2.0 - FLATTENING);
const N2: f64 = N * N;
const N3: f64 = N2 * N;
/// Metres of a radian along the meridian, rectified.
const RECTIFIED_METRES: f64 = AXIS_METRES / (1.0 + N) * (1.0 + N2 / 4.0 + N2 * N2 / 64.0);
/// From the sphere to the plane.
const FORWARD: [f64; 3] =
    [N / 2.0 - 2.0 / 3.0 * N2 + 5.0 / 16.0 * N3, 13.0 / 48.0 * N2 - 3.0 / 5.0 * N3, 61.0 / 240.0 * N3];
/// From the plane to the sphere.
const BACK: [f64; 3] = [N / 2.0 - 2.0 / 3.0 * N2 + 37.0 / 96.0 * N3, N2 / 48.0 + N3 / 15.0, 17.0 / 480.0 * N3];
/// From the latitude on the sphere to the latitude on the globe.
const LATITUDE: [f64; 3] = [2.0 * N - 2.0 / 3.0 * N2 - 2.0 * N3, 7.0 / 3.0 * N2 - 8.0 / 5.0 * N3, 56.0 / 15.0 * N3];

/// The widest difference of longitude from the origin that the projection is used for, radians. Beyond it metres mean
/// no more than "very far away".
const WIDEST: f64 = 1.2;
/// The most metres from the origin that lead back to a point.
const FARTHEST_METRES: f64 = 5_000_000.0;

/// A plane of metres east and north of an origin (切平面). Within 100 km lengths are true to 1.3 in 10,000, and there
/// and back a point comes out to a ten-millionth of a degree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    origin: Point,
    longitude: f64,
    north_metres: f64,
}

impl Plane {
    /// Makes the plane around an origin.
    #[must_use]
    pub fn new(origin: Point) -> Self {
        let (latitude, longitude) = origin.degrees();
        let north_metres = project(latitude.to_radians(), 0.0).1;
        Self { origin, longitude: longitude.to_radians(), north_metres }
    }

    /// The point at which it touches the globe, and where both metres are 0.
    #[must_use]
    pub const fn origin(self) -> Point {
        self.origin
    }

    /// The metres east and north of the origin at which a point lies.
    #[must_use]
    pub fn to_metres(self, point: Point) -> (f64, f64) {
        let (latitude, longitude) = point.degrees();
        let east = turned(longitude.to_radians() - self.longitude).clamp(-WIDEST, WIDEST);
        let (east, north) = project(latitude.to_radians(), east);
        (east, north - self.north_metres)
    }

    /// The point at metres east and north of the origin. There is none more than 5,000 km away.
    #[must_use]
    pub fn to_point(self, metres: (f64, f64)) -> Option<Point> {
        let (latitude, longitude) = self.to_degrees(metres)?;
        Point::from_degrees(latitude, longitude)
    }

    /// The degrees north and east at metres east and north of the origin, not rounded. There are none more than
    /// 5,000 km away.
    #[must_use]
    pub fn to_degrees(self, metres: (f64, f64)) -> Option<(f64, f64)> {
        let near = metres.0.abs() <= FARTHEST_METRES && metres.1.abs() <= FARTHEST_METRES;
        let (latitude, longitude) = unproject(metres.0, metres.1 + self.north_metres);
        near.then(|| (latitude.to_degrees(), turned(self.longitude + longitude).to_degrees()))
    }
}

/// The metres east of the middle meridian and north of the equator, for a latitude and a difference of longitude in
/// radians.
pub(super) fn project(latitude: f64, longitude: f64) -> (f64, f64) {
    let eccentricity = 2.0 * N.sqrt() / (1.0 + N);
    let sine = latitude.sin();
    // At a pole the tangent is infinite, and the sums below still have a value.
    let tangent = (sine.atanh() - eccentricity * (eccentricity * sine).atanh()).clamp(-30.0, 30.0).sinh();
    let up = tangent.atan2(longitude.cos());
    let aside = (longitude.sin() / tangent.hypot(longitude.cos())).asinh();
    let east = aside + sum(FORWARD, |twice| (twice * up).cos() * (twice * aside).sinh());
    let north = up + sum(FORWARD, |twice| (twice * up).sin() * (twice * aside).cosh());
    (east * RECTIFIED_METRES, north * RECTIFIED_METRES)
}

/// The latitude and the difference of longitude in radians, at metres east of the middle meridian and north of the
/// equator.
pub(super) fn unproject(east_metres: f64, north_metres: f64) -> (f64, f64) {
    let (north, east) = (north_metres / RECTIFIED_METRES, east_metres / RECTIFIED_METRES);
    let (mut up, mut aside) = (north, east);
    for (term, twice) in BACK.iter().zip([2.0, 4.0, 6.0]) {
        up -= term * (twice * north).sin() * (twice * east).cosh();
        aside -= term * (twice * north).cos() * (twice * east).sinh();
    }
    let sphere = (up.sin() / aside.cosh()).asin();
    let latitude = sphere + sum(LATITUDE, |twice| (twice * sphere).sin());
    (latitude, aside.sinh().atan2(up.cos()))
}

fn sum(terms: [f64; 3], of: impl Fn(f64) -> f64) -> f64 {
    terms.iter().zip([2.0, 4.0, 6.0]).map(|(term, twice)| term * of(twice)).sum()
}

/// An angle in radians between half a turn west and half a turn east.
pub(super) fn turned(angle: f64) -> f64 {
    use std::f64::consts::{PI, TAU};
    (angle + PI).rem_euclid(TAU) - PI
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(text: &str) -> Point {
        Point::parse(text).unwrap()
    }

    #[test]
    fn metres_are_those_of_an_independent_projection() {
        // proj4js 2.22.0, +proj=tmerc +lat_0=41.8057 +lon_0=123.4315 +k=1 +ellps=WGS84
        let table = [
            ("41.8057,123.4315", (0.0, 0.0)),
            ("41.8057,123.5315", (8_310.232_768_658_952, 4.834_264_664_846_565)),
            ("42.7057,123.4315", (0.0, 99_970.428_272_894_4)),
            ("42.5,124.6", (96_050.138_462_479_84, 77_781.985_700_881_84)),
            ("41,122.3", (-95_199.836_359_716_38, -88_865.662_516_087_42)),
        ];
        let plane = Plane::new(point("41.8057,123.4315"));
        for (text, (east, north)) in table {
            let found = plane.to_metres(point(text));
            assert!((found.0 - east).abs() < 0.001 && (found.1 - north).abs() < 0.001, "{text}: {found:?}");
        }
    }

    #[test]
    fn far_away_is_far_away_and_has_no_way_back() {
        let plane = Plane::new(point("41.8057,123.4315"));
        for text in ["-41.8057,-56.5685", "0,-56.5685", "90,0", "-90,0", "41.8057,33.4", "0,0"] {
            let (east, north) = plane.to_metres(point(text));
            assert!(east.is_finite() && north.is_finite() && east.hypot(north) > 1_000_000.0, "{text}: {east} {north}");
        }
        for metres in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (6_000_000.0, 0.0)] {
            assert_eq!(plane.to_point(metres), None, "{metres:?}");
        }
        let edge = Plane::new(point("65,179.9"));
        let (east, _) = edge.to_metres(point("65,-179.9"));
        assert!((9_000.0..10_000.0).contains(&east), "over the date line: {east}");
        assert_eq!(edge.to_point(edge.to_metres(point("65,-179.9"))), Some(point("65,-179.9")));
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_ten_millionth(
            origin in (-800_000_000i32..800_000_000, -1_800_000_000i32..1_800_000_000),
            metres in (-100_000.0f64..100_000.0, -100_000.0f64..100_000.0),
        ) {
            let plane = Plane::new(Point::new(origin.0, origin.1).unwrap());
            let there = plane.to_point(metres).unwrap();
            let back = plane.to_point(plane.to_metres(there)).unwrap();
            let apart = (i64::from(there.longitude()) - i64::from(back.longitude())).abs();
            prop_assert!((there.latitude() - back.latitude()).abs() <= 1 && (apart <= 1 || apart >= 3_599_999_999));
        }
    }
}
