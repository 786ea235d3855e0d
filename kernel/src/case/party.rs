//! Who takes part in a case: by roles that its procedure names, each a sealed record, an account, a unit, an
//! organisation or nobody.

use super::answers::{FOR_WHOM, is_noted};
use super::{Acting, Case, Relation};
use crate::language::Bilingual;
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

    /// Whether an answer names it: the handle of a sealed record, or the code of an organisation.
    pub fn is_called(&self, name: &str) -> bool {
        match self {
            Self::Record(record) => Uuid::parse_str(name) == Ok(*record),
            Self::Organisation { code, .. } => code == name,
            Self::Account(_) | Self::Unit(_) | Self::Nobody => false,
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
    /// When it left the case, which goes on with the others of its role; none while it takes part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Instant>,
}

impl Party {
    /// A party that has not consented to anything.
    pub const fn new(holder: Holder) -> Self {
        Self { holder, consented_at: None, left_at: None }
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
    let standing = |wanted: &dyn Fn(&Party) -> bool| {
        let known = parties.iter().enumerate().filter(|(_, party)| party.left_at.is_none() && wanted(party));
        known.map(|(number, _)| number).collect::<Vec<usize>>()
    };
    let own = standing(&|party| party.holder.is(actor, relation));
    if own.is_empty() && on_behalf { standing(&|_| true) } else { own }
}

/// Whom of the parties for whom staff may note a step they note it for: where several people have the role, each says
/// for herself alone, so that the answer names one of them.
///
/// # Errors
/// Nobody is named where several could be meant, or somebody who is none of them.
pub(super) fn noted_for(
    parties: &[Party],
    all: Vec<usize>,
    action: &Action,
    fields: &BTreeMap<String, String>,
) -> Result<Vec<usize>, Refusal> {
    let named = fields.get(FOR_WHOM).map(|answer| answer.trim()).unwrap_or_default();
    if !is_noted(action) || (named.is_empty() && all.len() < 2) {
        return Ok(all);
    }
    let refused = |code: Code| {
        let label = Bilingual::new("替谁记", "Noted for whom");
        Refusal::new(code).field(FOR_WHOM).with_both("label", &label)
    };
    if named.is_empty() {
        return Err(refused(Code::FormMissing));
    }
    let is_named = |number: &usize| parties.get(*number).is_some_and(|party| party.holder.is_called(named));
    let found = all.into_iter().find(is_named);
    found.map(|number| vec![number]).ok_or_else(|| refused(Code::FormChoice))
}

/// The state to which an action leads: where others of the role go on without those who leave, the one that it names
/// for that.
pub(super) fn leads<'a>(case: &Case, action: &'a Action, leaving: &[usize]) -> &'a str {
    let By::Party(role) = &action.by else { return &action.to };
    let goes_on = !leaving.is_empty() && case.standing(role).any(|(number, _)| !leaving.contains(&number));
    action.leaves.get(&case.state).filter(|_| goes_on).unwrap_or(&action.to)
}

/// Who takes part from a step on, by the role and the sealed record that its answers name.
///
/// # Errors
/// No such role, a record that takes part already, or more than the role may have.
pub(super) fn joining(
    procedure: &Procedure,
    case: &Case,
    action: &Action,
    fields: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    let Some(joins) = &action.joins else { return Ok(()) };
    let answer = |name: &str| fields.get(name).map(|answer| answer.trim()).unwrap_or_default();
    let no_choice = |name: &str| {
        let need = action.needs.iter().find(|need| need.name == name);
        let label = need.map_or_else(|| Bilingual::new(name, name), |need| need.title.clone());
        Refusal::new(Code::FormChoice).field(name).with_both("label", &label)
    };
    let role = answer(&joins.role);
    let Some(allowed) = procedure.parties.get(role) else {
        return Err(no_choice(&joins.role));
    };
    let mut parties = case.parties.values().flatten();
    if parties.any(|party| party.holder.is_called(answer(&joins.who))) {
        return Err(no_choice(&joins.who));
    }
    let unfit = || Refusal::new(Code::CasePartyUnfit).field(&joins.role).with_both("party", &allowed.title);
    let most = allowed.max.map_or(PARTIES, |most| usize::try_from(most).unwrap_or(PARTIES)).min(PARTIES);
    let fits = allowed.kinds.contains(&PartyKind::Record) && case.standing(role).count() < most;
    if fits { Ok(()) } else { Err(unfit()) }
}

/// The roles whose parties have not all consented to what an action asks their consent for, in the order that it names
/// them.
pub fn lacking<'a>(case: &Case, action: &'a Action) -> Vec<&'a str> {
    action.consent.iter().map(String::as_str).filter(|role| !consents(case, role)).collect()
}

/// Whether a role has parties that take part, and each of them consents.
pub(super) fn consents(case: &Case, role: &str) -> bool {
    let mut parties = case.standing(role).peekable();
    parties.peek().is_some() && parties.all(|(_, party)| party.consented_at.is_some())
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

/// Whether what a party consents to can come to count no longer: she consents to something, and has not left.
pub(super) fn can_lapse(case: &Case, role: &str, number: usize) -> bool {
    let party = case.parties_of(role).get(number).filter(|party| party.left_at.is_none());
    party.is_some_and(|party| party.consented_at.is_some())
}

/// Keeps that a party consents to nothing.
pub(super) fn lapse(case: &mut Case, role: &str, number: usize) {
    if let Some(party) = case.parties.get_mut(role).and_then(|parties| parties.get_mut(number)) {
        party.consented_at = None;
    }
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
