//! The accounts of owners: one is linked with the code of a letter and votes online once the wait is over, or once
//! somebody looked at her papers; whoever was linked before is told.

use std::collections::{BTreeMap, BTreeSet};

use hall::{Fault, Sent};
use kernel::line;
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use kernel::time::{Instant, date_plus_days};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::register::{note, stream};
use super::telling::{Handling, Told};
use crate::Property;
use crate::records::register::{self, Compound, Head};
use crate::refusals::Why;
use crate::rules::register::unrelated;
use crate::words::register::HeadKind;
use crate::words::{LINK_WAIT, PROXY_UNITS};

/// Where the keys of codes that were entered are kept apart.
const LINK: &str = "property.link";
/// Where the keys of accounts that were released are kept apart.
const RELEASE: &str = "property.release";
/// Where the keys of accounts that were confirmed are kept apart.
const CONFIRM: &str = "property.confirm";
/// What the owner reads in her log when her account is released, and when it is confirmed. Each begins with a purpose
/// of the list.
const RELEASED: &str = "更正信息、答复本人请求：解除网上账号，业主码作废";
const CONFIRMED: &str = "更正信息、答复本人请求：当面核对，网上账号马上可以表决";

impl Property {
    /// Links the account of an owner with the code of her letter. It may vote online once the wait is over. None if no
    /// letter has this code: the try counts as a wrong one then.
    ///
    /// # Errors
    /// Somebody who keeps the register there, a code that another account uses, more owners than one account may vote
    /// for, or a failure.
    pub fn link(
        &self,
        tx: &mut dyn Tx,
        code: &str,
        sent: &Sent,
        who: &Actor,
        now: Instant,
    ) -> Result<Option<()>, Fault> {
        let Some(account) = who.account else { return Err(Fault::NotFound) };
        let found = register::head_of_code(tx, &self.digest(&line::number(code)))?;
        let Some(head) = found.filter(|head| head.kind == HeadKind::Owners) else { return Ok(None) };
        let compound = register::compound(tx, head.compound)?.ok_or(Fault::NotFound)?;
        if super::reach(who).iter().any(|place| place.contains(&compound.path)) {
            return Err(Refusal::new(Why::PropertyCodeKeeper).field("code").into());
        }
        if head.account.is_some_and(|other| other != account) {
            return Err(Refusal::new(Why::PropertyCodeTaken).field("code").into());
        }
        if !sent.is_first(tx, LINK, now)? || head.account.is_some() {
            return Ok(Some(()));
        }
        // Everybody else who links the same account waits here, so that the number of its owners stays true.
        self.counter.hold(tx, LINK, &account.to_string(), now)?;
        self.may_hold(tx, &compound, &head, account, now)?;
        let from = self.votes_from(&compound, now)?;
        for former in register::linked_last(tx, &head)?.into_iter().filter(|former| *former != account) {
            self.tell_account(tx, former, &Told::Another { head: &head, at: now, from: self.hall.day(from) })?;
        }
        register::link(tx, &head, account, now, from)?;
        // Codes are printed by staff: whoever linked with one is found again in the log.
        let detail = json!({ "head": head.id });
        let (district, stream, kind) = (head.district, stream(head.compound), "property.linked");
        let act = store::log::Act { district, stream, kind, detail: &detail, by: Some(account), by_name: "", at: now };
        store::log::note(tx, &act)?;
        Ok(Some(()))
    }

    /// When an account that is linked now may vote online: so that nobody votes at once with a paper that was stolen.
    fn votes_from(&self, compound: &Compound, now: Instant) -> Result<Instant, Fault> {
        let today = self.hall.day(now);
        let days = self.hall.figure_at(LINK_WAIT, &compound.path, today)?;
        let first = date_plus_days(today, days).filter(|_| days > 0);
        Ok(first.map_or(now, |first| self.hall.zone().instant(first, 0)))
    }

    /// That the account of a head was linked a short time ago and may not vote online yet; none once the wait is over.
    ///
    /// # Errors
    /// A failure.
    pub fn waits(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        head: Uuid,
        now: Instant,
    ) -> Result<Option<Refusal>, Fault> {
        let from = register::head(tx, district, head)?.and_then(|head| head.waits_until(now));
        Ok(from.map(|from| Refusal::new(Why::PropertyLinkWaits).with("date", self.hall.day(from))))
    }

    /// An account votes for as many owners of a compound who have nothing to do with each other as one proxy may have
    /// units.
    fn may_hold(
        &self,
        tx: &mut dyn Tx,
        compound: &Compound,
        head: &Head,
        account: Uuid,
        now: Instant,
    ) -> Result<(), Fault> {
        let mut owners: BTreeMap<Uuid, BTreeSet<Uuid>> = BTreeMap::new();
        for behind in register::behind(tx, compound.district, compound.id)? {
            owners.entry(behind.head).or_default().insert(behind.owner);
        }
        let linked = register::heads_of_account(tx, account)?.into_iter();
        let here = linked.filter(|one| one.district == compound.district && one.compound == compound.id);
        let all = here.map(|one| one.id).chain([head.id]);
        let sets: Vec<BTreeSet<Uuid>> = all.map(|id| owners.get(&id).cloned().unwrap_or_default()).collect();
        let most = self.hall.figure_at(PROXY_UNITS, &compound.path, self.hall.day(now))?;
        if i64::try_from(unrelated(&sets)).unwrap_or(i64::MAX) > i64::from(most) {
            return Err(Refusal::new(Why::PropertyCodeMany).field("code").with("most", most).into());
        }
        Ok(())
    }

    /// Releases the account of a unit and makes its code void: the owner gets a new letter. The account is told.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn release(&self, tx: &mut dyn Tx, unit: Uuid, by: &Handling) -> Result<(), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, &by.actor)?;
        let Some(head) = register::head(tx, unit.district, unit.head)? else { return Ok(()) };
        let Some(account) = head.account else { return Ok(()) };
        if !by.sent.is_first(tx, RELEASE, by.now)? {
            return Ok(());
        }
        register::unlink(tx, &head, by.now)?;
        register::set_code(tx, &head, "")?;
        self.tell_account(tx, account, &Told::Unlinked { head: &head, at: by.now })?;
        self.tell(tx, &unit, RELEASED, by)?;
        note(tx, &compound, ("property.released", &json!({ "unit": unit.id })), &by.actor, by.now)
    }

    /// Lets the account of a unit vote online from now on, because whoever keeps the register saw the owner and her
    /// papers.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn confirm(&self, tx: &mut dyn Tx, unit: Uuid, by: &Handling) -> Result<(), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, &by.actor)?;
        let Some(head) = register::head(tx, unit.district, unit.head)? else { return Ok(()) };
        if !by.sent.is_first(tx, CONFIRM, by.now)? || head.waits_until(by.now).is_none() {
            return Ok(());
        }
        register::set_votes_from(tx, &head, by.now)?;
        self.tell(tx, &unit, CONFIRMED, by)?;
        note(tx, &compound, ("property.link_confirmed", &json!({ "unit": unit.id })), &by.actor, by.now)
    }
}
