//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `bodies`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Keep the bodies of a place, their posts and elections, and the roster of its mediators (维护本地组织).
        BodiesEdit = "bodies.edit", "维护本地组织", "keep the local bodies";
    }
}
