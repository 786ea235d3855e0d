//! This file compares the figures that departments declare with those of the data.

use crate::rules::Rulebook;
use crate::words::codes::RuleFacts;
use crate::words::{Fault, Parameter};
use kernel::time::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Where faults stand that belong to no line of a file.
const FOLDER: &str = "data/rulebook";

impl Rulebook {
    /// Returns what is wrong with the declared figures on a day. There is one list for each department. A fault is a
    /// code that two declare, a code without a value that holds everywhere, a unit of another kind, or a number that
    /// makes no sense.
    pub fn faults(&self, declared: &[&[RuleFacts]], on: Date) -> Vec<Fault> {
        let all = || declared.iter().copied().flatten();
        let mut times = BTreeMap::<&str, usize>::new();
        for facts in all() {
            *times.entry(facts.code).or_default() += 1;
        }
        let twice = times.into_iter().filter(|(_, times)| *times > 1).map(|(code, _)| Fault {
            file: FOLDER.to_owned(),
            line: 0,
            message: format!("{code:?} is declared by two departments"),
            remedy: "Let the lower one declare it and the other use that constant.".to_owned(),
        });
        twice.chain(all().flat_map(|facts| self.faults_of(facts, on))).collect()
    }

    /// Returns the parameters that nobody declares.
    pub fn undeclared(&self, declared: &[&[RuleFacts]]) -> impl Iterator<Item = &Parameter> {
        let known: BTreeSet<&str> = declared.iter().copied().flatten().map(|facts| facts.code).collect();
        self.parameters().filter(move |parameter| !known.contains(parameter.code.as_str()))
    }

    fn faults_of(&self, facts: &RuleFacts, on: Date) -> Vec<Fault> {
        let code = facts.code;
        let Some(parameter) = self.parameter(code) else {
            let message = format!("{code:?} is used and not in the rulebook");
            let remedy = format!("Add it with a value, its source, and one of these units: {}.", facts.kind.units());
            return vec![Fault { file: FOLDER.to_owned(), line: 0, message, remedy }];
        };
        let fault = |message, remedy| Fault { file: parameter.file.clone(), line: parameter.line, message, remedy };
        if !facts.kind.takes(parameter.unit) {
            let message = format!("{code:?} cannot be used in the unit {:?}", parameter.unit.code());
            return vec![fault(message, format!("Write one of: {}.", facts.kind.units()))];
        }
        let mut faults = Vec::new();
        for value in parameter.values.iter().filter(|value| !(facts.fits)(value.number, value.unit)) {
            let message = format!("{code:?} cannot be {} {}", value.number, value.unit.code());
            faults.push(fault(message, format!("Correct the number; it is used as: {}.", facts.kind.units())));
        }
        if self.everywhere(code, on).is_err() {
            let message = format!("{code:?} has no value that holds everywhere on {on}");
            faults.push(fault(message, "Add one without `place` that begins on that day or before.".to_owned()));
        }
        faults
    }
}
