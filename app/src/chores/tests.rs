//! These tests run the chores of a whole city on both engines: a notice is told once, reminders come on working days,
//! the log is sealed without a gap, and what is old is forgotten in time.

mod calling;
mod keeping;
mod listening;
mod looking;
mod moving;
mod receiving;
mod renewing;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cases::{Recipient, Step, district};
use counter::{Answers, Arrival};
use hall::Fault;
use jobs::{Notice, Runner};
use kernel::case::{Case, Command, Relation};
use kernel::permission::{Actor, ActorKind, Grant, Permission, Target};
use kernel::place::{Level, PlacePath};
use store::{Store, StoreError};
use tempfile::TempDir;
use testkit::{Client, FixedClock, Reply, Template, TestStore, ZONE};
use uuid::Uuid;
use vault::MasterKeys;

use super::{clear_unfinished, runner, seal_next};
use crate::configuration::Configuration;
use crate::data::Data;
use crate::demonstration::{Invented, Seed};
use crate::departments::migrations;
use crate::opening::Opening;
use crate::{City, settings};

/// The moment when every test begins.
const NOW: &str = "2026-11-23 10:00";
/// What every house begins with.
static NEW_CITY: Template = Template::new("house", fill);

/// Fills an empty store with tables and the places of the newest edition.
fn fill(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let mut editions = Data::new(Some(data_folder())).files("shenyang/editions", ".csv")?;
    let (name, text) = editions.pop().ok_or("no edition of the places")?;
    store::migrate(store, &migrations())?;
    places::import(store, &text, "2023-06-30".parse()?, &name, FixedClock::local(NOW).now())?;
    Ok(())
}

fn data_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

/// A city on one engine, with its clock.
struct House {
    city: Arc<City>,
    clock: FixedClock,
    store: TestStore,
    keys: TempDir,
}

impl House {
    /// A city that reaches nobody outside of the platform.
    fn each() -> Vec<Self> {
        NEW_CITY.stores().into_iter().map(|store| Self::on(store, None, "127.0.0.1")).collect()
    }

    /// A city with a gateway of short messages.
    fn each_with_gateway() -> Vec<Self> {
        let gateway = Some("http://127.0.0.1:9");
        NEW_CITY.stores().into_iter().map(|store| Self::on(store, gateway, "127.0.0.1")).collect()
    }

    /// A city where requests may go to one range inside the network alone.
    fn each_reaching(range: &str) -> Vec<Self> {
        NEW_CITY.stores().into_iter().map(|store| Self::on(store, None, range)).collect()
    }

    fn on(store: TestStore, gateway: Option<&str>, range: &str) -> Self {
        let (keys, clock) = (tempfile::tempdir().unwrap(), FixedClock::local(NOW));
        let key_file = keys.path().join("lianglin.key");
        MasterKeys::generate().unwrap().write_file(&key_file).unwrap();
        let data = data_folder();
        let database = store.address.clone();
        let files = Some(keys.path().join("files"));
        let (data_folder, webhooks_private_http) = (Some(data.clone()), true);
        let configuration = Configuration {
            database,
            key_file,
            data: data_folder,
            files,
            webhooks_private_http,
            allowed_targets: vec![range.to_owned()],
            message_gateway: gateway.map(str::to_owned),
            ..Configuration::default()
        };
        let opening = Opening { configuration, data: Data::new(Some(data)), clock: clock.clock() };
        let city = Arc::new(City::open(&opening, store.store()).unwrap());
        Self { city, clock, store, keys }
    }

    fn runner(&self) -> Runner {
        runner(&self.city).unwrap()
    }

    /// Does a chore once, as the runner would do the job.
    fn does_chore(&self, kind: &str, payload: serde_json::Value) {
        let now = self.clock.now();
        let job =
            jobs::Job { id: Uuid::now_v7(), kind: kind.to_owned(), payload, run_at: now, attempt: 1, last: false };
        let chore = self.city.work.chores.iter().find(|chore| chore.kind == kind).unwrap();
        (chore.handler)(&self.store, &job, now).unwrap();
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
            check: BTreeMap::new(),
            ..Answers::default()
        };
        let today = kernel::time::Date::constant(2026, 11, 30);
        let catalogue = self.city.counter.catalogue();
        let mut items = catalogue.items();
        let collected = |item: &&counter::catalogue::Item| item.result.kind != counter::catalogue::IssuedKind::Payment;
        let mut items = items.by_ref().filter(collected);
        let item = items.find(|item| item.procedure == "separate" && !item.confidential).unwrap();
        let application = counter::application(item, &answers, Some(&community), today).unwrap();
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

/// The password of everybody.
const PASSWORD: &str = "Grey-heron-71-over-the-Hun";

impl House {
    /// A browser at which somebody with one post has signed in.
    async fn browser(&self, login: &str, role: &str, desk: &Recipient) -> Client {
        let Recipient::Desk(target) = desk else { panic!("{login} has no desk") };
        let (id, now) = (Uuid::now_v7(), self.clock.now());
        let (from, to) = (ZONE.date(now), None);
        let (role, place, department) = (role.to_owned(), target.place.clone(), target.department.clone());
        let post = identity::Post { id: Uuid::now_v7(), role, place, department, from, to };
        let quick = identity::Rules { password_memory_kib: 64, password_passes: 1, ..*self.city.identity.rules() };
        let new = identity::NewStaff {
            id,
            district: target.place.district(),
            login: login.to_owned(),
            name: login.to_owned(),
            password: identity::hash_password(PASSWORD, &quick).unwrap(),
            must_change: false,
        };
        let known = self.city.identity.clone();
        let opened = self.store.write(move |tx| {
            identity::open_staff(tx, &new, &Actor::system(), now)?;
            identity::give_post(tx, id, &post, known.roles(), &Actor::system(), now)
        });
        opened.await.unwrap();
        let mut client = Client::new(self.city.router());
        let form = client.get("/sign-in").await.expect(200).form("/sign-in");
        let reply = client.submit_once(form.set("login", login).set("password", PASSWORD)).await;
        assert!(reply.location().is_some(), "{login}: {}", reply.words());
        client
    }
}

/// The notices on a page: the numbers they name, and whether they can be marked as read.
fn shown(page: &Reply) -> usize {
    let forms = page.forms();
    let read = forms.iter().find(|form| form.action == "/queue/read");
    read.map_or(0, |form| form.fields.iter().filter(|(name, _)| name == "notice").count())
}

#[test]
fn a_queue_shows_the_notices_of_its_desk_until_they_are_read() {
    let threads = tokio::runtime::Runtime::new().unwrap();
    for house in House::each() {
        let case = house.opened(1, None);
        let Recipient::Desk(target) = office(&case) else { panic!("an office is a desk") };
        let looks_on = Recipient::desk(&target.place, None);
        let (other, role) = (Recipient::desk(&target.place, Some("none_of_it")), "district_handler");
        assert_eq!(target.place.level(), Level::District, "the test's roles are for districts");
        house.runner().run_due().unwrap();
        threads.block_on(async {
            let mut handler = house.browser("handler", role, &office(&case)).await;
            let mut stranger = house.browser("stranger", role, &other).await;
            let mut organiser = house.browser("organiser", "organiser_district", &looks_on).await;
            let queue = handler.get("/queue").await.expect(200);
            assert_eq!(shown(&queue), 1, "{}: {}", house.store.name, queue.words());
            assert!(queue.links().contains(&format!("/cases/{}", case.number)));
            for browser in [&mut stranger, &mut organiser] {
                assert_eq!(shown(&browser.get("/queue").await.expect(200)), 0, "{}", house.store.name);
            }
            let form = queue.form("/queue/read");
            let forged: Vec<(String, String)> =
                form.fields.iter().filter(|(name, _)| name == "notice").cloned().collect();
            let pairs: Vec<(&str, &str)> = forged.iter().map(|(name, id)| (name.as_str(), id.as_str())).collect();
            drop(stranger.post("/queue/read", &pairs).await.expect(303));
            let mut nobody = Client::new(house.city.router());
            drop(nobody.get("/follow").await);
            let refused = nobody.post("/queue/read", &pairs).await;
            assert!(refused.location().is_some_and(|to| to.starts_with("/sign-in")), "{}", refused.words());
            assert_eq!(shown(&handler.get("/queue").await), 1, "{}: not theirs to read", house.store.name);
            let mut elsewhere = handler.clone().with_header("sec-fetch-site", "cross-site");
            drop(elsewhere.post_exactly("/queue/read", &forged).await.expect(403));
            let queue = handler.get("/queue").await;
            drop(handler.submit_once(queue.form("/queue/read")).await.expect(303));
            assert_eq!(shown(&handler.get("/queue").await), 0, "{}: read", house.store.name);
        });
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
        let counter = Recipient::desk(taken.counter().unwrap(), None);
        assert_eq!(house.told(&counter), ["cases-notice-counter"]);
        let asks = Command::Supervise { note: "请尽快。".to_owned(), answer_by: "2026-11-30".parse().unwrap() };
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
        for _ in 0..2 {
            house.does_chore("cases.tell", payload.clone());
        }
        assert_eq!(house.inbox(&office(&case)).len(), 1, "{}", house.store.name);
    }
}

#[test]
fn desks_are_reminded_of_what_is_near_and_late_on_working_days_once_a_day() {
    for house in House::each() {
        let runner = house.runner();
        let case = house.opened(1, None);
        let due = case.promised_due().unwrap();
        let before = (1..).map(|days| kernel::time::date_plus_days(due, -days).unwrap());
        let worked = |date: &jiff::civil::Date| house.city.cases.hall.calendar().day(*date).kind.is_worked();
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
    let house = House::on(NEW_CITY.sqlite(), None, "127.0.0.1");
    let case = house.opened(1, None);
    let due = case.promised_due().unwrap();
    let copies = super::BATCH + 3;
    let written = house.store.write_blocking(move |tx| {
        for copy in 0..copies {
            let sql = "insert into cases_case select district, $1, number || '-' || $2, item, procedure, state, waits_for, clock, outcome, office_path, \
                       office_department, desk_path, desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, \
                       opened_at, changed_at, closed_at, promised_due, legal_due, provisional, sequence, rating, handler, \
                       handler_name, follow_up_by, late_reason, late_told_on, kind, latest_at, act_by from cases_case where number = $3";
            tx.exec(sql, &store::args![Uuid::now_v7(), copy, case.number.as_str()])?;
        }
        Ok::<_, StoreError>(())
    });
    written.unwrap();
    house.clock.set(ZONE.instant(due, 12 * 60));
    house.runner().run_due().unwrap();
    let handle = office_handle(&house.store);
    let unread =
        house.store.read_blocking(move |tx| jobs::unread(tx, std::slice::from_ref(&handle), copies * 2)).unwrap();
    let told_of_the_step = 1;
    assert_eq!(i64::try_from(unread.len()).unwrap(), copies + 1 + told_of_the_step);
}

#[test]
fn who_looks_herself_is_not_told_and_nothing_of_her_is_opened() {
    for house in House::each_with_gateway() {
        let case = house.opened(1, None);
        house.runner().run_due().unwrap();
        let (shard, id, now) = (district(&case), case.id.0, house.clock.now());
        let sql = "select id from jobs_notice where channel = 'webhook' order by id limit 1";
        let sent = house.store.read_blocking(move |tx| {
            let id = store::scalar::<Uuid>(tx, sql, &[])?.ok_or_else(|| StoreError::data("nobody is told"))?;
            jobs::notice(tx, id)?.ok_or_else(|| StoreError::data("no notice"))
        });
        let sent = sent.unwrap();
        let told = || match super::delivery::resolve(&house.city, &house.store, &sent, now) {
            Err(jobs::DeliveryError::NotWanted) => false,
            resolved => resolved.unwrap().is_some(),
        };
        let looks = || {
            let desk = house.city.cases.clone();
            let read = house.store.read_blocking(move |tx| {
                let known = desk.known(tx, shard, id)?;
                Ok::<_, Fault>(desk.hall.vault.accesses(tx, shard, known.record()?)?.len())
            });
            read.unwrap()
        };
        for (quiet, opened) in [(false, 1), (true, 0), (true, 0), (false, 1)] {
            let case = cases::Key { district: shard, id };
            house.store.write_blocking(move |tx| cases::set_quiet(tx, &case, quiet, now)).unwrap();
            let before = looks();
            assert_eq!(told(), !quiet, "{}", house.store.name);
            assert_eq!(looks() - before, opened, "{}", house.store.name);
        }
    }
}

#[test]
fn an_applicant_is_told_outside_what_a_decision_means_for_her() {
    for house in House::each_with_gateway() {
        let case = house.acts(&house.opened(1, Some(Uuid::now_v7())), "accept", &[]);
        house.acts(&case, "grant", &[("basis", "按目录")]);
        house.runner().run_due().unwrap();
        let sql = "select id from jobs_notice where channel = 'webhook' order by id limit 1";
        let sent = house.store.read_blocking(move |tx| {
            let id = store::scalar::<Uuid>(tx, sql, &[])?.ok_or_else(|| StoreError::data("nobody is told"))?;
            jobs::notice(tx, id)?.ok_or_else(|| StoreError::data("no notice"))
        });
        let told = super::delivery::resolve(&house.city, &house.store, &sent.unwrap(), house.clock.now());
        let text = told.unwrap().unwrap().text;
        assert!(text.contains("已批准，等您领取") && !text.contains("等领取"), "{}: {text}", house.store.name);
    }
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
        let waiting =
            house.city.cases.hall.figure(cases::words::RESULT_COLLECTION_REMINDER_DAYS, house.clock.now()).unwrap();
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
fn a_lease_outlasts_a_gateway() {
    let house = House::on(NEW_CITY.sqlite(), None, "127.0.0.1");
    let rules = settings::job_rules(&house.city.rulebook, ZONE.date(house.clock.now())).unwrap();
    assert!(rules.lease_seconds > super::delivery::ANSWER_SECONDS);
}

/// Tells that a community lies in another district now, as an import of an edition does.
fn moves(house: &House, from: &PlacePath, to: &PlacePath) {
    let moved = serde_json::json!({ "moved": [[from.id().0, from.as_str(), to.as_str()]] });
    let (message, district, now) = (Uuid::now_v7(), from.district(), house.clock.now());
    let told =
        house.store.write_blocking(move |tx| store::outbox::put(tx, message, district, places::MOVED, &moved, now));
    told.unwrap();
    house.runner().run_due().unwrap();
}

#[test]
fn a_community_that_goes_elsewhere_takes_cases_posts_and_notices_along() {
    for house in House::each() {
        let case = house.opened(3, None);
        let from = case.residence().clone();
        let to = {
            let tree = house.city.places.tree();
            let other = tree.of_level(Level::Street).find(|place| place.path.district() != from.district()).unwrap();
            other.path.child(from.id())
        };
        let desk = house.city.cases.clone();
        house.runner().run_due().unwrap();
        for _twice in 0..2 {
            moves(&house, &from, &to);
        }
        let (number, read) = (case.number.clone(), desk.clone());
        let after = house.store.read_blocking(move |tx| read.known_number(tx, &number)).unwrap().case;
        assert_eq!((after.residence(), after.counter()), (&to, Some(&to)), "{}", house.store.name);
        assert_eq!(district(&after), district(&case), "kept where it was opened, so its number still finds it");
        assert_eq!(after.sequence, case.sequence + 1, "told twice, done once");
        let events = house.store.read_blocking(move |tx| desk.events(tx, &after)).unwrap();
        assert_eq!(events.last().map(|one| one.event.kind()), Some("relocated"));
    }
}

#[test]
fn an_office_that_was_asked_takes_the_question_along() {
    for house in House::each() {
        let case = house.opened(4, None);
        let (street, other) = {
            let tree = house.city.places.tree();
            let own = case.residence().district();
            let street = tree.of_level(Level::Street).find(|place| place.path.district() != own).unwrap().path.clone();
            let other = tree.of_level(Level::District).find(|place| place.id != own && place.id != street.district());
            (street, other.unwrap().path.clone())
        };
        let office = Target { place: street.clone(), department: Some("health".to_owned()) };
        let due = kernel::time::date_plus_days(ZONE.date(house.clock.now()), 5).unwrap();
        let ask = Command::Consult { office, question: "有无登记".to_owned(), due, joint: true };
        let case = house.does(&case, ask, worker(&case.office.place, case.office.department.clone()));
        let to = other.child(street.id());
        moves(&house, &street, &to);
        let (desk, number) = (house.city.cases.clone(), case.number.clone());
        let after = house.store.read_blocking(move |tx| desk.known_number(tx, &number)).unwrap().case;
        assert_eq!(after.consultations[0].office.place, to, "{}", house.store.name);
        assert_eq!((after.residence(), &after.office.place), (case.residence(), &case.office.place));
    }
}
