//! This page shows those who work on a report to which other platforms it was sent, what they were told since, and what
//! they say of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::Key;
use hall::Fault;
use house::{BesideLink, CaseAt};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use store::{StoreError, Tx};
use web::{InPath, Light, Page, WebError, render};

use super::forwards::{forward_light, note_light, note_says, there_words};
use crate::Grid;
use crate::records::{forward, forward_note};
use crate::words::REPORT;
use crate::words::forward::{Forward, Note};

/// The most that is shown of one report.
const SHOWN: i64 = 100;

#[derive(Template)]
#[template(path = "grid/platforms.html")]
struct PlatformsPage {
    page: Page,
    number: String,
    lines: Vec<Line>,
}

/// One message, or the report itself on its way.
struct Line {
    peer: String,
    what: String,
    words: String,
    at: String,
    light: Light,
}

/// The link that stands beside a report that was sent to another platform.
///
/// # Errors
/// The store failed.
pub fn beside(tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> {
    if case.kind != REPORT || !page.visitor.staff() || forward::of_case(tx, case.district, case.id, 1)?.is_empty() {
        return Ok(Vec::new());
    }
    let (href, text) = (format!("/cases/{}/platforms", case.number), page.t("grid-platforms-title"));
    Ok(vec![BesideLink { href, text, is_open: false }])
}

/// `GET /cases/{number}/platforms`
///
/// # Errors
/// 404 if this visitor may not see the case, or if it is no report.
pub async fn get(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (desk, drawn) = (grid.clone(), page.clone());
    let read = move |tx: &mut dyn Tx| {
        let known = desk.seen(tx, &drawn, &number)?;
        let Key { district, id } = known.key();
        let sent = forward::of_case(tx, district, id, SHOWN)?;
        let mut lines: Vec<Line> = sent.iter().map(|one| desk.sent_line(&drawn, one)).collect();
        for note in forward_note::of_case(tx, district, id, SHOWN)? {
            let words = desk.heard_words(tx, &note)?;
            lines.push(desk.said_line(&drawn, &note, words));
        }
        Ok::<_, Fault>((known.case.number, lines))
    };
    let (number, lines) = grid.hall.store.read(read).await?;
    render(&PlatformsPage { page, number, lines })
}

impl Grid {
    fn sent_line(&self, page: &Page, forward: &Forward) -> Line {
        Line {
            peer: self.peer_name(page, &forward.peer),
            what: page.t("grid-forward-says-sent"),
            words: there_words(page, forward).unwrap_or_default(),
            at: page.minute(forward.at),
            light: forward_light(page, forward),
        }
    }

    fn said_line(&self, page: &Page, note: &Note, words: String) -> Line {
        Line {
            peer: self.peer_name(page, &note.peer),
            what: note_says(page, note),
            words,
            at: page.minute(note.at),
            light: note_light(page, note),
        }
    }
}
