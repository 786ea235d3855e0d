//! This folder says what holds where and when: the latest value in force of the nearest place upward. It also searches
//! the rulebook by words.

mod declared;
mod load;
#[cfg(test)]
mod tests;

use crate::refusals::Why;
use crate::words::codes::Rule;
use crate::words::measure::{self, Measure};
use crate::words::{Document, Fault, Group, Parameter, Period, Value};
use kernel::{calendar, language::folded, place::PlacePath, refusal::Refusal, time::Date};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The city's documents and figures, read once at start.
#[derive(Clone, Debug, Default)]
pub struct Rulebook {
    documents: BTreeMap<String, Document>,
    parameters: BTreeMap<String, Parameter>,
    groups: Vec<Group>,
    places: Whereabouts,
}

/// Finds where the place of an official code lies.
type Resolve = dyn Fn(&str) -> Option<PlacePath> + Send + Sync;

/// Where the places of values lie. It is asked each time, because places move.
#[derive(Clone, Default)]
struct Whereabouts(Option<Arc<Resolve>>);

impl Whereabouts {
    fn path(&self, code: &str) -> Option<PlacePath> {
        self.0.as_ref().and_then(|resolve| resolve(code))
    }
}

impl fmt::Debug for Whereabouts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0.is_some() { "Whereabouts(known)" } else { "Whereabouts(none)" })
    }
}

impl Rulebook {
    /// Reads the files of `data/rulebook`, each given by name and text. Every fault is told at once, with file, line
    /// and remedy: unknown documents, clauses and units, values that overlap or cite nothing, and codes that are used
    /// twice.
    pub fn load(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Result<Self, Vec<Fault>> {
        let load::Loaded { documents, parameters, groups } = load::load(files)?;
        Ok(Self { documents, parameters, groups, places: Whereabouts::default() })
    }

    /// Returns the same rulebook, which now asks `resolve` where the place of an official code lies. It asks anew
    /// whenever a value is looked for, so a value follows its place when that moves. Without it, a value for a place
    /// holds nowhere.
    #[must_use]
    pub fn placed_by(self, resolve: impl Fn(&str) -> Option<PlacePath> + Send + Sync + 'static) -> Self {
        Self { places: Whereabouts(Some(Arc::new(resolve))), ..self }
    }

    /// Returns the values whose place is not known at present. They hold nowhere.
    pub fn unplaced(&self) -> impl Iterator<Item = &Value> {
        let values = self.parameters.values().flat_map(|parameter| &parameter.values);
        values.filter(move |value| value.place.as_deref().is_some_and(|code| self.places.path(code).is_none()))
    }

    /// Returns the figure that holds in a place on a day. The nearest place upward that has a value decides, and there
    /// the latest value in force. Refuses with `rule.missing_value` if there is none, and with `rule.wrong_unit` if its
    /// unit is of another kind.
    pub fn get<M: Measure>(&self, rule: Rule<M>, place: &PlacePath, on: Date) -> Result<M::Figure, Refusal> {
        let value = self.value(rule.code(), place, on)?;
        rule.read(value.number, value.unit)
    }

    /// Returns the figure that holds everywhere on a day, for what belongs to no place: sessions, jobs, limits of
    /// requests. Refuses as [`Rulebook::get`] does.
    pub fn get_everywhere<M: Measure>(&self, rule: Rule<M>, on: Date) -> Result<M::Figure, Refusal> {
        let value = self.everywhere(rule.code(), on)?;
        rule.read(value.number, value.unit)
    }

    /// Does the same as [`Rulebook::get`] for a code that stands in data and not in the program.
    pub fn get_named<M: Measure>(&self, code: &str, place: &PlacePath, on: Date) -> Result<M::Figure, Refusal> {
        let value = self.value(code, place, on)?;
        measure::read::<M>(code, value.number, value.unit)
    }

    /// Does the same as [`Rulebook::get_everywhere`] for a code that stands in data and not in the program.
    pub fn get_named_everywhere<M: Measure>(&self, code: &str, on: Date) -> Result<M::Figure, Refusal> {
        let value = self.everywhere(code, on)?;
        measure::read::<M>(code, value.number, value.unit)
    }

    /// Returns the limit of a code that stands in data, such as that of a procedure's clock. The rulebook says the
    /// unit.
    pub fn limit(&self, code: &str, place: &PlacePath, on: Date) -> Result<calendar::Limit, Refusal> {
        self.get_named::<measure::Limit>(code, place, on)
    }

    /// Returns the value that holds in a place on a day, with its source, as [`Rulebook::get`] finds it. [`Rule::read`]
    /// gives its figure. Refuses with `rule.missing_value` if there is none.
    pub fn value(&self, code: &str, place: &PlacePath, on: Date) -> Result<&Value, Refusal> {
        self.pick(code, Some(place), on)
    }

    /// Returns the value that holds everywhere on a day, with its source. Refuses with `rule.missing_value` if there is
    /// none.
    pub fn everywhere(&self, code: &str, on: Date) -> Result<&Value, Refusal> {
        self.pick(code, None, on)
    }

    fn pick(&self, code: &str, place: Option<&PlacePath>, on: Date) -> Result<&Value, Refusal> {
        let nearness = |value: &Value| match (value.place.as_deref(), place) {
            (None, _) => Some(0),
            (Some(official), Some(place)) => {
                let path = self.places.path(official).filter(|path| path.contains(place))?;
                Some(path.depth())
            }
            (Some(_), None) => None,
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

    /// Returns a parameter by its code.
    pub fn parameter(&self, code: &str) -> Option<&Parameter> {
        self.parameters.get(code)
    }

    /// Returns all parameters, by code.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.values()
    }

    /// Returns what concerns residents, in plain words. It is empty where the city wrote nothing of that kind.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Returns a document by its key.
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// Returns all documents, by key.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.documents.values()
    }

    /// Returns the parameters of which some value cites the document.
    pub fn citing(&self, document: &str) -> impl Iterator<Item = &Parameter> {
        self.parameters().filter(move |parameter| parameter.values.iter().any(|value| value.document == document))
    }

    /// Returns the parameters in whose code, titles, use or sources every given word occurs. Returns all of them for no
    /// words.
    pub fn find<'a>(&'a self, words: &'a str) -> impl Iterator<Item = &'a Parameter> {
        self.parameters().filter(move |parameter| words_match(words, &self.searched(parameter)))
    }

    fn searched(&self, parameter: &Parameter) -> String {
        let (title, used_for) = (&parameter.title, &parameter.used_for);
        let own = [&parameter.code, &title.zh, &title.en, &used_for.zh, &used_for.en];
        let mut text = own.map(String::as_str).join(" ");
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
    /// Says whether one of this parameter's values is to come, holds or is past on a day. A value ends with its last
    /// day, or when the next one of the same place begins.
    pub fn period(&self, value: &Value, on: Date) -> Period {
        if on < value.from {
            return Period::Coming;
        }
        let superseded =
            self.values.iter().any(|other| other.place == value.place && other.from > value.from && other.from <= on);
        if superseded || value.to.is_some_and(|last| last < on) { Period::Past } else { Period::Holds }
    }
}

/// Says whether every word of a question (divided by blanks) occurs in a text, whatever the case and the width of its
/// letters, in traditional or simplified characters.
pub fn words_match(words: &str, text: &str) -> bool {
    let text = folded(text);
    folded(words).split_whitespace().all(|word| text.contains(word))
}
