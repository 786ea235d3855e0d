//! The kinds that departments have registered, each with a code and a series of numbers of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use house::{BesideLink, OpenFault};
use kernel::identifier::CaseNumber;
use kernel::language::Bilingual;
use web::Page;

use super::{Kind, Series};

/// A district's code and a year with which a letter is tried.
const TRIED_CODE: &str = "210100";
const TRIED_YEAR: i16 = 2026;

/// Whether numbers of two series would be mixed up.
fn overlap(one: Series, other: Series) -> bool {
    match (one, other) {
        (Series::Applications, Series::Applications) => true,
        (Series::Own { name, letter }, Series::Own { name: other_name, letter: other_letter }) => {
            name == other_name || letter == other_letter
        }
        _ => false,
    }
}

/// The kinds that departments have registered.
#[derive(Default)]
pub struct Kinds(RwLock<BTreeMap<&'static str, Arc<dyn Kind>>>);

impl Kinds {
    /// Adds a kind.
    ///
    /// # Errors
    /// Fails if another kind has its code, or counts by the name or letter of its series, or if that letter cannot
    /// stand in a number.
    pub fn register(&self, kind: Arc<dyn Kind>) -> Result<(), OpenFault> {
        let mut kinds = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let code = kind.code();
        if kinds.contains_key(code) {
            return Err(OpenFault::Said(format!(
                "The kind of cases {code} is registered twice. Give one another code."
            )));
        }
        if let Series::Own { letter, .. } = kind.series()
            && CaseNumber::of_series(letter, TRIED_CODE, TRIED_YEAR, 1).is_err()
        {
            return Err(OpenFault::Said(format!(
                "The letter {letter} of the kind {code} cannot stand in a number. Take a capital letter other than I and O."
            )));
        }
        if let Some(other) = kinds.values().find(|other| overlap(kind.series(), other.series())) {
            return Err(OpenFault::Said(format!(
                "The kinds {code} and {} count by the same name or letter. Give one a series of its own.",
                other.code()
            )));
        }
        kinds.insert(code, kind);
        Ok(())
    }

    /// The name of a department that a kind of cases brings with it.
    #[must_use]
    pub fn department(&self, code: &str) -> Option<Bilingual> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut named = kinds.values().flat_map(|kind| kind.departments());
        named.find(|(known, _)| known == code).map(|(_, name)| name)
    }

    /// The departments that kinds of cases bring with them, code and name, each once.
    #[must_use]
    pub fn departments(&self) -> BTreeMap<String, Bilingual> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kinds.values().flat_map(|kind| kind.departments()).collect()
    }

    /// The kinds that bring a department with them.
    #[must_use]
    pub fn of_department(&self, code: &str) -> Vec<Arc<dyn Kind>> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let brings = |kind: &&Arc<dyn Kind>| kind.departments().iter().any(|(known, _)| known == code);
        kinds.values().filter(brings).cloned().collect()
    }

    /// All kinds, by their codes.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<dyn Kind>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Where whoever joined a case of that number reads about it with her own code; none where nobody can join.
    #[must_use]
    pub fn joined(&self, page: &Page, number: &CaseNumber) -> Option<BesideLink> {
        let kinds = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let counts = |kind: &&Arc<dyn Kind>| match kind.series() {
            Series::Own { letter, .. } => number.series() == Some(letter),
            Series::Applications => number.series().is_none(),
        };
        let kind = kinds.values().find(counts)?;
        kind.joined(page, number)
    }

    /// The kind of that code; none where no department has registered it.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<Arc<dyn Kind>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }
}
