//! Typed rows: the fields of a struct are the columns of a query, in their order.

use crate::error::StoreError;
use crate::transaction::Tx;
use crate::value::{FromVal, Row, Val};

/// A struct that can be read from a row. [`record!`](crate::record!) writes it.
pub trait Record: Sized {
    /// Reads the columns in the order of the fields.
    fn read(row: &Row) -> Result<Self, StoreError>;
}

/// Declares a struct and how it is read. The first field is the first column.
///
/// ```
/// store::record! {
///     /// A lamp.
///     pub struct Lamp {
///         /// Its identity.
///         pub id: i64,
///         /// What it is called.
///         pub name: Option<String>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_visibility:vis $field:ident : $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $visibility struct $name {
            $($(#[$field_meta])* $field_visibility $field: $type,)*
        }

        impl $name {
            /// Reads the columns in the order of the fields.
            $visibility fn read(row: &$crate::Row) -> Result<Self, $crate::StoreError> {
                let mut column = 0usize..;
                $(let $field = row.get(column.next().unwrap_or_default())?;)*
                Ok(Self { $($field),* })
            }
        }

        impl $crate::Record for $name {
            fn read(row: &$crate::Row) -> Result<Self, $crate::StoreError> {
                Self::read(row)
            }
        }
    };
}

/// Returns the only row of an answer, or none. More than one row is a [`StoreError::Data`].
pub fn one<T: Record>(tx: &mut dyn Tx, sql: &str, args: &[Val]) -> Result<Option<T>, StoreError> {
    only(tx.rows(sql, args)?)?.as_ref().map(T::read).transpose()
}

/// Returns every row of an answer.
pub fn all<T: Record>(tx: &mut dyn Tx, sql: &str, args: &[Val]) -> Result<Vec<T>, StoreError> {
    tx.rows(sql, args)?.iter().map(T::read).collect()
}

/// Returns the first column of the only row, or none when there is no row. A null needs `scalar::<Option<T>>`.
pub fn scalar<T: FromVal>(tx: &mut dyn Tx, sql: &str, args: &[Val]) -> Result<Option<T>, StoreError> {
    only(tx.rows(sql, args)?)?.map(|row| row.get(0)).transpose()
}

fn only(rows: Vec<Row>) -> Result<Option<Row>, StoreError> {
    let count = rows.len();
    if count > 1 {
        return Err(StoreError::data(format!("expected one row at most, found {count}")));
    }
    Ok(rows.into_iter().next())
}
