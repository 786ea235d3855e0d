//! These are the pages of the grid: saying that something is wrong, and what is known near here.

pub mod field;
pub mod forwards;
pub mod near;
pub mod report;
pub(crate) mod shown;

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "grid-field-";
