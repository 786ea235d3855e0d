//! Keeps an owners' register: takes a table in, and opens the owners of a unit for a purpose.

use std::collections::{BTreeMap, BTreeSet};

use hall::{Fault, Sent};
use kernel::line;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{Look, NewRecord, Person, PersonField};

use super::register_plan::{Confirmed, Plan};
use crate::Property;
use crate::permissions::May;
use crate::records::register::{self, Building, Compound, Head, Owner, Share, Unit};
use crate::records::{parts, votes};
use crate::refusals::Why;
use crate::rules::register::{head, unit_id};
use crate::words::register::{BuildingDraft, Ground, HeadKind, OwnerDraft, UnitDraft};

/// Where the keys of tables are kept apart from those of other forms.
const IMPORT: &str = "property.import";
/// What the sealed record of an owner is needed for, as she reads it.
const NEEDED_FOR: &str = "业主名册";

/// The command to take a table in.
pub struct Import {
    /// The compound.
    pub ground: Ground,
    /// The buildings that the table names, with all of their units.
    pub buildings: Vec<BuildingDraft>,
    /// Identities for what is new: one for each owner of the table.
    pub fresh: Vec<Uuid>,
    /// What somebody saw of what the table changes, and confirmed. None where nobody looks at it.
    pub confirmed: Option<Confirmed>,
    /// The form.
    pub sent: Sent,
    /// When.
    pub now: Instant,
}

impl Import {
    /// Makes the command with identities for everybody in it.
    #[must_use]
    pub fn new(ground: Ground, buildings: Vec<BuildingDraft>, sent: Sent, now: Instant) -> Self {
        let owners = buildings.iter().flat_map(|building| &building.units).map(|unit| unit.owners.len()).sum();
        let fresh = std::iter::repeat_with(Uuid::now_v7).take(owners).collect();
        Self { ground, buildings, fresh, confirmed: None, sent, now }
    }

    /// The command with what somebody saw and confirmed.
    #[must_use]
    pub fn confirmed(self, confirmed: Confirmed) -> Self {
        Self { confirmed: Some(confirmed), ..self }
    }
}

/// What is known of a compound while a table is taken in, or a unit is corrected.
pub(super) struct Taking {
    district: PlaceId,
    compound: i64,
    now: Instant,
    /// The owners by their marks.
    known: BTreeMap<String, Uuid>,
    /// Identities for new ones.
    fresh: std::vec::IntoIter<Uuid>,
}

impl Taking {
    /// Begins with the owners whom a compound has, and identities for new ones.
    pub(super) fn begin(
        tx: &mut dyn Tx,
        district: PlaceId,
        compound: i64,
        fresh: Vec<Uuid>,
        now: Instant,
    ) -> Result<Self, Fault> {
        let known = register::owners(tx, district, compound)?.into_iter().map(|owner| (owner.mark, owner.id));
        Ok(Self { district, compound, now, known: known.collect(), fresh: fresh.into_iter() })
    }
}

impl Property {
    /// Takes a table in: what it names is as it says from now on, and the units of its buildings that it does not name
    /// are dropped. Sent twice it is done once. It returns what it changed, or nothing if it was taken before.
    ///
    /// # Errors
    /// No permission there, a vote that is under way, another list than the one that was confirmed, units that would go
    /// and may not, or a failure.
    pub fn import(&self, tx: &mut dyn Tx, command: &Import, actor: &Actor) -> Result<Option<Plan>, Fault> {
        let Import { ground, buildings, fresh, confirmed, sent, now } = command;
        may(actor, May::PropertyEdit, &Target::at(ground.path.clone()))?;
        if !sent.is_first(tx, IMPORT, *now)? {
            return Ok(None);
        }
        let before = register::compound(tx, ground.id)?;
        let district = before.map_or_else(|| ground.path.district(), |compound| compound.district);
        let compound = Compound {
            district,
            id: ground.id,
            path: ground.path.clone(),
            name: ground.name.clone(),
            changed_name: actor.name.clone(),
            changed_at: *now,
        };
        // Its row is held from here on, so that nobody calls a vote while the register changes.
        register::put_compound(tx, &compound)?;
        if votes::is_running(tx, district, ground.id, *now)? {
            return Err(Refusal::new(Why::PropertyRegisterInVote).field("file").into());
        }
        let plan = self.plan(tx, ground.id, buildings)?;
        if let Some(confirmed) = confirmed {
            plan.is_as(confirmed)?;
        }
        let mut taking = Taking::begin(tx, district, ground.id, fresh.clone(), *now)?;
        for building in buildings {
            self.put_building(tx, &mut taking, building)?;
        }
        self.tidy(tx, district, ground.id, *now)?;
        let counts = (buildings.len(), buildings.iter().map(|building| building.units.len()).sum::<usize>());
        let detail = json!({
            "compound": ground.id, "buildings": counts.0, "units": counts.1, "added": plan.added.len(),
            "changed": plan.changed.len(), "removed": plan.removed.len(),
        });
        note(tx, &compound, ("property.register", &detail), actor, *now)?;
        Ok(Some(plan))
    }

    /// Drops owners who own nothing in a compound any more, with their sealed records, and heads without units.
    pub(super) fn tidy(&self, tx: &mut dyn Tx, district: PlaceId, compound: i64, now: Instant) -> Result<(), Fault> {
        for owner in register::former_owners(tx, district, compound)? {
            register::drop_owner(tx, district, owner.id)?;
            self.hall.vault.erase(tx, district, owner.id, now)?;
        }
        Ok(register::drop_empty_heads(tx, district, compound)?)
    }

    fn put_building(&self, tx: &mut dyn Tx, taking: &mut Taking, draft: &BuildingDraft) -> Result<(), Fault> {
        let (district, compound) = (taking.district, taking.compound);
        let (name, stated) = (draft.name.clone(), draft.stated.unwrap_or_default());
        register::put_building(tx, &Building { district, id: draft.id, compound, name, stated })?;
        let mut gone: BTreeSet<Uuid> =
            register::units_of(tx, district, draft.id)?.into_iter().map(|unit| unit.id).collect();
        for unit in &draft.units {
            gone.remove(&unit_id(draft.id, &unit.stair, &unit.label));
            self.put_unit(tx, taking, draft.id, unit)?;
        }
        for unit in gone {
            register::drop_unit(tx, district, unit)?;
        }
        Ok(())
    }

    fn put_unit(&self, tx: &mut dyn Tx, taking: &mut Taking, building: i64, draft: &UnitDraft) -> Result<(), Fault> {
        let (district, compound) = (taking.district, taking.compound);
        let id = unit_id(building, &draft.stair, &draft.label);
        let mut shares = Vec::with_capacity(draft.owners.len());
        for owner in &draft.owners {
            let (part, whole) = (owner.part, owner.whole);
            shares.push(Share { unit: id, owner: self.owner(tx, taking, id, owner)?, part, whole });
        }
        let unit = Unit {
            district,
            id,
            compound,
            building,
            stair: draft.stair.clone(),
            label: draft.label.clone(),
            purpose: draft.purpose,
            area: draft.area,
            head: head_of(compound, &shares),
        };
        put_owned(tx, &unit, &shares)
    }

    /// What tells an owner from the others of a compound. Without a telephone nobody can tell two people of one name
    /// apart, so that each unit has an owner of its own.
    pub(super) fn mark(&self, compound: i64, unit: Uuid, draft: &OwnerDraft) -> String {
        let told = if draft.telephone.is_empty() { unit.to_string() } else { draft.telephone.clone() };
        self.hall.vault.told_apart(&format!("property owner {compound} {} {told}", line::name_key(&draft.name)))
    }

    /// The sealed record of an owner: the one that the compound has of her, or a new one.
    pub(super) fn owner(
        &self,
        tx: &mut dyn Tx,
        taking: &mut Taking,
        unit: Uuid,
        draft: &OwnerDraft,
    ) -> Result<Uuid, Fault> {
        let mark = self.mark(taking.compound, unit, draft);
        if let Some(known) = taking.known.get(&mark) {
            return Ok(*known);
        }
        let fresh = taking.fresh.next();
        let id = fresh.ok_or_else(|| Fault::Broken("a table has more owners than were counted".to_owned()))?;
        let person = Person::new().with(PersonField::Name, &draft.name).with(PersonField::Telephone, &draft.telephone);
        let (district, at) = (taking.district, taking.now);
        let record = NewRecord { id, district, person, purpose: NEEDED_FOR.to_owned(), retain_until: None, at };
        self.hall.vault.seal(tx, &record)?;
        register::add_owner(tx, &Owner { district, id, compound: taking.compound, mark: mark.clone() })?;
        taking.known.insert(mark, id);
        Ok(id)
    }

    /// The unit of an identity with its compound, if its register is kept by this person.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn own_unit(&self, tx: &mut dyn Tx, unit: Uuid, actor: &Actor) -> Result<(Compound, Unit), Fault> {
        let unit = register::unit(tx, unit)?.ok_or(Fault::NotFound)?;
        Ok((self.own_compound(tx, unit.compound, actor)?, unit))
    }

    /// The compound of an identity, if its register is kept by this person.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn own_compound(&self, tx: &mut dyn Tx, compound: i64, actor: &Actor) -> Result<Compound, Fault> {
        let compound = register::compound(tx, compound)?.ok_or(Fault::NotFound)?;
        let is_hers = super::reach(actor).iter().any(|place| place.contains(&compound.path));
        if is_hers { Ok(compound) } else { Err(Fault::NotFound) }
    }

    /// Opens the owners of a unit for a purpose. Each look is written where the owner reads it.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, no permission to open personal data, too many people on one day, or a
    /// failure.
    pub fn open_owners(
        &self,
        tx: &mut dyn Tx,
        unit: Uuid,
        look: &Look,
        once: &str,
        actor: &Actor,
    ) -> Result<Vec<(Uuid, Person)>, Fault> {
        let (compound, unit) = self.own_unit(tx, unit, actor)?;
        may(actor, Permission::PersonOpen, &Target::at(compound.path.clone()))?;
        let mut opened = Vec::new();
        for share in parts::shares_of_unit(tx, &unit)? {
            self.hall.within_measure(tx, unit.district, share.owner, look)?;
            let person = self.hall.open_once(tx, unit.district, share.owner, look, Some(once))?;
            opened.push((share.owner, person));
        }
        Ok(opened)
    }
}

/// The head as which the owners of a unit count.
pub(super) fn head_of(compound: i64, shares: &[Share]) -> Uuid {
    let owners: Vec<Uuid> = shares.iter().map(|share| share.owner).collect();
    head(compound, &owners)
}

/// Keeps a unit with who owns which part of it, and the head as which they count.
pub(super) fn put_owned(tx: &mut dyn Tx, unit: &Unit, shares: &[Share]) -> Result<(), Fault> {
    let district = unit.district;
    register::put_unit(tx, unit)?;
    register::drop_shares(tx, district, unit.id)?;
    for share in shares {
        register::add_share(tx, district, share)?;
    }
    // A head has no code before its letter is printed.
    let head = Head {
        district,
        id: unit.head,
        compound: unit.compound,
        kind: if shares.is_empty() { HeadKind::Developer } else { HeadKind::Owners },
        code: String::new(),
        account: None,
        linked_at: None,
        votes_from: None,
    };
    Ok(register::add_head(tx, &head)?)
}

/// Writes into the log of the district what somebody did with a register.
///
/// # Errors
/// The store failed.
pub fn note(
    tx: &mut dyn Tx,
    compound: &Compound,
    told: (&'static str, &serde_json::Value),
    actor: &Actor,
    at: Instant,
) -> Result<(), Fault> {
    let (district, stream) = (compound.district, stream(compound.id));
    let (kind, detail) = told;
    let (by, by_name) = (actor.account, &actor.name);
    Ok(store::log::note(tx, &store::log::Act { district, stream, kind, detail, by, by_name, at })?)
}

/// The stream of events of a compound.
#[must_use]
pub fn stream(compound: i64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("property compound {compound}").as_bytes())
}
