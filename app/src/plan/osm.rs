//! This file reads the walking network of an OpenStreetMap extract (`network.osm.pbf`): the ways that people may walk,
//! in both directions.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::language::Bilingual;
use osmpbf::{Element, ElementReader};
use planning::network::Edge;
use planning::shape::Point;
use planning::snap::{metres_between, walk_ds};

use super::table::both;

/// Lists values of `highway` on which nobody may walk, unless the map says that one may (`foot=yes`).
const FOR_VEHICLES: [&str; 7] =
    ["motorway", "motorway_link", "trunk", "trunk_link", "raceway", "bus_guideway", "busway"];

/// Lists values of `highway` that are no way today: one that is not built yet, is gone, or was only thought of.
const NOT_THERE: [&str; 14] = [
    "abandoned",
    "construction",
    "demolished",
    "destroyed",
    "disused",
    "dismantled",
    "historic",
    "no",
    "planned",
    "proposed",
    "razed",
    "removed",
    "rejected",
    "cancelled",
];

/// Lists values of `foot` that let people onto a way which is otherwise not for them.
const LET_IN: [&str; 4] = ["yes", "designated", "permissive", "official"];

/// Lists values of `foot` or `access` that keep people out.
const KEPT_OUT: [&str; 2] = ["no", "private"];

/// Is the class of stairs. All other edges have the class 0.
const STAIRS: u8 = 1;

/// Holds nodes, in the order of their OpenStreetMap identities, and edges.
pub struct Extract {
    /// Where the nodes are, in degrees.
    pub nodes: Vec<Point>,
    /// The ways between neighbouring nodes, in both directions.
    pub edges: Vec<Edge>,
}

/// Reads an extract. It goes through the file twice: first for the ways, then for their nodes.
pub fn read(path: &Path) -> Result<Extract, Bilingual> {
    let open = || {
        ElementReader::from_path(path).map_err(|fault| {
            both(
                format!("打不开（{fault}）。请把地图文件放在这里。"),
                format!("cannot be opened ({fault}). Put the extract there."),
            )
        })
    };
    let broken = |fault: osmpbf::Error| {
        both(
            format!("读到一半读不下去了（{fault}）。请重新下载地图文件。"),
            format!("cannot be read on ({fault}). Load the extract again."),
        )
    };
    let mut ways: Vec<(Vec<i64>, u8)> = Vec::new();
    open()?
        .for_each(|element| {
            if let Element::Way(way) = element
                && let Some(class) = walked(way.tags())
            {
                ways.push((way.refs().collect(), class));
            }
        })
        .map_err(broken)?;
    let mut places: BTreeMap<i64, Option<Point>> = BTreeMap::new();
    for (nodes, _) in &ways {
        places.extend(nodes.iter().map(|&node| (node, None)));
    }
    let mut put = |id: i64, x: f64, y: f64| {
        if let Some(place) = places.get_mut(&id) {
            *place = Some(Point { x, y });
        }
    };
    open()?
        .for_each(|element| match element {
            Element::Node(node) => put(node.id(), node.lon(), node.lat()),
            Element::DenseNode(node) => put(node.id(), node.lon(), node.lat()),
            Element::Way(_) | Element::Relation(_) => {}
        })
        .map_err(broken)?;
    // A node that the extract cuts off has no place, and the ways end before it.
    let kept: Vec<(i64, Point)> = places.into_iter().filter_map(|(id, place)| Some((id, place?))).collect();
    let row = |id: i64| kept.binary_search_by_key(&id, |&(known, _)| known).ok();
    let mut edges = Vec::new();
    for (nodes, class) in &ways {
        for [a, b] in nodes.array_windows() {
            if let (Some(from), Some(to)) = (row(*a), row(*b))
                && from != to
            {
                let time = walk_ds(metres_between(kept[from].1, kept[to].1));
                let (from, to) = (from as u32, to as u32);
                edges
                    .extend([Edge { from, to, time, class: *class }, Edge { from: to, to: from, time, class: *class }]);
            }
        }
    }
    if edges.is_empty() {
        return Err(both(
            "里面没有可以走的路。请换一个城区的地图文件。",
            "has no way that one may walk. Take an extract of a town.",
        ));
    }
    Ok(Extract { nodes: kept.into_iter().map(|(_, place)| place).collect(), edges })
}

/// Returns the class of a way that people may walk.
fn walked<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Option<u8> {
    let (mut class, mut let_in, mut kept_out) = (None, false, false);
    for (key, value) in tags {
        match key {
            "highway" if NOT_THERE.contains(&value) => return None,
            "highway" => {
                kept_out |= FOR_VEHICLES.contains(&value);
                class = Some(if value == "steps" { STAIRS } else { 0 });
            }
            // Some maps keep the kind of a way and mark that it is not there.
            "abandoned" | "construction" | "demolished" | "disused" | "planned" | "proposed" | "razed" | "removed"
                if value == "yes" =>
            {
                return None;
            }
            "foot" if KEPT_OUT.contains(&value) => return None,
            "foot" => let_in |= LET_IN.contains(&value),
            "access" if KEPT_OUT.contains(&value) => kept_out = true,
            _ => {}
        }
    }
    class.filter(|_| let_in || !kept_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_walks_where_one_may() {
        let class = |tags: &[(&'static str, &'static str)]| walked(tags.iter().copied());
        assert_eq!(class(&[("highway", "residential")]), Some(0));
        assert_eq!(class(&[("highway", "steps")]), Some(STAIRS));
        assert_eq!(class(&[("highway", "motorway")]), None);
        assert_eq!(class(&[("highway", "footway"), ("access", "private")]), None);
        assert_eq!(class(&[("highway", "service"), ("access", "private"), ("foot", "yes")]), Some(0));
        assert_eq!(class(&[("highway", "path"), ("foot", "no")]), None);
        assert_eq!(class(&[("building", "yes")]), None);
        assert_eq!(class(&[("highway", "trunk")]), None);
        assert_eq!(class(&[("highway", "trunk"), ("foot", "yes")]), Some(0));
        assert_eq!(class(&[("foot", "designated"), ("highway", "trunk_link")]), Some(0));
        assert_eq!(class(&[("highway", "trunk"), ("foot", "unknown")]), None);
        assert_eq!(class(&[("highway", "busway"), ("foot", "no")]), None);
        for gone in ["razed", "disused", "planned", "proposed", "construction", "abandoned", "demolished"] {
            assert_eq!(class(&[("highway", gone), ("foot", "yes")]), None, "{gone}");
            assert_eq!(class(&[(gone, "yes"), ("highway", "footway")]), None, "{gone}");
        }
        assert_eq!(class(&[("highway", "path"), ("disused", "no")]), Some(0));
    }

    /// Writes a field of a protocol buffer.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![number << 3 | 2];
        bytes.extend(varint(content.len() as u64));
        bytes.extend(content);
        bytes
    }

    fn varint(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value > 127 {
            bytes.push((value & 127) as u8 | 128);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    fn whole(number: u8, value: u64) -> Vec<u8> {
        [vec![number << 3], varint(value)].concat()
    }

    /// Writes differences with a sign, packed as the format packs them.
    fn packed(values: &[i64]) -> Vec<u8> {
        let mut last = 0;
        let zigzag = |value: i64| ((value << 1) ^ (value >> 63)) as u64;
        values.iter().flat_map(|&value| varint(zigzag(value - std::mem::replace(&mut last, value)))).collect()
    }

    fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
        let body = [field(1, content), whole(2, content.len() as u64)].concat();
        let header = [field(1, kind.as_bytes()), whole(3, body.len() as u64)].concat();
        [&(header.len() as u32).to_be_bytes()[..], &header, &body].concat()
    }

    #[test]
    fn an_extract_becomes_nodes_and_edges() {
        let strings = ["", "highway", "residential", "motorway"];
        let table: Vec<u8> = strings.iter().flat_map(|text| field(1, text.as_bytes())).collect();
        // These degrees are in units of 100 nanodegrees. The nodes are about 100 m apart from north to south.
        let dense =
            [field(1, &packed(&[5, 7, 9])), field(8, &packed(&[0, 9_000, 18_000])), field(9, &packed(&[0, 0, 0]))];
        let way = |id: u64, value: u64, nodes: &[i64]| {
            field(3, &[whole(1, id), field(2, &varint(1)), field(3, &varint(value)), field(8, &packed(nodes))].concat())
        };
        let group = [field(2, &dense.concat()), way(1, 2, &[5, 7, 9, 11]), way(2, 3, &[5, 9])].concat();
        let block = [field(1, &table), field(2, &group)].concat();
        let head = field(4, b"OsmSchema-V0.6");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("network.osm.pbf");
        std::fs::write(&path, [blob("OSMHeader", &head), blob("OSMData", &block)].concat()).unwrap();
        let found = read(&path).unwrap();
        assert_eq!(found.nodes.len(), 3, "the one that is not there is cut off");
        assert_eq!(found.edges.len(), 4, "nobody walks the motorway");
        assert!((800..870).contains(&found.edges[0].time), "{:?}", found.edges[0]);
        std::fs::write(&path, b"no extract").unwrap();
        assert!(read(&path).is_err_and(|said| said.en.contains("cannot be read on")));
    }
}
