//! These pages adopt a proposal from a day on, and call the adoption off before that day.

use crate::permissions::May;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::day::{DECIDED_DAYS, not_ahead};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use uuid::Uuid;
use web::{InPath, Page, PostForm, WebError};

use super::proposal::{Typed, show, work_of};
use super::{Desk, allowed};
use crate::actions::grids::{Adopting, adopt as adopts, call_off};
use crate::records::adoption;
use crate::words::Author;

/// Limits the characters of a decision's number or of a note.
const NOTE_LIMIT: usize = 120;

/// Answers `POST /places/grids/{work}/adopt`.
pub(super) async fn adopt(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let work = work_of(&desk, &page, id, May::GridPlan).await?;
    let asked = match read(&page, &form) {
        Ok((day, note)) => adopting(&page, &form, work.id, day, note),
        Err(refusals) => return refused(&desk, page, &work, &form, &refusals).await,
    };
    let (now, coming) = (page.now, asked.day > asked.today);
    let done = desk.places.store().write(move |tx| adopts(tx, &asked, now)).await;
    if done.is_ok() && !coming {
        desk.places.reload().await?;
    }
    let said = if coming { "coming" } else { "adopted" };
    let done = done.map(|()| format!("/places/{}/grids?done={said}", work.place.id()));
    web::answer(done, |refusal| async move { refused(&desk, page, &work, &form, &[refusal]).await }).await
}

async fn refused(
    desk: &Desk,
    page: Page,
    work: &jobs::Work,
    form: &PostForm,
    refusals: &[Refusal],
) -> Result<Response, WebError> {
    let problems = refusals.iter().map(|refusal| page.problem(refusal)).collect();
    let typed = Typed { on: form.get("on").to_owned(), note: form.get("note").to_owned() };
    show(desk, page, work, typed, problems).await
}

/// Reads the day and the note from the form.
fn read(page: &Page, form: &PostForm) -> Result<(Date, String), Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut say = |refusal: Refusal| {
        let label = page.t(&format!("places-grids-adopt-{}", refusal.field.as_deref().unwrap_or_default()));
        refusals.push(refusal.with("label", label).with("limit", NOTE_LIMIT));
    };
    let day = form.get("on").parse::<Date>();
    match &day {
        Err(_) if form.get("on").is_empty() => say(Refusal::new(Code::FormMissing).field("on")),
        Err(_) => say(Refusal::new(Code::FormDate).field("on")),
        Ok(day) => {
            if let Some(refusal) = not_ahead("on", *day, page.today(), DECIDED_DAYS) {
                say(refusal);
            }
        }
    }
    let note = form.get("note").to_owned();
    if note.is_empty() {
        say(Refusal::new(Code::FormMissing).field("note"));
    } else if note.chars().count() > NOTE_LIMIT {
        say(Refusal::new(Code::FormTooLong).field("note"));
    }
    // Grids of today change at once, and nobody can call them off.
    if refusals.is_empty() && !form.has("sure") {
        let label = page.t("places-grids-adopt-sure");
        refusals.push(Refusal::new(Code::FormConsent).field("sure").with("label", label));
    }
    match day {
        Ok(day) if refusals.is_empty() => Ok((day, note)),
        _ => Err(refusals),
    }
}

fn adopting(page: &Page, form: &PostForm, work: Uuid, day: Date, note: String) -> Adopting {
    Adopting {
        id: Uuid::now_v7(),
        job: Uuid::now_v7(),
        work,
        day,
        begins: page.zone().instant(day, 0),
        today: page.today(),
        note,
        by: Author::of(&page.visitor.actor),
        key: form.key().to_owned(),
    }
}

/// Answers `POST /places/adoptions/{adoption}/off`.
pub(super) async fn off(
    State(desk): State<Desk>,
    InPath(id): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::GridPlan)?;
    let found = desk.places.store().read(move |tx| adoption::adoption(tx, id)).await?.ok_or(WebError::NotFound)?;
    let tree = desk.places.tree();
    let place = tree.path(found.place).ok_or(WebError::NotFound)?;
    allowed(&page, place, May::GridPlan)?;
    let (district, by, now) = (place.district(), Author::of(&page.visitor.actor), page.now);
    desk.places.store().write(move |tx| call_off(tx, district, id, &by, now)).await?;
    Ok(Redirect::to(&format!("/places/{}/grids?done=off", found.place)).into_response())
}
