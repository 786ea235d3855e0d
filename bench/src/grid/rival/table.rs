//! This file holds what was measured beside Martin, and shows it.

use serde::{Deserialize, Serialize};

use super::super::stage::{Stage, quotient, shown};
use crate::figures::ratio;

/// Is the aim: ours takes no longer at the 99th percentile and sends no more than the rival. Quotients are shown with
/// two digits, so what is shown as 1.00 reaches it.
const NO_WORSE: f64 = 1.005;

/// Holds the comparison of a city.
#[derive(Default, Serialize, Deserialize)]
pub struct Rival {
    /// What the program tells of itself.
    pub version: String,
    /// The version of PostGIS.
    pub postgis: String,
    /// How many connections to the database each reads with at most.
    pub pool: usize,
    /// How many reports both show.
    pub rows: i64,
    /// The figures, by zoom: ours, then those of each form of the rival.
    pub lines: Vec<Line>,
}

/// The figures of one server at one zoom.
#[derive(Default, Serialize, Deserialize)]
pub struct Line {
    /// The zoom.
    pub zoom: u8,
    /// Who answered.
    pub who: String,
    /// The times, and the largest answer as it was sent, packed with gzip.
    #[serde(flatten)]
    pub stage: Stage,
    /// The bytes of the largest answer, not packed.
    pub plain_bytes: usize,
    /// The bytes of the largest layer of reports, not packed.
    pub layer_bytes: usize,
    /// The sum of what the points of all squares count.
    pub reports: i64,
    /// How many squares there are.
    pub squares: usize,
    /// In how many of them the sum is the same as ours.
    pub same: usize,
}

/// Prints the comparison, and returns where ours is worse.
pub fn show(rival: &Rival) -> Vec<String> {
    let Rival { version, postgis, pool, rows, .. } = rival;
    println!(
        "\nTiles of the same {rows} open reports beside {version} on PostGIS {postgis}: no cache, at most {pool} \
         connections each. Ours by theirs stands in brackets."
    );
    println!(
        "{:<28} {:>5} {:>16} {:>16} {:>16} {:>16} {:>16} {:>9} {:>9}  missed",
        "", "n", "p50 ms", "p99 ms", "KB sent", "KB plain", "KB of reports", "reports", "same"
    );
    let (mut ours, mut missed) = (None, Vec::new());
    for line in &rival.lines {
        if ours.is_none_or(|ours: &Line| ours.zoom != line.zoom) {
            ours = Some(line);
        }
        let beside = ours.filter(|ours| ours.who != line.who);
        one(line, beside);
        let worse = beside.map(|ours| worse(ours, line)).unwrap_or_default();
        missed.extend(worse.iter().map(|aim| format!("zoom {} beside {}: {aim}", line.zoom, line.who)));
    }
    missed
}

/// Prints a line; beside one of the rival stands how much more ours takes.
fn one(line: &Line, ours: Option<&Line>) {
    let cell = |of: fn(&Line) -> Option<f64>, digits: usize| {
        let times = ours.and_then(|ours| quotient(of(ours), of(line)));
        let times = times.map_or_else(String::new, |times| format!(" ({times:.2})"));
        format!("{}{times}", shown(of(line), digits))
    };
    println!(
        "{:<28} {:>5} {:>16} {:>16} {:>16} {:>16} {:>16} {:>9} {:>9}  {}",
        format!("zoom {}, {}", line.zoom, line.who),
        line.stage.requests,
        cell(|line| line.stage.p50_milliseconds, 2),
        cell(|line| line.stage.p99_milliseconds, 1),
        cell(|line| kilobytes(line.stage.largest_bytes), 1),
        cell(|line| kilobytes(line.plain_bytes), 1),
        cell(|line| kilobytes(line.layer_bytes), 1),
        line.reports,
        format!("{}/{}", line.same, line.squares),
        ours.map(|ours| worse(ours, line).join(", ")).unwrap_or_default()
    );
    if let Some(told) = &line.stage.wrong {
        println!("          wrong answer, its figures say nothing: {told}");
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a figure like those that may be missing")]
fn kilobytes(bytes: usize) -> Option<f64> {
    Some(ratio(u64::try_from(bytes).unwrap_or(u64::MAX), 1_000))
}

/// Names what ours does worse.
fn worse(ours: &Line, theirs: &Line) -> Vec<&'static str> {
    let more = |of: fn(&Line) -> Option<f64>| quotient(of(ours), of(theirs)).is_some_and(|times| times > NO_WORSE);
    let aims: [(&str, fn(&Line) -> Option<f64>); 3] = [
        ("p99", |line| line.stage.p99_milliseconds),
        ("KB", |line| kilobytes(line.stage.largest_bytes)),
        ("KB of reports", |line| kilobytes(line.layer_bytes)),
    ];
    aims.iter().filter(|aim| more(aim.1)).map(|aim| aim.0).collect()
}
