//! These rules say what the words of sentences, the conditions of items and what is done elsewhere must fulfil.

use super::asking::{Age, Condition, OLDEST};
use super::entries::{Entries, Written, is_word, translated, unique};
use super::guide::Guide;
use super::item::{Item, Keywords};
use kernel::fault::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// The most digits of a telephone number that is the same in the whole country.
const LONGEST_NATIONAL_NUMBER: usize = 5;

/// The codes that conditions refer to.
struct Known<'e> {
    items: BTreeMap<&'e str, &'e Item>,
    guides: BTreeMap<&'e str, &'e Guide>,
    stages: BTreeSet<&'e str>,
    situations: BTreeSet<&'e str>,
    sources: BTreeSet<&'e str>,
}

/// Finds every fault of the words, conditions and entries of what is done elsewhere.
pub(super) fn check(entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    let known = Known {
        items: entries.items.iter().map(|item| (item.value.code.as_str(), &item.value)).collect(),
        guides: entries.guides.iter().map(|guide| (guide.value.item.as_str(), &guide.value)).collect(),
        stages: unique(&entries.stages, |stage| &stage.code, "code", faults),
        situations: unique(&entries.situations, |situation| &situation.code, "code", faults),
        sources: entries.sources.iter().map(|source| source.value.code.as_str()).collect(),
    };
    check_people(entries, &known, faults);
    unique(&entries.conditions, |condition| &condition.item, "item", faults);
    for condition in &entries.conditions {
        check_condition(condition, &known, faults);
    }
    unique(&entries.elsewhere, |one| &one.code, "code", faults);
    for one in &entries.elsewhere {
        translated(one, "name", Some(&one.value.name), faults);
        translated(one, "go", Some(&one.value.go), faults);
        check_words(one, &one.value.code, &one.value.words, faults);
        let number = &one.value.telephone;
        if number.len() > LONGEST_NATIONAL_NUMBER || !number.bytes().all(|sign| sign.is_ascii_digit()) {
            let message = format!("{number:?} is no number that is the same in the whole country");
            faults.push(one.fault("telephone", message, "Write digits such as 12345, or leave it out"));
        }
    }
}

fn check_people(entries: &Entries<'_>, known: &Known<'_>, faults: &mut Vec<Fault>) {
    unique(&entries.relations, |relation| &relation.code, "code", faults);
    for relation in &entries.relations {
        translated(relation, "name", Some(&relation.value.name), faults);
        check_words(relation, &relation.value.code, &relation.value.words, faults);
        relation.value.usually.iter().for_each(|age| check_age(relation, "usually", *age, faults));
    }
    for stage in &entries.stages {
        translated(stage, "name", Some(&stage.value.name), faults);
        check_age(stage, "age", stage.value.age, faults);
        if !known.sources.contains(stage.value.source.as_str()) {
            let message = format!("the source {:?} is not known", stage.value.source);
            faults.push(stage.fault("source", message, "Add it to sources.toml"));
        }
    }
    for situation in &entries.situations {
        translated(situation, "name", Some(&situation.value.name), faults);
        check_words(situation, &situation.value.code, &situation.value.words, faults);
    }
    unique(&entries.wants, |want| &want.code, "code", faults);
    for want in &entries.wants {
        check_words(want, &want.value.code, &want.value.words, faults);
        for code in want.value.items.iter().filter(|code| !known.items.contains_key(code.as_str())) {
            let message = format!("{code:?} is no item");
            faults.push(want.fault("items", message, "Correct the code, or take it off the list"));
        }
        if want.value.items.is_empty() && want.value.result.is_none() {
            let message = format!("{} leads to nothing", want.value.code);
            faults.push(want.fault("code", message, "Name a result or items"));
        }
    }
}

fn check_words<T>(entry: &Written<'_, T>, code: &str, words: &Keywords, faults: &mut Vec<Fault>) {
    if !is_word(code) {
        let message = format!("the code {code:?} is no plain word");
        faults.push(entry.fault("code", message, "Small letters, digits and _"));
    }
    if words.zh.is_empty() || words.en.is_empty() || words.both().any(|word| word.trim().is_empty()) {
        let message = format!("{code} has no words to know it by");
        faults.push(entry.fault("words", message, "Write the words that people use, in both languages"));
    }
}

fn check_age<T>(entry: &Written<'_, T>, column: &str, age: Age, faults: &mut Vec<Fault>) {
    if age.from > age.to || age.to > OLDEST {
        let message = format!("nobody is from {} to {} years old", age.from, age.to);
        faults.push(entry.fault(column, message, "Write years of age, the lower first"));
    }
}

fn check_condition(condition: &Written<'_, Condition>, known: &Known<'_>, faults: &mut Vec<Fault>) {
    let value = &condition.value;
    let Some(item) = known.items.get(value.item.as_str()) else {
        let message = format!("a condition for {:?}, which is no item", value.item);
        faults.push(condition.fault("item", message, "Correct the code, or take the condition out"));
        return;
    };
    if value.says.trim().is_empty() || !says(&value.says, item, known.guides.get(value.item.as_str()).copied()) {
        let message = format!("{} nowhere says {:?}", value.item, value.says);
        faults.push(condition.fault("says", message, "Quote the item's name, summary or guide"));
    }
    translated(condition, "only_if", value.only_if.as_ref(), faults);
    let age = Age { from: value.age_from.unwrap_or(0), to: value.age_to.unwrap_or(OLDEST) };
    check_age(condition, "age_from", age, faults);
    let stages = value.stage.iter().chain(&value.suits).filter(|code| !known.stages.contains(code.as_str()));
    let needs = value.needs.iter().filter(|code| !known.situations.contains(code.as_str()));
    for (column, code) in stages.map(|code| ("stage", code)).chain(needs.map(|code| ("needs", code))) {
        let message = format!("{}: {column} {code:?} is not known", value.item);
        faults.push(condition.fault(column, message, "Correct the code, or add it to asking.toml"));
    }
}

/// Whether an item or its guide still says what a condition quotes.
pub(super) fn says_it(condition: &Condition, items: &[Written<'_, Item>], guides: &[Written<'_, Guide>]) -> bool {
    let item = items.iter().find(|item| item.value.code == condition.item);
    let guide = guides.iter().find(|guide| guide.value.item == condition.item);
    item.is_some_and(|item| says(&condition.says, &item.value, guide.map(|guide| &guide.value)))
}

fn says(words: &str, item: &Item, guide: Option<&Guide>) -> bool {
    let of_item = [&item.name, &item.summary];
    let questions = guide.iter().flat_map(|guide| &guide.questions);
    let of_questions = questions.flat_map(|question| {
        let answers = question.answers.iter().flat_map(|answer| std::iter::once(&answer.title).chain(&answer.exit));
        std::iter::once(&question.text).chain(answers)
    });
    let asked = guide.iter().flat_map(|guide| &guide.faq).flat_map(|asked| [&asked.question, &asked.answer]);
    of_item.into_iter().chain(of_questions).chain(asked).any(|text| text.zh.contains(words))
}
