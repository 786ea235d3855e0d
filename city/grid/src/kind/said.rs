//! What was said with the steps since a report was last handed in, as its staff read it before they take the next one.

use hall::Fault;
use kernel::case::{Case, Event, Recorded};
use web::Page;

use super::Reports;
use crate::rules::stage;
use crate::words::HANDLE;

/// The answers that say something in somebody's own words.
const WORDS: [&str; 3] = ["reason", "question", "answer"];

impl Reports {
    /// What was said last while a report is open, and why it came back: words and what they say. Nothing once the work
    /// was handed in anew.
    ///
    /// # Errors
    /// A case without its procedure.
    pub(super) fn said_last(
        &self,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Vec<(String, String)>, Fault> {
        let (Some(cases), None) = (self.cases.upgrade(), case.closed_at) else { return Ok(Vec::new()) };
        let procedure = cases.procedure_of(case)?;
        let mut told = Vec::new();
        for one in events.iter().rev() {
            let Event::Acted { action, fields, .. } = &one.event else { continue };
            if action == HANDLE {
                break;
            }
            let came_back = stage::is_return(&one.event);
            let said = WORDS.into_iter().find_map(|name| fields.get(name)).filter(|said| !said.is_empty());
            let step = procedure.actions.get(action).filter(|_| told.is_empty() || came_back);
            if let Some((step, said)) = step.zip(said) {
                let term = page.t2("grid-fact-last", "step", page.of(step.told()), "at", page.minute(one.at));
                told.push((term, said.clone()));
            }
            if came_back {
                break;
            }
        }
        Ok(told)
    }
}
