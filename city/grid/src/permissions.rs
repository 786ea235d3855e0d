//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `grid`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// See the entries and make new ones (登记网格).
        GridEdit = "grid.edit", "登记网格", "edit grid";
    }
}
