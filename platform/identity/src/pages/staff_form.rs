//! The forms that open an account and give a post.

use super::once::{key_of, to_request};
use super::post_fields::{PostFields, candidates};
use super::staff::{Again, PasswordPage, Typed, crumbs, first_half, refused};
use super::{named, problems_of_asking};
use crate::actions::Settled;
use crate::permissions::May;
use crate::rules::{self, Post};
use crate::{Identity, NewColleague, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::line::{line_fault, name, name_fault};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use std::sync::Arc;
use uuid::Uuid;
use web::{Crumb, Form, InPath, Page, Problem, WebError, render, render_status};

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
    let problems = match read_colleague(&identity, &page, &form) {
        Err(faults) => shown(faults, &page),
        Ok(new) => {
            let login = new.login.clone();
            match identity.open_colleague(&page.visitor.actor, new).await {
                Ok(Settled::Done((id, password))) => {
                    let crumbs = crumbs(&page);
                    return render(&PasswordPage::of_one(page, crumbs, id, login, &password));
                }
                Ok(Settled::Asked(asked)) => {
                    return first_half(&identity, page, asked, "identity-half-open-waits").await;
                }
                Err(error) => problems_of_asking(error, &page)?,
            }
        }
    };
    let fields = PostFields::typed(&identity, &page, &form);
    let again = OpenPage { crumbs: crumbs(&page), page, form: form.into_form(), fields, problems };
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// `POST /staff/{account}/posts`
pub async fn give(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: web::PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let problems = match read_post(&identity, &page, &form) {
        Err(faults) => shown(faults, &page),
        Ok(post) => {
            let why = form.get("why").to_owned();
            match identity.add_post(&page.visitor.actor, account, post, why).await {
                Ok(Settled::Done(())) => {
                    let to = format!("{}/{account}?done=given", words::STAFF);
                    return Ok(Redirect::to(&to).into_response());
                }
                Ok(Settled::Asked(asked)) => return Ok(to_request(asked.id)),
                Err(error) => problems_of_asking(error, &page)?,
            }
        }
    };
    let fields = PostFields::typed(&identity, &page, &form);
    refused(&identity, account, page, Again { fields, typed: Typed::default(), problems }).await
}

/// Shows all faults of a form at once.
fn shown(faults: Vec<Refusal>, page: &Page) -> Vec<Problem> {
    faults.into_iter().map(|fault| page.problem(&named(fault, page))).collect()
}

/// The colleague that the form means, or everything that must be corrected in it.
fn read_colleague(identity: &Identity, page: &Page, form: &web::PostForm) -> Result<NewColleague, Vec<Refusal>> {
    let mut faults = Vec::new();
    let login = form.get("login").to_lowercase();
    for (field, key) in [("name", "identity-name"), ("login", "identity-login")] {
        let refused = |code| Refusal::new(code).field(field).with("label", page.t(key));
        if form.get(field).trim().is_empty() {
            faults.push(refused(Code::FormMissing));
        } else if let Some(code) = fault_in(field, form.get(field)) {
            faults.push(refused(code));
        }
    }
    if faults.iter().all(|fault| fault.field.as_deref() != Some("login")) && !rules::login_sound(&login) {
        faults.push(Refusal::new(Code::FormInvalid).field("login").with("label", page.t("identity-login")));
    }
    match read_post(identity, page, form) {
        Ok(post) if faults.is_empty() => {
            let (name, why) = (name(form.get("name")), form.get("why").to_owned());
            Ok(NewColleague { login, name, post, why })
        }
        Ok(_) => Err(faults),
        Err(others) => {
            faults.extend(others);
            Err(faults)
        }
    }
}

/// What is wrong with a name of a person, or with a name to sign in with.
fn fault_in(field: &str, text: &str) -> Option<Code> {
    if field == "name" { name_fault(text) } else { line_fault(text) }
}

/// The post that the form means, or everything that must be corrected in it. Its id follows from the form, so that a
/// form sent twice gives one post.
fn read_post(identity: &Identity, page: &Page, form: &web::PostForm) -> Result<Post, Vec<Refusal>> {
    let mut faults = Vec::new();
    let role = form.get("role").to_owned();
    if role.is_empty() {
        faults.push(Refusal::new(Code::FormChoice).field("role").with("label", page.t("identity-role")));
    }
    let place = noted(read_place(identity, page, form), &mut faults);
    let from = noted(read_date(page, form, "from", "identity-post-from"), &mut faults);
    let to = form.opt("to").and_then(|_| noted(read_date(page, form, "to", "identity-post-to"), &mut faults));
    faults.extend(rules::reason(form.get("why")).err());
    let (Some(place), Some(from)) = (place, from) else { return Err(faults) };
    let department = form.opt("department").map(str::to_owned);
    let post = Post { id: key_of(page, form), role, place, department, from, to };
    faults.extend(rules::check_days(post.from, post.to, page.today()).err());
    let checked = identity.roles().get(&post.role).map(|role| rules::check_post(role, &post));
    faults.extend(checked.and_then(Result::err));
    if faults.is_empty() { Ok(post) } else { Err(faults) }
}

/// Keeps what was read, or notes why it could not be.
fn noted<T>(read: Result<T, Refusal>, faults: &mut Vec<Refusal>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn read_date(page: &Page, form: &web::PostForm, field: &str, key: &str) -> Result<Date, Refusal> {
    let refusal = || Refusal::new(Code::FormDate).field(field).with("label", page.t(key));
    form.get(field).parse::<Date>().map_err(|_| refusal())
}

/// The place that the words mean, inside the visitor's own places.
fn read_place(identity: &Identity, page: &Page, form: &web::PostForm) -> Result<PlacePath, Refusal> {
    let found = candidates(identity, page, form.get("place"));
    let chosen = found.iter().find(|place| found.len() == 1 || place.as_str() == form.get("place_choice"));
    chosen.cloned().ok_or_else(|| match found.len() {
        0 if form.get("place").is_empty() => {
            Refusal::new(Code::FormMissing).field("place").with("label", page.t("identity-place"))
        }
        0 => Refusal::new(Code::PlaceUnknown).field("place"),
        _ => Refusal::new(Code::FormChoice).field("place_choice").with("label", page.t("identity-place")),
    })
}
