//! This page shows whoever looks after other systems the reports that other platforms put right: which were taken,
//! which are on their way, and which were given up: these can be sent again, or let go for a reason.

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Form, Light, Page, Pager, PostForm, TwoInPath, WebError, render};

use crate::records::forward_note;
use crate::words::forward::{After, Forward, HEARD, Note};
use crate::{Grid, records};

/// The address of the page.
const ADDRESS: &str = "/systems/open311";

#[derive(Template)]
#[template(path = "grid/forwards.html")]
struct ForwardsPage {
    page: Page,
    /// Whether the city's data name any other platform.
    any: bool,
    /// What was just done, in words; empty where nothing was.
    done: String,
    lines: Vec<Line>,
    pager: Pager,
}

/// A message.
struct Line {
    district: PlaceId,
    number: String,
    peer: String,
    what: String,
    at: String,
    attempts: i64,
    light: Light,
    why: String,
    /// Where it stands in the list, with its identity.
    place: After,
}

/// `GET /systems/open311`: those given up first, then the newest; `?after=` goes on after one of them.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let scopes = page.visitor.actor.scopes(identity::May::AccountManage);
    let limit = grid.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let after = page.query.opt("after").and_then(After::parse);
    let read = move |tx: &mut dyn store::Tx| {
        Ok::<_, store::StoreError>((
            records::forward::listed(tx, &scopes, after.as_ref(), limit + 1)?,
            forward_note::listed(tx, &scopes, after.as_ref(), limit + 1)?,
        ))
    };
    let (found, notes) = grid.hall.store.read(read).await?;
    let notes = notes.iter().map(|note| grid.note_line(&page, note));
    let mut lines: Vec<Line> = found.iter().map(|forward| grid.forward_line(&page, forward)).chain(notes).collect();
    // What was given up waits for somebody.
    lines.sort_by_key(|line| (!line.place.given_up, Reverse(line.place.at), line.place.id));
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = lines.len() > shown;
    lines.truncate(shown);
    let next = lines.last().filter(|_| more).map(|line| line.place.to_string());
    let pager = Pager {
        before: after.map(|_| ADDRESS.to_owned()),
        after: next.map(|next| format!("{ADDRESS}{}", Form::default().with("after", next).address_with(&[]))),
    };
    let done = match page.query.get("done") {
        "again" => page.t("grid-forward-again-done"),
        "let-go" => page.t("grid-forward-let-go-done"),
        _ => String::new(),
    };
    render(&ForwardsPage { any: !grid.peers.is_empty(), page, done, lines, pager })
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

/// `POST /systems/open311/{district}/{forward}/let-go`: lets a message go that was given up, for a reason.
pub async fn let_go(
    State(grid): State<Arc<Grid>>,
    TwoInPath(district, id): TwoInPath<PlaceId, Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    grid.forward_let_go(&page.visitor.actor, district, id, form.get("why"), page.now).await?;
    Ok(Redirect::to(&format!("{ADDRESS}?done=let-go")).into_response())
}

/// How a report stands that went to another platform.
pub(super) fn forward_light(page: &Page, forward: &Forward) -> Light {
    let left = forward.left_at.is_some();
    let (class, key) = match (forward.failed_at, forward.sent_at, forward.foreign_status.as_deref()) {
        _ if forward.let_go_at.is_some() => ("done", "grid-forward-let-go"),
        (Some(_), Some(_), _) => ("late", "grid-forward-unheard"),
        (Some(_), None, _) => ("late", "grid-forward-given-up"),
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
        _ if note.let_go_at.is_some() => ("done", "grid-forward-let-go"),
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
        let failed = note.failure.clone().unwrap_or_default();
        Line {
            district: note.district,
            number: note.number.clone(),
            peer: self.peer_name(page, &note.peer),
            what: note_says(page, note),
            at: page.minute(note.at),
            attempts: note.attempts,
            light: note_light(page, note),
            why: let_go_words(page, note.let_go_by.as_deref(), note.let_go_why.as_deref()).unwrap_or(failed),
            place: After { given_up: note.failed_at.is_some(), at: note.at, id: note.id },
        }
    }

    fn forward_line(&self, page: &Page, forward: &Forward) -> Line {
        let condition = self.catalogue.condition_ever(&forward.kind);
        let what = condition.map(|(kind, _)| kind.name.get(page.lang).to_owned());
        let let_go = let_go_words(page, forward.let_go_by.as_deref(), forward.let_go_why.as_deref());
        let told: Vec<String> = [there_words(page, forward), forward.failure.clone()].into_iter().flatten().collect();
        Line {
            district: forward.district,
            number: forward.number.clone(),
            peer: self.peer_name(page, &forward.peer),
            what: what.unwrap_or_else(|| forward.kind.clone()),
            at: page.minute(forward.at),
            attempts: forward.attempts,
            light: forward_light(page, forward),
            why: let_go.unwrap_or_else(|| told.join(" · ")),
            place: After { given_up: forward.failed_at.is_some(), at: forward.at, id: forward.id },
        }
    }
}

/// Under which number a report is there, and its state in that platform's own code.
pub(super) fn there_words(page: &Page, forward: &Forward) -> Option<String> {
    let number = forward.foreign_id.as_ref().or(forward.token.as_ref())?;
    let number = page.t1("grid-forward-foreign", "number", number);
    Some(forward.foreign_detail.as_ref().map_or_else(|| number.clone(), |detail| format!("{number} · {detail}")))
}

/// Who let a message go and why.
fn let_go_words(page: &Page, by: Option<&str>, why: Option<&str>) -> Option<String> {
    Some(page.t2("grid-forward-let-go-why", "who", by?, "why", why?))
}
