//! Who did something to a case, as recorded with every event.

use crate::permission::{Actor, ActorKind, Grant};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who did it, as recorded with every event (经办人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The account, if one was signed in.
    pub account: Option<Uuid>,
    /// The name of staff; empty for the applicant, who is found through the case.
    pub name: String,
    /// Code of the role that allowed it; `applicant` or `system` where no role did.
    pub role: String,
    /// Staff acted for the applicant.
    pub on_behalf: bool,
}

impl Signature {
    /// The role that stands with what the applicant does herself.
    pub const APPLICANT: &'static str = "applicant";

    pub(super) fn staff(actor: &Actor, grant: &Grant, on_behalf: bool) -> Self {
        Self { account: actor.account, name: actor.name.clone(), role: grant.role.clone(), on_behalf }
    }

    pub(super) fn applicant(actor: &Actor) -> Self {
        Self { account: actor.account, name: String::new(), role: Self::APPLICANT.to_owned(), on_behalf: false }
    }

    /// What a party signs with: the account, the name of staff alone, and the role it has in the case. An anonymous
    /// one leaves nothing.
    pub(super) fn party(actor: &Actor, role: &str, anonymous: bool) -> Self {
        let name = if actor.kind == ActorKind::Staff && !anonymous { actor.name.clone() } else { String::new() };
        Self { account: actor.account.filter(|_| !anonymous), name, role: role.to_owned(), on_behalf: false }
    }

    /// The signature of the platform itself.
    pub fn system() -> Self {
        Self { account: None, name: String::new(), role: "system".to_owned(), on_behalf: false }
    }
}
