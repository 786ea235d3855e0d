//! Names that cannot be taken are refused; a department is made in a copy of the tree, works there, and is taken out
//! again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::programs::{cargo, root, target};
use crate::{arch, texts};

/// The most lines that a department changes outside of its folder.
const MOST_LINES: usize = 3;
/// The name that the tests give; nothing of the house has it.
const NAME: &str = "lamps";

fn asked(name: &str) -> Asked {
    let (zh, en) = (Some("路灯".to_owned()), Some("Street lamps".to_owned()));
    Asked { name: name.to_owned(), zh, en, role: "community_worker".to_owned() }
}

#[test]
fn names_that_cannot_be_taken_are_refused_with_a_remedy() {
    for (name, contains) in [
        ("", "Write English words in small letters"),
        ("Lamps", "Write English words in small letters"),
        ("old-homes", "Write English words in small letters"),
        ("old__homes", "Write English words in small letters"),
        ("_lamps", "Write English words in small letters"),
        ("2lamps", "Write English words in small letters"),
        ("路灯", "Write English words in small letters"),
        ("../lamps", "Write English words in small letters"),
        ("a_name_that_nobody_can_remember", "at most 30 characters"),
        ("match", "`match` is a word of Rust"),
        ("core", "`core` is a word of Rust"),
        ("stations", "is there already"),
        ("store", "is there already"),
        ("kernel", "is there already"),
        ("serde_json", "is a crate that the house uses"),
        ("lianglin", "is a crate that the house uses"),
        ("lamp_utils", "says nothing"),
        ("map", "would stand at `/map`, where city/overview/"),
        ("today", "would stand at `/today`"),
        ("find", "would stand at `/find`"),
        ("report", "would stand at `/report`"),
        ("figures", "would stand at `/figures`, where city/cases/src/lib.rs has pages already"),
        ("help", "would stand at `/help`"),
        ("sign_in", "would stand at `/sign-in`"),
        ("apply", "would stand at `/apply`"),
        ("api", "would stand at `/api`"),
    ] {
        let fault = Names::of(&root(), &asked(name)).unwrap_err();
        assert!(fault.contains(contains), "{name}: {fault}");
    }
    for wrong in ["", "  ", "Lamps \"new\"", "{ $lamps }", "<b>", "a\nb"] {
        let fault = Names::of(&root(), &Asked { en: Some(wrong.to_owned()), ..asked(NAME) }).unwrap_err();
        assert!(fault.starts_with("--en: "), "{wrong}: {fault}");
    }
}

#[test]
fn names_are_put_into_patterns() {
    let names = Names::of(&root(), &Asked { zh: None, en: None, ..asked("old_homes") }).unwrap();
    let told = names.fill("@name@ @Type@ @zh@ @en@ @words@ @address@");
    assert_eq!(told, "old_homes OldHomes 新部门 old homes Old homes old homes /old-homes");
    for pattern in PATTERNS {
        let text = names.fill(pattern.text);
        let left = text.split_whitespace().find(|word| word.matches('@').count() > 1);
        assert_eq!(left, None, "{}", pattern.path);
    }
    let permission = PATTERNS.iter().find(|pattern| pattern.path == "src/permissions.rs").unwrap();
    let held = &wires(&names, "community_worker")[2].line;
    assert!(
        names.fill(permission.text).contains(held.trim().trim_end_matches(',')),
        "the role holds no other permission"
    );
}

#[test]
fn a_line_is_put_into_its_section_or_nowhere() {
    let names = Names::of(&root(), &asked(NAME)).unwrap();
    let wires = wires(&names, "community_worker");
    let (manifest, role) = (&wires[0], &wires[2]);
    let text = "[package]\n\n[dependencies]\nstations.workspace = true\nui.workspace = true\n";
    let put = manifest.put_into(text).unwrap();
    assert_eq!(put.lines().nth(4), Some("lamps.path = \"../city/lamps\""), "{put}");
    assert_eq!(manifest.taken_from(&put), text);
    let fault = manifest.put_into("[package]\nui.workspace = true\n").unwrap_err();
    assert!(fault.starts_with("app/Cargo.toml: "), "{fault}");
    assert_eq!(
        role.put_into("permissions = [\n    \"a\",\n]\n").unwrap(),
        "permissions = [\n    \"a\",\n    \"lamps.edit\",\n]\n"
    );
    assert!(role.put_into("permissions = [\"a\"]\n").is_err());
}

/// The copy of the tree in which a department is made. It stays between runs, so that only what changed is built again.
fn copied() -> PathBuf {
    let copy = target().join("new-department/tree");
    // A run that was cut short left the department there.
    let left = copy.join("city").join(NAME);
    if left.is_dir() {
        std::fs::remove_dir_all(left).unwrap();
    }
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let wanted: BTreeMap<String, Vec<u8>> =
        listed.split('\0').filter_map(|path| Some((path.to_owned(), std::fs::read(root().join(path)).ok()?))).collect();
    std::fs::create_dir_all(&copy).unwrap();
    let there = contents(&copy);
    for path in there.keys().filter(|path| !wanted.contains_key(*path)) {
        std::fs::remove_file(copy.join(path)).unwrap();
    }
    for (path, content) in wanted.iter().filter(|(path, content)| there.get(*path) != Some(*content)) {
        std::fs::create_dir_all(copy.join(path).parent().unwrap()).unwrap();
        std::fs::write(copy.join(path), content).unwrap();
    }
    copy
}

/// The files below a folder, by path.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// How many lines differ between the first and the last difference of two texts.
fn changed_lines(before: &[u8], after: &[u8]) -> usize {
    let lines = |text: &[u8]| -> Vec<String> { String::from_utf8_lossy(text).lines().map(str::to_owned).collect() };
    let (before, after) = (lines(before), lines(after));
    let same = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
    let (before, after) = (&before[same..], &after[same..]);
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(one, other)| one == other).count();
    before.len().max(after.len()) - tail
}

#[test]
fn changed_lines_are_counted() {
    for (before, after, expected) in [
        ("a\nb\n", "a\nb\n", 0),
        ("a\nb\n", "a\nx\nb\n", 1),
        ("a\nb\n", "a\nc\n", 1),
        ("", "a\nb\n", 2),
        ("a\na\n", "a\n", 1),
    ] {
        assert_eq!(changed_lines(before.as_bytes(), after.as_bytes()), expected, "{before:?} {after:?}");
    }
}

fn succeed(copy: &Path, arguments: &[&str]) -> String {
    let mut command = cargo(arguments);
    command.current_dir(copy).env("CARGO_TARGET_DIR", target().join("new-department/build"));
    // Everything is built here for a handful of tests, so that the compiler's time counts more than theirs.
    command.env("CARGO_PROFILE_DEV_OPT_LEVEL", "0");
    let output = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // The gate keeps the last lines of what failed: what was compiled would push out what went wrong.
    let told: Vec<&str> = err.lines().filter(|line| !line.trim_start().starts_with("Compiling ")).collect();
    assert!(output.status.success(), "cargo {}\n{out}\n{}", arguments.join(" "), told.join("\n"));
    out.into_owned()
}

#[test]
#[ignore = "it builds the house in a copy: the gate's step `new department`"]
fn a_department_is_made_works_and_is_taken_out_again() {
    let copy = copied();
    let before = contents(&copy);
    println!("{}", department(&copy, &asked(NAME)).unwrap());
    let folder = format!("city/{NAME}/");
    let mut changed = 0;
    for (path, after) in contents(&copy).iter().filter(|(path, _)| !path.starts_with(&folder)) {
        let lines = changed_lines(before.get(path).map(Vec::as_slice).unwrap_or_default(), after);
        if lines > 0 {
            println!("{path}: {lines} line");
        }
        changed += lines;
    }
    println!("measured: a new department changes {changed} lines outside of its folder");
    assert!(changed <= MOST_LINES, "{changed} lines changed outside of {folder}");
    assert!(department(&copy, &asked(NAME)).unwrap_err().contains("is there already"));

    println!("{}", arch::check(&copy).unwrap());
    println!("{}", texts::check(&copy).unwrap());
    succeed(&copy, &["fmt", "--package", NAME, "--package", "lianglin", "--check"]);
    // Built for its story, the rest of the house is checked alone: that costs a third.
    succeed(&copy, &["check", "--quiet", "--package", "lianglin"]);
    let told = succeed(&copy, &["test", "--package", NAME]);
    assert!(told.contains("test an_entry_is_made_once_and_found ... ok"), "{told}");

    let names = Names::of(&root(), &asked(NAME)).unwrap();
    std::fs::remove_dir_all(copy.join(&folder)).unwrap();
    for wire in wires(&names, "community_worker") {
        let text = std::fs::read_to_string(copy.join(&wire.file)).unwrap();
        std::fs::write(copy.join(&wire.file), wire.taken_from(&text)).unwrap();
    }
    // The list of packages is cargo's own: it writes it again whenever the members change.
    std::fs::write(copy.join("Cargo.lock"), &before["Cargo.lock"]).unwrap();
    assert!(contents(&copy) == before, "something of the department is left");
}
