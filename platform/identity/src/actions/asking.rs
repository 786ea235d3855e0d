//! What somebody asks for, what a request says of itself, and what is shown once.

use kernel::language::Bilingual;
use kernel::place::PlacePath;
use serde_json::Value;
use uuid::Uuid;
use zeroize::Zeroizing;

/// One thing that a request says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key of its name.
    pub key: &'static str,
    /// What stands there.
    pub said: Said,
}

impl Fact {
    /// Returns a fact that is the same in every language.
    pub fn text(key: &'static str, text: impl Into<String>) -> Self {
        Self { key, said: Said::Text(text.into()) }
    }

    /// Returns a fact that has a name in both languages.
    pub const fn both(key: &'static str, name: Bilingual) -> Self {
        Self { key, said: Said::Both(name) }
    }
}

/// What stands in a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text, the same in every language.
    Text(String),
    /// A name.
    Both(Bilingual),
    /// Names, one after the other.
    Names(Vec<Bilingual>),
    /// Keys of texts, one after the other.
    Keys(Vec<&'static str>),
}

/// What is shown once.
pub struct Handed {
    /// The key of what to do with it.
    pub what: &'static str,
    /// The key of its name.
    pub term: &'static str,
    /// What it is.
    pub secret: Zeroizing<String>,
}

impl Handed {
    /// Returns what is shown once: the keys of what to do with it and of its name, and what it is.
    pub fn new(what: &'static str, term: &'static str, secret: String) -> Self {
        Self { what, term, secret: Zeroizing::new(secret) }
    }
}

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// The identity, which the form brings, so that a form sent twice asks once. What is made gets it too.
    pub id: Uuid,
    /// The kind.
    pub kind: &'static str,
    /// The place.
    pub place: PlacePath,
    /// The one department that it is about.
    pub department: Option<String>,
    /// The account or the system that it is about.
    pub subject: Option<Uuid>,
    /// The rest, which holds nothing secret.
    pub detail: Value,
    /// Why, in a few words. It may be empty.
    pub why: String,
}

/// What the person who asks gets.
#[derive(Clone)]
pub struct NewlyAsked {
    /// The request.
    pub id: Uuid,
    /// The first half of the password, where one is made, or a line for each of several. It is shown once.
    pub half: Option<Zeroizing<String>>,
}
