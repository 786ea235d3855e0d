//! The entries of all files with the places they are written at, and what the rules of several of them need.

use super::asking::{Condition, Elsewhere, Relation, Situation, Stage, Want};
use super::form::FormPart;
use super::guide::{Guide, ProofList, ReadyReason, Synonym};
use super::item::{Item, Keywords};
use super::reference::{Department, ItemType, LifeEvent, Material, Source};
use kernel::fault::Fault;
use kernel::language::{Bilingual, Lang};
use serde::Deserialize;
use std::collections::BTreeSet;
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
    relation: Vec<Spanned<Relation>>,
    #[serde(default)]
    stage: Vec<Spanned<Stage>>,
    #[serde(default)]
    situation: Vec<Spanned<Situation>>,
    #[serde(default)]
    want: Vec<Spanned<Want>>,
    #[serde(default)]
    condition: Vec<Spanned<Condition>>,
    #[serde(default)]
    elsewhere: Vec<Spanned<Elsewhere>>,
    #[serde(default)]
    empty: Keywords,
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
        let entry = self.begin();
        let below = self.text.get(self.start..).unwrap_or_default().lines().skip(1);
        let inside = below.take_while(|line| !line.trim_start().starts_with("[["));
        inside.zip(entry + 1..).find(|(line, _)| begins_with(line, column)).map_or(entry, |(_, at)| at)
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
    1 + text.get(..byte).unwrap_or(text).matches('\n').count()
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
    pub relations: Vec<Written<'f, Relation>>,
    pub stages: Vec<Written<'f, Stage>>,
    pub situations: Vec<Written<'f, Situation>>,
    pub wants: Vec<Written<'f, Want>>,
    pub conditions: Vec<Written<'f, Condition>>,
    pub elsewhere: Vec<Written<'f, Elsewhere>>,
    /// Words that carry no meaning in a sentence.
    pub empty: Keywords,
    pub featured: Vec<Written<'f, String>>,
    pub alternative: Bilingual,
}

impl<'f> Entries<'f> {
    /// Reads one file.
    pub(super) fn add(&mut self, name: &'f str, text: &'f str) -> Result<(), Fault> {
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
        written(&mut self.relations, file.relation, name, text);
        written(&mut self.stages, file.stage, name, text);
        written(&mut self.situations, file.situation, name, text);
        written(&mut self.wants, file.want, name, text);
        written(&mut self.conditions, file.condition, name, text);
        written(&mut self.elsewhere, file.elsewhere, name, text);
        self.empty.zh.extend(file.empty.zh);
        self.empty.en.extend(file.empty.en);
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

/// The first item of a text, with its guide.
pub(super) fn entry(text: &str) -> Option<(Item, Guide)> {
    let file: File = toml::from_str(text).ok()?;
    let item = file.item.into_iter().next()?.into_inner();
    let guide = file.guide.into_iter().map(Spanned::into_inner).find(|guide| guide.item == item.code);
    let guide = guide.unwrap_or_else(|| Guide { item: item.code.clone(), ..Guide::default() });
    Some((item, guide))
}

/// The codes of one table; a code that comes again is a fault.
pub(super) fn unique<'e, T>(
    table: &'e [Written<'_, T>],
    code: impl Fn(&'e T) -> &'e String,
    column: &str,
    faults: &mut Vec<Fault>,
) -> BTreeSet<&'e str> {
    let mut seen = BTreeSet::new();
    for entry in table {
        let found = code(&entry.value);
        if !seen.insert(found.as_str()) {
            faults.push(entry.fault(
                column,
                format!("the code {found} is used twice"),
                "Give one of them a code of its own",
            ));
        }
    }
    seen
}

/// Notes a fault when the text is not written in both languages.
pub(super) fn translated<T>(entry: &Written<'_, T>, column: &str, text: Option<&Bilingual>, faults: &mut Vec<Fault>) {
    if let Some(lang) = text.and_then(Bilingual::missing) {
        faults.push(missing(entry, column, lang));
    }
}

/// The fault of a text that is not written in one language.
pub(super) fn missing<T>(entry: &Written<'_, T>, column: &str, lang: Lang) -> Fault {
    let language = lang.pick("Chinese", "English");
    entry.fault(column, format!("{column} has no {language} text"), "Write it: every text is in both languages")
}

/// Small letters, digits and _.
pub(super) fn is_word(code: &str) -> bool {
    !code.is_empty()
        && code.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# 说明\n[[item]]\ncode = \"甲\"\nname.zh = \"乙\"\nname_source = []\n  [[item.more]]\nlaw = 1\n";

    #[test]
    fn a_column_is_found_on_its_line_inside_its_own_entry() {
        let start = TEXT.find("[[item]]").unwrap();
        let entry = Written { file: "a.toml", text: TEXT, start, value: () };
        let table = [("code", 3), ("name", 4), ("name_source", 5), ("nam", 2), ("law", 2), ("", 2)];
        for (column, line) in table {
            assert_eq!(entry.line(column), line, "{column}");
        }
        assert_eq!(entry.begin(), 2);
        let fault = entry.fault("name", "it is wrong".to_owned(), "Mend it");
        assert_eq!(fault.to_string(), "a.toml:4: it is wrong. Mend it");
        let lost = Written { start: 9_999, ..entry };
        assert_eq!((lost.begin(), lost.line("code")), (8, 8), "behind the end of the text");
    }

    #[test]
    fn a_line_sets_the_column_that_it_begins_with() {
        let table = [
            ("name = 1", true),
            ("name=1", true),
            ("name.zh = 1", true),
            ("name", false),
            ("names = 1", false),
            ("name_source = 1", false),
            (" name = 1", false),
            ("\"name\" = 1", false),
        ];
        for (line, sets) in table {
            assert_eq!(begins_with(line, "name"), sets, "{line}");
        }
    }

    #[test]
    fn a_word_is_made_of_small_letters_digits_and_underlines() {
        for (code, word) in [
            ("age", true),
            ("a_1", true),
            ("_", true),
            ("", false),
            ("Age", false),
            ("a-b", false),
            ("岁", false),
            ("a b", false),
        ] {
            assert_eq!(is_word(code), word, "{code}");
        }
    }

    #[test]
    fn a_text_without_an_item_is_no_entry() {
        for text in ["", "[[guide]]\nitem = \"MZ-11\"\n", "[[item]]\ncode = \"MZ-11\"\n", "[[item", "[[nothing]]\n"] {
            assert!(entry(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_names_its_line() {
        for (text, line, part) in [
            ("\n\n[[kind]]\n", 3, "unknown field `kind`"),
            ("[[type]]\ncode = 1\n", 2, "invalid type"),
            ("[[type]]\n\ncode == 1\n", 3, ""),
        ] {
            let fault = Entries::default().add("a.toml", text).unwrap_err();
            assert_eq!((fault.file.as_str(), fault.line), ("a.toml", line), "{fault}");
            assert!(fault.message.contains(part) && fault.remedy.contains("README.md"), "{fault}");
        }
    }
}
