//! Tests on both engines that records of before can be found by name once they were gone through.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use kernel::place::PlaceId;
use kernel::time::Instant;
use std::ops::ControlFlow;
use store::Tx;
use testkit::TestStore;
use uuid::Uuid;
use vault::{Indexed, MIGRATIONS, MasterKeys, NewRecord, Person, PersonField, Vault, VaultError};

const DISTRICTS: [PlaceId; 2] = [PlaceId(4), PlaceId(5)];
const NAME: &str = "王小明";
const TELEPHONE: &str = "13800000412";

struct Bench {
    store: TestStore,
    vault: Vault,
}

impl Bench {
    fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&Vault, &mut dyn Tx) -> Result<T, VaultError> + Send + 'static,
    ) -> T {
        let vault = self.vault.clone();
        self.store.write_blocking(move |tx| work(&vault, tx)).unwrap()
    }

    fn seal(&self, district: PlaceId, person: Person) -> Uuid {
        let (id, at) = (Uuid::now_v7(), Instant::from_micros(1_700_000_000_000_000));
        let record = NewRecord { id, district, person, purpose: "测试".into(), retain_until: None, at };
        self.write(move |vault, tx| vault.seal(tx, &record));
        id
    }

    fn found(&self, field: PersonField, value: &'static str) -> usize {
        self.write(move |vault, tx| vault.find(tx, field, value)).len()
    }

    fn digests(&self) -> i64 {
        self.write(|_, tx| Ok(store::scalar(tx, "select count(*) from vault_index", &[])?.unwrap_or(0)))
    }
}

fn benches() -> Vec<Bench> {
    let with_vault = |store: TestStore| {
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        Bench { store, vault: Vault::new(MasterKeys::generate().unwrap()) }
    };
    testkit::stores().into_iter().map(with_vault).collect()
}

#[test]
fn older_records_are_found_by_name_once_they_were_gone_through() {
    for bench in benches() {
        let named = || Person::new().with(PersonField::Name, NAME).with(PersonField::Telephone, TELEPHONE);
        for district in DISTRICTS {
            for _ in 0..75 {
                bench.seal(district, named());
            }
            bench.seal(district, Person::new().with(PersonField::Note, "腿脚不便"));
        }
        let erased = bench.seal(PlaceId(4), named());
        bench.write(|_, tx| Ok(tx.exec("delete from vault_index where field = 'name_key'", &[])?));
        bench.write(move |vault, tx| vault.erase(tx, PlaceId(4), erased, Instant::from_micros(1)));
        assert_eq!(
            (bench.found(PersonField::Name, NAME), bench.found(PersonField::Telephone, TELEPHONE) > 0),
            (0, true)
        );

        let mut heard = Vec::new();
        let broken = bench.vault.index_older(&bench.store, &mut |done, total| {
            heard.push((done, total));
            ControlFlow::Break(())
        });
        let broken = broken.unwrap();
        assert_eq!(heard, [(100, 152)], "a batch at a time");
        assert_eq!((broken.indexed + broken.nameless, broken.remaining), (100, 52));
        let halfway = bench.digests();

        let rest = bench.vault.index_older(&bench.store, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(broken.indexed + rest.indexed, 150, "begun again it goes on: {broken:?} {rest:?}");
        assert_eq!((rest.nameless, rest.unreadable, rest.remaining), (2, 0, 0), "{rest:?}");
        assert!(bench.digests() > halfway);
        assert_eq!(bench.digests(), 300, "name and telephone of each, nothing of what was erased");
        assert!(bench.found(PersonField::Name, NAME) > 0);
        let once_more = bench.vault.index_older(&bench.store, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(once_more, Indexed { nameless: 2, ..Indexed::default() }, "done again it changes nothing");
    }
}

#[test]
fn a_name_is_found_however_its_blanks_and_capitals_are_written() {
    for bench in benches() {
        let kept = ["Müller", "王　玲", "Ann\u{A0}Lee", "古丽米热•艾比布力"];
        for name in kept {
            bench.seal(PlaceId(4), Person::new().with(PersonField::Name, name));
        }
        for typed in
            ["Müller", "müller", "MÜLLER", "王玲", "王 玲", "王　玲", "ann lee", "ANN  LEE", "古丽米热 · 艾比布力"]
        {
            assert_eq!(bench.found(PersonField::Name, typed), 1, "{typed}");
        }
        for other in ["Muller", "王铃", "Annlee", "王"] {
            assert_eq!(bench.found(PersonField::Name, other), 0, "{other}");
        }
    }
}

#[test]
fn a_record_that_cannot_be_opened_keeps_no_other_from_being_found() {
    for bench in benches() {
        let named = |name: &str| Person::new().with(PersonField::Name, name);
        let damaged = bench.seal(PlaceId(4), named("李娜"));
        bench.seal(PlaceId(4), named(NAME));
        bench.write(|_, tx| Ok(tx.exec("delete from vault_index", &[])?));
        bench.write(move |_, tx| {
            let values = store::args![vec![0_u8; 64], damaged];
            Ok(tx.exec("update vault_record set ciphertext = $1 where id = $2", &values)?)
        });
        let pass = bench.vault.index_older(&bench.store, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!(pass, Indexed { indexed: 1, unreadable: 1, ..Indexed::default() });
        assert_eq!(bench.found(PersonField::Name, NAME), 1);
    }
}
