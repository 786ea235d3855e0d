//! The squares into which a map on the web is cut: web Mercator, zoom 0 one square, each next zoom four of each.

use std::f64::consts::PI;

use super::Point;

/// The latitude at which the square of the world ends: `atan(sinh(π))` in degrees.
const HIGHEST: f64 = 85.051_128_779_806_59;

/// A square of a map (瓦片), as its address `zoom/column/row` names it: columns from west to east, rows from north to
/// south.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    zoom: u8,
    column: u32,
    row: u32,
}

/// The edges of a square, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The western edge.
    pub west: f64,
    /// The southern edge.
    pub south: f64,
    /// The eastern edge.
    pub east: f64,
    /// The northern edge.
    pub north: f64,
}

impl Tile {
    /// The deepest zoom: squares of 2.4 metres at the equator.
    pub const DEEPEST: u8 = 24;

    /// The square of an address; none if there is no such square.
    #[must_use]
    pub const fn new(zoom: u8, column: u32, row: u32) -> Option<Self> {
        if zoom > Self::DEEPEST || column >> zoom != 0 || row >> zoom != 0 {
            return None;
        }
        Some(Self { zoom, column, row })
    }

    /// The square of a zoom in which a point lies. What lies beyond the edge of the map is in its last row.
    #[must_use]
    pub fn of(point: Point, zoom: u8) -> Self {
        let (latitude, longitude) = point.degrees();
        Self::at(world(latitude, longitude), zoom)
    }

    /// The square of a zoom in which a place of the world lies (see [`world`]).
    #[must_use]
    pub fn at(place: (f64, f64), zoom: u8) -> Self {
        let zoom = zoom.min(Self::DEEPEST);
        let squares = f64::from(1_u32 << zoom);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the last square, which fits"
        )]
        let square = |place: f64| (place * squares).floor().clamp(0.0, squares - 1.0) as u32;
        Self { zoom, column: square(place.0), row: square(place.1) }
    }

    /// Whether a place of the world lies in this square. Every place lies in exactly one square of a zoom.
    #[must_use]
    pub fn holds(self, place: (f64, f64)) -> bool {
        Self::at(place, self.zoom) == self
    }

    /// Its zoom.
    #[must_use]
    pub const fn zoom(self) -> u8 {
        self.zoom
    }

    /// Its column, from west to east.
    #[must_use]
    pub const fn column(self) -> u32 {
        self.column
    }

    /// Its row, from north to south.
    #[must_use]
    pub const fn row(self) -> u32 {
        self.row
    }

    /// Its edges.
    #[must_use]
    pub fn bounds(self) -> Bounds {
        let squares = f64::from(1_u32 << self.zoom);
        let corner = |column: u32, row: u32| degrees((f64::from(column) / squares, f64::from(row) / squares));
        let ((north, west), (south, east)) = (corner(self.column, self.row), corner(self.column + 1, self.row + 1));
        Bounds { west, south, east, north }
    }

    /// Where a place of the world (see [`world`]) lies in the square: to the right and down from its north-western
    /// corner, both from 0 to 1 inside.
    #[must_use]
    pub fn inside(self, place: (f64, f64)) -> (f64, f64) {
        let squares = f64::from(1_u32 << self.zoom);
        (place.0 * squares - f64::from(self.column), place.1 * squares - f64::from(self.row))
    }

    /// Where a point lies in the square, as [`Tile::inside`] counts.
    #[must_use]
    pub fn position(self, point: Point) -> (f64, f64) {
        let (latitude, longitude) = point.degrees();
        self.inside(world(latitude, longitude))
    }
}

/// Where degrees north and east lie in the square of the world: to the right and down from its north-western corner,
/// both from 0 to 1. Latitudes beyond the edge lie on it.
#[must_use]
pub fn world(latitude: f64, longitude: f64) -> (f64, f64) {
    let radians = latitude.clamp(-HIGHEST, HIGHEST).to_radians();
    (longitude / 360.0 + 0.5, 0.5 - radians.tan().asinh() / (2.0 * PI))
}

/// The degrees north and east of a place of the world, as [`world`] counts.
#[must_use]
pub fn degrees(place: (f64, f64)) -> (f64, f64) {
    ((PI * (1.0 - 2.0 * place.1)).sinh().atan().to_degrees(), (place.0 - 0.5) * 360.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point(text: &str) -> Point {
        Point::parse(text).unwrap()
    }

    #[test]
    fn squares_are_those_that_every_map_asks_for() {
        // Computed with the formula of the OpenStreetMap wiki in another language.
        let table = [
            ("41.8057,123.4315", [(0, 0, 0), (1, 1, 0), (9, 431, 190), (12, 3_452, 1_523), (17, 110_476, 48_751)]),
            ("-33.9,-70.5", [(0, 0, 0), (1, 0, 1), (9, 155, 307), (12, 1_245, 2_458), (17, 39_867, 78_668)]),
        ];
        for (text, squares) in table {
            for (zoom, column, row) in squares {
                assert_eq!(Tile::of(point(text), zoom), Tile::new(zoom, column, row).unwrap(), "{text} {zoom}");
            }
        }
        assert_eq!(Tile::of(point("90,-180"), 3), Tile::new(3, 0, 0).unwrap());
        assert_eq!(Tile::of(point("-90,180"), 3), Tile::new(3, 7, 7).unwrap());
        for (zoom, column, row) in [(0, 1, 0), (3, 0, 8), (25, 0, 0), (200, 0, 0)] {
            assert_eq!(Tile::new(zoom, column, row), None);
        }
    }

    #[test]
    fn the_world_is_a_square() {
        let all = Tile::new(0, 0, 0).unwrap().bounds();
        assert!((all.west + 180.0).abs() < 1e-9 && (all.east - 180.0).abs() < 1e-9);
        assert!((all.north - 85.051_128_78).abs() < 1e-7 && (all.south + 85.051_128_78).abs() < 1e-7);
    }

    proptest! {
        #[test]
        fn a_point_lies_in_its_square(
            latitude in -850_000_000i32..850_000_000,
            longitude in -1_799_999_999i32..1_799_999_999,
            zoom in 0u8..20,
        ) {
            let point = Point::new(latitude, longitude).unwrap();
            let tile = Tile::of(point, zoom);
            let (right, down) = tile.position(point);
            prop_assert!((0.0..1.0).contains(&right) && (0.0..1.0).contains(&down), "{right} {down}");
            let (bounds, (north, east)) = (tile.bounds(), point.degrees());
            let (back_north, back_east) = degrees(world(north, east));
            prop_assert!((back_north - north).abs() < 1e-9 && (back_east - east).abs() < 1e-9);
            prop_assert!(tile.holds(world(north, east)));
            prop_assert!(bounds.west <= east && east <= bounds.east);
            prop_assert!(bounds.south <= north + 1e-9 && north <= bounds.north + 1e-9);
        }
    }
}
