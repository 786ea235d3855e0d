//! These are the two gates. `check` is quick and for every change. `test` does everything and runs for every commit.

use std::path::PathBuf;
use std::process::Command;

use crate::cluster::Cluster;
use crate::programs::{self, cargo, linting_cargo, root, target};
use crate::stamp::Stamp;
use crate::steps::{Beside, Program, Steps};
use crate::stories::{self, Spent};
use crate::{arch, asvs, browser, chores, documents, texts};

/// Lists the crates whose tests need neither a database nor a browser.
const PURE: &[&str] = &["kernel", "xtask"];
/// Lists the steps that need the build.
const BUILT: &[&str] = &[TESTS, DOCUMENTATION, GENERATED, BROWSER];
const TESTS: &str = "tests";
const GENERATED: &str = "generated pages";
const BROWSER: &str = "browser";
const PRINT: &str = "print program";
const PRINT_CLIPPY: &str = "clippy of print";
const LINTS: &str = "clippy";
const NEW: &str = "new department";
const DOCUMENTATION: &str = "documentation";
/// Is the manifest of the program that lays out PDF letters. It is a workspace of its own, because it costs more to
/// build than everything else.
const PRINT_MANIFEST: &str = "print/Cargo.toml";
/// Is the one selection of targets for building and testing, so that nothing is built twice.
const TARGETS: &[&str] = &["--workspace", "--lib", "--bins", "--tests"];
/// Names the variable with the address of the tests' PostgreSQL cluster.
const ADDRESS: &str = "LIANGLIN_TEST_POSTGRES";
/// Names the variable that makes a test without PostgreSQL fail instead of pass.
const REQUIRE: &str = "LIANGLIN_REQUIRE_POSTGRES";
/// Names the variable with the program that makes databases there.
const PSQL: &str = "LIANGLIN_TEST_PSQL";
/// Names the variable with the folder in which the tests of one run keep what they fill once and copy.
const TEMPLATES: &str = "LIANGLIN_TEST_TEMPLATES";
/// Names the variable that makes a test without a Chinese font fail instead of pass.
const FONTS: &str = "LIANGLIN_REQUIRE_FONTS";

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

    /// Runs a program of tests on the cluster.
    fn run_tests(&mut self, name: &str, command: Command) -> bool {
        let command = self.on_cluster(command);
        !self.wants(name) || self.steps.run_tests(name, command)
    }

    /// Puts the cluster's address into the environment of a program of tests.
    fn on_cluster(&self, mut command: Command) -> Command {
        if let Some(cluster) = &self.cluster {
            command.env(ADDRESS, &cluster.address).env(REQUIRE, "1").env(TEMPLATES, templates());
            if let Some(folder) = programs::postgres_folder() {
                command.env(PSQL, folder.join("psql"));
            }
        }
        let print = print_file();
        if print.is_file() {
            command.env("LIANGLIN_PRINT", print).env(FONTS, "1");
        }
        command
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
        self.call("security requirements", || asvs::check(&root()));
    }

    /// Builds everything with the compiler that also lints, and then says what the lints said.
    fn build(&mut self) -> bool {
        let built = self.steps.run("build", targets("build"));
        if programs::linting_compiler().is_none() {
            self.clippy();
        } else if built {
            let said = lints(self.steps.said());
            self.call(LINTS, || said);
        }
        built
    }

    fn clippy(&mut self) -> bool {
        self.run(LINTS, || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
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
    print_program(&mut gate, provided);
    gate.steps.call("library of the map", chores::map);
    // The build comes first even for a part, because tests and browser use what it makes.
    let wanted: Vec<&str> = BUILT.iter().copied().filter(|name| gate.wants(name)).collect();
    if wanted.is_empty() && !gate.wants(LINTS) || gate.build() {
        rust_tests(&mut gate, provided);
        gate.call(GENERATED, chores::compare_generated);
        let beside = build_beside(&gate, true);
        browser_tests(&mut gate, provided);
        gate.steps.end(beside);
    } else {
        for name in wanted {
            gate.steps.skip(name, "the build failed");
        }
        let beside = build_beside(&gate, false);
        gate.steps.end(beside);
    }
    gate.close()
}

/// Starts the documentation with its examples, and the trial of a new department. The browser leaves half of the
/// processor alone.
fn build_beside(gate: &Gate<'_>, is_built: bool) -> Beside {
    let programs = [
        Program { name: DOCUMENTATION, command: documents::command(), is_test: true },
        Program { name: NEW, command: gate.on_cluster(new_department()), is_test: true },
    ];
    let runs = |program: &Program| gate.wants(program.name) && (is_built || !BUILT.contains(&program.name));
    Beside::begin(programs.into_iter().filter(runs).collect())
}

/// Says what the lints said while everything was built. What was built earlier says it again.
fn lints(said: &[String]) -> Result<String, String> {
    if !said.iter().any(|line| line.starts_with("warning: ")) {
        return Ok("nothing to say".to_owned());
    }
    let progress = |line: &&String| !line.starts_with("   Compiling ") && !line.starts_with("    Finished ");
    Err(said.iter().filter(progress).cloned().collect::<Vec<_>>().join("\n"))
}

/// Checks, builds and tests the program that lays out PDF letters. If that passed with the same sources and the same
/// compiler, its result still counts.
fn print_program(gate: &mut Gate, provided: bool) {
    let wanted: Vec<&str> = [PRINT_CLIPPY, PRINT].into_iter().filter(|name| gate.wants(name)).collect();
    if wanted.is_empty() {
        return;
    }
    let stamp = print_stamp();
    if let Some(earlier) = stamp.as_ref().ok().filter(|_| print_file().is_file()).and_then(Stamp::earlier) {
        for name in wanted {
            gate.steps.call(name, || Ok(format!("the sources are those of an earlier run: {earlier}")));
        }
        if gate.wants(PRINT) {
            gate.steps.count(&earlier);
        }
        return;
    }
    let mut tests = print(&["test", "--quiet"], &[]);
    if provided {
        tests.env(FONTS, "1");
    }
    // Its lints are said while its tests are built.
    let passed = gate.steps.run_tests(PRINT, tests);
    let said = lints(gate.steps.said());
    let clean = gate.call(PRINT_CLIPPY, || said);
    if clean && passed && wanted.len() == 2 {
        let kept = stamp.and_then(|stamp| stamp.keep(gate.steps.counted()));
        if let Err(fault) = kept {
            println!("The result of {PRINT} is not kept, so it runs again next time: {fault}");
        }
    }
}

/// Returns the stamp of everything on which the result for the print program depends.
fn print_stamp() -> Result<Stamp, String> {
    let sources = ["print", "clippy.toml", "rustfmt.toml", ".cargo/config.toml"].map(|name| root().join(name));
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    Stamp::of(print_folder().join("xtask.stamp"), &sources, &format!("{}{flags}", programs::toolchain()?))
}

fn print_file() -> PathBuf {
    print_folder().join("debug/lianglin-print")
}

/// Returns a cargo command on the program that lays out PDF letters.
fn print(command: &[&str], rest: &[&str]) -> Command {
    let mut cargo = linting_cargo(command);
    cargo.args(["--manifest-path", PRINT_MANIFEST]).args(rest).env("CARGO_TARGET_DIR", print_folder());
    cargo
}

fn print_folder() -> PathBuf {
    target().join("print")
}

/// Returns the folder in which the tests of one run keep what they fill once and copy.
fn templates() -> PathBuf {
    target().join("xtask/templates")
}

/// Empties that folder, because what an earlier run filled may be of other sources and of a cluster that is gone.
fn empty_templates() -> Result<(), String> {
    let folder = templates();
    if folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))
}

fn targets(command: &str) -> Command {
    let mut cargo = linting_cargo(&[command]);
    cargo.args(TARGETS);
    cargo
}

/// Makes a department in a copy of the tree, builds it, runs its story, and takes it out again.
fn new_department() -> Command {
    cargo(&["test", "--quiet", "--package", "xtask", "--bins", "new::", "--", "--ignored", "--nocapture"])
}

fn rust_tests(gate: &mut Gate, provided: bool) {
    if gate.wants(TESTS) {
        let cluster = &mut gate.cluster;
        let start = || {
            empty_templates()?;
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
    if gate.wants(TESTS) {
        gate.run_tests(TESTS, unit_and_story_tests());
        time_stories(gate);
    }
}

/// Says how long the stories of each department took, from what the tests have just said.
fn time_stories(gate: &mut Gate) {
    let spent = Spent::read(gate.steps.said());
    let limit = stories::limit();
    for line in limit.iter().flat_map(|limit| spent.lines(*limit)) {
        gate.steps.note(line);
    }
    gate.steps.call("time of stories", || Ok(spent.sum(limit?)));
}

/// Uses nextest if it is installed, otherwise cargo's own runner.
fn unit_and_story_tests() -> Command {
    if programs::find("cargo-nextest").is_some() {
        let mut command = linting_cargo(&[
            "nextest",
            "run",
            "--no-fail-fast",
            "--status-level",
            "pass",
            "--final-status-level",
            "slow",
        ]);
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
