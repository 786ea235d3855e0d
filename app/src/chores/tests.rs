//! Chores as a whole city does them, on both engines: told once, reminded on working days, sealed without a gap, forgotten in time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use cases::{Fault, Recipient, Step, district};
use counter::{Answers, Arrival};
use jobs::{Notice, Runner};
use kernel::case::{Case, Command, Relation};
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{Level, PlacePath};
use store::{Store, StoreError};
use tempfile::TempDir;
use testkit::{FixedClock, TestStore, ZONE};
use uuid::Uuid;
use vault::MasterKeys;

use super::{runner, telling, upkeep};
use crate::city::{Opening, migrations};
use crate::configuration::Configuration;
use crate::data::Data;
use crate::demonstration::{Invented, Seed};
use crate::{City, settings};

/// A city on one engine, with its clock.
struct House {
    city: Arc<City>,
    clock: FixedClock,
    store: TestStore,
    _keys: TempDir,
}

impl House {
    fn each() -> Vec<Self> {
        testkit::stores().into_iter().map(Self::on).collect()
    }

    fn on(store: TestStore) -> Self {
        let (keys, clock) = (tempfile::tempdir().unwrap(), FixedClock::local("2026-11-23 10:00"));
        let key_file = keys.path().join("lianglin.key");
        MasterKeys::generate().unwrap().write_file(&key_file).unwrap();
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
        let database = store.address.clone();
        let configuration = Configuration { database, key_file, data: Some(data.clone()), ..Configuration::default() };
        let opening = Opening { configuration, data: Data::new(Some(data)), clock: clock.clock() };
        store::migrate(&store, &migrations()).unwrap();
        let (name, text) = opening.data.files("shenyang/editions", ".csv").unwrap().pop().unwrap();
        places::import(&store, &text, "2023-06-30".parse().unwrap(), &name, clock.now()).unwrap();
        let city = Arc::new(City::open(&opening, store.store()).unwrap());
        Self { city, clock, store, _keys: keys }
    }

    fn runner(&self) -> Runner {
        runner(&self.city, &[]).unwrap()
    }

    /// A case of an item that an office decides, taken at a counter or asked for online by an account.
    fn opened(&self, seed: u64, applicant: Option<Uuid>) -> Case {
        let tree = self.city.places.tree();
        let community = tree.of_level(Level::Community).next().unwrap().path.clone();
        let person = Invented::next(&mut Seed::new(seed), "210102");
        let answers = Answers {
            residence: community.id().0.to_string(),
            residence_words: String::new(),
            name: person.name,
            resident_id: person.resident_id,
            telephone: person.telephone,
            bank_card: person.bank_card,
            address: person.address,
        };
        let mut items = self.city.counter.catalogue.items();
        let item = items.find(|item| item.procedure == "separate" && !item.confidential).unwrap();
        let application = counter::application(item, &answers, Some(&community)).unwrap();
        let papers = item.materials.iter().map(|material| material.code.clone()).collect();
        let counter = applicant.is_none().then(|| community.clone());
        let actor = match applicant {
            Some(account) => {
                Actor { account: Some(account), name: String::new(), kind: ActorKind::Resident, grants: Vec::new() }
            }
            None => worker(&community, None),
        };
        let arrival = Arrival { counter, papers, once: Uuid::now_v7().to_string() };
        let now = self.clock.now();
        let new = self.city.counter.new_case(item, application, &arrival, &actor, now).unwrap();
        let desk = self.city.cases.clone();
        self.store.write_blocking(move |tx| desk.open(tx, &new, &actor, now)).unwrap()
    }

    fn does(&self, case: &Case, command: Command, actor: Actor) -> Case {
        let step = Step { district: district(case), id: case.id.0, command, once: Uuid::now_v7().to_string() };
        let (desk, now) = (self.city.cases.clone(), self.clock.now());
        let done = self.store.write_blocking(move |tx| desk.step(tx, &step, &actor, &Relation::default(), now));
        done.unwrap_or_else(|fault: Fault| panic!("{}: {fault}", self.store.name))
    }

    fn acts(&self, case: &Case, action: &str, fields: &[(&str, &str)]) -> Case {
        let fields: BTreeMap<String, String> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let action = action.to_owned();
        let command = Command::Act { action, fields, papers: Vec::new(), counter: None, on_behalf: false };
        self.does(case, command, worker(&case.office.place, case.office.department.clone()))
    }

    fn inbox(&self, recipient: &Recipient) -> Vec<Notice> {
        let handle = recipient.handle();
        self.store.read_blocking(move |tx| jobs::inbox(tx, &handle, 50)).unwrap()
    }

    /// The texts in the inbox, the oldest first.
    fn told(&self, recipient: &Recipient) -> Vec<String> {
        self.inbox(recipient).into_iter().rev().map(|notice| notice.template).collect()
    }
}

fn worker(place: &PlacePath, department: Option<String>) -> Actor {
    let permissions = [
        Permission::CaseAccept,
        Permission::CaseRead,
        Permission::CaseHandle,
        Permission::CaseDecide,
        Permission::CaseSupervise,
    ];
    let grant = Grant {
        post: Uuid::nil(),
        role: "worker".to_owned(),
        place: place.clone(),
        department,
        permissions: permissions.into_iter().collect(),
    };
    Actor { account: None, name: "王晓燕".to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

fn office(case: &Case) -> Recipient {
    Recipient::desk(&case.office.place, case.office.department.as_deref())
}

#[test]
fn each_step_is_told_once_to_those_its_procedure_names() {
    for house in House::each() {
        let (runner, account) = (house.runner(), Uuid::now_v7());
        let (online, taken) = (house.opened(1, Some(account)), house.opened(2, None));
        assert_eq!(office(&online), office(&taken), "both live in one community");
        runner.run_due().unwrap();
        assert_eq!(house.told(&office(&taken)), ["cases-notice-office"; 2], "{}", house.store.name);
        let own = Recipient::Account(account);
        assert!(house.told(&own).is_empty(), "she knows that she asked");
        let accepted = house.acts(&online, "accept", &[]);
        house.acts(&taken, "grant", &[("basis", "按目录")]);
        runner.run_due().unwrap();
        assert_eq!(house.told(&own), ["cases-notice-applicant"]);
        let counter = Recipient::desk(taken.counter.as_ref().unwrap(), None);
        assert_eq!(house.told(&counter), ["cases-notice-counter"]);
        let asks = Command::Supervise { note: "请尽快。".to_owned() };
        house.does(&accepted, asks, worker(&accepted.office.place, None));
        runner.run_due().unwrap();
        assert_eq!(house.told(&office(&accepted)).last().unwrap(), "cases-notice-supervised");
        let notice = house.inbox(&own).remove(0);
        let said: BTreeMap<String, String> = serde_json::from_value(notice.arguments).unwrap();
        assert_eq!(said.get("number"), Some(&online.number));
        assert_eq!(said.get("state"), Some(&accepted.state));
        assert_eq!(said.keys().collect::<Vec<_>>(), ["number", "procedure", "state"], "nothing personal");
    }
}

#[test]
fn a_message_heard_twice_is_one_notice() {
    for house in House::each() {
        let case = house.opened(1, None);
        let message = house.store.read_blocking(|tx| store::outbox::pending(tx, 50)).unwrap();
        let message = message.into_iter().find(|message| message.topic == cases::TOPIC_MOVED).unwrap();
        let payload = serde_json::json!({"id": message.id, "district": message.district, "topic": message.topic,
            "payload": message.payload, "at": message.at});
        let job = jobs::Job {
            id: Uuid::now_v7(),
            kind: "app.tell_applicant".to_owned(),
            payload,
            run_at: house.clock.now(),
            attempt: 1,
            last: false,
        };
        for _ in 0..2 {
            telling::tell(&house.city, &[], &house.store, &job, house.clock.now()).unwrap();
        }
        assert_eq!(house.inbox(&office(&case)).len(), 1, "{}", house.store.name);
    }
}

#[test]
fn desks_are_reminded_of_what_is_near_and_late_on_working_days_once_a_day() {
    for house in House::each() {
        let runner = house.runner();
        let case = house.opened(1, None);
        let due = case.promised_due.unwrap();
        let before = (1..).map(|days| kernel::time::date_plus_days(due, -days).unwrap());
        let worked = |date: &jiff::civil::Date| house.city.cases.calendar().day(*date).kind.is_worked();
        let day_before = before.into_iter().find(worked).unwrap();
        let reminded = || {
            let told = house.told(&office(&case));
            let count = |text: &str| told.iter().filter(|known| *known == text).count();
            (count("cases-notice-due"), count("cases-notice-late"))
        };
        for (on, minute, expected) in [
            (kernel::time::date_plus_days(day_before, -1).unwrap(), 12 * 60, (0, 0)),
            (day_before, 8 * 60, (0, 0)),
            (day_before, 8 * 60 + 30, (1, 0)),
            (day_before, 9 * 60, (1, 0)),
        ] {
            house.clock.set(ZONE.instant(on, minute));
            runner.run_due().unwrap();
            assert_eq!(reminded(), expected, "{} on {on}, {minute}", house.store.name);
        }
        let (near, mut late) = (reminded().0, 0);
        let mut near = near;
        for days in 0..8 {
            let on = kernel::time::date_plus_days(due, days).unwrap();
            house.clock.set(ZONE.instant(on, 12 * 60));
            runner.run_due().unwrap();
            near += usize::from(days == 0 && worked(&on));
            late += usize::from(days > 0 && worked(&on));
            assert_eq!(reminded(), (near, late), "{} on {on}", house.store.name);
        }
        assert!(late < 7, "there was a weekend among the days");
    }
}

#[test]
fn more_than_one_batch_is_reminded_of_batch_by_batch() {
    let house = House::on(testkit::sqlite());
    let case = house.opened(1, None);
    let due = case.promised_due.unwrap();
    let copies = super::BATCH + 3;
    let written = house.store.write_blocking(move |tx| {
        for copy in 0..copies {
            let sql = "insert into cases_case select district, $1, number || '-' || $2, item, procedure, state, waits_for, clock, outcome, office_path, \
                       office_department, desk_path, desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, \
                       opened_at, changed_at, closed_at, promised_due, legal_due, provisional, sequence, rating, folded from cases_case where number = $3";
            tx.exec(sql, &store::args![Uuid::now_v7(), copy, case.number.as_str()])?;
        }
        Ok::<_, StoreError>(())
    });
    written.unwrap();
    house.clock.set(ZONE.instant(due, 12 * 60));
    house.runner().run_due().unwrap();
    let handle = office_handle(&house.store);
    let unread = house.store.read_blocking(move |tx| jobs::unread(tx, &handle)).unwrap();
    let told_of_the_step = 1;
    assert_eq!(unread, copies + 1 + told_of_the_step);
}

fn office_handle(store: &Store) -> String {
    let sql = "select recipient from jobs_notice order by id limit 1";
    store.read_blocking(move |tx| store::scalar::<String>(tx, sql, &[])).unwrap().unwrap()
}

#[test]
fn a_result_that_nobody_collects_is_said_once_to_its_applicant() {
    for house in House::each() {
        let (runner, account) = (house.runner(), Uuid::now_v7());
        let case = house.acts(&house.opened(1, Some(account)), "accept", &[]);
        house.acts(&case, "grant", &[("basis", "按目录")]);
        let waiting = house.city.cases.figure(rulebook::RESULT_COLLECTION_REMINDER_DAYS, house.clock.now()).unwrap();
        let asked = || {
            let told = house.told(&Recipient::Account(account));
            told.iter().filter(|text| *text == "cases-notice-collect").count()
        };
        let granted = house.clock.now();
        for (days, expected) in [(0, 0), (waiting - 1, 0), (waiting + 2, 1), (waiting + 3, 1), (waiting + 9, 1)] {
            house.clock.set(granted.plus_days(days));
            runner.run_due().unwrap();
            assert_eq!(asked(), expected, "{} after {days} days", house.store.name);
        }
    }
}

#[test]
fn every_day_is_sealed_also_those_on_which_no_server_ran() {
    for house in House::each() {
        let key = store::audit::AuditKey::new(house.city.vault.derive_key("store.audit"));
        let sealed = || upkeep::seal_next(&house.store, &key, ZONE, house.clock.now()).unwrap();
        house.opened(1, None);
        assert_eq!(sealed().map(|day| day.to_string()).as_deref(), Some("2026-11-22"), "{}", house.store.name);
        assert_eq!(sealed(), None);
        house.clock.set_local("2026-11-27 09:00");
        house.runner().run_due().unwrap();
        let days = house.store.read_blocking(|tx| {
            let sql = "select count(*) from store_audit_head";
            store::scalar::<i64>(tx, sql, &[])
        });
        assert_eq!(days, Ok(Some(5)), "{}: the 22nd to the 26th", house.store.name);
        let report = store::audit::verify(&house.store, &key, |_| {}).unwrap();
        assert_eq!((report.faults, report.days), (Vec::new(), 5));
    }
}

#[test]
fn old_answers_and_done_jobs_are_forgotten_and_younger_ones_kept() {
    for house in House::each() {
        let now = house.clock.now();
        let days = house.city.cases.figure(rulebook::ONCE_RETENTION_DAYS, now).unwrap();
        let begun = |key: &'static str, at| {
            house.store.write_blocking(move |tx| store::once::begin(tx, "test", key, "same", at)).unwrap()
        };
        for (key, age) in [("ancient", 900), ("old", days + 1), ("young", days - 1)] {
            assert!(begun(key, now.plus_days(-age)) == store::once::Once::New, "{key}");
        }
        upkeep::forget(&house.city, &house.store, now).unwrap();
        for (key, kept) in [("ancient", false), ("old", false), ("young", true)] {
            assert_eq!(begun(key, now) != store::once::Once::New, kept, "{}: {key}", house.store.name);
        }
        upkeep::sweep(&house.city, now).unwrap();
    }
}

#[test]
fn a_lease_outlasts_a_gateway() {
    let house = House::on(testkit::sqlite());
    let rules = settings::job_rules(&house.city.rulebook, ZONE.date(house.clock.now())).unwrap();
    assert!(rules.lease_seconds > super::delivery::ANSWER_SECONDS);
}
