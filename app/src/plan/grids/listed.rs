//! This file lists grids for people: which building is in which grid, by names and addresses.

use std::collections::BTreeMap;

use planning::partition::{Bounds, Report};

use super::Task;
use super::small::Small;
use crate::plan::listing::{Entry, Listing, Said, Sheet, numbers, words};
use crate::plan::picture::{Name, Number};
use crate::plan::table::both;
use crate::plan::town::{Buildings, Bundle, Point};

/// What stands at a grid whose households are within the bounds.
const FITS: &str = "✓";

/// Lists the buildings by community and grid. Grids are numbered from 1 inside their community.
pub(super) fn listing(
    bundle: &Bundle,
    task: &Task,
    town: &Buildings,
    grid: &[u32],
    report: &Report,
    small: &Small,
) -> Listing {
    let numbers_of = numbered(town, grid);
    let number = |at: usize| numbers_of.get(&grid[at]).copied().unwrap_or_default();
    let mut order: Vec<usize> = (0..grid.len()).collect();
    order.sort_by_key(|&at| (town.grid[at].community, number(at), at));
    let households: u64 = town.grid.iter().map(|building| u64::from(building.households)).sum();
    let figure = |zh: &str, en: &str, count: u64| (both(zh, en), count);
    let sums = sums(task, town, &order, number);
    let is_marked = |entry: &&Entry| entry.cells.last().is_some_and(|standing| standing.shown() != FITS);
    let marked = sums.entries.iter().filter(is_marked).count() + report.disconnected + report.crossing;
    Listing {
        title: both("网格划分", "Grids"),
        figures: vec![
            figure("楼栋", "Buildings", grid.len() as u64),
            figure("户数", "Households", households),
            figure("网格", "Grids", report.grids as u64),
            figure("不合要求的网格（原因见下）", "Grids out of bounds (reasons below)", marked as u64),
        ],
        said: bundle.heard().of_the_making().iter().cloned().chain(small.sentences()).collect(),
        sums,
        lines: Sheet {
            name: both("楼栋和网格", "Buildings and grids"),
            titles: vec![
                words("community", "社区", "Community"),
                words("compound", "小区", "Compound"),
                words("building", "楼栋", "Building"),
                words("id", "编号", "Id"),
                words("address", "地址", "Address"),
                numbers("households", "户数", "Households"),
                numbers("grid", "网格", "Grid"),
            ],
            entries: lines(bundle, town, grid, &order, number),
        },
        degrees: town.degrees,
        unit: bundle.unit(town.degrees),
        on_map: bundle.extract().is_some(),
        strokes: if town.degrees { bundle.strokes().to_vec() } else { Vec::new() },
        numbers: placed(town, grid, &numbers_of),
        names: named(town),
        legend: both(
            "楼栋；数字是网格号，各社区从 1 排起",
            "a building; in each community its grids are numbered from 1",
        ),
        below: Vec::new(),
    }
}

/// Places the name of each community above the middle of its buildings. Where there is only one, the page says which.
fn named(town: &Buildings) -> Vec<Name> {
    let mut points: BTreeMap<u32, Vec<Point>> = BTreeMap::new();
    for (point, building) in town.points.iter().zip(&town.grid) {
        points.entry(building.community).or_default().push(*point);
    }
    let name = |(community, points): (&u32, &Vec<Point>)| {
        let at = Point { x: central(points)?.x, y: points.iter().map(|at| at.y).max_by(f64::total_cmp)? };
        Some(Name { at, name: town.communities.written(*community as usize) })
    };
    if points.len() < 2 { Vec::new() } else { points.iter().filter_map(name).collect() }
}

/// Places the number of each grid at the building in its middle.
fn placed(town: &Buildings, grid: &[u32], numbers_of: &BTreeMap<u32, u64>) -> Vec<Number> {
    let mut points: BTreeMap<u32, Vec<Point>> = BTreeMap::new();
    for (point, grid) in town.points.iter().zip(grid) {
        points.entry(*grid).or_default().push(*point);
    }
    let number =
        |(grid, points): (&u32, &Vec<Point>)| Some(Number { at: central(points)?, number: *numbers_of.get(grid)? });
    points.iter().filter_map(number).collect()
}

/// Returns the point that is nearest to the middle of some points, or none if there are none.
fn central(points: &[Point]) -> Option<Point> {
    let middle = |side: fn(&Point) -> f64| {
        let mut sides: Vec<f64> = points.iter().map(side).collect();
        sides.sort_by(f64::total_cmp);
        sides.get(sides.len() / 2).copied()
    };
    let (x, y) = (middle(|at| at.x)?, middle(|at| at.y)?);
    let away = |at: &Point| (at.x - x).hypot(at.y - y);
    points.iter().copied().min_by(|one, other| away(one).total_cmp(&away(other)))
}

/// Returns the number of each grid inside its community, in the order of the buildings.
fn numbered(town: &Buildings, grid: &[u32]) -> BTreeMap<u32, u64> {
    let (mut counts, mut numbers) = (BTreeMap::<u32, u64>::new(), BTreeMap::new());
    for (building, &grid) in town.grid.iter().zip(grid) {
        numbers.entry(grid).or_insert_with(|| {
            let count = counts.entry(building.community).or_default();
            *count += 1;
            *count
        });
    }
    numbers
}

fn lines(
    bundle: &Bundle,
    town: &Buildings,
    grid: &[u32],
    order: &[usize],
    number: impl Fn(usize) -> u64,
) -> Vec<Entry> {
    let names = bundle.names("buildings");
    let line = |&at: &usize| {
        let building = town.grid[at];
        let id = town.ids.written(at);
        let name = names.name(at);
        Entry {
            cells: vec![
                Said::text(town.communities.written(building.community as usize)),
                Said::text(town.compounds.written(building.compound as usize)),
                Said::text(if name.is_empty() { id.as_str() } else { name }),
                Said::text(id.as_str()),
                Said::text(names.address(at)),
                Said::Whole(building.households.into()),
                Said::Whole(number(at)),
            ],
            at: town.points.get(at).copied(),
            group: Some(grid[at] as usize),
        }
    };
    order.iter().map(line).collect()
}

/// Adds up each grid, in the order of the list.
fn sums(task: &Task, town: &Buildings, order: &[usize], number: impl Fn(usize) -> u64) -> Sheet {
    let mut sums: BTreeMap<(u32, u64), (u64, u64)> = BTreeMap::new();
    for &at in order {
        let sum = sums.entry((town.grid[at].community, number(at))).or_default();
        sum.0 += 1;
        sum.1 += u64::from(town.grid[at].households);
    }
    let entry = |((community, number), (buildings, households)): ((u32, u64), (u64, u64))| Entry {
        cells: vec![
            Said::text(town.communities.written(community as usize)),
            Said::Whole(number),
            Said::Whole(buildings),
            Said::Whole(households),
            standing(&task.bounds, households),
        ],
        at: None,
        group: None,
    };
    Sheet {
        name: both("每个网格", "Each grid"),
        titles: vec![
            words("community", "社区", "Community"),
            numbers("grid", "网格", "Grid"),
            numbers("buildings", "楼栋数", "Buildings"),
            numbers("households", "户数", "Households"),
            words("standing", "户数是否合适", "Size"),
        ],
        entries: sums.into_iter().map(entry).collect(),
    }
}

/// Says how the households of a grid stand to the bounds. The numbers say it in both languages.
fn standing(bounds: &Bounds, households: u64) -> Said {
    if households < u64::from(bounds.least) {
        Said::text(format!("< {}", bounds.least))
    } else if households > u64::from(bounds.most) {
        Said::text(format!("> {}", bounds.most))
    } else {
        Said::text(FITS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_at_the_building_in_the_middle_of_its_grid() {
        let points = [0.0, 10.0, 20.0, 30.0, 900.0].map(|x| Point { x, y: 5.0 });
        assert_eq!(central(&points), Some(points[2]));
        assert_eq!(central(&[]), None);
    }
}
