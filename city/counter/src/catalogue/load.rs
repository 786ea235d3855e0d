//! Reads the files, puts the entries in order and hands them to the rules.

use super::form::FormPart;
use super::guide::{Guide, ProofList, ReadyReason, Synonym};
use super::reference::{Department, ItemType, LifeEvent, Material, Source};
use super::rules;
use super::{AskedMaterial, Catalogue, Item, MaterialUse, Origin, search};
use kernel::fault::Fault;
use kernel::language::{Bilingual, Lang};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Any file of the catalogue: which tables it holds is its own affair.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    item: Vec<Spanned<Item>>,
    #[serde(default)]
    department: Vec<Spanned<Department>>,
    #[serde(default)]
    material: Vec<Spanned<Material>>,
    #[serde(default)]
    life_event: Vec<Spanned<LifeEvent>>,
    #[serde(default, rename = "type")]
    item_type: Vec<Spanned<ItemType>>,
    #[serde(default)]
    source: Vec<Spanned<Source>>,
    #[serde(default)]
    guide: Vec<Spanned<Guide>>,
    #[serde(default)]
    proof_list: Vec<Spanned<ProofList>>,
    #[serde(default)]
    synonym: Vec<Spanned<Synonym>>,
    #[serde(default)]
    form: Vec<Spanned<FormPart>>,
    #[serde(default)]
    reason: Vec<Spanned<ReadyReason>>,
    #[serde(default)]
    featured: Vec<Spanned<String>>,
    #[serde(default)]
    alternative: Option<Bilingual>,
}

/// An entry with the place it is written at.
pub(super) struct Written<'f, T> {
    /// The file's name.
    pub file: &'f str,
    /// The file's text, to find the line of a column in.
    pub text: &'f str,
    /// The byte at which the entry begins.
    pub start: usize,
    /// The entry.
    pub value: T,
}

impl<T> Written<'_, T> {
    /// The line of one column of this entry, counted from 1; the entry's own line when the column is not written.
    pub fn line(&self, column: &str) -> usize {
        let entry = line_at(self.text, self.start);
        let mut below = self.text.lines().enumerate().skip(entry);
        let inside = below.by_ref().take_while(|(_, line)| !line.trim_start().starts_with("[["));
        inside.into_iter().find(|(_, line)| begins_with(line, column)).map_or(entry, |(at, _)| at + 1)
    }

    /// The line at which the entry begins, counted from 1.
    pub fn begin(&self) -> usize {
        line_at(self.text, self.start)
    }

    /// A fault of one column of this entry.
    pub fn fault(&self, column: &str, message: String, remedy: &str) -> Fault {
        Fault { file: self.file.to_owned(), line: self.line(column), message, remedy: remedy.to_owned() }
    }
}

/// Whether a line sets that column, as `column = …` or `column.zh = …`.
fn begins_with(line: &str, column: &str) -> bool {
    line.strip_prefix(column).is_some_and(|rest| rest.starts_with([' ', '=', '.']))
}

/// The line of a byte, counted from 1.
fn line_at(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|found| *found == b'\n').count()
}

/// Every entry of every file.
#[derive(Default)]
pub(super) struct Entries<'f> {
    pub items: Vec<Written<'f, Item>>,
    pub departments: Vec<Written<'f, Department>>,
    pub materials: Vec<Written<'f, Material>>,
    pub life_events: Vec<Written<'f, LifeEvent>>,
    pub types: Vec<Written<'f, ItemType>>,
    pub sources: Vec<Written<'f, Source>>,
    pub guides: Vec<Written<'f, Guide>>,
    pub proof_lists: Vec<Written<'f, ProofList>>,
    pub synonyms: Vec<Written<'f, Synonym>>,
    pub forms: Vec<Written<'f, FormPart>>,
    pub reasons: Vec<Written<'f, ReadyReason>>,
    pub featured: Vec<Written<'f, String>>,
    pub alternative: Bilingual,
}

impl<'f> Entries<'f> {
    fn add(&mut self, name: &'f str, text: &'f str) -> Result<(), Fault> {
        let file: File = toml::from_str(text).map_err(|error| unreadable(name, text, &error))?;
        written(&mut self.items, file.item, name, text);
        written(&mut self.departments, file.department, name, text);
        written(&mut self.materials, file.material, name, text);
        written(&mut self.life_events, file.life_event, name, text);
        written(&mut self.types, file.item_type, name, text);
        written(&mut self.sources, file.source, name, text);
        written(&mut self.guides, file.guide, name, text);
        written(&mut self.proof_lists, file.proof_list, name, text);
        written(&mut self.synonyms, file.synonym, name, text);
        written(&mut self.forms, file.form, name, text);
        written(&mut self.reasons, file.reason, name, text);
        written(&mut self.featured, file.featured, name, text);
        self.alternative = file.alternative.unwrap_or_else(|| std::mem::take(&mut self.alternative));
        Ok(())
    }
}

fn written<'f, T>(into: &mut Vec<Written<'f, T>>, values: Vec<Spanned<T>>, file: &'f str, text: &'f str) {
    into.extend(values.into_iter().map(|value| {
        let start = value.span().start;
        Written { file, text, start, value: value.into_inner() }
    }));
}

fn unreadable(name: &str, text: &str, error: &toml::de::Error) -> Fault {
    Fault {
        file: name.to_owned(),
        line: error.span().map_or(0, |span| line_at(text, span.start)),
        message: error.message().to_owned(),
        remedy: "Correct the line; data/catalogue/README.md says what each column may hold".to_owned(),
    }
}

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
    let faults = rules::check(&entries);
    if faults.is_empty() { Ok(assemble(entries)) } else { Err(faults) }
}

/// The first item of a text, with its guide.
pub(super) fn entry(text: &str) -> Option<(Item, Guide)> {
    let file: File = toml::from_str(text).ok()?;
    let item = file.item.into_iter().next()?.into_inner();
    let guide = file.guide.into_iter().map(Spanned::into_inner).find(|guide| guide.item == item.code);
    let guide = guide.unwrap_or_else(|| Guide { item: item.code.clone(), ..Guide::default() });
    Some((item, guide))
}

fn assemble(entries: Entries<'_>) -> Catalogue {
    let departments = values(entries.departments);
    let mut items = entries.items;
    items.sort_by_cached_key(|item| (position(&departments, &item.value.department), item.value.code.clone()));
    let origins = items.iter().map(|item| (item.value.code.clone(), origin(item, "procedure"))).collect();
    let items = values(items);
    let by_code = items.iter().enumerate().map(|(at, item)| (item.code.clone(), at)).collect();
    let index = search::Index::new(&items, &departments, &values(entries.synonyms));
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
        guides: keyed(entries.guides, |guide| guide.item.clone()),
        proof_lists: values(entries.proof_lists),
        forms: keyed(entries.forms, |form| form.material.clone()),
        reasons: values(entries.reasons),
        origins,
        material_origins,
        alternative: entries.alternative,
        index,
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

/// An English name without the capital letter of its beginning.
fn inside_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
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
