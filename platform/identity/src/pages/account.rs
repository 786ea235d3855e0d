//! The page of the own account: who I am, my posts, password, one-time code, my devices, and what is kept of me.

use super::{PostLine, done, problems, secret};
use crate::actions::CodeSetup;
use crate::records::Session;
use crate::{Current, Identity, IdentityError, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use uuid::Uuid;
use vault::Logged;
use web::{InPath, Page, Pager, PostForm, Problem, WebError, render, render_status};

/// The looks at her data on one page.
const LOOKS: i64 = 50;

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    page: Page,
    staff: bool,
    name: String,
    login: String,
    code_on: bool,
    notices: Vec<&'static str>,
    posts: Vec<PostLine>,
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
        Ok(()) => Ok(Redirect::to("/account?done=password").into_response()),
        Err(error) => {
            let shown = problems(error, page.lang)?;
            refused(&identity, &current, page, shown).await
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
            let shown = problems(error, page.lang)?;
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &code_form(identity, current, page, shown).await?)
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
    Ok(CodePage { page, setup, problems })
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
    let wanted = |code: &str| identity.roles.get(code).is_some_and(|role| role.code_required);
    let today = page.today();
    let code_wanted = !record.code_on && posts.iter().any(|post| post.held(today) && wanted(&post.role));
    let notices = [(record.must_change, "identity-must-change"), (code_wanted, "identity-code-wanted")];
    let notices = notices.into_iter().filter_map(|(shown, key)| shown.then_some(key)).collect();
    Ok(AccountPage {
        staff: record.kind == words::KIND_STAFF,
        name: record.name.clone(),
        login: record.login.clone().unwrap_or_default(),
        code_on: record.code_on,
        notices,
        posts: posts.iter().map(|post| PostLine::of(identity, &page, post)).collect(),
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

fn staff_alone(current: &Current) -> Result<(), WebError> {
    if current.record().kind == words::KIND_STAFF { Ok(()) } else { Err(WebError::NotFound) }
}
