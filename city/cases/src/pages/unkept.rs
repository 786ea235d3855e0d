//! What was typed into a step that the case does not offer any more is shown once more, so that it can be copied.

use kernel::case::{Case, is_of_herself};
use kernel::procedure::NeedKind;
use uuid::Uuid;
use web::Page;

use super::needs::answered;
use super::steps::{ActionForm, StepGiven, own_title};
use crate::Cases;
use hall::Fault;

/// What was typed into a step whose form is not drawn again.
#[derive(Debug, Clone)]
pub struct Unkept {
    /// What the step is called.
    pub title: String,
    /// What was asked, and the lines that were typed there.
    pub words: Vec<(String, Vec<String>)>,
}

impl Cases {
    /// What was typed into a step that has no form among these; none where nothing was. What was ticked or chosen,
    /// and the rules that stood there before she typed, are left out.
    ///
    /// # Errors
    /// A procedure that is not there.
    pub fn unkept(
        &self,
        page: &Page,
        case: &Case,
        given: &StepGiven,
        forms: &[ActionForm],
    ) -> Result<Option<Unkept>, Fault> {
        if forms.iter().any(|form| form.name == given.action && form.is_drawn()) {
            return Ok(None);
        }
        let Some(action) = self.procedure_of(case)?.actions.get(&given.action) else { return Ok(None) };
        let kind = self.kinds.get(&case.kind);
        // A kind offers a list in place of some lines of text: its codes and handles are no words.
        let is_code = |said: &str| {
            Uuid::parse_str(said).is_ok() || kind.as_ref().is_some_and(|kind| kind.answer_key(said).is_some())
        };
        let basis = self.items.basis(case.item());
        let stood_there = |name: &str, said: &str| name == "basis" && said == page.of(&basis).trim();
        let mut words = Vec::new();
        for (need, said) in answered(&action.needs, &given.fields) {
            let is_typed = matches!(need.kind, NeedKind::Text | NeedKind::Reason) && !is_of_herself(action, need);
            let said = said.trim();
            if is_typed && !said.is_empty() && !is_code(said) && !stood_there(&need.name, said) {
                words.push((page.of(&need.title).to_owned(), said.lines().map(str::to_owned).collect()));
            }
        }
        let title = page.of(own_title(action, &page.visitor.actor)).to_owned();
        Ok(Some(Unkept { title, words }).filter(|unkept| !unkept.words.is_empty()))
    }
}
