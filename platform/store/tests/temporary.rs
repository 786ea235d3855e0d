//! Where SQLite keeps temporary files is a setting of the whole process, so this test has a process of its own.

use store::{Options, Store, StoreError, scalar};

#[test]
fn what_a_large_sort_puts_aside_goes_to_files_beside_the_database() {
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
    store.close();
}
