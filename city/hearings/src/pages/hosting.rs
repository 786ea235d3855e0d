//! The list of a talk day for whoever hosts it: who booked, who came, and whoever walks in. Names are masked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Looking;
use hall::{Fault, PurposeFields, Sent, Stated};
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::Date;
use store::Tx;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::book::state_key;
use super::community;
use crate::Hearings;
use crate::actions::reach;
use crate::actions::rooms::Taken;
use crate::actions::talks::{Host, Hosting, TalkSeen, talk_day};
use crate::permissions::May;
use crate::records;
use crate::words::talk::{BOOKED, CAME};

#[derive(Template)]
#[template(path = "hearings/hosting.html")]
struct HostingPage {
    page: Page,
    place: String,
    name: String,
    /// The talk day that is shown.
    day: String,
    on: String,
    days: Vec<Choice>,
    lines: Vec<Line>,
    /// Who came can be noted: it is that day, or not a week after it.
    is_hosted: bool,
    /// The day lies ahead.
    is_ahead: bool,
    /// Telephones can be opened, for a purpose.
    may_open: bool,
    why: PurposeFields,
    /// Whose telephone should be opened, if that was refused.
    asked: i64,
    problem: Option<Problem>,
}

/// A talk of the day.
struct Line {
    turn: i64,
    who: String,
    state: String,
    is_booked: bool,
    /// It was noted that she came.
    has_come: bool,
    /// When, and in which room; empty where none is taken.
    room: String,
    /// The telephone, once it was opened.
    telephone: String,
    /// A telephone is kept of her.
    has_telephone: bool,
}

/// What the page shows of one talk whose telephone was asked for.
#[derive(Default)]
struct Opened {
    turn: i64,
    telephone: String,
    stated: Stated,
    refusal: Option<Refusal>,
}

/// `GET /hearings/hosting?place=…&day=…`: the next talk day if none is named.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let tree = desk.hall.places.tree();
    let own = reach(&page.visitor.actor);
    let asked = page.query.opt("place").map(|id| community(&tree, id).ok_or(WebError::NotFound)).transpose()?;
    let first =
        || tree.of_level(Level::Community).find(|place| own.iter().any(|reached| reached.contains(&place.path)));
    let path = asked.or_else(|| first().map(|place| place.path.clone())).ok_or(WebError::NotFound)?;
    let day = page.query.get("day").parse::<Date>().ok();
    desk.hosting_page(page, path, day, Opened::default()).await
}

/// `POST /hearings/hosting/open`: the telephone of whoever booked, for the purpose that is stated.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers or a turn that nobody booked, or a failure.
pub async fn open(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let path = community(&desk.hall.places.tree(), form.get("place")).ok_or(WebError::NotFound)?;
    let day = form.get("day").parse::<Date>().map_err(|_| WebError::NotFound)?;
    let turn = form.get("turn").parse::<i64>().map_err(|_| WebError::NotFound)?;
    let stated = Stated::of(&form);
    let (purpose, once) = (desk.hall.purposes.stated(&stated.code, &stated.word), form.key().to_owned());
    let (here, drawn, at) = (desk.clone(), page.clone(), path.clone());
    let look = move |tx: &mut dyn Tx| {
        let purpose = purpose.clone()?;
        let actor = &drawn.visitor.actor;
        let looking = Looking { actor, purpose: &purpose, now: drawn.now, once: Some(&once) };
        here.telephone_of(tx, (&at, day, turn), &looking)
    };
    let opened = match web::settled(desk.hall.store.write(look).await)? {
        Ok(telephone) => Opened { turn, telephone, ..Opened::default() },
        Err(refusal) => Opened { turn, stated, refusal: Some(refusal), ..Opened::default() },
    };
    desk.hosting_page(page, path, Some(day), opened).await
}

/// `POST /hearings/hosting`: somebody came, with or without having booked.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers, or a failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let path = community(&desk.hall.places.tree(), form.get("place")).ok_or(WebError::NotFound)?;
    let day = form.get("day").parse::<Date>().map_err(|_| WebError::NotFound)?;
    let hosting = match (form.get("came").parse(), form.get("mistaken").parse()) {
        (Ok(turn), _) => Hosting::Came(turn),
        (_, Ok(turn)) => Hosting::Mistaken(turn),
        _ => Hosting::WalkIn,
    };
    let asker = page.visitor.actor.account.unwrap_or_default();
    let host = Host {
        community: path.clone(),
        day,
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, path.id()),
        id: form.id_of(asker),
        now: page.now,
    };
    desk.host(hosting, host).await?;
    Ok(Redirect::to(&format!("/hearings/hosting?place={}&day={day}", path.id())).into_response())
}

impl Hearings {
    async fn hosting_page(
        self: &Arc<Self>,
        page: Page,
        path: PlacePath,
        asked: Option<Date>,
        opened: Opened,
    ) -> Result<Response, WebError> {
        let (desk, drawn, place) = (self.clone(), page.clone(), path.clone());
        let read = move |tx: &mut dyn Tx| {
            let point = records::point(tx, &place)?;
            let ahead = point.as_ref().map(|point| desk.days_ahead(point, drawn.now)).unwrap_or_default();
            let day = asked.or(ahead.first().copied()).unwrap_or_else(|| drawn.today());
            let talks = desk.hosted(tx, &place, day, &drawn.visitor.actor)?;
            let hours = point.as_ref().and_then(talk_day);
            let is_hosted = hours.is_some_and(|hours| hours.is_hosted(day, drawn.today()));
            Ok::<_, Fault>((day, ahead, talks, is_hosted))
        };
        let (day, ahead, talks, is_hosted) = self.hall.store.read(read).await?;
        let line = |seen: TalkSeen| {
            let TalkSeen { talk, name, taken } = seen;
            let unnamed = || page.t(if talk.walk_in { "hearings-talk-walk-in" } else { "hearings-triage-erased" });
            let is_asked = talk.turn == opened.turn;
            Line {
                telephone: if is_asked { opened.telephone.clone() } else { String::new() },
                has_telephone: !talk.walk_in && !name.is_empty(),
                turn: talk.turn,
                who: if name.is_empty() { unnamed() } else { name },
                state: page.t(state_key(&talk.state)),
                is_booked: talk.state == BOOKED,
                has_come: talk.state == CAME,
                room: taken.as_ref().map(Taken::hours_in).unwrap_or_default(),
            }
        };
        let lines = talks.into_iter().map(line).collect();
        let why = self.hall.purposes.fields(&page, &opened.stated, opened.refusal.as_ref());
        // What is wrong with the purpose stands beside its field.
        let problem = opened.refusal.as_ref().filter(|refusal| refusal.field.is_none());
        let problem = problem.map(|refusal| page.problem(refusal));
        let status = if opened.refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let shown = day.to_string();
        let days = ahead.into_iter().map(|one| Choice::new(one.to_string(), page.date(one), &shown)).collect();
        let drawn = HostingPage {
            place: path.id().to_string(),
            name: self.hall.places.tree().chain(&path, page.lang),
            on: page.date(day),
            days,
            lines,
            is_hosted,
            is_ahead: day > page.today(),
            may_open: page.may(Permission::PersonOpen),
            why,
            asked: if opened.refusal.is_some() { opened.turn } else { 0 },
            problem,
            day: shown,
            page,
        };
        render_status(status, &drawn)
    }
}
