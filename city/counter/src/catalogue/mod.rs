//! The catalogue of items (事项目录): what a resident can ask for, who decides it, by when, and with which papers.
//!
//! The catalogue is data (`data/catalogue/*.toml`); a city edits it there. This module reads the files, says with file
//! and line what is wrong in them, and finds items by words, pinyin or code. It is pure: the files come in as texts.

mod age;
mod answer;
#[cfg(test)]
mod asked;
#[cfg(test)]
mod asked_of_others;
mod asking;
mod asking_rules;
mod check;
mod code;
mod entries;
mod form;
mod form_rules;
mod guide;
mod guide_rules;
mod item;
mod load;
mod numeral;
mod reading;
mod reference;
mod rules;
mod search;
mod sentence;
#[cfg(test)]
pub(crate) mod tests;

pub use age::{Age as AgeLimits, years_on};
pub use answer::{Answer, Hit};
pub use asking::{
    Age, Condition, Elsewhere, Fit, MYSELF, OLDEST, People, Person, Relation, Situation, Stage, Verdict, Want,
};
pub use check::{Counts, Report};
pub use code::{ItemCode, is_code_of};
pub use form::{FieldKind, FormField, FormOption, FormPart, When};
pub use guide::{
    Asked, Beside, Finding, Guide, GuideAnswer, GuideQuestion, Proof, ProofList, ReadyReason, Sourced, Synonym,
};
pub use item::{Applicant, AskedMaterial, Aspect, Custody, Decides, Issued, IssuedKind, Item, Keywords, MaterialUse};
pub use kernel::fault::Fault;
pub use reference::{Department, ItemType, LifeEvent, Material, MaterialForm, MaterialSource, Source};

use kernel::language::{Bilingual, Lang};
use kernel::procedure::Telling;
use kernel::time::Date;
use std::collections::BTreeMap;
use std::slice;

/// The catalogue of a city, checked and indexed. Items are in the order of their departments, then of their codes.
#[derive(Clone, Debug)]
pub struct Catalogue {
    items: Vec<Item>,
    by_code: BTreeMap<String, usize>,
    departments: Vec<Department>,
    materials: BTreeMap<String, Material>,
    asked: BTreeMap<String, Vec<AskedMaterial>>,
    featured: Vec<String>,
    life_events: Vec<LifeEvent>,
    types: Vec<ItemType>,
    sources: BTreeMap<String, Source>,
    guides: BTreeMap<String, Guide>,
    proof_lists: Vec<ProofList>,
    forms: BTreeMap<String, FormPart>,
    reasons: Vec<ReadyReason>,
    ages: BTreeMap<String, AgeLimits>,
    origins: BTreeMap<String, Origin>,
    material_origins: BTreeMap<String, Origin>,
    alternative: Bilingual,
    index: search::Index,
    people: People,
    elsewhere: Vec<Elsewhere>,
    vocabulary: sentence::Vocabulary,
}

/// Where an item is written.
#[derive(Clone, Debug)]
struct Origin {
    file: String,
    line: usize,
}

impl Catalogue {
    /// Reads a catalogue from its files, each as (name, text). Which table stands in which file does not matter.
    ///
    /// # Errors
    /// Returns every fault found, with file, line and remedy. While a file cannot be read at all, it returns only such
    /// faults: faults in what refers to its entries would be reported in vain.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        load::load(files, &[])
    }

    /// Reads a catalogue from its files. The items of other texts, with their guides, take the place of those of the
    /// files.
    ///
    /// # Errors
    /// As [`Catalogue::load`].
    pub fn load_over(files: &[(String, String)], over: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        load::load(files, over)
    }

    /// The item written in a text, with its guide; none when the text cannot be read.
    pub fn entry(text: &str) -> Option<(Item, Guide)> {
        entries::entry(text)
    }

    /// The item of that code; upper and lower case are the same.
    pub fn get(&self, code: &str) -> Option<&Item> {
        self.by_code.get(&code.trim().to_ascii_uppercase()).and_then(|at| self.items.get(*at))
    }

    /// All items.
    pub fn items(&self) -> slice::Iter<'_, Item> {
        self.items.iter()
    }

    /// The items shown first on the first page, in the order the city gave them.
    pub fn featured(&self) -> impl Iterator<Item = &Item> {
        self.featured.iter().filter_map(|code| self.get(code))
    }

    /// The papers of an item, in the order in which the counter asks for them.
    pub fn materials_of(&self, item: &Item) -> slice::Iter<'_, AskedMaterial> {
        self.asked.get(&item.code).map(Vec::as_slice).unwrap_or_default().iter()
    }

    /// The papers of an item that need not be the one in force: an earlier version, a draft.
    pub fn papers_of(&self, item: &Item) -> Vec<AskedMaterial> {
        load::asked(&item.materials, &self.materials, &self.alternative)
    }

    /// The items of one department, by its code.
    pub fn by_department<'a>(&'a self, department: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.department == department)
    }

    /// The items that belong to one event of life, by its code.
    pub fn by_life_event<'a>(&'a self, event: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items.iter().filter(move |item| item.life_events.iter().any(|code| code == event))
    }

    /// The departments, in the order of the file.
    pub fn departments(&self) -> slice::Iter<'_, Department> {
        self.departments.iter()
    }

    /// The department of that code.
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.code == code)
    }

    /// The material of that code.
    pub fn material(&self, code: &str) -> Option<&Material> {
        self.materials.get(code)
    }

    /// All materials, by code.
    pub fn materials(&self) -> &BTreeMap<String, Material> {
        &self.materials
    }

    /// The events of life, in the order in which pages show them.
    pub fn life_events(&self) -> slice::Iter<'_, LifeEvent> {
        self.life_events.iter()
    }

    /// The event of life of that code.
    pub fn life_event(&self, code: &str) -> Option<&LifeEvent> {
        self.life_events.iter().find(|event| event.code == code)
    }

    /// The type (事项类型) of that code, such as `05`.
    pub fn item_type(&self, code: &str) -> Option<&ItemType> {
        self.types.iter().find(|item_type| item_type.code == code)
    }

    /// The types (事项类型), in the order of the file.
    pub fn item_types(&self) -> slice::Iter<'_, ItemType> {
        self.types.iter()
    }

    /// Every source, by its code.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// The source of that code, such as `L1`.
    pub fn source(&self, code: &str) -> Option<&Source> {
        self.sources.get(code)
    }

    /// The items that answer to what somebody typed, best first, at most `limit`. It understands Chinese words from one
    /// character on, everyday words and synonyms, full pinyin, initials, codes, English words, and sentences in both
    /// languages. `lang` is the language of the page and settles what Latin letters most likely mean. Items that the
    /// age in a sentence excludes come last.
    pub fn search(&self, words: &str, lang: Lang, limit: usize) -> Vec<&Item> {
        let answer = self.ask(words, lang, limit);
        answer.hits.iter().chain(&answer.excluded).map(|hit| hit.item).take(limit).collect()
    }

    /// The items whose names, or the everyday words for them, are typed with these letters: in pinyin or by initials.
    /// One letter names nothing.
    pub fn typed<'a>(&'a self, letters: &'a str) -> impl Iterator<Item = &'a Item> {
        let named = self.index.named_by(letters);
        self.items.iter().enumerate().filter(move |(at, _)| named.contains(at)).map(|(_, item)| item)
    }

    /// Whom items are for, and the words in which people say it.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What people ask any counter for and somebody else does, in the order of the file.
    pub fn elsewhere(&self) -> slice::Iter<'_, Elsewhere> {
        self.elsewhere.iter()
    }

    /// What the guide of an item says beyond the item itself.
    pub fn guide(&self, item: &str) -> Option<&Guide> {
        self.guides.get(item)
    }

    /// The ages that an item is for, as they are told before somebody applies, by its code.
    pub fn age(&self, item: &str) -> Option<&AgeLimits> {
        self.ages.get(item)
    }

    /// How many items are for people of certain ages.
    pub(super) fn ages(&self) -> usize {
        self.ages.len()
    }

    /// The reasons kept ready for a step of an item: its own first, then those of every item.
    pub fn reasons<'a>(&'a self, item: &str, told: Telling) -> impl Iterator<Item = &'a ReadyReason> {
        let own = self.guides.get(item).map(|guide| guide.reasons.as_slice()).unwrap_or_default();
        own.iter().chain(&self.reasons).filter(move |ready| ready.told == told)
    }

    /// The questions of a paper that can be filled in here, by the code of its material.
    pub fn form(&self, material: &str) -> Option<&FormPart> {
        self.forms.get(material)
    }

    /// The lists of proofs that communities must not be asked for, as the files have them.
    pub fn proof_lists(&self) -> &[ProofList] {
        &self.proof_lists
    }

    /// The materials that ask for a proof that is forbidden on that day. The day is not known here, so the caller asks
    /// once it is.
    pub fn forbidden_proofs(&self, on: Date) -> Vec<Fault> {
        let written = |code: &str| self.material_origins.get(code).map_or(("", 0), |at| (at.file.as_str(), at.line));
        let materials = self.materials.values().map(|material| (material, written(&material.code)));
        guide_rules::forbidden(&self.proof_lists, materials, on)
    }

    /// The materials of one item that ask for a proof that is forbidden on that day.
    pub fn forbidden_in(&self, item: &Item, on: Date) -> Vec<Fault> {
        let used = item.materials.iter().flat_map(|paper| std::iter::once(&paper.code).chain(&paper.alternatives));
        let materials = used.filter_map(|code| self.materials.get(code)).map(|material| (material, ("", 0)));
        guide_rules::forbidden(&self.proof_lists, materials, on)
    }

    /// How many items there are, by department, custody and what is provisional.
    pub fn counts(&self) -> Counts {
        Counts::of(self)
    }

    /// What `lianglin catalogue check` prints for a catalogue without faults.
    pub fn check(&self) -> Report<'_> {
        Report::new(self)
    }

    /// The items whose procedure is none of the known ones. Procedures are loaded elsewhere, so the caller asks once
    /// both are there.
    pub fn unknown_procedures(&self, known: &[&str]) -> Vec<Fault> {
        let unknown = self.items.iter().filter(|item| !known.contains(&item.procedure.as_str()));
        unknown.map(|item| rules::unknown_procedure(item, self.origins.get(&item.code), known)).collect()
    }
}
