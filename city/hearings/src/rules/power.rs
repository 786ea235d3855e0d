//! Decides what is wrong with a power of attorney, and which steps an agent takes only by a special one.

use std::collections::BTreeSet;

use kernel::case::Case;
use kernel::day::{FARTHEST_DAYS, not_ahead, not_past};
use kernel::line::name_fault;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;

use super::people::{members, record_of};
use crate::refusals::Why;
use crate::words::people::Member;
use crate::words::power::{AGREE, NewPower, PowerRow, SETTLE, SIGN, SPECIALS, WAIVE};
use crate::words::{DRAFT, NAME_MOST, ORAL, SIDES};

/// What an agent says online: yes or no to what the sides are asked, to the text, and to the court. Everything else he
/// tells the mediator.
const SAID: [&str; 12] = [
    "agrees",
    "unsure",
    "goes_on",
    "stays",
    "withdraws",
    "accepts",
    "signs",
    "changes",
    "asks_court",
    "not_court",
    "leaves_court",
    "refuses",
];

/// Whether a step of a side is one that an agent takes online.
#[must_use]
pub fn is_said_by_agent(action: &str) -> bool {
    let step = SIDES.into_iter().find_map(|side| action.strip_prefix(side)?.strip_prefix('_'));
    step.is_some_and(|step| SAID.contains(&step))
}

/// The special power that a step needs, once both were asked about `asked`; none where a general one is enough.
#[must_use]
pub fn needed(action: &str, asked: Option<&str>) -> Option<&'static str> {
    match action {
        "first_signs" | "second_signs" => Some(SIGN),
        "first_changes" | "second_changes" => Some(SETTLE),
        "first_refuses" | "second_refuses" | "first_leaves_court" | "second_leaves_court" => Some(WAIVE),
        // Where nothing else was asked, it may be the agreement to which he consents.
        "first_goes_on" | "second_goes_on" | "first_stays" | "second_stays" => {
            asked.is_none_or(|step| step == DRAFT || step == ORAL).then_some(AGREE)
        }
        _ => None,
    }
}

/// The most powers that one party gives in a mediation, those that she took back among them. A bound of the machine.
const GIVEN_MOST: usize = 20;

/// What is wrong with a power: who gives it and to whom, what it lets him do, and its days. Of her own side somebody is
/// represented by so many at most as the rulebook says, and by each of them with one power at a time. Guardians are no
/// such representatives: the law names them.
///
/// # Errors
/// The first of these, by its field.
pub fn check(case: &Case, new: &NewPower, given: &[PowerRow], most: i64, today: Date) -> Result<(), Refusal> {
    let refused = |code: Code, field: &'static str| Err(Refusal::new(code).field(field));
    let all = members(case);
    let taking_part = |code: &str| Member::read(code).filter(|one| all.contains(one));
    let Some(principal) = taking_part(&new.giver).filter(|principal| record_of(case, *principal).is_some()) else {
        return refused(Code::FormChoice, "giver");
    };
    if new.fellow.is_empty() && new.name.is_empty() {
        return refused(Code::FormMissing, "agent");
    }
    if !new.fellow.is_empty() {
        let is_hers =
            taking_part(&new.fellow).is_some_and(|fellow| fellow.side == principal.side && fellow != principal);
        if !is_hers || !new.name.is_empty() {
            return refused(Code::FormChoice, "fellow");
        }
        let is_hers = |code: &str| Member::read(code).is_some_and(|one| one.side == principal.side);
        let of_side = |row: &&PowerRow| row.stands() && is_hers(&row.giver) && !row.is_guardian();
        let fellows = given.iter().filter(of_side).map(|row| row.fellow.as_str()).filter(|fellow| !fellow.is_empty());
        let all: BTreeSet<&str> = fellows.chain([new.fellow.as_str()]).collect();
        if !new.guardian && i64::try_from(all.len()).is_ok_and(|count| count > most) {
            return Err(Refusal::new(Why::HearingsRepresentatives).field("fellow").with("most", most));
        }
    }
    if let Some(code) = Some(new.name.as_str()).filter(|name| !name.is_empty()).and_then(name_fault) {
        return refused(code, "agent");
    }
    if new.name.chars().count() > NAME_MOST {
        return Err(Refusal::new(Code::FormTooLong).field("agent").with("limit", NAME_MOST));
    }
    if !new.special.iter().all(|code| SPECIALS.iter().any(|(known, _)| known == code)) {
        return refused(Code::FormChoice, "special");
    }
    let until = new.until_on.and_then(|until| not_ahead("until_on", until, today, FARTHEST_DAYS));
    if let Some(refusal) = until.or_else(|| new.paper_on.and_then(|on| not_past("paper_on", on, today))) {
        return Err(refusal);
    }
    is_another(new, given, today)
}

/// A party gives one of her own side one power at a time, and all of hers can be read at once.
///
/// # Errors
/// One to the same person stands and is not over yet; or she has given too many.
fn is_another(new: &NewPower, given: &[PowerRow], today: Date) -> Result<(), Refusal> {
    let hers: Vec<&PowerRow> = given.iter().filter(|row| row.giver == new.giver).collect();
    let lasts = |row: &PowerRow| row.stands() && row.until_on.is_none_or(|until| today <= until);
    if !new.fellow.is_empty() && hers.iter().any(|row| row.fellow == new.fellow && lasts(row)) {
        return Err(Refusal::new(Why::HearingsPowerTwice).field("fellow"));
    }
    if hers.len() >= GIVEN_MOST {
        return Err(Refusal::new(Why::HearingsPowersMany).with("most", GIVEN_MOST));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kernel::time::Instant;
    use uuid::Uuid;

    use super::*;
    use crate::words::power::GUARDIAN;

    fn given(fellow: &str, until_on: &str, taken_back: bool) -> PowerRow {
        PowerRow {
            id: Uuid::nil(),
            giver: "first".to_owned(),
            fellow: fellow.to_owned(),
            special: String::new(),
            until_on: until_on.parse().ok(),
            sealed: Vec::new(),
            paper_on: None,
            by_herself: true,
            noted_name: String::new(),
            noted_at: Instant::from_micros(0),
            seen_at: None,
            withdrawn_at: taken_back.then(|| Instant::from_micros(1)),
            told_apart: false,
        }
    }

    #[test]
    fn a_party_gives_one_of_her_side_one_power_at_a_time_and_not_without_end() {
        let today: Date = "2026-11-23".parse().unwrap();
        let many = |count: usize| vec![given("first-1", "", true); count];
        let table: Vec<(&str, &str, Vec<PowerRow>, Option<&str>)> = vec![
            ("first", "first-1", Vec::new(), None),
            ("first", "first-1", vec![given("first-1", "", false)], Some("hearings.power_twice")),
            ("first", "first-1", vec![given("first-1", "2026-11-23", false)], Some("hearings.power_twice")),
            ("first", "first-1", vec![given("first-1", "2026-11-22", false)], None),
            ("first", "first-1", vec![given("first-1", "", true)], None),
            ("first", "first-2", vec![given("first-1", "", false)], None),
            ("first-2", "first-1", vec![given("first-1", "", false)], None),
            ("first", "", vec![given("", "", false)], None),
            ("first", "first-1", many(GIVEN_MOST - 1), None),
            ("first", "first-1", many(GIVEN_MOST), Some("hearings.powers_many")),
            ("first", "", many(GIVEN_MOST), Some("hearings.powers_many")),
            ("second", "", many(GIVEN_MOST), None),
        ];
        for (giver, fellow, rows, expected) in table {
            let new = NewPower {
                giver: giver.to_owned(),
                fellow: fellow.to_owned(),
                name: String::new(),
                special: Vec::new(),
                guardian: false,
                until_on: None,
                paper_on: None,
                told_apart: false,
            };
            let found = is_another(&new, &rows, today).err();
            let found = found.as_ref().map(|refusal| refusal.code.as_str());
            assert_eq!(found, expected, "{giver} to {fellow} after {}", rows.len());
        }
    }

    #[test]
    fn a_guardian_needs_no_special_power_and_guards_until_he_is_none_any_more() {
        let guardian = PowerRow { special: GUARDIAN.to_owned(), ..given("", "2026-11-23", false) };
        assert!(SPECIALS.into_iter().all(|(code, _)| guardian.allows(code)));
        assert!(!SPECIALS.into_iter().any(|(code, _)| given("", "", false).allows(code)));
        let day = |text: &str| text.parse::<Date>().unwrap();
        let unseen = PowerRow { by_herself: false, ..guardian.clone() };
        let gone = PowerRow { withdrawn_at: Some(Instant::from_micros(1)), ..guardian.clone() };
        for (row, on, guards, holds) in [
            (&guardian, "2026-11-23", true, true),
            (&guardian, "2026-11-24", false, false),
            (&unseen, "2026-11-23", true, false),
            (&gone, "2026-11-23", false, false),
            (&given("", "", false), "2026-11-23", false, true),
        ] {
            assert_eq!((row.guards(day(on)), row.holds(day(on))), (guards, holds), "{} {on}", row.special);
        }
    }

    #[test]
    fn an_agent_says_yes_and_no_online_and_nothing_else() {
        for (action, expected) in [
            ("first_goes_on", true),
            ("second_signs", true),
            ("second_refuses", true),
            ("first_passes", false),
            ("first_chooses", false),
            ("seal", false),
            ("third_signs", false),
        ] {
            assert_eq!(is_said_by_agent(action), expected, "{action}");
        }
    }

    #[test]
    fn an_agent_consents_to_an_agreement_and_signs_it_only_by_a_special_power() {
        let table = [
            ("first_signs", None, Some(SIGN)),
            ("second_goes_on", Some(DRAFT), Some(AGREE)),
            ("second_stays", Some(ORAL), Some(AGREE)),
            ("second_goes_on", None, Some(AGREE)),
            ("second_goes_on", Some("session"), None),
            ("first_agrees", None, None),
            ("second_refuses", Some("session"), Some(WAIVE)),
            ("first_changes", None, Some(SETTLE)),
        ];
        for (action, asked, expected) in table {
            assert_eq!(needed(action, asked), expected, "{action} {asked:?}");
        }
    }
}
