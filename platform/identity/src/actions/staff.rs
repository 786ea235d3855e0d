//! Colleagues as their manager sees them: only those with a post inside the manager's own places.

use super::detail::{opening_request, post_request};
use super::{NewPassword, NewRequest, NewlyAsked, close_staff, drop_code, give_post, open_staff, set_password};
use crate::permissions::May;
use crate::records::{self, Account, StaffRow};
use crate::rules::{self, Post};
use crate::{Identity, IdentityError, NewStaff, password, words};
use kernel::permission::{Actor, Permission};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Tx;
use store::once::{Command, Once};
use uuid::Uuid;
use zeroize::Zeroizing;

/// How many lines one page of the list has.
pub const PAGE_LINES: i64 = 50;

/// A colleague's account with the posts that the manager may see.
#[derive(Debug)]
pub struct StaffAccount {
    pub(crate) account: Account,
    pub(crate) posts: Vec<Post>,
    /// Whether the manager may reset the password or close the account.
    pub(crate) governed: bool,
}

/// A colleague who gets an account and a first post.
#[derive(Clone, Debug)]
pub struct NewColleague {
    /// The name to sign in with.
    pub login: String,
    /// The name that is shown.
    pub name: String,
    /// The first post.
    pub post: Post,
    /// Why, in a few words. It may be empty.
    pub why: String,
}

/// Something that is to be done to an account.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The identity of the request, which the form brings.
    pub id: Uuid,
    /// The account.
    pub account: Uuid,
    /// Why, in a few words. It may be empty.
    pub why: String,
}

/// What became of something that gives power.
pub enum Settled<T> {
    /// It is done, because the city lets one person do it.
    Done(T),
    /// Another person must confirm it.
    Asked(NewlyAsked),
}

impl Identity {
    /// Returns the accounts inside the places where the actor may see accounts, by login, each with its posts there.
    /// When there are more, one line more than a page is read.
    pub(crate) async fn staff(
        self: &Arc<Self>,
        actor: &Actor,
        words: String,
        after: String,
    ) -> Result<Vec<(StaffRow, Vec<Post>)>, IdentityError> {
        let scopes = actor.scopes(May::AccountRead);
        self.read(move |_, tx| {
            let rows = records::staff(tx, &scopes, &words, &after, PAGE_LINES + 1)?;
            let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            let mut posts: BTreeMap<Uuid, Vec<Post>> = BTreeMap::new();
            for (account, post) in records::posts_of(tx, &ids)? {
                if scopes.iter().any(|scope| scope.covers(&post.target())) {
                    posts.entry(account).or_default().push(post);
                }
            }
            let with_posts = |row: StaffRow| {
                let held = posts.remove(&row.id).unwrap_or_default();
                (row, held)
            };
            Ok(rows.into_iter().map(with_posts).collect())
        })
        .await
    }

    /// Returns one account if it is inside the actor's places. Its posts elsewhere are left out.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] otherwise.
    pub(crate) async fn colleague(self: &Arc<Self>, actor: &Actor, id: Uuid) -> Result<StaffAccount, IdentityError> {
        let (actor, today) = (actor.clone(), self.today());
        self.read(move |identity, tx| {
            let account = in_scope(tx, &actor, May::AccountRead, id)?;
            let all = records::posts(tx, id)?;
            let governed = rules::may_govern(&actor, &identity.roles, id, &all, today).is_ok()
                && records::staff_in_scope(tx, &actor.scopes(May::AccountManage), id)?;
            let scopes = actor.scopes(May::AccountRead);
            let seen = |post: &Post| scopes.iter().any(|scope| scope.covers(&post.target()));
            Ok(StaffAccount { account, posts: all.into_iter().filter(seen).collect(), governed })
        })
        .await
    }

    /// Opens an account with a first post and a generated password, or asks for it. The password, or its first half, is
    /// returned, so that it can be handed over once.
    ///
    /// # Errors
    /// Fails as [`open_staff`] and [`give_post`] do.
    pub async fn open_colleague(
        self: &Arc<Self>,
        actor: &Actor,
        new: NewColleague,
    ) -> Result<Settled<(Uuid, Zeroizing<String>)>, IdentityError> {
        if self.rules.two_people {
            let asked = opening_request(&new.login, &new.name, &new.post, new.why);
            return self.ask(actor, asked).await.map(Settled::Asked);
        }
        let first = password::generate_password()?;
        let hashed = self.hash(first.clone()).await?;
        let (id, now, district, actor) = (Uuid::now_v7(), self.now(), self.district(), actor.clone());
        self.write(move |identity, tx| {
            let (login, name) = (new.login.clone(), new.name.clone());
            let staff = NewStaff { id, district, login, name, password: hashed.clone(), must_change: true };
            open_staff(tx, &staff, &actor, now)?;
            records::limit_password(tx, id, identity.password_until(now))?;
            give_post(tx, id, &new.post, &identity.roles, &actor, now)
        })
        .await?;
        Ok(Settled::Done((id, first)))
    }

    /// Gives a colleague one more post, or asks for it.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] outside the actor's places, and as [`give_post`] does.
    pub async fn add_post(
        self: &Arc<Self>,
        actor: &Actor,
        account: Uuid,
        post: Post,
        why: String,
    ) -> Result<Settled<()>, IdentityError> {
        if self.rules.two_people {
            return self.ask(actor, post_request(account, &post, why)).await.map(Settled::Asked);
        }
        let (actor, now) = (actor.clone(), self.now());
        self.write(move |identity, tx| {
            in_scope(tx, &actor, May::AccountManage, account)?;
            give_post(tx, account, &post, &identity.roles, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(Settled::Done(()))
    }

    /// Gives a colleague a password for a short time that must be changed at the next sign-in, or asks for it, and ends
    /// every session. The one-time code stays on. The same form sent again changes nothing, and there is no password to
    /// show.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`], or when the account has a post that the actor could not have given.
    pub async fn reset_password(
        self: &Arc<Self>,
        actor: &Actor,
        asking: Asking,
    ) -> Result<Settled<Option<Zeroizing<String>>>, IdentityError> {
        if self.rules.two_people {
            return self.ask_about(actor, words::ASK_PASSWORD, asking).await.map(Settled::Asked);
        }
        let account = asking.account;
        let fresh = password::generate_password()?;
        let hashed = self.hash(fresh.clone()).await?;
        let (actor, now, today) = (actor.clone(), self.now(), self.today());
        let (key, digest) = (asking.id.to_string(), account.to_string());
        let is_first = self
            .write(move |identity, tx| {
                identity.governed(tx, &actor, account, today)?;
                let command = Command { scope: words::RESETS, key: &key, digest: &digest };
                match store::once::take(tx, command, "", now)? {
                    Once::New => {}
                    Once::Again(_) => return Ok(false),
                    Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                }
                let new = NewPassword { password: &hashed, must_change: true, keep: None };
                set_password(tx, account, &new, &actor, now)?;
                records::limit_password(tx, account, identity.password_until(now))?;
                Ok(true)
            })
            .await?;
        self.cache.forget(account);
        Ok(Settled::Done(is_first.then_some(fresh)))
    }

    /// Removes a colleague's one-time code, because the phone is lost, or asks for it.
    ///
    /// # Errors
    /// Fails as [`Identity::reset_password`] does, or when there is no code.
    pub async fn remove_code(self: &Arc<Self>, actor: &Actor, asking: Asking) -> Result<Settled<()>, IdentityError> {
        if self.rules.two_people {
            return self.ask_about(actor, words::ASK_CODE, asking).await.map(Settled::Asked);
        }
        let account = asking.account;
        let (actor, now, today) = (actor.clone(), self.now(), self.today());
        self.write(move |identity, tx| {
            identity.governed(tx, &actor, account, today)?;
            drop_code(tx, &identity.vault, account, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(Settled::Done(()))
    }

    /// Closes a colleague's account, or asks for it.
    ///
    /// # Errors
    /// Fails as [`Identity::reset_password`] does.
    pub async fn close_colleague(
        self: &Arc<Self>,
        actor: &Actor,
        asking: Asking,
    ) -> Result<Settled<()>, IdentityError> {
        if self.rules.two_people {
            return self.ask_about(actor, words::ASK_CLOSE, asking).await.map(Settled::Asked);
        }
        let account = asking.account;
        let (actor, now, today) = (actor.clone(), self.now(), self.today());
        self.write(move |identity, tx| {
            identity.governed(tx, &actor, account, today)?;
            close_staff(tx, &identity.vault, account, today, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(Settled::Done(()))
    }

    /// Asks for something about an account. The request lies at one of its posts, so that whoever may confirm it finds
    /// it: at one that is held or to come, if there is one.
    async fn ask_about(
        self: &Arc<Self>,
        actor: &Actor,
        kind: &'static str,
        asking: Asking,
    ) -> Result<NewlyAsked, IdentityError> {
        let Asking { id, account, why } = asking;
        let (by, today) = (actor.clone(), self.today());
        let post = self
            .read(move |_, tx| {
                in_scope(tx, &by, May::AccountManage, account)?;
                let scopes = by.scopes(May::AccountManage);
                let inside = |post: &Post| scopes.iter().any(|scope| scope.covers(&post.target()));
                let mut posts: Vec<Post> = records::posts(tx, account)?.into_iter().filter(inside).collect();
                posts.sort_by_key(|post| post.to.is_some_and(|to| to < today));
                posts.into_iter().next().ok_or(IdentityError::NotFound)
            })
            .await?;
        let Post { place, department, .. } = post;
        let detail = serde_json::json!({});
        self.ask(actor, NewRequest { id, kind, place, department, subject: Some(account), detail, why }).await
    }

    /// Returns until when a password that somebody else has seen is good.
    pub(crate) fn password_until(&self, now: Instant) -> Instant {
        now.plus_minutes(i64::from(self.rules.reset_hours).saturating_mul(60))
    }

    pub(crate) fn today(&self) -> Date {
        self.settings.zone.date(self.now())
    }

    pub(super) fn governed(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        account: Uuid,
        today: Date,
    ) -> Result<(), IdentityError> {
        in_scope(tx, actor, May::AccountManage, account)?;
        let posts = records::posts(tx, account)?;
        Ok(rules::may_govern(actor, &self.roles, account, &posts, today)?)
    }
}

/// Returns the account if it has a post inside the places where the actor has the permission.
pub(super) fn in_scope(
    tx: &mut dyn Tx,
    actor: &Actor,
    permission: Permission,
    id: Uuid,
) -> Result<Account, IdentityError> {
    if !records::staff_in_scope(tx, &actor.scopes(permission), id)? {
        return Err(IdentityError::NotFound);
    }
    records::account(tx, id)?.ok_or(IdentityError::NotFound)
}
