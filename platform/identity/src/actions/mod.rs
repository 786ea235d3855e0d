//! Changes accounts, posts and sessions, each in one transaction with its event.

mod accounts;
mod asking;
mod detail;
mod ending;
mod facts;
mod guessing;
mod keys;
mod kinds;
mod listing;
mod own;
mod posts;
mod requests;
mod residents;
mod second_factor;
mod sessions;
mod sign_in;
mod staff;
mod waiting;

pub use accounts::{NewPassword, NewStaff, close_staff, drop_code, open_staff, set_password};
pub use asking::{Fact, Handed, NewRequest, NewlyAsked, Said};
pub use keys::KeyUse;
pub use listing::NewColleagues;
pub use posts::{EndingPost, end_post, give_post};
pub use requests::{Confirmed, SeenRequest};
pub use residents::NewResident;
pub use second_factor::CodeSetup;
pub use sessions::Current;
pub use sign_in::{Attempt, SignedIn};
pub use staff::{Asking, NewColleague, PAGE_LINES, Settled, StaffAccount};
pub use waiting::{ToldRequest, WaitingRequests};

use crate::IdentityError;
use crate::records::{self, Account};
use crate::refusals::Why;
use crate::roles::Roles;
use crate::rules::{self, Post, Standing};
use crate::words;
use kernel::permission::{Actor, ActorKind};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;

/// Returns the account with the grants of the posts that it holds on a day.
///
/// # Errors
/// Fails with [`IdentityError::NotFound`] when there is no such account or it is closed.
pub fn actor(tx: &mut dyn Tx, account: Uuid, on: Date, roles: &Roles) -> Result<Actor, IdentityError> {
    let found = records::account(tx, account)?.filter(|found| found.closed_at.is_none());
    let found = found.ok_or(IdentityError::NotFound)?;
    let posts = records::posts(tx, account)?;
    Ok(actor_from(&found, &posts, on, roles))
}

/// Returns the posts of an account by their first day, including past and future ones.
pub fn posts_of(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Post>, IdentityError> {
    Ok(records::posts(tx, account)?)
}

/// Returns the account with that login, open or closed.
pub fn account_of_login(tx: &mut dyn Tx, login: &str) -> Result<Option<Uuid>, IdentityError> {
    Ok(records::account_by_login(tx, login)?.map(|account| account.id))
}

pub(crate) fn actor_from(account: &Account, posts: &[Post], on: Date, roles: &Roles) -> Actor {
    let kind = if account.kind == words::KIND_STAFF { ActorKind::Staff } else { ActorKind::Resident };
    let grants = rules::grants(posts, roles, on, standing(account));
    Actor { account: Some(account.id), name: account.name.clone(), kind, grants }
}

pub(crate) const fn standing(account: &Account) -> Standing {
    Standing { must_change_password: account.must_change, code_on: account.code_on }
}

/// Returns an open account that will be changed.
fn to_change(tx: &mut dyn Tx, id: Uuid) -> Result<Account, IdentityError> {
    let account = records::account_to_change(tx, id)?.ok_or(IdentityError::NotFound)?;
    if account.closed_at.is_some() {
        return Err(Refusal::new(Why::IdentityAccountClosed).into());
    }
    Ok(account)
}

/// Writes an event of administration into the account's own chain: what was done, by whom, and details that are never
/// personal.
fn note(
    tx: &mut dyn Tx,
    account: &Account,
    kind: &str,
    detail: &serde_json::Value,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let act = store::log::Act {
        district: account.district,
        stream: account.id,
        kind,
        detail,
        by: by.account,
        by_name: &by.name,
        at: now,
    };
    Ok(store::log::note(tx, &act)?)
}
