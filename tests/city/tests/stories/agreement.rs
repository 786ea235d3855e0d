//! This story runs random commands step by step on both engines. Both must give the same answers, rows that are the
//! fold of their events, and whole chains.

use cases::{NewCase, Step};
use city_stories::{Resident, Town, staff_at};
use counter::actions::Arrival;
use counter::catalogue::Item;
use counter::rules;
use counter::words::Answers;
use hall::Fault;
use kernel::case::{Case, Command, Relation, fold};
use kernel::permission::Actor;
use kernel::place::PlacePath;
use lianglin::demonstration::Seed;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Says how many sequences are tried.
const SEQUENCES: u32 = 24;
/// Lists items of each custody and each level. One of them is confidential.
const ITEMS: [&str; 6] = ["MZ-11", "RS-29", "YB-06", "WJ-05", "RS-33", "YB-01"];
const FIELDS: [&str; 6] = ["reason", "basis", "remedy", "handed_to", "told_by", "result_number"];
const VALUES: [&str; 4] = ["in_person", "按事项目录", "", "electronic"];

/// Holds one try: who acts, at which case, with which action and fields, and how many minutes later.
#[derive(Clone, Debug)]
struct Try {
    who: usize,
    case: usize,
    what: usize,
    fields: Vec<usize>,
    papers: bool,
    again: bool,
    minutes: i64,
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let one = (
        0usize..7,
        0usize..3,
        0usize..20,
        proptest::collection::vec(0usize..VALUES.len(), FIELDS.len()),
        any::<bool>(),
        proptest::bool::weighted(0.15),
        0i64..4_000,
    );
    let one = one.prop_map(|(who, case, what, fields, papers, again, minutes)| Try {
        who,
        case,
        what,
        fields,
        papers,
        again,
        minutes,
    });
    proptest::collection::vec(one, 4..24)
}

struct Opened {
    item: usize,
    online: bool,
    id: Uuid,
}

fn openings() -> impl Strategy<Value = Vec<(usize, bool)>> {
    proptest::collection::vec((0..ITEMS.len(), any::<bool>()), 3)
}

fn new_case(town: &Town, item: &Item, counter: Option<&PlacePath>, key: String) -> (NewCase, Actor) {
    let residence = town.named("华炉社区");
    let Resident { name, resident_id, telephone, bank_card, address } = Resident::next(&mut Seed::new(7));
    let answers = Answers {
        residence: residence.id().0.to_string(),
        residence_words: String::new(),
        name,
        resident_id,
        telephone,
        bank_card,
        address,
        check: BTreeMap::new(),
        ..Answers::default()
    };
    let today = kernel::time::Date::constant(2026, 11, 30);
    let application = rules::application(item, &answers, Some(&residence), today).unwrap();
    let papers = item.materials.iter().skip(1).map(|material| material.code.clone()).collect();
    let arrival = Arrival { counter: counter.cloned(), papers, once: key };
    let actor = counter.map_or_else(Actor::nobody, |counter| staff_at(town, counter, None));
    let new = town.city.counter.new_case(item, application, &arrival, &actor, town.clock.now()).unwrap();
    (new, actor)
}

/// Returns an answer in a form that can be compared: the folded case, or the reason why not.
fn told(answer: Result<Case, Fault>) -> String {
    match answer {
        Ok(case) => serde_json::to_string(&case).unwrap(),
        Err(Fault::Refused(refusal)) => format!("refused: {refusal:?}"),
        Err(fault) => format!("fault: {fault}"),
    }
}

fn people(town: &Town, case: &Case) -> Vec<(Actor, Relation, bool)> {
    let department = case.office.department.as_deref();
    let (here, away) = (town.named("文安路社区"), town.named("永顺社区"));
    vec![
        (staff_at(town, &case.office.place, department), Relation::default(), false),
        (staff_at(town, &here, department), Relation::default(), false),
        (staff_at(town, &away, department), Relation::default(), true),
        (Actor::nobody(), Relation::applicant(true), false),
        (staff_at(town, &town.named("沈河区"), Some("civil_affairs")), Relation::default(), false),
        (Actor::nobody(), Relation::default(), false),
        (Actor::system(), Relation::default(), false),
    ]
}

impl Try {
    fn command(&self, town: &Town, case: &Case, actor: &Actor, on_behalf: bool) -> Command {
        let procedure = town.city.cases.procedure_of(case).unwrap();
        // Mostly it is what the procedure offers from here. Sometimes it is any action that the procedure has, or one
        // of the three commands beside it.
        let here: Vec<&str> = procedure.from_state(&case.state).into_iter().map(|(name, _)| name).collect();
        let all: Vec<&str> = procedure.actions.keys().map(String::as_str).collect();
        let name = match self.what {
            0..12 if !here.is_empty() => here[self.what % here.len()],
            17 => return Command::Recompute,
            18 => return Command::Supervise { note: "请抓紧".to_owned(), answer_by: "2026-12-01".parse().unwrap() },
            19 => {
                let until = town.clock.now().plus_days(if self.papers { 1 } else { -1 });
                let score = u8::try_from(self.fields[0] * 2).unwrap();
                return Command::Rate { score, aspects: BTreeSet::new(), comment_handle: None, until };
            }
            what => all[what % all.len()],
        };
        let fields =
            FIELDS.iter().zip(&self.fields).map(|(name, value)| ((*name).to_owned(), VALUES[*value].to_owned()));
        let fields: BTreeMap<String, String> = match procedure.actions.get(name) {
            Some(action) => fields.filter(|(name, _)| action.needs.iter().any(|need| need.name == *name)).collect(),
            None => fields.collect(),
        };
        let papers = if self.papers { case.papers().keys().take(2).cloned().collect() } else { Vec::new() };
        let counter = actor.grants.first().map(|grant| grant.place.clone());
        Command::Act { action: name.to_owned(), fields, papers, counter, on_behalf }
    }
}

/// Checks that the stored row is the fold of the logged events.
fn row_is_fold(town: &Town, id: Uuid, expected: &Case) {
    let (desk, district) = (town.city.cases.clone(), cases::district(expected));
    let (case, events) = town
        .store()
        .read_blocking(move |tx| {
            let known = desk.known(tx, district, id)?;
            let events = desk.events(tx, &known.case)?;
            Ok::<_, Fault>((known.case, events))
        })
        .unwrap();
    let procedure = town.city.cases.procedure_of(&case).unwrap();
    let folded = events.iter().fold(None, |case, one| Some(fold(case, one, procedure).unwrap())).unwrap();
    assert_eq!(serde_json::to_string(&folded).unwrap(), serde_json::to_string(&case).unwrap(), "{}", town.engine);
    assert_eq!(case.sequence, i64::try_from(events.len()).unwrap());
}

/// Opens the same case on every engine.
fn open_everywhere(towns: &[Town], item: usize, online: bool) -> (Opened, Case) {
    let code = ITEMS[item];
    let item_of = |town: &Town| town.city.counter.catalogue().get(code).unwrap().clone();
    let counter = (!online).then(|| towns[0].named("文安路社区"));
    let (new, actor) = new_case(&towns[0], &item_of(&towns[0]), counter.as_ref(), Uuid::now_v7().to_string());
    let answers: Vec<Result<Case, Fault>> = towns
        .iter()
        .map(|town| {
            let (desk, new, actor, now) = (town.city.cases.clone(), new.clone(), actor.clone(), town.clock.now());
            town.store().write_blocking(move |tx| desk.open(tx, &new, &actor, now))
        })
        .collect();
    let mut told: Vec<String> = Vec::new();
    let mut case = None;
    for answer in answers {
        case = case.or_else(|| answer.as_ref().ok().cloned());
        told.push(self::told(answer));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]), "{code}: {told:#?}");
    (Opened { item, online, id: new.id.0 }, case.unwrap_or_else(|| panic!("{told:#?}")))
}

fn walk(towns: &[Town], openings: Vec<(usize, bool)>, tries: &[Try]) {
    let opened = openings.into_iter().map(|(item, online)| open_everywhere(towns, item, online));
    let mut cases: Vec<(Opened, Case)> = opened.collect();
    let mut last_key = String::from("first");
    for (index, one) in tries.iter().enumerate() {
        for town in towns {
            town.clock.plus_seconds(one.minutes * 60);
        }
        let (opened, case) = &mut cases[one.case];
        let (actor, relation, on_behalf) = people(&towns[0], case).swap_remove(one.who);
        let command = one.command(&towns[0], case, &actor, on_behalf);
        let key = if one.again { last_key.clone() } else { Uuid::now_v7().to_string() };
        let answers: Vec<Result<Case, Fault>> = towns
            .iter()
            .map(|town| {
                let (desk, actor, now) = (town.city.cases.clone(), actor.clone(), town.clock.now());
                let step = Step {
                    district: cases::district(case),
                    id: opened.id,
                    command: command.clone(),
                    once: key.clone(),
                };
                town.store().write_blocking(move |tx| desk.step(tx, &step, &actor, &relation, now))
            })
            .collect();
        let mut compared: Vec<String> = Vec::new();
        let mut after = None;
        for answer in answers {
            after = after.or_else(|| answer.as_ref().ok().cloned());
            compared.push(told(answer));
        }
        let what = format!("step {index}, {} {}: {command:?}", ITEMS[opened.item], opened.online);
        assert!(compared.windows(2).all(|pair| pair[0] == pair[1]), "{what}: {compared:#?}");
        assert!(!compared[0].starts_with("fault"), "{what}: {compared:#?}");
        *case = after.unwrap_or_else(|| case.clone());
        last_key = key;
        for town in towns {
            row_is_fold(town, opened.id, case);
        }
    }
}

#[test]
fn random_commands_get_the_same_answers_on_both_engines() {
    let towns = Town::each();
    let config = Config { cases: SEQUENCES, failure_persistence: None, max_shrink_iters: 40, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let tried = runner.run(&(openings(), tries()), |(openings, tries)| {
        walk(&towns, openings, &tries);
        Ok(())
    });
    tried.unwrap_or_else(|fault| panic!("{fault}"));
    for town in &towns {
        town.verify();
    }
    let counts: Vec<_> = towns.iter().map(Town::counts).collect();
    assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
}
