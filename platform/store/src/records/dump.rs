//! Reads whole tables page by page in the order of their keys and puts them back. Backup and restore use these
//! statements.

use std::fmt::Write;

use super::schema::Table;
use crate::error::StoreError;
use crate::transaction::{Engine, Tx};
use crate::value::{Row, Val};
use crate::{args, record};

/// How many rows are read at a time.
pub(crate) const PAGE: usize = 500;
/// How many rows are put at a time.
pub(crate) const BATCH: usize = 20;

/// Returns the next rows of a table after a key (none begins at the start), with all columns, in the order of the key.
pub(crate) fn page(tx: &mut dyn Tx, table: &Table, after: Option<&[Val]>) -> Result<Vec<Row>, StoreError> {
    let columns = quoted(table.columns.iter().map(|column| column.name.as_str()));
    let key = quoted(table.key.iter().map(String::as_str));
    let from = quoted([table.name.as_str()]);
    let behind = match after {
        Some(after) => format!(" where ({key}) > ({})", parameters(1, after.len())),
        None => String::new(),
    };
    tx.rows(&format!("select {columns} from {from}{behind} order by {key} limit {PAGE}"), after.unwrap_or_default())
}

/// Returns the key of a row that [`page`] read.
pub(crate) fn key_of(table: &Table, row: &Row) -> Vec<Val> {
    let position = |name: &String| table.columns.iter().position(|column| column.name == *name);
    table.key.iter().filter_map(|name| row.values().get(position(name)?).cloned()).collect()
}

/// Puts rows with all columns in one statement.
pub(crate) fn put(tx: &mut dyn Tx, table: &Table, rows: &[Vec<Val>]) -> Result<(), StoreError> {
    let columns = quoted(table.columns.iter().map(|column| column.name.as_str()));
    let mut sql = format!("insert into {} ({columns}) values ", quoted([table.name.as_str()]));
    for number in 0..rows.len() {
        let comma = if number == 0 { "" } else { ", " };
        let first = number * table.columns.len() + 1;
        // Writing into a String cannot fail.
        let _ = write!(sql, "{comma}({})", parameters(first, table.columns.len()));
    }
    let values: Vec<Val> = rows.iter().flatten().cloned().collect();
    tx.exec(&sql, &values).map(drop)
}

/// Removes all rows of a table.
pub(crate) fn clear(tx: &mut dyn Tx, table: &Table) -> Result<(), StoreError> {
    tx.exec(&format!("delete from {}", quoted([table.name.as_str()])), &[]).map(drop)
}

record! {
    /// A foreign key that was removed for a while.
    pub(crate) struct ForeignKey {
        table: String,
        name: String,
        definition: String,
    }
}

/// Allows rows to be put in any order until the transaction ends or the rules are put back.
pub(crate) fn suspend_foreign_keys(tx: &mut dyn Tx) -> Result<Vec<ForeignKey>, StoreError> {
    if tx.engine() == Engine::Sqlite {
        return tx.exec("pragma defer_foreign_keys = on", &[]).map(|_| Vec::new());
    }
    let keys: Vec<ForeignKey> = crate::all(
        tx,
        "select conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) from pg_constraint \
         where contype = 'f' and connamespace = current_schema()::regnamespace order by conname",
        &args![],
    )?;
    for key in &keys {
        tx.exec(&format!("alter table {} drop constraint {}", key.table, quoted([key.name.as_str()])), &[])?;
    }
    Ok(keys)
}

/// Puts the rules back. Fails when rows break one of them. (SQLite checks them at the commit.)
pub(crate) fn restore_foreign_keys(tx: &mut dyn Tx, keys: &[ForeignKey]) -> Result<(), StoreError> {
    keys.iter().try_for_each(|key| {
        let name = quoted([key.name.as_str()]);
        tx.exec(&format!("alter table {} add constraint {name} {}", key.table, key.definition), &[]).map(drop)
    })
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    names.join(", ")
}

fn parameters(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count).map(|number| format!("${number}")).collect();
    names.join(", ")
}
