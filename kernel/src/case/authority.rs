//! Who may do what to a case: permission, place, department, and the relation of the applicant to her own case.

use super::{Case, Command};
use crate::permission::Actor;
use crate::procedure::{Action, Procedure};
use crate::refusal::{Code, Refusal};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How the actor stands to the case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// The caller proved to be the applicant: by number and telephone, or by her own account. When opening: applies for herself.
    pub is_applicant: bool,
}

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

/// Whether the actor may give the command, and the signature to record with its events.
///
/// # Errors
/// Why not.
pub fn sign(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    actor: &Actor,
    relation: &Relation,
) -> Result<Signature, Refusal> {
    let _ = (procedure, case, command, actor, relation);
    Err(Refusal::new(Code::PermissionMissing))
}

/// Whether the actor may see the case.
///
/// # Errors
/// Why not.
pub fn may_read(case: &Case, actor: &Actor, relation: &Relation) -> Result<(), Refusal> {
    let _ = (case, actor, relation);
    Err(Refusal::new(Code::PermissionMissing))
}

/// The actions this actor may take now, the usual one first.
pub fn possible<'p>(
    procedure: &'p Procedure,
    case: &Case,
    actor: &Actor,
    relation: &Relation,
) -> Vec<(&'p str, &'p Action)> {
    let _ = (actor, relation);
    procedure.from_state(&case.state)
}
