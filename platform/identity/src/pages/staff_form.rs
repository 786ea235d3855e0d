//! The forms that open an account and give a post.

use super::once::{key_of, to_request};
use super::post_fields::{PostFields, candidates};
use super::problems_of_asking;
use super::staff::{PasswordPage, crumbs, first_half, refused};
use crate::actions::Settled;
use crate::permissions::May;
use crate::rules::Post;
use crate::{Identity, IdentityError, NewColleague, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::line::{line_fault, name, name_fault};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use std::sync::Arc;
use uuid::Uuid;
use web::{Crumb, Form, InPath, Page, Problem, WebError, render, render_status};
use zeroize::Zeroizing;

#[derive(Template)]
#[template(path = "staff_open.html")]
struct OpenPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: Form,
    fields: PostFields,
    problems: Vec<Problem>,
}

/// `GET /staff/open`
pub async fn open_page(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let fields = PostFields::empty(&identity, &page);
    render(&OpenPage { crumbs: crumbs(&page), page, form: Form::default(), fields, problems: Vec::new() })
}

/// `POST /staff/open`
pub async fn open(
    State(identity): State<Arc<Identity>>,
    page: Page,
    form: web::PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match open_account(&identity, &page, &form).await {
        Ok((login, Settled::Done((id, password)))) => {
            let crumbs = crumbs(&page);
            render(&PasswordPage { page, crumbs, id, login, password: password.to_string() })
        }
        Ok((_, Settled::Asked(asked))) => first_half(page, asked),
        Err(error) => {
            let problems = problems_of_asking(error, &page)?;
            let fields = PostFields::typed(&identity, &page, &form);
            let again = OpenPage { crumbs: crumbs(&page), page, form: form.into_form(), fields, problems };
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// `POST /staff/{account}/posts`
pub async fn give(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: web::PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let given = match read_post(&identity, &page, &form) {
        Ok(post) => identity.add_post(&page.visitor.actor, account, post, form.get("why").to_owned()).await,
        Err(refusal) => Err(refusal.into()),
    };
    match given {
        Ok(Settled::Done(())) => Ok(Redirect::to(&format!("{}/{account}?done=given", words::STAFF)).into_response()),
        Ok(Settled::Asked(asked)) => Ok(to_request(asked.id)),
        Err(error) => {
            let problems = problems_of_asking(error, &page)?;
            let fields = PostFields::typed(&identity, &page, &form);
            refused(&identity, account, page, fields, problems).await
        }
    }
}

async fn open_account(
    identity: &Arc<Identity>,
    page: &Page,
    form: &web::PostForm,
) -> Result<(String, Settled<(Uuid, Zeroizing<String>)>), IdentityError> {
    for (field, key) in [("login", "identity-login"), ("name", "identity-name")] {
        if form.get(field).is_empty() {
            return Err(Refusal::new(Code::FormMissing).field(field).with("label", page.t(key)).into());
        }
        let fault = if field == "name" { name_fault(form.get(field)) } else { line_fault(form.get(field)) };
        if let Some(code) = fault {
            return Err(Refusal::new(code).field(field).with("label", page.t(key)).into());
        }
    }
    let post = read_post(identity, page, form)?;
    let login = form.get("login").to_lowercase();
    let (name, why) = (name(form.get("name")), form.get("why").to_owned());
    let new = NewColleague { login: login.clone(), name, post, why };
    Ok((login, identity.open_colleague(&page.visitor.actor, new).await?))
}

/// The post that the form means; its id is the form's own key, so that a form sent twice gives one post.
fn read_post(identity: &Identity, page: &Page, form: &web::PostForm) -> Result<Post, Refusal> {
    let date = |field: &str, key: &str| {
        let refusal = || Refusal::new(Code::FormDate).field(field).with("label", page.t(key));
        form.get(field).parse::<Date>().map_err(|_| refusal())
    };
    let found = candidates(identity, page, form.get("place"));
    let chosen = found.iter().find(|place| found.len() == 1 || place.as_str() == form.get("place_choice"));
    let place = chosen.cloned().ok_or_else(|| match found.len() {
        0 => Refusal::new(Code::PlaceUnknown).field("place"),
        _ => Refusal::new(Code::FormChoice).field("place_choice").with("label", page.t("identity-place")),
    })?;
    Ok(Post {
        id: key_of(form),
        role: form.get("role").to_owned(),
        place,
        department: form.opt("department").map(str::to_owned),
        from: date("from", "identity-post-from")?,
        to: form.opt("to").map(|_| date("to", "identity-post-to")).transpose()?,
    })
}
