//! Tests the rules by tables.

use super::*;
use crate::permissions::May;
use crate::refusals::Why;
use kernel::permission::Permission;
use proptest::prelude::*;

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
fn wrong_tries_lock_at_the_limit_and_are_forgotten_after_time() {
    let mut tries = Tries::default();
    for minute in 0..2 {
        tries = tries.failed(at(minute), 3, 15);
        assert!(!tries.locked(at(minute)));
    }
    tries = tries.failed(at(2), 3, 15);
    assert!(tries.locked(at(2)) && tries.locked(at(16)) && !tries.locked(at(17)));
    assert_eq!(tries.failed(at(10), 3, 15), tries, "tries while locked prolong nothing");
    let after = tries.failed(at(17), 3, 15);
    assert_eq!((after.failures, after.locked(at(17))), (1, false), "counted anew when the lock is over");
    let slow = Tries::default().failed(at(0), 3, 15).failed(at(15), 3, 15);
    assert_eq!(slow.failures, 1, "tries older than the time do not count");
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
        ("竹林里有七位老朋友在", None),
        ("short1x", Some(Why::IdentityPasswordShort)),
        ("竹林七贤", Some(Why::IdentityPasswordShort)),
        ("aaaaaaaaaaaa", Some(Why::IdentityPasswordWeak)),
        ("abababababab", Some(Why::IdentityPasswordWeak)),
        ("password2026!", Some(Why::IdentityPasswordWeak)),
        ("Qwertyuiop123", Some(Why::IdentityPasswordWeak)),
        ("1234567890", Some(Why::IdentityPasswordWeak)),
        ("9876543210", Some(Why::IdentityPasswordWeak)),
        ("abcdefghijk", Some(Why::IdentityPasswordWeak)),
        ("WangXiaoMing-88", Some(Why::IdentityPasswordWeak)),
        ("我是王小明同志没错吧", Some(Why::IdentityPasswordWeak)),
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

proptest! {
    #[test]
    fn a_lock_always_ends(minutes in proptest::collection::vec(0_i64..200, 0..60), limit in 1_u32..6) {
        let mut moments = minutes;
        moments.sort_unstable();
        let mut tries = Tries::default();
        for minute in &moments {
            tries = tries.failed(at(*minute), limit, 15);
        }
        let last = moments.last().copied().unwrap_or_default();
        prop_assert!(!tries.locked(at(last + 15)));
    }
}
