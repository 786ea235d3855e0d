//! Vector tiles (瓦片): the squares of a map as a browser draws them, in the form of Mapbox Vector Tiles 2.1, with the
//! TileJSON 3.0 that says what is in them.
//!
//! This crate knows nothing of the city. Whoever draws gives places of the world ([`kernel::earth::world`]) with facts.
//! Lines and areas are cut at the edge of the square and a little beyond it. A point is in exactly one square of each
//! zoom, so that what is counted over the squares of a map is counted once.
//!
//! It also reads a PMTiles archive, in which somebody else drew the map below ([`Archive`]).

mod archive;
mod cluster;
mod cut;
mod draw;
mod json;
mod wire;

pub use archive::{Archive, ArchiveFault, Content, Kind};
pub use cluster::{Cluster, gather};
pub use draw::{Drawing, Layer, Value};
pub use json::{About, LayerAbout};

/// A place of the world: to the right and down from its north-western corner, both from 0 to 1.
pub type Place = (f64, f64);

/// The media type of a tile.
pub const CONTENT_TYPE: &str = "application/vnd.mapbox-vector-tile";
