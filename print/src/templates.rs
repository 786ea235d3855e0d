//! The templates, which are embedded in the program, and the file from which they read their data.

use typst::syntax::{FileId, PathError, RootedPath, Source, VirtualPath, VirtualRoot};

/// The frame that every letter shares. It is not a letter itself.
const FRAME: (&str, &str) = ("frame", include_str!("../templates/frame.typ"));

/// The letters, by name.
const LETTERS: [(&str, &str); 7] = [
    ("accepted", include_str!("../templates/accepted.typ")),
    ("certificate", include_str!("../templates/certificate.typ")),
    ("handover", include_str!("../templates/handover.typ")),
    ("missing", include_str!("../templates/missing.typ")),
    ("receipt", include_str!("../templates/receipt.typ")),
    ("refused", include_str!("../templates/refused.typ")),
    ("roster", include_str!("../templates/roster.typ")),
];

/// The file from which `frame.typ` reads the letter's data.
const DATA: &str = "data.json";

/// The parsed templates.
pub struct Templates {
    frame: Source,
    letters: Vec<(&'static str, Source)>,
    data: FileId,
}

impl Templates {
    /// Parses all templates.
    ///
    /// # Errors
    /// Fails when a name among the constants is not a path.
    pub fn new() -> Result<Self, PathError> {
        let source = |(name, text): (&str, &str)| {
            let id = file(&format!("{name}.typ"))?;
            Ok::<Source, PathError>(Source::new(id, text.to_owned()))
        };
        let letter = |entry: (&'static str, &'static str)| Ok::<_, PathError>((entry.0, source(entry)?));
        let letters = LETTERS.into_iter().map(letter).collect::<Result<Vec<_>, PathError>>()?;
        Ok(Self { frame: source(FRAME)?, letters, data: file(DATA)? })
    }

    /// Returns the letter of that name.
    pub fn letter(&self, name: &str) -> Option<FileId> {
        self.letters.iter().find(|(known, _)| *known == name).map(|(_, source)| source.id())
    }

    /// Returns the names of the letters.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.letters.iter().map(|(name, _)| *name)
    }

    /// Returns a template's text by the file that stands for it.
    pub fn source(&self, id: FileId) -> Option<&Source> {
        let mut all = self.letters.iter().map(|(_, source)| source).chain([&self.frame]);
        all.find(|source| source.id() == id)
    }

    /// Returns the file that stands for the letter's data.
    pub fn data(&self) -> FileId {
        self.data
    }
}

fn file(name: &str) -> Result<FileId, PathError> {
    Ok(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name)?).intern())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_found_by_name_and_by_file() {
        let templates = Templates::new().unwrap();
        assert_eq!(templates.names().count(), LETTERS.len());
        let receipt = templates.letter("receipt").unwrap();
        assert!(templates.source(receipt).is_some_and(|source| source.text().contains("受理回执")));
        assert!(templates.source(file("/frame.typ").unwrap()).is_some());
        for name in ["frame", "receipt.typ", "../receipt", "data", ""] {
            assert!(templates.letter(name).is_none(), "{name}");
        }
        assert!(templates.source(templates.data()).is_none());
    }

    #[test]
    fn no_words_stand_in_a_template() {
        let chinese = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
        let said = |line: &&str| !line.trim_start().starts_with("//") && line.contains(chinese);
        for (name, text) in LETTERS.into_iter().chain([FRAME]) {
            assert_eq!(text.lines().find(said), None, "{name}");
        }
    }
}
