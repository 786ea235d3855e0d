//! A lamp that is out, told from the report to the end: no counter, nobody known, four units of time, somebody else
//! who verifies.

use super::*;

const LAMP: &str = include_str!("lamp.toml");
const PHOTO: &str = "0190b5f0-0000-7000-8000-000000000001";

fn lamp(limit: Limit) -> Story {
    let office = office("lights@1.2.3.");
    Story::matter(LAMP, office, &[("reporter", Holder::Nobody)], &[("handle", Term::Limit(limit))])
}

/// Reported, filed and dispatched at that moment.
fn dispatched(limit: Limit, moment: &str) -> Story {
    lamp(limit).tell(&format!(
        "2026-06-01T09:00 nobody          report point=41.8057,123.4315 photo={PHOTO} -> reported
         2026-06-01T09:00 lights@1.2.3.#1 file     -> filed
         {moment}         lights@1.2.3.#1 dispatch -> dispatched"
    ))
}

fn due(story: &Story) -> String {
    let clock = story.case().clock("handle").unwrap();
    assert_eq!(clock.due, Some(story.calendar.zone().date(clock.due_at.unwrap())));
    story.calendar.zone().show_minute(clock.due_at.unwrap())
}

#[test]
fn anybody_reports_it_with_a_point_and_a_photo_and_stays_unknown() {
    let story = lamp(Limit::new(2, Unit::UrgentHour)).tell(&format!(
        "2026-06-01 nobody report photo={PHOTO}                       ! form.missing
         2026-06-01 nobody report point=here photo={PHOTO}            ! form.invalid
         2026-06-01 nobody report point=41.8,123.4 photo=lamp.jpg     ! form.invalid
         2026-06-01 account#5 report point=41.8,123.4 photo={PHOTO}   -> reported
         2026-06-01 account#5 file                                    ! permission.missing
         2026-06-01 water@1.2.3.#1 file                               ! permission.other_department
         2026-06-01 lights@1.2.3.#1 file                              -> filed"
    ));
    let case = story.case();
    assert_eq!((case.kind.as_str(), case.item(), case.counter(), case.papers().len()), ("lamp", "", None, 0));
    assert!(case.service.is_none() && case.accepted_at.is_none());
    let (somebody, relation) = actor("account#5");
    assert!(may_read(case, &somebody, &relation).is_err(), "who reports without a name is not known again");
}

#[test]
fn whoever_opens_it_without_a_name_signs_without_an_account() {
    let story = lamp(Limit::new(2, Unit::UrgentHour));
    let (somebody, relation) = actor("account#5");
    let opening = Opening { action: "report".to_owned(), ..story.matter.clone().unwrap() };
    let report = Command::Open(Box::new(opening));
    let by = sign(&story.procedure, None, &report, &somebody, &relation).unwrap();
    assert_eq!((by.account, by.name.as_str(), by.role.as_str()), (None, "", "reporter"));
}

#[test]
fn it_is_due_as_the_units_of_the_field_say() {
    let table = [
        ("2026-06-01T22:36", 2, Unit::UrgentHour, "2026-06-02 00:36"),
        ("2026-06-05T17:00", 4, Unit::WorkingHour, "2026-06-08 11:00"),
        ("2026-06-01T11:00", 4, Unit::WorkingHour, "2026-06-01 17:00"),
        ("2026-06-05T17:00", 2, Unit::WorkingDay, "2026-06-09 18:00"),
        ("2026-06-05T17:00", 2, Unit::CalendarDay, "2026-06-07 18:00"),
    ];
    for (moment, amount, unit, expected) in table {
        assert_eq!(due(&dispatched(Limit::new(amount, unit), moment)), expected, "{moment} {amount} {unit:?}");
    }
}

#[test]
fn somebody_else_verifies_and_after_two_returns_it_is_decided_one_level_up() {
    let story = dispatched(Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20").tell(
        "2026-06-01T10:00 lights@1.2.3.#2 handle     -> handled
         2026-06-01T10:10 lights@1.2.3.#2 verify     ! case.same_hand
         2026-06-01T10:10 lights@1.2.3.#2 send_back  ! case.same_hand
         2026-06-01T10:20 lights@1.2.3.#3 send_back  -> dispatched
         2026-06-01T10:30 lights@1.2.3.#3 handle     -> handled
         2026-06-01T10:40 lights@1.2.3.#3 verify     ! case.same_hand
         2026-06-01T10:40 lights@1.2.3.#2 send_back  -> dispatched
         2026-06-01T10:50 lights@1.2.3.#3 handle     -> handled
         2026-06-01T10:55 lights@1.2.3.#2 send_back  ! case.taken_often
         2026-06-01T11:00 lights@1.2.3.#2 go_up      -> above
         2026-06-01T11:10 lights@1.2.3.#2 settle     ! permission.outside_place
         2026-06-01T14:00 lights@1.2.#4   settle     -> verified
         2026-06-01T14:10 lights@1.2.#4   close      -> closed",
    );
    let case = story.case();
    assert_eq!(case.outcome.as_deref(), Some("mended"));
    assert_eq!((&case.office.place, &case.decider.place), (&path("1.2."), &path("1.2.")));
    let taken = case.taken["send_back"];
    assert_eq!((taken.times, taken.by), (2, Some(Uuid::from_u128(2))));
    let offered = possible(&story.procedure, case, &actor("lights@1.2.#4").0, &Relation::default());
    assert!(offered.is_empty());
}

#[test]
fn what_may_not_be_taken_is_not_offered() {
    let story = dispatched(Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20")
        .tell("2026-06-01T10:00 lights@1.2.3.#2 handle -> handled");
    let offered = |who: &str| {
        let (actor, relation) = actor(who);
        let steps = possible(&story.procedure, story.case(), &actor, &relation);
        steps.into_iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(offered("lights@1.2.3.#2"), Vec::<String>::new());
    assert_eq!(offered("lights@1.2.3.#3"), ["verify", "send_back", "go_up"]);
}

#[test]
fn more_time_is_given_twice_at_most_and_never_once_overdue() {
    let limit = Limit::new(4, Unit::WorkingHour);
    let story = dispatched(limit, "2026-06-01T09:00").tell(
        "2026-06-01T10:00 lights@1.2.3.#1 prolong     -> dispatched
         2026-06-01T10:05 lights@1.2.3.#1 not_prolong -> dispatched
         2026-06-01T10:10 lights@1.2.3.#1 not_prolong -> dispatched
         2026-06-01T10:15 lights@1.2.3.#1 not_prolong -> dispatched
         2026-06-01T10:20 lights@1.2.3.#1 prolong     -> dispatched
         2026-06-01T10:30 lights@1.2.3.#1 prolong     ! case.extensions_used",
    );
    assert_eq!(due(&story), "2026-06-02 15:00", "twelve working hours after nine");
    let overdue = dispatched(limit, "2026-06-01T09:00").tell(
        "2026-06-01T15:00 lights@1.2.3.#1 prolong -> dispatched
         2026-06-02T09:30 lights@1.2.3.#1 prolong ! case.extend_overdue",
    );
    let calendar = &overdue.calendar;
    let now = at("2026-06-02T09:30", calendar);
    assert_eq!(late_since(&overdue.procedure, overdue.case(), calendar, now), Some("2026-06-02".parse().unwrap()));
}

#[test]
fn more_time_is_given_on_the_last_day_until_it_is_over() {
    let limit = Limit::new(2, Unit::CalendarDay);
    for (day, last) in [("2026-06-03T20:00", "-> dispatched"), ("2026-06-04T00:10", "! case.extend_overdue")] {
        let story = dispatched(limit, "2026-06-01T09:00").tell(&format!("{day} lights@1.2.3.#1 prolong {last}"));
        let late = late_since(&story.procedure, story.case(), &story.calendar, at(day, &story.calendar));
        assert_eq!(late.is_some(), last.starts_with('!'), "{day}: what is late cannot be extended, what is not can");
    }
}

#[test]
fn a_clock_that_a_step_stopped_runs_on_in_another_state() {
    let text = LAMP.replace("[actions.shelve]", "stops = [\"handle\"]\nground = \"court\"\n\n[actions.shelve]");
    let clocks = [("handle", Term::Limit(Limit::new(4, Unit::WorkingHour)))];
    let story = Story::matter(&text, office("lights@1.2.3."), &[("reporter", Holder::Nobody)], &clocks);
    let stands = |story: &Story| story.case().clock("handle").unwrap().stands();
    let story = story.tell(&format!(
        "2026-06-01T09:00 nobody          report point=41.8057,123.4315 photo={PHOTO} -> reported
         2026-06-01T09:00 lights@1.2.3.#1 file        -> filed
         2026-06-01T09:00 lights@1.2.3.#1 dispatch    -> dispatched
         2026-06-01T10:30 lights@1.2.3.#1 not_prolong -> dispatched
         2026-06-01T11:00 lights@1.2.3.#1 prolong     -> dispatched"
    ));
    assert!(stands(&story), "the state is the same");
    let story = story.tell(
        "2026-06-01T14:00 lights@1.2.3.#2 handle    -> handled
         2026-06-01T15:00 lights@1.2.3.#1 send_back -> dispatched",
    );
    assert!(!stands(&story));
    assert_eq!(due(&story), "2026-06-02 11:30", "one and a half of eight hours were used before it stood");
}

#[test]
fn it_is_shelved_once_for_a_year_at_most_and_wakes_by_itself_with_the_time_it_had() {
    let story = dispatched(Limit::new(5, Unit::WorkingHour), "2026-06-01T09:00").tell(
        "2026-06-01T11:00 lights@1.2.3.#1 shelve                  ! form.missing
         2026-06-01T11:00 lights@1.2.3.#1 shelve until=2026-06-01 ! case.day_outside
         2026-06-01T11:00 lights@1.2.3.#1 shelve until=2027-06-02 ! case.day_outside
         2026-06-01T11:00 lights@1.2.3.#1 shelve until=2026-06-10 -> shelved
         2026-06-10T10:00 system          wake                    ! case.wait_not_over",
    );
    let moment = |text: &str| at(text, &story.calendar);
    let by_itself = |text: &str| by_itself(&story.procedure, story.case(), &story.calendar, moment(text));
    assert_eq!((by_itself("2026-06-10T23:59"), by_itself("2026-06-11T08:00")), (None, Some("wake")));
    let story = story.tell(
        "2026-06-11T08:00 system          wake                    -> dispatched
         2026-06-11T09:00 lights@1.2.3.#1 shelve until=2026-06-20 ! case.taken_often",
    );
    assert_eq!(due(&story), "2026-06-11 11:00", "two of five hours were used when it was shelved");
    assert!(story.case().latest.is_none());
}
