//! Past cases of one item, for looking at what another rule would have meant for them.

use store::{StoreError, Tx, args};

use super::{FOLDED, Folded};

/// The last cases of an item, the newest first, at most `limit`.
pub fn of_item(tx: &mut dyn Tx, item: &str, limit: i64) -> Result<Vec<Folded>, StoreError> {
    let sql = format!("select {FOLDED} where c.item = $1 order by c.opened_at desc, c.id desc limit $2");
    store::all(tx, &sql, &args![item, limit])
}
