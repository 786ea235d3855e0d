//! This file finds where the rows of a table stand: their points, and their nodes on the network.

use std::cell::LazyCell;

use kernel::earth::Point as Degrees;
use planning::mobilize::Home;
use planning::snap::{Nodes, walk_ds};

use super::checks::{Apart, FAR_METRES, axes, in_metres, in_range, metres, turned, walked};
use super::{Bundle, COUNT, Column, Found, Kind, PLACE_UNIT, Point, Table, Titles, Ways, both, column, id};

/// Holds a table with the points of its rows.
#[derive(Debug)]
pub struct Placed {
    /// The points, in degrees or in metres.
    pub points: Vec<Point>,
    /// The table.
    pub table: Table,
}

/// Holds a table with the nodes at which its rows stand. There are points if they were read.
pub(super) struct OnWays {
    pub homes: Vec<Home>,
    pub points: Vec<Point>,
    pub table: Table,
}

impl Bundle {
    /// Reads a table with the points of its rows, in degrees or in metres. The other columns come first.
    pub fn placed(&self, name: &str, degrees: bool, others: &[Column<'_>]) -> Found<Placed> {
        self.same_system(name, degrees)?;
        let mut wanted = others.to_vec();
        wanted.extend(axes(degrees).map(|axis| column(axis, Kind::Place)));
        let table = self.table(name, &wanted)?;
        Ok(Placed { points: self.points_of(&table, degrees)?, table })
    }

    /// Returns the points of a table in degrees before somebody reads it for a plan, so nothing is heard of it yet.
    pub(super) fn points(&self, name: &str) -> Found<Vec<Point>> {
        self.same_system(name, true)?;
        let table = self.silent(name, &axes(true).map(|axis| column(axis, Kind::Place)))?;
        self.points_of(&table, true)
    }

    /// Returns the points of a table whose last two columns hold them. Degrees are those that this bundle gives out.
    fn points_of(&self, table: &Table, degrees: bool) -> Found<Vec<Point>> {
        let unit = |value: i64| value as f64 / PLACE_UNIT as f64;
        let Some([x, y]) = table.columns.last_chunk::<2>() else { return Ok(Vec::new()) };
        let mut points: Vec<Point> = x.iter().zip(y).map(|(&x, &y)| Point { x: unit(x), y: unit(y) }).collect();
        if degrees {
            in_range(&points, table)?;
        } else {
            in_metres(&points, table)?;
        }
        if degrees && self.datum() != self.datum {
            for point in &mut points {
                if let Some(shown) = Degrees::from_degrees(point.y, point.x) {
                    (point.y, point.x) = self.datum.meant(shown).degrees();
                }
            }
        }
        Ok(points)
    }

    /// Succeeds unless a table has its points in metres beside ways in degrees, or the other way round.
    fn same_system(&self, name: &str, degrees: bool) -> Found<()> {
        let titles = self.titles(name)?;
        let has = |degrees: bool| axes(degrees).iter().all(|axis| titles.has(axis));
        if has(degrees) || !has(!degrees) {
            return Ok(());
        }
        let said = if degrees {
            both(
                "路用的是经纬度（lon、lat），这张表用的是米（x、y）。请把两处写成同一种坐标。",
                "the ways are in degrees (lon, lat), this table is in metres (x, y). Write both in the same system.",
            )
        } else {
            both(
                "路用的是米（x、y），这张表用的是经纬度（lon、lat）。请把两处写成同一种坐标。",
                "the ways are in metres (x, y), this table is in degrees (lon, lat). Write both in the same system.",
            )
        };
        Err(self.fault(name, said))
    }

    /// Reads a table and where its rows stand on the network, with the time to there: by their column `node`, or on the
    /// nearest way of an extract, or at the nearest node of a table of nodes, whose ways may bend; always where the
    /// ways lead on, with the straight way to there. The other columns come first. Points are read where they are
    /// needed for that, or if they are drawn.
    pub(super) fn on_ways(&self, name: &str, ways: &Ways, drawn: bool, others: &[Column<'_>]) -> Found<OnWays> {
        let titles = self.titles(name)?;
        if !titles.has("node") {
            let Placed { points, table } = self.placed(name, ways.degrees, others)?;
            let homes = self.nearest(ways, &points, &table)?;
            return Ok(OnWays { homes, points, table });
        }
        let wanted = by_node(&titles, ways, others);
        let Placed { points, table } = if drawn {
            self.placed(name, ways.degrees, &wanted)?
        } else {
            Placed { points: Vec::new(), table: self.table(name, &wanted)? }
        };
        let (nodes, times) = (others.len(), others.len() + 1);
        let access = wanted.len() > times;
        let home = |row: usize| Home {
            node: id(table.columns[nodes][row]),
            access: if access { id(table.columns[times][row]) } else { 0 },
        };
        let homes: Vec<Home> = (0..table.rows).map(home).collect();
        let beside = |row: usize, at: Point| metres(at, ways.nodes[homes[row].node as usize], ways.degrees);
        let mut apart = Apart::default();
        for (row, point) in points.iter().enumerate() {
            apart.add(row, beside(row, *point));
        }
        let note = apart.judge(&table, ways.degrees, &|row| beside(row, turned(points[row])))?;
        self.note("far_from_ways", note);
        Ok(OnWays { homes, points, table })
    }

    /// Returns where points meet the ways of an extract, otherwise the nearest nodes from which the ways lead on, with
    /// the straight ways to there.
    fn nearest(&self, ways: &Ways, points: &[Point], table: &Table) -> Found<Vec<Home>> {
        let met = ways.met.get(table.ids.table());
        // Where all points meet a way, nobody asks for the nearest nodes.
        let nodes = LazyCell::new(|| Nodes::new(&ways.nodes, ways.degrees));
        let near = |point: Point, joined: bool| -> (u32, f64) {
            let outside = nodes.outside(point);
            let found = match (outside > FAR_METRES, joined) {
                (true, _) => None,
                (false, true) => nodes.nearest_joined(point, &ways.pieces),
                (false, false) => nodes.nearest(point),
            };
            found.unwrap_or((0, outside))
        };
        let mut apart = Apart::default();
        let mut homes = Vec::with_capacity(points.len());
        for (row, point) in points.iter().enumerate() {
            let (home, metres) = if let Some(home) = met.and_then(|met| met.get(row)) {
                (*home, walked(home.access))
            } else {
                let (node, metres) = near(*point, true);
                (Home { node, access: walk_ds(metres) }, metres)
            };
            apart.add(row, metres);
            homes.push(home);
            if apart.is_hopeless() {
                break;
            }
        }
        let note = apart.judge(table, ways.degrees, &|row| near(turned(points[row]), false).1)?;
        self.note("far_from_ways", note);
        Ok(homes)
    }
}

/// Adds the columns that say at which node a row stands.
fn by_node<'a>(titles: &Titles, ways: &'a Ways, others: &[Column<'a>]) -> Vec<Column<'a>> {
    let mut wanted = others.to_vec();
    wanted.push(column("node", Kind::Row(&ways.ids)));
    if titles.has("access_ds") {
        wanted.push(column("access_ds", COUNT));
    }
    wanted
}
