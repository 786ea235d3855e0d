//! These pages list the calls that somebody may know of, and begin a new one.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::line::lines_fault;
use kernel::permission::Actor;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use uuid::Uuid;
use web::{Choice, Light, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use crate::Mobilization;
use crate::actions::{NewCall, Rights, allowed, reach};
use crate::records::call::{self, Call};
use crate::records::responder;

/// Calls shown at most.
const CALLS: i64 = 200;
/// Most characters of a title and of a note.
const TITLE: usize = 60;
const NOTE: usize = 600;

/// A call in a list.
struct Line {
    id: Uuid,
    title: String,
    place: String,
    since: String,
    light: Light,
}

#[derive(Template)]
#[template(path = "mobilization/calls.html")]
struct CallsPage {
    page: Page,
    lines: Vec<Line>,
    leads: bool,
    ready: i64,
}

#[derive(Template)]
#[template(path = "mobilization/new.html")]
struct NewPage {
    page: Page,
    id: Uuid,
    places: Vec<Choice>,
    title: String,
    note: String,
    problems: Vec<Problem>,
}

/// `GET /mobilization/calls`
pub async fn get(State(desk): State<Arc<Mobilization>>, page: Page) -> Result<Response, WebError> {
    page.require(May::MobilizationRoster)?;
    let places = reach(&page.visitor.actor, May::MobilizationRoster);
    let actor = page.visitor.actor.clone();
    let read = desk.hall.store.read(move |tx| {
        let mut ready = 0;
        for place in &places {
            ready += responder::count_ready(tx, place)?;
        }
        Ok::<_, store::StoreError>((known(tx, &places, &actor)?, ready))
    });
    let (found, ready) = read.await?;
    let tree = desk.hall.places.tree();
    let line = |call: Call| {
        let (class, key) = if call.ended_at.is_none() { ("soon", "going-on") } else { ("done", "over") };
        Line {
            id: call.id,
            place: tree.chain(&call.path, page.lang),
            since: page.date(call.opened_at),
            light: Light { class, text: page.t(&format!("mobilization-call-{key}")) },
            title: call.title,
        }
    };
    let lines = found.into_iter().map(line).collect();
    let leads = page.may(May::MobilizationLead);
    render(&CallsPage { page, lines, leads, ready })
}

/// Returns the calls at, inside or above the places of an actor that she may know of.
fn known(tx: &mut dyn store::Tx, places: &[PlacePath], actor: &Actor) -> Result<Vec<Call>, store::StoreError> {
    let mut found = call::going_on(tx, CALLS)?;
    for place in places {
        found.extend(call::inside(tx, place, CALLS)?);
    }
    found.retain(|call| Rights::of(actor, &call.path).any());
    found.sort_by_key(|call| (call.ended_at.is_some(), std::cmp::Reverse(call.opened_at), call.id));
    found.dedup_by_key(|call| call.id);
    Ok(found)
}

/// `GET /mobilization/calls/new`
pub async fn new(State(desk): State<Arc<Mobilization>>, page: Page) -> Result<Response, WebError> {
    page.require(May::MobilizationLead)?;
    let places = desk.led_places(&page, page.query.get("place"));
    let (title, note) = (String::new(), String::new());
    render(&NewPage { page, id: Uuid::now_v7(), places, title, note, problems: Vec::new() })
}

/// `POST /mobilization/calls/new`
pub async fn begin(State(desk): State<Arc<Mobilization>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::MobilizationLead)?;
    let (title, note) = (form.get("title").to_owned(), form.get("note").to_owned());
    let place = desk.led_place(&page, form.get("place"));
    let id = form.get("call").parse::<Uuid>().unwrap_or_else(|_| Uuid::now_v7());
    let faults = faults(&title, &note, place.is_some());
    let Some(place) = place.filter(|_| faults.is_empty()) else {
        let (places, problems) = (desk.led_places(&page, form.get("place")), page.problems(LABELS, &faults));
        return render_status(StatusCode::UNPROCESSABLE_ENTITY, &NewPage { page, id, places, title, note, problems });
    };
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let new = NewCall { id, place, title, note };
    desk.hall.store.write(move |tx| own.begin(tx, &new, &actor, now)).await?;
    Ok(Redirect::to(&format!("/mobilization/calls/{id}")).into_response())
}

fn faults(title: &str, note: &str, place: bool) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if title.is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field("title"));
    }
    for (field, text, limit) in [("title", title, TITLE), ("note", note, NOTE)] {
        if text.chars().count() > limit {
            faults.push(Refusal::new(Code::FormTooLong).field(field).with("limit", limit));
        }
        faults.extend(lines_fault(text).map(|code| Refusal::new(code).field(field)));
    }
    if !place {
        faults.push(Refusal::new(Code::FormChoice).field("place"));
    }
    faults
}

impl Mobilization {
    /// Returns the places for which somebody may call people out: those of her posts and the places below, down to
    /// communities.
    fn led_places(&self, page: &Page, current: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let mut choices = Vec::new();
        for place in reach(&page.visitor.actor, May::MobilizationLead) {
            let own = tree.at(&place).into_iter();
            let below = tree.children(place.id()).filter(|child| child.level <= Level::Community);
            for one in own.chain(below) {
                choices.push(Choice::new(one.id.0.to_string(), tree.chain(&one.path, page.lang), current));
            }
        }
        choices
    }

    fn led_place(&self, page: &Page, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let place = tree.get(PlaceId(id.parse().ok()?))?;
        let may = allowed(&page.visitor.actor, May::MobilizationLead, &place.path);
        (may && place.level <= Level::Community).then(|| place.path.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_new_call_is_named_at_once() {
        let long = |letters| "急".repeat(letters);
        for (title, note, place, expected) in [
            ("暴雪".to_owned(), String::new(), true, ""),
            (long(TITLE), long(NOTE), true, ""),
            (String::new(), String::new(), true, "title form.missing"),
            (long(TITLE + 1), String::new(), true, "title form.too_long"),
            ("暴雪".to_owned(), long(NOTE + 1), true, "note form.too_long"),
            ("暴雪".to_owned(), String::new(), false, "place form.choice"),
            (String::new(), long(NOTE + 1), false, "title form.missing, note form.too_long, place form.choice"),
        ] {
            let told =
                |fault: &Refusal| format!("{} {}", fault.field.as_deref().unwrap_or_default(), fault.code.as_str());
            let found: Vec<String> = faults(&title, &note, place).iter().map(told).collect();
            assert_eq!(found.join(", "), expected);
        }
    }
}
