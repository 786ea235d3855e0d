//! Writes down who may act for a party of a mediation: an agent whose paper whoever mediates saw, or one of her own
//! side whom she names herself. She takes it back at any time.

use std::sync::Arc;

use cases::{Key, Known, events_of};
use hall::{Fault, Hall, Sent};
use kernel::case::Case;
use kernel::day::not_past;
use kernel::identifier::CaseNumber;
use kernel::line::name_key;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::{Value, json};
use store::Tx;
use uuid::Uuid;
use vault::{Labelled, PersonField};
use web::Page;

use super::inside::{file_record, label};
use super::reading::uncovered;
use crate::Hearings;
use crate::records::power_seen::{self, SeenPaper};
use crate::records::{passing, powers};
use crate::refusals::Why;
use crate::rules::choosing::mediating;
use crate::rules::people::{members, record_of};
use crate::rules::power::check;
use crate::words::HEARINGS_REPRESENTATIVES;
use crate::words::people::Member;
use crate::words::power::{GUARDIAN, NewPower, Power, PowerDeed, PowerRow};

/// Where the keys of these commands are kept apart from those of others.
const SCOPE: &str = "hearings.power";

/// Who writes a power down, and when.
#[derive(Clone, Copy)]
pub(super) struct Writer<'w> {
    pub(super) actor: &'w Actor,
    /// The name of whoever mediates; empty where she gives it herself.
    pub(super) name: &'w str,
    pub(super) sent: &'w Sent,
    pub(super) now: Instant,
}

/// The powers of a mediation, opened. Whoever calls it has checked that they may be shown.
///
/// # Errors
/// A failure of store or vault.
pub fn powers_of(hall: &Hall, tx: &mut dyn Tx, key: &Key) -> Result<Vec<Power>, Fault> {
    let rows = powers::of_case(tx, key)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let sealed: Vec<Labelled<'_>> =
        rows.iter().map(|row| Labelled { label: label("power", row.id), bytes: &row.sealed }).collect();
    let names = uncovered(hall, tx, key, file_record(key.id), &sealed)?.unwrap_or_default();
    let names = names.into_iter().chain(std::iter::repeat(String::new()));
    Ok(rows.iter().cloned().zip(names).map(|(row, name)| Power { row, name }).collect())
}

/// Whether a party who takes part on another side than that one is called so.
///
/// # Errors
/// A failure of the vault.
pub fn is_of_other(hall: &Hall, tx: &mut dyn Tx, case: &Case, side: &str, name: &str) -> Result<bool, Fault> {
    let mut is_one = false;
    for member in members(case).into_iter().filter(|member| member.side != side) {
        let Some(record) = record_of(case, member) else { continue };
        is_one |= hall.vault.matches(tx, cases::district(case), record, PersonField::Name, name)?;
    }
    Ok(is_one)
}

/// A name that somebody of a side gets.
pub(super) struct Called<'c> {
    /// The role of her side.
    pub(super) side: &'c str,
    pub(super) name: &'c str,
    /// The field in which it was typed.
    pub(super) field: &'static str,
    /// It was checked that she is no agent of the other side who is called so.
    pub(super) told_apart: bool,
}

impl Hearings {
    /// The powers by which somebody acts for the other side who is called as a party is now. A name alone is no proof:
    /// whoever mediates says that they are two people.
    ///
    /// # Errors
    /// There is one, and that was not said; a failure.
    pub(super) fn acting_alike(&self, tx: &mut dyn Tx, key: &Key, called: &Called<'_>) -> Result<Vec<Uuid>, Fault> {
        let wanted = name_key(called.name);
        let of_other = |code: &str| Member::read(code).is_some_and(|member| member.side != called.side);
        let is_alike = |power: &&Power| {
            let (row, name) = (&power.row, power.name.as_str());
            row.stands() && !row.told_apart && of_other(&row.giver) && !name.is_empty() && name_key(name) == wanted
        };
        let powers = powers_of(&self.hall, tx, key)?;
        let found: Vec<Uuid> = powers.iter().filter(is_alike).map(|power| power.row.id).collect();
        if found.is_empty() || called.told_apart {
            return Ok(found);
        }
        Err(Refusal::new(Why::HearingsPartyActs).field(called.field).into())
    }

    /// Writes down for whoever mediates that a party gave a power or took one back. Sent twice it is done once.
    ///
    /// # Errors
    /// `NotFound` for everybody else, and where there is no such power that stands; what is wrong by its field; a
    /// refusal once the mediation ended; a failure.
    pub async fn change_powers(
        self: &Arc<Self>,
        number: String,
        deed: PowerDeed,
        sent: Sent,
        actor: Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let known = desk.mediated(tx, &number, &actor, now)?;
            let writer = Writer { actor: &actor, name: &actor.name, sent: &sent, now };
            match &deed {
                PowerDeed::Give(new) => desk.given(tx, &known, new, writer),
                PowerDeed::TakeBack(id) => taken_back(tx, &known, *id, writer),
                PowerDeed::Seen(id, paper_on) => desk.saw(tx, &known, *id, *paper_on, writer),
            }
        };
        self.hall.store.write(write).await
    }

    /// Writes down whom of her own side a party names to represent her, or that she takes back what she gave.
    ///
    /// # Errors
    /// As [`Hearings::change_powers`]; `NotFound` also where the power is not hers.
    pub(crate) fn change_own_powers(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
        deed: &PowerDeed,
        sent: &Sent,
    ) -> Result<(), Fault> {
        let (known, _, member) = self.own_side(tx, page, number)?;
        let writer = Writer { actor: &page.visitor.actor, name: "", sent, now: page.now };
        match deed {
            PowerDeed::Give(new) => {
                let new = NewPower {
                    giver: member.code(),
                    name: String::new(),
                    paper_on: None,
                    told_apart: false,
                    // The law gives that, and no party herself.
                    guardian: false,
                    ..new.clone()
                };
                self.given(tx, &known, &new, writer)
            }
            PowerDeed::TakeBack(id) => {
                let rows = powers::of_case(tx, &known.key())?;
                if !rows.iter().any(|row| row.id == *id && row.giver == member.code() && !row.is_guardian()) {
                    return Err(Fault::NotFound);
                }
                taken_back(tx, &known, *id, writer)
            }
            // No party sees her own paper for the mediator.
            PowerDeed::Seen(..) => Err(Fault::NotFound),
        }
    }

    /// Notes that the paper of a power was seen that was written down while it was still to come.
    fn saw(&self, tx: &mut dyn Tx, known: &Known, id: Uuid, paper_on: Date, writer: Writer<'_>) -> Result<(), Fault> {
        let (key, now) = (known.key(), writer.now);
        if known.case.closed_at.is_some() {
            return Err(Refusal::new(Why::HearingsNoAgentNow).into());
        }
        if let Some(refusal) = not_past("seen_on", paper_on, self.hall.day(now)) {
            return Err(refusal.into());
        }
        if !writer.sent.is_first(tx, SCOPE, now)? {
            return Ok(());
        }
        if !power_seen::note(tx, &key, &SeenPaper { power: id, paper_on, name: writer.name, now })? {
            return Err(done_before(tx, &key, |row| row.id == id && row.stands() && row.paper_on.is_some())?);
        }
        noted(tx, &key, &json!({ "deed": "power_seen", "power": id }), writer)?;
        match powers::of_case(tx, &key)?.into_iter().find(|row| row.id == id) {
            Some(power) => self.asks_guardian(tx, &key, &power, now),
            None => Ok(()),
        }
    }

    fn given(&self, tx: &mut dyn Tx, known: &Known, new: &NewPower, writer: Writer<'_>) -> Result<(), Fault> {
        let (key, case, now) = (known.key(), &known.case, writer.now);
        if case.closed_at.is_some() {
            return Err(Refusal::new(Why::HearingsNoAgentNow).into());
        }
        if !writer.sent.is_first(tx, SCOPE, now)? {
            return Ok(());
        }
        let today = self.hall.day(now);
        let most = i64::from(self.hall.figure_at(HEARINGS_REPRESENTATIVES, &case.place, today)?);
        check(case, new, &powers::of_case(tx, &key)?, most, today)?;
        if !new.told_apart {
            self.is_of_one_side(tx, known, new, writer)?;
        }
        let stay = passing::stays(tx, &key)?.last().map_or(0, |stay| stay.number);
        let (record, id) = (self.file_of(tx, &key, stay, now)?, Uuid::now_v7());
        let sealed = match new.name.as_str() {
            "" => Vec::new(),
            name => self.covered(tx, &key, record, &label("power", id), name)?,
        };
        let power = PowerRow {
            id,
            giver: new.giver.clone(),
            fellow: new.fellow.clone(),
            special: if new.guardian { GUARDIAN.to_owned() } else { new.special.join(" ") },
            until_on: new.until_on,
            sealed,
            paper_on: new.paper_on,
            by_herself: writer.name.is_empty(),
            noted_name: writer.name.to_owned(),
            noted_at: now,
            seen_at: new.paper_on.map(|_| now),
            withdrawn_at: None,
            told_apart: new.told_apart,
        };
        powers::add(tx, &key, &power)?;
        let PowerRow { giver, fellow, special, told_apart, .. } = &power;
        let detail = json!({
            "deed": "power", "giver": giver, "fellow": fellow, "special": special, "told_apart": told_apart,
        });
        noted(tx, &key, &detail, writer)?;
        self.asks_guardian(tx, &key, &power, now)
    }

    /// Nobody acts for a party who mediates, is of the other side, or acts for it already. A name alone is no proof: of
    /// an agent who is called alike whoever mediates says that he is somebody else.
    ///
    /// # Errors
    /// One of them is called as the agent is, or a failure.
    fn is_of_one_side(&self, tx: &mut dyn Tx, known: &Known, new: &NewPower, writer: Writer<'_>) -> Result<(), Fault> {
        let (case, key, wanted) = (&known.case, known.key(), name_key(&new.name));
        let Some(giver) = Member::read(&new.giver).filter(|_| !wanted.is_empty()) else { return Ok(()) };
        let words = self.cases.words_of(tx, &key)?;
        let mediator = mediating(&events_of(tx, case)?).map(|name| words.read(name, "").to_owned());
        let mediates = [writer.name, mediator.as_deref().unwrap_or_default()];
        if mediates.into_iter().any(|name| name_key(name) == wanted) {
            return Err(Refusal::new(Why::HearingsAgentMediates).field("agent").into());
        }
        let of_other = |code: &str| Member::read(code).is_some_and(|member| member.side != giver.side);
        let acts = |power: &Power| power.row.stands() && of_other(&power.row.giver) && name_key(&power.name) == wanted;
        let is_one = powers_of(&self.hall, tx, &key)?.iter().any(acts)
            || is_of_other(&self.hall, tx, case, giver.side, &new.name)?;
        if is_one { Err(Refusal::new(Why::HearingsAgentOther).field("agent").into()) } else { Ok(()) }
    }
}

/// Notes of powers that whoever acts by them was checked to be nobody else of his name.
pub(super) fn told_apart(tx: &mut dyn Tx, key: &Key, alike: &[Uuid], writer: Writer<'_>) -> Result<(), Fault> {
    for id in alike {
        powers::tell_apart(tx, key, *id)?;
        noted(tx, key, &json!({ "deed": "power_apart", "power": id }), writer)?;
    }
    Ok(())
}

fn taken_back(tx: &mut dyn Tx, known: &Known, id: Uuid, writer: Writer<'_>) -> Result<(), Fault> {
    let key = known.key();
    if !writer.sent.is_first(tx, SCOPE, writer.now)? {
        return Ok(());
    }
    if !powers::withdraw(tx, &key, id, writer.now)? {
        return Err(done_before(tx, &key, |row| row.id == id)?);
    }
    noted(tx, &key, &json!({ "deed": "power_withdrawn", "power": id }), writer)
}

/// Why nothing was left to do: somebody else did it before to a power of the mediation, or there is no such power.
fn done_before(tx: &mut dyn Tx, key: &Key, is_it: impl Fn(&PowerRow) -> bool) -> Result<Fault, Fault> {
    let is_done = powers::of_case(tx, key)?.iter().any(is_it);
    Ok(if is_done { Refusal::new(Code::CaseAlreadyDone).into() } else { Fault::NotFound })
}

/// What the log of the file says of it: handles and codes, no name.
pub(super) fn noted(tx: &mut dyn Tx, key: &Key, detail: &Value, writer: Writer<'_>) -> Result<(), Fault> {
    let act = store::log::Act {
        district: key.district,
        stream: file_record(key.id),
        kind: "hearings.file",
        detail,
        by: writer.actor.account,
        by_name: writer.name,
        at: writer.now,
    };
    Ok(store::log::note(tx, &act)?)
}
