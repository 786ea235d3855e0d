//! The inside of one crate: its files by module, and which of them imports which.

use std::collections::BTreeMap;

use super::paths::{Spoken, Standing, spoken};
use super::source::{Source, names};
use super::tree::{Tree, is_test_file};

/// How many times a name is followed from one `pub use` to the next.
const MOST_STEPS: usize = 8;
/// What a file can define.
const KINDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "union"];

/// A file of a crate.
pub struct File<'t> {
    /// Path below the root.
    pub path: &'t str,
    /// The module it holds: `records`, `lists`; nothing for the root of the crate.
    pub module: Vec<String>,
    source: &'t Source,
    spoken: Vec<Spoken>,
}

/// A file that uses what another one defines.
pub struct Import<'a, 't> {
    /// The file that uses it.
    pub from: &'a File<'t>,
    /// The file that defines it.
    pub to: &'a File<'t>,
    /// Line of the import in `from`.
    pub line: usize,
    /// The first name below the module of `to`, where there is one.
    pub name: Option<String>,
    /// The path as it is written.
    pub said: String,
}

/// The files of one crate, by module.
pub struct Inside<'t> {
    files: BTreeMap<Vec<String>, File<'t>>,
}

impl<'t> Inside<'t> {
    /// The files of the crate in this folder; its tests and further programs are left out.
    #[must_use]
    pub fn read(tree: &'t Tree, folder: &str) -> Self {
        let mut files = BTreeMap::new();
        let has_library = tree.sources.contains_key(&format!("{folder}/src/lib.rs"));
        for (path, (_, source)) in &tree.sources {
            let inside = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix("/src/"));
            let Some(inside) = inside.filter(|_| tree.crate_of(path) == Some(folder) && !is_test_file(path)) else {
                continue;
            };
            if inside.starts_with("bin/") || inside == "main.rs" && has_library {
                continue;
            }
            let module = module(inside);
            files.insert(module.clone(), File { path, module, source, spoken: spoken(source) });
        }
        Self { files }
    }

    /// Every import of one file by another, as often as it is spoken. A file that hands on names of its own parts
    /// imports nothing by that.
    #[must_use]
    pub fn imports(&self) -> Vec<Import<'_, 't>> {
        let mut found = Vec::new();
        for from in self.files.values() {
            for path in &from.spoken {
                let Some((to, name)) = self.whole(from, &path.segments).and_then(|whole| self.definer(&whole, 0))
                else {
                    continue;
                };
                let own_part = path.standing == Standing::HandedOn && to.module.starts_with(&from.module);
                if to.path != from.path && !own_part {
                    found.push(Import { from, to, line: path.line, name, said: path.segments.join("::") });
                }
            }
        }
        found
    }

    /// A path from the root of the crate; none for one that leads out of it.
    fn whole(&self, file: &File<'t>, segments: &[String]) -> Option<Vec<String>> {
        let first = segments.first()?;
        let root: &[String] = &[];
        let ups = segments.iter().take_while(|segment| *segment == "super").count();
        let (stem, rest) = match first.as_str() {
            "crate" => (root, segments.get(1..)?),
            "self" => (file.module.as_slice(), segments.get(1..)?),
            "super" => (file.module.get(..file.module.len().checked_sub(ups)?)?, segments.get(ups..)?),
            _ => (file.module.as_slice(), segments),
        };
        let whole: Vec<String> = stem.iter().chain(rest).filter(|segment| *segment != "*").cloned().collect();
        let leads_out = !matches!(first.as_str(), "crate" | "self" | "super")
            && !whole.get(..=file.module.len()).is_some_and(|part| self.files.contains_key(part));
        (!leads_out).then_some(whole)
    }

    /// The file that defines what a path from the root leads to, and the first name below it; a name that was handed
    /// on is followed to where it comes from.
    fn definer(&self, whole: &[String], steps: usize) -> Option<(&File<'t>, Option<String>)> {
        let depth =
            (0..=whole.len()).rev().find(|depth| self.files.contains_key(whole.get(..*depth).unwrap_or_default()))?;
        let file = self.files.get(whole.get(..depth)?)?;
        let Some(name) = whole.get(depth).filter(|_| steps < MOST_STEPS) else { return Some((file, None)) };
        let handed_on = file.spoken.iter().filter(|path| path.standing == Standing::HandedOn);
        for path in handed_on.clone().filter(|path| path.name == *name) {
            if let Some(mut next) = self.whole(file, &path.segments).filter(|next| *next != whole) {
                next.extend(whole.iter().skip(depth + 1).cloned());
                return self.definer(&next, steps + 1);
            }
        }
        for path in handed_on.filter(|path| path.name == "*") {
            let next = self.whole(file, &path.segments).and_then(|next| self.definer(&next, steps + 1));
            if let Some((found, _)) = next.filter(|(found, _)| found.defines(name)) {
                return Some((found, Some(name.clone())));
            }
        }
        Some((file, Some(name.clone())))
    }
}

impl File<'_> {
    /// True when the file defines the name.
    #[must_use]
    pub fn defines(&self, name: &str) -> bool {
        KINDS.iter().any(|kind| !names(&self.source.code, &format!("{kind} {name}")).is_empty())
    }
}

/// `records/lists.rs` holds `records`, `lists`; `records/mod.rs` holds `records`; `lib.rs` holds the root.
fn module(inside: &str) -> Vec<String> {
    let mut parts: Vec<String> = inside.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    parts.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    parts
}
