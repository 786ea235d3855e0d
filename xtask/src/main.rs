//! This program does every chore of the project: `cargo xtask --help`.

mod arch;
mod asvs;
mod browser;
mod chores;
mod cluster;
mod demo;
mod documents;
mod gates;
mod new;
mod programs;
mod stamp;
mod steps;
mod stories;
mod tally;
mod texts;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Chores of the project.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    after_help = "Examples:\n  cargo xtask demo\n  cargo xtask check\n  cargo xtask test"
)]
struct Xtask {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build and start the platform with a demonstration city, and print its addresses and sign-ins
    #[command(
        after_help = "Examples:\n  cargo xtask demo\n  cargo xtask demo --port 8020\n  cargo xtask demo --fresh\n  cargo xtask demo --database postgres://me:secret@localhost/lianglin"
    )]
    Demo(Demo),
    /// The quick checks: format, architecture, texts, clippy, tests of the pure crates
    #[command(after_help = "Example:\n  cargo xtask check")]
    Check,
    /// Everything: what `check` does, all tests on SQLite and PostgreSQL, documentation, real browser
    #[command(
        after_help = "Examples:\n  cargo xtask test\n  cargo xtask test --only browser\n\nLogs of all steps are kept in target/xtask."
    )]
    Test(Test),
    /// Check the tree against architecture.toml
    #[command(after_help = "Example:\n  cargo xtask arch")]
    Arch,
    /// Check the list of security requirements in docs/security against the tree
    #[command(after_help = "Example:\n  cargo xtask asvs")]
    Asvs,
    /// Check that every text key exists in both languages and is used
    #[command(after_help = "Example:\n  cargo xtask texts")]
    Texts,
    /// Write docs/generated anew: refusals, permissions, schema
    #[command(after_help = "Examples:\n  cargo xtask docs\n  cargo xtask docs --check")]
    Docs(Docs),
    /// Install the library of the zoomable map (npm), which the next build takes in
    #[command(after_help = "Example:\n  cargo xtask map")]
    Map,
    /// Make something new from its pattern
    #[command(subcommand)]
    New(New),
    /// Take the screenshots of docs/guide/images anew
    #[command(after_help = "Example:\n  cargo xtask screenshots")]
    Screenshots,
    /// Measure; the words after the name go to the measuring program
    #[command(
        after_help = "Examples:\n  cargo xtask bench store\n  cargo xtask bench counter -- --cases 100000\n  cargo xtask bench counter -- --help"
    )]
    Bench(Bench),
    /// Give damaged input to everything that reads
    #[command(
        after_help = "Examples:\n  cargo xtask fuzz\n  cargo xtask fuzz --seconds 600 --target procedure\n  cargo xtask fuzz --target procedure --replay fuzz/artifacts/procedure-1a2b3c4d5e6f7081.bin"
    )]
    Fuzz(Fuzz),
}

#[derive(Subcommand)]
enum New {
    /// An empty department: a table, a page, a permission, both languages, a story
    #[command(
        after_help = "Examples:\n  cargo xtask new department lamps --zh 路灯 --en Lamps\n  cargo xtask new department old_homes --zh 老旧小区 --role street_handler"
    )]
    Department(NewDepartment),
}

#[derive(Args)]
struct NewDepartment {
    /// Name of its crate: English words in small letters, joined by `_`
    name: String,
    /// What it is called in Chinese
    #[arg(long)]
    zh: Option<String>,
    /// What it is called in English [default: the name]
    #[arg(long)]
    en: Option<String>,
    /// The role of data/roles that may use it
    #[arg(long, default_value = "community_worker")]
    role: String,
}

#[derive(Args)]
struct Demo {
    /// SQLite file or postgres:// address [default: demo/city/lianglin.db]
    #[arg(long)]
    database: Option<String>,
    /// Port on 127.0.0.1
    #[arg(long, default_value_t = 8010)]
    port: u16,
    /// Throw the last demonstration away and begin anew (SQLite only)
    #[arg(long)]
    fresh: bool,
}

#[derive(Args)]
struct Test {
    /// Run only the steps whose name contains this
    #[arg(long)]
    only: Option<String>,
}

#[derive(Args)]
struct Docs {
    /// Change nothing; fail if a file differs from what would be written
    #[arg(long)]
    check: bool,
}

#[derive(Args)]
struct Bench {
    /// What is measured: store, counter, grid, flood, planning, hotspots, property, ways
    name: String,
    /// Arguments of the measuring program
    #[arg(last = true)]
    arguments: Vec<String>,
}

#[derive(Args)]
struct Fuzz {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Run only this target
    #[arg(long)]
    target: Option<String>,
    /// Give the target this file and say what happens
    #[arg(long, requires = "target")]
    replay: Option<std::path::PathBuf>,
    /// The seed; another one gives another sequence of mutations
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    if let Some(ended) = documents::stands_in() {
        return ended;
    }
    let result = match Xtask::parse().chore {
        Chore::Demo(demo) => demo::run(demo.database.as_deref(), demo.port, demo.fresh),
        Chore::Check => gates::check(),
        Chore::Test(test) => gates::test(test.only.as_deref()),
        Chore::Arch => arch::check(&programs::root()).map(|said| println!("{said}")),
        Chore::Asvs => asvs::check(&programs::root()).map(|said| println!("{said}")),
        Chore::Texts => texts::check(&programs::root()).map(|said| println!("{said}")),
        Chore::Docs(docs) => chores::docs(docs.check),
        Chore::New(New::Department(asked)) => {
            let NewDepartment { name, zh, en, role } = asked;
            new::department(&programs::root(), &new::Asked { name, zh, en, role }).map(|said| println!("{said}"))
        }
        Chore::Map => chores::map().map(|said| println!("{said}")),
        Chore::Screenshots => chores::screenshots(),
        Chore::Bench(bench) => chores::bench(&bench.name, &bench.arguments),
        Chore::Fuzz(fuzz) => chores::fuzz(fuzz.seconds, fuzz.seed, fuzz.target.as_deref(), fuzz.replay.as_deref()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
