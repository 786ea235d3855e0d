//! These stories are about what waits for people in the field: many reports at one step never hide those at another,
//! what waits moves on by itself, and whoever helps a colleague's entry on does not sign for her.

use city_stories::Town;
use serde_json::json;
use uuid::Uuid;

use super::field::{PLACE, enters, found, reported, tasks};

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
