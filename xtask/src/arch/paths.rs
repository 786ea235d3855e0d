//! Paths that a Rust file speaks: its `use` lines and the paths that are written out in its code.

use super::source::{Source, is_word, line_of};

/// How a path stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// `pub use`: the file hands the name on.
    HandedOn,
    /// `use`: the file works with the name.
    Used,
    /// The path stands in the code itself.
    Written,
}

/// A path in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Its parts: `crate`, `records`, `find`.
    pub segments: Vec<String>,
    /// The name by which the file knows its end; `*` for all names of a module.
    pub name: String,
    /// How it stands in the file.
    pub standing: Standing,
    /// Line, counted from 1.
    pub line: usize,
}

/// A `use` line: from where to where it reaches, and whether it hands names on.
struct UseLine {
    start: usize,
    end: usize,
    handed_on: bool,
}

/// Every path of a file; those in its tests are left out.
#[must_use]
pub fn spoken(source: &Source) -> Vec<Spoken> {
    let code = without_tests(source);
    let lines = use_lines(&code);
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut at = 0;
    for line in &lines {
        let standing = if line.handed_on { Standing::HandedOn } else { Standing::Used };
        let tree = code.get(line.start + "use ".len()..line.end).unwrap_or_default();
        let number = line_of(&code, line.start);
        leaves(tree, &[], &mut |segments, name| found.push(Spoken { segments, name, standing, line: number }));
        rest.push_str(code.get(at..line.start).unwrap_or_default());
        rest.extend(code.get(line.start..line.end).unwrap_or_default().chars().filter(|c| *c == '\n'));
        at = line.end;
    }
    rest.push_str(code.get(at..).unwrap_or_default());
    found.extend(written(&rest));
    found
}

fn without_tests(source: &Source) -> String {
    let lines = source.code.lines().enumerate();
    let kept: Vec<&str> = lines.map(|(at, line)| if source.is_test(at + 1) { "" } else { line }).collect();
    kept.join("\n")
}

fn use_lines(code: &str) -> Vec<UseLine> {
    let mut found: Vec<UseLine> = Vec::new();
    for (start, _) in code.match_indices("use ") {
        let before = code.get(..start).unwrap_or_default();
        let Some(length) = code.get(start..).and_then(|rest| rest.find(';')) else { continue };
        if before.chars().next_back().is_some_and(is_word) || found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        found.push(UseLine { start, end: start + length, handed_on: line.starts_with("pub") });
    }
    found
}

/// Hands over each end of a `use` tree: its parts and the name it gets.
fn leaves(tree: &str, stem: &[String], each: &mut dyn FnMut(Vec<String>, String)) {
    for branch in branches(tree) {
        let (head, inner) = match branch.split_once('{') {
            Some((head, rest)) => (head, Some(rest.rsplit_once('}').map_or(rest, |(inner, _)| inner))),
            None => (branch, None),
        };
        let (path, alias) = head.split_once(" as ").map_or((head, None), |(path, alias)| (path, Some(alias.trim())));
        let parts = path.split("::").map(str::trim).filter(|part| !part.is_empty());
        let mut segments: Vec<String> = stem.iter().cloned().chain(parts.map(str::to_owned)).collect();
        if let Some(inner) = inner {
            leaves(inner, &segments, each);
            continue;
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        if let Some(last) = segments.last() {
            let name = alias.unwrap_or(last).to_owned();
            each(segments, name);
        }
    }
}

/// The branches of a tree: what stands between commas outside of braces.
fn branches(tree: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0_usize);
    for (at, c) in tree.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.extend(tree.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(tree.get(start..));
    found.retain(|branch| !branch.trim().is_empty());
    found
}

/// Paths that stand in the code itself.
fn written(code: &str) -> Vec<Spoken> {
    let mut found = Vec::new();
    for (at, line) in code.lines().enumerate() {
        for word in line.split(|c: char| !is_word(c) && c != ':') {
            let segments: Vec<String> = word.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
            if !word.contains("::") || word.starts_with(':') {
                continue;
            }
            if let Some(name) = segments.last().cloned() {
                found.push(Spoken { segments, name, standing: Standing::Written, line: at + 1 });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_of_a_use_tree_is_a_path() {
        let text = "use crate::{Fault, records::{self, find as look}};\npub(crate) use super::rules::*;\n\
                    fn a() -> store::Tx {\n    crate::words::NAME\n}\n#[cfg(test)]\nmod tests {\n    use super::b;\n}\n";
        let found = spoken(&Source::read(text));
        let lines: Vec<String> = found
            .iter()
            .map(|path| format!("{} {} {:?} {}", path.line, path.segments.join("::"), path.standing, path.name))
            .collect();
        assert_eq!(
            lines,
            [
                "1 crate::Fault Used Fault",
                "1 crate::records Used records",
                "1 crate::records::find Used look",
                "2 super::rules::* HandedOn *",
                "3 store::Tx Written Tx",
                "4 crate::words::NAME Written NAME",
            ]
        );
    }
}
