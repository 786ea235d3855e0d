//! Decides what staff may note in the name of a side: what she took back herself, only she gives again, or a paper.

use std::collections::BTreeMap;

use kernel::case::{Event, HOW_SAID, ON_PAPER, PAPER_ON, Recorded};
use kernel::procedure::{By, Procedure};

/// Whether what was noted was seen on paper: it was chosen, or the day of a paper with her signature is named.
#[must_use]
pub fn is_on_paper(fields: &BTreeMap<String, String>) -> bool {
    let how = fields.get(HOW_SAID).map(|answer| answer.trim()).unwrap_or_default();
    let is_dated = fields.get(PAPER_ON).is_some_and(|answer| !answer.trim().is_empty());
    how == ON_PAPER || (!how.is_empty() && is_dated)
}

/// Whether one of a side, or any of it where no number is given, took her consent back herself, and has given it again since neither herself nor on paper.
#[must_use]
pub fn took_back(events: &[Recorded], procedure: &Procedure, role: &str, number: Option<usize>) -> bool {
    let mut is_taken_back = false;
    for recorded in events {
        let Event::Acted { action, fields, parties, .. } = &recorded.event else { continue };
        let Some(step) = procedure.actions.get(action) else { continue };
        let is_one = number.is_none_or(|number| parties.is_empty() || parties.contains(&number));
        let is_hers = is_one && matches!(&step.by, By::Party(party) if party == role);
        let herself = is_hers && !recorded.by.on_behalf;
        if herself && step.withdraws_consent {
            is_taken_back = true;
        }
        if is_hers && step.gives_consent && (herself || is_on_paper(fields)) {
            is_taken_back = false;
        }
    }
    is_taken_back
}
