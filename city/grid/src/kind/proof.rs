//! What must show that a report is put right (结案凭据): photos of the work, and one of what it was like before, where
//! the catalogue says what a photo must show and the rulebook asks for them. Of all others words are enough.

use hall::{Fault, Hall};
use kernel::case::Case;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use web::Page;

use super::{Reports, edition};
use crate::catalogue::Condition;
use crate::records::photo;
use crate::refusals::Why;
use crate::rules::stage;
use crate::words::{GRID_PROOF_PHOTOS, KIND};

/// How many photos of the work a report with a condition needs before it counts as done: none where the catalogue does
/// not say what a photo must show. Where one is needed, one of what it was like before is needed too.
///
/// # Errors
/// The rulebook has no such figure.
pub(crate) fn needed(hall: &Hall, condition: Option<&Condition>, case: &Case) -> Result<i64, Fault> {
    if condition.is_none_or(|condition| condition.photo.is_none()) {
        return Ok(0);
    }
    let needed = hall.figure_at(GRID_PROOF_PHOTOS, &case.place, hall.day(case.opened_at))?;
    Ok(i64::from(needed).max(0))
}

impl Reports {
    /// There are as many photos of the work as the rulebook asks for, and one of what it was like before: hers, one of
    /// whoever looked at it before it was filed, or one that was handed in with the work.
    pub(super) fn check_proof(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        let needed = self.proof_needed_of(case)?;
        if needed == 0 {
            return Ok(());
        }
        let since = worked_since(tx, case)?;
        let there = photo::count_since(tx, cases::district(case), case.id.0, since)?;
        if there < needed {
            return Err(Refusal::new(Why::GridProofMissing).with("needed", needed).with("there", there).into());
        }
        if photo::has_before(tx, cases::district(case), case.id.0, since)? {
            return Ok(());
        }
        Err(Refusal::new(Why::GridProofBefore).into())
    }

    /// What whoever hands in the work is told of its photos, a sentence each; nothing where words are enough.
    pub(super) fn proof_told(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<String>, Fault> {
        let needed = self.proof_needed_of(case)?;
        if needed == 0 {
            return Ok(Vec::new());
        }
        let since = worked_since(tx, case)?;
        let has_before = photo::has_before(tx, cases::district(case), case.id.0, since)?;
        let before = (!has_before).then(|| page.t("grid-proof-before"));
        Ok(std::iter::once(page.t1("grid-proof-after", "n", needed)).chain(before).collect())
    }

    fn proof_needed_of(&self, case: &Case) -> Result<i64, Fault> {
        let condition = case.fields.get(KIND).and_then(|key| self.catalogue.condition_of(key, edition(case)));
        needed(&self.hall, condition.map(|(_, condition)| condition), case)
    }
}

/// Since when a report was last to be put right: sent out, or sent back because it was not done. What was there before
/// shows no work.
fn worked_since(tx: &mut dyn Tx, case: &Case) -> Result<Instant, Fault> {
    let events = cases::events_of(tx, case)?;
    let returned = events.iter().rev().find(|one| stage::is_return(&one.event)).map(|one| one.at);
    Ok(returned.or(case.accepted_at).unwrap_or(case.opened_at))
}
