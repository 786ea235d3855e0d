//! On this page a worker says where and when people are heard in her community.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use kernel::line::line_fault;
use kernel::place::Level;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use web::{Choice, Form, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, community};
use crate::Hearings;
use crate::actions::talks::talk_day;
use crate::actions::{point_id, reach};
use crate::permissions::May;
use crate::records;
use crate::refusals::Why;
use crate::rules::talk_day::{clock, minute};
use crate::words::room::{Host, HostNamed, ROOMS_MOST, Room};
use crate::words::talk::Remark;
use crate::words::{Keeping, NAME_MOST, Point, THINGS};

/// How many empty lines for rooms stand below those that are filled in.
const MORE_ROOMS: usize = 2;
/// The days of the week, Monday first.
const WEEKDAYS: [&str; 7] = [
    "hearings-weekday-1",
    "hearings-weekday-2",
    "hearings-weekday-3",
    "hearings-weekday-4",
    "hearings-weekday-5",
    "hearings-weekday-6",
    "hearings-weekday-7",
];

#[derive(Template)]
#[template(path = "hearings/keep.html")]
struct KeepPage {
    page: Page,
    communities: Vec<Choice>,
    room: String,
    hours: String,
    telephone: String,
    weekdays: Vec<Choice>,
    opens: String,
    closes: String,
    things: Vec<Thing>,
    rooms: Vec<RoomLine>,
    /// Who can host there.
    hosts: Vec<Choice>,
    problems: Vec<Problem>,
}

/// A line for a room, with the names of its fields.
struct RoomLine {
    /// Its number, from 1.
    number: usize,
    id_field: String,
    id: String,
    name_field: String,
    name: String,
    seats_field: String,
    seats: String,
    step_free_field: String,
    is_step_free: bool,
}

/// One of the nine things.
struct Thing {
    code: &'static str,
    /// The name of the field of its remark.
    field: String,
    name: String,
    is_there: bool,
    remark: String,
}

/// `GET /hearings/point?place=…`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let tree = desk.hall.places.tree();
    let own = reach(&page.visitor.actor);
    let asked = page.query.opt("place").map(|id| community(&tree, id).ok_or(WebError::NotFound)).transpose()?;
    let first = tree.of_level(Level::Community).find(|place| own.iter().any(|place_| place_.contains(&place.path)));
    let Some(path) = asked.or_else(|| first.map(|place| place.path.clone())) else { return Err(WebError::NotFound) };
    if !own.iter().any(|place| place.contains(&path)) {
        return Err(WebError::NotFound);
    }
    let id = path.id().to_string();
    let read = move |tx: &mut dyn Tx| {
        let Some(point) = records::point(tx, &path)? else { return Ok(None) };
        let remarks = records::talk::remarks(tx, point.district, point.id)?;
        let rooms = records::room::rooms(tx, point.district, point.id)?;
        let hosts = records::room::hosts(tx, point.district, point.id)?;
        Ok::<_, Fault>(Some(Keeping { point, remarks, rooms, hosts }))
    };
    let kept = desk.hall.store.read(read).await?;
    desk.keep_page(page, &filled(&id, kept.as_ref()), &[]).await
}

/// `POST /hearings/point`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::HearingsPoint)?;
    let read = desk.read_point(&page, &form).and_then(|point| Ok((point, remarks(&form)?)));
    let (point, remarks) = match read {
        Ok(read) => read,
        Err(faults) => return desk.keep_page(page, &form, &faults).await,
    };
    let (actor, id, rooms) = (page.visitor.actor.clone(), point.path.id(), rooms(&form, &point));
    let hosts = form.all("hosts").into_iter().filter_map(host).collect();
    let keeping = Keeping { point, remarks, rooms, hosts };
    match web::settled(desk.keep_point(keeping, actor, form.key().to_owned()).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/hearings?place={id}")).into_response()),
        Err(refusal) => desk.keep_page(page, &form, &[refusal]).await,
    }
}

/// The rooms that a form says. A line in which neither a name nor seats stand is none.
fn rooms(form: &Form, point: &Point) -> Vec<Room> {
    let text = |name: &str, line: usize| form.get(&format!("{name}_{line}")).trim().to_owned();
    let lines = (0..ROOMS_MOST).filter(|line| !text("room_name", *line).is_empty() || !text("seats", *line).is_empty());
    let room = |line: usize| Room {
        district: point.district,
        id: text("room_id", line).parse().unwrap_or_default(),
        name: text("room_name", line),
        seats: text("seats", line).parse().unwrap_or_default(),
        step_free: form.has(&format!("step_free_{line}")),
    };
    lines.map(room).collect()
}

/// The host whom a form names.
fn host(chosen: &str) -> Option<Host> {
    let (kind, id) = chosen.split_once(':')?;
    Some(Host { kind: kind.to_owned(), id: id.parse().ok()? })
}

/// What a form calls a host.
fn chosen(host: &Host) -> String {
    format!("{}:{}", host.kind, host.id)
}

/// What a form says of each of the nine things.
fn remarks(form: &Form) -> Result<Vec<Remark>, Vec<Refusal>> {
    let (mut remarks, mut faults) = (Vec::new(), Vec::new());
    for (code, _) in THINGS {
        let remark = form.get(&format!("remark_{code}")).trim().to_owned();
        faults.extend(line_fault(&remark).map(|code| Refusal::new(code).field("remark")));
        let long = remark.chars().count() > NAME_MOST;
        faults.extend(long.then(|| Refusal::new(Code::FormTooLong).field("remark").with("limit", NAME_MOST)));
        if !remark.is_empty() {
            remarks.push(Remark { thing: code.to_owned(), remark });
        }
    }
    if faults.is_empty() { Ok(remarks) } else { Err(faults) }
}

/// The form as it stands before anybody types: what is kept of the point.
fn filled(community: &str, kept: Option<&Keeping>) -> Form {
    let point = kept.map(|kept| &kept.point);
    let day = point.and_then(talk_day);
    let time = |minute: Option<u32>| minute.map(clock).unwrap_or_default();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let fields = [
        ("place", community.to_owned()),
        ("room", text(point.map(|point| &point.room))),
        ("hours", text(point.map(|point| &point.hours))),
        ("telephone", text(point.map(|point| &point.telephone))),
        ("weekday", day.map(|day| day.weekday.to_string()).unwrap_or_default()),
        ("opens", time(day.map(|day| day.opens_at))),
        ("closes", time(day.map(|day| day.closes_at))),
    ];
    let mut fields: Vec<(String, String)> = fields.map(|(name, value)| (name.to_owned(), value)).into();
    let things = point.map(|point| point.things.as_str()).unwrap_or_default();
    fields.extend(things.split_whitespace().map(|thing| ("things".to_owned(), thing.to_owned())));
    for one in kept.iter().flat_map(|kept| &kept.remarks) {
        fields.push((format!("remark_{}", one.thing), one.remark.clone()));
    }
    for (line, room) in kept.iter().flat_map(|kept| &kept.rooms).enumerate() {
        fields.push((format!("room_id_{line}"), room.id.to_string()));
        fields.push((format!("room_name_{line}"), room.name.clone()));
        fields.push((format!("seats_{line}"), room.seats.to_string()));
        fields.extend(room.step_free.then(|| (format!("step_free_{line}"), "1".to_owned())));
    }
    fields.extend(kept.iter().flat_map(|kept| &kept.hosts).map(|host| ("hosts".to_owned(), chosen(host))));
    fields.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value))
}

/// The lines for rooms: those that are filled in, and some that are empty.
fn room_lines(form: &Form) -> Vec<RoomLine> {
    let text = |name: &str| form.get(name).to_owned();
    let line = |line: usize| {
        let field = |name: &str| format!("{name}_{line}");
        RoomLine {
            number: line + 1,
            id: text(&field("room_id")),
            id_field: field("room_id"),
            name: text(&field("room_name")),
            name_field: field("room_name"),
            seats: text(&field("seats")),
            seats_field: field("seats"),
            is_step_free: form.has(&field("step_free")),
            step_free_field: field("step_free"),
        }
    };
    let lines: Vec<RoomLine> = (0..ROOMS_MOST).map(line).collect();
    let last = lines.iter().rposition(|line| !line.name.is_empty() || !line.seats.is_empty());
    lines.into_iter().take(last.map_or(0, |last| last + 1) + MORE_ROOMS).collect()
}

impl Hearings {
    /// The point that a form says.
    fn read_point(&self, page: &Page, form: &Form) -> Result<Point, Vec<Refusal>> {
        let tree = self.hall.places.tree();
        let text = |name: &str| form.get(name).trim().to_owned();
        let (mut faults, path) = (Vec::new(), community(&tree, form.get("place")));
        faults.extend(path.is_none().then(|| Refusal::new(Why::HearingsPlace).field("place")));
        for name in ["room", "hours"] {
            faults.extend(text(name).is_empty().then(|| Refusal::new(Code::FormMissing).field(name)));
        }
        for name in ["room", "hours", "telephone"] {
            faults.extend(line_fault(&text(name)).map(|code| Refusal::new(code).field(name)));
            let long = text(name).chars().count() > NAME_MOST;
            faults.extend(long.then(|| Refusal::new(Code::FormTooLong).field(name).with("limit", NAME_MOST)));
        }
        let weekday = form.get("weekday").parse().ok().filter(|day| (1..=7).contains(day)).unwrap_or(0);
        let hours = (minute(form.get("opens")), minute(form.get("closes")));
        let (opens_at, closes_at) = match hours {
            (Some(opens), Some(closes)) if weekday > 0 && opens < closes => (i64::from(opens), i64::from(closes)),
            _ if weekday == 0 => (0, 0),
            _ => {
                faults.push(Refusal::new(Why::HearingsHours).field("opens"));
                (0, 0)
            }
        };
        let there = form.all("things");
        let things: Vec<&str> = THINGS.iter().map(|thing| thing.0).filter(|code| there.contains(code)).collect();
        let Some(path) = path.filter(|_| faults.is_empty()) else { return Err(faults) };
        Ok(Point {
            district: path.district(),
            id: point_id(path.id()),
            room: text("room"),
            hours: text("hours"),
            telephone: text("telephone"),
            weekday,
            opens_at,
            closes_at,
            things: things.join(" "),
            changed_name: page.visitor.actor.name.clone(),
            changed_at: page.now,
            path,
        })
    }

    async fn keep_page(self: &Arc<Self>, page: Page, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
        let hosts = self.host_choices(&page, form).await?;
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (tree, own) = (self.hall.places.tree(), reach(&page.visitor.actor));
        let place = |one: &places::Place| own.iter().any(|reached| reached.contains(&one.path));
        let chosen = form.get("place");
        let communities = tree.of_level(Level::Community).filter(|one| place(one));
        let communities: Vec<Choice> =
            communities.map(|one| Choice::new(one.id.to_string(), tree.chain(&one.path, page.lang), chosen)).collect();
        let day =
            |(number, key): (usize, &&str)| Choice::new((number + 1).to_string(), page.t(key), form.get("weekday"));
        let none = Choice::new("", page.t("hearings-weekday-none"), form.get("weekday"));
        let there = form.all("things");
        let thing = |(code, key): &(&'static str, &'static str)| Thing {
            code,
            field: format!("remark_{code}"),
            name: page.t(key),
            is_there: there.contains(code),
            remark: form.get(&format!("remark_{code}")).to_owned(),
        };
        let drawn = KeepPage {
            communities,
            room: form.get("room").to_owned(),
            hours: form.get("hours").to_owned(),
            telephone: form.get("telephone").to_owned(),
            weekdays: std::iter::once(none).chain(WEEKDAYS.iter().enumerate().map(day)).collect(),
            opens: form.get("opens").to_owned(),
            closes: form.get("closes").to_owned(),
            things: THINGS.iter().map(thing).collect(),
            rooms: room_lines(form),
            hosts,
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }

    /// Who can host at the community of a form. Nobody is offered of one that is not this visitor's.
    async fn host_choices(self: &Arc<Self>, page: &Page, form: &Form) -> Result<Vec<Choice>, WebError> {
        let own = reach(&page.visitor.actor);
        let path = community(&self.hall.places.tree(), form.get("place"));
        let Some(path) = path.filter(|path| own.iter().any(|place| place.contains(path))) else {
            return Ok(Vec::new());
        };
        let (desk, now) = (self.clone(), page.now);
        let offers = self.hall.store.read(move |tx: &mut dyn Tx| desk.host_offers(tx, &path, now)).await?;
        let ticked = form.all("hosts");
        let choice = |one: &HostNamed| {
            let value = chosen(&one.host);
            let is_ticked = ticked.contains(&value.as_str());
            Choice { chosen: is_ticked, ..Choice::new(value, one.told(page.lang), "") }
        };
        Ok(offers.iter().map(choice).collect())
    }
}
