//! `bench flood` measures what a flood of requests costs everybody else: a page that a worker looks at steadily, alone
//! and while somebody else does one of the things that are dear, and the memory of the server meanwhile.

mod guest;
mod rush;

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Serialize;

use crate::counter::server::Server;
use crate::counter::{CounterArguments, Site, city, filled, http, server, text};
use crate::figures::{Stage, ratio};
pub use rush::{FloodingArguments, Kind, run as rush};

/// The page that is looked at while others flood.
const PAGE: &str = "/queue";
/// How long the server rests after a flood, so that the next one finds it quiet.
const REST: Duration = Duration::from_secs(2);
/// How long a flood runs before the page is measured.
const RISING: Duration = Duration::from_secs(2);

/// What `bench flood` is told.
#[derive(clap::Args, Clone)]
pub struct FloodArguments {
    /// How many cases the city has.
    #[arg(long, default_value_t = 5_000)]
    pub cases: usize,
    /// Seconds for which the page is measured, quiet and in each flood.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// One flood alone; all if left out.
    #[arg(long)]
    pub kind: Option<Kind>,
    /// Write the figures as JSON into this file too (`-` for the standard output).
    #[arg(long)]
    pub json: Option<std::path::PathBuf>,
}

/// What one flood did to the page.
#[derive(Serialize)]
struct Measured {
    flood: String,
    quiet: Stage,
    flooded: Stage,
    /// The page's p99 in the flood by its p99 just before.
    times: Option<f64>,
    /// The largest memory of the server in the flood, in bytes.
    memory: Option<u64>,
    /// What the flood's own requests were answered with, and how many each.
    answers: String,
}

/// Makes a city, floods it, and prints a line for each flood.
pub fn run(arguments: &FloodArguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        eprintln!("This is not an optimised build: the figures say nothing. Use cargo xtask bench flood.");
    }
    let folder = tempfile::tempdir().map_err(text)?;
    let site = Site {
        engine: store::Engine::Sqlite,
        address: folder.path().join("city.db").display().to_string(),
        key: folder.path().join("city.key"),
        program: server::program()?,
        folder: folder.path().to_owned(),
    };
    drop(filled(&CounterArguments::of(arguments.cases), &site)?);
    let opened = city::open(&site, false)?;
    let accounts = city::accounts(&opened)?;
    city::close(opened);
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| arguments.kind.is_none_or(|one| one == *kind)).collect();
    let mut all = Vec::new();
    for kind in kinds {
        // Each flood gets a server of its own: the memory of one does not stand in the figures of the next.
        let server = Server::start_with(&site, "1")?;
        server.settle(120)?;
        let worker = http::sign_in(server.port, accounts.worker.login, &accounts.worker.password, 1)?.remove(0);
        let other = http::sign_in(server.port, accounts.district.login, &accounts.district.password, 1)?.remove(0);
        all.push(one(&server, kind, arguments.seconds, &Cookies { worker, other })?);
        server.stop()?;
    }
    show(&all);
    let Some(path) = &arguments.json else { return Ok(()) };
    let json = serde_json::to_string_pretty(&all).map_err(text)?;
    if path.as_os_str() == "-" {
        println!("{json}");
        return Ok(());
    }
    std::fs::write(path, json).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// The sessions of a flood: of the worker who looks at her page, and of the one who floods.
struct Cookies {
    worker: String,
    other: String,
}

fn one(server: &Server, kind: Kind, seconds: u64, cookies: &Cookies) -> Result<Measured, String> {
    let quiet = guest::looks(server.port, PAGE, &cookies.worker, seconds)?.stage("quiet", Duration::from_secs(seconds));
    server.forget_memory()?;
    let flood = Flood::begin(server.port, kind, &cookies.other, seconds + RISING.as_secs())?;
    std::thread::sleep(RISING);
    let looked = guest::looks(server.port, PAGE, &cookies.worker, seconds)?;
    let flooded = looked.stage(kind.name(), Duration::from_secs(seconds));
    let answers = flood.end()?;
    let (_, memory) = server.memory();
    std::thread::sleep(REST);
    let times = quiet.p99_milliseconds.zip(flooded.p99_milliseconds).map(|(quiet, flooded)| flooded / quiet);
    Ok(Measured { flood: kind.name().to_owned(), quiet, flooded, times, memory, answers })
}

/// A flood that runs in a process of its own, with the least right to the processors: those who flood a city bring
/// processors of their own.
struct Flood(Child);

impl Flood {
    fn begin(port: u16, kind: Kind, cookie: &str, seconds: u64) -> Result<Self, String> {
        let own = std::env::current_exe().map_err(text)?;
        let mut command = Command::new("nice");
        command.args(["-n", "19"]).arg(own).arg("flooding").arg(kind.name());
        command.args(["--port", &port.to_string(), "--seconds", &seconds.to_string(), "--cookie", cookie]);
        let child = command.stdout(Stdio::piped()).spawn();
        child.map(Self).map_err(|fault| format!("the flood cannot be started: {fault}"))
    }

    /// Waits for its end and returns what it was answered.
    fn end(self) -> Result<String, String> {
        let output = self.0.wait_with_output().map_err(text)?;
        if !output.status.success() {
            return Err("the flood ended early".to_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

fn show(all: &[Measured]) {
    println!(
        "{:<14} {:>9} {:>9} {:>9} {:>9} {:>7} {:>8} {:>8}  answers to the flood",
        "", "quiet p50", "p99 ms", "flood p50", "p99 ms", "times", "MiB", "failed"
    );
    let shown = |figure: Option<f64>| figure.map_or_else(String::new, |figure| format!("{figure:.1}"));
    for one in all {
        println!(
            "{:<14} {:>9} {:>9} {:>9} {:>9} {:>7} {:>8} {:>8}  {}",
            one.flood,
            shown(one.quiet.p50_milliseconds),
            shown(one.quiet.p99_milliseconds),
            shown(one.flooded.p50_milliseconds),
            shown(one.flooded.p99_milliseconds),
            shown(one.times),
            shown(one.memory.map(|bytes| ratio(bytes, 1024 * 1024))),
            one.flooded.failed,
            one.answers
        );
    }
}
