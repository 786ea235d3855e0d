//! A bundle as a town: what its tables mean to the planners.

use std::path::{Path, PathBuf};

use planning::mobilize::{Gate, Home, Need, Slot};
use planning::network::{Edge, Network, Profile};
use planning::{partition, reach};

use super::table::{Column, Columns, Fault, Kind, PLACE_UNIT, column, has_column, read};

const ANY: Kind = Kind::Whole(0, 1_000_000_000);
/// No number of households, people or metres in a table is above this.
const COUNT: Kind = Kind::Whole(0, 10_000_000);

/// A folder with tables.
#[derive(Debug, Clone)]
pub struct Bundle {
    folder: PathBuf,
}

/// A point in the plane or on the globe, as the tables have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// East, metres, or longitude, degrees.
    pub x: f64,
    /// North, metres, or latitude, degrees.
    pub y: f64,
}

/// The walking network, both ways round.
#[derive(Debug)]
pub struct Ways {
    /// As people walk.
    pub forward: Network,
    /// Reversed, for searches from where they walk to.
    pub backward: Network,
    /// Where its nodes are.
    pub nodes: Vec<Point>,
}

/// Buildings as all planners need them.
#[derive(Debug)]
pub struct Buildings {
    /// For grids.
    pub grid: Vec<partition::Building>,
    /// For reach; empty where the table has no network.
    pub reach: Vec<reach::Building>,
    /// Where they are.
    pub points: Vec<Point>,
}

/// Sites that may open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// Its node.
    pub node: u32,
}

/// Compounds that call for people, and who may come.
#[derive(Debug)]
pub struct Mobilization {
    /// What each compound wants.
    pub needs: Vec<Need>,
    /// Slots, by compound.
    pub slots: Vec<Slot>,
    /// Of each volunteer the kinds of slot he is free and able for.
    pub able: Vec<u64>,
    /// Where each volunteer lives.
    pub homes: Vec<Home>,
    /// Gates of compounds.
    pub gates: Vec<Gate>,
    /// Where compounds are.
    pub points: Vec<Point>,
}

type Found<T> = Result<T, Vec<Fault>>;

impl Bundle {
    /// A folder with tables; they are read as they are asked for.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn table(&self, name: &str, columns: &[Column<'_>]) -> Found<Columns> {
        read(&self.folder, name, columns)
    }

    fn fault(&self, name: &str, line: u64, said: impl Into<String>) -> Vec<Fault> {
        vec![Fault { file: self.folder.join(format!("{name}.csv")), line, said: said.into() }]
    }

    /// The walking network: directed edges with times, or ways in both directions with lengths (`from,to,length_m`).
    pub fn ways(&self, profile: &Profile) -> Found<Ways> {
        let nodes = self.nodes()?;
        let edges = self.edges(nodes.len())?;
        let forward = Network::new(nodes.len(), &edges, profile)
            .map_err(|fault| self.fault("edges", 0, format!("{fault}. Rows count from 0.")))?;
        let backward = forward.reversed();
        Ok(Ways { forward, backward, nodes })
    }

    fn nodes(&self) -> Found<Vec<Point>> {
        let (x, y) = if has_column(&self.folder, "nodes", "lon") { ("lon", "lat") } else { ("x", "y") };
        let columns = self.table("nodes", &[column("id", Kind::Id), column(x, Kind::Place), column(y, Kind::Place)])?;
        Ok(points(&columns[1], &columns[2]))
    }

    fn edges(&self, nodes: usize) -> Found<Vec<Edge>> {
        let node = Kind::Row("nodes", nodes);
        if has_column(&self.folder, "edges", "length_m") {
            let columns =
                self.table("edges", &[column("from", node), column("to", node), column("length_m", Kind::Place)])?;
            let ways: Vec<Edge> = (0..columns[0].len()).map(|row| self.way(&columns, row)).collect::<Result<_, _>>()?;
            // Ways of the open map that begin where they end lead nowhere.
            let ways = ways.into_iter().filter(|way| way.from != way.to);
            return Ok(ways.flat_map(|way| [way, Edge { from: way.to, to: way.from, ..way }]).collect());
        }
        let time = Kind::Whole(0, i64::from(planning::network::LONGEST_DS));
        let wanted =
            [column("src", node), column("dst", node), column("t_ds", time), column("cls", Kind::Whole(0, 255))];
        let columns = self.table("edges", &wanted)?;
        (0..columns[0].len()).map(|row| self.edge(&columns, row)).collect()
    }

    /// A directed edge, its time as it is given.
    fn edge(&self, columns: &Columns, row: usize) -> Found<Edge> {
        let edge = Edge {
            from: id(columns[0][row]),
            to: id(columns[1][row]),
            time: id(columns[2][row]),
            class: u8::try_from(columns[3][row]).unwrap_or(u8::MAX),
        };
        if edge.from == edge.to {
            let said = format!("leads from node {} to itself. Leave the line out.", edge.from);
            return Err(self.fault("edges", row as u64 + 2, said));
        }
        Ok(edge)
    }

    /// A way walked in both directions, with its length.
    fn way(&self, columns: &Columns, row: usize) -> Found<Edge> {
        let length = columns[2][row];
        if length < 0 {
            return Err(self.fault("edges", row as u64 + 2, "length_m: a way is not shorter than nothing"));
        }
        // At 1.2 m/s a metre takes 10 / 1.2 ds.
        let time = (length * 25 / 3 + PLACE_UNIT / 2) / PLACE_UNIT;
        Ok(Edge { from: id(columns[0][row]), to: id(columns[1][row]), time: id(time), class: 0 })
    }

    /// Buildings with households; where they stand on the network too when `nodes` says how many nodes it has.
    pub fn buildings(&self, nodes: Option<usize>) -> Found<Buildings> {
        self.buildings_by("households", nodes)
    }

    /// The same with what another column counts (old people living alone, floors without a lift) in the place of households.
    pub fn buildings_by(&self, weight: &str, nodes: Option<usize>) -> Found<Buildings> {
        let mut wanted = vec![
            column("id", Kind::Id),
            column("compound", ANY),
            column("community", Kind::Whole(0, 10_000_000)),
            column("x", Kind::Place),
            column("y", Kind::Place),
            column(weight, COUNT),
        ];
        if let Some(nodes) = nodes {
            wanted.extend([column("node", Kind::Row("nodes", nodes)), column("access_ds", COUNT)]);
        }
        let columns = self.table("buildings", &wanted)?;
        let rows = 0..columns[0].len();
        let grid = rows.clone().map(|row| partition::Building {
            community: id(columns[2][row]),
            compound: id(columns[1][row]),
            households: id(columns[5][row]),
        });
        let reach = rows.filter(|_| nodes.is_some()).map(|row| reach::Building {
            node: id(columns[6][row]),
            access: id(columns[7][row]),
            households: id(columns[5][row]),
            place: id(columns[2][row]),
        });
        Ok(Buildings { grid: grid.collect(), reach: reach.collect(), points: points(&columns[3], &columns[4]) })
    }

    /// Borders between buildings, of which there are so many.
    pub fn borders(&self, buildings: usize) -> Found<Vec<partition::Border>> {
        let building = Kind::Row("buildings", buildings);
        let columns = self.table(
            "adjacency",
            &[column("a", building), column("b", building), column("border_m", Kind::Whole(0, 1_000_000))],
        )?;
        let border = |row: usize| {
            let border =
                partition::Border { a: id(columns[0][row]), b: id(columns[1][row]), metres: id(columns[2][row]) };
            if border.a == border.b {
                let said = format!("building {} cannot touch itself. Leave the line out.", border.a);
                return Err(self.fault("adjacency", row as u64 + 2, said));
            }
            Ok(border)
        };
        (0..columns[0].len()).map(border).collect()
    }

    /// The nodes of today's stations.
    pub fn stations(&self, nodes: usize) -> Found<Vec<u32>> {
        let columns = self.table("stations", &[column("id", Kind::Id), column("node", Kind::Row("nodes", nodes))])?;
        Ok(columns[1].iter().map(|&node| id(node)).collect())
    }

    /// Where stations could open.
    pub fn candidates(&self, nodes: usize) -> Found<Vec<Site>> {
        let columns = self.table("candidates", &[column("id", Kind::Id), column("node", Kind::Row("nodes", nodes))])?;
        Ok(columns[1].iter().map(|&node| Site { node: id(node) }).collect())
    }

    /// Compounds, gates and volunteers. With `slots` each compound has three shifts and, where it wants them, doctors.
    pub fn mobilization(&self, nodes: usize, slots: bool) -> Found<Mobilization> {
        let node = Kind::Row("nodes", nodes);
        let compounds = self.table(
            "compounds",
            &[
                column("id", Kind::Id),
                column("x", Kind::Place),
                column("y", Kind::Place),
                column("min_vol", COUNT),
                column("max_vol", COUNT),
                column("min_medical", COUNT),
            ],
        )?;
        let count = compounds[0].len();
        let need = |row: usize| {
            let need = Need { least: id(compounds[3][row]), most: id(compounds[4][row]) };
            if need.least > need.most {
                let (least, most) = (need.least, need.most);
                let said = format!("min_vol {least} is above max_vol {most}. Raise the one or lower the other.");
                return Err(self.fault("compounds", row as u64 + 2, said));
            }
            Ok(need)
        };
        let needs: Vec<Need> = (0..count).map(need).collect::<Result<_, _>>()?;
        let gates = self.table("gates", &[column("compound", Kind::Row("compounds", count)), column("node", node)])?;
        let gates = gates[0].iter().zip(&gates[1]).map(|(&site, &node)| Gate { site: id(site), node: id(node) });
        let volunteers = self.table(
            "volunteers",
            &[
                column("id", Kind::Id),
                column("node", node),
                column("access_ds", COUNT),
                column("skills", Kind::Whole(0, 65_535)),
                column("shifts", Kind::Whole(0, 7)),
            ],
        )?;
        let homes = volunteers[1]
            .iter()
            .zip(&volunteers[2])
            .map(|(&node, &access)| Home { node: id(node), access: id(access) });
        let able = volunteers[3].iter().zip(&volunteers[4]).map(|(&skills, &shifts)| able(skills, shifts, slots));
        Ok(Mobilization {
            slots: if slots { shifts(&needs, &compounds[5]) } else { whole_day(&needs) },
            points: points(&compounds[1], &compounds[2]),
            gates: gates.collect(),
            homes: homes.collect(),
            able: able.collect(),
            needs,
        })
    }
}

fn id(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn points(x: &[i64], y: &[i64]) -> Vec<Point> {
    let unit = |value: i64| value as f64 / PLACE_UNIT as f64;
    x.iter().zip(y).map(|(&x, &y)| Point { x: unit(x), y: unit(y) }).collect()
}

fn whole_day(needs: &[Need]) -> Vec<Slot> {
    let slot = |(&need, site): (&Need, u32)| Slot { site, kind: 0, need };
    needs.iter().zip(0..).map(slot).collect()
}

/// Three shifts of a quarter of the least to half of the most, and a doctor's place in the first for each that is wanted.
fn shifts(needs: &[Need], medical: &[i64]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for ((need, &medical), site) in needs.iter().zip(medical).zip(0..) {
        let shift = Need { least: need.least / 4, most: need.most.div_ceil(2) };
        slots.extend((0..3).map(|kind| Slot { site, kind, need: shift }));
        if medical > 0 {
            let doctors = id(medical);
            slots.push(Slot { site, kind: DOCTOR, need: Need { least: doctors, most: doctors } });
        }
    }
    slots
}

const DOCTOR: u8 = 3;

fn able(skills: i64, shifts: i64, slots: bool) -> u64 {
    if !slots {
        return 1;
    }
    let shifts = shifts as u64 & 7;
    let doctor = skills & 1 == 1 && shifts & 1 == 1;
    shifts | u64::from(doctor) << DOCTOR
}
