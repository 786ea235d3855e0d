//! Corrects a unit of the register by itself: its area, its use, its owners and their shares, with a reason that is
//! kept beside what stood there before.

use std::collections::BTreeSet;

use hall::Fault;
use kernel::permission::{Target, may};
use kernel::refusal::Refusal;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::register::{Taking, head_of, note, put_owned};
use super::telling::{Handling, Told};
use crate::Property;
use crate::permissions::May;
use crate::records::register::{self, Compound, Share, Unit};
use crate::records::{corrections, parts, votes};
use crate::refusals::Why;
use crate::rules::register::{called, whole_of};
use crate::words::area::Area;
use crate::words::corrections::{Correction, UnitBefore};
use crate::words::register::{OwnerDraft, Purpose};

/// Where the keys of corrections are kept apart from those of other forms.
const CORRECT: &str = "property.unit_correct";
/// What the owners read in their log when their unit is corrected. It begins with a purpose of the list.
const CORRECTED: &str = "更正信息、答复本人请求：更正房屋的面积、用途、业主或者份额";

/// A unit as somebody corrects it.
#[derive(Clone)]
pub struct Corrected {
    /// The identity of the correction.
    pub id: Uuid,
    /// Its private area.
    pub area: Area,
    /// What it is used as.
    pub purpose: Purpose,
    /// The owners who stay, by their sealed records, with their parts and of how many.
    pub kept: Vec<(Uuid, i64, i64)>,
    /// Owners who are new.
    pub new: Vec<OwnerDraft>,
    /// Identities for these.
    pub fresh: Vec<Uuid>,
    /// Whether the developer has not sold it: then it has no owners.
    pub is_unsold: bool,
    /// Whether she knows that a vote under way stays as it is.
    pub is_vote_known: bool,
    /// Why it is corrected.
    pub reason: String,
}

impl Property {
    /// Corrects a unit. Sent twice it is corrected once. While a vote is under way its owners stay, because the vote is
    /// of those who owned it when it was called; what else is corrected does not change that vote.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, shares that are not the whole, owners that change in a vote, nothing
    /// that changes, or a failure.
    pub fn correct_unit(&self, tx: &mut dyn Tx, unit: Uuid, to: &Corrected, by: &Handling) -> Result<(), Fault> {
        let (compound, before) = self.own_unit(tx, unit, &by.actor)?;
        may(&by.actor, May::PropertyEdit, &Target::at(compound.path.clone()))?;
        if !by.sent.is_first(tx, CORRECT, by.now)? {
            return Ok(());
        }
        // Its row is held from here on, so that nobody calls a vote while the register changes.
        let (changed_name, changed_at) = (by.actor.name.clone(), by.now);
        register::put_compound(tx, &Compound { changed_name, changed_at, ..compound.clone() })?;
        let owned = parts::shares_of_unit(tx, &before)?;
        may_change(tx, &before, &owned, to, by)?;
        let after = self.shared(tx, &before, &owned, to, by)?;
        let (area, purpose) = (to.area, to.purpose);
        let unit = Unit { area, purpose, head: head_of(before.compound, &after), ..before.clone() };
        if unit == before && is_same(&owned, &after) {
            return Err(Refusal::new(Why::PropertyUnitSame).into());
        }
        self.tell_unlinked(tx, &before, &unit, by)?;
        put_owned(tx, &unit, &after)?;
        self.tidy(tx, unit.district, unit.compound, by.now)?;
        self.tell(tx, &unit, CORRECTED, by)?;
        let are_others = !is_same(&owned, &after);
        let kept = serde_json::to_string(&UnitBefore::new(before.area, before.purpose, are_others));
        let correction = Correction {
            district: unit.district,
            id: to.id,
            subject: unit.id,
            number: 0,
            before: kept.map_err(|fault| Fault::Broken(fault.to_string()))?,
            reason: to.reason.clone(),
            by_name: by.actor.name.clone(),
            at: by.now,
        };
        corrections::add(tx, &correction)?;
        // What somebody wrote stays out of the log, which forgets nothing.
        let detail = json!({
            "unit": unit.id, "area_cm2": [before.area.0, unit.area.0],
            "purpose": [before.purpose.code(), unit.purpose.code()], "owners": are_others,
        });
        note(tx, &compound, ("property.unit_corrected", &detail), &by.actor, by.now)
    }

    /// Who owns which part of a unit once it is corrected. New owners are sealed.
    fn shared(
        &self,
        tx: &mut dyn Tx,
        unit: &Unit,
        owned: &[Share],
        to: &Corrected,
        by: &Handling,
    ) -> Result<Vec<Share>, Fault> {
        let mut shares = Vec::with_capacity(to.kept.len() + to.new.len());
        for (owner, part, whole) in to.kept.iter().copied() {
            if owned.iter().all(|share| share.owner != owner) {
                return Err(Fault::NotFound);
            }
            shares.push(Share { unit: unit.id, owner, part, whole });
        }
        let mut taking = Taking::begin(tx, unit.district, unit.compound, to.fresh.clone(), by.now)?;
        for draft in &to.new {
            let added = self.owner(tx, &mut taking, unit.id, draft)?;
            shares.push(Share { unit: unit.id, owner: added, part: draft.part, whole: draft.whole });
        }
        let persons: BTreeSet<Uuid> = shares.iter().map(|share| share.owner).collect();
        let name = called("", &unit.stair, &unit.label);
        if persons.len() < shares.len() {
            return Err(Refusal::new(Why::PropertyOwnerTwice).field("new1_owner").with("unit", name).into());
        }
        let parts: Vec<(i64, i64)> = shares.iter().map(|share| (share.part, share.whole)).collect();
        whole_of(&name, &parts)?;
        if shares.is_empty() && !to.is_unsold {
            return Err(Refusal::new(Why::PropertyUnitUnsold).field("unsold").into());
        }
        Ok(shares)
    }

    /// Tells the account of a head that has no unit any more once this one is another's.
    fn tell_unlinked(&self, tx: &mut dyn Tx, before: &Unit, after: &Unit, by: &Handling) -> Result<(), Fault> {
        if before.head == after.head {
            return Ok(());
        }
        let Some(head) = register::head(tx, before.district, before.head)? else { return Ok(()) };
        let Some(account) = head.account else { return Ok(()) };
        if parts::units_of_head(tx, &head)?.len() > 1 {
            return Ok(());
        }
        self.tell_account(tx, account, &Told::Unlinked { head: &head, at: by.now })
    }
}

/// Lets pass what may change while a vote is under way.
fn may_change(tx: &mut dyn Tx, unit: &Unit, owned: &[Share], to: &Corrected, by: &Handling) -> Result<(), Fault> {
    if !votes::is_running(tx, unit.district, unit.compound, by.now)? {
        return Ok(());
    }
    if !to.new.is_empty() || to.kept.len() != owned.len() {
        return Err(Refusal::new(Why::PropertyUnitInVote).into());
    }
    if to.is_vote_known { Ok(()) } else { Err(Refusal::new(Why::PropertyUnitVoteKnown).field("in_vote").into()) }
}

/// Whether two lists have the same owners with the same shares.
fn is_same(one: &[Share], other: &[Share]) -> bool {
    let has = |shares: &[Share], wanted: &Share| shares.iter().any(|share| share == wanted);
    one.len() == other.len() && one.iter().all(|share| has(other, share))
}
