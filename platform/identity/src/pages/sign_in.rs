//! People sign in with login and password, then with a code where it is on, and sign out.

use super::account::{code_removed, removes_code};
use super::{refusal_in, secret};
use crate::gate::{Sent, with_cookie};
use crate::{Attempt, Device, Identity, SignedIn, Token, words};
use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use web::{Form, Page, PostForm, Problem, WebError, local_path, render, render_refused};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Page,
    login: String,
    next: String,
    /// Where somebody opens an account and comes back from.
    open: String,
    failures: u32,
    seconds: u32,
    /// Whether this is a demonstration, which asks for less.
    demonstration: bool,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage {
    page: Page,
    next: String,
    /// Where she begins anew.
    restart: String,
    problems: Vec<Problem>,
}

impl SignInPage {
    fn new(identity: &Identity, page: Page, login: &str, next: &str, problems: Vec<Problem>) -> Self {
        let rules = identity.rules();
        let (failures, seconds) = (rules.lockout_failures, rules.longest_wait_seconds);
        let demonstration = identity.settings.demonstration;
        let (open, next) = (going_on(words::OPEN_ACCOUNT, next), next.to_owned());
        Self { page, login: login.to_owned(), next, open, failures, seconds, demonstration, problems }
    }
}

impl CodePage {
    fn new(page: Page, next: &str, problems: Vec<Problem>) -> Self {
        Self { page, next: next.to_owned(), restart: going_on(words::SIGN_IN, next), problems }
    }
}

/// The address of a page from which somebody goes on to where she was before; its own if that is not known.
pub fn going_on(path: &str, next: &str) -> String {
    match local_path(next) {
        Some(next) => format!("{path}{}", Form::default().with("next", next).address_with(&[])),
        None => path.to_owned(),
    }
}

/// `GET /sign-in`
pub async fn show(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    let next = page.query.get("next").to_owned();
    if page.visitor.signed_in() {
        return Ok(Redirect::to(local_path(&next).unwrap_or(words::ACCOUNT)).into_response());
    }
    render(&SignInPage::new(&identity, page, "", &next, Vec::new()))
}

/// `POST /sign-in`
pub async fn enter(
    State(identity): State<Arc<Identity>>,
    device: Device,
    Sent(replaces): Sent,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    let (login, next) = (form.get("login").to_owned(), form.get("next"));
    let password = secret(form.get("password"));
    match identity.sign_in(Attempt { login: login.clone(), password, device: device.clone(), replaces }).await {
        Ok(SignedIn::Full(token)) => welcome(&identity, &token, &device, next).await,
        Ok(SignedIn::CodeNeeded(token)) => {
            let to = going_on(words::SIGN_IN_CODE, next);
            let seconds = i64::from(identity.rules.code_minutes) * 60;
            Ok(with_cookie(Redirect::to(&to).into_response(), &identity, Some((&token, seconds)))?)
        }
        Err(error) => {
            let refusal = refusal_in(error)?;
            let problems = vec![page.problem(&refusal)];
            render_refused(&refusal, &SignInPage::new(&identity, page, &login, next, problems))
        }
    }
}

/// `GET /sign-in/code`
pub async fn code_page(Sent(token): Sent, page: Page) -> Result<Response, WebError> {
    if token.is_none() || page.visitor.signed_in() {
        return Ok(Redirect::to(words::SIGN_IN).into_response());
    }
    let next = page.query.get("next").to_owned();
    render(&CodePage::new(page, &next, Vec::new()))
}

/// `POST /sign-in/code`
pub async fn enter_code(
    State(identity): State<Arc<Identity>>,
    device: Device,
    Sent(token): Sent,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    let Some(waiting) = token else { return Ok(Redirect::to(words::SIGN_IN).into_response()) };
    match identity.enter_code(&waiting, secret(form.get("code")), &device).await {
        Ok(token) => welcome(&identity, &token, &device, form.get("next")).await,
        Err(error) => {
            let refusal = refusal_in(error)?;
            let problems = vec![page.problem(&refusal)];
            render_refused(&refusal, &CodePage::new(page, form.get("next"), problems))
        }
    }
}

/// `POST /sign-out`: ends the session, and takes every pass out of the browser.
pub async fn leave(
    State(identity): State<Arc<Identity>>,
    Sent(token): Sent,
    page: Page,
    _form: PostForm,
) -> Result<Response, WebError> {
    if let Some(token) = token {
        identity.sign_out(&token).await?;
    }
    let mut answer = with_cookie(Redirect::to("/").into_response(), &identity, None)?;
    let ended = page.passes().into_iter().map(|name| format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    for cookie in ended.filter_map(|cookie| HeaderValue::try_from(cookie).ok()) {
        answer.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// Sends somebody who just signed in to the next page. The account page comes first when something must be changed
/// there, when somebody asks that her one-time code be removed, and when two others removed it, until she has turned it
/// on again. The page that sets the code up comes first when one of her posts asks for it and she has none. From now on
/// the device is known.
pub async fn welcome(
    identity: &Arc<Identity>,
    token: &Token,
    device: &Device,
    next: &str,
) -> Result<Response, WebError> {
    let current = identity.current(token).await?.ok_or(WebError::SignIn)?;
    let record = current.record();
    let home = if record.kind == words::KIND_STAFF { &identity.settings.staff_home } else { "/" };
    let told = identity.told(record.id).await?;
    let asked = told.iter().any(|told| removes_code(told, identity.now()));
    let removed = !record.code_on && told.iter().any(code_removed);
    let to = if record.must_change || asked || removed {
        words::ACCOUNT
    } else if identity.wants_code(&current) {
        words::ACCOUNT_CODE
    } else {
        local_path(next).unwrap_or(home)
    };
    let seconds = i64::from(identity.rules.session_hours) * 3600;
    let known = identity.known_cookie(current.account(), device).map(|cookie| (SET_COOKIE, cookie));
    let answer = (AppendHeaders(known), Redirect::to(to)).into_response();
    Ok(with_cookie(answer, identity, Some((token, seconds)))?)
}
