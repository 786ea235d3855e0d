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
        let asked = story.at("王晓燕").submit(grant).expect(200);
        let grant = city_stories::sure_form(&asked).expect("a decision is confirmed first");
        let done = twice(town, story.at("王晓燕"), &grant);
        let page = story.at("王晓燕").open(done.location().unwrap_or_default()).expect(200);
        drop(story.at("王晓燕").until_left(town, page));
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
        story.tell("王晓燕 reads 已批准，等领取");
    }
}

#[test]
fn a_look_that_is_sent_again_is_one_look() {
    for town in Town::each() {
        let mut story = Story::new(&town, 36);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 opens it
            ",
        );
        let (id, person) = (story.resident.resident_id.clone(), format!("/cases/{}/person", story.number));
        let office = story.at("孙海燕");
        let form = office.page().form(&person).set("purpose", "handling").set("purpose_word", "核对年龄");
        let before = town.counts().looks;
        for _ in 0..2 {
            let opened = office.submit(form.clone()).expect(200);
            assert!(opened.body().contains(&id), "{}: {}", town.engine, opened.words());
        }
        assert_eq!(town.counts().looks, before + 1, "{}: the log has one line", town.engine);
        assert_eq!(office.submit(form.clone().set("purpose_word", "核对住址")).status, 422, "{}", town.engine);
        town.clock.plus_seconds(601);
        drop(office.submit(form).expect(200));
        assert_eq!(town.counts().looks, before + 2, "{}: later it is a look of its own", town.engine);
        town.verify();
    }
}

/// A form, and what undoes it. `undo` stands for what somebody else, or she herself, does in between.
struct Walk<'w> {
    page: &'w str,
    action: &'w str,
    first: &'w [(&'w str, &'w str)],
    undo: &'w [(&'w str, &'w str)],
    /// What the page says once `undo` holds.
    says: &'w str,
}

impl Walk<'_> {
    /// Fills in the form as its page offers it now.
    fn filled(&self, browser: &mut Browser, fields: &[(&str, &str)]) -> Form {
        let opened = browser.open(self.page).expect(200);
        let has = |form: &Form, name: &str| form.offers.iter().any(|known| known == name);
        let offers = |form: &Form| form.action == self.action && fields.iter().all(|(name, _)| has(form, name));
        let form = opened.forms().into_iter().find(offers);
        let form = form.unwrap_or_else(|| panic!("{} is not offered: {}", self.action, opened.words()));
        fields.iter().fold(form, |form, (name, value)| form.set(name, value))
    }
}

/// Sends a form, then what undoes it, then the first form again, which must change nothing.
fn is_done_once(town: &Town, browser: &mut Browser, walk: &Walk<'_>) {
    let sent = walk.filled(browser, walk.first);
    drop(browser.submit(sent.clone()).expect(200));
    let back = walk.filled(browser, walk.undo);
    drop(browser.submit(back).expect(200));
    let before = town.counts();
    assert_eq!(browser.send(sent).status, 303, "{}: {}", town.engine, walk.action);
    assert_eq!(town.counts(), before, "{}: {}: the first form did something again", town.engine, walk.action);
    let after = browser.open(walk.page).expect(200);
    assert!(after.body().contains(walk.says), "{}: {}: {}", town.engine, walk.action, after.words());
}

#[test]
fn a_form_that_comes_again_after_another_one_changes_nothing() {
    for town in Town::each() {
        let mut story = Story::new(&town, 37);
        story.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let followed = format!("/follow/{}", story.number);
        let notices = format!("{followed}/notices");
        let quiet = Walk {
            page: &followed,
            action: &notices,
            first: &[("tell", "no")],
            undo: &[("tell", "yes")],
            says: "有进展时，平台在工作时间",
        };
        is_done_once(&town, story.at("she"), &quiet);

        let mut keeper = town.staff("walks.keeper", "secretary_community", &town.named("文安路社区"), None);
        let new = format!("/stations/new?community={}", town.named("文安路社区").id());
        let form = keeper.open(&new).expect(200).form("/stations/new");
        let form = form.set("name_zh", "甲驿站").set("address", "东门旁").set("hours", "每天 08:30-17:30");
        let station =
            keeper.submit(city_stories::chosen(form.set("rooms", ""), "services", "water")).expect(200).address;
        let (edit, open) = (format!("{station}/edit"), format!("{station}/open"));
        let renamed = Walk {
            page: &edit,
            action: &edit,
            first: &[("name_zh", "乙驿站")],
            undo: &[("name_zh", "丙驿站")],
            says: "丙驿站",
        };
        is_done_once(&town, &mut keeper, &renamed);
        let closed =
            Walk { page: &station, action: &open, first: &[("open", "0")], undo: &[("open", "1")], says: "丙驿站" };
        is_done_once(&town, &mut keeper, &closed);
        assert_eq!(town.visitor().get(&station).status, 200, "{}: it is open", town.engine);
    }
}
