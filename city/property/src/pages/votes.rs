//! The votes that somebody keeps or in which she votes, and what the page of a place says of votes under way.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::{AskOfPlace, Panel, PanelLine, PlaceAt};
use kernel::place::Level;
use store::Tx;
use web::table::{Cell, ColumnKind, Table};
use web::{Light, Page, Pager, WebError, render};

use super::frame::{COLUMN, Part, account, headed, may_watch, watched};
use crate::Property;
use crate::actions::votes::OwnVote;
use crate::permissions::May;
use crate::records::votes::{self, Vote};

/// The most votes on the page of a place.
const OF_PLACE: i64 = 5;

#[derive(Template)]
#[template(path = "property/votes.html")]
struct VotesPage {
    page: Page,
    own: Table,
    /// Whether she keeps votes of others too.
    is_keeper: bool,
}

#[derive(Template)]
#[template(path = "property/votes_kept.html")]
struct KeptPage {
    page: Page,
    title: String,
    kept: Table,
    pager: Pager,
    /// Whether she calls votes, beside reading which ones there are.
    is_keeper: bool,
}

/// `GET /property/votes`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    let (who, own) = (account(&page)?, desk.clone());
    let now = page.now;
    let read = move |tx: &mut dyn Tx| own.own_votes(tx, who, now);
    let found = desk.hall.store.read(read).await?;
    let own = Property::own_table(&page, &found);
    let is_keeper = !watched(&page.visitor.actor, May::PropertyEdit).is_empty();
    render(&VotesPage { page, own, is_keeper })
}

/// `GET /property/votes/kept`: the votes of the places of somebody's posts, for those who keep them and those who read
/// which ones there are.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn kept(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    may_watch(&page, May::PropertyEdit)?;
    let places = watched(&page.visitor.actor, May::PropertyEdit);
    let order = |one: &Vote, other: &Vote| (other.ends_at, one.id).cmp(&(one.ends_at, other.id));
    let part = Part::asked(&page);
    let names: Vec<String> = places.iter().map(|place| desk.chain(&page, place)).collect();
    let title = page.t1("property-votes-kept", "place", names.join(page.lang.pick("、", ", ")));
    let read = move |tx: &mut dyn Tx| {
        store::gather(&places, part.most(), order, |place| votes::inside(tx, place, part.most()))
    };
    let mut found = desk.hall.store.read(read).await?;
    let pager = part.cut(&page, &mut found);
    let kept = desk.table(&page, &found, &title);
    let is_keeper = page.may(May::PropertyEdit);
    render(&KeptPage { page, title, kept, pager, is_keeper })
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
    /// The votes in which somebody votes, with whether she did and from which day she may.
    fn own_table(page: &Page, found: &[OwnVote]) -> Table {
        let named = [
            (ColumnKind::Link, "vote"),
            (ColumnKind::Text, "unit"),
            (ColumnKind::Moment, "ends"),
            (ColumnKind::Text, "state"),
            (ColumnKind::Link, "taken"),
        ];
        let row = |one: &OwnVote| {
            let vote = &one.vote;
            vec![
                Cell::link(vote.title.clone(), format!("/property/votes/{}", vote.id)),
                one.right.units.clone().into(),
                vote.ends_at.into(),
                light(page, vote).into(),
                taken(page, one),
            ]
        };
        Table::new(page.t("property-votes-own"), headed(page, COLUMN, named)).with(found.iter().map(row))
    }

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
        Table::new(caption, headed(page, COLUMN, named)).with(found.iter().map(row))
    }
}

/// Whether somebody voted: what leads to her receipt while it is there, to the ballot while she may give one, or the
/// day from which she may.
pub(super) fn taken(page: &Page, one: &OwnVote) -> Cell {
    let OwnVote { vote, right, has_voted, waits } = one;
    let (open, counted) = (vote.is_open(page.now), vote.counted_at.is_some());
    let at = |part: &str| format!("/property/votes/{}/{part}/{}", vote.id, right.number);
    match waits {
        _ if vote.off_at.is_some() => Cell::Empty,
        _ if *has_voted && (counted || waits.is_some()) => page.t("property-voted").into(),
        _ if *has_voted => Cell::link(page.t("property-voted-receipt"), at("receipt")),
        _ if !vote.is_under_way() || vote.is_over(page.now) => page.t("property-voted-not").into(),
        Some(from) => page.t1("property-votes-from", "date", page.full_date(*from)).into(),
        None if open => Cell::link(page.t("property-vote-now"), at("ballot")),
        None => page.t("property-vote-called").into(),
    }
}
