//! These tests check the contract against itself: examples fit, texts exist, references lead somewhere, and faults are
//! found.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{ACT, Field, ITEMS, OPEN, OPERATIONS, Place, openapi, read};

fn given(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn faults(operation: &super::Operation, place: Place, pairs: &[(&str, Value)]) -> Vec<(String, String)> {
    let found = read(operation, place, given(pairs)).err().unwrap_or_default();
    let told = |refusal: &kernel::refusal::Refusal| {
        (refusal.code.as_str().to_owned(), refusal.field.clone().unwrap_or_default())
    };
    found.iter().map(told).collect()
}

#[test]
fn every_example_fits_its_shape() {
    let fields = OPERATIONS.iter().flat_map(|operation| operation.fields);
    for field in fields.filter(|field: &&Field| !field.example.is_empty()) {
        let value = field.shape.example(field.example);
        assert_eq!(field.shape.fault(field.name, &value), None, "{} {value}", field.name);
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let good = [("item", json!("MZ-11")), ("residence", json!("210104008006")), ("telephone", json!("13800000000"))];
    assert!(faults(&OPEN, Place::Body, &good).is_empty());
    let table = [
        (vec![("item", json!("MZ-1"))], ("exchange.value", "item")),
        (vec![("item", json!(7))], ("exchange.value", "item")),
        (vec![("item", Value::Null)], ("exchange.value", "item")),
        (vec![("arrival", json!("by_post"))], ("exchange.value", "arrival")),
        (vec![("name", json!(""))], ("exchange.value", "name")),
        (vec![("name", json!("a\u{0}b"))], ("exchange.value", "name")),
        (vec![("name", json!("a\nb"))], ("exchange.value", "name")),
        (vec![("name", json!("长".repeat(101)))], ("exchange.value", "name")),
        (vec![("papers", json!("HK"))], ("exchange.value", "papers")),
        (vec![("papers", json!(["HK", "HK"]))], ("exchange.value", "papers")),
        (vec![("papers", json!(["hk"]))], ("exchange.value", "papers")),
        (vec![("score", json!(5))], ("exchange.field_unknown", "score")),
    ];
    for (changed, (code, field)) in table {
        let mut all = given(&good);
        all.extend(given(&changed));
        let found = read(&OPEN, Place::Body, all).err().unwrap_or_default();
        let told: Vec<(&str, Option<&str>)> =
            found.iter().map(|refusal| (refusal.code.as_str(), refusal.field.as_deref())).collect();
        assert_eq!(told, [(code, Some(field))], "{changed:?}");
    }
    let missing = faults(&OPEN, Place::Body, &[]);
    let many: Vec<Value> = (0..51).map(|at| json!(format!("H{at}"))).collect();
    for (papers, expected) in [
        (json!(many[..50]), None),
        (json!(many), Some("maxItems 50")),
        (json!(["HK", 7]), Some("items: string, pattern ^[A-Z][A-Z0-9]{0,9}$")),
        (json!(["HK", "BK", "HK"]), Some("uniqueItems")),
        (json!({}), Some("type array")),
    ] {
        let mut all = given(&good);
        all.insert("papers".to_owned(), papers.clone());
        let found = read(&OPEN, Place::Body, all).err().unwrap_or_default();
        let found = found.first().and_then(|refusal| refusal.detail.get("expected")).map(String::as_str);
        assert_eq!(found, expected, "{papers}");
    }
    let named: Vec<&str> = missing.iter().map(|(_, field)| field.as_str()).collect();
    assert_eq!(named, ["item", "residence", "telephone"], "everything missing at once");
    let unknown = [("exchange.field_unknown".to_owned(), "page".to_owned())];
    assert_eq!(faults(&ITEMS, Place::Query, &[("page", json!("2"))]), unknown);
    let long = json!({ "reason": "长".repeat(4_001) });
    let told = [("exchange.value".to_owned(), "fields.reason".to_owned())];
    assert_eq!(faults(&ACT, Place::Body, &[("action", json!("grant")), ("fields", long)]), told);
    let lines = json!({ "reason": "一\n二" });
    assert!(faults(&ACT, Place::Body, &[("action", json!("grant")), ("fields", lines)]).is_empty());
}

#[test]
fn answers_are_texts_by_plain_names() {
    let most: serde_json::Map<String, Value> =
        (0..50).map(|at| ("a".repeat(at % 40 + 1) + &"_".repeat(at / 40), json!(""))).collect();
    let table = [
        (json!({}), None),
        (json!({ "reason": "" }), None),
        (json!({ "reason": "长".repeat(4_000) }), None),
        (Value::Object(most), None),
        (json!({ "reason": "长".repeat(4_001) }), Some(("fields.reason", "maxLength 4000"))),
        (json!({ "reason": 5 }), Some(("fields.reason", "type string"))),
        (json!({ "reason": null }), Some(("fields.reason", "type string"))),
        (json!({ "Reason": "x" }), Some(("fields", "propertyNames: pattern ^[a-z][a-z_]{0,39}$"))),
        (json!(["reason"]), Some(("fields", "type object"))),
        (json!("reason"), Some(("fields", "type object"))),
    ];
    for (fields, expected) in table {
        let given = given(&[("action", json!("grant")), ("fields", fields.clone())]);
        let found = read(&ACT, Place::Body, given).err().unwrap_or_default();
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|refusal| (refusal.field.as_deref().unwrap_or_default(), refusal.detail["expected"].as_str()))
            .collect();
        assert_eq!(told, expected.into_iter().collect::<Vec<_>>(), "{fields}");
    }
    let many: serde_json::Map<String, Value> =
        (0..51).map(|at| ("a".repeat(at % 40 + 1) + &"_".repeat(at / 40), json!(""))).collect();
    let found = faults(&ACT, Place::Body, &[("action", json!("grant")), ("fields", Value::Object(many))]);
    assert_eq!(found, [("exchange.value".to_owned(), "fields".to_owned())]);
}

#[test]
fn what_was_read_is_asked_for_by_name() {
    let sent = given(&[
        ("action", json!("grant")),
        ("fields", json!({ "reason": "一", "basis": "" })),
        ("papers", json!(["HK", "BK"])),
    ]);
    let input = read(&ACT, Place::Body, sent).ok().unwrap();
    assert_eq!((input.text("action"), input.text("papers"), input.text("nothing")), ("grant", "", ""));
    assert_eq!((input.texts("papers"), input.texts("action")), (vec!["HK".to_owned(), "BK".to_owned()], Vec::new()));
    let answers = input.answers("fields");
    assert_eq!((answers.len(), answers["reason"].as_str()), (2, "一"));
    assert!(input.answers("papers").is_empty() && input.names().eq(["action", "fields", "papers"]));
}

/// Collects every text that the document names.
fn named(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(parts) => {
            names.extend(parts.get("$ref").and_then(Value::as_str).map(str::to_owned));
            parts.values().for_each(|part| named(part, names));
        }
        Value::Array(parts) => parts.iter().for_each(|part| named(part, names)),
        _ => {}
    }
}

#[test]
fn the_document_is_whole() {
    let document = openapi("https://city.test", &|key: &str| format!("字 {key}"));
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Lianglin API", "a package that is made from it can be installed");
    assert_eq!(document["info"]["contact"]["url"], "https://city.test/api");
    let tags: Vec<&str> = document["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    assert_eq!(tags, ["items", "cases", "figures", "places", "messages"]);
    let told = &document["webhooks"]["case.moved"]["post"];
    assert_eq!((&told["tags"], &told["operationId"]), (&json!(["messages"]), &json!("caseMoved")));
    let opened = &document["paths"]["/api/v1/cases"]["post"]["responses"]["201"];
    assert_eq!(opened["headers"]["Location"]["schema"]["type"], "string");
    let known = super::schemas::schemas();
    let mut names = Vec::new();
    named(&document, &mut names);
    assert!(names.len() > 50);
    for name in &names {
        let short = name.strip_prefix("#/components/schemas/").unwrap();
        assert!(known.contains_key(short), "{name}");
    }
    for name in known.keys() {
        let used = format!("#/components/schemas/{name}");
        assert!(names.contains(&used), "nobody gives {name}");
    }
    for operation in OPERATIONS {
        let written = &document["paths"][operation.path][operation.method().to_ascii_lowercase()];
        assert_eq!(written["operationId"], operation.name);
        assert!(tags.contains(&written["tags"][0].as_str().unwrap()), "{}", operation.name);
        let answers = written["responses"].as_object().unwrap();
        assert_eq!(answers.len(), operation.refusals().len() + 1, "{}", operation.name);
        assert_eq!(written.get("requestBody").is_some(), operation.method() == "POST");
    }
}

#[test]
fn everything_said_is_said_in_both_languages() {
    let mut keys: Vec<String> = Vec::new();
    for operation in OPERATIONS {
        keys.push(operation.text.to_owned());
        keys.extend(operation.fields.iter().map(|field| field.text.to_owned()));
        keys.extend(operation.scopes.iter().map(|scope| scope.key().to_owned()));
        keys.extend(
            operation
                .refusals()
                .into_iter()
                .chain([operation.status])
                .map(|status| format!("exchange-status-{status}")),
        );
    }
    for text in [crate::TEXTS.0, crate::TEXTS.1] {
        for key in &keys {
            assert!(text.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key}");
        }
    }
}
