//! These stories are about what whoever reports reads and is asked: where it is stays as she wrote it, and what she is
//! told fits what happened.

use crate::photos::{number_of, offered, on};
use crate::street::{before_sending, last};
use city_stories::{Browser, Story, Town};
use testkit::{Form, Reply};

const HOME: &str = "文安路社区";
/// A whole address, as the page recommends it.
const ADDRESS: &str = "南湖街道文安路3号";

/// Where a text stands on a page.
fn at(words: &str, text: &str) -> usize {
    words.find(text).unwrap_or_else(|| panic!("{text}: {words}"))
}

/// The first screen of a report with what is said already.
fn saying(page: &Reply) -> Form {
    on(page, "say").set("what", "楼下垃圾没人收")
}

#[test]
fn where_it_is_stays_as_she_wrote_it_for_her_and_whoever_handles_it() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 371), town.visitor());
        let home = format!("p:{}", town.named(HOME).id());
        let said = saying(&she.open("/report/new").expect(200)).set("where", ADDRESS);
        let which = she.submit(said).expect(200);
        let form = on(&which, "which").set("kind", "event/0102/heap").set("at", &home);
        let page = she.submit(form).expect(200);
        assert!(page.words().contains(&format!("您写的地点 {ADDRESS}")), "{}: {}", town.engine, page.words());
        let receipt = she.submit(on(&page, "send")).expect(200);
        story.number = number_of(&receipt);
        let followed = she.open(&format!("/follow/{}", story.number)).expect(200);
        for (place, page) in [("receipt", &receipt), ("her page", &followed)] {
            let words = page.words();
            assert!(words.contains(&format!("您写的地点 {ADDRESS}")), "{}: {place}: {words}", town.engine);
            assert!(words.contains("您说的：楼下垃圾没人收"), "{}: {place}: {words}", town.engine);
            assert!(!words.contains("补充说明"), "{}: {place}: {words}", town.engine);
        }
        assert_ne!(story.case().fields["address"], ADDRESS, "{}: sealed as her other words are", town.engine);
        story.tell("zhao is community_worker at 文安路社区\n zhao opens it\n zhao reads 反映人写的地点");
        let zhao = story.at("zhao");
        assert!(zhao.page().words().contains(ADDRESS), "{}: {}", town.engine, zhao.page().words());
        assert!(zhao.page().words().contains("反映人说：楼下垃圾没人收"), "{}", zhao.page().words());
        let field = zhao.open("/field").expect(200).words();
        assert!(field.contains(&format!("{ADDRESS} · {HOME}")), "{}: {field}", town.engine);
        let queue = zhao.open("/queue").expect(200).words();
        assert!(!queue.contains(ADDRESS), "{}: words that may name somebody stand in no list: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn an_address_with_a_compound_means_its_building_or_else_the_compound() {
    for town in Town::each() {
        let home = town.named(HOME);
        let ground = town.lays_ground(std::slice::from_ref(&home), 3);
        let (compound, first) = (&ground.compounds[0], 0_u32);
        let building = ground.buildings.iter().find(|building| building.compound == first).unwrap();
        let mut she = town.visitor();
        let unknown = format!("{}999号楼", compound.name);
        let known = format!("{}{}2单元", compound.name, building.name);
        for (address, at) in [(&unknown, format!("c:{}", compound.id)), (&known, format!("b:{}", building.id))] {
            let said = saying(&she.open("/report/new").expect(200)).set("where", address);
            let which = she.submit(said).expect(200);
            let chosen = format!("value=\"{at}\" checked");
            assert!(which.body().contains(&chosen), "{}: {address}: {}", town.engine, which.words());
            let page = she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(200);
            assert!(page.words().contains(&compound.name), "{}: {}", town.engine, page.words());
            drop(she.submit(on(&page, "send")).expect(200));
        }
        let mut zhao = town.staff("addresses", "community_worker", &home, None);
        let queue = zhao.open("/queue").expect(200).words();
        let beside = format!("{}旁 · {}", building.name, compound.name);
        assert!(queue.contains(&beside), "{}: {beside}: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_reported_cannot_count_herself_again_from_the_list_of_what_is_near() {
    for town in Town::each() {
        let mut she = town.visitor();
        let reported = |she: &mut Browser, what: &str, kind: &str| {
            let page = before_sending(she, what, kind);
            number_of(&she.submit(last(&page)).expect(200))
        };
        drop(reported(&mut she, "楼下垃圾没人收", "event/0102/heap"));
        let near = she.open("/report/near").expect(200);
        assert!(near.words().contains("这是您反映的"), "{}: {}", town.engine, near.words());
        assert!(!near.body().contains("name=\"join\""), "{}: no button: {}", town.engine, near.words());
        // The browser holds the pass of her last report alone; the earlier one is hers all the same.
        drop(reported(&mut she, "路灯不亮", "component/0118/out"));
        let near = she.open("/report/near").expect(200);
        assert_eq!(near.words().matches("这是您反映的").count(), 1, "{}: {}", town.engine, near.words());
        assert_eq!(near.words().matches("已经算上您了").count(), 1, "{}: {}", town.engine, near.words());
        assert!(!near.body().contains("name=\"join\""), "{}: no button: {}", town.engine, near.words());
        let again = before_sending(&mut she, "垃圾堆", "event/0102/heap");
        let form = on(&again, "near").set("join", &offered(&again));
        let joined = she.send(form).expect(200).words();
        assert!(joined.contains("1 人遇到"), "{}: {joined}", town.engine);
        let mut he = town.visitor();
        let page = before_sending(&mut he, "垃圾堆", "event/0102/heap");
        let form = on(&page, "near").set("join", &offered(&page));
        let counted = he.send(form).expect(200).words();
        assert!(counted.contains("2 人遇到"), "{}: somebody else counts: {counted}", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_known_near_there_offers_its_button_before_it_asks_for_a_telephone() {
    for town in Town::each() {
        let (mut she, mut he) = (town.visitor(), town.visitor());
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        drop(she.submit(last(&page)).expect(200));
        let page = before_sending(&mut he, "楼下垃圾没人收", "event/0102/heap");
        let words = page.words();
        assert!(at(&words, "就是这件，我也遇到了") < at(&words, "有了进展告诉我"), "{}: {words}", town.engine);
        let wrong = on(&page, "near").set("join", &offered(&page)).set("heard", "12");
        let refused = he.send(wrong).expect(422);
        assert!(refused.body().contains("value=\"12\""), "{}: it is kept: {}", town.engine, refused.words());
    }
}
