//! Reads which routes a department tries in a story of its own.

use std::collections::BTreeSet;
use std::path::Path;

/// Returns the routes that a department tries in a story of its own, as nobody and as somebody who may not: what its
/// `tests/story.rs` lists as `ROUTES`. A department begins so, and joins this matrix when its pages differ by role.
pub fn tried_at_home() -> BTreeSet<(String, String)> {
    let city = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../city");
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(city).unwrap() {
        let story = std::fs::read_to_string(entry.unwrap().path().join("tests/story.rs")).unwrap_or_default();
        found.extend(listed_in(&story));
    }
    found
}

/// Returns the routes that a story lists.
fn listed_in(story: &str) -> BTreeSet<(String, String)> {
    let list = story.split_once("const ROUTES: &[(&str, &str)] =").and_then(|(_, rest)| rest.split_once("];"));
    let words: Vec<&str> = list.map_or("", |(list, _)| list).split('"').skip(1).step_by(2).collect();
    words.chunks(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect()
}

#[test]
fn the_routes_of_a_story_are_read() {
    let story = "/// Every route.\nconst ROUTES: &[(&str, &str)] = &[\n    (\"GET\", \"/a\"),\n    (\"POST\", \"/a/{id}\"),\n];\n";
    let found: Vec<String> = listed_in(story).into_iter().map(|(method, route)| format!("{method} {route}")).collect();
    assert_eq!(found, ["GET /a", "POST /a/{id}"]);
    assert!(listed_in("fn a() {}").is_empty());
}
