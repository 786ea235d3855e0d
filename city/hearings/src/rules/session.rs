//! Decides what is wrong with the record of a session or with a proposal, and which step of the procedure a session
//! is. A talk with one side alone is no step: it is the mediator's own.

use kernel::day::not_past;
use kernel::line::{line_fault, name_key};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;

use super::agreement::text_fault;
use crate::refusals::Why;
use crate::words::inside::{APART, INVITED, NewProposal, NewSession, PRESENT, PROPOSERS, TOGETHER, WAYS};
use crate::words::{FIRST, SECOND};

/// The most characters of what was said in a session.
pub const SAID_MOST: usize = 4_000;
/// The most characters of a proposal.
pub const PROPOSAL_MOST: usize = 500;
/// The most characters of a place, and of who was invited.
pub const PLACE_MOST: usize = 60;

/// Whether a session is with one side alone.
#[must_use]
pub fn is_caucus(way: &str) -> bool {
    way != APART && way != TOGETHER
}

/// Whether both sides read the record of a session: both came to it. `came` holds codes of [`PRESENT`] with blanks
/// between.
#[must_use]
pub fn is_common(way: &str, came: &str) -> bool {
    let is_there = |side: &str| came.split(' ').any(|code| code == side);
    !is_caucus(way) && is_there(FIRST) && is_there(SECOND)
}

/// The sides that agree to go on before something is said: in a talk with one side alone that side; before a proposal
/// whoever makes it, and both where the mediator does. A session with both is a step, which asks for itself.
#[must_use]
pub fn asks(by: &str) -> &'static [&'static str] {
    match by {
        FIRST => &[FIRST],
        SECOND => &[SECOND],
        "mediator" => &[FIRST, SECOND],
        _ => &[],
    }
}

/// The sides that agree to go on before a session is arranged at which both are awaited. Once the agreement waits to be
/// signed, both agreed to that, and their consent is the signature for which they are awaited.
#[must_use]
pub fn awaits(state: &str) -> &'static [&'static str] {
    if is_held_in(state) { &[FIRST, SECOND] } else { &[] }
}

/// Whether sessions are held in a state.
#[must_use]
pub fn is_held_in(state: &str) -> bool {
    matches!(state, "talks" | "together")
}

/// Whether the sides still meet in a state, to talk or to sign.
#[must_use]
pub fn is_met_in(state: &str) -> bool {
    is_held_in(state) || state == "to_sign"
}

/// The step of the procedure that a session is in a state; none for a talk with one side alone, or where the procedure
/// has no such step.
#[must_use]
pub fn step(state: &str, way: &str) -> Option<&'static str> {
    match (state, way) {
        ("talks", APART) => Some("session"),
        ("talks", TOGETHER) => Some("sit_together"),
        ("together", TOGETHER) => Some("session_together"),
        _ => None,
    }
}

/// The ways in which a session can be written down in a state: as both agreed to meet when they were asked, and alone
/// with each side that agrees to go on. `asked` is the step about which they were asked.
#[must_use]
pub fn open_ways(state: &str, asked: Option<&str>, agrees: impl Fn(&str) -> bool) -> Vec<&'static str> {
    let both = agrees(FIRST) && agrees(SECOND);
    let is_agreed = |way: &str| both && step(state, way).is_some_and(|step| asked.is_none_or(|asked| asked == step));
    let is_open = |way: &&str| if is_caucus(way) { agrees(way) } else { is_agreed(way) };
    WAYS.iter().map(|known| known.0).filter(is_open).collect()
}

/// What is wrong with a session that is written down today.
#[must_use]
pub fn faults(session: &NewSession, today: Date) -> Vec<Refusal> {
    let way = WAYS.iter().all(|known| known.0 != session.way);
    let came = |code: &str| session.came.iter().any(|came| came == code);
    let known = session.came.iter().all(|code| PRESENT.iter().any(|present| present.0 == code));
    // Nobody is at a table who is not there, and nobody of the other side hears what is said to the mediator alone.
    let wrong = match session.way.as_str() {
        "first" => !came("first") || came("second"),
        "second" => !came("second") || came("first"),
        TOGETHER => !came("first") || !came("second"),
        _ => !came("first") && !came("second"),
    };
    let long = |text: &str| text.chars().count() > PLACE_MOST;
    let place = session.said.place.as_str();
    let invited = session.said.invited.as_str();
    let too_long = |name: &'static str| Refusal::new(Code::FormTooLong).field(name).with("limit", PLACE_MOST);
    let faults = [
        way.then(|| Refusal::new(Code::FormChoice).field("way")),
        not_past("held_on", session.held_on, today),
        place.is_empty().then(|| Refusal::new(Code::FormMissing).field("place_held")),
        line_fault(place).map(|code| Refusal::new(code).field("place_held")),
        long(place).then(|| too_long("place_held")),
        (!known || !came("mediator")).then(|| Refusal::new(Code::FormChoice).field("came")),
        (known && came("mediator") && wrong).then(|| absent(&session.way)),
        (came(INVITED) && invited.is_empty()).then(|| Refusal::new(Code::FormMissing).field("invited")),
        line_fault(invited).map(|code| Refusal::new(code).field("invited")),
        long(invited).then(|| too_long("invited")),
        text_fault("said", &session.said.said, SAID_MOST),
    ];
    faults.into_iter().flatten().collect()
}

/// Who is not where a session of that way has them.
fn absent(way: &str) -> Refusal {
    let why = match way {
        TOGETHER => Why::HearingsBothThere,
        FIRST | SECOND => Why::HearingsAlone,
        _ => return Refusal::new(Code::FormChoice).field("came"),
    };
    Refusal::new(why).field("came")
}

/// What stands between names that are written one after another.
const BETWEEN: [char; 5] = ['、', '，', ',', '；', ';'];

/// Whether everybody who was invited to a session is one of those to whom both sides agreed, each as he is named there.
#[must_use]
pub fn are_agreed(invited: &str, agreed: &[&str]) -> bool {
    let names =
        |text: &str| -> Vec<String> { text.split(BETWEEN).map(name_key).filter(|name| !name.is_empty()).collect() };
    let known: Vec<String> = agreed.iter().flat_map(|whom| names(whom)).collect();
    let came = names(invited);
    !came.is_empty() && came.iter().all(|name| known.contains(name))
}

/// What is wrong with a proposal that is written down today.
#[must_use]
pub fn proposal_faults(proposal: &NewProposal, today: Date) -> Vec<Refusal> {
    let unknown = PROPOSERS.iter().all(|known| known.0 != proposal.made_by);
    let faults = [
        unknown.then(|| Refusal::new(Code::FormChoice).field("made_by")),
        not_past("made_on", proposal.made_on, today),
        text_fault("proposal", &proposal.what, PROPOSAL_MOST),
    ];
    faults.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::inside::Said;
    use uuid::Uuid;

    fn session(way: &str, came: &str) -> NewSession {
        NewSession {
            id: Uuid::from_u128(1),
            held_on: "2026-11-24".parse().unwrap(),
            begins_at: 540,
            way: way.to_owned(),
            came: came.split_whitespace().map(str::to_owned).collect(),
            said: Said { place: "社区二楼".to_owned(), invited: String::new(), said: "各说各的".to_owned() },
        }
    }

    #[test]
    fn a_talk_with_one_side_alone_has_nobody_of_the_other() {
        for (way, came, expected) in [
            ("apart", "mediator first", vec![]),
            ("together", "mediator first second", vec![]),
            ("together", "mediator first", vec!["came"]),
            ("first", "mediator first", vec![]),
            ("first", "mediator first second", vec!["came"]),
            ("second", "mediator first", vec!["came"]),
            ("second", "second", vec!["came"]),
            ("apart", "mediator", vec!["came"]),
            ("apart", "mediator first invited", vec!["invited"]),
            ("crowd", "mediator first", vec!["way"]),
        ] {
            let found = faults(&session(way, came), "2026-11-25".parse().unwrap());
            let fields: Vec<&str> = found.iter().filter_map(|fault| fault.field.as_deref()).collect();
            assert_eq!(fields, expected, "{way}: {came}");
        }
        let tomorrow = faults(&session("apart", "mediator first"), "2026-11-23".parse().unwrap());
        assert_eq!(tomorrow.len(), 1, "it was not held yet");
    }

    #[test]
    fn a_session_is_written_down_as_it_was_agreed_to() {
        for (state, asked, agreed, expected) in [
            ("talks", Some("session"), "first second", vec![APART, "first", "second"]),
            ("talks", Some("sit_together"), "first second", vec![TOGETHER, "first", "second"]),
            ("together", Some("session_together"), "first second", vec![TOGETHER, "first", "second"]),
            ("talks", Some("draft"), "first second", vec!["first", "second"]),
            ("talks", Some("session"), "second", vec!["second"]),
            ("talks", None, "", vec![]),
        ] {
            let agrees = |side: &str| agreed.split(' ').any(|one| one == side);
            assert_eq!(open_ways(state, asked, agrees), expected, "{state} {asked:?} {agreed}");
        }
        let who = |way: &str, came: &str| faults(&session(way, came), "2026-11-25".parse().unwrap())[0].code.as_str();
        assert_eq!(who("together", "mediator first"), "hearings.both_there");
        assert_eq!(who("first", "mediator first second"), "hearings.alone");
    }

    #[test]
    fn nobody_came_to_whom_not_both_agreed() {
        for (invited, agreed, expected) in [
            ("楼长", vec!["楼长，懂水管"], true),
            (" 楼 长、王律师", vec!["楼长", "王律师"], true),
            ("王律师、赵经理", vec!["王律师"], false),
            ("赵经理", vec!["王律师"], false),
            ("楼", vec!["楼长"], false),
            ("", vec!["楼长"], false),
            ("楼长", vec![], false),
        ] {
            assert_eq!(are_agreed(invited, &agreed), expected, "{invited}: {agreed:?}");
        }
    }

    #[test]
    fn only_what_both_take_part_in_is_a_step() {
        assert_eq!(step("talks", APART), Some("session"));
        assert_eq!(step("talks", TOGETHER), Some("sit_together"));
        assert_eq!(step("together", TOGETHER), Some("session_together"));
        assert_eq!(step("together", APART), None);
        assert_eq!(step("talks", "first"), None);
        for (way, came, common) in [
            (APART, "mediator first second", true),
            (TOGETHER, "mediator first second invited", true),
            (APART, "mediator first", false),
            ("first", "mediator first", false),
        ] {
            assert_eq!(is_common(way, came), common, "{way}: {came}");
        }
        assert_eq!((asks(APART), asks("first"), asks("mediator")), (&[][..], &["first"][..], &["first", "second"][..]));
        let both = &["first", "second"][..];
        assert_eq!((awaits("talks"), awaits("together"), awaits("to_sign")), (both, both, &[][..]));
        assert!(is_caucus("first") && is_caucus("second") && !is_caucus(APART) && !is_caucus(TOGETHER));
    }
}
