//! The kinds of bodies and the specialities of mediators, as the city's data name them.

use kernel::language::Bilingual;
use kernel::place::Level;
use kernel::rule::RuleFacts;

/// A kind of body (组织类别).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// What it is for.
    pub purpose: Bilingual,
    /// Whether it stands in the middle (一核).
    #[serde(default)]
    pub core: bool,
    /// The code of the kind to which it belongs, as a sub-committee does; empty where it stands by itself.
    #[serde(default)]
    pub part_of: String,
    /// The codes of the levels at which there are such bodies.
    pub levels: Vec<String>,
    /// The document that says so.
    pub document: String,
    /// Its clause.
    pub clause: String,
    /// The code of the figure of its fewest members.
    pub least: Option<String>,
    /// The code of the figure of its most members.
    pub most: Option<String>,
    /// The code of the figure of its fewest women.
    pub women: Option<String>,
    /// Whether the number of its members is odd.
    #[serde(default)]
    pub odd: bool,
    /// The code of the figure of its term.
    pub term: Option<String>,
    /// The code of the figure of the days in which its papers are filed after an election.
    pub file_within: Option<String>,
    /// The posts with which it begins, in their order.
    #[serde(default)]
    pub posts: Vec<Bilingual>,
}

impl Kind {
    /// Whether there are such bodies at a level.
    #[must_use]
    pub fn is_at(&self, level: Level) -> bool {
        self.levels.iter().any(|code| code == level.code())
    }

    /// The codes of its figures.
    fn figures(&self) -> impl Iterator<Item = &String> {
        [&self.least, &self.most, &self.women, &self.term, &self.file_within].into_iter().flatten()
    }
}

/// What a mediator knows well (专长).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speciality {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// The kinds in the order in which pages show them, and the specialities.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kinds {
    /// The kinds.
    pub kind: Vec<Kind>,
    /// The specialities.
    pub speciality: Vec<Speciality>,
}

impl Kinds {
    /// The kind of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Kind> {
        self.kind.iter().find(|kind| kind.code == code)
    }

    /// Where a kind stands in the order of the data; behind all of them where it is not known any more.
    #[must_use]
    pub fn place(&self, code: &str) -> usize {
        self.kind.iter().position(|kind| kind.code == code).unwrap_or(self.kind.len())
    }

    /// What contradicts itself in the data, a sentence each. `declared` are the figures that the department uses,
    /// `cites` says whether a document has a clause.
    #[must_use]
    pub fn faults(&self, declared: &[RuleFacts], cites: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut faults = Vec::new();
        for (at, kind) in self.kind.iter().enumerate() {
            let code = &kind.code;
            if self.place(code) != at {
                faults.push(format!("The kind {code} stands twice. Keep one."));
            }
            if !kind.part_of.is_empty() && self.get(&kind.part_of).is_none() {
                faults.push(format!("The kind {code} belongs to {}, which is none. Correct `part_of`.", kind.part_of));
            }
            if kind.levels.iter().any(|level| Level::parse(level).is_none()) {
                faults.push(format!("The kind {code} is at a level that is none. Correct `levels`."));
            }
            if !cites(&kind.document, &kind.clause) {
                let clause = format!("{} {}", kind.document, kind.clause);
                faults.push(format!("The kind {code} cites {clause}, which the rulebook does not have. Add it there."));
            }
            let unknown = kind.figures().filter(|figure| declared.iter().all(|facts| facts.code != figure.as_str()));
            faults.extend(unknown.map(|figure| format!("The kind {code} names the figure {figure}, which is none.")));
        }
        if self.kind.iter().filter(|kind| kind.core).count() != 1 {
            faults.push("Exactly one kind stands in the middle. Write `core = true` there.".to_owned());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::RULES;

    fn shipped() -> Kinds {
        toml::from_str(include_str!("../../../../data/bodies/kinds.toml")).unwrap()
    }

    #[test]
    fn the_shipped_kinds_have_no_fault_and_the_five_committees() {
        let kinds = shipped();
        assert_eq!(kinds.faults(RULES, |_, _| true), Vec::<String>::new());
        assert_eq!(kinds.kind.iter().filter(|kind| kind.part_of == "residents").count(), 5);
        assert!(
            kinds.get("mediation").unwrap().is_at(Level::Street) && !kinds.get("owners").unwrap().is_at(Level::City)
        );
    }

    #[test]
    fn what_contradicts_itself_is_told() {
        let mut kinds = shipped();
        kinds.kind[0].core = false;
        kinds.kind[1].least = Some("bodies.nothing".to_owned());
        kinds.kind[2].part_of = "nobody".to_owned();
        let twice = kinds.kind[3].clone();
        kinds.kind.push(twice);
        let faults = kinds.faults(RULES, |document, _| document != "property-regulation");
        for told in ["in the middle", "bodies.nothing", "nobody", "stands twice", "property-regulation"] {
            assert!(faults.iter().any(|fault| fault.contains(told)), "{told}: {faults:#?}");
        }
    }
}
