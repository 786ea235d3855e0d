//! This file says what the interface gives: the schemas of its answers, by name. Every object is closed, and a value
//! that may be missing is null.

use cases::Month;
use serde_json::{Map, Value, json};

/// Returns the schemas by name.
#[must_use]
pub fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    for (name, schema) in words().into_iter().chain(items()).chain(cases()).chain(others()) {
        all.insert(name.to_owned(), schema);
    }
    all
}

type Named = (&'static str, Value);

fn object(fields: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

/// Returns a reference to a schema.
pub(super) fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn whole() -> Value {
    json!({ "type": "integer" })
}

fn yes_or_no() -> Value {
    json!({ "type": "boolean" })
}

fn date() -> Value {
    json!({ "type": "string", "format": "date" })
}

fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

fn level() -> Value {
    one_of(&["city", "district", "street", "community", "grid", "building"])
}

fn waits_for() -> Value {
    one_of(&["applicant", "counter", "office", "nobody"])
}

/// Returns the schemas of which everything else is made.
fn words() -> Vec<Named> {
    vec![
        ("Text", object(&[("zh", text()), ("en", text())])),
        ("Named", object(&[("code", text()), ("name", of("Text"))])),
        ("Place", object(&[("id", whole()), ("code", text()), ("level", level()), ("name", of("Text"))])),
        ("Office", object(&[("place", of("Place")), ("department", or_null(&of("Named")))])),
        (
            "Limit",
            object(&[
                ("amount", json!({ "type": "integer", "minimum": 0 })),
                ("unit", one_of(&["calendar_day", "working_day", "working_hour", "urgent_hour"])),
            ]),
        ),
        (
            "Reason",
            object(&[
                ("kind", one_of(&["started", "skipped", "paused", "not_published", "due"])),
                ("on", or_null(&date())),
                ("until", or_null(&date())),
                ("year", or_null(&whole())),
                ("day", or_null(&one_of(&["working", "make_up", "holiday", "weekend"]))),
                ("name", or_null(&of("Text"))),
                ("ground", or_null(&text())),
            ]),
        ),
        (
            "Due",
            object(&[
                ("due", date()),
                ("limit", of("Limit")),
                ("provisional", yes_or_no()),
                ("reasons", list(&of("Reason"))),
            ]),
        ),
    ]
}

fn items() -> Vec<Named> {
    let row = || {
        vec![
            ("code", text()),
            ("name", of("Text")),
            ("summary", of("Text")),
            ("department", of("Named")),
            ("promised", of("Limit")),
            ("legal", of("Limit")),
            ("custody", one_of(&["D", "S", "O"])),
        ]
    };
    let material = object(&[
        ("code", text()),
        ("name", of("Text")),
        ("note", or_null(&of("Text"))),
        ("needed", yes_or_no()),
        ("waivable", yes_or_no()),
    ]);
    let state = object(&[("code", text()), ("name", of("Text")), ("waits_for", waits_for()), ("ends", yes_or_no())]);
    let mut whole_item = row();
    whole_item.extend([
        ("version", whole()),
        ("decides", object(&[("level", level()), ("department", of("Named"))])),
        ("fields", list(&one_of(&["name", "resident_id", "telephone", "address", "bank_card", "note"]))),
        (
            "identity",
            list(&one_of(&[
                "resident_id",
                "residence_permit",
                "permanent_card",
                "passport",
                "hk_macao_permit",
                "taiwan_permit",
                "credit_code",
            ])),
        ),
        ("materials", list(&of("Material"))),
        ("result", object(&[("name", of("Text")), ("kind", one_of(&["certificate", "payment", "record", "service"]))])),
        ("life_events", list(&text())),
        ("confidential", yes_or_no()),
        ("provisional", yes_or_no()),
        ("states", list(&of("State"))),
    ]);
    vec![
        ("ItemRow", object(&row())),
        ("Items", object(&[("items", list(&of("ItemRow")))])),
        ("Material", material),
        ("State", state),
        ("Item", object(&whole_item)),
    ]
}

/// Lists the kinds of a case's events that other systems hear of. They hear of no other kind.
pub const TOLD: [&str; 11] = [
    "opened",
    "acted",
    "received",
    "waived",
    "supervised",
    "extended",
    "explained",
    "transferred",
    "rated",
    "rated_again",
    "followed_up",
];

fn cases() -> Vec<Named> {
    let fields = ["name", "resident_id", "telephone", "address", "bank_card", "note"];
    let masked: Map<String, Value> = fields.iter().map(|field| ((*field).to_owned(), text())).collect();
    let outcome = one_of(&["granted", "refused", "withdrawn", "not_accepted"]);
    let paper = object(&[("code", text()), ("name", of("Text")), ("state", one_of(&["received", "waived", "later"]))]);
    let by = object(&[("role", text()), ("name", text()), ("on_behalf", yes_or_no())]);
    let step = object(&[
        ("phase", one_of(&["done", "now", "ahead"])),
        ("event", one_of(&[TOLD.as_slice(), &["state"]].concat())),
        ("code", or_null(&text())),
        ("name", or_null(&of("Text"))),
        ("said", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        ("at", or_null(&moment())),
        ("by", or_null(&by)),
    ]);
    let need = object(&[
        ("name", text()),
        (
            "kind",
            one_of(&[
                "text", "reason", "date", "choice", "number", "money", "place", "point", "files", "papers", "person",
                "unit", "case", "consent",
            ]),
        ),
        ("required", yes_or_no()),
        ("title", of("Text")),
        ("options", list(&of("Named"))),
    ]);
    let case = object(&[
        ("number", text()),
        ("item", of("Named")),
        ("state", of("Named")),
        ("waits_for", waits_for()),
        ("ended", yes_or_no()),
        ("outcome", or_null(&outcome)),
        ("online", yes_or_no()),
        ("confidential", yes_or_no()),
        ("opened_at", moment()),
        ("accepted_at", or_null(&moment())),
        ("promised", or_null(&of("Due"))),
        ("legal", or_null(&of("Due"))),
        ("office", of("Office")),
        ("counter", or_null(&of("Place"))),
        ("residence", of("Place")),
        ("papers", list(&of("Paper"))),
        ("missing", list(&of("Named"))),
        ("path", list(&of("Step"))),
        ("actions", list(&of("Action"))),
        ("person", or_null(&of("Person"))),
    ]);
    vec![
        ("Paper", paper),
        ("Step", step),
        ("Need", need),
        ("Action", object(&[("code", text()), ("name", of("Text")), ("needs", list(&of("Need")))])),
        ("Person", json!({ "type": "object", "properties": masked, "additionalProperties": false })),
        ("Case", case),
        ("CaseRow", case_row()),
        ("Cases", object(&[("cases", list(&of("CaseRow"))), ("after", or_null(&text()))])),
    ]
}

fn case_row() -> Value {
    object(&[
        ("number", text()),
        ("item", of("Named")),
        ("state", of("Named")),
        ("waits_for", waits_for()),
        ("promised_due", or_null(&date())),
        ("legal_due", or_null(&date())),
        ("provisional", yes_or_no()),
        ("opened_at", moment()),
        ("changed_at", moment()),
        ("office", of("Office")),
        ("residence", of("Place")),
    ])
}

/// Returns the schema of a message about a case that moved. One of an earlier version has no number.
fn message() -> Value {
    let mut message = object(&[
        ("id", json!({ "type": "string", "format": "uuid" })),
        ("type", one_of(&["case.moved"])),
        ("number", text()),
        ("state", text()),
        ("at", moment()),
    ]);
    if let Some(properties) = message.get_mut("properties").and_then(Value::as_object_mut) {
        properties.insert("sequence".to_owned(), json!({ "type": "integer", "minimum": 1 }));
    }
    message
}

fn others() -> Vec<Named> {
    let count = || json!({ "type": "integer", "minimum": 0 });
    // What is set aside later can make the count of its month negative. What belongs to no department has no number for
    // one, and what is withheld because it is small has none either.
    let counted = |name: &str| match name {
        "adjusted" | "adjusted_good" => or_null(&whole()),
        _ => or_null(&count()),
    };
    let fault = || vec![("code", text()), ("detail", text()), ("remedy", text()), ("field", or_null(&text()))];
    let mut problem = fault();
    problem.extend([
        ("type", text()),
        ("title", text()),
        ("status", json!({ "type": "integer", "minimum": 400, "maximum": 599 })),
        ("errors", list(&of("Fault"))),
    ]);
    vec![
        (
            "Figures",
            object(&[
                ("place", of("Place")),
                ("on", date()),
                ("open", or_null(&count())),
                ("late", or_null(&count())),
                ("soon", or_null(&count())),
                ("stopped", or_null(&count())),
                ("month", text()),
                ("counted", of("Counted")),
                ("withheld", list(&text())),
            ]),
        ),
        ("Counted", object(&Month::COLUMNS.iter().map(|name| (*name, counted(name))).collect::<Vec<_>>())),
        ("PlaceRow", object(&[("place", of("Place")), ("within", list(&of("Place")))])),
        ("Places", object(&[("places", list(&of("PlaceRow")))])),
        ("Message", message()),
        ("Replay", object(&[("messages", count())])),
        ("Fault", object(&fault())),
        ("Problem", object(&problem)),
    ]
}
