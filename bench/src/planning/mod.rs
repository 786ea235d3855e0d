//! `bench planning`: the planners on invented cities of several sizes, beside every rival that is installed, all answers checked.

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
    /// Folders with tables to measure instead of invented cities.
    #[arg(long, value_delimiter = ',')]
    bundle: Vec<PathBuf>,
    /// Leave rivals out.
    #[arg(long)]
    alone: bool,
    /// Python with the rivals' libraries.
    #[arg(long, default_value = "python3", env = "LIANGLIN_BENCH_PYTHON")]
    python: String,
    /// Write the figures as JSON into this file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// One run of one planner or rival.
#[derive(Debug, Clone, Deserialize, serde::Serialize)]
pub struct Run {
    /// Which one.
    who: String,
    /// What it solved.
    problem: String,
    /// Seconds of processor time of the solving alone.
    cpu: f64,
    /// Memory at most, MiB.
    peak_mib: f64,
    /// What it reached; none where the referee says.
    objective: Option<f64>,
    /// What no answer can pass.
    #[serde(default)]
    bound: Option<f64>,
    /// Bounds broken that need not be.
    #[serde(default)]
    violations: Option<u64>,
    /// Where its answer lies, for the referee.
    #[serde(default)]
    answer: Option<PathBuf>,
    /// What must be known.
    #[serde(default)]
    note: String,
}

/// What the program measures of itself, in a process of its own.
#[derive(clap::Args, Clone)]
pub struct PlannedArguments {
    /// Folder with the tables.
    folder: PathBuf,
    /// What to plan.
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
    let mut all = Vec::new();
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
        all.push((town.name.clone(), runs));
    }
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&all).map_err(|fault| fault.to_string())?;
        std::fs::write(file, text).map_err(|fault| format!("{}: {fault}", file.display()))?;
    }
    Ok(())
}

/// Runs the planner in a process of its own, so that its memory is its own.
fn itself(folder: &Path, problem: &str) -> Result<Vec<Run>, String> {
    let program = std::env::current_exe().map_err(|fault| fault.to_string())?;
    let mut command = std::process::Command::new(program);
    command.arg("planned").arg(folder).arg(problem);
    peers::lines(&mut command).ok_or_else(|| format!("{problem} failed on {}", folder.display()))
}

/// Looks at an answer that a rival wrote down.
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
