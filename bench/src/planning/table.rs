//! This file shows the figures of one city as a table. It takes the quickest of several runs of a planner, and puts the
//! rivals beside it with their ratio.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::Run;

/// Says how an answer stands to ours. It is worse if it breaks more bounds. Of two that break as many, the one is worse
/// that costs more (for reach and sites, that reaches less). Nothing is said of an answer without a figure.
fn judged(ours: &Run, other: &Run) -> &'static str {
    let more_is_better = ours.problem.starts_with("site") || ours.problem == "reach";
    let (Some(mine), Some(theirs)) = (ours.objective, other.objective) else { return "" };
    let costs = if more_is_better { mine.total_cmp(&theirs) } else { theirs.total_cmp(&mine) };
    match other.violations.unwrap_or(0).cmp(&ours.violations.unwrap_or(0)).then(costs) {
        Ordering::Less => " better",
        Ordering::Equal => "",
        Ordering::Greater => " worse",
    }
}

/// Returns the quickest of several runs, for each planner, problem and note.
fn quickest(runs: &[Run]) -> Vec<Run> {
    let mut best: Vec<Run> = Vec::new();
    for run in runs {
        let same = |known: &&mut Run| known.who == run.who && known.problem == run.problem && known.note == run.note;
        match best.iter_mut().find(same) {
            Some(known) if known.cpu <= run.cpu => {}
            Some(known) => *known = run.clone(),
            None => best.push(run.clone()),
        }
    }
    best
}

pub fn of(town: &str, runs: &[Run]) -> String {
    let best = quickest(runs);
    let mut out = format!(
        "\n{town}\n{:<18}{:<32}{:>11}{:>9}{:>14}{:>6}{:>10}{:>14}  note",
        "problem", "who", "CPU s", "MiB", "objective", "viol.", "gap", "ratio"
    );
    for run in &best {
        let ours = best.iter().filter(|one| one.who == "Lianglin" && one.problem == run.problem);
        let ours = ours.min_by(|a, b| a.cpu.total_cmp(&b.cpu));
        let ratio = match ours {
            Some(ours) if run.who != "Lianglin" => {
                format!("{:.1}x{}", run.cpu / ours.cpu.max(1e-9), judged(ours, run))
            }
            _ => String::new(),
        };
        let gap = run.objective.zip(run.bound).map_or_else(String::new, |(found, bound)| {
            format!("{:.4} %", 100.0 * (found - bound).abs() / bound.abs().max(1.0))
        });
        let objective = run.objective.map_or_else(String::new, |objective| format!("{objective:.0}"));
        let violations = run.violations.map_or_else(String::new, |violations| violations.to_string());
        let _ = write!(
            out,
            "\n{:<18}{:<32}{:>11.5}{:>9.0}{objective:>14}{violations:>6}{gap:>10}{ratio:>14}  {}",
            run.problem, run.who, run.cpu, run.peak_mib, run.note
        );
    }
    out
}
