//! These stories are about what waits for people in the field: many reports at one step never hide those at another,
//! what waits moves on by itself, and whoever helps a colleague's entry on does not sign for her.

use city_stories::{Town, chosen};
use serde_json::json;
use uuid::Uuid;

use super::field::{PLACE, act, enters, found, looks_again, reported, state, tasks};

#[test]
fn many_reports_at_one_step_never_hide_those_at_another() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let first = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        let (desk, number) = (town.city.cases.clone(), first["number"].as_str().unwrap().to_owned());
        // Many that came long before are open and wait for no desk.
        let added = town.store().write_blocking(move |tx| {
            let key = desk.known_number(tx, &number)?.key();
            let like = grid::records::find(tx, key.district, key.id)?.unwrap();
            for one in 1..=320_u128 {
                let reported_at = like.reported_at.plus_seconds(-86_400);
                let (case_id, number) = (Uuid::from_u128(one), format!("old-{one}"));
                grid::records::add(tx, &grid::words::Report { case_id, number, reported_at, ..like.clone() })?;
            }
            Ok::<_, hall::Fault>(())
        });
        added.unwrap();
        let second = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        let list = tasks(&mut zhao);
        assert_eq!((list["tasks"].as_array().unwrap().len(), list["more"].as_str()), (2, Some("")), "{list}");

        // More than a list holds at one step: it says so, and those at the other step stand there.
        for number in 100..151 {
            assert_eq!(enters(&mut zhao, &found(number, &town, &json!([])))["state"], "done", "{}", town.engine);
        }
        let list = tasks(&mut zhao);
        let numbers: Vec<&str> =
            list["tasks"].as_array().unwrap().iter().filter_map(|task| task["number"].as_str()).collect();
        assert_eq!(numbers.len(), 52, "{}: two to be looked at, fifty to be sent out: {list}", town.engine);
        for task in [&first, &second] {
            assert!(numbers.contains(&task["number"].as_str().unwrap()), "{}: {list}", town.engine);
        }
        assert!(list["more"].as_str().unwrap().contains("50"), "{list}");
        assert!(zhao.open("/field").expect(200).words().contains("还有没列出来的"), "{}", zhao.page().words());
    }
}

#[test]
fn what_waits_moves_on_although_its_phone_is_gone() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        assert_eq!(enters(&mut zhao, &act(2, Some(1), &task, "reported", "file"))["state"], "parked");
        looks_again(&town);
        assert_eq!(state(&town, &task), "reported", "{}: not yet", town.engine);
        town.clock.plus_days(6);
        looks_again(&town);
        assert_eq!(state(&town, &task), "filed", "{}: nobody asked", town.engine);

        // Another step can still be undone for some seconds: this one comes after it, and nobody has to ask again.
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let other = reported(&town, &mut zhao, "垃圾", "event/0102/heap");
        let mut declined = act(3, None, &other, "reported", "decline");
        declined["fields"] = json!({ "reason": "归高速公路管" });
        assert_eq!(enters(&mut zhao, &declined)["state"], "done");
        assert_eq!(enters(&mut wu, &act(4, None, &other, "reported", "file"))["state"], "came", "{}", town.engine);
        town.clock.plus_seconds(120);
        town.hears();
        let stands = tasks(&mut wu)["entries"][0]["state"].as_str().unwrap().to_owned();
        assert!(["conflict", "refused"].contains(&stands.as_str()), "{}: {stands}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_helps_a_colleagues_entry_on_does_not_sign_for_her() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut lin = town.staff("linhua", "secretary_community", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        let entry = enters(&mut zhao, &act(2, Some(1), &task, "reported", "file"));
        assert_eq!(entry["state"], "parked");
        let form = lin.open("/field/open").expect(200).form("/field/open");
        drop(lin.submit(chosen(form, "deed", "again")).expect(200));
        assert_eq!(state(&town, &task), "filed", "{}: {}", town.engine, lin.page().words());
        let (desk, number) = (town.city.cases.clone(), task["number"].as_str().unwrap().to_owned());
        let (by, steps) = town
            .store()
            .read_blocking(move |tx| {
                let known = desk.known_number(tx, &number)?;
                let key = known.key();
                let by = cases::events_of(tx, &known.case)?.pop().unwrap().by.name;
                let entry = grid::records::field::about(tx, key.district, key.id, 9)?.pop().unwrap();
                Ok::<_, hall::Fault>((by, grid::records::field::steps(tx, &entry)?))
            })
            .unwrap();
        assert_eq!(by, "zhaoli", "{}: the step is hers who was there", town.engine);
        let pressed = steps.iter().find(|step| step.deed == "again").map(|step| step.name.as_str());
        assert_eq!(pressed, Some("linhua"), "{}: {steps:?}", town.engine);
        town.verify();
    }
}

#[test]
fn what_needs_somebody_is_listed_page_by_page_and_the_phone_hears_of_all_of_it() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        for number in 1..=35 {
            let mut wrong = found(number, &town, &json!([]));
            wrong["condition"] = json!("event/none");
            assert_eq!(enters(&mut zhao, &wrong)["state"], "refused");
        }
        assert_eq!(tasks(&mut zhao)["entries"].as_array().unwrap().len(), 35, "{}", town.engine);
        let mut keys = Vec::new();
        let first = zhao.open("/field/open").expect(200);
        let links = first.body();
        keys.extend(first.forms().iter().filter_map(|form| form.get("entry").map(str::to_owned)));
        assert_eq!(keys.len(), 30, "{}", town.engine);
        let href = links.split("href=\"/field/open?after=").nth(1).unwrap().split('"').next().unwrap();
        let rest = zhao.open(&format!("/field/open?after={href}")).expect(200);
        keys.extend(rest.forms().iter().filter_map(|form| form.get("entry").map(str::to_owned)));
        assert!(!rest.body().contains("/field/open?after="), "{}: it ends", town.engine);
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), 35, "{}: each once", town.engine);
    }
}

#[test]
fn what_cannot_be_opened_is_a_fault_and_not_called_erased() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wrong = found(1, &town, &json!([]));
        wrong["condition"] = json!("event/none");
        assert_eq!(enters(&mut zhao, &wrong)["state"], "refused");
        assert!(zhao.open("/field/open").expect(200).words().contains("再办一次"));
        let damaged = vec![7_u8; 64];
        let sql = "update grid_field_entry set body = $1";
        town.store().write_blocking(move |tx| tx.exec(sql, &store::args![damaged.clone()]).map(drop)).unwrap();
        let page = zhao.get("/field/open");
        assert_eq!(page.status, 500, "{}: nobody erased it", town.engine);
        assert!(!page.body().contains("内容已按规定删除"), "{}", town.engine);
    }
}

#[test]
fn an_entry_has_no_more_fields_than_a_form_and_no_longer_names() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let task = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        let fields = |count: usize, length: usize| {
            let named = (0..count).map(|at| (format!("{at:0length$}"), json!("字")));
            serde_json::Value::Object(named.collect())
        };
        for (number, fields, bound) in [(1, fields(21, 2), ""), (2, fields(1, 41), "40")] {
            let mut step = act(number, None, &task, "reported", "file");
            step["fields"] = fields;
            let refused = enters(&mut zhao, &step);
            assert_eq!(refused["state"], "refused", "{}: {refused}", town.engine);
            assert!(refused["words"].as_str().unwrap().contains(bound), "{}: {refused}", town.engine);
        }
        assert_eq!(state(&town, &task), "reported", "{}", town.engine);
    }
}
