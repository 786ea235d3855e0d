//! This page shows a plan: how far the work is, and what the plan says. It sends the plan off.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use jobs::{Work, WorkState};
use kernel::refusal::Refusal;
use kernel::time::Instant;
use uuid::Uuid;
use web::{InPath, Light, Page, PostForm, Problem, WebError, Working, render_status};

use super::{LABELS, account, compound, minutes, role, span};
use crate::Mobilization;
use crate::actions::{PLAN, Plan, SEND, Sent, call_of};
use crate::records::call::{self, Call, Shift};
use crate::words::PostState;

/// Needs shown one by one.
const LINES: usize = 500;
/// Sendings of plans that are looked at to find this plan's own.
const SENDINGS: i64 = 50;

#[derive(Template)]
#[template(path = "mobilization/plan.html")]
struct PlanPage {
    page: Page,
    id: Uuid,
    call: Uuid,
    title: String,
    working: Option<Working>,
    state: Light,
    said: String,
    facts: Vec<(String, String)>,
    /// Why it sends nobody. It is empty if it sends somebody.
    nobody: String,
    lacking: Vec<Line>,
    filled: Vec<Line>,
    more: usize,
    sent: Option<String>,
    can_send: bool,
    invented: bool,
    problems: Vec<Problem>,
}

/// A need in the plan.
struct Line {
    compound: String,
    community: String,
    shift: String,
    role: String,
    bounds: String,
    filled: i64,
    light: Light,
}

/// What is read of a plan.
struct Known {
    work: Work,
    call: Call,
    shifts: Vec<Shift>,
    sending: Option<Work>,
}

/// `GET /mobilization/plans/{work}`: comes again by itself while it goes on, unless `?still=1`.
///
/// # Errors
/// Answers 404 if there is none or it is not hers to lead.
pub async fn get(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    desk.plan_page(page, id, None).await
}

/// `POST /mobilization/plans/{work}/stop`
pub async fn stop(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let done = desk.hall.store.write(move |tx| {
        let work =
            jobs::work(tx, id)?.filter(|work| [PLAN, SEND].contains(&work.kind.as_str())).ok_or(Fault::NotFound)?;
        let (_, rights) = own.seen(tx, call_of(&work).ok_or(Fault::NotFound)?, &actor)?;
        if !rights.leads {
            return Err(Fault::NotFound);
        }
        jobs::stop(tx, id, now)?;
        // A sending leads back to the plan that it sends.
        let plan = work.asked.get("plan").and_then(|plan| plan.as_str()?.parse::<Uuid>().ok());
        Ok::<_, Fault>(plan.unwrap_or(id))
    });
    Ok(Redirect::to(&format!("/mobilization/plans/{}", done.await?)).into_response())
}

/// `POST /mobilization/plans/{work}/send`: sends the plan off.
pub async fn send(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let (own, actor, now, work) = (desk.clone(), page.visitor.actor.clone(), page.now, Uuid::now_v7());
    let done = desk.hall.store.write(move |tx| own.ask_send(tx, id, &actor, work, now)).await;
    let done = done.map(|()| format!("/mobilization/plans/{id}"));
    web::answer_permitted(done, |refusal| desk.plan_page(page, id, Some(refusal))).await
}

impl Mobilization {
    async fn plan_page(self: &Arc<Self>, page: Page, id: Uuid, refusal: Option<Refusal>) -> Result<Response, WebError> {
        if !page.visitor.signed_in() {
            return Err(WebError::SignIn);
        }
        let (desk, actor) = (self.clone(), page.visitor.actor.clone());
        let read = self.hall.store.read(move |tx| {
            let work = jobs::work(tx, id)?.filter(|work| work.kind == PLAN).ok_or(Fault::NotFound)?;
            let (call, rights) = desk.seen(tx, call_of(&work).ok_or(Fault::NotFound)?, &actor)?;
            if !rights.leads {
                return Err(Fault::NotFound);
            }
            let plan = serde_json::json!(id);
            let mut sendings = jobs::works(tx, SEND, &call.path, SENDINGS)?;
            sendings.retain(|one| one.asked.get("plan") == Some(&plan));
            let sending = match sendings.first() {
                Some(one) => jobs::work(tx, one.id)?,
                None => None,
            };
            let shifts = call::shifts(tx, call.key())?;
            Ok(Known { work, call, shifts, sending })
        });
        let known = read.await?;
        let ground = self.hall.places.geography().await?;
        let still = page.query.get("still") == "1";
        let open = known.work.state.open() || known.sending.as_ref().is_some_and(|work| work.state.open());
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let problems = page.problems(LABELS, refusal.as_slice());
        let mut response = render_status(status, &self.drawn_plan(page, known, ground.as_deref(), still, problems))?;
        if open && !still {
            response.headers_mut().insert(REFRESH, axum::http::HeaderValue::from_static("2"));
        }
        Ok(response)
    }

    fn drawn_plan(
        &self,
        page: Page,
        known: Known,
        ground: Option<&places::geography::Geography>,
        still: bool,
        problems: Vec<Problem>,
    ) -> PlanPage {
        let Known { work, call, shifts, sending } = known;
        let plan = Plan::of(&work);
        let all = plan.as_ref().map(|plan| self.lines(&page, plan, ground, &shifts)).unwrap_or_default();
        let more = all.len().saturating_sub(LINES);
        let (lacking, filled) = all.into_iter().take(LINES).partition(|line| line.light.class == "late");
        let under_way = if work.state.open() { Some((&work, "plan")) } else { None };
        let under_way =
            under_way.or_else(|| sending.as_ref().filter(|work| work.state.open()).map(|work| (work, "send")));
        let working = under_way.map(|(one, what)| Working {
            share: one.share,
            text: page.t(&format!("mobilization-working-{what}")),
            stop: Some(format!("/mobilization/plans/{}/stop", one.id)),
            still: if still { String::new() } else { format!("/mobilization/plans/{}?still=1", work.id) },
        });
        let class = match work.state {
            WorkState::Waiting | WorkState::Running => "soon",
            WorkState::Done => "ok",
            WorkState::Stopped => "none",
            WorkState::Failed => "late",
        };
        let refill = work.asked.get("send").is_some();
        let sent = sending.as_ref().and_then(|work| serde_json::from_slice::<Sent>(work.answer.as_deref()?).ok());
        let stopped = sending.as_ref().is_some_and(|work| matches!(work.state, WorkState::Stopped | WorkState::Failed));
        PlanPage {
            id: work.id,
            call: call.id,
            state: Light { class, text: page.t(&format!("mobilization-plan-{}", work.state.code())) },
            said: work.said.clone(),
            facts: plan.as_ref().map(|plan| facts(&page, plan)).unwrap_or_default(),
            nobody: plan
                .as_ref()
                .and_then(|plan| nobody(plan, &shifts, page.now))
                .map_or_else(String::new, |why| page.t(&format!("mobilization-nobody-{why}"))),
            can_send: plan.as_ref().is_some_and(|plan| !plan.planned.sendings.is_empty())
                && sending.is_none()
                && !refill
                && call.ended_at.is_none(),
            sent: match sent {
                Some(sent) => Some(page.t2("mobilization-sent-off", "sent", sent.sent, "missed", sent.missed)),
                None if stopped => Some(page.t("mobilization-send-stopped")),
                None => refill.then(|| page.t("mobilization-refill-sent")).filter(|_| plan.is_some()),
            },
            title: call.title,
            lacking,
            filled,
            more,
            working,
            invented: ground.is_some_and(|ground| ground.invented),
            problems,
            page,
        }
    }

    fn lines(
        &self,
        page: &Page,
        plan: &Plan,
        ground: Option<&places::geography::Geography>,
        shifts: &[Shift],
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        for (at, ((least, most), filled)) in plan.bounds.iter().zip(&plan.planned.filled).enumerate() {
            let Some(slot) = plan.slot(at) else { continue };
            let (compound, community) = compound(page, self, ground, slot.compound);
            let shift = shifts.iter().find(|shift| shift.number == slot.shift);
            let lacking = least - filled;
            lines.push(Line {
                compound,
                community,
                shift: shift.map(|shift| span(page, shift.starts, shift.ends)).unwrap_or_default(),
                role: role(page, slot.role),
                bounds: if least == most { least.to_string() } else { format!("{least}–{most}") },
                filled: *filled,
                light: if lacking > 0 {
                    Light { class: "late", text: page.t1("mobilization-lacking", "count", lacking) }
                } else {
                    Light { class: "ok", text: page.t("mobilization-filled") }
                },
            });
        }
        lines.sort_by_key(|line| line.light.class != "late");
        lines
    }
}

/// Says why a plan sends nobody.
fn nobody(plan: &Plan, shifts: &[Shift], now: Instant) -> Option<&'static str> {
    let planned = &plan.planned;
    if !planned.sendings.is_empty() {
        return None;
    }
    let enough = plan.bounds.iter().zip(&planned.filled).all(|((least, _), filled)| filled >= least);
    Some(if shifts.iter().all(|shift| shift.ends <= now) {
        "over"
    } else if enough {
        "enough"
    } else if planned.people == 0 {
        "people"
    } else if planned.far >= planned.people {
        "far"
    } else {
        "unfit"
    })
}

/// Writes what the plan says in numbers, with its proof.
fn facts(page: &Page, plan: &Plan) -> Vec<(String, String)> {
    let planned = &plan.planned;
    let count = i64::try_from(planned.sendings.len()).unwrap_or(i64::MAX);
    let moved = planned.sendings.iter().filter(|one| one.instead.is_some()).count();
    let needed: i64 = plan.bounds.iter().map(|(least, _)| least).sum();
    let lacking: i64 =
        plan.bounds.iter().zip(&planned.filled).map(|((least, _), filled)| (least - filled).max(0)).sum();
    let label = |key: &str| page.t(&format!("mobilization-fact-{key}"));
    let mut facts = vec![
        (label("people"), planned.people.to_string()),
        (label("needed"), needed.to_string()),
        (label("sent"), count.to_string()),
        (label("lacking"), lacking.to_string()),
    ];
    if moved > 0 {
        facts.push((label("moved"), moved.to_string()));
    }
    if planned.far > 0 {
        facts.push((label("far"), planned.far.to_string()));
    }
    if count > 0 {
        let walk = page.t2(
            "mobilization-walks",
            "mean",
            minutes(planned.walking / count),
            "longest",
            minutes(planned.longest),
        );
        facts.push((label("walk"), walk));
    }
    let proof = if planned.objective == planned.bound { "best" } else { "gap" };
    facts.push((label("proof"), page.t(&format!("mobilization-proof-{proof}"))));
    facts
}

/// The states a post can be put into from a roster.
pub(super) const DEEDS: [PostState; 3] = [PostState::Present, PostState::Absent, PostState::Declined];
