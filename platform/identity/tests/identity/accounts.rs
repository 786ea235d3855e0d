//! Tests accounts of colleagues and residents: scope, first passwords, what is kept and what is erased.

use crate::house::{COOKIE, PASSWORD, code_of, houses, post, roles, send, sign_in};
use identity::May;
use identity::Rules;
use kernel::permission::Permission;
use testkit::{Client, Reply};
use uuid::Uuid;

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
        assert_eq!(lina.get("/who").await.location(), Some("/account"), "nothing may be done before");
        let page = lina.get("/account").await.expect(200);
        let (form, posts) = (page.body().find("id=\"password\"").unwrap(), page.body().find("任职").unwrap());
        assert!(form < posts && page.words().contains("请先换一个自己的密码"), "the form comes first");
        let bare = first.replace('-', "");
        let wrong = [("password", PASSWORD), ("new", "another lantern 8"), ("again", "another lantern 8")];
        let _ = send(&mut lina, "/account", "/account/password", &wrong).await.expect(422);
        let same = [("password", first.as_str()), ("new", bare.as_str()), ("again", bare.as_str())];
        let _ = send(&mut lina, "/account", "/account/password", &same).await.expect(422);
        let fields = [("password", bare.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
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
        assert!(back.location().unwrap().starts_with("/sign-in/code"), "the second factor stays on");
        let _ = send(&mut chen, &address, &format!("{address}/code"), &[]).await.expect(303);
        let back = sign_in(&mut lina, "li.na", &second).await.expect(303);
        assert_eq!(back.location(), Some("/account"), "removed in a deed of its own");
        let _ = send(&mut chen, &address, &format!("{address}/close"), &[]).await.expect(303);
        let _ = sign_in(&mut lina, "li.na", &second).await.expect(422);
        assert!(chen.get(&address).await.words().contains("已停用"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_faults_of_a_new_account_are_told_at_once_and_no_role_is_chosen_beforehand() {
    for house in houses(Rules::for_tests()) {
        house.staff("chen", vec![post("operator", "1.")]).await;
        let mut chen = house.signed_in("chen").await;
        let form = chen.get("/staff/open").await.expect(200).form("/staff/open");
        assert_eq!(form.get("role"), Some(""), "{}", house.store.name);
        let one = [("name", "李娜"), ("login", "li.na"), ("role", ""), ("place", "文安路社区"), ("from", "2026-11-23")];
        let page = send(&mut chen, "/staff/open", "/staff/open", &one).await.expect(422);
        assert!(page.words().contains("还有一处要改") && page.words().contains("“角色”"), "{}", page.words());
        let all = [("name", ""), ("login", "9"), ("role", ""), ("place", ""), ("from", "x"), ("to", "y")];
        let page = send(&mut chen, "/staff/open", "/staff/open", &all).await.expect(422);
        for field in ["name", "login", "role", "place", "from", "to"] {
            assert!(page.links().contains(&format!("#f-{field}")), "{field}: {}", page.words());
        }
        assert!(page.words().contains("还有几处要改"), "{}", page.words());
        let list = chen.get("/staff?words=li").await.expect(200);
        assert!(list.words().contains("没有以"), "{}: nothing was opened", house.store.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_is_sent_twice_is_one_reset() {
    for house in houses(Rules::for_tests()) {
        house.staff("chen", vec![post("operator", "1.")]).await;
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut chen = house.signed_in("chen").await;
        let address = format!("/staff/{id}");
        let form = chen.get(&address).await.expect(200).form(&format!("{address}/password"));
        let shown = chen.submit_once(form.clone()).await.expect(200).body();
        let password = shown.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let told = chen.submit(form).await.expect(200);
        assert!(told.words().contains("密码只显示一次"), "{}: {}", house.store.name, told.words());
        assert!(!told.body().contains("<code class=\"code\">"), "there is no other password");
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "password.reset"]);
        let right = sign_in(&mut house.browser(), "wang", &password).await.expect(303);
        assert_eq!(right.location(), Some("/account"), "{}: the one that was shown is right", house.store.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_which_telephones_have_an_account_is_slowed_as_a_guesser_is() {
    for house in houses(Rules { address_failures: 3, ..Rules::for_tests() }) {
        let fields = [("name", "李岺"), ("telephone", "13800000412"), ("new", PASSWORD), ("consent", "yes")];
        let opened = send(&mut house.browser(), "/account/open", "/account/open", &fields).await.expect(303);
        assert_eq!(opened.location(), Some("/account"));
        for asked in 1..=3 {
            let status = if asked > 2 { 429 } else { 422 };
            let reply = send(&mut house.browser(), "/account/open", "/account/open", &fields).await.expect(status);
            let slowed = reply.words().contains("频繁");
            assert_eq!(slowed, asked > 2, "{}: {asked}: {}", house.store.name, reply.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opens_an_account_comes_back_to_where_she_was() {
    for house in houses(Rules::for_tests()) {
        let page = house.browser().get("/sign-in?next=%2Fproperty%2Flink").await.expect(200);
        assert!(page.links().contains(&"/account/open?next=%2Fproperty%2Flink".to_owned()), "{}", page.body());
        let page = house.browser().get("/account/open?next=%2Fproperty%2Flink").await.expect(200);
        assert!(page.links().contains(&"/sign-in?next=%2Fproperty%2Flink".to_owned()), "{}", page.body());
        for (telephone, next, expected) in
            [("13800000421", "/property/link", "/property/link"), ("13800000422", "//elsewhere.example", "/account")]
        {
            let fields =
                [("name", "李岺"), ("telephone", telephone), ("new", PASSWORD), ("consent", "yes"), ("next", next)];
            let reply = send(&mut house.browser(), "/account/open", "/account/open", &fields).await.expect(303);
            assert_eq!(reply.location(), Some(expected), "{}: {next}", house.store.name);
        }
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
                for table in ["identity_account", "identity_session", "tries_count", "store_event", "vault_record"] {
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
        assert!(actor.has(Permission::CaseAccept) && !actor.has(May::AccountManage));
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
