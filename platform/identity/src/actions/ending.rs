//! The end of a post. Where it would leave the city without two people who could confirm what the whole city needs, it
//! is asked for by one person and confirmed by another, so that nobody makes himself the only one.

use super::asking::{Fact, Handed, NewRequest};
use super::detail::unreadable;
use super::facts::{in_words, person, post_facts, subject};
use super::staff::in_scope;
use super::{EndingPost, Settled, end_post};
use crate::identity::{Doing, Kind};
use crate::records::{self, Request};
use crate::refusals::Why;
use crate::rules::{self, Post};
use crate::{Identity, IdentityError, May, words};
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;

/// How many others must be left where one person ends such a post alone: one who asks and one who confirms.
const OTHERS: usize = 2;

/// What a request says of a post that ends.
#[derive(Serialize, Deserialize)]
struct EndDetail {
    post: Uuid,
    last_day: String,
}

impl Identity {
    /// Ends a colleague's post, or asks for it. `id` is the identity of the request.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] outside the actor's places, and as [`end_post`] does.
    pub async fn remove_post(
        self: &Arc<Self>,
        actor: &Actor,
        id: Uuid,
        ending: EndingPost,
    ) -> Result<Settled<()>, IdentityError> {
        let (by, now) = (actor.clone(), self.now());
        let is_done = self
            .write(move |identity, tx| {
                in_scope(tx, &by, May::AccountManage, ending.account)?;
                if identity.rules.two_people && identity.weakens(tx, &ending, now)? {
                    return Ok(false);
                }
                end_post(tx, ending, &identity.roles, &by, now).map(|()| true)
            })
            .await?;
        if is_done {
            self.cache.forget(ending.account);
            return Ok(Settled::Done(()));
        }
        let new = NewRequest {
            id,
            kind: words::ASK_END,
            place: self.settings.home.clone(),
            department: None,
            subject: Some(ending.account),
            detail: json!(EndDetail { post: ending.post, last_day: ending.last_day.to_string() }),
            why: String::new(),
        };
        self.ask(actor, new).await.map(Settled::Asked)
    }

    /// Says whether without a post fewer than two others would be left who manage the accounts of the whole city.
    fn weakens(&self, tx: &mut dyn Tx, ending: &EndingPost, now: Instant) -> Result<bool, IdentityError> {
        let today = self.settings.zone.date(now);
        let post = records::posts(tx, ending.account)?.into_iter().find(|held| held.id == ending.post);
        let ends_now = |post: &Post| post.to.is_none_or(|to| today <= to) && self.holds_keys(post);
        if !post.as_ref().is_some_and(ends_now) {
            return Ok(false);
        }
        // Whoever ends the post of another of them at the same moment waits here.
        let mut holders = self.holders(tx, today)?;
        holders.push(ending.account);
        holders.sort_unstable();
        holders.dedup();
        for account in holders {
            records::account_to_change(tx, account)?;
        }
        let left = self.holders(tx, today)?.into_iter().filter(|account| *account != ending.account).count();
        Ok(left < OTHERS)
    }

    /// Says whether a post gives the management of the accounts of the whole city.
    pub(super) fn holds_keys(&self, post: &Post) -> bool {
        let manages = self.roles.get(&post.role).is_some_and(|role| role.permissions.contains(&May::AccountManage));
        manages && post.place == self.settings.home && post.department.is_none()
    }
}

/// The end of a post.
pub struct EndPost;

impl Kind for EndPost {
    fn code(&self) -> &'static str {
        words::ASK_END
    }

    fn title(&self) -> &'static str {
        "identity-post-end"
    }

    fn effect(&self) -> &'static str {
        "identity-request-end-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["identity-name", "identity-role"]
    }

    fn permits(
        &self,
        identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        let account = subject(request)?;
        in_scope(tx, actor, May::AccountManage, account)?;
        rules::refuse_self(actor, account)?;
        let post = ended(tx, request)?.ok_or_else(|| Refusal::new(Why::IdentityPostUnknown))?;
        let role = identity.roles.require(&post.role)?;
        Ok(rules::may_give(actor, &identity.roles, role, &post.target())?)
    }

    fn facts(&self, identity: &Identity, tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let mut facts = person(tx, subject(request)?)?;
        if let Some(post) = ended(tx, request)? {
            facts.extend(post_facts(identity, &post));
        }
        let last_day = detail(request)?.last_day.parse::<Date>().map_err(|error| unreadable(request, &error))?;
        facts.push(Fact::both("identity-post-last-day", in_words(last_day)));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let EndDetail { post, last_day } = detail(doing.request)?;
        let last_day = last_day.parse::<Date>().map_err(|error| unreadable(doing.request, &error))?;
        let ending = EndingPost { account: subject(doing.request)?, post, last_day };
        end_post(tx, ending, &doing.identity.roles, doing.by, doing.now)?;
        Ok(None)
    }
}

fn detail(request: &Request) -> Result<EndDetail, IdentityError> {
    serde_json::from_str(&request.detail).map_err(|error| unreadable(request, &error))
}

/// Returns the post that a request ends.
fn ended(tx: &mut dyn Tx, request: &Request) -> Result<Option<Post>, IdentityError> {
    let post = detail(request)?.post;
    Ok(records::posts(tx, subject(request)?)?.into_iter().find(|held| held.id == post))
}
