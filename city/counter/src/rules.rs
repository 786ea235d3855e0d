//! Which questions an item asks, in which order, and what a good answer is. Pure.

use kernel::identifier::{BankCard, IdentifierFault, Identity, IdentityKind, Telephone};
use kernel::language::half_width;
use kernel::line::{line_fault, name, name_fault, written};
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use vault::{Person, PersonField};

use crate::catalogue::{AgeLimits as Age, Item, years_on};
use crate::forms::{self, Filled, Way};
use crate::refusals::Why;
use crate::words::{Answers, Application, Ask, FieldFault, Question};

/// Longest name and address taken, in characters.
const TEXT_LIMIT: usize = 100;
/// Longest mailbox, in octets (RFC 5321).
const LONGEST_MAILBOX: usize = 254;

/// The questions of an application in their order; the last is always the check of all answers.
#[must_use]
pub fn questions(ask: &Ask<'_>) -> Vec<Question> {
    let mut questions = vec![Question::Residence, Question::Who];
    if ask.item.asks(PersonField::BankCard) {
        questions.push(Question::BankCard);
    }
    if ask.item.asks(PersonField::Address) {
        questions.push(Question::Address);
    }
    questions.extend(ask.forms.iter().map(|one| Question::Form(one.form.material.clone())));
    questions.push(Question::Check);
    questions
}

/// The next question is the first that is not well answered yet, so that a changed answer leads straight back to the
/// check.
#[must_use]
pub fn next(ask: &Ask<'_>, answers: &Answers, residence: Option<&PlacePath>) -> Question {
    questions(ask)
        .into_iter()
        .find(|question| !faults(ask, question, answers, residence).is_empty())
        .unwrap_or(Question::Check)
}

/// What is wrong with the answers to one question; nothing when it is well answered.
#[must_use]
pub fn faults(ask: &Ask<'_>, question: &Question, answers: &Answers, residence: Option<&PlacePath>) -> Vec<FieldFault> {
    let found = match question {
        Question::Residence => vec![residence_fault(residence, answers.residence_unknown)],
        Question::Who => who_faults(ask, answers),
        Question::BankCard => vec![identifier("bank_card", bank_card(answers).map(drop))],
        Question::Address => vec![text("address", &answers.address, |typed| line_fault(&written(typed)))],
        Question::Form(material) => {
            let form = ask.form(material).map(|one| forms::faults(one.form, &answers.forms, ask.today));
            return form.unwrap_or_default();
        }
        Question::Check => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

fn who_faults(ask: &Ask<'_>, answers: &Answers) -> Vec<Option<FieldFault>> {
    let telephone = identifier("telephone", Telephone::parse(&answers.telephone).map(drop));
    if !ask.item.asks(PersonField::Name) {
        return vec![telephone];
    }
    let living = |identity: Identity| identity.living(ask.today).map_err(|fault| fault.refusal("resident_id"));
    let id = identity(ask.item, answers).and_then(living).err();
    vec![text("name", &answers.name, name_fault), id, telephone]
}

/// The number of her paper, if the item takes such a paper.
fn identity(item: &Item, answers: &Answers) -> Result<Identity, FieldFault> {
    let kind = match answers.identity_kind.trim() {
        "" => Some(IdentityKind::Resident),
        code => IdentityKind::parse(code).filter(|kind| item.takes(*kind)),
    };
    let kind = kind.ok_or_else(|| Refusal::new(Why::CounterIdentityKind).field("identity_kind"))?;
    Identity::of(kind, &answers.resident_id).map_err(|fault| fault.refusal("resident_id"))
}

/// Her age in full years where it is outside of what the item is for. Nothing is said where the paper tells no day of
/// birth, or where the item asks for no paper.
#[must_use]
pub fn age_outside(age: &Age, item: &Item, answers: &Answers, today: Date) -> Option<u32> {
    let identity = identity(item, answers).ok().filter(|_| item.asks(PersonField::Name))?;
    let born = identity.living(today).ok()?.born()?;
    years_on(born, today).filter(|years| age.excludes(*years))
}

/// The number of the card or account. One that is no usual card number has to be confirmed.
fn bank_card(answers: &Answers) -> Result<BankCard, IdentifierFault> {
    BankCard::parse_confirmed(&answers.bank_card, answers.bank_card_confirmed)
}

/// The application of an item alone, whose papers are handed over: what [`whole`] gives when none is filled in here.
///
/// # Errors
/// All faults, in the order of the form.
pub fn application(
    item: &Item,
    answers: &Answers,
    residence: Option<&PlacePath>,
    today: Date,
) -> Result<Application, Vec<FieldFault>> {
    whole(&Ask { today, ..Ask::bare(item) }, answers, residence, Way::Desk)
}

/// The application, when every question is well answered; else every fault at once.
///
/// # Errors
/// All faults, in the order of the form.
pub fn whole(
    ask: &Ask<'_>,
    answers: &Answers,
    residence: Option<&PlacePath>,
    way: Way,
) -> Result<Application, Vec<FieldFault>> {
    let asked = questions(ask).into_iter().filter(|question| !matches!(question, Question::Form(_)));
    let mut found: Vec<_> = asked.flat_map(|question| faults(ask, &question, answers, residence)).collect();
    let filled = forms::fill(&ask.forms, &answers.forms, ask.today, way).unwrap_or_else(|more| {
        found.extend(more);
        Filled::default()
    });
    match residence {
        Some(residence) if found.is_empty() => Ok(Application {
            residence: residence.clone(),
            district: residence.district(),
            person: person(ask.item, answers).with(PersonField::Note, forms::write(&filled.parts)),
            check: answers.check.clone(),
            filled: filled.papers,
            objected: answers.objected.clone(),
            once_more: answers.once_more,
            age_told: answers.age_told,
        }),
        _ => Err(found),
    }
}

/// The person's data in the form in which the vault keeps it: numbers without spaces, and only the fields that the item
/// asks for.
fn person(item: &Item, answers: &Answers) -> Person {
    let tidy = |parsed: Result<String, IdentifierFault>, typed: &str| parsed.unwrap_or_else(|_| typed.to_owned());
    let telephone =
        tidy(Telephone::parse(&answers.telephone).map(|number| number.as_str().to_owned()), &answers.telephone);
    let mut person = Person::default().with(PersonField::Telephone, telephone);
    if item.asks(PersonField::Name) {
        let id = identity(item, answers).map_or_else(|_| answers.resident_id.clone(), |identity| identity.kept());
        person = person.with(PersonField::Name, name(&answers.name)).with(PersonField::ResidentId, id);
    }
    if item.asks(PersonField::BankCard) {
        person = person.with(
            PersonField::BankCard,
            tidy(bank_card(answers).map(|card| card.as_str().to_owned()), &answers.bank_card),
        );
    }
    if item.asks(PersonField::Address) {
        person = person.with(PersonField::Address, written(&answers.address));
    }
    person
}

/// Reads a mailbox: one name and one host, as mail programs write them. Small and capital letters of the host are the
/// same. Returns nothing for what is none.
#[must_use]
pub fn mailbox(typed: &str) -> Option<String> {
    let typed: String = typed.trim().chars().map(half_width).collect();
    let (name, host) = typed.split_once('@')?;
    let is_name = |text: &str| {
        let sign = |sign: char| sign.is_ascii_alphanumeric() || "._%+-".contains(sign);
        !text.is_empty() && text.chars().all(sign) && !text.starts_with('.') && !text.ends_with('.')
    };
    let is_part = |part: &str| {
        let sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        !part.is_empty() && part.chars().all(sign) && !part.starts_with('-') && !part.ends_with('-')
    };
    let is_host = host.contains('.') && host.split('.').all(is_part);
    let fits = typed.len() <= LONGEST_MAILBOX && is_name(name) && !name.contains("..") && is_host;
    fits.then(|| format!("{name}@{}", host.to_ascii_lowercase()))
}

/// Under which a mailbox is counted: capitals and what follows a `+` in its name reach the same one. Messages go to the
/// mailbox as it was typed.
#[must_use]
pub fn mailbox_counted(mailbox: &str) -> String {
    let lower = mailbox.to_ascii_lowercase();
    let Some((name, host)) = lower.split_once('@') else { return lower };
    let plain = name.split('+').next().filter(|plain| !plain.is_empty()).unwrap_or(name);
    format!("{plain}@{host}")
}

/// Her community has to be known. Somebody who does not know it says at least the district.
fn residence_fault(residence: Option<&PlacePath>, unknown: bool) -> Option<FieldFault> {
    match residence {
        Some(path) if path.level() == Level::Community => None,
        Some(path) if unknown && matches!(path.level(), Level::District | Level::Street) => None,
        _ if unknown => Some(Refusal::new(Why::CounterDistrictMissing).field("residence")),
        _ => Some(Refusal::new(Code::FormMissing).field("residence")),
    }
}

fn identifier(field: &str, parsed: Result<(), IdentifierFault>) -> Option<FieldFault> {
    parsed.err().map(|fault| fault.refusal(field))
}

fn text(field: &str, typed: &str, fault: fn(&str) -> Option<Code>) -> Option<FieldFault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(Refusal::new(Code::FormMissing).field(field));
    }
    let long = (typed.chars().count() > TEXT_LIMIT).then_some(Code::FormInvalid);
    fault(typed).or(long).map(|code| Refusal::new(code).field(field))
}

#[cfg(test)]
mod tests {
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
        for (place, is_good) in [(None, false), (Some(&street), false), (Some(&community), true), (Some(&grid), false)]
        {
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
        for (place, code) in [
            (None, told),
            (city.as_ref(), told),
            (Some(&district), None),
            (Some(&street), None),
            (Some(&community), None),
        ] {
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
}
