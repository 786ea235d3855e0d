//! The names of a new department, and why some cannot be taken.

use std::path::{Path, PathBuf};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The name of the crate.
    pub name: String,
    /// What it is called in Chinese.
    pub zh: Option<String>,
    /// What it is called in English.
    pub en: Option<String>,
    /// The role that holds its permission, as the name of a file in `data/roles`.
    pub role: String,
}

/// The names of a new department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// The name of the crate and of its folder, `old_homes`.
    pub name: String,
    /// The name of its type, `OldHomes`.
    type_name: String,
    /// What it is called in Chinese.
    zh: String,
    /// What it is called in English, `Old homes`.
    en: String,
    /// The address of its page, `/old-homes`.
    pub address: String,
}

/// The most characters of a name.
const LONGEST: usize = 30;
/// Characters that mean something in Rust, Fluent, TOML or a doc comment.
const SPEAKING: &str = "{}[]<>`\"'\\@#$*|=";
/// Words that Rust keeps for itself, and crates that it brings.
const KEPT: &[&str] = &[
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue", "core", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "std", "struct",
    "super", "test", "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

impl Names {
    /// Returns the names of a department that can be made.
    ///
    /// # Errors
    /// Says which name cannot be taken, why, and what to do.
    pub fn of(root: &Path, asked: &Asked) -> Result<Self, String> {
        let name = asked.name.as_str();
        sound(name)?;
        free(root, name)?;
        let address = format!("/{}", name.replace('_', "-"));
        unclaimed(root, name, &address)?;
        let words = name.replace('_', " ");
        let en = asked.en.clone().unwrap_or_else(|| capital(&words));
        let zh = asked.zh.clone().unwrap_or_else(|| format!("新部门 {words}"));
        for (option, text) in [("--zh", &zh), ("--en", &en)] {
            let is_plain = !text.chars().any(|c| c.is_control() || SPEAKING.contains(c));
            if text.trim().is_empty() || !is_plain || text.chars().count() > LONGEST {
                return Err(format!(
                    "{option}: `{text}` is no name. Write plain words, at most {LONGEST} characters, without any of \
                     {SPEAKING}"
                ));
            }
        }
        let type_name = name.split('_').map(capital).collect();
        Ok(Self { name: name.to_owned(), type_name, zh, en, address })
    }

    /// Returns a pattern with the names in place.
    #[must_use]
    pub fn fill(&self, pattern: &str) -> String {
        let words = self.en.to_lowercase();
        let marks = [
            ("@name@", &self.name),
            ("@Type@", &self.type_name),
            ("@zh@", &self.zh),
            ("@en@", &self.en),
            ("@words@", &words),
            ("@address@", &self.address),
        ];
        marks.iter().fold(pattern.to_owned(), |text, (mark, name)| text.replace(mark, name))
    }
}

/// Returns the word with a capital first.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Checks that a name is a word that a crate, a table and a text key can begin with.
fn sound(name: &str) -> Result<(), String> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if name.len() > LONGEST || !name.split('_').all(part) {
        return Err(format!(
            "`{name}` is no name of a crate. Write English words in small letters, joined by `_`, at most {LONGEST} \
             characters: old_homes"
        ));
    }
    if KEPT.contains(&name) {
        return Err(format!("`{name}` is a word of Rust. Name the matter, not the act: `matches`, not `match`"));
    }
    Ok(())
}

/// Checks that nothing has the name already, and that it says something.
fn free(root: &Path, name: &str) -> Result<(), String> {
    let read = |file: &str| -> Result<toml::Table, String> {
        let text = std::fs::read_to_string(root.join(file)).map_err(|fault| format!("{file}: {fault}"))?;
        toml::from_str(&text).map_err(|fault| format!("{file}: {fault}"))
    };
    let zones = ["city", "platform", "tests", "."];
    if zones.iter().any(|zone| root.join(zone).join(name).exists()) {
        return Err(format!("`{name}` is there already. Give the new one another name, or work on that one"));
    }
    let manifest = read("Cargo.toml")?;
    let crates = manifest.get("workspace").and_then(|workspace| workspace.get("dependencies")?.as_table());
    if crates.is_some_and(|crates| crates.keys().any(|key| key.replace('-', "_") == name)) {
        return Err(format!("`{name}` is a crate that the house uses. Give the new department another name"));
    }
    let map = read("architecture.toml")?;
    let empty = map.get("limits").and_then(|limits| limits.get("empty_names")?.as_array());
    let is_empty = |word: &str| empty.is_some_and(|names| names.iter().any(|empty| empty.as_str() == Some(word)));
    if name.split('_').any(is_empty) {
        return Err(format!("`{name}` says nothing. Name it after the matter of the city that it serves"));
    }
    Ok(())
}

/// Checks that no page stands at an address already: two that do would stop the server when it starts.
fn unclaimed(root: &Path, name: &str, address: &str) -> Result<(), String> {
    for file in sources(root)? {
        let text = std::fs::read_to_string(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        if routes(code).any(|route| begins(route, address)) {
            let file = file.strip_prefix(root).unwrap_or(&file).display();
            return Err(format!(
                "`{name}` would stand at `{address}`, where {file} has pages already. Give the new department another \
                 name"
            ));
        }
    }
    Ok(())
}

/// Returns the addresses that a file of Rust gives to pages.
fn routes(code: &str) -> impl Iterator<Item = &str> {
    let calls = code.split(".route(").skip(1);
    calls.filter_map(|call| Some(call.trim_start().strip_prefix('"')?.split_once('"')?.0))
}

/// Whether a route is the address or lies below it.
fn begins(route: &str, address: &str) -> bool {
    route.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns the Rust files from which the server is built, without those of tests.
fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    let mut open: Vec<PathBuf> = ["app/src", "city", "platform", "ui"].iter().map(|zone| root.join(zone)).collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        let told = |fault: std::io::Error| format!("{}: {fault}", folder.display());
        for entry in std::fs::read_dir(&folder).map_err(told)? {
            let entry = entry.map_err(told)?;
            let (path, name) = (entry.path(), entry.file_name());
            let is_test = ["tests", "tests.rs", "testkit", "benches", "node_modules"].iter().any(|test| name == *test);
            if is_test {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    Ok(files)
}
