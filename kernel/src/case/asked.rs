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

/// Everything that came of a paper since it was asked for.
struct Followed {
    paper: AskedPaper,
    /// In the order in which it came, with what was taken back since.
    all: Vec<Came>,
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
    asked.into_values().map(|followed: Followed| followed.paper).collect()
}

/// Which event asked for a paper last; none where it was never asked for.
pub fn asked_last(procedure: &Procedure, events: &[Recorded], material: &str) -> Option<usize> {
    events.iter().rposition(|recorded| match &recorded.event {
        Event::Acted { to, papers, .. } => waits_for_her(procedure, to) && papers.iter().any(|code| code == material),
        _ => false,
    })
}

/// What one event does to what is asked for.
fn follow(procedure: &Procedure, asked: &mut BTreeMap<String, Followed>, recorded: &Recorded) {
    let (at, by_her) = (recorded.at, recorded.by.role == Signature::APPLICANT);
    let mut came = |material: &String, form: Option<PaperForm>| {
        if let Some(followed) = asked.get_mut(material) {
            let came = Came { at, form, by_her };
            followed.paper.came = Some(came);
            followed.all.push(came);
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
        Event::TakenBack { papers, seen } => {
            for followed in asked.values_mut().filter(|followed| papers.contains(&followed.paper.material)) {
                let form = seen.get(&followed.paper.material);
                let is_seen = |came: &&Came| !came.by_her && form.is_some() && came.form == form.copied();
                followed.paper.came = followed.all.iter().rev().find(is_seen).copied();
            }
        }
        Event::Acted { to, papers, .. } if waits_for_her(procedure, to) => {
            let paper = |material: &String| AskedPaper { material: material.clone(), asked_at: at, came: None };
            let followed = |material: &String| Followed { paper: paper(material), all: Vec::new() };
            asked.extend(papers.iter().map(|material| (material.clone(), followed(material))));
        }
        Event::Acted { from, papers, .. } if waits_for_her(procedure, from) => {
            // What was handed in is settled, and so is what data confirmed meanwhile; the rest stays asked for.
            asked.retain(|material, followed| {
                !papers.contains(material) && followed.paper.came.is_none_or(|it| it.form.is_some())
            });
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
