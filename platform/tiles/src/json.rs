//! Says in TileJSON 3.0 what tiles there are and what is in them.

use kernel::earth::Bounds;
use serde_json::{Map, Value, json};

/// A layer, with its facts and what each of them is.
#[derive(Clone, Copy, Debug)]
pub struct LayerAbout {
    /// Its name in the tiles.
    pub id: &'static str,
    /// What it shows.
    pub description: &'static str,
    /// The zoom from which it is drawn.
    pub from_zoom: u8,
    /// Its facts: name, and what it is.
    pub fields: &'static [(&'static str, &'static str)],
}

/// A set of tiles.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The address of a tile, with `{z}`, `{x}` and `{y}`.
    pub address: &'a str,
    /// The least and the deepest zoom for which there are tiles.
    pub zooms: (u8, u8),
    /// What they cover.
    pub bounds: Bounds,
    /// Whose data they are; may be empty.
    pub attribution: &'a str,
    /// The layers.
    pub layers: &'a [LayerAbout],
}

impl About<'_> {
    /// The TileJSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let layer = |layer: &LayerAbout| {
            let fields: Map<String, Value> =
                layer.fields.iter().map(|(name, what)| ((*name).to_owned(), Value::from(*what))).collect();
            json!({
                "id": layer.id,
                "description": layer.description,
                "minzoom": layer.from_zoom,
                "maxzoom": self.zooms.1,
                "fields": fields,
            })
        };
        let Bounds { west, south, east, north } = self.bounds;
        json!({
            "tilejson": "3.0.0",
            "name": self.name,
            "tiles": [self.address],
            "scheme": "xyz",
            "minzoom": self.zooms.0,
            "maxzoom": self.zooms.1,
            "bounds": [west, south, east, north],
            "center": [f64::midpoint(west, east), f64::midpoint(south, north), self.zooms.0],
            "attribution": self.attribution,
            "vector_layers": self.layers.iter().map(layer).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilejson_has_what_the_specification_demands() {
        let layers =
            [LayerAbout { id: "lamps", description: "Lamps", from_zoom: 12, fields: &[("count", "how many")] }];
        let about = About {
            name: "City",
            address: "/map/tiles/{z}/{x}/{y}",
            zooms: (9, 17),
            bounds: Bounds { west: 123.0, south: 41.0, east: 124.0, north: 42.0 },
            attribution: "",
            layers: &layers,
        };
        let json = about.json();
        assert_eq!(json["tilejson"], "3.0.0");
        assert_eq!(json["tiles"][0], "/map/tiles/{z}/{x}/{y}");
        assert_eq!(json["bounds"], json!([123.0, 41.0, 124.0, 42.0]));
        assert_eq!(json["vector_layers"][0]["fields"]["count"], "how many");
        assert_eq!(json["vector_layers"][0]["minzoom"], 12);
    }
}
