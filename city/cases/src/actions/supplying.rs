//! Supplying what the applicant was asked for (补正): what of it came, by when it is to come, what happens after that
//! day, and what she hands in.

use hall::Fault;
use kernel::case::{AskedPaper, Case, Command, asked_papers, hands_in, waits_for};
use kernel::language::{Bilingual, Lang};
use kernel::procedure::{Action, By, Counts, Procedure};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use store::Tx;

use super::Known;
use crate::Cases;
use crate::refusals::Why;

/// By when papers are to come, and what happens after that day.
pub(crate) struct SupplyBy {
    /// The last day.
    pub on: Date,
    /// How the case may end after it, as its procedure calls that; none where nothing follows.
    pub then: Option<Bilingual>,
}

impl Cases {
    /// What the applicant was asked for, with what of it came, while the case waits for her.
    ///
    /// # Errors
    /// A failure of the store, or data that contradicts itself.
    pub fn asked_papers(&self, tx: &mut dyn Tx, known: &Known) -> Result<Vec<AskedPaper>, Fault> {
        if known.case.missing().is_empty() {
            return Ok(Vec::new());
        }
        let events = self.events(tx, &known.case)?;
        Ok(asked_papers(self.procedure_of(&known.case)?, &known.case, &events))
    }

    /// The applicant's own command. The step by which she hands in what she was asked for names what came of it: she
    /// ticks nothing, and nothing counts that does not lie there. `anyway` hands in what there is while some is
    /// missing. Only her own pages call this: what a counter or another system hands in for her is listed there by
    /// whoever saw it, and stands as it was ticked.
    ///
    /// Only her own page asks this. What the desk and the interface send in her name stands as it was ticked there: the
    /// person at the counter has seen the papers, and the other system answers for what it says.
    ///
    /// # Errors
    /// Refuses while something is missing, if she did not say so, and while nothing came at all.
    pub fn handing_in(&self, tx: &mut dyn Tx, known: &Known, command: Command, anyway: bool) -> Result<Command, Fault> {
        let hands = hands_in(self.procedure_of(&known.case)?, &known.case).map(|(name, _)| name);
        let Command::Act { action, fields, papers, counter, on_behalf } = command else { return Ok(command) };
        if hands != Some(action.as_str()) {
            return Ok(Command::Act { action, fields, papers, counter, on_behalf });
        }
        let asked = self.asked_papers(tx, known)?;
        let (came, missing): (Vec<AskedPaper>, Vec<AskedPaper>) =
            asked.into_iter().partition(|paper| paper.came.is_some());
        let given = came.into_iter().filter(|paper| paper.came.is_some_and(|came| came.form.is_some()));
        let papers: Vec<String> = given.map(|paper| paper.material).collect();
        if missing.is_empty() || (anyway && !papers.is_empty()) {
            return Ok(Command::Act { action, fields, papers, counter, on_behalf });
        }
        let names = |lang: Lang| {
            let names = missing.iter().map(|paper| self.material_name(known.case.item(), &paper.material, lang));
            names.collect::<Vec<_>>().join(lang.pick("、", ", "))
        };
        let why = if papers.is_empty() { Why::CasePapersNone } else { Why::CasePapersPartly };
        Err(Refusal::new(why).with_both("papers", &Bilingual::new(names(Lang::Zh), names(Lang::En))).into())
    }

    /// By when what was asked for at a moment is to come, and what happens after that day.
    ///
    /// # Errors
    /// The rulebook has no such limit.
    pub(crate) fn supply_by(&self, case: &Case, asked_at: Instant) -> Result<SupplyBy, Fault> {
        let (procedure, calendar) = (self.procedure_of(case)?, self.hall.calendar());
        let limited = self.limited(procedure, case)?;
        let case = limited.as_ref().unwrap_or(case);
        let ending = ends_it(procedure, &case.state);
        let named = ending.and_then(|action| waits_for(procedure, case, action, &calendar));
        let on = if let Some(day) = named.or_else(|| case.latest.map(|due| due.on)) {
            day
        } else {
            let on = calendar.zone().date(asked_at);
            let limit = self.hall.rulebook.get(crate::words::CASE_SUPPLY_MISSING, &case.place, on)?;
            calendar.deadline_of_applicant(asked_at, limit, &[], asked_at).due_on
        };
        Ok(SupplyBy { on, then: ending.and_then(|action| called(procedure, action)) })
    }

    /// How a case may end that waits in a state for papers that do not come, as its procedure calls that; none where
    /// nothing follows.
    ///
    /// # Errors
    /// Nothing knows its procedure.
    pub fn ends_without_papers(&self, case: &Case, state: &str) -> Result<Option<Bilingual>, Fault> {
        let procedure = self.procedure_of(case)?;
        Ok(ends_it(procedure, state).and_then(|action| called(procedure, action)))
    }
}

/// The step that ends a case against the applicant who did not supply what was asked for: the one that waits for a day,
/// the one that the platform takes, or any other.
fn ends_it<'p>(procedure: &'p Procedure, state: &str) -> Option<&'p Action> {
    let itself = procedure.states.get(state)?.latest.as_ref().and_then(|latest| latest.then.as_deref());
    let against = |action: &Action| {
        let counts = procedure.states.get(&action.to).and_then(|state| procedure.counts(state));
        action.by != By::Applicant && counts.is_some_and(|counts| counts != Counts::Done)
    };
    let steps = procedure.from_state(state).into_iter().filter(|(_, action)| against(action));
    steps.min_by_key(|(name, action)| (action.not_before.is_none(), itself != Some(*name))).map(|(_, action)| action)
}

/// What a procedure calls the ending to which a step leads.
fn called(procedure: &Procedure, action: &Action) -> Option<Bilingual> {
    let outcome = procedure.states.get(&action.to)?.outcome.as_ref()?;
    procedure.outcomes.get(outcome).map(|ending| ending.title.clone())
}
