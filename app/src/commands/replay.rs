//! This file does `lianglin replay`: it plays a city's real requests through the published interface.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Args;
use kernel::language::Lang;

use super::{interrupt, progress};
use crate::AppError;
use crate::opening::Opening;
use crate::replay::account::{beside, told};
use crate::replay::{Account, Desk, Ledger, Mapping, Playing, file, play, playing};

/// What the name of the ledger ends in, beside the file.
const LEDGER: &str = ".replay.jsonl";
/// The level of communities in an edition, and the columns of code and level.
const COMMUNITY: &str = "community";
const CODE: usize = 0;
const LEVEL: usize = 2;

/// What stands below the options: a mapping.
const HELP: &str = "A mapping says what the columns hold and what their values mean:\n\
    offset = \"-05:00\"              # of its moments (default: UTC)\n\
    format = \"%m/%d/%Y %H:%M\"     # of its moments (default: ISO 8601 and what other systems write)\n\
    dates = \"year_first\"           # or month_first, day_first, where no format is said\n\
    otherwise = \"event/0199/there\" # every other kind (default: not sent)\n\
    [columns]                       # number, opened, kind; also due, closed, place, lat, lon, words,\n\
    number = \"id\"                   # status, department, channel, on_time\n\
    opened = \"opened_at\"\n\
    kind = [\"type\", \"reason\"]      # the first that is known counts\n\
    place = [\"ward\", \"precinct\"]   # put together: 3 › 17\n\
    [kinds]                         # value = condition of the catalogue\n\
    \"Street Light Outages\" = \"component/0118/out\"\n\
    [status]                        # value = open or closed (default: closed is what has a day of closing)\n\
    [places]                        # value = code of the community\n\
    \"3 › 17\" = \"210104001001\"\n\
    [spread]                        # where all other places lie\n\
    inside = \"210104\"              # the communities whose codes begin so\n\
    points = false                  # true sends lat and lon: a file of this very city\n\n\
    Example: lianglin replay requests.csv.gz --mapping map.toml --to http://127.0.0.1:8080 --speed 2000 --key K1 --key \
    K2 --key K3";

/// Options of `lianglin replay`.
#[derive(Args)]
#[command(
    after_help = HELP
)]
pub struct Options {
    /// CSV or XLSX file, packed with gzip or not.
    file: PathBuf,
    /// What the file means here.
    #[arg(long)]
    mapping: PathBuf,
    /// The platform that takes the requests.
    #[arg(long)]
    to: String,
    /// How many times faster than it went.
    #[arg(long, default_value_t = 2000.0)]
    speed: f64,
    /// Tokens of systems. The first one reports (report.send). The others say that something is done (report.act): one
    /// handles, another checks.
    #[arg(long, env = "LIANGLIN_REPLAY_KEYS", hide_env_values = true, value_delimiter = ',', required = true)]
    key: Vec<String>,
    /// How many requests are on their way at once.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
    /// Where it is written down what became of each request (default: beside the file).
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// The language in which it is told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

/// Plays, tells and compares. It ends with 0 if every row is accounted for, none is left, and what the file closes is
/// closed; otherwise it says what is missing and what to do.
pub fn run(opening: &Opening, options: &Options) -> Result<ExitCode, AppError> {
    let lang = Lang::parse(&options.lang).unwrap_or(Lang::En);
    if !(options.speed.is_finite() && options.speed > 0.0) {
        return Err(AppError::Said(format!("--speed {} is no speed. Write it as 2000.", options.speed)));
    }
    let outside = |path: &Path| AppError::outside(path.display().to_string());
    let text = std::fs::read_to_string(&options.mapping).map_err(outside(&options.mapping))?;
    let said = |fault: String| AppError::Said(format!("{}: {fault}", options.mapping.display()));
    let mapping = Mapping::read(&text).map_err(said)?;
    let bytes = std::fs::read(&options.file).map_err(outside(&options.file))?;
    let contents = file::read(&bytes, &mapping, lang).map_err(AppError::Said)?;
    let spread = mapping.spread(&contents.places(), &communities(opening)?);
    let path = options.ledger.clone().unwrap_or_else(|| beside_file(&options.file));
    let ledger = Ledger::open(&path).map_err(outside(&path))?;
    let (desk, stop) = (Desk::at(&options.to), interrupt::pressed()?);
    let total = playing::left(&contents, &ledger);
    let bar = progress::bar(u64::try_from(total).unwrap_or_default(), lang.pick("正在送", "sending"));
    let playing = Playing {
        desk: &desk,
        mapping: &mapping,
        spread,
        contents: &contents,
        keys: &options.key,
        speed: options.speed,
        at_once: options.at_once,
        ledger: &ledger,
        stop: &stop,
    };
    play(&playing, &|| bar.inc(1)).map_err(outside(&path))?;
    bar.finish_and_clear();
    let stopped = stop.load(Ordering::Relaxed);
    let account = Account::of(&contents, &ledger);
    let compared = if stopped { None } else { Some(beside(&contents, &ledger, &desk, &stop).map_err(AppError::Said)?) };
    print!("{}", told(&account, compared.as_ref(), lang));
    if stopped {
        println!("{}", lang.pick("停下来了；再运行一次就接着送。", "Stopped. Run it again and it goes on."));
    }
    let missing = compared.map(|beside| account.missing(&beside, lang));
    for sentence in missing.iter().flatten() {
        eprintln!("{sentence}");
    }
    Ok(if is_whole(missing.as_deref()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether a replay is whole that misses this; none where it was stopped before that was known.
fn is_whole(missing: Option<&[String]>) -> bool {
    missing.is_some_and(<[String]>::is_empty)
}

fn beside_file(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(LEDGER);
    PathBuf::from(name)
}

/// The codes of the city's communities, from the newest edition of the divisions, in their order.
fn communities(opening: &Opening) -> Result<Vec<String>, AppError> {
    let files = opening.data.files("shenyang/editions", ".csv")?;
    let newest = files.iter().max_by_key(|(name, _)| name.clone()).map(|(_, text)| text.as_str()).unwrap_or_default();
    let mut codes = BTreeSet::new();
    for row in csv::Reader::from_reader(newest.as_bytes()).records() {
        let row = row.map_err(|fault| AppError::Said(format!("The edition cannot be read: {fault}")))?;
        if row.get(LEVEL) == Some(COMMUNITY) {
            codes.extend(row.get(CODE).map(str::to_owned));
        }
    }
    Ok(codes.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::Configuration;
    use crate::data::Data;

    #[test]
    fn only_a_whole_replay_succeeds() {
        assert!(is_whole(Some(&[])));
        assert!(!is_whole(Some(&["Not sent yet: 3.".to_owned()])));
        assert!(!is_whole(None), "it was stopped");
    }

    #[test]
    fn the_communities_are_those_of_the_newest_edition() {
        let data = Data::new(None);
        let opening = Opening { configuration: Configuration::default(), data, clock: crate::opening::system_clock() };
        let codes = communities(&opening).unwrap();
        assert!(codes.len() > 1_000 && codes.iter().all(|code| code.starts_with("2101")), "{}", codes.len());
        assert!(codes.is_sorted());
    }
}
