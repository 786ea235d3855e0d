//! These stories are about mediation that nobody applied for, and about which dispute comes first. The matter decides,
//! never a person; whoever mediates may choose otherwise and says why.

use city_stories::{Browser, Story, Town, code_on};
use testkit::{Form, Reply};

use crate::hearings::{FACTS, PLACE, counted, screen};
use crate::hearings_disputes::{BEGIN, OTHER, names};

const MEDIATORS: &str = "
li is mediator at 华炉社区 for mediation
far is mediator at 付家社区 for mediation
zhao is community_worker at 华炉社区
";

/// The form with which a mediator offers to mediate.
fn offer(mediator: &mut Browser, town: &Town) -> Form {
    let form = mediator.open("/hearings/offer").expect(200).form("/hearings/offer");
    form.set("place", &town.named(PLACE).id().to_string()).set("class", "neighbours").set("facts", FACTS)
}

/// Somebody brings a dispute that affects so many people. Returns its number.
fn brings(town: &Town, people: &str, danger: bool) -> String {
    let mut she = town.visitor();
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
    let which = screen(&page, "which").set("class", "neighbours").set("people", people);
    let which = if danger { which.set("danger", "1").set("called", "1") } else { which };
    let page = she.submit(which).expect(200);
    let who = screen(&page, "who").set("name", "李岺").set("telephone", "13800000302").set("other_name", "楼上住户");
    let receipt = she.submit(who).expect(200);
    receipt.address.trim_start_matches("/receipt/").to_owned()
}

/// The numbers of the disputes in the order of the list.
fn order(page: &Reply) -> Vec<String> {
    page.links().iter().filter_map(|link| link.strip_prefix("/cases/")).map(str::to_owned).collect()
}

/// The form of the page of a dispute that chooses how soon it is taken up, or that says what decides.
fn triage(mediator: &mut Browser, number: &str, chooses: bool) -> Form {
    let page = mediator.open(&format!("/cases/{number}/triage")).expect(200);
    let wanted = |form: &Form| {
        let says = form.action.ends_with("/triage") && form.get("safe").is_none();
        says && (form.get("choose") == Some("1")) == chooses
    };
    page.forms().into_iter().find(wanted).unwrap_or_else(|| panic!("no such form: {}", page.words()))
}

#[test]
fn what_nobody_applied_for_is_offered_and_both_have_to_agree() {
    for town in Town::each() {
        let mut story = Story::new(&town, 421);
        story.tell(MEDIATORS);
        assert_eq!(story.at("zhao").get("/hearings/offer").status, 403, "{}: no mediator", town.engine);
        let elsewhere = format!("/hearings/offer?place={}", town.named(PLACE).id());
        assert_eq!(story.at("far").open(&elsewhere).status, 404, "{}: not her community", town.engine);
        let form = offer(story.at("li"), &town);
        assert_eq!(story.at("li").send(form.clone()).status, 422, "{}: between whom", town.engine);
        let form = form.set("name", "楼下住户").set("other_name", "楼上住户");
        let danger = story.at("li").send(form.clone().set("danger", "1"));
        assert!(danger.status == 422 && danger.words().contains("请先打 110"), "{}", danger.words());
        let pages = [(); 2].map(|()| story.at("li").submit(form.clone()).expect(200));
        assert_eq!(pages[0].address, pages[1].address, "{}: sent twice, offered once", town.engine);
        let number = pages[0].address.trim_start_matches("/cases/").trim_end_matches("/invitation").to_owned();
        story.number.clone_from(&number);
        story.tell("case is inviting").tell("li may not begin");
        let mut sides = Vec::new();
        for side in ["first", "second"] {
            let page = story.at("li").open(&format!("/cases/{number}/invitation")).expect(200);
            let gives = |form: &Form| form.get("side") == Some(side) && form.get("real_name").is_none();
            let form = page.forms().into_iter().find(gives).unwrap();
            let code = code_on(&story.at("li").submit(form).expect(200));
            let mut she = town.visitor();
            let page = she.follows_with(&number, &code).expect(200);
            assert!(!page.body().contains(FACTS), "{}: {side}: {}", town.engine, page.words());
            sides.push((she, format!("{side}_agrees")));
        }
        for (she, step) in &mut sides {
            story.tell("li may not begin");
            let step = she.offered(step).unwrap_or_else(|| panic!("{}", she.page().words()));
            drop(she.confirms(step).expect(200));
        }
        for (side, name) in [("first", "李岺"), ("second", OTHER)] {
            story.tell(&format!("li does not take {BEGIN}"));
            names(&mut story, side, name);
        }
        story.tell(&format!("li does {BEGIN}")).tell("case is talks");
        assert_eq!(counted(&town, "hearings.brought"), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn the_matter_decides_what_comes_first_and_a_person_may_choose_otherwise() {
    for town in Town::each() {
        let mut story = Story::new(&town, 422);
        story.tell(MEDIATORS);
        let (plain, many) = (brings(&town, "", false), brings(&town, "6", false));
        let danger = brings(&town, "2", true);
        let list = story.at("li").open("/hearings/matters").expect(200);
        assert_eq!(order(&list), [danger.clone(), many.clone(), plain.clone()], "{}: {}", town.engine, list.words());
        for told in ["马上办", "现在有人有危险", "优先办", "涉及五人以上", "按顺序办"] {
            assert!(list.words().contains(told), "{}: {told}: {}", town.engine, list.words());
        }
        assert!(!list.body().contains('岺') && !list.body().contains("漏水"), "{}: no names, no words", town.engine);
        assert!(order(&story.at("far").open("/hearings/matters").expect(200)).is_empty(), "{}", town.engine);
        let case = story.at("li").open(&format!("/cases/{danger}")).expect(200).words();
        assert!(case.contains("马上办：现在有人有危险"), "{}: {case}", town.engine);
        let page = format!("/cases/{plain}/triage");
        assert_eq!(story.at("far").open(&page).status, 404, "{}", town.engine);
        assert_eq!(story.at("zhao").get(&page).status, 403, "{}", town.engine);
        let choice = triage(story.at("li"), &plain, true).set("priority", "now");
        assert_eq!(story.at("li").send(choice.clone()).status, 422, "{}: without a reason", town.engine);
        let shown = story.at("li").submit(choice.set("reason", "马上要上冻，管子会裂")).expect(200).words();
        assert!(shown.contains("马上要上冻") && shown.contains("按办法是“按顺序办”"), "{}: {shown}", town.engine);
        let list = story.at("li").open("/hearings/matters").expect(200);
        assert!(order(&list)[..2].contains(&plain) && order(&list)[2] == many, "{}", town.engine);
        let back = triage(story.at("li"), &plain, true).set("priority", "rule").set("reason", "管子修好了");
        drop(story.at("li").submit(back).expect(200));
        let told = triage(story.at("li"), &plain, false).set("times_back", "2");
        let many = story.at("li").send(told.clone().set("people", "很多"));
        assert_eq!(many.status, 422, "{}", town.engine);
        assert!(many.words().contains("要填整数，在 0 到 100000 之间"), "{}: {}", town.engine, many.words());
        let shown = story.at("li").submit(told.set("people", "3")).expect(200).words();
        assert!(shown.contains("同一件事来过两回以上"), "{}: {shown}", town.engine);
        story.number = plain;
        let case = story.case();
        let (district, stream) = (cases::district(&case), hearings::actions::weighing::told_stream(case.id.0));
        let entries = town.store().read_blocking(move |tx| store::log::read(tx, district, stream)).unwrap();
        assert_eq!(entries.len(), 1, "{}: it stands in the log, once", town.engine);
        assert!(entries[0].payload.contains("times_back"), "{}: {}", town.engine, entries[0].payload);
        town.verify();
    }
}

#[test]
fn what_waits_comes_nearer_as_the_days_pass() {
    for town in Town::each() {
        let mut story = Story::new(&town, 423);
        story.tell(MEDIATORS);
        let number = brings(&town, "", false);
        let told = |story: &mut Story<'_>| story.at("li").open(&format!("/cases/{number}/triage")).expect(200).words();
        assert!(told(&mut story).contains("没有要先办的理由"), "{}", town.engine);
        story.tell("it is 2026-11-24 10:00");
        assert!(told(&mut story).contains("离期限不到三天"), "{}: {}", town.engine, told(&mut story));
        story.tell("it is 2026-11-27 10:00");
        assert!(told(&mut story).contains("期限就在今明两天，或者已经过了"), "{}", town.engine);
    }
}

#[test]
fn a_danger_ends_with_a_reason_and_nothing_that_ended_comes_first() {
    for town in Town::each() {
        let mut story = Story::new(&town, 424);
        story.tell(MEDIATORS);
        story.number = brings(&town, "2", true);
        let number = story.number.clone();
        let address = format!("/cases/{number}/triage");
        // A box that is not ticked ends no danger.
        let told = triage(story.at("li"), &number, false).set("people", "3");
        assert!(!told.offers.iter().any(|name| name == "danger"), "{}", town.engine);
        let shown = story.at("li").submit(told).expect(200);
        assert!(shown.words().contains("马上办"), "{}: {}", town.engine, shown.words());
        let safe = shown.forms().into_iter().find(|form| form.get("safe").is_some()).unwrap();
        assert_eq!(story.at("li").send(safe.clone()).status, 422, "{}: without a reason", town.engine);
        let shown = story.at("li").submit(safe.set("reason", "110 到过，已经分开")).expect(200).words();
        assert!(shown.contains("没有危险了") && shown.contains("已经分开"), "{}: {shown}", town.engine);
        let list = story.at("li").open("/hearings/matters").expect(200).words();
        assert!(list.contains("按顺序办") && !list.contains("马上办"), "{}: {list}", town.engine);
        let choice = triage(story.at("li"), &number, true).set("priority", "now").set("reason", "又吵起来了");
        drop(story.at("li").submit(choice).expect(200));
        story.tell(
            "li does decline why=police reason=派出所
             case is not_taken
             li opens it
             li does not read 马上办",
        );
        assert_eq!(story.at("li").open(&address).status, 404, "{}: it ended", town.engine);
        town.verify();
    }
}
