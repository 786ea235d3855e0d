//! This file shows the figures of one city as a table. It takes the quickest of several runs of a planner, and puts the
//! rivals beside it with their ratio.

use std::fmt::Write as _;

use super::Run;

/// Says whether an answer is as good as ours: it costs the same or less (for reach and sites, it reaches the same or
/// more) and breaks no bound.
fn as_good(ours: &Run, other: &Run) -> bool {
    let more_is_better = ours.problem.starts_with("site") || ours.problem == "reach";
    let (Some(mine), Some(theirs)) = (ours.objective, other.objective) else { return false };
    let good = if more_is_better { theirs >= mine } else { theirs <= mine };
    good && other.violations.unwrap_or(0) <= ours.violations.unwrap_or(0)
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
        "\n{town}\n{:<18}{:<32}{:>11}{:>9}{:>14}{:>6}{:>10}{:>9}  note",
        "problem", "who", "CPU s", "MiB", "objective", "viol.", "gap", "ratio"
    );
    for run in &best {
        let ours = best.iter().filter(|one| one.who == "Lianglin" && one.problem == run.problem);
        let ours = ours.min_by(|a, b| a.cpu.total_cmp(&b.cpu));
        let ratio = match ours {
            Some(ours) if run.who != "Lianglin" => {
                let less = if as_good(ours, run) { "" } else { " worse" };
                format!("{:.1}x{less}", run.cpu / ours.cpu.max(1e-9))
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
            "\n{:<18}{:<32}{:>11.5}{:>9.0}{objective:>14}{violations:>6}{gap:>10}{ratio:>9}  {}",
            run.problem, run.who, run.cpu, run.peak_mib, run.note
        );
    }
    out
}
