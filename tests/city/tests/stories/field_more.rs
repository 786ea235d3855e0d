//! These stories are about what waits for people in the field: many reports at one step never hide those at another,
//! what waits moves on by itself, and whoever helps a colleague's entry on does not sign for her.

use city_stories::{Browser, PASSWORD, PICTURE, Town, chosen};
use serde_json::json;
use uuid::Uuid;

use super::field::{DIGEST, HALVES, OF_PICTURE, PLACE};
use super::field::{act, building, enters, found, id, looks_again, piece, reported, state, tasks, told, visit};
use super::street_border::{BEYOND, works_beyond};

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
        let further = rest.links().into_iter().filter(|link| link.starts_with("/field/open?after="));
        let further: Vec<String> = further.filter(|link| !link.contains(href)).collect();
        assert!(further.is_empty(), "{}: it ends: {further:?}", town.engine);
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

#[test]
fn a_report_from_the_field_says_its_point_and_one_of_elsewhere_is_refused() {
    for town in Town::each() {
        let ground = town.lays_ground(&[town.named("大北街道")], 5);
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let own = town.named(PLACE).id();
        let point = |is_own: bool| {
            let compound = ground.compounds.iter().find(|one| (one.community == own) == is_own).unwrap();
            ground.plane().unwrap().to_point((compound.at.x, compound.at.y)).unwrap()
        };
        let at = |number: u128, at: String| {
            let mut report = found(number, &town, &json!([]));
            report["at"] = json!(at);
            report
        };
        let asks = |reply: testkit::Reply| {
            reply.header("permissions-policy").is_some_and(|policy| policy.contains("geolocation=(self)"))
        };
        assert!(asks(zhao.get("/field").expect(200)), "{}: a button asks where she is", town.engine);
        for page in ["/field/dwellings", "/field/patrol", "/field/open"] {
            assert!(!asks(zhao.get(page).expect(200)), "{}: {page}", town.engine);
        }
        let line = enters(&mut zhao, &at(1, format!("g:{}", point(true))));
        assert_eq!(line["state"], "done", "{}: {line}", town.engine);
        let (desk, number) = (town.city.cases.clone(), line["number"].as_str().unwrap().to_owned());
        let case = town.store().read_blocking(move |tx| desk.known_number(tx, &number)).unwrap().case;
        assert!(case.point.is_some(), "{}: the point stands in the case", town.engine);
        assert_eq!(case.place, town.named(PLACE), "{}", town.engine);
        let elsewhere = format!("g:{}", point(false));
        for (number, odd) in [(2, elsewhere), (3, "g:10.0,10.0".to_owned()), (4, "g:x".to_owned())] {
            assert_eq!(enters(&mut zhao, &at(number, odd.clone()))["state"], "refused", "{}: {odd}", town.engine);
        }
        town.verify();
    }
}

fn round(number: u128, grid: i64, day: &str, walked: bool) -> serde_json::Value {
    json!({ "id": id(number), "kind": "round", "grid": grid, "day": day, "walked": walked })
}

#[test]
fn a_round_that_was_ticked_without_a_line_counts_for_its_day() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let (grid, elsewhere) = (town.named(PLACE).id().0, town.named("永顺社区").id().0);
        let day = |before: i64| {
            kernel::time::date_plus_days(town.city.hall.day(town.clock.now()), -before).unwrap().to_string()
        };
        assert_eq!(enters(&mut zhao, &round(1, grid, &day(2), true))["state"], "done", "{}", town.engine);
        assert_eq!(enters(&mut zhao, &round(1, grid, &day(2), true))["state"], "done", "sent twice");
        let words = zhao.open("/field/patrol").expect(200).words();
        assert!(words.contains("走过：") && words.contains("zhaoli"), "{}: {words}", town.engine);
        for (number, grid, day) in
            [(2, elsewhere, day(0)), (3, grid, day(-1)), (4, grid, day(90)), (5, grid, "soon".to_owned())]
        {
            assert_eq!(
                enters(&mut zhao, &round(number, grid, &day, true))["state"],
                "refused",
                "{}: {day}",
                town.engine
            );
        }
        assert!(zhao.open("/field/open").expect(200).words().contains("巡查："), "{}", zhao.page().words());
        assert_eq!(enters(&mut zhao, &round(6, grid, &day(2), false))["state"], "done", "{}", town.engine);
        assert!(!zhao.open("/field/patrol").expect(200).words().contains("走过："), "{}", town.engine);
    }
}

#[test]
fn nobody_takes_back_the_round_of_a_colleague() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let (grid, today) = (town.named(PLACE).id().0, town.city.hall.day(town.clock.now()).to_string());
        assert_eq!(enters(&mut zhao, &round(1, grid, &today, true))["state"], "done", "{}", town.engine);
        let words = wu.open("/field/patrol").expect(200).words();
        assert!(words.contains("走过：") && !words.contains("今天没走"), "{}: {words}", town.engine);
        // An older page may offer it all the same, and so does a phone that heard nothing of hers.
        assert_eq!(enters(&mut wu, &round(2, grid, &today, false))["state"], "done", "{}", town.engine);
        assert!(wu.post("/field/patrol", &[("grid", &grid.to_string())]).status.is_redirection(), "{}", town.engine);
        let words = zhao.open("/field/patrol").expect(200).words();
        assert!(words.contains("zhaoli") && words.contains("今天没走"), "{}: {words}", town.engine);
        assert_eq!(enters(&mut zhao, &round(3, grid, &today, false))["state"], "done", "{}", town.engine);
        assert!(!wu.open("/field/patrol").expect(200).words().contains("走过："), "{}", town.engine);
    }
}

#[test]
fn what_was_refused_is_answered_again_and_only_by_whom_it_came_from() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let mut wrong = found(1, &town, &json!([]));
        wrong["condition"] = json!("event/none");
        assert_eq!(enters(&mut zhao, &wrong)["state"], "refused");
        let mut hers = found(2, &town, &json!([]));
        hers["instead"] = json!(id(1));
        assert_eq!(enters(&mut wu, &hers)["state"], "done", "{}: it is a report all the same", town.engine);
        assert_eq!(enters(&mut zhao, &wrong)["state"], "refused", "{}: it is not a colleague's to let go", town.engine);
        let mut right = found(3, &town, &json!([]));
        right["instead"] = json!(id(1));
        assert_eq!(enters(&mut zhao, &right)["state"], "done", "{}", town.engine);
        assert_eq!(enters(&mut zhao, &wrong)["state"], "over", "{}: another stands in its place", town.engine);
        assert!(zhao.open("/field/open").expect(200).words().contains("没有要处理的"), "{}", zhao.page().words());
        town.verify();
    }
}

#[test]
fn what_counts_already_is_not_answered_again() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let cases = town.counts().cases;
        let instead = |number: u128, of: u128| {
            let mut entry = found(number, &town, &json!([]));
            entry["instead"] = json!(id(of));
            entry
        };
        assert_eq!(enters(&mut zhao, &found(1, &town, &json!([])))["state"], "done", "{}", town.engine);
        let line = enters(&mut zhao, &instead(2, 1));
        assert_eq!(line["state"], "refused", "{}: the first one counts: {line}", town.engine);
        // Nor does it count once somebody tries it again.
        let key = line["key"].as_str().unwrap().to_owned();
        drop(zhao.open("/field/open").expect(200));
        drop(zhao.post("/field/open", &[("entry", key.as_str()), ("deed", "again")]));
        assert_eq!(enters(&mut zhao, &instead(2, 1))["state"], "refused", "{}", town.engine);
        assert_eq!(town.counts().cases, cases + 1, "{}: no second report", town.engine);

        let mut wrong = found(3, &town, &json!([]));
        wrong["condition"] = json!("event/none");
        assert_eq!(enters(&mut zhao, &wrong)["state"], "refused", "{}", town.engine);
        for _ in 0..2 {
            assert_eq!(enters(&mut zhao, &instead(4, 3))["state"], "done", "{}: sent twice, done once", town.engine);
        }
        assert_eq!(enters(&mut zhao, &instead(5, 3))["state"], "refused", "{}: answered already", town.engine);
        assert_eq!(town.counts().cases, cases + 2, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn whatever_was_corrected_and_however_often_it_comes_one_entry_opens_one_case() {
    for town in Town::each() {
        let account = town.account("zhaoli", "zhaoli", "community_worker", &town.named(PLACE), None);
        let mut zhao = town.visitor();
        zhao.sign_in("zhaoli", PASSWORD);
        let cases = town.counts().cases;
        let instead = |number: u128, of: u128| {
            let mut entry = found(number, &town, &json!([]));
            entry["instead"] = json!(id(of));
            entry
        };
        // It is of another district and not hers; once it is hers, it is the same entry all the same.
        let mut beyond = found(1, &town, &json!([]));
        beyond["at"] = json!(format!("p:{}", town.named(BEYOND).id()));
        assert_eq!(enters(&mut zhao, &beyond)["state"], "refused", "{}", town.engine);
        works_beyond(&town, account);
        assert_eq!(enters(&mut zhao, &beyond)["state"], "refused", "{}: the answer was lost", town.engine);
        assert_eq!(enters(&mut zhao, &instead(2, 1))["state"], "done", "{}", town.engine);
        assert_eq!(enters(&mut zhao, &beyond)["state"], "over", "{}", town.engine);
        beyond["id"] = json!(id(2));
        let reply = zhao.post("/field/entries", &[("entry", &beyond.to_string())]);
        assert_eq!(reply.status, 422, "{}: another entry under the same identity, elsewhere", town.engine);
        // Another window corrects the same, and then corrects that.
        let line = enters(&mut zhao, &instead(3, 1));
        assert!(line["words"].as_str().unwrap().contains("已经收下"), "{}: {line}", town.engine);
        for (number, of) in [(3, 1), (4, 3), (5, 4)] {
            let line = enters(&mut zhao, &instead(number, of));
            assert_eq!(line["state"], "refused", "{}: {number}: {line}", town.engine);
            let key = line["key"].as_str().unwrap().to_owned();
            drop(zhao.open("/field/open").expect(200));
            drop(zhao.post("/field/open", &[("entry", key.as_str()), ("deed", "again")]));
            assert_eq!(enters(&mut zhao, &instead(number, of))["state"], "refused", "{}: {number}", town.engine);
        }
        assert_eq!(town.counts().cases, cases + 1, "{}", town.engine);

        // What she let go of is corrected once too, and what is still wrong then once more.
        let wrong = |number: u128, of: Option<u128>| {
            let mut entry = found(number, &town, &json!([]));
            entry["condition"] = json!("event/none");
            if let Some(of) = of {
                entry["instead"] = json!(id(of));
            }
            entry
        };
        let key = enters(&mut zhao, &wrong(6, None))["key"].as_str().unwrap().to_owned();
        drop(zhao.open("/field/open").expect(200));
        drop(zhao.post("/field/open", &[("entry", key.as_str()), ("deed", "let_go")]));
        assert_eq!(enters(&mut zhao, &wrong(7, Some(6)))["state"], "refused", "{}", town.engine);
        assert_eq!(enters(&mut zhao, &instead(8, 7))["state"], "done", "{}", town.engine);
        for (number, of) in [(9, 6), (10, 7)] {
            assert_eq!(enters(&mut zhao, &instead(number, of))["state"], "refused", "{}: {number}", town.engine);
        }
        assert_eq!(town.counts().cases, cases + 2, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn an_entry_waits_for_none_about_something_else() {
    for town in Town::each() {
        let building = building(&town);
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let one = reported(&town, &mut zhao, "楼下垃圾没人收", "event/0102/heap");
        let other = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        let waits = enters(&mut zhao, &act(1, Some(9), &one, "filed", "dispatch"));
        assert_eq!(waits["state"], "parked", "{}: the one before it is not here yet", town.engine);
        let line = enters(&mut zhao, &act(2, Some(1), &other, "reported", "file"));
        assert_eq!(line["state"], "done", "{}: {line}", town.engine);
        assert_eq!(state(&town, &other), "filed", "{}", town.engine);
        let agreed = json!({ "agreed": { "saw": "", "set": "送一份表" } });
        let line = enters(&mut zhao, &visit(3, Some(1), building, &agreed));
        assert_eq!(line["state"], "done", "{}: {line}", town.engine);
        town.verify();
    }
}

/// The positions of what a page shows of one of several workers, with what stands there.
fn shares(worker: &mut Browser, page: &str, of: usize) -> Vec<Vec<String>> {
    let mut parts = Vec::new();
    for number in 1..=of {
        let body = worker.open(&format!("{page}?number={number}&of={of}")).expect(200).body();
        let rows = body.split("data-position=\"").skip(1);
        let named = rows.filter_map(|row| row.split_once("\">"));
        let kept = named.map(|(position, rest)| format!("{position} {}", rest.split('<').next().unwrap_or_default()));
        parts.push(kept.collect());
    }
    parts
}

#[test]
fn several_share_a_grid_by_what_is_the_same_on_every_phone() {
    for town in Town::each() {
        let building = building(&town);
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let before = shares(&mut zhao, "/field/dwellings", 2);
        let (most, least) = (before[0].len().max(before[1].len()), before[0].len().min(before[1].len()));
        assert!(least > 0 && most - least <= 1, "{}: buildings without dwellings too: {before:?}", town.engine);
        assert!(before[0].iter().all(|one| !before[1].contains(one)), "{}: {before:?}", town.engine);
        // What a phone hears later moves nothing from one to the other.
        let first = json!({ "agreed": { "saw": "", "set": "送一份表" } });
        assert_eq!(enters(&mut zhao, &visit(1, None, building, &first))["state"], "done");
        for (part, all) in before.iter().zip(shares(&mut zhao, "/field/dwellings", 2)) {
            assert!(part.iter().all(|one| all.contains(one)), "{}: {part:?} in {all:?}", town.engine);
        }
        for number in 10..16 {
            assert_eq!(enters(&mut zhao, &found(number, &town, &json!([])))["state"], "done");
        }
        let all = shares(&mut zhao, "/field", 1)[0].len();
        let parts: Vec<usize> = shares(&mut zhao, "/field", 3).iter().map(Vec::len).collect();
        assert_eq!((all, parts.iter().sum::<usize>()), (6, 6), "{}: each task is one's: {parts:?}", town.engine);
    }
}

#[test]
fn photos_of_one_entry_are_handed_over_each_by_itself() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let photos = json!([
            { "id": id(11), "bytes": 23, "digest": DIGEST },
            { "id": id(12), "bytes": PICTURE.len(), "digest": OF_PICTURE },
        ]);
        let key = enters(&mut zhao, &found(1, &town, &photos))["key"].as_str().unwrap().to_owned();
        drop(piece(&mut zhao, &key, &id(11), 0, &HALVES.concat()).expect(200));
        let whole = told(piece(&mut zhao, &key, &id(12), 0, PICTURE));
        assert_eq!(whole["entry"]["state"], "done", "{}: {whole}", town.engine);
        town.hears();
        let page = format!("/cases/{}/photos", whole["entry"]["number"].as_str().unwrap());
        assert!(zhao.open(&page).expect(200).words().contains("第 1 张"), "{}: the good one", town.engine);
        assert!(zhao.open("/field/open").expect(200).words().contains("有照片打不开"), "{}", zhao.page().words());
        town.verify();
    }
}

#[test]
fn what_was_not_hers_is_done_once_she_has_the_place() {
    for town in Town::each() {
        let (tree, own) = (town.city.places.tree(), town.named(PLACE));
        let near = tree.children(town.named("大北街道").id()).find(|one| one.path != own).unwrap().path.clone();
        let mut zhao = town.staff("zhaoli", "community_worker", &own, None);
        let mut wu = town.staff("wujing", "community_worker", &near, None);
        let task = reported(&town, &mut zhao, "路灯不亮", "component/0118/out");
        assert_eq!(enters(&mut wu, &act(1, None, &task, "reported", "file"))["state"], "refused", "{}", town.engine);
        let (identity, now) = (town.city.identity.clone(), town.clock.now());
        let post = identity::Post {
            id: Uuid::now_v7(),
            role: "community_worker".to_owned(),
            place: own,
            department: None,
            from: town.city.hall.day(now),
            to: None,
        };
        let given = town.store().write_blocking(move |tx| {
            let account = identity::account_of_login(tx, "wujing")?.unwrap();
            identity::give_post(tx, account, &post, identity.roles(), &kernel::permission::Actor::system(), now)
        });
        given.unwrap();
        let form = wu.open("/field/open").expect(200).form("/field/open");
        drop(wu.submit(chosen(form, "deed", "again")).expect(200));
        assert_eq!(state(&town, &task), "filed", "{}: {}", town.engine, wu.page().words());
        town.verify();
    }
}

#[test]
fn what_somebody_else_kept_on_the_same_phone_never_stands_under_another_name() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut wu = town.staff("wujing", "community_worker", &town.named(PLACE), None);
        let who = tasks(&mut zhao)["who"].as_str().unwrap().to_owned();
        let photos = json!([{ "id": id(11), "bytes": 23, "digest": DIGEST }]);
        let (text, before) = (found(1, &town, &photos).to_string(), town.counts());
        let fields = [("entry", text.as_str()), ("who", who.as_str())];
        let reply = wu.post("/field/entries", &fields);
        assert!(reply.location().is_some_and(|to| to.starts_with("/sign-in")), "{}: {}", town.engine, reply.status);
        assert!(tasks(&mut wu)["entries"].as_array().unwrap().is_empty(), "{}: nothing is hers", town.engine);
        assert_eq!(town.counts(), before, "{}: nothing was taken in", town.engine);
        let line = told(zhao.post("/field/entries", &fields));
        assert_eq!(line["state"], "photos", "{}: {line}", town.engine);

        // Her photo is not sent for her either, and waits for her as it is.
        drop(wu.open("/field/open").expect(200));
        let key = line["key"].as_str().unwrap().replace('/', "%2F");
        let action = format!("/field/photos/{}?entry={key}&at=0", id(11));
        let fields = vec![("who".to_owned(), who)];
        let form = testkit::Form { action, method: "post".to_owned(), fields, ..testkit::Form::default() };
        let reply = wu.uploads(&form, &[("piece", "piece", HALVES[0])]);
        assert_ne!(reply.status, 404, "{}: her phone does not take it for lost", town.engine);
        assert_eq!(told(zhao.post("/field/entries", &[("entry", text.as_str())]))["photos"][0]["have"], 0);
        town.verify();
    }
}

#[test]
fn what_waits_for_a_photo_that_is_lost_is_done_without_it() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let mut lin = town.staff("linhua", "secretary_community", &town.named(PLACE), None);
        let before = town.counts();
        let first = found(1, &town, &json!([{ "id": id(11), "bytes": 23, "digest": DIGEST }]));
        let key = enters(&mut zhao, &first)["key"].as_str().unwrap().to_owned();
        drop(piece(&mut zhao, &key, &id(11), 0, HALVES[0]).expect(200));
        // Whoever supervises does not know whether the phone still sends it.
        let page = lin.open("/field/open").expect(200);
        assert!(!page.body().contains("value=\"without\""), "{}: {}", town.engine, page.words());
        let form = page.form("/field/open");
        assert_eq!(lin.send(chosen(form, "deed", "without")).status, 422, "{}", town.engine);
        assert_eq!(town.counts().cases, before.cases, "{}", town.engine);
        // Whose phone it is knows.
        let page = zhao.open("/field/open").expect(200);
        assert!(page.body().contains("value=\"without\""), "{}: {}", town.engine, page.words());
        let form = page.form("/field/open");
        drop(zhao.submit(chosen(form, "deed", "without")).expect(200));
        assert_eq!(town.counts().cases, before.cases + 1, "{}: {}", town.engine, zhao.page().words());
        let line = enters(&mut zhao, &first);
        assert_eq!((&line["state"], &line["photos"]), (&json!("done"), &json!([])), "{}: {line}", town.engine);

        let second = found(2, &town, &json!([{ "id": id(12), "bytes": 23, "digest": DIGEST }]));
        assert_eq!(enters(&mut zhao, &second)["state"], "photos", "{}", town.engine);
        town.clock.plus_days(6);
        let form = lin.open("/field/open").expect(200).form("/field/open");
        drop(lin.submit(chosen(form, "deed", "without")).expect(200));
        assert_eq!(tasks(&mut zhao)["entries"], json!([]), "{}: its phone is gone", town.engine);
        assert_eq!(town.counts().cases, before.cases + 2, "{}: {}", town.engine, lin.page().words());
        town.verify();
    }
}

#[test]
fn a_phone_is_told_what_time_it_is() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let told = tasks(&mut zhao)["now"].as_i64();
        assert_eq!(told, Some(town.clock.now().micros() / 1_000), "{}", town.engine);
    }
}
