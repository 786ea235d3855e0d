//! Whoever comes is the one about whom both sides were asked: who is invited to help, or who mediates from now on.

use bodies::Candidate;
use cases::kind::Asked;
use hall::Fault;
use kernel::case::{Case, Recorded};
use kernel::line::name_key;
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use store::Tx;

use super::{Mediations, key};
use crate::refusals::Why;
use crate::rules::asking::{asked_about, steps};
use crate::words::asking::{ABOUT, NAMED, NEXT};
use crate::words::{INVITE, MEDIATOR, SUBSTITUTE};

/// The steps about which both sides are asked with a name, each with the answer that names whoever comes.
pub(super) const COMES: [(&str, &str); 2] = [(INVITE, "whom"), (SUBSTITUTE, MEDIATOR)];

impl Mediations {
    /// Both sides are told whom they are asked about: who is to be invited, or to mediate. Where the office keeps a
    /// roster, a mediator is on it and has no tie to a party.
    pub(super) fn is_named(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let answer = |name: &str| asked.fields.get(name).map_or("", |text| text.trim());
        let (next, about) = (answer(NEXT), answer(ABOUT));
        if !NAMED.contains(&next) {
            return Ok(());
        }
        if about.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field(ABOUT).into());
        }
        if next != SUBSTITUTE {
            return Ok(());
        }
        let words = self.desk()?.words_of(tx, &key(asked.case))?;
        let name = name_key(words.read(about, ""));
        let listed = self.candidates(tx, asked.case)?;
        let called: Vec<&Candidate> = listed.iter().filter(|one| name_key(&one.announced.name) == name).collect();
        // Whoever is called as a party is may be somebody else, which is said once he takes over.
        let is_free = |one: &&Candidate| one.barred.is_none_or(|code| code == bodies::Why::BodiesNamesake);
        if listed.is_empty() || called.iter().any(is_free) {
            return Ok(());
        }
        let tied = called.first().and_then(|one| one.barred);
        Err(Refusal::new(tied.unwrap_or(bodies::Why::BodiesNotOnRoster)).field(ABOUT).into())
    }

    /// Whom both sides were asked about, in words; none where only the step was named.
    pub(super) fn named_about(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        events: &[Recorded],
        procedure: &Procedure,
    ) -> Result<Option<String>, Fault> {
        let Some(about) = asked_about(events, procedure) else { return Ok(None) };
        let words = self.desk()?.words_of(tx, &key(case))?;
        Ok(Some(words.read(about, "").trim().to_owned()).filter(|about| !about.is_empty()))
    }

    /// Whoever is invited or mediates from now on is exactly the one about whom both sides were asked. By procedures
    /// that did not ask about a step they say it with their consent alone.
    pub(super) fn comes_as_asked(&self, tx: &mut dyn Tx, asked: &Asked<'_>, events: &[Recorded]) -> Result<(), Fault> {
        let Some((_, field)) = COMES.into_iter().find(|(step, _)| *step == asked.action) else { return Ok(()) };
        let desk = self.desk()?;
        let procedure = desk.procedure_of(asked.case)?;
        if steps(procedure, &asked.case.state).is_empty() {
            return Ok(());
        }
        let about = self.named_about(tx, asked.case, events, procedure)?;
        let words = desk.words_of(tx, &key(asked.case))?;
        let typed = asked.fields.get(field).map_or("", |text| text.trim());
        let comes = name_key(words.read(typed, ""));
        if about.is_some_and(|about| name_key(&about) == comes) {
            return Ok(());
        }
        Err(Refusal::new(Why::HearingsOtherNamed).field(field).into())
    }
}
