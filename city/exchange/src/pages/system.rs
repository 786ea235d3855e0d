//! This page shows one other system: what it may do, its tokens, the address of its messages about cases, how often it
//! called, and which messages it got.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use identity::Settled;
use jobs::Destination;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, PostForm, Problem, TwoInPath, WebError, render, render_status};

use super::{SYSTEMS, TAKEN_TOO, crumbs, is_off, scopes, state};
use crate::Exchange;
use crate::actions::{Listening, Sheet};
use crate::words::{CallCount, Delivery, Reception, System, TokenFacts};

/// Holds a badge: its class and its words.
type Badge = (&'static str, String);

struct TokenLine {
    id: Uuid,
    made: String,
    expires: String,
    used: String,
    badge: Badge,
    holds: bool,
}

struct CallLine {
    day: String,
    route: String,
    badge: Badge,
    calls: i64,
}

struct DeliveryLine {
    id: Uuid,
    at: String,
    number: String,
    state: String,
    attempts: i64,
    badge: Badge,
    over: bool,
}

#[derive(Template)]
#[template(path = "exchange/system.html")]
struct SystemPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    name: String,
    state: (&'static str, &'static str),
    open: bool,
    place: String,
    department: String,
    scopes: Vec<String>,
    calls_per_minute: i64,
    created: String,
    url: String,
    listens: bool,
    tokens: Vec<TokenLine>,
    calls: Vec<CallLine>,
    deliveries: Vec<DeliveryLine>,
    /// What is said of messages that fail, or nothing.
    failing: String,
    /// What is said of a receiver that was switched off, or nothing.
    off: String,
    /// What is said of a secret that still signs beside the new one, or nothing.
    old_secret: String,
    /// Which earlier messages are sent again: those not taken, or all.
    which: Vec<Choice>,
    /// The reason that was typed for a token, where the city wants two people for one.
    why: Option<String>,
    done: &'static str,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "exchange/secret.html")]
struct SecretPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    title: &'static str,
    what: &'static str,
    term: &'static str,
    secret: String,
}

/// Answers `GET /systems/{system}`.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn get(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.show(page, id, None, Typed::default()).await
}

/// Answers `POST /systems/{system}/tokens`. It makes a token and shows it only this once, or leads to the request for
/// it where the city wants two people.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn token(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let token = form.id_of(page.visitor.actor.account.unwrap_or_default());
    let why = form.get("why").to_owned();
    match web::settled(exchange.make_token(&page.visitor.actor, id, token, why, page.now).await)? {
        Ok(Settled::Asked(asked)) => {
            Ok(Redirect::to(&format!("/confirmations/{}?done=asked", asked.id)).into_response())
        }
        Ok(Settled::Done(secret)) => {
            let (title, what, term) = ("exchange-token-new", "exchange-token-shown", "exchange-token");
            render(&SecretPage { crumbs: crumbs(&page), page, id, title, what, term, secret })
        }
        Err(refusal) => {
            let named = refusal.with("label", page.t("exchange-why"));
            exchange.show(page, id, Some(named), Typed { why: form.get("why"), url: None }).await
        }
    }
}

/// Answers `POST /systems/{system}/tokens/{token}/revoke`.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn revoke(
    State(exchange): State<Arc<Exchange>>,
    TwoInPath(id, token): TwoInPath<Uuid, Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.revoke(&page.visitor.actor, id, token, page.now).await?;
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=revoked")).into_response())
}

/// Answers `POST /systems/{system}/webhook`. It sets the address that gets the messages about cases and shows the
/// secret only this once, or leads to the request for it where the city wants two people. A blank address ends the
/// messages.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn webhook(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    let request = form.id_of(page.visitor.actor.account.unwrap_or_default());
    let listening = Listening { url: form.opt("url"), request };
    match web::settled(exchange.listen(&page.visitor.actor, id, listening, page.now).await)? {
        Ok(Settled::Asked(asked)) => {
            Ok(Redirect::to(&format!("/confirmations/{}?done=asked", asked.id)).into_response())
        }
        Ok(Settled::Done(Some(secret))) => {
            let (title, what, term) = ("exchange-webhook-new", "exchange-webhook-shown", "exchange-webhook-secret");
            render(&SecretPage { crumbs: crumbs(&page), page, id, title, what, term, secret })
        }
        Ok(Settled::Done(None)) => Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=silent")).into_response()),
        Err(refusal) => {
            let typed = Typed { why: "", url: Some(form.get("url")) };
            exchange.show(page, id, Some(refusal), typed).await
        }
    }
}

/// Answers `POST /systems/{system}/deliveries/{delivery}/again`.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn again(
    State(exchange): State<Arc<Exchange>>,
    TwoInPath(id, message): TwoInPath<Uuid, Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.send_again(&page.visitor.actor, id, message, form.key(), page.now).await?;
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=again")).into_response())
}

/// Answers `POST /systems/{system}/now`. It tries a system to which nothing is sent for a while.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn now(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.try_now(&page.visitor.actor, id, page.now).await?;
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=now")).into_response())
}

/// Answers `POST /systems/{system}/close`.
///
/// # Errors
/// Answers 404 if the visitor does not look after the system.
pub async fn close(
    State(exchange): State<Arc<Exchange>>,
    InPath(id): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(identity::May::AccountManage)?;
    exchange.close(&page.visitor.actor, id, page.now).await?;
    Ok(Redirect::to(&format!("{SYSTEMS}/{id}?done=closed")).into_response())
}

/// What was typed into the forms of the page, when it is shown again.
#[derive(Default)]
pub(super) struct Typed<'a> {
    why: &'a str,
    url: Option<&'a str>,
}

impl Exchange {
    pub(super) async fn show(
        &self,
        page: Page,
        id: Uuid,
        refusal: Option<Refusal>,
        typed: Typed<'_>,
    ) -> Result<Response, WebError> {
        let limit = self.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
        let Sheet { system, tokens, calls, deliveries, lane } = self.sheet(&page.visitor.actor, id, limit).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let set = system.webhook_url.clone().unwrap_or_default();
        let drawn = SystemPage {
            crumbs: crumbs(&page),
            id,
            state: state(&system),
            open: system.closed_at.is_none(),
            place: self.place_name(&page, &system.place),
            department: self.department_name(&page, system.department.as_deref()),
            scopes: scopes(&page, &system),
            calls_per_minute: system.calls_per_minute,
            created: format!("{} · {}", page.minute(system.created_at), system.created_by),
            listens: !set.is_empty(),
            url: typed.url.map_or(set, str::to_owned),
            why: self.identity.rules().two_people.then(|| typed.why.to_owned()),
            tokens: tokens.iter().map(|token| token_line(&page, token)).collect(),
            calls: calls.iter().map(|count| call_line(&page, count)).collect(),
            deliveries: deliveries.iter().map(|delivery| self.delivery_line(&page, delivery)).collect(),
            failing: lane.map(|lane| failing(&page, &lane)).unwrap_or_default(),
            off: off(&page, &system),
            old_secret: old_secret(&page, &system),
            which: vec![
                Choice::new("missing", page.t("exchange-replay-missing"), "missing"),
                Choice::new(TAKEN_TOO, page.t("exchange-replay-all"), "missing"),
            ],
            done: done(&page),
            problems: refusal.iter().map(|refusal| page.problem(refusal)).collect(),
            name: system.name,
            page,
        };
        render_status(status, &drawn)
    }

    /// Shows a message with the state in the words that people read on the case.
    fn delivery_line(&self, page: &Page, delivery: &Delivery) -> DeliveryLine {
        let state = self.cases.any_state_title(&delivery.state, page.lang).unwrap_or(&delivery.state);
        DeliveryLine {
            id: delivery.id,
            at: page.minute(delivery.at),
            number: delivery.number.clone(),
            state: state.to_owned(),
            attempts: delivery.attempts,
            badge: delivery_badge(page, delivery),
            over: delivery.sent_at.is_some() || delivery.failed_at.is_some(),
        }
    }
}

/// Returns the sentence for what was just done, after a redirect. It is empty if there is nothing to say.
fn done(page: &Page) -> &'static str {
    match page.query.get("done") {
        "revoked" => "exchange-done-revoked",
        "silent" => "exchange-done-silent",
        "again" => "exchange-done-again",
        "now" => "exchange-done-now",
        "on" => "exchange-done-on",
        "replayed" => "exchange-done-replayed",
        "none" => "exchange-done-none",
        "closed" => "exchange-done-closed",
        _ => "",
    }
}

/// Says that nothing is sent to a system because it took no messages since a moment.
fn off(page: &Page, system: &System) -> String {
    let Reception { failing_since, switched_off_at, .. } = system.listening;
    let Some(at) = switched_off_at.filter(|_| is_off(system)) else { return String::new() };
    page.t2("exchange-off", "since", page.minute(failing_since.unwrap_or(at)), "at", page.minute(at))
}

/// Says until when the secret before the newest one signs too.
fn old_secret(page: &Page, system: &System) -> String {
    let until = system.listening.old_secret_until.filter(|until| *until > page.now);
    until.map(|until| page.t1("exchange-webhook-old", "until", page.minute(until))).unwrap_or_default()
}

/// Says that messages to the system fail, and until when none is sent.
fn failing(page: &Page, lane: &Destination) -> String {
    match lane.paused_until.filter(|until| *until > page.now) {
        Some(until) => page.t2("exchange-failing-paused", "failures", lane.failures, "until", page.minute(until)),
        None => page.t1("exchange-failing", "failures", lane.failures),
    }
}

fn moment(page: &Page, at: Option<Instant>) -> String {
    at.map(|at| page.minute(at)).unwrap_or_default()
}

fn token_line(page: &Page, token: &TokenFacts) -> TokenLine {
    let (class, key) = match (token.revoked_at, token.expires_at <= page.now) {
        (Some(_), _) => ("none", "exchange-token-revoked"),
        (None, true) => ("late", "exchange-token-expired"),
        (None, false) => ("ok", "exchange-token-holds"),
    };
    TokenLine {
        id: token.id,
        made: page.minute(token.created_at),
        expires: page.day(token.expires_at),
        used: moment(page, token.last_used_at),
        badge: (class, page.t(key)),
        holds: token.revoked_at.is_none(),
    }
}

fn call_line(page: &Page, count: &CallCount) -> CallLine {
    let badge = match count.class {
        2 => ("ok", page.t("exchange-class-done")),
        5 => ("late", page.t("exchange-class-failed")),
        _ => ("soon", page.t("exchange-class-refused")),
    };
    let turned_away = !count.route.contains('/');
    let route = if turned_away { page.t("exchange-calls-turned-away") } else { count.route.clone() };
    CallLine { day: page.day(count.day), route, badge, calls: count.calls }
}

fn delivery_badge(page: &Page, delivery: &Delivery) -> Badge {
    let why = |failure: &str| match failure {
        "timeout" => page.t("exchange-failure-timeout"),
        "host" => page.t("exchange-failure-host"),
        "connection" => page.t("exchange-failure-connection"),
        "gone" => page.t("exchange-failure-gone"),
        "address" => page.t("exchange-failure-address"),
        "silent" => page.t("exchange-failure-silent"),
        "request" => page.t("exchange-failure-request"),
        status => status.to_owned(),
    };
    let failure = delivery.failure.as_deref().map(why).unwrap_or_default();
    match (delivery.sent_at, delivery.failed_at) {
        (Some(at), _) => ("ok", page.t1("exchange-delivery-sent", "at", page.minute(at))),
        (None, Some(_)) => ("late", page.t1("exchange-delivery-failed", "why", failure)),
        (None, None) if !failure.is_empty() => ("soon", page.t1("exchange-delivery-retry", "why", failure)),
        (None, None) => ("soon", page.t("exchange-delivery-waiting")),
    }
}
