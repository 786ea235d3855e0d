//! These stories are about what can be put right before it is too late: a unit of the register, a table before it is
//! taken in, a ballot on paper that was typed wrongly; and about votes of a part of the owners, and of candidates.

use crate::property_register::{PLACE, brings, code_for, compound, first_unit, imports, links};
use crate::property_votes::{calls, enters, five, known, puts};
use city_stories::{Browser, PASSWORD, Town};
use testkit::{Form, Reply};

/// The form by which a unit is corrected.
fn correction(keeper: &mut Browser, unit: &str) -> Form {
    let address = format!("{unit}/edit");
    keeper.open(&address).expect(200).form(&address)
}

/// Takes a ballot on paper back.
fn takes_back(keeper: &mut Browser, vote: &str, number: &str) -> Reply {
    let address = format!("{vote}/back");
    let form = keeper.open(&address).expect(200).form(&address).set("number", number);
    keeper.submit(form.set("back_reason", "typed"))
}

#[test]
fn a_table_is_looked_at_before_it_is_taken_in_and_nothing_vanishes_unasked() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let building = &compound.buildings[0];
        let rows = format!(
            "{building},1,101,住宅,90,李岺,,,\n{building},1,102,住宅,100,王芳,,,\n{building},1,105,住宅,50,周艳,,,"
        );
        let page = brings(&mut keeper, &compound, &rows).expect(200);
        let words = page.words();
        for told in ["新增 1 套，改动 1 套，去掉 3 套，不变 1 套", "1 103", "1 105", "还没有导入"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!words.contains("周艳"), "{}: nobody is named: {words}", town.engine);
        let kept = keeper.open(&compound.address()).expect(200).words();
        assert!(kept.contains("套数 5") && kept.contains("1 103"), "{}: nothing is taken in yet: {kept}", town.engine);
        let form = page.form(&compound.address());
        let refused = keeper.uploads(&form, &[]).expect(422);
        assert!(refused.words().contains("有 3 套房会从名册里去掉"), "{}: {}", town.engine, refused.words());
        // What somebody else changed meanwhile is listed again before it is taken in.
        let unit = first_unit(&mut keeper, &compound);
        let changed = correction(&mut keeper, &unit).set("area", "88").set("reason", "房产证上是 88 平方米");
        drop(keeper.submit(changed).expect(200));
        let form = refused.form(&compound.address()).set("drop", "1");
        let again = keeper.uploads(&form, &[]).expect(422);
        assert!(again.words().contains("和刚才列出来的不一样"), "{}: {}", town.engine, again.words());
        let form = again.form(&compound.address()).set("drop", "1");
        let words = keeper.uploads(&form, &[]).expect(200).words();
        assert!(words.contains("新增 1 套、改动 1 套、去掉 3 套"), "{}: {words}", town.engine);
        assert!(words.contains("套数 3") && !words.contains("1 103"), "{}: {words}", town.engine);
        let template = keeper.get(&format!("{}/template?format=csv", compound.address())).expect(200).body();
        assert!(template.contains("房号") && template.contains("权利人"), "{}: {template}", town.engine);
        town.verify();
    }
}

#[test]
fn a_unit_is_corrected_with_a_reason_and_keeps_what_stood_there() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let unit = first_unit(&mut keeper, &compound);
        let form = correction(&mut keeper, &unit);
        assert_eq!(form.get("area"), Some("100.00"), "{}", town.engine);
        for (name, value, told) in [
            ("area", "九十", "面积“九十”看不懂"),
            ("reason", "", "“为什么更正”还没有填写"),
            ("share1", "1/3", "份额"),
            // Two people claim all of it.
            ("new1_owner", "孙丽", "有几个人都说是自己的"),
            ("area", "100", "没有要更正的"),
        ] {
            let form = form.clone().set("reason", "房产证上写的不一样").set(name, value);
            let refused = keeper.send(form).expect(422).words();
            assert!(refused.contains(told), "{}: {name}: {refused}", town.engine);
        }
        let form = form.set("area", "90.5").set("share1", "1/2").set("reason", "房产证上是夫妻两人");
        let form = form.set("new1_owner", "孙丽").set("new1_share", "1/2");
        let words = keeper.submit(form).expect(200).words();
        for told in ["已更正", "90.50", "1/2", "100.00 平方米，住宅", "房产证上是夫妻两人", "keeper"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!words.contains("孙丽") && words.contains("孙*"), "{}: names stay masked: {words}", town.engine);
        // While a vote is under way its owners stay; what is corrected counts from the next vote on.
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let entitled = |keeper: &mut Browser| keeper.open(&vote).expect(200).words();
        assert!(entitled(&mut keeper).contains("5 人，490.50 平方米"), "{}", town.engine);
        let form = correction(&mut keeper, &unit).set("area", "90").set("reason", "又核对了一次");
        let refused = keeper.send(form.clone()).expect(422).words();
        assert!(refused.contains("更正不会改变这次表决"), "{}: {refused}", town.engine);
        let form = form.set("in_vote", "1");
        let refused = keeper.send(form.clone().set("share1", "")).expect(422).words();
        assert!(refused.contains("这套房的业主现在不能改"), "{}: {refused}", town.engine);
        drop(keeper.submit(form).expect(200));
        assert!(entitled(&mut keeper).contains("5 人，490.50 平方米"), "{}: the vote stays", town.engine);
        let mut other = town.staff("other", "community_worker", &town.named("永顺社区"), None);
        drop(other.open(&format!("{unit}/edit")).expect(404));
        town.verify();
    }
}

#[test]
fn a_ballot_that_was_typed_wrongly_is_taken_back_by_a_second_person_and_entered_again() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let mut second = town.staff("second", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(641);
        drop(links(&mut she, &code).expect(200));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        for number in ["2", "3", "5"] {
            drop(enters(&mut keeper, &vote, &[("number", number), ("choice1", "2")]).expect(200));
        }
        let page = keeper.open(&format!("{vote}/sheets")).expect(200);
        assert!(page.body().contains("name=\"number\"") && page.body().contains(" autofocus"), "{}", town.engine);
        let refused = takes_back(&mut keeper, &vote, "2").expect(422).words();
        assert!(refused.contains("要由另一位同事收回"), "{}: {refused}", town.engine);
        let ballot = format!("{vote}/ballot/1");
        let form = she.open(&ballot).expect(200).form(&ballot).set("choice1", "for");
        drop(she.submit(form).expect(200));
        let refused = takes_back(&mut second, &vote, "1").expect(422).words();
        assert!(refused.contains("1 号没有可以收回的纸质票"), "{}: hers stays hers: {refused}", town.engine);
        let words = takes_back(&mut second, &vote, "2").expect(200).words();
        assert!(words.contains("2 号票已经收回") && words.contains("录入时打错"), "{}: {words}", town.engine);
        assert!(keeper.open(&vote).expect(200).words().contains("3 人，300.00 平方米"), "{}", town.engine);
        // At the same moment once more: whoever entered it may not, the other one may.
        drop(enters(&mut second, &vote, &[("number", "2"), ("choice1", "3")]).expect(200));
        assert_eq!(takes_back(&mut second, &vote, "2").status, 422, "{}: she entered it", town.engine);
        drop(takes_back(&mut keeper, &vote, "2").expect(200));
        drop(enters(&mut second, &vote, &[("number", "2"), ("choice1", "1")]).expect(200));
        let words = second.open(&format!("{vote}/receipt/2")).expect(200).words();
        assert!(words.contains("收回过：录入时打错") && words.contains("同意"), "{}: {words}", town.engine);
        town.clock.set_local("2026-12-20 20:01");
        let words = she.open(&vote).expect(200).words();
        assert!(words.contains("同意 2 人，200.00 平方米"), "{}: each once: {words}", town.engine);
        let sheet = she.open(&format!("{vote}/audit.csv")).expect(200).body();
        assert!(sheet.ends_with("\ntaken_back,2,typed\ntaken_back,2,typed\n"), "{}: {sheet}", town.engine);
        assert_eq!(sheet.lines().filter(|line| line.starts_with("ballot,") && line.contains(",1000000,")).count(), 4);
        let page = she.open(&format!("{vote}/audit")).expect(200).words();
        assert!(page.contains("收回过的票") && page.contains("录入时打错"), "{}: {page}", town.engine);
        let late = second.open(&format!("{vote}/back")).expect(200);
        assert!(late.forms().iter().all(|form| form.action != format!("{vote}/back")), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_vote_by_a_part_of_the_register_says_so_and_why() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "换物业").set("told", "1");
        let form = form.set("caller", "committee").set("opens_on", "2026-12-08").set("ends_on", "2026-12-20");
        let form = form.set("matter1_kind", "company").set("matter1_title", "选聘物业");
        let refused = keeper.send(form.clone()).expect(422).words();
        assert!(refused.contains("名册里只有 5 套，小区登记"), "{}: {refused}", town.engine);
        let refused = keeper.send(form.clone().set("partial", "1")).expect(422).words();
        assert!(refused.contains("“为什么这样”还没有填写"), "{}: {refused}", town.engine);
        let vote = puts(&mut keeper, known(form)).expect(200).address;
        for address in [vote.clone(), format!("{vote}/print")] {
            let words = keeper.open(&address).expect(200).words();
            for told in ["名册不全。", "其余楼栋还没有交付", "名册 5 套；小区登记"] {
                assert!(words.contains(told), "{}: {address}: {told}: {words}", town.engine);
            }
        }
        let words = keeper.open(&format!("{vote}/print")).expect(200).words();
        for told in ["面积和人数都要达到 2/3", "都要超过 1/2", "选聘、解聘物业", "人数算一个，面积合计", "盖章"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        // Whoever watches over the district reads which votes and registers there are, and nobody's name.
        let mut district = town.staff("district", "organiser_district", &town.named("大东区"), None);
        let list = district.open("/property/votes/kept").expect(200);
        assert!(list.words().contains("换物业") && list.links().contains(&vote), "{}", list.words());
        assert!(district.open(&vote).expect(200).words().contains("名册不全"), "{}", town.engine);
        assert!(district.open("/property").expect(200).words().contains("500.00"), "{}", town.engine);
        drop(district.open(&compound.address()).expect(403));
        drop(district.open(&format!("{vote}/sheets")).expect(403));
        assert!(district.open("/property/tables").expect(200).words().contains("三方联席"), "{}", town.engine);
        let mut far = town.staff("far", "organiser_district", &town.named("和平区"), None);
        assert!(!far.open("/property/votes/kept").expect(200).words().contains("换物业"), "{}", town.engine);
        drop(far.open(&vote).expect(404));
        town.verify();
    }
}

#[test]
fn a_vote_is_called_as_it_was_looked_at() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "换物业").set("told", "1");
        let form = known(form.set("caller", "committee").set("opens_on", "2026-12-08").set("ends_on", "2026-12-20"));
        let form = form.set("matter1_kind", "company").set("matter1_title", "选聘物业");
        let looked = keeper.submit(form).expect(200).form(&address).set("step", "call");
        for unseen in ["looked_heads", "looked_area", "looked_matters"] {
            let refused = keeper.send(looked.clone().without(unseen)).expect(422).words();
            assert!(refused.contains("或者您还没有核对过"), "{}: {unseen}: {refused}", town.engine);
        }
        let unit = first_unit(&mut keeper, &compound);
        let changed = correction(&mut keeper, &unit).set("area", "90.5").set("reason", "房产证上是 90.5 平方米");
        drop(keeper.submit(changed).expect(200));
        let refused = keeper.send(looked).expect(422);
        let words = refused.words();
        assert!(words.contains("现在有表决权的是 5 人、490.50 平方米"), "{}: {words}", town.engine);
        let words = puts(&mut keeper, refused.form(&address)).expect(200).words();
        assert!(words.contains("5 人，490.50 平方米"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn an_election_has_a_line_for_each_candidate_and_no_more_seats_than_are_filled() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "选举业委会").set("told", "1");
        let form = known(form.set("caller", "committee").set("opens_on", "2026-12-08").set("ends_on", "2026-12-20"));
        let form = form.set("matter1_kind", "committee").set("matter1_title", "选举业主委员会委员");
        let form = form.set("matter1_candidates", "候选人甲\n候选人乙\n候选人丙");
        for (seats, told) in [("", "应选人数"), ("4", "应选人数")] {
            let refused = keeper.send(form.clone().set("matter1_seats", seats)).expect(422).words();
            assert!(refused.contains(told), "{}: {seats}: {refused}", town.engine);
        }
        let vote = puts(&mut keeper, form.set("matter1_seats", "2")).expect(200).address;
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains("候选人 3 名，应选 2 名") && words.contains("候选人丙"), "{}: {words}", town.engine);
        let sheet = keeper.open(&format!("{vote}/print?sheets=1")).expect(200).words();
        assert!(sheet.matches("候选人乙").count() > 5, "{}: each has a box of her own: {sheet}", town.engine);
        town.clock.set_local("2026-12-08 10:00");
        let all = [("number", "1"), ("choice1", "1"), ("choice2", "1"), ("choice3", "1")];
        let refused = enters(&mut keeper, &vote, &all).expect(422).words();
        assert!(refused.contains("应选 2 人，票上同意了 3 人"), "{}: {refused}", town.engine);
        for number in ["1", "2", "3", "5"] {
            let sheet = [("number", number), ("choice1", "1"), ("choice2", "2"), ("choice3", "1")];
            drop(enters(&mut keeper, &vote, &sheet).expect(200));
        }
        town.clock.set_local("2026-12-20 20:01");
        let words = keeper.open(&vote).expect(200).words();
        let elected = "“选举业主委员会委员”选出：候选人甲、候选人丙";
        for told in ["1. 候选人甲 通过", "2. 候选人乙 未通过", "3. 候选人丙 通过", "业主委员会选出来了", elected]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        // What a candidate needs by the law stands once, above all of them.
        assert_eq!(words.matches("面积和人数都要").count(), 1, "{}: {words}", town.engine);
        let door = keeper.open(&format!("{vote}/print?outcome=1")).expect(200).words();
        assert!(door.contains(elected), "{}: {door}", town.engine);
        // Whoever enters elections among the bodies of the community is led there.
        assert!(!words.contains("去登记"), "{}: not hers to enter: {words}", town.engine);
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(PLACE), None);
        let page = secretary.open(&vote).expect(200);
        assert!(page.words().contains("去登记"), "{}: {}", town.engine, page.words());
        assert!(page.links().contains(&format!("{vote}/elected")), "{}", town.engine);
        assert_eq!(keeper.get(&format!("{vote}/elected")).status, 403, "{}: not hers to enter", town.engine);
        the_committee_is_entered(&town, &mut secretary, &vote);
        town.verify();
    }
}

/// What the vote knows of the committee stands in the form, and is entered among the bodies of the community.
fn the_committee_is_entered(town: &Town, secretary: &mut Browser, vote: &str) {
    let address = format!("{vote}/elected");
    let form = secretary.open(&address).expect(200).form(&address);
    let found = ["elected_on", "members", "body"].map(|name| form.get(name).map(str::to_owned));
    assert_eq!(found, [Some("2026-12-20"), Some("2"), Some("new")].map(|one| one.map(str::to_owned)));
    assert!(form.get("committee_name").unwrap().ends_with("业主委员会"), "{}", town.engine);
    let form = form.set("women", "2").set("post1", "候选人甲").set("own_years", "3");
    let refused = secretary.send(form.clone().set("members", "5")).expect(422).words();
    assert!(refused.contains("“公示姓名”还没有填写"), "{}: {refused}", town.engine);
    let form = form.set("agreed", "1");
    assert_eq!(secretary.send(form.clone()).status, 422, "{}: two are no committee", town.engine);
    let form = form.set("members", "5");
    for _ in 0..2 {
        let page = secretary.submit(form.clone()).expect(200);
        let words = page.words();
        for told in ["主任 候选人甲", "任期到 2029年12月20日", "选出 5 人，其中妇女 2 人"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert_eq!(words.matches("其中妇女 2 人").count(), 1, "{}: sent twice, entered once", town.engine);
        assert!(page.links().contains(&vote.to_owned()), "{}: it leads to the vote", town.engine);
    }
    let page = secretary.open(vote).expect(200);
    assert!(page.words().contains("已经登记，去看看"), "{}: {}", town.engine, page.words());
    let mut far = town.staff("far", "secretary_community", &town.named("永顺社区"), None);
    assert_eq!(far.get(&address).status, 404, "{}", town.engine);
}

#[test]
fn three_candidates_who_pass_for_two_seats_are_voted_on_once_more() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "选举业委会").set("told", "1");
        let form = known(form.set("caller", "committee").set("opens_on", "2026-12-08").set("ends_on", "2026-12-20"));
        let form = form.set("matter1_kind", "committee").set("matter1_title", "选举业主委员会委员");
        let form = form.set("matter1_candidates", "候选人甲\n候选人乙\n候选人丙").set("matter1_seats", "2");
        let vote = puts(&mut keeper, form).expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        for (number, choices) in [("1", "112"), ("2", "211"), ("3", "121"), ("4", "112"), ("5", "221")] {
            let choice = |at: usize| choices.get(at..=at).unwrap();
            let sheet = [("number", number), ("choice1", choice(0)), ("choice2", choice(1)), ("choice3", choice(2))];
            drop(enters(&mut keeper, &vote, &sheet).expect(200));
        }
        town.clock.set_local("2026-12-20 20:01");
        let page = keeper.open(&vote).expect(200);
        let words = page.words();
        for told in ["1. 候选人甲 过线，票数一样", "3. 候选人丙 过线，票数一样", "在他们中间再选 2 名"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!words.contains("业主委员会选出来了"), "{}: nobody is elected yet: {words}", town.engine);
        assert!(page.links().contains(&address), "{}: she calls the second vote", town.engine);
        let door = keeper.open(&format!("{vote}/print?outcome=1")).expect(200).words();
        assert!(door.contains("候选人甲、候选人乙、候选人丙") && door.contains("再选 2 名"), "{}: {door}", town.engine);
        town.verify();
    }
}

#[test]
fn an_owner_who_opens_an_account_comes_to_her_code_and_sees_the_votes() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = compound(&town);
        let row = format!("{},1,101,住宅,80,李岺,,,", compound.buildings[0]);
        drop(imports(&mut keeper, &compound, &row).expect(200));
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let mut she = town.visitor();
        let page = she.open("/property/link").expect(200);
        let open = page.links().into_iter().find(|link| link.starts_with("/account/open?")).unwrap();
        let form =
            she.open(&open).expect(200).form("/account/open").set("name", "李岺").set("telephone", "13800000641");
        let page = she.submit(form.set("new", PASSWORD).set("consent", "yes")).expect(200);
        assert_eq!(page.address, "/property/link", "{}: she comes back", town.engine);
        let page = links(&mut she, &code).expect(200);
        let words = page.words();
        assert!(words.contains("您可以投的表决") && words.contains("更换电梯"), "{}: {words}", town.engine);
        assert!(words.contains("2026年11月26日起可以投"), "{}: from which day: {words}", town.engine);
        assert!(page.links().contains(&vote), "{}: {:?}", town.engine, page.links());
        town.clock.set_local("2026-12-08 10:00");
        let mut she = town.visitor();
        she.sign_in("13800000641", PASSWORD);
        assert!(she.open("/property/votes").expect(200).words().contains("去投票"), "{}", town.engine);
        let ballot = format!("{vote}/ballot/1");
        let form = she.open(&ballot).expect(200).form(&ballot);
        let refused = she.send(form.clone()).expect(422).words();
        assert!(refused.contains("“用维修资金更换电梯”还没有选"), "{}: {refused}", town.engine);
        drop(she.submit(form.set("choice1", "against")).expect(200));
        let page = she.open("/property/votes").expect(200);
        assert!(page.words().contains("已投，看回执"), "{}: {}", town.engine, page.words());
        assert!(page.links().contains(&format!("{vote}/receipt/1")), "{}", town.engine);
        town.verify();
    }
}
