//! The first 127 bytes of an archive: where its parts lie and what its squares are.

use kernel::earth::{Bounds, Tile};

use super::fault::ArchiveFault;

/// The bytes of the header.
pub(super) const HEADER_BYTES: usize = 127;
const MAGIC: &[u8] = b"PMTiles";
const VERSION: u8 = 3;
/// Parts of a degree in which edges are written.
const PARTS: f64 = 10_000_000.0;
const WORLD: Bounds = Bounds { west: -180.0, south: -85.0, east: 180.0, north: 85.0 };

/// What the squares of an archive are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Vector tiles.
    Vector,
    /// PNG pictures.
    Png,
    /// JPEG pictures.
    Jpeg,
    /// WebP pictures.
    Webp,
    /// AVIF pictures.
    Avif,
}

impl Kind {
    /// The media type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Vector => crate::CONTENT_TYPE,
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    const fn read(written: u8) -> Option<Self> {
        match written {
            1 => Some(Self::Vector),
            2 => Some(Self::Png),
            3 => Some(Self::Jpeg),
            4 => Some(Self::Webp),
            5 => Some(Self::Avif),
            _ => None,
        }
    }
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Section {
    offset: u64,
    /// Its length in bytes.
    pub length: u64,
}

impl Section {
    /// Where in the file something of this part begins, if it ends inside too.
    pub fn within(self, offset: u64, length: u64) -> Option<u64> {
        let end = offset.checked_add(length)?;
        (end <= self.length).then(|| self.offset.checked_add(offset)).flatten()
    }
}

/// What the header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// The first directory.
    pub root: Section,
    /// What the archive says of itself.
    pub metadata: Section,
    /// The other directories.
    pub leaves: Section,
    /// The squares.
    pub squares: Section,
    /// Whether directories and description are packed with gzip.
    pub gzipped: bool,
    /// Whether squares are packed with gzip.
    pub squares_gzipped: bool,
    /// What the squares are.
    pub kind: Kind,
    /// The least and the deepest zoom.
    pub zooms: (u8, u8),
    /// What they cover.
    pub bounds: Bounds,
}

impl Header {
    /// Reads the header of a file of a size.
    pub fn read(head: &[u8; HEADER_BYTES], size: u64) -> Result<Self, ArchiveFault> {
        let cut = || ArchiveFault::Damaged("its header is cut off");
        let byte = |at: usize| head.get(at).copied().ok_or_else(cut);
        if !head.starts_with(MAGIC) {
            return Err(ArchiveFault::Other);
        }
        match byte(7)? {
            VERSION => {}
            other => return Err(ArchiveFault::Version(other)),
        }
        let section = |at: usize| {
            let (offset, length) = whole(head, at).zip(whole(head, at + 8)).ok_or_else(cut)?;
            let inside = offset.checked_add(length).is_some_and(|end| end <= size);
            let cut = ArchiveFault::Damaged("it is shorter than its header says");
            if inside { Ok(Section { offset, length }) } else { Err(cut) }
        };
        let gzipped = |at: usize, what: &'static str| match byte(at)? {
            1 => Ok(false),
            2 => Ok(true),
            _ => Err(ArchiveFault::Packing(what)),
        };
        let zooms = (byte(100)?, byte(101)?);
        if zooms.0 > zooms.1 || zooms.1 > Tile::DEEPEST {
            return Err(ArchiveFault::Damaged("its zooms are not from 0 to 24"));
        }
        Ok(Self {
            root: section(8)?,
            metadata: section(24)?,
            leaves: section(40)?,
            squares: section(56)?,
            gzipped: gzipped(97, "its directories")?,
            squares_gzipped: gzipped(98, "its tiles")?,
            kind: Kind::read(byte(99)?).ok_or(ArchiveFault::Kind)?,
            zooms,
            bounds: bounds(head).unwrap_or(WORLD),
        })
    }
}

fn whole(head: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(head.get(at..)?.first_chunk().copied()?))
}

/// The edges, if they are those of something.
fn bounds(head: &[u8]) -> Option<Bounds> {
    let degrees = |at: usize| {
        let parts = i32::from_le_bytes(head.get(at..)?.first_chunk().copied()?);
        Some(f64::from(parts) / PARTS)
    };
    let found = Bounds { west: degrees(102)?, south: degrees(106)?, east: degrees(110)?, north: degrees(114)? };
    let wide = -180.0 <= found.west && found.west < found.east && found.east <= 180.0;
    let high = -90.0 <= found.south && found.south < found.north && found.north <= 90.0;
    (wide && high).then_some(found)
}
