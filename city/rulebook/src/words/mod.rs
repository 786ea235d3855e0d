//! These are the names of the rulebook: documents, clauses, parameters and their dated values.

pub mod codes;

pub use kernel::rule::{Measure, Unit, measure};

pub use kernel::fault::Fault;
use kernel::{language::Bilingual, time::Date};

/// A document that figures cite (文件).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The key by which figures cite it and its page is addressed.
    pub id: String,
    /// The number its issuer gave it, or a word saying that there is none.
    pub number: String,
    /// What it is called.
    pub title: Bilingual,
    /// Who issued it.
    pub issuer: Bilingual,
    /// The day it was issued.
    pub date: Date,
    /// The first day it is in force.
    pub from: Date,
    /// The last day it is in force, none while it is.
    pub to: Option<Date>,
    /// The keys of the documents it replaces.
    pub replaces: Vec<String>,
    /// Where our knowledge of it comes from and what is not certain.
    pub source: Bilingual,
    /// The clauses cited, paraphrased in our own words.
    pub clauses: Vec<Clause>,
}

impl Document {
    /// Returns the clause of that number.
    pub fn clause(&self, number: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.number == number)
    }
}

/// A clause of a document (条款) in our own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its number or name in the document.
    pub number: String,
    /// What it says, in short.
    pub text: Bilingual,
}

/// Figures that concern residents, in plain words, under one title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What they are about.
    pub title: Bilingual,
    /// A sentence for each.
    pub lines: Vec<Said>,
}

/// A figure in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The code of the figure.
    pub code: String,
    /// The sentence; `{n}` is where number and unit stand.
    pub says: Bilingual,
}

/// A figure the platform applies (参数), with all its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The stable code, by which those who use it declare it.
    pub code: String,
    /// What it is called.
    pub title: Bilingual,
    /// The unit of its values.
    pub unit: Unit,
    /// What the platform does with it.
    pub used_for: Bilingual,
    /// Its values, the oldest first.
    pub values: Vec<Value>,
    /// The file in which it stands.
    pub file: String,
    /// The line of that file, from 1.
    pub line: usize,
}

/// A value of a parameter from a date, somewhere, by a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The figure, in `unit`.
    pub number: i64,
    /// The unit of the figure.
    pub unit: Unit,
    /// The official code of the place it holds in with everything inside, none for everywhere.
    pub place: Option<String>,
    /// The first day it holds.
    pub from: Date,
    /// The last day on which it holds, if it ends by itself. Otherwise it holds until the next value of the same place.
    pub to: Option<Date>,
    /// The key of the document it comes from.
    pub document: String,
    /// The clause of that document.
    pub clause: String,
    /// Whether it has no sufficient source yet.
    pub provisional: bool,
}

/// Whether a value is to come, holds, or is past on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Not yet in force.
    Coming,
    /// In force.
    Holds,
    /// Ended by itself or superseded.
    Past,
}
