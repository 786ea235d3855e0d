//! The kinds of requests of accounts themselves: posts, new accounts, passwords, second factors, closings, keys.

use super::accounts::free_name;
use super::asking::{Fact, Handed, Said};
use super::detail::{PostDetail, detail, post_of, unreadable};
use super::ending::EndPost;
use super::facts::{person, post_facts, subject};
use super::listing::OpenAccounts;
use super::posts::may_give;
use super::staff::in_scope;
use super::{NewPassword, NewStaff, close_staff, drop_code, give_post, open_staff, set_password, to_change};
use crate::identity::{Doing, Kind};
use crate::password::HashedPassword;
use crate::records::{self, Account, Request};
use crate::refusals::Why;
use crate::rules;
use crate::{Identity, IdentityError, May, words};
use kernel::permission::{Actor, Target, may};
use kernel::refusal::Refusal;
use serde_json::Value;
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;

/// Returns the kinds that are there before any department registers its own.
pub fn own_kinds() -> Vec<Arc<dyn Kind>> {
    vec![
        Arc::new(GivePost),
        Arc::new(EndPost),
        Arc::new(OpenAccount),
        Arc::new(OpenAccounts),
        Arc::new(RESET_PASSWORD),
        Arc::new(REMOVE_CODE),
        Arc::new(CLOSE_ACCOUNT),
        Arc::new(KeyWork),
    ]
}

fn made<'a>(doing: &Doing<'a>) -> Result<&'a HashedPassword, IdentityError> {
    doing.passwords.first().ok_or_else(|| IdentityError::Failed("no password was made".to_owned()))
}

/// Checks that the account is one that somebody governs, and that it is open.
fn may_govern(
    identity: &Identity,
    tx: &mut dyn Tx,
    request: &Request,
    actor: &Actor,
) -> Result<Account, IdentityError> {
    let account = subject(request)?;
    identity.governed(tx, actor, account, identity.today())?;
    to_change(tx, account)
}

/// One more post for an account.
struct GivePost;

impl Kind for GivePost {
    fn code(&self) -> &'static str {
        words::ASK_POST
    }

    fn title(&self) -> &'static str {
        "identity-post-give"
    }

    fn effect(&self) -> &'static str {
        "identity-request-post-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["identity-name", "identity-role", "identity-place"]
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
        may_give(identity, &post_of(request)?, actor)?;
        to_change(tx, account).map(drop)
    }

    fn facts(&self, identity: &Identity, tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let mut facts = person(tx, subject(request)?)?;
        facts.extend(post_facts(identity, &post_of(request)?));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let (account, post) = (subject(doing.request)?, post_of(doing.request)?);
        give_post(tx, account, &post, &doing.identity.roles, doing.by, doing.now)?;
        Ok(None)
    }
}

/// An account with a first post.
struct OpenAccount;

impl Kind for OpenAccount {
    fn code(&self) -> &'static str {
        words::ASK_OPEN
    }

    fn title(&self) -> &'static str {
        "identity-staff-open"
    }

    fn effect(&self) -> &'static str {
        "identity-request-open-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["identity-name", "identity-login", "identity-role"]
    }

    /// There is one account of a login, whatever post it begins with.
    fn same_as(&self, request: &Request) -> String {
        detail(request).ok().and_then(|asked| asked.login).unwrap_or_default().to_lowercase()
    }

    fn halves(&self) -> bool {
        true
    }

    fn permits(
        &self,
        identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        may_give(identity, &post_of(request)?, actor)?;
        let PostDetail { login, name, .. } = detail(request)?;
        let (login, name) = (login.unwrap_or_default(), name.unwrap_or_default());
        free_name(tx, &login, &name)
    }

    fn facts(&self, identity: &Identity, _tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let PostDetail { login, name, .. } = detail(request)?;
        let mut facts = vec![
            Fact::text("identity-name", name.unwrap_or_default()),
            Fact::text("identity-login", login.unwrap_or_default()),
        ];
        facts.extend(post_facts(identity, &post_of(request)?));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let Doing { identity, request, by, now, .. } = *doing;
        let PostDetail { login, name, .. } = detail(request)?;
        let staff = NewStaff {
            id: request.id,
            district: identity.district(),
            login: login.unwrap_or_default(),
            name: name.unwrap_or_default(),
            password: made(doing)?.clone(),
            must_change: true,
        };
        open_staff(tx, &staff, by, now)?;
        records::limit_password(tx, staff.id, identity.password_until(now))?;
        give_post(tx, staff.id, &post_of(request)?, &identity.roles, by, now)?;
        Ok(None)
    }
}

/// Something that is done to an account as a whole.
struct OfAccount {
    code: &'static str,
    title: &'static str,
    effect: &'static str,
    /// Whether a password of two halves is made.
    halves: bool,
    /// Whether the account must have a one-time code.
    needs_code: bool,
    apply: fn(&mut dyn Tx, &Doing<'_>, Uuid) -> Result<(), IdentityError>,
}

/// A new password. The one-time code stays on.
const RESET_PASSWORD: OfAccount = OfAccount {
    code: words::ASK_PASSWORD,
    title: "identity-password-reset",
    effect: "identity-request-password-effect",
    halves: true,
    needs_code: false,
    apply: |tx, doing, account| {
        let new = NewPassword { password: made(doing)?, must_change: true, keep: None };
        set_password(tx, account, &new, doing.by, doing.now)?;
        Ok(records::limit_password(tx, account, doing.identity.password_until(doing.now))?)
    },
};

/// The one-time code is removed, because the phone is lost.
const REMOVE_CODE: OfAccount = OfAccount {
    code: words::ASK_CODE,
    title: "identity-code-remove",
    effect: "identity-request-code-effect",
    halves: false,
    needs_code: true,
    apply: |tx, doing, account| drop_code(tx, &doing.identity.vault, account, doing.by, doing.now),
};

/// An account is closed.
const CLOSE_ACCOUNT: OfAccount = OfAccount {
    code: words::ASK_CLOSE,
    title: "identity-staff-close",
    effect: "identity-staff-close-what",
    halves: false,
    needs_code: false,
    apply: |tx, doing, account| {
        let Doing { identity, by, now, .. } = *doing;
        close_staff(tx, &identity.vault, account, identity.today(), by, now)
    },
};

impl Kind for OfAccount {
    fn code(&self) -> &'static str {
        self.code
    }

    fn title(&self) -> &'static str {
        self.title
    }

    fn effect(&self) -> &'static str {
        self.effect
    }

    fn halves(&self) -> bool {
        self.halves
    }

    fn permits(
        &self,
        identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        let account = may_govern(identity, tx, request, actor)?;
        if self.needs_code && !account.code_on {
            return Err(Refusal::new(Why::IdentityCodeOff).into());
        }
        Ok(())
    }

    fn facts(&self, _identity: &Identity, tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        person(tx, subject(request)?)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        (self.apply)(tx, doing, subject(doing.request)?)?;
        Ok(None)
    }
}

/// Work on the master keys, which is then done at the command line.
struct KeyWork;

impl Kind for KeyWork {
    fn code(&self) -> &'static str {
        words::ASK_KEYS
    }

    fn title(&self) -> &'static str {
        "identity-keys"
    }

    fn effect(&self) -> &'static str {
        "identity-request-keys-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["identity-keys-work"]
    }

    fn permits(
        &self,
        identity: &Identity,
        _tx: &mut dyn Tx,
        _request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        let target = Target { place: identity.settings.home.clone(), department: None };
        may(actor, May::AccountManage, &target)?;
        Ok(())
    }

    fn facts(&self, _identity: &Identity, _tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let asked: Value = serde_json::from_str(&request.detail).map_err(|error| unreadable(request, &error))?;
        let key = match asked.get("work").and_then(Value::as_str) {
            Some("new") => "identity-keys-new",
            Some("retire") => "identity-keys-retire",
            _ => "identity-keys-rotate",
        };
        let mut facts = vec![Fact { key: "identity-keys-work", said: Said::Keys(vec![key]) }];
        let named = asked.get("key").and_then(Value::as_str);
        facts.extend(named.map(|named| Fact::text("identity-keys-key", named)));
        Ok(facts)
    }

    fn apply(&self, _tx: &mut dyn Tx, _doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        Ok(None)
    }
}
