//! The pages of this department: the hearing point, how a dispute is brought, its file, and the figures.

pub mod bring;
pub mod figures;
pub mod invite;
pub mod keep;
pub mod paper;
pub mod point;

use kernel::place::{Level, PlaceId, PlacePath};
use places::Tree;

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "hearings-field-";

/// The community of an identity.
fn community(tree: &Tree, id: &str) -> Option<PlacePath> {
    let place = tree.get(PlaceId(id.parse().ok()?))?;
    (place.level == Level::Community).then(|| place.path.clone())
}
