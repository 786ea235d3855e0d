//! Writes one answer as JSON or as XML. What is told is said once, as a [`Node`]; both forms are made of it.

use std::io::{self, Write};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Map, Value};

/// The form in which a program asks for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `text/xml`
    Xml,
}

impl Format {
    /// Takes the form off the end of a name: `services.json`. There is none for another form.
    pub fn split(name: &str) -> Option<(&str, Self)> {
        let (name, ending) = name.rsplit_once('.')?;
        match ending {
            "json" => Some((name, Self::Json)),
            "xml" => Some((name, Self::Xml)),
            _ => None,
        }
    }

    /// The form of an answer to a call: the one that its address names, else the one that it accepts.
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        Self::split(path).map_or_else(|| Self::accepted(headers), |(_, format)| format)
    }

    /// The form of an answer where the address names none: JSON for whoever asks for it, else XML, which the published
    /// text requires.
    fn accepted(headers: &HeaderMap) -> Self {
        let wanted = headers.get(axum::http::header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if wanted.contains("json") { Self::Json } else { Self::Xml }
    }

    const fn kind(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Xml => "text/xml; charset=utf-8",
        }
    }
}

/// What is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing is known.
    Nothing,
    /// A text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Degrees on the globe.
    Degrees(f64),
    /// Yes or no.
    Yes(bool),
    /// Named parts.
    Record(Vec<(&'static str, Self)>),
    /// Several of one name.
    List(&'static str, Vec<Self>),
}

impl Node {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text that may be missing; an empty one is.
    pub fn some(text: Option<String>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Nothing, Self::Text)
    }

    fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => Value::from(text.as_str()),
            Self::Whole(number) => Value::from(*number),
            Self::Degrees(degrees) => Value::from(*degrees),
            Self::Yes(yes) => Value::from(*yes),
            Self::Record(parts) => {
                let parts = parts.iter().map(|(name, part)| ((*name).to_owned(), part.json()));
                Value::Object(parts.collect::<Map<_, _>>())
            }
            Self::List(_, items) => Value::Array(items.iter().map(Self::json).collect()),
        }
    }

    fn xml<W: Write>(&self, writer: &mut Writer<W>, name: &str) -> io::Result<()> {
        let element = writer.create_element(name);
        match self {
            Self::Nothing => element.write_empty()?,
            Self::Text(text) => element.write_text_content(BytesText::new(&printable(text)))?,
            Self::Whole(number) => element.write_text_content(BytesText::new(&number.to_string()))?,
            // Written as in JSON.
            Self::Degrees(degrees) => element.write_text_content(BytesText::new(&Value::from(*degrees).to_string()))?,
            Self::Yes(yes) => element.write_text_content(BytesText::new(if *yes { "true" } else { "false" }))?,
            Self::Record(parts) => element
                .write_inner_content(|writer| parts.iter().try_for_each(|(name, part)| part.xml(writer, name)))?,
            Self::List(item, items) => {
                element.write_inner_content(|writer| items.iter().try_for_each(|one| one.xml(writer, item)))?
            }
        };
        Ok(())
    }
}

/// The text without what XML 1.0 cannot hold.
fn printable(text: &str) -> String {
    let holds = |sign: &char| !sign.is_control() || matches!(sign, '\t' | '\n' | '\r');
    text.chars().filter(holds).filter(|sign| !matches!(sign, '\u{fffe}' | '\u{ffff}')).collect()
}

/// What is told, under the name that it has in XML.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The name of the whole in XML.
    pub root: &'static str,
    /// What is told.
    pub node: Node,
}

impl Document {
    /// Makes a document.
    pub const fn new(root: &'static str, node: Node) -> Self {
        Self { root, node }
    }

    /// The text in a form.
    ///
    /// # Errors
    /// It cannot be written; a part of it is no answer.
    pub fn written(&self, format: Format) -> io::Result<String> {
        match format {
            Format::Json => Ok(self.node.json().to_string()),
            Format::Xml => String::from_utf8(self.xml_into(Vec::new())?).map_err(io::Error::other),
        }
    }

    fn xml_into<W: Write>(&self, to: W) -> io::Result<W> {
        let mut writer = Writer::new(to);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.node.xml(&mut writer, self.root)?;
        Ok(writer.into_inner())
    }

    /// The answer. One that cannot be written is our failure: nobody takes an empty text for an empty list.
    pub fn answer(&self, status: StatusCode, format: Format) -> Response {
        match self.written(format) {
            Ok(text) => (status, [(CONTENT_TYPE, format.kind())], text).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Document {
        let request = Node::Record(vec![
            ("service_request_id", Node::text("210104-2026-W000001-1")),
            ("description", Node::text("<b>&\"\u{7}路灯")),
            ("lat", Node::Nothing),
            ("open", Node::Yes(true)),
            ("code", Node::Whole(7)),
            ("long", Node::Degrees(123.43)),
        ]);
        Document::new("service_requests", Node::List("request", vec![request]))
    }

    #[test]
    fn one_answer_has_two_forms() {
        let json: Value = serde_json::from_str(&sample().written(Format::Json).unwrap()).unwrap();
        assert_eq!(json[0]["lat"], Value::Null);
        assert_eq!((&json[0]["open"], &json[0]["code"]), (&Value::from(true), &Value::from(7)));
        let xml = sample().written(Format::Xml).unwrap();
        assert!(xml.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?><service_requests><request>"), "{xml}");
        assert!(xml.contains("<description>&lt;b&gt;&amp;&quot;路灯</description><lat/>"), "{xml}");
        assert!(xml.contains("<long>123.43</long>") && json[0]["long"] == 123.43, "{xml}");
    }

    /// Takes so many bytes and then no more.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or_else(|| io::Error::other("full"))?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_cannot_be_written_is_a_fault_and_no_empty_answer() {
        assert!(sample().xml_into(Full(10_000)).is_ok());
        for room in [0, 60, 120] {
            assert!(sample().xml_into(Full(room)).is_err(), "{room}");
        }
    }

    #[test]
    fn a_form_stands_at_the_end_of_a_name() {
        for (name, expected) in [
            ("services.json", Some(("services", Format::Json))),
            ("event-0102.xml", Some(("event-0102", Format::Xml))),
            ("a.b.xml", Some(("a.b", Format::Xml))),
            ("services.csv", None),
            ("services", None),
            ("services.JSON", None),
        ] {
            assert_eq!(Format::split(name), expected, "{name}");
        }
    }
}
