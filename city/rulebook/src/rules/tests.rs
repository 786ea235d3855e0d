//! These tests are about the rulebook's rules: values by date and place, faults with line and remedy, and the data that
//! is shipped.

use super::*;
use crate::refusals::Why;
use crate::words::Unit;
use crate::words::codes::{self, RuleFacts};
use crate::words::measure::{Count, Households, Limit, Minutes};
use jiff::civil::date;
use kernel::calendar::Calendar;
use kernel::refusal::Code;
use std::sync::Mutex;

const GRID_HOUSEHOLDS: Rule<Households> = Rule::new("grid.households");

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
    assert_eq!(book.unplaced().count(), 2, "nothing is known yet");
    let book = book.placed_by(|code| (code == "210102000000").then(|| path("1.2.")));
    assert_eq!(book.unplaced().count(), 1, "the street's code is not known");
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
        assert_eq!(book.get(GRID_HOUSEHOLDS, &path(place), on).ok(), expected, "{place} {on}");
    }
    assert_eq!(book.get_everywhere(GRID_HOUSEHOLDS, date(2020, 6, 1)), Ok(300));
}

#[test]
fn a_value_follows_its_place_when_that_moves() {
    let text = parameter(
        r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },
{ place = "210102007000", from = "2019-01-01", number = 200, document = "d", clause = "1" },"#,
    );
    let street = Arc::new(Mutex::new(Some(path("1.2.7."))));
    let lies = street.clone();
    let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
    let book = book.placed_by(move |code| lies.lock().unwrap().clone().filter(|_| code == "210102007000"));
    let on = date(2026, 11, 23);
    let at = |place: &str| book.get(GRID_HOUSEHOLDS, &path(place), on).unwrap();
    assert_eq!((at("1.2.7.8."), at("1.3.7.8."), book.unplaced().count()), (200, 300, 0));
    *street.lock().unwrap() = Some(path("1.3.7."));
    assert_eq!((at("1.2.7.8."), at("1.3.7.8."), book.unplaced().count()), (300, 200, 0));
    *street.lock().unwrap() = None;
    assert_eq!((at("1.2.7.8."), at("1.3.7.8."), book.unplaced().count()), (300, 300, 1));
}

#[test]
fn the_unit_in_the_data_decides_how_a_limit_runs() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/calendar");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let calendar = Calendar::parse(&read("holidays_cn_2004_2026.csv"), &read("city.toml")).unwrap();
    // A Friday, ten o'clock.
    let friday = date(2026, 11, 27);
    let now = calendar.zone().instant(friday, 600);
    for (unit, due) in
        [("working_day", date(2026, 12, 1)), ("calendar_day", date(2026, 11, 29)), ("working_hour", friday)]
    {
        let text = parameter(r#"{ from = "2019-01-01", number = 2, document = "d", clause = "1" },"#);
        let text = text.replace("unit = \"household\"", &format!("unit = \"{unit}\""));
        let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
        let limit = book.limit("grid.households", &path("1."), friday).unwrap();
        assert_eq!((limit.amount, limit.unit.code()), (2, unit));
        assert_eq!(calendar.deadline(now, limit, &[], now).due_on, due, "{unit}");
    }
}

#[test]
fn a_figure_in_another_unit_is_refused_and_never_nought() {
    let text = parameter(r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },"#);
    let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
    let on = date(2026, 11, 23);
    let refused = [
        book.limit("grid.households", &path("1."), on).unwrap_err(),
        book.get_everywhere(Rule::<Minutes>::new("grid.households"), on).unwrap_err(),
        book.get_named::<Count>("grid.households", &path("1."), on).unwrap_err(),
    ];
    for refusal in refused {
        assert_eq!(refusal.code, Code::RuleWrongUnit, "{refusal}");
        assert_eq!(refusal.detail.get("unit").unwrap(), "household");
    }
}

#[test]
fn what_is_declared_is_compared_with_the_data() {
    let text = parameter(
        r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },
{ from = "2022-01-01", to = "2022-12-31", number = -1, document = "d", clause = "1" },"#,
    );
    let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
    let own = [GRID_HOUSEHOLDS.facts()];
    let other: [RuleFacts; 2] = [Rule::<Limit>::new("grid.households").facts(), Rule::<Count>::new("x.y").facts()];
    let told =
        |declared: &[&[RuleFacts]], on| book.faults(declared, on).iter().map(ToString::to_string).collect::<Vec<_>>();
    let negative =
        "a.toml:12: \"grid.households\" cannot be -1 household. Correct the number; it is used as: household.";
    assert_eq!(told(&[&own], date(2020, 1, 1)), [negative]);
    let faults = told(&[&own], date(2018, 1, 1));
    assert!(faults[1].contains("has no value that holds everywhere on 2018-01-01"), "{faults:?}");
    let faults = told(&[&own, &other], date(2020, 1, 1));
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert!(faults[0].starts_with("data/rulebook:0: \"grid.households\" is declared by two departments"), "{faults:?}");
    assert!(faults[2].starts_with("a.toml:12: \"grid.households\" cannot be used in the unit \"household\""));
    assert!(faults[3].starts_with("data/rulebook:0: \"x.y\" is used and not in the rulebook"), "{faults:?}");
    assert_eq!(book.undeclared(&[&other[1..]]).count(), 1);
    assert_eq!(book.undeclared(&[&own]).count(), 0);
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
    let faults = Rulebook::load(&[("a.toml", parameter(good).replace("\"household\"", "\"household \""))]).unwrap_err();
    assert!(
        faults[0].to_string().starts_with("a.toml:14: \"household \" is not a unit. Write one of:"),
        "{}",
        faults[0]
    );
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
fn the_shipped_data_hold_what_is_declared_and_the_missions_figures() {
    let book = shipped();
    let on = date(2026, 11, 23);
    let faults = book.faults(&[codes::RULES], on);
    assert!(faults.is_empty(), "{faults:?}");
    let table = [
        ("grid.households", 300, Unit::Household),
        ("funding.per_100_households", 200_000, Unit::FenPerYear),
        ("funding.city_floor_per_community", 2_000_000, Unit::FenPerYear),
        ("catalogue.items", 115, Unit::Count),
        ("grid.convenience_services", 185, Unit::Count),
        ("grid.categories", 8, Unit::Count),
        ("levels.street_committees", 110, Unit::Count),
        ("levels.community_committees", 931, Unit::Count),
        ("workers.average_pay", 545_000, Unit::FenPerMonth),
        ("case.accept_or_tell_missing_working_days", 5, Unit::Limit(calendar::Unit::WorkingDay)),
    ];
    for (code, number, unit) in table {
        let value = book.everywhere(code, on).unwrap();
        assert_eq!((value.number, value.unit), (number, unit), "{code}");
    }
    let own = book.citing("platform-operation").flat_map(|parameter| &parameter.values);
    assert!(own.filter(|value| value.document == "platform-operation").all(|value| value.provisional));
}

#[test]
fn every_unit_has_its_texts() {
    for unit in Unit::all() {
        let keys = match unit {
            Unit::YesNo => vec!["rulebook-unit-yes".to_owned(), "rulebook-unit-no".to_owned()],
            unit => vec![unit.key()],
        };
        for key in keys {
            for texts in [crate::LOCALES.0, crate::LOCALES.1] {
                assert!(texts.contains(&format!("\n{key} = ")), "{key}");
            }
        }
    }
}

#[test]
fn a_value_ends_with_its_last_day_or_when_the_next_one_begins() {
    use Period::{Coming, Holds, Past};
    let text = parameter(
        r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },
{ from = "2022-01-01", to = "2022-12-31", number = 310, document = "d", clause = "1" },
{ place = "210102000000", from = "2020-02-29", number = 250, document = "d", clause = "1" },"#,
    );
    let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
    let one = book.parameter("grid.households").unwrap();
    // The periods of 300, of 250 in the district, and of 310; then what holds everywhere.
    for (on, periods, everywhere) in [
        (date(2018, 12, 31), [Coming, Coming, Coming], None),
        (date(2019, 1, 1), [Holds, Coming, Coming], Some(300)),
        (date(2020, 2, 28), [Holds, Coming, Coming], Some(300)),
        (date(2020, 2, 29), [Holds, Holds, Coming], Some(300)),
        (date(2021, 12, 31), [Holds, Holds, Coming], Some(300)),
        (date(2022, 1, 1), [Past, Holds, Holds], Some(310)),
        (date(2022, 12, 31), [Past, Holds, Holds], Some(310)),
        (date(2023, 1, 1), [Past, Holds, Past], None),
    ] {
        let told: Vec<Period> = one.values.iter().map(|value| one.period(value, on)).collect();
        assert_eq!(told, periods, "{on}");
        assert_eq!(book.get_everywhere(GRID_HOUSEHOLDS, on).ok(), everywhere, "{on}");
    }
    let book = book.placed_by(|code| (code == "210102000000").then(|| path("1.2.")));
    let on = date(2023, 1, 1);
    assert_eq!(book.get(GRID_HOUSEHOLDS, &path("1.2.3."), on), Ok(250), "an older value that is nearer");
    assert_eq!(book.get(GRID_HOUSEHOLDS, &path("1.3."), on).unwrap_err().code, Why::RuleMissingValue);
}

#[test]
fn values_may_follow_one_another_and_may_not_hold_at_once() {
    let value = |dates: &str| format!("{{ {dates}, number = 1, document = \"d\", clause = \"1\" }},\n");
    for (values, good) in [
        ([r#"from = "2019-01-01""#, r#"from = "2019-01-02""#], true),
        ([r#"from = "2019-01-01", to = "2019-12-31""#, r#"from = "2020-01-01""#], true),
        ([r#"from = "2019-01-01", to = "2019-01-01""#, r#"from = "2019-01-02""#], true),
        ([r#"from = "2019-01-01", to = "2020-01-01""#, r#"from = "2020-01-01""#], false),
        ([r#"from = "2020-01-01""#, r#"from = "2019-01-01", to = "2020-01-01""#], false),
        ([r#"from = "2019-01-01""#, r#"from = "2019-01-01""#], false),
        ([r#"from = "2019-01-01""#, r#"place = "210102000000", from = "2019-01-01""#], true),
        ([r#"place = "210102000000", from = "2019-01-01""#, r#"place = "210103000000", from = "2019-01-01""#], true),
        ([r#"place = "210102000000", from = "2019-01-01""#, r#"place = "210102000000", from = "2019-01-01""#], false),
    ] {
        let loaded = Rulebook::load(&[("a.toml", parameter(&values.map(value).concat()))]);
        assert_eq!(loaded.is_ok(), good, "{values:?} {loaded:?}");
    }
}

#[test]
fn faults_of_documents_name_line_and_remedy() {
    for (wanted, written, line, expected) in [
        (r#"from = "2019-01-01""#, "from = \"2019-01-01\"\nto = \"2018-12-31\"", 2, "ends before it begins"),
        (r#"date = "2019-01-01""#, r#"date = "2019-02-29""#, 6, "\"2019-02-29\" is not a date"),
        (r#"en = "Document""#, r#"en = """#, 2, "the title has no text in en"),
        (r#"zh = "市""#, r#"zh = " ""#, 2, "the issuer has no text in zh"),
        (r#"{ number = "1", zh = "条", en = "Clause" }"#, "", 2, "has no clause"),
        (r#"en = "Clause" }"#, r#"en = "Clause" }, { number = "1", zh = "条", en = "Again" }"#, 9, "stands twice"),
    ] {
        assert!(DOCUMENT.contains(wanted), "{wanted}");
        let faults = Rulebook::load(&[("a.toml", DOCUMENT.replacen(wanted, written, 1))]).unwrap_err();
        assert!(faults.len() == 1 && faults[0].message.contains(expected), "{faults:?}");
        assert_eq!((faults[0].line, faults[0].remedy.is_empty()), (line, false), "{expected}");
    }
    let ends = DOCUMENT.replacen(r#"from = "2019-01-01""#, "from = \"2019-01-01\"\nto = \"2019-01-01\"", 1);
    assert!(Rulebook::load(&[("a.toml", ends)]).is_ok(), "one day is enough");
    let good = parameter(r#"{ from = "2019-01-01", number = 1, document = "d", clause = "1" },"#);
    let again = good.replacen(DOCUMENT, "", 1);
    let faults = Rulebook::load(&[("a.toml", good), ("b.toml", again)]).unwrap_err();
    assert!(faults[0].to_string().starts_with("b.toml:3: \"grid.households\" stands twice"), "{faults:?}");
}

#[test]
fn a_document_may_replace_one_of_a_later_file() {
    let newer =
        DOCUMENT.replacen("id = \"d\"", "id = \"e\"", 1).replacen("source =", "replaces = [\"d\"]\nsource =", 1);
    let book = Rulebook::load(&[("a.toml", newer.as_str()), ("b.toml", DOCUMENT)]).unwrap();
    assert_eq!(book.document("e").unwrap().replaces, ["d"]);
    assert_eq!(book.documents().map(|document| document.id.as_str()).collect::<Vec<_>>(), ["d", "e"]);
    assert_eq!(book.document("d").unwrap().clause("1").unwrap().text.zh, "条");
    assert!(book.document("d").unwrap().clause("").is_none() && book.document("x").is_none());
    assert_eq!(book.citing("d").count(), 0);
}

#[test]
fn every_word_has_to_occur_in_any_order() {
    for (words, text, expected) in [
        ("", "", true),
        ("  ", "x", true),
        ("户 百", "每百户", true),
        ("HOUSE hold", "per 100 Households", true),
        ("house x", "household", false),
        ("a b", "ab", true),
        ("ab", "a b", false),
        ("x", "", false),
    ] {
        assert_eq!(words_match(words, text), expected, "{words:?} in {text:?}");
    }
}

#[test]
fn what_concerns_residents_names_a_figure_and_has_room_for_its_number() {
    let value = r#"{ from = "2019-01-01", number = 300, document = "d", clause = "1" },"#;
    let load = |code: &str, zh: &str, en: &str| {
        let title = r#"title = { zh = "办事", en = "Doing" }"#;
        let says = format!("{{ zh = \"{zh}\", en = \"{en}\" }}");
        let group = format!("[[group]]\n{title}\nlines = [{{ code = \"{code}\", says = {says} }}]\n");
        Rulebook::load(&[("a.toml", parameter(value).as_str()), ("b.toml", group.as_str())])
    };
    let book = load("grid.households", "约{n}", "About {n}").unwrap();
    let [group] = book.groups() else { panic!("{:?}", book.groups()) };
    assert_eq!((group.title.en.as_str(), group.lines.len()), ("Doing", 1));
    for (code, zh, en, part) in [
        ("grid.unknown", "约{n}", "About {n}", "not in the rulebook"),
        ("grid.households", "约", "About {n}", "no room"),
        ("grid.households", "约{n}", "About", "no room"),
        ("grid.households", "约{n}", "", "no text"),
    ] {
        let faults = load(code, zh, en).unwrap_err();
        assert!(faults.iter().any(|fault| fault.message.contains(part) && fault.file == "b.toml"), "{faults:?}");
    }
}
