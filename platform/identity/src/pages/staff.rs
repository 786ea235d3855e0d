//! The accounts of colleagues: the list, one account, and what can be done with it.

use super::once::{Once, key_of, shown_once, to_request};
use super::post_fields::PostFields;
use super::told::{Line, line as request_line};
use super::{PostLine, done, problems_of_asking};
use crate::actions::{Asking, EndingPost, Handed, NewlyAsked, Settled, StaffAccount};
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
    /// What waits about this account for a second person.
    waiting: Vec<Line>,
    done: &'static str,
    fields: PostFields,
    typed: Typed,
    problems: Vec<Problem>,
}

/// The reason that was typed into one of the short forms, which are called as their addresses are.
#[derive(Default)]
pub struct Typed {
    form: &'static str,
    why: String,
}

impl Typed {
    fn of(form: &'static str, sent: &PostForm) -> Self {
        Self { form, why: sent.get("why").to_owned() }
    }

    /// Returns what was typed into a form.
    fn why(&self, form: &str) -> &str {
        if self.form == form { &self.why } else { "" }
    }
}

/// First passwords, shown once.
#[derive(Template)]
#[template(path = "staff_password.html")]
pub struct PasswordPage {
    pub page: Page,
    pub crumbs: Vec<Crumb>,
    /// The names to sign in with, and the password of each.
    pub passwords: Vec<(String, String)>,
    /// Where one goes on.
    pub on: Crumb,
}

impl PasswordPage {
    /// The first password of one account.
    pub fn of_one(page: Page, crumbs: Vec<Crumb>, id: Uuid, login: String, password: &str) -> Self {
        let on = Crumb { text: page.t("identity-first-on"), href: format!("{}/{id}", words::STAFF) };
        Self { page, crumbs, passwords: vec![(login, password.to_owned())], on }
    }
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
    render(&assemble(&identity, account, page, Again { fields, typed: Typed::default(), problems: Vec::new() }).await?)
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
    let ending = EndingPost { account, post, last_day };
    let settled = identity.remove_post(&page.visitor.actor, key_of(&page, &form), ending).await?;
    Ok(led(account, &settled, "ended"))
}

/// `POST /staff/{account}/password`
pub async fn reset_password(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    match identity.reset_password(&page.visitor.actor, asking(&page, account, &form)).await {
        Ok(Settled::Done(None)) => Ok(Redirect::to(&format!("{}/{account}?done=reset", words::STAFF)).into_response()),
        Ok(Settled::Done(Some(password))) => {
            let login = identity.colleague(&page.visitor.actor, account).await?.account.login.unwrap_or_default();
            let crumbs = crumbs(&page);
            render(&PasswordPage::of_one(page, crumbs, account, login, &password))
        }
        Ok(Settled::Asked(asked)) => first_half(&identity, page, asked, "identity-half-reset-waits").await,
        Err(error) => not_asked(&identity, account, page, error, Typed::of("password", &form)).await,
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
    let removed = identity.remove_code(&page.visitor.actor, asking(&page, account, &form)).await;
    match removed {
        Ok(settled) => Ok(led(account, &settled, "code-removed")),
        Err(error) => not_asked(&identity, account, page, error, Typed::of("code", &form)).await,
    }
}

/// `POST /staff/{account}/close`
pub async fn close(
    State(identity): State<Arc<Identity>>,
    InPath(account): InPath<Uuid>,
    page: Page,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let closed = identity.close_colleague(&page.visitor.actor, asking(&page, account, &form)).await;
    match closed {
        Ok(settled) => Ok(led(account, &settled, "closed")),
        Err(error) => not_asked(&identity, account, page, error, Typed::of("close", &form)).await,
    }
}

/// What a form of an account's page asks for. The form's own key makes that it is asked for once.
fn asking(page: &Page, account: Uuid, form: &PostForm) -> Asking {
    Asking { id: key_of(page, form), account, why: form.get("why").to_owned() }
}

/// Leads back to the account where something is done, and to the request where it waits.
fn led(account: Uuid, settled: &Settled<()>, done: &str) -> Response {
    match settled {
        Settled::Done(()) => Redirect::to(&format!("{}/{account}?done={done}", words::STAFF)).into_response(),
        Settled::Asked(asked) => to_request(asked.id),
    }
}

/// Shows the first half of a password once, with what still waits. Asked for again in the same form, there is none to
/// show.
pub async fn first_half(
    identity: &Arc<Identity>,
    page: Page,
    asked: NewlyAsked,
    waits: &'static str,
) -> Result<Response, WebError> {
    let Some(secret) = asked.half else { return Ok(to_request(asked.id)) };
    let handed = Handed { what: "identity-half-first", term: "identity-half-first-term", secret };
    let once = Once { crumbs: crumbs(&page), id: asked.id, handed, waits };
    shown_once(identity, page, once).await
}

/// Shows the page of an account again with why something could not be asked for.
async fn not_asked(
    identity: &Arc<Identity>,
    account: Uuid,
    page: Page,
    error: IdentityError,
    typed: Typed,
) -> Result<Response, WebError> {
    let mut problems = problems_of_asking(error, &page)?;
    for problem in problems.iter_mut().filter(|problem| problem.field == "why") {
        problem.field = format!("why-{}", typed.form);
    }
    let fields = PostFields::empty(identity, &page);
    refused(identity, account, page, Again { fields, typed, problems }).await
}

/// An account that is shown again: what was typed, and what must be corrected.
pub struct Again {
    pub fields: PostFields,
    pub typed: Typed,
    pub problems: Vec<Problem>,
}

/// Shows the page of one account again, with what must be corrected.
pub async fn refused(identity: &Arc<Identity>, account: Uuid, page: Page, again: Again) -> Result<Response, WebError> {
    let shown = assemble(identity, account, page, again).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

/// Returns the way back to the list.
pub fn crumbs(page: &Page) -> Vec<Crumb> {
    vec![Crumb { text: page.t("identity-staff-title"), href: words::STAFF.to_owned() }]
}

async fn assemble(identity: &Arc<Identity>, id: Uuid, page: Page, again: Again) -> Result<OnePage, WebError> {
    let StaffAccount { account, posts, governed } = identity.colleague(&page.visitor.actor, id).await?;
    let closed = account.closed_at.is_some();
    let manages = page.may(May::AccountManage);
    let waiting = if manages { identity.waiting_about(&page.visitor.actor, id).await? } else { Vec::new() };
    let Again { fields, typed, problems } = again;
    Ok(OnePage {
        crumbs: crumbs(&page),
        id,
        login: account.login.clone().unwrap_or_default(),
        name: account.name.clone(),
        state: light(closed, account.slowed(page.now)),
        code_on: account.code_on,
        posts: posts.iter().map(|post| PostLine::of(identity, &page, post)).collect(),
        may_manage: manages && !closed && page.visitor.actor.account != Some(id),
        governed: governed && !closed,
        waiting: waiting.iter().map(|told| request_line(identity, &page, told)).collect(),
        done: done(&page),
        fields,
        typed,
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
