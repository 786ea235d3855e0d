//! In these stories the database takes nothing, or goes away in the middle of a commit. People are told what is known,
//! and whoever sends the same form again has it done once.

use city_stories::{Browser, Resident, Town};
use lianglin::demonstration::Seed;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};
use store::{Options, Store, StoreError};
use testkit::{Form, Reply, Wire};

const ITEM: &str = "MZ-11";
const HOME: &str = "华炉社区";
/// How long somebody may wait for the answer that nothing can be stored.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many applications are sent at most until the room that is left is used up.
const MOST: u64 = 200;
/// How many commits an application may have at most.
const COMMITS: usize = 8;

/// Fills in an application as another person, with a key of its own.
fn as_another(form: &Form, seed: u64) -> Form {
    let who = Resident::next(&mut Seed::new(seed));
    let form = form.clone().set("name", &who.name).set("resident_id", &who.resident_id);
    form.set("telephone", &who.telephone).set("_once", &format!("fault-{seed}"))
}

/// Checks that an answer says that nothing was done, and when to come again.
fn nothing_done(town: &Town, reply: &Reply) {
    assert_eq!(reply.status.as_u16(), 503, "{}: {}", town.engine, reply.words());
    assert_eq!(reply.header("retry-after"), Some("30"), "{}", town.engine);
    assert!(reply.words().contains("没有办") && reply.words().contains("再试一次"), "{}", reply.words());
}

/// Sends a form twice. It must be done once.
fn done_once(town: &Town, she: &mut Browser, form: &Form, cases_before: i64) {
    let (first, again) = (she.send(form.clone()).expect(303), she.send(form.clone()).expect(303));
    assert_eq!(first.location(), again.location(), "{}", town.engine);
    assert_eq!(town.counts().cases, cases_before + 1, "{}", town.engine);
}

/// Takes away or gives back the room of the database.
fn leave_room(town: &Town, room: bool) {
    let done: Result<(), StoreError> = town.store().write_blocking(move |tx| {
        match (tx.engine(), room) {
            (store::Engine::Sqlite, false) => drop(tx.rows("pragma max_page_count = 1", &[])?),
            (store::Engine::Sqlite, true) => drop(tx.rows("pragma max_page_count = 1073741823", &[])?),
            (store::Engine::Postgres, false) => {
                // The server says so when it cannot make a file of a table larger.
                let says = "create function no_room() returns trigger language plpgsql as \
                            'begin raise exception ''could not extend file'' using errcode = ''53100''; end'";
                tx.exec(says, &[])?;
                let on = "create trigger no_room before insert on cases_case for each row execute function no_room()";
                tx.exec(on, &[])?;
            }
            (store::Engine::Postgres, true) => {
                tx.exec("drop trigger no_room on cases_case", &[])?;
            }
        }
        Ok(())
    });
    done.unwrap();
}

/// Uses up what is left free inside the file.
fn use_up(town: &Town) {
    if town.engine != "sqlite" {
        return;
    }
    loop {
        let filled: Result<u64, StoreError> =
            town.store().write_blocking(|tx| tx.exec("insert into filler (x) values (zeroblob(3000))", &[]));
        match filled {
            Ok(_) => {}
            Err(StoreError::Full) => return,
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn on_a_full_disk_nothing_is_done_and_with_room_the_same_form_is_done_once() {
    for town in Town::each() {
        let mut she = town.visitor();
        let who = Resident::next(&mut Seed::new(911));
        let form = she.to_check(&town, ITEM, &who, &town.named(HOME));
        let table: Result<u64, StoreError> =
            town.store().write_blocking(|tx| tx.exec("create table filler (x bytea)", &[]));
        table.unwrap();
        leave_room(&town, false);
        use_up(&town);
        let mut before = town.counts();
        // The pages that there are have room for a few rows more.
        let found = (0..MOST).find_map(|number| {
            before = town.counts();
            let form = as_another(&form, 10_000 + number);
            let reply = she.send(form.clone());
            if reply.status == 303 { None } else { Some((form, reply)) }
        });
        let (form, reply) = found.unwrap();
        nothing_done(&town, &reply);
        assert_eq!(town.counts(), before, "{}: nothing of it is there", town.engine);
        nothing_done(&town, &she.send(form.clone()));
        assert_eq!(town.counts(), before, "{}", town.engine);
        drop(town.visitor().open("/items/MZ-11").expect(200));
        leave_room(&town, true);
        done_once(&town, &mut she, &form, before.cases);
        town.verify();
    }
}

#[test]
fn beside_a_foreign_lock_nothing_is_done_and_the_answer_comes_in_time() {
    for town in Town::each().into_iter().filter(|town| town.engine == "sqlite") {
        let mut she = town.visitor();
        let who = Resident::next(&mut Seed::new(912));
        let form = she.to_check(&town, ITEM, &who, &town.named(HOME));
        let beside = Options { exclusive: false, create: false, ..Options::default() };
        let other = Store::open(&town.store().address, beside).unwrap();
        let (begun, begins) = sync_channel(1);
        let (free, freed) = sync_channel::<()>(1);
        let holder = std::thread::spawn(move || {
            other.write_blocking::<_, StoreError, _>(move |_| {
                begun.send(()).unwrap();
                freed.recv().unwrap();
                Ok(())
            })
        });
        begins.recv().unwrap();
        let (before, started) = (town.counts(), Instant::now());
        let reply = she.send(form.clone());
        let waited = started.elapsed();
        nothing_done(&town, &reply);
        assert!(waited < PATIENCE, "{waited:?}");
        assert_eq!(town.counts(), before);
        free.send(()).unwrap();
        holder.join().unwrap().unwrap();
        done_once(&town, &mut she, &form, before.cases);
        town.verify();
    }
}

#[test]
fn when_the_answer_to_a_commit_is_lost_that_is_said_and_the_same_form_is_done_once() {
    let mut laid = None;
    let town = Town::by_way_of(|address| {
        let wire = Wire::to(address);
        laid.insert(wire).address().to_owned()
    });
    let Some((town, wire)) = town.zip(laid) else {
        eprintln!("passed over: SQLite has no connection that could be lost, and there is no PostgreSQL here");
        return;
    };
    let (mut lost, mut stored) = (0, 0);
    for commit in 1..=COMMITS {
        let mut she = town.visitor();
        let who = Resident::next(&mut Seed::new(920 + u64::try_from(commit).unwrap()));
        let form = she.to_check(&town, ITEM, &who, &town.named(HOME));
        let before = town.counts().cases;
        wire.lose(commit);
        let reply = she.send(form.clone());
        if !wire.mend() {
            assert_eq!(reply.status, 303, "it has no more commits: {}", reply.words());
            break;
        }
        let reply = reply.expect(503);
        assert!(reply.header("retry-after").is_some());
        let words = reply.words();
        assert!(words.contains("不知道存上了没有") && words.contains("不会重复办"), "{words}");
        lost += 1;
        stored += town.counts().cases - before;
        done_once(&town, &mut she, &form, before);
    }
    assert!(lost >= 1 && stored >= 1, "{lost} answers were lost, {stored} times the case was stored all the same");
    town.verify();
}
