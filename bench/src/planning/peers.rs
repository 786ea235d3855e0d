//! This file runs the rivals. They are programs of their own, each is optional, and each prints a line of JSON for each
//! run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Run;

const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");

/// Returns the lines of a program that ends well. Returns `None` if it does not end well or does not exist.
pub fn lines(command: &mut Command) -> Option<Vec<Run>> {
    let output = command.stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    // Some libraries print a greeting on the standard output.
    let told = text.lines().filter(|line| line.starts_with('{'));
    let runs: Result<Vec<Run>, _> = told.map(serde_json::from_str).collect();
    runs.ok().filter(|_| output.status.success())
}

/// Builds the program for LEMON if its headers and a compiler exist.
pub fn lemon(work: &Path) -> Option<PathBuf> {
    let program = work.join("lemon");
    let mut compiler = Command::new("g++");
    compiler.args(["-O2", "-o"]).arg(&program).arg(Path::new(SOURCES).join("lemon.cpp"));
    let built = compiler.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !built {
        eprintln!("LEMON is left out: g++ and liblemon-dev are needed");
    }
    built.then_some(program)
}

/// Returns the runs of every rival of a problem.
pub fn beside(folder: &Path, problem: &str, python: &str, lemon: Option<&Path>) -> Vec<Run> {
    let (kind, count) = problem.split_once(' ').unwrap_or((problem, ""));
    // What LEMON is told to solve, if it does, and the names of the others.
    let (for_lemon, scripts): (Option<&str>, &[&str]) = match kind {
        "grids" => (None, &["metis", "kahip", "gerrychain"]),
        "trees" => (None, &["tree", "metis", "kahip"]),
        "mobilize" | "equal" => (Some("mobilize"), &["ortools", "pylmcf"]),
        "slots" => (Some("slots"), &["ortools-slots"]),
        "fair" => (Some("fair"), &["fair"]),
        "fair-slots" => (Some("fair-slots"), &["fair-slots"]),
        "reach" => (Some("reach"), &["scipy", "pandana", "pgrouting"]),
        "stations" => (Some("reach"), &["scipy"]),
        "site" => (None, &["highs", "highs-each"]),
        _ => (None, &[]),
    };
    let mut runs = Vec::new();
    if let Some((program, problem)) = lemon.zip(for_lemon) {
        match lines(Command::new(program).arg(problem).arg(folder)) {
            Some(found) => runs.extend(found),
            None => eprintln!("LEMON is left out: it failed"),
        }
    }
    for peer in scripts {
        let mut command = Command::new(python);
        command.arg(Path::new(SOURCES).join("peers.py")).arg(peer).arg(folder).arg(count);
        match lines(&mut command) {
            Some(found) => runs.extend(found),
            None => eprintln!("{peer} is left out: it is not installed for {python}, or failed"),
        }
    }
    runs
}
