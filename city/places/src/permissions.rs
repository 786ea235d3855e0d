//! What roles may be permitted to do here.

use kernel::permissions;

/// The permissions of `places`.
#[derive(Clone, Copy, Debug)]
pub struct May;

permissions! {
    May {
        /// See places, units and people on duty (查看地方).
        PlaceRead = "place.read", "查看地方与单位", "see places and units";
        /// Load an edition of the divisions (导入区划).
        PlaceImport = "place.import", "导入区划", "import divisions";
        /// Change units, grids and ambiguous places (维护地方).
        PlaceEdit = "place.edit", "维护地方与单位", "edit places and units";
        /// Propose grids and adopt a proposal from a day on (划分网格).
        GridPlan = "grid.plan", "划分网格", "draw grids";
    }
}
