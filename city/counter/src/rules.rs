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
mod tests;
