//! This file tells what a check of an answer came to.

use kernel::language::{Bilingual, Lang};
use serde_json::{Value, json};

use super::look::Look;
use super::summary::Summary;

/// Tells what a check came to where it did not refuse the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// The figures, as the check found them.
    pub summary: Summary,
    /// What holds, one sentence each.
    pub holds: Vec<Bilingual>,
    /// Which bounds are broken, and why that cannot be avoided.
    pub unavoidable: Vec<Bilingual>,
    /// What the answer claims and this check does not prove.
    pub unproven: Vec<Bilingual>,
}

impl Checked {
    /// Returns it as JSON, with the sentences in a language.
    pub fn json(&self, lang: Lang) -> Value {
        let mut all = self.summary.json(lang);
        let told = |said: &[Bilingual]| json!(said.iter().map(|said| said.get(lang)).collect::<Vec<&str>>());
        if let Some(all) = all.as_object_mut() {
            all.insert("holds".to_owned(), told(&self.holds));
            all.insert("unavoidable".to_owned(), told(&self.unavoidable));
            all.insert("not_proven".to_owned(), told(&self.unproven));
        }
        all
    }

    /// Returns it as lines for people.
    pub fn lines(&self, lang: Lang) -> String {
        let mut lines = vec![self.summary.lines(lang)];
        for (name, said) in [
            (lang.pick("成立：", "holds: "), &self.holds),
            (lang.pick("不能避免：", "cannot be avoided: "), &self.unavoidable),
            (lang.pick("这次检查没有证明：", "not proven by this check: "), &self.unproven),
        ] {
            lines.extend(said.iter().map(|said| format!("{name}{}", said.get(lang))));
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
    /// Returns it as JSON, with the sentences in a language.
    pub fn json(&self, lang: Lang) -> Value {
        match self {
            Self::Planned(summary) => summary.json(lang),
            Self::Checked(checked) => checked.json(lang),
            Self::Looked(look) => look.json(lang),
        }
    }

    /// Returns it as lines for people.
    pub fn lines(&self, lang: Lang) -> String {
        match self {
            Self::Planned(summary) => summary.lines(lang),
            Self::Checked(checked) => checked.lines(lang),
            Self::Looked(look) => look.lines(lang),
        }
    }

    /// Says whether an answer breaks bounds without a proof that this cannot be avoided, or claims something that its
    /// check does not prove.
    pub fn is_unproven(&self) -> bool {
        match self {
            Self::Planned(summary) => summary.is_open(),
            Self::Checked(checked) => !checked.unproven.is_empty(),
            Self::Looked(_) => false,
        }
    }

    /// Says whether somebody looked at a town with which nothing can be done.
    pub fn is_of_no_use(&self) -> bool {
        matches!(self, Self::Looked(look) if !look.is_of_use())
    }
}
