//! Strips of the globe that surveyors lay flat, each around a meridian of its own: the zones of UTM, and those of
//! Gauss–Krüger (高斯-克吕格), three or six degrees wide, in which maps in China are drawn (CGCS2000).

use super::plane::{project, turned, unproject};

/// The metres that the middle meridian of every strip is given, so that none are negative.
const MIDDLE_EAST_METRES: f64 = 500_000.0;
/// The metres that the equator is given in strips of UTM south of it.
const SOUTH_METRES: f64 = 10_000_000.0;
/// The scale of UTM on the middle meridian. That of Gauss–Krüger is 1.
const UTM_SCALE: f64 = 0.9996;
/// From here on metres east begin with the number of their strip: 39,535,858 is 535,858 in strip 39.
const NUMBERED_METRES: f64 = 1_000_000.0;
/// Metres north end here: a quarter of a meridian is a little longer.
const FARTHEST_NORTH_METRES: f64 = 10_000_000.0;
/// The latitude beyond which nobody uses these strips, degrees.
const HIGHEST: f64 = 84.0;

/// A strip of the globe that is laid flat (投影带).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strip {
    /// A zone of UTM, from 1 to 60.
    Utm {
        /// The number of the zone.
        zone: u8,
        /// Whether it is south of the equator.
        south: bool,
    },
    /// A strip of Gauss–Krüger.
    Gauss {
        /// Its middle meridian, degrees east (中央经线).
        middle: u8,
    },
}

impl Strip {
    /// The zone of UTM in which a point lies.
    #[must_use]
    pub fn utm_of(latitude: f64, longitude: f64) -> Self {
        let zone = ((longitude + 180.0) / 6.0).floor().clamp(0.0, 59.0) + 1.0;
        Self::Utm { zone: small(zone), south: latitude < 0.0 }
    }

    /// The strips of Gauss–Krüger in which a point lies: first that of three degrees, then that of six. West of
    /// Greenwich there are none.
    #[must_use]
    pub fn gauss_of(longitude: f64) -> [Self; 2] {
        let three = (longitude.max(0.0) / 3.0).round() * 3.0;
        let six = (longitude.max(0.0) / 6.0).floor() * 6.0 + 3.0;
        [three, six].map(|middle| Self::Gauss { middle: small(middle) })
    }

    /// The strip of Gauss–Krüger whose number metres east begin with: 13 to 23 are those of six degrees, 25 to 45 those
    /// of three. Other numbers lie outside of China.
    #[must_use]
    pub fn numbered(east_metres: f64) -> Option<Self> {
        let number = (east_metres / NUMBERED_METRES).floor();
        if (13.0..=23.0).contains(&number) {
            Some(Self::Gauss { middle: small(number * 6.0 - 3.0) })
        } else if (25.0..=45.0).contains(&number) {
            Some(Self::Gauss { middle: small(number * 3.0) })
        } else {
            None
        }
    }

    /// Reads the name of a strip: `utm51n`, `gk123` (the middle meridian), or a number of EPSG (`epsg:4549`).
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let code: String = code.to_lowercase().chars().filter(|sign| !sign.is_whitespace()).collect();
        if let Some(number) = code.strip_prefix("epsg:") {
            return Self::of_epsg(number.parse().ok()?);
        }
        if let Some(rest) = code.strip_prefix("utm") {
            let (number, south) = match rest.strip_suffix('s') {
                Some(number) => (number, true),
                None => (rest.strip_suffix('n').unwrap_or(rest), false),
            };
            let zone = number.parse::<u8>().ok().filter(|zone| (1..=60).contains(zone))?;
            return Some(Self::Utm { zone, south });
        }
        let middle = code.strip_prefix("gk")?;
        let middle = middle.strip_suffix('e').unwrap_or(middle).parse::<u8>().ok();
        Some(Self::Gauss { middle: middle.filter(|middle| *middle <= 180)? })
    }

    /// The strip of a number of EPSG: WGS 84 / UTM, and CGCS2000 / Gauss–Krüger with and without the number of the
    /// strip before the metres.
    fn of_epsg(number: u32) -> Option<Self> {
        let gauss = |first: u32, least: u32, step: u32| {
            Some(Self::Gauss { middle: u8::try_from(least + (number - first) * step).ok()? })
        };
        let utm = |first: u32, south: bool| Some(Self::Utm { zone: u8::try_from(number - first).ok()?, south });
        match number {
            32_601..=32_660 => utm(32_600, false),
            32_701..=32_760 => utm(32_700, true),
            4_491..=4_501 => gauss(4_491, 75, 6),
            4_502..=4_512 => gauss(4_502, 75, 6),
            4_513..=4_533 => gauss(4_513, 75, 3),
            4_534..=4_554 => gauss(4_534, 75, 3),
            _ => None,
        }
    }

    /// The name of the strip, as [`Strip::parse`] reads it.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Utm { zone, south } => format!("utm{zone}{}", if south { 's' } else { 'n' }),
            Self::Gauss { middle } => format!("gk{middle}"),
        }
    }

    /// Its middle meridian in degrees, its scale there, and the metres of the equator.
    fn terms(self) -> (f64, f64, f64) {
        match self {
            Self::Utm { zone, south } => {
                (f64::from(zone) * 6.0 - 183.0, UTM_SCALE, if south { SOUTH_METRES } else { 0.0 })
            }
            Self::Gauss { middle } => (f64::from(middle), 1.0, 0.0),
        }
    }

    /// The degrees north and east at metres east and north of a strip. Metres east may begin with the number of the
    /// strip. Returns nothing for metres that no strip has.
    #[must_use]
    pub fn to_degrees(self, metres: (f64, f64)) -> Option<(f64, f64)> {
        let (middle, scale, equator) = self.terms();
        let east = if metres.0 >= NUMBERED_METRES { metres.0 % NUMBERED_METRES } else { metres.0 };
        let north = metres.1 - equator;
        let is_there = (0.0..NUMBERED_METRES).contains(&east) && north.abs() <= FARTHEST_NORTH_METRES;
        let (latitude, longitude) = unproject((east - MIDDLE_EAST_METRES) / scale, north / scale);
        let longitude = turned(middle.to_radians() + longitude).to_degrees();
        Some((latitude.to_degrees(), longitude)).filter(|(latitude, _)| is_there && latitude.abs() <= HIGHEST)
    }

    /// The metres east and north of the strip at degrees north and east, without a number before them.
    #[must_use]
    pub fn to_metres(self, degrees: (f64, f64)) -> (f64, f64) {
        let (middle, scale, equator) = self.terms();
        let (east, north) = project(degrees.0.to_radians(), turned((degrees.1 - middle).to_radians()));
        (MIDDLE_EAST_METRES + east * scale, equator + north * scale)
    }
}

/// A whole number between 0 and 255.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn small(number: f64) -> u8 {
    number.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: (f64, f64), wanted: (f64, f64), most: f64) -> bool {
        (found.0 - wanted.0).abs() <= most && (found.1 - wanted.1).abs() <= most
    }

    #[test]
    fn published_pairs_come_out() {
        // The read-me of utm (PyPI), the documentation of pyproj, and the article on UTM of Wikipedia (the CN Tower,
        // whose seconds have one decimal or two).
        let table = [
            ("utm32n", (51.2, 7.5), (395_201.310_381_130_3, 5_673_135.241_182_375), 0.001),
            ("utm10n", (34.361_166_66, -120.108), (765_975.641, 3_805_993.134), 0.001),
            ("utm17n", (43.642_566_667, -79.387_138_889), (630_084.0, 4_833_438.0), 1.0),
        ];
        for (code, degrees, metres, most) in table {
            let strip = Strip::parse(code).unwrap();
            assert!(near(strip.to_metres(degrees), metres, most), "{code}: {:?}", strip.to_metres(degrees));
            let back = strip.to_degrees(metres).unwrap();
            assert!(near(back, degrees, most / 70_000.0), "{code}: {back:?}");
            assert_eq!(strip.code(), code);
            assert_eq!(Strip::utm_of(degrees.0, degrees.1), strip, "{code}");
        }
    }

    #[test]
    fn a_strip_of_gauss_and_one_of_utm_around_the_same_meridian_differ_by_their_scale() {
        let (gauss, utm) = (Strip::Gauss { middle: 123 }, Strip::Utm { zone: 51, south: false });
        let degrees = (41.805_7, 123.431_5);
        let ((east, north), (other_east, other_north)) = (gauss.to_metres(degrees), utm.to_metres(degrees));
        assert!(((east - 500_000.0) * 0.9996 - (other_east - 500_000.0)).abs() < 1e-6);
        assert!((north * 0.9996 - other_north).abs() < 1e-6);
        assert!(near((east, north), (535_858.691, 4_630_145.718), 0.001), "{east} {north}");
        for metres in [(east, north), (41_000_000.0 + east, north), (21_000_000.0 + east, north)] {
            assert!(near(gauss.to_degrees(metres).unwrap(), degrees, 1e-8), "{metres:?}");
        }
        let south = Strip::Utm { zone: 56, south: true };
        let (east, north) = south.to_metres((-33.9, 151.2));
        assert!(north > 6_000_000.0 && near(south.to_degrees((east, north)).unwrap(), (-33.9, 151.2), 1e-8));
    }

    #[test]
    fn a_strip_has_its_names_and_numbers() {
        let gauss = |middle: u8| Some(Strip::Gauss { middle });
        let utm = |zone: u8, south: bool| Some(Strip::Utm { zone, south });
        let table = [
            ("UTM 51N", utm(51, false)),
            ("utm51", utm(51, false)),
            ("utm56s", utm(56, true)),
            ("gk123", gauss(123)),
            ("GK123E", gauss(123)),
            ("EPSG:32651", utm(51, false)),
            ("epsg:32756", utm(56, true)),
            ("epsg:4528", gauss(120)),
            ("epsg:4545", gauss(108)),
            ("epsg:4491", gauss(75)),
            ("epsg:4512", gauss(135)),
            ("epsg:4326", None),
            ("utm61n", None),
            ("gk200", None),
            ("mars", None),
        ];
        for (code, strip) in table {
            assert_eq!(Strip::parse(code), strip, "{code}");
        }
        for (east, strip) in [(41_535_858.0, gauss(123)), (21_535_858.0, gauss(123)), (535_858.0, None), (9e7, None)] {
            assert_eq!(Strip::numbered(east), strip, "{east}");
        }
        assert_eq!(Strip::gauss_of(124.6), [Strip::Gauss { middle: 126 }, Strip::Gauss { middle: 123 }]);
        assert_eq!(Strip::gauss_of(116.4), [Strip::Gauss { middle: 117 }, Strip::Gauss { middle: 117 }]);
    }

    #[test]
    fn metres_that_no_strip_has_lead_nowhere() {
        let strip = Strip::Gauss { middle: 123 };
        for metres in [(f64::NAN, 0.0), (-1.0, 0.0), (500_000.0, 2e7), (500_000.0, f64::INFINITY)] {
            assert_eq!(strip.to_degrees(metres), None, "{metres:?}");
        }
    }
}
