//! This file writes the OpenAPI 3.1 document from the operations and schemas of this folder.

use serde_json::{Map, Value, json};

use super::schemas::{of, schemas};
use super::{Field, OPERATIONS, Operation, Place, Verb};

/// Is the title of the document in every language: programs that are made from it are called by it.
const TITLE: &str = "Lianglin API";
/// Is the page that describes the interface to people.
const PAGE: &str = "/api";
/// Names the message about a case that moved, and the tag of it.
const MESSAGE: (&str, &str) = ("case.moved", "messages");

/// Returns the document in the language of the texts. `origin` is where the city is reached: `https://HOST`.
#[must_use]
pub fn openapi(origin: &str, texts: &dyn Fn(&str) -> String) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let method = operation.method().to_ascii_lowercase();
        let written = described(operation, texts);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(method, written);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "description": texts("exchange-api-what"),
            "version": "1.0.0",
            "contact": { "name": texts("exchange-api-contact"), "url": format!("{origin}{PAGE}") },
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags(texts),
        "paths": paths,
        "webhooks": { MESSAGE.0: { "post": told(texts) } },
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": texts("exchange-api-token-what") },
            },
        },
    })
}

/// Returns the tag of an operation: what it is about.
fn tag(operation: &Operation) -> &'static str {
    operation.path.split('/').nth(3).unwrap_or_default()
}

/// Returns each tag once, with the calls that it holds.
fn tags(texts: &dyn Fn(&str) -> String) -> Vec<Value> {
    let mut named: Vec<(&str, Vec<String>)> = Vec::new();
    for operation in OPERATIONS {
        let (name, title) = (tag(operation), texts(operation.text));
        match named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, titles)) => titles.push(title),
            None => named.push((name, vec![title])),
        }
    }
    let told = texts("exchange-api-webhooks");
    match named.iter_mut().find(|(known, _)| *known == MESSAGE.1) {
        Some((_, titles)) => titles.insert(0, told),
        None => named.push((MESSAGE.1, vec![told])),
    }
    named.iter().map(|(name, titles)| json!({ "name": name, "description": titles.join(" · ") })).collect()
}

/// Describes the message about a case that moved, as a system gets it.
fn told(texts: &dyn Fn(&str) -> String) -> Value {
    let header = |name: &str, pattern: &str| {
        json!({
            "name": name, "in": "header", "required": true, "description": texts("exchange-api-webhooks-header"),
            "schema": { "type": "string", "pattern": pattern },
        })
    };
    let answer = |key: &str| json!({ "description": texts(key) });
    json!({
        "operationId": "caseMoved",
        "summary": texts("exchange-api-webhooks"),
        "description": texts("exchange-api-webhooks-check"),
        "tags": [MESSAGE.1],
        "security": [],
        "parameters": [
            header("webhook-id", "^[0-9a-f-]{36}$"),
            header("webhook-timestamp", "^[0-9]+$"),
            header("webhook-signature", "^v1,[A-Za-z0-9+/]+=*( v1,[A-Za-z0-9+/]+=*)*$"),
        ],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": of("Message") } },
        },
        "responses": {
            "2XX": answer("exchange-api-webhooks-taken"),
            "410": answer("exchange-api-webhooks-gone"),
            "default": answer("exchange-api-webhooks-again"),
        },
    })
}

fn described(operation: &Operation, texts: &dyn Fn(&str) -> String) -> Value {
    let scopes: Vec<&str> = operation.scopes.iter().map(|scope| scope.code()).collect();
    let parameters: Vec<Value> = operation
        .fields
        .iter()
        .filter(|field| field.place != Place::Body)
        .map(|field| parameter(field, texts))
        .collect();
    let mut written = json!({
        "operationId": operation.name,
        "tags": [tag(operation)],
        "summary": texts(operation.text),
        "description": format!("{} {}", texts("exchange-api-scope"), scopes.join(", ")),
        "security": [{ "token": [] }],
        "parameters": parameters,
        "responses": responses(operation, texts),
    });
    if operation.verb == Verb::Post
        && let Some(fields) = written.as_object_mut()
    {
        fields.insert("requestBody".to_owned(), body(operation, texts));
    }
    written
}

fn parameter(field: &Field, texts: &dyn Fn(&str) -> String) -> Value {
    let place = match field.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header | Place::Body => "header",
    };
    json!({
        "name": field.name,
        "in": place,
        "required": field.required,
        "description": texts(field.text),
        "schema": field.shape.schema(),
        "example": field.shape.example(field.example),
    })
}

fn body(operation: &Operation, texts: &dyn Fn(&str) -> String) -> Value {
    let mut properties = Map::new();
    for field in operation.fields_in(Place::Body) {
        let mut schema = field.shape.schema();
        if let Some(parts) = schema.as_object_mut() {
            parts.insert("description".to_owned(), texts(field.text).into());
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> =
        operation.fields_in(Place::Body).filter(|field| field.required).map(|field| field.name).collect();
    let schema =
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let content = json!({ "application/json": { "schema": schema, "example": example(operation) } });
    json!({ "required": true, "content": content })
}

/// Returns a body as an example, with every field of the operation that has an example.
pub(crate) fn example(operation: &Operation) -> Value {
    let fields = operation.fields_in(Place::Body).filter(|field| !field.example.is_empty());
    Value::Object(fields.map(|field| (field.name.to_owned(), field.shape.example(field.example))).collect())
}

fn responses(operation: &Operation, texts: &dyn Fn(&str) -> String) -> Value {
    let meaning = |status: u16| texts(&format!("exchange-status-{status}"));
    let problem = |status: u16| {
        let content = json!({ "application/problem+json": { "schema": of("Problem") } });
        let mut written = json!({ "description": meaning(status), "content": content });
        if let Some((name, kind)) = header(status)
            && let Some(parts) = written.as_object_mut()
        {
            parts.insert("headers".to_owned(), json!({ name: { "schema": { "type": kind } } }));
        }
        written
    };
    let mut all = Map::new();
    let content = json!({ "application/json": { "schema": of(operation.gives) } });
    let mut done = json!({ "description": meaning(operation.status), "content": content });
    if operation.status == 201
        && let Some(parts) = done.as_object_mut()
    {
        let location = json!({ "description": texts("exchange-api-location"), "schema": { "type": "string" } });
        parts.insert("headers".to_owned(), json!({ "Location": location }));
    }
    all.insert(operation.status.to_string(), done);
    for status in operation.refusals() {
        all.insert(status.to_string(), problem(status));
    }
    Value::Object(all)
}

/// Returns the header that goes with a refusal.
const fn header(status: u16) -> Option<(&'static str, &'static str)> {
    match status {
        401 => Some(("WWW-Authenticate", "string")),
        429 | 503 => Some(("Retry-After", "integer")),
        _ => None,
    }
}
