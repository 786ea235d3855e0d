//! Every text that a page asks for exists, every text that exists is asked for, and each page is drawn in both
//! languages.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use std::collections::BTreeSet;
use std::path::Path;

/// The texts whose keys are put together from a part and a code.
const COMPOSED: [&str; 1] = ["identity-person-"];
/// The words that look like keys and are not: purposes in the vault.
const NOT_TEXTS: [&str; 2] = ["identity-code-new", "identity-code"];

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn asked() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    files(&root.join("templates"), &mut texts);
    files(&root.join("src"), &mut texts);
    let quoted = texts.iter().flat_map(|text| text.split('"')).filter(|word| word.starts_with("identity-"));
    let plain = |word: &&str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    quoted.filter(plain).map(str::to_owned).collect()
}

fn written(source: &str) -> BTreeSet<String> {
    let keys = source.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.to_owned());
    keys.filter(|key| key.starts_with("identity-")).collect()
}

#[test]
fn texts_and_pages_agree() {
    let written = written(identity::LOCALES.0);
    let asked = asked();
    let missing: Vec<_> =
        asked.iter().filter(|key| !written.contains(*key) && !NOT_TEXTS.contains(&key.as_str())).collect();
    assert!(missing.is_empty(), "asked for and not written: {missing:?}");
    let composed = |key: &String| COMPOSED.iter().any(|part| key.starts_with(part));
    let idle: Vec<_> = written.iter().filter(|key| !asked.contains(*key) && !composed(key)).collect();
    assert!(idle.is_empty(), "written and never asked for: {idle:?}");
}
