//! This file reports what was measured on one engine: the table, the facts below it, the JSON, and the comparison with
//! an earlier run.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::load::Loaded;
use super::recall::Recall;
use super::{CounterArguments, Site, text};
use crate::figures::{Stage, ratio, show};

/// Holds everything about one engine.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The name of the engine: `SQLite` or `PostgreSQL`.
    pub engine: String,
    /// How many cases were loaded.
    pub cases: usize,
    /// How many of them are open.
    pub open: usize,
    /// How many events were loaded.
    pub events: usize,
    /// How many of a hundred applicants are sealed.
    pub sealed_share: u8,
    /// How many seconds loading took.
    pub loading: f64,
    /// How many cases were counted again one by one.
    pub recounted: usize,
    /// The size of the database's file. Only SQLite has it.
    pub database: Option<u64>,
    /// How many seconds passed from the server's start to its first answer.
    pub started_in: f64,
    /// How many seconds passed until it was quiet.
    pub settled_in: f64,
    /// Its memory after all stages, in bytes.
    pub memory: Option<u64>,
    /// The largest memory that it used.
    pub memory_most: Option<u64>,
    /// The size of the server's program.
    pub program: Option<u64>,
    /// The comparison of the search with a plain look, or nothing if there is no search.
    pub recall: Option<Recall>,
    /// The stages.
    pub stages: Vec<Stage>,
}

impl Report {
    /// Makes a report of what is known before the server starts.
    pub fn new(site: &Site, arguments: &CounterArguments, loaded: &Loaded, recounted: usize) -> Self {
        let bytes_of = |path: &Path| std::fs::metadata(path).ok().map(|data| data.len());
        let database = Path::new(&site.address);
        Self {
            engine: site.name().to_owned(),
            cases: loaded.cases,
            open: loaded.open,
            events: loaded.events,
            sealed_share: arguments.sealed_share,
            loading: loaded.seconds,
            recounted,
            database: bytes_of(database),
            program: bytes_of(&site.program),
            ..Self::default()
        }
    }

    /// Prints the table and the facts.
    pub fn show(&self) {
        println!("\n{}, {} cases", self.engine, self.cases);
        show(&self.stages);
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let mebibytes = |bytes: Option<u64>| {
            bytes.map_or_else(|| "unknown".to_owned(), |bytes| format!("{:.0} MiB", ratio(bytes, 1024 * 1024)))
        };
        println!(
            "loaded      {} cases, {} of them open, {} events in {:.0} s ({:.0} cases per s)",
            self.cases,
            self.open,
            self.events,
            self.loading,
            ratio(count(self.cases), 1) / self.loading.max(0.001)
        );
        println!("sealed      {} of 100 applicants; those past their retention are erased", self.sealed_share);
        println!("checked     totals of all cases; {} cases folded and counted again one by one", self.recounted);
        if let Some(recall) = &self.recall {
            println!(
                "search      {} of {} questions found exactly what a plain look at every row finds ({} read to the last page, {} numbers)",
                recall.same, recall.questions, recall.whole, recall.numbers
            );
        }
        println!("start       {:.2} s to the first answer; quiet after {:.0} s", self.started_in, self.settled_in);
        println!("memory      {} after all stages, {} at most", mebibytes(self.memory), mebibytes(self.memory_most));
        println!("program     {}", mebibytes(self.program));
        if self.database.is_some() {
            println!("database    {} after loading", mebibytes(self.database));
        }
    }
}

/// Reads the JSON of an earlier run.
pub fn read(path: &Path) -> Result<Vec<Report>, String> {
    let found = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&found).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes the JSON.
pub fn write(path: &Path, reports: &[Report]) -> Result<(), String> {
    let json = serde_json::to_string_pretty(reports).map_err(text)?;
    if path.as_os_str() == "-" {
        println!("{json}");
        return Ok(());
    }
    std::fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))
}

/// Prints each stage beside the same stage of an earlier run.
pub fn compare(earlier: &[Report], now: &[Report]) {
    for report in now {
        let Some(before) = earlier.iter().find(|before| before.engine == report.engine) else { continue };
        println!("\n{}: {} cases before, {} now", report.engine, before.cases, report.cases);
        println!(
            "{:<46} {:>9} {:>9} {:>8} {:>9} {:>9} {:>8}",
            "", "p50 then", "p50 now", "ratio", "µs then", "µs now", "ratio"
        );
        for stage in &report.stages {
            let Some(old) = before.stages.iter().find(|old| old.name == stage.name) else { continue };
            let p50 = pair(old.p50_milliseconds, stage.p50_milliseconds, 2);
            println!("{:<46} {p50} {}", stage.name, pair(old.server_micros, stage.server_micros, 0));
        }
        println!("{:<46} {}", "start, s", pair(Some(before.started_in), Some(report.started_in), 2));
    }
}

/// Returns two figures and their ratio, each in its column.
fn pair(old: Option<f64>, new: Option<f64>, digits: usize) -> String {
    let shown = |figure: Option<f64>| figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"));
    let quotient = old.zip(new).filter(|(old, _)| *old > 0.0).map(|(old, new)| format!("{:.2}", new / old));
    format!("{:>9} {:>9} {:>8}", shown(old), shown(new), quotient.unwrap_or_default())
}
