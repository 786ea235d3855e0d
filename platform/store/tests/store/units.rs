//! Tests units of work on both engines: what is stored, what is not, and what the caller gets.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, mpsc};

use crate::engines::{addresses, beds, beds_with};
use store::{Engine, Migration, Options, Row, Store, StoreError, Tx, Val, all, args, migrate, one, record, scalar};
use uuid::Uuid;

const TABLES: [Migration; 1] = [Migration {
    name: "units/0001_tables",
    sql: "create table units_item (\n  id {int} not null primary key,\n  name {text} not null unique,\n  amount {int} not null \
          check (amount >= 0)\n) {strict};\n\
          create table units_thing (\n  id {uuid} not null primary key,\n  body {bytes},\n  note {text}\n) {strict};\n\
          create table units_part (\n  id {int} not null primary key,\n  item {int} not null references units_item (id)\n) \
          {strict};\n",
}];

record! {
    /// An item.
    struct Item {
        id: i64,
        name: String,
        amount: i64,
    }
}

fn put(tx: &mut dyn Tx, id: i64, name: &str, amount: i64) -> Result<(), StoreError> {
    tx.exec("insert into units_item (id, name, amount) values ($1, $2, $3)", &args![id, name, amount]).map(drop)
}

fn items(store: &Store) -> Vec<Item> {
    store
        .read_blocking(|tx| all::<Item>(tx, "select id, name, amount from units_item order by name limit 10000", &[]))
        .unwrap()
}

fn query(store: &Store, sql: &'static str, args: &[Val]) -> Result<Vec<Row>, StoreError> {
    let args = args.to_vec();
    store.read_blocking(move |tx| tx.rows(sql, &args))
}

#[test]
fn values_and_parameters_are_the_same_on_both_engines() {
    for bed in beds(&TABLES) {
        let id = Uuid::now_v7();
        let stored: Option<(Uuid, Option<Vec<u8>>, Option<String>)> = bed
            .store
            .write_blocking(move |tx| {
                let sql = "insert into units_thing (note, body, id) values ($3, $2, $1)";
                assert_eq!(tx.exec(sql, &args![id, vec![0u8, 255], None::<String>])?, 1);
                let rows = tx.rows("select id, body, note from units_thing where id = $1", &args![id])?;
                rows.first().map(|row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?))).transpose()
            })
            .unwrap();
        assert_eq!(stored, Some((id, Some(vec![0, 255]), None)));
        let order = query(&bed.store, "select cast($2 as bigint), cast($1 as bigint), '$1'", &args![10, 20]).unwrap();
        assert_eq!(order[0].values(), args![20, 10, "$1"], "{:?}", bed.store.engine());
    }
}

#[test]
fn sums_counts_and_changed_rows_are_the_same() {
    for bed in beds(&TABLES) {
        let answer: Result<_, StoreError> = bed.store.write_blocking(|tx| {
            put(tx, 1, "一", 5)?;
            put(tx, 2, "二", 6)?;
            let sum = scalar::<i64>(tx, "select sum(amount) from units_item", &[])?;
            let none = scalar::<Option<i64>>(tx, "select sum(amount) from units_item where id > 9", &[])?;
            let changed = tx.exec("update units_item set amount = amount + $1", &args![1])?;
            let nothing = tx.exec("update units_item set amount = 0 where id = $1", &args![99])?;
            let again = tx.exec(
                "insert into units_item (id, name, amount) values ($1, $2, 1) on conflict (id) do nothing",
                &args![1, "三"],
            )?;
            let sql = "update units_item set amount = 9 where id = $1 returning amount";
            let returned = tx.rows(sql, &args![2])?[0].get::<i64>(0)?;
            let missing = one::<Item>(tx, "select id, name, amount from units_item where id = $1", &args![7])?;
            Ok((sum, none, changed, nothing, again, returned, missing, tx.exec("delete from units_item", &[])?))
        });
        assert_eq!(answer, Ok((Some(11), Some(None), 2, 0, 0, 9, None, 2)), "{:?}", bed.store.engine());
    }
}

#[test]
fn texts_are_ordered_byte_by_byte() {
    for bed in beds(&TABLES) {
        let names = ["b", "A", "a", "B", "沈", "阿", "1.", "1/", "é", "z", "_", "a b", "ab"];
        let written: Result<(), StoreError> =
            bed.store.write_blocking(move |tx| names.iter().zip(1..).try_for_each(|(name, id)| put(tx, id, name, 0)));
        written.unwrap();
        let mut expected = names.to_vec();
        expected.sort_unstable();
        let found: Vec<String> = items(&bed.store).into_iter().map(|item| item.name).collect();
        assert_eq!(found, expected, "{:?}", bed.store.engine());
    }
}

#[test]
fn a_failed_statement_loses_the_unit_even_if_the_closure_goes_on() {
    for bed in beds(&TABLES) {
        let swallowed: Result<(), StoreError> = bed.store.write_blocking(|tx| {
            put(tx, 1, "a", 1)?;
            assert!(matches!(put(tx, 1, "b", 1), Err(StoreError::Constraint(_))));
            assert!(matches!(put(tx, 2, "c", 1), Err(StoreError::Constraint(_))));
            Ok(())
        });
        assert!(matches!(swallowed, Err(StoreError::Constraint(_))), "{swallowed:?}");
        assert_eq!(items(&bed.store), []);
    }
}

#[test]
fn each_fault_has_its_name_on_both_engines() {
    type Check = fn(&StoreError) -> bool;
    let table: [(&str, &[Val], Check); 9] = [
        ("insert into units_item (id, name, amount) values (1, 'a', -1)", &[], |error| {
            matches!(error, StoreError::Constraint(_))
        }),
        ("insert into units_item (id, name) values (1, 'a')", &[], |error| matches!(error, StoreError::Constraint(_))),
        ("insert into units_part (id, item) values (1, 99)", &[], |error| matches!(error, StoreError::Constraint(_))),
        ("insert into units_item (id, name, amount) values ($1, 'a', 1)", &[Val::Text(String::new())], |error| {
            matches!(error, StoreError::Data { .. })
        }),
        ("select nothing from nowhere", &[], |error| matches!(error, StoreError::Query { .. })),
        ("selec", &[], |error| matches!(error, StoreError::Query { .. })),
        ("select id from units_item where id = $1", &[], |error| matches!(error, StoreError::Query { .. })),
        ("commit", &[], |error| matches!(error, StoreError::Query { .. })),
        ("savepoint a", &[], |error| matches!(error, StoreError::Query { .. })),
    ];
    for bed in beds(&TABLES) {
        for (sql, args, check) in table {
            let args = args.to_vec();
            let answer: Result<u64, StoreError> = bed.store.write_blocking(move |tx| tx.exec(sql, &args));
            let error = answer.unwrap_err();
            assert!(check(&error), "{:?} {sql}: {error:?}", bed.store.engine());
        }
        let unique: Result<(), StoreError> = bed.store.write_blocking(|tx| {
            put(tx, 1, "a", 1)?;
            put(tx, 2, "a", 1)
        });
        assert!(matches!(unique, Err(StoreError::Constraint(_))));
        assert_eq!(items(&bed.store), []);
    }
}

#[test]
fn a_read_cannot_write() {
    for bed in beds(&TABLES) {
        let answer: Result<(), StoreError> = bed.store.read_blocking(|tx| put(tx, 1, "a", 1));
        assert!(matches!(answer, Err(StoreError::Query { .. })), "{answer:?}");
        let answer: Result<(), StoreError> = bed.store.snapshot_blocking(|tx| put(tx, 1, "a", 1));
        assert!(matches!(answer, Err(StoreError::Query { .. })), "{answer:?}");
        assert_eq!(items(&bed.store), []);
    }
}

#[test]
fn a_refusal_and_a_panic_take_only_their_own_work() {
    #[derive(Debug, PartialEq)]
    enum Answer {
        No,
        Store(StoreError),
    }
    impl From<StoreError> for Answer {
        fn from(error: StoreError) -> Self {
            Self::Store(error)
        }
    }
    for bed in beds(&TABLES) {
        let refused: Result<(), Answer> = bed.store.write_blocking(|tx| {
            put(tx, 1, "refused", 1)?;
            Err(Answer::No)
        });
        assert_eq!(refused, Err(Answer::No));
        let panicked: Result<(), Answer> = bed.store.write_blocking(|tx| {
            put(tx, 1, "panicked", 1)?;
            panic!("planted")
        });
        assert_eq!(panicked, Err(Answer::Store(StoreError::Panicked)));
        let panicked: Result<(), Answer> = bed.store.read_blocking(|_| panic!("planted"));
        assert_eq!(panicked, Err(Answer::Store(StoreError::Panicked)));
        let stored: Result<(), Answer> = bed.store.write_blocking(|tx| Ok(put(tx, 1, "stored", 1)?));
        assert_eq!(stored, Ok(()));
        assert_eq!(items(&bed.store).len(), 1);
    }
}

#[test]
fn a_full_queue_answers_busy_at_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let options = Options { queue_length: 1, postgres_writers: 1, ..Options::default() };
    for bed in beds_with(&TABLES, &options) {
        let (started, wait_for_start) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let first = bed.store.clone();
        let holding = std::thread::spawn(move || {
            first.write_blocking::<_, StoreError, _>(move |_| {
                started.send(()).unwrap();
                released.recv().unwrap();
                Ok(())
            })
        });
        wait_for_start.recv().unwrap();
        let second = bed.store.clone();
        let waiting = std::thread::spawn(move || second.write_blocking(|tx| put(tx, 1, "waited", 1)));
        let busy = loop {
            let third: Result<(), StoreError> = runtime.block_on(async {
                let work = bed.store.write(|_| Ok(()));
                tokio::select! { biased; answer = work => answer, () = std::future::ready(()) => Ok(()) }
            });
            match third {
                Ok(()) => std::thread::yield_now(),
                other => break other,
            }
        };
        assert_eq!(busy, Err(StoreError::Busy));
        release.send(()).unwrap();
        holding.join().unwrap().unwrap();
        waiting.join().unwrap().unwrap();
        let stored: Result<(), StoreError> = runtime.block_on(bed.store.write(|tx| put(tx, 2, "later", 1)));
        assert_eq!(stored, Ok(()));
        assert_eq!(items(&bed.store).len(), 2);
    }
}

#[test]
fn closing_finishes_what_waits_and_then_refuses() {
    for bed in beds(&TABLES) {
        let other = bed.store.clone();
        let writers: Vec<_> = (0..20)
            .map(|id| {
                let store = bed.store.clone();
                std::thread::spawn(move || store.write_blocking(move |tx| put(tx, id, &id.to_string(), 1)))
            })
            .collect();
        let answers: Vec<Result<(), StoreError>> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        bed.store.close();
        assert_eq!(other.read_blocking::<_, StoreError, _>(|_| Ok(())), Err(StoreError::Closed));
        drop(other);
        let again = Store::open(&bed.address, Options::default()).unwrap();
        assert_eq!(items(&again).len(), answers.iter().filter(|answer| answer.is_ok()).count());
    }
}

/// Two units read before they write. One must run again, and nothing is lost.
#[test]
fn a_conflict_runs_the_closure_again() {
    for bed in beds(&TABLES) {
        let runs = Arc::new(AtomicU32::new(0));
        bed.store.write_blocking(|tx| put(tx, 1, "counter", 0)).unwrap();
        let meeting = Arc::new(Barrier::new(2));
        let writers: Vec<_> = (0..2)
            .map(|_| {
                let (store, runs, meeting) = (bed.store.clone(), Arc::clone(&runs), Arc::clone(&meeting));
                let alone = store.engine() == Engine::Sqlite;
                let mut first = true;
                std::thread::spawn(move || {
                    store.write_blocking::<_, StoreError, _>(move |tx| {
                        runs.fetch_add(1, Ordering::SeqCst);
                        let seen: i64 = scalar(tx, "select amount from units_item where id = 1", &[])?.unwrap();
                        if std::mem::take(&mut first) && !alone {
                            meeting.wait();
                        }
                        let sql = "update units_item set amount = $1 where id = 1 and amount = $2";
                        if tx.exec(sql, &args![seen + 1, seen])? == 1 { Ok(()) } else { Err(tx.conflict()) }
                    })
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap().unwrap();
        }
        assert_eq!(items(&bed.store)[0].amount, 2);
        let expected = if bed.store.engine() == Engine::Sqlite { 2 } else { 3 };
        assert_eq!(runs.load(Ordering::SeqCst), expected);
    }
}

/// Statements whose answers nobody waits for keep their order, are seen by later queries, and are all stored or none.
#[test]
fn what_is_put_is_stored_in_order_or_not_at_all() {
    const INSERT: &str = "insert into units_item (id, name, amount) values ($1, $2, $3)";
    const ADD: &str = "update units_item set amount = amount * 2 + $1 where id = 1";
    for bed in beds(&TABLES) {
        let seen: i64 = bed
            .store
            .write_blocking(|tx| {
                tx.put_one(INSERT, &args![1, "order", 0])?;
                for digit in [1, 0, 1, 1] {
                    tx.put_one(ADD, &args![digit])?;
                }
                for id in 2..200 {
                    tx.put(INSERT, &args![id, format!("many {id:03}"), 0])?;
                }
                Ok::<_, StoreError>(scalar(tx, "select amount from units_item where id = 1", &[])?.unwrap())
            })
            .unwrap();
        assert_eq!((seen, items(&bed.store).len()), (0b1011, 199));

        let late: Result<(), StoreError> = bed.store.write_blocking(|tx| {
            tx.put(INSERT, &args![500, "gone", 0])?;
            tx.put(INSERT, &args![501, "order", 0])
        });
        assert!(matches!(late, Err(StoreError::Constraint(_))), "{late:?}");
        let refused: Result<(), StoreError> = bed.store.write_blocking(|tx| {
            tx.put(INSERT, &args![502, "refused", 0])?;
            Err(StoreError::data("changed its mind"))
        });
        assert!(refused.is_err());
        let read: Result<(), StoreError> = bed.store.read_blocking(|tx| tx.put(INSERT, &args![503, "read", 0]));
        assert!(read.is_err(), "a read cannot write");
        assert_eq!(items(&bed.store).len(), 199, "nothing of what failed stays");
    }
}

/// One row too few stops the commit, and the closure runs again where others write at the same time.
#[test]
fn a_put_that_finds_no_row_is_a_conflict() {
    for bed in beds(&TABLES) {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        let missed: Result<(), StoreError> = bed.store.write_blocking(move |tx| {
            counted.fetch_add(1, Ordering::SeqCst);
            put(tx, 1, "beside it", 1)?;
            tx.put_one("update units_item set amount = 2 where id = $1", &args![99])
        });
        assert_eq!(missed, Err(StoreError::Conflict));
        assert_eq!(items(&bed.store), [], "what was beside it is not stored either");
        let expected = if bed.store.engine() == Engine::Sqlite { 1 } else { 8 };
        assert_eq!(runs.load(Ordering::SeqCst), expected);
        bed.store.write_blocking(|tx| put(tx, 1, "after it", 1)).unwrap();
        let freed = bed.store.write_blocking::<_, StoreError, _>(|tx| {
            tx.put_one("update units_item set amount = 2 where id = $1", &args![1])
        });
        assert_eq!((freed, items(&bed.store)[0].amount), (Ok(()), 2), "the connection is good");
    }
}

/// Two units lock two rows in opposite order. PostgreSQL ends one, and the store runs it again.
#[test]
fn a_deadlock_is_resolved_inside() {
    for bed in beds(&TABLES) {
        bed.store
            .write_blocking::<_, StoreError, _>(|tx| {
                put(tx, 1, "one", 0)?;
                put(tx, 2, "two", 0)
            })
            .unwrap();
        let meeting = Arc::new(Barrier::new(2));
        let writers: Vec<_> = [[1, 2], [2, 1]]
            .into_iter()
            .map(|order| {
                let (store, meeting) = (bed.store.clone(), Arc::clone(&meeting));
                let mut first = store.engine() == Engine::Postgres;
                std::thread::spawn(move || {
                    store.write_blocking::<_, Forgetful, _>(move |tx| {
                        let sql = "update units_item set amount = amount + 1 where id = $1";
                        tx.exec(sql, &args![order[0]]).map_err(|_| Forgetful)?;
                        if std::mem::take(&mut first) {
                            meeting.wait();
                        }
                        tx.exec(sql, &args![order[1]]).map_err(|_| Forgetful)?;
                        Ok(())
                    })
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap().unwrap();
        }
        assert_eq!(items(&bed.store).iter().map(|item| item.amount).collect::<Vec<_>>(), [2, 2]);
    }
}

/// An error type that forgets what the store said.
#[derive(Debug)]
struct Forgetful;
impl From<StoreError> for Forgetful {
    fn from(_: StoreError) -> Self {
        Self
    }
}

#[test]
fn tables_that_change_under_a_prepared_statement_do_no_harm() {
    for bed in beds(&TABLES) {
        let select = "select * from units_part where id = $1";
        assert_eq!(query(&bed.store, select, &args![1]).unwrap().len(), 0);
        bed.store
            .write_blocking::<_, StoreError, _>(|tx| {
                let kind = if tx.engine() == Engine::Sqlite { "int" } else { "bigint" };
                tx.exec(&format!("alter table units_part add column later {kind}"), &[])
            })
            .unwrap();
        for _ in 0..20 {
            assert_eq!(query(&bed.store, select, &args![1]).unwrap().len(), 0);
            bed.store.write_blocking(move |tx| tx.rows(select, &args![1])).unwrap_or_else(|error: StoreError| {
                panic!("{:?}: {error}", bed.store.engine());
            });
        }
    }
}

#[test]
fn a_second_server_on_one_file_is_refused() {
    let (path, _folder) = addresses().remove(0);
    let first = Store::open(&path, Options::default()).unwrap();
    migrate(&first, &[]).unwrap();
    let error = Store::open(&path, Options::default()).unwrap_err();
    assert_eq!(error, StoreError::Locked { file: format!("{path}.lock") });
    assert!(error.to_string().contains("another server"), "{error}");
    let beside = Store::open(&path, Options { exclusive: false, ..Options::default() }).unwrap();
    assert!(store::pending(&beside, &[]).unwrap().is_empty());
    beside.close();
    first.close();
    Store::open(&format!("sqlite:{path}"), Options::default()).unwrap().close();
}

#[test]
fn a_second_server_is_refused_by_whatever_name_it_comes() {
    let (path, folder) = addresses().remove(0);
    let folder = folder.unwrap();
    let first = Store::open(&path, Options::default()).unwrap();
    migrate(&first, &[]).unwrap();
    let by_link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&path, &by_link).unwrap();
    let again = |path: &str| Store::open(path, Options::default()).unwrap_err();
    let by_link = by_link.display().to_string();
    assert_eq!(again(&by_link), StoreError::Locked { file: by_link.clone() });
    std::fs::remove_file(format!("{path}.lock")).unwrap();
    assert_eq!(again(&path), StoreError::Locked { file: path.clone() });
    let other = folder.path().join("other.db").display().to_string();
    std::fs::hard_link(&path, &other).unwrap();
    assert_eq!(again(&other), StoreError::Locked { file: other.clone() });
    let beside = Store::open(&other, Options { exclusive: false, ..Options::default() }).unwrap_err();
    assert_eq!(beside, StoreError::Linked { file: other.clone(), names: 2 });
    first.close();
    assert_eq!(again(&path), StoreError::Linked { file: path.clone(), names: 2 });
    std::fs::remove_file(&other).unwrap();
    Store::open(&path, Options::default()).unwrap().close();
    Store::open(&by_link, Options::default()).unwrap().close();
}

#[test]
fn a_mistyped_path_is_told_and_nothing_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mistyped.db").display().to_string();
    for exclusive in [false, true] {
        let options = || Options { exclusive, create: false, ..Options::default() };
        let error = Store::open(&path, options()).unwrap_err();
        assert_eq!(error, StoreError::Missing { file: path.clone() });
        assert!(error.to_string().contains(&path) && error.to_string().contains("lianglin init"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a file was left behind");
    }
    std::fs::write(&path, "").unwrap();
    let known = Options { create: false, ..Options::default() };
    assert_eq!(Store::open(&path, known.clone()).unwrap_err(), StoreError::Missing { file: path.clone() });
    let made = Store::open(&path, Options::default()).unwrap();
    assert!(store::is_empty(&made).unwrap());
    migrate(&made, &[]).unwrap();
    assert!(!store::is_empty(&made).unwrap());
    made.close();
    Store::open(&path, known).unwrap().close();
}

#[test]
fn a_full_disk_fails_clearly_and_the_store_goes_on() {
    let (path, _folder) = addresses().remove(0);
    let store = Store::open(&path, Options { max_pages: Some(60), ..Options::default() }).unwrap();
    migrate(&store, &[&TABLES]).unwrap();
    let fill = |bytes: usize| {
        let id = Uuid::now_v7();
        store.write_blocking(move |tx| {
            let body = vec![7u8; bytes];
            tx.exec("insert into units_thing (id, body, note) values ($1, $2, null)", &args![id, body]).map(drop)
        })
    };
    let mut stored = 0;
    let error: StoreError = loop {
        match fill(3000) {
            Ok(()) => stored += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, StoreError::Full);
    let count = |store: &Store| {
        store
            .read_blocking::<_, StoreError, _>(|tx| scalar::<i64>(tx, "select count(*) from units_thing", &[]))
            .unwrap()
    };
    assert_eq!(count(&store), Some(stored), "nothing half done");
    store.write_blocking::<_, StoreError, _>(|tx| tx.exec("delete from units_thing", &[])).unwrap();
    fill(3000).unwrap();
    assert_eq!(count(&store), Some(1), "and it goes on by itself");
}

#[test]
fn addresses_that_cannot_work_say_what_to_write() {
    let table = ["", ":memory:", "mysql://a/b", "/nowhere/at/all/a.db", "postgres://a@localhost/b?sslmode=require"];
    for address in table {
        let error = Store::open(address, Options::default()).unwrap_err();
        assert!(matches!(error, StoreError::Address { .. }), "{address}: {error:?}");
    }
    let options = Options { patience: std::time::Duration::from_millis(200), ..Options::default() };
    let error = Store::open("postgres://nobody@127.0.0.1:1/none", options).unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is a letter, not a database; it is long enough to be read as a header of a file")
        .unwrap();
    let error = Store::open(&path.display().to_string(), Options::default()).unwrap_err();
    assert!(matches!(error, StoreError::Address { .. }), "{error:?}");
}

#[test]
fn the_file_belongs_to_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (path, _folder) = addresses().remove(0);
    let _store = Store::open(&path, Options::default()).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_store_is_opened_used_and_closed_from_async_code() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (address, _folder) in addresses() {
        let found: Result<Vec<Row>, StoreError> = runtime.block_on(async {
            let store = Store::open(&address, Options::default())?;
            migrate(&store, &[&TABLES])?;
            store.write(|tx| put(tx, 1, "a", 1)).await?;
            let found = store.read(|tx| tx.rows("select name from units_item limit 9", &[])).await;
            drop(store);
            found
        });
        assert_eq!(found.unwrap()[0].values(), args!["a"]);
    }
}

#[test]
fn what_the_engine_cannot_take_stores_nothing_of_its_unit() {
    for bed in beds(&TABLES) {
        let done = bed.store.write_blocking::<_, StoreError, _>(|tx| {
            tx.put("insert into units_item (id, name, amount) values ($1, $2, $3)", &args![1, "one", 1])?;
            // This is a text for a number. The driver of PostgreSQL refuses to send it at all.
            tx.put("insert into units_item (id, name, amount) values ($1, $2, $3)", &args![2, "two", "two"])
        });
        assert!(done.is_err(), "{:?}", bed.store.engine());
        assert_eq!(items(&bed.store).len(), 0, "{:?}", bed.store.engine());
    }
}
