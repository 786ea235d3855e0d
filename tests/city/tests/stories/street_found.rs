//! These stories are about what a worker finds on her round: danger stops her form too, what is known near there is
//! offered to her first, and a kind that counts at some hours is not taken at others.

use crate::open311::client::error;
use crate::open311::client::json as told_by;
use crate::open311::program;
use city_stories::{Browser, Story, Town};
use serde_json::{Value, json};
use testkit::{Form, Reply};
use uuid::Uuid;

const PLACE: &str = "华炉社区";

/// The last form of a page, with which something new is reported.
fn new_on(page: &Reply) -> Form {
    page.forms().into_iter().rfind(|form| form.action == "/report/found").unwrap()
}

/// What a worker writes and chooses, before she sends it.
fn chosen(worker: &mut Browser, what: &str, kind: &str) -> Form {
    let form = worker.open("/report/found").expect(200).form("/report/found");
    let offered = worker.submit(form.set("what", what).set("where", PLACE)).expect(200);
    new_on(&offered).set("kind", kind)
}

#[test]
fn a_worker_is_told_whom_to_call_before_she_reports_what_is_dangerous() {
    for town in Town::each() {
        let mut story = Story::new(&town, 331);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = chosen(zhao, "有煤气味", "event/0403/smell");
        let before = town.counts();
        let stopped = zhao.submit(form).expect(422);
        assert!(stopped.links().contains(&"tel:119".to_owned()), "{}: {:?}", town.engine, stopped.links());
        assert!(stopped.words().contains("请先打电话"), "{}: {}", town.engine, stopped.words());
        assert_eq!(town.counts().cases, before.cases, "{}: nothing is filed before the call", town.engine);
        let filed = zhao.submit(new_on(&stopped).set("called", "1")).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        let form = chosen(zhao, "垃圾", "event/0102/heap");
        assert!(!form.offers.iter().any(|name| name == "called"), "{}: nothing is dangerous here", town.engine);
        town.verify();
    }
}

#[test]
fn what_was_just_reported_near_there_is_offered_to_a_worker_first_and_can_be_joined() {
    for town in Town::each() {
        let mut she = town.visitor();
        let last = crate::street::before_sending(&mut she, "垃圾", "event/0102/heap");
        drop(she.submit(crate::street::last(&last)).expect(200));
        let mut story = Story::new(&town, 332);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = chosen(zhao, "垃圾堆", "event/0102/heap");
        let before = town.counts();
        let page = zhao.submit(form).expect(200);
        assert!(page.words().contains("是同一件吗") && page.words().contains("1 人遇到"), "{}", page.words());
        assert_eq!(town.counts().cases, before.cases, "{}: it is offered before anything is filed", town.engine);
        let body = page.body();
        let join = body.split("name=\"join\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let known = page.form("/report/found").set("join", join);
        for _ in 0..2 {
            let joined = zhao.send(known.clone()).expect(200);
            assert!(joined.words().contains("2 人遇到"), "{}: counted once: {}", town.engine, joined.words());
        }
        assert_eq!(town.counts().cases, before.cases, "{}: joined, not filed", town.engine);
        // It is another heap: she files it, and is not asked again.
        let filed = zhao.submit(new_on(&page)).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        assert_eq!(town.counts().cases, before.cases + 1, "{}", town.engine);
        let other = chosen(zhao, "路灯不亮", "component/0118/out");
        let filed = zhao.submit(other).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: another kind is another thing", town.engine);
        town.verify();
    }
}

/// The form of a screen of `/report/new`.
fn screen(page: &Reply, name: &str) -> Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

#[test]
fn what_counts_at_night_alone_is_not_taken_by_day_from_residents_and_workers() {
    for town in Town::each() {
        town.clock.set_local("2026-11-23 21:50");
        let mut she = town.visitor();
        let page = she.open("/report/new").expect(200);
        let said = screen(&page, "say").set("what", "施工扰民").set("where", PLACE);
        let which = she.submit(said).expect(200);
        assert!(which.body().contains("value=\"event/0301/day\""), "{}: {}", town.engine, which.words());
        assert!(!which.body().contains("value=\"event/0301/night\""), "{}: not at ten to ten", town.engine);
        let night = screen(&which, "which").set("kind", "event/0301/night");
        let before = town.counts();
        let refused = she.submit(night.clone()).expect(422);
        assert!(refused.words().contains("只在 22:00 到 06:00 之间算，21:50 看到的不算"), "{}", refused.words());
        assert!(refused.links().contains(&"#f-kind".to_owned()), "{}: it names the field", town.engine);
        // What she saw at ten to ten is not of the night, however long she writes; what she sees at ten is.
        town.clock.set_local("2026-11-23 22:05");
        drop(she.submit(night).expect(422));
        let last = she.submit(screen(&refused, "which").set("kind", "event/0301/day")).expect(200);
        let forged = screen(&last, "send").set("kind", "event/0301/night");
        assert_eq!(she.send(forged).status, 422, "{}: the last screen looks too", town.engine);
        assert_eq!(town.counts().cases, before.cases, "{}: nothing was filed", town.engine);
        let fresh = she.open("/report/new").expect(200);
        let which = she.submit(screen(&fresh, "say").set("what", "施工扰民").set("where", PLACE)).expect(200);
        let last = she.submit(screen(&which, "which").set("kind", "event/0301/night")).expect(200);
        assert!(she.submit(screen(&last, "send")).expect(200).address.starts_with("/receipt/"), "{}", town.engine);
        town.clock.set_local("2026-11-24 10:00");
        let mut story = Story::new(&town, 333);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = chosen(zhao, "施工扰民", "event/0301/night");
        let refused = zhao.submit(form).expect(422);
        assert!(refused.words().contains("只在 22:00 到 06:00 之间算"), "{}: {}", town.engine, refused.words());
        town.verify();
    }
}

#[test]
fn what_a_phone_or_another_system_saw_at_another_hour_is_taken_by_that_hour() {
    for town in Town::each() {
        let mut zhao = town.staff("zhao.hour", "community_worker", &town.named(PLACE), None);
        let at = format!("p:{}", town.named(PLACE).id());
        let mut enters = |number: u128, seen: u32| -> Value {
            let entry = json!({
                "id": Uuid::from_u128(number).to_string(), "kind": "report", "condition": "event/0301/night",
                "at": at, "words": "又在施工", "seen": seen,
            });
            let reply = zhao.post("/field/entries", &[("entry", &entry.to_string())]).expect(200);
            serde_json::from_str(&reply.body()).unwrap()
        };
        let by_day = enters(1, 10 * 60);
        assert_eq!(by_day["state"], "refused", "{}: {by_day}", town.engine);
        assert!(by_day["words"].as_str().unwrap().contains("10:00 看到的不算"), "{}: {by_day}", town.engine);
        assert!(by_day["remedy"].as_str().unwrap().contains("另一种情况"), "{}: {by_day}", town.engine);
        let by_night = enters(2, 23 * 60);
        assert_eq!(by_night["state"], "done", "{}: it is sent by day and was seen at night: {by_night}", town.engine);
        assert_eq!(enters(3, 1_440)["state"], "refused", "{}: no minute of a day", town.engine);

        let mut sender = program(&town, "市民热线", "沈阳市", &["report.send"]);
        let call = [("service_code", "event-0301"), ("address_string", PLACE), ("description", "又在施工")];
        let night = [call.as_slice(), &[("attribute[condition]", "night")]].concat();
        let refused = sender.sends("requests", "json", &night);
        let (status, words) = error(&refused, &told_by(&refused));
        assert!(status >= 400 && words.contains("22:00"), "{}: {status} {words}", town.engine);
        let seen = [night.as_slice(), &[("attribute[seen_at]", "23:10")]].concat();
        drop(sender.send("requests", &seen));
        // Where nothing is named, the only condition that counts at that hour is meant.
        drop(sender.send("requests", &call));
        town.verify();
    }
}

/// So many reports of rubbish half a kilometre from a report, all later than it.
fn snowfall(town: &Town, number: &str, many: usize) {
    let (desk, number, now) = (town.city.cases.clone(), number.to_owned(), town.clock.plus_seconds(60));
    let written = town.store().write_blocking(move |tx| {
        let key = desk.known_number(tx, &number)?.key();
        let first = grid::records::find(tx, key.district, key.id)?.unwrap();
        for _ in 0..many {
            let (case_id, x, reported_at) = (Uuid::now_v7(), first.x.map(|x| x + 5_000), now);
            grid::records::add(tx, &grid::words::Report { case_id, x, reported_at, ..first.clone() })?;
        }
        Ok::<_, hall::Fault>(())
    });
    written.unwrap();
}

#[test]
fn in_a_snowfall_what_is_near_is_found_among_hundreds_of_the_same_kind() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named("大北街道")], 5));
        let point = |north: f64| crate::map::standing(&town, PLACE, 0, north).0.to_string();
        let first = crate::map::reports(&mut town.visitor(), &point(0.0));
        snowfall(&town, &first, 600);
        let page = crate::map::said(&mut town.visitor(), &point(20.0));
        assert!(page.words().contains("是同一件吗"), "{}: {}", town.engine, page.words());
        assert_eq!(page.body().matches("name=\"join\"").count(), 1, "{}: and nothing far away", town.engine);
        let second = crate::map::reports(&mut town.visitor(), &point(20.0));
        let mut zhao = town.staff("zhao.snow", "community_worker", &town.named(PLACE), None);
        let case = zhao.open(&format!("/cases/{second}")).expect(200);
        assert!(case.body().contains(&format!("value=\"{first}\"")), "{}: offered to be joined", town.engine);
    }
}

#[test]
fn nobody_is_offered_what_a_report_lacks_to_ask_or_to_check_it() {
    for town in Town::each() {
        let mut story = Story::new(&town, 334);
        story.tell("zhao is community_worker at 华炉社区\n wu is district_handler at 大东区 for sanitation");
        let form = chosen(story.at("zhao"), "垃圾", "event/0102/heap");
        story.number = crate::street_work::sent_off(story.at("zhao"), form);
        story.tell("zhao does dispatch\n case is handling");
        let case = format!("/cases/{}", story.number);
        let page = story.at("wu").open(&case).expect(200).body();
        assert!(page.contains("id=\"step-ask_desk\""), "{}: {page}", town.engine);
        assert!(!page.contains("id=\"step-ask_reporter\""), "{}: nobody reported it", town.engine);
        let asks = story.at("wu").offered("ask_desk").unwrap().set("action", "ask_reporter");
        let refused = story.at("wu").send(asks.set("field_question", "是几号楼"));
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        assert!(refused.words().contains("没有反映人可问"), "{}: {}", town.engine, refused.words());
        story.tell("wu does handle report=清了 no_photo=相机坏了");
        let page = story.at("zhao").open(&case).expect(200).body();
        let offered = |way: &str| page.contains(&format!("<option value=\"{way}\""));
        assert!(offered("there"), "{}: {page}", town.engine);
        for way in ["called", "photos", "told"] {
            assert!(!offered(way), "{}: {way}", town.engine);
        }
        story.tell("zhao does not take verify checked=called");
        assert!(story.at("zhao").page().words().contains("没有留电话"), "{}", town.engine);
        story.tell("zhao does not take verify checked=photos\n zhao does verify checked=there\n case is asked");
        town.verify();
    }
}
