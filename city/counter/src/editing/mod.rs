//! This folder holds the catalogue as the city edits it in the browser (事项目录编辑): drafts, their faults, what a
//! change would have meant, releases from a day on.
//!
//! The files of `data/catalogue` are the ground. A release puts one item in place of the one that is written there,
//! from its day on. Nothing here speaks HTTP, and the only SQL stands in `records`.

mod actions;
mod book;
mod documents;
mod fields;
mod preview;
mod sheet;
mod validate;
mod writing;

pub use actions::{Basis, Imported};
pub use book::{Book, Standing, of_files, of_installation};
pub use documents::{is_own, read as read_document};
pub use fields::{MOST_PAPERS, MOST_ROWS, blank, fields, fixed, from_json, is_ready_begun, item, to_json};
pub use preview::{Effect, Past, Versions, effect};
pub use sheet::{
    COLUMNS, Doubt, LIMITS, Misread, Row, Verdict, asks_the_other_way, cells, compare, is_about_confidentiality, line,
    unanswered,
};
pub use validate::{Checked, Wrong, check, check_all};
pub use writing::{column_at, write};
