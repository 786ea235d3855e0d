//! Which signatures stand below an agreement: each party's own or her agent's, on paper or online.

use cases::Key;
use hall::Fault;
use kernel::case::{Case, Event, Recorded};
use store::Tx;
use web::Page;

use crate::Hearings;
use crate::actions::powers::powers_of;
use crate::actions::told::{Reader, agent_told, member_read};
use crate::rules::agreement::is_agreed_in;
use crate::rules::asking::agent_of;
use crate::rules::noted::{paper_day, signature_of};
use crate::rules::people::members;
use crate::words::asking::TO_SIGN;
use crate::words::people::Member;
use crate::words::power::Power;

/// The signatures of an agreement, in words.
#[derive(Default)]
pub(super) struct Signed {
    /// Who signed, when and how, a sentence each.
    pub(super) lines: Vec<String>,
    /// The agents who signed: each has a line of the paper to sign on.
    pub(super) agents: Vec<String>,
}

impl Hearings {
    /// The signatures that stand below the agreement as it reads now; none while it is being written.
    pub(super) fn signed_told(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        key: &Key,
    ) -> Result<Signed, Fault> {
        if case.state != TO_SIGN && !is_agreed_in(&case.state) {
            return Ok(Signed::default());
        }
        let powers = powers_of(&self.hall, tx, key)?;
        let mut signed = Signed::default();
        for member in members(case) {
            if let Some(one) = signature_of(events, member) {
                signed.add(page, member, one, &powers);
            }
        }
        Ok(signed)
    }
}

impl Signed {
    fn add(&mut self, page: &Page, member: Member, one: &Recorded, powers: &[Power]) {
        let who = member_read(page, &member.code(), Reader::Paper);
        let on_paper = match &one.event {
            Event::Acted { fields, .. } => paper_day(fields),
            _ => None,
        };
        let at = page.date(on_paper.unwrap_or_else(|| page.zone().date(one.at)));
        let power = agent_of(one).and_then(|id| powers.iter().find(|power| power.row.id.to_string() == id));
        let agent = power.map(|power| agent_told(page, power));
        let key = match (&agent, one.by.on_behalf) {
            (None, false) => "hearings-print-signed-online",
            (None, true) => "hearings-print-signed-paper",
            (Some(_), false) => "hearings-print-signed-agent-online",
            (Some(_), true) => "hearings-print-signed-agent-paper",
        };
        let named = agent.as_deref().unwrap_or_default();
        self.lines.push(page.text(key, &[("who", who.as_str()), ("agent", named), ("at", at.as_str())]));
        if let Some(agent) = agent {
            let of = page.t2("hearings-agent-of", "agent", agent, "giver", who);
            self.agents.push(format!("{} {of}", page.t("hearings-print-agent")));
        }
    }
}
