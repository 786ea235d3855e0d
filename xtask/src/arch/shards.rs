//! Rules of divided tables: a distributed database finds every row by its district, so keys begin with it and
//! statements name it or say why they ask all.

use std::collections::BTreeMap;

use super::Fault;
use super::map::Map;
use super::schema::{Key, Purpose, Schema};
use super::source::{Literal, Source, end_of_item, is_word, line_of};
use super::tables::{ROWS, is_migration, is_sql};
use super::tree::{Tree, room};

/// What a comment says of a statement that asks all machines, followed by the reason.
const ASKS_ALL: &str = "asks all districts: ";

/// Every primary key, unique key and reference of a divided table begins with the column that divides it.
pub fn keys(map: &Map, tree: &Tree) -> Vec<Fault> {
    let schema = schema(map, tree);
    let mut faults = Vec::new();
    for (name, table) in &schema.tables {
        for key in &table.keys {
            let leads = key.columns.first() == Some(&map.sql.shard);
            let divided = is_divided(map, &schema, name);
            let wrong = match &key.purpose {
                Purpose::Foreign(target) => is_divided(map, &schema, target) && !(divided && leads),
                Purpose::Primary | Purpose::Unique(_) => divided && !leads,
            };
            if wrong {
                faults.push(unled(map, name, key));
            }
        }
    }
    faults
}

fn unled(map: &Map, table: &str, key: &Key) -> Fault {
    let kind = match &key.purpose {
        Purpose::Primary => "the primary key".to_owned(),
        Purpose::Unique(name) if name.is_empty() => "a unique key".to_owned(),
        Purpose::Unique(name) => format!("the unique index `{name}`"),
        Purpose::Foreign(target) => format!("the reference to `{target}`"),
    };
    let (shard, columns) = (&map.sql.shard, key.columns.join(", "));
    let what = format!("{kind} ({columns}) of the table `{table}` does not begin with `{shard}`");
    let remedy = format!(
        "Make it again in a new migration with `{shard}` first, or say in [sql.whole_tables] why the table lies whole on every machine"
    );
    Fault::new(&key.file, key.line, what, &remedy)
}

/// The tables of the zones that are divided, as their migrations leave them.
fn schema(map: &Map, tree: &Tree) -> Schema {
    let mut schema = Schema::default();
    for (path, text) in tree.texts.iter().filter(|(path, _)| is_migration(path) && lies_divided(map, tree, path)) {
        schema.apply(path, 1, text);
    }
    for (path, (_, source)) in tree.sources.iter().filter(|(path, _)| lies_divided(map, tree, path)) {
        let statements =
            source.literals.iter().filter(|literal| is_sql(&literal.text) && !source.is_test(literal.line));
        for literal in statements.filter(|literal| makes(&literal.text)) {
            schema.apply(path, literal.line, &plain(&literal.text));
        }
    }
    schema
}

/// True for a file in the folder of a crate whose tables are divided: its code or its migrations, not its tests.
fn lies_divided(map: &Map, tree: &Tree, path: &str) -> bool {
    let Some(folder) = tree.crate_of(path) else { return false };
    let is_part = is_migration(path) || room(folder, path).is_some();
    is_part && map.zone(folder).is_some_and(|(zone, _)| map.sql.divided_zones.iter().any(|name| name == zone))
}

fn makes(text: &str) -> bool {
    let first = text.split_whitespace().next().map(str::to_lowercase).unwrap_or_default();
    matches!(first.as_str(), "create" | "alter" | "drop")
}

/// A literal's text with its escapes as blanks; line ends stay.
fn plain(text: &str) -> String {
    text.replace("\\n", "  ").replace('\\', " ")
}

fn is_divided(map: &Map, schema: &Schema, table: &str) -> bool {
    let has_column = schema.tables.get(table).is_some_and(|table| table.columns.contains(&map.sql.shard));
    has_column && !map.sql.whole_tables.contains_key(table)
}

/// A column that is added to a table with rows may be empty or has a default.
pub fn filled(map: &Map, tree: &Tree) -> Vec<Fault> {
    let schema = schema(map, tree);
    let remedy = "Give it a `default`, or leave out `not null`: the table has rows by then";
    let unfilled = schema.unfilled.iter().map(|column| {
        let what = format!("the column `{}` is `not null` and has no default", column.name);
        Fault::new(&column.file, column.line, what, remedy)
    });
    unfilled.collect()
}

/// Every migration that makes a table or a column has rows of its time beside it.
pub fn rows(_: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts.iter().filter(|(path, _)| path.contains("/migrations/")) {
        let stem = path.trim_end_matches(".sql");
        let grows = text.lines().any(|line| line.starts_with("create table ") || line.contains(" add column "));
        if is_migration(path) && grows && !tree.texts.contains_key(&format!("{stem}{ROWS}")) {
            let what = "this migration has no rows of its time".to_owned();
            let remedy =
                format!("Write a few into {stem}{ROWS}, so that the next migration is tried on a filled database");
            faults.push(Fault::new(path, 1, what, &remedy));
        }
    }
    faults
}

/// Every statement on a divided table names the column that divides it, or a comment says why it asks all.
pub fn statements(map: &Map, tree: &Tree) -> Vec<Fault> {
    let schema = schema(map, tree);
    let is_named = |word: &str| is_divided(map, &schema, word);
    let mut faults = Vec::new();
    for (path, (text, source)) in tree.sources.iter().filter(|(path, _)| lies_divided(map, tree, path)) {
        let file = Statements::read(text, source, &map.sql.shard);
        for literal in file.unnamed(&is_named) {
            let what = format!("this statement on a divided table does not name `{}`", map.sql.shard);
            let remedy = format!("Name it, or say `// {ASKS_ALL}why` at the function");
            faults.push(Fault::new(path, literal.line, what, &remedy));
        }
    }
    faults
}

/// An item of a file: a function, a constant or a macro.
struct Item {
    first: usize,
    last: usize,
    name: String,
    /// A constant, not a function.
    is_value: bool,
}

/// The statements of one file.
struct Statements<'s> {
    lines: Vec<&'s str>,
    source: &'s Source,
    items: Vec<Item>,
    /// Texts of constants, by name: what `{COLUMNS}` stands for.
    constants: BTreeMap<String, String>,
    shard: &'s str,
}

impl<'s> Statements<'s> {
    fn read(text: &'s str, source: &'s Source, shard: &'s str) -> Self {
        let items = items(&source.code);
        let mut file = Self { lines: text.lines().collect(), source, items, constants: BTreeMap::new(), shard };
        let constants = file.items.iter().filter(|item| item.name.contains(char::is_uppercase));
        let texts =
            |item: &Item| file.literals_of(item).map(|literal| plain(&literal.text)).collect::<Vec<_>>().join(" ");
        file.constants = constants.map(|item| (item.name.clone(), texts(item))).collect();
        file
    }

    fn literals_of<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'s Literal> + 'a {
        let inside = move |literal: &&Literal| self.item_of(literal.line).is_some_and(|own| std::ptr::eq(own, item));
        self.source.literals.iter().filter(inside)
    }

    /// The innermost item that a line belongs to.
    fn item_of(&self, line: usize) -> Option<&Item> {
        let around = self.items.iter().filter(|item| (item.first..=item.last).contains(&line));
        around.max_by_key(|item| item.first)
    }

    /// Statements on tables for which the test holds that neither name the column nor say why they ask all.
    fn unnamed(&self, is_divided: &dyn Fn(&str) -> bool) -> Vec<&'s Literal> {
        let mut found = Vec::new();
        for item in self.items.iter().filter(|item| !self.source.is_test(item.first)) {
            let literals: Vec<&Literal> = self.literals_of(item).collect();
            let named_apart = literals.iter().any(|literal| self.is_condition(&literal.text));
            for literal in literals {
                let text = self.expanded(&literal.text);
                // A part that a constant holds is looked at where it is used.
                if item.is_value && !is_sql(&text) || !speaks_of(&text, is_divided) || names_shard(&text, self.shard) {
                    continue;
                }
                let is_whole = is_sql(&text) && text.contains(" where ") && !text.contains('{');
                if !(named_apart && !is_whole || self.says_why(item)) {
                    found.push(literal);
                }
            }
        }
        found
    }

    /// The text of a literal, with the constants of the file that it names.
    fn expanded(&self, text: &str) -> String {
        let mut text = plain(text);
        for (name, content) in &self.constants {
            text = text.replace(&format!("{{{name}}}"), content);
        }
        text
    }

    /// True for a part of a statement that names the column in a condition.
    fn is_condition(&self, text: &str) -> bool {
        !is_sql(text) && names_shard(&plain(text), self.shard)
    }

    /// True when a comment in the item, or directly before it, says why it asks all.
    fn says_why(&self, item: &Item) -> bool {
        let before = self.lines.get(..item.first.saturating_sub(1)).unwrap_or_default();
        let above = before.iter().rev().take_while(|line| line.trim_start().starts_with(['/', '#']));
        let own = self.lines.get(item.first.saturating_sub(1)..item.last).unwrap_or_default();
        above.chain(own).any(|line| line.split_once("//").is_some_and(|(_, comment)| comment.contains(ASKS_ALL)))
    }
}

/// The functions, constants and macros of a file.
fn items(code: &str) -> Vec<Item> {
    let mut found = Vec::new();
    for kind in ["fn ", "const ", "static ", "macro_rules! "] {
        for (at, _) in code.match_indices(kind) {
            let before = code.get(..at).and_then(|code| code.chars().next_back());
            let rest = code.get(at + kind.len()..).unwrap_or_default();
            let name: String = rest.chars().take_while(|c| is_word(*c)).collect();
            if !before.is_some_and(is_word) && !name.is_empty() && name != "fn" {
                let is_value = matches!(kind, "const " | "static ");
                found.push(Item { first: line_of(code, at), last: end_of_item(code, at), name, is_value });
            }
        }
    }
    found
}

/// True for a text that reads or writes a table for which the test holds.
fn speaks_of(text: &str, is_divided: &dyn Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).collect();
    let verb = |word: &&str| matches!(*word, "from" | "into" | "update" | "join");
    !makes(text)
        && words
            .windows(2)
            .any(|pair| pair.first().is_some_and(verb) && pair.get(1).is_some_and(|word| is_divided(word)))
}

/// True when a statement names the column where it counts: compared with a value, or among the columns of an insert.
/// A join that is made equal in it, or an order by it, still asks all.
fn names_shard(text: &str, shard: &str) -> bool {
    let columns = text.split_once("into ").and_then(|(_, rest)| rest.split_once('(')?.1.split_once(')'));
    if columns.is_some_and(|(columns, _)| columns.split(|c: char| !is_word(c)).any(|word| word == shard)) {
        return true;
    }
    text.match_indices(shard).any(|(at, word)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(is_word) && text.get(at + word.len()..).is_some_and(is_compared)
    })
}

/// True when what follows a column compares it with a value, by itself or as the first of several.
fn is_compared(rest: &str) -> bool {
    let rest = rest.trim_start();
    if let Some(value) = rest.strip_prefix('=') {
        return value.trim_start().starts_with(['$', '\'', '{', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    }
    if rest.starts_with(',') {
        let several = rest
            .split_once(['(', ')', '<', '>', '='])
            .filter(|(inner, _)| rest.get(inner.len()..).is_some_and(|rest| rest.starts_with(')')));
        return several.is_some_and(|(_, rest)| rest.trim_start().starts_with(['=', 'i']));
    }
    rest.starts_with("in ") || rest.starts_with("in(")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_names_the_district_where_it_counts() {
        for text in [
            "select a from t where district = $1",
            "insert into t (district, a) values ($1, $2)",
            "select a from t join s on s.district = t.district where t.district = $1",
            "update t set a = $1 where (district, id) in ({})",
            "delete from t where district in ({})",
        ] {
            assert!(names_shard(text, "district"), "{text}");
        }
        for text in [
            "select district from t where a = $1 order by district",
            "select district, count(*) from t where a = 1 group by district",
            "delete from t where a = $1",
            "select a from t join s on s.district = t.district where t.a = $1",
            "select a from t where (district, id) > ($1, $2)",
            "select a from t where case_district = $1",
        ] {
            assert!(!names_shard(text, "district"), "{text}");
        }
    }
}
