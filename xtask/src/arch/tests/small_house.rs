//! A small house in which every rule of the map has something to look at, for the tests that plant faults in it.

use std::collections::BTreeMap;

/// The manifest of a crate that imports some.
pub(super) fn manifest(folder: &str, imports: &str) -> String {
    let name = folder.rsplit('/').next().unwrap();
    let lines: Vec<String> = imports.split_whitespace().map(|import| format!("{import}.workspace = true")).collect();
    format!("[package]\nname = \"{name}\"\n[dependencies]\nserde.workspace = true\n{}\n", lines.join("\n"))
}

/// A small house in which every rule has something to look at.
pub(super) fn house() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut add = |path: &str, text: &str| files.insert(path.to_owned(), text.to_owned());
    for (folder, imports) in [
        ("kernel", ""),
        ("ui", ""),
        ("platform/store", "kernel"),
        ("platform/tries", "kernel store"),
        ("platform/tables", "kernel"),
        ("platform/vault", "kernel store"),
        ("platform/web", "kernel store ui"),
        ("platform/identity", "kernel store vault web"),
        ("platform/jobs", "kernel store"),
        ("platform/house", "kernel store web jobs"),
        ("platform/press", ""),
        ("platform/tiles", ""),
        ("platform/testkit", "kernel store vault"),
        ("city/rulebook", "kernel store web"),
        ("city/places", "kernel store rulebook"),
        ("city/hall", "kernel house places rulebook"),
        ("city/cases", "kernel hall places rulebook"),
        ("city/counter", "kernel cases places rulebook"),
        ("city/exchange", "kernel counter cases"),
        ("city/letters", "kernel counter press"),
        ("city/papers", "kernel counter cases"),
        ("city/overview", "kernel hall cases"),
        ("city/stations", "kernel hall"),
        ("city/mobilization", "kernel hall"),
        ("city/visits", "kernel counter cases"),
        ("app", "kernel store counter"),
        ("tests/city", "app counter testkit"),
    ] {
        add(&format!("{folder}/Cargo.toml"), &manifest(folder, imports));
        add(&format!("{folder}/src/lib.rs"), "//! What it is for.\npub fn a() {}\n");
    }
    add(
        "city/cases/migrations/0001_case.sql",
        "create table cases_case (a {int}) {strict};\ncreate index cases_case_a on cases_case (a);\n",
    );
    add("city/cases/migrations/0001_case.rows.sql", "insert into cases_case (a) values (1);\n");
    add("city/cases/src/records.rs", "//! Remembers.\nconst A: &str = \"select a from cases_case\";\n");
    add(
        "city/cases/src/rules.rs",
        "//! Decides.\n/// axum\nfn a() -> &'static str {\n    \"axum\"\n}\n#[cfg(test)]\nmod tests {\n    use store::Tx;\n}\n",
    );
    add("city/cases/src/pages/home.rs", "//! Speaks.\npub const A: &str = \"Select one from the list\";\n");
    files
}
