//! A resident opens and closes an account of her own.

use super::sign_in::{going_on, welcome};
use super::{refusal_in, secret};
use crate::gate::with_cookie;
use crate::{Attempt, Current, Device, Identity, IdentityError, NewResident, SignedIn, words};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::line::name_fault;
use kernel::refusal::{Code, Refusal};
use std::sync::Arc;
use web::{Choice, Form, Page, PostForm, Problem, WebError, local_path, render, render_refused};

#[derive(Template)]
#[template(path = "account_open.html")]
struct OpenPage {
    page: Page,
    form: Form,
    /// Where somebody who has an account signs in.
    have: String,
    consent: Vec<Choice>,
    length: u32,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "account_close.html")]
struct ClosePage {
    page: Page,
    problems: Vec<Problem>,
}

impl OpenPage {
    fn new(identity: &Identity, page: Page, form: Form, problems: Vec<Problem>) -> Self {
        let consent = vec![Choice::new("yes", page.t("identity-open-consent"), form.get("consent"))];
        let have = going_on(words::SIGN_IN, form.get("next"));
        Self { page, form, have, consent, length: identity.rules.password_shortest, problems }
    }
}

/// `GET /account/open`
pub async fn open_page(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    if page.visitor.signed_in() {
        return Ok(Redirect::to(local_path(page.query.get("next")).unwrap_or(words::ACCOUNT)).into_response());
    }
    let form = Form::default().with("next", page.query.get("next"));
    render(&OpenPage::new(&identity, page, form, Vec::new()))
}

/// `POST /account/open`
pub async fn open(
    State(identity): State<Arc<Identity>>,
    device: Device,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    let (login, password) = (form.get("telephone").to_owned(), secret(form.get("new")));
    match open_account(&identity, &device, &page, &form).await {
        Ok(()) => {
            let attempt = Attempt { login, password, device: device.clone(), replaces: None };
            match identity.sign_in(attempt).await? {
                SignedIn::Full(token) => {
                    let next = local_path(form.get("next")).unwrap_or(words::ACCOUNT);
                    welcome(&identity, &token, &device, next).await
                }
                SignedIn::CodeNeeded(_) => {
                    Ok(Redirect::to(&going_on(words::SIGN_IN, form.get("next"))).into_response())
                }
            }
        }
        Err(error) => {
            let refusal = refusal_in(error)?;
            let shown = vec![page.problem(&refusal)];
            render_refused(&refusal, &OpenPage::new(&identity, page, form.into_form(), shown))
        }
    }
}

async fn open_account(
    identity: &Arc<Identity>,
    device: &Device,
    page: &Page,
    form: &PostForm,
) -> Result<(), IdentityError> {
    let asked = |code, field: &str, key| Refusal::new(code).field(field).with("label", page.t(key));
    if form.get("name").is_empty() {
        return Err(asked(Code::FormMissing, "name", "identity-person-name").into());
    }
    if let Some(code) = name_fault(form.get("name")) {
        return Err(asked(code, "name", "identity-person-name").into());
    }
    if form.get("telephone").trim().is_empty() {
        return Err(asked(Code::FormMissing, "telephone", "identity-person-telephone").into());
    }
    if form.get("consent").is_empty() {
        return Err(asked(Code::FormConsent, "consent", "identity-open-consent-short").into());
    }
    let new = NewResident {
        name: secret(form.get("name")),
        telephone: secret(form.get("telephone")),
        password: secret(form.get("new")),
    };
    identity.open_resident(new, device).await.map(|_| ())
}

/// `GET /account/close`
pub async fn close_page(current: Current, page: Page) -> Result<Response, WebError> {
    if current.record().kind != words::KIND_RESIDENT {
        return Err(WebError::NotFound);
    }
    render(&ClosePage { page, problems: Vec::new() })
}

/// `POST /account/close`
pub async fn close(
    State(identity): State<Arc<Identity>>,
    current: Current,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    match identity.close_resident(&current, secret(form.get("password"))).await {
        Ok(()) => Ok(with_cookie(Redirect::to("/").into_response(), &identity, None)?),
        Err(error) => {
            let refusal = refusal_in(error)?;
            let problems = vec![page.problem(&refusal)];
            render_refused(&refusal, &ClosePage { page, problems })
        }
    }
}
