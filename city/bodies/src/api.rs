//! Open data of a place for programs: its bodies as Popolo (organizations, posts, memberships, persons, areas), and its
//! meetings as a calendar.
//!
//! A person stands there by the published name alone, once for each post: nobody can follow a person from one post to
//! another, or to the past.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::icalendar::{Entry, Standing as Sure, When, written};
use kernel::language::Lang;
use kernel::place::PlaceId;
use serde_json::{Value, json};
use store::Tx;
use web::{InPath, Page, WebError};

use crate::Bodies;
use crate::actions::{Order, Seat, Standing};
use crate::words::Meeting;

/// How long an answer may be kept.
const KEPT: &str = "public, max-age=600";
/// Who wrote a calendar.
const PRODUCT: &str = "-//Lianglin//bodies//ZH";

/// `GET /bodies/{id}/popolo.json`
///
/// # Errors
/// 404 for what is no place, or a failure.
pub async fn popolo(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let place = tree.get(id).ok_or(WebError::NotFound)?;
    let area = json!({
        "id": area_id(id),
        "name": place.named(Lang::Zh),
        "identifier": place.code,
        "classification": place.level.code(),
    });
    let order = read(&desk, &page, id).await?;
    let text = document(&desk, &order, &area, &area_id(id)).to_string();
    let headers =
        [(CONTENT_TYPE, "application/json; charset=utf-8"), (CACHE_CONTROL, KEPT), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, text).into_response())
}

/// `GET /bodies/{id}/meetings.ics`: the meetings of a place that are not over (RFC 5545).
///
/// # Errors
/// 404 for what is no place, or a failure.
pub async fn meetings(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let order = read(&desk, &page, id).await?;
    let entry = |meeting: &Meeting| Entry {
        uid: format!("{}@bodies", meeting.id),
        edition: 0,
        when: When::Span { from: meeting.starts_at, to: meeting.ends_at },
        title: meeting.title.clone(),
        place: meeting.room.clone(),
        text: String::new(),
        address: String::new(),
        standing: if meeting.cancelled { Sure::Cancelled } else { Sure::Confirmed },
    };
    let entries: Vec<Entry> = order.meetings.iter().map(entry).collect();
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CONTENT_DISPOSITION, "inline; filename=\"meetings.ics\""),
        (CACHE_CONTROL, KEPT),
    ];
    Ok((headers, written(PRODUCT, &entries, page.now)).into_response())
}

/// The order of a place that is there.
async fn read(desk: &Arc<Bodies>, page: &Page, id: PlaceId) -> Result<Order, WebError> {
    let path = desk.hall.places.tree().path(id).cloned().ok_or(WebError::NotFound)?;
    let (own, now) = (desk.clone(), page.now);
    let read = move |tx: &mut dyn Tx| own.order(tx, &path, now);
    Ok(desk.hall.store.read(read).await?)
}

fn area_id(id: PlaceId) -> String {
    format!("area-{id}")
}

/// The document as Popolo has it: a list for each class.
fn document(desk: &Bodies, order: &Order, area: &Value, area_id: &str) -> Value {
    let (mut posts, mut memberships, mut persons) = (Vec::new(), Vec::new(), Vec::new());
    for standing in &order.bodies {
        for seat in &standing.seats {
            posts.push(post(standing, seat, area_id));
            for holder in &seat.holders {
                let Some(name) = &holder.name else { continue };
                persons.push(json!({ "id": format!("person-{}", holder.id), "name": name }));
                let mut membership = json!({
                    "id": holder.id,
                    "person_id": format!("person-{}", holder.id),
                    "organization_id": standing.body.id,
                    "post_id": seat.post.id,
                    "role": seat.post.title_zh,
                    "start_date": holder.from.to_string(),
                });
                if let Some(until) = holder.until {
                    put(&mut membership, "end_date", json!(until.to_string()));
                }
                memberships.push(membership);
            }
        }
    }
    let organizations: Vec<Value> =
        order.bodies.iter().map(|standing| organization(desk, order, standing, area_id)).collect();
    json!({
        "organizations": organizations,
        "posts": posts,
        "memberships": memberships,
        "persons": persons,
        "areas": [area],
    })
}

fn post(standing: &Standing, seat: &Seat, area_id: &str) -> Value {
    json!({
        "id": seat.post.id,
        "label": seat.post.title_zh,
        "role": seat.post.title_zh,
        "organization_id": standing.body.id,
        "area_id": area_id,
    })
}

fn organization(desk: &Bodies, order: &Order, standing: &Standing, area_id: &str) -> Value {
    let body = &standing.body;
    let contact = |kind: &str, label: &str, value: &str| {
        (!value.is_empty()).then(|| json!({ "type": kind, "label": label, "value": value }))
    };
    let contacts: Vec<Value> = [
        contact("voice", "telephone", &body.telephone),
        contact("address", "address", &body.address),
        contact("hours", "hours", &body.hours),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut found = json!({
        "id": body.id,
        "name": body.name,
        "classification": body.kind,
        "area_id": area_id,
        "contact_details": contacts,
    });
    let kind = desk.kinds.get(&body.kind);
    let part_of = kind.map(|kind| kind.part_of.as_str()).filter(|code| !code.is_empty());
    let above = part_of.and_then(|code| order.bodies.iter().find(|one| one.body.kind == code));
    if let Some(above) = above {
        put(&mut found, "parent_id", json!(above.body.id));
    }
    if let Some(purpose) = purpose(desk, standing) {
        put(&mut found, "abstract", json!(purpose));
    }
    found
}

/// What a body is for: its own words, else those of its kind.
fn purpose(desk: &Bodies, standing: &Standing) -> Option<String> {
    if !standing.body.purpose.is_empty() {
        return Some(standing.body.purpose.clone());
    }
    desk.kinds.get(&standing.body.kind).map(|kind| kind.purpose.zh.clone())
}

/// Adds a field to an object.
fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
