//! This file says what is odd about buildings that somebody brings, so that they cannot be laid.

use kernel::place::PlaceId;
use serde::{Deserialize, Serialize};

/// Says why buildings cannot be laid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// No ways are laid, so nobody could walk to the buildings.
    NoWays,
    /// The buildings are in degrees, and nobody knows where on the globe the ways are.
    NoPlane,
    /// The sheet does not say in which community its buildings are, and the place has several.
    NoColumn {
        /// The first communities of the place.
        communities: Vec<PlaceId>,
        /// How many it has.
        count: usize,
    },
    /// Communities of the sheet are not in the place, or several of the place are called so.
    Communities {
        /// The title of the column that names them. It is empty if nobody knows it.
        column: String,
        /// The first of them, as the sheet writes them.
        names: Vec<String>,
        /// How many there are.
        count: usize,
        /// The first lines in which they stand.
        lines: Vec<u64>,
        /// In how many lines they stand.
        rows: usize,
        /// The place in which they are, or nothing if nobody knows it.
        home: Option<PlaceId>,
    },
    /// A building stands at no point of the globe.
    Nowhere(String),
    /// Most of the buildings stand far outside of the ways.
    Elsewhere {
        /// How many of them do.
        far: usize,
        /// How many there are.
        all: usize,
        /// From where to where they lie, to the east and to the north.
        there: String,
        /// The same of the ways.
        ways: String,
        /// The first lines in which they stand.
        #[serde(default)]
        lines: Vec<u64>,
    },
    /// A building stands far from all ways.
    Far {
        /// The building.
        building: String,
        /// How far away the nearest way is, metres.
        metres: u32,
        /// The line in which it stands, or 0 if nobody knows it.
        #[serde(default)]
        line: u64,
    },
}
