//! These stories are about what whoever reported or joined a report reads and can do afterwards: nothing untrue, and
//! always a next step.

use crate::photos::{number_of, on};
use crate::street::{before_sending, last};
use city_stories::{Story, Town, code_on};

#[test]
fn nobody_is_told_that_somebody_went_there_who_did_not() {
    for town in Town::each() {
        for (seed, seen) in [(0, ""), (1, " seen=from_afar"), (2, " seen=there")] {
            let (mut story, mut she) = (Story::new(&town, 391 + seed), town.visitor());
            let sent = she.submit(last(&before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap"))).expect(200);
            (story.number, story.code) = (number_of(&sent), code_on(&sent));
            story.tell(&format!("zhao is community_worker at 华炉社区\n zhao does file{seen}"));
            let page = town.visitor().follows_with(&story.number, &story.code).expect(200).words();
            assert!(page.contains("核查过了，情况属实"), "{}: {seen}: {page}", town.engine);
            assert!(!page.contains("去看过了"), "{}: {seen}: {page}", town.engine);
            let said = ["照片和文字够了，没去现场", "到现场看了"].map(|told| page.contains(told));
            assert_eq!(said, [seen.contains("afar"), seen.contains("there")], "{}: {seen}: {page}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn what_only_resembles_a_place_is_offered_and_never_chosen_for_her() {
    for town in Town::each() {
        let mut she = town.visitor();
        let said = on(&she.open("/report/new").expect(200), "say").set("what", "垃圾");
        let home = town.named("文安路社区").id();
        let table = [
            ("Nanhu Subdistrict", home),
            ("Nanhu", home),
            ("南湖", home),
            ("南湖街道", home),
            ("文安路", home),
            ("青年大街", town.named("青年社区").id()),
            ("浑河", town.named("浑河堡社区").id()),
        ];
        for (wher, offered) in table {
            let which = she.submit(said.clone().set("where", wher)).expect(200);
            let value = format!("name=\"at\" value=\"p:{offered}\"");
            assert!(which.body().contains(&value), "{}: {wher}: {}", town.engine, which.words());
            assert_eq!(on(&which, "which").get("at"), None, "{}: {wher}: {}", town.engine, which.words());
        }
        for wher in ["华炉社区", "大东区华炉社区"] {
            let which = she.submit(said.clone().set("where", wher)).expect(200);
            let place = format!("p:{}", town.named("华炉社区").id());
            assert_eq!(on(&which, "which").get("at"), Some(place.as_str()), "{}: {wher}", town.engine);
        }
    }
}
