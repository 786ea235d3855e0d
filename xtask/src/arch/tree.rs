//! The repository as the architecture's rules see it: texts by path, crates by folder.

use std::collections::BTreeMap;
use std::path::Path;

use super::Fault;
use super::map::{Department, Map};
use super::source::Source;

/// The table of a manifest that holds the department's line of the map.
pub const LINE: &str = "package.metadata.department";

/// Everything the rules look at.
#[derive(Debug, Default)]
pub struct Tree {
    /// Every file's path below the root, with `/`.
    pub paths: Vec<String>,
    /// Texts of manifests, SQL, templates and the map, by path.
    pub texts: BTreeMap<String, String>,
    /// Rust files, by path.
    pub sources: BTreeMap<String, (String, Source)>,
    /// Crates, by folder.
    pub crates: BTreeMap<String, Crate>,
}

/// A crate of the workspace.
#[derive(Debug, Default)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// Names it depends on.
    pub imports: Vec<String>,
    /// Names it depends on in tests.
    pub test_imports: Vec<String>,
    /// Its line of the map, where its manifest carries it.
    pub department: Option<Department>,
}

impl Tree {
    /// Reads the repository.
    ///
    /// # Errors
    /// A folder or file that cannot be read, with its name.
    pub fn read(root: &Path, map: &Map) -> Result<Self, String> {
        let mut files = BTreeMap::new();
        walk(root, "", &map.limits.ignored_folders, &mut files)?;
        Self::from_files(files)
    }

    /// Makes the tree from texts by path; a file that is not read has an empty text.
    ///
    /// # Errors
    /// A manifest that is no TOML.
    pub fn from_files(files: BTreeMap<String, String>) -> Result<Self, String> {
        let mut tree = Self { paths: files.keys().cloned().collect(), ..Self::default() };
        for (path, text) in files {
            if let Some(folder) = path.strip_suffix("/Cargo.toml") {
                tree.crates.insert(folder.to_owned(), manifest(&path, &text)?);
            }
            if extension(&path) == Some("rs") {
                let mut source = Source::read(&text);
                if is_test_file(&path) {
                    source.tests.push((1, usize::MAX));
                }
                tree.sources.insert(path, (text, source));
            } else {
                tree.texts.insert(path, text);
            }
        }
        Ok(tree)
    }

    /// Folder of the crate that a file belongs to.
    #[must_use]
    pub fn crate_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        ends.filter_map(|at| path.get(..at)).rfind(|folder| self.crates.contains_key(*folder))
    }
}

/// True for a file that is a test as a whole.
#[must_use]
pub fn is_test_file(path: &str) -> bool {
    path.split('/').any(|part| part == "tests" || part == "tests.rs")
}

/// True for a template of pages.
#[must_use]
pub fn is_template(path: &str) -> bool {
    extension(path) == Some("html") && path.split('/').any(|part| part == "templates")
}

fn extension(path: &str) -> Option<&str> {
    Path::new(path).extension().and_then(|name| name.to_str())
}

/// True for files whose text a rule wants.
fn wanted(path: &str) -> bool {
    matches!(extension(path), Some("rs" | "sql")) || path.ends_with("Cargo.toml") || is_template(path)
}

/// Collects the files below a folder; the build's output and hidden folders are left out.
pub fn walk(root: &Path, below: &str, ignored: &[String], files: &mut BTreeMap<String, String>) -> Result<(), String> {
    let folder = root.join(below);
    let entries = std::fs::read_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    for entry in entries {
        let entry = entry.map_err(|fault| format!("{}: {fault}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        if name.starts_with('.') || ignored.contains(&name) || ignored.contains(&path) {
            continue;
        }
        if entry.path().is_dir() {
            walk(root, &path, ignored, files)?;
            continue;
        }
        let text = if wanted(&path) { std::fs::read_to_string(entry.path()) } else { Ok(String::new()) };
        files.insert(path, text.map_err(|fault| format!("{}: {fault}", entry.path().display()))?);
    }
    Ok(())
}

fn manifest(path: &str, text: &str) -> Result<Crate, String> {
    let table: toml::Table = toml::from_str(text).map_err(|fault| format!("{path}: {fault}"))?;
    let package = table.get("package");
    let name = package.and_then(|package| package.get("name")).and_then(|name| name.as_str());
    let line = package.and_then(|package| package.get("metadata")?.get("department"));
    let department: Result<Option<Department>, _> = line.map(|line| line.clone().try_into()).transpose();
    let names = |key: &str| {
        let table = table.get(key).and_then(|value| value.as_table());
        table.map(|table| table.keys().cloned().collect()).unwrap_or_default()
    };
    Ok(Crate {
        name: name.unwrap_or_default().to_owned(),
        imports: names("dependencies"),
        test_imports: names("dev-dependencies"),
        department: department.map_err(|fault| format!("{path}: [{LINE}] {fault}"))?,
    })
}

/// The line of a file on which a text stands first, else 1.
#[must_use]
pub fn line_with(text: &str, word: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(word)).map_or(1, |at| at + 1)
}

/// A file's room in its department: `city/counter/src/pages/home.rs` is in `pages`.
#[must_use]
pub fn room<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    let inside = path.strip_prefix(folder)?.strip_prefix("/src/")?;
    let first = inside.split('/').next()?;
    Some(first.strip_suffix(".rs").unwrap_or(first))
}

/// Faults at every line of a file where a name is spoken, tests left out.
pub fn spoken(path: &str, source: &Source, name: &str, place: &str, remedy: &str) -> Vec<Fault> {
    let lines = super::source::names(&source.code, name).into_iter().filter(|line| !source.is_test(*line));
    lines.map(|line| Fault::new(path, line, format!("`{name}` has no place in {place}"), remedy)).collect()
}
