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
use super::vote::{ResultLine, covered, elected, headings, needs, outcome, runoffs, share, told};
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
    /// How much of the range the register had; empty where that was not kept.
    cover: String,
    /// Why it was called though the register is not whole; empty if it is whole.
    partial: String,
    /// What must take part.
    quorum: String,
    matters: Vec<Asked>,
    /// Where a ballot on paper is handed in, as labels and what they say.
    counter: Vec<(String, String)>,
    /// The owners to whom a ballot sheet goes.
    sheets: Vec<Right>,
    /// The owners to whom a slip goes.
    slips: Vec<Right>,
    /// The community where they get everything on paper.
    place: String,
    pager: Pager,
}

/// A matter as the notice asks it.
struct Asked {
    /// What stands above the first candidate of an election; empty for all others.
    heading: String,
    title: String,
    content: String,
    kind: String,
    /// What it needs, in words.
    needs: String,
}

/// How a matter came out, as the notice for the door says it.
struct Came {
    /// What stands above the first candidate of an election; empty for all others.
    heading: String,
    matter: Matter,
    result: ResultLine,
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
    called: String,
    /// For each election, who was elected.
    elected: Vec<String>,
    results: Vec<Came>,
    /// For each election of which candidates are tied, between whom the owners vote once more.
    runoffs: Vec<String>,
    place: String,
}

/// What is read of a vote to print it.
struct Read {
    vote: Vote,
    compound: String,
    matters: Vec<Matter>,
    rights: Vec<Right>,
    results: Vec<MatterResult>,
    counter: Vec<(String, String)>,
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
    let (own, drawn, span) = (desk.clone(), page.clone(), Part::asked(&page).span());
    let read = move |tx: &mut dyn Tx| {
        let seen = own.seen(tx, id, &drawn.visitor.actor)?;
        let (vote, is_keeper) = (seen.vote, seen.is_keeper);
        let compound = register::compound(tx, vote.compound)?.map(|compound| compound.name).unwrap_or_default();
        let matters = votes::matters(tx, vote.district, id)?;
        let rights = match below {
            Below::Sheets if is_keeper => parts::rights(tx, vote.district, id, span)?,
            Below::Slips if is_keeper => parts::unlinked(tx, vote.district, id, span)?,
            _ => Vec::new(),
        };
        let results = if with_outcome { own.results(tx, &vote)? } else { Vec::new() };
        let counter = own.hall.places.counter_facts(tx, &drawn, vote.path.id())?;
        Ok::<_, Fault>(Read { vote, compound, matters, rights, results, counter })
    };
    let read = desk.hall.store.read(read).await?;
    if with_outcome { desk.outcome_page(page, read) } else { desk.print_page(page, read, below) }
}

impl Property {
    fn print_page(&self, page: Page, read: Read, below: Below) -> Result<Response, WebError> {
        let Read { vote, compound, matters, mut rights, counter, .. } = read;
        let pager = Part::asked(&page).ends(&page, &mut rights);
        let on = self.hall.day(vote.opens_at);
        let thresholds = self.thresholds(&vote.path, on)?;
        let mut asked = Vec::with_capacity(matters.len());
        for (matter, heading) in matters.iter().zip(headings(&page, &matters)) {
            let is_special = self.is_special(matter.kind, &vote.path, on)?;
            asked.push(Asked {
                heading,
                title: matter.title.clone(),
                content: matter.content.clone(),
                kind: page.t(&format!("property-matter-{}", matter.kind.code().replace('_', "-"))),
                needs: needs(&page, &thresholds, is_special),
            });
        }
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
            cover: covered(&page, &vote),
            partial: vote.partial_reason.clone().unwrap_or_default(),
            quorum: page.t1("property-needs-taking", "share", share(&page, thresholds.quorum)),
            matters: asked,
            counter,
            sheets,
            slips,
            place: self.chain(&page, &vote.path),
            pager,
            page,
        })
    }

    fn outcome_page(&self, page: Page, read: Read) -> Result<Response, WebError> {
        let Read { vote, compound, matters, results, .. } = read;
        let came = |(result, heading): (&MatterResult, String)| Came {
            heading,
            matter: result.matter.clone(),
            result: outcome(&page, result),
        };
        let came = results.iter().zip(headings(&page, &matters)).map(came).collect();
        let taking = results.first().map(|result| result.tally.taking_part).unwrap_or_default();
        render(&OutcomePage {
            id: vote.id,
            title: vote.title.clone(),
            compound,
            range: vote.range.clone(),
            ends: page.minute(vote.ends_at),
            entitled: told(&page, &vote.entitled()),
            taking: told(&page, &taking),
            called: page.t(&format!("property-caller-{}", vote.caller.code())),
            elected: elected(&page, &results),
            results: came,
            runoffs: runoffs(&page, &results),
            place: self.chain(&page, &vote.path),
            page,
        })
    }
}
