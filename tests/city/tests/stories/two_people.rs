//! In these stories one person asks for what gives power and another confirms it: posts, accounts, passwords, one-time
//! codes, tokens, keys. Neither does it alone, and neither learns a password.

use city_stories::{Browser, PASSWORD, Town, request_on};
use kernel::permission::Actor;
use lianglin::City;
use std::sync::Arc;
use testkit::Reply;
use uuid::Uuid;

pub const COMMUNITY: &str = "文安路社区";

/// Returns the rules of the platform in which one switch is off.
pub fn alone(rules: &str, code: &str) -> String {
    let (before, after) = rules.split_once(&format!("code = \"{code}\"")).unwrap();
    format!("{before}code = \"{code}\"{}", after.replacen("number = 1", "number = 0", 1))
}

pub fn operator(town: &Town, login: &str) -> Browser {
    town.staff(login, "operator", &town.named("沈阳市"), None)
}

pub fn worker(town: &Town, login: &str) -> Uuid {
    town.account(login, "周艳", "community_worker", &town.named(COMMUNITY), None)
}

/// Returns what happened to an account of the community.
pub fn acts(town: &Town, account: Uuid) -> Vec<String> {
    town.acts(town.named(COMMUNITY).district(), account)
}

/// Asks that an account gets one more post: that of the secretary of her community.
pub fn asks_post(town: &Town, asks: &mut Browser, account: Uuid) -> testkit::Form {
    let code = town.city.places.tree().at(&town.named(COMMUNITY)).unwrap().code.clone();
    let form = asks.open(&format!("/staff/{account}")).expect(200).form(&format!("/staff/{account}/posts"));
    form.set("role", "secretary_community").set("place", &code)
}

/// Sends one of the forms of an account's page that need nothing more.
pub fn asks(browser: &mut Browser, account: Uuid, what: &str) -> Reply {
    let form = browser.open(&format!("/staff/{account}")).expect(200).form(&format!("/staff/{account}/{what}"));
    browser.submit(form).expect(200)
}

/// Returns what a page shows this once.
pub fn once(page: &Reply) -> String {
    let body = page.body();
    let (_, rest) = body.split_once("<code class=\"code\">").unwrap_or_else(|| panic!("nothing: {}", page.words()));
    rest.split('<').next().unwrap().to_owned()
}

pub fn turn_code_on(town: &Town, account: Uuid) {
    let vault = town.city.vault.clone();
    let done = town.store().write_blocking(move |tx| {
        vault.put_secret(tx, "identity.code", account, b"12345678901234567890").unwrap();
        tx.exec("update identity_account set code_on = 1 where id = $1", &store::args![account]).map(drop)
    });
    done.unwrap();
}

fn close(town: &Town, account: Uuid) {
    let (vault, now) = (town.city.vault.clone(), town.clock.now());
    let today = testkit::ZONE.date(now);
    let closed =
        town.store().write_blocking(move |tx| identity::close_staff(tx, &vault, account, today, &Actor::system(), now));
    closed.unwrap();
}

/// Tries to sign in and returns the answer.
pub fn signs_in(browser: &mut Browser, login: &str, password: &str) -> Reply {
    let form = browser.open("/sign-in").expect(200).form("/sign-in");
    browser.send(form.set("login", login).set("password", password))
}

#[test]
fn a_post_is_given_when_another_confirms_it() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let form = asks_post(&town, &mut first, account);
        let asked = first.submit(form.clone()).expect(200);
        let address = request_on(&asked);
        assert!(asked.words().contains("等另一个人确认"), "{}", asked.words());
        assert_eq!(request_on(&first.submit(form).expect(200)), address, "sent twice it is asked for once");
        assert_eq!(acts(&town, account), ["account.opened", "post.given"], "nothing is done yet");

        let confirm = format!("{address}/confirm");
        assert!(asked.forms().iter().all(|form| form.action != confirm), "the asker is not offered it");
        let own = first.post(&confirm, &[]).expect(422);
        assert!(own.words().contains("自己不能确认"), "{}", own.words());
        let mut elsewhere = town.staff("elsewhere", "operator", &town.named("沈河区"), None);
        assert_eq!(elsewhere.get(&address).status, 404);
        assert_eq!(elsewhere.post(&confirm, &[]).status, 404);
        assert!(!elsewhere.open("/confirmations").expect(200).links().contains(&address));
        let mut colleague = town.staff("no.power", "community_worker", &town.named(COMMUNITY), None);
        assert_eq!(colleague.get(&address).status, 403);
        assert_eq!(colleague.post(&confirm, &[]).status, 403);
        assert_eq!(acts(&town, account).len(), 2, "{}: still nothing", town.engine);

        let (mut second, form) = town.second(&address);
        assert!(second.open("/confirmations").expect(200).links().contains(&address));
        let page = second.open(&address).expect(200);
        for told in ["周艳", "zhou.yan", "社区党组织书记", COMMUNITY, "asks"] {
            assert!(page.words().contains(told), "{told}: {}", page.words());
        }
        for _ in 0..2 {
            let done = second.submit(form.clone()).expect(200);
            assert!(done.words().contains("已确认"), "{}", done.words());
        }
        assert_eq!(acts(&town, account), ["account.opened", "post.given", "post.given"]);
        let mut third = operator(&town, "third");
        let late = third.post(&confirm, &[]).expect(422);
        assert!(late.words().contains("已经有结果"), "{}", late.words());
        town.verify();
    }
}

#[test]
fn what_is_declined_taken_back_or_too_late_is_not_done() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let address = request_on(&asks(&mut first, account, "close"));
        let page = first.open(&format!("/staff/{account}")).expect(200);
        let again = first.submit(page.form(&format!("/staff/{account}/close"))).expect(422);
        assert!(again.words().contains("同样的申请已经有人提出"), "{}", again.words());
        let (mut second, _) = town.second(&address);
        let page = second.open(&address).expect(200);
        let declined = second.submit(page.form(&format!("{address}/decline"))).expect(200);
        assert!(declined.words().contains("已退回"), "{}", declined.words());

        let asked = asks(&mut first, account, "close");
        let address = request_on(&asked);
        assert_eq!(second.post(&format!("{address}/withdraw"), &[]).status, 403, "it is not his");
        let back = first.submit(asked.form(&format!("{address}/withdraw"))).expect(200);
        assert!(back.words().contains("已撤回"), "{}", back.words());
        let over = second.post(&format!("{address}/confirm"), &[]).expect(422);
        assert!(over.words().contains("已经有结果"), "{}", over.words());

        let address = request_on(&asks(&mut first, account, "close"));
        town.clock.plus_seconds(3 * 24 * 3_600);
        let mut late = operator(&town, "late");
        assert!(!late.open("/confirmations").expect(200).links().contains(&address));
        let expired = late.post(&format!("{address}/confirm"), &[]).expect(422);
        assert!(expired.words().contains("已经过期"), "{}", expired.words());
        assert_eq!(acts(&town, account), ["account.opened", "post.given"], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_changed_meanwhile_is_refused_with_its_reason() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let form = asks_post(&town, &mut first, account);
        let address = request_on(&first.submit(form).expect(200));
        let (mut second, confirm) = town.second(&address);
        close(&town, account);
        let refused = second.submit(confirm).expect(422);
        assert!(refused.words().contains("这个账号已经停用"), "{}", refused.words());

        let other = worker(&town, "li.na");
        let asker = town.account("leaves", "离岗的人", "operator", &town.named("沈阳市"), None);
        let mut leaves = town.visitor();
        leaves.sign_in("leaves", PASSWORD);
        let form = asks_post(&town, &mut leaves, other);
        let address = request_on(&leaves.submit(form).expect(200));
        let (mut second, confirm) = town.second(&address);
        close(&town, asker);
        let refused = second.submit(confirm).expect(422);
        assert!(refused.words().contains("离岗的人现在没有这项权限"), "{}", refused.words());
        assert_eq!(acts(&town, other), ["account.opened", "post.given"], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_reset_shows_a_half_to_each_and_keeps_the_second_factor() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        turn_code_on(&town, account);
        let page = first.open(&format!("/staff/{account}")).expect(200);
        let form = page.form(&format!("/staff/{account}/password"));
        let asked = first.submit(form.clone()).expect(200);
        let (half, address) = (once(&asked), request_on(&asked));
        let again = first.submit(form).expect(200);
        assert!(request_on(&again) == address && !again.body().contains(&half), "a half is shown once");
        let confirmed = town.confirmed(&asked);
        let rest = once(&confirmed);
        assert!(half != rest && !confirmed.body().contains(&half), "the second person does not see the first half");
        assert!(!first.open(&address).expect(200).body().contains(&rest), "nor the first the second");

        let mut she = town.visitor();
        for wrong in [PASSWORD, &half, &rest, &format!("{rest}-{half}")] {
            drop(signs_in(&mut she, "zhou.yan", wrong).expect(422));
        }
        let right = signs_in(&mut she, "zhou.yan", &format!("{half}-{rest}"));
        assert!(right.location().is_some_and(|to| to.starts_with("/sign-in/code")), "{}", right.words());
        assert_eq!(acts(&town, account), ["account.opened", "post.given", "password.reset"]);

        town.clock.plus_seconds(72 * 3_600);
        drop(signs_in(&mut town.visitor(), "zhou.yan", &format!("{half}-{rest}")).expect(422));
        town.verify();
    }
}

#[test]
fn a_reset_that_is_confirmed_twice_is_one_reset() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let asked = asks(&mut first, account, "password");
        let half = once(&asked);
        let (mut second, form) = town.second(&request_on(&asked));
        let rest = once(&second.submit(form.clone()).expect(200));
        let again = second.submit(form).expect(200);
        assert!(!again.body().contains("<code class=\"code\">"), "{}: {}", town.engine, again.words());
        assert_eq!(acts(&town, account), ["account.opened", "post.given", "password.reset"], "{}", town.engine);
        let right = signs_in(&mut town.visitor(), "zhou.yan", &format!("{half}-{rest}"));
        assert_eq!(right.location(), Some("/account"), "{}: {}", town.engine, right.words());
        town.verify();
    }
}

#[test]
fn the_second_factor_goes_by_a_request_of_its_own_and_she_is_told() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let account = worker(&town, "zhou.yan");
        let none = first.post(&format!("/staff/{account}/code"), &[]).expect(422);
        assert!(none.words().contains("没有开启动态验证码"), "{}", none.words());
        let mut she = town.visitor();
        she.sign_in("zhou.yan", PASSWORD);
        turn_code_on(&town, account);
        let asked = asks(&mut first, account, "code");
        let told = she.open("/account").expect(200);
        assert!(told.words().contains("有人提出移除您的动态验证码"), "{}", told.words());
        let done = town.confirmed(&asked);
        assert!(done.words().contains("已确认"), "{}", done.words());
        let ended = she.get("/account");
        assert!(ended.location().is_some_and(|to| to.starts_with("/sign-in")), "{}: a lost phone too", town.engine);
        let led = signs_in(&mut she, "zhou.yan", PASSWORD);
        assert_eq!(led.location(), Some("/account"), "{}: she is led to where it is told", town.engine);
        let told = she.open("/account").expect(200);
        assert!(told.words().contains("您的动态验证码被移除了"), "{}", told.words());
        for address in ["/work", "/desk"] {
            let bar = she.open(address).expect(200);
            assert!(bar.words().contains("您的动态验证码被移除了"), "{address}: {}", bar.words());
            assert!(bar.links().contains(&"/account".to_owned()), "{address}");
        }
        assert_eq!(acts(&town, account), ["account.opened", "post.given", "code.turned_off"]);
        turn_code_on(&town, account);
        town.clock.plus_seconds(60);
        let quiet = she.open("/desk").expect(200);
        assert!(!quiet.words().contains("动态验证码被移除"), "{}: {}", town.engine, quiet.words());
        let asked = signs_in(&mut town.visitor(), "zhou.yan", PASSWORD);
        assert!(asked.location().is_some_and(|to| to.starts_with("/sign-in/code")), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_new_account_is_opened_by_two() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let code = town.city.places.tree().at(&town.named(COMMUNITY)).unwrap().code.clone();
        let form = first.open("/staff/open").expect(200).form("/staff/open");
        let form = form.set("name", "李娜").set("login", "li.na").set("role", "community_worker").set("place", &code);
        let bad = first.submit(form.clone().set("login", "9")).expect(422);
        assert!(bad.links().contains(&"#f-login".to_owned()), "{}", bad.words());
        let form = bad.form("/staff/open").set("login", "li.na");
        let asked = first.submit(form).expect(200);
        let half = once(&asked);
        drop(signs_in(&mut town.visitor(), "li.na", &half).expect(422));
        let rest = once(&town.confirmed(&asked));
        for typed in [format!("{half}{rest}").replace('-', ""), format!("{half} {rest}"), format!("{half}-{rest}")] {
            let mut she = town.visitor();
            let right = signs_in(&mut she, "li.na", &typed);
            assert_eq!(right.location(), Some("/account"), "{typed}: she chooses a password of her own first");
            for address in ["/desk", "/work", "/queue"] {
                assert_eq!(she.get(address).location(), Some("/account"), "{address}");
            }
            let page = she.open("/desk").expect(200);
            assert!(page.words().contains("请先换一个自己的密码"), "{}", page.words());
        }
        town.verify();
    }
}

#[test]
fn where_the_city_lets_one_person_it_is_done_at_once() {
    let rules = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml"));
    let rules = alone(&rules.unwrap(), "identity.two_people");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let mut operator = operator(&town, "alone");
        let account = worker(&town, "zhou.yan");
        let form = asks_post(&town, &mut operator, account);
        let given = operator.submit(form).expect(200);
        assert!(given.words().contains("任职已登记"), "{}", given.words());
        turn_code_on(&town, account);
        let password = once(&asks(&mut operator, account, "password"));
        let right = signs_in(&mut town.visitor(), "zhou.yan", &password);
        assert!(
            right.location().is_some_and(|to| to.starts_with("/sign-in/code")),
            "the code stays: {}",
            right.words()
        );
        drop(asks(&mut operator, account, "close"));
        let expected = ["account.opened", "post.given", "post.given", "password.reset", "account.closed"];
        assert_eq!(acts(&town, account), expected, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn as_shipped_an_operator_sets_her_code_up_first_and_a_demonstration_says_that_it_asks_for_less() {
    for town in Town::each_as_shipped() {
        town.account("head", "运维", "operator", &town.named("沈阳市"), None);
        let mut head = town.visitor();
        let reply = signs_in(&mut head, "head", PASSWORD);
        assert_eq!(reply.location(), Some("/account/code"));
        let page = head.open("/account/code").expect(200);
        assert!(page.words().contains("您的岗位要求开启动态验证码"), "{}", page.words());
        assert_eq!(head.get("/staff").status, 403, "the post does not count before");
        worker(&town, "zhou.yan");
        assert_eq!(signs_in(&mut town.visitor(), "zhou.yan", PASSWORD).location(), Some("/"));
        assert!(!town.visitor().open("/sign-in").expect(200).words().contains("演示城市"));

        let now = town.clock.now();
        town.store().write_blocking(move |tx| identity::mark_demonstration(tx, now)).unwrap();
        let city = Arc::new(City::open(&town.opening, town.store().store()).unwrap());
        let mut visitor = Browser::new(city.router());
        assert!(visitor.open("/sign-in").expect(200).words().contains("演示城市"), "{}", town.engine);
        drop(signs_in(&mut visitor, "head", PASSWORD).expect(303));
        drop(visitor.open("/staff").expect(200));
    }
}

/// Asks for work on the keys, lets another person confirm it, and returns what she sees with the request.
fn confirmed_work(town: &Town, asks: &mut Browser, fields: &[(&str, &str)]) -> (Reply, Uuid) {
    let form = asks.open("/confirmations").expect(200).form("/confirmations/keys");
    let asked = asks.submit(fields.iter().fold(form, |form, (name, value)| form.set(name, value))).expect(200);
    let request = request_on(&asked).rsplit('/').next().unwrap().parse().unwrap();
    (town.confirmed(&asked), request)
}

/// Says why a request is good for no work, if it is good for none.
fn uses(town: &Town, request: Uuid, work: &'static str, key: Option<&'static str>) -> Option<&'static str> {
    let (identity, now) = (town.city.identity.clone(), town.clock.now());
    let used = town
        .store()
        .write_blocking(move |tx| identity.use_confirmed(tx, request, &identity::KeyUse { work, key }, now));
    match used {
        Ok(()) => None,
        Err(identity::IdentityError::Refused(refusal)) => Some(refusal.code.as_str()),
        Err(other) => panic!("{other:?}"),
    }
}

/// Returns how many people could ask or confirm today, and how many ever could.
fn holders(town: &Town) -> (usize, usize) {
    let (identity, now) = (town.city.identity.clone(), town.clock.now());
    let counted = town.store().read_blocking(move |tx| {
        Ok::<_, identity::IdentityError>((identity.key_holders(tx, now)?, identity.key_holders_ever(tx, now)?))
    });
    counted.unwrap()
}

#[test]
fn work_on_the_keys_is_agreed_to_in_the_browser() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        assert_eq!(holders(&town), (1, 1), "one person alone begins");
        let form = first.open("/confirmations").expect(200).form("/confirmations/keys").set("work", "rotate");
        let asked = first.submit(form).expect(200);
        let address = request_on(&asked);
        let request: Uuid = address.rsplit('/').next().unwrap().parse().unwrap();
        assert_eq!(uses(&town, request, "rotate", None), Some("identity.not_confirmed"), "nobody has confirmed it");
        let mut district = town.staff("district", "operator", &town.named("大东区"), None);
        assert_eq!(district.get(&address).status, 404, "keys are the whole city's");
        let done = town.confirmed(&asked);
        assert!(done.words().contains(&format!("lianglin key rotate --confirmed {request}")), "{}", done.words());
        let told = done.words();
        assert!(told.contains("已确认，但还没有做：请在服务器上运行下面的命令。"), "{told}");
        assert!(told.contains("命令有效到") && !told.contains("事情办好了"), "{told}");
        assert_eq!(holders(&town), (2, 2));
        for _ in 0..2 {
            assert_eq!(uses(&town, request, "rotate", None), None, "an interrupted rotation goes on");
        }
        assert_eq!(uses(&town, request, "retire", Some("1")), Some("identity.not_confirmed"), "for that work alone");
        town.clock.plus_seconds(3 * 24 * 3_600);
        assert_eq!(uses(&town, request, "rotate", None), Some("identity.not_confirmed"), "{}: expired", town.engine);
        town.verify();
    }
}

#[test]
fn a_confirmation_is_good_once_and_for_the_key_that_it_names() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let (_, request) = confirmed_work(&town, &mut first, &[("work", "new")]);
        assert_eq!(uses(&town, request, "new", None), None);
        for _ in 0..2 {
            assert_eq!(uses(&town, request, "new", None), Some("identity.confirmation_used"), "{}", town.engine);
        }
        let form = first.open("/confirmations").expect(200).form("/confirmations/keys").set("work", "retire");
        for named in ["", "1 2", "一", &"1".repeat(21)] {
            let refused = first.submit(form.clone().set("key", named)).expect(422);
            assert!(refused.links().contains(&"#f-key".to_owned()), "{named:?}: {}", refused.words());
        }
        let (done, request) = confirmed_work(&town, &mut first, &[("work", "retire"), ("key", "1")]);
        let told = done.words();
        assert!(told.contains(&format!("lianglin key retire 1 --confirmed {request}")), "{told}");
        for (key, expected) in [
            (Some("2"), Some("identity.not_confirmed")),
            (None, Some("identity.not_confirmed")),
            (Some("1"), None),
            (Some("1"), Some("identity.confirmation_used")),
        ] {
            assert_eq!(uses(&town, request, "retire", key), expected, "{}: {key:?}", town.engine);
        }
        town.verify();
    }
}

/// Sends the form that ends a post of somebody on a day.
fn ends_post(town: &Town, browser: &mut Browser, account: Uuid, last_day: &str) -> Reply {
    let page = browser.open(&format!("/staff/{account}")).expect(200);
    let ends = |form: &testkit::Form| form.action.ends_with("/end");
    let form = page.forms().into_iter().find(ends).unwrap_or_else(|| panic!("{}: {}", town.engine, page.words()));
    browser.submit(form.set("last_day", last_day)).expect(200)
}

#[test]
fn nobody_makes_himself_the_only_one_who_confirms() {
    for town in Town::each() {
        let city = town.named("沈阳市");
        let mut first = operator(&town, "asks");
        let second = town.account("operator2", "第二位", "operator", &city, None);
        let asked = ends_post(&town, &mut first, second, "2020-01-01");
        let address = request_on(&asked);
        assert!(asked.words().contains("等另一个人确认"), "{}", asked.words());
        assert_eq!(holders(&town), (2, 2), "{}: nothing ends before it is confirmed", town.engine);
        let mut she = town.visitor();
        she.sign_in("operator2", PASSWORD);
        drop(she.post(&format!("{address}/confirm"), &[]).expect(404));
        drop(first.post(&format!("{address}/confirm"), &[]).expect(422));
        assert_eq!(holders(&town), (2, 2), "neither the asker nor the one it is about confirms it");

        let done = town.confirmed(&asked);
        assert!(done.words().contains("已确认"), "{}", done.words());
        assert_eq!(holders(&town), (2, 3), "{}: whoever lost it counts among those who ever could", town.engine);
        let others = ["third", "fourth"].map(|login| town.account(login, login, "operator", &city, None));
        let ended = ends_post(&town, &mut first, others[0], "2026-11-22");
        assert!(ended.words().contains("任职结束日期已登记"), "two others are left: {}", ended.words());
        assert_eq!(holders(&town), (3, 5), "{}", town.engine);
        let worker = worker(&town, "zhou.yan");
        let ended = ends_post(&town, &mut first, worker, "2026-11-22");
        assert!(ended.words().contains("任职结束日期已登记"), "a post without that power: {}", ended.words());
        town.verify();
    }
}

#[test]
fn what_somebody_asks_for_hides_nothing_that_waits_for_her() {
    for town in Town::each_figured(&[("identity.requests_open", 3)]) {
        let mut first = operator(&town, "asks");
        let mut other = operator(&town, "other");
        for number in 0..3 {
            let account = worker(&town, &format!("worker{number}"));
            drop(asks(&mut first, account, "close"));
        }
        let account = worker(&town, "worker3");
        let form = first.open(&format!("/staff/{account}")).expect(200).form(&format!("/staff/{account}/close"));
        let refused = first.submit(form).expect(422);
        assert!(refused.words().contains("有 3 件在等确认"), "{}: {}", town.engine, refused.words());
        let waits = request_on(&asks(&mut other, account, "close"));
        assert!(first.open("/confirmations").expect(200).links().contains(&waits), "{}", town.engine);
        let own = first.open("/confirmations").expect(200).links();
        let listed = own.iter().filter(|link| link.starts_with("/confirmations/")).count();
        assert_eq!(listed, 4, "{}: one that waits for her, and three of her own", town.engine);
        town.verify();
    }
}

#[test]
fn one_login_is_asked_for_once_whatever_post_it_begins_with() {
    for town in Town::each() {
        let (mut first, mut other) = (operator(&town, "asks"), operator(&town, "other"));
        let code = |place: &str| town.city.places.tree().at(&town.named(place)).unwrap().code.clone();
        let filled = |browser: &mut Browser, name: &str, role: &str, place: &str| {
            let form = browser.open("/staff/open").expect(200).form("/staff/open");
            form.set("name", name).set("login", "li.na").set("role", role).set("place", &code(place))
        };
        let form = filled(&mut first, "李娜", "community_worker", COMMUNITY);
        drop(first.submit(form).expect(200));
        let form = filled(&mut other, "李某", "operator", "大东区");
        let refused = other.submit(form).expect(422);
        assert!(refused.words().contains("同样的申请已经有人提出"), "{}: {}", town.engine, refused.words());
        for (browser, status) in [(&mut first, 200), (&mut other, 422)] {
            let form = browser.open("/confirmations").expect(200).form("/confirmations/keys").set("work", "new");
            let reply = browser.submit(form).expect(status);
            let again = reply.words().contains("同样的申请已经有人提出");
            assert_eq!(again, status == 422, "{}: {}", town.engine, reply.words());
        }
    }
}

#[test]
fn whoever_asks_does_not_choose_the_identity_of_what_is_made() {
    for town in Town::each() {
        let mut first = operator(&town, "asks");
        let victim = worker(&town, "zhou.yan");
        let before = acts(&town, victim);
        let account = worker(&town, "li.na");
        let form = asks_post(&town, &mut first, account).set("_once", &victim.to_string());
        let asked = first.submit(form.clone()).expect(200);
        assert!(!request_on(&asked).contains(&victim.to_string()), "{}", request_on(&asked));
        assert_eq!(request_on(&first.submit(form).expect(200)), request_on(&asked), "sent twice it is asked for once");
        drop(town.confirmed(&asked));
        assert_eq!(acts(&town, victim), before, "{}: nothing stands in another's chain", town.engine);
        assert_eq!(acts(&town, account), ["account.opened", "post.given", "post.given"]);
        town.verify();
    }
}

#[test]
fn a_switch_that_is_off_is_written_so() {
    let rules = "code = \"a\"\nnumber = 1\ncode = \"b\"\nnumber = 1\n";
    assert_eq!(alone(rules, "b"), "code = \"a\"\nnumber = 1\ncode = \"b\"\nnumber = 0\n");
}
