//! In these stories the second person sees whom a request is about, why it is asked for, and what she can do about it;
//! the one who asked learns what still waits and why it was declined.

use crate::two_people::{COMMUNITY, acts, asks, asks_post, once, operator, worker};
use city_stories::{Town, chosen, request_on};
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
