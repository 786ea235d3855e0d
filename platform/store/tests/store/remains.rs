//! Tests what is left of deleted rows: nothing in the log of SQLite after its time, and the same rows after a rewrite.

use std::time::{Duration, Instant};

use crate::engines::{beds, beds_with};
use store::{Engine, Migration, Options, Row, Store, StoreError, args};

const TABLES: [Migration; 1] = [Migration {
    name: "remains/0001_tables",
    sql: "create table remains_item (\n  id {int} not null,\n  body {bytes} not null,\n  note {text},\n  primary key (id)\n) \
          {strict};\ncreate index remains_item_note on remains_item (note, id);\n",
}];

fn fill(store: &Store, count: i64) {
    let filled = store.write_blocking(move |tx| {
        (0..count).try_for_each(|id| {
            let (body, note) = (format!("body-{id:08}").into_bytes(), (id % 2 == 0).then(|| format!("note {id}")));
            tx.put("insert into remains_item (id, body, note) values ($1, $2, $3)", &args![id, body, note])
        })
    });
    filled.unwrap();
}

fn rows(store: &Store) -> Vec<Row> {
    let sql = "select id, body, note from remains_item order by id limit 10000";
    store.read_blocking(move |tx| tx.rows(sql, &[])).unwrap()
}

#[test]
fn a_table_holds_the_same_rows_after_it_was_rewritten() {
    for bed in beds(&TABLES) {
        fill(&bed.store, 2000);
        bed.store.write_blocking(|tx| tx.exec("delete from remains_item where id % 3 = 0", &[])).unwrap();
        let before = rows(&bed.store);
        bed.store.rewrite_blocking(&["remains_item"]).unwrap();
        assert_eq!(rows(&bed.store), before, "{:?}", bed.store.engine());
        let noted = "select count(*) from remains_item where note > 'note'";
        let noted = bed.store.read_blocking(move |tx| store::scalar::<i64>(tx, noted, &[])).unwrap();
        assert_eq!(noted, Some(666), "{:?}: the index holds them too", bed.store.engine());
        assert!(bed.store.rewrite_blocking(&["remains_nothing"]).is_err());
        fill_one_more(&bed.store);
        let closed = bed.store.clone();
        bed.store.close();
        assert_eq!(closed.rewrite_blocking(&["remains_item"]), Err(StoreError::Closed));
    }
}

fn fill_one_more(store: &Store) {
    let sql = "insert into remains_item (id, body) values ($1, $2)";
    store.write_blocking(move |tx| tx.exec(sql, &args![5000, b"more".to_vec()])).unwrap();
}

#[test]
fn the_log_of_sqlite_is_emptied_after_its_time_although_it_is_never_quiet() {
    let options = Options { idle: Duration::from_hours(1), log_age: Duration::ZERO, ..Options::default() };
    for bed in beds_with(&TABLES, &options) {
        if bed.store.engine() == Engine::Postgres {
            continue;
        }
        fill(&bed.store, 100);
        let log = format!("{}-wal", bed.address);
        let begun = Instant::now();
        // The answer comes before the log is emptied.
        while std::fs::metadata(&log).is_ok_and(|file| file.len() > 0) {
            assert!(begun.elapsed() < Duration::from_secs(10), "the log is never emptied");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
