//! These tests bring towns whose tables do not fit together, and options that ask for what cannot be.

use std::time::{Duration, Instant};

use kernel::language::Lang;

use super::*;
use crate::plan::summary::Summary;

/// Runs all planners on a town. Returns what the first that fails says, or the notes of all.
fn tried(town: &Tables) -> String {
    let folder = town.folder();
    let begun = Instant::now();
    let all = || -> Result<Vec<Summary>, AppError> {
        Ok(vec![
            reach::plan(folder, folder, &walk(3))?,
            site::plan(folder, folder, &sites(Wish::Open(1)), &mut || true)?,
            mobilize::plan(folder, folder, call())?,
            grids::plan(folder, folder, &grid_task(), &|_| ())?,
        ])
    };
    let done = all();
    assert!(begun.elapsed() < Duration::from_secs(10), "it hangs");
    match done {
        Ok(summaries) => {
            let notes = summaries.into_iter().flat_map(|one| one.notes).map(|note| note.said.en);
            format!("planned\n{}", notes.collect::<Vec<_>>().join("\n"))
        }
        Err(fault) => fault.to_string(),
    }
}

/// The town with one table changed.
fn changed(name: &str, change: impl Fn(&str) -> String) -> Tables {
    let town = Tables::town();
    let (_, text) = TOWN.iter().find(|(table, _)| *table == name).unwrap();
    town.put(name, &change(text));
    town
}

/// The points of a table moved, column by column.
fn moved(text: &str, at: usize, how: impl Fn(f64, f64) -> (f64, f64), titles: [&str; 2]) -> String {
    let lines = text.lines().enumerate().map(|(line, text)| {
        let mut cells: Vec<String> = text.split(',').map(str::to_owned).collect();
        let (x, y) = if line == 0 {
            (titles[0].to_owned(), titles[1].to_owned())
        } else {
            let (x, y) = how(cells[at].parse().unwrap(), cells[at + 1].parse().unwrap());
            (x.to_string(), y.to_string())
        };
        (cells[at], cells[at + 1]) = (x, y);
        cells.join(",") + "\n"
    });
    lines.collect()
}

/// The town in degrees, around a corner of Shenyang, without nodes beside the buildings.
fn town_in_degrees() -> Tables {
    let town = Tables::town();
    let degrees = |x: f64, y: f64| (123.4 + x / 82_900.0, 41.8 + y / 111_200.0);
    for (name, at) in [("nodes", 1), ("buildings", 3), ("compounds", 2)] {
        let (_, text) = TOWN.iter().find(|(table, _)| *table == name).unwrap();
        town.put(name, &moved(text, at, degrees, ["lon", "lat"]).replace(",node,access_ds", ",door,way"));
    }
    town
}

#[test]
fn a_town_in_degrees_is_planned() {
    let said = tried(&town_in_degrees());
    assert!(
        said.starts_with("planned") && said.contains("\ncolumns that were not read: buildings (door, way)\n"),
        "{said}"
    );
    assert!(tried(&Tables::town()).starts_with("planned"), "in metres too");
}

#[test]
fn points_that_cannot_be_meant_are_told_at_once() {
    let other_system = |x: f64, y: f64| (x + 523_000.0, y + 4_620_000.0);
    let swapped = |x: f64, y: f64| (y, x);
    let one = |name: &str, column: usize, at: &str| {
        let town = town_in_degrees();
        let text = town.read(&format!("{name}.csv"));
        let line = text.lines().nth(4).unwrap().to_owned();
        let cells: Vec<&str> = line.split(',').collect();
        let new = line.replace(&format!("{},{}", cells[column], cells[column + 1]), at);
        town.put(name, &text.replace(&line, &new));
        town
    };
    let building = |at: &str| one("buildings", 3, at);
    let whole = |name: &str, at: usize, how: &dyn Fn(f64, f64) -> (f64, f64)| {
        changed(name, |text| moved(text, at, how, ["x", "y"]))
    };
    let bare = |how: &dyn Fn(f64, f64) -> (f64, f64)| {
        changed("buildings", |text| moved(text, 3, how, ["x", "y"]).replace("node,access_ds", "door,way"))
    };
    let under_degrees = |name: &str, at: usize, how: &dyn Fn(f64, f64) -> (f64, f64)| {
        let town = town_in_degrees();
        let (_, text) = TOWN.iter().find(|(table, _)| *table == name).unwrap();
        town.put(name, &moved(text, at, how, ["lon", "lat"]).replace("node,access_ds", "door,way"));
        town
    };
    let degrees = |x: f64, y: f64| (123.4 + x / 82_900.0, 41.8 + y / 111_200.0);
    let table: [(Tables, [&str; 2]); 16] = [
        (one("nodes", 1, "0,0"), ["nodes.csv, line 5: stands ", " km from a node to which a short way joins it."]),
        (
            building("0,0"),
            ["buildings.csv, line 5: stands ", " km from the ways. Correct lon and lat (0 where nothing"],
        ),
        (building("123.4,0"), ["buildings.csv, line 5: stands ", " km from the ways."]),
        (building("999,41.8"), ["buildings.csv, line 5: lon 999, lat 41.8 are no degrees", "name the columns x and y"]),
        (building("41.8,123.4"), ["buildings.csv, line 5: lon is 41.8 and lat is 123.4, but lat", "are swapped."]),
        (under_degrees("nodes", 1, &other_system), ["nodes.csv: lon 523000, lat 4620000 are no degrees", "metres"]),
        (
            under_degrees("buildings", 3, &|x, y| (x + 1_000.0, y + 1_000.0)),
            ["buildings.csv: lon 1000, lat 1005 are no degrees", "metres"],
        ),
        (
            under_degrees("nodes", 1, &|x, y| (degrees(x, y).1, degrees(x, y).0)),
            ["nodes.csv: lon is 41.8 and lat is 123.4", "Exchange their names."],
        ),
        (whole("buildings", 3, &other_system), ["buildings.csv: 6 of 6 rows stand more than 3.0 km", "same system"]),
        (bare(&other_system), ["buildings.csv: 6 of 6 rows stand more than 3.0 km from every way", "same system"]),
        (whole("nodes", 1, &swapped), ["buildings.csv: x and y are swapped here or in nodes: as written", "5 m."]),
        (whole("buildings", 3, &swapped), ["buildings.csv: x and y are swapped here or in nodes", "Exchange the two"]),
        (bare(&swapped), ["buildings.csv: x and y are swapped here or in nodes", "stand 181 m from their ways"]),
        (whole("nodes", 1, &degrees), ["nodes.csv: x and y are no metres", "name the columns lon and lat"]),
        (
            whole("buildings", 3, &|x, y| (degrees(x, y).0, degrees(x, y + x).1)),
            ["buildings.csv: x and y are no metres", "name the columns lon and lat"],
        ),
        (whole("nodes", 1, &|x, y| (x / 1_000.0, y / 1_000.0)), ["nodes.csv: x and y are no metres", "write metres."]),
    ];
    for (town, wanted) in table {
        let said = tried(&town);
        assert!(wanted.iter().all(|part| said.contains(part)), "{said}\ninstead of {wanted:?}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn tables_that_lack_something_say_so() {
    let header_only = |name: &str| changed(name, |text| format!("{}\n", text.lines().next().unwrap()));
    for name in ["nodes", "edges", "buildings", "adjacency", "candidates", "compounds", "gates", "stations"] {
        let said = tried(&header_only(name));
        assert!(said.contains(&format!("{name}.csv: has a header and no rows below it. Add the rows")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert!(tried(&header_only("volunteers")).starts_with("planned"), "nobody came, and that can be");
    let table = [
        (
            changed("gates", |_| "compound,node\n0,1\n".to_owned()),
            "compounds.csv, line 3: compound 1 has no gate, so nobody can be sent there. Add one to gates",
        ),
        (
            changed("edges", |text| first_lines(text, 7)),
            "the ways fall into 3 parts: 2 of 6 nodes (33.3 %) lie outside the largest, 2 of them on no way at all",
        ),
        (
            changed("nodes", |text| text.replace("id,x,y", "id,lng,y")),
            "nodes.csv: the header has no column “x”; it has id,lng,y. Needed are id,x,y.",
        ),
        (
            changed("nodes", |text| text.replace("id,x,y", "id,lng,latitude")),
            "nodes.csv: the header has no column “lon” (is it “lng”?) and no column “lat” (is it “latitude”?)",
        ),
        (
            changed("edges", |_| "from,to,length\n0,1,72\n".to_owned()),
            "edges.csv: the header has no column “length_m” (is it “length”?); it has from,to,length.",
        ),
        (
            changed("edges", |_| "from,to,length_m\n0,1,999999\n".to_owned()),
            "edges.csv, line 2: length_m: nobody walks 999999 m in a day. Write metres, 103680 at most.",
        ),
        (
            changed("adjacency", |text| format!("{text}\n\n\"5\",\"5\",\"\n\",7,1\n")),
            "adjacency.csv, line 9: building 5 cannot touch itself.",
        ),
    ];
    for (town, wanted) in table {
        let said = tried(&town);
        assert!(said.contains(wanted), "{said}\ninstead of {wanted}");
    }
    let town = changed("adjacency", |text| first_lines(text, 4));
    let found = grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap();
    assert!(found.more.contains(&("buildings_that_touch_none", json!(2))), "{found:?}");
    assert!(found.notes.iter().any(|note| note.said.en.starts_with("2 of 6 buildings touch no other")), "{found:?}");
    let mixed = town_in_degrees();
    mixed.put("buildings", TOWN[2].1);
    let said = tried(&mixed);
    assert!(said.contains("buildings.csv: the ways are in degrees (lon, lat), this table is in metres"), "{said}");
}

#[test]
fn the_summary_says_what_was_read() {
    let town = changed("nodes", |text| text.replace("id,x,y", "id,x,y,osm").replace(".0\n", ".0,17\n"));
    let found = reach::plan(town.folder(), town.folder(), &walk(3)).unwrap();
    let rows = json!({ "nodes": 6, "edges": 10, "buildings": 6, "stations": 1 });
    assert!(found.more.contains(&("rows_read", rows)), "{found:?}");
    for (figure, value) in [("parts_of_the_ways", 1), ("nodes_outside_the_largest_part", 0), ("nodes_on_no_way", 0)] {
        assert!(found.more.contains(&(figure, json!(value))), "{figure}: {found:?}");
    }
    let notes: Vec<&str> = found.notes.iter().map(|note| note.said.en.as_str()).collect();
    assert_eq!(notes, ["columns that were not read: nodes (osm)"]);
    let lines = found.lines(Lang::En);
    assert!(lines.contains("buildings 6, edges 10, nodes 6, stations 1"), "{lines}");
    let lines = found.lines(Lang::Zh);
    assert!(
        lines.contains("楼栋 6，路段 10，路口 6，驿站 1") && lines.contains("没有读取的列：nodes（osm）。"),
        "{lines}"
    );
    assert_eq!(found.json(Lang::Zh)["rows_read"]["edges"], 10);
}

/// Gives every row of the town a long id, with gaps.
fn renamed(text: &str, columns: &[(usize, &str)]) -> String {
    let lines = text.lines().enumerate().map(|(line, text)| {
        let mut cells: Vec<String> = text.split(',').map(str::to_owned).collect();
        for (at, code) in columns.iter().filter(|_| line > 0) {
            cells[*at] = format!("{code}{}", 7 * cells[*at].parse::<u32>().unwrap() + 1);
        }
        cells.join(",") + "\n"
    });
    lines.collect()
}

#[test]
fn ids_may_be_codes_with_gaps_and_come_back_as_they_were() {
    let town = Tables::town();
    let columns: [&[(usize, &str)]; 9] = [
        &[(0, "9000000000")],
        &[(0, "9000000000"), (1, "9000000000")],
        &[(0, "00"), (1, "甲"), (2, "21010200100"), (6, "9000000000")],
        &[(0, "00"), (1, "00")],
        &[(0, "驿"), (1, "9000000000")],
        &[(0, "c-"), (1, "9000000000")],
        &[(0, "甲"), (1, "21010200100")],
        &[(0, "甲"), (1, "9000000000")],
        &[(0, "v"), (2, "9000000000")],
    ];
    for ((name, text), columns) in TOWN.iter().zip(columns) {
        town.put(name, &renamed(text, columns));
    }
    let folder = town.folder();
    drop(grids::plan(folder, folder, &grid_task(), &|_| ()).unwrap());
    assert!(town.read("pieces.csv").contains("\n210102001001,001,6,600,2,best"), "{}", town.read("pieces.csv"));
    assert_eq!(town.drawn("grids.geojson")["features"][0]["properties"]["community"], 210_102_001_001_u64);
    assert_eq!(grids::verify(folder, folder, &grid_task()).unwrap().summary.violations, 0);
    let planned = mobilize::plan(folder, folder, call()).unwrap();
    assert_eq!(mobilize::verify(folder, folder, call()).unwrap().summary.objective, planned.objective);
    let assignment = town.read("assignment.csv");
    assert!(assignment.contains("\nv1,甲1,0,") && assignment.contains("\nv22,"), "{assignment}");
    assert!(town.read("prices.csv").contains("\n甲8,1,"), "{}", town.read("prices.csv"));
    let planned = reach::plan(folder, folder, &walk(3)).unwrap();
    assert_eq!(reach::verify(folder, folder, &walk(3)).unwrap().summary.objective, planned.objective);
    assert_eq!(town.read("coverage.csv"), "community,households,covered\n210102001001,600,300\n");
    assert_eq!(town.drawn("reach.geojson")["features"][0]["properties"]["station"], "驿1");
    drop(site::plan(folder, folder, &sites(Wish::Open(1)), &mut || true).unwrap());
    assert_eq!(town.read("sites.csv"), "site,node\nc-8,900000000029\n");
    assert_eq!(site::verify(folder, folder, &sites(Wish::Open(1))).unwrap().summary.objective, 300);
}

#[test]
fn options_that_ask_for_what_cannot_be_are_refused() {
    let town = Tables::town();
    let folder = town.folder();
    for (open, wanted) in [(0, "--open: 0 cannot be opened"), (4, "--open: 4 cannot be opened: candidates has 3 rows.")]
    {
        for wish in [Wish::Open(open), Wish::Walk(open)] {
            let said = told(site::plan(folder, folder, &sites(wish), &mut || true));
            assert!(said.contains(wanted) && said.contains("Ask for 1 to 3"), "{said}");
        }
    }
    for (target, refused) in [(0, true), (199, true), (401, true), (200, false), (400, false)] {
        let bounds = Bounds { target, ..Bounds::default() };
        let done = grids::plan(folder, folder, &grids::Task { bounds, ..grid_task() }, &|_| ());
        match done {
            Ok(_) => assert!(!refused, "{target}"),
            Err(fault) => {
                let said = fault.told(kernel::language::Lang::Zh).to_string();
                assert!(refused && said.starts_with("--target: ") && said.contains("200 到 400"), "{said}");
            }
        }
    }
    let crossed = Bounds { least: 500, ..Bounds::default() };
    let said = told(grids::plan(folder, folder, &grids::Task { bounds: crossed, ..grid_task() }, &|_| ()));
    assert!(said.starts_with("--least: ") && said.contains("the least must not be above the most"), "{said}");
    assert!(said.contains("Change --least or --most."), "{said}");
    let steep = Bounds { deviation: -1.0, ..Bounds::default() };
    let said = told(grids::plan(folder, folder, &grids::Task { bounds: steep, ..grid_task() }, &|_| ()));
    assert!(said.starts_with("--deviation: ") && said.contains("a number from 0 on. Write"), "{said}");
    let old = folder.join("old.bin");
    std::fs::write(&old, [0_u8; 8]).unwrap();
    let said = told(grids::plan(folder, folder, &grids::Task { old: Some(old), ..grid_task() }, &|_| ()));
    assert!(said.contains("old.bin: holds the grids of 2 buildings, and the table has 6. Take"), "{said}");
}

/// The first so many lines of a text.
fn first_lines(text: &str, many: usize) -> String {
    text.split_inclusive('\n').take(many).collect()
}
