//! Tests of the counter's rules: what is asked, and what an answer must be.

use super::*;
use crate::catalogue::tests::catalogue;
use kernel::place::PlaceId;
use std::collections::BTreeMap;

/// Makes one answer bad.
type Spoil = fn(&mut Answers);

const TODAY: Date = Date::constant(2026, 11, 30);

fn item(code: &str) -> Item {
    catalogue().get(code).cloned().unwrap()
}

fn home() -> PlacePath {
    PlacePath::root(PlaceId(1)).child(PlaceId(2)).child(PlaceId(3)).child(PlaceId(4))
}

fn good() -> Answers {
    Answers {
        residence: "4".to_owned(),
        residence_words: String::new(),
        name: "李岺".to_owned(),
        resident_id: "11010519491231002X".to_owned(),
        telephone: "138 1234 0412".to_owned(),
        bank_card: "6217000000000000004".to_owned(),
        address: "3号楼".to_owned(),
        check: BTreeMap::new(),
        ..Answers::default()
    }
}

#[test]
fn the_old_age_allowance_asks_four_questions() {
    let asked = questions(&Ask::bare(&item("MZ-11")));
    assert!(asked.len() <= 4, "{asked:?}");
    assert_eq!(asked.last(), Some(&Question::Check));
}

#[test]
fn each_bad_answer_is_named() {
    let item = item("MZ-11");
    let table: [(&str, Spoil); 6] = [
        ("name", |answers| answers.name = " ".to_owned()),
        ("name", |answers| answers.name = "李".repeat(101)),
        ("resident_id", |answers| answers.resident_id = "110105194912310021".to_owned()),
        ("resident_id", |answers| answers.resident_id = String::new()),
        ("telephone", |answers| answers.telephone = "12345".to_owned()),
        ("bank_card", |answers| answers.bank_card = "6217000000000000005".to_owned()),
    ];
    for (field, spoil) in table {
        let mut answers = good();
        spoil(&mut answers);
        let faults = application(&item, &answers, Some(&home()), TODAY).err().unwrap_or_default();
        assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some(field));
    }
    let faults = application(&item, &good(), None, TODAY).err().unwrap_or_default();
    assert_eq!(faults.first().and_then(|fault| fault.field.as_deref()), Some("residence"));
}

#[test]
fn people_prove_who_they_are_by_the_papers_that_the_item_takes() {
    let (open, closed) = (item("FC-09"), item("MZ-11"));
    assert!(open.takes(IdentityKind::Passport) && !closed.takes(IdentityKind::Passport));
    let table: [(&Item, &str, &str, Result<&str, &str>); 12] = [
        (&closed, "", "11010519491231002x", Ok("11010519491231002X")),
        (&closed, "resident_id", "can210141030512", Ok("CAN210141030512")),
        (&closed, "", "921156199003051088", Ok("921156199003051088")),
        (&closed, "", "210102209003051087", Err("identifier.birth")),
        (&closed, "", "440524188001010014", Err("identifier.birth")),
        (&closed, "", "170102199003051088", Err("identifier.province")),
        (&closed, "passport", "E12345678", Err("counter.identity_kind")),
        (&closed, "library_card", "E12345678", Err("counter.identity_kind")),
        (&open, "passport", "e12345678", Ok("passport:E12345678")),
        (&open, "hk_macao_permit", "H12345678", Ok("hk_macao_permit:H12345678")),
        (&open, "taiwan_permit", "A1", Err("identifier.character")),
        (&open, "credit_code", "91350100m000100y43", Ok("credit_code:91350100M000100Y43")),
    ];
    for (item, kind, number, expected) in table {
        let answers = Answers { identity_kind: kind.to_owned(), resident_id: number.to_owned(), ..good() };
        let ask = Ask { today: TODAY, ..Ask::bare(item) };
        let fault = faults(&ask, &Question::Who, &answers, None).into_iter().next();
        let kept = person(item, &answers).get(PersonField::ResidentId).map(|kept| kept.expose().clone());
        match expected {
            Ok(number) => assert_eq!((fault, kept.as_deref()), (None, Some(number)), "{kind} {number}"),
            Err(code) => assert_eq!(fault.map(|fault| fault.code.as_str()), Some(code), "{kind} {number}"),
        }
    }
}

#[test]
fn a_bank_number_that_is_no_usual_one_is_taken_once_it_is_confirmed() {
    let item = item("MZ-11");
    let ask = Ask::bare(&item);
    let code = |number: &str, confirmed: bool| {
        let answers = Answers { bank_card: number.to_owned(), bank_card_confirmed: confirmed, ..good() };
        faults(&ask, &Question::BankCard, &answers, None).first().map(|fault| fault.code.as_str())
    };
    for (number, unsure, sure) in [
        ("6217000000000000004", None, None),
        ("19000112233445", Some("identifier.unsure"), None),
        ("4111111111111112", Some("identifier.unsure"), None),
        ("没有卡", Some("identifier.character"), Some("identifier.character")),
        ("123", Some("identifier.length"), Some("identifier.length")),
        ("", Some("identifier.empty"), Some("identifier.empty")),
    ] {
        assert_eq!((code(number, false), code(number, true)), (unsure, sure), "{number}");
    }
}

#[test]
fn somebody_of_another_age_is_told_where_her_paper_says_when_she_was_born() {
    let catalogue = catalogue();
    let years = |code: &str, kind: &str, number: &str| {
        let answers = Answers { identity_kind: kind.to_owned(), resident_id: number.to_owned(), ..good() };
        age_outside(catalogue.age(code)?, catalogue.get(code)?, &answers, TODAY)
    };
    for (code, kind, number, told) in [
        ("MZ-11", "", "210102199805060011", Some(28)),
        ("MZ-11", "", "11010519491231002X", Some(76)),
        ("MZ-11", "", "110105194611300020", None),
        ("MZ-11", "", "CAN210141030512", None),
        ("MZ-11", "", "", None),
        ("MZ-15", "", "11010519491231002X", Some(76)),
        ("MZ-01", "", "11010519491231002X", None),
    ] {
        let number = if number.len() == 18 { checked(number) } else { number.to_owned() };
        assert_eq!(years(code, kind, &number), told, "{code} {number}");
    }
}

/// The number with the check digit that fits it.
fn checked(number: &str) -> String {
    let body: String = number.chars().take(17).collect();
    let all = "0123456789X".chars().map(|digit| format!("{body}{digit}"));
    all.into_iter().find(|number| Identity::card(number).is_ok()).unwrap()
}

#[test]
fn a_mailbox_is_one_name_and_one_host() {
    for (typed, read) in [
        (" li.cen@Example.CN ", Some("li.cen@example.cn")),
        ("ｌｉ＠ｅｘａｍｐｌｅ．ｃｎ", Some("li@example.cn")),
        ("a+b_c%d-e@mail.city.gov.cn", Some("a+b_c%d-e@mail.city.gov.cn")),
        ("", None),
        ("li", None),
        ("@example.cn", None),
        ("li@", None),
        ("li@example", None),
        ("li@@example.cn", None),
        ("li@a.cn,you@b.cn", None),
        ("Li <li@example.cn>", None),
        ("li@example..cn", None),
        ("li..cen@example.cn", None),
        ("li@-a.cn", None),
        ("li\r\nBcc:x@example.cn", None),
        ("李@例子.中国", None),
    ] {
        assert_eq!(mailbox(typed).as_deref(), read, "{typed:?}");
    }
    assert_eq!(mailbox(&format!("{}@example.cn", "a".repeat(250))), None, "too long");
}

#[test]
fn every_spelling_of_a_mailbox_is_counted_as_one() {
    for (typed, counted) in [
        ("victim@b.cn", "victim@b.cn"),
        ("Victim@B.cn", "victim@b.cn"),
        ("vIctim+2@b.cn", "victim@b.cn"),
        ("victim+a+b@b.cn", "victim@b.cn"),
        ("+a@b.cn", "+a@b.cn"),
        ("victim2@b.cn", "victim2@b.cn"),
    ] {
        assert_eq!(mailbox_counted(&mailbox(typed).unwrap()), counted, "{typed}");
    }
    assert_eq!(mailbox("Victim@b.cn").as_deref(), Some("Victim@b.cn"), "it is sent as it was typed");
}

#[test]
fn a_name_is_kept_as_names_are_written() {
    for (typed, kept, code) in [
        ("古丽米热•艾比布力", "古丽米热·艾比布力", None),
        ("李\u{E863}", "李䶮", None),
        ("李?", "李?", Some("form.garbled")),
        ("李\u{202E}岺", "李\u{202E}岺", Some("form.hidden")),
        ("李\u{E000}", "李\u{E000}", Some("form.hidden")),
    ] {
        let (item, answers) = (item("MZ-11"), Answers { name: typed.to_owned(), ..good() });
        let fault = faults(&Ask::bare(&item), &Question::Who, &answers, None).into_iter().next();
        assert_eq!(fault.map(|fault| fault.code.as_str()), code, "{typed}");
        assert_eq!(person(&item, &answers).get(PersonField::Name).map(|kept| kept.expose().as_str()), Some(kept));
    }
}

#[test]
fn an_item_asks_what_its_entry_says_and_the_check_comes_last() {
    let catalogue = catalogue();
    let form = |code: &str| Question::Form(code.to_owned());
    let (residence, who, address, check) = (Question::Residence, Question::Who, Question::Address, Question::Check);
    let table = [
        ("MZ-11", vec![residence.clone(), who.clone(), Question::BankCard, check.clone()]),
        ("MZ-01", vec![residence, who, address, form("AP"), form("AU"), form("IN"), check]),
    ];
    for (code, expected) in table {
        let item = catalogue.get(code).unwrap();
        let forms = catalogue.forms_of(item, &[]);
        let ask = Ask { item, forms, today: Date::constant(2026, 11, 25) };
        assert_eq!(questions(&ask), expected, "{code}");
    }
}

#[test]
fn a_person_lives_in_a_community() {
    let (street, community) = (home().parent().unwrap(), home());
    let grid = community.child(PlaceId(5));
    let ask_of = item("MZ-11");
    let ask = Ask::bare(&ask_of);
    for (place, is_good) in [(None, false), (Some(&street), false), (Some(&community), true), (Some(&grid), false)] {
        let found = faults(&ask, &Question::Residence, &good(), place);
        assert_eq!(found.is_empty(), is_good, "{place:?}");
        assert!(found.iter().all(|fault| fault.code == Code::FormMissing), "{place:?}");
    }
}

#[test]
fn whoever_does_not_know_her_community_says_the_district_or_the_street() {
    let (street, community) = (home().parent().unwrap(), home());
    let (district, city) = (street.parent().unwrap(), street.parent().unwrap().parent());
    let (ask_of, answers) = (item("MZ-11"), Answers { residence_unknown: true, ..good() });
    let ask = Ask::bare(&ask_of);
    let told = Some("counter.district_missing");
    for (place, code) in
        [(None, told), (city.as_ref(), told), (Some(&district), None), (Some(&street), None), (Some(&community), None)]
    {
        let found = faults(&ask, &Question::Residence, &answers, place);
        assert_eq!(found.first().map(|fault| fault.code.as_str()), code, "{place:?}");
    }
}

#[test]
fn a_name_and_an_address_are_one_line_of_at_most_a_hundred_characters() {
    let ask_of = item("MZ-01");
    let ask = Ask::bare(&ask_of);
    let (most, more) = ("长".repeat(100), "长".repeat(101));
    let table = [
        ("", Some(Code::FormMissing)),
        (" 　\t", Some(Code::FormMissing)),
        ("一\n二", Some(Code::FormInvalid)),
        ("一\u{7f}", Some(Code::FormInvalid)),
        (more.as_str(), Some(Code::FormInvalid)),
        (most.as_str(), None),
        ("　文安路12号 ", None),
    ];
    for (typed, code) in table {
        let answers = Answers { name: typed.to_owned(), address: typed.to_owned(), ..good() };
        for (question, field) in [(Question::Who, "name"), (Question::Address, "address")] {
            let found = faults(&ask, &question, &answers, Some(&home()));
            let found: Vec<_> = found.iter().map(|fault| (fault.code, fault.field.as_deref())).collect();
            assert_eq!(found, code.map(|code| (code, Some(field))).into_iter().collect::<Vec<_>>(), "{typed:?}");
        }
    }
    assert!(faults(&ask, &Question::Form("ZZ".to_owned()), &Answers::default(), None).is_empty());
    assert!(faults(&ask, &Question::Check, &Answers::default(), None).is_empty());
}

#[test]
fn what_is_kept_of_a_person_is_tidy_and_no_more_than_asked() {
    let answers = Answers { name: " 李岺　".to_owned(), ..good() };
    let answers = Answers { resident_id: "11010519491231002x".to_owned(), ..answers };
    let table = [
        ("MZ-11", PersonField::Name, Some("李岺")),
        ("MZ-11", PersonField::ResidentId, Some("11010519491231002X")),
        ("MZ-11", PersonField::Telephone, Some("13812340412")),
        ("MZ-11", PersonField::BankCard, Some("6217000000000000004")),
        ("MZ-11", PersonField::Address, None),
        ("MZ-01", PersonField::Address, Some("3号楼")),
        ("MZ-01", PersonField::BankCard, None),
    ];
    for (code, field, expected) in table {
        let person = person(&item(code), &answers);
        assert_eq!(person.get(field).map(|kept| kept.expose().clone()).as_deref(), expected, "{code} {field:?}");
    }
    let application = application(&item("MZ-11"), &answers, Some(&home()), TODAY).ok().unwrap();
    assert_eq!((application.district, application.residence), (PlaceId(2), home()));
    assert!(application.filled.is_empty() && !application.once_more);
}

#[test]
fn a_changed_answer_leads_straight_back_to_the_check() {
    let item = item("MZ-11");
    let ask = Ask::bare(&item);
    assert_eq!(next(&ask, &Answers::default(), None), Question::Residence);
    assert_eq!(next(&ask, &Answers::default(), Some(&home())), Question::Who);
    assert_eq!(next(&ask, &good(), Some(&home())), Question::Check);
    let missing = Answers { telephone: String::new(), ..good() };
    assert_eq!(next(&ask, &missing, Some(&home())), Question::Who);
}
