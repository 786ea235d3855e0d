//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `grid`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Work in the field with a phone: tasks, what was found, dwellings, rounds (现场工作).
        FieldWork = "field.work", "现场工作", "work in the field";
    }
}
