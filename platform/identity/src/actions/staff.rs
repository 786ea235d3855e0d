//! Colleagues as their manager sees them: only those with a post inside the manager's own places.

use super::{EndingPost, NewPassword, close_staff, drop_code, end_post, give_post, open_staff, set_password};
use crate::permissions::May;
use crate::records::{self, Account, StaffRow};
use crate::rules::{self, Post};
use crate::{Identity, IdentityError, NewStaff, password};
use kernel::permission::{Actor, Permission};
use kernel::time::Date;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Tx;
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

    /// Opens an account with a first post and a generated password. The password is returned, so that it can be handed
    /// over once.
    ///
    /// # Errors
    /// Fails as [`open_staff`] and [`give_post`] do.
    pub async fn open_colleague(
        self: &Arc<Self>,
        actor: &Actor,
        new: NewColleague,
    ) -> Result<(Uuid, Zeroizing<String>), IdentityError> {
        let first = password::generate_password()?;
        let hashed = self.hash(first.clone()).await?;
        let (id, now, district, actor) = (Uuid::now_v7(), self.now(), self.district(), actor.clone());
        self.write(move |identity, tx| {
            let (login, name) = (new.login.clone(), new.name.clone());
            let staff = NewStaff { id, district, login, name, password: hashed.clone(), must_change: true };
            open_staff(tx, &staff, &actor, now)?;
            give_post(tx, id, &new.post, &identity.roles, &actor, now)
        })
        .await?;
        Ok((id, first))
    }

    /// Gives a colleague one more post.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] outside the actor's places, and as [`give_post`] does.
    pub async fn add_post(self: &Arc<Self>, actor: &Actor, account: Uuid, post: Post) -> Result<(), IdentityError> {
        let (actor, now) = (actor.clone(), self.now());
        self.write(move |identity, tx| {
            in_scope(tx, &actor, May::AccountManage, account)?;
            give_post(tx, account, &post, &identity.roles, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }

    /// Ends a colleague's post.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] outside the actor's places, and as [`end_post`] does.
    pub async fn remove_post(self: &Arc<Self>, actor: &Actor, ending: EndingPost) -> Result<(), IdentityError> {
        let (actor, account, now) = (actor.clone(), ending.account, self.now());
        self.write(move |identity, tx| {
            in_scope(tx, &actor, May::AccountManage, account)?;
            end_post(tx, ending, &identity.roles, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }

    /// Gives a colleague a generated password that must be changed at the next sign-in. The one-time code is turned
    /// off, because the phone may be lost too, and every session ends.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`], or when the account has a post that the actor could not have given.
    pub async fn reset_password(
        self: &Arc<Self>,
        actor: &Actor,
        account: Uuid,
    ) -> Result<Zeroizing<String>, IdentityError> {
        let fresh = password::generate_password()?;
        let hashed = self.hash(fresh.clone()).await?;
        let (actor, now, today) = (actor.clone(), self.now(), self.today());
        self.write(move |identity, tx| {
            identity.governed(tx, &actor, account, today)?;
            drop_code(tx, &identity.vault, account, &actor, now)?;
            let new = NewPassword { password: &hashed, must_change: true, keep: None };
            set_password(tx, account, &new, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(fresh)
    }

    /// Closes a colleague's account.
    ///
    /// # Errors
    /// Fails as [`Identity::reset_password`] does.
    pub async fn close_colleague(self: &Arc<Self>, actor: &Actor, account: Uuid) -> Result<(), IdentityError> {
        let (actor, now, today) = (actor.clone(), self.now(), self.today());
        self.write(move |identity, tx| {
            identity.governed(tx, &actor, account, today)?;
            close_staff(tx, &identity.vault, account, today, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }

    pub(crate) fn today(&self) -> Date {
        self.settings.zone.date(self.now())
    }

    fn governed(&self, tx: &mut dyn Tx, actor: &Actor, account: Uuid, today: Date) -> Result<(), IdentityError> {
        in_scope(tx, actor, May::AccountManage, account)?;
        let posts = records::posts(tx, account)?;
        Ok(rules::may_govern(actor, &self.roles, account, &posts, today)?)
    }
}

/// Returns the account if it has a post inside the places where the actor has the permission.
fn in_scope(tx: &mut dyn Tx, actor: &Actor, permission: Permission, id: Uuid) -> Result<Account, IdentityError> {
    if !records::staff_in_scope(tx, &actor.scopes(permission), id)? {
        return Err(IdentityError::NotFound);
    }
    records::account(tx, id)?.ok_or(IdentityError::NotFound)
}
