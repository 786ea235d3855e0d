//! Brings the paths of places in any table to where the places are now.

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

/// Changes the paths in a column that lie inside `from` so that they lie where it is now. Each distinct path is changed
/// once. A second run finds nothing.
pub fn follow_places(
    tx: &mut dyn Tx,
    table: &str,
    column: &str,
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
