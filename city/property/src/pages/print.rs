//! What is printed of a vote on A4: the notice for the door, the ballot sheets, a slip for each owner who has no
//! account that is linked, and after the end the outcome for the door. Nobody is named on any of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use store::Tx;
use uuid::Uuid;
use web::{InPath, Page, Pager, WebError, render};

use super::frame::Part;
use super::vote::{ResultLine, outcome, told};
use crate::Property;
use crate::actions::votes::MatterResult;
use crate::records::parts;
use crate::records::register;
use crate::records::votes::{self, Matter, Right, Vote};

/// The notice, with the ballot sheets or the slips of a part of the owners below it.
#[derive(Template)]
#[template(path = "property/print.html")]
struct PrintPage {
    page: Page,
    id: Uuid,
    title: String,
    compound: String,
    range: String,
    notice: String,
    opens: String,
    ends: String,
    called: String,
    entitled: String,
    matters: Vec<Matter>,
    /// The owners to whom a ballot sheet goes.
    sheets: Vec<Right>,
    /// The owners to whom a slip goes.
    slips: Vec<Right>,
    /// The community where they get everything on paper.
    place: String,
    pager: Pager,
}

/// The outcome of a counted vote for the door.
#[derive(Template)]
#[template(path = "property/outcome.html")]
struct OutcomePage {
    page: Page,
    id: Uuid,
    title: String,
    compound: String,
    range: String,
    ends: String,
    entitled: String,
    taking: String,
    results: Vec<(Matter, ResultLine)>,
    place: String,
}

/// What is read of a vote to print it.
struct Read {
    vote: Vote,
    compound: String,
    matters: Vec<Matter>,
    rights: Vec<Right>,
    results: Vec<MatterResult>,
}

/// What is printed below the notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Below {
    /// Nothing.
    Nothing,
    /// The ballot sheets.
    Sheets,
    /// The slips for owners who have no account that is linked.
    Slips,
}

/// `GET /property/votes/{vote}/print`: the notice; with `?sheets=1` the ballot sheets and with `?slips=1` the slips for
/// whoever keeps the vote; with `?outcome=1` the outcome of a counted one.
///
/// # Errors
/// 404 for what is not hers, for the outcome before the count, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let is_asked = |name: &str| page.query.get(name) == "1";
    let below = match (is_asked("sheets"), is_asked("slips")) {
        (true, _) => Below::Sheets,
        (false, true) => Below::Slips,
        (false, false) => Below::Nothing,
    };
    let with_outcome = is_asked("outcome");
    let (own, actor, span) = (desk.clone(), page.visitor.actor.clone(), Part::asked(&page).span());
    let read = move |tx: &mut dyn Tx| {
        let seen = own.seen(tx, id, &actor)?;
        let (vote, is_keeper) = (seen.vote, seen.is_keeper);
        let compound = register::compound(tx, vote.compound)?.map(|compound| compound.name).unwrap_or_default();
        let matters = votes::matters(tx, vote.district, id)?;
        let rights = match below {
            Below::Sheets if is_keeper => parts::rights(tx, vote.district, id, span)?,
            Below::Slips if is_keeper => parts::unlinked(tx, vote.district, id, span)?,
            _ => Vec::new(),
        };
        let results = if with_outcome { own.results(tx, &vote)? } else { Vec::new() };
        Ok::<_, Fault>(Read { vote, compound, matters, rights, results })
    };
    let read = desk.hall.store.read(read).await?;
    if with_outcome { desk.outcome_page(page, read) } else { desk.print_page(page, read, below) }
}

impl Property {
    fn print_page(&self, page: Page, read: Read, below: Below) -> Result<Response, WebError> {
        let Read { vote, compound, matters, mut rights, .. } = read;
        let pager = Part::asked(&page).ends(&page, &mut rights);
        let (sheets, slips) = if below == Below::Slips { (Vec::new(), rights) } else { (rights, Vec::new()) };
        render(&PrintPage {
            id: vote.id,
            title: vote.title.clone(),
            compound,
            range: vote.range.clone(),
            notice: page.date(vote.notice_on),
            opens: page.minute(vote.opens_at),
            ends: page.minute(vote.ends_at),
            called: page.t(&format!("property-caller-{}", vote.caller.code())),
            entitled: told(&page, &vote.entitled()),
            matters,
            sheets,
            slips,
            place: self.chain(&page, &vote.path),
            pager,
            page,
        })
    }

    fn outcome_page(&self, page: Page, read: Read) -> Result<Response, WebError> {
        let Read { vote, compound, results, .. } = read;
        let taking = results.first().map(|result| result.tally.taking_part).unwrap_or_default();
        render(&OutcomePage {
            id: vote.id,
            title: vote.title.clone(),
            compound,
            range: vote.range.clone(),
            ends: page.minute(vote.ends_at),
            entitled: told(&page, &vote.entitled()),
            taking: told(&page, &taking),
            results: results.iter().map(|result| (result.matter.clone(), outcome(&page, result))).collect(),
            place: self.chain(&page, &vote.path),
            page,
        })
    }
}
