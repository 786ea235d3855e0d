//! What must hold of the people of both sides before a mediation begins and before an agreement names them, and of the
//! agents who speak for them.

use cases::kind::Asked;
use hall::Fault;
use kernel::case::{BY_AGENT, Case, FOR_WHOM, Recorded};
use kernel::language::Bilingual;
use kernel::permission::ActorKind;
use kernel::procedure::By;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use web::{Choice, Page};

use super::{Mediations, key};
use crate::actions::powers::{is_of_other, powers_of};
use crate::actions::told::{agent_told, member_told};
use crate::records::{powers, sides};
use crate::refusals::Why;
use crate::rules::asking::asked as question;
use crate::rules::guarding::barred;
use crate::rules::paper::step;
use crate::rules::people::{member_of, members, number_of};
use crate::rules::power::needed;
use crate::words::people::Member;
use crate::words::power::PowerRow;
use crate::words::{FIRST, SIDES};

/// Everybody of both sides is called by her name before the mediation begins, and before an agreement names her.
pub(super) fn has_names(tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
    let Some(member) = unnamed(tx, asked.case, events)? else { return Ok(()) };
    let title = if member.side == FIRST {
        Bilingual::new("提出的一方", "the side that asks")
    } else {
        Bilingual::new("另一方", "the other side")
    };
    Err(Refusal::new(Why::HearingsUnnamed).with_both("side", &title).into())
}

/// The first of those who take part whose name nobody has taken from her paper, or said herself.
pub(super) fn unnamed(tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Option<Member>, Fault> {
    let named = sides::named(tx, &key(case))?;
    // Whoever asked for the mediation said her own name.
    let applied = events.first().and_then(step) == Some("apply");
    let is_named = |member: Member| named.iter().any(|one| one.side == member.code());
    let lacks = |member: &Member| !(is_named(*member) || applied && *member == Member::ASKER);
    Ok(members(case).into_iter().find(lacks))
}

impl Mediations {
    /// An agent speaks for a party by a power that stands and was shown; to consent to an agreement, to sign it, to
    /// settle otherwise or to give something up he needs a special one.
    pub(super) fn agent_may(&self, tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let (case, answer) = (asked.case, |name: &str| asked.fields.get(name).map_or("", |text| text.trim()));
        if answer(BY_AGENT).is_empty() {
            return self.says_herself(tx, asked);
        }
        let refused = |why: Code| Fault::from(Refusal::new(why).field(BY_AGENT));
        let desk = self.desk()?;
        let procedure = desk.procedure_of(case)?;
        let step = procedure.actions.get(asked.action);
        let by = step.map(|step| &step.by);
        let side = SIDES.into_iter().find(|side| matches!(by, Some(By::Party(role)) if role == side));
        let giver = side.and_then(|side| giver(case, side, answer(FOR_WHOM)));
        let noted = asked.actor.kind == ActorKind::Staff;
        let today = self.hall.day((self.hall.clock)());
        // Whoever takes the step in her place proved by the code of the power whose word it is.
        let own = asked.relation.record.and_then(|record| member_of(case, record));
        let gave = |member: Member| if noted { giver == Some(member) } else { own == Some(member) };
        let is_his =
            |row: &PowerRow| row.id.to_string() == answer(BY_AGENT) && Member::read(&row.giver).is_some_and(gave);
        let rows = powers::of_case(tx, &key(case))?;
        let found = rows.iter().find(|row| is_his(row)).filter(|row| row.holds(today));
        let power = found.filter(|row| represents(case, row)).ok_or_else(|| refused(Why::HearingsNoPower))?;
        // Whom she named agrees for her no more than she does; a no he can say as she can.
        let consents = step.is_some_and(|step| step.gives_consent);
        if let Some(why) = barred(power, &rows, today, self.hall.zone()).filter(|_| consents) {
            return Err(if noted { refused(why.noted()) } else { Refusal::new(why.code()).into() });
        }
        self.stays_of_one_side(tx, case, power)?;
        match needed(asked.action, question(events, procedure)) {
            Some(special) if !power.allows(special) => Err(refused(Why::HearingsNoSpecialPower)),
            _ => Ok(()),
        }
    }

    /// For a party who has a guardian he consents, or somebody whom he named: what she says alone is no consent, and
    /// nobody notes it as one. A no is hers to say at any time.
    fn says_herself(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let (case, desk) = (asked.case, self.desk()?);
        let step = desk.procedure_of(case)?.actions.get(asked.action).filter(|step| step.gives_consent);
        let Some(By::Party(role)) = step.map(|step| &step.by) else { return Ok(()) };
        let own = asked.relation.record.and_then(|record| member_of(case, record));
        let named = asked.fields.get(FOR_WHOM).map_or("", |name| name.trim());
        let noted = asked.actor.kind == ActorKind::Staff;
        let is_noted = |giver: Member| named.is_empty() || number_of(case, role, named) == Some(giver.number);
        let is_hers = |giver: Member| giver.side == role && (if noted { is_noted(giver) } else { own == Some(giver) });
        match self.has_guardian(tx, case, is_hers)? {
            true if noted => Err(Refusal::new(Why::HearingsGuardianSays).field(BY_AGENT).into()),
            // She reads what she can do herself, and not what whoever mediates can.
            true => Err(Refusal::new(Why::HearingsGuardianOwn).into()),
            false => Ok(()),
        }
    }

    /// Whether somebody stands as the guardian of a party. He stays it where he leaves the mediation himself, until
    /// whoever mediates ends that.
    fn has_guardian(&self, tx: &mut dyn Tx, case: &Case, is_hers: impl Fn(Member) -> bool) -> Result<bool, Fault> {
        let today = self.hall.day((self.hall.clock)());
        let guards = |row: &PowerRow| row.guards(today) && Member::read(&row.giver).is_some_and(&is_hers);
        Ok(powers::of_case(tx, &key(case))?.iter().any(guards))
    }

    /// Nobody speaks for a party who came to be called as one of the other side is, by whatever way, unless it was said
    /// that they are two people.
    fn stays_of_one_side(&self, tx: &mut dyn Tx, case: &Case, row: &PowerRow) -> Result<(), Fault> {
        let Some(giver) = Member::read(&row.giver).filter(|_| !row.told_apart) else { return Ok(()) };
        let power = powers_of(&self.hall, tx, &key(case))?.into_iter().find(|power| power.row.id == row.id);
        let name = power.map(|power| power.name).unwrap_or_default();
        if name.is_empty() || !is_of_other(&self.hall, tx, case, giver.side, &name)? {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsAgentParty).field(BY_AGENT).into())
    }

    /// The agents who may speak for somebody now, each with the role of her side. Who may only say no, because the
    /// party has a guardian, is told apart.
    pub(super) fn agents(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
    ) -> Result<Vec<(&'static str, Choice)>, Fault> {
        let mut found = Vec::new();
        let powers = powers_of(&self.hall, tx, &key(case))?;
        let rows: Vec<PowerRow> = powers.iter().map(|power| power.row.clone()).collect();
        for power in powers {
            let Some(giver) = Member::read(&power.row.giver) else { continue };
            if power.row.holds(page.today()) && represents(case, &power.row) {
                let (agent, giver_told) = (agent_told(page, &power), member_told(page, &power.row.giver));
                let is_barred = barred(&power.row, &rows, page.today(), self.hall.zone()).is_some();
                let told = if is_barred { "hearings-agent-no" } else { "hearings-agent-of" };
                let text = page.t2(told, "agent", agent, "giver", giver_told);
                found.push((giver.side, Choice::new(power.row.id.to_string(), text, "")));
            }
        }
        Ok(found)
    }
}

/// For whom of a side something is noted: whoever is named, or the only one.
fn giver(case: &Case, side: &'static str, named: &str) -> Option<Member> {
    let only = || case.standing(side).next().map(|(number, _)| number);
    let number = if named.is_empty() { only() } else { number_of(case, side, named) };
    number.map(|number| Member { side, number })
}

/// Whether giver and representative still take part.
fn represents(case: &Case, power: &PowerRow) -> bool {
    let there = members(case);
    let is_there = |code: &str| Member::read(code).is_some_and(|member| there.contains(&member));
    is_there(&power.giver) && (power.fellow.is_empty() || is_there(&power.fellow))
}
