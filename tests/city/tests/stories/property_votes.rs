//! These stories are about what owners decide: a vote is called in time, paper and online ballots are in one register,
//! each unit once, nobody sees the count before the end, and everybody can recount it afterwards.

use crate::property_register::{
    Compound, PLACE, code_for, code_on, compound, does, first_unit, imports, letters, links,
};
use city_stories::{Browser, Town};
use testkit::{Form, Reply};

/// Five owners of 100 m² each, one of them the developer.
pub fn five(town: &Town, keeper: &mut Browser) -> Compound {
    let compound = compound(town);
    let building = &compound.buildings[0];
    let row = |unit: &str, owner: &str| format!("{building},1,{unit},住宅,100,{owner},,,\n");
    let owners = [("101", "李岺"), ("102", "王芳"), ("103", "赵敏"), ("201", "未售"), ("202", "陈静")];
    let rows: String = owners.iter().map(|(unit, owner)| row(unit, owner)).collect();
    drop(imports(keeper, &compound, &rows).expect(200));
    compound
}

/// Calls a vote that opens on a day.
pub fn calls(keeper: &mut Browser, compound: &Compound, opens_on: &str) -> Reply {
    let address = format!("{}/votes", compound.address());
    let form = keeper.open(&address).expect(200).form(&address);
    let form = form.set("title", "更换电梯").set("told", "1").set("opens_on", opens_on).set("ends_on", "2026-12-20");
    let form = known(form.set("caller", "committee"));
    puts(keeper, form.set("matter1_kind", "use_fund").set("matter1_title", "用维修资金更换电梯"))
}

/// Sends the form of a call, and calls the vote on the page that shows it first. Returns what was refused.
pub fn puts(keeper: &mut Browser, form: Form) -> Reply {
    let action = form.action.clone();
    let shown = keeper.submit(form);
    if shown.status == 200 { keeper.submit(shown.form(&action).set("step", "call")) } else { shown }
}

/// Says in a form that the register is not whole, and why; where it is whole, nothing.
pub fn known(form: Form) -> Form {
    if form.offers.iter().all(|name| name != "partial") {
        return form;
    }
    form.set("partial", "1").set("partial_reason", "其余楼栋还没有交付")
}

/// Enters a numbered sheet.
pub fn enters(keeper: &mut Browser, vote: &str, sheet: &[(&str, &str)]) -> Reply {
    let address = format!("{vote}/sheets");
    let form = keeper.open(&address).expect(200).form(&address);
    keeper.submit(sheet.iter().fold(form, |form, (name, value)| form.set(name, value)))
}

/// Enters a written proxy for a number.
fn gives(keeper: &mut Browser, vote: &str, number: &str, telephone: &str) -> Reply {
    names(keeper, vote, number, ("周艳", telephone))
}

/// Enters a written proxy of a name and a telephone for a number.
fn names(keeper: &mut Browser, vote: &str, number: &str, agent: (&str, &str)) -> Reply {
    let address = format!("{vote}/proxies");
    let page = keeper.open(&address).expect(200);
    let form = page.forms().into_iter().rfind(|form| form.action == address).unwrap();
    keeper.submit(form.set("number", number).set("name", agent.0).set("telephone", agent.1))
}

/// Withdraws the first proxy on the page.
fn withdraws(keeper: &mut Browser, vote: &str) {
    let address = format!("{vote}/proxies");
    let form = keeper.open(&address).expect(200).form(&address);
    drop(keeper.submit(form.set("deed", "withdraw")).expect(200));
}

/// The longest word of hexadecimal digits on a page: a commitment.
fn commitment_on(page: &Reply) -> String {
    let words = page.words();
    let is_one = |word: &&str| word.len() == 64 && word.chars().all(|sign| sign.is_ascii_hexdigit());
    words.split_whitespace().find(is_one).unwrap_or_else(|| panic!("no commitment: {words}")).to_owned()
}

/// Votes online in three screens, and returns the receipt.
fn votes_online(she: &mut Browser, vote: &str, choice: &str) -> Reply {
    assert!(she.open("/property/votes").expect(200).links().contains(&vote.to_owned()));
    let address = format!("{vote}/ballot/1");
    let form = she.open(&address).expect(200).form(&address);
    she.submit(form.set("choice1", choice))
}

/// Before the end nobody sees the sheet; whoever may see the vote reads when to come again, and nobody else anything.
fn told_when_to_come_again(town: &Town, keeper: &mut Browser, she: &mut Browser, vote: &str) {
    drop(keeper.open(&format!("{vote}/print?outcome=1")).expect(404));
    let (mut stranger, _) = town.neighbour(629);
    for hidden in ["roll", "audit", "audit?code=00000000", "audit.csv"] {
        let address = format!("{vote}/{hidden}");
        assert_eq!(stranger.open(&address).status, 404, "{}: {hidden}", town.engine);
        for reader in [&mut *keeper, &mut *she] {
            let told = reader.open(&address).expect(422).words();
            assert!(told.contains("要等表决结束才有") && told.contains("12月20日 20:00"), "{}: {told}", town.engine);
            assert!(!told.contains("平方米"), "{}: nothing of the count: {told}", town.engine);
        }
    }
}

#[test]
fn paper_and_screen_are_one_register_and_the_count_is_hidden_until_the_end() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(621);
        drop(links(&mut she, &code).expect(200));
        let early = calls(&mut keeper, &compound, "2026-12-07").expect(422).words();
        assert!(early.contains("最早可以从 2026年12月8日开始"), "{}: {early}", town.engine);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let soon = she.open(&format!("{vote}/ballot/1")).expect(200).words();
        assert!(soon.contains("表决还没有开始"), "{}: it says so before she chooses: {soon}", town.engine);
        town.clock.set_local("2026-12-08 10:00");
        drop(she.open(&format!("{vote}/ballot/1")).expect(200));
        let both = [("choice1", "for"), ("choice1", "against"), ("_once", "both")];
        let refused = she.post(&format!("{vote}/ballot/1"), &both).expect(422).words();
        assert!(refused.contains("选了不止一个"), "{}: nobody guesses which: {refused}", town.engine);
        let first = commitment_on(&votes_online(&mut she, &vote, "for").expect(200));
        let receipt = votes_online(&mut she, &vote, "against").expect(200);
        let own = commitment_on(&receipt);
        let words = receipt.words();
        let beginning: String = own.chars().take(16).collect();
        for told in ["抄前 8 位就够", "全部核对码和算法", &format!("{vote}/audit?code={beginning}")] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert_ne!(own, first, "{}: she changed it", town.engine);
        let refused = enters(&mut keeper, &vote, &[("number", "1"), ("choice1", "1")]).expect(422).words();
        assert!(refused.contains("已经投过票了") && refused.contains("业主本人"), "{}: {refused}", town.engine);
        drop(enters(&mut keeper, &vote, &[("number", "2"), ("choice1", "1")]).expect(200));
        let twice = enters(&mut keeper, &vote, &[("number", "2"), ("choice1", "2")]).expect(422).words();
        assert!(twice.contains("已经投过票了"), "{}: {twice}", town.engine);
        let unread = enters(&mut keeper, &vote, &[("number", "3"), ("choice1", "7")]).expect(422).words();
        assert!(unread.contains("“7”看不懂"), "{}: {unread}", town.engine);
        drop(enters(&mut keeper, &vote, &[("number", "3"), ("choice1", "１")]).expect(200));
        drop(enters(&mut keeper, &vote, &[("number", "99"), ("choice1", "1")]).expect(422));
        let entered = format!("{vote}/receipt/2");
        drop(commitment_on(&keeper.open(&entered).expect(200)));
        drop(keeper.open(&format!("{vote}/receipt/1")).expect(404));
        let mut second = town.staff("second", "community_worker", &town.named(PLACE), None);
        drop(second.open(&vote).expect(200));
        assert_eq!(second.open(&entered).status, 404, "{}: others of the staff read no ballot", town.engine);
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains("3 人，300.00 平方米") && words.contains("参与还不够"), "{}: {words}", town.engine);
        assert!(words.contains("4 人，333.34 平方米"), "{}: {words}", town.engine);
        assert!(!words.contains("同意至少要"), "{}: nobody sees the count: {words}", town.engine);
        told_when_to_come_again(&town, &mut keeper, &mut she, &vote);
        // Whoever has an account that is linked needs no slip.
        let slips = keeper.open(&format!("{vote}/print?slips=1")).expect(200).words();
        assert!(slips.contains("1 102") && !slips.contains("1 101"), "{}: {slips}", town.engine);
        assert!(!slips.contains("王芳"), "{}: no slip names anybody: {slips}", town.engine);
        let rows = format!("{},1,101,住宅,100,李岺,,,", compound.buildings[0]);
        let words = imports(&mut keeper, &compound, &rows).expect(422).words();
        assert!(words.contains("正在表决"), "{}: {words}", town.engine);
        proxies(&mut keeper, &vote);
        ends(&town, &mut keeper, &mut she, (&vote, &own));
        town.verify();
    }
}

/// A proxy votes, is withdrawn, and the owner votes herself.
fn proxies(keeper: &mut Browser, vote: &str) {
    let sheet = [("number", "5"), ("choice1", "1"), ("proxy", "1")];
    let words = enters(keeper, vote, &sheet).expect(422).words();
    assert!(words.contains("没有登记委托书"), "{words}");
    let page = gives(keeper, vote, "5", "13800000502").expect(200).words();
    assert!(page.contains("周*") && !page.contains("周艳"), "{page}");
    drop(enters(keeper, vote, &sheet).expect(200));
    assert!(keeper.open(vote).expect(200).words().contains("4 人，400.00 平方米"));
    withdraws(keeper, vote);
    assert!(keeper.open(vote).expect(200).words().contains("3 人，300.00 平方米"), "the ballot of the proxy is void");
    let words = enters(keeper, vote, &sheet).expect(422).words();
    assert!(words.contains("撤回了，代理人的票不收"), "{words}");
    drop(enters(keeper, vote, &[("number", "5"), ("choice1", "1")]).expect(200));
}

/// Adds up the lines of a sheet as anybody does who has no program of ours, and finds what the page says.
fn recounts(sheet: &str, page: &str) {
    let column = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    let lines: Vec<&str> =
        sheet.lines().filter(|line| line.starts_with("ballot,") && !line.starts_with("ballot,commitment")).collect();
    for (choice, word) in [("F", "同意"), ("A", "反对"), ("N", "弃权")] {
        let own: Vec<&&str> = lines.iter().filter(|line| column(line, 3) == choice).collect();
        let area: i64 = own.iter().map(|line| column(line, 2).parse::<i64>().unwrap()).sum();
        let told = format!("{word} {} 人，{}.{:02} 平方米", own.len(), area / 10_000, area % 10_000 / 100);
        assert!(page.contains(&told), "{told}: {page}");
    }
}

/// The vote ends: it is counted, checked by its owner, and opens for nobody else.
fn ends(town: &Town, keeper: &mut Browser, she: &mut Browser, at: (&str, &str)) {
    let (vote, own) = at;
    let sheets = format!("{vote}/sheets");
    let form = keeper.open(&sheets).expect(200).form(&sheets).set("number", "4").set("choice1", "1");
    town.clock.set_local("2026-12-20 20:01");
    let words = she.open(vote).expect(200).words();
    for told in ["通过", "3 人，300.00 平方米", "1 人，100.00 平方米", "民法典", "278"] {
        assert!(words.contains(told), "{}: {told}: {words}", town.engine);
    }
    drop(keeper.open(&sheets).expect(200));
    let late = keeper.submit(form).expect(422).words();
    assert!(late.contains("表决已经结束"), "{}: {late}", town.engine);
    let sheet = she.open(&format!("{vote}/audit.csv")).expect(200).body();
    let ballots: Vec<&str> =
        sheet.lines().filter(|line| line.starts_with("ballot,") && !line.contains("area")).collect();
    assert_eq!(ballots.len(), 4, "{}: {sheet}", town.engine);
    assert_eq!(ballots.iter().filter(|line| line.ends_with(",1000000,F")).count(), 3, "{sheet}");
    assert!(ballots.contains(&format!("ballot,{own},1000000,A").as_str()), "her line is there: {sheet}");
    recounts(&sheet, &words);
    assert!(sheet.contains("entitled,5,5000000") && !sheet.contains("1 101"), "{sheet}");
    // At the counter the same sheet is a page to look at and to print, and the outcome goes to the door.
    let lines = keeper.open(&format!("{vote}/audit")).expect(200).words();
    assert!(lines.contains(own) && !lines.contains("1 101"), "{lines}");
    for told in ["核对码", "专有部分面积（平方米）", "1. 反对", "1. 同意"] {
        assert!(lines.contains(told), "{told}: {lines}");
    }
    let found = she.open(&format!("{vote}/audit?code=%20{}", own.to_uppercase())).expect(200).words();
    assert!(found.contains("表里有这张票。 1. 反对；100.00 平方米"), "{found}");
    let missing = she.open(&format!("{vote}/audit?code={}", "0".repeat(64))).expect(200).words();
    assert!(missing.contains("表里没有这个核对码"), "{missing}");
    // Nobody types 64 signs: the beginning is enough, but not less than eight.
    let short: String = own.chars().take(8).collect();
    let found = she.open(&format!("{vote}/audit?code={short}")).expect(200).words();
    assert!(found.contains("表里有这张票。 1. 反对；100.00 平方米"), "{short}: {found}");
    for few in ["%25", "abc", "_______", "__________"] {
        let words = she.open(&format!("{vote}/audit?code={few}")).expect(200).words();
        assert!(!words.contains("表里有这张票"), "{few}: {words}");
    }
    assert!(words.contains("已经投过票"), "her card says that she voted: {words}");
    let door = keeper.open(&format!("{vote}/print?outcome=1")).expect(200).words();
    assert!(door.contains("召集人（签名或者盖章）"), "somebody stands for it: {door}");
    assert!(door.contains("通过") && door.contains("3 人，300.00 平方米") && !door.contains("1 101"), "{door}");
    let roll = she.open(&format!("{vote}/roll")).expect(200).words();
    assert!(roll.contains("1 101") && roll.contains("1 202") && !roll.contains("1 201"), "{roll}");
    let gone = she.open(&format!("{vote}/receipt/1")).expect(200).words();
    assert!(gone.contains("不再保存这张票的内容") && !gone.contains(own), "{gone}");
    let (mut stranger, _) = town.neighbour(622);
    drop(stranger.open(vote).expect(404));
    let mut other = town.staff("other", "community_worker", &town.named("永顺社区"), None);
    drop(other.open(vote).expect(404));
}

#[test]
fn owners_who_ask_are_counted_and_a_proxy_has_a_limit() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let building = &compound.buildings[0];
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "换物业").set("caller", "owners");
        let form = known(form);
        let form = form.set("opens_on", "2026-12-08").set("ends_on", "2026-12-20").set("told", "1");
        let form = form.set("matter1_kind", "company").set("matter1_title", "选聘物业");
        assert_eq!(keeper.send(form.clone()).status, 422, "nobody asks");
        let unknown = keeper.submit(form.clone().set("asking", "9号楼 9 909")).expect(422).words();
        assert!(unknown.contains("名册里没有“9号楼 9 909”"), "{}: {unknown}", town.engine);
        let form = form.set("asking", &format!("{building}  1 101"));
        assert_eq!(keeper.send(form.clone().set("stair", "1")).status, 422, "{}: a stair of no building", town.engine);
        let vote = puts(&mut keeper, form).expect(200).address;
        for number in ["1", "2", "3"] {
            drop(gives(&mut keeper, &vote, number, "13800000502").expect(200));
        }
        let words = gives(&mut keeper, &vote, "5", "13800000502").expect(422).words();
        assert!(words.contains("就超过 3 套了"), "{}: {words}", town.engine);
        // The same telephone is the same person, however her name is written.
        for name in ["周 艳", "周燕"] {
            let words = names(&mut keeper, &vote, "5", (name, "138 0000 0502")).expect(422).words();
            assert!(words.contains("就超过 3 套了"), "{}: {name}: {words}", town.engine);
        }
        let words = gives(&mut keeper, &vote, "1", "13800000602").expect(422).words();
        assert!(words.contains("还没有撤回"), "{}: {words}", town.engine);
        // The same name with another telephone may be the same person: whoever enters it says that it is not.
        let page = gives(&mut keeper, &vote, "5", "13800000602").expect(422);
        assert!(page.words().contains("已经有同名的代理人，电话不一样"), "{}: {}", town.engine, page.words());
        let proxies = format!("{vote}/proxies");
        let form = page.forms().into_iter().rfind(|form| form.action == proxies).unwrap();
        assert_eq!(keeper.send(form.clone()).status, 422, "{}: nobody said so", town.engine);
        drop(keeper.submit(form.set("another", "1")).expect(200));
        // Nobody came: the proxies that were given count nothing.
        town.clock.set_local("2026-12-20 20:01");
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains("参与不够，没有作出决定") && words.contains("0 人，0.00 平方米"), "{words}");
        town.verify();
    }
}

/// The value of a choice of a page by what it is called.
fn choice_called(page: &Reply, name: &str) -> String {
    let (body, after) = (page.body(), format!(">{name}</option>"));
    let before = body.split_once(&after).unwrap_or_else(|| panic!("no choice {name}")).0;
    let value = before.rsplit_once("value=\"").unwrap().1;
    value.split_once('"').unwrap().0.to_owned()
}

#[test]
fn a_building_votes_when_a_fifth_of_the_whole_compound_asks() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = compound(&town);
        let [one, other] = [&compound.buildings[0], &compound.buildings[1]];
        let row = |building: &str, unit: usize| format!("{building},1,{unit},住宅,100,业主甲{building}{unit},,,\n");
        let rows: String = (101..=109).map(|unit| row(other, unit)).chain([row(one, 101)]).collect();
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        let address = format!("{}/votes", compound.address());
        let page = keeper.open(&address).expect(200);
        let form = page.form(&address).set("building", &choice_called(&page, one)).set("title", "换电梯");
        let form = known(form.set("caller", "owners").set("told", "1"));
        let form = form.set("opens_on", "2026-12-08").set("ends_on", "2026-12-20");
        let form = form.set("matter1_kind", "use_fund").set("matter1_title", "用维修资金更换电梯");
        let form = form.set("asking", &format!("{one} 1 101"));
        let words = keeper.send(form.clone()).expect(422).words();
        assert!(words.contains("要求召开的只有 1 位业主，至少要 2 位（全小区 10 位）"), "{}: {words}", town.engine);
        let form = form.set("asking", &format!("{one} 1 101\n{other} 1 109"));
        // The call is the notice: a paper of an earlier day, which nobody can prove, opens nothing.
        assert!(form.offers.iter().all(|name| name != "notice_on"), "{}", town.engine);
        let words = keeper.send(form.clone().set("opens_on", "2026-11-24")).expect(422).words();
        assert!(words.contains("从召集（通知全体业主）那天算起不满 15 天"), "{}: {words}", town.engine);
        // Before it is called she reads who votes, when, and what it needs by which clause; nothing is called yet.
        let shown = keeper.submit(form.clone()).expect(200);
        let words = shown.words();
        let area = "1 人，100.00 平方米";
        for told in ["还没有召集", area, "面积和人数都要", "民法典", "2 位业主联名要求", "2026年12月8日"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!keeper.open("/property/votes/kept").expect(200).words().contains("换电梯"), "{}", town.engine);
        let back = keeper.submit(shown.form(&address).set("step", "edit")).expect(200).form(&address);
        assert_eq!(back.get("title"), Some("换电梯"), "{}: she goes back and changes it", town.engine);
        let words = puts(&mut keeper, form).expect(200).words();
        assert!(words.contains("1 人，100.00 平方米"), "{}: one building votes: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_vote_opens_and_ends_in_days_to_come_and_two_people_call_it_off() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let address = format!("{}/votes", compound.address());
        let form = keeper.open(&address).expect(200).form(&address).set("title", "更换电梯").set("told", "1");
        let form = known(form.set("caller", "committee"));
        let form = form.set("matter1_kind", "use_fund").set("matter1_title", "用维修资金更换电梯");
        for (opens, ends, told) in [
            ("2019-06-01", "2026-12-20", "不能从过去的日子开始"),
            ("2026-11-22", "2026-12-20", "不能从过去的日子开始"),
            ("2026-12-08", "2027-03-01", "不能超过 60 天"),
            ("2027-03-01", "2027-03-08", "不能超过 60 天"),
            ("2026-12-08", "9999-12-31", "不能超过 60 天"),
        ] {
            let form = form.clone().set("opens_on", opens).set("ends_on", ends);
            let words = keeper.send(form).expect(422).words();
            assert!(words.contains(told), "{}: {opens} {ends}: {words}", town.engine);
        }
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(623);
        drop(links(&mut she, &code).expect(200));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        drop(votes_online(&mut she, &vote, "for").expect(200));
        let off = format!("{vote}/off");
        let mut second = town.staff("second", "community_worker", &town.named(PLACE), None);
        let form = second.open(&off).expect(200).form(&off);
        assert_eq!(second.send(form.clone().set("off_reason", " ")).status, 422, "{}: a reason", town.engine);
        // Whoever keeps it asks, also if somebody else called it; alone nobody calls it off, and it goes on meanwhile.
        let stale = second.open(&off).expect(200).form(&off).set("off_reason", "我也要撤销");
        let words = second.submit(form.set("off_reason", "不想表决了")).expect(200).words();
        assert!(words.contains("second提出撤销这次表决"), "{}: {words}", town.engine);
        assert!(second.submit(stale).expect(422).words().contains("刚才有变化"), "{}", town.engine);
        let own = second.open(&off).expect(200).form(&off).set("deed", "keep");
        let words = second.submit(own.clone().set("deed", "confirm")).expect(422).words();
        assert!(words.contains("要由另一位同事确认"), "{}: {words}", town.engine);
        assert!(!she.open(&vote).expect(200).words().contains("撤销"), "{}: it goes on", town.engine);
        drop(she.open(&off).expect(403));
        let late = keeper.open(&off).expect(200).form(&off).set("deed", "confirm");
        drop(second.submit(own).expect(200));
        let words = keeper.submit(late).expect(422).words();
        assert!(words.contains("刚才有变化"), "{}: nobody asks any more: {words}", town.engine);
        let form = second.open(&off).expect(200).form(&off);
        drop(second.submit(form.set("off_reason", "名册漏了一户")).expect(200));
        let form = keeper.open(&off).expect(200).form(&off);
        drop(keeper.submit(form.set("deed", "confirm")).expect(200));
        let words = she.open(&vote).expect(200).words();
        assert!(words.contains("已撤销") && words.contains("名册漏了一户"), "{}: she reads why: {words}", town.engine);
        assert!(words.contains("second、keeper"), "{}: by both: {words}", town.engine);
        assert!(she.open("/property/votes").expect(200).words().contains("已撤销"), "{}", town.engine);
        let place = format!("/places/{}", town.named(PLACE).id());
        assert!(town.visitor().open(&place).expect(200).words().contains("名册漏了一户"), "{}", town.engine);
        // The register is free again, and nothing is counted after the end.
        let rows = format!("{},1,101,住宅,100,李岺,,,", compound.buildings[0]);
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        town.clock.set_local("2026-12-20 20:01");
        let words = she.open(&vote).expect(200).words();
        assert!(!words.contains("同意至少要") && words.contains("已撤销"), "{}: {words}", town.engine);
        let words = she.open(&format!("{vote}/audit.csv")).expect(422).words();
        assert!(words.contains("这次表决已经撤销"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_stolen_letter_votes_for_nobody_at_once() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let printed = letters(&mut keeper, &compound);
        let code = |unit: &str| code_on(&printed, &format!("{} 1 {unit}", compound.buildings[0]));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        let (mut she, _) = town.neighbour(624);
        drop(links(&mut she, &code("101")).expect(200));
        let words = she.open(&vote).expect(200).words();
        assert!(words.contains("2026年12月11日起才能在网上投票"), "{}: {words}", town.engine);
        let ballot = format!("{vote}/ballot/1");
        let page = she.open(&ballot).expect(200);
        assert!(page.words().contains("2026年12月11日起才能在网上表决"), "{}: {}", town.engine, page.words());
        assert!(page.forms().iter().all(|form| form.action != ballot), "{}: no form that is refused", town.engine);
        let refused = she.post(&ballot, &[("choice1", "for"), ("_once", "early")]).expect(422).words();
        assert!(refused.contains("2026年12月11日起才能在网上表决"), "{}: {refused}", town.engine);
        // Whoever shows her papers need not wait, and reads who looked at them.
        let unit = first_unit(&mut keeper, &compound);
        assert!(keeper.open(&unit).expect(200).words().contains("当面核对过，马上能投"), "{}", town.engine);
        let words = does(&mut keeper, &unit, "confirm").words();
        assert!(!words.contains("当面核对过，马上能投"), "{}: {words}", town.engine);
        drop(commitment_on(&votes_online(&mut she, &vote, "for").expect(200)));
        let words = she.open("/property/link").expect(200).words();
        assert!(words.contains("网上账号马上可以表决"), "{}: {words}", town.engine);
        // Everybody else waits for the day.
        let (mut he, _) = town.neighbour(625);
        drop(links(&mut he, &code("102")).expect(200));
        let address = format!("{vote}/ballot/2");
        town.clock.set_local("2026-12-10 23:59");
        drop(he.open(&vote).expect(200));
        assert!(he.open(&address).expect(200).words().contains("才能在网上表决"), "{}: a minute early", town.engine);
        town.clock.set_local("2026-12-11 00:00");
        let form = he.open(&address).expect(200).form(&address).set("choice1", "against");
        drop(commitment_on(&he.submit(form).expect(200)));
        town.verify();
    }
}

#[test]
fn a_stolen_letter_reads_no_ballot_that_was_given_on_paper() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        drop(enters(&mut keeper, &vote, &[("number", "1"), ("choice1", "2")]).expect(200));
        for part in ["sheets", "proxies", "back", "off", "print"] {
            let body = keeper.open(&format!("{vote}/{part}")).expect(200).body();
            let (_, way) = body.split_once("class=\"crumbs\"").unwrap_or_else(|| panic!("no crumbs: {body}"));
            let (way, _) = way.split_once("</nav>").unwrap();
            let leads = way.contains("href=\"/property/votes/kept\"") && !way.contains("href=\"/property/votes\"");
            assert!(leads, "{}: {part}: staff go back to the votes that they keep: {way}", town.engine);
        }
        let (mut thief, _) = town.neighbour(626);
        drop(links(&mut thief, &code).expect(200));
        let receipt = format!("{vote}/receipt/1");
        assert_eq!(thief.open(&receipt).status, 404, "{}: what the owner chose is secret", town.engine);
        for address in [vote.clone(), "/property/votes".to_owned(), "/property/link".to_owned()] {
            let page = thief.open(&address).expect(200);
            assert!(!page.links().contains(&receipt), "{}: {address}: {}", town.engine, page.words());
        }
        let words = thief.open(&vote).expect(200).words();
        assert!(words.contains("投票") && !words.contains("请投纸质票"), "{}: it is voted: {words}", town.engine);
        // Once her papers were seen she reads her receipt, and is told before she chooses that one ballot is there.
        let unit = first_unit(&mut keeper, &compound);
        drop(does(&mut keeper, &unit, "confirm"));
        let page = thief.open(&receipt).expect(200);
        assert!(page.words().contains("反对"), "{}: {}", town.engine, page.words());
        let ballot = format!("{vote}/ballot/1");
        assert!(!page.links().contains(&ballot), "{}: paper is not changed online", town.engine);
        let words = thief.open(&ballot).expect(200).words();
        assert!(words.contains("已经投过票了") && !words.contains("改投"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_long_register_comes_in_pages() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let row = |number: usize| format!("{building},1,{number},住宅,80,业主甲{number},,,\n");
        let rows: String = (1001..=1205).map(row).collect();
        drop(imports(&mut keeper, &compound, &rows).expect(200));
        let units = |address: &str, keeper: &mut Browser| {
            let links = keeper.open(address).expect(200).links();
            links.into_iter().filter(|link| link.starts_with("/property/units/")).count()
        };
        let address = compound.address();
        let found = (units(&address, &mut keeper), units(&format!("{address}?page=2"), &mut keeper));
        assert_eq!(found, (200, 5), "{}", town.engine);
        let words = keeper.open(&address).expect(200).words();
        assert!(words.contains("16,400.00"), "{}: the sum is of all: {words}", town.engine);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let sheets = |page: usize, keeper: &mut Browser| {
            let words = keeper.open(&format!("{vote}/print?sheets=1&page={page}")).expect(200).words();
            words.matches("号表决票").count()
        };
        let found = (sheets(1, &mut keeper), sheets(2, &mut keeper), sheets(3, &mut keeper));
        assert_eq!(found, (200, 5, 0), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn the_preparatory_group_holds_the_first_meeting_by_a_vote() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let mut street = town.staff("street", "secretary_street", &town.named("大北街道"), None);
        let address = "/property/first/new";
        let form = street.open(address).expect(200).form(address).set("ground", &compound.id.to_string());
        let form = form.set("total", "500").set("delivered", "500").set("reached_on", "2026-10-01");
        let form = form.set("told_on", "2026-10-05").set("group_on", "2026-10-20").set("group_owners", "5");
        let first = street.submit(form).expect(200).address;
        let words = town.visitor().open(&first).expect(200).words();
        assert!(words.contains("面积和人数都要达到 2/3") && words.contains("民法典"), "{}: {words}", town.engine);
        let words = street.open(&first).expect(200).words();
        assert!(words.contains("登记草案公示的日期以后"), "{}: {words}", town.engine);
        let edit = format!("{first}/edit");
        let form = street.open(&edit).expect(200).form(&edit).set("drafts_on", "2026-11-23");
        drop(street.submit(form).expect(200));
        drop(keeper.open(&format!("{first}/vote")).expect(403));
        let called = format!("{first}/vote");
        let form = street.open(&called).expect(200).form(&called).set("told", "1").set("ends_on", "2026-12-20");
        let form = known(form);
        let soon = form.clone().set("opens_on", "2026-12-07");
        let refused = street.submit(soon).expect(422).words();
        assert!(refused.contains("最早可以从 2026年12月8日开始"), "{}: {refused}", town.engine);
        let form = street.submit(form).expect(200).form(&called).set("step", "call");
        let page = street.submit(form.clone()).expect(200);
        assert!(page.words().contains("已通知"), "{}: {}", town.engine, page.words());
        let vote = page.links().into_iter().find(|link| link.starts_with("/property/votes/0")).unwrap();
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains("首次业主大会筹备组") && words.contains("管理规约"), "{}: {words}", town.engine);
        // It is called once, however often the form comes, and not a second time while it is under way.
        assert_eq!(street.submit(form).expect(200).address, first, "{}", town.engine);
        assert!(!street.open(&first).expect(200).links().contains(&called), "{}", town.engine);
        town.clock.set_local("2026-12-08 10:00");
        for number in ["1", "2", "3", "4"] {
            let choice = if number == "4" { "2" } else { "1" };
            let sheet = [("number", number), ("choice1", choice), ("choice2", choice), ("choice3", "2")];
            drop(enters(&mut keeper, &vote, &sheet).expect(200));
        }
        town.clock.set_local("2026-12-20 20:01");
        drop(keeper.open(&vote).expect(200));
        let words = town.visitor().open(&first).expect(200).words();
        for told in ["已经开过", "2026年12月20日办了", "议事规则 通过", "业主委员会 未通过", "3 人，300.00 平方米"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        town.verify();
    }
}
