//! These stories are about people who do not agree: one of them tells it without an account, both say whether they want
//! to be mediated, and nothing goes on without them. The file opens for those who mediate and for nobody else.

use city_stories::{Browser, Story, Town, chosen, code_on, counters_words};
use kernel::figure::Figure;
use testkit::{Form, Reply};

use crate::hearings_disputes::{BEGIN, OTHER, both, holds, names, notes, writes};

pub(crate) const PLACE: &str = "华炉社区";
pub(crate) const FACTS: &str = "楼上漏水，把我家墙泡了，想让他家修好、赔三十块钱";

pub(crate) fn screen(page: &Reply, name: &str) -> Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

/// The last screen, before it is sent.
fn told(she: &mut Browser) -> Form {
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("class", "neighbours")).expect(200);
    screen(&page, "who").set("name", "李岺").set("telephone", "13800000302").set("other_name", "楼上住户")
}

/// Somebody brings a dispute without an account.
pub(crate) fn brought(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    let mut she = town.visitor();
    let form = told(&mut she);
    let receipt = she.submit(form).expect(200);
    let words = receipt.words();
    assert!(words.contains("收到了：邻里纠纷") && words.contains("由谁调解"), "{words}");
    assert!(!words.contains("楼上漏水"), "what she tells stands on no receipt");
    receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
    story.code = code_on(&receipt);
    story
}

pub(crate) fn counted(town: &Town, code: &'static str) -> i64 {
    match town.told(&town.named(PLACE), code) {
        Figure::Count(count) => count,
        other => panic!("{code} is no count: {other:?}"),
    }
}

/// The figures of a place with one dispute that was settled and kept.
fn one_was_settled(town: &Town, story: &mut Story<'_>) {
    let figures = ["hearings.brought", "hearings.settled", "hearings.performed"].map(|code| counted(town, code));
    assert_eq!(figures, [1, 1, 1], "{}", town.engine);
    let words = story.at("li").open("/hearings/figures").expect(200).words();
    assert!(words.contains("邻里") && words.contains("100.0%"), "{}: {words}", town.engine);
    assert!(words.contains("补贴 100.00 元；这些件一共 100.00 元"), "{}: {words}", town.engine);
}

/// The page of a mediation speaks no word of the counter, in either language.
fn speaks_of_mediation_alone(story: &mut Story<'_>) {
    let page = format!("/cases/{}", story.number);
    for address in [page.clone(), format!("{page}?lang=en"), format!("{page}?lang=zh")] {
        let said = counters_words(&story.at("li").open(&address).expect(200));
        assert!(said.is_empty(), "{}: {address}: {said:?}", story.town.engine);
    }
}

#[test]
fn a_leak_is_told_mediated_signed_and_kept() {
    for town in Town::each() {
        let mut story = brought(&town, 401);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             li finds it in /queue
             li opens it
             li reads 邻里纠纷
             li may not begin
             li does not take take_on
             li does take_on nowhere_else=yes
             case is inviting
             li opens it
             li reads “开始调解”要提出的一方、另一方都同意这一步才能办，还差：另一方。
             li may not begin
             li may not first_agrees
             she follows it
             li does second_agrees how_said=person",
        );
        story.tell(&format!("li does not take {BEGIN}"));
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}")).tell(
            "case is talks
             li opens it
             li reads 同意调解 2026年11月23日（周一）；下一步：还没问
             li reads 发给当事人",
        );
        speaks_of_mediation_alone(&mut story);
        story.tell(
            "li may not session
             li may not first_goes_on",
        );
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 422, "nobody was asked");
        both(&mut story, "session");
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "上门看了两家").status, 303, "{}", town.engine);
        story.tell(
            "li does not take ask next=draft
             li reads 协议还没有写内容",
        );
        writes(&mut story, &[["second", "三天内修好，赔三十元", "30", "2026-11-26"]]);
        both(&mut story, "draft");
        writes(&mut story, &[]);
        story.tell(
            "li may not draft
             li does first_goes_on how_said=person
             li does second_goes_on how_said=person
             li does draft
             li does not take first_signs how_said=yes paper_on=1999-01-01
             li does first_signs how_said=yes paper_on=2026-11-23
             li may not seal
             li may not first_signs
             li does second_signs how_said=yes paper_on=2026-11-23
             li does seal effect_on=2026-11-23
             case is in_effect",
        );
        let address = format!("/cases/{}/mediation", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("到这一步没有缺的") && !words.contains("卷宗齐了"), "{}: {words}", town.engine);
        drop(notes(&mut story, 0, "done", "给了现金"));
        story.tell(
            "li does performed report=修好了，钱也给了
             li does visit record=两家都满意
             case is closed",
        );
        one_was_settled(&town, &mut story);
        town.verify();
    }
}

#[test]
fn a_clear_no_ends_it_and_nobody_else_opens_the_file() {
    for town in Town::each() {
        let mut story = brought(&town, 402);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             far is mediator at 付家社区 for mediation
             zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             far cannot open it
             zhao cannot open it
             wu cannot open it
             li does take_on nowhere_else=yes
             li does second_refuses how_said=person
             case is refused
             li may not session
             li opens it
             li reads 不愿调解 2026年
             li does not read 还没有回答愿不愿意调解",
        );
        let address = format!("/cases/{}/mediation", story.number);
        drop(story.at("zhao").open(&address).expect(404));
        town.verify();
    }
}

#[test]
fn nobody_is_pointed_to_a_step_that_is_not_on_her_page() {
    for town in Town::each() {
        let mut story = brought(&town, 1502);
        let less = "用“不同意这一步”或者“收回同意”";
        story.tell("she follows it");
        let words = story.at("she").page().words();
        assert!(words.contains("这样调解就结束了") && !words.contains(less), "{}: {words}", town.engine);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             li does take_on nowhere_else=yes
             she follows it",
        );
        let words = story.at("she").page().words();
        assert!(words.contains(less), "{}: now she can take it back: {words}", town.engine);
        assert!(story.at("she").offered("first_unsure").is_some(), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn both_ask_the_court_within_thirty_days_or_not_at_all() {
    for town in Town::each() {
        let mut story = brought(&town, 403);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}")).tell("case is talks");
        writes(&mut story, &[["second", "各让一步", "", "2026-12-31"]]);
        both(&mut story, "oral").tell(
            "li opens it
             li reads 卷宗还缺：调解记录。
             li does oral effect_on=2026-11-23
             case is in_effect
             li does first_asks_court how_said=person
             li may not to_court
             li does second_asks_court how_said=person
             li does not take to_court court=沈河区人民法院 sent_on=2026-11-24
             li does not take to_court court=沈河区人民法院 sent_on=2026-11-22",
        );
        // It is entered after the thirty days that it was sent within them.
        town.clock.set_local("2026-12-24 10:00");
        story.tell(
            "li does not take to_court court=沈河区人民法院 sent_on=2026-12-24
             li does to_court court=沈河区人民法院 sent_on=2026-12-23
             case is at_court
             li does not take confirmed confirmed_on=2026-12-22 number=1
             li does not take confirmed confirmed_on=2026-12-25 number=1
             li does accepted accepted_on=2026-12-24
             li does not take confirmed confirmed_on=2026-12-23 number=1
             li does confirmed confirmed_on=2026-12-24 number=1
             case is confirmed",
        );
        let address = format!("/cases/{}/mediation", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("还缺 1 样"), "{}: without a record of the talks: {words}", town.engine);
        let form = story.at("li").open(&address).expect(200).form(&address);
        let words = story.at("li").submit(chosen(form, "on_paper", "record")).expect(200).words();
        assert!(!words.contains("还缺"), "{}: it was written by hand: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_missing_is_asked_for_and_danger_comes_first() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = she.open("/hearings/new").expect(200);
        assert_eq!(she.send(screen(&page, "say")).status, 422);
        let page = she.submit(screen(&page, "say").set("facts", FACTS).set("where", PLACE)).expect(200);
        assert!(page.words().contains("可能是违法犯罪"), "{}: whom to call: {}", town.engine, page.words());
        assert_eq!(she.send(screen(&page, "which")).status, 422, "of what kind");
        let form = screen(&page, "which").set("class", "neighbours").set("danger", "1");
        let stopped = she.send(form.clone());
        assert!(stopped.status == 422 && stopped.words().contains("请先打 110"), "{}", stopped.words());
        let page = she.submit(form.set("called", "1")).expect(200);
        assert_eq!(she.send(screen(&page, "who").set("telephone", "12")).status, 422);
        let hurried = she.send(screen(&page, "who").without("called"));
        assert!(hurried.status == 422 && hurried.words().contains("请先打 110"), "past the second screen");
        let form = told(&mut she);
        let hidden = she.send(form.clone().set("name", "李\u{202e}岺"));
        assert_eq!(hidden.status, 422, "{}: a sign that nobody sees", town.engine);
        let first = she.submit(form.clone()).expect(200).address.clone();
        let again = she.submit(form).expect(200);
        assert_eq!(again.address, first, "{}: sent twice, brought once", town.engine);
        assert_eq!(counted(&town, "hearings.brought"), 1, "{}", town.engine);
    }
}

#[test]
fn a_worker_says_where_people_are_heard_and_everybody_reads_it() {
    for town in Town::each() {
        let mut story = Story::new(&town, 404);
        story.tell(
            "zhao is community_worker at 华炉社区
             wang is community_worker at 付家社区",
        );
        let id = town.named(PLACE).id();
        let mut she = town.visitor();
        let address = format!("/hearings?place={id}");
        assert!(she.open(&address).expect(200).words().contains("还没有写明评理说事点"));
        let form = story.at("zhao").open("/hearings/point").expect(200).form("/hearings/point");
        let empty = story.at("zhao").send(form.clone());
        assert!(empty.status == 422, "{}", empty.words());
        let form = form.set("room", "党群服务中心一楼").set("hours", "周一至周五 8:30—17:00").set("weekday", "4");
        assert_eq!(story.at("zhao").send(form.clone().set("opens", "11:00").set("closes", "9:00")).status, 422);
        let form = form.set("opens", "9:00").set("closes", "11:00").set("things", "mediator");
        for _ in 0..2 {
            let page = story.at("zhao").submit(form.clone()).expect(200);
            assert!(page.words().contains("党群服务中心一楼"), "{}", page.words());
        }
        let words = she.open(&address).expect(200).words();
        assert!(words.contains("9:00–11:00") && words.contains("调解员"), "{}: {words}", town.engine);
        let calendar = she.get(&format!("/hearings/talks/{id}")).expect(200);
        assert!(calendar.body().contains("DTSTART:20261126T010000Z"), "{}", calendar.body());
        assert!(she.open(&format!("/places/{id}")).expect(200).words().contains("评理说事点"));
        let foreign = story.at("wang").open(&format!("/hearings/point?place={id}"));
        assert_eq!(foreign.status, 404, "{}", foreign.words());
        town.verify();
    }
}
