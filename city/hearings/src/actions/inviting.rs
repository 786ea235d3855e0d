//! Gives a side of a dispute the code with which she follows it and answers for herself. Whoever mediates hands it to
//! her; a lost one is made anew for whoever showed who she is, and the one before ends.

use std::sync::Arc;

use cases::{Cases, Known, ReceiptCode, Renewing, own_counter};
use hall::Fault;
use kernel::language::Lang;
use kernel::permission::{Actor, Permission};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::PersonField;

use crate::Hearings;
use crate::records::sides;
use crate::refusals::Why;
use crate::rules::paper::step;
use crate::rules::people::{members, record_of};
use crate::words::asking::APPLIED;
use crate::words::inside::NamedRow;
use crate::words::people::Member;

/// Which side of which dispute is to get a code.
#[derive(Clone, Debug)]
pub struct SideAsked {
    /// The number of the case.
    pub number: String,
    /// Which of the people of a side she is.
    pub member: Member,
    /// Sent twice with the same key, it is one code.
    pub once: String,
}

/// How somebody showed who she is before her code was made anew.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The number on her paper, or her telephone.
    pub proof: String,
    /// What was looked at and compared, in words that she reads.
    pub purpose: String,
    /// What was looked at where nothing is kept to compare it with, in words that she reads.
    pub unproved: String,
}

/// A side as whoever mediates sees it.
#[derive(Clone, Debug)]
pub struct SideSeen {
    /// Which of the people of a side she is.
    pub member: Member,
    /// Her name as a mask; empty once it was erased.
    pub name: String,
    /// Whether she has a code.
    pub has_code: bool,
    /// Who gave the name by which papers call her, and when; none while nobody did.
    pub named: Option<NamedRow>,
    /// Whether she asked for the mediation and said her name with that.
    pub applied: bool,
}

impl Hearings {
    /// Gives a side her first code. Sent twice it is one code.
    ///
    /// # Errors
    /// Refuses if she has another code already, before the matter is taken on and after its end; fails with `NotFound`
    /// for everybody who does not mediate it.
    pub async fn invite(
        self: &Arc<Self>,
        asked: SideAsked,
        actor: Actor,
        now: Instant,
    ) -> Result<(Known, ReceiptCode), Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let known = desk.mediated(tx, &asked.number, &actor, now)?;
            may_invite(&known)?;
            let record = record_of(&known.case, asked.member).ok_or(Fault::NotFound)?;
            let district = cases::district(&known.case);
            let had = Cases::mark_now(tx, district, record)?.is_some();
            let code = desk.cases.give_code_to(tx, &known.case, record, &asked.once, now)?;
            let code = code.ok_or_else(|| Refusal::new(Why::HearingsCodeGiven))?;
            if !had {
                let detail = json!({ "number": known.case.number, "side": asked.member.code() });
                let act = store::log::Act {
                    district,
                    stream: record,
                    kind: "hearings.invited",
                    detail: &detail,
                    by: actor.account,
                    by_name: &actor.name,
                    at: now,
                };
                store::log::note(tx, &act)?;
            }
            Ok::<_, Fault>((known, code))
        };
        self.hall.store.write(write).await
    }

    /// Makes the code of a side anew once she showed who she is. What is kept of her is compared with what she showed;
    /// where neither an identity number nor a telephone is kept, whoever mediates answers for having looked. Returns
    /// nothing if it is not hers.
    ///
    /// # Errors
    /// As [`Hearings::invite`].
    pub async fn renew(
        self: &Arc<Self>,
        asked: SideAsked,
        shown: Shown,
        actor: Actor,
        now: Instant,
    ) -> Result<Option<(Known, ReceiptCode)>, Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let known = desk.mediated(tx, &asked.number, &actor, now)?;
            may_invite(&known)?;
            let record = record_of(&known.case, asked.member).ok_or(Fault::NotFound)?;
            let purpose = match desk.is_hers(tx, cases::district(&known.case), record, &shown.proof)? {
                Some(false) => return Ok(None),
                Some(true) => &shown.purpose,
                None => &shown.unproved,
            };
            let place = own_counter(&actor).map(|place| desk.hall.places.tree().chain(&place, Lang::Zh));
            let place = place.unwrap_or_default();
            let renewing = Renewing { actor: &actor, place: &place, purpose, once: &asked.once, now };
            let code = desk.cases.renew_code(tx, &known, record, &renewing)?;
            let code = code.ok_or_else(|| Refusal::new(Why::HearingsCodeGiven))?;
            Ok::<_, Fault>(Some((known, code)))
        };
        self.hall.store.write(write).await
    }

    /// The sides of a dispute, for whoever mediates it.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub async fn sides(
        self: &Arc<Self>,
        number: String,
        actor: Actor,
        now: Instant,
    ) -> Result<(Known, Vec<SideSeen>), Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let known = desk.mediated(tx, &number, &actor, now)?;
            let district = cases::district(&known.case);
            let named = sides::named(tx, &known.key())?;
            let applied = desk.cases.events(tx, &known.case)?.first().and_then(step) == Some("apply");
            let mut seen = Vec::new();
            for member in members(&known.case) {
                let Some(record) = record_of(&known.case, member) else { continue };
                let has_code = Cases::mark_now(tx, district, record)?.is_some();
                let masked = desk.hall.vault.masked(tx, &[(district, record)])?.into_iter().next();
                let name = masked.and_then(|(_, mut fields)| fields.remove(&PersonField::Name)).unwrap_or_default();
                let named = named.iter().find(|one| one.side == member.code()).cloned();
                seen.push(SideSeen { member, name, has_code, named, applied: applied && member == Member::ASKER });
            }
            Ok::<_, Fault>((known, seen))
        };
        self.hall.store.read(read).await
    }

    /// A dispute, for whoever mediates it where it lies.
    pub(crate) fn mediated(&self, tx: &mut dyn Tx, number: &str, actor: &Actor, now: Instant) -> Result<Known, Fault> {
        let known = self.mediation(tx, number, actor, now)?;
        let mut grants = actor.holding(Permission::CaseHandle);
        let handles = grants.any(|grant| grant.covers_explicitly(&known.case.office));
        if handles { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// Whether what somebody showed is what is kept of a sealed record; none where nothing is kept to compare.
    fn is_hers(&self, tx: &mut dyn Tx, district: PlaceId, record: Uuid, proof: &str) -> Result<Option<bool>, Fault> {
        let vault = &self.hall.vault;
        let Some((_, kept)) = vault.masked(tx, &[(district, record)])?.into_iter().next() else {
            return Err(Refusal::new(Code::VaultRecordErased).into());
        };
        let field =
            [PersonField::ResidentId, PersonField::Telephone].into_iter().find(|field| kept.contains_key(field));
        match field {
            Some(field) => Ok(Some(vault.matches(tx, district, record, field, proof)?)),
            None => Ok(None),
        }
    }
}

/// Both sides are asked once the matter is taken on, and as long as it runs.
fn may_invite(known: &Known) -> Result<(), Fault> {
    let runs = known.case.closed_at.is_none() && known.case.state != APPLIED;
    if runs { Ok(()) } else { Err(Refusal::new(Why::HearingsNotInviting).into()) }
}
