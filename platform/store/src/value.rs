//! Values that go into a statement and rows that come out. Both are the same for both engines.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use uuid::Uuid;

use crate::error::StoreError;

/// One value of a statement, of a kind that both engines can store. Moments are integers (UTC microseconds), dates are
/// texts (`YYYY-MM-DD`), booleans are 0 and 1, JSON is text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Val {
    /// Nothing.
    Null,
    /// An integer: INT in SQLite, BIGINT in PostgreSQL.
    Int(i64),
    /// A text, compared byte by byte on both engines.
    Text(String),
    /// Bytes: BLOB in SQLite, BYTEA in PostgreSQL.
    Bytes(Vec<u8>),
    /// An identity: a BLOB of 16 bytes in SQLite (read back as [`Val::Bytes`]), UUID in PostgreSQL.
    Uuid(Uuid),
}

impl Val {
    /// Returns the kind of value, for messages. Never show the value itself, which may be personal.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
        }
    }
}

/// The arguments of a statement, `$1` first: `tx.exec(SQL, &args![district, id, "text", now])`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { [$($crate::Val::from($value)),*] };
}

macro_rules! into_val {
    ($($source:ty => |$name:ident| $value:expr;)*) => {
        $(impl From<$source> for Val {
            fn from($name: $source) -> Self {
                $value
            }
        })*
    };
}

into_val! {
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(value.into());
    i16 => |value| Self::Int(value.into());
    u32 => |value| Self::Int(value.into());
    u16 => |value| Self::Int(value.into());
    u8 => |value| Self::Int(value.into());
    bool => |value| Self::Int(value.into());
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    Uuid => |value| Self::Uuid(value);
    Instant => |value| Self::Int(value.micros());
    Date => |value| Self::Text(value.to_string());
    PlaceId => |value| Self::Int(value.0);
    PlacePath => |value| Self::Text(value.as_str().to_owned());
    serde_json::Value => |value| Self::Text(value.to_string());
}

impl<const N: usize> From<[u8; N]> for Val {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Val {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: Clone + Into<Self>> From<&T> for Val {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

/// One row of an answer. Columns are known by their position; the first is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(Vec<Val>);

impl Row {
    pub(crate) const fn new(values: Vec<Val>) -> Self {
        Self(values)
    }

    /// Returns the column at a position, converted. Fails with [`StoreError::Data`] when there is no such column or it
    /// holds another kind of value.
    pub fn get<T: FromVal>(&self, column: usize) -> Result<T, StoreError> {
        let value = self.0.get(column).ok_or_else(|| {
            StoreError::data(format!("a row has {} columns, column {column} was asked for", self.0.len()))
        })?;
        T::from_val(value).map_err(|error| match error {
            StoreError::Data { message } => StoreError::data(format!("column {column}: {message}")),
            other => other,
        })
    }

    /// Returns all values in the order of the columns.
    pub fn values(&self) -> &[Val] {
        &self.0
    }
}

/// A type that can be read from one column.
pub trait FromVal: Sized {
    /// Returns the value as this type, or [`StoreError::Data`].
    fn from_val(value: &Val) -> Result<Self, StoreError>;
}

fn mismatch<T>(expected: &str, found: &Val) -> Result<T, StoreError> {
    Err(StoreError::data(format!("expected {expected}, found {}", found.kind())))
}

impl FromVal for Val {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Ok(value.clone())
    }
}

impl FromVal for i64 {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Int(number) => Ok(*number),
            other => mismatch("an integer", other),
        }
    }
}

impl FromVal for bool {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Int(0) => Ok(false),
            Val::Int(1) => Ok(true),
            other => mismatch("0 or 1", other),
        }
    }
}

impl FromVal for String {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Text(text) => Ok(text.clone()),
            other => mismatch("a text", other),
        }
    }
}

impl FromVal for Vec<u8> {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Bytes(bytes) => Ok(bytes.clone()),
            Val::Uuid(id) => Ok(id.as_bytes().to_vec()),
            other => mismatch("bytes", other),
        }
    }
}

impl FromVal for Uuid {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Uuid(id) => Ok(*id),
            Val::Bytes(bytes) => Self::from_slice(bytes).map_err(|_| StoreError::data("expected a uuid of 16 bytes")),
            other => mismatch("a uuid", other),
        }
    }
}

impl FromVal for Instant {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        i64::from_val(value).map(Self::from_micros)
    }
}

impl FromVal for Date {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        let Val::Text(text) = value else { return mismatch("a date as text", value) };
        text.parse().map_err(|_| StoreError::data("expected a date YYYY-MM-DD"))
    }
}

impl FromVal for PlaceId {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        i64::from_val(value).map(Self)
    }
}

impl FromVal for PlacePath {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        let Val::Text(text) = value else { return mismatch("a place path as text", value) };
        Self::parse(text).map_err(|_| StoreError::data("expected a place path such as 1.4.57."))
    }
}

impl FromVal for serde_json::Value {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        let Val::Text(text) = value else { return mismatch("JSON as text", value) };
        serde_json::from_str(text).map_err(|fault| {
            StoreError::data(format!("JSON cannot be read at line {}, column {}", fault.line(), fault.column()))
        })
    }
}

impl<T: FromVal> FromVal for Option<T> {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        match value {
            Val::Null => Ok(None),
            other => T::from_val(other).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_went_in() {
        let id = Uuid::from_u128(7);
        let path = PlacePath::parse("1.4.").unwrap();
        let date: Date = "2026-11-23".parse().unwrap();
        let row = Row::new(
            args![5, "文", vec![1u8], id, true, None::<i64>, Instant::from_micros(9), date, PlaceId(4), &path, &id]
                .into(),
        );
        assert_eq!(row.get::<i64>(0).unwrap(), 5);
        assert_eq!(row.get::<String>(1).unwrap(), "文");
        assert_eq!(row.get::<Vec<u8>>(2).unwrap(), [1]);
        assert_eq!(row.get::<Uuid>(3).unwrap(), id);
        assert!(row.get::<bool>(4).unwrap());
        assert_eq!(row.get::<Option<i64>>(5).unwrap(), None);
        assert_eq!(row.get::<Instant>(6).unwrap(), Instant::from_micros(9));
        assert_eq!(row.get::<Date>(7).unwrap(), date);
        assert_eq!(row.get::<PlaceId>(8).unwrap(), PlaceId(4));
        assert_eq!(row.get::<PlacePath>(9).unwrap(), path);
        assert_eq!(row.get::<Option<Uuid>>(10).unwrap(), Some(id));
    }

    #[test]
    fn another_kind_of_value_is_refused_without_showing_it() {
        let row = Row::new(args!["secret", 2].into());
        for message in [
            row.get::<i64>(0).unwrap_err().to_string(),
            row.get::<Date>(0).unwrap_err().to_string(),
            row.get::<PlacePath>(0).unwrap_err().to_string(),
            row.get::<bool>(1).unwrap_err().to_string(),
            row.get::<i64>(2).unwrap_err().to_string(),
        ] {
            assert!(message.contains("column") && !message.contains("secret"), "{message}");
        }
    }
}
