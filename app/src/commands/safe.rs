//! This file does `lianglin backup` and `lianglin restore`: it writes everything into one file, and verifies that file
//! by reading it again.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::progress;
use crate::AppError;
use crate::opening::Opening;

/// Options of `backup`.
#[derive(Args)]
#[command(
    after_help = "Example: lianglin backup /safe/lianglin-2026-11-23.backup\nThe master key is not in the backup; keep it elsewhere."
)]
pub struct Backup {
    /// File to write; it must not exist.
    to: PathBuf,
}

/// Options of `restore`.
#[derive(Args)]
#[command(
    after_help = "Example: lianglin restore /safe/lianglin-2026-11-23.backup --database postgres://localhost/empty"
)]
pub struct Restore {
    /// Backup to read.
    from: PathBuf,
}

pub fn backup(opening: &Opening, options: &Backup) -> Result<ExitCode, AppError> {
    let store = opening.store(false)?;
    let bar = progress::bar(0, "rows");
    let summary = store::backup::backup(&store, &options.to, showing(&bar))?;
    bar.finish();
    println!(
        "Wrote {} and read it back: {} tables, {} rows.",
        options.to.display(),
        summary.tables.len(),
        summary.rows
    );
    Ok(ExitCode::SUCCESS)
}

/// Moves the bar as rows are written or read.
fn showing(bar: &indicatif::ProgressBar) -> impl FnMut(&store::backup::Progress) + Send + 'static + use<> {
    let bar = bar.clone();
    move |progress| bar.set_position(progress.rows)
}

pub fn restore(opening: &Opening, options: &Restore) -> Result<ExitCode, AppError> {
    let bar = progress::bar(0, "rows");
    let summary = store::backup::restore(&opening.configuration.database, &options.from, showing(&bar))?;
    bar.finish();
    println!(
        "Restored into {} and read it back: {} tables, {} rows.",
        opening.configuration.database_shown(),
        summary.tables.len(),
        summary.rows
    );
    Ok(ExitCode::SUCCESS)
}
