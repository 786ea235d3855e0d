//! A report from the street, told from the first word to the end: who looks is not who handles, it is sent back twice
//! at most and then decided one level up, it is put off once, and whoever reported it has the last word.

mod severity;

use super::*;

const REPORT: &str = include_str!("../../../../data/procedures/report.toml");

/// A report at the community 1.2.3.4. that is the duty of the water company of the district.
fn report(limit: Limit, steps: &[(&str, Limit)]) -> Story {
    let mut clocks = vec![("handle", Term::Limit(limit))];
    clocks.extend(steps.iter().map(|(name, limit)| (*name, Term::Limit(*limit))));
    let mut story =
        Story::matter(REPORT, office("water@1.2."), &[("reporter", Holder::Record(Uuid::from_u128(5)))], &clocks);
    if let Some(opening) = &mut story.matter {
        opening.place = path("1.2.3.4.");
        opening.counter = Some(path("1.2.3.4."));
        opening.limits = BTreeMap::from([
            ("grid.check_hours".to_owned(), Limit::new(2, Unit::UrgentHour)),
            ("grid.dispatch_hours".to_owned(), Limit::new(2, Unit::UrgentHour)),
            ("grid.verify_hours".to_owned(), Limit::new(24, Unit::UrgentHour)),
            ("grid.confirm_days".to_owned(), Limit::new(7, Unit::CalendarDay)),
            ("grid.answer_days".to_owned(), Limit::new(3, Unit::CalendarDay)),
        ]);
    }
    story
}

fn hours(amount: u32) -> Limit {
    Limit::new(amount, Unit::WorkingHour)
}

/// Reported, looked at and sent out on a Monday at nine.
fn sent_out(limit: Limit, steps: &[(&str, Limit)]) -> Story {
    report(limit, steps).tell(
        "2026-06-01T08:10 record#5          report point=41.8057,123.4315 -> reported
         2026-06-01T08:50 worker@1.2.3.4.#1 file                          -> filed
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch                      -> handling",
    )
}

fn due(story: &Story, clock: &str) -> String {
    story.calendar.zone().show_minute(story.case().clock(clock).unwrap().due_at.unwrap())
}

#[test]
fn who_handled_it_does_not_check_it_and_who_reported_it_has_the_last_word() {
    let story = sent_out(hours(4), &[]).tell(
        "2026-06-01T09:10 worker@1.2.3.4.#1 handle report=x     ! permission.outside_place
         2026-06-01T10:00 water@1.2.#2      handle              ! form.missing
         2026-06-01T10:00 water@1.2.#2      handle report=x     -> handled
         2026-06-01T10:10 water@1.2.#2      verify checked=there ! case.same_hand
         2026-06-01T11:00 worker@1.2.3.4.#1 verify checked=there -> asked
         2026-06-02T08:00 record#6          confirm             ! permission.sign_in
         2026-06-02T08:00 record#5          still_wrong reason=y -> handling
         2026-06-02T09:00 water@1.2.#2      handle report=z     -> handled
         2026-06-02T10:00 worker@1.2.3.4.#1 verify checked=there -> asked
         2026-06-02T12:00 record#5          confirm             -> closed",
    );
    assert_eq!(story.case().outcome.as_deref(), Some("done"));
}

#[test]
fn silence_for_a_week_closes_it() {
    let story = sent_out(hours(4), &[]).tell(
        "2026-06-01T10:00 water@1.2.#2      handle report=x -> handled
         2026-06-01T11:00 worker@1.2.3.4.#1 verify checked=there -> asked
         2026-06-05T11:00 system            close_unasked   ! case.wait_not_over
         2026-06-09T11:00 system            close_unasked   -> closed",
    );
    assert_eq!(story.case().outcome.as_deref(), Some("done"));
}

#[test]
fn what_is_not_there_or_not_ours_to_handle_ends_with_a_reason() {
    for (step, state) in [
        ("not_there reason=x", "not_there"),
        ("decline reason=x", "not_a_case"),
        ("merge number=210102-2026-W000001-5", "merged"),
    ] {
        let story = report(hours(4), &[]).tell(&format!(
            "2026-06-01T08:10 record#5          report point=41.8057,123.4315 -> reported
             2026-06-01T09:00 worker@1.2.3.4.#1 {}                            ! form.missing
             2026-06-01T09:00 worker@1.2.3.4.#1 {step}                        -> {state}",
            step.split(' ').next().unwrap()
        ));
        assert_eq!(story.case().outcome.as_deref(), Some(state));
        assert!(story.case().accepted_at.is_none(), "no clock ran");
    }
}

#[test]
fn it_is_sent_back_twice_and_then_decided_one_level_up() {
    let turn = "2026-06-01T10:00 water@1.2.#2 handle report=x -> handled
                2026-06-01T10:10 worker@1.2.3.4.#1 send_back reason=y -> handling\n";
    let early = "2026-06-01T09:50 water@1.2.#2      handle report=x -> handled
                 2026-06-01T09:55 worker@1.2.3.4.#1 refer reason=y  ! case.taken_seldom
                 2026-06-01T09:58 worker@1.2.3.4.#1 send_back reason=y -> handling\n";
    let story = sent_out(hours(8), &[]).tell(early).tell(turn).tell(
        "2026-06-01T10:20 water@1.2.#2      handle report=x    -> handled
         2026-06-01T10:30 worker@1.2.3.4.#1 send_back reason=y ! case.taken_often
         2026-06-01T10:30 worker@1.2.3.4.#1 refer reason=y     -> above
         2026-06-01T10:40 water@1.2.#2      settle reason=z    ! permission.outside_place
         2026-06-01T14:00 water@1.#4        settle reason=z    -> handling",
    );
    assert_eq!(story.case().office.place, path("1."), "the level that decided keeps it");
}

#[test]
fn whoever_reported_says_twice_that_it_is_not_done_and_then_asks_the_level_above() {
    let turn = "2026-06-01T10:00 water@1.2.#2 handle report=x -> handled
                2026-06-01T10:10 worker@1.2.3.4.#1 verify checked=there -> asked\n";
    let offered = |story: &Story| {
        let (actor, relation) = actor("record#5");
        let steps = possible(&story.procedure, story.case(), &actor, &relation);
        steps.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let first = sent_out(hours(8), &[]).tell(turn);
    assert_eq!(offered(&first), ["confirm", "still_wrong"]);
    let again = first.tell(
        "2026-06-01T10:20 record#5 ask_above reason=y   ! case.taken_seldom
         2026-06-01T10:20 record#5 still_wrong reason=y -> handling",
    );
    let again = again.tell(turn).tell("2026-06-01T10:30 record#5 still_wrong reason=y -> handling").tell(turn);
    assert_eq!(offered(&again), ["confirm", "ask_above"]);
    let story = again.tell(
        "2026-06-01T10:40 record#5     still_wrong reason=y ! case.taken_often
         2026-06-01T10:40 record#5     ask_above reason=y   -> above
         2026-06-01T10:50 water@1.2.#2 settle reason=z      ! permission.outside_place
         2026-06-01T14:00 water@1.#4   settle reason=z      -> handling",
    );
    assert_eq!(story.case().office.place, path("1."), "the level that decided keeps it");
}

#[test]
fn one_case_has_three_limits_where_the_law_has_them() {
    let days = |amount| Limit::new(amount, Unit::WorkingDay);
    let story = sent_out(days(20), &[("first", hours(4)), ("second", days(7))]);
    assert_eq!(due(&story, "first"), "2026-06-01 15:00", "three hours before noon, one after two");
    assert_eq!(
        story.calendar.zone().date(story.case().clock("second").unwrap().due_at.unwrap()).to_string(),
        "2026-06-10"
    );
    let story = story.tell(
        "2026-06-01T14:30 water@1.2.#2 first_done  -> handling
         2026-06-01T14:30 water@1.2.#2 first_done  ! case.not_running
         2026-06-09T14:30 water@1.2.#2 second_done -> handling",
    );
    assert!(late_since(&story.procedure, story.case(), &story.calendar, at("2026-06-12", &story.calendar)).is_none());
}

#[test]
fn a_step_that_has_no_limit_here_is_not_offered() {
    let offered = |story: &Story| {
        let (actor, relation) = actor("water@1.2.#2");
        let steps = possible(&story.procedure, story.case(), &actor, &relation);
        steps.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let plain = sent_out(hours(4), &[]);
    assert!(plain.case().clock("first").is_none() && !offered(&plain).contains(&"first_done".to_owned()));
    plain.tell("2026-06-01T10:00 water@1.2.#2 first_done ! case.not_running");
    assert!(offered(&sent_out(hours(8), &[("first", hours(4))])).contains(&"first_done".to_owned()));
}

#[test]
fn it_is_put_off_once_wakes_with_the_time_it_had_and_gets_more_time_twice() {
    let story = sent_out(hours(5), &[]).tell(
        "2026-06-01T10:30 water@1.2.#1      ask_shelve until=2027-06-02 reason=x ! case.day_outside
         2026-06-01T10:30 water@1.2.#1      ask_shelve until=2026-06-09 reason=x -> asking_to_shelve
         2026-06-01T11:00 water@1.2.#1      shelve until=2026-06-09 reason=x     ! case.same_hand
         2026-06-01T11:00 worker@1.2.3.4.#3 shelve until=2027-06-02 reason=x     ! case.day_outside
         2026-06-01T11:00 worker@1.2.3.4.#3 shelve until=2026-06-10 reason=x     -> shelved
         2026-06-11T08:00 system            wake                                 -> handling
         2026-06-11T08:10 water@1.2.#1      ask_shelve until=2026-06-20 reason=x ! case.taken_often",
    );
    assert_eq!(due(&story, "handle"), "2026-06-11 11:00", "three of five hours were left");
    story.tell(
        "2026-06-11T08:20 water@1.2.#1 ask_time reason=x -> asking_time
         2026-06-11T08:30 worker@1.2.3.4.#3 prolong reason=x -> handling",
    );
}

#[test]
fn whoever_handles_it_does_not_stop_her_own_clock_and_what_was_refused_does_not_count() {
    let offered = |story: &Story| {
        let (actor, relation) = actor("water@1.2.#1");
        let steps = possible(&story.procedure, story.case(), &actor, &relation);
        steps.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    let ask = "2026-06-01T10:00 water@1.2.#1 ask_shelve until=2026-06-10 reason=x -> asking_to_shelve\n";
    let asked = sent_out(hours(8), &[]).tell(ask);
    assert_eq!(due(&asked, "handle"), "2026-06-02 09:00", "her clock runs while nobody agreed");
    assert!(!offered(&asked).contains(&"shelve".to_owned()), "it is not hers to grant");
    let refused = asked.tell("2026-06-01T10:10 worker@1.2.3.4.#3 refuse_shelve reason=x -> handling");
    let put_off = refused.tell(ask).tell(
        "2026-06-01T10:20 worker@1.2.3.4.#3 shelve until=2026-06-10 reason=x -> shelved
         2026-06-02T08:00 water@1.2.#1      wake_now                         -> handling",
    );
    assert!(!offered(&put_off).contains(&"ask_shelve".to_owned()), "once is all there is");
}

/// One request for more time and its answer.
fn asks(day: &str, answer: &str) -> String {
    format!(
        "2026-06-{day}T09:30 water@1.2.#2      ask_time reason=x -> asking_time
         2026-06-{day}T09:40 water@1.2.#2      {answer} reason=x ! case.same_hand
         2026-06-{day}T09:40 worker@1.2.3.4.#1 {answer} reason=x -> handling\n"
    )
}

#[test]
fn more_time_is_granted_twice_and_what_was_refused_does_not_count() {
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T09:20 water@1.2.#2      ask_time          ! form.missing
         2026-06-01T09:20 water@1.2.#2      prolong reason=x  ! case.action_not_possible_here",
    );
    let story = story.tell(&asks("01", "prolong"));
    assert_eq!(due(&story, "handle"), "2026-06-03 09:00", "once more eight hours on the day on which it was due");
    let story = story.tell(&[asks("02", "refuse_time"), asks("02", "refuse_time"), asks("02", "refuse_time")].concat());
    let story = story.tell(&asks("02", "prolong"));
    assert_eq!(due(&story, "handle"), "2026-06-04 09:00", "one was granted, three were refused: the second is granted");
    story.tell("2026-06-03T08:20 water@1.2.#2 ask_time reason=x ! case.extensions_used");
    sent_out(hours(4), &[]).tell("2026-06-02T09:30 water@1.2.#1 ask_time reason=x ! case.extend_overdue");
    sent_out(hours(4), &[]).tell(
        "2026-06-01T14:30 water@1.2.#2      ask_time reason=x -> asking_time
         2026-06-01T15:30 worker@1.2.3.4.#1 prolong reason=x  ! case.extend_overdue
         2026-06-01T15:31 worker@1.2.3.4.#1 refuse_time reason=x -> handling",
    );
    sent_out(hours(4), &[]).tell(
        "2026-06-01T10:00 water@1.2.#2      ask_time reason=x -> asking_time
         2026-06-01T11:00 water@1.2.#2      handle report=x   -> handled",
    );
}

#[test]
fn who_looks_is_not_who_found_it_where_the_rule_wants_two() {
    let found = |start: &str| {
        let mut story = report(hours(4), &[]);
        if let Some(opening) = &mut story.matter {
            opening.parties = BTreeMap::from([("reporter".to_owned(), vec![Party::new(Holder::Nobody)])]);
        }
        story.tell(&format!("2026-06-01T08:10 worker@1.2.3.4.#1 {start}"))
    };
    found("find -> filed").tell("2026-06-01T09:00 worker@1.2.3.4.#1 dispatch -> handling");
    found("find_to_check -> reported").tell(
        "2026-06-01T09:00 worker@1.2.3.4.#1 file            ! case.same_hand
         2026-06-01T09:00 worker@1.2.3.#1   file            ! case.same_hand
         2026-06-01T09:00 worker@1.2.3.4.#3 file seen=there -> filed",
    );
}

#[test]
fn one_person_with_two_posts_is_one_person() {
    sent_out(hours(4), &[]).tell(
        "2026-06-01T10:00 water@1.2.#2      handle report=x    -> handled
         2026-06-01T10:10 worker@1.2.3.4.#2 verify checked=there ! case.same_hand
         2026-06-01T10:10 worker@1.2.3.4.#2 send_back reason=y ! case.same_hand
         2026-06-01T10:10 worker@1.2.3.4.#3 verify checked=there -> asked",
    );
}

#[test]
fn nobody_of_the_unit_decides_what_the_unit_asks_for_or_hands_in() {
    let table = [
        ("ask_time reason=x", "asking_time", "prolong reason=y", "handling"),
        ("ask_time reason=x", "asking_time", "refuse_time reason=y", "handling"),
        ("ask_desk question=x", "asked_back", "tell_unit answer=y", "handling"),
        ("ask_shelve until=2026-06-09 reason=x", "asking_to_shelve", "shelve until=2026-06-09 reason=y", "shelved"),
        ("ask_shelve until=2026-06-09 reason=x", "asking_to_shelve", "refuse_shelve reason=y", "handling"),
        ("not_ours reason=x", "disputed", "redispatch unit=gas@1.2. reason=y", "handling"),
        ("not_ours reason=x", "disputed", "decline reason=y", "not_a_case"),
        ("handle report=x", "handled", "verify checked=there", "asked"),
        ("handle report=x", "handled", "send_back reason=y", "handling"),
    ];
    for (asks, asking, answer, answered) in table {
        let story = sent_out(hours(8), &[]).tell(&format!(
            "2026-06-01T09:10 water@1.2.#2 {asks}   -> {asking}
             2026-06-01T09:20 water@1.2.#2 {answer} ! case.same_hand
             2026-06-01T09:20 water@1.2.#3 {answer} ! case.own_unit
             2026-06-01T09:20 water@1.#4   {answer} ! permission.other_counter"
        ));
        let name = answer.split(' ').next().unwrap();
        let offered = |who: &str| {
            let (actor, relation) = actor(who);
            let steps = possible(&story.procedure, story.case(), &actor, &relation);
            steps.into_iter().any(|(step, _)| step == name)
        };
        assert!(!offered("water@1.2.#3") && !offered("water@1.#4") && offered("worker@1.2.3.4.#1"), "{answer}");
        story.tell(&format!("2026-06-01T09:30 worker@1.2.3.4.#1 {answer} -> {answered}"));
    }
}

#[test]
fn whoever_holds_a_post_of_the_unit_and_one_of_the_desk_is_of_the_unit() {
    let story = sent_out(hours(8), &[]).tell("2026-06-01T09:10 water@1.2.#2 ask_time reason=x -> asking_time");
    let ((mut both, relation), (worker, _)) = (actor("water@1.2.#3"), actor("worker@1.2.3.4.#3"));
    both.grants.extend(worker.grants);
    let steps = possible(&story.procedure, story.case(), &both, &relation);
    assert!(steps.iter().all(|(step, _)| *step != "prolong" && *step != "refuse_time"));
    assert!(steps.iter().any(|(step, _)| *step == "handle"), "the work can still be handed in");
}

#[test]
fn where_the_desk_puts_it_right_itself_a_colleague_there_decides() {
    let mut story = report(hours(8), &[]);
    if let Some(opening) = &mut story.matter {
        opening.office = Target { place: path("1.2.3.4."), department: None };
    }
    story.tell(
        "2026-06-01T08:10 record#5          report point=41.8057,123.4315 -> reported
         2026-06-01T08:50 worker@1.2.3.4.#1 file                          -> filed
         2026-06-01T09:00 worker@1.2.3.4.#1 dispatch                      -> handling
         2026-06-01T09:10 worker@1.2.3.4.#1 ask_time reason=x             -> asking_time
         2026-06-01T09:20 worker@1.2.3.4.#1 prolong reason=y              ! case.same_hand
         2026-06-01T09:20 worker@1.2.3.4.#3 prolong reason=y              -> handling",
    );
}

#[test]
fn what_is_sent_back_goes_out_again_or_is_declined_and_never_on_to_the_end() {
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T09:10 water@1.2.#2      assign name=Wu                 -> handling
         2026-06-01T09:20 water@1.2.#2      not_ours reason=x              ! case.in_hand
         2026-06-01T09:30 water@1.2.#2      assign                         -> handling
         2026-06-01T09:40 water@1.2.#2      not_ours                       ! form.missing
         2026-06-01T09:40 water@1.2.#2      not_ours reason=x              -> disputed
         2026-06-01T09:50 worker@1.2.3.4.#1 verify checked=there ! case.action_not_possible_here
         2026-06-01T09:50 worker@1.2.3.4.#1 not_there reason=x             ! case.action_not_possible_here
         2026-06-01T09:50 worker@1.2.3.4.#1 redispatch unit=gas@1.2. reason= ! form.missing
         2026-06-01T09:50 worker@1.2.3.4.#1 redispatch unit=gas@1.3. reason=y ! case.office_unfit
         2026-06-01T09:50 worker@1.2.3.4.#1 redispatch unit=gas@1.2. reason=y -> handling
         2026-06-01T10:00 water@1.2.#2      handle report=x                ! permission.other_department
         2026-06-01T10:00 gas@1.2.#4        not_ours reason=x              -> disputed",
    );
    assert_eq!(story.case().office, office("gas@1.2."), "it lies with the unit to which it was sent");
    story.tell(
        "2026-06-01T10:10 worker@1.2.3.4.#1 redispatch unit=street@1.2.3. reason=y -> handling
         2026-06-01T10:20 street@1.2.3.#5   not_ours reason=x              ! case.taken_often
         2026-06-01T10:20 street@1.2.3.#5   go_up reason=x                 -> above
         2026-06-01T11:00 water@1.2.#2      settle unit=water@1.2. reason=z ! permission.other_department
         2026-06-01T11:00 street@1.2.#6     settle unit=water@1.2. reason=z -> handling
         2026-06-01T11:10 water@1.2.#2      handle report=x                -> handled",
    );
    let declined = sent_out(hours(8), &[]).tell(
        "2026-06-01T09:40 water@1.2.#2      not_ours reason=x -> disputed
         2026-06-01T09:50 worker@1.2.3.4.#1 decline           ! form.missing
         2026-06-01T09:50 worker@1.2.3.4.#1 decline reason=y  -> not_a_case",
    );
    assert_eq!(declined.case().outcome.as_deref(), Some("not_a_case"));
}

#[test]
fn whoever_is_handed_a_case_starts_with_nobody_in_charge() {
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T09:10 water@1.2.#2      handle report=x                  -> handled
         2026-06-01T09:20 water@1.2.#2      assign name=Wu                   -> handled
         2026-06-01T09:30 worker@1.2.3.4.#1 send_back reason=y               -> handling",
    );
    assert!(story.case().handler.is_some(), "the same unit, the same person");
    let story = sent_out(hours(8), &[]).tell("2026-06-01T09:10 water@1.2.#2 not_ours reason=x -> disputed");
    let story = story.tell(
        "2026-06-01T09:15 water@1.2.#2      assign name=Wu                       -> disputed
         2026-06-01T09:20 worker@1.2.3.4.#1 redispatch unit=gas@1.2. reason=y -> handling",
    );
    assert_eq!(story.case().handler, None);
}

#[test]
fn two_units_handle_it_together() {
    sent_out(hours(8), &[]).tell(
        "2026-06-01T09:10 water@1.2.#2      consult office=roads@1.2. question=x joint -> handling
         2026-06-01T09:20 water@1.2.#2      handle report=x                ! case.opinions_missing
         2026-06-01T10:00 roads@1.2.#5      answer number=0 text=done      -> handling
         2026-06-01T10:10 water@1.2.#2      handle report=x                -> handled",
    );
}

#[test]
fn whoever_reported_it_is_asked_and_the_clock_runs_on() {
    let asked = || {
        sent_out(hours(8), &[]).tell(
            "2026-06-01T09:10 water@1.2.#2 ask_reporter            ! form.missing
             2026-06-01T09:10 water@1.2.#2 ask_reporter question=x -> queried
             2026-06-01T09:20 record#6     answer_question answer=y ! permission.sign_in",
        )
    };
    let answered = asked().tell("2026-06-01T09:30 record#5 answer_question answer=y -> handling");
    assert_eq!(due(&answered, "handle"), "2026-06-02 09:00", "a question gives nobody more time");
    asked().tell("2026-06-01T09:30 water@1.2.#2 take_up -> handling");
    asked().tell(
        "2026-06-02T09:30 system go_on ! case.wait_not_over
         2026-06-05T00:01 system go_on -> handling",
    );
}

#[test]
fn the_desk_and_the_unit_ask_each_other_and_the_clock_runs_on() {
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T09:10 water@1.2.#2      ask_desk question=x  -> asked_back
         2026-06-01T09:20 worker@1.2.3.4.#1 tell_unit            ! form.missing
         2026-06-01T09:20 worker@1.2.3.4.#1 tell_unit answer=y   -> handling",
    );
    assert_eq!(due(&story, "handle"), "2026-06-02 09:00");
    sent_out(hours(8), &[]).tell(
        "2026-06-01T09:10 water@1.2.#2 ask_desk question=x -> asked_back
         2026-06-01T09:20 water@1.2.#2 handle report=x     -> handled",
    );
}

#[test]
fn three_hours_that_were_left_are_left_when_it_wakes() {
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T15:00 water@1.2.#1      ask_shelve until=2026-06-11 reason=x -> asking_to_shelve
         2026-06-01T16:00 worker@1.2.3.4.#3 shelve until=2026-06-11 reason=x     -> shelved
         2026-06-12T08:00 system            wake                                 -> handling",
    );
    assert_eq!(due(&story, "handle"), "2026-06-12 11:00", "ten days on the shelf, three hours left");
    let story = sent_out(hours(8), &[]).tell(
        "2026-06-01T15:00 water@1.2.#1      ask_shelve until=2026-06-11 reason=x -> asking_to_shelve
         2026-06-01T16:00 worker@1.2.3.4.#3 shelve until=2026-06-11 reason=x     -> shelved
         2026-06-03T08:00 water@1.2.#2      wake_now                             -> handling",
    );
    assert_eq!(due(&story, "handle"), "2026-06-03 11:00", "whatever held it up is over earlier");
}

const APPEAL: &str = include_str!("../../../../data/procedures/late_appeal.toml");

#[test]
fn two_people_examine_an_appeal_and_neither_is_who_made_it() {
    let appeal = || {
        let unit = Holder::Unit(office("water@1.2."));
        let mut story = Story::matter(APPEAL, office("water@1.2."), &[("unit", unit)], &[]);
        if let Some(opening) = &mut story.matter {
            opening.place = path("1.2.3.4.");
            opening.limits = BTreeMap::from([("grid.appeal_days".to_owned(), Limit::new(5, Unit::WorkingDay))]);
        }
        story.tell(
            "2026-06-01T09:00 gas@1.2.#3   lodge report=210102-2026-W000001-5 reason=x ! permission.not_party
             2026-06-01T09:00 water@1.2.#2 lodge report=W1 reason=x                    ! form.invalid
             2026-06-01T09:00 water@1.2.#2 lodge report=210102-2026-W000001-5          ! form.missing
             2026-06-01T09:00 water@1.2.#2 lodge report=210102-2026-W000001-5 reason=x -> appealed",
        )
    };
    let allowed = appeal().tell(
        "2026-06-01T10:00 worker@1.2.3.4.#2 support reason=x ! case.same_hand
         2026-06-01T10:00 worker@1.2.3.4.#1 support reason=x -> seconded
         2026-06-01T10:10 worker@1.2.3.4.#1 allow reason=x   ! case.same_hand
         2026-06-01T10:10 worker@1.2.3.4.#3 allow reason=x   -> allowed",
    );
    assert_eq!(allowed.case().outcome.as_deref(), Some("allowed"));
    appeal().tell(
        "2026-06-01T10:00 water@1.2.#3 support reason=x ! case.own_unit
         2026-06-01T10:00 water@1.2.#3 deny reason=x    ! case.own_unit",
    );
    for story in [appeal(), appeal().tell("2026-06-01T10:00 worker@1.2.3.4.#1 support reason=x -> seconded")] {
        let denied = story.tell("2026-06-01T11:00 worker@1.2.3.4.#3 deny reason=x -> denied");
        assert_eq!(denied.case().outcome.as_deref(), Some("denied"));
    }
}

#[test]
fn it_is_due_as_the_units_of_the_field_say() {
    let table = [
        ("2026-06-01T22:36", 2, Unit::UrgentHour, "2026-06-02 00:36"),
        ("2026-06-01T11:00", 4, Unit::WorkingHour, "2026-06-01 17:00"),
        ("2026-06-05T17:00", 4, Unit::WorkingHour, "2026-06-08 11:00"),
    ];
    for (moment, amount, unit, expected) in table {
        let story = report(Limit::new(amount, unit), &[]).tell(&format!(
            "{moment} record#5          report point=41.8057,123.4315 -> reported
             {moment} worker@1.2.3.4.#1 file                          -> filed
             {moment} worker@1.2.3.4.#1 dispatch                      -> handling"
        ));
        assert_eq!(due(&story, "handle"), expected);
    }
}
