//! What must show that a report is put right (结案凭据): photos of the work, and one of what it was like before, where
//! the catalogue says what a photo must show and the rulebook asks for them, or why there are none. Of all others words
//! are enough.

use hall::{Fault, Hall};
use kernel::case::{Case, Recorded};
use kernel::language::Bilingual;
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use web::Page;

use super::{Reports, edition};
use crate::catalogue::Condition;
use crate::records::photo;
use crate::refusals::Why;
use crate::rules::stage;
use crate::words::{GRID_PROOF_PHOTOS, HANDLE, KIND, NO_PHOTO, NO_PHOTO_MOST, TOLD_BY_PLATFORM};

/// How many photos of the work a report with a condition needs before it counts as done: none where the catalogue does
/// not say what a photo must show, and none where the procedure under which it was opened does not let anybody say why
/// there are none. Where one is needed, one of what it was like before is needed too.
///
/// # Errors
/// The rulebook has no such figure.
pub(crate) fn needed(
    hall: &Hall,
    procedure: &Procedure,
    condition: Option<&Condition>,
    case: &Case,
) -> Result<i64, Fault> {
    if !stage::asks(procedure, HANDLE, NO_PHOTO) || condition.is_none_or(|condition| condition.photo.is_none()) {
        return Ok(0);
    }
    let needed = hall.figure_at(GRID_PROOF_PHOTOS, &case.place, hall.day(case.opened_at))?;
    Ok(i64::from(needed).max(0))
}

impl Reports {
    /// There are as many photos of the work as the rulebook asks for, and one of what it was like before: hers, one of
    /// whoever looked at it before it was filed, or one that was handed in with the work. Where there are not, whoever
    /// handed in the work said why.
    pub(super) fn check_proof(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        let needed = self.proof_needed_of(case)?;
        if needed == 0 {
            return Ok(());
        }
        let events = cases::events_of(tx, case)?;
        if stage::handed_in(&events, NO_PHOTO).is_some() {
            return Ok(());
        }
        let since = worked_since(&events, case);
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
        let since = worked_since(&cases::events_of(tx, case)?, case);
        let has_before = photo::has_before(tx, cases::district(case), case.id.0, since)?;
        let before = (!has_before).then(|| page.t("grid-proof-before"));
        let told = std::iter::once(page.t1("grid-proof-after", "n", needed)).chain(before);
        Ok(told.chain([page.t("grid-proof-else")]).collect())
    }

    fn proof_needed_of(&self, case: &Case) -> Result<i64, Fault> {
        let Some(cases) = self.cases.upgrade() else { return Ok(0) };
        let condition = case.fields.get(KIND).and_then(|key| self.catalogue.condition_of(key, edition(case)));
        needed(&self.hall, cases.procedure_of(case)?, condition.map(|(_, condition)| condition), case)
    }
}

/// Why there is no photo is a sentence, no report.
///
/// # Errors
/// It is longer.
pub(super) fn check_no_photo(said: Option<&String>) -> Result<(), Fault> {
    if said.is_none_or(|said| said.trim().chars().count() <= NO_PHOTO_MOST) {
        return Ok(());
    }
    let label = Bilingual::new("为什么没有照片", "why there is no photo");
    let refusal = Refusal::new(Code::FormTooLong).field(NO_PHOTO).with_both("label", &label);
    Err(refusal.with("limit", NO_PHOTO_MOST).into())
}

/// Why there is no photo of the work that was handed in last, in words; none where nobody said so.
pub(super) fn why_no_photo(page: &Page, events: &[Recorded]) -> Option<String> {
    let said = stage::handed_in(events, NO_PHOTO)?;
    Some(told_of(said).map_or_else(|| said.to_owned(), |key| page.t(key)))
}

/// The key of the words for an answer that is given by itself.
pub(super) fn told_of(answer: &str) -> Option<&'static str> {
    (answer == TOLD_BY_PLATFORM).then_some("grid-no-photo-told")
}

/// Since when a report was last to be put right: sent out, or sent back because it was not done. What was there before
/// shows no work.
fn worked_since(events: &[Recorded], case: &Case) -> Instant {
    let returned = events.iter().rev().find(|one| stage::is_return(&one.event)).map(|one| one.at);
    returned.or(case.accepted_at).unwrap_or(case.opened_at)
}
