//! Keeps an owners' register: takes a table in, opens the owners of a unit for a purpose, and links an account with the
//! code of a letter.

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

use crate::Property;
use crate::permissions::May;
use crate::records::register::{self, Building, Compound, Head, Owner, Share, Unit};
use crate::records::votes;
use crate::refusals::Why;
use crate::rules::register::{called, head};
use crate::words::register::{BuildingDraft, Ground, HeadKind, OwnerDraft, UnitDraft};

/// Where the keys of tables are kept apart from those of other forms.
const IMPORT: &str = "property.import";
/// Where the keys of codes that were entered are kept apart.
const LINK: &str = "property.link";
/// Where the keys of accounts that were released are kept apart.
const RELEASE: &str = "property.release";
/// What the sealed record of an owner is needed for, as she reads it.
const NEEDED_FOR: &str = "业主名册";
/// The characters of a code: none looks like another.
const LETTERS: [char; 32] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];
/// How many characters a code has, and how many stand together.
const CODE_LETTERS: usize = 12;
const CODE_GROUP: usize = 4;

/// The command to take a table in.
pub struct Import {
    /// The compound.
    pub ground: Ground,
    /// The buildings that the table names, with all of their units.
    pub buildings: Vec<BuildingDraft>,
    /// Identities for what is new: one for each owner of the table.
    pub fresh: Vec<Uuid>,
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
        Self { ground, buildings, fresh, sent, now }
    }
}

/// What is known of a compound while a table is taken in.
struct Taking {
    district: PlaceId,
    compound: i64,
    now: Instant,
    /// The owners by their marks.
    known: BTreeMap<String, Uuid>,
    /// Identities for new ones.
    fresh: std::vec::IntoIter<Uuid>,
}

impl Property {
    /// Takes a table in: what it names is as it says from now on, and the units of its buildings that it does not name
    /// are dropped. Sent twice it is done once.
    ///
    /// # Errors
    /// No permission there, a vote that is under way, or a failure.
    pub fn import(&self, tx: &mut dyn Tx, command: &Import, actor: &Actor) -> Result<(), Fault> {
        let Import { ground, buildings, fresh, sent, now } = command;
        may(actor, May::PropertyEdit, &Target::at(ground.path.clone()))?;
        if !sent.is_first(tx, IMPORT, *now)? {
            return Ok(());
        }
        let before = register::compound(tx, ground.id)?;
        let district = before.map_or_else(|| ground.path.district(), |compound| compound.district);
        if votes::is_running(tx, district, ground.id, *now)? {
            return Err(Refusal::new(Why::PropertyRegisterInVote).field("file").into());
        }
        let compound = Compound {
            district,
            id: ground.id,
            path: ground.path.clone(),
            name: ground.name.clone(),
            changed_name: actor.name.clone(),
            changed_at: *now,
        };
        register::put_compound(tx, &compound)?;
        let known = register::owners(tx, district, ground.id)?.into_iter().map(|owner| (owner.mark, owner.id));
        let (known, fresh) = (known.collect(), fresh.clone().into_iter());
        let mut taking = Taking { district, compound: ground.id, now: *now, known, fresh };
        for building in buildings {
            self.put_building(tx, &mut taking, building)?;
        }
        for owner in register::former_owners(tx, district, ground.id)? {
            register::drop_owner(tx, district, owner.id)?;
            self.hall.vault.erase(tx, district, owner.id, *now)?;
        }
        register::drop_empty_heads(tx, district, ground.id)?;
        let counts = (buildings.len(), buildings.iter().map(|building| building.units.len()).sum::<usize>());
        let detail = json!({ "compound": ground.id, "buildings": counts.0, "units": counts.1 });
        note(tx, &compound, ("property.register", &detail), actor, *now)
    }

    fn put_building(&self, tx: &mut dyn Tx, taking: &mut Taking, draft: &BuildingDraft) -> Result<(), Fault> {
        let (district, compound) = (taking.district, taking.compound);
        let (name, stated) = (draft.name.clone(), draft.stated.unwrap_or_default());
        register::put_building(tx, &Building { district, id: draft.id, compound, name, stated })?;
        let mut gone: BTreeSet<Uuid> =
            register::units_of(tx, district, draft.id)?.into_iter().map(|unit| unit.id).collect();
        for unit in &draft.units {
            gone.remove(&unit_id(draft.id, unit));
            self.put_unit(tx, taking, draft.id, unit)?;
        }
        for unit in gone {
            register::drop_unit(tx, district, unit)?;
        }
        Ok(())
    }

    fn put_unit(&self, tx: &mut dyn Tx, taking: &mut Taking, building: i64, draft: &UnitDraft) -> Result<(), Fault> {
        let (district, compound, id) = (taking.district, taking.compound, unit_id(building, draft));
        let mut owners = Vec::with_capacity(draft.owners.len());
        for owner in &draft.owners {
            owners.push(self.owner(tx, taking, id, owner)?);
        }
        let head = head(compound, &owners);
        let unit = Unit {
            district,
            id,
            compound,
            building,
            stair: draft.stair.clone(),
            label: draft.label.clone(),
            purpose: draft.purpose,
            area: draft.area,
            head,
        };
        register::put_unit(tx, &unit)?;
        register::drop_shares(tx, district, id)?;
        for (owner, drafted) in owners.iter().zip(&draft.owners) {
            let share = Share { unit: id, owner: *owner, part: drafted.part, whole: drafted.whole };
            register::add_share(tx, district, &share)?;
        }
        let kind = if owners.is_empty() { HeadKind::Developer } else { HeadKind::Owners };
        let code = self.digest(&self.owner_code(head));
        let head = Head { district, id: head, compound, kind, code, account: None, linked_at: None };
        Ok(register::add_head(tx, &head)?)
    }

    /// The sealed record of an owner: the one that the compound has of her, or a new one. Without a telephone nobody
    /// can tell two people of one name apart, so that each unit has an owner of its own.
    fn owner(&self, tx: &mut dyn Tx, taking: &mut Taking, unit: Uuid, draft: &OwnerDraft) -> Result<Uuid, Fault> {
        let told = if draft.telephone.is_empty() { unit.to_string() } else { draft.telephone.clone() };
        let key = format!("property owner {} {} {told}", taking.compound, line::name_key(&draft.name));
        let mark = self.hall.vault.told_apart(&key);
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
        for share in register::shares_of(tx, unit.district, unit.building)? {
            if share.unit == unit.id {
                self.hall.within_measure(tx, unit.district, share.owner, look)?;
                let person = self.hall.open_once(tx, unit.district, share.owner, look, Some(once))?;
                opened.push((share.owner, person));
            }
        }
        Ok(opened)
    }

    /// Releases the account of a unit, so that another one can be linked with the code of the letter.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn release(&self, tx: &mut dyn Tx, unit: Uuid, sent: &Sent, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, actor)?;
        let mut heads = register::heads(tx, compound.district, compound.id)?.into_iter();
        let Some(head) = heads.find(|head| head.id == unit.head) else { return Ok(()) };
        if !sent.is_first(tx, RELEASE, now)? || head.account.is_none() {
            return Ok(());
        }
        register::link(tx, &head, None, now)?;
        note(tx, &compound, ("property.released", &json!({ "unit": unit.id })), actor, now)
    }

    /// The codes of a building's letters: which units each one is for. That somebody printed them is written down.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn letters(
        &self,
        tx: &mut dyn Tx,
        compound: i64,
        building: i64,
        actor: &Actor,
        now: Instant,
    ) -> Result<Vec<Letter>, Fault> {
        let compound = self.own_compound(tx, compound, actor)?;
        let district = compound.district;
        let names: BTreeMap<i64, String> =
            register::buildings(tx, district, compound.id)?.into_iter().map(|one| (one.id, one.name)).collect();
        let units = register::units(tx, district, compound.id)?;
        let here: BTreeSet<Uuid> =
            units.iter().filter(|unit| unit.building == building).map(|unit| unit.head).collect();
        let mut letters = Vec::new();
        for head in register::heads(tx, district, compound.id)? {
            if here.contains(&head.id) && head.kind == HeadKind::Owners {
                let own = units.iter().filter(|unit| unit.head == head.id);
                let name = |unit: &Unit| names.get(&unit.building).map(String::as_str).unwrap_or_default();
                let units = own.map(|unit| called(name(unit), &unit.stair, &unit.label)).collect();
                letters.push(Letter { units, code: self.owner_code(head.id) });
            }
        }
        letters.sort_by(|one, other| one.units.cmp(&other.units));
        let detail = json!({ "building": building, "letters": letters.len() });
        note(tx, &compound, ("property.letters", &detail), actor, now)?;
        Ok(letters)
    }

    /// The code of a head, as it stands on its letter: `ABCD-EFGH-JKLM`. It is made from the key of the vault and kept
    /// nowhere.
    #[must_use]
    pub fn owner_code(&self, head: Uuid) -> String {
        let hex = self.hall.vault.told_apart(&format!("property code of {head}"));
        let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
        let pairs = digits.chunks_exact(2).filter_map(|pair| match pair {
            [high, low] => usize::try_from(high * 16 + low).ok(),
            _ => None,
        });
        let letters: Vec<char> =
            pairs.take(CODE_LETTERS).filter_map(|byte| LETTERS.get(byte % LETTERS.len()).copied()).collect();
        letters.chunks(CODE_GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<String>>().join("-")
    }

    /// What is kept of a code: only whoever has the key of the vault can try out others.
    fn digest(&self, code: &str) -> String {
        let told: String = code.to_uppercase().chars().filter(|letter| LETTERS.contains(letter)).collect();
        self.hall.vault.told_apart(&format!("property code {told}"))
    }

    /// Links the account of an owner with the code of her letter.
    ///
    /// # Errors
    /// No such code, a code that another account uses, or a failure.
    pub fn link(&self, tx: &mut dyn Tx, code: &str, sent: &Sent, account: Uuid, now: Instant) -> Result<(), Fault> {
        let digest = self.digest(&line::number(code));
        let unknown = || Refusal::new(Why::PropertyCodeUnknown).field("code");
        let head = register::head_of_code(tx, &digest)?.ok_or_else(unknown)?;
        if head.kind == HeadKind::Developer {
            return Err(unknown().into());
        }
        if head.account.is_some_and(|other| other != account) {
            return Err(Refusal::new(Why::PropertyCodeTaken).field("code").into());
        }
        if sent.is_first(tx, LINK, now)? && head.account.is_none() {
            register::link(tx, &head, Some(account), now)?;
            // Codes are printed by staff: whoever linked with one is found again in the log.
            let detail = json!({ "head": head.id });
            let (district, stream, kind) = (head.district, stream(head.compound), "property.linked");
            let act =
                store::log::Act { district, stream, kind, detail: &detail, by: Some(account), by_name: "", at: now };
            store::log::note(tx, &act)?;
        }
        Ok(())
    }
}

/// A letter to the owners of one or several units with the code by which they link their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The units.
    pub units: Vec<String>,
    /// The code.
    pub code: String,
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

/// The identity of a unit, the same whenever a table names it.
fn unit_id(building: i64, unit: &UnitDraft) -> Uuid {
    let UnitDraft { stair, label, .. } = unit;
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("property unit {building} {stair} {label}").as_bytes())
}

/// The stream of events of a compound.
#[must_use]
pub fn stream(compound: i64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("property compound {compound}").as_bytes())
}
