//! The tables as all migrations leave them: columns and keys, read from their SQL.

use std::collections::BTreeMap;

use super::source::{is_word, line_of};

/// What a key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// The primary key.
    Primary,
    /// A unique index or constraint, with its name where it has one.
    Unique(String),
    /// A reference to another table.
    Foreign(String),
}

/// A key of a table.
#[derive(Debug, Clone)]
pub struct Key {
    /// What it is for.
    pub purpose: Purpose,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// File that makes it.
    pub file: String,
    /// Line of that file, counted from 1.
    pub line: usize,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<String>,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// A column that an existing table gets without a value for the rows it has.
#[derive(Debug)]
pub struct Unfilled {
    /// Table, dot, column.
    pub name: String,
    /// File that adds it.
    pub file: String,
    /// Line of that file, counted from 1.
    pub line: usize,
}

/// Everything that migrations have made so far.
#[derive(Debug, Default)]
pub struct Schema {
    /// Tables by name.
    pub tables: BTreeMap<String, Table>,
    /// Columns that cannot be added to a table with rows.
    pub unfilled: Vec<Unfilled>,
}

/// A statement and the line on which it begins.
struct Statement {
    line: usize,
    text: String,
}

impl Schema {
    /// Carries out the statements of a text that begins on the given line of a file.
    pub fn apply(&mut self, file: &str, first_line: usize, text: &str) {
        for statement in statements(text) {
            let (line, lower) = (first_line + statement.line - 1, statement.text.to_lowercase());
            let words: Vec<&str> = words(&lower).filter(|word| !matches!(*word, "if" | "not" | "exists")).collect();
            match words.as_slice() {
                ["create", "table", name, ..] => self.create(file, line, name, &lower),
                ["create", "unique", "index", name, "on", table, ..] => {
                    let purpose = Purpose::Unique((*name).to_owned());
                    let columns = names_in_brackets(&lower);
                    self.add(table, Key { purpose, columns, file: file.to_owned(), line });
                }
                ["drop", "index", name, ..] => self.drop_index(name),
                ["drop", "table", name, ..] => drop(self.tables.remove(*name)),
                ["alter", "table", table, rest @ ..] => self.alter(file, line, table, rest, &lower),
                _ => {}
            }
        }
    }

    fn add(&mut self, table: &str, key: Key) {
        self.tables.entry(table.to_owned()).or_default().keys.push(key);
    }

    fn drop_index(&mut self, name: &str) {
        for table in self.tables.values_mut() {
            table.keys.retain(|key| !matches!(&key.purpose, Purpose::Unique(own) if own == name));
        }
    }

    fn create(&mut self, file: &str, line: usize, name: &str, text: &str) {
        let mut table = Table::default();
        for part in parts(text) {
            let line = line + line_of(text, part.at) - 1;
            let mut key = |purpose: Purpose, columns: Vec<String>| {
                table.keys.push(Key { purpose, columns, file: file.to_owned(), line });
            };
            let words: Vec<&str> = words(part.text).collect();
            let target = words.iter().position(|word| *word == "references").and_then(|at| words.get(at + 1));
            match words.as_slice() {
                ["primary", "key", ..] => key(Purpose::Primary, names_in_brackets(part.text)),
                ["unique", ..] => key(Purpose::Unique(String::new()), names_in_brackets(part.text)),
                ["foreign", "key", ..] => {
                    let target = target.copied().unwrap_or_default().to_owned();
                    key(Purpose::Foreign(target), names_in_brackets(part.text));
                }
                [column, rest @ ..] => {
                    let columns = vec![(*column).to_owned()];
                    if rest.windows(2).any(|pair| pair == ["primary", "key"]) {
                        key(Purpose::Primary, columns.clone());
                    }
                    if rest.contains(&"unique") {
                        key(Purpose::Unique(String::new()), columns.clone());
                    }
                    if let Some(target) = target {
                        key(Purpose::Foreign((*target).to_owned()), columns.clone());
                    }
                    table.columns.extend(columns);
                }
                [] => {}
            }
        }
        self.tables.insert(name.to_owned(), table);
    }

    fn alter(&mut self, file: &str, line: usize, table: &str, rest: &[&str], text: &str) {
        match rest {
            ["rename", "to", name, ..] => {
                if let Some(found) = self.tables.remove(table) {
                    self.tables.insert((*name).to_owned(), found);
                }
            }
            ["add", "column", column, ..] => {
                self.tables.entry(table.to_owned()).or_default().columns.push((*column).to_owned());
                if text.contains("not null") && !words(text).any(|word| word == "default") {
                    self.unfilled.push(Unfilled { name: format!("{table}.{column}"), file: file.to_owned(), line });
                }
            }
            ["drop", "column", column, ..] => {
                self.tables.entry(table.to_owned()).or_default().columns.retain(|own| own != column);
            }
            _ => {}
        }
    }
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty())
}

/// Statements end with `;` at the end of a line; comment lines are left out.
fn statements(text: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("--")) {
        match found.last_mut().filter(|_| open) {
            Some(last) => {
                last.text.push('\n');
                last.text.push_str(line);
            }
            None if line.trim().is_empty() => continue,
            None => found.push(Statement { line: at + 1, text: line.to_owned() }),
        }
        open = !line.trim_end().ends_with(';');
    }
    found
}

/// A column or constraint in the brackets of `create table`, and where it begins.
struct Part<'s> {
    at: usize,
    text: &'s str,
}

/// What stands between the outer brackets, divided at commas that stand in no inner brackets.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            '(' if depth == 0 => (depth, start) = (1, at + 1),
            '(' => depth += 1,
            ')' | ',' if depth == 1 => {
                let part = text.get(start..at).unwrap_or_default();
                let blank = part.len() - part.trim_start().len();
                found.push(Part { at: start + blank, text: part.trim() });
                (depth, start) = (usize::from(c == ','), at + 1);
            }
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// The names in the first brackets: `(district, id)`.
fn names_in_brackets(text: &str) -> Vec<String> {
    let inner = text.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inner, _)| inner);
    inner.split(',').filter_map(|name| words(name).next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_as_the_last_migration_leaves_them() {
        let mut schema = Schema::default();
        schema.apply(
            "a.sql",
            1,
            "-- Lamps;\ncreate table a (\n  district {int} not null,\n  id {uuid} not null references b (id),\n  \
             primary key (district, id)\n) {strict};\ncreate unique index a_id on a (id) where id > 1;\n",
        );
        schema.apply(
            "b.sql",
            1,
            "alter table a rename to c;\nalter table c add column d {int} not null;\ndrop index a_id;\n",
        );
        let table = &schema.tables["c"];
        assert_eq!(table.columns, ["district", "id", "d"]);
        let keys: Vec<String> =
            table.keys.iter().map(|key| format!("{} {:?} {:?}", key.line, key.purpose, key.columns)).collect();
        assert_eq!(keys, ["4 Foreign(\"b\") [\"id\"]", "5 Primary [\"district\", \"id\"]"]);
        assert_eq!((schema.unfilled[0].name.as_str(), schema.unfilled[0].line), ("c.d", 2));
    }
}
