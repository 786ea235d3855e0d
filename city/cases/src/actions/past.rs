//! Past cases of one item, as the rules that look back at them read them.

use kernel::case::Case;
use store::Tx;

use super::Fault;
use crate::Cases;
use crate::records::Folded;
use crate::records::past::of_item;

impl Cases {
    /// The last cases of an item, the newest first, at most `limit`. The caller asks whether somebody may open one.
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
