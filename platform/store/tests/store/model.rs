//! Many writers write at random at the same time; some refuse, some fail, some panic. Both engines do what a map does.

use std::collections::BTreeMap;

use crate::engines::beds;
use proptest::prelude::*;
use store::{Migration, Store, StoreError, Tx, args};

const TABLES: [Migration; 1] = [Migration {
    name: "model/0001_item",
    sql: "create table model_item (\n  id {int} not null primary key,\n  name {text} not null unique,\n  amount {int} not null \
          check (amount >= 0)\n) {strict};\n",
}];

fn put(tx: &mut dyn Tx, id: i64, amount: i64) -> Result<(), StoreError> {
    let values = args![id, id.to_string(), amount];
    tx.exec("insert into model_item (id, name, amount) values ($1, $2, $3)", &values).map(drop)
}

fn items(store: &Store) -> BTreeMap<i64, i64> {
    store
        .read_blocking::<_, StoreError, _>(|tx| {
            let rows = tx.rows("select id, amount from model_item order by id limit 10000", &[])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
        })
        .unwrap()
}

/// One step of the model: what is written, and how it ends.
#[derive(Clone, Debug)]
enum Step {
    Put { id: i64, amount: i64 },
    Add { id: i64, amount: i64 },
    PutThenRefuse { id: i64 },
    PutThenPanic { id: i64 },
    PutTwice { id: i64 },
    Remove { id: i64 },
    Misspelt,
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0..6i64;
    prop_oneof![
        (id.clone(), -1..5i64).prop_map(|(id, amount)| Step::Put { id, amount }),
        (id.clone(), -3..5i64).prop_map(|(id, amount)| Step::Add { id, amount }),
        id.clone().prop_map(|id| Step::PutThenRefuse { id }),
        id.clone().prop_map(|id| Step::PutThenPanic { id }),
        id.clone().prop_map(|id| Step::PutTwice { id }),
        id.prop_map(|id| Step::Remove { id }),
        Just(Step::Misspelt),
    ]
}

/// What the caller gets, without the words of an engine.
#[derive(Debug, PartialEq)]
enum Heard {
    Refused,
    Constraint,
    Panicked,
    Query,
    Other(String),
}

impl From<StoreError> for Heard {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Constraint(_) => Self::Constraint,
            StoreError::Panicked => Self::Panicked,
            StoreError::Query { .. } => Self::Query,
            other => Self::Other(other.to_string()),
        }
    }
}

/// Performs a step. The ids of one writer never meet those of another, so each writer has its own model.
fn perform(tx: &mut dyn Tx, base: i64, step: &Step) -> Result<u64, Heard> {
    let changed = match *step {
        Step::Put { id, amount } => put(tx, base + id, amount).map(|()| 1)?,
        Step::Add { id, amount } => {
            tx.exec("update model_item set amount = amount + $2 where id = $1", &args![base + id, amount])?
        }
        Step::PutThenRefuse { id } => {
            put(tx, base + id, 1)?;
            return Err(Heard::Refused);
        }
        Step::PutThenPanic { id } => {
            put(tx, base + id, 1)?;
            panic!("planted")
        }
        Step::PutTwice { id } => {
            put(tx, base + id, 1)?;
            put(tx, base + id, 2).map(|()| 1)?
        }
        Step::Remove { id } => tx.exec("delete from model_item where id = $1", &args![base + id])?,
        Step::Misspelt => {
            put(tx, base, 1).ok();
            tx.exec("insert into nowhere values (1)", &[])?
        }
    };
    Ok(changed)
}

/// Does the same in a map.
fn predict(model: &mut BTreeMap<i64, i64>, step: &Step) -> Result<u64, Heard> {
    match *step {
        Step::Put { id, amount } => {
            if amount < 0 || model.contains_key(&id) {
                return Err(Heard::Constraint);
            }
            model.insert(id, amount);
            Ok(1)
        }
        Step::Add { id, amount } => match model.get_mut(&id) {
            None => Ok(0),
            Some(stored) if *stored + amount < 0 => Err(Heard::Constraint),
            Some(stored) => {
                *stored += amount;
                Ok(1)
            }
        },
        Step::PutThenRefuse { id } | Step::PutThenPanic { id } | Step::PutTwice { id } if model.contains_key(&id) => {
            Err(Heard::Constraint)
        }
        Step::PutThenRefuse { .. } => Err(Heard::Refused),
        Step::PutThenPanic { .. } => Err(Heard::Panicked),
        Step::PutTwice { .. } => Err(Heard::Constraint),
        Step::Remove { id } => Ok(u64::from(model.remove(&id).is_some())),
        Step::Misspelt => Err(if model.contains_key(&0) { Heard::Constraint } else { Heard::Query }),
    }
}

/// Many write at once, so that SQLite really commits groups in which some fail and some panic.
#[test]
fn random_writes_in_groups_equal_the_model_step_by_step() {
    quiet_planted_panics();
    let beds = beds(&TABLES);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
    let writers = proptest::collection::vec(proptest::collection::vec(step(), 1..25), 8);
    let result = runner.run(&writers, |plans| {
        for bed in &beds {
            bed.store.write_blocking::<_, StoreError, _>(|tx| tx.exec("delete from model_item", &[])).unwrap();
            let threads: Vec<_> = plans
                .iter()
                .cloned()
                .zip(0..)
                .map(|(plan, number)| {
                    let store = bed.store.clone();
                    std::thread::spawn(move || follow(&store, number * 100, &plan))
                })
                .collect();
            let mut expected = BTreeMap::new();
            for (thread, number) in threads.into_iter().zip(0..) {
                let model = thread.join().unwrap();
                expected.extend(model.into_iter().map(|(id, amount)| (number * 100 + id, amount)));
            }
            let found: BTreeMap<i64, i64> = items(&bed.store);
            prop_assert_eq!(found, expected);
        }
        Ok(())
    });
    result.unwrap();
}

fn follow(store: &Store, base: i64, plan: &[Step]) -> BTreeMap<i64, i64> {
    let mut model = BTreeMap::new();
    for step in plan {
        let expected = predict(&mut model, step);
        let work = step.clone();
        let heard: Result<u64, Heard> = store.write_blocking(move |tx| perform(tx, base, &work));
        assert_eq!(heard, expected, "{:?} {step:?}", store.engine());
    }
    model
}

fn quiet_planted_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&"planted") {
            usual(info);
        }
    }));
}
