//! Arithmetic on the globe: a plane of metres around an origin, the strips of surveyors, the shifted degrees of Chinese
//! maps, and the tiles of a map on the web.
//!
//! Degrees are those of WGS 84, which differ from CGCS2000 by less than a centimetre. [`Point`] holds them exactly.

mod datum;
mod plane;
mod strip;
mod tile;

pub use crate::case::Point;
pub use datum::Datum;
pub use plane::Plane;
pub use strip::Strip;
pub use tile::{Bounds, Tile, degrees, world};

/// The mean radius of the earth, metres (IUGG).
pub const MEAN_RADIUS_METRES: f64 = 6_371_008.8;
