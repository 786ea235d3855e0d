//! This file writes the OpenAPI 3.1 document from the operations and schemas of this folder.

use serde_json::{Map, Value, json};

use super::schemas::{of, schemas};
use super::{Field, OPERATIONS, Operation, Place, Verb};

/// Returns the document in the language of the texts.
#[must_use]
pub fn openapi(texts: &dyn Fn(&str) -> String) -> Value {
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
            "title": texts("exchange-api-title"),
            "description": texts("exchange-api-what"),
            "version": "1.0.0",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": texts("exchange-api-token-what") },
            },
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
    all.insert(operation.status.to_string(), json!({ "description": meaning(operation.status), "content": content }));
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
