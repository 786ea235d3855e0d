//! The forms that open an account and give a post.

use super::problems;
use super::staff::{PasswordPage, crumbs, refused};
use crate::rules::{self, Post};
use crate::{Identity, IdentityError, NewColleague, words};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::permission::{Permission, Target};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use std::sync::Arc;
use uuid::Uuid;
use web::{Choice, Crumb, Form, Page, Problem, WebError, render, render_status};

/// The greatest number of places that are offered when a name means several.
const MOST_PLACES: usize = 50;

/// The fields of a post as they stand in a form.
pub struct PostForm {
    pub place: String,
    pub places: Vec<Choice>,
    pub roles: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub from: String,
    pub to: String,
}

#[derive(Template)]
#[template(path = "staff_open.html")]
struct OpenPage {
    page: Page,
    crumbs: Vec<Crumb>,
    form: Form,
    fields: PostForm,
    problems: Vec<Problem>,
}

/// `GET /staff/open`
pub async fn open_page(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::AccountManage)?;
    let fields = PostForm::empty(&identity, &page);
    render(&OpenPage { crumbs: crumbs(&page), page, form: Form::default(), fields, problems: Vec::new() })
}

/// `POST /staff/open`
pub async fn open(
    State(identity): State<Arc<Identity>>,
    page: Page,
    form: web::PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::AccountManage)?;
    match open_account(&identity, &page, &form).await {
        Ok((id, login, password)) => render(&PasswordPage { crumbs: crumbs(&page), page, id, login, password }),
        Err(error) => {
            let problems = problems(error, page.lang)?;
            let fields = PostForm::typed(&identity, &page, &form);
            let again = OpenPage { crumbs: crumbs(&page), page, form: form.into_form(), fields, problems };
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
    }
}

/// `POST /staff/{account}/posts`
pub async fn give(
    State(identity): State<Arc<Identity>>,
    Path(account): Path<Uuid>,
    page: Page,
    form: web::PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::AccountManage)?;
    let given = match read_post(&identity, &page, &form) {
        Ok(post) => identity.add_post(&page.visitor.actor, account, post).await,
        Err(refusal) => Err(refusal.into()),
    };
    match given {
        Ok(()) => Ok(Redirect::to(&format!("{}/{account}?done=given", words::STAFF)).into_response()),
        Err(error) => {
            let problems = problems(error, page.lang)?;
            let fields = PostForm::typed(&identity, &page, &form);
            refused(&identity, account, page, fields, problems).await
        }
    }
}

async fn open_account(
    identity: &Arc<Identity>,
    page: &Page,
    form: &web::PostForm,
) -> Result<(Uuid, String, String), IdentityError> {
    for (field, key) in [("login", "identity-login"), ("name", "identity-name")] {
        if form.get(field).is_empty() {
            return Err(Refusal::new(Code::FormMissing).field(field).with("label", page.t(key)).into());
        }
    }
    let post = read_post(identity, page, form)?;
    let login = form.get("login").to_lowercase();
    let new = NewColleague { login: login.clone(), name: form.get("name").to_owned(), post };
    let (id, password) = identity.open_colleague(&page.visitor.actor, new).await?;
    Ok((id, login, password.to_string()))
}

impl PostForm {
    /// Makes the form as it is first shown: from today, without an end.
    pub fn empty(identity: &Identity, page: &Page) -> Self {
        Self::typed(identity, page, &Form::default().with("from", page.today().to_string()))
    }

    /// Makes the form with what was typed.
    pub fn typed(identity: &Identity, page: &Page, form: &Form) -> Self {
        let candidates = candidates(identity, page, form.get("place"));
        let several = if candidates.len() > 1 { candidates } else { Vec::new() };
        let place = |place: PlacePath| {
            let name = page.of(&identity.place_name(&place)).to_owned();
            Choice::new(place.as_str(), name, form.get("place_choice"))
        };
        let none = Choice::new("", page.t("identity-department-any"), form.get("department"));
        let department = |(code, title): (String, kernel::language::Bilingual)| {
            Choice::new(code, page.of(&title).to_owned(), form.get("department"))
        };
        Self {
            place: form.get("place").to_owned(),
            places: several.into_iter().map(place).collect(),
            roles: offered_roles(identity, page, form.get("role")),
            departments: std::iter::once(none)
                .chain(identity.places.departments().into_iter().map(department))
                .collect(),
            from: form.get("from").to_owned(),
            to: form.get("to").to_owned(),
        }
    }
}

/// Returns the roles that the visitor may give somewhere.
fn offered_roles(identity: &Identity, page: &Page, chosen: &str) -> Vec<Choice> {
    let actor = &page.visitor.actor;
    let targets: Vec<Target> = actor
        .scopes(Permission::AccountManage)
        .into_iter()
        .map(|scope| Target { place: scope.place, department: scope.department })
        .collect();
    let offered = |role: &&crate::Role| {
        targets.iter().any(|target| rules::may_give(actor, &identity.roles, role, target).is_ok())
    };
    identity
        .roles
        .all()
        .filter(offered)
        .map(|role| Choice::new(&role.code, page.of(&role.title).to_owned(), chosen))
        .collect()
}

/// Returns the places inside the visitor's own places that the words mean.
fn candidates(identity: &Identity, page: &Page, words: &str) -> Vec<PlacePath> {
    if words.is_empty() {
        return Vec::new();
    }
    let scopes = page.visitor.actor.scopes(Permission::AccountManage);
    let mut found = identity.places.find(words, MOST_PLACES);
    found.retain(|place| scopes.iter().any(|scope| scope.place.contains(place)));
    found
}

/// Reads the post that the form means. Its id is the form's own key, so a form sent twice gives one post.
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
        id: Uuid::parse_str(form.key()).unwrap_or_else(|_| Uuid::now_v7()),
        role: form.get("role").to_owned(),
        place,
        department: form.opt("department").map(str::to_owned),
        from: date("from", "identity-post-from")?,
        to: form.opt("to").map(|_| date("to", "identity-post-to")).transpose()?,
    })
}
