//! This file does `lianglin catalogue`: it checks the catalogue of items, and that of the grid.

use std::process::ExitCode;

use clap::Subcommand;

use crate::AppError;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// Check every item and every kind of the grid, and print the counts, or what is wrong with file, line and remedy.
    #[command(after_help = "Example: lianglin catalogue check --data ./data")]
    Check,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let Command::Check = command;
    let procedures = opening.procedures()?;
    let catalogue = opening.catalogue(&procedures)?;
    println!("{}", catalogue.check());
    println!("{}", opening.street()?.report());
    Ok(ExitCode::SUCCESS)
}
