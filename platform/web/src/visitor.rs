//! Who is looking: put into the request by the sign-in, read by every page.

use crate::error::WebError;
use kernel::language::Bilingual;
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::refusal::{Code, Refusal};
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// Under which name a refusal keeps the stable text of the permission that is missing.
pub(crate) const PERMISSION_CODE: &str = "permission.code";

/// Who is looking at the page. A request without one belongs to nobody. Printing it shows the kind alone.
#[derive(Clone)]
pub struct Visitor {
    /// The account with its grants, or nobody.
    pub actor: Actor,
    /// What form tokens are bound to: a secret of the session that is not the cookie itself. None without a session.
    pub session: Option<String>,
    /// Where this person is on duty.
    pub place_name: Option<Bilingual>,
    /// As what this person is on duty.
    pub role_title: Option<Bilingual>,
    /// The name to sign in with.
    pub login: Option<String>,
    /// The key of a warning about the own account, which the pages show with which work begins.
    pub warning: Option<&'static str>,
}

impl std::fmt::Debug for Visitor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Visitor").field("kind", &self.actor.kind).finish_non_exhaustive()
    }
}

impl Default for Visitor {
    fn default() -> Self {
        Self { actor: Actor::nobody(), session: None, place_name: None, role_title: None, login: None, warning: None }
    }
}

impl Visitor {
    /// Whether somebody is signed in.
    pub fn signed_in(&self) -> bool {
        self.actor.account.is_some()
    }

    /// Whether this is a member of staff.
    pub fn staff(&self) -> bool {
        self.actor.kind == ActorKind::Staff
    }

    /// Whether this visitor is permitted something anywhere.
    pub fn may(&self, permission: Permission) -> bool {
        self.actor.grants.iter().any(|grant| grant.permissions.contains(&permission))
    }

    /// Lets only those pass who have this permission somewhere; nobody in particular is asked to sign in.
    ///
    /// # Errors
    /// [`WebError::SignIn`] without a session, a refusal with one.
    pub fn require(&self, permission: Permission) -> Result<(), WebError> {
        match (self.may(permission), self.signed_in()) {
            (true, _) => Ok(()),
            (false, false) => Err(WebError::SignIn),
            (false, true) => {
                let missing = Refusal::new(Code::PermissionMissing);
                let missing = missing.with_both("permission", &permission.title());
                Err(missing.with(PERMISSION_CODE, permission.as_str()).into())
            }
        }
    }
}

/// What one request learns on its way in and the outer layers need on the way out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seat {
    /// The visitor as the innermost part saw them.
    pub(crate) visitor: Arc<OnceLock<Visitor>>,
    /// The random value that form tokens of a visitor without session are bound to, if a page wrote such a token.
    pub(crate) binding: Arc<OnceLock<String>>,
    /// The names of the fields that came with something in them, once a form was read.
    pub(crate) filled: Arc<OnceLock<BTreeSet<String>>>,
    /// The address of the list from which the page was opened on which a form stood, once the form was read.
    pub(crate) list: Arc<OnceLock<String>>,
}
