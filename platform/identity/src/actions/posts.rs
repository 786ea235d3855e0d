//! Gives and ends posts. A post is never deleted: it gets a last day.

use super::{note, to_change};
use crate::records;
use crate::refusals::Why;
use crate::roles::Roles;
use crate::rules::{self, Post};
use crate::{Identity, IdentityError, May, words};
use kernel::permission::{Actor, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

/// Gives an account a post. A post sent twice with the same id is given once.
///
/// # Errors
/// Fails when role, level, department or dates do not fit, when the giver may not give the role there, or when a post
/// is for the giver.
pub fn give_post(
    tx: &mut dyn Tx,
    account: Uuid,
    post: &Post,
    roles: &Roles,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let role = roles.require(&post.role)?;
    rules::refuse_self(by, account)?;
    rules::check_post(role, post)?;
    rules::may_give(by, roles, role, &post.target()).map_err(|refusal| refusal.field("place"))?;
    let found = to_change(tx, account)?;
    if !records::insert_post(tx, account, post)? {
        // Sent twice it is hers. Where it is somebody else's, nothing was given.
        let own = records::posts(tx, account)?.iter().any(|held| held.id == post.id);
        return if own { Ok(()) } else { Err(Refusal::new(Code::RequestSentDifferently).into()) };
    }
    let detail = json!({
        "post": post.id, "role": post.role, "place": post.place.as_str(), "department": post.department,
        "from": post.from.to_string(), "to": post.to.map(|to| to.to_string()),
    });
    note(tx, &found, words::POST_GIVEN, &detail, by, now)
}

/// Checks that somebody may give the post, as [`give_post`] does.
pub(super) fn may_give(identity: &Identity, post: &Post, actor: &Actor) -> Result<(), Refusal> {
    may(actor, May::AccountManage, &post.target())?;
    let role = identity.roles.require(&post.role)?;
    rules::may_give(actor, &identity.roles, role, &post.target()).map_err(|refusal| refusal.field("place"))?;
    rules::check_post(role, post)
}

/// A post that is about to end.
#[derive(Clone, Copy, Debug)]
pub struct EndingPost {
    /// The account that holds it.
    pub account: Uuid,
    /// The post.
    pub post: Uuid,
    /// The last day on which it is held.
    pub last_day: Date,
}

/// Ends a post with a last day. A last day of today or earlier ends it at once. An earlier end date is kept.
///
/// # Errors
/// Fails when there is no such post, or when the actor could not give it.
pub fn end_post(
    tx: &mut dyn Tx,
    ending: EndingPost,
    roles: &Roles,
    by: &Actor,
    now: Instant,
) -> Result<(), IdentityError> {
    let EndingPost { account, post, last_day } = ending;
    let found = to_change(tx, account)?;
    let post = records::posts(tx, account)?.into_iter().find(|held| held.id == post);
    let post = post.ok_or_else(|| Refusal::new(Why::IdentityPostUnknown))?;
    rules::refuse_self(by, account)?;
    rules::may_give(by, roles, roles.require(&post.role)?, &post.target())?;
    // A post that has not begun ends on the day before its first day, so it is never held.
    let last_day = last_day.max(post.from.yesterday().unwrap_or(post.from));
    if post.to.is_some_and(|to| to <= last_day) {
        return Ok(());
    }
    records::end_post(tx, account, post.id, last_day)?;
    note(tx, &found, words::POST_ENDED, &json!({ "post": post.id, "to": last_day.to_string() }), by, now)
}
