//! What a table of units would change in a register, before anybody takes it in: which units it adds, which it changes
//! and how, and which would go.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use hall::Fault;
use kernel::refusal::Refusal;
use sha2::{Digest, Sha256};
use store::Tx;
use uuid::Uuid;

use crate::Property;
use crate::records::register::{self, Share, Unit};
use crate::refusals::Why;
use crate::rules::register::{called, unit_id};
use crate::words::area::Area;
use crate::words::register::{BuildingDraft, OwnerDraft, Purpose, UnitDraft};

/// What a table changes. Nobody is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The units that are new.
    pub added: Vec<Listed>,
    /// The units that are other than they were.
    pub changed: Vec<Changed>,
    /// The units that the table does not name, though it names their building.
    pub removed: Vec<Listed>,
    /// How many stay as they are.
    pub same: usize,
}

/// What somebody confirmed before a table was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The mark of what she saw.
    pub mark: String,
    /// Whether units that the table does not name may go.
    pub may_drop: bool,
}

/// A unit as the plan lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Building, stair and number.
    pub name: String,
    /// Its private area.
    pub area: Area,
}

/// A unit that is changed: what it was and what it is then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Building, stair and number.
    pub name: String,
    /// Its private area, before and after.
    pub area: [Area; 2],
    /// What it is used as, before and after.
    pub purpose: [Purpose; 2],
    /// Whether its owners or their shares are others.
    pub owners: bool,
}

/// What is known of a compound.
struct Known {
    compound: i64,
    /// The owners by their marks.
    owners: BTreeMap<String, Uuid>,
}

impl Plan {
    /// A mark of everything that it says, the same whenever the same table meets the same register.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut told = String::new();
        for (sign, listed) in [("+", &self.added), ("-", &self.removed)] {
            for Listed { name, area } in listed {
                let _ = writeln!(told, "{sign} {name} {}", area.0);
            }
        }
        for Changed { name, area, purpose, owners } in &self.changed {
            let ([before, after], [was, is]) = (purpose.map(Purpose::code), area.map(|area| area.0));
            let _ = writeln!(told, "~ {name} {was} {is} {before} {after} {owners}");
        }
        HEXLOWER.encode(&Sha256::digest(told.as_bytes()))
    }

    /// Lets pass what somebody saw and confirmed.
    pub(super) fn is_as(&self, confirmed: &Confirmed) -> Result<(), Refusal> {
        if self.mark() != confirmed.mark {
            return Err(Refusal::new(Why::PropertySheetChanged));
        }
        if !self.removed.is_empty() && !confirmed.may_drop {
            return Err(Refusal::new(Why::PropertyUnitsVanish).field("drop").with("count", self.removed.len()));
        }
        Ok(())
    }
}

impl Property {
    /// What a table would change in the register of a compound.
    ///
    /// # Errors
    /// A failure.
    pub fn plan(&self, tx: &mut dyn Tx, compound: i64, buildings: &[BuildingDraft]) -> Result<Plan, Fault> {
        let kept = register::compound(tx, compound)?;
        let mut plan = Plan::default();
        let Some(kept) = kept else {
            let all = buildings.iter().flat_map(|building| building.units.iter().map(move |unit| (building, unit)));
            plan.added = all.map(|(building, unit)| drafted(building, unit)).collect();
            return Ok(plan);
        };
        let owners = register::owners(tx, kept.district, compound)?.into_iter();
        let known = Known { compound, owners: owners.map(|owner| (owner.mark, owner.id)).collect() };
        for building in buildings {
            let units = register::units_of(tx, kept.district, building.id)?;
            let mut shares: BTreeMap<Uuid, Vec<Share>> = BTreeMap::new();
            for share in register::shares_of(tx, kept.district, building.id)? {
                shares.entry(share.unit).or_default().push(share);
            }
            self.plan_building(&mut plan, &known, building, (units, &shares));
        }
        Ok(plan)
    }

    fn plan_building(
        &self,
        plan: &mut Plan,
        known: &Known,
        building: &BuildingDraft,
        kept: (Vec<Unit>, &BTreeMap<Uuid, Vec<Share>>),
    ) {
        let (units, shares) = kept;
        let mut left: BTreeMap<Uuid, Unit> = units.into_iter().map(|unit| (unit.id, unit)).collect();
        for draft in &building.units {
            let id = unit_id(building.id, &draft.stair, &draft.label);
            let Some(before) = left.remove(&id) else {
                plan.added.push(drafted(building, draft));
                continue;
            };
            let own = shares.get(&id).map(Vec::as_slice).unwrap_or_default();
            let owners = !self.owns_as(known, id, own, &draft.owners);
            if before.area == draft.area && before.purpose == draft.purpose && !owners {
                plan.same += 1;
                continue;
            }
            plan.changed.push(Changed {
                name: called(&building.name, &draft.stair, &draft.label),
                area: [before.area, draft.area],
                purpose: [before.purpose, draft.purpose],
                owners,
            });
        }
        let gone = |unit: Unit| Listed { name: called(&building.name, &unit.stair, &unit.label), area: unit.area };
        plan.removed.extend(left.into_values().map(gone));
    }

    /// Whether a table names the owners of a unit and their shares as the register has them.
    fn owns_as(&self, known: &Known, unit: Uuid, kept: &[Share], drafts: &[OwnerDraft]) -> bool {
        let is_kept = |draft: &OwnerDraft| {
            let owner = known.owners.get(&self.mark(known.compound, unit, draft));
            owner.is_some_and(|owner| {
                kept.iter().any(|share| share.owner == *owner && (share.part, share.whole) == (draft.part, draft.whole))
            })
        };
        kept.len() == drafts.len() && drafts.iter().all(is_kept)
    }
}

/// A unit as a table names it.
fn drafted(building: &BuildingDraft, unit: &UnitDraft) -> Listed {
    Listed { name: called(&building.name, &unit.stair, &unit.label), area: unit.area }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(name: &str) -> Listed {
        Listed { name: name.to_owned(), area: Area(895_000) }
    }

    #[test]
    fn nothing_goes_unseen() {
        let plan = Plan { removed: vec![unit("1号楼 1 102")], added: vec![unit("1号楼 1 103")], ..Plan::default() };
        let confirmed = |mark: String, may_drop| plan.is_as(&Confirmed { mark, may_drop }).map_err(|told| told.code);
        assert_eq!(confirmed(plan.mark(), true), Ok(()));
        assert_eq!(confirmed(plan.mark(), false), Err(Why::PropertyUnitsVanish));
        let other = Plan { removed: Vec::new(), ..plan.clone() };
        assert_eq!(confirmed(other.mark(), true), Err(Why::PropertySheetChanged));
        let turned = Plan { added: plan.removed.clone(), removed: plan.added.clone(), ..Plan::default() };
        assert_ne!(turned.mark(), plan.mark(), "what comes and what goes are told apart");
    }
}
