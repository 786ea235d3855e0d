//! The page of the own account: who I am, my posts, password, one-time code, my devices, and what is kept of me.

use super::told::{headline, light};
use super::{PostLine, done, refusal_in, secret};
use crate::actions::{CodeSetup, ToldRequest};
use crate::records::Session;
use crate::rules::Outcome;
use crate::{Current, Identity, IdentityError, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::time::Instant;
use std::sync::Arc;
use uuid::Uuid;
use vault::Logged;
use web::{InPath, Page, Pager, PostForm, Problem, WebError, render, render_refused, render_status};

/// The looks at her data on one page.
const LOOKS: i64 = 50;

/// Something that others asked for about this account, as one line.
struct ToldLine {
    title: String,
    asked: String,
    decided: String,
    light: (&'static str, &'static str),
}

impl ToldLine {
    fn of(page: &Page, told: &ToldRequest) -> Self {
        let request = &told.request;
        let by = |name: &str, at: Instant| format!("{name} · {}", page.minute(at));
        let decided = request.decided_name.as_deref().zip(request.decided_at);
        Self {
            title: headline(page, told),
            asked: by(&request.asked_name, request.asked_at),
            decided: decided.map(|(name, at)| by(name, at)).unwrap_or_default(),
            light: light(page, request),
        }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Page,
    staff: bool,
    name: String,
    login: String,
    code_on: bool,
    /// Whether the password must be changed before anything else. Its form then comes first.
    must_change: bool,
    notices: Vec<&'static str>,
    posts: Vec<PostLine>,
    /// What others asked for about this account.
    told: Vec<ToldLine>,
    known: Vec<(String, String)>,
    looks: Vec<Logged>,
    /// Where older looks stand.
    older: Pager,
    devices: Vec<Session>,
    here: Uuid,
    length: u32,
    done: &'static str,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "account_code.html")]
struct CodePage {
    page: Page,
    setup: Option<CodeSetup>,
    /// Whether a post of hers asks for the code.
    wanted: bool,
    problems: Vec<Problem>,
}

/// `GET /account`
pub async fn show(State(identity): State<Arc<Identity>>, current: Current, page: Page) -> Result<Response, WebError> {
    render(&assemble(&identity, &current, page, Vec::new()).await?)
}

/// `POST /account/password`
pub async fn change_password(
    State(identity): State<Arc<Identity>>,
    current: Current,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    let changed = if form.get("new") == form.get("again") {
        identity.change_own_password(&current, secret(form.get("password")), secret(form.get("new"))).await
    } else {
        let text = page.t("identity-problem-again");
        let shown = vec![Problem { field: "again".to_owned(), text, remedy: String::new() }];
        return refused(&identity, &current, page, shown).await;
    };
    match changed {
        Ok(()) if identity.wants_code(&current) => Ok(Redirect::to(words::ACCOUNT_CODE).into_response()),
        Ok(()) => Ok(Redirect::to("/account?done=password").into_response()),
        Err(error) => {
            let refusal = refusal_in(error)?;
            let shown = vec![page.problem(&refusal)];
            Ok(web::too_often(&refusal, refused(&identity, &current, page, shown).await?))
        }
    }
}

/// `POST /account/devices/{session}/end`
pub async fn end_device(
    State(identity): State<Arc<Identity>>,
    current: Current,
    InPath(session): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    identity.revoke(&current, session).await?;
    Ok(Redirect::to("/account?done=device").into_response())
}

/// `GET /account/code`
pub async fn code_page(
    State(identity): State<Arc<Identity>>,
    current: Current,
    page: Page,
) -> Result<Response, WebError> {
    render(&code_form(&identity, &current, page, Vec::new()).await?)
}

/// `POST /account/code`
pub async fn turn_code_on(
    State(identity): State<Arc<Identity>>,
    current: Current,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    staff_alone(&current)?;
    let done = identity.confirm_code(&current, secret(form.get("code"))).await;
    code_answer(&identity, &current, page, done).await
}

/// `POST /account/code/off`
pub async fn turn_code_off(
    State(identity): State<Arc<Identity>>,
    current: Current,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    staff_alone(&current)?;
    let done = identity.turn_code_off(&current, secret(form.get("password")), secret(form.get("code"))).await;
    code_answer(&identity, &current, page, done).await
}

async fn code_answer(
    identity: &Arc<Identity>,
    current: &Current,
    page: Page,
    done: Result<(), IdentityError>,
) -> Result<Response, WebError> {
    match done {
        Ok(()) => Ok(Redirect::to("/account?done=code").into_response()),
        Err(error) => {
            let refusal = refusal_in(error)?;
            let shown = vec![page.problem(&refusal)];
            render_refused(&refusal, &code_form(identity, current, page, shown).await?)
        }
    }
}

async fn code_form(
    identity: &Arc<Identity>,
    current: &Current,
    page: Page,
    problems: Vec<Problem>,
) -> Result<CodePage, WebError> {
    staff_alone(current)?;
    let setup = if current.record().code_on { None } else { Some(identity.offer_code(current).await?) };
    Ok(CodePage { page, setup, wanted: identity.wants_code(current), problems })
}

async fn refused(
    identity: &Arc<Identity>,
    current: &Current,
    page: Page,
    problems: Vec<Problem>,
) -> Result<Response, WebError> {
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &assemble(identity, current, page, problems).await?)
}

async fn assemble(
    identity: &Arc<Identity>,
    current: &Current,
    page: Page,
    problems: Vec<Problem>,
) -> Result<AccountPage, WebError> {
    let (record, posts) = (current.record(), &current.snapshot.posts);
    let before = page.query.get("looks").parse::<Uuid>().ok();
    // One more than is shown tells whether the list goes on.
    let (masked, mut looks) = identity.own_data(current, before, LOOKS + 1).await?;
    let most = usize::try_from(LOOKS).unwrap_or(usize::MAX);
    let goes_on = looks.len() > most;
    looks.truncate(most);
    let after = looks.last().filter(|_| goes_on).map(|last| format!("/account?looks={}#looks", last.id));
    let label = |field: vault::PersonField| page.t(&format!("identity-person-{}", field.code().replace('_', "-")));
    let told = identity.told(record.id).await?;
    let notices = [
        (record.must_change, "identity-must-change"),
        (identity.wants_code(current), "identity-code-wanted"),
        (told.iter().any(|told| removes_code(told, page.now)), "identity-code-remove-asked"),
        (!record.code_on && told.iter().any(code_removed), "identity-code-removed"),
    ];
    let notices = notices.into_iter().filter_map(|(shown, key)| shown.then_some(key)).collect();
    Ok(AccountPage {
        staff: record.kind == words::KIND_STAFF,
        name: record.name.clone(),
        login: record.login.clone().unwrap_or_default(),
        code_on: record.code_on,
        must_change: record.must_change,
        notices,
        posts: posts.iter().map(|post| PostLine::of(identity, &page, post)).collect(),
        told: told.iter().map(|told| ToldLine::of(&page, told)).collect(),
        known: masked.into_iter().map(|(field, value)| (label(field), value)).collect(),
        looks,
        older: Pager { before: None, after },
        devices: identity.devices(record.id).await?,
        here: current.session(),
        length: identity.rules.password_shortest,
        done: done(&page),
        problems,
        page,
    })
}

/// Says whether somebody asks that the one-time code of this account be removed.
pub fn removes_code(told: &ToldRequest, now: Instant) -> bool {
    let request = &told.request;
    request.kind == words::ASK_CODE && request.outcome.is_none() && now < request.expires_at
}

/// Says whether two others removed the one-time code of this account.
pub fn code_removed(told: &ToldRequest) -> bool {
    told.request.kind == words::ASK_CODE && told.request.outcome.as_deref() == Some(Outcome::Confirmed.code())
}

fn staff_alone(current: &Current) -> Result<(), WebError> {
    if current.record().kind == words::KIND_STAFF { Ok(()) } else { Err(WebError::NotFound) }
}
