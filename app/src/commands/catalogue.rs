//! This file does `lianglin catalogue`: it checks the catalogue of items and that of the grid, and looks at a city's
//! own sheet of the latter.

use std::process::ExitCode;

use clap::Subcommand;

use super::street;
use crate::AppError;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// Check every item and every kind of the grid, and print the counts, or what is wrong with file, line and remedy.
    #[command(after_help = "Example: lianglin catalogue check --data ./data")]
    Check,
    /// Look at the city's own sheet of the grid's catalogue: a report on every row, what would be new, changed and
    /// removed. With --apply it is put in force.
    #[command(after_help = street::HELP)]
    Grid(street::Options),
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    match command {
        Command::Check => {
            let procedures = opening.procedures()?;
            let catalogue = opening.catalogue(&procedures)?;
            println!("{}", catalogue.check());
            println!("{}", opening.street()?.report());
            Ok(ExitCode::SUCCESS)
        }
        Command::Grid(options) => street::run(opening, options),
    }
}
