//! This file reads the TOML of the rulebook and tells everything that is wrong with it, with file, line and remedy.

use crate::words::{Clause, Document, Fault, Group, Parameter, Said, Unit, Value};
use kernel::{language::Bilingual, time::Date};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Everything that the files hold.
pub struct Loaded {
    /// The documents, by their keys.
    pub documents: BTreeMap<String, Document>,
    /// The figures, by their codes.
    pub parameters: BTreeMap<String, Parameter>,
    /// What concerns residents, in the order of the files.
    pub groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    document: Vec<RawDocument>,
    #[serde(default)]
    parameter: Vec<RawParameter>,
    #[serde(default)]
    group: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    title: Spanned<Bilingual>,
    lines: Vec<RawSaid>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSaid {
    code: Spanned<String>,
    says: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDocument {
    id: Spanned<String>,
    number: String,
    title: Bilingual,
    issuer: Bilingual,
    date: Spanned<String>,
    from: Spanned<String>,
    to: Option<Spanned<String>>,
    #[serde(default)]
    replaces: Vec<Spanned<String>>,
    source: Bilingual,
    clauses: Vec<RawClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClause {
    number: Spanned<String>,
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawParameter {
    code: Spanned<String>,
    title: Bilingual,
    unit: Spanned<String>,
    used_for: Bilingual,
    values: Vec<Spanned<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValue {
    number: i64,
    place: Option<Spanned<String>>,
    from: Spanned<String>,
    to: Option<Spanned<String>>,
    document: Option<String>,
    clause: Option<String>,
    #[serde(default)]
    provisional: bool,
}

/// Where a sentence has its number.
const NUMBER: &str = "{n}";

/// Where we are while reading: one file, and the faults found so far in all of them.
struct Reader<'t, 'f> {
    file: &'t str,
    text: &'t str,
    faults: &'f mut Vec<Fault>,
}

impl Reader<'_, '_> {
    fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).matches('\n').count() + 1
    }

    fn fault(&mut self, at: usize, message: impl Into<String>, remedy: &str) {
        let line = self.line(at);
        self.faults.push(Fault { file: self.file.into(), line, message: message.into(), remedy: remedy.into() });
    }

    fn date(&mut self, text: &Spanned<String>) -> Date {
        text.get_ref().parse().unwrap_or_else(|_| {
            self.fault(text.span().start, format!("{:?} is not a date", text.get_ref()), "Write it as \"2026-01-31\".");
            Date::ZERO
        })
    }

    /// Returns the unit of a name. Returns a bare number if there is no such unit, so that reading goes on.
    fn unit(&mut self, text: &Spanned<String>) -> Unit {
        Unit::parse(text.get_ref()).unwrap_or_else(|| {
            let known = Unit::all().map(Unit::code).collect::<Vec<_>>().join(", ");
            let message = format!("{:?} is not a unit", text.get_ref());
            self.fault(text.span().start, message, &format!("Write one of: {known}; `count` for a bare number."));
            Unit::Count
        })
    }

    fn both(&mut self, at: usize, what: &str, text: &Bilingual) {
        if let Some(lang) = text.missing() {
            self.fault(at, format!("{what} has no text in {}", lang.code()), "Write both `zh` and `en`.");
        }
    }
}

/// Reads all files. Returns every fault found in them, if there are any.
pub fn load(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Loaded, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut parsed = Vec::new();
    for (file, text) in files {
        let mut reader = Reader { file: file.as_ref(), text: text.as_ref(), faults: &mut faults };
        match toml::from_str::<File>(reader.text) {
            Ok(content) => parsed.push((reader.file, reader.text, content)),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                reader.fault(at, error.message(), "Compare the entry with its neighbours in data/rulebook.");
            }
        }
    }
    let mut documents = BTreeMap::new();
    for (file, text, content) in &mut parsed {
        let mut reader = Reader { file, text, faults: &mut faults };
        for raw in content.document.drain(..) {
            document(&mut reader, raw, &mut documents);
        }
    }
    let mut parameters = BTreeMap::new();
    for (file, text, content) in &mut parsed {
        let mut reader = Reader { file, text, faults: &mut faults };
        for raw in content.parameter.drain(..) {
            parameter(&mut reader, raw, &documents, &mut parameters);
        }
    }
    let mut groups = Vec::new();
    for (file, text, content) in &mut parsed {
        let mut reader = Reader { file, text, faults: &mut faults };
        groups.extend(content.group.drain(..).map(|raw| group(&mut reader, raw, &parameters)));
    }
    replaced(&documents, &mut faults);
    if faults.is_empty() { Ok(Loaded { documents: strip(documents), parameters, groups }) } else { Err(faults) }
}

/// A document with the places in the text of the documents it replaces, which may stand in a later file.
struct Read {
    document: Document,
    replaces: Vec<Fault>,
}

fn strip(read: BTreeMap<String, Read>) -> BTreeMap<String, Document> {
    read.into_iter().map(|(id, read)| (id, read.document)).collect()
}

fn replaced(read: &BTreeMap<String, Read>, faults: &mut Vec<Fault>) {
    for one in read.values() {
        let missing = one.document.replaces.iter().zip(&one.replaces).filter(|(id, _)| !read.contains_key(*id));
        faults.extend(missing.map(|(_, fault)| fault.clone()));
    }
}

fn document(reader: &mut Reader<'_, '_>, raw: RawDocument, into: &mut BTreeMap<String, Read>) {
    let at = raw.id.span().start;
    let id = raw.id.into_inner();
    for (what, text) in [("the title", &raw.title), ("the issuer", &raw.issuer), ("the source", &raw.source)] {
        reader.both(at, what, text);
    }
    let (date, from) = (reader.date(&raw.date), reader.date(&raw.from));
    let to = raw.to.as_ref().map(|to| reader.date(to));
    if to.is_some_and(|to| to < from) {
        reader.fault(at, format!("document {id:?} ends before it begins"), "Put `to` on or after `from`.");
    }
    if raw.clauses.is_empty() {
        reader.fault(
            at,
            format!("document {id:?} has no clause"),
            "Add each clause that a figure cites, in your own words.",
        );
    }
    let clauses = clauses(reader, raw.clauses);
    let replaces = raw.replaces.iter().map(Spanned::get_ref).cloned().collect();
    let spots = spots(reader, &raw.replaces);
    let document = Document {
        id: id.clone(),
        number: raw.number,
        title: raw.title,
        issuer: raw.issuer,
        date,
        from,
        to,
        replaces,
        source: raw.source,
        clauses,
    };
    if into.insert(id.clone(), Read { document, replaces: spots }).is_some() {
        reader.fault(at, format!("document {id:?} stands twice"), "Give each document its own `id`.");
    }
}

/// Returns the faults to tell if a replaced document is not found in any file.
fn spots(reader: &Reader<'_, '_>, replaces: &[Spanned<String>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut aside = Reader { file: reader.file, text: reader.text, faults: &mut faults };
    for id in replaces {
        let message = format!("document {:?} is not known", id.get_ref());
        aside.fault(id.span().start, message, "Name the `id` of a document of data/rulebook.");
    }
    faults
}

fn clauses(reader: &mut Reader<'_, '_>, raw: Vec<RawClause>) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = Vec::new();
    for RawClause { number, zh, en } in raw {
        let text = Bilingual::new(zh, en);
        reader.both(number.span().start, "the clause", &text);
        if clauses.iter().any(|clause| &clause.number == number.get_ref()) {
            let message = format!("clause {:?} stands twice", number.get_ref());
            reader.fault(number.span().start, message, "Number the clauses differently.");
        }
        clauses.push(Clause { number: number.into_inner(), text });
    }
    clauses
}

fn parameter(
    reader: &mut Reader<'_, '_>,
    raw: RawParameter,
    documents: &BTreeMap<String, Read>,
    into: &mut BTreeMap<String, Parameter>,
) {
    let at = raw.code.span().start;
    let code = raw.code.into_inner();
    reader.both(at, "the title", &raw.title);
    reader.both(at, "what it is used for", &raw.used_for);
    let unit = reader.unit(&raw.unit);
    if raw.values.is_empty() {
        reader.fault(at, format!("{code:?} has no value"), "Add one with `from`, `number`, `document` and `clause`.");
    }
    let mut values: Vec<(usize, Value)> = Vec::new();
    for value in raw.values {
        values.push((value.span().start, self::value(reader, value, unit, documents)));
    }
    values.sort_by(|(_, a), (_, b)| (a.from, &a.place).cmp(&(b.from, &b.place)));
    overlaps(reader, &code, &values);
    let values = values.into_iter().map(|(_, value)| value).collect();
    let parameter = Parameter {
        code: code.clone(),
        title: raw.title,
        unit,
        used_for: raw.used_for,
        values,
        file: reader.file.to_owned(),
        line: reader.line(at),
    };
    if into.insert(code.clone(), parameter).is_some() {
        reader.fault(at, format!("{code:?} stands twice"), "Put all its values under one entry.");
    }
}

fn value(reader: &mut Reader<'_, '_>, raw: Spanned<RawValue>, unit: Unit, documents: &BTreeMap<String, Read>) -> Value {
    let at = raw.span().start;
    let raw = raw.into_inner();
    let from = reader.date(&raw.from);
    let to = raw.to.as_ref().map(|to| reader.date(to));
    if to.is_some_and(|to| to < from) {
        reader.fault(at, "the value ends before it begins", "Put `to` on or after `from`.");
    }
    if let Some(place) = raw.place.as_ref().filter(|place| !is_code(place.get_ref())) {
        let message = format!("{:?} is not an official code", place.get_ref());
        reader.fault(
            place.span().start,
            message,
            "Write the 12 digits of the place, or leave `place` out for everywhere.",
        );
    }
    let (document, clause) = cited(reader, at, (raw.document, raw.clause), documents);
    let place = raw.place.map(Spanned::into_inner);
    let provisional = raw.provisional;
    Value { number: raw.number, unit, place, from, to, document, clause, provisional }
}

/// Reads what concerns residents: each line names a figure of the rulebook and has room for its number.
fn group(reader: &mut Reader<'_, '_>, raw: RawGroup, parameters: &BTreeMap<String, Parameter>) -> Group {
    reader.both(raw.title.span().start, "the title of the group", raw.title.get_ref());
    let mut said = Vec::new();
    for RawSaid { code, says } in raw.lines {
        let at = code.span().start;
        reader.both(at, "what the line says", &says);
        if !parameters.contains_key(code.get_ref()) {
            let message = format!("{:?} is not in the rulebook", code.get_ref());
            reader.fault(at, message, "Correct the code, or take the line out.");
        }
        if !says.zh.contains(NUMBER) || !says.en.contains(NUMBER) {
            let message = format!("{:?} has no room for its number", code.get_ref());
            reader.fault(at, message, "Write {n} where number and unit stand, in both languages.");
        }
        said.push(Said { code: code.into_inner(), says });
    }
    Group { title: raw.title.into_inner(), lines: said }
}

fn is_code(text: &str) -> bool {
    matches!(text.len(), 12 | 15) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn cited(
    reader: &mut Reader<'_, '_>,
    at: usize,
    cited: (Option<String>, Option<String>),
    documents: &BTreeMap<String, Read>,
) -> (String, String) {
    let (Some(document), Some(clause)) = cited else {
        reader.fault(
            at,
            "the value cites no clause",
            "Add `document` and `clause`; mark it `provisional = true` if nothing better is known.",
        );
        return <(String, String)>::default();
    };
    match documents.get(&document).map(|read| read.document.clause(&clause)) {
        None => {
            reader.fault(
                at,
                format!("document {document:?} is not known"),
                "Name the `id` of a document of data/rulebook.",
            );
        }
        Some(None) => {
            let message = format!("document {document:?} has no clause {clause:?}");
            reader.fault(at, message, "Add the clause to the document, or cite one it has.");
        }
        Some(Some(_)) => {}
    }
    (document, clause)
}

/// Finds values of one place that would hold at once. Each must begin on its own day, and one with a last day must end
/// before the next begins.
fn overlaps(reader: &mut Reader<'_, '_>, code: &str, values: &[(usize, Value)]) {
    for (index, (at, value)) in values.iter().enumerate() {
        let before = values.iter().take(index).rev().find(|(_, other)| other.place == value.place);
        let clash = before.filter(|(_, other)| other.from == value.from || other.to.is_some_and(|to| to >= value.from));
        if let Some((_, other)) = clash {
            let message =
                format!("two values of {code:?} hold at once from {} (the other from {})", value.from, other.from);
            reader.fault(*at, message, "Let one end with `to` before the next begins, or change `from`.");
        }
    }
}
