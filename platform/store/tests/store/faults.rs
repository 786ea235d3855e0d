//! A PostgreSQL stops, crashes and cuts connections. What was acknowledged stays, and the store comes back by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::engines::postgres::{Cluster, programs};
use store::{Migration, Options, Store, StoreError, Tx, args, migrate, scalar};
use uuid::Uuid;

const TABLES: [Migration; 1] = [Migration {
    name: "faults/0001_mark",
    sql: "create table faults_mark (\n  id {uuid} not null primary key\n) {strict};\n",
}];

fn mark(tx: &mut dyn Tx, id: Uuid) -> Result<u64, StoreError> {
    tx.exec("insert into faults_mark (id) values ($1) on conflict (id) do nothing", &args![id])
}

fn count(store: &Store) -> i64 {
    let counted: Result<Option<i64>, StoreError> =
        store.read_blocking(|tx| scalar(tx, "select count(*) from faults_mark", &[]));
    counted.unwrap().unwrap_or_default()
}

#[test]
fn a_server_that_crashes_and_comes_back_loses_nothing_acknowledged() {
    if programs().is_none() {
        assert!(
            std::env::var_os("LIANGLIN_REQUIRE_POSTGRES").is_none(),
            "PostgreSQL is required; its programs are not here"
        );
        eprintln!("passed over: the programs of PostgreSQL are not here");
        return;
    }
    let mut cluster = Cluster::start().unwrap();
    let store = Store::open(&cluster.create_database().unwrap(), Options::default()).unwrap();
    migrate(&store, &[&TABLES]).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (store, stop) = (store.clone(), Arc::clone(&stop));
            std::thread::spawn(move || write_until(&store, &stop))
        })
        .collect();
    for immediate in [true, false, true] {
        std::thread::sleep(Duration::from_millis(300));
        cluster.stop_server(immediate).unwrap();
        std::thread::sleep(Duration::from_millis(100));
        cluster.start_server().unwrap();
    }
    std::thread::sleep(Duration::from_millis(300));
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = Vec::new();
    let mut uncertain = 0;
    for writer in writers {
        let (known, unknown) = writer.join().unwrap();
        acknowledged.extend(known);
        uncertain += unknown;
    }
    assert!(acknowledged.len() > 50, "{}", acknowledged.len());
    let stored = count(&store);
    let at_least = i64::try_from(acknowledged.len()).unwrap();
    assert!((at_least..=at_least + uncertain).contains(&stored), "{at_least} + {uncertain}: {stored}");
    for id in acknowledged {
        let again: Result<u64, StoreError> = store.write_blocking(move |tx| mark(tx, id));
        assert_eq!(again, Ok(0), "acknowledged and missing");
    }
}

/// Returns the identities that were acknowledged, and how many writes had an unknown end.
fn write_until(store: &Store, stop: &AtomicBool) -> (Vec<Uuid>, i64) {
    let (mut known, mut unknown) = (Vec::new(), 0);
    while !stop.load(Ordering::SeqCst) {
        let id = Uuid::now_v7();
        match store.write_blocking(move |tx| mark(tx, id)) {
            Ok(1) => known.push(id),
            Err(StoreError::Disconnected) => unknown += 1,
            Err(StoreError::Unreachable { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    (known, unknown)
}

#[test]
fn a_connection_that_is_cut_in_the_middle_runs_the_closure_again() {
    for bed in crate::engines::beds(&TABLES).into_iter().filter(|bed| bed.address.starts_with("postgres")) {
        let other =
            Store::open(&bed.address, Options { postgres_writers: 1, postgres_readers: 1, ..Options::default() })
                .unwrap();
        let mut runs = 0;
        let id = Uuid::now_v7();
        let stored: Result<i32, StoreError> = bed.store.write_blocking(move |tx| {
            runs += 1;
            mark(tx, id)?;
            if runs == 1 {
                let process: Option<i64> = scalar(tx, "select pg_backend_pid()", &[])?;
                let cut = "select pg_terminate_backend(cast($1 as bigint)::int)";
                other.write_blocking::<_, StoreError, _>(move |tx| tx.rows(cut, &args![process]))?;
                tx.rows("select 1", &[])?;
            }
            Ok(runs)
        });
        assert_eq!(stored, Ok(2));
        assert_eq!(count(&bed.store), 1);
    }
}

#[test]
fn a_connection_that_is_cut_before_the_commit_is_not_known_to_be_stored() {
    for bed in crate::engines::beds(&TABLES).into_iter().filter(|bed| bed.address.starts_with("postgres")) {
        let other =
            Store::open(&bed.address, Options { postgres_writers: 1, postgres_readers: 1, ..Options::default() })
                .unwrap();
        let id = Uuid::now_v7();
        let stored: Result<(), StoreError> = bed.store.write_blocking(move |tx| {
            let process: Option<i64> = scalar(tx, "select pg_backend_pid()", &[])?;
            mark(tx, id)?;
            let cut = "select pg_terminate_backend(cast($1 as bigint)::int)";
            other.write_blocking::<_, StoreError, _>(move |tx| tx.rows(cut, &args![process]))?;
            std::thread::sleep(Duration::from_millis(300));
            Ok(())
        });
        assert_eq!(stored, Err(StoreError::Disconnected));
        let again: Result<u64, StoreError> = bed.store.write_blocking(move |tx| mark(tx, id));
        assert!(matches!(again, Ok(0 | 1)), "the same sent again is done once: {again:?}");
        assert_eq!(count(&bed.store), 1);
    }
}

#[test]
fn a_lock_of_another_process_stores_nothing_and_says_so() {
    for bed in crate::engines::beds(&TABLES).into_iter().filter(|bed| !bed.address.starts_with("postgres")) {
        let beside = Options { exclusive: false, patience: Duration::from_millis(50), ..Options::default() };
        let other = Store::open(&bed.address, beside).unwrap();
        let (begun, begins) = std::sync::mpsc::sync_channel(1);
        let (free, freed) = std::sync::mpsc::sync_channel::<()>(1);
        let holding = bed.store.clone();
        let holder = std::thread::spawn(move || {
            holding.write_blocking::<_, StoreError, _>(move |tx| {
                mark(tx, Uuid::now_v7())?;
                begun.send(()).unwrap();
                freed.recv().unwrap();
                Ok(())
            })
        });
        begins.recv().unwrap();
        let refused = other.write_blocking(move |tx| mark(tx, Uuid::now_v7()));
        assert!(matches!(refused, Err(StoreError::Locked { .. })), "{refused:?}");
        free.send(()).unwrap();
        holder.join().unwrap().unwrap();
        assert_eq!(count(&bed.store), 1);
    }
}
