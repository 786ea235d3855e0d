//! What holds where and when: the nearest place upward, the latest value in force; and searching the rulebook by words.

mod load;
#[cfg(test)]
mod tests;

use crate::refusals::Why;
use crate::words::{Document, Fault, Parameter, Period, Value};
use kernel::{place::PlacePath, refusal::Refusal, time::Date};
use std::collections::BTreeMap;

/// The city's documents and figures, read once at start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rulebook {
    documents: BTreeMap<String, Document>,
    parameters: BTreeMap<String, Parameter>,
}

impl Rulebook {
    /// Reads the files of `data/rulebook` (name and text of each). Every fault is told at once, with file, line and remedy:
    /// unknown documents and clauses, values that overlap or cite nothing, codes used twice.
    pub fn load(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Self, Vec<Fault>> {
        let (documents, parameters) = load::load(files)?;
        Ok(Self { documents, parameters })
    }

    /// The same rulebook with every value's place found by its official code; and the values whose place is unknown, which hold nowhere.
    /// Call it again when the places change.
    pub fn located(&self, resolve: impl Fn(&str) -> Option<PlacePath>) -> (Self, Vec<Value>) {
        let mut book = self.clone();
        let mut unknown = Vec::new();
        for value in book.parameters.values_mut().flat_map(|parameter| &mut parameter.values) {
            value.path = value.place.as_deref().and_then(&resolve);
            if value.place.is_some() && value.path.is_none() {
                unknown.push(value.clone());
            }
        }
        (book, unknown)
    }

    /// The value that holds in a place on a day: that of the nearest place upward, there the latest one in force.
    /// Refused with `rule.missing_value` when none does.
    pub fn value(&self, code: &str, place: &PlacePath, on: Date) -> Result<&Value, Refusal> {
        self.pick(code, Some(place), on)
    }

    /// The figure of [`Rulebook::value`] alone.
    pub fn number(&self, code: &str, place: &PlacePath, on: Date) -> Result<i64, Refusal> {
        self.value(code, place, on).map(|value| value.number)
    }

    /// The value that holds everywhere, for figures that belong to no place (sessions, jobs, limits of requests).
    pub fn everywhere(&self, code: &str, on: Date) -> Result<&Value, Refusal> {
        self.pick(code, None, on)
    }

    fn pick(&self, code: &str, place: Option<&PlacePath>, on: Date) -> Result<&Value, Refusal> {
        let nearness = |value: &Value| match (&value.place, &value.path, place) {
            (None, _, _) => Some(0),
            (Some(_), Some(path), Some(place)) if path.contains(place) => Some(path.depth()),
            _ => None,
        };
        self.parameters
            .get(code)
            .and_then(|parameter| {
                let holding = parameter.values.iter().filter(|value| parameter.period(value, on) == Period::Holds);
                holding
                    .filter_map(|value| Some((nearness(value)?, value)))
                    .max_by_key(|(near, value)| (*near, value.from))
            })
            .map(|(_, value)| value)
            .ok_or_else(|| Refusal::new(Why::RuleMissingValue).with("rule", code).with("date", on))
    }

    /// A parameter by its code.
    pub fn parameter(&self, code: &str) -> Option<&Parameter> {
        self.parameters.get(code)
    }

    /// All parameters, by code.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.values()
    }

    /// A document by its key.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// All documents, by key.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// The parameters of which some value cites the document.
    pub fn citing(&self, document: &str) -> impl Iterator<Item = &Parameter> {
        self.parameters().filter(move |parameter| parameter.values.iter().any(|value| value.document == document))
    }

    /// The parameters in whose code, titles, use or sources every given word occurs; all of them for no words.
    pub fn find<'a>(&'a self, words: &'a str) -> impl Iterator<Item = &'a Parameter> {
        self.parameters().filter(move |parameter| words_match(words, &self.searched(parameter)))
    }

    fn searched(&self, parameter: &Parameter) -> String {
        let mut text = [&parameter.code, &parameter.title.zh, &parameter.title.en, &parameter.used_for.zh]
            .map(String::as_str)
            .join(" ");
        text.push_str(&parameter.used_for.en);
        for document in parameter.values.iter().filter_map(|value| self.document(&value.document)) {
            for part in [&document.number, &document.title.zh, &document.title.en] {
                text.push(' ');
                text.push_str(part);
            }
        }
        text
    }
}

impl Parameter {
    /// Whether one of this parameter's values is to come, holds or is past on a day. A value ends with its last day, or when the next one of
    /// the same place begins.
    pub fn period(&self, value: &Value, on: Date) -> Period {
        if on < value.from {
            return Period::Coming;
        }
        let superseded =
            self.values.iter().any(|other| other.place == value.place && other.from > value.from && other.from <= on);
        if superseded || value.to.is_some_and(|last| last < on) { Period::Past } else { Period::Holds }
    }
}

/// Whether every word of a question (divided by blanks) occurs in a text, whatever the case of its letters.
pub fn words_match(words: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}
