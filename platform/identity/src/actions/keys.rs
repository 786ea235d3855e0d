//! Work on the master keys at the command line: two people confirm it in the browser first.

use crate::records;
use crate::refusals::Why;
use crate::rules::Outcome;
use crate::{Identity, IdentityError, May, words};
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Value, json};
use store::Tx;
use uuid::Uuid;

/// The most people on duty that are looked at.
const MANY: i64 = 200;

impl Identity {
    /// Uses a confirmed request for work on the master keys at the command line. It is good until it expires, because
    /// such work may be interrupted; each use is an event.
    ///
    /// # Errors
    /// Nobody confirmed it, it is for other work, or it has expired.
    pub fn use_confirmed(&self, tx: &mut dyn Tx, id: Uuid, work: &str, now: Instant) -> Result<(), IdentityError> {
        let found = records::request_to_change(tx, id)?.filter(|request| {
            let asked: Value = serde_json::from_str(&request.detail).unwrap_or_default();
            request.kind == words::ASK_KEYS
                && request.outcome.as_deref() == Some(Outcome::Confirmed.code())
                && now < request.expires_at
                && asked.get("work").and_then(Value::as_str) == Some(work)
        });
        let request = found.ok_or_else(|| Refusal::new(Why::IdentityNotConfirmed))?;
        self.note_request(tx, &request, words::REQUEST_USED, &Actor::system(), now)
    }

    /// Returns how many people could ask for work on the master keys or confirm it today.
    ///
    /// # Errors
    /// The store failed.
    pub fn key_holders(&self, tx: &mut dyn Tx, now: Instant) -> Result<usize, IdentityError> {
        let today = self.settings.zone.date(now);
        let on_duty = records::on_duty(tx, &self.settings.home, today, MANY)?;
        let mut accounts: Vec<Uuid> = on_duty.into_iter().map(|one| one.account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut holders = 0;
        for account in accounts {
            holders += usize::from(super::actor(tx, account, today, &self.roles)?.has(May::AccountManage));
        }
        Ok(holders)
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
