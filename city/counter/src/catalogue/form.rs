//! Papers that are filled in here instead of on paper (表单): what each of them asks.

use kernel::language::Bilingual;
use serde::Deserialize;

/// The questions of one paper, by the code of its material.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormPart {
    /// Code of the material that it stands for.
    pub material: String,
    /// Its name.
    pub title: Bilingual,
    /// What to know before one begins.
    pub hint: Option<Bilingual>,
    /// Filled in, but something of it is still to be brought: others sign, evidence follows.
    pub later_when: Option<When>,
    /// The questions, in their order.
    #[serde(default, rename = "field")]
    pub fields: Vec<FormField>,
}

/// One question of a paper.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormField {
    /// Its name within the paper.
    pub code: String,
    /// What kind of answer it takes.
    pub kind: FieldKind,
    /// The question; for a consent the sentence itself.
    pub title: Bilingual,
    /// A word of help.
    pub hint: Option<Bilingual>,
    /// Must be answered when it is asked.
    #[serde(default = "yes")]
    pub required: bool,
    /// Asked only after that answer.
    pub when: Option<When>,
    /// What can be chosen.
    #[serde(default)]
    pub options: Vec<FormOption>,
    /// A date that does not lie ahead.
    #[serde(default)]
    pub past: bool,
}

/// An answer given before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Code of the question.
    pub field: String,
    /// Code of the answer.
    pub is: String,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormOption {
    /// Its name.
    pub code: String,
    /// The words.
    pub title: Bilingual,
}

/// What kind of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A day.
    Date,
    /// Yuan as typed, kept in fen.
    Money,
    /// A whole number from 0.
    Number,
    /// One of the options.
    Choice,
    /// Yes or no.
    YesNo,
    /// Somebody's name.
    Name,
    /// Somebody's identity number.
    ResidentId,
    /// A telephone.
    Telephone,
    /// An address.
    Address,
    /// Household members, one a row.
    Members,
    /// A sentence agreed to.
    Consent,
    /// A signature, drawn or typed.
    Signature,
}

impl FieldKind {
    /// The answers of a question that others can depend on; nothing for other kinds.
    pub(super) fn answers(field: &FormField) -> Vec<&str> {
        match field.kind {
            Self::Choice => field.options.iter().map(|option| option.code.as_str()).collect(),
            Self::YesNo => vec!["yes", "no"],
            _ => Vec::new(),
        }
    }
}

fn yes() -> bool {
    true
}
