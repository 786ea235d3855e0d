//! The pages of this department: who is who around a place for everybody, and what those who keep it enter.

mod correcting;
pub mod keep;
pub mod levels;
pub mod list;
mod picture;
pub mod place;
pub mod roster;
pub mod shown;
pub mod talk;

use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::Tree;
use web::{Choice, Page};

use crate::actions::reach;

/// Beginning of the keys under which the forms call their fields.
const LABELS: &str = "bodies-field-";
/// The levels that have bodies of their own.
const LEVELS: [Level; 3] = [Level::District, Level::Street, Level::Community];

/// The place of an identity, at a level that has bodies.
fn place_at(tree: &Tree, id: &str) -> Option<PlacePath> {
    let place = tree.get(PlaceId(id.parse().ok()?))?;
    LEVELS.contains(&place.level).then(|| place.path.clone())
}

/// The place that a form names.
fn chosen(tree: &Tree, id: &str) -> Result<PlacePath, Refusal> {
    place_at(tree, id).ok_or_else(|| Refusal::new(Code::FormChoice).field("place"))
}

/// The places of a visitor's posts that have bodies, to choose from. With one there is nothing to choose.
fn choices(page: &Page, tree: &Tree, current: &str) -> Vec<Choice> {
    let own = reach(&page.visitor.actor);
    let is_own = |one: &&places::Place| own.iter().any(|reached| reached.contains(&one.path));
    let found = LEVELS.into_iter().flat_map(|level| tree.of_level(level)).filter(is_own);
    let choice = |one: &places::Place| Choice::new(one.id.to_string(), tree.chain(&one.path, page.lang), current);
    let mut choices: Vec<Choice> = found.map(choice).collect();
    if let [only] = choices.as_mut_slice() {
        only.chosen = true;
    } else {
        choices.insert(0, Choice::new("", page.t("bodies-choose"), current));
    }
    choices
}
