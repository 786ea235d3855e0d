//! Rules of shape: first line, lengths of files, functions and lines, exceptions from lints, names that say nothing.

use super::Fault;
use super::map::Map;
use super::source::{end_of_item, line_of, names};
use super::tree::{Tree, is_template, is_test_file};

/// Every Rust file says on its first line what it is for.
pub fn first_line(_: &Map, tree: &Tree) -> Vec<Fault> {
    let says_nothing =
        |text: &str| text.lines().next().and_then(|line| line.strip_prefix("//! ")).is_none_or(str::is_empty);
    let silent = tree.sources.iter().filter(|(_, (text, _))| says_nothing(text));
    let remedy = "Begin it with `//! ` and one sentence on what the file is for";
    silent
        .map(|(path, _)| Fault::new(path, 1, "the first line does not say what the file is for".to_owned(), remedy))
        .collect()
}

/// Files stay short enough to be read at once.
pub fn file_length(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (text, _)) in &tree.sources {
        let limit = if is_test_file(path) { map.limits.test_file_lines } else { map.limits.file_lines };
        let lines = text.lines().count();
        if lines > limit {
            let what = format!("the file has {lines} lines, the limit is {limit}");
            faults.push(Fault::new(path, limit, what, "Make it a folder of the same name with one file per matter"));
        }
    }
    faults
}

/// Functions stay short enough to be seen at once.
pub fn function_length(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        for (at, _) in source.code.match_indices("fn ") {
            let before = source.code.get(..at).and_then(|code| code.chars().next_back());
            let Some(rest) = source.code.get(at + 3..).filter(|_| !before.is_some_and(super::source::is_word)) else {
                continue;
            };
            let name: String = rest.chars().take_while(|c| super::source::is_word(*c)).collect();
            let first = line_of(&source.code, at);
            let lines = end_of_item(&source.code, at) - first + 1;
            if lines > map.limits.function_lines && !name.is_empty() {
                let what =
                    format!("the function `{name}` has {lines} lines, the limit is {}", map.limits.function_lines);
                faults.push(Fault::new(path, first, what, "Give its parts names of their own"));
            }
        }
    }
    faults
}

/// Lines of comments and templates end where they can be read at once.
pub fn line_length(map: &Map, tree: &Tree) -> Vec<Fault> {
    let limit = map.limits.line_columns;
    let mut faults = Vec::new();
    for (path, (text, _)) in &tree.sources {
        faults.extend(long_lines(path, text, limit, |line| line.starts_with("//")));
    }
    for (path, text) in tree.texts.iter().filter(|(path, _)| is_template(path)) {
        faults.extend(long_lines(path, text, limit, |_| true));
    }
    faults
}

/// Faults at the lines that take more columns than the limit. `is_meant` gets a line without its indentation. A line
/// of one word, such as an address, cannot be broken and has no fault.
fn long_lines(path: &str, text: &str, limit: usize, is_meant: fn(&str) -> bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| is_meant(line.trim_start())) {
        let columns = columns(line);
        let words = line.trim_start().trim_start_matches(['/', '!']).split_whitespace();
        if columns > limit && words.count() > 1 {
            let what = format!("the line takes {columns} columns, the limit is {limit}");
            faults.push(Fault::new(path, at + 1, what, "Break it at a word, in a template where no blank can be seen"));
        }
    }
    faults
}

/// How many columns a line takes.
fn columns(line: &str) -> usize {
    line.chars().map(|c| 1 + usize::from(is_wide(c))).sum()
}

/// True for a character that takes two columns: Chinese and Korean signs, their marks, full-width letters, pictures.
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{303e}'
            | '\u{3041}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}'
    )
}

/// No lint is switched off; an exception is expected and gives its reason.
pub fn allowances(_: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        for name in ["#[allow(", "#![allow("] {
            for line in names(&source.code, name) {
                let remedy = "Mend what the lint says, or write #[expect(…, reason = \"…\")]";
                faults.push(Fault::new(path, line, format!("`{name}…)]` switches a lint off"), remedy));
            }
        }
    }
    faults
}

/// No file or folder has a name that fits everything.
pub fn empty_names(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in &tree.paths {
        let words = path.split(['/', '_', '-', '.']);
        for word in words.filter(|word| map.limits.empty_names.iter().any(|name| name == word)) {
            let remedy = "Name it after the matter it holds";
            faults.push(Fault::new(path, 1, format!("the name `{word}` says nothing"), remedy));
        }
    }
    faults
}
