//! `bench counter` puts a city with a million cases behind the real server and measures it over HTTP. It also compares
//! its search with a plain look at every row.

mod bare;
pub mod city;
pub mod http;
pub mod life;
mod load;
mod measure;
mod plan;
mod recall;
mod recount;
mod report;
pub mod rows;
pub mod server;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::Engine;

use crate::Only;
use load::Loaded;
use plan::Plans;
use report::Report;

/// What `bench counter` is told.
#[derive(clap::Args, Clone)]
pub struct CounterArguments {
    /// How many cases the city has.
    #[arg(long, default_value_t = 1_000_000)]
    pub cases: usize,
    /// Seconds for each stage.
    #[arg(long, default_value_t = 5)]
    pub seconds: u64,
    /// The engine to measure; both if left out.
    #[arg(long)]
    pub engine: Option<Only>,
    /// Folder of the SQLite file; choose one on the disk that matters.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// How many of a hundred applicants are sealed in the vault; the others have a case and no record.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub sealed_share: u8,
    /// How many words' findings are compared with a look at every row; 0 leaves the comparison out.
    #[arg(long, default_value_t = 200)]
    pub words: usize,
    /// The largest number of pages of findings that are read for each word.
    #[arg(long, default_value_t = 20)]
    pub pages: usize,
    /// The largest number of seconds to wait until the server has done its own work after the start.
    #[arg(long, default_value_t = 900)]
    pub settle: u64,
    /// Write the figures as JSON into this file too (`-` for the standard output).
    #[arg(long)]
    pub json: Option<PathBuf>,
    /// Show the figures beside those of an earlier run's JSON.
    #[arg(long)]
    pub compare: Option<PathBuf>,
    /// Leave the database and its key where they are.
    #[arg(long)]
    pub keep: bool,
}

impl CounterArguments {
    /// What making a city with that many cases is told.
    pub const fn of(cases: usize) -> Self {
        Self {
            cases,
            seconds: 0,
            engine: None,
            folder: None,
            sealed_share: 100,
            words: 0,
            pages: 0,
            settle: 0,
            json: None,
            compare: None,
            keep: false,
        }
    }
}

/// The city that is measured: its engine, and where its parts are.
pub struct Site {
    /// The engine.
    pub engine: Engine,
    /// The address of the database.
    pub address: String,
    /// The file of the master key.
    pub key: PathBuf,
    /// The server's program.
    pub program: PathBuf,
    /// The folder of all of it.
    pub folder: PathBuf,
}

impl Site {
    /// Returns `SQLite` or `PostgreSQL`.
    pub fn name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// Measures on each engine, prints the tables and writes the JSON.
pub fn run(arguments: &CounterArguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        eprintln!("This is not an optimised build: the figures say nothing. Use cargo xtask bench counter.");
    }
    let earlier = arguments.compare.as_deref().map(report::read).transpose()?;
    let folder = match &arguments.folder {
        // The server runs in that folder, so the path must be valid there too.
        Some(parent) => parent.canonicalize().and_then(tempfile::tempdir_in),
        None => tempfile::tempdir(),
    };
    let folder = folder.map_err(|error| format!("no folder for the database: {error}"))?;
    let measured = every_engine(arguments, folder.path());
    if arguments.keep {
        println!("\nKept: {} (a private PostgreSQL ends with this program).", folder.keep().display());
    }
    let reports = measured?;
    if let Some(earlier) = &earlier {
        report::compare(earlier, &reports);
    }
    arguments.json.as_deref().map_or(Ok(()), |path| report::write(path, &reports))
}

fn every_engine(arguments: &CounterArguments, folder: &Path) -> Result<Vec<Report>, String> {
    let mut reports = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let only = if engine == Engine::Sqlite { Only::Sqlite } else { Only::Postgres };
        if arguments.engine.is_some_and(|wanted| wanted != only) {
            continue;
        }
        let address = match engine {
            Engine::Sqlite => Some(folder.join("city.db").display().to_string()),
            Engine::Postgres => testkit::postgres::fresh_database(),
        };
        let Some(address) = address else {
            eprintln!("PostgreSQL is left out.");
            continue;
        };
        let (key, program) = (folder.join(format!("{}.key", engine.name())), server::program()?);
        let report = one(arguments, &Site { engine, address, key, program, folder: folder.to_owned() })?;
        report.show();
        reports.push(report);
    }
    Ok(reports)
}

/// Runs one engine from the empty database to the table.
fn one(arguments: &CounterArguments, site: &Site) -> Result<Report, String> {
    let (plans, loaded, checked) = filled(arguments, site)?;
    // The city is opened again with the settings of the server, because the baseline must not run with those of
    // loading.
    let city = city::open(site, false)?;
    let accounts = city::accounts(&city)?;
    let index = if arguments.words == 0 { None } else { Some(recall::index(&city)?) };
    let mut target = measure::target(&city, &accounts, &plans)?;
    city::close(city);
    let mut report = Report::new(site, arguments, &loaded, checked);
    let server = server::Server::start(site)?;
    report.started_in = server.started_in;
    report.settled_in = server.settle(arguments.settle)?;
    if let Some(index) = &index {
        report.recall = recall::check(&server, &accounts, index, arguments.words, arguments.pages)?;
    }
    report.stages = measure::pages(&server, site, &target, arguments.seconds)?;
    server.stop()?;
    // This comes after the pages, because the bare loop fills one counter as no real counter is filled.
    let city = city::open(site, false)?;
    let bare = bare::stages(&city, site, &accounts.worker, &plans, arguments.seconds)?;
    target.prepare(&city, &bare.prepared)?;
    city::close(city);
    let server = server::Server::start(site)?;
    server.settle(arguments.settle)?;
    report.stages.extend(measure::works(&server, site, &target, arguments.seconds, bare.stages)?);
    (report.memory, report.memory_most) = server.memory();
    server.stop()?;
    Ok(report)
}

/// Makes the city, loads it, and checks what was loaded.
pub fn filled(arguments: &CounterArguments, site: &Site) -> Result<(Arc<Plans>, Loaded, usize), String> {
    city::make(site)?;
    let city = city::open(site, true)?;
    let plans = plan::plans(&city, arguments.cases)?;
    let loaded = load::load(&city, &plans, arguments.sealed_share)?;
    let checked = recount::check(&city)?;
    city::close(city);
    Ok((plans, loaded, checked))
}

/// Returns as text what went wrong.
pub fn text<E: std::fmt::Display>(error: E) -> String {
    error.to_string()
}

/// Makes a bar for something that is counted.
pub fn bar(length: usize, what: &str) -> indicatif::ProgressBar {
    let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}");
    let style = style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar());
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    indicatif::ProgressBar::new(length).with_style(style).with_message(what.to_owned())
}
