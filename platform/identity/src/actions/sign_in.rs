//! Sign-in asks for the password, then for a one-time code where it is on, and keeps the limits. Sign-out is here too.

use super::{note, to_change};
use crate::device::Device;
use crate::records::{self, Account, Session};
use crate::refusals::Why;
use crate::rules::Tries;
use crate::token::{Token, TokenDigest};
use crate::{Identity, IdentityError, code, words};
use kernel::identifier::Telephone;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

/// A try to sign in.
#[derive(Clone)]
pub struct Attempt {
    /// The login of staff, or the telephone of a resident.
    pub login: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// The device from which the try comes.
    pub device: Device,
    /// The session that the browser had. It ends.
    pub replaces: Option<Token>,
}

/// The result of a right password.
#[derive(Clone, Debug)]
pub enum SignedIn {
    /// The person is signed in.
    Full(Token),
    /// The code is asked for next. The token is good for that alone.
    CodeNeeded(Token),
}

/// What one step of sign-in works with.
#[derive(Clone)]
struct Step {
    address: Vec<u8>,
    device: String,
    token: Token,
    replaces: Option<TokenDigest>,
    session: Uuid,
    now: Instant,
}

/// A password that was checked before the transaction, and what it was checked against.
struct Checked {
    right: bool,
    stored: Option<String>,
}

impl Identity {
    /// Checks login and password. An unknown login, a wrong password and a locked account get the same answer after the
    /// same work.
    ///
    /// # Errors
    /// [`Why::IdentityWrongCredentials`]; [`Code::RequestTooMany`] when the network address is locked.
    pub async fn sign_in(self: &Arc<Self>, attempt: Attempt) -> Result<SignedIn, IdentityError> {
        let step = self.step(&attempt.device, attempt.replaces.as_ref())?;
        let (login, address, now) = (attempt.login, step.address.clone(), step.now);
        let found = self
            .read(move |identity, tx| {
                refuse_locked_address(records::address_tries(tx, &address, false)?, now)?;
                identity.account_for_sign_in(tx, &login)
            })
            .await?;
        let stored = found.as_ref().and_then(|account| account.password.clone());
        let right = self.verify(attempt.password, stored.clone()).await?;
        let checked = Checked { right, stored };
        let (id, token) = (found.map(|account| account.id), step.token.clone());
        let stage = self.write(move |identity, tx| identity.settle_password(tx, id, &checked, &step)).await?;
        match stage {
            Some(words::STAGE_FULL) => Ok(SignedIn::Full(token)),
            Some(_) => Ok(SignedIn::CodeNeeded(token)),
            None => Err(Refusal::new(Why::IdentityWrongCredentials).into()),
        }
    }

    /// Checks the one-time code of a session that waits for it. The session gets a new token.
    ///
    /// # Errors
    /// [`Why::IdentityTotpWrong`], [`Why::IdentitySessionEnded`] when it took too long or the account was locked.
    pub async fn enter_code(
        self: &Arc<Self>,
        waiting: &Token,
        code: Zeroizing<String>,
        device: &Device,
    ) -> Result<Token, IdentityError> {
        let step = self.step(device, Some(waiting))?;
        let token = step.token.clone();
        if self.write(move |identity, tx| identity.settle_code(tx, &code, &step)).await? {
            Ok(token)
        } else {
            Err(Refusal::new(Why::IdentityTotpWrong).field("code").into())
        }
    }

    /// Ends the session of a token.
    pub async fn sign_out(self: &Arc<Self>, token: &Token) -> Result<(), IdentityError> {
        let digest = token.digest();
        let account = self
            .write(move |_, tx| {
                let account = records::session(tx, &digest)?.map(|session| session.account);
                records::delete_session(tx, &digest)?;
                Ok(account)
            })
            .await?;
        self.cache.forget(account.unwrap_or_default());
        Ok(())
    }

    fn step(&self, device: &Device, replaces: Option<&Token>) -> Result<Step, IdentityError> {
        Ok(Step {
            address: self.address_digest(&device.address),
            device: device.name.clone(),
            token: Token::new()?,
            replaces: replaces.map(Token::digest),
            session: Uuid::now_v7(),
            now: self.now(),
        })
    }

    fn account_for_sign_in(&self, tx: &mut dyn Tx, login: &str) -> Result<Option<Account>, IdentityError> {
        let found = match Telephone::parse(login) {
            Ok(telephone) => records::account_by_telephone(tx, &self.telephone_digest(telephone.as_str()))?,
            Err(_) => records::account_by_login(tx, &login.trim().to_lowercase())?,
        };
        Ok(found.filter(|account| account.closed_at.is_none()))
    }

    /// Returns the stage of the new session, or none when the try was wrong and was counted.
    fn settle_password(
        &self,
        tx: &mut dyn Tx,
        account: Option<Uuid>,
        checked: &Checked,
        step: &Step,
    ) -> Result<Option<&'static str>, IdentityError> {
        let address = records::address_tries(tx, &step.address, true)?;
        refuse_locked_address(address, step.now)?;
        let account = match account {
            Some(id) => records::account_to_change(tx, id)?.filter(|account| account.closed_at.is_none()),
            None => None,
        };
        let accepted = |account: &Account| {
            checked.right && account.password == checked.stored && !account.tries().locked(step.now)
        };
        match account {
            Some(account) if accepted(&account) => {
                let stage = if account.code_on { words::STAGE_CODE } else { words::STAGE_FULL };
                self.begin_session(tx, &account, stage, step)?;
                Ok(Some(stage))
            }
            wrong => {
                self.count_failure(tx, wrong.as_ref(), address, step)?;
                Ok(None)
            }
        }
    }

    /// Says whether the code is right. A wrong one is counted.
    fn settle_code(&self, tx: &mut dyn Tx, code: &str, step: &Step) -> Result<bool, IdentityError> {
        let ended = || IdentityError::from(Refusal::new(Why::IdentitySessionEnded));
        let address = records::address_tries(tx, &step.address, true)?;
        refuse_locked_address(address, step.now)?;
        let waiting = records::session(tx, step.replaces.as_ref().unwrap_or(&[0; 32]))?;
        let waiting = waiting.filter(|waiting| waiting.stage == words::STAGE_CODE && step.now < waiting.expires_at);
        let account = to_change(tx, waiting.ok_or_else(ended)?.account)?;
        if account.tries().locked(step.now) || !account.code_on {
            return Err(ended());
        }
        let secret = self.vault.secret(tx, words::CODE_SECRET, account.id)?.ok_or_else(ended)?;
        let drift = self.rules.code_drift_steps;
        let Some(accepted) = code::accept(&secret, code, step.now, drift, account.code_step) else {
            self.count_failure(tx, Some(&account), address, step)?;
            return Ok(false);
        };
        records::update_code(tx, account.id, true, Some(accepted))?;
        self.begin_session(tx, &account, words::STAGE_FULL, step)?;
        Ok(true)
    }

    /// Begins a session with a new token in place of the one that the browser had. Only a complete sign-in forgets
    /// wrong tries. Otherwise somebody who has the password could try codes without end.
    fn begin_session(&self, tx: &mut dyn Tx, account: &Account, stage: &str, step: &Step) -> Result<(), IdentityError> {
        let complete = stage == words::STAGE_FULL;
        if let Some(replaced) = &step.replaces {
            records::delete_session(tx, replaced)?;
        }
        if complete && account.failures > 0 {
            records::update_tries(tx, account.id, Tries::default())?;
        }
        let hours = i64::from(self.rules.session_hours).saturating_mul(60);
        let minutes = if complete { hours } else { i64::from(self.rules.code_minutes) };
        let session = Session {
            id: step.session,
            account: account.id,
            stage: stage.to_owned(),
            device: step.device.clone(),
            opened_at: step.now,
            seen_at: step.now,
            expires_at: step.now.plus_minutes(minutes),
        };
        Ok(records::insert_session(tx, &step.token.digest(), &session)?)
    }

    /// Counts a wrong try for the account, if there is one, and for the network address.
    fn count_failure(
        &self,
        tx: &mut dyn Tx,
        account: Option<&Account>,
        address: Tries,
        step: &Step,
    ) -> Result<(), IdentityError> {
        let rules = &self.rules;
        let counted = address.failed(step.now, rules.address_failures, rules.address_minutes);
        records::write_address_tries(tx, &step.address, counted)?;
        match account {
            Some(account) => self.count_account_failure(tx, account, step.now),
            None => Ok(()),
        }
    }

    /// Counts a wrong try for an account. The try that locks it is an event.
    pub(super) fn count_account_failure(
        &self,
        tx: &mut dyn Tx,
        account: &Account,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let rules = &self.rules;
        let before = account.tries();
        let after = before.failed(now, rules.lockout_failures, rules.lockout_minutes);
        records::update_tries(tx, account.id, after)?;
        if after.locked(now) && !before.locked(now) {
            let detail = json!({ "failures": after.failures, "minutes": rules.lockout_minutes });
            note(tx, account, words::ACCOUNT_LOCKED, &detail, &Actor::system(), now)?;
        }
        Ok(())
    }
}

pub(super) fn refuse_locked_address(tries: Tries, now: Instant) -> Result<(), Refusal> {
    match tries.locked_until {
        Some(until) if now < until => {
            Err(Refusal::new(Code::RequestTooMany).with("seconds", until.seconds_since(now).saturating_add(1)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_address_is_told_how_long_to_wait() {
        let at = |second: i64| Instant::from_micros(0).plus_seconds(second);
        let table = [
            (None, 0, None),
            (Some(at(900)), 0, Some("901")),
            (Some(at(900)), 899, Some("2")),
            (Some(at(900)), 900, None),
            (Some(at(900)), 5_000, None),
        ];
        for (locked_until, second, seconds) in table {
            let tries = Tries { locked_until, ..Tries::default() };
            let found = refuse_locked_address(tries, at(second)).err();
            assert_eq!(found.as_ref().map(|refusal| refusal.detail["seconds"].as_str()), seconds, "{second}");
            assert!(found.is_none_or(|refusal| refusal.code == Code::RequestTooMany));
        }
    }
}
