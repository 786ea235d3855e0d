//! These stories are about forms that somebody sends too early: what she did not choose or write is told as that, what
//! she wrote wrongly as wrong, and a day on the wrong side of today says on which side it is.

use city_stories::Town;

use crate::bodies::entered;
use crate::hearings::PLACE;
use crate::hearings_disputes::{Dispute, begun, deed};
use crate::property_votes::five;

/// A dispute that is being mediated.
const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水", other: "楼上住户" };

#[test]
fn a_clause_says_what_lacks_and_what_is_wrong_with_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 801);
        let address = format!("/cases/{}/agreement", story.number);
        let page = story.at("li").open(&address).expect(200);
        let whole = deed(&page, "add").set("owes", "second").set("what", "修好").set("due", "2026-11-26");
        for (field, value, said) in [
            ("owes", "", "“谁来办”还没有选"),
            ("owes", "nobody", "“谁来办”只能从列出的选项里选"),
            ("due", "", "“哪天以前”还没有填日期"),
            ("due", "2026-02-30", "“哪天以前”不是有效的日期"),
            ("due", "2026-11-22", "“哪天以前”填的日期已经过去了"),
            ("what", "", "还没有填写"),
        ] {
            let words = story.at("li").send(whole.clone().set(field, value)).expect(422).words();
            assert!(words.contains(said), "{}: {field}={value}: {words}", town.engine);
            let others = ["还没有选", "还没有填日期", "只能从列出", "不是有效的日期", "已经过去了"];
            let wrong = others.iter().find(|other| !said.contains(**other) && words.contains(**other));
            assert_eq!(wrong, None, "{}: {field}={value}: {words}", town.engine);
        }
        drop(story.at("li").submit(whole).expect(200));
        town.verify();
    }
}

#[test]
fn other_departments_say_it_in_the_same_words() {
    for town in Town::each() {
        let mut luo = town.staff("luo", "secretary_community", &town.named(PLACE), None);
        let form = luo.open("/bodies").expect(200).form("/bodies").set("name", "华炉调解委员会");
        let words = luo.send(form.set("kind", "")).expect(422).words();
        assert!(words.contains("“类别”还没有选") && words.contains("请选择其中一项"), "{}: {words}", town.engine);
        let page = entered(&mut luo, "mediation", "华炉调解委员会");
        let elect = deed(&page, "elect").set("held", "2026-02-30").set("members", "5").set("women", "2");
        let words = luo.send(elect).expect(422).words();
        assert!(words.contains("不是有效的日期"), "{}: {words}", town.engine);

        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let address = format!("{}/votes", five(&town, &mut keeper).address());
        let form = keeper.open(&address).expect(200).form(&address);
        let form = form.set("title", "更换电梯").set("told", "1").set("opens_on", "2026-12-08").set("ends_on", "");
        let form = form.set("matter1_kind", "use_fund").set("matter1_title", "用维修资金更换电梯");
        let words = keeper.send(form).expect(422).words();
        assert!(words.contains("还没有填日期") && !words.contains("不是有效的日期"), "{}: {words}", town.engine);
    }
}
