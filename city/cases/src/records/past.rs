//! Past cases of one item, for looking at what another rule would have meant for them.

use store::{StoreError, Tx, args};

use super::{FOLDED, Folded};
use crate::Cases;
use hall::Fault;
use kernel::case::Case;

/// The last cases of an item, the newest first, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn of_item(tx: &mut dyn Tx, item: &str, limit: i64) -> Result<Vec<Folded>, StoreError> {
    let sql = format!("select {FOLDED} where c.item = $1 order by c.opened_at desc, c.id desc limit $2");
    store::all(tx, &sql, &args![item, limit])
}

impl Cases {
    /// The last cases of an item, the newest first, at most `limit`. Whether somebody may open one is for the caller to ask.
    ///
    /// # Errors
    /// A failure of the store, or a row that cannot be read.
    pub fn past_of_item(&self, tx: &mut dyn Tx, item: &str, limit: i64) -> Result<Vec<Case>, Fault> {
        let read = |row: Folded| {
            serde_json::from_str(&row.folded).map_err(|fault| Fault::Broken(format!("case {}: {fault}", row.id)))
        };
        of_item(tx, item, limit)?.into_iter().map(read).collect()
    }
}
