//! This is the command line: what an operator types.

mod account;
mod audit;
mod catalogue;
mod checks;
mod doctor;
mod generate;
mod history;
mod init;
mod interrupt;
mod key;
mod lay;
#[cfg(test)]
mod options;
mod places;
mod plan;
mod procedure;
mod progress;
mod replay;
mod report;
mod safe;
mod serve;
mod shapes;
mod street;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::AppError;
use crate::configuration::Configuration;
use crate::data::Data;
use crate::opening::Opening;

/// Lianglin 两邻: runs a city's neighbourhoods.
#[derive(Parser)]
#[command(name = "lianglin", version, about, after_help = "Example: lianglin init && lianglin serve")]
struct Line {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone)]
struct Common {
    /// Configuration file (default: lianglin.toml in this folder, if it is there).
    #[arg(long, global = true, env = "LIANGLIN_CONFIG")]
    config: Option<PathBuf>,
    /// SQLite file or postgres://… address.
    #[arg(long, global = true, env = "LIANGLIN_DATABASE")]
    database: Option<String>,
    /// File with the master key of the vault.
    #[arg(long, global = true, env = "LIANGLIN_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Folder that replaces the built-in data: rulebook, catalogue, procedures, roles, calendar.
    #[arg(long, global = true, env = "LIANGLIN_DATA")]
    data: Option<PathBuf>,
    /// Folder with the sealed files of papers (default: beside the database).
    #[arg(long, global = true, env = "LIANGLIN_FILES")]
    files: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Create the master key, the tables, the places and the first operator.
    Init(init::Options),
    /// Serve the pages.
    Serve(serve::Options),
    /// Bring the tables up to this version.
    #[command(after_help = "Example: lianglin migrate --database postgres://localhost/city")]
    Migrate,
    /// Import editions of the divisions, show a place.
    #[command(subcommand)]
    Places(places::Command),
    /// Check the catalogues, and bring the city's own sheet of the grid's.
    #[command(subcommand)]
    Catalogue(catalogue::Command),
    /// Take in what another system tells of reports that it handled.
    #[command(subcommand)]
    Grid(history::Command),
    /// Prepare registers that data checks ask.
    #[command(subcommand)]
    Checks(checks::Command),
    /// Check and draw procedures.
    #[command(subcommand)]
    Procedure(procedure::Command),
    /// Plan grids, mobilisation, reach and sites from a folder of tables.
    #[command(subcommand)]
    Plan(plan::Command),
    /// Verify the chain of events, seal a day.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Write everything into one file, while the platform runs.
    Backup(safe::Backup),
    /// Read a backup into an empty database.
    Restore(safe::Restore),
    /// List, add, rotate and retire the master keys of the vault.
    #[command(subcommand)]
    Key(key::Command),
    /// Open accounts, give posts, set passwords.
    #[command(subcommand)]
    Account(account::Command),
    /// Look whether everything is in order and say what to do.
    Doctor(doctor::Options),
    /// Play a file of real requests through the published interface (Open311).
    Replay(replay::Options),
    /// Write the generated parts of the documentation.
    #[command(hide = true)]
    Generate(generate::Options),
}

impl Common {
    fn opening(&self) -> Result<Opening, AppError> {
        let mut configuration = Configuration::read(self.config.as_deref())?;
        if let Some(database) = &self.database {
            configuration.database.clone_from(database);
        }
        if let Some(key_file) = &self.key_file {
            configuration.key_file.clone_from(key_file);
        }
        if self.data.is_some() {
            configuration.data.clone_from(&self.data);
        }
        if self.files.is_some() {
            configuration.files.clone_from(&self.files);
        }
        let data = Data::new(configuration.data.clone());
        Ok(Opening { configuration, data, clock: crate::opening::system_clock() })
    }
}

/// Runs the command of the process's arguments. If it fails, it writes one message on standard error and returns exit
/// code 1.
#[must_use]
pub fn run() -> ExitCode {
    let line = typed();
    match dispatch(&line) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the arguments of the process. If they are wrong or ask for help, it says so and ends the process.
fn typed() -> Line {
    let typed: Vec<String> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let command = plan::in_language(Line::command(), &typed, std::env::var("LANG").ok().as_deref());
    Line::from_arg_matches(&command.get_matches()).unwrap_or_else(|fault| fault.exit())
}

fn dispatch(line: &Line) -> Result<ExitCode, AppError> {
    let opening = line.common.opening()?;
    match &line.command {
        Command::Init(options) => init::run(&opening, options),
        Command::Serve(options) => serve::run(opening, options),
        Command::Migrate => init::migrate(&opening),
        Command::Places(command) => places::run(&opening, command),
        Command::Catalogue(command) => catalogue::run(&opening, command),
        Command::Grid(command) => history::run(&opening, command),
        Command::Checks(command) => checks::run(&opening, command),
        Command::Procedure(command) => procedure::run(&opening, command),
        Command::Plan(command) => Ok(plan::run(command)),
        Command::Audit(command) => audit::run(&opening, command),
        Command::Backup(options) => safe::backup(&opening, options),
        Command::Restore(options) => safe::restore(&opening, options),
        Command::Key(command) => key::run(&opening, command),
        Command::Account(command) => account::run(&opening, command),
        Command::Doctor(options) => Ok(doctor::run(&opening, options)),
        Command::Replay(options) => replay::run(&opening, options),
        Command::Generate(options) => generate::run(&opening, options),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_of_the_operators_guide_can_be_typed_as_it_stands_there() {
        let guides =
            [include_str!("../../../docs/guide/en/operator.md"), include_str!("../../../docs/guide/zh/operator.md")];
        for guide in guides {
            let mut count = 0;
            for line in guide.lines().filter(|line| line.starts_with("    lianglin ")) {
                let typed = line.split('#').next().unwrap_or_default();
                let fault = Line::try_parse_from(typed.split_whitespace()).err().map(|fault| fault.to_string());
                assert_eq!(fault, None, "{line}");
                count += 1;
            }
            assert!(count >= 10, "only {count} commands were found");
        }
    }
}
