//! Identity through its pages, on both engines: sign-in, limits, sessions, codes, posts, scope.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use axum::Router;
use axum::routing::get;
use data_encoding::BASE32_NOPAD;
use identity::{Identity, NewStaff, PlaceNames, Post, Roles, Rules, Settings};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::place::PlacePath;
use std::sync::Arc;
use store::Tx;
use testkit::{Client, FixedClock, Reply, TestStore, ZONE};
use uuid::Uuid;
use vault::{MasterKeys, Vault};
use web::{Frame, Page, Texts};

const PASSWORD: &str = "lantern harbour 7";
const COOKIE: &str = "lianglin_session";

struct Places;

impl PlaceNames for Places {
    fn name(&self, place: &PlacePath) -> Option<Bilingual> {
        Some(Bilingual::new(format!("地方{}", place.as_str()), format!("place {}", place.as_str())))
    }

    fn find(&self, words: &str, limit: usize) -> Vec<PlacePath> {
        let places = match words {
            "文安路社区" => vec!["1.4.5.6."],
            "新华社区" => vec!["1.4.5.7.", "1.9.8.7.", "1.4.5.9."],
            "大东区" => vec!["1.9."],
            "城" => vec!["1."],
            _ => vec![],
        };
        places.into_iter().take(limit).map(place).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        vec![("civil".into(), Bilingual::new("民政", "Civil affairs"))]
    }
}

fn place(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

fn roles() -> Roles {
    let role = |code: &str, permissions: &str, levels: &str, more: &str| {
        let title = format!(r#"{{ zh = "{code}", en = "{code}" }}"#);
        let text =
            format!("code = \"{code}\"\ntitle = {title}\npermissions = [{permissions}]\nlevels = [{levels}]\n{more}");
        (code.to_owned(), text)
    };
    Roles::load(&[
        role("operator", r#""account.read", "account.manage""#, r#""city", "district""#, "gives_any = true"),
        role("chief", r#""account.read", "account.manage", "case.read", "case.accept""#, r#""street""#, ""),
        role("worker", r#""case.read", "case.accept""#, r#""community""#, ""),
        role("auditor", r#""audit.read""#, r#""city""#, "totp_required = true"),
    ])
    .unwrap()
}

struct House {
    store: TestStore,
    identity: Arc<Identity>,
    router: Router,
    clock: FixedClock,
}

/// What the visitor may do, as the pages of any department would see it.
async fn who(page: Page) -> String {
    let actor = &page.visitor.actor;
    let roles: Vec<&str> = actor.grants.iter().map(|grant| grant.role.as_str()).collect();
    format!("{:?} {} {}", actor.kind, actor.name, roles.join(","))
}

fn house(store: TestStore, rules: Rules) -> House {
    store::migrate(&store, &[vault::MIGRATIONS, identity::MIGRATIONS]).unwrap();
    let vault = Vault::new(MasterKeys::generate().unwrap());
    let clock = FixedClock::local("2026-11-23 10:00");
    let settings = Settings {
        home: place("1."),
        secure: false,
        behind_proxy: false,
        staff_home: "/who".into(),
        issuer: "Lianglin".into(),
        clock: clock.clock(),
        zone: ZONE,
    };
    let frame = Frame {
        texts: Texts::new(&[web::LOCALES, identity::LOCALES]).unwrap(),
        nav: identity::NAV.to_vec(),
        clock: clock.clock(),
        zone: ZONE,
        csrf_key: vault.derive_key("csrf"),
        city_name: Bilingual::new("沈阳市", "Shenyang"),
        waiting: None,
    };
    let identity = Identity::new(store.store(), vault, roles(), rules, settings, Arc::new(Places));
    let pages = identity::routes(Arc::clone(&identity)).route("/who", get(who));
    let gate = Arc::clone(&identity);
    let router = web::layers_with(pages, Arc::new(frame), move |router| identity::attach(router, gate));
    House { store, identity, router, clock }
}

fn houses(rules: Rules) -> Vec<House> {
    // Opening a store blocks, which a thread of the runtime may do only when it says so.
    tokio::task::block_in_place(|| testkit::stores().into_iter().map(|store| house(store, rules)).collect())
}

fn post(role: &str, at: &str) -> Post {
    Post {
        id: Uuid::now_v7(),
        role: role.into(),
        place: place(at),
        department: None,
        from: "2026-01-01".parse().unwrap(),
        to: None,
    }
}

impl House {
    /// An account of staff with posts, as the command line opens it.
    async fn staff(&self, login: &str, posts: Vec<Post>) -> Uuid {
        let id = Uuid::now_v7();
        let password = identity::hash_password(PASSWORD, &Rules::for_tests()).unwrap();
        let staff = NewStaff {
            id,
            district: place("1.").district(),
            login: login.into(),
            name: format!("{login}氏"),
            password,
            must_change: false,
        };
        let now = self.clock.now();
        let work = move |tx: &mut dyn Tx| {
            identity::open_staff(tx, &staff, &Actor::system(), now)?;
            posts.iter().try_for_each(|post| identity::give_post(tx, id, post, &roles(), &Actor::system(), now))
        };
        self.store.write(work).await.unwrap();
        id
    }

    fn browser(&self) -> Client {
        Client::new(self.router.clone())
    }

    async fn signed_in(&self, login: &str) -> Client {
        let mut client = self.browser();
        let reply = sign_in(&mut client, login, PASSWORD).await;
        assert_eq!(reply.status, 303, "{login}: {}", reply.words());
        client
    }

    async fn events(&self, account: Uuid) -> Vec<String> {
        let district = place("1.").district();
        let entries = self.store.read(move |tx| store::log::read(tx, district, account)).await.unwrap();
        entries.into_iter().map(|entry| entry.kind).collect()
    }
}

async fn sign_in(client: &mut Client, login: &str, password: &str) -> Reply {
    let page = client.get("/sign-in").await.expect(200);
    client.submit_once(page.form("/sign-in").set("login", login).set("password", password)).await
}

/// Opens a page, fills in one of its forms and sends it.
async fn send(client: &mut Client, address: &str, action: &str, fields: &[(&str, &str)]) -> Reply {
    let mut form = client.get(address).await.expect(200).form(action);
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.submit_once(form).await
}

fn code_of(key: &str, at: i64) -> String {
    let secret = BASE32_NOPAD.decode(key.replace(' ', "").as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(at / 1_000_000).unwrap()).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_gives_the_posts_held_today_and_sign_out_ends_it() {
    for house in houses(Rules::for_tests()) {
        let ended = Post { to: Some("2026-11-22".parse().unwrap()), ..post("chief", "1.4.5.") };
        let future = Post { from: "2026-11-24".parse().unwrap(), ..post("operator", "1.") };
        house.staff("wang", vec![post("worker", "1.4.5.6."), ended, future]).await;
        let mut client = house.browser();
        assert!(client.get("/who").await.body().starts_with("Nobody"));
        let reply = sign_in(&mut client, " WANG ", PASSWORD).await.expect(303);
        assert_eq!(reply.location(), Some("/who"));
        assert_eq!(client.get("/who").await.body(), "Staff wang氏 worker");
        house.clock.set_local("2026-11-24 00:00");
        assert!(client.get("/who").await.body().starts_with("Nobody"), "idle");
        let mut client = house.signed_in("wang").await;
        assert!(client.get("/who").await.body().contains("worker,operator"));
        let token = client.cookie(COOKIE).unwrap().to_owned();
        let page = client.get("/account").await.expect(200);
        assert!(page.words().contains("wang氏") && page.words().contains("地方1.4.5.6."));
        client.submit(page.form("/sign-out")).await;
        assert!(client.cookie(COOKIE).is_none());
        client.set_cookie(COOKIE, &token);
        assert!(client.get("/who").await.body().starts_with("Nobody"), "the token is dead on the server too");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_tries_get_one_answer_and_lock_for_a_time() {
    for house in houses(Rules { lockout_failures: 3, ..Rules::for_tests() }) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut client = house.browser();
        let mut answers = Vec::new();
        for (login, password) in [("nobody", "x"), ("wang", "x"), ("wang", "y"), ("wang", ""), ("wang", PASSWORD)] {
            let reply = sign_in(&mut client, login, password).await.expect(422);
            answers.push(reply.words().replace(login, ""));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "account.locked"]);
        house.clock.plus_seconds(14 * 60);
        let _ = sign_in(&mut client, "wang", PASSWORD).await.expect(422);
        house.clock.plus_seconds(60);
        let _ = sign_in(&mut client, "wang", PASSWORD).await.expect(303);
        assert!(client.get("/who").await.body().contains("worker"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_address_is_limited_across_accounts() {
    for house in houses(Rules { address_failures: 4, ..Rules::for_tests() }) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut client = house.browser();
        for number in 0..4 {
            let _ = sign_in(&mut client, &format!("login{number}"), "x").await.expect(422);
        }
        let refused = sign_in(&mut client, "wang", PASSWORD).await.expect(422);
        assert!(refused.words().contains("频繁"), "{}", refused.words());
        let mut elsewhere = house.browser().from(([198, 51, 100, 7], 1).into());
        let _ = sign_in(&mut elsewhere, "wang", PASSWORD).await.expect(303);
        house.clock.plus_seconds(15 * 60);
        let _ = sign_in(&mut client, "wang", PASSWORD).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_idle_at_the_latest_and_on_another_device() {
    for house in houses(Rules { session_idle_minutes: 30, session_hours: 2, ..Rules::for_tests() }) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut busy = house.signed_in("wang").await;
        let mut idle = house.signed_in("wang").await;
        for _ in 0..4 {
            house.clock.plus_seconds(29 * 60);
            assert!(busy.get("/who").await.body().contains("worker"), "in use");
        }
        assert!(idle.get("/who").await.body().starts_with("Nobody"), "idle too long");
        house.clock.plus_seconds(4 * 60);
        assert!(busy.get("/who").await.body().starts_with("Nobody"), "two hours are over");
        let reply = busy.get("/account").await;
        assert_eq!(reply.location(), Some("/sign-in?next=%2Faccount"));

        let (mut one, mut other) = (house.signed_in("wang").await, house.signed_in("wang").await);
        let page = one.get("/account").await.expect(200);
        let ends: Vec<_> = page.forms().into_iter().filter(|form| form.action.contains("/devices/")).collect();
        assert_eq!(ends.len(), 1, "one's own device has no such button");
        let _ = one.submit_once(ends[0].clone()).await.expect(303);
        assert!(other.get("/who").await.body().starts_with("Nobody"));
        assert!(one.get("/who").await.body().contains("worker"));
        assert_eq!(one.submit_once(ends[0].clone()).await.status, 404, "gone");
        house.clock.plus_seconds(24 * 3600);
        assert!(house.identity.sweep().await.unwrap() > 0);
        assert_eq!(house.identity.sweep().await.unwrap(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_posts_counts_at_once_even_with_a_cache() {
    for house in houses(Rules { session_cache_seconds: 600, ..Rules::for_tests() }) {
        house.staff("chen", vec![post("operator", "1.")]).await;
        let held = post("worker", "1.4.5.6.");
        let id = house.staff("wang", vec![held.clone()]).await;
        let mut wang = house.signed_in("wang").await;
        assert!(wang.get("/who").await.body().contains("worker"));
        let mut chen = house.signed_in("chen").await;
        let (page, action) = (format!("/staff/{id}"), format!("/staff/{id}/posts/{}/end", held.id));
        let _ = send(&mut chen, &page, &action, &[("last_day", "2026-11-22")]).await.expect(303);
        assert_eq!(wang.get("/who").await.body(), "Staff wang氏 ");
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "post.ended"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_asked_for_once_it_is_on_and_is_good_once() {
    for house in houses(Rules::for_tests()) {
        let id = house.staff("wang", vec![post("auditor", "1.")]).await;
        let mut client = house.signed_in("wang").await;
        assert_eq!(client.get("/who").await.body(), "Staff wang氏 ", "the role needs a code");
        let page = client.get("/account/code").await.expect(200).body();
        let key = page.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(page.contains("otpauth://totp/Lianglin:wang?secret="));
        assert!(client.get("/account/code").await.body().contains(&key), "the offer stays until it is confirmed");
        let _ = send(&mut client, "/account/code", "/account/code", &[("code", "000000")]).await.expect(422);
        let now = house.clock.now().micros();
        let _ = send(&mut client, "/account/code", "/account/code", &[("code", &code_of(&key, now))]).await.expect(303);
        assert_eq!(client.get("/who").await.body(), "Staff wang氏 auditor");

        let mut other = house.browser();
        let reply = sign_in(&mut other, "wang", PASSWORD).await.expect(303);
        assert!(reply.location().unwrap().starts_with("/sign-in/code"));
        assert!(other.get("/who").await.body().starts_with("Nobody"), "the password alone is not enough");
        let waiting = other.cookie(COOKIE).unwrap().to_owned();
        let enter = async |client: &mut Client, code: &str| {
            send(client, "/sign-in/code", "/sign-in/code", &[("code", code)]).await
        };
        let reused = enter(&mut other, &code_of(&key, now)).await.expect(422);
        assert!(reused.words().contains("不对"), "the code that turned it on is used up");
        let late = house.clock.plus_seconds(60).micros();
        let _ = enter(&mut other, &code_of(&key, late - 30_000_000)).await.expect(303);
        assert_ne!(other.cookie(COOKIE).unwrap(), waiting, "a new token after sign-in");
        assert_eq!(other.get("/who").await.body(), "Staff wang氏 auditor");
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "code.turned_on"]);

        let mut slow = house.browser();
        let _ = sign_in(&mut slow, "wang", PASSWORD).await.expect(303);
        let later = house.clock.plus_seconds(5 * 60).micros();
        let ended = enter(&mut slow, &code_of(&key, later)).await.expect(422);
        assert!(ended.words().contains("过期"), "{}", ended.words());
        let off = [("password", PASSWORD), ("code", &code_of(&key, later))];
        let _ = send(&mut client, "/account/code", "/account/code/off", &off).await.expect(303);
        let _ = sign_in(&mut house.browser(), "wang", PASSWORD).await.expect(303);
        assert_eq!(client.get("/who").await.body(), "Staff wang氏 ");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_cannot_be_tried_without_end() {
    for house in houses(Rules { lockout_failures: 3, ..Rules::for_tests() }) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut client = house.signed_in("wang").await;
        let page = client.get("/account/code").await.expect(200).body();
        let key = page.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let now = house.clock.now().micros();
        let _ = send(&mut client, "/account/code", "/account/code", &[("code", &code_of(&key, now))]).await.expect(303);
        let mut thief = house.browser();
        for _ in 0..3 {
            // The right password in between must not forget the wrong codes.
            let _ = sign_in(&mut thief, "wang", PASSWORD).await.expect(303);
            let _ = send(&mut thief, "/sign-in/code", "/sign-in/code", &[("code", "000000")]).await.expect(422);
        }
        let _ = sign_in(&mut thief, "wang", PASSWORD).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_is_refused() {
    for house in houses(Rules::for_tests()) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        for old in [false, true] {
            let mut client = house.browser();
            if old {
                client = client.old();
            } else {
                client =
                    client.with_header("sec-fetch-site", "cross-site").with_header("origin", "https://evil.example");
            }
            let fields = [("login".to_owned(), "wang".to_owned()), ("password".to_owned(), PASSWORD.to_owned())];
            assert_eq!(client.post_exactly("/sign-in", &fields).await.status, 403);
            let mut signed_in = house.signed_in("wang").await;
            client.set_cookie(COOKIE, signed_in.cookie(COOKIE).unwrap());
            for address in ["/sign-out", "/account/password", "/account/code", "/staff/open"] {
                assert_eq!(client.post_exactly(address, &[]).await.status, 403, "{address}");
            }
            assert!(signed_in.get("/who").await.body().contains("worker"), "still signed in");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_and_other_devices_go() {
    for house in houses(Rules::for_tests()) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let (mut client, mut other) = (house.signed_in("wang").await, house.signed_in("wang").await);
        let change = async |client: &mut Client, old: &str, new: &str, again: &str| {
            let fields = [("password", old), ("new", new), ("again", again)];
            send(client, "/account", "/account/password", &fields).await
        };
        let new = "copper kettle 12";
        for (old, typed, again) in [
            ("wrong password", new, new),
            (PASSWORD, "short", "short"),
            (PASSWORD, "password1234", "password1234"),
            (PASSWORD, new, "other words 12"),
            (PASSWORD, PASSWORD, PASSWORD),
        ] {
            let reply = change(&mut client, old, typed, again).await.expect(422);
            for secret in [old, typed, again] {
                assert!(!reply.body().contains(secret), "a password is never shown again");
            }
        }
        let _ = change(&mut client, PASSWORD, new, new).await.expect(303);
        assert!(client.get("/who").await.body().contains("worker"));
        assert!(other.get("/who").await.body().starts_with("Nobody"));
        let _ = sign_in(&mut house.browser(), "wang", PASSWORD).await.expect(422);
        let _ = sign_in(&mut house.browser(), "wang", new).await.expect(303);
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "password.changed"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_and_changes_only_his_own_places() {
    for house in houses(Rules::for_tests()) {
        house.staff("chief", vec![post("chief", "1.4.5.")]).await;
        let near = house.staff("near", vec![post("worker", "1.4.5.6.")]).await;
        let far = house.staff("far", vec![post("worker", "1.9.8.7.")]).await;
        let boss = house.staff("boss", vec![post("worker", "1.4.5.6."), post("operator", "1.4.")]).await;
        let mut chief = house.signed_in("chief").await;
        let list = chief.get("/staff").await.expect(200);
        for (login, seen) in [("near", true), ("boss", true), ("chief", true), ("far氏", false)] {
            assert_eq!(list.words().contains(login), seen, "{login}");
        }
        assert!(!list.words().contains("operator"), "posts elsewhere are not shown");
        assert!(chief.get("/staff?words=far").await.words().contains("没有以"));
        for address in [format!("/staff/{far}"), format!("/staff/{}", Uuid::now_v7())] {
            assert_eq!(chief.get(&address).await.status, 404, "{address}");
        }
        for action in ["posts", "password", "close"] {
            let reply = post_form(&mut chief, &format!("/staff/{far}/{action}")).await;
            assert!([404, 422].contains(&reply.status.as_u16()), "{action} {}", reply.status);
            let reply = post_form(&mut chief, &format!("/staff/{boss}/{action}")).await;
            assert!([403, 422].contains(&reply.status.as_u16()), "{action} {}", reply.status);
        }
        assert!(house.events(far).await.len() == 2 && house.events(boss).await.len() == 3, "nothing was done");

        let fields = [("role", "worker"), ("place", "文安路社区"), ("from", "2026-11-23")];
        let mut form = chief.get(&format!("/staff/{near}")).await.expect(200).form(&format!("/staff/{near}/posts"));
        for (name, value) in fields {
            form = form.set(name, value);
        }
        for _ in 0..2 {
            let _ = chief.submit_once(form.clone()).await.expect(303);
        }
        assert_eq!(house.events(near).await, ["account.opened", "post.given", "post.given"], "sent twice, given once");
        let outside = form.clone().set("place", "大东区").set("_once", "");
        let _ = chief.submit_once(outside).await.expect(422);
        let several = chief.submit_once(form.clone().set("place", "新华社区").set("_once", "")).await.expect(422);
        assert!(
            several.body().contains("1.4.5.7.") && !several.body().contains("1.9.8.7."),
            "only his own are offered"
        );
        let operator = chief.submit_once(form.set("role", "operator").set("_once", "")).await;
        assert_eq!(operator.status, 422, "the role is of another level");

        let mut worker = house.signed_in("near").await;
        assert_eq!(worker.get("/staff").await.status, 403);
        assert_eq!(house.browser().get("/staff").await.location(), Some("/sign-in?next=%2Fstaff"));
    }
}

async fn post_form(client: &mut Client, address: &str) -> Reply {
    let fields = [
        ("role".to_owned(), "worker".to_owned()),
        ("place".to_owned(), "城".to_owned()),
        ("from".to_owned(), "2026-11-23".to_owned()),
    ];
    client.post_exactly(address, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_colleague_gets_a_password_to_change_first() {
    for house in houses(Rules::for_tests()) {
        house.staff("chen", vec![post("operator", "1.")]).await;
        let mut chen = house.signed_in("chen").await;
        let fields =
            [("name", "李娜"), ("login", "li.na"), ("role", "worker"), ("place", "文安路社区"), ("from", "2026-11-23")];
        let taken =
            [("name", "x"), ("login", "chen"), ("role", "worker"), ("place", "文安路社区"), ("from", "2026-11-23")];
        let _ = send(&mut chen, "/staff/open", "/staff/open", &taken).await.expect(422);
        let shown = send(&mut chen, "/staff/open", "/staff/open", &fields).await.expect(200).body();
        let first = shown.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let mut lina = house.browser();
        let reply = sign_in(&mut lina, "li.na", &first).await.expect(303);
        assert_eq!(reply.location(), Some("/account"));
        assert_eq!(lina.get("/who").await.body(), "Staff 李娜 ", "nothing may be done before");
        let fields = [("password", first.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        let _ = send(&mut lina, "/account", "/account/password", &fields).await.expect(303);
        assert_eq!(lina.get("/who").await.body(), "Staff 李娜 worker");

        let page = chen.get("/staff?words=li").await.expect(200);
        let address = page.links().into_iter().find(|link| link.starts_with("/staff/0")).unwrap();
        let code = lina.get("/account/code").await.expect(200).body();
        let key = code.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let typed = code_of(&key, house.clock.now().micros());
        let _ = send(&mut lina, "/account/code", "/account/code", &[("code", &typed)]).await.expect(303);
        let reset = send(&mut chen, &address, &format!("{address}/password"), &[]).await.expect(200).body();
        let second = reset.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert_ne!(first, second);
        assert!(lina.get("/who").await.body().starts_with("Nobody"), "signed out everywhere");
        let _ = sign_in(&mut lina, "li.na", PASSWORD).await.expect(422);
        let back = sign_in(&mut lina, "li.na", &second).await.expect(303);
        assert_eq!(back.location(), Some("/account"), "no code is asked for: the phone may be lost too");
        let _ = send(&mut chen, &address, &format!("{address}/close"), &[]).await.expect(303);
        let _ = sign_in(&mut lina, "li.na", &second).await.expect(422);
        assert!(chen.get(&address).await.words().contains("已停用"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resident_opens_sees_and_closes_her_account() {
    for house in houses(Rules::for_tests()) {
        let mut client = house.browser();
        let good = [("name", "李岺"), ("telephone", "138 0000 0412"), ("new", PASSWORD), ("consent", "yes")];
        for (changed, value) in [("name", ""), ("telephone", "1380000"), ("new", "short"), ("consent", "")] {
            let fields: Vec<_> =
                good.iter().map(|(name, typed)| (*name, if *name == changed { value } else { *typed })).collect();
            let reply = send(&mut client, "/account/open", "/account/open", &fields).await.expect(422);
            assert!(!reply.body().contains(PASSWORD), "{changed}");
        }
        let reply = send(&mut client, "/account/open", "/account/open", &good).await.expect(303);
        assert_eq!(reply.location(), Some("/account"));
        assert_eq!(client.get("/who").await.body(), "Resident  ");
        let account = client.get("/account").await.expect(200);
        assert!(account.words().contains("138****0412") && account.words().contains("没有人看过"));
        assert!(!account.body().contains("13800000412") && !account.body().contains("李岺"));
        for address in ["/staff", "/account/code"] {
            assert!([403, 404].contains(&client.get(address).await.status.as_u16()), "{address}");
        }
        let mut second = house.browser();
        let _ = send(&mut second, "/account/open", "/account/open", &good).await.expect(422);
        let _ = sign_in(&mut second, "+86 13800000412", PASSWORD).await.expect(303);

        let _ = send(&mut client, "/account/close", "/account/close", &[("password", "wrong words")]).await.expect(422);
        let _ = send(&mut client, "/account/close", "/account/close", &[("password", PASSWORD)]).await.expect(303);
        assert!(second.get("/who").await.body().starts_with("Nobody"));
        let _ = sign_in(&mut client, "13800000412", PASSWORD).await.expect(422);
        let left = house
            .store
            .read(|tx| {
                let sql = "select id from vault_record where ciphertext is not null limit 10";
                let found = tx.rows(sql, &[])?.len() + tx.rows("select digest from vault_index limit 10", &[])?.len();
                Ok::<_, store::StoreError>(found)
            })
            .await;
        assert_eq!(left.unwrap(), 0);
        let _ = send(&mut client, "/account/open", "/account/open", &good).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_stored_in_the_clear() {
    for house in houses(Rules::for_tests()) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let client = house.signed_in("wang").await;
        let mut resident = house.browser();
        let fields = [("name", "李岺"), ("telephone", "13800000412"), ("new", PASSWORD), ("consent", "yes")];
        let _ = send(&mut resident, "/account/open", "/account/open", &fields).await.expect(303);
        let rows = house
            .store
            .read(|tx| {
                let mut text = Vec::new();
                for table in ["identity_account", "identity_session", "identity_address", "store_event", "vault_record"]
                {
                    text.push(format!("{:?}", tx.rows(&format!("select * from {table} limit 100"), &[])?));
                }
                Ok::<_, store::StoreError>(text.concat())
            })
            .await
            .unwrap();
        for secret in [PASSWORD, client.cookie(COOKIE).unwrap(), "13800000412", "李岺", "192.0.2.1"] {
            assert!(!rows.contains(secret), "{secret}");
        }
        assert!(rows.contains("$argon2id$"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_is_found_for_the_command_line() {
    for house in houses(Rules::for_tests()) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let today = "2026-11-23".parse().unwrap();
        let actor = house.store.read(move |tx| identity::actor(tx, id, today, &roles())).await.unwrap();
        assert!(actor.has(Permission::CaseAccept) && !actor.has(Permission::AccountManage));
        let found = house.store.read(|tx| identity::account_of_login(tx, "wang")).await.unwrap();
        assert_eq!(found, Some(id));
        let unknown = house.store.read(move |tx| identity::actor(tx, Uuid::nil(), today, &roles())).await;
        assert!(unknown.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_drawn_in_both_languages() {
    let house = houses(Rules::for_tests()).remove(0);
    let id = house.staff("chen", vec![post("operator", "1.")]).await;
    let colleague = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
    let mut visitor = house.browser();
    let mut staff = house.signed_in("chen").await;
    let pages =
        [format!("/staff/{id}"), format!("/staff/{colleague}"), "/staff/open".into(), "/staff?words=nobody".into()];
    for lang in ["zh-CN", "en"] {
        for address in ["/sign-in", "/account/open"] {
            let page = visitor.get(&format!("{address}?lang={lang}")).await.expect(200).body();
            assert!(page.contains(&format!("<html lang=\"{lang}\"")) && !page.contains("identity-"), "{address}");
        }
        for address in pages.iter().map(String::as_str).chain(["/account", "/account/code", "/staff"]) {
            let mark = if address.contains('?') { '&' } else { '?' };
            let page = staff.get(&format!("{address}{mark}lang={lang}")).await.expect(200).body();
            assert!(page.contains(&format!("<html lang=\"{lang}\"")) && !page.contains("identity-"), "{address}");
        }
    }
}
