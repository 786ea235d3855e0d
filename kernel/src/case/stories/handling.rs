//! What happens beside the steps, as tables: papers, levels, opinions, more time, supervision, ratings.

use super::*;

#[test]
fn papers_are_taken_in_at_any_counter_and_what_she_ticks_herself_is_still_to_be_shown() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 applicant       apply_online                            -> submitted
         2026-11-24 civil@1.2.      return_for_completion papers=IN reason=x -> returned
         2026-11-25 applicant       complete papers=IN                      -> submitted",
    );
    let later = |story: &Story, paper: &str| story.case().papers()[paper].later;
    assert!(later(&story, "IN"), "she says she has it; nobody has seen it");
    let story = story.tell(
        "2026-11-26 nobody          receive papers=IN                       ! permission.sign_in
         2026-11-26 watch@1.        receive papers=IN at=1.2.3.4.           ! permission.missing
         2026-11-26 worker@1.5.5.5. receive                                 ! form.paper_missing
         2026-11-26 worker@1.5.5.5. receive papers=XX                       ! form.paper_unknown
         2026-11-26 worker@1.5.5.5. receive papers=IN form=copy             -> submitted
         2026-11-26 civil@1.3.      receive papers=ID office                ! permission.outside_place
         2026-11-26 civil@1.2.      receive papers=ID office                -> submitted
         2026-11-27 civil@1.2.      not_accept reason=elsewhere             -> not_accepted
         2026-11-27 worker@1.5.5.5. receive papers=ID                       ! case.ended",
    );
    assert!(!later(&story, "IN"));
    assert_eq!(story.case().papers()["IN"].form, PaperForm::Copy);
}

#[test]
fn a_community_that_goes_to_another_street_takes_its_cases_along() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.2.3.4. accept_at_counter                       -> handling
         2026-11-24 civil@1.2.      relocate from=1.2.3.4. to=1.5.6.4.      ! permission.system_only
         2026-11-24 system          relocate from=1.7. to=1.8.              -> handling",
    );
    assert!(story.last.is_empty(), "it names no place there");
    let story = story.tell("2026-11-24 system relocate from=1.2.3.4. to=1.5.6.4. -> handling");
    let case = story.case();
    assert_eq!((case.residence(), case.counter()), (&path("1.5.6.4."), Some(&path("1.5.6.4."))));
    assert_eq!(case.office.place, path("1.2."), "the office did not move");
    assert_eq!(case.shard, PlaceId(2), "kept where it was opened");
}

#[test]
fn whoever_does_not_know_her_community_applies_and_the_office_finds_it() {
    let mut story = Story::new(SEPARATE);
    let of_district = |action: &str, counter: Option<PlacePath>| Opening {
        place: path("1.2."),
        ..opening(&load("separate.toml", SEPARATE).unwrap(), action, counter, false)
    };
    story.matter = Some(of_district("accept_at_counter", Some(path("1.9.9.9."))));
    story = story.tell("2026-11-23 worker@1.9.9.9. accept_at_counter ! place.not_deep_enough");
    story.matter = Some(Opening { place: path("1."), ..of_district("apply_online", None) });
    story = story.tell("2026-11-23 applicant apply_online ! place.not_deep_enough");
    story.matter = Some(of_district("apply_online", None));
    let story = story.tell(
        "2026-11-23 applicant       apply_online                                  -> submitted
         2026-11-24 civil@1.2.      accept                                        ! case.home_open
         2026-11-24 applicant       lives_at place=1.2.3.4. office=civil@1.2.       ! permission.sign_in
         2026-11-24 worker@1.9.9.9. lives_at place=1.2.3.4. office=civil@1.2.       ! permission.outside_place
         2026-11-24 civil@1.2.      lives_at place=1.2.3. office=civil@1.2.         ! place.not_deep_enough
         2026-11-24 civil@1.2.      lives_at place=1.2.3.4. office=civil@1.2.3.     -> submitted
         2026-11-24 civil@1.2.      lives_at place=1.2.3.5. office=civil@1.2.       ! case.already_done
         2026-11-24 civil@1.2.3.    accept                                        -> handling",
    );
    let case = story.case();
    assert_eq!(
        (case.residence(), &case.office, &case.decider),
        (&path("1.2.3.4."), &office("civil@1.2.3."), &office("civil@1.2.3."))
    );
    assert_eq!(case.shard, PlaceId(2), "kept where it was opened");
}

#[test]
fn any_counter_inside_the_place_that_she_named_may_say_where_she_lives() {
    let opened = |confidential: bool| {
        let mut story = Story::new(SEPARATE);
        let procedure = load("separate.toml", SEPARATE).unwrap();
        story.matter = Some(Opening { place: path("1.2."), ..opening(&procedure, "apply_online", None, confidential) });
        story.tell("2026-11-23 applicant apply_online -> submitted")
    };
    let who = ["worker@1.2.7.7.", "civil@1.2.7.", "labour@1.2.7.", "worker@1.9.9.9.", "watch@1.2.7.", "civil@1.2."];
    let reading = |story: &Story| {
        let may = |who: &&str| {
            let (actor, relation) = actor(who);
            may_read(story.case(), &actor, &relation).is_ok()
        };
        who.iter().filter(|who| may(who)).copied().collect::<Vec<_>>()
    };
    let story = opened(false);
    assert_eq!(reading(&story), ["worker@1.2.7.7.", "civil@1.2.7.", "civil@1.2."]);
    let (worker, _) = actor("worker@1.2.7.7.");
    assert!(settles(story.case(), &worker, Permission::CaseRead).is_some());
    assert!(settles(story.case(), &worker, Permission::PersonOpen).is_none(), "her post does not open data");
    let story = story.tell(
        "2026-11-24 labour@1.2.7.   lives_at place=1.2.3.4. office=civil@1.2.3.4.  ! permission.outside_place
         2026-11-24 worker@1.9.9.9. lives_at place=1.2.3.4. office=civil@1.2.3.4.  ! permission.outside_place
         2026-11-24 worker@1.2.7.7. accept                                         ! permission.outside_place
         2026-11-24 worker@1.2.7.7. lives_at place=1.2.3.4. office=civil@1.2.3.4.  -> submitted
         2026-11-24 worker@1.2.7.7. lives_at place=1.2.7.7. office=civil@1.2.7.7.  ! permission.outside_place",
    );
    assert_eq!(reading(&story), ["civil@1.2."], "it is no matter of the other counters any more");
    assert_eq!(reading(&opened(true)), ["civil@1.2."], "a confidential case is its office's alone");
}

#[test]
fn whoever_has_it_in_hand_keeps_it_when_the_community_is_found_unless_another_office_gets_it() {
    for (office, kept) in [("civil@1.2.", Some("Chen")), ("civil@1.2.3.", None)] {
        let mut story = Story::new(SEPARATE);
        story.matter = Some(Opening {
            place: path("1.2."),
            ..opening(&load("separate.toml", SEPARATE).unwrap(), "apply_online", None, false)
        });
        let story = story.tell(&format!(
            "2026-11-23 applicant  apply_online                           -> submitted
             2026-11-24 civil@1.2. assign name=Chen                       -> submitted
             2026-11-24 civil@1.2. lives_at place=1.2.3.4. office={office} -> submitted"
        ));
        let handler = story.case().handler.as_ref().map(|handler| handler.name.as_str());
        assert_eq!(handler, kept, "{office}");
    }
}

#[test]
fn a_matter_goes_up_level_by_level_and_is_decided_after_the_public_notice() {
    let story = Story::new(LEVELS).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                                -> street_review
         2026-11-24 civil@1.2.4.    pass_on finding=fits                             ! permission.outside_place
         2026-11-24 civil@1.2.3.    request_correction_street papers=IN reason=x     -> correction_street
         2026-11-25 worker@1.9.9.9. supply_street papers=IN behalf                   -> street_review
         2026-11-26 civil@1.2.3.    publish finding=fits                             -> public_notice
         2026-11-30 civil@1.2.3.    end_notice objections=none                       ! case.wait_not_over
         2026-12-03 civil@1.2.3.    end_notice objections=none                       ! case.wait_not_over
         2026-12-04 civil@1.2.3.    end_notice objections=none                       -> district_review
         2026-12-04 civil@1.2.3.    grant basis=law                                  ! permission.outside_place
         2026-12-04 civil@1.2.      return_to_street reason=income                   -> street_review
         2026-12-07 civil@1.2.3.    pass_on finding=fits                             -> district_review
         2026-12-08 civil@1.2.      grant basis=law                                  -> granted
         2026-12-08 worker@1.7.7.7. hand_over handed_to=in_person                    -> closed",
    );
    let case = story.case();
    assert_eq!(case.decider.place, path("1.2."));
    let grounds: Vec<&str> = case.promised().unwrap().pauses.iter().map(|pause| pause.ground.as_str()).collect();
    assert_eq!(
        grounds,
        ["correction", "public_notice"],
        "both clocks stood while she had to act and while the public could"
    );
}

#[test]
fn an_office_takes_it_in_hand_asks_others_extends_and_passes_it_on() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter                                -> handling
         2026-11-23 health@1.2.     assign name=Li                                   ! permission.other_department
         2026-11-23 civil@1.2.      assign name=Li                                   -> handling
         2026-11-23 civil@1.2.      extend amount=11 reason=x                        ! case.extension_too_long
         2026-11-23 civil@1.2.      extend amount=0 reason=x                         ! case.extension_too_long
         2026-11-23 civil@1.2.      extend amount=4                                  ! form.missing
         2026-11-23 worker@1.9.9.9. extend amount=4 reason=x                         ! permission.outside_place
         2026-11-23 civil@1.2.      extend amount=4 reason=archive                   -> handling
         2026-11-23 civil@1.2.      extend amount=7 reason=archive                   ! case.extension_too_long
         2026-11-24 civil@1.2.      consult office=civil@1.2. question=x             ! case.office_unfit
         2026-11-24 civil@1.2.      consult office=health@1.2. question=able joint   -> handling
         2026-11-24 civil@1.2.      consult office=health@1.2. question=again        ! case.office_unfit
         2026-11-24 civil@1.2.      grant basis=law                                  ! case.opinions_missing
         2026-11-24 civil@1.2.      transfer office=civil@1.3. reason=moved          ! case.opinions_missing
         2026-11-24 civil@1.2.      answer number=0 text=yes                         ! permission.other_department
         2026-11-24 health@1.2.     answer number=1 text=yes                         ! case.already_done
         2026-11-25 health@1.2.     answer number=0 text=yes                         -> handling
         2026-11-25 health@1.2.     answer number=0 text=no against                  ! case.already_done
         2026-11-25 civil@1.2.      transfer office=civil@1.3. reason=moved          -> handling
         2026-11-25 civil@1.2.      grant basis=law                                  ! permission.outside_place
         2026-11-26 civil@1.3.      grant basis=law                                  -> granted
         2026-11-26 civil@1.3.      extend amount=1 reason=x                         ! case.not_running",
    );
    let case = story.case();
    assert_eq!((case.promised().unwrap().extended, case.promised().unwrap().limit.amount), (4, 5));
    assert_eq!(
        case.promised_due(),
        Some("2026-12-04".parse().unwrap()),
        "five and four working days after 23 November"
    );
    assert!(case.handler.is_none(), "who had it in hand works elsewhere");
    assert_eq!(case.decider, office("civil@1.3."));
    assert!(case.consultations[0].answer.as_ref().is_some_and(|answer| answer.agrees));
    for (who, sees) in [("health@1.2.", true), ("health@1.4.", false), ("civil@1.2.", true), ("civil@1.5.", false)] {
        let (actor, relation) = actor(who);
        assert_eq!(may_read(case, &actor, &relation).is_ok(), sees, "{who}");
    }
}

#[test]
fn supervision_goes_one_level_at_a_time_and_is_answered() {
    let story = Story::new(LEVELS).tell(
        "2026-11-23 worker@1.9.9.9. accept_at_counter         -> street_review
         2026-11-24 watch@1.        supervise note=hurry      ! case.supervise_one_level
         2026-11-24 watch@1.2.      supervise note=hurry      -> street_review
         2026-11-24 watch@1.2.3.    supervise note=hurry      -> street_review
         2026-11-25 civil@1.2.4.    account number=0 answer=x ! permission.outside_place
         2026-11-25 civil@1.2.3.    account number=0 answer=soon -> street_review
         2026-11-25 civil@1.2.3.    account number=0 answer=x ! case.already_done
         2026-11-25 civil@1.2.3.    account number=7 answer=x ! case.already_done",
    );
    let asked = &story.case().supervisions;
    assert_eq!(asked.iter().filter(|one| one.answer.is_some()).count(), 1);
    assert_eq!(asked.len(), 2);
}

#[test]
fn a_poor_rating_is_followed_up_and_rated_again_and_a_mistake_is_set_aside() {
    let ended = "2026-11-23 worker@1.9.9.9. accept_at_counter -> handling
         2026-11-24 civil@1.2.      grant basis=law                                   -> granted
         2026-11-24 civil@1.2.      follow_up answer=sorry                            ! case.already_done
         2026-11-25 applicant       rate score=1 until=2026-12-25 +slow +unclear      -> granted";
    let story = Story::new(SEPARATE).tell(ended).tell(
        "2026-11-25 applicant  rate_again score=5 until=2026-12-25 ! rating.already_given
         2026-11-26 applicant  follow_up answer=x                  ! permission.sign_in
         2026-11-26 civil@1.2. follow_up answer=put_right          -> granted
         2026-11-26 civil@1.2. follow_up answer=again              ! case.already_done
         2026-11-27 civil@1.2. rate_again score=5 until=2026-12-25 ! permission.not_applicant
         2026-11-27 applicant  rate_again score=9 until=2026-12-25 ! rating.score
         2026-11-27 applicant  rate_again score=4 until=2026-12-25 -> granted
         2026-11-27 applicant  rate_again score=5 until=2026-12-25 ! rating.already_given",
    );
    assert_eq!((story.case().rating(), story.case().adjusted_rating()), (Some(1), Some(4)), "both are published");
    assert_eq!(story.case().rated().unwrap().aspects.len(), 2);
    let story = Story::new(SEPARATE).tell(ended).tell(
        "2026-11-26 civil@1.2. decide_appeal upheld reason=x ! permission.missing
         2026-11-26 watch@1.2. decide_appeal upheld reason=x ! case.already_done
         2026-11-26 civil@1.2. appeal reason=wrong_button    -> granted
         2026-11-26 civil@1.2. appeal reason=again           ! case.already_done
         2026-11-27 watch@1.   decide_appeal upheld reason=seen -> granted
         2026-11-27 watch@1.   decide_appeal reason=seen     ! case.already_done",
    );
    assert_eq!((story.case().rating(), story.case().adjusted_rating()), (Some(1), None));
}

#[test]
fn she_sends_pictures_herself_and_what_data_confirm_is_not_asked_again() {
    let story = Story::new(SEPARATE).tell(
        "2026-11-23 applicant  apply_online                                 -> submitted
         2026-11-24 civil@1.2. return_for_completion papers=IN,ID reason=x  -> returned
         2026-11-24 applicant  receive papers=IN                            ! permission.counter_only
         2026-11-24 nobody     receive papers=IN form=electronic            ! permission.sign_in
         2026-11-24 applicant  receive papers=IN form=electronic            -> returned
         2026-11-24 applicant  waive papers=ID                              ! permission.sign_in
         2026-11-24 civil@1.3. waive papers=ID                              ! permission.outside_place
         2026-11-24 system     waive papers=XX                              ! form.paper_unknown
         2026-11-24 system     waive papers=ID                              -> returned
         2026-11-25 applicant  complete papers=IN                           -> submitted",
    );
    let paper = |code: &str| story.case().papers()[code];
    assert_eq!(paper("IN"), Paper { form: PaperForm::Electronic, waived: false, later: false });
    assert!(paper("ID").waived && story.case().missing().is_empty());
    let story = story.tell(
        "2026-11-26 system     waive papers=ID                              -> submitted
         2026-11-26 civil@1.2. return_for_completion papers=IN,ID reason=y  -> returned
         2026-11-27 applicant  complete papers=IN                           -> submitted",
    );
    let paper = |code: &str| story.case().papers()[code];
    assert!(paper("IN").later && paper("ID").later && !paper("ID").waived, "what was sent did not do");
}
