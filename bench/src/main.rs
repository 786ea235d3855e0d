//! This program measures. `bench store` puts the store under load through HTTP and beside bare loops, `bench counter`
//! measures the whole server, `bench grid` a city with a million reports from the street, `bench flood` what a flood
//! costs others, `bench planning` measures the planners beside their rivals, `bench hotspots` the nightly scan for
//! rises, `bench property` the count of a vote of owners, and `bench ways` compares the reader of maps with a referee.

mod baseline;
mod client;
mod counter;
mod figures;
mod flood;
mod grid;
mod hotspots;
mod planning;
mod processor;
mod property;
mod records;
mod server;
mod stages;
mod ways;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The server's allocator, so that what is measured here is what runs there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Measures the platform. Build with --release; load goes to 127.0.0.1 only.")]
struct Arguments {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// Measure one case with one event per transaction through HTTP, beside the same statements in bare loops.
    #[command(after_help = "Example: bench store --seconds 10 --json target/store.json")]
    Store(StoreArguments),
    /// Measure a city with a million cases behind the real server: applications, steps, lists, search and figures over
    /// HTTP.
    #[command(after_help = "Example: bench counter --cases 100000 --json target/counter.json")]
    Counter(counter::CounterArguments),
    /// Measure half a year of reports from the street behind the real server: reporting, sending out, the lists of a
    /// worker, the map and where it hurts, and what grows with their number.
    #[command(after_help = "Example: bench grid --reports 100000 --engine sqlite --json target/grid.json")]
    Grid(grid::GridArguments),
    /// Measure what a flood of dear requests costs a page that somebody else looks at, and the server's memory.
    #[command(after_help = "Example: bench flood --kind multipart --seconds 20")]
    Flood(flood::FloodArguments),
    /// Flood a server; `flood` itself starts this.
    #[command(hide = true)]
    Flooding(flood::FloodingArguments),
    /// Measure the planners on invented cities, beside every rival that is installed, and check all answers.
    #[command(after_help = "Example: bench planning --size S,M --json target/planning.json")]
    Planning(planning::PlanningArguments),
    /// Measure one problem of one city in a process of its own; `planning` itself starts this.
    #[command(hide = true)]
    Planned(planning::PlannedArguments),
    /// Measure the nightly scan for rises on an invented city, beside a plain scan over discs.
    #[command(after_help = "Example: bench hotspots --size L --nights 400 --json target/hotspots.json")]
    Hotspots(hotspots::HotspotsArguments),
    /// Measure the count of a vote of owners, its audit sheet and its live quorum, through the records on both engines.
    #[command(after_help = "Example: bench property --units 20000 --json target/property.json")]
    Property(property::PropertyArguments),
    /// Compare the reader of OpenStreetMap extracts with a referee in Python, on a real extract that is fetched from
    /// PyPI.
    #[command(after_help = "Example: bench ways --extract network.osm.pbf --pairs 1000")]
    Ways(ways::WaysArguments),
    /// Run the server under load; `store` itself starts this.
    #[command(hide = true)]
    Serve {
        /// Address of the database.
        address: String,
        /// Pages in the write-ahead log after which a commit also writes the database file.
        #[arg(long, default_value_t = 8000)]
        checkpoint_pages: u32,
        /// The largest number of units that are committed together.
        #[arg(long, default_value_t = 256)]
        group_size: usize,
    },
}

/// Chooses one engine alone.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Only {
    Sqlite,
    Postgres,
}

/// What `bench store` is told.
#[derive(clap::Args, Clone)]
struct StoreArguments {
    /// Seconds for each stage.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// How many connections there are; each sends one request after another.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// The engine to measure; both if left out.
    #[arg(long)]
    engine: Option<Only>,
    /// Folder of the SQLite file; choose one on the disk that matters.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Write the figures as JSON into this file too (`-` for the standard output).
    #[arg(long)]
    json: Option<PathBuf>,
    /// SQLite: pages in the write-ahead log after which a commit also writes the database file.
    #[arg(long, default_value_t = 8000)]
    checkpoint_pages: u32,
    /// SQLite: the largest number of units that are committed together.
    #[arg(long, default_value_t = 256)]
    group_size: usize,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().measurement {
        Measurement::Store(arguments) => stages::run(&arguments),
        Measurement::Counter(arguments) => counter::run(&arguments),
        Measurement::Grid(arguments) => grid::run(&arguments),
        Measurement::Flood(arguments) => flood::run(&arguments),
        Measurement::Flooding(arguments) => flood::rush(&arguments),
        Measurement::Planning(arguments) => planning::run(&arguments),
        Measurement::Planned(arguments) => planning::planned(&arguments),
        Measurement::Hotspots(arguments) => hotspots::run(&arguments),
        Measurement::Property(arguments) => self::property::run(&arguments),
        Measurement::Ways(arguments) => ways::run(&arguments),
        Measurement::Serve { address, checkpoint_pages, group_size } => {
            server::run(&address, checkpoint_pages, group_size)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
