//! The rulebook (1+X 制度体系) holds documents with their clauses, and every figure that the platform applies, by
//! date, place and clause.
//!
//! It serves everybody who asks why a number is what it is. See MISSION part 2. It has no tables, because a city edits
//! `data/rulebook/*.toml`.

mod pages;
mod permissions;
mod refusals;
mod rules;
mod words;

pub use pages::{routes, services};
pub use permissions::May;
pub use refusals::Why;
pub use rules::{Rulebook, words_match};
pub use words::{Clause, Document, Fault, Group, Measure, Parameter, Period, Said, Unit, Value, codes::*, measure};

use house::{Department, House, OpenFault, Work};
use std::sync::Arc;

/// The department's texts: Chinese and English Fluent files.
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The rulebook as a department: it has no tables, a city edits `data/rulebook`.
pub const DEPARTMENT: Department = Department {
    name: "rulebook",
    texts: Some(LOCALES),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: RULES,
    open,
    work,
    ..Department::EMPTY
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let book = Rulebook::load(&house.installation.data.files("rulebook", ".toml")?).map_err(OpenFault::Faults)?;
    house.keep(Arc::new(book));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    Ok(Work { routes: routes(house.get::<Rulebook>()?), services: services(), ..Work::default() })
}
