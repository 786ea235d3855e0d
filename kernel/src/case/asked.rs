//! What the applicant was asked to supply (补正), and what of it came since: read from what happened, so that nobody
//! has to say again what lies there.

use super::{Case, Event, PaperForm, Recorded, Signature};
use crate::procedure::{Action, By, NeedKind, Procedure, Waits};
use crate::time::Instant;
use std::collections::BTreeMap;

/// A paper that the applicant was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPaper {
    /// The code of the material.
    pub material: String,
    /// When it was asked for, last.
    pub asked_at: Instant,
    /// What came of it since then; none while it is missing.
    pub came: Option<Came>,
}

/// How a paper came that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Came {
    /// When.
    pub at: Instant,
    /// The form it was given in; none where data confirmed it and nothing need be given.
    pub form: Option<PaperForm>,
    /// Whether the applicant sent it herself.
    pub by_her: bool,
}

/// The papers that the applicant was asked for, in the order of their codes, while the case waits for her.
pub fn asked_papers(procedure: &Procedure, case: &Case, events: &[Recorded]) -> Vec<AskedPaper> {
    if case.service.is_none() || !waits_for_her(procedure, &case.state) {
        return Vec::new();
    }
    let mut asked = BTreeMap::new();
    for recorded in events {
        follow(procedure, &mut asked, recorded);
    }
    asked.into_values().collect()
}

/// What one event does to what is asked for.
fn follow(procedure: &Procedure, asked: &mut BTreeMap<String, AskedPaper>, recorded: &Recorded) {
    let (at, by_her) = (recorded.at, recorded.by.role == Signature::APPLICANT);
    let mut came = |material: &String, form: Option<PaperForm>| {
        if let Some(paper) = asked.get_mut(material) {
            paper.came = Some(Came { at, form, by_her });
        }
    };
    match &recorded.event {
        Event::Received { papers, .. } => {
            for (material, form) in papers {
                came(material, Some(*form));
            }
        }
        Event::Waived { papers } => {
            for material in papers {
                came(material, None);
            }
        }
        Event::TakenBack { papers } => {
            for paper in asked.values_mut().filter(|paper| papers.contains(&paper.material)) {
                paper.came = None;
            }
        }
        Event::Acted { to, papers, .. } if waits_for_her(procedure, to) => {
            let paper = |material: &String| AskedPaper { material: material.clone(), asked_at: at, came: None };
            asked.extend(papers.iter().map(|material| (material.clone(), paper(material))));
        }
        Event::Acted { from, papers, .. } if waits_for_her(procedure, from) => {
            // What was handed in is settled, and so is what data confirmed meanwhile; the rest stays asked for.
            asked.retain(|material, paper| !papers.contains(material) && paper.came.is_none_or(|it| it.form.is_some()));
        }
        _ => {}
    }
}

/// The step by which the applicant hands in what she was asked for, in the state that the case is in.
pub fn hands_in<'p>(procedure: &'p Procedure, case: &Case) -> Option<(&'p str, &'p Action)> {
    if case.service.is_none() || !waits_for_her(procedure, &case.state) {
        return None;
    }
    let brings = |action: &Action| action.needs.iter().any(|need| need.kind == NeedKind::Papers);
    let back = |action: &Action| action.by == By::Applicant && !waits_for_her(procedure, &action.to);
    procedure.from_state(&case.state).into_iter().find(|(_, action)| brings(action) && back(action))
}

fn waits_for_her(procedure: &Procedure, state: &str) -> bool {
    procedure.states.get(state).is_some_and(|state| state.waits_for == Waits::Applicant)
}
