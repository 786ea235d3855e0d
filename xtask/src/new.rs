//! `cargo xtask new department NAME`: makes an empty department with a table, a page, a permission, both languages and
//! a story, and wires it into the house with one line in each of three files.

mod names;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Command;

pub use names::{Asked, Names};

use crate::programs;

/// A file of a new department: its place below the department's folder, and its pattern.
struct Pattern {
    path: &'static str,
    text: &'static str,
}

/// The files of a new department. In path and text, `@name@` and the like stand for its names.
const PATTERNS: &[Pattern] = &[
    Pattern { path: "Cargo.toml", text: include_str!("new/Cargo.toml.txt") },
    Pattern { path: "askama.toml", text: include_str!("new/askama.toml.txt") },
    Pattern { path: "src/lib.rs", text: include_str!("new/lib.rs.txt") },
    Pattern { path: "src/words.rs", text: include_str!("new/words.rs.txt") },
    Pattern { path: "src/permissions.rs", text: include_str!("new/permissions.rs.txt") },
    Pattern { path: "src/refusals.rs", text: include_str!("new/refusals.rs.txt") },
    Pattern { path: "src/rules.rs", text: include_str!("new/rules.rs.txt") },
    Pattern { path: "src/records.rs", text: include_str!("new/records.rs.txt") },
    Pattern { path: "src/actions.rs", text: include_str!("new/actions.rs.txt") },
    Pattern { path: "src/pages/mod.rs", text: include_str!("new/pages.rs.txt") },
    Pattern { path: "templates/@name@/list.html", text: include_str!("new/list.html.txt") },
    Pattern { path: "locales/zh-CN.ftl", text: include_str!("new/zh-CN.ftl.txt") },
    Pattern { path: "locales/en.ftl", text: include_str!("new/en.ftl.txt") },
    Pattern { path: "migrations/0001_@name@.sql", text: include_str!("new/migration.sql.txt") },
    Pattern { path: "migrations/0001_@name@.rows.sql", text: include_str!("new/migration.rows.sql.txt") },
    Pattern { path: "tests/story.rs", text: include_str!("new/story.rs.txt") },
];

/// A line that a department has outside of its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wire {
    /// The file, below the root.
    pub file: String,
    /// The line, as it stands there.
    pub line: String,
    /// The line that opens its section.
    section: &'static str,
    /// How the line begins before which it goes, the first such line of the section.
    before: &'static str,
}

/// Returns the lines of a department outside of its folder: the app depends on it, the app lists it, a role holds its
/// permission. Its line of the map stands in its own manifest.
#[must_use]
pub fn wires(names: &Names, role: &str) -> Vec<Wire> {
    let name = &names.name;
    vec![
        Wire {
            file: "app/Cargo.toml".to_owned(),
            line: format!("{name}.path = \"../city/{name}\""),
            section: "[dependencies]",
            before: "ui.workspace",
        },
        Wire {
            file: "app/src/departments.rs".to_owned(),
            line: format!("    {name}::DEPARTMENT,"),
            section: "pub const DEPARTMENTS: &[Department] = &[",
            before: "];",
        },
        Wire {
            file: format!("data/roles/{role}.toml"),
            line: format!("    \"{name}.edit\","),
            section: "permissions = [",
            before: "]",
        },
    ]
}

impl Wire {
    /// Returns the text of the file with the line in it.
    ///
    /// # Errors
    /// The file has no such place.
    fn put_into(&self, text: &str) -> Result<String, String> {
        let mut lines: Vec<&str> = text.lines().collect();
        let section = lines.iter().position(|line| *line == self.section);
        let after = section.and_then(|at| {
            let found = lines.iter().skip(at).position(|line| line.starts_with(self.before))?;
            Some(at + found)
        });
        let Some(at) = after else {
            let Self { file, line, section, before } = self;
            return Err(format!(
                "{file}: `{section}` and a line `{before}` below it are not there to put `{line}` between"
            ));
        };
        lines.insert(at, &self.line);
        Ok(format!("{}\n", lines.join("\n")))
    }

    /// Returns the text of the file without the line.
    #[cfg(test)]
    fn taken_from(&self, text: &str) -> String {
        text.split_inclusive('\n').filter(|line| line.trim_end_matches('\n') != self.line).collect()
    }
}

/// Makes a department, and returns what was made and what comes next.
///
/// # Errors
/// Says why the name cannot be taken, or what could not be written. Nothing is written before all names and places are
/// known to be good.
pub fn department(root: &Path, asked: &Asked) -> Result<String, String> {
    let names = Names::of(root, asked)?;
    let wires = wires(&names, &asked.role);
    let changed: Vec<String> =
        wires.iter().map(|wire| wire.put_into(&read(root, &wire.file)?)).collect::<Result<_, _>>()?;
    let folder = format!("city/{}", names.name);
    for pattern in PATTERNS {
        write(root, &format!("{folder}/{}", names.fill(pattern.path)), &names.fill(pattern.text))?;
    }
    for (wire, text) in wires.iter().zip(&changed) {
        write(root, &wire.file, text)?;
    }
    format(root, &folder)?;
    Ok(told(&names, &wires))
}

/// Lays out the Rust files as the gate wants them: the length of a name moves line ends.
fn format(root: &Path, folder: &str) -> Result<(), String> {
    let program = programs::find("rustfmt").ok_or("rustfmt is missing. Install it: rustup component add rustfmt")?;
    let files = ["src/lib.rs", "tests/story.rs"].map(|file| root.join(folder).join(file));
    let output = Command::new(program).args(["--edition", "2024"]).args(files).output();
    let output = output.map_err(|fault| format!("rustfmt: {fault}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    std::fs::read_to_string(root.join(file)).map_err(|fault| format!("{file}: {fault}"))
}

fn write(root: &Path, file: &str, text: &str) -> Result<(), String> {
    let path = root.join(file);
    let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| std::fs::write(&path, text)).map_err(|fault| format!("{file}: {fault}"))
}

/// Says what was made, what comes next, and how to take it out again.
fn told(names: &Names, wires: &[Wire]) -> String {
    let (name, address) = (&names.name, &names.address);
    let mut lines = vec![format!("The department `{name}` is made: {} files in city/{name}, and", PATTERNS.len())];
    lines.extend(wires.iter().map(|wire| format!("  {:<32} {}", wire.file, wire.line.trim())));
    lines.extend([
        String::new(),
        "Next".to_owned(),
        format!("  cargo test -p {name}            its rules, and its story on both engines"),
        "  cargo xtask docs                pages about permissions, refusals and tables, written by the program".to_owned(),
        format!("  cargo xtask demo                {address}, for whoever holds the role"),
        format!("Say in city/{name}/Cargo.toml and src/lib.rs what it is for, and by which document; give {name}_entry a name"),
        "of the field; then write the first real table, page and story.".to_owned(),
        String::new(),
        format!("To take it out again, delete city/{name} and those {} lines, and run `cargo xtask docs`.", wires.len()),
    ]);
    lines.join("\n")
}
