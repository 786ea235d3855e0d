//! The file of a mediation (卷宗) by its thirteen parts: where each stands, what is still lacking, and what can be
//! printed. Whoever mediates notes here which parts lie there on paper.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::{Fault, Sent};
use kernel::case::{Event, Recorded};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::procedure::{NeedKind, Procedure};
use kernel::refusal::Refusal;
use store::Tx;
use web::{Choice, InPath, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::Hearings;
use crate::actions::inside::{Change, Deed, handles};
use crate::records::{inside, passing, powers, sides};
use crate::rules::paper::{Belongs, Found, IDENTITY, Part, Printed, Stands, is_bound, parts, printable, unseen};
use crate::words::asking::{BEGIN, SEEN_PAPERS};
use crate::words::inside::ON_PAPER;
use crate::words::power::PowerRow;

#[derive(Template)]
#[template(path = "hearings/paper.html")]
struct PaperPage {
    page: Page,
    number: String,
    parts: Vec<Line>,
    lacking: usize,
    /// How many parts are there.
    there: usize,
    /// The mediation ended, so that nothing comes into the file any more.
    is_bound: bool,
    may_note: bool,
    /// The parts that may lie there on paper.
    on_paper: Vec<Choice>,
    /// Papers that are no part of the file, but can be printed for the parties.
    beside: Vec<(String, String)>,
    problems: Vec<Problem>,
}

impl PaperPage {
    /// What is still lacking, by its names.
    fn lacks(&self) -> String {
        let names: Vec<&str> = self.parts.iter().filter(|part| part.lacks).map(|part| part.name.as_str()).collect();
        names.join(self.page.lang.pick("、", ", "))
    }
}

/// A part as the page shows it.
struct Line {
    number: usize,
    name: String,
    must: bool,
    lacks: bool,
    /// Where it stands: the step that shows it or that it lies there on paper, when, and who wrote it.
    stands: Vec<String>,
    /// It stayed with another office.
    is_elsewhere: bool,
    /// The papers of this part that can be printed: title and address.
    prints: Vec<(String, String)>,
}

/// What is read of a file.
struct Read {
    parts: Vec<Part>,
    /// Where each part stands, in words.
    stands: Vec<Vec<String>>,
    printable: Vec<Printed>,
    /// The codes of what was noted here as lying there on paper.
    noted: Vec<String>,
    may_note: bool,
    is_bound: bool,
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
    desk.paper_page(page, number.to_string(), &[]).await
}

/// `POST /cases/{number}/mediation`: which parts of the file lie there on paper.
///
/// # Errors
/// 404 if this visitor may not see the case, no permission, or a failure.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let noted = form.all("on_paper").into_iter().map(str::to_owned).collect();
    let deed = Deed {
        number: number.to_string(),
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, &number),
        once: form.key().to_owned(),
        said: String::new(),
        now: page.now,
    };
    match web::settled(desk.change(Change::OnPaper(noted), deed).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/mediation")).into_response()),
        Err(refusal) => desk.paper_page(page, number.to_string(), &[refusal]).await,
    }
}

impl Hearings {
    async fn paper_page(
        self: &Arc<Self>,
        page: Page,
        number: String,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (here, asked, drawn) = (self.clone(), number.clone(), page.clone());
        let read = move |tx: &mut dyn Tx| here.read_paper(tx, &drawn, &asked);
        let read = self.hall.store.read(read).await?;
        let base = format!("/cases/{number}/mediation");
        let of_part = |number: usize| {
            let papers = read.printable.iter().filter(move |paper| paper.part == number);
            let link = |paper: &Printed| (page.t(paper.title), format!("{base}/{}", paper.code));
            papers.map(link).collect::<Vec<_>>()
        };
        let line = |(part, stands): (&Part, &Vec<String>)| Line {
            number: part.number,
            name: page.t(part.key),
            must: part.belongs == Belongs::Must,
            lacks: part.lacks(),
            stands: stands.clone(),
            is_elsewhere: part.is_elsewhere,
            prints: of_part(part.number),
        };
        let choice = |(code, name): (&'static str, &'static str)| {
            let is_noted = read.noted.iter().any(|noted| noted == code);
            Choice { chosen: is_noted, ..Choice::new(code, page.t(name), "") }
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = PaperPage {
            parts: read.parts.iter().zip(&read.stands).map(line).collect(),
            lacking: read.parts.iter().filter(|part| part.lacks()).count(),
            there: read.parts.iter().filter(|part| part.is_there()).count(),
            is_bound: read.is_bound,
            may_note: read.may_note,
            on_paper: ON_PAPER.into_iter().map(choice).collect(),
            beside: of_part(0),
            problems: page.problems(LABELS, faults),
            number,
            page,
        };
        render_status(status, &drawn)
    }

    fn read_paper(&self, tx: &mut dyn Tx, page: &Page, number: &str) -> Result<Read, Fault> {
        let known = self.mediation(tx, number, &page.visitor.actor, page.now)?;
        let (key, events) = (known.key(), self.cases.events(tx, &known.case)?);
        let (stays, noted) = (passing::stays(tx, &key)?, inside::on_paper(tx, &key)?);
        let unseen = unseen(&known.case, &sides::named(tx, &key)?);
        let mut powers = powers::of_case(tx, &key)?;
        powers.retain(PowerRow::stands);
        let (state, powers) = (known.case.state.as_str(), powers.as_slice());
        let parts = parts(Found { events: &events, state, noted: &noted, unseen, powers, stays: &stays });
        let procedure = self.cases.procedure_of(&known.case)?;
        let shown = shown_papers(page, procedure, &events);
        let told = |part: &Part| {
            let lines = part.stands.iter().map(|one| stands(page, procedure, one));
            lines.chain(shown.iter().filter(|_| part.key == IDENTITY && part.is_there()).cloned()).collect()
        };
        let here = stays.last().map_or(0, |stay| stay.number);
        Ok(Read {
            stands: parts.iter().map(told).collect(),
            printable: printable(&events, &stays),
            noted: noted.into_iter().filter(|row| row.stay == here).map(|row| row.part).collect(),
            may_note: handles(&known.case, &page.visitor.actor),
            is_bound: is_bound(&known.case.state),
            parts,
        })
    }
}

/// Where a part stands, in words.
fn stands(page: &Page, procedure: &Procedure, one: &Stands) -> String {
    let step = one.step.as_ref().and_then(|step| procedure.actions.get(step.as_str()));
    let what = step.map_or_else(|| page.t("hearings-paper-on-paper"), |step| page.of(&step.title).to_owned());
    let when = page.date(page.zone().date(one.at));
    format!("{what} · {when} {}", one.by).trim_end().to_owned()
}

/// Which paper each side showed when the mediation began.
fn shown_papers(page: &Page, procedure: &Procedure, events: &[Recorded]) -> Vec<String> {
    let Some(begin) = procedure.actions.get(BEGIN) else { return Vec::new() };
    let answers = events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if action == BEGIN => Some(fields),
        _ => None,
    });
    let named = |(answer, side): (&str, &str)| {
        let code = answers?.get(answer)?;
        let need = begin.needs.iter().find(|need| need.name == answer)?;
        let NeedKind::Choice { options } = &need.kind else { return None };
        let paper = options.iter().find(|option| option.code == *code)?;
        let side = page.t(&format!("hearings-side-{side}"));
        Some(page.t2("hearings-paper-shown", "side", side, "paper", page.of(&paper.title)))
    };
    SEEN_PAPERS.into_iter().filter_map(named).collect()
}
