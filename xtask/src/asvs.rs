//! This file does `cargo xtask asvs`: it checks that the list of security requirements is whole, that each row has a
//! state and an answer, that what an answer names stands in the tree, and that the summary adds up.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::Path;

/// Is the list, one row for each requirement.
const LIST: &str = "docs/security/asvs.md";
/// Holds the number of each requirement and the level from which it is asked, in the order of the standard.
const NUMBERS: &str = "docs/security/asvs-4.0.3-level2.txt";
/// Is the page that leads to the list. What it names stands in the tree too.
const PAGE: &str = "docs/security/README.md";
/// Is the number of requirements of ASVS 4.0.3 that are asked at level 2.
const REQUIREMENTS: usize = 253;
/// Lists the states that a row may have, in the order of the summary's columns. The first two name what proves them.
const STATES: [&str; 4] = [HOLDS, "holds in part", "not ours", "not yet"];
const HOLDS: &str = "holds";
/// Is the number of the first states that need something in the tree.
const PROVEN: usize = 2;
/// Says how many words a title has.
const TITLE_WORDS: RangeInclusive<usize> = 3..=8;
/// Is the fewest words of a reason.
const REASON_WORDS: usize = 5;
/// Lists the words before a name that an answer may name in a Rust file.
const ITEMS: [&str; 6] = ["fn", "const", "static", "struct", "enum", "trait"];

/// Lists how the names of files end that an answer may name.
const ENDINGS: [&str; 10] = [RUST, ".md", ".toml", ".txt", ".html", ".js", ".css", ".sql", ".lock", ".mjs"];
const RUST: &str = ".rs";

/// Gives the text of a file by its path below the root: nothing if it is not there, no text for a folder.
type Tree<'a> = &'a dyn Fn(&str) -> Option<String>;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    line: usize,
    chapter: String,
    number: String,
    level: String,
    title: String,
    state: String,
    answer: String,
}

/// Checks the list against the standard's numbers and the tree, and says how it stands.
///
/// # Errors
/// Returns the faults as lines.
pub fn check(root: &Path) -> Result<String, String> {
    let tree = |path: &str| {
        let whole = root.join(path);
        if whole.is_dir() { Some(String::new()) } else { std::fs::read_to_string(whole).ok() }
    };
    let read = |path: &str| tree(path).ok_or_else(|| format!("{path}:1: the file is missing."));
    let (list, numbers, page) = (read(LIST)?, read(NUMBERS)?, read(PAGE)?);
    let mut faults = judge(&list, &numbers, &tree);
    let lines = page.lines().enumerate();
    faults.extend(lines.flat_map(|(at, line)| missing(&format!("{PAGE}:{}", at + 1), line, &tree)));
    if faults.is_empty() {
        return Ok(stands(&rows(&list).0));
    }
    Err(format!("{}\n{} faults in the list of security requirements", faults.join("\n"), faults.len()))
}

/// Says how many rows have each state.
fn stands(rows: &[Row]) -> String {
    let counts = STATES.map(|state| format!("{} {state}", rows.iter().filter(|row| row.state == state).count()));
    format!("{} requirements: {}", rows.len(), counts.join(", "))
}

/// Returns every fault of the list.
fn judge(list: &str, numbers: &str, tree: Tree<'_>) -> Vec<String> {
    let (rows, mut faults) = rows(list);
    faults.extend(unlike(&rows, numbers));
    for row in &rows {
        faults.extend(faults_of(row, tree));
    }
    let lines: Vec<&str> = list.lines().map(str::trim_end).collect();
    for expected in summary(&rows) {
        if !lines.contains(&expected.as_str()) {
            faults.push(format!("{LIST}:1: the summary is not what the rows say. Write: {expected}"));
        }
    }
    faults
}

/// Reads the rows, with faults for those that cannot be read or stand in another chapter.
fn rows(list: &str) -> (Vec<Row>, Vec<String>) {
    let (mut rows, mut faults, mut chapter) = (Vec::new(), Vec::new(), String::new());
    for (at, line) in list.lines().enumerate() {
        let line_number = at + 1;
        if let Some(heading) = line.strip_prefix("## ") {
            heading.trim().clone_into(&mut chapter);
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [before, number, rest @ ..] = cells.as_slice() else { continue };
        if !before.is_empty() || !is_number(number) {
            continue;
        }
        let [level, title, state, answer, after] = rest else {
            faults.push(format!("{LIST}:{line_number}: {number} has not the five cells of a row."));
            continue;
        };
        let number = (*number).to_owned();
        if !after.is_empty() || chapter_of(&number) != chapter.split(' ').next().unwrap_or_default() {
            faults.push(format!("{LIST}:{line_number}: {number} stands in the wrong chapter, or has no end."));
        }
        let [level, title, state, answer] = [level, title, state, answer].map(|cell| (*cell).to_owned());
        rows.push(Row { line: line_number, chapter: chapter.clone(), number, level, title, state, answer });
    }
    (rows, faults)
}

/// Says whether this is the number of a requirement: `V1.2.3`.
fn is_number(text: &str) -> bool {
    let parts: Vec<&str> = text.strip_prefix('V').unwrap_or_default().split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u8>().is_ok())
}

fn chapter_of(number: &str) -> &str {
    number.split('.').next().unwrap_or_default()
}

/// Compares the rows with the standard: the same numbers in the same order, each with its level.
fn unlike(rows: &[Row], numbers: &str) -> Vec<String> {
    let wanted: Vec<(&str, &str)> = numbers.lines().filter_map(|line| line.split_once(' ')).collect();
    let mut faults = Vec::new();
    if wanted.len() != REQUIREMENTS {
        faults.push(format!("{NUMBERS}:1: it has {} requirements, and the standard {REQUIREMENTS}.", wanted.len()));
    }
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *count.entry(&row.number).or_default() += 1;
        match wanted.iter().find(|(number, _)| *number == row.number) {
            None => faults.push(format!("{LIST}:{}: {} is not asked at level 2.", row.line, row.number)),
            Some((_, level)) if *level != row.level => {
                faults.push(format!("{LIST}:{}: {} is asked from level {level} on.", row.line, row.number));
            }
            Some(_) => {}
        }
    }
    for (number, _) in &wanted {
        match count.get(number).copied().unwrap_or_default() {
            0 => faults.push(format!("{LIST}:1: {number} has no row.")),
            1 => {}
            times => faults.push(format!("{LIST}:1: {number} has {times} rows.")),
        }
    }
    let order = rows.iter().map(|row| row.number.as_str());
    if faults.is_empty() && !order.eq(wanted.iter().map(|(number, _)| *number)) {
        faults.push(format!("{LIST}:1: the rows do not stand in the order of the standard."));
    }
    faults
}

/// Returns the faults of one row by itself.
fn faults_of(row: &Row, tree: Tree<'_>) -> Vec<String> {
    let place = format!("{LIST}:{}: {}", row.line, row.number);
    let mut faults = Vec::new();
    if !TITLE_WORDS.contains(&row.title.split_whitespace().count()) {
        faults.push(format!("{place}: its title has not three to eight words."));
    }
    let state = STATES.iter().position(|state| *state == row.state);
    if state.is_none() {
        faults.push(format!("{place}: its state is none of: {}.", STATES.join(", ")));
    }
    if state.is_some_and(|state| state < PROVEN) && references(&row.answer).is_empty() {
        faults.push(format!("{place}: it names neither a test nor code. Write `FILE` or `FILE#NAME`."));
    }
    if row.state != HOLDS && row.answer.split_whitespace().count() < REASON_WORDS {
        faults.push(format!("{place}: it gives no reason."));
    }
    faults.extend(missing(&place, &row.answer, tree));
    faults
}

/// Returns what a text names in the tree: `` `FILE` `` or `` `FILE#NAME` ``. Other words between backquotes, such as a
/// setting, a command or an address of a page, are none.
fn references(text: &str) -> Vec<&str> {
    let spans = text.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        let file = span.split('#').next().unwrap_or_default();
        let plain = file.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
        plain
            && !file.starts_with(['/', '.'])
            && (ENDINGS.iter().any(|ending| file.ends_with(*ending)) || file.ends_with('/'))
    };
    spans.filter(is_path).collect()
}

/// Returns a fault for everything that a text names and that is not there.
fn missing(place: &str, text: &str, tree: Tree<'_>) -> Vec<String> {
    let fault = |reference: &&str| {
        let (file, name) = reference.split_once('#').map_or((*reference, None), |(file, name)| (file, Some(name)));
        match (tree(file), name) {
            (None, _) => Some(format!("{place}: there is no `{file}`.")),
            (Some(text), Some(name)) if !names(file, &text, name) => {
                Some(format!("{place}: `{file}` has no `{name}`."))
            }
            _ => None,
        }
    };
    references(text).iter().filter_map(fault).collect()
}

/// Says whether a file has something of this name: an item in a Rust file, the words anywhere else.
fn names(file: &str, text: &str, name: &str) -> bool {
    if !file.ends_with(RUST) {
        return !name.is_empty() && text.contains(name);
    }
    let ends = |after: &str| !after.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    ITEMS.iter().any(|item| text.split(&format!("{item} {name}")).skip(1).any(ends))
}

/// Returns the lines of the summary that the rows give: one for each chapter, and the sum.
fn summary(rows: &[Row]) -> Vec<String> {
    let mut chapters: Vec<&str> = Vec::new();
    for row in rows {
        if chapters.last() != Some(&row.chapter.as_str()) {
            chapters.push(&row.chapter);
        }
    }
    let line = |name: &str, of: &[&Row]| {
        let counts = STATES.map(|state| of.iter().filter(|row| row.state == state).count().to_string());
        format!("| {name} | {} | {} |", of.len(), counts.join(" | "))
    };
    let of = |chapter: &str| rows.iter().filter(|row| row.chapter == chapter).collect::<Vec<_>>();
    let mut lines: Vec<String> = chapters.into_iter().map(|chapter| line(chapter, of(chapter).as_slice())).collect();
    lines.push(line("all", rows.iter().collect::<Vec<_>>().as_slice()));
    lines
}
