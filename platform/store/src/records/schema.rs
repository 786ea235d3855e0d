//! Describes the tables of a database in one text for both engines. The reviewed snapshot and backups use it.

use std::fmt::Write;

use crate::args;
use crate::error::StoreError;
use crate::record;
use crate::record::all;
use crate::store::Store;
use crate::transaction::{Engine, Tx};

record! {
    /// A column, with the type that both engines have for it: `int`, `text` or `blob` (bytes and identities).
    pub(crate) struct Column {
        pub(crate) name: String,
        pub(crate) kind: String,
        pub(crate) required: bool,
    }
}

record! {
    struct Index {
        name: String,
        unique: bool,
        /// `pk` is a key, `u` a unique constraint, `c` a created index.
        origin: String,
        partial: bool,
        columns: String,
    }
}

/// A table: its columns in order, the columns of its primary key, and its further rules as sorted lines.
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) key: Vec<String>,
    rules: Vec<String>,
}

/// Returns the canonical text of all tables, which is the same for both engines, to be compared with the reviewed
/// snapshot.
pub fn schema(store: &Store) -> Result<String, StoreError> {
    store.snapshot_blocking(|tx| {
        let mut text = String::new();
        for table in tables(tx)? {
            describe(&table, &mut text);
        }
        Ok(text)
    })
}

/// Says whether a database has no table at all, so that nothing was ever kept in it.
pub fn is_empty(store: &Store) -> Result<bool, StoreError> {
    store.read_blocking(|tx| Ok(names(tx)?.is_empty()))
}

fn describe(table: &Table, text: &mut String) {
    // Writing into a String cannot fail.
    let _ = writeln!(text, "table {}", table.name);
    for column in &table.columns {
        let required = if column.required { " not null" } else { "" };
        let _ = writeln!(text, "  {} {}{required}", column.name, column.kind);
    }
    let _ = writeln!(text, "  key ({})", table.key.join(", "));
    for rule in &table.rules {
        let _ = writeln!(text, "  {rule}");
    }
    text.push('\n');
}

/// Returns the names of all tables, sorted.
pub(crate) fn names(tx: &mut dyn Tx) -> Result<Vec<String>, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite~_%' escape '~' order by name"
        }
        Engine::Postgres => {
            "select relname::text from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace \
             order by relname::text collate \"C\""
        }
    };
    tx.rows(sql, &[])?.iter().map(|row| row.get(0)).collect()
}

pub(crate) fn tables(tx: &mut dyn Tx) -> Result<Vec<Table>, StoreError> {
    names(tx)?.into_iter().map(|name| table(tx, name)).collect()
}

fn table(tx: &mut dyn Tx, name: String) -> Result<Table, StoreError> {
    let columns = columns(tx, &name)?;
    let mut key = Vec::new();
    let mut rules = foreign_keys(tx, &name)?;
    for index in indexes(tx, &name)? {
        let listed = index.columns.replace(',', ", ");
        let unique = if index.unique { "unique " } else { "" };
        let partial = if index.partial { " where …" } else { "" };
        match index.origin.as_str() {
            "pk" => key = index.columns.split(',').map(str::to_owned).collect(),
            "u" => rules.push(format!("unique ({listed})")),
            _ => rules.push(format!("{unique}index {} ({listed}){partial}", index.name)),
        }
    }
    rules.sort();
    Ok(Table { name, columns, key, rules })
}

fn columns(tx: &mut dyn Tx, table: &str) -> Result<Vec<Column>, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => "select name, lower(type), \"notnull\" from pragma_table_info($1) order by cid",
        Engine::Postgres => {
            "select attname::text, case format_type(atttypid, null) when 'bigint' then 'int' when 'bytea' then 'blob' \
             when 'uuid' then 'blob' else format_type(atttypid, null) end, attnotnull from pg_attribute \
             where attrelid = ($1::text)::regclass and attnum > 0 and not attisdropped order by attnum"
        }
    };
    all(tx, sql, &args![table])
}

fn indexes(tx: &mut dyn Tx, table: &str) -> Result<Vec<Index>, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "select l.name, l.\"unique\", l.origin, l.partial, \
             (select group_concat(coalesce(i.name, '…'), ',' order by i.seqno) from pragma_index_info(l.name) i) \
             from pragma_index_list($1) l order by l.name"
        }
        Engine::Postgres => {
            "select c.relname::text, i.indisunique, case when i.indisprimary then 'pk' when exists (select 1 from \
             pg_constraint k where k.conindid = i.indexrelid and k.contype = 'u') then 'u' else 'c' end, \
             i.indpred is not null, (select string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' order by n) from \
             generate_series(1, i.indnkeyatts) n) from pg_index i join pg_class c on c.oid = i.indexrelid \
             where i.indrelid = ($1::text)::regclass order by 1"
        }
    };
    all(tx, sql, &args![table])
}

fn foreign_keys(tx: &mut dyn Tx, table: &str) -> Result<Vec<String>, StoreError> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "select 'foreign (' || group_concat(\"from\", ', ' order by seq) || ') to ' || \"table\" || ' (' || \
             group_concat(\"to\", ', ' order by seq) || ')' from pragma_foreign_key_list($1) group by id, \"table\""
        }
        Engine::Postgres => {
            "select 'foreign (' || (select string_agg(a.attname, ', ' order by n.place) from unnest(k.conkey) with ordinality \
             n(number, place) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.number) || ') to ' || \
             k.confrelid::regclass::text || ' (' || (select string_agg(a.attname, ', ' order by n.place) from \
             unnest(k.confkey) with ordinality n(number, place) join pg_attribute a on a.attrelid = k.confrelid and \
             a.attnum = n.number) || ')' from pg_constraint k where k.contype = 'f' and k.conrelid = ($1::text)::regclass"
        }
    };
    tx.rows(sql, &args![table])?.iter().map(|row| row.get(0)).collect()
}
