//! A resident books a talk on one of the next talk days of a hearing point, and calls it off with number and code.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use counter::{Coded, Sent, too_many_as};
use hall::Fault;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use store::Tx;
use web::{Choice, Form, Page, PostForm, Problem, WebError, render, render_status, too_often};

use super::point::room_told;
use super::{LABELS, community};
use crate::Hearings;
use crate::actions::rooms::{Taken, room_of};
use crate::actions::talks::{BOOK, talk_day};
use crate::records;
use crate::refusals::Why;
use crate::rules::room::full;
use crate::rules::talk_day::{clock, once};
use crate::words::room::Room;
use crate::words::talk::{BOOKED, Booking, CAME, Slot, Talk};
use crate::words::{HEARINGS_PER_HOUR, Point};

/// The minutes at which a talk begins and ends.
type Span = (u32, u32);

/// What guesses at codes are counted as.
const TALK: &str = "talk";

#[derive(Template)]
#[template(path = "hearings/book.html")]
struct BookPage {
    page: Page,
    place: String,
    name: String,
    room: String,
    days: Vec<Choice>,
    /// The times at which a talk can begin; none where the point has no rooms.
    times: Vec<Choice>,
    rooms: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
    once: String,
}

#[derive(Template)]
#[template(path = "hearings/booked.html")]
struct BookedPage {
    page: Page,
    number: String,
    /// The code, while it is shown.
    code: String,
    /// The code that she gave, with which she prints, saves and calls off.
    given: String,
    /// It can be called off.
    may_call_off: bool,
    seen: Option<Seen>,
    problems: Vec<Problem>,
}

/// The code of a talk: while it is shown, and as she gave it.
#[derive(Default)]
struct Codes {
    shown: String,
    given: String,
}

/// A talk as whoever booked it sees it.
struct Seen {
    state: String,
    place: String,
    room: String,
    /// The room that is taken for it; empty where none is.
    taken: String,
    day: String,
    turn: i64,
}

/// `GET /hearings/book?place=…`
///
/// # Errors
/// 404 for what is no community, or one without a talk day.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let path = community(&desk.hall.places.tree(), page.query.get("place")).ok_or(WebError::NotFound)?;
    let once = page.once();
    desk.book_page(page, path, Form::default(), once, &[]).await
}

/// `POST /hearings/book`
///
/// # Errors
/// 404 for what is no community, or one without a talk day.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let path = community(&desk.hall.places.tree(), form.get("place")).ok_or(WebError::NotFound)?;
    let (text, once) = (|name: &str| form.get(name).trim().to_owned(), form.key().to_owned());
    let Ok(day) = form.get("day").parse::<Date>() else {
        let missing = Refusal::new(Why::HearingsTalkDay).field("day");
        return desk.book_page(page, path, form.into_form(), once, &[missing]).await;
    };
    // Where the hearing point has no rooms, the form asks for no time.
    let begins_at = form.opt("begins").and_then(|minute| minute.parse().ok());
    let slot = begins_at.map(|begins_at| Slot { begins_at, room: form.get("in_room").parse().ok() });
    let (name, telephone) = (text("name"), text("telephone"));
    let booking = Booking { community: path.clone(), day, name, telephone, slot };
    let bound = desk.counter.bound_from(&page, "hearing", HEARINGS_PER_HOUR)?;
    let booked = desk.book(booking, once.clone(), page.now);
    let booked = desk
        .counter
        .within_once(bound, page.now, booked, Sent { scope: BOOK, key: &once }, |booked| booked.again)
        .await;
    match web::settled(booked.map_err(|fault| too_many_as(fault, Why::HearingsTooMany)))? {
        Ok(booked) => {
            let code = booked.code.map(|code| code.grouped()).unwrap_or_default();
            let guess = desk.counter.guess(&page, TALK).at_number(&booked.talk.number);
            let shown = desk.booked_page(page, booked.talk, Codes { given: code.clone(), shown: code }).await?;
            Ok(desk.counter.known_from_now(&guess, shown)?)
        }
        Err(refusal) => {
            let shown = desk.book_page(page, path, form.into_form(), once, std::slice::from_ref(&refusal)).await?;
            Ok(too_often(&refusal, shown))
        }
    }
}

/// `GET /hearings/booked?number=…`
///
/// # Errors
/// A failure.
pub async fn look(State(_): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let number = page.query.get("number").to_owned();
    asks(page, number, &[])
}

/// `POST /hearings/booked`: number and code show a talk, call it off, or give it as a calendar (RFC 5545).
///
/// # Errors
/// A failure.
pub async fn looked(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let coded = Coded::of(&form);
    let faults = coded.missing();
    let Coded { number, code } = coded;
    if !faults.is_empty() {
        return asks(page, number, &faults);
    }
    let (here, asked, calls_off) = (desk.clone(), number.clone(), form.has("off"));
    let given = code.clone();
    let write = move |tx: &mut dyn Tx| {
        if calls_off { here.call_off(tx, &asked, &code) } else { here.talk_by_code(tx, &asked, &code) }
    };
    let guess = desk.counter.guess(&page, TALK).at_number(&number);
    let found = desk.counter.guarded(&guess, desk.hall.store.write(write)).await;
    let found = found.and_then(|found| found.ok_or_else(|| Refusal::new(Why::HearingsOpinionUnknown).into()));
    match web::settled(found)? {
        Ok(talk) if form.has("calendar") => desk.calendar_of(&page, talk).await,
        Ok(talk) => {
            let shown = desk.booked_page(page, talk, Codes { given, ..Codes::default() }).await?;
            Ok(desk.counter.known_from_now(&guess, shown)?)
        }
        Err(refusal) => {
            let again = asks(page, number, std::slice::from_ref(&refusal))?;
            Ok(too_often(&refusal, again))
        }
    }
}

fn asks(page: Page, number: String, faults: &[Refusal]) -> Result<Response, WebError> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problems = page.problems(LABELS, faults);
    let (code, given) = (String::new(), String::new());
    render_status(status, &BookedPage { number, code, given, may_call_off: false, seen: None, problems, page })
}

/// A time of a day, as people write it.
fn span_told(span: Span) -> String {
    format!("{}–{}", clock(span.0), clock(span.1))
}

/// At which times of a day no room is free, in words; nothing where one always is.
fn taken_told(page: &Page, full: &[Span]) -> String {
    if full.is_empty() {
        return String::new();
    }
    let times: Vec<String> = full.iter().copied().map(span_told).collect();
    page.t1("hearings-book-full", "times", times.join(page.lang.pick("、", ", ")))
}

/// The key of the words for how a talk stands.
pub(super) fn state_key(state: &str) -> &'static str {
    match state {
        BOOKED => "hearings-talk-booked",
        CAME => "hearings-talk-came",
        _ => "hearings-talk-cancelled",
    }
}

impl Hearings {
    async fn book_page(
        &self,
        page: Page,
        path: PlacePath,
        form: Form,
        once: String,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let asked = path.clone();
        let read = move |tx: &mut dyn Tx| {
            let point = records::point(tx, &asked)?.ok_or(Fault::NotFound)?;
            let rooms = records::room::rooms(tx, point.district, point.id)?;
            Ok::<_, Fault>((point, rooms))
        };
        let (point, rooms) = self.hall.store.read(read).await?;
        let hours = talk_day(&point).ok_or(WebError::NotFound)?;
        let ahead = self.days_ahead(&point, page.now);
        let full = self.full_times(&point, &rooms, &ahead, page.now).await?;
        let day = |(day, full): (&Date, &Vec<Span>)| {
            let text = format!("{} {}–{}", page.date(*day), clock(hours.opens_at), clock(hours.closes_at));
            Choice::new(day.to_string(), text, form.get("day")).hint(taken_told(&page, full))
        };
        // On the last of these days no time is over yet.
        let last = ahead.last().copied().filter(|_| !rooms.is_empty());
        let times = last.map(|last| self.slots_ahead(&point, last, page.now)).transpose()?.unwrap_or_default();
        let time = |span: Span| Choice::new(span.0.to_string(), span_told(span), form.get("begins"));
        let any = Choice::new("", page.t("hearings-room-any"), form.get("in_room"));
        let room = |room: &Room| Choice::new(room.id.to_string(), room_told(&page, room), form.get("in_room"));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = BookPage {
            place: path.id().to_string(),
            name: self.hall.places.tree().chain(&path, page.lang),
            room: point.room,
            days: ahead.iter().zip(&full).map(day).collect(),
            times: times.into_iter().map(time).collect(),
            rooms: std::iter::once(any).chain(rooms.iter().map(room)).collect(),
            problems: page.problems(LABELS, faults),
            form,
            once,
            page,
        };
        render_status(status, &drawn)
    }

    /// The times of each of these talk days at which no room is free.
    async fn full_times(
        &self,
        point: &Point,
        rooms: &[Room],
        days: &[Date],
        now: Instant,
    ) -> Result<Vec<Vec<Span>>, WebError> {
        let (asked, on) = (rooms.to_vec(), days.to_vec());
        let read = move |tx: &mut dyn Tx| {
            let mut found = Vec::with_capacity(on.len());
            for day in &on {
                let mut of_day = Vec::with_capacity(asked.len());
                for room in &asked {
                    of_day.push(records::room::of_day(tx, room, *day)?);
                }
                found.push(of_day);
            }
            Ok::<_, Fault>(found)
        };
        let uses = self.hall.store.read(read).await?;
        let mut times = Vec::with_capacity(days.len());
        for (day, uses) in days.iter().zip(&uses) {
            times.push(full(&self.slots_ahead(point, *day, now)?, uses));
        }
        Ok(times)
    }

    /// A talk as a calendar of one event, for whoever gave its code.
    async fn calendar_of(&self, page: &Page, talk: Talk) -> Result<Response, WebError> {
        let asked = talk.clone();
        let read = move |tx: &mut dyn Tx| Ok::<_, Fault>((records::point(tx, &asked.path)?, room_of(tx, &asked)?));
        let (point, taken) = self.hall.store.read(read).await?;
        let day = point.as_ref().and_then(talk_day).ok_or(WebError::NotFound)?;
        let minute = |minute: i64| u32::try_from(minute).unwrap_or_default();
        let hours = taken.as_ref().map(|taken| [minute(taken.at.begins_at), minute(taken.at.ends_at)]);
        let span = hours.unwrap_or([day.opens_at, day.closes_at]).map(|at| self.hall.zone().instant(talk.day, at));
        let name = self.hall.places.tree().chain(&talk.path, page.lang);
        let title = page.t1("hearings-talk-title", "place", name);
        let room = point.map(|point| point.room).unwrap_or_default();
        let place = taken.map_or_else(|| room.clone(), |taken| format!("{room} {}", taken.room));
        let text = once(&format!("{}@hearings", talk.id), [&title, &place], span);
        let headers = [
            (CONTENT_TYPE, "text/calendar; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"talk.ics\""),
        ];
        Ok((headers, text).into_response())
    }

    async fn booked_page(&self, page: Page, talk: Talk, codes: Codes) -> Result<Response, WebError> {
        let asked = talk.clone();
        let read = move |tx: &mut dyn Tx| {
            let point = records::point(tx, &asked.path)?;
            Ok::<_, Fault>((point, room_of(tx, &asked)?))
        };
        let (point, taken) = self.hall.store.read(read).await?;
        let hours = point.as_ref().and_then(talk_day);
        // Her own time stands first, where she took one; the whole talk day where she did not.
        let hours = hours.map(|day| format!("{}–{}", clock(day.opens_at), clock(day.closes_at)));
        let hours = taken.as_ref().map(Taken::hours).or(hours).unwrap_or_default();
        let seen = Seen {
            state: page.t(state_key(&talk.state)),
            place: self.hall.places.tree().chain(&talk.path, page.lang),
            room: point.map(|point| point.room).unwrap_or_default(),
            taken: taken.map(|taken| taken.room).unwrap_or_default(),
            day: format!("{} {hours}", page.date(talk.day)).trim_end().to_owned(),
            turn: talk.turn,
        };
        let (may_call_off, problems) = (talk.state == BOOKED, Vec::new());
        let Codes { shown: code, given } = codes;
        render(&BookedPage { number: talk.number, code, given, may_call_off, seen: Some(seen), problems, page })
    }
}
