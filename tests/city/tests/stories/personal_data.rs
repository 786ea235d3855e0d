//! These stories are about personal data. They are masked everywhere and opened only with a purpose. The person is told
//! of each look, and the data are gone when their time is over.

use city_stories::{Browser, Story, Town, cells};
use kernel::time::date_plus_days;
use testkit::ZONE;

/// Checks that a page shows nothing of hers in full.
fn masked(town: &Town, story: &Story<'_>, address: &str, body: &str) {
    for secret in story.resident.secrets() {
        assert!(!body.contains(secret), "{}: {address} shows {secret}", town.engine);
    }
}

fn page(browser: &mut Browser, address: &str) -> String {
    browser.open(address).expect(200).body()
}

#[test]
fn nothing_stands_in_full_before_it_is_opened_with_a_purpose() {
    for town in Town::each() {
        let mut story = Story::new(&town, 71);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_district at 大东区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            ",
        );
        let number = story.number.clone();
        let case = format!("/cases/{number}");
        for (who, address) in [
            ("王晓燕", "/desk"),
            ("王晓燕", "/queue"),
            ("王晓燕", case.as_str()),
            ("王晓燕", &format!("/receipt/{number}")),
            ("孙海燕", "/queue"),
            ("孙海燕", &case),
            ("佟建国", "/supervise"),
            ("佟建国", &case),
            ("she", &format!("/follow/{number}")),
            ("she", &format!("/receipt/{number}")),
        ] {
            let body = page(story.at(who), address);
            masked(&town, &story, address, &body);
        }
        let sheet = cells(&story.at("佟建国").open("/supervise.xlsx").expect(200).bytes);
        assert!(sheet.contains(&number));
        masked(&town, &story, "/supervise.xlsx", &sheet);

        let before = town.counts();
        let person = format!("{case}/person");
        let long = "长".repeat(101);
        for (purpose, word) in [("  ", ""), ("x", "核对年龄"), ("other", " "), ("handling", long.as_str())] {
            let refused = story.at("孙海燕").post(&person, &[("purpose", purpose), ("purpose_word", word)]).expect(422);
            let form = refused.form(&person);
            assert_eq!(form.get("purpose_word"), Some(word.trim()), "{}: {purpose}", town.engine);
            let kept = if ["other", "handling"].contains(&purpose) { purpose } else { "" };
            assert_eq!(form.get("purpose"), Some(kept), "{}: what was chosen stays", town.engine);
            let beside = if kept.is_empty() { "f-purpose-error" } else { "f-purpose_word-error" };
            assert!(refused.body().contains(&format!("id=\"{beside}\"")), "{}: {purpose}", town.engine);
            assert!(refused.body().contains("<details class=\"more noprint\" open>"), "{}: {purpose}", town.engine);
        }
        assert_eq!(story.at("佟建国").post(&person, &[("purpose", "好奇")]).status, 403);
        assert!(!story.at("佟建国").open(&case).forms().iter().any(|form| form.action == person));
        assert_eq!(town.visitor().post(&person, &[("purpose", "好奇")]).status, 303, "asked to sign in");
        assert_eq!(town.counts().looks, before.looks, "{}: nobody has looked", town.engine);

        story.tell("孙海燕 looks for 核对年龄");
        let opened = story.at("孙海燕").page();
        assert!(opened.body().contains(&story.resident.resident_id), "{}", opened.words());
        assert_eq!(opened.header("cache-control"), Some("no-store"), "an opened page is kept nowhere");
        assert_eq!(town.counts().looks, before.looks + 1);
        let again = page(story.at("孙海燕"), &case);
        masked(&town, &story, &case, &again);
        story.tell("she follows it").tell("she reads 核对年龄").tell("she reads 孙海燕").tell("she reads 大东区");
        stored_sealed(&town, &story);
    }
}

#[test]
fn her_list_of_looks_has_pages_and_none_is_pushed_out() {
    for town in Town::each() {
        let mut story = Story::new(&town, 74);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 looks for 最早的一次
            ",
        );
        let (desk, number, now) = (town.city.cases.clone(), story.number.clone(), town.clock.plus_seconds(60));
        let looked = town.store().write_blocking(move |tx| {
            let known = desk.known_number(tx, &number)?;
            let (district, record) = known.sealed().ok_or(hall::Fault::NotFound)?;
            for at in 0..600 {
                let look = vault::Look::platform("再次查看", &number, now.plus_seconds(at));
                desk.hall.vault.looked(tx, district, record, &look)?;
            }
            Ok::<_, hall::Fault>(())
        });
        looked.unwrap();
        story.tell("she follows it");
        for (who, address) in
            [("she", format!("/follow/{}", story.number)), ("孙海燕", format!("/cases/{}", story.number))]
        {
            let browser = story.at(who);
            let mut reply = browser.open(&address).expect(200);
            let (mut pages, mut lines) = (1, reply.words().matches("再次查看").count());
            while let Some(older) = reply.links().into_iter().find(|link| link.ends_with("#looks")) {
                assert!(!reply.words().contains("最早的一次"), "{}: the newest first", town.engine);
                reply = browser.open(older.trim_end_matches("#looks")).expect(200);
                lines += reply.words().matches("再次查看").count();
                pages += 1;
            }
            assert_eq!((pages, lines), (13, 600), "{}: {who}", town.engine);
            assert!(reply.words().contains("最早的一次"), "{}: {who}: {}", town.engine, reply.words());
        }
    }
}

/// Reads what is stored as a thief of the backup would. There must be no name, number, telephone number or card of
/// hers.
fn stored_sealed(town: &Town, story: &Story<'_>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.backup");
    store::backup::backup(town.store(), &file, |_| {}).unwrap();
    let text = std::fs::read(&file).unwrap();
    assert!(
        text.windows(story.number.len()).any(|window| window == story.number.as_bytes()),
        "the backup can be searched"
    );
    for secret in story.resident.secrets() {
        let found = text.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{}: {secret} stands in the store", town.engine);
    }
}

#[test]
fn after_its_time_the_person_is_erased_and_the_case_stays_readable() {
    for town in Town::each() {
        let mut story = Story::new(&town, 72);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes RS-29 for a resident of 华炉社区
            王晓燕 does grant
            王晓燕 does hand_over handed_to=in_person
            case is closed
            she follows it
            she sends request kind=correct text=电话换了
            王晓燕 finds it in /requests
            ",
        );
        let days =
            town.city.cases.hall.figure(cases::words::CASE_PERSONAL_DATA_RETENTION_DAYS, town.clock.now()).unwrap();
        let last_day = date_plus_days(ZONE.date(town.clock.now()), days).unwrap();
        assert_eq!(erase(&town, last_day), 0, "{}: on the last day it is still kept", town.engine);
        assert_eq!(erase(&town, last_day.tomorrow().unwrap()), 1);
        assert_eq!(erase(&town, last_day.tomorrow().unwrap()), 0, "once");
        let case = format!("/cases/{}", story.number);
        let words = story.at("王晓燕").open(&case).expect(200).words();
        assert!(words.contains("已办完") && words.contains("华炉社区"), "{words}");
        assert!(!words.contains("**"), "no masks are left: {words}");
        let refused = story.at("王晓燕").post(&format!("{case}/person"), &[("purpose", "handling")]);
        assert_eq!(refused.status, 422, "{}", refused.words());
        let telephone = story.resident.telephone.clone();
        assert_eq!(
            town.visitor().follows(&story.number, &telephone).status,
            422,
            "the telephone proves nothing any more"
        );
        assert_eq!(town.visitor().follows_with(&story.number, &story.code).status, 422, "nor does the code");
        drop(story.at("王晓燕").listed("/queue"));
        story.tell("王晓燕 misses it in /requests");
        town.verify();
    }
}

#[test]
fn an_erasure_leaves_no_byte_of_key_and_text_in_the_files_of_the_city() {
    for town in Town::each() {
        let mut story = Story::new(&town, 74);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes RS-29 for a resident of 华炉社区
            王晓燕 does grant
            王晓燕 does hand_over handed_to=in_person
            case is closed
            ",
        );
        let before = sealed(&town);
        let days =
            town.city.cases.hall.figure(cases::words::CASE_PERSONAL_DATA_RETENTION_DAYS, town.clock.now()).unwrap();
        let over = date_plus_days(ZONE.date(town.clock.now()), days + 1).unwrap();
        assert_eq!(erase(&town, over), 1, "{}", town.engine);
        assert_eq!(town.city.vault.clear_traces(town.store()).unwrap(), 1, "the night's job clears what is left");
        let kept = sealed(&town);
        let gone: Vec<&Vec<u8>> = before.iter().filter(|one| !kept.contains(one)).collect();
        assert_eq!(gone.len(), 2, "{}: a key and a text", town.engine);
        let Some(file) = town.store().address.strip_prefix("sqlite:").map(std::path::PathBuf::from) else {
            // The vault's own tests look into the files of PostgreSQL.
            continue;
        };
        for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
            let path = entry.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            for one in &gone {
                let found = bytes.windows(one.len()).any(|window| window == one.as_slice());
                assert!(!found, "{} still holds what was erased", path.display());
            }
        }
    }
}

/// The wrapped keys and the sealed texts that are stored.
fn sealed(town: &Town) -> Vec<Vec<u8>> {
    let read = town.store().read_blocking(|tx| {
        let mut all = Vec::new();
        for sql in [
            "select wrapped from vault_key order by district, record limit 100",
            "select ciphertext from vault_record where ciphertext is not null order by district, id limit 100",
        ] {
            for row in tx.rows(sql, &[])? {
                all.push(row.get::<Vec<u8>>(0)?);
            }
        }
        Ok::<_, store::StoreError>(all)
    });
    read.unwrap()
}

/// Does what the daily job does, as of a day.
fn erase(town: &Town, on: kernel::time::Date) -> usize {
    let (hall, now) = (town.city.hall.clone(), town.clock.now());
    let erased = town.store().write_blocking(move |tx| {
        let over = hall.vault.expired(tx, on, 100)?;
        for (district, id) in &over {
            hall.vault.erase(tx, *district, *id, now)?;
        }
        Ok::<_, hall::Fault>(over.len())
    });
    erased.unwrap()
}

#[test]
fn a_confidential_matter_is_seen_by_its_department_alone() {
    for town in Town::each() {
        let item = town
            .city
            .counter
            .catalogue()
            .items()
            .find(|item| item.confidential)
            .map(|item| (item.code.clone(), item.decides.department.clone(), item.decides.level));
        let (code, department, level) = item.unwrap();
        let mut story = Story::new(&town, 73);
        let place = match level {
            kernel::place::Level::City => "沈阳市",
            kernel::place::Level::District => "大东区",
            kernel::place::Level::Street => "大北街道",
            _ => "华炉社区",
        };
        let role = match level {
            kernel::place::Level::City => "city_handler",
            kernel::place::Level::District => "district_handler",
            _ => "street_handler",
        };
        let others = if department == "housing" { "health" } else { "housing" };
        story.tell(&format!(
            "
            王晓燕 is community_worker at 文安路社区
            李德顺 is community_worker at 华炉社区
            孙海燕 is {role} at {place} for {department}
            高志强 is {role} at {place} for {others}
            佟建国 is organiser_city at 沈阳市
            王晓燕 takes {code} for a resident of 华炉社区
            孙海燕 finds it in /queue
            孙海燕 opens it
            高志强 misses it in /queue
            高志强 cannot open it
            佟建国 misses it in /supervise
            佟建国 cannot open it
            李德顺 misses it in /queue
            李德顺 cannot open it
            she follows it
            she sends request kind=correct text=地址写错了
            孙海燕 finds it in /requests
            高志强 misses it in /requests
            孙海燕 looks for 答复更正请求
            孙海燕 answers request outcome=refused answer=与证件一致
            "
        ));
    }
}
