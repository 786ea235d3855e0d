//! What a catalogue must fulfil, and how a fault in it is told.

use super::code::is_code_of;
use super::entries::{Entries, Written, missing, translated, unique};
use super::item::{Custody, Item, MaterialUse};
use super::{Material, Origin};
use kernel::calendar::Limit;
use kernel::fault::Fault;
use kernel::language::Lang;
use std::collections::BTreeSet;
use vault::PersonField;

/// The codes that items may refer to.
struct Known<'e> {
    departments: BTreeSet<&'e str>,
    materials: BTreeSet<&'e str>,
    life_events: BTreeSet<&'e str>,
    types: BTreeSet<&'e str>,
    sources: BTreeSet<&'e str>,
}

/// Every fault of the entries, in the order of the files' tables.
pub(super) fn check(entries: &Entries<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let known = known(entries, &mut faults);
    check_references(entries, &mut faults);
    let items = unique(&entries.items, |item| &item.code, "code", &mut faults);
    for featured in entries.featured.iter().filter(|featured| !items.contains(featured.value.as_str())) {
        let message = format!("the featured item {:?} is not known", featured.value);
        faults.push(featured.fault("featured", message, "Correct the code, or take it off the list"));
    }
    for item in &entries.items {
        check_texts(item, &mut faults);
        check_code(item, entries, &mut faults);
        check_known(item, &known, &mut faults);
        check_limits(item, &mut faults);
        check_route(item, &mut faults);
        check_papers(item, &mut faults);
    }
    super::guide_rules::check(entries, &mut faults);
    super::form_rules::check(entries, &mut faults);
    super::asking_rules::check(entries, &mut faults);
    faults
}

fn known<'e>(entries: &'e Entries<'_>, faults: &mut Vec<Fault>) -> Known<'e> {
    Known {
        departments: unique(&entries.departments, |department| &department.code, "code", faults),
        materials: unique(&entries.materials, |material| &material.code, "code", faults),
        life_events: unique(&entries.life_events, |event| &event.code, "code", faults),
        types: unique(&entries.types, |item_type| &item_type.code, "code", faults),
        sources: unique(&entries.sources, |source| &source.code, "code", faults),
    }
}

fn check_references(entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    for department in &entries.departments {
        translated(department, "name", Some(&department.value.name), faults);
        translated(department, "note", department.value.note.as_ref(), faults);
    }
    for material in &entries.materials {
        translated(material, "name", Some(&material.value.name), faults);
        translated(material, "note", material.value.note.as_ref(), faults);
        check_material(material, faults);
    }
    for event in &entries.life_events {
        translated(event, "name", Some(&event.value.name), faults);
    }
    for item_type in &entries.types {
        translated(item_type, "name", Some(&item_type.value.name), faults);
    }
    for source in &entries.sources {
        translated(source, "text", Some(&source.value.text), faults);
    }
}

fn check_material(material: &Written<'_, Material>, faults: &mut Vec<Fault>) {
    let code = &material.value.code;
    if code.is_empty() || !code.chars().all(|letter| letter.is_ascii_uppercase()) {
        let message = format!("the material's code {code:?} is not made of capital letters");
        faults.push(material.fault("code", message, "Use two or three letters A to Z"));
    }
}

fn check_texts(item: &Written<'_, Item>, faults: &mut Vec<Fault>) {
    let value = &item.value;
    translated(item, "name", Some(&value.name), faults);
    translated(item, "summary", Some(&value.summary), faults);
    translated(item, "limit_note", value.limit_note.as_ref(), faults);
    translated(item, "result", Some(&value.result.name), faults);
    for material in &value.materials {
        translated(item, "materials", material.note.as_ref(), faults);
    }
    for (lang, words) in [(Lang::Zh, &value.keywords.zh), (Lang::En, &value.keywords.en)] {
        if words.is_empty() || words.iter().any(|word| word.trim().is_empty()) {
            faults.push(missing(item, "keywords", lang));
        }
    }
}

fn check_code(item: &Written<'_, Item>, entries: &Entries<'_>, faults: &mut Vec<Fault>) {
    let value = &item.value;
    let department = entries.departments.iter().find(|entry| entry.value.code == value.department);
    if department.is_some_and(|entry| !is_code_of(&value.code, &entry.value.prefix)) {
        let message = format!("the code {} does not belong to the department {}", value.code, value.department);
        faults.push(item.fault(
            "code",
            message,
            "Write the department's prefix, a hyphen and two or three digits, such as MZ-11",
        ));
    }
    if value.version < 1 {
        faults.push(item.fault("version", format!("the version is {}", value.version), "Count versions from 1"));
    }
    if value.procedure.trim().is_empty() {
        let remedy = "Name a procedure of data/procedures, such as separate";
        faults.push(item.fault("procedure", "the procedure is empty".to_owned(), remedy));
    }
}

fn check_known(item: &Written<'_, Item>, known: &Known<'_>, faults: &mut Vec<Fault>) {
    let value = &item.value;
    let papers =
        value.materials.iter().flat_map(|material| std::iter::once(&material.code).chain(&material.alternatives));
    let groups: [(&str, &str, &BTreeSet<&str>, Vec<&String>); 7] = [
        ("department", "department", &known.departments, vec![&value.department]),
        ("decides", "department", &known.departments, vec![&value.decides.department]),
        ("type", "type", &known.types, vec![&value.kind]),
        ("materials", "material", &known.materials, papers.collect()),
        ("life_events", "life event", &known.life_events, value.life_events.iter().collect()),
        ("limit_source", "source", &known.sources, value.limit_source.iter().collect()),
        ("name_source", "source", &known.sources, value.name_source.iter().collect()),
    ];
    for (column, what, codes, used) in groups {
        for code in used.into_iter().filter(|code| !codes.contains(code.as_str())) {
            let remedy = format!("Correct the code, or add the {what} to its own table");
            faults.push(item.fault(column, format!("the {what} {code:?} is not known"), &remedy));
        }
    }
}

fn check_limits(item: &Written<'_, Item>, faults: &mut Vec<Fault>) {
    let Item { promised, legal, .. } = &item.value;
    if promised.unit == legal.unit && promised.amount > legal.amount {
        let message =
            format!("what is promised ({}) is longer than the law allows ({})", shown(*promised), shown(*legal));
        faults.push(item.fault("promised", message, "Promise at most the statutory limit"));
    }
    if item.value.limit_source.is_empty() {
        let message = "the limits name no source".to_owned();
        faults.push(item.fault("limit_source", message, "Name one of sources.toml; T when there is none"));
    }
}

fn shown(limit: Limit) -> String {
    format!("{} {}", limit.amount, limit.unit.code())
}

fn check_route(item: &Written<'_, Item>, faults: &mut Vec<Fault>) {
    let value = &item.value;
    if value.route.last() != Some(&value.decides.level) {
        let message = "the route does not end at the level that decides".to_owned();
        faults.push(item.fault("route", message, "End the route with the level of decides"));
    }
    let rises = |pair: &[kernel::place::Level]| {
        pair.first().map(|level| level.depth()) > pair.last().map(|level| level.depth())
    };
    if !value.route.windows(2).all(rises) {
        let message = "the route does not rise from level to level".to_owned();
        faults.push(item.fault("route", message, "Order it community, street, district, city, each at most once"));
    }
}

fn check_papers(item: &Written<'_, Item>, faults: &mut Vec<Fault>) {
    let value = &item.value;
    if value.materials.is_empty() && value.custody == Custody::Separate {
        let message = "no material is named, yet papers are passed on".to_owned();
        faults.push(item.fault("materials", message, "Name the materials, or let the counter decide (custody D)"));
    }
    let paid = value.materials.iter().any(|material| material.code == BANK_CARD_MATERIAL);
    if paid != value.asks(PersonField::BankCard) {
        let message = format!("fields and materials disagree on the bank card ({BANK_CARD_MATERIAL})");
        faults.push(item.fault("fields", message, "Name bank_card exactly when the material is asked for"));
    }
    if !value.asks(PersonField::Telephone) {
        let remedy = "Add telephone: the office calls her, and number and telephone show how far her case is";
        faults.push(item.fault("fields", "the telephone is not asked for".to_owned(), remedy));
    }
    let known_by = value.asks(PersonField::Name) && value.asks(PersonField::ResidentId);
    if value.custody == Custody::Separate && !known_by {
        let remedy = "Add name and resident_id: an office cannot decide for somebody it does not know";
        faults.push(item.fault("fields", "the person is not asked for".to_owned(), remedy));
    }
    repeated(item, faults);
}

/// The material that goes with the field `bank_card`.
const BANK_CARD_MATERIAL: &str = "BK";

fn repeated(item: &Written<'_, Item>, faults: &mut Vec<Fault>) {
    let codes: BTreeSet<_> = item.value.materials.iter().map(|MaterialUse { code, .. }| code).collect();
    if codes.len() != item.value.materials.len() {
        let message = "a material is asked for twice".to_owned();
        faults.push(item.fault("materials", message, "Name each material once"));
    }
    let fields: BTreeSet<_> = item.value.fields.iter().collect();
    if fields.len() != item.value.fields.len() {
        faults.push(item.fault("fields", "a field is asked for twice".to_owned(), "Name each field once"));
    }
    let papers: BTreeSet<_> = item.value.identity.iter().collect();
    if papers.len() != item.value.identity.len() || papers.iter().any(|kind| kind.is_card()) {
        let message = "a kind of identity paper is named twice, or is a card that every item takes".to_owned();
        let remedy = "Name each of passport, hk_macao_permit, taiwan_permit and credit_code once at most";
        faults.push(item.fault("identity", message, remedy));
    }
    if !item.value.identity.is_empty() && !item.value.asks(PersonField::ResidentId) {
        let message = "identity papers are named, yet no number is asked for".to_owned();
        faults.push(item.fault("identity", message, "Add resident_id to fields, or leave identity out"));
    }
}

/// The fault of an item that names a procedure nobody knows.
pub(super) fn unknown_procedure(item: &Item, origin: Option<&Origin>, known: &[&str]) -> Fault {
    Fault {
        file: origin.map(|origin| origin.file.clone()).unwrap_or_default(),
        line: origin.map_or(0, |origin| origin.line),
        message: format!("{} follows the procedure {:?}, which is not known", item.code, item.procedure),
        remedy: format!("Use one of {}, or add the procedure to data/procedures", known.join(", ")),
    }
}
