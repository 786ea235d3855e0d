//! On this page somebody enters what a place talks about: questions, what was agreed, and meetings.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Instant, Zone, read_minute_of_day};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Crumb, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, place_at};
use crate::Bodies;
use crate::actions::{Agreed, By, Called, Order, keeps};
use crate::permissions::May;
use crate::refusals::Why;
use crate::rules::day;

#[derive(Template)]
#[template(path = "bodies/talk.html")]
struct TalkPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: PlaceId,
    name: String,
    /// Questions that are open, to choose from.
    open: Vec<Choice>,
    /// Meetings that are not called off, to choose from.
    meetings: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
}

/// `GET /bodies/talk/{id}`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a place that is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    desk.talk_page(page, id, Form::default(), &[]).await
}

/// `POST /bodies/talk/{id}`: the deed says which of the forms was sent.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a place that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    let path = desk.own_place(&page, id)?;
    let asker = page.visitor.actor.account.unwrap_or_default();
    let deed = match Deed::read(&form, asker, page.zone()) {
        Ok(deed) => deed,
        Err(refusal) => return desk.talk_page(page, id, form.into_form(), &[refusal]).await,
    };
    let (own, actor, now, sent) = (desk.clone(), page.visitor.actor.clone(), page.now, Sent::of(&form, id));
    let write = move |tx: &mut dyn Tx| own.talked(tx, &path, &deed, &By { actor: &actor, sent: &sent, now });
    let done = desk.hall.store.write(write).await.map(|()| format!("/bodies/talk/{id}?done=kept"));
    let again = |refusal| async move { desk.talk_page(page, id, form.into_form(), &[refusal]).await };
    web::answer_permitted(done, again).await
}

/// What somebody enters.
enum Deed {
    Raise(Uuid, String),
    Agree(Agreed),
    Call(Called),
    Cancel(Uuid),
}

impl Deed {
    /// Reads the deed of a form.
    fn read(form: &PostForm, asker: Uuid, zone: Zone) -> Result<Self, Refusal> {
        let one = |field: &'static str| {
            form.get(field).parse::<Uuid>().map_err(|_| Refusal::new(Code::FormChoice).field(field))
        };
        let text = |field: &str| form.get(field).to_owned();
        match form.get("deed") {
            "raise" => Ok(Self::Raise(form.id_of(asker), text("question"))),
            "agree" => Ok(Self::Agree(Agreed {
                question: one("of")?,
                on: day("agreed_on", form.get("agreed_on"))?,
                outcome: text("outcome"),
                link: text("link"),
            })),
            "call" => {
                let (starts_at, ends_at) = times(form, zone)?;
                let (title, room) = (text("meeting"), text("room"));
                Ok(Self::Call(Called { id: form.id_of(asker), title, room, starts_at, ends_at }))
            }
            "cancel" => Ok(Self::Cancel(one("off")?)),
            _ => Err(Refusal::new(Code::FormChoice).field("deed")),
        }
    }
}

/// When a meeting begins and ends.
fn times(form: &Form, zone: Zone) -> Result<(Instant, Instant), Refusal> {
    let on = day("on", form.get("on"))?;
    let at = |field: &'static str| {
        let read = read_minute_of_day(form.get(field)).map(|minute| zone.instant(on, minute));
        read.ok_or_else(|| Refusal::new(Why::BodiesHours).field(field))
    };
    Ok((at("starts")?, at("ends")?))
}

impl Bodies {
    /// A place that has bodies and that somebody keeps; for others it does not exist.
    fn own_place(&self, page: &Page, id: PlaceId) -> Result<PlacePath, WebError> {
        let path = place_at(&self.hall.places.tree(), &id.to_string()).ok_or(WebError::NotFound)?;
        if keeps(&page.visitor.actor, &path) { Ok(path) } else { Err(WebError::NotFound) }
    }

    fn talked(&self, tx: &mut dyn Tx, place: &PlacePath, deed: &Deed, by: &By<'_>) -> Result<(), Fault> {
        match deed {
            Deed::Raise(id, title) => self.raise(tx, place, *id, title, by),
            Deed::Agree(agreed) => self.agree(tx, place, agreed, by),
            Deed::Call(called) => self.call_meeting(tx, place, called, by),
            Deed::Cancel(id) => self.cancel_meeting(tx, place, *id, by),
        }
    }

    async fn talk_page(
        self: &Arc<Self>,
        page: Page,
        id: PlaceId,
        form: Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let path = self.own_place(&page, id)?;
        let name = self.hall.places.tree().at(&path).map(|place| place.named(page.lang).to_owned());
        let name = name.unwrap_or_default();
        let (own, now) = (self.clone(), page.now);
        let order: Order = self.hall.store.read(move |tx| own.order(tx, &path, now)).await?;
        let open = order.questions.iter().filter(|one| one.agreed_on.is_none());
        let open = open.map(|one| Choice::new(one.id.to_string(), one.title.clone(), form.get("of"))).collect();
        let meetings = order.meetings.iter().filter(|one| !one.cancelled).map(|one| {
            let when = page.minute(one.starts_at);
            Choice::new(one.id.to_string(), format!("{} · {when}", one.title), form.get("off"))
        });
        let drawn = TalkPage {
            crumbs: vec![Crumb { text: page.t("bodies-section"), href: format!("/bodies/{id}") }],
            id,
            name,
            open,
            meetings: meetings.collect(),
            problems: page.problems(LABELS, faults),
            form,
            page,
        };
        render_status(status, &drawn)
    }
}
