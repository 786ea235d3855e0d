//! These stories are about property companies: who registers them, what is on record of them, and how a grade follows
//! that everybody can add up.

use city_stories::{Browser, Town, cells};
use testkit::{Form, Reply};

use crate::property_register::{PLACE, code_for, compound, imports, links};
use crate::property_votes::known;

pub const COMMUNITY: &str = "文安路社区";
const DISTRICT: &str = "和平区";
const STREET: &str = "南湖街道";
const CODE: &str = "91350100M000100Y43";

/// Registers a company. Returns its address.
fn registered(keeper: &mut Browser, name: &str) -> String {
    let form = keeper.open("/property/companies/new").expect(200).form("/property/companies/new");
    let form = form.set("company_name", name).set("credit_code", CODE).set("hotline", "024-12345678");
    let form = form.set("party", "branch").set("party_since", "2022-07-01");
    keeper.submit(form).expect(200).address
}

/// The form of a page below a company.
pub fn form_at(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).form(address)
}

/// Enters a record in a community.
fn noted(town: &Town, keeper: &mut Browser, company: &str, said: &[(&str, &str)]) {
    let form = form_at(keeper, &format!("{company}/record"));
    let place = town.named(COMMUNITY).id().to_string();
    let fields = [("where", place.as_str()), ("reason", "年度检查"), ("source", "街道通报 2026 第 3 号")];
    let form = fields.iter().chain(said).fold(form, |form, (name, value)| form.set(name, value));
    drop(keeper.submit(form).expect(200));
}

#[test]
fn a_company_is_registered_once_and_serves_a_compound() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "organiser_district", &town.named(DISTRICT), None);
        assert!(keeper.open("/property/companies").expect(200).words().contains("还没有登记物业企业"));
        let form = form_at(&mut keeper, "/property/companies/new");
        let form = form.set("company_name", "安居物业").set("hotline", "024-12345678").set("party", "none");
        for (code, told) in
            [("", "还没有填写"), ("91350100M000100Y4", "位数不对"), ("91350100M000100Y44", "校验没有通过")]
        {
            let refused = keeper.send(form.clone().set("credit_code", code)).expect(422).words();
            assert!(refused.contains(told), "{code}: {refused}");
        }
        let company = registered(&mut keeper, "安居物业");
        let form = form_at(&mut keeper, "/property/companies/new").set("company_name", "另一家");
        let again = keeper.send(form.set("credit_code", CODE).set("hotline", "024-1").set("party", "none"));
        assert!(again.expect(422).words().contains("已经登记：安居物业"));

        let form = form_at(&mut keeper, &format!("{company}/contract"));
        let place = town.named(COMMUNITY).id().to_string();
        let form = form.set("community", &place).set("compound", "北苑").set("kind", "first").set("paper", "2025-1");
        let refused = keeper.send(form.clone().set("starts_on", "2027-12-31").set("ends_on", "2025-01-01"));
        assert!(refused.expect(422).words().contains("先后不对"));
        let form = form.set("starts_on", "2025-01-01").set("ends_on", "2027-12-31");
        drop(keeper.submit(form.clone()).expect(200));
        // Sent twice it is entered once; a second contract for the same days is refused.
        let page = keeper.submit(form).expect(200).words();
        assert_eq!(page.matches("2025-1").count(), 1, "{}: {page}", town.engine);
        assert!(page.contains("最晚 2027年10月2日"), "ninety days before the end: {page}");
        let form = form_at(&mut keeper, &format!("{company}/contract"));
        let form = form.set("community", &place).set("compound", "北苑").set("kind", "first").set("paper", "2026-9");
        let refused = keeper.send(form.set("starts_on", "2026-01-01").set("ends_on", "2026-12-31"));
        assert!(refused.expect(422).words().contains("已经有合同"));

        let mut she = town.visitor();
        let words = she.open(&format!("/places/{place}")).expect(200).words();
        assert!(words.contains("北苑") && words.contains("安居物业"), "{}: {words}", town.engine);
        let sheet = cells(&keeper.get("/property/companies/file?format=xlsx").expect(200).bytes);
        assert!(sheet.contains(CODE) && sheet.contains("安居物业"), "{sheet}");
        left_in_time(&mut keeper, &company);
        not_for_others(&town, &company);
    }
}

/// Brings a table of companies.
fn brings(keeper: &mut Browser, rows: &str) -> Reply {
    let head = "企业名称,统一社会信用代码,服务电话,党组织,党组织成立日期,社区,小区,合同类别,合同编号,开始日期,结束日期";
    let form = form_at(keeper, "/property/companies/import");
    keeper.uploads(&form, &[("file", "companies.csv", format!("{head}\n{rows}").as_bytes())])
}

/// Brings a table of companies, and confirms what it adds.
fn takes(keeper: &mut Browser, rows: &str) -> Reply {
    let form = brings(keeper, rows).expect(200).form("/property/companies/import");
    keeper.uploads(&form, &[])
}

#[test]
fn a_table_of_companies_is_taken_whole_or_answered_row_by_row() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "organiser_district", &town.named(DISTRICT), None);
        let days = "续签,2025-1,2025-01-01,2027-12-31";
        let good = format!(
            "安居物业,{CODE},024-12345678,有党组织,2022-07-01,{COMMUNITY},北苑,{days}\n\
             安居物业,{CODE},,,,{COMMUNITY},南苑,{days}\n"
        );
        let far = format!("{good}安居物业,{CODE},,,,远方社区,西苑,{days}\n,{CODE},,,,,,,,,\n");
        let words = brings(&mut keeper, &far).expect(422).words();
        for told in ["一行也没有导入", "没有叫“远方社区”的社区", "还没有填写"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let twice = format!("{good}安居物业,{CODE},,,,{COMMUNITY},北苑,续签,2026-9,2026-01-01,2026-12-31\n");
        let words = brings(&mut keeper, &twice).expect(422).words();
        assert!(words.contains("已经有合同：安居物业"), "{}: {words}", town.engine);
        assert!(keeper.open("/property/companies").expect(200).words().contains("还没有登记物业企业"));
        let words = brings(&mut keeper, &good).expect(200).words();
        for told in ["新登记企业 1 家、合同 2 份", "北苑", "南苑", "2025年1月1日"] {
            assert!(words.contains(told), "{}: {told} is shown first: {words}", town.engine);
        }
        assert!(keeper.open("/property/companies").expect(200).words().contains("还没有登记物业企业"));
        let words = takes(&mut keeper, &good).expect(200).words();
        assert!(words.contains("导入好了：新登记企业 1 家、合同 2 份"), "{}: {words}", town.engine);
        let template = keeper.get("/property/companies/template?format=csv").expect(200).body();
        assert!(template.contains("企业名称") && template.contains("结束日期"), "{}: {template}", town.engine);
        // What is registered stays as it is.
        let words = takes(&mut keeper, &good.replace("024-12345678", "024-1")).expect(200).words();
        assert!(words.contains("新登记企业 0 家、合同 0 份"), "{}: {words}", town.engine);
        assert!(words.contains("024-12345678"), "{}: {words}", town.engine);
        let words = brings(&mut keeper, &good.replace("安居物业", "别家物业")).expect(422).words();
        assert!(words.contains("登记的企业叫“安居物业”"), "{}: {words}", town.engine);
        let mut other = town.staff("other", "organiser_district", &town.named("大东区"), None);
        let words = brings(&mut other, &good).expect(422).words();
        assert!(words.contains(&format!("没有叫“{COMMUNITY}”的社区")), "{}: not her place: {words}", town.engine);
        let mut worker = town.staff("worker", "community_worker", &town.named(COMMUNITY), None);
        assert_eq!(worker.get("/property/companies/import").status, 403);
    }
}

/// Owners who dismiss a company leave it sixty days.
fn left_in_time(keeper: &mut Browser, company: &str) {
    let page = keeper.open(company).expect(200);
    let notice = page.links().into_iter().find(|link| link.ends_with("/notice")).unwrap();
    let form = form_at(keeper, &notice).set("noticed_by", "owners").set("noticed_on", "2026-11-23");
    let ahead = form.clone().set("noticed_on", "2030-01-01").set("leaves_on", "2030-06-30");
    let refused = keeper.send(ahead).expect(422).words();
    assert!(refused.contains("这一天还没有到"), "nobody gave notice then: {refused}");
    let refused = keeper.send(form.clone().set("leaves_on", "2027-01-21")).expect(422).words();
    assert!(refused.contains("2027年1月22日") && refused.contains("第九百四十六条"), "{refused}");
    // What the contract itself says goes before the law, and what came late is entered as it was.
    let own = form.clone().set("leaves_on", "2026-12-22").set("own_days", "30");
    let refused = keeper.send(own.clone()).expect(422).words();
    assert!(refused.contains("2026年12月23日"), "thirty days: {refused}");
    assert_eq!(keeper.send(form.clone().set("leaves_on", "2027-01-22").set("own_days", "0")).status, 422);
    let page = keeper.submit(own.set("late", "1")).expect(200);
    assert!(page.words().contains("业主已通知解聘，通知比规定的晚"), "{}", page.words());
    assert!(page.links().iter().all(|link| !link.ends_with("/notice")), "there is one notice for a contract");
}

/// Somebody with no such post, or one elsewhere, changes nothing.
fn not_for_others(town: &Town, company: &str) {
    let mut worker = town.staff("worker", "community_worker", &town.named(COMMUNITY), None);
    assert_eq!(worker.get("/property/companies").status, 403);
    assert_eq!(worker.get(&format!("{company}/edit")).status, 403);
    assert!(worker.open(company).expect(200).forms().iter().all(|form| !form.action.starts_with("/property")));
    let mut other = town.staff("other", "organiser_district", &town.named("大东区"), None);
    assert!(other.open("/property/companies").expect(200).words().contains("还没有登记物业企业"));
    assert_eq!(other.get(&format!("{company}/edit")).status, 404);
    let place = town.named(COMMUNITY).id().to_string();
    let fields = [
        ("community", place.as_str()),
        ("compound", "南苑"),
        ("kind", "first"),
        ("paper", "1"),
        ("starts_on", "2026-01-01"),
        ("ends_on", "2026-12-31"),
    ];
    assert_eq!(other.post(&format!("{company}/contract"), &fields).status, 403, "not in somebody else's place");
}

/// Whoever keeps companies of a district in which this one has no contract enters nothing of it.
fn strangers_enter_nothing(town: &Town, company: &str) {
    let mut far = town.staff("far", "organiser_district", &town.named("大东区"), None);
    let place = town.named("大东区").id().to_string();
    let form = form_at(&mut far, &format!("{company}/record")).set("where", &place).set("sort", "veto");
    let form = form.set("points", "0").set("reason", "x").set("source", "x").set("given_on", "2026-05-01");
    let refused = far.send(form).expect(422).words();
    assert!(refused.contains("在这里也没有合同"), "{}: {refused}", town.engine);
}

#[test]
fn a_grade_is_a_sum_of_records_and_an_appeal_takes_one_out() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "organiser_district", &town.named(DISTRICT), None);
        let mut street = town.staff("street", "secretary_street", &town.named(STREET), None);
        let company = registered(&mut keeper, "安居物业");
        let form = form_at(&mut keeper, &format!("{company}/contract"));
        let place = town.named(COMMUNITY).id().to_string();
        let form = form.set("community", &place).set("compound", "北苑").set("kind", "first").set("paper", "2025-1");
        drop(keeper.submit(form.set("starts_on", "2025-01-01").set("ends_on", "2027-12-31")).expect(200));

        let said = [("sort", "basis"), ("points", "79"), ("given_on", "2026-03-01")];
        noted(&town, &mut street, &company, &said);
        noted(&town, &mut street, &company, &[("sort", "good"), ("points", "６"), ("given_on", "2026-05-01")]);
        let bad = [("sort", "bad"), ("points", "1"), ("given_on", "2026-10-08"), ("reason", "电梯停了三天")];
        noted(&town, &mut street, &company, &bad);
        let mut she = town.visitor();
        let words = she.open(&company).expect(200).words();
        assert!(words.contains("AA") && words.contains("合计 84 分"), "{}: {words}", town.engine);
        assert!(words.contains("电梯停了三天") && words.contains("2027年10月7日"), "{words}");
        // The company reads on this page where and until when it appeals.
        for told in ["2027年10月7日以前书面向", "申诉", "怎么申诉", "盖章"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!words.contains("不登记个人姓名"), "{}: what staff are told is for staff: {words}", town.engine);
        // What the city should know of its scale is for those who run the platform.
        assert!(words.contains("演示用的示例") && !words.contains("原文未核"), "{}: {words}", town.engine);
        assert!(!street.open(&company).expect(200).words().contains("原文未核"), "{}", town.engine);

        // Points that are none are refused, and nothing changes.
        let form = form_at(&mut street, &format!("{company}/record")).set("where", &place).set("sort", "good");
        let form = form.set("points", "1").set("reason", "x").set("source", "x").set("given_on", "2026-05-01");
        for (name, value, told) in [
            ("points", "1.25", "最多一位小数"),
            ("points", "9999.9", "一条记录最多 40 分"),
            ("given_on", "2030-01-01", "这一天还没有到"),
            ("given_on", "1200-01-01", "要在 1980年1月1日 到 2100年12月31日 之间"),
            ("reason", "问 024-23456789", "“事由”里有电话号码"),
        ] {
            let refused = street.send(form.clone().set(name, value)).expect(422).words();
            assert!(refused.contains(told), "{}: {name}: {refused}", town.engine);
        }
        strangers_enter_nothing(&town, &company);

        let appeal = |page: &testkit::Reply, after: &str| page.links().into_iter().find(|link| link.ends_with(after));
        let page = street.open(&company).expect(200);
        // The latest record stands first.
        let address = appeal(&page, "/appeal").unwrap();
        let form = form_at(&mut street, &address).set("appealed_on", "2026-10-20");
        let page = street.submit(form.set("appeal_says", "配件缺货，当天已贴通知")).expect(200);
        assert!(page.words().contains("申诉中") && page.words().contains("合计 84 分"), "{}", page.words());
        assert!(keeper.open("/property/appeals").expect(200).words().contains("电梯停了三天"));

        let answer = address.replace("/appeal", "/answer");
        assert_eq!(street.get(&answer).status, 403, "whoever entered it does not answer");
        let refused = street.open("/property/appeals").expect(403).words();
        assert!(!refused.contains("这一页是“业主名册"), "{}: it is another page: {refused}", town.engine);
        let form = form_at(&mut keeper, &answer).set("answer", "情况属实，不计");
        let refused = keeper.send(form.clone()).expect(422).words();
        assert!(refused.contains("“决定”"), "{}: nothing is decided beforehand: {refused}", town.engine);
        let form = form.set("appeal", "upheld");
        let page = keeper.submit(form).expect(200);
        let words = page.words();
        assert!(words.contains("合计 85 分") && words.contains("AAA"), "{}: {words}", town.engine);
        assert!(words.contains("电梯停了三天") && words.contains("申诉成立"), "struck out, and still there: {words}");
        assert!(keeper.open("/property/appeals").expect(200).words().contains("没有待答复的申诉"));
    }
}

/// Registers a company that serves a compound of the community.
pub fn serving(town: &Town) -> String {
    let mut keeper = town.staff("register", "organiser_district", &town.named(DISTRICT), None);
    let company = registered(&mut keeper, "安居物业");
    let form = form_at(&mut keeper, &format!("{company}/contract"));
    let place = town.named(COMMUNITY).id().to_string();
    let form = form.set("community", &place).set("compound", "北苑").set("kind", "first").set("paper", "2025-1");
    drop(keeper.submit(form.set("starts_on", "2025-01-01").set("ends_on", "2027-12-31")).expect(200));
    company
}

#[test]
fn everybody_reads_who_is_on_duty_and_which_party_organisation_a_company_has() {
    for town in Town::each() {
        let company = serving(&town);
        let mut keeper = town.staff("keeper", "organiser_district", &town.named(DISTRICT), None);
        let place = town.named(COMMUNITY).id().to_string();
        let form = form_at(&mut keeper, &format!("{company}/staff")).set("community", &place);
        let form = form.set("compound", "北苑").set("work", "guard").set("number", "6");
        let form = form.set("hours", "全天两班").set("telephone", "024-12345678");
        for (name, value) in [("number", "0"), ("work", ""), ("hours", "找 13800130412"), ("compound", "")] {
            assert_eq!(keeper.send(form.clone().set(name, value)).status, 422, "{}: {name}", town.engine);
        }
        // Sent twice it stands there once.
        drop(keeper.submit(form.clone()).expect(200));
        drop(keeper.submit(form).expect(200));
        let words = town.visitor().open(&company).expect(200).words();
        assert!(words.contains("有党组织，2022年7月1日起"), "{}: {words}", town.engine);
        assert_eq!(words.matches("秩序维护 6 全天两班 024-12345678").count(), 1, "{}: {words}", town.engine);
        let out = keeper.open(&company).expect(200).forms().into_iter().find(|form| form.action.ends_with("/out"));
        let out = out.unwrap();
        let mut other = town.staff("other", "organiser_district", &town.named("大东区"), None);
        assert_eq!(other.post(&out.action, &[]).status, 404, "{}: not in her place", town.engine);
        drop(keeper.submit(out).expect(200));
        let words = town.visitor().open(&company).expect(200).words();
        assert!(words.contains("还没有登记在岗情况"), "{}: {words}", town.engine);
    }
}

/// Calls a table of the compound. Returns its address.
pub fn called(town: &Town, secretary: &mut Browser, on: &str) -> String {
    let place = town.named(COMMUNITY).id().to_string();
    let form = secretary.open(&format!("/property/tables/new?place={place}")).expect(200);
    let form = form.form("/property/tables/new").set("compound", "北苑").set("held_on", on);
    secretary.submit(form.set("room", "党群服务中心一楼").set("envoy", "街道物业专员")).expect(200).address
}

/// Follows the only link of a page that ends so, and returns the form there.
pub fn form_behind(browser: &mut Browser, page: &str, ending: &str) -> Form {
    let links = browser.open(page).expect(200).links();
    let link = links.into_iter().find(|link| link.ends_with(ending)).unwrap_or_else(|| panic!("{page}: {ending}"));
    form_at(browser, &link)
}

#[test]
fn what_is_promised_at_the_table_is_kept_put_off_or_broken_before_everybody() {
    for town in Town::each() {
        let company = serving(&town);
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(COMMUNITY), None);
        let place = town.named(COMMUNITY).id().to_string();
        let community = format!("/property/tables/of/{place}");
        let words = secretary.open("/property/tables").expect(200).words();
        assert!(words.contains("北苑") && words.contains("还没开过"), "{}: {words}", town.engine);
        let new = secretary.open(&format!("/property/tables/new?place={place}")).expect(200);
        let form = new.form("/property/tables/new").set("compound", "北苑").set("room", "一楼");
        for (on, begins, told) in [("2020-01-01", "14:00", "召集的日子已经过了"), ("2026-11-23", "下午", "几点开始")]
        {
            let refused = secretary.send(form.clone().set("held_on", on).set("begins", begins)).expect(422).words();
            assert!(refused.contains(told), "{}: {on} {begins}: {refused}", town.engine);
        }
        let first = called(&town, &mut secretary, "2026-11-23");
        let words = secretary.open(&first).expect(200).words();
        for told in ["2026年11月23日 14:00", "平台不替您通知各方", "还没有登记是谁"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let words = secretary.open("/property/tables").expect(200).words();
        assert!(words.contains("已通知 2026年11月23日开"), "{}: it is called: {words}", town.engine);
        let form = secretary.open("/bodies").expect(200).form("/bodies");
        drop(secretary.submit(form.set("kind", "owners").set("name", "北苑业主委员会")).expect(200));
        let words = secretary.open(&first).expect(200).words();
        assert!(words.contains("北苑业主委员会") && words.contains("安居物业"), "{}: {words}", town.engine);
        let form = form_at(&mut secretary, &format!("{first}/issue")).set("issue", "3 号楼电梯");
        let form = form.set("committee", "月底前要修好").set("owners", "先通知").set("company", "配件已订");
        drop(secretary.submit(form).expect(200));
        let form = form_behind(&mut secretary, &first, "/commitment").set("side", "company");
        let form = form.set("commitment", "电梯修好并贴通知");
        assert!(secretary.send(form.clone()).expect(422).words().contains("“期限”还没有填写"));
        let over = secretary.send(form.clone().set("due_on", "2026-11-22")).expect(422).words();
        assert_eq!(over.matches("结束的日子要在开始以后").count(), 1, "{}: {over}", town.engine);
        let form = form.set("due_on", "2026-11-30");
        for _ in 0..2 {
            let words = secretary.submit(form.clone()).expect(200).words();
            assert_eq!(words.matches("电梯修好并贴通知").count(), 1, "{}: {words}", town.engine);
        }
        let form = form_at(&mut secretary, &format!("{first}/hold")).set("minutes", "三方都到了");
        assert!(secretary.send(form.clone()).expect(422).words().contains("到场的各方"));
        let ahead = city_stories::chosen(form.clone().set("held_on", "2026-11-24"), "attended", "company");
        let refused = secretary.send(ahead).expect(422).words();
        assert!(refused.contains("这一天还没有到"), "{}: nothing was held tomorrow: {refused}", town.engine);
        let form = city_stories::chosen(form, "attended", "company");
        drop(secretary.submit(city_stories::chosen(form, "attended", "owners")).expect(200));
        assert!(secretary.open("/property/tables").expect(200).words().contains("没有超过一个月没开的小区"));
        let mut she = town.visitor();
        everybody_reads_the_table(&town, &first);
        minutes_are_corrected(&town, &mut secretary, &first);
        let page = she.open(&community).expect(200);
        assert!(page.words().contains("电梯修好并贴通知") && page.words().contains("在办"), "{}", page.words());
        assert!(page.links().iter().all(|link| !link.contains("/settle")), "nothing to enter for her");

        // A month passed: the table is due, and what is unfinished stands on the next agenda.
        assert_eq!(town.told(&town.named(COMMUNITY), "property.promised"), kernel::figure::Figure::Count(1));
        town.clock.set_local("2026-12-25 10:00");
        let mut secretary = town.staff("secretary.later", "secretary_community", &town.named(COMMUNITY), None);
        assert!(secretary.open(&community).expect(200).words().contains("该开三方联席了"));
        let next = called(&town, &mut secretary, "2026-12-25");
        let words = secretary.open(&next).expect(200).words();
        assert!(words.contains("以前没办完的") && words.contains("电梯修好并贴通知"), "{}: {words}", town.engine);
        settled(&mut secretary, &community);
        let words = she.open(&company).expect(200).words();
        assert!(words.contains("三方联席上的承诺") && words.contains("没办到"), "{words}");
        let mut other = town.staff("elsewhere", "secretary_community", &town.named("永顺社区"), None);
        assert_eq!(other.get(&format!("{next}/hold")).status, 404);
        assert_eq!(other.post(&format!("{next}/issue"), &[("issue", "别的事")]).status, 404);
    }
}

/// Who came, whom the street sent, and what each side says stands there for everybody.
fn everybody_reads_the_table(town: &Town, table: &str) {
    let words = town.visitor().open(table).expect(200).words();
    for told in [
        "党群服务中心一楼",
        "街道物业专员",
        "到场的各方 业委会、物业企业",
        "没有到场 居委会",
        "3 号楼电梯",
        "居委会 月底前要修好",
        "业委会 先通知",
        "物业企业 配件已订",
        "电梯修好并贴通知",
        "三方都到了",
    ] {
        assert!(words.contains(told), "{}: {told}: {words}", town.engine);
    }
}

/// The minutes are corrected with a reason; everybody reads what stood there before.
fn minutes_are_corrected(town: &Town, secretary: &mut Browser, table: &str) {
    let form = form_at(secretary, &format!("{table}/minutes")).set("minutes", "三方都到了；保洁每周两次");
    assert!(secretary.send(form.clone()).expect(422).words().contains("“原因”还没有填写"));
    drop(secretary.submit(form.set("why", "漏记一项")).expect(200));
    let words = town.visitor().open(table).expect(200).words();
    for told in ["保洁每周两次", "漏记一项", "更正前的记录（1）", "三方都到了"] {
        assert!(words.contains(told), "{}: {told}: {words}", town.engine);
    }
    // At the same moment once more: both versions stay.
    let form = form_at(secretary, &format!("{table}/minutes")).set("minutes", "三方都到了；保洁每周三次");
    drop(secretary.submit(form.set("why", "次数写错")).expect(200));
    let words = town.visitor().open(table).expect(200).words();
    for told in ["保洁每周三次", "次数写错", "更正前的记录（2）", "保洁每周两次", "漏记一项"]
    {
        assert!(words.contains(told), "{}: {told}: {words}", town.engine);
    }
    let mut worker = town.staff("minutes", "community_worker", &town.named(COMMUNITY), None);
    assert_eq!(worker.get(&format!("{table}/minutes")).status, 403, "{}", town.engine);
}

/// Puts the commitment off with a reason, then it is broken.
fn settled(secretary: &mut Browser, community: &str) {
    let form = form_behind(secretary, community, "/settle").set("outcome", "put_off").set("until", "2027-01-10");
    assert!(secretary.send(form.clone()).expect(422).words().contains("“原因”还没有填写"));
    let words = secretary.submit(form.set("why", "配件缺货")).expect(200).words();
    assert!(words.contains("延期 1 次") && words.contains("配件缺货"), "{words}");
    let form = form_behind(secretary, community, "/settle").set("outcome", "broken").set("why", "没有订配件");
    let page = secretary.submit(form).expect(200);
    assert!(page.words().contains("没办到"), "{}", page.words());
    assert!(page.links().iter().all(|link| !link.contains("/settle")), "it is settled once");
}

/// Looks at an income and publishes it; where the register is not whole, with the reason.
fn publishes(browser: &mut Browser, form: Form) -> Reply {
    let action = form.action.clone();
    let shown = browser.submit(form).expect(200).form(&action);
    browser.submit(known(shown).set("step", "publish"))
}

#[test]
fn income_of_shared_parts_is_divided_by_area_before_everybody() {
    for town in Town::each() {
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(COMMUNITY), None);
        let place = town.named(COMMUNITY).id().to_string();
        let form = form_at(&mut secretary, "/property/income/new").set("community", &place).set("compound", "北苑");
        let form = form.set("payer", "lift_ads").set("from_on", "2026-01-01").set("to_on", "2026-06-30");
        let form = form.set("income", "12000").set("cost", "2000").set("units", "1-101，80\n1-102，120");
        for (name, value, told) in [
            ("cost", "12000.01", "没有可分的"),
            ("units", "1-101，八十", "这一行看不懂"),
            ("units", "1-101，80\n1-101，90", "这一户写了两次"),
            ("units", "张三 13800000000，1", "这一行看不懂"),
            ("units", "1-101 张三，80", "这一行看不懂"),
            ("note", "问 13800130412", "“补充说明”里有电话号码"),
            ("payer", "other", "“补充说明”还没有填写"),
            ("payer", "", "“什么收益、谁交的”"),
            ("to_on", "2025-12-31", "先后不对"),
            ("to_on", "2030-01-01", "这一天还没有到"),
        ] {
            let refused = secretary.send(form.clone().set(name, value)).expect(422).words();
            assert!(refused.contains(told), "{name}: {refused}");
        }
        let shown = secretary.submit(form.clone()).expect(200).words();
        assert!(shown.contains("还没有公布") && shown.contains("4,000.00"), "{}: {shown}", town.engine);
        let listed = town.visitor().open(&format!("/property/income/of/{place}")).expect(200).words();
        assert!(listed.contains("还没有公布过收益"), "{}: {listed}", town.engine);
        let page = publishes(&mut secretary, form).expect(200);
        let words = page.words();
        assert!(words.contains("4,000.00") && words.contains("6,000.00"), "{}: {words}", town.engine);
        // Everybody reads the sums; who has which area is for those who keep the compound and for its owners.
        let words = town.visitor().open(&page.address).expect(200).words();
        assert!(words.contains("10,000.00") && words.contains("2 户，一共 200.00"), "{}: {words}", town.engine);
        assert!(!words.contains("1-102") && !words.contains("4,000.00"), "{}: {words}", town.engine);
        let again = form_at(&mut secretary, "/property/income/new").set("community", &place).set("compound", "北苑");
        let again = again.set("payer", "lift_ads").set("from_on", "2026-06-30").set("to_on", "2026-07-31");
        let again = again.set("income", "100").set("cost", "0").set("units", "1-101，80");
        let refused = publishes(&mut secretary, again).expect(422).words();
        assert!(refused.contains("已经公布过"), "{}: {refused}", town.engine);
        let listed = town.visitor().open(&format!("/property/income/of/{place}")).expect(200).words();
        assert!(listed.contains("电梯广告") && listed.contains("10,000.00"), "{}: {listed}", town.engine);
        let file = format!("{}/file?format=xlsx", page.address);
        drop(town.visitor().get(&file).expect(404));
        let sheet = cells(&secretary.get(&file).expect(200).bytes);
        assert!(sheet.contains("1-102"), "{sheet}");
        let mut worker = town.staff("worker", "community_worker", &town.named(COMMUNITY), None);
        assert_eq!(worker.get("/property/income/new").status, 403);
        income_is_corrected(&town, &mut secretary, &page.address);
    }
}

/// A version corrects the one before with a reason; both stay readable, and one alone counts.
fn income_is_corrected(town: &Town, secretary: &mut Browser, before: &str) {
    let address = format!("{before}/correct");
    let form = form_at(secretary, &address).set("cost", "3000");
    assert_eq!(form.get("units"), Some("1-101, 80.00\n1-102, 120.00"), "{}", town.engine);
    assert!(secretary.send(form.clone()).expect(422).words().contains("“原因”还没有填写"));
    let page = publishes(secretary, form.clone().set("why", "漏了维护费")).expect(200);
    let mut she = town.visitor();
    let words = she.open(&page.address).expect(200).words();
    for told in ["9,000.00", "漏了维护费", "看原来的一版"] {
        assert!(words.contains(told), "{}: {told}: {words}", town.engine);
    }
    let old = she.open(before).expect(200);
    assert!(old.words().contains("这一版已经更正") && old.words().contains("10,000.00"), "{}", old.words());
    assert!(old.links().contains(&page.address), "{}: it leads to the new one", town.engine);
    let listed = she.open(&format!("/property/income/of/{}", town.named(COMMUNITY).id())).expect(200).words();
    assert!(listed.contains("9,000.00") && !listed.contains("10,000.00"), "{}: {listed}", town.engine);
    let again = publishes(secretary, form.set("why", "再改")).expect(422).words();
    assert!(again.contains("这一版已经更正过"), "{}: {again}", town.engine);
    let mut worker = town.staff("corrects", "community_worker", &town.named(COMMUNITY), None);
    assert_eq!(worker.get(&address).status, 403, "{}", town.engine);
}

#[test]
fn income_is_divided_by_the_register_where_there_is_one() {
    for town in Town::each() {
        let compound = compound(&town);
        let building = &compound.buildings[0];
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(PLACE), None);
        let form = form_at(&mut secretary, "/property/income/new").set("ground", &compound.id.to_string());
        let form = form.set("payer", "lift_ads").set("from_on", "2026-01-01").set("to_on", "2026-06-30");
        let form = form.set("income", "12000").set("cost", "2000");
        let refused = secretary.send(form.clone()).expect(422).words();
        assert!(refused.contains("“各户面积”还没有填写"), "{}: {refused}", town.engine);
        let rows = format!("{building},1,101,住宅,80,李岺,,,\n{building},1,102,住宅,120,王芳,,,");
        drop(imports(&mut secretary, &compound, &rows).expect(200));
        let shown = secretary.submit(form.clone()).expect(200).form("/property/income/new").set("step", "publish");
        let refused = secretary.send(shown).expect(422).words();
        assert!(refused.contains("名册里只有 2 套"), "{}: the register is not whole: {refused}", town.engine);
        let page = publishes(&mut secretary, form).expect(200);
        assert!(page.words().contains("其余楼栋还没有交付"), "{}: {}", town.engine, page.words());
        let (mut she, _) = town.neighbour(631);
        let before = she.open(&page.address).expect(200).words();
        assert!(!before.contains("4,000.00"), "{}: {before}", town.engine);
        let code = code_for(&mut secretary, &compound, &format!("{building} 1 101"));
        drop(links(&mut she, &code).expect(200));
        let words = she.open(&page.address).expect(200).words();
        assert!(words.contains(&format!("{building} 1 101")) && words.contains("4,000.00"), "{}: {words}", town.engine);
        assert!(words.contains("6,000.00") && !words.contains("李岺"), "{}: {words}", town.engine);
    }
}

#[test]
fn a_use_of_the_fund_is_checked_and_each_reason_is_told_in_words() {
    for town in Town::each() {
        let mut she = town.visitor();
        let form = form_at(&mut she, "/property/fund");
        let fields = [
            ("subject", "shared"),
            ("range", "stair"),
            ("account", "building"),
            ("emergency", "no"),
            ("entitled_heads", "40"),
            ("entitled_area", "4000"),
            ("taking_part_heads", "27"),
            ("taking_part_area", "2700"),
            ("agreeing_heads", "14"),
            ("agreeing_area", "1400"),
            ("posted_on", "2026-03-20"),
            ("vote_from", "2026-03-27"),
            ("vote_to", "2026-04-05"),
            ("works_on", "2026-04-06"),
        ];
        let form = fields.iter().fold(form, |form, (name, value)| form.set(name, value));
        for (name, value, told) in [
            ("works_on", "2026-04-06", "可以申请"),
            ("works_on", "2026-04-01", "表决还没有结束就开工了"),
            ("taking_part_heads", "26", "参与的不够，或者同意的不够"),
            ("subject", "private", "自家的部分由自家修"),
            ("emergency", "lift", "属于应急"),
        ] {
            let words = she.send(form.clone().set(name, value)).expect(200).words();
            assert!(words.contains(told), "{}: {name} {value}: {words}", town.engine);
            assert!(!words.contains('_'), "{}: no code of ours: {words}", town.engine);
        }
        let mut worker = town.staff("worker", "community_worker", &town.named(COMMUNITY), None);
        let own = form_at(&mut worker, "/property/fund");
        let own = fields.iter().fold(own, |own, (name, value)| own.set(name, value)).set("works_on", "2026-04-01");
        assert!(worker.send(own).expect(200).words().contains("WORKS_BEFORE_VOTE"), "{}: for staff", town.engine);
        let refused = she.send(form.set("agreeing_area", "很多")).expect(422).words();
        assert!(refused.contains("同意的面积"), "{refused}");
    }
}
