//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `property`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// See the entries and make new ones (登记新部门 property).
        PropertyEdit = "property.edit", "登记新部门 property", "edit property";
    }
}
