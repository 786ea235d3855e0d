//! This file lists what roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `mobilization`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// Call people out in an emergency, plan, send, stand down (组织动员).
        MobilizationLead = "mobilization.lead", "组织动员", "run call-outs";
        /// See who comes to the compounds of a place and check them in (查看名册、签到).
        MobilizationRoster = "mobilization.roster", "查看名册和签到", "see rosters and check people in";
    }
}
