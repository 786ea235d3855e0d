//! The hearing point of a community: where and when people are heard, and the way to bring a dispute. Everybody may see
//! it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hall::Fault;
use house::{AskOfPlace, Panel, PanelLine, PlaceAt};
use kernel::language::Lang;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Date;
use store::Tx;
use web::{InPath, Page, WebError, render};

use super::community;
use crate::Hearings;
use crate::actions::mediates;
use crate::actions::talks::talk_day;
use crate::permissions::May;
use crate::records;
use crate::rules::opinion::is_told;
use crate::rules::talk_day::{TalkDay, clock};
use crate::words::opinion::{ANSWERED, NEW, TURNED};
use crate::words::room::Room;
use crate::words::talk::Remark;
use crate::words::{Point, THINGS};

/// How many places that words may mean are offered.
const OFFERED: usize = 20;
/// How many questions that everybody reads are shown.
const VOICES: i64 = 20;

#[derive(Template)]
#[template(path = "hearings/point.html")]
struct PointPage {
    page: Page,
    /// What was looked for.
    words: String,
    /// Places that these words may mean: name and address.
    found: Vec<(String, String)>,
    place: Option<Shown>,
}

impl PointPage {
    /// The key of the words by which one looks for a community: another one, where one is shown.
    const fn find_key(&self) -> &'static str {
        if self.place.is_some() { "hearings-find" } else { "hearings-find-first" }
    }
}

/// A hearing point as people see it.
struct Shown {
    id: PlaceId,
    name: String,
    room: String,
    hours: String,
    telephone: String,
    /// The rooms: what each is called, and its seats and steps in words.
    rooms: Vec<(String, String)>,
    /// Who hosts there.
    hosts: Vec<String>,
    /// The next talk days, with their hours.
    talks: Vec<String>,
    /// The nine things, with what is said of each.
    things: Vec<Thing>,
    /// What is not there of them.
    lacks: String,
    /// Nothing was said of it yet.
    is_new: bool,
    may_keep: bool,
    may_offer: bool,
    /// How many opinions were gathered, answered and turned into cases, in words; empty where none was gathered.
    /// Whoever keeps the point reads the numbers, others only where none is small.
    counted: String,
    /// What was asked and released, with what became of it.
    voices: Vec<Voice>,
}

/// What is kept of a hearing point.
#[derive(Default)]
struct Kept {
    point: Option<Point>,
    remarks: Vec<Remark>,
    rooms: Vec<(String, String)>,
    hosts: Vec<String>,
}

/// One of the nine things.
struct Thing {
    name: String,
    is_there: bool,
    remark: String,
}

/// A question that everybody reads, with its answer or what became of it.
struct Voice {
    question: String,
    answer: String,
    became: String,
    at: String,
}

/// `GET /hearings?place=…&q=…`
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let words = page.query.get("q").to_owned();
    let asked = community(&tree, page.query.get("place"));
    let own = || places::my_community(&page, &tree).and_then(|id| tree.get(id)).map(|place| place.path.clone());
    let path = if words.is_empty() { asked.or_else(own) } else { asked };
    let found = if path.is_none() && !words.is_empty() {
        tree.search_in(&words, Some(Level::Community), OFFERED)
    } else {
        Vec::new()
    };
    let found = found.into_iter();
    let found: Vec<(String, String)> =
        found.map(|place| (tree.chain(&place.path, page.lang), format!("/hearings?place={}", place.id))).collect();
    let place = match path {
        Some(path) => Some(desk.shown(&page, path).await?),
        None => None,
    };
    render(&PointPage { page, words, found, place })
}

/// `GET /hearings/talks/{place}`: the talk days of a community as a calendar (RFC 5545).
///
/// # Errors
/// 404 for what is no community or has no talk day, or a failure.
pub async fn calendar(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(place): InPath<PlaceId>,
) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let path = community(&tree, &place.to_string()).ok_or(WebError::NotFound)?;
    let name = tree.get(place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let read = move |tx: &mut dyn Tx| {
        let point = records::point(tx, &path)?.ok_or(Fault::NotFound)?;
        let rooms = records::room::rooms(tx, point.district, point.id)?;
        Ok::<_, Fault>((point, rooms))
    };
    let (point, rooms) = desk.hall.store.read(read).await?;
    let (day, zone) = (talk_day(&point).ok_or(WebError::NotFound)?, desk.hall.zone());
    let is_off = |date| desk.is_off(date);
    let first = day.ahead(page.now, zone, 1, is_off).into_iter().next().ok_or(WebError::NotFound)?;
    let off = TalkDay::off(first, is_off);
    let title = page.t1("hearings-talk-title", "place", &name);
    let names: Vec<&str> = rooms.iter().map(|room| room.name.as_str()).collect();
    let names = names.join(page.lang.pick("、", ", "));
    let place =
        if names.is_empty() { point.room } else { format!("{}{}{names}", point.room, page.lang.pick("，", ", ")) };
    let text = day.calendar(&format!("{}@hearings", point.id), [&title, &place], first, &off, zone);
    let headers =
        [(CONTENT_TYPE, "text/calendar; charset=utf-8"), (CONTENT_DISPOSITION, "inline; filename=\"talks.ics\"")];
    Ok((headers, text).into_response())
}

/// The hearing point on the page of its community.
pub(crate) fn of_place(desk: &Arc<Hearings>) -> AskOfPlace {
    let desk = desk.clone();
    Arc::new(move |tx: &mut dyn Tx, page: &Page, at: PlaceAt<'_>| {
        if at.level != Level::Community {
            return Ok(None);
        }
        let more = (page.t("hearings-section-more"), format!("/hearings?place={}", at.path.id()));
        let title = page.t("hearings-section");
        let Some(point) = records::point(tx, at.path)? else {
            return Ok(Some(Panel { title, lines: Vec::new(), empty: page.t("hearings-section-none"), more }));
        };
        let line = |key: &str, text: String| PanelLine { term: page.t(key), text, href: String::new() };
        let talks = desk.talks(page, &point).into_iter().take(1);
        let lines =
            [line("hearings-field-room", point.room.clone()), line("hearings-field-hours", point.hours.clone())];
        let rooms = records::room::rooms(tx, point.district, point.id)?;
        let rooms: Vec<String> = rooms.iter().map(|room| room_told(page, room)).collect();
        let rooms = (!rooms.is_empty()).then(|| line("hearings-rooms", rooms.join(page.lang.pick("、", ", "))));
        let lines = lines.into_iter().chain(rooms).chain(talks.map(|day| line("hearings-talk-day", day)));
        Ok(Some(Panel { title, lines: lines.collect(), empty: String::new(), more }))
    })
}

/// What a room is called, with how many people can sit there and whether it is reached without a step.
pub(super) fn room_told(page: &Page, room: &Room) -> String {
    let [opens, closes] = if page.lang == Lang::Zh { ["（", "）"] } else { [" (", ")"] };
    format!("{}{opens}{}{closes}", room.name, seats(page, room))
}

/// How many people can sit in a room, and whether it is reached without a step.
fn seats(page: &Page, room: &Room) -> String {
    let steps = if room.step_free { "hearings-room-step-free" } else { "hearings-room-steps" };
    let seats = page.t1("hearings-room-seated", "n", room.seats);
    format!("{seats}{}{}", page.lang.pick("，", ", "), page.t(steps))
}

impl Hearings {
    async fn shown(self: &Arc<Self>, page: &Page, path: PlacePath) -> Result<Shown, WebError> {
        let (tree, asked, here, drawn) = (self.hall.places.tree(), path.clone(), self.clone(), page.clone());
        let read = move |tx: &mut dyn Tx| {
            let kept = here.kept(tx, &drawn, &asked)?;
            let tallies = records::opinion::tallies(tx, &asked)?;
            let mut voices = Vec::new();
            for opinion in records::opinion::shown(tx, &asked, VOICES)? {
                let case = here.case_of(tx, &opinion)?;
                voices.push(Voice {
                    became: case.map(|case| here.became(&drawn, &case)).unwrap_or_default(),
                    at: drawn.date(opinion.said_at),
                    question: opinion.question,
                    answer: opinion.told,
                });
            }
            Ok::<_, Fault>((kept, tallies, voices))
        };
        let (Kept { point, remarks, rooms, hosts }, tallies, voices) = self.hall.store.read(read).await?;
        let in_stage = |stages: &[&str]| {
            let counted = tallies.iter().filter(|tally| stages.contains(&tally.stage.as_str()));
            counted.map(|tally| tally.opinions).sum::<i64>()
        };
        let mut scopes = page.visitor.actor.scopes(May::HearingsPoint).into_iter();
        let kept = point.as_ref().map(|point| point.things.as_str()).unwrap_or_default();
        let thing = |(code, key): &(&'static str, &'static str)| Thing {
            name: page.t(key),
            is_there: kept.split(' ').any(|thing| thing == *code),
            remark: remarks.iter().find(|one| one.thing == *code).map(|one| one.remark.clone()).unwrap_or_default(),
        };
        let things: Vec<Thing> = THINGS.iter().map(thing).collect();
        let lacks: Vec<&str> = things.iter().filter(|one| !one.is_there).map(|one| one.name.as_str()).collect();
        let lacks = lacks.join(page.lang.pick("、", ", "));
        let counts = [in_stage(&[NEW, ANSWERED, TURNED]), in_stage(&[ANSWERED]), in_stage(&[TURNED])];
        let may_keep = scopes.any(|scope| scope.place.contains(&path));
        let least = i64::from(self.hall.figure(hall::FIGURES_LEAST, page.now)?);
        let counted = match counts {
            [0, ..] => String::new(),
            [gathered, answered, turned] if may_keep || is_told(counts, least) => {
                let told = [("gathered", gathered), ("answered", answered), ("turned", turned)];
                told.map(|(key, count)| page.t1(&format!("hearings-counted-{key}"), "n", count)).join(" · ")
            }
            _ => page.t("hearings-counted-few"),
        };
        Ok(Shown {
            id: path.id(),
            name: tree.chain(&path, page.lang),
            room: point.as_ref().map(|point| point.room.clone()).unwrap_or_default(),
            hours: point.as_ref().map(|point| point.hours.clone()).unwrap_or_default(),
            telephone: point.as_ref().map(|point| point.telephone.clone()).unwrap_or_default(),
            rooms,
            hosts,
            talks: point.as_ref().map(|point| self.talks(page, point)).unwrap_or_default(),
            things,
            lacks,
            is_new: point.is_none(),
            may_keep,
            may_offer: mediates(&page.visitor.actor).iter().any(|place| place.contains(&path)),
            counted,
            voices,
        })
    }

    fn kept(&self, tx: &mut dyn Tx, page: &Page, path: &PlacePath) -> Result<Kept, Fault> {
        let Some(point) = records::point(tx, path)? else { return Ok(Kept::default()) };
        let rooms = records::room::rooms(tx, point.district, point.id)?;
        let hosts = self.hosts(tx, &point, page.now)?;
        Ok(Kept {
            remarks: records::talk::remarks(tx, point.district, point.id)?,
            rooms: rooms.iter().map(|room| (room.name.clone(), seats(page, room))).collect(),
            hosts: hosts.iter().map(|host| host.told(page.lang)).collect(),
            point: Some(point),
        })
    }

    /// The next talk days in words, with their hours.
    fn talks(&self, page: &Page, point: &Point) -> Vec<String> {
        let Some(day) = talk_day(point) else { return Vec::new() };
        let told = |date: Date| format!("{} {}–{}", page.date(date), clock(day.opens_at), clock(day.closes_at));
        self.days_ahead(point, page.now).into_iter().map(told).collect()
    }
}
