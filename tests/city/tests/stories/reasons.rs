//! In these stories reasons are kept ready. One link chooses a reason, it is completed, and it is never sent with a
//! blank in it. What was typed is there again after a refusal.

use crate::shared;
use city_stories::{Story, Town};

fn at_the_office(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        王晓燕 takes MZ-11 for a resident of 华炉社区
        孙海燕 opens it
        ",
    );
    story
}

#[test]
fn reasons_of_the_item_are_filled_in_and_refused_with_a_blank() {
    for town in shared() {
        let mut story = at_the_office(town, 311);
        let links = story.at("孙海燕").page().links();
        let ready: Vec<&String> = links.iter().filter(|link| link.contains("step=refuse&")).collect();
        assert!(ready.len() >= 4, "the item's own and those of every item: {links:?}");
        let words = story.at("孙海燕").page().words();
        let (own, every) = (words.find("年龄未到").unwrap(), words.find("条件不符").unwrap());
        assert!(own < every, "its own come first");

        let address = format!("/cases/{}?step=refuse&ready=0", story.number);
        drop(story.at("孙海燕").open(&address).expect(200));
        let form = story.at("孙海燕").offered("refuse").unwrap();
        let reason = form.get("field_reason").unwrap().to_owned();
        assert!(reason.contains("未满80周岁") && reason.contains("＿＿"), "{reason}");
        assert!(form.get("field_basis").unwrap().contains("老年人权益保障法"), "the rules of the guide");
        assert!(form.get("field_remedy").unwrap().contains("60日"));
        let before = story.case();
        let refused = story.at("孙海燕").submit(form).expect(422);
        assert!(refused.words().contains("还有没填的空"), "{}", refused.words());
        assert_eq!(story.case(), before);

        let again = story.at("孙海燕").offered("refuse").unwrap();
        assert_eq!(again.get("field_reason"), Some(reason.as_str()), "what was typed stands there again");
        let filled = reason.replace("＿＿", "2027年3月1日");
        drop(story.at("孙海燕").submit(again.set("field_reason", &filled)).expect(200));
        story.tell("case is refused").tell("she follows it").tell("she reads 2027年3月1日满80周岁");
    }
}

#[test]
fn the_rules_of_the_guide_stand_in_a_decision_and_papers_stay_ticked() {
    for town in shared() {
        let mut story = at_the_office(town, 312);
        let grant = story.at("孙海燕").offered("grant").unwrap();
        assert!(grant.get("field_basis").unwrap().contains("老年人权益保障法"));
        let address = format!("/cases/{}?step=no_such&ready=99", story.number);
        drop(story.at("孙海燕").open(&address).expect(200));
        let correction = story.at("孙海燕").offered("request_correction").unwrap();
        assert_eq!(correction.get("field_basis"), None);
        let paper = city_stories::all_values(&story.at("孙海燕").page().body(), "papers").remove(0);
        let ticked = city_stories::chosen(correction, "papers", &paper).set("field_reason", " ");
        drop(story.at("孙海燕").submit(ticked).expect(422));
        let again = story.at("孙海燕").offered("request_correction").unwrap();
        assert_eq!(again.get("papers"), Some(paper.as_str()));
        let address = format!("/cases/{}?step=request_correction&ready=0", story.number);
        drop(story.at("孙海燕").open(&address).expect(200));
        let words = story.at("孙海燕").offered("request_correction").unwrap();
        assert!(words.get("field_reason").unwrap().contains("津贴要发到申请人本人名下的银行卡"));
    }
}
