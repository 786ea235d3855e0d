//! These stories are about the day of an election that was entered wrongly: whoever keeps the body looks at what
//! changes, corrects it with a reason, and both days stay readable.

use city_stories::{Story, Town};

use crate::bodies::{deed, entered};

/// What the form of a correction says before anybody looked at what changes.
const WHY: &str = "看错了月份";

#[test]
fn the_day_of_an_election_is_corrected_after_a_look_at_what_changes() {
    for town in Town::each() {
        let mut story = Story::new(&town, 531);
        story.tell(
            "luo is secretary_community at 华炉社区
             wang is secretary_community at 付家社区",
        );
        let page = entered(story.at("luo"), "owners", "翠湖业主委员会");
        let form = deed(&page, "elect").set("held", "2026-11-02").set("members", "7").set("women", "2");
        let page = story.at("luo").submit(form).expect(200);
        assert!(page.words().contains("任期到 2031年11月2日"), "{}: {}", town.engine, page.words());
        let form = deed(&page, "appoint").set("holder", "李岺").set("from", "2026-11-02").set("agreed", "1");
        let page = story.at("luo").submit(form).expect(200);
        let asked = deed(&page, "correct").set("wrong_on", "2026-11-02").set("right_on", "2026-10-20");
        let silent = story.at("luo").send(asked.clone());
        assert!(silent.status == 422 && silent.words().contains("为什么更正"), "{}", silent.words());
        let ahead = story.at("luo").send(asked.clone().set("why", WHY).set("right_on", "2026-11-24"));
        let told = "“正确的选举日期”要在 1980年1月1日 到 2026年11月23日 之间";
        assert!(ahead.status == 422 && ahead.words().contains(told), "{}: {}", town.engine, ahead.words());
        let same = story.at("luo").send(asked.clone().set("why", WHY).set("right_on", "2026-11-02"));
        assert!(same.status == 422 && same.words().contains("没有要更正的"), "{}", same.words());
        // First she looks, and nothing is changed.
        let look = story.at("luo").send(asked.set("why", WHY)).expect(200);
        let words = look.words();
        for told in [
            "选举日期 2026年11月2日 → 2026年10月20日",
            "任期到 2031年11月2日 → 2031年10月20日",
            "开始准备换届 2031年8月4日 → 2031年7月22日",
            "备案期限 2026年12月2日 → 2026年11月19日",
            "任职日期跟着变的人 1",
        ] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let kept = story.at("luo").open(page.address.split('?').next().unwrap()).expect(200).words();
        assert!(kept.contains("任期到 2031年11月2日"), "{}: nothing is changed yet: {kept}", town.engine);
        let right = look.forms().into_iter().find(|form| form.get("looked").is_some_and(|looked| !looked.is_empty()));
        let right = right.unwrap();
        assert_eq!(story.at("wang").open(&page.address).status, 404, "{}: not hers", town.engine);
        // Something else than what she looked at is not corrected.
        let other = story.at("luo").send(right.clone().set("right_on", "2026-10-21"));
        assert!(other.status == 422 && other.words().contains("再看一遍"), "{}: {}", town.engine, other.words());
        for _ in 0..2 {
            let words = story.at("luo").submit(right.clone()).expect(200).words();
            for told in [
                "任期到 2031年10月20日",
                "要在 2026年11月19日 前备案",
                "李岺（2026年10月20日起）",
                "选举日期：2026年11月2日 改成 2026年10月20日",
                "任期到：2031年11月2日 改成 2031年10月20日",
                "理由：看错了月份",
            ] {
                assert!(words.contains(told), "{}: {told}: {words}", town.engine);
            }
            assert_eq!(words.matches("理由：看错了月份").count(), 1, "{}: sent twice, corrected once", town.engine);
        }
        let due = story.at("luo").open("/bodies?due=1").expect(200).words();
        assert!(due.contains("备案已过期（11月19日）"), "{}: {due}", town.engine);
        let read = town.visitor().open(&format!("/bodies/{}", town.named("华炉社区").id())).expect(200).words();
        assert!(read.contains("2026年10月20日 至 2031年10月20日"), "{}: {read}", town.engine);
        assert!(!read.contains(WHY), "{}: the reason is for those who keep it: {read}", town.engine);
        town.verify();
    }
}

#[test]
fn who_left_with_an_election_leaves_on_its_right_day_and_an_entered_day_stays() {
    for town in Town::each() {
        let mut story = Story::new(&town, 532);
        story.tell("luo is secretary_community at 华炉社区");
        let mut page = entered(story.at("luo"), "owners", "翠湖业主委员会");
        let form = deed(&page, "elect").set("held", "2021-11-01").set("members", "7").set("women", "2");
        page = story.at("luo").submit(form).expect(200);
        for name in ["李岺", "王立新"] {
            let form = deed(&page, "appoint").set("holder", name).set("from", "2021-11-01").set("agreed", "1");
            page = story.at("luo").submit(form).expect(200);
        }
        let form = deed(&page, "elect").set("held", "2026-11-02").set("members", "7").set("women", "2");
        page = story.at("luo").submit(form).expect(200);
        let leave = deed(&page, "leave");
        let none = story.at("luo").send(leave.clone().set("election", "2026-10-01"));
        assert!(none.status == 422 && none.words().contains("这一天没有登记选举"), "{}", none.words());
        page = story.at("luo").submit(leave.set("election", "2026-11-02")).expect(200);
        // The other one left on a day that somebody entered.
        page = story.at("luo").submit(deed(&page, "leave").set("until", "2026-11-02")).expect(200);
        for told in ["2021年11月1日 – 2026年11月2日 主任 · 李岺", "2021年11月1日 – 2026年11月2日 副主任 · 王立新"]
        {
            assert!(page.words().contains(told), "{}: {told}: {}", town.engine, page.words());
        }
        let asked = deed(&page, "correct").set("wrong_on", "2026-11-02").set("right_on", "2026-10-20");
        let look = story.at("luo").send(asked.set("why", WHY)).expect(200);
        let told = "随这次选举离任的（1 人），从哪天起不再任职 2026年11月2日 → 2026年10月20日";
        assert!(look.words().contains(told), "{}: {}", town.engine, look.words());
        let right = look.forms().into_iter().find(|form| form.get("looked").is_some_and(|looked| !looked.is_empty()));
        let words = story.at("luo").submit(right.unwrap()).expect(200).words();
        for told in ["2021年11月1日 – 2026年10月20日 主任 · 李岺", "2021年11月1日 – 2026年11月2日 副主任 · 王立新"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        town.verify();
    }
}
