//! This file lists what roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `stations`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Register stations and ask where the next ones belong (维护驿站).
        StationEdit = "station.edit", "维护驿站", "edit stations";
    }
}
