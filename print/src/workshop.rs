//! Makes letters: it holds the library, the fonts and the templates, and for each letter the little world that typst
//! sees.

use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::ecow::EcoVec;
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, PathError, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::characters;
use crate::fonts::Fonts;
use crate::refusal::Refusal;
use crate::templates::Templates;

/// The parts that all letters share.
pub struct Workshop {
    library: LazyHash<Library>,
    fonts: Fonts,
    templates: Templates,
}

impl Workshop {
    /// Sets the workshop up.
    ///
    /// # Errors
    /// Fails when a built-in template cannot be read.
    pub fn new(fonts: Fonts) -> Result<Self, PathError> {
        let library = LazyHash::new(<Library as LibraryExt>::default());
        Ok(Self { library, fonts, templates: Templates::new()? })
    }

    /// Returns the fonts.
    pub fn fonts(&self) -> &Fonts {
        &self.fonts
    }

    /// Lays out a letter as PDF. The same data give the same bytes.
    ///
    /// # Errors
    /// Fails with `template_unknown`, `fonts_missing` or `character_missing`, and with `layout_failed` when the data
    /// are not what the template expects.
    pub fn letter(&self, template: &str, data: &Value) -> Result<Vec<u8>, Refusal> {
        let main = self.templates.letter(template).ok_or_else(|| self.unknown())?;
        if self.fonts.is_empty() {
            return Err(Refusal::new(
                "fonts_missing",
                "no fonts were found; install them or name their folder with --fonts",
            ));
        }
        let bytes =
            serde_json::to_vec(data).map_err(|_| Refusal::new("request_malformed", "the data cannot be written"))?;
        let desk = Desk { workshop: self, main, data: Bytes::new(bytes) };
        let pdf = desk.pdf();
        // Typst remembers parts of a letter to be quicker next time; this makes it forget them.
        typst::comemo::evict(0);
        pdf
    }

    fn unknown(&self) -> Refusal {
        let names: Vec<&str> = self.templates.names().collect();
        Refusal::new("template_unknown", format!("there is no template of that name; known: {}", names.join(", ")))
    }
}

/// What typst may see while it lays out one letter: the templates, this letter's data, the fonts. It sees no file, no
/// network and no clock.
struct Desk<'a> {
    workshop: &'a Workshop,
    main: FileId,
    data: Bytes,
}

impl Desk<'_> {
    fn pdf(&self) -> Result<Vec<u8>, Refusal> {
        let laid_out = typst::compile::<PagedDocument>(self).output;
        let document = laid_out.map_err(|faults| self.failed(&faults))?;
        if let Some(missing) = characters::missing(&document, &self.workshop.fonts) {
            return Err(Refusal::characters(missing));
        }
        let options = PdfOptions { creator: Smart::Custom(Some("Lianglin".to_owned())), ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options).map_err(|faults| self.failed(&faults))
    }

    /// Returns the first fault with its place in the template.
    fn failed(&self, faults: &EcoVec<SourceDiagnostic>) -> Refusal {
        let Some(fault) = faults.first() else {
            return Refusal::new("layout_failed", "the layout failed without saying why");
        };
        let place = self.place(fault).unwrap_or_default();
        Refusal::new("layout_failed", format!("{place}{}", fault.message))
    }

    /// Writes a place such as `receipt.typ, line 7: `.
    fn place(&self, fault: &SourceDiagnostic) -> Option<String> {
        let id = fault.span.id()?;
        let start = self.range(fault.span)?.start;
        let line = self.workshop.templates.source(id)?.lines().byte_to_line(start)?;
        Some(format!("{}, line {}: ", id.vpath().get_without_slash(), line + 1))
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.workshop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.workshop.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.workshop.templates.source(id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.workshop.templates.data() { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.workshop.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn without_fonts_nothing_is_laid_out() {
        let workshop = Workshop::new(Fonts::find(&[PathBuf::from("/nowhere")])).unwrap();
        let code = |template: &str| workshop.letter(template, &serde_json::json!({})).unwrap_err().code;
        assert_eq!((code("receipt"), code("letter")), ("fonts_missing", "template_unknown"));
    }

    #[test]
    fn a_template_sees_no_file_but_its_own() {
        let workshop = Workshop::new(Fonts::find(&[])).unwrap();
        let main = workshop.templates.letter("receipt").unwrap();
        let desk = Desk { workshop: &workshop, main, data: Bytes::new(b"{}".to_vec()) };
        let passwords = typst::syntax::VirtualPath::new("etc/passwd").unwrap();
        let id = typst::syntax::RootedPath::new(typst::syntax::VirtualRoot::Project, passwords).intern();
        assert_eq!(desk.file(id).err(), Some(FileError::AccessDenied));
        assert_eq!(desk.source(id).err(), Some(FileError::AccessDenied));
        assert!(desk.file(workshop.templates.data()).is_ok() && desk.today(None).is_none());
    }
}
