//! This file holds what was measured in a city of one size, and shows two sizes beside each other.

use serde::{Deserialize, Serialize};

use super::load::Loaded;
use super::rival::{self, Rival};
use super::stage::{Stage, quotient, shown};
use crate::figures::ratio;

/// The aims: what the largest city may take more than the smaller one, the slowest square of the map, and the largest.
const MORE: f64 = 1.2;
const TILE_MILLISECONDS: f64 = 30.0;
const TILE_KILOBYTES: f64 = 150.0;
/// Begins the names of the stages with squares of the map.
const TILE: &str = "tile";

/// Holds what was measured in a city.
#[derive(Default, Serialize, Deserialize)]
pub struct Measured {
    /// The name of the engine.
    pub engine: String,
    /// How many reports the city has.
    pub reports: usize,
    /// What was loaded.
    pub loaded: Loaded,
    /// How many seconds passed until the server was quiet.
    pub settled_in: f64,
    /// The bytes of the database, where it is a file.
    pub database: Option<u64>,
    /// The largest memory that the server used, in bytes.
    pub memory: Option<u64>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// What was answered wrongly, so that its figures say nothing.
    pub left_out: Vec<String>,
    /// The squares of the map beside those of another tile server, where it is installed.
    pub rival: Option<Rival>,
}

/// Prints the last of some cities, beside the first where there are two. It returns which aims were missed, each with
/// the engine and the stage.
pub fn show(measured: &[Measured]) -> Vec<String> {
    let Some(city) = measured.last() else { return Vec::new() };
    let before = measured.first().filter(|_| measured.len() > 1);
    println!("\n{}, {} reports", city.engine, city.reports);
    println!(
        "{:<34} {:>5} {:>9} {:>9} {:>9} {:>10} {:>6} {:>7} {:>7} {:>7} {:>7} {:>7}  missed",
        "", "n", "first ms", "p50 ms", "p99 ms", "p50 at /10", "ratio", "static", "KB", "at /10", "largest", "failed"
    );
    let still = city.stages.first().and_then(|stage| stage.p50_milliseconds);
    let mut missed = Vec::new();
    for stage in &city.stages {
        let old = before.and_then(|before| before.stages.iter().find(|old| old.name == stage.name));
        let (old, bytes) = (old.and_then(|old| old.p50_milliseconds), old.map(|old| old.middle_bytes));
        // Both were asked in turn, so whatever else the machine did slowed both.
        let beside = Beside {
            old,
            bytes,
            grown: quotient(stage.p50_milliseconds, old),
            times: quotient(stage.p50_milliseconds, still),
        };
        missed.extend(line(stage, &beside).iter().map(|aim| format!("{}, {}: {aim}", city.engine, stage.name)));
    }
    for one in measured {
        facts(one);
    }
    if let Some(rival) = &city.rival {
        missed.extend(rival::show(rival).into_iter().map(|aim| format!("{}, {aim}", city.engine)));
    }
    missed
}

/// What a stage is shown beside.
struct Beside {
    /// Its median in the smaller city.
    old: Option<f64>,
    /// The size of the middle answer there. A list with more lines takes longer whatever the city's size.
    bytes: Option<usize>,
    /// How many times as long it takes as there.
    grown: Option<f64>,
    /// How many times the static page it takes.
    times: Option<f64>,
}

/// Prints a stage, and returns the aims that it missed.
fn line(stage: &Stage, beside: &Beside) -> Vec<&'static str> {
    let Beside { old, bytes, grown, times } = *beside;
    let kilobytes = |bytes: usize| ratio(u64::try_from(bytes).unwrap_or(u64::MAX), 1_000);
    let largest = kilobytes(stage.largest_bytes);
    let mut missed = Vec::new();
    if stage.name.starts_with(TILE) {
        if stage.p99_milliseconds.is_some_and(|p99| p99 > TILE_MILLISECONDS) {
            missed.push("p99");
        }
        if largest > TILE_KILOBYTES {
            missed.push("KB");
        }
    }
    if grown.is_some_and(|grown| grown > MORE) {
        missed.push("ratio");
    }
    println!(
        "{:<34} {:>5} {:>9} {:>9} {:>9} {:>10} {:>6} {:>7} {:>7.1} {:>7} {:>7.1} {:>7}  {}",
        stage.name,
        stage.requests,
        shown(stage.first_milliseconds, 1),
        shown(stage.p50_milliseconds, 2),
        shown(stage.p99_milliseconds, 1),
        shown(old, 2),
        shown(grown, 2),
        shown(times, 1),
        kilobytes(stage.middle_bytes),
        shown(bytes.map(kilobytes), 1),
        largest,
        stage.failed,
        missed.join(", ")
    );
    missed
}

fn facts(city: &Measured) {
    let Measured { reports, loaded, settled_in, .. } = city;
    let mebibytes =
        |bytes: Option<u64>| bytes.map_or_else(String::new, |bytes| format!("{:.0} MiB", ratio(bytes, 1 << 20)));
    println!(
        "{reports:>9} reports: {} open, {} events, loaded in {:.0} s; \
         quiet after {settled_in:.0} s; memory {} at most; {}",
        loaded.open,
        loaded.events,
        loaded.seconds,
        mebibytes(city.memory),
        mebibytes(city.database)
    );
    for told in &city.left_out {
        println!("          wrong answer, its figures say nothing: {told}");
    }
}
