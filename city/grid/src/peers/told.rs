//! Reads what another platform answers. Some write JSON and some XML: both become the same tree of named texts.

use std::slice;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// How deep an answer in XML may be nested.
const DEEPEST: usize = 16;
/// The most parts of an answer in XML.
const MOST: usize = 50_000;

/// A part of an answer: a text, or parts of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    name: String,
    text: String,
    parts: Vec<Self>,
}

impl Told {
    /// Reads an answer. There is none in what is neither JSON nor XML, in XML with a document type or with entities of
    /// its own, and in what is nested too deeply.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('<') {
            return of_xml(text);
        }
        serde_json::from_str(text).ok().map(|value| of_json("", &value))
    }

    /// The text of a part; empty where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.part(name).map_or("", |part| part.text.as_str())
    }

    /// The part of a name.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Self> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// Everything inside.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        &self.parts
    }

    /// The records of a list; a single record that stands in no list is one.
    #[must_use]
    pub fn records(&self) -> &[Self] {
        let is_list = self.parts.iter().all(|part| !part.parts.is_empty());
        if is_list { &self.parts } else { slice::from_ref(self) }
    }

    /// The first text of a name, however deep it stands.
    #[must_use]
    pub fn anywhere(&self, name: &str) -> Option<&str> {
        let own = Some(self.get(name)).filter(|text| !text.is_empty());
        own.or_else(|| self.parts.iter().find_map(|part| part.anywhere(name)))
    }

    /// Whether a number stands as a word of its own in any text of it.
    #[must_use]
    pub fn names(&self, number: &str) -> bool {
        let other = |sign: char| !sign.is_ascii_alphanumeric() && sign != '-';
        self.text.split(other).any(|word| word == number) || self.parts.iter().any(|part| part.names(number))
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// What stands between parts is layout.
    fn closed(mut self) -> Self {
        self.text = if self.parts.is_empty() { self.text.trim().to_owned() } else { String::new() };
        self
    }
}

fn of_json(name: &str, value: &Value) -> Told {
    let mut told = Told::named(name);
    match value {
        Value::Null => {}
        Value::String(text) => text.trim().clone_into(&mut told.text),
        Value::Array(items) => told.parts = items.iter().map(|item| of_json("", item)).collect(),
        Value::Object(parts) => told.parts = parts.iter().map(|(name, part)| of_json(name, part)).collect(),
        other => told.text = other.to_string(),
    }
    told
}

fn of_xml(text: &str) -> Option<Told> {
    let mut reader = Reader::from_str(text);
    let (mut open, mut whole, mut count) = (Vec::<Told>::new(), None, 0_usize);
    loop {
        let mut closed = None;
        match reader.read_event().ok()? {
            Event::Start(start) => {
                open.push(Told::named(start.local_name().into_inner()));
                count += 1;
            }
            Event::Empty(start) => {
                closed = Some(Told::named(start.local_name().into_inner()));
                count += 1;
            }
            Event::End(_) => closed = Some(open.pop()?.closed()),
            Event::Text(part) => add(&mut open, &part),
            Event::CData(part) => add(&mut open, &part),
            Event::GeneralRef(named) => add(&mut open, sign_of(&named)?.encode_utf8(&mut [0; 4])),
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
        if open.len() > DEEPEST || count > MOST {
            return None;
        }
        if let Some(part) = closed {
            match open.last_mut() {
                Some(around) => around.parts.push(part),
                None => whole = Some(part),
            }
        }
    }
    whole.filter(|_| open.is_empty())
}

fn add(open: &mut [Told], text: &str) {
    if let Some(part) = open.last_mut() {
        part.text.push_str(text);
    }
}

/// The sign of an entity that every document has, or of a number. A document's own entities are not read.
fn sign_of(named: &str) -> Option<char> {
    match named {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        other => {
            let code = other.strip_prefix('#')?;
            let number = match code.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => code.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        let xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<service_requests>\n  <request>\n    \
                   <service_request_id>638344</service_request_id><status>open</status>\n    \
                   <description><![CDATA[a & b]]> &lt;c&gt; &#x8def;&#28783;</description>\n    \
                   <extended_attributes><detailed_status>in_progress</detailed_status></extended_attributes>\n  \
                   </request>\n</service_requests>";
        let json = r#"[{"service_request_id":638344,"status":"open","description":"a & b <c> 路灯",
                       "extended_attributes":{"detailed_status":"in_progress"}}]"#;
        for text in [xml, json] {
            let told = Told::read(text).unwrap();
            let [request] = told.records() else { panic!("{told:?}") };
            assert_eq!((request.get("service_request_id"), request.get("status")), ("638344", "open"), "{text}");
            assert_eq!(request.get("description"), "a & b <c> 路灯");
            assert_eq!(request.anywhere("detailed_status"), Some("in_progress"));
            assert_eq!(request.get("extended_attributes"), "", "what has parts has no text");
        }
    }

    #[test]
    fn a_list_may_be_empty_and_a_record_may_stand_alone() {
        for empty in ["[]", "<service_requests/>", "<service_requests>\n</service_requests>"] {
            assert_eq!(Told::read(empty).unwrap().records().len(), 0, "{empty}");
        }
        for alone in [r#"{"token":"12345","service_request_id":null}"#, "<request><token>12345</token></request>"] {
            assert_eq!(Told::read(alone).unwrap().records()[0].get("token"), "12345", "{alone}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_no_answer() {
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><r>&a;</r>";
        for text in ["", "busy", "<html><p>busy</html>", "<a>&own;</a>", "<a>", "{\"a\":", deep.as_str(), bomb] {
            assert_eq!(Told::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_named_as_a_whole() {
        let told = Told::read(r#"[{"description":"路灯：不亮\n（210104-2026-W000001-1）"}]"#).unwrap();
        assert!(told.names("210104-2026-W000001-1"));
        for other in ["210104-2026-W000001", "210104-2026-W000001-11", "10104-2026-W000001-1"] {
            assert!(!told.names(other), "{other}");
        }
    }
}
