//! Papers that are filled in here instead of on paper: which papers an item asks for, which questions are seen under
//! the answers so far, what a good answer is. The file is pure. Answers are flat, as forms send them: `IN_rent`,
//! `IN_members_0_name`. `IN_paper` says that the paper itself will be brought.

pub mod card;
pub mod members;
mod note;
#[cfg(test)]
mod tests;
mod value;

pub use note::{lines, write};

use std::collections::{BTreeMap, BTreeSet};

use kernel::refusal::Refusal;
use kernel::time::Date;
use serde_json::{Map, Value};

use crate::catalogue::{Catalogue, FieldKind, FormField, FormPart, Item, When};

/// Answers as they were typed, by material code and question.
pub type Given = BTreeMap<String, String>;
/// Good answers: the fields of each paper by the code of its material.
pub type Parts = BTreeMap<String, Map<String, Value>>;

/// Before the names of these answers in a page's form.
pub const PREFIX: &str = "p_";
/// The name, beside a paper's questions, of "I will bring it on paper".
const ON_PAPER: &str = "paper";

/// A paper of an item that can be filled in here.
#[derive(Clone, Debug)]
pub struct Asked<'c> {
    /// Its questions.
    pub form: &'c FormPart,
    /// Code of the item's material that it counts for.
    pub paper: &'c str,
    /// It stands in for another paper, or is asked only of those it concerns.
    pub optional: bool,
}

/// Who fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The resident, a paper a page: each is filled in, or she says that she brings it.
    Online,
    /// A worker on one page: a paper that is left empty is handed over, or comes later.
    Desk,
}

/// What was filled in well.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The answers.
    pub parts: Parts,
    /// The item's materials that count as received by it; false where something of them is still to be brought.
    pub papers: BTreeMap<String, bool>,
}

impl Catalogue {
    /// The papers of an item that can be filled in here, in the item's order, without those that the guide's answers
    /// made unneeded. If a material has no form of its own, a form that will do instead is offered.
    #[must_use]
    pub fn forms_of<'c>(&'c self, item: &'c Item, unneeded: &[String]) -> Vec<Asked<'c>> {
        let mut asked: Vec<Asked<'c>> = Vec::new();
        for paper in item.materials.iter().filter(|paper| !unneeded.contains(&paper.code)) {
            let own = self.form(&paper.code).map(|form| (form, !paper.needed));
            let instead = || paper.alternatives.iter().find_map(|code| self.form(code)).map(|form| (form, true));
            if let Some((form, optional)) = own.or_else(instead)
                && asked.iter().all(|one| one.form.material != form.material)
            {
                asked.push(Asked { form, paper: &paper.code, optional });
            }
        }
        asked
    }
}

/// The name of an answer.
#[must_use]
pub fn key(form: &FormPart, code: &str) -> String {
    format!("{}_{code}", form.material)
}

/// The name of "I will bring it on paper".
#[must_use]
pub fn on_paper_key(form: &FormPart) -> String {
    key(form, ON_PAPER)
}

/// Whether she brings it on paper.
#[must_use]
pub fn on_paper(form: &FormPart, given: &Given) -> bool {
    answer(given, &on_paper_key(form)) == "1"
}

/// An answer as it was typed, without space around it; empty for none.
#[must_use]
pub fn answer<'g>(given: &'g Given, name: &str) -> &'g str {
    given.get(name).map(|typed| typed.trim()).unwrap_or_default()
}

/// Those of the answers that the papers ask for: nothing else is carried along or kept.
#[must_use]
pub fn known(asked: &[Asked<'_>], given: &Given) -> Given {
    let belongs = |name: &str| {
        let Some((material, rest)) = name.split_once('_') else { return false };
        let form = asked.iter().map(|one| one.form).find(|form| form.material == material);
        form.is_some_and(|form| rest == ON_PAPER || form.fields.iter().any(|field| names(field, rest)))
    };
    let kept = given.iter().filter(|(name, typed)| !typed.is_empty() && belongs(name));
    kept.map(|(name, typed)| (name.clone(), typed.clone())).collect()
}

fn names(field: &FormField, rest: &str) -> bool {
    let Some(tail) = rest.strip_prefix(field.code.as_str()) else { return false };
    let inner = tail.strip_prefix('_');
    match (field.kind, inner) {
        (FieldKind::Signature, Some(inner)) => inner == value::DRAWN,
        (FieldKind::Members, Some(inner)) => members::is_cell(inner),
        _ => tail.is_empty(),
    }
}

/// The questions that are seen under the answers so far. A question that depends on the answer to one that is not seen
/// is not seen either.
#[must_use]
pub fn visible<'f>(form: &'f FormPart, given: &Given) -> Vec<&'f FormField> {
    let mut seen = BTreeSet::new();
    let mut shown = Vec::new();
    for field in &form.fields {
        let asked =
            field.when.as_ref().is_none_or(|when| seen.contains(when.field.as_str()) && is_so(form, when, given));
        if asked {
            seen.insert(field.code.as_str());
            shown.push(field);
        }
    }
    shown
}

fn is_so(form: &FormPart, when: &When, given: &Given) -> bool {
    answer(given, &key(form, &when.field)) == when.is
}

/// Whether anything was typed into the paper.
#[must_use]
pub fn touched(form: &FormPart, given: &Given) -> bool {
    let begin = key(form, "");
    let typed = |(name, typed): (&String, &String)| {
        let rest = name.strip_prefix(&begin);
        rest.is_some_and(|rest| rest != ON_PAPER && !rest.ends_with("_rows")) && !typed.trim().is_empty()
    };
    given.iter().any(typed)
}

/// The good answers of one paper, or everything that is wrong with it. Each fault names its field as the form does.
///
/// # Errors
/// Every fault, in the order of the questions.
pub fn read(form: &FormPart, given: &Given, today: Date) -> Result<Map<String, Value>, Vec<Refusal>> {
    let (mut part, mut faults) = (Map::new(), Vec::new());
    for field in visible(form, given) {
        let name = key(form, &field.code);
        let found = match field.kind {
            FieldKind::Members => members::read(field, &name, given, today),
            _ => value::read(field, &name, given, today).map_err(|refusal| vec![refusal]),
        };
        match found {
            Ok(value) => part.extend(value.map(|value| (field.code.clone(), value))),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(part) } else { Err(faults) }
}

/// What is wrong with one paper as a resident fills it in: nothing where she brings it.
#[must_use]
pub fn faults(form: &FormPart, given: &Given, today: Date) -> Vec<Refusal> {
    if on_paper(form, given) { Vec::new() } else { read(form, given, today).err().unwrap_or_default() }
}

/// The table of members that has this name, if the paper has one: where a row can be added.
#[must_use]
pub fn table(form: &FormPart, name: &str) -> Option<String> {
    let mut tables = form.fields.iter().filter(|field| field.kind == FieldKind::Members);
    tables.find(|field| key(form, &field.code) == name).map(|_| name.to_owned())
}

/// Whether all these faults are about questions that were not on the page yet. Then the page is drawn again with them,
/// and nothing is held against her.
#[must_use]
pub fn only_new(form: &FormPart, given: &Given, shown: &str, faults: &[Refusal]) -> bool {
    let shown: BTreeSet<&str> = shown.split_whitespace().collect();
    let new: BTreeSet<String> = visible(form, given)
        .into_iter()
        .filter(|field| !shown.contains(field.code.as_str()))
        .map(|field| format!("{PREFIX}{}", key(form, &field.code)))
        .collect();
    !faults.is_empty() && faults.iter().all(|fault| fault.field.as_ref().is_some_and(|field| new.contains(field)))
}

/// All papers of an application.
///
/// # Errors
/// Every fault of every paper.
pub fn fill(asked: &[Asked<'_>], given: &Given, today: Date, way: Way) -> Result<Filled, Vec<Refusal>> {
    let (mut filled, mut faults) = (Filled::default(), Vec::new());
    for one in asked {
        if on_paper(one.form, given) || (way == Way::Desk && !touched(one.form, given)) {
            continue;
        }
        match read(one.form, given, today) {
            Ok(part) => {
                let later = one.form.later_when.as_ref().is_some_and(|when| is_so(one.form, when, given));
                filled.papers.insert(one.paper.to_owned(), !later);
                filled.parts.insert(one.form.material.clone(), part);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(filled) } else { Err(faults) }
}
