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
use crate::words::talk::Remark;
use crate::words::{NAME_MOST, Point, THINGS};

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
    problems: Vec<Problem>,
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
        let Some(point) = records::point(tx, &path)? else { return Ok((None, Vec::new())) };
        let remarks = records::talk::remarks(tx, point.district, point.id)?;
        Ok::<_, Fault>((Some(point), remarks))
    };
    let (point, remarks) = desk.hall.store.read(read).await?;
    let form = filled(&id, point.as_ref());
    let form = remarks.into_iter().fold(form, |form, one| form.with(format!("remark_{}", one.thing), one.remark));
    desk.keep_page(page, &form, &[])
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
        Err(faults) => return desk.keep_page(page, &form, &faults),
    };
    let (actor, id) = (page.visitor.actor.clone(), point.path.id());
    match web::settled(desk.keep_point(point, remarks, actor, form.key().to_owned()).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/hearings?place={id}")).into_response()),
        Err(refusal) => desk.keep_page(page, &form, &[refusal]),
    }
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
fn filled(community: &str, point: Option<&Point>) -> Form {
    let day = point.and_then(talk_day);
    let time = |minute: Option<u32>| minute.map(clock).unwrap_or_default();
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let mut fields = vec![
        ("place", community.to_owned()),
        ("room", text(point.map(|point| &point.room))),
        ("hours", text(point.map(|point| &point.hours))),
        ("telephone", text(point.map(|point| &point.telephone))),
        ("weekday", day.map(|day| day.weekday.to_string()).unwrap_or_default()),
        ("opens", time(day.map(|day| day.opens_at))),
        ("closes", time(day.map(|day| day.closes_at))),
    ];
    let things = point.map(|point| point.things.as_str()).unwrap_or_default();
    fields.extend(things.split_whitespace().map(|thing| ("things", thing.to_owned())));
    fields.into_iter().fold(Form::default(), |form, (name, value)| form.with(name, value))
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

    fn keep_page(&self, page: Page, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
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
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }
}
