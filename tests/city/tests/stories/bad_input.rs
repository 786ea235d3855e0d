//! These stories send bad input. Each fault answers 422, names its field, keeps what was typed, and changes nothing.

use crate::grids::{grids_on, lay};
use crate::open311::{client, program};
use crate::shared;
use city_stories::{Resident, Story, Town};
use kernel::earth::Point;
use kernel::place::PlaceId;
use lianglin::demonstration::Seed;

/// Lists fields and what is typed into them.
const FAULTS: [(&str, &str); 22] = [
    ("name", ""),
    ("name", "名\u{7}字"),
    ("name", "李\u{202E}岺"),
    ("name", "李\u{200B}岺"),
    ("name", "李\u{E000}"),
    ("name", "李?"),
    ("name", "李\u{FFFD}"),
    ("resident_id", ""),
    ("resident_id", "210104"),
    ("resident_id", "210104194002300010"),
    ("resident_id", "21010419400229001X"),
    ("resident_id", "210102209003051087"),
    ("resident_id", "170102199003051088"),
    ("resident_id", "'; drop table cases_case; --"),
    ("telephone", ""),
    ("telephone", "1380000"),
    ("telephone", "call me"),
    ("bank_card", ""),
    ("bank_card", "6217000000000000"),
    ("bank_card", "19000112233445号"),
    ("residence", ""),
    ("residence", "没有这个地方的社区"),
];

#[test]
fn each_fault_at_the_desk_names_its_field() {
    for town in shared() {
        let mut worker = town.staff("bad.desk", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(41));
        let before = town.counts();
        for (field, typed) in FAULTS {
            let good = resident.fill(worker.desk_form("MZ-11")).set("residence_words", "华炉社区");
            let form = match field {
                "residence" => good.set("residence_words", typed).set("residence", ""),
                _ => good.set(field, typed),
            };
            let reply = worker.send(form).expect(422);
            let named = reply.links().iter().any(|link| *link == format!("#f-{field}"));
            assert!(named, "{field} {typed:?}: {}", reply.words());
            let kept = reply.forms().into_iter().find(|form| form.method == "post" && form.action == "/desk").unwrap();
            assert_eq!(kept.get("telephone"), Some(if field == "telephone" { typed } else { &resident.telephone }));
        }
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

#[test]
fn each_fault_online_names_its_field() {
    for town in shared() {
        let mut she = town.visitor();
        let resident = Resident::next(&mut Seed::new(42));
        let community = town.named("华炉社区");
        let before = town.counts();
        for (field, typed) in FAULTS {
            let good = she.to_check(town, "MZ-11", &resident, &community);
            let reply = she.send(good.set(field, typed)).expect(422);
            let named = reply.links().iter().any(|link| *link == format!("#f-{field}"));
            assert!(named, "{field} {typed:?}: {}", reply.words());
        }
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

#[test]
fn a_step_without_its_reasons_is_refused_and_changes_nothing() {
    // The columns are: the action, what is sent with it, and a part of the answer.
    let table: [(&str, crate::Fields, &str); 7] = [
        ("grant", &[], "依据"),
        ("refuse", &[("field_reason", "x")], "依据"),
        ("request_correction", &[("field_reason", "少")], "材料"),
        ("hand_over", &[("field_handed_to", "in_person")], "办理中"),
        ("no_such_action", &[], ""),
        ("supply", &[], ""),
        ("", &[], ""),
    ];
    for town in shared() {
        let mut story = Story::new(town, 43);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 opens it
            ",
        );
        let (before, address) = (town.counts(), format!("/cases/{}/act", story.number));
        for (action, fields, told) in table {
            let key = format!("bad-{action}");
            let mut all = vec![("action", action), ("_once", key.as_str())];
            all.extend(fields);
            let reply = story.at("孙海燕").post(&address, &all).expect(422);
            assert!(reply.words().contains(told), "{action}: {}", reply.words());
            assert_eq!(story.case().state, "handling");
        }
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

#[test]
fn communities_of_the_same_name_are_chosen_among() {
    // 新华社区 stands in four districts, and the worker and the resident say which one they mean.
    for town in shared() {
        let mut worker = town.staff("same.name", "community_worker", &town.named("文安路社区"), None);
        let tree = town.city.places.tree();
        let wanted = tree
            .of_level(kernel::place::Level::Community)
            .filter(|place| place.name.zh == "新华社区")
            .find(|place| place.path.district() == town.named("铁西区").id())
            .map(|place| place.path.clone())
            .unwrap();
        let resident = Resident::next(&mut Seed::new(44));
        let taken = worker.takes(town, "MZ-11", &resident, &wanted);
        assert!(taken.receipt.words().contains("铁西区民政"), "{}", taken.receipt.words());
        assert!(taken.number.starts_with("210106-"), "{}", taken.number);
        let applied = town.visitor().applies(town, "MZ-11", &resident, &wanted);
        assert!(applied.number.starts_with("210106-"), "{}", applied.number);
    }
}

#[test]
fn what_is_no_account_and_no_session_is_not_found() {
    for town in shared() {
        let mut worker = town.staff("bad.address", "community_worker", &town.named("文安路社区"), None);
        drop(worker.open("/staff/abc").expect(403));
        let mut operator = town.staff("bad.address.operator", "operator", &town.named("沈阳市"), None);
        drop(operator.open("/staff/abc").expect(404));
        let account = "00000000-0000-7000-8000-000000000000";
        for address in [
            "/staff/abc/posts",
            "/staff/abc/password",
            "/staff/abc/code",
            "/confirmations/abc/confirm",
            "/staff/abc/close",
            &format!("/staff/abc/posts/{account}/end"),
            &format!("/staff/{account}/posts/abc/end"),
            "/account/devices/abc/end",
        ] {
            let reply = operator.post(address, &[("last_day", "2026-11-30")]);
            assert_eq!(reply.status, 404, "{address}: {}", reply.words());
        }
    }
}

#[test]
fn a_form_from_elsewhere_is_refused() {
    for town in shared() {
        let before = town.counts();
        let mut stranger =
            town.visitor().with_header("sec-fetch-site", "cross-site").with_header("origin", "http://evil.test");
        let reply = stranger.post("/apply/MZ-11", &[("question", "check"), ("telephone", "13800000000")]);
        assert_eq!(reply.status, 403, "{}", reply.words());
        assert_eq!(town.counts(), before);
    }
}

/// How far from the nearest building a point may lie in this story; a river is wider than twice that.
const BANK_METRES: i64 = 20;

/// The banks of a river between two grids: a point near the building on either side, each with its grid, and the
/// middle, from which every building is too far away.
struct River {
    banks: [(Point, PlaceId); 2],
    middle: Point,
}

/// Finds two buildings in different grids of a community with nothing near the middle between them.
fn river(town: &Town) -> River {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let (plane, grids) = (ground.plane().unwrap(), grids_on(town, "2026-11-23"));
    let nearest = |at: (f64, f64)| ground.nearest_building(at).unwrap();
    let far = f64::from(i32::try_from(BANK_METRES).unwrap()) + 5.0;
    let placed: Vec<(usize, PlaceId)> =
        ground.buildings.iter().enumerate().filter_map(|(at, one)| Some((at, *grids.get(&one.id)?))).collect();
    for (one, grid) in &placed {
        for (other, across) in placed.iter().filter(|(_, across)| across != grid) {
            let [near, beyond] = [one, other].map(|at| (ground.buildings[*at].at.x, ground.buildings[*at].at.y));
            let between = |part: f64| (near.0 + (beyond.0 - near.0) * part, near.1 + (beyond.1 - near.1) * part);
            let step = 1.0 / (beyond.0 - near.0).hypot(beyond.1 - near.1);
            let banks = [between(step), between(1.0 - step)];
            let own = |at: (f64, f64), building: usize| nearest(at).0 as usize == building;
            if nearest(between(0.5)).1 > far && own(banks[0], *one) && own(banks[1], *other) {
                let [first, second] = banks.map(|at| plane.to_point(at).unwrap());
                let middle = plane.to_point(between(0.5)).unwrap();
                return River { banks: [(first, *grid), (second, *across)], middle };
            }
        }
    }
    panic!("there is no river in the invented ground");
}

#[test]
fn a_point_in_a_river_between_two_grids_is_refused_and_one_on_a_bank_is_of_that_bank() {
    for town in Town::each_figured(&[("places.point_metres", BANK_METRES)]) {
        lay(&town);
        let River { banks, middle } = river(&town);
        let before = town.counts();
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let said = she.page().forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        let said = said.set("what", "垃圾").set("where", &middle.to_string());
        let refused = she.send(said).expect(422);
        assert!(refused.words().contains("不在本市有人住的地方"), "{}: {}", town.engine, refused.words());
        assert!(refused.links().contains(&"#f-where".to_owned()), "{}: it names the field", town.engine);
        assert!(refused.body().contains(&middle.to_string()), "{}: what was typed stays", town.engine);
        let mut sender = program(&town, "市民热线", "沈阳市", &["report.send"]);
        let (latitude, longitude) = middle.degrees();
        let (latitude, longitude) = (latitude.to_string(), longitude.to_string());
        let call = [("service_code", "event-0102"), ("attribute[condition]", "heap")];
        let here = [call.as_slice(), &[("lat", latitude.as_str()), ("long", longitude.as_str())]].concat();
        let reply = sender.sends("requests", "json", &here);
        let (status, words) = client::error(&reply, &client::json(&reply));
        assert!(status >= 400 && words.contains("不在本市"), "{}: {status} {words}", town.engine);
        assert_eq!(town.counts().cases, before.cases, "{}: nothing is kept", town.engine);
        for (point, grid) in banks {
            let first = she.open("/report/new").expect(200).forms();
            let said = first.into_iter().find(|form| form.get("screen") == Some("say")).unwrap().set("what", "垃圾");
            let which = she.submit(said.set("where", &point.to_string())).expect(200);
            let form = which.forms().into_iter().find(|form| form.get("screen") == Some("which")).unwrap();
            let last = she.submit(form.set("kind", "event/0102/heap")).expect(200);
            let send = last.forms().into_iter().find(|form| form.get("screen") == Some("send")).unwrap();
            let receipt = she.submit(send).expect(200);
            let number = receipt.address.trim_start_matches("/receipt/").to_owned();
            let (desk, ground) = (town.city.cases.clone(), town.city.places.geography_blocking().unwrap().unwrap());
            let found = town.store().read_blocking(move |tx| {
                let key = desk.known_number(tx, &number)?.key();
                let report = grid::records::find(tx, key.district, key.id)?.unwrap();
                let on = testkit::ZONE.date(report.reported_at);
                Ok::<_, hall::Fault>(grid::records::worker::grid_of(tx, &ground, &report, on)?)
            });
            assert_eq!(found.unwrap(), Some(grid), "{}: the grid of its own bank", town.engine);
        }
    }
}
