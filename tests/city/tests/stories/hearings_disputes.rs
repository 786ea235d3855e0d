//! Ten disputes as neighbours have them, each from the first word to its end: kept, refused, withdrawn, failed, broken,
//! not for mediation, confirmed by a court and not confirmed.

use city_stories::{Browser, Story, Town, chosen, code_on};
use kernel::time::show_minute_of_day;
use testkit::{Form, Reply, ZONE};

pub const PLACE: &str = "华炉社区";
/// With what a mediator begins: who mediates, what was asked and told, and which paper each side showed.
pub const BEGIN: &str = "begin mediator=李 tie=none nowhere_else=yes open=closed rights=yes \
    first_paper=id_card second_paper=household";
/// The name on the paper of the other side.
pub const OTHER: &str = "王立新";

/// A dispute as somebody tells it.
pub struct Dispute {
    pub class: &'static str,
    pub facts: &'static str,
    pub other: &'static str,
}

/// A clause: who owes it, what, how many yuan or nothing, by which day.
pub type Clause<'c> = [&'c str; 4];

fn screen(page: &Reply, name: &str) -> Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

/// The form of a page that does a deed, the first of several.
pub fn deed(page: &Reply, name: &str) -> Form {
    let found = page.forms().into_iter().find(|form| form.get("deed") == Some(name));
    found.unwrap_or_else(|| panic!("{name} is not offered: {}", page.words()))
}

/// Somebody tells a dispute without an account, and a mediator finds it.
pub fn brought<'t>(town: &'t Town, dispute: &Dispute, seed: u64) -> Story<'t> {
    let mut story = Story::new(town, seed);
    let mut she = town.visitor();
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", dispute.facts).set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("class", dispute.class)).expect(200);
    let form = screen(&page, "who").set("name", "李岺").set("telephone", "13800000302");
    let receipt = she.submit(form.set("other_name", dispute.other)).expect(200);
    receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
    story.code = code_on(&receipt);
    story.tell("li is mediator at 华炉社区 for mediation");
    story
}

/// The form by which a mediator takes the name of a side from the paper that it showed.
pub fn naming(mediator: &mut Browser, number: &str, side: &str) -> Form {
    let page = mediator.open(&format!("/cases/{number}/invitation")).expect(200);
    let is_hers = |form: &Form| form.get("side") == Some(side) && form.get("real_name").is_some();
    page.forms().into_iter().find(is_hers).unwrap_or_else(|| panic!("{side} cannot be named: {}", page.words()))
}

/// A mediator enters the name of a side from the paper that it showed.
pub fn names(story: &mut Story<'_>, side: &str, name: &str) {
    let number = story.number.clone();
    let form = naming(story.at("li"), &number, side).set("real_name", name);
    drop(story.at("li").submit(form).expect(200));
}

/// The same, and both sides have agreed to mediation and are called by their names.
pub fn begun<'t>(town: &'t Town, dispute: &Dispute, seed: u64) -> Story<'t> {
    let mut story = brought(town, dispute, seed);
    story.tell(
        "li does take_on nowhere_else=yes
         li does second_agrees how_said=person",
    );
    names(&mut story, "second", OTHER);
    story.tell(&format!("li does {BEGIN}")).tell("case is talks");
    story
}

/// Both sides are asked about a step, and agree to it.
pub fn both<'a, 't>(story: &'a mut Story<'t>, step: &str) -> &'a mut Story<'t> {
    agree(story, "li", step)
}

/// A mediator asks both sides about a step and notes that they agree to it.
pub fn agree<'a, 't>(story: &'a mut Story<'t>, mediator: &str, step: &str) -> &'a mut Story<'t> {
    let about = if matches!(step, "invite" | "substitute") { "孟宪章" } else { "" };
    agree_about(story, mediator, step, about)
}

/// The same about somebody: whom they are asked about, they are told.
pub fn agree_about<'a, 't>(story: &'a mut Story<'t>, mediator: &str, step: &str, about: &str) -> &'a mut Story<'t> {
    let about = if about.is_empty() { String::new() } else { format!(" about={about}") };
    story.tell(&format!(
        "{mediator} does ask next={step}{about}
         {mediator} does first_goes_on how_said=person
         {mediator} does second_goes_on how_said=person"
    ))
}

/// Writes the facts of an agreement, and its clauses.
pub fn writes(story: &mut Story<'_>, clauses: &[Clause<'_>]) {
    let address = format!("/cases/{}/agreement", story.number);
    let page = story.at("li").open(&address).expect(200);
    let facts = deed(&page, "facts").set("main_facts", "两家说的一样").set("duties", "各有一半责任");
    drop(story.at("li").submit(facts).expect(200));
    for [owes, what, amount, due] in clauses {
        let page = story.at("li").open(&address).expect(200);
        let form = deed(&page, "add").set("owes", owes).set("what", what).set("amount", amount).set("due", due);
        let page = story.at("li").submit(form).expect(200);
        assert!(page.words().contains(what), "{}", page.words());
    }
}

/// Notes how the clause of a number, from 0, is kept.
pub fn notes(story: &mut Story<'_>, number: usize, stage: &str, words: &str) -> String {
    let address = format!("/cases/{}/agreement", story.number);
    let page = story.at("li").open(&address).expect(200);
    let form = page.forms().into_iter().filter(|form| form.get("deed") == Some("note")).nth(number).unwrap();
    story.at("li").submit(form.set("stage", stage).set("noted", words)).expect(200).words()
}

/// The hour of now, as somebody types it.
pub fn hour(town: &Town) -> String {
    show_minute_of_day(ZONE.minute_of_day(town.clock.now()))
}

/// Writes a session down that begins now, in some way, with whoever came.
pub fn holds(story: &mut Story<'_>, way: &str, came: &[&str], said: &str) -> Reply {
    let address = format!("/cases/{}/sessions", story.number);
    let page = story.at("li").open(&address).expect(200);
    let form = came.iter().fold(deed(&page, "session"), |form, code| chosen(form, "came", code));
    let begins = hour(story.town);
    let form = form.set("way", way).set("begins", &begins).set("place_held", "社区二楼").set("said", said);
    story.at("li").send(form)
}

/// Both sign what was written, the mediator seals it.
pub fn signs(story: &mut Story<'_>) {
    both(story, "draft").tell(
        "li does draft
         li does first_signs how_said=yes paper_on=2026-11-23
         li does second_signs how_said=yes paper_on=2026-11-23
         li does seal effect_on=2026-11-23
         case is in_effect",
    );
}

/// Everything is done and visited.
pub fn ends_well(story: &mut Story<'_>, clauses: usize) {
    for number in 0..clauses {
        drop(notes(story, number, "done", "办好了"));
    }
    story.tell(
        "li does performed report=都办好了
         li does visit record=两家都满意
         case is closed",
    );
}

fn outcome(story: &Story<'_>) -> Option<String> {
    story.case().outcome
}

const NOISE: Dispute = Dispute { class: "neighbours", facts: "楼上半夜弹琴，睡不着", other: "楼上住户" };
pub const LEAK: Dispute =
    Dispute {
        class: "neighbours", facts: "楼上漏水泡了我家墙，想让他家修好赔三十元", other: "楼上"
    };
const PARKING: Dispute =
    Dispute { class: "neighbours", facts: "他家车天天堵单元门", other: "三单元业主" };
const DOG: Dispute =
    Dispute { class: "neighbours", facts: "他家狗不拴绳，吓着孩子", other: "养狗的邻居" };
const RENOVATION: Dispute =
    Dispute { class: "neighbours", facts: "他家装修砸了承重墙", other: "装修的业主" };
const FEES: Dispute =
    Dispute { class: "property", facts: "保洁不到位，我不愿交物业费", other: "某物业公司" };
const LIFT: Dispute =
    Dispute { class: "property", facts: "电梯大修动用维修资金，一楼不愿分摊", other: "一楼业主" };
const BALCONY: Dispute =
    Dispute { class: "housing", facts: "他家封阳台挡了我家的光", other: "隔壁业主" };
const FLAT: Dispute =
    Dispute { class: "family", facts: "老人留下的房子，兄弟俩谁住谁补钱", other: "兄弟" };
const SHOP: Dispute = Dispute { class: "pollution", facts: "楼下饭店油烟直排进屋", other: "楼下饭店" };

#[test]
fn noise_is_talked_over_and_both_keep_what_they_promised() {
    for town in Town::each() {
        let mut story = begun(&town, &NOISE, 411);
        both(&mut story, "session");
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "一个嫌吵，一个要考级").status, 303);
        writes(&mut story, &[["second", "夜里十点以后不弹琴", "", "2026-12-01"]]);
        signs(&mut story);
        ends_well(&mut story, 1);
        assert_eq!(outcome(&story).as_deref(), Some("agreed"), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_leak_is_mended_in_part_before_it_is_done() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 412);
        writes(
            &mut story,
            &[["second", "把漏水的管子修好", "", "2026-11-30"], ["second", "赔刷墙的钱", "30", "2026-12-05"]],
        );
        signs(&mut story);
        assert!(notes(&mut story, 0, "part", "换了一截管子").contains("履行了一部分 1 条"));
        story.tell("li does not take performed report=差不多了");
        ends_well(&mut story, 2);
        town.verify();
    }
}

#[test]
fn who_parks_in_the_way_does_not_want_to_talk() {
    for town in Town::each() {
        let mut story = brought(&town, &PARKING, 413);
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_refuses how_said=person
             case is refused
             li may not begin",
        );
        assert_eq!(outcome(&story).as_deref(), Some("refused"), "{}", town.engine);
        let address = format!("/cases/{}/mediation/ended", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("一方不愿意调解") && words.contains("向人民法院起诉"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_consent_about_a_dog_is_taken_back_and_given_again() {
    for town in Town::each() {
        let mut story = begun(&town, &DOG, 414);
        writes(&mut story, &[["second", "出门拴绳，绕开儿童广场", "", "2026-11-24"]]);
        both(&mut story, "draft").tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23
             li does second_withdraws how_said=person
             case is talks
             li may not draft",
        );
        both(&mut story, "oral").tell(
            "li does oral effect_on=2026-11-23
             case is in_effect",
        );
        ends_well(&mut story, 1);
        town.verify();
    }
}

#[test]
fn a_wall_that_was_torn_down_is_too_much_to_agree_on() {
    for town in Town::each() {
        let mut story = begun(&town, &RENOVATION, 415);
        story.tell(
            "li does fail why=gap reason=一方要求恢复原状 other_ways=yes
             case is failed",
        );
        let address = format!("/cases/{}/mediation/ended", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("双方差距太大") && words.contains("恢复原状"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn fees_for_bad_service_are_agreed_and_confirmed_by_the_court() {
    for town in Town::each() {
        let mut story = begun(&town, &FEES, 416);
        writes(
            &mut story,
            &[["second", "每天打扫楼道", "", "2026-12-01"], ["first", "补交物业费", "1,280.50", "2026-12-20"]],
        );
        signs(&mut story);
        story.tell(
            "li does first_asks_court how_said=person
             li does second_asks_court how_said=person
             li does to_court court=大东区人民法院 sent_on=2026-11-23
             li does not take court_prolongs approved=yes
             li does accepted accepted_on=2026-11-23
             li does confirmed confirmed_on=2026-11-23 number=1
             case is confirmed",
        );
        assert_eq!(crate::hearings::counted(&town, "hearings.confirmed"), 1, "{}", town.engine);
        ends_well(&mut story, 2);
        town.verify();
    }
}

#[test]
fn the_money_for_a_lift_goes_up_to_the_street_and_fails_there() {
    for town in Town::each() {
        let mut story = begun(&town, &LIFT, 417);
        story.tell(
            "li does ask next=go_up
             li does first_passes along=all how_said=person
             li does second_passes along=all how_said=telephone
             li does go_up reason=牵涉维修资金
             wu is mediator at 大北街道 for mediation
             wu opens it
             wu does fail why=time reason=到期了 other_ways=yes
             case is failed",
        );
        town.verify();
    }
}

#[test]
fn a_balcony_is_not_taken_back_as_promised() {
    for town in Town::each() {
        let mut story = begun(&town, &BALCONY, 418);
        writes(&mut story, &[["second", "拆掉外伸的窗", "", "2026-11-30"]]);
        signs(&mut story);
        assert!(notes(&mut story, 0, "broken", "说不拆了").contains("没有照办 1 条"));
        story.tell(
            "li does not_kept reason=没有拆
             case is broken
             li does end_broken reason=告知可以起诉
             case is unkept",
        );
        assert_eq!(crate::hearings::counted(&town, "hearings.performed"), 0, "{}: it was not kept", town.engine);
        let words = story.at("li").open("/hearings/figures").expect(200).words();
        assert!(words.contains("1 1 1 100.0% 0 0 0 0"), "{}: agreed, not kept: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn an_inherited_flat_comes_back_from_the_court_and_is_agreed_anew() {
    for town in Town::each() {
        let mut story = begun(&town, &FLAT, 419);
        writes(
            &mut story,
            &[["first", "补给兄弟房款", "3,000,000", "2026-12-31"], ["second", "年底前搬走", "", "2026-12-31"]],
        );
        signs(&mut story);
        story.tell(
            "li does first_asks_court how_said=person
             li does second_asks_court how_said=person
             li does to_court court=大东区人民法院 sent_on=2026-11-23
             li does accepted accepted_on=2026-11-23
             li does not_confirmed reason=内容不明确 next=vary
             case is kept
             li may not vary
             li does propose_change change=写明房号
             li may not vary
             li does first_changes how_said=yes paper_on=2026-11-23
             li does second_changes how_said=yes paper_on=2026-11-23
             li does vary
             case is kept",
        );
        ends_well(&mut story, 2);
        town.verify();
    }
}

#[test]
fn the_smoke_of_a_shop_is_for_another_body() {
    for town in Town::each() {
        let mut story = brought(&town, &SHOP, 420);
        story.tell(
            "li does decline why=body reason=生态环境部门已经立案
             case is not_taken",
        );
        assert_eq!(outcome(&story).as_deref(), Some("not_taken"), "{}", town.engine);
        town.verify();
    }
}
