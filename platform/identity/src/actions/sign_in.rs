//! Sign-in asks for the password, then for a one-time code where it is on, and keeps the limits. Sign-out is here too.

use super::guessing::as_checked;
use super::{note, to_change};
use crate::device::Device;
use crate::records::{self, Account, Session};
use crate::refusals::Why;
use crate::token::{Token, TokenDigest};
use crate::{Identity, IdentityError, code, rules, words};
use kernel::identifier::Telephone;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use std::sync::Arc;
use store::Tx;
use tries::Reserved;
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
    device: Device,
    token: Token,
    replaces: Option<TokenDigest>,
    session: Uuid,
    now: Instant,
}

/// A password that was checked before the transaction, and what it was checked against.
struct Checked {
    right: bool,
    /// Whether everybody tries this password first.
    common: bool,
    stored: Option<String>,
    reserved: Reserved,
}

impl Identity {
    /// Checks login and password. An unknown login and a wrong password get the same answer after the same work. The
    /// try is counted before it is checked.
    ///
    /// # Errors
    /// [`Why::IdentityWrongCredentials`]; [`kernel::refusal::Code::RequestTooMany`] while the next try has to wait;
    /// [`IdentityError::Busy`] when too many passwords wait to be checked, which counts as no try.
    pub async fn sign_in(self: &Arc<Self>, attempt: Attempt) -> Result<SignedIn, IdentityError> {
        let Attempt { login, password, device, replaces } = attempt;
        let step = self.step(&device, replaces.as_ref())?;
        let now = step.now;
        let (found, limits) = self
            .read(move |identity, tx| {
                let found = identity.account_for_sign_in(tx, &login)?;
                let target = identity.target(found.as_ref().map(|account| account.id), &login);
                let limits = identity.limits(target, &device, now);
                tries::look(tx, &limits, now)??;
                Ok((found, limits))
            })
            .await?;
        let reserved = self.write(move |_, tx| Ok(tries::reserve(tx, &limits, now)??)).await?;
        let stored = found.as_ref().and_then(|account| account.password.clone());
        let common = rules::is_common(&password);
        let password = match &found {
            Some(account) => as_checked(account, password),
            None => password,
        };
        let right = self.verify_reserved(password, stored.clone(), &reserved).await?;
        let checked = Checked { right, common, stored, reserved };
        let (id, token, origin) = (found.map(|account| account.id), step.token.clone(), step.device.origin.clone());
        let stage = self.write(move |identity, tx| identity.settle_password(tx, id, &checked, &step)).await?;
        let done = match stage {
            Some(words::STAGE_FULL) => "signed in",
            Some(_) => "password right, code asked for",
            None => "account or password wrong",
        };
        tell(id, &origin, done);
        match stage {
            Some(words::STAGE_FULL) => Ok(SignedIn::Full(token)),
            Some(_) => Ok(SignedIn::CodeNeeded(token)),
            None => Err(Refusal::new(Why::IdentityWrongCredentials).into()),
        }
    }

    /// Checks a password for which a try is reserved. A password that could not be checked gives its try back.
    pub(super) async fn verify_reserved(
        self: &Arc<Self>,
        password: Zeroizing<String>,
        stored: Option<String>,
        reserved: &Reserved,
    ) -> Result<bool, IdentityError> {
        let checked = self.verify(password, stored).await;
        if checked.is_err() {
            let (reserved, now) = (reserved.clone(), self.now());
            self.write(move |_, tx| Ok(reserved.give_back(tx, now)?)).await?;
        }
        checked
    }

    /// Checks the one-time code of a session that waits for it. The session gets a new token.
    ///
    /// # Errors
    /// [`Why::IdentityTotpWrong`], [`Why::IdentitySessionEnded`] when it took too long;
    /// [`kernel::refusal::Code::RequestTooMany`] while the next try has to wait.
    pub async fn enter_code(
        self: &Arc<Self>,
        waiting: &Token,
        code: Zeroizing<String>,
        device: &Device,
    ) -> Result<Token, IdentityError> {
        let step = self.step(device, Some(waiting))?;
        let (token, origin) = (step.token.clone(), step.device.origin.clone());
        let (account, right) = self.write(move |identity, tx| identity.settle_code(tx, &code, &step)).await?;
        tell(Some(account), &origin, if right { "signed in with a code" } else { "code wrong or used before" });
        if right { Ok(token) } else { Err(Refusal::new(Why::IdentityTotpWrong).field("code").into()) }
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
        tell(account, "", "signed out");
        Ok(())
    }

    fn step(&self, device: &Device, replaces: Option<&Token>) -> Result<Step, IdentityError> {
        Ok(Step {
            device: device.clone(),
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

    /// Returns the stage of the new session, or none when the try was wrong and stays counted.
    fn settle_password(
        &self,
        tx: &mut dyn Tx,
        account: Option<Uuid>,
        checked: &Checked,
        step: &Step,
    ) -> Result<Option<&'static str>, IdentityError> {
        let account = match account {
            Some(id) => records::account_to_change(tx, id)?.filter(|account| account.closed_at.is_none()),
            None => None,
        };
        match account {
            Some(account) if checked.right && account.password == checked.stored && !account.lapsed(step.now) => {
                to_be_changed(tx, &account, checked, step.now)?;
                let stage = if account.code_on { words::STAGE_CODE } else { words::STAGE_FULL };
                self.begin_session(tx, &account, stage, step, &checked.reserved)?;
                Ok(Some(stage))
            }
            Some(account) => self.note_wrong(tx, &account, &checked.reserved, step.now).map(|()| None),
            None => Ok(None),
        }
    }

    /// Says whose code it is and whether it is right. A wrong one stays counted.
    fn settle_code(&self, tx: &mut dyn Tx, code: &str, step: &Step) -> Result<(Uuid, bool), IdentityError> {
        let ended = || IdentityError::from(Refusal::new(Why::IdentitySessionEnded));
        let waiting = records::session(tx, step.replaces.as_ref().unwrap_or(&[0; 32]))?;
        let waiting = waiting.filter(|waiting| waiting.stage == words::STAGE_CODE && step.now < waiting.expires_at);
        let account = to_change(tx, waiting.ok_or_else(ended)?.account)?;
        if !account.code_on {
            return Err(ended());
        }
        let limits = self.limits(self.target_account(account.id), &step.device, step.now);
        let reserved = tries::reserve(tx, &limits, step.now)??;
        let secret = self.vault.secret(tx, words::CODE_SECRET, account.id)?.ok_or_else(ended)?;
        let drift = self.rules.code_drift_steps;
        let Some(accepted) = code::accept(&secret, code, step.now, drift, account.code_step) else {
            self.note_wrong(tx, &account, &reserved, step.now)?;
            return Ok((account.id, false));
        };
        records::update_code(tx, account.id, true, Some(accepted))?;
        self.begin_session(tx, &account, words::STAGE_FULL, step, &reserved)?;
        Ok((account.id, true))
    }

    /// Begins a session with a new token in place of the one that the browser had. Only a complete sign-in forgets
    /// wrong tries. Otherwise somebody who has the password could try codes without end.
    fn begin_session(
        &self,
        tx: &mut dyn Tx,
        account: &Account,
        stage: &str,
        step: &Step,
        reserved: &Reserved,
    ) -> Result<(), IdentityError> {
        let complete = stage == words::STAGE_FULL;
        if let Some(replaced) = &step.replaces {
            records::delete_session(tx, replaced)?;
        }
        if complete {
            self.forget_wrong(tx, account, reserved, step.now)?;
        } else {
            reserved.give_back(tx, step.now)?;
        }
        let hours = i64::from(self.rules.session_hours).saturating_mul(60);
        let minutes = if complete { hours } else { i64::from(self.rules.code_minutes) };
        let session = Session {
            id: step.session,
            account: account.id,
            stage: stage.to_owned(),
            device: step.device.name.clone(),
            opened_at: step.now,
            seen_at: step.now,
            expires_at: step.now.plus_minutes(minutes),
        };
        Ok(records::insert_session(tx, &step.token.digest(), &session)?)
    }
}

/// Has a password changed that everybody tries first. It was set before the list of such passwords held it.
fn to_be_changed(tx: &mut dyn Tx, account: &Account, checked: &Checked, now: Instant) -> Result<(), IdentityError> {
    let stored = checked.stored.as_deref().filter(|_| checked.common && !account.must_change);
    let Some(stored) = stored else { return Ok(()) };
    records::update_password(tx, account.id, stored, true)?;
    note(tx, account, words::PASSWORD_COMMON, &json!({}), &Actor::system(), now)
}

/// Tells the log what became of a try to sign in: whose account, from where, and never what was typed.
fn tell(account: Option<Uuid>, origin: &str, done: &str) {
    let account = account.map_or_else(String::new, |account| account.to_string());
    tracing::info!(target: web::SECURITY, account, origin, done, "sign-in");
}
