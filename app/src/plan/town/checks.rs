//! This file checks whether points can be meant as they are written: degrees in their range, tables in one system of
//! coordinates, ways about as long as their ends are apart.

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use planning::network::{Edge, RIDE};
use planning::partition::Border;
use planning::snap::{metres_between, rectangle};

use super::{Buildings, Found, Point, Table, both};

/// A row that stands farther than that from every way is a fault.
pub(super) const FAR_METRES: f64 = 50_000.0;
/// Rows that stand farther than that from every way are told; if they are most, the table is a fault.
const BEYOND_METRES: f64 = 3_000.0;
/// Up to this mean distance nobody asks whether coordinates are exchanged.
const NEAR_METRES: f64 = 50.0;
/// So many times nearer the rows of a table stand if exchanged coordinates are meant.
const TIMES_NEARER: f64 = 4.0;
/// So many rows or ways are looked at where a sample is enough.
const SAMPLE: usize = 1_000;
/// A median needs so many ways or borders.
const FEW: usize = 3;
/// Ways are that much longer than their ends are apart only if these are in another unit.
const OTHER_UNIT: f64 = 100.0;
/// A median way that is shorter than this share of the straight line is told.
const SHORT: f64 = 0.25;
/// All points of a table that lie within so many metres can only be degrees.
const SPOT_METRES: f64 = 5.0;
/// Degrees that differ by less are no fifty kilometres apart.
const WIDE_DEGREES: f64 = 0.4;
/// Shares are told from so many ways on.
const MANY: usize = 20;

/// Returns the metres between two points, in degrees or in metres.
pub(super) fn metres(a: Point, b: Point, degrees: bool) -> f64 {
    if degrees { metres_between(a, b) } else { (a.x - b.x).hypot(a.y - b.y) }
}

/// Returns how many metres somebody walks in a time, in ds: at 1.2 m/s a ds is 12 cm.
pub(super) fn walked(time: u32) -> f64 {
    f64::from(time) * 0.12
}

/// Returns the names of the two columns that hold points.
pub(super) fn axes(degrees: bool) -> [&'static str; 2] {
    if degrees { ["lon", "lat"] } else { ["x", "y"] }
}

/// Returns a point with its coordinates exchanged.
pub(super) fn turned(point: Point) -> Point {
    Point { x: point.y, y: point.x }
}

fn as_written(point: Point) -> Point {
    point
}

fn kilometres(metres: f64) -> String {
    format!("{:.1}", metres / 1_000.0)
}

/// Succeeds if all points are degrees.
pub(super) fn in_range(points: &[Point], table: &Table) -> Found<()> {
    let out = |point: &Point| !may_be_degrees(point);
    let rows: Vec<usize> = (0..points.len()).filter(|row| out(&points[*row])).collect();
    let Some(&first) = rows.first() else { return Ok(()) };
    let exchanged = rows.iter().all(|row| !out(&turned(points[*row])));
    let said = |row: usize| no_degrees(points[row], exchanged);
    if rows.len() * 2 > points.len() {
        return Err(vec![table.fault_of_all(said(first))]);
    }
    table.faults(rows.iter().map(|row| (*row, said(*row))))
}

fn no_degrees(point: Point, exchanged: bool) -> Bilingual {
    let Point { x, y } = point;
    if exchanged {
        return both(
            format!("lon 是 {x}，lat 是 {y}，而 lat 在 -90 到 90 之间：这两列写反了。请把列名对调。"),
            format!(
                "lon is {x} and lat is {y}, but lat lies between -90 and 90: the two columns are swapped. Exchange \
                 their names."
            ),
        );
    }
    both(
        format!(
            "lon {x}、lat {y} 不是经纬度：lat 在 -90 到 90 之间，lon 在 -180 到 180 之间。如果是米，请在所有的表里\
             把列名写成 x、y；否则请改正。"
        ),
        format!(
            "lon {x}, lat {y} are no degrees: lat lies between -90 and 90, lon between -180 and 180. If they are \
             metres, name the columns x and y in all tables; otherwise correct them."
        ),
    )
}

/// Says how far the rows of a table stand from their nodes, or from the nearest way.
#[derive(Debug, Default)]
pub(super) struct Apart {
    rows: Vec<(usize, f64)>,
    beyond: usize,
}

impl Apart {
    pub(super) fn add(&mut self, row: usize, metres: f64) {
        self.rows.push((row, metres));
        self.beyond += usize::from(metres > BEYOND_METRES);
    }

    /// Says whether so many rows are far away that the others change nothing.
    pub(super) fn is_hopeless(&self) -> bool {
        self.beyond > SAMPLE && self.beyond * 2 > self.rows.len()
    }

    /// Succeeds if the rows stand where they can be meant, with a note on those that are far away. `other` returns the
    /// distance of a row with its coordinates exchanged.
    pub(super) fn judge(&self, table: &Table, degrees: bool, other: &dyn Fn(usize) -> f64) -> Found<Option<Bilingual>> {
        let seen = self.rows.len();
        if let Some(said) = self.exchanged(degrees, other) {
            return Err(vec![table.fault_of_all(said)]);
        }
        let farthest = self.rows.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some(&(row, most)) = farthest.filter(|_| self.beyond > 0) else { return Ok(None) };
        let (beyond, line, most) = (self.beyond, table.line(row), kilometres(most));
        let limit = kilometres(BEYOND_METRES);
        if seen > 1 && beyond * 2 > seen {
            return Err(vec![table.fault_of_all(both(
                format!(
                    "{seen} 行里有 {beyond} 行离最近的路超过 {limit} 公里，最远的是第 {line} 行，{most} 公里。\
                     请把这张表和路写成同一种坐标。"
                ),
                format!(
                    "{beyond} of {seen} rows stand more than {limit} km from every way, that in line {line} \
                     {most} km. Write this table and the ways in the same system of coordinates."
                ),
            ))]);
        }
        let [x, y] = axes(degrees);
        let far = self.rows.iter().filter(|(_, metres)| *metres > FAR_METRES);
        table.faults(far.map(|(row, metres)| {
            let away = kilometres(*metres);
            let said = both(
                format!("离路 {away} 公里。请改正 {x}、{y}（也看看是不是没有填）或所在的节点，或去掉这一行。"),
                format!(
                    "stands {away} km from the ways. Correct {x} and {y} (0 where nothing was filled in?) or its \
                     node, or leave the line out."
                ),
            );
            (*row, said)
        }))?;
        let name = table.ids.table();
        let share = beyond as f64 * 100.0 / seen as f64;
        Ok(Some(both(
            format!(
                "{name} 的 {seen} 行里有 {beyond} 行（{share:.1} %）离最近的路超过 {limit} 公里，最远的是第 {line} 行，\
                 {most} 公里。请改正坐标，或补上路。"
            ),
            format!(
                "{beyond} of {seen} {name} ({share:.1} %) stand more than {limit} km from every way, that in line \
                 {line} {most} km: mend the points or add the ways"
            ),
        )))
    }

    /// Says that the coordinates are exchanged, if the rows stand much nearer that way.
    fn exchanged(&self, degrees: bool, other: &dyn Fn(usize) -> f64) -> Option<Bilingual> {
        let step = self.rows.len().div_ceil(SAMPLE).max(1);
        let sample: Vec<&(usize, f64)> = self.rows.iter().step_by(step).collect();
        let count = sample.len() as f64;
        let given = sample.iter().map(|(_, metres)| metres).sum::<f64>() / count;
        if sample.len() < FEW || given <= NEAR_METRES {
            return None;
        }
        let turned = sample.iter().map(|(row, _)| other(*row)).sum::<f64>() / count;
        let [x, y] = axes(degrees);
        (given > TIMES_NEARER * turned).then(|| {
            both(
                format!(
                    "{x} 和 {y} 在这张表或 nodes 里写反了：照现在的写法平均离路 {given:.0} 米，对调后 {turned:.0} 米。\
                     请在其中一张表里把两列的列名对调。"
                ),
                format!(
                    "{x} and {y} are swapped here or in nodes: as written the rows stand {given:.0} m from their \
                     ways in the mean, exchanged {turned:.0} m. Exchange the two names in one of the tables."
                ),
            )
        })
    }
}

/// Returns the median of some numbers, or nothing if they are few.
fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().filter(|_| numbers.len() >= FEW)
}

/// Succeeds if no way on foot joins nodes that are far apart and is short itself. Of two such nodes the one is told
/// that is farther from the others. `table` is that of the nodes.
pub(super) fn ends(nodes: &[Point], edges: &[Edge], degrees: bool, table: &Table) -> Found<()> {
    let straight = |edge: &Edge| metres(nodes[edge.from as usize], nodes[edge.to as usize], degrees);
    let is_far = |edge: &&Edge| {
        let (a, b) = (nodes[edge.from as usize], nodes[edge.to as usize]);
        let is_wide = !degrees || (a.x - b.x).abs().max((a.y - b.y).abs()) > WIDE_DEGREES;
        edge.class != RIDE && is_wide && straight(edge) > FAR_METRES && straight(edge) > 2.0 * walked(edge.time)
    };
    let far: Vec<&Edge> = edges.iter().filter(is_far).collect();
    if far.len() * 2 > edges.len() {
        return Err(vec![table.fault_of_all(both(
            "大多数路比两端的距离短得多。请检查单位：x、y 和 length_m 用米，t_ds 用十分之一秒。",
            "most ways are far shorter than their ends are apart. Check the units: metres for x, y and length_m, \
             tenths of a second for t_ds.",
        ))]);
    }
    let of = |axis: fn(&Point) -> f64| median(nodes.iter().map(axis).collect()).unwrap_or_default();
    let middle = if far.is_empty() { Point::default() } else { Point { x: of(|at| at.x), y: of(|at| at.y) } };
    let away = |node: u32| metres(nodes[node as usize], middle, degrees);
    let wrong: BTreeMap<u32, f64> = far
        .iter()
        .map(|edge| (if away(edge.from) > away(edge.to) { edge.from } else { edge.to }, straight(edge)))
        .collect();
    let [x, y] = axes(degrees);
    table.faults(wrong.into_iter().map(|(node, metres)| {
        let away = kilometres(metres);
        let said = both(
            format!("离它连着的节点 {away} 公里。请改正 {x}、{y}（也看看是不是没有填），或去掉它和它的路。"),
            format!(
                "stands {away} km from a node to which a short way joins it. Correct {x} and {y} (0 where nothing \
                 was filled in?), or leave it and its ways out."
            ),
        );
        (node as usize, said)
    }))
}

/// Succeeds if ways on foot are about as long as their ends are apart, with a note where they are much shorter.
pub(super) fn lengths(nodes: &[Point], edges: &[Edge], degrees: bool) -> Result<Option<Bilingual>, Bilingual> {
    let step = edges.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<&Edge> = edges.iter().step_by(step).filter(|edge| edge.time > 0 && edge.class != RIDE).collect();
    let straight = |edge: &Edge, meant: fn(Point) -> Point| {
        let [from, to] = [edge.from, edge.to].map(|node| meant(nodes[node as usize]));
        metres(from, to, degrees)
    };
    let apart = sample.iter().filter(|edge| straight(edge, as_written) > 0.0);
    let ratios: Vec<f64> = apart.map(|edge| walked(edge.time) / straight(edge, as_written)).collect();
    let Some(median) = median(ratios) else { return Ok(None) };
    if median > OTHER_UNIT {
        return Err(other_unit(nodes, degrees, median));
    }
    // Roundings count for much on the shortest ways.
    let long: Vec<&&Edge> = sample.iter().filter(|edge| straight(edge, as_written) > 5.0).collect();
    let shorter =
        |meant: fn(Point) -> Point| long.iter().filter(|edge| walked(edge.time) < 0.9 * straight(edge, meant)).count();
    let is_turned = degrees && long.len() >= MANY && shorter(as_written) * 10 > long.len();
    if is_turned && shorter(turned) * 50 < long.len() {
        return Err(both(
            "很多路比两端的直线还短，lon 和 lat 对调后就不短了：这两列写反了。请在所有的表里把列名对调。",
            "many ways are shorter than the straight line between their ends, and they are not once lon and lat are \
             exchanged: the two columns are swapped. Exchange their names in all tables.",
        ));
    }
    Ok((median < SHORT).then(|| {
        let times = 1.0 / median;
        both(
            format!(
                "路比两端的距离短 {times:.0} 倍。length_m 用米，t_ds 用十分之一秒（每秒走 1.2 米）。请检查这两列的单位。"
            ),
            format!(
                "the ways are {times:.0} times shorter than their ends are apart: length_m is in metres, t_ds in \
                 tenths of a second at 1.2 m/s"
            ),
        )
    }))
}

fn other_unit(points: &[Point], degrees: bool, times: f64) -> Bilingual {
    if !degrees && points.iter().all(may_be_degrees) {
        return no_metres();
    }
    both(
        format!("路比两端的距离长 {times:.0} 倍。请检查单位：x、y 和 length_m 用米，t_ds 用十分之一秒。"),
        format!(
            "the ways are {times:.0} times as long as their ends are apart. Check the units: metres for x, y and \
             length_m, tenths of a second for t_ds."
        ),
    )
}

fn may_be_degrees(point: &Point) -> bool {
    point.x.abs() <= 180.0 && point.y.abs() <= 90.0
}

fn no_metres() -> Bilingual {
    both(
        "x、y 不像是米：这样这些点就都挤在一处了。如果是经纬度，请在所有的表里把列名改成 lon、lat；否则请换成米。",
        "x and y are no metres, for the points would all lie in one spot. If they are degrees, name the columns lon \
         and lat in all tables; otherwise write metres.",
    )
}

/// Succeeds unless points that should be metres can only be degrees: they lie in one spot, with many decimals.
pub(super) fn in_metres(points: &[Point], table: &Table) -> Found<()> {
    let (low, high) = rectangle(points);
    let (wide, high) = (high.x - low.x, high.y - low.y);
    let is_fine = |value: f64| (value * 100.0 - (value * 100.0).round()).abs() > 1e-6;
    let fine = points.iter().filter(|point| is_fine(point.x) && is_fine(point.y)).count();
    let in_one_spot = wide + high > 0.0 && wide < SPOT_METRES && high < SPOT_METRES;
    if points.len() >= FEW && in_one_spot && fine * 2 > points.len() && points.iter().all(may_be_degrees) {
        return Err(vec![table.fault_of_all(no_metres())]);
    }
    Ok(())
}

/// Says that the points of buildings are in another unit than their borders, if they are.
pub(super) fn other_unit_of(buildings: &Buildings, borders: &[Border]) -> Option<Bilingual> {
    let Buildings { points, degrees, .. } = buildings;
    let step = borders.len().div_ceil(SAMPLE).max(1);
    let sample = borders.iter().step_by(step).filter(|border| apart(buildings, border) > 0.0);
    let times = median(sample.map(|border| f64::from(border.metres) / apart(buildings, border)).collect())?;
    (!degrees && times > OTHER_UNIT).then(|| other_unit(points, false, times))
}

/// Returns the metres between two buildings.
fn apart(buildings: &Buildings, border: &Border) -> f64 {
    let Buildings { points, degrees, .. } = buildings;
    metres(points[border.a as usize], points[border.b as usize], *degrees)
}

/// Succeeds if no buildings touch that are far apart.
pub(super) fn touching(buildings: &Buildings, borders: &[Border], table: &Table) -> Found<()> {
    let far = borders.iter().enumerate().filter(|(_, border)| apart(buildings, border) > FAR_METRES);
    table.faults(far.map(|(row, border)| {
        let [a, b] = [border.a, border.b].map(|building| buildings.ids.written(building as usize));
        let away = kilometres(apart(buildings, border));
        let said = both(
            format!("楼栋 {a} 和 {b} 相距 {away} 公里，不会相邻。请改正编号或它们的坐标。"),
            format!("buildings {a} and {b} are {away} km apart and cannot touch. Correct the ids or their points."),
        );
        (row, said)
    }))
}
