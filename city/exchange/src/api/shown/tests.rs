//! Tests what programs are told: reasons of dates, papers, what happened, what a step asks for.

use super::*;
use kernel::calendar::Unit;
use kernel::case::{CaseId, LateReason, Signature};
use kernel::permission::Target;
use std::collections::BTreeMap;
use uuid::Uuid;

fn procedure() -> Procedure {
    let text = include_str!("../../../../../data/procedures/separate.toml");
    kernel::procedure::load("separate", text).unwrap()
}

fn told(event: Event) -> Option<Value> {
    let by = Signature { account: None, name: "王芳".to_owned(), role: "worker".to_owned(), on_behalf: true };
    let at = Instant::from_micros(1_795_399_200_000_000);
    happened(&procedure(), &Recorded { id: CaseId(Uuid::nil()), at, by, event })
}

#[test]
fn each_reason_of_a_date_says_what_belongs_to_it() {
    let on = Date::constant(2026, 10, 1);
    let name = Bilingual::new("国庆节", "National Day");
    let holiday = json!({ "zh": "国庆节", "en": "National Day" });
    let table = [
        (Reason::Started { on }, json!({ "kind": "started", "on": "2026-10-01" })),
        (Reason::Due { on }, json!({ "kind": "due", "on": "2026-10-01" })),
        (Reason::NotPublished { year: 2027 }, json!({ "kind": "not_published", "year": 2027 })),
        (
            Reason::Paused { from: on, until: None, ground: "correction".to_owned() },
            json!({ "kind": "paused", "on": "2026-10-01", "ground": "correction" }),
        ),
        (
            Reason::Paused { from: on, until: Some(Date::constant(2026, 10, 31)), ground: "expert".to_owned() },
            json!({ "kind": "paused", "on": "2026-10-01", "until": "2026-10-31", "ground": "expert" }),
        ),
        (
            Reason::Skipped { on, day: DayKind::Weekend },
            json!({ "kind": "skipped", "on": "2026-10-01", "day": "weekend" }),
        ),
        (
            Reason::Skipped { on, day: DayKind::Holiday { name: name.clone() } },
            json!({ "kind": "skipped", "on": "2026-10-01", "day": "holiday", "name": holiday }),
        ),
        (
            Reason::Skipped { on, day: DayKind::MakeUp { name } },
            json!({ "kind": "skipped", "on": "2026-10-01", "day": "make_up", "name": holiday }),
        ),
    ];
    for (given, expected) in table {
        let found = reason(&given);
        for part in ["kind", "on", "until", "year", "day", "name", "ground"] {
            assert_eq!(found[part], expected[part], "{part} of {given:?}");
        }
    }
}

#[test]
fn a_paper_is_waived_before_it_is_late() {
    for (waived, later, state) in
        [(false, false, "received"), (false, true, "later"), (true, false, "waived"), (true, true, "waived")]
    {
        assert_eq!(paper_state(Paper { waived, later, ..Paper::default() }), state);
    }
}

#[test]
fn a_code_without_a_name_is_its_own_name() {
    let name = Bilingual::new("民政", "Civil affairs");
    assert_eq!(called("x", None), json!({ "code": "x", "name": { "zh": "x", "en": "x" } }));
    assert_eq!(called("x", Some(&name)), named("x", &name));
    let shown = limit(Limit::new(15, Unit::WorkingDay));
    assert_eq!(shown, json!({ "amount": 15, "unit": "working_day" }));
}

#[test]
fn what_happened_is_told_and_what_offices_do_among_themselves_is_not() {
    let home = PlacePath::parse("1.2.").unwrap();
    let office = Target { place: home.clone(), department: None };
    let day = Date::constant(2026, 12, 1);
    let fields = BTreeMap::from([("reason".to_owned(), "缺首页".to_owned())]);
    let acted = Event::Acted {
        action: "request_correction".to_owned(),
        from: "handling".to_owned(),
        to: "correction".to_owned(),
        fields,
        papers: vec!["HK".to_owned()],
        counter: None,
        parties: Vec::new(),
        overdue: None,
        latest: None,
    };
    let shown = [
        (acted, "acted", json!({ "reason": "缺首页" })),
        (Event::RatedAgain { score: 5 }, "rated_again", json!({ "score": "5" })),
        (
            Event::Extended { amount: 10, reason: "疑难".to_owned() },
            "extended",
            json!({ "amount": "10", "reason": "疑难" }),
        ),
        (
            Event::Explained { reason: LateReason::Hands, note: "人手少".to_owned() },
            "explained",
            json!({ "reason": "hands" }),
        ),
        (Event::FollowedUp { answer: "已改".to_owned() }, "followed_up", json!({ "answer": "已改" })),
        (Event::Supervised { note: "请抓紧".to_owned(), answer_by: day }, "supervised", json!({ "note": "请抓紧" })),
        (
            Event::Transferred { to: office.clone(), reason: "划转".to_owned() },
            "transferred",
            json!({ "reason": "划转" }),
        ),
    ];
    for (event, kind, said) in shown {
        let found = told(event).unwrap();
        assert_eq!((&found["event"], &found["said"], &found["phase"]), (&json!(kind), &said, &json!("done")));
        assert_eq!(found["at"], "2026-11-23T02:00:00Z");
        assert_eq!(found["by"], json!({ "role": "worker", "name": "王芳", "on_behalf": true }));
        assert_eq!(found["code"].is_string(), kind == "acted", "only a step has a code");
    }
    let question = "可行吗".to_owned();
    let kept = [
        Event::Assigned { to: None },
        Event::Consulted { office, question, due: day, joint: true },
        Event::Answered { number: 0, agrees: true, text: "可行".to_owned() },
        Event::Accounted { number: 0, answer: "已办".to_owned() },
        Event::Appealed { reason: "误评".to_owned() },
        Event::AppealDecided { upheld: true, reason: "属实".to_owned() },
        Event::Settled { place: home.clone(), office: Target { place: home.clone(), department: None } },
        Event::Relocated { from: home.clone(), to: home },
        Event::Lapsed { role: "second".to_owned(), number: 0 },
    ];
    for event in kept {
        let kind = event.kind();
        assert!(told(event).is_none(), "{kind}");
    }
}

#[test]
fn a_step_says_what_it_asks_for() {
    let need = |name: &str, kind: NeedKind, required: bool| Need {
        name: name.to_owned(),
        kind,
        required,
        title: Bilingual::new("问", "Q"),
    };
    let option = |code: &str| Choice { code: code.to_owned(), title: Bilingual::new("甲", "A"), one_by_one: false };
    let asked = vec![
        need("reason", NeedKind::Reason, true),
        need("day", NeedKind::Date, false),
        need("way", NeedKind::Choice { options: vec![option("post"), option("counter")] }, true),
        need("missing", NeedKind::Papers, true),
        need("sum", NeedKind::Money, false),
        need("pieces", NeedKind::Number { least: 1, most: 9 }, false),
    ];
    let materials = [("HK".to_owned(), Bilingual::new("户口簿", "Register"))];
    let found = needs(&asked, &materials);
    let told: Vec<(&str, bool, Vec<&str>)> = found
        .iter()
        .map(|need| {
            let options = need["options"].as_array().unwrap();
            let codes = options.iter().filter_map(|option| option["code"].as_str()).collect();
            (need["kind"].as_str().unwrap(), need["required"].as_bool().unwrap(), codes)
        })
        .collect();
    let expected = [
        ("reason", true, vec![]),
        ("date", false, vec![]),
        ("choice", true, vec!["post", "counter"]),
        ("papers", true, vec!["HK"]),
        ("money", false, vec![]),
        ("number", false, vec![]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_step_that_ends_a_case_in_her_name_asks_why_and_how_she_said_so() {
    let procedure = procedure();
    let told = |action: &str| -> Vec<(String, bool)> {
        asked(&procedure, &procedure.actions[action]).into_iter().map(|need| (need.name, need.required)).collect()
    };
    assert_eq!(told("withdraw"), [("reason".to_owned(), true), ("her_word".to_owned(), true)]);
    assert!(told("grant").iter().all(|(name, _)| name != "her_word"));
    for need in asked(&procedure, &procedure.actions["withdraw"]).iter().filter(|need| need.required) {
        let title = format!("{} {}", need.title.zh, need.title.en);
        assert!(!title.contains("可不填") && !title.contains("optional"), "{}: {title}", need.name);
    }
    let word = asked(&procedure, &procedure.actions["withdraw"]).pop().unwrap();
    let NeedKind::Choice { options } = word.kind else { panic!("one of several") };
    let codes: Vec<&str> = options.iter().map(|option| option.code.as_str()).collect();
    assert_eq!(codes, ["counter", "telephone", "writing"]);
}
