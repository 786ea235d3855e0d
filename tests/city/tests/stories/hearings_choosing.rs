//! These stories are about who mediates: an equal choice of the parties is carried out, otherwise the committee names
//! somebody and the papers say so; a party who does not accept the mediator is answered with another one.

use city_stories::{Story, Town};

use crate::hearings_disputes::{LEAK, OTHER, agree_about, both, brought, deed, names};

/// What is told before a mediation begins, whoever mediates.
const TOLD: &str = "tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card";

/// A matter that was taken on at an office with a roster of two; the other side agreed to mediation.
fn with_roster(town: &Town, seed: u64) -> Story<'_> {
    let mut story = brought(town, &LEAK, seed);
    story.tell("luo is secretary_community at 华炉社区");
    for name in ["郑桂兰", "孟宪章"] {
        let page = story.at("luo").open("/bodies/mediators").expect(200);
        let form = deed(&page, "engage").set("mediator", name).set("from", "2026-11-01").set("agreed", "1");
        drop(story.at("luo").submit(form.set("knows", "law")).expect(200));
    }
    story.tell(
        "li does take_on nowhere_else=yes
         li does second_agrees how_said=person",
    );
    names(&mut story, "second", OTHER);
    story
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
        story.tell(&format!("li does begin mediator=孟宪章 {TOLD}"));
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
