//! This file reads streets, from tables of nodes and edges or from an extract of OpenStreetMap, and makes the network
//! of them on which people walk.

use std::collections::{BTreeMap, BTreeSet};

use kernel::language::Bilingual;
use planning::mobilize::Home;
use planning::neighbours::Line;
use planning::network::{Edge, LONGEST_DS, Network, Profile};
use planning::pieces::Pieces;
use planning::snap::{Foot, Lines, join, walk_ds};

use super::checks::{self, FAR_METRES};
use super::{Bundle, Found, Ids, Kind, PLACE_UNIT, Point, Table, both, column, id};
use crate::plan::osm;
use crate::plan::summary::{Note, Standing};
use crate::plan::table::Fault;

/// Lists the tables whose rows stand on the ways.
const ON_WAYS: [&str; 5] = ["buildings", "stations", "candidates", "gates", "volunteers"];

/// Holds streets as the tables or the extract give them.
#[derive(Debug)]
pub struct Streets {
    /// Where the nodes are.
    pub nodes: Vec<Point>,
    /// The pieces of way, each in one direction.
    pub edges: Vec<Edge>,
    /// Whether the points of the bundle are degrees.
    pub degrees: bool,
    /// The ids of the nodes.
    pub ids: Ids,
    /// Where the rows of tables without the column `node` stand, by the name of the table. Only the ways of an extract
    /// are known between their nodes, so only these have such nodes.
    met: BTreeMap<&'static str, Vec<Home>>,
    /// What a reader must know of the extract.
    pub told: Vec<Bilingual>,
}

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
    /// The ids of its nodes.
    pub ids: Ids,
    /// The pieces into which it falls.
    pub(super) pieces: Pieces,
    /// Where the rows of some tables meet the ways of an extract, by the name of the table.
    pub(super) met: BTreeMap<&'static str, Vec<Home>>,
    /// What a reader must know of the extract.
    pub told: Vec<Bilingual>,
    /// What the ways were read from.
    source: String,
}

impl Ways {
    /// Returns the ways as they are drawn, each once.
    pub fn lines(&self) -> Vec<Line> {
        let nodes = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let out = |node: u32| self.forward.out(node).iter().map(move |arc| (node.min(arc.to), node.max(arc.to)));
        let pairs: BTreeSet<(u32, u32)> = (0..nodes).flat_map(out).collect();
        let at = |node: u32| self.nodes.get(node as usize).copied();
        pairs.into_iter().filter_map(|(from, to)| Some([at(from)?, at(to)?])).collect()
    }

    /// Returns how many of some people stand where no way leads to any of the goals, as the ways are walked in their
    /// direction: each with the node and how many stand there.
    pub fn left_out(&self, people: impl Iterator<Item = (u32, u32)>, goals: impl Iterator<Item = u32>) -> u64 {
        let reached = self.backward.reached_from(goals);
        let out = people.filter(|(node, _)| !reached.get(*node as usize).copied().unwrap_or_default());
        out.map(|(_, count)| u64::from(count)).sum()
    }

    /// Returns the notes of a summary that say how some homes stand on the ways, and what a reader must know of the
    /// map.
    pub fn notes(&self, standing: &Standing, zh: &str, en: &str) -> Vec<Note> {
        let source = &self.source;
        let of_map = |said: &Bilingual| both(format!("{source}：{}", said.zh), format!("{source}: {}", said.en));
        let map = self.told.iter().map(|said| Note::new("map", of_map(said)));
        standing.sentences(zh, en).into_iter().map(|said| Note::new("standing", said)).chain(map).collect()
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

impl Bundle {
    /// The streets: directed edges with times, ways in both directions with lengths (`from,to,length_m`), or an extract
    /// of OpenStreetMap (`network.osm.pbf`, or the one that was named).
    pub fn streets(&self) -> Found<Streets> {
        if let Some(extract) = self.extract() {
            let held = self.held.borrow_mut().take();
            let read = held.map_or_else(|| osm::read(&extract), Ok);
            let found = read.map_err(|said| vec![Fault { file: extract, line: 0, said }])?;
            return Ok(self.joined(found));
        }
        let degrees = self.in_degrees("nodes")?;
        let placed = self.placed("nodes", degrees, &[column("id", Kind::Id)])?;
        let (nodes, table) = (placed.points, placed.table);
        table.filled()?;
        let edges = self.edges(&table.ids)?;
        let note = checks::lengths(&nodes, &edges, degrees).map_err(|said| self.fault("nodes", said))?;
        checks::ends(&nodes, &edges, degrees, &table)?;
        self.note("short_ways", note);
        Ok(Streets { nodes, edges, degrees, ids: table.ids, met: BTreeMap::new(), told: Vec::new() })
    }

    /// Puts a node on the ways of an extract wherever a row stands that has no column `node`: at the nearest point of
    /// the nearest way from which the ways lead on. A table with faults is passed over, and so is one with points in
    /// another part of the world; whoever needs it is told.
    fn joined(&self, extract: osm::Extract) -> Streets {
        let osm::Extract { mut nodes, mut edges, told } = extract;
        let pieces = Pieces::new(nodes.len(), edges.iter().map(|edge| [edge.from, edge.to]));
        let lines = Lines::new(&nodes, &edges, true);
        let (mut feet, mut counts) = (Vec::new(), Vec::new());
        for name in ON_WAYS {
            let Ok(titles) = self.titles(name) else { continue };
            let points = if titles.has("node") { Vec::new() } else { self.points(name).unwrap_or_default() };
            if points.iter().any(|point| lines.outside(*point) > FAR_METRES) {
                continue;
            }
            let found: Vec<Foot> = points.iter().filter_map(|&point| lines.nearest_joined(point, &pieces)).collect();
            counts.push((name, found.len()));
            feet.extend(found);
        }
        let at = join(&mut nodes, &mut edges, &feet);
        let mut homes = at.iter().zip(&feet).map(|(&node, foot)| Home { node, access: walk_ds(foot.metres) });
        let met = counts.into_iter().map(|(name, count)| (name, homes.by_ref().take(count).collect())).collect();
        let ids = Ids::numbered("nodes", nodes.len());
        Streets { nodes, edges, degrees: true, ids, met, told: told.sentences() }
    }

    /// The streets as a network on which people walk.
    pub fn ways(&self, profile: &Profile) -> Found<Ways> {
        let Streets { nodes, edges, degrees, ids, met, told } = self.streets()?;
        let forward = Network::new(nodes.len(), &edges, profile)
            .map_err(|fault| self.fault("edges", no_network(&fault, &edges, &ids)))?;
        let backward = forward.reversed();
        let pieces = Pieces::new(nodes.len(), edges.iter().map(|edge| [edge.from, edge.to]));
        let map = self.extract().and_then(|map| Some(map.file_name()?.to_string_lossy().into_owned()));
        let source = map.unwrap_or_else(|| "edges".to_owned());
        self.heard.borrow_mut().parts(&pieces, nodes.len(), &source);
        Ok(Ways { forward, backward, nodes, degrees, ids, pieces, met, told, source })
    }

    /// Returns pieces of way in the order of the table. A piece that people walk in both directions becomes two.
    fn edges(&self, nodes: &Ids) -> Found<Vec<Edge>> {
        let titles = self.titles("edges")?;
        let known = |columns: [&str; 3]| columns.iter().filter(|column| titles.has(column)).count();
        let (measured, timed) = (known(["from", "to", "length_m"]), known(["src", "dst", "t_ds"]));
        let both_ways = measured > 0 && measured >= timed;
        let node = Kind::Row(nodes);
        let time = Kind::Whole(0, i64::from(LONGEST_DS));
        let table = if both_ways {
            self.table("edges", &[column("from", node), column("to", node), column("length_m", Kind::Place)])?
        } else {
            let class = Kind::Whole(0, 255);
            self.table(
                "edges",
                &[column("src", node), column("dst", node), column("t_ds", time), column("cls", class)],
            )?
        };
        table.filled()?;
        let rows = 0..table.rows;
        if both_ways {
            table.faults(rows.clone().filter_map(|row| Some((row, no_length(table.columns[2][row])?))))?;
            let ways = rows.map(|row| way(&table, row));
            // A way of the open map that begins where it ends leads nowhere.
            let ways = ways.filter(|way| way.from != way.to);
            return Ok(ways.flat_map(|way| [way, Edge { from: way.to, to: way.from, ..way }]).collect());
        }
        let edges: Vec<Edge> = rows.map(|row| edge(&table, row)).collect();
        let loops = edges.iter().enumerate().filter(|(_, edge)| edge.from == edge.to);
        table.faults(loops.map(|(row, edge)| (row, leads_to_itself(&nodes.written(edge.from as usize)))))?;
        Ok(edges)
    }
}

/// Returns a directed edge with the time that the table gives.
fn edge(table: &Table, row: usize) -> Edge {
    Edge {
        from: id(table.columns[0][row]),
        to: id(table.columns[1][row]),
        time: id(table.columns[2][row]),
        class: u8::try_from(table.columns[3][row]).unwrap_or(u8::MAX),
    }
}

/// Returns a way that people walk in both directions, with its length.
fn way(table: &Table, row: usize) -> Edge {
    // At 1.2 m/s a metre takes 10 / 1.2 ds.
    let time = (table.columns[2][row] * 25 / 3 + PLACE_UNIT / 2) / PLACE_UNIT;
    Edge { from: id(table.columns[0][row]), to: id(table.columns[1][row]), time: id(time), class: 0 }
}

/// Says why something is no length of a way, if it is none.
fn no_length(length: i64) -> Option<Bilingual> {
    // A day's walk.
    let most = i64::from(LONGEST_DS) * 12 / 100;
    let metres = length / PLACE_UNIT;
    if length < 0 {
        return Some(both(
            "length_m：路的长度不能小于 0。请写成正数。",
            "length_m: a way is not shorter than nothing. Write its length in metres.",
        ));
    }
    (metres > most).then(|| {
        both(
            format!("length_m：{metres} 米的路一天走不完。请按米写，最多 {most} 米。"),
            format!("length_m: nobody walks {metres} m in a day. Write metres, {most} at most."),
        )
    })
}

fn leads_to_itself(node: &str) -> Bilingual {
    both(
        format!("从节点 {node} 又回到它自己。请去掉这一行。"),
        format!("leads from node {node} to itself. Leave the line out."),
    )
}

/// Says why there is no network.
fn no_network(fault: &planning::network::Fault, edges: &[Edge], nodes: &Ids) -> Bilingual {
    let way = match fault {
        planning::network::Fault::TooLong { edge, time } => edges.get(*edge).zip(Some(time)),
        _ => None,
    };
    let Some((way, time)) = way else {
        return both(format!("连不成路网（{fault}）。请检查 edges。"), format!("{fault}. Check edges."));
    };
    let (from, to) = (nodes.written(way.from as usize), nodes.written(way.to as usize));
    both(
        format!("从节点 {from} 到节点 {to} 的路要走 {time} 分秒，超过了一天。请改它的长度或时间。"),
        format!("the way from node {from} to node {to} takes {time} ds, more than a day. Correct its length or time."),
    )
}
