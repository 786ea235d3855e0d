//! What the applicant was asked to supply, and what of it came: told by what happened, never by what somebody ticks.

use super::*;

#[test]
fn before_acceptance_everything_missing_is_told_and_no_clock_runs() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. apply_online                             -> submitted
         2026-11-24 civil@1.2. return_for_completion papers=IN reason=income -> returned
         2026-11-30 applicant  complete papers=IN                            -> submitted
         2026-12-01 civil@1.2. not_accept reason=elsewhere                   -> not_accepted",
    );
    let case = story.case();
    let started = |clock: Option<&CaseClock>| clock.unwrap().started;
    assert_eq!((started(case.promised()), started(case.legal()), case.accepted_at), (None, None, None));
    assert_eq!((case.decided(), case.counter(), case.online()), (Some(Outcome::NotAccepted), None, true));
    assert!(case.ended_at().is_some() && case.missing().is_empty());
}

/// What is asked for in a story, in words: each paper, when it was asked for, how it came.
fn asked(story: &Story) -> String {
    let day = |at: Instant| story.calendar.zone().date(at).to_string();
    let told = |paper: AskedPaper| {
        let came = paper.came.map_or("missing".to_owned(), |came| {
            let form = came.form.map_or("by data".to_owned(), |form| format!("{form:?}"));
            format!("{form} {}{}", day(came.at), if came.by_her { " by her" } else { "" })
        });
        format!("{} asked {}: {came}", paper.material, day(paper.asked_at))
    };
    asked_papers(&story.procedure, story.case(), &story.log).into_iter().map(told).collect::<Vec<_>>().join("; ")
}

#[test]
fn what_was_asked_for_is_missing_until_that_very_paper_comes() {
    let mut story = Story::new(SEPARATE).tell(
        "2026-11-23 applicant  apply_online                                 -> submitted
         2026-11-23 applicant  receive papers=ID form=electronic            -> submitted
         2026-11-24 civil@1.2. accept                                       -> handling
         2026-11-24 civil@1.2. request_correction papers=IN,AU reason=both  -> correction",
    );
    let both = "AU asked 2026-11-24: missing; IN asked 2026-11-24: missing";
    assert_eq!(asked(&story), both);
    assert_eq!(hands_in(&story.procedure, story.case()).map(|(name, _)| name), Some("supply"));
    for (step, expected) in [
        ("2026-11-25 applicant receive papers=ID form=electronic", both),
        (
            "2026-11-25 applicant receive papers=IN form=electronic",
            "AU asked 2026-11-24: missing; IN asked 2026-11-24: Electronic 2026-11-25 by her",
        ),
        ("2026-11-25 applicant take_back papers=IN", both),
        ("2026-11-25 applicant take_back papers=IN", both),
        (
            "2026-11-26 worker@1.5.5.5. receive papers=AU",
            "AU asked 2026-11-24: Original 2026-11-26; IN asked 2026-11-24: missing",
        ),
        (
            "2026-11-27 system waive papers=IN",
            "AU asked 2026-11-24: Original 2026-11-26; IN asked 2026-11-24: by data 2026-11-27",
        ),
        ("2026-11-27 applicant supply papers=AU", ""),
        ("2026-11-30 civil@1.2. request_correction papers=AU reason=blurred", "AU asked 2026-11-30: missing"),
    ] {
        story.step(step).unwrap();
        assert_eq!(asked(&story), expected, "{step}");
    }
}

#[test]
fn a_file_that_is_taken_back_leaves_what_was_seen_before() {
    let mut story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                         -> handling
         2026-11-24 applicant       receive papers=ID form=electronic         -> handling",
    );
    let paper = |story: &Story| (story.case().papers()["ID"].form, story.case().papers()["ID"].later);
    assert_eq!(paper(&story), (PaperForm::Electronic, false));
    assert_eq!(asked_last(&story.procedure, &story.log, "ID"), None);
    for (step, expected, said) in [
        ("2026-11-24 applicant take_back papers=ID seen", (PaperForm::Original, false), ""),
        ("2026-11-25 civil@1.2. request_correction papers=ID reason=old", (PaperForm::Original, true), "missing"),
        ("2026-11-26 worker@1.5.5.5. receive papers=ID", (PaperForm::Original, false), "Original 2026-11-26"),
        (
            "2026-11-27 applicant receive papers=ID form=electronic",
            (PaperForm::Electronic, false),
            "Electronic 2026-11-27 by her",
        ),
        ("2026-11-28 applicant take_back papers=ID seen", (PaperForm::Original, false), "Original 2026-11-26"),
        (
            "2026-11-28 applicant receive papers=ID form=electronic",
            (PaperForm::Electronic, false),
            "Electronic 2026-11-28 by her",
        ),
        ("2026-11-28 applicant take_back papers=ID", (PaperForm::Electronic, true), "missing"),
    ] {
        story.step(step).unwrap();
        assert_eq!(paper(&story), expected, "{step}");
        let said = if said.is_empty() { String::new() } else { format!("ID asked 2026-11-25: {said}") };
        assert_eq!(asked(&story), said, "{step}");
    }
    let last = asked_last(&story.procedure, &story.log, "ID").unwrap();
    assert!(matches!(&story.log[last].event, Event::Acted { action, .. } if action == "request_correction"));
    assert_eq!(asked_last(&story.procedure, &story.log, "IN"), None);
}

#[test]
fn what_is_left_stays_asked_for_and_is_asked_for_again_with_more() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                            -> handling
         2026-11-24 civil@1.2. request_correction papers=IN,AU reason=both       -> correction
         2026-11-25 applicant  receive papers=IN form=electronic                 -> correction
         2026-11-25 applicant  supply papers=IN                                  -> handling
         2026-11-26 civil@1.2. request_correction papers=ID reason=other         -> correction",
    );
    assert_eq!(asked(&story), "AU asked 2026-11-24: missing; ID asked 2026-11-26: missing");
    let kept = story.case().papers()["IN"];
    assert_eq!(kept, Paper { form: PaperForm::Electronic, waived: false, later: false }, "it lies there");
    assert!(story.case().papers()["ID"].later, "what a counter had seen did not do");
}

#[test]
fn what_a_counter_saw_and_what_she_sent_stay_what_they_are_when_they_are_handed_in() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                                 -> handling
         2026-11-24 civil@1.2.      request_correction papers=IN,AU,ID reason=all     -> correction
         2026-11-25 applicant       receive papers=IN form=electronic                 -> correction
         2026-11-25 worker@1.5.5.5. receive papers=ID                                 -> correction
         2026-11-26 worker@1.5.5.5. supply papers=IN,AU behalf                        -> handling
         2026-11-27 civil@1.2.      request_correction papers=ID reason=again         -> correction
         2026-11-27 worker@1.5.5.5. receive papers=ID                                 -> correction
         2026-11-27 applicant       supply papers=ID                                  -> handling",
    );
    let seen = |code: &str| (story.case().papers()[code].form, story.case().papers()[code].later);
    assert_eq!(seen("IN"), (PaperForm::Electronic, false), "nobody saw an original");
    assert_eq!(seen("AU"), (PaperForm::Original, false), "the worker ticked what she was handed");
    assert_eq!(seen("ID"), (PaperForm::Original, false), "the counter had seen it");
}

#[test]
fn what_data_confirmed_meanwhile_need_not_be_named() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 applicant  apply_online                                 -> submitted
         2026-11-24 civil@1.2. return_for_completion papers=IN reason=x     -> returned
         2026-11-24 applicant  complete                                     ! form.paper_missing
         2026-11-25 system     waive papers=IN                              -> returned
         2026-11-25 nobody     take_back papers=IN                          ! permission.sign_in
         2026-11-26 applicant  complete                                     -> submitted",
    );
    assert!(story.case().missing().is_empty() && asked(&story).is_empty());
    assert_eq!(hands_in(&story.procedure, story.case()), None);
}
