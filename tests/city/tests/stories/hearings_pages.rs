//! These stories are about what the pages of a mediation say truly: whose turn it is, when and where the sides meet,
//! what a side can say of an agreement that holds, and what can be written down now.

use city_stories::{Story, Town};
use testkit::{Form, Reply};

use crate::hearings::{FACTS, PLACE, brought, screen};
use crate::hearings_disputes::{BEGIN, Dispute, OTHER, begun, both, deed, holds, names, signs, writes};
use crate::hearings_own::{other, own};
use crate::hearings_reminded::{sent, towns};
use crate::hearings_rooms::{arranges, kept};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "楼上" };
const CLAUSE: [&str; 4] = ["second", "三天内修好。", "30", "2026-11-26"];

/// What the mediator reads on the page of the case.
fn page(story: &mut Story<'_>) -> String {
    let address = format!("/cases/{}", story.number);
    story.at("li").open(&address).expect(200).words()
}

fn offers(page: &Reply, wanted: &str) -> Option<Form> {
    page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == wanted))
}

#[test]
fn the_page_says_whose_turn_it_is() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 601);
        assert!(page(&mut story).contains("等您"), "{}: nobody was asked yet", town.engine);
        story.tell("li does ask next=session");
        assert!(page(&mut story).contains("等当事人"), "{}: both were asked", town.engine);
        story.tell("li does first_goes_on how_said=person");
        assert!(page(&mut story).contains("等当事人"), "{}: one has answered", town.engine);
        assert!(!page(&mut story).contains("两边都同意了"), "{}: one alone agreed", town.engine);
        story.tell("li does second_goes_on how_said=person");
        assert!(page(&mut story).contains("等您"), "{}: both have answered", town.engine);
        let (address, held) = (format!("/cases/{}", story.number), format!("/cases/{}/sessions", story.number));
        let body = story.at("li").open(&address).expect(200).body();
        let (_, step) = body.split_once("id=\"step-session\"").unwrap_or_else(|| panic!("what to do now: {body}"));
        let (step, _) = step.split_once("</div>").unwrap();
        assert!(step.contains("两边都同意了：调解一次") && step.contains(&held), "{}: {step}", town.engine);
        story.tell("li may not session");
        writes(&mut story, &[CLAUSE]);
        both(&mut story, "draft").tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23",
        );
        assert!(page(&mut story).contains("等当事人"), "{}: one has signed", town.engine);
        story.tell("li does second_signs how_said=yes paper_on=2026-11-23");
        assert!(page(&mut story).contains("等您"), "{}: the seal is lacking", town.engine);
        town.verify();
    }
}

#[test]
fn both_sides_are_told_when_and_where_they_meet() {
    for town in towns() {
        let mut story = brought(&town, 602);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             li does take_on nowhere_else=yes",
        );
        let mut she = other(&mut story);
        story.tell("li does second_agrees how_said=person");
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        drop(kept(&mut story));
        both(&mut story, "session");
        assert_eq!(arranges(&mut story, "2026-11-26", "9:00", "10:00").status, 303, "{}", town.engine);
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("您的调解：2026年11月26日"), "{}: {words}", town.engine);
        assert!(words.contains("9:00–10:00 评理室") && words.contains("党群服务中心一楼"), "{}: {words}", town.engine);
        assert!(words.contains("您：同意调解") && !words.contains("另一方同意"), "{}: {words}", town.engine);
        assert!(page(&mut story).contains("约好的调解"), "{}", town.engine);
        assert_eq!(sent(&town, "hearings-notice-own-arranged").len(), 2, "{}: each is told once", town.engine);
        story.tell("li does ask next=session");
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("这一步：调解一次（分开谈）"), "{}: {words}", town.engine);
        let address = format!("/cases/{}/sessions", story.number);
        let off = deed(&story.at("li").open(&address).expect(200), "call_off");
        drop(story.at("li").submit(off).expect(200));
        assert_eq!(sent(&town, "hearings-notice-own-called-off").len(), 2, "{}", town.engine);
        let words = own(&mut she, &story, "").words();
        assert!(!words.contains("您的调解"), "{}", town.engine);
        let [asked, off] = ["这一步：调解一次（分开谈）", "约好的取消了，不用来"].map(|told| words.find(told));
        assert!(asked.is_some() && asked < off, "{}: below what she is asked: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn both_sides_are_told_that_a_meeting_is_called_off_once_the_agreement_holds() {
    for town in towns() {
        let mut story = begun(&town, &LEAK, 607);
        drop(kept(&mut story));
        both(&mut story, "session");
        assert_eq!(arranges(&mut story, "2026-11-26", "9:00", "10:00").status, 303, "{}", town.engine);
        writes(&mut story, &[CLAUSE]);
        both(&mut story, "oral");
        assert!(page(&mut story).contains("这一步办了就取消，会通知两边"), "{}", town.engine);
        signs(&mut story);
        assert_eq!(sent(&town, "hearings-notice-own-called-off").len(), 2, "{}: each is told once", town.engine);
        assert!(!page(&mut story).contains("约好的调解"), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_side_reads_the_agreement_and_says_that_a_clause_was_not_kept() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 603);
        let mut she = other(&mut story);
        story.tell("li does ask next=session");
        writes(&mut story, &[CLAUSE]);
        let address = format!("/cases/{}/agreement", story.number);
        let written = story.at("li").open(&address).expect(200);
        let words = written.words();
        assert!(words.contains("先前的同意就作废") && words.contains("去问两边"), "{}: {words}", town.engine);
        let (asks, case) = (format!("/cases/{}?open=ask", story.number), format!("/cases/{}", story.number));
        assert!(written.links().contains(&format!("{asks}#step-ask")), "{}: {:?}", town.engine, written.links());
        for (from, is_open) in [(&case, false), (&asks, true)] {
            let body = story.at("li").open(from).expect(200).body();
            assert_eq!(body.contains("id=\"step-ask\" open"), is_open, "{}: {from}", town.engine);
        }
        let body = written.body();
        let before = body.split("name=\"due\"").next().unwrap_or_default();
        let label = before.rsplit("<label").next().unwrap_or_default();
        assert!(label.contains("哪天以前") && !label.contains("选填"), "{}: {label}", town.engine);
        both(&mut story, "draft");
        let written = story.at("li").open(&address).expect(200);
        assert!(written.words().contains("两边都同意写好、等签了"), "{}: {}", town.engine, written.words());
        let signing = format!("/cases/{}#step-draft", story.number);
        assert!(written.links().contains(&signing), "{}: {:?}", town.engine, written.links());
        signs(&mut story);
        let page = own(&mut she, &story, "");
        let words = page.words();
        let clause = "您：三天内修好，30.00 元，2026年11月26日以前";
        assert!(words.contains(clause), "{}: {words}", town.engine);
        let broken = format!("/follow/{}/agreement?broken=1", story.number);
        assert!(page.links().contains(&broken) && words.contains("有一条没照办"), "{}: {words}", town.engine);
        let kept = she.open(&broken).expect(200);
        assert!(kept.words().contains("谁来办 您"), "{}: {}", town.engine, kept.words());
        let says = kept.forms().into_iter().find(|form| form.get("clause").is_some()).unwrap();
        assert_eq!(says.get("stage"), Some("broken"), "{}: what she came to say is chosen", town.engine);
        let words = she.submit(says).expect(200).words();
        assert!(words.contains("说：没有办"), "{}: {words}", town.engine);
        story.tell("li does first_asks_court how_said=person");
        let words = own(&mut she, &story, "").words();
        for part in ["对方愿意一起请法院确认", "不收费", "强制执行"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let asks = she.offered("second_asks_court").unwrap();
        let words = she.submit(asks).expect(200).words();
        assert!(words.contains("两边都愿意请法院确认了"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn what_nobody_agreed_to_is_not_offered_to_be_written_down() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 604);
        let address = format!("/cases/{}/sessions", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("两边还没有同意再谈") && words.contains("同意就用掉了"), "{}: {words}", town.engine);
        both(&mut story, "session");
        let page = story.at("li").open(&address).expect(200);
        assert!(!page.body().contains("value=\"together\""), "{}: they agreed to talk apart", town.engine);
        assert!(deed(&page, "propose").get("made_by").is_some(), "{}", town.engine);
        both(&mut story, "sit_together");
        let refused = holds(&mut story, "together", &["first"], "只来了一边");
        assert_eq!(refused.status, 422, "{}", town.engine);
        assert!(refused.words().contains("面对面谈，两边都要在场"), "{}: {}", town.engine, refused.words());
        town.verify();
    }
}

#[test]
fn a_secretary_hosts_and_what_was_noted_by_mistake_is_taken_back() {
    for town in Town::each() {
        let mut story = Story::new(&town, 605);
        drop(kept(&mut story));
        story.tell("luo is secretary_community at 华炉社区");
        drop(story.at("luo").open("/hearings/opinions").expect(200));
        town.clock.set_local("2026-11-26 09:10");
        let hosting = format!("/hearings/hosting?place={}&day=2026-11-26", town.named(PLACE).id());
        let list = story.at("luo").open(&hosting).expect(200);
        let walk_in = offers(&list, "walk_in").unwrap().set("walk_in", "1");
        let list = story.at("luo").submit(walk_in).expect(200);
        assert!(list.words().contains("来过了"), "{}: {}", town.engine, list.words());
        let mistaken = offers(&list, "mistaken").unwrap().set("mistaken", "1");
        let words = story.at("luo").submit(mistaken).expect(200).words();
        assert!(words.contains("已取消") && !words.contains("来过了"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn danger_stands_on_the_first_screen_and_how_often_it_came_back_is_asked() {
    for town in Town::each() {
        let mut story = Story::new(&town, 606);
        let mut she = town.visitor();
        assert!(she.open("/hearings").expect(200).links().iter().any(|link| link == "/hearings/new"));
        let page = she.open("/hearings/new").expect(200);
        assert!(page.words().contains("打 110") && page.words().contains("打 120"), "{}", page.words());
        let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
        let which = screen(&page, "which").set("class", "neighbours");
        assert_eq!(she.send(which.clone().set("times_back", "好几回")).status, 422, "{}", town.engine);
        let page = she.submit(which.set("times_back", "2")).expect(200);
        let who = screen(&page, "who").set("name", "李岺").set("telephone", "13800000302");
        let receipt = she.submit(who.set("other_name", "楼上住户")).expect(200);
        receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
        story.tell("li is mediator at 华炉社区 for mediation");
        let triage = format!("/cases/{}/triage", story.number);
        let page = story.at("li").open(&triage).expect(200);
        let form = offers(&page, "times_back").unwrap();
        assert_eq!(form.get("times_back"), Some("2"), "{}: {}", town.engine, page.words());
        town.verify();
    }
}
