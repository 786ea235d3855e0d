//! This file lists what roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `rulebook`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Read the rulebook with its sources (查看制度).
        RulebookRead = "rulebook.read", "查看制度", "read the rulebook";
    }
}
