//! Tests sign-in, its limits, sessions, one-time codes and the own password.

use crate::house::{COOKIE, DEVICE, PASSWORD, code_of, houses, post, send, sign_in};
use identity::{Attempt, Device, IdentityError, NewPassword, Post, Rules, Why};
use kernel::permission::Actor;
use kernel::refusal::Code;
use std::sync::Arc;
use testkit::Client;
use zeroize::Zeroizing;

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
async fn wrong_tries_get_one_answer_and_then_the_next_one_waits() {
    for house in houses(Rules { lockout_failures: 3, ..Rules::for_tests() }) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut client = house.browser();
        let mut told = Vec::new();
        for login in ["nobody", "wang"] {
            let mut answers = Vec::new();
            for password in ["x", "y", "", PASSWORD] {
                let waits = password == PASSWORD;
                let reply = sign_in(&mut client, login, password).await.expect(if waits { 429 } else { 422 });
                assert_eq!(reply.header("retry-after"), waits.then_some("6"), "{}", reply.words());
                answers.push(reply.words().replace(login, ""));
            }
            assert!(answers[3].contains("6 秒") && answers[2] != answers[3], "{}", answers[3]);
            answers.dedup();
            assert_eq!(answers.len(), 2, "{answers:#?}");
            told.push(answers);
        }
        assert_eq!(told[0], told[1], "nobody learns which logins there are");
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "account.locked"]);
        house.clock.plus_seconds(4);
        let _ = sign_in(&mut client, "wang", PASSWORD).await.expect(429);
        house.clock.plus_seconds(1);
        let _ = sign_in(&mut client, "wang", PASSWORD).await.expect(303);
        assert!(client.get("/who").await.body().contains("worker"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_guesses_does_not_slow_her_own_device() {
    for house in houses(Rules { lockout_failures: 3, address_failures: 6, ..Rules::for_tests() }) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        house.staff("lili", vec![post("worker", "1.4.5.6.")]).await;
        let cookie = house.signed_in("wang").await.cookie(DEVICE).unwrap().to_owned();
        let hers = || {
            let mut browser = house.browser();
            browser.set_cookie(DEVICE, &cookie);
            browser
        };
        let mut stranger = house.browser();
        for login in ["wang", "wang", "wang", "a", "b", "c"] {
            let _ = sign_in(&mut stranger, login, "x").await.expect(422);
        }
        let _ = sign_in(&mut hers(), "wang", PASSWORD).await.expect(303);
        let _ = sign_in(&mut house.browser(), "wang", PASSWORD).await.expect(429);
        let _ = sign_in(&mut hers(), "lili", PASSWORD).await.expect(429);
        house.clock.plus_seconds(5);
        let _ = sign_in(&mut house.browser(), "wang", PASSWORD).await.expect(303);
        for _ in 0..3 {
            let _ = sign_in(&mut hers(), "wang", "x").await.expect(422);
        }
        let _ = sign_in(&mut hers(), "wang", PASSWORD).await.expect(429);
        let _ = sign_in(&mut house.browser(), "wang", PASSWORD).await.expect(303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_the_same_moment_get_no_more_through_than_guesses_in_a_row() {
    for house in houses(Rules::for_tests()) {
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let guess = |number: u8| {
            let identity = Arc::clone(&house.identity);
            let device = Device { address: format!("10.0.{number}.1"), ..Device::default() };
            let password = Zeroizing::new(format!("guess {number}"));
            let attempt = Attempt { login: "wang".to_owned(), password, device, replaces: None };
            tokio::spawn(async move { identity.sign_in(attempt).await })
        };
        let guesses: Vec<_> = (0..60).map(guess).collect();
        let mut checked = 0;
        for guess in guesses {
            match guess.await.unwrap() {
                Err(IdentityError::Refused(refusal)) if refusal.code == Why::IdentityWrongCredentials => checked += 1,
                Err(IdentityError::Refused(refusal)) => assert_eq!(refusal.code, Code::RequestTooMany),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(checked, 5, "{}", house.store.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_is_asked_to_come_again_and_counts_as_no_wrong_try() {
    // Each password takes a moment, one is computed at once, one waits, and no wrong try slows the next one.
    let slow = Rules {
        password_memory_kib: 32 * 1024,
        passwords_at_once: 1,
        passwords_waiting: 1,
        lockout_failures: 1_000,
        ..Rules::for_tests()
    };
    for house in houses(slow) {
        let attempt = |number: u8, login: &str, password: &str| {
            let device = Device { address: format!("10.1.{number}.1"), ..Device::default() };
            let password = Zeroizing::new(password.to_owned());
            Attempt { login: login.to_owned(), password, device, replaces: None }
        };
        let tried = |attempt: Attempt| {
            let identity = Arc::clone(&house.identity);
            tokio::spawn(async move { identity.sign_in(attempt).await })
        };
        let flood: Vec<_> = (0..40).map(|number| tried(attempt(number, "nobody0", "x"))).collect();
        let (mut busy, mut wrong) = (0, 0);
        for one in flood {
            match one.await.unwrap() {
                Err(IdentityError::Busy) => busy += 1,
                Err(IdentityError::Refused(refusal)) if refusal.code == Why::IdentityWrongCredentials => wrong += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(busy > 0 && wrong > 0, "{}: {busy} {wrong}", house.store.name);
        let counted = house.store.read(|tx| store::scalar::<i64>(tx, "select max(wrong) from tries_count", &[])).await;
        assert_eq!(counted.unwrap(), Some(wrong), "{}: of {busy} who came again none is counted", house.store.name);
        house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        for _ in 0..4 {
            let crowd: Vec<_> = (0..20).map(|_| tried(attempt(99, "wang", PASSWORD))).collect();
            for one in crowd {
                assert!(matches!(one.await.unwrap(), Ok(_) | Err(IdentityError::Busy | IdentityError::Refused(_))));
            }
        }
        house.clock.plus_seconds(60 * 60);
        let signed_in = house.identity.sign_in(attempt(99, "wang", PASSWORD)).await;
        assert!(signed_in.is_ok(), "{}: {signed_in:?}", house.store.name);
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
        let refused = sign_in(&mut client, "wang", PASSWORD).await.expect(429);
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
async fn a_code_is_turned_off_and_other_devices_go() {
    for house in houses(Rules::for_tests()) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let mut client = house.signed_in("wang").await;
        let page = client.get("/account/code").await.expect(200).body();
        let key = page.split("<code class=\"code\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let on = code_of(&key, house.clock.now().micros());
        let _ = send(&mut client, "/account/code", "/account/code", &[("code", &on)]).await.expect(303);

        let mut other = house.browser();
        let _ = sign_in(&mut other, "wang", PASSWORD).await.expect(303);
        let entered = code_of(&key, house.clock.plus_seconds(60).micros());
        let _ = send(&mut other, "/sign-in/code", "/sign-in/code", &[("code", &entered)]).await.expect(303);
        let off = code_of(&key, house.clock.plus_seconds(60).micros());
        let turn_off = async |client: &mut Client, password: &str, code: &str| {
            let fields = [("password", password), ("code", code)];
            send(client, "/account/code", "/account/code/off", &fields).await
        };
        for (password, code) in [("wrong password", off.as_str()), (PASSWORD, "000000")] {
            let _ = turn_off(&mut client, password, code).await.expect(422);
            assert_eq!(other.get("/who").await.body(), "Staff wang氏 worker", "nothing has changed");
        }
        let _ = turn_off(&mut client, PASSWORD, &off).await.expect(303);
        assert_eq!(client.get("/who").await.body(), "Staff wang氏 worker", "this device stays");
        assert!(other.get("/who").await.body().starts_with("Nobody"), "{}: the other goes", house.store.name);
        assert_eq!(house.events(id).await, ["account.opened", "post.given", "code.turned_on", "code.turned_off"]);
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
        let _ = sign_in(&mut thief, "wang", PASSWORD).await.expect(429);
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
            (PASSWORD, "P@ssw0rd!!2026", "P@ssw0rd!!2026"),
            (PASSWORD, "eleven    1", "eleven    1"),
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
async fn a_password_that_everybody_tries_first_is_changed_after_sign_in() {
    for house in houses(Rules::for_tests()) {
        let id = house.staff("wang", vec![post("worker", "1.4.5.6.")]).await;
        let (common, now) = ("Sunshine-12345", house.clock.now());
        let password = identity::hash_password(common, &Rules::for_tests()).unwrap();
        house
            .store
            .write(move |tx| {
                let new = NewPassword { password: &password, must_change: false, keep: None };
                identity::set_password(tx, id, &new, &Actor::system(), now)
            })
            .await
            .unwrap();
        let mut client = house.browser();
        let reply = sign_in(&mut client, "wang", common).await.expect(303);
        assert_eq!(reply.location(), Some("/account"));
        assert_eq!(client.get("/who").await.location(), Some("/account"), "no post counts before it is changed");
        let fields = [("password", common), ("new", PASSWORD), ("again", PASSWORD)];
        let _ = send(&mut client, "/account", "/account/password", &fields).await.expect(303);
        assert!(client.get("/who").await.body().contains("worker"));
        let told = ["account.opened", "post.given", "password.reset", "password.common", "password.changed"];
        assert_eq!(house.events(id).await, told);
    }
}
