//! These tests write shapes as rings of degrees around two rows of buildings.

use super::{Ashore, given, read};
use crate::rules::geography::{Building, Compound, Geography};
use crate::rules::grids::given::Target;
use crate::rules::grids::ground::{Ground, Today};
use crate::rules::grids::numbering::Called;
use crate::rules::tree::Tree;
use crate::words::Kind;
use kernel::earth::{Datum, Point};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::Refusal;
use planning::mobilize::Home;
use planning::shape;
use std::collections::{BTreeMap, BTreeSet};

const ORIGIN: &str = "41.8,123.4";
const CODE: &str = "210104002001";

fn tree() -> Tree {
    Tree::of_table(&[
        (1, "沈阳市", Kind::City, "210100000000", "1."),
        (2, "大东区", Kind::District, "210104000000", "1.2."),
        (3, "大北街道", Kind::Street, "210104002000", "1.2.3."),
        (4, "甲社区", Kind::Residents, CODE, "1.2.3.4."),
        (5, "乙社区", Kind::Residents, "210104002002", "1.2.3.5."),
        (6, "第001网格", Kind::Grid, "210104002001001", "1.2.3.4.6."),
    ])
}

/// Four buildings in a row, a hundred metres apart, and a fifth of another community a kilometre in the east.
fn laid() -> Geography {
    let compound = |(id, community, name): (i64, i64, &str)| Compound {
        id,
        community: PlaceId(community),
        name: name.to_owned(),
        at: shape::Point { x: 0.0, y: 0.0 },
        gates: Vec::new(),
        households: 0,
    };
    let building = |(id, compound, x): (i64, u32, f64)| Building {
        id,
        compound,
        name: format!("{id} 号楼"),
        at: shape::Point { x, y: 0.0 },
        home: Home { node: 0, access: 0 },
        households: 100,
    };
    let compounds = [(70, 4, "北苑"), (80, 5, "南苑")].map(compound).to_vec();
    let places = [(1, 0, 0.0), (2, 0, 100.0), (3, 0, 200.0), (4, 0, 300.0), (5, 1, 1_000.0)];
    let ground = crate::rules::geography::Ground {
        compounds,
        buildings: places.map(building).to_vec(),
        ..crate::rules::geography::Ground::default()
    };
    ground.geography().standing_at(Point::parse(ORIGIN).unwrap())
}

/// A box from one place in the row to another, in metres, as the ring of a file.
fn from_to(west: f64, east: f64) -> String {
    let plane = laid().plane().unwrap();
    let corner = |x: f64, y: f64| {
        let (latitude, longitude) = plane.to_degrees((x, y)).unwrap();
        format!("[{longitude},{latitude}]")
    };
    let corners = [(west, -50.0), (east, -50.0), (east, 50.0), (west, 50.0), (west, -50.0)];
    format!("[[{}]]", corners.map(|(x, y)| corner(x, y)).join(","))
}

fn feature(rings: &str, properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":{rings}}}}}"#
    )
}

fn file(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

type Read = Result<(BTreeMap<i64, Target>, crate::rules::grids::given::Calls), Vec<Refusal>>;

fn lies(text: &str, datum: Datum) -> Read {
    let (tree, laid) = (tree(), laid());
    let ground = Ground::of(&laid, &tree, &PlacePath::parse("1.2.3.4.").unwrap());
    let called = Called { name: "第001网格".to_owned(), code: format!("{CODE}001"), exclusive: false };
    let today = Today {
        grid: [1, 2, 3, 4].map(|id| (id, PlaceId(6))).into(),
        living: [(PlaceId(6), PlaceId(4))].into(),
        called: [(PlaceId(6), called)].into(),
    };
    let codes: BTreeSet<String> = [format!("{CODE}001"), format!("{CODE}007")].into();
    let shapes = read(text.as_bytes(), datum)?;
    given(&Ashore { tree: &tree, laid: &laid, ground: &ground, today: &today, codes: &codes }, &shapes)
}

/// The codes of what is wrong, with the numbers of the features.
fn wrong(text: &str) -> Vec<String> {
    let fault = |fault: &Refusal| {
        let number = fault.detail.get("number").map(|number| format!("#{number}")).unwrap_or_default();
        format!("{}{number}", fault.code.as_str())
    };
    lies(text, Datum::Wgs84).err().unwrap_or_default().iter().map(fault).collect()
}

#[test]
fn each_building_lies_in_the_shape_around_it() {
    let east = feature(&from_to(150.0, 350.0), r#""name":"市场","kind":"专属""#);
    let text = file(&[feature(&from_to(-50.0, 150.0), r#""name":"第001网格""#), east]);
    let (given, calls) = lies(&text, Datum::Wgs84).unwrap();
    let new = || Target::New("2".to_owned());
    assert_eq!(given, [(1, Target::Living(6)), (2, Target::Living(6)), (3, new()), (4, new())].into());
    let wish = &calls.new["2"];
    assert_eq!((wish.name.as_deref(), wish.code.as_deref(), wish.exclusive), (Some("市场"), None, true));
    assert_eq!(calls.living[&6].name, "第001网格");
    // A shape of several parts, and a code that no grid ever bore.
    let parts = [from_to(-50.0, 50.0), from_to(250.0, 350.0)].join(",");
    let multi = format!(
        r#"{{"type":"Feature","properties":{{"code":"{CODE}002"}},
            "geometry":{{"type":"MultiPolygon","coordinates":[{parts}]}}}}"#
    );
    let (given, calls) = lies(&file(&[multi, feature(&from_to(50.0, 250.0), "")]), Datum::Wgs84).unwrap();
    assert_eq!(
        (given[&1].clone(), given[&2].clone(), given[&4].clone()),
        (Target::New("1".to_owned()), new(), Target::New("1".to_owned()))
    );
    assert_eq!(calls.new["1"].code, Some(format!("{CODE}002")));
    // A byte-order mark is no fault.
    assert!(lies(&format!("\u{feff}{}", file(&[feature(&from_to(-50.0, 350.0), "")])), Datum::Wgs84).is_ok());
}

#[test]
fn degrees_of_shifted_maps_are_shifted_back() {
    let plane = laid().plane().unwrap();
    for datum in [Datum::Gcj02, Datum::Bd09] {
        let corner = |x: f64, y: f64| {
            let (latitude, longitude) = datum.shown(plane.to_point((x, y)).unwrap()).degrees();
            format!("[{longitude},{latitude}]")
        };
        let ring = |west: f64, east: f64| {
            let corners = [(west, -20.0), (east, -20.0), (east, 20.0), (west, 20.0), (west, -20.0)];
            format!("[[{}]]", corners.map(|(x, y)| corner(x, y)).join(","))
        };
        let text = file(&[feature(&ring(-20.0, 20.0), ""), feature(&ring(80.0, 320.0), "")]);
        let (given, _) = lies(&text, datum).unwrap();
        assert_eq!(given[&1], Target::New("1".to_owned()), "{datum:?}");
        assert!([2, 3, 4].iter().all(|id| given[id] == Target::New("2".to_owned())), "{datum:?}");
        assert!(lies(&text, Datum::Wgs84).is_err(), "{datum:?}: taken for WGS 84 it is some hundred metres away");
    }
}

#[test]
fn a_file_names_its_coordinates_and_its_properties_as_programs_for_maps_do() {
    let whole = |properties: &str| file(&[feature(&from_to(-50.0, 350.0), properties)]);
    let of = |crs: &str| {
        let named = format!(r#"{{"type":"name","properties":{{"name":"{crs}"}}}}"#);
        whole("").replacen('{', &format!(r#"{{"crs":{named},"#), 1)
    };
    for crs in ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"] {
        assert_eq!(wrong(&of(crs)), Vec::<String>::new(), "{crs}");
    }
    for crs in ["urn:ogc:def:crs:EPSG::4549", "EPSG:4214", "http://www.opengis.net/def/crs/EPSG/0/3857", "local"] {
        assert_eq!(wrong(&of(crs)), ["grid.file_crs"], "{crs}");
    }
    let code = format!("{CODE}009");
    for (name, number, kind) in [("网格名称", "网格编码", "网格类型"), ("NAME", "Code", "KIND")] {
        let text = whole(&format!(r#""{name}":"市场","{number}":"{code}","{kind}":"专属""#));
        let (_, calls) = lies(&text, Datum::Wgs84).unwrap();
        let wish = &calls.new["1"];
        let told = (wish.name.as_deref(), wish.code.as_deref(), wish.exclusive);
        assert_eq!(told, (Some("市场"), Some(code.as_str()), true), "{name}");
    }
}

#[test]
fn what_is_wrong_is_told_by_the_number_of_the_feature() {
    let whole = || feature(&from_to(-50.0, 350.0), "");
    let first = || feature(&from_to(-50.0, 150.0), "");
    let second = || feature(&from_to(150.0, 350.0), "");
    let kind = |kind: &str| file(&[feature(&from_to(-50.0, 350.0), &format!(r#""kind":"{kind}""#))]);
    let ring = |ring: &str| file(&[feature(&format!("[[{ring}]]"), "")]);
    let named =
        |one: &str, other: &str| file(&[feature(&from_to(-50.0, 150.0), one), feature(&from_to(150.0, 350.0), other)]);
    let coded = |code: &str| file(&[feature(&from_to(-50.0, 350.0), &format!(r#""code":"{code}""#))]);
    let point = r#"{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":[123.4,41.8]}}"#;
    let table: Vec<(String, Vec<&str>)> = vec![
        (file(&[whole()]), vec![]),
        ("{".to_owned(), vec!["grid.file_unreadable"]),
        ("[]".to_owned(), vec!["grid.file_none"]),
        (file(&[]), vec!["grid.file_none"]),
        (whole(), vec!["grid.file_none"]),
        (file(&[whole(), point.to_owned()]), vec!["grid.shape_kind#2"]),
        (file(&[first()]), vec!["grid.shape_without"]),
        (file(&[first(), feature(&from_to(50.0, 350.0), "")]), vec!["grid.shape_overlap#1"]),
        (file(&[first(), second(), feature(&from_to(500.0, 600.0), "")]), vec!["grid.shape_empty#3"]),
        (file(&[first(), feature(&from_to(150.0, 1_100.0), "")]), vec!["grid.shape_outside#2"]),
        (ring("[41.79,123.39],[41.81,123.39],[41.81,123.41],[41.79,123.39]"), vec!["grid.shape_swapped#1"]),
        (ring("[500000,4600000],[500001,4600000],[500001,4600001],[500000,4600000]"), vec!["grid.shape_degrees#1"]),
        (
            ring("[123.39,41.79],[123.41,41.81],[123.41,41.79],[123.39,41.81],[123.39,41.79]"),
            vec!["grid.shape_crossing#1"],
        ),
        (ring("[123.39,41.79],[123.41,41.79],[123.40,41.79],[123.39,41.79]"), vec!["grid.shape_crossing#1"]),
        (ring("[123.39,41.79],[123.41,41.79],[123.41,41.81],[123.39,41.81]"), vec!["grid.shape_broken#1"]),
        (ring("[123.39,41.79],[123.39,41.79]"), vec!["grid.shape_broken#1"]),
        (ring("[123.39],[123.41,41.79],[123.41,41.81],[123.39]"), vec!["grid.shape_broken#1"]),
        (kind("wholesale"), vec!["grid.shape_property#1"]),
        (kind("Exclusive"), vec![]),
        (coded("210104002001001"), vec![]),
        (coded("210104002001099"), vec![]),
        (coded("210104002001007"), vec!["grid.shape_code_taken#1"]),
        (coded("210104002002099"), vec!["grid.shape_code#1"]),
        (coded("99"), vec!["grid.shape_code#1"]),
        (coded("210104002001000"), vec!["grid.shape_code#1"]),
        (named(r#""name":"东""#, r#""name":"东""#), vec!["grid.shape_twice#2"]),
        (named(r#""name":"第001网格""#, r#""code":"210104002001001""#), vec!["grid.shape_twice#2"]),
        (
            file(&[feature(&from_to(-50.0, 350.0), &format!(r#""name":"{}""#, "长".repeat(41)))]),
            vec!["grid.shape_name#1"],
        ),
        (file(&[feature(&from_to(-50.0, 350.0), "\"name\":\"东\u{202E}区\"")]), vec!["grid.shape_hidden#1"]),
    ];
    for (text, expected) in table {
        assert_eq!(wrong(&text), expected, "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused_before_it_is_looked_at() {
    assert_eq!(wrong(&" ".repeat(super::MOST_BYTES + 1)), ["grid.file_large"]);
    let many = vec![r#"{"type":"Feature"}"#.to_owned(); super::MOST_FEATURES + 1];
    assert_eq!(wrong(&file(&many)), ["grid.file_large"]);
    let corners = vec!["[123.4,41.8]"; super::MOST_CORNERS + 1].join(",");
    assert_eq!(wrong(&file(&[feature(&format!("[[{corners}]]"), "")])), ["grid.shape_large#1"]);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(wrong(&file(&[feature(&deep, "")])), ["grid.file_unreadable"]);
}
