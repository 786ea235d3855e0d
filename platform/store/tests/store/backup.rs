//! Tests backup and restore between both engines in each direction, and files that are not as they should be.

use crate::engines::{Bed, addresses, at, beds};
use kernel::place::PlaceId;
use store::audit::{AuditKey, verify};
use store::backup::{backup, check, restore};
use store::{Migration, Options, Store, StoreError, Val, args, log, migrate, pending, schema};
use uuid::Uuid;

const TABLES: [Migration; 1] = [Migration {
    name: "trees/0001_tree",
    sql: "create table trees_tree (\n  id {int} not null primary key,\n  parent {int} references trees_tree (id),\n  name {text} not null,\n  \
          tag {uuid},\n  picture {bytes}\n) {strict};\ninsert into trees_tree (id, name) values (1, 'root');\ncreate table \
          trees_leaf (\n  tree {int} not null references trees_tree (id),\n  name {text} not null,\n  primary key (tree, name)\n) \
          {strict};\n",
}];

/// Fills enough rows for several pages. Children come before their parents in the order of the key.
fn fill(bed: &Bed) {
    let stream = Uuid::now_v7();
    bed.store
        .write_blocking::<_, StoreError, _>(move |tx| {
            tx.exec("update trees_tree set name = $1 where id = 1", &args!["改名\n\"{}\""])?;
            let insert = "insert into trees_tree (id, parent, name, tag, picture) values ($1, $2, $3, $4, $5)";
            tx.exec(insert, &args![5000, 1, "last", Uuid::from_u128(5), None::<i64>])?;
            for id in 2..1300i64 {
                let tag = (id % 3 == 0).then(|| Uuid::from_u128(u128::try_from(id).unwrap_or_default()));
                let picture = (id % 2 == 0).then(|| id.to_be_bytes().to_vec());
                tx.exec(insert, &args![id, 5000, format!("名 {id}"), tag, picture])?;
                tx.exec("insert into trees_leaf (tree, name) values ($1, $2)", &args![id, "leaf"])?;
            }
            log::append(tx, PlaceId(4), stream, 0, &[("opened", "{}".to_owned())], at(0))
        })
        .unwrap();
}

#[test]
fn a_backup_of_either_engine_restores_into_either() {
    for from in beds(&TABLES) {
        fill(&from);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("city.backup");
        let (sender, steps) = std::sync::mpsc::channel();
        let manifest = backup(&from.store, &file, move |step| sender.send(step.rows).unwrap()).unwrap();
        assert_eq!(manifest.engine, from.store.engine().name());
        assert_eq!(manifest.rows, 1300 + 1298 + 2);
        assert!(steps.iter().collect::<Vec<_>>().len() >= 4);
        assert_eq!(check(&file).unwrap(), manifest);
        for (address, _folder) in addresses() {
            assert_eq!(restore(&address, &file, |_| ()).unwrap(), manifest);
            let to = Store::open(&address, Options::default()).unwrap();
            assert_eq!(pending(&to, &[&TABLES]).unwrap(), [""; 0], "it is brought forward from here");
            assert_eq!(schema(&to).unwrap(), schema(&from.store).unwrap());
            let again = folder.path().join(format!("{}-again", to.engine().name()));
            assert_eq!(backup(&to, &again, |_| ()).unwrap().tables, manifest.tables);
            let rows = |text: &str| {
                text.lines()
                    .skip(1)
                    .map(str::to_owned)
                    .take_while(|line| !line.contains("complete"))
                    .collect::<Vec<_>>()
            };
            let read = |path| rows(&std::fs::read_to_string(path).unwrap());
            assert_eq!(read(&again), read(&file), "the same text but for the engine's name");
            assert_eq!(verify(&to, &AuditKey::new([1; 32]), |_| ()).unwrap().fault_count, 0);
            let orphan: Result<u64, StoreError> =
                to.write_blocking(|tx| tx.exec("insert into trees_leaf (tree, name) values (999999, 'a')", &[]));
            assert!(matches!(orphan, Err(StoreError::Constraint(_))), "the rules are back");
            to.close();
        }
    }
}

#[test]
fn a_backup_sees_one_moment_while_others_write() {
    for bed in beds(&TABLES) {
        fill(&bed);
        let folder = tempfile::tempdir().unwrap();
        let writer = bed.store.clone();
        let (started, start) = std::sync::mpsc::channel();
        let writing = std::thread::spawn(move || {
            for id in 10_000..10_200i64 {
                writer
                    .write_blocking::<_, StoreError, _>(move |tx| {
                        let values: [Val; 2] = args![id, "late"];
                        tx.exec("insert into trees_tree (id, name) values ($1, $2)", &values)?;
                        tx.exec("insert into trees_leaf (tree, name) values ($1, $2)", &values)
                    })
                    .unwrap();
                started.send(()).ok();
            }
        });
        start.recv().unwrap();
        let manifest = backup(&bed.store, &folder.path().join("a"), |_| ()).unwrap();
        writing.join().unwrap();
        let rows = |name: &str| manifest.tables.iter().find(|table| table.name == name).unwrap().rows;
        assert_eq!(rows("trees_tree") - 1300, rows("trees_leaf") - 1298, "both rows of a unit or none");
    }
}

#[test]
fn a_backup_is_never_put_over_something() {
    for bed in beds(&TABLES) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "mine").unwrap();
        assert!(matches!(backup(&bed.store, &file, |_| ()), Err(StoreError::Backup { .. })));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
        let good = folder.path().join("good");
        backup(&bed.store, &good, |_| ()).unwrap();
        let address = bed.address.clone();
        bed.store.close();
        let error = restore(&address, &good, |_| ()).unwrap_err();
        assert!(error.to_string().contains("not empty"), "{error}");
    }
}

#[test]
fn a_file_that_is_not_whole_is_refused_before_anything_is_touched() {
    let bed = beds(&TABLES).remove(0);
    fill(&bed);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    backup(&bed.store, &file, |_| ()).unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without = |left_out: usize| {
        let kept =
            lines.iter().enumerate().filter(|(number, _)| *number != left_out).map(|(_, line)| format!("{line}\n"));
        kept.collect::<String>()
    };
    let some_row = lines.iter().position(|line| line.starts_with('[')).unwrap();
    let table: [(String, &str); 9] = [
        (String::new(), "cut off"),
        (text.trim_end().to_owned(), "cut off in the middle"),
        (without(lines.len() - 1), "last line is missing"),
        (
            text.get(..text.floor_char_boundary(text.len() / 2)).unwrap().rsplit_once('\n').unwrap().0.to_owned()
                + "\n",
            "last line is missing",
        ),
        (without(some_row), "not those that were written"),
        (text.replacen("leaf\"]", "lead\"]", 1), "not those that were written"),
        (text.replacen("trees/0001_tree", "trees/0001_free", 1), "do not fit"),
        (format!("{text}more\n"), "behind the last line"),
        ("{\"some\":\"json\"}\n".to_owned(), "no line of a Lianglin backup"),
    ];
    for (content, expected) in table {
        let path = folder.path().join("broken");
        std::fs::write(&path, content).unwrap();
        for (address, _folder) in addresses() {
            let error = restore(&address, &path, |_| ()).unwrap_err();
            assert!(error.to_string().contains(expected), "wanted {expected}: {error}");
            let store = Store::open(&address, Options::default()).unwrap();
            assert_eq!(schema(&store).unwrap(), "");
            migrate(&store, &[&TABLES]).unwrap();
        }
    }
    let error = restore(&addresses().remove(0).0, &folder.path().join("nothing"), |_| ()).unwrap_err();
    assert!(error.to_string().contains("cannot be read"), "{error}");
}
