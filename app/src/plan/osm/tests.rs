//! These tests draw small maps, write them as extracts, and look at the network that comes of them and at the plans on
//! it. A referee in Python does the same with a real extract: `cargo xtask bench ways`.

use std::io::Write as _;

use kernel::earth::Datum;
use planning::network::Profile;
use serde_json::json;

use super::wire::{put_bytes, put_number};
use super::*;
use crate::plan::reach;
use crate::plan::summary::Summary;
use crate::plan::town::Bundle;

/// A map that is being drawn. Places are metres east and north of where the equator meets the first meridian.
#[derive(Default)]
pub(in crate::plan) struct Map {
    words: Vec<String>,
    /// The dense nodes: identities, latitudes and longitudes in 100 nanodegrees, and words of their tags.
    nodes: [Vec<i64>; 3],
    node_tags: Vec<u64>,
    /// Groups with plain nodes, ways or relations.
    more: Vec<Vec<u8>>,
}

/// How many units of 100 nanodegrees a metre has.
pub(in crate::plan) const UNITS: f64 = 1e7 / 111_195.080;

impl Map {
    pub(in crate::plan) fn new() -> Self {
        Self { words: vec![String::new()], ..Self::default() }
    }

    fn word(&mut self, text: &str) -> u64 {
        let known = self.words.iter().position(|word| word == text);
        known.unwrap_or_else(|| {
            self.words.push(text.to_owned());
            self.words.len() - 1
        }) as u64
    }

    /// Returns the words of tags that are written as `key=value key=value`: keys first, then values.
    fn tags(&mut self, text: &str) -> [Vec<u64>; 2] {
        let pairs: Vec<(&str, &str)> = text.split_whitespace().map(|tag| tag.split_once('=').unwrap()).collect();
        [pairs.iter().map(|pair| self.word(pair.0)).collect(), pairs.iter().map(|pair| self.word(pair.1)).collect()]
    }

    pub(in crate::plan) fn node(mut self, id: i64, x: f64, y: f64, tags: &str) -> Self {
        for (list, value) in self.nodes.iter_mut().zip([id, (y * UNITS).round() as i64, (x * UNITS).round() as i64]) {
            list.push(value);
        }
        let [keys, values] = self.tags(tags);
        self.node_tags.extend(keys.into_iter().zip(values).flat_map(|(key, value)| [key, value]).chain([0]));
        self
    }

    /// Draws a node that is not dense.
    fn plain_node(mut self, id: i64, x: f64, y: f64, tags: &str) -> Self {
        let [keys, values] = self.tags(tags);
        let mut node = Vec::new();
        put_number(&mut node, 1, zigzag(id));
        put_bytes(&mut node, 2, &numbers(&keys));
        put_bytes(&mut node, 3, &numbers(&values));
        put_number(&mut node, 8, zigzag((y * UNITS).round() as i64));
        put_number(&mut node, 9, zigzag((x * UNITS).round() as i64));
        self.more.push(held(1, &node));
        self
    }

    pub(in crate::plan) fn way(mut self, id: u64, nodes: &[i64], tags: &str) -> Self {
        let way = self.thing(id, tags, Some(nodes));
        self.more.push(held(3, &way));
        self
    }

    fn relation(mut self, id: u64, tags: &str) -> Self {
        let relation = self.thing(id, tags, None);
        self.more.push(held(4, &relation));
        self
    }

    fn thing(&mut self, id: u64, tags: &str, nodes: Option<&[i64]>) -> Vec<u8> {
        let [keys, values] = self.tags(tags);
        let mut thing = Vec::new();
        put_number(&mut thing, 1, id);
        put_bytes(&mut thing, 2, &numbers(&keys));
        put_bytes(&mut thing, 3, &numbers(&values));
        if let Some(nodes) = nodes {
            put_bytes(&mut thing, 8, &differences(nodes));
        }
        thing
    }

    /// Returns the map as one block.
    fn block(&self) -> Vec<u8> {
        let words: Vec<u8> = self.words.iter().flat_map(|word| held(1, word.as_bytes())).collect();
        let [ids, latitudes, longitudes] = &self.nodes;
        let mut dense = Vec::new();
        put_bytes(&mut dense, 1, &differences(ids));
        put_bytes(&mut dense, 8, &differences(latitudes));
        put_bytes(&mut dense, 9, &differences(longitudes));
        put_bytes(&mut dense, 10, &numbers(&self.node_tags));
        let groups = self.more.iter().cloned().chain([held(2, &dense)]);
        [held(1, &words), groups.flat_map(|group| held(2, &group)).collect()].concat()
    }

    /// Returns the map as the bytes of an extract.
    pub(in crate::plan) fn bytes(&self) -> Vec<u8> {
        [head(&["OsmSchema-V0.6", "DenseNodes"]), blob("OSMData", 1, &self.block(), 0)].concat()
    }

    /// Reads the map as an extract.
    fn read(&self) -> Result<Extract, Bilingual> {
        read_bytes(&self.bytes())
    }

    fn told(&self) -> Told {
        self.read().unwrap().told
    }

    /// Returns the stretches as `from-to` with their times, in order, and the class if it is not 0.
    fn stretches(&self) -> Vec<String> {
        let class = |class: u8| if class == 0 { String::new() } else { format!(" {class}") };
        let edges = self.read().unwrap().edges;
        edges.iter().map(|edge| format!("{}-{} {}{}", edge.from, edge.to, edge.time, class(edge.class))).collect()
    }
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn held(number: u64, content: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    put_bytes(&mut field, number, content);
    field
}

/// Writes numbers one after another, seven bits into each byte.
fn numbers(values: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for &value in values {
        let mut rest = value;
        while rest > 127 {
            bytes.push((rest & 127) as u8 | 128);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

fn differences(values: &[i64]) -> Vec<u8> {
    let before = std::iter::once(&0).chain(values);
    numbers(&values.iter().zip(before).map(|(value, before)| zigzag(value - before)).collect::<Vec<_>>())
}

/// Writes a blob whose content stands in a field of this number, and takes so many bytes when it is opened.
fn blob(kind: &str, number: u64, content: &[u8], open: usize) -> Vec<u8> {
    let mut body = held(number, content);
    if number != 1 {
        put_number(&mut body, 2, open as u64);
    }
    let mut head = held(1, kind.as_bytes());
    put_number(&mut head, 3, body.len() as u64);
    [&(head.len() as u32).to_be_bytes()[..], &head, &body].concat()
}

fn head(features: &[&str]) -> Vec<u8> {
    let features: Vec<u8> = features.iter().flat_map(|feature| held(4, feature.as_bytes())).collect();
    blob("OSMHeader", 1, &features, 0)
}

fn read_bytes(bytes: &[u8]) -> Result<Extract, Bilingual> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.osm.pbf");
    std::fs::write(&path, bytes).unwrap();
    read(&path)
}

/// A street of three nodes that are 120 m apart, which takes 1,000 ds between two of them.
fn street() -> Map {
    Map::new().node(5, 0.0, 0.0, "").node(7, 120.0, 0.0, "").node(9, 240.0, 0.0, "")
}

#[test]
fn ways_become_nodes_and_edges_and_end_where_the_map_ends() {
    let map = street().way(1, &[5, 7, 9, 11], "highway=residential oneway=yes").way(2, &[5, 9], "highway=motorway");
    let found = map.read().unwrap();
    assert_eq!(found.nodes.len(), 3, "the one that is not there is cut off");
    assert_eq!(map.stretches(), ["0-1 1000", "1-0 1000", "1-2 1000", "2-1 1000"], "nobody walks the motorway");
    assert_eq!(found.told, Told::default());
    let plain = Map::new().plain_node(5, 0.0, 0.0, "").plain_node(7, 120.0, 0.0, "").way(1, &[5, 7, 7], "highway=path");
    assert_eq!(plain.stretches(), ["0-1 1000", "1-0 1000"], "a node that follows itself is no stretch");
    let nothing = street().way(1, &[5, 7], "highway=razed").way(2, &[5, 7], "route=ferry");
    assert!(nothing.read().is_err_and(|said| said.en.contains("no way that one may walk")));
}

#[test]
fn a_walk_is_one_way_and_has_its_class() {
    let map = street().way(1, &[5, 7], "highway=steps").way(2, &[7, 9], "highway=footway conveying=backward").way(
        3,
        &[5, 9],
        "highway=path oneway:foot=yes",
    );
    assert_eq!(map.stretches(), ["0-1 1000 1", "1-0 1000 1", "2-1 1000", "0-2 2000"]);
}

#[test]
fn people_walk_round_the_edge_of_a_square() {
    let square = Map::new().node(1, 0.0, 0.0, "").node(2, 120.0, 0.0, "").node(3, 120.0, 120.0, "");
    let square = square.way(1, &[1, 2, 3, 1], "highway=pedestrian area=yes");
    assert_eq!(square.stretches().len(), 6);
    let relation =
        square.relation(1, "type=multipolygon highway=pedestrian").relation(2, "type=multipolygon building=yes");
    assert_eq!(relation.told(), Told { squares: 1, ..Told::default() });
}

#[test]
fn a_ferry_takes_its_time_and_divides_it_by_length() {
    let river = || street().node(11, 600.0, 0.0, "").way(1, &[5, 7], "highway=path");
    let with = |tags: &str| river().way(2, &[7, 9, 11], &format!("route=ferry {tags}"));
    let timed = with("duration=00:10");
    assert_eq!(timed.stretches()[2..], ["1-2 1500 254", "2-1 1500 254", "2-3 4500 254", "3-2 4500 254"]);
    assert_eq!(timed.told().ferries, 0);
    for tags in ["", "duration=soon"] {
        // 480 m at 3 m/s.
        assert_eq!(
            with(tags).stretches()[2..],
            ["1-2 400 254", "2-1 400 254", "2-3 1200 254", "3-2 1200 254"],
            "{tags}"
        );
        assert_eq!(with(tags).told().ferries, 1);
    }
    assert_eq!(with("foot=no").stretches().len(), 2);
    // A voyage of more than a day is none for a walker.
    let voyage = with("duration=200:00");
    assert_eq!((voyage.stretches().len(), voyage.told().too_long), (2, 2));
    let slip = river().node(13, 60_000.0, 0.0, "").way(2, &[11, 13], "highway=path");
    assert_eq!((slip.stretches().len(), slip.told().too_long), (2, 1));
}

#[test]
fn people_come_up_to_a_closed_gate_from_both_sides_and_do_not_pass() {
    let with = |tags: &str| {
        let map = Map::new().node(5, 0.0, 0.0, "").node(7, 120.0, 0.0, tags).node(9, 240.0, 0.0, "");
        map.way(1, &[5, 7, 9], "highway=path")
    };
    let shut = ["0-1 1000", "1-0 1000", "3-2 1000", "2-3 1000"];
    let open = ["0-1 1000", "1-0 1000", "1-2 1000", "2-1 1000"];
    for tags in ["barrier=gate access=private", "barrier=fence", "barrier=gate locked=yes", "barrier=bollard foot=no"] {
        assert_eq!(with(tags).stretches(), shut, "{tags}");
        assert_eq!(with(tags).told(), Told::default(), "{tags}");
    }
    assert_eq!(with("barrier=wormhole").stretches(), shut);
    assert_eq!(with("barrier=wormhole").told().unknown_barriers, 1);
    for tags in ["", "barrier=bollard", "barrier=fence foot=yes", "highway=crossing foot=no", "access=no"] {
        assert_eq!(with(tags).stretches(), open, "{tags}");
    }
    // A gate at the end of one way is the beginning of another.
    let two = with("barrier=gate access=no").way(2, &[7, 9], "highway=path");
    let two = two.stretches();
    assert_eq!(two[4..], ["4-2 1000", "2-4 1000"]);
    let plain = Map::new().node(5, 0.0, 0.0, "").plain_node(7, 120.0, 0.0, "barrier=wall").node(9, 240.0, 0.0, "");
    assert_eq!(plain.way(1, &[5, 7, 9], "highway=path").stretches(), shut);
}

#[test]
fn what_is_there_twice_and_what_is_not_read_is_told() {
    let twice = street().node(7, 120.0, 120.0, "").node(7, 120.0, 0.0, "");
    let twice = twice.way(1, &[5, 9], "highway=path").way(1, &[5, 7, 9], "highway=path");
    assert_eq!(twice.stretches().len(), 4, "the last one counts");
    assert_eq!(twice.told(), Told { repeated_nodes: 2, repeated_ways: 1, ..Told::default() });
    let gone = street().way(1, &[5, 9], "highway=path").way(2, &[5, 7], "highway=path").way(1, &[5, 9], "highway=no");
    assert_eq!((gone.stretches().len(), gone.told().repeated_ways), (2, 1));
    let stacked = street().node(8, 120.0, 0.0, "").way(1, &[5, 7], "highway=path").way(2, &[8, 9], "highway=path");
    assert_eq!(stacked.told(), Told { stacked: 1, ..Told::default() });
    let odd = street()
        .node(11, 360.0, 0.0, "barrier=gate access:conditional=no@night")
        .way(1, &[5, 7], "highway=path foot:conditional=no@winter")
        .way(2, &[7, 9, 11], "highway=footway")
        .way(3, &[5, 9], "highway=wormhole");
    assert_eq!(odd.told(), Told { conditional: 2, unknown_ways: 1, ..Told::default() });
    let said: Vec<String> = odd.told().sentences().into_iter().map(|said| said.en).collect();
    assert!(said.len() == 2 && said[0].starts_with("2 ways and gates have rules for certain hours"), "{said:?}");
    let all = Told { repeated_nodes: 1, stacked: 1, squares: 1, too_long: 1, conditional: 1, ..Told::default() };
    let all = Told { unknown_ways: 1, unknown_barriers: 1, ferries: 1, ..all };
    assert_eq!(all.sentences().len(), 8);
}

#[test]
fn packed_blobs_are_opened_and_what_cannot_be_read_says_what_to_do() {
    let block = street().way(1, &[5, 7, 9], "highway=residential").block();
    let with = |blob: Vec<u8>| read_bytes(&[head(&["OsmSchema-V0.6"]), blob].concat());
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    zlib.write_all(&block).unwrap();
    // A block of literals alone is LZ4 as well.
    let rest = block.len() - 15;
    let lz4 = [&[0xF0][..], &vec![255; rest / 255], &[(rest % 255) as u8], &block].concat();
    let zstd = zstd::bulk::compress(&block, 1).unwrap();
    for (number, content) in [(1, &block), (3, &zlib.finish().unwrap()), (6, &lz4), (7, &zstd)] {
        let found = with(blob("OSMData", number, content, block.len())).unwrap();
        assert_eq!((found.nodes.len(), found.edges.len()), (3, 4), "field {number}");
    }
    let refused = |blob: Vec<u8>| with(blob).map(|_| ()).unwrap_err().en;
    assert!(refused(blob("OSMData", 6, &lz4, block.len() - 1)).contains("a blob is damaged"));
    assert!(refused(blob("OSMData", 6, &lz4[..lz4.len() / 2], block.len())).contains("a blob is damaged"));
    assert!(refused(blob("OSMData", 7, &zstd[..zstd.len() / 2], block.len())).contains("a blob is damaged"));
    assert!(refused(blob("OSMData", 6, &lz4, 1 << 40)).contains("a blob is damaged"));
    assert!(refused(blob("OSMData", 4, &block, block.len())).contains("packed with LZMA"));
    assert!(with(blob("OSMData", 1, &block[..block.len() / 2], 0)).is_err(), "a block that ends in the middle");
    let whole = blob("OSMData", 1, &block, 0);
    assert!(refused(whole[..whole.len() - 3].to_vec()).contains("it ends too early"));
    assert!(refused([&whole[..], &[0, 0]].concat()).contains("it ends too early"));
    assert!(with([blob("Index", 1, b"anything", 0), whole].concat()).is_ok(), "other blobs are passed over");
    let history = read_bytes(&head(&["OsmSchema-V0.6", "HistoricalInformation"])).map(|_| ());
    assert!(history.is_err_and(|said| said.en.contains("osmium time-filter")));
    let strange = read_bytes(&head(&["Sort.Type_then_ID"])).map(|_| ());
    assert!(strange.is_err_and(|said| said.en.contains("demands Sort.Type_then_ID")));
    assert!(read_bytes(b"no extract").is_err_and(|said| said.en.contains("cannot be read on")));
    assert!(read(Path::new("nowhere.osm.pbf")).is_err_and(|said| said.en.contains("cannot be opened")));
}

#[test]
fn an_extract_that_is_larger_than_it_may_be_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.osm.pbf");
    let said = |bytes: &[u8], within: Within| {
        std::fs::write(&path, bytes).unwrap();
        let ground = ground(&path, Some(within)).map(|_| ()).map_err(|said| said.en);
        let read = read_within(&path, Some(within)).map(|_| ()).map_err(|said| said.en);
        assert_eq!(ground, read);
        read
    };
    let bytes = street().way(1, &[5, 7, 9], "highway=residential").bytes();
    let enough = Within { nodes: 3, ways: 1, points: 3, relations: 0, ..Within::UPLOADED };
    assert_eq!(said(&bytes, enough), Ok(()));
    for (within, wanted) in [
        (Within { nodes: 2, ..enough }, "it has more than 2 nodes. "),
        (Within { ways: 0, ..enough }, "it has more than 0 ways. "),
        (Within { points: 2, ..enough }, "it has more than 2 nodes on ways. "),
        (Within { blob_entries: 2, ..enough }, "it has more than 2 entries in one blob. "),
        (Within { all_bytes: 9, ..enough }, "it has more than 0 MB when it is unpacked. "),
    ] {
        let refused = said(&bytes, within).unwrap_err();
        assert!(refused.contains(wanted) && refused.contains("osmium extract -b"), "{refused}");
    }
    // Small files that become large ones.
    let zeros = vec![0_u8; 9 * 1024 * 1024];
    let crowd = held(2, &held(2, &held(1, &vec![2_u8; 1_000_001])));
    let endless = held(2, &held(3, &held(8, &vec![2_u8; 1_000_001])));
    // A field that nobody knows, again and again.
    let unknown = held(2, &held(3, &[5_u8 << 3, 0].repeat(400_001)));
    for (block, wanted) in [
        (&zeros, "more than 8 MB in one unpacked blob"),
        (&crowd, "more than 1000000 nodes. "),
        (&endless, "more than 1000000 nodes on ways. "),
        (&unknown, "more than 400000 entries in one blob. "),
    ] {
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(block).unwrap();
        let packed = [(3, zlib.finish().unwrap()), (7, zstd::bulk::compress(block, 1).unwrap())];
        for (method, content) in packed {
            let bytes = [head(&["OsmSchema-V0.6"]), blob("OSMData", method, &content, block.len())].concat();
            let refused = said(&bytes, Within::UPLOADED).unwrap_err();
            assert!(bytes.len() < 20_000 && refused.contains(wanted), "{method}: {} {refused}", bytes.len());
        }
    }
}

#[test]
fn what_lies_between_buildings_is_read_and_what_lies_below_them_is_not() {
    let map = street()
        .way(1, &[5, 7], "highway=residential")
        .way(2, &[7, 9], "waterway=river")
        .way(3, &[5, 7, 9], "railway=subway tunnel=yes")
        .way(4, &[5, 9], "highway=service")
        .way(5, &[5, 7, 9, 5], "building=apartments")
        .way(6, &[5, 7, 9], "building=yes")
        .way(7, &[5, 7, 9, 11], "barrier=wall")
        .way(8, &[5, 9], "railway=rail");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.osm.pbf");
    std::fs::write(&path, map.bytes()).unwrap();
    let found = ground(&path, None).unwrap();
    assert_eq!((found.closed.len(), found.crossed.len(), found.outlines.len()), (2, 3, 1), "{found:?}");
    assert_eq!(found.water, 1, "the river comes first: {found:?}");
    assert_eq!(found.outlines[0].len(), 4);
    assert!((found.closed[0][0].x * 1e7 / UNITS - 120.0).abs() < 0.1);
}

/// Writes a map with buildings, each of ten households, and a station.
fn laid(map: &Map, buildings: &[(f64, f64)], station: (f64, f64)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bytes = [head(&["OsmSchema-V0.6"]), blob("OSMData", 1, &map.block(), 0)].concat();
    std::fs::write(folder.path().join("network.osm.pbf"), bytes).unwrap();
    let degrees = |metres: f64| format!("{:.7}", metres * UNITS / 1e7);
    let rows: Vec<String> = buildings
        .iter()
        .enumerate()
        .map(|(id, (x, y))| format!("{id},0,0,{},{},10", degrees(*x), degrees(*y)))
        .collect();
    let table = format!("id,compound,community,lon,lat,households\n{}\n", rows.join("\n"));
    std::fs::write(folder.path().join("buildings.csv"), table).unwrap();
    let stations = format!("id,lon,lat\n0,{},{}\n", degrees(station.0), degrees(station.1));
    std::fs::write(folder.path().join("stations.csv"), stations).unwrap();
    folder
}

/// Plans the reach of a station within so many seconds, on a map with buildings that each hold ten households.
fn planned(map: &Map, buildings: &[(f64, f64)], station: (f64, f64), seconds: u32, profile: Profile) -> Summary {
    let folder = laid(map, buildings, station);
    let task = reach::Task { limit: seconds * 10, profile, at: None };
    let planned = reach::plan(folder.path(), folder.path(), &task).unwrap();
    let looked = reach::verify(folder.path(), folder.path(), &task).unwrap();
    assert_eq!(looked.summary.objective, planned.objective, "the check stands on the same nodes");
    planned
}

#[test]
fn buildings_stand_on_the_way_itself_and_walk_in_both_directions_from_there() {
    // A road of 1,200 m without a node between its ends, and a path that ends beside its middle without meeting it.
    let map = Map::new()
        .node(1, 0.0, 0.0, "")
        .node(2, 1_200.0, 0.0, "")
        .node(3, 600.0, 60.0, "")
        .node(4, 600.0, 90.0, "")
        .node(5, 1_200.0, 300.0, "")
        .way(1, &[1, 2, 5], "highway=residential")
        .way(2, &[3, 4], "highway=path");
    let reached = |building: (f64, f64), seconds: u32| {
        planned(&map, &[building], (600.0, 24.0), seconds, Profile::adult()).objective == 10
    };
    // 24 m to the road, 240 m along it and 12 m off it are 276 m: 230 s. So it is to the west.
    assert!(reached((840.0, 12.0), 231) && !reached((840.0, 12.0), 229));
    assert!(reached((360.0, -12.0), 231) && !reached((360.0, -12.0), 229));
    // The end of the path is nearer, but nothing leads on from there.
    assert!(reached((600.0, 42.0), 56) && !reached((600.0, 42.0), 54), "42 m to the road and 24 m back");
}

#[test]
fn an_old_person_walks_slower_but_the_ferry_takes_everybody_as_long() {
    let map = Map::new()
        .node(1, 0.0, 0.0, "")
        .node(2, 120.0, 0.0, "")
        .node(3, 120.0, 600.0, "")
        .node(4, 240.0, 600.0, "")
        .way(1, &[1, 2], "highway=path")
        .way(2, &[2, 3], "route=ferry duration=00:05")
        .way(3, &[3, 4], "highway=path");
    let reached =
        |seconds: u32, profile: Profile| planned(&map, &[(0.0, 0.0)], (240.0, 600.0), seconds, profile).objective;
    assert_eq!(
        (reached(499, Profile::adult()), reached(501, Profile::adult())),
        (0, 10),
        "200 s on foot, 300 s across"
    );
    assert_eq!((reached(599, Profile::elderly()), reached(601, Profile::elderly())), (0, 10), "300 s and 300 s");
}

#[test]
fn who_stands_far_off_or_on_an_island_is_in_the_summary() {
    let map = street().way(1, &[5, 7, 9], "highway=path").node(21, 0.0, 5_000.0, "").node(22, 120.0, 5_000.0, "").way(
        2,
        &[21, 22],
        "highway=path foot:conditional=no@night",
    );
    let buildings = [(60.0, 5.0), (60.0, 150.0), (60.0, 5_005.0), (60.0, -5_000.0)];
    let found = planned(&map, &buildings, (0.0, 0.0), 900, Profile::adult());
    let said = |name: &str| found.more.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    assert_eq!(said("buildings_far_off"), Some(json!(2)), "{found:?}");
    assert_eq!(said("buildings_on_islands"), Some(json!(1)));
    assert_eq!(said("cut_off_households"), Some(json!(10)));
    for part in [
        "more than 100 m off the ways: 2 of 4",
        "on islands of the network: 1 of 4",
        "1 ways and gates have rules",
        "1 of 4 buildings (25.0 %) stand more than 3.0 km from every way, that in line 5 5.0 km",
        "the ways fall into 2 parts: ",
        "if network.osm.pbf was cut short",
    ] {
        assert!(found.notes.iter().any(|note| note.said.en.contains(part)), "{part}: {:?}", found.notes);
    }
}

#[test]
fn the_summary_says_what_was_read_beside_an_extract_and_a_far_point_is_told_by_its_line() {
    let map = street().way(1, &[5, 7, 9], "highway=path");
    let found = planned(&map, &[(60.0, 5.0), (180.0, 5.0)], (0.0, 0.0), 900, Profile::adult());
    assert!(found.more.contains(&("rows_read", json!({ "buildings": 2, "stations": 1 }))), "{found:?}");
    assert!(found.notes.is_empty(), "{found:?}");
    let folder = laid(&map, &[(60.0, 5.0), (180.0, 5.0), (60.0, -60_000.0)], (0.0, 0.0));
    // A table that this plan does not read may be as it is.
    std::fs::write(folder.path().join("gates.csv"), "compound,lon,lat\n0,x,0\n").unwrap();
    let task = reach::Task { limit: 9_000, profile: Profile::adult(), at: None };
    let said = reach::plan(folder.path(), folder.path(), &task).unwrap_err().to_string();
    assert!(said.contains("buildings.csv, line 4: stands 60.0 km from the ways. Correct lon and lat"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let ids = "id,compound,community,lon,lat,households\n7,0,0,0.0005,0.0001,10\n";
    std::fs::write(folder.path().join("buildings.csv"), ids).unwrap();
    let bundle = Bundle::new(folder.path());
    let ways = bundle.ways(&Profile::adult()).unwrap();
    assert_eq!(bundle.buildings(Some(&ways)).unwrap().ids.written(0), "7");
}

#[test]
fn an_extract_is_in_wgs_84_whatever_the_tables_are_in() {
    let metres = |degrees: f64| degrees * 1e7 / UNITS;
    let (x, y) = (metres(123.431_5), metres(41.805_7));
    let map = Map::new().node(1, x, y, "").node(2, x + 300.0, y, "").way(1, &[1, 2], "highway=path");
    let folder = tempfile::tempdir().unwrap();
    let bytes = [head(&["OsmSchema-V0.6"]), blob("OSMData", 1, &map.block(), 0)].concat();
    std::fs::write(folder.path().join("network.osm.pbf"), bytes).unwrap();
    // The first node as a map of Amap shows it.
    let table = "id,compound,community,lon,lat,households\n0,0,0,123.4376357,41.8081280,10\n";
    std::fs::write(folder.path().join("buildings.csv"), table).unwrap();
    let access = |datum: Datum| {
        let bundle = Bundle::new(folder.path()).in_datum(datum);
        let ways = bundle.ways(&Profile::adult()).unwrap();
        assert_eq!(bundle.datum(), Datum::Wgs84);
        bundle.buildings(Some(&ways)).unwrap().reach[0].access
    };
    assert!(access(Datum::Gcj02) < 10, "{}", access(Datum::Gcj02));
    assert!(access(Datum::Wgs84) > 1_000, "{}", access(Datum::Wgs84));
}
