//! These stories are about what is known of disputes to those who do not mediate them: what another authority
//! transferred is counted by who transferred it, small numbers are withheld, another mediator's disputes are on no
//! list, and the file says where each of its parts stands.

use city_stories::{Story, Town, chosen};
use testkit::Form;

use crate::hearings::{FACTS, PLACE, counted};
use crate::hearings_disputes::{BEGIN, Dispute, OTHER, begun, both, brought, names, writes};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "楼上" };
const COURT: &str = "大东区人民法院";
const DOCUMENT: &str = "（2026）辽0104诉前调12号";

/// The form with which a mediator takes in what somebody transferred.
fn taking_in(story: &mut Story<'_>) -> Form {
    let place = story.town.named(PLACE).id().to_string();
    let form = story.at("li").open("/hearings/offer").expect(200).form("/hearings/offer");
    let form = form.set("place", &place).set("class", "neighbours").set("facts", FACTS);
    form.set("name", "楼下住户").set("other_name", "楼上住户")
}

#[test]
fn what_a_court_transferred_is_taken_in_with_its_document_and_counted() {
    for town in Town::each() {
        let mut story = Story::new(&town, 481);
        story.tell("li is mediator at 华炉社区 for mediation");
        let form = taking_in(&mut story);
        for (field, value) in [("authority", "court"), ("authority", "nobody"), ("document", DOCUMENT)] {
            let refused = story.at("li").send(form.clone().set(field, value));
            assert_eq!(refused.status, 422, "{}: {field}={value}: {}", town.engine, refused.words());
        }
        let form = form.set("authority", "court").set("authority_name", COURT).set("document", DOCUMENT);
        let pages = [(); 2].map(|()| story.at("li").submit(form.clone()).expect(200));
        assert_eq!(pages[0].address, pages[1].address, "{}: sent twice, taken in once", town.engine);
        story.number = pages[0].address.trim_start_matches("/cases/").trim_end_matches("/invitation").to_owned();
        story.tell(
            "case is inviting
             li opens it
             li reads 大东区人民法院
             li reads 诉前调12号
             li may not begin",
        );
        let page = format!("/cases/{}/mediation/application", story.number);
        let words = story.at("li").open(&page).expect(200).words();
        for part in ["人民调解受理登记表", COURT, DOCUMENT] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert!(!words.contains("自愿申请"), "{}: nobody applied: {words}", town.engine);
        let queue = story.at("li").open("/queue").expect(200).words();
        assert!(!queue.contains(COURT) && !queue.contains("诉前调"), "{}: {queue}", town.engine);
        let words = story.at("li").open("/hearings/figures").expect(200).words();
        assert!(words.contains("机关移送 1") && words.contains("法院 1"), "{}: {words}", town.engine);
        assert_eq!(counted(&town, "hearings.brought"), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn small_numbers_are_withheld_from_who_may_not_see_the_disputes() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 482);
        story.tell("luo is secretary_community at 华炉社区");
        let words = story.at("li").open("/hearings/figures").expect(200).words();
        assert!(words.contains("邻里 1") && !words.contains("不公布"), "{}: {words}", town.engine);
        assert!(words.contains("补贴的数目是示例，由市里定"), "{}: {words}", town.engine);
        for days in ["", "?from=2026-11-23&to=2026-11-23"] {
            let words = story.at("luo").open(&format!("/hearings/figures{days}")).expect(200).words();
            assert!(words.contains("邻里 不公布") && !words.contains("邻里 1"), "{}: {words}", town.engine);
            assert!(words.contains("合计 不公布") && words.contains("只看一个整月"), "{}: {words}", town.engine);
        }
        let place = format!("/places/{}", town.named(PLACE).id());
        for words in [town.visitor().open(&place).expect(200).words(), story.at("luo").open(&place).words()] {
            assert!(words.contains("收到的纠纷") && words.contains("不公布（数字太小）"), "{}: {words}", town.engine);
            assert!(!words.contains("收到的纠纷 1"), "{}: {words}", town.engine);
        }
    }
    for town in Town::each_figured(&[("hall.figures_least", 1), ("hearings.allowance_hard", 30_000)]) {
        let mut story = begun(&town, &LEAK, 483);
        story.tell("luo is secretary_community at 华炉社区");
        let words = story.at("luo").open("/hearings/figures").expect(200).words();
        assert!(words.contains("医疗、道路交通事故，一件 300.00 元"), "{}: {words}", town.engine);
        assert!(words.contains("邻里 1") && !words.contains("邻里 不公布"), "{}: {words}", town.engine);
    }
}

#[test]
fn a_dispute_that_somebody_mediates_is_on_no_list_of_another() {
    for town in Town::each() {
        let mut story = brought(&town, &LEAK, 484);
        story.tell(
            "qian is mediator at 华炉社区 for mediation
             luo is secretary_community at 华炉社区
             li does take_on nowhere_else=yes
             qian finds it in /queue
             qian finds it in /hearings/matters
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}")).tell(
            "li finds it in /queue
             li finds it in /hearings/matters
             qian cannot open it
             luo cannot open it",
        );
        let search = format!("/search?q={}", story.number);
        for who in ["qian", "luo"] {
            for list in ["/queue", search.as_str()] {
                let page = story.at(who).open(list).expect(200);
                let link = format!("/cases/{}", story.number);
                assert!(page.links().iter().all(|known| !known.starts_with(&link)), "{}: {who}: {list}", town.engine);
                assert!(!page.words().contains("邻里"), "{}: {who}: {list}: {}", town.engine, page.words());
            }
        }
        let words = story.at("qian").open("/hearings/matters").expect(200).words();
        assert!(!words.contains(&story.number) && words.contains("没有正在办的纠纷"), "{}: {words}", town.engine);
        for part in ["agreement", "sessions", "mediation", "triage"] {
            let address = format!("/cases/{}/{part}", story.number);
            assert_eq!(story.at("qian").open(&address).status, 404, "{}: {part}", town.engine);
        }
        // Whoever supervises the levels reads how many there are.
        let levels = story.at("luo").open("/bodies/levels").expect(200).words();
        assert!(levels.contains("社区评理说事点 1"), "{}: {levels}", town.engine);
        town.verify();
    }
}

#[test]
fn the_file_says_where_each_part_stands_and_what_lacks() {
    for town in Town::each() {
        let mut story = brought(&town, &LEAK, 485);
        let address = format!("/cases/{}/mediation", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("2 当事人权利义务告知书") && !words.contains("还缺"), "{}: {words}", town.engine);
        assert!(words.contains("现在卷宗里有 1 样"), "{}: the application alone: {words}", town.engine);
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        let page = story.at("li").open(&address).expect(200);
        let words = page.words();
        let begun = "必须有 开始调解 · 2026年11月23日（周一） li";
        assert_eq!(words.matches(begun).count(), 2, "{}: rights and identity: {words}", town.engine);
        assert!(words.contains("提出的一方：居民身份证 另一方：户口簿"), "{}: what was seen: {words}", town.engine);
        assert!(words.contains("还缺 1 样"), "{}: the record of the talks: {words}", town.engine);
        let form = chosen(page.form(&address), "on_paper", "evidence");
        for _ in 0..2 {
            let words = story.at("li").submit(form.clone()).expect(200).words();
            let noted = "证据材料 有的话放 纸质的，在卷宗里 · 2026年11月23日（周一） li";
            assert!(words.contains(noted), "{}: {words}", town.engine);
        }
        let form = story.at("li").open(&address).expect(200).form(&address).without("on_paper");
        let words = story.at("li").submit(form).expect(200).words();
        assert!(!words.contains("纸质的，在卷宗里 ·"), "{}: taken back: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_share_is_of_what_ended_and_leaders_read_it_place_by_place() {
    for town in Town::each() {
        let mut agreed = begun(&town, &LEAK, 486);
        writes(&mut agreed, &[["second", "赔刷墙的钱", "30", "2026-11-30"]]);
        both(&mut agreed, "oral").tell("li does oral effect_on=2026-11-23");
        brought(&town, &LEAK, 487).tell(
            "li does take_on nowhere_else=yes
             li does second_refuses how_said=person",
        );
        let mut open = brought(&town, &LEAK, 488);
        open.tell(
            "far is mediator at 付家社区 for mediation
             luo is secretary_street at 大北街道
             chief is organiser_district at 大东区",
        );
        let here = format!("/hearings/figures?place={}", town.named(PLACE).id());
        let words = open.at("li").open(&here).expect(200).words();
        assert!(words.contains("邻里 3 2 1 50.0% 0 1 0"), "{}: of two that ended: {words}", town.engine);
        let links = open.at("li").open(&here).expect(200).links();
        let rows = links.into_iter().rfind(|link| link.starts_with("/hearings/rows?code=hearings.brought")).unwrap();
        let page = open.at("li").open(&rows).expect(200);
        let cases = page.links().iter().filter(|link| link.starts_with("/cases/")).count();
        let others = page.words().contains("其中 1 件由别的调解员办");
        assert!(page.words().contains("共 3 件") && cases == 2 && others, "{}: {cases}: {}", town.engine, page.words());
        assert_eq!(open.at("far").open(&here).status, 404, "{}: not her community", town.engine);
        let levels = open.at("luo").open("/bodies/levels").expect(200);
        let office = levels.links().into_iter().find(|link| *link == here);
        assert!(office.is_some(), "{}: its office leads to its figures: {}", town.engine, levels.words());
        let words = open.at("luo").open(&here).expect(200).words();
        assert!(words.contains("不公布"), "{}: a small part is withheld: {words}", town.engine);
        let words = open.at("chief").open("/overview").expect(200).words();
        assert!(words.contains("正在调解的纠纷"), "{}: {words}", town.engine);
        town.verify();
    }
}
