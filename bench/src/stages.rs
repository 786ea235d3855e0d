//! This file runs the stages of `bench store` one after another, and compares them.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use store::{Engine, Options, Store, StoreError, migrate};

use crate::client::Target;
use crate::figures::{Stage, ratio, show};
use crate::records::{TABLES, count, pgbench_script};
use crate::{Only, StoreArguments, baseline, client, processor};

/// Runs all stages, prints the table and writes the JSON.
pub fn run(arguments: &StoreArguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        eprintln!("This is not an optimised build: the figures say nothing. Use cargo xtask bench store.");
    }
    let folder = match &arguments.folder {
        Some(parent) => tempfile::tempdir_in(parent),
        None => tempfile::tempdir(),
    };
    let folder = folder.map_err(|error| format!("no folder for the database: {error}"))?;
    let mut stages = Vec::new();
    if arguments.engine != Some(Only::Postgres) {
        stages.extend(sqlite(arguments, folder.path())?);
    }
    if arguments.engine != Some(Only::Sqlite) {
        match testkit::postgres::fresh_database() {
            Some(address) => stages.extend(postgres(arguments, &address, folder.path())?),
            None => eprintln!("PostgreSQL is left out."),
        }
    }
    show(&stages);
    match &arguments.json {
        Some(path) => write_json(path, &stages),
        None => Ok(()),
    }
}

fn write_json(path: &Path, stages: &[Stage]) -> Result<(), String> {
    let text = serde_json::to_string_pretty(stages).map_err(|error| error.to_string())?;
    if path.as_os_str() == "-" {
        println!("{text}");
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Shows that something runs, and for how long.
pub fn spinner(what: &str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{spinner} {msg} {elapsed}").unwrap_or_else(|_| ProgressStyle::default_spinner());
    let spinner = ProgressBar::new_spinner().with_style(style).with_message(what.to_owned());
    spinner.enable_steady_tick(Duration::from_millis(200));
    spinner
}

fn sqlite(arguments: &StoreArguments, folder: &Path) -> Result<Vec<Stage>, String> {
    let time = Duration::from_secs(arguments.seconds);
    let group = arguments.connections.min(arguments.group_size);
    let file = folder.join("bare.db");
    prepare(&file.display().to_string())?;
    let waiting = spinner("SQLite, bare loop");
    let bare = baseline::bare_sqlite(&file, group, time)?;
    let single_file = folder.join("single.db");
    prepare(&single_file.display().to_string())?;
    let single = baseline::bare_sqlite(&single_file, 1, time)?;
    waiting.finish_and_clear();
    let mut served = through_http(arguments, &folder.join("served.db").display().to_string(), Engine::Sqlite)?;
    served.of_baseline = Some(served.per_second / bare.per_second);
    let alone = http_alone(arguments, &folder.join("alone.db").display().to_string())?;
    Ok(vec![single, bare, alone, served])
}

fn postgres(arguments: &StoreArguments, address: &str, folder: &Path) -> Result<Vec<Stage>, String> {
    let time = Duration::from_secs(arguments.seconds);
    prepare(address)?;
    let script: PathBuf = folder.join("unit.sql");
    std::fs::write(&script, pgbench_script()).map_err(|error| error.to_string())?;
    let mut stages = Vec::new();
    for connections in [Options::default().postgres_writers, arguments.connections] {
        let waiting = spinner("PostgreSQL, pgbench");
        stages.push(baseline::pgbench(address, &script, connections, time)?);
        waiting.finish_and_clear();
    }
    let best = stages.iter().map(|stage| stage.per_second).fold(0.0, f64::max);
    let mut served = through_http(arguments, address, Engine::Postgres)?;
    served.of_baseline = Some(served.per_second / best);
    stages.push(served);
    Ok(stages)
}

fn prepare(address: &str) -> Result<(), String> {
    let store = Store::open(address, Options::default()).map_err(|error| error.to_string())?;
    let migrated = migrate(&store, &[&TABLES]).map_err(|error| error.to_string());
    store.close();
    migrated.map(drop)
}

/// Starts the server and loads it. Afterwards it counts whether everything that the server acknowledged is stored.
fn through_http(arguments: &StoreArguments, address: &str, engine: Engine) -> Result<Stage, String> {
    let name = match engine {
        Engine::Sqlite => "SQLite, store through HTTP",
        Engine::Postgres => "PostgreSQL, store through HTTP",
    };
    let waiting = spinner(name);
    prepare(address)?;
    let before = stored(address)?;
    let database = database_process(address, engine);
    let (mut server, port) = start(arguments, address)?;
    let loaded = measure(arguments, name, server.id(), Target { port, path: "/cases" }, database);
    let ended = server.kill().and_then(|()| server.wait()).map_err(|error| error.to_string());
    waiting.finish_and_clear();
    let stage = loaded?;
    ended?;
    let after = stored(address)?;
    let acknowledged = i64::try_from(stage.requests).unwrap_or(i64::MAX);
    if after - before < acknowledged {
        return Err(format!("{name}: {acknowledged} were acknowledged, {} are stored", after - before));
    }
    Ok(stage)
}

/// Runs the same server and client with nothing to store. This shows what HTTP alone costs here, which is the most that
/// the store through HTTP could reach.
fn http_alone(arguments: &StoreArguments, address: &str) -> Result<Stage, String> {
    let name = "HTTP alone, nothing stored";
    let waiting = spinner(name);
    let (mut server, port) = start(arguments, address)?;
    let loaded = measure(arguments, name, server.id(), Target { port, path: "/nothing" }, None);
    let ended = server.kill().and_then(|()| server.wait()).map_err(|error| error.to_string());
    waiting.finish_and_clear();
    ended?;
    loaded
}

fn start(arguments: &StoreArguments, address: &str) -> Result<(Child, u16), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut server = Command::new(own)
        .args(["serve", address, "--checkpoint-pages", &arguments.checkpoint_pages.to_string()])
        .args(["--group-size", &arguments.group_size.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("the server cannot be started: {error}"))?;
    let mut line = String::new();
    let read = server.stdout.take().map(|output| BufReader::new(output).read_line(&mut line));
    if let (Some(Ok(_)), Ok(port)) = (read, line.trim().parse()) {
        return Ok((server, port));
    }
    // The server ended already, or it will never say its port.
    let _ = server.kill();
    let _ = server.wait();
    Err("the server did not start".to_owned())
}

fn measure(
    arguments: &StoreArguments,
    name: &str,
    server: u32,
    target: Target,
    database: Option<u32>,
) -> Result<Stage, String> {
    client::load(target, arguments.connections, Duration::from_secs(arguments.seconds.min(1)))?;
    let used = || (processor::used_by(server), database.and_then(processor::used_by_family));
    let before = used();
    let begun = Instant::now();
    let latencies = client::load(target, arguments.connections, Duration::from_secs(arguments.seconds))?;
    let mut stage = latencies.stage(name, begun.elapsed());
    let after = used();
    let each = |before: Option<u64>, after: Option<u64>| Some(ratio(after?.saturating_sub(before?), stage.requests));
    (stage.server_micros, stage.database_micros) = (each(before.0, after.0), each(before.1, after.1));
    Ok(stage)
}

fn stored(address: &str) -> Result<i64, String> {
    let store = Store::open(address, Options::default()).map_err(|error| error.to_string())?;
    let counted = store.read_blocking(count).map_err(|error: StoreError| error.to_string());
    store.close();
    counted
}

/// Returns the process whose children serve PostgreSQL's connections, if it runs on this machine.
pub fn database_process(address: &str, engine: Engine) -> Option<u32> {
    if engine == Engine::Sqlite {
        return None;
    }
    let mut client = postgres::Client::connect(address, postgres::NoTls).ok()?;
    let backend: i32 = client.query_one("select pg_backend_pid()", &[]).ok()?.get(0);
    processor::parent_of(u32::try_from(backend).ok()?)
}
