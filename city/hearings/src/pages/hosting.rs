//! The list of a talk day for whoever hosts it: who booked, who came, and whoever walks in. Names are masked.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Sent;
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use store::Tx;
use web::{Choice, Page, PostForm, WebError, render};

use super::book::state_key;
use super::{community, hours_in};
use crate::Hearings;
use crate::actions::reach;
use crate::actions::talks::{Host, Hosting, TalkSeen};
use crate::permissions::May;
use crate::records;
use crate::words::talk::BOOKED;

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
}

/// A talk of the day.
struct Line {
    turn: i64,
    who: String,
    state: String,
    is_booked: bool,
    /// When, and in which room; empty where none is taken.
    room: String,
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
    desk.hosting_page(page, path, day).await
}

/// `POST /hearings/hosting`: somebody came, with or without having booked.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers, or a failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let path = community(&desk.hall.places.tree(), form.get("place")).ok_or(WebError::NotFound)?;
    let day = form.get("day").parse::<Date>().map_err(|_| WebError::NotFound)?;
    let hosting = match form.get("came").parse() {
        Ok(turn) => Hosting::Came(turn),
        Err(_) => Hosting::WalkIn,
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
    ) -> Result<Response, WebError> {
        let (desk, drawn, place) = (self.clone(), page.clone(), path.clone());
        let read = move |tx: &mut dyn Tx| {
            let point = records::point(tx, &place)?;
            let ahead = point.map(|point| desk.days_ahead(&point, drawn.now)).unwrap_or_default();
            let day = asked.or(ahead.first().copied()).unwrap_or_else(|| drawn.today());
            let talks = desk.hosted(tx, &place, day, &drawn.visitor.actor)?;
            Ok::<_, hall::Fault>((day, ahead, talks))
        };
        let (day, ahead, talks) = self.hall.store.read(read).await?;
        let line = |seen: TalkSeen| {
            let TalkSeen { talk, name, taken } = seen;
            let unnamed = || page.t(if talk.walk_in { "hearings-talk-walk-in" } else { "hearings-triage-erased" });
            Line {
                turn: talk.turn,
                who: if name.is_empty() { unnamed() } else { name },
                state: page.t(state_key(&talk.state)),
                is_booked: talk.state == BOOKED,
                room: taken.as_ref().map(hours_in).unwrap_or_default(),
            }
        };
        let shown = day.to_string();
        let days = ahead.into_iter().map(|one| Choice::new(one.to_string(), page.date(one), &shown)).collect();
        let drawn = HostingPage {
            place: path.id().to_string(),
            name: self.hall.places.tree().chain(&path, page.lang),
            on: page.date(day),
            days,
            lines: talks.into_iter().map(line).collect(),
            day: shown,
            page,
        };
        render(&drawn)
    }
}
