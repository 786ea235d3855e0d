//! Decides when clauses of an agreement can be written, what is wrong with one, and how far an agreement is kept.

use kernel::case::{Case, Recorded};
use kernel::day::{FARTHEST_DAYS, not_ahead};
use kernel::line::lines_fault;
use kernel::money::Fen;
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;

use super::asking::{asked, steps};
use super::paper::step;
use crate::refusals::Why;
use crate::words::asking::{APPLIED, ASKED_IN, INVITING, TO_SIGN};
use crate::words::inside::{BROKEN, DONE, Head, NewClause, OPEN, OWERS, PART};
use crate::words::{AGREED_IN, DRAFT, FIRST, ORAL, PROPOSE_CHANGE, SECOND, SIDES, VARY};

/// The most characters of a clause, and of a note of how it was kept.
pub const CLAUSE_MOST: usize = 500;
/// The most characters of the main facts, and of each side's responsibility.
pub const HEAD_MOST: usize = 2_000;

/// The states in which the text of an agreement can be changed. Once it lies before the parties to be signed, it is
/// changed only by the step that voids their consents.
const WRITTEN_IN: [&str; 2] = ["talks", "together"];
/// The state in which an agreement that holds is changed.
const CHANGED_IN: &str = "kept";
/// The states in which an agreement is in effect and to be kept.
const KEPT_IN: [&str; 6] = ["in_effect", "at_court", "confirmed", "kept", "asking", "broken"];

/// Whether the text can be changed in a state.
#[must_use]
pub fn is_written_in(state: &str) -> bool {
    WRITTEN_IN.contains(&state)
}

/// Whether the clauses of an agreement that holds are brought into line with a change: both signed one, and nothing
/// else was proposed since.
#[must_use]
pub fn is_varied(state: &str, events: &[Recorded]) -> bool {
    let is_of_change = |step: &&str| matches!(*step, VARY | PROPOSE_CHANGE);
    state == CHANGED_IN && events.iter().rev().filter_map(step).find(is_of_change) == Some(VARY)
}

/// The step of the procedure by which the text is changed in a state: it voids the consents that were given before.
#[must_use]
pub fn writing_step(state: &str) -> &'static str {
    if state == "together" { "write_together" } else { "write" }
}

/// Whether an agreement of a state holds or held.
#[must_use]
pub fn is_agreed_in(state: &str) -> bool {
    AGREED_IN.contains(&state)
}

/// Whether it is noted in a state how clauses are kept.
#[must_use]
pub fn is_kept_in(state: &str) -> bool {
    KEPT_IN.contains(&state)
}

/// A name is taken until somebody agreed to the text that names both sides: from then on it changes as the text does.
///
/// # Errors
/// Somebody agreed to the text, it lies there to be signed, or the agreement holds or none came about.
pub fn may_name(case: &Case, procedure: &Procedure, events: &[Recorded]) -> Result<(), Refusal> {
    let state = case.state.as_str();
    if state == TO_SIGN {
        return Err(Refusal::new(Why::HearingsNameAgreed));
    }
    if [APPLIED, INVITING].contains(&state) {
        return Ok(());
    }
    if !ASKED_IN.contains(&state) {
        return Err(Refusal::new(Why::HearingsTextFixed));
    }
    let mut sides = SIDES.into_iter().flat_map(|side| case.standing(side));
    if !sides.any(|(_, party)| party.consented_at.is_some()) {
        return Ok(());
    }
    // By procedures that did not ask about a step, whoever consents may consent to the text.
    let asked = asked(events, procedure).filter(|_| !steps(procedure, state).is_empty());
    if asked.is_some_and(|step| !matches!(step, DRAFT | ORAL)) {
        return Ok(());
    }
    Err(Refusal::new(Why::HearingsNameAgreed))
}

/// Whether the parties see the text in a state: it is being written, it is to be signed, or it was.
#[must_use]
pub fn is_seen_in(state: &str) -> bool {
    is_written_in(state) || state == TO_SIGN || is_agreed_in(state)
}

/// The sides that owe what a clause says, by the code of [`OWERS`] that it names.
#[must_use]
pub fn owing(owes: &str) -> &'static [&'static str] {
    match owes {
        FIRST => &[FIRST],
        SECOND => &[SECOND],
        "both" => &SIDES,
        _ => &[],
    }
}

/// What is wrong with a note of how a clause was kept.
#[must_use]
pub fn note_fault(noted: &str) -> Option<Refusal> {
    if noted.chars().count() > CLAUSE_MOST {
        return Some(Refusal::new(Code::FormTooLong).field("noted").with("limit", CLAUSE_MOST));
    }
    lines_fault(noted).map(|code| Refusal::new(code).field("noted"))
}

/// What is wrong with a text of some lines.
#[must_use]
pub fn text_fault(name: &'static str, text: &str, most: usize) -> Option<Refusal> {
    if text.trim().is_empty() {
        return Some(Refusal::new(Code::FormMissing).field(name));
    }
    if text.chars().count() > most {
        return Some(Refusal::new(Code::FormTooLong).field(name).with("limit", most));
    }
    lines_fault(text).map(|code| Refusal::new(code).field(name))
}

/// What is wrong with the main facts and the responsibilities. Both belong to a written agreement.
#[must_use]
pub fn head_faults(head: &Head) -> Vec<Refusal> {
    let facts = text_fault("main_facts", &head.facts, HEAD_MOST);
    facts.into_iter().chain(text_fault("duties", &head.duties, HEAD_MOST)).collect()
}

/// What is wrong with a clause that is written today.
#[must_use]
pub fn clause_faults(clause: &NewClause, today: Date) -> Vec<Refusal> {
    let owes = OWERS.iter().all(|known| known.0 != clause.owes);
    let amounts = Fen::ZERO..=Fen::MOST_ENTERED;
    // What goes on longer is a duty that lasts and has no day.
    let due = not_ahead("due", clause.due, today, FARTHEST_DAYS).filter(|_| !clause.lasting);
    let faults = [
        owes.then(|| Refusal::new(Code::FormChoice).field("owes")),
        text_fault("what", &clause.what, CLAUSE_MOST),
        (!amounts.contains(&Fen::new(clause.fen))).then(|| Refusal::new(Code::FormAmount).field("amount")),
        due,
    ];
    faults.into_iter().flatten().collect()
}

/// How far an agreement is kept: how many of its clauses stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Of which nothing was done yet.
    pub open: usize,
    /// Of which a part was done.
    pub part: usize,
    /// That were done.
    pub done: usize,
    /// That were not kept.
    pub broken: usize,
    /// Of the open ones and those in part: whose day is over.
    pub late: usize,
}

impl Kept {
    /// Counts clauses, each as its stage and its last day, which a duty that lasts does not have.
    #[must_use]
    pub fn of<'c>(clauses: impl Iterator<Item = (&'c str, Option<Date>)>, today: Date) -> Self {
        let mut kept = Self::default();
        for clause in clauses {
            match clause.0 {
                OPEN => kept.open += 1,
                PART => kept.part += 1,
                DONE => kept.done += 1,
                BROKEN => kept.broken += 1,
                _ => {}
            }
            kept.late += usize::from(is_late(clause.0, clause.1, today));
        }
        kept
    }

    /// How many clauses there are.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.open + self.part + self.done + self.broken
    }
}

/// Whether the day of a clause is over and not all of it was done. A duty that lasts has no day.
#[must_use]
pub fn is_late(stage: &str, due: Option<Date>, today: Date) -> bool {
    matches!(stage, OPEN | PART) && due.is_some_and(|due| due < today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn clause(owes: &str, what: &str, fen: i64, due: &str) -> NewClause {
        let (owes, what) = (owes.to_owned(), what.to_owned());
        NewClause { id: Uuid::from_u128(1), owes, what, fen, due: due.parse().unwrap(), lasting: false }
    }

    #[test]
    fn a_clause_says_who_owes_what_by_which_day() {
        let long = "长".repeat(CLAUSE_MOST + 1);
        let table = [
            (clause("second", "赔三十元塑料凳子钱", 3_000, "2026-12-01"), vec![]),
            (clause("both", "互不在夜里十点后弹琴", 0, "2026-11-25"), vec![]),
            (clause("first", "给𠮷𬭎㛃赔礼", 300_000_000, "2026-12-01"), vec![]),
            (clause("first", "租金", 100_000_000_000, "2076-11-24"), vec![]),
            (clause("first", "租金", 100_000_000_001, "2076-11-26"), vec!["amount", "due"]),
            (clause("first", "租金", i64::MAX, "9999-12-31"), vec!["amount", "due"]),
            (clause("nobody", " ", -1, "2026-11-24"), vec!["owes", "what", "amount", "due"]),
            (clause("first", &long, 0, "2026-12-01"), vec!["what"]),
            (clause("first", "看\u{202e}不见", 0, "2026-12-01"), vec!["what"]),
            (NewClause { lasting: true, ..clause("both", "不再拖椅子", 0, "2026-11-01") }, vec![]),
        ];
        for (clause, expected) in table {
            let found = clause_faults(&clause, "2026-11-25".parse().unwrap());
            let fields: Vec<&str> = found.iter().filter_map(|fault| fault.field.as_deref()).collect();
            assert_eq!(fields, expected, "{:.20}", clause.what);
        }
    }

    #[test]
    fn the_text_changes_only_before_it_lies_there_to_be_signed() {
        for (state, written, kept, seen, agreed) in [
            ("applied", false, false, false, false),
            ("talks", true, false, true, false),
            ("together", true, false, true, false),
            ("to_sign", false, false, true, false),
            ("in_effect", false, true, true, true),
            ("asking", false, true, true, true),
            ("broken", false, true, true, true),
            ("closed", false, false, true, true),
            ("unkept", false, false, true, true),
            ("unanswered", false, false, false, false),
            ("refused", false, false, false, false),
        ] {
            assert_eq!((is_written_in(state), is_kept_in(state)), (written, kept), "{state}");
            assert_eq!((is_seen_in(state), is_agreed_in(state)), (seen, agreed), "{state}");
        }
    }

    #[test]
    fn how_far_an_agreement_is_kept_adds_up() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let clauses = [
            (OPEN, Some(day("2026-11-24"))),
            (OPEN, Some(day("2026-11-25"))),
            (OPEN, None),
            (PART, Some(day("2026-11-20"))),
            (DONE, Some(day("2026-11-01"))),
            (BROKEN, Some(day("2026-11-01"))),
        ];
        let kept = Kept::of(clauses.into_iter(), day("2026-11-25"));
        assert_eq!(kept, Kept { open: 3, part: 1, done: 1, broken: 1, late: 2 });
        assert_eq!(kept.all(), clauses.len());
    }
}
