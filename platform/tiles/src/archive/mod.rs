//! Reads a PMTiles archive (version 3): one file that holds all squares of a map, which somebody else drew.
//!
//! The file is opened once and read where a square lies. Nothing in it is believed: each length has a limit, each place
//! has to lie inside the file, and what is damaged is a fault, never a panic.

mod about;
mod directory;
mod fault;
mod header;

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::GzDecoder;
use kernel::earth::{Bounds, Tile};

use about::Metadata;
use directory::{Directory, number};
pub use fault::ArchiveFault;
pub use header::Kind;
use header::{HEADER_BYTES, Header, Section};

/// How many bytes are read at most of a directory or the description as they lie in the file, and of a square.
const PACKED_BYTES: u64 = 4 * 1024 * 1024;
/// How many bytes they may be when they are unpacked.
const UNPACKED_BYTES: u64 = 16 * 1024 * 1024;
/// How many directories are read at most on the way to a square. Writers make two, very large files three.
const DEEPEST: usize = 4;

/// How many directories below the first one are kept as they were read last. Squares that are asked for together lie in
/// the same ones.
const KEPT: usize = 32;

/// An archive that is open.
#[derive(Debug)]
pub struct Archive {
    file: File,
    header: Header,
    root: Arc<Directory>,
    metadata: Metadata,
    /// Directories below the first one by where they lie, the last one that was read at the end.
    leaves: Mutex<VecDeque<(u64, Arc<Directory>)>>,
}

/// A square as it lies in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Whether they are packed with gzip.
    pub gzipped: bool,
}

impl Archive {
    /// Opens an archive and reads its head: what it is, its first directory and what it says of itself.
    ///
    /// # Errors
    /// Fails if the file cannot be read, is another kind of file, is damaged, or holds what browsers do not draw.
    pub fn open(file: &Path) -> Result<Self, ArchiveFault> {
        let mut file = File::open(file)?;
        let size = file.metadata()?.len();
        let mut head = [0; HEADER_BYTES];
        file.read_exact(&mut head).map_err(|_| ArchiveFault::Other)?;
        let header = Header::read(&head, size)?;
        let (root, metadata, leaves) = (Arc::default(), Metadata::default(), Mutex::default());
        let archive = Self { file, header, root, metadata, leaves };
        let root = Arc::new(Directory::parse(&archive.described(header.root, 0, header.root.length)?)?);
        let told = match header.metadata.length {
            0 => Vec::new(),
            length => archive.described(header.metadata, 0, length)?,
        };
        Ok(Self { root, metadata: Metadata::parse(&told), ..archive })
    }

    /// What its squares are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.header.kind
    }

    /// The least and the deepest zoom for which it holds squares.
    #[must_use]
    pub const fn zooms(&self) -> (u8, u8) {
        self.header.zooms
    }

    /// What it covers.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        self.header.bounds
    }

    /// Whose data it says it holds, as plain text; empty if it does not say.
    #[must_use]
    pub fn attribution(&self) -> &str {
        &self.metadata.attribution
    }

    /// The names of the layers in its squares; empty for pictures, and if it does not say.
    #[must_use]
    pub fn layers(&self) -> &[String] {
        &self.metadata.layers
    }

    /// The square of an address; none if the archive does not hold it.
    ///
    /// # Errors
    /// Fails if the file cannot be read any more or is damaged there.
    pub fn content(&self, tile: Tile) -> Result<Option<Content>, ArchiveFault> {
        let (least, deepest) = self.header.zooms;
        if !(least..=deepest).contains(&tile.zoom()) {
            return Ok(None);
        }
        let (number, mut directory) = (number(tile), self.root.clone());
        for _ in 0..DEEPEST {
            let Some(entry) = directory.find(number) else { return Ok(None) };
            if entry.run > 0 {
                let bytes = self.read(self.header.squares, entry.offset, u64::from(entry.length))?;
                return Ok(Some(Content { bytes, gzipped: self.header.squares_gzipped }));
            }
            directory = self.leaf(entry.offset, u64::from(entry.length))?;
        }
        Err(ArchiveFault::Damaged("its directories lead to one another"))
    }

    /// A directory below the first one, read anew only where it was not read lately.
    fn leaf(&self, offset: u64, length: u64) -> Result<Arc<Directory>, ArchiveFault> {
        let kept = || self.leaves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept().iter().find(|leaf| leaf.0 == offset) {
            return Ok(known.clone());
        }
        let read = Arc::new(Directory::parse(&self.described(self.header.leaves, offset, length)?)?);
        let mut leaves = kept();
        if leaves.len() >= KEPT {
            leaves.pop_front();
        }
        leaves.push_back((offset, read.clone()));
        Ok(read)
    }

    /// A directory or the description, unpacked.
    fn described(&self, section: Section, offset: u64, length: u64) -> Result<Vec<u8>, ArchiveFault> {
        let packed = self.read(section, offset, length)?;
        if self.header.gzipped { unpacked(&packed) } else { Ok(packed) }
    }

    fn read(&self, section: Section, offset: u64, length: u64) -> Result<Vec<u8>, ArchiveFault> {
        let from = section.within(offset, length).ok_or(ArchiveFault::Damaged("an entry points outside its part"))?;
        if length > PACKED_BYTES {
            return Err(ArchiveFault::TooLarge);
        }
        let mut bytes = vec![0; usize::try_from(length).map_err(|_| ArchiveFault::TooLarge)?];
        read_at(&self.file, &mut bytes, from)?;
        Ok(bytes)
    }
}

/// Reads from a place of a file, without moving where others read.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], from: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, from)
}

/// Reads from a place of a file, without moving where others read.
#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut from: u64) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, from)?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.get_mut(read..).unwrap_or_default();
        from += u64::try_from(read).unwrap_or_default();
    }
    Ok(())
}

impl Content {
    /// The bytes without gzip.
    ///
    /// # Errors
    /// Fails if they are damaged or too many.
    pub fn unpacked(self) -> Result<Vec<u8>, ArchiveFault> {
        if self.gzipped { unpacked(&self.bytes) } else { Ok(self.bytes) }
    }
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, ArchiveFault> {
    let mut bytes = Vec::new();
    let read = GzDecoder::new(packed).take(UNPACKED_BYTES + 1).read_to_end(&mut bytes);
    let read = read.map_err(|_| ArchiveFault::Damaged("a part that is packed with gzip cannot be unpacked"))?;
    if u64::try_from(read).is_ok_and(|read| read <= UNPACKED_BYTES) { Ok(bytes) } else { Err(ArchiveFault::TooLarge) }
}
