//! Who may do what to a case: permission, place, department, and the relation of the applicant to her own case.

use super::handling::open_consultation;
use super::{Case, Command, PaperForm};
use crate::permission::{Actor, ActorKind, Grant, Permission, Target, may};
use crate::place::PlacePath;
use crate::procedure::{Action, By, Procedure};
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

impl Signature {
    /// The role that stands with what the applicant does herself.
    pub const APPLICANT: &'static str = "applicant";

    fn staff(actor: &Actor, grant: &Grant, on_behalf: bool) -> Self {
        Self { account: actor.account, name: actor.name.clone(), role: grant.role.clone(), on_behalf }
    }

    fn applicant(actor: &Actor) -> Self {
        Self { account: actor.account, name: String::new(), role: Self::APPLICANT.to_owned(), on_behalf: false }
    }

    /// The signature of the platform itself.
    pub fn system() -> Self {
        Self { account: None, name: String::new(), role: "system".to_owned(), on_behalf: false }
    }
}

/// What a permission is checked against: the office responsible, and the case as far as it exists.
struct Matter<'a> {
    office: &'a Target,
    /// Confidential and already open: the counter that takes an application in must see what it takes in.
    sealed: bool,
    case: Option<&'a Case>,
}

impl<'a> Matter<'a> {
    fn of(case: &'a Case) -> Self {
        Self { office: &case.office, sealed: case.confidential, case: Some(case) }
    }

    /// The grant that carries the permission at a place, for the matter's department.
    fn grant<'b>(&self, actor: &'b Actor, permission: Permission, place: &PlacePath) -> Result<&'b Grant, Refusal> {
        let target = Target { place: place.clone(), department: self.office.department.clone() };
        let grant = may(actor, permission, &target)?;
        if !self.sealed {
            return Ok(grant);
        }
        let explicit = actor.holding(permission).find(|grant| grant.covers_explicitly(&target));
        explicit.ok_or_else(|| Refusal::new(Code::PermissionConfidential))
    }

    /// Whether that counter keeps the case: it or one below it accepted the case, or none did yet and it lies where the
    /// office or the applicant is.
    fn is_kept_at(&self, counter: &PlacePath) -> bool {
        self.case.is_none_or(|case| match &case.counter {
            Some(desk) => counter.contains(desk),
            None => case.office.place.contains(counter) || case.residence.contains(counter),
        })
    }

    fn sign(&self, action: &Action, actor: &Actor, act: &Act<'_>, relation: Relation) -> Result<Signature, Refusal> {
        match action.by {
            By::Applicant if act.on_behalf => {
                let grant = self.at_counter(Permission::CaseAccept, actor, act.counter)?;
                Ok(Signature::staff(actor, grant, true))
            }
            By::Applicant if relation.is_applicant => Ok(Signature::applicant(actor)),
            By::Applicant => Err(Refusal::new(Code::PermissionNotApplicant)),
            By::Counter => {
                let grant = self.at_counter(action.permission, actor, act.counter)?;
                Ok(Signature::staff(actor, grant, false))
            }
            By::Desk => {
                let grant = self.at_counter(action.permission, actor, act.counter)?;
                if act.counter.is_some_and(|counter| self.is_kept_at(counter)) {
                    Ok(Signature::staff(actor, grant, false))
                } else {
                    Err(Refusal::new(Code::PermissionOtherCounter))
                }
            }
            By::Office | By::Supervisor => {
                let grant = self.grant(actor, action.permission, &self.office.place)?;
                Ok(Signature::staff(actor, grant, false))
            }
            By::System if actor.kind == ActorKind::System => Ok(Signature::system()),
            By::System => Err(Refusal::new(Code::PermissionSystemOnly)),
        }
    }

    fn at_counter<'b>(
        &self,
        permission: Permission,
        actor: &'b Actor,
        counter: Option<&PlacePath>,
    ) -> Result<&'b Grant, Refusal> {
        if actor.kind == ActorKind::Nobody {
            return Err(Refusal::new(Code::PermissionSignIn));
        }
        let counter = counter.ok_or_else(|| Refusal::new(Code::CaseCounterMissing))?;
        self.grant(actor, permission, counter)
    }

    /// Staff of the office where it lies.
    fn at_office(&self, actor: &Actor) -> Result<Signature, Refusal> {
        let grant = self.grant(actor, Permission::CaseHandle, &self.office.place)?;
        Ok(Signature::staff(actor, grant, false))
    }

    /// Who takes papers in: a counter, the office, or the applicant who sends them electronically.
    fn takes_in(
        &self,
        actor: &Actor,
        relation: Relation,
        (counter, electronic): (Option<&PlacePath>, bool),
    ) -> Result<Signature, Refusal> {
        if relation.is_applicant && matches!(actor.kind, ActorKind::Nobody | ActorKind::Resident) {
            let refusal = || Refusal::new(Code::PermissionCounterOnly);
            return (counter.is_none() && electronic).then(|| Signature::applicant(actor)).ok_or_else(refusal);
        }
        if counter.is_none() {
            return self.at_office(actor);
        }
        let grant = self.at_counter(Permission::CaseAccept, actor, counter)?;
        Ok(Signature::staff(actor, grant, false))
    }

    /// The grant by which a case is taken in hand: at the office where it lies, or at the counter that keeps it.
    fn in_hand<'b>(&self, actor: &'b Actor) -> Result<&'b Grant, Refusal> {
        let office = self.grant(actor, Permission::CaseHandle, &self.office.place);
        let counter = self.case.and_then(|case| case.counter.as_ref());
        let at_counter = || self.grant(actor, Permission::CaseHandle, counter?).ok();
        office.or_else(|refusal| at_counter().ok_or(refusal))
    }

    /// Who supervises the office: somebody at its own place or directly above it (一级抓一级).
    fn one_level_up(&self, actor: &Actor) -> Result<Signature, Refusal> {
        let any = self.grant(actor, Permission::CaseSupervise, &self.office.place)?;
        let near = |grant: &&Grant| {
            let levels = self.office.place.depth().saturating_sub(grant.place.depth());
            levels <= 1 && self.reaches(grant)
        };
        let direct = actor.holding(Permission::CaseSupervise).find(near);
        let grant = direct.ok_or_else(|| {
            let above = self.office.place.parent().unwrap_or_else(|| any.place.clone());
            Refusal::new(Code::CaseSuperviseOneLevel).with("place", above.as_str())
        })?;
        Ok(Signature::staff(actor, grant, false))
    }

    fn reaches(&self, grant: &Grant) -> bool {
        if self.sealed { grant.covers_explicitly(self.office) } else { grant.covers(self.office) }
    }

    /// Whether some place of the actor's would let her take the action.
    fn allows(&self, action: &Action, actor: &Actor, relation: Relation) -> bool {
        let from = |counter: Option<&PlacePath>, on_behalf: bool| {
            self.sign(action, actor, &Act { counter, on_behalf }, relation).is_ok()
        };
        let permission = if action.by == By::Applicant { Permission::CaseAccept } else { action.permission };
        let kept_at = self.case.map(|case| case.counter.as_ref().unwrap_or(&case.office.place));
        from(None, false)
            || actor.holding(permission).any(|grant| {
                let desk = kept_at.filter(|desk| grant.place.contains(desk));
                let counter = Some(desk.unwrap_or(&grant.place));
                from(counter, action.by == By::Applicant)
            })
    }
}

/// How an action is taken.
struct Act<'a> {
    counter: Option<&'a PlacePath>,
    on_behalf: bool,
}

/// Whether the actor may give the command, and the signature to record with its events.
///
/// # Errors
/// Why not: no such case or action, sign in, permission, place, department, confidential, not the applicant.
pub fn sign(
    procedure: &Procedure,
    case: Option<&Case>,
    command: &Command,
    actor: &Actor,
    relation: &Relation,
) -> Result<Signature, Refusal> {
    let known = || case.ok_or_else(|| Refusal::new(Code::CaseNotOpened));
    match command {
        Command::Open(opening) => {
            let action = action(procedure, &opening.action)?;
            let matter = Matter { office: &opening.office, sealed: false, case: None };
            let on_behalf = action.by == By::Applicant && !relation.is_applicant && actor.kind == ActorKind::Staff;
            matter.sign(action, actor, &Act { counter: opening.counter.as_ref(), on_behalf }, *relation)
        }
        Command::Act { action: name, counter, on_behalf, .. } => {
            let matter = Matter::of(known()?);
            let act = Act { counter: counter.as_ref(), on_behalf: *on_behalf };
            matter.sign(action(procedure, name)?, actor, &act, *relation)
        }
        Command::Rate { .. } | Command::RateAgain { .. } => {
            known()?;
            let herself = relation.is_applicant && matches!(actor.kind, ActorKind::Nobody | ActorKind::Resident);
            let refusal = || Refusal::new(Code::PermissionNotApplicant);
            herself.then(|| Signature::applicant(actor)).ok_or_else(refusal)
        }
        Command::Supervise { .. } | Command::DecideAppeal { .. } => Matter::of(known()?).one_level_up(actor),
        Command::Assign { .. } => {
            let grant = Matter::of(known()?).in_hand(actor)?;
            Ok(Signature::staff(actor, grant, false))
        }
        Command::Extend { .. }
        | Command::Transfer { .. }
        | Command::Consult { .. }
        | Command::FollowUp { .. }
        | Command::Appeal { .. }
        | Command::Account { .. }
        | Command::Explain { .. } => Matter::of(known()?).at_office(actor),
        Command::Answer { number, .. } => {
            let case = known()?;
            let asked = open_consultation(case, *number)?;
            let matter = Matter { office: &asked.office, ..Matter::of(case) };
            let grant = matter.grant(actor, Permission::CaseHandle, &asked.office.place)?;
            Ok(Signature::staff(actor, grant, false))
        }
        Command::Receive { papers, counter } => {
            let electronic = papers.values().all(|form| *form == PaperForm::Electronic);
            Matter::of(known()?).takes_in(actor, *relation, (counter.as_ref(), electronic))
        }
        Command::Waive { .. } => {
            let matter = Matter::of(known()?);
            if actor.kind == ActorKind::System { Ok(Signature::system()) } else { matter.at_office(actor) }
        }
        Command::Recompute | Command::Relocate { .. } => {
            known()?;
            let platform = actor.kind == ActorKind::System;
            platform.then(Signature::system).ok_or_else(|| Refusal::new(Code::PermissionSystemOnly))
        }
    }
}

/// The action of that name.
pub(super) fn action<'p>(procedure: &'p Procedure, name: &str) -> Result<&'p Action, Refusal> {
    procedure.actions.get(name).ok_or_else(|| Refusal::new(Code::CaseActionUnknown).with("action", name))
}

/// Whether the actor may see the case: the applicant; whoever may read at the office where it lies or that decides, at the counter that accepted
/// it, where the applicant lives, or at an office that was asked for its opinion. A confidential case shows itself only to the applicant and to posts that name its department.
///
/// # Errors
/// Why not.
pub fn may_read(case: &Case, actor: &Actor, relation: &Relation) -> Result<(), Refusal> {
    if relation.is_applicant {
        return Ok(());
    }
    let matter = Matter::of(case);
    let read = |place: &PlacePath| matter.grant(actor, Permission::CaseRead, place);
    let Err(refusal) = read(&case.office.place) else { return Ok(()) };
    let elsewhere = case.counter.iter().chain([&case.residence, &case.decider.place]).any(|place| read(place).is_ok());
    let asked = |office: &Target| {
        let matter = Matter { office, ..Matter::of(case) };
        matter.grant(actor, Permission::CaseRead, &office.place).is_ok()
    };
    let consulted = || case.consultations.iter().any(|consultation| asked(&consultation.office));
    if elsewhere || consulted() { Ok(()) } else { Err(refusal) }
}

/// The actions this actor may take now, the usual one first. Counter actions are listed for whoever could take them at one of
/// her own counters; [`super::decide()`] then asks at which.
pub fn possible<'p>(
    procedure: &'p Procedure,
    case: &Case,
    actor: &Actor,
    relation: &Relation,
) -> Vec<(&'p str, &'p Action)> {
    if procedure.name != case.procedure || procedure.version != case.procedure_version {
        return Vec::new();
    }
    let matter = Matter::of(case);
    let mut actions = procedure.from_state(&case.state);
    actions.retain(|(_, action)| matter.allows(action, actor, *relation));
    actions
}
