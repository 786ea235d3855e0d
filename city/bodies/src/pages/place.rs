//! Who is who around a place (一核多元): the core and the bodies around it as a picture and as a list, what was agreed,
//! what is open, and when they meet. Everybody may see it, and print it as a poster.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::{AskOfPlace, Panel, PanelLine, PlaceAt};
use kernel::place::{Level, PlaceId};
use store::Tx;
use uuid::Uuid;
use web::{Crumb, InPath, Page, WebError, render};

use super::picture::{Label, Picture, drawn};
use super::{LEVELS, place_at};
use crate::Bodies;
use crate::actions::{Announced, Order, Seat, Standing, keeps};
use crate::words::{Meeting, Question};

/// The most lines on the page of a place.
const LINES: usize = 6;

/// A body as everybody sees it.
struct Shown {
    id: Uuid,
    kind: String,
    name: String,
    purpose: String,
    telephone: String,
    address: String,
    hours: String,
    /// The term in words; empty where nobody was elected.
    term: String,
    /// Whether the term is over.
    is_over: bool,
    seats: Vec<SeatShown>,
}

/// A post with who holds it.
struct SeatShown {
    title: String,
    /// Empty where it is vacant.
    names: String,
}

/// A question.
struct QuestionShown {
    title: String,
    on: String,
    outcome: String,
    link: String,
}

/// A meeting.
struct MeetingShown {
    title: String,
    when: String,
    room: String,
    cancelled: bool,
}

/// What is shown of a place's order.
struct Shows {
    core: Option<Shown>,
    around: Vec<Shown>,
    agreed: Vec<QuestionShown>,
    open: Vec<QuestionShown>,
    meetings: Vec<MeetingShown>,
    /// Mediators, each with what they know well.
    mediators: Vec<(String, String)>,
    map: Option<Picture>,
}

#[derive(Template)]
#[template(path = "bodies/place.html")]
struct PlacePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: PlaceId,
    name: String,
    shows: Shows,
    may_keep: bool,
    /// It is a community, where the three parties of a compound sit down at one table.
    has_tables: bool,
}

#[derive(Template)]
#[template(path = "bodies/poster.html")]
struct PosterPage {
    page: Page,
    crumbs: Vec<Crumb>,
    name: String,
    shows: Shows,
    /// Whether it is printed on A3.
    is_large: bool,
    address: String,
    today: String,
}

/// `GET /bodies/{id}`
///
/// # Errors
/// 404 for what is no place that has bodies, or a failure.
pub async fn get(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let (name, order) = desk.read_place(&page, id).await?;
    let path = place_at(&desk.hall.places.tree(), &id.to_string()).ok_or(WebError::NotFound)?;
    let may_keep = keeps(&page.visitor.actor, &path);
    let crumbs = vec![Crumb { text: name.clone(), href: format!("/places/{id}") }];
    let (shows, has_tables) = (desk.shows(&page, &order), path.level() == Level::Community);
    render(&PlacePage { page, crumbs, id, name, shows, may_keep, has_tables })
}

/// `GET /bodies/{id}/poster?size=a3`
///
/// # Errors
/// 404 for what is no place that has bodies, or a failure.
pub async fn poster(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let (name, order) = desk.read_place(&page, id).await?;
    let shows = desk.shows(&page, &order);
    let crumbs = vec![
        Crumb { text: name.clone(), href: format!("/places/{id}") },
        Crumb { text: page.t("bodies-section"), href: format!("/bodies/{id}") },
    ];
    let (is_large, today) = (page.query.get("size") == "a3", page.full_date(page.today()));
    render(&PosterPage { crumbs, name, shows, is_large, address: format!("/bodies/{id}"), today, page })
}

/// The bodies on the page of their place.
pub(super) fn of_place(desk: &Arc<Bodies>) -> AskOfPlace {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if !LEVELS.contains(&at.level) {
            return Ok(None);
        }
        let bodies = desk.bodies_at(tx, at.path)?;
        let line = |body: &crate::words::Body| PanelLine {
            term: body.name.clone(),
            text: [body.telephone.as_str(), body.address.as_str()]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            href: format!("/bodies/{}#b-{}", at.id, body.id),
        };
        Ok(Some(Panel {
            title: page.t("bodies-section"),
            lines: bodies.iter().take(LINES).map(line).collect(),
            empty: page.t("bodies-section-none"),
            more: (page.t("bodies-section-more"), format!("/bodies/{}", at.id)),
        }))
    })
}

impl Bodies {
    /// The name of a place and its order.
    async fn read_place(self: &Arc<Self>, page: &Page, id: PlaceId) -> Result<(String, Order), WebError> {
        let tree = self.hall.places.tree();
        let path = place_at(&tree, &id.to_string()).ok_or(WebError::NotFound)?;
        let name = tree.at(&path).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
        let (own, now) = (self.clone(), page.now);
        let order = self.hall.store.read(move |tx| own.order(tx, &path, now)).await?;
        Ok((name, order))
    }

    fn shows(&self, page: &Page, order: &Order) -> Shows {
        let is_core = |standing: &&Standing| self.kinds.get(&standing.body.kind).is_some_and(|kind| kind.core);
        let core = order.bodies.iter().find(is_core);
        let others = order.bodies.iter().filter(|one| core.is_none_or(|core| core.body.id != one.body.id));
        let around: Vec<Shown> = others.map(|standing| self.shown(page, standing)).collect();
        let core = core.map(|standing| self.shown(page, standing));
        let map = (!around.is_empty()).then(|| picture(page, core.as_ref(), &around));
        let questions = |agreed: bool| -> Vec<QuestionShown> {
            let found = order.questions.iter().filter(move |one| one.agreed_on.is_some() == agreed);
            found.map(|one| question(page, one)).collect()
        };
        let mediator = |one: &Announced| (one.name.clone(), self.known(page, &one.specialities));
        Shows {
            core,
            around,
            agreed: questions(true),
            open: questions(false),
            meetings: order.meetings.iter().map(|one| meeting(page, one)).collect(),
            mediators: order.mediators.iter().map(mediator).collect(),
            map,
        }
    }

    /// What a mediator knows well, in words.
    pub(super) fn known(&self, page: &Page, codes: &str) -> String {
        self.specialities(codes, page.lang)
    }

    fn shown(&self, page: &Page, standing: &Standing) -> Shown {
        let (body, kind) = (&standing.body, self.kinds.get(&standing.body.kind));
        let purpose = kind.map(|kind| page.of(&kind.purpose)).unwrap_or_default();
        let term = match (body.elected_on, body.term_ends) {
            (Some(from), Some(until)) => {
                page.t2("bodies-term", "from", page.full_date(from), "until", page.full_date(until))
            }
            (Some(from), None) => page.t1("bodies-elected-on", "date", page.full_date(from)),
            _ => String::new(),
        };
        Shown {
            id: body.id,
            kind: kind.map(|kind| page.of(&kind.title).to_owned()).unwrap_or_default(),
            name: body.name.clone(),
            purpose: if body.purpose.is_empty() { purpose.to_owned() } else { body.purpose.clone() },
            telephone: body.telephone.clone(),
            address: body.address.clone(),
            hours: body.hours.clone(),
            term,
            is_over: body.term_ends.is_some_and(|ends| ends <= page.today()),
            seats: standing.seats.iter().map(|one| seat(page, one)).collect(),
        }
    }
}

fn seat(page: &Page, seat: &Seat) -> SeatShown {
    let names: Vec<&str> = seat.holders.iter().filter_map(|holder| holder.name.as_deref()).collect();
    SeatShown { title: seat.title(page.lang).to_owned(), names: names.join(page.lang.pick("、", ", ")) }
}

fn question(page: &Page, question: &Question) -> QuestionShown {
    QuestionShown {
        title: question.title.clone(),
        on: page.full_date(question.agreed_on.unwrap_or(question.raised_on)),
        outcome: question.outcome.clone(),
        link: question.link.clone(),
    }
}

fn meeting(page: &Page, meeting: &Meeting) -> MeetingShown {
    let zone = page.zone();
    let day = page.date(zone.date(meeting.starts_at));
    MeetingShown {
        title: meeting.title.clone(),
        when: format!("{day} {}–{}", page.time_of_day(meeting.starts_at), page.time_of_day(meeting.ends_at)),
        room: meeting.room.clone(),
        cancelled: meeting.cancelled,
    }
}

fn picture(page: &Page, core: Option<&Shown>, around: &[Shown]) -> Picture {
    let label = |shown: &Shown| Label { text: shown.name.clone(), href: format!("#b-{}", shown.id) };
    let core = core.map_or_else(|| Label { text: page.t("bodies-core-none"), href: "#main".to_owned() }, label);
    let around: Vec<Label> = around.iter().map(label).collect();
    drawn(&core, &around)
}
