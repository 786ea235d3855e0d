//! Tests of the rulebook's rules: values by date and place, faults with line and remedy, and the data that is shipped.

use super::*;
use crate::refusals::Why;
use crate::words::codes;
use jiff::civil::date;

const DOCUMENT: &str = r#"[[document]]
id = "d"
number = "1"
title = { zh = "文", en = "Document" }
issuer = { zh = "市", en = "City" }
date = "2019-01-01"
from = "2019-01-01"
source = { zh = "有", en = "Held" }
clauses = [{ number = "1", zh = "条", en = "Clause" }]
"#;

fn parameter(values: &str) -> String {
    format!(
        "{DOCUMENT}\n[[parameter]]\ncode = \"grid.households\"\ntitle = {{ zh = \"户\", en = \"Households\" }}\nunit = \"household\"\n\
         used_for = {{ zh = \"划分\", en = \"Drawing\" }}\nvalues = [\n{values}\n]\n"
    )
}

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

#[test]
fn the_nearest_place_and_the_latest_date_win() {
    let text = parameter(
        r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },
{ from = "2022-01-01", number = 310, document = "d", clause = "1" },
{ place = "210102000000", from = "2020-01-01", to = "2020-12-31", number = 250, document = "d", clause = "1" },
{ place = "210102007000", from = "2019-06-01", number = 200, document = "d", clause = "1" },"#,
    );
    let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
    let (book, unknown) = book.located(|code| (code == "210102000000").then(|| path("1.2.")));
    assert_eq!(unknown.len(), 1, "the street's code is not known");
    let table = [
        ("1.", date(2018, 12, 31), None),
        ("1.", date(2019, 1, 1), Some(300)),
        ("1.", date(2021, 12, 31), Some(300)),
        ("1.", date(2022, 1, 1), Some(310)),
        ("1.2.", date(2019, 12, 31), Some(300)),
        ("1.2.", date(2020, 1, 1), Some(250)),
        ("1.2.7.8.", date(2020, 12, 31), Some(250)),
        ("1.2.7.8.", date(2021, 1, 1), Some(300)),
        ("1.20.", date(2020, 6, 1), Some(300)),
    ];
    for (place, on, expected) in table {
        assert_eq!(book.number(codes::GRID_HOUSEHOLDS, &path(place), on).ok(), expected, "{place} {on}");
    }
    assert_eq!(book.everywhere(codes::GRID_HOUSEHOLDS, date(2020, 6, 1)).unwrap().number, 300);
}

#[test]
fn a_missing_value_is_refused_by_name_and_date() {
    let refusal = Rulebook::default().value("grid.households", &path("1."), date(2020, 1, 1)).unwrap_err();
    assert_eq!(refusal.code, Why::RuleMissingValue);
    assert_eq!(refusal.detail.get("rule").unwrap(), "grid.households");
    assert_eq!(refusal.detail.get("date").unwrap(), "2020-01-01");
}

#[test]
fn faults_name_line_and_remedy() {
    let first = 17;
    let good = r#"{ from = "2019-01-01", number = 1, document = "d", clause = "1" },"#;
    let table = [
        (r#"{ from = "2019-01-01", number = 1, document = "x", clause = "1" },"#, first, "\"x\" is not known"),
        (r#"{ from = "2019-01-01", number = 1, document = "d", clause = "9" },"#, first, "no clause \"9\""),
        (r#"{ from = "2019-01-01", number = 1 },"#, first, "cites no clause"),
        (r#"{ from = "2019-13-01", number = 1, document = "d", clause = "1" },"#, first, "is not a date"),
        (
            r#"{ from = "2019-02-01", to = "2019-01-01", number = 1, document = "d", clause = "1" },"#,
            first,
            "before it begins",
        ),
        (r#"{ place = "21", from = "2019-01-01", number = 1, document = "d", clause = "1" },"#, first, "official code"),
        (r#"{ from = "2019-01-01", number = 1, documents = "d", clause = "1" },"#, first, "unknown field"),
        ("", 12, "has no value"),
    ];
    for (values, line, expected) in table {
        let faults = Rulebook::load(&[("a.toml", parameter(values))]).unwrap_err();
        let fault = faults.first().unwrap();
        assert!(fault.message.contains(expected), "{fault}");
        assert_eq!((fault.file.as_str(), fault.line, fault.remedy.is_empty()), ("a.toml", line, false), "{fault}");
    }
    let ends = r#"{ from = "2018-01-01", to = "2019-01-01", number = 1, document = "d", clause = "1" },"#;
    for (values, line) in [(format!("{good}\n{good}"), first + 1), (format!("{good}\n{ends}"), first)] {
        let faults = Rulebook::load(&[("a.toml", parameter(&values))]).unwrap_err();
        assert!(faults[0].message.contains("hold at once"), "{}", faults[0]);
        assert_eq!(faults[0].line, line);
    }
}

#[test]
fn all_faults_of_all_files_are_told_at_once() {
    let twice = [
        ("a.toml", DOCUMENT.to_owned()),
        ("b.toml", DOCUMENT.replace("\"Clause\"", "\" \"")),
        ("c.toml", "[[".to_owned()),
    ];
    let faults = Rulebook::load(&twice).unwrap_err();
    let mut told: Vec<String> = faults.iter().map(ToString::to_string).collect();
    told.sort();
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].starts_with("b.toml:2: document \"d\" stands twice"), "{told:?}");
    assert!(told[1].starts_with("b.toml:9: the clause has no text in en"), "{told:?}");
    assert!(told[2].starts_with("c.toml:1:"), "{told:?}");
    let replaces = DOCUMENT.replace("source =", "replaces = [\"old\"]\nsource =");
    let faults = Rulebook::load(&[("a.toml", replaces)]).unwrap_err();
    assert!(faults[0].to_string().starts_with("a.toml:8: document \"old\" is not known"), "{}", faults[0]);
}

#[test]
fn words_find_in_both_languages_and_by_source() {
    let book = shipped();
    let found = |words: &'static str| book.find(words).map(|parameter| parameter.code.as_str()).collect::<Vec<_>>();
    assert_eq!(found("每百户"), ["funding.per_100_households"]);
    assert_eq!(found("per 100 HOUSEHOLDS"), ["funding.per_100_households"]);
    assert_eq!(found("行政许可法"), ["case.accept_or_tell_missing_working_days", "case.extension_most"]);
    assert!(found("unheard of").is_empty());
    assert_eq!(found(" ").len(), book.parameters().count());
    assert!(book.citing("model-city").count() > 10);
}

fn shipped() -> Rulebook {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook");
    let files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    Rulebook::load(&files).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn the_shipped_data_hold_every_code_and_the_missions_figures() {
    let book = shipped();
    let on = date(2026, 11, 23);
    for code in codes::ALL_CODES {
        assert!(book.everywhere(code, on).is_ok(), "{code} has no value");
    }
    let known = book.parameters().all(|parameter| codes::ALL_CODES.contains(&parameter.code.as_str()));
    assert!(known, "every parameter has a constant");
    let table = [
        (codes::GRID_HOUSEHOLDS, 300),
        (codes::FUNDING_PER_100_HOUSEHOLDS, 200_000),
        (codes::FUNDING_CITY_FLOOR_PER_COMMUNITY, 2_000_000),
        (codes::CATALOGUE_ITEMS, 115),
        (codes::GRID_CONVENIENCE_SERVICES, 185),
        (codes::GRID_CATEGORIES, 8),
        (codes::LEVELS_STREET_COMMITTEES, 110),
        (codes::LEVELS_COMMUNITY_COMMITTEES, 931),
        (codes::WORKERS_AVERAGE_PAY, 545_000),
        (codes::CASE_ACCEPT_OR_TELL_MISSING_WORKING_DAYS, 5),
    ];
    for (code, expected) in table {
        assert_eq!(book.everywhere(code, on).unwrap().number, expected, "{code}");
    }
    let own = book.citing("platform-operation").flat_map(|parameter| &parameter.values);
    assert!(own.filter(|value| value.document == "platform-operation").all(|value| value.provisional));
}
