//! The fonts that were found. Their headers are read at first; a font is read when a letter first needs it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// The families that templates ask for first. When neither is there, Chinese is set in any font that draws it.
pub const PREFERRED: [&str; 2] = ["Noto Sans CJK SC", "Noto Serif CJK SC"];

/// How deep folders are searched, and the largest font file that is read, in bytes.
const DEEPEST: usize = 8;
const LARGEST_FILE: u64 = 128 * 1024 * 1024;

/// How many faces are looked for in one collection.
const MOST_FACES: u32 = 64;

/// A font file that is read on first use.
struct FontFile {
    path: PathBuf,
    bytes: OnceLock<Option<Bytes>>,
}

impl FontFile {
    fn read(&self) -> Option<Bytes> {
        self.bytes.get_or_init(|| std::fs::read(&self.path).ok().map(Bytes::new)).clone()
    }
}

/// One face of a font file.
struct Face {
    file: usize,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// All faces, in the order of the book.
pub struct Fonts {
    files: Vec<FontFile>,
    faces: Vec<Face>,
    book: LazyHash<FontBook>,
}

impl Fonts {
    /// Finds the fonts in the folders and their subfolders. Files that cannot be read are passed over. Each file is
    /// read once to see what it holds, and its bytes are not kept.
    pub fn find(folders: &[PathBuf]) -> Self {
        let mut paths = BTreeSet::new();
        for folder in folders {
            gather(folder, DEEPEST, &mut paths);
        }
        let (mut files, mut faces, mut book) = (Vec::new(), Vec::new(), FontBook::new());
        for path in paths {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            for index in 0..MOST_FACES {
                if let Some(info) = FontInfo::new(&bytes, index) {
                    faces.push(Face { file: files.len(), index, font: OnceLock::new() });
                    book.push(info);
                }
            }
            files.push(FontFile { path, bytes: OnceLock::new() });
        }
        Self { files, faces, book: LazyHash::new(book) }
    }

    /// Returns what is known of the faces.
    pub fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    /// Returns a face by its place in the book. Its file is read if that was not done yet.
    pub fn font(&self, index: usize) -> Option<Font> {
        let face = self.faces.get(index)?;
        let read = || Font::new(self.files.get(face.file)?.read()?, face.index);
        face.font.get_or_init(read).clone()
    }

    /// Says whether some face draws the character.
    pub fn draw(&self, character: char) -> bool {
        let draws = |info: &FontInfo| info.coverage.contains(u32::from(character));
        (0..self.faces.len()).any(|index| self.book.info(index).is_some_and(draws))
    }

    /// Says whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.faces.is_empty()
    }

    /// Returns the numbers of files and faces.
    pub fn counts(&self) -> (usize, usize) {
        (self.files.len(), self.faces.len())
    }

    /// Returns the names of the families in alphabetical order.
    pub fn families(&self) -> Vec<&str> {
        self.book.families().map(|(name, _)| name).collect()
    }
}

/// Adds the font files in the folder.
fn gather(folder: &Path, deep: usize, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            if deep > 0 {
                gather(&path, deep - 1, found);
            }
        } else if is_font(&path) && path.metadata().is_ok_and(|file| file.is_file() && file.len() <= LARGEST_FILE) {
            found.insert(path);
        }
    }
}

fn is_font(path: &Path) -> bool {
    let known = |ending: &str| ["ttf", "otf", "ttc", "otc"].iter().any(|one| ending.eq_ignore_ascii_case(one));
    path.extension().and_then(|ending| ending.to_str()).is_some_and(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn font_files_are_known_by_their_ending() {
        for (name, font) in [("a.ttf", true), ("b.TTC", true), ("c.otf", true), ("d.woff2", false), ("ttf", false)] {
            assert_eq!(is_font(Path::new(name)), font, "{name}");
        }
    }

    #[test]
    fn a_folder_without_fonts_gives_none() {
        let fonts = Fonts::find(&[PathBuf::from("/nowhere"), PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")]);
        assert!(fonts.is_empty() && !fonts.draw('a') && fonts.font(0).is_none());
    }
}
