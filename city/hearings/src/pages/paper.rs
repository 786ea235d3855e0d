//! The file of a mediation (卷宗) by its thirteen parts: what is there, what is still lacking, and what can be printed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use web::{InPath, Page, WebError, render};

use crate::Hearings;
use crate::rules::paper::{Belongs, Printed, parts, printable};

#[derive(Template)]
#[template(path = "hearings/paper.html")]
struct PaperPage {
    page: Page,
    number: String,
    parts: Vec<Line>,
    lacking: usize,
    /// Papers that are no part of the file, but can be printed for the parties.
    beside: Vec<(String, String)>,
}

/// A part as the page shows it.
struct Line {
    number: usize,
    name: String,
    must: bool,
    there: bool,
    lacks: bool,
    /// The papers of this part that can be printed: title and address.
    prints: Vec<(String, String)>,
}

/// `GET /cases/{number}/mediation`
///
/// # Errors
/// 404 if this visitor may not see the case, if it is no mediation, or if somebody else mediates it.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (here, asked, actor, now) = (desk.clone(), number.to_string(), page.visitor.actor.clone(), page.now);
    let read = move |tx: &mut dyn store::Tx| {
        let known = here.mediation(tx, &asked, &actor, now)?;
        let events = here.cases.events(tx, &known.case)?;
        Ok::<_, Fault>((parts(&events, &known.case.state), printable(&events)))
    };
    let (found, printable) = desk.hall.store.read(read).await?;
    let base = format!("/cases/{number}/mediation");
    let of_part = |number: usize| {
        let papers = printable.iter().filter(move |paper| paper.part == number);
        let link = |paper: &Printed| (page.t(paper.title), format!("{base}/{}", paper.code));
        papers.map(link).collect::<Vec<_>>()
    };
    let line = |part: &crate::rules::paper::Part| Line {
        number: part.number,
        name: page.t(part.key),
        must: part.belongs == Belongs::Must,
        there: part.there,
        lacks: part.lacks(),
        prints: of_part(part.number),
    };
    let parts: Vec<Line> = found.iter().map(line).collect();
    let lacking = parts.iter().filter(|line| line.lacks).count();
    let beside = of_part(0);
    render(&PaperPage { page, number: number.to_string(), parts, lacking, beside })
}
