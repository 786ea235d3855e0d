//! This file does `lianglin checks`: it makes registers that data checks ask, from which nobody can read who is in
//! them.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Subcommand;

use crate::opening::Opening;
use crate::{AppError, settings};

#[derive(Subcommand)]
pub enum Command {
    /// Turn a list of identity numbers into a register of digests: from standard input to standard output.
    #[command(
        after_help = "Example: lianglin checks digest < list.csv > data/checks/disability.csv\nThe list has the columns resident_id,material,from,until. Destroy it afterwards."
    )]
    Digest,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let Command::Digest = command;
    let mut list = String::new();
    std::io::stdin().read_to_string(&mut list).map_err(AppError::outside("reading the list"))?;
    let key = settings::registry_key(&opening.vault()?);
    print!("{}", papers::digests(&list, &key).map_err(AppError::Said)?);
    Ok(ExitCode::SUCCESS)
}
