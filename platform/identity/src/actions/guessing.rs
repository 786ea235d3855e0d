//! Says where a try at a password or a code is counted. A device on which somebody signed in has a count of its own, so
//! that what strangers guess slows neither her account nor her network for her.

use super::note;
use crate::device::Device;
use crate::records::{self, Account};
use crate::{Identity, IdentityError, password, rules, words};
use kernel::identifier::Telephone;
use kernel::permission::Actor;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use tries::{Digest, Limit, Reserved};
use uuid::Uuid;
use zeroize::Zeroizing;

impl Identity {
    /// Returns what is guessed at: an account, or a login that nobody has. Both are counted alike, so that the wait
    /// does not tell which logins there are.
    pub(super) fn target(&self, account: Option<Uuid>, login: &str) -> Digest {
        match (account, Telephone::parse(login)) {
            (Some(id), _) => self.target_account(id),
            (None, Ok(telephone)) => self.guard.digest("sign-in nobody", telephone.as_str()),
            (None, Err(_)) => self.guard.digest("sign-in nobody", &login.trim().to_lowercase()),
        }
    }

    pub(super) fn target_account(&self, account: Uuid) -> Digest {
        self.guard.digest("sign-in account", &account.to_string())
    }

    /// Returns where a try at sign-in is counted: at the device's own count where the target knows the device, else at
    /// the target and at the network address.
    pub(super) fn limits(&self, target: Digest, device: &Device, now: Instant) -> Vec<Limit> {
        let pace = self.rules.account_pace();
        if let Some(digest) = self.guard.known(device.known.as_deref(), &target, now) {
            return vec![Limit { digest, pace, cleared: true }];
        }
        vec![Limit { digest: target, pace, cleared: true }, self.limit_of_address("sign-in from", device)]
    }

    /// Returns the count of a network address.
    pub(super) fn limit_of_address(&self, kind: &str, device: &Device) -> Limit {
        let digest = self.guard.origin(kind, &device.address);
        Limit { digest, pace: self.rules.address_pace(), cleared: false }
    }

    /// Returns the count of somebody who is signed in and gives the own password or code again. It is not the count of
    /// sign-in: neither slows the other.
    pub(super) fn limit_of_own(&self, account: Uuid) -> Limit {
        let digest = self.guard.digest("own password", &account.to_string());
        Limit { digest, pace: self.rules.account_pace(), cleared: true }
    }

    /// Notes a wrong try of a stranger at an account. The one from which tries wait is an event.
    pub(super) fn note_wrong(
        &self,
        tx: &mut dyn Tx,
        account: &Account,
        reserved: &Reserved,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let Some(count) = reserved.count_of(&self.target_account(account.id)) else { return Ok(()) };
        records::note_tries(tx, account.id, count.wrong, now, count.free_at)?;
        if count.wrong == self.rules.account_pace().free_tries {
            let detail = json!({ "failures": count.wrong });
            note(tx, account, words::ACCOUNT_LOCKED, &detail, &Actor::system(), now)?;
        }
        Ok(())
    }

    /// Forgets wrong tries after a complete sign-in. Those of strangers stay when a known device signed in.
    pub(super) fn forget_wrong(
        &self,
        tx: &mut dyn Tx,
        account: &Account,
        reserved: &Reserved,
        now: Instant,
    ) -> Result<(), IdentityError> {
        reserved.right(tx, now)?;
        if account.failures > 0 && reserved.count_of(&self.target_account(account.id)).is_some() {
            records::clear_tries(tx, account.id)?;
        }
        Ok(())
    }

    /// Returns the `Set-Cookie` that makes a device known for an account.
    pub(crate) fn known_cookie(&self, account: Uuid, device: &Device) -> Option<String> {
        let (target, days) = (self.target_account(account), i64::from(self.rules.device_days));
        self.guard.remember(device.known.as_deref(), &target, self.now(), days)
    }
}

/// Returns a password as it is checked. While an account must change its password, that is mostly one that was handed
/// over, so hyphens and blanks do not matter. One that everybody tries first was never handed over.
pub(super) fn as_checked(account: &Account, typed: Zeroizing<String>) -> Zeroizing<String> {
    let handed = account.must_change && !rules::is_common(&typed);
    if handed { password::as_handed(&typed) } else { typed }
}
