//! Writes a PMTiles archive for tests, by the specification and apart from the reader: squares are numbered here by
//! dividing the square of the world again and again.

#![expect(clippy::cast_possible_truncation, reason = "tests are small")]

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// An archive that is about to be written.
#[derive(Clone, Debug)]
pub struct Packer {
    /// What the squares are: 1 for vector tiles, 2 for PNG.
    pub kind: u8,
    /// The least and the deepest zoom.
    pub zooms: (u8, u8),
    /// Whether everything is packed with gzip.
    pub gzip: bool,
    /// How many entries another directory has; with 0 there is one directory alone.
    pub leaf_entries: usize,
    /// What the archive says of itself, as JSON.
    pub metadata: String,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// The squares by their number.
    pub squares: BTreeMap<u64, Vec<u8>>,
}

/// First square, run, offset, length.
type Entry = (u64, u64, u64, u64);

impl Packer {
    /// An archive without squares.
    pub fn new(kind: u8, zooms: (u8, u8)) -> Self {
        let metadata = r#"{"attribution": "<b>&copy; Tests</b>", "vector_layers": [{"id": "roads"}]}"#.to_owned();
        let (gzip, leaf_entries, bounds) = (false, 0, [123.0, 41.0, 124.0, 42.0]);
        Self { kind, zooms, gzip, leaf_entries, metadata, bounds, squares: BTreeMap::new() }
    }

    /// Puts a square in.
    #[must_use]
    pub fn with(mut self, (zoom, column, row): (u8, u32, u32), bytes: &[u8]) -> Self {
        let before: u64 = (0..u32::from(zoom)).map(|above| 4_u64.pow(above)).sum();
        self.squares.insert(before + along(zoom, column, row), bytes.to_vec());
        self
    }

    /// The bytes of the archive.
    pub fn pack(&self) -> Vec<u8> {
        let (entries, squares) = self.entries();
        let mut leaves = Vec::new();
        let root = if self.leaf_entries == 0 {
            directory(&entries)
        } else {
            let part = |part: &[Entry]| {
                let packed = self.packed(&directory(part));
                let (offset, length) = (leaves.len() as u64, packed.len() as u64);
                leaves.extend(packed);
                (part[0].0, 0, offset, length)
            };
            directory(&entries.chunks(self.leaf_entries).map(part).collect::<Vec<_>>())
        };
        let (root, metadata) = (self.packed(&root), self.packed(self.metadata.as_bytes()));
        let mut out = self.header([&root, &metadata, &leaves, &squares].map(|part| part.len() as u64));
        for part in [root, metadata, leaves, squares] {
            out.extend(part);
        }
        out
    }

    /// The header of an archive whose parts have these lengths: first directory, description, others, squares.
    pub fn header(&self, lengths: [u64; 4]) -> Vec<u8> {
        let mut out = b"PMTiles\x03".to_vec();
        let mut offset = 127_u64;
        for length in lengths {
            out.extend(offset.to_le_bytes());
            out.extend(length.to_le_bytes());
            offset += length;
        }
        out.extend([0; 24]);
        let packing = if self.gzip { 2 } else { 1 };
        out.extend([1, packing, packing, self.kind, self.zooms.0, self.zooms.1]);
        for degrees in self.bounds {
            out.extend(((degrees * 10_000_000.0) as i32).to_le_bytes());
        }
        out.extend([0; 9]);
        out
    }

    /// The entries, squares with the same content in a row as one, and the squares themselves.
    fn entries(&self) -> (Vec<Entry>, Vec<u8>) {
        let (mut entries, mut all): (Vec<Entry>, Vec<u8>) = (Vec::new(), Vec::new());
        let mut last: Option<&Vec<u8>> = None;
        for (number, bytes) in &self.squares {
            match entries.last_mut() {
                Some(entry) if last == Some(bytes) && entry.0 + entry.1 == *number => entry.1 += 1,
                _ => {
                    let packed = self.packed(bytes);
                    entries.push((*number, 1, all.len() as u64, packed.len() as u64));
                    all.extend(packed);
                }
            }
            last = Some(bytes);
        }
        (entries, all)
    }

    fn packed(&self, bytes: &[u8]) -> Vec<u8> {
        if !self.gzip {
            return bytes.to_vec();
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }
}

/// How far along the curve of its zoom a square lies.
fn along(zoom: u8, column: u32, row: u32) -> u64 {
    let Some(below) = zoom.checked_sub(1) else { return 0 };
    let half = 1_u32 << below;
    let quarter = u64::from(half) * u64::from(half);
    match (column >= half, row >= half) {
        (false, false) => along(below, row, column),
        (false, true) => quarter + along(below, column, row - half),
        (true, true) => 2 * quarter + along(below, column - half, row - half),
        (true, false) => 3 * quarter + along(below, half - 1 - row, 2 * half - 1 - column),
    }
}

fn directory(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, entries.len() as u64);
    let mut before = 0;
    for entry in entries {
        put(&mut out, entry.0 - before);
        before = entry.0;
    }
    for entry in entries {
        put(&mut out, entry.1);
    }
    for entry in entries {
        put(&mut out, entry.3);
    }
    let mut end = None;
    for entry in entries {
        put(&mut out, if end == Some(entry.2) { 0 } else { entry.2 + 1 });
        end = Some(entry.2 + entry.3);
    }
    out
}

fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
