//! The map below the city's own (底图): streets, water and houses that somebody else drew, from a file on this machine
//! or from a service. The browser asks this server alone; only the server asks the service, and it passes on nothing of
//! who looks.

mod kept;
mod service;
mod square;

use std::sync::Arc;

use house::BaseMap;
use jobs::channels::Targets;
use kernel::earth::{Bounds, Tile};
use kernel::language::Bilingual;
use kernel::time::Instant;
use serde_json::{Map, Value};
use tiles::{Archive, Content, Kind};
use web::Page;

use service::Service;
use square::Found;
pub(crate) use square::Square;

/// The address of a square.
const ADDRESS: &str = "/map/base/{z}/{x}/{y}";

/// The map below, ready to give squares.
pub struct Base {
    source: Source,
    credit: Bilingual,
    zooms: (u8, u8),
}

enum Source {
    File(Archive),
    Service(Service),
}

impl Base {
    /// Opens the file, or makes ready to ask the service.
    ///
    /// # Errors
    /// A sentence that names the setting and says what to do: the file cannot be read, or is damaged.
    pub fn open(map: &BaseMap, targets: &Targets) -> Result<Self, String> {
        match map {
            BaseMap::File { file, credit } => {
                let archive = Archive::open(file);
                let archive = archive.map_err(|fault| format!("map.file: {}: {fault}.", file.display()))?;
                let own = || Bilingual::new(archive.attribution(), archive.attribution());
                let (credit, zooms) = (credit.clone().unwrap_or_else(own), archive.zooms());
                Ok(Self { source: Source::File(archive), credit, zooms })
            }
            BaseMap::Service { url, zooms, credit } => {
                let source = Source::Service(Service::new(url, targets));
                Ok(Self { source, credit: credit.clone(), zooms: *zooms })
            }
        }
    }

    /// Whose map it is; empty if nobody says.
    pub(crate) fn credit(&self, page: &Page) -> String {
        self.credit.get(page.lang).to_owned()
    }

    /// The square of an address that was asked for; none beyond the zooms of the map and where no square can be.
    pub(crate) fn square(&self, zoom: i64, column: i64, row: i64) -> Option<Tile> {
        let tile = Tile::new(zoom.try_into().ok()?, column.try_into().ok()?, row.try_into().ok()?)?;
        (self.zooms.0..=self.zooms.1).contains(&tile.zoom()).then_some(tile)
    }

    /// Finds a square: in the file, among those that are kept, or at the service. It may take seconds.
    pub(crate) fn find(&self, tile: Tile, now: Instant) -> Found {
        match &self.source {
            Source::File(archive) => {
                let found = archive.content(tile);
                let found = found.map_err(|fault| {
                    tracing::error!(%fault, "the file of the base map cannot be used");
                    format!("{fault}.")
                })?;
                let made = |content: Content| Square::new(archive.kind(), content.bytes, content.gzipped);
                Ok(found.map(made).map(Arc::new))
            }
            Source::Service(service) => service.find(tile, now),
        }
    }

    /// What a browser has to know to draw it, as JSON: what its squares are, where they come from, which zooms there
    /// are and which layers.
    pub(crate) fn drawn(&self) -> String {
        let mut told: Map<String, Value> = Map::new();
        told.insert("tiles".to_owned(), ADDRESS.into());
        told.insert("minzoom".to_owned(), self.zooms.0.into());
        told.insert("maxzoom".to_owned(), self.zooms.1.into());
        if let Source::File(archive) = &self.source {
            let Bounds { west, south, east, north } = archive.bounds();
            told.insert("bounds".to_owned(), vec![west, south, east, north].into());
            if archive.kind() == Kind::Vector {
                told.insert("layers".to_owned(), archive.layers().into());
            }
        }
        Value::Object(told).to_string()
    }

    /// Looks whether it gives the square in which a place of the world lies, for `lianglin doctor`.
    ///
    /// # Errors
    /// Why it does not, in a sentence that says what to do.
    pub fn look(&self, place: (f64, f64), now: Instant) -> Result<String, String> {
        let tile = Tile::at(place, self.zooms.1);
        let (least, deepest) = self.zooms;
        match self.find(tile, now)? {
            Some(square) => Ok(format!("zooms {least} to {deepest}, {}", square.content_type)),
            None => {
                Err(format!("it has no tile at zoom {deepest} in the middle of the city. Check its zooms and area."))
            }
        }
    }
}
