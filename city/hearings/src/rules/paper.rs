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
const AGREED: [&str; 8] = ["in_effect", "at_court", "confirmed", "kept", "asking", "broken", "performed", "closed"];

/// The parts of a file, in order. An agreement belongs to a file only where one was reached; a record of talks to every
/// one in which a mediation was begun.
#[must_use]
pub fn parts(events: &[Recorded], state: &str) -> Vec<Part> {
    let steps = steps(events);
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
        ("hearings-part-back", Belongs::If, false),
    ];
    let part = |(number, (key, belongs, there))| Part { number, key, belongs, there };
    (1..).zip(table).map(part).collect()
}

/// The steps that were taken, in order.
fn steps(events: &[Recorded]) -> Vec<&str> {
    events.iter().filter_map(step).collect()
}

/// The step that an event records.
#[must_use]
pub fn step(recorded: &Recorded) -> Option<&str> {
    match &recorded.event {
        Event::Opened(opened) => Some(&opened.action),
        Event::Acted { action, .. } => Some(action),
        _ => None,
    }
}

/// A paper that is printed from what the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Its name in an address.
    pub code: &'static str,
    /// The key of its title.
    pub title: &'static str,
    /// The part of the file that it is, by its number; 0 for one that the parties take with them.
    pub part: usize,
    /// The steps of which one must have been taken; none where it can be printed from the beginning.
    pub after: &'static [&'static str],
}

const fn printed(code: &'static str, title: &'static str, part: usize, after: &'static [&'static str]) -> Printed {
    Printed { code, title, part, after }
}

/// The papers that are printed.
pub const PRINTED: [Printed; 10] = [
    printed("application", "hearings-print-application", 1, &[]),
    printed("rights", "hearings-print-rights", 2, &[]),
    printed("invitation", "hearings-print-invitation", 0, &[]),
    printed("record", "hearings-print-record", 7, &TALKS),
    printed("agreement", "hearings-print-agreement", 8, &["draft"]),
    printed("oral", "hearings-print-oral", 8, &["oral"]),
    printed("ended", "hearings-print-ended", 0, &["fail", "first_refuses", "second_refuses", "no_answer", "decline"]),
    printed("visit", "hearings-print-visit", 10, &["visit"]),
    printed("court", "hearings-print-court", 11, &["seal", "oral"]),
    printed("cover", "hearings-print-cover", 13, &[]),
];

/// The papers that can be printed of a file.
#[must_use]
pub fn printable(events: &[Recorded]) -> Vec<Printed> {
    let steps = steps(events);
    let there = |paper: &Printed| paper.after.is_empty() || paper.after.iter().any(|step| steps.contains(step));
    PRINTED.into_iter().filter(there).collect()
}
