//! Each side of a mediation follows it with her own code, and erasing one side takes nothing from the other.

use cases::Key;
use cases::records::requests::{self, NewRequest};
use city_stories::Town;
use jobs::Notice;
use uuid::Uuid;

use super::told::{FILES, Matter, at, day, register};

const FIRST: &str = "13900000001";
const SECOND: &str = "13900000002";

/// A mediation in which neither side has consented yet.
fn talks(town: &Town) -> Matter<'_> {
    register(town);
    town.clock.set(at("2026-06-03"));
    let matter = Matter::of(town, "two_sides", "justice@community");
    matter.with_person("first", "甲方某", FIRST).with_person("second", "乙方某", SECOND).tell(
        "2026-06-01 record:first      apply   -> applied
         2026-06-02 justice@community take_on -> talks",
    )
}

#[test]
fn each_side_follows_with_her_own_code_and_takes_her_own_steps() {
    for town in Town::each_with(&FILES) {
        let matter = talks(&town);
        let number = matter.case().number.clone();
        let agreed = || {
            let case = matter.known().case;
            ["first", "second"].map(|role| case.parties_of(role).iter().all(|party| party.consented_at.is_some()))
        };
        assert_eq!(town.visitor().follows(&number, "13900000003").status, 422, "{}", town.engine);
        for (role, own, other, [first, second]) in [
            ("second", "second_agrees", "first_agrees", [false, true]),
            ("first", "first_agrees", "second_withdraws", [true, true]),
        ] {
            let mut side = town.visitor();
            let page = side.follows_with(&number, &town.gives_code(&number, role)).expect(200);
            let offered = |step: &str| page.body().contains(&format!("id=\"step-{step}\""));
            assert!(offered(own) && !offered(other), "{}: {}", town.engine, page.words());
            let act = format!("/follow/{number}/act");
            let drawn = page.forms().into_iter().find_map(|form| form.get("drawn").map(str::to_owned)).unwrap();
            let before = agreed();
            drop(side.post(&act, &[("action", other), ("drawn", &drawn), ("_once", other)]));
            assert_eq!(agreed(), before, "{}: {other} is the other side's", town.engine);
            let done = side.post(&act, &[("action", own), ("drawn", &drawn), ("_once", own)]);
            assert_eq!(done.location(), Some(format!("/follow/{number}?done={own}").as_str()), "{}", done.words());
            assert_eq!(agreed(), [first, second], "{}: {own}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn what_is_the_applicants_is_not_the_other_sides() {
    for town in Town::each_with(&FILES) {
        let matter = talks(&town);
        let number = matter.case().number.clone();
        let hers = format!("/follow/{number}");
        for (role, own, other) in [("second", "几点开始？", "带不带合同？"), ("first", "带不带合同？", "几点开始？")]
        {
            let mut side = town.visitor();
            drop(side.follows_with(&number, &town.gives_code(&number, role)).expect(200));
            let said = side.post(&format!("/follow/{number}/say"), &[("text", own), ("_once", role)]);
            assert_eq!(said.location(), Some(hers.as_str()), "{}: {}", town.engine, said.words());
            let words = side.open(&hers).expect(200).words();
            assert!(words.contains(own) && !words.contains(other), "{}: {role}: {words}", town.engine);
        }
    }
}

#[test]
fn each_side_is_told_outside_in_words_of_her_own() {
    for town in Town::each_with(&FILES) {
        let matter = talks(&town);
        let ((district, id), now) = (matter.key(), town.clock.now());
        for (role, template, words, purpose) in [
            ("second", "cases-notice-party-outside", "您参与的办件", "通知参与人办理进度"),
            ("first", "cases-notice", "您的办件", "通知申请人办理进度"),
        ] {
            let record = matter.record(role);
            let notice = Notice {
                id: Uuid::now_v7(),
                channel: "webhook".to_owned(),
                recipient: format!("{}/{id}/{record}", district.0),
                template: template.to_owned(),
                arguments: serde_json::json!({}),
                not_before: now,
                attempts: 0,
                last_error: None,
                sent_at: None,
                receipt: None,
                failed_at: None,
                read_at: None,
            };
            let desk = town.city.work.recipients.iter().find(|known| known.prefix.is_empty()).unwrap();
            let told = (desk.resolve)(town.store(), &notice, &notice.recipient, now).unwrap().unwrap().text;
            assert!(told.contains(words) && told.contains("调解中"), "{}: {told}", town.engine);
            let hall = town.city.hall.clone();
            let looks = town.store().read_blocking(move |tx| hall.vault.accesses(tx, district, record)).unwrap();
            assert!(looks.iter().any(|look| look.purpose == purpose), "{}: {role}", town.engine);
        }
    }
}

#[test]
fn what_is_erased_of_one_side_ends_nothing_of_the_other() {
    for town in Town::each_with(&FILES) {
        let matter = talks(&town);
        let ((district, id), known, now) = (matter.key(), matter.known(), town.clock.now());
        let (due, second) = (day("2026-06-30"), matter.record("second"));
        let keep = move |tx: &mut dyn store::Tx| {
            for (id, party) in [(Uuid::from_u128(1), None), (Uuid::from_u128(2), Some(second))] {
                let asked = NewRequest { id, kind: "correct", sealed: vec![1], at: now, due, party };
                requests::insert(tx, &known.case, asked)?;
            }
            Ok::<_, store::StoreError>(())
        };
        town.store().write_blocking(keep).unwrap();
        for (role, expected) in [("second", [None, Some("erased")]), ("first", [Some("erased"), Some("erased")])] {
            let (hall, record) = (town.city.hall.clone(), matter.record(role));
            town.store().write_blocking(move |tx| hall.vault.erase(tx, district, record, now)).unwrap();
            let case = Key { district, id };
            let rows = town.store().read_blocking(move |tx| requests::of_case(tx, &case, 9)).unwrap();
            let outcomes: Vec<Option<&str>> = rows.iter().map(|row| row.outcome.as_deref()).collect();
            assert_eq!(outcomes, expected, "{}: {role}", town.engine);
        }
    }
}
