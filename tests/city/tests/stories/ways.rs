//! These stories are about the way: back from a page to the one above it, by telephone to whoever is named, to the work
//! that waits, and of a case from its first step on.

use city_stories::Town;
use testkit::Reply;

use crate::bodies::entered;
use crate::finding::crumbs;
use crate::hearings::PLACE;
use crate::hearings_disputes::{Dispute, begun, writes};
use crate::property_votes::{calls, five};

/// A dispute that is being mediated.
const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水", other: "楼上住户" };

/// What a page prints of the way back, with the name of the page itself at the end.
fn way(page: &Reply) -> Vec<String> {
    let body = page.body();
    let found: Vec<&str> = body.split("<nav class=\"crumbs\"").skip(1).collect();
    assert_eq!(found.len(), 1, "{} has one way back: {}", page.address, page.words());
    let list = found[0].split("</nav>").next().unwrap();
    let items = list.split("<li").skip(1).map(|item| item.split_once('>').unwrap().1);
    let text = |item: &str| item.split('<').filter_map(|piece| piece.split('>').next_back()).collect::<String>();
    items.map(|item| text(item).trim().to_owned()).collect()
}

#[test]
fn every_page_has_one_way_back_and_names_nothing_twice() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        for page in ["print", "proxies", "sheets"] {
            let page = keeper.open(&format!("{vote}/{page}")).expect(200);
            assert_eq!(crumbs(&page).last(), Some(&vote), "{}: {}", town.engine, page.address);
            let mut names = way(&page);
            let whole = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), whole, "{}: {}: {names:?}", town.engine, page.address);
        }
        let mut story = begun(&town, &LEAK, 811);
        for page in ["invitation", "mediation", "sessions", "agreement"] {
            let address = format!("/cases/{}", story.number);
            let page = story.at("li").open(&format!("{address}/{page}")).expect(200);
            assert_eq!(crumbs(&page).last(), Some(&address), "{}: {}", town.engine, page.address);
            assert!(way(&page).len() > 1, "{}: {}", town.engine, page.address);
        }
    }
}

#[test]
fn public_pages_of_property_lead_back_to_the_place() {
    for town in Town::each() {
        let (mut she, place) = (town.visitor(), town.named(PLACE));
        let own = format!("/places/{}", place.id());
        for page in ["tables", "fund", "income"] {
            let page = she.open(&format!("/property/{page}/of/{}", place.id())).expect(200);
            assert_eq!(crumbs(&page).last(), Some(&own), "{}: {}", town.engine, page.address);
            assert_eq!(crumbs(&page).first().map(String::as_str), Some("/nearby"), "{}: {}", town.engine, page.address);
            assert_eq!(way(&page).iter().filter(|name| *name == PLACE).count(), 1, "{}: {:?}", town.engine, way(&page));
        }
        let mut keeper = town.staff("keeper", "secretary_community", &place, None);
        let list = keeper.open(&format!("/property/tables/of/{}", place.id())).expect(200);
        assert_eq!(crumbs(&list).last().map(String::as_str), Some("/property/tables"), "{}", town.engine);
    }
}

#[test]
fn a_telephone_on_the_page_of_a_place_can_be_called() {
    for town in Town::each() {
        let mut luo = town.staff("luo", "secretary_community", &town.named(PLACE), None);
        drop(entered(&mut luo, "mediation", "华炉调解委员会"));
        let page = town.visitor().open(&format!("/places/{}", town.named(PLACE).id())).expect(200);
        assert!(page.links().contains(&"tel:024-23456789".to_owned()), "{}: {:?}", town.engine, page.links());
        assert!(page.words().contains("024-23456789"), "{}: {}", town.engine, page.words());
        assert!(page.body().contains("<div class=\"panels\">"), "{}: cards in columns", town.engine);
        let unit = luo.open("/community").expect(200);
        assert!(unit.links().contains(&"tel:024-23456789".to_owned()), "{}: {:?}", town.engine, unit.links());
    }
}

#[test]
fn lanes_in_which_nothing_waits_are_folded() {
    for town in Town::each() {
        let mut worker = town.staff("lanes", "community_worker", &town.named(PLACE), None);
        for page in ["/queue", "/work"] {
            let page = worker.open(page).expect(200);
            let words = page.words();
            assert!(words.contains("类，现在没有要办的"), "{}: {}: {words}", town.engine, page.address);
            for lane in ["原件流转", "容缺后补", "预约与排队"] {
                assert!(words.contains(lane), "{}: {lane} can be opened: {words}", town.engine);
                assert!(!words.contains(&format!("{lane} 0")), "{}: {lane}: {words}", town.engine);
            }
            let body = page.body();
            let folded = body.split_once("现在没有要办的").unwrap().1.split("</details>").next().unwrap();
            assert!(folded.contains("/papers/custody"), "{}: {folded}", town.engine);
        }
    }
}

#[test]
fn the_way_of_a_case_prints_answers_with_their_questions_and_repeats_nothing() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 812);
        writes(&mut story, &[["second", "三天内修好", "30", "2026-11-26"], ["second", "赔三十元", "", "2026-11-27"]]);
        let address = format!("/cases/{}", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        for said in ["调解员：李", "公开不公开：不公开", "，共 3 次 · li", "2026年11月23日"] {
            assert!(words.contains(said), "{}: {said}: {words}", town.engine);
        }
        for over in ["有没有关系：没有", "· 没有 ·", "：问过了："] {
            assert!(!words.contains(over), "{}: {over}: {words}", town.engine);
        }
        let page = town.visitor().follows_with(&story.number, &story.code).expect(200);
        let own = page.words();
        assert!(own.contains("公开不公开 不公开，别人不能旁听"), "{}: {own}", town.engine);
        assert_eq!(own.matches("写了、改了协议的文字").count(), 1, "{}: {own}", town.engine);
        let english = story.at("li").open(&format!("{address}?lang=en")).expect(200).words();
        assert!(english.contains("Public or not: "), "{}: {english}", town.engine);
        assert!(english.contains(", 3 times"), "{}: {english}", town.engine);
        town.verify();
    }
}
