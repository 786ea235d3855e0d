//! The votes that somebody keeps or in which she votes, and what the page of a place says of votes under way.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use house::{AskOfPlace, Panel, PanelLine, PlaceAt};
use kernel::place::Level;
use store::Tx;
use web::table::{Cell, ColumnKind, Table};
use web::{Light, Page, Pager, WebError, render};

use super::frame::{COLUMN, Part, headed};
use super::link::account;
use crate::Property;
use crate::actions::reach;
use crate::records::votes::{self, Vote};

/// The most votes of an owner on the page.
const LIST_MOST: i64 = 200;
/// The most votes on the page of a place.
const OF_PLACE: i64 = 5;

#[derive(Template)]
#[template(path = "property/votes.html")]
struct VotesPage {
    page: Page,
    own: Table,
    kept: Table,
    /// The other pages of those that she keeps.
    pager: Pager,
    is_keeper: bool,
}

/// `GET /property/votes`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    let who = account(&page)?;
    let (own, places) = (desk.clone(), reach(&page.visitor.actor));
    let is_keeper = !places.is_empty();
    let order = |one: &Vote, other: &Vote| (other.ends_at, one.id).cmp(&(one.ends_at, other.id));
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx| {
        let kept = store::gather(&places, part.most(), order, |place| votes::inside(tx, place, part.most()))?;
        Ok::<_, Fault>((own.votes_of(tx, who, LIST_MOST)?, kept))
    };
    let (own, mut kept) = desk.hall.store.read(read).await?;
    let pager = part.cut(&page, &mut kept);
    let (own, kept) = (desk.table(&page, &own, "property-votes-own"), desk.table(&page, &kept, "property-votes"));
    render(&VotesPage { page, own, kept, pager, is_keeper })
}

/// How a vote stands, in words.
pub(crate) fn light(page: &Page, vote: &Vote) -> Light {
    let (class, key) = if vote.off_at.is_some() {
        ("late", "property-vote-off")
    } else if vote.is_over(page.now) {
        ("none", "property-vote-over")
    } else if vote.is_open(page.now) {
        ("ok", "property-vote-open")
    } else {
        ("soon", "property-vote-called")
    };
    Light { class, text: page.t(key) }
}

/// The votes under way on the page of a community, with those that were called off and would be under way.
pub(crate) fn of_place(desk: &Arc<Property>) -> AskOfPlace {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let running = votes::running(tx, at.path, page.now, OF_PLACE)?;
        if running.is_empty() {
            return Ok(None);
        }
        let mut lines = Vec::with_capacity(running.len());
        for vote in &running {
            if let Some(reason) = &vote.off_reason {
                let text = page.t1("property-vote-off-line", "reason", reason);
                lines.push(PanelLine { term: vote.title.clone(), text, href: String::new() });
                continue;
            }
            let (taking, needed, _) = desk.quorum(tx, vote)?;
            let (ends, have) = (page.minute(vote.ends_at), taking.heads.to_string());
            let needed = needed.heads.to_string();
            let values = [("ends", ends.as_str()), ("have", have.as_str()), ("needed", needed.as_str())];
            let text = page.text("property-vote-line", &values);
            lines.push(PanelLine { term: vote.title.clone(), text, href: String::new() });
        }
        let more = (page.t("property-vote-section-more"), "/property/votes".to_owned());
        Ok(Some(Panel { title: page.t("property-vote-section"), lines, empty: String::new(), more }))
    })
}

impl Property {
    fn table(&self, page: &Page, found: &[Vote], caption: &str) -> Table {
        let named = [
            (ColumnKind::Link, "vote"),
            (ColumnKind::Text, "community"),
            (ColumnKind::Moment, "opens"),
            (ColumnKind::Moment, "ends"),
            (ColumnKind::Text, "state"),
        ];
        let row = |vote: &Vote| {
            vec![
                Cell::link(vote.title.clone(), format!("/property/votes/{}", vote.id)),
                self.chain(page, &vote.path).into(),
                vote.opens_at.into(),
                vote.ends_at.into(),
                light(page, vote).into(),
            ]
        };
        Table::new(page.t(caption), headed(page, COLUMN, named)).with(found.iter().map(row))
    }
}
