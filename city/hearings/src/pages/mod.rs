//! The pages of this department: the hearing point, how a dispute is brought, its agreement, sessions, file and papers,
//! and the figures.

pub mod agreement;
pub mod book;
pub mod bring;
mod clauses;
pub mod figures;
mod held;
pub mod hosting;
pub mod invite;
pub mod keep;
pub mod matters;
pub mod offer;
pub mod opinions;
pub mod own;
pub mod paper;
pub mod point;
pub mod points;
pub mod power_file;
pub mod powers;
pub mod represent;
pub mod said;
pub mod say;
pub mod sessions;
pub mod sheet;
pub(crate) mod shown;
pub mod triage;

use kernel::place::{Level, PlaceId, PlacePath};
use places::Tree;

use crate::actions::told::time_in;

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "hearings-field-";

/// The community of an identity.
fn community(tree: &Tree, id: &str) -> Option<PlacePath> {
    let place = tree.get(PlaceId(id.parse().ok()?))?;
    (place.level == Level::Community).then(|| place.path.clone())
}

/// How many people somebody typed; 0 where she left it open, none for what is no number.
fn people(typed: &str) -> Option<u32> {
    if typed.is_empty() { Some(0) } else { kernel::line::number(typed).parse().ok() }
}
