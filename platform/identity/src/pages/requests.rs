//! What was asked for and waits for a second person (待确认): the list, one request, and work on the master keys.

use super::once::{OncePage, key_of, to_request};
use super::problems_of_asking;
use crate::actions::{Fact, Handed, NewRequest, Said, SeenRequest, WaitingRequests};
use crate::permissions::May;
use crate::records::Request;
use crate::rules::Outcome;
use crate::{Identity, IdentityError, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::permission::{Target, may};
use kernel::refusal::{Code, Refusal};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, PostForm, Problem, WebError, render, render_status};

/// The class and the key of a light.
type Light = (&'static str, &'static str);

/// A request as one line of a list.
struct Line {
    id: Uuid,
    title: String,
    place: String,
    asked: String,
    name: String,
    until: String,
    light: Light,
}

#[derive(Template)]
#[template(path = "requests.html")]
struct ListPage {
    page: Page,
    waiting: Vec<Line>,
    own: Vec<Line>,
    /// The work on master keys that may be asked for. It is empty for whoever may not.
    keys: Vec<Choice>,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "request.html")]
struct OnePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    title: String,
    effect: &'static str,
    light: Light,
    facts: Vec<(String, String)>,
    asked: String,
    until: String,
    why: String,
    decided: String,
    /// The command that a confirmed request is for. It is empty where there is none.
    command: String,
    decides: bool,
    withdraws: bool,
    done: &'static str,
    problems: Vec<Problem>,
}

/// `GET /confirmations`
pub async fn list(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    render(&listing(&identity, page, Vec::new()).await?)
}

/// `POST /confirmations/keys`: asks for work on the master keys.
pub async fn ask_keys(State(identity): State<Arc<Identity>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let asked = match words::KEY_WORK.into_iter().find(|work| *work == form.get("work")) {
        Some(work) => {
            let new = NewRequest {
                id: key_of(&form),
                kind: words::ASK_KEYS,
                place: identity.settings.home.clone(),
                department: None,
                subject: None,
                detail: json!({ "work": work }),
                why: form.get("why").to_owned(),
            };
            identity.ask(&page.visitor.actor, new).await
        }
        None => Err(Refusal::new(Code::FormChoice).field("work").with("label", page.t("identity-keys-work")).into()),
    };
    match asked {
        Ok(asked) => Ok(to_request(asked.id)),
        Err(error) => {
            let shown = problems_of_asking(error, &page)?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &listing(&identity, page, shown).await?)
        }
    }
}

/// `GET /confirmations/{request}`
pub async fn one(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    render(&assemble(&identity, request, page, Vec::new()).await?)
}

/// `POST /confirmations/{request}/confirm`
pub async fn confirm(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.confirm(&page.visitor.actor, request).await {
        Ok(confirmed) => match confirmed.handed {
            Some(Handed { what, term, secret }) => {
                let crumbs = crumbs(&page);
                render(&OncePage { page, crumbs, id: request, what, term, secret: secret.to_string() })
            }
            None => Ok(ended(request, "confirmed")),
        },
        Err(error) => refused(&identity, request, page, error).await,
    }
}

/// `POST /confirmations/{request}/decline`
pub async fn decline(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.decline(&page.visitor.actor, request).await {
        Ok(()) => Ok(ended(request, "declined")),
        Err(error) => refused(&identity, request, page, error).await,
    }
}

/// `POST /confirmations/{request}/withdraw`
pub async fn withdraw(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.withdraw(&page.visitor.actor, request).await {
        Ok(()) => Ok(ended(request, "withdrawn")),
        Err(error) => refused(&identity, request, page, error).await,
    }
}

fn ended(request: Uuid, how: &str) -> Response {
    Redirect::to(&format!("{}/{request}?done={how}", words::CONFIRMATIONS)).into_response()
}

/// Shows a request again with why it was not decided.
async fn refused(
    identity: &Arc<Identity>,
    request: Uuid,
    page: Page,
    error: IdentityError,
) -> Result<Response, WebError> {
    let shown = problems_of_asking(error, &page)?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &assemble(identity, request, page, shown).await?)
}

fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb { text: page.t("identity-nav-confirmations"), href: words::CONFIRMATIONS.to_owned() }]
}

async fn listing(identity: &Arc<Identity>, page: Page, problems: Vec<Problem>) -> Result<ListPage, WebError> {
    let WaitingRequests { waiting, own } = identity.requests(&page.visitor.actor).await?;
    let home = Target { place: identity.settings.home.clone(), department: None };
    let keyed = may(&page.visitor.actor, May::AccountManage, &home).is_ok();
    let work = |work: &&'static str| Choice::new(*work, page.t(work_key(work)), "");
    let keys = if keyed { words::KEY_WORK.iter().map(work).collect() } else { Vec::new() };
    Ok(ListPage {
        waiting: waiting.iter().map(|request| line(identity, &page, request)).collect(),
        own: own.iter().map(|request| line(identity, &page, request)).collect(),
        keys,
        problems,
        page,
    })
}

fn work_key(work: &str) -> &'static str {
    match work {
        "new" => "identity-keys-new",
        "retire" => "identity-keys-retire",
        _ => "identity-keys-rotate",
    }
}

fn line(identity: &Identity, page: &Page, request: &Request) -> Line {
    Line {
        id: request.id,
        title: identity.kind(&request.kind).map(|kind| page.t(kind.title())).unwrap_or_default(),
        place: page.of(&identity.place_name(&request.place)).to_owned(),
        asked: page.minute(request.asked_at),
        name: request.asked_name.clone(),
        until: page.minute(request.expires_at),
        light: light(page, request),
    }
}

/// Says how a request stands.
pub fn light(page: &Page, request: &Request) -> Light {
    match request.outcome.as_deref().and_then(Outcome::parse) {
        Some(Outcome::Confirmed) => ("ok", "identity-request-confirmed"),
        Some(Outcome::Declined) => ("late", "identity-request-declined"),
        Some(Outcome::Withdrawn) => ("none", "identity-request-withdrawn"),
        None if page.now < request.expires_at => ("soon", "identity-request-waits"),
        None => ("none", "identity-request-expired"),
    }
}

async fn assemble(identity: &Arc<Identity>, id: Uuid, page: Page, problems: Vec<Problem>) -> Result<OnePage, WebError> {
    let SeenRequest { request, kind, facts, decides, withdraws } =
        identity.seen_request(&page.visitor.actor, id).await?;
    let by = |name: &str, at: String| format!("{name} · {at}");
    let decided = match (&request.decided_name, request.decided_at) {
        (Some(name), Some(at)) => by(name, page.minute(at)),
        _ => String::new(),
    };
    let asked: serde_json::Value = serde_json::from_str(&request.detail).unwrap_or_default();
    let confirmed = request.outcome.as_deref() == Some(Outcome::Confirmed.code()) && page.now < request.expires_at;
    let work = asked.get("work").and_then(serde_json::Value::as_str).filter(|_| confirmed);
    Ok(OnePage {
        crumbs: crumbs(&page),
        id,
        title: page.t(kind.title()),
        effect: kind.effect(),
        light: light(&page, &request),
        facts: facts.iter().map(|fact| (page.t(fact.key), said(&page, fact))).collect(),
        asked: by(&request.asked_name, page.minute(request.asked_at)),
        until: page.minute(request.expires_at),
        why: request.why.clone(),
        decided,
        command: work.map(|work| format!("lianglin key {work} --confirmed {id}")).unwrap_or_default(),
        decides,
        withdraws,
        done: done(&page),
        problems,
        page,
    })
}

fn said(page: &Page, fact: &Fact) -> String {
    match &fact.said {
        Said::Text(text) => text.clone(),
        Said::Both(name) => page.of(name).to_owned(),
        Said::Keys(keys) => {
            let words: Vec<String> = keys.iter().map(|key| page.t(key)).collect();
            words.join(page.lang.pick("、", ", "))
        }
    }
}

/// Returns the sentence for what was just done, after a redirect. It is empty when there is nothing to say.
fn done(page: &Page) -> &'static str {
    match page.query.get("done") {
        "asked" => "identity-done-asked",
        "confirmed" => "identity-done-confirmed",
        "declined" => "identity-done-declined",
        "withdrawn" => "identity-done-withdrawn",
        _ => "",
    }
}
