//! In these stories other programs meet the interface: one matter is opened once, every fault is told in their own
//! form, a receiver inside the network is listed first, and one that was switched off is switched on again on its page.

use crate::exchange::{Hub, application, fresh, json_of, refused, secret};
use crate::shared;
use axum::http::Method;
use city_stories::{Resident, Story, Town};
use lianglin::demonstration::Seed;
use serde_json::json;

#[test]
fn the_same_matter_of_one_person_is_opened_once_whatever_the_key() {
    for town in shared() {
        let taking = Hub::new(town, "掌上沈阳", "文安路社区", "", &["case.apply"], 600);
        let reading = Hub::new(town, "大东民政", "大东区", "civil_affairs", &["case.apply", "case.read"], 600);
        let mut asked = application(town, &Resident::next(&mut Seed::new(331)), "华炉社区");
        let key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
        let opened = taking.post("/api/v1/cases", key, &asked).expect(201);
        let number = json_of(&opened)["number"].as_str().unwrap().to_owned();
        assert_eq!(opened.header("location"), Some(format!("/api/v1/cases/{number}").as_str()));
        let quoted = taking.post("/api/v1/cases", &format!("\"{key}\""), &asked).expect(201);
        assert_eq!(quoted.bytes, opened.bytes, "{}: in quotation marks it is the same key", town.engine);

        let before = town.counts();
        let again = taking.post("/api/v1/cases", &fresh(), &asked);
        refused(&again, 409, "case.same_open", None);
        assert!(!again.body().contains(&number), "{}: it may not read that case", town.engine);
        asked["arrival"] = json!("online");
        refused(&taking.post("/api/v1/cases", &fresh(), &asked), 409, "case.same_open", None);
        asked["arrival"] = json!("counter");
        let told = reading.post("/api/v1/cases", &fresh(), &asked);
        refused(&told, 409, "case.same_open", None);
        assert!(told.body().contains(&number), "{}: who may read it is told its number: {}", town.engine, told.body());
        assert_eq!(town.counts().cases, before.cases, "{}", town.engine);
        asked["once_more"] = json!("yes");
        let second = json_of(&taking.post("/api/v1/cases", &fresh(), &asked).expect(201));
        assert_ne!(second["number"], number.as_str());
        assert_eq!(town.counts().cases, before.cases + 1, "{}: where it is really meant", town.engine);
        town.verify();
    }
}

#[test]
fn whatever_goes_wrong_below_the_interface_is_told_as_json() {
    let town = Town::small();
    let hub = Hub::new(&town, "总线", "沈阳市", "", &["items.read"], 600);
    let table = [
        (Method::GET, "/api/v1", 404),
        (Method::GET, "/api/v1/", 404),
        (Method::GET, "/api/v1/nothing/here", 404),
        (Method::POST, "/api/v1/nothing", 404),
        (Method::GET, "/api/v1/items/%ff", 404),
        (Method::PUT, "/api/v1/items", 405),
        (Method::TRACE, "/api/v1/items", 405),
        (Method::TRACE, "/api/v1/nothing", 405),
        (Method::DELETE, "/api/v1/openapi.json", 405),
    ];
    for (method, address, status) in table {
        for accepted in ["*/*", "text/html", "application/json"] {
            let mut browser = hub.browser().with_header("accept", accepted);
            let reply = browser.sends(method.clone(), address, None, "");
            let told = format!("{method} {address} {accepted}");
            assert_eq!(reply.status.as_u16(), status, "{told}");
            assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{told}");
            let problem = json_of(&reply);
            assert_eq!((&problem["status"], problem["errors"].as_array().map(Vec::len)), (&json!(status), Some(1)));
            assert!(problem["code"].is_string() && problem["remedy"].is_string(), "{told}: {problem}");
        }
    }
    let document =
        json_of(&town.visitor().with_header("accept-language", "zh-CN").get("/api/v1/openapi.json").expect(200));
    assert_eq!(document["info"]["title"], "Lianglin API", "whatever the language");
    assert!(document["webhooks"]["case.moved"]["post"]["requestBody"].is_object(), "{document}");
}

#[test]
fn a_receiver_that_was_switched_off_is_switched_on_and_gets_earlier_messages_on_its_page() {
    for town in Town::each() {
        let mut hub = Hub::new(&town, "热线平台", "大东区", "", &["case.read"], 600);
        let address = format!("/systems/{}", hub.id);
        let (on, replay, webhook) =
            (format!("{address}/on"), format!("{address}/replay"), format!("{address}/webhook"));
        let form = hub.operator.open(&address).expect(200).form(&webhook).set("url", "https://hub.city.test/in");
        let asked = hub.operator.submit(form).expect(200);
        let shown = town.confirmed(&asked);
        assert!(shown.body().contains("whsec_"), "{}", shown.words());
        let (id, now) = (hub.id.parse::<uuid::Uuid>().unwrap(), town.clock.now());
        let off = town.store().write_blocking(move |tx| {
            let sql = "update exchange_system set failing_since = $1, switched_off_at = $2 where id = $3";
            tx.exec(sql, &store::args![now.plus_days(-5), now, id])
        });
        assert_eq!(off, Ok::<_, store::StoreError>(1));
        let page = hub.operator.open(&address).expect(200);
        assert!(page.words().contains("已停止向它发送"), "{}", page.words());
        let today = hub.operator.open("/today").expect(200);
        assert!(today.words().contains("已停发消息的系统 1"), "whoever manages it is told: {}", today.words());
        let mut elsewhere = town.staff("hub.elsewhere", "operator", &town.named("沈河区"), None);
        for address in [&on, &replay] {
            let answer = elsewhere.post(address, &[("since", "2026-11-23")]);
            assert_eq!(answer.status.as_u16(), 404, "{}: not hers", town.engine);
        }
        let page = hub.operator.submit(page.form(&on)).expect(200);
        assert!(page.words().contains("已重新开启") && !page.words().contains("已停止向它发送"), "{}", page.words());
        let wrong = hub.operator.send(page.form(&replay).set("since", "昨天")).expect(422);
        assert!(wrong.links().iter().any(|link| link == "#f-since"), "{}", wrong.words());
        assert!(wrong.body().contains("autofocus=\"autofocus\""), "the cursor stands in the field to correct");
        let page = hub.operator.open(&address).expect(200);
        let page = hub.operator.submit(page.form(&replay).set("since", "2026-11-01")).expect(200);
        assert!(page.words().contains("没有要补发的消息"), "{}", page.words());
        let asked = hub.operator.submit(page.form(&webhook).set("url", "https://hub.city.test/in")).expect(200);
        let page = hub.operator.open(&address).expect(200);
        assert!(!page.words().contains("旧密钥用到"), "{}: asked for alone, nothing is renewed", town.engine);
        let renewed = town.confirmed(&asked);
        assert!(renewed.body().contains("whsec_"));
        let page = hub.operator.open(&address).expect(200);
        assert!(page.words().contains("旧密钥用到"), "{}", page.words());
        let page = hub.operator.submit(page.form(&webhook).set("url", "")).expect(200);
        assert!(page.words().contains("不再向它发消息"), "{}: one alone ends it", page.words());
        assert!(!page.words().contains("旧密钥用到"), "{}: no secret is left", page.words());
        town.verify();
    }
}

#[test]
fn a_webhook_inside_the_network_is_taken_where_the_operator_lists_it() {
    for town in Town::each_decided(|settings| settings.allowed_targets = vec!["10.1.0.0/16".to_owned()]) {
        let mut hub = Hub::new(&town, "热线平台", "大东区", "", &["case.read"], 600);
        let (address, target) = (format!("/systems/{}", hub.id), format!("/systems/{}/webhook", hub.id));
        for (url, status) in [("https://10.2.0.1/in", 422), ("http://10.1.2.3/in", 422), ("https://10.1.2.3/in", 200)] {
            let form = hub.operator.open(&address).expect(200).form(&target).set("url", url);
            let reply = hub.operator.submit(form).expect(status);
            if status == 200 {
                assert!(secret(&town.confirmed(&reply)).len() > 20, "{}", town.engine);
            }
        }
    }
}

#[test]
fn a_program_ends_a_case_for_her_only_with_her_word_and_what_it_does_leaves_at_once() {
    for town in shared() {
        let hub = Hub::new(town, "总线", "沈阳市", "", &["case.apply", "case.read", "case.act"], 600);
        let asked = application(town, &Resident::next(&mut Seed::new(332)), "华炉社区");
        let opened = json_of(&hub.post("/api/v1/cases", &fresh(), &asked).expect(201));
        let address = format!("/api/v1/cases/{}", opened["number"].as_str().unwrap());
        let actions = format!("{address}/actions");
        let seen = json_of(&hub.get(&address).expect(200));
        let offered = seen["actions"].as_array().unwrap().iter().find(|action| action["code"] == "withdraw").unwrap();
        let needs: Vec<_> = offered["needs"].as_array().unwrap().iter().map(|need| need["name"].clone()).collect();
        assert!(needs.contains(&json!("reason")) && needs.contains(&json!("her_word")), "{offered}");

        let step = |fields: serde_json::Value| json!({ "action": "withdraw", "fields": fields });
        for (fields, code, field) in [
            (json!({}), "form.missing", "reason"),
            (json!({ "her_word": "telephone" }), "form.missing", "reason"),
            (json!({ "reason": "搬到外地" }), "case.her_word_missing", "her_word"),
            (json!({ "reason": "搬到外地", "her_word": "guessed" }), "case.her_word_missing", "her_word"),
        ] {
            refused(&hub.post(&actions, &fresh(), &step(fields)), 422, code, Some(field));
        }
        let key = fresh();
        let rightly = step(json!({ "reason": "搬到外地", "her_word": "telephone" }));
        let done = json_of(&hub.post(&actions, &key, &rightly).expect(200));
        assert_eq!((&done["outcome"], &done["ended"]), (&json!("withdrawn"), &json!(true)), "{}: at once", town.engine);
        let said = done["path"].as_array().unwrap().iter().find(|step| step["code"] == "withdraw").unwrap();
        assert_eq!(said["said"]["her_word"], "telephone", "{said}");
        assert_eq!(said["by"]["on_behalf"], true, "{said}");
        assert_eq!(json_of(&hub.get(&address).expect(200))["outcome"], "withdrawn");
        let document = hub.browser().get("/api/v1/openapi.json").expect(200);
        assert!(document.body().contains("her_word") && document.body().contains("case.step_held"), "it is described");
        town.verify();
    }
}

#[test]
fn an_unusual_bank_number_is_taken_from_a_program_that_says_it_is_right() {
    for town in shared() {
        let hub = Hub::new(town, "掌上沈阳", "沈阳市", "", &["case.apply", "case.read"], 600);
        let mut seed = Seed::new(333);
        for number in ["19000112233445", "4111111111111112"] {
            let mut asked = application(town, &Resident::next(&mut seed), "华炉社区");
            asked["bank_card"] = json!(number);
            let before = town.counts();
            for unsure in [None, Some(false)] {
                if let Some(confirmed) = unsure {
                    asked["bank_card_confirmed"] = json!(confirmed);
                }
                let told = hub.post("/api/v1/cases", &fresh(), &asked);
                refused(&told, 422, "identifier.unsure", Some("bank_card"));
                assert!(!told.body().contains(number), "an answer holds nothing personal");
            }
            assert_eq!(town.counts().cases, before.cases, "{}: nothing is opened", town.engine);
            asked["bank_card_confirmed"] = json!("yes");
            refused(&hub.post("/api/v1/cases", &fresh(), &asked), 422, "exchange.value", Some("bank_card_confirmed"));
            asked["bank_card_confirmed"] = json!(true);
            let opened = json_of(&hub.post("/api/v1/cases", &fresh(), &asked).expect(201));
            let case = json_of(&hub.get(&format!("/api/v1/cases/{}", opened["number"].as_str().unwrap())).expect(200));
            let shown = case["person"]["bank_card"].as_str().unwrap();
            assert!(shown.contains('*') && !shown.contains(number), "{}: sealed and masked: {shown}", town.engine);
        }
        town.verify();
    }
}

/// Has a message to a system written that it took, or none.
fn written(town: &Town, system: uuid::Uuid, days_ago: i64, is_taken: bool) {
    let now = town.clock.now();
    let at = now.plus_days(-days_ago);
    let taken = is_taken.then_some(at);
    let done = town.store().write_blocking(move |tx| {
        let sql = "insert into exchange_delivery (id, system, number, state, at, attempts, sent_at) \
                   values ($1, $2, '210104-2026-0000001-4', 'handling', $3, 1, $4)";
        tx.exec(sql, &store::args![uuid::Uuid::now_v7(), system, at, taken])
    });
    assert_eq!(done, Ok::<_, store::StoreError>(1));
}

/// Returns how many jobs send messages again.
fn replays(town: &Town) -> i64 {
    let counted = town.store().read_blocking(|tx| {
        let sql = "select count(*) from jobs_job where kind = $1";
        store::scalar::<i64>(tx, sql, &store::args![exchange::REPLAY])
    });
    counted.unwrap().unwrap_or(0)
}

#[test]
fn a_system_that_lost_messages_asks_for_its_own_again() {
    for town in Town::each() {
        let mut hub = Hub::new(&town, "热线平台", "大东区", "", &["case.read"], 600);
        let other = Hub::new(&town, "总线", "沈阳市", "", &["items.read"], 600);
        let asks = "/api/v1/messages/replay";
        let since = |since: &str| json!({ "since": since });
        refused(&other.post(asks, &fresh(), &since("2026-11-01T00:00:00Z")), 403, "exchange.scope_missing", None);
        refused(&hub.post(asks, &fresh(), &since("2026-11-01T00:00:00Z")), 409, "exchange.not_listening", None);
        let webhook = format!("/systems/{}/webhook", hub.id);
        let form = hub.operator.open(&format!("/systems/{}", hub.id)).expect(200).form(&webhook);
        let asked = hub.operator.submit(form.set("url", "https://hub.city.test/in")).expect(200);
        drop(town.confirmed(&asked));

        let system: uuid::Uuid = hub.id.parse().unwrap();
        written(&town, system, 20, false);
        written(&town, system, 3, false);
        written(&town, system, 2, true);
        written(&town, other.id.parse().unwrap(), 1, false);
        let from = town.clock.now().plus_days(-5).micros() / 1_000_000;
        let from = jiff::Timestamp::from_second(from).unwrap().to_string();
        for odd in ["yesterday", "2026-11-31T00:00:00Z", "2026-11-01", "2026-11-01T00:00:00"] {
            refused(&hub.post(asks, &fresh(), &since(odd)), 422, "exchange.value", Some("since"));
        }
        refused(&hub.post(asks, &fresh(), &json!({})), 422, "form.missing", Some("since"));
        assert_eq!(replays(&town), 0, "{}: nothing was asked rightly yet", town.engine);

        let key = fresh();
        let told = hub.post(asks, &key, &since(&from)).expect(202);
        assert_eq!(json_of(&told), json!({ "messages": 1 }), "{}: what it did not take, of its own alone", town.engine);
        assert_eq!(hub.post(asks, &key, &since(&from)).expect(202).bytes, told.bytes);
        assert_eq!(replays(&town), 1, "{}: asked twice with one key, sent once", town.engine);
        let all = json!({ "since": from, "taken_too": true });
        assert_eq!(json_of(&hub.post(asks, &fresh(), &all).expect(202))["messages"], 2, "{}", town.engine);
        let later = json_of(&hub.post(asks, &fresh(), &since("2099-01-01T00:00:00+08:00")).expect(202));
        assert_eq!(later["messages"], 0);
        let now = town.clock.now();
        let off = town.store().write_blocking(move |tx| {
            let sql = "update exchange_system set switched_off_at = $1 where id = $2";
            tx.exec(sql, &store::args![now, system])
        });
        assert_eq!(off, Ok::<_, store::StoreError>(1));
        refused(&hub.post(asks, &fresh(), &all), 409, "exchange.not_listening", None);
        town.verify();
    }
}

#[test]
fn the_example_of_the_contract_opens_a_case() {
    for town in shared() {
        let scopes = ["items.read", "figures.read", "case.apply", "case.read"];
        let hub = Hub::new(town, "照着说明试", "沈阳市", "civil_affairs", &scopes, 600);
        let document = json_of(&town.visitor().get("/api/v1/openapi.json").expect(200));
        let calls = &document["paths"];
        let example = &calls["/api/v1/cases"]["post"]["requestBody"]["content"]["application/json"]["example"];
        let case = json_of(&hub.post("/api/v1/cases", &fresh(), example).expect(201));
        assert_eq!(case["item"]["code"], example["item"], "{case}");
        for path in ["/api/v1/items", "/api/v1/cases", "/api/v1/figures", "/api/v1/places"] {
            let given = calls[path]["get"]["parameters"].as_array().unwrap();
            let given = given.iter().map(|one| {
                let text = one["example"].as_str().unwrap_or_default();
                format!("{}={text}", one["name"].as_str().unwrap_or_default())
            });
            drop(hub.get(&format!("{path}?{}", given.collect::<Vec<_>>().join("&"))).expect(200));
        }
    }
}

#[test]
fn a_program_is_told_of_another_age_and_says_that_the_person_was_told() {
    for town in shared() {
        let hub = Hub::new(town, "掌上高龄", "文安路社区", "", &["case.apply"], 600);
        let young = Resident::next(&mut Seed::new(332)).born("199");
        let mut asked = application(town, &young, "华炉社区");
        let before = town.counts().cases;
        let reply = hub.post("/api/v1/cases", &fresh(), &asked);
        refused(&reply, 422, "counter.age", None);
        let problem = json_of(&reply);
        let remedy = problem["remedy"].as_str().unwrap();
        assert!(remedy.contains("\"age_told\": \"yes\"") && !remedy.contains("tick"), "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("aged 80 or older"), "{problem}");
        asked["telephone"] = json!("12345");
        let both = json_of(&hub.post("/api/v1/cases", &fresh(), &asked));
        let codes: Vec<_> = both["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
        assert!(codes.len() == 2 && codes.contains(&json!("counter.age")), "everything at once: {both}");
        assert_eq!(town.counts().cases, before, "{}: nothing is opened", town.engine);

        asked["telephone"] = json!(young.telephone);
        asked["age_told"] = json!("no");
        refused(&hub.post("/api/v1/cases", &fresh(), &asked), 422, "exchange.value", Some("age_told"));
        asked["age_told"] = json!("yes");
        let number = json_of(&hub.post("/api/v1/cases", &fresh(), &asked).expect(201))["number"].clone();
        assert_eq!(told_age(town, &number), Some("told".to_owned()), "{}", town.engine);

        let mut fitting = application(town, &Resident::next(&mut Seed::new(333)), "华炉社区");
        fitting["age_told"] = json!("yes");
        let number = json_of(&hub.post("/api/v1/cases", &fresh(), &fitting).expect(201))["number"].clone();
        assert_eq!(told_age(town, &number), None, "{}: said for nothing, it is not kept", town.engine);
    }
}

/// Returns what a case keeps of whether its person was told of the age.
fn told_age(town: &Town, number: &serde_json::Value) -> Option<String> {
    let mut story = Story::new(town, 334);
    number.as_str().unwrap().clone_into(&mut story.number);
    story.case().fields.get("form.age").cloned()
}

#[test]
fn a_program_is_told_which_field_goes_on_where_people_tick_a_box() {
    for town in shared() {
        let hub = Hub::new(town, "掌上再办", "文安路社区", "", &["case.apply"], 600);
        let mut asked = application(town, &Resident::next(&mut Seed::new(335)), "华炉社区");
        asked["bank_card"] = json!("6217000000000000005");
        let remedy = |reply: &testkit::Reply| json_of(reply)["remedy"].as_str().unwrap().to_owned();
        let unsure = hub.post("/api/v1/cases", &fresh(), &asked);
        refused(&unsure, 422, "identifier.unsure", Some("bank_card"));
        assert!(remedy(&unsure).contains("\"bank_card_confirmed\": true"), "{}", remedy(&unsure));
        asked["bank_card_confirmed"] = json!(true);
        drop(hub.post("/api/v1/cases", &fresh(), &asked).expect(201));
        let same = hub.post("/api/v1/cases", &fresh(), &asked);
        refused(&same, 409, "case.same_open", None);
        assert!(remedy(&same).contains("\"once_more\": \"yes\""), "{}", remedy(&same));
    }
}
