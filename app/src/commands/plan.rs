//! This file does `lianglin plan`: it runs the planners at the command line.

mod chinese;
mod done;
mod words;

pub(super) use chinese::in_language;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use kernel::language::Lang;
use planning::mobilize::Terms;
use planning::network::Profile;
use planning::partition::{Bounds, Effort};

use self::done::{Done, Failed, done};
use self::words::{EXITS, GRIDS, LOOK, MOBILIZE, REACH, SAMPLE, SITE, STEPS, with_tables};
use super::progress::{bar, waiting};
use crate::AppError;
use crate::plan::checked::Outcome;
use crate::plan::intake::{self, Crs, Given};
use crate::plan::look::{Look, look};
use crate::plan::site::Wish;
use crate::plan::summary::Summary;
use crate::plan::town::Bundle;
use crate::plan::{folder, grids, mobilize, reach, sample, site, unwritten};

#[derive(Subcommand)]
pub enum Command {
    /// Say what a folder holds, what each task still lacks, and draw it: write `look.svg` and `look.geojson`.
    #[command(after_help = LOOK, after_long_help = with_tables(LOOK))]
    Look(Looking),
    /// Divide communities into grids: read `buildings` and `adjacency`, write `grids.bin`, `pieces.csv`,
    /// `grids.geojson` and `summary.json`, with `--old` also `moves.csv` and `old_grids.bin`, with `--proof` also
    /// `grid_prices.csv`. The list for people is `answer.xlsx`.
    #[command(after_help = GRIDS, after_long_help = with_tables(GRIDS))]
    Grids(Grids),
    /// Send volunteers to compounds: read the network, `compounds`, `gates` and `volunteers`, write `assignment.csv`,
    /// `assignment.geojson`, `prices.csv` and `summary.json`, with `--fair` also `fair_prices.csv` and
    /// `fair_witness.csv`.
    #[command(after_help = MOBILIZE, after_long_help = with_tables(MOBILIZE))]
    Mobilize(Mobilize),
    /// Find who lives within the time of a station: read the network, `buildings` and `stations`, write `coverage.csv`,
    /// `times.bin`, `reach.geojson` and `summary.json`.
    #[command(after_help = REACH, after_long_help = with_tables(REACH))]
    Reach(Reach),
    /// Make an invented city on which to try the planners.
    #[command(after_help = SAMPLE, after_long_help = format!("{SAMPLE}\n\n{EXITS}"))]
    Sample(Sample),
    /// Find where the next stations belong: read the same tables and `candidates`, write `sites.csv`, `sites.geojson`,
    /// `site_prices.csv` and `summary.json`, and `site_proof.csv` where trying proved more than the prices.
    #[command(after_help = SITE, after_long_help = format!("{}\n\n{STEPS}", with_tables(SITE)))]
    Site(Sites),
}

/// Where the tables are, and what is said of them.
#[derive(Args)]
struct Tables {
    /// Folder with the tables, or the sheet of buildings alone (XLSX, CSV). `lianglin plan look --help` lists their
    /// columns.
    folder: PathBuf,
    /// The extract of OpenStreetMap, if it does not lie in that folder or several do.
    #[arg(long)]
    map: Option<PathBuf>,
    /// What the coordinates are: wgs84 (also cgcs2000), gcj02 (Amap, Tencent), bd09 (Baidu), utm51n, gk123
    /// (Gauss–Krüger around 123°), a number of EPSG as epsg:4549, plan (metres of the city's own), or plan@LAT,LON with
    /// the point where both are 0. Without it they are recognised by their ranges and the map; the summary tells how.
    #[arg(long, value_parser = system)]
    crs: Option<Crs>,
    #[command(flatten)]
    language: Language,
}

/// The language in which people are told.
#[derive(Args)]
struct Language {
    /// The language in which answers are written for people and faults are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

impl Language {
    fn get(&self) -> Lang {
        Lang::parse(&self.lang).unwrap_or(Lang::En)
    }
}

/// Reads the name of a system of coordinates.
fn system(text: &str) -> Result<Crs, String> {
    Crs::parse(text).ok_or_else(|| {
        "write wgs84, cgcs2000, gcj02, bd09, utm51n, gk123, epsg:4549, plan or plan@41.8057,123.4315".to_owned()
    })
}

impl Tables {
    fn lang(&self) -> Lang {
        self.language.get()
    }

    fn given(&self, weight: &str, least: u32) -> Given {
        Given {
            path: self.folder.clone(),
            map: self.map.clone(),
            crs: self.crs,
            weight: weight.to_owned(),
            least,
            lang: self.lang(),
            limits: intake::LIMITS,
            within: None,
        }
    }
}

/// What every planner is told.
#[derive(Args)]
struct Common {
    #[command(flatten)]
    tables: Tables,
    /// Folder for the answer; it is made if it does not exist. Beside the planner's own files it gets `answer.csv`,
    /// `answer.xlsx`, `answer.geojson` and `answer.html` with the city's own ids, names and addresses, and the tables
    /// that were made in the folder `tables`.
    #[arg(long)]
    out: PathBuf,
    /// Print the summary as JSON, for programs.
    #[arg(long)]
    json: bool,
    /// Check the answer in --out by separate code instead of planning: every column, figure and word of it is compared
    /// with what the tables give. Exit code 0: all that it claims holds, and bounds that are broken cannot be kept; 1:
    /// it is refused; 2: the command line, the tables or the map are wrong; 3: something that it claims is not proven
    /// by this check.
    #[arg(long)]
    check: bool,
}

/// How a town is looked at.
#[derive(Args)]
pub struct Looking {
    #[command(flatten)]
    tables: Tables,
    /// Folder for the picture and the derived tables (default: the folder `look` beside the tables).
    #[arg(long)]
    out: Option<PathBuf>,
    /// Print it as JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct Grids {
    #[command(flatten)]
    common: Common,
    /// The smallest number of households of a grid.
    #[arg(long, default_value_t = LEAST)]
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
    /// Look further for a proof that no choice is better: reckon up to so many million sums to close what the prices
    /// leave open (100000 if no number is given; without it 4000, and none with --share). What stays open then is told
    /// as a gap. With --check it is how much the check tries by itself where the answer brings no `site_proof.csv`; it
    /// calls nothing the best that neither the prices nor these steps nor its own trial prove, and says what is claimed
    /// and not proven (exit code 3).
    #[arg(
        long,
        value_name = "MILLIONS",
        num_args = 0..=1,
        default_missing_value = "100000",
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    proof: Option<u64>,
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
    #[command(flatten)]
    language: Language,
}

pub fn run(command: &Command) -> ExitCode {
    let done = match command {
        Command::Look(options) => {
            let seen = options.run().map(Outcome::Looked);
            done(seen, options.json, options.tables.lang(), options.out.as_deref())
        }
        Command::Grids(options) => options.common.done(options.run()),
        Command::Mobilize(options) => options.common.done(options.run()),
        Command::Reach(options) => options.common.done(options.run()),
        Command::Site(options) => options.common.done(options.run()),
        Command::Sample(options) => {
            let made = options.run().map(Outcome::Planned);
            done(made, options.json, options.language.get(), Some(&options.out))
        }
    };
    let code = match done {
        Ok(done) => {
            // A reader who closes the output after the first lines has read enough.
            let _ = writeln!(std::io::stdout(), "{}", done.told());
            done.code()
        }
        Err(Failed { said, code }) => {
            let _ = writeln!(std::io::stderr(), "{said}");
            code
        }
    };
    ExitCode::from(code)
}

impl Common {
    /// Returns what came of the command, and how it is printed.
    fn done(&self, made: Result<Outcome, AppError>) -> Result<Done, Failed> {
        done(made, self.json, self.tables.lang(), Some(&self.out))
    }

    /// Makes the tables of a task, and the folder of its answer. A check makes them anew elsewhere.
    fn town(&self, task: intake::Task, weight: &str, least: u32) -> Result<Town, AppError> {
        let given = self.tables.given(weight, least);
        let line = waiting(self.tables.lang().pick("正在看表格和地图", "looking at tables and map"));
        let town = if self.check {
            let aside = tempfile::tempdir().map_err(unwritten(&std::env::temp_dir()))?;
            let bundle = intake::prepared(&given, task, aside.path());
            bundle.map(|bundle| Town { bundle, aside: Some(aside) })
        } else {
            folder(&self.out)?;
            let bundle = intake::prepared(&given, task, &self.out.join("tables"));
            bundle.map(|bundle| Town { bundle, aside: None })
        };
        line.finish_and_clear();
        town
    }
}

/// A town with its tables.
struct Town {
    bundle: Bundle,
    /// The folder of tables that a check made. It goes with the town.
    aside: Option<tempfile::TempDir>,
}

impl Town {
    /// Does something with the tables, and then lets those go that a check made.
    fn with<T>(self, work: impl FnOnce(Bundle) -> T) -> T {
        let Self { bundle, aside } = self;
        let done = work(bundle);
        drop(aside);
        done
    }
}

impl Looking {
    fn run(&self) -> Result<Look, AppError> {
        let lang = self.tables.lang();
        let path = &self.tables.folder;
        let beside = if path.is_file() { path.parent().unwrap_or(Path::new(".")) } else { path.as_path() };
        let out = self.out.clone().unwrap_or_else(|| beside.join("look"));
        folder(&out)?;
        let line = waiting(lang.pick("正在看表格和地图", "looking at tables and map"));
        let seen = look(&self.tables.given("households", LEAST), &out);
        line.finish_and_clear();
        seen
    }
}

/// How many households a grid has at least, where nobody says it.
const LEAST: u32 = 200;

impl Grids {
    fn run(&self) -> Result<Outcome, AppError> {
        let (least, most, target, deviation) = (self.least, self.most, self.target, self.deviation);
        let (town, out) = (self.common.town(intake::Task::Grids, &self.weight, least)?, &self.common.out);
        let task = grids::Task {
            bounds: Bounds { least, most, target, deviation },
            effort: Effort { moves: self.effort, exact_sets: self.proof, ..Effort::default() },
            seed: self.seed,
            old: self.old.clone(),
            weight: self.weight.clone(),
        };
        if self.common.check {
            return town.with(|bundle| grids::verify(bundle, out, &task)).map(Outcome::Checked);
        }
        let bar = bar(0, self.common.tables.lang().pick("片区", "pieces"));
        let planned = town.with(|bundle| grids::plan(bundle, out, &task, &|pieces| bar.inc(pieces)));
        bar.finish_and_clear();
        planned.map(Outcome::Planned)
    }
}

impl Mobilize {
    fn run(&self) -> Result<Outcome, AppError> {
        let (town, out) = (self.common.town(intake::Task::Mobilize, "households", LEAST)?, &self.common.out);
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
            town.with(|bundle| mobilize::verify(bundle, out, task)).map(Outcome::Checked)
        } else {
            town.with(|bundle| mobilize::plan(bundle, out, task)).map(Outcome::Planned)
        }
    }
}

impl Reach {
    fn run(&self) -> Result<Outcome, AppError> {
        let (town, out) = (self.common.town(intake::Task::Reach, "households", LEAST)?, &self.common.out);
        let task = reach::Task { limit: self.walk.limit(), profile: self.walk.profile(), at: self.at };
        if self.common.check {
            town.with(|bundle| reach::verify(bundle, out, &task)).map(Outcome::Checked)
        } else {
            town.with(|bundle| reach::plan(bundle, out, &task)).map(Outcome::Planned)
        }
    }
}

/// The unit in which `--proof` of sites is written.
const MILLION: u64 = 1_000_000;

impl Sites {
    fn run(&self) -> Result<Outcome, AppError> {
        let (town, out) = (self.common.town(intake::Task::Site, "households", LEAST)?, &self.common.out);
        let wish = match (self.open, self.share) {
            (Some(open), _) if self.walking => Wish::Walk(open),
            (Some(open), _) => Wish::Open(open),
            (None, share) => Wish::Share(share.unwrap_or(100)),
        };
        let proof = self.proof.map(|millions| millions.saturating_mul(MILLION));
        let (limit, profile, seed) = (self.walk.limit(), self.walk.profile(), self.seed);
        let task = site::Task { wish, limit, profile, seed, proof };
        if self.common.check {
            return town.with(|bundle| site::verify(bundle, out, &task)).map(Outcome::Checked);
        }
        let bar = bar(0, self.common.tables.lang().pick("轮", "rounds"));
        let mut step = || {
            bar.inc(1);
            true
        };
        let planned = town.with(|bundle| site::plan(bundle, out, &task, &mut step));
        bar.finish_and_clear();
        planned.map(Outcome::Planned)
    }
}

impl Sample {
    fn run(&self) -> Result<Summary, AppError> {
        folder(&self.out)?;
        let size = planning::sample::Size::parse(&self.size).unwrap_or(planning::sample::Size::M);
        sample::make(size, self.seed, &self.out)
    }
}
