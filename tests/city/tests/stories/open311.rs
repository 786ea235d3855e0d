//! These stories are about programs that speak Open311: an independent client discovers what can be reported, reports,
//! follows, says that something is done, and is told what is wrong. It never learns who reported, or in which words.

pub(crate) mod client;
mod foreign;
mod forwarded;
mod keyed;
mod media;
pub(crate) mod replayed;

use crate::exchange::Hub;
use axum::http::Method;
use city_stories::{Story, Town};
use client::{Client, error, is_definition, is_request, is_service, json, moment};
use serde_json::Value;

const PLACE: &str = "华炉社区";
const TELEPHONE: &str = "13800000311";
const WORDS: &str = "三单元门口，李秀兰家楼下";

/// What somebody reports through another program.
pub(crate) const HEAP: [(&str, &str); 8] = [
    ("service_code", "event-0102"),
    ("attribute[condition]", "heap"),
    ("address_string", PLACE),
    ("description", WORDS),
    ("first_name", "秀兰"),
    ("last_name", "李"),
    ("phone", TELEPHONE),
    ("media_url", "https://photos.example.invalid/heap.jpg"),
];

fn without(fields: &[(&'static str, &'static str)], name: &str) -> Vec<(&'static str, &'static str)> {
    fields.iter().copied().filter(|(field, _)| *field != name).collect()
}

fn with(name: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    without(&HEAP, name).into_iter().chain([(name, value)]).collect()
}

/// A program with a key for some scopes at a place.
pub(crate) fn program(town: &Town, name: &str, place: &str, scopes: &[&str]) -> Client {
    let hub = Hub::new(town, name, place, "", scopes, 6_000);
    Client { browser: town.visitor(), key: hub.key().to_owned() }
}

fn reader(town: &Town) -> Client {
    Client { browser: town.visitor(), key: String::new() }
}

pub(crate) fn id(answer: &Value) -> String {
    answer["service_request_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[test]
fn a_program_finds_out_what_can_be_reported() {
    let town = Town::small();
    let mut client = reader(&town);
    let discovery = client.get("discovery", "");
    let endpoint = &discovery["endpoints"][0];
    assert_eq!(endpoint["specification"], "http://wiki.open311.org/GeoReport_v2");
    assert!(endpoint["url"].as_str().is_some_and(|url| url.ends_with("/open311/v2")), "{discovery}");
    assert!(
        moment(&discovery["changeset"]).is_some() && endpoint["formats"].as_array().is_some_and(|all| all.len() == 2)
    );
    let services = client.get("services", "");
    let services = services.as_array().unwrap();
    assert!(services.len() > 100, "{}", services.len());
    services.iter().for_each(is_service);
    for service in services {
        let code = service["service_code"].as_str().unwrap();
        let definition = client.get(&format!("services/{code}"), "");
        is_definition(&definition);
        assert_eq!(definition["service_code"], code);
        let condition = &definition["attributes"][0];
        let several = condition["values"].as_array().is_some_and(|values| values.len() > 1);
        assert_eq!((&condition["code"], &condition["required"]), (&"condition".into(), &several.into()), "{code}");
    }
    for (call, query) in
        [("services/event-9999", ""), ("services/event", ""), ("services", "jurisdiction_id=bloomington")]
    {
        assert_eq!(client.refused(call, query).0, 404, "{call}");
    }
    assert_eq!(client.get("services", "jurisdiction_id=210100").as_array().map(Vec::len), Some(services.len()));
    for odd in ["services", "services.csv", "nothing.json", "requests/", "services/event-0102.yaml"] {
        let reply = client.browser.get(&format!("/open311/v2/{odd}"));
        assert_eq!(reply.status, 404, "{odd}");
        assert!(!reply.body().contains("<html"), "{odd}: an answer of the interface's own kind");
    }
}

/// Everybody sees kind, place and state of a report; nobody sees her or her words.
fn is_seen_by_everybody(town: &Town, world: &mut Client, number: &str) {
    let one = world.get(&format!("requests/{number}"), "extensions=true");
    let request = &one[0];
    is_request(request);
    assert_eq!((&request["status"], &request["service_code"]), (&"open".into(), &"event-0102".into()));
    assert!(request["status_notes"].as_str().is_some_and(|notes| notes.contains("待核查")), "{request}");
    assert!(request["address"].as_str().is_some_and(|address| address.contains(PLACE)), "{request}");
    assert!(moment(&request["expected_datetime"]) > moment(&request["requested_datetime"]), "{request}");
    assert_eq!(request["extended_attributes"]["condition"], "heap");
    for secret in [TELEPHONE, "李秀兰", "三单元", "photos.example"] {
        assert!(!one.to_string().contains(secret), "{}: {secret}: {one}", town.engine);
    }
    let asked = [("", false), ("extensions=false", false), ("extensions=0", false), ("extensions=v1", true)];
    for (query, extended) in asked {
        let told = world.get(&format!("requests/{number}"), query);
        assert_eq!(told[0].get("extended_attributes").is_some(), extended, "{}: {query}", town.engine);
    }
    let listed = world.get("requests", "service_code=event-0102&status=open");
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(world.get("requests", "status=closed"), Value::Array(Vec::new()));
    assert_eq!(id(&world.get(&format!("tokens/{number}"), "")[0]), number);
}

/// Everybody is told how a report went on, up to its end, and in nobody's words.
fn is_told_to_the_end(town: &Town, world: &mut Client, number: &str) {
    let closed = world.get("requests", "status=closed");
    assert_eq!(id(&closed[0]), number, "{}", town.engine);
    let updates = world.get("servicerequestupdates", &format!("service_request_id={number}"));
    let states: Vec<&str> = updates.as_array().unwrap().iter().map(|step| step["status"].as_str().unwrap()).collect();
    assert!(
        states.len() > 5 && states.last() == Some(&"closed") && !states[..states.len() - 1].contains(&"closed"),
        "{updates}"
    );
    assert!(updates.as_array().unwrap().iter().all(|step| moment(&step["updated_datetime"]).is_some()), "{updates}");
    assert!(!updates.to_string().contains("清了"), "{}: nobody's words: {updates}", town.engine);
}

#[test]
fn a_report_goes_through_programs_from_the_first_word_to_the_last() {
    for town in Town::each() {
        let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let mut unit = program(&town, "环卫平台", "大东区", &["report.act"]);
        let mut check = program(&town, "城管指挥平台", "沈阳市", &["report.act"]);
        let mut world = reader(&town);
        let before = town.counts();
        let taken = she.send("requests", &[&HEAP[..], &[("attribute[external_id]", "A-1")]].concat());
        let number = id(&taken);
        assert!(taken["service_notice"].as_str().is_some_and(|notice| !notice.is_empty()), "{taken}");
        assert_eq!((town.counts().cases, town.counts().people), (before.cases + 1, before.people + 1));
        let after = town.counts();
        let again = she.send("requests", &[&HEAP[..], &[("attribute[external_id]", "A-1")]].concat());
        assert_eq!((id(&again), town.counts()), (number.clone(), after), "{}: sent twice, done once", town.engine);

        is_seen_by_everybody(&town, &mut world, &number);
        // A worker reads what was said.
        let mut story = Story::new(&town, 311);
        (story.number, story.code) = (number.clone(), String::new());
        story.tell(&format!(
            "zhao is community_worker at {PLACE}\n zhao opens it\n zhao reads 三单元门口\n zhao reads photos.example"
        ));

        // What no step takes is kept beside the case, and other words under the same key are refused.
        let mut fields = [
            ("service_request_id", number.as_str()),
            ("update_id", "s-0"),
            ("status", "open"),
            ("description", "五单元也有"),
        ];
        assert_eq!(she.send("servicerequestupdates", &fields)["status"], "open");
        story.tell("zhao opens it\n zhao reads 有 1 条，写明用途后可看");
        fields[3].1 = "六单元也有";
        let reply = she.sends("servicerequestupdates", "json", &fields);
        assert_eq!(error(&reply, &json(&reply)).0, 400, "{}", reply.body());
        assert!(reply.body().contains("内容不一样"), "{}", reply.body());

        let say = |client: &mut Client, key: &str| forwarded::says_done(client, &number, key);
        assert_eq!(say(&mut unit, "u-1")["status"], "open", "handled, and to be checked by somebody else");
        assert_eq!(story.case().state, "handled");
        let reply = unit.sends(
            "servicerequestupdates",
            "json",
            &[("service_request_id", &number), ("status", "closed"), ("description", "真的清了")],
        );
        assert_eq!(error(&reply, &json(&reply)).0, 400, "who handled does not check");
        assert_eq!(say(&mut check, "c-1")["status"], "open");
        assert_eq!(story.case().state, "asked");
        let steps = town.counts();
        assert_eq!(say(&mut check, "c-1")["status"], "open", "sent twice, done once");
        assert_eq!(town.counts(), steps);
        // She says that it is not done; it is done again, and then she agrees.
        let wrong = [
            ("service_request_id", number.as_str()),
            ("update_id", "s-1"),
            ("status", "open"),
            ("description", "又堆上了"),
        ];
        assert_eq!(she.send("servicerequestupdates", &wrong)["status"], "open");
        assert_eq!(story.case().state, "handling");
        say(&mut unit, "u-2");
        say(&mut check, "c-2");
        assert_eq!(say(&mut she, "s-2")["status"], "closed");
        assert_eq!(story.case().state, "closed");
        is_told_to_the_end(&town, &mut world, &number);
        town.verify();
    }
}

#[test]
fn what_is_reported_on_our_pages_is_told_and_what_is_hidden_is_not() {
    for town in Town::each() {
        let mut world = reader(&town);
        let mut numbers = Vec::new();
        for hidden in [false, true] {
            let mut she = town.visitor();
            let form = crate::street::last(&crate::street::before_sending(&mut she, "路灯不亮", "component/0118/out"));
            let form = if hidden { form.set("hidden", "1") } else { form };
            let receipt = she.submit(form).expect(200);
            numbers.push(receipt.address.trim_start_matches("/receipt/").to_owned());
        }
        town.shares();
        let listed = world.get("requests", "service_code=component-0118");
        assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
        assert_eq!(id(&listed[0]), numbers[0], "{}", town.engine);
        assert_eq!(world.refused(&format!("requests/{}", numbers[1]), "").0, 404);
        assert_eq!(
            world.get("servicerequestupdates", &format!("service_request_id={}", numbers[1])),
            Value::Array(Vec::new())
        );
        let both = world.get("requests", &format!("service_request_id={},{}&status=closed", numbers[0], numbers[1]));
        assert_eq!(both.as_array().map(Vec::len), Some(1), "numbers override all else, and show no more: {both}");
    }
}

#[test]
fn what_goes_on_inside_is_no_step_for_others() {
    for town in Town::each() {
        let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let mut story = Story::new(&town, 312);
        story.number = id(&she.send("requests", &HEAP));
        story.tell(&format!(
            "zhao is community_worker at {PLACE}
             tong is organiser_district at 大东区
             zhao opens it
             zhao does file
             zhao does dispatch
             tong sends supervise note=请尽快"
        ));
        town.shares();
        let updates = she.get("servicerequestupdates", &format!("service_request_id={}", story.number));
        let told: Vec<&str> =
            updates.as_array().unwrap().iter().map(|step| step["description"].as_str().unwrap()).collect();
        assert_eq!(told.len(), 3, "{}: reported, filed, sent out: {updates}", town.engine);
        assert!(told.windows(2).all(|two| two[0] != two[1]), "{}: {updates}", town.engine);
    }
}

#[test]
fn another_report_under_the_same_identity_is_refused() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let number = id(&she.send("requests", &[&HEAP[..], &[("attribute[external_id]", "A-1")]].concat()));
    let after = town.counts();
    let lamp = without(&with("service_code", "component-0118"), "attribute[condition]");
    let lamp = [&lamp[..], &[("attribute[condition]", "out")]].concat();
    for other in [lamp, with("phone", "13800000399"), with("description", "五单元门口")] {
        let reply = she.sends("requests", "json", &[&other[..], &[("attribute[external_id]", "A-1")]].concat());
        assert_eq!(error(&reply, &json(&reply)).0, 400, "{}", reply.body());
        assert!(reply.body().contains("内容不一样"), "{}", reply.body());
    }
    assert_eq!(town.counts(), after, "nothing else is kept");
    // Whoever names a report twice is told of it once.
    let told = reader(&town).get("requests", &format!("service_request_id={number},{number}"));
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
}

#[test]
fn a_program_that_sends_danger_is_told_whom_to_call() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let notice = |answer: &Value| answer["service_notice"].as_str().unwrap_or_default().to_owned();
    let calm = notice(&she.send("requests", &HEAP));
    let danger = notice(&she.send("requests", &with("description", "燃气泄漏着火")));
    assert!(danger.contains("119") && danger.ends_with("前处置好。"), "{danger}");
    assert!(!calm.contains("119") && calm.ends_with("前处置好。"), "{calm}");
}

#[test]
fn one_identity_is_one_report_however_the_key_beside_it_reads() {
    for town in Town::each() {
        let she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let under = |header: &str| Client {
            browser: town.visitor().with_header("idempotency-key", header),
            key: she.key.clone(),
        };
        let fields = [&HEAP[..], &[("attribute[external_id]", "E-1")]].concat();
        let number = id(&under("k-1").send("requests", &fields));
        let after = town.counts();
        for header in ["k-1", "k-2"] {
            assert_eq!(id(&under(header).send("requests", &fields)), number, "{}: {header}", town.engine);
        }
        let mut bare = Client { browser: town.visitor(), key: she.key.clone() };
        assert_eq!(id(&bare.send("requests", &fields)), number, "{}: without a key", town.engine);
        assert_eq!(id(&under("k-1").send("requests", &HEAP)), number, "{}: by its key alone", town.engine);
        let changed = [&with("description", "五单元门口")[..], &[("attribute[external_id]", "E-1")]].concat();
        for header in ["k-1", "k-3"] {
            let reply = under(header).sends("requests", "json", &changed);
            assert_eq!(error(&reply, &json(&reply)).0, 400, "{}: {}", town.engine, reply.body());
            assert!(reply.body().contains("内容不一样"), "{}: {}", town.engine, reply.body());
        }
        assert_eq!(town.counts(), after, "{}: nothing else is kept", town.engine);
        let mut other = program(&town, "另一个平台", "沈阳市", &["report.send"]);
        assert_ne!(id(&other.send("requests", &fields)), number, "{}: a name of somebody else", town.engine);
        town.verify();
    }
}

#[test]
fn keys_are_asked_for_and_reach_no_further_than_they_should() {
    let town = Town::small();
    let before = town.counts();
    for (mut client, why) in [
        (reader(&town), "no key"),
        (Client { browser: town.visitor(), key: "lianglin_nobody".to_owned() }, "a key that is none"),
        (program(&town, "只读平台", "沈阳市", &["items.read"]), "a key for something else"),
        (program(&town, "办理平台", "沈阳市", &["report.act"]), "a key that acts and does not report"),
        (program(&town, "沈河平台", "沈河区", &["report.send"]), "a key of another district"),
    ] {
        for form in ["json", "xml"] {
            let reply = client.sends("requests", form, &HEAP);
            assert_eq!(reply.status, 403, "{why}: {}", reply.body());
            assert!(reply.body().contains("403"), "{why}: {}", reply.body());
        }
    }
    assert_eq!((town.counts().cases, town.counts().people), (before.cases, before.people));
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let mut other = program(&town, "另一个平台", "沈阳市", &["report.send"]);
    let mut far = program(&town, "沈河平台", "沈河区", &["report.act"]);
    let number = id(&she.send("requests", &HEAP));
    let done = [("service_request_id", number.as_str()), ("status", "closed"), ("description", "好了")];
    for client in [&mut other, &mut far] {
        let reply = client.sends("servicerequestupdates", "json", &done);
        assert_eq!(error(&reply, &json(&reply)).0, 404, "what is not theirs does not exist");
    }
    let reply = she.sends("servicerequestupdates", "json", &done);
    assert_eq!(error(&reply, &json(&reply)).0, 400, "nothing for her to say yet");
    let elsewhere = [&done[..], &[("jurisdiction_id", "boston.gov")]].concat();
    let reply = she.sends("servicerequestupdates", "json", &elsewhere);
    assert_eq!(error(&reply, &json(&reply)).0, 404, "another city's");
    assert!(reply.body().contains("jurisdiction_id"), "{}", reply.body());
}

#[test]
fn what_is_wrong_is_said_in_the_form_that_was_asked_for_and_keeps_nothing() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let before = town.counts();
    let long: &'static str = Box::leak("长".repeat(501).into_boxed_str());
    for (fields, status) in [
        (without(&HEAP, "service_code"), 400),
        (with("service_code", "event-9999"), 404),
        (with("service_code", "event/0102/heap"), 404),
        (without(&with("service_code", "component-0118"), "attribute[condition]"), 400),
        (with("attribute[condition]", "nothing"), 400),
        (without(&HEAP, "address_string"), 400),
        (with("address_string", "天涯海角小区"), 400),
        (with("address_string", "社区"), 400),
        (with("address_id", "p:0"), 400),
        (with("address_id", "210100000000"), 400),
        (with("phone", "12"), 400),
        (with("description", long), 400),
        (with("description", "a\u{202e}b"), 400),
        (with("description", "e\u{301}\u{301}\u{301}\u{301}\u{301}"), 400),
        (with("description", "a\0b"), 400),
        (with("media_url", "javascript:alert(1)"), 400),
        (with("first_name", "a\nb"), 400),
        (with("jurisdiction_id", "boston.gov"), 404),
    ] {
        for form in ["json", "xml"] {
            let reply = she.sends("requests", form, &fields);
            assert_eq!(reply.status, status, "{fields:?}: {}", reply.body());
            if form == "json" {
                assert_eq!(error(&reply, &json(&reply)).0, status);
            } else {
                client::texts(&reply);
            }
        }
    }
    let reply = she.sends("requests", "json", &with("description", long));
    let told = error(&reply, &json(&reply)).1;
    assert!(told.contains("“description”"), "the name that was sent: {told}");
    let reply = she.sends("requests", "json", &with("description", "a\0b"));
    assert!(error(&reply, &json(&reply)).1.contains("零字符"), "{}", reply.body());
    let danger = [("service_code", "event-0403"), ("attribute[condition]", "smell"), ("address_string", PLACE)];
    let reply = she.sends("requests", "json", &danger);
    let told = error(&reply, &json(&reply)).1;
    assert!(told.contains("先打电话") && told.contains("attribute[called]=yes"), "{told}");
    for (query, status) in [
        ("page=-1", 400),
        ("page_size=1001", 400),
        ("start_date=2026-11-23", 400),
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z", 400),
        ("updated_after=never", 400),
        ("status=sleeping", 400),
        ("service_code=event-9999", 404),
        ("service_code=event-0102,%27%3b%20drop%20table%20grid_open311", 404),
    ] {
        assert_eq!(she.refused("requests", query).0, status, "{query}");
    }
    assert_eq!(she.refused("requests/210104-2026-W999999-1", "").0, 404);
    assert_eq!((town.counts().cases, town.counts().people), (before.cases, before.people));
}

/// An error is told in the form that the address names, with the status of the answer.
fn told_in(reply: &testkit::Reply, form: &str) {
    if form == "json" {
        error(reply, &json(reply));
        return;
    }
    let status = reply.status.as_u16().to_string();
    let texts = client::texts(reply);
    assert!(texts.iter().any(|(_, text)| *text == status), "{}: {texts:?}", reply.address);
}

#[test]
fn bombs_and_floods_are_turned_away() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>\
                <request><description>&b;</description></request>";
    for (kind, body, status) in [
        (Some("text/xml"), bomb.to_owned(), 400),
        (Some("application/xml"), bomb.to_owned(), 400),
        (Some("application/json"), "{}".to_owned(), 400),
        (Some("multipart/form-data; boundary=x"), "--x--".to_owned(), 403),
        (Some("multipart/form-data"), "--x--".to_owned(), 403),
        (Some("application/x-www-form-urlencoded"), "description=%ff".to_owned(), 400),
        (Some("application/x-www-form-urlencoded"), format!("description={}", "x".repeat(70 << 10)), 413),
        (Some("application/x-www-form-urlencoded"), "x".repeat(1 << 20), 413),
    ] {
        for form in ["json", "xml"] {
            let address = format!("/open311/v2/requests.{form}");
            let reply = she.browser.sends(Method::POST, &address, kind, &body);
            assert_eq!(reply.status, status, "{kind:?}: {}", reply.body());
            told_in(&reply, form);
        }
    }
    for form in ["json", "xml"] {
        let reply = she.browser.sends(Method::PATCH, &format!("/open311/v2/requests.{form}"), None, "");
        assert_eq!(reply.status, 405, "{}", reply.body());
        told_in(&reply, form);
        // Larger than anything that the platform takes: the interface does not hear of it, and tells it all the same.
        let mut large = town.visitor().with_header("content-length", "17000000");
        let kind = Some("multipart/form-data; boundary=x");
        let reply = large.sends(Method::POST, &format!("/open311/v2/requests.{form}"), kind, "");
        assert_eq!(reply.status, 413, "{}", reply.body());
        told_in(&reply, form);
    }
    for (address, form) in
        [("/open311/v2", "json"), ("/open311", "json"), ("/open311/v3/services.json", "json"), ("/open311/v2/", "xml")]
    {
        let kind = if form == "json" { "application/json" } else { "text/html" };
        let mut program = town.visitor().with_header("accept", kind);
        let reply = program.sends(Method::GET, address, None, "");
        assert_eq!(reply.status, 404, "{address}: {}", reply.body());
        told_in(&reply, form);
    }
    let mut slow = {
        let hub = Hub::new(&town, "小程序", "沈阳市", "", &["report.send"], 2);
        Client { browser: town.visitor(), key: hub.key().to_owned() }
    };
    let statuses: Vec<u16> = (0..3).map(|_| slow.sends("requests", "json", &HEAP).status.as_u16()).collect();
    assert_eq!(statuses, [201, 201, 429]);
    for form in ["json", "xml"] {
        told_in(&slow.sends("requests", form, &HEAP), form);
    }
}

#[test]
fn pages_follow_one_another_and_lose_nothing() {
    let town = Town::small();
    let mut she = program(&town, "随手拍", "沈阳市", &["report.send"]);
    let mut sent: Vec<String> = Vec::new();
    for _ in 0..7 {
        sent.push(id(&she.send("requests", &HEAP)));
        town.clock.plus_seconds(60);
    }
    let mut found: Vec<String> = Vec::new();
    for page in 1..=4 {
        let part = she.get("requests", &format!("page={page}&page_size=2"));
        found.extend(part.as_array().unwrap().iter().map(id));
    }
    sent.reverse();
    assert_eq!(found, sent, "the newest first");
    let since = "updated_after=2026-11-23T10:03:30%2B08:00";
    assert_eq!(she.get("requests", since).as_array().map(Vec::len), Some(3));
    assert_eq!(she.get("requests", "end_date=2026-11-23T01:00:00Z").as_array().map(Vec::len), Some(0));
}
