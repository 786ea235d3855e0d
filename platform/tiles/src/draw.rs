//! Draws a square: layers of points, lines and areas with facts, in the form of Mapbox Vector Tiles 2.1.

use std::collections::BTreeMap;

use kernel::earth::Tile;

use crate::Place;
use crate::cut::Frame;
use crate::wire;

/// Units of a square in each direction.
const EXTENT: f64 = 4_096.0;
/// The same as a whole number.
const UNITS: u64 = 4_096;
/// Units beyond the edge to which lines and areas are drawn, so that their edges do not show.
const BEYOND: f64 = 64.0;
/// The version of the format.
const VERSION: u64 = 2;

/// Fields of the format's messages.
const TILE_LAYER: u64 = 3;
const LAYER_NAME: u64 = 1;
const LAYER_FEATURE: u64 = 2;
const LAYER_KEY: u64 = 3;
const LAYER_VALUE: u64 = 4;
const LAYER_EXTENT: u64 = 5;
const LAYER_VERSION: u64 = 15;
const FEATURE_TAGS: u64 = 2;
const FEATURE_KIND: u64 = 3;
const FEATURE_GEOMETRY: u64 = 4;
/// Commands of a geometry.
const MOVE_TO: u64 = 1;
const LINE_TO: u64 = 2;
const CLOSE: u64 = 7;

/// What a fact says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Words.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Switch(bool),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl From<bool> for Value {
    fn from(switch: bool) -> Self {
        Self::Switch(switch)
    }
}

impl Value {
    fn written(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self {
            Self::Text(text) => wire::bytes(&mut out, 1, text.as_bytes()),
            Self::Whole(number) => wire::number(&mut out, 6, wire::zigzag(*number)),
            Self::Switch(switch) => wire::number(&mut out, 7, u64::from(*switch)),
        }
        out
    }
}

/// What a feature is.
#[derive(Clone, Copy)]
enum Kind {
    Point = 1,
    Line = 2,
    Area = 3,
}

/// A square that is being drawn.
#[derive(Clone, Debug)]
pub struct Drawing {
    tile: Tile,
    bytes: Vec<u8>,
}

impl Drawing {
    /// An empty square.
    #[must_use]
    pub const fn new(tile: Tile) -> Self {
        Self { tile, bytes: Vec::new() }
    }

    /// Which square it is.
    #[must_use]
    pub const fn tile(&self) -> Tile {
        self.tile
    }

    /// An empty layer of the square, to be put into it with [`Drawing::add`].
    #[must_use]
    pub fn layer(&self, name: &'static str) -> Layer {
        Layer { name, tile: self.tile, features: Vec::new(), keys: Index::default(), values: Index::default() }
    }

    /// Puts a layer on top of those that are there. A layer without features is left out.
    pub fn add(&mut self, layer: &Layer) {
        if !layer.features.is_empty() {
            wire::bytes(&mut self.bytes, TILE_LAYER, &layer.written());
        }
    }

    /// The tile as it is sent. A square in which nothing is has no bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Numbers things in the order in which they first came.
#[derive(Clone, Debug)]
struct Index<T>(BTreeMap<T, u64>);

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Index<T> {
    fn number(&mut self, one: T) -> u64 {
        let next = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        *self.0.entry(one).or_insert(next)
    }

    fn in_order(&self) -> Vec<&T> {
        let mut all: Vec<(&T, &u64)> = self.0.iter().collect();
        all.sort_by_key(|(_, number)| **number);
        all.into_iter().map(|(one, _)| one).collect()
    }
}

/// A layer of a square.
#[derive(Clone, Debug)]
pub struct Layer {
    name: &'static str,
    tile: Tile,
    features: Vec<u8>,
    keys: Index<&'static str>,
    values: Index<Value>,
}

impl Layer {
    /// Draws a point. Returns false, and draws nothing, if it lies in another square.
    pub fn point(&mut self, at: Place, facts: Vec<(&'static str, Value)>) -> bool {
        if !self.tile.holds(at) {
            return false;
        }
        let (right, down) = self.tile.inside(at);
        let unit = |value: f64| (value * EXTENT).floor().clamp(0.0, EXTENT - 1.0);
        let mut pen = Pen::default();
        pen.path(&[(unit(right), unit(down))], false);
        self.feature(Kind::Point, &pen, facts.into_iter());
        true
    }

    /// Draws what of a line lies in the square.
    pub fn line(&mut self, points: &[Place], facts: Vec<(&'static str, Value)>) {
        let mut pen = Pen::default();
        for part in FRAME.line(&self.units(points)) {
            let part = rounded(&part);
            if part.len() >= 2 {
                pen.path(&part, false);
            }
        }
        self.feature(Kind::Line, &pen, facts.into_iter());
    }

    /// Draws what of an area lies in the square: its outer ring, then its holes. In whichever direction the rings are
    /// given, they are written in that of the format.
    pub fn area(&mut self, rings: &[Vec<Place>], facts: Vec<(&'static str, Value)>) {
        let mut pen = Pen::default();
        for (number, ring) in rings.iter().enumerate() {
            let mut ring = rounded(&FRAME.ring(&self.units(ring)));
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            let area = twice_the_area(&ring);
            if ring.len() < 3 || area == 0.0 {
                // A hole of an area that vanished is no area.
                if number == 0 {
                    return;
                }
                continue;
            }
            if (area > 0.0) != (number == 0) {
                ring.reverse();
            }
            pen.path(&ring, true);
        }
        self.feature(Kind::Area, &pen, facts.into_iter());
    }

    fn units(&self, points: &[Place]) -> Vec<Place> {
        let unit = |at: &Place| {
            let (right, down) = self.tile.inside(*at);
            (right * EXTENT, down * EXTENT)
        };
        points.iter().map(unit).collect()
    }

    fn feature(&mut self, kind: Kind, pen: &Pen, facts: impl ExactSizeIterator<Item = (&'static str, Value)>) {
        if pen.commands.is_empty() {
            return;
        }
        let mut tags = Vec::with_capacity(facts.len() * 2);
        for (key, value) in facts {
            tags.extend([self.keys.number(key), self.values.number(value)]);
        }
        let mut feature = Vec::new();
        if !tags.is_empty() {
            wire::bytes(&mut feature, FEATURE_TAGS, &wire::packed(&tags));
        }
        wire::number(&mut feature, FEATURE_KIND, kind as u64);
        wire::bytes(&mut feature, FEATURE_GEOMETRY, &wire::packed(&pen.commands));
        wire::bytes(&mut self.features, LAYER_FEATURE, &feature);
    }

    fn written(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.features.len() + 256);
        wire::number(&mut out, LAYER_VERSION, VERSION);
        wire::bytes(&mut out, LAYER_NAME, self.name.as_bytes());
        out.extend_from_slice(&self.features);
        for key in self.keys.in_order() {
            wire::bytes(&mut out, LAYER_KEY, key.as_bytes());
        }
        for value in self.values.in_order() {
            wire::bytes(&mut out, LAYER_VALUE, &value.written());
        }
        wire::number(&mut out, LAYER_EXTENT, UNITS);
        out
    }
}

const FRAME: Frame = Frame { low: -BEYOND, high: EXTENT + BEYOND };

/// Rounds points to whole units and leaves out those that then lie on the one before.
fn rounded(points: &[Place]) -> Vec<Place> {
    let mut kept: Vec<Place> = points.iter().map(|point| (point.0.round(), point.1.round())).collect();
    kept.dedup();
    kept
}

/// Twice the area of a ring, positive if it goes round clockwise as it is seen.
fn twice_the_area(ring: &[Place]) -> f64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

/// Writes a geometry as commands. Each point is told by its distance from the one before.
#[derive(Default)]
struct Pen {
    at: (i64, i64),
    commands: Vec<u64>,
}

impl Pen {
    fn path(&mut self, points: &[Place], close: bool) {
        let Some((first, rest)) = points.split_first() else { return };
        self.commands.push(MOVE_TO | 1 << 3);
        self.go(*first);
        if !rest.is_empty() {
            self.commands.push(LINE_TO | u64::try_from(rest.len()).unwrap_or_default() << 3);
            for point in rest {
                self.go(*point);
            }
        }
        if close {
            self.commands.push(CLOSE | 1 << 3);
        }
    }

    fn go(&mut self, to: Place) {
        #[expect(clippy::cast_possible_truncation, reason = "within a square and a little beyond it")]
        let to = (to.0 as i64, to.1 as i64);
        self.commands.extend([wire::zigzag(to.0 - self.at.0), wire::zigzag(to.1 - self.at.1)]);
        self.at = to;
    }
}
