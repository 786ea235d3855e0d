//! These stories are about a mediation that goes up a level and comes back: each side says which papers go along,
//! nothing goes without it, and whoever mediates there reads only those.

use city_stories::{Story, Town, chosen};

use crate::hearings_disputes::{Dispute, agree, begun, both, deed, holds, hour, writes};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，墙皮掉了一片", other: "楼上" };
const CLAUSE: [&str; 4] = ["second", "赔刷墙的钱", "30", "2026-11-30"];
const STREET: &str = "street is mediator at 大北街道 for mediation";
const STAYED: &str = "没有一起转来";

/// What somebody reads on a page of the mediation.
fn words(story: &mut Story<'_>, who: &str, page: &str) -> String {
    let address = format!("/cases/{}{page}", story.number);
    story.at(who).open(&address).expect(200).words()
}

/// A mediation with a session, a proposal and the text of an agreement.
fn written(town: &Town, seed: u64) -> Story<'_> {
    let mut story = begun(town, &LEAK, seed);
    both(&mut story, "session");
    assert_eq!(holds(&mut story, "apart", &["first", "second"], "社区听了两家的话").status, 303);
    both(&mut story, "session");
    let address = format!("/cases/{}/sessions", story.number);
    let page = story.at("li").open(&address).expect(200);
    let form = deed(&page, "propose").set("made_by", "mediator").set("proposal", "社区提的方案");
    drop(story.at("li").submit(form).expect(200));
    writes(&mut story, &[CLAUSE]);
    story.tell(STREET);
    story
}

#[test]
fn nothing_goes_along_that_not_both_let_go() {
    for town in Town::each() {
        let mut story = written(&town, 451);
        story.tell(
            "li may not go_up
             li may not first_passes
             li does ask next=go_up
             li opens it
             li reads “交上一级调解”要提出的一方、另一方都同意这一步才能办，还差：提出的一方、另一方。
             li may not first_goes_on
             li may not hand_down
             li does first_passes along=some record=yes how_said=person
             li opens it
             li may not go_up
             li does not take second_passes along=some how_said=person
             li does not take second_passes along=all
             li does second_passes along=all how_said=telephone
             li opens it
             li reads 提出的一方同意一起转的 调解记录和提过的方案
             li reads 接手的是大北街道人民调解委员会
             li does not read 还没有调解员：没有名册
             li does go_up reason=太难
             street opens it
             street reads 上一处一起转来的 调解记录和提过的方案",
        );
        let page = words(&mut story, "street", "");
        assert!(page.contains(STAYED) && !page.contains("墙皮掉了"), "{}: the application: {page}", town.engine);
        let page = words(&mut story, "street", "/sessions");
        assert!(page.contains("社区听了两家的话") && page.contains("社区提的方案"), "{}: {page}", town.engine);
        let page = words(&mut story, "street", "/agreement");
        assert!(!page.contains("赔刷墙的钱") && !page.contains("各有一半责任"), "{}: {page}", town.engine);
        let page = words(&mut story, "street", "/mediation");
        assert!(page.contains("留在原来那一级"), "{}: {page}", town.engine);
        let printed = format!("/cases/{}/mediation/application", story.number);
        drop(story.at("street").open(&printed).expect(404));
        // Nobody keeps an agreement that stayed behind: what is agreed here is written here.
        story.tell("street does not take ask next=oral");
        town.verify();
    }
}

#[test]
fn what_was_written_at_the_street_comes_back_only_as_both_say() {
    for town in Town::each() {
        let mut story = written(&town, 452);
        story.tell(
            "li does ask next=go_up
             li does first_passes along=none how_said=person
             li does second_passes along=all how_said=person
             li does go_up reason=太难",
        );
        let page = words(&mut story, "street", "/sessions");
        assert!(!page.contains("社区听了") && !page.contains("社区提的"), "{}: one said none: {page}", town.engine);
        agree(&mut story, "street", "session");
        let address = format!("/cases/{}/sessions", story.number);
        let page = story.at("street").open(&address).expect(200);
        let form = ["first", "second"].iter().fold(deed(&page, "session"), |form, side| chosen(form, "came", side));
        let form = form.set("way", "apart").set("begins", &hour(&town)).set("place_held", "街道");
        drop(story.at("street").submit(form.set("said", "街道也听了一遍")).expect(200));
        story.tell(
            "street does ask next=hand_down
             street does first_passes along=some text=yes how_said=person
             street does second_passes along=all how_said=person
             street does hand_down reason=社区能调
             li opens it
             li reads 墙皮掉了",
        );
        let page = words(&mut story, "li", "/sessions");
        assert!(page.contains("社区听了") && !page.contains("街道也听了"), "{}: {page}", town.engine);
        let page = words(&mut story, "li", "/agreement");
        assert!(page.contains("赔刷墙的钱"), "{}: what was written here is read here: {page}", town.engine);
        // The parties read every session to which both came.
        story.tell("she follows it");
        let own = format!("/follow/{}/agreement", story.number);
        let page = story.at("she").open(&own).expect(200).words();
        assert!(page.contains("社区听了") && page.contains("街道也听了"), "{}: {page}", town.engine);
        town.verify();
    }
}

#[test]
fn a_side_says_it_with_her_own_code_and_what_she_said_goes_with_her_consent() {
    for town in Town::each() {
        let mut story = written(&town, 453);
        story.tell(
            "li does ask next=go_up
             she follows it
             she reads 调解员问您同意不同意这一步：交上一级调解
             she does first_passes along=some application=yes text=yes
             li does second_passes along=all how_said=person
             she follows it
             she does first_withdraws
             li opens it
             li may not go_up
             li does not take first_passes along=all how_said=person
             she follows it
             she does first_passes along=some text=yes
             li does second_passes along=all how_said=person
             li does go_up reason=太难",
        );
        let page = words(&mut story, "street", "/agreement");
        assert!(page.contains("赔刷墙的钱") && page.contains("各有一半责任"), "{}: {page}", town.engine);
        let page = words(&mut story, "street", "");
        assert!(!page.contains("墙皮掉了"), "{}: only what she said last: {page}", town.engine);
        town.verify();
    }
}

#[test]
fn a_professional_centre_mediates_where_there_is_no_committee() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 454);
        story.tell(STREET).tell("luo is secretary_street at 大北街道");
        let place = town.named("大北街道").id().to_string();
        let form = story.at("luo").open("/bodies").expect(200).form("/bodies").set("place", &place);
        let form = form.set("kind", "mediation_centre").set("name", "大北街道物业纠纷调解中心");
        drop(story.at("luo").submit(form.set("telephone", "024-23456789")).expect(200));
        story.tell(
            "li does ask next=go_up
             li does first_passes along=none how_said=person
             li does second_passes along=none how_said=person
             li opens it
             li reads 接手的是大北街道物业纠纷调解中心",
        );
        town.verify();
    }
}
