//! These tests bring buildings to one of two communities of a street.

use planning::network::Edge;
use planning::partition::Border;

use super::*;
use crate::rules::geography::Ground;
use crate::words::Kind;

fn tree() -> Tree {
    Tree::of_table(&[
        (1, "沈阳市", Kind::City, "210100000000", "1."),
        (2, "和平区", Kind::District, "210102000000", "1.2."),
        (3, "南湖街道", Kind::Street, "210102019000", "1.2.3."),
        (4, "文安路社区", Kind::Residents, "210102019001", "1.2.3.4."),
        (5, "文安里社区", Kind::Residents, "210102019002", "1.2.3.5."),
    ])
}

fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

/// Two buildings of one community and one of the other, at a street of three nodes.
fn laid() -> Geography {
    let compound = |id: i64, name: &str, gate: u32| Compound {
        id,
        community: PlaceId(id + 3),
        name: name.to_owned(),
        at: at(0.0, 0.0),
        gates: vec![gate],
        households: 0,
    };
    let building = |id: i64, compound: u32, name: &str, x: f64, households: u32| Building {
        id,
        compound,
        name: name.to_owned(),
        at: at(x, 20.0),
        home: Home { node: 0, access: 100 },
        households,
    };
    let edge = |from, to| Edge { from, to, time: 1_667, class: 0 };
    let ground = Ground {
        nodes: vec![at(0.0, 0.0), at(200.0, 0.0), at(400.0, 0.0)],
        edges: vec![edge(0, 1), edge(1, 0), edge(1, 2), edge(2, 1)],
        compounds: vec![compound(1, "甲小区", 0), compound(2, "乙小区", 1)],
        buildings: vec![
            building(1, 0, "1号楼", 10.0, 30),
            building(2, 0, "2号楼", 50.0, 40),
            building(3, 1, "1号楼", 300.0, 50),
        ],
        borders: vec![Border { a: 0, b: 1, metres: 9 }, Border { a: 1, b: 2, metres: 3 }],
    };
    ground.geography()
}

fn one(community: &str, compound: &str, name: &str, at: (f64, f64), households: u32) -> BroughtBuilding {
    let [community, compound, name] = [community, compound, name].map(str::to_owned);
    BroughtBuilding { community, compound, name, at, households, line: 0 }
}

fn bringing(buildings: Vec<BroughtBuilding>, rest: Rest) -> Bringing {
    Bringing { brought: Brought { buildings, ..Brought::default() }, rest, least: 200 }
}

fn joined(laid: &Geography, bringing: &Bringing) -> Result<Joined, Vec<Odd>> {
    let place = PlacePath::parse("1.2.3.4.").unwrap();
    Over { laid, tree: &tree(), place: &place }.joined(bringing)
}

#[test]
fn what_is_brought_is_laid_and_the_rest_stays() {
    let brought = vec![
        one("文安路社区", "甲小区", "1号楼", (10.0, 20.0), 35),
        one("210102019001", "甲小区", "3号楼", (90.0, 20.0), 20),
    ];
    let Joined { new, compared } = joined(&laid(), &bringing(brought.clone(), Rest::Stays)).unwrap();
    let names: Vec<(u32, &str, u32)> =
        new.buildings.iter().map(|one| (one.compound, one.name.as_str(), one.households)).collect();
    assert_eq!(names, [(0, "2号楼", 40), (1, "1号楼", 50), (0, "1号楼", 35), (0, "3号楼", 20)]);
    let borders: Vec<(u32, u32, u32)> = new.borders.iter().map(|one| (one.a, one.b, one.metres)).collect();
    assert_eq!(borders, [(2, 0, 9), (0, 1, 3), (0, 3, 180)], "only the new one is looked at");
    let seen: Vec<(f64, bool)> = compared.seen.iter().map(|one| (one.at.0, one.differs)).collect();
    assert_eq!(seen, [(10.0, true), (90.0, true)]);
    let changed = Changed { building: "甲小区 1号楼".to_owned(), before: 30, after: 35 };
    assert_eq!((compared.buildings, compared.households, compared.before, compared.after), (2, 55, 70, 95));
    assert_eq!(
        (compared.new, compared.changed, compared.gone),
        (vec!["甲小区 3号楼".to_owned()], vec![changed], vec![])
    );

    let Joined { new, compared } = joined(&laid(), &bringing(brought, Rest::Goes)).unwrap();
    let compounds: Vec<(&str, &[u32])> =
        new.compounds.iter().map(|one| (one.name.as_str(), one.gates.as_slice())).collect();
    assert_eq!(compounds, [("乙小区", &[1][..]), ("甲小区", &[0][..])]);
    assert_eq!((new.buildings.len(), compared.after, compared.gone), (3, 55, vec!["甲小区 2号楼".to_owned()]));
}

#[test]
fn a_new_compound_has_a_gate_where_a_way_is_nearest_and_its_buildings_have_names_of_their_own() {
    let brought = vec![one("1", "新小区", "1号楼", (390.0, 10.0), 5), one("1", "新小区", "1号楼", (410.0, 10.0), 6)];
    let Joined { new, .. } = joined(&laid(), &bringing(brought, Rest::Stays)).unwrap();
    let own: Vec<&str> = new.buildings.iter().skip(3).map(|one| one.name.as_str()).collect();
    assert_eq!(own, ["1号楼", "1号楼 (2)"]);
    let compound = &new.compounds[2];
    assert_eq!((compound.community, compound.at, compound.gates.as_slice()), (PlaceId(4), at(400.0, 10.0), &[2][..]));
    assert_eq!(new.buildings[3].home, Home { node: 2, access: 118 });
}

#[test]
fn compounds_that_nobody_named_are_told_apart_by_where_their_buildings_stand() {
    let laying = |north: (f64, f64), households: u32| {
        let brought = vec![one("文安路社区", "文安路社区-1", "1号楼", north, households)];
        bringing(brought, Rest::Stays)
    };
    let Joined { new, .. } = joined(&laid(), &laying((10.0, 60.0), 7)).unwrap();
    let compounds: Vec<&str> = new.compounds.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(compounds, ["甲小区", "乙小区", "文安路社区-1"], "none is laid yet");
    let mut first = laid();
    let mut compound = first.compounds[0].clone();
    (compound.id, compound.name) = (3, "文安路社区-1".to_owned());
    first.compounds.push(compound);
    let mut building = first.buildings[0].clone();
    (building.id, building.compound, building.at, building.households) = (4, 2, at(10.0, 60.0), 7);
    first.buildings.push(building);
    // The same building is corrected.
    let Joined { new, compared } = joined(&first, &laying((12.0, 61.0), 9)).unwrap();
    assert_eq!((new.buildings.len(), compared.new.len(), compared.changed.len()), (4, 0, 1), "{compared:?}");
    // Another of the same name, in another part of the community, is one of its own.
    let Joined { new, compared } = joined(&first, &laying((390.0, 10.0), 9)).unwrap();
    assert_eq!((compared.new, compared.changed), (vec!["文安路社区-2 1号楼".to_owned()], vec![]));
    assert_eq!(new.buildings.len(), 5, "nobody is merged");
    let households: u32 = new.buildings.iter().filter(|one| one.name == "1号楼").map(|one| one.households).sum();
    assert_eq!(households, 30 + 50 + 7 + 9);
}

/// Buildings of one compound of the community that nobody named, laid at these places.
fn unnamed(places: &[(&str, (f64, f64))]) -> Geography {
    let mut ground = laid();
    let mut compound = ground.compounds[0].clone();
    (compound.id, compound.name) = (3, "文安路社区-1".to_owned());
    ground.compounds.push(compound);
    for (id, (name, (x, y))) in (4..).zip(places) {
        let mut building = ground.buildings[0].clone();
        (building.id, building.compound, building.name) = (id, 2, (*name).to_owned());
        (building.at, building.households) = (at(*x, *y), 7);
        ground.buildings.push(building);
    }
    ground
}

#[test]
fn the_same_sheet_read_with_a_map_or_with_codes_changes_nothing() {
    // Two houses of one name: the second is told apart by a number as long as both are of one compound.
    let ground = unnamed(&[("1号楼", (10.0, 60.0)), ("1号楼 (2)", (200.0, 60.0)), ("2号楼", (60.0, 60.0))]);
    for words in ["文安路社区", "210102019001", "1"] {
        let compound = |number: u32| format!("{words}-{number}");
        // A street of the map parts what was one compound.
        let brought = vec![
            one(words, &compound(1), "1号楼", (200.0, 60.0), 7),
            one(words, &compound(2), "1号楼", (10.0, 60.0), 7),
            one(words, &compound(2), "2号楼", (60.0, 60.0), 7),
        ];
        let Joined { new, compared } = joined(&ground, &bringing(brought, Rest::Stays)).unwrap();
        let counts = (compared.new.len(), compared.changed.len(), compared.moved.len(), compared.same);
        assert_eq!(counts, (0, 0, 0, 3), "{words}: {compared:?}");
        let ids: BTreeSet<Option<i64>> = new.buildings.iter().map(|one| one.id).collect();
        assert_eq!((new.buildings.len(), ids.len()), (6, 6), "{words}: each is itself once: {new:?}");
    }
}

#[test]
fn the_same_sheet_in_another_system_of_coordinates_moves_its_buildings() {
    let ground = unnamed(&[("1号楼", (10.0, 60.0)), ("2号楼", (60.0, 60.0)), ("3号楼", (110.0, 60.0))]);
    let ground = ground.standing_at(Degrees::parse("41.8,123.4").unwrap());
    let plane = ground.plane().unwrap();
    let shifted = |x: f64| {
        let point = kernel::earth::Datum::Gcj02.shown(plane.to_point((x, 60.0)).unwrap());
        let (latitude, longitude) = point.degrees();
        (longitude, latitude)
    };
    let brought = [("1号楼", 10.0), ("2号楼", 60.0), ("3号楼", 110.0)];
    let brought = brought.map(|(name, x)| one("文安路社区", "文安路社区-1", name, shifted(x), 7)).to_vec();
    let mut brought = bringing(brought, Rest::Stays);
    brought.brought.degrees = true;
    let Joined { new, compared } = joined(&ground, &brought).unwrap();
    assert_eq!((new.buildings.len(), compared.new.len(), compared.moved.len()), (6, 0, 3), "{compared:?}");
}

#[test]
fn a_compound_that_gets_a_name_keeps_its_buildings() {
    let ground = unnamed(&[("1号楼", (10.0, 60.0))]);
    let brought = vec![one("文安路社区", "幸福里", "1号楼", (12.0, 61.0), 7)];
    let Joined { new, compared } = joined(&ground, &bringing(brought, Rest::Stays)).unwrap();
    let compounds: Vec<&str> = new.compounds.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((compounds.as_slice(), compared.new.len()), (&["甲小区", "乙小区", "幸福里"][..], 0));
    assert_eq!(new.buildings.last().unwrap().id, Some(4));
    // Of two compounds with names, only one that stands on the same spot is the same building.
    let brought = |x: f64| bringing(vec![one("文安路社区", "丙小区", "1号楼", (x, 20.0), 30)], Rest::Stays);
    let beside = joined(&laid(), &brought(40.0)).unwrap();
    assert_eq!((beside.compared.new.len(), beside.new.buildings.len()), (1, 4));
    let there = joined(&laid(), &brought(12.0)).unwrap();
    assert_eq!((there.compared.new.len(), there.new.buildings.len()), (0, 3));
}

#[test]
fn a_sheet_without_communities_is_about_the_only_one_or_asks_for_the_column() {
    let sheet = bringing(vec![one("1", "甲小区", "1号楼", (10.0, 20.0), 30)], Rest::Stays);
    let of = |tree: &Tree| {
        let place = PlacePath::parse("1.2.3.").unwrap();
        Over { laid: &laid(), tree, place: &place }.joined(&sheet).map(|joined| joined.compared.same)
    };
    let asked = Odd::NoColumn { communities: vec![PlaceId(4), PlaceId(5)], count: 2 };
    assert_eq!(of(&tree()), Err(vec![asked]));
    let alone = Tree::of_table(&[
        (1, "沈阳市", Kind::City, "210100000000", "1."),
        (2, "和平区", Kind::District, "210102000000", "1.2."),
        (3, "南湖街道", Kind::Street, "210102019000", "1.2.3."),
        (4, "文安路社区", Kind::Residents, "210102019001", "1.2.3.4."),
    ]);
    assert_eq!(of(&alone), Ok(1));
}

#[test]
fn what_is_odd_is_told_at_once() {
    let far = Odd::Far { building: "甲小区 8号楼".to_owned(), metres: 8_600, line: 2 };
    let brought = vec![
        one("文安路社区", "甲小区", "8号楼", (9_000.0, 0.0), 1),
        one("文安里社区", "乙小区", "1号楼", (300.0, 20.0), 1),
        one("没有社区", "乙小区", "1号楼", (300.0, 20.0), 1),
        one("没有社区", "乙小区", "2号楼", (300.0, 20.0), 1),
    ];
    let mut sheet = bringing(brought, Rest::Stays);
    sheet.brought.column = "所属社区".to_owned();
    for (line, one) in (2..).zip(&mut sheet.brought.buildings) {
        one.line = line;
    }
    let unknown = |name: &str, lines: &[u64], home: Option<i64>| Odd::Communities {
        column: "所属社区".to_owned(),
        names: vec![name.to_owned()],
        count: 1,
        lines: lines.to_vec(),
        rows: lines.len(),
        home: home.map(PlaceId),
    };
    // What nobody knows is told, and what lies elsewhere is told with where.
    let told = [unknown("没有社区", &[4, 5], None), unknown("文安里社区", &[3], Some(3)), far];
    assert_eq!(joined(&laid(), &sheet).unwrap_err(), told);
    let mut degrees = bringing(vec![one("1", "甲小区", "1号楼", (123.4, 41.8), 1)], Rest::Stays);
    degrees.brought.degrees = true;
    assert_eq!(joined(&laid(), &degrees).unwrap_err(), [Odd::NoPlane]);
    assert_eq!(joined(&Ground::default().geography(), &degrees).unwrap_err(), [Odd::NoWays]);
    let standing = laid().standing_at(Degrees::parse("41.8,123.4").unwrap());
    let Joined { new, .. } = joined(&standing, &degrees).unwrap();
    assert!(new.buildings[2].at.x.hypot(new.buildings[2].at.y) < 0.01, "{:?}", new.buildings);
}

#[test]
fn a_new_building_does_not_touch_one_across_a_river_of_the_map() {
    let standing = laid().standing_at(Degrees::parse("41.8,123.4").unwrap());
    let plane = standing.plane().unwrap();
    let degrees = |x: f64, y: f64| plane.to_degrees((x, y)).map(|(north, east)| (east, north)).unwrap();
    let touching = |parting: Option<Parting>| {
        let mut brought = bringing(vec![one("1", "甲小区", "3号楼", degrees(90.0, 20.0), 20)], Rest::Stays);
        (brought.brought.degrees, brought.brought.parting) = (true, parting);
        let Joined { new, compared } = joined(&standing, &brought).unwrap();
        (new.borders.iter().filter(|one| one.a == 3 || one.b == 3).count(), compared.parted)
    };
    let line = vec![[degrees(70.0, -100.0), degrees(70.0, 100.0)]];
    let (river, street) =
        (Parting { closed: line.clone(), ..Parting::default() }, Parting { crossed: line, ..Parting::default() });
    assert_eq!(touching(None), (1, 0));
    assert_eq!(touching(Some(Parting::default())), (1, 0));
    assert_eq!(touching(Some(street)), (1, 0), "one side is no grid by itself");
    assert_eq!(touching(Some(river)), (0, 1));
}

#[test]
fn a_sheet_of_another_town_is_told_once_with_where_both_lie() {
    let brought = vec![
        one("1", "甲小区", "1号楼", (90_000.0, 5_000.0), 1),
        one("1", "甲小区", "2号楼", (90_400.0, 5_600.0), 1),
        one("1", "甲小区", "3号楼", (10.0, 20.0), 1),
    ];
    let odd = joined(&laid(), &bringing(brought, Rest::Stays)).unwrap_err();
    let [there, ways] = ["10–90400, 20–5600", "0–400, 0–0"].map(str::to_owned);
    assert_eq!(odd, [Odd::Elsewhere { far: 2, all: 3, there, ways, lines: vec![] }]);
    let mut degrees = bringing(vec![one("1", "甲小区", "1号楼", (121.6, 38.9), 1)], Rest::Stays);
    degrees.brought.degrees = true;
    let standing = laid().standing_at(Degrees::parse("41.8,123.4").unwrap());
    let odd = joined(&standing, &degrees).unwrap_err();
    let [there, ways] = ["121.600–121.600, 38.900–38.900", "123.400–123.405, 41.800–41.800"].map(str::to_owned);
    assert_eq!(odd, [Odd::Elsewhere { far: 1, all: 1, there, ways, lines: vec![] }]);
}
