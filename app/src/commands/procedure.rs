//! This file does `lianglin procedure`: it checks and draws procedures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use kernel::language::Lang;

use crate::AppError;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// Check every procedure and the limits it takes from the rulebook, and print what is wrong, where, and the remedy.
    #[command(after_help = "Example: lianglin procedure check --data ./data")]
    Check,
    /// Draw a procedure as an SVG diagram.
    #[command(after_help = "Example: lianglin procedure draw separate --lang en --out separate.svg")]
    Draw {
        /// Name of the procedure.
        name: String,
        /// zh-CN or en.
        #[arg(long, default_value = "zh-CN")]
        lang: String,
        /// File to write; without it the diagram goes to standard output.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    match command {
        Command::Check => {
            for procedure in opening.procedures_with_limits()?.all() {
                println!(
                    "{} version {} {}: {} states, {} actions",
                    procedure.name,
                    procedure.version,
                    procedure.title.zh,
                    procedure.states.len(),
                    procedure.actions.len()
                );
            }
        }
        Command::Draw { name, lang, out } => {
            let procedures = opening.procedures()?;
            let known = || procedures.names().cloned().collect::<Vec<_>>().join(", ");
            let procedure = procedures
                .get(name)
                .ok_or_else(|| AppError::Said(format!("No procedure is called {name}. There are: {}.", known())))?;
            let lang = Lang::parse(lang).ok_or_else(|| {
                AppError::Said(format!("{lang} is not a language of the platform. Take zh-CN or en."))
            })?;
            let drawing = kernel::procedure::draw(procedure, lang);
            match out {
                Some(file) => std::fs::write(file, drawing).map_err(AppError::outside(file.display().to_string()))?,
                None => println!("{drawing}"),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
