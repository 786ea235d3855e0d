//! These stories are about the way to the first owners' meeting: it is possible by rule, each step has its day, only
//! what was done is entered, and each compound stands there once.

use city_stories::{Browser, Town};
use testkit::Form;

use crate::companies::COMMUNITY;

const STREET: &str = "南湖街道";

/// The form of a page.
fn form_at(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).form(address)
}

/// The form by which a compound is entered.
fn begun(street: &mut Browser, town: &Town) -> Form {
    let place = town.named(COMMUNITY).id().to_string();
    let form = form_at(street, "/property/first/new").set("community", &place).set("compound", "南苑");
    form.set("total", "30000").set("delivered", "14999.99")
}

#[test]
fn a_first_meeting_is_possible_by_rule_and_each_step_has_its_day() {
    for town in Town::each() {
        let mut street = town.staff("street", "secretary_street", &town.named(STREET), None);
        assert!(street.open("/property/first").expect(200).words().contains("还没有登记筹备首次业主大会的小区"));
        let form = begun(&mut street, &town);
        let refused = street.send(form.clone().set("delivered", "30000.01")).expect(422).words();
        assert!(refused.contains("比总面积还大"), "{refused}");
        let page = street.submit(form).expect(200);
        assert!(page.words().contains("还不够条件"), "{}: {}", town.engine, page.words());
        let edit = format!("{}/edit", page.address);
        let form = form_at(&mut street, &edit).set("delivered", "15000").set("reached_on", "2026-11-20");
        let words = street.submit(form).expect(200).words();
        assert!(words.contains("够条件了") && words.contains("最晚 2026年12月5日"), "{}: {words}", town.engine);
        let form = form_at(&mut street, &edit).set("told_on", "2026-11-21").set("group_on", "2026-11-23");
        assert!(street.send(form.clone().set("group_owners", "8")).expect(422).words().contains("3 到 7 名"));
        let words = street.submit(form.set("group_owners", "5")).expect(200).words();
        assert!(words.contains("2026年11月23日办了"), "{words}");
        let ahead = form_at(&mut street, &edit).set("drafts_on", "2026-11-24");
        let refused = street.send(ahead).expect(422).words();
        assert!(refused.contains("这一天还没有到"), "{}: tomorrow nothing was posted: {refused}", town.engine);
        town.clock.set_local("2026-12-02 10:00");
        let form = form_at(&mut street, &edit).set("drafts_on", "2026-11-24");
        for (delivered, meeting_on, told) in [
            ("15000", "2026-11-30", "2026年12月1日"),
            ("15000", "2026-12-03", "这一天还没有到"),
            ("100", "2026-12-01", "还不够开首次业主大会的条件"),
        ] {
            let form = form.clone().set("delivered", delivered).set("meeting_on", meeting_on);
            let refused = street.send(form).expect(422).words();
            assert!(refused.contains(told), "{}: {delivered} {meeting_on}: {refused}", town.engine);
        }
        let page = street.submit(form.set("meeting_on", "2026-12-01")).expect(200);
        assert!(town.visitor().open(&page.address).expect(200).words().contains("已经开过"));
        let mut other = town.staff("other", "secretary_street", &town.named("五里河街道"), None);
        assert_eq!(other.get(&edit).status, 404);
    }
}

#[test]
fn a_compound_is_entered_once_on_the_way_to_its_first_meeting() {
    for town in Town::each() {
        let mut street = town.staff("street", "secretary_street", &town.named(STREET), None);
        let form = begun(&mut street, &town);
        drop(street.submit(form).expect(200));
        let again = begun(&mut street, &town);
        let refused = street.send(again).expect(422).words();
        assert!(refused.contains("首次业主大会已经登记过"), "{}: {refused}", town.engine);
        let links = street.open("/property/first").expect(200).links();
        let is_one = |link: &&String| link.starts_with("/property/first/") && !link.ends_with("/new");
        let ones = links.iter().filter(is_one).count();
        assert_eq!(ones, 1, "{}: {links:?}", town.engine);
        town.verify();
    }
}
