//! This file does `lianglin plan grids`: it reads buildings and borders, and writes a grid for each building.

mod listed;
mod small;
mod verify;

pub use verify::verify;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::language::Bilingual;
use planning::partition::{
    Bounds, Effort, Fault, Grids, PieceReport, Report, SmallPiece, Verdict, carried_on, check, divide, divide_again,
};
use serde_json::{Value, json};

use small::Small;

use super::summary::{Note, Summary, timed};
use super::table::{Fault as TableFault, both};
use super::town::{Buildings, Bundle};
use super::{bytes, claims, csv_of_cells, geojson, read, refused, remove, told, words, write};
use crate::AppError;

/// Says how grids are planned.
#[derive(Debug, Clone)]
pub struct Task {
    /// What a grid should be.
    pub bounds: Bounds,
    /// How much work to put in.
    pub effort: Effort,
    /// The seed of the chance.
    pub seed: u64,
    /// Today's grids. The planner keeps them where it can.
    pub old: Option<PathBuf>,
    /// The column of `buildings` that the planner balances.
    pub weight: String,
}

/// Plans and writes `grids.bin`, `pieces.csv` and `grids.geojson`. If there are grids of today, it writes `moves.csv`
/// and keeps them as `old_grids.bin`. If something was proven with prices, it writes `grid_prices.csv`. It tells
/// `progress` the share that is done.
pub fn plan(
    town: impl Into<Bundle>,
    out: &Path,
    task: &Task,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Summary, AppError> {
    target_within(&task.bounds)?;
    let bundle = town.into();
    let buildings = bundle.buildings_by(&task.weight, None).map_err(told)?;
    let borders = bundle.borders(&buildings).map_err(told)?;
    let old = task.old.as_deref().map(read).transpose()?.map(|bytes| words(&bytes));
    let step = || {
        progress(1);
        true
    };
    let (bounds, effort) = (&task.bounds, task.effort);
    let (grids, cpu) = timed(|| match &old {
        Some(old) => divide_again(&buildings.grid, &borders, bounds, effort, task.seed, old, &step),
        None => divide(&buildings.grid, &borders, bounds, effort, task.seed, &step),
    });
    let grids = grids.map_err(|fault| faulty(bundle.folder(), task.old.as_deref(), &fault))?;
    let grids = grids.ok_or_else(|| AppError::Said("stopped".to_owned()))?;
    let report = check(&buildings.grid, &borders, bounds, &grids.grid);
    write(&out.join("grids.bin"), &bytes(grids.grid.iter().copied()))?;
    write(&out.join("pieces.csv"), &pieces(&buildings, &grids))?;
    write(&out.join("grids.geojson"), &drawn(&buildings, &grids.grid))?;
    optional(&out.join("grid_prices.csv"), prices(&buildings, &grids.pieces))?;
    let said: Vec<Told> = grids.pieces.iter().map(Told::of).collect();
    let small = SmallPiece::of(&buildings.grid, &grids, bounds.least);
    let small = Small::of(&buildings, &borders, bounds.least, &small);
    let mut summary = summary(task, &report, &buildings, &said, &small, cpu);
    let moves = old.as_deref().map(|old| moves(&buildings, old, &grids.grid));
    if let Some(moves) = &moves {
        summary.more.push(households_moved(moves));
    }
    optional(&out.join("moves.csv"), moves.map(|moves| moved(&buildings, &moves)))?;
    optional(&out.join("old_grids.bin"), old.map(bytes))?;
    bundle.heard().tell(&mut summary);
    if let Some(lang) = bundle.lang() {
        listed::listing(&bundle, task, &buildings, &grids.grid, &report, &small).write(out, lang)?;
    }
    claims::write(out, &summary, bundle.lang())?;
    Ok(summary)
}

/// Succeeds if the number of households that is wanted lies within the bounds. Bounds that cross are told later.
fn target_within(bounds: &Bounds) -> Result<(), AppError> {
    let Bounds { least, most, target, .. } = *bounds;
    let lowest = least.max(1);
    if lowest > most || (lowest..=most).contains(&target) {
        return Ok(());
    }
    let said = both(
        format!("{target} 户不在 --least 和 --most 之间。请写 {lowest} 到 {most} 之间的数。"),
        format!("{target} households lie outside --least and --most. Write a number from {lowest} to {most}."),
    );
    Err(refused("--target", said))
}

/// Is the header of `moves.csv`.
const MOVES: &str = "building,from,to,households";

/// Writes a file that some answers have. Where this one has none, it removes that of an earlier answer.
fn optional(path: &Path, content: Option<Vec<u8>>) -> Result<(), AppError> {
    match content {
        Some(content) => write(path, &content),
        None => remove(path),
    }
}

/// Says that no grids can be made of what was given, and what to do. `old` is the file with the grids of today.
fn faulty(folder: &Path, old: Option<&Path>, fault: &Fault) -> AppError {
    match fault {
        Fault::Bounds { least, most } => {
            let said = both(
                format!(
                    "网格从 {least} 户到 {most} 户：最少的不能大于最多的，最多的也不能是 0。请改 --least 或 --most。"
                ),
                format!("{fault}. Change --least or --most."),
            );
            refused("--least", said)
        }
        Fault::Deviation(metres) => {
            let said = both(
                format!("离平均数每差一户算 {metres} 米，这不行。请写 0 以上的数，如 2。"),
                format!("{fault}. Write such a number, as 2."),
            );
            refused("--deviation", said)
        }
        Fault::Old { found, buildings } => {
            let said = both(
                format!(
                    "有 {found} 栋楼的网格，而楼栋表有 {buildings} 栋。请用同一张楼栋表（各行顺序不变）算出的 \
                     grids.bin；楼栋有增减的，去掉 --old 重新划。"
                ),
                format!(
                    "holds the grids of {found} buildings, and the table has {buildings}. Take the grids.bin that was \
                     made of the same table with its rows in the same order; if buildings were added or left out, plan \
                     without --old."
                ),
            );
            let file = old.map_or_else(|| PathBuf::from("--old"), Path::to_owned);
            told(vec![TableFault { file, line: 0, said }])
        }
        Fault::NoBuilding { .. } | Fault::Itself { .. } => {
            let said = both(format!("adjacency 和 buildings 对不上（{fault}）。请检查这两张表。"), fault.to_string());
            told(vec![TableFault { file: folder.to_owned(), line: 0, said }])
        }
    }
}

/// What is said of a piece.
#[derive(Debug, Clone, Copy)]
struct Told {
    community: u32,
    building: u32,
    households: u64,
    verdict: Verdict,
}

impl Told {
    fn of(piece: &PieceReport) -> Self {
        let PieceReport { community, building, households, verdict, .. } = *piece;
        Self { community, building, households, verdict }
    }

    /// Says which piece it is.
    fn name(&self, town: &Buildings) -> Bilingual {
        let community = town.communities.written(self.community as usize);
        let building = town.ids.written(self.building as usize);
        let households = self.households;
        both(
            format!("社区 {community}，楼栋 {building} 那一片（{households} 户）"),
            format!("community {community}, the piece of building {building} ({households} households)"),
        )
    }

    /// Returns what a reader must know of it.
    fn note(&self, town: &Buildings) -> Option<Note> {
        let (code, zh, en) = match self.verdict {
            Verdict::Large => ("piece_large", "里面有一栋楼自己就超过上限", "a building in it alone is above the most"),
            Verdict::Fewest => (
                "piece_fewest",
                "已证明：怎样分都有网格超出范围，也没有哪种分法超出的更少",
                "no division keeps the bounds, and none has fewer grids out of them: proven",
            ),
            Verdict::None => (
                "piece_none",
                "已证明：分成相连的网格，怎样分都有网格超出范围",
                "no division into connected grids keeps the bounds: proven",
            ),
            Verdict::NotFound => (
                "piece_not_found",
                "没有找到都在范围里的分法，请加大 --effort 再试",
                "no division within bounds was found; try more --effort",
            ),
            Verdict::Kept | Verdict::Best | Verdict::Small => return None,
        };
        let name = self.name(town);
        Some(Note::new(code, both(format!("{}：{zh}。", name.zh), format!("{}: {en}", name.en))))
    }
}

fn summary(
    task: &Task,
    report: &Report,
    town: &Buildings,
    pieces: &[Told],
    small: &Small,
    cpu_seconds: Option<f64>,
) -> Summary {
    let (bounds, all) = (&task.bounds, pieces.len());
    let proven = pieces.iter().filter(|piece| piece.verdict == Verdict::Best).count();
    let said = both(
        format!("{all} 片里有 {proven} 片已证明：分成同样多的网格，没有更好的分法。"),
        format!("it is proven for {proven} of {all} pieces that no division into as many grids is better"),
    );
    let said = Note::new("pieces_proven", said);
    let mut told = pieces.to_vec();
    told.sort_by_key(|piece| piece.building);
    let mut more = figures(report, all, proven);
    more.extend(small.figure());
    let of_pieces = told.iter().filter_map(|piece| piece.note(town));
    Summary {
        problem: "grids",
        task: vec![
            ("least", json!(bounds.least)),
            ("most", json!(bounds.most)),
            ("target", json!(bounds.target)),
            ("deviation", json!(bounds.deviation)),
            ("weight", json!(task.weight)),
        ],
        objective: report.objective.round() as i64,
        bound: None,
        violations: report.violations() as u64,
        cpu_seconds,
        more,
        notes: std::iter::once(said).chain(small.notes()).chain(of_pieces).collect(),
    }
}

/// Returns the figures of a division into so many pieces, of which so many are proven to be the best.
fn figures(report: &Report, pieces: usize, proven: usize) -> Vec<(&'static str, Value)> {
    vec![
        ("grids", json!(report.grids)),
        ("border_cut_m", json!(report.cut)),
        ("households_off_the_mean", json!(report.deviation.round() as i64)),
        ("disconnected", json!(report.disconnected)),
        ("crossing_communities", json!(report.crossing)),
        ("above_the_most", json!(report.above)),
        ("below_the_least", json!(report.below)),
        ("excused_small_pieces", json!(report.excused)),
        ("unavoidable_large_buildings", json!(report.unavoidable)),
        ("compound_splits", json!(report.compound_splits)),
        ("pieces", json!(pieces)),
        ("pieces_proven_best", json!(proven)),
    ]
}

/// A building whose new grid does not carry on its old one. A grid that is carried on keeps its old number in `from`
/// and has its new number in `grids.bin`.
struct Moved {
    building: usize,
    from: u32,
    to: u32,
    households: u32,
}

fn households_moved(moves: &[Moved]) -> (&'static str, serde_json::Value) {
    let households: u64 = moves.iter().map(|one| u64::from(one.households)).sum();
    ("households_moved", json!(households))
}

/// Returns the buildings whose new grid does not carry on their old one.
fn moves(town: &Buildings, old: &[u32], new: &[u32]) -> Vec<Moved> {
    let households: Vec<u32> = town.grid.iter().map(|building| building.households).collect();
    let carried = carried_on(old, new, &households);
    let each = old.iter().zip(new).zip(&households).enumerate();
    let moved = each.filter(|(_, ((old, new), _))| carried.get(*new) != Some(*old));
    moved.map(|(building, ((&from, &to), &households))| Moved { building, from, to, households }).collect()
}

/// Writes `moves.csv`.
fn moved(town: &Buildings, moves: &[Moved]) -> Vec<u8> {
    let row = |one: &Moved| {
        let &Moved { building, from, to, households } = one;
        vec![town.ids.cell(building), from.to_string(), to.to_string(), households.to_string()]
    };
    csv_of_cells(MOVES, moves.iter().map(row))
}

fn pieces(town: &Buildings, grids: &Grids) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = "community,building,buildings,households,grids,verdict,bound\n".to_owned();
    for piece in &grids.pieces {
        let verdict = word(piece.verdict);
        // A bound is rounded down, so that it stays one.
        let floor = |bound: f64| (bound * 10.0 + 1e-6).floor() / 10.0;
        let bound = piece.bound.map_or_else(String::new, |bound| format!("{:.1}", floor(bound)));
        let community = town.communities.cell(piece.community as usize);
        let building = town.ids.cell(piece.building as usize);
        let (buildings, households, grids) = (piece.buildings, piece.households, piece.grids);
        let _ = writeln!(text, "{community},{building},{buildings},{households},{grids},{verdict},{bound}");
    }
    text.into_bytes()
}

/// Is every verdict with its word in `pieces.csv`.
const WORDS: [(Verdict, &str); 7] = [
    (Verdict::Kept, "kept"),
    (Verdict::Best, "best"),
    (Verdict::Small, "small"),
    (Verdict::Large, "large"),
    (Verdict::Fewest, "fewest"),
    (Verdict::None, "none"),
    (Verdict::NotFound, "not_found"),
];

fn word(verdict: Verdict) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == verdict).map_or("", |(_, word)| word)
}

/// Writes the prices that prove the bounds of pieces, or nothing if no bound needs any.
fn prices(town: &Buildings, pieces: &[PieceReport]) -> Option<Vec<u8>> {
    use std::fmt::Write as _;
    let mut text = "building,price\n".to_owned();
    let mut all: Vec<(u32, f64)> = pieces.iter().flat_map(|piece| piece.prices.iter().copied()).collect();
    all.sort_by_key(|(building, _)| *building);
    for &(building, price) in &all {
        let _ = writeln!(text, "{},{price}", town.ids.cell(building as usize));
    }
    (!all.is_empty()).then(|| text.into_bytes())
}

fn drawn(buildings: &Buildings, grid: &[u32]) -> Vec<u8> {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, &grid) in grid.iter().enumerate() {
        members.entry(grid).or_default().push(at);
    }
    let feature = |(grid, members): (&u32, &Vec<usize>)| {
        let points: Vec<_> = members.iter().filter_map(|&at| buildings.points.get(at).copied()).collect();
        let of = members.iter().filter_map(|&at| buildings.grid.get(at));
        let households: u64 = of.clone().map(|building| u64::from(building.households)).sum();
        let community = of.map(|building| buildings.communities.json(building.community as usize)).next();
        let facts = [
            ("grid", json!(grid)),
            ("households", json!(households)),
            ("buildings", json!(members.len())),
            ("community", json!(community)),
        ];
        geojson::hull(&points, &facts)
    };
    geojson::collection(&members.iter().map(feature).collect::<Vec<_>>())
}
