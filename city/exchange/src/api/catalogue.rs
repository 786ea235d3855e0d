//! This file serves items, places and figures through the interface: what people can ask for, where, and how many cases
//! are open.

use crate::refusals::Why;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use cases::{Column, Counts, INDICATORS, Month, Share};
use counter::catalogue::Item;
use hall::figures::Asked;
use hall::hiding::{Row, Withheld};
use kernel::language::Lang;
use kernel::permission::Scope;
use kernel::refusal::Refusal;
use serde_json::{Value, json};

use super::call::{Answer, Call};
use super::problem::Trouble;
use super::shown;
use crate::actions::Fault;
use crate::contract::{FIGURES, ITEM, ITEMS, PLACES};
use crate::words::ApiScope;
use crate::{Exchange, rules};

/// Limits how many items and places a search gives.
const FOUND: usize = 100;

/// Answers `GET /api/v1/items`.
pub async fn items(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&ITEMS, request, found_items).await
}

/// Answers `GET /api/v1/items/{code}`.
pub async fn item(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&ITEM, request, one_item).await
}

/// Answers `GET /api/v1/figures`.
pub async fn figures(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&FIGURES, request, counted).await
}

/// Answers `GET /api/v1/places`.
pub async fn places(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&PLACES, request, found_places).await
}

async fn found_items(call: Call) -> Result<Answer, Trouble> {
    let catalogue = &*call.exchange.counter.catalogue();
    let (words, department, event) = (call.query.text("q"), call.query.text("department"), call.query.text("event"));
    let found: Vec<&Item> =
        if words.is_empty() { catalogue.items().collect() } else { catalogue.search(words, Lang::Zh, FOUND) };
    let wanted = |item: &&Item| {
        (department.is_empty() || item.department == department)
            && (event.is_empty() || item.life_events.iter().any(|one| one == event))
    };
    let rows: Vec<Value> =
        found.into_iter().filter(wanted).map(|item| Value::Object(shown::item_row(catalogue, item))).collect();
    Ok(Answer::ok(json!({ "items": rows })))
}

async fn one_item(call: Call) -> Result<Answer, Trouble> {
    let catalogue = &*call.exchange.counter.catalogue();
    let item = catalogue.get(&call.name).ok_or_else(|| Refusal::new(Why::ExchangeNothingHere))?;
    let procedure = call.exchange.cases.procedure(&item.procedure)?;
    Ok(Answer::ok(shown::item(catalogue, procedure, item)))
}

async fn found_places(call: Call) -> Result<Answer, Trouble> {
    let tree = call.exchange.cases.hall.places.tree();
    let row = |found: &places::Place| {
        let within: Vec<Value> =
            tree.ancestors(found.id).iter().map(|above| shown::place(&tree, &above.path)).collect();
        json!({ "place": shown::place(&tree, &found.path), "within": within })
    };
    let rows: Vec<Value> = tree.search(call.query.text("q"), FOUND).into_iter().map(row).collect();
    Ok(Answer::ok(json!({ "places": rows })))
}

/// Counts the open cases that wait at desks inside a place now, or of a system for one department those that its
/// offices there decide, as the pages of the platform do; and returns what was counted and published for a month.
async fn counted(call: Call) -> Result<Answer, Trouble> {
    let exchange = call.exchange.clone();
    let tree = exchange.cases.hall.places.tree();
    let place = match call.query.text("place") {
        "" => call.system.place.clone(),
        digits => rules::place(&tree, "place", digits).map_err(|_| Refusal::new(Why::ExchangeNothingHere))?,
    };
    if !call.system.place.contains(&place) {
        return Err(Refusal::new(Why::ExchangeNothingHere).into());
    }
    let zone = exchange.cases.hall.calendar().zone();
    let today = zone.date(call.now);
    let month = match call.query.text("month") {
        "" => cases::month(zone, call.now),
        month => month.to_owned(),
    };
    let near = exchange.cases.nearness(call.now)?;
    let scope = Scope { place: place.clone(), department: call.system.department.clone() };
    let (wanted, share) = (month.clone(), Share::whole(scope.clone()));
    // A system that reads the cases themselves learns nothing more from a small number.
    let sees = call.system.has(ApiScope::CaseRead);
    let least = i64::from(exchange.cases.hall.figure(hall::FIGURES_LEAST, call.now)?);
    let hall = exchange.cases.hall.clone();
    let read = exchange.cases.hall.store.read(move |tx| {
        let department = scope.department.as_deref();
        let sum = cases::month_sum(tx, &wanted, &scope.place, department)?;
        let asked =
            Asked { publisher: "cases", place: &scope.place, own: false, department, month: &wanted, slots: &[] };
        let withheld = if sees { Withheld::default() } else { hall.withheld(tx, INDICATORS, &asked, least)? };
        Ok::<_, Fault>((cases::count(tx, Column::of(std::slice::from_ref(&share)), &share, near)?, sum, withheld))
    });
    let (counts, sum, withheld): (Counts, Month, Withheld) = read.await?;
    let department = call.system.department.as_deref();
    let is_withheld = |name: &str| {
        let mut named = INDICATORS.iter().filter(|one| one.code.split_once('.').is_some_and(|(_, own)| own == name));
        named.any(|indicator| !withheld.tells(Row::Total, department, indicator, INDICATORS))
    };
    // Cases that belong to no department have no number here, which differs from zero.
    let told = |name: &str, value: i64| {
        let unknown = department.is_some() && Month::OF_NO_DEPARTMENT.contains(&name);
        if unknown || is_withheld(name) { Value::Null } else { value.into() }
    };
    let small: Vec<&str> = Month::COLUMNS.iter().copied().filter(|name| is_withheld(name)).collect();
    let counted: serde_json::Map<String, Value> =
        Month::COLUMNS.iter().zip(sum.values()).map(|(name, value)| ((*name).to_owned(), told(name, value))).collect();
    let is_small = |count: i64| !sees && count > 0 && count < least;
    let rest = counts.open - counts.late - counts.soon - counts.stopped;
    let hides_parts = [counts.late, counts.soon, counts.stopped, rest, counts.open].into_iter().any(is_small);
    let open = |count: i64| if is_small(count) { Value::Null } else { count.into() };
    let parts = |count: i64| if hides_parts { Value::Null } else { count.into() };
    Ok(Answer::ok(json!({
        "place": shown::place(&tree, &place),
        "on": today.to_string(),
        "open": open(counts.open),
        "late": parts(counts.late),
        "soon": parts(counts.soon),
        "stopped": parts(counts.stopped),
        "month": month,
        "counted": counted,
        "withheld": small,
    })))
}
