//! What must show that a report is put right (结案凭据): photos of the work, and one of what it was like before, where
//! the catalogue says what a photo must show and the rulebook asks for them, or why there are none. Of all others words
//! are enough.

use cases::kind::Asked;
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
use crate::records::{field, photo, piece};
use crate::refusals::Why;
use crate::rules::stage;
use crate::words::field::Stands;
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

/// The most entries of the field about one report that are looked at.
const ENTRIES: i64 = 100;

/// Which photos a report still lacks.
enum Lack {
    /// Of the work: how many are needed, and how many are there.
    Work { needed: i64, there: i64 },
    /// Of what it was like before.
    Before,
}

impl Reports {
    /// Whoever hands in the work hands in its photos, or says why there are none. Photos of an entry from the field
    /// come to the report once its step is taken: they are on their way.
    pub(super) fn check_handed_in(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let said = asked.fields.get(NO_PHOTO);
        check_no_photo(said)?;
        if said.is_some_and(|said| !said.trim().is_empty()) {
            return Ok(());
        }
        let refusal = match self.lacks(tx, asked.case)? {
            None => return Ok(()),
            Some(Lack::Work { needed, there }) => {
                Refusal::new(Why::GridHandleProof).with("needed", needed).with("there", there)
            }
            Some(Lack::Before) => Refusal::new(Why::GridHandleBefore),
        };
        if are_on_their_way(tx, asked.case)? { Ok(()) } else { Err(refusal.field(NO_PHOTO).into()) }
    }

    /// There are as many photos of the work as the rulebook asks for, and one of what it was like before: hers, one of
    /// whoever looked at it before it was filed, or one that was handed in with the work. Where there are not, whoever
    /// handed in the work said why.
    pub(super) fn check_proof(&self, tx: &mut dyn Tx, case: &Case) -> Result<(), Fault> {
        self.proof_refusal(tx, case)?.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// What whoever checks the work is told of its photos before she says that it is done: what is missing and what can
    /// be done about it. Nothing where all is there.
    pub(super) fn proof_missing(&self, tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<String>, Fault> {
        let refusal = self.proof_refusal(tx, case)?;
        Ok(refusal.map(|refusal| vec![refusal.sentence(page.lang), refusal.remedy(page.lang)]).unwrap_or_default())
    }

    /// Why a report cannot count as done yet; none where its photos are there or it was said why there are none.
    fn proof_refusal(&self, tx: &mut dyn Tx, case: &Case) -> Result<Option<Refusal>, Fault> {
        let Some(lack) = self.lacks(tx, case)? else { return Ok(None) };
        if stage::handed_in(&cases::events_of(tx, case)?, NO_PHOTO).is_some() {
            return Ok(None);
        }
        Ok(Some(match lack {
            Lack::Work { needed, there } => {
                Refusal::new(Why::GridProofMissing).with("needed", needed).with("there", there)
            }
            Lack::Before => Refusal::new(Why::GridProofBefore),
        }))
    }

    /// Which photos a report lacks; none where words are enough.
    fn lacks(&self, tx: &mut dyn Tx, case: &Case) -> Result<Option<Lack>, Fault> {
        let needed = self.proof_needed_of(case)?;
        if needed == 0 {
            return Ok(None);
        }
        let since = worked_since(&cases::events_of(tx, case)?, case);
        let there = photo::count_since(tx, cases::district(case), case.id.0, since)?;
        if there < needed {
            return Ok(Some(Lack::Work { needed, there }));
        }
        let has_before = photo::has_before(tx, cases::district(case), case.id.0, since)?;
        Ok((!has_before).then_some(Lack::Before))
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

/// Whether photos of an entry from the field wait to come to a report.
fn are_on_their_way(tx: &mut dyn Tx, case: &Case) -> Result<bool, Fault> {
    let district = cases::district(case);
    for entry in field::about(tx, district, case.id.0, ENTRIES)? {
        let is_over = matches!(entry.stands(), Stands::Done | Stands::Over);
        if !is_over && !piece::of_entry(tx, district, entry.id)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Why there is no photo is a sentence, no report.
///
/// # Errors
/// It is longer.
fn check_no_photo(said: Option<&String>) -> Result<(), Fault> {
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
