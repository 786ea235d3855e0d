//! This file runs the browser tests and screenshots: Node programs in tests/browser that drive a real Chromium.

use std::path::PathBuf;
use std::process::Command;

use crate::programs;

fn folder() -> PathBuf {
    programs::root().join("tests/browser")
}

/// Installs exactly the packages of package-lock.json.
pub fn install() -> Command {
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder());
    command
}

/// Runs the tests, one file after the other, against one server.
pub fn tests() -> Command {
    let mut command = node();
    command.arg("run.mjs");
    command
}

/// Takes the screenshots.
pub fn screenshots() -> Command {
    let mut command = node();
    command.arg("screenshots.mjs");
    command
}

fn node() -> Command {
    let mut command = Command::new("node");
    command.current_dir(folder()).env("LIANGLIN", programs::lianglin());
    if let Some(chromium) = programs::chromium() {
        command.env("LIANGLIN_CHROMIUM", chromium);
    }
    command
}
