//! This page shows whoever looks after other systems the reports that other platforms put right: which were taken,
//! which are on their way, and which were given up and can be sent again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Light, Page, PostForm, TwoInPath, WebError, render};

use crate::records::forward_note;
use crate::words::forward::{Forward, HEARD, Note};
use crate::{Grid, records};

/// The address of the page.
const ADDRESS: &str = "/systems/open311";

#[derive(Template)]
#[template(path = "grid/forwards.html")]
struct ForwardsPage {
    page: Page,
    /// Whether the city's data name any other platform.
    any: bool,
    again: bool,
    lines: Vec<Line>,
}

/// A message.
struct Line {
    district: PlaceId,
    id: Uuid,
    number: String,
    peer: String,
    what: String,
    at: String,
    attempts: i64,
    light: Light,
    why: String,
    given_up: bool,
}

/// `GET /systems/open311`
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let scopes = page.visitor.actor.scopes(identity::May::AccountManage);
    let limit = grid.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let read = move |tx: &mut dyn store::Tx| {
        Ok::<_, store::StoreError>((
            records::forward::listed(tx, &scopes, limit)?,
            forward_note::listed(tx, &scopes, limit)?,
        ))
    };
    let (found, notes) = grid.hall.store.read(read).await?;
    let notes = notes.iter().map(|note| grid.note_line(&page, note));
    let mut lines: Vec<Line> = found.iter().map(|forward| grid.forward_line(&page, forward)).chain(notes).collect();
    // What was given up waits for somebody.
    lines.sort_by_key(|line| !line.given_up);
    let (any, again) = (!grid.peers.is_empty(), page.query.get("done") == "again");
    render(&ForwardsPage { page, any, again, lines })
}

/// `POST /systems/open311/{district}/{forward}/again`: sends a message that was given up once more.
pub async fn again(
    State(grid): State<Arc<Grid>>,
    TwoInPath(district, id): TwoInPath<PlaceId, Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    grid.forward_again(&page.visitor.actor, district, id, form.key().to_owned(), page.now).await?;
    Ok(Redirect::to(&format!("{ADDRESS}?done=again")).into_response())
}

/// How a report stands that went to another platform.
pub(super) fn forward_light(page: &Page, forward: &Forward) -> Light {
    let left = forward.left_at.is_some();
    let (class, key) = match (forward.failed_at, forward.sent_at, forward.foreign_status.as_deref()) {
        (Some(_), _, _) => ("late", "grid-forward-given-up"),
        (None, None, _) if left => ("done", "grid-forward-not-sent"),
        (None, None, _) => ("soon", "grid-forward-waiting"),
        (None, Some(_), _) if left => ("done", "grid-forward-left"),
        (None, Some(_), Some("closed")) => ("done", "grid-forward-closed"),
        (None, Some(_), _) => ("ok", "grid-forward-taken"),
    };
    Light { class, text: page.t(key) }
}

/// How a message stands that a platform is told, or that it sent.
pub(super) fn note_light(page: &Page, note: &Note) -> Light {
    let (class, key) = match (note.says.as_str(), note.failed_at, note.sent_at) {
        (HEARD, ..) => ("stop", "grid-forward-came"),
        (_, Some(_), _) => ("late", "grid-forward-given-up"),
        (_, None, None) => ("soon", "grid-forward-waiting"),
        (_, None, Some(_)) => ("ok", "grid-forward-taken"),
    };
    Light { class, text: page.t(key) }
}

/// What a message says, in words.
pub(super) fn note_says(page: &Page, note: &Note) -> String {
    page.t(&format!("grid-forward-says-{}", note.says.replace('_', "-")))
}

impl Grid {
    /// The name of another platform; its code where the city's data name it no more.
    pub(super) fn peer_name(&self, page: &Page, code: &str) -> String {
        self.peers.get(code).map_or_else(|| code.to_owned(), |peer| page.of(&peer.name).to_owned())
    }

    fn note_line(&self, page: &Page, note: &Note) -> Line {
        Line {
            district: note.district,
            id: note.id,
            number: note.number.clone(),
            peer: self.peer_name(page, &note.peer),
            what: note_says(page, note),
            at: page.minute(note.at),
            attempts: note.attempts,
            light: note_light(page, note),
            why: note.failure.clone().unwrap_or_default(),
            given_up: note.failed_at.is_some(),
        }
    }

    fn forward_line(&self, page: &Page, forward: &Forward) -> Line {
        let condition = self.catalogue.condition_ever(&forward.kind);
        let what = condition.map(|(kind, _)| kind.name.get(page.lang).to_owned());
        let foreign = forward.foreign_id.as_ref().map(|number| page.t1("grid-forward-foreign", "number", number));
        Line {
            district: forward.district,
            id: forward.id,
            number: forward.number.clone(),
            peer: self.peer_name(page, &forward.peer),
            what: what.unwrap_or_else(|| forward.kind.clone()),
            at: page.minute(forward.at),
            attempts: forward.attempts,
            light: forward_light(page, forward),
            why: forward.failure.clone().or(foreign).unwrap_or_default(),
            given_up: forward.failed_at.is_some(),
        }
    }
}
