//! Paths of places in anybody's table, brought to where the places lie now.

use kernel::place::PlacePath;

use crate::args;
use crate::error::StoreError;
use crate::record;
use crate::record::all;
use crate::transaction::Tx;

record! {
    struct Held {
        path: PlacePath,
    }
}

/// Brings the paths in a column that lie inside `from` to where it lies now. Each distinct path is changed once; run again it finds nothing.
///
/// # Errors
/// Whatever the engine reports.
pub fn follow_places(
    tx: &mut dyn Tx,
    (table, column): (&str, &str),
    from: &PlacePath,
    to: &PlacePath,
) -> Result<(), StoreError> {
    let (low, high) = from.range();
    let found = format!("select distinct {column} from {table} where {column} >= $1 and {column} < $2");
    let changed = format!("update {table} set {column} = $1 where {column} = $2");
    for held in all::<Held>(tx, &found, &args![low, high])? {
        if let Some(moved) = held.path.moved(from, to) {
            tx.exec(&changed, &args![&moved, &held.path])?;
        }
    }
    Ok(())
}
