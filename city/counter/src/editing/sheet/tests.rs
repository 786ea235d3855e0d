//! Tests of how a sheet is read: only what is certain, as people write it.

use super::*;

fn form() -> Form {
    let form = Form::default().with("code", "MZ-11").with("promised", "5").with("keywords_zh", "老人\n高龄");
    let form = form.with("fields", "name").with("fields", "telephone");
    let form = form.with("paper0", "ID").with("paper0_needed", "1").with("paper0_or", "");
    form.with("paper1", "HK").with("paper1_or", "PR").with("paper1_note_zh", "原件")
}

#[test]
fn a_row_changes_what_it_says_and_nothing_else() {
    for (column, value, changed) in [
        ("promised", "5", false),
        ("promised", "", false),
        ("promised", "3", true),
        ("name_zh", "-", false),
        ("materials", "ID* HK/PR", false),
        ("materials", "ID*、HK*/PR", true),
        ("materials", "ID*", true),
        ("fields", "name telephone", false),
        ("fields", "name", true),
        ("keywords_zh", "老人; 高龄", false),
        ("keywords_zh", "老人", true),
        ("confidential", "0", false),
        ("confidential", "1", true),
    ] {
        let (_, found) = compare(&form(), &BTreeMap::from([(column, value.to_owned())]));
        assert_eq!(found, if changed { vec![column] } else { Vec::new() }, "{column}={value}");
    }
}

#[test]
fn a_confidential_item_is_opened_only_by_a_clear_no() {
    let confidential = form().with("confidential", "1");
    for (values, said) in [
        ("0 ０ 0.0 否 无 不 N No FALSE × off 不保密 公开", Some(false)),
        ("1 １ 1.0 是 真 有 对 Y yes TRUE √ ✓ on 保密", Some(true)),
        ("- 2 ？ maybe 保密吗", None),
    ] {
        for value in values.split(' ') {
            let cells = BTreeMap::from([("confidential", value.to_owned())]);
            for before in [form(), confidential.clone()] {
                let was = before.has("confidential");
                let (after, changed) = compare(&before, &cells);
                let secret = said.unwrap_or(was);
                assert_eq!((after.has("confidential"), changed.len()), (secret, usize::from(was != secret)), "{value}");
            }
        }
    }
}

#[test]
fn a_cell_that_is_not_certain_is_not_read() {
    for (column, text, why) in [
        ("confidential", "大概", Some(Doubt::Switch)),
        ("confidential", "-", Some(Doubt::Switch)),
        ("confidential", "是", None),
        ("promised", "1月15日", Some(Doubt::Date)),
        ("promised", "2027-01-15", Some(Doubt::Date)),
        ("promised", "１５", None),
        ("promised", "15天", Some(Doubt::Number)),
        ("promised", "15.5", Some(Doubt::Number)),
        ("promised", "15.", Some(Doubt::Number)),
        ("legal", "-3", Some(Doubt::Number)),
        ("legal", "99999999999", Some(Doubt::Number)),
        ("legal", "十五", Some(Doubt::Number)),
        ("legal", "-", None),
        ("name_zh", "高?津贴", Some(Doubt::Damaged)),
        ("name_zh", "高龄津贴", None),
        ("name_zh", "高■津贴", Some(Doubt::Damaged)),
        ("result_zh", "高龄\u{AD}津贴", Some(Doubt::Damaged)),
        ("reference", "511Z07001006-511602000000-000-11511301008778183N-1-00", None),
        ("reference", "511Z07001006 高龄", Some(Doubt::Reference)),
        ("summary_zh", "可以吗？", None),
        ("summary_zh", "高龄\u{F0001}老人", Some(Doubt::Damaged)),
        ("identity", "passport hk_macao_permit", None),
        ("identity", "-", None),
        ("identity", "passport、驾驶证", Some(Doubt::Identity)),
    ] {
        let cell = tables::Cell { text: text.to_owned(), at: "B2".to_owned(), ..tables::Cell::default() };
        let row = tables::Row { line: 2, cells: BTreeMap::from([(column, cell)]) };
        let found = cells(&row, &|_, _| None);
        let expected: Result<BTreeMap<&str, String>, Vec<Misread>> = why.map_or_else(
            || Ok(BTreeMap::from([(column, plain(text))])),
            |why| Err(vec![Misread { column, at: "B2".to_owned(), value: text.to_owned(), why }]),
        );
        let found: Result<BTreeMap<&str, String>, Vec<Misread>> =
            found.map(|read| read.into_iter().map(|(column, text)| (column, plain(&text))).collect());
        assert_eq!(found, expected, "{column} {text}");
    }
}

#[test]
fn a_new_item_says_whether_it_is_confidential() {
    for (value, at, told) in [
        (Some("是"), Some("B2"), None),
        (Some("否"), Some("B2"), None),
        (Some("0"), Some("B2"), None),
        (Some("-"), Some("B2"), Some("B2")),
        (None, Some("B2"), Some("B2")),
        (None, None, Some("")),
    ] {
        let cells = value.map(|value| ("confidential", value.to_owned())).into_iter().collect();
        let found = unanswered(&cells, at.map(str::to_owned)).map(|missing| missing.at);
        assert_eq!(found.as_deref(), told, "{value:?} {at:?}");
    }
}

#[test]
fn a_title_about_confidentiality_is_known_however_it_is_worded() {
    for (title, about, turned) in [
        ("是否保密", true, false),
        ("保密性", true, false),
        ("涉密", true, false),
        ("密级", true, false),
        ("isconfidential", true, false),
        ("confidentiality", true, false),
        ("不涉密", true, true),
        ("非保密事项", true, true),
        ("notconfidential", true, true),
        ("unclassified", true, true),
        ("备注", false, false),
        ("remarks", false, false),
    ] {
        let title = tables::folded(title);
        let found = is_about_confidentiality(&title);
        assert_eq!((found, found && asks_the_other_way(&title)), (about, turned), "{title}");
    }
}

#[test]
fn a_whole_number_is_read_as_spreadsheets_write_it() {
    for (text, read) in [("15", "15"), ("15.0", "15"), ("１５．００", "15"), ("007", "7"), ("0", "0")] {
        let cell = tables::Cell { text: text.to_owned(), at: "B2".to_owned(), ..tables::Cell::default() };
        let row = tables::Row { line: 2, cells: BTreeMap::from([("promised", cell)]) };
        assert_eq!(cells(&row, &|_, _| None), Ok(BTreeMap::from([("promised", read.to_owned())])), "{text}");
    }
}

#[test]
fn a_list_is_read_by_its_words_and_by_its_codes() {
    let meant = |column: &'static str, word: &str| {
        (column == "identity" && word == "护照 （外国人）").then(|| "passport".to_owned())
    };
    for (value, code) in [
        ("护照 （外国人）", "passport"),
        ("护照 （外国人）、hk_macao_permit", "passport hk_macao_permit"),
        ("taiwan_permit；护照 （外国人）", "taiwan_permit passport"),
        ("passport taiwan_permit", "passport taiwan_permit"),
    ] {
        assert_eq!(spelled("identity", value.to_owned(), &meant), code, "{value}");
    }
    assert_eq!(spelled("name_zh", "甲、乙".to_owned(), &meant), "甲、乙", "no list");
}

#[test]
fn a_cell_is_read_as_people_write_it() {
    for (column, value, cell) in [
        ("materials", "HK，ID*；PH/BK/PR", "HK ID* PH/BK/PR"),
        ("materials", "HK*/PR", "HK*/PR"),
        ("materials", "-", ""),
        ("fields", "name、telephone,address", "name telephone address"),
        ("fields", "-", ""),
        ("route", "community street", "community street"),
        ("keywords_zh", "老年;高龄", "老年;高龄"),
        ("promised", "-", ""),
        ("promised", "１５", "１５"),
        ("name_zh", "新名称", "新名称"),
    ] {
        let (after, changed) = compare(&form(), &BTreeMap::from([(column, value.to_owned())]));
        let at = COLUMNS.iter().position(|one| *one == column).unwrap();
        assert_eq!((line(&after)[at].as_str(), changed.as_slice()), (cell, [column].as_slice()), "{value}");
        assert_eq!(
            compare(&form(), &BTreeMap::from([(column, line(&after)[at].clone())])).1.len(),
            usize::from(!cell.is_empty()),
            "{column}"
        );
    }
}

#[test]
fn changes_are_told_in_the_order_of_the_columns() {
    let cells = [("route", "street"), ("promised", "3"), ("name_zh", "新"), ("legal", ""), ("code", "MZ-11")];
    let cells = cells.map(|(column, value)| (column, value.to_owned())).into();
    assert_eq!(compare(&form(), &cells).1, ["name_zh", "promised", "route"]);
    assert_eq!(compare(&Form::default(), &cells).1, ["code", "name_zh", "promised", "route"]);
    assert_eq!(line(&Form::default()).iter().filter(|cell| !cell.is_empty()).count(), 1, "not confidential");
}

#[test]
fn the_note_of_a_paper_that_stays_is_kept() {
    let (after, _) = compare(&form(), &BTreeMap::from([("materials", "HK ID".to_owned())]));
    assert_eq!((after.get("paper0"), after.get("paper0_note_zh"), after.has("paper0_needed")), ("HK", "原件", false));
    assert_eq!((after.get("paper1"), after.has("paper1_needed")), ("ID", false));
    assert_eq!(line(&after)[9], "HK ID");
}
