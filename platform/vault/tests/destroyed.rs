//! Tests that an erasure destroys: neither the wrapped key nor the sealed text stands in any file of the database
//! afterwards, and keys that stood beside the text before stand in a table of their own now.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use kernel::place::PlaceId;
use kernel::time::Instant;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use store::{Options, Store, StoreError, Tx, args};
use uuid::Uuid;
use vault::{MIGRATIONS, MasterKeys, NewRecord, Person, PersonField, Vault, VaultError};

const DISTRICT: PlaceId = PlaceId(4);

fn now() -> Instant {
    Instant::from_micros(1_700_000_000_000_000)
}

fn sealed(store: &Store, vault: &Vault, count: usize) -> Vec<Uuid> {
    let ids: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    let (vault, sealing) = (vault.clone(), ids.clone());
    let done = store.write_blocking(move |tx| {
        sealing.iter().try_for_each(|id| {
            let person = Person::new().with(PersonField::Name, "王小明").with(PersonField::Telephone, "13800000412");
            let (purpose, retain_until) = ("测试".to_owned(), None);
            vault.seal(tx, &NewRecord { id: *id, district: DISTRICT, person, purpose, retain_until, at: now() })
        })
    });
    done.unwrap();
    ids
}

fn erase(store: &Store, vault: &Vault, ids: &[Uuid]) {
    // Each is a transaction of its own, as when persons ask for it.
    for id in ids.iter().copied() {
        let vault = vault.clone();
        store.write_blocking(move |tx| vault.erase(tx, DISTRICT, id, now())).unwrap();
    }
}

/// What is stored of some records in one column: bytes that are found in a file or not.
fn column(store: &Store, sql: &'static str, ids: &[Uuid]) -> Vec<Vec<u8>> {
    let ids = ids.to_vec();
    let read = store.read_blocking(move |tx| {
        let each = ids.iter().map(|id| store::scalar::<Vec<u8>>(tx, sql, &args![DISTRICT, *id]));
        each.collect::<Result<Option<Vec<_>>, StoreError>>()
    });
    read.unwrap().unwrap()
}

fn keys(store: &Store, ids: &[Uuid]) -> Vec<Vec<u8>> {
    column(store, "select wrapped from vault_key where district = $1 and record = $2", ids)
}

fn texts(store: &Store, ids: &[Uuid]) -> Vec<Vec<u8>> {
    column(store, "select ciphertext from vault_record where district = $1 and id = $2", ids)
}

fn traces(store: &Store) -> Option<i64> {
    store.read_blocking(|tx| store::scalar::<i64>(tx, "select count(*) from vault_trace", &[])).unwrap()
}

/// All bytes of the files of a folder, log and journal among them.
fn bytes(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        all.extend(std::fs::read(file.unwrap().path()).unwrap_or_default());
        all.push(0);
    }
    all
}

/// How many bytes of an end are looked for.
const PART: usize = 16;

/// The first and the last bytes of a value.
fn ends(one: &[u8]) -> impl Iterator<Item = [u8; PART]> {
    [one.first_chunk(), one.last_chunk()].into_iter().flatten().copied()
}

/// How many of these stand somewhere in the bytes, whole or with one of their ends.
fn found(all: &[u8], wanted: &[Vec<u8>]) -> usize {
    let looked_for: HashSet<[u8; PART]> = wanted.iter().flat_map(|one| ends(one)).collect();
    let parts = all.windows(PART).filter_map(|window| window.first_chunk::<PART>());
    let seen: HashSet<[u8; PART]> = parts.filter(|part| looked_for.contains(*part)).copied().collect();
    wanted.iter().filter(|one| ends(one).any(|part| seen.contains(&part))).count()
}

#[test]
fn after_an_erasure_and_a_clean_stop_no_file_of_sqlite_holds_key_or_text() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("city.db").display().to_string();
    let vault = Vault::new(MasterKeys::generate().unwrap());
    let store = Store::open(&address, Options::default()).unwrap();
    store::migrate(&store, &[MIGRATIONS]).unwrap();
    let ids = sealed(&store, &vault, 6);
    let (gone, kept) = ids.split_at(3);
    let (keys_gone, texts_gone) = (keys(&store, gone), texts(&store, gone));
    let (keys_kept, texts_kept) = (keys(&store, kept), texts(&store, kept));
    store.close();
    let before = bytes(folder.path());
    assert_eq!((found(&before, &keys_gone), found(&before, &texts_gone)), (3, 3), "they are looked for rightly");

    let store = Store::open(&address, Options::default()).unwrap();
    erase(&store, &vault, gone);
    store.close();
    let after = bytes(folder.path());
    assert_eq!((found(&after, &keys_gone), found(&after, &texts_gone)), (0, 0));
    assert_eq!((found(&after, &keys_kept), found(&after, &texts_kept)), (3, 3), "the others are untouched");
}

#[test]
fn after_the_table_of_keys_was_rewritten_a_serving_sqlite_holds_no_erased_key() {
    let folder = tempfile::tempdir().unwrap();
    let address = folder.path().join("city.db").display().to_string();
    let vault = Vault::new(MasterKeys::generate().unwrap());
    // The log is never emptied by itself.
    let hour = std::time::Duration::from_hours(1);
    let options = Options { idle: hour, log_age: hour, ..Options::default() };
    let store = Store::open(&address, options).unwrap();
    store::migrate(&store, &[MIGRATIONS]).unwrap();
    let ids = sealed(&store, &vault, 300);
    let (gone, kept): (Vec<Uuid>, Vec<Uuid>) = ids.iter().copied().partition(|id| id.as_u128() % 3 == 0);
    let (keys_gone, keys_kept) = (keys(&store, &gone), keys(&store, &kept));
    erase(&store, &vault, &gone);
    assert!(found(&bytes(folder.path()), &keys_gone) > 0, "the log still holds them");
    assert_eq!(vault.clear_traces(&store).unwrap(), gone.len());
    let after = bytes(folder.path());
    assert_eq!((found(&after, &keys_gone), found(&after, &keys_kept)), (0, kept.len()));
    assert_eq!(traces(&store), Some(0));
    assert_eq!(vault.clear_traces(&store).unwrap(), 0, "nothing is rewritten without need");
    assert_eq!(keys(&store, &kept), keys_kept, "the rows are the same");
}

#[test]
fn after_the_table_of_keys_was_rewritten_postgresql_holds_no_erased_key_outside_of_its_log() {
    let Some(store) = testkit::postgres_store() else { return };
    store::migrate(&store, &[MIGRATIONS]).unwrap();
    let Some(folder) = data_folder(&store) else {
        eprintln!("the files of PostgreSQL are not looked at: its folder cannot be read from here");
        return;
    };
    let vault = Vault::new(MasterKeys::generate().unwrap());
    let ids = sealed(&store, &vault, 60);
    let (gone, kept) = ids.split_at(30);
    let (keys_gone, keys_kept) = (keys(&store, gone), keys(&store, kept));
    on_disk(&store);
    assert_eq!(found(&bytes(&folder), &keys_gone), 30, "they are looked for rightly");
    erase(&store, &vault, gone);
    assert_eq!(vault.clear_traces(&store).unwrap(), 30);
    on_disk(&store);
    let after = bytes(&folder);
    assert_eq!((found(&after, &keys_gone), found(&after, &keys_kept)), (0, 30));
    assert_eq!(traces(&store), Some(0));
}

#[test]
fn whoever_reads_from_before_the_erasure_is_not_taken_for_gone() {
    let Some(store) = testkit::postgres_store() else { return };
    store::migrate(&store, &[MIGRATIONS]).unwrap();
    let vault = Vault::new(MasterKeys::generate().unwrap());
    let ids = sealed(&store, &vault, 2);
    let (begun, has_begun) = std::sync::mpsc::channel();
    let reading = store.store();
    let reader = std::thread::spawn(move || {
        reading.snapshot_blocking(move |tx| {
            tx.rows("select record from vault_key limit 9", &[])?;
            begun.send(()).unwrap();
            tx.rows("select pg_sleep(7)::text", &[])?;
            Ok::<_, StoreError>(())
        })
    });
    has_begun.recv().unwrap();
    erase(&store, &vault, &ids);
    let still = vault.clear_traces(&store);
    assert!(matches!(still, Err(VaultError::Store(StoreError::Remains { .. }))), "{still:?}");
    assert_eq!(traces(&store), Some(2), "it is done again");
    reader.join().unwrap().unwrap();
    assert_eq!(vault.clear_traces(&store).unwrap(), 2);
}

/// The folder with the files of this database, if it lies on this machine and may be read.
fn data_folder(store: &Store) -> Option<PathBuf> {
    let said = store.read_blocking(|tx| {
        let folder = store::scalar::<String>(tx, "select current_setting('data_directory')", &[])?;
        let number = "select oid::bigint from pg_database where datname = current_database()";
        Ok::<_, StoreError>(folder.zip(store::scalar::<i64>(tx, number, &[])?))
    });
    let (folder, number) = said.ok()??;
    let folder = Path::new(&folder).join("base").join(number.to_string());
    std::fs::read_dir(&folder).is_ok().then_some(folder)
}

/// Lets PostgreSQL write what it holds in memory, and take away the files it needs no more.
fn on_disk(store: &Store) {
    store.write_blocking(|tx| tx.exec("checkpoint", &[])).unwrap();
}

#[test]
fn keys_that_stood_beside_the_text_move_and_the_text_stays_as_it_was() {
    for store in testkit::stores() {
        let first = MIGRATIONS.get(..2).unwrap();
        store::migrate(&store, &[first]).unwrap();
        let (one, erased) = (Uuid::from_u128(1), Uuid::from_u128(2));
        store.write_blocking(move |tx| as_before(tx, one, erased)).unwrap();
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        assert_eq!(keys(&store, &[one]), [b"wrapped".to_vec()], "{}", store.name);
        assert_eq!(texts(&store, &[one]), [b"sealed".to_vec()]);
        let count = |sql: &'static str| store.read_blocking(move |tx| store::scalar::<i64>(tx, sql, &[])).unwrap();
        assert_eq!(count("select count(*) from vault_key"), Some(1), "{}: an erased record has none", store.name);
        assert_eq!(count("select count(*) from vault_record where erased_at = 9"), Some(1));
        assert_eq!(count("select count(*) from vault_record where retain_until = '2031-01-01'"), Some(2));
    }
}

/// Writes a record and an erased one as versions before did.
fn as_before(tx: &mut dyn Tx, one: Uuid, erased: Uuid) -> Result<(), StoreError> {
    let sql = "insert into vault_record (district, id, purpose, sealed_at, changed_at, retain_until, algorithm, key_id, \
               wrapped_key, ciphertext, erased_at) values ($1, $2, 'test', 1, 1, '2031-01-01', 'sm4-gcm-1', '1', $3, $4, $5)";
    tx.exec(sql, &args![DISTRICT, one, Some(b"wrapped".to_vec()), Some(b"sealed".to_vec()), None::<i64>])?;
    tx.exec(sql, &args![DISTRICT, erased, None::<Vec<u8>>, None::<Vec<u8>>, Some(9_i64)])?;
    Ok(())
}
