//! Work on the master keys at the command line: two people confirm it in the browser first.

use crate::records;
use crate::refusals::Why;
use crate::roles::Role;
use crate::rules::{Outcome, Post};
use crate::{Identity, IdentityError, May, words};
use kernel::permission::{Actor, Target, may};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Tx;
use uuid::Uuid;

/// The most posts that are looked at.
const MANY: i64 = 1_000;

/// Work on the master keys that begins at the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse<'a> {
    /// The work, as the command line calls it.
    pub work: &'a str,
    /// The name of the key that is retired. Other work names none.
    pub key: Option<&'a str>,
}

impl Identity {
    /// Uses a confirmed request for work on the master keys at the command line. It is good once, until it expires; a
    /// rotation may be interrupted and goes on with it. Each use is an event.
    ///
    /// # Errors
    /// Nobody confirmed it, it is for other work or another key, it was used, or it has expired.
    pub fn use_confirmed(
        &self,
        tx: &mut dyn Tx,
        id: Uuid,
        using: &KeyUse<'_>,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let found = records::request_to_change(tx, id)?.filter(|request| {
            let asked: Value = serde_json::from_str(&request.detail).unwrap_or_default();
            let says = |name: &str| asked.get(name).and_then(Value::as_str);
            request.kind == words::ASK_KEYS
                && request.outcome.as_deref() == Some(Outcome::Confirmed.code())
                && now < request.expires_at
                && says("work") == Some(using.work)
                && says("key") == using.key
        });
        let request = found.ok_or_else(|| Refusal::new(Why::IdentityNotConfirmed))?;
        let events = store::log::read(tx, self.district(), request.id)?;
        if using.work != words::ROTATE && events.iter().any(|event| event.kind == words::REQUEST_USED) {
            return Err(Refusal::new(Why::IdentityConfirmationUsed).into());
        }
        self.note_request(tx, &request, words::REQUEST_USED, &Actor::system(), now)
    }

    /// Returns how many people could ask for work on the master keys or confirm it today.
    ///
    /// # Errors
    /// The store failed.
    pub fn key_holders(&self, tx: &mut dyn Tx, now: Instant) -> Result<usize, IdentityError> {
        Ok(self.holders(tx, self.settings.zone.date(now))?.len())
    }

    /// Returns how many people hold or held a post with which one could ask for work on the master keys. Whoever lost
    /// it since counts: nobody becomes the only one by taking it from another, whatever day he writes for its end.
    ///
    /// # Errors
    /// The store failed.
    pub fn key_holders_ever(&self, tx: &mut dyn Tx, now: Instant) -> Result<usize, IdentityError> {
        let today = self.settings.zone.date(now);
        let begun = self.managing(tx, today)?.into_iter().map(|(account, _)| account);
        Ok(begun.collect::<BTreeSet<Uuid>>().len())
    }

    /// Returns who manages the accounts of the whole city on a day.
    pub(super) fn holders(&self, tx: &mut dyn Tx, today: Date) -> Result<Vec<Uuid>, IdentityError> {
        let held = self.managing(tx, today)?.into_iter().filter(|(_, post)| post.held(today));
        let home = Target { place: self.settings.home.clone(), department: None };
        let mut holders = Vec::new();
        for account in held.map(|(account, _)| account).collect::<BTreeSet<Uuid>>() {
            let manages = match super::actor(tx, account, today, &self.roles) {
                Err(IdentityError::NotFound) => false,
                found => may(&found?, May::AccountManage, &home).is_ok(),
            };
            if manages {
                holders.push(account);
            }
        }
        Ok(holders)
    }

    /// Returns the posts that began by a day and give the management of the accounts of the whole city, whatever became
    /// of them, each with its account.
    fn managing(&self, tx: &mut dyn Tx, by: Date) -> Result<Vec<(Uuid, Post)>, IdentityError> {
        let manage = |role: &&Role| role.permissions.contains(&May::AccountManage);
        let roles: Vec<&str> = self.roles.all().filter(manage).map(|role| role.code.as_str()).collect();
        let managing = records::Managing { place: &self.settings.home, roles: &roles };
        Ok(records::posts_begun(tx, &managing, by, MANY)?)
    }

    /// Writes down that work on the master keys was done at the command line without a confirmation, and why.
    ///
    /// # Errors
    /// The store failed.
    pub fn note_keys_alone(&self, tx: &mut dyn Tx, work: &str, why: &str, now: Instant) -> Result<(), IdentityError> {
        let detail = json!({ "work": work, "why": why });
        let act = store::log::Act {
            district: self.district(),
            stream: Uuid::new_v5(&Uuid::NAMESPACE_OID, words::KEYS_ALONE.as_bytes()),
            kind: words::KEYS_ALONE,
            detail: &detail,
            by: None,
            by_name: "",
            at: now,
        };
        Ok(store::log::note(tx, &act)?)
    }
}
