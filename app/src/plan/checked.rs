//! This file tells what a check of an answer came to.

use serde_json::{Value, json};

use super::look::Look;
use super::summary::Summary;

/// Tells what a check came to where it did not refuse the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The figures, as the check found them.
    pub summary: Summary,
    /// What holds, one sentence each.
    pub holds: Vec<String>,
    /// Which bounds are broken, and why that cannot be avoided.
    pub unavoidable: Vec<String>,
    /// What the answer claims and this check does not prove.
    pub unproven: Vec<String>,
}

impl Checked {
    /// Returns it as JSON.
    pub fn json(&self) -> Value {
        let mut all = self.summary.json();
        if let Some(all) = all.as_object_mut() {
            all.insert("holds".to_owned(), json!(self.holds));
            all.insert("unavoidable".to_owned(), json!(self.unavoidable));
            all.insert("not_proven".to_owned(), json!(self.unproven));
        }
        all
    }

    /// Returns it as lines for people.
    pub fn lines(&self) -> String {
        let mut lines = vec![self.summary.lines()];
        for (name, said) in [
            ("holds", &self.holds),
            ("cannot be avoided", &self.unavoidable),
            ("not proven by this check", &self.unproven),
        ] {
            lines.extend(said.iter().map(|said| format!("{name}: {said}")));
        }
        lines.join("\n")
    }
}

/// Tells what a command came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An answer was planned and written.
    Planned(Summary),
    /// An answer was checked and not refused.
    Checked(Checked),
    /// Somebody looked at a town.
    Looked(Look),
}

impl Outcome {
    /// Returns it as JSON.
    pub fn json(&self) -> Value {
        match self {
            Self::Planned(summary) => summary.json(),
            Self::Checked(checked) => checked.json(),
            Self::Looked(look) => look.json(),
        }
    }

    /// Returns it as lines for people.
    pub fn lines(&self) -> String {
        match self {
            Self::Planned(summary) => summary.lines(),
            Self::Checked(checked) => checked.lines(),
            Self::Looked(look) => look.lines(),
        }
    }

    /// Says whether an answer claims something that its check does not prove.
    pub fn is_unproven(&self) -> bool {
        matches!(self, Self::Checked(checked) if !checked.unproven.is_empty())
    }
}
