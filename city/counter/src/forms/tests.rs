//! Every kind of answer, what is seen when, members, cards, and how it is kept and told again.

use super::*;
use crate::catalogue::tests::catalogue;
use crate::refusals::Why;
use kernel::language::Lang;
use kernel::refusal::Code;
use serde_json::json;

/// Names and values as typed.
type Pairs = &'static [(&'static str, &'static str)];
/// The material of the form, the paper it stands for, whether it may be passed over.
type Paper = (&'static str, &'static str, bool);

const TODAY: Date = Date::constant(2026, 11, 25);

fn form(fields: &str) -> FormPart {
    let head = "material = \"ZZ\"\ntitle = { zh = \"表\", en = \"Form\" }\n";
    toml::from_str(&format!("{head}{fields}")).unwrap()
}

/// One field `q` of a kind, with what else is written of it.
fn one(kind: &str, more: &str) -> FormPart {
    form(&format!("[[field]]\ncode = \"q\"\nkind = \"{kind}\"\ntitle = {{ zh = \"问\", en = \"Q\" }}\n{more}"))
}

fn given(pairs: &[(&str, &str)]) -> Given {
    pairs.iter().map(|(name, typed)| (format!("ZZ_{name}"), (*typed).to_owned())).collect()
}

fn codes(form: &FormPart, pairs: &[(&str, &str)]) -> Vec<(Code, String)> {
    let faults = read(form, &given(pairs), TODAY).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.code, fault.field.unwrap_or_default())).collect()
}

#[test]
fn each_kind_of_answer() {
    let options = "options = [{ code = \"a\", title = { zh = \"甲\", en = \"A\" } }, { code = \"b\", title = { zh = \"乙\", en = \"B\" } }]";
    let long = "长".repeat(1_001);
    let table: Vec<(&str, &str, &str, Result<Value, Code>)> = vec![
        ("text", "", "  一行  ", Ok(json!("一行"))),
        ("text", "", "", Err(Code::FormMissing)),
        ("text", "", "两\n行", Err(Code::FormInvalid)),
        ("text", "", long.as_str(), Err(Code::FormTooLong)),
        ("long_text", "", "两\n行", Ok(json!("两\n行"))),
        ("long_text", "", long.as_str(), Err(Code::FormTooLong)),
        ("date", "", "2026-11-26", Ok(json!("2026-11-26"))),
        ("date", "", "2026年1月2日", Ok(json!("2026-01-02"))),
        ("date", "", "２０２６／１／２", Ok(json!("2026-01-02"))),
        ("date", "", "2026-02-30", Err(Code::FormDate)),
        ("date", "", "1899-12-31", Err(Code::FormDate)),
        ("date", "", "昨天", Err(Code::FormDate)),
        ("date", "past = true", "2026-11-25", Ok(json!("2026-11-25"))),
        ("date", "past = true", "2026-11-26", Err(Code::FormDateAhead)),
        ("money", "", "1,200.5", Ok(json!(120_050))),
        ("money", "", "￥１２００元", Ok(json!(120_000))),
        ("money", "", "0", Ok(json!(0))),
        ("money", "", "1.234", Err(Code::FormAmount)),
        ("money", "", "-5", Err(Code::FormAmount)),
        ("money", "", "很多", Err(Code::FormAmount)),
        ("number", "", "３", Ok(json!(3))),
        ("number", "", "1.5", Err(Code::FormNumber)),
        ("number", "", "-1", Err(Code::FormNumber)),
        ("choice", options, "b", Ok(json!("b"))),
        ("choice", options, "c", Err(Code::FormChoice)),
        ("yes_no", "", "yes", Ok(json!("yes"))),
        ("yes_no", "", "maybe", Err(Code::FormChoice)),
        ("name", "", "李岺", Ok(json!("李岺"))),
        ("resident_id", "", "11010519491231002x", Ok(json!("11010519491231002X"))),
        ("resident_id", "", "110105194912310021", Err(Code::IdentifierCheckDigit)),
        ("telephone", "", "138 0013 0412", Ok(json!("13800130412"))),
        ("telephone", "", "12345", Err(Code::FormTelephone)),
        ("address", "", "3号楼", Ok(json!("3号楼"))),
        ("consent", "", "yes", Ok(json!("yes"))),
        ("consent", "", "", Err(Code::FormConsent)),
        ("consent", "", "no", Err(Code::FormConsent)),
        ("signature", "", "李岺", Ok(json!("李岺"))),
        ("signature", "", "", Err(Code::FormMissing)),
    ];
    for (kind, more, typed, expected) in table {
        let form = one(kind, more);
        let found = read(&form, &given(&[("q", typed)]), TODAY);
        let found = found.map(|part| part["q"].clone()).map_err(|faults| faults[0].code);
        if kind == "telephone" && expected.is_err() {
            assert!(found.is_err(), "{typed}");
            continue;
        }
        assert_eq!(found, expected, "{kind} {typed:?}");
    }
    assert_eq!(read(&one("text", "required = false"), &Given::new(), TODAY), Ok(Map::new()));
}

#[test]
fn a_signature_is_drawn_or_typed() {
    let form = one("signature", "");
    let part = read(&form, &given(&[("q_drawn", "1,2 3,4;5,6")]), TODAY).unwrap();
    assert_eq!(part["q"], "~1,2 3,4;5,6");
    let most = format!("1,2{}", " 33,44".repeat(3_332));
    for drawn in ["0,0", "65535,1", "1,2;", ";1,2", "1,2  3,4", most.as_str()] {
        assert!(codes(&form, &[("q_drawn", drawn)]).is_empty(), "{drawn}");
    }
    let more = format!("{most} 55,66 77,88");
    for drawn in ["<svg>", ";", ",", "1", "1,", ",2", "1,2,3", "1,2 3", "65536,1", "-1,2", "1.5,2", more.as_str()] {
        assert_eq!(codes(&form, &[("q_drawn", drawn)]), [(Code::FormInvalid, "p_ZZ_q".to_owned())], "{drawn}");
    }
    for typed in ["~", "~~1,2", "~李岺"] {
        assert_eq!(codes(&form, &[("q", typed)]), [(Code::FormInvalid, "p_ZZ_q".to_owned())], "{typed}");
    }
    let both = read(&form, &given(&[("q", "李岺"), ("q_drawn", "1,2")]), TODAY).unwrap();
    assert_eq!(both["q"], "~1,2", "what was drawn counts before what was typed");
}

/// Reads each text as one kind of answer and compares what is kept, or why it is not.
fn check(kind: &str, more: &str, table: &[(&str, Result<Value, Code>)]) {
    let form = one(kind, more);
    for (typed, expected) in table {
        let found = read(&form, &given(&[("q", *typed)]), TODAY);
        let found = found.map(|part| part["q"].clone()).map_err(|faults| faults[0].code);
        assert_eq!(&found, expected, "{kind} {typed:?}");
    }
}

#[test]
fn days_are_read_as_people_write_them() {
    let table = [
        ("2024-02-29", Ok(json!("2024-02-29"))),
        ("2023-02-29", Err(Code::FormDate)),
        ("1900-02-29", Err(Code::FormDate)),
        ("1900-01-01", Ok(json!("1900-01-01"))),
        ("2026-04-31", Err(Code::FormDate)),
        ("2026-12-31", Ok(json!("2026-12-31"))),
        ("2026.1.02", Ok(json!("2026-01-02"))),
        ("２０２６年１２月３１日", Ok(json!("2026-12-31"))),
        (" 2026 / 1 / 2 ", Ok(json!("2026-01-02"))),
        ("9999-12-31", Ok(json!("9999-12-31"))),
        ("10000-01-01", Err(Code::FormDate)),
        ("2026-13-01", Err(Code::FormDate)),
        ("2026-00-01", Err(Code::FormDate)),
        ("2026-1-0", Err(Code::FormDate)),
        ("2026-1-300", Err(Code::FormDate)),
        ("26-11-23", Err(Code::FormDate)),
        ("11/23/2026", Err(Code::FormDate)),
        ("20261123", Err(Code::FormDate)),
        ("2026-11", Err(Code::FormDate)),
        ("2026-11-23 10", Err(Code::FormDate)),
    ];
    check("date", "", &table);
    let table = [
        ("2026-11-25", Ok(json!("2026-11-25"))),
        ("2026-11-26", Err(Code::FormDateAhead)),
        ("9999-12-31", Err(Code::FormDateAhead)),
    ];
    check("date", "past = true", &table);
}

#[test]
fn amounts_are_read_as_people_write_them() {
    let table = [
        ("1200元", Ok(json!(120_000))),
        ("¥1,200.05", Ok(json!(120_005))),
        ("１，２００．５", Ok(json!(120_050))),
        ("1 200。5", Ok(json!(120_050))),
        ("0.01", Ok(json!(1))),
        ("1000000000", Ok(json!(100_000_000_000_i64))),
        ("1000000000.01", Err(Code::FormAmount)),
        ("1元50", Err(Code::FormAmount)),
        ("3元5角", Err(Code::FormAmount)),
        ("12,5", Err(Code::FormAmount)),
        ("1万", Err(Code::FormAmount)),
        ("元", Err(Code::FormAmount)),
        ("¥", Err(Code::FormAmount)),
        ("12¥", Err(Code::FormAmount)),
        ("1e3", Err(Code::FormAmount)),
        ("-0.01", Err(Code::FormAmount)),
        ("99999999999999999999", Err(Code::FormAmount)),
    ];
    check("money", "", &table);
}

#[test]
fn numbers_and_texts_stop_at_their_bounds() {
    let table = [
        ("0", Ok(json!(0))),
        ("１２", Ok(json!(12))),
        ("100000", Ok(json!(100_000))),
        ("100001", Err(Code::FormNumber)),
        ("9223372036854775808", Err(Code::FormNumber)),
        ("1,000", Err(Code::FormNumber)),
        ("三", Err(Code::FormNumber)),
    ];
    check("number", "", &table);
    let (line, longer) = ("长".repeat(100), "长".repeat(101));
    for kind in ["text", "name", "address", "signature"] {
        let table = [
            (line.as_str(), Ok(json!(line))),
            (longer.as_str(), Err(Code::FormTooLong)),
            ("一\t二", Err(Code::FormInvalid)),
            ("一\u{85}二", Err(Code::FormInvalid)),
        ];
        check(kind, "", &table);
    }
    let (text, longer) = ("长".repeat(1_000), "长".repeat(1_001));
    let table = [
        (text.as_str(), Ok(json!(text))),
        (longer.as_str(), Err(Code::FormTooLong)),
        ("一\n二", Ok(json!("一\n二"))),
        ("一\t二", Err(Code::FormInvalid)),
    ];
    check("long_text", "", &table);
    check("yes_no", "", &[("no", Ok(json!("no"))), ("YES", Err(Code::FormChoice)), ("是", Err(Code::FormChoice))]);
}

#[test]
fn a_fault_names_its_field_and_its_question() {
    let form = one("number", "");
    let fault = read(&form, &given(&[("q", "x")]), TODAY).unwrap_err().remove(0);
    let told = |name: &str| fault.detail.get(name).map(String::as_str);
    assert_eq!((fault.field.as_deref(), told("label"), told("label.en")), (Some("p_ZZ_q"), Some("问"), Some("Q")));
    assert_eq!((told("from"), told("to")), (Some("0"), Some("100000")));
}

fn conditional() -> FormPart {
    form(
        r#"
        later_when = { field = "car", is = "yes" }
        [[field]]
        code = "car"
        kind = "yes_no"
        title = { zh = "车", en = "Car" }
        [[field]]
        code = "use"
        kind = "choice"
        title = { zh = "用途", en = "Use" }
        when = { field = "car", is = "yes" }
        options = [{ code = "work", title = { zh = "干活", en = "Work" } }, { code = "other", title = { zh = "其他", en = "Other" } }]
        [[field]]
        code = "which"
        kind = "text"
        title = { zh = "哪种", en = "Which" }
        when = { field = "use", is = "other" }
        "#,
    )
}

#[test]
fn questions_are_seen_when_they_are_asked() {
    let form = conditional();
    let table: [(Pairs, &[&str]); 5] = [
        (&[], &["car"]),
        (&[("car", "no")], &["car"]),
        (&[("car", "yes")], &["car", "use"]),
        (&[("car", "yes"), ("use", "other")], &["car", "use", "which"]),
        (&[("car", "no"), ("use", "other"), ("which", "x")], &["car"]),
    ];
    for (pairs, seen) in table {
        let found: Vec<&str> = visible(&form, &given(pairs)).iter().map(|field| field.code.as_str()).collect();
        assert_eq!(found, seen, "{pairs:?}");
    }
    let hidden = read(&form, &given(&[("car", "no"), ("use", "nonsense")]), TODAY).unwrap();
    assert_eq!(Value::Object(hidden), json!({ "car": "no" }), "what is not seen is not kept");
    let answers = given(&[("car", "yes")]);
    let faults = faults(&form, &answers, TODAY);
    assert!(only_new(&form, &answers, "car", &faults), "{faults:?}");
    assert!(!only_new(&form, &answers, "car use", &faults));
    assert!(!only_new(&form, &answers, "car", &[]));
}

#[test]
fn members_are_rows() {
    let form = one("members", "");
    let row = |row: usize, name: &str, id: &str| {
        vec![
            (format!("q_{row}_name"), name.to_owned()),
            (format!("q_{row}_relation"), "child".to_owned()),
            (format!("q_{row}_id"), id.to_owned()),
            (format!("q_{row}_income"), "0".to_owned()),
        ]
    };
    let answers = |rows: Vec<(String, String)>| -> Given {
        rows.into_iter().map(|(name, typed)| (format!("ZZ_{name}"), typed)).collect()
    };
    let two = answers([row(0, "李一", "11010519491231002X"), row(3, "李二", "")].concat());
    let part = read(&form, &two, TODAY).unwrap();
    assert_eq!(
        part["q"],
        json!([
            { "name": "李一", "relation": "child", "income": 0, "id": "11010519491231002X" },
            { "name": "李二", "relation": "child", "income": 0 },
        ])
    );
    assert_eq!(members::rows("ZZ_q", &two), 4);
    let table: [(Given, &[(Code, &str)]); 4] = [
        (Given::new(), &[(Code::FormMissing, "p_ZZ_q")]),
        (
            answers(vec![("q_0_name".to_owned(), "李".to_owned())]),
            &[(Code::FormMissing, "p_ZZ_q_0_relation"), (Code::FormMissing, "p_ZZ_q_0_income")],
        ),
        (
            answers([row(0, "李一", "11010519491231002X"), row(1, "李二", "11010519491231002X")].concat()),
            &[(Code::FormInvalid, "p_ZZ_q_1_id")],
        ),
        (answers((0..21).flat_map(|number| row(number, "李", "")).collect()), &[(Why::FormTooMany, "p_ZZ_q")]),
    ];
    for (typed, expected) in table {
        let found = read(&form, &typed, TODAY).err().unwrap_or_default();
        let found: Vec<(Code, &str)> =
            found.iter().map(|fault| (fault.code, fault.field.as_deref().unwrap_or_default())).collect();
        assert_eq!(found, expected);
    }
    assert!(read(&form, &answers((0..20).flat_map(|number| row(number, "李", "")).collect()), TODAY).is_ok());
    let mut one_more = Given::new();
    members::add_row("ZZ_q", &mut one_more);
    assert_eq!(members::rows("ZZ_q", &one_more), 2);
    assert_eq!(members::rows("ZZ_q", &given(&[("q_rows", "9999")])), members::MOST);
}

#[test]
fn only_what_is_asked_is_carried_along() {
    let (form, members) = (conditional(), one("members", ""));
    let asked = [Asked { form: &form, paper: "ZZ", optional: false }];
    let kept = known(&asked, &given(&[("car", "yes"), ("paper", "1"), ("cars", "x"), ("which", "")]));
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["ZZ_car", "ZZ_paper"]);
    let asked = [Asked { form: &members, paper: "ZZ", optional: false }];
    let typed =
        given(&[("q_0_name", "x"), ("q_0_faith", "x"), ("q_100_name", "x"), ("q_rows", "2"), ("q_x_name", "x")]);
    assert_eq!(known(&asked, &typed).keys().collect::<Vec<_>>(), ["ZZ_q_0_name", "ZZ_q_rows"]);
}

#[test]
fn a_paper_counts_as_received_as_far_as_it_is_filled_in() {
    let form = conditional();
    let asked = [Asked { form: &form, paper: "HK", optional: true }];
    let table: [(Pairs, Way, Result<Option<bool>, usize>); 6] = [
        (&[], Way::Online, Err(1)),
        (&[], Way::Desk, Ok(None)),
        (&[("paper", "1")], Way::Online, Ok(None)),
        (&[("car", "no")], Way::Desk, Ok(Some(true))),
        (&[("car", "yes"), ("use", "work")], Way::Online, Ok(Some(false))),
        (&[("car", "yes")], Way::Desk, Err(1)),
    ];
    for (pairs, way, expected) in table {
        let filled = fill(&asked, &given(pairs), TODAY, way);
        let found = filled.map(|filled| filled.papers.get("HK").copied()).map_err(|faults| faults.len());
        assert_eq!(found, expected, "{pairs:?} {way:?}");
    }
}

#[test]
fn what_was_typed_into_a_paper_is_seen() {
    let (form, members) = (conditional(), one("members", ""));
    let rows: [(&FormPart, Pairs, bool, bool); 8] = [
        (&form, &[], false, false),
        (&form, &[("car", " ")], false, false),
        (&form, &[("car", "no")], true, false),
        (&form, &[("paper", "1")], false, true),
        (&form, &[("paper", "yes")], false, false),
        (&form, &[("paper", " 1 "), ("which", "x")], true, true),
        (&members, &[("q_rows", "3")], false, false),
        (&members, &[("q_2_name", "李")], true, false),
    ];
    for (form, pairs, typed, brought) in rows {
        assert_eq!((touched(form, &given(pairs)), on_paper(form, &given(pairs))), (typed, brought), "{pairs:?}");
    }
    assert_eq!(on_paper_key(&form), "ZZ_paper");
    for (form, name, found) in [(&members, "ZZ_q", true), (&members, "q", false), (&form, "ZZ_car", false)] {
        assert_eq!(table(form, name).is_some(), found, "{name}");
    }
    assert!(faults(&form, &given(&[("paper", "1"), ("car", "maybe")]), TODAY).is_empty());
}

#[test]
fn a_member_is_checked_cell_by_cell() {
    let form = one("members", "");
    let optional = one("members", "required = false");
    let row = |name: &str, relation: &str, id: &str, income: &str| -> Vec<(Code, String)> {
        codes(&form, &[("q_0_name", name), ("q_0_relation", relation), ("q_0_id", id), ("q_0_income", income)])
    };
    let table: [([&str; 4], &[(Code, &str)]); 7] = [
        (["李一", "self", "", "1,200.50"], &[]),
        (["李一", "uncle", "", "0"], &[(Code::FormChoice, "relation")]),
        (["李\t一", "self", "", "0"], &[(Code::FormInvalid, "name")]),
        (["李一", "self", "110105194912310021", "0"], &[(Code::IdentifierCheckDigit, "id")]),
        (["李一", "self", "", "-1"], &[(Code::FormAmount, "income")]),
        (["", "self", "", "0"], &[(Code::FormMissing, "name")]),
        (
            ["", "", "x", ""],
            &[
                (Code::FormMissing, "name"),
                (Code::FormMissing, "relation"),
                (Code::IdentifierLength, "id"),
                (Code::FormMissing, "income"),
            ],
        ),
    ];
    for ([name, relation, id, income], expected) in table {
        let expected: Vec<(Code, String)> =
            expected.iter().map(|(code, column)| (*code, format!("p_ZZ_q_0_{column}"))).collect();
        assert_eq!(row(name, relation, id, income), expected, "{name} {relation} {id} {income}");
    }
    assert_eq!(read(&optional, &Given::new(), TODAY), Ok(Map::new()), "nobody need be named");
    for (inner, is_cell) in
        [("0_name", true), ("99_id", true), ("100_id", false), ("rows", true), ("0_faith", false), ("-1_id", false)]
    {
        assert_eq!(members::is_cell(inner), is_cell, "{inner}");
    }
    let many: Given = given(&[("q_rows", "20"), ("q_19_name", "李")]);
    let mut more = many.clone();
    members::add_row("ZZ_q", &mut more);
    assert_eq!((members::rows("ZZ_q", &many), members::rows("ZZ_q", &more)), (20, 20), "no row beyond the last");
    assert_eq!(members::rows("ZZ_q", &given(&[("q_rows", "-4")])), 1);
}

#[test]
fn a_card_is_read() {
    let whole = "姓名 李 岺\n性别 女 民族 满\n出生 1949 年 12 月 31 日\n住址 沈阳市大东区民族街\n12号3-1\n公民身份号码 11010519491231002X";
    let table = [
        (whole, ("李岺", "11010519491231002X", "沈阳市大东区民族街12号3-1")),
        (
            "姓名：李岺性别：女民族：汉出生：1949年住址：和平区1号公民身份号码：11010519491231002x",
            ("李岺", "11010519491231002X", "和平区1号"),
        ),
        ("姓名\n李岺\n公民身份号码\n110105194912310021", ("李岺", "", "")),
        ("11010519491231002X", ("", "11010519491231002X", "")),
        ("姓名 古丽米热·\n艾比布力\n性别 女\n民族 维吾尔", ("古丽米热·艾比布力", "", "")),
        ("姓 名 买买提\n吐尔逊江\n性 别 男", ("买买提吐尔逊江", "", "")),
        ("ئىسمى\n姓名 古丽米热•艾比布力\nگۈلمىرە ئەبىبۇللا\n性别 女", ("古丽米热·艾比布力", "", "")),
        ("姓名/Name 张三 ZHANG SAN\n性别/Sex 男/M", ("张三", "", "")),
        (
            "姓名/Name\nSMITH, JOHN ADAM\n性别/Sex 男/M\n证件号码/ID No. CAN210141030512",
            ("SMITH, JOHN ADAM", "CAN210141030512", ""),
        ),
        ("姓名 古丽米热·\n艾比布力\n公民身份号码 1", ("古丽米热·艾比布力", "", "")),
        ("姓名 李岺\n女 汉族\n出生 1949 年", ("李岺", "", "")),
        ("姓名 李\u{E863}\n性别 男", ("李䶮", "", "")),
        ("姓名 李？\n性别 男", ("李?", "", "")),
        ("", ("", "", "")),
        ("没有什么", ("", "", "")),
    ];
    for (text, (name, resident_id, address)) in table {
        let read = card::read(text);
        let found = (read.name.as_str(), read.resident_id.as_str(), read.address.as_str());
        assert_eq!(found, (name, resident_id, address), "{text}");
    }
}

#[test]
fn what_was_filled_in_is_told_again() {
    let catalogue = catalogue();
    let part = json!({
        "members": [{ "name": "李岺", "relation": "self", "income": 120_050 }],
        "home": "rented", "rent": 80_000, "truth": "yes", "signature": "~1,2 3,4;5,6", "gone": "旧答案",
    });
    let parts = Parts::from([("IN".to_owned(), part.as_object().unwrap().clone())]);
    let lines = lines(&catalogue, &write(&parts), Lang::Zh, &|key: &str| key.to_owned());
    let drawn: Vec<&str> = lines.iter().filter_map(|line| line.drawing.as_deref()).collect();
    assert_eq!(drawn, ["M1 2l0 0L3 4M5 6l0 0"], "the signature as it was drawn");
    let told: Vec<String> = lines.into_iter().map(|line| format!("{}={}", line.label, line.text)).collect();
    let told = told.join("\n");
    for words in ["李岺 · counter-relation-self", "1,200.50", "=租的", "=800.00", "=counter-form-drawn", "gone=旧答案"]
    {
        assert!(told.contains(words), "{words} is missing in\n{told}");
    }
    for other in ["", "****", "随便写的备注", "{\"form\":2}", "[]"] {
        assert!(super::lines(&catalogue, other, Lang::Zh, &|key: &str| key.to_owned()).is_empty(), "{other}");
    }
    assert_eq!(write(&Parts::new()), "");
}

#[test]
fn items_ask_their_papers_and_what_may_stand_in() {
    let catalogue = catalogue();
    let table: [(&str, &[&str], &[Paper]); 5] = [
        ("MZ-01", &[], &[("AP", "AP", false), ("AU", "AU", false), ("IN", "IN", false)]),
        ("MZ-01", &["AU"], &[("AP", "AP", false), ("IN", "IN", false)]),
        ("MZ-11", &[], &[]),
        ("YB-07", &[], &[("PL", "HK", true)]),
        ("MZ-08", &[], &[("HS", "HS", false)]),
    ];
    for (code, unneeded, expected) in table {
        let unneeded: Vec<String> = unneeded.iter().map(|code| (*code).to_owned()).collect();
        let item = catalogue.get(code).unwrap();
        let asked = catalogue.forms_of(item, &unneeded);
        let found: Vec<(&str, &str, bool)> =
            asked.iter().map(|one| (one.form.material.as_str(), one.paper, one.optional)).collect();
        assert_eq!(found, expected, "{code}");
    }
}
