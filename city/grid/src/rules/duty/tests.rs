//! Whose duty matters are, with the catalogue that is shipped.

use kernel::place::PlaceId;
use kernel::time::Instant;
use uuid::Uuid;

use super::*;

fn shipped() -> Catalogue {
    Catalogue::load(&crate::rules::shipped_files()).unwrap()
}

fn path(text: &str) -> PlacePath {
    PlacePath::parse(text).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn kept(kind: &str, place: &str, unit: &str, from: &str, until: Option<&str>) -> KeptDuty {
    KeptDuty {
        district: PlaceId(2),
        id: Uuid::nil(),
        kind: kind.to_owned(),
        path: path(place),
        unit: unit.to_owned(),
        from_on: day(from),
        until_on: until.map(day),
        basis: "会议纪要".to_owned(),
        number: None,
        made_at: Instant::from_micros(0),
    }
}

/// `sanitation@1.2.`, and why.
fn told(kind: &str, place: &str, rules: &[KeptDuty], on: &str) -> (String, Ground) {
    let catalogue = shipped();
    let kind = catalogue.kind(kind).unwrap();
    let duty = duty(&catalogue, &Tree::default(), kind, &path(place), rules, day(on)).unwrap();
    (format!("{}@{}", duty.office.department.unwrap(), duty.office.place), duty.ground)
}

#[test]
fn the_owner_comes_first_for_things_and_the_street_for_events() {
    let table = [
        ("component/0101", "1.2.3.4.", "water@1.2.", Ground::Owner),
        ("component/0114", "1.2.3.4.", "street@1.2.3.", Ground::UnclearOwner),
        ("component/0114", "1.2.", "urban@1.2.", Ground::UnclearOwner),
        ("event/0101", "1.2.3.4.", "street@1.2.3.", Ground::Territory),
        ("event/0101", "1.2.", "urban@1.2.", Ground::UnclearStreet),
        ("event/0403", "1.2.3.4.", "gas@1.2.", Ground::Owner),
        ("event/0102", "1.2.3.4.", "sanitation@1.2.", Ground::Owner),
    ];
    for (kind, place, office, ground) in table {
        assert_eq!(told(kind, place, &[], "2026-11-23"), (office.to_owned(), ground), "{kind} at {place}");
    }
    let (office, _) = told("component/0101", "1.2.3.4.", &[], "2018-12-31");
    assert_eq!(office, "street@1.2.3.", "before the order held, everything was the duty of the street");
    let unclear: Vec<Option<&str>> = [Ground::UnclearOwner, Ground::UnclearStreet].map(Ground::code).to_vec();
    assert!(unclear.iter().all(|code| code.is_some_and(Ground::is_unclear)));
    assert!(!Ground::is_unclear("kept") && Ground::Owner.code().is_none() && Ground::Territory.code().is_none());
}

#[test]
fn what_a_consultation_decided_holds_from_its_day_in_its_place_for_its_kind() {
    let rules = [
        kept("event/0101", "1.2.", "enforcement", "2026-06-01", None),
        kept("event/0101", "1.2.3.", "urban", "2026-07-01", Some("2026-08-01")),
        kept("event/0101", "1.2.3.", "housing", "2026-07-01", None),
        kept("event/0101", "1.9.", "police", "2026-06-01", None),
    ];
    let table = [
        ("event/0101", "1.2.3.4.", "2026-05-31", "street@1.2.3.", Ground::Territory),
        ("event/0101", "1.2.3.4.", "2026-06-01", "enforcement@1.2.", Ground::Kept),
        ("event/0101", "1.2.8.9.", "2026-07-15", "enforcement@1.2.", Ground::Kept),
        ("event/0101", "1.2.3.4.", "2026-08-01", "housing@1.2.", Ground::Kept),
        ("event/0301", "1.2.3.4.", "2026-07-15", "street@1.2.3.", Ground::Territory),
        ("event/0101", "1.5.6.7.", "2026-07-15", "street@1.5.6.", Ground::Territory),
    ];
    for (kind, place, on, office, ground) in table {
        assert_eq!(told(kind, place, &rules, on), (office.to_owned(), ground), "{kind} at {place} on {on}");
    }
    let unknown = [kept("event/0101", "1.2.", "no_such_unit", "2026-06-01", None)];
    assert_eq!(told("event/0101", "1.2.3.4.", &unknown, "2026-07-01").1, Ground::Territory);
}
