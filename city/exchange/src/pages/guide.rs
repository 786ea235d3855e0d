//! This page describes the interface for people. It is drawn from the same contract as the OpenAPI document.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::refusal::Code;
use std::sync::Arc;
use web::{Page, WebError, render};

use crate::contract::{Field, LARGEST_BODY, OPERATIONS, Operation, Place, Shape, Verb, example};
use crate::{Exchange, api};

/// A call.
struct CallText {
    name: &'static str,
    title: String,
    method: &'static str,
    path: &'static str,
    scopes: String,
    fields: Vec<FieldText>,
    answers: Vec<(u16, String)>,
    curl: String,
}

/// A value of a call.
struct FieldText {
    name: &'static str,
    place: String,
    required: bool,
    what: String,
    shape: String,
}

/// A reason of refusal.
struct CodeText {
    code: &'static str,
    status: u16,
    sentence: &'static str,
    remedy: &'static str,
}

#[derive(Template)]
#[template(path = "exchange/api.html")]
struct GuidePage {
    page: Page,
    kilobytes: usize,
    calls: Vec<CallText>,
    codes: Vec<CodeText>,
}

/// `GET /api`
///
/// # Errors
/// A failure to draw.
pub async fn get(State(exchange): State<Arc<Exchange>>, page: Page) -> Result<Response, WebError> {
    let calls = OPERATIONS.iter().map(|operation| call(&page, operation)).collect();
    let code = |code: &Code| CodeText {
        code: code.as_str(),
        status: api::status_of(*code).as_u16(),
        sentence: code.sentence(page.lang),
        remedy: api::remedy_of(*code, page.lang).unwrap_or_else(|| code.remedy(page.lang)),
    };
    let codes = exchange.refusals.iter().map(code).collect();
    render(&GuidePage { page, kilobytes: LARGEST_BODY / 1024, calls, codes })
}

fn call(page: &Page, operation: &Operation) -> CallText {
    let statuses = [operation.status].into_iter().chain(operation.refusals());
    let scopes: Vec<&str> = operation.scopes.iter().map(|scope| scope.code()).collect();
    CallText {
        name: operation.name,
        title: page.t(operation.text),
        method: operation.method(),
        path: operation.path,
        scopes: scopes.join(" / "),
        fields: operation.fields.iter().map(|field| field_text(page, field)).collect(),
        answers: statuses.map(|status| (status, page.t(&format!("exchange-status-{status}")))).collect(),
        curl: curl(operation),
    }
}

fn field_text(page: &Page, field: &Field) -> FieldText {
    let place = match field.place {
        Place::Path => "exchange-in-path",
        Place::Query => "exchange-in-query",
        Place::Header => "exchange-in-header",
        Place::Body => "exchange-in-body",
    };
    let shape = match field.shape {
        Shape::Line(longest) => page.t1("exchange-shape-line", "longest", longest),
        Shape::Text(pattern) => pattern.regex.to_owned(),
        Shape::Choice(words) => words.join(" / "),
        Shape::Switch => "true / false".to_owned(),
        Shape::Codes(pattern, most) => page.t2("exchange-shape-codes", "form", pattern.regex, "most", most),
        Shape::Answers(_, most, longest) => page.t2("exchange-shape-answers", "most", most, "longest", longest),
    };
    FieldText { name: field.name, place: page.t(place), required: field.required, what: page.t(field.text), shape }
}

/// Returns the call as a command line.
fn curl(operation: &Operation) -> String {
    let mut path = operation.path.to_owned();
    for field in operation.fields_in(Place::Path) {
        path = path.replace(&format!("{{{}}}", field.name), field.example);
    }
    let query: Vec<String> =
        operation.fields_in(Place::Query).take(1).map(|field| format!("{}={}", field.name, field.example)).collect();
    if !query.is_empty() {
        path = format!("{path}?{}", query.join("&"));
    }
    let mut lines = vec!["curl -H 'Authorization: Bearer TOKEN'".to_owned()];
    for field in operation.fields_in(Place::Header).filter(|field| field.required) {
        lines.push(format!("  -H '{}: {}'", field.name, field.example));
    }
    if operation.verb == Verb::Post {
        lines.push("  -H 'Content-Type: application/json'".to_owned());
        lines.push(format!("  -d '{}'", example(operation)));
    }
    lines.push(format!("  'https://HOST{path}'"));
    lines.join(" \\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract;

    #[test]
    fn a_call_is_shown_as_it_would_be_typed() {
        let text = curl(&contract::CASE);
        assert_eq!(
            text,
            "curl -H 'Authorization: Bearer TOKEN' \\\n  'https://HOST/api/v1/cases/210104-2026-0000001-1'"
        );
        let text = curl(&contract::OPEN);
        assert!(text.contains("-H 'Idempotency-Key: ") && text.contains(r#""item":"MZ-11""#), "{text}");
        assert!(!text.contains('{') || text.matches('{').count() == 1, "{text}");
    }
}
