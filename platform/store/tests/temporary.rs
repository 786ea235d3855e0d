//! Where SQLite keeps temporary files is a setting of the whole process, so this test has a process of its own.

use store::{Options, Store, StoreError, scalar};

#[test]
fn what_a_large_sort_puts_aside_lies_beside_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("the city's");
    std::fs::create_dir(&home).unwrap();
    let file = home.join("lianglin.db");
    let store = Store::open(file.to_str().unwrap(), Options::default()).unwrap();
    let told = store.read_blocking(|tx| {
        let place: Option<String> = scalar(tx, "pragma temp_store_directory", &[])?;
        let kept: Option<i64> = scalar(tx, "pragma temp_store", &[])?;
        Ok::<_, StoreError>((place, kept))
    });
    let (place, kept) = told.unwrap();
    assert_eq!(place.as_deref(), home.to_str());
    assert_eq!(kept, Some(1), "in files, not in memory");

    // 40 MB are sorted, far more than the cache of a reader holds.
    let sorted = store.read_blocking(|tx| {
        let sql = "with recursive row (n) as (select 1 union all select n + 1 from row where n < 20000) \
                   select count(*) from (select n, hex(randomblob(1000)) as words from row order by words limit -1 offset 1)";
        scalar::<i64>(tx, sql, &[])
    });
    assert_eq!(sorted, Ok(Some(19_999)));
    store.close();
    let left: Vec<_> = std::fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name.to_string_lossy().starts_with("lianglin.db")), "{left:?}");
}
