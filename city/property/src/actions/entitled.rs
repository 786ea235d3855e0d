//! Who is entitled in a vote that somebody is about to call, and whether enough of the owners ask for it.

use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;

use crate::Property;
use crate::records::register::{self, Compound, Unit};
use crate::records::votes::Right;
use crate::refusals::Why;
use crate::rules::register::called;
use crate::rules::tally::{Amount, Share};
use crate::rules::votes::{VoteDraft, enough_ask};
use crate::words::CALL_SHARE;
use crate::words::area::Area;
use crate::words::votes::Caller;

/// Thousandths of a whole.
const PER_MILLE: u32 = 1_000;

/// What somebody looks at before she calls a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookedAt {
    /// How many are entitled, and their area.
    pub entitled: Amount,
    /// How many matters are put to the vote.
    pub matters: usize,
}

/// Who is entitled in a vote that somebody is about to call.
pub struct Entitled {
    /// Their rights.
    pub rights: Vec<Right>,
    /// What the range is called; empty for the whole compound.
    pub range: String,
    /// How many owners ask for it, by heads.
    pub asking: i64,
}

impl Entitled {
    /// How many they are, and their area.
    #[must_use]
    pub fn whole(&self) -> Amount {
        Amount { heads: count_of(&self.rights), area: self.rights.iter().map(|right| right.area).sum() }
    }

    /// What somebody looks at before she calls a vote in which they are entitled.
    #[must_use]
    pub fn looked_at(&self, draft: &VoteDraft) -> LookedAt {
        LookedAt { entitled: self.whole(), matters: draft.matters.len() }
    }

    /// Lets a vote be called that somebody looked at as it is now.
    ///
    /// # Errors
    /// Says who is entitled now, where nobody looked, or the register or the matters are other ones since.
    pub fn may_call(&self, draft: &VoteDraft, before: Option<LookedAt>) -> Result<(), Refusal> {
        let now = self.looked_at(draft);
        if before == Some(now) {
            return Ok(());
        }
        let Amount { heads, area } = now.entitled;
        Err(Refusal::new(Why::VoteLookedOther).with("heads", heads).with("area", area.show()))
    }
}

impl Property {
    /// Who is entitled in a vote that somebody is about to call, as the register has them now.
    ///
    /// # Errors
    /// A range without units, a unit that the register does not have, too few owners who ask, or a failure.
    pub fn entitled(&self, tx: &mut dyn Tx, compound: &Compound, draft: &VoteDraft) -> Result<Entitled, Fault> {
        let (mut rights, range) = rights(tx, compound, draft)?;
        if rights.is_empty() {
            return Err(Refusal::new(Why::VoteNobody).field("building").into());
        }
        let (asking, owners) = asking(tx, compound, draft, &mut rights)?;
        if draft.caller == Caller::Owners {
            let share = self.hall.figure_at(CALL_SHARE, &compound.path, draft.opens_on)?;
            enough_ask(asking, owners, Share { parts: share, of: PER_MILLE, over: false })?;
        }
        Ok(Entitled { rights, range, asking })
    }
}

fn count_of(rights: &[Right]) -> i64 {
    i64::try_from(rights.len()).unwrap_or(i64::MAX)
}

/// The rights of a range: each head with all of its units there, numbered by its first unit; and what the range is
/// called.
fn rights(tx: &mut dyn Tx, compound: &Compound, draft: &VoteDraft) -> Result<(Vec<Right>, String), Fault> {
    let buildings = register::buildings(tx, compound.district, compound.id)?;
    let name = |id: i64| buildings.iter().find(|one| one.id == id).map(|one| one.name.as_str()).unwrap_or_default();
    let is_inside = |unit: &Unit| {
        draft.building.is_none_or(|building| building == unit.building)
            && (draft.stair.is_empty() || draft.stair == unit.stair)
    };
    let units = register::units(tx, compound.district, compound.id)?;
    let mut heads: BTreeMap<Uuid, (Vec<String>, Area)> = BTreeMap::new();
    let mut order: Vec<Uuid> = Vec::new();
    for unit in units.iter().filter(|unit| is_inside(unit)) {
        let own = heads.entry(unit.head).or_insert_with(|| {
            order.push(unit.head);
            (Vec::new(), Area::default())
        });
        own.0.push(called(name(unit.building), &unit.stair, &unit.label));
        own.1 = own.1.plus(unit.area);
    }
    let mut rights = Vec::with_capacity(order.len());
    for (head, number) in order.into_iter().zip(1_i64..) {
        let Some((units, area)) = heads.remove(&head) else { continue };
        let unit_count = i64::try_from(units.len()).unwrap_or(i64::MAX);
        rights.push(Right { number, head, units: units.join("、"), unit_count, area, asked: false });
    }
    let range = draft.building.map(|building| called(name(building), &draft.stair, "")).unwrap_or_default();
    Ok((rights, range))
}

/// Marks the owners who ask for a vote, and says how many heads they are, and how many the compound has: the regulation
/// speaks of its owners, also where those of one building vote.
fn asking(tx: &mut dyn Tx, compound: &Compound, draft: &VoteDraft, rights: &mut [Right]) -> Result<(i64, i64), Fault> {
    if draft.caller != Caller::Owners {
        return Ok((0, 0));
    }
    let names = register::buildings(tx, compound.district, compound.id)?;
    let name = |id: i64| names.iter().find(|one| one.id == id).map(|one| one.name.as_str()).unwrap_or_default();
    let units = register::units(tx, compound.district, compound.id)?;
    let heads: BTreeMap<String, Uuid> =
        units.iter().map(|unit| (called(name(unit.building), &unit.stair, &unit.label), unit.head)).collect();
    let mut asking = BTreeSet::new();
    for told in &draft.asking {
        let unknown = || Refusal::new(Why::VoteUnitUnknown).field("asking").with("unit", told);
        let head = heads.get(told).copied().ok_or_else(unknown)?;
        if let Some(right) = rights.iter_mut().find(|right| right.head == head) {
            right.asked = true;
        }
        asking.insert(head);
    }
    let owners: BTreeSet<Uuid> = units.iter().map(|unit| unit.head).collect();
    let number = |heads: &BTreeSet<Uuid>| i64::try_from(heads.len()).unwrap_or(i64::MAX);
    Ok((number(&asking), number(&owners)))
}
