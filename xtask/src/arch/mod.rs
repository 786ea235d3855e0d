//! `cargo xtask arch`: checks the repository against `architecture.toml` and the lines that departments carry
//! themselves, by reading texts alone.

mod imports;
mod inside;
mod map;
mod order;
mod own;
mod parameters;
mod paths;
mod rooms;
mod schema;
mod shape;
mod shards;
mod source;
mod tables;
#[cfg(test)]
mod tests;
mod tree;

use std::fmt;
use std::path::Path;

pub use source::Source;
pub use tree::is_test_file;

use map::Map;
use tree::Tree;

/// Something that is not as the map says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Path below the root.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Fault {
    /// A fault at a line of a file.
    #[must_use]
    pub fn new(file: &str, line: usize, what: String, remedy: &str) -> Self {
        Self { file: file.to_owned(), line, what, remedy: remedy.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}. {}.", self.file, self.line, self.what, self.remedy)
    }
}

/// A rule: the map and the tree go in, faults come out.
type Rule = fn(&Map, &Tree) -> Vec<Fault>;

const RULES: &[Rule] = &[
    imports::zones,
    imports::departments,
    imports::front_doors,
    rooms::names,
    rooms::banned_in_rooms,
    rooms::banned_in_zones,
    order::rooms,
    order::circles,
    tables::sql_rooms,
    tables::prefixes,
    tables::owners,
    shards::keys,
    shards::statements,
    shards::filled,
    shards::rows,
    shape::first_line,
    shape::file_length,
    shape::function_length,
    shape::line_length,
    shape::allowances,
    shape::empty_names,
    parameters::typed,
    parameters::named,
];

/// Checks the repository; says how much was looked at.
///
/// # Errors
/// The faults as lines, or what could not be read.
pub fn check(root: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(root.join(map::FILE)).map_err(|fault| format!("{}: {fault}", map::FILE))?;
    let map = Map::read(&text)?;
    let tree = Tree::read(root, &map)?;
    let faults = judge(&map, &tree);
    if faults.is_empty() {
        return Ok(format!("{} crates, {} Rust files as the map says", tree.crates.len(), tree.sources.len()));
    }
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Err(format!("{}\n{} faults against {}", lines.join("\n"), faults.len(), map::FILE))
}

/// All faults, in the order of files and lines.
fn judge(map: &Map, tree: &Tree) -> Vec<Fault> {
    let (map, mut faults) = own::joined(map, tree);
    faults.extend(map.faults());
    faults.extend(RULES.iter().flat_map(|rule| rule(&map, tree)));
    faults.sort();
    faults.dedup();
    faults
}
