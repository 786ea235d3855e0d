//! The procedures 流程 of an installation, with the versions that running cases still follow.

use std::collections::{BTreeMap, BTreeSet};

use kernel::fault::Fault;
use kernel::procedure::{By, ClockState, Procedure, State, Waits};
use kernel::rule::measure;
use kernel::time::Date;
use rulebook::Rulebook;

/// Procedures by name and version. New cases follow the highest version; a case keeps the one it was opened under.
#[derive(Clone, Debug, Default)]
pub struct Procedures {
    current: BTreeMap<String, Procedure>,
    earlier: BTreeMap<(String, i64), Procedure>,
    sources: BTreeMap<(String, i64), Source>,
}

/// The file of a procedure, and the line on which it first names each limit of the rulebook.
#[derive(Clone, Debug, Default)]
struct Source {
    file: String,
    lines: BTreeMap<String, usize>,
}

impl Source {
    fn of(file: &str, text: &str, procedure: &Procedure) -> Self {
        let line = |code: &str| {
            let quoted = [format!("\"{code}\""), format!("'{code}'")];
            let names =
                |line: &str| !line.trim_start().starts_with('#') && quoted.iter().any(|code| line.contains(code));
            Some((code.to_owned(), text.lines().position(names)?.saturating_add(1)))
        };
        Self { file: file.to_owned(), lines: procedure.rules().into_iter().filter_map(line).collect() }
    }
}

impl Procedures {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads procedure files (name and text of each), with every version that is kept.
    ///
    /// # Errors
    /// Every fault with file, line and remedy; a version that is there twice.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        let (mut procedures, mut faults) = (Self::new(), Vec::new());
        for (file, text) in files {
            match kernel::procedure::load(file, text) {
                Ok(procedure) => {
                    let (name, version) = (procedure.name.clone(), procedure.version);
                    let source = Source::of(file, text, &procedure);
                    if procedures.insert(procedure) {
                        procedures.sources.insert((name, version), source);
                    } else {
                        faults.push(Fault {
                            file: file.clone(),
                            line: 1,
                            message: format!("version {version} of the procedure {name} is there twice"),
                            remedy: "Give the newer file a higher `version`, or take one of them out".to_owned(),
                        });
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(procedures) } else { Err(faults) }
    }

    /// Returns the limits of the procedures that new cases follow which the rulebook does not give everywhere on a day,
    /// or gives in a unit that is none of a limit. Without this, the first case that is opened would find them.
    #[must_use]
    pub fn missing_limits(&self, rulebook: &Rulebook, on: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        for procedure in self.values() {
            let source = self.sources.get(&(procedure.name.clone(), procedure.version));
            for code in procedure.rules() {
                let value = rulebook.everywhere(code, on);
                let limit = value.and_then(|value| measure::read::<measure::Limit>(code, value.number, value.unit));
                if limit.is_ok() {
                    continue;
                }
                let units = measure::Kind::Limit.units();
                faults.push(Fault {
                    file: source.map_or_else(|| procedure.name.clone(), |source| source.file.clone()),
                    line: source.and_then(|source| source.lines.get(code)).copied().unwrap_or_default(),
                    message: format!("the rulebook gives no limit {code:?} that holds everywhere on {on}"),
                    remedy: format!("Add it to data/rulebook in one of these units, or correct the code: {units}"),
                });
            }
        }
        faults.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        faults
    }

    /// Adds a version of a procedure; false when that version is there already.
    #[must_use]
    pub fn insert(&mut self, procedure: Procedure) -> bool {
        if self.of(&procedure.name, procedure.version).is_some() {
            return false;
        }
        let newest = self.current.get(&procedure.name).is_none_or(|known| known.version < procedure.version);
        let past = if newest { self.current.insert(procedure.name.clone(), procedure) } else { Some(procedure) };
        if let Some(past) = past {
            self.earlier.insert((past.name.clone(), past.version), past);
        }
        true
    }

    /// The version that new cases follow.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Procedure> {
        self.current.get(name)
    }

    /// That version.
    #[must_use]
    pub fn of(&self, name: &str, version: i64) -> Option<&Procedure> {
        let current = self.get(name).filter(|procedure| procedure.version == version);
        current.or_else(|| self.earlier.get(&(name.to_owned(), version)))
    }

    /// The versions that new cases follow, by name.
    pub fn values(&self) -> impl Iterator<Item = &Procedure> {
        self.current.values()
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.current.keys()
    }

    /// Every version, those in force first.
    pub fn all(&self) -> impl Iterator<Item = &Procedure> {
        self.current.values().chain(self.earlier.values())
    }

    /// A state by the names of procedure and state, in whichever version has it, the one in force first.
    #[must_use]
    pub fn state(&self, procedure: &str, state: &str) -> Option<&State> {
        self.all().filter(|one| one.name == procedure).find_map(|one| one.states.get(state))
    }

    /// The states, each with the name of its procedure, in which a case waits for a counter while its clocks run and
    /// its office can still act: the office asked for something, and its time goes on.
    #[must_use]
    pub fn asked_of_counters(&self) -> BTreeSet<(&str, &str)> {
        let mut found = BTreeSet::new();
        for procedure in self.all() {
            for (name, state) in &procedure.states {
                let waits = state.clock == ClockState::Running && state.waits_for == Waits::Counter;
                if waits && procedure.from_state(name).iter().any(|(_, action)| action.by == By::Office) {
                    found.insert((procedure.name.as_str(), name.as_str()));
                }
            }
        }
        found
    }

    /// The states of all versions, each once: procedure, name, state.
    #[must_use]
    pub fn states(&self) -> BTreeMap<(&str, &str), &State> {
        let mut states = BTreeMap::new();
        for procedure in self.all() {
            for (name, state) in &procedure.states {
                states.entry((procedure.name.as_str(), name.as_str())).or_insert(state);
            }
        }
        states
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"[[document]]
id = "d"
number = "1"
title = { zh = "文", en = "Document" }
issuer = { zh = "市", en = "City" }
date = "2019-01-01"
from = "2019-01-01"
source = { zh = "有", en = "Held" }
clauses = [{ number = "1", zh = "条", en = "Clause" }]
"#;
    const ACCEPT: &str = "case.accept_or_tell_missing_working_days";
    const SUPPLY: &str = "case.supply_missing_days";

    /// A figure of the rulebook: its code, its unit, and what else stands in its value.
    fn figure(code: &str, unit: &str, more: &str) -> String {
        format!(
            "[[parameter]]\ncode = \"{code}\"\ntitle = {{ zh = \"时限\", en = \"Limit\" }}\nunit = \"{unit}\"\n\
             used_for = {{ zh = \"办理\", en = \"Handling\" }}\n\
             values = [{{ {more}from = \"2019-01-01\", number = 5, document = \"d\", clause = \"1\" }}]\n"
        )
    }

    #[test]
    fn the_highest_version_is_followed_and_the_others_are_kept() {
        let text = include_str!("../../../../data/procedures/direct.toml");
        let version = |number: i64, state: &str| {
            let text = text.replace("version = 2", &format!("version = {number}"));
            kernel::procedure::load("direct", &text.replace("handling", state)).unwrap()
        };
        let mut procedures = Procedures::new();
        for (number, state) in [(2, "working"), (3, "handling"), (1, "at_the_desk")] {
            assert!(procedures.insert(version(number, state)));
        }
        assert!(!procedures.insert(version(2, "other")), "that version is there");
        assert_eq!(procedures.get("direct").map(|procedure| procedure.version), Some(3));
        assert_eq!(
            procedures.of("direct", 1).map(|procedure| procedure.states.contains_key("at_the_desk")),
            Some(true)
        );
        assert!(procedures.of("direct", 4).is_none());
        assert!(procedures.state("direct", "working").is_some() && procedures.state("direct", "other").is_none());
        assert!(procedures.states().contains_key(&("direct", "at_the_desk")));
        assert_eq!((procedures.values().count(), procedures.all().count()), (1, 3));
    }

    #[test]
    fn a_limit_that_the_rulebook_does_not_give_is_found_before_a_case_is_opened() {
        let text = include_str!("../../../../data/procedures/separate.toml");
        let text = format!("# It asks for \"{ACCEPT}\" and \"{SUPPLY}\".\n{text}");
        let lines: Vec<&str> = text.lines().collect();
        let procedures = Procedures::load(&[("separate-3.toml".to_owned(), text.clone())]).unwrap();
        let accept = figure(ACCEPT, "working_day", "");
        let at_a_place = figure(SUPPLY, "calendar_day", "place = \"210102000000\", ");
        let table = [
            (vec![accept.clone(), figure(SUPPLY, "calendar_day", "")], vec![]),
            (vec![accept.clone()], vec![SUPPLY]),
            (vec![accept.clone(), figure(SUPPLY, "household", "")], vec![SUPPLY]),
            (vec![accept, at_a_place], vec![SUPPLY]),
            (vec![], vec![ACCEPT, SUPPLY]),
        ];
        let on = "2026-11-23".parse().unwrap();
        for (figures, expected) in table {
            let book = Rulebook::load(&[("rules.toml", format!("{DOCUMENT}\n{}", figures.join("\n")))]).unwrap();
            let faults = procedures.missing_limits(&book, on);
            let named = faults.iter().zip(&expected).all(|(fault, code)| fault.message.contains(code));
            assert!(named && faults.len() == expected.len(), "{expected:?}: {faults:?}");
            for fault in &faults {
                let line = lines.get(fault.line - 1).unwrap();
                let code = expected.iter().find(|code| fault.message.contains(**code)).unwrap();
                assert!(fault.file == "separate-3.toml" && line.contains(&format!("rule = \"{code}\"")), "{fault}");
            }
        }
    }
}
