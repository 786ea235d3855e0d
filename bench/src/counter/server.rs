//! This file runs the real server, `lianglin serve`, as a process of its own. It measures how fast the server starts,
//! how much memory it takes, and when it is quiet.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::http::{Browser, wait};
use super::{Site, text};
use crate::processor;

/// Is a page that asks nothing of the database.
pub const STATIC_PAGE: &str = "/robots.txt";
/// Says how long one look at the server takes that decides whether it is quiet.
const LOOK: Duration = Duration::from_secs(1);
/// Says at how many looks in a row it must be quiet.
const QUIET_LOOKS: u32 = 3;
/// Says how many microseconds of processor time within a look still count as quiet.
const QUIET_MICROS: u64 = 60_000;

/// A running server.
pub struct Server {
    process: Child,
    /// Its port.
    pub port: u16,
    /// How many seconds passed from its start to its first answer.
    pub started_in: f64,
}

/// Returns the program beside this one.
pub fn program() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(text)?;
    let program = own.with_file_name("lianglin");
    if program.is_file() {
        return Ok(program);
    }
    Err(format!("{} is not there. Run: cargo build --release --package lianglin", program.display()))
}

impl Server {
    /// Starts the server and waits for its first answer. Requests a minute are not counted: all load comes from one
    /// address, and what is measured is not the quota.
    pub fn start(site: &Site) -> Result<Self, String> {
        Self::start_with(site, "0")
    }

    /// Starts the server with a quota of its own.
    pub fn start_with(site: &Site, quota: &str) -> Result<Self, String> {
        let begun = Instant::now();
        let mut command = Command::new(&site.program);
        command.args(["serve", "--quota", quota, "--listen", "127.0.0.1:0", "--database", &site.address, "--key-file"]);
        command.arg(&site.key);
        // What is refused is not printed among the figures.
        command.args(["--log", "warn"]);
        let mut process = command
            .current_dir(&site.folder)
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("the server cannot be started: {error}"))?;
        let mut line = String::new();
        let read = process.stdout.take().map(|output| BufReader::new(output).read_line(&mut line));
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let (Some(Ok(_)), Some(port)) = (read, port) else {
            // The server ended already, or it will never say its port.
            let _ = process.kill();
            let _ = process.wait();
            return Err("the server did not start".to_owned());
        };
        let mut server = Self { process, port, started_in: 0.0 };
        let answer = wait(async { Browser::connect(port, "").await?.ask(STATIC_PAGE, None).await })?;
        if answer.status != 200 {
            return Err(format!("{STATIC_PAGE} answers {}", answer.status));
        }
        server.started_in = begun.elapsed().as_secs_f64();
        Ok(server)
    }

    /// Returns the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits until the server has done what it does by itself after a start: sealing days, sending reminders, erasing
    /// data. Returns the seconds.
    pub fn settle(&self, most: u64) -> Result<f64, String> {
        let begun = Instant::now();
        let waiting = crate::stages::spinner("the server's own work");
        let mut quiet = 0;
        while quiet < QUIET_LOOKS {
            if begun.elapsed() > Duration::from_secs(most) {
                waiting.finish_and_clear();
                eprintln!("After {most} s the server is still busy with itself; the figures hold this work too.");
                break;
            }
            let Some(before) = processor::used_by(self.id()) else { break };
            std::thread::sleep(LOOK);
            let after = processor::used_by(self.id()).ok_or("the server has ended")?;
            quiet = if after.saturating_sub(before) <= QUIET_MICROS { quiet + 1 } else { 0 };
        }
        waiting.finish_and_clear();
        Ok(begun.elapsed().as_secs_f64())
    }

    /// Returns the memory in use now and the largest so far, in bytes.
    pub fn memory(&self) -> (Option<u64>, Option<u64>) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let value = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
        };
        (value("VmRSS:"), value("VmHWM:"))
    }

    /// Lets the largest memory so far begin anew.
    pub fn forget_memory(&self) -> Result<(), String> {
        let path = format!("/proc/{}/clear_refs", self.id());
        std::fs::write(&path, "5").map_err(|fault| format!("{path}: {fault}"))
    }

    /// Ends the server.
    pub fn stop(mut self) -> Result<(), String> {
        self.process.kill().map_err(text)?;
        self.process.wait().map(drop).map_err(text)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // If a stage fails, no server is left running. After `stop` there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
