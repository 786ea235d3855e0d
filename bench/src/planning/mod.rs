//! `bench planning` measures the planners on invented cities of several sizes, beside every rival that is installed,
//! and checks all answers.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts of people and metres, and figures for a table"
)]

mod cities;
mod ours;
mod peers;
mod table;

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What `bench planning` is told.
#[derive(clap::Args, Clone)]
pub struct PlanningArguments {
    /// Sizes of the invented cities: S, M, L, XL.
    #[arg(long, value_delimiter = ',', default_value = "S,M,L")]
    size: Vec<String>,
    /// The same seed gives the same cities.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folders with tables that are measured instead of invented cities.
    #[arg(long, value_delimiter = ',')]
    bundle: Vec<PathBuf>,
    /// Leave rivals out.
    #[arg(long)]
    alone: bool,
    /// The Python that has the rivals' libraries.
    #[arg(long, default_value = "python3", env = "LIANGLIN_BENCH_PYTHON")]
    python: String,
    /// Write the figures as JSON into this file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// One run of a planner or rival.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Run {
    /// The name of the planner or rival.
    who: String,
    /// The problem that it solved.
    problem: String,
    /// The seconds of processor time of the solving alone.
    cpu: f64,
    /// The largest memory that it used, in MiB.
    peak_mib: f64,
    /// The figure that it reached, or nothing if the referee says it.
    objective: Option<f64>,
    /// The figure that no answer can pass.
    #[serde(default)]
    bound: Option<f64>,
    /// How many bounds are broken that could have been kept.
    #[serde(default)]
    violations: Option<u64>,
    /// The longest walk that a fair plan asks of anybody, ds.
    #[serde(default)]
    longest: Option<i32>,
    /// The file of its answer, for the referee.
    #[serde(default)]
    answer: Option<PathBuf>,
    /// What a reader must know.
    #[serde(default)]
    note: String,
}

impl Run {
    /// Returns the name of the problem if all best answers to it have the same figure.
    fn settled(&self) -> Option<&str> {
        match self.problem.as_str() {
            "pairs and plan" => Some("mobilize"),
            problem @ ("mobilize" | "mobilize 1 %" | "slots" | "fair" | "fair-slots" | "reach") => Some(problem),
            _ => None,
        }
    }
}

/// What the program measures of itself, in a process of its own.
#[derive(clap::Args, Clone)]
pub struct PlannedArguments {
    /// Folder with the tables.
    folder: PathBuf,
    /// The problem to plan.
    problem: String,
}

pub fn run(arguments: &PlanningArguments) -> Result<(), String> {
    let work = tempfile::tempdir().map_err(|fault| fault.to_string())?;
    let towns = if arguments.bundle.is_empty() {
        cities::make(&arguments.size, arguments.seed, work.path())?
    } else {
        cities::given(&arguments.bundle)
    };
    let lemon = if arguments.alone { None } else { peers::lemon(work.path()) };
    let (mut all, mut different) = (Vec::new(), Vec::new());
    for town in &towns {
        let mut runs = Vec::new();
        for problem in town.problems() {
            eprintln!("{} {problem}", town.name);
            runs.extend(itself(&town.folder, problem)?);
            if !arguments.alone {
                runs.extend(peers::beside(&town.folder, problem, &arguments.python, lemon.as_deref()));
            }
        }
        for run in &mut runs {
            referee(run, &town.folder)?;
        }
        println!("{}", table::of(&town.name, &runs));
        different.extend(differences(&town.name, &runs));
        all.push((town.name.clone(), runs));
    }
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&all).map_err(|fault| fault.to_string())?;
        std::fs::write(file, text).map_err(|fault| format!("{}: {fault}", file.display()))?;
    }
    if different.is_empty() { Ok(()) } else { Err(different.join("\n")) }
}

/// Tells which answers differ though they must be the same: from our bound, or from the first answer to the same
/// problem.
fn differences(town: &str, runs: &[Run]) -> Vec<String> {
    let mut told = Vec::new();
    for run in runs.iter().filter(|run| run.objective.is_some()) {
        let Some(problem) = run.settled() else { continue };
        let Some(first) = runs.iter().find(|one| one.settled() == Some(problem)) else { continue };
        let is_proven = run.bound.is_none() || run.bound == run.objective;
        if !is_proven || run.objective != first.objective || run.longest != first.longest {
            let of = |run: &Run| {
                let Run { who, objective, bound, longest, .. } = run;
                format!("{who} finds {objective:?} (bound {bound:?}, longest walk {longest:?})")
            };
            told.push(format!("{town} {}: {}, {}", run.problem, of(run), of(first)));
        }
    }
    told
}

/// Runs the planner in a process of its own, so that its memory is counted alone.
fn itself(folder: &Path, problem: &str) -> Result<Vec<Run>, String> {
    let program = std::env::current_exe().map_err(|fault| fault.to_string())?;
    let mut command = std::process::Command::new(program);
    command.arg("planned").arg(folder).arg(problem);
    peers::lines(&mut command).ok_or_else(|| format!("{problem} failed on {}", folder.display()))
}

/// Checks an answer that a rival wrote.
fn referee(run: &mut Run, folder: &Path) -> Result<(), String> {
    if let Some(answer) = &run.answer {
        let report = ours::referee(folder, answer)?;
        run.objective = Some(report.objective.round());
        run.violations = Some(report.violations() as u64);
        let (above, below, apart) = (report.above, report.below, report.disconnected);
        run.note = format!("{above} above, {below} below, {apart} apart; {} splits", report.compound_splits);
    }
    Ok(())
}

pub fn planned(arguments: &PlannedArguments) -> Result<(), String> {
    for run in ours::plan(&arguments.folder, &arguments.problem)? {
        println!("{}", serde_json::to_string(&run).map_err(|fault| fault.to_string())?);
    }
    Ok(())
}
