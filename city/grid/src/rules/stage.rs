//! Says how a report stands in the six words that everybody outside reads (对外六个阶段), and of which steps those hear
//! who met with the same thing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kernel::case::{Case, Event, Recorded};
use kernel::procedure::{Notify, Procedure};
use kernel::time::Instant;

use crate::words::{ASKED, HANDLE, HANDLING, MERGED, REPORTER, Shows};

/// The answer that says what was done.
const WHAT_WAS_DONE: &str = "report";
/// The steps that say that it is not done: at the desk, by whoever reported, and up to the level above.
const RETURNS: [&str; 4] = ["send_back", "still_wrong", "refer", "ask_above"];

/// How a report stands, as everybody reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Somebody said it (已反映).
    Reported,
    /// It was looked at and filed (已立案).
    Filed,
    /// It was sent to whose duty it is (已派遣).
    SentOut,
    /// It is being handled (处置中).
    Handling,
    /// Whoever reported it was told what was done (已答复).
    Answered,
    /// It is closed (已了结).
    Closed,
}

impl Stage {
    /// All, in their order.
    pub const ALL: [Self; 6] =
        [Self::Reported, Self::Filed, Self::SentOut, Self::Handling, Self::Answered, Self::Closed];

    /// The name as stored and in addresses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Filed => "filed",
            Self::SentOut => "sent_out",
            Self::Handling => "handling",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }

    /// Reads the name that [`Stage::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }

    /// The stage of a case in a state to which an action led.
    #[must_use]
    pub fn of(procedure: &Procedure, state: &str, action: &str) -> Self {
        if is_over(procedure, state) {
            return Self::Closed;
        }
        match (state, action) {
            ("reported", _) => Self::Reported,
            ("filed", _) => Self::Filed,
            ("asked", _) => Self::Answered,
            (HANDLING, "dispatch" | "redispatch" | "settle") => Self::SentOut,
            _ => Self::Handling,
        }
    }
}

/// The key of the words for the state of a case, as everybody outside reads it: the same that whoever reported reads,
/// where these speak to nobody in particular. None for a state that the shipped procedure does not have.
#[must_use]
pub fn outside(state: &str) -> Option<&'static str> {
    Some(match state {
        "reported" => "grid-told-is-reported",
        "filed" => "grid-told-is-filed",
        HANDLING | "asking_time" | "asking_to_shelve" | "asked_back" | "disputed" | "above" | "queried" => {
            "grid-told-is-handling"
        }
        "handled" => "grid-told-is-handled",
        "shelved" => "grid-told-is-shelved",
        ASKED => "grid-stands-asked",
        "closed" => "grid-stands-closed",
        "not_there" => "grid-stands-not-there",
        "not_a_case" => "grid-stands-not-ours",
        MERGED => "grid-told-merge",
        _ => return None,
    })
}

/// Whether those who met with the same thing hear of a step: whoever reported it is told, or it ended.
#[must_use]
pub fn is_news(procedure: &Procedure, state: &str, action: &str) -> bool {
    let told = procedure.actions.get(action).map(|action| action.notify.as_slice()).unwrap_or_default();
    let of_reporter = told.iter().any(|notify| *notify == Notify::Party(REPORTER.to_owned()));
    of_reporter || is_over(procedure, state)
}

/// When the unit said last that a report is put right, and what it said.
#[must_use]
pub fn handled(events: &[Recorded]) -> Option<(Instant, Option<&str>)> {
    let (at, fields) = last_handled(events)?;
    Some((at, fields.get(WHAT_WAS_DONE).map(String::as_str)))
}

/// What was answered to a question with the work that was handed in last; none where it was left open.
#[must_use]
pub fn handed_in<'e>(events: &'e [Recorded], question: &str) -> Option<&'e str> {
    let (_, fields) = last_handled(events)?;
    fields.get(question).map(String::as_str).filter(|said| !said.is_empty())
}

fn last_handled(events: &[Recorded]) -> Option<(Instant, &BTreeMap<String, String>)> {
    events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, fields, .. } if action == HANDLE => Some((one.at, fields)),
        _ => None,
    })
}

/// Whether a step of a procedure asks a question: reports that were opened under an earlier version may not have it.
#[must_use]
pub fn asks(procedure: &Procedure, action: &str, question: &str) -> bool {
    let action = procedure.actions.get(action);
    action.is_some_and(|action| action.needs.iter().any(|need| need.name == question))
}

/// Whether a report stands in a state in which whoever reported it is told what was done.
#[must_use]
pub fn is_answered(state: &str) -> bool {
    matches!(state, "asked" | "closed")
}

/// Whether a report in a state was not sent out yet: what somebody saw of it then is what it was opened about.
#[must_use]
pub fn is_before_work(state: &str) -> bool {
    matches!(state, "reported" | "filed")
}

/// The moment with which a photo comes to a report: that at which it was sent. One that shows what it was like before
/// the report was sent out stands before that moment even if it was decided only later that it belongs to the report,
/// so that nobody takes it for one of the work.
#[must_use]
pub fn came_at(sent_out: Option<Instant>, before_work: bool, sent_at: Instant) -> Instant {
    match sent_out {
        Some(sent_out) if before_work && sent_out <= sent_at => Instant::from_micros(sent_out.micros() - 1),
        _ => sent_at,
    }
}

/// Whether a photo belongs to what whoever reported is told: somebody who works on this report added it since it was
/// sent out, and what was done is told by now. What other people sent with a report is never shown to her.
#[must_use]
pub fn shows_work(case: &Case, by_worker: bool, at: Instant) -> bool {
    by_worker && is_answered(&case.state) && case.accepted_at.is_some_and(|sent_out| sent_out <= at)
}

/// What a photo shows. Where whoever added it did not say so, one that came with a report, or before it was sent out,
/// shows what was reported, and one that a worker took before that shows the place. Of a later one nobody knows.
#[must_use]
pub fn shows(case: &Case, said: Option<Shows>, by_worker: bool, at: Instant) -> Option<Shows> {
    let sent_out = case.accepted_at.is_some_and(|sent_out| sent_out <= at);
    match said {
        None if !by_worker && case.accepted_at.is_none_or(|sent_out| at <= sent_out) => Some(Shows::Before),
        None if by_worker && !sent_out => Some(Shows::Place),
        said => said,
    }
}

/// How often it was said until a moment that a report is not done: what was added since then belongs to the work after
/// that.
#[must_use]
pub fn round(events: &[Recorded], at: Instant) -> usize {
    events.iter().filter(|one| one.at <= at && is_return(&one.event)).count()
}

/// Whether a step says that a report is not done.
#[must_use]
pub fn is_return(event: &Event) -> bool {
    matches!(event, Event::Acted { action, .. } if RETURNS.contains(&action.as_str()))
}

/// In which order photos are looked at: what came with the report first, as it was before all work; then the work that
/// was done last, of each work what it was like before above what it is like after.
#[must_use]
pub const fn looked_at(shows: Option<Shows>, by_worker: bool, round: usize) -> (bool, Reverse<usize>, u8) {
    let place = match shows {
        Some(Shows::Before) => 0,
        Some(Shows::Place) => 1,
        Some(Shows::After) => 2,
        None => 3,
    };
    (by_worker, Reverse(round), place)
}

/// Whether what happened to a case is a step of its procedure. A message to the office, a word of a supervisor or a
/// figure that is counted anew is none, and nobody outside hears of it as news of the report.
#[must_use]
pub fn is_step(procedure: &Procedure, action: &str) -> bool {
    procedure.actions.contains_key(action)
}

/// Whether a state ends a case.
#[must_use]
pub fn is_over(procedure: &Procedure, state: &str) -> bool {
    procedure.states.get(state).is_some_and(|state| state.terminal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn procedure() -> Procedure {
        kernel::procedure::load("report.toml", include_str!("../../../../data/procedures/report.toml")).unwrap()
    }

    #[test]
    fn every_state_has_words_for_everybody_outside() {
        for state in procedure().states.keys() {
            assert!(outside(state).is_some(), "{state}");
        }
        assert_ne!(outside("not_there"), outside("closed"), "what was not found was not put right");
    }

    #[test]
    fn news_is_what_the_reporter_is_told_and_filing_and_the_end() {
        let procedure = procedure();
        for (action, state, news) in [
            ("report", "reported", false),
            ("file", "filed", true),
            ("dispatch", "handling", false),
            ("handle", "handled", false),
            ("verify", "asked", true),
            ("shelve", "shelved", true),
            ("confirm", "closed", true),
            ("close_unasked", "closed", true),
            ("merge", "merged", true),
        ] {
            assert_eq!(is_news(&procedure, state, action), news, "{action}");
        }
    }

    #[test]
    fn a_photo_keeps_its_own_moment_and_one_from_before_the_work_is_never_one_of_it() {
        let at = Instant::from_micros;
        for (sent_out, before_work, sent_at, came) in [
            (None, true, 50, 50),
            (None, false, 50, 50),
            (Some(80), true, 50, 50),
            (Some(80), true, 80, 79),
            (Some(80), true, 90, 79),
            (Some(80), false, 80, 80),
            (Some(80), false, 90, 90),
        ] {
            let found = came_at(sent_out.map(at), before_work, at(sent_at));
            assert_eq!(found, at(came), "{sent_out:?} {before_work} {sent_at}");
        }
    }

    #[test]
    fn each_state_has_its_word_outside() {
        let procedure = procedure();
        for (state, action, stage) in [
            ("reported", "report", Stage::Reported),
            ("filed", "file", Stage::Filed),
            ("filed", "find", Stage::Filed),
            ("handling", "dispatch", Stage::SentOut),
            ("handling", "redispatch", Stage::SentOut),
            ("handling", "settle", Stage::SentOut),
            ("handling", "first_done", Stage::Handling),
            ("handling", "send_back", Stage::Handling),
            ("handling", "still_wrong", Stage::Handling),
            ("disputed", "not_ours", Stage::Handling),
            ("above", "go_up", Stage::Handling),
            ("shelved", "shelve", Stage::Handling),
            ("handled", "handle", Stage::Handling),
            ("asked", "verify", Stage::Answered),
            ("closed", "confirm", Stage::Closed),
            ("not_there", "not_there", Stage::Closed),
            ("not_a_case", "decline", Stage::Closed),
            ("merged", "merge", Stage::Closed),
        ] {
            assert_eq!(Stage::of(&procedure, state, action), stage, "{action} to {state}");
        }
        for state in procedure.states.keys() {
            assert!(Stage::ALL.contains(&Stage::of(&procedure, state, "")), "{state}");
        }
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.code()), Some(stage));
        }
        assert_eq!(Stage::parse("done"), None);
    }
}
