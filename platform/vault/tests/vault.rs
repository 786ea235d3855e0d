//! Tests the vault on both engines: records are sealed, masked, opened with a purpose, found, changed, erased, rotated.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use std::ops::ControlFlow;
use std::sync::Arc;
use store::{StoreError, Tx, args};
use testkit::TestStore;
use uuid::Uuid;
use vault::{
    Deed, Labelled, Look, Looker, Looks, MIGRATIONS, MasterKeys, NewRecord, Person, PersonField, Vault, VaultError,
};

const DISTRICT: PlaceId = PlaceId(4);
const OTHER: PlaceId = PlaceId(5);
const NAME: &str = "王小明";
const NUMBER: &str = "11010519491231002X";
const TELEPHONE: &str = "13800000412";

fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_700_000_000_000_000).plus_seconds(seconds)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn person() -> Person {
    Person::new()
        .with(PersonField::Name, NAME)
        .with(PersonField::ResidentId, "11010519491231002x")
        .with(PersonField::Telephone, "+86 138-0000-0412")
        .with(PersonField::Note, "腿脚不便")
}

fn record(id: Uuid, district: PlaceId) -> NewRecord {
    NewRecord { id, district, person: person(), purpose: "测试".into(), retain_until: None, at: at(0) }
}

fn look(purpose: &str) -> Look {
    Look {
        account: Some(Uuid::from_u128(9)),
        name: "李社工".into(),
        place: "文安路社区".into(),
        purpose: purpose.into(),
        case_number: Some("210102-2026-0000123-7".into()),
        at: at(60),
    }
}

struct Bench {
    store: TestStore,
    vault: Vault,
    keys: MasterKeys,
}

impl Bench {
    fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&Vault, &mut dyn Tx) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let vault = self.vault.clone();
        self.store.write_blocking(move |tx| work(&vault, tx))
    }

    fn sealed(&self, district: PlaceId) -> Uuid {
        let id = Uuid::now_v7();
        self.write(move |vault, tx| vault.seal(tx, &record(id, district))).unwrap();
        id
    }

    /// Returns every byte of every text and blob of the vault's tables.
    fn stored_bytes(&self) -> Vec<u8> {
        self.write(|_, tx| {
            let mut bytes = Vec::new();
            for table in ["vault_record", "vault_key", "vault_index", "vault_access", "vault_secret"] {
                for row in tx.rows(&format!("select * from {table} limit 1000"), &[])? {
                    for value in row.values() {
                        match value {
                            store::Val::Text(text) => bytes.extend(text.as_bytes()),
                            store::Val::Bytes(blob) => bytes.extend(blob),
                            _ => {}
                        }
                        bytes.push(0);
                    }
                }
            }
            Ok(bytes)
        })
        .unwrap()
    }
}

fn benches() -> Vec<Bench> {
    let with_vault = |store: TestStore| {
        store::migrate(&store, &[MIGRATIONS]).unwrap();
        let keys = MasterKeys::generate().unwrap();
        Bench { store, vault: Vault::new(keys.clone()), keys }
    };
    testkit::stores().into_iter().map(with_vault).collect()
}

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn what_is_sealed_is_masked_and_opens_only_with_a_purpose() {
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        let shown = bench.write(move |vault, tx| vault.masked(tx, &[(DISTRICT, id), (OTHER, id)])).unwrap();
        assert_eq!(shown.len(), 1, "a record is found in its own district alone");
        assert_eq!(shown[0].1[&PersonField::Telephone], "138****0412");
        assert_eq!(shown[0].1[&PersonField::Note], "****");
        assert!(!shown[0].1[&PersonField::Name].contains("小"));
        assert!(bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap().is_empty());

        for purpose in ["", "  \n"] {
            let refused = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look(purpose)));
            assert!(matches!(refused, Err(VaultError::NoPurpose)));
        }
        let wordy = look(&"长".repeat(201));
        let refused = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &wordy));
        assert!(matches!(refused, Err(VaultError::LongPurpose)));
        let opened = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look(" 核对身份 "))).unwrap();
        assert_eq!(opened.get(PersonField::Name).unwrap().expose(), NAME);
        assert_eq!(opened.get(PersonField::ResidentId).unwrap().expose(), NUMBER, "normalised");
        assert_eq!(opened.get(PersonField::Telephone).unwrap().expose(), TELEPHONE, "normalised");
        let log = bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!((log[0].purpose.as_str(), log[0].name.as_str(), log[0].deed), ("核对身份", "李社工", Deed::Opened));
        assert_eq!((log[0].at, log[0].account), (at(60), Some(Uuid::from_u128(9))));
        let asked = |district| Looks {
            districts: vec![district],
            from: at(60),
            until: at(61),
            before: None,
            account: None,
            limit: 9,
        };
        let seen = bench.write(move |vault, tx| vault.looks(tx, &asked(DISTRICT))).unwrap();
        assert_eq!(seen.iter().map(|line| &line.access).collect::<Vec<_>>(), [&log[0]]);
        let all = bench.write(move |vault, tx| vault.accesses_before(tx, DISTRICT, id, None, 9)).unwrap();
        assert_eq!(all, seen);
        let last = Some(seen[0].id);
        assert!(bench.write(move |vault, tx| vault.accesses_before(tx, DISTRICT, id, last, 9)).unwrap().is_empty());
        let older = Looks { before: Some(seen[0].id), ..asked(DISTRICT) };
        assert!(bench.write(move |vault, tx| vault.looks(tx, &older)).unwrap().is_empty());
        assert!(bench.write(move |vault, tx| vault.looks(tx, &asked(OTHER))).unwrap().is_empty());
        let two = Looks { districts: vec![OTHER, DISTRICT], ..asked(DISTRICT) };
        let lookers = bench.write(move |vault, tx| vault.lookers(tx, &two)).unwrap();
        let counted = |one: &Looker| (one.name.clone(), one.count, one.persons);
        assert_eq!(lookers.iter().map(counted).collect::<Vec<_>>(), [("李社工".to_owned(), 1, 1)]);
        let (who, other) = (Uuid::from_u128(9), Uuid::from_u128(8));
        for (account, count) in [(who, 1), (other, 0)] {
            let asked = Looks { account: Some(account), ..asked(DISTRICT) };
            let read = bench.write(move |vault, tx| {
                let seen = vault.seen(tx, &asked, account)?.len();
                let saw = vault.saw(tx, DISTRICT, id, account, at(60))?;
                Ok((vault.looks(tx, &asked)?.len(), seen, vault.persons_seen(tx, account, at(60))?, saw))
            });
            let lines = usize::try_from(count).unwrap();
            assert_eq!(read.unwrap(), (lines, lines, count, count == 1));
        }
        assert_eq!(bench.write(move |vault, tx| vault.persons_seen(tx, who, at(61))).unwrap(), 0);
    }
}

#[test]
fn a_look_and_its_log_line_stand_or_fall_together() {
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        let failed: Result<(), VaultError> = bench.write(move |vault, tx| {
            vault.open(tx, DISTRICT, id, &look("核对"))?;
            Err(VaultError::Store(StoreError::Full))
        });
        assert!(failed.is_err());
        assert!(bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap().is_empty());
    }
}

#[test]
fn nothing_readable_is_stored() {
    for bench in benches() {
        bench.sealed(DISTRICT);
        let bytes = bench.stored_bytes();
        for content in [NAME, NUMBER, TELEPHONE, "138-0000", "腿脚不便", "resident_id\":"] {
            assert!(!contains(&bytes, content), "{}: {content}", bench.store.name);
        }
        assert!(contains(&bytes, "sm4-gcm-1"), "the algorithm stands beside the ciphertext");
    }
}

#[test]
fn records_are_found_by_number_and_telephone_however_written() {
    for bench in benches() {
        let (one, other) = (bench.sealed(DISTRICT), bench.sealed(OTHER));
        for (field, value) in [
            (PersonField::Telephone, "138 0000 0412"),
            (PersonField::Telephone, "+8613800000412"),
            (PersonField::ResidentId, "11010519491231002x"),
        ] {
            let mut found = bench.write(move |vault, tx| vault.find(tx, field, value)).unwrap();
            found.sort();
            assert_eq!(found, [(DISTRICT, one), (OTHER, other)], "{field:?}");
        }
        for (field, value) in [(PersonField::Telephone, "13900000412"), (PersonField::ResidentId, "not a number")] {
            assert!(bench.write(move |vault, tx| vault.find(tx, field, value)).unwrap().is_empty());
        }
        let mut named = bench.write(|vault, tx| vault.find(tx, PersonField::Name, " 王小明")).unwrap();
        named.sort();
        assert_eq!(named, [(DISTRICT, one), (OTHER, other)]);
        assert!(bench.write(|vault, tx| vault.find(tx, PersonField::Name, "王小")).unwrap().is_empty());
        let refused = bench.write(|vault, tx| vault.find(tx, PersonField::Note, "腿脚不便"));
        assert!(matches!(refused, Err(VaultError::NotSearchable { .. })));
    }
}

#[test]
fn a_person_is_found_by_any_paper_and_by_a_telephone_with_or_without_its_extension() {
    for bench in benches() {
        for (kept, shown, asked, other) in [
            ("passport:e12345678", "passport:E1****678", "E12345678", "E12345679"),
            ("CAN210141030512", "CAN********0512", "can 2101 4103 0512", "CAN210141030513"),
            ("hk_macao_permit:H12345678", "hk_macao_permit:H1****678", "ｈ１２３４５６７８", "M12345678"),
        ] {
            let id = Uuid::now_v7();
            let person = Person::new()
                .with(PersonField::Name, "古丽米热•艾比布力")
                .with(PersonField::ResidentId, kept)
                .with(PersonField::Telephone, "024-23456713-801");
            let sealed = NewRecord { person, ..record(id, DISTRICT) };
            bench.write(move |vault, tx| vault.seal(tx, &sealed)).unwrap();
            let find = |field, value: &'static str| bench.write(move |vault, tx| vault.find(tx, field, value)).unwrap();
            assert_eq!(find(PersonField::ResidentId, asked), [(DISTRICT, id)], "{asked}");
            assert!(find(PersonField::ResidentId, other).is_empty(), "{other}");
            for telephone in ["02423456713", "024-23456713转801"] {
                assert!(find(PersonField::Telephone, telephone).contains(&(DISTRICT, id)), "{telephone}");
            }
            let masks = bench.write(move |vault, tx| vault.masked(tx, &[(DISTRICT, id)])).unwrap();
            assert_eq!(masks[0].1[&PersonField::ResidentId], shown);
            assert_eq!(masks[0].1[&PersonField::Telephone], "024****6713-***");
            for (field, value, expected) in [
                (PersonField::ResidentId, asked, true),
                (PersonField::ResidentId, other, false),
                (PersonField::Telephone, "024 2345 6713", true),
                (PersonField::Name, "古丽米热・艾比布力", true),
            ] {
                let same = bench.write(move |vault, tx| vault.matches(tx, DISTRICT, id, field, value)).unwrap();
                assert_eq!(same, expected, "{field:?} {value}");
            }
        }
    }
}

#[test]
fn a_value_is_compared_without_opening() {
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        for (field, value, expected) in [
            (PersonField::Telephone, "138-0000-0412", true),
            (PersonField::Telephone, "13800000413", false),
            (PersonField::Telephone, "", false),
            (PersonField::Name, " 王小明", true),
            (PersonField::Name, "王小", false),
            (PersonField::Address, "大东区", false),
        ] {
            let same = bench.write(move |vault, tx| vault.matches(tx, DISTRICT, id, field, value)).unwrap();
            assert_eq!(same, expected, "{field:?} {value}");
        }
        let stranger = bench.write(move |vault, tx| vault.matches(tx, OTHER, id, PersonField::Telephone, TELEPHONE));
        assert!(!stranger.unwrap());
        assert!(bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap().is_empty());
    }
}

#[test]
fn a_change_keeps_the_rest_moves_the_index_and_is_logged() {
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        let new = Person::new().with(PersonField::Telephone, "13911112222");
        bench.write(move |vault, tx| vault.change(tx, DISTRICT, id, &new, &look("换了号码"))).unwrap();
        let find =
            |value: &'static str| bench.write(move |vault, tx| vault.find(tx, PersonField::Telephone, value)).unwrap();
        assert_eq!(find("13911112222"), [(DISTRICT, id)]);
        assert!(find(TELEPHONE).is_empty());
        let opened = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("核对"))).unwrap();
        assert_eq!(opened.get(PersonField::Name).unwrap().expose(), NAME);
        let deeds: Vec<Deed> = bench
            .write(move |vault, tx| vault.accesses(tx, DISTRICT, id))
            .unwrap()
            .iter()
            .map(|line| line.deed)
            .collect();
        assert!(deeds.contains(&Deed::Changed) && deeds.contains(&Deed::Opened));
    }
}

#[test]
fn a_malformed_number_is_refused_before_anything_is_written() {
    for bench in benches() {
        let refused = bench.write(|vault, tx| {
            let person = Person::new().with(PersonField::ResidentId, "110105194912310021");
            vault.seal(tx, &NewRecord { person, ..record(Uuid::now_v7(), DISTRICT) })
        });
        let error = refused.unwrap_err();
        assert!(matches!(error, VaultError::Malformed { field: PersonField::ResidentId, .. }));
        assert!(error.refusal().is_some() && !error.to_string().contains("1101051949"));
        assert!(bench.stored_bytes().is_empty());
    }
}

#[test]
fn erasing_destroys_key_ciphertext_and_index_and_keeps_the_log() {
    for bench in benches() {
        let (id, kept) = (bench.sealed(DISTRICT), bench.sealed(DISTRICT));
        bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("核对"))).unwrap();
        for _ in 0..2 {
            bench.write(move |vault, tx| vault.erase(tx, DISTRICT, id, at(90))).unwrap();
        }
        let opened = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("再看")));
        assert!(matches!(opened, Err(VaultError::Erased)));
        let found = bench.write(|vault, tx| vault.find(tx, PersonField::Telephone, TELEPHONE)).unwrap();
        assert_eq!(found, [(DISTRICT, kept)]);
        assert!(bench.write(move |vault, tx| vault.masked(tx, &[(DISTRICT, id)])).unwrap().is_empty());
        assert!(!bench.write(move |vault, tx| vault.matches(tx, DISTRICT, id, PersonField::Name, NAME)).unwrap());
        assert_eq!(bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap().len(), 1);
        let left = bench
            .write(move |_, tx| {
                let texts = "select id from vault_record where id = $1 and ciphertext is not null";
                let keys = "select record from vault_key where record = $1";
                Ok(tx.rows(texts, &args![id])?.len() + tx.rows(keys, &args![id])?.len())
            })
            .unwrap();
        assert_eq!(left, 0);
        let unknown = bench.write(|vault, tx| vault.erase(tx, DISTRICT, Uuid::nil(), at(90)));
        assert!(matches!(unknown, Err(VaultError::NotFound)));
    }
}

#[test]
fn what_others_keep_under_a_record_is_forgotten_with_it_or_neither_is() {
    for bench in benches() {
        let (id, kept) = (bench.sealed(DISTRICT), bench.sealed(DISTRICT));
        bench.vault.forget_with(vec![Arc::new(move |tx, district, id, at| {
            if id == kept {
                return Err(StoreError::data("cannot be forgotten"));
            }
            tx.exec(
                "update vault_access set purpose = $1 where district = $2 and record = $3",
                &args![format!("{}", at.micros()), district, id],
            )
            .map(drop)
        })]);
        bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("核对"))).unwrap();
        bench.write(move |vault, tx| vault.erase(tx, DISTRICT, id, at(90))).unwrap();
        let looks = bench.write(move |vault, tx| vault.accesses(tx, DISTRICT, id)).unwrap();
        assert_eq!(looks.iter().map(|look| look.purpose.as_str()).collect::<Vec<_>>(), [at(90).micros().to_string()]);
        assert!(bench.write(move |vault, tx| vault.erase(tx, DISTRICT, kept, at(90))).is_err());
        assert_eq!(bench.write(move |vault, tx| vault.masked(tx, &[(DISTRICT, kept)])).unwrap().len(), 1);
    }
}

#[test]
fn the_debug_text_of_a_vault_shows_no_key() {
    for bench in benches() {
        bench.sealed(DISTRICT);
        assert_eq!(format!("{:?}", bench.vault), "Vault { .. }");
    }
}

#[test]
fn what_is_kept_too_long_is_named_the_longest_overdue_first() {
    for bench in benches() {
        let ids = [bench.sealed(DISTRICT), bench.sealed(OTHER), bench.sealed(DISTRICT), bench.sealed(DISTRICT)];
        let until = |district, id, text: &'static str| {
            bench.write(move |vault, tx| vault.retain_until(tx, district, id, Some(day(text)))).unwrap();
        };
        until(DISTRICT, ids[0], "2026-03-01");
        until(OTHER, ids[1], "2026-02-01");
        until(DISTRICT, ids[2], "2026-03-02");
        let on = |limit| bench.write(move |vault, tx| vault.expired(tx, day("2026-03-02"), limit)).unwrap();
        assert_eq!(on(10), [(OTHER, ids[1]), (DISTRICT, ids[0])], "the last day itself still counts");
        assert_eq!(on(1), [(OTHER, ids[1])]);
        bench.write(move |vault, tx| vault.erase(tx, OTHER, ids[1], at(0))).unwrap();
        assert_eq!(on(10), [(DISTRICT, ids[0])]);
    }
}

#[test]
fn rotation_rewraps_in_batches_can_be_interrupted_and_keeps_the_index() {
    for mut bench in benches() {
        let ids: Vec<Uuid> = (0..230).map(|_| bench.sealed(DISTRICT)).collect();
        let first = bench.vault.clone();
        bench.write(|vault, tx| vault.put_secret(tx, "test", Uuid::nil(), b"secret")).unwrap();
        let both = bench.keys.with_new_key().unwrap();
        bench.vault = Vault::new(both.clone());

        let mut heard = Vec::new();
        let broken = bench.vault.rotate(&bench.store, &mut |done, total| {
            heard.push((done, total));
            ControlFlow::Break(())
        });
        let broken = broken.unwrap();
        assert_eq!(heard.len(), 1);
        assert!(
            broken.rewrapped > 0 && broken.remaining > 0 && broken.rewrapped + broken.remaining == 232,
            "{broken:?}"
        );
        let newest = bench.write(move |vault, tx| vault.open(tx, DISTRICT, ids[0], &look("核对")));
        assert!(newest.is_ok(), "readable in the middle of a rotation");

        let rest = bench.vault.rotate(&bench.store, &mut |_, _| ControlFlow::Continue(())).unwrap();
        assert_eq!((rest.rewrapped, rest.remaining), (broken.remaining, 0));
        let used = bench.write(|vault, tx| vault.key_use(tx)).unwrap();
        assert_eq!(used.into_iter().collect::<Vec<_>>(), [("2".to_owned(), 232)]);

        bench.vault = Vault::new(both.without_key("1"));
        assert_eq!(bench.write(|vault, tx| vault.find(tx, PersonField::Telephone, TELEPHONE)).unwrap().len(), 200);
        assert_eq!(*bench.write(|vault, tx| vault.secret(tx, "test", Uuid::nil())).unwrap().unwrap(), b"secret");
        assert_eq!(bench.vault.derive_key("csrf"), first.derive_key("csrf"));
        let id = bench.sealed(DISTRICT);
        bench.vault = first;
        let old = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("核对")));
        assert!(matches!(old, Err(VaultError::UnknownKey { .. })), "{old:?}");
    }
}

#[test]
fn a_ciphertext_moved_to_another_record_or_district_does_not_open() {
    for bench in benches() {
        let (one, other) = (bench.sealed(DISTRICT), bench.sealed(DISTRICT));
        bench
            .write(move |_, tx| {
                for sql in [
                    "update vault_key set wrapped = (select wrapped from vault_key where record = $1) where record = $2",
                    "update vault_record set ciphertext = (select ciphertext from vault_record where id = $1) where id = $2",
                ] {
                    tx.exec(sql, &args![one, other])?;
                }
                Ok(())
            })
            .unwrap();
        let moved = bench.write(move |vault, tx| vault.open(tx, DISTRICT, other, &look("核对")));
        assert!(matches!(moved, Err(VaultError::Damaged)));
        bench
            .write(move |_, tx| {
                tx.exec("update vault_key set district = $1 where record = $2", &args![OTHER, one])?;
                Ok(tx.exec("update vault_record set district = $1 where id = $2", &args![OTHER, one])?)
            })
            .unwrap();
        let moved = bench.write(move |vault, tx| vault.open(tx, OTHER, one, &look("核对")));
        assert!(matches!(moved, Err(VaultError::Damaged)));
    }
}

#[test]
fn no_log_line_and_no_error_carries_content() {
    #[derive(Clone, Default)]
    struct Captured(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    // This holds for all threads of the process, because the store works on threads of its own.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let mut errors = Vec::new();
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        tracing::info!(record = ?record(id, DISTRICT), "sealed");
        let opened = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look("核对"))).unwrap();
        tracing::info!(?opened, vault = ?bench.vault, "opened");
        let again = bench.write(move |vault, tx| vault.seal(tx, &record(id, DISTRICT))).unwrap_err();
        let purpose = bench.write(move |vault, tx| vault.open(tx, DISTRICT, id, &look(""))).unwrap_err();
        let number = Person::new().with(PersonField::Telephone, "1380000041");
        let malformed = bench.write(move |vault, tx| vault.change(tx, DISTRICT, id, &number, &look("改"))).unwrap_err();
        for error in [again, purpose, malformed] {
            tracing::error!(%error, ?error, "refused");
            errors.push(format!("{error} {error:?}"));
        }
    }
    let log = captured.0.lock().unwrap().clone();
    assert!(contains(&log, "opened") && contains(&log, "refused"), "the log was captured");
    for content in [NAME, NUMBER, TELEPHONE, "1380000041", "腿脚不便", "4949123100"] {
        assert!(!contains(&log, content), "log: {content}");
        assert!(errors.iter().all(|error| !error.contains(content)), "errors: {content}");
    }
}

#[test]
fn what_belongs_to_a_record_is_sealed_with_it_and_goes_with_it() {
    for bench in benches() {
        let (id, other) = (bench.sealed(DISTRICT), bench.sealed(DISTRICT));
        let sealed = bench.write(move |vault, tx| vault.cover(tx, DISTRICT, id, "file", "户口簿".as_bytes())).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("户口簿"));
        let change = Person::new().with(PersonField::Address, "3号楼");
        bench.write(move |vault, tx| vault.change(tx, DISTRICT, id, &change, &look("更正"))).unwrap();
        let open = |record: Uuid, label: &'static str, sealed: &[u8]| {
            let sealed = sealed.to_vec();
            bench
                .write(move |vault, tx| vault.uncover(tx, DISTRICT, record, label, &sealed).map(|plain| plain.to_vec()))
        };
        assert_eq!(open(id, "file", &sealed).unwrap(), "户口簿".as_bytes(), "also after a change");
        assert!(matches!(open(id, "message", &sealed), Err(VaultError::Damaged)));
        assert!(matches!(open(other, "file", &sealed), Err(VaultError::Damaged)));
        bench.write(move |vault, tx| vault.looked(tx, DISTRICT, id, &look("核对材料"))).unwrap();
        assert!(matches!(
            bench.write(move |vault, tx| vault.looked(tx, DISTRICT, id, &look(" "))),
            Err(VaultError::NoPurpose)
        ));
        bench.write(move |vault, tx| vault.erase(tx, DISTRICT, id, at(90))).unwrap();
        assert!(matches!(open(id, "file", &sealed), Err(VaultError::Erased)));
    }
}

#[test]
fn several_things_are_sealed_and_opened_at_once_each_under_its_label() {
    for bench in benches() {
        let id = bench.sealed(DISTRICT);
        let labelled = |label: &str, bytes: &'static [u8]| Labelled { label: label.to_owned(), bytes };
        let sealed = bench
            .write(move |vault, tx| {
                let plain = [labelled("word/1", "收入".as_bytes()), labelled("word/2", "房产".as_bytes())];
                vault.cover_each(tx, DISTRICT, id, &plain)
            })
            .unwrap();
        let open = |labels: [&'static str; 2]| {
            let sealed = sealed.clone();
            bench.write(move |vault, tx| {
                let each = labels.into_iter().zip(&sealed);
                let each: Vec<Labelled<'_>> =
                    each.map(|(label, bytes)| Labelled { label: label.to_owned(), bytes }).collect();
                let opened = vault.uncover_each(tx, DISTRICT, id, &each)?;
                Ok(opened.iter().map(|plain| String::from_utf8_lossy(plain).into_owned()).collect::<Vec<_>>())
            })
        };
        assert_eq!(open(["word/1", "word/2"]).unwrap(), ["收入", "房产"]);
        assert!(matches!(open(["word/2", "word/1"]), Err(VaultError::Damaged)), "none is taken for another");
        bench.write(move |vault, tx| vault.erase(tx, DISTRICT, id, at(90))).unwrap();
        assert!(matches!(open(["word/1", "word/2"]), Err(VaultError::Erased)));
        let unknown = bench.write(move |vault, tx| vault.cover_each(tx, OTHER, id, &[labelled("word/1", b"x")]));
        assert!(matches!(unknown, Err(VaultError::NotFound)));
    }
}

#[test]
fn what_belongs_to_several_records_is_opened_at_once_and_of_an_erased_one_nothing() {
    for bench in benches() {
        let (one, other) = (bench.sealed(DISTRICT), bench.sealed(DISTRICT));
        let sealed = bench
            .write(move |vault, tx| {
                let each = [one, other].into_iter().map(|id| vault.cover(tx, DISTRICT, id, "word", b"plain"));
                each.collect::<Result<Vec<_>, _>>()
            })
            .unwrap();
        let open = |ids: [Uuid; 3]| {
            let sealed = sealed.clone();
            bench.write(move |vault, tx| {
                let bytes = [&sealed[0], &sealed[1], &sealed[0]];
                let labelled = |bytes| Labelled { label: "word".to_owned(), bytes };
                let each: Vec<(Uuid, Labelled<'_>)> =
                    ids.into_iter().zip(bytes).map(|(id, bytes)| (id, labelled(bytes.as_slice()))).collect();
                let opened = vault.uncover_several(tx, DISTRICT, &each)?;
                Ok(opened.iter().map(Option::is_some).collect::<Vec<_>>())
            })
        };
        assert_eq!(open([one, other, one]).unwrap(), [true, true, true]);
        assert!(matches!(open([one, one, one]), Err(VaultError::Damaged)), "none is taken for another");
        assert_eq!(open([one, other, Uuid::from_u128(1)]).unwrap(), [true, true, false]);
        bench.write(move |vault, tx| vault.erase(tx, DISTRICT, other, at(90))).unwrap();
        assert_eq!(open([one, other, one]).unwrap(), [true, false, true]);
    }
}

#[test]
fn what_tells_texts_apart_is_of_one_installation_and_gives_nothing_away() {
    let (mut told, installations) = (Vec::new(), benches());
    for bench in &installations {
        let (one, other) = (bench.vault.told_apart("不符合条件"), bench.vault.told_apart("不符合条件。"));
        assert!(one == bench.vault.told_apart("不符合条件") && one != other && one.len() == 64);
        told.push(one);
    }
    told.dedup();
    assert_eq!(told.len(), installations.len(), "each installation has a key of its own");
}
