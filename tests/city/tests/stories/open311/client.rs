//! An independent client of Open311 GeoReport v2, written from the published text (wiki.open311.org/GeoReport_v2) and
//! from the public JSON schemas of the specification: it knows nothing of the platform. Whatever it reads it reads in
//! both forms, and holds them against one another.
//!
//! What the schemas ask stands here as assertions (`is_service`, `is_definition`, `is_request`, `error`). No library
//! that validates JSON Schema is among the dependencies, and one that is used by this file alone would not be worth its
//! packages; the schemas ask for names, types, choices and lengths only.

use city_stories::Browser;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use testkit::{Form, Reply};

/// What an item of a list is called in XML. JSON has no name for it.
const ITEMS: [&str; 8] = ["service", "request", "attribute", "value", "error", "endpoint", "format", "request_update"];

/// A client with a key, or without one.
pub struct Client {
    pub browser: Browser,
    pub key: String,
}

impl Client {
    /// Asks for something in both forms, and returns it as JSON.
    pub fn get(&mut self, call: &str, query: &str) -> Value {
        let [json, xml] = self.both(call, query);
        assert_eq!(json.status, 200, "{call}?{query}: {}", json.body());
        same(&json, &xml)
    }

    /// Asks for something that is refused, and returns status and code of the first error.
    pub fn refused(&mut self, call: &str, query: &str) -> (u16, String) {
        let [json, xml] = self.both(call, query);
        assert_eq!(json.status, xml.status, "{call}?{query}");
        error(&json, &same(&json, &xml))
    }

    fn both(&mut self, call: &str, query: &str) -> [Reply; 2] {
        ["json", "xml"].map(|form| self.browser.get(&format!("/open311/v2/{call}.{form}?{query}")))
    }

    /// Sends a form and returns the first record of the answer.
    pub fn send(&mut self, call: &str, fields: &[(&str, &str)]) -> Value {
        let reply = self.sends(call, "json", fields);
        assert!(reply.status.is_success(), "{call} {fields:?}: {}", reply.body());
        json(&reply)[0].clone()
    }

    /// Sends a report with files, whatever is answered.
    pub fn sends_files(&mut self, call: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Reply {
        let form = Form {
            action: format!("/open311/v2/{call}.json?api_key={}", self.key),
            method: "post".to_owned(),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            offers: Vec::new(),
        };
        let files: Vec<(&str, &str, &[u8])> = files.iter().map(|(field, bytes)| (*field, "a.jpg", *bytes)).collect();
        // Files go from a page that is open.
        drop(self.browser.open("/report/new"));
        self.browser.uploads(&form, &files)
    }

    /// Sends a form in one form, whatever is answered.
    pub fn sends(&mut self, call: &str, form: &str, fields: &[(&str, &str)]) -> Reply {
        let key = self.key.clone();
        let mut all = fields.to_vec();
        if !key.is_empty() {
            all.push(("api_key", key.as_str()));
        }
        self.browser.post(&format!("/open311/v2/{call}.{form}"), &all)
    }
}

/// Status and sentence of a refusal, as the published text says it: a list of errors, each with code and description.
pub fn error(reply: &Reply, body: &Value) -> (u16, String) {
    let errors = body.as_array().unwrap_or_else(|| panic!("{}: no list of errors: {body}", reply.address));
    assert!(!errors.is_empty(), "{}: no error", reply.address);
    for error in errors {
        assert!(
            error["code"].is_u64() && error["description"].as_str().is_some_and(|text| !text.is_empty()),
            "{error}"
        );
    }
    assert_eq!(errors[0]["code"].as_u64(), Some(u64::from(reply.status.as_u16())), "{body}");
    (reply.status.as_u16(), errors[0]["description"].as_str().unwrap().to_owned())
}

/// Reads an answer as JSON.
pub fn json(reply: &Reply) -> Value {
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"), "{}", reply.address);
    serde_json::from_slice(&reply.bytes).unwrap_or_else(|fault| panic!("{}: {fault}", reply.address))
}

/// Holds the two forms of one answer against one another, and returns what they say.
fn same(reply: &Reply, other: &Reply) -> Value {
    let told = json(reply);
    let (mut one, mut two) = (Vec::new(), texts(other));
    flat(&told, "", &mut one);
    one.sort();
    two.sort();
    assert_eq!(one, two, "{} and {} differ", reply.address, other.address);
    told
}

fn flat(value: &Value, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| flat(item, path, found)),
        Value::Object(parts) => parts.iter().for_each(|(name, part)| flat(part, &format!("{path}/{name}"), found)),
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => found.push((path.to_owned(), text.clone())),
        other => found.push((path.to_owned(), other.to_string())),
    }
}

/// Every text of an answer in XML with its path, without the root and without the names of items. A document type is
/// refused, and no entity is known but those that every document has.
pub fn texts(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.header("content-type"), Some("text/xml; charset=utf-8"), "{}", reply.address);
    let text = reply.body();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{text}");
    let (mut reader, mut path, mut held, mut found) = (Reader::from_str(&text), Vec::new(), String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|fault| panic!("{}: {fault}: {text}", reply.address)) {
            Event::Start(start) => {
                path.push(start.name().into_inner().to_owned());
                held.clear();
            }
            Event::Text(part) => held.push_str(&part),
            Event::GeneralRef(named) => held.push(match named.as_ref() {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                "apos" => '\'',
                other => panic!("{}: an entity &{other};", reply.address),
            }),
            Event::End(_) => {
                let items = path.iter().skip(1).cloned();
                let names: Vec<String> = items.filter(|name| !ITEMS.contains(&name.as_str())).collect();
                if !held.is_empty() {
                    found.push((format!("/{}", names.join("/")), std::mem::take(&mut held)));
                }
                path.pop();
            }
            Event::DocType(_) => panic!("{}: a document type", reply.address),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(path.is_empty(), "{}: not closed: {path:?}", reply.address);
    found
}

/// What the schema of a service asks.
pub fn is_service(service: &Value) {
    text(service, "service_code");
    text(service, "service_name");
    assert!(service["metadata"].is_boolean(), "{service}");
    assert!(["realtime", "batch", "blackbox"].contains(&text(service, "type")), "{service}");
    for name in ["description", "keywords", "group"] {
        text_or_null(service, name);
    }
}

/// What the schema of a service definition asks.
pub fn is_definition(definition: &Value) {
    text(definition, "service_code");
    for attribute in definition["attributes"].as_array().unwrap() {
        text(attribute, "code");
        assert!(attribute["variable"].is_boolean() && attribute["required"].is_boolean(), "{attribute}");
        let types = ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"];
        assert!(types.contains(&text(attribute, "datatype")), "{attribute}");
        text_or_null(attribute, "datatype_description");
        text_or_null(attribute, "description");
        assert!(attribute["order"].is_i64() || attribute["order"].is_null(), "{attribute}");
        for value in attribute["values"].as_array().unwrap() {
            text(value, "key");
            text(value, "name");
        }
    }
}

/// What the schema of a request asks.
pub fn is_request(request: &Value) {
    text(request, "service_request_id");
    text(request, "service_code");
    assert!(["open", "closed"].contains(&text(request, "status")), "{request}");
    assert!(moment(&request["requested_datetime"]).is_some(), "{request}");
    for name in ["updated_datetime", "expected_datetime"] {
        assert!(request[name].is_null() || moment(&request[name]).is_some(), "{request}");
    }
    let texts = ["status_notes", "service_name", "agency_responsible", "service_notice", "address", "address_id"];
    texts.into_iter().chain(["zipcode", "media_url"]).for_each(|name| text_or_null(request, name));
    let longest = request["description"].as_str().map_or(0, |text| text.chars().count());
    assert!(longest <= 4_000 && (request["description"].is_null() || request["description"].is_string()), "{request}");
    for name in ["lat", "long"] {
        assert!(request[name].is_null() || request[name].is_number(), "{request}");
    }
}

/// A moment with its zone, as the W3C writes it.
pub fn moment(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str()?.parse().ok()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is no text: {value}"))
}

fn text_or_null(value: &Value, name: &str) {
    assert!(value[name].is_null() || value[name].is_string(), "{name}: {value}");
}
