//! These are the two gates. `check` is quick and for every change. `test` does everything and runs for every commit.

use std::path::PathBuf;
use std::process::Command;

use crate::cluster::Cluster;
use crate::programs::{self, cargo, root, target};
use crate::steps::Steps;
use crate::{arch, browser, chores, texts};

/// Lists the crates whose tests need neither a database nor a browser.
const PURE: &[&str] = &["kernel", "xtask"];
/// Lists the steps that need the build.
const BUILT: &[&str] = &[TESTS, DOC_TESTS, GENERATED, BROWSER];
const TESTS: &str = "tests";
const DOC_TESTS: &str = "tests in documentation";
const GENERATED: &str = "generated pages";
const BROWSER: &str = "browser";
const PRINT: &str = "print program";
const NEW: &str = "new department";
/// Is the manifest of the program that lays out PDF letters. It is a workspace of its own, because it costs more to
/// build than everything else.
const PRINT_MANIFEST: &str = "print/Cargo.toml";
/// Is the one selection of targets for building and testing, so that nothing is built twice.
const TARGETS: &[&str] = &["--workspace", "--lib", "--bins", "--tests"];
/// Names the variable with the address of the tests' PostgreSQL cluster.
const ADDRESS: &str = "LIANGLIN_TEST_POSTGRES";
/// Names the variable that makes a test without PostgreSQL fail instead of pass.
const REQUIRE: &str = "LIANGLIN_REQUIRE_POSTGRES";

/// A gate while it runs: its steps, and those that were asked for.
struct Gate<'a> {
    steps: Steps,
    only: Option<&'a str>,
    cluster: Option<Cluster>,
}

impl Gate<'_> {
    fn wants(&self, name: &str) -> bool {
        self.only.is_none_or(|part| name.contains(part))
    }

    fn run(&mut self, name: &str, command: impl FnOnce() -> Command) -> bool {
        !self.wants(name) || self.steps.run(name, command())
    }

    fn call(&mut self, name: &str, work: impl FnOnce() -> Result<String, String>) -> bool {
        !self.wants(name) || self.steps.call(name, work)
    }

    /// Runs a program of tests, with the cluster's address in its environment.
    fn run_tests(&mut self, name: &str, mut command: Command) -> bool {
        if !self.wants(name) {
            return true;
        }
        if let Some(cluster) = &self.cluster {
            command.env(ADDRESS, &cluster.address).env(REQUIRE, "1");
        }
        let print = print_folder().join("debug/lianglin-print");
        if print.is_file() {
            command.env("LIANGLIN_PRINT", print).env("LIANGLIN_REQUIRE_FONTS", "1");
        }
        self.steps.run_tests(name, command)
    }

    fn close(self) -> Result<(), String> {
        drop(self.cluster);
        if self.steps.close() { Ok(()) } else { Err("Not everything passed.".to_owned()) }
    }

    /// Runs the steps that only read texts.
    fn read(&mut self) {
        // A list of files is enough, because `cargo fmt --all` mends them.
        self.run("format", || cargo(&["fmt", "--all", "--check", "--", "--files-with-diff", "--color", "never"]));
        self.run("format of print", || print(&["fmt"], &["--check"]));
        self.call("architecture", || arch::check(&root()));
        self.call("texts", || texts::check(&root()));
    }

    fn clippy(&mut self) -> bool {
        self.run("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    }
}

/// Runs the quick gate.
///
/// # Errors
/// Fails if a step does not pass.
pub fn check() -> Result<(), String> {
    let mut gate = Gate { steps: Steps::new(&target().join("xtask")), only: None, cluster: None };
    gate.read();
    gate.clippy();
    let mut pure = cargo(&["test", "--quiet", "--lib", "--bins"]);
    pure.args(PURE.iter().flat_map(|name| ["--package", name]));
    gate.run_tests("tests of the pure crates", pure);
    gate.close()
}

/// Runs the whole gate. With `only` it runs the steps whose name contains that text.
///
/// # Errors
/// Fails if a step does not pass.
pub fn test(only: Option<&str>) -> Result<(), String> {
    let mut gate = Gate { steps: Steps::new(&target().join("xtask")), only, cluster: None };
    let provided = gate.steps.call("programs", programs::provide_packages);
    gate.read();
    gate.clippy();
    gate.run("clippy of print", || print(&["clippy", "--all-targets"], &["--", "-D", "warnings"]));
    gate.run_tests(PRINT, print(&["test", "--quiet"], &[]));
    // The build comes first even for a part, because tests and browser use what it makes.
    let wanted: Vec<&str> = BUILT.iter().copied().filter(|name| gate.wants(name)).collect();
    if wanted.is_empty() || gate.steps.run("build", targets("build")) {
        rust_tests(&mut gate, provided);
        gate.call(GENERATED, chores::compare_generated);
        browser_tests(&mut gate, provided);
    } else {
        for name in wanted {
            gate.steps.skip(name, "the build failed");
        }
    }
    gate.run_tests(NEW, new_department());
    gate.run("documentation", documentation);
    gate.close()
}

/// Returns a cargo command on the program that lays out PDF letters.
fn print(command: &[&str], rest: &[&str]) -> Command {
    let mut cargo = cargo(command);
    cargo.args(["--manifest-path", PRINT_MANIFEST]).args(rest).env("CARGO_TARGET_DIR", print_folder());
    cargo
}

fn print_folder() -> PathBuf {
    target().join("print")
}

fn targets(command: &str) -> Command {
    let mut cargo = cargo(&[command]);
    cargo.args(TARGETS);
    cargo
}

/// Makes a department in a copy of the tree, builds it, runs its story, and takes it out again.
fn new_department() -> Command {
    cargo(&["test", "--quiet", "--package", "xtask", "--bins", "new::", "--", "--ignored", "--nocapture"])
}

fn documentation() -> Command {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

fn rust_tests(gate: &mut Gate, provided: bool) {
    if gate.wants(TESTS) {
        let cluster = &mut gate.cluster;
        let start = || {
            let started = Cluster::start()?;
            let place = started.address.rsplit('@').next().unwrap_or_default().to_owned();
            *cluster = Some(started);
            Ok(format!("private, {place}"))
        };
        if !provided || !gate.steps.call("PostgreSQL cluster", start) {
            gate.steps.skip(TESTS, "there is no PostgreSQL to test on");
            return;
        }
    }
    gate.run_tests(TESTS, unit_and_story_tests());
    gate.run_tests(DOC_TESTS, cargo(&["test", "--workspace", "--doc"]));
}

/// Uses nextest if it is installed, otherwise cargo's own runner.
fn unit_and_story_tests() -> Command {
    if programs::find("cargo-nextest").is_some() {
        let mut command =
            cargo(&["nextest", "run", "--no-fail-fast", "--status-level", "fail", "--final-status-level", "slow"]);
        command.args(TARGETS);
        return command;
    }
    let mut command = targets("test");
    command.arg("--no-fail-fast");
    command
}

fn browser_tests(gate: &mut Gate, ready: bool) {
    if !gate.wants(BROWSER) {
        return;
    }
    if !ready {
        gate.steps.skip(BROWSER, "there is no browser");
        return;
    }
    if gate.steps.run("browser packages", browser::install()) {
        gate.run_tests(BROWSER, browser::tests());
    } else {
        gate.steps.skip(BROWSER, "its npm packages could not be installed");
    }
}
