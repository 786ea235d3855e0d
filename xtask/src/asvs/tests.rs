//! A fault planted into a small list is found at its line, and the sound list has none.

use super::*;

const FILE: &str = "platform/web/src/headers.rs";

/// Returns the numbers of as many requirements as the standard has: the three of the small list, and others.
fn numbers() -> String {
    let rest = (0..REQUIREMENTS - 3).map(|number| format!("V14.{}.{} 2\n", number / 100, number % 100));
    format!("V1.1.1 2\nV1.1.2 2\nV3.4.1 1\n{}", rest.collect::<String>())
}

fn rest() -> String {
    let row = |number: &str| format!("| {number} | 2 | one more of them | not yet | nobody has looked at it |\n");
    let lines: Vec<String> = numbers().lines().skip(3).filter_map(|line| line.split(' ').next()).map(row).collect();
    lines.concat()
}

fn list() -> String {
    format!(
        "# List\n\n| chapter | all | holds | holds in part | not ours | not yet |\n|---|---|---|---|---|---|\n\
         | V1 Plans | 2 | 1 | 0 | 1 | 0 |\n| V3 Sessions | 1 | 0 | 1 | 0 | 0 |\n| V14 Rest | 250 | 0 | 0 | 0 | 250 |\n\
         | all | 253 | 1 | 1 | 1 | 250 |\n\n## V1 Plans\n\n| number | level | what | state | answer |\n\
         |---|---|---|---|---|\n\
         | V1.1.1 | 2 | steps of secure work | holds | `{FILE}#secure` and `docs/` |\n\
         | V1.1.2 | 2 | threats are written down | not ours | the city has to do it itself |\n\n## V3 Sessions\n\n\
         | V3.4.1 | 1 | cookies over https alone | holds in part | `{FILE}` does it for `https = true` |\n\n\
         ## V14 Rest\n\n{}",
        rest()
    )
}

fn tree(path: &str) -> Option<String> {
    match path {
        FILE => Some("pub(crate) async fn secure(response: Response) {}\nconst POLICY: &str = \"\";\n".to_owned()),
        "SECURITY.md" => Some("# Security\n## Reporting\n".to_owned()),
        "docs/" => Some(String::new()),
        _ => None,
    }
}

fn faults(list: &str) -> Vec<String> {
    judge(list, &numbers(), &tree)
}

#[test]
fn a_sound_list_has_no_fault_and_says_how_it_stands() {
    assert_eq!(faults(&list()), Vec::<String>::new());
    let said = stands(&rows(&list()).0);
    assert_eq!(said, "253 requirements: 1 holds, 1 holds in part, 1 not ours, 250 not yet");
}

#[test]
fn each_planted_fault_is_found() {
    let sound = list();
    for (old, new, said) in [
        ("| V1.1.2 | 2 | threats", "| V1.1.7 | 2 | threats", "V1.1.2 has no row"),
        ("| V1.1.2 | 2 | threats", "| V1.1.7 | 2 | threats", ":15: V1.1.7 is not asked at level 2"),
        ("| V1.1.2 | 2 | threats", "| V1.1.1 | 2 | threats", "V1.1.1 has 2 rows"),
        ("| V1.1.2 | 2 |", "| V1.1.2 | 1 |", "V1.1.2 is asked from level 2 on"),
        ("| not ours | the city", "| done | the city", "V1.1.2: its state is none of"),
        ("| not ours | the city", "| holds | the city", "V1.1.2: it names neither a test nor code"),
        ("the city has to do it itself", "the city", "V1.1.2: it gives no reason"),
        ("the city has to do it itself", "", "V1.1.2: it gives no reason"),
        ("threats are written down", "threats", "V1.1.2: its title has not three to eight words"),
        ("#secure`", "#secur`", "`platform/web/src/headers.rs` has no `secur`"),
        ("#secure`", "#POLICE`", "has no `POLICE`"),
        ("`docs/`", "`nothing/at/all.rs`", "V1.1.1: there is no `nothing/at/all.rs`"),
        ("`docs/`", "`SECURITY.md#Reports`", "`SECURITY.md` has no `Reports`"),
        ("| V1 Plans | 2 | 1 |", "| V1 Plans | 2 | 2 |", "Write: | V1 Plans | 2 | 1 | 0 | 1 | 0 |"),
        ("| all | 253 | 1 |", "| all | 253 | 3 |", "Write: | all | 253 | 1 | 1 | 1 | 250 |"),
        ("it for `https = true` |", "it | for all |", "V3.4.1 has not the five cells of a row"),
        ("## V3 Sessions", "## V4 Access", "V3.4.1 stands in the wrong chapter"),
    ] {
        let planted = sound.replacen(old, new, 1);
        assert_ne!(planted, sound, "{old}");
        let found = faults(&planted);
        assert!(found.iter().any(|fault| fault.contains(said)), "{new}: {found:#?}");
    }
}

#[test]
fn rows_stand_in_the_order_of_the_standard_and_all_of_them() {
    let sound = list();
    let (first, second) = ("| V1.1.1 |", "| V1.1.2 |");
    let swapped = sound.replacen(first, "| V0 |", 1).replacen(second, first, 1).replacen("| V0 |", second, 1);
    let found = judge(&swapped, &numbers(), &tree);
    assert!(found.iter().any(|fault| fault.contains("the order of the standard")), "{found:#?}");
    let found = judge(&sound, "V1.1.1 2\n", &tree);
    assert!(found.iter().any(|fault| fault.contains("it has 1 requirements, and the standard 253")), "{found:#?}");
}

#[test]
fn only_files_and_folders_are_looked_for() {
    let table: [(&str, &[&str]); 5] = [
        ("`SECURITY.md` and `docs/`", &["SECURITY.md", "docs/"]),
        ("`a/b.rs#name` in `c.toml`", &["a/b.rs#name", "c.toml"]),
        ("`https = true`, `/sign-in`, `cargo xtask check`, `.ci/run`, `__Host-`", &[]),
        ("a/b.rs outside of quotes", &[]),
        ("", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(references(text), expected, "{text}");
    }
    for (name, found) in [("secure", true), ("secur", false), ("POLICY", true), ("Response", false), ("", false)] {
        assert_eq!(names(FILE, &tree(FILE).unwrap(), name), found, "{name}");
    }
    for (name, found) in [("Reporting", true), ("Nothing", false), ("", false)] {
        assert_eq!(names("SECURITY.md", &tree("SECURITY.md").unwrap(), name), found, "{name}");
    }
}

#[test]
fn the_numbers_are_those_of_the_standard() {
    let kept = std::fs::read_to_string(crate::programs::root().join(NUMBERS)).unwrap();
    let (first, second) = (kept.matches(" 1\n").count(), kept.matches(" 2\n").count());
    assert_eq!((first, second, kept.lines().count()), (127, 126, REQUIREMENTS));
    assert!(kept.lines().filter_map(|line| line.split(' ').next()).all(is_number));
}
