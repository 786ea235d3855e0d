//! These stories are about what a guardian changes for those who act for a party already: an agent whom she named
//! before consents for her no more, whenever his paper is seen, nor does one whom a guardian named who is none any
//! more; and a step that can still be undone does not take effect on a consent that lapsed.

use city_stories::{Story, Town, UNDO_SECONDS};

use crate::hearings_disputes::{LEAK, begun, both, holds, signs, writes};
use crate::hearings_powers::{consent, given, giving, power_code, powers, represents};

/// A mediator confirms a step that can be undone for some seconds, and these are not over.
fn held(story: &mut Story<'_>, action: &str, fields: &[(&str, &str)]) {
    story.tell("li opens it");
    let li = story.at("li");
    let form = li.offered(action).unwrap_or_else(|| panic!("{action} is not offered: {}", li.page().words()));
    let form = fields.iter().fold(form, |form, (name, value)| form.set(&format!("field_{name}"), value));
    let words = li.confirms(form).expect(200).words();
    assert!(words.contains("秒发出"), "{action} is not held: {words}");
}

/// The seconds are over in which a step can be undone.
fn left(story: &mut Story<'_>) {
    story.town.clock.plus_seconds(UNDO_SECONDS);
    story.tell("li opens it");
}

/// A guardian is noted for a side, with the paper that shows that he is one.
fn guarded(story: &mut Story<'_>, side: &str) -> String {
    let known = withdrawable(story);
    let name = if side == "first" { "周桂芳" } else { "郑桂兰" };
    let form = giving(&powers(story)).set("giver", side).set("agent", name).set("guardian", "1");
    drop(story.at("li").submit(form.set("paper_on", "2026-11-20")).expect(200));
    let found = withdrawable(story).into_iter().find(|id| !known.contains(id));
    found.unwrap_or_else(|| panic!("no guardian stands: {}", powers(story).words()))
}

/// The powers that can be taken back, by the handles by which forms name them.
fn withdrawable(story: &mut Story<'_>) -> Vec<String> {
    let forms = powers(story).forms();
    forms.into_iter().filter_map(|form| form.get("withdraw").map(str::to_owned)).collect()
}

/// It is noted that the paper of a power was seen that was written down before.
fn sees(story: &mut Story<'_>, power: &str) {
    let page = powers(story);
    let form = page.forms().into_iter().find(|form| form.get("seen") == Some(power));
    let form = form.unwrap_or_else(|| panic!("it cannot be noted: {}", page.words()));
    drop(story.at("li").submit(form.set("seen_on", "2026-11-20")).expect(200));
}

/// An agent of the other side is written down a second after what was written down before.
fn later(story: &mut Story<'_>, name: &str, more: &[(&str, &str)]) -> String {
    story.town.clock.plus_seconds(1);
    given(story, name, more)
}

/// The steps that whoever acts by a power is offered online, and what he reads.
fn reads_by(story: &mut Story<'_>, power: &str) -> (Vec<String>, String) {
    let (number, code) = (story.number.clone(), power_code(story, power));
    let page = represents(&mut story.town.visitor(), &number, &code).expect(200);
    let steps = page.forms().into_iter().filter_map(|form| form.get("action").map(str::to_owned));
    (steps.collect(), page.words())
}

#[test]
fn whether_an_agent_consents_rests_on_who_named_him_and_not_on_when_his_paper_was_seen() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 491);
        let hers = given(&mut story, "周明", &[("special", "agree")]);
        drop(later(&mut story, "郑桂兰", &[("guardian", "1"), ("paper_on", "2026-11-20")]));
        let his = later(&mut story, "吴强", &[("special", "agree")]);
        town.clock.plus_seconds(1);
        sees(&mut story, &hers);
        sees(&mut story, &his);
        story.tell("li does ask next=session\n li opens it");
        let offered = story.at("li").page().body();
        let (no, yes) = ("周明（代另一方，只能说不同意）", "吴强（代另一方）");
        assert!(offered.contains(no) && offered.contains(yes), "{}: {offered}", town.engine);
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={hers}"));
        let told = story.at("li").page().words();
        assert!(told.contains("由法定代理人代为同意"), "{}: {told}", town.engine);
        let (steps, words) = reads_by(&mut story, &hers);
        let says = |step: &str| steps.iter().any(|offered| offered == step);
        assert!(!says("second_goes_on") && says("second_withdraws"), "{}: {words}", town.engine);
        let (steps, words) = reads_by(&mut story, &his);
        assert!(steps.iter().any(|step| step == "second_goes_on"), "{}: {words}", town.engine);
        story.tell(&format!("li does second_goes_on how_said=person by_agent={his}"));
        assert_eq!(consent(&story), [false, true], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn whom_a_guardian_names_consents_once_the_guardians_own_paper_was_seen() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 492);
        let guardian = given(&mut story, "郑桂兰", &[("guardian", "1")]);
        let his = later(&mut story, "吴强", &[("paper_on", "2026-11-20"), ("special", "agree")]);
        let older = later(&mut story, "周明", &[("paper_on", "2026-11-19"), ("special", "agree")]);
        story.tell("li does ask next=session");
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={guardian}"));
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={his}"));
        sees(&mut story, &guardian);
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={older}"));
        story.tell(&format!("li does second_goes_on how_said=person by_agent={his}"));
        assert_eq!(consent(&story), [false, true], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_party_who_has_no_guardian_any_more_names_her_agent_anew() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 493);
        let more = [("paper_on", "2026-11-20"), ("special", "agree")];
        let before = given(&mut story, "周明", &more);
        let guardian = later(&mut story, "郑桂兰", &[("guardian", "1"), ("paper_on", "2026-11-20")]);
        let his = later(&mut story, "吴强", &more);
        town.clock.plus_seconds(1);
        let ends = powers(&mut story).forms();
        let ends = ends.into_iter().find(|form| form.get("withdraw") == Some(guardian.as_str())).unwrap();
        drop(story.at("li").submit(ends).expect(200));
        story.tell("li does ask next=session");
        for agent in [&before, &his] {
            story.tell(&format!("li does not take second_goes_on how_said=person by_agent={agent}"));
            let told = story.at("li").page().words();
            assert!(told.contains("请当事人重新委托"), "{}: what to do: {told}", town.engine);
        }
        let (steps, words) = reads_by(&mut story, &his);
        let says = |step: &str| steps.iter().any(|offered| offered == step);
        assert!(!says("second_goes_on") && says("second_withdraws"), "{}: {words}", town.engine);
        assert!(words.contains("现在没有法定代理人了"), "{}: {words}", town.engine);
        let anew = later(&mut story, "吴强", &more);
        story.tell(&format!("li does second_goes_on how_said=person by_agent={anew}"));
        assert_eq!(consent(&story), [false, true], "{}: she named him herself", town.engine);
        town.verify();
    }
}

#[test]
fn what_an_agent_agreed_to_whom_a_party_named_before_her_guardian_no_longer_counts() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 495);
        let number = story.number.clone();
        let agent = given(&mut story, "周明", &[("paper_on", "2026-11-20"), ("special", "agree")]);
        let code = power_code(&mut story, &agent);
        story.tell(
            "li does ask next=session
             li does first_goes_on how_said=person",
        );
        story.tell(&format!("li does second_goes_on how_said=person by_agent={agent}"));
        assert_eq!(consent(&story), [true, true], "{}: he may, by his paper", town.engine);
        let guardian = guarded(&mut story, "second");
        assert_eq!(consent(&story), [true, false], "{}: she could not give him that alone", town.engine);
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 422, "{}", town.engine);
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={agent}"));
        let page = represents(&mut town.visitor(), &number, &code).expect(200);
        assert!(page.words().contains("由您的法定代理人郑桂兰回答"), "{}: {}", town.engine, page.words());
        let says = |step: &str| page.forms().into_iter().any(|form| form.get("action") == Some(step));
        assert!(!says("second_goes_on") && says("second_withdraws"), "{}: {}", town.engine, page.words());
        story.tell(&format!("li does second_goes_on how_said=person by_agent={guardian}"));
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 303, "{}", town.engine);
        // Whom the guardian names speaks by his word, and goes on where somebody else becomes one too.
        town.clock.plus_seconds(1);
        let named = given(&mut story, "吴强", &[("paper_on", "2026-11-20"), ("special", "agree")]);
        story.tell("li does ask next=session");
        story.tell(&format!("li does second_goes_on how_said=person by_agent={named}"));
        drop(guarded(&mut story, "second"));
        assert_eq!(consent(&story), [false, true], "{}: it rests on a guardian", town.engine);
        town.verify();
    }
}

#[test]
fn an_agreement_that_can_still_be_undone_is_not_sealed_on_a_signature_that_lapsed() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 496);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        both(&mut story, "draft").tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23
             li does second_signs how_said=yes paper_on=2026-11-23",
        );
        held(&mut story, "seal", &[("effect_on", "2026-11-23")]);
        let guardian = guarded(&mut story, "second");
        assert_eq!(consent(&story), [true, false], "{}: hers lapses at once", town.engine);
        left(&mut story);
        assert_eq!(consent(&story), [true, false], "{}: nothing used them up", town.engine);
        story.tell(
            "case is to_sign
             li may not seal",
        );
        story.tell(&format!("li does second_signs how_said=yes paper_on=2026-11-23 by_agent={guardian}"));
        story.tell(
            "li does seal effect_on=2026-11-23
             case is in_effect",
        );
        town.verify();
    }
}

#[test]
fn a_consent_that_can_still_be_undone_is_none_once_a_guardian_comes_or_goes() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 497);
        let agent = given(&mut story, "周明", &[("paper_on", "2026-11-20"), ("special", "agree")]);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        signs(&mut story);
        held(&mut story, "first_asks_court", &[("how_said", "person")]);
        drop(guarded(&mut story, "first"));
        left(&mut story);
        assert_eq!(consent(&story), [false, false], "{}: her own word", town.engine);
        held(&mut story, "second_asks_court", &[("how_said", "person"), ("by_agent", &agent)]);
        let guardian = guarded(&mut story, "second");
        left(&mut story);
        assert_eq!(consent(&story), [false, false], "{}: that of her agent", town.engine);
        held(&mut story, "second_asks_court", &[("how_said", "person"), ("by_agent", &guardian)]);
        let ends = powers(&mut story).forms();
        let ends = ends.into_iter().find(|form| form.get("withdraw") == Some(guardian.as_str())).unwrap();
        drop(story.at("li").submit(ends).expect(200));
        left(&mut story);
        assert_eq!(consent(&story), [false, false], "{}: he is a guardian no more", town.engine);
        story.tell("li does second_asks_court how_said=person");
        assert_eq!(consent(&story), [false, true], "{}: nobody came between", town.engine);
        town.verify();
    }
}
