//! These stories are about who mediates: an equal choice of the parties is carried out, otherwise the committee names
//! somebody and the papers say so; a party who does not accept the mediator is answered with another one.

use city_stories::{Story, Town};
use testkit::Reply;

use crate::hearings_disputes::{Dispute, LEAK, OTHER, agree_about, both, brought, deed, names};
use crate::hearings_powers::{given, giving, power_code, powers, represents};

/// What is told before a mediation begins, whoever mediates.
const TOLD: &str = "tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card";

/// A matter that was taken on at an office with a roster of two; the other side agreed to mediation.
fn with_roster(town: &Town, seed: u64) -> Story<'_> {
    let mut story = brought(town, &LEAK, seed);
    story.tell("luo is secretary_community at 华炉社区");
    for name in ["郑桂兰", "孟宪章"] {
        engages(&mut story, name, &[]);
    }
    story.tell(
        "li does take_on nowhere_else=yes
         li does second_agrees how_said=person",
    );
    names(&mut story, "second", OTHER);
    story
}

/// Puts a mediator on the roster of the office.
fn engages(story: &mut Story<'_>, name: &str, more: &[(&str, &str)]) {
    let page = story.at("luo").open("/bodies/mediators").expect(200);
    let form = deed(&page, "engage").set("mediator", name).set("from", "2026-11-01").set("agreed", "1");
    let form = more.iter().fold(form.set("knows", "law"), |form, (field, value)| form.set(field, value));
    drop(story.at("luo").submit(form).expect(200));
}

fn cover(story: &mut Story<'_>) -> String {
    let address = format!("/cases/{}/mediation/cover", story.number);
    story.at("li").open(&address).expect(200).words()
}

#[test]
fn whom_all_parties_choose_mediates_and_nobody_else() {
    for town in Town::each() {
        let mut story = with_roster(&town, 461);
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        let page = she.open(&format!("/follow/{number}")).expect(200);
        assert!(page.body().contains("郑桂兰（法律"), "{}: with what he knows: {}", town.engine, page.words());
        let step = she.offered("first_chooses").unwrap();
        drop(she.send(step.set("field_mediator", "郑桂兰")));
        story.tell(
            "li does not take second_chooses mediator=王五 how_said=telephone
             li does second_chooses mediator=郑桂兰 how_said=telephone",
        );
        story.tell(&format!("li does not take begin mediator=孟宪章 {TOLD}"));
        story.tell(&format!("li does begin mediator=郑桂兰 {TOLD}")).tell("case is talks");
        let words = cover(&mut story);
        assert!(words.contains("当事人共同选定"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn unequal_choices_leave_it_to_the_committee_and_an_objection_brings_another() {
    for town in Town::each() {
        let mut story = with_roster(&town, 462);
        story.tell(
            "li does first_chooses mediator=郑桂兰 how_said=person
             li does second_chooses mediator=孟宪章 how_said=telephone",
        );
        story.tell(
            "li opens it
             li reads 提出的一方想请郑桂兰调解。
             li reads 另一方想请孟宪章调解。
             li reads 各人选的不一样，由调委会指定",
        );
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut she = town.visitor();
        let words = she.follows_with(&number, &code).expect(200).words();
        for part in ["您想请的调解员 郑桂兰", "您说了想请谁调解"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert_eq!(she.offered("first_chooses").unwrap().get("field_mediator"), Some("郑桂兰"), "{}", town.engine);
        story.tell(&format!("li does begin mediator=孟宪章 {TOLD}"));
        let words = she.open(&format!("/follow/{number}")).expect(200).words();
        assert!(words.contains("孟宪章（各人选的不一样，由调委会指定）"), "{}: {words}", town.engine);
        let words = cover(&mut story);
        assert!(words.contains("指定，经手人 li"), "{}: by whom: {words}", town.engine);
        story.tell(
            "li does not take first_objects ground=not_accepted how_said=person
             li does first_objects ground=not_accepted reason=想换一位 how_said=person
             li does not take ask next=session
             li does first_accepts how_said=person
             li does ask next=session
             li does second_objects ground=interest reason=他和对方一起做生意 how_said=person
             li does not take ask next=draft",
        );
        story.tell("li does not take ask next=substitute about=换郑桂兰");
        agree_about(&mut story, "li", "substitute", "郑桂兰").tell(
            "li does not take substitute mediator=孟宪章 tie=none reason=当事人不接受
             li does substitute mediator=郑桂兰 tie=none reason=当事人不接受",
        );
        let words = cover(&mut story);
        assert!(words.contains("郑桂兰") && words.contains("当事人同意更换"), "{}: {words}", town.engine);
        both(&mut story, "session");
        town.verify();
    }
}

#[test]
fn nobody_chooses_a_mediator_who_would_be_refused() {
    for town in Town::each() {
        let fees = Dispute { class: "property", facts: "楼道三个月没人扫", other: "和顺物业" };
        let mut story = brought(&town, &fees, 463);
        story.tell("luo is secretary_community at 华炉社区");
        engages(&mut story, "郑桂兰", &[("employer", "和顺物业")]);
        engages(&mut story, "李岺", &[]);
        engages(&mut story, "孟宪章", &[]);
        story.tell("li does take_on nowhere_else=yes");
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        let page = she.open(&format!("/follow/{number}")).expect(200);
        let offered = |name: &str| page.body().contains(&format!("value=\"{name}\""));
        assert!(offered("孟宪章"), "{}: {}", town.engine, page.words());
        for name in ["郑桂兰", "李岺"] {
            assert!(!offered(name), "{}: {name} is offered: {}", town.engine, page.words());
        }
        let why = "这一件要回避、不能选的：郑桂兰、李岺。";
        assert!(page.words().contains(why), "{}: she reads why: {}", town.engine, page.words());
        let step = she.offered("first_chooses").unwrap();
        let forged = she.send(step.set("field_mediator", "郑桂兰"));
        assert_eq!(forged.status, 422, "{}: {}", town.engine, forged.words());
        story.tell(
            "li does not take first_chooses mediator=李岺 how_said=person
             li does first_chooses mediator=孟宪章 how_said=person",
        );
        town.verify();
    }
}

#[test]
fn a_mediator_who_comes_to_have_a_tie_goes_no_further() {
    for town in Town::each() {
        let mut story = with_roster(&town, 464);
        engages(&mut story, "吴秀英", &[("address", "华炉街道一巷 5 号 2-1-1")]);
        story.tell(&format!("li does begin mediator=吴秀英 {TOLD}")).tell("case is talks");
        both(&mut story, "session");
        let address = format!("/cases/{}/invitation", story.number);
        let page = story.at("li").open(&address).expect(200);
        let form = page.forms().into_iter().find(|form| form.get("join_name").is_some()).unwrap();
        let form = form.set("join", "second").set("join_name", "楼上另一户");
        let form = form.set("join_telephone", "13800000305").set("join_address", "华炉街道一巷 5 号 2-1-1");
        drop(story.at("li").submit(form).expect(200));
        story.tell(
            "li does not take ask next=session
             li does not take ask next=draft
             li does not take ask next=substitute about=吴秀英
             li does ask next=substitute about=孟宪章",
        );
        town.verify();
    }
}

/// Whoever mediates writes down that somebody acts for the side that asks.
fn for_first(story: &mut Story<'_>, agent: &str) -> Reply {
    let form = giving(&powers(story)).set("giver", "first").set("agent", agent).set("paper_on", "2026-11-20");
    story.at("li").send(form)
}

#[test]
fn nobody_mediates_who_acts_for_a_party_and_nobody_acts_for_both() {
    for town in Town::each() {
        let mut story = with_roster(&town, 465);
        let power = given(&mut story, "孟宪章", &[("paper_on", "2026-11-20")]);
        let code = power_code(&mut story, &power);
        let words = represents(&mut town.visitor(), &story.number, &code).expect(200).words();
        assert!(words.contains("郑桂兰") && !words.contains("在下面“选调解员”"), "{}: {words}", town.engine);
        story.tell("li does not take first_chooses mediator=孟宪章 how_said=person");
        story.tell(&format!("li does not take begin mediator=孟宪章 {TOLD}"));
        story.tell(&format!("li does begin mediator=郑桂兰 {TOLD}"));
        for (agent, why) in [("孟宪章", "不能代表两边"), (OTHER, "不能代表两边"), ("郑桂兰", "不能替一方说话")]
        {
            let refused = for_first(&mut story, agent);
            assert_eq!(refused.status, 422, "{}: {agent}: {}", town.engine, refused.words());
            assert!(refused.words().contains(why), "{}: {agent}: {}", town.engine, refused.words());
        }
        // Whoever is called alike and was checked to be somebody else acts, and the mediation goes on.
        let refused = for_first(&mut story, "郑桂兰");
        drop(story.at("li").submit(giving(&refused).set("told_apart", "1")).expect(200));
        both(&mut story, "session");
        town.verify();
    }
}
