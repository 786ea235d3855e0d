//! Keeping the house: days are sealed without a gap, old answers and done jobs forgotten in time.

use super::*;

use kernel::place::PlaceId;

#[test]
fn every_day_is_sealed_also_those_on_which_no_server_ran() {
    for house in House::each() {
        let key = store::audit::AuditKey::new(house.city.vault.derive_key("store.audit"));
        let sealed = || seal_next(&house.store, &key, ZONE, house.clock.now()).unwrap();
        house.opened(1, None);
        assert_eq!(sealed().map(|day| day.to_string()).as_deref(), Some("2026-11-22"), "{}", house.store.name);
        assert_eq!(sealed(), None);
        house.clock.set_local("2026-11-27 09:00");
        house.runner().run_due().unwrap();
        let days = house.store.read_blocking(|tx| {
            let sql = "select count(*) from store_audit_head";
            store::scalar::<i64>(tx, sql, &[])
        });
        assert_eq!(days, Ok(Some(5)), "{}: the 22nd to the 26th", house.store.name);
        let report = store::audit::verify(&house.store, &key, |_| {}).unwrap();
        assert_eq!((report.faults, report.days), (Vec::new(), 5));
    }
}

#[test]
fn old_answers_and_done_jobs_are_forgotten_and_younger_ones_kept() {
    for house in House::each() {
        let now = house.clock.now();
        let days = house.city.cases.hall.figure(rulebook::ONCE_RETENTION_DAYS, now).unwrap();
        let begun = |key: &'static str, at| {
            house.store.write_blocking(move |tx| store::once::begin(tx, "test", key, "same", at)).unwrap()
        };
        for (key, age) in [("ancient", 900), ("old", days + 1), ("young", days - 1)] {
            assert!(begun(key, now.plus_days(-age)) == store::once::Once::New, "{key}");
        }
        let heard = |id: u128, done: kernel::time::Instant| {
            let (id, district) = (Uuid::from_u128(id), kernel::place::PlaceId(1));
            house.store.write_blocking(move |tx| {
                store::outbox::put(tx, id, district, "test.heard", &serde_json::Value::Null, done)?;
                store::outbox::done(tx, district, id, done)
            })
        };
        heard(1, now.plus_days(-days - 1)).unwrap();
        heard(2, now.plus_days(-days + 1)).unwrap();
        house.does_chore("app.forget", serde_json::Value::Null);
        let kept = house.store.read_blocking(|tx| {
            store::scalar::<i64>(tx, "select count(*) from store_outbox where topic = 'test.heard'", &[])
        });
        assert_eq!(kept, Ok(Some(1)), "{}: messages", house.store.name);
        for (key, kept) in [("ancient", false), ("old", false), ("young", true)] {
            assert_eq!(begun(key, now) != store::once::Once::New, kept, "{}: {key}", house.store.name);
        }
        house.does_chore("app.sweep_accounts", serde_json::Value::Null);
    }
}

#[test]
fn what_erased_keys_may_have_left_is_cleared_at_night() {
    for house in House::each() {
        let now = house.clock.now();
        let (vault, id, district) = (house.city.vault.clone(), Uuid::now_v7(), PlaceId(4));
        let person = vault::Person::new().with(vault::PersonField::Name, "王小明");
        let purpose = "test".to_owned();
        let record = vault::NewRecord { id, district, person, purpose, retain_until: None, at: now };
        let done = house.store.write_blocking(move |tx| {
            vault.seal(tx, &record)?;
            vault.erase(tx, district, id, now)
        });
        done.unwrap();
        let traces = || {
            house.store.read_blocking(|tx| store::scalar::<i64>(tx, "select count(*) from vault_trace", &[])).unwrap()
        };
        assert_eq!(traces(), Some(1), "{}", house.store.name);
        house.does_chore("app.clear_traces", serde_json::Value::Null);
        assert_eq!(traces(), Some(0), "{}", house.store.name);
    }
}

#[test]
fn what_a_killed_process_left_on_the_shelf_goes_when_the_next_one_starts() {
    for house in House::each() {
        let part = house.keys.path().join("files").join("ab");
        std::fs::create_dir_all(&part).unwrap();
        let (left, whole) = (part.join("ab12#1"), part.join("ab34"));
        for file in [&left, &whole] {
            std::fs::write(file, b"sealed").unwrap();
        }
        clear_unfinished(&house.city);
        assert!(left.exists(), "{}: another server may be writing it", house.store.name);
        house.clock.set_local("2099-01-01 09:00");
        clear_unfinished(&house.city);
        assert!(!left.exists() && whole.exists(), "{}", house.store.name);
    }
}

#[test]
fn a_clock_that_was_two_days_ahead_and_is_put_right_leaves_nothing_behind() {
    for house in House::each() {
        let key = store::audit::AuditKey::new(house.city.vault.derive_key("store.audit"));
        let case = house.opened(1, None);
        house.clock.set_local("2026-11-25 10:00");
        house.runner().run_due().unwrap();
        let late = house.opened(2, None);
        house.clock.set_local(NOW);
        let runner = house.runner();
        runner.run_due().unwrap();
        let told = house.told(&office(&late)).iter().filter(|text| *text == "cases-notice-office").count();
        assert_eq!(told, 2, "{}: told at once", house.store.name);
        house.acts(&case, "grant", &[("basis", "按目录")]);
        house.clock.set_local("2026-11-26 10:00");
        runner.run_due().unwrap();
        let sql = "select max(sequence) from store_audit_seal where stream = $1";
        let id = case.id.0;
        let sealed = house.store.read_blocking(move |tx| store::scalar::<i64>(tx, sql, &store::args![id])).unwrap();
        assert!(sealed > Some(case.sequence), "{}: the step after the jump too", house.store.name);
        let report = store::audit::verify(&house.store, &key, |_| {}).unwrap();
        assert_eq!(report.faults, Vec::new(), "{}", house.store.name);
    }
}
