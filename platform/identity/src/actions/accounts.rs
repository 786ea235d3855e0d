//! Opens accounts of staff, sets their passwords and closes them.

use super::{note, to_change};
use crate::password::HashedPassword;
use crate::permissions::May;
use crate::records::{self, NewAccount};
use crate::refusals::Why;
use crate::{IdentityError, rules, words};
use kernel::line::name_fault;
use kernel::permission::{Actor, ActorKind};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

/// An account of staff that is about to be opened. It may do nothing until it gets a post.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// The identity, made by the caller.
    pub id: Uuid,
    /// The district that keeps its events: the city's own place.
    pub district: PlaceId,
    /// The name to sign in with: 3 to 32 of `a–z 0–9 . _ -`, beginning with a letter.
    pub login: String,
    /// The name that colleagues and residents see.
    pub name: String,
    /// The first password.
    pub password: HashedPassword,
    /// Whether the password must be changed before anything else, because somebody else knows it.
    pub must_change: bool,
}

/// Opens an account of staff.
///
/// # Errors
/// Fails when the login is taken or not well formed, when the name is missing, or when the actor lacks the permission.
pub fn open_staff(tx: &mut dyn Tx, new: &NewStaff, by: &Actor, now: Instant) -> Result<(), IdentityError> {
    if by.kind != ActorKind::System && !by.has(May::AccountManage) {
        let title = May::AccountManage.title();
        return Err(Refusal::new(Code::PermissionMissing).with_both("permission", &title).into());
    }
    check_names(&new.login, &new.name)?;
    let account = NewAccount {
        id: new.id,
        district: new.district,
        kind: words::KIND_STAFF,
        login: Some(&new.login),
        telephone_digest: None,
        name: new.name.trim(),
        password: &new.password.0,
        must_change: new.must_change,
        person: None,
    };
    if !records::insert_account(tx, &account, now)? {
        return Err(Refusal::new(Why::IdentityLoginTaken).field("login").with("login", &new.login).into());
    }
    let account = to_change(tx, new.id)?;
    note(tx, &account, words::ACCOUNT_OPENED, &json!({ "kind": words::KIND_STAFF, "login": new.login }), by, now)
}

/// Checks that the two names of an account are well formed.
///
/// # Errors
/// Names the one that is not.
pub(super) fn check_names(login: &str, name: &str) -> Result<(), Refusal> {
    if !rules::login_sound(login) {
        return Err(Refusal::new(Code::FormInvalid).field("login").with("label", login));
    }
    if name.trim().is_empty() {
        return Err(Refusal::new(Code::FormInvalid).field("name").with("label", name));
    }
    match name_fault(name) {
        Some(code) => Err(Refusal::new(code).field("name").with("label", "name")),
        None => Ok(()),
    }
}

/// Checks that an account can be opened under this login and name.
pub(super) fn free_name(tx: &mut dyn Tx, login: &str, name: &str) -> Result<(), IdentityError> {
    check_names(login, name)?;
    if records::account_by_login(tx, login)?.is_some() {
        return Err(Refusal::new(Why::IdentityLoginTaken).field("login").with("login", login).into());
    }
    Ok(())
}

/// A password that an account is about to get.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    /// The password.
    pub password: &'a HashedPassword,
    /// Whether the password must be changed before anything else, because somebody else knows it.
    pub must_change: bool,
    /// The session that goes on. Every other one ends.
    pub keep: Option<Uuid>,
}

/// Sets a password and ends every session but the one to keep. The caller must have checked that this is allowed.
pub fn set_password(
    tx: &mut dyn Tx,
    account: Uuid,
    new: &NewPassword<'_>,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let NewPassword { password, must_change, keep } = *new;
    let found = to_change(tx, account)?;
    records::update_password(tx, account, &password.0, must_change)?;
    records::clear_tries(tx, account)?;
    records::revoke_sessions(tx, account, keep.unwrap_or_default())?;
    let kind = if by.account == Some(account) { words::PASSWORD_CHANGED } else { words::PASSWORD_RESET };
    note(tx, &found, kind, &json!({}), by, now)
}

/// Turns off the one-time code of an account, for somebody whose phone is lost, and ends every session: the phone may
/// hold one. Succeeds if no code is set. The caller must have checked that this is allowed.
pub fn drop_code(
    tx: &mut dyn Tx,
    vault: &vault::Vault,
    account: Uuid,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let found = to_change(tx, account)?;
    vault.drop_secret(tx, words::CODE_SECRET, account)?;
    vault.drop_secret(tx, words::CODE_SECRET_NEW, account)?;
    if !found.code_on {
        return Ok(());
    }
    records::update_code(tx, account, false, None)?;
    records::revoke_sessions(tx, account, Uuid::nil())?;
    note(tx, &found, words::CODE_TURNED_OFF, &json!({}), by, now)
}

/// Closes an account of staff. Its posts end with the day before, and its sessions and second factor are removed.
pub fn close_staff(
    tx: &mut dyn Tx,
    vault: &vault::Vault,
    account: Uuid,
    today: Date,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let found = to_change(tx, account)?;
    records::end_posts(tx, account, today.yesterday().unwrap_or(today))?;
    records::close_account(tx, account, now)?;
    records::revoke_sessions(tx, account, Uuid::nil())?;
    vault.drop_secret(tx, words::CODE_SECRET, account)?;
    vault.drop_secret(tx, words::CODE_SECRET_NEW, account)?;
    note(tx, &found, words::ACCOUNT_CLOSED, &json!({}), by, now)
}
