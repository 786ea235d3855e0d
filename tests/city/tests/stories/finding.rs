//! In these stories people find things: each the headings of the own work, a resident her community, a leader the rows
//! behind a figure, and everybody the way back to the list.

use city_stories::{Resident, Slot, Taken, Town};
use lianglin::demonstration::Seed;
use testkit::Reply;

const COMMUNITY: &str = "文安路社区";

/// Returns the addresses of the menu of a page, in their order.
fn menu(page: &Reply) -> Vec<String> {
    let body = page.body();
    let nav = body.split("<nav class=\"nav\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
    nav.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Returns the addresses of the crumbs of a page, in their order.
pub fn crumbs(page: &Reply) -> Vec<String> {
    let body = page.body();
    let Some(nav) = body.split("class=\"crumbs\"").nth(1).and_then(|rest| rest.split("</nav>").next()) else {
        return Vec::new();
    };
    nav.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn everybody_starts_in_the_own_work_with_at_most_five_entries() {
    for town in Town::each() {
        let home = menu(&town.visitor().open("/").expect(200));
        assert_eq!(home, ["/items", "/report", "/mine", "/nearby"], "{}", town.engine);
        let table: &[(&str, &str, Option<&str>, &str, &[&str])] = &[
            ("community_worker", COMMUNITY, None, "/desk", &["/desk", "/today", "/queue", "/community"]),
            ("district_handler", "和平区", Some("civil_affairs"), "/queue", &["/queue", "/search", "/unit", "/desk"]),
            ("secretary_street", "南湖街道", None, "/overview", &["/overview", "/supervise", "/map", "/topics"]),
            ("auditor", "沈阳市", None, "/work", &["/work", "/audit", "/account"]),
            ("protection_officer", "沈阳市", None, "/work", &["/work", "/accesses", "/account"]),
            ("catalogue_editor", "沈阳市", None, "/work", &["/work", "/catalogue", "/report/catalogue", "/account"]),
            ("operator", "沈阳市", None, "/work", &["/work", "/places/review", "/staff", "/systems", "/account"]),
        ];
        for (role, place, department, start, expected) in table {
            let mut browser = town.staff(&role.replace('_', "."), role, &town.named(place), *department);
            let page = browser.open("/").expect(200);
            assert_eq!(page.address, *start, "{role}");
            assert_eq!(menu(&page), *expected, "{role}");
            for address in menu(&page) {
                let heading = browser.open(&address).expect(200);
                assert_eq!(crumbs(&heading).first().filter(|first| **first == address), None, "{role} {address}");
            }
            let all = browser.open("/work").expect(200);
            for link in all.links().into_iter().filter(|link| link.starts_with('/') && !link.contains("assets")) {
                assert!(browser.open(&link).status.as_u16() < 400, "{role}: /work leads to {link}");
            }
        }
    }
}

#[test]
fn a_resident_finds_her_community_and_may_have_it_remembered() {
    for town in Town::each() {
        let mut she = town.visitor();
        let report = she.open("/report").expect(200);
        for number in ["12345", "110", "119", "120"] {
            assert!(report.words().contains(number), "{number}: {}", report.words());
        }
        assert!(report.words().contains("找到我的社区"));
        let found = she.open("/nearby?q=没有这个社区").expect(200);
        assert!(found.words().contains("没有找到"), "{}", found.words());
        let found = she.open("/nearby?q=文安路").expect(200);
        let own = format!("/places/{}", town.named(COMMUNITY).id());
        assert!(found.links().contains(&own), "{:?}", found.links());
        let street = she.open("/nearby?q=南湖街道").expect(200);
        assert!(street.words().contains(COMMUNITY), "a street lists its communities: {}", street.words());

        let place = she.open(&own).expect(200);
        for expected in [COMMUNITY, "找谁", "党群服务中心", "12345", "驿站", "办件情况", "经费和公告"]
        {
            assert!(place.words().contains(expected), "{expected}: {}", place.words());
        }
        assert!(!place.words().contains("已超期"), "numbers of open cases are for those who may read them");
        assert_eq!(crumbs(&place).first().map(String::as_str), Some("/nearby"));
        let kept = she.submit(place.form("/nearby").set("keep", "yes")).expect(200);
        assert_eq!(kept.address, own);
        assert!(kept.words().contains("您选了这里"), "{}", kept.words());
        assert_eq!(she.open("/nearby").expect(200).address, own, "her community comes at once");
        assert!(she.open("/report").expect(200).words().contains(COMMUNITY));
        assert_eq!(she.open("/nearby?change=1").expect(200).address, "/nearby?change=1");
        let forgotten = she.submit(kept.form("/nearby").set("keep", "no")).expect(200);
        assert_eq!(forgotten.address, "/nearby");
        assert_eq!(she.open("/nearby").expect(200).address, "/nearby");
        assert!(she.open("/mine").expect(200).links().contains(&"/follow".to_owned()));
        for page in ["/help", "/privacy"] {
            assert!(she.open(page).expect(200).links().iter().any(|link| link == page), "the foot leads to {page}");
        }
    }
}

#[test]
fn one_field_finds_items_numbers_and_places() {
    for town in Town::each() {
        let mut worker = town.staff("searcher", "community_worker", &town.named(COMMUNITY), None);
        let who = Resident::next(&mut Seed::new(191));
        let number = worker.takes(&town, "MZ-11", &who, &town.named("华炉社区")).number;
        assert_eq!(worker.open(&format!("/find?q={number}")).expect(200).address, format!("/cases/{number}"));
        let found = worker.open("/find?q=文安路").expect(200);
        assert!(found.links().contains(&format!("/places/{}", town.named(COMMUNITY).id())), "{:?}", found.links());
        assert!(worker.open("/find?q=高龄").expect(200).links().iter().any(|link| link == "/desk?item=MZ-11"));
        let mut she = town.visitor();
        let items = she.open("/find?q=高龄").expect(200);
        assert!(items.links().contains(&"/items/MZ-11".to_owned()), "{:?}", items.links());
        let nothing = she.open(&format!("/find?q={number}")).expect(200);
        assert!(!nothing.links().iter().any(|link| link.starts_with("/cases/")), "{:?}", nothing.links());
        assert!(she.open("/find?q=zzzz").expect(200).words().contains("没有找到"));
        assert!(she.open("/find").expect(200).words().contains("上面的框里"));
    }
}

#[test]
fn crumbs_lead_back_to_the_list_with_what_was_asked_there() {
    for town in Town::each() {
        let mut worker = town.staff("walker", "community_worker", &town.named(COMMUNITY), None);
        let who = Resident::next(&mut Seed::new(192));
        let number = worker.takes(&town, "MZ-11", &who, &town.named("华炉社区")).number;
        let case = format!("/cases/{number}");
        assert_eq!(crumbs(&worker.open(&case).expect(200)), ["/desk"], "the first heading of her work");
        let from = worker.open(&format!("{case}?from=%2Fsearch%3Fq%3DMZ-11")).expect(200);
        assert_eq!(crumbs(&from), ["/search?q=MZ-11"], "the list from which it was opened");
        let elsewhere = worker.open(&format!("{case}?from=%2F%2Fevil.example%2F")).expect(200);
        assert_eq!(crumbs(&elsewhere), ["/desk"], "never another site");
        let visits = worker.open("/visits").expect(200);
        assert_eq!(crumbs(&visits), ["/today"]);
    }
}

#[test]
fn a_day_shows_what_is_agreed_and_a_queue_its_lanes() {
    for town in Town::each() {
        let who = Resident::next(&mut Seed::new(193));
        let mut she = town.visitor();
        let visit =
            she.books(&town, "counter", &who, &town.named(COMMUNITY), Slot { day: "2026-11-25", minute: "540" });
        town.clock.set_local("2026-11-25 08:40");
        let mut worker = town.staff("today", "community_worker", &town.named(COMMUNITY), None);
        let desk = worker.open("/desk").expect(200);
        assert!(desk.words().contains("受理申请"), "the page says what it is for: {}", desk.words());
        assert!(desk.words().contains("和平区 · 南湖街道 · 文安路社区"), "the head names the place: {}", desk.words());
        let body = desk.body();
        let (_, main) = body.split_once("<main").unwrap();
        assert!(!main.contains(COMMUNITY), "the page itself does not name it again: {main}");
        let day = worker.open("/today").expect(200);
        assert!(day.links().contains(&format!("/visits/{visit}")), "{:?}", day.links());
        assert!(day.words().contains("09:00"), "{}", day.words());
        assert!(!day.words().contains(&who.name), "a list names nobody");
        let queue = worker.open("/queue").expect(200);
        for lane in ["/papers/custody", "/papers/promises", "/requests", "/visits", "/mobilization/calls"] {
            assert!(queue.links().contains(&lane.to_owned()), "{lane}: {:?}", queue.links());
        }
        assert!(queue.words().contains("预约与排队 1"), "{}", queue.words());
        let mut resident = town.visitor();
        assert!(resident.get("/today").location().is_some_and(|to| to.starts_with("/sign-in")));
    }
}

#[test]
fn every_figure_of_the_overview_opens_its_rows() {
    for town in Town::each() {
        let mut worker = town.staff("taker", "community_worker", &town.named(COMMUNITY), None);
        let who = Resident::next(&mut Seed::new(194));
        drop(worker.takes(&town, "MZ-11", &who, &town.named("华炉社区")));
        let mut leader = town.staff("leads", "organiser_district", &town.named("大东区"), None);
        let page = leader.open("/overview").expect(200);
        assert!(page.words().contains("1 在办"), "{}", page.words());
        assert!(page.words().contains("今天没有超期的办件"), "{}", page.words());
        let lit = ["late", "soon"].map(|light| format!("/supervise?light={light}#rows"));
        let others = ["/supervise#rows", "/visits", "/stations/list", "/mobilization/calls"].map(str::to_owned);
        for link in lit.iter().chain(&others) {
            assert!(page.links().contains(link), "{link}: {:?}", page.links());
            drop(leader.open(link.split('#').next().unwrap()).expect(200));
        }
        for (list, rows) in [("", 1), ("?light=late", 0), ("?light=soon", 0), ("?light=stopped", 0)] {
            let page = leader.open(&format!("/supervise{list}")).expect(200);
            let found = page.links().iter().filter(|link| link.starts_with("/cases/")).count();
            assert_eq!(found, rows, "{list}: {}", page.words());
        }
        let map = leader.open("/map").expect(200);
        let street = town.named("大北街道");
        assert!(map.links().contains(&format!("/map?place={}", street.id())), "{:?}", map.links());
        assert!(map.words().contains("还没有楼栋数据"), "{}", map.words());
        let below = leader.open(&format!("/map?place={}", street.id())).expect(200);
        assert!(below.links().contains(&format!("/places/{}", town.named("华炉社区").id())));
        assert_eq!(leader.get(&format!("/map?place={}", town.named("沈河区").id())).status, 404);
        let place = leader.open(&format!("/places/{}", street.id())).expect(200);
        assert!(place.words().contains("已超期"), "{}", place.words());
        assert!(!place.words().contains("您能看到的"), "{}", place.words());
        let mut handler = town.staff("share", "district_handler", &town.named("大东区"), Some("civil_affairs"));
        let share = handler.open(&format!("/places/{}", street.id())).expect(200).words();
        assert!(share.contains("在办（您能看到的）") && share.contains("已超期（您能看到的）"), "{share}");
        assert_eq!(worker.get("/overview").status, 403);
        assert_eq!(worker.get("/map").status, 403);
    }
}

#[test]
fn the_own_matters_list_the_case_that_was_just_followed() {
    for town in Town::each() {
        let mut worker = town.staff("mine.taker", "community_worker", &town.named(COMMUNITY), None);
        let who = Resident::next(&mut Seed::new(195));
        let Taken { number, code, .. } = worker.takes(&town, "MZ-11", &who, &town.named("华炉社区"));
        let case = format!("/follow/{number}");
        let mut she = town.visitor();
        assert!(!she.open("/mine").expect(200).links().contains(&case));
        drop(she.follows_with(&number, &code).expect(200));
        let mine = she.open("/mine").expect(200);
        assert!(mine.links().contains(&case), "{:?}", mine.links());
        assert!(!town.visitor().open("/mine").expect(200).links().contains(&case), "nobody else");
    }
}
