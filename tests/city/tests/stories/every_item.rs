//! This story takes every item of the catalogue, at a counter of another district and online. Each is opened, accepted,
//! decided, handed over and closed.

use crate::shared;
use city_stories::{Resident, Town, staff_at, wait};
use counter::actions::Arrival;
use counter::catalogue::Item;
use counter::rules;
use counter::words::Answers;
use kernel::case::{Case, Command, Outcome, Relation, possible};
use kernel::permission::Actor;
use kernel::place::{Level, PlacePath};
use kernel::procedure::{Action, By, NeedKind};
use lianglin::demonstration::Seed;
use std::collections::BTreeMap;

/// Says how many items the pilot cities put on the list (115 项).
const ITEMS: usize = 115;
/// Limits the steps of a case. No way to the end has more.
const MOST_STEPS: usize = 8;

fn answers(resident: &Resident, residence: &PlacePath) -> Answers {
    Answers {
        residence: residence.id().0.to_string(),
        name: resident.name.clone(),
        resident_id: resident.resident_id.clone(),
        telephone: resident.telephone.clone(),
        bank_card: resident.bank_card.clone(),
        address: resident.address.clone(),
        ..Answers::default()
    }
}

fn open(town: &Town, item: &Item, counter: Option<&PlacePath>, residence: &PlacePath, key: &str) -> Case {
    let resident = Resident::next(&mut Seed::new(101));
    let today = kernel::time::Date::constant(2026, 11, 30);
    let application = rules::application(item, &answers(&resident, residence), Some(residence), today)
        .unwrap_or_else(|faults| panic!("{}: {faults:?}", item.code));
    let papers = item.materials.iter().map(|material| material.code.clone()).collect();
    let arrival = Arrival { counter: counter.cloned(), papers, once: key.to_owned() };
    let actor = counter.map_or_else(Actor::nobody, |counter| staff_at(town, counter, None));
    let opened = wait(town.city.counter.apply(item, application, arrival, actor, town.clock.now()));
    opened.unwrap_or_else(|fault| panic!("{} {counter:?}: {fault}", item.code)).case
}

/// Answers everything that a step asks.
fn filled(action: &Action, case: &Case) -> (BTreeMap<String, String>, Vec<String>) {
    let mut fields = BTreeMap::new();
    let mut papers = Vec::new();
    for need in &action.needs {
        let value = match &need.kind {
            NeedKind::Text | NeedKind::Reason => "按事项目录".to_owned(),
            NeedKind::Date => "2026-12-01".to_owned(),
            NeedKind::Choice { options } => options[0].code.clone(),
            NeedKind::Papers => {
                papers = case.papers().keys().take(1).cloned().collect();
                continue;
            }
            other => panic!("no item asks for {}", other.code()),
        };
        fields.insert(need.name.clone(), value);
    }
    (fields, papers)
}

/// Takes the usual next step as somebody who may: the office, otherwise the counter that has the case.
fn usual_step(town: &Town, case: &Case, counter: &PlacePath) -> Case {
    let procedure = town.city.cases.procedure_of(case).unwrap();
    let kept = case.counter().cloned().unwrap_or_else(|| case.residence().clone());
    let department = case.office.department.as_deref();
    // A confidential case names its department at the counter too.
    let mut people = vec![staff_at(town, &case.office.place, department), staff_at(town, &kept, department)];
    people.push(staff_at(town, counter, department));
    for actor in &mut people {
        actor.grants[0].department =
            case.office.department.clone().filter(|_| case.confidential).or(actor.grants[0].department.clone());
    }
    let offered = people.iter().find_map(|actor| {
        let usual = possible(procedure, case, actor, &Relation::default()).into_iter();
        usual.filter(|(_, action)| action.primary && action.by != By::Applicant).map(|found| (actor, found)).next()
    });
    let Some((actor, (name, action))) = offered else {
        panic!("{} {}: nobody can go on from {}", town.engine, case.item(), case.state)
    };
    let (fields, papers) = filled(action, case);
    let here = Some(actor.grants[0].place.clone());
    let command = Command::Act { action: name.to_owned(), fields, papers, counter: here, on_behalf: false };
    let step = cases::Step {
        district: cases::district(case),
        id: case.id.0,
        command,
        once: format!("{}-{}", case.number, case.sequence),
    };
    // A public notice lasts a week.
    let now = town.clock.now().max(case.entered_at).plus_days(if action.after_wait { 9 } else { 0 });
    let (desk, actor, item) = (town.city.cases.clone(), actor.clone(), case.item().to_owned());
    let done = town.store().write_blocking(move |tx| desk.step(tx, &step, &actor, &Relation::default(), now));
    done.unwrap_or_else(|fault| panic!("{} {item} {name}: {fault}", town.engine))
}

#[test]
fn every_item_goes_from_the_counter_and_from_the_sofa_to_the_result() {
    for town in shared() {
        let (counter, residence) = (town.named("文安路社区"), town.named("华炉社区"));
        let catalogue = town.city.counter.catalogue();
        let items: Vec<&Item> = catalogue.items().collect();
        assert_eq!(items.len(), ITEMS);
        for item in items {
            for way in [Some(&counter), None] {
                let key = format!("every-{}-{}", item.code, way.is_some());
                let mut case = open(town, item, way, &residence, &key);
                decides_where_the_item_says(town, item, &case, way);
                for _ in 0..MOST_STEPS {
                    if case.closed_at.is_none() {
                        case = usual_step(town, &case, &counter);
                    }
                }
                assert_eq!((case.state.as_str(), case.decided()), ("closed", Some(Outcome::Granted)), "{}", item.code);
                let promised = case.promised().unwrap();
                assert!(promised.started.is_some() && promised.ended.is_some(), "{}", item.code);
                assert!(case.promised_due().is_some() && case.legal_due() >= case.promised_due(), "{}", item.code);
            }
        }
        town.verify();
    }
}

/// Checks that the item and the resident's home decide the office, never the counter. The exception is an item that any
/// community decides at once.
fn decides_where_the_item_says(town: &Town, item: &Item, case: &Case, counter: Option<&PlacePath>) {
    let place = &case.decider.place;
    assert_eq!(case.decider.department.as_deref(), Some(item.decides.department.as_str()), "{}", item.code);
    let at_once = item.procedure == "direct" && item.decides.level == Level::Community;
    match counter {
        Some(counter) if at_once => assert_eq!(place, counter, "{} {}", town.engine, item.code),
        _ => {
            assert!(place.contains(case.residence()), "{}: {place:?}", item.code);
            assert_eq!(place.level(), item.decides.level, "{}", item.code);
        }
    }
}
