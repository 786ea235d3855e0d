//! In these stories reasons are kept ready. One press chooses a reason, it is completed, and it is never sent with a
//! blank in it. What was typed is there again after a refusal.

use crate::shared;
use city_stories::{Story, Town};

#[test]
fn waiting_too_long_for_acceptance_stays_visible_until_somebody_says_why() {
    for town in Town::each() {
        let mut story = Story::new(&town, 313);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_city at 沈阳市
            she applies for MZ-11 living in 华炉社区
            it is 2026-12-03 10:00
            孙海燕 opens it
            孙海燕 reads 应在2026年11月30日（周一）前处理，已经过了
            孙海燕 reads 超期原因
            ",
        );
        let late = |story: &mut Story<'_>| {
            let page = story.at("佟建国").open("/supervise/late").expect(200);
            page.body().contains(&format!("/cases/{}", story.number))
        };
        assert!(late(&mut story), "{}: it waits, and nobody said why", town.engine);
        story.tell(
            "
            孙海燕 does accept
            孙海燕 reads 才处理
            孙海燕 reads 超期原因
            ",
        );
        assert!(late(&mut story), "{}: a late acceptance washes nothing away", town.engine);
        story.tell("孙海燕 sends explain reason=hands").tell("孙海燕 reads 才处理");
        assert!(!late(&mut story), "{}: a reason was given", town.engine);
        town.verify();
    }
}

#[test]
fn a_refusal_for_want_of_papers_says_from_when_it_is_possible() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 314);
        story.tell("孙海燕 does request_correction papers=HK reason=户口簿缺首页");
        story.tell("孙海燕 may not close_uncorrected");
        story.tell("孙海燕 reads 12月24日（周四）起可以办");
        story.tell("it is 2026-12-23 10:00").tell("孙海燕 opens it").tell("孙海燕 may not close_uncorrected");
        story.tell("it is 2026-12-24 10:00").tell("孙海燕 opens it");
        story.tell("孙海燕 does close_uncorrected reason=没有补齐 basis=按事项目录 remedy=可以申请复议");
        story.tell("case is refused");
    }
}

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
        let refuse = story.at("孙海燕").offered("refuse").unwrap();
        let ready = refuse.offers.iter().filter(|name| *name == "ready").count();
        assert!(ready >= 4, "the item's own and those of every item: {:?}", refuse.offers);
        let words = story.at("孙海燕").page().words();
        let (own, every) = (words.find("年龄未到").unwrap(), words.find("条件不符").unwrap());
        assert!(own < every, "its own come first");

        let typed = refuse.set("field_reason", "本人已来窗口说明").set("ready", "0");
        drop(story.at("孙海燕").submit(typed).expect(200));
        let form = story.at("孙海燕").offered("refuse").unwrap();
        let reason = form.get("field_reason").unwrap().to_owned();
        assert!(reason.starts_with("本人已来窗口说明\n"), "what was typed stays: {reason}");
        assert!(reason.contains("未满80周岁") && reason.contains("＿＿"), "{reason}");
        assert!(form.get("field_basis").unwrap().contains("老年人权益保障法"), "the rules of the guide");
        let remedy = form.get("field_remedy").unwrap().to_owned();
        assert!(
            remedy.contains("重新申请") && !remedy.contains("60日"),
            "the letter itself says when to appeal: {remedy}"
        );
        let before = story.case();
        let refused = story.at("孙海燕").submit(form).expect(422);
        assert!(refused.words().contains("还有没填的空"), "{}", refused.words());
        assert_eq!(story.case(), before);

        let again = story.at("孙海燕").offered("refuse").unwrap();
        assert_eq!(again.get("field_reason"), Some(reason.as_str()), "what was typed stands there again");
        let filled = reason.replace("＿＿", "2027年3月1日");
        drop(story.at("孙海燕").decides(town, again.set("field_reason", &filled)));
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
        drop(story.at("孙海燕").submit(again.set("ready", "0")).expect(200));
        let words = story.at("孙海燕").offered("request_correction").unwrap();
        assert_eq!(words.get("papers"), Some(paper.as_str()), "a paper stays ticked");
        assert!(words.get("field_reason").unwrap().contains("津贴要发到申请人本人名下的银行卡"));
    }
}
