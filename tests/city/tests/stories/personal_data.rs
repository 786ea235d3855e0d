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
        drop(story.at("孙海燕").post(&person, &[("purpose", "  ")]).expect(422));
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
        assert!(words.contains("已办结") && words.contains("华炉社区"), "{words}");
        assert!(!words.contains("**"), "no masks are left: {words}");
        let refused = story.at("王晓燕").post(&format!("{case}/person"), &[("purpose", "核对")]);
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
