//! Whoever joined a report reads with its number and her own code how it stands. She can only read here.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::ReceiptCode;
use hall::{AccessLine, Fault};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use web::{Light, Page, PostForm, Problem, WebError, render_status, too_often};

use super::LABELS;
use crate::Grid;
use crate::records::follower::Follower;
use crate::records::{self, follower, shown};
use crate::rules::stage::Stage;

/// What guesses at codes are counted as.
const HEARD: &str = "heard";

#[derive(Template)]
#[template(path = "grid/heard.html")]
struct HeardPage {
    page: Page,
    number: String,
    lines: Vec<Line>,
    accesses: Vec<AccessLine>,
    faults: Vec<Problem>,
}

/// A report that she joined.
struct Line {
    number: String,
    what: String,
    light: Light,
    met: i64,
}

/// `GET /report/heard`
pub async fn get(State(_): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    shows(page, number, Vec::new(), Vec::new(), &[])
}

/// `POST /report/heard`: number and code. A wrong number and a wrong code get the same answer.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (number, code) = (form.get("number").to_owned(), form.get("code").to_owned());
    let missing = |name: &'static str| Refusal::new(Code::FormMissing).field(name);
    let faults: Vec<Refusal> = [("number", &number), ("code", &code)]
        .into_iter()
        .filter(|(_, text)| text.is_empty())
        .map(|(name, _)| missing(name))
        .collect();
    if !faults.is_empty() {
        return shows(page, number, Vec::new(), Vec::new(), &faults);
    }
    let guess = grid.counter.guess(&page, HEARD).at_number(&number);
    let found = grid.counter.guarded(&guess, grid.heard(page.clone(), number.clone(), code)).await;
    let found = found.and_then(|found| found.ok_or_else(|| Refusal::new(Code::CaseNotFound).into()));
    match web::settled(found)? {
        Ok((lines, accesses)) => shows(page, number, lines, accesses, &[]),
        Err(refusal) => {
            Ok(too_often(&refusal, shows(page, number, Vec::new(), Vec::new(), std::slice::from_ref(&refusal))?))
        }
    }
}

fn shows(
    page: Page,
    number: String,
    lines: Vec<Line>,
    accesses: Vec<AccessLine>,
    faults: &[Refusal],
) -> Result<Response, WebError> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let faults = page.problems(LABELS, faults);
    render_status(status, &HeardPage { page, number, lines, accesses, faults })
}

impl Grid {
    /// The reports that somebody joined, and who looked at her telephone; none where number or code is wrong.
    async fn heard(
        self: &Arc<Self>,
        page: Page,
        number: String,
        code: String,
    ) -> Result<Option<(Vec<Line>, Vec<AccessLine>)>, Fault> {
        let Some(code) = ReceiptCode::parse(&code) else { return Ok(None) };
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let known = match desk.cases.known_number(tx, &number) {
                Err(Fault::NotFound) => return Ok(None),
                known => known?,
            };
            let Some(joined) = desk.follower_of(tx, &known, &code)? else { return Ok(None) };
            let mut lines = Vec::new();
            for one in follower::of_record(tx, joined.keeper, joined.record)? {
                lines.extend(desk.joined_line(tx, &page, &one)?);
            }
            let accesses = desk.hall.vault.accesses(tx, joined.keeper, joined.record)?;
            let accesses = accesses.iter().map(|one| AccessLine::new(&page, one, &desk.hall.purposes)).collect();
            Ok::<_, Fault>(Some((lines, accesses)))
        };
        self.hall.store.read(read).await
    }

    fn joined_line(&self, tx: &mut dyn Tx, page: &Page, one: &Follower) -> Result<Option<Line>, Fault> {
        let Some(report) = records::find(tx, one.district, one.case_id)? else { return Ok(None) };
        let shown = shown::find(tx, one.district, one.case_id)?;
        let stage = shown.and_then(|shown| Stage::parse(&shown.stage)).unwrap_or(Stage::Reported);
        let what = self.catalogue.kind_ever(&report.kind).map(|kind| kind.name.get(page.lang).to_owned());
        let light = super::near::light(page, stage);
        Ok(Some(Line { number: report.number, what: what.unwrap_or(report.kind), light, met: report.met }))
    }
}
