//! These stories are about sides that are more than one person: a family, several neighbours upstairs. Each has a code
//! of her own and says for herself; nothing goes on without one of them, and who leaves is bound by nothing.

use city_stories::{Browser, Story, Town, code_on, told_twice};
use testkit::{Form, Reply};

use crate::hearings::{FACTS, PLACE, screen};
use crate::hearings_disputes::{BEGIN, holds, names, writes};
use crate::hearings_powers::represents;

/// A mother and her son tell of a leak; upstairs lives one who is known.
fn family(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    let mut she = town.visitor();
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("class", "neighbours")).expect(200);
    let form = screen(&page, "who").set("name", "李岺").set("telephone", "13800000302").set("other_name", "楼上住户");
    let receipt = she.submit(form.set("also_name", "李小岺").set("also_telephone", "13800000303")).expect(200);
    receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
    story.code = code_on(&receipt);
    story.tell(
        "li is mediator at 华炉社区 for mediation
         li does take_on nowhere_else=yes",
    );
    story
}

fn invitation(story: &mut Story<'_>) -> Reply {
    let address = format!("/cases/{}/invitation", story.number);
    story.at("li").open(&address).expect(200)
}

/// The code that one of the people of a side is given.
fn given(story: &mut Story<'_>, code: &str) -> String {
    let page = invitation(story);
    let wanted = |form: &Form| {
        let is_plain = form.get("real_name").is_none() && form.get("renew").is_none();
        form.get("side") == Some(code) && is_plain
    };
    let form = page.forms().into_iter().find(wanted).unwrap_or_else(|| panic!("no code for {code}: {}", page.words()));
    code_on(&story.at("li").submit(form).expect(200))
}

/// The sealed record of one of the people of a side, as forms name her.
fn record(story: &Story<'_>, side: &str, number: usize) -> String {
    match story.case().parties_of(side).get(number).map(|party| party.holder.clone()) {
        Some(kernel::case::Holder::Record(record)) => record.to_string(),
        other => panic!("{side} {number}: {other:?}"),
    }
}

/// The form with which a party names one of her own side.
fn naming(she: &mut Browser, number: &str) -> Form {
    let page = she.open(&format!("/follow/{number}/powers")).expect(200);
    let found = page.forms().into_iter().find(|form| form.get("until_on").is_some());
    found.unwrap_or_else(|| panic!("nobody can be named: {}", page.words()))
}

#[test]
fn a_party_names_the_same_person_once_and_again_after_she_took_it_back() {
    for town in Town::each() {
        let story = family(&town, 453);
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        let mut form = naming(&mut she, &number).set("fellow", "first-1").set("special", "agree");
        form.fields.push(("special".to_owned(), "agree".to_owned()));
        for _ in 0..2 {
            drop(she.submit(form.clone()).expect(200));
        }
        let page = she.open(&format!("/follow/{number}/powers")).expect(200);
        let ends: Vec<Form> = page.forms().into_iter().filter(|form| form.get("withdraw").is_some()).collect();
        assert_eq!(ends.len(), 1, "{}: sent twice, given once: {}", town.engine, page.words());
        let again = naming(&mut she, &number).set("fellow", "first-1");
        let refused = she.send(again.clone());
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        assert!(refused.words().contains("已经记过"), "{}: {}", town.engine, refused.words());
        drop(she.submit(ends[0].clone()).expect(200));
        drop(she.submit(again).expect(200));
        town.verify();
    }
}

/// She takes a step of her own.
fn does(she: &mut Browser, number: &str, action: &str) -> Reply {
    drop(she.open(&format!("/follow/{number}")).expect(200));
    let step = she.offered(action).unwrap_or_else(|| panic!("{action} is not offered: {}", she.page().words()));
    let boxes = ["field_has_read", "field_is_sure"].into_iter();
    let asked: Vec<&str> = boxes.filter(|name| step.offers.iter().any(|known| known == name)).collect();
    she.confirms(asked.into_iter().fold(step, |form, name| form.set(name, "yes"))).expect(200)
}

#[test]
fn whom_a_party_with_a_guardian_names_herself_does_not_agree_for_her() {
    for town in Town::each() {
        let mut story = family(&town, 460);
        let (number, own) = (story.number.clone(), story.code.clone());
        let mother = record(&story, "first", 0);
        let code = given(&mut story, "first-1");
        let (mut she, mut he) = (town.visitor(), town.visitor());
        drop(she.follows_with(&number, &own).expect(200));
        drop(he.follows_with(&number, &code).expect(200));
        let form = naming(&mut she, &number).set("fellow", "first-1");
        drop(she.submit(form).expect(200));
        let page = she.open(&format!("/follow/{number}/powers")).expect(200);
        let power = page.forms().into_iter().find_map(|form| form.get("withdraw").map(str::to_owned)).unwrap();
        let address = format!("/cases/{number}/powers");
        let page = story.at("li").open(&address).expect(200);
        let gives = page.forms().into_iter().find(|form| form.get("until_on").is_some()).unwrap();
        let form =
            gives.set("giver", "first").set("agent", "郑桂兰").set("guardian", "1").set("paper_on", "2026-11-20");
        drop(story.at("li").submit(form).expect(200));
        let forms = story.at("li").open(&address).expect(200).forms();
        let mut ends = forms.iter().filter_map(|form| form.get("withdraw").map(str::to_owned));
        let guardian = ends.find(|id| *id != power).unwrap();
        names(&mut story, "second", "楼上某");
        names(&mut story, "first-1", "李小岺");
        story.tell("li does second_agrees how_said=person");
        drop(does(&mut he, &number, "first_agrees"));
        let said = format!("how_said=person for_whom={mother}");
        // By her application she had agreed before he was noted: he is asked for her.
        story.tell("li may not begin");
        story.tell(&format!("li does not take first_agrees {said} by_agent={power}"));
        story.tell(&format!("li does first_agrees {said} by_agent={guardian}"));
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        story.tell(&format!("li does not take first_goes_on {said} by_agent={power}"));
        assert!(story.at("li").page().words().contains("在“谁说的”里选他"), "{}: what a mediator does", town.engine);
        // Whom she named is told what he can do himself.
        let page = she.open(&format!("/follow/{number}/powers")).expect(200);
        let form = page.forms().into_iter().find(|form| form.get("code_of") == Some(power.as_str())).unwrap();
        let code = code_on(&she.submit(form).expect(200));
        let mut agent = town.visitor();
        let page = represents(&mut agent, &number, &code).expect(200);
        assert!(page.words().contains("由您的法定代理人郑桂兰回答"), "{}: {}", town.engine, page.words());
        let says = |step: &str| page.forms().into_iter().find(|form| form.get("action") == Some(step));
        assert!(says("first_goes_on").is_none(), "{}: it is not his to press", town.engine);
        let refused = agent.send(says("first_withdraws").unwrap().set("action", "first_goes_on"));
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        assert!(refused.words().contains("您不能替她同意"), "{}: {}", town.engine, refused.words());
        story.tell(&format!("li does first_goes_on {said} by_agent={guardian}"));
        // A no is said for her as she could say it.
        story.tell(&format!("li does first_withdraws {said} by_agent={power}"));
        town.verify();
    }
}

#[test]
fn one_of_a_side_who_has_a_guardian_himself_agrees_for_nobody() {
    for town in Town::each() {
        let mut story = family(&town, 461);
        let (number, own) = (story.number.clone(), story.code.clone());
        let mother = record(&story, "first", 0);
        let code = given(&mut story, "first-1");
        let (mut she, mut he) = (town.visitor(), town.visitor());
        drop(she.follows_with(&number, &own).expect(200));
        drop(he.follows_with(&number, &code).expect(200));
        let form = naming(&mut she, &number).set("fellow", "first-1").set("special", "agree");
        drop(she.submit(form).expect(200));
        let page = she.open(&format!("/follow/{number}/powers")).expect(200);
        let power = page.forms().into_iter().find_map(|form| form.get("withdraw").map(str::to_owned)).unwrap();
        names(&mut story, "second", "楼上某");
        names(&mut story, "first-1", "李小岺");
        story.tell("li does second_agrees how_said=person");
        drop(does(&mut he, &number, "first_agrees"));
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        let said = format!("how_said=person for_whom={mother}");
        story.tell(&format!("li does first_goes_on {said} by_agent={power}"));
        let agrees = |story: &Story<'_>| story.case().parties_of("first")[0].consented_at.is_some();
        assert!(agrees(&story), "{}: he may, for his mother", town.engine);
        let page = story.at("li").open(&format!("/cases/{number}/powers")).expect(200);
        let gives = page.forms().into_iter().find(|form| form.get("until_on").is_some()).unwrap();
        let form =
            gives.set("giver", "first-1").set("agent", "郑桂兰").set("guardian", "1").set("paper_on", "2026-11-20");
        drop(story.at("li").submit(form).expect(200));
        assert!(!agrees(&story), "{}: nor does what he said for her count", town.engine);
        story.tell(&format!("li does not take first_goes_on {said} by_agent={power}"));
        let told = story.at("li").page().words();
        assert!(told.contains("这位代理人自己有法定代理人"), "{}: {told}", town.engine);
        story.tell(&format!("li does first_goes_on {said}"));
        assert!(agrees(&story), "{}: she says it herself", town.engine);
        town.verify();
    }
}

/// Each person has a list of her own on paper, so that nothing is asked twice in one list.
fn asked_once_each(story: &mut Story<'_>) {
    let (number, engine) = (story.number.clone(), story.town.engine);
    for (paper, asked) in [("application", 3), ("agreement", 0), ("court", 0)] {
        let page = story.at("li").open(&format!("/cases/{number}/mediation/{paper}")).expect(200);
        assert_eq!(told_twice(&page.body()), Vec::<String>::new(), "{engine}: {paper}");
        assert_eq!(page.words().matches("性别、年龄").count(), asked, "{engine}: {}", page.words());
    }
}

#[test]
fn a_family_is_asked_one_by_one_and_each_signs() {
    for town in Town::each() {
        let mut story = family(&town, 451);
        let number = story.number.clone();
        let words = invitation(&mut story).words();
        assert!(words.contains("提出的一方（第 2 位）"), "{}: {words}", town.engine);
        let son = record(&story, "first", 1);
        let mother = record(&story, "first", 0);
        let code = given(&mut story, "first-1");
        let mut he = town.visitor();
        drop(he.follows_with(&number, &code).expect(200));
        let copy = format!("/follow/{number}/copy");
        let form = he.open(&format!("/follow/{number}")).expect(200).form(&copy);
        let wrong = he.submit(form.clone().set("proof", "13800000302"));
        assert_eq!(wrong.status, 422, "{}: his mother's telephone", town.engine);
        let words = he.submit(form.set("proof", "13800000303")).expect(200).words();
        assert!(words.contains("13800000303") && !words.contains("13800000302"), "{}: his own: {words}", town.engine);
        assert!(words.contains("本人查看副本"), "{}: with his own look: {words}", town.engine);
        names(&mut story, "second", "楼上某");
        names(&mut story, "first-1", "李小岺");
        story.tell("li does second_agrees how_said=person").tell("li may not begin");
        assert!(does(&mut he, &number, "first_agrees").words().contains("两边都同意了"), "{}", town.engine);
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        let page = does(&mut he, &number, "first_goes_on");
        assert!(page.words().contains("还在等别人回答"), "{}: {}", town.engine, page.words());
        assert!(!page.body().contains(FACTS), "{}: what she told is hers", town.engine);
        story.tell("li does second_goes_on how_said=person");
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 422, "{}: the mother", town.engine);
        story.tell(
            "li may not session
             li does not take first_goes_on how_said=person",
        );
        story.tell(&format!("li does first_goes_on how_said=person for_whom={mother}"));
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 303, "{}", town.engine);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        story.tell("li does ask next=draft");
        story.tell(&format!("li does first_goes_on how_said=person for_whom={mother}"));
        story.tell(&format!("li does first_goes_on how_said=person for_whom={son}"));
        story.tell(
            "li does second_goes_on how_said=person
             li does draft
             li does second_signs how_said=yes paper_on=2026-11-23",
        );
        story.tell(&format!("li does first_signs how_said=yes paper_on=2026-11-23 for_whom={mother}"));
        story.tell("li may not seal");
        drop(does(&mut he, &number, "first_signs"));
        story.tell(
            "li does seal effect_on=2026-11-23
             case is in_effect",
        );
        let address = format!("/cases/{number}/mediation");
        let paper = story.at("li").open(&format!("{address}/agreement")).expect(200);
        let signs = paper.words().matches("签名、盖章或者按手印，日期").count();
        assert_eq!(signs, 4, "{}: both of the family, the other side, the mediator: {}", town.engine, paper.words());
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("还缺 1 样"), "{}: the mother's paper was not seen: {words}", town.engine);
        story.tell(&format!("li does first_asks_court how_said=person for_whom={mother}"));
        story.tell(
            "li does second_asks_court how_said=person
             li may not to_court",
        );
        drop(does(&mut he, &number, "first_asks_court"));
        story.tell("li does to_court court=大东区人民法院 sent_on=2026-11-23").tell("case is at_court");
        asked_once_each(&mut story);
        town.verify();
    }
}

#[test]
fn one_of_several_leaves_and_the_others_say_anew_whether_they_go_on() {
    for town in Town::each() {
        let mut story = family(&town, 452);
        let number = story.number.clone();
        let page = invitation(&mut story);
        let form = page.forms().into_iter().find(|form| form.get("join_name").is_some()).unwrap();
        let unnamed = story.at("li").send(form.clone().set("join", "second"));
        assert_eq!(unnamed.status, 422, "{}: {}", town.engine, unnamed.words());
        for _ in 0..2 {
            drop(story.at("li").send(form.clone().set("join", "second").set("join_name", "楼上另一户")));
        }
        assert_eq!(story.case().parties_of("second").len(), 2, "{}: sent twice, added once", town.engine);
        let words = town.visitor().follows_with(&number, &story.code).expect(200).words();
        assert!(words.contains("多了一位当事人，所以再问您一次"), "{}: she had applied: {words}", town.engine);
        for (code, name) in [("second", "楼上某"), ("second-1", "楼上另一户"), ("first-1", "李小岺")] {
            names(&mut story, code, name);
        }
        let people = [("first", 0), ("first", 1), ("second", 0), ("second", 1)];
        for (side, at) in people {
            let whom = record(&story, side, at);
            story.tell(&format!("li does {side}_agrees how_said=person for_whom={whom}"));
        }
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        for (side, at) in people {
            let whom = record(&story, side, at);
            story.tell(&format!("li does {side}_goes_on how_said=person for_whom={whom}"));
        }
        let code = given(&mut story, "second-1");
        let mut neighbour = town.visitor();
        let page = neighbour.follows_with(&number, &code).expect(200);
        assert!(page.words().contains("您这一边的其他人可以接着谈"), "{}: {}", town.engine, page.words());
        let left = does(&mut neighbour, &number, "second_refuses");
        assert!(left.words().contains("已经退出"), "{}: {}", town.engine, left.words());
        assert!(neighbour.offered("second_goes_on").is_none(), "{}", town.engine);
        for tail in ["agreement", "powers", "name"] {
            let address = format!("/follow/{number}/{tail}");
            assert!(!left.links().contains(&address), "{}: {tail} is offered", town.engine);
            assert_eq!(neighbour.get(&address).status, 404, "{}: {tail} goes on without her", town.engine);
        }
        story.tell(
            "case is talks
             li may not session",
        );
        for at in 0..2 {
            let whom = record(&story, "first", at);
            story.tell(&format!("li does first_goes_on how_said=person for_whom={whom}"));
        }
        story.tell("li does second_goes_on how_said=person");
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "接着谈").status, 303, "{}", town.engine);
        story.tell(
            "li does second_refuses how_said=person
             case is refused",
        );
        town.verify();
    }
}
