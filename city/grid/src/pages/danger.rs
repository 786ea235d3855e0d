//! This page says whether a report speaks of danger, so that it comes first. Whoever went there and found none takes
//! the mark away with what she saw; whoever knows of danger by other ways sets it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Key, Known, Saying};
use hall::Fault;
use house::{BesideLink, CaseAt};
use kernel::identifier::CaseNumber;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::{StoreError, Tx};
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::Grid;
use crate::records::alarm::{self, Heard};
use crate::refusals::Why;
use crate::words::REPORT;

/// The field with what was seen.
const SEEN: &str = "seen";
/// The field with when danger was heard of which the page told.
const HEARD_AT: &str = "heard_at";

#[derive(Template)]
#[template(path = "grid/danger.html")]
struct DangerPage {
    page: Page,
    number: String,
    /// When danger was heard last, in microseconds; empty where the report has no mark.
    heard_at: String,
    /// The same in words.
    heard: String,
    /// Who found no danger and when; empty where nobody did.
    cleared: String,
    is_open: bool,
    may_say: bool,
    seen: String,
    faults: Vec<Problem>,
}

/// What somebody says of danger.
struct Deed {
    /// When the danger was heard that is not there; none to say that there may be danger.
    clears: Option<Instant>,
    seen: String,
    once: String,
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
    let deed = Deed { clears, seen: seen.clone(), once: form.key().to_owned() };
    let (desk, drawn, asked) = (grid.clone(), page.clone(), number.clone());
    let done = grid.hall.store.write(move |tx| desk.say_of_danger(tx, &drawn, &asked, &deed)).await;
    match web::settled(done)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}")).into_response()),
        Err(refusal) => grid.danger_page(page, number, seen, vec![refusal]).await,
    }
}

fn may_say(known: &Known, actor: &Actor) -> bool {
    let there = Target::at(known.case.place.clone());
    known.case.closed_at.is_none() && may(actor, Permission::CaseAccept, &there).is_ok()
}

impl Grid {
    fn say_of_danger(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber, deed: &Deed) -> Result<(), Fault> {
        let (known, actor) = (self.seen(tx, page, number)?, &page.visitor.actor);
        if !may_say(&known, actor) {
            return Err(Fault::NotFound);
        }
        let Deed { clears, seen, once } = deed;
        if seen.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field(SEEN).into());
        }
        let Key { district, id } = known.key();
        let scope = format!("grid.danger/{id}");
        match store::once::begin(tx, &scope, once, &self.hall.vault.told_apart(seen), page.now)? {
            store::once::Once::New => {}
            store::once::Once::Again(_) => return Ok(()),
            store::once::Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        }
        let key = match clears {
            Some(at) if alarm::clear(tx, district, id, *at, &actor.name, page.now)? => "grid-danger-note-none",
            Some(_) => return Err(Refusal::new(Why::GridDangerChanged).into()),
            None => {
                alarm::note(tx, district, id, &[], page.now)?;
                "grid-danger-note-may"
            }
        };
        let text = page.t1(key, "seen", seen);
        let saying = Saying { kind: "note", text: &text, once, party: None };
        self.cases.said(tx, page, &known, saying)?;
        Ok(store::once::finish(tx, &scope, once, "said")?)
    }

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
            Ok::<_, Fault>((alarm::of_case(tx, district, id)?, known))
        };
        let (heard, known) = self.hall.store.read(read).await?;
        let told = heard.as_ref();
        let cleared = |heard: &Heard| {
            let at = page.minute(heard.cleared_at?);
            Some(page.t2("grid-fact-danger-cleared", "name", &heard.cleared_by, "at", at))
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = DangerPage {
            number: known.case.number.clone(),
            heard_at: told
                .filter(|heard| heard.is_open())
                .map(|heard| heard.at.micros().to_string())
                .unwrap_or_default(),
            heard: told.map(|heard| page.minute(heard.at)).unwrap_or_default(),
            cleared: told.and_then(cleared).unwrap_or_default(),
            is_open: known.case.closed_at.is_none(),
            may_say: may_say(&known, &page.visitor.actor),
            seen,
            faults: page.problems(LABELS, &faults),
            page,
        };
        render_status(status, &drawn)
    }
}
