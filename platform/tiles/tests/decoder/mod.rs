//! Reads tiles back. It was written from the specification (Mapbox Vector Tile 2.1, sections 4.1 to 4.4) and shares
//! nothing with what writes them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a bad tile must fail its test at once"
)]

use std::collections::BTreeMap;

use tiles::Value;

/// A reader of protocol buffers.
struct Reader<'a>(&'a [u8]);

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Reader<'a> {
    fn varint(&mut self) -> u64 {
        let mut value = 0;
        for shift in (0..70).step_by(7) {
            let (first, rest) = self.0.split_first().expect("a number that ends");
            self.0 = rest;
            value |= u64::from(first & 0x7f) << shift;
            if first & 0x80 == 0 {
                return value;
            }
        }
        panic!("a number of more than ten bytes");
    }

    fn next(&mut self) -> Option<(u64, Field<'a>)> {
        if self.0.is_empty() {
            return None;
        }
        let key = self.varint();
        let field = match key & 7 {
            0 => Field::Number(self.varint()),
            2 => {
                let length = usize::try_from(self.varint()).unwrap();
                let (content, rest) = self.0.split_at(length);
                self.0 = rest;
                Field::Bytes(content)
            }
            other => panic!("wire type {other}"),
        };
        Some((key >> 3, field))
    }
}

fn signed(value: u64) -> i64 {
    i64::try_from(value >> 1).unwrap() ^ -i64::from(value & 1 == 1)
}

fn packed(bytes: &[u8]) -> Vec<u64> {
    let mut reader = Reader(bytes);
    let mut all = Vec::new();
    while !reader.0.is_empty() {
        all.push(reader.varint());
    }
    all
}

/// The points of a part of a geometry, and whether it was closed.
pub type Part = (Vec<(i64, i64)>, bool);

/// A feature of a layer.
#[derive(Debug, Default)]
pub struct Feature {
    /// 1 for points, 2 for lines, 3 for areas.
    pub kind: u64,
    tags: Vec<u64>,
    /// Its geometry.
    pub parts: Vec<Part>,
}

/// A layer of a tile.
#[derive(Debug, Default)]
pub struct Layer {
    version: u64,
    extent: u64,
    /// What is in it.
    pub features: Vec<Feature>,
    /// The names of facts.
    pub keys: Vec<String>,
    /// What facts say.
    pub values: Vec<Value>,
}

impl Layer {
    /// The facts of one of its features.
    pub fn facts(&self, feature: &Feature) -> BTreeMap<String, Value> {
        assert_eq!(feature.tags.len() % 2, 0);
        let fact = |pair: &[u64]| {
            let at = |number: u64| usize::try_from(number).unwrap();
            (self.keys[at(pair[0])].clone(), self.values[at(pair[1])].clone())
        };
        feature.tags.chunks(2).map(fact).collect()
    }
}

fn geometry(commands: &[u64]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut x, mut y, mut rest) = (0, 0, commands.iter());
    while let Some(command) = rest.next() {
        let (id, count) = (command & 7, command >> 3);
        if id == 7 {
            assert_eq!(count, 1, "4.3.3.3: ClosePath has a count of 1");
            parts.last_mut().unwrap().1 = true;
            continue;
        }
        for _ in 0..count {
            x += signed(*rest.next().unwrap());
            y += signed(*rest.next().unwrap());
            match id {
                1 => parts.push((vec![(x, y)], false)),
                2 => parts.last_mut().unwrap().0.push((x, y)),
                other => panic!("command {other}"),
            }
        }
    }
    parts
}

fn feature(bytes: &[u8]) -> Feature {
    let (mut reader, mut found) = (Reader(bytes), Feature::default());
    while let Some((field, content)) = reader.next() {
        match (field, content) {
            (2, Field::Bytes(bytes)) => found.tags = packed(bytes),
            (3, Field::Number(kind)) => found.kind = kind,
            (4, Field::Bytes(bytes)) => found.parts = geometry(&packed(bytes)),
            (other, _) => panic!("field {other} of a feature"),
        }
    }
    found
}

fn value(bytes: &[u8]) -> Value {
    let mut reader = Reader(bytes);
    match reader.next().unwrap() {
        (1, Field::Bytes(text)) => Value::Text(String::from_utf8(text.to_vec()).unwrap()),
        (6, Field::Number(number)) => Value::Whole(signed(number)),
        (7, Field::Number(switch)) => Value::Switch(switch == 1),
        (other, _) => panic!("field {other} of a value"),
    }
}

/// The layers of a tile by their names.
pub fn decode(bytes: &[u8]) -> BTreeMap<String, Layer> {
    let (mut reader, mut layers) = (Reader(bytes), BTreeMap::new());
    while let Some((field, content)) = reader.next() {
        let (3, Field::Bytes(bytes)) = (field, content) else { panic!("field {field} of a tile") };
        let (mut reader, mut layer, mut name) = (Reader(bytes), Layer::default(), String::new());
        while let Some((field, content)) = reader.next() {
            match (field, content) {
                (15, Field::Number(version)) => layer.version = version,
                (1, Field::Bytes(text)) => name = String::from_utf8(text.to_vec()).unwrap(),
                (2, Field::Bytes(bytes)) => layer.features.push(feature(bytes)),
                (3, Field::Bytes(text)) => layer.keys.push(String::from_utf8(text.to_vec()).unwrap()),
                (4, Field::Bytes(bytes)) => layer.values.push(value(bytes)),
                (5, Field::Number(extent)) => layer.extent = extent,
                (other, _) => panic!("field {other} of a layer"),
            }
        }
        assert_eq!((layer.version, layer.extent), (2, 4_096));
        assert!(layers.insert(name, layer).is_none(), "4.1: names of layers are unique");
    }
    layers
}
