//! These stories are about who has a dispute in hand: whoever takes it on, and a colleague only if she may open it and
//! mediates there.

use city_stories::{Story, Town};
use testkit::{Form, Reply};

use crate::hearings_disputes::{Dispute, begun, brought, deed};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "楼上" };
const NOBODY: &str = "这里没有别的调解员能接手";

/// The form that hands a dispute to a colleague, where there is one who may have it.
fn hands(page: &Reply) -> Option<Form> {
    page.forms().into_iter().find(|form| form.action.ends_with("/do/hand") && form.get("to").is_some())
}

#[test]
fn whoever_takes_it_on_has_it_in_hand_and_only_mediators_are_offered_it() {
    for town in Town::each() {
        let mut story = brought(&town, &LEAK, 495);
        story.tell(
            "zhao is community_worker at 华炉社区
             luo is secretary_community at 华炉社区
             li does take_on nowhere_else=yes
             li opens it",
        );
        assert_eq!(story.case().handler.map(|handler| handler.name).as_deref(), Some("li"), "{}", town.engine);
        let page = story.at("li").page();
        assert!(hands(&page).is_none() && page.words().contains(NOBODY), "{}: {}", town.engine, page.words());
        story.tell(
            "qian is mediator at 华炉社区 for mediation
             li opens it",
        );
        let page = story.at("li").page();
        let to_qian = hands(&page).unwrap_or_else(|| panic!("nobody is offered: {}", page.words()));
        assert!(page.words().contains("qian") && !page.words().contains("zhao"), "{}: {}", town.engine, page.words());
        let queue = |story: &mut Story<'_>| story.at("li").open("/queue").expect(200).body();
        let qian = to_qian.get("to").unwrap().to_owned();
        assert!(queue(&mut story).contains(&qian), "{}: she may have it among others too", town.engine);
        // Where the roster names the accounts of mediators, it is handed to those alone.
        let login = story.login("li");
        let page = story.at("luo").open("/bodies/mediators").expect(200);
        let form = deed(&page, "engage").set("mediator", "郑桂兰").set("from", "2026-11-01").set("agreed", "1");
        drop(story.at("luo").submit(form.set("login", &login)).expect(200));
        let number = story.number.clone();
        assert!(!queue(&mut story).contains(&qian), "{}: she is offered nothing that is refused", town.engine);
        assert_eq!(story.at("li").send(to_qian).status, 422, "{}: she is not on the roster", town.engine);
        let fields =
            [("case", number.as_str()), ("deed", "give"), ("to", qian.as_str()), ("_once", "many"), ("sure", "1")];
        let many = story.at("li").post("/queue/bulk", &fields).expect(200).words();
        let is_told = many.contains(&number) && many.contains("这一件不能交给这位同事");
        assert!(is_told, "{}: which one, and why: {many}", town.engine);
        story.tell("li opens it");
        let page = story.at("li").page();
        assert!(hands(&page).is_none() && page.words().contains(NOBODY), "{}: {}", town.engine, page.words());
        town.verify();
    }
}

#[test]
fn once_somebody_mediates_nobody_else_is_offered_it_and_only_steps_move_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 496);
        story.tell(
            "qian is mediator at 华炉社区 for mediation
             li opens it",
        );
        let page = story.at("li").page();
        assert!(hands(&page).is_none() && page.words().contains(NOBODY), "{}: {}", town.engine, page.words());
        assert!(page.forms().iter().all(|form| !form.action.ends_with("/do/transfer")), "{}", town.engine);
        let elsewhere = format!("/cases/{}/do/transfer", story.number);
        let fields = [("place", "1"), ("department", "mediation"), ("reason", "转办"), ("_once", "moved")];
        assert_eq!(story.at("li").post(&elsewhere, &fields).status, 404, "{}", town.engine);
        town.verify();
    }
}
