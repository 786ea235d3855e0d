//! This page says whether a report speaks of danger, so that it comes first. Whoever went there and found none takes
//! the mark away with what she saw; whoever knows of danger by other ways sets it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::Key;
use hall::{Fault, Sent};
use house::{BesideLink, CaseAt};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::{StoreError, Tx};
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::Grid;
use crate::actions::danger::{OfDanger, SEEN};
use crate::kind::staff_say;
use crate::records::alarm;
use crate::words::REPORT;

/// The field with when danger was heard of which the page told.
const HEARD_AT: &str = "heard_at";

#[derive(Template)]
#[template(path = "grid/danger.html")]
struct DangerPage {
    page: Page,
    number: String,
    /// When danger was heard last, in microseconds; empty where the report has no mark.
    heard_at: String,
    /// How it stands, in words.
    told: String,
    is_open: bool,
    may_say: bool,
    seen: String,
    faults: Vec<Problem>,
}

/// The link that stands beside a report for those who look after it.
///
/// # Errors
/// None.
pub fn beside(_: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> {
    if case.kind != REPORT || !page.may(Permission::CaseAccept) {
        return Ok(Vec::new());
    }
    let (href, text) = (format!("/cases/{}/danger", case.number), page.t("grid-danger-title"));
    Ok(vec![BesideLink { href, text, is_open: false }])
}

/// `GET /cases/{number}/danger`
///
/// # Errors
/// 404 if this visitor may not see the case, or if it is no report.
pub async fn get(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    grid.danger_page(page, number, String::new(), Vec::new()).await
}

/// `POST /cases/{number}/danger`: takes the mark away, or sets it. What was seen is kept as a note inside the office.
///
/// # Errors
/// As the page, and 404 for whoever does not look after the report.
pub async fn post(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let heard_at = form.get(HEARD_AT);
    let clears = heard_at.parse().ok().map(Instant::from_micros);
    if clears.is_none() && !heard_at.is_empty() {
        return Err(WebError::NotFound);
    }
    let seen = form.get(SEEN).trim().to_owned();
    let said = OfDanger { clears, seen: seen.clone(), sent: Sent::of(&form, &number), once: form.key().to_owned() };
    let (desk, drawn, asked) = (grid.clone(), page.clone(), number.clone());
    let write = move |tx: &mut dyn Tx| {
        let known = desk.seen(tx, &drawn, &asked)?;
        desk.say_of_danger(tx, &known, &said, &drawn.visitor.actor, drawn.now)
    };
    let done = grid.hall.store.write(write).await.map(|()| format!("/cases/{number}"));
    web::answer_permitted(done, |refusal| grid.danger_page(page, number, seen, vec![refusal])).await
}

impl Grid {
    async fn danger_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        seen: String,
        faults: Vec<Refusal>,
    ) -> Result<Response, WebError> {
        page.require(Permission::CaseRead)?;
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = move |tx: &mut dyn Tx| {
            let known = desk.seen(tx, &drawn, &asked)?;
            let Key { district, id } = known.key();
            let heard = alarm::of_case(tx, district, id)?;
            let told = match &heard {
                Some(heard) => staff_say(&desk.cases, tx, &drawn, &known.case, heard)?,
                None => None,
            };
            Ok::<_, Fault>((heard, told, known))
        };
        let (heard, told, known) = self.hall.store.read(read).await?;
        let heard_at = heard.filter(alarm::Heard::is_open).map(|heard| heard.at);
        let unsaid = || match heard_at {
            Some(at) => page.t1("grid-danger-heard", "at", page.minute(at)),
            None => page.t("grid-danger-none"),
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = DangerPage {
            number: known.case.number.clone(),
            heard_at: heard_at.map(|at| at.micros().to_string()).unwrap_or_default(),
            told: told.unwrap_or_else(unsaid),
            is_open: known.case.closed_at.is_none(),
            may_say: Self::may_say_of_danger(&known, &page.visitor.actor),
            seen,
            faults: page.problems(LABELS, &faults),
            page,
        };
        render_status(status, &drawn)
    }
}
