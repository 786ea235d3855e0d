//! `bench hotspots` scans the reports of an invented city as a server does every night: the processor time of a night,
//! how often chance alone signals on shuffled reports, how soon a planted rise is found, and how long a plain scan over
//! discs takes.

#![expect(clippy::cast_precision_loss, reason = "figures for a table")]

mod plain;

use std::path::PathBuf;

use planning::chance::Chance;
use planning::network::{Network, Profile, Start};
use planning::sample::reports::{Rise, kinds, reports, shuffled};
use planning::sample::{City, Point, Size, city};
use planning::scan::{Cell, Scan, Settings, Stream, Zones, around, beside, scan};
use planning::snap::Nodes;

use crate::processor;

/// What `bench hotspots` is told.
#[derive(clap::Args, Clone)]
pub struct HotspotsArguments {
    /// Size of the invented city: S, M, L, XL.
    #[arg(long, default_value = "L")]
    size: String,
    /// Sorts of reports; one more holds all of them.
    #[arg(long, default_value_t = 30)]
    streams: usize,
    /// Days of history.
    #[arg(long, default_value_t = 365)]
    days: usize,
    /// Reports of the whole city on a day.
    #[arg(long, default_value_t = 1_500.0)]
    a_day: f64,
    /// Nights of shuffled reports, each of all sorts.
    #[arg(long, default_value_t = 40)]
    nights: usize,
    /// Rises that are planted.
    #[arg(long, default_value_t = 20)]
    rises: usize,
    /// The same seed gives the same city and reports.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures as JSON into this file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// The nights between two signals that a reader is told of.
const TOLD: u32 = 365;
/// The longest walk between two communities of a zone, ds: half an hour.
const WALK: u32 = 18_000;
/// The communities of the largest zone that is grown.
const LARGEST: usize = 12;
/// How many times as many reports a planted rise has.
const TIMES: f64 = 3.0;
/// A planted rise is looked for on so many days.
const LOOKED_FOR: usize = 14;
/// Replicates of the plain scan that are measured.
const PLAIN: u32 = 2;

/// What was measured.
#[derive(serde::Serialize)]
struct Figures {
    communities: usize,
    zones: usize,
    reports: usize,
    zones_cpu: f64,
    night_cpu: f64,
    night_cpu_all_replicates: f64,
    shuffled: usize,
    signals: usize,
    signals_a_year_and_stream: f64,
    /// The day on which each planted rise was found, the first being 1; none for those that were not.
    found_on_day: Vec<Option<usize>>,
    plain_zones: usize,
    plain_cpu: f64,
    plain_ratio: f64,
}

/// Returns the seconds of processor time that something took, with what it gave.
fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let used = || processor::used_by(std::process::id()).unwrap_or(0) as f64 / 1e6;
    let before = used();
    let given = work();
    (used() - before, given)
}

pub fn run(arguments: &HotspotsArguments) -> Result<(), String> {
    let size = Size::parse(&arguments.size).ok_or_else(|| format!("{} is no size", arguments.size))?;
    let made = city(size, arguments.seed);
    let middles = middles(&made, size.communities);
    let (zones_cpu, zones) = timed(|| zones(&made, &middles));
    let (zones, beside) = zones?;
    let kinds = kinds(arguments.days);
    let streams = streams(arguments, size.communities, &kinds);
    let settings = Settings { seed: arguments.seed, ..Settings::default() };
    eprintln!("{} zones; a night", zones.len());
    let (night_cpu, night) = timed(|| night(&zones, &kinds, &streams, &settings));
    drop(night?);
    let every = Settings { enough: 0, ..settings };
    let (night_cpu_all_replicates, whole) = timed(|| self::night(&zones, &kinds, &streams, &every));
    drop(whole?);
    eprintln!("{} nights of shuffled reports", arguments.nights);
    let signals = chance_alone(arguments, &zones, &kinds, &streams)?;
    eprintln!("{} planted rises", arguments.rises);
    let found_on_day = planted(arguments, &zones, &beside, size.communities)?;
    eprintln!("the plain scan");
    let first = streams.first().map(Vec::as_slice).unwrap_or_default();
    let discs = plain::discs(&middles.iter().map(|middle| middle.0).collect::<Vec<_>>(), LARGEST);
    let stream = Stream { kinds: &kinds, cells: first };
    let (plain_cpu, _) = timed(|| plain::highest(&discs, &stream, settings.window, PLAIN));
    let plain_cpu = plain_cpu / f64::from(PLAIN) * f64::from(settings.replicates);
    let (ours, _) = timed(|| scan(&zones, &stream, &every));
    let scanned = arguments.nights * streams.len();
    let figures = Figures {
        communities: size.communities,
        zones: zones.len(),
        reports: streams.last().map_or(0, Vec::len),
        zones_cpu,
        night_cpu,
        night_cpu_all_replicates,
        shuffled: scanned,
        signals,
        signals_a_year_and_stream: signals as f64 * 365.0 / scanned.max(1) as f64,
        found_on_day,
        plain_zones: discs.len(),
        plain_cpu,
        plain_ratio: plain_cpu / ours.max(0.01),
    };
    tell(&figures);
    let missed = figures.missed();
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&figures).map_err(|fault| fault.to_string())?;
        std::fs::write(file, text).map_err(|fault| format!("{}: {fault}", file.display()))?;
    }
    crate::figures::reached(&missed)
}

/// The aims: seconds of a night on a processor, signals a year and stream that chance brings, and the days after which
/// a threefold rise is known.
const NIGHT_SECONDS: f64 = 60.0;
const SIGNALS: f64 = 1.2;
const FOUND_IN: usize = 7;

impl Figures {
    /// Which aims were missed.
    fn missed(&self) -> Vec<String> {
        let late = self.found_on_day.iter().filter(|day| day.is_none_or(|day| day > FOUND_IN)).count();
        let aims = [
            (self.night_cpu > NIGHT_SECONDS, format!("a night takes {:.1} CPU s", self.night_cpu)),
            (
                self.signals_a_year_and_stream > SIGNALS,
                format!("{:.2} signals a year and stream by chance", self.signals_a_year_and_stream),
            ),
            (late > 0, format!("{late} planted rises were not found within {FOUND_IN} days")),
        ];
        aims.into_iter().filter(|aim| aim.0).map(|aim| aim.1).collect()
    }
}

fn tell(figures: &Figures) {
    let Figures { communities, zones, reports, shuffled, signals, .. } = figures;
    println!("| what | figure |\n|---|---|");
    println!("| communities, zones, cells of reports | {communities}, {zones}, {reports} |");
    println!("| zones from the walking network, CPU s | {:.2} |", figures.zones_cpu);
    println!("| a night, all streams, CPU s | {:.2} |", figures.night_cpu);
    println!("| the same with every replicate dealt, CPU s | {:.2} |", figures.night_cpu_all_replicates);
    println!("| signals in {shuffled} nights of one shuffled stream | {signals} |");
    println!("| signals a year and stream | {:.2} |", figures.signals_a_year_and_stream);
    let mut days: Vec<usize> = figures.found_on_day.iter().flatten().copied().collect();
    days.sort_unstable();
    let told = |day: Option<&usize>| day.map_or_else(|| "none".to_owned(), usize::to_string);
    let (middle, last) = (told(days.get(days.len() / 2)), told(days.last()));
    let of = figures.found_on_day.len();
    println!(
        "| planted rises found, day of the middle one, of the last one | {} of {of}, {middle}, {last} |",
        days.len()
    );
    println!(
        "| plain scan over {} discs, one stream, CPU s (from {PLAIN} replicates) | {:.1} |",
        figures.plain_zones, figures.plain_cpu
    );
    println!("| its time by ours | {:.0} |", figures.plain_ratio);
}

/// Returns the middle of each community with the node nearest to it.
fn middles(city: &City, communities: usize) -> Vec<(Point, Option<Start>)> {
    let nodes = Nodes::new(&city.nodes, false);
    let mut sums = vec![(0.0, 0.0, 0.0); communities];
    for compound in &city.compounds {
        if let Some(sum) = sums.get_mut(compound.community as usize) {
            *sum = (sum.0 + compound.at.x, sum.1 + compound.at.y, sum.2 + 1.0);
        }
    }
    let middle = |sum: &(f64, f64, f64)| {
        let at = Point { x: sum.0 / sum.2, y: sum.1 / sum.2 };
        (at, nodes.nearest(at).filter(|_| sum.2 > 0.0).map(|(node, _)| Start { node, time: 0 }))
    };
    sums.iter().map(middle).collect()
}

type Beside = Vec<(u32, u32)>;

fn zones(city: &City, middles: &[(Point, Option<Start>)]) -> Result<(Zones, Beside), String> {
    let network = Network::new(city.nodes.len(), &city.edges, &Profile::adult()).map_err(|fault| fault.to_string())?;
    let starts: Vec<Option<Start>> = middles.iter().map(|middle| middle.1).collect();
    let (near, beside) = (around(&network, &starts, WALK), beside(&network, &starts, WALK));
    let mut zones = Zones::new(middles.len());
    zones.grow(&near, &beside, LARGEST);
    zones.join(&beside);
    Ok((zones, beside))
}

/// Makes the reports of each sort, of unequal frequency, and behind them all together.
fn streams(arguments: &HotspotsArguments, places: usize, kinds: &[u8]) -> Vec<Vec<Cell>> {
    let weight = |stream: usize| 1.0 / (stream as f64 + 2.0);
    let sum: f64 = (0..arguments.streams).map(weight).sum();
    let one = |stream: usize| {
        let mut chance = Chance::new(arguments.seed, 1_000 + stream as u64);
        reports(places, kinds, arguments.a_day * weight(stream) / sum, None, &mut chance)
    };
    let mut streams: Vec<Vec<Cell>> = (0..arguments.streams).map(one).collect();
    streams.push(streams.iter().flatten().copied().collect());
    streams
}

fn night(zones: &Zones, kinds: &[u8], streams: &[Vec<Cell>], settings: &Settings) -> Result<Vec<Scan>, String> {
    let one = |cells: &Vec<Cell>| scan(zones, &Stream { kinds, cells }, settings).map_err(|fault| fault.to_string());
    streams.iter().map(one).collect()
}

fn is_signal(scan: &Scan) -> bool {
    scan.clusters.first().is_some_and(|cluster| cluster.once_in_nights() > TOLD)
}

/// Returns in how many nights of one shuffled stream something is told.
fn chance_alone(
    arguments: &HotspotsArguments,
    zones: &Zones,
    kinds: &[u8],
    streams: &[Vec<Cell>],
) -> Result<usize, String> {
    let mut signals = 0;
    for night in 0..arguments.nights as u64 {
        for (at, cells) in streams.iter().enumerate() {
            let seed = arguments.seed.wrapping_add(night << 20).wrapping_add(at as u64);
            let cells = shuffled(cells, kinds, &mut Chance::new(seed, 77));
            let settings = Settings { seed, ..Settings::default() };
            let found = scan(zones, &Stream { kinds, cells: &cells }, &settings).map_err(|fault| fault.to_string())?;
            signals += usize::from(is_signal(&found));
        }
    }
    Ok(signals)
}

/// Plants a rise in three neighbouring communities, among the reports of all sorts, and says on which day it is found.
fn planted(
    arguments: &HotspotsArguments,
    zones: &Zones,
    beside: &[(u32, u32)],
    places: usize,
) -> Result<Vec<Option<usize>>, String> {
    let kinds = kinds(arguments.days + LOOKED_FOR);
    let mut found_on = Vec::new();
    for number in 0..arguments.rises as u64 {
        let mut chance = Chance::new(arguments.seed ^ number, 4_000);
        let three = three(beside, &mut chance);
        let rise = Rise { places: &three, from: arguments.days, times: TIMES };
        let made = reports(places, &kinds, arguments.a_day, Some(rise), &mut chance);
        let mut found = None;
        for day in 1..=LOOKED_FOR {
            let until = arguments.days + day;
            let cells: Vec<Cell> = made.iter().copied().filter(|cell| (cell.day as usize) < until).collect();
            let stream = Stream { kinds: kinds.get(..until).unwrap_or(&kinds), cells: &cells };
            let scanned = scan(zones, &stream, &Settings { seed: number, ..Settings::default() });
            let scanned = scanned.map_err(|fault| fault.to_string())?;
            let hit = |place: &u32| three.contains(place);
            if is_signal(&scanned) && scanned.clusters.first().is_some_and(|cluster| cluster.places.iter().any(hit)) {
                found = Some(day);
                break;
            }
        }
        found_on.push(found);
    }
    Ok(found_on)
}

/// Picks a community and two others that it or its neighbour touches.
fn three(beside: &[(u32, u32)], chance: &mut Chance) -> Vec<u32> {
    let Some(&(one, other)) = beside.get(chance.below(beside.len())) else { return vec![0] };
    let third = beside.iter().find_map(|&(a, b)| match (a == other, b == other) {
        (true, _) if b != one => Some(b),
        (_, true) if a != one => Some(a),
        _ => None,
    });
    [one, other].into_iter().chain(third).collect()
}
