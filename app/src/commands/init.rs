//! This file does `lianglin init` and `lianglin migrate`: it makes everything that a new installation needs, and
//! changes what an upgrade changes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use kernel::time::Date;
use store::Store;
use vault::MasterKeys;

use super::progress;
use crate::city::City;
use crate::departments::migrations;
use crate::opening::Opening;
use crate::{AppError, demonstration};

/// Options of `init`.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  lianglin init\n  lianglin init --demo --sign-ins demo/sign-ins.json --database demo/lianglin.db --key-file demo/lianglin.key"
)]
pub struct Options {
    /// Fill it with the demonstration city: invented people at real places, some hundred cases.
    #[arg(long)]
    demo: bool,
    /// Write the generated sign-ins to this file too, readable by its owner alone.
    #[arg(long)]
    sign_ins: Option<PathBuf>,
}

pub fn run(opening: &Opening, options: &Options) -> Result<ExitCode, AppError> {
    let store = opening.new_store()?;
    tables(&store)?;
    let now = (opening.clock)();
    if store.read_blocking(|tx| identity::any_staff(tx))? {
        return Err(AppError::Said(format!(
            "{} already holds accounts; no account was opened. Run: lianglin serve. If a password was never shown: lianglin account password LOGIN",
            opening.configuration.database_shown()
        )));
    }
    key_file(&opening.configuration.key_file)?;
    editions(opening, &store)?;
    let city = Arc::new(City::open(opening, store)?);
    let made = if options.demo { demo(&city, opening)? } else { operator(&city, now)? };
    print(&made);
    if let Some(file) = &options.sign_ins {
        made.write(file)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Does `lianglin migrate`.
pub fn migrate(opening: &Opening) -> Result<ExitCode, AppError> {
    let store = opening.store(true)?;
    let applied = tables(&store)?;
    println!(
        "{}",
        if applied.is_empty() {
            "The tables are up to date.".to_owned()
        } else {
            format!("Applied: {}", applied.join(", "))
        }
    );
    Ok(ExitCode::SUCCESS)
}

fn tables(store: &Store) -> Result<Vec<String>, AppError> {
    Ok(store::migrate(store, &migrations())?)
}

fn key_file(file: &Path) -> Result<(), AppError> {
    if file.exists()
        || std::env::var_os("LIANGLIN_MASTER_KEY").is_some()
        || std::env::var_os("LIANGLIN_MASTER_KEY_FILE").is_some()
    {
        return Ok(());
    }
    MasterKeys::generate()?.write_file(file)?;
    println!(
        "Made a master key: {}. Keep a copy apart from the database; without it no personal data can be read again.",
        file.display()
    );
    Ok(())
}

/// Loads the editions of the divisions that come with the data, the oldest first. It leaves out those that were
/// imported already.
fn editions(opening: &Opening, store: &Store) -> Result<(), AppError> {
    let files = opening.data.files("shenyang/editions", ".csv")?;
    let bar = progress::bar(u64::try_from(files.len()).unwrap_or(0), "places");
    let newest = store.read_blocking(places::editions)?.last().map(|edition| edition.on);
    for (name, text) in files {
        let on = date_of(&name)?;
        if newest.is_none_or(|newest| on > newest) {
            places::import(store, &text, on, &name, (opening.clock)())
                .map_err(|fault| AppError::Said(format!("{name}: {fault}")))?;
        }
        bar.inc(1);
    }
    bar.finish();
    let plan = opening.units()?;
    store.write_blocking(move |tx| places::establish_units(tx, &plan))?;
    Ok(())
}

/// Returns the date at the end of an edition's file name.
fn date_of(name: &str) -> Result<Date, AppError> {
    let stem = name.trim_end_matches(".csv");
    let date: String = stem.chars().skip(stem.chars().count().saturating_sub(10)).collect();
    date.parse().map_err(|_| {
        AppError::Said(format!("{name}: the name of an edition ends in its date, as in divisions_2023-06-30.csv"))
    })
}

fn demo(city: &Arc<City>, opening: &Opening) -> Result<demonstration::Made, AppError> {
    let bar = progress::bar(0, "demonstration cases");
    let made = demonstration::fill(city, &opening.calendar()?, (opening.clock)(), &mut || bar.inc(1))?;
    bar.finish();
    Ok(made)
}

/// Makes the first operator of a real installation.
fn operator(city: &Arc<City>, now: kernel::time::Instant) -> Result<demonstration::Made, AppError> {
    let account = demonstration::first_operator(city, now)?;
    Ok(demonstration::Made { accounts: vec![account], cases: Vec::new(), total: 0 })
}

fn print(made: &demonstration::Made) {
    println!("\nSign-ins (just generated; change the passwords under “My account”):");
    for account in &made.accounts {
        println!(
            "  {:<20} {:<10} {:<18} {}  {}",
            account.role, account.login, account.password, account.name, account.place
        );
    }
    if made.total > 0 {
        println!(
            "\n{} demonstration cases; follow one with number and code (the telephone shows how far it is):",
            made.total
        );
        for case in &made.cases {
            println!("  {}  {}  {}  {}  {}", case.number, case.code, case.telephone, case.state, case.item);
        }
    }
}
