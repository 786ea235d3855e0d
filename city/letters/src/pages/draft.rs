//! A letter before it goes out: who decides sees it before she confirms. It names nobody in full and bears no seal.

use askama::Template;
use cases::drafts::{Drafting, Drafts};
use hall::Fault;
use store::Tx;
use web::Page;

use super::write::Matter;
use crate::words::{Kind, Letter};
use crate::{Letters, rules};

#[derive(Template)]
#[template(path = "letters/draft.html")]
struct DraftPage {
    page: Page,
    letter: Letter,
    is_draft: bool,
}

impl Drafts for Letters {
    fn draft(&self, tx: &mut dyn Tx, drafting: &Drafting<'_>) -> Result<Option<String>, Fault> {
        let Drafting { page, known, events, foreseen, after } = *drafting;
        let desk = &self.counter.cases;
        if !desk.kinds.get(&known.case.kind).is_some_and(|kind| kind.has_letters()) {
            return Ok(None);
        }
        let procedure = desk.procedure_of(&known.case)?;
        let there = rules::letters(procedure, &known.case, events);
        let events: Vec<_> = events.iter().chain(foreseen).cloned().collect();
        let Some(kind) = goes_out(&there, &rules::letters(procedure, after, &events)) else { return Ok(None) };
        let (view, named) = (desk.view(tx, page, known)?, self.masked(tx, known)?);
        let matter = Matter { page, case: after, procedure, events: &events, view: &view, named: &named };
        let letter = Letter { seal: None, check: None, ..self.write(kind, &matter)? };
        let drawn = DraftPage { page: page.clone(), letter, is_draft: true }.render();
        drawn.map(Some).map_err(|fault| Fault::Broken(format!("the draft of a letter: {fault}")))
    }
}

/// Returns the letter that a step brings about; else the decision that it hands over.
fn goes_out(before: &[Kind], after: &[Kind]) -> Option<Kind> {
    let new = after.iter().rfind(|kind| !before.contains(kind));
    new.or_else(|| after.iter().rfind(|kind| kind.names_in_full())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_sends_what_it_brings_about_or_hands_the_decision_over() {
        use Kind::{Accepted, Certificate, NotAccepted, Receipt, Refused};
        let table: [(&[Kind], &[Kind], Option<Kind>); 5] = [
            (&[Receipt, Accepted], &[Receipt, Accepted, Certificate], Some(Certificate)),
            (&[Receipt, Accepted], &[Receipt, Accepted, Refused], Some(Refused)),
            (&[Receipt], &[Receipt, NotAccepted], Some(NotAccepted)),
            (&[Receipt, Accepted, Certificate], &[Receipt, Accepted, Certificate], Some(Certificate)),
            (&[Receipt, Accepted], &[Receipt, Accepted], None),
        ];
        for (before, after, expected) in table {
            assert_eq!(goes_out(before, after), expected, "{after:?}");
        }
    }
}
