//! Who may do what to a case: permission, place, department, and the relation of the applicant to her own case.

use super::handling::open_consultation;
use super::signature::Signature;
use super::{Acting, Case, CaseClock, Command, Holder, Opening, PaperForm, Parties, Relation, party};
use crate::permission::{Actor, ActorKind, Grant, Permission, Target, may};
use crate::place::PlacePath;
use crate::procedure::{Action, By, Procedure};
use crate::refusal::{Code, Refusal};

/// What a permission is checked against: the office responsible, and the case as far as it exists.
struct Matter<'a> {
    office: &'a Target,
    /// Confidential and already open: the counter that takes an application in must see what it takes in.
    sealed: bool,
    /// Who takes part.
    parties: &'a Parties,
    case: Option<&'a Case>,
}

impl<'a> Matter<'a> {
    fn of(case: &'a Case) -> Self {
        Self { office: &case.office, sealed: case.confidential, parties: &case.parties, case: Some(case) }
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
        self.case.is_none_or(|case| match case.counter() {
            Some(desk) => counter.contains(desk),
            None => case.office.place.contains(counter) || case.place.contains(counter),
        })
    }

    fn sign(&self, action: &Action, act: &Act<'_>, acting: Acting<'_>) -> Result<Signature, Refusal> {
        let Acting { actor, relation } = acting;
        match &action.by {
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
            By::Party(role) => self.sign_as_party(role, action, act.on_behalf, acting),
        }
    }

    /// A party signs for itself, also one of staff whose unit takes part. Staff of the office sign on its behalf where
    /// the action names their permission. Who opens a case anonymously is its party without being known.
    fn sign_as_party(
        &self,
        role: &str,
        action: &Action,
        on_behalf: bool,
        acting: Acting<'_>,
    ) -> Result<Signature, Refusal> {
        let actor = acting.actor;
        let parties = party::of(self.parties, role);
        if !party::acting(parties, acting, false).is_empty() {
            return Ok(Signature::party(actor, role, false));
        }
        if speaks_for_all(action, on_behalf) {
            let grant = self.grant(actor, action.permission, &self.office.place)?;
            return Ok(Signature::staff(actor, grant, true));
        }
        let anonymous = !parties.is_empty() && parties.iter().all(|party| party.holder == Holder::Nobody);
        let opens_unknown = self.case.is_none() && anonymous;
        if opens_unknown {
            return Ok(Signature::party(actor, role, true));
        }
        let code = if actor.kind == ActorKind::Nobody { Code::PermissionSignIn } else { Code::PermissionNotParty };
        Err(Refusal::new(code))
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

    /// Who says where the applicant lives: whoever may accept the case at the office where it lies, or at a counter
    /// inside the place that the applicant named.
    fn at_door(&self, actor: &Actor) -> Result<Signature, Refusal> {
        let office = self.grant(actor, Permission::CaseAccept, &self.office.place);
        let inside = self.case.and_then(|case| settles(case, actor, Permission::CaseAccept));
        let grant = office.or_else(|refusal| inside.ok_or(refusal))?;
        Ok(Signature::staff(actor, grant, false))
    }

    /// Who takes papers in: a counter, the office, or the applicant who sends them electronically.
    fn takes_in(
        &self,
        acting: Acting<'_>,
        counter: Option<&PlacePath>,
        electronic: bool,
    ) -> Result<Signature, Refusal> {
        let Acting { actor, relation } = acting;
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
        let counter = self.case.and_then(Case::counter);
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
    fn allows(&self, action: &Action, acting: Acting<'_>) -> bool {
        let from = |counter: Option<&PlacePath>, on_behalf: bool| {
            self.sign(action, &Act { counter, on_behalf }, acting).is_ok()
        };
        let permission = if action.by == By::Applicant { Permission::CaseAccept } else { action.permission };
        let by_party = matches!(action.by, By::Applicant | By::Party(_));
        let kept_at = self.case.map(|case| case.counter().unwrap_or(&case.office.place));
        from(None, false)
            || acting.actor.holding(permission).any(|grant| {
                let desk = kept_at.filter(|desk| grant.place.contains(desk));
                let counter = Some(desk.unwrap_or(&grant.place));
                from(counter, by_party)
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
    let acting = Acting { actor, relation };
    let known = || case.ok_or_else(|| Refusal::new(Code::CaseNotOpened));
    match command {
        Command::Open(opening) => {
            let action = action(procedure, &opening.action)?;
            let matter = Matter { office: &opening.office, sealed: false, parties: &opening.parties, case: None };
            let on_behalf = opens_on_behalf(action, opening, acting);
            matter.sign(action, &Act { counter: opening.counter.as_ref(), on_behalf }, acting)
        }
        Command::Act { action: name, counter, on_behalf, .. } => {
            let matter = Matter::of(known()?);
            let act = Act { counter: counter.as_ref(), on_behalf: *on_behalf };
            matter.sign(action(procedure, name)?, &act, acting)
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
            Matter::of(known()?).takes_in(acting, counter.as_ref(), electronic)
        }
        Command::TakeBack { counter, .. } => Matter::of(known()?).takes_in(acting, counter.as_ref(), true),
        Command::Waive { .. } => {
            let matter = Matter::of(known()?);
            if actor.kind == ActorKind::System { Ok(Signature::system()) } else { matter.at_office(actor) }
        }
        Command::Settle { .. } => Matter::of(known()?).at_door(actor),
        Command::Recompute | Command::Relocate { .. } | Command::Lapse { .. } => {
            known()?;
            let platform = actor.kind == ActorKind::System;
            platform.then(Signature::system).ok_or_else(|| Refusal::new(Code::PermissionSystemOnly))
        }
    }
}

/// Whether staff act for all parties of a role: only where the action names a permission of staff.
pub(super) fn speaks_for_all(action: &Action, on_behalf: bool) -> bool {
    on_behalf && action.permission != Permission::CaseApply
}

/// Whether staff open a case for somebody who is not there or does not do it herself.
pub(super) fn opens_on_behalf(action: &Action, opening: &Opening, acting: Acting<'_>) -> bool {
    let Acting { actor, relation } = acting;
    let herself = match &action.by {
        By::Applicant => relation.is_applicant,
        By::Party(role) => {
            let parties = party::of(&opening.parties, role);
            let unknown = parties.iter().all(|party| party.holder == Holder::Nobody);
            unknown || !party::acting(parties, acting, false).is_empty()
        }
        By::Counter | By::Desk | By::Office | By::Supervisor | By::System => true,
    };
    !herself && actor.kind == ActorKind::Staff
}

/// The action of that name.
pub(super) fn action<'p>(procedure: &'p Procedure, name: &str) -> Result<&'p Action, Refusal> {
    procedure.actions.get(name).ok_or_else(|| Refusal::new(Code::CaseActionUnknown).with("action", name))
}

/// The grant by which somebody of a counter may do something about a case whose applicant did not know her community:
/// as long as nobody said it, every counter inside the district or street that she named can find out. A counter has
/// no department; other posts act for theirs alone. Nobody but the office gets a confidential case.
pub fn settles<'a>(case: &Case, actor: &'a Actor, permission: Permission) -> Option<&'a Grant> {
    let is_open = case.is_unsettled() && case.closed_at.is_none() && !case.confidential;
    let is_hers = |grant: &&Grant| {
        let is_own = grant.department.is_none() || grant.department == case.office.department;
        is_own && case.place.contains(&grant.place) && grant.permissions.contains(&permission)
    };
    actor.holding(Permission::CaseAccept).filter(|_| is_open).find(is_hers)
}

/// Whether the actor may see the case: the applicant and every party; whoever may read at the office where it lies or
/// that decides, at the counter that accepted it, at the place it is about, or at an office that was asked for its
/// opinion; and whoever may say where the applicant lives, while nobody knows. A confidential case shows itself only to
/// the applicant and to posts that name its department.
///
/// # Errors
/// Why not.
pub fn may_read(case: &Case, actor: &Actor, relation: &Relation) -> Result<(), Refusal> {
    if relation.is_applicant || takes_part(case, actor, relation) {
        return Ok(());
    }
    let matter = Matter::of(case);
    let read = |place: &PlacePath| matter.grant(actor, Permission::CaseRead, place);
    let Err(refusal) = read(&case.office.place) else { return Ok(()) };
    let elsewhere = case.counter().into_iter().chain([&case.place, &case.decider.place]);
    let elsewhere = elsewhere.map(read).any(|grant| grant.is_ok());
    let asked = |office: &Target| {
        let matter = Matter { office, ..Matter::of(case) };
        matter.grant(actor, Permission::CaseRead, &office.place).is_ok()
    };
    let consulted = || case.consultations.iter().any(|consultation| asked(&consultation.office));
    let unsettled = || settles(case, actor, Permission::CaseRead).is_some();
    if elsewhere || consulted() || unsettled() { Ok(()) } else { Err(refusal) }
}

/// Whether the actor is one of the parties.
fn takes_part(case: &Case, actor: &Actor, relation: &Relation) -> bool {
    case.parties.values().flatten().any(|party| party.holder.is(actor, relation))
}

/// Nobody may take the action who took certain others before (回避). Returns one of those that this actor took, if
/// there is one.
pub(super) fn own_step<'p>(
    procedure: &'p Procedure,
    case: &Case,
    action: &Action,
    actor: &Actor,
) -> Option<&'p Action> {
    let own = |name: &&String| {
        let by = case.taken.get(*name).and_then(|taken| taken.by);
        by.is_some() && by == actor.account
    };
    action.not_by.iter().find(own).and_then(|name| procedure.actions.get(name))
}

/// Whether the action is kept from the unit that has the case, and the actor is of that unit: one of her posts names
/// its department there or above. With several posts she is of the unit whichever of them she would act by. A post that
/// names no department is the desk's and not the unit's.
pub(super) fn is_of_own_unit(case: &Case, action: &Action, actor: &Actor) -> bool {
    action.not_by_unit && actor.grants.iter().any(|grant| grant.covers_explicitly(&case.office))
}

/// Whether the action was taken as often as it may be.
pub(super) fn used_up(case: &Case, name: &str, action: &Action) -> bool {
    let times = case.taken.get(name).map_or(0, |taken| taken.times);
    action.returns_at_most.as_ref().is_some_and(|most| times >= most.times)
}

/// The action that comes first: this one is there only for the time after that was taken as often as it may be. None
/// where nothing has to come first.
pub(super) fn comes_first<'p>(procedure: &'p Procedure, case: &Case, name: &str) -> Option<&'p Action> {
    let here = procedure.from_state(&case.state).into_iter();
    let leads = |action: &Action| {
        let most = action.returns_at_most.as_ref().filter(|most| most.only_then);
        most.is_some_and(|most| most.then.as_deref() == Some(name))
    };
    here.filter(|(_, action)| leads(action)).find(|(first, action)| !used_up(case, first, action)).map(|one| one.1)
}

/// The actions this actor may take now, the usual one first. The list holds counter actions for whoever could take them
/// at one of her own counters; [`super::decide()`] then asks at which.
pub fn possible<'p>(
    procedure: &'p Procedure,
    case: &Case,
    actor: &Actor,
    relation: &Relation,
) -> Vec<(&'p str, &'p Action)> {
    if procedure.name != case.procedure || procedure.version != case.procedure_version {
        return Vec::new();
    }
    let (matter, acting) = (Matter::of(case), Acting { actor, relation });
    let mut actions = procedure.from_state(&case.state);
    actions.retain(|(name, action)| {
        let asked = procedure.asked_for(action);
        let often = std::iter::once((*name, *action)).chain(asked).any(|(name, action)| used_up(case, name, action));
        let barred = own_step(procedure, case, action, actor).is_some() || is_of_own_unit(case, action, actor);
        let free = !often && !barred;
        let open = free && !ends_nothing(procedure, case, action) && comes_first(procedure, case, name).is_none();
        open && !party::has_consented(case, action, acting) && matter.allows(action, acting)
    });
    actions
}

/// Whether an action is there to end clocks that a case need not have, and none of them runs in this one.
pub(super) fn ends_nothing(procedure: &Procedure, case: &Case, action: &Action) -> bool {
    let optional = |name: &String| procedure.clocks.get(name).is_some_and(|clock| clock.optional);
    let open = |name: &String| case.clock(name).is_some_and(CaseClock::is_open);
    !action.ends.is_empty() && action.ends.iter().all(optional) && !action.ends.iter().any(open)
}
