//! Rules of SQL: only in the room that remembers, only on the crate's own tables, each table with one owner.

use std::collections::BTreeMap;

use super::Fault;
use super::map::{Map, covers};
use super::source::is_word;
use super::tree::{Tree, room};

/// How the name of a file ends that holds the rows of a migration's time.
pub const ROWS: &str = ".rows.sql";

/// SQL stands in `records.rs` or its folder, nowhere else.
pub fn sql_rooms(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        let Some(folder) = tree.crate_of(path) else { continue };
        let free = map.sql.free_folders.iter().any(|pattern| covers(pattern, folder));
        let Some(room) = room(folder, path).filter(|_| !free) else { continue };
        if map.sql.rooms.iter().any(|allowed| allowed == room) {
            continue;
        }
        for literal in source.literals.iter().filter(|literal| is_sql(&literal.text) && !source.is_test(literal.line)) {
            let what = format!("SQL in the room `{room}`: \"{}\"", beginning(&literal.text));
            faults.push(Fault::new(path, literal.line, what, "Move it into a named function of records.rs"));
        }
    }
    faults
}

fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(4).collect();
    format!("{} …", words.join(" "))
}

/// True for a literal that begins like a statement, in lower or upper case; a sentence begins with one capital.
#[must_use]
pub fn is_sql(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !is_word(c) && c != '*').filter(|word| !word.is_empty()).collect();
    let Some(first) = words.first() else { return false };
    if *first != first.to_lowercase() && *first != first.to_uppercase() {
        return false;
    }
    let lower: Vec<String> = words.iter().take(200).map(|word| word.to_lowercase()).collect();
    let second = lower.get(1).map(String::as_str).unwrap_or_default();
    match lower.first().map(String::as_str).unwrap_or_default() {
        "select" => lower.iter().any(|word| word == "from"),
        "insert" => second == "into",
        "delete" => second == "from",
        "update" => lower.get(2).is_some_and(|word| word == "set"),
        "create" | "alter" | "drop" => matches!(second, "table" | "index" | "unique" | "view" | "schema"),
        "with" => lower.iter().any(|word| word == "select"),
        _ => false,
    }
}

/// A table or index that a crate makes.
struct Made {
    name: String,
    file: String,
    line: usize,
    folder: String,
    is_table: bool,
}

/// Everything made by migrations and by statements in code, tests left out.
fn made(map: &Map, tree: &Tree) -> Vec<Made> {
    let mut found = Vec::new();
    let mut collect = |path: &str, first_line: usize, text: &str| {
        let Some(folder) =
            tree.crate_of(path).filter(|folder| map.zone(folder).is_some_and(|(zone, _)| zone != "tests"))
        else {
            return;
        };
        for (offset, line) in text.lines().enumerate() {
            if let Some((name, is_table)) = creates(line) {
                let (file, folder) = (path.to_owned(), folder.to_owned());
                found.push(Made { name, file, line: first_line + offset, folder, is_table });
            }
        }
    };
    for (path, text) in tree.texts.iter().filter(|(path, _)| is_migration(path)) {
        collect(path, 1, text);
    }
    for (path, (_, source)) in &tree.sources {
        let in_crate = tree.crate_of(path).is_some_and(|folder| room(folder, path).is_some());
        for literal in source.literals.iter().filter(|literal| in_crate && is_sql(&literal.text)) {
            if !source.is_test(literal.line) {
                collect(path, literal.line, &literal.text);
            }
        }
    }
    found
}

/// True for a file of a migration's statements; the rows of its time beside it are none.
#[must_use]
pub fn is_migration(path: &str) -> bool {
    let is_sql = std::path::Path::new(path).extension().is_some_and(|ending| ending == "sql");
    is_sql && path.contains("/migrations/") && !path.ends_with(ROWS)
}

/// Name of what a line creates, and whether it is a table.
fn creates(line: &str) -> Option<(String, bool)> {
    let lower = line.trim_start().to_lowercase();
    let mut words = lower.split(|c: char| !is_word(c)).filter(|word| !word.is_empty());
    if words.next() != Some("create") {
        return None;
    }
    let kind = words.find(|word| matches!(*word, "table" | "index"))?;
    let name = words.find(|word| !matches!(*word, "if" | "not" | "exists"))?;
    Some((name.to_owned(), kind == "table"))
}

/// Tables and indexes carry their crate's name; a table belongs to one crate.
pub fn prefixes(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for thing in made(map, tree) {
        let prefix = format!("{}_", thing.folder.rsplit('/').next().unwrap_or_default());
        if !thing.name.starts_with(&prefix) {
            let what = format!("`{}` does not begin with its crate's name `{prefix}`", thing.name);
            faults.push(Fault::new(
                &thing.file,
                thing.line,
                what,
                "Rename it, so that its owner is known wherever it is read",
            ));
        }
        if let Some(other) = owners.insert(thing.name.clone(), thing.file.clone()).filter(|_| thing.is_table) {
            let what = format!("the table `{}` is made in {other} too", thing.name);
            faults.push(Fault::new(
                &thing.file,
                thing.line,
                what,
                "Make it once; change it with `alter table` in a later migration",
            ));
        }
    }
    faults
}

/// A crate speaks of its own tables only.
pub fn owners(map: &Map, tree: &Tree) -> Vec<Fault> {
    let tables: BTreeMap<String, String> =
        made(map, tree).into_iter().filter(|thing| thing.is_table).map(|thing| (thing.name, thing.folder)).collect();
    let mut faults = Vec::new();
    let mut look = |path: &str, folder: &str, first_line: usize, text: &str| {
        for (offset, line) in text.lines().enumerate() {
            for word in line.split(|c: char| !is_word(c)) {
                if let Some(owner) = tables.get(word).filter(|owner| *owner != folder) {
                    let what = format!("`{word}` is a table of {owner}");
                    let remedy =
                        "Ask its owner through the front door; one crate never reads or writes another's tables";
                    faults.push(Fault::new(path, first_line + offset, what, remedy));
                }
            }
        }
    };
    let own = |path: &str| is_migration(path) && !map.sql.handed_over.contains_key(path);
    for (path, text) in tree.texts.iter().filter(|(path, _)| own(path)) {
        look(path, tree.crate_of(path).unwrap_or_default(), 1, text);
    }
    for (path, (_, source)) in &tree.sources {
        let Some(folder) = tree.crate_of(path) else { continue };
        let Some(room) = room(folder, path) else { continue };
        let remembers = map.sql.rooms.iter().any(|name| name == room);
        let free = map.zone(folder).is_some_and(|(zone, _)| matches!(zone, "tests" | "chores" | "bench"));
        for literal in source.literals.iter().filter(|literal| !free && (remembers || is_sql(&literal.text))) {
            if !source.is_test(literal.line) {
                look(path, folder, literal.line, &literal.text);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_sentences() {
        for sql in [
            "select a from t",
            "SELECT count(*) FROM t",
            "insert into t values ($1)",
            "update t set a = 1",
            "\n  delete from t",
            "create table t (a {int})",
            "create unique index i on t (a)",
            "alter table t add b",
            "with x as (select 1) select 2",
        ] {
            assert!(is_sql(sql), "{sql}");
        }
        for text in [
            "Select one from the list",
            "select",
            "update",
            "Create an account",
            "create the folder first",
            "insert coin",
            "with care",
            "Delete from the list",
            "",
            "两邻",
            "update the file",
        ] {
            assert!(!is_sql(text), "{text}");
        }
    }

    #[test]
    fn what_a_line_creates() {
        assert_eq!(creates("create table cases_case ("), Some(("cases_case".to_owned(), true)));
        assert_eq!(creates("CREATE TABLE IF NOT EXISTS a (b)"), Some(("a".to_owned(), true)));
        assert_eq!(creates("create unique index a_b on a (b);"), Some(("a_b".to_owned(), false)));
        assert_eq!(creates("alter table a add b {int}"), None);
    }
}
