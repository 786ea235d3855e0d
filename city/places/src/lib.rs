//! Places (四级联动·网格·楼栋户数) keeps the tree from the city down to the grid, its history and its units.
//!
//! It serves everybody who asks where something lies, what it was called, and who is responsible there. See MISSION
//! parts 1 and 14, and FIELD "Codes are not identity".

mod actions;
pub mod geography;
mod pages;
mod records;
mod rules;
mod words;

pub use actions::grids::works;
pub use actions::{
    DecideError, ImportError, MOVED, Places, Report, decide, establish_units, import, lay_geography, open_grids,
};
pub use pages::{DecidedItem, OnDuty, Surroundings, nav, routes};
pub use records::MIGRATIONS;
pub use records::current::{by_code_at, children_at, place_at, tree as load_tree, tree_at};
pub use records::geography::{grids_on, put_into_grids};
pub use records::history::{Edition, History, editions, history};
pub use records::review::{open_count as open_reviews, reviews};
pub use records::unit::{unit_for, units};
pub use rules::edition::{Row as EditionRow, RowFault, parse as parse_edition};
pub use rules::outcome::{Counts, Summary};
pub use rules::tree::Tree;
pub use rules::units::{Department, UnitPlan, office_for};
pub use words::{
    AdoptionState, COMMUNITY_COUNTER, Certainty, Change, ChangeKind, Dated, Doubt, Kind, Place, Review, SERVICE_CENTRE,
    SYSTEM_GRID, SYSTEM_NBS, Unit,
};

/// Holds the department's texts: the Chinese and the English Fluent file.
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));
