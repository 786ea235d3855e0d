//! These stories send bad input. Each fault answers 422, names its field, keeps what was typed, and changes nothing.

use crate::shared;
use city_stories::{Resident, Story};
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
