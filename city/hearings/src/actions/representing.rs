//! Lets whoever has a power of attorney act by it online: with the number of the mediation and the code of the power,
//! within what the power lets him do, for as long as it holds and the mediation goes on. Each step stands in the case
//! with the power by which it was taken.

use std::collections::BTreeMap;

use cases::{Doing, Known, ReceiptCode, events_of};
use hall::{Fault, Sent};
use kernel::case::{BY_AGENT, Case, Command, Relation};
use kernel::procedure::{By, Procedure};
use kernel::refusal::Refusal;
use kernel::time::Date;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use web::Page;

use super::powers::{Writer, noted};
use crate::Hearings;
use crate::records::powers;
use crate::refusals::Why;
use crate::rules::asking::asked;
use crate::rules::guarding::{Barred, barred};
use crate::rules::people::record_of;
use crate::rules::power::{is_said_by_agent, needed};
use crate::words::MEDIATION;
use crate::words::people::Member;
use crate::words::power::PowerRow;

/// The command by which the code of a power is reckoned.
const POWER: &str = "power";
/// Where the keys of this command are kept apart from those of others.
const SCOPE: &str = "hearings.represent";
/// See [`SCOPE`]: of giving a code.
const GIVES: &str = "hearings.power_code";

/// For whom somebody acts, and by which power.
pub struct Represented {
    /// The mediation.
    pub known: Known,
    /// The power.
    pub power: PowerRow,
    /// Who gave it.
    pub giver: Member,
    /// The sealed record of whoever gave it.
    pub record: Uuid,
    /// Why nobody consents by it; none where he does.
    pub barred: Option<Barred>,
}

/// What somebody sends who acts by a power.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The number of the mediation.
    pub number: String,
    /// The code of the power.
    pub code: String,
    /// The step that he takes; empty where he only looks.
    pub action: String,
    /// What he ticked with it.
    pub fields: BTreeMap<String, String>,
    /// How many events the mediation had when the page was made that he read.
    pub drawn: i64,
    /// The form as a command that is done once.
    pub sent: Sent,
    /// The key of the form.
    pub once: String,
}

impl Hearings {
    /// The code of a power that holds, for whoever mediates or for the party who gave it. That it was given stands in
    /// the log of the file.
    ///
    /// # Errors
    /// `NotFound` where no such power holds, or it is not hers; a failure.
    pub(crate) fn code_for(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &str,
        power: Uuid,
        sent: &Sent,
    ) -> Result<ReceiptCode, Fault> {
        let actor = &page.visitor.actor;
        let (known, giver) = if page.visitor.staff() {
            (self.mediated(tx, number, actor, page.now)?, None)
        } else {
            let number = kernel::identifier::CaseNumber::parse(number).map_err(|_| Fault::NotFound)?;
            let (known, _, member) = self.own_side(tx, page, &number)?;
            (known, Some(member.code()))
        };
        let key = known.key();
        // The code of a guardian is not hers to hand on.
        let is_hers = |row: &PowerRow, giver: &String| row.giver == *giver && !row.is_guardian();
        let is_it = |row: &PowerRow| row.id == power && giver.as_ref().is_none_or(|giver| is_hers(row, giver));
        let holds = powers::of_case(tx, &key)?.into_iter().any(|row| is_it(&row) && row.holds(page.today()));
        if !holds || known.case.closed_at.is_some() {
            return Err(Fault::NotFound);
        }
        if sent.is_first(tx, GIVES, page.now)? {
            let writer = Writer { actor, name: &actor.name, sent, now: page.now };
            noted(tx, &key, &json!({ "deed": "power_code", "power": power }), writer)?;
        }
        self.power_code(power).ok_or_else(|| Fault::Broken("the key of codes is no key".to_owned()))
    }

    /// For whom somebody acts who gave number and code; none where one of them is wrong, the power was taken back or is
    /// over, one of the two left, or the mediation ended.
    ///
    /// # Errors
    /// A failure of the store.
    pub(crate) fn represented(
        &self,
        tx: &mut dyn Tx,
        number: &str,
        code: &str,
        today: Date,
    ) -> Result<Option<Represented>, Fault> {
        let Some(code) = ReceiptCode::parse(code) else { return Ok(None) };
        let known = match self.cases.known_number(tx, number) {
            Err(Fault::NotFound) => return Ok(None),
            known => known?,
        };
        if known.case.kind != MEDIATION || known.case.closed_at.is_some() {
            return Ok(None);
        }
        let is_it = |row: &PowerRow| row.holds(today) && self.is_code_of(row.id, &code);
        let rows = powers::of_case(tx, &known.key())?;
        let Some(power) = rows.iter().find(|row| is_it(row)).cloned() else { return Ok(None) };
        let barred = barred(&power, &rows, today, self.hall.zone());
        let found = standing(&known.case, &power);
        Ok(found.map(|(giver, record)| Represented { known, power, giver, record, barred }))
    }

    /// Takes a step of the party for whom somebody acts, if his power lets him. Sent twice it is taken once.
    ///
    /// # Errors
    /// A step that is none of hers, one that needs a special power, a refusal of the kernel, or a failure.
    pub(crate) fn acts_for(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        represented: Represented,
        asking: &Asking,
    ) -> Result<(), Fault> {
        let Represented { known, power, giver, record, .. } = represented;
        let now = page.now;
        let procedure = self.cases.procedure_of(&known.case)?;
        let events = events_of(tx, &known.case)?;
        may_say(procedure, &power, giver, &asking.action, asked(&events, procedure))?;
        if !asking.sent.is_first(tx, SCOPE, now)? {
            return Ok(());
        }
        let mut fields = asking.fields.clone();
        fields.insert(BY_AGENT.to_owned(), power.id.to_string());
        let command =
            Command::Act { action: asking.action.clone(), fields, papers: Vec::new(), counter: None, on_behalf: false };
        let relation = Relation::of_record(record);
        let actor = &page.visitor.actor;
        let drawn = Some(asking.drawn);
        let doing = Doing { command: &command, once: &asking.once, actor, relation, drawn, now };
        self.cases.go_on(tx, known, &doing).map(drop)
    }

    /// The code of a power. It is reckoned, so nothing of it is kept.
    fn power_code(&self, power: Uuid) -> Option<ReceiptCode> {
        self.codes.code(power, POWER)
    }

    fn is_code_of(&self, power: Uuid, code: &ReceiptCode) -> bool {
        self.power_code(power).is_some_and(|own| {
            // Digests are compared, so that it takes the same time wherever the two differ.
            let digest = self.codes.digest(power, &own).unwrap_or_default();
            self.codes.holds(power, code, &digest)
        })
    }
}

/// Who gave a power, with her sealed record; none where she, or whoever of her side represents her, takes no part any
/// more.
fn standing(case: &Case, power: &PowerRow) -> Option<(Member, Uuid)> {
    let giver = Member::read(&power.giver)?;
    if !power.fellow.is_empty() {
        record_of(case, Member::read(&power.fellow)?)?;
    }
    record_of(case, giver).map(|record| (giver, record))
}

/// An agent takes a step of the side for which he acts, as far as his power goes.
///
/// # Errors
/// A step that is none of that side's, or one that needs a special power.
fn may_say(
    procedure: &Procedure,
    power: &PowerRow,
    giver: Member,
    action: &str,
    asked: Option<&str>,
) -> Result<(), Refusal> {
    let by = procedure.actions.get(action).map(|step| &step.by);
    let is_hers = matches!(by, Some(By::Party(role)) if role == giver.side);
    if !is_hers || !is_said_by_agent(action) {
        return Err(Refusal::new(Why::HearingsAgentStep));
    }
    match needed(action, asked) {
        Some(special) if !power.allows(special) => Err(Refusal::new(Why::HearingsNoSpecialPower)),
        _ => Ok(()),
    }
}
