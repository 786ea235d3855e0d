//! This program gives damaged input to everything that reads. Each reader must answer or refuse, must never panic, and
//! must read back what it writes.

mod hunt;
mod mutate;
mod targets;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use hunt::{Finding, Hunt};
use targets::Target;

#[derive(Parser)]
#[command(
    about = "Gives damaged input to everything that reads.",
    after_help = "Example: fuzz --seconds 60 --target procedure"
)]
struct Arguments {
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Run only this target.
    #[arg(long)]
    target: Option<String>,
    /// Give one target this file and say what happens.
    #[arg(long, requires = "target")]
    replay: Option<PathBuf>,
    /// The seed; another one gives another sequence of mutations.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Name the targets.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut targets = targets::all();
    if arguments.list {
        for target in &targets {
            println!("{}", target.name);
        }
        return ExitCode::SUCCESS;
    }
    if let Some(wanted) = &arguments.target {
        targets.retain(|target| target.name == wanted);
    }
    if targets.is_empty() {
        eprintln!("There is no such target; --list names them.");
        return ExitCode::FAILURE;
    }
    hunt::keep_panics_quiet();
    if let (Some(file), Some(target)) = (&arguments.replay, targets.first()) {
        return replay(target, file);
    }
    let mut failed = 0;
    for target in &targets {
        let (executions, kinds, finding) =
            Hunt::new(target, arguments.seed).run(Duration::from_secs(arguments.seconds));
        println!(
            "{:<12} {executions:>12} executions {kinds:>6} kinds of answer  {}",
            target.name,
            word(finding.as_ref())
        );
        if let Some(finding) = finding {
            failed += 1;
            keep(target.name, &finding);
        }
    }
    println!("{} passed, {failed} failed", targets.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn word(finding: Option<&Finding>) -> &'static str {
    if finding.is_some() { "FAILED" } else { "passed" }
}

/// Keeps a finding and says how to see it again.
fn keep(target: &str, finding: &Finding) {
    println!("  {}", finding.said);
    match hunt::write(target, &finding.input) {
        Ok(file) => println!("  replay: cargo xtask fuzz --target {target} --replay {}", file.display()),
        Err(fault) => println!("  {fault}; the input: {:?}", String::from_utf8_lossy(&finding.input)),
    }
}

fn replay(target: &Target, file: &Path) -> ExitCode {
    let input = match std::fs::read(file) {
        Ok(input) => input,
        Err(fault) => {
            eprintln!("{}: {fault}", file.display());
            return ExitCode::FAILURE;
        }
    };
    match hunt::attempt(target, &input) {
        Ok(said) => {
            println!("{said}\n1 passed, 0 failed");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("{fault}\n0 passed, 1 failed");
            ExitCode::FAILURE
        }
    }
}
