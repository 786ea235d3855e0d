//! The small map on which somebody shows where something is: its words. The page works without it.

use places::Tree;
use places::geography::Geography;
use serde_json::{Map, Value};
use web::Page;

use crate::finding;

/// The words of the buttons of the library, as it wants them.
pub(super) fn words(page: &Page) -> String {
    let keys = [
        ("Map.Title", "grid-pick-title"),
        ("NavigationControl.ZoomIn", "grid-pick-in"),
        ("NavigationControl.ZoomOut", "grid-pick-out"),
    ];
    let words: Map<String, Value> =
        keys.into_iter().map(|(name, key)| (name.to_owned(), Value::from(page.t(key)))).collect();
    Value::Object(words).to_string()
}

/// What the map shows at first: the community that this visitor chose on her device. It is empty where none is known,
/// and the map shows everything.
pub(super) fn bounds(page: &Page, tree: &Tree, ground: Option<&Geography>) -> String {
    let own = places::my_community(page, tree).filter(|_| page.zooms());
    own.zip(ground).and_then(|(community, ground)| finding::bounds(ground, community)).unwrap_or_default()
}
