//! These stories are about what comes up seldom and must not go wrong: whoever mediates, or enters who does, is called
//! as a party is; and names of signs that few computers have stand whole on the agreement that is printed.

use city_stories::{Story, Town, code_on};

use crate::hearings::{FACTS, PLACE, screen};
use crate::hearings_disputes::{BEGIN, LEAK, OTHER, brought, names, signs, writes};

/// What is told before a mediation begins, whoever mediates.
const TOLD: &str = "tie=none nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=id_card";
/// Names of the extensions A, B, E and G of the Chinese signs, the last of them beyond the second plane.
const RARE: [&str; 2] = ["龚㛃䶮", "𠮷𬭎𰻞"];

#[test]
fn nobody_who_is_called_as_a_party_mediates_before_it_was_checked_that_he_is_another() {
    for town in Town::each() {
        let mut story = brought(&town, &LEAK, 471);
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", OTHER);
        // The one who tells it, and the other side.
        for party in ["李岺", OTHER] {
            story.tell(&format!("li does not take begin mediator={party} {TOLD}"));
            story.tell("li reads 和一位当事人或者代理人同名");
        }
        // A colleague who is called as she is enters another one for the mediator.
        story.tell("李岺 is mediator at 华炉社区 for mediation");
        story.tell(&format!("李岺 does not take begin mediator=孟宪章 {TOLD}"));
        story.tell(
            "李岺 reads 和一位当事人或者代理人同名
             case is inviting",
        );
        story.tell(&format!("李岺 does begin mediator=孟宪章 namesake=看过身份证，不是同一个人 {TOLD}"));
        story.tell("case is talks");
        town.verify();
    }
}

/// Somebody of a rare name tells a dispute, and the other side has one too.
fn told(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    let mut she = town.visitor();
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("class", "neighbours")).expect(200);
    let form = screen(&page, "who").set("name", RARE[0]).set("telephone", "13800000302").set("other_name", "楼上");
    let receipt = she.submit(form).expect(200);
    receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
    story.code = code_on(&receipt);
    story.tell(
        "li is mediator at 华炉社区 for mediation
         li does take_on nowhere_else=yes
         li does second_agrees how_said=person",
    );
    names(&mut story, "second", RARE[1]);
    story.tell(&format!("li does {BEGIN}")).tell("case is talks");
    story
}

#[test]
fn names_of_rare_signs_stand_whole_on_the_printed_agreement() {
    for town in Town::each() {
        let mut story = told(&town, 472);
        writes(&mut story, &[["second", "把漏水的管子修好", "", "2026-11-30"]]);
        signs(&mut story);
        let address = format!("/cases/{}/mediation/agreement", story.number);
        let page = story.at("li").open(&address).expect(200);
        let masked = page.words();
        // A mask never cuts a sign in two.
        assert!(masked.contains("龚**") && masked.contains("𠮷**"), "{}: {masked}", town.engine);
        assert!(!masked.contains('㛃') && !masked.contains('𰻞'), "{}: {masked}", town.engine);
        let printed = story.at("li").send(page.form(&address).set("purpose", "printing")).expect(200);
        let words = printed.words();
        for told in [RARE[0], RARE[1], "姓名里有生僻字（㛃䶮𠮷𬭎𰻞）"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        // As the very signs, which no reader of the page has to put together.
        let body = printed.body();
        assert!(RARE.iter().all(|name| body.contains(name)) && !body.contains('\u{FFFD}'), "{}: {body}", town.engine);
        town.verify();
    }
}
