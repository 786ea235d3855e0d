//! The store is compared with these: the same statements in a bare SQLite loop, and in pgbench.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::figures::{Latencies, Stage};
use crate::records::{CASE, DISTRICT, EVENT};

/// Runs units in one thread, `group` of them in each commit, on a file whose tables exist.
pub fn bare_sqlite(file: &Path, group: usize, time: Duration) -> Result<Stage, String> {
    let connection = Connection::open(file).map_err(text)?;
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on")
        .map_err(text)?;
    let mut latencies = Latencies::default();
    let begun = Instant::now();
    while begun.elapsed() < time {
        let started = Instant::now();
        connection.execute_batch("begin immediate").map_err(text)?;
        (0..group).try_for_each(|_| unit(&connection)).map_err(text)?;
        connection.execute_batch("commit").map_err(text)?;
        let took = started.elapsed();
        (0..group).for_each(|_| latencies.add(took, true));
    }
    Ok(latencies.stage(&format!("SQLite, bare loop, {group} per commit"), begun.elapsed()))
}

fn unit(connection: &Connection) -> rusqlite::Result<()> {
    let numbered = |sql: &str| sql.replace('$', "?");
    let id = Uuid::now_v7();
    let zeros = [0u8; 32];
    let now = 1_795_399_200_000_000i64;
    let stream = id.as_bytes().as_slice();
    connection.prepare_cached(&numbered(CASE))?.execute(params![
        DISTRICT.0,
        stream,
        100,
        "老年人优待证申请",
        "received",
        now
    ])?;
    let event = params![DISTRICT.0, stream, 1, now, "opened", "{\"community\":100}", zeros, zeros];
    connection.prepare_cached(&numbered(EVENT))?.execute(event)?;
    Ok(())
}

/// Runs pgbench with prepared statements on a number of connections.
pub fn pgbench(address: &str, script: &Path, connections: usize, time: Duration) -> Result<Stage, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let output = Command::new(program())
        .args(["-n", "-M", "prepared", "-j", "2", "-l"])
        .args(["-c", &connections.to_string(), "-T", &time.as_secs().max(1).to_string()])
        .arg("--log-prefix")
        .arg(folder.path().join("log"))
        .arg("-f")
        .arg(script)
        .arg(address)
        .output()
        .map_err(|error| format!("pgbench cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let mut latencies = Latencies::default();
    for entry in std::fs::read_dir(folder.path()).map_err(|error| error.to_string())?.flatten() {
        let log = std::fs::read_to_string(entry.path()).map_err(|error| error.to_string())?;
        let micros = log.lines().filter_map(|line| line.split_whitespace().nth(2)?.parse().ok());
        micros.for_each(|micros| latencies.add(Duration::from_micros(micros), true));
    }
    Ok(latencies.stage(&format!("PostgreSQL, pgbench, {connections} connections"), time))
}

fn program() -> PathBuf {
    let named = std::env::var_os("LIANGLIN_PGBENCH").map(PathBuf::from);
    let beside = || testkit::postgres::programs().map(|folder| folder.join("pgbench"));
    named.or_else(beside).filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("pgbench"))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn text(error: rusqlite::Error) -> String {
    error.to_string()
}
