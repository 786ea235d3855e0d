//! The procedures 流程 of an installation, with the versions that running cases still follow.

use std::collections::BTreeMap;

use kernel::fault::Fault;
use kernel::procedure::{Procedure, State};

/// Procedures by name and version. New cases follow the highest version; a case keeps the one it was opened under.
#[derive(Clone, Debug, Default)]
pub struct Procedures {
    current: BTreeMap<String, Procedure>,
    earlier: BTreeMap<(String, i64), Procedure>,
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
                    if !procedures.insert(procedure) {
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
}
