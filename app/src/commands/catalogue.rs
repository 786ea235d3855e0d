//! This file does `lianglin catalogue`: it checks the catalogue of items.

use std::process::ExitCode;

use clap::Subcommand;

use crate::AppError;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// Check every item and print the counts, or what is wrong with file, line and remedy.
    #[command(after_help = "Example: lianglin catalogue check --data ./data")]
    Check,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let Command::Check = command;
    let procedures = opening.procedures()?;
    let catalogue = opening.catalogue(&procedures)?;
    println!("{}", catalogue.check());
    Ok(ExitCode::SUCCESS)
}
