//! This file reads a bundle as a town: it knows what the tables mean to the planners.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::earth::{Datum, Point as Degrees};
use kernel::language::Bilingual;
use planning::mobilize::{Gate, Home, Need, Slot};
use planning::network::{Edge, Network, Profile, Start};
use planning::pieces::Pieces;
pub use planning::shape::Point;
use planning::snap::{Foot, Lines, Nodes, join, walk_ds};
use planning::{partition, reach};

use super::osm;
use super::summary::Standing;
use super::table::{Column, Columns, Fault, Kind, PLACE_UNIT, both, column, file_of, has_column, read};

const ANY: Kind = Kind::Whole(0, 1_000_000_000);
/// Limits every number of households, people or metres in a table.
const COUNT: Kind = Kind::Whole(0, 10_000_000);

/// A folder with tables.
#[derive(Debug, Clone)]
pub struct Bundle {
    folder: PathBuf,
    datum: Datum,
}

/// Holds streets as the tables or the extract give them.
#[derive(Debug)]
pub struct Streets {
    /// Where the nodes are.
    pub nodes: Vec<Point>,
    /// The pieces of way, each in one direction.
    pub edges: Vec<Edge>,
    /// Whether the points of the bundle are degrees.
    pub degrees: bool,
    /// Where the rows of tables without the column `node` stand, by the name of the table. Only the ways of an extract
    /// are known between their nodes, so only these have such nodes.
    stands: BTreeMap<&'static str, Vec<Home>>,
    /// What a reader must know of the extract.
    pub told: Vec<Bilingual>,
}

/// Is the name of an extract in a bundle.
const EXTRACT: &str = "network.osm.pbf";

/// Lists the tables whose rows stand on the ways.
const STANDING: [&str; 5] = ["buildings", "stations", "candidates", "gates", "volunteers"];

/// Holds the walking network in both directions.
#[derive(Debug)]
pub struct Ways {
    /// The network as people walk it.
    pub forward: Network,
    /// The network reversed, for searches from the places to which people walk.
    pub backward: Network,
    /// Where its nodes are.
    pub nodes: Vec<Point>,
    /// Whether its points are degrees.
    pub degrees: bool,
    /// The pieces into which it falls.
    pieces: Pieces,
    /// Where the rows of some tables stand on an extract.
    stands: BTreeMap<&'static str, Vec<Home>>,
    /// What a reader must know of the extract.
    pub told: Vec<Bilingual>,
}

impl Ways {
    /// Returns how many of some people stand where no way leads to any of the goals, as the ways are walked in their
    /// direction: each with the node and how many stand there.
    pub fn left_out(&self, people: impl Iterator<Item = (u32, u32)>, goals: impl Iterator<Item = u32>) -> u64 {
        let reached = self.backward.reached_from(goals);
        let out = people.filter(|(node, _)| !reached.get(*node as usize).copied().unwrap_or_default());
        out.map(|(_, count)| u64::from(count)).sum()
    }

    /// Returns the notes of a summary that say how some homes stand on the ways, and what a reader must know of the
    /// map.
    pub fn notes(&self, standing: &Standing, zh: &str, en: &str) -> Vec<String> {
        let map = self.told.iter().map(|said| format!("{EXTRACT}: {}", said.en));
        standing.sentences(zh, en).into_iter().map(|said| said.en).chain(map).collect()
    }

    /// Counts how many of some homes lie far off the ways or on an island of them. The time to the way must be that of
    /// an adult.
    pub fn standing(&self, homes: impl Iterator<Item = Home>) -> Standing {
        let mut standing = Standing::default();
        for home in homes {
            standing.all += 1;
            standing.far_off += u64::from(home.access > walk_ds(Standing::FAR_METRES));
            standing.on_islands += u64::from(self.pieces.is_island(home.node));
        }
        standing
    }
}

/// Holds buildings as all planners need them.
#[derive(Debug)]
pub struct Buildings {
    /// The buildings for grids.
    pub grid: Vec<partition::Building>,
    /// The buildings for reach. The list is empty if the table has no network.
    pub reach: Vec<reach::Building>,
    /// Where they are.
    pub points: Vec<Point>,
}

impl Buildings {
    /// Returns where each building meets the ways. There are none if the table has no network.
    pub fn homes(&self) -> impl Iterator<Item = Home> {
        self.reach.iter().map(|building| Home { node: building.node, access: building.access })
    }
}

/// Holds compounds that call for people, and the people who may come.
#[derive(Debug)]
pub struct Mobilization {
    /// What each compound needs.
    pub needs: Vec<Need>,
    /// The slots, by compound.
    pub slots: Vec<Slot>,
    /// The kinds of slot for which each volunteer is free and able.
    pub able: Vec<u64>,
    /// Where each volunteer lives.
    pub homes: Vec<Home>,
    /// The gates of compounds.
    pub gates: Vec<Gate>,
    /// Where compounds are.
    pub points: Vec<Point>,
}

type Found<T> = Result<T, Vec<Fault>>;

impl Bundle {
    /// A folder with tables; they are read as they are asked for.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), datum: Datum::Wgs84 }
    }

    /// Says what the degrees of the tables mean.
    #[must_use]
    pub fn in_datum(self, datum: Datum) -> Self {
        Self { datum, ..self }
    }

    /// Returns what the degrees mean that this bundle gives out. An extract of OpenStreetMap is in WGS 84, so all
    /// points beside one are.
    pub fn datum(&self) -> Datum {
        if self.folder.join(EXTRACT).exists() { Datum::Wgs84 } else { self.datum }
    }

    fn table(&self, name: &str, columns: &[Column<'_>]) -> Found<Columns> {
        read(&self.folder, name, columns)
    }

    fn fault(&self, name: &str, line: u64, said: Bilingual) -> Vec<Fault> {
        vec![Fault { file: file_of(&self.folder, name), line, said }]
    }

    /// The streets: directed edges with times, ways in both directions with lengths (`from,to,length_m`), or an extract
    /// of OpenStreetMap (`network.osm.pbf`).
    pub fn streets(&self) -> Found<Streets> {
        let extract = self.folder.join(EXTRACT);
        if extract.exists() {
            let found = osm::read(&extract).map_err(|said| vec![Fault { file: extract, line: 0, said }])?;
            return Ok(self.joined(found));
        }
        let degrees = has_column(&self.folder, "nodes", "lon");
        let nodes = self.points("nodes", degrees)?;
        let edges = self.edges(nodes.len())?;
        Ok(Streets { nodes, edges, degrees, stands: BTreeMap::new(), told: Vec::new() })
    }

    /// Puts a node on the ways of an extract wherever a row stands that has no column `node`: at the nearest point of
    /// the nearest way from which the ways lead on. A table with faults is passed over; whoever needs it is told.
    fn joined(&self, extract: osm::Extract) -> Streets {
        let osm::Extract { mut nodes, mut edges, told } = extract;
        let pieces = Pieces::new(nodes.len(), edges.iter().map(|edge| [edge.from, edge.to]));
        let lines = Lines::new(&nodes, &edges, true);
        let (mut feet, mut counts) = (Vec::new(), Vec::new());
        for name in STANDING {
            if !file_of(&self.folder, name).exists() || has_column(&self.folder, name, "node") {
                continue;
            }
            let points = self.points(name, true).unwrap_or_default();
            let found: Vec<Foot> = points.iter().filter_map(|&point| lines.nearest_joined(point, &pieces)).collect();
            counts.push((name, found.len()));
            feet.extend(found);
        }
        let at = join(&mut nodes, &mut edges, &feet);
        let mut homes = at.iter().zip(&feet).map(|(&node, foot)| Home { node, access: walk_ds(foot.metres) });
        let stands = counts.into_iter().map(|(name, count)| (name, homes.by_ref().take(count).collect()));
        Streets { stands: stands.collect(), nodes, edges, degrees: true, told: told.sentences() }
    }

    /// The streets as a network on which people walk.
    pub fn ways(&self, profile: &Profile) -> Found<Ways> {
        let Streets { nodes, edges, degrees, stands, told } = self.streets()?;
        let forward = Network::new(nodes.len(), &edges, profile).map_err(|fault| {
            self.fault("edges", 0, both(no_network(&fault), format!("{fault}. Rows count from 0.")))
        })?;
        let backward = forward.reversed();
        let pieces = Pieces::new(nodes.len(), edges.iter().map(|edge| [edge.from, edge.to]));
        Ok(Ways { forward, backward, nodes, degrees, pieces, stands, told })
    }

    /// The points of a table, in degrees or in metres.
    pub fn points(&self, name: &str, degrees: bool) -> Found<Vec<Point>> {
        let (x, y) = if degrees { ("lon", "lat") } else { ("x", "y") };
        let mut wanted = vec![column(x, Kind::Place), column(y, Kind::Place)];
        // Gates have no number of their own.
        if name != "gates" {
            wanted.push(column("id", Kind::Id));
        }
        let columns = self.table(name, &wanted)?;
        let mut found = points(&columns[0], &columns[1]);
        if degrees && self.datum() != self.datum {
            for point in &mut found {
                if let Some(shown) = Degrees::from_degrees(point.y, point.x) {
                    (point.y, point.x) = self.datum.meant(shown).degrees();
                }
            }
        }
        Ok(found)
    }

    /// Where the rows of a table stand on the network, and the time to there: by their column `node`, or on the nearest
    /// way of an extract, or at the nearest node of a table of nodes, whose ways may bend; always where the ways lead
    /// on, with the straight way to there.
    fn stands(&self, name: &str, ways: &Ways, points: Option<&[Point]>) -> Found<Vec<Home>> {
        if has_column(&self.folder, name, "node") {
            let mut wanted = vec![column("node", Kind::Row("nodes", ways.nodes.len()))];
            let access = has_column(&self.folder, name, "access_ds");
            if access {
                wanted.push(column("access_ds", COUNT));
            }
            let columns = self.table(name, &wanted)?;
            let times = columns.get(1);
            let stand =
                |row: usize| Home { node: id(columns[0][row]), access: times.map_or(0, |times| id(times[row])) };
            return Ok((0..columns[0].len()).map(stand).collect());
        }
        if let Some(stands) = ways.stands.get(name).filter(|stands| !stands.is_empty()) {
            return Ok(stands.clone());
        }
        let points = match points {
            Some(points) => points.to_vec(),
            None => self.points(name, ways.degrees)?,
        };
        let nodes = Nodes::new(&ways.nodes, ways.degrees);
        let stand = |&point: &Point| {
            let (node, metres) = nodes.nearest_joined(point, &ways.pieces)?;
            Some(Home { node, access: walk_ds(metres) })
        };
        points
            .iter()
            .map(stand)
            .collect::<Option<_>>()
            .ok_or_else(|| self.fault("nodes", 0, both("一个节点也没有", "has no nodes")))
    }

    /// Returns pieces of way in the order of the table. A piece that people walk in both directions becomes two.
    pub fn edges(&self, nodes: usize) -> Found<Vec<Edge>> {
        let node = Kind::Row("nodes", nodes);
        if has_column(&self.folder, "edges", "length_m") {
            let columns =
                self.table("edges", &[column("from", node), column("to", node), column("length_m", Kind::Place)])?;
            let ways: Vec<Edge> = (0..columns[0].len()).map(|row| self.way(&columns, row)).collect::<Result<_, _>>()?;
            // A way of the open map that begins where it ends leads nowhere.
            let ways = ways.into_iter().filter(|way| way.from != way.to);
            return Ok(ways.flat_map(|way| [way, Edge { from: way.to, to: way.from, ..way }]).collect());
        }
        let time = Kind::Whole(0, i64::from(planning::network::LONGEST_DS));
        let wanted =
            [column("src", node), column("dst", node), column("t_ds", time), column("cls", Kind::Whole(0, 255))];
        let columns = self.table("edges", &wanted)?;
        (0..columns[0].len()).map(|row| self.edge(&columns, row)).collect()
    }

    /// Returns a directed edge with the time that the table gives.
    fn edge(&self, columns: &Columns, row: usize) -> Found<Edge> {
        let edge = Edge {
            from: id(columns[0][row]),
            to: id(columns[1][row]),
            time: id(columns[2][row]),
            class: u8::try_from(columns[3][row]).unwrap_or(u8::MAX),
        };
        if edge.from == edge.to {
            let node = edge.from;
            let said = both(
                format!("从节点 {node} 又回到它自己。请去掉这一行。"),
                format!("leads from node {node} to itself. Leave the line out."),
            );
            return Err(self.fault("edges", row as u64 + 2, said));
        }
        Ok(edge)
    }

    /// Returns a way that people walk in both directions, with its length.
    fn way(&self, columns: &Columns, row: usize) -> Found<Edge> {
        let length = columns[2][row];
        if length < 0 {
            let said = both("length_m：路的长度不能小于 0", "length_m: a way is not shorter than nothing");
            return Err(self.fault("edges", row as u64 + 2, said));
        }
        // At 1.2 m/s a metre takes 10 / 1.2 ds.
        let time = (length * 25 / 3 + PLACE_UNIT / 2) / PLACE_UNIT;
        Ok(Edge { from: id(columns[0][row]), to: id(columns[1][row]), time: id(time), class: 0 })
    }

    /// Returns buildings with households. If there is a network, it also says where they stand on it.
    pub fn buildings(&self, ways: Option<&Ways>) -> Found<Buildings> {
        self.buildings_by("households", ways)
    }

    /// Does the same with what another column counts (old people who live alone, floors without a lift) in place of
    /// households.
    pub fn buildings_by(&self, weight: &str, ways: Option<&Ways>) -> Found<Buildings> {
        let degrees = ways.is_some_and(|ways| ways.degrees) || !has_column(&self.folder, "buildings", "x");
        let columns = self.table(
            "buildings",
            &[column("compound", ANY), column("community", Kind::Whole(0, 10_000_000)), column(weight, COUNT)],
        )?;
        let points = self.points("buildings", degrees)?;
        let grid = (0..columns[0].len()).map(|row| partition::Building {
            community: id(columns[1][row]),
            compound: id(columns[0][row]),
            households: id(columns[2][row]),
        });
        let grid: Vec<partition::Building> = grid.collect();
        let stands = match ways {
            Some(ways) => self.stands("buildings", ways, Some(&points))?,
            None => Vec::new(),
        };
        let reach = grid.iter().zip(stands).map(|(building, stand)| reach::Building {
            node: stand.node,
            access: stand.access,
            households: building.households,
            place: building.community,
        });
        Ok(Buildings { reach: reach.collect(), grid, points })
    }

    /// Returns borders between buildings. `buildings` says how many buildings there are.
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
                let building = border.a;
                let said = both(
                    format!("楼栋 {building} 不会和自己相邻。请去掉这一行。"),
                    format!("building {building} cannot touch itself. Leave the line out."),
                );
                return Err(self.fault("adjacency", row as u64 + 2, said));
            }
            Ok(border)
        };
        (0..columns[0].len()).map(border).collect()
    }

    /// Returns today's stations: their nodes and the time from there.
    pub fn stations(&self, ways: &Ways) -> Found<Vec<Start>> {
        Ok(starts(&self.stands("stations", ways, None)?))
    }

    /// Returns those of today's stations that are open at a minute of the day, by the columns `opens` and `closes` (in
    /// minutes, 1,440 for midnight). A station that closes before it opens is open over midnight. Without a minute it
    /// returns all of them.
    pub fn stations_at(&self, ways: &Ways, minute: Option<u32>) -> Found<Vec<Start>> {
        let all = self.stations(ways)?;
        let Some(minute) = minute.map(i64::from) else { return Ok(all) };
        let day = Kind::Whole(0, 1_440);
        let hours = self.table("stations", &[column("opens", day), column("closes", day)])?;
        let open = |&(opens, closes): &(&i64, &i64)| {
            if opens <= closes { (*opens..*closes).contains(&minute) } else { minute >= *opens || minute < *closes }
        };
        let kept = all.into_iter().zip(hours[0].iter().zip(&hours[1]));
        Ok(kept.filter(|(_, hours)| open(hours)).map(|(station, _)| station).collect())
    }

    /// Returns where stations could open.
    pub fn candidates(&self, ways: &Ways) -> Found<Vec<Start>> {
        Ok(starts(&self.stands("candidates", ways, None)?))
    }

    /// Returns gates of compounds. `compounds` says how many compounds there are.
    pub fn gates(&self, ways: &Ways, compounds: usize) -> Found<Vec<Gate>> {
        let gates = self.table("gates", &[column("compound", Kind::Row("compounds", compounds))])?;
        let stands = self.stands("gates", ways, None)?;
        Ok(gates[0].iter().zip(stands).map(|(&site, stand)| Gate { site: id(site), node: stand.node }).collect())
    }

    /// Returns compounds, gates and volunteers. With `slots` each compound has three shifts and, if it wants them,
    /// doctors.
    pub fn mobilization(&self, ways: &Ways, slots: bool) -> Found<Mobilization> {
        let compounds = self
            .table("compounds", &[column("min_vol", COUNT), column("max_vol", COUNT), column("min_medical", COUNT)])?;
        let points = self.points("compounds", ways.degrees)?;
        let count = compounds[0].len();
        let need = |row: usize| {
            let need = Need { least: id(compounds[0][row]), most: id(compounds[1][row]) };
            if need.least > need.most {
                let (least, most) = (need.least, need.most);
                let said = both(
                    format!("min_vol {least} 大于 max_vol {most}。请调低前者或调高后者。"),
                    format!("min_vol {least} is above max_vol {most}. Raise the one or lower the other."),
                );
                return Err(self.fault("compounds", row as u64 + 2, said));
            }
            Ok(need)
        };
        let needs: Vec<Need> = (0..count).map(need).collect::<Result<_, _>>()?;
        let gates = self.gates(ways, count)?;
        let wanted =
            [column("id", Kind::Id), column("skills", Kind::Whole(0, 65_535)), column("shifts", Kind::Whole(0, 7))];
        let volunteers = self.table("volunteers", &wanted)?;
        let able = volunteers[1].iter().zip(&volunteers[2]).map(|(&skills, &shifts)| able(skills, shifts, slots));
        Ok(Mobilization {
            slots: if slots { shifts(&needs, &compounds[2]) } else { whole_day(&needs) },
            points,
            gates,
            homes: self.stands("volunteers", ways, None)?,
            able: able.collect(),
            needs,
        })
    }
}

/// Says in Chinese why there is no network.
fn no_network(fault: &planning::network::Fault) -> String {
    use planning::network::Fault;
    match fault {
        Fault::NoNode { edge, node, nodes } => {
            format!("第 {edge} 条路写了节点 {node}，而节点只有 {nodes} 个。都从 0 数起。")
        }
        Fault::Loop { edge, node } => format!("第 {edge} 条路从节点 {node} 又回到它自己。都从 0 数起。"),
        Fault::TooLong { edge, time } => format!("第 {edge} 条路要走 {time} 分秒，超过了一天。路从 0 数起。"),
    }
}

fn starts(stands: &[Home]) -> Vec<Start> {
    stands.iter().map(|stand| Start { node: stand.node, time: stand.access }).collect()
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

/// Makes three shifts, each from a quarter of the least to half of the most. The first shift also has a place for each
/// doctor who is wanted.
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
