//! This file checks that the rows of a sheet lie near the ways of the extract, so that an extract of another town is
//! told before anybody plans with it.

use std::collections::BTreeSet;
use std::path::Path;

use kernel::language::{Bilingual, Lang};
use planning::network::RIDE;
use planning::shape::Point;
use planning::snap::rectangle;

use super::{Making, Task, in_metres, named};
use crate::AppError;
use crate::plan::figures::name_of;
use crate::plan::osm::Extract;
use crate::plan::table::{Fault, TOLD, both};

/// A row that lies farther than that from every way is told, metres. If most do, the extract is of another town.
const FAR_METRES: f64 = 1_000.0;
/// The side of a square, metres. Whatever lies within [`FAR_METRES`] of a step along a way lies in one of the nine
/// squares around it, also half a step aside.
const SIDE: f64 = 1.5 * FAR_METRES;

/// What else can be done where the task needs no ways.
const WITHOUT: (&str, &str) = (
    "划分网格也可以不用地图：把地图文件移到别处再运行。",
    " Grids can be planned without an extract too: move it elsewhere and run this again.",
);

/// The same where a sheet is sent in the browser.
const UNSENT: (&str, &str) = ("也可以不传地图文件。", " The sheet can be sent without an extract too.");

/// What else may be wrong where the rows lie near the ways once their coordinates are exchanged.
const EXCHANGED: (&str, &str) = (
    "经度和纬度两列可能写反了，对调以后这些地点就在路边。",
    "The two columns may be swapped: exchanged, these rows lie near the ways. ",
);

/// A square by its column and row.
type Square = (i64, i64);

fn square(at: Point) -> Square {
    ((at.x / SIDE).floor() as i64, (at.y / SIDE).floor() as i64)
}

/// Counts the points that lie far from every way on which people walk. All are in degrees.
fn far_off(points: &[Point], extract: &Extract) -> usize {
    far_rows(points, extract).len()
}

/// Returns the positions of the points that lie far from every way on which people walk.
fn far_rows(points: &[Point], extract: &Extract) -> Vec<usize> {
    let place = in_metres(points, true);
    let placed: Vec<Point> = points.iter().map(|at| place(*at)).collect();
    let (low, high) = rectangle(&placed);
    let outside = |one: f64, other: f64, least: f64, most: f64| {
        one.max(other) < least - 2.0 * SIDE || one.min(other) > most + 2.0 * SIDE
    };
    let around = |at: &Point| {
        let (column, row) = square(*at);
        (column - 1..=column + 1).flat_map(move |column| (row - 1..=row + 1).map(move |row| (column, row)))
    };
    // Other squares matter to nobody.
    let wanted: BTreeSet<Square> = placed.iter().flat_map(around).collect();
    let mut squares: BTreeSet<Square> = BTreeSet::new();
    for edge in extract.edges.iter().filter(|edge| edge.class != RIDE) {
        let [from, to] = [edge.from, edge.to].map(|node| place(extract.nodes[node as usize]));
        if outside(from.x, to.x, low.x, high.x) || outside(from.y, to.y, low.y, high.y) {
            continue;
        }
        let steps = ((to.x - from.x).hypot(to.y - from.y) / FAR_METRES).ceil().max(1.0);
        for step in 0..=steps as u32 {
            let share = f64::from(step) / steps;
            let at = Point { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
            squares.extend(Some(square(at)).filter(|square| wanted.contains(square)));
        }
    }
    let is_near = |at: &Point| around(at).any(|square| squares.contains(&square));
    placed.iter().enumerate().filter(|(_, at)| !is_near(at)).map(|(row, _)| row).collect()
}

/// Says whether the two coordinates of most rows are exchanged: all lie far off as they are, and most near the ways
/// once they are exchanged.
fn is_exchanged(far: usize, far_when_turned: usize, seen: usize) -> bool {
    far == seen && far_when_turned * 2 < seen
}

/// Says between which degrees some points lie.
fn range(points: &[Point]) -> Bilingual {
    let (low, high) = rectangle(points);
    let [west, east, south, north] = [low.x, high.x, low.y, high.y].map(|degrees| format!("{degrees:.3}"));
    both(format!("经度 {west}–{east}、纬度 {south}–{north}"), format!("lon {west}–{east}, lat {south}–{north}"))
}

/// Says in which lines some rows stand: the first of them. It says nothing if nobody knows the lines.
fn told_lines(rows: &[usize], lines: &[u64]) -> Bilingual {
    let first: Vec<String> = rows.iter().filter_map(|row| lines.get(*row)).take(TOLD).map(u64::to_string).collect();
    if first.is_empty() {
        return both("", "");
    }
    let (more_zh, more_en) = if rows.len() > first.len() { (" 等", " and others") } else { ("", "") };
    both(
        format!("是第 {}{more_zh} 行。", first.join("、")),
        format!("They stand in lines {}{more_en}. ", first.join(", ")),
    )
}

impl Making<'_> {
    /// Succeeds if most of some rows lie near the ways of the extract, and says how many do not. Nothing is asked if
    /// nobody read an extract. `file` is that of the rows, and the points are in degrees. `lines` holds the line of
    /// each, or none if nobody knows them.
    pub(super) fn near_the_ways(
        &mut self,
        name: &str,
        file: &Path,
        points: &[Point],
        lines: &[u64],
    ) -> Result<(), AppError> {
        let (Some(map), Some(extract)) = (self.survey.map.as_deref(), &self.extract) else { return Ok(()) };
        let rows = far_rows(points, extract);
        let far = rows.len();
        if far == 0 {
            return Ok(());
        }
        let far_lines = told_lines(&rows, lines);
        let (map, rows, ways) = (named(map), range(points), range(&extract.nodes));
        let (seen, limit) = (points.len(), FAR_METRES / 1_000.0);
        let found = both(
            format!("{seen} 行里有 {far} 行离 {map} 里的路超过 {limit} 公里：这张表在{}，路在{}。", rows.zh, ways.zh),
            format!(
                "{far} of {seen} rows lie more than {limit} km from every way of {map}: the rows lie at {}, the ways \
                 at {}. ",
                rows.en, ways.en
            ),
        );
        if far * 2 > seen {
            let turned: Vec<Point> = points.iter().map(|at| Point { x: at.y, y: at.x }).collect();
            let is_exchanged = is_exchanged(far, far_off(&turned, extract), seen);
            let (hint_zh, hint_en) = if is_exchanged { EXCHANGED } else { ("", "") };
            let option = self.task.naming().name();
            let (named_zh, named_en) =
                if self.task == Task::Buildings { ("", "") } else { ("（用 --map 写明）", " (--map names it)") };
            let (zh, en) = match self.task {
                Task::Buildings => UNSENT,
                task if task.needs_ways() => ("", ""),
                _ => WITHOUT,
            };
            let said = both(
                format!(
                    "{}{hint_zh}请换成这些地点所在城区的地图文件{named_zh}，或用 {} 说明坐标系，或改正坐标。{zh}",
                    found.zh, option.zh
                ),
                format!(
                    "{}{hint_en}Take the extract of their own town{named_en}, say with {} how the coordinates are \
                     written, or correct them.{en}",
                    found.en, option.en
                ),
            );
            return Err(AppError::Tables(vec![Fault { file: file.to_owned(), line: 0, said }]));
        }
        self.say(
            format!(
                "{}表：{}{}请改正它们的坐标，或换一个范围更大的地图文件。",
                name_of(name, Lang::Zh),
                found.zh,
                far_lines.zh
            ),
            format!(
                "{name}: {}{}Correct their points, or take an extract that reaches farther.",
                found.en, far_lines.en
            ),
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use planning::network::Edge;

    use super::*;
    use crate::plan::osm::Told;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// A straight way of 8 km to the east, without a node in between, and a ferry to the north.
    fn extract() -> Extract {
        let nodes = vec![at(123.4, 41.8), at(123.5, 41.8), at(123.4, 41.9)];
        let edges =
            vec![Edge { from: 0, to: 1, time: 70_000, class: 0 }, Edge { from: 0, to: 2, time: 10_000, class: RIDE }];
        Extract { nodes, edges, told: Told::default() }
    }

    #[test]
    fn who_lies_beside_a_way_is_near_wherever_its_nodes_are() {
        let extract = extract();
        let near = [at(123.4, 41.8), at(123.45, 41.8), at(123.437, 41.808_9), at(123.463, 41.791_1), at(123.51, 41.8)];
        assert_eq!(far_off(&near, &extract), 0);
        // On the ferry, 5 km to the south, 8 km to the east, and in another town.
        let far = [at(123.4, 41.88), at(123.45, 41.755), at(123.6, 41.8), at(121.6, 38.9)];
        assert_eq!(far_off(&far, &extract), 4);
        for one in far {
            assert_eq!(far_off(&[near[0], one], &extract), 1, "{one:?}");
        }
    }

    #[test]
    fn rows_far_from_the_ways_are_told_by_their_lines() {
        let rows = far_rows(&[at(123.45, 41.755), at(123.4, 41.8), at(123.6, 41.8)], &extract());
        assert_eq!(rows, [0, 2]);
        assert_eq!(told_lines(&rows, &[3, 4, 7]).zh, "是第 3、7 行。");
        assert_eq!(told_lines(&rows, &[3, 4, 7]).en, "They stand in lines 3, 7. ");
        assert_eq!(told_lines(&rows, &[]).zh, "");
    }

    #[test]
    fn rows_that_lie_near_the_ways_only_when_exchanged_are_exchanged() {
        let extract = extract();
        let written = [at(41.8, 123.4), at(41.8, 123.45), at(41.801, 123.437)];
        let turned = written.map(|one| at(one.y, one.x));
        assert!(is_exchanged(far_off(&written, &extract), far_off(&turned, &extract), 3));
        let elsewhere = [at(121.6, 38.9), at(121.61, 38.9)];
        let turned = elsewhere.map(|one| at(one.y, one.x));
        assert!(!is_exchanged(far_off(&elsewhere, &extract), far_off(&turned, &extract), 2));
        assert!(!is_exchanged(1, 0, 3));
    }

    #[test]
    fn a_range_is_told_in_degrees() {
        let said = range(&[at(123.5, 41.8), at(123.4, 41.912_3)]);
        assert_eq!(said.en, "lon 123.400–123.500, lat 41.800–41.912");
        assert_eq!(said.zh, "经度 123.400–123.500、纬度 41.800–41.912");
    }
}
