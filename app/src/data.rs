//! The city's data: built into the binary, or read from a folder that the city edits.

use std::path::{Path, PathBuf};

use house::OpenFault;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../data"]
struct BuiltIn;

/// Where rulebook, catalogue, procedures, roles, calendar and editions are read from.
#[derive(Debug, Clone)]
pub enum Data {
    /// The copy inside the binary.
    BuiltIn,
    /// A folder of the same shape.
    Folder(PathBuf),
}

/// A file's name and text.
pub type File = (String, String);

/// A file of the data cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {why}. The folder given with --data must have the shape of the project's data/ folder.")]
pub struct DataFault {
    /// The file, with the folder given with --data where there is one.
    pub file: String,
    /// What went wrong.
    pub why: String,
}

impl Data {
    /// The folder if one is given, else the copy inside the binary.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        folder.map_or(Self::BuiltIn, Self::Folder)
    }

    /// One file, by its path below `data/`.
    ///
    /// # Errors
    /// The file is missing or not UTF-8.
    pub fn file(&self, name: &str) -> Result<String, DataFault> {
        let fault = |why: String| DataFault { file: self.whereabouts(name), why };
        match self {
            Self::BuiltIn => {
                let found = BuiltIn::get(name).ok_or_else(|| fault("is not there".to_owned()))?;
                String::from_utf8(found.data.into_owned()).map_err(|bad| fault(bad.to_string()))
            }
            Self::Folder(folder) => std::fs::read_to_string(folder.join(name)).map_err(|bad| fault(bad.to_string())),
        }
    }

    /// How people find a file or a folder below `data/`.
    fn whereabouts(&self, name: &str) -> String {
        match self {
            Self::BuiltIn => name.to_owned(),
            Self::Folder(root) => root.join(name).display().to_string(),
        }
    }

    /// All files of a folder below `data/` whose name ends so, in the order of their names.
    ///
    /// # Errors
    /// The folder or a file cannot be read.
    pub fn files(&self, folder: &str, ending: &str) -> Result<Vec<File>, DataFault> {
        let mut names = match self {
            Self::BuiltIn => BuiltIn::iter().map(|name| name.to_string()).filter(|name| within(name, folder)).collect(),
            Self::Folder(root) => {
                let fault = |bad: std::io::Error| DataFault { file: self.whereabouts(folder), why: bad.to_string() };
                listed(root, folder).map_err(fault)?
            }
        };
        names.retain(|name: &String| name.ends_with(ending));
        names.sort();
        names.into_iter().map(|name| Ok((name.clone(), self.file(&name)?))).collect()
    }
}

fn within(name: &str, folder: &str) -> bool {
    name.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| !rest.contains('/'))
}

fn listed(root: &Path, folder: &str) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join(folder))? {
        let entry = entry?;
        if entry.path().is_file() {
            names.push(format!("{folder}/{}", entry.file_name().to_string_lossy()));
        }
    }
    Ok(names)
}

impl house::DataFiles for Data {
    fn file(&self, name: &str) -> Result<String, OpenFault> {
        Self::file(self, name).map_err(|fault| OpenFault::Said(fault.to_string()))
    }

    fn files(&self, folder: &str, ending: &str) -> Result<Vec<File>, OpenFault> {
        Self::files(self, folder, ending).map_err(|fault| OpenFault::Said(fault.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_copy_and_the_folder_give_the_same() {
        let folder = Data::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../data"));
        for name in ["calendar", "shenyang/editions"] {
            let inside = Data::BuiltIn.files(name, ".csv").unwrap();
            assert!(!inside.is_empty(), "{name}");
            assert_eq!(inside, folder.files(name, ".csv").unwrap(), "{name}");
        }
        assert!(Data::BuiltIn.file("calendar/nothing.csv").unwrap_err().to_string().contains("calendar/nothing.csv"));
    }

    #[test]
    fn what_is_missing_is_told_with_the_folder_it_was_looked_for_in() {
        let nowhere = Data::Folder(PathBuf::from("/nowhere/at-all"));
        let folder = nowhere.files("procedures", ".toml").unwrap_err().to_string();
        assert!(folder.starts_with("/nowhere/at-all/procedures: "), "{folder}");
        let file = nowhere.file("calendar/city.toml").unwrap_err().to_string();
        assert!(file.starts_with("/nowhere/at-all/calendar/city.toml: "), "{file}");
    }
}
