//! Running numbers, on both engines.

use crate::engines::{Bed, beds};
use kernel::place::PlaceId;
use store::{StoreError, series};

const DISTRICT: PlaceId = PlaceId(4);

fn next(bed: &Bed, district: PlaceId, name: &'static str, year: i64) -> i64 {
    bed.store.write_blocking::<_, StoreError, _>(move |tx| series::next(tx, district, name, year)).unwrap()
}

#[test]
fn each_series_counts_by_itself() {
    for bed in beds(&[]) {
        assert_eq!([1, 2, 3].map(|_| next(&bed, DISTRICT, "lamps", 2026)), [1, 2, 3]);
        assert_eq!(next(&bed, PlaceId(5), "lamps", 2026), 1, "another district");
        assert_eq!(next(&bed, DISTRICT, "trees", 2026), 1, "another series");
        assert_eq!(next(&bed, DISTRICT, "lamps", 2027), 1, "another year");
        assert_eq!(next(&bed, DISTRICT, "lamps", 2026), 4);
    }
}

#[test]
fn what_is_not_stored_gives_its_number_back() {
    for bed in beds(&[]) {
        let failed: Result<i64, StoreError> = bed.store.write_blocking(|tx| {
            series::next(tx, DISTRICT, "lamps", 2026)?;
            Err(StoreError::data("refused"))
        });
        assert!(failed.is_err());
        assert_eq!(next(&bed, DISTRICT, "lamps", 2026), 1);
    }
}

#[test]
fn an_older_counter_is_gone_on_with() {
    for bed in beds(&[]) {
        let after = |counted: Option<i64>| {
            let taken = bed.store.write_blocking::<_, StoreError, _>(move |tx| {
                series::next_after(tx, DISTRICT, "lamps", 2026, |_| Ok(counted))
            });
            taken.unwrap()
        };
        assert_eq!(after(Some(41)), 42);
        assert_eq!(after(Some(41)), 43, "the older counter is read once");
        assert_eq!(next(&bed, DISTRICT, "lamps", 2026), 44);
    }
    for bed in beds(&[]) {
        let first = bed
            .store
            .write_blocking::<_, StoreError, _>(|tx| series::next_after(tx, DISTRICT, "lamps", 2026, |_| Ok(None)));
        assert_eq!(first, Ok(1), "there was none");
    }
}

#[test]
fn many_at_once_get_numbers_of_their_own() {
    for bed in beds(&[]) {
        let askers: Vec<_> = (0..8)
            .map(|_| {
                let store = bed.store.clone();
                std::thread::spawn(move || {
                    let take = || {
                        store
                            .write_blocking::<_, StoreError, _>(|tx| series::next(tx, DISTRICT, "lamps", 2026))
                            .unwrap()
                    };
                    [take(), take(), take()]
                })
            })
            .collect();
        let mut taken: Vec<i64> = askers.into_iter().flat_map(|asker| asker.join().unwrap()).collect();
        taken.sort_unstable();
        assert_eq!(taken, (1..=24).collect::<Vec<_>>());
    }
}
