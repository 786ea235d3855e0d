//! The lines of a backup file.

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sm3::{Digest, Sm3};

use crate::error::StoreError;
use crate::value::{Row, Val};

/// The version of the format that this program writes and reads.
pub(super) const VERSION: u32 = 1;

/// Every line except the rows, which are arrays.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    LianglinBackup { version: u32, engine: String },
    /// A migration that was applied, in order.
    Migration { name: String, sql: String },
    /// A table begins. Its rows follow.
    Table { name: String, columns: Vec<String>, key: Vec<String> },
    /// A table is complete.
    End { name: String, rows: u64, sm3: String },
    /// The last line: the SM3 of all bytes before it.
    Complete { tables: usize, rows: u64, sm3: String },
}

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The engine from which it was made, `sqlite` or `postgres`.
    pub engine: String,
    /// The names of the migrations, in the order in which they were applied.
    pub migrations: Vec<String>,
    /// The tables with their row counts.
    pub tables: Vec<TableSummary>,
    /// How many rows all tables have together.
    pub rows: u64,
}

/// A table in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableSummary {
    /// The name of the table.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// The SM3 of the rows in the order of the key, in hexadecimal digits.
    pub sm3: String,
}

pub(super) fn encode(line: &Line) -> Result<String, StoreError> {
    serde_json::to_string(line).map_err(|error| StoreError::backup(format!("a line cannot be written: {error}")))
}

/// Writes a row as an array: integers, texts, null, and bytes as `{"b": base64}`.
pub(super) fn encode_row(row: &Row) -> String {
    Value::Array(row.values().iter().map(encode_value).collect()).to_string()
}

fn encode_value(value: &Val) -> Value {
    let bytes = |bytes: &[u8]| Value::Object(Map::from_iter([("b".to_owned(), Value::from(BASE64.encode(bytes)))]));
    match value {
        Val::Null => Value::Null,
        Val::Int(number) => Value::from(*number),
        Val::Text(text) => Value::from(text.as_str()),
        Val::Bytes(content) => bytes(content),
        Val::Uuid(id) => bytes(id.as_bytes()),
    }
}

pub(super) fn decode_row(line: &str) -> Option<Vec<Val>> {
    let values: Vec<Value> = serde_json::from_str(line).ok()?;
    values.into_iter().map(decode_value).collect()
}

fn decode_value(value: Value) -> Option<Val> {
    match value {
        Value::Null => Some(Val::Null),
        Value::Number(number) => number.as_i64().map(Val::Int),
        Value::String(text) => Some(Val::Text(text)),
        Value::Object(fields) => BASE64.decode(fields.get("b")?.as_str()?.as_bytes()).ok().map(Val::Bytes),
        Value::Bool(_) | Value::Array(_) => None,
    }
}

/// Counts rows and hashes their lines.
#[derive(Default)]
pub(super) struct Tally {
    rows: u64,
    digest: Sm3,
}

impl Tally {
    pub(super) fn add(&mut self, line: &str) {
        self.rows += 1;
        self.digest.update(line.as_bytes());
        self.digest.update(b"\n");
    }

    pub(super) fn summary(self, name: &str) -> TableSummary {
        TableSummary { name: name.to_owned(), rows: self.rows, sm3: hexadecimal(self.digest) }
    }
}

pub(super) fn hexadecimal(digest: Sm3) -> String {
    HEXLOWER.encode(&digest.finalize())
}
