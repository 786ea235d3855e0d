//! The file of a mediation (卷宗) by the thirteen parts of the national forms of 2010: what must be in it, what is in
//! it if there was such a thing, and what is still lacking.

use kernel::case::{Event, Recorded};

/// How a part belongs to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// In every file.
    Must,
    /// Only if there was such a thing.
    If,
}

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number in the table of contents, from 1.
    pub number: usize,
    /// The key of its name.
    pub key: &'static str,
    /// Whether every file has it.
    pub belongs: Belongs,
    /// Whether it is there.
    pub there: bool,
}

impl Part {
    /// Whether the file is not complete without it.
    #[must_use]
    pub const fn lacks(&self) -> bool {
        matches!(self.belongs, Belongs::Must) && !self.there
    }
}

/// The steps that leave a record of the talks.
const TALKS: [&str; 3] = ["session", "sit_together", "session_together"];
/// The states in which the parties have agreed.
const AGREED: [&str; 7] = ["in_effect", "at_court", "confirmed", "kept", "broken", "performed", "closed"];

/// The parts of a file, in order. An agreement belongs to a file only where one was reached; a record of talks to every
/// one in which a mediation was begun.
#[must_use]
pub fn parts(events: &[Recorded], state: &str) -> Vec<Part> {
    let steps: Vec<&str> = events.iter().filter_map(step).collect();
    let took = |names: &[&str]| steps.iter().any(|step| names.contains(step));
    let (begun, agreed) = (took(&["begin"]), AGREED.contains(&state));
    let must = |needed: bool| if needed { Belongs::Must } else { Belongs::If };
    let table = [
        ("hearings-part-application", Belongs::Must, took(&["apply", "offer"])),
        ("hearings-part-rights", must(begun), begun),
        ("hearings-part-identity", must(begun), begun),
        ("hearings-part-power", Belongs::If, false),
        ("hearings-part-inquiry", Belongs::If, false),
        ("hearings-part-evidence", Belongs::If, false),
        ("hearings-part-record", must(begun), took(&TALKS)),
        ("hearings-part-agreement", must(agreed), took(&["seal", "oral"])),
        ("hearings-part-receipt", Belongs::If, took(&["performed", "part_done"])),
        ("hearings-part-visit", Belongs::If, took(&["visit"])),
        ("hearings-part-court", Belongs::If, took(&["to_court"])),
        ("hearings-part-remarks", Belongs::If, false),
        ("hearings-part-back", Belongs::Must, true),
    ];
    let part = |(number, (key, belongs, there))| Part { number, key, belongs, there };
    (1..).zip(table).map(part).collect()
}

/// The step that an event records.
fn step(recorded: &Recorded) -> Option<&str> {
    match &recorded.event {
        Event::Opened(opened) => Some(&opened.action),
        Event::Acted { action, .. } => Some(action),
        _ => None,
    }
}
