//! Matters of five other departments, told from end to end on the same engine: a building, a mediation, a resolution,
//! a request to communities, a promise. No counter takes part in any.

use super::*;

fn limited(story: Story, code: &str, limit: Limit) -> Story {
    let mut matter = story.matter.clone().unwrap();
    matter.limits.insert(code.to_owned(), limit);
    Story { matter: Some(matter), ..story }
}

fn on(date: &str) -> Term {
    Term::On(date.parse().unwrap())
}

#[test]
fn building_without_permission_has_three_milestones_in_one_case() {
    let story = Story::matter(include_str!("building.toml"), office("planning@1.2.3."), &[], &[]);
    let story = story.tell(
        "2026-06-01T09:00 planning@1.2.3. file floors=0                ! form.number
         2026-06-01T09:00 planning@1.2.3. file floors=2 where=1.2.3    ! form.invalid
         2026-06-01T09:00 planning@1.2.3. file floors=2 where=1.2.3.4. -> open",
    );
    let zone = story.calendar.zone();
    let due = |story: &Story, clock: &str| zone.show_minute(story.case().clock(clock).unwrap().due_at.unwrap());
    assert_eq!(due(&story, "stop"), "2026-06-01 15:00", "three hours before noon, one after two");
    assert_eq!((due(&story, "fine"), due(&story, "demolish")), ("2026-06-10 18:00".into(), "2026-06-30 18:00".into()));
    let story = story.tell(
        "2026-06-01T14:30 planning@1.2.3. stop_work                    -> open
         2026-06-09T10:00 planning@1.2.3. fined                        ! form.missing
         2026-06-09T10:00 planning@1.2.3. fined amount=2,000.5         -> open
         2026-06-29T10:00 planning@1.2.3. demolished                   -> gone",
    );
    let case = story.case();
    let ended = |clock: &str| zone.show_minute(case.clock(clock).unwrap().ended.unwrap());
    let milestones = ["stop", "fine", "demolish"].map(ended);
    assert_eq!(milestones, ["2026-06-01 14:30", "2026-06-09 10:00", "2026-06-29 10:00"]);
    assert_eq!(
        late_since(&story.procedure, case, &story.calendar, at("2026-07-30", &story.calendar)),
        None,
        "each in its time"
    );
}

#[test]
fn a_milestone_that_is_missed_stays_late_while_the_others_run() {
    let story = Story::matter(include_str!("building.toml"), office("planning@1.2.3."), &[], &[]);
    let story = story.tell(
        "2026-06-01T09:00 planning@1.2.3. file      -> open
         2026-06-01T16:00 planning@1.2.3. stop_work -> open
         2026-06-02T09:00 planning@1.2.3. explain reason=overlooked -> open",
    );
    let late = late_since(&story.procedure, story.case(), &story.calendar, at("2026-06-03", &story.calendar));
    assert_eq!(late, Some("2026-06-01".parse().unwrap()));
}

#[test]
fn a_step_stops_one_clock_and_the_others_run_on() {
    let text = include_str!("building.toml").replace("ends = [\"stop\"]", "stops = [\"stop\"]\nground = \"court\"");
    let story = Story::matter(&text, office("planning@1.2.3."), &[], &[]).tell(
        "2026-06-01T09:00 planning@1.2.3. file                 -> open
         2026-06-01T10:00 planning@1.2.3. stop_work            -> open",
    );
    let stands = |story: &Story, clock: &str| story.case().clock(clock).unwrap().stands();
    assert_eq!(["stop", "fine", "demolish"].map(|clock| stands(&story, clock)), [true, false, false]);
    assert_eq!(story.case().clock("stop").unwrap().pauses[0].ground, "court");
    let story = story.tell("2026-06-02T10:00 planning@1.2.3. fined amount=100 -> open");
    assert!(stands(&story, "stop"), "another step in the same state does not let it run on");
}

#[test]
fn a_clock_that_a_step_stopped_runs_on_by_the_step_that_starts_it() {
    let goes_on = "[actions.go_on]\ntitle = { zh = \"复工\", en = \"Go on\" }\nfrom = [\"open\"]\nto = \"open\"\n\
                   by = \"office\"\npermission = \"case.handle\"\nstarts = [\"stop\"]\n\n[actions.fined]";
    let text = include_str!("building.toml")
        .replace("ends = [\"stop\"]", "stops = [\"stop\"]\nground = \"court\"")
        .replace("starts_clock = true", "starts_clock = true\nstarts = [\"stop\"]")
        .replace("[actions.fined]", goes_on);
    let story = Story::matter(&text, office("planning@1.2.3."), &[], &[]).tell(
        "2026-06-01T09:00 planning@1.2.3. file             -> open
         2026-06-01T10:00 planning@1.2.3. stop_work        -> open
         2026-06-02T10:00 planning@1.2.3. fined amount=100 -> open
         2026-06-03T10:00 planning@1.2.3. go_on            -> open",
    );
    let clock = story.case().clock("stop").unwrap();
    assert!(!clock.stands() && clock.pauses.len() == 1);
    assert_eq!(clock.started, story.case().clock("fine").unwrap().started, "it started once");
    let due = story.calendar.zone().show_minute(clock.due_at.unwrap());
    assert_eq!(due, "2026-06-03 15:00", "three hours were left");
}

/// Work stopped an hour late on the first day; the fine is due on the tenth.
fn stopped_late(text: &str) -> Story {
    Story::matter(text, office("planning@1.2.3."), &[], &[]).tell(
        "2026-06-01T09:00 planning@1.2.3. file                      -> open
         2026-06-01T16:00 planning@1.2.3. stop_work                 -> open",
    )
}

#[test]
fn each_milestone_that_is_late_asks_for_its_reason_whatever_its_name() {
    // Once the first milestone stands first by its name, once last.
    for text in [
        include_str!("building.toml").to_owned(),
        include_str!("building.toml").replace("clocks.stop]", "clocks.a_stop]").replace("[\"stop\"]", "[\"a_stop\"]"),
    ] {
        let told = |story: &Story, day: &str| {
            let told = late_told(&story.procedure, story.case(), &story.calendar, at(day, &story.calendar));
            told.map(|(said, day)| (said.map(|late| late.reason), day.to_string()))
        };
        let story = stopped_late(&text);
        assert_eq!(told(&story, "2026-06-01T16:30"), Some((None, "2026-06-01".to_owned())), "ended late, nothing said");
        let story = story.tell("2026-06-01T17:00 planning@1.2.3. explain reason=hands -> open");
        let said = Some((Some(LateReason::Hands), "2026-06-01".to_owned()));
        assert_eq!(told(&story, "2026-06-01T17:00"), said, "an hour is late at once, and so is the word");
        assert_eq!(told(&story, "2026-06-10"), said, "the fine is not late yet");
        assert_eq!(told(&story, "2026-06-11"), None, "it asks for a reason of its own");
        let ended = story.tell("2026-06-11 planning@1.2.3. fined amount=100 -> open");
        assert_eq!(told(&ended, "2026-06-12"), Some((None, "2026-06-11".to_owned())), "the newest: nothing was said");
        let ended = ended.tell("2026-06-12 planning@1.2.3. explain reason=complex -> open");
        assert_eq!(told(&ended, "2026-06-13"), Some((Some(LateReason::Complex), "2026-06-12".to_owned())));
    }
}

#[test]
fn the_office_gives_no_time_beside_the_steps_where_no_counter_takes_part() {
    let story = stopped_late(include_str!("building.toml"));
    assert!(!may_extend(&story.procedure, story.case()));
    let since = late_since(&story.procedure, story.case(), &story.calendar, at("2026-06-02", &story.calendar));
    let story = story.tell("2026-06-02 planning@1.2.3. extend amount=1 reason=x ! case.extend_by_step");
    assert_eq!(late_since(&story.procedure, story.case(), &story.calendar, at("2026-06-02", &story.calendar)), since);
    let event = Event::Extended { amount: 9, reason: "x".to_owned() };
    let at = at("2026-06-02", &story.calendar);
    let recorded = Recorded { id: CaseId(Uuid::nil()), at, by: Signature::system(), event };
    let case = fold(story.case.clone(), &recorded, &story.procedure).unwrap();
    let extended = ["stop", "fine", "demolish"].map(|clock| case.clock(clock).unwrap().extended);
    assert_eq!(extended, [0, 9, 9], "a milestone that was reached keeps its date");
}

fn mediation() -> Story {
    let parties = [("first", Holder::Record(Uuid::from_u128(1))), ("second", Holder::Record(Uuid::from_u128(2)))];
    let story = Story::matter(include_str!("mediation.toml"), office("justice@1.2.3.4."), &parties, &[]);
    limited(story, "mediation.days", Limit::new(30, Unit::CalendarDay))
}

#[test]
fn a_mediation_asks_for_consent_before_each_session_and_consent_can_be_withdrawn() {
    let story = mediation().tell(
        "2026-06-01 record#2          apply                  ! permission.sign_in
         2026-06-01 record#1          apply                  -> applied
         2026-06-01 record#1          take_on                ! permission.sign_in
         2026-06-02 justice@1.2.3.4.  take_on                -> talks
         2026-06-02 justice@1.2.3.4.  session record=x       ! case.consent_missing
         2026-06-02 record#1          first_agrees           -> talks
         2026-06-02 justice@1.2.3.4.  session record=x       ! case.consent_missing
         2026-06-02 record#1          second_agrees          ! permission.sign_in
         2026-06-02 record#1          second_agrees behalf   ! permission.sign_in
         2026-06-02 justice@1.2.3.4.  second_agrees          ! permission.not_party
         2026-06-02 justice@1.2.3.4.  second_agrees behalf   -> talks
         2026-06-03 record#2          second_withdraws       -> talks
         2026-06-03 justice@1.2.3.4.  session record=x       ! case.consent_missing
         2026-06-03 record#2          second_agrees          -> talks
         2026-06-04 justice@1.2.3.4.  session record=x       -> talks
         2026-06-05 justice@1.2.3.4.  session record=y       ! case.consent_missing
         2026-06-05 justice@1.2.3.4.  agree                  ! case.consent_missing
         2026-06-08 record#1          first_agrees           -> talks
         2026-06-08 record#2          second_agrees          -> talks
         2026-06-08 justice@1.2.3.4.  agree                  -> agreed",
    );
    let case = story.case();
    assert_eq!(case.outcome.as_deref(), Some("agreed"));
    assert!(case.parties.values().flatten().all(|party| party.consented_at.is_none()), "used up");
    assert_eq!(case.clock("talks").unwrap().due, Some("2026-07-02".parse().unwrap()));
    for (who, sees) in [("record#1", true), ("record#2", true), ("record#3", false), ("nobody", false)] {
        let (actor, relation) = actor(who);
        assert_eq!(may_read(case, &actor, &relation).is_ok(), sees, "{who}");
    }
}

#[test]
fn a_clear_refusal_by_either_side_ends_a_mediation() {
    for (till, refuses) in [
        ("2026-06-01 record#1 apply -> applied", "2026-06-02 record#2 second_refuses -> ended"),
        (
            "2026-06-01 record#1         apply        -> applied
             2026-06-02 justice@1.2.3.4. take_on      -> talks
             2026-06-02 record#1         first_agrees -> talks",
            "2026-06-03 record#1 first_refuses -> ended",
        ),
    ] {
        let story = mediation().tell(till).tell(refuses);
        assert_eq!(story.case().outcome.as_deref(), Some("ended"));
        story.tell("2026-06-04 justice@1.2.3.4. session record=x ! case.ended");
    }
}

#[test]
fn the_parties_of_a_mediation_are_two_and_each_of_a_kind_that_fits() {
    let record = || Holder::Record(Uuid::from_u128(1));
    let shop = Holder::Organisation { code: "91210100MA0000000X".to_owned(), account: None };
    let table: [(&[(&str, Holder)], bool); 4] = [
        (&[("first", record())], false),
        (&[("first", shop.clone()), ("second", record())], false),
        (&[("first", record()), ("second", Holder::Nobody)], false),
        (&[("first", record()), ("second", shop)], true),
    ];
    for (parties, fits) in table {
        let story = Story::matter(include_str!("mediation.toml"), office("justice@1.2.3.4."), parties, &[]);
        let story = limited(story, "mediation.days", Limit::new(30, Unit::CalendarDay));
        let last = if fits { "-> applied" } else { "! case.party_unfit" };
        story.tell(&format!("2026-06-01 justice@1.2.3.4. apply {last}"));
    }
}

#[test]
fn a_limit_that_the_rulebook_does_not_give_is_named() {
    let parties = [("first", Holder::Record(Uuid::from_u128(1))), ("second", Holder::Record(Uuid::from_u128(2)))];
    let story = Story::matter(include_str!("mediation.toml"), office("justice@1.2.3.4."), &parties, &[]);
    story.tell("2026-06-01 record#1 apply ! case.limit_missing");
}

fn resolution(due: &str) -> Story {
    let owner = [("owner", Holder::Unit(office("water@1.2.")))];
    Story::matter(include_str!("resolution.toml"), office("conference@1."), &owner, &[("due", on(due))])
}

#[test]
fn a_resolution_is_owed_by_a_unit_on_the_date_that_the_conference_gave() {
    let late = resolution("2026-05-31");
    late.tell("2026-06-01 conference@1. resolve ! form.past");
    let story = resolution("2026-06-30").tell(
        "2026-06-01 conference@1.#1 resolve             -> open
         2026-06-20 conference@1.#1 report report=x     ! permission.not_party
         2026-06-20 heat@1.2.#2     report report=x     ! permission.not_party
         2026-06-20 water@1.2.#2    report              ! form.missing
         2026-06-20 water@1.2.#2    report report=laid  -> reported
         2026-06-22 conference@1.#1 return              -> open
         2026-06-23 water@1.2.#2    report report=again -> reported
         2026-06-24 conference@1.#2 confirm             ! case.same_hand
         2026-06-24 conference@1.#1 confirm             -> done",
    );
    assert_eq!(story.case().outcome.as_deref(), Some("done"));
}

#[test]
fn a_unit_that_takes_part_acts_for_itself_and_the_office_for_all() {
    let text = include_str!("resolution.toml")
        .replace("max = 1\n", "")
        .replace("by = \"party:owner\"\n", "by = \"party:owner\"\npermission = \"case.handle\"\n");
    let mut story = Story::matter(&text, office("conference@1."), &[], &[("due", on("2026-06-30"))]);
    let owners = ["water@1.2.", "heat@1.2."].map(|unit| Party::new(Holder::Unit(office(unit))));
    story.matter.as_mut().unwrap().parties.insert("owner".to_owned(), owners.to_vec());
    let acting = |story: &Story| match &story.last[0] {
        Event::Acted { parties, .. } => parties.clone(),
        other => panic!("{other:?}"),
    };
    let story = story.tell(
        "2026-06-01 conference@1.#1 resolve                       -> open
         2026-06-20 gas@1.2.#4      report report=x behalf        ! permission.outside_place
         2026-06-20 heat@1.2.#3     report report=laid behalf     -> reported",
    );
    assert_eq!(acting(&story), [1], "her own unit, and not the other");
    let story = story.tell(
        "2026-06-21 conference@1.#1 return                        -> open
         2026-06-22 conference@1.#1 report report=told behalf     -> reported",
    );
    assert_eq!(acting(&story), [0, 1]);
}

#[test]
fn the_next_meeting_finds_what_is_unfinished() {
    let meeting: Date = "2026-07-01".parse().unwrap();
    let opened = |due: &str| resolution(due).tell("2026-06-01 conference@1. resolve -> open");
    let done = opened("2026-06-15").tell(
        "2026-06-10 water@1.2.#2 report report=x -> reported
         2026-06-11 conference@1. confirm        -> done",
    );
    let stories = [opened("2026-06-30"), opened("2026-07-31"), done];
    let unfinished: Vec<Option<Date>> = stories
        .iter()
        .map(Story::case)
        .filter(|case| case.closed_at.is_none())
        .map(|case| case.clock("due").unwrap().due)
        .filter(|due| due.is_some_and(|due| due < meeting))
        .collect();
    assert_eq!(unfinished, [Some("2026-06-30".parse().unwrap())]);
    let [late, ..] = &stories;
    let now = at("2026-07-01", &late.calendar);
    assert_eq!(late_since(&late.procedure, late.case(), &late.calendar, now), Some("2026-06-30".parse().unwrap()));
}

fn admission() -> Story {
    let department = [("department", Holder::Unit(office("stats@1.")))];
    let story = Story::matter(include_str!("admission.toml"), office("committee@1.2."), &department, &[]);
    limited(story, "admission.decide_working_days", Limit::new(15, Unit::WorkingDay))
}

#[test]
fn a_request_to_communities_that_nobody_decides_is_refused() {
    let asked = "2026-06-01 health@1.       ask hours=40 ! permission.not_party
                 2026-06-01 stats@1.        ask hours=0  ! form.number
                 2026-06-01 stats@1.        ask hours=40 -> asked
                 2026-06-23 system          silence      ! case.wait_not_over";
    // 19 June 2026 is the Dragon Boat Festival.
    let story = admission().tell(asked);
    assert_eq!(story.case().latest.map(|due| due.on), Some("2026-06-23".parse().unwrap()));
    let after = at("2026-06-24T08:00", &story.calendar);
    assert_eq!(by_itself(&story.procedure, story.case(), &story.calendar, after), Some("silence"));
    let story = story.tell(
        "2026-06-24 committee@1.2.#1 silence      ! permission.system_only
         2026-06-24 system           silence      -> refused",
    );
    assert_eq!(story.case().outcome.as_deref(), Some("refused"));
    let decided = admission().tell(asked).tell("2026-06-23 committee@1.2. admit -> admitted");
    assert!(decided.case().overstays.is_empty());
    let late = admission().tell(asked).tell("2026-06-24 committee@1.2. admit -> admitted");
    assert_eq!(late.case().overstays.len(), 1, "decided before the platform came, but late");
}

#[test]
fn a_promise_is_kept_and_confirmed_by_the_community() {
    let volunteer = [("volunteer", Holder::Account(Uuid::from_u128(5)))];
    let promise = || {
        let clocks = [("kept", on("2026-06-30"))];
        Story::matter(include_str!("promise.toml"), office("party@1.2.3.4."), &volunteer, &clocks)
    };
    let story = promise().tell(
        "2026-06-01 account#6       promise ! permission.not_party
         2026-06-01 account#5       promise -> promised
         2026-06-10 account#6       keep    ! permission.not_party
         2026-06-10 account#5       keep    -> said
         2026-06-10 account#5       confirm ! permission.missing
         2026-06-11 party@1.2.3.4.  not_yet -> promised
         2026-06-12 account#5       keep    -> said
         2026-06-12 party@1.2.3.4.#5 confirm ! case.same_hand
         2026-06-12 party@1.2.3.4.  confirm -> kept",
    );
    assert_eq!(story.case().outcome.as_deref(), Some("kept"));
    let given_up = promise().tell(
        "2026-06-01 account#5 promise -> promised
         2026-06-02 account#5 give_up -> given_up",
    );
    let counts = given_up.procedure.outcomes["given_up"].counts;
    assert_eq!(counts, crate::procedure::Counts::GivenUp);
}

#[test]
fn every_matter_survives_storage() {
    let parties = [("first", Holder::Record(Uuid::from_u128(1))), ("second", Holder::Record(Uuid::from_u128(2)))];
    let story = limited(
        Story::matter(include_str!("mediation.toml"), office("justice@1.2.3.4."), &parties, &[]),
        "mediation.days",
        Limit::new(30, Unit::CalendarDay),
    );
    let told = [
        story.tell("2026-06-01 record#1 apply -> applied"),
        admission().tell("2026-06-01 stats@1. ask hours=40 -> asked"),
        resolution("2026-06-30").tell("2026-06-01 conference@1. resolve -> open"),
    ];
    for story in told {
        let text = serde_json::to_string(story.case()).unwrap();
        assert_eq!(&serde_json::from_str::<Case>(&text).unwrap(), story.case());
        for event in &story.last {
            let text = serde_json::to_string(event).unwrap();
            assert_eq!(&serde_json::from_str::<Event>(&text).unwrap(), event, "{text}");
        }
    }
}
