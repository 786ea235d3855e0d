//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `property`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Keep the owners' register and enter what belongs to owners' votes (业主名册和业主表决).
        PropertyEdit = "property.edit", "登记业主名册、办业主表决", "keep owners' registers and votes";
    }
}
