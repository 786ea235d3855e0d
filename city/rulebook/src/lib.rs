//! The rulebook (1+X 制度体系): documents with their clauses, and every figure the platform applies, by date, place and
//! clause.
//!
//! For everybody who wants to know why a number is what it is; MISSION part 2. No tables: a city edits
//! `data/rulebook/*.toml`.

mod pages;
mod rules;
mod words;

pub use pages::{nav, routes};
pub use rules::{Rulebook, words_match};
pub use words::{Clause, Document, Fault, Parameter, Period, Unit, Value, codes::*, measure};

/// The department's texts: Chinese and English Fluent files.
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));
