//! These tests look at the language in which people are told, and that checks go by codes and not by sentences.

use kernel::language::Lang;

use super::*;
use crate::plan::checked::{Checked, Outcome};
use crate::plan::summary::{Note, Summary};
use crate::plan::town::Bundle;

/// Names of files, tables and options that stand in Chinese sentences too.
const KNOWN: [&str; 9] = [
    "site_proof.csv",
    "summary.json",
    "--effort",
    "--least",
    "--most",
    "--proof",
    "adjacency.csv",
    "adjacency",
    "edges",
];

fn in_chinese(town: &Tables) -> Bundle {
    Bundle::new(town.folder()).for_people(Lang::Zh)
}

/// Plans and checks everything in Chinese.
fn all(town: &Tables) -> Vec<Outcome> {
    let (out, walk, open) = (town.folder(), walk(3), sites(Wish::Open(1)));
    let fair = mobilize::Task { fair: true, ..call() };
    vec![
        Outcome::Planned(grids::plan(in_chinese(town), out, &grid_task(), &|_| ()).unwrap()),
        Outcome::Checked(grids::verify(in_chinese(town), out, &grid_task()).unwrap()),
        Outcome::Planned(reach::plan(in_chinese(town), out, &walk).unwrap()),
        Outcome::Checked(reach::verify(in_chinese(town), out, &walk).unwrap()),
        Outcome::Planned(site::plan(in_chinese(town), out, &open, &mut || true).unwrap()),
        Outcome::Checked(site::verify(in_chinese(town), out, &open).unwrap()),
        Outcome::Planned(mobilize::plan(in_chinese(town), out, fair).unwrap()),
        Outcome::Checked(mobilize::verify(in_chinese(town), out, fair).unwrap()),
    ]
}

/// Returns the words of a text that are English, except for names that stay the same and for the titles of columns.
fn english(text: &str) -> Vec<String> {
    let text = match text.split_once("没有读取的列：") {
        Some((before, after)) => format!("{before}{}", after.split_once('。').map_or("", |(_, rest)| rest)),
        None => text.to_owned(),
    };
    let text = KNOWN.iter().fold(text, |text, known| text.replace(known, ""));
    let words = text.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    words.map(str::to_owned).collect()
}

fn assert_chinese(text: &str) {
    assert_eq!(english(text), Vec::<String>::new(), "{text}");
}

#[test]
fn with_chinese_everything_that_a_person_reads_is_chinese() {
    let town = Tables::town();
    // An island, a house without a neighbour, and a column that nobody reads.
    town.put("nodes", &TOWN[0].1.replace("id,x,y", "id,x,y,osm").replace(".0\n", ".0,17\n"));
    town.put("edges", &TOWN[1].1.replace("4,5,600,0\n5,4,600,0\n", ""));
    town.put("adjacency", &TOWN[3].1.replace("4,5,72,20,1\n", ""));
    for outcome in all(&town) {
        assert_chinese(&outcome.lines(Lang::Zh));
        for field in ["notes", "holds", "unavoidable", "not_proven"] {
            assert_chinese(&outcome.json(Lang::Zh)[field].to_string().replace("null", ""));
        }
    }
    let said: Value = town.drawn("summary.json");
    assert_eq!(said["lang"], "zh-CN");
    assert_chinese(&said["notes"].to_string());
    assert!(said["notes"].as_array().is_some_and(|notes| !notes.is_empty()), "{said}");
    let invented = super::super::sample::make(planning::sample::Size::S, 1, town.folder()).unwrap();
    assert_chinese(&invented.lines(Lang::Zh));
    assert!(invented.lines(Lang::En).ends_with("an invented city: nothing in it is a real place"));
}

#[test]
fn a_refusal_of_a_verdict_is_in_one_language() {
    let town = Tables::town();
    drop(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap());
    town.put("pieces", &town.read("pieces.csv").replace(",best,", ",none,"));
    let fault = grids::verify(town.folder(), town.folder(), &grid_task()).unwrap_err();
    let said = fault.told(Lang::Zh).to_string();
    assert!(said.contains("verdict 写的是 none，由表算出来是：各网格都在范围里。"), "{said}");
}

/// An answer in Chinese of sites, and how its summary is checked.
fn chosen() -> Tables {
    let town = Tables::town();
    drop(site::plan(in_chinese(&town), town.folder(), &sites(Wish::Open(1)), &mut || true).unwrap());
    town
}

fn checked(town: &Tables) -> Result<Checked, AppError> {
    site::verify(town.folder(), town.folder(), &sites(Wish::Open(1)))
}

fn put(town: &Tables, summary: &Value) {
    std::fs::write(town.folder().join("summary.json"), format!("{summary:#}\n")).unwrap();
}

#[test]
fn an_answer_stands_the_check_in_whatever_language_it_was_written() {
    let town = chosen();
    drop(checked(&town).unwrap());
    let said = town.drawn("summary.json");
    for (name, value, words) in [
        ("lang", json!("en"), "notes says"),
        ("lang", json!("zh-TW"), "lang says \"zh-TW\", and the tables give \"zh-CN\""),
        ("note_codes", json!(["all_is_well"]), "note_codes says"),
        ("notes", json!(["一切都好。"]), "notes says \"一切都好。\""),
    ] {
        let mut planted = said.clone();
        planted[name] = value;
        put(&town, &planted);
        let refused = told(checked(&town));
        assert!(refused.contains(words), "{refused}\ninstead of {words}");
    }
}

#[test]
fn a_summary_of_an_earlier_version_is_checked_by_its_sentences() {
    let town = chosen();
    drop(site::plan(town.folder(), town.folder(), &sites(Wish::Open(1)), &mut || true).unwrap());
    let mut said = town.drawn("summary.json");
    let fields = said.as_object_mut().unwrap();
    assert!(fields.remove("note_codes").is_some() && fields.remove("lang").is_some());
    put(&town, &said);
    drop(checked(&town).unwrap());
    let notes = said["notes"].as_array().cloned().unwrap_or_default();
    let with = |first: &str| [vec![json!(first)], notes.clone()].concat();
    said["notes"] = json!(with("what the prices left open was tried in full"));
    put(&town, &said);
    let found = checked(&town).unwrap();
    assert_eq!(found.summary.notes.first().map(|note| note.code), Some("tried_in_full"), "{found:?}");
    said["notes"] = json!(with("价格没有定下来的选法，已经全部试过。"));
    put(&town, &said);
    assert!(told(checked(&town)).contains("notes says \"价格"), "earlier versions knew no Chinese");
}

/// Six houses in a row, each with its community and its households.
fn row_of_houses(communities: [u32; 6], households: [u32; 6], borders: &str) -> Tables {
    let town = Tables::town();
    let rows = (0..)
        .zip(communities)
        .zip(households)
        .map(|((at, community), households)| format!("{at},0,{community},{}.0,5.0,{households},{at},10\n", at * 72));
    let titles = "id,compound,community,x,y,households,node,access_ds";
    town.put("buildings", &format!("{titles}\n{}", rows.collect::<String>()));
    town.put("adjacency", &format!("a,b,border_m\n{borders}"));
    town
}

/// Each house touches the next.
const CHAIN: &str = "0,1,20\n1,2,20\n2,3,20\n3,4,20\n4,5,20\n";

#[test]
fn grids_below_the_least_are_told_with_their_cause_and_what_can_be_done() {
    let apart = "0,1,20\n1,2,20\n3,4,20\n";
    let table = [
        ([0; 6], [90; 6], apart, json!({ "part_of_its_own": 1, "touches_no_building": 1 })),
        (
            [0, 0, 0, 1, 1, 0],
            [100; 6],
            "0,1,20\n1,2,20\n3,4,20\n4,5,20\n",
            json!({ "touches_other_communities_only": 1 }),
        ),
        ([0, 0, 0, 0, 0, 1], [100; 6], CHAIN, json!({ "community_too_small": 1 })),
        ([0; 6], [400, 50, 100, 400, 300, 300], CHAIN, json!({ "proven_unavoidable": 1 })),
        ([0; 6], [100; 6], CHAIN, Value::Null),
    ];
    for (communities, households, borders, wanted) in table {
        let town = row_of_houses(communities, households, borders);
        let found = grids::plan(in_chinese(&town), town.folder(), &grid_task(), &|_| ()).unwrap();
        let counts = found.more.iter().find(|(name, _)| *name == "small_grids");
        assert_eq!(counts.map_or(Value::Null, |(_, counts)| counts.clone()), wanted, "{found:?}");
        let told: Vec<&Note> = found.notes.iter().filter(|note| note.code == "small_grids").collect();
        assert_eq!(told.len(), wanted.as_object().map_or(0, serde_json::Map::len), "{found:?}");
        let page = town.read("answer.html");
        for note in told {
            assert!(
                note.said.zh.starts_with("1 个网格不足 200 户：") && page.contains(&note.said.zh),
                "{note:?}\n{page}"
            );
            assert!(note.said.en.starts_with("1 grid has fewer than 200 households: "), "{note:?}");
        }
        let checked = grids::verify(in_chinese(&town), town.folder(), &grid_task()).unwrap();
        assert_eq!((&checked.summary.more, checked.unproven.is_empty()), (&found.more, true), "{checked:?}");
    }
}

#[test]
fn an_answer_of_an_earlier_version_stands_the_check_without_the_causes() {
    let town = row_of_houses([0, 0, 0, 0, 0, 1], [100; 6], CHAIN);
    drop(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap());
    let mut said = town.drawn("summary.json");
    let notes = said["notes"].as_array().cloned().unwrap_or_default();
    let kept: Vec<Value> = notes.into_iter().filter(|note| !note.to_string().contains("fewer than 200")).collect();
    let fields = said.as_object_mut().unwrap();
    for newer in ["note_codes", "lang", "small_grids"] {
        assert!(fields.remove(newer).is_some(), "{newer}");
    }
    fields.insert("notes".to_owned(), json!(kept));
    put(&town, &said);
    let checked = grids::verify(town.folder(), town.folder(), &grid_task()).unwrap();
    assert!(checked.summary.notes.iter().any(|note| note.code == "small_grids"), "told all the same: {checked:?}");
}

#[test]
fn notes_stand_in_both_languages_and_keep_their_code() {
    let said = kernel::language::Bilingual::new("甲", "one");
    let summary = Summary {
        problem: "site",
        task: Vec::new(),
        objective: 1,
        bound: None,
        violations: 0,
        cpu_seconds: None,
        more: Vec::new(),
        notes: vec![Note::new("first", said)],
    };
    let (zh, en) = (summary.claims(Lang::Zh), summary.claims(Lang::En));
    assert_eq!((&zh["notes"], &en["notes"]), (&json!(["甲"]), &json!(["one"])));
    assert_eq!((&zh["note_codes"], &zh["note_codes"]), (&json!(["first"]), &en["note_codes"]));
}
