//! How a report is told to whoever reported it: what matters to her, in words that a good clerk would say. What the
//! desk and the units settle between themselves is their own business; staff read every step.

use cases::kind::StepTold;

use crate::words::{ADDRESS_FIELD, ASKED, WORDS_FIELD};

/// How a step is told.
#[must_use]
pub fn step(action: &str) -> StepTold {
    match action {
        "report" => StepTold::Said("grid-told-report"),
        "file" => StepTold::Said("grid-told-file"),
        "not_there" => StepTold::Said("grid-told-not-there"),
        "decline" => StepTold::Said("grid-told-decline"),
        "merge" => StepTold::Said("grid-told-merge"),
        // However often it was sent out, she reads once with whom it lies.
        "dispatch" | "redispatch" | "settle" => StepTold::Last("grid-told-sent"),
        "ask_reporter" => StepTold::Said("grid-told-question"),
        "answer_question" => StepTold::Said("grid-told-answer"),
        "take_up" | "go_on" | "wake" | "wake_now" | "wake_for_danger" => StepTold::Said("grid-told-go-on"),
        "shelve" => StepTold::Said("grid-told-shelve"),
        "handle" => StepTold::Bare("grid-told-handle"),
        "send_back" => StepTold::Bare("grid-told-send-back"),
        "refer" => StepTold::Bare("grid-told-refer"),
        "prolong" => StepTold::Bare("grid-told-prolong"),
        "verify" => StepTold::Said("grid-told-verify"),
        "confirm" => StepTold::Said("grid-told-confirm"),
        "still_wrong" => StepTold::Said("grid-told-still-wrong"),
        "ask_above" => StepTold::Said("grid-told-ask-above"),
        "close_unasked" => StepTold::Said("grid-told-unasked"),
        "first_done" | "second_done" | "not_ours" | "go_up" | "ask_time" | "refuse_time" | "ask_shelve"
        | "refuse_shelve" | "ask_desk" | "tell_unit" => StepTold::Inner,
        _ => StepTold::Titled,
    }
}

/// The key of the words by which she reads what she said; none where a question says the same to everybody.
#[must_use]
pub fn question(need: &str) -> Option<&'static str> {
    match need {
        WORDS_FIELD => Some("grid-said"),
        ADDRESS_FIELD => Some("grid-told-address"),
        "until" => Some("grid-told-until"),
        _ => None,
    }
}

/// The key of the words for a state; none where its title says the same to everybody.
#[must_use]
pub fn state(name: &str) -> Option<&'static str> {
    Some(match name {
        "reported" => "grid-told-is-reported",
        "filed" => "grid-told-is-filed",
        "handling" | "asking_time" | "asking_to_shelve" | "asked_back" | "disputed" | "above" => {
            "grid-told-is-handling"
        }
        "queried" => "grid-told-is-queried",
        "handled" => "grid-told-is-handled",
        "shelved" => "grid-told-is-shelved",
        ASKED => "grid-told-is-asked",
        "not_there" => "grid-told-not-there",
        "not_a_case" => "grid-told-decline",
        "merged" => "grid-told-merge",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::REPORTER;
    use kernel::procedure::{By, Notify, Procedure};

    fn procedure() -> Procedure {
        kernel::procedure::load("report.toml", include_str!("../../../../data/procedures/report.toml")).unwrap()
    }

    #[test]
    fn whatever_she_does_and_whatever_she_is_told_of_stands_on_her_way() {
        for (name, action) in &procedure().actions {
            let hers = action.by == By::Party(REPORTER.to_owned())
                || action.notify.contains(&Notify::Party(REPORTER.to_owned()));
            assert!(!hers || step(name) != StepTold::Inner, "{name}");
        }
    }

    #[test]
    fn only_the_offices_own_business_and_the_last_unit_are_left_out() {
        let procedure = procedure();
        let inner: Vec<&str> =
            procedure.actions.keys().map(String::as_str).filter(|name| step(name) == StepTold::Inner).collect();
        let expected = [
            "ask_desk",
            "ask_shelve",
            "ask_time",
            "first_done",
            "go_up",
            "not_ours",
            "refuse_shelve",
            "refuse_time",
            "second_done",
            "tell_unit",
        ];
        assert_eq!(inner, expected);
        assert_eq!(step("dispatch"), step("settle"), "told by one key, the last counts");
        for name in procedure.states.keys().filter(|name| !procedure.states[*name].terminal) {
            assert!(state(name).is_some(), "{name}");
        }
    }
}
