//! These stories are about upgrade, backup, restore and what `doctor` reads. Tables are the same on both engines, and a
//! city that moved to the other engine shows the same pages.

use city_stories::{Resident, Story, Town};
use lianglin::demonstration::Seed;
use lianglin::departments::migrations;
use std::path::Path;
use store::StoreError;
use uuid::Uuid;

#[test]
fn migrations_applied_twice_change_nothing_and_give_the_same_tables_on_both_engines() {
    let mut schemas = Vec::new();
    for store in testkit::stores() {
        let applied = store::migrate(&store, &migrations()).unwrap();
        assert!(!applied.is_empty());
        let first = store::schema(&store).unwrap();
        assert_eq!(store::migrate(&store, &migrations()).unwrap(), Vec::<String>::new(), "{}", store.name);
        assert_eq!(store::schema(&store).unwrap(), first);
        assert!(store::pending(&store, &migrations()).unwrap().is_empty());
        schemas.push(first);
    }
    schemas.dedup();
    let [schema] = schemas.as_slice() else { panic!("the engines differ: {schemas:#?}") };
    let documented = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/schema.sql");
    if let Ok(text) = std::fs::read_to_string(&documented) {
        assert_eq!(*schema, text, "write it anew with `cargo xtask docs`");
    }
}

#[test]
fn a_city_restored_into_the_other_engine_shows_the_same_pages() {
    let Some(empty) = testkit::postgres_store() else { return };
    let town = Town::small();
    let mut story = Story::new(&town, 81);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        佟建国 is organiser_city at 沈阳市
        王晓燕 takes MZ-11 for a resident of 华炉社区
        孙海燕 does request_correction papers=HK reason=户口簿缺首页
        孙海燕 looks for 核对年龄
        ",
    );
    let mut closed = Story::new(&town, 82);
    closed.tell(
        "
        李德顺 is community_worker at 永顺社区
        李德顺 takes RS-29 for a resident of 华炉社区
        李德顺 does grant
        李德顺 does hand_over handed_to=in_person
        she follows it
        she rates 5
        ",
    );
    let (number, code) = (story.number.clone(), story.code.clone());
    let asked = [
        ("孙海燕", format!("/cases/{number}")),
        ("孙海燕", "/queue".to_owned()),
        ("王晓燕", format!("/receipt/{number}")),
        ("王晓燕", "/desk".to_owned()),
        ("佟建国", "/supervise".to_owned()),
        ("佟建国", "/supervise?show=ended".to_owned()),
    ];
    let shown: Vec<String> =
        asked.iter().map(|(who, address)| story.at(who).open(address).expect(200).words()).collect();
    let followed = town.visitor().follows_with(&number, &code).expect(200).words();
    let counts = town.counts();

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.backup");
    let written = store::backup::backup(town.store(), &file, |_| {}).unwrap();
    let read = store::backup::restore(&empty.address, &file, |_| {}).unwrap();
    assert_eq!((written.rows, written.tables.len()), (read.rows, read.tables.len()));
    let logins: Vec<(String, String)> = asked.iter().map(|(who, _)| ((*who).to_owned(), story.login(who))).collect();
    drop((story, closed));

    let moved = town.again_in(empty);
    assert_eq!(moved.engine, "postgres");
    assert_eq!(moved.counts(), counts);
    for (((who, address), before), (_, login)) in asked.iter().zip(&shown).zip(&logins) {
        let mut browser = moved.visitor();
        browser.sign_in(login, city_stories::PASSWORD);
        assert_eq!(&browser.open(address).expect(200).words(), before, "{who} at {address}");
    }
    assert_eq!(moved.visitor().follows_with(&number, &code).expect(200).words(), followed);
    moved.verify();
    let mut later = Story::new(&moved, 83);
    later.tell("王晓燕二 is community_worker at 文安路社区").tell("王晓燕二 takes MZ-11 for a resident of 华炉社区");
    assert_ne!(later.number, number, "numbers go on where they stood");
}

#[test]
fn each_open_case_is_read_once_in_short_steps() {
    for town in Town::each() {
        let mut worker = town.staff("steps.desk", "community_worker", &town.named("文安路社区"), None);
        let (home, mut seed) = (town.named("华炉社区"), Seed::new(84));
        for _ in 0..5 {
            drop(worker.takes(&town, "MZ-11", &Resident::next(&mut seed), &home));
        }
        // Their version of the procedure is one that nobody keeps, so that each step counts the cases that it read.
        let moved =
            "update cases_fold set folded = replace(folded, '\"procedure_version\":', '\"procedure_version\":9')";
        let moved = town.store().write_blocking(move |tx| tx.exec(moved, &[]));
        assert_eq!(moved, Ok::<u64, StoreError>(5), "{}", town.engine);
        let (mut steps, mut after) = (Vec::new(), Some(Uuid::nil()));
        while let Some(last) = after {
            let desk = town.city.cases.clone();
            let read = town.store().read_blocking(move |tx| desk.versions_not_kept(tx, last, 2));
            let (missing, next) = read.unwrap();
            assert!(next.is_none_or(|next| last < next), "{}: a step goes on where the last one ended", town.engine);
            steps.push(missing.values().sum::<usize>());
            after = next;
        }
        assert_eq!(steps, [2, 2, 1, 0], "{}: as many reads as cases, and no case twice", town.engine);
    }
}
