//! This file holds the figures of a stage, and writes figures that may be missing.

use serde::{Deserialize, Serialize};

/// The figures of a stage.
#[derive(Default, Serialize, Deserialize)]
pub struct Stage {
    /// The name of what ran.
    pub name: String,
    /// How many requests were answered rightly, the first one left out.
    pub requests: u64,
    /// How many were not.
    pub failed: u64,
    /// How long the first one took.
    pub first_milliseconds: Option<f64>,
    /// The time within which half of them were answered.
    pub p50_milliseconds: Option<f64>,
    /// The time within which 99 of 100 were answered.
    pub p99_milliseconds: Option<f64>,
    /// The bytes of the middle one of all answers, by size.
    #[serde(default)]
    pub middle_bytes: usize,
    /// The bytes of the largest answer.
    pub largest_bytes: usize,
    /// What the first wrong answer was.
    pub wrong: Option<String>,
}

/// Returns a figure with so many digits; nothing where there is none.
pub fn shown(figure: Option<f64>, digits: usize) -> String {
    figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"))
}

/// Returns a quotient; none where one of both is missing or the second one is zero.
pub fn quotient(of: Option<f64>, by: Option<f64>) -> Option<f64> {
    of.zip(by).filter(|(_, by)| *by > 0.0).map(|(of, by)| of / by)
}
