//! Steps that speak of a deadline look at it: papers not supplied in time, an acceptance that comes too late.

use super::*;

const SUPPLY: &str = "2026-11-02 worker@1.9.9.9. accept_at_counter                           -> handling
    2026-11-03 civil@1.2.      request_correction papers=IN reason=income  -> correction";
const CLOSE: &str = "close_uncorrected reason=nothing basis=law remedy=review";

#[test]
fn papers_not_supplied_in_time_are_refused_only_after_the_day_that_the_letter_names() {
    let story = Story::new(SEPARATE).tell(SUPPLY).tell(&format!(
        "2026-11-03 civil@1.2. {CLOSE} ! case.day_not_over
         2026-12-03 civil@1.2. {CLOSE} ! case.day_not_over"
    ));
    let (civil, relation) = actor("civil@1.2.");
    let command = story.command("civil@1.2.", "close_uncorrected", &["reason=a", "basis=b", "remedy=c"]);
    let acting = Acting { actor: &civil, relation: &relation };
    let moment = Moment { calendar: &story.calendar, now: at("2026-11-10", &story.calendar) };
    let refusal = decide(&story.procedure, story.case.as_ref(), &command, acting, moment);
    assert_eq!(refusal.unwrap_err().detail["date"], "2026-12-03", "thirty days after 3 November");
    let story = story.tell(&format!("2026-12-04 civil@1.2. {CLOSE} -> refused"));
    assert_eq!(story.case().decided(), Some(Outcome::Refused));
}

#[test]
fn the_applicant_s_last_day_is_no_day_off() {
    // Thirty days after Friday the 6th of February end on Sunday the 8th of March.
    let story = Story::new(SEPARATE).tell(&format!(
        "2026-02-05 worker@1.9.9.9. accept_at_counter                          -> handling
         2026-02-06 civil@1.2.      request_correction papers=IN reason=income -> correction
         2026-03-09 civil@1.2.      {CLOSE} ! case.day_not_over
         2026-03-10 civil@1.2.      {CLOSE} -> refused"
    ));
    assert_eq!(story.case().decided(), Some(Outcome::Refused));
}

#[test]
fn papers_that_come_before_that_day_are_taken() {
    Story::new(SEPARATE).tell(SUPPLY).tell("2026-12-03 applicant supply papers=IN -> handling");
}

#[test]
fn a_case_of_the_first_version_looks_at_the_day_too() {
    let first = include_str!("../../../../data/procedures/separate-1.toml");
    let story = Story::new(first).tell(SUPPLY).tell(&format!("2026-11-03 civil@1.2. {CLOSE} ! case.day_not_over"));
    assert_eq!(story.case().procedure_version, 1);
    assert!(story.case().parties.is_empty());
}

#[test]
fn an_acceptance_that_comes_too_late_stays_visible_and_asks_for_a_reason() {
    let story = Story::new(SEPARATE).tell("2026-11-02 applicant apply_online -> submitted");
    let calendar = calendar();
    let since = |story: &Story, day: &str| late_since(&story.procedure, story.case(), &calendar, at(day, &calendar));
    let due = Some("2026-11-09".parse().unwrap());
    assert_eq!(story.case().latest.map(|due| due.on), due, "five working days");
    assert_eq!(story.last.len(), 1, "told with the event that opens it");
    assert_eq!((since(&story, "2026-11-09"), since(&story, "2026-11-10")), (None, due));
    let told = |story: &Story, day: &str| {
        late_told(&story.procedure, story.case(), &calendar, at(day, &calendar))
            .map(|(said, day)| (said.is_some(), day.to_string()))
    };
    let story = story.tell("2026-11-12 civil@1.2. accept -> handling");
    assert_eq!(since(&story, "2026-11-12"), due, "accepting late does not wash it away");
    assert_eq!(told(&story, "2026-11-12"), Some((false, "2026-11-12".to_owned())), "and no word was said");
    let story = story.tell(
        "2026-11-12 civil@1.2. explain reason=other              ! form.missing
         2026-11-12 civil@1.2. explain reason=hands              -> handling
         2026-11-12 civil@1.2. explain reason=hands              ! case.already_done",
    );
    assert_eq!(told(&story, "2026-11-13"), Some((true, "2026-11-12".to_owned())));
    let stay = &story.case().overstays[0];
    assert_eq!((stay.state.as_str(), Some(stay.due)), ("submitted", due));
    assert_eq!(told(&story, "2026-11-30"), None, "later the promise is late too, and asks for its own reason");
}

#[test]
fn a_word_that_was_said_while_it_waited_too_long_counts() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-02 applicant  apply_online         -> submitted
         2026-11-09 civil@1.2. explain reason=hands ! case.not_late
         2026-11-11 civil@1.2. explain reason=hands -> submitted
         2026-11-11 civil@1.2. explain reason=hands ! case.already_done",
    );
    let calendar = calendar();
    let told = |story: &Story| {
        let told = late_told(&story.procedure, story.case(), &calendar, at("2026-11-12", &calendar));
        told.map(|(said, day)| (said.is_some(), day.to_string()))
    };
    assert_eq!(told(&story), Some((true, "2026-11-11".to_owned())));
    let story = story.tell("2026-11-12 civil@1.2. accept -> handling");
    assert_eq!(told(&story), Some((true, "2026-11-11".to_owned())), "nobody is asked twice");
}

#[test]
fn what_was_told_in_time_is_no_overstay_and_the_time_begins_again() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-02 applicant  apply_online                             -> submitted
         2026-11-06 civil@1.2. return_for_completion papers=IN reason=x -> returned
         2026-11-30 applicant  complete papers=IN                       -> submitted
         2026-12-04 civil@1.2. accept                                   -> handling
         2026-12-04 civil@1.2. explain reason=hands                     ! case.not_late",
    );
    assert!(story.case().overstays.is_empty());
}
