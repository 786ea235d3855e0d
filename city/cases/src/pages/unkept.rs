//! Words that were typed for a step which is not offered any more are told with its refusal, so that whoever wrote them
//! can use them elsewhere.

use kernel::case::Case;
use kernel::procedure::NeedKind;
use kernel::refusal::Refusal;
use web::{Page, Problem};

use super::steps::{ActionForm, StepGiven};
use crate::Cases;

/// A step that was refused.
pub(super) struct Refused<'r> {
    /// Why.
    refusal: &'r Refusal,
    /// What was given for it.
    given: &'r StepGiven,
    /// What can be done now.
    actions: &'r [ActionForm],
}

impl<'r> Refused<'r> {
    /// A step that was refused, with what was given for it and what can be done now.
    pub fn new(refusal: &'r Refusal, given: &'r StepGiven, actions: &'r [ActionForm]) -> Self {
        Self { refusal, given, actions }
    }
}

impl Cases {
    /// What the page of a case tells of a step that was refused.
    pub(super) fn refused(&self, page: &Page, case: &Case, refused: &Refused<'_>) -> Problem {
        let mut problem = page.problem(refused.refusal);
        let words = self.unkept(page, case, refused).join(page.lang.pick("；", "; "));
        if !words.is_empty() {
            problem.remedy = format!("{} {}", problem.remedy, page.t1("cases-unkept", "words", words));
        }
        problem
    }

    /// The words that no form of the page holds, each with what was asked.
    fn unkept(&self, page: &Page, case: &Case, refused: &Refused<'_>) -> Vec<String> {
        let given = refused.given;
        if refused.actions.iter().any(|form| form.name == given.action) {
            return Vec::new();
        }
        let action = self.procedure_of(case).ok().and_then(|procedure| procedure.actions.get(&given.action));
        let needs = action.map(|action| action.needs.as_slice()).unwrap_or_default();
        let typed = needs.iter().filter(|need| matches!(need.kind, NeedKind::Text | NeedKind::Reason));
        let words = typed.filter_map(|need| {
            let words = given.fields.get(&need.name)?.trim();
            (!words.is_empty()).then(|| page.t2("cases-unkept-one", "title", page.of(&need.title), "words", words))
        });
        words.collect()
    }
}
