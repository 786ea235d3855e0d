//! The pages of identity: sign-in and sign-out, the own account, a resident's account, the accounts of colleagues, and
//! what waits for a second person.

mod account;
mod import;
mod once;
mod post_fields;
mod requests;
mod resident;
mod sign_in;
mod staff;
mod staff_form;
mod told;

use crate::permissions::May;
use crate::rules::Post;
use crate::{Identity, IdentityError};
use axum::routing::{get, post};
use kernel::refusal::Refusal;
use kernel::time::Date;
use std::sync::Arc;
use web::{Cost, Need, Page, Problem, Routes, WebError};
use zeroize::Zeroizing;

/// Returns the pages of identity, with addresses from the root.
pub fn routes(identity: Arc<Identity>) -> Routes {
    let manages = || Need::May(May::AccountManage);
    Routes::new()
        .route("/sign-in", Cost::proof(Need::Anyone), get(sign_in::show).post(sign_in::enter))
        .route("/sign-in/code", Cost::proof(Need::Anyone), get(sign_in::code_page).post(sign_in::enter_code))
        .route("/sign-out", Cost::form(Need::Anyone), post(sign_in::leave))
        .route("/account", Cost::page(Need::SignedIn), get(account::show))
        .route("/account/password", Cost::proof(Need::SignedIn), post(account::change_password))
        .route("/account/code", Cost::form(Need::SignedIn), get(account::code_page).post(account::turn_code_on))
        .route("/account/code/off", Cost::proof(Need::SignedIn), post(account::turn_code_off))
        .route("/account/devices/{session}/end", Cost::form(Need::SignedIn), post(account::end_device))
        .route("/account/open", Cost::proof(Need::Anyone), get(resident::open_page).post(resident::open))
        .route("/account/close", Cost::proof(Need::SignedIn), get(resident::close_page).post(resident::close))
        .route("/staff", Cost::page(Need::May(May::AccountRead)), get(staff::list))
        .route("/staff/open", Cost::proof(manages()), get(staff_form::open_page).post(staff_form::open))
        .route("/staff/import", Cost::upload(manages()), get(import::get).post(import::post))
        .route("/staff/import/template", Cost::export(manages()), get(import::template))
        .route("/staff/import/ask", Cost::proof(manages()), post(import::ask))
        .route("/staff/{account}", Cost::page(Need::May(May::AccountRead)), get(staff::one))
        .route("/staff/{account}/posts", Cost::form(manages()), post(staff_form::give))
        .route("/staff/{account}/posts/{post}/end", Cost::form(manages()), post(staff::end))
        .route("/staff/{account}/password", Cost::proof(manages()), post(staff::reset_password))
        .route("/staff/{account}/code", Cost::form(manages()), post(staff::remove_code))
        .route("/staff/{account}/close", Cost::form(manages()), post(staff::close))
        .route("/confirmations", Cost::page(manages()), get(requests::list))
        .route("/confirmations/keys", Cost::form(manages()), post(requests::ask_keys))
        .route("/confirmations/{request}", Cost::page(manages()), get(requests::one))
        .route("/confirmations/{request}/confirm", Cost::proof(manages()), post(requests::confirm))
        .route("/confirmations/{request}/decline", Cost::form(manages()), post(requests::decline))
        .route("/confirmations/{request}/withdraw", Cost::form(manages()), post(requests::withdraw))
        .with_state(identity)
}

/// Returns a refusal of what was typed, which the form shows above itself. Anything else is the page's own error.
fn refusal_in(error: IdentityError) -> Result<Refusal, WebError> {
    match error {
        IdentityError::Refused(refusal) if !refusal.code.is_permission() => Ok(refusal),
        other => Err(other.into()),
    }
}

/// Turns a refusal of what was asked for into a problem, and calls the reason as the form does.
fn problems_of_asking(error: IdentityError, page: &Page) -> Result<Vec<Problem>, WebError> {
    let named = match error {
        IdentityError::Refused(refusal) => IdentityError::Refused(named(refusal, page)),
        other => other,
    };
    Ok(vec![page.problem(&refusal_in(named)?)])
}

/// Calls the fields of a request as its forms do.
fn named(refusal: Refusal, page: &Page) -> Refusal {
    let key = match refusal.field.as_deref() {
        Some("why") => "identity-why",
        Some("answer") => "identity-request-answer",
        _ => return refusal,
    };
    refusal.with("label", page.t(key))
}

/// Returns the sentence for what was just done, after a redirect. It is empty when there is nothing to say.
fn done(page: &Page) -> &'static str {
    match page.query.get("done") {
        "password" => "identity-done-password",
        "code" => "identity-done-code",
        "device" => "identity-done-device",
        "given" => "identity-done-given",
        "ended" => "identity-done-ended",
        "closed" => "identity-done-closed",
        "reset" => "identity-done-reset",
        "code-removed" => "identity-done-code-removed",
        _ => "",
    }
}

/// Wraps a value that must not stay in memory longer than needed.
fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

/// A post as one line of a page.
struct PostLine {
    id: String,
    role: String,
    place: String,
    department: String,
    from: Date,
    to: Option<Date>,
    /// The class and key of its light: held today, still to come, or past.
    class: &'static str,
    state: &'static str,
    over: bool,
}

impl PostLine {
    fn of(identity: &Identity, page: &Page, post: &Post) -> Self {
        let today = page.today();
        let over = post.to.is_some_and(|to| to < today);
        let (class, state) = match (over, today < post.from) {
            (true, _) => ("none", "identity-post-past"),
            (_, true) => ("soon", "identity-post-future"),
            _ => ("ok", "identity-post-held"),
        };
        Self {
            id: post.id.to_string(),
            role: identity
                .roles
                .get(&post.role)
                .map_or_else(|| post.role.clone(), |role| page.of(&role.title).to_owned()),
            place: page.of(&identity.place_name(&post.place)).to_owned(),
            department: department_title(identity, page, post.department.as_deref()),
            from: post.from,
            to: post.to,
            class,
            state,
            over,
        }
    }
}

fn department_title(identity: &Identity, page: &Page, code: Option<&str>) -> String {
    let Some(code) = code else { return String::new() };
    let known = identity.places.departments().into_iter().find(|(known, _)| known == code);
    known.map_or_else(|| code.to_owned(), |(_, title)| page.of(&title).to_owned())
}
