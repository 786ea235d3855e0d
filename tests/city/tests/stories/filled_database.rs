//! Every migration is tried on a database that holds rows of each time before it, and afterwards all of those rows
//! are there.
//!
//! The rows stand beside the migrations, `0001_case.rows.sql` beside `0001_case.sql`: one insert a line, with
//! `{uuid:…}` and `{bytes:…}` for values that the engines write differently.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use lianglin::departments::migrations;
use store::{Engine, Store, StoreError};

/// The columns of each table.
type Columns = BTreeMap<String, BTreeSet<String>>;

/// Tables that a later migration takes away, because nothing has been kept there for long.
const GIVEN_UP: [&str; 1] = ["identity_address"];

#[test]
fn every_migration_runs_on_a_filled_database() {
    for bed in testkit::stores() {
        let mut inserted: Vec<(&str, String)> = Vec::new();
        for migration in store::own_migrations().iter().chain(migrations().into_iter().flatten()) {
            carry_out(&bed, migration.name, statements(&store::render(migration.sql, bed.engine())));
            let rows = statements(&typed(&rows_beside(migration.name), bed.engine()));
            carry_out(&bed, migration.name, rows.clone());
            inserted.extend(rows.into_iter().map(|row| (migration.name, row)));
        }
        assert!(inserted.len() > 50, "only {} rows stand beside migrations", inserted.len());
        let columns = columns(&bed);
        for (name, row) in &inserted {
            if GIVEN_UP.iter().any(|table| row.starts_with(&format!("insert into {table} ("))) {
                continue;
            }
            assert_eq!(times_found(&bed, &columns, row), 1, "{}: a row of {name} is lost: {row}", bed.name);
        }
    }
}

/// The text of the rows beside a migration; empty where there are none.
fn rows_beside(name: &str) -> String {
    let (department, migration) = name.split_once('/').unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = format!("{department}/migrations/{migration}.rows.sql");
    let found = ["city", "platform"].iter().find_map(|zone| std::fs::read_to_string(root.join(zone).join(&file)).ok());
    found.unwrap_or_default()
}

/// The single statements of a text: each ends with `;` at the end of a line.
fn statements(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
    let parts = lines.join("\n");
    parts
        .split(";\n")
        .map(|part| part.trim().trim_end_matches(';').to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// The text with its identities and bytes as this engine writes them.
fn typed(text: &str, engine: Engine) -> String {
    let identity = |value: &str| match engine {
        Engine::Sqlite => format!("x'{}'", value.replace('-', "")),
        Engine::Postgres => format!("'{value}'"),
    };
    let bytes = |value: &str| match engine {
        Engine::Sqlite => format!("x'{value}'"),
        Engine::Postgres => format!("'\\x{value}'"),
    };
    replaced(&replaced(text, "{uuid:", &identity), "{bytes:", &bytes)
}

fn replaced(text: &str, mark: &str, shape: &dyn Fn(&str) -> String) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (value, rest) = part.split_once('}').unwrap();
        out.push_str(&shape(value));
        out.push_str(rest);
    }
    out
}

fn carry_out(store: &Store, name: &str, statements: Vec<String>) {
    let done = store.write_blocking(move |tx| {
        for statement in &statements {
            tx.exec(statement, &[])?;
        }
        Ok::<_, StoreError>(())
    });
    if let Err(fault) = done {
        panic!("{name}: {fault}");
    }
}

/// The columns as the last migration leaves them.
fn columns(store: &Store) -> Columns {
    let mut found = Columns::new();
    let mut table = String::new();
    for line in store::schema(store).unwrap().lines() {
        if let Some(name) = line.strip_prefix("table ") {
            name.clone_into(&mut table);
        } else {
            let column = line.split_whitespace().next().unwrap_or_default().to_owned();
            found.entry(table.clone()).or_default().insert(column);
        }
    }
    found
}

/// How often the row of an insert is found, by all of its columns that are still there.
fn times_found(store: &Store, columns: &Columns, insert: &str) -> i64 {
    let (table, rest) = insert.strip_prefix("insert into ").unwrap().split_once(" (").unwrap();
    let (names, values) = rest.split_once(") values (").unwrap();
    let values = parted(values.strip_suffix(')').unwrap());
    let names: Vec<&str> = names.split(", ").collect();
    assert_eq!(names.len(), values.len(), "{insert}");
    let (table, names) = handed_over(table, &names);
    let kept = names.into_iter().zip(values).filter(|(name, _)| columns[table].contains(name));
    let conditions: Vec<String> = kept
        .map(|(name, value)| if value == "null" { format!("{name} is null") } else { format!("{name} = {value}") })
        .collect();
    let sql = format!("select count(*) from {table} where {}", conditions.join(" and "));
    store.read_blocking(move |tx| store::scalar::<i64>(tx, &sql, &[])).unwrap().unwrap_or_default()
}

/// The table to which the rows of another were handed over, and what its columns are called there.
fn handed_over<'t>(table: &'t str, names: &[&str]) -> (&'t str, Vec<String>) {
    if table != "cases_month" {
        return (table, names.iter().map(|name| (*name).to_owned()).collect());
    }
    let column = |name: &&str| {
        let slot = cases::rules::figures::Month::COLUMNS.iter().position(|column| column == name);
        slot.map_or_else(|| (*name).to_owned(), |slot| format!("n{:02}", slot + 1))
    };
    ("hall_figure", names.iter().map(column).collect())
}

/// Values parted at the commas that stand in no quotes.
fn parted(values: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for c in values.chars() {
        quoted ^= c == '\'';
        match found.last_mut() {
            Some(last) if quoted || c != ',' => last.push(c),
            _ => found.push(String::new()),
        }
    }
    found.iter().map(|value| value.trim().to_owned()).collect()
}
