//! Tests the rules by tables.

use super::*;
use crate::permissions::May;
use crate::refusals::Why;
use kernel::permission::Permission;

fn at(minutes: i64) -> Instant {
    Instant::from_micros(1_700_000_000_000_000).plus_minutes(minutes)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn roles() -> Roles {
    let role = |code: &str, permissions: &str, levels: &str, more: &str| {
        let title = format!(r#"{{ zh = "{code}", en = "{code}" }}"#);
        let text =
            format!("code = \"{code}\"\ntitle = {title}\npermissions = [{permissions}]\nlevels = [{levels}]\n{more}");
        (code.to_owned(), text)
    };
    let declared = [Permission::ALL, May::ALL].concat();
    let files = [
        role("operator", r#""account.read", "account.manage""#, r#""city", "district""#, "gives_any = true"),
        role("chief", r#""account.read", "account.manage", "case.read", "case.accept""#, r#""street""#, ""),
        role("worker", r#""case.read", "case.accept""#, r#""community""#, ""),
        role("decider", r#""case.read", "case.decide""#, r#""street", "district""#, "department_required = true"),
        role("auditor", r#""audit.read""#, r#""city""#, "totp_required = true"),
    ];
    Roles::load(&files, &declared).unwrap()
}

fn post(role: &str, place: &str, department: Option<&str>) -> Post {
    Post {
        id: Uuid::from_u128(1),
        role: role.to_owned(),
        place: PlacePath::parse(place).unwrap(),
        department: department.map(str::to_owned),
        from: day("2026-01-10"),
        to: Some(day("2026-02-10")),
    }
}

fn actor(held: &[Post]) -> Actor {
    let standing = Standing { must_change_password: false, code_on: true };
    let grants = grants(held, &roles(), day("2026-01-15"), standing);
    Actor { account: Some(Uuid::from_u128(7)), name: "x".into(), kind: ActorKind::Staff, grants }
}

#[test]
fn sessions_end_idle_and_absolutely() {
    let rules = Rules::for_tests();
    for (seen, expires, now, alive) in
        [(0, 720, 29, true), (0, 720, 30, false), (700, 720, 719, true), (719, 720, 720, false), (0, 10, 9, true)]
    {
        let times = SessionTimes { seen_at: at(seen), expires_at: at(expires) };
        assert_eq!(times.alive(at(now), &rules), alive, "seen {seen} expires {expires} now {now}");
    }
    let times = SessionTimes { seen_at: at(0), expires_at: at(720) };
    assert!(!times.stale(at(2), &rules) && times.stale(at(3), &rules));
}

#[test]
fn a_post_counts_from_its_first_to_its_last_day() {
    let held = post("worker", "1.4.5.6.", None);
    for (on, expected) in [("2026-01-09", false), ("2026-01-10", true), ("2026-02-10", true), ("2026-02-11", false)] {
        assert_eq!(held.held(day(on)), expected, "{on}");
        let standing = Standing { must_change_password: false, code_on: false };
        assert_eq!(
            grants(std::slice::from_ref(&held), &roles(), day(on), standing).len(),
            usize::from(expected),
            "{on}"
        );
    }
    let open = Post { to: None, ..held };
    assert!(open.held(day("2099-01-01")));
}

#[test]
fn no_grant_before_password_and_code_are_set_right() {
    let held = [post("worker", "1.4.5.6.", None), post("auditor", "1.", None), post("unknown", "1.", None)];
    for (must_change_password, code_on, expected) in
        [(true, true, vec![]), (false, false, vec!["worker"]), (false, true, vec!["worker", "auditor"])]
    {
        let standing = Standing { must_change_password, code_on };
        let given = grants(&held, &roles(), day("2026-01-15"), standing);
        let names: Vec<&str> = given.iter().map(|grant| grant.role.as_str()).collect();
        assert_eq!(names, expected);
    }
}

#[test]
fn who_may_give_which_role_where() {
    let operator = post("operator", "1.4.", None);
    let chief = post("chief", "1.4.5.", None);
    let pensions = post("chief", "1.4.5.", Some("civil"));
    let table = [
        (&operator, "decider", "1.4.5.", Some("civil"), true),
        (&operator, "operator", "1.4.", None, true),
        (&operator, "worker", "1.9.5.6.", None, false),
        (&chief, "worker", "1.4.5.6.", None, true),
        (&chief, "worker", "1.4.5.6.", Some("civil"), true),
        (&chief, "chief", "1.4.5.", None, true),
        (&chief, "worker", "1.4.8.6.", None, false),
        (&chief, "worker", "1.4.", None, false),
        (&chief, "decider", "1.4.5.", Some("civil"), false),
        (&chief, "operator", "1.4.5.", None, false),
        (&chief, "auditor", "1.4.5.", None, false),
        (&pensions, "worker", "1.4.5.6.", Some("civil"), true),
        (&pensions, "worker", "1.4.5.6.", Some("labour"), false),
        (&pensions, "worker", "1.4.5.6.", None, false),
    ];
    let roles = roles();
    for (giver, role, place, department, expected) in table {
        let target = post(role, place, department).target();
        let given = may_give(&actor(std::slice::from_ref(giver)), &roles, roles.get(role).unwrap(), &target);
        assert_eq!(
            given.is_ok(),
            expected,
            "{} {:?} gives {role} {place} {department:?}",
            giver.role,
            giver.department
        );
    }
    let target = post("operator", "1.", None).target();
    assert!(may_give(&Actor::system(), &roles, roles.get("operator").unwrap(), &target).is_ok());
    assert!(may_give(&Actor::nobody(), &roles, roles.get("worker").unwrap(), &target).is_err());
}

#[test]
fn nobody_governs_himself_or_his_superior() {
    let roles = roles();
    let chief = actor(&[post("chief", "1.4.5.", None)]);
    let (on, colleague) = (day("2026-01-15"), Uuid::from_u128(8));
    let worker = post("worker", "1.4.5.6.", None);
    let superior = post("operator", "1.4.", None);
    let long_ago = Post { to: Some(day("2026-01-14")), ..superior.clone() };
    for (account, posts, expected) in [
        (colleague, vec![worker.clone()], true),
        (colleague, vec![worker.clone(), superior], false),
        (colleague, vec![worker.clone(), long_ago], true),
        (Uuid::from_u128(7), vec![worker], false),
    ] {
        assert_eq!(may_govern(&chief, &roles, account, &posts, on).is_ok(), expected, "{posts:?}");
    }
}

#[test]
fn a_post_must_fit_its_role() {
    let roles = roles();
    let backwards = Post { to: Some(day("2026-01-09")), ..post("worker", "1.4.5.6.", None) };
    for (post, expected) in [
        (post("worker", "1.4.5.6.", None), None),
        (post("worker", "1.4.5.", None), Some(Why::IdentityRoleNotHere)),
        (post("decider", "1.4.", None), Some(Why::IdentityDepartmentNeeded)),
        (post("decider", "1.4.", Some("civil")), None),
        (backwards, Some(Why::IdentityPostDates)),
    ] {
        let found = check_post(roles.get(&post.role).unwrap(), &post).err().map(|refusal| refusal.code);
        assert_eq!(found, expected, "{post:?}");
    }
}

#[test]
fn passwords_that_will_do() {
    let rules = Rules::for_tests();
    let known = ["wangxiaoming", "王小明同志", "13800000412"];
    for (password, expected) in [
        ("lantern harbour 7", None),
        ("竹林里有七位老朋友在喝茶", None),
        ("short1x", Some(Why::IdentityPasswordShort)),
        ("竹林七贤", Some(Why::IdentityPasswordShort)),
        ("竹林里有七位老朋友在", Some(Why::IdentityPasswordShort)),
        ("aaaaaaaaaaaa", Some(Why::IdentityPasswordWeak)),
        ("abababababab", Some(Why::IdentityPasswordWeak)),
        ("password2026!", Some(Why::IdentityPasswordWeak)),
        ("Qwertyuiop123", Some(Why::IdentityPasswordWeak)),
        ("123456789012", Some(Why::IdentityPasswordWeak)),
        ("987654321098", Some(Why::IdentityPasswordWeak)),
        ("abcdefghijkl", Some(Why::IdentityPasswordWeak)),
        ("WangXiaoMing-88", Some(Why::IdentityPasswordWeak)),
        ("我是王小明同志没错吧你好", Some(Why::IdentityPasswordWeak)),
        ("tel13800000412", Some(Why::IdentityPasswordWeak)),
    ] {
        let found = check_password(password, &rules, &known).err().map(|refusal| refusal.code);
        assert_eq!(found, expected, "{password}");
    }
    assert!(check_password(&"long enough ".repeat(20), &rules, &[]).is_err());
}

#[test]
fn logins_that_will_do() {
    for (login, expected) in
        [("wang", true), ("li.na-2_x", true), ("ab", false), ("Wang", false), ("1wang", false), ("王小明", false)]
    {
        assert_eq!(login_sound(login), expected, "{login}");
    }
    assert!(!login_sound(&"a".repeat(33)));
    assert!(!login_sound("13800000412"), "never a telephone");
}

#[test]
fn a_password_is_measured_at_its_bounds() {
    let rules = Rules::for_tests();
    let most = "lantern harbour ".repeat(8);
    let known = ["王小明", "Wang.Xiaoming", ""];
    let table = [
        ("", Some(Why::IdentityPasswordShort)),
        ("十一个字的密码还是太短", Some(Why::IdentityPasswordShort)),
        ("王小明爱吃锅包肉配米饭呀", None),
        (most.as_str(), None),
        ("789012345678", Some(Why::IdentityPasswordWeak)),
        ("321098765432", Some(Why::IdentityPasswordWeak)),
        ("１２３４５６７８９０１２", Some(Why::IdentityPasswordWeak)),
        ("839201746352", None),
        ("abcab cabca b", Some(Why::IdentityPasswordWeak)),
        ("abcdef fedcba", None),
        ("1234admin456", Some(Why::IdentityPasswordWeak)),
        ("myadmin12345", None),
        ("Password！！２０２６", Some(Why::IdentityPasswordWeak)),
        ("xxwang.xiaoming9", Some(Why::IdentityPasswordWeak)),
    ];
    for (password, expected) in table {
        let found = check_password(password, &rules, &known).err();
        assert_eq!(found.as_ref().map(|refusal| refusal.code), expected, "{password}");
        assert!(found.is_none_or(|refusal| refusal.field.as_deref() == Some("new")), "{password}");
    }
    let refusal = check_password("short", &rules, &[]).unwrap_err();
    assert_eq!(refusal.detail["length"], "12");
    let refusal = check_password(&format!("{most}x"), &rules, &[]).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::RequestTooLarge, Some("new")));
}

#[test]
fn a_login_is_measured_at_its_bounds() {
    let (most, more) = ("a".repeat(32), "a".repeat(33));
    for (login, expected) in [
        ("abc", true),
        ("a-_", true),
        ("a..", true),
        (most.as_str(), true),
        (more.as_str(), false),
        ("", false),
        ("_ab", false),
        (".ab", false),
        ("a b", false),
        ("w\u{e1}ng", false),
        ("wang@city", false),
        ("ｗａｎｇ", false),
    ] {
        assert_eq!(login_sound(login), expected, "{login}");
    }
}

#[test]
fn a_session_is_stored_again_after_a_tenth_of_its_idle_time() {
    let rules = Rules::for_tests();
    let times = SessionTimes { seen_at: at(0), expires_at: at(720) };
    for (second, stale) in [(-1, false), (0, false), (179, false), (180, true), (100_000, true)] {
        assert_eq!(times.stale(at(0).plus_seconds(second), &rules), stale, "{second}");
    }
}

#[test]
fn a_refusal_says_what_is_missing_and_where() {
    let roles = roles();
    let chief = actor(&[post("chief", "1.4.5.", None)]);
    let civil = actor(&[post("chief", "1.4.5.", Some("civil"))]);
    let table = [
        (&chief, "worker", "1.4.8.6.", None, Code::PermissionOutsidePlace),
        (&civil, "worker", "1.4.5.6.", Some("labour"), Code::PermissionOtherDepartment),
        (&chief, "decider", "1.4.5.", Some("civil"), Code::PermissionMissing),
        (&chief, "operator", "1.4.5.", None, Code::PermissionMissing),
        (&chief, "auditor", "1.4.5.", None, Code::PermissionMissing),
    ];
    for (giver, role, place, department, code) in table {
        let target = post(role, place, department).target();
        let refusal = may_give(giver, &roles, roles.get(role).unwrap(), &target).unwrap_err();
        assert_eq!(refusal.code, code, "{role} {place} {department:?}");
        assert!(refusal.code.is_permission() && refusal.detail.contains_key("permission.en"));
    }
    let nobody = may_give(&Actor::nobody(), &roles, roles.get("worker").unwrap(), &post("worker", "1.", None).target());
    assert_eq!(nobody.unwrap_err().code, Code::PermissionSignIn);
}

#[test]
fn an_account_with_a_role_that_is_gone_is_left_to_nobody() {
    let roles = roles();
    let operator = actor(&[post("operator", "1.4.", None)]);
    let (on, account) = (day("2026-02-10"), Uuid::from_u128(8));
    let gone = post("gone", "1.4.5.", None);
    let refusal = may_govern(&operator, &roles, account, std::slice::from_ref(&gone), on).unwrap_err();
    assert_eq!((refusal.code, refusal.field.as_deref()), (Why::IdentityRoleUnknown, Some("role")));
    let past = may_govern(&operator, &roles, account, std::slice::from_ref(&gone), day("2026-02-11"));
    assert!(past.is_ok(), "a post that is over does not count");
    let future = Post { from: day("2027-01-01"), to: None, ..post("operator", "1.", None) };
    assert!(may_govern(&operator, &roles, account, &[future], on).is_err(), "one that is still to come does");
    assert!(may_govern(&operator, &roles, account, &[], on).is_ok());
    for (held, own, refused) in [(Some(7), 7, true), (Some(7), 8, false), (None, 7, false)] {
        let actor = Actor { account: held.map(Uuid::from_u128), ..Actor::system() };
        assert_eq!(refuse_self(&actor, Uuid::from_u128(own)).is_err(), refused, "{held:?} {own}");
    }
}
