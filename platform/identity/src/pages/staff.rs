//! The accounts of colleagues: the list, one account, and what can be done with it.

use super::once::{OncePage, key_of, to_request};
use super::post_fields::PostFields;
use super::{PostLine, done, problems_of_asking};
use crate::actions::{Asking, EndingPost, NewlyAsked, Settled, StaffAccount};
use crate::permissions::May;
use crate::records::StaffRow;
use crate::rules::Post;
use crate::{Identity, IdentityError, words};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::refusal::{Code, Refusal};
use std::sync::Arc;
use uuid::Uuid;
use web::{Crumb, InPath, Page, Pager, PostForm, Problem, TwoInPath, WebError, render, render_status};

/// The state of an account as a light: class and key.
type StateLight = (&'static str, &'static str);

struct StaffLine {
    id: Uuid,
    login: String,
    name: String,
    posts: Vec<PostLine>,
    state: StateLight,
}

#[derive(Template)]
#[template(path = "staff.html")]
struct ListPage {
    page: Page,
    words: String,
    lines: Vec<StaffLine>,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "staff_one.html")]
pub struct OnePage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    login: String,
    name: String,
    state: StateLight,
    code_on: bool,
    posts: Vec<PostLine>,
    may_manage: bool,
    governed: bool,
    done: &'static str,
    fields: PostFields,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "staff_password.html")]
pub struct PasswordPage {
    pub page: Page,
    pub crumbs: Vec<Crumb>,
    pub id: Uuid,
    pub login: String,
    pub password: String,
}

/// `GET /staff`
pub async fn list(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(May::AccountRead)?;
    let words = page.query.get("words").to_owned();
    let mut rows = identity.staff(&page.visitor.actor, words.clone(), page.query.get("after").to_owned()).await?;
    let most = usize::try_from(crate::actions::PAGE_LINES).unwrap_or_default();
    let more = rows.len() > most;
    rows.truncate(most);
    let last = rows.last().map(|(row, _)| row.login.clone());
    let after =
        last.filter(|_| more).map(|last| format!("{}{}", words::STAFF, page.query.address_with(&[("after", &last)])));
    let lines = rows.into_iter().map(|(row, posts)| line(&identity, &page, row, &posts)).collect();
    render(&ListPage { page, words, lines, pager: Pager { before: None, after } })
}

/// `GET /staff/{account}`
pub async fn one(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
) -> Result<Response, WebError> {
    page.require(May::AccountRead)?;
    let fields = PostFields::empty(&identity, &page);
    render(&assemble(&identity, account, page, fields, Vec::new()).await?)
}

/// `POST /staff/{account}/posts/{post}/end`
pub async fn end(
    State(identity): State<Arc<Identity>>,
    TwoInPath(account, post): TwoInPath<Uuid, Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let label = page.t("identity-post-last-day");
    let Ok(last_day) = form.get("last_day").parse() else {
        return Err(Refusal::new(Code::FormDate).field("last_day").with("label", label).into());
    };
    identity.remove_post(&page.visitor.actor, EndingPost { account, post, last_day }).await?;
    Ok(Redirect::to(&format!("{}/{account}?done=ended", words::STAFF)).into_response())
}

/// `POST /staff/{account}/password`
pub async fn reset_password(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.reset_password(&page.visitor.actor, asking(account, &form)).await {
        Ok(Settled::Done(None)) => Ok(Redirect::to(&format!("{}/{account}?done=reset", words::STAFF)).into_response()),
        Ok(Settled::Done(Some(password))) => {
            let login = identity.colleague(&page.visitor.actor, account).await?.account.login.unwrap_or_default();
            let crumbs = crumbs(&page);
            render(&PasswordPage { page, crumbs, id: account, login, password: password.to_string() })
        }
        Ok(Settled::Asked(asked)) => first_half(page, asked),
        Err(error) => not_asked(&identity, account, page, error).await,
    }
}

/// `POST /staff/{account}/code`
pub async fn remove_code(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let removed = identity.remove_code(&page.visitor.actor, asking(account, &form)).await;
    settled(&identity, account, page, removed, "code-removed").await
}

/// `POST /staff/{account}/close`
pub async fn close(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let closed = identity.close_colleague(&page.visitor.actor, asking(account, &form)).await;
    settled(&identity, account, page, closed, "closed").await
}

/// What a form of an account's page asks for. The form's own key makes that it is asked for once.
fn asking(account: Uuid, form: &PostForm) -> Asking {
    Asking { id: key_of(form), account, why: form.get("why").to_owned() }
}

async fn settled(
    identity: &Arc<Identity>,
    account: Uuid,
    page: Page,
    settled: Result<Settled<()>, IdentityError>,
    done: &str,
) -> Result<Response, WebError> {
    match settled {
        Ok(Settled::Done(())) => Ok(Redirect::to(&format!("{}/{account}?done={done}", words::STAFF)).into_response()),
        Ok(Settled::Asked(asked)) => Ok(to_request(asked.id)),
        Err(error) => not_asked(identity, account, page, error).await,
    }
}

/// Shows the first half of a password once. Asked for again in the same form, there is none to show.
pub fn first_half(page: Page, asked: NewlyAsked) -> Result<Response, WebError> {
    let Some(half) = asked.half else { return Ok(to_request(asked.id)) };
    let crumbs = crumbs(&page);
    let (what, term) = ("identity-half-first", "identity-half-first-term");
    render(&OncePage { page, crumbs, id: asked.id, what, term, secret: half.to_string() })
}

/// Shows the page of an account again with why something could not be asked for.
async fn not_asked(
    identity: &Arc<Identity>,
    account: Uuid,
    page: Page,
    error: IdentityError,
) -> Result<Response, WebError> {
    let problems = problems_of_asking(error, &page)?;
    let fields = PostFields::empty(identity, &page);
    refused(identity, account, page, fields, problems).await
}

/// Shows the page of one account again, with what must be corrected in the form for a new post.
pub async fn refused(
    identity: &Arc<Identity>,
    account: Uuid,
    page: Page,
    fields: PostFields,
    problems: Vec<Problem>,
) -> Result<Response, WebError> {
    let again = assemble(identity, account, page, fields, problems).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &again)
}

/// Returns the way back to the list.
pub fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb { text: page.t("identity-staff-title"), href: words::STAFF.to_owned() }]
}

async fn assemble(
    identity: &Arc<Identity>,
    id: Uuid,
    page: Page,
    fields: PostFields,
    problems: Vec<Problem>,
) -> Result<OnePage, WebError> {
    let StaffAccount { account, posts, governed } = identity.colleague(&page.visitor.actor, id).await?;
    let closed = account.closed_at.is_some();
    Ok(OnePage {
        crumbs: crumbs(&page),
        id,
        login: account.login.clone().unwrap_or_default(),
        name: account.name.clone(),
        state: light(closed, account.slowed(page.now)),
        code_on: account.code_on,
        posts: posts.iter().map(|post| PostLine::of(identity, &page, post)).collect(),
        may_manage: page.may(May::AccountManage) && !closed && page.visitor.actor.account != Some(id),
        governed: governed && !closed,
        done: done(&page),
        fields,
        problems,
        page,
    })
}

fn line(identity: &Identity, page: &Page, row: StaffRow, posts: &[Post]) -> StaffLine {
    let locked = row.locked_until.is_some_and(|until| page.now < until);
    let state = light(row.closed_at.is_some(), locked);
    let posts = posts.iter().map(|post| PostLine::of(identity, page, post)).filter(|post| !post.over).collect();
    StaffLine { id: row.id, login: row.login, name: row.name, posts, state }
}

const fn light(closed: bool, locked: bool) -> StateLight {
    match (closed, locked) {
        (true, _) => ("none", "identity-state-closed"),
        (_, true) => ("late", "identity-state-locked"),
        _ => ("ok", "identity-state-open"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_account_is_shown_closed_even_when_it_is_locked() {
        let table = [
            (false, false, "ok", "identity-state-open"),
            (false, true, "late", "identity-state-locked"),
            (true, false, "none", "identity-state-closed"),
            (true, true, "none", "identity-state-closed"),
        ];
        for (closed, locked, class, state) in table {
            assert_eq!(light(closed, locked), (class, state));
        }
    }
}
