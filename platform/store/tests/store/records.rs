//! Tests migrations, keys, the outbox and the log on both engines.

use crate::engines::{addresses, at, beds};
use kernel::place::PlaceId;
use store::once::{self, Once};
use store::{
    Engine, Migration, Options, Store, StoreError, all, args, log, migrate, outbox, pending, record, render, schema,
};
use uuid::Uuid;

const DISTRICT: PlaceId = PlaceId(4);

const FIRST: Migration = Migration {
    name: "lamps/0001_lamp",
    sql: "-- Lamps; and where they stand.\ncreate table lamps_lamp (\n  district {int} not null,\n  id {uuid} not null,\n  name {text} not \
          null default 'a;b',\n  picture {bytes},\n  primary key (district, id)\n) {strict};\ncreate unique index lamps_lamp_name on \
          lamps_lamp (district, name);\ncreate index lamps_lamp_bare on lamps_lamp (name) where picture is null;\n",
};
const SECOND: Migration = Migration {
    name: "lamps/0002_report",
    sql: "create table lamps_report (\n  district {int} not null,\n  lamp {uuid} not null,\n  number {int} not null,\n  code {text} not null \
          unique,\n  primary key (district, lamp, number),\n  foreign key (district, lamp) references lamps_lamp (district, id)\n) \
          {strict};\nalter table lamps_lamp add column height {int};\n",
};

fn unit<T: Send + 'static>(
    store: &Store,
    work: impl FnMut(&mut dyn store::Tx) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    store.write_blocking(work)
}

#[test]
fn a_server_says_what_time_it_is_and_a_file_has_no_clock() {
    for (address, _folder) in addresses() {
        let store = Store::open(&address, Options::default()).unwrap();
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let here = i64::try_from(since.as_micros()).unwrap();
        let told = store.read_blocking(store::clock::of_server).unwrap();
        match store.engine() {
            Engine::Sqlite => assert_eq!(told, None),
            Engine::Postgres => {
                let apart = told.unwrap().micros().abs_diff(here);
                assert!(apart < 3_600_000_000, "the server of a test runs on this machine: {apart}");
            }
        }
    }
}

#[test]
fn migrations_go_forward_once_and_the_tables_are_the_same_on_both_engines() {
    let mut texts = Vec::new();
    for (address, _folder) in addresses() {
        let store = Store::open(&address, Options::default()).unwrap();
        let made = [
            "store/0001_store",
            "store/0002_outbox",
            "store/0003_series",
            "store/0004_outbox_done",
            "store/0005_audit_open",
            "lamps/0001_lamp",
        ];
        assert_eq!(pending(&store, &[&[FIRST]]).unwrap(), made);
        assert_eq!(migrate(&store, &[&[FIRST]]).unwrap(), made);
        assert_eq!(migrate(&store, &[&[FIRST]]).unwrap(), [""; 0]);
        assert_eq!(pending(&store, &[&[FIRST, SECOND]]).unwrap(), ["lamps/0002_report"]);
        assert_eq!(migrate(&store, &[&[FIRST, SECOND]]).unwrap(), ["lamps/0002_report"]);
        texts.push(schema(&store).unwrap());
    }
    for text in &texts {
        assert_eq!(text, &texts[0]);
    }
    let lamps = &texts[0][texts[0].find("table lamps_lamp").unwrap()..texts[0].find("table store_audit_head").unwrap()];
    assert_eq!(
        lamps,
        "table lamps_lamp\n  district int not null\n  id blob not null\n  name text not null\n  picture blob\n  height int\n  key \
         (district, id)\n  index lamps_lamp_bare (name) where …\n  unique index lamps_lamp_name (district, name)\n\ntable \
         lamps_report\n  district int not null\n  lamp blob not null\n  number int not null\n  code text not null\n  key (district, \
         lamp, number)\n  foreign (district, lamp) to lamps_lamp (district, id)\n  unique (code)\n\n"
    );
}

#[test]
fn both_renderings_are_as_reviewed() {
    let sql = "create table a (b {int}, c {text}, d {bytes}, e {uuid}) {strict};";
    assert_eq!(render(sql, Engine::Sqlite), "create table a (b int, c text, d blob, e blob) strict, without rowid;");
    assert_eq!(render(sql, Engine::Postgres), "create table a (b bigint, c text collate \"C\", d bytea, e uuid) ;");
}

#[test]
fn a_migration_that_cannot_be_applied_says_why_and_changes_nothing() {
    let altered =
        Migration { name: FIRST.name, sql: "create table lamps_lamp (id {int} not null primary key) {strict};\n" };
    let broken = Migration {
        name: "lamps/0003_broken",
        sql: "create table lamps_good (id {int} not null primary key) {strict};\nnonsense;\n",
    };
    let table: [(&[Migration], &str, &str); 5] = [
        (&[altered, SECOND], FIRST.name, "altered after it was applied"),
        (&[FIRST], SECOND.name, "newer than the program"),
        (&[FIRST, Migration { name: "lamps/0001b_late", sql: "" }, SECOND], "lamps/0001b_late", "goes to the end"),
        (&[FIRST, SECOND, SECOND], SECOND.name, "listed twice"),
        (&[FIRST, SECOND, broken], broken.name, "cannot be applied"),
    ];
    for (address, _folder) in addresses() {
        let store = Store::open(&address, Options::default()).unwrap();
        migrate(&store, &[&[FIRST, SECOND]]).unwrap();
        let before = schema(&store).unwrap();
        for (migrations, name, message) in table {
            let error = migrate(&store, &[migrations]).unwrap_err();
            assert!(matches!(&error, StoreError::Migration { name: found, .. } if found == name), "{error}");
            assert!(error.to_string().contains(message), "{error}");
        }
        assert_eq!(schema(&store).unwrap(), before);
    }
}

#[test]
fn two_servers_that_start_together_migrate_once() {
    for (address, _folder) in addresses() {
        if !address.starts_with("postgres") {
            continue;
        }
        let servers: Vec<_> = (0..3)
            .map(|_| {
                let address = address.clone();
                std::thread::spawn(move || {
                    let store = Store::open(&address, Options { postgres_writers: 1, ..Options::default() }).unwrap();
                    migrate(&store, &[&[FIRST, SECOND]]).unwrap().len()
                })
            })
            .collect();
        let applied: usize = servers.into_iter().map(|server| server.join().unwrap()).sum();
        assert_eq!(applied, 7);
    }
}

#[test]
fn a_command_sent_twice_is_done_once() {
    for bed in beds(&[]) {
        let begin = |digest: &'static str| unit(&bed.store, move |tx| once::begin(tx, "form", "key", digest, at(0)));
        let done = unit(&bed.store, |tx| {
            assert_eq!(once::begin(tx, "form", "key", "digest", at(0))?, Once::New);
            once::finish(tx, "form", "key", "answer")
        });
        assert_eq!(done, Ok(()));
        assert_eq!(begin("digest"), Ok(Once::Again("answer".to_owned())));
        assert_eq!(begin("another"), Ok(Once::Conflict));
        let plain = "select count(*) from store_once where digest = 'digest'";
        let plain = unit(&bed.store, move |tx| store::scalar::<i64>(tx, plain, &[]));
        assert_eq!(plain, Ok(Some(0)), "what tells commands apart may hold words about a person");
        let earlier = "update store_once set digest = 'digest' where key = 'key'";
        assert_eq!(unit(&bed.store, move |tx| tx.exec(earlier, &[])), Ok(1));
        assert_eq!(begin("digest"), Ok(Once::Again("answer".to_owned())), "also what an earlier version kept");
        for (key, digest, expected) in [("key", "digest", true), ("key", "another", false), ("none", "digest", false)] {
            let asked = once::Command { scope: "form", key, digest };
            assert_eq!(unit(&bed.store, move |tx| once::was_done(tx, asked)), Ok(expected), "{key} {digest}");
        }
        let failed: Result<(), StoreError> = unit(&bed.store, |tx| {
            assert_eq!(once::begin(tx, "other", "key", "digest", at(0))?, Once::New);
            Err(StoreError::data("refused"))
        });
        assert!(failed.is_err());
        assert_eq!(
            unit(&bed.store, |tx| once::begin(tx, "other", "key", "digest", at(9))),
            Ok(Once::New),
            "a failure leaves no key"
        );
        assert!(unit(&bed.store, |tx| once::finish(tx, "form", "unknown", "")).is_err());
        assert_eq!(unit(&bed.store, |tx| once::forget(tx, at(5))), Ok(1));
        assert_eq!(begin("another"), Ok(Once::New));
    }
}

#[test]
fn the_same_command_from_many_at_once_is_done_once() {
    for bed in beds(&[]) {
        let senders: Vec<_> = (0..12)
            .map(|_| {
                let store = bed.store.clone();
                let id = Uuid::now_v7();
                std::thread::spawn(move || {
                    unit(&store, move |tx| match once::begin(tx, "form", "key", "digest", at(0))? {
                        Once::New => {
                            outbox::put(tx, id, DISTRICT, "done", &serde_json::json!({}), at(0))?;
                            once::finish(tx, "form", "key", &id.to_string())?;
                            Ok(id.to_string())
                        }
                        Once::Again(answer) => Ok(answer),
                        Once::Conflict => Err(StoreError::Conflict),
                    })
                })
            })
            .collect();
        let answers: Vec<String> = senders.into_iter().map(|sender| sender.join().unwrap().unwrap()).collect();
        let messages = unit(&bed.store, |tx| outbox::pending(tx, 100)).unwrap();
        assert_eq!(messages.len(), 1);
        assert!(answers.iter().all(|answer| *answer == messages[0].id.to_string()));
    }
}

#[test]
fn messages_wait_until_they_are_dealt_with() {
    for bed in beds(&[]) {
        let ids: Vec<Uuid> = (1..=3).map(Uuid::from_u128).collect();
        let (all_ids, first) = (ids.clone(), ids[0]);
        unit(&bed.store, move |tx| {
            all_ids.iter().rev().try_for_each(|id| {
                outbox::put(
                    tx,
                    *id,
                    DISTRICT,
                    "cases.decided",
                    &serde_json::json!({"名": id.as_u128().to_string()}),
                    at(1),
                )
            })
        })
        .unwrap();
        let waiting = unit(&bed.store, |tx| outbox::pending(tx, 2)).unwrap();
        assert_eq!(waiting.iter().map(|message| message.id).collect::<Vec<_>>(), ids[..2]);
        assert_eq!((waiting[0].district, waiting[0].at, &waiting[0].topic[..]), (DISTRICT, at(1), "cases.decided"));
        assert_eq!(waiting[0].payload, serde_json::json!({"名": "1"}));
        unit(&bed.store, move |tx| outbox::done(tx, DISTRICT, first, at(2))).unwrap();
        unit(&bed.store, move |tx| outbox::done(tx, DISTRICT, first, at(9))).unwrap();
        assert_eq!(unit(&bed.store, |tx| outbox::pending(tx, 9)).unwrap().len(), 2);
        assert_eq!(unit(&bed.store, |tx| outbox::forget(tx, at(5), 0)), Ok(0), "no more than were asked for");
        assert_eq!(unit(&bed.store, |tx| outbox::forget(tx, at(5), 9)), Ok(1));
        assert_eq!(unit(&bed.store, |tx| outbox::pending(tx, 9)).unwrap().len(), 2, "what waits stays");
    }
}

#[test]
fn what_happened_first_is_heard_first_whatever_its_message_is_called() {
    for bed in beds(&[]) {
        for (id, second) in [(9, 1), (2, 3), (5, 2)] {
            let said = serde_json::json!({});
            unit(&bed.store, move |tx| {
                outbox::put(tx, Uuid::from_u128(id), DISTRICT, "cases.moved", &said, at(second))
            })
            .unwrap();
        }
        let heard = unit(&bed.store, |tx| outbox::pending(tx, 9)).unwrap();
        let ids: Vec<u128> = heard.iter().map(|message| message.id.as_u128()).collect();
        assert_eq!(ids, [9, 5, 2], "{:?}", bed.store.engine());
    }
}

#[test]
fn the_log_goes_on_only_from_where_it_is() {
    for bed in beds(&[]) {
        let stream = Uuid::now_v7();
        let append = |after: i64, kinds: &'static [&'static str]| {
            unit(&bed.store, move |tx| {
                let entries: Vec<_> = kinds.iter().map(|kind| (*kind, format!("{{\"k\":\"{kind}\"}}"))).collect();
                log::append(tx, DISTRICT, stream, after, &entries, at(after))
            })
        };
        assert_eq!(append(0, &["opened", "accepted"]), Ok(()));
        assert_eq!(append(2, &["decided"]), Ok(()));
        assert_eq!(append(2, &["decided"]), Err(StoreError::Conflict), "someone was faster");
        assert_eq!(append(9, &["decided"]), Err(StoreError::Conflict), "there is no such event");
        let entries = unit(&bed.store, move |tx| log::read(tx, DISTRICT, stream)).unwrap();
        assert_eq!(
            entries.iter().map(|entry| (entry.sequence, &entry.kind[..])).collect::<Vec<_>>(),
            [(1, "opened"), (2, "accepted"), (3, "decided")]
        );
        assert_eq!(entries[0].previous, log::BEGINNING);
        assert_eq!(entries[1].previous, entries[0].hash);
        assert_eq!(entries[2].previous, entries[1].hash);
        assert_eq!(entries[2].hash, log::hash(DISTRICT, stream, &entries[2]));
        assert!(unit(&bed.store, move |tx| log::read(tx, PlaceId(5), stream)).unwrap().is_empty());
    }
}

/// The hash is part of the format, so it must not change between versions of the program. (It was reckoned with
/// OpenSSL.)
#[test]
fn the_hash_of_an_event_is_fixed() {
    let entry = log::Entry {
        sequence: 1,
        at: at(0),
        kind: "opened".to_owned(),
        payload: "{}".to_owned(),
        previous: log::BEGINNING.to_vec(),
        hash: Vec::new(),
    };
    let hash = log::hash(PlaceId(4), Uuid::from_u128(1), &entry);
    assert_eq!(
        data_encoding::HEXLOWER.encode(&hash),
        "2781c31f4cff1f8f2fb9275b8237af8836795be3e11244ec71fd40181e4713b9"
    );
}

record! {
    struct Total {
        events: i64,
        streams: i64,
    }
}

#[test]
fn many_writers_of_one_stream_make_one_chain() {
    for bed in beds(&[]) {
        let stream = Uuid::now_v7();
        let writers: Vec<_> = (0..6)
            .map(|_| {
                let store = bed.store.clone();
                std::thread::spawn(move || {
                    (0..5)
                        .filter(|_| {
                            unit(&store, move |tx| {
                                let (last, _) = log::last(tx, DISTRICT, stream)?;
                                log::append(tx, DISTRICT, stream, last, &[("went on", "{}".to_owned())], at(0))
                            })
                            .is_ok()
                        })
                        .count()
                })
            })
            .collect();
        let stored: usize = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        let totals: Vec<Total> = bed
            .store
            .read_blocking::<_, StoreError, _>(|tx| {
                all(tx, "select count(*), count(distinct stream) from store_event", &args![])
            })
            .unwrap();
        assert_eq!(totals, [Total { events: i64::try_from(stored).unwrap(), streams: 1 }]);
        assert!(stored >= 25, "{:?}: {stored} of 30", bed.store.engine());
        let report = store::audit::verify(&bed.store, &store::audit::AuditKey::new([1; 32]), |_| ()).unwrap();
        assert_eq!((report.fault_count, report.events), (0, u64::try_from(stored).unwrap()));
    }
}
