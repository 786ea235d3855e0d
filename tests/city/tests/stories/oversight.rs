//! In these stories people watch over the record: an auditor verifies the chain of events, and whoever protects
//! personal data reads who opened whose data, and what persons ask.

use crate::street_work::sent_off;
use city_stories::{Browser, Story, Town};
use std::collections::BTreeSet;

#[test]
fn an_auditor_verifies_every_event() {
    for town in Town::each() {
        let mut story = Story::new(&town, 401);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let mut auditor = town.staff("audits", "auditor", &town.named("沈阳市"), None);
        let page = auditor.open("/audit").expect(200);
        assert!(page.words().contains("每天的封存"), "{}", page.words());
        let page = auditor.submit(page.form("/audit")).expect(200);
        assert!(page.words().contains("正在核验"), "{}", page.words());
        assert_eq!(page.header("refresh"), Some("2"));
        assert_eq!(auditor.get("/audit?still=1").header("refresh"), None);
        assert_eq!(auditor.post("/audit", &[]).location(), Some("/audit"), "one goes on already");
        town.works();
        let page = auditor.open("/audit").expect(200);
        assert!(page.words().contains("没有发现问题"), "{}", page.words());
        assert_eq!(page.words().matches("已完成").count(), 1, "{}", page.words());
        let english = auditor.open("/audit?lang=en").expect(200);
        assert!(english.words().contains("no faults"), "{}", english.words());
        let refused = auditor.get("/accesses?lang=zh-CN");
        assert_eq!(refused.status, 403);
        assert!(refused.words().contains("“查阅访问记录”"), "{}", refused.words());
    }
}

#[test]
fn who_may_not_see_a_page_reads_what_it_is_and_whom_to_ask() {
    for town in Town::each() {
        let mut secretary = town.staff("reads", "secretary_community", &town.named("华炉社区"), None);
        for (lang, told) in [
            ("zh-CN", ["“窗口受理”", "这一页是“窗口”", "全科社工", "本单位管理员"]),
            ("en", ["“accept at a counter”", "This page is “Counter”", "Community worker", "unit’s administrator"]),
        ] {
            let refused = secretary.open(&format!("/desk?lang={lang}")).expect(403);
            for words in told {
                assert!(refused.words().contains(words), "{}: {words}: {}", town.engine, refused.words());
            }
            assert!(refused.links().iter().any(|link| link == "/"), "the way back: {:?}", refused.links());
        }
        let refused = secretary.get("/audit?lang=zh-CN");
        assert!(refused.words().contains("审计员"), "{}", refused.words());
        let (mut resident, _) = town.neighbour(405);
        let refused = resident.get("/audit?lang=zh-CN");
        assert_eq!(refused.status, 403, "{}", town.engine);
        assert!(!refused.words().contains("审计员"), "a resident is told of no posts: {}", refused.words());
    }
}

#[test]
fn what_waits_at_a_desk_is_counted_where_it_lies_and_not_where_it_is_decided() {
    for town in Town::each() {
        let mut story = Story::new(&town, 404);
        story.tell("zhao is community_worker at 华炉社区\n佟建国 is organiser_district at 大东区");
        let (district, street) = (town.named("大东区"), town.named("大北街道"));
        let zhao = story.at("zhao");
        let form = zhao.open("/report/found").expect(200).form("/report/found");
        let offered = zhao.submit(form.set("what", "垃圾").set("where", "华炉社区")).expect(200).form("/report/found");
        story.number = sent_off(zhao, offered.set("kind", "event/0102/heap"));
        let own = format!("/supervise?place={}&own=1", district.id());
        let below = format!("/supervise?place={}", street.id());
        // It is filed and waits at the desk of the community, though an office of the district handles it.
        story.tell("case is filed");
        for (step, here, elsewhere) in [("", &below, &own), ("zhao opens it\nzhao does dispatch", &own, &below)] {
            story.tell(step);
            let (number, leader) = (story.number.clone(), story.at("佟建国"));
            let found = leader.open(here).expect(200);
            assert!(found.links().contains(&format!("/cases/{number}")), "{}: {step}: {}", town.engine, found.words());
            assert!(found.words().contains("1 在办"), "{}: {step}: {}", town.engine, found.words());
            let other = leader.open(elsewhere).expect(200);
            assert!(!other.links().contains(&format!("/cases/{number}")), "{}: {step}", town.engine);
            let whole = leader.open("/supervise").expect(200);
            assert!(whole.words().contains("1 在办"), "{}: {step}: {}", town.engine, whole.words());
            assert!(whole.body().contains("<details class=\"more\" open>"), "few rows are not folded");
        }
        town.verify();
        town.recount();
    }
}

#[test]
fn every_number_of_the_supervision_opens_its_rows_and_is_the_same_everywhere() {
    for town in Town::each() {
        let mut story = Story::new(&town, 403);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_district at 大东区
            林素琴 is organiser_city at 沈阳市
            she applies for MZ-11 living in 华炉社区
            it is 2026-12-03 10:00
            ",
        );
        let (number, district) = (story.number.clone(), town.named("大东区").id());
        let within = format!("/supervise?place={district}&light=late");
        let mut seen = Vec::new();
        for (who, address) in [
            ("佟建国", "/supervise?light=late"),
            ("林素琴", "/supervise?light=late"),
            ("林素琴", within.as_str()),
            ("孙海燕", "/queue?light=late"),
            ("孙海燕", "/queue?hand=-&light=late"),
        ] {
            let page = story.at(who).open(address).expect(200);
            assert!(page.body().contains(&format!("/cases/{number}")), "{who} at {address}: {}", page.words());
            seen.push(page.words().contains("1 已超期"));
        }
        assert!(seen.iter().all(|same| *same), "{}: the same number everywhere: {seen:?}", town.engine);
        let whole = story.at("林素琴").open("/supervise").expect(200);
        let links: Vec<String> = whole.links().iter().map(|link| link.replace("#rows", "")).collect();
        assert!(links.contains(&within), "the row of a place is a link: {links:?}");
        for link in links.iter().filter(|link| link.starts_with("/supervise?place=")) {
            let page = story.at("林素琴").open(link).expect(200);
            let elsewhere = !link.starts_with(&format!("/supervise?place={district}"));
            assert!(!elsewhere || !page.body().contains(&number), "{link} lists what lies elsewhere");
        }
        let elsewhere = format!("/supervise?place={}", town.named("沈河区").id());
        assert_eq!(story.at("佟建国").get(&elsewhere).status, 404, "not hers");
        assert_eq!(story.at("佟建国").get("/supervise?place=nowhere").status, 404);

        let people = story.at("孙海燕").open("/queue/people").expect(200);
        assert!(people.links().iter().any(|link| link == "/queue?hand=-&light=late#rows"), "{:?}", people.links());
        let late = story.at("佟建国").open("/supervise/late").expect(200);
        assert!(late.words().contains("现在超期 1 件"), "{}", late.words());
        assert!(late.words().contains("其中 0 件说明了原因，1 件还没有说明"), "{}", late.words());
        let page = story.at("孙海燕").open(&format!("/cases/{number}")).expect(200);
        assert!(page.words().contains("可以由沈阳市的负责人催办"), "it says who may ask: {}", page.words());
        story.tell("林素琴 opens it").tell("林素琴 urges 请尽快受理");
        let file = story.at("佟建国").open("/supervise.xlsx?light=late").expect(200);
        let cells = city_stories::cells(&file.bytes);
        assert!(cells.contains("超期天数") && cells.contains(&number), "{cells}");
    }
}

/// A worker finds rubbish in a place and files it. Returns the number of the case.
pub fn found(worker: &mut Browser, place: &str) -> String {
    let form = worker.open("/report/found").expect(200).form("/report/found");
    let offered = worker.submit(form.set("what", "垃圾").set("where", place)).expect(200).form("/report/found");
    sent_off(worker, offered.set("kind", "event/0102/heap"))
}

/// Goes through all pages of a list: their words, and the cases that they list.
pub fn pages(leader: &mut Browser, address: &str) -> (String, BTreeSet<String>) {
    let (mut words, mut listed, mut next) = (String::new(), BTreeSet::new(), Some(address.to_owned()));
    while let Some(address) = next {
        let page = leader.open(&address.replace("#rows", "")).expect(200);
        words.push_str(&page.words());
        listed.extend(page.links().into_iter().filter(|link| link.starts_with("/cases/")));
        next = page.links().into_iter().find(|link| link.contains("after="));
    }
    (words, listed)
}

#[test]
fn the_number_beside_a_group_counts_the_whole_group_and_opens_it() {
    // Two rows a page: a group has more cases than a page shows.
    for town in Town::each_figured(&[("list.page_size", 2)]) {
        let mut story = Story::new(&town, 406);
        story.tell(
            "zhao is community_worker at 华炉社区
             qian is community_worker at 付家社区
             佟建国 is organiser_district at 大东区",
        );
        let finds = [("zhao", "华炉社区"), ("zhao", "华炉社区"), ("qian", "付家社区")];
        let numbers: Vec<String> = finds.iter().map(|(who, place)| found(story.at(who), place)).collect();
        let all: BTreeSet<String> = numbers.iter().map(|number| format!("/cases/{number}")).collect();
        story.number.clone_from(&numbers[0]);
        story.tell("zhao opens it\nzhao does dispatch");
        let leader = story.at("佟建国");
        let page = leader.open("/supervise").expect(200);
        assert!(page.words().contains("共 3 件"), "{}: of the unit: {}", town.engine, page.words());
        assert_eq!(page.links().iter().filter(|link| link.starts_with("/cases/")).count(), 2, "{}", town.engine);
        let unit = page.links().into_iter().find(|link| link.contains("unit=")).unwrap();
        let (words, listed) = pages(leader, &unit);
        assert!(words.contains("3 在办") && listed == all, "{}: {listed:?}: {words}", town.engine);
        assert!(leader.open("/supervise?lang=en").expect(200).words().contains("3 cases in all"), "{}", town.engine);

        let by_place = leader.open("/supervise?lang=zh-CN").expect(200).links();
        let by_place = by_place.into_iter().find(|link| link.contains("by=place")).unwrap();
        let (words, listed) = pages(leader, &by_place);
        assert!(words.contains("大北街道 共 2 件") && listed == all, "{}: {words}", town.engine);
        assert!(words.contains("本级窗口和单位 共 1 件"), "{}: {words}", town.engine);
        let street = format!("/supervise?place={}&by=place", town.named("大北街道").id());
        let (words, listed) = pages(leader, &street);
        assert!(words.contains("华炉社区 共 1 件") && words.contains("付家社区 共 1 件"), "{}: {words}", town.engine);
        assert_eq!(listed.len(), 2, "{}: {listed:?}", town.engine);
        // What lies in a street is counted by unit from its rows, what lies in a district from what is kept.
        let (words, _) = pages(leader, &format!("/supervise?place={}", town.named("大北街道").id()));
        assert!(words.contains("共 2 件") && !words.contains("共 3 件"), "{}: {words}", town.engine);
        let (words, _) = pages(leader, &format!("/supervise?place={}&own=1", town.named("大东区").id()));
        assert!(words.contains("共 1 件"), "{}: {words}", town.engine);
        for gone in ["/supervise?unit=none", "/supervise?unit=0.sanitation"] {
            assert_eq!(leader.get(gone).status, 404, "{gone}");
        }
        town.verify();
        town.recount();
    }
}

#[test]
fn whoever_protects_personal_data_reads_who_opened_whose() {
    for town in Town::each() {
        let mut story = Story::new(&town, 402);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            she sends request kind=correct text=电话换了
            孙海燕 looks for 答复更正请求
            孙海燕 answers request outcome=done answer=已更正 telephone=13900001234
            she follows it by 13900001234
            she sends request kind=erase text=不用留了
            ",
        );
        let (number, name) = (story.number.clone(), story.resident.name.clone());
        for (login, place, seen) in
            [("protects", "沈阳市", true), ("protects.here", "大东区", true), ("protects.elsewhere", "沈河区", false)]
        {
            let mut officer = town.staff(login, "protection_officer", &town.named(place), None);
            let page = officer.open("/accesses").expect(200);
            assert_eq!(page.words().contains("孙海燕"), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains("按申请人的请求更正"), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains(&number), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains("没有等答复的请求"), !seen, "{place}: {}", page.words());
            assert!(!page.words().contains(&name), "{place}: whose data they are is not said");
            let long_ago = officer.open("/accesses?day=2020-01-01").expect(200);
            assert!(long_ago.words().contains("这一天没有人看过个人信息"), "{}", long_ago.words());
            assert_eq!(officer.get("/audit").status, 403);
        }
    }
}

#[test]
fn a_row_of_a_list_names_its_day_once() {
    const OFFICE: &str = "
        孙海燕 is district_handler at 大东区 for civil_affairs
        王晓燕 is community_worker at 文安路社区
    ";
    for town in Town::each() {
        for (seed, begins, days) in [
            (1941, "she applies for MZ-11 living in 华炉社区", ["11月30日", "30 Nov"]),
            (1942, "王晓燕 takes MZ-11 for a resident of 华炉社区", ["12月14日", "14 Dec"]),
        ] {
            let mut story = Story::new(&town, seed);
            story.tell(OFFICE).tell(begins);
            let number = story.number.clone();
            for (lang, day) in ["zh-CN", "en"].into_iter().zip(days) {
                let body = story.at("孙海燕").open(&format!("/queue?lang={lang}")).expect(200).body();
                let row = body.split("<tr>").find(|row| row.contains(&number)).unwrap_or_else(|| panic!("{body}"));
                assert_eq!(row.matches(day).count(), 1, "{}: {begins}: {day}: {row}", town.engine);
            }
        }
    }
}
