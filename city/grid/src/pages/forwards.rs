//! This page shows whoever looks after other systems the reports that other platforms put right: which were taken,
//! which are on their way, and which were given up and can be sent again.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Light, Page, PostForm, TwoInPath, WebError, render};

use crate::words::forward::Forward;
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
    let found = grid.hall.store.read(move |tx| records::forward::listed(tx, &scopes, limit)).await?;
    let lines = found.iter().map(|forward| grid.forward_line(&page, forward)).collect();
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

impl Grid {
    fn forward_line(&self, page: &Page, forward: &Forward) -> Line {
        let peer = self.peers.get(&forward.peer).map(|peer| page.of(&peer.name).to_owned());
        let condition = self.catalogue.condition_ever(&forward.kind);
        let what = condition.map(|(kind, _)| kind.name.get(page.lang).to_owned());
        let (class, key) = match (forward.failed_at, forward.sent_at, forward.foreign_status.as_deref()) {
            (Some(_), _, _) => ("late", "grid-forward-given-up"),
            (None, None, _) => ("soon", "grid-forward-waiting"),
            (None, Some(_), Some("closed")) => ("done", "grid-forward-closed"),
            (None, Some(_), _) => ("ok", "grid-forward-taken"),
        };
        let foreign = forward.foreign_id.as_ref().map(|number| page.t1("grid-forward-foreign", "number", number));
        Line {
            district: forward.district,
            id: forward.id,
            number: forward.number.clone(),
            peer: peer.unwrap_or_else(|| forward.peer.clone()),
            what: what.unwrap_or_else(|| forward.kind.clone()),
            at: page.minute(forward.at),
            attempts: forward.attempts,
            light: Light { class, text: page.t(key) },
            why: forward.failure.clone().or(foreign).unwrap_or_default(),
            given_up: forward.failed_at.is_some(),
        }
    }
}
