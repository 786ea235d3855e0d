//! The small values that the macros of `parts.html` draw: choices, problems, steps, crumbs, pages of a list.

use crate::page::Page;
use kernel::language::Lang;
use kernel::refusal::Refusal;

/// One choice of a select, of radios or of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// The words.
    pub text: String,
    /// A second, smaller line; may be empty.
    pub hint: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice, chosen when `current` is its value.
    pub fn new(value: impl Into<String>, text: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        let chosen = value == current;
        Self { value, text: text.into(), hint: String::new(), chosen }
    }

    /// With a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// One thing to correct in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field; empty when it is about the whole form.
    pub field: String,
    /// What is wrong.
    pub text: String,
    /// What to do; may be empty.
    pub remedy: String,
}

impl Problem {
    /// What is wrong with the form in one sentence and what to do.
    pub fn of(refusal: &Refusal, lang: Lang) -> Self {
        let field = refusal.field.clone().unwrap_or_default();
        Self { field, text: refusal.sentence(lang), remedy: refusal.remedy(lang) }
    }
}

impl Page {
    /// What was refused, in the visitor's language. A field is called what the text of its key says: `labels` with the
    /// name of the field behind it, dashes for low lines, as in `stations-field-name-zh`.
    pub fn problems(&self, labels: &str, faults: &[Refusal]) -> Vec<Problem> {
        let named = |fault: &Refusal| match &fault.field {
            Some(field) => fault.clone().with("label", self.t(&format!("{labels}{}", field.replace('_', "-")))),
            None => fault.clone(),
        };
        faults.iter().map(|fault| Problem::of(&named(fault), self.lang)).collect()
    }
}

/// The sentence for a field out of a list of problems; empty when there is none.
pub fn problem_of<'a>(problems: &'a [Problem], field: &str) -> &'a str {
    problems.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.text)
}

/// One step of the way ahead of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// `done`, `now`, `stop`, or nothing for what comes.
    pub class: &'static str,
    /// What happens.
    pub text: String,
    /// When, in words; may be empty.
    pub when: String,
}

/// One level above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// The words.
    pub text: String,
    /// The local address.
    pub href: String,
}

/// The ends of a page of a list: addresses of the pages before and after, where there are such.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
}

/// Work that goes on while somebody waits: how far it is, and where it is called off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// So many of a thousand are done.
    pub share: i64,
    /// What is being done, in words.
    pub text: String,
    /// The address that a form posts to, to call it off; none for those who may not.
    pub stop: Option<String>,
    /// The address of this page when it does not come again by itself; empty while it does not anyway.
    pub still: String,
}

impl Working {
    /// The share in whole percent.
    pub const fn percent(&self) -> i64 {
        self.share / 10
    }
}
