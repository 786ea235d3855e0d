//! This file does `lianglin plan`: it runs the planners at the command line.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use kernel::language::Lang;
use planning::mobilize::Terms;
use planning::network::Profile;
use planning::partition::{Bounds, Effort};

use super::progress::bar;
use crate::AppError;
use crate::plan::checked::Outcome;
use crate::plan::site::Wish;
use crate::plan::summary::Summary;
use crate::plan::{grids, mobilize, reach, sample, site};

/// Is the exit code of a check that does not prove everything that the answer claims.
const UNPROVEN: u8 = 3;

#[derive(Subcommand)]
pub enum Command {
    /// Divide communities into grids: read `buildings` and `adjacency`, write `grids.bin`, `pieces.csv`,
    /// `grids.geojson` and `summary.json`, with `--old` also `moves.csv` and `old_grids.bin`, with `--proof` also
    /// `grid_prices.csv`.
    #[command(after_help = "Example: lianglin plan grids city --out plan --old plan/grids.bin")]
    Grids(Grids),
    /// Send volunteers to compounds: read the network, `compounds`, `gates` and `volunteers`, write `assignment.csv`,
    /// `prices.csv` and `summary.json`, with `--fair` also `fair_prices.csv` and `fair_witness.csv`.
    #[command(after_help = "Example: lianglin plan mobilize city --out plan --slots")]
    Mobilize(Mobilize),
    /// Find who lives within the time of a station: read the network, `buildings` and `stations`, write `coverage.csv`,
    /// `times.bin` and `summary.json`.
    #[command(after_help = "Example: lianglin plan reach city --out plan --walker elderly")]
    Reach(Reach),
    /// Make an invented city on which to try the planners.
    #[command(after_help = "Example: lianglin plan sample --size M --out city")]
    Sample(Sample),
    /// Find where the next stations belong: read the same tables and `candidates`, write `sites.csv`,
    /// `site_prices.csv` and `summary.json`.
    #[command(after_help = "Example: lianglin plan site city --out plan --open 10")]
    Site(Sites),
}

/// What every planner is told.
#[derive(Args)]
struct Common {
    /// Folder with the tables as CSV or Parquet.
    folder: PathBuf,
    /// Folder for the answer; it is made if it does not exist.
    #[arg(long)]
    out: PathBuf,
    /// Print the summary as JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Check the answer in --out by separate code instead of planning: every column, figure and word of it is compared
    /// with what the tables give. Exit code 0: all that it claims holds, and bounds that are broken cannot be kept; 1:
    /// it is refused, or something cannot be read; 2: the command line is wrong; 3: something that it claims is not
    /// proven by this check.
    #[arg(long)]
    check: bool,
    /// The language in which faults of the tables are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

#[derive(Args)]
pub struct Grids {
    #[command(flatten)]
    common: Common,
    /// The smallest number of households of a grid.
    #[arg(long, default_value_t = 200)]
    least: u32,
    /// The largest number of households of a grid.
    #[arg(long, default_value_t = 400)]
    most: u32,
    /// The number of households that a grid should have.
    #[arg(long, default_value_t = 300)]
    target: u32,
    /// How many metres of border one household off the mean is worth.
    #[arg(long, default_value_t = 2.0, allow_negative_numbers = true)]
    deviation: f64,
    /// How many moves are tried for each building; 300 is good, 3000 is better.
    #[arg(long, default_value_t = 300)]
    effort: usize,
    /// Solve small pieces to the proven best: those with up to this many connected sets of buildings (500000 if no
    /// number is given). This takes several times as long, and the grids get better by less than a thousandth. Without
    /// it only pieces of one grid and pieces without rings are proven; the summary says how many are.
    #[arg(long, num_args = 0..=1, default_value_t = 0, default_missing_value = "500000")]
    proof: usize,
    /// The same seed gives the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The grids of today (`grids.bin`). Those that keep the bounds stay as far as possible. `moves.csv` lists the
    /// buildings that change grid.
    #[arg(long)]
    old: Option<PathBuf>,
    /// The column of `buildings` that the planner balances.
    #[arg(long, default_value = "households")]
    weight: String,
}

#[derive(Args)]
pub struct Mobilize {
    #[command(flatten)]
    common: Common,
    /// The longest walk, in minutes.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1_440))]
    minutes: u32,
    /// Give each compound three shifts and doctors instead of one slot.
    #[arg(long)]
    slots: bool,
    /// First make the longest walk as short as possible, then walk least in all.
    #[arg(long)]
    fair: bool,
    /// How many tenths of a second of walking a volunteer who stays at home counts.
    #[arg(long, default_value_t = 50_000, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(0..))]
    home: i32,
    /// How many tenths of a second of walking a missing volunteer counts.
    #[arg(long, default_value_t = 200_000, allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(0..))]
    short: i32,
}

/// Reads a minute of the day that is written as 18:30.
fn minute_of_day(text: &str) -> Result<u32, String> {
    let read = || {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    read().ok_or_else(|| "write hours and minutes, as 18:30".to_owned())
}

/// Says who walks.
#[derive(Clone, Copy, ValueEnum)]
enum Walker {
    /// An adult walks 1.2 m/s.
    Adult,
    /// An elderly person walks 0.8 m/s.
    Elderly,
}

/// How long and how fast people walk.
#[derive(Args)]
struct Walk {
    /// The longest walk, in minutes.
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=1_440))]
    minutes: u32,
    /// The kind of person who walks.
    #[arg(long, value_enum, default_value = "adult")]
    walker: Walker,
    /// The percentage of the time that ways of class 0, 1, 2 … take, for slopes and snow.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u32).range(1..=10_000))]
    class_percent: Vec<u32>,
}

impl Walk {
    fn limit(&self) -> u32 {
        self.minutes.saturating_mul(600)
    }

    fn profile(&self) -> Profile {
        let profile = match self.walker {
            Walker::Adult => Profile::adult(),
            Walker::Elderly => Profile::elderly(),
        };
        Profile { class_percent: self.class_percent.clone(), ..profile }
    }
}

#[derive(Args)]
pub struct Reach {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    walk: Walk,
    /// Take only stations that are open at this time (18:30), by the columns `opens` and `closes` of `stations`
    /// (minutes of the day).
    #[arg(long, value_parser = minute_of_day)]
    at: Option<u32>,
}

#[derive(Args)]
pub struct Sites {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    walk: Walk,
    /// Open this many more stations that reach most households.
    #[arg(long, required_unless_present = "share", conflicts_with = "share")]
    open: Option<usize>,
    /// With --open: choose those that shorten the walks most (p-median). Walks are counted up to --minutes.
    #[arg(long, requires = "open", conflicts_with = "share")]
    walking: bool,
    /// Open the fewest further stations that reach this percentage of all households.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    share: Option<u32>,
    /// The same seed gives the same answer.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Args)]
pub struct Sample {
    /// Folder for the tables; it is made if it does not exist.
    #[arg(long)]
    out: PathBuf,
    /// S is a street, M is a district, L is a city of nine million people, XL is ten such cities.
    #[arg(long, default_value = "M", value_parser = ["S", "M", "L", "XL"])]
    size: String,
    /// The same seed gives the same city.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the summary as JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command) -> Result<ExitCode, AppError> {
    let (json, outcome) = match command {
        Command::Grids(options) => options.common.done(options.run())?,
        Command::Mobilize(options) => options.common.done(options.run())?,
        Command::Reach(options) => options.common.done(options.run())?,
        Command::Site(options) => options.common.done(options.run())?,
        Command::Sample(options) => (options.json, Outcome::Planned(options.run()?)),
    };
    let said = if json { outcome.json().to_string() } else { outcome.lines() };
    // A reader who closes the output after the first lines has read enough.
    let _ = writeln!(std::io::stdout(), "{said}");
    Ok(if outcome.is_unproven() { ExitCode::from(UNPROVEN) } else { ExitCode::SUCCESS })
}

impl Common {
    /// Says whether the result is wanted as JSON, with what came of the command.
    fn done(&self, made: Result<Outcome, AppError>) -> Result<(bool, Outcome), AppError> {
        let lang = Lang::parse(&self.lang).unwrap_or(Lang::En);
        Ok((self.json, made.map_err(|fault| fault.told(lang))?))
    }

    fn paths(&self) -> Result<(&Path, &Path), AppError> {
        if !self.check {
            let said = format!("{} cannot be made", self.out.display());
            std::fs::create_dir_all(&self.out).map_err(AppError::outside(said))?;
        }
        Ok((&self.folder, &self.out))
    }
}

impl Grids {
    fn run(&self) -> Result<Outcome, AppError> {
        let (folder, out) = self.common.paths()?;
        let (least, most, target, deviation) = (self.least, self.most, self.target, self.deviation);
        let task = grids::Task {
            bounds: Bounds { least, most, target, deviation },
            effort: Effort { moves: self.effort, exact_sets: self.proof, ..Effort::default() },
            seed: self.seed,
            old: self.old.clone(),
            weight: self.weight.clone(),
        };
        if self.common.check {
            return grids::verify(folder, out, &task).map(Outcome::Checked);
        }
        let bar = bar(0, "pieces");
        let planned = grids::plan(folder, out, &task, &|pieces| bar.inc(pieces));
        bar.finish_and_clear();
        planned.map(Outcome::Planned)
    }
}

impl Mobilize {
    fn run(&self) -> Result<Outcome, AppError> {
        let (folder, out) = self.common.paths()?;
        let cap = self.minutes.saturating_mul(600);
        let task = mobilize::Task {
            cap,
            slots: self.slots,
            fair: self.fair,
            // Compounds this near are looked at first, and others if the prices ask for them. With slots all are looked
            // at at once.
            near: if self.slots { cap } else { cap / 5 * 2 },
            terms: Terms { home: self.home, short: self.short },
        };
        if self.common.check {
            mobilize::verify(folder, out, task).map(Outcome::Checked)
        } else {
            mobilize::plan(folder, out, task).map(Outcome::Planned)
        }
    }
}

impl Reach {
    fn run(&self) -> Result<Outcome, AppError> {
        let (folder, out) = self.common.paths()?;
        let task = reach::Task { limit: self.walk.limit(), profile: self.walk.profile(), at: self.at };
        if self.common.check {
            reach::verify(folder, out, &task).map(Outcome::Checked)
        } else {
            reach::plan(folder, out, &task).map(Outcome::Planned)
        }
    }
}

impl Sites {
    fn run(&self) -> Result<Outcome, AppError> {
        let (folder, out) = self.common.paths()?;
        let wish = match (self.open, self.share) {
            (Some(open), _) if self.walking => Wish::Walk(open),
            (Some(open), _) => Wish::Open(open),
            (None, share) => Wish::Share(share.unwrap_or(100)),
        };
        let task = site::Task { wish, limit: self.walk.limit(), profile: self.walk.profile(), seed: self.seed };
        if self.common.check {
            return site::verify(folder, out, &task).map(Outcome::Checked);
        }
        let bar = bar(0, "rounds");
        let planned = site::plan(folder, out, &task, &mut || {
            bar.inc(1);
            true
        });
        bar.finish_and_clear();
        planned.map(Outcome::Planned)
    }
}

impl Sample {
    fn run(&self) -> Result<Summary, AppError> {
        let said = format!("{} cannot be made", self.out.display());
        std::fs::create_dir_all(&self.out).map_err(AppError::outside(said))?;
        let size = planning::sample::Size::parse(&self.size).unwrap_or(planning::sample::Size::M);
        sample::make(size, self.seed, &self.out)
    }
}
