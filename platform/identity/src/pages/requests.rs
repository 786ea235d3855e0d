//! What was asked for and waits for a second person (待确认): the list, one request, and work on the master keys.

use super::once::{Once, key_of, shown_once, to_request};
use super::problems_of_asking;
use super::told::{Light, Line, light, line, said};
use crate::actions::{NewRequest, SeenRequest, WaitingRequests};
use crate::identity::Kind;
use crate::permissions::May;
use crate::records::Request;
use crate::refusals::Why;
use crate::rules::Outcome;
use crate::{Identity, IdentityError, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::permission::{Target, may};
use kernel::refusal::{Code, Refusal};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;
use web::{Choice, Crumb, InPath, Page, Pager, PostForm, Problem, WebError, render, render_status};

/// The most characters of the name of a master key.
const LONGEST_KEY: usize = 20;
/// What is refused because of the request itself. Everything else is refused because of the thing that is asked for.
const OF_REQUESTS: [Code; 5] = [
    Why::IdentityRequestOwn,
    Why::IdentityRequestAbout,
    Why::IdentityRequestOver,
    Why::IdentityRequestExpired,
    Why::IdentityAskerGone,
];

#[derive(Template)]
#[template(path = "requests.html")]
struct ListPage {
    page: Page,
    waiting: Vec<Line>,
    pager: Pager,
    own: Vec<Line>,
    /// Whether nobody else is there who could confirm.
    alone: bool,
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
    /// The key of what happens when it is confirmed. It is empty once nothing waits.
    effect: &'static str,
    light: Light,
    facts: Vec<(String, String)>,
    asked: String,
    /// The key and the date until when it waits, or until when the command is good. The date is empty afterwards.
    until: (&'static str, String),
    why: String,
    decided: String,
    answer: String,
    /// What was typed as the reason to decline it.
    typed: String,
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
    let asked = match read_work(&page, &form) {
        Ok(detail) => {
            let new = NewRequest {
                id: key_of(&page, &form),
                kind: words::ASK_KEYS,
                place: identity.settings.home.clone(),
                department: None,
                subject: None,
                detail,
                why: form.get("why").to_owned(),
            };
            identity.ask(&page.visitor.actor, new).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    match asked {
        Ok(asked) => Ok(to_request(asked.id)),
        Err(error) => {
            let shown = problems_of_asking(error, &page)?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &listing(&identity, page, shown).await?)
        }
    }
}

/// The work that the form means. Whoever retires a key names it.
fn read_work(page: &Page, form: &PostForm) -> Result<Value, Refusal> {
    let refused = |code, field: &str, key| Refusal::new(code).field(field).with("label", page.t(key));
    let work = words::KEY_WORK.into_iter().find(|work| *work == form.get("work"));
    let work = work.ok_or_else(|| refused(Code::FormChoice, "work", "identity-keys-work"))?;
    if work != words::RETIRE {
        return Ok(json!({ "work": work }));
    }
    let named = form.get("key");
    if named.is_empty() {
        return Err(refused(Code::FormMissing, "key", "identity-keys-key"));
    }
    if named.len() > LONGEST_KEY || !named.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return Err(refused(Code::FormInvalid, "key", "identity-keys-key"));
    }
    Ok(json!({ "work": work, "key": named }))
}

/// `GET /confirmations/{request}`
pub async fn one(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    render(&assemble(&identity, request, page, Again::default()).await?)
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
            Some(handed) => {
                let once = Once { crumbs: crumbs(&page), id: request, handed, waits: "" };
                shown_once(&identity, page, once).await
            }
            None => Ok(ended(request, "confirmed")),
        },
        Err(error) => {
            let problems = problems_of_confirming(error, &page)?;
            refused(&identity, request, page, Again { problems, typed: String::new() }).await
        }
    }
}

/// `POST /confirmations/{request}/decline`
pub async fn decline(
    State(identity): State<Arc<Identity>>,
    InPath(request): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.decline(&page.visitor.actor, request, form.get("answer")).await {
        Ok(()) => Ok(ended(request, "declined")),
        Err(error) => {
            let problems = problems_of_asking(error, &page)?;
            refused(&identity, request, page, Again { problems, typed: form.get("answer").to_owned() }).await
        }
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
        Err(error) => {
            let problems = problems_of_asking(error, &page)?;
            refused(&identity, request, page, Again { problems, typed: String::new() }).await
        }
    }
}

fn ended(request: Uuid, how: &str) -> Response {
    Redirect::to(&format!("{}/{request}?done={how}", words::CONFIRMATIONS)).into_response()
}

/// A request that is shown again: what was wrong, and what was typed as the reason to decline it.
#[derive(Default)]
struct Again {
    problems: Vec<Problem>,
    typed: String,
}

/// Shows a request again with why it was not decided.
async fn refused(identity: &Arc<Identity>, request: Uuid, page: Page, again: Again) -> Result<Response, WebError> {
    let shown = assemble(identity, request, page, again).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Says why a request was not confirmed. Where the thing itself can no longer be done, whoever confirms cannot mend the
/// form: she declines it, and it is asked for anew.
fn problems_of_confirming(error: IdentityError, page: &Page) -> Result<Vec<Problem>, WebError> {
    let of_request = match &error {
        IdentityError::Refused(refusal) => OF_REQUESTS.contains(&refusal.code),
        _ => true,
    };
    let mut shown = problems_of_asking(error, page)?;
    for problem in shown.iter_mut().filter(|_| !of_request) {
        problem.field.clear();
        problem.remedy = page.t("identity-request-conflict");
    }
    Ok(shown)
}

/// Returns the way back to the list.
fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb { text: page.t("identity-nav-confirmations"), href: words::CONFIRMATIONS.to_owned() }]
}

async fn listing(identity: &Arc<Identity>, page: Page, problems: Vec<Problem>) -> Result<ListPage, WebError> {
    let after = page.query.get("after").parse().ok();
    let WaitingRequests { waiting, own, more_after, holders } = identity.requests(&page.visitor.actor, after).await?;
    let more = more_after.map(|last| format!("{}?after={last}", words::CONFIRMATIONS));
    let home = Target { place: identity.settings.home.clone(), department: None };
    let keyed = may(&page.visitor.actor, May::AccountManage, &home).is_ok();
    let work = |work: &&'static str| Choice::new(*work, page.t(work_key(work)), "");
    let keys = if keyed { words::KEY_WORK.iter().map(work).collect() } else { Vec::new() };
    Ok(ListPage {
        waiting: waiting.iter().map(|told| line(identity, &page, told)).collect(),
        pager: Pager { before: after.map(|_| words::CONFIRMATIONS.to_owned()), after: more },
        own: own.iter().map(|told| line(identity, &page, told)).collect(),
        alone: holders <= usize::from(keyed),
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

async fn assemble(identity: &Arc<Identity>, id: Uuid, page: Page, again: Again) -> Result<OnePage, WebError> {
    let SeenRequest { request, kind, facts, decides, withdraws } =
        identity.seen_request(&page.visitor.actor, id).await?;
    let by = |name: &str, at: String| format!("{name} · {at}");
    let decided = match (&request.decided_name, request.decided_at) {
        (Some(name), Some(at)) => by(name, page.minute(at)),
        _ => String::new(),
    };
    let waits = request.outcome.is_none() && page.now < request.expires_at;
    let command = command(&page, &request);
    Ok(OnePage {
        crumbs: crumbs(&page),
        id,
        title: page.t(kind.title()),
        effect: if waits { kind.effect() } else { "" },
        light: light(&page, &request),
        facts: facts.iter().map(|fact| (page.t(fact.key), said(&page, fact))).collect(),
        asked: by(&request.asked_name, page.minute(request.asked_at)),
        until: until(&page, &request),
        why: request.why.clone(),
        decided,
        answer: request.answer.clone().unwrap_or_default(),
        typed: again.typed,
        done: done(&page, kind.as_ref()),
        command,
        decides,
        withdraws,
        problems: again.problems,
        page,
    })
}

/// Returns the command that a confirmed request is for, while it is good.
fn command(page: &Page, request: &Request) -> String {
    let asked: Value = serde_json::from_str(&request.detail).unwrap_or_default();
    let says = |name: &str| asked.get(name).and_then(Value::as_str);
    let confirmed = request.outcome.as_deref() == Some(Outcome::Confirmed.code()) && page.now < request.expires_at;
    let Some(work) = says("work").filter(|_| confirmed) else { return String::new() };
    let named = says("key").map(|key| format!(" {key}")).unwrap_or_default();
    format!("lianglin key {work}{named} --confirmed {}", request.id)
}

/// Says until when a request waits, or until when the command is good that it is for. Otherwise the date is empty.
fn until(page: &Page, request: &Request) -> (&'static str, String) {
    match request.outcome.as_deref().and_then(Outcome::parse) {
        None => ("identity-request-until", page.minute(request.expires_at)),
        Some(Outcome::Confirmed) if request.kind == words::ASK_KEYS => {
            ("identity-request-good-until", page.minute(request.expires_at))
        }
        Some(_) => ("identity-request-until", String::new()),
    }
}

/// Returns the sentence for what was just done, after a redirect. It is empty when there is nothing to say.
fn done(page: &Page, kind: &dyn Kind) -> &'static str {
    match page.query.get("done") {
        "asked" => "identity-done-asked",
        "confirmed" if kind.code() == words::ASK_KEYS => "identity-done-confirmed-keys",
        "confirmed" => "identity-done-confirmed",
        "declined" => "identity-done-declined",
        "withdrawn" => "identity-done-withdrawn",
        _ => "",
    }
}
