//! Puts the entries of all files in order and hands them to the rules.

use super::asking::{Condition, Elsewhere, People};
use super::asking_rules::says_it;
use super::entries::{Entries, Written};
use super::guide::Guide;
use super::reference::{Department, Material};
use super::rules;
use super::sentence::Vocabulary;
use super::{AskedMaterial, Catalogue, Item, MaterialUse, Origin, search};
use kernel::fault::Fault;
use kernel::language::{Bilingual, Lang};
use std::collections::{BTreeMap, BTreeSet};

/// Reads, checks and indexes the files; the items of `over`, with their guides, stand in place of those of the files.
pub(super) fn load(files: &[(String, String)], over: &[(String, String)]) -> Result<Catalogue, Vec<Fault>> {
    let (mut entries, mut newer) = (Entries::default(), Entries::default());
    let mut unreadable: Vec<Fault> = files.iter().filter_map(|(name, text)| entries.add(name, text).err()).collect();
    unreadable.extend(over.iter().filter_map(|(name, text)| newer.add(name, text).err()));
    if !unreadable.is_empty() {
        return Err(unreadable);
    }
    let replaced: BTreeSet<String> = newer.items.iter().map(|item| item.value.code.clone()).collect();
    entries.items.retain(|item| !replaced.contains(&item.value.code));
    entries.guides.retain(|guide| !replaced.contains(&guide.value.item));
    entries.items.append(&mut newer.items);
    entries.guides.append(&mut newer.guides);
    // A city that released an item in other words has said anew whom it is for: what the files say of it no longer
    // holds.
    let (items, guides) = (&entries.items, &entries.guides);
    entries.conditions.retain(|one| !replaced.contains(&one.value.item) || says_it(&one.value, items, guides));
    let faults = rules::check(&entries);
    if faults.is_empty() { Ok(assemble(entries)) } else { Err(faults) }
}

fn assemble(entries: Entries<'_>) -> Catalogue {
    let departments = values(entries.departments);
    let mut items = entries.items;
    items.sort_by_cached_key(|item| (position(&departments, &item.value.department), item.value.code.clone()));
    let origins = items.iter().map(|item| (item.value.code.clone(), origin(item, "procedure"))).collect();
    let items = values(items);
    let by_code = items.iter().enumerate().map(|(at, item)| (item.code.clone(), at)).collect();
    let guides: BTreeMap<String, Guide> = keyed(entries.guides, |guide| guide.item.clone());
    let synonyms = values(entries.synonyms);
    let index = search::Index::new(&items, &departments, &synonyms, &guides);
    let people = People {
        relations: values(entries.relations),
        stages: values(entries.stages),
        situations: values(entries.situations),
        wants: values(entries.wants),
        conditions: keyed(entries.conditions, |one: &Condition| one.item.clone()),
    };
    let elsewhere: Vec<Elsewhere> = values(entries.elsewhere);
    let names = items.iter().flat_map(|item| [&item.name.zh, &item.name.en].into_iter().chain(item.keywords.both()));
    let same = synonyms.iter().flat_map(|one| one.words.iter().chain(&one.en));
    let vocabulary = Vocabulary::new(&people, &elsewhere, names.chain(same), entries.empty.both());
    let material_origins =
        entries.materials.iter().map(|material| (material.value.code.clone(), origin(material, "name"))).collect();
    let materials = keyed(entries.materials, |material| material.code.clone());
    let papers = |item: &Item| asked(&item.materials, &materials, &entries.alternative);
    let asked = items.iter().map(|item| (item.code.clone(), papers(item))).collect();
    Catalogue {
        by_code,
        departments,
        materials,
        asked,
        featured: values(entries.featured),
        life_events: values(entries.life_events),
        types: values(entries.types),
        sources: keyed(entries.sources, |source| source.code.clone()),
        guides,
        proof_lists: values(entries.proof_lists),
        forms: keyed(entries.forms, |form| form.material.clone()),
        reasons: values(entries.reasons),
        ages: people.told_ages(),
        origins,
        material_origins,
        alternative: entries.alternative,
        index,
        people,
        elsewhere,
        vocabulary,
        items,
    }
}

/// The papers of an item as they are shown.
pub(super) fn asked(
    papers: &[MaterialUse],
    materials: &BTreeMap<String, Material>,
    alternative: &Bilingual,
) -> Vec<AskedMaterial> {
    let papers = papers.iter().filter_map(|paper| Some((paper, materials.get(&paper.code)?)));
    papers
        .map(|(paper, material)| AskedMaterial {
            code: paper.code.clone(),
            name: with_alternatives(paper, material, materials, alternative),
            note: joined_notes(paper.note.as_ref(), material.note.as_ref()),
            needed: paper.needed,
            waivable_by_check: material.waivable_by_check,
        })
        .collect()
}

fn with_alternatives(
    paper: &MaterialUse,
    first: &Material,
    materials: &BTreeMap<String, Material>,
    word: &Bilingual,
) -> Bilingual {
    let others = paper.alternatives.iter().filter_map(|code| materials.get(code));
    others.fold(first.name.clone(), |name, other| {
        Bilingual::new(name.zh + &word.zh + &other.name.zh, name.en + &word.en + &inside_a_sentence(&other.name.en))
    })
}

/// An English name without the capital letter of its beginning; an abbreviation (`SIM card`) keeps its own.
fn inside_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    if letters.clone().next().is_some_and(char::is_uppercase) {
        return name.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

fn joined_notes(own: Option<&Bilingual>, general: Option<&Bilingual>) -> Option<Bilingual> {
    let both = |lang: Lang, between: &str| {
        own.into_iter().chain(general).map(|note| note.get(lang)).collect::<Vec<_>>().join(between)
    };
    own.or(general).map(|_| Bilingual::new(both(Lang::Zh, ""), both(Lang::En, " ")))
}

fn values<T>(written: Vec<Written<'_, T>>) -> Vec<T> {
    written.into_iter().map(|entry| entry.value).collect()
}

fn keyed<T>(written: Vec<Written<'_, T>>, key: impl Fn(&T) -> String) -> BTreeMap<String, T> {
    written.into_iter().map(|entry| (key(&entry.value), entry.value)).collect()
}

fn position(departments: &[Department], code: &str) -> usize {
    departments.iter().position(|department| department.code == code).unwrap_or(departments.len())
}

fn origin<T>(entry: &Written<'_, T>, column: &str) -> Origin {
    Origin { file: entry.file.to_owned(), line: entry.line(column) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_on_in_small_letters() {
        let table = [
            ("Household register", "household register"),
            ("SIM card", "SIM card"),
            ("X-ray", "x-ray"),
            ("A", "a"),
            ("École", "école"),
            ("3 photographs", "3 photographs"),
            ("", ""),
        ];
        for (name, expected) in table {
            assert_eq!(inside_a_sentence(name), expected);
        }
    }

    #[test]
    fn the_note_of_the_item_stands_before_that_of_the_paper() {
        let (own, general) =
            (Bilingual::new("已婚的带。", "If married."), Bilingual::new("当场退还。", "Handed back."));
        let table = [
            (Some(&own), Some(&general), Some(("已婚的带。当场退还。", "If married. Handed back."))),
            (Some(&own), None, Some(("已婚的带。", "If married."))),
            (None, Some(&general), Some(("当场退还。", "Handed back."))),
            (None, None, None),
        ];
        for (own, general, expected) in table {
            let found = joined_notes(own, general);
            assert_eq!(found.as_ref().map(|note| (note.zh.as_str(), note.en.as_str())), expected);
        }
    }
}
