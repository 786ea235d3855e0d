//! These tests are tables of before and after. Each line is a code and a name, and the code says what lies where.
#![expect(clippy::string_slice, reason = "codes are digits")]

use super::*;
use crate::rules::edition::parse;
use std::fmt::Write;

const CITY: &str = "210100000000 沈阳市\n210102000000 和平区\n210102001000 南湖街道\n210102002000 西塔街道\n210102003000 八经街道\n\
    210103000000 沈河区\n210103001000 大西街道\n";

fn rows(text: &str) -> Vec<Row> {
    let mut csv = "code,name,level,parent\n".to_owned();
    for (code, name) in text.lines().filter_map(|line| line.trim().split_once(' ')) {
        let (digits, level) = match code {
            _ if !code.ends_with("000") => (9, "community"),
            _ if !code.ends_with("000000") => (6, "street"),
            _ if !code.ends_with("00000000") => (4, "district"),
            _ => (0, "city"),
        };
        let parent = if digits == 0 { String::new() } else { format!("{:0<12}", &code[..digits]) };
        writeln!(csv, "{code},{name},{level},{parent}").unwrap();
    }
    parse(&csv).unwrap()
}

fn known(text: &str) -> Vec<Known> {
    let rows = rows(text);
    let id =
        |code: &str| rows.iter().position(|row| row.code == code).map(|index| PlaceId(i64::try_from(index).unwrap()));
    let known = rows.iter().map(|row| Known {
        id: id(&row.code).unwrap(),
        level: row.level(),
        code: row.code.clone(),
        name: row.name.clone(),
        parent: row.parent.as_deref().and_then(id),
    });
    known.collect()
}

/// Writes the plan in words, without what stayed as it was: `new < old`, `new split old`, `new !`, `old > new`, `old
/// x`, `new ? old doubt`.
fn told(before: &str, after: &str) -> Vec<String> {
    let (known, rows) = (known(before), rows(after));
    let plan = compare(&known, &rows);
    let name = |id: PlaceId| known.iter().find(|place| place.id == id).map(|place| place.code[6..].to_owned()).unwrap();
    let mut told = Vec::new();
    for (fate, row) in plan.fates.iter().zip(&rows) {
        let code = &row.code[6..];
        match fate {
            Fate::Is(id, Certainty::Certain)
                if known.iter().any(|place| place.id == *id && place.code == row.code && place.name == row.name) => {}
            Fate::Is(id, sure) => told.push(format!("{code} < {} {}", name(*id), sure.code())),
            Fate::New { split_from: Some(id) } => told.push(format!("{code} split {}", name(*id))),
            Fate::New { split_from: None } => told.push(format!("{code} !")),
        }
    }
    for ending in &plan.endings {
        let into = ending.into.map_or("x".to_owned(), |row| format!("> {}", &rows[row].code[6..]));
        told.push(format!("{} {into}", name(ending.place)));
    }
    for doubt in &plan.doubts {
        told.push(format!("{} ? {} {}", &rows[doubt.row].code[6..], name(doubt.place), doubt.doubt.code()));
    }
    told
}

fn check(before: &str, after: &str, expected: &[&str]) {
    assert_eq!(told(&format!("{CITY}{before}"), &format!("{CITY}{after}")), expected, "{before} -> {after}");
}

#[test]
fn communities_inside_a_street() {
    let table: [(&str, &str, &[&str]); 9] = [
        ("210102001001 文安路社区", "210102001001 文安路社区", &[]),
        ("210102001001 文安路社区", "210102001009 文安路社区", &["001009 < 001001 certain"]),
        ("210102001001 文安路社区", "210102001001 文安社区", &["001001 < 001001 probable"]),
        ("210102001001 满融社区", "210102001201 满融村村民委员会", &["001201 < 001001 probable"]),
        // Two codes change places, and the names tell which place is which.
        (
            "210102001001 文安路社区\n210102001002 文艺路社区",
            "210102001001 文艺路社区\n210102001002 文安路社区",
            &["001001 < 001002 certain", "001002 < 001001 certain"],
        ),
        // A code that is given to another place must not carry the identity.
        (
            "210102001001 文安路社区\n210102001002 文艺路社区",
            "210102001001 学林社区\n210102001002 文艺路社区",
            &["001001 !", "001001 x", "001001 ? 001001 same-code"],
        ),
        ("210102001001 雪莲一社区", "210102001001 雪莲二社区", &["001001 !", "001001 x", "001001 ? 001001 same-code"]),
        (
            "210102001014 新世界花园社区",
            "210102001016 新世界花园一社区\n210102001017 新世界花园二社区",
            &["001016 split 001014", "001017 split 001014", "001014 x"],
        ),
        (
            "210102001001 雪莲一社区\n210102001002 雪莲二社区",
            "210102001003 雪莲社区",
            &["001003 !", "001001 > 001003", "001002 > 001003"],
        ),
    ];
    for (before, after, expected) in table {
        check(before, after, expected);
    }
}

#[test]
fn a_damaged_name_is_left_to_a_person() {
    let kept: &[&str] = &["001001 < 001001 probable", "001001 ? 001001 same-code"];
    let table: [(&str, &str, &[&str]); 11] = [
        ("210102001001 文安路社区", "210102001001 文?路社区", kept),
        ("210102001001 文安路社区", "210102001001 文■路社区", kept),
        ("210102001001 文安路社区", "210102001001 文*路社区", kept),
        ("210102001001 文安路社区", "210102001001 文安\u{200B}路社区", kept),
        ("210102001001 文安路社区", "210102001001 北?社区", kept),
        ("210102001001 文安路社区", "210102001009 文??路社区", &["001009 !", "001001 x", "001009 ? 001001 alike-name"]),
        // Another row has the name of the place, so the damaged one is not that place.
        (
            "210102001001 文安路社区",
            "210102001001 文?路社区\n210102001002 文安路社区",
            &["001001 !", "001002 < 001001 certain"],
        ),
        ("210102001001 文安路社区", "210102001009 文?路社区", &["001009 !", "001001 x", "001009 ? 001001 alike-name"]),
        ("210102001001 文□路社区", "210102001001 文安路社区", &["001001 !", "001001 x", "001001 ? 001001 same-code"]),
        ("210102001001 文?路社区", "210102001001 文?路社区", &[]),
        ("210102001001 文安路社区", "210102001009 北?社区", &["001009 !", "001001 x"]),
    ];
    for (before, after, expected) in table {
        check(before, after, expected);
    }
}

#[test]
fn communities_that_moved() {
    let table: [(&str, &str, &[&str]); 4] = [
        ("210102001001 文安路社区", "210102002001 文安路社区", &["002001 < 001001 probable"]),
        // Another place bears the same name and has not changed, so it stays as it is.
        (
            "210102001001 前进社区\n210102003001 前进社区",
            "210102002001 前进社区\n210102003001 前进社区",
            &["002001 < 001001 probable"],
        ),
        // The same name in another district is no proof.
        (
            "210102001001 文安路社区",
            "210103001001 文安路社区",
            &["001001 !", "001001 x", "001001 ? 001001 same-name-elsewhere"],
        ),
        // Two places of the same name ended, so nobody can tell which one began again.
        (
            "210102001001 前进社区\n210102003001 前进社区",
            "210102002001 前进社区",
            &[
                "002001 !",
                "001001 x",
                "003001 x",
                "002001 ? 001001 same-name-elsewhere",
                "002001 ? 003001 same-name-elsewhere",
            ],
        ),
    ];
    for (before, after, expected) in table {
        check(before, after, expected);
    }
}

#[test]
fn streets_go_where_their_communities_go() {
    let base = "210100000000 沈阳市\n210102000000 和平区\n210102001000 南湖街道\n210102001001 甲一社区\n";
    let merged = told(
        &format!(
            "{base}210102002000 西塔街道\n210102002001 安图社区\n210102002002 图们社区\n210102001002 安图里社区\n"
        ),
        &format!("{base}210102001002 安图里社区\n210102001007 安图社区\n210102001008 图们社区\n"),
    );
    assert_eq!(merged, ["001007 < 002001 certain", "001008 < 002002 certain", "002000 > 001000"]);
    let renamed = told(
        &format!("{base}210102002000 西塔街道\n210102002001 安图社区\n210102002002 图们社区\n"),
        &format!("{base}210102009000 北市街道\n210102009001 安图社区\n210102009002 图们社区\n"),
    );
    assert_eq!(renamed, ["009000 < 002000 probable", "009001 < 002001 certain", "009002 < 002002 certain"]);
    let united = told(
        &format!("{base}210102002000 八一街道\n210102002001 安图社区\n210102003000 红菱街道\n210102003001 图们社区\n"),
        &format!("{base}210102019000 八一红菱街道\n210102019001 安图社区\n210102019002 图们社区\n"),
    );
    assert_eq!(
        united,
        ["019000 !", "019001 < 002001 certain", "019002 < 003001 certain", "002000 > 019000", "003000 > 019000"]
    );
}

#[test]
fn an_edition_compared_with_itself_changes_nothing() {
    for name in ["2019-10-31", "2023-06-30"] {
        let path = format!("{}/../../data/shenyang/editions/shenyang_divisions_{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let rows = parse(std::fs::read_to_string(path).unwrap()).unwrap();
        let ids: BTreeMap<&str, PlaceId> =
            rows.iter().zip(1..).map(|(row, id)| (row.code.as_str(), PlaceId(id))).collect();
        let known: Vec<Known> = rows
            .iter()
            .map(|row| Known {
                id: ids[row.code.as_str()],
                level: row.level(),
                code: row.code.clone(),
                name: row.name.clone(),
                parent: row.parent.as_deref().map(|code| ids[code]),
            })
            .collect();
        let plan = compare(&known, &rows);
        assert!(plan.endings.is_empty() && plan.doubts.is_empty());
        for (fate, place) in plan.fates.iter().zip(&known) {
            assert_eq!(*fate, Fate::Is(place.id, Certainty::Certain));
        }
    }
}
