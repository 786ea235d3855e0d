//! The rows of a table in the order of its key, as a backup writes them and reads them back.

use super::lines::{TableSummary, Tally, encode_row};
use crate::error::StoreError;
use crate::records::dump;
use crate::records::schema::Table;
use crate::transaction::Tx;

/// Reads a table in the order of its key, gives each row as a line with its number, and sums it up.
pub(super) fn rows_of(
    tx: &mut dyn Tx,
    table: &Table,
    each: &mut dyn FnMut(&str, u64) -> Result<(), StoreError>,
) -> Result<TableSummary, StoreError> {
    if table.key.is_empty() {
        return Err(StoreError::backup(format!("table {} has no primary key; each table needs one", table.name)));
    }
    let mut tally = Tally::default();
    let mut count = 0;
    let mut page = dump::page(tx, table, None)?;
    while let Some(last) = page.last() {
        let after = dump::key_of(table, last);
        for row in &page {
            let line = encode_row(row);
            tally.add(&line);
            count += 1;
            each(&line, count)?;
        }
        if page.len() < dump::PAGE {
            break;
        }
        page = dump::page(tx, table, Some(&after))?;
    }
    Ok(tally.summary(&table.name))
}
