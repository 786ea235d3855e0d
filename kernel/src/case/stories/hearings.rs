//! A mediation by the law on people's mediation, told from the first word to its end: nothing goes on without the
//! consent of both sides, a clear no ends it, and what was agreed holds from the day of the last seal.

use super::*;
use crate::procedure::Waits;
use crate::refusal::Code;

const MEDIATION: &str = include_str!("../../../../data/procedures/mediation.toml");

/// A dispute at the community 1.2.3.4. between two sides whose records are sealed.
pub(super) fn dispute() -> Story {
    let sides = [("first", Holder::Record(Uuid::from_u128(5))), ("second", Holder::Record(Uuid::from_u128(6)))];
    let mut story = Story::matter(MEDIATION, office("mediation@1.2.3.4."), &sides, &[]);
    if let Some(opening) = &mut story.matter {
        let days = |amount| Limit::new(amount, Unit::CalendarDay);
        let limits = [
            ("take_on", Limit::new(3, Unit::WorkingDay)),
            ("reply", days(7)),
            ("talks", days(30)),
            ("court", days(30)),
            ("visit", days(30)),
        ];
        opening.limits.extend(limits.map(|(name, limit)| (format!("hearings.{name}_days"), limit)));
    }
    story
}

/// Both sides agreed to mediation on the second of February.
fn talks() -> Story {
    dispute().tell(
        "2026-02-02T09:00 record#5                apply facts=x                           -> applied
         2026-02-02T10:00 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card            ! case.action_not_possible_here
         2026-02-02T10:00 mediation@1.2.3.4.#1    take_on                                 ! form.consent
         2026-02-02T10:00 mediation@1.2.3.4.#1    take_on nowhere_else=yes                -> inviting
         2026-02-02T10:05 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card            ! case.consent_missing
         2026-02-02T11:00 record#7                second_agrees                           ! permission.sign_in
         2026-02-02T11:00 record#6                second_agrees                           -> inviting
         2026-02-02T11:30 record#5                first_unsure                            -> inviting
         2026-02-02T11:40 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card            ! case.consent_missing
         2026-02-02T11:50 record#5                first_agrees                            -> inviting
         2026-02-02T14:30 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card            -> talks",
    )
}

/// Both sides have the text before them.
fn to_sign() -> Story {
    talks().tell(
        "2026-02-03T09:00 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:00 record#5                first_goes_on                           -> talks
         2026-02-03T09:00 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing
         2026-02-03T09:01 record#6                second_goes_on                          -> talks
         2026-02-03T09:02 mediation@1.2.3.4.#1    session record=r                        -> talks
         2026-02-03T10:00 mediation@1.2.3.4.#1    draft                         ! case.consent_missing
         2026-02-03T10:00 record#5                first_goes_on                           -> talks
         2026-02-03T10:01 record#6                second_goes_on                          -> talks
         2026-02-03T10:02 mediation@1.2.3.4.#1    draft                         -> to_sign",
    )
}

fn court_due(story: &Story) -> String {
    story.case().clock("court").and_then(|clock| clock.due).map(|due| due.to_string()).unwrap_or_default()
}

#[test]
fn a_clear_no_of_either_side_ends_it_wherever_it_stands() {
    for side in ["record#5 first", "record#6 second"] {
        let (who, role) = side.split_once(' ').unwrap();
        let no = format!("2026-02-27T10:00 {who} {role}_refuses is_sure=yes -> refused");
        for story in [talks(), to_sign()] {
            let ended = story.tell(&no);
            assert_eq!(ended.case().outcome.as_deref(), Some("refused"), "{side}");
            ended.tell("2026-02-28T10:00 mediation@1.2.3.4.#1 session record=r ! case.ended");
        }
    }
}

#[test]
fn an_agreement_holds_from_the_day_of_the_seal_and_the_court_is_asked_within_thirty_days() {
    let sealed = to_sign().tell(
        "2026-03-01T09:00 record#5                first_signs has_read=yes -> to_sign
         2026-03-01T09:10 mediation@1.2.3.4.#1    seal effect_on=2026-03-01  ! case.consent_missing
         2026-03-01T10:00 record#6                second_signs has_read=yes -> to_sign
         2026-03-03T09:00 mediation@1.2.3.4.#1    seal effect_on=2026-03-03  -> in_effect",
    );
    assert_eq!(court_due(&sealed), "2026-04-02", "30 days, the first one not counted");
    assert!(sealed.case().clock("talks").unwrap().ended.is_some());
    let asked = sealed.tell(
        "2026-03-09T09:00 record#5                first_asks_court                        -> in_effect
         2026-03-09T09:10 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-03-09     ! case.consent_missing
         2026-03-09T10:00 record#6                second_asks_court                       -> in_effect
         2026-03-09T11:00 record#6                second_not_court                        -> in_effect
         2026-03-09T11:10 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-03-09     ! case.consent_missing
         2026-03-09T11:20 record#6                second_asks_court                       -> in_effect
         2026-03-10T09:00 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-03-10     -> at_court",
    );
    assert_eq!(asked.case().latest, None, "a court that takes its time makes no office late");
    let done = asked.tell(
        "2026-03-20T09:00 mediation@1.2.3.4.#1    confirmed confirmed_on=2026-03-20 number=n -> confirmed
         2026-04-01T09:00 mediation@1.2.3.4.#1    performed report=p                      -> performed
         2026-04-09T09:00 mediation@1.2.3.4.#1    visit record=v                          -> closed",
    );
    assert_eq!(done.case().outcome.as_deref(), Some("agreed"));
}

#[test]
fn an_agreement_is_changed_or_goes_back_to_the_court_with_new_consents() {
    let sealed = to_sign().tell(
        "2026-03-01T09:00 record#5                first_signs has_read=yes -> to_sign
         2026-03-01T10:00 record#6                second_signs has_read=yes -> to_sign
         2026-03-01T11:00 mediation@1.2.3.4.#1    seal effect_on=2026-03-01               -> in_effect
         2026-03-02T09:00 record#5                first_asks_court                        -> in_effect
         2026-03-02T09:00 record#6                second_asks_court                       -> in_effect
         2026-03-02T10:00 mediation@1.2.3.4.#1    to_change                               -> kept
         2026-03-02T10:10 mediation@1.2.3.4.#1    propose_change change=c                 -> kept
         2026-03-02T11:00 record#5                first_changes                           -> kept
         2026-03-02T11:00 record#6                second_changes                          -> kept
         2026-03-02T12:00 mediation@1.2.3.4.#1    vary                                    -> kept
         2026-03-03T09:00 record#5                first_changes                           -> kept
         2026-03-03T09:00 record#6                second_changes                          -> kept
         2026-03-03T10:00 mediation@1.2.3.4.#1    court_again                             -> asking
         2026-03-03T10:10 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-03-03     ! case.consent_missing
         2026-03-03T11:00 record#5                first_asks_again                        -> asking
         2026-03-03T11:00 record#6                second_asks_again                       -> asking
         2026-03-03T12:00 mediation@1.2.3.4.#1    to_court court=c sent_on=2026-03-03     -> at_court
         2026-03-05T09:00 record#6                second_leaves_court                     -> kept",
    );
    assert_eq!(sealed.case().outcome.as_deref(), Some("agreed"));
}

#[test]
fn what_is_agreed_by_word_of_mouth_holds_that_day() {
    let story = talks().tell(
        "2026-03-01T09:00 record#5                first_goes_on                           -> talks
         2026-03-01T09:00 record#6                second_goes_on                          -> talks
         2026-03-01T09:10 mediation@1.2.3.4.#1    oral effect_on=2026-03-01  -> in_effect",
    );
    assert_eq!(court_due(&story), "2026-03-31");
}

#[test]
fn face_to_face_only_if_both_want_it_and_only_as_long() {
    talks().tell(
        "2026-02-04T09:00 record#5                first_goes_on                           -> talks
         2026-02-04T09:00 mediation@1.2.3.4.#1    sit_together record=r                   ! case.consent_missing
         2026-02-04T09:01 record#6                second_goes_on                          -> talks
         2026-02-04T09:02 mediation@1.2.3.4.#1    sit_together record=r                   -> together
         2026-02-04T09:30 record#5                first_stays                             -> together
         2026-02-04T09:31 record#6                second_stays                            -> together
         2026-02-04T09:40 record#6                second_withdraws                        -> talks
         2026-02-04T09:41 record#6                second_goes_on                          -> talks
         2026-02-04T09:42 mediation@1.2.3.4.#1    session record=r                        ! case.consent_missing",
    );
}

#[test]
fn a_signature_under_a_text_is_none_under_another() {
    to_sign().tell(
        "2026-03-01T09:00 record#5                first_signs has_read=yes -> to_sign
         2026-03-01T09:10 mediation@1.2.3.4.#1    redraft reason=r                        -> talks
         2026-03-01T09:20 record#6                second_goes_on                          -> talks
         2026-03-01T09:30 mediation@1.2.3.4.#1    draft                     ! case.consent_missing",
    );
}

#[test]
fn who_does_not_answer_in_time_is_not_mediated_with() {
    dispute().tell(
        "2026-02-02T09:00 mediation@1.2.3.4.#1    offer facts=x                           -> inviting
         2026-02-03T09:00 record#5                first_agrees                            -> inviting
         2026-02-05T09:00 mediation@1.2.3.4.#1    begin mediator=m tie=none nowhere_else=yes open=open rights=yes first_paper=id_card second_paper=id_card              ! case.consent_missing
         2026-02-10T09:00 system                  no_answer                               -> unanswered",
    );
}

#[test]
fn without_agreement_the_other_ways_are_told_and_what_was_not_kept_ends_with_them_too() {
    talks().tell(
        "2026-02-20T09:00 mediation@1.2.3.4.#1    fail reason=r                           ! form.consent
         2026-02-20T09:00 mediation@1.2.3.4.#1    fail reason=r other_ways=yes            -> failed",
    );
    to_sign().tell(
        "2026-03-01T09:00 record#5                first_signs has_read=yes -> to_sign
         2026-03-01T10:00 record#6                second_signs has_read=yes -> to_sign
         2026-03-01T11:00 mediation@1.2.3.4.#1    seal effect_on=2026-03-01  -> in_effect
         2026-03-10T11:00 mediation@1.2.3.4.#1    part_done report=p                      -> in_effect
         2026-03-20T11:00 mediation@1.2.3.4.#1    not_kept reason=r                       -> broken
         2026-03-25T11:00 mediation@1.2.3.4.#1    end_broken reason=r                     -> unkept",
    );
}

#[test]
fn who_takes_a_dispute_on_has_it_in_hand_until_the_mediator_is_changed() {
    let story = talks();
    let handler = |story: &Story| story.case().handler.as_ref().map(|handler| handler.name.clone());
    assert_eq!(handler(&story).as_deref(), Some("mediation"), "it is in the hand of whoever began");
    let changed = story.tell(
        "2026-02-04T09:00 mediation@1.2.3.4.#1    ask next=substitute                     -> talks
         2026-02-04T10:00 record#5                first_goes_on                           -> talks
         2026-02-04T10:01 record#6                second_goes_on                          -> talks
         2026-02-04T10:02 mediation@1.2.3.4.#1    substitute mediator=n tie=none reason=r -> talks",
    );
    assert_eq!(handler(&changed), None, "it waits for the new mediator");
}

#[test]
fn a_side_that_signs_or_says_no_herself_ticks_that_she_read_it_and_means_it() {
    to_sign().tell(
        "2026-03-01T09:00 record#5                first_signs                             ! form.consent
         2026-03-01T09:00 record#5                first_signs has_read=no                 ! form.consent
         2026-03-01T09:00 record#5                first_signs has_read=yes                -> to_sign
         2026-03-01T09:10 record#6                second_refuses                          ! form.consent
         2026-03-01T09:10 mediation@1.2.3.4.#1    second_refuses how_said=person behalf   -> refused",
    );
}

#[test]
fn a_refusal_for_want_of_consent_names_every_side_that_lacks_it() {
    let story = talks();
    let (actor, relation) = actor("mediation@1.2.3.4.#1");
    let acting = Acting { actor: &actor, relation: &relation };
    let fields = BTreeMap::from([("record".to_owned(), "r".to_owned())]);
    let command =
        Command::Act { action: "session".to_owned(), fields, papers: Vec::new(), counter: None, on_behalf: false };
    let moment = Moment { calendar: &story.calendar, now: at("2026-02-03T09:00", &story.calendar) };
    let refusal = decide(&story.procedure, story.case.as_ref(), &command, acting, moment).unwrap_err();
    assert_eq!(refusal.code, Code::CaseConsentMissing);
    assert!(refusal.to_string().contains("The side that asks, The other side"), "{refusal}");
}

#[test]
fn whoever_has_not_answered_is_waited_for_and_then_the_office() {
    let waits = |story: &Story| {
        let case = story.case();
        turn(&story.procedure, case, &story.procedure.states[&case.state])
    };
    let told = [
        (dispute(), "2026-02-02T09:00 mediation@1.2.3.4.#1 offer facts=x -> inviting", Waits::Party),
        (talks(), "", Waits::Office),
        (talks(), "2026-02-03T09:00 mediation@1.2.3.4.#1 ask next=session -> talks", Waits::Party),
        (to_sign(), "2026-02-04T09:00 record#5 first_signs has_read=yes -> to_sign", Waits::Party),
    ];
    for (story, asked, expected) in told {
        let story = if asked.is_empty() { story } else { story.tell(asked) };
        assert_eq!(waits(&story), expected, "{asked}");
    }
    let asked = || talks().tell("2026-02-03T09:00 mediation@1.2.3.4.#1 ask next=session -> talks");
    let half = asked().tell("2026-02-03T10:00 record#5 first_goes_on -> talks");
    assert_eq!(waits(&half), Waits::Party);
    let both = half.tell("2026-02-03T11:00 record#6 second_goes_on -> talks");
    assert_eq!(waits(&both), Waits::Office, "both have answered");
    let no = asked().tell("2026-02-03T10:00 record#5 first_withdraws -> talks");
    assert_eq!(waits(&no), Waits::Office, "one has said no");
    let signed = to_sign().tell(
        "2026-02-04T09:00 record#5 first_signs has_read=yes -> to_sign
         2026-02-04T10:00 record#6 second_signs has_read=yes -> to_sign",
    );
    assert_eq!(waits(&signed), Waits::Office, "the seal is lacking");
}

#[test]
fn who_has_answered_is_not_ended_for_silence() {
    let silent = dispute().tell(
        "2026-02-02T09:00 mediation@1.2.3.4.#1    offer facts=x                           -> inviting
         2026-02-03T09:00 record#5                first_agrees                            -> inviting",
    );
    let takes = |story: &Story| {
        by_itself(&story.procedure, story.case(), &story.calendar, at("2026-02-20T09:00", &story.calendar))
            .map(str::to_owned)
    };
    assert_eq!(takes(&silent).as_deref(), Some("no_answer"));
    let agreed = silent.tell("2026-02-04T09:00 record#6 second_agrees -> inviting");
    assert_eq!(takes(&agreed), None, "the mediator is late, not the sides");
}
