//! A fault planted for every rule is found at its line, and the clean house has none.

use std::collections::BTreeMap;

use super::map::Map;
use super::tree::Tree;
use small_house::{house, manifest};

mod small_house;

const MAP: &str = include_str!("../../../architecture.toml");

fn faults(files: BTreeMap<String, String>) -> Vec<String> {
    let map = Map::read(MAP).unwrap();
    super::judge(&map, &Tree::from_files(files).unwrap()).iter().map(ToString::to_string).collect()
}

#[test]
fn the_clean_house_has_no_fault() {
    assert_eq!(faults(house()), Vec::<String>::new());
}

/// Plants one file into the house and expects exactly one fault that begins and ends so.
fn check(path: &str, text: &str, begins: &str, contains: &str) {
    let mut files = house();
    files.insert(path.to_owned(), text.to_owned());
    let found = faults(files);
    assert_eq!(found.len(), 1, "{path}: expected one fault, found {found:#?}");
    assert!(found[0].starts_with(begins) && found[0].contains(contains), "{path}: {}", found[0]);
}

#[test]
fn imports_go_down_only() {
    for (folder, imports, line, contains) in [
        ("kernel", "store", 5, "`kernel` (kernel) may not import `store` (platform)"),
        ("platform/store", "kernel vault", 6, "`platform/store` (platform) may not import `vault`"),
        ("platform/jobs", "kernel store counter", 7, "may not import `counter` (city)"),
        ("city/rulebook", "kernel cases", 6, "`city/rulebook` (city) may not import `cases` (city)"),
        ("city/places", "kernel app", 6, "may not import `app` (app)"),
    ] {
        let path = format!("{folder}/Cargo.toml");
        check(&path, &manifest(folder, imports), &format!("{path}:{line}: "), contains);
    }
}

#[test]
fn the_tests_of_a_crate_may_use_the_testkit() {
    let mut files = house();
    let text = format!("{}[dev-dependencies]\ntestkit.workspace = true\n", manifest("city/cases", "kernel"));
    files.insert("city/cases/Cargo.toml".to_owned(), text);
    assert_eq!(faults(files), Vec::<String>::new());
}

#[test]
fn every_crate_has_its_line_and_every_line_its_crate() {
    check(
        "city/parking/Cargo.toml",
        &manifest("city/parking", "kernel"),
        "city/parking/Cargo.toml:1: ",
        "no line in the map",
    );
    check("extra/Cargo.toml", &manifest("extra", ""), "extra/Cargo.toml:1: ", "lies in no zone");
    let mut files = house();
    files.retain(|path, _| !path.starts_with("city/counter/"));
    let found = faults(files);
    assert!(found.len() == 1 && found[0].contains("no such crate in city"), "{found:#?}");
}

#[test]
fn a_department_may_carry_its_own_line() {
    let line = |folder: &str, imports: &str| {
        let line = format!("[package.metadata.department]\nfor = \"a matter\"\nimports = [{imports}]\n");
        (format!("{folder}/Cargo.toml"), format!("{}{line}", manifest(folder, "kernel places")))
    };
    let with = |(path, text): (String, String)| {
        let mut files = house();
        files.insert(path, text);
        faults(files)
    };
    assert_eq!(with(line("city/parking", "\"places\"")), Vec::<String>::new());
    for (folder, imports, begins, contains) in [
        ("city/parking", "", "city/parking/Cargo.toml:6: ", "may not import `places`"),
        ("city/parking", "\"places\", \"nothing\"", "architecture.toml:1: ", "imports `nothing`"),
        ("city/stations", "\"places\"", "city/stations/Cargo.toml:7: ", "has a line in the map and one in its own"),
        ("tests/city", "", "tests/city/Cargo.toml:7: ", "is no department"),
    ] {
        let found = with(line(folder, imports));
        assert_eq!(found.len(), 1, "{folder}: {found:#?}");
        assert!(found[0].starts_with(begins) && found[0].contains(contains), "{folder}: {}", found[0]);
    }
    let (path, text) = line("city/parking", "");
    let files = BTreeMap::from([(path, text.replace("imports", "import"))]);
    assert!(Tree::from_files(files).unwrap_err().contains("city/parking/Cargo.toml: [package.metadata.department]"));
}

#[test]
fn names_have_their_rooms() {
    for (path, text, begins, contains) in [
        (
            "kernel/src/time.rs",
            "//! Time.\n\nfn a() { std::time::SystemTime::now(); }\n",
            "kernel/src/time.rs:3: ",
            "`SystemTime` has no place in the zone",
        ),
        ("kernel/src/place.rs", "//! Place.\nuse std::fs;\n", "kernel/src/place.rs:2: ", "`std::fs`"),
        (
            "city/cases/src/rules.rs",
            "//! Decides.\nuse store::Tx;\n",
            "city/cases/src/rules.rs:2: ",
            "`store::` has no place in the room `rules`",
        ),
        (
            "city/cases/src/pages/home.rs",
            "//! Speaks.\nuse a;\nfn a() { tx.rows(1); }\n",
            "city/cases/src/pages/home.rs:3: ",
            "`tx.rows`",
        ),
        ("city/cases/src/actions.rs", "//! Does.\nuse axum::Json;\n", "city/cases/src/actions.rs:2: ", "`axum`"),
        (
            "city/cases/src/pages/home.rs",
            "//! Speaks.\nuse axum::Router;\n",
            "city/cases/src/pages/home.rs:2: ",
            "`Router` has no place in the zone `city`",
        ),
        (
            "platform/jobs/src/pages.rs",
            "//! Speaks.\nfn a() { axum::Router::new(); }\n",
            "platform/jobs/src/pages.rs:2: ",
            "`Router::new` has no place in the zone `platform`",
        ),
        (
            "city/cases/src/extra.rs",
            "//! Extra.\n",
            "city/cases/src/extra.rs:1: ",
            "`extra` is no room of `city/cases`",
        ),
        (
            "city/counter/src/pages.rs",
            "//! Speaks.\nuse cases::records::find;\n",
            "city/counter/src/pages.rs:2: ",
            "`cases::records::` has no place in another crate",
        ),
    ] {
        check(path, text, begins, contains);
    }
}

#[test]
fn sql_stays_in_its_room_and_with_its_owner() {
    for (path, text, begins, contains) in [
        (
            "city/cases/src/pages/home.rs",
            "//! Speaks.\nconst A: &str =\n    \"select a from cases_case\";\n",
            "city/cases/src/pages/home.rs:3: ",
            "SQL in the room `pages`",
        ),
        (
            "app/src/lib.rs",
            "//! App.\nconst A: &str = \"delete from other\";\n",
            "app/src/lib.rs:2: ",
            "SQL in the room `lib`",
        ),
        (
            "city/cases/migrations/0001_case.sql",
            "create table case_more (a {int}) {strict};\n",
            "city/cases/migrations/0001_case.sql:1: ",
            "`cases_`",
        ),
        (
            "city/cases/migrations/0001_case.sql",
            "create table cases_case (a {int}) {strict};\ncreate table cases_case (a {int}) {strict};\n",
            "city/cases/migrations/0001_case.sql:2: ",
            "made in city/cases/migrations/0001_case.sql too",
        ),
        (
            "city/counter/src/records.rs",
            "//! Remembers.\nconst A: &str = \"select a\n  from cases_case\";\n",
            "city/counter/src/records.rs:3: ",
            "`cases_case` is a table of city/cases",
        ),
    ] {
        check(path, text, begins, contains);
    }
}

#[test]
fn rooms_import_downwards_only() {
    for (path, text, begins, contains) in [
        (
            "city/cases/src/words.rs",
            "//! Names.\nuse crate::rules::a;\n",
            "city/cases/src/words.rs:2: ",
            "the room `words` imports `crate::rules::a` of the room `rules`",
        ),
        (
            "city/cases/src/records.rs",
            "//! Remembers.\nfn b() {\n    super::pages::home::show();\n}\n",
            "city/cases/src/records.rs:3: ",
            "the room `records` imports `super::pages::home::show` of the room `pages`",
        ),
        (
            "city/cases/src/rules.rs",
            "//! Decides.\nuse crate::a;\n",
            "city/cases/src/rules.rs:2: ",
            "of the room `lib`",
        ),
        (
            "city/cases/src/notices/told.rs",
            "//! Told.\nuse crate::pages::home;\n",
            "city/cases/src/notices/told.rs:2: ",
            "the room `notices` imports",
        ),
    ] {
        check(path, text, begins, contains);
    }
    let mut files = house();
    for (path, text) in [
        ("city/cases/src/lib.rs", "//! Cases.\npub struct Cases;\npub use actions::step;\n"),
        ("city/cases/src/actions.rs", "//! Does.\nuse crate::{Cases, records, rules::a};\npub fn step() {}\n"),
        ("city/cases/src/pages/home.rs", "//! Speaks.\nuse crate::{Cases, actions, step};\n"),
        ("city/cases/src/notices.rs", "//! Tells.\nuse crate::{Cases, actions};\n"),
    ] {
        files.insert(path.to_owned(), text.to_owned());
    }
    assert_eq!(faults(files), Vec::<String>::new());
}

#[test]
fn rows_are_handed_over_where_the_map_says_so() {
    let speaks = "insert into counter_kept select a from cases_case;\n";
    for (file, expected) in [("0014_figures", 0), ("0015_more", 1)] {
        let (mut files, path) = (house(), format!("city/cases/migrations/{file}.sql"));
        for (path, text) in [
            ("city/counter/migrations/0001_kept.sql", "create table counter_kept (a {int} primary key) {strict};\n"),
            ("city/counter/migrations/0001_kept.rows.sql", "insert into counter_kept (a) values (1);\n"),
            (path.as_str(), speaks),
        ] {
            files.insert(path.to_owned(), text.to_owned());
        }
        let found = faults(files);
        assert_eq!(found.len(), expected, "{found:?}");
        assert!(found.iter().all(|fault| fault.contains("`counter_kept` is a table of city/counter")), "{found:?}");
    }
}

#[test]
fn an_own_room_has_its_place_in_the_order() {
    let lost = MAP.replacen("pass = \"api\"\n", "", 1);
    assert_ne!(lost, MAP);
    let found = Map::read(&lost).unwrap().faults();
    assert!(found.len() == 1 && found[0].what.contains("the room `pass` of `cases` has no place"), "{found:#?}");
    let round = MAP.replacen("attempts = \"api\"", "attempts = \"attempts\"", 1);
    let found = Map::read(&round).unwrap().faults();
    assert!(found.iter().any(|fault| fault.what.contains("`attempts` of `counter`")), "{found:#?}");
}

#[test]
fn files_do_not_import_one_another() {
    let mut files = house();
    for (path, text) in [
        ("kernel/src/lib.rs", "//! Kernel.\nmod a;\nmod b;\nmod c;\npub use a::A;\npub struct D;\n"),
        ("kernel/src/a.rs", "//! A.\nuse crate::b::B;\npub struct A;\n"),
        ("kernel/src/b.rs", "//! B.\n\nuse super::c;\n"),
        ("kernel/src/c.rs", "//! C.\nfn c(a: crate::A) {}\n"),
        // A part may use what the file above it defines, and that file its parts.
        ("ui/src/lib.rs", "//! Look.\nmod a;\nuse a::A;\npub struct D;\n"),
        ("ui/src/a.rs", "//! A.\nuse crate::D;\npub struct A;\n"),
    ] {
        files.insert(path.to_owned(), text.to_owned());
    }
    let found = faults(files);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("kernel/src/a.rs:2: a circle of files: a.rs → b.rs → c.rs → a.rs"), "{}", found[0]);
}

#[test]
fn divided_tables_begin_their_keys_with_the_district() {
    let rows = ("city/cases/migrations/0002_more.rows.sql", "insert into cases_more (district) values (1);\n");
    for (sql, begins, contains) in [
        (
            "create table cases_more (\n  district {int} not null,\n  id {uuid} not null,\n  primary key (id, district)\n) {strict};\n",
            "city/cases/migrations/0002_more.sql:4: ",
            "the primary key (id, district) of the table `cases_more`",
        ),
        (
            "create table cases_more (\n  district {int} not null primary key,\n  n {text} unique\n) {strict};\n",
            "city/cases/migrations/0002_more.sql:3: ",
            "a unique key (n)",
        ),
        (
            "create table cases_more (\n  district {int} not null primary key\n) {strict};\ncreate unique index cases_more_n on cases_more (n);\n",
            "city/cases/migrations/0002_more.sql:4: ",
            "the unique index `cases_more_n` (n)",
        ),
        (
            "create table cases_more (\n  district {int} not null primary key\n) {strict};\ncreate table cases_line (\n  id {int} not null primary key,\n  more {int} references cases_more (id)\n) {strict};\n",
            "city/cases/migrations/0002_more.sql:6: ",
            "the reference to `cases_more` (more)",
        ),
        (
            "alter table cases_case add column b {int};\nalter table cases_case add column c {int} not null;\n\
             alter table cases_case add column d {int} not null default 0;\n",
            "city/cases/migrations/0002_more.sql:2: ",
            "`cases_case.c` is `not null` and has no default",
        ),
    ] {
        let mut files = house();
        files.insert("city/cases/migrations/0002_more.sql".to_owned(), sql.to_owned());
        files.insert(rows.0.to_owned(), rows.1.to_owned());
        let found = faults(files);
        assert_eq!(found.len(), 1, "{sql}: {found:#?}");
        assert!(found[0].starts_with(begins) && found[0].contains(contains), "{}", found[0]);
    }
    check(
        "city/cases/migrations/0002_more.sql",
        "create table cases_more (\n  id {int} not null primary key\n) {strict};\n",
        "city/cases/migrations/0002_more.sql:1: ",
        "has no rows of its time",
    );
}

#[test]
fn statements_on_divided_tables_name_the_district() {
    let mut house = house();
    for (path, text) in [
        (
            "city/cases/migrations/0002_more.sql",
            "create table cases_more (\n  district {int} not null primary key,\n  a {int}\n) {strict};\n",
        ),
        ("city/cases/migrations/0002_more.rows.sql", "insert into cases_more (district) values (1);\n"),
    ] {
        house.insert(path.to_owned(), text.to_owned());
    }
    for (text, line) in [
        ("fn a() {\n    \"select district from cases_more where a = 1\"\n}\n", Some(3)),
        ("const COLUMNS: &str = \"district, a\";\nfn a() {\n    \"select {COLUMNS} from cases_more\"\n}\n", Some(4)),
        (
            "/// asks.\nfn a() {\n    \"delete from cases_more\"\n}\n// asks all districts: not here\n\nfn b() {}\n",
            Some(4),
        ),
        ("fn a() {\n    \"select a from cases_more where district = $1\"\n}\n", None),
        (
            "const COLUMNS: &str = \"district, a\";\nfn a() {\n    \"insert into cases_more ({COLUMNS}) values (1, 2)\"\n}\n",
            None,
        ),
        ("fn a() {\n    (\"select a from cases_more where {b}\", \"district in (1)\")\n}\n", None),
        (
            "/// Old ones.\n// asks all districts: nobody knows whose they are\nfn a() {\n    \"delete from cases_more\"\n}\n",
            None,
        ),
        ("fn a() {\n    // asks all districts: there are few\n    \"delete from cases_more\"\n}\n", None),
    ] {
        let mut files = house.clone();
        files.insert("city/cases/src/records.rs".to_owned(), format!("//! Remembers.\n{text}"));
        let expected: Vec<String> = line
            .map(|line| {
                format!("city/cases/src/records.rs:{line}: this statement on a divided table does not name `district`")
            })
            .into_iter()
            .collect();
        let found: Vec<String> =
            faults(files).iter().map(|fault| fault.split_once(". ").unwrap().0.to_owned()).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn files_keep_their_shape() {
    let long_function = format!("//! Long.\n\nfn long() {{\n{}}}\n", "    a();\n".repeat(69));
    let fitting = format!("//! Long.\n\nfn long() {{\n{}}}\n", "    a();\n".repeat(68));
    let long_file = format!("//! Long.\n{}", "// a\n".repeat(500));
    for (path, text, begins, contains) in [
        ("app/src/a.rs", "use b;\n", "app/src/a.rs:1: ", "does not say what the file is for"),
        ("app/src/a.rs", "//! A.\n\n#[allow(dead_code)]\nfn a() {}\n", "app/src/a.rs:3: ", "switches a lint off"),
        ("app/src/a.rs", long_function.as_str(), "app/src/a.rs:3: ", "the function `long` has 71 lines"),
        ("app/src/a.rs", long_file.as_str(), "app/src/a.rs:500: ", "501 lines, the limit is 500"),
        ("app/src/page_helper.rs", "//! A.\n", "app/src/page_helper.rs:1: ", "the name `helper` says nothing"),
        ("docs/misc/a.md", "", "docs/misc/a.md:1: ", "the name `misc`"),
    ] {
        check(path, text, begins, contains);
    }
    let mut files = house();
    files.insert("app/src/a.rs".to_owned(), fitting);
    files.insert("tests/city/tests/story.rs".to_owned(), long_file);
    assert_eq!(faults(files), Vec::<String>::new());
}

#[test]
fn parameters_have_types_and_names() {
    let text = "`InPath<String>` takes a part of an address as text";
    for (code, line, contains) in [
        ("async fn a(InPath(code): InPath<String>) {}\n", 3, text),
        ("async fn a(\n    page: Page,\n    InPath(code): InPath<String>,\n) {}\n", 5, text),
        ("fn a(b: u8, (c, d): (u8, u8)) {}\n", 3, "the function `a` takes `(c, d)` as one parameter"),
        ("fn a((c, _): (u8, Option<u8>), b: u8) {}\n", 3, "`(c, _)`"),
        ("fn a(&(c, (d, e)): &(u8, Pair)) {}\n", 3, "`(c, (d, e))`"),
        ("fn a((c, d): Pair) {}\n", 3, "`(c, d)`"),
        (
            "impl A {\n    fn a<F: Fn(u8) -> u8>(\n        &self,\n        (c,\n        d): (u8, F),\n    ) {}\n}\n",
            4,
            "`(c, d)`",
        ),
        ("fn a() {\n    fn b((c, d): (u8, u8)) {}\n}\n", 4, "the function `b`"),
    ] {
        check("app/src/a.rs", &format!("//! A.\n\n{code}"), &format!("app/src/a.rs:{line}: "), contains);
    }
    let mut files = house();
    let clean = "//! A.\n\nfn a(One(b): One<(u8, u8)>, pair: (u8, u8), (c): u8, Two { d, e }: &Two, f: fn(u8, u8)) -> (u8, u8) {\n    \
                 [(1, 2)].map(|(x, y): (u8, u8)| (y, x))\n}\n\n/// InPath<String>\nfn g(InPath(code): InPath<Code>, list: &[(u8, u8)]) {}\n\n\
                 #[cfg(test)]\nmod tests {\n    fn a((b, c): (u8, u8), InPath(code): InPath<String>) {}\n}\n";
    files.insert("app/src/a.rs".to_owned(), clean.to_owned());
    assert_eq!(faults(files), Vec::<String>::new());
}

#[test]
fn comments_and_templates_stand_in_lines_that_can_be_read() {
    let words = |word: &str, times: usize| vec![word; times].join(" ");
    for (path, text, begins, contains) in [
        (
            "app/src/a.rs",
            format!("//! A.\n\n    /// {}\n", words("lamp", 23)),
            "app/src/a.rs:3: ",
            "the line takes 122 columns, the limit is 120",
        ),
        ("app/src/a.rs", format!("//! A.\n//! {}\n", words("路灯", 24)), "app/src/a.rs:2: ", "takes 123 columns"),
        (
            "city/cases/templates/cases/a.html",
            format!("<p>\n  <b>{}</b></p>\n", words("lamp", 24)),
            "city/cases/templates/cases/a.html:2: ",
            "takes 132 columns",
        ),
    ] {
        check(path, &text, begins, contains);
    }
    let mut files = house();
    for (path, text) in [
        ("app/src/a.rs", format!("//! A.\n/// {}\n// https://{}\n", words("路灯", 23), "a".repeat(120))),
        // What code says may be long, and so may a file that is no template.
        ("app/src/b.rs", format!("//! B.\nconst B: &str = \"{}\"; // b\n", words("lamp", 30))),
        ("docs/a.html", words("lamp", 30)),
        ("city/cases/templates/cases/a.html", format!("<pre>\n{}</pre>\n", "a".repeat(130))),
    ] {
        files.insert(path.to_owned(), text);
    }
    assert_eq!(faults(files), Vec::<String>::new());
}

#[test]
fn the_map_itself_is_checked() {
    let circle = MAP.replace("[departments.rulebook]\n", "[departments.rulebook] # planted\n").replacen(
        "imports = []\n\n[departments.places]",
        "imports = [\"counter\"]\n\n[departments.places]",
        1,
    );
    assert_ne!(circle, MAP);
    let found = Map::read(&circle).unwrap().faults();
    assert!(found.iter().any(|fault| fault.what.contains("a circle of imports")), "{found:#?}");
    let unknown = MAP.replace("jobs = [\"store\"]", "jobs = [\"stores\"]");
    let found = Map::read(&unknown).unwrap().faults();
    assert!(found.len() == 1 && found[0].what.contains("imports `stores`"), "{found:#?}");
    assert!(Map::read(&MAP.replace("[limits]", "[limit]")).is_err());
    assert_eq!(Map::read(MAP).unwrap().faults(), []);
}

#[test]
fn the_tree_is_read_from_a_folder() {
    let folder = std::env::temp_dir().join(format!("lianglin-arch-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("kernel/src")).unwrap();
    std::fs::create_dir_all(folder.join("target/debug")).unwrap();
    std::fs::write(folder.join("kernel/Cargo.toml"), manifest("kernel", "")).unwrap();
    std::fs::write(folder.join("kernel/src/lib.rs"), "//! Kernel.\n").unwrap();
    std::fs::write(folder.join("target/debug/a.rs"), "nothing").unwrap();
    let tree = Tree::read(&folder, &Map::read(MAP).unwrap()).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(tree.paths, ["kernel/Cargo.toml", "kernel/src/lib.rs"]);
    assert_eq!(tree.crates["kernel"].name, "kernel");
}
