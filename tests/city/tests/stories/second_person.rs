//! In these stories the second person sees whom a request is about, why it is asked for, and what she can do about it;
//! the one who asked learns what still waits and why it was declined.

use crate::two_people::{COMMUNITY, acts, alone, asks, asks_post, once, operator, signs_in, worker};
use city_stories::{Browser, Town, chosen, request_on};
use testkit::{Form, Reply};

/// The most characters of a reason.
const REASON: usize = 100;

/// Returns the filled form with which an account is asked for.
fn opening(town: &Town, page: &Reply, name: &str, login: &str) -> Form {
    let code = town.city.places.tree().at(&town.named(COMMUNITY)).unwrap().code.clone();
    let form = page.form("/staff/open").set("name", name).set("login", login);
    form.set("role", "community_worker").set("place", &code)
}

#[test]
fn a_list_says_whom_each_request_is_about_and_the_head_counts_them() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let page = first.open("/staff/open").expect(200);
        let is_offered = page.body().contains("value=\"mediation\"") && page.words().contains("人民调解");
        assert!(is_offered, "{}: departments of kinds of cases too: {}", town.engine, page.words());
        let form = opening(&town, &page, "赵晓红", "xiaohong1");
        drop(first.submit(form).expect(200));
        drop(asks(&mut first, account, "password"));
        let post = asks_post(&town, &mut first, account);
        drop(first.submit(post).expect(200));
        let form = first.open("/systems/open").expect(200).form("/systems/open");
        let code = town.city.places.tree().at(&town.named("和平区")).unwrap().code.clone();
        let form = form.set("name", "和平区城管平台").set("place", &code).set("department", "").set("calls", "60");
        let page = first.submit(chosen(form, "scopes", "case.read")).expect(200);
        let system = page.address.split('?').next().unwrap().to_owned();
        assert!(page.words().contains("另一位管理员") && page.words().contains("提出生成令牌…"), "{}", page.words());
        let form = page.form(&format!("{system}/tokens")).set("why", "市里统一接入");
        let asked = first.submit(form).expect(200);
        assert!(asked.words().contains("市里统一接入"), "{}", asked.words());

        let mut second = operator(&town, "confirms");
        let list = second.open("/confirmations").expect(200);
        let post = format!("登记任职：周艳 · 社区党组织书记 · {}", place_of(&town));
        for about in ["开账号：赵晓红（xiaohong1）· 全科社工", "重设密码：周艳", &post, "生成令牌：和平区城管平台"]
        {
            assert!(list.words().contains(about), "{}: {about}: {}", town.engine, list.words());
        }
        assert!(list.words().contains("4 件待确认"), "{}: {}", town.engine, list.words());
        assert!(list.body().contains("<a href=\"/work\" aria-current=\"page\">"), "its heading is marked");
        let own = first.open("/confirmations").expect(200);
        assert!(own.words().contains("重设密码：周艳") && !own.words().contains("件待确认"), "{}", own.words());
        let mut she = town.visitor();
        she.sign_in("zhou.yan", city_stories::PASSWORD);
        let told = she.open("/account").expect(200);
        assert!(told.words().contains("重设密码：周艳"), "{}", told.words());
        town.verify();
    }
}

/// Returns the name of the community as pages of requests write it.
fn place_of(town: &Town) -> String {
    town.city.identity.place_name(&town.named(COMMUNITY)).zh
}

#[test]
fn half_a_password_says_whose_it_is_and_what_is_not_done_yet() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let page = first.open("/staff/open").expect(200);
        let form = opening(&town, &page, "赵晓红", "xiaohong1");
        let asked = first.submit(form).expect(200);
        for told in ["赵晓红", "xiaohong1", "还没有开好，等另一个人确认。", "请在此前确认", "确认以后 72 小时内"]
        {
            assert!(asked.words().contains(told), "{}: {told}: {}", town.engine, asked.words());
        }
        let confirmed = town.confirmed(&asked);
        for told in ["赵晓红", "xiaohong1", "临时密码有效", "11月26日 10:00"] {
            assert!(confirmed.words().contains(told), "{}: {told}: {}", town.engine, confirmed.words());
        }
        assert!(!confirmed.words().contains("还没有开好"), "{}", confirmed.words());
        assert_ne!(once(&asked), once(&confirmed));

        let account = worker(&town, "zhou.yan");
        let asked = asks(&mut first, account, "password");
        for told in ["周艳", "zhou.yan", "还没有重设，等另一个人确认。"] {
            assert!(asked.words().contains(told), "{}: {told}: {}", town.engine, asked.words());
        }
        town.verify();
    }
}

/// Sends a table of new colleagues and returns the report on its rows.
fn reported(browser: &mut Browser, table: &[u8]) -> Reply {
    let form = browser.open("/staff/import").expect(200).form("/staff/import");
    browser.uploads(&form, &[("file", "同事.csv", table)])
}

/// Returns what a page shows this once, line by line.
fn all_once(page: &Reply) -> Vec<String> {
    let body = page.body();
    let parts = body.split("<code class=\"code\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_list_of_colleagues_is_looked_at_row_by_row_and_opened_by_two() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        worker(&town, "zhou.yan");
        let code = town.city.places.tree().at(&town.named(COMMUNITY)).unwrap().code.clone();
        let table = format!(
            "姓名,账号名,角色,地方,部门,电话\n\
             赵晓红,xiaohong1,全科社工,{code},,13800000000\n\
             古丽•艾山,ＧＵＬＩ.as,community_worker,{code},,\n\
             王?,wang.x,全科社工,{code},,\n\
             周艳,zhou.yan,全科社工,{code},,\n\
             赵晓红,xiaohong1,全科社工,{code},,\n\
             孙海燕,sun.hy,局长,没有的社区,,\n"
        );
        let report = reported(&mut first, table.as_bytes()).expect(200);
        let words = report.words();
        for said in [
            "共 6 行：可以开的 2 行，要改的 4 行",
            "这些列没有用到：电话",
            "第 4 行“姓名”",
            "第 5 行“账号名”：账号名“zhou.yan”已经有人用了",
            "第 6 行“账号名”",
            "第 7 行“角色”：没有“局长”这个角色",
            "第 7 行“地方”",
            "古丽·艾山",
            "guli.as · 全科社工",
            "提出开这 2 个账号",
        ] {
            assert!(words.contains(said), "{}: {said}: {words}", town.engine);
        }
        let form = report.form("/staff/import/ask");
        let long = first.submit(form.clone().set("why", &"长".repeat(REASON + 1))).expect(422);
        assert!(long.links().contains(&"#f-why".to_owned()), "{}", long.words());
        let form = long.form("/staff/import/ask").set("why", "新社区开门");
        let asked = first.submit(form.clone()).expect(200);
        assert!(asked.words().contains("还没有开好，等另一个人确认。"), "{}", asked.words());
        let halves = all_once(&asked);
        assert_eq!(halves.len(), 2, "{}: half a password for each: {}", town.engine, asked.words());
        assert_ne!(halves[0], halves[1]);
        drop(signs_in(&mut town.visitor(), "xiaohong1", &halves[0]).expect(422));
        let again = first.submit(form).expect(200);
        assert_eq!(request_on(&again), request_on(&asked), "{}: sent twice it is asked for once", town.engine);

        let (mut second, form) = town.second(&request_on(&asked));
        let told = second.page().words();
        for said in ["赵晓红 (xiaohong1)", "古丽·艾山 (guli.as)", "全科社工", "新社区开门", "账号数 2"]
        {
            assert!(told.contains(said), "{said}: {told}");
        }
        let confirmed = second.submit(form).expect(200);
        let rest = all_once(&confirmed);
        assert_eq!(rest.len(), 2, "{}", confirmed.words());
        for ((login, half), rest) in ["xiaohong1", "guli.as"].into_iter().zip(&halves).zip(&rest) {
            let right = signs_in(&mut town.visitor(), login, &format!("{half}-{rest}"));
            assert_eq!(right.location(), Some("/account"), "{login}: chooses a password of the own first");
        }
        let list = first.open("/staff?words=xiaohong1").expect(200);
        assert!(list.words().contains("赵晓红") && list.words().contains("全科社工"), "{}", list.words());
        let report = reported(&mut first, table.as_bytes()).expect(200);
        assert!(report.words().contains("没有可以开账号的行"), "{}: they are open: {}", town.engine, report.words());
        town.verify();
    }
}

#[test]
fn the_city_and_its_districts_are_read_by_name_and_by_six_digits() {
    let town = Town::small();
    let mut first = operator(&town, "asks.exact");
    let rows = ["沈阳市", "Shenyang City", "210100", "210100000000"].map(|place| (place, "operator"));
    let districts = ["大东区", "210104", "Dadong District"].map(|place| (place, "organiser_district"));
    for (at, (place, role)) in rows.into_iter().chain(districts).enumerate() {
        let table = format!("姓名,账号名,角色,地方\n赵敏,zhao.{at},{role},{place}\n");
        let words = reported(&mut first, table.as_bytes()).expect(200).words();
        assert!(words.contains("可以开的 1 行"), "{place}: {words}");
    }
}

#[test]
fn nobody_opens_by_a_list_what_he_may_not_open_by_hand() {
    let town = Town::small();
    let mut first = town.staff("asks.district", "operator", &town.named("大东区"), None);
    let code = |place: &str| town.city.places.tree().at(&town.named(place)).unwrap().code.clone();
    let (own, other) = (code("华炉社区"), code(COMMUNITY));
    let table = format!("姓名;登录名;岗位;社区\n赵敏;zhao.min;全科社工;{own}\n李娜;li.na;全科社工;{other}\n");
    let report = reported(&mut first, table.as_bytes()).expect(200);
    assert!(report.words().contains("可以开的 1 行，要改的 1 行"), "{}", report.words());
    assert!(report.words().contains("第 3 行“地方”"), "{}", report.words());
    // What a browser changed on its way back is looked at again.
    let form = report.form("/staff/import/ask");
    let row = form.get("row").unwrap_or_default().replace(&own, &other);
    let refused = first.submit(form.set("row", &row)).expect(422);
    assert!(refused.words().contains("要改的 1 行"), "{}", refused.words());
    // So is a name that no table could have brought.
    let report = reported(&mut first, format!("姓名,账号名,角色,地方\n赵敏,zhao.min,全科社工,{own}\n").as_bytes());
    let form = report.form("/staff/import/ask");
    let row = form.get("row").unwrap_or_default().replace("赵敏", "=cmd|calc");
    let refused = first.submit(form.set("row", &row)).expect(422);
    assert!(refused.words().contains("名字里不会有的符号"), "{}", refused.words());
    for (table, said) in
        [("", "没有收到表格"), ("姓名\n赵敏\n", "表格里找不到"), ("姓名,账号名,账号名,角色,地方\n", "出现了两次")]
    {
        let page = reported(&mut first, table.as_bytes()).expect(422);
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    let mut worker = town.staff("no.power", "community_worker", &town.named(COMMUNITY), None);
    assert_eq!(worker.get("/staff/import").status, 403);
}

#[test]
fn where_the_city_lets_one_person_a_list_is_opened_at_once() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml"));
    let rules = alone(&rules.unwrap(), "identity.two_people");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let mut operator = operator(&town, "alone");
        let code = town.city.places.tree().at(&town.named(COMMUNITY)).unwrap().code.clone();
        let table =
            format!("姓名,账号名,角色,地方\n赵敏,zhao.min,全科社工,{code}\n李娜,li.na,community_worker,{code}\n");
        let report = reported(&mut operator, table.as_bytes()).expect(200);
        let form = report.form("/staff/import/ask");
        let done = operator.submit(form.clone()).expect(200);
        let passwords = all_once(&done);
        assert_eq!(passwords.len(), 2, "{}: {}", town.engine, done.words());
        for (login, password) in ["zhao.min", "li.na"].into_iter().zip(&passwords) {
            let right = signs_in(&mut town.visitor(), login, password);
            assert_eq!(right.location(), Some("/account"), "{login}: chooses a password of the own first");
        }
        let again = operator.submit(form).expect(422);
        assert!(
            again.words().contains("已经有人用了"),
            "{}: sent twice it opens nothing: {}",
            town.engine,
            again.words()
        );
        town.verify();
    }
}

#[test]
fn a_reason_is_told_to_whoever_confirms_and_one_to_whoever_asked() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let address = format!("/staff/{account}");
        for what in ["password", "close"] {
            let form = first.open(&address).expect(200).form(&format!("{address}/{what}"));
            let long = first.submit(form.set("why", &"长".repeat(REASON + 1))).expect(422);
            assert!(long.links().contains(&format!("#f-why-{what}")), "{what}: {}", long.words());
            assert!(long.words().contains("“事由”太长"), "{what}: {}", long.words());
            let kept = long.form(&format!("{address}/{what}"));
            assert_eq!(kept.get("why").map(|typed| typed.chars().count()), Some(REASON + 1), "{what}");
        }
        let form = first.open(&address).expect(200).form(&format!("{address}/close"));
        let asked = first.submit(form.set("why", "已经调离")).expect(200);
        let request = request_on(&asked);
        let (mut second, _) = town.second(&request);
        let page = second.open(&request).expect(200);
        let posts = format!("现有任职 全科社工 · {}", place_of(&town));
        for told in ["已经调离", "请在此前确认", "停用以后不能登录", &posts] {
            assert!(page.words().contains(told), "{}: {told}: {}", town.engine, page.words());
        }
        let form = page.form(&format!("{request}/decline"));
        let long = second.submit(form.set("answer", &"长".repeat(REASON + 1))).expect(422);
        assert!(long.words().contains("“退回原因”太长"), "{}", long.words());
        let form = long.form(&format!("{request}/decline")).set("answer", "她月底才走");
        for _ in 0..2 {
            drop(second.submit(form.clone()).expect(200));
        }
        let told = first.open(&request).expect(200);
        assert!(told.words().contains("退回原因 她月底才走"), "{}", told.words());
        assert!(!told.words().contains("停用以后不能登录"), "what no longer waits has no effect: {}", told.words());
        assert!(!told.words().contains("请在此前确认"), "{}", told.words());
        assert!(first.open("/confirmations").expect(200).words().contains("她月底才走"), "{}", town.engine);
        assert_eq!(acts(&town, account), ["account.opened", "post.given"], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn an_account_shows_what_already_waits_and_that_its_buttons_only_ask() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let page = first.open(&format!("/staff/{account}")).expect(200);
        for told in ["提出登记任职…", "提出重设密码…", "提出停用账号…", "您在这里只是提出"]
        {
            assert!(page.words().contains(told), "{told}: {}", page.words());
        }
        assert!(!page.words().contains("等您确认的事"), "{}", page.words());
        let request = request_on(&asks(&mut first, account, "close"));
        let mut elsewhere = town.staff("elsewhere", "operator", &town.named("沈河区"), None);
        assert_eq!(elsewhere.get(&format!("/staff/{account}")).status, 404);
        for login in ["asks", "other"] {
            let mut one = if login == "asks" { first.clone() } else { operator(&town, login) };
            let page = one.open(&format!("/staff/{account}")).expect(200);
            assert!(page.words().contains("等您确认的事"), "{login}: {}", page.words());
            assert!(page.links().contains(&request), "{login}: {}", town.engine);
        }
        drop(town.confirmed(&first.open(&request).expect(200)));
        let page = first.open(&format!("/staff/{account}")).expect(200);
        assert!(!page.words().contains("等您确认的事"), "{}", page.words());
        town.verify();
    }
}

#[test]
fn whoever_confirms_what_can_no_longer_be_done_is_told_to_decline_it() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let alone = first.open("/confirmations").expect(200);
        assert!(alone.words().contains("lianglin account open"), "{}", alone.words());
        let page = first.open("/staff/open").expect(200);
        let form = opening(&town, &page, "李娜", "li.na");
        let request = request_on(&first.submit(form).expect(200));
        let (mut second, confirm) = town.second(&request);
        let two = first.open("/confirmations").expect(200);
        assert!(!two.words().contains("lianglin account open"), "{}", two.words());
        worker(&town, "li.na");
        let refused = second.submit(confirm).expect(422);
        let told = refused.words();
        assert!(told.contains("已经有人用了") && told.contains("请退回，让提出的人重新提出。"), "{told}");
        assert!(!told.contains("请换一个账号名"), "{told}");
        assert!(told.contains("还有一处要改"), "{told}");
        town.verify();
    }
}
