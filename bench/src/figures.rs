//! This file holds the figures of a stage, and shows them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Returns the microseconds since 1970, in UTC.
pub fn micros_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Holds how long each request took, in microseconds.
#[derive(Default)]
pub struct Latencies {
    micros: Vec<u64>,
    failed: u64,
}

impl Latencies {
    /// Notes one request. A failed one is only counted as failed.
    pub fn add(&mut self, took: Duration, done: bool) {
        if done {
            self.micros.push(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        } else {
            self.failed += 1;
        }
    }

    /// Adds the latencies of another connection.
    pub fn merge(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.failed += other.failed;
    }

    /// Sums up a stage.
    pub fn stage(mut self, name: &str, elapsed: Duration) -> Stage {
        self.micros.sort_unstable();
        let done = u64::try_from(self.micros.len()).unwrap_or_default();
        Stage {
            name: name.to_owned(),
            requests: done,
            failed: self.failed,
            per_second: ratio(done, 1) / elapsed.as_secs_f64(),
            p50_milliseconds: self.percentile(50),
            p99_milliseconds: self.percentile(99),
            ..Stage::default()
        }
    }

    fn percentile(&self, percent: usize) -> Option<f64> {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().checked_sub(1)?);
        self.micros.get(place).map(|micros| ratio(*micros, 1000))
    }
}

/// Ends a run by what it missed.
///
/// # Errors
/// The aims that were missed, if any were.
pub fn reached(missed: &[String]) -> Result<(), String> {
    if missed.is_empty() { Ok(()) } else { Err(format!("Aims were missed:\n  {}", missed.join("\n  "))) }
}

/// Returns a quotient for showing.
#[expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]
pub fn ratio(number: u64, by: u64) -> f64 {
    if by == 0 { 0.0 } else { number as f64 / by as f64 }
}

/// The figures of one stage.
#[derive(Default, Serialize, Deserialize)]
pub struct Stage {
    /// The name of what ran.
    pub name: String,
    /// How many requests (or units) were stored.
    pub requests: u64,
    /// How many requests were not stored.
    pub failed: u64,
    /// How many were stored per second.
    pub per_second: f64,
    /// The time within which half of them were done.
    pub p50_milliseconds: Option<f64>,
    /// The time within which 99 of 100 were done.
    pub p99_milliseconds: Option<f64>,
    /// The processor time of the server per request, in microseconds.
    pub server_micros: Option<f64>,
    /// The processor time of the database's own processes per request, in microseconds.
    pub database_micros: Option<f64>,
    /// The rate divided by that of its baseline.
    pub of_baseline: Option<f64>,
}

/// Prints a table.
pub fn show(stages: &[Stage]) {
    println!(
        "{:<46} {:>9} {:>8} {:>8} {:>9} {:>9} {:>9} {:>7}",
        "", "per s", "p50 ms", "p99 ms", "server µs", "db µs", "baseline", "failed"
    );
    let digits =
        |figure: Option<f64>, digits: usize| figure.map_or_else(String::new, |figure| format!("{figure:.digits$}"));
    for stage in stages {
        let baseline = stage.of_baseline.map_or_else(String::new, |part| format!("{:.0} %", part * 100.0));
        println!(
            "{:<46} {:>9.0} {:>8} {:>8} {:>9} {:>9} {:>9} {:>7}",
            stage.name,
            stage.per_second,
            digits(stage.p50_milliseconds, 2),
            digits(stage.p99_milliseconds, 1),
            digits(stage.server_micros, 0),
            digits(stage.database_micros, 0),
            baseline,
            stage.failed
        );
    }
}
