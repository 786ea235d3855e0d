//! These stories are about what whoever reported or joined a report reads and can do afterwards: nothing untrue, and
//! always a next step.

use crate::photos::number_of;
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
