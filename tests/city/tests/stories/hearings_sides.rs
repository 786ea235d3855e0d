//! These stories are about the other side of a dispute: whoever mediates hands her a code of her own, and from then on
//! she answers for herself. She never reads what the first side said, and never who the first side is.

use city_stories::{Browser, Story, Town, code_on};
use testkit::Form;

use crate::hearings::{FACTS, brought};
use crate::hearings_disputes::{BEGIN, OTHER, names};

const TAKEN_ON: &str = "
li is mediator at 华炉社区 for mediation
li does take_on nowhere_else=yes
";

/// The form that gives a side her first code, or the one that makes it anew.
fn form(mediator: &mut Browser, number: &str, side: &str, renews: bool) -> Form {
    let page = mediator.open(&format!("/cases/{number}/invitation")).expect(200);
    let wanted = |form: &Form| {
        let gives = form.get("side") == Some(side) && form.get("real_name").is_none();
        gives && (form.get("renew") == Some("1")) == renews
    };
    let found = page.forms().into_iter().find(wanted);
    found.unwrap_or_else(|| panic!("no such form for {side}: {}", page.words()))
}

/// The code that a side is given.
fn given(story: &mut Story<'_>, side: &str) -> String {
    let number = story.number.clone();
    let form = form(story.at("li"), &number, side, false);
    code_on(&story.at("li").submit(form).expect(200))
}

/// She takes a step of her own on the page where she follows the case; boxes are ticked where it asks for one. Returns
/// what she reads then.
fn does(she: &mut Browser, number: &str, action: &str) -> String {
    let address = format!("/follow/{number}");
    drop(she.open(&address).expect(200));
    let step = she.offered(action).unwrap_or_else(|| panic!("{action} is not offered: {}", she.page().words()));
    let boxes = ["field_has_read", "field_is_sure"].into_iter();
    let asked: Vec<&str> = boxes.filter(|name| step.offers.iter().any(|known| known == name)).collect();
    for _ in &asked {
        let unticked = she.send(step.clone());
        assert_eq!(unticked.status, 422, "{action}: {}", unticked.words());
    }
    let done = she.confirms(asked.into_iter().fold(step, |form, name| form.set(name, "yes"))).expect(200);
    assert_eq!(done.address.split('?').next(), Some(address.as_str()), "{}", done.words());
    assert!(done.body().contains("role=\"status\""), "she is told that {action} is recorded: {}", done.words());
    assert!(she.offered(action).is_none(), "{action} is not asked for again: {}", done.words());
    done.words()
}

#[test]
fn the_other_side_answers_signs_and_asks_the_court_herself() {
    for town in Town::each() {
        let mut story = brought(&town, 411);
        story.tell(TAKEN_ON);
        let (number, code) = (story.number.clone(), given(&mut story, "second"));
        let mut other = town.visitor();
        let page = other.follows_with(&number, &code).expect(200);
        assert_eq!(page.address, format!("/follow/{number}"), "{}", town.engine);
        for hidden in [FACTS, "13800000302", "李岺", "李*", "李＊"] {
            assert!(!page.body().contains(hidden), "{}: {hidden}: {}", town.engine, page.words());
        }
        assert!(page.links().iter().all(|link| !link.starts_with("/receipt/")), "she has no receipt");
        assert!(other.offered("first_agrees").is_none() && other.offered("take_on").is_none(), "{}", town.engine);
        assert!(does(&mut other, &number, "second_agrees").contains("两边都同意了"), "{}", town.engine);
        assert!(does(&mut other, &number, "second_unsure").contains("收回了同意"), "{}", town.engine);
        story.tell("li does not take second_agrees how_said=person");
        let asked = other.offered("second_agrees").unwrap().offers;
        assert!(!asked.iter().any(|name| name == "field_how_said"), "{}: she speaks for herself", town.engine);
        story.tell("li may not begin");
        drop(does(&mut other, &number, "second_agrees"));
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        assert!(does(&mut other, &number, "second_goes_on").contains("等对方回答"), "{}", town.engine);
        let page = other.page();
        assert!(!page.body().contains(FACTS), "{}: also later: {}", town.engine, page.words());
        drop(does(&mut other, &number, "second_withdraws"));
        story.tell(
            "li does not take second_goes_on
             li does not take second_goes_on how_said=telephone
             li does not take second_goes_on how_said=telephone paper_on=2026-11-23
             li does not take second_goes_on how_said=paper paper_on=1999-01-01
             li does not take second_goes_on how_said=paper paper_on=2026-11-22
             li does second_goes_on how_said=paper paper_on=2026-11-23
             wu is mediator at 华炉社区 for mediation
             wu cannot open it",
        );
        let invitation = format!("/cases/{number}/invitation");
        drop(story.at("wu").open(&invitation).expect(404));
        drop(does(&mut other, &number, "second_refuses"));
        story.tell("case is refused");
        town.verify();
    }
}

#[test]
fn a_code_is_given_once_and_a_lost_one_ends_with_the_new() {
    for town in Town::each() {
        let mut story = brought(&town, 412);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             far is mediator at 付家社区 for mediation
             zhao is community_worker at 华炉社区",
        );
        let (number, own) = (story.number.clone(), story.code.clone());
        let address = format!("/cases/{number}/invitation");
        let early = form(story.at("li"), &number, "second", false);
        assert_eq!(story.at("li").send(early).status, 422, "{}: before it is taken on", town.engine);
        story.tell("li does take_on nowhere_else=yes");
        for stranger in ["far", "zhao"] {
            assert_eq!(story.at(stranger).open(&address).status, 404, "{}: {stranger}", town.engine);
        }
        let first = form(story.at("li"), &number, "second", false);
        let letter = story.at("li").submit(first.clone()).expect(200).words();
        assert!(letter.contains("楼上住户："), "{}: it is for her, by her name: {letter}", town.engine);
        let codes = [(); 2].map(|()| code_on(&story.at("li").submit(first.clone()).expect(200)));
        assert!(!codes[0].is_empty() && codes[0] == codes[1] && codes[0] != own, "{}: sent twice", town.engine);
        let again = first.without("_once").set("_once", "another-form");
        assert_eq!(story.at("li").send(again).status, 422, "{}: given already", town.engine);
        let page = story.at("li").open(&address).expect(200);
        assert!(!page.body().contains(&codes[0]), "{}: shown once", town.engine);
        let mut other = town.visitor();
        drop(other.follows_with(&number, &codes[0]).expect(200));
        let renewal = form(story.at("li"), &number, "second", true);
        assert_eq!(story.at("li").send(renewal.clone()).status, 422, "{}: no paper was seen", town.engine);
        let renewed = story.at("li").submit(renewal.set("proof", "").set("paper", "id-card")).expect(200);
        let new = code_on(&renewed);
        assert!(!new.is_empty() && new != codes[0], "{}", town.engine);
        assert!(other.get(&format!("/follow/{number}")).status.is_redirection(), "{}: the old pass ended", town.engine);
        assert_eq!(other.follows_with(&number, &codes[0]).status, 422, "{}: the old code ended", town.engine);
        let page = town.visitor().follows_with(&number, &new).expect(200);
        assert!(page.words().contains("没有可以比对"), "{}: she reads who renewed it: {}", town.engine, page.words());
        assert!(page.words().contains("写调解邀请书"), "{}: and who read her name: {}", town.engine, page.words());
        let printed = story.at("li").open(&format!("/cases/{number}/mediation/invitation")).expect(200).words();
        assert!(printed.contains("和您有关") && !printed.contains("李*"), "{}: {printed}", town.engine);
        let wrong = form(story.at("li"), &number, "first", true).set("proof", "13800000399").set("paper", "id-card");
        assert_eq!(story.at("li").send(wrong).status, 422, "{}: not what is kept of the first side", town.engine);
        town.verify();
    }
}
