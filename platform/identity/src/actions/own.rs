//! Lets all people prove and change the password of their own account.

use super::guessing::as_checked;
use super::{Current, NewPassword, set_password, to_change};
use crate::refusals::Why;
use crate::{Identity, IdentityError, password, rules};
use kernel::refusal::Refusal;
use std::sync::Arc;
use zeroize::Zeroizing;

impl Identity {
    /// Checks that the visitor knows the own password. It is asked again before anything that cannot be undone. Wrong
    /// tries are counted like those at sign-in, but apart from them.
    ///
    /// # Errors
    /// [`Why::IdentityWrongCredentials`], [`kernel::refusal::Code::RequestTooMany`].
    pub(crate) async fn check_own_password(
        self: &Arc<Self>,
        current: &Current,
        password: Zeroizing<String>,
    ) -> Result<(), IdentityError> {
        let (account, now) = (current.account(), self.now());
        let (found, reserved) = self
            .write(move |identity, tx| {
                let found = to_change(tx, account)?;
                Ok((found, tries::reserve(tx, &[identity.limit_of_own(account)], now)??))
            })
            .await?;
        let password = as_checked(&found, password);
        if !self.verify_reserved(password, found.password, &reserved).await? {
            return Err(Refusal::new(Why::IdentityWrongCredentials).field("password").into());
        }
        self.write(move |_, tx| Ok(reserved.right(tx, now)?)).await
    }

    /// Changes the own password and ends every other session.
    ///
    /// # Errors
    /// Fails when the old password is wrong, or when the new one is too short, weak or the same.
    pub(crate) async fn change_own_password(
        self: &Arc<Self>,
        current: &Current,
        old: Zeroizing<String>,
        new: Zeroizing<String>,
    ) -> Result<(), IdentityError> {
        let record = current.record();
        let known = [record.name.as_str(), record.login.as_deref().unwrap_or_default()];
        rules::check_password(&new, &self.rules, &known)?;
        if password::as_handed(&old) == password::as_handed(&new) {
            return Err(Refusal::new(Why::IdentityPasswordSame).field("new").into());
        }
        self.check_own_password(current, old).await?;
        let hashed = self.hash(new).await?;
        let (account, session, now) = (current.account(), current.session(), self.now());
        let actor = self.actor_of(&current.snapshot, now);
        self.write(move |_, tx| {
            let new = NewPassword { password: &hashed, must_change: false, keep: Some(session) };
            set_password(tx, account, &new, &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }
}
