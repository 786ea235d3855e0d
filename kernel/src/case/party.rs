//! Who takes part in a case: by roles that its procedure names, each a sealed record, an account, a unit, an
//! organisation or nobody.

use super::{Acting, Case, Relation};
use crate::permission::{Actor, ActorKind, Permission, Target};
use crate::procedure::{Action, By, PartyKind, PartyRule, Procedure};
use crate::refusal::{Code, Refusal};
use crate::time::Instant;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most parties of one role. A bound of the machine.
const PARTIES: usize = 1_000;

/// The parties of a case by role, each role's in order.
pub type Parties = BTreeMap<String, Vec<Party>>;

/// Who stands behind a party. It is never personal data, only a handle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// A person whose data lie sealed in the vault, by the handle of the record.
    Record(Uuid),
    /// Somebody with an account of the platform.
    Account(Uuid),
    /// A unit: a department at a place, or the place's own.
    Unit(Target),
    /// An organisation, by its code, and the account that speaks for it if one does.
    Organisation {
        /// Its code, such as the unified social credit code, or a handle of the department that registers it.
        code: String,
        /// The account that speaks for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<Uuid>,
    },
    /// Nobody who is known: an anonymous one (匿名).
    Nobody,
}

impl Holder {
    /// Which kind it is.
    pub const fn kind(&self) -> PartyKind {
        match self {
            Self::Record(_) => PartyKind::Record,
            Self::Account(_) => PartyKind::Account,
            Self::Unit(_) => PartyKind::Unit,
            Self::Organisation { .. } => PartyKind::Organisation,
            Self::Nobody => PartyKind::Nobody,
        }
    }

    /// Whether the actor is this party or speaks for it. Nobody ever is an anonymous one again.
    pub fn is(&self, actor: &Actor, relation: &Relation) -> bool {
        let signed_in = |account: Option<Uuid>| account.is_some() && actor.account == account;
        match self {
            Self::Record(record) => relation.record == Some(*record),
            Self::Account(account) => signed_in(Some(*account)),
            Self::Unit(unit) => {
                actor.kind == ActorKind::Staff && actor.holding(Permission::CaseHandle).any(|grant| grant.covers(unit))
            }
            Self::Organisation { account, .. } => signed_in(*account),
            Self::Nobody => false,
        }
    }
}

/// One who takes part (当事人).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who it is.
    pub holder: Holder,
    /// Since when it consents; none where it has not consented, has withdrawn, or a step has used its consent up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consented_at: Option<Instant>,
}

impl Party {
    /// A party that has not consented to anything.
    pub const fn new(holder: Holder) -> Self {
        Self { holder, consented_at: None }
    }
}

/// The parties of a role, none where the case has none.
pub(super) fn of<'c>(parties: &'c Parties, role: &str) -> &'c [Party] {
    parties.get(role).map(Vec::as_slice).unwrap_or_default()
}

/// Which parties of a role the actor is, by their numbers from 0. Staff who are none of them act for all of them where
/// they act on their behalf.
pub(super) fn acting(parties: &[Party], acting: Acting<'_>, on_behalf: bool) -> Vec<usize> {
    let Acting { actor, relation } = acting;
    let one = |(number, party): (usize, &Party)| party.holder.is(actor, relation).then_some(number);
    let own: Vec<usize> = parties.iter().enumerate().filter_map(one).collect();
    if own.is_empty() && on_behalf { (0..parties.len()).collect() } else { own }
}

/// The roles whose parties have not all consented to what an action asks their consent for, in the order that it names
/// them.
pub fn lacking<'a>(case: &Case, action: &'a Action) -> Vec<&'a str> {
    let consents = |role: &str| {
        let parties = case.parties_of(role);
        !parties.is_empty() && parties.iter().all(|party| party.consented_at.is_some())
    };
    action.consent.iter().map(String::as_str).filter(|role| !consents(role)).collect()
}

/// Whether every party for whom the actor speaks has consented already, so that an action that only gives a consent
/// changes nothing.
pub(super) fn has_consented(case: &Case, action: &Action, who: Acting<'_>) -> bool {
    let By::Party(role) = &action.by else { return false };
    let parties = case.parties_of(role);
    let speaking = acting(parties, who, true);
    let consents = |number: &usize| parties.get(*number).is_some_and(|party| party.consented_at.is_some());
    action.gives_consent && !speaking.is_empty() && speaking.iter().all(consents)
}

/// The parties named when a case is opened are those that its procedure asks for. A procedure that names nobody keeps
/// none.
///
/// # Errors
/// A role that the procedure does not know, too few or too many, or of a kind that the role does not take.
pub(super) fn check(procedure: &Procedure, parties: &Parties) -> Result<(), Refusal> {
    if procedure.parties.is_empty() {
        return Ok(());
    }
    if let Some(unknown) = parties.keys().find(|role| !procedure.parties.contains_key(*role)) {
        return Err(Refusal::new(Code::CasePartyUnfit).field("parties").with("party", unknown));
    }
    procedure.parties.iter().try_for_each(|(name, rule)| check_role(name, rule, of(parties, name)))
}

fn check_role(name: &str, rule: &PartyRule, parties: &[Party]) -> Result<(), Refusal> {
    let most = rule.max.map_or(PARTIES, |most| usize::try_from(most).unwrap_or(PARTIES)).min(PARTIES);
    let least = usize::try_from(rule.min).unwrap_or(PARTIES);
    let kinds = parties.iter().all(|party| rule.kinds.contains(&party.holder.kind()));
    if kinds && (least..=most).contains(&parties.len()) {
        return Ok(());
    }
    Err(Refusal::new(Code::CasePartyUnfit).field(name).with_both("party", &rule.title))
}
