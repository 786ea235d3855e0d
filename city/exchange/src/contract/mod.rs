//! This folder says once what the interface takes and gives. From it requests are checked, the OpenAPI document is
//! written, and the page is drawn.

mod document;
mod operations;
mod schemas;

pub(crate) use document::example;
pub use document::openapi;
pub use operations::{ACT, CASE, CASES, FIGURES, ITEM, ITEMS, OPEN, OPERATIONS, PLACES, REPLAY};
pub use schemas::TOLD;

use crate::refusals::Why;
use std::collections::BTreeMap;

use kernel::line::{line_fault, lines_fault, written};
use kernel::refusal::{Code, Refusal};
use serde_json::{Map, Value, json};

use crate::words::ApiScope;

/// Limits the body of a call, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;
/// Names the header with the key of a call that changes something.
pub const KEY_HEADER: &str = "Idempotency-Key";
/// Names the header with the code of the applicant's receipt, which proves who follows a case.
pub const CODE_HEADER: &str = "Lianglin-Code";
/// Matches one line, which has no control characters.
const ONE_LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";
/// Matches several lines, which have no control characters except the end of a line.
const SEVERAL_LINES: &str = r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$";

/// Says how a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The call reads.
    Get,
    /// The call changes something, once for each key.
    Post,
}

/// Says where a value stands in a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It stands in the path, as `{name}`.
    Path,
    /// It stands in the query.
    Query,
    /// It stands in a header.
    Header,
    /// It stands in the body, which is a JSON object.
    Body,
}

/// Describes texts of a fixed form. Programs get a regular expression, and we use a function that decides the same.
#[derive(Debug)]
pub struct Pattern {
    /// The form, as JSON Schema writes it.
    pub regex: &'static str,
    /// Tells whether a text has this form.
    pub fits: fn(&str) -> bool,
}

/// Says what a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// One line of at least 1 and at most this many characters.
    Line(usize),
    /// A text of a form.
    Text(&'static Pattern),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Switch,
    /// Different texts of a form, at most this many.
    Codes(&'static Pattern, usize),
    /// An object of texts by name. The first number limits the names; the second limits the characters of each text,
    /// which may have several lines.
    Answers(&'static Pattern, usize, usize),
}

/// Describes a value of a call.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// What it may be.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// The key of the text that says what it is.
    pub text: &'static str,
    /// An example. Codes are divided by commas, and answers are written as `name=text`.
    pub example: &'static str,
}

/// Describes a call of the interface.
#[derive(Debug)]
pub struct Operation {
    /// Its name.
    pub name: &'static str,
    /// The key of the text that says what it does.
    pub text: &'static str,
    /// How it is made.
    pub verb: Verb,
    /// Its path.
    pub path: &'static str,
    /// The scopes, one of which the system needs.
    pub scopes: &'static [ApiScope],
    /// What it takes.
    pub fields: &'static [Field],
    /// The status of success.
    pub status: u16,
    /// The name of the schema of its answer.
    pub gives: &'static str,
}

impl Operation {
    /// Returns `GET` or `POST`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        match self.verb {
            Verb::Get => "GET",
            Verb::Post => "POST",
        }
    }

    /// Returns its fields that stand in a place.
    pub fn fields_in(&self, place: Place) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(move |field| field.place == place)
    }

    /// Returns the statuses with which it may refuse.
    #[must_use]
    pub fn refusals(&self) -> Vec<u16> {
        let posting = self.verb == Verb::Post;
        let all = [400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503];
        all.into_iter().filter(|status| posting || !matches!(*status, 409 | 413 | 415)).collect()
    }
}

/// Holds values that were checked, by name. They may be personal, so it cannot be printed.
#[derive(Default)]
pub struct Input(BTreeMap<String, Value>);

impl Input {
    /// Returns a text, which is empty if it was not given.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Says whether a switch was given as true.
    #[must_use]
    pub fn switch(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns the texts of a list, which is empty if it was not given.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Returns texts by name. The map is empty if they were not given.
    #[must_use]
    pub fn answers(&self, name: &str) -> BTreeMap<String, String> {
        let texts = self.0.get(name).and_then(Value::as_object);
        let pairs = texts.into_iter().flatten();
        pairs.filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
    }

    /// Returns the names that were given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Checks what was given against what an operation takes in a place, and returns every fault at once.
///
/// # Errors
/// Refuses names that are not known, and values that are missing or wrong.
pub fn read(operation: &Operation, place: Place, given: BTreeMap<String, Value>) -> Result<Input, Vec<Refusal>> {
    let mut faults = Vec::new();
    for field in operation.fields_in(place) {
        match given.get(field.name) {
            Some(value) => faults.extend(field.shape.fault(field.name, value)),
            None if field.required => {
                faults.push(Refusal::new(Code::FormMissing).field(field.name).with("label", field.name));
            }
            None => {}
        }
    }
    let known = |name: &&String| operation.fields_in(place).any(|field| field.name == **name);
    for name in given.keys().filter(|name| !known(name)) {
        let short: String = name.chars().filter(|letter| !letter.is_control()).take(60).collect();
        faults.push(Refusal::new(Why::ExchangeFieldUnknown).field(&short).with("label", short));
    }
    if faults.is_empty() { Ok(Input(given)) } else { Err(faults) }
}

fn wrong(name: &str, expected: impl std::fmt::Display) -> Refusal {
    Refusal::new(Why::ExchangeValue).field(name).with("label", name).with("expected", expected)
}

fn text_fault(name: &str, text: &str, longest: usize, lines: bool) -> Option<Refusal> {
    let refused = |letter: char| letter.is_control() && !(lines && letter == '\n');
    if text.chars().any(refused) {
        return Some(wrong(name, format!("pattern {}", if lines { SEVERAL_LINES } else { ONE_LINE })));
    }
    let hidden = if lines { lines_fault(text) } else { line_fault(&written(text)) };
    if let Some(code) = hidden {
        return Some(Refusal::new(code).field(name).with("label", name));
    }
    (text.chars().count() > longest).then(|| wrong(name, format!("maxLength {longest}")))
}

impl Shape {
    /// Returns what is wrong with a value, or nothing if it is right.
    fn fault(&self, name: &str, value: &Value) -> Option<Refusal> {
        match (self, value) {
            (Self::Line(_), Value::String(text)) if text.is_empty() => Some(wrong(name, "minLength 1")),
            (Self::Line(longest), Value::String(text)) => text_fault(name, text, *longest, false),
            (Self::Text(pattern), Value::String(text)) => {
                (!(pattern.fits)(text)).then(|| wrong(name, format!("pattern {}", pattern.regex)))
            }
            (Self::Choice(words), Value::String(text)) => {
                (!words.contains(&text.as_str())).then(|| wrong(name, format!("enum {}", words.join(", "))))
            }
            (Self::Codes(pattern, most), Value::Array(list)) => codes_fault(name, list, pattern, *most),
            (Self::Answers(names, most, longest), Value::Object(texts)) => {
                answers_fault(name, texts, names, *most, *longest)
            }
            (Self::Switch, Value::Bool(_)) => None,
            (Self::Switch, _) => Some(wrong(name, "type boolean")),
            (Self::Codes(..), _) => Some(wrong(name, "type array")),
            (Self::Answers(..), _) => Some(wrong(name, "type object")),
            (Self::Line(_) | Self::Text(_) | Self::Choice(_), _) => Some(wrong(name, "type string")),
        }
    }

    /// Returns the same rule as a schema for programs.
    #[must_use]
    pub fn schema(&self) -> Value {
        match self {
            Self::Line(longest) => {
                json!({ "type": "string", "minLength": 1, "maxLength": longest, "pattern": ONE_LINE })
            }
            Self::Text(pattern) => json!({ "type": "string", "pattern": pattern.regex }),
            Self::Choice(words) => json!({ "type": "string", "enum": words }),
            Self::Switch => json!({ "type": "boolean" }),
            Self::Codes(pattern, most) => json!({
                "type": "array",
                "items": { "type": "string", "pattern": pattern.regex },
                "maxItems": most,
                "uniqueItems": true,
            }),
            Self::Answers(names, most, longest) => json!({
                "type": "object",
                "propertyNames": { "pattern": names.regex },
                "additionalProperties": { "type": "string", "maxLength": longest, "pattern": SEVERAL_LINES },
                "maxProperties": most,
            }),
        }
    }

    /// Returns an example as a value.
    #[must_use]
    pub fn example(&self, text: &str) -> Value {
        match self {
            Self::Codes(..) => text.split(',').filter(|code| !code.is_empty()).collect(),
            Self::Answers(..) => {
                let pair = text.split_once('=');
                Value::Object(pair.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect())
            }
            Self::Switch => (text == "true").into(),
            Self::Line(_) | Self::Text(_) | Self::Choice(_) => text.into(),
        }
    }
}

fn codes_fault(name: &str, list: &[Value], pattern: &Pattern, most: usize) -> Option<Refusal> {
    if list.len() > most {
        return Some(wrong(name, format!("maxItems {most}")));
    }
    let odd = |value: &Value| !value.as_str().is_some_and(|text| (pattern.fits)(text));
    if list.iter().any(odd) {
        return Some(wrong(name, format!("items: string, pattern {}", pattern.regex)));
    }
    let twice = list.iter().enumerate().any(|(at, value)| list.iter().take(at).any(|earlier| earlier == value));
    twice.then(|| wrong(name, "uniqueItems"))
}

fn answers_fault(
    name: &str,
    texts: &Map<String, Value>,
    names: &Pattern,
    most: usize,
    longest: usize,
) -> Option<Refusal> {
    if texts.len() > most {
        return Some(wrong(name, format!("maxProperties {most}")));
    }
    texts.iter().find_map(|(key, value)| match value {
        _ if !(names.fits)(key) => Some(wrong(name, format!("propertyNames: pattern {}", names.regex))),
        Value::String(text) => text_fault(&format!("{name}.{key}"), text, longest, true),
        _ => Some(wrong(&format!("{name}.{key}"), "type string")),
    })
}

#[cfg(test)]
mod tests;
