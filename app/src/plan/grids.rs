//! This file does `lianglin plan grids`: it reads buildings and borders, and writes a grid for each building.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use planning::partition::{Bounds, Effort, Grids, Report, Verdict, carried_on, check, divide, divide_again};
use serde_json::json;

use super::summary::{Summary, timed};
use super::table::both;
use super::town::{Buildings, Bundle};
use super::{bytes, csv_of_cells, geojson, read, refused, told, words, write};
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
/// too. It tells `progress` the share that is done.
pub fn plan(folder: &Path, out: &Path, task: &Task, progress: &(dyn Fn(u64) + Sync)) -> Result<Summary, AppError> {
    target_within(&task.bounds)?;
    let bundle = Bundle::new(folder);
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
    let fault = |fault: planning::partition::Fault| AppError::Said(format!("{}: {fault}", folder.display()));
    let grids = grids.map_err(fault)?.ok_or_else(|| AppError::Said("stopped".to_owned()))?;
    let report = check(&buildings.grid, &borders, bounds, &grids.grid);
    write(&out.join("grids.bin"), &bytes(grids.grid.iter().copied()))?;
    write(&out.join("pieces.csv"), &pieces(&buildings, &grids))?;
    write(&out.join("grids.geojson"), &drawn(&buildings, &grids.grid))?;
    let mut summary = summary(&report, cpu);
    let proven = grids.pieces.iter().filter(|piece| piece.bound.is_some()).count();
    summary.more.push(("pieces", json!(grids.pieces.len())));
    summary.more.push(("pieces_proven_best", json!(proven)));
    if let Some(old) = old {
        let moves = moves(&buildings, &old, &grids.grid);
        let households: i64 = moves.iter().map(|row| row[3]).sum();
        summary.more.push(("households_moved", json!(households)));
        let cells = |row: Vec<i64>| -> Vec<String> {
            let building = usize::try_from(row[0]).map_or_else(|_| String::new(), |at| buildings.ids.cell(at));
            std::iter::once(building).chain(row[1..].iter().map(i64::to_string)).collect()
        };
        let moves = moves.into_iter().map(cells);
        write(&out.join("moves.csv"), &csv_of_cells("building,from,to,households", moves))?;
    }
    for piece in &grids.pieces {
        let why = match piece.verdict {
            Verdict::Large => "a building in it alone is above the most",
            Verdict::Fewest => "no division keeps the bounds, and none has fewer grids out of them: proven",
            Verdict::None => "no division into connected grids keeps the bounds: proven",
            Verdict::NotFound => "no division within bounds was found; try more --effort",
            Verdict::Kept | Verdict::Best | Verdict::Small => continue,
        };
        let community = buildings.communities.written(piece.community as usize);
        let building = buildings.ids.written(piece.building as usize);
        summary.notes.push(format!(
            "community {community}, the piece of building {building} ({} households): {why}",
            piece.households
        ));
    }
    bundle.heard().tell(&mut summary);
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

/// Checks the grids that are in `out`, without planning.
pub fn verify(folder: &Path, out: &Path, task: &Task) -> Result<Summary, AppError> {
    let (bundle, bounds) = (Bundle::new(folder), &task.bounds);
    let buildings = bundle.buildings_by(&task.weight, None).map_err(told)?;
    let borders = bundle.borders(&buildings).map_err(told)?;
    let path = out.join("grids.bin");
    let grid = words(&read(&path)?);
    if grid.len() != buildings.grid.len() {
        let (found, wanted) = (grid.len(), buildings.grid.len());
        return Err(AppError::Said(format!("{}: {found} grids for {wanted} buildings", path.display())));
    }
    Ok(summary(&check(&buildings.grid, &borders, bounds, &grid), None))
}

fn summary(report: &Report, cpu_seconds: Option<f64>) -> Summary {
    Summary {
        problem: "grids",
        objective: report.objective.round() as i64,
        bound: None,
        violations: report.violations() as u64,
        cpu_seconds,
        more: vec![
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
        ],
        notes: Vec::new(),
    }
}

/// Returns the buildings whose new grid does not carry on their old one: building, old grid, new grid, households. A
/// grid that is carried on keeps its old number in `from` and has its new number in `grids.bin`.
fn moves(buildings: &Buildings, old: &[u32], new: &[u32]) -> Vec<Vec<i64>> {
    let households: Vec<u32> = buildings.grid.iter().map(|building| building.households).collect();
    let carried = carried_on(old, new, &households);
    let each = (0_i64..).zip(old).zip(new).zip(&households);
    let moved = each.filter(|(((_, old), new), _)| carried.get(new) != Some(*old));
    moved.map(|(((at, &old), &new), &count)| vec![at, i64::from(old), i64::from(new), i64::from(count)]).collect()
}

fn pieces(town: &Buildings, grids: &Grids) -> Vec<u8> {
    use std::fmt::Write as _;
    let mut text = "community,building,buildings,households,grids,verdict,bound\n".to_owned();
    for piece in &grids.pieces {
        let verdict = match piece.verdict {
            Verdict::Kept => "kept",
            Verdict::Best => "best",
            Verdict::Small => "small",
            Verdict::Large => "large",
            Verdict::Fewest => "fewest",
            Verdict::None => "none",
            Verdict::NotFound => "not_found",
        };
        let bound = piece.bound.map_or_else(String::new, |bound| format!("{bound:.1}"));
        let community = town.communities.cell(piece.community as usize);
        let building = town.ids.cell(piece.building as usize);
        let (buildings, households, grids) = (piece.buildings, piece.households, piece.grids);
        let _ = writeln!(text, "{community},{building},{buildings},{households},{grids},{verdict},{bound}");
    }
    text.into_bytes()
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
