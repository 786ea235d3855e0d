//! This page shows one call: what is needed where, who was sent, who is there, what lacks, its shifts and its plans.
//! Whoever leads the call ends it here.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use jobs::{Work, WorkState};
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, date_plus_days};
use uuid::Uuid;
use web::{InPath, Light, Map, Page, PostForm, Problem, WebError, render_status};

use super::needs::{NeedForm, Wanted};
use super::{LABELS, account, role, span};
use crate::Mobilization;
use crate::actions::{AskedPlan, PLAN, Rights};
use crate::records::call::{self, Call, Need, Shift};
use crate::records::post::{self, Post};
use crate::records::responder;
use crate::words::{PostState, Span};

/// Needs and posts that are read for the page.
const MOST: i64 = 50_000;
/// Needs that the page shows one by one. If there are more, it adds them up by place.
const ONE_BY_ONE: usize = 240;
/// Plans shown at most.
const PLANS: i64 = 8;
/// Days of shifts that one form adds at most.
const DAYS: i64 = 14;

#[derive(Template)]
#[template(path = "mobilization/call.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is drawn")]
struct CallPage {
    page: Page,
    id: Uuid,
    title: String,
    place: String,
    note: String,
    since: String,
    by: String,
    over: Option<String>,
    leads: bool,
    invented: bool,
    no_ground: bool,
    ready: i64,
    shifts: Vec<ShiftLine>,
    wanted: Wanted,
    lines: Vec<Line>,
    sums: Vec<Sum>,
    total: Total,
    map: String,
    plans: Vec<PlanLine>,
    form: NeedForm,
    shift_day: String,
    shift_from: String,
    shift_to: String,
    need_open: bool,
    shift_open: bool,
    problems: Vec<Problem>,
}

/// A shift in a list.
struct ShiftLine {
    number: i64,
    when: String,
    free: bool,
}

/// A need with how far it is filled.
struct Line {
    compound: String,
    community: String,
    compound_id: i64,
    shift: String,
    shift_number: i64,
    role: String,
    role_code: &'static str,
    bounds: String,
    sent: i64,
    present: i64,
    light: Light,
}

/// The needs of a place below, added up.
struct Sum {
    id: i64,
    name: String,
    total: Total,
    light: Light,
}

/// Needs added up.
#[derive(Clone, Copy, Default)]
struct Total {
    least: i64,
    sent: i64,
    present: i64,
    lacking: i64,
}

/// A plan in a list.
struct PlanLine {
    id: Uuid,
    when: String,
    by: String,
    light: Light,
}

/// A form as it was typed, with what is wrong with it.
struct Typed {
    form: NeedForm,
    problems: Vec<Problem>,
}

/// What is read of a call.
struct Known {
    call: Call,
    rights: Rights,
    shifts: Vec<Shift>,
    needs: Vec<Need>,
    posts: Vec<Post>,
    plans: Vec<Work>,
    ready: i64,
}

/// `GET /mobilization/calls/{id}`, of `?place=` alone where it is named.
///
/// # Errors
/// Answers 404 if there is none or it is not hers to know.
pub async fn get(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    desk.call_page(page, id, NeedForm::default(), None).await
}

/// `POST /mobilization/calls/{id}/shifts`: adds a shift on one day or on several, or removes one.
pub async fn shifts(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let remove = form.opt("remove").and_then(|number| number.parse::<i64>().ok());
    let (asked, sent) = (spans(&page, &form), Sent::of(&form, id));
    let done = desk.hall.store.write(move |tx| {
        own.led(tx, id, &actor)?;
        if !sent.is_first(tx, "mobilization.shifts", now)? {
            return Ok(());
        }
        match remove {
            Some(number) => own.remove_shift(tx, id, &actor, number),
            None => own.add_shifts(tx, id, &actor, &asked.clone()?, now),
        }
    });
    desk.answered(page, id, done.await.map(|()| format!("/mobilization/calls/{id}#shifts"))).await
}

/// `POST /mobilization/calls/{id}/plan`: asks for a plan.
pub async fn plan(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    // The form's own key is the plan's identity: sent twice it is one plan.
    let work = form.key().parse::<Uuid>().unwrap_or_else(|_| Uuid::now_v7());
    let (fill, fair) = (form.get("fill") == "most", form.has("fair"));
    let ground = desk.hall.places.geography().await?.is_some();
    let done = desk.hall.store.write(move |tx| {
        own.led(tx, id, &actor)?;
        if !ground {
            return Err(Refusal::new(Code::GeographyMissing).into());
        }
        own.ask_plan(tx, id, &actor, AskedPlan { id: work, fill, fair }, now)
    });
    desk.answered(page, id, done.await.map(|()| format!("/mobilization/plans/{work}"))).await
}

/// `POST /mobilization/calls/{id}/end`: ends the call.
pub async fn end(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let sure = form.get("sure") == "yes";
    let done = desk.hall.store.write(move |tx| {
        own.led(tx, id, &actor)?;
        if !sure {
            return Err(Refusal::new(Code::FormConsent).field("sure").into());
        }
        own.stand_down(tx, id, &actor, now)
    });
    desk.answered(page, id, done.await.map(|()| format!("/mobilization/calls/{id}"))).await
}

/// Reads the spans of a form: from a time to a time, on one day or on several. An end before the beginning lies on the
/// next day.
fn spans(page: &Page, form: &PostForm) -> Result<Vec<Span>, Refusal> {
    let day = form.get("day").parse::<Date>().map_err(|_| Refusal::new(Code::FormDate).field("day"))?;
    let minute = |field: &str| minute_of(form.get(field)).ok_or_else(|| Refusal::new(Code::FormInvalid).field(field));
    let (from, to) = (minute("from")?, minute("to")?);
    let wrong = || Refusal::new(Code::FormNumber).field("days").with("from", 1).with("to", DAYS);
    let days = if form.get("days").is_empty() { 1 } else { form.get("days").parse::<i64>().map_err(|_| wrong())? };
    if !(1..=DAYS).contains(&days) {
        return Err(wrong());
    }
    let zone = page.zone();
    let span = |ahead: i64| {
        let day = date_plus_days(day, ahead)?;
        let last = if to <= from { date_plus_days(day, 1)? } else { day };
        Some(Span { starts: zone.instant(day, from), ends: zone.instant(last, to) })
    };
    (0..days).map(span).collect::<Option<_>>().ok_or_else(|| Refusal::new(Code::FormDate).field("day"))
}

/// Reads a minute of the day that is written as `08:30`.
fn minute_of(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

impl Mobilization {
    /// Shows the page again with what was refused, or leads on.
    async fn answered(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        done: Result<String, Fault>,
    ) -> Result<Response, WebError> {
        web::answer_permitted(done, |refusal| self.call_page(page, id, NeedForm::default(), Some(refusal))).await
    }

    pub(super) async fn call_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        form: NeedForm,
        refusal: Option<Refusal>,
    ) -> Result<Response, WebError> {
        let (desk, actor) = (self.clone(), page.visitor.actor.clone());
        if !page.visitor.signed_in() {
            return Err(WebError::SignIn);
        }
        let known = self.hall.store.read(move |tx| desk.known_call(tx, id, &actor)).await?;
        let ground = self.hall.places.geography().await?;
        let tree = self.hall.places.tree();
        let place = page.query.get("place").parse().ok().and_then(|id| tree.get(kernel::place::PlaceId(id)));
        let place = place.map(|place| place.path.clone()).filter(|place| known.call.path.contains(place));
        let view = place.unwrap_or_else(|| known.call.path.clone());
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let problems = page.problems(LABELS, refusal.as_slice());
        render_status(status, &self.drawn(page, known, ground.as_deref(), &view, Typed { form, problems }))
    }

    fn known_call(&self, tx: &mut dyn store::Tx, id: Uuid, actor: &kernel::permission::Actor) -> Result<Known, Fault> {
        let (call, rights) = self.seen(tx, id, actor)?;
        let key = call.key();
        let (mut needs, mut posts) = (Vec::new(), Vec::new());
        let places = if rights.leads { vec![call.path.clone()] } else { rights.rosters.clone() };
        for place in &places {
            needs.extend(call::needs(tx, key, place, MOST)?);
            posts.extend(post::of_call(tx, key, place, MOST)?);
        }
        let mut plans = if rights.leads { jobs::works(tx, PLAN, &call.path, PLANS * 4)? } else { Vec::new() };
        plans.retain(|work| crate::actions::call_of(work) == Some(id));
        plans.truncate(usize::try_from(PLANS).unwrap_or_default());
        let around = call.path.at(Level::District).unwrap_or_else(|| call.path.clone());
        let ready = if rights.leads { responder::count_ready(tx, &around)? } else { 0 };
        Ok(Known { shifts: call::shifts(tx, key)?, needs, posts, plans, ready, rights, call })
    }

    fn drawn(
        &self,
        page: Page,
        known: Known,
        ground: Option<&places::geography::Geography>,
        view: &PlacePath,
        typed: Typed,
    ) -> CallPage {
        let Typed { form, problems } = typed;
        let Known { call, rights, shifts, needs, posts, plans, ready } = known;
        let tree = self.hall.places.tree();
        let filled = filled(&posts);
        let shown: Vec<&Need> = needs.iter().filter(|need| view.contains(&need.path)).collect();
        let total = shown.iter().fold(Total::default(), |total, need| total.with(need, &filled));
        let one_by_one = shown.len() <= ONE_BY_ONE;
        let mut lines: Vec<Line> = Vec::new();
        for need in shown.iter().filter(|_| one_by_one) {
            lines.push(self.line(&page, need, ground, &shifts, &filled));
        }
        lines.sort_by_key(|line| line.light.class != "late");
        let sums = if one_by_one { Vec::new() } else { self.sums(&page, view, &shown, &filled) };
        let when = |number: i64| {
            shifts.iter().find(|shift| shift.number == number).map(|shift| span(&page, shift.starts, shift.ends))
        };
        let wanted = self.wanted(&page, &call, ground, &shifts, &form);
        let day = page.today();
        let wrong = |fields: &[&str]| problems.iter().any(|problem| fields.contains(&problem.field.as_str()));
        CallPage {
            id: call.id,
            place: tree.chain(view, page.lang),
            note: call.note.clone(),
            since: page.minute(call.opened_at),
            by: call.opened_name.clone(),
            over: call.ended_at.map(|at| page.minute(at)),
            leads: rights.leads && call.ended_at.is_none(),
            invented: ground.is_some_and(|ground| ground.invented),
            no_ground: ground.is_none(),
            ready,
            shifts: shifts
                .iter()
                .map(|shift| ShiftLine {
                    number: shift.number,
                    when: when(shift.number).unwrap_or_default(),
                    free: !posts.iter().any(|post| post.shift == shift.number),
                })
                .collect(),
            map: ground.map(|ground| drawn_map(&page, ground, &shown, &filled)).unwrap_or_default(),
            plans: plans.iter().map(|work| plan_line(&page, work)).collect(),
            title: call.title,
            wanted,
            lines,
            sums,
            total,
            form,
            shift_day: day.to_string(),
            shift_from: "08:00".to_owned(),
            shift_to: "16:00".to_owned(),
            need_open: page.query.has("compound")
                || wrong(&["whereabouts", "shift", "role", "least", "most", "meet", "contact"]),
            shift_open: wrong(&["day", "from", "to", "days", "ends"]),
            problems,
            page,
        }
    }

    fn line(
        &self,
        page: &Page,
        need: &Need,
        ground: Option<&places::geography::Geography>,
        shifts: &[Shift],
        filled: &Filled,
    ) -> Line {
        let (compound, community) = super::compound(page, self, ground, need.compound);
        let (sent, present) = filled.get(&need.slot()).copied().unwrap_or_default();
        let shift = shifts.iter().find(|shift| shift.number == need.shift);
        Line {
            compound,
            community,
            compound_id: need.compound,
            shift: shift.map(|shift| span(page, shift.starts, shift.ends)).unwrap_or_default(),
            shift_number: need.shift,
            role: role(page, need.role),
            role_code: need.role.code(),
            bounds: if need.least == need.most {
                need.least.to_string()
            } else {
                format!("{}–{}", need.least, need.most)
            },
            sent: sent + present,
            present,
            light: lacking(page, need.least - sent - present),
        }
    }

    /// Adds up the needs below a place by the places directly below it.
    fn sums(&self, page: &Page, view: &PlacePath, shown: &[&Need], filled: &Filled) -> Vec<Sum> {
        let tree = self.hall.places.tree();
        let child = |place: &&places::Place| {
            let within = shown.iter().filter(|need| place.path.contains(&need.path));
            let total = within.fold(Total::default(), |total, need| total.with(need, filled));
            let name = place.named(page.lang).to_owned();
            Sum { id: place.id.0, name, light: lacking(page, total.lacking), total }
        };
        let mut sums: Vec<Sum> = tree
            .children(view.id())
            .filter(|place| shown.iter().any(|need| place.path.contains(&need.path)))
            .map(|place| child(&place))
            .collect();
        sums.sort_by_key(|sum| std::cmp::Reverse(sum.total.lacking));
        sums
    }
}

/// Of each slot how many were sent and how many are there.
type Filled = BTreeMap<crate::words::Slot, (i64, i64)>;

fn filled(posts: &[Post]) -> Filled {
    let mut filled = Filled::new();
    for post in posts {
        let (sent, present) = filled.entry(post.slot()).or_default();
        match post.state {
            PostState::Sent => *sent += 1,
            PostState::Present => *present += 1,
            PostState::Declined | PostState::Absent | PostState::Off => {}
        }
    }
    filled
}

impl Total {
    fn with(self, need: &Need, filled: &Filled) -> Self {
        let (sent, present) = filled.get(&need.slot()).copied().unwrap_or_default();
        Self {
            least: self.least + need.least,
            sent: self.sent + sent + present,
            present: self.present + present,
            lacking: self.lacking + (need.least - sent - present).max(0),
        }
    }
}

fn lacking(page: &Page, count: i64) -> Light {
    if count > 0 {
        Light { class: "late", text: page.t1("mobilization-lacking", "count", count) }
    } else {
        Light { class: "ok", text: page.t("mobilization-filled") }
    }
}

fn plan_line(page: &Page, work: &Work) -> PlanLine {
    let class = match work.state {
        WorkState::Waiting | WorkState::Running => "soon",
        WorkState::Done => "ok",
        WorkState::Stopped => "none",
        WorkState::Failed => "late",
    };
    let by = if work.asked_name.is_empty() { page.t("mobilization-refill") } else { work.asked_name.clone() };
    let light = Light { class, text: page.t(&format!("mobilization-plan-{}", work.state.code())) };
    PlanLine { id: work.id, when: page.minute(work.asked_at), by, light }
}

/// Draws the compounds of the needs as dots that show whether enough people are sent.
fn drawn_map(page: &Page, ground: &places::geography::Geography, shown: &[&Need], filled: &Filled) -> String {
    let mut lacks: BTreeMap<i64, i64> = BTreeMap::new();
    for need in shown {
        let (sent, present) = filled.get(&need.slot()).copied().unwrap_or_default();
        *lacks.entry(need.compound).or_default() += (need.least - sent - present).max(0);
    }
    let mut map = Map::new();
    for (id, lacks) in &lacks {
        if let Some((_, compound)) = ground.compound(*id) {
            let title = format!("{} · {}", compound.name, lacking(page, *lacks).text);
            let (class, radius) = if *lacks > 0 { ("lack", 10.0) } else { ("in", 6.0) };
            map.dot(class, (compound.at.x, compound.at.y), radius, &title);
        }
    }
    map.legend("dot in", page.t("mobilization-filled"), true);
    map.legend("dot lack", page.t("mobilization-map-lacking"), true);
    map.figure(&page.t("mobilization-map"))
}

#[cfg(test)]
mod tests;
