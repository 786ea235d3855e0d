//! The codes of owners' letters: each is printed once, a new one makes the old one void, and an account is linked with
//! it.

use std::collections::{BTreeMap, BTreeSet};

use hall::{Fault, Sent};
use kernel::line;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::Look;

use super::register::{note, stream};
use crate::Property;
use crate::records::ballots;
use crate::records::register::{self, Building, Compound, Head, Unit};
use crate::refusals::Why;
use crate::rules::register::{called, unrelated};
use crate::words::PROXY_UNITS;
use crate::words::register::HeadKind;

/// Where the keys of codes that were entered are kept apart.
const LINK: &str = "property.link";
/// Where the keys of accounts that were released are kept apart.
const RELEASE: &str = "property.release";
/// Where the keys of letters that were printed are kept apart.
const PRINT: &str = "property.print";
/// What the owner reads in her log when her letter is printed again, and when her account is released. Each begins with
/// a purpose of the list.
const PRINTED_AGAIN: &str = "打印文书：重新打印业主码，旧的作废";
const RELEASED: &str = "更正信息、答复本人请求：解除网上账号，业主码作废";
/// The characters of a code: none looks like another.
const LETTERS: [char; 32] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];
/// How many characters a code has, and how many stand together.
const CODE_LETTERS: usize = 12;
const CODE_GROUP: usize = 4;

/// A letter to the owners of one or several units with the code by which they link their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The units.
    pub units: Vec<String>,
    /// The code.
    pub code: String,
}

/// Who prints letters or releases an account, by which form, and when.
#[derive(Clone, Debug)]
pub struct Handling {
    /// Who.
    pub actor: Actor,
    /// On behalf of which place, as the owner reads it.
    pub place: String,
    /// The form.
    pub sent: Sent,
    /// Its key. The codes of its letters are made from it, so that a form that is sent again shows the same ones.
    pub key: String,
    /// When.
    pub now: Instant,
}

impl Property {
    /// The letters of a building that were not printed before. Each is shown once: whoever needs one again gets another
    /// code ([`Property::letter_again`]). That somebody printed them is written down.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn letters(&self, tx: &mut dyn Tx, compound: i64, building: i64, by: &Handling) -> Result<Vec<Letter>, Fault> {
        let compound = self.own_compound(tx, compound, &by.actor)?;
        let is_first = by.sent.is_first(tx, PRINT, by.now)?;
        // Its row is held, so that two who print at one moment do not void each other's letters.
        register::held_compound(tx, compound.district, compound.id)?;
        let units = register::units(tx, compound.district, compound.id)?;
        let buildings = register::buildings(tx, compound.district, compound.id)?;
        let here: BTreeSet<Uuid> =
            units.iter().filter(|unit| unit.building == building).map(|unit| unit.head).collect();
        let mut letters = Vec::new();
        for head in register::heads(tx, compound.district, compound.id)? {
            if head.kind == HeadKind::Developer || !here.contains(&head.id) {
                continue;
            }
            let code = self.owner_code(&head, by);
            let digest = self.digest(&code);
            if head.code.is_empty() && is_first {
                register::set_code(tx, &head, &digest)?;
            } else if head.code != digest {
                continue;
            }
            letters.push(Letter { units: names(&buildings, &units, head.id), code });
        }
        letters.sort_by(|one, other| one.units.cmp(&other.units));
        if is_first {
            let detail = json!({ "building": building, "letters": letters.len() });
            note(tx, &compound, ("property.letters", &detail), &by.actor, by.now)?;
        }
        Ok(letters)
    }

    /// Prints the letter of a unit, also if it was printed before: the old code is void then, and the account that was
    /// linked with it is unlinked, unless it gave a ballot in a vote that is not counted. The owners read in their log
    /// that it was printed again.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers or was not sold, or a failure.
    pub fn letter_again(&self, tx: &mut dyn Tx, unit: Uuid, by: &Handling) -> Result<(Compound, Vec<Letter>), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, &by.actor)?;
        let head = register::head(tx, unit.district, unit.head)?.ok_or(Fault::NotFound)?;
        if head.kind == HeadKind::Developer {
            return Err(Fault::NotFound);
        }
        let code = self.owner_code(&head, by);
        let digest = self.digest(&code);
        if by.sent.is_first(tx, PRINT, by.now)? {
            if let Some(account) = head.account
                && !ballots::has_voted(tx, head.district, head.id, account)?
            {
                register::link(tx, &head, None, by.now)?;
            }
            register::set_code(tx, &head, &digest)?;
            if !head.code.is_empty() {
                self.tell(tx, &unit, PRINTED_AGAIN, by)?;
            }
            let detail = json!({ "unit": unit.id, "again": !head.code.is_empty() });
            note(tx, &compound, ("property.letter", &detail), &by.actor, by.now)?;
        } else if head.code != digest {
            return Ok((compound, Vec::new()));
        }
        let units = register::units(tx, compound.district, compound.id)?;
        let buildings = register::buildings(tx, compound.district, compound.id)?;
        let letter = Letter { units: names(&buildings, &units, head.id), code };
        Ok((compound, vec![letter]))
    }

    /// Releases the account of a unit and makes its code void: the owner gets a new letter.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn release(&self, tx: &mut dyn Tx, unit: Uuid, by: &Handling) -> Result<(), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, &by.actor)?;
        let Some(head) = register::head(tx, unit.district, unit.head)? else { return Ok(()) };
        if !by.sent.is_first(tx, RELEASE, by.now)? || head.account.is_none() {
            return Ok(());
        }
        register::link(tx, &head, None, by.now)?;
        register::set_code(tx, &head, "")?;
        self.tell(tx, &unit, RELEASED, by)?;
        note(tx, &compound, ("property.released", &json!({ "unit": unit.id })), &by.actor, by.now)
    }

    /// Links the account of an owner with the code of her letter. None if no letter has this code: the try counts as a
    /// wrong one then.
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
        register::link(tx, &head, Some(account), now)?;
        // Codes are printed by staff: whoever linked with one is found again in the log.
        let detail = json!({ "head": head.id });
        let (district, stream, kind) = (head.district, stream(head.compound), "property.linked");
        let act = store::log::Act { district, stream, kind, detail: &detail, by: Some(account), by_name: "", at: now };
        store::log::note(tx, &act)?;
        Ok(Some(()))
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

    /// Writes into the logs of the owners of a unit, where each of them reads it, what was done with their code.
    fn tell(&self, tx: &mut dyn Tx, unit: &Unit, what: &str, by: &Handling) -> Result<(), Fault> {
        let look = Look {
            account: by.actor.account,
            name: by.actor.name.clone(),
            place: by.place.clone(),
            purpose: what.to_owned(),
            case_number: None,
            at: by.now,
        };
        for share in register::shares_of(tx, unit.district, unit.building)? {
            if share.unit == unit.id {
                self.hall.vault.looked(tx, unit.district, share.owner, &look)?;
            }
        }
        Ok(())
    }

    /// The code of a head as it stands on the letter that a form printed: `ABCD-EFGH-JKLM`. It is made from the key of
    /// the vault and kept nowhere.
    fn owner_code(&self, head: &Head, by: &Handling) -> String {
        let told = format!("property code of {} {:?} {}", head.id, by.actor.account, by.key);
        let hex = self.hall.vault.told_apart(&told);
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
}

/// What the units of a head are called.
fn names(buildings: &[Building], units: &[Unit], head: Uuid) -> Vec<String> {
    let name = |id: i64| buildings.iter().find(|one| one.id == id).map(|one| one.name.as_str()).unwrap_or_default();
    let own = units.iter().filter(|unit| unit.head == head);
    own.map(|unit| called(name(unit.building), &unit.stair, &unit.label)).collect()
}
