//! This file runs Martin as a process of its own, without a cache.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::counter::http::{Browser, wait};
use crate::counter::text;

/// Says how long Martin may take to start.
const PATIENCE: Duration = Duration::from_secs(30);
/// Names the file of the program, where it is not on the path.
const NAMED: &str = "LIANGLIN_MARTIN";

/// Is the page on which it says that it runs.
pub const HEALTH: &str = "/health";

/// A running Martin.
pub struct Martin {
    process: Child,
    /// Its port.
    pub port: u16,
}

/// Returns the program that `LIANGLIN_MARTIN` names, or the one on the path; none if there is none.
pub fn program() -> Option<PathBuf> {
    let named = std::env::var_os(NAMED).map(PathBuf::from);
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("martin")).find(|file| file.is_file());
    named.or(found)
}

/// Returns the name and the version that the program tells of itself.
pub fn version(program: &Path) -> Result<String, String> {
    let told = Command::new(program).arg("--version").output();
    let told = told.map_err(|fault| format!("{} cannot be started: {fault}", program.display()))?;
    Ok(String::from_utf8_lossy(&told.stdout).trim().to_owned())
}

/// Writes the settings: the table as it is and the function that gathers. The table is cut at the edges of a square, as
/// our points are; by default Martin would send those a little beyond it too.
fn settings(address: &str, pool: usize) -> String {
    format!(
        "postgres:\n  connection_string: '{address}'\n  pool_size: {pool}\n  reload_interval: 0s\n  auto_bounds: skip\n\
         \x20 tables:\n    reports:\n      schema: public\n      table: reports\n      srid: 3857\n\
         \x20     geometry_column: geom\n      geometry_type: POINT\n      extent: 4096\n      buffer: 0\n\
         \x20     clip_geom: true\n      properties:\n        count: int8\n        name: text\n        href: text\n\
         \x20 functions:\n    reports_in_cells:\n      schema: public\n      function: reports_in_cells\n"
    )
}

impl Martin {
    /// Starts Martin over a database with so many connections, and waits until it answers. It has as many workers as
    /// the machine has processors, as our server has.
    pub fn start(program: &Path, address: &str, pool: usize, folder: &Path) -> Result<Self, String> {
        let file = folder.join("martin.yaml");
        std::fs::write(&file, settings(address, pool)).map_err(text)?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(text)?.port();
        let log = std::fs::File::create(folder.join("martin.log")).map_err(text)?;
        let mut command = Command::new(program);
        command.arg("--config").arg(&file).args(["--cache-size", "0", "--listen-addresses"]);
        command.arg(format!("127.0.0.1:{port}")).env("RUST_LOG", "warn").current_dir(folder).stdin(Stdio::null());
        command.stdout(log.try_clone().map_err(text)?).stderr(log);
        let process = command.spawn().map_err(|fault| format!("{} cannot be started: {fault}", program.display()))?;
        let mut martin = Self { process, port };
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if martin.process.try_wait().map_err(text)?.is_some() {
                break;
            }
            let answer = wait(async { Browser::connect(port, "").await?.ask(HEALTH, None).await });
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(martin);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(folder.join("martin.log")).unwrap_or_default();
        Err(format!("Martin does not answer: {}", log.trim()))
    }
}

impl Drop for Martin {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
