//! Whoever joined a report reads with its number and her own code how it stands, who put it right and when, and sees
//! the photos of the work that a worker released. Anybody can join, so no other photos are shown. Beside reading she
//! can only have her telephone erased.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use cases::kind::Picture;
use cases::{PAPERS_LOOK_MINUTES, ReceiptCode};
use counter::Coded;
use hall::{AccessLine, Fault};
use kernel::case::Case;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use papers::purpose::Purpose;
use store::Tx;
use uuid::Uuid;
use web::{Light, Page, PostForm, Problem, TwoInPath, WebError, render_status, too_often};

use super::LABELS;
use crate::Grid;
use crate::kind::{caption, picture_at};
use crate::records::follower::Follower;
use crate::records::{self, follower, photo, shown};
use crate::rules::stage::{self, Stage};

/// What guesses at codes are counted as.
const HEARD: &str = "heard";
/// The cookie that shows the photos of the work on one report for a while to whoever gave her code.
const COOKIE: &str = "grid_heard";
const SECONDS_OF_A_MINUTE: i64 = 60;

#[derive(Template)]
#[template(path = "grid/heard.html")]
struct HeardPage {
    page: Page,
    number: String,
    lines: Vec<Line>,
    accesses: Vec<AccessLine>,
    /// Her code, as it was typed; empty where nothing is shown.
    code: String,
    /// Her telephone was erased.
    stopped: bool,
    faults: Vec<Problem>,
}

/// What the page shows.
#[derive(Default)]
struct Showing {
    number: String,
    lines: Vec<Line>,
    accesses: Vec<AccessLine>,
    code: String,
    stopped: bool,
}

/// A report that she joined.
struct Line {
    number: String,
    what: String,
    light: Light,
    met: i64,
    /// Who put it right and when; empty while nobody is told.
    done: String,
    /// The photos of the work that were released.
    photos: Vec<Picture>,
    /// Where it is kept.
    at: (PlaceId, Uuid),
}

/// `GET /report/heard`
pub async fn get(State(_): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    shows(page, Showing { number, ..Showing::default() }, &[])
}

/// `POST /report/heard`: number and code; with `stop` her telephone is erased. A wrong number and a wrong code get the
/// same answer.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let coded = Coded::of(&form);
    let faults = coded.missing();
    let Coded { number, code } = coded;
    if !faults.is_empty() {
        return shows(page, Showing { number, ..Showing::default() }, &faults);
    }
    if form.has("stop") {
        return grid.stops(page, number, code, form.key().to_owned()).await;
    }
    let guess = grid.counter.guess(&page, HEARD).at_number(&number);
    let found = grid.counter.guarded(&guess, grid.heard(page.clone(), number.clone(), code.clone())).await;
    let found = found.and_then(|found| found.ok_or_else(|| Refusal::new(Code::CaseNotFound).into()));
    match web::settled(found)? {
        Ok((lines, accesses)) => {
            let known = grid.counter.known_device(&guess)?;
            let cookies = grid.photo_cookies(&page, &lines)?.into_iter().chain(known);
            let shown = shows(page, Showing { number, lines, accesses, code, stopped: false }, &[])?;
            Ok((AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie))), shown).into_response())
        }
        Err(refusal) => {
            let showing = Showing { number, ..Showing::default() };
            Ok(too_often(&refusal, shows(page, showing, std::slice::from_ref(&refusal))?))
        }
    }
}

/// `GET /report/heard/{case}/{photo}`: a released photo of the work on a report that she joined, for a while after she
/// gave her code.
///
/// # Errors
/// 404 for everybody else, and for a photo that is not of the work or was not released.
pub async fn photo(
    State(grid): State<Arc<Grid>>,
    page: Page,
    TwoInPath(case, photo): TwoInPath<Uuid, Uuid>,
) -> Result<Response, WebError> {
    let seen = page.cookie(COOKIE).and_then(|value| grid.forms.read(&value, case, Uuid::nil(), page.now));
    let district = seen.and_then(|seen| seen.text.parse().ok()).map(PlaceId).ok_or(WebError::NotFound)?;
    let desk = grid.clone();
    let known = grid.hall.store.read(move |tx| desk.cases.known(tx, district, case)).await?;
    let bytes = grid.released_photo_of_work(known, photo).await?;
    Ok(super::picture(grid.as_asked(&page, bytes).await?))
}

fn shows(page: Page, showing: Showing, faults: &[Refusal]) -> Result<Response, WebError> {
    let Showing { number, lines, accesses, code, stopped } = showing;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let faults = page.problems(LABELS, faults);
    render_status(status, &HeardPage { page, number, lines, accesses, code, stopped, faults })
}

impl Grid {
    /// She is told nothing more, and her telephone is erased.
    async fn stops(
        self: &Arc<Self>,
        page: Page,
        number: String,
        code: String,
        once: String,
    ) -> Result<Response, WebError> {
        let guess = self.counter.guess(&page, HEARD).at_number(&number);
        let (desk, typed, now) = (self.clone(), number.clone(), page.now);
        let stopping = async move {
            let Some(code) = ReceiptCode::parse(&code) else { return Ok(None) };
            match desk.stop_hearing(typed, code, once, now).await {
                Err(Fault::Refused(refusal)) if refusal.code == Code::CaseNotFound => Ok(None),
                stopped => stopped.map(Some),
            }
        };
        let stopped = self.counter.guarded(&guess, stopping).await;
        let stopped = stopped.and_then(|stopped| stopped.ok_or_else(|| Refusal::new(Code::CaseNotFound).into()));
        match web::settled(stopped)? {
            Ok(()) => shows(page, Showing { number, stopped: true, ..Showing::default() }, &[]),
            Err(refusal) => {
                let showing = Showing { number, ..Showing::default() };
                Ok(too_often(&refusal, shows(page, showing, std::slice::from_ref(&refusal))?))
            }
        }
    }

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
        let (district, case_id) = (one.district, one.case_id);
        let Some(report) = records::find(tx, district, case_id)? else { return Ok(None) };
        let shown = shown::find(tx, district, case_id)?;
        let reached = shown.and_then(|shown| Stage::parse(&shown.stage)).unwrap_or(Stage::Reported);
        let what = self.catalogue.kind_ever(&report.kind).map(|kind| kind.name.get(page.lang).to_owned());
        let case = self.cases.known(tx, district, case_id)?.case;
        let (mut done, mut photos) = (String::new(), Vec::new());
        // A report that she joined may have been joined to one that others may not see.
        if report.public && stage::is_answered(&case.state) {
            let office = &case.decider;
            let office = self.cases.office_name(&office.place, office.department.as_deref(), page.lang);
            let events = cases::events_of(tx, &case)?;
            let handled = stage::handled(&events).map(|(at, _)| page.full_date(at)).unwrap_or_default();
            done = page.t2("grid-heard-done", "office", office, "date", handled);
            let all = photo::of_case(tx, district, case_id)?;
            let released = all.iter().filter(|one| one.released_at.is_some());
            let of_work = released.filter(|one| stage::shows_work(&case, one.added_by.is_some(), one.at));
            photos = of_work.map(|one| picture(page, &case, one)).collect();
        }
        let (light, at) = (super::near::light(page, reached, Some(&case.state)), (district, case_id));
        let what = what.unwrap_or(report.kind);
        Ok(Some(Line { number: report.number, what, light, met: report.met, done, photos, at }))
    }

    /// The cookies with which her browser shows the photos of the work, one for each report that has some.
    fn photo_cookies(&self, page: &Page, lines: &[Line]) -> Result<Vec<String>, Fault> {
        let minutes = self.hall.figure(PAPERS_LOOK_MINUTES, page.now)?;
        let (until, seconds) = (page.now.plus_minutes(minutes), minutes * SECONDS_OF_A_MINUTE);
        let secure = if self.https { "; Secure" } else { "" };
        let cookie = |line: &Line| {
            let (district, case) = line.at;
            let text = district.0.to_string();
            let value = self.forms.write(&Purpose { case, account: Uuid::nil(), until, text });
            let path = format!("/report/heard/{case}");
            format!("{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
        };
        Ok(lines.iter().filter(|line| !line.photos.is_empty()).map(cookie).collect())
    }
}

fn picture(page: &Page, case: &Case, photo: &photo::Photo) -> Picture {
    picture_at(format!("/report/heard/{}/{}", case.id.0, photo.id), caption(page, case, photo))
}
