//! What is sent twice is done once: a nervous double click, a lost answer, and a page that is sent again.

use crate::shared;
use city_stories::{Browser, Resident, Story, Town};
use lianglin::demonstration::Seed;
use testkit::{Form, Reply};

/// Sends a form twice. Both must get the same answer, and the second must change nothing.
fn twice(town: &Town, browser: &mut Browser, form: &Form) -> Reply {
    let first = browser.send(form.clone());
    let after_first = town.counts();
    let second = browser.send(form.clone());
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303), "{}", second.words());
    assert_eq!(first.location(), second.location(), "{}", town.engine);
    assert_eq!(town.counts(), after_first, "{}: the second sending changed something", town.engine);
    second
}

#[test]
fn an_application_at_the_desk() {
    for town in shared() {
        let mut worker = town.staff("once.desk", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(31));
        let form = resident.fill(worker.desk_form("MZ-11")).set("residence_words", "华炉社区");
        let before = town.counts();
        twice(town, &mut worker, &form);
        assert_eq!(town.counts().cases, before.cases + 1);
        assert_eq!(town.counts().people, before.people + 1);
    }
}

#[test]
fn an_application_online() {
    for town in shared() {
        let mut she = town.visitor();
        let resident = Resident::next(&mut Seed::new(32));
        let form = she.to_check(town, "MZ-11", &resident, &town.named("华炉社区"));
        let before = town.counts();
        twice(town, &mut she, &form);
        assert_eq!(town.counts().cases, before.cases + 1);
    }
}

#[test]
fn an_application_sent_again_with_other_answers_is_not_taken_for_the_first() {
    for town in shared() {
        let mut she = town.visitor();
        let resident = Resident::next(&mut Seed::new(33));
        let form = she.to_check(town, "MZ-11", &resident, &town.named("华炉社区"));
        let first = she.send(form.clone()).expect(303);
        let number = first.location().unwrap().trim_start_matches("/receipt/").to_owned();
        let before = town.counts();
        let elsewhere = town.named("尚品社区").id().0.to_string();
        let again = she.send(form.set("residence", &elsewhere));
        assert_eq!(
            again.status,
            422,
            "{}: answered with {:?}, her first case is {number}",
            town.engine,
            again.location()
        );
        assert_eq!(town.counts(), before);
    }
}

#[test]
fn a_step_and_a_rating() {
    for town in shared() {
        let mut story = Story::new(town, 34);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes RS-29 for a resident of 华炉社区
            王晓燕 opens it
            ",
        );
        let grant = story.at("王晓燕").offered("grant").unwrap();
        twice(town, story.at("王晓燕"), &grant);
        story.tell("case is granted").tell("she follows it");
        let number = story.number.clone();
        let rate = story.at("she").page().form(&format!("/follow/{number}/rate")).set("score", "4");
        twice(town, story.at("she"), &rate);
        story.tell("she may not rate");
        town.verify();
    }
}

#[test]
fn keys_send_only_a_step_of_ones_own_side() {
    for town in shared() {
        let mut story = Story::new(town, 35);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 opens it
            ",
        );
        assert!(story.at("孙海燕").page().body().contains("data-main"), "she decides");
        story.tell("孙海燕 does grant basis=按市规定");
        let office = story.at("孙海燕");
        assert!(!office.page().body().contains("data-main"), "the counter hands the result over");
        let form = office.offered("hand_over").expect("she may do it for the counter");
        assert_eq!(form.get("handed_to").unwrap_or_default(), "", "nothing is chosen for her");
        story.tell("王晓燕 opens it");
        assert!(story.at("王晓燕").page().body().contains("data-main"), "the case waits at her desk");
        story.tell("王晓燕 reads 待交付");
    }
}
