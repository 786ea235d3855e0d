//! These stories are about the maintenance fund as a case: the plan is posted, the owners vote, the office of the
//! district looks and allows, works begin after the vote, and what was settled is paid. Everybody sees how far it is.

use city_stories::{Story, Town};
use store::{Tx, args};
use testkit::{Form, Reply};

use crate::property_register::{Compound, PLACE, compound};
use crate::property_votes::{calls, enters, five};

const STAFF: &str = "zhao is community_worker at 华炉社区
    wu is district_handler at 大东区 for housing";

/// How owners voted on one lift: 27 of 40 took part, 14 of these agreed.
const VOTED: [(&str, &str); 9] = [
    ("vote", "paper"),
    ("vote_from", "2026-12-01"),
    ("vote_to", "2026-12-08"),
    ("entitled_heads", "40"),
    ("entitled_area", "4000"),
    ("taking_part_heads", "27"),
    ("taking_part_area", "2700"),
    ("agreeing_heads", "14"),
    ("agreeing_area", "1400"),
];

/// Sends the form of a use, with some fields changed.
fn planned(story: &mut Story<'_>, compound: &Compound, changes: &[(&str, &str)]) -> Reply {
    let zhao = story.at("zhao");
    let form = zhao.open("/property/fund/new").expect(200).form("/property/fund/new");
    let (ground, part) = (compound.id.to_string(), format!("{} 1", compound.buildings[0]));
    let fields = [
        ("ground", ground.as_str()),
        ("asker", "committee"),
        ("asking_paper", "2026-3"),
        ("works", "更换电梯"),
        ("budget", "300000"),
        ("subject", "shared"),
        ("range", "stair"),
        ("part", part.as_str()),
        ("account", "building"),
        ("emergency", "no"),
    ];
    let form = fields.iter().chain(changes).fold(form, |form, (name, value)| form.set(name, value));
    zhao.submit(form)
}

/// Enters a use, and makes the story that of its case.
fn entered(story: &mut Story<'_>, compound: &Compound, changes: &[(&str, &str)]) {
    let page = planned(story, compound, changes).expect(200);
    page.address.trim_start_matches("/cases/").clone_into(&mut story.number);
}

/// Sends how the owners voted, with some fields changed.
fn votes(story: &mut Story<'_>, changes: &[(&str, &str)]) -> Reply {
    let address = format!("/cases/{}/fund", story.number);
    let zhao = story.at("zhao");
    let form = zhao.open(&address).expect(200).form(&address);
    zhao.submit(VOTED.iter().chain(changes).fold(form, |form, (name, value)| form.set(name, value)))
}

/// What the fund does not pay, and what is no amount, is refused.
fn no_such_plan(town: &Town, story: &mut Story<'_>, compound: &Compound) {
    for (name, value, told) in [
        ("subject", "private", "自家的部分由自家修"),
        ("subject", "service", "这是物业企业日常该做的"),
        ("account", "compound", "出钱的账户和分摊的范围对不上"),
        ("budget", "很多", "预算（元）"),
        ("budget", "0", "金额要大于 0"),
        ("budget", "-50000", "金额要大于 0"),
        ("budget", "1000000000.01", "金额太大，最多 1,000,000,000.00 元"),
        ("budget", "92233720368547758.07", "金额太大，最多 1,000,000,000.00 元"),
        ("works", "", "“修什么”还没有填写"),
        ("part", "", "“哪栋楼、哪个单元”还没有填写"),
    ] {
        let refused = planned(story, compound, &[(name, value)]).expect(422).words();
        assert!(refused.contains(told), "{}: {name}: {refused}", town.engine);
    }
}

#[test]
fn a_lift_is_planned_voted_on_checked_built_and_paid() {
    for town in Town::each() {
        let compound = compound(&town);
        let mut story = Story::new(&town, 711);
        story.tell(STAFF);
        no_such_plan(&town, &mut story, &compound);
        entered(&mut story, &compound, &[]);
        story.tell(
            "case is planned
             zhao does not take post posted_on=2026-11-24 where=单元门口
             zhao does not take post posted_on=2026-11-22 where=单元门口
             zhao does post posted_on=2026-11-23 where=单元门口
             zhao does not take vote",
        );
        town.clock.set_local("2026-12-10 10:00");
        for (from, to, told) in
            [("2026-12-01", "2026-12-11", "这一天还没有到"), ("2026-12-08", "2026-12-07", "先后不对")]
        {
            let refused = votes(&mut story, &[("vote_from", from), ("vote_to", to)]).expect(422).words();
            assert!(refused.contains(told), "{}: {from} {to}: {refused}", town.engine);
        }
        let refused = votes(&mut story, &[("agreeing_area", "一半")]).expect(422).words();
        assert!(refused.contains("同意的面积"), "{}: {refused}", town.engine);
        let words = votes(&mut story, &[("taking_part_heads", "26")]).expect(200).words();
        assert!(words.contains("26 人，2,700.00 平方米"), "{}: {words}", town.engine);
        story.tell("zhao does not take vote");
        drop(votes(&mut story, &[("vote_from", "2026-11-29")]).expect(200));
        story.tell("zhao does not take vote");
        drop(votes(&mut story, &[]).expect(200));
        story.tell(
            "zhao does vote
             case is voted
             zhao does not take apply ready=yes works_on=2026-12-08
             zhao does apply ready=yes
             case is checking
             wu finds it in /queue
             wu opens it
             wu reads 更换电梯
             wu does not take allow amount=280000
             wu does visit visited_on=2026-12-10 record=电梯停了
             wu does not take allow amount=300000.01
             wu does not take allow amount=３０００００．０１
             wu does not take allow amount=-50000
             wu does not take allow amount=0
             wu does ask_more reason=缺预算书
             zhao does supply report=预算书
             wu does allow amount=２８００００
             case is works
             zhao does not take complete accepted=yes settled=275000 payers=yes published=yes
             zhao does not take begin works_on=2026-12-08
             zhao does begin works_on=2026-12-09
             zhao does not take complete accepted=yes settled=280000.01 payers=yes published=yes
             zhao does not take complete accepted=yes settled=２８００００．０１ payers=yes published=yes
             zhao does not take complete accepted=yes settled=-275000 payers=yes published=yes
             zhao does complete accepted=yes settled=２７５０００ payers=yes published=yes
             wu does not take close paid_on=2026-12-08
             wu does close paid_on=2026-12-10
             case is closed",
        );
        everybody_sees(&town, "已拨付");
        staff_find_it(&town, &mut story);
        not_for_others(&town, &story);
        town.verify();
    }
}

/// Whoever enters uses finds the case in her list; the guide of the item leads to the check.
fn staff_find_it(town: &Town, story: &mut Story<'_>) {
    let case = format!("/cases/{}", story.number);
    let list = story.at("zhao").open("/property/fund/cases").expect(200);
    assert!(list.words().contains("更换电梯") && list.links().contains(&case), "{}", list.words());
    let guide = town.visitor().open("/items/FC-06").expect(200);
    assert!(guide.links().contains(&"/property/fund".to_owned()), "{}: the guide leads to the check", town.engine);
}

/// Whoever lives there reads how far it is, on the page of the community.
fn everybody_sees(town: &Town, stage: &str) {
    let place = town.named(PLACE).id();
    let mut she = town.visitor();
    let words = she.open(&format!("/property/fund/of/{place}")).expect(200).words();
    assert!(words.contains("更换电梯") && words.contains("300,000.00"), "{}: {words}", town.engine);
    assert!(words.contains(stage), "{}: {words}", town.engine);
    assert!(she.open(&format!("/places/{place}")).expect(200).words().contains("更换电梯"));
}

/// A worker elsewhere reads nothing of it and enters nothing there.
fn not_for_others(town: &Town, story: &Story<'_>) {
    let mut far = town.staff("far", "community_worker", &town.named("永顺社区"), None);
    drop(far.open(&format!("/cases/{}/fund", story.number)).expect(404));
    let mut handler = town.staff("sanitation", "district_handler", &town.named("大东区"), Some("sanitation"));
    drop(handler.open(&format!("/cases/{}/fund", story.number)).expect(404));
    assert_eq!(handler.get("/property/fund/new").status, 403);
}

#[test]
fn in_an_emergency_works_come_first_and_the_check_after() {
    for town in Town::each() {
        let compound = compound(&town);
        let mut story = Story::new(&town, 712);
        story.tell(STAFF);
        entered(&mut story, &compound, &[("emergency", "lift")]);
        let beside = format!("/cases/{}/fund", story.number);
        let words = story.at("zhao").open(&beside).expect(200).words();
        assert!(words.contains("应急的不用先表决") && !words.contains("登记表决结果"), "{}: {words}", town.engine);
        story.tell(
            "case is urgent
             zhao does not take apply
             zhao does apply ready=yes works_on=2026-11-20
             case is checking
             wu opens it
             wu reads 电梯故障
             wu does visit visited_on=2026-11-23 record=已经抢修
             wu does allow amount=50000
             zhao does complete accepted=yes settled=48000 payers=yes published=yes
             case is completed
             wu does send_back reason=名单不全
             case is works",
        );
        everybody_sees(&town, "施工中");
        town.verify();
    }
}

#[test]
fn what_the_check_finds_wrong_is_refused_and_what_is_given_up_is_withdrawn() {
    for town in Town::each() {
        let compound = compound(&town);
        let mut story = Story::new(&town, 713);
        story.tell(STAFF);
        entered(&mut story, &compound, &[("emergency", "drains")]);
        story.tell(
            "zhao does apply ready=yes
             wu does not take refuse
             wu does refuse reason=还在保修期内
             case is refused
             zhao may not begin",
        );
        entered(&mut story, &compound, &[]);
        story.tell(
            "zhao does withdraw reason=不修了
             case is withdrawn",
        );
        town.verify();
    }
}

#[test]
fn a_vote_of_the_register_counts_as_it_was_counted() {
    for town in Town::each() {
        let mut story = Story::new(&town, 714);
        story.tell(STAFF);
        let compound = five(&town, story.at("zhao"));
        entered(&mut story, &compound, &[("range", "compound"), ("account", "compound")]);
        story.tell("zhao does post posted_on=2026-11-23 where=单元门口");
        let vote = calls(story.at("zhao"), &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        for number in ["1", "2", "3", "5"] {
            drop(enters(story.at("zhao"), &vote, &[("number", number), ("choice1", "1")]).expect(200));
        }
        let id = vote.rsplit('/').next().unwrap().to_owned();
        let early = votes(&mut story, &[("vote", &id)]).expect(422).words();
        assert!(early.contains("哪次表决"), "{}: a vote that is not over is none: {early}", town.engine);
        town.clock.set_local("2026-12-20 20:01");
        // Whoever opens it after the end counts it.
        drop(story.at("zhao").open(&vote).expect(200));
        let words = votes(&mut story, &[("vote", &id)]).expect(200).words();
        assert!(words.contains("5 人，500.00 平方米"), "{}: {words}", town.engine);
        assert!(words.contains("4 人，400.00 平方米"), "{}: {words}", town.engine);
        story.tell(
            "zhao does vote
             case is voted
             zhao does not take apply ready=yes works_on=2026-12-20
             zhao does apply ready=yes
             case is checking",
        );
        let whole = [("range", "compound"), ("account", "compound")];
        entered(&mut story, &compound, &whole);
        let used = votes(&mut story, &[("vote", &id)]).expect(422).words();
        assert!(used.contains("已经用在另一笔使用上"), "{}: a vote counts once: {used}", town.engine);
        let typed = [("entitled_heads", "1"), ("entitled_area", "100")];
        let differs = votes(&mut story, &typed).expect(422).words();
        assert!(differs.contains("5 人、500.00 平方米"), "{}: the register knows: {differs}", town.engine);
        let unknown = planned(&mut story, &compound, &[("part", "没有这栋 1")]).expect(422).words();
        assert!(unknown.contains("名册里没有“没有这栋 1”"), "{}: {unknown}", town.engine);
        entered(&mut story, &compound, &[]);
        let other = votes(&mut story, &[("vote", &id)]).expect(422).words();
        assert!(other.contains("不是分摊这笔费用的业主"), "{}: it was not the stair that voted: {other}", town.engine);
    }
}

/// Enters something in an account.
fn posts(story: &mut Story<'_>, account: &str, fields: &[(&str, &str)]) -> Reply {
    let zhao = story.at("zhao");
    let address = format!("{account}/entry");
    let form = zhao.open(&address).expect(200).form(&address).set("entry_on", "2026-11-23");
    zhao.submit(fields.iter().fold(form, |form, (name, value)| form.set(name, value)))
}

/// The form by which the account of a building is opened, or where none is named, that of the whole compound.
fn account_of(story: &mut Story<'_>, compound: &Compound, building: &str) -> Form {
    let new = "/property/accounts/new";
    let form = story.at("zhao").open(new).expect(200).form(new).set("ground", &compound.id.to_string());
    form.set("account_building", building)
}

#[test]
fn the_whole_compound_pays_from_its_own_account() {
    for town in Town::each() {
        let mut story = Story::new(&town, 716);
        story.tell(STAFF);
        let compound = five(&town, story.at("zhao"));
        let wrong = account_of(&mut story, &compound, "没有这栋").set("opening", "1").set("entry_on", "2026-11-20");
        let refused = story.at("zhao").send(wrong).expect(422).words();
        assert!(refused.contains("没有叫“没有这栋”的楼栋"), "{}: {refused}", town.engine);
        let mut opens = |building: &str, yuan: &str| {
            let form = account_of(&mut story, &compound, building).set("opening", yuan);
            story.at("zhao").submit(form.set("entry_on", "2026-11-20")).expect(200).address
        };
        let (building, whole) = (opens(&compound.buildings[0], "500000"), opens("", "100000"));
        entered(&mut story, &compound, &[("range", "compound"), ("account", "compound"), ("emergency", "lift")]);
        story.tell(
            "zhao does apply ready=yes works_on=2026-11-20
             wu opens it
             wu does visit visited_on=2026-11-23 record=已经抢修
             wu does not take allow amount=100000.01
             wu does allow amount=100000
             zhao does complete accepted=yes settled=100000 payers=yes published=yes
             wu does close paid_on=2026-11-23",
        );
        let words = town.visitor().open(&whole).expect(200).words();
        assert!(words.contains("-100,000.00"), "{}: {words}", town.engine);
        let words = town.visitor().open(&building).expect(200).words();
        assert!(words.contains("500,000.00") && !words.contains("100,000.00"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn an_account_adds_up_to_the_fen_and_pays_no_more_than_it_has() {
    for town in Town::each() {
        let compound = compound(&town);
        let mut story = Story::new(&town, 715);
        story.tell(STAFF);
        // The compound has an account of its own, from which no building takes anything.
        let whole = account_of(&mut story, &compound, "").set("opening", "9000000").set("entry_on", "2026-11-20");
        let whole = story.at("zhao").submit(whole).expect(200).address;
        let form = account_of(&mut story, &compound, &compound.buildings[0]).set("opening", "280000.50");
        assert_eq!(story.at("zhao").send(form.clone().set("entry_on", "2026-11-24")).status, 422, "{}", town.engine);
        let account = story.at("zhao").submit(form.clone().set("entry_on", "2026-11-20")).expect(200).address;
        let again = account_of(&mut story, &compound, &compound.buildings[0]);
        let again = story.at("zhao").submit(again.set("opening", "1").set("entry_on", "2026-11-20"));
        assert!(again.expect(422).words().contains("已经建过"), "{}", town.engine);
        drop(posts(&mut story, &account, &[("entry_kind", "paid"), ("amount", "１０００．２５")]).expect(200));
        let words = posts(&mut story, &account, &[("entry_kind", "interest"), ("amount", "0.01")]).expect(200).words();
        assert!(words.contains("281,000.76"), "{}: {words}", town.engine);
        for (fields, told) in [
            (vec![("entry_kind", "less"), ("amount", "1")], "“补充说明”还没有填写"),
            (vec![("entry_kind", "less"), ("amount", "281000.77"), ("note", "重复登记")], "不够这笔"),
            (vec![("entry_kind", "spent"), ("amount", "1")], "“收支”"),
            (vec![("entry_kind", "paid"), ("amount", "一元")], "“金额（元）”"),
            (vec![("entry_kind", "paid"), ("amount", "0")], "金额要大于 0"),
            (vec![("entry_kind", "interest"), ("amount", "92233720368547758.07")], "金额太大"),
            (vec![("entry_kind", "paid"), ("amount", "1"), ("entry_on", "2026-11-19")], "期初"),
        ] {
            let refused = posts(&mut story, &account, &fields).expect(422).words();
            assert!(refused.contains(told), "{}: {fields:?}: {refused}", town.engine);
        }
        entered(&mut story, &compound, &[("emergency", "lift")]);
        story.tell(
            "zhao does apply ready=yes works_on=2026-11-20
             wu opens it
             wu does visit visited_on=2026-11-23 record=已经抢修
             wu does not take allow amount=281000.77
             wu does allow amount=281000.76",
        );
        let first = story.number.clone();
        entered(&mut story, &compound, &[("emergency", "drains")]);
        story.tell(
            "zhao does apply ready=yes works_on=2026-11-21
             wu opens it
             wu does visit visited_on=2026-11-23 record=堵了
             wu does not take allow amount=0.01",
        );
        story.number = first;
        story.tell(
            "zhao does complete accepted=yes settled=275000 payers=yes published=yes
             wu does close paid_on=2026-11-23
             case is closed",
        );
        let case = format!("/cases/{}", story.number);
        let page = story.at("zhao").open(&account).expect(200);
        let words = page.words();
        assert!(words.contains("-275,000.00") && words.contains("6,000.76"), "{}: {words}", town.engine);
        assert!(page.links().contains(&case), "{}: a line opens its case", town.engine);
        let page = town.visitor().open(&account).expect(200);
        assert!(page.words().contains("6,000.76") && !page.links().contains(&case), "{}", town.engine);
        let listed = town.visitor().open(&format!("/property/fund/of/{}", town.named(PLACE).id())).expect(200);
        assert!(listed.words().contains("6,000.76") && listed.links().contains(&account), "{}", town.engine);
        let words = town.visitor().open(&whole).expect(200).words();
        assert!(words.contains("9,000,000.00") && !words.contains("275,000.00"), "{}: {words}", town.engine);
        let mut far = town.staff("far", "community_worker", &town.named("永顺社区"), None);
        assert_eq!(far.get(&format!("{account}/entry")).status, 404, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn an_account_that_is_broken_by_huge_amounts_opens_and_is_put_right() {
    for town in Town::each() {
        let compound = compound(&town);
        let mut story = Story::new(&town, 717);
        story.tell(STAFF);
        let form = account_of(&mut story, &compound, "").set("opening", "1").set("entry_on", "2026-11-20");
        let account = story.at("zhao").submit(form).expect(200).address;
        drop(posts(&mut story, &account, &[("entry_kind", "interest"), ("amount", "1")]).expect(200));
        // Amounts had no bound once.
        let huge = |tx: &mut dyn Tx| tx.exec("update property_entry set amount_fen = $1", &args![i64::MAX]);
        town.city.store.write_blocking(huge).unwrap();
        let listed = format!("/property/fund/of/{}", town.named(PLACE).id());
        for address in [&account, &listed] {
            let words = town.visitor().open(address).expect(200).words();
            assert!(words.contains("92,233,720,368,547,758.07"), "{}: {address}: {words}", town.engine);
        }
        let back = [("entry_kind", "less"), ("amount", "92233720368547758.07"), ("note", "多打了数字")];
        for _ in 0..2 {
            drop(posts(&mut story, &account, &back).expect(200));
        }
        let refused = posts(&mut story, &account, &[("entry_kind", "less"), ("amount", "0.01"), ("note", "多")]);
        let refused = refused.expect(422).words();
        assert!(refused.contains("可以用的只有 0.00 元"), "{}: {refused}", town.engine);
        let words = posts(&mut story, &account, &[("entry_kind", "paid"), ("amount", "2")]).expect(200).words();
        assert!(words.contains("余额（元） 2.00"), "{}: {words}", town.engine);
        town.verify();
    }
}
