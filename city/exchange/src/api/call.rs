//! This file is the gate of the interface. It checks who calls, how often, with which scope, and whether the operation
//! takes what was sent.

use crate::refusals::Why;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::Value;
use web::{Form, Need, NetworkAddress};

use super::problem::{Trouble, language};
use crate::actions::{Caller, Keyed};
use crate::contract::{self, Input, KEY_HEADER, LARGEST_BODY, Operation, Place, Verb};
use crate::words::System;
use crate::{Exchange, rules};

/// Holds a call that was let in and read.
pub struct Call {
    /// The exchange.
    pub exchange: Arc<Exchange>,
    /// Who calls.
    pub system: System,
    /// The caller in the form in which the rest of the platform sees it.
    pub actor: Actor,
    /// What stands in the path.
    pub name: String,
    /// What stands in the query.
    pub query: Input,
    /// What stands in the headers.
    pub headers: Input,
    /// What stands in the body.
    pub body: Input,
    /// What identifies the call when it is sent again.
    pub keyed: Keyed,
    /// When the call came.
    pub now: Instant,
}

/// The answer to a call that was done.
pub struct Answer {
    status: StatusCode,
    body: Value,
    /// Where what was made is found.
    location: Option<String>,
}

impl Answer {
    /// Tells what was asked.
    pub const fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body, location: None }
    }

    /// Tells what was taken on and is done in a while.
    pub const fn accepted(body: Value) -> Self {
        Self { status: StatusCode::ACCEPTED, body, location: None }
    }

    /// Tells what was made, and where it is found.
    pub const fn created(body: Value, location: String) -> Self {
        Self { status: StatusCode::CREATED, body, location: Some(location) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, [(CONTENT_TYPE, "application/json")], self.body.to_string()).into_response();
        if let Some(location) = self.location.and_then(|location| HeaderValue::try_from(location).ok()) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }
}

impl Exchange {
    /// Lets a call in, has the work done, counts the call and answers.
    pub async fn serve<F, Fut>(self: Arc<Self>, operation: &'static Operation, request: Request, work: F) -> Response
    where
        F: FnOnce(Call) -> Fut + Send,
        Fut: Future<Output = Result<Answer, Trouble>> + Send,
    {
        let now = (self.clock)();
        let (parts, body) = request.into_parts();
        let lang = language(&parts.headers);
        let caller = match self.known(&parts, now).await {
            Ok(caller) => caller,
            Err(trouble) => return trouble.answer(lang),
        };
        let refused = match self.turn(&caller.system, now) {
            Ok(refused) => refused,
            Err(refusal) => return Trouble::from(refusal).answer(lang),
        };
        let done = match read(&self, operation, &caller.system, parts, body, now).await {
            Ok(call) => work(call).await,
            Err(trouble) => Err(trouble),
        };
        let response = done.map_or_else(|trouble| trouble.answer(lang), Answer::into_response);
        let route = format!("{} {}", operation.method(), operation.path);
        self.counted(&route, &caller, refused, response.status(), now).await;
        response
    }

    /// Returns the system of the token that the request carries. It does not look at cookies.
    async fn known(&self, parts: &Parts, now: Instant) -> Result<Caller, Trouble> {
        let token = bearer(&parts.headers).ok_or_else(|| Refusal::new(Why::ExchangeTokenMissing))?;
        let address = parts.extensions.get::<NetworkAddress>().map(|address| address.0.as_str());
        Ok(self.holder(token, address.unwrap_or_default(), now).await?)
    }
}

/// Says that a call carries a token, before anything of it is read. Whose token it is the call finds out by itself,
/// also before its body.
pub fn token() -> Need {
    Need::shown("token", |parts| {
        let missing = || Trouble::from(Refusal::new(Why::ExchangeTokenMissing)).answer(language(&parts.headers));
        bearer(&parts.headers).is_none().then(missing)
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Reads a call in this order: scope, path, query, headers, body.
async fn read(
    exchange: &Arc<Exchange>,
    operation: &'static Operation,
    system: &System,
    parts: Parts,
    body: Body,
    now: Instant,
) -> Result<Call, Trouble> {
    rules::needs(system, operation.scopes)?;
    let name = path_name(operation, parts.uri.path())?;
    let query = query(operation, parts.uri.query().unwrap_or_default())?;
    let headers = headers(operation, &parts.headers)?;
    let sent = if operation.verb == Verb::Post { sent(&parts.headers, body).await? } else { Value::Null };
    let asked = [operation.name, name.as_str(), &sent.to_string()];
    let keyed = exchange.keyed(system.id, headers.text(KEY_HEADER), &asked)?;
    let given = if let Value::Object(fields) = sent { fields.into_iter().collect() } else { BTreeMap::new() };
    Ok(Call {
        exchange: exchange.clone(),
        actor: rules::actor(system),
        system: system.clone(),
        name,
        query,
        headers,
        body: contract::read(operation, Place::Body, given)?,
        keyed,
        now,
    })
}

/// Returns the part of the path that the operation names. A name of another form is not found.
fn path_name(operation: &Operation, path: &str) -> Result<String, Refusal> {
    let Some(field) = operation.fields_in(Place::Path).next() else { return Ok(String::new()) };
    let at = operation.path.split('/').position(|part| part.starts_with('{')).unwrap_or_default();
    let found = path.split('/').nth(at).unwrap_or_default().to_owned();
    let given = BTreeMap::from([(field.name.to_owned(), Value::from(found.as_str()))]);
    contract::read(operation, Place::Path, given).map_err(|_| Refusal::new(Why::ExchangeNothingHere))?;
    Ok(found)
}

fn query(operation: &Operation, text: &str) -> Result<Input, Trouble> {
    let form = Form::parse(text.as_bytes()).map_err(|_| Refusal::new(Why::ExchangeUnreadable))?;
    let mut given = BTreeMap::new();
    for (name, value) in form.pairs() {
        if given.insert(name.to_owned(), Value::from(value)).is_some() {
            let twice = Refusal::new(Why::ExchangeValue).field(name).with("expected", "maxItems 1");
            return Err(twice.into());
        }
    }
    Ok(contract::read(operation, Place::Query, given)?)
}

fn headers(operation: &Operation, sent: &HeaderMap) -> Result<Input, Trouble> {
    let mut given = BTreeMap::new();
    for field in operation.fields_in(Place::Header) {
        if let Some(value) = sent.get(field.name) {
            let text = value.to_str().map(|text| if field.name == KEY_HEADER { unquoted(text) } else { text });
            given.insert(field.name.to_owned(), text.map_or(Value::Null, Value::from));
        }
    }
    contract::read(operation, Place::Header, given).map_err(|faults| {
        let key = faults.iter().any(|fault| fault.field.as_deref() == Some(KEY_HEADER));
        if key { Refusal::new(Why::ExchangeKeyMissing).field(KEY_HEADER).into() } else { faults.into() }
    })
}

/// Returns a key without the quotation marks in which the draft of the IETF writes it. It is the same key.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// Reads the body as JSON. It must be an object in UTF-8, not compressed and not too large.
async fn sent(headers: &HeaderMap, body: Body) -> Result<Value, Trouble> {
    let of = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut kind = of(CONTENT_TYPE).split(';').map(str::trim);
    let json = kind.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let utf8 = kind.all(|part| part.is_empty() || part.to_ascii_lowercase().replace('"', "") == "charset=utf-8");
    let plain = matches!(of(CONTENT_ENCODING), "" | "identity");
    if !(json && utf8 && plain) {
        return Err(Refusal::new(Why::ExchangeKind).into());
    }
    let bytes = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(|_| Refusal::new(Code::RequestTooLarge))?;
    let unreadable = || Refusal::new(Why::ExchangeUnreadable);
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    if value.is_object() { Ok(value) } else { Err(unreadable().into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{CASE, CASES, CODE_HEADER, ITEM, ITEMS, OPEN};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    /// What work comes to that never waits.
    fn done<T>(work: impl Future<Output = T>) -> T {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    /// The code and the field of the first refusal.
    fn told(trouble: Trouble) -> (String, Option<String>) {
        let body = trouble.answer(kernel::language::Lang::En).into_body();
        let bytes = done(axum::body::to_bytes(body, LARGEST_BODY)).unwrap();
        let body: Value = serde_json::from_slice(&bytes).unwrap();
        (body["code"].as_str().unwrap().to_owned(), body["field"].as_str().map(str::to_owned))
    }

    #[test]
    fn a_token_is_read_from_its_header_alone() {
        let table = [
            (vec![("authorization", "Bearer lianglin_x")], Some("lianglin_x")),
            (vec![("authorization", "bearer  lianglin_x ")], Some("lianglin_x")),
            (vec![("authorization", "BEARER x")], Some("x")),
            (vec![("authorization", "Basic eDp5")], None),
            (vec![("authorization", "lianglin_x")], None),
            (vec![("authorization", "Bearerlianglin_x")], None),
            (vec![("cookie", "lianglin_session=x")], None),
            (vec![], None),
        ];
        for (headers, expected) in table {
            assert_eq!(bearer(&with(&headers)), expected, "{headers:?}");
        }
    }

    #[test]
    fn a_name_in_a_path_has_the_form_that_is_described() {
        let number = "210104-2026-0000001-4";
        let table = [
            (&CASE, format!("/api/v1/cases/{number}"), Some(number)),
            (&CASE, "/api/v1/cases/21010420260000001".to_owned(), None),
            (&CASE, "/api/v1/cases/%2e%2e".to_owned(), None),
            (&CASE, "/api/v1/cases/".to_owned(), None),
            (&ITEM, "/api/v1/items/MZ-11".to_owned(), Some("MZ-11")),
            (&ITEM, "/api/v1/items/mz-11".to_owned(), None),
            (&ITEMS, "/api/v1/items".to_owned(), Some("")),
        ];
        for (operation, path, expected) in table {
            let found = path_name(operation, &path);
            assert_eq!(found.as_ref().ok().map(String::as_str), expected, "{path}");
            assert!(found.err().is_none_or(|refusal| refusal.code == Why::ExchangeNothingHere), "{path}");
        }
    }

    #[test]
    fn a_query_gives_each_value_once() {
        assert_eq!(query(&CASES, "").unwrap().names().count(), 0);
        assert_eq!(query(&CASES, "state=handling").unwrap().text("state"), "handling");
        let table = [
            ("nothing=1", "exchange.field_unknown", Some("nothing")),
            ("nothing=1&nothing=2", "exchange.value", Some("nothing")),
            ("%ff=1", "exchange.unreadable", None),
            ("%zz=1", "exchange.unreadable", None),
        ];
        for (text, code, field) in table {
            let found = query(&CASES, text).err().map(told);
            assert_eq!(found, Some((code.to_owned(), field.map(str::to_owned))), "{text}");
        }
    }

    #[test]
    fn a_call_that_changes_something_carries_a_key() {
        let table = [
            (vec![("idempotency-key", "a.b_c:d-1")], None),
            (vec![("idempotency-key", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")], None),
            (vec![("idempotency-key", "\"short\"")], Some("exchange.key_missing")),
            (vec![("idempotency-key", "\"a.b_c:d-1")], Some("exchange.key_missing")),
            (vec![("idempotency-key", "short")], Some("exchange.key_missing")),
            (vec![("idempotency-key", "has a blank")], Some("exchange.key_missing")),
            (
                vec![("idempotency-key", "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}")],
                Some("exchange.key_missing"),
            ),
            (vec![], Some("exchange.key_missing")),
        ];
        for (given, expected) in table {
            let sent: HeaderMap = given
                .iter()
                .map(|&(name, value)| {
                    (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
                })
                .collect();
            let found = headers(&OPEN, &sent).err().map(|trouble| told(trouble).0);
            assert_eq!(found.as_deref(), expected, "{given:?}");
        }
        for key in ["a.b_c:d-1", "\"a.b_c:d-1\""] {
            let sent = with(&[("idempotency-key", key)]);
            assert_eq!(headers(&OPEN, &sent).unwrap().text(KEY_HEADER), "a.b_c:d-1", "one key, however it is written");
        }
        let read = headers(&CASE, &with(&[("lianglin-code", "7Q2KD-4M4XE")])).unwrap();
        assert_eq!(read.text(CODE_HEADER), "7Q2KD-4M4XE");
        let found = headers(&CASE, &with(&[("lianglin-code", "12")])).err().map(told);
        assert_eq!(found, Some(("exchange.value".to_owned(), Some(CODE_HEADER.to_owned()))));
    }

    #[test]
    fn a_body_is_an_object_of_plain_json() {
        let json = ("content-type", "application/json");
        let table = [
            (vec![json], "{}", None),
            (vec![("content-type", "Application/JSON; charset=\"UTF-8\"")], "{\"a\":1}", None),
            (vec![json, ("content-encoding", "identity")], "{}", None),
            (vec![("content-type", "text/plain")], "{}", Some("exchange.kind")),
            (vec![("content-type", "application/json; charset=gbk")], "{}", Some("exchange.kind")),
            (vec![json, ("content-encoding", "gzip")], "{}", Some("exchange.kind")),
            (vec![], "{}", Some("exchange.kind")),
            (vec![json], "[]", Some("exchange.unreadable")),
            (vec![json], "null", Some("exchange.unreadable")),
            (vec![json], "{", Some("exchange.unreadable")),
            (vec![json], "", Some("exchange.unreadable")),
        ];
        for (headers, body, expected) in table {
            let found = done(sent(&with(&headers), Body::from(body)));
            assert_eq!(found.err().map(|trouble| told(trouble).0).as_deref(), expected, "{headers:?} {body}");
        }
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(LARGEST_BODY));
        let found = done(sent(&with(&[json]), Body::from(large)));
        assert_eq!(found.err().map(|trouble| told(trouble).0).as_deref(), Some("request.too_large"));
    }
}
