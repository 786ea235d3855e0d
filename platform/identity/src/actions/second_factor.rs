//! The one-time code: a secret is offered and confirmed with a first code. From then on sign-in asks for it.

use super::{Current, note, standing, to_change};
use crate::refusals::Why;
use crate::{Identity, IdentityError, code, records, rules, words};
use kernel::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;
use zeroize::Zeroizing;

/// What a person needs to set up an authenticator. It is shown once, and to nobody else.
pub struct CodeSetup {
    /// The key to type, in groups of four letters.
    pub key: Zeroizing<String>,
    /// The link that an authenticator on the same device opens.
    pub link: Zeroizing<String>,
}

impl Identity {
    /// Says whether one of the posts held today counts only once the one-time code is on, and it is not.
    pub(crate) fn wants_code(&self, current: &Current) -> bool {
        rules::wants_code(&current.snapshot.posts, &self.roles, self.today(), standing(current.record()))
    }

    /// Offers a secret: the one that waits for its first code, or else a fresh one. Nothing changes until
    /// [`Identity::confirm_code`].
    pub(crate) async fn offer_code(self: &Arc<Self>, current: &Current) -> Result<CodeSetup, IdentityError> {
        let (account, fresh) = (current.account(), code::new_secret()?);
        let secret = self
            .write(move |identity, tx| {
                if let Some(waiting) = identity.vault.secret(tx, words::CODE_SECRET_NEW, account)? {
                    return Ok(waiting);
                }
                identity.vault.put_secret(tx, words::CODE_SECRET_NEW, account, &fresh)?;
                Ok(fresh.clone())
            })
            .await?;
        let login = current.record().login.clone().unwrap_or_default();
        Ok(CodeSetup { key: code::shown_key(&secret), link: code::link(&secret, &self.settings.issuer, &login) })
    }

    /// Turns the code on with the first code of the offered secret and ends every other session.
    ///
    /// # Errors
    /// [`Why::IdentityTotpWrong`].
    pub(crate) async fn confirm_code(
        self: &Arc<Self>,
        current: &Current,
        typed: Zeroizing<String>,
    ) -> Result<(), IdentityError> {
        let (account, session, now) = (current.account(), current.session(), self.now());
        let actor = self.actor_of(&current.snapshot, now);
        self.write(move |identity, tx| {
            let wrong = || IdentityError::from(Refusal::new(Why::IdentityTotpWrong).field("code"));
            let found = to_change(tx, account)?;
            let secret = identity.vault.secret(tx, words::CODE_SECRET_NEW, account)?.ok_or_else(wrong)?;
            let step = code::accept(&secret, &typed, now, identity.rules.code_drift_steps, None).ok_or_else(wrong)?;
            identity.vault.put_secret(tx, words::CODE_SECRET, account, &secret)?;
            identity.vault.drop_secret(tx, words::CODE_SECRET_NEW, account)?;
            records::update_code(tx, account, true, Some(step))?;
            records::revoke_sessions(tx, account, session)?;
            note(tx, &found, words::CODE_TURNED_ON, &json!({}), &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }

    /// Turns the code off and ends every other session. It asks for the password and a last code, so that a phone found
    /// or a password seen is not enough.
    ///
    /// # Errors
    /// [`Why::IdentityWrongCredentials`], [`Why::IdentityTotpWrong`].
    pub(crate) async fn turn_code_off(
        self: &Arc<Self>,
        current: &Current,
        password: Zeroizing<String>,
        typed: Zeroizing<String>,
    ) -> Result<(), IdentityError> {
        self.check_own_password(current, password).await?;
        let (account, session, now) = (current.account(), current.session(), self.now());
        let actor = self.actor_of(&current.snapshot, now);
        let right = self
            .write(move |identity, tx| {
                let found = to_change(tx, account)?;
                let reserved = tries::reserve(tx, &[identity.limit_of_own(account)], now)??;
                let secret = identity.vault.secret(tx, words::CODE_SECRET, account)?.unwrap_or_default();
                let drift = identity.rules.code_drift_steps;
                if code::accept(&secret, &typed, now, drift, found.code_step).is_none() {
                    return Ok(false);
                }
                reserved.right(tx, now)?;
                identity.vault.drop_secret(tx, words::CODE_SECRET, account)?;
                records::update_code(tx, account, false, None)?;
                records::revoke_sessions(tx, account, session)?;
                note(tx, &found, words::CODE_TURNED_OFF, &json!({}), &actor, now)?;
                Ok(true)
            })
            .await?;
        self.cache.forget(account);
        if right { Ok(()) } else { Err(Refusal::new(Why::IdentityTotpWrong).field("code").into()) }
    }
}
