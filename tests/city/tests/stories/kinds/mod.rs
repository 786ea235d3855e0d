//! Matters of departments that are still to come run on the desk of cases, on both engines: lamps, buildings,
//! mediations, resolutions, requests to communities, promises. No counter takes part in any.

mod asked;
mod counted;
mod sides;
mod told;
mod written;

use cases::actions::FIRST;
use cases::{Cursor, Looking, Recipient, records};
use city_stories::Town;
use hall::Fault;
use jobs::Runner;
use kernel::calendar::{Limit, Unit};
use kernel::case::{Holder, Relation, Term, may_read};
use kernel::identifier::CaseNumber;
use kernel::permission::Scope;
use told::{FILES, Matter, actor, at, day, place_of, register, unit};
use uuid::Uuid;

const PHOTO: &str = "0190b5f0-0000-7000-8000-000000000001";

#[test]
fn matters_without_a_counter_run_on_the_desk_of_cases() {
    for town in Town::each_with(&FILES) {
        register(&town);
        lamps_are_reported_by_nobody_and_verified_by_somebody_else(&town);
        lamps_get_more_time_twice_and_are_shelved_once(&town);
        lamps_are_due_as_the_units_of_the_field_say(&town);
        a_building_has_three_milestones(&town);
        a_mediation_asks_for_consent_and_seals_both_sides(&town);
        either_side_ends_a_mediation(&town);
        a_resolution_is_found_by_the_next_meeting(&town);
        silence_means_no(&town);
        a_promise_is_kept_and_confirmed(&town);
        what_is_due_first_stands_first(&town);
        whoever_is_urged_is_told_in_the_words_of_the_kind(&town);
        town.verify();
    }
}

/// Reported by nobody, filed and dispatched at that moment.
fn lamp<'t>(town: &'t Town, limit: Limit, moment: &str) -> Matter<'t> {
    Matter::of(town, "lamp", "lights@street").with("reporter", Holder::Nobody).due("handle", Term::Limit(limit)).tell(
        &format!(
            "2026-06-01T08:00 nobody          report photo={PHOTO}                       ! form.missing
             2026-06-01T08:00 nobody          report point=41.8057,123.4315 photo={PHOTO} -> reported
             2026-06-01T08:10 lights@street#1 file                                        -> filed
             {moment}         lights@street#1 dispatch                                    -> dispatched"
        ),
    )
}

fn lamps_are_reported_by_nobody_and_verified_by_somebody_else(town: &Town) {
    let matter = lamp(town, Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20");
    let row = matter.row();
    assert_eq!((row.kind.as_str(), row.item.as_str(), row.person), ("lamp", "", None));
    let number = CaseNumber::parse(&row.number).unwrap();
    assert_eq!((number.series(), number.year(), number.district_code()), (Some('L'), 2026, "210102"));
    assert!(matter.known().records().is_empty() && matter.known().record().is_err());
    assert!(matter.case().point.is_some() && matter.case().service.is_none());
    let matter = matter.tell(
        "2026-06-01T10:00 lights@street#2   handle    -> handled
         2026-06-01T10:10 lights@street#2   verify    ! case.same_hand
         2026-06-01T10:20 lights@street#3   send_back -> dispatched
         2026-06-01T10:30 lights@street#3   handle    -> handled
         2026-06-01T10:40 lights@street#2   send_back -> dispatched
         2026-06-01T10:50 lights@street#3   handle    -> handled
         2026-06-01T10:55 lights@street#2   send_back ! case.taken_often
         2026-06-01T11:00 lights@street#2   go_up     -> above
         2026-06-01T11:10 lights@street#2   settle    ! permission.outside_place
         2026-06-01T14:00 lights@district#4 settle    -> verified
         2026-06-01T14:10 lights@district#4 close     -> closed",
    );
    assert_eq!(matter.case().outcome.as_deref(), Some("mended"));
    let row = matter.row();
    assert_eq!((row.open, row.rank, &row.office_path), (false, 2, &place_of(town, "district")));
    let (district, id) = matter.key();
    let kinds = town.acts(district, id);
    assert_eq!(kinds.iter().filter(|kind| *kind == "acted").count(), 10, "{kinds:?}");
}

fn lamps_get_more_time_twice_and_are_shelved_once(town: &Town) {
    let limit = Limit::new(4, Unit::WorkingHour);
    let matter = lamp(town, limit, "2026-06-01T09:00").tell(
        "2026-06-01T10:00 lights@street#1 prolong -> dispatched
         2026-06-01T10:20 lights@street#1 prolong -> dispatched
         2026-06-01T10:30 lights@street#1 prolong ! case.extensions_used",
    );
    assert_eq!(matter.moment("handle"), "2026-06-02 15:00", "twelve working hours after nine");
    lamp(town, limit, "2026-06-01T09:00").tell(
        "2026-06-01T15:30 lights@street#1 prolong ! case.extend_overdue
         2026-06-01T15:31 lights@street#1 explain reason=hands -> dispatched",
    );
    let matter = lamp(town, Limit::new(5, Unit::WorkingHour), "2026-06-01T09:00").tell(
        "2026-06-01T11:00 lights@street#1 shelve until=2027-06-02 ! case.day_outside
         2026-06-01T11:00 lights@street#1 shelve until=2026-06-10 -> shelved",
    );
    assert_eq!(matter.row().rank, 1, "nobody has to act while it is shelved");
    passes(town, "2026-06-10T23:59");
    assert_eq!(matter.known().case.state, "shelved");
    passes(town, "2026-06-11T00:01");
    let matter = matter.again().tell("2026-06-11T09:00 lights@street#1 shelve until=2026-06-20 ! case.taken_often");
    assert_eq!(matter.case().state, "dispatched");
    assert!(matter.case().latest.is_none());
}

/// The platform takes the steps that are due then, batch by batch.
fn passes(town: &Town, moment: &str) {
    let (mut after, now) = (FIRST, at(moment));
    loop {
        let desk = town.city.cases.clone();
        let last = town.store().write_blocking(move |tx| desk.take_by_itself(tx, after, 1, now)).unwrap();
        let Some(last) = last else { return };
        after = last;
    }
}

fn lamps_are_due_as_the_units_of_the_field_say(town: &Town) {
    let table = [
        ("2026-06-01T22:36", 2, Unit::UrgentHour, "2026-06-02 00:36"),
        ("2026-06-05T17:00", 4, Unit::WorkingHour, "2026-06-08 11:00"),
        ("2026-06-05T17:00", 2, Unit::WorkingDay, "2026-06-09 18:00"),
        ("2026-06-05T17:00", 2, Unit::CalendarDay, "2026-06-07 18:00"),
    ];
    for (moment, amount, unit, expected) in table {
        let matter = lamp(town, Limit::new(amount, unit), moment);
        assert_eq!(matter.moment("handle"), expected, "{moment} {amount} {unit:?}");
        let row = matter.row();
        assert_eq!(Some(row.sort_at), matter.case().clock("handle").unwrap().due_at, "the queue goes by it");
        assert_eq!(row.promised_due, expected.get(..10).map(day));
    }
}

fn a_building_has_three_milestones(town: &Town) {
    let matter = Matter::of(town, "building", "planning@street").tell(
        "2026-06-01T09:00 planning@street file floors=0 ! form.number
         2026-06-01T09:00 planning@street file floors=2 -> open",
    );
    let due = |matter: &Matter<'_>| matter.row().promised_due.map(|due| due.to_string());
    assert_eq!(matter.moment("stop"), "2026-06-01 15:00", "three hours before noon, one after two");
    assert_eq!(due(&matter).as_deref(), Some("2026-06-01"), "the first milestone");
    let matter = matter.tell("2026-06-01T14:30 planning@street stop_work -> open");
    assert_eq!(due(&matter).as_deref(), Some("2026-06-10"), "then the second");
    let matter = matter.tell(
        "2026-06-09T10:00 planning@street fined               ! form.missing
         2026-06-09T10:00 planning@street fined amount=2000.5 -> open
         2026-06-29T10:00 planning@street demolished          -> gone",
    );
    assert_eq!(matter.late_since(at("2026-07-30")), None, "each in its time");
    assert!(matter.row().number.contains("-B"));
}

fn mediation(town: &Town) -> Matter<'_> {
    let matter = Matter::of(town, "two_sides", "justice@community");
    matter.with_sealed("first", "甲方某").with_sealed("second", "乙方某")
}

fn a_mediation_asks_for_consent_and_seals_both_sides(town: &Town) {
    let matter = mediation(town).tell(
        "2026-06-01 record:second     apply            ! permission.sign_in
         2026-06-01 record:first      apply            -> applied
         2026-06-02 justice@community take_on          -> talks
         2026-06-02 record:first      first_agrees     -> talks
         2026-06-02 justice@community session record=x ! case.consent_missing
         2026-06-02 record:second     second_agrees    -> talks
         2026-06-03 record:second     second_withdraws -> talks
         2026-06-03 justice@community session record=x ! case.consent_missing
         2026-06-03 record:second     second_agrees    -> talks
         2026-06-04 justice@community session record=x -> talks
         2026-06-05 justice@community agree            ! case.consent_missing
         2026-06-08 record:first      first_agrees     -> talks
         2026-06-08 record:second     second_agrees    -> talks
         2026-06-08 justice@community agree            -> agreed",
    );
    let (first, second) = (matter.record("first"), matter.record("second"));
    let known = matter.known();
    assert_eq!((known.person, known.records()), (Some(first), vec![first, second]));
    let (district, id) = matter.key();
    for record in [first, second] {
        let found = town.store().read_blocking(move |tx| cases::of_person(tx, district, record, 9)).unwrap();
        assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), [id], "found by either side");
        let kept = "select retain_until from vault_record where district = $1 and id = $2";
        let args = store::args![district, record].to_vec();
        let until = town.store().read_blocking(move |tx| store::scalar::<Option<String>>(tx, kept, &args)).unwrap();
        assert!(until.flatten().is_some(), "kept as long as the rulebook says, no longer");
        let seen = may_read(matter.case(), &actor(town, "nobody"), &Relation::of_record(record));
        assert!(seen.is_ok());
    }
    assert!(may_read(matter.case(), &actor(town, "nobody"), &Relation::of_record(Uuid::from_u128(3))).is_err());
    let (desk, mediator) = (town.city.cases.clone(), actor(town, "justice@community"));
    let opened = town.store().write_blocking(move |tx| {
        let known = desk.known(tx, district, id)?;
        let open = |tx: &mut dyn store::Tx, record: Uuid| {
            desk.open_party(
                tx,
                &known,
                record,
                &Looking { actor: &mediator, purpose: "核对身份", now: at("2026-06-09"), once: None },
            )
        };
        let strangers = open(tx, Uuid::from_u128(3));
        assert!(matches!(strangers, Err(Fault::NotFound)), "nobody else is opened through this case");
        let name = open(tx, second)?.get(vault::PersonField::Name).map(|name| name.expose().clone());
        Ok::<_, Fault>((name, desk.hall.vault.accesses(tx, district, second)?.len()))
    });
    assert_eq!(opened.unwrap(), (Some("乙方某".to_owned()), 1));
}

fn either_side_ends_a_mediation(town: &Town) {
    let matter = mediation(town).tell(
        "2026-06-01 record:first  apply          -> applied
         2026-06-02 record:second second_refuses -> ended",
    );
    assert_eq!(matter.case().outcome.as_deref(), Some("ended"));
    matter.tell("2026-06-04 justice@community session record=x ! case.ended");
}

fn resolution<'t>(town: &'t Town, due: &str) -> Matter<'t> {
    let matter = Matter::of(town, "resolution", "conference@city").with_unit("owner", "water@district");
    matter.due("due", Term::On(day(due)))
}

fn a_resolution_is_found_by_the_next_meeting(town: &Town) {
    resolution(town, "2026-05-31").tell("2026-06-01 conference@city resolve ! form.past");
    let done = resolution(town, "2026-06-20").tell(
        "2026-06-01 conference@city#1 resolve           -> open
         2026-06-10 heat@district#2   report report=x   ! permission.not_party
         2026-06-10 water@district#2  report report=x   -> reported
         2026-06-11 water@district#2  confirm           ! permission.outside_place
         2026-06-11 conference@city#1 return            -> open
         2026-06-12 water@district#2  report report=all -> reported
         2026-06-13 conference@city#1 confirm           -> done",
    );
    let [late, later] = ["2026-06-30", "2026-07-31"]
        .map(|due| resolution(town, due).tell("2026-06-01 conference@city#1 resolve -> open"));
    let number = CaseNumber::parse(&done.row().number).unwrap();
    assert_eq!((number.series(), number.district_code()), (Some('R'), "210100"), "the city keeps its own");
    let (desk, asked) = (town.city.cases.clone(), number.as_str().to_owned());
    let known = town.store().read_blocking(move |tx| desk.known_number(tx, &asked)).unwrap();
    assert_eq!(known.case.id, done.case().id);
    let district = place_of(town, "district");
    let owed = town.store().read_blocking(move |tx| records::party::owed_by(tx, &district, "owner", 9)).unwrap();
    let owed: Vec<Uuid> = owed.into_iter().map(|key| key.id).collect();
    assert_eq!(owed, [late.key().1, later.key().1], "what is open, the earliest date first");
    let meeting = at("2026-07-01");
    assert_eq!(late.late_since(meeting), Some(day("2026-06-30")));
    assert_eq!(later.late_since(meeting), None);
}

fn silence_means_no(town: &Town) {
    let asked = || {
        Matter::of(town, "admission", "committee@district").with_unit("department", "stats@city").tell(
            "2026-06-01 health@city ask hours=40 ! permission.not_party
             2026-06-01 stats@city  ask hours=0  ! form.number
             2026-06-01 stats@city  ask hours=40 -> asked
             2026-06-23 system      silence      ! case.wait_not_over",
        )
    };
    let decided = asked().tell("2026-06-23 committee@district admit -> admitted");
    let silent = asked();
    // 19 June 2026 is the Dragon Boat Festival.
    assert_eq!(silent.case().latest.map(|due| due.on), Some(day("2026-06-23")));
    passes(town, "2026-06-23T23:59");
    assert_eq!(silent.known().case.state, "asked");
    passes(town, "2026-06-24T00:01");
    let silent = silent.again();
    assert_eq!(silent.case().outcome.as_deref(), Some("refused"));
    assert_eq!(decided.known().case.state, "admitted");
    let sequence = silent.case().sequence;
    passes(town, "2026-06-25T00:01");
    assert_eq!(silent.known().case.sequence, sequence, "once is enough");
}

fn a_promise_is_kept_and_confirmed(town: &Town) {
    let volunteer = Uuid::from_u128(5);
    let matter = Matter::of(town, "promise", "party@community")
        .with("volunteer", Holder::Account(volunteer))
        .due("kept", Term::On(day("2026-06-30")))
        .tell(
            "2026-06-01 account#6         promise ! permission.not_party
             2026-06-01 account#5         promise -> promised
             2026-06-10 account#5         keep    -> said
             2026-06-11 party@community   not_yet -> promised
             2026-06-12 account#5         keep    -> said
             2026-06-12 party@community#5 confirm ! case.same_hand
             2026-06-12 party@community   confirm -> kept",
        );
    let own = town.store().read_blocking(move |tx| cases::of_account(tx, volunteer, 9)).unwrap();
    assert_eq!(own.iter().map(|row| row.id).collect::<Vec<_>>(), [matter.key().1], "each case once");
}

fn what_is_due_first_stands_first(town: &Town) {
    let building =
        Matter::of(town, "building", "planning@street").tell("2026-06-03T08:00 planning@street file -> open");
    let lamp = lamp(town, Limit::new(2, Unit::UrgentHour), "2026-06-03T08:30");
    let scope = Scope { place: place_of(town, "street"), department: None };
    let rows =
        town.store().read_blocking(move |tx| records::queue(tx, records::Column::Office, &scope, Cursor::start(), 100));
    let rows = rows.unwrap();
    let place = |matter: &Matter<'_>| rows.iter().position(|row| row.id == matter.key().1).unwrap();
    assert!(place(&lamp) < place(&building), "half past ten before noon, whatever the kind");
    let order: Vec<_> = rows.iter().map(|row| (row.rank, row.sort_at, row.id)).collect();
    assert!(order.is_sorted(), "{}: {order:?}", town.engine);
}

fn whoever_is_urged_is_told_in_the_words_of_the_kind(town: &Town) {
    let matter = lamp(town, Limit::new(4, Unit::WorkingHour), "2026-06-01T09:20");
    let matter = matter.tell("2026-06-01T10:00 watch@district supervise note=hurry by=2026-06-03 -> dispatched");
    let (runner, number) = (runner(town), matter.row().number);
    runner.run_due().unwrap();
    let office = unit(town, "lights@street");
    let handle = Recipient::desk(&office.place, office.department.as_deref()).handle();
    let told = town.store().read_blocking(move |tx| jobs::inbox(tx, &handle, 50)).unwrap();
    let own: Vec<&str> = told
        .iter()
        .filter(|notice| notice.arguments.get("number").and_then(|value| value.as_str()) == Some(number.as_str()))
        .map(|notice| notice.template.as_str())
        .collect();
    assert_eq!(own, ["lamp-notice-supervised"]);
}

/// What the server would do by itself of the desk's chores.
fn runner(town: &Town) -> Runner {
    let rules = jobs::Rules {
        attempts: 3,
        lease_seconds: 60,
        first_delay_seconds: 1,
        longest_delay_seconds: 1,
        idle_milliseconds: 1,
        outbox_batch: 100,
        lane_workers: 2,
        lane_jobs: 1,
        lane_failures: 3,
    };
    let runner = Runner::new(town.store().store(), town.city.clock.clone(), rules);
    let chores = town.city.work.chores.iter().filter(|chore| chore.kind.starts_with("cases."));
    chores.cloned().fold(runner, |runner, chore| match chore.when {
        house::When::Heard(topic) => runner.on(topic, chore.kind, chore.handler),
        _ => runner.handle(chore.kind, chore.handler),
    })
}

#[test]
fn a_state_that_lasts_hours_ends_at_its_very_moment() {
    let hours = FILES.map(|(name, text)| match name {
        "procedures/admission.toml" => (name, admission_in_hours()),
        _ => (name, text.to_owned()),
    });
    let files: Vec<(&str, &str)> = hours.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for town in Town::each_with(&files) {
        register(&town);
        let matter = Matter::of(&town, "admission", "committee@district").with_unit("department", "stats@city");
        let matter = matter.tell("2026-06-01T17:00 stats@city ask hours=40 -> asked");
        assert_eq!(matter.case().latest.and_then(|due| due.at), Some(at("2026-06-02T09:00")), "two working hours");
        let runner = runner(&town);
        town.clock.set(at("2026-06-02T09:00"));
        runner.run_due().unwrap();
        assert_eq!(matter.known().case.state, "asked");
        town.clock.set(at("2026-06-02T09:01"));
        runner.run_due().unwrap();
        assert_eq!(matter.known().case.state, "refused", "{}", town.engine);
        town.verify();
    }
}

fn admission_in_hours() -> String {
    let (_, text) = FILES.iter().find(|(name, _)| *name == "procedures/admission.toml").unwrap();
    let changed = text.replace(
        "latest = { rule = \"admission.decide_working_days\", then",
        "latest = { amount = 2, unit = \"working_hour\", then",
    );
    assert_ne!(changed, *text);
    changed
}

#[test]
fn a_kind_that_nobody_registered_is_not_opened() {
    let town = Town::each_with(&FILES).into_iter().next().unwrap();
    let new = Matter::of(&town, "lamp", "lights@street").with("reporter", Holder::Nobody);
    let fault = new.tried("2026-06-01 nobody report").unwrap_err();
    assert!(matches!(fault, Fault::Broken(_)), "{fault}");
    assert_eq!(town.counts().cases, 0);
}
