//! These rules say what guides, lists of proofs and synonyms must fulfil.

use super::entries::{Entries, Written, is_word, translated, unique};
use super::guide::{Guide, GuideQuestion, ProofList, ReadyReason, Sourced, Synonym};
use super::reference::{Material, MaterialSource};
use kernel::fault::Fault;
use kernel::language::Bilingual;
use kernel::time::Date;
use std::collections::BTreeSet;

/// Finds every fault of the guides, lists and synonyms.
pub(super) fn check(entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    let items: BTreeSet<&str> = entries.items.iter().map(|item| item.value.code.as_str()).collect();
    unique(&entries.guides, |guide| &guide.item, "item", faults);
    let sources: BTreeSet<&str> = entries.sources.iter().map(|source| source.value.code.as_str()).collect();
    for guide in &entries.guides {
        check_guide(guide, entries, &items, faults);
        check_sourced(guide, "how_much", guide.value.how_much.as_ref(), &sources, faults);
        check_sourced(guide, "when_paid", guide.value.when_paid.as_ref(), &sources, faults);
    }
    for list in &entries.proof_lists {
        check_list(list, &sources, faults);
    }
    entries.reasons.iter().for_each(|ready| check_reason(ready, &ready.value, faults));
    for synonym in &entries.synonyms {
        let Synonym { words, en } = &synonym.value;
        if words.len() + en.len() < 2 || words.iter().chain(en).any(|word| word.trim().is_empty()) {
            faults.push(synonym.fault(
                "words",
                "a synonym needs two words".to_owned(),
                "Write the words that mean the same",
            ));
        }
    }
}

fn check_guide(guide: &Written<'_, Guide>, entries: &Entries<'_>, items: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    let value = &guide.value;
    let Some(item) = entries.items.iter().find(|item| item.value.code == value.item) else {
        let message = format!("a guide for {:?}, which is no item", value.item);
        faults.push(guide.fault("item", message, "Correct the code, or take the guide out"));
        return;
    };
    let papers: BTreeSet<&str> = item.value.materials.iter().map(|paper| paper.code.as_str()).collect();
    translated(guide, "cost", value.cost.as_ref(), faults);
    if let Some(beside) = &value.beside {
        translated(guide, "beside", Some(&beside.text()), faults);
        if !beside.href.starts_with('/') || beside.href.starts_with("//") {
            let message = format!("beside leads to {:?}, which is no page of the platform", beside.href);
            faults.push(guide.fault("beside", message, "Write its local address, such as /property/fund"));
        }
    }
    value.law.iter().for_each(|law| translated(guide, "law", Some(law), faults));
    for asked in &value.faq {
        translated(guide, "question", Some(&asked.question), faults);
        translated(guide, "answer", Some(&asked.answer), faults);
    }
    value.reasons.iter().for_each(|ready| check_reason(guide, ready, faults));
    let mut codes = BTreeSet::new();
    for question in &value.questions {
        if !codes.insert(&question.code) || !is_word(&question.code) {
            let message =
                format!("{}: the question {:?} is there twice or is no plain word", value.item, question.code);
            faults.push(guide.fault("item", message, "Give it a code of its own: small letters, digits and _"));
        }
        check_question(guide, question, &papers, items, faults);
    }
}

fn check_sourced(
    guide: &Written<'_, Guide>,
    column: &str,
    said: Option<&Sourced>,
    sources: &BTreeSet<&str>,
    faults: &mut Vec<Fault>,
) {
    let Some(said) = said else { return };
    translated(guide, column, Some(&said.text()), faults);
    if !sources.contains(said.source.as_str()) {
        let message = format!("{column} rests on the source {:?}, which is not known", said.source);
        faults.push(guide.fault(column, message, "Add it to sources.toml, or leave the statement out"));
    }
}

pub(super) fn check_reason<T>(entry: &Written<'_, T>, ready: &ReadyReason, faults: &mut Vec<Fault>) {
    translated(entry, "title", Some(&ready.title), faults);
    let said = [("reason", &ready.reason), ("basis", &ready.basis), ("remedy", &ready.remedy)];
    for (column, text) in &said {
        translated(entry, column, text.as_ref(), faults);
    }
    if said.iter().all(|(_, text)| text.is_none()) {
        let message = format!("the reason kept ready {:?} says nothing", ready.title.zh);
        faults.push(entry.fault("title", message, "Write `reason`, `basis` or `remedy`"));
    }
}

fn check_question(
    guide: &Written<'_, Guide>,
    question: &GuideQuestion,
    papers: &BTreeSet<&str>,
    items: &BTreeSet<&str>,
    faults: &mut Vec<Fault>,
) {
    let item = &guide.value.item;
    let mut say = |message: String, remedy: &str| {
        faults.push(guide.fault("item", format!("{item}, question {:?}: {message}", question.code), remedy));
    };
    let texts = |answer: &super::guide::GuideAnswer| {
        [Some(answer.title.clone()), answer.exit.clone(), answer.note.clone()].into_iter().flatten()
    };
    let mut all = std::iter::once(question.text.clone()).chain(question.answers.iter().flat_map(texts));
    if all.any(|text: Bilingual| text.missing().is_some()) {
        say("a text is missing in one language".to_owned(), "Write it: every text is in both languages");
    }
    if question.answers.len() < 2 || question.answers.iter().all(|answer| answer.exit.is_some()) {
        say("nobody could go on".to_owned(), "Give it two answers or more, at least one of them without `exit`");
    }
    let codes: BTreeSet<&String> = question.answers.iter().map(|answer| &answer.code).collect();
    if codes.len() < question.answers.len() || !codes.iter().all(|code| is_word(code)) {
        say("two answers have one code, or a code is no plain word".to_owned(), "Small letters, digits and _");
    }
    for answer in &question.answers {
        if let Some(paper) = answer.unneeded.iter().find(|paper| !papers.contains(paper.as_str())) {
            say(format!("{paper} is not asked for anyway"), "Name papers of this item, or take it out");
        }
        if let Some(other) = answer.instead.as_ref().filter(|other| !items.contains(other.as_str()) || *other == item) {
            say(format!("{other} is no other item"), "Name the item to go to instead");
        }
    }
}

fn check_list(list: &Written<'_, ProofList>, sources: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    let value = &list.value;
    translated(list, "note", value.note.as_ref(), faults);
    if !sources.contains(value.source.as_str()) {
        let message = format!("the source {:?} is not known", value.source);
        faults.push(list.fault("source", message, "Add it to sources.toml"));
    }
    for proof in &value.proofs {
        translated(list, "proof", Some(&proof.name), faults);
        translated(list, "proof", Some(&proof.instead), faults);
        if proof.words.is_empty() || proof.words.iter().any(|word| word.trim().is_empty()) {
            let message = format!("{} has no words to know it by", proof.name.zh);
            faults.push(list.fault("proof", message, "Write the words that a material's name would have"));
        }
    }
}

/// Finds materials that ask an applicant or a community for a proof that the list in force on a day forbids.
pub(super) fn forbidden<'m>(
    lists: &[ProofList],
    materials: impl Iterator<Item = (&'m Material, (&'m str, usize))>,
    on: Date,
) -> Vec<Fault> {
    let lists: Vec<&ProofList> = lists.iter().filter(|list| list.from <= on).collect();
    let asked = |material: &Material| matches!(material.source, MaterialSource::Applicant | MaterialSource::Community);
    let mut faults = Vec::new();
    for (material, (file, line)) in materials.filter(|(material, _)| asked(material)) {
        let proofs = lists.iter().flat_map(|list| list.proofs.iter().map(move |proof| (*list, proof)));
        let mut hits =
            proofs.filter(|(_, proof)| proof.words.iter().any(|word| material.name.zh.contains(word.as_str())));
        if let Some((list, proof)) = hits.next() {
            faults.push(Fault {
                file: file.to_owned(),
                line,
                message: format!(
                    "{} {} asks for {:?}, which communities need not prove since {}",
                    material.code, material.name.zh, proof.name.zh, list.from
                ),
                remedy: proof.instead.en.clone(),
            });
        }
    }
    faults
}
