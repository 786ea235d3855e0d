//! These pages show the queue of a counter: the worker's page with the next numbers, and the screen on the wall with
//! the numbers alone.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kernel::language::{Bilingual, half_width};
use kernel::permission::{Permission, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::show_minute_of_day;
use store::StoreError;
use uuid::Uuid;
use web::{Choice, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::LABELS;
use crate::Visits;
use crate::actions::Desk;
use crate::records::queue::{self, Ticket};
use crate::rules;
use crate::words::{CounterDay, Step, Turn};

/// Limits how many numbers the worker's page lists.
const SHOWN: i64 = 1_000;
/// Limits how many numbers the screen calls at once.
const CALLED: i64 = 6;
/// Limits the windows of a counter. A bound of the machine, not a rule of the city.
const WINDOWS: i64 = 99;
/// Says after how many seconds the screen asks again.
const SCREEN_SECONDS: &str = "10";

#[derive(Template)]
#[template(path = "visits/screen.html")]
struct ScreenPage {
    page: Page,
    id: String,
    place: String,
    called: Vec<CalledLine>,
    waiting: i64,
    still: bool,
}

/// A number that is called, as the screen shows it.
struct CalledLine {
    number: String,
    /// The window, where the counter has several.
    window: Option<i64>,
}

#[derive(Template)]
#[template(path = "visits/queue.html")]
struct QueuePage {
    page: Page,
    id: String,
    place: String,
    given: String,
    mine: Vec<TicketLine>,
    others: Vec<TicketLine>,
    waiting: Vec<TicketLine>,
    items: Vec<Choice>,
    number: String,
    /// The worker's window, as she called the last number to it.
    window: String,
    problems: Vec<Problem>,
}

/// A number as the worker's page shows it.
struct TicketLine {
    id: String,
    number: String,
    item: String,
    item_code: String,
    /// The time of the appointment, which is empty if there is none.
    due: String,
    since: String,
    /// Whether nobody came the first time.
    again: bool,
}

/// Answers `GET /counters/{id}/queue` with the screen, for everybody. It loads again by itself unless `?still=1` is
/// given.
///
/// # Errors
/// Answers 404 for any place that is not a community.
pub async fn screen(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let place = visits.community(id.0).ok_or(WebError::NotFound)?;
    let (day, still) = (page.today(), page.query.get("still") == "1");
    let community = place.clone();
    let read = visits.store().read(move |tx| {
        let at = CounterDay { place: &community, day };
        Ok::<_, StoreError>((queue::called(tx, at, CALLED)?, queue::waiting(tx, at)?))
    });
    let (called, waiting) = read.await?;
    let line = |ticket: &Ticket| CalledLine { number: ticket.number(), window: ticket.window };
    let called = called.iter().map(line).collect();
    let place =
        visits.cases().hall.places.tree().at(&place).map(|one| one.named(page.lang).to_owned()).unwrap_or_default();
    let mut response = render(&ScreenPage { page, id: id.to_string(), place, called, waiting, still })?;
    if !still {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static(SCREEN_SECONDS));
    }
    Ok(response)
}

/// Answers `GET /counters/{id}/desk`.
///
/// # Errors
/// Sign-in needed, 404 for another's counter, or a failure.
pub async fn get(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let desk = visits.desk(&page, id)?;
    visits.queue(page, &desk, String::new(), None).await
}

/// Answers `POST /counters/{id}/desk`. It hands out a number, checks in, calls or finishes. A refusal shows the page
/// again and says what to do.
///
/// # Errors
/// Asks the visitor to sign in, or answers 404 for a counter at which she does not work.
pub async fn post(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let desk = visits.desk(&page, id)?;
    let step = visits.step_of(&form);
    let gives = matches!(step, Ok(Step::Ticket(_) | Step::CheckIn(_)));
    let done = match step {
        Ok(step) => visits.step(desk.clone(), step, form.key().to_owned(), page.now).await,
        Err(refusal) => Err(refusal.into()),
    };
    let shown = |number: &str| if gives { format!("?given={number}") } else { String::new() };
    let done = done.map(|issued| format!("/counters/{id}/desk{}", shown(&issued.number)));
    web::answer(done, |refusal| visits.queue(page, &desk, form.get("number").to_owned(), Some(refusal))).await
}

impl Visits {
    /// The counter of an address, when this worker may accept there.
    fn desk(&self, page: &Page, id: PlaceId) -> Result<Desk, WebError> {
        let community = self.community(id.0).ok_or(WebError::NotFound)?;
        let actor = &page.visitor.actor;
        if may(actor, Permission::CaseAccept, &Target::at(community.clone())).is_err() {
            return Err(WebError::NotFound);
        }
        Ok(Desk { community, day: page.today(), worker: actor.account })
    }

    /// Returns the step of a form.
    fn step_of(&self, form: &PostForm) -> Result<Step, Refusal> {
        let ticket = || {
            let id = Uuid::parse_str(form.get("ticket"));
            id.map_err(|_| Refusal::new(Code::FormMissing).field("ticket"))
        };
        match form.get("step") {
            "ticket" => {
                let catalogue = self.counter.catalogue();
                let item = catalogue.get(form.get("item"));
                Ok(Step::Ticket(item.map(|item| item.code.clone()).unwrap_or_default()))
            }
            "check_in" => Ok(Step::CheckIn(form.get("number").to_owned())),
            "call" => Ok(Step::Call(window(form.get("window"))?)),
            "served" => ticket().map(Step::Served),
            "absent" => ticket().map(Step::Absent),
            _ => Err(Refusal::new(Code::FormChoice).field("step")),
        }
    }

    async fn queue(
        self: &Arc<Self>,
        page: Page,
        desk: &Desk,
        number: String,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let asked = desk.clone();
        let read = self.store().read(move |tx| {
            let place = asked.counter_day();
            let called = queue::called(tx, place, SHOWN)?;
            let window = asked.worker.map(|worker| queue::window_of(tx, place, worker)).transpose()?.flatten();
            Ok::<_, StoreError>((called, queue::in_state(tx, place, Turn::Waiting, SHOWN)?, window))
        });
        let (called, mut waiting, window) = read.await?;
        let minute = page.zone().minute_of_day(page.now);
        waiting.sort_by_key(|ticket| rules::order(ticket.waiting(), minute));
        let (mine, others): (Vec<Ticket>, Vec<Ticket>) =
            called.into_iter().partition(|ticket| ticket.worker == desk.worker);
        let lines = |tickets: &[Ticket]| -> Vec<TicketLine> {
            tickets.iter().map(|ticket| self.ticket(&page, ticket)).collect()
        };
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let drawn = QueuePage {
            id: desk.community.id().to_string(),
            place: self.cases().hall.places.tree().chain(&desk.community, page.lang),
            given: given(&page),
            mine: lines(&mine),
            others: lines(&others),
            waiting: lines(&waiting),
            items: self.all_items(&page),
            number,
            window: window.map(|window| window.to_string()).unwrap_or_default(),
            problems: page.problems(LABELS, refusal.as_slice()),
            page,
        };
        render_status(status, &drawn)
    }

    fn ticket(&self, page: &Page, ticket: &Ticket) -> TicketLine {
        let due = ticket.due.and_then(|due| u32::try_from(due).ok());
        TicketLine {
            id: ticket.id.to_string(),
            number: ticket.number(),
            item: self.item_name(page, &ticket.item),
            item_code: ticket.item.clone(),
            due: due.map(show_minute_of_day).unwrap_or_default(),
            since: page.time_of_day(ticket.issued_at),
            again: ticket.absences > 0,
        }
    }

    /// Returns every item for a select. The first choice is no item.
    fn all_items(&self, page: &Page) -> Vec<Choice> {
        let catalogue = self.counter.catalogue();
        let items = catalogue.items();
        let named = items.map(|item| Choice::new(item.code.as_str(), item.name.get(page.lang), ""));
        std::iter::once(Choice::new("", page.t("visits-item-open"), "")).chain(named).collect()
    }
}

/// Reads the number of a window. It is left empty where the counter has one window.
///
/// # Errors
/// Refuses what is no number of a window.
fn window(typed: &str) -> Result<Option<i64>, Refusal> {
    let typed: String = typed.trim().chars().map(half_width).collect();
    if typed.is_empty() {
        return Ok(None);
    }
    let label = Bilingual::new("窗口号", "Window number");
    let wrong = || {
        let refusal = Refusal::new(Code::FormNumber).field("window").with_both("label", &label);
        refusal.with("from", 1).with("to", WINDOWS)
    };
    typed.parse::<i64>().ok().filter(|window| (1..=WINDOWS).contains(window)).map(Some).ok_or_else(wrong)
}

/// Returns the number that was just handed out, as the address tells it. It keeps only letters and digits.
fn given(page: &Page) -> String {
    page.query.get("given").chars().filter(char::is_ascii_alphanumeric).take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_a_small_number_or_none() {
        let table = [("", Some(None)), (" ", Some(None)), ("3", Some(Some(3))), ("１２", Some(Some(12)))];
        for (typed, expected) in table {
            assert_eq!(window(typed).ok(), expected, "{typed:?}");
        }
        for typed in ["0", "100", "-1", "A", "3号"] {
            let refusal = window(typed).unwrap_err();
            assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("form.number", Some("window")), "{typed}");
        }
    }
}
