//! The small map on which somebody shows where something is: its words. The page works without it.

use serde_json::{Map, Value};
use web::Page;

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
