//! This file does `lianglin audit`: it proves that no event was altered, lost or moved.

use std::process::ExitCode;

use clap::Subcommand;
use store::audit::AuditKey;

use super::progress;
use crate::AppError;
use crate::chores::seal_next;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// Recompute every chain and every sealed day, and print what does not agree.
    #[command(
        after_help = "Example: lianglin audit verify\nExit code 1 when anything was altered, is missing or out of order."
    )]
    Verify,
    /// Seal the days that have passed (the server does this by itself after midnight).
    #[command(after_help = "Example: lianglin audit seal")]
    Seal,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let store = opening.store(false)?;
    let key = AuditKey::new(opening.vault()?.derive_key("store.audit"));
    match command {
        Command::Verify => {
            let bar = progress::bar(0, "events");
            let moving = bar.clone();
            let report = store::audit::verify(&store, &key, move |progress| moving.set_position(progress.events))?;
            bar.finish();
            println!(
                "{} streams, {} events, {} sealed days: {} faults.",
                report.streams,
                report.events,
                report.days,
                report.faults.len()
            );
            for fault in &report.faults {
                println!("  {fault}");
            }
            Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Seal => {
            let now = (opening.clock)();
            let zone = opening.calendar()?.zone();
            let bar = progress::bar(0, "days");
            let mut last = None;
            while let Some(day) = seal_next(&store, &key, zone, now)? {
                last = Some(day);
                bar.inc(1);
            }
            bar.finish();
            match last {
                Some(day) => println!("Sealed everything up to {day}."),
                None => println!("Every past day is already sealed."),
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
