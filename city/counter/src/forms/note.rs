//! How filled-in papers are kept with the person's sealed data, and shown again:
//! `{"form":1,"parts":{"IN":{"rent":120000}}}`.

use std::fmt::Write as _;

use cases::PersonLine;
use kernel::language::Lang;
use kernel::money::Fen;
use serde_json::{Map, Value, json};

use super::{Parts, value};
use crate::catalogue::{Catalogue, FieldKind, FormField, FormPart};

/// The edition of this layout.
const EDITION: i64 = 1;

/// Says the text of a key in the reader's language.
pub type Say<'s> = &'s dyn Fn(&str) -> String;

/// The text that is sealed; empty when nothing was filled in.
#[must_use]
pub fn write(parts: &Parts) -> String {
    if parts.is_empty() { String::new() } else { json!({ "form": EDITION, "parts": parts }).to_string() }
}

/// The answers as lines with their labels, in the order of the questions. A text that is none of ours gives no lines.
/// An answer that the form no longer asks for is shown under its code.
#[must_use]
pub fn lines(catalogue: &Catalogue, note: &str, lang: Lang, say: Say<'_>) -> Vec<PersonLine> {
    let Ok(kept) = serde_json::from_str::<Value>(note) else { return Vec::new() };
    if kept.get("form").and_then(Value::as_i64) != Some(EDITION) {
        return Vec::new();
    }
    let parts = kept.get("parts").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut lines = Vec::new();
    for (material, part) in &parts {
        let Some(part) = part.as_object() else { continue };
        if let Some(form) = catalogue.form(material) {
            lines.extend(part_lines(form, part, lang, say));
        } else {
            let line = |(code, value)| PersonLine::new(format!("{material} {code}"), plain(value));
            lines.extend(part.iter().map(line));
        }
    }
    lines
}

fn part_lines(form: &FormPart, part: &Map<String, Value>, lang: Lang, say: Say<'_>) -> Vec<PersonLine> {
    let title = form.title.get(lang);
    let mut lines = Vec::new();
    for field in &form.fields {
        let label = format!("{title} · {}", field.title.get(lang));
        match part.get(&field.code) {
            Some(Value::Array(members)) if field.kind == FieldKind::Members => {
                let line = |(one, row)| PersonLine::new(format!("{label} {row}"), member(one, say));
                lines.extend(members.iter().zip(1..).map(line));
            }
            Some(value) => {
                let drawing = Some(value).filter(|_| field.kind == FieldKind::Signature).and_then(drawn);
                lines.push(PersonLine { label, text: words(field, value, lang, say), drawing });
            }
            None => {}
        }
    }
    let gone = part.iter().filter(|(code, _)| form.fields.iter().all(|field| field.code != **code));
    lines.extend(gone.map(|(code, value)| PersonLine::new(format!("{title} · {code}"), plain(value))));
    lines
}

/// The path of a drawn signature, stroke by stroke; nothing for a typed one.
fn drawn(kept: &Value) -> Option<String> {
    let strokes = kept.as_str()?.strip_prefix(value::STROKES)?;
    let mut path = String::new();
    for stroke in strokes.split(';') {
        let points = stroke.split_whitespace().filter_map(|point| {
            let (x, y) = point.split_once(',')?;
            Some((x.parse::<u16>().ok()?, y.parse::<u16>().ok()?))
        });
        for ((x, y), at) in points.zip(0..) {
            // A dot is a stroke too: a line of no length is drawn round.
            let _ = if at == 0 { write!(path, "M{x} {y}l0 0") } else { write!(path, "L{x} {y}") };
        }
    }
    Some(path).filter(|path| !path.is_empty())
}

/// One answer in words.
pub(super) fn words(field: &FormField, kept: &Value, lang: Lang, say: Say<'_>) -> String {
    let text = kept.as_str().unwrap_or_default();
    match field.kind {
        FieldKind::Money => kept.as_i64().map(|fen| Fen::new(fen).to_string()).unwrap_or_default(),
        FieldKind::Choice => {
            let option = field.options.iter().find(|option| option.code == text);
            option.map_or_else(|| text.to_owned(), |option| option.title.get(lang).to_owned())
        }
        FieldKind::YesNo => say(if text == "yes" { "counter-yes" } else { "counter-no" }),
        FieldKind::Consent => say("counter-form-agreed"),
        FieldKind::Signature if text.starts_with(value::STROKES) => say("counter-form-drawn"),
        _ => plain(kept),
    }
}

/// One member in words: name, relation, number, income.
fn member(kept: &Value, say: Say<'_>) -> String {
    let text = |name: &str| kept.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let income = kept.get("income").and_then(Value::as_i64).map(|fen| Fen::new(fen).to_string()).unwrap_or_default();
    let income = format!("{} {income}", say("counter-form-income"));
    let relation = say(&format!("counter-relation-{}", text("relation")));
    let words = [text("name"), relation, text("id"), income];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
